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

#include "access/htup_details.h"
#include "access/sysattr.h"
#include "catalog/pg_class.h"
#include "core/error.h"
#include "fdw/count.h"
#include "fdw/fdw.h"
#include "fdw/plan.h"
#include "fdw/qual.h"
#include "fdw/qualor.h"
#include "fdw/sort.h"
#include "fdw/table.h"
#include "fdw/walk.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"
#include "pg/compat.h"
#include "pg/measure.h"
#include "pg/report.h"
#include "policy/pager.h"
#include "utils/syscache.h"

/*
 * What a request costs, in units of a sequential page read (some 0.05 ms):
 * an API of which nothing is known answers in REQUEST_MS, give or take.
 */
#define REQUEST_COST 1000.0
#define REQUEST_MS 50.0

/* What it costs to transfer, scan and convert a row of some 500 bytes. */
#define ROW_COST 0.05

/* Rows of a collection of which nothing is known. */
#define DEFAULT_ROWS 1000.0

/* Rows on a page of a collection that does not say. */
#define DEFAULT_PAGE_SIZE 100.0

/* Sets of outer relations that are tried; more only cost planning time. */
#define MAX_OUTER_SETS 16

/* fdw_private of a path is a list of this and an AcSortKey. */
typedef enum AcPathKind
{
	PATH_PLAIN,
	PATH_NO_LISTS,	 /* sends none of the lists that it can do without */
	PATH_IMPOSSIBLE, /* lacks a value: executing it is an error */
	PATH_COUNT		 /* asks for the number of rows */
} AcPathKind;

/* fdw_private of the RelOptInfo. */
typedef struct AcRelation
{
	AcTable *table;
	AcMeasure measure;
	AcSending *sending; /* under the relation's own quals */
} AcRelation;

/* By what somebody said, what was seen, the last ANALYZE. */
static double
expected_rows(const AcTable *table, const AcMeasure *measure,
			  double analyzed)
{
	if (table->options->estimated_rows >= 0)
		return Max(1.0, table->options->estimated_rows);
	if (measure->total >= 0)
		return Max(1.0, (double) measure->total);
	return analyzed > 0 ? analyzed : DEFAULT_ROWS;
}

static Cost
request_cost(const AcMeasure *measure)
{
	/* on loopback, too, a request costs more than a row */
	if (measure->latency_ms < 0)
		return REQUEST_COST;
	return REQUEST_COST * Max(measure->latency_ms, 1.0) / REQUEST_MS;
}

/* Rows of the parent. */
static double
parent_rows(const AcTable *table)
{
	const AcParent *parent = ac_walk_parent(table, true);
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(parent->relid));
	AcMeasure measure = ac_measure_of(parent->relid, table->serverid);
	double analyzed = -1;

	if (HeapTupleIsValid(tuple))
	{
		analyzed = ((Form_pg_class) GETSTRUCT(tuple))->reltuples;
		ReleaseSysCache(tuple);
	}
	return expected_rows(ac_table_load(parent->relid), &measure, analyzed);
}

/* Requests for so many values of the column. */
static double
batches(double values, AcListForm form, const AcColumn *column)
{
	double room = form == AC_LIST_NONE ? 1 : column->options->param_list_max;

	return Max(1.0, ceil(values / room));
}

/* Passes for all rows of the parent. */
static double
walk_passes(const AcTable *table)
{
	const AcParent *parent = ac_walk_parent(table, true);
	const AcColumn *column = ac_table_column(table, parent->own[0]);

	return batches(parent_rows(table),
				   parent->n == 1 && !column->is_path_var ? ac_column_list(table, column)
														  : AC_LIST_NONE,
				   column);
}

/*
 * How often the API is asked, pages aside: once for each value of a list, and
 * for each row of the parent.
 */
