/*
 * openapi_response.c
 *		What does an operation answer when it succeeds?
 *
 * Responses, Response and Media Type Objects (OpenAPI 3.0.4, 4.7.16 to 17 and
 * 4.7.14; 3.1.1, 4.8.16).  One response and one media type are chosen: what
 * the reader of rows will ask for.
 */
#include "ac.h"

#include "api/openapi_internal.h"

/* Responses of success that may have a body, the liked ones first. */
static const struct
{
	const char *key;
	int status;
} successes[] = {
	{"200", 200}, {"201", 201}, {"203", 203}, {"206", 206}, {"2XX", 200}, {"202", 202}, {"207", 207}, {"208", 208}, {"226", 226}};

/* Length of a media type without its parameters and trailing blanks. */
static size_t
bare_length(const char *media_type)
{
	size_t len = strcspn(media_type, ";");

	while (len > 0 && (media_type[len - 1] == ' ' || media_type[len - 1] == '\t'))
		len--;
	return len;
}

static bool
bare_equals(const char *media_type, const char *other)
{
	size_t len = bare_length(media_type);

	return len == strlen(other) && pg_strncasecmp(media_type, other, len) == 0;
}

/*
 * How much a media type is liked as JSON; 0: it is none.  Sequences of JSON
 * texts (application/json-seq, x-ndjson) are other formats, and an error's
 * format (problem+json) is no answer.
 */
static int
json_rank(const char *media_type)
{
	size_t len = bare_length(media_type);

	if (bare_equals(media_type, "application/json"))
		return media_type[len] == '\0' ? 6 : 5;
	if (bare_equals(media_type, "application/problem+json"))
		return 0;
	if (len > 5 && pg_strncasecmp(media_type + len - 5, "+json", 5) == 0)
		return 4;
	if (bare_equals(media_type, "text/json") ||
		bare_equals(media_type, "application/x-json"))
		return 3;
	if (bare_equals(media_type, "application/*"))
		return 2;
	if (bare_equals(media_type, "*/*"))
		return 1;
	return 0;
}

const char *
ac_openapi_json_content(AcOpenapiReader *reader, AcJson *content,
						AcJson **media)
{
	AcJsonIter it;
	const char *best = NULL;
	int best_rank = 0;

	ac_json_iter_init(&it, content);
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
	{
		int rank = json_rank(it.key);

		if (rank > best_rank)
		{
			best = it.key;
			best_rank = rank;
			*media = it.value;
		}
	}
	return best;
}

/* A member whose name only differs in case, as "2xx" from "2XX". */
static AcJson *
response_of(AcJson *responses, const char *key)
{
	if (ac_json_has(responses, key))
		return ac_json_get(responses, key);
	if (strcmp(key, "2XX") == 0)
		return ac_json_get(responses, "2xx");
	return NULL;
}

/* The whole sample body that a Media Type Object gives; NULL if none. */
static AcJson *
body_example(AcOpenapiReader *reader, AcJson *media)
{
	AcJson *example = ac_json_get(media, "example");
	AcJsonIter it;

	if (example != NULL)
		return example;
	ac_json_iter_init(&it, ac_json_get(media, "examples"));
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
	{
		AcJson *object = ac_openapi_ref_follow(reader, it.value, NULL);

		example = ac_json_get(object, "value");
		if (example != NULL)
			return example;
	}
	return NULL;
}

static void
read_headers(AcOpenapiReader *reader, AcJson *headers, AcEndpoint *endpoint)
{
	AcJsonIter it;
	int n = 0;

	ac_json_iter_init(&it, headers);
	while (ac_json_iter_next(&it))
		n++;
	if (n == 0 || !ac_openapi_spend(reader, n))
		return;
	endpoint->response_headers = palloc(n * sizeof(const char *));
	ac_json_iter_init(&it, headers);
	while (ac_json_iter_next(&it))
		endpoint->response_headers[endpoint->n_response_headers++] = it.key;
}

/* True if this response has a JSON body, which then is the endpoint's. */
static bool
take_response(AcOpenapiReader *reader, AcJson *response, int status,
			  AcEndpoint *endpoint)
{
	AcJson *media = NULL;
	AcJson *schema;

	endpoint->media_type =
		ac_openapi_json_content(reader, ac_json_get(response, "content"),
								&media);
	if (endpoint->media_type == NULL)
		return false;
	schema = ac_json_get(media, "schema");
	endpoint->response_status = status;
	endpoint->response = schema != NULL ? ac_openapi_shape(reader, schema) : &reader->unknown->shape;
	endpoint->example = body_example(reader, media);
	read_headers(reader, ac_json_get(response, "headers"), endpoint);
	ac_openapi_graph_complete(reader, endpoint->response);
	return true;
}

/* Why a response that was declared does not serve; what it is instead. */
static const char *
why_not(AcOpenapiReader *reader, AcJson *response, AcEndpoint *endpoint)
{
	AcJsonIter it;

	ac_json_iter_init(&it, ac_json_get(response, "content"));
	if (!ac_json_iter_next(&it))
		return "no body of its answer is described";
	endpoint->other_media_type = it.key;
	return psprintf("its answer is %s, not JSON",
					ac_openapi_quote(reader, it.key));
}

/*
 * The first response of success that has a JSON body.  `default` describes
 * errors wherever a success is described too, so it only counts alone.
 */
static const char *
choose_response(AcOpenapiReader *reader, AcJson *responses,
				AcEndpoint *endpoint)
{
	const char *problem = NULL;
	AcJson *declared;
	AcJson *response;
	int i;

	for (i = 0; i < (int) lengthof(successes); i++)
	{
		declared = response_of(responses, successes[i].key);
		if (declared == NULL)
			continue;
		response = ac_openapi_ref_follow(reader, declared, NULL);
		if (take_response(reader, response, successes[i].status, endpoint))
			return NULL;
		if (problem == NULL)
			problem = response == NULL ? psprintf("its answer is the unresolved $ref \"%s\"",
												  ac_openapi_quote(reader, ac_openapi_ref(declared)))
									   : why_not(reader, response, endpoint);
	}
	if (problem != NULL)
		return problem;
	if (ac_json_has(responses, "204") || ac_json_has(responses, "205"))
		return "it answers without a body";
	declared = ac_json_get(responses, "default");
	response = ac_openapi_ref_follow(reader, declared, NULL);
	if (take_response(reader, response, 0, endpoint))
		return NULL;
	return declared != NULL ? why_not(reader, response, endpoint) : "no answer of success is described";
}

void
ac_openapi_response_read(AcOpenapiReader *reader, AcJson *operation,
						 AcEndpoint *endpoint)
{
	AcJson *responses = ac_json_get(operation, "responses");
	const char *problem;

	endpoint->response_status = -1;
	problem = choose_response(reader, responses, endpoint);
	if (endpoint->problem == NULL)
		endpoint->problem = problem;
}
