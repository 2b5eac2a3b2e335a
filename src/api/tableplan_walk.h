/*
 * tableplan_walk.h
 *		Which table has the values that a path's variables need?
 *
 * The orders of /customers/{customer_id}/orders are those of all customers:
 * where a query gives no value, each of the rows at /customers gives one
 * (table option "parent").  Only a table whose path begins the other's serves,
 * and not if the API refused the values of its sampled rows.
 */
#ifndef AC_API_TABLEPLAN_WALK_H
#define AC_API_TABLEPLAN_WALK_H

#include "ac.h"

#include "api/relations.h"
#include "api/tableplan.h"

/*
 * Tables that walk within one another, as many as a scan follows
 * (fdw/walk.h's AC_WALK_MAX_DEPTH).
 */
#define AC_PLAN_MAX_WALKS 4

typedef struct AcWalkInput
{
	const AcTablePlans *plans;
	AcTablePlan **wanted; /* those that are to be created */
	int n_wanted;

	/* Is that table there already, beside those to be created?  NULL: none is. */
	bool (*is_there)(const AcTablePlan *plan, void *arg);
	void *arg;
} AcWalkInput;

/*
 * Sets walk in the wanted plans.  To be called when their columns and names are
 * what they will be.
 */
extern void ac_tableplan_choose_walks(const AcWalkInput *input);

#endif /* AC_API_TABLEPLAN_WALK_H */