static double
count_passes(PlannerInfo *root, const AcTable *table, const AcSending *sending)
{
	double passes = sending->walks ? walk_passes(table) : 1;
	ListCell *lc;

	foreach (lc, sending->quals)
	{
		const AcQual *qual = lfirst(lc);
		const AcColumn *column;

		if (!qual->is_list || qual->via == AC_SEND_NOT)
			continue;
		column = ac_table_column(table, qual->attnum);
		passes *= batches(ac_qualor_estimate(root, qual->value),
						  qual->via == AC_SEND_QUERY || qual->via == AC_SEND_PATH
							  ? ac_column_list(table, column)
							  : AC_LIST_NONE,
						  column);
	}
	return passes;
}

void
autoconnGetForeignRelSize(PlannerInfo *root, RelOptInfo *baserel,
						  Oid foreigntableid)
{
	AcRelation *relation = palloc0(sizeof(AcRelation));

	relation->table = ac_table_load(foreigntableid);
	relation->measure = ac_measure_of(foreigntableid,
									  relation->table->serverid);
	relation->sending = ac_qual_decide(baserel, relation->table,
									   baserel->baserestrictinfo, AC_QUAL_ALL);
	baserel->fdw_private = relation;
	baserel->tuples = expected_rows(relation->table, &relation->measure,
									baserel->tuples);
	set_baserel_size_estimates(root, baserel);
	if (relation->sending->mode == AC_SCAN_ITEM)
		baserel->rows = count_passes(root, relation->table,
									 relation->sending);
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

/* Pages of one pass. */
static double
count_pages(const AcRelation *relation, double fetched, double passes)
{
	const AcPaging *paging = &relation->table->options->paging;
	double page_size = paging->page_size > 0 ? paging->page_size
											 : DEFAULT_PAGE_SIZE;

	if (relation->measure.page_rows > 0)
		page_size = (double) relation->measure.page_rows;
	return Max(1.0, ceil(fetched / passes / page_size));
}

/*
 * The order in which the API is to deliver rows, 0 if it is not, or there are
 * several passes, whose rows come one pass after the other.
 */
static AcSortKey
sort_key(PlannerInfo *root, RelOptInfo *rel, const AcSending *sending,
		 AcPathKind kind)
{
	ListCell *lc;

	if (kind == PATH_IMPOSSIBLE || sending->mode == AC_SCAN_ITEM ||
		sending->walks)
		return 0;
	foreach (lc, sending->quals)
	{
		const AcQual *qual = lfirst(lc);

		if (qual->is_list && qual->via != AC_SEND_NOT)
			return 0;
	}
	return ac_sort_wanted(root, rel, ((AcRelation *) rel->fdw_private)->table);
}

/* Adds a path with these quals; ppi is NULL for the base path. */
static void
add_scan_path(PlannerInfo *root, RelOptInfo *rel, const AcSending *sending,
			  ParamPathInfo *ppi, AcPathKind kind)
{
	AcRelation *relation = rel->fdw_private;
	double passes = count_passes(root, relation->table, sending);
	double fetched = passes;
	double pages = 1;
	double rows = ppi != NULL ? ppi->ppi_rows : rel->rows;
	bool possible = kind != PATH_IMPOSSIBLE;
	AcSortKey sort = sort_key(root, rel, sending, kind);
	Cost startup = request_cost(&relation->measure);
	Cost total;

	if (sending->mode == AC_SCAN_ITEM)
		rows = passes;
	else
	{
		fetched = clamp_row_est(rel->tuples *
								sent_selectivity(root, rel, sending));
		pages = count_pages(relation, fetched, passes);
	}
	total = startup * passes * pages;
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
												 list_make2_int(kind, 0)));
	if (sort != 0)
		add_path(rel, (Path *)
						  ac_create_foreignscan_path(root, rel, rows, 0, startup, total,
													 root->query_pathkeys,
													 ppi != NULL ? ppi->ppi_req_outer : rel->lateral_relids,
													 list_make2_int(kind, sort)));
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
	sending = ac_qual_decide(rel, relation->table, clauses, AC_QUAL_ALL);
	/* Clauses with relations that are not in outer are checked above us. */
	unsent = ac_qual_unsent_joins(root, rel, relation->table, sending);
	if (sends_outer_value(sending) && is_possible(sending, unsent))
		add_scan_path(root, rel, sending, ppi, PATH_PLAIN);
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
				  is_possible(relation->sending, unsent) ? PATH_PLAIN
														 : PATH_IMPOSSIBLE);
	if (ac_qual_has_choice(relation->table, relation->sending))
		add_scan_path(root, baserel,
					  ac_qual_decide(baserel, relation->table,
									 baserel->baserestrictinfo,
									 AC_QUAL_NO_LISTS),
					  NULL,
					  is_possible(relation->sending, unsent) ? PATH_NO_LISTS
															 : PATH_IMPOSSIBLE);
	foreach (lc, outer_sets(root, baserel))
		add_parameterised_path(root, baserel, lfirst(lc));
}

