/*
 * test_jsonvalid.c
 *		Does the validator accept RFC 8259 and nothing else?
 */
#include "tap.h"

#include "core/jsonstops.h"
#include "core/jsonvalid.h"

#include "jsongen.h"
#include "jsonref.h"

#define DEPTH 256

/* A text that may hold NUL bytes. */
typedef struct Text
{
	const char *text;
	size_t len;
} Text;

#define T(literal)                      \
	{                                   \
		literal, sizeof(literal "") - 1 \
	}

static const Text valid[] = {
	/* scalars at the top */
	T("0"),
	T("-0"),
	T("1"),
	T("-1"),
	T("10"),
	T("1234567890123456"),
	T("12345678901234567"),
	T("123456789012345678901234567890123456789"),
	T("0.5"),
	T("-0.0"),
	T("1.0123456789012345678"),
	T("1e5"),
	T("1E5"),
	T("1e+5"),
	T("1e-05"),
	T("0e0"),
	T("0E+00"),
	T("1.5e300"),
	T("1e999999"),
	T("true"),
	T("false"),
	T("null"),
	T("\"\""),
	T("\"a\""),
	/* white space */
	T(" 1"),
	T("1 "),
	T("\t\n\r 1 \t\n\r"),
	T(" [ 1 , 2 ] "),
	T("{ \"a\" : 1 , \"b\" : [ ] }"),
	T("[\n                    1]"),
	T("                                 {}                      "),
	/* containers */
	T("[]"),
	T("{}"),
	T("[[]]"),
	T("[{}]"),
	T("{\"a\":{}}"),
	T("[1]"),
	T("[1,2,3]"),
	T("[[],[],[[]]]"),
	T("[null,true,false,\"\",0,{},[]]"),
	T("{\"a\":1,\"a\":2}"),
	T("{\"\":0}"),
	T("{\"a\":[{\"b\":[{}]}]}"),
	/* strings */
	T("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
	T("\"\\u0000\""),
	T("\"\\uABCD\""),
	T("\"\\uabcd\\uEf01\""),
	T("\"\\ud83d\\ude00\""),
	T("\"\\ud800\""),
	T("\"\\udc00\\ud800\""),
	T("\"\x7F\""),
	T("\"\\\\u0000\""),
	T("\"exactly 14 b..\""),
	T("\"exactly 15 by..\""),
	T("\"exactly 16 byt..\""),
	T("\"longer than two vectors of 16 bytes\""),
	T("\"\xC2\x80\""),
	T("\"\xDF\xBF\""),
	T("\"\xE0\xA0\x80\""),
	T("\"\xED\x9F\xBF\""),
	T("\"\xEE\x80\x80\""),
	T("\"\xEF\xBF\xBF\""),
	T("\"\xF0\x90\x80\x80\""),
	T("\"\xF4\x8F\xBF\xBF\""),
	T("\"\xEF\xBB\xBF\""),
	T("{\"\xC3\xA4\":\"\xE2\x82\xAC\"}"),
	T("\"\xE2\x80\xA8\xE2\x80\xA9\""),
	/* a byte order mark may be ignored, section 8.1 */
	T("\xEF\xBB\xBF{}"),
	T("\xEF\xBB\xBF 1"),
};

static const Text invalid[] = {
	/* nothing, or something behind the value */
	T(""),
	T(" "),
	T("\n"),
	T("\xEF\xBB\xBF"),
	T("1 2"),
	T("{}{}"),
	T("[]]"),
	T("{}}"),
	T("null,"),
	T("[],"),
	T("\"a\"b"),
	T("{}\0"),
	T("1\0"),
	T("[1]x"),
	T("true false"),
	T("[]//"),
	T("{} /* */"),
	T("\xEF\xBB\xBF\xEF\xBB\xBF{}"),
	/* numbers */
	T("-"),
	T("+1"),
	T("01"),
	T("-01"),
	T("00"),
	T("1."),
	T(".5"),
	T("-.5"),
	T("1.e5"),
	T("1e"),
	T("1e+"),
	T("1e-"),
	T("1ee5"),
	T("1e5.5"),
	T("1.2.3"),
	T("0x10"),
	T("1_000"),
	T("1,000"),
	T("--1"),
	T("-a"),
	T("1a"),
	T("0b1"),
	T("Infinity"),
	T("-Infinity"),
	T("NaN"),
	T("-NaN"),
	T("inf"),
	T("1.5f"),
	T("\xEF\xBC\x91"),
	T("[1.]"),
	T("[-]"),
	T("[- 1]"),
	T("[1 .5]"),
	T("[1e 5]"),
	T("012345678901234567890"),
	/* literals */
	T("t"),
	T("tru"),
	T("True"),
	T("TRUE"),
	T("truee"),
	T("nul"),
	T("nulll"),
	T("fals"),
	T("falsetrue"),
	T("undefined"),
	T("None"),
	T("[true false]"),
	T("n\0ll"),
	/* containers */
	T("["),
	T("]"),
	T("{"),
	T("}"),
	T("[1"),
	T("[1,"),
	T("[1,]"),
	T("[,1]"),
	T("[,]"),
	T("[1,,2]"),
	T("[1 2]"),
	T("[1:2]"),
	T("[1}"),
	T("{1:2}"),
	T("{\"a\"}"),
	T("{\"a\":}"),
	T("{\"a\":1"),
	T("{\"a\":1,"),
	T("{\"a\":1,}"),
	T("{,\"a\":1}"),
	T("{\"a\":1,,\"b\":2}"),
	T("{\"a\" 1}"),
	T("{\"a\",1}"),
	T("{\"a\"::1}"),
	T("{\"a\":1 \"b\":2}"),
	T("{\"a\":1]"),
	T("{a:1}"),
	T("{'a':1}"),
	T("{null:1}"),
	T("{[]:1}"),
	T("{\"a\":1:2}"),
	T("[[]"),
	T("{\"a\":{}"),
	T("[{]}"),
	T("[\"a\":1]"),
	T("{\"a\":[}]}"),
	T("{{}}"),
	T("(1)"),
	T("<html></html>"),
	T("*"),
	T("[1]\x0C"),
	T("[\x0B 1]"),
	T("\xC2\xA0{}"),
	T("{}\xC2\xA0"),
	T("\xE2\x80\x8B{}"),
	T("[1,\0 2]"),
	T("[\x01]"),
	/* strings */
	T("\""),
	T("\"a"),
	T("'a'"),
	T("\"a'"),
	T("\"\\\""),
	T("\"\\"),
	T("\"\\a\""),
	T("\"\\x41\""),
	T("\"\\'\""),
	T("\"\\0\""),
	T("\"\\u\""),
	T("\"\\u1\""),
	T("\"\\u12\""),
	T("\"\\u123\""),
	T("\"\\u123g\""),
	T("\"\\U1234\""),
	T("\"\\u 123\""),
	T("\"\\u12\"34\""),
	T("\"\\\n\""),
	T("\"\n\""),
	T("\"\t\""),
	T("\"\x1F\""),
	T("\"\0\""),
	T("\"a\0b\""),
	T("\"\\\0\""),
	T("\"\\u00\0\""),
	T("\"\\\xC3\xA4\""),
	T("\"longer than one vector \n\""),
	T("{\"\t\":1}"),
	T("[\"\\\"]"),
	/* UTF-8: stray and missing continuation */
	T("\"\x80\""),
	T("\"\xBF\""),
	T("\"\xC3\""),
	T("\"\xC3"),
	T("\"\xC3x\""),
	T("\"\xE2\x82\""),
	T("\"\xE2\""),
	T("\"\xE2\x82x\""),
	T("\"\xF0\x9F\x98\""),
	T("\"\xF0\x9F\""),
	T("\"\xF0\""),
	T("\"\xC3\xA4\x80\""),
	T("\"\xC3\xC3\xA4\""),
	/* overlong */
	T("\"\xC0\x80\""),
	T("\"\xC0\xAF\""),
	T("\"\xC1\xBF\""),
	T("\"\xE0\x80\xAF\""),
	T("\"\xE0\x9F\xBF\""),
	T("\"\xF0\x80\x80\xAF\""),
	T("\"\xF0\x8F\xBF\xBF\""),
	T("\"\xC0\xA2\""),
	/* surrogates, beyond U+10FFFF, five and six bytes, FE and FF */
	T("\"\xED\xA0\x80\""),
	T("\"\xED\xBF\xBF\""),
	T("\"\xED\xA0\xBD\xED\xB8\x80\""),
	T("\"\xF4\x90\x80\x80\""),
	T("\"\xF5\x80\x80\x80\""),
	T("\"\xF7\xBF\xBF\xBF\""),
	T("\"\xF8\x88\x80\x80\x80\""),
	T("\"\xFC\x84\x80\x80\x80\x80\""),
	T("\"\xFE\""),
	T("\"\xFF\""),
	/* other encodings */
	T("\xFF\xFE[\0]\0"),
	T("\xFE\xFF\0[\0]"),
	T("[\0]\0"),
	T("\xE4"),
	T("{\"caf\xE9\":1}"),
	T("\xEF\xBB{}"),
	T("{\"a\":\xEF\xBB\xBF 1}"),
};

/* The verdict on a copy that ends where its memory ends. */
static bool
check(const char *text, size_t len, int max_depth, AcError *err)
{
	char *copy = malloc(len > 0 ? len : 1);
	bool result;

	if (len > 0)
		memcpy(copy, text, len);
	ac_error_clear(err);
	result = ac_jsonvalid_check(copy, len, max_depth, err);
	free(copy);
	return result;
}

static void
test_cases(const Text *cases, size_t n, bool want)
{
	for (size_t i = 0; i < n; i++)
	{
		AcError err;
		bool got = check(cases[i].text, cases[i].len, DEPTH, &err);

		ok(got == want && err.code == (want ? AC_ERR_NONE : AC_ERR_MALFORMED),
		   "%s: case %zu, %zu bytes", want ? "valid" : "invalid", i,
		   cases[i].len);
		if (got != want)
			diag("text: %.*s", (int) cases[i].len, cases[i].text);
		if (jsonref_check(cases[i].text, cases[i].len, DEPTH) != want)
			ok(false, "the reference disagrees on case %zu", i);
	}
}

/* One bad byte or sequence at every distance from a vector's edge. */
static void
test_positions(void)
{
	static const char *const bad[] = {
		"\x01", "\x1F", "\n", "\x80", "\xC3", "\xC0\x80", "\xED\xA0\x80",
		"\xF4\x90\x80\x80", "\\x", "\\u12G4", "\xE2\x82", "\xF0\x9F\x98"};
	static const char *const good[] = {
		"\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\\n", "\\u0041", " "};
	int wrong = 0;
	AcError err;

	for (int before = 0; before < 40; before++)
	{
		for (int after = 0; after < 20; after += 19)
		{
			for (size_t i = 0; i < lengthof(bad); i++)
			{
				char *text = psprintf("[\"%*s%s%*s\"]", before, "", bad[i],
									  after, "");

				wrong += check(text, strlen(text), DEPTH, &err);
			}
			for (size_t i = 0; i < lengthof(good); i++)
			{
				char *text = psprintf("[\"%*s%s%*s\"]", before, "", good[i],
									  after, "");

				wrong += !check(text, strlen(text), DEPTH, &err);
			}
		}
	}
	is_int(wrong, 0, "faults and escapes at any distance from a vector's edge");
}

/* What a text gives when n bytes stand in front: its message, or "valid". */
static const char *
verdict_behind(const char *front, size_t n, const char *text, AcError *err)
{
	size_t len = n + strlen(text);
	char *whole = palloc(len);
	size_t front_len = strlen(front);

	for (size_t i = 0; i < n; i++)
		whole[i] = front[i % front_len];
	memcpy(whole + n, text, len - n);
	if (check(whole, len, DEPTH, err))
		snprintf(err->message, sizeof(err->message), "valid");
	if (strcmp(err->message, "valid") == 0 ? !jsonref_check(whole, len, DEPTH)
										   : jsonref_check(whole, len, DEPTH))
		snprintf(err->message, sizeof(err->message), "not the grammar's");
	pfree(whole);
	return err->message;
}

/* The message as it is with n bytes more in front. */
static char *
move_offset(const char *message, int n)
{
	const char *at = strstr(message, " at byte ");

	if (at == NULL)
		return pstrdup(message);
	at += strlen(" at byte ");
	return psprintf("%.*s%d%s", (int) (at - message), message, atoi(at) + n,
					at + strspn(at, "0123456789"));
}

/*
 * The lexer lists the stops of some KB at a time, in blocks.  Wherever a text
 * lies across such a border, and wherever it ends, the verdict is the same.
 */
static void
test_borders(void)
{
	static const char *const fronts[] = {" ", "\n ", "\r\n\t"};
	static const char *const texts[] = {
		"[\"plain\",\"\",{\"key\":\"value\",\"n\":-1.5e3}]",
		"[\"a\\\"b\\\\\",\"\\u00e4\\n\",\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"]",
		"\"\\\"\\\"\\\\\\\\\"", "{\n\t\"a\":\r\n[\n]\n}\n", "\"open", "\"open\\",
		"\"\\x\"", "\"\\u12G4\"", "\"\x01\"", "[\"\n\"]", "\"\xC3\"",
		"\"\xE2\x82\"", "\"\xC3\xA4\x80\"", "\"\xED\xA0\x80\"", "{\"a\":\"b\"\"c\"}",
		"[\"a\" \"b\"]", "[1,\xC3\xA4]", "[tru]", "12345678901234567890"};
	AcError err;
	int wrong = 0;

	for (size_t i = 0; i < lengthof(texts); i++)
	{
		char *want = pstrdup(verdict_behind(" ", 0, texts[i], &err));

		for (size_t front = 0; front < lengthof(fronts); front++)
		{
			for (int n = AC_JSONSTOPS_CHUNK - 100; n < AC_JSONSTOPS_CHUNK + 80; n++)
			{
				const char *got = verdict_behind(fronts[front], (size_t) n,
												 texts[i], &err);

				if (strcmp(got, move_offset(want, n)) != 0 && wrong++ == 0)
					diag("text %zu behind %d bytes: %s", i, n, got);
			}
		}
	}
	is_int(wrong, 0, "texts across the borders of blocks and chunks");
}

