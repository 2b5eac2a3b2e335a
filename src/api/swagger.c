/*
 * swagger.c
 *		What does a Swagger 2.0 document offer?
 *
 * Swagger 2.0 is OpenAPI 3's elder: paths, operations, references and schemas
 * are the same and are read by the same code (api/openapi_internal.h).  Here
 * is what is said in another way: schemes, host and basePath for servers;
 * consumes and produces beside one schema for content; parameters that are
 * schemas themselves, with collectionFormat for style; bodies among the
 * parameters.
 */
#include "ac.h"

#include "api/openapi_internal.h"
#include "api/swagger.h"

/* Longest URL that is made of scheme, host and basePath (RFC 9110, 4.1). */
#define SWAGGER_MAX_URL 8000

/* Appends what is a URL of the API, if there is room. */
static void
add_server(AcApi *api, const char *scheme, const char *host,
		   const char *base_path)
{
	const char *slash = base_path[0] == '/' ? "" : "/";

	if (strlen(host) + strlen(base_path) > SWAGGER_MAX_URL)
		return;
	if (strstr(host, "://") != NULL)
		api->server_urls[api->n_server_urls++] =
			psprintf("%s%s%s", host, slash, base_path);
	else
		api->server_urls[api->n_server_urls++] =
			psprintf("%s%s//%s%s%s", scheme, scheme[0] != '\0' ? ":" : "",
					 host, slash, base_path);
}

static bool
has_scheme(AcJson *schemes, const char *scheme)
{
	int i;

	for (i = 0; i < ac_json_length(schemes); i++)
	{
		const char *one = ac_json_string(ac_json_at(schemes, i), NULL);

		if (one != NULL && pg_strcasecmp(one, scheme) == 0)
			return true;
	}
	return false;
}

/*
 * What is missing is taken from where the document was found, which a
 * relative URL says; https comes first whatever the list's order.
 */
static void
swagger_servers(AcOpenapiReader *reader)
{
	static const char *const known[] = {"https", "http"};
	AcApi *api = reader->api;
	AcJson *schemes = ac_json_get(reader->doc, "schemes");
	const char *host = ac_openapi_text(reader->doc, "host");
	const char *base_path = ac_openapi_text(reader->doc, "basePath");
	int i;

	if (base_path == NULL)
		base_path = "/";
	api->server_urls = palloc((lengthof(known) + 1) * sizeof(const char *));
	for (i = 0; host != NULL && i < (int) lengthof(known); i++)
	{
		if (has_scheme(schemes, known[i]))
			add_server(api, known[i], host, base_path);
	}
	if (api->n_server_urls > 0)
		return;
	if (host != NULL)
		add_server(api, "", host, base_path);
	else
		api->server_urls[api->n_server_urls++] =
			base_path[0] == '/' ? base_path : psprintf("/%s", base_path);
}

/* An operation's own "schemes" name no other place. */
static const char *
swagger_own_server(AcOpenapiReader *reader, AcJson *servers)
{
	return NULL;
}

/*
 * The liked best of an operation's or else the document's list of media
 * types; JSON where there is none, as frameworks leave it out.
 */
static const char *
choose_type(AcOpenapiReader *reader, AcJson *operation, const char *list,
			const char **other)
{
	AcJson *types = ac_json_get(operation, list);
	const char *best = NULL;
	int best_rank = 0;
	int i;

	*other = NULL;
	if (types == NULL)
		types = ac_json_get(reader->doc, list);
	if (ac_json_length(types) == 0)
		return "application/json";
	for (i = 0; i < ac_json_length(types) && ac_openapi_spend(reader, 1); i++)
	{
		const char *type = ac_json_string(ac_json_at(types, i), NULL);
		int rank = type != NULL ? ac_openapi_media_rank(type) : 0;

		if (rank > best_rank)
		{
			best = type;
			best_rank = rank;
		}
		else if (rank == 0 && *other == NULL)
			*other = type;
	}
	return best;
}

