/*
 * headertime.c
 *		Which moment, or which delay, does a header field name?
 *
 * Servers write dates in the three forms of RFC 9110 and in half a dozen
 * others.  Each form has a parser of its own here, strict about its own
 * grammar; see header.h for what is accepted where.
 */
#include "ac.h"

#include "core/header.h"

#define MS_PER_DAY INT64CONST(86400000)

/*
 * Longest number read: 15 digits are exact everywhere and, as milliseconds,
 * reach beyond any date that is meant.
 */
#define MAX_DIGITS 15

/* Numbers from here on are seconds since 1970 (2001 and later) ... */
#define EPOCH_SECONDS INT64CONST(1000000000)

/* ... and from here on milliseconds since 1970. */
#define EPOCH_MILLISECONDS INT64CONST(1000000000000)

typedef struct Civil
{
	int year;
	int month; /* 1 .. 12 */
	int day;
	int hour;
	int minute;
	int second; /* 60 in a leap second */
	int ms;
	int offset_min; /* east of UTC */
} Civil;

/* Days from 1970-01-01 to the date, proleptic Gregorian. */
static int64
days_from_civil(int year, int month, int day)
{
	/* 400 years more, a whole cycle of 146097 days, keep y positive. */
	int64 y = (month <= 2 ? year - 1 : year) + 400;
	int64 m = (month + 9) % 12; /* March is 0 */

	Assert(year >= 0);
	return 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 +
		   (day - 1) - 719468 - 146097;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

/* False for what no calendar has. */
static bool
civil_to_ms(const Civil *c, int64 *unix_ms)
{
	int64 minutes;

	if (c->month < 1 || c->month > 12 || c->day < 1 ||
		c->day > days_in_month(c->year, c->month) || c->hour > 23 ||
		c->minute > 59 || c->second > 60)
		return false;
	minutes = c->hour * 60 + c->minute - c->offset_min;
	*unix_ms = days_from_civil(c->year, c->month, c->day) * MS_PER_DAY +
			   minutes * 60000 + c->second * 1000 + c->ms;
	return true;
}

/* Exactly n digits at *p. */
static bool
read_digits(const char **p, int n, int *value)
{
	int i;

	*value = 0;
	for (i = 0; i < n; i++)
	{
		if ((*p)[i] < '0' || (*p)[i] > '9')
			return false;
		*value = *value * 10 + ((*p)[i] - '0');
	}
	*p += n;
	return true;
}

static bool
read_text(const char **p, const char *text)
{
	size_t len = strlen(text);

	if (pg_strncasecmp(*p, text, len) != 0)
		return false;
	*p += len;
	return true;
}

/* "Jan" to "Dec". */
static bool
read_month(const char **p, int *month)
{
	static const char *const names[] = {
		"Jan",
		"Feb",
		"Mar",
		"Apr",
		"May",
		"Jun",
		"Jul",
		"Aug",
		"Sep",
		"Oct",
		"Nov",
		"Dec",
	};
	int i;

	for (i = 0; i < 12; i++)
	{
		if (read_text(p, names[i]))
		{
			*month = i + 1;
			return true;
		}
	}
	return false;
}

/* The name of a day, short or long; whether it is the right one is no matter. */
static bool
read_day_name(const char **p)
{
	static const char *const names[] = {
		"Sunday",
		"Monday",
		"Tuesday",
		"Wednesday",
		"Thursday",
		"Friday",
		"Saturday",
		"Sun",
		"Mon",
		"Tue",
		"Wed",
		"Thu",
		"Fri",
		"Sat",
	};
	size_t i;

	for (i = 0; i < (int) lengthof(names); i++)
		if (read_text(p, names[i]))
			return true;
	return false;
}

static bool
read_clock(const char **p, Civil *c)
{
	return read_digits(p, 2, &c->hour) && read_text(p, ":") &&
		   read_digits(p, 2, &c->minute) && read_text(p, ":") &&
		   read_digits(p, 2, &c->second);
}

/* " GMT" or, as in mail (RFC 5322 3.3), " +0100", at the end. */
static bool
read_imf_zone(const char *p, int *offset_min)
{
	int hours;
	int minutes;
	bool west;

	if (read_text(&p, " GMT") || read_text(&p, " UTC"))
		return *p == '\0';
	if (!read_text(&p, " "))
		return false;
	west = *p == '-';
	if (!read_text(&p, west ? "-" : "+") || !read_digits(&p, 2, &hours) ||
		!read_digits(&p, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*offset_min = (hours * 60 + minutes) * (west ? -1 : 1);
	return *p == '\0';
}

/*
 * "06 Nov 1994 08:49:37 GMT", behind the day's name and comma.  Another zone
 * than GMT is not HTTP's, but a server that names one means it.
 */
static bool
read_imf(const char *p, Civil *c)
{
	return read_digits(&p, 2, &c->day) && read_text(&p, " ") &&
		   read_month(&p, &c->month) && read_text(&p, " ") &&
		   read_digits(&p, 4, &c->year) && read_text(&p, " ") &&
		   read_clock(&p, c) && read_imf_zone(p, &c->offset_min);
}

/*
 * "06-Nov-94 08:49:37 GMT", behind the day's name and comma.  RFC 9110 5.6.7:
 * a year that seems more than 50 years ahead is the last one in the past.
 */
static bool
read_rfc850(const char *p, int64 now_ms, Civil *c)
{
	int now_year = 1970 + (int) (now_ms / (MS_PER_DAY * 365.2425));

	if (!(read_digits(&p, 2, &c->day) && read_text(&p, "-") &&
		  read_month(&p, &c->month) && read_text(&p, "-") &&
		  read_digits(&p, 2, &c->year) && read_text(&p, " ") &&
		  read_clock(&p, c) && read_text(&p, " GMT") && *p == '\0'))
		return false;
	c->year += now_year / 100 * 100 + 100;
	while (c->year > now_year + 50)
		c->year -= 100;
	return true;
}

/* "Nov  6 08:49:37 1994", behind the day's name and space. */
static bool
read_asctime(const char *p, Civil *c)
{
	bool day;

	if (!read_month(&p, &c->month) || !read_text(&p, " "))
		return false;
	day = read_text(&p, " ") ? read_digits(&p, 1, &c->day)
							 : read_digits(&p, 2, &c->day);
	return day && read_text(&p, " ") && read_clock(&p, c) &&
		   read_text(&p, " ") && read_digits(&p, 4, &c->year) && *p == '\0';
}

/* "Feb 16 2021 09:02:42 GMT+0100 (CET)": JavaScript's Date.toString(). */
static bool
read_js(const char *p, Civil *c)
{
	int hours;
	int minutes;
	bool west;

	if (!(read_month(&p, &c->month) && read_text(&p, " ") &&
		  read_digits(&p, 2, &c->day) && read_text(&p, " ") &&
		  read_digits(&p, 4, &c->year) && read_text(&p, " ") &&
		  read_clock(&p, c) && read_text(&p, " GMT")))
		return false;
	west = *p == '-';
	if (!read_text(&p, west ? "-" : "+") || !read_digits(&p, 2, &hours) ||
		!read_digits(&p, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	c->offset_min = (hours * 60 + minutes) * (west ? -1 : 1);
	return *p == '\0' || (p[0] == ' ' && p[1] == '(');
}

bool
ac_header_parse_date(const char *text, int64 now_ms, int64 *unix_ms)
{
	Civil c = {0};
	const char *p = text;

	if (!read_day_name(&p))
		return false;
	if (read_text(&p, ", "))
		return (read_imf(p, &c) || read_rfc850(p, now_ms, &c)) &&
			   civil_to_ms(&c, unix_ms);
	return read_text(&p, " ") && read_asctime(p, &c) &&
		   civil_to_ms(&c, unix_ms);
}

static bool
parse_js_date(const char *text, int64 *unix_ms)
{
	Civil c = {0};
	const char *p = text;

	return read_day_name(&p) && read_text(&p, " ") && read_js(p, &c) &&
		   civil_to_ms(&c, unix_ms);
}

/* ".123456" to milliseconds, cut off; nothing is 0. */
static bool
read_fraction(const char **p, int *ms)
{
	int scale = 100;

	*ms = 0;
	if (**p != '.')
		return true;
	(*p)++;
	if (**p < '0' || **p > '9')
		return false;
	for (; **p >= '0' && **p <= '9'; (*p)++, scale /= 10)
		*ms += (**p - '0') * scale;
	return true;
}

/* "Z", "+01:00", "+0100"; nothing if a zone is not required (then UTC). */
static bool
read_zone(const char *p, bool required, int *offset_min)
{
	int hours;
	int minutes;
	bool west = *p == '-';

	*offset_min = 0;
	if (read_text(&p, "Z"))
		return *p == '\0';
	if (*p == '\0')
		return !required;
	if (!read_text(&p, west ? "-" : "+") || !read_digits(&p, 2, &hours))
		return false;
	read_text(&p, ":");
	if (!read_digits(&p, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*offset_min = (hours * 60 + minutes) * (west ? -1 : 1);
	return *p == '\0';
}

/* RFC 3339 5.6, or without a zone, in which case UTC is meant. */
static bool
parse_iso(const char *p, bool zone_required, int64 *unix_ms)
{
	Civil c = {0};

	return read_digits(&p, 4, &c.year) && read_text(&p, "-") &&
		   read_digits(&p, 2, &c.month) && read_text(&p, "-") &&
		   read_digits(&p, 2, &c.day) &&
		   (read_text(&p, "T") || read_text(&p, " ")) &&
		   read_clock(&p, &c) && read_fraction(&p, &c.ms) &&
		   read_zone(p, zone_required, &c.offset_min) && civil_to_ms(&c, unix_ms);
}

bool
ac_header_parse_rfc3339(const char *text, int64 *unix_ms)
{
	return parse_iso(text, true, unix_ms);
}

int64
ac_header_date(const AcHeaders *headers, int64 now_ms)
{
	const char *date = ac_header_get(headers, "Date");
	int64 unix_ms;

	if (date != NULL && ac_header_parse_date(date, now_ms, &unix_ms))
		return unix_ms;
	return now_ms;
}

/* Digits and a fraction at *p: value as whole units and milli-units. */
static bool
read_number(const char **p, int64 *whole, int *milli)
{
	const char *start = *p;

	*whole = 0;
	for (; **p >= '0' && **p <= '9'; (*p)++)
	{
		if (*p - start == MAX_DIGITS)
			return false;
		*whole = *whole * 10 + (**p - '0');
	}
	return *p > start && read_fraction(p, milli);
}

/* Milliseconds in a unit of Go's time.Duration; 0 if there is none at *p. */
static double
read_unit(const char **p)
{
	static const struct
	{
		const char *name;
		double ms;
	} units[] = {
		{"ms", 1.0},
		{"us", 1e-3},
		{"\xC2\xB5s", 1e-3},
		{"ns", 1e-6},
		{"s", 1e3},
		{"m", 6e4},
		{"h", 3.6e6},
		{"d", 8.64e7},
	};
	size_t i;

	for (i = 0; i < (int) lengthof(units); i++)
		if (read_text(p, units[i].name))
			return units[i].ms;
	return 0;
}

/* "6m0s", "1h2m3.5s", "100ms": rounded up to a millisecond. */
static bool
parse_duration(const char *p, int64 *ms)
{
	double total = 0;

	do
	{
		int64 whole;
		int milli;
		double unit;

		if (!read_number(&p, &whole, &milli))
			return false;
		unit = read_unit(&p);
		if (unit == 0)
			return false;
		total += (whole + milli / 1000.0) * unit;
	}
	while (*p != '\0');
	if (total > 1e15)
		return false;
	*ms = (int64) total + (total > (double) (int64) total ? 1 : 0);
	return true;
}

/* A number alone: a delay in seconds, or a moment if it is large. */
static bool
parse_seconds(const char *p, int64 reference_ms, int64 *delay_ms)
{
	int64 whole;
	int milli;

	if (!read_number(&p, &whole, &milli) || *p != '\0')
		return false;
	if (whole >= EPOCH_MILLISECONDS)
		*delay_ms = whole - reference_ms;
	else if (whole >= EPOCH_SECONDS)
		*delay_ms = whole * 1000 + milli - reference_ms;
	else
		*delay_ms = whole * 1000 + milli;
	return true;
}

bool
ac_header_parse_retry_after(const char *value, int64 reference_ms,
							int64 *delay_ms)
{
	int64 moment;

	if (parse_seconds(value, reference_ms, delay_ms) ||
		parse_duration(value, delay_ms))
	{
		*delay_ms = Max(*delay_ms, 0);
		return true;
	}
	if (ac_header_parse_date(value, reference_ms, &moment) ||
		parse_iso(value, false, &moment) || parse_js_date(value, &moment))
	{
		*delay_ms = Max(moment - reference_ms, 0);
		return true;
	}
	return false;
}

/* A field that holds nothing but milliseconds. */
static bool
parse_milliseconds(const char *p, int64 *ms)
{
	int ignored;

	return read_number(&p, ms, &ignored) && *p == '\0';
}

/* The longest delay that fields of that name ask for; false if none does. */
static bool
longest_delay(const AcHeaders *headers, const char *name, int64 reference_ms,
			  int64 *delay_ms)
{
	const AcHeaderField *field;
	int pos = 0;
	bool found = false;

	while ((field = ac_header_next(headers, name, &pos)) != NULL)
	{
		int64 ms;

		if (!ac_header_parse_retry_after(field->value, reference_ms, &ms))
			continue;
		*delay_ms = found ? Max(*delay_ms, ms) : ms;
		found = true;
	}
	return found;
}

bool
ac_header_retry_after(const AcHeaders *headers, int64 now_ms,
					  int64 *delay_ms)
{
	static const char *const names[] = {
		"Retry-After",
		"X-RateLimit-Retry-After",
		"X-Retry-After",
	};
	int64 reference_ms = ac_header_date(headers, now_ms);
	const char *value = ac_header_get(headers, "retry-after-ms");
	size_t i;

	if (value != NULL && parse_milliseconds(value, delay_ms))
		return true;
	for (i = 0; i < (int) lengthof(names); i++)
		if (longest_delay(headers, names[i], reference_ms, delay_ms))
			return true;
	return false;
}
