/*
 * test_utf8.c
 *		Is every code point, and nothing else, UTF-8?
 */
#include "tap.h"

#include "core/utf8.h"

#include "jsonref.h"

/* Encoding and measuring agree on every Unicode scalar value. */
static void
test_all_code_points(void)
{
	int wrong = 0;

	for (uint32 code = 0; code <= 0x10FFFF; code++)
	{
		char bytes[AC_UTF8_MAX + 1] = {0};
		JsonRef ref = {(unsigned char *) bytes, 0, 0, 0};
		int len;

		if (code >= 0xD800 && code <= 0xDFFF)
			continue;
		len = ac_utf8_encode(code, bytes);
		ref.len = (size_t) len;
		wrong += ac_utf8_length(bytes) != len;
		wrong += len > 1 && (!jsonref_utf8(&ref) || ref.at != ref.len);
	}
	is_int(wrong, 0, "every code point");
}

static void
test_known(void)
{
	static const struct
	{
		uint32 code;
		const char *bytes;
	} cases[] = {
		{0x7F, "\x7F"},
		{0x80, "\xC2\x80"},
		{0x7FF, "\xDF\xBF"},
		{0x800, "\xE0\xA0\x80"},
		{0x20AC, "\xE2\x82\xAC"},
		{0xD7FF, "\xED\x9F\xBF"},
		{0xE000, "\xEE\x80\x80"},
		{0xFFFF, "\xEF\xBF\xBF"},
		{0x10000, "\xF0\x90\x80\x80"},
		{0x1F600, "\xF0\x9F\x98\x80"},
		{0x10FFFF, "\xF4\x8F\xBF\xBF"},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		char bytes[AC_UTF8_MAX + 1] = {0};

		ac_utf8_encode(cases[i].code, bytes);
		is_str(bytes, cases[i].bytes, "U+%04X", cases[i].code);
	}
}

/* All sequences of four bytes that lie at the edges of the ranges. */
static void
test_edges(void)
{
	static const unsigned char edges[] = {
		0x00, 0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2,
		0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5,
		0xF7, 0xF8, 0xFE, 0xFF};
	size_t n = lengthof(edges);
	int wrong = 0;

	for (size_t i = 0; i < n * n * n * n; i++)
	{
		unsigned char bytes[5] = {edges[i % n], edges[i / n % n],
								  edges[i / n / n % n], edges[i / n / n / n], 0};
		JsonRef ref = {bytes, 4, 0, 0};
		int want = bytes[0] < 0x80 ? 1 : 0;

		if (want == 0 && jsonref_utf8(&ref))
			want = (int) ref.at;
		wrong += ac_utf8_length((char *) bytes) != want;
	}
	is_int(wrong, 0, "%zu sequences of edge bytes", n * n * n * n);
}

/* Text that ends early is not read behind its NUL byte. */
static void
test_truncated(void)
{
	const char *sequence = "\xF0\x9F\x98\x80";

	for (size_t len = 1; len < 4; len++)
	{
		char *bytes = malloc(len + 1);

		memcpy(bytes, sequence, len);
		bytes[len] = '\0';
		is_int(ac_utf8_length(bytes), 0, "%zu of 4 bytes", len);
		free(bytes);
	}
}

int
main(void)
{
	test_all_code_points();
	test_known();
	test_edges();
	test_truncated();
	return done_testing();
}
