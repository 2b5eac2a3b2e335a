/*
 * sort.h
 *		Can the API deliver rows in the order that the query wants, and does it?
 *
 * Column options sort_asc and sort_desc are query strings by which the API
 * sorts by the column ("sort=created&direction=asc"); sort_nulls says where it
 * puts NULLs.  Only orders in which the API cannot mean another than the
 * database are asked for: numbers, days and moments, text with COLLATE "C".
 * Each row is compared with the one before it: a row out of order is an error
 * before it is shown, because the query's answer would be wrong.
 */
#ifndef AC_FDW_SORT_H
#define AC_FDW_SORT_H

#include "ac.h"

#include "fdw/request.h"
#include "fdw/table.h"
#include "nodes/pathnodes.h"
#include "executor/tuptable.h"
#include "utils/sortsupport.h"

/*
 * The order of the query, if the table's API delivers rows of rel in it; 0 if
 * not.
 */
extern AcSortKey ac_sort_wanted(PlannerInfo *root, RelOptInfo *rel,
								const AcTable *table);

/*
 * Rows of the first page that are looked at before the first is shown: one row
 * has no predecessor, and an API that ignores the parameter has to be found out
 * before its first row answers "ORDER BY ... LIMIT 1".  So many rows in random
 * order would pass for sorted once in 10^18 times.
 */
#define AC_SORT_LOOK_AHEAD 20

/* What a scan in order keeps. */
typedef struct AcSortCheck
{
	AcSortKey key; /* 0: nothing is checked */
	SortSupportData support;
	bool typbyval;
	int16 typlen;
	bool has_last;
	bool last_isnull;
	Datum last;							 /* of the row before */
	HeapTuple ahead[AC_SORT_LOOK_AHEAD]; /* looked at and not shown yet */
	int n_ahead;
	int shown; /* of these */
	bool looked;
} AcSortCheck;

/* Prepares check in the current memory context, which must live as long. */
extern void ac_sort_begin(const AcTable *table, AcSortKey key,
						  AcSortCheck *check);

/* Forgets the row before and those ahead, as for a rescan. */
extern void ac_sort_forget(AcSortCheck *check);

/* Keeps a row that was looked at. */
extern void ac_sort_keep(AcSortCheck *check, TupleTableSlot *slot);

/* Stores the next of the rows kept in slot; false if there is none. */
extern bool ac_sort_show(AcSortCheck *check, TupleTableSlot *slot);

/*
 * Compares the row in slot with the one before; throws HV000 if it is out of
 * order.
 */
extern void ac_sort_look(const AcTable *table, AcSortCheck *check,
						 const TupleTableSlot *slot);

#endif /* AC_FDW_SORT_H */
