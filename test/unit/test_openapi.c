/*
 * test_openapi.c
 *		Are OpenAPI documents read as the specification says?
 *
 * Tables of schemas, parameters, responses, servers and security written from
 * OpenAPI 3.0.4, 3.1.1 and 3.2.0, hostile documents, and, where the environment
 * names a directory of real ones in AUTOCONN_SPECS, all of these.
 *
 * Documents are written with single quotes for double ones.
 */
#include "ac.h"

#include <dirent.h>
#include <time.h>

#include "api/openapi.h"
#include "described.h"
#include "readfile.h"

/* The text with double quotes. */
static char *
quoted(const char *text)
{
	char *copy = pstrdup(text);
	char *at;

	for (at = copy; *at != '\0'; at++)
	{
		if (*at == '\'')
			*at = '"';
	}
	return copy;
}

static AcJson *
parse(const char *text)
{
	AcJson *doc = NULL;
	AcError err;

	if (!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &doc, &err))
	{
		diag("%s in %s", err.message, text);
		abort();
	}
	return doc;
}

/* The document under test; freed by the next one. */
static AcJson *doc = NULL;

static AcApi *
read_limited(const char *text, const AcReadLimits *limits, AcError *err)
{
	AcApi *api = NULL;

	ac_json_free(doc);
	doc = parse(quoted(text));
	ac_error_clear(err);
	if (ac_openapi_read(&(AcReadInput){.doc = doc, .limits = limits}, &api, err) != (api != NULL))
		abort();
	return api;
}

static AcApi *
read_text(const char *text)
{
	AcError err;
	AcApi *api = read_limited(text, &ac_read_limits_default, &err);

	if (api == NULL)
	{
		diag("%s: %s", err.message, text);
		abort();
	}
	return api;
}

/* A document whose GET /x answers with this schema. */
static AcApi *
read_schema(const char *version, const char *schema, const char *schemas)
{
	return read_text(psprintf(
		"{'openapi': '%s', 'info': {'title': 't', 'version': '1'}, 'paths': "
		"{'/x': {'get': {'responses': {'200': {'description': 'd', "
		"'content': {'application/json': {'schema': %s}}}}}}}, "
		"'components': {'schemas': {%s}}}",
		version, schema, schemas != NULL ? schemas : ""));
}

typedef struct SchemaCase
{
	const char *version; /* NULL: 3.0.4 and 3.1.1 agree */
	const char *schema;
	const char *schemas; /* components, or NULL */
	const char *shape;
	const char *note; /* part of a note that must be there; NULL: none is */
} SchemaCase;

static void
test_schema(const char *version, const SchemaCase *c)
{
	AcApi *api = read_schema(version, c->schema, c->schemas);
	bool noted = c->note != NULL ? has_note(api, c->note) : api->n_notes == 0;

	is_str(ac_shape_text(api->endpoints[0].response, DEEP), c->shape,
		   "%s %s%s%s", version, c->schema, c->schemas != NULL ? " with " : "",
		   c->schemas != NULL ? c->schemas : "");
	if (c->note != NULL && !ok(noted, "and a note \"%s\"", c->note))
		show_notes(api);
	else if (c->note == NULL && !noted)
	{
		ok(false, "and no note");
		show_notes(api);
	}
}

static void
test_schemas(const SchemaCase *cases, int n)
{
	int i;

	for (i = 0; i < n; i++)
	{
		if (cases[i].version == NULL || strncmp(cases[i].version, "3.0", 3) == 0)
			test_schema("3.0.4", &cases[i]);
		if (cases[i].version == NULL || strncmp(cases[i].version, "3.1", 3) == 0)
			test_schema("3.1.1", &cases[i]);
	}
	ac_alloc_reset();
}

static const SchemaCase simple_cases[] = {
	{NULL, "{'type': 'string'}", NULL, "string", NULL},
	{NULL, "{'type': 'string', 'format': 'date-time'}", NULL,
	 "string(date-time)", NULL},
	{NULL, "{'type': 'integer', 'format': 'int64'}", NULL, "integer(int64)",
	 NULL},
	{NULL, "{'type': 'number'}", NULL, "number", NULL},
	{NULL, "{'type': 'boolean'}", NULL, "boolean", NULL},
	{NULL, "{'type': 'array', 'items': {'type': 'integer'}}", NULL,
	 "array of integer", NULL},
	{NULL, "{'type': 'array'}", NULL, "array", NULL},
	{NULL, "{'type': 'object'}", NULL, "object", NULL},
	{NULL, "{'type': 'object', 'properties': {'a': {'type': 'string'}, "
		   "'b': {'type': 'array', 'items': {}}}}",
	 NULL, "object{a: string, b: array of unknown}", NULL},
	{NULL, "{}", NULL, "unknown", NULL},

	/* no type: keywords imply it */
	{NULL, "{'properties': {'a': {'type': 'string'}}}", NULL,
	 "object{a: string}", NULL},
	{NULL, "{'items': {'type': 'string'}}", NULL, "array of string", NULL},
	{NULL, "{'enum': ['a', 'b']}", NULL, "string", NULL},
	{NULL, "{'enum': [1, 2]}", NULL, "integer", NULL},
	{NULL, "{'enum': [1, 2.5]}", NULL, "number", NULL},
	{NULL, "{'enum': [1, 'a']}", NULL, "mixed", NULL},
	{NULL, "{'enum': [{}, {}]}", NULL, "object", NULL},
	{NULL, "{'format': 'date'}", NULL, "string(date)", NULL},
	{NULL, "{'format': 'cron'}", NULL, "unknown", NULL},
	{NULL, "{'minLength': 1}", NULL, "string", NULL},
	{NULL, "{'description': 'anything'}", NULL, "unknown", NULL},
	{NULL, "{'type': 'any'}", NULL, "unknown", NULL},
	{NULL, "{'type': 'file'}", NULL, "unknown", "unknown type \"file\""},

	/* nullable, in all its forms */
	{NULL, "{'type': 'string', 'nullable': true}", NULL, "string?", NULL},
	{NULL, "{'type': 'string', 'x-nullable': true}", NULL, "string?", NULL},
	{NULL, "{'type': ['string', 'null']}", NULL, "string?", NULL},
	{NULL, "{'type': ['null', 'string']}", NULL, "string?", NULL},
	{NULL, "{'oneOf': [{'type': 'string'}, {'type': 'null'}]}", NULL,
	 "string?", NULL},
	{NULL, "{'anyOf': [{'type': 'null'}, {'type': 'string'}]}", NULL,
	 "string?", NULL},
	{NULL, "{'type': 'string', 'enum': ['a', null]}", NULL, "string?", NULL},
	{NULL, "{'enum': ['a', null]}", NULL, "string?", NULL},
	{NULL, "{'nullable': true, 'allOf': [{'$ref': '#/components/schemas/A'}]}",
	 "'A': {'type': 'object', 'properties': {'b': {'type': 'integer'}}}",
	 "object{b: integer}?", NULL},
	{NULL, "{'oneOf': [{'$ref': '#/components/schemas/A'}, {'enum': [null]}]}",
	 "'A': {'type': 'integer'}", "integer?", NULL},
	{NULL, "{'type': 'null'}", NULL, "null", NULL},
	{NULL, "{'const': null}", NULL, "null", NULL},
	{NULL, "{'const': 'a'}", NULL, "string", NULL},

	/* several types */
	{NULL, "{'type': ['string', 'integer']}", NULL, "mixed", NULL},
	{NULL, "{'type': ['integer', 'number', 'null']}", NULL, "number?", NULL},
	{NULL, "{'type': ['string', 'object'], 'properties': "
		   "{'id': {'type': 'string'}}}",
	 NULL, "mixed(string or object){id: string}", NULL},
	{NULL, "{'type': ['string']}", NULL, "string", NULL},
	{NULL, "{'type': []}", NULL, "unknown", NULL},

	/* tuples */
	{NULL, "{'type': 'array', 'prefixItems': [{'type': 'string'}, "
		   "{'type': 'integer'}]}",
	 NULL, "array of mixed", NULL},
	{NULL, "{'type': 'array', 'prefixItems': [{'type': 'number'}, "
		   "{'type': 'number'}], 'items': false}",
	 NULL, "array of number", NULL},
	{NULL, "{'prefixItems': [{'type': 'integer'}], 'items': "
		   "{'type': 'number'}}",
	 NULL, "array of number", NULL},
	{NULL, "{'type': 'array', 'items': [{'type': 'string'}, "
		   "{'type': 'boolean'}]}",
	 NULL, "array of mixed", NULL},

	/* boolean schemas */
	{"3.1", "true", NULL, "unknown", NULL},
	{"3.1", "false", NULL, "null", NULL},
	{"3.1", "{'type': 'object', 'properties': {'a': true}}", NULL,
	 "object{a: unknown}", NULL},

	/* encodings */
	{"3.1", "{'type': 'string', 'contentEncoding': 'base64'}", NULL,
	 "string(byte)", NULL},
	{"3.1", "{'type': 'string', 'contentEncoding': 'base64url'}", NULL,
	 "string(base64url)", NULL},
	{"3.1", "{'type': 'string', 'contentEncoding': '7bit'}", NULL, "string",
	 NULL},
};

