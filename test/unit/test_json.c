/*
 * test_json.c
 *		Are JSON documents read strictly, and written as they were read?
 */
#include "tap.h"

#include "core/json.h"

#include "jsongen.h"

/* A tree of valid text. */
static AcJson *
parse(const char *text)
{
	AcJson *doc = NULL;
	AcError err;

	if (!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &doc, &err))
		ok(false, "could not parse %s: %s", text, err.message);
	return doc;
}

static void
test_parse_and_write(void)
{
	static const struct
	{
		const char *text;
		AcJsonKind kind;
		const char *written;
	} cases[] = {
		{"null", AC_JSON_NULL, "null"},
		{" true ", AC_JSON_BOOL, "true"},
		{"0", AC_JSON_INT, "0"},
		{"17", AC_JSON_INT, "17"},
		{"-9223372036854775808", AC_JSON_INT, "-9223372036854775808"},
		{"18446744073709551615", AC_JSON_INT, "18446744073709551615"},
		{"1.10", AC_JSON_DOUBLE, "1.10"},
		{"0.1000000000000000055511151231257827", AC_JSON_DOUBLE,
		 "0.1000000000000000055511151231257827"},
		{"1e400", AC_JSON_DOUBLE, "1e400"},
		{"\"a/b\\u00e4\\n\"", AC_JSON_STRING, "\"a/b\xC3\xA4\\n\""},
		{"\"a\\u0000b\"", AC_JSON_STRING, "\"a\\u0000b\""},
		{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", AC_JSON_STRING, "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
		{"\"\\uD83D\\uDE00\"", AC_JSON_STRING, "\"\xF0\x9F\x98\x80\""},
		{"\"\\ud83d\\u0041\\ude00x\\ud83d\"", AC_JSON_STRING, "\"\xEF\xBF\xBD"
															  "A\xEF\xBF\xBDx\xEF\xBF\xBD\""},
		{"{\"\\u00e4\\n\":[-0,-1.50e-3]}", AC_JSON_OBJECT, "{\"\xC3\xA4\\n\":[0,-1.50e-3]}"},
		{"[ 1 , [] , {} ]", AC_JSON_ARRAY, "[1,[],{}]"},
		{"{\"b\":1,\"a\":{\"c\":null}}", AC_JSON_OBJECT, "{\"b\":1,\"a\":{\"c\":null}}"},
		{"{\"a\":1,\"b\":2,\"a\":3}", AC_JSON_OBJECT, "{\"a\":3,\"b\":2}"},
		{"\xEF\xBB\xBF{}", AC_JSON_OBJECT, "{}"},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcJson *doc = parse(cases[i].text);

		is_int(ac_json_kind(doc), cases[i].kind, "kind of %s", cases[i].text);
		is_str(ac_json_to_text(doc), cases[i].written, "%s written", cases[i].text);
		ac_json_free(doc);
	}
}

/* json-c alone would let the first seven of these pass. */
static void
test_refused(void)
{
	static const struct
	{
		const char *text;
		AcErrorCode code;
		const char *where;
	} cases[] = {
		{"NaN", AC_ERR_MALFORMED, "byte 0"},
		{"[Infinity]", AC_ERR_MALFORMED, "byte 1"},
		{"[1,]", AC_ERR_MALFORMED, "byte 3"},
		{"{'a':1}", AC_ERR_MALFORMED, "byte 1"},
		{"[1] [2]", AC_ERR_MALFORMED, "byte 4"},
		{"\"\t\"", AC_ERR_MALFORMED, "byte 1"},
		{"/* x */ 1", AC_ERR_MALFORMED, "byte 0"},
		{"", AC_ERR_MALFORMED, "byte 0"},
		{"\"\xFF\"", AC_ERR_MALFORMED, "byte 1"},
		{"\xEF\xBB\xBF[1,]", AC_ERR_MALFORMED, "byte 6"},
		{"[[[[1]]]]", AC_ERR_TOO_LARGE, "byte 3"},
		{"{\"a\":{\"a\":{\"a\":{}}}}", AC_ERR_TOO_LARGE, "byte 15"},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcJson *doc = (AcJson *) &doc;
		AcError err;

		ok(!ac_json_parse(cases[i].text, strlen(cases[i].text), 3, &doc, &err),
		   "%s is refused", cases[i].text);
		ok(doc == NULL, "%s: no document", cases[i].text);
		is_int(err.code, cases[i].code, "%s: code", cases[i].text);
		ok(strstr(err.message, cases[i].where) != NULL, "%s: %s in \"%s\"",
		   cases[i].text, cases[i].where, err.message);
	}
}

/* The tree's limit counts as the validator's does. */
static void
test_depth(void)
{
	static const char *const deepest[] = {
		"[[[1]]]", "[[[\"a\"]]]", "[[[]]]", "{\"a\":{\"a\":{\"a\":null}}}"};

	for (size_t i = 0; i < lengthof(deepest); i++)
	{
		AcJson *doc;
		AcError err;

		ok(ac_json_parse(deepest[i], strlen(deepest[i]), 3, &doc, &err),
		   "%s is three levels", deepest[i]);
		ac_json_free(doc);
	}
}

/* A slice: what follows the text is nobody's business. */
static void
test_slice(void)
{
	static const char *const texts[] = {"12", "\"ab\"", "[1]", "true", "-1.5"};

	for (size_t i = 0; i < lengthof(texts); i++)
	{
		size_t len = strlen(texts[i]);
		char *copy = malloc(len);
		AcJson *doc;
		AcError err;

		memcpy(copy, texts[i], len);
		ok(ac_json_parse(copy, len, 9, &doc, &err), "slice %s", texts[i]);
		is_str(ac_json_to_text(doc), texts[i], "%s is read to its end", texts[i]);
		ac_json_free(doc);
		free(copy);
	}
}

/* RFC 6901 section 5, and what it implies. */
static void
test_pointer(void)
{
	static const char *const document =
		"{\"foo\":[\"bar\",\"baz\",null],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,"
		"\"g|h\":4,\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8,\"~1\":9,"
		"\"n\":null,\"o\":{\"0\":{\"\":10}}}";
	static const struct
	{
		const char *pointer;
		const char *want; /* NULL: leads nowhere */
	} cases[] = {
		{"/foo", "[\"bar\",\"baz\",null]"},
		{"/foo/0", "\"bar\""},
		{"/foo/1", "\"baz\""},
		{"/foo/2", "null"},
		{"/", "0"},
		{"/a~1b", "1"},
		{"/c%d", "2"},
		{"/e^f", "3"},
		{"/g|h", "4"},
		{"/i\\j", "5"},
		{"/k\"l", "6"},
		{"/ ", "7"},
		{"/m~0n", "8"},
		{"/~01", "9"},
		{"/n", "null"},
		{"/o/0/", "10"},
		{"/foo/3", NULL},
		{"/foo/-", NULL},
		{"/foo/00", NULL},
		{"/foo/01", NULL},
		{"/foo/+1", NULL},
		{"/foo/1e0", NULL},
		{"/foo/4294967296", NULL},
		{"/foo/18446744073709551616", NULL},
		{"/foo/0/0", NULL},
		{"/n/x", NULL},
		{"/absent", NULL},
		{"/o/1", NULL},
		{"//", NULL},
		{"foo", NULL},
		{"/~", NULL},
		{"/m~2n", NULL},
		{"#/foo", NULL},
	};
	AcJson *doc = parse(document);
	AcJson *found;

	ok(ac_json_pointer(doc, "", &found) && found == doc, "the whole document");
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		bool got = ac_json_pointer(doc, cases[i].pointer, &found);

		is_int(got, cases[i].want != NULL, "pointer \"%s\"", cases[i].pointer);
		if (cases[i].want != NULL)
			is_str(ac_json_to_text(found), cases[i].want, "its value");
		else
			ok(found == NULL, "nothing is found");
	}
	ac_json_free(doc);

	ok(ac_json_pointer(NULL, "", &found), "a null document has itself");
	ok(!ac_json_pointer(NULL, "/a", &found), "and nothing else");
}

