/*
 * bound.h
 *		Which bound is sent for a range, and does a row lie beyond it?
 *
 * Column options param_from and param_to name parameters that take the lower
 * and the upper bound of a column's values, bound_format how they are written.
 * Nobody says whether the API's bounds are inclusive, or how exact: so a bound
 * is rounded to the format's precision and moved by one unit of it, outwards.
 * The executor checks the condition itself on what comes.
 */
#ifndef AC_FDW_BOUND_H
#define AC_FDW_BOUND_H

#include "ac.h"

#include "fdw/table.h"

/* A bound in the unit in which rows are compared with it. */
typedef struct AcBoundValue
{
	bool set;
	int64 number;  /* integers; microseconds or days since 2000 */
	Datum numeric; /* numerics */
} AcBoundValue;

/* Are bounds of such columns ever sent? */
extern bool ac_bound_serves(const AcColumn *column);

/*
 * A value of another type as one of the column's, where bounds of both mean
 * nearly the same: days and moments.  NULL: they do not.
 */
extern Expr *ac_bound_of_type(const AcColumn *column, Expr *value);

/*
 * The text of the bound that is sent for a value of a type of the column's
 * family, and *wide.  NULL where it has none: infinity, a year that ISO 8601
 * has no four digits for.  In the current memory context.
 */
extern char *ac_bound_text(const AcColumn *column, AcQualBound bound,
						   Datum value, Oid type, AcBoundValue *wide);

/* Is the column's value on the wrong side of it? */
extern bool ac_bound_excludes(const AcColumn *column, AcQualBound bound,
							  const AcBoundValue *wide, Datum value);

#endif /* AC_FDW_BOUND_H */