static const SchemaCase object_cases[] = {
	/* free keys */
	{NULL, "{'type': 'object', 'additionalProperties': {'type': 'integer'}}",
	 NULL, "map of integer", NULL},
	{NULL, "{'additionalProperties': true}", NULL, "map", NULL},
	{NULL, "{'type': 'object', 'additionalProperties': {}}", NULL, "map",
	 NULL},
	{NULL, "{'type': 'object', 'additionalProperties': false}", NULL,
	 "object", NULL},
	{NULL, "{'type': 'object', 'properties': {'a': {'type': 'string'}}, "
		   "'additionalProperties': {'type': 'integer'}}",
	 NULL, "object{a: string, *: integer}", NULL},
	{NULL, "{'type': 'object', 'properties': {'a': {'type': 'string'}}, "
		   "'additionalProperties': true}",
	 NULL, "object{a: string, *: unknown}", NULL},
	{NULL, "{'type': 'object', 'properties': {'a': {'type': 'string'}}, "
		   "'additionalProperties': false}",
	 NULL, "object{a: string}", NULL},
	{"3.1", "{'patternProperties': {'^a': {'type': 'integer'}, "
			"'^b': {'type': 'number'}}}",
	 NULL, "map of number", NULL},
	{"3.1", "{'type': 'object', 'unevaluatedProperties': "
			"{'type': 'string'}}",
	 NULL, "map of string", NULL},

	/* allOf: all properties */
	{NULL, "{'allOf': [{'$ref': '#/components/schemas/A'}, "
		   "{'properties': {'b': {'type': 'integer'}}}]}",
	 "'A': {'type': 'object', 'properties': {'a': {'type': 'string'}}}",
	 "object{a: string, b: integer}", NULL},
	{NULL, "{'allOf': [{'$ref': '#/components/schemas/A'}], "
		   "'properties': {'b': {'type': 'integer'}}}",
	 "'A': {'properties': {'a': {'type': 'string'}}}",
	 "object{a: string, b: integer}", NULL},
	{NULL, "{'allOf': [{'type': 'string'}, {'format': 'date'}]}", NULL,
	 "string(date)", NULL},
	{NULL, "{'allOf': [{'type': 'integer'}, {'type': 'number'}]}", NULL,
	 "integer", NULL},
	{NULL, "{'allOf': [{'type': 'string'}, {'type': 'integer'}]}", NULL,
	 "mixed", NULL},
	{NULL, "{'allOf': [{'type': 'array', 'items': {'properties': "
		   "{'a': {}}}}, {'type': 'array', 'items': {'properties': "
		   "{'b': {}}}}]}",
	 NULL, "array of object{a: unknown, b: unknown}", NULL},
	{NULL, "{'allOf': [{'properties': {'a': {'properties': {'b': {}}}}}, "
		   "{'properties': {'a': {'properties': {'c': {}}}}}]}",
	 NULL, "object{a: object{b: unknown, c: unknown}}", NULL},
	{NULL, "{'allOf': [{'properties': {'a': {'type': 'string'}}}, "
		   "{'properties': {'a': {'type': 'boolean'}}}]}",
	 NULL, "object{a: mixed}", NULL},
	{NULL, "{'allOf': [{'properties': {'a': {}}}, {'properties': "
		   "{'a': {'type': 'boolean'}}}]}",
	 NULL, "object{a: boolean}", NULL},
	{NULL, "{'allOf': []}", NULL, "unknown", NULL},
	{NULL, "{'allOf': [{'type': 'integer', 'format': 'int32'}, {'type': "
		   "'integer', 'format': 'int64'}]}",
	 NULL, "integer(int64)", NULL},
	{NULL, "{'allOf': [{'type': ['string', 'integer']}, {'type': "
		   "'integer'}]}",
	 NULL, "integer", NULL},

	/* of a scalar beside an object, the side that the other part names */
	{NULL, "{'type': 'object', 'properties': {'a': {'type': 'string'}}, "
		   "'anyOf': [{'type': 'string'}, {'properties': {'b': {}}}]}",
	 NULL, "object{b: unknown, a: string}", NULL},
	{NULL, "{'type': 'string', 'anyOf': [{'type': 'string', 'format': "
		   "'uuid'}, {'properties': {'b': {}}}]}",
	 NULL, "string(uuid)", NULL},

	/* wrappers that say nothing */
	{NULL, "{'allOf': [{'$ref': '#/components/schemas/A'}]}",
	 "'A': {'oneOf': [{'anyOf': [{'type': 'string'}], 'x-y': 1}]}", "string",
	 NULL},

	/* oneOf and anyOf: any of the properties */
	{NULL, "{'oneOf': [{'properties': {'a': {'type': 'string'}}}, "
		   "{'properties': {'a': {'type': 'string'}, "
		   "'b': {'type': 'integer'}}}]}",
	 NULL, "object{a: string, b: integer}", NULL},
	{NULL, "{'anyOf': [{'properties': {'a': {'type': 'string'}}}, "
		   "{'properties': {'a': {'type': 'integer'}}}]}",
	 NULL, "object{a: mixed}", NULL},
	{NULL, "{'oneOf': [{'type': 'integer'}, {'type': 'number'}]}", NULL,
	 "number", NULL},
	{NULL, "{'oneOf': [{'type': 'string'}, {'type': 'integer'}]}", NULL,
	 "mixed", NULL},
	{NULL, "{'oneOf': [{'type': 'array', 'items': {'type': 'string'}}, "
		   "{'type': 'string'}]}",
	 NULL, "mixed", NULL},
	{NULL, "{'anyOf': [{'type': 'string', 'maxLength': 5000}, "
		   "{'$ref': '#/components/schemas/C'}], 'nullable': true}",
	 "'C': {'type': 'object', 'properties': {'id': {'type': 'string'}}}",
	 "mixed(string or object){id: string}?", NULL},
	{NULL, "{'type': 'object', 'properties': {'a': {'type': 'string'}}, "
		   "'anyOf': [{'required': ['a']}, {'required': ['b']}]}",
	 NULL, "object{a: string}", NULL},
	{NULL, "{'type': 'object', 'properties': {'a': {'type': 'string'}}, "
		   "'oneOf': [{'properties': {'b': {}}}, {'properties': "
		   "{'c': {}}}]}",
	 NULL, "object{a: string, b: unknown, c: unknown}", NULL},
	{NULL, "{'oneOf': [{'type': 'string'}, {}]}", NULL, "unknown", NULL},

	/* the property that tells variants apart comes first */
	{NULL, "{'oneOf': [{'$ref': '#/components/schemas/Cat'}, "
		   "{'$ref': '#/components/schemas/Dog'}], "
		   "'discriminator': {'propertyName': 'kind'}}",
	 "'Cat': {'properties': {'lives': {'type': 'integer'}, "
	 "'kind': {'const': 'cat'}}}, "
	 "'Dog': {'properties': {'barks': {'type': 'boolean'}, "
	 "'kind': {'const': 'dog'}}}",
	 "object{kind: string, lives: integer, barks: boolean}", NULL},
};

static const SchemaCase ref_cases[] = {
	{NULL, "{'$ref': '#/components/schemas/A'}",
	 "'A': {'$ref': '#/components/schemas/B'}, 'B': {'type': 'string'}",
	 "string", NULL},
	{NULL, "{'$ref': '#/components/schemas/a%20b~1c~0d%25'}",
	 "'a b/c~d%': {'type': 'string'}", "string", NULL},
	{NULL, "{'$ref': '#/components/schemas/%4f%4F'}",
	 "'OO': {'type': 'string'}", "string", NULL},
	{NULL, "{'$ref': '#/components/schemas/100%'}",
	 "'100%': {'type': 'string'}", "string", NULL},
	{NULL, "{'$ref': '#/components/schemas/A/properties/b'}",
	 "'A': {'properties': {'b': {'type': 'integer'}}}", "integer", NULL},
	{NULL, "{'$ref': '#/components/schemas/A/allOf/1'}",
	 "'A': {'allOf': [{'type': 'string'}, {'type': 'integer'}]}", "integer",
	 NULL},
	{"3.1", "{'$ref': '#/components/schemas/A/$defs/x'}",
	 "'A': {'$defs': {'x': {'type': 'integer'}}}", "integer", NULL},
	{NULL, "{'$ref': '#/components/schemas/Missing'}", NULL, "unknown",
	 "unresolved $ref \"#/components/schemas/Missing\""},
	{NULL, "{'$ref': 'other.json#/A'}", NULL, "unknown",
	 "external $ref \"other.json#/A\""},
	{NULL, "{'$ref': 'https://x.example/a'}", NULL, "unknown", "external"},
	{NULL, "{'$ref': ''}", NULL, "unknown", "external $ref \"\""},
	{NULL, "{'$ref': '#name'}", NULL, "unknown", "unresolved"},
	{NULL, "{'$ref': 5, 'type': 'string'}", NULL, "string", NULL},
	{NULL, "{'type': 'object', 'properties': {'$ref': {'type': 'string'}}}",
	 NULL, "object{$ref: string}", NULL},

	/* beside a $ref: 3.0 ignores it, 3.1 does not */
	{"3.0", "{'$ref': '#/components/schemas/A', 'nullable': true}",
	 "'A': {'type': 'string'}", "string", NULL},
	{"3.1", "{'$ref': '#/components/schemas/A', 'properties': "
			"{'b': {'type': 'integer'}}}",
	 "'A': {'properties': {'a': {'type': 'string'}}}",
	 "object{a: string, b: integer}", NULL},
	{"3.1", "{'$ref': '#/components/schemas/A', 'x-order': 1}",
	 "'A': {'type': 'string'}", "string", NULL},

	/* circles */
	{NULL, "{'$ref': '#/components/schemas/A'}",
	 "'A': {'$ref': '#/components/schemas/A'}", "unknown", "itself"},
	{NULL, "{'$ref': '#/components/schemas/A'}",
	 "'A': {'$ref': '#/components/schemas/B'}, "
	 "'B': {'$ref': '#/components/schemas/A'}",
	 "unknown", "itself"},
	{NULL, "{'$ref': '#/components/schemas/A'}",
	 "'A': {'allOf': [{'$ref': '#/components/schemas/A'}, "
	 "{'properties': {'a': {'type': 'string'}}}]}",
	 "object{a: string}", "\"A\" is composed of itself"},
	{NULL, "{'$ref': '#/components/schemas/A'}",
	 "'A': {'oneOf': [{'$ref': '#/components/schemas/A'}, "
	 "{'type': 'string'}]}",
	 "string", "\"A\" is composed of itself"},
	{NULL, "{'$ref': '#/components/schemas/A'}",
	 "'A': {'anyOf': [{'$ref': '#/components/schemas/B'}, {'type': "
	 "'string'}]}, 'B': {'title': 'b', 'allOf': [{'$ref': "
	 "'#/components/schemas/A'}]}",
	 "unknown", "\"A\" is composed of itself"},
	{NULL, "{'properties': {'a': {'oneOf': [{'$ref': '#/paths/~1x/get/"
		   "responses/200/content/application~1json/schema/properties/a'}, "
		   "{'type': 'string'}]}}}",
	 NULL, "object{a: string}", "a schema is composed of itself"},
	{NULL, "{'$ref': '#/components/schemas/A'}",
	 "'A': {'properties': {'v': {'type': 'integer'}, "
	 "'next': {'$ref': '#/components/schemas/A'}}}",
	 "object{v: integer, next: object{v: integer, next: object{v: integer, "
	 "next: object{v: integer, next: object{v: integer, next: object{v: "
	 "integer, next: object}}}}}}",
	 NULL},
	{NULL, "{'$ref': '#/components/schemas/Node'}",
	 "'Node': {'properties': {'children': {'type': 'array', 'items': "
	 "{'oneOf': [{'$ref': '#/components/schemas/Leaf'}, "
	 "{'$ref': '#/components/schemas/Node'}]}}}}, "
	 "'Leaf': {'properties': {'value': {'type': 'string'}}}",
	 "object{children: array of object{children: array of object{children: "
	 "array of object, value: string}, value: string}}",
	 NULL},
	{NULL, "{'$ref': '#/paths/~1x/get/responses/200/content/"
		   "application~1json/schema'}",
	 NULL, "unknown", "itself"},
};

