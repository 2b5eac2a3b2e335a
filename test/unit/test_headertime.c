/*
 * test_headertime.c
 *		Are dates and delays read right, whatever form they come in?
 *
 * Moments were computed with date(1), not with the code under test.
 */
#include "ac.h"

#include "core/header.h"
#include "tap.h"

/* 2024-03-01T12:00:00Z */
#define NOW INT64CONST(1709294400000)

/* RFC 9110 5.6.7's example: 1994-11-06T08:49:37Z */
#define EXAMPLE INT64CONST(784111777000)

/* No moment: the text is malformed. */
#define BAD INT64CONST(-1)

static void
test_dates(void)
{
	static const struct
	{
		const char *text;
		int64 unix_ms;
	} cases[] = {
		{"Sun, 06 Nov 1994 08:49:37 GMT", EXAMPLE},
		{"Sunday, 06-Nov-94 08:49:37 GMT", EXAMPLE},
		{"Sun Nov  6 08:49:37 1994", EXAMPLE},
		{"Sun Nov 16 08:49:37 1994", EXAMPLE + 10 * INT64CONST(86400000)},
		{"sun, 06 nov 1994 08:49:37 gmt", EXAMPLE},
		{"Thu, 01 Jan 1970 00:00:00 GMT", 0},
		{"Thu, 29 Feb 2024 12:00:00 GMT", NOW - INT64CONST(86400000)},
		{"Tue, 29 Feb 2000 00:00:00 GMT", INT64CONST(951782400000)},
		{"Tue, 31 Dec 2024 23:59:60 GMT", INT64CONST(1735689600000)},
		{"Friday, 01-Mar-24 12:00:00 GMT", NOW},
		{"Friday, 01-Mar-74 12:00:00 GMT", INT64CONST(3287131200000)}, /* 2074 */
		{"Friday, 01-Mar-75 12:00:00 GMT", INT64CONST(162907200000)},  /* 1975 */
		{"Thu, 29 Feb 2023 12:00:00 GMT", BAD},
		{"Thu, 29 Feb 1900 12:00:00 GMT", BAD},
		{"Sun, 32 Oct 1994 08:49:37 GMT", BAD},
		{"Sun, 00 Nov 1994 08:49:37 GMT", BAD},
		{"Sun, 06 Nov 1994 24:00:00 GMT", BAD},
		{"Sun, 06 Nov 1994 08:60:00 GMT", BAD},
		{"Sun, 06 Nov 1994 08:49:61 GMT", BAD},
		{"Sun, 06 Nov 1994 09:49:37 +0100", EXAMPLE},
		{"Sun, 06 Nov 1994 03:19:37 -0530", EXAMPLE},
		{"Sun, 06 Nov 1994 08:49:37 +0160", BAD},
		{"Sun, 06 Nov 1994 08:49:37 +01:00", BAD},
		{"Sun, 06 Nov 1994 08:49:37 EST", BAD},
		{"Sun, 06 Nov 1994 08:49:37 GMT x", BAD},
		{"Sun, 06 Nov 1994 08:49:37", BAD},
		{"Sun, 6 Nov 1994 08:49:37 GMT", BAD},
		{"Xxx, 06 Nov 1994 08:49:37 GMT", BAD},
		{"Sun, 06 Xxx 1994 08:49:37 GMT", BAD},
		{"1994-11-06T08:49:37Z", BAD},
		{"", BAD},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		int64 ms;

		if (!ac_header_parse_date(cases[i].text, NOW, &ms))
			ms = BAD;
		is_int(ms, cases[i].unix_ms, "\"%s\"", cases[i].text);
	}
}

/* RFC 3339 5.8 and its like. */
static void
test_rfc3339(void)
{
	static const struct
	{
		const char *text;
		int64 unix_ms;
	} cases[] = {
		{"1985-04-12T23:20:50.52Z", INT64CONST(482196050520)},
		{"1996-12-19T16:39:57-08:00", INT64CONST(851042397000)},
		{"1990-12-31T23:59:60Z", INT64CONST(662688000000)},
		{"1937-01-01T12:00:27.87+00:20", INT64CONST(-1041337172130)},
		{"2024-03-01T12:00:00Z", NOW},
		{"2024-03-01t12:00:00z", NOW},
		{"2024-03-01 12:00:00+00:00", NOW},
		{"2024-03-01T12:00:00.123456789Z", NOW + 123},
		{"2024-03-01T12:00:00", BAD},
		{"2024-03-01", BAD},
		{"2024-13-01T12:00:00Z", BAD},
		{"2024-03-01T12:00:00.Z", BAD},
		{"2024-03-01T12:00:00+24:00", BAD},
		{"2024-03-01T12:00:00Zx", BAD},
		{"", BAD},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		int64 ms;

		if (!ac_header_parse_rfc3339(cases[i].text, &ms))
			ms = BAD;
		is_int(ms, cases[i].unix_ms, "\"%s\"", cases[i].text);
	}
}