/*
 * The number of all rows, from the total that the API tells.  The upper
 * relation keeps what the scan's knows.
 */
void
autoconnGetForeignUpperPaths(PlannerInfo *root, UpperRelationKind stage,
							 RelOptInfo *input_rel, RelOptInfo *output_rel,
							 void *extra)
{
	AcRelation *relation = input_rel->fdw_private;
	Cost cost;
	Oid userid;

	if (stage != UPPERREL_GROUP_AGG || relation == NULL ||
		!ac_count_is_all(root, input_rel, output_rel))
		return;
	userid = OidIsValid(input_rel->userid) ? input_rel->userid : GetUserId();
	if (!ac_count_is_told(relation->table, relation->sending, userid))
		return;
	output_rel->fdw_private = relation;
	cost = request_cost(&relation->measure);
	add_path(output_rel, (Path *)
							 ac_create_foreign_upper_path(root, output_rel, 1,
														  cost, cost + ROW_COST,
														  list_make2_int(PATH_COUNT, 0)));
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

/* Are rows of the result made of several rows of the scan? */
static bool
combines_rows(const Query *parse)
{
	return parse->groupClause != NIL || parse->groupingSets != NIL ||
		   parse->hasAggs || parse->hasWindowFuncs ||
		   parse->distinctClause != NIL || parse->havingQual != NULL;
}

/*
 * Is each row of the scan a row of the result?  A bound is sent wider than it
 * is.
 */
static bool
shows_rows_as_they_are(PlannerInfo *root, const RelOptInfo *rel,
					   const AcSending *sending)
{
	ListCell *lc;

	if (root->parse->hasTargetSRFs || combines_rows(root->parse) ||
		rel->reloptkind != RELOPT_BASEREL ||
		bms_membership(root->all_baserels) != BMS_SINGLETON)
		return false;
	foreach (lc, sending->quals)
	{
		const AcQual *qual = lfirst(lc);

		if (qual->via == AC_SEND_NOT || qual->bound != AC_BOUND_NONE ||
			qual->implied != NULL)
			return false;
	}
	return true;
}

/*
 * Rows that the query wants, -1 if all are read, AC_PAGER_PERHAPS if it may
 * have enough before.  It only decides how much is asked for at once, never
 * when the scan ends.  *exact: LIMIT says so, and more are of no use.
 */
static int
wanted_rows(PlannerInfo *root, const RelOptInfo *rel, const AcSending *sending,
			AcSortKey sort, bool *exact)
{
	double limit = root->limit_tuples;
	const Query *parse = root->parse;

	*exact = false;
	/* a number of rows, as of EXISTS, where it is not a share of them */
	if (limit <= 0 && root->tuple_fraction >= 1)
		limit = root->tuple_fraction;
	if (limit <= 0 && root->tuple_fraction <= 0)
		return -1;
	/* groups are made of all rows, and so is a local order */
	if (sort == 0 && (parse->sortClause != NIL || combines_rows(parse)))
		return -1;
	if (limit <= 0 || limit > INT_MAX ||
		!shows_rows_as_they_are(root, rel, sending))
		return AC_PAGER_PERHAPS;
	*exact = root->limit_tuples > 0 &&
			 parse->limitOption == LIMIT_OPTION_COUNT;
	return (int) ceil(limit);
}

/* The lists of fdw_exprs and what fdw_private says about them. */
typedef struct QualLists
{
	List *values;
	List *sent;
	List *others;
	List *attnums;
	List *vias;
	List *bounds;
	List *are_lists;
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
		lists->sent = lappend(lists->sent, qual->implied != NULL
											   ? qual->implied
											   : qual->rinfo->clause);
		lists->attnums = lappend_int(lists->attnums, qual->attnum);
		lists->vias = lappend_int(lists->vias, qual->via);
		lists->bounds = lappend_int(lists->bounds, qual->bound);
		lists->are_lists = lappend_int(lists->are_lists, qual->is_list);
	}
}

