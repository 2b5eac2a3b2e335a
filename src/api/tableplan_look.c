/*
 * tableplan_look.c
 *		What does a text look like?  The detectors of INFERENCE S5.
 *
 * One text at a time; that all values of a field must agree is observe's
 * business.  Declared in types.h.
 */
#include "ac.h"

#include <ctype.h>

#include "api/types.h"

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

static int
days_in_month(int year, int month)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
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
	return day >= 1 && day <= days_in_month(year, month);
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

/* Is the three-letter word at s in the list of words run together? */
static bool
is_word3(const char *s, const char *words)
{
	for (; *words != '\0'; words += 3)
		if (strncmp(s, words, 3) == 0)
			return true;
	return false;
}

/* "[Tue, ]15 Nov 1994 08:12[:31] GMT" or "+0000" (RFC 5322, RFC 9110). */
static bool
looks_rfc2822(const char *s)
{
	int day;

	if (is_word3(s, "MonTueWedThuFriSatSun") && s[3] == ',')
	{
		s += 4;
		s += strspn(s, " ");
	}
	day = take_digits(&s, isdigit((unsigned char) s[0]) &&
								  isdigit((unsigned char) s[1])
							  ? 2
							  : 1);
	if (day < 1 || day > 31 || !take_char(&s, ' '))
		return false;
	if (!is_word3(s, "JanFebMarAprMayJunJulAugSepOctNovDec"))
		return false;
	s += 3;
	if (!take_char(&s, ' ') || take_digits(&s, 4) < 1 ||
		!take_char(&s, ' ') || !take_time(&s) || !take_char(&s, ' '))
		return false;
	return strcmp(s, "GMT") == 0 || strcmp(s, "UTC") == 0 ||
		   strcmp(s, "UT") == 0 || (take_offset(&s) && *s == '\0');
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
		if (digits == 0)
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

static int
look_number(const char *s)
{
	int look = AC_LOOK_NUMBER | AC_LOOK_INTEGER;
	size_t digits;

	if (*s == '-')
		s++;
	digits = strspn(s, "0123456789");
	if (digits == 0)
		return 0;
	s += digits;
	if (*s == '.')
	{
		look = AC_LOOK_NUMBER;
		digits = strspn(++s, "0123456789");
		if (digits == 0)
			return 0;
		s += digits;
	}
	if (*s == 'e' || *s == 'E')
	{
		look = AC_LOOK_NUMBER;
		s++;
		if (*s == '+' || *s == '-')
			s++;
		digits = strspn(s, "0123456789");
		if (digits == 0)
			return 0;
		s += digits;
	}
	return *s == '\0' ? look : 0;
}

/* Four numbers up to 255; *end is what follows. */
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
		if (digits == 0 || digits > 3 || value > 255)
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

static int
look_address(const char *text)
{
	const char *end;
	int max;
	int bits;

	if (looks_ipv4(text, &end))
		max = 32;
	else if (strchr(text, ':') != NULL && looks_ipv6(text, &end))
		max = 128;
	else
		return 0;
	if (*end == '\0')
		return AC_LOOK_INET;
	if (*end != '/' || !isdigit((unsigned char) end[1]) || strlen(end) > 4 ||
		strspn(end + 1, "0123456789") != strlen(end + 1))
		return 0;
	bits = atoi(end + 1);
	return bits <= max ? AC_LOOK_CIDR : 0;
}

static bool
looks_base64(const char *text)
{
	size_t len = strspn(text,
						"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
						"0123456789+/-_");
	size_t padding = strspn(text + len, "=");

	if (text[len + padding] != '\0' || padding > 2)
		return false;
	return padding == 0 ? len % 4 != 1 : (len + padding) % 4 == 0;
}

int
ac_types_look(const char *text)
{
	int look = look_temporal(text) | look_number(text) | look_address(text);

	if (looks_rfc2822(text))
		look |= AC_LOOK_RFC2822;
	if (looks_interval(text))
		look |= AC_LOOK_INTERVAL;
	if (looks_uuid(text))
		look |= AC_LOOK_UUID;
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		look |= AC_LOOK_BOOLEAN;
	if (looks_base64(text))
		look |= AC_LOOK_BASE64;
	return look;
}