/* Strings of every length from one chunk into the next but one. */
static void
test_long_strings(void)
{
	static const char *const ends[] = {"\"", "\\n\"", "\xC3\xA4\"", "\\\"\"",
									   "\n\"", "\xC3\"", ""};
	char *text = palloc(3 * AC_JSONSTOPS_CHUNK);
	int wrong = 0;
	AcError err;

	for (size_t fill = 0; fill < 2; fill++)
	{
		memset(text, fill ? '\x7F' : 'a', 3 * AC_JSONSTOPS_CHUNK);
		text[0] = '"';
		for (size_t len = 2 * AC_JSONSTOPS_CHUNK - 70;
			 len < 2 * AC_JSONSTOPS_CHUNK + 70; len++)
		{
			for (size_t i = 0; i < lengthof(ends); i++)
			{
				char was[8];
				size_t n = strlen(ends[i]);

				memcpy(was, text + len, n);
				memcpy(text + len, ends[i], n);
				wrong += check(text, len + n, DEPTH, &err) !=
						 jsonref_check(text, len + n, DEPTH);
				memcpy(text + len, was, n);
			}
		}
	}
	is_int(wrong, 0, "strings over several chunks");
}

static void
test_messages(void)
{
	static const struct
	{
		Text text;
		const char *message;
	} cases[] = {
		{T("{\"a\":1,}"), "malformed JSON at byte 7: expected a quoted key, found \"}\""},
		{T("[1 2]"), "malformed JSON at byte 3: expected \",\" or \"]\", found \"2]\""},
		{T("{\"a\" 1}"), "malformed JSON at byte 5: expected \":\", found \"1}\""},
		{T("[tru]"), "malformed JSON at byte 1: expected a value, found \"tru]\""},
		{T("[1"), "malformed JSON at byte 2: expected \",\" or \"]\", found the end"},
		{T(""), "malformed JSON at byte 0: expected a value, found the end"},
		{T("{} x"), "malformed JSON at byte 3: expected the end, found \"x\""},
		{T("\"abc"), "malformed JSON at byte 4: expected a closing quote, found the end"},
		{T("\"a\nb\""), "malformed JSON at byte 2: expected no control character, found \"\\x0Ab\\\"\""},
		{T("\"\xFFz\""), "malformed JSON at byte 1: expected valid UTF-8, found \"\\xFFz\\\"\""},
		{T("[1.]"), "malformed JSON at byte 3: expected a digit, found \"]\""},
		{T("[007]"), "malformed JSON at byte 1: expected a number without leading zeros, found \"007]\""},
		{T("\"\\q\""), "malformed JSON at byte 2: expected an escape character, found \"q\\\"\""},
		{T("\"\\u00x\""), "malformed JSON at byte 5: expected a hexadecimal digit, found \"x\\\"\""},
		{T("<!DOCTYPE html><html lang=\"en\"><head>"),
		 "malformed JSON at byte 0: expected a value, found \"<!DOCTYPE html><html lang=\\\"en\\\"\""},
		{T("\xEF\xBB\xBF?"), "malformed JSON at byte 3: expected a value, found \"?\""},
		{T("?\0\0"), "malformed JSON at byte 0: expected a value, found \"?\\x00\\x00\""},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcError err;

		check(cases[i].text.text, cases[i].text.len, DEPTH, &err);
		is_str(err.message, cases[i].message, "message %zu", i);
	}
}

