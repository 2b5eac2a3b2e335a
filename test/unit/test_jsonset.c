/*
 * test_jsonset.c
 *		Are values put where a JSON Pointer says, and as what they are?
 */
#include "ac.h"

#include "core/jsonset.h"

#include "tap.h"

static const struct
{
	const char *json;
	AcJsonSet set;
	const char *want; /* NULL: refused */
} cases[] = {
	{"{}", {"/a", "x", false}, "{\"a\":\"x\"}"},
	{"{\"a\":1}", {"/a", "x", false}, "{\"a\":\"x\"}"},
	{"{\"a\":1}", {"/b", "2", true}, "{\"a\":1,\"b\":2}"},
	{"{}", {"/n", "2", false}, "{\"n\":\"2\"}"},
	{"{}", {"/n", "123456789012345678901234567890.5", true}, "{\"n\":123456789012345678901234567890.5}"},
	{"{}", {"/n", "true", true}, "{\"n\":true}"},
	{"{}", {"/n", "null", true}, "{\"n\":\"null\"}"},
	{"{}", {"/n", "[1]", true}, "{\"n\":\"[1]\"}"},
	{"{}", {"/n", "{\"a\":1}", true}, "{\"n\":\"{\\\"a\\\":1}\"}"},
	{"{}", {"/n", "", true}, "{\"n\":\"\"}"},
	{"{}", {"/n", "a\"b\\c", false}, "{\"n\":\"a\\\"b\\\\c\"}"},
	{"{}", {"/a/b/c", "1", true}, "{\"a\":{\"b\":{\"c\":1}}}"},
	{"{\"a\":{\"x\":0}}", {"/a/b", "1", true}, "{\"a\":{\"x\":0,\"b\":1}}"},
	{"{}", {"/a~1b/c~0d", "1", true}, "{\"a/b\":{\"c~d\":1}}"},
	{"{}", {"/", "1", true}, "{\"\":1}"},
	{"{\"a\":[1]}", {"/a/0", "1", true}, NULL},
	{"{\"a\":1}", {"/a/b", "1", true}, NULL},
	{"{}", {"", "1", true}, NULL},
	{"{}", {"a", "1", true}, NULL},
	{"[]", {"/a", "1", true}, NULL},
	{"1", {"/a", "1", true}, NULL},
	{"{", {"/a", "1", true}, NULL},
};

int
main(void)
{
	AcJsonSet two[] = {{"/o/p", "1", true}, {"/o/q", "x", false}};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
		is_str(ac_jsonset_apply(cases[i].json, &cases[i].set, 1), cases[i].want,
			   "%s with %s at %s", cases[i].json, cases[i].set.value,
			   cases[i].set.pointer);
	is_str(ac_jsonset_apply("{}", two, 2), "{\"o\":{\"p\":1,\"q\":\"x\"}}", "two in one object");
	is_str(ac_jsonset_apply("{\"a\": 1}", NULL, 0), "{\"a\":1}", "nothing to set");
	return done_testing();
}
