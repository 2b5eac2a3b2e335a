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
	{"{}", {"/a", "x", false, NULL, 0}, "{\"a\":\"x\"}"},
	{"{\"a\":1}", {"/a", "x", false, NULL, 0}, "{\"a\":\"x\"}"},
	{"{\"a\":1}", {"/b", "2", true, NULL, 0}, "{\"a\":1,\"b\":2}"},
	{"{}", {"/n", "2", false, NULL, 0}, "{\"n\":\"2\"}"},
	{"{}", {"/n", "123456789012345678901234567890.5", true, NULL, 0}, "{\"n\":123456789012345678901234567890.5}"},
	{"{}", {"/n", "true", true, NULL, 0}, "{\"n\":true}"},
	{"{}", {"/n", "null", true, NULL, 0}, "{\"n\":\"null\"}"},
	{"{}", {"/n", "[1]", true, NULL, 0}, "{\"n\":\"[1]\"}"},
	{"{}", {"/n", "{\"a\":1}", true, NULL, 0}, "{\"n\":\"{\\\"a\\\":1}\"}"},
	{"{}", {"/n", "", true, NULL, 0}, "{\"n\":\"\"}"},
	{"{}", {"/n", "a\"b\\c", false, NULL, 0}, "{\"n\":\"a\\\"b\\\\c\"}"},
	{"{}", {"/a/b/c", "1", true, NULL, 0}, "{\"a\":{\"b\":{\"c\":1}}}"},
	{"{\"a\":{\"x\":0}}", {"/a/b", "1", true, NULL, 0}, "{\"a\":{\"x\":0,\"b\":1}}"},
	{"{}", {"/a~1b/c~0d", "1", true, NULL, 0}, "{\"a/b\":{\"c~d\":1}}"},
	{"{}", {"/", "1", true, NULL, 0}, "{\"\":1}"},
	{"{\"a\":[1]}", {"/a/0", "1", true, NULL, 0}, NULL},
	{"{\"a\":1}", {"/a/b", "1", true, NULL, 0}, NULL},
	{"{}", {"", "1", true, NULL, 0}, NULL},
	{"{}", {"a", "1", true, NULL, 0}, NULL},
	{"[]", {"/a", "1", true, NULL, 0}, NULL},
	{"1", {"/a", "1", true, NULL, 0}, NULL},
	{"{", {"/a", "1", true, NULL, 0}, NULL},
};

int
main(void)
{
	static const char *const texts[] = {"1", "x", "true"};
	AcJsonSet array[] = {{"/a/b", "1", true, texts, 3}, {"/c", "1", false, texts, 1}};
	AcJsonSet two[] = {{"/o/p", "1", true, NULL, 0}, {"/o/q", "x", false, NULL, 0}};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
		is_str(ac_jsonset_apply(cases[i].json, &cases[i].set, 1), cases[i].want,
			   "%s with %s at %s", cases[i].json, cases[i].set.value,
			   cases[i].set.pointer);
	is_str(ac_jsonset_apply("{}", two, 2), "{\"o\":{\"p\":1,\"q\":\"x\"}}", "two in one object");
	is_str(ac_jsonset_apply("{\"a\": 1}", NULL, 0), "{\"a\":1}", "nothing to set");
	is_str(ac_jsonset_apply("{}", array, 2), "{\"a\":{\"b\":[1,\"x\",true]},\"c\":[\"1\"]}", "arrays");
	return done_testing();
}
