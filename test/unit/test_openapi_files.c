/*
 * test_openapi_files.c
 *		Are references followed from document to document?
 *
 * Sets of documents that refer to each other, read in rounds as a caller does
 * who fetches what is wished for.  Documents are written with single quotes
 * for double ones.
 */
#include "ac.h"

#include "api/openapi.h"
#include "api/swagger.h"
#include "described.h"

#define MAX_FILES 16

/* Rounds of wishes after which a set has everything it asks for. */
#define MAX_ROUNDS 8

typedef struct File
{
	const char *url;
	const char *text; /* NULL: it cannot be had */
} File;

/* What was read, and how. */
typedef struct Reading
{
	AcApi *api;
	StringInfoData wished; /* paths of the URLs, rounds separated by '|' */
	AcJson *docs[MAX_FILES];
	int n_docs;
} Reading;

static AcJson *
parse(Reading *reading, const char *text)
{
	char *copy = pstrdup(text);
	AcError err;
	char *at;

	for (at = copy; *at != '\0'; at++)
	{
		if (*at == '\'')
			*at = '"';
	}
	if (!ac_json_parse(copy, strlen(copy), AC_JSON_MAX_DEPTH,
					   &reading->docs[reading->n_docs], &err))
	{
		diag("%s in %s", err.message, text);
		abort();
	}
	return reading->docs[reading->n_docs++];
}

/* Gives a wish what the set has; one outside the set stays without. */
static void
grant(Reading *reading, const File *files, const AcWish *wish,
	  AcDocument *document)
{
	int i;

	document->method = wish->method;
	document->url = wish->url;
	document->doc = NULL;
	for (i = 0; files[i].url != NULL; i++)
	{
		if (strcmp(files[i].url, wish->url) == 0 && files[i].text != NULL)
			document->doc = parse(reading, files[i].text);
	}
}

static Reading *
read_files(const AcReader *reader, const File *files, const char *url)
{
	static AcDocument others[MAX_FILES * 4];
	Reading *reading = palloc0(sizeof(Reading));
	AcReadInput input = {.url = url, .limits = &ac_read_limits_default};
	AcError err;
	int round;

	initStringInfo(&reading->wished);
	input.doc = parse(reading, files[0].text);
	input.others = others;
	for (round = 0; round < MAX_ROUNDS; round++)
	{
		AcWish *wishes;
		int n = reader->wishes(&input, &wishes);
		int i;

		if (n == 0)
			break;
		if (round > 0)
			appendStringInfoString(&reading->wished, " |");
		for (i = 0; i < n; i++)
		{
			const char *path = strstr(wishes[i].url, "example");

			appendStringInfo(&reading->wished, "%s%s",
							 reading->wished.len > 0 ? " " : "",
							 path != NULL ? path + strlen("example") : "?");
			grant(reading, files, &wishes[i], &others[input.n_others++]);
		}
	}
	if (!reader->read(&input, &reading->api, &err))
	{
		diag("%s", err.message);
		abort();
	}
	return reading;
}

static void
end(Reading *reading)
{
	int i;

	for (i = 0; i < reading->n_docs; i++)
		ac_json_free(reading->docs[i]);
	ac_alloc_reset();
}

static const AcReader openapi = {"openapi", ac_openapi_sniff,
								 ac_openapi_wishes, ac_openapi_read};
static const AcReader swagger = {"swagger", ac_swagger_sniff,
								 ac_swagger_wishes, ac_swagger_read};

#define MAIN "https://a.example/spec/openapi.json"

static const char *
response_text(const Reading *reading, int i)
{
	AcShape *response = reading->api->endpoints[i].response;

	return response != NULL ? ac_shape_text(response, DEEP) : NULL;
}

