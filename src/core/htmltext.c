/*
 * htmltext.c
 *		Which characters do the bytes of an HTML page stand for?  See htmltext.h.
 */
#include "ac.h"

#include "core/htmltext.h"
#include "core/htmltoken.h"
#include "core/utf8.h"

/* Where the HTML standard has a page's charset looked for, in bytes. */
#define HTML_CHARSET_BYTES 1024

bool
ac_htmltext_is(AcSlice slice, const char *text)
{
	return slice.len == strlen(text) &&
		   pg_strncasecmp(slice.text, text, slice.len) == 0;
}

bool
ac_htmltext_has(AcSlice slice, const char *what)
{
	size_t len = strlen(what);
	size_t i;

	for (i = 0; i + len <= slice.len; i++)
		if (pg_strncasecmp(slice.text + i, what, len) == 0)
			return true;
	return false;
}

bool
ac_htmltext_append(AcBuf *buf, const char *text, size_t len, AcError *err)
{
	switch (ac_buf_append(buf, text, len))
	{
		case AC_BUF_OK:
			return true;
		case AC_BUF_FULL:
			return ac_error_set(err, AC_ERR_TOO_LARGE,
								"HTML page has a block of more than %zu bytes",
								buf->max);
		default:
			return ac_error_set(err, AC_ERR_NO_MEMORY, "out of memory");
	}
}

/* Length of the UTF-8 sequence at text, which is no longer than len; or 0. */
static int
sequence_length(const char *text, size_t len)
{
	char copy[AC_UTF8_MAX + 1] = {0};

	if (len > AC_UTF8_MAX)
		return ac_utf8_length(text);
	memcpy(copy, text, len);
	return copy[0] == '\0' ? 1 : ac_utf8_length(copy);
}

/*
 * One character of the page as UTF-8: its bytes in out, their number as the
 * result, and the bytes used of the page in *used.
 */
static int
decode(AcHtmlCharset charset, AcSlice from, bool references, char *out,
	   size_t *used)
{
	unsigned char byte = (unsigned char) from.text[0];
	uint32 point;
	int len;

	*used = 1;
	if (byte == '&' && references)
	{
		point = ac_htmltoken_reference(from.text, from.len, used);
		if (point != 0)
			return ac_utf8_encode(point, out);
	}
	if (byte < 0x80)
	{
		bool control = (byte < ' ' && byte != '\t' && byte != '\n') || byte == 0x7F;

		out[0] = control ? ' ' : (char) byte;
		return 1;
	}
	if (charset == AC_HTML_WINDOWS)
		return ac_utf8_encode(ac_htmltoken_windows(byte), out);
	len = sequence_length(from.text, from.len);
	if (len == 0)
		return ac_utf8_encode(0xFFFD, out);
	memcpy(out, from.text, len);
	*used = len;
	return len;
}

/* Characters that are there for line breaking and order only. */
static bool
is_invisible(const char *text, int len)
{
	return (len == 2 && memcmp(text, "\xC2\xAD", 2) == 0) ||
		   (len == 3 && text[0] == '\xE2' && text[1] == '\x80' &&
			(unsigned char) text[2] >= 0x8B && (unsigned char) text[2] <= 0x8F) ||
		   (len == 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0);
}

static bool
is_space(const char *text, int len)
{
	return (len == 1 && (*text == ' ' || *text == '\t' || *text == '\n')) ||
		   (len == 2 && memcmp(text, "\xC2\xA0", 2) == 0);
}

bool
ac_htmltext_collapsed(AcBuf *buf, bool *space, AcSlice from,
					  AcHtmlCharset charset, AcError *err)
{
	while (from.len > 0)
	{
		char out[AC_UTF8_MAX];
		size_t used;
		int len = decode(charset, from, true, out, &used);

		from.text += used;
		from.len -= used;
		if (is_invisible(out, len))
			continue;
		if (is_space(out, len))
		{
			*space = true;
			continue;
		}
		if (*space && buf->len > 0 && buf->data[buf->len - 1] != '\n' &&
			!ac_htmltext_append(buf, " ", 1, err))
			return false;
		*space = false;
		if (!ac_htmltext_append(buf, out, len, err))
			return false;
	}
	return true;
}

bool
ac_htmltext_plain(AcBuf *buf, AcSlice from, bool references,
				  AcHtmlCharset charset, AcError *err)
{
	while (from.len > 0)
	{
		char out[AC_UTF8_MAX];
		size_t used;
		int len;

		if (from.len > 1 && from.text[0] == '\r' && from.text[1] == '\n')
			from.text++, from.len--;
		len = decode(charset, from, references, out, &used);
		from.text += used;
		from.len -= used;
		if (!is_invisible(out, len) && !ac_htmltext_append(buf, out, len, err))
			return false;
	}
	return true;
}

AcHtmlCharset
ac_htmltext_charset(const AcJsonText *input)
{
	static const char *const names[] = {"charset=iso-8859-1", "charset=\"iso-8859-1",
										"charset=windows-1252", "charset=\"windows-1252", "charset=latin1",
										"charset=us-ascii", "charset=\"us-ascii", "charset=iso-8859-15"};
	AcSlice head = {input->text, Min(input->len, HTML_CHARSET_BYTES)};
	size_t at = 0;
	int i;

	while (at < input->len)
	{
		int len = sequence_length(input->text + at, input->len - at);

		if (len == 0)
			break;
		at += len;
	}
	if (at >= input->len)
		return AC_HTML_UTF8;
	for (i = 0; i < (int) lengthof(names); i++)
		if (ac_htmltext_has(head, names[i]))
			return AC_HTML_WINDOWS;
	return AC_HTML_UTF8;
}