/* Facts about a shape that its text does not show. */
static void
test_facts(void)
{
	AcApi *api = read_schema(
		"3.1.1",
		"{'$ref': '#/components/schemas/Order'}",
		"'Order': {'title': 'An order', 'description': 'What was bought', "
		"'type': 'object', 'required': ['id', 'ghost', 7], 'properties': {"
		"'id': {'type': 'integer', 'minimum': 1, 'maximum': 100, "
		"'readOnly': true, 'example': 7, 'default': 5}, "
		"'total': {'type': 'number', 'multipleOf': 0.01}, "
		"'count': {'type': 'number', 'multipleOf': 1}, "
		"'state': {'type': 'string', 'enum': ['open', 'done', null], "
		"'maxLength': 10, 'pattern': '^[a-z]+$', 'examples': ['open', 'x']}, "
		"'secret': {'type': 'string', 'writeOnly': true}, "
		"'old': {'$ref': '#/components/schemas/Old'}, "
		"'old2': {'allOf': [{'$ref': '#/components/schemas/Old'}], "
		"'readOnly': true}, "
		"'flag': {'type': 'boolean', 'enum': [true]}, "
		"'above': {'type': 'integer', 'exclusiveMinimum': 3}, "
		"'place': {'type': 'object', 'example': {'x': [1, 'a']}}}}, "
		"'Old': {'type': 'string', 'deprecated': true, "
		"'description': 'was used once', 'const': 'yes'}");
	AcShape *order = api->endpoints[0].response;
	AcProperty *id = ac_shape_property(order, "id");
	AcProperty *state = ac_shape_property(order, "state");
	AcProperty *old = ac_shape_property(order, "old");

	is_str(order->name, "Order", "the name of a component");
	is_str(order->title, "An order", "the title");
	is_str(order->description, "What was bought", "the description");
	is_int(order->n_properties, 10, "all properties");
	ok(id->required && !state->required, "required");
	ok(id->read_only && !state->read_only, "readOnly");
	is_str(id->shape->minimum, "1", "minimum");
	is_str(id->shape->maximum, "100", "maximum");
	is_str(id->shape->example, "7", "example");
	is_str(id->shape->default_value, "5", "default");
	ok(ac_shape_property(order, "total")->shape->by_cents, "by cents");
	ok(!ac_shape_property(order, "count")->shape->by_cents, "by ones");
	is_int(state->shape->n_enum, 2, "values of an enum, null left out");
	is_str(state->shape->enum_values[1], "done", "a value of an enum");
	ok(state->shape->nullable, "null in an enum admits null");
	is_int(state->shape->max_length, 10, "maxLength");
	is_str(state->shape->pattern, "^[a-z]+$", "pattern");
	is_str(state->shape->example, "\"open\"", "the first of examples");
	ok(ac_shape_property(order, "secret")->write_only, "writeOnly");
	ok(old->deprecated, "deprecated where the $ref leads");
	is_str(old->shape->name, "Old", "the name of a property's component");
	is_str(old->shape->enum_values[0], "yes", "const is an enum of one");
	ok(ac_shape_property(order, "old2")->read_only, "readOnly beside allOf");
	is_str(ac_shape_property(order, "old2")->shape->name, "Old",
		   "allOf of one keeps the component's name");
	is_str(ac_shape_property(order, "flag")->shape->enum_values[0], "true",
		   "an enum of booleans");
	is_str(ac_shape_property(order, "above")->shape->minimum, "3",
		   "exclusiveMinimum of 3.1");
	is_str(ac_shape_property(order, "place")->shape->example,
		   "{\"x\":[1,\"a\"]}", "an example that is an object");
	ac_alloc_reset();
}

static void
test_composed_facts(void)
{
	AcApi *api = read_schema(
		"3.0.4",
		"{'description': 'mine', 'allOf': [{'$ref': '#/components/schemas/A'}, "
		"{'type': 'object', 'required': ['a', 'b'], 'properties': {"
		"'b': {'type': 'integer', 'minimum': 5, 'maximum': 7, "
		"'enum': [5, 6]}}}]}",
		"'A': {'description': 'theirs', 'type': 'object', "
		"'discriminator': {'propertyName': 'b'}, "
		"'properties': {'a': {'type': 'string'}, 'b': {'type': 'integer', "
		"'minimum': 1, 'maximum': 6, 'enum': [6, 7], 'writeOnly': true}}}");
	AcShape *shape = api->endpoints[0].response;
	AcProperty *b = ac_shape_property(shape, "b");

	is_str(shape->description, "mine", "its own description comes first");
	is_str(shape->name, NULL, "a composition has no component's name");
	ok(ac_shape_property(shape, "a")->required,
	   "required in another part than the property");
	ok(b->required && b->write_only, "flags of any part");
	is_str(b->shape->minimum, "5", "the tighter minimum");
	is_str(b->shape->maximum, "6", "the tighter maximum");
	is_int(b->shape->n_enum, 1, "values that all parts list");
	is_str(shape->properties[0].name, "b", "the discriminator comes first");

	api = read_schema("3.0.4",
					  "{'oneOf': [{'required': ['a', 'b'], 'properties': "
					  "{'a': {'const': 'x'}, 'b': {'writeOnly': true}}}, "
					  "{'required': ['a'], 'properties': {'a': {'const': "
					  "'y'}, 'b': {}}}], "
					  "'discriminator': {'propertyName': 'a'}}",
					  NULL);
	shape = api->endpoints[0].response;
	is_str(shape->discriminator, "a", "the discriminator's name");
	ok(ac_shape_property(shape, "a")->required, "required in every variant");
	ok(!ac_shape_property(shape, "b")->required, "required in some only");
	ok(!ac_shape_property(shape, "b")->write_only, "writeOnly in some only");
	is_int(ac_shape_property(shape, "a")->shape->n_enum, 2,
		   "constants of variants are a domain");
	ac_alloc_reset();
}

static void
test_merged_bounds(void)
{
	AcApi *api = read_schema(
		"3.1.1",
		"{'allOf': [{'type': 'string', 'maxLength': 10, 'enum': ['a', 'b']}, "
		"{'maxLength': 5, 'type': 'string', 'enum': ['c']}]}",
		NULL);

	is_int(api->endpoints[0].response->max_length, 5, "the tighter maxLength");
	is_int(api->endpoints[0].response->n_enum, 3,
		   "domains that contradict each other are united");
	api = read_schema("3.1.1",
					  "{'type': 'array', 'example': "
					  "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,"
					  "21,22,23,24,25,26,27,28,29,30,31,32]}",
					  NULL);
	is_str(api->endpoints[0].response->example, NULL,
		   "a long example stays in the document");
	api = read_schema("3.1.1",
					  "{'type': 'object', 'example': {'a': {'b': "
					  "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,"
					  "21,22,23,24,25,26,27,28,29,30]}}}",
					  NULL);
	is_str(api->endpoints[0].response->example, NULL,
		   "a deep example stays in the document");
	ac_alloc_reset();
}

/* One component is one shape, wherever it is met. */
static void
test_identity(void)
{
	AcApi *api = read_text(
		"{'openapi': '3.1.0', 'paths': {"
		"'/a': {'get': {'responses': {'200': {'content': {'application/json': "
		"{'schema': {'type': 'array', 'items': {'$ref': "
		"'#/components/schemas/A'}}}}}}}}, "
		"'/a/{id}': {'get': {'responses': {'200': {'content': "
		"{'application/json': {'schema': {'$ref': '#/components/schemas/A'}}}"
		"}}}}}, 'components': {'schemas': {'A': {'type': 'object'}}}}");

	is_int(api->n_endpoints, 2, "two operations");
	ok(api->endpoints[0].response->items == api->endpoints[1].response,
	   "a list's items are the item's shape itself");
	ac_alloc_reset();
}

typedef struct ResponseCase
{
	const char *responses;
	int status;
	const char *media_type;
	const char *shape;	 /* NULL: no body */
	const char *problem; /* NULL: none */
} ResponseCase;

#define JSON_OF(type) "{'content': {'application/json': {'schema': " \
					  "{'type': '" type "'}}}}"

