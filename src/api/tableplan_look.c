/*
 * tableplan_look.c
 *		What does a text look like?  The detectors of doc/inference.md S5.
 *
 * One text at a time; that all values of a field must agree is observe's
 * business.  Declared in types.h.
 */
#include "ac.h"

#include <ctype.h>

#include "api/types.h"
#include "core/hex.h"
#include "core/jsonvalid.h"
#include "core/moment.h"

/*
 * Longest text that may be a number: numeric has 131,072 digits before the
 * point and 16,383 behind it, but nobody writes quantities of this length.
 */
#define MAX_NUMBER_LENGTH 1000

/* Digits of a part of a duration; interval counts in 32 bits. */
#define MAX_INTERVAL_DIGITS 8

/* Depth of a document in a string: deeper ones are kept as text. */
#define MAX_JSON_DEPTH 64

/* Exactly n digits at *s, as a number; advances.  -1 if they are not there. */
static int
take_digits(const char **s, int n)
{
	int value = 0;
	int i;

	for (i = 0; i < n; i++)
	{
		if (!isdigit((unsigned char) (*s)[i]))
			return -1;
		value = value * 10 + ((*s)[i] - '0');
	}
	*s += n;
	return value;
}

static bool
take_char(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

/* "YYYY-MM-DD", valid in the calendar, years 0001 to 9999. */
static bool
take_date(const char **s)
{
	int year = take_digits(s, 4);
	int month;
	int day;

	if (year < 1 || !take_char(s, '-'))
		return false;
	month = take_digits(s, 2);
	if (month < 1 || month > 12 || !take_char(s, '-'))
		return false;
	day = take_digits(s, 2);
	return day >= 1 && day <= ac_moment_days_in_month(year, month);
}

/* "HH:MM[:SS[.f]]"; the leap second 60 of RFC 3339 included. */
static bool
take_time(const char **s)
{
	int hour = take_digits(s, 2);
	int minute;
	int second;

	if (hour < 0 || hour > 23 || !take_char(s, ':'))
		return false;
	minute = take_digits(s, 2);
	if (minute < 0 || minute > 59)
		return false;
	if (!take_char(s, ':'))
		return true;
	second = take_digits(s, 2);
	if (second < 0 || second > 60)
		return false;
	if (!take_char(s, '.'))
		return true;
	if (!isdigit((unsigned char) **s))
		return false;
	*s += strspn(*s, "0123456789");
	return true;
}

/* "Z", "+HH:MM", "+HHMM", "+HH" */
static bool
take_offset(const char **s)
{
	int hour;
	int minute = 0;

	if (take_char(s, 'Z') || take_char(s, 'z'))
		return true;
	if (!take_char(s, '+') && !take_char(s, '-'))
		return false;
	hour = take_digits(s, 2);
	if (hour < 0 || hour > 15)
		return false;
	if (take_char(s, ':') || isdigit((unsigned char) **s))
		minute = take_digits(s, 2);
	return minute >= 0 && minute <= 59;
}

static int
look_temporal(const char *text)
{
	const char *s = text;

	if (take_date(&s))
	{
		if (*s == '\0')
			return AC_LOOK_DATE;
		if (*s != 'T' && *s != 't' && *s != ' ')
			return 0;
		s++;
		if (!take_time(&s))
			return 0;
		if (*s == '\0')
			return AC_LOOK_TIMESTAMP;
		return take_offset(&s) && *s == '\0' ? AC_LOOK_TIMESTAMPTZ : 0;
	}
	s = text;
	if (!take_time(&s))
		return 0;
	if (*s == '\0')
		return AC_LOOK_TIME;
	return take_offset(&s) && *s == '\0' ? AC_LOOK_TIMETZ : 0;
}

/* "P3Y6M4DT12H30M5.5S", "P2W" with at least one part, in order. */
static bool
looks_interval(const char *s)
{
	const char *order = "YMWD";
	bool any = false;

	if (*s == '-')
		s++;
	if (!take_char(&s, 'P'))
		return false;
	while (*s != '\0')
	{
		size_t digits;
		const char *unit;

		if (*s == 'T' && order[0] != 'H' && strcmp(order, "MS") != 0)
		{
			order = "HMS";
			any = false;
			s++;
			continue;
		}
		digits = strspn(s, "0123456789");
		if (digits == 0 || digits > MAX_INTERVAL_DIGITS)
			return false;
		s += digits;
		if (*s == '.' && isdigit((unsigned char) s[1]))
			s += 1 + strspn(s + 1, "0123456789");
		unit = *s == '\0' ? NULL : strchr(order, *s);
		if (unit == NULL)
			return false;
		order = unit + 1;
		any = true;
		s++;
	}
	return any;
}

static bool
looks_uuid(const char *s)
{
	int i;

	for (i = 0; i < 36; i++)
	{
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !isxdigit((unsigned char) s[i]))
			return false;
	}
	return s[36] == '\0';
}

