/*
 * test_googledisc.c
 *		Are Google's Discovery documents read as their format says?
 */
#include "ac.h"

#include "api/googledisc.h"
#include "reader.h"

static const char books[] =
	"{'kind': 'discovery#restDescription', 'discoveryVersion': 'v1', 'name': 'books', 'version': 'v1', "
	"'title': 'Books API', 'rootUrl': 'https://books.example/', 'servicePath': 'books/v1/', 'batchPath': 'batch/books', "
	"'parameters': {'key': {'type': 'string', 'location': 'query'}, 'prettyPrint': {'type': 'boolean', 'location': 'query'}}, "
	"'auth': {'oauth2': {'scopes': {'s': {}}}}, 'schemas': {"
	"'Volume': {'id': 'Volume', 'type': 'object', 'properties': {'id': {'type': 'string'}, "
	"'pages': {'type': 'string', 'format': 'int64'}, 'updated': {'type': 'string', 'format': 'google-datetime'}, "
	"'length': {'type': 'string', 'format': 'google-duration'}, 'owner': {'$ref': 'Owner'}, 'any': {'type': 'any'}, "
	"'score': {'type': 'number', 'format': 'double'}, 'rank': {'type': 'integer', 'format': 'int32', 'minimum': '1', 'maximum': '9'}, "
	"'tags': {'type': 'array', 'items': {'type': 'string'}}, 'labels': {'type': 'object', 'additionalProperties': {'type': 'string'}}}}, "
	"'Owner': {'id': 'Owner', 'type': 'object', 'properties': {'kind': {'type': 'string'}, 'role': {'type': 'string', 'enum': ['a', 'b'], 'enumDescriptions': ['', '']}}}, "
	"'Volumes': {'id': 'Volumes', 'type': 'object', 'properties': {'items': {'type': 'array', 'items': {'$ref': 'Volume'}}, 'nextPageToken': {'type': 'string'}}}, "
	"'Either': {'id': 'Either', 'type': 'object', 'variant': {'discriminant': 'kind', 'map': [{'type_value': 'v', '$ref': 'Volume'}, {'type_value': 'o', '$ref': 'Owner'}]}}}, "
	"'methods': {'ping': {'id': 'books.ping', 'path': 'ping', 'httpMethod': 'GET'}}, "
	"'resources': {'volumes': {'methods': {"
	"'list': {'id': 'books.volumes.list', 'path': 'volumes', 'httpMethod': 'GET', 'description': 'Lists volumes.', 'parameters': {"
	"'pageToken': {'type': 'string', 'location': 'query'}, 'maxResults': {'type': 'integer', 'format': 'uint32', 'location': 'query', 'minimum': '0', 'maximum': '40', 'default': '10'}, "
	"'q': {'type': 'string', 'required': true, 'location': 'query'}, 'ids': {'type': 'string', 'repeated': true, 'location': 'query'}}, "
	"'response': {'$ref': 'Volumes'}, 'scopes': ['s']}, "
	"'get': {'id': 'books.volumes.get', 'path': 'volumes/{volumeId}', 'httpMethod': 'GET', 'parameterOrder': ['volumeId'], "
	"'parameters': {'volumeId': {'type': 'string', 'required': true, 'location': 'path', 'pattern': '^[a-z]+$'}}, 'response': {'$ref': 'Volume'}}}, "
	"'resources': {'notes': {'methods': {"
	"'list': {'id': 'books.volumes.notes.list', 'path': 'v1/{+parent}/notes', 'flatPath': 'v1/projects/{projectsId}/notes', 'httpMethod': 'GET', 'deprecated': true, "
	"'parameters': {'parent': {'type': 'string', 'location': 'path', 'required': true}}, 'response': {'$ref': 'Either'}}, "
	"'search': {'id': 'books.volumes.notes.search', 'path': 'notes:search', 'httpMethod': 'POST', 'request': {'$ref': 'Owner'}, 'response': {'$ref': 'Volumes'}}}}}}}}";

