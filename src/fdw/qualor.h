/*
 * qualor.h
 *		Which values of one column does an OR leave?
 *
 * Each arm compares the column with a value or with those of a list, or has
 * such a condition among others, as where PostgreSQL takes a comparison of rows
 * apart: (a, b) IN ((1, 2), (3, 4)) leaves 1 and 3 of a.  The values are one
 * list: an array where all are of one type and known to be plain, else a row
 * of values and arrays, for arrays whose dimensions nobody knows before the
 * scan cannot be put together.
 */
#ifndef AC_FDW_QUALOR_H
#define AC_FDW_QUALOR_H

#include "ac.h"

#include "fdw/table.h"
#include "nodes/pathnodes.h"
#include "policy/pushdown.h"

/* That a column equals a value, or one of several, or is bound by it. */
typedef struct AcEquality
{
	AttrNumber attnum;
	Expr *value;
	bool is_list;
	AcQualBound bound; /* not NONE: it is a range's end instead */
	bool core_operator;
	Oid collation;
	Expr *implied; /* a clause that says just that, where the one at hand says
					* more; else NULL */
} AcEquality;

/* Of fdw/qual: what the clause says of a column of the table. */
extern bool ac_qual_match(const Node *clause, const AcTable *table,
						  Index relid, AcEquality *equality);

/* The same of an OR: false if its arms have no column in common. */
extern bool ac_qualor_match(const BoolExpr * or, const AcTable *table,
							Index relid, AcEquality *equality);

/* How many values a list has, as far as the planner can know. */
extern double ac_qualor_estimate(PlannerInfo *root, const Expr *value);

#endif /* AC_FDW_QUALOR_H */
