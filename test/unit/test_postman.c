/*
 * test_postman.c
 *		Are Postman collections (2.0 and 2.1) read as their format says?
 */
#include "ac.h"

#include "api/postman.h"
#include "reader.h"

#define INFO21 "'info': {'_postman_id': '1', 'name': 'Shop', 'description': {'content': 'A shop.'}, " \
			   "'schema': 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'}"
#define INFO20 "'info': {'name': 'Old', 'schema': 'https://schema.getpostman.com/json/collection/v2.0.0/collection.json'}"

static const char shop[] =
	"{" INFO21 ", 'auth': {'type': 'apikey', 'apikey': [{'key': 'key', 'value': 'X-Key'}, "
	"{'key': 'value', 'value': 'TOPSECRET'}, {'key': 'in', 'value': 'header'}]}, "
	"'variable': [{'key': 'baseUrl', 'value': 'https://{{host}}/v1/'}, {'key': 'host', 'value': 'api.example'}, "
	"{'key': 'ver', 'value': 'v2'}, {'key': 'token', 'value': 'TOPSECRET'}], 'item': ["
	"{'name': 'Users', 'item': [{'name': 'Admin', 'item': ["
	"{'name': 'List users', 'request': {'method': 'GET', 'description': 'All of them.', 'header': [], "
	"'url': {'raw': '{{baseUrl}}/users?page=1', 'host': ['{{baseUrl}}'], 'path': ['users'], 'query': ["
	"{'key': 'page', 'value': '1', 'description': 'Page'}, {'key': 'api_key', 'value': 'TOPSECRET'}, "
	"{'key': 'state', 'value': 'open', 'disabled': true}, {'key': 'api-version', 'value': '3'}, "
	"{'key': 'since', 'value': '{{date}}'}, {'key': null, 'value': 'x'}]}}, "
	"'response': [{'name': 'no', 'code': 404, 'body': '{\\\"error\\\": \\\"a long text that says why this is not there at all\\\"}'}, "
	"{'name': 'few', 'code': 200, 'body': '[]'}, "
	"{'name': 'ok', 'code': 200, 'body': '{\\\"users\\\": [{\\\"id\\\": 1, \\\"session_token\\\": \\\"TOPSECRET\\\"}]}'}]}, "
	"{'name': 'One user', 'request': {'method': 'GET', 'url': {'raw': '{{baseUrl}}/users/:userId', 'host': ['{{baseUrl}}'], "
	"'path': ['users', ':userId'], 'variable': [{'key': 'userId', 'value': '7', 'description': 'Its number.'}]}}}]}]}, "
	"{'name': 'Orders of a user', 'request': {'url': '{{baseUrl}}/users/17/orders'}}, "
	"{'name': 'By a variable', 'request': '{{baseUrl}}/teams/{{teamId}}/members'}, "
	"{'name': 'Newer', 'request': {'method': 'get', 'url': '{{baseUrl}}{{none}}/x'}}, "
	"{'name': 'A constant', 'request': {'url': '{{baseUrl}}/{{ver}}/things?x=1#frag'}}, "
	"{'name': 'Search', 'request': {'method': 'POST', 'body': {'mode': 'raw', 'raw': '{\\\"q\\\": \\\"x\\\", \\\"n\\\": 1}'}, "
	"'url': '{{baseUrl}}/search'}}, "
	"{'name': 'Delete', 'request': {'method': 'DELETE', 'url': '{{baseUrl}}/users/1'}}, "
	"{'name': 'Elsewhere', 'request': {'auth': {'type': 'noauth'}, 'url': 'https://other.example/status'}}, "
	"{'name': 'No request'}]}";