static void
test_retry_after(void)
{
	static const struct
	{
		const char *value;
		int64 delay_ms;
	} cases[] = {
		{"120", 120000},
		{"0", 0},
		{"1.5", 1500},
		{"0.0004", 0},
		{"Fri, 01 Mar 2024 12:02:00 GMT", 120000},
		{"Friday, 01-Mar-24 12:02:00 GMT", 120000},
		{"Fri Mar  1 12:02:00 2024", 120000},
		{"Fri, 01 Mar 2024 11:00:00 GMT", 0},
		{"Fri, 01 Mar 2024 13:02:00 +0100", 120000},
		{"2024-03-01T12:00:30Z", 30000},
		{"2024-03-01 12:00:30", 30000},
		{"Fri Mar 01 2024 13:00:30 GMT+0100 (Central European Standard Time)", 30000},
		{"Fri Mar 01 2024 07:00:30 GMT-0500", 30000},
		{"1709294460", 60000},
		{"1709294460.5", 60500},
		{"1709294460000", 60000},
		{"1700000000", 0},
		{"6m0s", 360000},
		{"100ms", 100},
		{"1h2m3.5s", 3723500},
		{"1.2ms", 2},
		{"500us", 1},
		{"20ns", 1},
		{"", BAD},
		{"-1", BAD},
		{"+5", BAD},
		{"5 s", BAD},
		{"1e3", BAD},
		{"1.", BAD},
		{"soon", BAD},
		{"0x10", BAD},
		{"5, 6", BAD},
		{"99999999999999999999", BAD},
		{"6m0", BAD},
		{"6x", BAD},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		int64 ms;

		if (!ac_header_parse_retry_after(cases[i].value, NOW, &ms))
			ms = BAD;
		is_int(ms, cases[i].delay_ms, "Retry-After: %s", cases[i].value);
	}
}

static AcHeaders *
headers_of(const char *const *lines)
{
	AcHeaders *h = ac_headers_create();

	for (; *lines != NULL; lines++)
		ac_headers_add_line(h, *lines, strlen(*lines));
	return h;
}

static void
test_headers(void)
{
	static const struct
	{
		const char *lines[4];
		int64 delay_ms;
	} cases[] = {
		{{"Retry-After: 7"}, 7000},
		{{"Retry-After: 7", "retry-after-ms: 6500"}, 6500},
		{{"Retry-After: 7", "retry-after-ms: x"}, 7000},
		{{"X-RateLimit-Retry-After: 9"}, 9000},
		{{"Retry-After: x", "X-RateLimit-Retry-After: 9"}, 9000},
		/* The server's clock is an hour slow. */
		{{"Date: Fri, 01 Mar 2024 11:00:00 GMT", "Retry-After: Fri, 01 Mar 2024 11:00:20 GMT"}, 20000},
		{{"Date: Fri, 01 Mar 2024 11:00:00 GMT", "Retry-After: 1709290830"}, 30000},
		{{"Date: nonsense", "Retry-After: Fri, 01 Mar 2024 12:00:20 GMT"}, 20000},
		{{"Retry-After: 3", "Retry-After: 30", "Retry-After: x"}, 30000},
		{{"Retry-After: x"}, BAD},
		{{"Server: x"}, BAD},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		int64 ms;

		if (!ac_header_retry_after(headers_of(cases[i].lines), NOW, &ms))
			ms = BAD;
		is_int(ms, cases[i].delay_ms, "headers %d: %s", (int) i, cases[i].lines[0]);
	}
}

int
main(void)
{
	test_dates();
	test_rfc3339();
	test_retry_after();
	test_headers();
	return done_testing();
}
