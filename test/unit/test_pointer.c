/*
 * test_pointer.c
 *		Are JSON Pointers read and written as RFC 6901 says?
 */
#include "ac.h"

#include "core/pointer.h"
#include "tap.h"

/* RFC 6901 5, and what surrounds it. */
static void
test_parse(void)
{
	static const struct
	{
		const char *text;
		int count; /* -1: malformed */
		const char *last;
	} cases[] = {
		{"", 0, NULL},
		{"/foo", 1, "foo"},
		{"/foo/0", 2, "0"},
		{"/", 1, ""},
		{"/a~1b", 1, "a/b"},
		{"/c%d", 1, "c%d"},
		{"/e^f", 1, "e^f"},
		{"/g|h", 1, "g|h"},
		{"/i\\j", 1, "i\\j"},
		{"/k\"l", 1, "k\"l"},
		{"/ ", 1, " "},
		{"/m~0n", 1, "m~n"},
		{"/~01", 1, "~1"}, /* section 4: never "/" */
		{"//", 2, ""},
		{"/a//b", 3, "b"},
		{"a/b", -1, NULL},
		{"#/a", -1, NULL},
		{"/~2", -1, NULL},
		{"/~", -1, NULL},
		{"/a~/b", -1, NULL},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		AcPointer pointer;
		AcError err;
		bool good = ac_pointer_parse(cases[i].text, &pointer, &err);

		is_int(good ? pointer.count : -1, cases[i].count, "\"%s\": count",
			   cases[i].text);
		if (!good)
		{
			is_int(err.code, AC_ERR_OPTION_VALUE, "\"%s\": code", cases[i].text);
			continue;
		}
		if (pointer.count > 0)
			is_str(pointer.tokens[pointer.count - 1], cases[i].last,
				   "\"%s\": last", cases[i].text);
	}
}

static void
test_limits(void)
{
	StringInfoData text;
	AcPointer pointer;
	AcError err;
	int i;

	initStringInfo(&text);
	for (i = 0; i < AC_POINTER_MAX_TOKENS; i++)
		appendStringInfoString(&text, "/a");
	ok(ac_pointer_parse(text.data, &pointer, &err), "as many steps as allowed");
	appendStringInfoString(&text, "/a");
	ok(!ac_pointer_parse(text.data, &pointer, &err), "one too many");
}

static void
test_build(void)
{
	is_str(ac_pointer_escape("~/a~1"), "~0~1a~01", "escape");
	is_str(ac_pointer_child("", "a/b"), "/a~1b", "child of the root");
	is_str(ac_pointer_child("/x", ""), "/x/", "child with an empty name");
	is_str(ac_pointer_child_index("/x", 0), "/x/0", "element");
	is_int(ac_pointer_index("0"), 0, "index 0");
	is_int(ac_pointer_index("12"), 12, "index 12");
	is_int(ac_pointer_index("2147483647"), 2147483647, "the last int");
	is_int(ac_pointer_index("2147483648"), -1, "past it");
	is_int(ac_pointer_index("99999999999999999999"), -1, "far past it");
	is_int(ac_pointer_index("01"), -1, "leading zero");
	is_int(ac_pointer_index("-"), -1, "dash");
	is_int(ac_pointer_index(""), -1, "empty");
	is_int(ac_pointer_index("1a"), -1, "not a number");
	ok(ac_pointer_is_below("/a", "/a/b"), "/a/b is below /a");
	ok(ac_pointer_is_below("/a", "/a"), "/a is below itself");
	ok(!ac_pointer_is_below("/a", "/ab"), "/ab is not below /a");
	ok(ac_pointer_is_below("", "/ab"), "everything is below the root");
}

int
main(void)
{
	test_parse();
	test_limits();
	test_build();
	return done_testing();
}