/* Parts of every sort in files, in folders, and back to the first. */
static void
test_chain(void)
{
	static const File files[] = {
		{MAIN, "{'openapi': '3.0.3', 'servers': [{'url': '/v1'}], "
			   "'security': [{'k': []}], 'paths': {'/orders': {'$ref': "
			   "'paths/orders.json'}, '/x': {'get': {'responses': {'200': "
			   "{'$ref': './responses.json#/Ok'}}}}}, 'components': {"
			   "'securitySchemes': {'k': {'$ref': 'paths/../auth.json#/k'}}, "
			   "'parameters': {'P': {'name': 'p', 'in': 'query', 'schema': "
			   "{'$ref': 'schemas/Id.json'}}}}}"},
		{"https://a.example/spec/paths/orders.json",
		 "{'parameters': [{'$ref': '../openapi.json#/components/parameters/P'},"
		 " {'$ref': '#/own'}], 'own': {'name': 'q', 'in': 'query', 'schema': "
		 "{'type': 'boolean'}}, 'get': {'responses': {'200': {'content': "
		 "{'application/json': {'schema': {'type': 'array', 'items': {'$ref': "
		 "'../schemas/Order.json'}}}}}}}}"},
		{"https://a.example/spec/schemas/Order.json",
		 "{'type': 'object', 'properties': {'id': {'$ref': 'Id.json'}, "
		 "'customer': {'$ref': 'all.json#/definitions/Customer'}, 'parent': "
		 "{'$ref': '#'}}}"},
		{"https://a.example/spec/schemas/Id.json",
		 "{'type': 'integer', 'format': 'int64'}"},
		{"https://a.example/spec/schemas/all.json",
		 "{'definitions': {'Customer': {'properties': {'id': {'$ref': "
		 "'Id.json'}, 'address': {'$ref': '#/definitions/Address'}}}, "
		 "'Address': {'properties': {'city': {'type': 'string'}}}}}"},
		{"https://a.example/spec/responses.json",
		 "{'Ok': {'headers': {'X': {}}, 'content': {'application/json': "
		 "{'schema': {'properties': {'order': {'$ref': "
		 "'schemas/Order.json'}}}}}}}"},
		{"https://a.example/spec/auth.json",
		 "{'k': {'type': 'apiKey', 'in': 'header', 'name': 'X-Key'}}"},
		{NULL, NULL}};
	Reading *reading = read_files(&openapi, files, MAIN);
	AcApi *api = reading->api;
	AcShape *row;

	is_str(reading->wished.data,
		   "/spec/paths/orders.json /spec/responses.json /spec/auth.json | "
		   "/spec/schemas/Id.json /spec/schemas/Order.json | "
		   "/spec/schemas/all.json",
		   "what is missed is wished for in rounds, each once");
	if (!is_int(api->n_notes, 0, "nothing is left unresolved"))
		show_notes(api);
	is_int(api->n_endpoints, 2, "operations of files");
	row = api->endpoints[0].response->items;
	is_str(ac_shape_text(row, 2),
		   "object{id: integer(int64), customer: object{id: integer(int64), "
		   "address: object}, parent: object{id: integer(int64), customer: "
		   "object, parent: object}}",
		   "schemas of schemas in files");
	is_str(row->name, "Order", "a file's name is its schema's");
	is_str(ac_shape_property(row, "customer")->shape->name, "Customer",
		   "as is a component's in it");
	ok(ac_shape_property(row, "parent")->shape == row,
	   "a file refers to itself");
	ok(ac_shape_property(api->endpoints[1].response, "order")->shape == row,
	   "one file is one schema, wherever it is named");
	is_int(api->endpoints[0].n_params, 2, "parameters of a file");
	is_str(ac_shape_text(api->endpoints[0].params[0].shape, 1),
		   "integer(int64)", "back in the first document, and out again");
	is_str(api->schemes[0].name, "X-Key", "a security scheme of a file");
	end(reading);
}

/* What cannot be had is noted and asked for no more than once. */
static void
test_missing(void)
{
	static const File files[] = {
		{MAIN, "{'openapi': '3.0.3', 'paths': {'/a': {'$ref': 'gone.json'}, "
			   "'/b': {'get': {'responses': {'200': {'content': "
			   "{'application/json': {'schema': {'type': 'array', 'items': "
			   "{'$ref': 'https://b.example/s.json#/A'}}}}}}}}, '/c': {'get': "
			   "{'responses': {'200': {'content': {'application/json': "
			   "{'schema': {'properties': {'a': {'$ref': 'here.json#/No'}, "
			   "'b': {'$ref': 'gone.json#/x'}, 'c': {'$ref': "
			   "'ftp://c.example/x'}, 'd': {'$ref': 'urn:x:y'}}}}}}}}}}}"},
		{"https://a.example/spec/here.json", "{'A': {}}"},
		{NULL, NULL}};
	Reading *reading = read_files(&openapi, files, MAIN);

	is_str(reading->wished.data,
		   "/spec/gone.json /s.json /spec/here.json",
		   "other origins are wished for, too: the caller decides");
	is_str(response_text(reading, 0), "array of unknown", "what is absent is unknown");
	is_str(response_text(reading, 1),
		   "object{a: unknown, b: unknown, c: unknown, d: unknown}",
		   "and what is not in a file");
	is_str(reading->api->notes[0],
		   "external $ref \"gone.json\" was not followed", "as notes say");
	is_int(reading->api->n_notes, 6, "of each reference");
	end(reading);
}

