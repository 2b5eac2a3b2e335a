/*
 * test_fingerprint.c
 *		What changes a fingerprint, and what does not?
 */
#include "ac.h"

#include "api/fingerprint.h"
#include "plan_build.h"

#define ROW "'id': {'type': 'integer'}, 'name': {'type': 'string', 'description': 'd'}"

/* Fingerprint of the one operation whose parameters and rows are given. */
static uint64
print_of(const char *path, const char *params, const char *row)
{
	AcJson *doc;
	AcApi *api = api_of(path_of(path, psprintf("{'type': 'array', 'items': {'type': 'object', 'properties': {%s}}}", row), params), &doc);
	uint64 print = ac_fingerprint_of(ac_fingerprints_create(), &api->endpoints[0]);

	ac_json_free(doc);
	return print;
}

static void
test_params(void)
{
	static const char *const one = "{'name': 'q', 'in': 'query', 'schema': {'type': 'string'}}";
	static const char *const two = "{'name': 'q', 'in': 'query', 'schema': {'type': 'string'}}, {'name': 'r', 'in': 'query', 'schema': {'type': 'string'}}";
	static const char *const turned = "{'name': 'r', 'in': 'query', 'schema': {'type': 'string'}}, {'name': 'q', 'in': 'query', 'schema': {'type': 'string'}}";
	static const char *const needed = "{'name': 'q', 'in': 'query', 'required': true, 'schema': {'type': 'string'}}";
	uint64 plain = print_of("/a", "", ROW);

	ok(plain != 0 && plain == print_of("/a", "", ROW), "the same twice");
	ok(plain != print_of("/b", "", ROW), "another path");
	ok(plain != print_of("/a", one, ROW), "a parameter");
	ok(print_of("/a", two, ROW) == print_of("/a", turned, ROW), "parameters in another order");
	ok(print_of("/a", one, ROW) != print_of("/a", needed, ROW), "a parameter that is required");
}

static void
test_rows(void)
{
	static const char *const same[] = {
		"'name': {'type': 'string', 'description': 'd'}, 'id': {'type': 'integer'}",
		"'id': {'type': 'integer', 'example': 7}, 'name': {'type': 'string', 'description': 'other', 'title': 't'}"};
	static const char *const other[] = {
		"'id': {'type': 'integer'}",
		"'id': {'type': 'integer'}, 'name': {'type': 'integer'}",
		"'id': {'type': 'integer'}, 'name': {'type': 'string', 'format': 'date'}",
		"'id': {'type': 'integer'}, 'name': {'type': 'string', 'enum': ['a', 'b']}",
		"'id': {'type': 'integer'}, 'name': {'type': 'string', 'nullable': true}",
		"'id': {'type': 'integer'}, 'nom': {'type': 'string'}",
		"'id': {'type': 'integer'}, 'name': {'type': 'object', 'properties': {'a': {'type': 'string'}}}"};
	uint64 plain = print_of("/a", "", ROW);
	int i;

	for (i = 0; i < (int) lengthof(same); i++)
		ok(plain == print_of("/a", "", same[i]), "no other: %s", same[i]);
	for (i = 0; i < (int) lengthof(other); i++)
		ok(plain != print_of("/a", "", other[i]), "another: %s", other[i]);
}

/* A schema that holds itself, and one that is wider than is looked at. */
static void
test_bounds(void)
{
	AcShape loop = {.kind = AC_SHAPE_OBJECT};
	AcProperty fields[2] = {{.name = "a", .shape = &loop}, {.name = "b", .shape = &loop}};
	AcEndpoint endpoint = {.method = "GET", .path = "/a", .response = &loop};
	uint64 one;

	loop.properties = fields;
	loop.n_properties = 1;
	one = ac_fingerprint_of(ac_fingerprints_create(), &endpoint);
	loop.n_properties = 2;
	ok(one != ac_fingerprint_of(ac_fingerprints_create(), &endpoint), "a recursive schema");
}

int
main(void)
{
	test_params();
	test_rows();
	test_bounds();
	return done_testing();
}
