/*
 * plan.c
 *		Which ways are there to read a foreign table, and what do they cost?
 *
 * The base path reads the collection, or looks one row up if the quals give
 * its key.  Join clauses on columns whose values can be sent make paths that
 * are parameterised by the outer row: one request (or one filtered list) for
 * each, which the planner may put under a Memoize.  A path that lacks a value
 * that the API must have is kept, at a prohibitive cost, so that there is
 * always a plan; executing it is an error that names the columns.
 *
 * All quals stay in the plan's own qual as well.
 */
#include "ac.h"

#include <math.h>

#include "access/sysattr.h"
#include "core/error.h"
#include "fdw/fdw.h"
#include "fdw/plan.h"
#include "fdw/qual.h"
#include "fdw/table.h"
#include "nodes/makefuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"
#include "pg/compat.h"
#include "pg/report.h"

/*
 * What a request costs, in units of a sequential page read (some 0.05 ms):
 * an API answers in 50 ms, give or take.
 */
#define REQUEST_COST 1000.0

/* What it costs to transfer, scan and convert a row of some 500 bytes. */
#define ROW_COST 0.05

/* Rows of a collection of which nothing is known. */
#define DEFAULT_ROWS 1000.0

/* Rows on a page of a collection that does not say. */
#define DEFAULT_PAGE_SIZE 100.0

/* Sets of outer relations that are tried; more only cost planning time. */
#define MAX_OUTER_SETS 16

/* fdw_private of the RelOptInfo. */
typedef struct AcRelation
{
	AcTable *table;
	AcSending *sending; /* under the relation's own quals */
} AcRelation;

static double
expected_rows(const RelOptInfo *rel, const AcTable *table)
{
	if (table->options->estimated_rows >= 0)
		return Max(1.0, table->options->estimated_rows);
	if (rel->tuples > 0)
		return rel->tuples; /* of the last ANALYZE */
	return DEFAULT_ROWS;
}

void
autoconnGetForeignRelSize(PlannerInfo *root, RelOptInfo *baserel,
						  Oid foreigntableid)
{
	AcRelation *relation = palloc0(sizeof(AcRelation));

	relation->table = ac_table_load(foreigntableid);
	relation->sending = ac_qual_decide(baserel, relation->table,
									   baserel->baserestrictinfo);
	baserel->fdw_private = relation;
	baserel->tuples = expected_rows(baserel, relation->table);
	set_baserel_size_estimates(root, baserel);
	if (relation->sending->mode == AC_SCAN_ITEM)
		baserel->rows = 1;
}

/* Share of the collection that the API sends back under the sent quals. */
static Selectivity
sent_selectivity(PlannerInfo *root, RelOptInfo *rel, const AcSending *sending)
{
	List *clauses = NIL;
	ListCell *lc;

	foreach (lc, sending->quals)
	{
		AcQual *qual = lfirst(lc);

		if (qual->via != AC_SEND_NOT)
			clauses = lappend(clauses, qual->rinfo);
	}
	return clauselist_selectivity(root, clauses, rel->relid, JOIN_INNER, NULL);
}

static bool
is_possible(const AcSending *sending, List *unsent_joins)
{
	return sending->missing == NIL && sending->unsendable == NIL &&
		   unsent_joins == NIL;
}

/* Adds a path with these quals; required is NULL for the base path. */
static void
add_scan_path(PlannerInfo *root, RelOptInfo *rel, const AcSending *sending,
			  ParamPathInfo *ppi, bool possible)
{
	AcRelation *relation = rel->fdw_private;
	const AcPaging *paging = &relation->table->options->paging;
	double page_size = paging->page_size > 0 ? paging->page_size
											 : DEFAULT_PAGE_SIZE;
	double fetched = 1;
	double rows = ppi != NULL ? ppi->ppi_rows : rel->rows;
	Cost startup = REQUEST_COST;
	Cost total;

	if (sending->mode == AC_SCAN_ITEM)
		rows = 1;
	else
		fetched = clamp_row_est(rel->tuples *
								sent_selectivity(root, rel, sending));
	total = REQUEST_COST * (sending->mode == AC_SCAN_ITEM
								? 1
								: ceil(fetched / page_size));
	total += fetched * (ROW_COST + cpu_tuple_cost +
						rel->baserestrictcost.per_tuple) +
			 rel->baserestrictcost.startup;
	if (!possible)
	{
		startup += disable_cost;
		total += disable_cost;
	}
	add_path(rel, (Path *)
					  ac_create_foreignscan_path(root, rel, rows, possible ? 0 : 1,
												 startup, total, NIL,
												 ppi != NULL ? ppi->ppi_req_outer : rel->lateral_relids,
												 NIL));
}