static const ResponseCase response_cases[] = {
	{"{'200': " JSON_OF("string") "}", 200, "application/json", "string", NULL},
	{"{'404': " JSON_OF("string") ", '201': " JSON_OF("integer") ", '200': " JSON_OF("boolean") "}", 200, "application/json", "boolean", NULL},
	{"{'206': " JSON_OF("string") ", '201': " JSON_OF("integer") "}", 201,
	 "application/json", "integer", NULL},
	{"{'2XX': " JSON_OF("string") ", 'default': " JSON_OF("integer") "}", 200,
	 "application/json", "string", NULL},
	{"{'2xx': " JSON_OF("string") "}", 200, "application/json", "string", NULL},
	{"{'default': " JSON_OF("string") "}", 0, "application/json", "string",
	 NULL},
	{"{'200': {'content': {'text/csv': {}}}, 'default': " JSON_OF("string") "}",
	 -1, NULL, NULL, "its answer is text/csv, not JSON"},
	{"{'204': {'description': 'gone'}, 'default': " JSON_OF("string") "}", -1,
	 NULL, NULL, "it answers without a body"},
	{"{'200': {'content': {'text/html': {}}}, '203': " JSON_OF("string") "}",
	 203, "application/json", "string", NULL},
	{"{'302': {'description': 'd'}}", -1, NULL, NULL,
	 "no answer of success is described"},
	{"{'2XX': " JSON_OF("string") ", '202': " JSON_OF("integer") "}", 200,
	 "application/json", "string", NULL},
	{"{'206': " JSON_OF("string") ", '2XX': " JSON_OF("integer") "}", 206,
	 "application/json", "string", NULL},

	/* an answer comes, and nothing is said of it: a sample decides */
	{"{'200': {'description': 'd'}}", 200, NULL, NULL, NULL},
	{"{'200': {'description': 'd'}, 'default': " JSON_OF("string") "}", 200,
	 NULL, NULL, NULL},
	{"{'2XX': {'description': 'd', 'content': {}}}", 200, NULL, NULL, NULL},
	{"{}", 0, NULL, NULL, NULL},
	{"[]", 0, NULL, NULL, NULL},
	{"{'404': " JSON_OF("string") "}", 0, NULL, NULL, NULL},

	/* `default` that is an error's by its words, its name, its fields */
	{"{'default': {'description': 'Unexpected error', 'content': "
	 "{'application/json': {'schema': {'type': 'object'}}}}}",
	 0, NULL, NULL, NULL},
	{"{'default': {'description': 'd', 'content': {'application/json': "
	 "{'schema': {'$ref': '#/components/schemas/ApiError'}}}}}",
	 0, NULL, NULL, NULL},
	{"{'default': {'description': 'd', 'content': {'application/json': "
	 "{'schema': {'properties': {'code': {'type': 'integer'}, 'message': "
	 "{'type': 'string'}}}}}}}",
	 0, NULL, NULL, NULL},
	{"{'302': {}, 'default': {'description': 'error', 'content': "
	 "{'application/json': {}}}}",
	 -1, NULL, NULL, "no answer of success is described"},
	{"{'default': {'description': 'OK', 'content': {'application/json': "
	 "{'schema': {'properties': {'code': {'type': 'integer'}, 'rows': "
	 "{'type': 'array'}}}}}}}",
	 0, "application/json", "object{code: integer, rows: array}", NULL},
	{"{'default': {'description': 'd', 'content': {'text/csv': {}}}}", -1,
	 NULL, NULL, "its answer is text/csv, not JSON"},

	/* media types */
	{"{'200': {'content': {'text/csv': {}, 'application/hal+json': "
	 "{'schema': {'type': 'object'}}}}}",
	 200, "application/hal+json", "object", NULL},
	{"{'200': {'content': {'application/vnd.x+json; v=2': {}, "
	 "'Application/JSON; charset=utf-8': {'schema': {'type': 'object'}}}}}",
	 200, "Application/JSON; charset=utf-8", "object", NULL},
	{"{'200': {'content': {'application/json;stream=watch': {}, "
	 "'application/json': {'schema': {'type': 'object'}}}}}",
	 200, "application/json", "object", NULL},
	{"{'200': {'content': {'application/json ; v=1': {'schema': {'type': "
	 "'object'}}}}}",
	 200, "application/json ; v=1", "object", NULL},
	{"{'200': {'content': {'*/*': {}, 'text/csv': {}, "
	 "'application/*': {'schema': {'type': 'object'}}}}}",
	 200, "application/*", "object", NULL},
	{"{'200': {'content': {'*/*': {'schema': {'type': 'object'}}}}}", 200,
	 "*/*", "object", NULL},
	{"{'200': {'content': {'*/*': {}, 'text/json': {'schema': "
	 "{'type': 'object'}}}}}",
	 200, "text/json", "object", NULL},
	{"{'200': {'content': {'application/problem+json': {}}}}", -1, NULL, NULL,
	 "its answer is application/problem+json, not JSON"},
	{"{'200': {'content': {'application/vnd.api+json': {'schema': {'type': "
	 "'object'}}, 'application/json-patch+json': {}}}}",
	 200, "application/vnd.api+json", "object", NULL},
	{"{'200': {'content': {'application/problem+json': {}, "
	 "'application/vnd.acme.v2+json': {'schema': {'type': 'array'}}}}}",
	 200, "application/vnd.acme.v2+json", "array", NULL},
	{"{'200': {'content': {'text/plain': {'schema': {'type': 'array', "
	 "'items': {'type': 'string'}}}}}}",
	 200, "text/plain", "array of string", NULL},
	{"{'200': {'content': {'text/plain': {'schema': {'type': 'array'}}, "
	 "'text/json': {'schema': {'type': 'object'}}}}}",
	 200, "text/json", "object", NULL},
	{"{'200': {'content': {'text/plain': {'schema': {'type': 'string'}}}}}",
	 -1, NULL, NULL, "its answer is text/plain, not JSON"},

	/* lines: of what the schema says, or of the items of its array */
	{"{'200': {'content': {'application/x-ndjson': {}}}}", 200,
	 "application/x-ndjson", "array of unknown", NULL},
	{"{'200': {'content': {'application/jsonl': {'schema': {'type': 'object', "
	 "'properties': {'a': {'type': 'integer'}}}}}}}",
	 200, "application/jsonl", "array of object{a: integer}", NULL},
	{"{'200': {'content': {'application/x-ndjson; charset=utf-8': {'schema': "
	 "{'type': 'array', 'items': {'type': 'integer'}}}}}}",
	 200, "application/x-ndjson; charset=utf-8", "array of integer", NULL},
	{"{'200': {'content': {'application/jsonl': {'schema': {'type': 'array'}, "
	 "'itemSchema': {'properties': {'a': {'type': 'integer'}}}}}}}",
	 200, "application/jsonl", "array of object{a: integer}", NULL},
	{"{'200': {'content': {'application/jsonl': {}, 'application/json': "
	 "{'schema': {'type': 'object'}}}}}",
	 200, "application/json", "object", NULL},
	{"{'200': {'content': {'application/json-seq': {}}}}", -1, NULL, NULL,
	 "its answer is application/json-seq, not JSON"},

	/* Media Type Objects by reference, from 3.2 on */
	{"{'200': {'content': {'application/json': {'$ref': "
	 "'#/components/mediaTypes/M'}}}}",
	 200, "application/json", "integer", NULL},
	{"{'200': {'content': {'application/x-protobuf': {}}}}", -1, NULL, NULL,
	 "its answer is application/x-protobuf, not JSON"},
	{"{'200': {'content': {'application/json': {}}}}", 200,
	 "application/json", "unknown", NULL},
	{"{'200': {'content': {'application/json': 7}}}", 200, "application/json",
	 "unknown", NULL},

	/* references */
	{"{'200': {'$ref': '#/components/responses/R'}}", 200, "application/json",
	 "integer", NULL},
	{"{'200': {'$ref': '#/components/responses/S'}}", 200, NULL, NULL, NULL},
};

static void
test_responses(void)
{
	int i;

	for (i = 0; i < (int) lengthof(response_cases); i++)
	{
		const ResponseCase *c = &response_cases[i];
		AcApi *api = read_text(psprintf(
			"{'openapi': '3.0.3', 'paths': {'/x': {'get': {'responses': %s}}}, "
			"'components': {'schemas': {'ApiError': {'properties': {'x': {}}}}, "
			"'mediaTypes': {'M': {'schema': {'type': 'integer'}}}, "
			"'responses': {'R': " JSON_OF("integer") "}}}",
			c->responses));
		AcEndpoint *endpoint = &api->endpoints[0];

		is_int(endpoint->response_status, c->status, "status of %s",
			   c->responses);
		is_str(endpoint->media_type, c->media_type, "its media type");
		is_str(endpoint->response ? ac_shape_text(endpoint->response, DEEP) : NULL,
			   c->shape, "its body");
		is_str(endpoint->problem, c->problem, "its problem");
		ok(endpoint->undescribed == (c->shape == NULL && c->problem == NULL),
		   "a sample decides where nothing is said");
	}
	ac_alloc_reset();
}

static void
test_response_details(void)
{
	AcApi *api = read_text(
		"{'openapi': '3.0.3', 'paths': {'/a': {'get': {'responses': {'200': {"
		"'headers': {'Link': {'$ref': '#/nowhere'}, 'X-Total-Count': {}}, "
		"'content': {'application/json': {'example': [1, 2]}}}}}}, "
		"'/b': {'get': {'responses': {'200': {'content': {'application/json': "
		"{'examples': {'bad': {'externalValue': 'x'}, 'good': {'$ref': "
		"'#/components/examples/E'}}}}}}}}}, "
		"'components': {'examples': {'E': {'value': {'a': 1}}}}}");

	is_int(api->endpoints[0].n_response_headers, 2, "header fields");
	is_str(api->endpoints[0].response_headers[1], "X-Total-Count",
		   "a header field's name");
	is_int(ac_json_length(api->endpoints[0].example), 2, "an example");
	is_int(ac_json_int(ac_json_get(api->endpoints[1].example, "a"), 0), 1,
		   "an example that is referred to");
	ac_alloc_reset();
}

/* What a path has behind its '?' or '#'. */
static void
test_split_paths(void)
{
	AcApi *api = read_text(
		"{'openapi': '3.0.3', 'paths': {'/a#x': {'get': {}}, '/a': {'get': {}}, "
		"'/b?v=1&w': {'get': {}}, '/b?v=2': {'get': {}}, '/c#y?z': {'get': {}}, "
		"'/d?': {'get': {}}, '/e?f=1#g': {'get': {}}}}");
	const AcEndpoint *e = api->endpoints;

	is_str(e[0].problem, "another operation has the path /a",
		   "a fragment beside the path without it");
	is_str(e[1].problem, NULL, "which is read");
	is_str(e[2].path, "/b", "a path without its query");
	is_str(e[2].query, "v=1&w", "which is always sent");
	is_str(e[3].problem, "another operation has the path /b",
		   "another query of the same path");
	is_str(e[4].path, "/c", "a fragment is not sent");
	is_str(e[4].query, NULL, "nor what looks like a query in it");
	is_str(e[5].path, "/d", "an empty query");
	is_str(e[5].query, NULL, "is none");
	is_str(e[6].query, "f=1", "a query before a fragment");
	is_str(e[6].source, "/paths/~1e?f=1#g/get", "where it was read");
	ac_alloc_reset();
}

/* Bodies that reads by POST and QUERY take. */
static void
test_requests(void)
{
	static const char *const operations =
		"'post': {'requestBody': {'$ref': '#/components/requestBodies/R'}, "
		"'responses': {'200': " JSON_OF("array") "}}, "
												 "'query': {'requestBody': {'content': "
												 "{'application/x-www-form-urlencoded': {}}}, "
												 "'responses': {'200': " JSON_OF("array") "}}, "
																						  "'get': {'requestBody': {'content': {'application/json': {}}}}, "
																						  "'put': {'requestBody': {'content': {'application/json': {}}}, "
																						  "'responses': {'200': " JSON_OF("object") "}}, "
																																	"'additionalOperations': {'COPY': {}}";
	AcApi *api = read_text(psprintf(
		"{'openapi': '3.2.0', 'paths': {'/s': {%s}}, 'components': "
		"{'requestBodies': {'R': {'content': {'application/vnd.x+json': "
		"{'schema': {'type': 'object', 'properties': {'q': {'type': "
		"'string'}}}}}}}}}",
		operations));
	const AcEndpoint *e = api->endpoints;

	is_str(ac_shape_text(e[0].request, 2), "object{q: string}",
		   "the body of a POST");
	is_str(e[0].request_media_type, "application/vnd.x+json", "its type");
	is_str(ac_shape_text(e[0].response, 2), "array", "and its answer");
	is_str(e[1].method, "QUERY", "a method of 3.2");
	ok(e[1].request == NULL && e[1].response != NULL,
	   "a form is no JSON body");
	ok(e[2].request == NULL, "a GET has no body");
	ok(e[3].request == NULL && e[3].response == NULL,
	   "of a PUT nobody asks");
	is_str(e[3].problem, "it does not read", "which is its problem");
	is_int(api->n_endpoints, 5, "methods without a member of their own are told, too");
	is_str(e[4].method, "COPY", "by their names");
	is_str(e[4].source, "/paths/~1s/additionalOperations/COPY", "and where they stand");
	is_str(e[4].problem, "it does not read", "that they do not read");
	ok(e[0].confidence == 1, "what is described is sure");
	ac_alloc_reset();
}

