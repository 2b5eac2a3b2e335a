/*
 * openapi_response.c
 *		What does an operation answer when it succeeds, and what does it take?
 *
 * Responses and Request Body Objects (OpenAPI 3.0.4, 4.7.16 to 17 and 4.7.13;
 * 3.1.1, 4.8.16).  One response and one media type are chosen: what the reader
 * of rows will ask for.  Where an answer is known to come and nothing is said
 * of it, a sample decides.
 */
#include "ac.h"

#include "api/openapi_internal.h"

/*
 * Responses of success that may have a body, the liked ones first.  202 says
 * that there is nothing yet, so that a wildcard is the better word for 200.
 */
static const struct
{
	const char *key;
	int status;
} successes[] = {
	{"200", 200}, {"201", 201}, {"203", 203}, {"206", 206}, {"2XX", 200}, {"202", 202}, {"207", 207}, {"208", 208}, {"226", 226}};

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

/* The body's shape, filled; of lines the list of them. */
static AcShape *
body_shape(AcOpenapiReader *reader, const AcOpenapiBody *body)
{
	AcOpenapiNode *node = reader->unknown;
	AcShape *shape;

	if (body->schema != NULL)
		node = ac_openapi_node(reader, body->schema);
	ac_openapi_node_fill(reader, node, 0);
	shape = &node->shape;
	if (body->lines && shape->kind != AC_SHAPE_ARRAY)
		shape = ac_openapi_shape_list(reader, shape);
	ac_openapi_graph_complete(reader, shape);
	return shape;
}

/* True if this response has a body that is read: the endpoint's. */
static bool
take_response(AcOpenapiReader *reader, AcJson *response,
			  const AcOpenapiBody *body, AcEndpoint *endpoint)
{
	if (body->media_type == NULL)
		return false;
	endpoint->media_type = body->media_type;
	endpoint->response = body_shape(reader, body);
	endpoint->example = body->example;
	read_headers(reader, ac_json_get(response, "headers"), endpoint);
	return true;
}

/* A word of it, in any case, at the end of which the text or a word ends. */
static bool
speaks_of(const char *text, const char *const *words)
{
	for (; text != NULL && *words != NULL; words++)
	{
		const char *at;
		size_t len = strlen(*words);

		for (at = text; *at != '\0'; at++)
		{
			if (pg_strncasecmp(at, *words, len) == 0)
				return true;
		}
	}
	return false;
}

/* Has the shape only what errors have, and one of their names? */
static bool
has_error_fields(const AcShape *shape)
{
	static const char *const fields[] = {
		"error", "errors", "message", "messages", "code", "status", "detail",
		"details", "title", "type", "instance", "error_description", "reason",
		"statuscode", "requestid", "request_id", "fields", "success",
		"documentation_url", "timestamp", "path"};
	int telling = 0;
	int i;
	int k;

	for (i = 0; i < shape->n_properties; i++)
	{
		for (k = 0; k < (int) lengthof(fields); k++)
		{
			if (pg_strcasecmp(shape->properties[i].name, fields[k]) == 0)
				break;
		}
		if (k == (int) lengthof(fields))
			return false;
		telling += k < 4;
	}
	return telling > 0;
}

/*
 * Is the `default` response an error's?  Mostly it is, whatever its place in
 * the list of responses, and says so in words, by the schema's name, or by
 * what it holds.
 */
static bool
is_error(AcOpenapiReader *reader, AcJson *response,
		 const AcOpenapiBody *body)
{
	static const char *const said[] = {"error", "unexpected", "fail",
									   "problem", "invalid", NULL};
	static const char *const named[] = {"error", "problem", "fault",
										"exception", "failure", NULL};
	AcOpenapiNode *node;

	if (speaks_of(ac_openapi_text(response, "description"), said))
		return true;
	if (body->schema == NULL)
		return false;
	node = ac_openapi_node(reader, body->schema);
	ac_openapi_node_fill(reader, node, 0);
	return node->shape.kind == AC_SHAPE_OBJECT &&
		   (speaks_of(node->shape.name, named) ||
			has_error_fields(&node->shape));
}

/* Is a redirection described, and so the answer found elsewhere? */
static bool
redirects(AcOpenapiReader *reader, AcJson *responses)
{
	AcJsonIter it;

	ac_json_iter_init(&it, responses);
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
	{
		if (it.key[0] == '3' && strlen(it.key) == 3 &&
			strcmp(it.key, "304") != 0)
			return true;
	}
	return false;
}

