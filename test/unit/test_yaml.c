/*
 * test_yaml.c
 *		Is YAML read as its core schema says, and are bombs refused?
 *
 * Cases follow the chapters of the YAML 1.2.2 specification.
 */
#include "tap.h"

#include "core/yaml.h"

static int interrupts;

static bool
count_interrupts(void *arg)
{
	return ++interrupts > 2;
}

static bool
parse(const char *text, size_t len, AcJson **doc, AcError *err)
{
	AcJsonText input = {text, len, AC_JSON_MAX_DEPTH, NULL};

	ac_error_clear(err);
	return ac_yaml_parse(&input, doc, err);
}

/* The document as JSON, or its error. */
static const char *
as_json(const char *text)
{
	AcJson *doc;
	AcError err;

	if (!parse(text, strlen(text), &doc, &err))
		return psprintf("%s: %s", ac_error_code_name(err.code), err.message);
	return ac_json_into_text(doc);
}

typedef struct Case
{
	const char *yaml;
	const char *json;
} Case;

static void
check(const Case *cases, int n)
{
	int i;

	for (i = 0; i < n; i++)
		is_str(as_json(cases[i].yaml), cases[i].json, "%s", cases[i].json);
}

#define CHECK(cases) check(cases, (int) lengthof(cases))

/* Chapter 10.3.2. */
static void
test_scalars(void)
{
	static const Case cases[] = {
		{"[null, Null, NULL, ~, nULL]", "[null,null,null,null,\"nULL\"]"},
		{"a:\nb: ''", "{\"a\":null,\"b\":\"\"}"},
		{"[true, True, TRUE, false, False, FALSE, tRue]", "[true,true,true,false,false,false,\"tRue\"]"},
		{"[yes, no, on, off, y, n, Yes, NO]", "[\"yes\",\"no\",\"on\",\"off\",\"y\",\"n\",\"Yes\",\"NO\"]"},
		{"[0, -0, 12, -12, +12, 007, 0o17, 0xFF, 0x1f]", "[0,0,12,-12,12,7,15,255,31]"},
		{"[0o8, 0xG, 0b11, 1_000, 12:30:45, 0x, 0o]", "[\"0o8\",\"0xG\",\"0b11\",\"1_000\",\"12:30:45\",\"0x\",\"0o\"]"},
		{"[0x10000000000000000, 0xFFFFFFFFFFFFFFFF]", "[\"0x10000000000000000\",18446744073709551615]"},
		{"[9223372036854775807, 9223372036854775808, 18446744073709551616]",
		 "[9223372036854775807,9223372036854775808,18446744073709551616]"},
		{"[-9223372036854775808, -9223372036854775809]", "[-9223372036854775808,-9223372036854775809]"},
		{"[123456789012345678901234567890, 1.10, 0.1000000000000000055511151231257827]",
		 "[123456789012345678901234567890,1.10,0.1000000000000000055511151231257827]"},
		{"[1., .5, -.5, +.5, 1e3, 1.5E-7, 1.e2, 00.5, 1e400]",
		 "[1.0,0.5,-0.5,0.5,1e3,1.5E-7,1.0e2,0.5,1e400]"},
		{"[., .e1, e1, 1e, 1e+, +, -, 1.2.3, 1-2]",
		 "[\".\",\".e1\",\"e1\",\"1e\",\"1e+\",\"+\",\"-\",\"1.2.3\",\"1-2\"]"},
		{"[.inf, -.Inf, .nan, .NaN]", "[\".inf\",\"-.Inf\",\".nan\",\".NaN\"]"},
		{"[2001-12-14, 2001-12-14t21:59:43.10-05:00]", "[\"2001-12-14\",\"2001-12-14t21:59:43.10-05:00\"]"},
		{"['12', \"true\", '~', \"\"]", "[\"12\",\"true\",\"~\",\"\"]"},
		{"42", "42"},
		{"\"a\\0b\\x41\\u00e9\\U0001F600\\t\"", "\"a\\u0000bA\xC3\xA9\xF0\x9F\x98\x80\\t\""},
	};

	CHECK(cases);
}

/* Chapters 6.8.1, 6.9 and 10. */
static void
test_tags(void)
{
	static const Case cases[] = {
		{"!!str 12", "\"12\""},
		{"! 12", "\"12\""},
		{"!!int \"12\"", "12"},
		{"!!int twelve", "\"twelve\""},
		{"!!float 1", "1"},
		{"!!null ''", "null"},
		{"!!bool 'true'", "true"},
		{"!Ref 12", "12"},
		{"!local '12'", "\"12\""},
		{"!!binary aGk=", "\"aGk=\""},
		{"!<tag:yaml.org,2002:str> true", "\"true\""},
		{"%TAG !e! tag:example.com,2000:\n---\n!e!x {a: !e!y b}", "{\"a\":\"b\"}"},
		{"!!map {a: !!seq [1]}", "{\"a\":[1]}"},
		{"!!set {a, b}", "{\"a\":null,\"b\":null}"},
	};

	CHECK(cases);
}