/* Bases whose heirs are told by mapping or by their allOf. */
static void
test_heirs(void)
{
	AcApi *api = read_schema(
		"3.0.4", "{'type': 'array', 'items': {'$ref': "
				 "'#/components/schemas/Pet'}}",
		"'Pet': {'type': 'object', 'discriminator': {'propertyName': 'kind', "
		"'mapping': {'c': 'Cat', 'd': '#/components/schemas/Dog', 'x': "
		"'#/nowhere', 'n': 7}}, 'properties': {'id': {'type': 'integer'}, "
		"'kind': {'type': 'string'}}}, "
		"'Cat': {'allOf': [{'$ref': '#/components/schemas/Pet'}, "
		"{'properties': {'lives': {'type': 'integer'}}}]}, "
		"'Dog': {'allOf': [{'$ref': '#/components/schemas/Pet'}, "
		"{'properties': {'barks': {'type': 'boolean'}}}]}, "
		"'Puppy': {'allOf': [{'$ref': '#/components/schemas/Dog'}, "
		"{'properties': {'weeks': {'type': 'integer'}}}]}, "
		"'Fish': {'allOf': [{'$ref': '#/components/schemas/Pet'}], "
		"'properties': {'friend': {'$ref': '#/components/schemas/Pet'}}}");
	AcShape *pet = api->endpoints[0].response->items;

	is_str(ac_shape_text(pet, 1),
		   "object{kind: string, id: integer, lives: integer, barks: boolean, "
		   "weeks: integer, friend: object}",
		   "a base has the properties of its heirs, the telling one first");
	is_str(pet->name, "Pet", "and keeps its name");
	is_str(pet->discriminator, "kind", "and its discriminator");
	ok(ac_shape_property(pet, "friend")->shape == pet,
	   "an heir may refer to the base");
	ok(has_note(api, "unresolved $ref \"#/nowhere\""),
	   "what is mapped to nothing is noted");

	api = read_schema(
		"3.1.1", "{'oneOf': [{'$ref': '#/components/schemas/A'}, {'$ref': "
				 "'#/components/schemas/B'}], 'discriminator': "
				 "{'propertyName': 't', 'mapping': {'a': 'A', 'b': 'B'}}}",
		"'A': {'properties': {'x': {}, 't': {'type': 'string'}}}, "
		"'B': {'properties': {'t': {'type': 'string'}}}");
	pet = api->endpoints[0].response;
	is_str(pet->properties[0].name, "t", "of a oneOf, the telling one first");
	is_int(pet->properties[0].shape->n_enum, 2, "mapped values are a domain");
	is_str(pet->properties[0].shape->enum_values[1], "b", "in their order");
	ac_alloc_reset();
}

typedef struct ParamCase
{
	const char *path;
	const char *shared; /* of the path item */
	const char *own;	/* of the operation */
	const char *params;
	const char *note;
	const char *problem;
} ParamCase;

static const ParamCase param_cases[] = {
	{"/x", "null", "null", "", NULL, NULL},
	{"/x", "[]", "[{'name': 'q', 'in': 'query', 'schema': {'type': 'string'}}]",
	 "query q string form*", NULL, NULL},
	{"/x/{id}", "[{'name': 'id', 'in': 'path', 'required': true, 'schema': "
				"{'type': 'integer'}}]",
	 "[]", "path id! integer simple", NULL, NULL},
	{"/x", "[{'name': 'q', 'in': 'query', 'schema': {'type': 'string'}}, "
		   "{'name': 'q', 'in': 'header', 'schema': {'type': 'string'}}]",
	 "[{'name': 'q', 'in': 'query', 'required': true, 'schema': "
	 "{'type': 'integer'}}]",
	 "query q! integer form*, header q string simple", NULL, NULL},
	{"/x", "[]", "[{'$ref': '#/components/parameters/P'}, "
				 "{'$ref': '#/components/parameters/Missing'}]",
	 "query page integer form*", "unresolved $ref", NULL},
	{"/x", "[]", "[{'name': 'q', 'in': 'query', 'style': 'pipeDelimited'}, "
				 "{'name': 'r', 'in': 'query', 'explode': false, "
				 "'allowReserved': true}, {'name': 's', 'in': 'cookie'}, "
				 "{'name': 't', 'in': 'query', 'style': 'deepObject', "
				 "'explode': true}]",
	 "query q unknown pipeDelimited, query r unknown form+, "
	 "cookie s unknown form*, query t unknown deepObject",
	 NULL, NULL},
	{"/x", "[]", "[{'name': 'q', 'in': 'query', 'content': "
				 "{'application/json': {'schema': {'type': 'object'}}}}]",
	 "query q object form*", NULL, NULL},
	{"/x/{a}/{b}", "[]", "[{'name': 'b', 'in': 'path', 'schema': "
						 "{'type': 'integer'}}]",
	 "path b! integer simple, path a! string simple",
	 "variable \"a\" of path \"/x/{a}/{b}\" is not declared", NULL},
	{"/x", "[]", "[{'name': 'id', 'in': 'path', 'required': true}]", "",
	 "path \"/x\" has no variable \"id\"", NULL},
	{"/x", "[]", "[{'name': 'Accept', 'in': 'header'}, {'name': "
				 "'content-type', 'in': 'header'}, {'name': 'authorization', "
				 "'in': 'header'}, {'name': 'X-Y', 'in': 'header'}]",
	 "header X-Y unknown simple", NULL, NULL},
	{"/x", "[]", "[{'in': 'query'}, {'name': 'q'}, {'name': 7, 'in': 'query'}, "
				 "'text', null]",
	 "", "a parameter has no name or no place", NULL},
	{"/x", "[]", "[{'name': 'a\\r\\nb', 'in': 'query'}, {'name': 'Host:', 'in': 'query'}, {'name': '/q', 'in': 'query'}, {'name': '', 'in': 'query'}, {'name': 'c\\td', 'in': 'header'}, {'name': 'e:f/g', 'in': 'query'}]",
	 "query e:f/g unknown form*", "has a name that cannot be sent", NULL},
	{"/x", "{}", "[{'name': 'q', 'in': 'body'}]", "", "unknown place \"body\"",
	 NULL},
	{"/x/{id", "[]", "[]", "", NULL, "the braces in its path do not match"},
	{"/x/id}", "[]", "[]", "", NULL, "the braces in its path do not match"},
	{"/x/{}", "[]", "[]", "", NULL, "the braces in its path do not match"},
	{"/x/{{a}}", "[]", "[]", "", NULL, "the braces in its path do not match"},
	{"/x/{a}.{b}", "[{'name': 'a', 'in': 'path'}, {'name': 'b', "
				   "'in': 'path'}]",
	 "[]", "path a! unknown simple, path b! unknown simple", NULL, NULL},
	{"/x", "[]", "[{'name': 'q', 'in': 'query', 'type': 'integer'}]",
	 "query q integer form*", NULL, NULL},
	{"/x", "[]", "[{'name': 'q', 'in': 'querystring', 'content': {}}]", "",
	 "the query string \"q\" has no members", NULL},
	{"/x", "[]", "[{'name': 'q', 'in': 'querystring', 'content': "
				 "{'application/x-www-form-urlencoded': {'schema': "
				 "{'type': 'object', 'properties': {'a': {'type': 'integer'}, "
				 "'b': {}}}}}}]",
	 "query a integer form*, query b unknown form*", NULL, NULL},
	{"/x", "[]", "[{'name': 'pageable', 'in': 'query', 'required': true, "
				 "'schema': {'type': 'object', 'required': ['size'], "
				 "'properties': {'page': {'type': 'integer'}, "
				 "'size': {'type': 'integer'}, "
				 "'sort': {'type': 'array', 'items': {}}}}}]",
	 "query page integer form*, query size! integer form*, "
	 "query sort array of unknown form*",
	 NULL, NULL},
	{"/x", "[{'name': 'filter', 'in': 'query', 'style': 'deepObject', "
		   "'schema': {'type': 'object', 'properties': {'name': "
		   "{'type': 'string'}}}}]",
	 "[{'name': 'filter[name]', 'in': 'query', 'schema': {'type': 'integer'}}]",
	 "query filter[name] integer form*", NULL, NULL},
	{"/x", "[]", "[{'name': 'o', 'in': 'query', 'explode': false, "
				 "'schema': {'type': 'object', 'properties': {'a': {}}}}, "
				 "{'name': 'm', 'in': 'query', 'schema': {'type': 'object'}}]",
	 "query o object{a: unknown} form, query m object form*", NULL, NULL},
	{"/x?y=1", "[]", "[]", "", NULL, NULL},
	{"/x#y", "[]", "[]", "", NULL, NULL},
};

static void
test_params(void)
{
	int i;

	for (i = 0; i < (int) lengthof(param_cases); i++)
	{
		const ParamCase *c = &param_cases[i];
		AcApi *api = read_text(psprintf(
			"{'openapi': '3.0.3', 'paths': {'%s': {'parameters': %s, 'get': "
			"{'parameters': %s, 'responses': {'200': " JSON_OF(
				"object") "}}}}, 'components': {'parameters': {'P': {'name': "
						  "'page', 'in': 'query', 'schema': {'type': "
						  "'integer'}}}}}",
			c->path, c->shared, c->own));

		is_str(params_text(&api->endpoints[0]), c->params,
			   "parameters of %s: %s and %s", c->path, c->shared, c->own);
		is_str(api->endpoints[0].problem, c->problem, "its problem");
		if (c->note != NULL ? !has_note(api, c->note) : api->n_notes > 0)
		{
			ok(false, "its notes");
			show_notes(api);
		}
	}
	ac_alloc_reset();
}

static void
test_many_params(void)
{
	StringInfoData text;
	AcApi *api;
	int i;

	initStringInfo(&text);
	appendStringInfoString(&text, "{'openapi': '3.0.3', 'paths': {'/x': "
								  "{'get': {'parameters': [");
	for (i = 0; i < 1500; i++)
		appendStringInfo(&text, "%s{'name': 'p%d', 'in': 'query'}",
						 i > 0 ? "," : "", i);
	appendStringInfoString(&text, "]}}}}");
	api = read_text(text.data);
	is_str(api->endpoints[0].problem, "it has more than 1000 parameters",
		   "too many parameters are the operation's problem");
	ac_alloc_reset();
}