static void
test_methods(void)
{
	AcApi *api = reader_read(ac_googledisc_read, books, "https://books.example/$discovery/rest");

	is_str(api->kind, "google", "the kind");
	is_str(api->title, "Books API", "the title");
	is_str(api->version, "v1", "the version");
	is_str(api->server_urls[0], "https://books.example/books/v1", "the base");
	is_str(reader_endpoints(api),
		   "GET /ping\n"
		   "GET /volumes ?pageToken,maxResults=integer,q!,ids=array\n"
		   "GET /volumes/{volumeId}\n"
		   "GET /v1/projects/{projectsId}/notes\n"
		   "POST /notes:search",
		   "methods in nested resources, without the parameters of all");
	is_str(api->endpoints[1].operation_id, "books.volumes.list", "the method's id");
	is_str(api->endpoints[1].group, "volumes", "the outermost resource is the group");
	is_str(api->endpoints[3].group, "volumes", "of inner ones, too");
	is_str(api->endpoints[3].source, "/resources/volumes/resources/notes/methods/list", "where it stands");
	ok(api->endpoints[3].deprecated, "deprecated");
	ok(api->endpoints[0].undescribed, "no response: a sample decides");
	is_int(api->n_notes, 0, "nothing is odd");
	reader_done();
}

static void
test_shapes(void)
{
	AcApi *api = reader_read(ac_googledisc_read, books, NULL);
	const AcEndpoint *list = &api->endpoints[1];
	const AcParam *size = ac_endpoint_param(list, AC_PARAM_QUERY, "maxResults");

	is_str(list->response->name, "Volumes", "schemas have their names");
	is_str(ac_shape_text(list->response, 1), "object{items: array, nextPageToken: string}",
		   "pages by token");
	is_str(ac_shape_text(api->endpoints[2].response, 2),
		   "object{id: string, pages: string(int64), updated: string(date-time), length: string, "
		   "owner: object{kind: string, role: string}, any: unknown, score: number(double), rank: integer(int32), "
		   "tags: array of string, labels: map of string}",
		   "types and formats");
	is_str(size->shape->maximum, "40", "a bound written as text");
	is_str(size->shape->default_value, "10", "a default");
	ok(ac_endpoint_param(list, AC_PARAM_QUERY, "ids")->explode, "repeated repeats the name");
	is_str(api->endpoints[3].response->discriminator, "kind", "a variant has its discriminator");
	ok(ac_shape_property(api->endpoints[3].response, "role") != NULL &&
		   ac_shape_property(api->endpoints[3].response, "pages") != NULL,
	   "and the fields of all");
	is_str(api->endpoints[2].params[0].shape->pattern, "^[a-z]+$", "a pattern");
	reader_done();
}

static void
test_security(void)
{
	AcApi *api = reader_read(ac_googledisc_read, books, NULL);
	int i;
	bool key = false;
	bool oauth = false;

	for (i = 0; i < api->n_schemes; i++)
	{
		oauth = oauth || api->schemes[i].scheme == AC_AUTH_OAUTH2;
		key = key || (api->schemes[i].scheme == AC_AUTH_API_KEY &&
					  strcmp(api->schemes[i].name, "key") == 0);
	}
	ok(oauth && key, "a token where scopes are named, else a key");
	reader_done();
}

static void
test_sniff(void)
{
	AcApi *api;

	ok(!ac_googledisc_sniff(reader_parse("{'kind': 'discovery#directoryList', 'items': []}")),
	   "a directory is no description");
	ok(!ac_googledisc_sniff(reader_parse("{'kind': 'books#volumes', 'items': []}")), "nor are rows");
	api = reader_read(ac_googledisc_read,
					  "{'discoveryVersion': 'v1', 'baseUrl': 'https://h/x/', 'methods': {'a': {'httpMethod': 'GET', 'path': '/a'}}}", NULL);
	is_str(api->server_urls[0], "https://h/x", "the older baseUrl");
	is_str(reader_endpoints(api), "GET /a", "a path that begins with a slash");
	reader_done();
	api = reader_read(ac_googledisc_read,
					  "{'discoveryVersion': 'v1', 'baseUrl': 'https://h/x/', 'methods': {'a': {'httpMethod': 'GET', 'path': 'a/{b'}}}", NULL);
	ok(api->endpoints[0].problem != NULL, "a path that is no template is the method's problem");
	reader_done();
}

int
main(void)
{
	test_methods();
	test_shapes();
	test_security();
	test_sniff();
	return done_testing();
}
