/*
 * field.c
 *		What is the text of a field?  See field.h.
 *
 * Relies on the field's slice having passed core/jsonlex: an escape here has
 * the right form, only its meaning is in question.
 */
#include "ac.h"

#include "core/field.h"
#include "core/utf8.h"

/*
 * StringInfo ends the program or the transaction at 1 GB; that much cannot be
 * one value of any type anyway.
 */
#define MAX_TEXT_BYTES 0x3FFFFFFE

static uint32
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (uint32) (c - '0');
	return (uint32) ((c | 0x20) - 'a' + 10);
}

static uint32
four_hex_digits(const char *p)
{
	return hex_digit(p[0]) << 12 | hex_digit(p[1]) << 8 |
		   hex_digit(p[2]) << 4 | hex_digit(p[3]);
}

/*
 * Resolves the escape \uXXXX at p, or two that are a surrogate pair.  Returns
 * the number of bytes read, 0 for half a pair.
 */
static int
resolve_unicode(const char *p, const char *end, uint32 *code_point)
{
	uint32 low;

	*code_point = four_hex_digits(p + 2);
	if (*code_point < 0xD800 || *code_point > 0xDFFF)
		return 6;
	if (*code_point > 0xDBFF || end - p < 12 || p[6] != '\\' || p[7] != 'u')
		return 0;
	low = four_hex_digits(p + 8);
	if (low < 0xDC00 || low > 0xDFFF)
		return 0;
	*code_point = 0x10000 + ((*code_point - 0xD800) << 10) + (low - 0xDC00);
	return 12;
}

/*
 * Resolves the escape at *p and moves *p behind it.  Returns the length of its
 * UTF-8 sequence in out, 0 (and leaves *p) if text cannot hold it.
 */
static int
resolve_escape(const char **p, const char *end, char out[AC_UTF8_MAX])
{
	static const char meanings[] = {
		['"'] = '"',
		['\\'] = '\\',
		['/'] = '/',
		['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t',
	};
	uint32 code_point;
	int read;

	Assert(end - *p >= 2 && **p == '\\');
	if ((*p)[1] != 'u')
	{
		out[0] = meanings[(unsigned char) (*p)[1]];
		*p += 2;
		return 1;
	}
	Assert(end - *p >= 6);
	read = resolve_unicode(*p, end, &code_point);
	if (read == 0 || code_point == 0)
		return 0;
	*p += read;
	return ac_utf8_encode(code_point, out);
}

static bool
report_escape(const char *p, AcError *err)
{
	if (four_hex_digits(p + 2) == 0)
		return ac_error_set(err, AC_ERR_VALUE, "text cannot hold \\u0000");
	return ac_error_set(err, AC_ERR_VALUE,
						"\"%.6s\" is half of a surrogate pair", p);
}

/* Appends a string that has escapes. */
static bool
decode_escaped(const AcField *field, StringInfo out, AcError *err)
{
	const char *p = field->text;
	const char *end = p + field->len;

	while (p < end)
	{
		const char *escape = memchr(p, '\\', (size_t) (end - p));
		char bytes[AC_UTF8_MAX];
		int len;

		if (escape == NULL)
			escape = end;
		appendBinaryStringInfo(out, p, (int) (escape - p));
		p = escape;
		if (p == end)
			break;
		len = resolve_escape(&p, end, bytes);
		if (len == 0)
			return report_escape(p, err);
		appendBinaryStringInfo(out, bytes, len);
	}
	return true;
}

bool
ac_field_decode(const AcField *field, StringInfo out, AcError *err)
{
	int before = out->len;

	if (field->len > (size_t) (MAX_TEXT_BYTES - before))
		return ac_error_set(err, AC_ERR_TOO_LARGE,
							"value of %zu bytes is too large", field->len);
	if (!field->escaped)
	{
		if (field->len > 0)
			appendBinaryStringInfo(out, field->text, (int) field->len);
		return true;
	}
	Assert(field->kind == AC_FIELD_STRING);
	if (decode_escaped(field, out, err))
		return true;
	out->len = before;
	out->data[before] = '\0';
	return false;
}

bool
ac_field_equals(const AcField *field, const char *text, size_t len)
{
	const char *p = field->text;
	const char *end;

	if (!field->escaped)
		return field->len == len &&
			   (len == 0 || memcmp(field->text, text, len) == 0);

	end = p + field->len;
	while (p < end)
	{
		char bytes[AC_UTF8_MAX];
		int n = 1;

		bytes[0] = *p;
		if (*p != '\\')
			p++;
		else
			n = resolve_escape(&p, end, bytes);
		if (n == 0 || (size_t) n > len || memcmp(bytes, text, (size_t) n) != 0)
			return false;
		text += n;
		len -= (size_t) n;
	}
	return len == 0;
}

const char *
ac_field_kind_name(AcFieldKind kind)
{
	static const char *const names[] = {
		[AC_FIELD_ABSENT] = "absent",
		[AC_FIELD_NULL] = "null",
		[AC_FIELD_TRUE] = "true",
		[AC_FIELD_FALSE] = "false",
		[AC_FIELD_NUMBER] = "number",
		[AC_FIELD_STRING] = "string",
		[AC_FIELD_OBJECT] = "object",
		[AC_FIELD_ARRAY] = "array",
	};

	Assert((int) kind >= 0 && (int) kind < (int) lengthof(names));
	return names[kind];
}