typedef struct ServerCase
{
	const char *servers;
	const char *urls; /* separated by blanks */
	const char *note;
} ServerCase;

static const ServerCase server_cases[] = {
	{"[{'url': 'https://a.example/v1'}, {'url': '/v2'}]",
	 "https://a.example/v1 /v2", NULL},
	{"[]", "/", NULL},
	{"null", "/", NULL},
	{"{'url': 'x'}", "/", NULL},
	{"[{'url': 'https://{region}.a.example:{port}/{v}', 'variables': "
	 "{'region': {'default': 'eu', 'enum': ['us', 'eu']}, "
	 "'port': {'default': 443}, 'v': {'enum': ['v1', 'v2']}}}]",
	 "https://eu.a.example:443/v1", NULL},
	{"[{'url': 'https://{region}.a.example'}, {'url': 'https://b.example'}]",
	 "https://b.example", "server variable \"region\" has no value"},
	{"[{'url': 'https://{region', 'variables': {'region': {'default': 'x'}}}]",
	 "", "server variable \"region\" has no value"},
	{"[{'description': 'no url'}, 7, null]", "", "a server has no url"},
	{"[{'url': ''}]", "/", NULL},
};

static void
test_servers(void)
{
	int i;
	int k;

	for (i = 0; i < (int) lengthof(server_cases); i++)
	{
		const ServerCase *c = &server_cases[i];
		AcApi *api = read_text(psprintf(
			"{'openapi': '3.0.3', 'paths': {}, 'servers': %s}", c->servers));
		StringInfoData urls;

		initStringInfo(&urls);
		for (k = 0; k < api->n_server_urls; k++)
			appendStringInfo(&urls, "%s%s", k > 0 ? " " : "",
							 api->server_urls[k]);
		is_str(urls.data, c->urls, "servers %s", c->servers);
		if (c->note != NULL)
			ok(has_note(api, c->note), "and a note \"%s\"", c->note);
	}
	ac_alloc_reset();
}

static void
test_own_servers(void)
{
	AcApi *api = read_text(
		"{'openapi': '3.0.3', 'servers': [{'url': 'https://a.example'}], "
		"'paths': {'/a': {'get': {}}, '/b': {'servers': [{'url': "
		"'https://b.example'}], 'get': {}, 'post': {'servers': [{'url': "
		"'https://{x}.example'}, {'url': 'https://c.example'}]}}}}");

	is_str(api->endpoints[0].base_url, NULL, "the API's servers");
	is_str(api->endpoints[1].base_url, "https://b.example",
		   "the path's servers");
	is_str(api->endpoints[2].base_url, "https://c.example",
		   "the operation's servers");
	ac_alloc_reset();
	api = read_text(
		"{'openapi': '3.0.3', 'servers': [{'url': '/api/'}], "
		"'paths': {'/a': {'servers': [{'url': '/api/v2/{r}/', 'variables': "
		"{'r': {'default': 'eu'}}}], 'get': {}}, "
		"'/b': {'servers': [{'url': '/api'}], 'get': {}}, "
		"'/c': {'servers': [{'url': '/apis'}], 'get': {}}}}");
	is_str(api->endpoints[0].path, "/v2/eu/a", "a server below the API's is a part of the path");
	is_str(api->endpoints[0].base_url, NULL, "and none of its own");
	is_str(api->endpoints[1].path, "/b", "the API's own in another spelling");
	is_str(api->endpoints[1].base_url, NULL, "is none of its own");
	is_str(api->endpoints[2].base_url, "/apis", "one beside it is");
	ac_alloc_reset();
}

/* What the user mapping has is no column. */
static void
test_credential_params(void)
{
	AcApi *api = read_text(
		"{'openapi': '3.0.3', 'paths': {'/a': {'get': {'parameters': ["
		"{'name': 'api_key', 'in': 'query', 'required': true}, "
		"{'name': 'token', 'in': 'query', 'description': 'Where to go on.'}]}}}}");

	is_int(api->endpoints[0].n_params, 1, "a key is no parameter");
	is_str(api->endpoints[0].params[0].name, "token", "a token of another kind is one");
	is_int(api->n_schemes, 1, "but a scheme, where none is defined");
	is_str(api->schemes[0].name, "api_key", "by its name");
	ac_alloc_reset();
	api = read_text(
		"{'openapi': '3.0.3', 'components': {'securitySchemes': {'o': {'type': 'oauth2'}}}, "
		"'paths': {'/a': {'get': {'x-kubernetes-action': 'list', 'parameters': ["
		"{'name': 'token', 'in': 'query', 'description': 'Authentication token.'}]}}, "
		"'/b': {'get': {'x-kubernetes-action': 'watchlist', 'responses': {'200': {"
		"'content': {'application/json': {}}}}}}}}");
	is_int(api->endpoints[0].n_params, 0, "a token that is described as one");
	is_int(api->n_schemes, 1, "the scheme that is defined");
	is_int(api->schemes[0].scheme, AC_AUTH_OAUTH2, "alone");
	is_str(api->endpoints[1].problem, "its answer is a stream of changes, which does not end", "a watch has no end");
	ac_alloc_reset();
}

/* "id=kind/place name@token_url", in order. */
static char *
schemes_text(const AcApi *api)
{
	static const char *const kinds[] = {
		[AC_AUTH_NONE] = "none",
		[AC_AUTH_API_KEY] = "key",
		[AC_AUTH_BASIC] = "basic",
		[AC_AUTH_BEARER] = "bearer",
		[AC_AUTH_OAUTH2] = "oauth2",
		[AC_AUTH_AWS] = "aws",
		[AC_AUTH_TLS] = "tls",
		[AC_AUTH_OTHER] = "other",
	};
	StringInfoData text;
	int i;

	initStringInfo(&text);
	for (i = 0; i < api->n_schemes; i++)
	{
		const AcSecurityScheme *scheme = &api->schemes[i];

		appendStringInfo(&text, "%s%s=%s", i > 0 ? " " : "", scheme->id,
						 kinds[scheme->scheme]);
		if (scheme->scheme == AC_AUTH_API_KEY)
			appendStringInfo(&text, "/%s:%s", place_names[scheme->place],
							 scheme->name);
		if (scheme->token_url != NULL)
			appendStringInfo(&text, "@%s", scheme->token_url);
	}
	return text.data;
}

#define SCHEMES                                                           \
	"'key': {'type': 'apiKey', 'in': 'header', 'name': 'X-Key'}, "        \
	"'query': {'type': 'apiKey', 'in': 'query', 'name': 'k'}, "           \
	"'cookie': {'type': 'apiKey', 'in': 'cookie', 'name': 'c'}, "         \
	"'basic': {'type': 'http', 'scheme': 'Basic'}, "                      \
	"'bearer': {'type': 'http', 'scheme': 'bearer'}, "                    \
	"'digest': {'type': 'http', 'scheme': 'digest'}, "                    \
	"'oidc': {'type': 'openIdConnect', 'openIdConnectUrl': 'u'}, "        \
	"'mtls': {'type': 'mutualTLS'}, "                                     \
	"'aws': {'type': 'apiKey', 'in': 'header', 'name': 'Authorization', " \
	"'x-amazon-apigateway-authtype': 'awsSigv4'}, "                       \
	"'oauth': {'type': 'oauth2', 'flows': {'authorizationCode': "         \
	"{'tokenUrl': '/code'}, 'clientCredentials': {'tokenUrl': '/cc'}}}, " \
	"'implicit': {'type': 'oauth2', 'flows': {'implicit': "               \
	"{'authorizationUrl': '/a'}}}, "                                      \
	"'alias': {'$ref': '#/components/securitySchemes/bearer'}, "          \
	"'broken': {'type': 'apiKey', 'in': 'body', 'name': 'x'}"

typedef struct SecurityCase
{
	const char *global; /* "security" of the document, NULL: none */
	const char *a;		/* "security" of GET /a, NULL: none */
	const char *b;		/* of GET /b */
	const char *schemes;
	bool anonymous_a;
	bool auth_required;
	const char *note;
} SecurityCase;

static const SecurityCase security_cases[] = {
	{"[{'key': []}]", NULL, NULL, "key=key/header:X-Key", false, true, NULL},
	{"[{'key': []}]", "[]", NULL, "key=key/header:X-Key", true, true, NULL},
	{"[{'key': []}]", "[]", "[]", NULL, true, false, NULL},
	{"[{'key': []}, {}]", NULL, NULL, "key=key/header:X-Key", true, false,
	 NULL},
	{"[{}, {'bearer': []}]", NULL, "[{'bearer': ['s']}]", "bearer=bearer",
	 true, true, NULL},
	{NULL, NULL, "[{'query': []}]", "query=key/query:k", true, true, NULL},
	{NULL, NULL, "[{'cookie': []}]", "cookie=key/cookie:c", true, true, NULL},
	{"[{'key': [], 'basic': []}]", NULL, NULL,
	 "key=key/header:X-Key basic=basic", false, true, NULL},
	{"[{'mtls': []}, {'digest': []}, {'oidc': []}, {'oauth': []}, "
	 "{'basic': []}]",
	 NULL, NULL,
	 "basic=basic oidc=oauth2 oauth=oauth2@/cc mtls=tls digest=other", false,
	 true, NULL},
	{"[{'key': []}]", NULL, "[{'bearer': []}, {'key': []}]",
	 "key=key/header:X-Key bearer=bearer", false, true, NULL},
	{NULL, "[{'bearer': []}, {'key': []}]", "[{'key': []}]",
	 "key=key/header:X-Key bearer=bearer", false, true, NULL},
	{"[{'mtls': []}, {'aws': []}]", NULL, NULL, "aws=aws mtls=tls", false,
	 true, NULL},
	{NULL, "[{'implicit': []}]", NULL, "implicit=oauth2", false, true, NULL},
	{NULL, "[{'alias': []}]", NULL, "alias=bearer", false, true, NULL},
	{NULL, "[{'broken': []}]", NULL, "broken=other", false, true,
	 "security scheme \"broken\" is incomplete"},
	{NULL, "[{'nobody': []}]", NULL, "", false, true,
	 "security scheme \"nobody\" is not defined"},
	{"7", NULL, NULL, NULL, true, false, NULL},
	{"['key']", NULL, NULL, NULL, false, true, NULL},
};

static char *
security_member(const char *security)
{
	return security == NULL ? "" : psprintf("'security': %s,", security);
}

