/*
 * budget.h
 *		Will a scan need more requests than it may send?
 *
 * max_requests bounds one scan.  A walk that would need more burns all of them
 * before it fails, so it fails before the first child is asked for where that
 * can be known: one request at least for each row of the parent, or for each
 * value, or batch of values, of a list.  Never where the query may stop before
 * the end (LIMIT, EXISTS, a cursor): what it reads may be within bounds.
 */
#ifndef AC_FDW_BUDGET_H
#define AC_FDW_BUDGET_H

#include "ac.h"

struct AcScanState;

/* Which part of its rows does a query ask a scan for? */
typedef enum AcReach
{
	AC_REACH_SOME, /* it may stop at any row */
	AC_REACH_REST, /* the first one, and then all or none */
	AC_REACH_ALL
} AcReach;

/* For _PG_init: learns of runs of queries that end before the last row. */
extern void ac_budget_init(void);

extern AcReach ac_budget_reach(const struct AcScanState *state);

/*
 * Are pages of a pass that are more than max_requests allows to be refused as
 * soon as a proved total tells of them?  See AcReaderRequest.
 */
extern bool ac_budget_foresees_pages(const struct AcScanState *state);

/*
 * Throws if the passes that are still to be opened need more requests than are
 * left, as far as that is known by now.
 */
extern void ac_budget_check_passes(struct AcScanState *state);

#endif /* AC_FDW_BUDGET_H */
