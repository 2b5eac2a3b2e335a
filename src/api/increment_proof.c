/*
 * increment_proof.c
 *		What does the answer to a call with the parameter prove?
 *
 * See increment.h.  A parameter that is ignored answers with rows before the
 * value; one that withholds rows answers with fewer than are known.
 */
#include "ac.h"

#include <ctype.h>
#include <errno.h>

#include "api/increment_int.h"
#include "api/types.h"

#define US_PER_SECOND INT64CONST(1000000)
#define US_PER_DAY (INT64CONST(86400) * US_PER_SECOND)

/* ---- places ---- */

/* Days since 1970 of a day of the Gregorian calendar, by shifted years. */
static int64
days_since_1970(int year, int month, int day)
{
	int64 y = month <= 2 ? year - 1 : year;
	int64 era = y / 400;
	int64 of_era = y - era * 400;
	int64 of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
		   719468;
}

static int
digits(const char *s, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++)
		value = value * 10 + (s[i] - '0');
	return value;
}

/* Microseconds of ".123456789", advancing *s. */
static int64
take_fraction(const char **s)
{
	int64 value = 0;
	int64 unit = US_PER_SECOND / 10;

	if (**s != '.')
		return 0;
	for ((*s)++; isdigit((unsigned char) **s); (*s)++)
	{
		value += (**s - '0') * unit;
		unit /= 10;
	}
	return value;
}

/* Seconds east of UTC of "Z", "+02:00", "+0200", "+02". */
static int
take_offset(const char *s)
{
	int sign = *s == '-' ? -1 : 1;
	int minutes = 0;

	if (*s != '+' && *s != '-')
		return 0;
	s++;
	if (s[2] == ':')
		minutes = digits(s + 3, 2);
	else if (s[2] != '\0')
		minutes = digits(s + 2, 2);
	return sign * (digits(s, 2) * 3600 + minutes * 60);
}

/* A text that looks like a moment (api/types) as microseconds since 1970. */
static bool
moment_of(const char *text, int64 *us)
{
	int look = ac_types_look(text);
	const char *s = text + 10;

	if ((look & (AC_LOOK_DATE | AC_LOOK_TIMESTAMP | AC_LOOK_TIMESTAMPTZ)) == 0)
		return false;
	*us = days_since_1970(digits(text, 4), digits(text + 5, 2),
						  digits(text + 8, 2)) *
		  US_PER_DAY;
	if (look & AC_LOOK_DATE)
		return true;
	*us += (digits(s + 1, 2) * 3600 + digits(s + 4, 2) * 60) * US_PER_SECOND;
	s += 6;
	if (*s == ':')
	{
		*us += digits(s + 1, 2) * US_PER_SECOND;
		s += 3;
		*us += take_fraction(&s);
	}
	*us -= take_offset(s) * US_PER_SECOND;
	return true;
}

bool
ac_increment_place(const AcColumnPlan *column, const char *text, int64 *place)
{
	char *end;

	if (ac_increment_kind(column) == AC_INCREMENT_MOMENT)
		return moment_of(text, place);
	errno = 0;
	*place = strtoll(text, &end, 10);
	return errno == 0 && end != text && *end == '\0';
}

/* ---- the judgement ---- */

/* Rows by where their values stand, seen from the one that was asked for. */
typedef struct Sides
{
	int before;
	int at;
	int after;
	int unknown; /* without a value that has a place */
	bool ascending;
} Sides;

static Sides
count_sides(const AcColumnPlan *column, const AcSampledRows *rows, int64 bound,
			int64 grain)
{
	Sides sides = {.ascending = true};
	int64 last = PG_INT64_MIN;

	for (int i = 0; i < rows->n; i++)
	{
		char *text = ac_samples_text(rows, i, column);
		int64 place;

		if (text == NULL || !ac_increment_place(column, text, &place))
		{
			sides.unknown++;
			continue;
		}
		sides.ascending = sides.ascending && place >= last;
		last = place;
		if (place < bound)
			sides.before++;
		else if (place < bound + grain)
			sides.at++;
		else
			sides.after++;
	}
	return sides;
}

/* What one unit of the parameter's value spans in the column's. */
static int64
grain_of(const AcIncrementProof *proof, const AcColumnPlan *column)
{
	if (ac_increment_kind(column) != AC_INCREMENT_MOMENT)
		return 1;
	if (strcmp(proof->pair->format, "date") == 0)
		return US_PER_DAY;
	return strcmp(proof->pair->format, "epoch_s") == 0 ? US_PER_SECOND : 1;
}

/* Are there fewer rows with the parameter than without it? */
static bool
count_fell(const AcIncrementProof *proof, const Sides *before)
{
	if (proof->total_before > 0 && proof->total_after > 0)
		return proof->total_after < proof->total_before;
	if (proof->complete_before && proof->complete_after)
		return proof->after->n < proof->before->n;
	/* the first page had such rows, and now they are gone */
	return before->before > 0;
}

/* Are rows missing that are known to be from the value on? */
static bool
withholds(const AcIncrementProof *proof, const Sides *before,
		  const Sides *after)
{
	return proof->complete_after && after->after < before->after;
}

static const char *
ends_of(const AcIncrementProof *proof, const Sides *after)
{
	if (after->at > 0)
		return "proved: rows from the value on, those of the value included";
	/* in order, those of the value would have come first */
	if (proof->complete_after || after->ascending)
		return "proved: rows after the value, those of the value left out";
	return "proved: rows from the value on";
}

bool
ac_increment_judge(const AcIncrementProof *proof, const char **finding)
{
	int index = 0;
	const AcColumnPlan *column = ac_increment_column(proof->plan,
													 proof->pair->column,
													 &index);
	int64 grain;
	int64 bound;
	Sides before;
	Sides after;

	*finding = "not tried: the value has no place in an order";
	if (column == NULL || !ac_increment_place(column, proof->in_row, &bound))
		return false;
	grain = grain_of(proof, column);
	bound -= ((bound % grain) + grain) % grain;
	before = count_sides(column, proof->before, bound, grain);
	after = count_sides(column, proof->after, bound, grain);
	if (proof->after->n == 0)
		*finding = "refused: no rows, though there are some from the value on";
	else if (after.before > 0 && after.before >= before.before)
		*finding = "ignored: the rows are those that come without it";
	else if (after.before > 0)
		*finding = "refused: rows before the value";
	else if (after.unknown > 0)
		*finding = "refused: rows without a value";
	else if (withholds(proof, &before, &after))
		*finding = "refused: rows are missing that are known to be newer";
	else if (!count_fell(proof, &before))
		*finding = "refused: there are not fewer rows than without it";
	else
	{
		*finding = ends_of(proof, &after);
		return true;
	}
	return false;
}