static void
test_security(void)
{
	int i;

	for (i = 0; i < (int) lengthof(security_cases); i++)
	{
		const SecurityCase *c = &security_cases[i];
		AcApi *api = read_text(psprintf(
			"{'openapi': '3.1.0', %s 'paths': {'/a': {'get': {%s 'tags': []}, "
			"'post': {'security': [{'digest': []}]}}, "
			"'/b': {'get': {%s 'tags': ['t']}}}, "
			"'components': {'securitySchemes': {" SCHEMES "}}}",
			security_member(c->global), security_member(c->a),
			security_member(c->b)));

		if (c->schemes != NULL)
			is_str(schemes_text(api), c->schemes,
				   "security %s, of /a %s, of /b %s",
				   c->global ? c->global : "none", c->a ? c->a : "none",
				   c->b ? c->b : "none");
		else
			is_int(api->n_schemes, 13,
				   "schemes that nothing requires are told all the same");
		ok(api->endpoints[0].anonymous == c->anonymous_a, "anonymous");
		ok(api->auth_required == c->auth_required, "auth_required");
		ok(c->note == NULL || has_note(api, c->note), "noted");
	}
	ac_alloc_reset();
}

static void
test_document(void)
{
	AcApi *api = read_text(
		"{'openapi': '3.1.0', 'info': {'title': 'Shop', 'version': '2.1', "
		"'description': 'sells'}, 'x-y': 1, 'webhooks': {'w': {'post': {}}}, "
		"'paths': {'x-z': {'get': {}}, "
		"'/orders/{id}': {'summary': 'One order', 'get': {'operationId': "
		"'getOrder', 'description': 'long', 'tags': ['sales', 'x'], "
		"'deprecated': true}, 'put': {'summary': 'Change'}, 'post': {}, "
		"'delete': {}, 'options': {}, 'head': {}, 'patch': {}, 'trace': {}, "
		"'x-get': {}, 'summary2': {}}, "
		"'/shared': {'$ref': '#/components/pathItems/P', 'get': "
		"{'operationId': 'own'}}, "
		"'/lost': {'$ref': '#/nowhere'}, "
		"'no-slash': {'get': {}}, '/bad': {'get': 7}, '/worse': []}, "
		"'components': {'pathItems': {'P': {'get': {'operationId': 'theirs'}, "
		"'post': {'operationId': 'posted'}, 'parameters': [{'name': 'q', "
		"'in': 'query'}]}}}}");
	const AcEndpoint *get = &api->endpoints[0];

	is_str(api->kind, "openapi", "kind");
	is_str(api->spec_version, "3.1.0", "version of the specification");
	is_str(api->title, "Shop", "title");
	is_str(api->version, "2.1", "version");
	is_str(api->description, "sells", "description");
	is_int(api->n_endpoints, 11, "operations of all methods, nothing else");
	is_str(get->method, "GET", "method");
	is_str(get->path, "/orders/{id}", "path");
	is_str(get->operation_id, "getOrder", "operationId");
	is_str(get->summary, "One order", "the path's summary");
	is_str(get->description, "long", "the operation's description");
	is_str(get->group, "sales", "the first tag is the group");
	ok(get->deprecated, "deprecated");
	is_str(get->source, "/paths/~1orders~1{id}/get", "where it was read");
	is_str(api->endpoints[1].summary, "Change", "the operation's summary");
	is_str(api->endpoints[7].method, "TRACE", "in document order");
	is_str(api->endpoints[8].operation_id, "own",
		   "a path item's own operation before the one referred to");
	is_str(api->endpoints[9].operation_id, "posted", "and others from there");
	ok(ac_endpoint_param(&api->endpoints[8], AC_PARAM_QUERY, "q") != NULL,
	   "parameters from there hold for both");
	is_str(api->endpoints[10].path, "/no-slash", "a path without slash");
	ok(has_note(api, "\"no-slash\" does not begin"), "is noted");
	ok(has_note(api, "unresolved $ref \"#/nowhere\""), "as is a lost path");
	ok(has_note(api, "GET of path \"/bad\" is no object"), "a bad operation");
	ok(has_note(api, "path \"/worse\" is no object"), "and a bad path");
	ac_alloc_reset();
}

/* Documents that are none of ours, or lack everything. */
static void
test_sniff(void)
{
	static const struct
	{
		const char *text;
		bool mine;
	} cases[] = {
		{"{'openapi': '3.0.0'}", true},
		{"{'openapi': '3.1.1', 'paths': null}", true},
		{"{'openapi': '3.2.0'}", true},
		{"{'openapi': 3.1}", true},
		{"{'swagger': '2.0'}", false},
		{"{'openapi': '3.9.0'}", true},
		{"{'openapi': '2.0'}", false},
		{"{'openapi': '30'}", false},
		{"{'openapi': null}", false},
		{"{'openapi': {}}", false},
		{"{}", false},
		{"[]", false},
		{"null", false},
		{"'3.0.0'", false},
		{"7", false},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcError err;
		AcApi *api =
			read_limited(cases[i].text, &ac_read_limits_default, &err);

		ok(ac_openapi_sniff(doc) == cases[i].mine, "sniffing at %s",
		   cases[i].text);
		ok((api != NULL) == cases[i].mine, "reading it");
		if (api != NULL)
			is_int(api->n_endpoints, 0, "finds nothing");
		else
			is_int(err.code, AC_ERR_MALFORMED, "says what is wrong");
	}
	ok(has_note(read_text("{'openapi': '3.3.0'}"), "read as 3.2"),
	   "a later version is noted");
	ok(!has_note(read_text("{'openapi': '3.2.0'}"), "read as"), "3.2 is not");
	ac_alloc_reset();
}

/*
 * Every member of a good document replaced by a value of every wrong kind:
 * none may crash, fail the reading, or lose the other operation.
 */
static const char sound[] =
	"{'openapi': '3.1.0', 'info': {'title': 't', 'version': '1', "
	"'description': 'd'}, 'servers': [{'url': '/{v}', 'variables': {'v': "
	"{'default': 'x', 'enum': ['x']}}}], 'security': [{'k': []}], "
	"'paths': {'/a/{id}': {'summary': 's', 'servers': [{'url': '/'}], "
	"'parameters': [{'name': 'id', 'in': 'path', 'schema': {'type': "
	"'string', 'enum': ['a'], 'default': 'a'}}], 'get': {'operationId': 'o', "
	"'tags': ['t'], 'summary': 's', 'description': 'd', 'deprecated': true, "
	"'security': [{'k': []}], 'parameters': [{'$ref': "
	"'#/components/parameters/P'}], 'responses': {'200': {'headers': {'Link': "
	"{}}, 'content': {'application/json': {'examples': {'e': {'value': 1}}, "
	"'schema': {'$ref': '#/components/schemas/A'}}}}}}}}, "
	"'components': {'parameters': {'P': {'name': 'q', 'in': 'query', "
	"'style': 'form', 'explode': true, 'required': true, 'content': "
	"{'text/plain': {'schema': {'type': 'array', 'items': {'type': "
	"'string'}}}}}}, 'securitySchemes': {'k': {'type': 'oauth2', 'flows': "
	"{'password': {'tokenUrl': 'u'}}}}, 'schemas': {'A': {'type': 'object', "
	"'title': 't', 'description': 'd', 'required': ['a'], 'example': {'a': 1}, "
	"'nullable': true, 'discriminator': {'propertyName': 'b'}, "
	"'additionalProperties': {'type': 'integer'}, 'patternProperties': {'x': "
	"{}}, 'properties': {'a': {'type': ['integer', 'null'], 'minimum': 1, "
	"'maximum': 2, 'multipleOf': 0.01, 'enum': [1], 'const': 1}, 'b': "
	"{'type': 'string', 'format': 'date', 'maxLength': 1, 'pattern': 'p', "
	"'contentEncoding': 'base64', 'examples': ['x']}, 'c': {'type': 'array', "
	"'prefixItems': [{'type': 'string'}], 'items': {}}}, 'allOf': "
	"[{'properties': {'d': {}}}], 'oneOf': [{'$ref': '#/components/schemas/B'}, "
	"{'type': 'null'}], 'anyOf': [{'required': ['a']}]}, 'B': {'type': "
	"'object', 'properties': {'a': {'$ref': '#/components/schemas/A'}}}}}}";

static const char *const wrong_values[] = {
	"null", "true", "7", "-1e400", "'text'", "[]", "{}", "[[]]", "[7]",
	"{'$ref': '#'}", "{'$ref': '#/components/schemas/A'}", "{'x': {'y': []}}",
	"''"};

/* Puts value in the place of the n-th node below node; false if there is none. */
static bool
replace_nth(AcJson *node, int *n, const char *value)
{
	AcJsonIter it;
	char *found = NULL;
	int i;

	ac_json_iter_init(&it, node);
	while (found == NULL && ac_json_iter_next(&it))
	{
		if ((*n)-- == 0)
			found = pstrdup(it.key);
		else if (replace_nth(it.value, n, value))
			return true;
	}
	if (found != NULL)
	{
		ac_json_set(node, found, parse(quoted(value)));
		return true;
	}
	for (i = 0; i < ac_json_length(node); i++)
	{
		if (replace_nth(ac_json_at(node, i), n, value))
			return true;
	}
	return false;
}

static void
test_wrong_types(void)
{
	int n_read = 0;
	int n_failed = 0;
	int i;
	int k;
	bool more = true;

	for (i = 0; more; i++)
	{
		for (k = 0; k < (int) lengthof(wrong_values) && more; k++)
		{
			AcJson *copy = parse(quoted(sound));
			AcApi *api;
			AcError err;
			int n = i;

			more = replace_nth(copy, &n, wrong_values[k]);
			if (more && ac_openapi_sniff(copy))
			{
				n_read++;
				if (!ac_openapi_read(&(AcReadInput){.doc = copy, .limits = &ac_read_limits_default}, &api,
									 &err))
				{
					n_failed++;
					diag("%s with %s at %d", err.message, wrong_values[k], i);
				}
			}
			ac_json_free(copy);
			ac_alloc_reset();
		}
	}
	ok(n_read > 1000, "a document was spoilt in %d ways", n_read);
	is_int(n_failed, 0, "and always read");
}

/* Bombs. */

/* Of processor time, which other load on the machine does not change. */
static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Schemas S0..Sn-1, each made of format, in which %d is the next one's number. */
static char *
chain(int n, const char *format, int n_args)
{
	StringInfoData text;
	int i;

	initStringInfo(&text);
	for (i = 0; i < n; i++)
	{
		const char *at;

		appendStringInfo(&text, "'S%d': ", i);
		for (at = format; *at != '\0'; at++)
		{
			if (at[0] == '#' && at[1] == '+')
			{
				appendStringInfo(&text, "{'$ref': '#/components/schemas/S%d'}",
								 i + at[2] - '0');
				at += 2;
			}
			else if (at[0] == '#')
				appendStringInfo(&text, "%d", i);
			else
				appendStringInfoChar(&text, *at);
		}
		appendStringInfoString(&text, ", ");
	}
	for (i = 0; i < n_args; i++)
		appendStringInfo(&text, "%s'S%d': {'properties': {'z%d': {'type': "
								"'string'}}}",
						 i > 0 ? ", " : "", n + i, i);
	return text.data;
}

