/*
 * utf8.c
 *		Is this a UTF-8 sequence, and what is a code point's?  See utf8.h.
 */
#include "ac.h"

#include "core/utf8.h"

static inline bool
continues(char byte)
{
	return ((unsigned char) byte & 0xC0) == 0x80;
}

/*
 * Table 3-7 of the Unicode standard (and section 4 of RFC 3629): after some
 * first bytes the second has a narrower range than 80..BF, which is what rules
 * out overlong forms (E0, F0), surrogates (ED) and U+110000 and above (F4).
 */
int
ac_utf8_length(const char *p)
{
	unsigned char first = (unsigned char) p[0];
	unsigned char second;

	if (first < 0x80)
		return 1;
	if (first < 0xC2 || first > 0xF4)
		return 0;
	if (!continues(p[1]))
		return 0;
	if (first < 0xE0)
		return 2;

	second = (unsigned char) p[1];
	if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
		(first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
		return 0;
	if (!continues(p[2]))
		return 0;
	if (first < 0xF0)
		return 3;
	return continues(p[3]) ? 4 : 0;
}

int
ac_utf8_encode(uint32 code_point, char *out)
{
	Assert(code_point <= 0x10FFFF);
	Assert(code_point < 0xD800 || code_point > 0xDFFF);

	if (code_point < 0x80)
	{
		out[0] = (char) code_point;
		return 1;
	}
	if (code_point < 0x800)
	{
		out[0] = (char) (0xC0 | (code_point >> 6));
		out[1] = (char) (0x80 | (code_point & 0x3F));
		return 2;
	}
	if (code_point < 0x10000)
	{
		out[0] = (char) (0xE0 | (code_point >> 12));
		out[1] = (char) (0x80 | ((code_point >> 6) & 0x3F));
		out[2] = (char) (0x80 | (code_point & 0x3F));
		return 3;
	}
	out[0] = (char) (0xF0 | (code_point >> 18));
	out[1] = (char) (0x80 | ((code_point >> 12) & 0x3F));
	out[2] = (char) (0x80 | ((code_point >> 6) & 0x3F));
	out[3] = (char) (0x80 | (code_point & 0x3F));
	return 4;
}