/* Keeps the outer relations of a join clause, unless they are kept already. */
static List *
add_outer_set(List *sets, RelOptInfo *rel, Relids clause_relids)
{
	Relids outer = bms_del_member(bms_union(clause_relids,
											rel->lateral_relids),
								  rel->relid);
	ListCell *lc;

	if (bms_is_empty(outer) || list_length(sets) >= MAX_OUTER_SETS)
		return sets;
	foreach (lc, sets)
		if (bms_equal(lfirst(lc), outer))
			return sets;
	return lappend(sets, outer);
}

/* Callback of generate_implied_equalities_for_column(). */
static bool
is_member_of_column(PlannerInfo *root, RelOptInfo *rel, EquivalenceClass *ec,
					EquivalenceMember *em, void *arg)
{
	return ac_qual_column_of((Node *) em->em_expr, rel->relid) ==
		   *(AttrNumber *) arg;
}

/* Outer relations whose rows give values for one column. */
static List *
outer_sets_of_column(PlannerInfo *root, RelOptInfo *rel, AttrNumber attnum,
					 List *sets)
{
	ListCell *lc;

	foreach (lc, rel->joininfo)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);
		Bitmapset *attrs = NULL;

		pull_varattnos((Node *) rinfo->clause, rel->relid, &attrs);
		if (bms_is_member(attnum - FirstLowInvalidHeapAttributeNumber,
						  attrs) &&
			join_clause_is_movable_to(rinfo, rel))
			sets = add_outer_set(sets, rel, rinfo->clause_relids);
	}
	if (!rel->has_eclass_joins)
		return sets;
	foreach (lc, generate_implied_equalities_for_column(root, rel,
														is_member_of_column,
														&attnum,
														rel->lateral_referencers))
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);

		if (join_clause_is_movable_to(rinfo, rel))
			sets = add_outer_set(sets, rel, rinfo->clause_relids);
	}
	return sets;
}

/* All sets worth trying; with several, their union too, for composite keys. */
static List *
outer_sets(PlannerInfo *root, RelOptInfo *rel)
{
	AcTable *table = ((AcRelation *) rel->fdw_private)->table;
	List *sets = NIL;
	Relids all = NULL;
	ListCell *lc;

	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (!column->dropped &&
			(column->is_path_var || column->is_item_key ||
			 column->is_filter))
			sets = outer_sets_of_column(root, rel, column->attnum, sets);
	}
	foreach (lc, sets)
		all = bms_add_members(all, lfirst(lc));
	return add_outer_set(sets, rel, all);
}

/* True if some value that is sent comes from another relation. */
static bool
sends_outer_value(const AcSending *sending)
{
	ListCell *lc;

	foreach (lc, sending->quals)
	{
		AcQual *qual = lfirst(lc);

		if (qual->via != AC_SEND_NOT &&
			!bms_is_empty(pull_varnos(NULL, (Node *) qual->value)))
			return true;
	}
	return false;
}

static void
add_parameterised_path(PlannerInfo *root, RelOptInfo *rel, Relids outer)
{
	AcRelation *relation = rel->fdw_private;
	ParamPathInfo *ppi = get_baserel_parampathinfo(root, rel, outer);
	AcSending *sending;
	List *clauses;
	List *unsent;

	clauses = list_concat_copy(rel->baserestrictinfo, ppi->ppi_clauses);
	sending = ac_qual_decide(rel, relation->table, clauses);
	/* Clauses with relations that are not in outer are checked above us. */
	unsent = ac_qual_unsent_joins(root, rel, relation->table, sending);
	if (sends_outer_value(sending) && is_possible(sending, unsent))
		add_scan_path(root, rel, sending, ppi, true);
}

void
autoconnGetForeignPaths(PlannerInfo *root, RelOptInfo *baserel,
						Oid foreigntableid)
{
	AcRelation *relation = baserel->fdw_private;
	List *unsent = ac_qual_unsent_joins(root, baserel, relation->table,
										relation->sending);
	ListCell *lc;

	add_scan_path(root, baserel, relation->sending, NULL,
				  is_possible(relation->sending, unsent));
	foreach (lc, outer_sets(root, baserel))
		add_parameterised_path(root, baserel, lfirst(lc));
}

/* ---- the plan ---- */

static char *
join_names(List *names)
{
	StringInfoData text;
	ListCell *lc;

	initStringInfo(&text);
	foreach (lc, names)
		appendStringInfo(&text, "%s\"%s\"", text.len > 0 ? ", " : "",
						 (char *) lfirst(lc));
	return text.data;
}

/* Quals that no request can express are an error however they are planned. */
static void
refuse_unsendable(const AcTable *table, List *columns)
{
	AcError err;

	if (columns == NIL)
		return;
	ac_error_set(&err, AC_ERR_CANNOT_EXPRESS,
				 "condition on column %s of foreign table \"%s\" cannot be sent to the API",
				 join_names(columns), table->name);
	ac_error_detail(&err, "The column only shows the value that is sent for its parameter, so the condition cannot be checked on the API's answer.");
	ac_error_hint(&err, "Compare the column with \"=\" and a value.");
	ac_report_error(&err);
}

