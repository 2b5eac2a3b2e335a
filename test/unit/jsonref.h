/*
 * jsonref.h
 *		What does RFC 8259 say about a text, read off its grammar?
 *
 * The slow, obvious validator against which tests hold the fast one: one
 * function per production, one byte at a time, recursion, and UTF-8 checked
 * by computing the code point.  Shares nothing with the code under test.
 */
#ifndef AC_TEST_JSONREF_H
#define AC_TEST_JSONREF_H

#include "ac.h"

typedef struct JsonRef
{
	const unsigned char *text;
	size_t len;
	size_t at;
	int max_depth;
} JsonRef;

static bool jsonref_value(JsonRef *ref, int depth);

/* The byte at the position, -1 at the end. */
static inline int
jsonref_peek(const JsonRef *ref)
{
	return ref->at < ref->len ? ref->text[ref->at] : -1;
}

static inline bool
jsonref_take(JsonRef *ref, int c)
{
	if (jsonref_peek(ref) != c)
		return false;
	ref->at++;
	return true;
}

static inline void
jsonref_space(JsonRef *ref)
{
	while (jsonref_take(ref, ' ') || jsonref_take(ref, '\t') ||
		   jsonref_take(ref, '\n') || jsonref_take(ref, '\r'))
		;
}

static inline bool
jsonref_word(JsonRef *ref, const char *word)
{
	for (; *word; word++)
		if (!jsonref_take(ref, *word))
			return false;
	return true;
}

static inline bool
jsonref_digits(JsonRef *ref)
{
	size_t start = ref->at;

	while (jsonref_peek(ref) >= '0' && jsonref_peek(ref) <= '9')
		ref->at++;
	return ref->at > start;
}

static inline bool
jsonref_number(JsonRef *ref)
{
	jsonref_take(ref, '-');
	if (!jsonref_take(ref, '0') && !jsonref_digits(ref))
		return false;
	if (jsonref_take(ref, '.') && !jsonref_digits(ref))
		return false;
	if (jsonref_take(ref, 'e') || jsonref_take(ref, 'E'))
	{
		if (!jsonref_take(ref, '+'))
			jsonref_take(ref, '-');
		return jsonref_digits(ref);
	}
	return true;
}

/* RFC 3629: decode, then ask whether it was the shortest form of a scalar. */
static inline bool
jsonref_utf8(JsonRef *ref)
{
	static const uint32 least[] = {0, 0, 0x80, 0x800, 0x10000};
	int first = jsonref_peek(ref);
	int len = first < 0xC0 ? 0 : first < 0xE0 ? 2
							 : first < 0xF0	  ? 3
							 : first < 0xF8	  ? 4
											  : 0;
	uint32 code;

	if (len == 0)
		return false;
	code = (uint32) first & (0xFFu >> (len + 1));
	ref->at++;
	for (int i = 1; i < len; i++, ref->at++)
	{
		int c = jsonref_peek(ref);

		if (c < 0x80 || c > 0xBF)
			return false;
		code = code << 6 | (uint32) (c & 0x3F);
	}
	return code >= least[len] && code <= 0x10FFFF &&
		   (code < 0xD800 || code > 0xDFFF);
}

static inline bool
jsonref_escape(JsonRef *ref)
{
	int c = jsonref_peek(ref);

	ref->at++;
	if (c != 'u')
		return c > 0 && strchr("\"\\/bfnrt", c) != NULL;
	for (int i = 0; i < 4; i++, ref->at++)
	{
		c = jsonref_peek(ref);
		if (c <= 0 || strchr("0123456789abcdefABCDEF", c) == NULL)
			return false;
	}
	return true;
}

static inline bool
jsonref_string(JsonRef *ref)
{
	if (!jsonref_take(ref, '"'))
		return false;
	while (!jsonref_take(ref, '"'))
	{
		int c = jsonref_peek(ref);

		if (c < 0x20)
			return false;
		if (jsonref_take(ref, '\\'))
		{
			if (!jsonref_escape(ref))
				return false;
		}
		else if (c < 0x80)
			ref->at++;
		else if (!jsonref_utf8(ref))
			return false;
	}
	return true;
}

/* Array or object; for the latter each value has a key in front. */
static inline bool
jsonref_container(JsonRef *ref, bool object, int depth)
{
	int close = object ? '}' : ']';

	if (depth > ref->max_depth)
		return false;
	ref->at++;
	jsonref_space(ref);
	if (jsonref_take(ref, close))
		return true;
	do
	{
		jsonref_space(ref);
		if (object)
		{
			if (!jsonref_string(ref))
				return false;
			jsonref_space(ref);
			if (!jsonref_take(ref, ':'))
				return false;
			jsonref_space(ref);
		}
		if (!jsonref_value(ref, depth))
			return false;
		jsonref_space(ref);
	}
	while (jsonref_take(ref, ','));
	return jsonref_take(ref, close);
}

static bool
jsonref_value(JsonRef *ref, int depth)
{
	switch (jsonref_peek(ref))
	{
		case '{':
		case '[':
			return jsonref_container(ref, jsonref_peek(ref) == '{', depth + 1);
		case '"':
			return jsonref_string(ref);
		case 't':
			return jsonref_word(ref, "true");
		case 'f':
			return jsonref_word(ref, "false");
		case 'n':
			return jsonref_word(ref, "null");
		default:
			return jsonref_number(ref);
	}
}

/* The verdict on a whole text; a byte order mark in front is allowed. */
static inline bool
jsonref_check(const char *text, size_t len, int max_depth)
{
	JsonRef ref = {(const unsigned char *) text, len, 0, max_depth};

	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		ref.at = 3;
	jsonref_space(&ref);
	if (!jsonref_value(&ref, 0))
		return false;
	jsonref_space(&ref);
	return ref.at == len;
}

#endif /* AC_TEST_JSONREF_H */
