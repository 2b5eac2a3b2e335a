/*
 * test_swagger.c
 *		Are Swagger 2.0 documents read as the specification says?
 *
 * What Swagger says in another way than OpenAPI 3: servers, media types,
 * parameters, bodies, security.  The rest is the same code and is tested by
 * test_openapi.  Documents are written with single quotes for double ones.
 */
#include "ac.h"

#include "api/swagger.h"
#include "described.h"

/* The document under test; freed by the next one. */
static AcJson *doc = NULL;

static AcApi *
read_at(const char *text, const char *url)
{
	AcReadInput input = {.url = url, .limits = &ac_read_limits_default};
	char *copy = pstrdup(text);
	AcApi *api = NULL;
	AcError err;
	char *at;

	for (at = copy; *at != '\0'; at++)
	{
		if (*at == '\'')
			*at = '"';
	}
	ac_json_free(doc);
	if (!ac_json_parse(copy, strlen(copy), AC_JSON_MAX_DEPTH, &doc, &err) ||
		(input.doc = doc, !ac_swagger_read(&input, &api, &err)))
	{
		diag("%s in %s", err.message, text);
		abort();
	}
	return api;
}

static AcApi *
read_text(const char *text)
{
	return read_at(text, NULL);
}

static void
test_servers(void)
{
	static const struct
	{
		const char *members;
		const char *urls; /* separated by blanks */
	} cases[] = {
		{"'host': 'a.example', 'basePath': '/v1', 'schemes': ['https']",
		 "https://a.example/v1"},
		{"'host': 'a.example:8443', 'basePath': 'v1', 'schemes': ['https']",
		 "https://a.example:8443/v1"},
		{"'host': 'a.example', 'schemes': ['http', 'ws', 'https']",
		 "https://a.example/ http://a.example/"},
		{"'host': 'a.example', 'basePath': '/v1'", "//a.example/v1"},
		{"'host': 'a.example', 'schemes': ['wss']", "//a.example/"},
		{"'host': 'a.example', 'schemes': ['HTTP', 7]", "http://a.example/"},
		{"'basePath': '/api/v1', 'schemes': ['http']", "/api/v1"},
		{"'basePath': 'v1'", "/v1"},
		{"'host': 'https://a.example', 'basePath': '/x'",
		 "https://a.example/x"},
		{"'host': '', 'basePath': ''", "/"},
		{"'host': 7, 'basePath': [], 'schemes': 'https'", "/"},
	};
	int i;
	int k;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcApi *api = read_text(psprintf("{'swagger': '2.0', %s}",
										cases[i].members));
		StringInfoData urls;

		initStringInfo(&urls);
		for (k = 0; k < api->n_server_urls; k++)
			appendStringInfo(&urls, "%s%s", k > 0 ? " " : "",
							 api->server_urls[k]);
		is_str(urls.data, cases[i].urls, "servers of %s", cases[i].members);
	}
	ac_alloc_reset();
}

typedef struct ResponseCase
{
	const char *document;  /* members of the document, or "" */
	const char *operation; /* members of GET /x, or "" */
	const char *responses;
	const char *media_type;
	const char *shape;
	const char *problem;
} ResponseCase;

#define OBJECT "{'schema': {'type': 'object'}}"