/* An answer comes that nobody describes. */
static const char *
take_undescribed(AcEndpoint *endpoint, int status)
{
	endpoint->undescribed = true;
	endpoint->response_status = status;
	return NULL;
}

/* What `default` is worth where no success is described. */
static const char *
choose_default(AcOpenapiReader *reader, AcJson *operation, AcJson *responses,
			   AcEndpoint *endpoint)
{
	AcJson *declared = ac_json_get(responses, "default");
	AcJson *response = ac_openapi_ref_follow(reader, declared, NULL);
	AcOpenapiBody body;

	reader->dialect->response(reader, operation, response, &body);
	if (body.media_type != NULL && !is_error(reader, response, &body) &&
		take_response(reader, response, &body, endpoint))
		return endpoint->response_status = 0, NULL;
	if (redirects(reader, responses))
		return "no answer of success is described";
	if (body.media_type == NULL && body.other != NULL &&
		!is_error(reader, response, &body))
	{
		endpoint->other_media_type = body.other;
		return psprintf("its answer is %s, not JSON",
						ac_openapi_quote(reader, body.other));
	}
	return take_undescribed(endpoint, 0);
}

/*
 * The first response of success that has a JSON body.  `default` describes
 * errors wherever a success is described too, so it only counts alone.
 */
static const char *
choose_response(AcOpenapiReader *reader, AcJson *operation, AcJson *responses,
				AcEndpoint *endpoint)
{
	const char *problem = NULL;
	int undescribed = 0;
	int i;

	for (i = 0; i < (int) lengthof(successes); i++)
	{
		AcJson *declared = response_of(responses, successes[i].key);
		AcJson *response;
		AcOpenapiBody body;

		if (declared == NULL)
			continue;
		response = ac_openapi_ref_follow(reader, declared, NULL);
		reader->dialect->response(reader, operation, response, &body);
		if (take_response(reader, response, &body, endpoint))
			return endpoint->response_status = successes[i].status, NULL;
		if (body.other == NULL)
			undescribed = undescribed != 0 ? undescribed : successes[i].status;
		else if (problem == NULL)
		{
			endpoint->other_media_type = body.other;
			problem = psprintf("its answer is %s, not JSON",
							   ac_openapi_quote(reader, body.other));
		}
	}
	if (problem != NULL)
		return problem;
	if (undescribed != 0)
		return take_undescribed(endpoint, undescribed);
	if (ac_json_has(responses, "204") || ac_json_has(responses, "205"))
		return "it answers without a body";
	return choose_default(reader, operation, responses, endpoint);
}

/* May the operation read?  What others answer is nobody's question. */
static bool
may_read(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "POST") == 0 ||
		   strcmp(method, "QUERY") == 0;
}

void
ac_openapi_response_read(AcOpenapiReader *reader, AcJson *operation,
						 AcEndpoint *endpoint)
{
	AcJson *responses = ac_openapi_ref_follow(
		reader, ac_json_get(operation, "responses"), NULL);
	const char *problem = "it does not read";

	endpoint->response_status = -1;
	if (may_read(endpoint->method))
		problem = choose_response(reader, operation, responses, endpoint);
	if (endpoint->problem == NULL)
		endpoint->problem = problem;
}

void
ac_openapi_response_body(AcOpenapiReader *reader, AcJson *operation,
						 AcJson *response, AcOpenapiBody *body)
{
	ac_openapi_content_read(reader, ac_json_get(response, "content"), body);
}

void
ac_openapi_request_body(AcOpenapiReader *reader, AcJson *operation,
						AcJson *shared, AcOpenapiBody *body)
{
	AcJson *request = ac_openapi_ref_follow(
		reader, ac_json_get(operation, "requestBody"), NULL);

	ac_openapi_content_read(reader, ac_json_get(request, "content"), body);
}

void
ac_openapi_request_read(AcOpenapiReader *reader, AcJson *shared,
						AcJson *operation, AcEndpoint *endpoint)
{
	AcOpenapiBody body;

	if (!may_read(endpoint->method) || strcmp(endpoint->method, "GET") == 0)
		return;
	reader->dialect->request(reader, operation, shared, &body);
	if (body.media_type == NULL || body.lines)
		return;
	endpoint->request_media_type = body.media_type;
	endpoint->request = body_shape(reader, &body);
}
