/*
 * jsonstring.c
 *		What text does a JSON string stand for?  See jsonstring.h.
 *
 * Rows are decoded by core/field, which refuses half a surrogate pair; a
 * description is not worthless because of one.
 */
#include "ac.h"

#include "core/jsonstring.h"
#include "core/utf8.h"

#define REPLACEMENT 0xFFFD

static uint32
hex_digits(const char *digits)
{
	uint32 value = 0;

	for (int i = 0; i < 4; i++)
	{
		char c = digits[i];

		value = value << 4 |
				(uint32) (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

/* The code point whose digits are at *at, which is moved behind it. */
static uint32
escaped_code(const char **at)
{
	const char *digits = *at;
	uint32 code = hex_digits(digits);
	uint32 low;

	*at += 4;
	if (code < 0xD800 || code > 0xDFFF)
		return code;
	if (code > 0xDBFF || digits[4] != '\\' || digits[5] != 'u')
		return REPLACEMENT;
	low = hex_digits(digits + 6);
	if (low < 0xDC00 || low > 0xDFFF)
		return REPLACEMENT;
	*at += 6;
	return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
}

size_t
ac_jsonstring_decode(const char *quoted, char *out, const char **end)
{
	static const char codes[] = "bfnrt";
	static const char meant[] = "\b\f\n\r\t";
	const char *at = quoted + 1;
	char *to = out;

	for (;;)
	{
		const char *code;

		while (*at != '"' && *at != '\\')
			*to++ = *at++;
		if (*at == '"')
			break;
		at += 2;
		if (at[-1] == 'u')
			to += ac_utf8_encode(escaped_code(&at), to);
		else if ((code = strchr(codes, at[-1])) != NULL)
			*to++ = meant[code - codes];
		else
			*to++ = at[-1];
	}
	*to = '\0';
	*end = at + 1;
	return (size_t) (to - out);
}