/* n times opening, and, if asked for, n times closing. */
static bool
check_nested(const char *open, const char *close, int n, AcError *err)
{
	StringInfoData text;
	bool result;

	initStringInfo(&text);
	for (int i = 0; i < n; i++)
		appendStringInfoString(&text, open);
	for (int i = 0; i < n; i++)
		appendStringInfoString(&text, close);
	result = check(text.data, (size_t) text.len, 8, err);
	pfree(text.data);
	return result;
}

static void
test_depth(void)
{
	AcError err;

	ok(check_nested("[", "]", 8, &err), "8 arrays");
	ok(!check_nested("[", "]", 9, &err), "9 arrays");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
	is_str(err.message, "JSON is nested more than 8 levels deep at byte 8",
		   "and said to be");
	ok(check_nested("{\"a\":[", "]}", 4, &err), "8 mixed containers");
	ok(!check_nested("{\"a\":", "}", 9, &err), "9 objects");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
	ok(!check_nested("[", "", 100000, &err), "100,000 open brackets");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
	ok(!check_nested("[[[{\"a\":", "", 8, &err), "mixed open brackets");
	ok(check("[[[[]]],[[[[[]]]]]]", 19, 6, &err), "depth is not a count");
}

/*
 * Random documents, each cut at every byte and with every byte changed to
 * something: the verdict is the grammar's.
 */
