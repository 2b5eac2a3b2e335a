/*
 * budget.c
 *		Will a scan need more requests than it may send?  See budget.h.
 *
 * Whether a query reads a scan to its end is told by the plan above it and by
 * how the plan is run: a node that takes all rows before it hands one out
 * (Sort, Hash, an aggregate) settles it, else it is up to those above, and at
 * the top to the number of rows that ExecutorRun() is asked for, which only a
 * hook gets to know.  All that is looked at where an error is imminent, or for
 * a table with max_requests, and costs nothing otherwise.
 */
#include "ac.h"

#include <math.h>

#include "fdw/budget.h"
#include "fdw/scan.h"
#include "miscadmin.h"
#include "pg/compat.h"

/*
 * A total that nobody proved may be an estimate, estimated_rows and what an
 * earlier reading showed may be out of date: of these only the half is believed.
 */
#define DOUBT 2

/* ---- how the query is run ---- */

/* The run of the innermost query that is being executed. */
static struct
{
	const EState *estate;
	bool whole; /* to the last row */
} run;

static ExecutorRun_hook_type next_run_hook = NULL;

static void
AC_EXECUTOR_RUN(autoconnExecutorRun)
{
	const EState *estate = run.estate;
	bool whole = run.whole;

	run.estate = queryDesc->estate;
	run.whole = count == 0;
	PG_TRY();
	{
		if (next_run_hook != NULL)
			next_run_hook(AC_EXECUTOR_RUN_ARGS);
		else
			standard_ExecutorRun(AC_EXECUTOR_RUN_ARGS);
	}
	PG_FINALLY();
	{
		run.estate = estate;
		run.whole = whole;
	}
	PG_END_TRY();
}

void
ac_budget_init(void)
{
	next_run_hook = ExecutorRun_hook;
	ExecutorRun_hook = autoconnExecutorRun;
}

/* ---- what the plan asks for ---- */

/* The scan that is looked for, and what was found of it. */
typedef struct Search
{
	const Plan *scan;
	AcReach reach;
	bool found;
} Search;

static void look(const Plan *plan, AcReach reach, Search *search);

static void
look_at_all(List *plans, AcReach reach, Search *search)
{
	ListCell *lc;

	foreach (lc, plans)
		look(lfirst(lc), reach, search);
}

/* The inner side may be left at the first row that fits. */
static void
look_at_loop(const NestLoop *loop, AcReach reach, Search *search)
{
	AcReach inner = reach;

	if (loop->join.inner_unique ||
		(loop->join.jointype != JOIN_INNER && loop->join.jointype != JOIN_LEFT))
		inner = AC_REACH_SOME;
	look(outerPlan(&loop->join.plan), reach, search);
	look(innerPlan(&loop->join.plan), inner, search);
}

/* What the node asks of those below it, where it is asked for so much. */
static AcReach
reach_below(const Plan *plan, AcReach reach)
{
	switch (nodeTag(plan))
	{
		case T_Sort:
		case T_Hash:
			return AC_REACH_ALL;
		case T_Agg:
		{
			AggStrategy strategy = ((const Agg *) plan)->aggstrategy;

			return strategy == AGG_PLAIN || strategy == AGG_HASHED
					   ? AC_REACH_ALL
					   : reach;
		}
		case T_WindowAgg:
			return ((const WindowAgg *) plan)->runCondition != NIL
					   ? AC_REACH_SOME
					   : reach;
		case T_HashJoin:
			/* it looks at the first row, then whether there is anything inside */
			return Min(reach, AC_REACH_REST);
		case T_Result:
		case T_ProjectSet:
		case T_ModifyTable:
		case T_Append:
		case T_MergeAppend:
		case T_SubqueryScan:
		case T_Material:
		case T_Memoize:
		case T_Group:
		case T_Unique:
		case T_IncrementalSort:
		case T_LockRows:
			return reach;
		default:
			return AC_REACH_SOME;
	}
}