static void
test_requests(void)
{
	AcApi *api = reader_read(ac_postman_read, shop, "https://h/shop.postman_collection.json");

	is_str(api->kind, "postman", "the kind");
	is_str(api->spec_version, "2.1", "the format's version");
	is_str(api->title, "Shop", "the title");
	is_str(api->description, "A shop.", "a description that is an object");
	is_str(api->server_urls[0], "https://api.example/v1", "variables in variables");
	is_str(reader_endpoints(api),
		   "GET /users +api-version=3 ?page=integer,state,since\n"
		   "GET /users/{userId}\n"
		   "GET /users/{user_id}/orders\n"
		   "GET /teams/{teamId}/members\n"
		   "GET /v2/things ?x=integer\n"
		   "POST /search\n"
		   "GET /status",
		   "requests");
	is_str(api->endpoints[0].group, "Users", "the outermost folder is the group");
	is_str(api->endpoints[2].group, NULL, "no folder, no group");
	is_str(api->endpoints[0].summary, "List users", "the name");
	is_str(api->endpoints[0].description, "All of them.", "the description");
	is_str(api->endpoints[0].source, "/item/0/item/0/item/0", "where it stands");
	is_str(api->endpoints[0].found, "request \"List users\" of the collection", "how it was found");
	is_str(ac_json_to_text(api->endpoints[0].example), "{\"users\":[{\"id\":1,\"session_token\":\"***\"}]}",
		   "the longest good answer, without secrets");
	ok(api->endpoints[0].undescribed && api->endpoints[0].response == NULL, "a sample decides");
	ok(api->endpoints[0].confidence > api->endpoints[1].confidence, "an answer makes it surer");
	is_str(api->endpoints[0].params[0].description, "Page", "a parameter's description");
	is_str(api->endpoints[1].params[0].description, "Its number.", "a variable's");
	ok(api->endpoints[1].params[0].shape->kind == AC_SHAPE_INTEGER, "and its type");
	is_str(ac_shape_text(api->endpoints[5].request, 2), "object{q: string(text), n: integer}", "the body of a POST");
	is_str(api->endpoints[5].request_media_type, "application/json", "which is JSON");
	is_str(api->endpoints[6].base_url, "https://other.example", "another host is its own");
	ok(api->endpoints[6].anonymous && !api->endpoints[0].anonymous, "who needs no credentials");
	ok(reader_noted(api, "1 requests by other methods"), "other methods are noted");
	ok(reader_noted(api, "{{none}}"), "variables without a value are, too");
	reader_done();
}

/* Nothing of the model has a secret of the collection. */
static void
test_secrets(void)
{
	AcApi *api = reader_read(ac_postman_read, shop, NULL);
	bool found = false;
	int i;

	for (i = 0; i < api->n_endpoints; i++)
	{
		const AcEndpoint *e = &api->endpoints[i];

		found = found || strstr(reader_endpoint(e), "TOPSECRET") != NULL ||
				(e->example != NULL && strstr(ac_json_to_text(e->example), "TOPSECRET") != NULL);
	}
	for (i = 0; i < api->n_notes; i++)
		found = found || strstr(api->notes[i], "TOPSECRET") != NULL;
	ok(!found, "no secret gets into the model");
	is_int(api->n_schemes, 1, "but the kind of credentials");
	is_int(api->schemes[0].scheme, AC_AUTH_API_KEY, "a key");
	is_str(api->schemes[0].name, "X-Key", "in its header");
	ok(api->auth_required, "which is wanted");
	reader_done();
}

typedef struct UrlCase
{
	const char *url; /* JSON */
	const char *server;
	const char *endpoint;
} UrlCase;

static const UrlCase urls[] = {
	{"'https://h/a/b?c=d'", "https://h/", "GET /a/b ?c"},
	{"'https://h'", "https://h/", "GET /"},
	{"'h.example:8080/a'", "http://h.example:8080/", "GET /a"},
	{"'http://localhost:3000/a/'", "http://localhost:3000/", "GET /a/"},
	{"{'raw': 'https://h/a'}", "https://h/", "GET /a"},
	{"{'protocol': 'https', 'host': ['api', 'h', 'example'], 'port': '8443', 'path': ['a', 'b']}",
	 "https://api.h.example:8443/", "GET /a/b"},
	{"{'protocol': 'https', 'host': 'h', 'path': '/a/:id'}", "https://h/", "GET /a/{id}"},
	{"{'protocol': 'https', 'host': ['h'], 'path': [{'type': 'string', 'value': 'a'}, 'b']}", "https://h/", "GET /a/b"},
	{"'{{url}}/a'", NULL, "GET /a"},
	{"'{{scheme}}://{{host}}/a/{{id}}'", NULL, "GET /a/{id}"},
	{"'https://h/a/{id}/b'", "https://h/", "GET /a/{id}/b"},
	{"'https://h/a b/x{{y}}z'", "https://h/", "GET /a%20b/x%7B%7By%7D%7Dz"},
	{"'https://h/a/{{odd name}}'", "https://h/", "GET /a/{odd_name}"},
	{"'https://h/a/5f2b8c1e9a3d4f6b7c8d9e0f'", "https://h/", "GET /a/{a_id}"},
	{"'https://h/a?token=x&q='", "https://h/", "GET /a ?q"},
	{"''", NULL, ""},
	{"{}", NULL, ""},
	{"7", NULL, ""},
};

static void
test_urls(void)
{
	int i;

	for (i = 0; i < (int) lengthof(urls); i++)
	{
		AcApi *api = reader_read(ac_postman_read,
								 psprintf("{" INFO20 ", 'item': [{'name': 'x', 'request': {'url': %s}}]}", urls[i].url), NULL);

		is_str(reader_endpoints(api), urls[i].endpoint, "URL %s", urls[i].url);
		is_str(api->n_server_urls == 0 ? NULL : api->server_urls[0], urls[i].server, "and its base");
		reader_done();
	}
}

