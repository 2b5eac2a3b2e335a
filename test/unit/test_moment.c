/*
 * test_moment.c
 *		Are moments and days read in the forms of mail, HTTP, .NET and people,
 *		and nothing else?
 */
#include "ac.h"

#include "core/moment.h"

#include "tap.h"

#define REFUSED PG_INT64_MAX

static const struct
{
	const char *text;
	int64 unix_us;
} mails[] = {
	/* RFC 9110's example in its three forms */
	{"Sun, 06 Nov 1994 08:49:37 GMT", INT64CONST(784111777000000)},
	{"Sunday, 06-Nov-94 08:49:37 GMT", INT64CONST(784111777000000)},
	{"Sun Nov  6 08:49:37 1994", INT64CONST(784111777000000)},
	{"Sun Nov 06 08:49:37 1994", INT64CONST(784111777000000)},
	/* RFC 5322, current and obsolete */
	{"Sun, 6 Nov 1994 09:49:37 +0100", INT64CONST(784111777000000)},
	{"6 Nov 1994 00:49:37 -0800", INT64CONST(784111777000000)},
	{"06 NOV 1994 03:49:37 est", INT64CONST(784111777000000)},
	{"Sun, 06 Nov 94 08:49:37 UT", INT64CONST(784111777000000)},
	{"Sun, 06 Nov 094 08:49:37 Z", INT64CONST(784111777000000)},
	{"Sun,06 Nov 1994 08:49:37 -0000 (a comment)", INT64CONST(784111777000000)},
	{"Sun, 06 Nov\r\n 1994 08:49:37\tGMT", INT64CONST(784111777000000)},
	{"Sun, 06 Nov 1994 08:49 GMT", INT64CONST(784111740000000)},
	{"Sun, 06 Nov 1994 08:49:37.25 GMT", INT64CONST(784111777250000)},
	{"Sun, 06 Nov 1994 08:49:37 +01:00", INT64CONST(784108177000000)},
	{"Thu, 01 Jan 1970 00:00:00 GMT", 0},
	{"Wed, 31 Dec 1969 23:59:59 GMT", -1000000},
	{"Sat, 31 Dec 2016 23:59:60 GMT", INT64CONST(1483228800000000)},
	{"01-Jan-50 00:00:00 GMT", INT64CONST(-631152000000000)},
	{"01-Jan-49 00:00:00 GMT", INT64CONST(2493072000000000)},
	{"Tue, 29 Feb 2000 00:00:00 GMT", INT64CONST(951782400000000)},
	{"Mon, 01 Jan 0001 00:00:00 GMT", INT64CONST(-62135596800000000)},
	{"Fri, 31 Dec 9999 23:59:59 GMT", INT64CONST(253402300799000000)},
	/* none */
	{"", REFUSED},
	{"Sun", REFUSED},
	{"Sun, ", REFUSED},
	{"Sun, 06 Nov 1994 08:49:37", REFUSED},
	{"Sun, 06 Nov 1994 08:49:37 IST", REFUSED},
	{"Sun, 06 Nov 1994 08:49:37 +1600", REFUSED},
	{"Sun, 06 Nov 1994 08:49:37 +0160", REFUSED},
	{"Sun, 06 Nov 1994 08:49:37 +01:", REFUSED},
	{"Sun, 06 Nov 1994 08:49:37 +01:0x", REFUSED},
	{"Sun, 06 Nov 1994 08:49:37 GMT (", REFUSED},
	{"Sun, 06 Nov 1994 08:49:37 GMT x", REFUSED},
	{"Sun, 06 Nov 1994 08:49:37 GMT ", INT64CONST(784111777000000)},
	{"Sun, 06 Nov 1994 24:00:00 GMT", REFUSED},
	{"Sun, 06 Nov 1994 08:60:00 GMT", REFUSED},
	{"Sun, 06 Nov 1994 08:49:61 GMT", REFUSED},
	{"Sun, 06 Nov 1994 08:49:37.1234567 GMT", REFUSED},
	{"Sun, 30 Feb 2000 08:49:37 GMT", REFUSED},
	{"Thu, 29 Feb 1900 00:00:00 GMT", REFUSED},
	{"Sun, 00 Nov 1994 08:49:37 GMT", REFUSED},
	{"Sun, 06 Foo 1994 08:49:37 GMT", REFUSED},
	{"Sun, 06 November 1994 08:49:37 GMT", REFUSED},
	{"Sun, 06 Nov 0000 08:49:37 GMT", REFUSED},
	{"Sun, 06 Nov 19945 08:49:37 GMT", REFUSED},
	{"Foo, 06 Nov 1994 08:49:37 GMT", REFUSED},
	{"06-Nov 1994 08:49:37 GMT", REFUSED},
	{"06 Nov-1994 08:49:37 GMT", REFUSED},
	{"1994-11-06T08:49:37Z", REFUSED},
	{"Sun Nov  6 08:49:37 94", REFUSED},
	{"Nov  6 08:49:37 1994", REFUSED},
};