static void
test_int(void)
{
	static const struct
	{
		const char *text;
		int64 want; /* -7: not an int64 */
	} cases[] = {
		{"0", 0},
		{"-0", 0},
		{"42", 42},
		{"9223372036854775807", PG_INT64_MAX},
		{"-9223372036854775808", PG_INT64_MIN},
		{"9223372036854775808", -7},
		{"18446744073709551615", -7},
		{"99999999999999999999999", -7},
		{"1.0", 1},
		{"1e3", 1000},
		{"-2.50e2", -250},
		{"1.5", -7},
		{"1e400", -7},
		{"-1e30", -7},
		{"9007199254740992.0", INT64CONST(9007199254740992)},
		{"9007199254740994.0", -7},
		{"\"1\"", -7},
		{"true", -7},
		{"null", -7},
		{"[1]", -7},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcJson *doc = parse(cases[i].text);

		is_int(ac_json_int(doc, -7), cases[i].want, "int of %s", cases[i].text);
		ac_json_free(doc);
	}
}

static void
test_scalars(void)
{
	AcJson *doc = parse("{\"s\":\"x\",\"nul\":\"a\\u0000b\",\"i\":12,\"d\":1.50,\"t\":true,"
						"\"f\":false,\"z\":null,\"a\":[1],\"o\":{}}");
	size_t len;

	is_str(ac_json_get_string(doc, "s"), "x", "string");
	is_str(ac_json_get_string(doc, "i"), NULL, "a number is no string");
	is_str(ac_json_get_string(doc, "absent"), NULL, "absent string");
	ok(memcmp(ac_json_string(ac_json_get(doc, "nul"), &len), "a\0b", 3) == 0 &&
		   len == 3,
	   "a string with a NUL byte");
	is_str(ac_json_text_of(ac_json_get(doc, "s")), "x", "text of a string");
	is_str(ac_json_text_of(ac_json_get(doc, "i")), "12", "text of an int");
	is_str(ac_json_text_of(ac_json_get(doc, "d")), "1.50", "text of a fraction");
	is_str(ac_json_text_of(ac_json_get(doc, "t")), "true", "text of true");
	is_str(ac_json_text_of(ac_json_get(doc, "z")), NULL, "text of null");
	is_str(ac_json_text_of(ac_json_get(doc, "a")), NULL, "text of an array");
	is_str(ac_json_text_of(NULL), NULL, "text of nothing");
	ok(ac_json_bool(ac_json_get(doc, "t"), false), "true");
	ok(!ac_json_bool(ac_json_get(doc, "f"), true), "false");
	ok(ac_json_bool(ac_json_get(doc, "i"), true), "12 is no boolean");
	ok(ac_json_bool(NULL, true), "nothing is no boolean");
	ac_json_free(doc);
}

