/*
 * count.h
 *		How many rows are there, without reading them?
 *
 * SELECT count(*) of a table whose API tells the total is answered by it, in
 * one request for the smallest page: where the total was proved for those
 * whose credentials are used (table option total), and no condition is left to
 * be checked on rows.  An answer that tells no total, or one that its own rows
 * contradict, is counted row by row as ever.
 */
#ifndef AC_FDW_COUNT_H
#define AC_FDW_COUNT_H

#include "ac.h"

#include "fdw/qual.h"
#include "fdw/scan.h"
#include "nodes/pathnodes.h"

/* Is count(*) all that the upper relation shows of the scan below? */
extern bool ac_count_is_all(PlannerInfo *root, const RelOptInfo *input_rel,
							const RelOptInfo *output_rel);

/* May the API's total stand for the rows that a scan with these quals has? */
extern bool ac_count_is_told(const AcTable *table, const AcSending *sending,
							 Oid userid);

/* The rows of a plan that counts: one, with a column count(*). */
extern List *ac_count_tlist(const RelOptInfo *output_rel);

/* Stores the number in slot, once; then nothing. */
extern void ac_count_next(AcScanState *state, TupleTableSlot *slot,
						  ExprContext *econtext);

#endif /* AC_FDW_COUNT_H */