/* Why a scan without further values cannot run, "" if it can. */
static char *
problem_text(const AcTable *table, const AcSending *sending, List *joins)
{
	List *names = list_union(NIL, sending->missing);

	names = list_concat_unique(names, joins);
	if (names == NIL)
		return "";
	return join_names(names);
}

/*
 * Rows that the query wants at most, -1 if that is not known.  It only
 * decides how much is asked for at once, never when the scan ends.
 */
static int
wanted_rows(PlannerInfo *root, const AcSending *sending)
{
	ListCell *lc;

	if (root->limit_tuples <= 0 || root->limit_tuples > INT_MAX ||
		root->parse->sortClause != NIL ||
		bms_membership(root->all_baserels) != BMS_SINGLETON)
		return -1;
	foreach (lc, sending->quals)
		if (((AcQual *) lfirst(lc))->via == AC_SEND_NOT)
			return -1;
	return (int) root->limit_tuples;
}

/* Attribute numbers that the query needs; a whole row needs all. */
static List *
needed_attrs(const RelOptInfo *rel, const AcTable *table, List *clauses)
{
	Bitmapset *attrs = NULL;
	List *needed = NIL;
	ListCell *lc;
	bool whole;

	pull_varattnos((Node *) rel->reltarget->exprs, rel->relid, &attrs);
	foreach (lc, clauses)
		pull_varattnos((Node *) lfirst_node(RestrictInfo, lc)->clause,
					   rel->relid, &attrs);
	whole = bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, attrs);
	for (int i = 0; i < table->n_columns; i++)
	{
		AttrNumber attnum = i + 1;

		if (!table->columns[i].dropped &&
			(whole || bms_is_member(attnum - FirstLowInvalidHeapAttributeNumber,
									attrs)))
			needed = lappend_int(needed, attnum);
	}
	return needed;
}

/* The lists of fdw_exprs and what fdw_private says about them. */
typedef struct QualLists
{
	List *values;
	List *sent;
	List *others;
	List *attnums;
	List *vias;
	List *reasons;
} QualLists;

static void
split_quals(const AcSending *sending, QualLists *lists)
{
	ListCell *lc;

	memset(lists, 0, sizeof(*lists));
	foreach (lc, sending->quals)
	{
		AcQual *qual = lfirst(lc);

		if (qual->rinfo->pseudoconstant)
			continue;
		if (qual->via == AC_SEND_NOT)
		{
			lists->others = lappend(lists->others, qual->rinfo->clause);
			lists->reasons = lappend(lists->reasons,
									 makeString(pstrdup(qual->reason)));
			continue;
		}
		lists->values = lappend(lists->values, qual->value);
		lists->sent = lappend(lists->sent, qual->rinfo->clause);
		lists->attnums = lappend_int(lists->attnums, qual->attnum);
		lists->vias = lappend_int(lists->vias, qual->via);
	}
}

ForeignScan *
autoconnGetForeignPlan(PlannerInfo *root, RelOptInfo *baserel,
					   Oid foreigntableid, ForeignPath *best_path,
					   List *tlist, List *scan_clauses, Plan *outer_plan)
{
	AcRelation *relation = baserel->fdw_private;
	AcTable *table = relation->table;
	AcSending *sending = ac_qual_decide(baserel, table, scan_clauses);
	List *joins;
	List *exprs;
	List *private;
	QualLists lists;

	refuse_unsendable(table, sending->unsendable);
	joins = ac_qual_unsent_joins(root, baserel, table, sending);
	split_quals(sending, &lists);

	/* In the order of AcPlanEntry. */
	private = list_make5(makeString(problem_text(table, sending, joins)),
						 makeInteger(sending->mode),
						 makeInteger(wanted_rows(root, sending)),
						 needed_attrs(baserel, table, scan_clauses),
						 lists.attnums);
	private = lappend(private, lists.vias);
	private = lappend(private, lists.reasons);
	Assert(list_length(private) == AC_PLAN_ENTRIES);

	exprs = list_concat(list_concat(lists.values, lists.sent), lists.others);
	return make_foreignscan(tlist,
							extract_actual_clauses(scan_clauses, false),
							baserel->relid, exprs, private, NIL, NIL,
							outer_plan);
}

static int
count_sent(const ForeignScan *plan)
{
	return list_length(list_nth(plan->fdw_private, AC_PLAN_SENT));
}

List *
ac_plan_values(const ForeignScan *plan)
{
	return list_truncate(list_copy(plan->fdw_exprs), count_sent(plan));
}

List *
ac_plan_sent_quals(const ForeignScan *plan)
{
	int n = count_sent(plan);

	return list_truncate(list_copy_tail(plan->fdw_exprs, n), n);
}

List *
ac_plan_other_quals(const ForeignScan *plan)
{
	return list_copy_tail(plan->fdw_exprs, 2 * count_sent(plan));
}