static void
test_bases(void)
{
	AcApi *api = reader_read(ac_postman_read,
							 "{" INFO20 ", 'variable': [{'id': 'a', 'value': 'https://h/api/a'}, {'key': 'b', 'value': 'https://h/api/b'}], "
							 "'auth': {'type': 'basic', 'basic': {'username': 'u', 'password': 'p'}}, 'item': ["
							 "{'request': '{{a}}/x'}, {'request': '{{b}}/y'}, {'request': '{{a}}/x?more=1'}, {'request': 'https://far.example/z'}]}",
							 NULL);

	is_str(api->spec_version, "2.0", "the older format");
	is_str(api->server_urls[0], "https://h/api", "what several bases share");
	is_str(reader_endpoints(api), "GET /a/x ?more=integer\nGET /b/y\nGET /z", "with the rest in the paths");
	is_int(api->schemes[0].scheme, AC_AUTH_BASIC, "basic");
	reader_done();
	api = reader_read(ac_postman_read,
					  "{" INFO20 ", 'variable': [{'key': 'x', 'value': '{{x}}{{x}}'}], 'item': [{'request': '{{x}}/a'}]}", NULL);
	is_int(api->n_endpoints, 1, "a variable that is itself does no harm");
	reader_done();
	api = reader_read(ac_postman_read, "{'collection': {" INFO21 ", 'item': [{'request': 'https://h/a'}]}}", NULL);
	is_str(api->endpoints[0].source, "/collection/item/0", "the service's own export");
	reader_done();
}

static void
test_auth(void)
{
	static const struct
	{
		const char *request;
		AcAuthScheme scheme;
		const char *name;
	} cases[] = {
		{"'auth': {'type': 'bearer', 'bearer': {'token': 'x'}}", AC_AUTH_BEARER, NULL},
		{"'auth': {'type': 'oauth2'}", AC_AUTH_OAUTH2, NULL},
		{"'auth': {'type': 'digest'}", AC_AUTH_OTHER, NULL},
		{"'auth': {'type': 'awsv4', 'awsv4': {'secretKey': 'x'}}", AC_AUTH_AWS, NULL},
		{"'auth': {'type': 'apikey', 'apikey': {'key': 'appid', 'value': 'x', 'in': 'query'}}", AC_AUTH_API_KEY, "appid"},
		{"'header': [{'key': 'Authorization', 'value': 'Basic abc'}]", AC_AUTH_BASIC, NULL},
		{"'header': [{'key': 'X-Auth-Token', 'value': '{{t}}'}]", AC_AUTH_API_KEY, "X-Auth-Token"},
		{"'auth': {'type': 'noauth'}", AC_AUTH_NONE, NULL},
		{"'header': [{'key': 'Authorization', 'value': 'Bearer x', 'disabled': true}]", AC_AUTH_NONE, NULL},
		{"'header': [{'key': 'Accept', 'value': 'x'}]", AC_AUTH_NONE, NULL},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcApi *api = reader_read(ac_postman_read,
								 psprintf("{" INFO20 ", 'item': [{'request': {'url': 'https://h/a', %s}}]}", cases[i].request), NULL);

		is_int(api->n_schemes == 0 ? AC_AUTH_NONE : api->schemes[0].scheme, cases[i].scheme,
			   "credentials by %s", cases[i].request);
		is_str(api->n_schemes == 0 ? NULL : api->schemes[0].name, cases[i].name, "and their name");
		is_int(api->auth_required, cases[i].scheme != AC_AUTH_NONE, "and whether they are wanted");
		reader_done();
	}
}

static void
test_sniff(void)
{
	ok(!ac_postman_sniff(reader_parse("{'info': {'title': 'x'}, 'item': []}")), "another format's info");
	ok(!ac_postman_sniff(reader_parse("{" INFO21 ", 'item': 7}")), "no list of items");
	ok(!ac_postman_sniff(reader_parse("{'info': {'schema': 'https://schema.getpostman.com/json/collection/v1.0.0/'}, 'item': []}")),
	   "the first format");
	ok(ac_postman_sniff(reader_parse("{'info': {'schema': 'https://schema.postman.com/json/collection/v2.1.0/collection.json'}, 'item': []}")),
	   "the schema's newer address");
	reader_done();
}

int
main(void)
{
	test_requests();
	test_secrets();
	test_urls();
	test_bases();
	test_auth();
	test_sniff();
	return done_testing();
}