static const ResponseCase response_cases[] = {
	/* produces: the operation's, the document's, JSON */
	{"", "", "{'200': " OBJECT "}", "application/json", "object", NULL},
	{"'produces': ['application/xml', 'application/hal+json'],", "",
	 "{'200': " OBJECT "}", "application/hal+json", "object", NULL},
	{"'produces': ['application/xml'],",
	 "'produces': ['application/vnd.x+json', 'application/json'],",
	 "{'200': " OBJECT "}", "application/json", "object", NULL},
	{"'produces': ['application/json'],", "'produces': ['text/csv'],",
	 "{'200': " OBJECT "}", NULL, NULL, "its answer is text/csv, not JSON"},
	{"'produces': [],", "'produces': [],", "{'200': " OBJECT "}",
	 "application/json", "object", NULL},
	{"", "'produces': ['text/plain'],", "{'200': " OBJECT "}", "text/plain",
	 "object", NULL},
	{"", "'produces': ['text/plain'],", "{'200': {'schema': {'type': "
										"'string'}}}",
	 NULL, NULL, "its answer is text/plain, not JSON"},
	{"", "'produces': ['application/x-ndjson'],", "{'200': " OBJECT "}",
	 "application/x-ndjson", "array of object", NULL},

	/* the schema */
	{"", "", "{'200': {'schema': {'type': 'file'}}}", NULL, NULL,
	 "its answer is a file, not JSON"},
	{"", "", "{'200': {'description': 'd'}}", NULL, NULL, NULL},
	{"", "", "{'204': {'description': 'd'}}", NULL, NULL,
	 "it answers without a body"},
	{"", "", "{'201': " OBJECT ", 'default': {'schema': {'type': "
			 "'array'}}}",
	 "application/json", "object", NULL},
	{"", "", "{'default': {'description': 'OK', 'schema': {'type': "
			 "'array'}}}",
	 "application/json", "array", NULL},
	{"", "", "{'default': {'description': 'error', 'schema': {'type': "
			 "'object'}}}",
	 NULL, NULL, NULL},
	{"'responses': {'R': {'schema': {'type': 'array', 'items': {'$ref': "
	 "'#/definitions/A'}}}}, 'definitions': {'A': {'properties': {'b': "
	 "{'type': 'integer', 'x-nullable': true}, 'c': {'type': 'string', "
	 "'format': 'date-time'}}}},",
	 "", "{'200': {'$ref': '#/responses/R'}}", "application/json",
	 "array of object{b: integer?, c: string(date-time)}", NULL},
	{"'definitions': {'A': {'type': 'object', 'properties': {'b': {'$ref': 'B'},"
	 " 'm': {'type': 'object', 'additionalProperties': {'type': 'number'}}}}, "
	 "'B': {'type': 'string', 'enum': ['x']}},",
	 "", "{'200': {'schema': {'$ref': 'A', 'x-nullable': true}}}",
	 "application/json", "object{b: string, m: map of number}", NULL},
};

static void
test_responses(void)
{
	int i;

	for (i = 0; i < (int) lengthof(response_cases); i++)
	{
		const ResponseCase *c = &response_cases[i];
		AcApi *api = read_text(psprintf(
			"{'swagger': '2.0', %s 'paths': {'/x': {'get': {%s 'responses': "
			"%s}}}}",
			c->document, c->operation, c->responses));
		AcEndpoint *endpoint = &api->endpoints[0];

		is_str(endpoint->media_type, c->media_type, "media type of %s%s%s",
			   c->document, c->operation, c->responses);
		is_str(endpoint->response ? ac_shape_text(endpoint->response, DEEP)
								  : NULL,
			   c->shape, "its body");
		is_str(endpoint->problem, c->problem, "its problem");
		ok(endpoint->undescribed == (c->shape == NULL && c->problem == NULL),
		   "a sample decides where nothing is said");
	}
	ac_alloc_reset();
}

#define LIST "'type': 'array', 'items': {'type': 'string'}"

static void
test_params(void)
{
	static const struct
	{
		const char *params;
		const char *text;
	} cases[] = {
		{"{'name': 'q', 'in': 'query', 'type': 'string'}",
		 "query q string form*"},
		{"{'name': 'q', 'in': 'query', " LIST "}",
		 "query q array of string form"},
		{"{'name': 'q', 'in': 'query', 'collectionFormat': 'csv', " LIST "}",
		 "query q array of string form"},
		{"{'name': 'q', 'in': 'query', 'collectionFormat': 'multi', " LIST "}",
		 "query q array of string form*"},
		{"{'name': 'q', 'in': 'query', 'collectionFormat': 'ssv', " LIST "}",
		 "query q array of string spaceDelimited"},
		{"{'name': 'q', 'in': 'query', 'collectionFormat': 'tsv', " LIST "}",
		 "query q array of string tabDelimited"},
		{"{'name': 'q', 'in': 'query', 'collectionFormat': 'pipes', " LIST "}",
		 "query q array of string pipeDelimited"},
		{"{'name': 'h', 'in': 'header', " LIST "}",
		 "header h array of string simple"},
		{"{'name': 'q', 'in': 'query', 'type': 'integer', 'format': 'int64', "
		 "'required': true, 'minimum': 1}",
		 "query q! integer(int64) form*"},
		{"{'$ref': '#/parameters/P'}, {'name': 'q', 'in': 'query', 'type': "
		 "'boolean', 'x-nullable': true}",
		 "query p number form*, query q boolean? form*"},
		{"{'name': 'b', 'in': 'body', 'schema': {'type': 'object'}}, {'name': "
		 "'f', 'in': 'formData', 'type': 'file'}",
		 ""},
		{"{'name': 'q', 'in': 'query', 'schema': {'type': 'integer'}}",
		 "query q integer form*"},
		{"{'name': 'c', 'in': 'cookie', 'type': 'string'}",
		 "cookie c string form*"},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcApi *api = read_text(psprintf(
			"{'swagger': '2.0', 'paths': {'/x': {'get': {'parameters': [%s]}}},"
			" 'parameters': {'P': {'name': 'p', 'in': 'query', 'type': "
			"'number'}}}",
			cases[i].params));

		is_str(params_text(&api->endpoints[0]), cases[i].text,
			   "parameters %s", cases[i].params);
		is_int(api->n_notes, 0, "and no note");
	}
	ac_alloc_reset();
}

