/*
 * count.c
 *		How many rows are there, without reading them?  See count.h.
 */
#include "ac.h"

#include "executor/executor.h"
#include "fdw/count.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "pg/compat.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"

/* ---- planning ---- */

static bool
is_count(const Node *node)
{
	const Aggref *aggref = (const Aggref *) node;

	return IsA(node, Aggref) && aggref->aggfnoid == F_COUNT_ &&
		   aggref->aggstar && aggref->aggfilter == NULL &&
		   aggref->aggdistinct == NIL && aggref->agglevelsup == 0;
}

/* Columns and aggregates that the relation shows. */
static List *
shown_terms(const RelOptInfo *rel)
{
	return pull_var_clause((Node *) rel->reltarget->exprs,
						   PVC_INCLUDE_AGGREGATES | PVC_RECURSE_WINDOWFUNCS |
							   PVC_RECURSE_PLACEHOLDERS);
}

bool
ac_count_is_all(PlannerInfo *root, const RelOptInfo *input_rel,
				const RelOptInfo *output_rel)
{
	const Query *parse = root->parse;
	List *terms;
	ListCell *lc;

	if (input_rel->reloptkind != RELOPT_BASEREL || !parse->hasAggs ||
		parse->groupClause != NIL || parse->groupingSets != NIL ||
		parse->havingQual != NULL || !bms_is_empty(input_rel->lateral_relids) ||
		bms_membership(root->all_baserels) != BMS_SINGLETON)
		return false;
	terms = shown_terms(output_rel);
	foreach (lc, terms)
		if (!is_count(lfirst(lc)))
			return false;
	return terms != NIL;
}

/*
 * A column without a field shows what is sent, so the API's rows are all
 * right; any other may show that the API found too much.
 */
static bool
is_exact(const AcTable *table, const AcQual *qual)
{
	return qual->via != AC_SEND_NOT && !qual->is_list && qual->implied == NULL &&
		   !qual->rinfo->pseudoconstant &&
		   ac_column_is_param_only(ac_table_column(table, qual->attnum));
}

bool
ac_count_is_told(const AcTable *table, const AcSending *sending, Oid userid)
{
	const AcTableOptions *options = table->options;
	ListCell *lc;

	if (options->paging.total_path == NULL || options->nested_path != NULL ||
		options->params_union != NULL || options->paging.depth_limit > 0 ||
		sending->mode != AC_SCAN_LIST || sending->walks ||
		sending->missing != NIL || sending->unsendable != NIL ||
		!ac_option_total_is_proved(options, table->relid, userid))
		return false;
	foreach (lc, sending->quals)
		if (!is_exact(table, lfirst(lc)))
			return false;
	return true;
}

List *
ac_count_tlist(const RelOptInfo *output_rel)
{
	Expr *count = linitial(shown_terms(output_rel));

	return list_make1(makeTargetEntry(copyObject(count), 1,
									  pstrdup("count"), false));
}

/* ---- execution ---- */

/* Reads all rows. */
static int64
count_rows(AcScanState *state, ExprContext *econtext)
{
	TupleTableSlot *row = MakeSingleTupleTableSlot(state->desc,
												   &TTSOpsVirtual);
	int64 n = 0;

	while (ac_scan_next(state, row, econtext))
	{
		CHECK_FOR_INTERRUPTS();
		n++;
	}
	ExecDropSingleTupleTableSlot(row);
	return n;
}

/* The total, where it may be believed; -1: it is not told. */
static int64
told_total(AcScanState *state, ExprContext *econtext)
{
	int64 total;

	/* a plan may be run by others than it was made for */
	if (!ac_option_total_is_proved(state->table->options, state->table->relid,
								   state->userid))
		return -1;
	total = ac_scan_total(state, econtext);
	if (total >= 0)
		state->verdict = MemoryContextStrdup(state->scan_cxt,
											 psprintf("counted by the API (total %lld)",
													  (long long) total));
	return total;
}

void
ac_count_next(AcScanState *state, TupleTableSlot *slot, ExprContext *econtext)
{
	int64 n;

	ExecClearTuple(slot);
	if (state->counted)
		return;
	state->counted = true;
	n = told_total(state, econtext);
	state->query.count = false;
	if (n < 0)
		n = count_rows(state, econtext);
	slot->tts_values[0] = Int64GetDatum(n);
	slot->tts_isnull[0] = false;
	ExecStoreVirtualTuple(slot);
}