static void
test_members(void)
{
	AcJson *doc = parse("{\"b\":1,\"a\":null,\"c\":[10,20],\"b\":4}");
	AcJsonIter it;
	StringInfoData seen;

	ok(ac_json_has(doc, "a") && ac_json_get(doc, "a") == NULL, "a null member");
	ok(!ac_json_has(doc, "x"), "no member");
	ok(!ac_json_has(NULL, "x") && ac_json_get(NULL, "x") == NULL, "of nothing");
	ok(!ac_json_has(ac_json_get(doc, "c"), "0"), "an array has no members");

	is_int(ac_json_length(ac_json_get(doc, "c")), 2, "length");
	is_int(ac_json_length(doc), 0, "length of an object");
	is_int(ac_json_length(NULL), 0, "length of nothing");
	is_int(ac_json_int(ac_json_at(ac_json_get(doc, "c"), 1), 0), 20, "element");
	ok(ac_json_at(ac_json_get(doc, "c"), 2) == NULL &&
		   ac_json_at(ac_json_get(doc, "c"), -1) == NULL,
	   "elements outside the array");

	initStringInfo(&seen);
	ac_json_iter_init(&it, doc);
	while (ac_json_iter_next(&it))
		appendStringInfo(&seen, "%s=%s;", it.key, ac_json_to_text(it.value));
	is_str(seen.data, "b=4;a=null;c=[10,20];", "members in document order");
	ac_json_iter_init(&it, ac_json_get(doc, "c"));
	ok(!ac_json_iter_next(&it), "an array has none to iterate over");
	ac_json_iter_init(&it, NULL);
	ok(!ac_json_iter_next(&it), "nor has nothing");
	ac_json_free(doc);
}

static void
test_writers(void)
{
	AcJson *doc = ac_json_new_object();
	AcJson *list = ac_json_new_array();
	AcJson *copy;

	ac_json_append(list, ac_json_new_int(PG_INT64_MIN));
	ac_json_append(list, ac_json_new_bool(true));
	ac_json_append(list, NULL);
	ac_json_set(doc, "list", list);
	ac_json_set(doc, "again", ac_json_ref(list));
	ac_json_set_string(doc, "text", "a\"b/\x01");
	ac_json_set_string(doc, "none", NULL);
	ac_json_set(doc, "text2", ac_json_new_string("\xC3\xA4"));
	is_str(ac_json_to_text(doc),
		   "{\"list\":[-9223372036854775808,true,null],"
		   "\"again\":[-9223372036854775808,true,null],"
		   "\"text\":\"a\\\"b/\\u0001\",\"none\":null,\"text2\":\"\xC3\xA4\"}",
		   "a document of our own");
	copy = parse(ac_json_to_text(doc));
	ok(ac_json_equal(doc, copy), "is what it says");
	ac_json_set_string(copy, "text", "other");
	ok(!ac_json_equal(doc, copy), "until it is changed");
	ac_json_free(copy);
	ac_json_free(doc);
}