/* Chapters 7 and 8. */
static void
test_structure(void)
{
	static const Case cases[] = {
		{"", "null"},
		{"# only a comment\n", "null"},
		{"--- \n...\n", "null"},
		{"\xEF\xBB\xBF"
		 "a: 1\nb: 2",
		 "{\"a\":1,\"b\":2}"},
		{"%YAML 1.2\n---\na: 1\n", "{\"a\":1}"},
		{"a: 1\n---\nb: 2\n", "{\"a\":1}"},
		{"a: 1\n...\n", "{\"a\":1}"},
		{"- a\n- - b\n  - c\n-\n  d: 1\n  e: 2\n- f: 3\n  g:\n  - 4\n",
		 "[\"a\",[\"b\",\"c\"],{\"d\":1,\"e\":2},{\"f\":3,\"g\":[4]}]"},
		{"{a: 1, b: [x, 'y', {z: }], \"c\":3, d}", "{\"a\":1,\"b\":[\"x\",\"y\",{\"z\":null}],\"c\":3,\"d\":null}"},
		{"[a: 1, b]", "[{\"a\":1},\"b\"]"},
		{"? a\n: b\n? c\n", "{\"a\":\"b\",\"c\":null}"},
		{"200: ok\ntrue: t\nnull: n\n1.50: f\n0x10: h\n", "{\"200\":\"ok\",\"true\":\"t\",\"null\":\"n\",\"1.50\":\"f\",\"0x10\":\"h\"}"},
		{"'200': a\n\"x y\": b\nx z: c\n", "{\"200\":\"a\",\"x y\":\"b\",\"x z\":\"c\"}"},
		{"a: 1\nb: 2\na: 3\n", "{\"a\":3,\"b\":2}"},
		{"a: |\n  x\n   y\n\n  z\nb: >-\n  x\n  y\n\n  z\nc: |+\n  t\n\nd: |2\n    i\n",
		 "{\"a\":\"x\\n y\\n\\nz\\n\",\"b\":\"x y\\nz\",\"c\":\"t\\n\\n\",\"d\":\"  i\\n\"}"},
		{"a: x\n  y\n\n  z # c\nb: 'it''s\n  so'\nc: \"x \\\n  y\"\n",
		 "{\"a\":\"x y\\nz\",\"b\":\"it's so\",\"c\":\"x y\"}"},
		{"a: http://x/y#z\nb: a:b\nc: a #b\nd: \"#\"\n", "{\"a\":\"http://x/y#z\",\"b\":\"a:b\",\"c\":\"a\",\"d\":\"#\"}"},
		{"/users/{id}:\n  get: {responses: {200: {description: ok}}}\n",
		 "{\"/users/{id}\":{\"get\":{\"responses\":{\"200\":{\"description\":\"ok\"}}}}}"},
		{"pattern: '^[a-z]+$'\nq: ^\\d+$\n", "{\"pattern\":\"^[a-z]+$\",\"q\":\"^\\\\d+$\"}"},
		{"\"a\": {\"b\": [1,2,{\"c\":null}]}", "{\"a\":{\"b\":[1,2,{\"c\":null}]}}"},
		{"a:\r\n- 1\r\n- 2\r\n", "{\"a\":[1,2]}"},
	};

	CHECK(cases);
}

/* Chapter 7.1 and the merge key of YAML 1.1's type repository. */
static void
test_aliases(void)
{
	static const Case cases[] = {
		{"a: &x {n: 1}\nb: *x\nc: [*x, *x]", "{\"a\":{\"n\":1},\"b\":{\"n\":1},\"c\":[{\"n\":1},{\"n\":1}]}"},
		{"a: &x 1\nb: *x\nc: &x 2\nd: *x", "{\"a\":1,\"b\":1,\"c\":2,\"d\":2}"},
		{"- &k 200\n- {*k : v}", "[200,{\"200\":\"v\"}]"},
		{"- &n\n- *n", "[null,null]"},
		{"base: &b {x: 1, y: 2}\nd:\n  <<: *b\n  y: 3", "{\"base\":{\"x\":1,\"y\":2},\"d\":{\"y\":3,\"x\":1}}"},
		{"- &a {x: 1}\n- &b {x: 2, z: 3}\n- <<: [*a, *b]\n  w: 0", "[{\"x\":1},{\"x\":2,\"z\":3},{\"w\":0,\"x\":1,\"z\":3}]"},
		{"<<: {a: 1}\na: 2", "{\"a\":2}"},
		{"<<: 5\n", "{\"<<\":5}"},
		{"'<<': {a: 1}\n", "{\"<<\":{\"a\":1}}"},
		{"a: &x {n: 1}\na: 2\nb: *x", "{\"a\":2,\"b\":{\"n\":1}}"},
	};

	CHECK(cases);
}

