/*
 * test_field.c
 *		Is the text of a field what RFC 8259 section 7 says it is?
 */
#include "tap.h"

#include "core/field.h"

#include "jsongen.h"
#include "jsonref.h"

/* A field for a piece of JSON, in memory of exactly its size. */
static AcField
field_for(const char *json)
{
	AcField field = {AC_FIELD_NUMBER, false, NULL, strlen(json)};
	char *copy;

	if (*json == '"')
	{
		field.kind = AC_FIELD_STRING;
		field.escaped = strchr(json, '\\') != NULL;
		json++;
		field.len -= 2;
	}
	copy = palloc(field.len);
	memcpy(copy, json, field.len);
	field.text = copy;
	return field;
}

static void
test_decode(void)
{
	static const struct
	{
		const char *json;
		const char *text;
	} cases[] = {
		{"\"\"", ""},
		{"\"plain\"", "plain"},
		{"\"gr\xC3\xBC\xC3\x9F\"", "gr\xC3\xBC\xC3\x9F"},
		{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
		{"\"\\u0041\"", "A"},
		{"\"x\\u00e4y\\u00C4z\"", "x\xC3\xA4y\xC3\x84z"},
		{"\"\\u20ac\"", "\xE2\x82\xAC"},
		{"\"\\uFFFF\"", "\xEF\xBF\xBF"},
		{"\"\\u0001\"", "\x01"},
		{"\"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80"},
		{"\"\\uD800\\uDC00\"", "\xF0\x90\x80\x80"},
		{"\"\\udbff\\udfff\"", "\xF4\x8F\xBF\xBF"},
		{"\"\\\\u0000\"", "\\u0000"},
		{"\"\\\\\\\\\"", "\\\\"},
		{"\"a\\nb\\nc\"", "a\nb\nc"},
		{"\"\\ud83d\\ude00\\ud83d\\ude00\"", "\xF0\x9F\x98\x80\xF0\x9F\x98\x80"},
		{"1.50", "1.50"},
		{"12345678901234567890123", "12345678901234567890123"},
		{"1E400", "1E400"},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcField field = field_for(cases[i].json);
		StringInfoData out;
		AcError err;

		initStringInfo(&out);
		appendStringInfoString(&out, "before:");
		ok(ac_field_decode(&field, &out, &err), "decode %s", cases[i].json);
		is_str(out.data, psprintf("before:%s", cases[i].text), "%s", cases[i].json);
		ok(ac_field_equals(&field, cases[i].text, strlen(cases[i].text)),
		   "%s equals its text", cases[i].json);
	}
}

static void
test_refused(void)
{
	static const struct
	{
		const char *json;
		const char *message;
	} cases[] = {
		{"\"\\u0000\"", "text cannot hold \\u0000"},
		{"\"abc\\u0000def\"", "text cannot hold \\u0000"},
		{"\"\\ud800\"", "\"\\ud800\" is half of a surrogate pair"},
		{"\"x\\uDBFFx\"", "\"\\uDBFF\" is half of a surrogate pair"},
		{"\"\\udc00\"", "\"\\udc00\" is half of a surrogate pair"},
		{"\"\\ud800\\u0041\"", "\"\\ud800\" is half of a surrogate pair"},
		{"\"\\ud800\\ud800\"", "\"\\ud800\" is half of a surrogate pair"},
		{"\"\\ud800\\n12345\"", "\"\\ud800\" is half of a surrogate pair"},
		{"\"\\ud83d\\ude00\\ude00\"", "\"\\ude00\" is half of a surrogate pair"},
		{"\"\\ud800 \\udc00\"", "\"\\ud800\" is half of a surrogate pair"},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcField field = field_for(cases[i].json);
		StringInfoData out;
		AcError err;

		initStringInfo(&out);
		appendStringInfoString(&out, "before");
		ok(!ac_field_decode(&field, &out, &err), "refuse %s", cases[i].json);
		is_int(err.code, AC_ERR_VALUE, "%s: code", cases[i].json);
		is_str(err.message, cases[i].message, "%s: message", cases[i].json);
		is_str(out.data, "before", "%s: nothing was added", cases[i].json);
		ok(!ac_field_equals(&field, "", 0), "%s equals nothing", cases[i].json);
	}
}

static void
test_too_large(void)
{
	AcField field = {AC_FIELD_STRING, false, "", (size_t) 1 << 30};
	StringInfoData out;
	AcError err;

	initStringInfo(&out);
	ok(!ac_field_decode(&field, &out, &err), "a value of 1 GB");
	is_int(err.code, AC_ERR_TOO_LARGE, "is too large for text");
}

static void
test_absent(void)
{
	AcField field = {AC_FIELD_ABSENT, false, NULL, 0};
	StringInfoData out;
	AcError err;

	initStringInfo(&out);
	ok(ac_field_decode(&field, &out, &err), "an absent field");
	is_str(out.data, "", "has no text");
}

static void
test_equals(void)
{
	static const struct
	{
		const char *json;
		const char *text;
		bool equal;
	} cases[] = {
		{"\"abc\"", "abc", true},
		{"\"abc\"", "ab", false},
		{"\"abc\"", "abcd", false},
		{"\"abc\"", "abd", false},
		{"\"\"", "", true},
		{"\"\\u0061bc\"", "abc", true},
		{"\"ab\\u0063\"", "abc", true},
		{"\"ab\\u0063\"", "ab", false},
		{"\"ab\\u0063\"", "abcd", false},
		{"\"ab\\u0063d\"", "abce", false},
		{"\"\\u00e4\"", "\xC3", false},
		{"\"\\u00e4\"", "\xC3\xA4", true},
		{"\"\\n\"", "n", false},
		{"\"\\n\"", "\\n", false},
		{"12", "12", true},
		{"1.0", "1", false},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcField field = field_for(cases[i].json);
		size_t len = strlen(cases[i].text);
		char *text = malloc(len > 0 ? len : 1);

		memcpy(text, cases[i].text, len);
		is_int(ac_field_equals(&field, text, len), cases[i].equal,
			   "%s and \"%s\"", cases[i].json, cases[i].text);
		free(text);
	}
}

/* Whatever decodes is UTF-8, equals itself, and differs when changed. */
static void
test_random(void)
{
	StringInfoData json;
	JsonGen gen = {.state = 8, .out = &json};
	int wrong = 0;

	initStringInfo(&json);
	for (int i = 0; i < 5000; i++)
	{
		AcField field;
		StringInfoData out;
		AcError err;
		JsonRef ref = {0};

		resetStringInfo(&json);
		initStringInfo(&out);
		jsongen_string(&gen);
		field = field_for(json.data);
		wrong += !ac_field_decode(&field, &out, &err);
		wrong += !ac_field_equals(&field, out.data, (size_t) out.len);
		ref.text = (unsigned char *) out.data;
		ref.len = (size_t) out.len;
		while (ref.at < ref.len)
		{
			if (ref.text[ref.at] < 0x80)
				ref.at++;
			else if (!jsonref_utf8(&ref))
			{
				wrong++;
				break;
			}
		}
		if (out.len > 0)
		{
			wrong += ac_field_equals(&field, out.data, (size_t) out.len - 1);
			out.data[jsongen_below(&gen, (uint32) out.len)] ^= 1;
			wrong += ac_field_equals(&field, out.data, (size_t) out.len);
		}
	}
	is_int(wrong, 0, "random strings");
}

static void
test_names(void)
{
	is_str(ac_field_kind_name(AC_FIELD_ABSENT), "absent", "first kind");
	is_str(ac_field_kind_name(AC_FIELD_ARRAY), "array", "last kind");
}

int
main(void)
{
	test_decode();
	test_refused();
	test_too_large();
	test_absent();
	test_equals();
	test_random();
	test_names();
	return done_testing();
}
