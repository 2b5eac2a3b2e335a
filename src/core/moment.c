/*
 * moment.c
 *		Which moment, or which day, do texts name that are not ISO 8601?  See
 *		moment.h.
 */
#include "ac.h"

#include "core/moment.h"

#define US_PER_SECOND INT64CONST(1000000)

/* Two digits of a year from here on are of the last century (RFC 5322 4.3). */
#define CENTURY_PIVOT 50

/* Digits of .NET's milliseconds: its last day, in 9999, has 15. */
#define MAX_MS_DIGITS 17

typedef struct Cursor
{
	const char *at;
	const char *end;
} Cursor;

static bool
take_char(Cursor *c, char wanted)
{
	if (c->at == c->end || *c->at != wanted)
		return false;
	c->at++;
	return true;
}

/* White space between parts, maybe folded: at least one character. */
static bool
take_space(Cursor *c)
{
	const char *start = c->at;

	while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' ||
							  *c->at == '\r' || *c->at == '\n'))
		c->at++;
	return c->at > start;
}

/* least to most digits as a number; -1 if there are fewer, or more. */
static int64
take_number(Cursor *c, int least, int most)
{
	int64 value = 0;
	int n = 0;

	for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++)
	{
		if (++n > most)
			return -1;
		value = value * 10 + (*c->at - '0');
	}
	return n < least ? -1 : value;
}

/* Letters, as a word in lower case; its length, 0 if there is none. */
static int
take_word(Cursor *c, char *word, int size)
{
	int n = 0;

	for (; c->at < c->end; c->at++)
	{
		char letter = pg_tolower((unsigned char) *c->at);

		if (letter < 'a' || letter > 'z')
			break;
		if (n < size - 1)
			word[n] = letter;
		n++;
	}
	if (n >= size)
		return 0;
	word[n] = '\0';
	return n;
}

/* Index of the word in the list, or of its first three letters; -1. */
static int
word_index(const char *word, const char *const *list, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (strcmp(word, list[i]) == 0 ||
			(strlen(word) == 3 && strncmp(word, list[i], 3) == 0))
			return i;
	return -1;
}

static int
month_of(const char *word)
{
	static const char *const months[] = {
		"jan", "feb", "mar", "apr", "may", "jun",
		"jul", "aug", "sep", "oct", "nov", "dec"};

	return word_index(word, months, lengthof(months)) + 1;
}

static bool
is_weekday(const char *word)
{
	static const char *const days[] = {
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
		"sunday"};

	return word_index(word, days, lengthof(days)) >= 0;
}

int
ac_moment_days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

static bool
is_valid_day(const AcDay *day)
{
	return day->year >= 1 && day->month >= 1 && day->month <= 12 &&
		   day->day >= 1 &&
		   day->day <= ac_moment_days_in_month(day->year, day->month);
}

