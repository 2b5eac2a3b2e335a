/*
 * moment.h
 *		Which moment, or which day, do texts name that are not ISO 8601?
 *
 * The forms of mail, of HTTP, of .NET and of people.  Both who judges what a
 * field looks like and who reads it use these, so that what looks readable
 * is.  Texts are not NUL-terminated; whatever is not wholly of the form is
 * refused.
 */
#ifndef AC_CORE_MOMENT_H
#define AC_CORE_MOMENT_H

#include "ac.h"

/*
 * "[Tue, ]15 Nov 1994 08:12[:31[.5]] GMT" (RFC 5322 with its obsolete forms,
 * RFC 9110's IMF-fixdate), "Tuesday, 15-Nov-94 08:12:31 GMT" (RFC 850) and
 * "Tue Nov 15 08:12:31 1994" (asctime, always UTC).  Zones: numeric, GMT, UT,
 * UTC, Z and the four North American ones that RFC 5322 defines.  Two digits
 * of a year are 1950 to 2049.  Microseconds since 1970; second 60 is the next
 * second's 0.
 */
extern bool ac_moment_mail(const char *text, size_t len, int64 *unix_us);

/* "/Date(1700000000000)/", "/Date(-62135596800000+0200)/": milliseconds since
 * 1970 in UTC; the offset is for show. */
extern bool ac_moment_dotnet(const char *text, size_t len, int64 *unix_ms);

typedef struct AcDay
{
	int year; /* 1 .. 9999 */
	int month;
	int day;
} AcDay;

/*
 * "31/12/2024", or "12/31/2024" if not day_first; "/", "." or "-", one or two
 * digits, four of the year; valid in the calendar.
 */
extern bool ac_moment_numeric_day(const char *text, size_t len,
								  bool day_first, AcDay *day);

/* Days from 1970-01-01, proleptic Gregorian; year >= 0. */
extern int64 ac_moment_days(const AcDay *day);

extern int ac_moment_days_in_month(int year, int month);

#endif /* AC_CORE_MOMENT_H */