static void
test_param_facts(void)
{
	AcApi *api = read_text(
		"{'swagger': '2.0', 'paths': {'/x/{id}': {'parameters': [{'name': "
		"'id', 'in': 'path', 'required': true, 'type': 'string', 'pattern': "
		"'^a'}], 'get': {'parameters': [{'name': 'state', 'in': 'query', "
		"'description': 'which', 'type': 'string', 'enum': ['open', 'all'], "
		"'default': 'open'}, {'name': 'Accept', 'in': 'header', 'type': "
		"'string'}]}}}}");
	const AcEndpoint *e = &api->endpoints[0];
	const AcParam *state = ac_endpoint_param(e, AC_PARAM_QUERY, "state");

	is_int(e->n_params, 2, "the path's and the operation's");
	is_str(e->params[0].shape->pattern, "^a", "keywords of a parameter");
	is_int(state->shape->n_enum, 2, "its domain");
	is_str(state->shape->default_value, "open", "its default");
	is_str(state->description, "which", "and what it is for");
	ac_alloc_reset();
}

static void
test_requests(void)
{
	AcApi *api = read_text(
		"{'swagger': '2.0', 'consumes': ['application/xml', "
		"'application/json'], 'paths': {'/s': {'parameters': [{'name': 'b', "
		"'in': 'body', 'schema': {'$ref': '#/definitions/Q'}}], 'post': "
		"{'responses': {'200': " OBJECT "}}}, '/f': {'post': {'parameters': "
		"[{'name': 'f', 'in': 'formData', 'type': 'string'}]}}, '/x': {'post': "
		"{'consumes': ['application/xml'], 'parameters': [{'name': 'b', 'in': "
		"'body', 'schema': {'type': 'object'}}]}}, '/g': {'get': "
		"{'parameters': [{'name': 'b', 'in': 'body', 'schema': {'type': "
		"'object'}}]}}}, 'definitions': {'Q': {'properties': {'q': {'type': "
		"'string'}}}}}");
	const AcEndpoint *e = api->endpoints;

	is_str(ac_shape_text(e[0].request, 2), "object{q: string}",
		   "the body of a POST, from its path");
	is_str(e[0].request_media_type, "application/json", "its type");
	ok(e[1].request == NULL, "a form is no JSON body");
	ok(e[2].request == NULL, "nor is XML");
	ok(e[3].request == NULL, "a GET has none");
	ac_alloc_reset();
}

static void
test_security(void)
{
	AcApi *api = read_text(
		"{'swagger': '2.0', 'security': [{'key': [], 'app': []}, {'flow': "
		"['read']}, {'basic': []}], 'paths': {'/x': {'get': {}}, '/open': "
		"{'get': {'security': []}}}, 'securityDefinitions': {'key': {'type': "
		"'apiKey', 'in': 'header', 'name': 'X-API-Key'}, 'app': {'type': "
		"'apiKey', 'in': 'query', 'name': 'app_key'}, 'basic': {'type': "
		"'basic'}, 'flow': {'type': 'oauth2', 'flow': 'application', "
		"'tokenUrl': 'https://a.example/token'}, 'unused': {'type': "
		"'basic'}}}");

	is_int(api->n_schemes, 4, "those that are required");
	is_str(api->schemes[0].id, "key", "in the order of the requirements");
	is_int(api->schemes[0].place, AC_PARAM_HEADER, "a key in a header");
	is_str(api->schemes[1].name, "app_key", "and another one");
	is_int(api->schemes[1].place, AC_PARAM_QUERY, "in the query");
	is_int(api->schemes[2].scheme, AC_AUTH_BASIC, "a name and a password");
	is_int(api->schemes[3].scheme, AC_AUTH_OAUTH2, "a flow comes last");
	is_str(api->schemes[3].token_url, "https://a.example/token",
		   "with its token's URL");
	ok(api->auth_required, "credentials are wanted");
	ok(!api->endpoints[0].anonymous && api->endpoints[1].anonymous,
	   "but not everywhere");
	ac_alloc_reset();
}