static void
swagger_response(AcOpenapiReader *reader, AcJson *operation, AcJson *response,
				 AcOpenapiBody *body)
{
	AcJson *schema = ac_json_get(response, "schema");
	const char *type = ac_openapi_text(schema, "type");
	const char *media_type;

	memset(body, 0, sizeof(*body));
	if (schema == NULL)
		return;
	if (type != NULL && strcmp(type, "file") == 0)
	{
		body->other = "a file";
		return;
	}
	media_type = choose_type(reader, operation, "produces", &body->other);
	if (media_type == NULL && body->other != NULL &&
		ac_openapi_media_is_text(body->other) &&
		ac_openapi_says_structure(reader, schema))
		media_type = body->other;
	if (media_type == NULL)
		return;
	body->media_type = media_type;
	body->lines = ac_openapi_media_is_lines(media_type);
	body->schema = schema;
	body->example =
		ac_json_get(ac_json_get(response, "examples"), media_type);
}

/* The schema of the parameter that is the body; NULL if there is none. */
static AcJson *
body_parameter(AcOpenapiReader *reader, AcJson *list)
{
	int i;

	for (i = 0; i < ac_json_length(list) && ac_openapi_spend(reader, 1); i++)
	{
		AcJson *object = ac_openapi_ref_follow(reader, ac_json_at(list, i),
											   NULL);
		const char *in = ac_openapi_text(object, "in");

		if (in != NULL && strcmp(in, "body") == 0)
			return ac_json_get(object, "schema");
	}
	return NULL;
}

static void
swagger_request(AcOpenapiReader *reader, AcJson *operation, AcJson *shared,
				AcOpenapiBody *body)
{
	AcJson *schema =
		body_parameter(reader, ac_json_get(operation, "parameters"));

	memset(body, 0, sizeof(*body));
	if (schema == NULL)
		schema = body_parameter(reader, shared);
	if (schema == NULL)
		return;
	body->media_type = choose_type(reader, operation, "consumes",
								   &body->other);
	body->schema = schema;
}

/* Lists are separated as collectionFormat says, by commas if it is silent. */
static const char *
style_of(const AcParam *param, const char *format)
{
	static const struct
	{
		const char *format;
		const char *style;
	} styles[] = {
		{"ssv", "spaceDelimited"},
		{"tsv", "tabDelimited"},
		{"pipes", "pipeDelimited"},
	};
	int i;

	for (i = 0; format != NULL && i < (int) lengthof(styles); i++)
	{
		if (strcmp(styles[i].format, format) == 0)
			return styles[i].style;
	}
	return param->place == AC_PARAM_QUERY || param->place == AC_PARAM_COOKIE
			   ? "form"
			   : "simple";
}

/* The parameter is its own schema. */
static AcJson *
swagger_param(AcOpenapiReader *reader, AcJson *object, AcParam *param)
{
	const char *format = ac_openapi_text(object, "collectionFormat");
	const char *type = ac_openapi_text(object, "type");
	bool list = type != NULL && strcmp(type, "array") == 0;

	param->style = style_of(param, format);
	param->explode = strcmp(param->style, "form") == 0 &&
					 (!list || (format != NULL &&
								strcmp(format, "multi") == 0));
	if (type == NULL && ac_json_has(object, "schema"))
		return ac_json_get(object, "schema");
	return object;
}

static AcJson *
swagger_definitions(AcOpenapiReader *reader)
{
	return ac_openapi_ref_follow(
		reader, ac_json_get(reader->doc, "definitions"), NULL);
}

static const AcOpenapiDialect swagger_dialect = {
	.kind = "swagger",
	.version_member = "swagger",
	.security_schemes = "securityDefinitions",
	.schemas = swagger_definitions,
	.servers = swagger_servers,
	.own_server = swagger_own_server,
	.response = swagger_response,
	.request = swagger_request,
	.param = swagger_param,
};

bool
ac_swagger_sniff(const AcJson *doc)
{
	char *version = ac_json_text_of(ac_json_get(doc, "swagger"));
	bool mine = version != NULL &&
				(strcmp(version, "2") == 0 || strncmp(version, "2.", 2) == 0);

	if (version != NULL)
		pfree(version);
	return mine;
}

bool
ac_swagger_read(const AcReadInput *input, AcApi **api, AcError *err)
{
	*api = NULL;
	if (!ac_swagger_sniff(input->doc))
		return ac_error_set(err, AC_ERR_MALFORMED,
							"document is not a Swagger 2.0 description");
	return ac_openapi_read_as(&swagger_dialect, input, api, err);
}

int
ac_swagger_wishes(const AcReadInput *input, AcWish **wishes)
{
	return ac_openapi_wishes_as(&swagger_dialect, input, wishes);
}
