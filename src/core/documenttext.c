/*
 * documenttext.c
 *		Is a document's text in UTF-8, and what is it else?
 *
 * See document.h.  UTF-16 is known by its byte order mark (RFC 8259 8.1 lets
 * nobody send it, and Windows' tools write it all the same), Latin-1 by the
 * media type where the bytes are no UTF-8.
 */
#include "ac.h"

#include "core/document.h"
#include "core/text.h"
#include "core/utf8.h"

/* The code unit at text, in the byte order that the mark tells. */
static uint32
unit_at(const char *text, bool big)
{
	const unsigned char *bytes = (const unsigned char *) text;

	return big ? (uint32) bytes[0] << 8 | bytes[1]
			   : (uint32) bytes[1] << 8 | bytes[0];
}

static void
append_point(StringInfo out, uint32 point)
{
	char sequence[AC_UTF8_MAX];

	if (point == 0)
		point = ' ';
	appendBinaryStringInfo(out, sequence, ac_utf8_encode(point, sequence));
}

/* What is no pair of surrogates becomes the replacement character. */
static char *
from_utf16(const char *text, size_t len, bool big)
{
	StringInfoData out;
	size_t i;

	initStringInfo(&out);
	for (i = 2; i + 1 < len; i += 2)
	{
		uint32 unit = unit_at(text + i, big);
		uint32 next = i + 3 < len ? unit_at(text + i + 2, big) : 0;

		if (unit >= 0xD800 && unit < 0xDC00 && next >= 0xDC00 && next < 0xE000)
		{
			append_point(&out, 0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00));
			i += 2;
		}
		else
			append_point(&out, unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);
	}
	return ac_text_keep(&out);
}

static char *
from_latin1(const char *text, size_t len)
{
	StringInfoData out;
	size_t i;

	initStringInfo(&out);
	for (i = 0; i < len; i++)
		append_point(&out, (unsigned char) text[i]);
	return ac_text_keep(&out);
}

/* Does the media type name a set of which Latin-1 is the printable part? */
static bool
says_latin1(const char *media_type)
{
	static const char *const names[] = {"iso-8859-1", "latin1", "windows-1252"};
	const char *at;
	size_t i;

	for (at = media_type; at != NULL && *at != '\0'; at++)
		for (i = 0; i < lengthof(names); i++)
			if (pg_strncasecmp(at, names[i], strlen(names[i])) == 0)
				return true;
	return false;
}

/* Is all of the text, up to its first NUL, well-formed? */
static bool
is_utf8(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end && *text != '\0')
	{
		int n = (unsigned char) *text < 0x80 ? 1 : ac_utf8_length(text);

		if (n == 0)
			return false;
		text += n;
	}
	return true;
}

char *
ac_document_to_utf8(const AcDocumentText *input)
{
	const char *text = input->text;

	if (input->len >= 4 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0) &&
		!(text[2] == '\0' && text[3] == '\0'))
		return from_utf16(text, input->len, text[0] == '\xFE');
	if (says_latin1(input->media_type) && !is_utf8(text, input->len))
		return from_latin1(text, input->len);
	return NULL;
}