int64
ac_moment_days(const AcDay *day)
{
	/* Years from March to February put the leap day last; 400 years are a
	 * whole cycle of 146097 days and keep y positive. */
	int64 y = (day->month <= 2 ? day->year - 1 : day->year) + 400;
	int64 m = (day->month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 +
		   (day->day - 1) - 719468 - 146097;
}

/* Four digits, or the two and three of RFC 5322 4.3; -1 if there are none. */
static int
take_year(Cursor *c)
{
	const char *start = c->at;
	int year = (int) take_number(c, 2, 4);

	if (year < 0 || c->at - start == 4)
		return year;
	if (c->at - start == 3)
		return year + 1900;
	return year + (year < CENTURY_PIVOT ? 2000 : 1900);
}

/* "08:12[:31[.5]]" in microseconds; -1 if malformed. */
static int64
take_time(Cursor *c)
{
	int64 hour = take_number(c, 1, 2);
	int64 minute = hour < 0 || hour > 23 || !take_char(c, ':')
					   ? -1
					   : take_number(c, 2, 2);
	int64 second = 0;
	int64 us = 0;

	if (minute < 0 || minute > 59)
		return -1;
	if (take_char(c, ':'))
	{
		second = take_number(c, 2, 2);
		if (second < 0 || second > 60)
			return -1;
		if (take_char(c, '.'))
		{
			const char *start = c->at;
			int n;

			us = take_number(c, 1, 6);
			if (us < 0)
				return -1;
			for (n = (int) (c->at - start); n < 6; n++)
				us *= 10;
		}
	}
	return ((hour * 60 + minute) * 60 + second) * US_PER_SECOND + us;
}

/* "+0100", "GMT", "EST", ...: minutes east of UTC. */
static bool
take_zone(Cursor *c, int *minutes)
{
	static const struct
	{
		const char *name;
		int hours;
	} zones[] = {
		{"gmt", 0}, {"utc", 0}, {"ut", 0}, {"z", 0}, {"est", -5}, {"edt", -4}, {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7}};
	char word[8];
	int64 number;
	int sign;
	int i;

	if (c->at < c->end && (*c->at == '+' || *c->at == '-'))
	{
		const char *start;

		sign = *c->at++ == '-' ? -1 : 1;
		start = c->at;
		number = take_number(c, 4, 4);
		if (number < 0 && c->at - start == 2 && take_char(c, ':'))
			number = (start[0] - '0') * 1000 + (start[1] - '0') * 100 +
					 take_number(c, 2, 2);
		if (number < 0 || c->at - start < 4 || number / 100 > 15 ||
			number % 100 > 59)
			return false;
		*minutes = sign * (int) (number / 100 * 60 + number % 100);
		return true;
	}
	if (take_word(c, word, sizeof(word)) == 0)
		return false;
	for (i = 0; i < (int) lengthof(zones); i++)
		if (strcmp(word, zones[i].name) == 0)
		{
			*minutes = zones[i].hours * 60;
			return true;
		}
	return false;
}

/* At the end but for a comment, as in "+0100 (CET)". */
static bool
is_at_end(Cursor *c)
{
	if (take_space(c) && take_char(c, '('))
	{
		while (c->at < c->end && *c->at != ')' && *c->at != '(')
			c->at++;
		if (!take_char(c, ')'))
			return false;
	}
	return c->at == c->end;
}

static bool
finish(const AcDay *day, int64 time_us, int offset_min, int64 *unix_us)
{
	if (!is_valid_day(day))
		return false;
	*unix_us = (ac_moment_days(day) * 86400 - offset_min * 60) *
				   US_PER_SECOND +
			   time_us;
	return true;
}

/* "Nov 15 08:12:31 1994", the weekday is read. */
static bool
read_asctime(Cursor *c, int month, int64 *unix_us)
{
	AcDay day = {0};
	int64 time_us;

	day.month = month;
	if (!take_space(c))
		return false;
	day.day = (int) take_number(c, 1, 2);
	if (!take_space(c) || (time_us = take_time(c)) < 0 || !take_space(c))
		return false;
	day.year = (int) take_number(c, 4, 4);
	return c->at == c->end && finish(&day, time_us, 0, unix_us);
}

/* "15 Nov 1994 08:12:31 GMT", "15-Nov-94 08:12:31 GMT". */
static bool
read_mail(Cursor *c, int64 *unix_us)
{
	AcDay day = {0};
	char word[8];
	int64 time_us;
	int offset;
	bool dashes;

	day.day = (int) take_number(c, 1, 2);
	dashes = take_char(c, '-');
	if (day.day < 1 || (!dashes && !take_space(c)) ||
		take_word(c, word, sizeof(word)) != 3)
		return false;
	day.month = month_of(word);
	if (dashes ? !take_char(c, '-') : !take_space(c))
		return false;
	day.year = take_year(c);
	if (!take_space(c) || (time_us = take_time(c)) < 0 || !take_space(c))
		return false;
	return take_zone(c, &offset) && is_at_end(c) &&
		   finish(&day, time_us, offset, unix_us);
}

bool
ac_moment_mail(const char *text, size_t len, int64 *unix_us)
{
	Cursor c = {text, text + len};
	char word[12];

	if (take_word(&c, word, sizeof(word)) == 0)
		return c.at == text && read_mail(&c, unix_us);
	if (!is_weekday(word))
		return false;
	if (take_char(&c, ','))
	{
		(void) take_space(&c);
		return read_mail(&c, unix_us);
	}
	if (!take_space(&c) || take_word(&c, word, sizeof(word)) != 3 ||
		month_of(word) == 0)
		return false;
	return read_asctime(&c, month_of(word), unix_us);
}

bool
ac_moment_dotnet(const char *text, size_t len, int64 *unix_ms)
{
	static const char prefix[] = "/Date(";
	Cursor c = {text, text + len};
	bool negative;
	int64 ms;

	if (len < strlen(prefix) || memcmp(text, prefix, strlen(prefix)) != 0)
		return false;
	c.at += strlen(prefix);
	negative = take_char(&c, '-');
	ms = take_number(&c, 1, MAX_MS_DIGITS);
	if (ms < 0)
		return false;
	if ((take_char(&c, '+') || take_char(&c, '-')) &&
		take_number(&c, 4, 4) < 0)
		return false;
	*unix_ms = negative ? -ms : ms;
	return take_char(&c, ')') && take_char(&c, '/') && c.at == c.end;
}

bool
ac_moment_numeric_day(const char *text, size_t len, bool day_first,
					  AcDay *day)
{
	Cursor c = {text, text + len};
	int first = (int) take_number(&c, 1, 2);
	int second;
	char separator;

	if (first < 1 || c.at == c.end)
		return false;
	separator = *c.at;
	if ((separator != '/' && separator != '.' && separator != '-') ||
		!take_char(&c, separator))
		return false;
	second = (int) take_number(&c, 1, 2);
	if (second < 1 || !take_char(&c, separator))
		return false;
	day->year = (int) take_number(&c, 4, 4);
	day->month = day_first ? second : first;
	day->day = day_first ? first : second;
	return c.at == c.end && is_valid_day(day);
}