static void
test_against_reference(void)
{
	StringInfoData out;
	JsonGen gen = {.state = 8259, .out = &out};
	AcError err;
	int rejected = 0;
	int cut_accepted = 0;
	int disagreed = 0;

	diag("seed %d", (int) gen.state);
	initStringInfo(&out);
	for (int i = 0; i < 300; i++)
	{
		resetStringInfo(&out);
		gen.spaces = i % 2;
		jsongen_container(&gen, i % 3 > 0, 1);
		rejected += !check(out.data, (size_t) out.len, DEPTH, &err);
		for (int cut = 0; cut < out.len && cut < 2000; cut++)
			cut_accepted += check(out.data, (size_t) cut, DEPTH, &err);
		for (int at = 0; at < out.len && at < 2000; at++)
		{
			char was = out.data[at];

			out.data[at] = (char) jsongen_below(&gen, 256);
			disagreed += check(out.data, (size_t) out.len, DEPTH, &err) !=
						 jsonref_check(out.data, (size_t) out.len, DEPTH);
			out.data[at] = was;
		}
	}
	is_int(rejected, 0, "random documents are valid");
	is_int(cut_accepted, 0, "cut short they are not");
	is_int(disagreed, 0, "with a byte changed they are what the grammar says");
}

/* Texts over a small alphabet, most of them nearly valid. */
static void
test_small_texts(void)
{
	static const char alphabet[] = "[]{}:,\"a0-.e1t\\ ";
	uint64 state = 71;
	AcError err;
	int disagreed = 0;
	int accepted = 0;

	for (int i = 0; i < 200000; i++)
	{
		char text[8];
		size_t len = 1 + tap_random(&state) % 6;
		bool want;

		for (size_t j = 0; j < len; j++)
			text[j] = alphabet[tap_random(&state) % (sizeof(alphabet) - 1)];
		want = jsonref_check(text, len, DEPTH);
		accepted += want;
		disagreed += check(text, len, DEPTH, &err) != want;
	}
	ok(accepted > 500, "%d of the small texts are valid", accepted);
	is_int(disagreed, 0, "small texts are what the grammar says");
}

static void
test_no_memory(void)
{
	AcError err;

	ac_alloc_fail_malloc_after(0);
	ok(!ac_jsonvalid_check("[]", 2, DEPTH, &err), "no memory for the copy");
	is_int(err.code, AC_ERR_NO_MEMORY, "is an error");
	ac_alloc_reset();
}

int
main(void)
{
	test_cases(valid, lengthof(valid), true);
	test_cases(invalid, lengthof(invalid), false);
	test_positions();
	test_borders();
	test_long_strings();
	test_messages();
	test_depth();
	test_against_reference();
	test_small_texts();
	test_no_memory();
	return done_testing();
}