/*
 * Each is either read, or refused as too large; within a second even under
 * sanitizers, and in bounded memory.
 */
static void
test_bomb(const char *what, const char *schemas, bool readable)
{
	AcError err;
	double start = seconds();
	char *text = psprintf(
		"{'openapi': '3.1.0', 'paths': {'/x': {'get': {'responses': {'200': "
		"{'content': {'application/json': {'schema': {'$ref': "
		"'#/components/schemas/S0'}}}}}}}}, 'components': {'schemas': {%s}}}",
		schemas);
	size_t before = ac_alloc_live_bytes();
	AcApi *api = read_limited(text, &ac_read_limits_default, &err);
	double took = seconds() - start;
	size_t bytes = ac_alloc_live_bytes() - before;

	if (!ok(readable ? api != NULL : api == NULL && err.code == AC_ERR_TOO_LARGE,
			"%s: %s", what, readable ? "read" : "refused"))
		diag("%s", api != NULL ? "read" : err.message);
	diag("%s: %.2f s, %zu kB", what, took, bytes / 1024);
	ok(took < 5.0, "within moments");
	ok(bytes < (size_t) 256 * 1024 * 1024, "in bounded memory");
	ac_alloc_reset();
}

static void
test_bombs(void)
{
	test_bomb("twice the next one by allOf",
			  chain(60, "{'allOf': [#+1, #+1]}", 1), true);
	test_bomb("the next two by allOf", chain(60, "{'allOf': [#+1, #+2]}", 2),
			  true);
	test_bomb("the next two by oneOf", chain(60, "{'oneOf': [#+1, #+2]}", 2),
			  true);
	test_bomb("the next two by oneOf below a property",
			  chain(60, "{'properties': {'a': {'oneOf': [#+1, #+2]}, "
						"'b': {'oneOf': [#+2, #+3]}}}",
					3),
			  true);
	test_bomb("the next two by allOf below a property",
			  chain(60, "{'properties': {'a': {'allOf': [#+1, #+2]}, "
						"'b': {'allOf': [#+2, #+1]}}}",
					2),
			  true);
	test_bomb("joins of merges",
			  chain(60, "{'oneOf': [{'properties': {'a': {'allOf': [#+1, "
						"#+2]}, 'c': #+3}}, {'properties': {'a': #+2, 'c': "
						"{'anyOf': [#+1, #+3]}}}]}",
					3),
			  true);
	test_bomb("inheritance deeper than the limit",
			  chain(5000, "{'allOf': [#+1]," // not a lone wrapper
						  "'title': 't'}",
					1),
			  false);
	test_bomb("references deeper than any stack",
			  chain(50000, "{'properties': {'a#': #+1}}", 1), true);
	test_bomb("a long chain of references",
			  chain(5000, "#+1", 1), true);
}

/* A union of very many variants with the same and with different properties. */
static void
test_wide_union(void)
{
	StringInfoData text;
	int i;

	initStringInfo(&text);
	appendStringInfoString(&text, "'S0': {'oneOf': [");
	for (i = 0; i < 2000; i++)
	{
		appendStringInfo(&text, "%s{'properties': {'kind': {'const': 'k%d'}, "
								"'p%d': {'type': 'string'}",
						 i > 0 ? "," : "", i, i);
		appendStringInfoString(
			&text, ", 'data': {'properties': {'id': {'type': 'integer'}}}, "
				   "'at': {'type': 'string', 'format': 'date-time'}}}");
	}
	appendStringInfoString(&text, "]}");
	test_bomb("a union of 2000 variants", text.data, true);
}

static void
test_limits(void)
{
	AcReadLimits limits = ac_read_limits_default;
	AcError err;

	limits.max_endpoints = 2;
	ok(read_limited("{'openapi': '3.0.0', 'paths': {'/a': {'get': {}, 'put': "
					"{}}}}",
					&limits, &err) != NULL,
	   "as many operations as allowed");
	ok(read_limited("{'openapi': '3.0.0', 'paths': {'/a': {'get': {}, 'put': "
					"{}, 'post': {}}}}",
					&limits, &err) == NULL,
	   "one more");
	is_int(err.code, AC_ERR_TOO_LARGE, "is too large");
	is_str(err.message, "API description has more than 2 operations",
		   "and says so");

	limits = ac_read_limits_default;
	limits.max_shapes = 20;
	ok(read_limited(sound, &limits, &err) == NULL, "more shapes than allowed");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too large");
	ac_alloc_reset();
}

/* Counts its calls; says stop at the first. */
static bool
stop_at_once(void *arg)
{
	(*(int *) arg)++;
	return true;
}

static void
test_interrupt(void)
{
	AcReadLimits limits = ac_read_limits_default;
	AcError err;
	int calls = 0;
	char *schemas = chain(5000, "{'properties': {'a': #+1}}", 1);
	char *text = psprintf(
		"{'openapi': '3.1.0', 'paths': {'/x': {'get': {'responses': {'200': "
		"{'content': {'application/json': {'schema': {'$ref': "
		"'#/components/schemas/S0'}}}}}}}}, 'components': {'schemas': {%s}}}",
		schemas);

	limits.interrupted = stop_at_once;
	limits.interrupted_arg = &calls;
	ok(read_limited(text, &limits, &err) == NULL, "an interrupt stops reading");
	is_int(err.code, AC_ERR_INTERRUPTED, "with its own code");
	is_int(calls, 1, "and nothing is asked after it");
	ac_alloc_reset();
}

static void
test_server_bomb(void)
{
	StringInfoData text;
	AcApi *api;
	int i;

	initStringInfo(&text);
	appendStringInfoString(&text, "{'openapi': '3.0.0', 'servers': [{'url': '");
	for (i = 0; i < 20000; i++)
		appendStringInfoString(&text, "{v}");
	appendStringInfoString(&text, "', 'variables': {'v': {'default': '");
	for (i = 0; i < 20000; i++)
		appendStringInfoChar(&text, 'x');
	appendStringInfoString(&text, "'}}}]}");
	api = read_text(text.data);
	is_int(api->n_server_urls, 0, "a server that fills memory is left out");
	ok(has_note(api, "longer than"), "and noted");
	ac_alloc_reset();
}

/* Notes are told once, cut, and not without end. */
static void
test_notes(void)
{
	StringInfoData text;
	AcApi *api;
	int i;

	initStringInfo(&text);
	appendStringInfoString(&text, "{'openapi': '3.0.0', 'paths': {");
	for (i = 0; i < 1000; i++)
		appendStringInfo(&text, "%s'/p%d': {'$ref': '#/same'}, '/q%d': "
								"{'$ref': '#/other%d'}",
						 i > 0 ? "," : "", i, i, i);
	appendStringInfoString(&text, "}}");
	api = read_text(text.data);
	is_int(api->n_notes, 100, "notes come to an end");
	ok(strcmp(api->notes[0], api->notes[1]) != 0 &&
		   strcmp(api->notes[0], api->notes[99]) != 0,
	   "none is told twice");

	resetStringInfo(&text);
	appendStringInfoString(&text, "{'openapi': '3.0.0', 'paths': {'/a': "
								  "{'$ref': '#/\\u0007");
	for (i = 0; i < 1000; i++)
		appendStringInfoString(&text, "\xC3\xA4");
	appendStringInfoString(&text, "'}}}");
	api = read_text(text.data);
	ok(strlen(api->notes[0]) < 200, "long pieces are cut");
	ok(strstr(api->notes[0], "\xC3\xA4...\"") != NULL,
	   "between characters");
	ok(strstr(api->notes[0], "#/?") != NULL, "without control characters");
	ac_alloc_reset();
}

/* Real documents. */

static void
test_real_api(const char *name, const AcApi *api, double took)
{
	int reads = 0;
	int answered = 0;
	int unexplained = 0;
	int i;

	for (i = 0; i < api->n_endpoints; i++)
	{
		const AcEndpoint *endpoint = &api->endpoints[i];

		if (strcmp(endpoint->method, "GET") != 0)
			continue;
		reads++;
		answered += endpoint->response != NULL;
		/* of some a sample has to tell */
		unexplained += endpoint->response == NULL &&
					   endpoint->problem == NULL && !endpoint->undescribed;
	}
	is_int(unexplained, 0, "%s: each GET has an answer or a reason", name);
	ok(answered > 0, "%s: %d of %d GETs have an answer", name, answered, reads);
	diag("%s: %d operations, %d notes, %.3f s", name, api->n_endpoints,
		 api->n_notes, took);
}

static void
test_real_document(const char *dir, const char *name)
{
	size_t len;
	char *text = read_file(psprintf("%s/%s", dir, name), &len);
	AcJson *json = NULL;
	AcApi *api = NULL;
	AcError err;
	double start;

	if (!ok(text != NULL && ac_json_parse(text, len, AC_JSON_MAX_DEPTH, &json, &err),
			"%s is JSON", name))
		return;
	start = seconds();
	if (ok(ac_openapi_read(&(AcReadInput){.doc = json, .limits = &ac_read_limits_default}, &api, &err),
		   "%s is read", name))
		test_real_api(name, api, seconds() - start);
	else
		diag("%s", err.message);
	ac_json_free(json);
	ac_alloc_reset();
}

static void
test_real_documents(void)
{
	const char *dir = getenv("AUTOCONN_SPECS");
	DIR *listing = dir != NULL ? opendir(dir) : NULL;
	struct dirent *entry;

	if (listing == NULL)
	{
		diag("no real documents are read: set AUTOCONN_SPECS to a directory");
		return;
	}
	while ((entry = readdir(listing)) != NULL)
	{
		size_t len = strlen(entry->d_name);

		if (len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0)
			test_real_document(dir, entry->d_name);
	}
	closedir(listing);
}

int
main(void)
{
	test_schemas(simple_cases, lengthof(simple_cases));
	test_schemas(object_cases, lengthof(object_cases));
	test_schemas(ref_cases, lengthof(ref_cases));
	test_facts();
	test_composed_facts();
	test_merged_bounds();
	test_identity();
	test_responses();
	test_response_details();
	test_split_paths();
	test_requests();
	test_heirs();
	test_params();
	test_many_params();
	test_servers();
	test_own_servers();
	test_credential_params();
	test_security();
	test_document();
	test_sniff();
	test_wrong_types();
	test_bombs();
	test_wide_union();
	test_limits();
	test_interrupt();
	test_server_bomb();
	test_notes();
	test_real_documents();
	ac_json_free(doc);
	return done_testing();
}
