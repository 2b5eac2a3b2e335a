/*
 * jsongen.h
 *		What would a random, but valid, JSON document look like?
 *
 * Few different keys, so that pointers hit and keys occur twice; every kind of
 * value, escape and white space; strings around the lengths at which vector
 * code changes its way.
 */
#ifndef AC_TEST_JSONGEN_H
#define AC_TEST_JSONGEN_H

#include "tap.h"

typedef struct JsonGen
{
	uint64 state; /* of tap_random() */
	StringInfo out;
	bool spaces; /* white space between tokens */
} JsonGen;

/* Keys, and as what they stand in a JSON Pointer. */
static const struct
{
	const char *key;
	const char *token;
} jsongen_keys[] = {
	{"id", "id"},
	{"a", "a"},
	{"b", "b"},
	{"", ""},
	{"0", "0"},
	{"c~d", "c~0d"},
	{"e/f", "e~1f"},
	{"gr\xC3\xB6\xC3\x9F"
	 "e",
	 "gr\xC3\xB6\xC3\x9F"
	 "e"},
	{"exactly_8", "exactly_8"},
	{"just_over_sixteen", "just_over_sixteen"},
	{"just_over_sixteem", "just_over_sixteem"},
};

static inline uint32
jsongen_below(JsonGen *gen, uint32 limit)
{
	return (uint32) (tap_random(&gen->state) % limit);
}

static inline const char *
jsongen_pick(JsonGen *gen, const char *const *choices, size_t n)
{
	return choices[jsongen_below(gen, (uint32) n)];
}

static inline void
jsongen_space(JsonGen *gen)
{
	static const char *const spaces[] = {
		"", "", "", " ", "\n", "\t\r\n", "                    "};

	if (gen->spaces)
		appendStringInfoString(gen->out,
							   jsongen_pick(gen, spaces, lengthof(spaces)));
}

static inline void
jsongen_string(JsonGen *gen)
{
	static const char *const pieces[] = {
		"a", "B", " ", "7", "some words", "sixteen bytes ..", "\xC3\xBC",
		"\xE4\xB8\xAD", "\xF0\x9F\x98\x80", "\\n", "\\\"", "\\\\", "\\/",
		"\\u00e4", "\\u4E2d", "\\ud83d\\uDE00", "\\t\\b\\f\\r", "\x7F"};
	uint32 n = jsongen_below(gen, 8);

	appendStringInfoChar(gen->out, '"');
	while (n-- > 0)
		appendStringInfoString(gen->out,
							   jsongen_pick(gen, pieces, lengthof(pieces)));
	appendStringInfoChar(gen->out, '"');
}

static inline void
jsongen_number(JsonGen *gen)
{
	static const char *const numbers[] = {
		"0", "1", "-1", "42", "9007199254740993", "-9223372036854775808",
		"1.5", "-0.25", "1e3", "1E-3", "2.5e+10", "0.1", "123456.789012345"};

	appendStringInfoString(gen->out,
						   jsongen_pick(gen, numbers, lengthof(numbers)));
}

/* A key, one in eight with its letters as escapes. */
static inline void
jsongen_key(JsonGen *gen)
{
	const char *key = jsongen_keys[jsongen_below(gen, lengthof(jsongen_keys))].key;
	bool escape = jsongen_below(gen, 8) == 0;

	appendStringInfoChar(gen->out, '"');
	for (; *key; key++)
	{
		if (escape && *key > ' ')
			appendStringInfo(gen->out, "\\u%04x", (unsigned) *key);
		else
			appendStringInfoChar(gen->out, *key);
	}
	appendStringInfoChar(gen->out, '"');
}

static void jsongen_value(JsonGen *gen, int depth);

static inline void
jsongen_container(JsonGen *gen, bool object, int depth)
{
	uint32 n = jsongen_below(gen, object ? 7 : 5);

	appendStringInfoChar(gen->out, object ? '{' : '[');
	jsongen_space(gen);
	for (uint32 i = 0; i < n; i++)
	{
		if (i > 0)
		{
			appendStringInfoChar(gen->out, ',');
			jsongen_space(gen);
		}
		if (object)
		{
			jsongen_key(gen);
			jsongen_space(gen);
			appendStringInfoChar(gen->out, ':');
			jsongen_space(gen);
		}
		jsongen_value(gen, depth + 1);
		jsongen_space(gen);
	}
	appendStringInfoChar(gen->out, object ? '}' : ']');
}

/* The deeper, the likelier a scalar. */
static void
jsongen_value(JsonGen *gen, int depth)
{
	static const char *const literals[] = {"true", "false", "null"};

	if (jsongen_below(gen, 6) >= (uint32) depth)
	{
		jsongen_container(gen, jsongen_below(gen, 3) > 0, depth);
		return;
	}
	switch (jsongen_below(gen, 3))
	{
		case 0:
			jsongen_string(gen);
			break;
		case 1:
			jsongen_number(gen);
			break;
		default:
			appendStringInfoString(gen->out,
								   jsongen_pick(gen, literals, lengthof(literals)));
			break;
	}
}

/* A random JSON Pointer of up to max_tokens tokens, palloc'd. */
static inline char *
jsongen_pointer(JsonGen *gen, uint32 max_tokens)
{
	static const char *const indices[] = {"0", "1", "2", "3", "-", "01", "00"};
	StringInfoData pointer;
	uint32 n = jsongen_below(gen, max_tokens + 1);

	initStringInfo(&pointer);
	while (n-- > 0)
	{
		uint32 key = jsongen_below(gen, lengthof(jsongen_keys) + 4);

		appendStringInfo(&pointer, "/%s",
						 key < lengthof(jsongen_keys)
							 ? jsongen_keys[key].token
							 : jsongen_pick(gen, indices, lengthof(indices)));
	}
	return pointer.data;
}

#endif /* AC_TEST_JSONGEN_H */