static void
test_errors(void)
{
	static const Case cases[] = {
		{"a: [1, 2\n", "malformed: YAML document is malformed: did not find expected ',' or ']' at line 2, column 1"},
		{"a: b: c", "malformed: YAML document is malformed: mapping values are not allowed in this context at line 1, column 5"},
		{"a:\n\t- b", "malformed: YAML document is malformed: found character that cannot start any token at line 2, column 1"},
		{"a: *x", "malformed: YAML document has an alias without its anchor at line 1, column 4"},
		{"a: &x [1, *x]", "malformed: YAML document has an alias to a node that it stands in at line 1, column 11"},
		{"? [a]\n: b", "malformed: YAML document has a key that is no scalar at line 1, column 5"},
		{"a: \"\\q\"", "malformed: YAML document is malformed: found unknown escape character at line 1, column 5"},
		{"a: \xFF", "malformed: YAML document is malformed: invalid leading UTF-8 octet at byte 3"},
		{"a: \xED\xA0\x80", "malformed: YAML document is malformed: invalid Unicode character at byte 3"},
		{"a: \x01", "malformed: YAML document is malformed: control characters are not allowed at byte 3"},
		{"[a]\nb: 1", "malformed: YAML document is malformed: did not find expected <document start> at line 2, column 1"},
		{"'open", "malformed: YAML document is malformed: found unexpected end of stream at line 1, column 6"},
	};

	CHECK(cases);
}

/* "a0: &a0 [x,...]", then each the former ten times. */
static void
test_bombs(void)
{
	StringInfoData text;
	AcJson *doc;
	AcError err;
	int i;
	int j;

	initStringInfo(&text);
	appendStringInfoString(&text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
	for (i = 1; i < 30; i++)
	{
		appendStringInfo(&text, "a%d: &a%d [", i, i);
		for (j = 0; j < 10; j++)
			appendStringInfo(&text, "%s*a%d", j > 0 ? "," : "", i - 1);
		appendStringInfoString(&text, "]\n");
	}
	ok(!parse(text.data, text.len, &doc, &err), "a billion laughs");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
	resetStringInfo(&text);
	appendStringInfoString(&text, "a: &a {");
	for (i = 0; i < 5000; i++)
		appendStringInfo(&text, "k%d: , ", i);
	appendStringInfoString(&text, "}\nb:\n");
	for (i = 0; i < 5000; i++)
		appendStringInfoString(&text, "- {<<: *a}\n");
	ok(!parse(text.data, text.len, &doc, &err), "quadratic merging");
	is_int(err.code, AC_ERR_TOO_LARGE, "is too much");
	resetStringInfo(&text);
	for (i = 0; i < 1000000; i++)
		appendStringInfoString(&text, "- {}\n");
	ok(!parse(text.data, text.len, &doc, &err), "a million empty objects");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
	resetStringInfo(&text);
	for (i = 0; i < 100000; i++)
		appendStringInfo(&text, "%%TAG !%d! x\n", i);
	ok(!parse(text.data, text.len, &doc, &err), "directives");
	is_int(err.code, AC_ERR_TOO_LARGE, "are counted");
	resetStringInfo(&text);
	for (i = 0; i < 300; i++)
		appendStringInfoChar(&text, '[');
	ok(!parse(text.data, text.len, &doc, &err), "300 levels");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too deep");
	is_str(err.message, "YAML document nests deeper than 256 levels", "and it says so");
	pfree(text.data);
}

static void
test_sharing(void)
{
	static const char text[] = "a: &x {n: 1}\nb: *x\n";
	AcJson *doc;
	AcError err;

	parse(text, strlen(text), &doc, &err);
	ok(ac_json_get(doc, "a") == ac_json_get(doc, "b"), "an alias shares its node");
	ac_json_free(doc);
}

static void
test_interrupt(void)
{
	StringInfoData text;
	AcJsonText input = {NULL, 0, AC_JSON_MAX_DEPTH, count_interrupts};
	AcJson *doc;
	AcError err;
	int i;

	initStringInfo(&text);
	for (i = 0; i < 100000; i++)
		appendStringInfoString(&text, "- abc\n");
	input.text = text.data;
	input.len = text.len;
	ok(!ac_yaml_parse(&input, &doc, &err), "a long text can be interrupted");
	is_int(err.code, AC_ERR_INTERRUPTED, "and says so");
	is_int(interrupts, 3, "as soon as it is");
	pfree(text.data);
}

/* Memory that runs out anywhere is an error or a missing part, no crash. */
static void
test_no_memory(void)
{
	static const char text[] = "a: &x {b: [1, 2.5, c]}\nd: *x\n<<: *x\n";
	int i;

	for (i = 0; i < 60; i++)
	{
		AcJson *doc = NULL;
		AcError err;

		ac_alloc_fail_malloc_after(i);
		if (parse(text, strlen(text), &doc, &err))
			ac_json_free(doc);
		ac_alloc_reset();
	}
	ok(true, "out of memory");
}

int
main(void)
{
	test_scalars();
	test_tags();
	test_structure();
	test_aliases();
	test_errors();
	test_bombs();
	test_sharing();
	test_interrupt();
	test_no_memory();
	return done_testing();
}