/* A count is one request, and over before anything could be waited for. */
bool
autoconnIsForeignPathAsyncCapable(ForeignPath *path)
{
	const AcRelation *relation = path->path.parent->fdw_private;

	return path->path.parent->reloptkind != RELOPT_UPPER_REL &&
		   relation->table->options->async_capable;
}

/* In the order of AcPlanEntry, but for what quals send. */
static List *
make_private(const AcSending *sending, const QualLists *lists, char *problem,
			 int wanted, List *attrs)
{
	List *private = list_make5(makeString(problem),
							   makeInteger(sending->mode),
							   makeInteger(wanted), attrs, lists->attnums);

	private = lappend(private, lists->vias);
	private = lappend(private, lists->bounds);
	private = lappend(private, lists->are_lists);
	return lappend(private, lists->reasons);
}

/*
 * A count has no relation, so no column can stand in its expressions; its
 * quals are not checked on rows, and so their values stand for them.
 */
static ForeignScan *
make_count_plan(RelOptInfo *rel, List *tlist)
{
	AcRelation *relation = rel->fdw_private;
	QualLists lists;
	List *private;
	List *exprs;

	split_quals(relation->sending, &lists);
	private = make_private(relation->sending, &lists, "", -1, NIL);
	private = lappend(private, makeInteger(0));
	private = lappend(private, makeInteger(0));
	private = lappend(private, makeInteger(1));
	private = lappend(private, makeInteger(0));
	Assert(list_length(private) == AC_PLAN_ENTRIES);
	exprs = list_concat(list_copy(lists.values), copyObject(lists.values));
	return make_foreignscan(tlist, NIL, 0, exprs, private,
							ac_count_tlist(rel), NIL, NULL);
}

static ForeignScan *
make_scan_plan(PlannerInfo *root, RelOptInfo *rel, ForeignPath *path,
			   List *tlist, List *clauses)
{
	AcTable *table = ((AcRelation *) rel->fdw_private)->table;
	AcPathKind kind = (AcPathKind) linitial_int(path->fdw_private);
	AcSortKey sort = lsecond_int(path->fdw_private);
	AcSending *sending = ac_qual_decide(rel, table, clauses,
										kind == PATH_NO_LISTS
											? AC_QUAL_NO_LISTS
											: AC_QUAL_ALL);
	List *joins;
	List *exprs;
	List *private;
	QualLists lists;
	int wanted;
	bool exact;

	refuse_unsendable(table, sending->unsendable);
	joins = ac_qual_unsent_joins(root, rel, table, sending);
	split_quals(sending, &lists);
	wanted = wanted_rows(root, rel, sending, sort, &exact);
	private = make_private(sending, &lists,
						   problem_text(table, sending, joins), wanted,
						   ac_qual_needed(rel, table, clauses));
	private = lappend(private, makeInteger(sort));
	private = lappend(private, makeInteger(sending->walks));
	private = lappend(private, makeInteger(0));
	private = lappend(private, makeInteger(exact));
	Assert(list_length(private) == AC_PLAN_ENTRIES);

	exprs = list_concat(list_concat(lists.values, lists.sent), lists.others);
	return make_foreignscan(tlist, extract_actual_clauses(clauses, false),
							rel->relid, exprs, private, NIL, NIL, NULL);
}

ForeignScan *
autoconnGetForeignPlan(PlannerInfo *root, RelOptInfo *baserel,
					   Oid foreigntableid, ForeignPath *best_path,
					   List *tlist, List *scan_clauses, Plan *outer_plan)
{
	if (linitial_int(best_path->fdw_private) == PATH_COUNT)
		return make_count_plan(baserel, tlist);
	return make_scan_plan(root, baserel, best_path, tlist, scan_clauses);
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