/*
 * What reads as a number.  DECIMAL is what a number would be written as
 * again: no exponent, no leading zeros, no negative zero.
 */
static int
look_number(const char *s)
{
	const char *start = s;
	size_t digits;
	bool plain;
	bool point = false;
	bool exponent = false;

	if (*s == '-')
		s++;
	digits = strspn(s, "0123456789");
	if (digits == 0)
		return 0;
	plain = s[0] != '0' || digits == 1;
	s += digits;
	if (*s == '.')
	{
		point = true;
		digits = strspn(++s, "0123456789");
		if (digits == 0)
			return 0;
		s += digits;
	}
	if (*s == 'e' || *s == 'E')
	{
		exponent = true;
		s++;
		if (*s == '+' || *s == '-')
			s++;
		digits = strspn(s, "0123456789");
		if (digits == 0)
			return 0;
		s += digits;
	}
	if (*s != '\0' || s - start > MAX_NUMBER_LENGTH)
		return 0;
	if (exponent)
		return AC_LOOK_NUMBER;
	if (start[0] == '-' && start[strspn(start, "-0.")] == '\0')
		plain = false;
	return AC_LOOK_NUMBER | (point ? 0 : AC_LOOK_INTEGER) |
		   (plain ? AC_LOOK_DECIMAL : 0);
}

/*
 * Four numbers up to 255 without leading zeros, which some read as octal;
 * *end is what follows.
 */
static bool
looks_ipv4(const char *s, const char **end)
{
	int part;

	for (part = 0; part < 4; part++)
	{
		int value = 0;
		int digits = 0;

		while (isdigit((unsigned char) *s) && digits < 4)
		{
			value = value * 10 + (*s++ - '0');
			digits++;
		}
		if (digits == 0 || digits > 3 || value > 255 ||
			(digits > 1 && s[-digits] == '0'))
			return false;
		if (part < 3 && !take_char(&s, '.'))
			return false;
	}
	*end = s;
	return true;
}

/* Groups of hex digits, once "::", at the end maybe IPv4 (RFC 4291 2.2). */
static bool
looks_ipv6(const char *s, const char **end)
{
	int groups = 0;
	bool gap = false;

	if (s[0] == ':' && s[1] != ':')
		return false;
	for (;;)
	{
		size_t digits;

		if (s[0] == ':' && s[1] == ':')
		{
			if (gap)
				return false;
			gap = true;
			s += 2;
			if (!isxdigit((unsigned char) *s))
				break;
		}
		if (groups >= 4 || gap)
			if (looks_ipv4(s, end))
				return gap ? groups <= 5 : groups == 6;
		digits = strspn(s, "0123456789abcdefABCDEF");
		if (digits == 0 || digits > 4)
			return false;
		groups++;
		s += digits;
		if (s[0] != ':')
			break;
		if (s[1] != ':')
			s++;
	}
	*end = s;
	return gap ? groups <= 7 : groups == 8;
}

/* Are the bits of an IPv4 address behind the first n zero? */
static bool
is_network4(const char *s, int n)
{
	uint32 address = 0;
	int part;

	for (part = 0; part < 4; part++)
	{
		address = address << 8 | (uint32) atoi(s);
		s += strspn(s, "0123456789") + 1;
	}
	return n == 32 || (address & (PG_UINT32_MAX >> n)) == 0;
}

/*
 * The same for IPv6, where it is plain to see: the address ends in "::", and
 * nothing stands before it that n does not cover.
 */