static const struct
{
	const char *text;
	int64 unix_ms;
} dotnets[] = {
	{"/Date(0)/", 0},
	{"/Date(1700000000000)/", INT64CONST(1700000000000)},
	{"/Date(-62135596800000)/", INT64CONST(-62135596800000)},
	{"/Date(1700000000000+0200)/", INT64CONST(1700000000000)},
	{"/Date(1700000000000-0930)/", INT64CONST(1700000000000)},
	{"/Date(99999999999999999)/", INT64CONST(99999999999999999)},
	{"/Date(999999999999999999)/", REFUSED},
	{"/Date()/", REFUSED},
	{"/Date(-)/", REFUSED},
	{"/Date(1.5)/", REFUSED},
	{"/Date(1+02)/", REFUSED},
	{"/Date(1+02000)/", REFUSED},
	{"/Date(1)", REFUSED},
	{"/Date(1)/ ", REFUSED},
	{" /Date(1)/", REFUSED},
	{"Date(1)", REFUSED},
	{"/Date(", REFUSED},
	{"/date(1)/", REFUSED},
};

/* Day and month of the texts as dmy and mdy; 0: refused. */
static const struct
{
	const char *text;
	int dmy; /* yyyymmdd */
	int mdy;
} days[] = {
	{"31/12/2024", 20241231, 0},
	{"12/31/2024", 0, 20241231},
	{"01/02/2024", 20240201, 20240102},
	{"1.2.2024", 20240201, 20240102},
	{"29-02-2024", 20240229, 0},
	{"29.02.2023", 0, 0},
	{"29/02/1900", 0, 0},
	{"31/04/2024", 0, 0},
	{"12-12-0001", 11212, 11212},
	{"12-12-0000", 0, 0},
	{"12/12-2024", 0, 0},
	{"12/12/24", 0, 0},
	{"12/12/02024", 0, 0},
	{"012/12/2024", 0, 0},
	{"0/12/2024", 0, 0},
	{"12 12 2024", 0, 0},
	{"12/12/2024 ", 0, 0},
	{"12/12", 0, 0},
	{"12", 0, 0},
	{"", 0, 0},
	{"2024/12/31", 0, 0},
	{"1.10.2", 0, 0},
};

static int
read_day(const char *text, bool day_first)
{
	AcDay day;

	if (!ac_moment_numeric_day(text, strlen(text), day_first, &day))
		return 0;
	return day.year * 10000 + day.month * 100 + day.day;
}

int
main(void)
{
	int i;

	for (i = 0; i < (int) lengthof(mails); i++)
	{
		size_t len = strlen(mails[i].text);
		/* nothing behind the text may be looked at */
		char *exact = malloc(len > 0 ? len : 1);
		int64 us = REFUSED;

		memcpy(exact, mails[i].text, len);
		if (!ac_moment_mail(exact, len, &us))
			us = REFUSED;
		is_int(us, mails[i].unix_us, "\"%s\"", mails[i].text);
		free(exact);
	}
	for (i = 0; i < (int) lengthof(dotnets); i++)
	{
		int64 ms = REFUSED;

		if (!ac_moment_dotnet(dotnets[i].text, strlen(dotnets[i].text), &ms))
			ms = REFUSED;
		is_int(ms, dotnets[i].unix_ms, "\"%s\"", dotnets[i].text);
	}
	for (i = 0; i < (int) lengthof(days); i++)
	{
		is_int(read_day(days[i].text, true), days[i].dmy, "\"%s\", day first", days[i].text);
		is_int(read_day(days[i].text, false), days[i].mdy, "\"%s\", month first", days[i].text);
	}
	return done_testing();
}
