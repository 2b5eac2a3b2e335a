/*
 * bound.c
 *		Which bound is sent for a range, and does a row lie beyond it?
 *		See bound.h.
 */
#include "ac.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "fdw/bound.h"
#include "fdw/sendvalue.h"
#include "fmgr.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_coerce.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

/* From year 1 to 9999, in days from 2000-01-01: what ISO 8601 can write. */
#define FIRST_DAY (-730119)
#define LAST_DAY 2921939

bool
ac_bound_serves(const AcColumn *column)
{
	Oid base = getBaseType(column->type);

	return column->type_class == AC_TYPE_INTEGER ||
		   column->type_class == AC_TYPE_NUMERIC || base == DATEOID ||
		   base == TIMESTAMPTZOID;
}

static bool
is_moment(Oid base)
{
	return base == DATEOID || base == TIMESTAMPOID || base == TIMESTAMPTZOID;
}

/* A day that no moment is in; comparing it is no error, but casting it is. */
static bool
is_beyond(const Expr *value)
{
	const Const *day = (const Const *) value;

	return IsA(value, Const) && getBaseType(day->consttype) == DATEOID &&
		   !day->constisnull && !DATE_NOT_FINITE(DatumGetDateADT(day->constvalue)) &&
		   DatumGetDateADT(day->constvalue) > LAST_DAY;
}

/*
 * The cast is the comparison's own, in the session's time zone.  A moment is
 * not before its day and not behind the next, and bounds are sent wider than
 * that.
 */
Expr *
ac_bound_of_type(const AcColumn *column, Expr *value)
{
	Oid to = getBaseType(column->type);
	Oid from = exprType((Node *) value);

	if (!ac_bound_serves(column) || !is_moment(to) ||
		!is_moment(getBaseType(from)) || is_beyond(value))
		return NULL;
	return (Expr *) coerce_to_target_type(NULL, (Node *) value, from, to, -1,
										  COERCION_ASSIGNMENT,
										  COERCE_IMPLICIT_CAST, -1);
}

/* ---- numbers ---- */

static int64
integer_of(Datum value, Oid type)
{
	switch (getBaseType(type))
	{
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		default:
			return DatumGetInt64(value);
	}
}

/* One less or more; at the end of the numbers it stays. */
static int64
move(int64 number, AcQualBound bound)
{
	int64 moved;

	if (pg_add_s64_overflow(number, bound == AC_BOUND_FROM ? -1 : 1, &moved))
		return number;
	return moved;
}

/* The next whole number outwards, and one more. */
static Datum
move_numeric(Datum value, AcQualBound bound)
{
	Datum one = DirectFunctionCall1(int4_numeric, Int32GetDatum(1));

	if (bound == AC_BOUND_FROM)
		return DirectFunctionCall2(numeric_sub,
								   DirectFunctionCall1(numeric_floor, value), one);
	return DirectFunctionCall2(numeric_add,
							   DirectFunctionCall1(numeric_ceil, value), one);
}

/* In the API's units: the bound is the column's, the parameter the field's. */
static char *
number_text(const AcColumn *column, AcQualBound bound, Datum value, Oid type,
			AcBoundValue *wide)
{
	AcReading reading = ac_reading_of(column->options);

	if (column->type_class == AC_TYPE_INTEGER)
	{
		wide->number = move(integer_of(value, type), bound);
		wide->set = true;
		return ac_sendvalue_text(Int64GetDatum(wide->number), INT8OID,
								 &reading);
	}
	if (numeric_is_nan(DatumGetNumeric(value)) ||
		numeric_is_inf(DatumGetNumeric(value)))
		return NULL;
	wide->numeric = move_numeric(value, bound);
	wide->set = true;
	return ac_sendvalue_text(wide->numeric, NUMERICOID, &reading);
}

/* ---- moments ---- */

static int64
unit_us(AcBoundFormat format)
{
	switch (format)
	{
		case AC_BOUND_DATE:
			return USECS_PER_DAY;
		case AC_BOUND_EPOCH_MS:
			return 1000;
		case AC_BOUND_RFC3339:
		case AC_BOUND_EPOCH_S:
			break;
	}
	return USECS_PER_SEC;
}

