/*
 * literal.c
 *		Which value has this text, if it is written in the usual way?
 *
 * See literal.h.
 */
#include "ac.h"

#include <math.h>

#include "core/hex.h"
#include "pg/literal.h"

static inline bool
is_digit(char c)
{
	return (unsigned char) (c - '0') <= 9;
}

/* Reads up to 18 digits, which cannot overflow. */
static const char *
read_digits(const char *at, const char *end, int64 *value, int *n)
{
	int64 result = *value;
	int digits = *n;

	while (at < end && is_digit(*at) && digits <= 18)
	{
		result = result * 10 + (*at++ - '0');
		digits++;
	}
	*value = result;
	*n = digits;
	return at;
}

bool
ac_literal_int64(const char *text, size_t len, int64 *value)
{
	const char *end = text + len;
	bool negative = len > 0 && text[0] == '-';
	int64 result = 0;

	text += negative;
	if (text == end || end - text > 19)
		return false;
	for (; text < end; text++)
	{
		if (!is_digit(*text) || result < (PG_INT64_MIN + 9) / 10)
			return false;
		/* Downwards, because the most negative number has no opposite. */
		result = result * 10 - (*text - '0');
	}
	if (!negative && result == PG_INT64_MIN)
		return false;
	*value = negative ? result : -result;
	return true;
}

bool
ac_literal_decimal(const char *text, size_t len, int64 *digits, int *scale)
{
	const char *end = text + len;
	bool negative = len > 0 && text[0] == '-';
	int64 result = 0;
	int n = 0;
	int before;

	text = read_digits(text + negative, end, &result, &n);
	before = n;
	if (n > 0 && text < end && *text == '.')
	{
		text = read_digits(text + 1, end, &result, &n);
		if (n == before)
			return false;
	}
	if (text != end || n == 0 || n > 18)
		return false;
	*digits = negative ? -result : result;
	*scale = n - before;
	return true;
}

/* Reads [eE][+-]?digits into exponent; NULL if malformed. */
static const char *
read_exponent(const char *at, const char *end, int *exponent)
{
	int64 value = 0;
	int n = 0;
	bool negative = false;

	at++;
	if (at < end && (*at == '+' || *at == '-'))
		negative = *at++ == '-';
	at = read_digits(at, end, &value, &n);
	if (n == 0 || n > 4)
		return NULL;
	*exponent = (int) (negative ? -value : value);
	return at;
}

/*
 * Both the digits (below 2^53) and the power of ten (up to 10^22) are exact
 * doubles, so one division or multiplication rounds once, correctly (W. D.
 * Clinger, How to Read Floating Point Numbers Accurately, 1990).
 */
bool
ac_literal_float8(const char *text, size_t len, double *value)
{
	static const double powers[] = {
		1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
		1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	const char *end = text + len;
	const char *mantissa_end = text;
	int64 digits;
	int scale;
	int exponent = 0;

	while (mantissa_end < end && *mantissa_end != 'e' && *mantissa_end != 'E')
		mantissa_end++;
	if (!ac_literal_decimal(text, mantissa_end - text, &digits, &scale) ||
		(mantissa_end < end &&
		 read_exponent(mantissa_end, end, &exponent) != end))
		return false;
	exponent -= scale;
	if (digits == 0 || digits > (INT64CONST(1) << 53) ||
		digits < -(INT64CONST(1) << 53) || exponent < -22 || exponent > 22)
		return false; /* zero too: its sign would be lost */
	*value = exponent < 0 ? (double) digits / powers[-exponent]
						  : (double) digits * powers[exponent];
	return true;
}

/* Two digits, -1 if they are none. */
static inline int
two_digits(const char *at)
{
	if (!is_digit(at[0]) || !is_digit(at[1]))
		return -1;
	return (at[0] - '0') * 10 + (at[1] - '0');
}

/* Days from 2000-01-01 to a day of the proleptic Gregorian calendar. */
static int32
days_since_2000(int year, int month, int day)
{
	/* Years from March to February put the leap day last. */
	int y = month > 2 ? year : year - 1;
	int m = month > 2 ? month - 3 : month + 9;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day -
		   1 - 730425;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

bool
ac_literal_date(const char *text, size_t len, int32 *days)
{
	int century,
		year,
		month,
		day;

	if (len != 10 || text[4] != '-' || text[7] != '-')
		return false;
	century = two_digits(text);
	year = two_digits(text + 2);
	month = two_digits(text + 5);
	day = two_digits(text + 8);
	if (century < 0 || year < 0 || century + year == 0 || month < 1 ||
		month > 12 || day < 1)
		return false;
	year += century * 100;
	if (day > days_in_month(year, month))
		return false;
	*days = days_since_2000(year, month, day);
	return true;
}

/* The fraction behind the point at text, in microseconds. */
static const char *
read_fraction(const char *at, const char *end, int64 *us)
{
	const char *start = at;
	int64 value = 0;
	char buf[24];
	int n = 0;

	at = read_digits(at + 1, end, &value, &n);
	if (n == 0 || n > 18)
		return NULL;
	if (n > 6)
	{
		/* Rounded like timestamp_in's, through a double. */
		memcpy(buf, start, n + 1);
		buf[n + 1] = '\0';
		*us = (int64) rint(strtod(buf, NULL) * 1000000);
		return at;
	}
	for (; n < 6; n++)
		value *= 10;
	*us = value;
	return at;
}

/* "Z" or +HH:MM up to the end. */
static bool
read_offset(const char *at, const char *end, int *offset_s)
{
	int hours,
		minutes;

	*offset_s = 0;
	if (at == end)
		return true;
	if (*at == 'Z' || *at == 'z')
		return at + 1 == end;
	if ((*at != '+' && *at != '-') || end - at != 6 || at[3] != ':')
		return false;
	hours = two_digits(at + 1);
	minutes = two_digits(at + 4);
	if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59)
		return false;
	*offset_s = (hours * 3600 + minutes * 60) * (*at == '-' ? -1 : 1);
	return true;
}

bool
ac_literal_timestamp(const char *text, size_t len, int64 *local_us,
					 int *offset_s)
{
	const char *at = text + 19;
	const char *end = text + len;
	int64 fraction = 0;
	int32 days;
	int hour,
		minute,
		second;

	if (len < 19 || !ac_literal_date(text, 10, &days) ||
		(text[10] != 'T' && text[10] != 't' && text[10] != ' ') ||
		text[13] != ':' || text[16] != ':')
		return false;
	hour = two_digits(text + 11);
	minute = two_digits(text + 14);
	second = two_digits(text + 17);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
		second > 60)
		return false;
	if (at < end && *at == '.')
		at = read_fraction(at, end, &fraction);
	if (at == NULL || !read_offset(at, end, offset_s))
		return false;
	*local_us = (((int64) days * 24 + hour) * 3600 + minute * 60 + second) *
					INT64CONST(1000000) +
				fraction;
	return true;
}

bool
ac_literal_uuid(const char *text, size_t len, unsigned char uuid[16])
{
	int at = 0;

	if (len != 36)
		return false;
	for (int i = 0; i < 16; i++)
	{
		int high,
			low;

		if ((i == 4 || i == 6 || i == 8 || i == 10) && text[at++] != '-')
			return false;
		high = ac_hex_value(text[at++]);
		low = ac_hex_value(text[at++]);
		if (high < 0 || low < 0)
			return false;
		uuid[i] = (unsigned char) (high << 4 | low);
	}
	return true;
}