/* A base's discriminator is a name; its heirs name it in allOf. */
static void
test_heirs(void)
{
	AcApi *api = read_text(
		"{'swagger': '2.0', 'paths': {'/pets': {'get': {'responses': {'200': "
		"{'schema': {'type': 'array', 'items': {'$ref': '#/definitions/Pet'}}}"
		"}}}}, 'definitions': {'Pet': {'type': 'object', 'discriminator': "
		"'kind', 'properties': {'name': {'type': 'string'}, 'kind': {'type': "
		"'string'}}}, 'Cat': {'allOf': [{'$ref': '#/definitions/Pet'}, "
		"{'properties': {'lives': {'type': 'integer'}}}]}}}");
	AcShape *row = api->endpoints[0].response->items;

	is_str(ac_shape_text(row, 2),
		   "object{kind: string, name: string, lives: integer}",
		   "rows have the properties of every kind");
	is_str(row->discriminator, "kind", "and the property that tells them apart");
	ac_alloc_reset();
}

static void
test_document(void)
{
	AcApi *api = read_text(
		"{'swagger': 2.0, 'info': {'title': 'T', 'version': '1.2', "
		"'description': 'd'}, 'paths': {'/x': {'get': {'operationId': 'o', "
		"'tags': ['g'], 'deprecated': true, 'responses': {'200': {'schema': "
		"{'type': 'object'}, 'examples': {'application/json': {'a': 1}}, "
		"'headers': {'X-Total-Count': {'type': 'integer'}}}}}, 'head': {}}, "
		"'/y': {'get': {'x-sunset': '2030-01-01', 'responses': {'200': "
		"{'$ref': '#/responses/Missing'}}}}}}");
	const AcEndpoint *e = api->endpoints;

	is_str(api->kind, "swagger", "kind");
	is_str(api->title, "T", "title");
	is_str(api->version, "1.2", "version");
	is_int(api->n_endpoints, 3, "operations");
	is_str(e[0].operation_id, "o", "operationId");
	is_str(e[0].group, "g", "group");
	ok(e[0].deprecated, "deprecated");
	is_int(ac_json_int(ac_json_get(e[0].example, "a"), 0), 1,
		   "the example of the media type");
	is_str(e[0].response_headers[0], "X-Total-Count", "header fields");
	is_str(e[2].sunset, "2030-01-01", "when it ends");
	ok(!e[2].deprecated, "which alone is no deprecation");
	ok(has_note(api, "unresolved $ref \"#/responses/Missing\""),
	   "an answer that is lost is noted");
	ok(e[2].undescribed, "and left to a sample");
	ac_alloc_reset();
}

static void
test_sniff(void)
{
	static const struct
	{
		const char *text;
		bool mine;
	} cases[] = {
		{"{\"swagger\": \"2.0\"}", true},
		{"{\"swagger\": 2.0}", true},
		{"{\"swagger\": 2}", true},
		{"{\"swagger\": \"2.0.1\"}", true},
		{"{\"swagger\": \"1.2\"}", false},
		{"{\"swagger\": \"20\"}", false},
		{"{\"openapi\": \"3.0.0\"}", false},
		{"{\"swagger\": {}}", false},
		{"[]", false},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcReadInput input = {.limits = &ac_read_limits_default};
		AcApi *api;
		AcError err;

		ac_json_free(doc);
		doc = NULL;
		ac_json_parse(cases[i].text, strlen(cases[i].text), AC_JSON_MAX_DEPTH,
					  &doc, &err);
		input.doc = doc;
		ok(ac_swagger_sniff(doc) == cases[i].mine, "sniffing at %s",
		   cases[i].text);
		ok(ac_swagger_read(&input, &api, &err) == cases[i].mine, "reading it");
		ok((api != NULL) == cases[i].mine, "gives a model or none");
	}
	ac_alloc_reset();
}

int
main(void)
{
	test_servers();
	test_responses();
	test_params();
	test_param_facts();
	test_requests();
	test_security();
	test_heirs();
	test_document();
	test_sniff();
	ac_json_free(doc);
	return done_testing();
}