/*
 * Rounded outwards to the unit, and one unit further.  Of a moment's day, two:
 * an API that shows what comes after a day means the day after it, which may
 * begin half a day later than ours.
 */
static int64
round_out(int64 us, int64 unit, AcQualBound bound, bool is_day)
{
	int64 floor = us / unit - (us % unit < 0);

	if (bound == AC_BOUND_FROM)
		return (floor - (unit == USECS_PER_DAY && !is_day ? 2 : 1)) * unit;
	return (floor + (us % unit != 0) + 1) * unit;
}

/* A moment, as the format has it. */
static char *
moment_text(int64 us, AcBoundFormat format)
{
	AcReading reading = {0};

	switch (format)
	{
		case AC_BOUND_DATE:
			return ac_sendvalue_text(DateADTGetDatum((DateADT) (us / USECS_PER_DAY)),
									 DATEOID, NULL);
		case AC_BOUND_RFC3339:
			return ac_sendvalue_text(TimestampTzGetDatum(us), TIMESTAMPTZOID,
									 NULL);
		case AC_BOUND_EPOCH_S:
			reading.decode = AC_DECODE_EPOCH_S;
			break;
		case AC_BOUND_EPOCH_MS:
			reading.decode = AC_DECODE_EPOCH_MS;
			break;
	}
	return ac_sendvalue_text(TimestampTzGetDatum(us), TIMESTAMPTZOID, &reading);
}

/*
 * A day is a moment, too, and a bound for days is moved by at least one: the
 * API's day may begin in another time zone.
 */
static char *
temporal_text(const AcColumn *column, AcQualBound bound, Datum value, Oid type,
			  AcBoundValue *wide)
{
	AcBoundFormat format = column->options->bound_format;
	bool is_day = getBaseType(type) == DATEOID;
	int64 unit = is_day ? USECS_PER_DAY : unit_us(format);
	int64 us;

	if (is_day ? DATE_NOT_FINITE(DatumGetDateADT(value))
			   : TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(value)))
		return NULL;
	if (is_day && (DatumGetDateADT(value) < FIRST_DAY ||
				   DatumGetDateADT(value) > LAST_DAY))
		return NULL;
	us = is_day ? DatumGetDateADT(value) * USECS_PER_DAY
				: DatumGetTimestampTz(value);
	if (us < (FIRST_DAY + 2) * USECS_PER_DAY || us > (LAST_DAY - 2) * USECS_PER_DAY)
		return NULL;
	us = round_out(us, unit, bound, is_day);
	wide->number = is_day ? us / USECS_PER_DAY : us;
	wide->set = true;
	return moment_text(us, format);
}

char *
ac_bound_text(const AcColumn *column, AcQualBound bound, Datum value, Oid type,
			  AcBoundValue *wide)
{
	wide->set = false;
	if (column->type_class == AC_TYPE_TEMPORAL)
		return temporal_text(column, bound, value, type, wide);
	return number_text(column, bound, value, type, wide);
}

/* ---- rows ---- */

/* Less than zero if the column's value is below the bound. */
static int
compare(const AcColumn *column, const AcBoundValue *wide, Datum value)
{
	Oid base = getBaseType(column->type);
	int64 number;

	if (column->type_class == AC_TYPE_NUMERIC)
		return DatumGetInt32(DirectFunctionCall2(numeric_cmp, value,
												 wide->numeric));
	if (base == TIMESTAMPTZOID)
		number = DatumGetTimestampTz(value);
	else if (base == DATEOID)
		number = DatumGetDateADT(value);
	else
		number = integer_of(value, base);
	return number < wide->number ? -1 : number > wide->number;
}

bool
ac_bound_excludes(const AcColumn *column, AcQualBound bound,
				  const AcBoundValue *wide, Datum value)
{
	int order;

	if (!wide->set)
		return false;
	order = compare(column, wide, value);
	return bound == AC_BOUND_FROM ? order < 0 : order > 0;
}