/* Writing and reading again changes nothing. */
static void
test_round_trip(void)
{
	StringInfoData text;
	JsonGen gen = {.state = 4, .out = &text};
	int wrong = 0;

	for (int i = 0; i < 2000; i++)
	{
		AcJson *doc;
		AcJson *again;
		char *written;

		initStringInfo(&text);
		gen.spaces = i % 2;
		jsongen_value(&gen, 0);
		doc = parse(text.data);
		written = ac_json_to_text(doc);
		again = parse(written);
		wrong += strcmp(written, ac_json_to_text(again)) != 0;
		wrong += !ac_json_equal(doc, again);
		ac_json_free(doc);
		ac_json_free(again);
	}
	is_int(wrong, 0, "random documents");
}

static bool
always_interrupted(void *arg)
{
	return true;
}

/* A long text is read in pieces: wherever one ends, the tree is the same. */
static void
test_pieces(void)
{
	const size_t piece = 256 * 1024;
	const char *text = "[-12.5e+3, 1234567, {\"a\\u00e9\\ud83d\\ude00\": \"\xC3\xA9\\n\"}, true, null, false, []]";
	AcJson *whole = parse(text);
	AcJsonText input = {.max_depth = AC_JSON_MAX_DEPTH};
	char *padded = palloc(piece + strlen(text) + 1);
	int wrong = 0;
	AcJson *doc;
	AcError err;

	for (size_t before = 0; before <= strlen(text); before++)
	{
		memset(padded, ' ', piece);
		strcpy(padded + piece - before, text);
		doc = parse(padded);
		wrong += !ac_json_equal(doc, whole);
		ac_json_free(doc);
	}
	is_int(wrong, 0, "an end of a piece anywhere");

	memset(padded, ' ', piece);
	strcpy(padded + piece, text);
	input.text = padded;
	input.len = strlen(padded);
	input.interrupted = always_interrupted;
	ok(!ac_json_parse_long(&input, &doc, &err) && err.code == AC_ERR_INTERRUPTED,
	   "interrupted between pieces");
	ac_json_free(whole);
}

/* Integers that no 64 bits hold keep their digits; all else is as it was. */
static void
test_long_integers(void)
{
	static const struct
	{
		const char *text;
		AcJsonKind kind;
	} cases[] = {
		{"18446744073709551615", AC_JSON_INT},
		{"18446744073709551616", AC_JSON_INT},
		{"-9223372036854775808", AC_JSON_INT},
		{"-9223372036854775809", AC_JSON_INT},
		{"123456789012345678901234567890", AC_JSON_INT},
		{"-123456789012345678901234567890", AC_JSON_INT},
		{"123456789012345678901234567890.5", AC_JSON_DOUBLE},
		{"123456789012345678901234567890e5", AC_JSON_DOUBLE},
		{"123456789012345678901234567890E+00000000", AC_JSON_DOUBLE},
		{"0.123456789012345678901234567890", AC_JSON_DOUBLE},
		{"1e123456789012345678901234567890", AC_JSON_DOUBLE},
		{"\"123456789012345678901234567890\"", AC_JSON_STRING},
	};
	AcJson *doc;
	AcError err;
	char *text;
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		ok(ac_json_parse(cases[i].text, strlen(cases[i].text), 5, &doc, &err), "%s", cases[i].text);
		is_int(ac_json_kind(doc), cases[i].kind, "its kind");
		is_str(ac_json_to_text(doc), cases[i].text, "its text");
		ac_json_free(doc);
	}
	text = "{\"a\": [\"\\\"99999999999999999999\", 99999999999999999999, {\"99999999999999999999\": -99999999999999999999}], \"b\":99999999999999999999}";
	ok(ac_json_parse(text, strlen(text), 5, &doc, &err), "within a document");
	is_str(ac_json_to_text(doc), "{\"a\":[\"\\\"99999999999999999999\",99999999999999999999,{\"99999999999999999999\":-99999999999999999999}],\"b\":99999999999999999999}", "strings and names stay");
	is_int(ac_json_int(ac_json_get(doc, "b"), -7), -7, "no int64");
	is_str(ac_json_text_of(ac_json_get(doc, "b")), "99999999999999999999", "but a text");
	ac_json_free(doc);
}