static void
look(const Plan *plan, AcReach reach, Search *search)
{
	if (plan == NULL || search->found)
		return;
	check_stack_depth();
	if (plan == search->scan)
	{
		search->found = true;
		search->reach = reach;
		return;
	}
	if (IsA(plan, NestLoop))
	{
		look_at_loop((const NestLoop *) plan, reach, search);
		return;
	}
	reach = reach_below(plan, reach);
	if (IsA(plan, Append))
		look_at_all(((const Append *) plan)->appendplans, reach, search);
	else if (IsA(plan, MergeAppend))
		look_at_all(((const MergeAppend *) plan)->mergeplans, reach, search);
	else if (IsA(plan, SubqueryScan))
		look(((const SubqueryScan *) plan)->subplan, reach, search);
	look(outerPlan(plan), reach, search);
	look(innerPlan(plan), reach, search);
}

AcReach
ac_budget_reach(const AcScanState *state)
{
	const PlannedStmt *statement;
	Search search = {.scan = state->node};
	ListCell *lc;

	if (state->wanted != -1)
		return AC_REACH_SOME;
	if (state->estate == NULL)
		return AC_REACH_ALL;
	statement = state->estate->es_plannedstmt;
	look(statement->planTree,
		 run.estate == state->estate && run.whole ? AC_REACH_ALL
												  : AC_REACH_SOME,
		 &search);
	/* rows of these are taken as they are needed */
	foreach (lc, statement->subplans)
		look(lfirst(lc), AC_REACH_SOME, &search);
	return search.found ? search.reach : AC_REACH_SOME;
}

/* ---- how many requests there will be ---- */

/* The most that the scan may send; 0: any number, or nobody minds. */
static int
bound_of(const AcScanState *state)
{
	const AcTableOptions *options = state->table->options;

	/* answers that are kept cost none */
	if (options->cache_ttl_ms > 0 ||
		options->on_incomplete == AC_INCOMPLETE_WARN)
		return 0;
	return Max(options->max_requests, 0);
}

bool
ac_budget_foresees_pages(const AcScanState *state)
{
	return bound_of(state) > 0 && ac_budget_reach(state) != AC_REACH_SOME;
}

/* Passes for each row of the parent, or in all where there is none. */
static double
combinations(const AcPasses *passes)
{
	double n = 1;

	for (int i = 0; i < passes->n_lists; i++)
		n *= passes->lists[i].n_batches;
	return n;
}

/* The fewest requests that all passes take; -1: not known. */
static double
fewest_requests(const AcScanState *state, AcWalkRows *rows)
{
	const AcPasses *passes = &state->passes;
	double n = combinations(passes);

	if (passes->walk == NULL)
		return n;
	*rows = ac_walk_rows(passes->walk);
	if (rows->n < 0)
		return -1;
	return n * ceil((double) (rows->sure ? rows->n : rows->n / DOUBT) /
					passes->walked.room);
}

AC_NORETURN static void refuse(const AcScanState *state, double needed,
							   const AcWalkRows *rows);

static void
refuse(const AcScanState *state, double needed, const AcWalkRows *rows)
{
	int max = bound_of(state);

	ereport(ERROR,
			(errcode(ERRCODE_FDW_ERROR),
			 errmsg("scan needs more than %d requests", max),
			 rows->n >= 0
				 ? errdetail("It needs at least %.0f, for there %s %lld rows of its parent \"%s\".",
							 needed, rows->sure ? "are" : "may be",
							 (long long) rows->n, state->parent->name)
				 : errdetail("It needs at least %.0f, for the values of its conditions.",
							 needed),
			 errhint("Raise the option \"max_requests\" of the table or the server to %.0f or more, or ask for fewer rows.",
					 rows->n >= 0 && !rows->sure ? needed * DOUBT : needed)));
}

void
ac_budget_check_passes(AcScanState *state)
{
	AcPasses *passes = &state->passes;
	AcWalkRows rows = {.n = -1};
	AcReach reach;
	double needed;

	if (passes->within_bounds)
		return;
	passes->within_bounds = true;
	if (bound_of(state) == 0)
		return;
	needed = fewest_requests(state, &rows);
	if (needed < 0)
		return;
	needed += (double) (state->stats.started - passes->opened);
	if (needed <= bound_of(state))
		return;
	reach = ac_budget_reach(state);
	if (reach == AC_REACH_ALL || (reach == AC_REACH_REST && state->delivered > 0))
		refuse(state, needed, &rows);
	/* once a second row is asked for, that settles it */
	passes->within_bounds = reach == AC_REACH_SOME;
}