/* Without a URL only absolute references can be followed. */
static void
test_unknown_home(void)
{
	static const File files[] = {
		{"", "{'openapi': '3.0.3', 'paths': {'/a': {'get': {'responses': "
			 "{'200': {'content': {'application/json': {'schema': "
			 "{'properties': {'a': {'$ref': 'x.json'}, 'b': {'$ref': "
			 "'https://b.example/s.json#/A'}}}}}}}}}}}"},
		{"https://b.example/s.json",
		 "{'A': {'$ref': 't.json#/B'}}"},
		{"https://b.example/t.json", "{'B': {'type': 'string'}}"},
		{NULL, NULL}};
	Reading *reading = read_files(&openapi, files, NULL);

	is_str(reading->wished.data, "/s.json | /t.json",
		   "absolute references, and relative ones in what they lead to");
	is_str(response_text(reading, 0), "object{a: unknown, b: string}",
		   "are followed");
	end(reading);
}

/* $self, $id and anchors give documents and schemas other names. */
static void
test_names(void)
{
	static const File files[] = {
		{MAIN, "{'openapi': '3.2.0', '$self': "
			   "'https://a.example/named/api.json', 'paths': {'/a': {'get': "
			   "{'responses': {'200': {'content': {'application/json': "
			   "{'schema': {'properties': {"
			   "'self': {'$ref': 'api.json#/components/schemas/A'}, "
			   "'found': {'$ref': '/spec/openapi.json#/components/schemas/A'}, "
			   "'anchor': {'$ref': '#here'}, "
			   "'id': {'$ref': 'schemas/b'}, "
			   "'deep': {'$ref': 'schemas/b#in'}, "
			   "'dynamic': {'$dynamicRef': '#any'}, "
			   "'lost': {'$ref': '#nowhere'}}}}}}}}}}, "
			   "'components': {'schemas': {'A': {'type': 'integer'}, "
			   "'H': {'$anchor': 'here', 'type': 'boolean'}, "
			   "'D': {'$dynamicAnchor': 'any', 'type': 'number'}, "
			   "'B': {'$id': 'schemas/b', 'properties': {'x': {'$ref': "
			   "'#/$defs/X'}, 'y': {'$ref': '#in'}, 'z': {'$ref': "
			   "'#/components/schemas/A'}, 'w': {'$ref': 'c.json'}}, '$defs': "
			   "{'X': {'type': 'string'}, 'Y': {'$anchor': 'in', 'type': "
			   "'boolean'}}}}}}"},
		{"https://a.example/named/schemas/c.json", "{'type': 'null'}"},
		{NULL, NULL}};
	Reading *reading = read_files(&openapi, files, MAIN);

	is_str(reading->wished.data, "/named/schemas/c.json",
		   "references are relative to the $id around them");
	is_str(response_text(reading, 0),
		   "object{self: integer, found: integer, anchor: boolean, id: "
		   "object{x: string, y: boolean, z: integer, w: null}, deep: "
		   "boolean, dynamic: number, lost: unknown}",
		   "names of documents, schemas and places");
	is_str(reading->api->notes[0], "unresolved $ref \"#nowhere\"",
		   "an anchor that is not there");
	end(reading);
}

/* A name on another origin than the document's cannot be asked. */
static void
test_foreign_self(void)
{
	static const File files[] = {
		{MAIN, "{'openapi': '3.2.0', '$self': 'https://pub.example/api.json', "
			   "'paths': {'/a': {'get': {'responses': {'200': {'content': "
			   "{'application/json': {'schema': {'$ref': 's.json'}}}}}}}}}"},
		{"https://a.example/spec/s.json",
		 "{'$id': 'https://pub.example/s.json', 'properties': {'t': {'$ref': "
		 "'t.json'}}}"},
		{"https://a.example/spec/t.json", "{'type': 'string'}"},
		{NULL, NULL}};
	Reading *reading = read_files(&openapi, files, MAIN);

	is_str(reading->wished.data, "/spec/s.json | /spec/t.json",
		   "references are tried from where documents were found");
	is_str(response_text(reading, 0), "object{t: string}", "and followed");
	end(reading);
}

/* References on the way of a pointer, and circles of them. */
static void
test_through(void)
{
	static const File files[] = {
		{MAIN, "{'openapi': '3.0.3', 'paths': {'$ref': 'paths.json'}, "
			   "'components': {'schemas': {'$ref': 'schemas.json'}, 'loop': "
			   "{'$ref': '#/components/loop/x'}}}"},
		{"https://a.example/spec/paths.json",
		 "{'/a': {'get': {'responses': {'200': {'content': "
		 "{'application/json': {'schema': {'properties': {'a': {'$ref': "
		 "'openapi.json#/components/schemas/A'}, 'b': {'$ref': "
		 "'openapi.json#/components/loop/x/y'}, 'c': {'$ref': "
		 "'openapi.json#/components/schemas/C'}}}}}}}}}}"},
		{"https://a.example/spec/schemas.json",
		 "{'A': {'type': 'string'}, 'C': {'allOf': [{'$ref': "
		 "'schemas.json#/D'}, {'properties': {'x': {'$ref': "
		 "'openapi.json#/components/schemas/C'}}}]}, 'D': {'properties': {'d': "
		 "{'type': 'array', 'items': {'$ref': 'schemas.json#/A'}}}}}"},
		{NULL, NULL}};
	Reading *reading = read_files(&openapi, files, MAIN);

	is_int(reading->api->n_endpoints, 1, "paths in a file");
	is_str(ac_shape_text(reading->api->endpoints[0].response, 2),
		   "object{a: string, b: unknown, c: object{d: array, x: object}}",
		   "components in a file, and circles between files");
	end(reading);
}