static bool
is_network6(const char *s, const char *end, int n)
{
	int bits = 0;

	if (n == 128)
		return true;
	if (end - s < 2 || end[-1] != ':' || end[-2] != ':')
		return false;
	while (s < end && *s != ':')
	{
		long beyond; /* bits of the group that n does not cover */

		bits += 16;
		beyond = bits <= n ? 0 : (1L << Min(bits - n, 16)) - 1;
		if ((strtol(s, NULL, 16) & beyond) != 0)
			return false;
		s += strspn(s, "0123456789abcdefABCDEF") + 1;
	}
	return true;
}

static int
look_address(const char *text)
{
	const char *end;
	bool ipv4 = looks_ipv4(text, &end);
	int bits;

	if (!ipv4 && (strchr(text, ':') == NULL || !looks_ipv6(text, &end)))
		return 0;
	if (*end == '\0')
		return AC_LOOK_INET;
	if (*end != '/' || !isdigit((unsigned char) end[1]) || strlen(end) > 4 ||
		strspn(end + 1, "0123456789") != strlen(end + 1))
		return 0;
	bits = atoi(end + 1);
	if (bits > (ipv4 ? 32 : 128))
		return 0;
	return AC_LOOK_INET |
		   ((ipv4 ? is_network4(text, bits) : is_network6(text, end, bits))
				? AC_LOOK_CIDR
				: 0);
}

static bool
looks_base64(const char *text)
{
	const char *s = text;
	size_t len;
	size_t padding;

	while ((*s >= 'A' && *s <= 'Z') || (*s >= 'a' && *s <= 'z') ||
		   (*s >= '0' && *s <= '9') || *s == '+' || *s == '/' || *s == '-' ||
		   *s == '_')
		s++;
	len = s - text;
	for (padding = 0; s[padding] == '=' && padding < 2;)
		padding++;
	if (s[padding] != '\0')
		return false;
	return padding == 0 ? len % 4 != 1 : (len + padding) % 4 == 0;
}

/* The code unit of the escape at s ("\\u12ab"), -1 if there is none. */
static int
escaped_unit(const char *s)
{
	int unit = 0;
	int i;

	if (s[0] != '\\' || s[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++)
		unit = unit << 4 | ac_hex_value(s[i]);
	return unit;
}

/*
 * Valid JSON whose escapes jsonb can hold: no \u0000, no lone surrogates.  A
 * backslash that is itself escaped starts none.
 */
static bool
has_writable_escapes(const char *s)
{
	for (; (s = strchr(s, '\\')) != NULL; s += 2)
	{
		int unit = escaped_unit(s);

		if (unit == 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
			return false;
		if (unit < 0xD800 || unit > 0xDBFF)
			continue;
		unit = escaped_unit(s + 6);
		if (unit < 0xDC00 || unit > 0xDFFF)
			return false;
		s += 6;
	}
	return true;
}

/* The text of an object or an array. */
static bool
looks_json(const char *text)
{
	size_t blank = strspn(text, " \t\r\n");

	return (text[blank] == '{' || text[blank] == '[') &&
		   ac_jsonvalid_check(text, strlen(text), MAX_JSON_DEPTH, NULL) &&
		   has_writable_escapes(text);
}

/* Days and moments that are not ISO 8601. */
static int
look_moment(const char *text)
{
	size_t len = strlen(text);
	int look = 0;
	AcDay day;
	int64 moment;

	if (ac_moment_mail(text, len, &moment))
		look |= AC_LOOK_RFC2822;
	if (ac_moment_dotnet(text, len, &moment))
		look |= AC_LOOK_DOTNET;
	if (ac_moment_numeric_day(text, len, true, &day))
		look |= AC_LOOK_DMY;
	if (ac_moment_numeric_day(text, len, false, &day))
		look |= AC_LOOK_MDY;
	return look;
}

int
ac_types_look(const char *text)
{
	int look = look_temporal(text) | look_moment(text) | look_number(text) |
			   look_address(text);

	if (looks_interval(text))
		look |= AC_LOOK_INTERVAL;
	if (looks_uuid(text))
		look |= AC_LOOK_UUID;
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		look |= AC_LOOK_BOOLEAN;
	if (looks_base64(text))
		look |= AC_LOOK_BASE64;
	if (looks_json(text))
		look |= AC_LOOK_JSON;
	return look;
}