static void
test_says_something(void)
{
	static const struct
	{
		const char *text;
		bool says;
	} cases[] = {
		{"null", false},
		{"false", false},
		{"true", true},
		{"0", false},
		{"0.0", false},
		{"0.5", true},
		{"-1", true},
		{"18446744073709551615", true},
		{"\"\"", false},
		{"\" \"", true},
		{"[]", false},
		{"[null]", true},
		{"{}", false},
		{"{\"a\": null}", true},
	};
	AcError err;

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcJson *doc;

		ok(ac_json_parse(cases[i].text, strlen(cases[i].text), 2, &doc, &err) &&
			   ac_json_says_something(doc) == cases[i].says,
		   "%s says something: %d", cases[i].text, cases[i].says);
		ac_json_free(doc);
	}
	ok(!ac_json_says_something(NULL), "nothing says nothing");
}

/* Of long arrays and objects the first elements are kept, and the text is read. */
static void
test_cut(void)
{
	const char *text = "{\"a\":[1,2,3,{\"x\":\"]},\\\"\"},[5]],\"b\":[[1,2,3],[4],[5]],\"c\":{\"d\":1,\"e\":{},\"f\":[]},\"g\":2}";
	AcJsonText input = {.text = text, .len = strlen(text), .max_depth = 9};
	AcJsonBounds bounds = {.max_elements = 2, .max_members = 3};
	AcJson *doc;
	AcError err;

	ok(ac_json_parse_within(&input, &bounds, &doc, &err), "a text that is cut");
	is_str(ac_json_to_text(doc),
		   "{\"a\":[1,2],\"b\":[[1,2],[4]],\"c\":{\"d\":1,\"e\":{},\"f\":[]}}",
		   "two elements and three members");
	ac_json_free(doc);
	input.len = strlen("{\"a\":[1,2,3,{\"x\":");
	ok(!ac_json_parse_within(&input, &bounds, &doc, &err), "what is left out must be valid");
	is_int(err.code, AC_ERR_MALFORMED, "all the same");
}

/* Trees that are kept together share what they may take. */
static void
test_room(void)
{
	const char *text = "[{\"a\": \"some text\"}, [], null, 1.5]";
	AcJsonText input = {.text = text, .len = strlen(text), .max_depth = 9};
	int64 room = 1500;
	AcJsonBounds bounds = {.room = &room};
	AcJson *docs[4];
	AcError err;
	int n = 0;

	while (n < 4 && ac_json_parse_within(&input, &bounds, &docs[n], &err))
		n++;
	is_int(n, 2, "two fit");
	is_int(err.code, AC_ERR_TOO_LARGE, "and the third is too large");
	is_str(err.message, "JSON document of 35 bytes has too many values", "%s", err.message);
	ok(ac_json_weight(docs[0], 1500) <= 1500 / 2, "as their weight says");
	ok(ac_json_weight(docs[0], 1500) > 1500 / 4, "neither more nor less");
	ok(ac_json_weight(docs[0], 100) > 100, "which stops counting beyond a limit");
	while (n > 0)
		ac_json_free(docs[--n]);
}

/* Tables of members have no room to spare, and grow all the same. */
static void
test_members_added(void)
{
	for (int n = 0; n < 40; n++)
	{
		StringInfoData text;
		AcJson *parsed;
		AcJson *made = ac_json_new_object();
		int wrong = 0;

		initStringInfo(&text);
		for (int i = 0; i < n; i++)
			appendStringInfo(&text, "%c\"k%d\":%d", i == 0 ? '{' : ',', i, i);
		appendStringInfoString(&text, n == 0 ? "{}" : "}");
		parsed = parse(text.data);
		for (int i = 0; i < n; i++)
			ac_json_set(made, psprintf("k%d", i), ac_json_new_int(i));
		ac_json_fit(made);
		wrong += !ac_json_equal(parsed, made) + (strcmp(ac_json_to_text(made), text.data) != 0);
		for (int i = 0; i < 20; i++)
		{
			ac_json_set(parsed, psprintf("more%d", i), ac_json_new_int(i));
			ac_json_set(made, psprintf("more%d", i), ac_json_new_int(i));
		}
		for (int i = 0; i < n; i++)
			wrong += ac_json_int(ac_json_get(parsed, psprintf("k%d", i)), -1) != i;
		wrong += !ac_json_equal(parsed, made) || ac_json_has(parsed, "k40");
		if (wrong > 0)
			ok(false, "%d members", n);
		ac_json_free(parsed);
		ac_json_free(made);
	}
	ok(true, "objects of 0 to 39 members take twenty more");
}

int
main(void)
{
	test_parse_and_write();
	test_pieces();
	test_refused();
	test_depth();
	test_slice();
	test_pointer();
	test_int();
	test_scalars();
	test_members();
	test_writers();
	test_round_trip();
	test_long_integers();
	test_says_something();
	test_cut();
	test_room();
	test_members_added();
	return done_testing();
}