static void
test_swagger(void)
{
	static const File files[] = {
		{MAIN, "{'swagger': '2.0', 'paths': {'/a': {'$ref': 'a.json'}}, "
			   "'definitions': {'A': {'properties': {'b': {'$ref': "
			   "'defs.json#/B'}}}}}"},
		{"https://a.example/spec/a.json",
		 "{'get': {'parameters': [{'$ref': 'defs.json#/P'}], 'responses': "
		 "{'200': {'schema': {'type': 'array', 'items': {'$ref': "
		 "'openapi.json#/definitions/A'}}}}}}"},
		{"https://a.example/spec/defs.json",
		 "{'B': {'type': 'string'}, 'P': {'name': 'p', 'in': 'query', 'type': "
		 "'integer'}}"},
		{NULL, NULL}};
	Reading *reading = read_files(&swagger, files, MAIN);

	is_str(reading->wished.data, "/spec/a.json | /spec/defs.json",
		   "Swagger's files are wished for alike");
	is_str(response_text(reading, 0), "array of object{b: string}",
		   "and followed");
	is_str(reading->api->endpoints[0].params[0].name, "p",
		   "parameters in them, too");
	is_int(reading->api->n_notes, 0, "nothing is noted");
	end(reading);
}

/* A base in one file, its heirs mapped from there. */
static void
test_mapping(void)
{
	static const File files[] = {
		{MAIN, "{'openapi': '3.0.3', 'paths': {'/a': {'get': {'responses': "
			   "{'200': {'content': {'application/json': {'schema': {'$ref': "
			   "'pets/Pet.json'}}}}}}}}}"},
		{"https://a.example/spec/pets/Pet.json",
		 "{'properties': {'kind': {'type': 'string'}}, 'discriminator': "
		 "{'propertyName': 'kind', 'mapping': {'cat': 'Cat.json'}}}"},
		{"https://a.example/spec/pets/Cat.json",
		 "{'allOf': [{'$ref': 'Pet.json'}, {'properties': {'lives': {'type': "
		 "'integer'}}}]}"},
		{NULL, NULL}};
	Reading *reading = read_files(&openapi, files, MAIN);

	is_str(response_text(reading, 0), "object{kind: string, lives: integer}",
		   "an heir in another file");
	is_str(reading->api->endpoints[0].response->name, "Pet",
		   "the base keeps its name");
	end(reading);
}

/* Limits hold for all documents together. */
static void
test_limits(void)
{
	AcReadLimits limits = ac_read_limits_default;
	AcDocument other = {"GET", "https://a.example/spec/o.json", NULL};
	AcReadInput input = {.url = MAIN, .others = &other, .n_others = 1, .limits = &limits};
	Reading reading = {0};
	StringInfoData text;
	AcApi *api;
	AcError err;
	int i;

	initStringInfo(&text);
	appendStringInfoString(&text, "{'A': {'properties': {");
	for (i = 0; i < 1000; i++)
		appendStringInfo(&text, "%s'p%d': {'$ref': 'x%d.json'}",
						 i > 0 ? "," : "", i, i);
	appendStringInfoString(&text, "}}}");
	input.doc = parse(&reading, "{'openapi': '3.0.3', 'paths': {'/a': {'get': "
								"{'responses': {'200': {'content': "
								"{'application/json': {'schema': {'$ref': "
								"'o.json#/A'}}}}}}}}}");
	other.doc = parse(&reading, text.data);
	ok(openapi.read(&input, &api, &err), "a thousand references");
	is_int(api->n_notes, 100, "that lead nowhere");
	limits.max_shapes = 500;
	ok(!openapi.read(&input, &api, &err), "are work");
	is_int(err.code, AC_ERR_TOO_LARGE, "that has its limit");
	for (i = 0; i < reading.n_docs; i++)
		ac_json_free(reading.docs[i]);
	ac_alloc_reset();
}

int
main(void)
{
	test_chain();
	test_missing();
	test_unknown_home();
	test_names();
	test_foreign_self();
	test_through();
	test_swagger();
	test_mapping();
	test_limits();
	return done_testing();
}
