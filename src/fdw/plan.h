/*
 * plan.h
 *		What does the planner hand to the executor?
 *
 * fdw_private of a ForeignScan is a list with the entries below; fdw_exprs
 * holds the values of the sent quals, then these quals, then the quals that
 * stay here, so that setrefs.c makes all of them fit for the executor and
 * EXPLAIN.
 */
#ifndef AC_FDW_PLAN_H
#define AC_FDW_PLAN_H

#include "ac.h"

#include "nodes/plannodes.h"

typedef enum AcPlanEntry
{
	AC_PLAN_PROBLEM, /* String: why the scan cannot run, "" if it can */
	AC_PLAN_MODE,	 /* Integer: AcScanMode */
	AC_PLAN_LIMIT,	 /* Integer: rows that are wanted, see AcPagerConfig */
	AC_PLAN_ATTRS,	 /* IntList: attribute numbers to deliver */
	AC_PLAN_SENT,	 /* IntList: attribute numbers of sent quals */
	AC_PLAN_VIAS,	 /* IntList: AcSendVia of these */
	AC_PLAN_BOUNDS,	 /* IntList: AcQualBound of these */
	AC_PLAN_LISTS,	 /* IntList: is the value an array of values? */
	AC_PLAN_REASONS, /* List of String: why the other quals stay */
	AC_PLAN_SORT,	 /* Integer: AcSortKey */
	AC_PLAN_WALKS,	 /* Integer: are values taken from the parent's rows? */
	AC_PLAN_COUNT,	 /* Integer: is the API's total all that is wanted? */
	AC_PLAN_EXACT,	 /* Integer: are more rows than LIMIT says of no use? */
	AC_PLAN_ENTRIES	 /* number of entries */
} AcPlanEntry;

/* The values of sent quals, these quals, the other quals; lists are new. */
extern List *ac_plan_values(const ForeignScan *plan);
extern List *ac_plan_sent_quals(const ForeignScan *plan);
extern List *ac_plan_other_quals(const ForeignScan *plan);

#endif /* AC_FDW_PLAN_H */
