/*
 * scanbegin.c
 *		What does a scan know before its first request?
 *
 * The table, the columns that are read and from where, what the plan sends,
 * and, of a walk, the table whose rows have the values.  scan.c runs it.
 */
#include "ac.h"

#include "fdw/fdw.h"
#include "fdw/plan.h"
#include "fdw/detail.h"
#include "fdw/postread.h"
#include "fdw/scan.h"
#include "miscadmin.h"
#include "net/learn.h"
#include "nodes/nodeFuncs.h"
#include "policy/pager.h"
#include "utils/rel.h"

static AcScanState *
create_state(Oid relid)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext,
											  "autoconn scan",
											  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcScanState *state = palloc0(sizeof(AcScanState));

	state->scan_cxt = cxt;
	state->request_cxt = AllocSetContextCreate(cxt, "autoconn scan values",
											   ALLOCSET_SMALL_SIZES);
	state->row_cxt = AllocSetContextCreate(cxt, "autoconn scan row",
										   ALLOCSET_DEFAULT_SIZES);
	state->table = ac_table_load(relid);
	ac_series_load(state->table, &state->series);
	state->problem = "";
	state->wanted = -1;
	state->query.limit = -1;
	MemoryContextSwitchTo(old);
	return state;
}

/*
 * Where a pass has the value that it sends for the column: among the quals'
 * or, behind them, among those of the parent's row; -1: it sends none.
 */
static int
place_of_sent(const AcScanState *state, const AcColumn *column)
{
	for (int i = 0; state->parent != NULL && i < state->parent->n; i++)
		if (state->parent->own[i] == column->attnum)
			return state->n_quals + i;
	for (int i = 0; i < state->n_quals; i++)
		if (state->quals[i].column == column &&
			state->quals[i].bound == AC_BOUND_NONE)
			return i;
	return -1;
}

static void
add_column(AcScanState *state, const AcColumn *column)
{
	AcScanColumn *to = &state->columns[state->n_columns++];
	AcReading reading = ac_reading_of(column->options);

	to->column = column;
	to->converter = ac_converter_create(column->type, column->typmod,
										&reading);
	to->field = ac_column_is_param_only(column) ? -1 : state->n_fields++;
	to->sent = place_of_sent(state, column);
}

/* Columns that a list of attribute numbers names; NULL: all. */
static void
set_columns(AcScanState *state, List *attnums)
{
	AcTable *table = state->table;

	state->columns = palloc0(sizeof(AcScanColumn) * Max(1, table->n_columns));
	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (!column->dropped && (!column->is_detail || state->mode == AC_SCAN_ITEM) &&
			(list_member_int(attnums, column->attnum) ||
			 column == state->series.column))
			add_column(state, column);
	}
	state->fields = palloc0(sizeof(AcField) * Max(1, state->n_fields));
}

AcReaderPlan *
ac_scan_reader_plan(const AcScanState *state, AcRowSource source,
					const AcPaging *paging)
{
	const char **pointers = palloc(sizeof(char *) * state->n_fields);
	AcRowOrigin *origins = palloc(sizeof(AcRowOrigin) * state->n_fields);
	bool *lists = palloc(sizeof(bool) * state->n_fields);
	AcReaderWish wish = {
		.columns = {pointers, state->n_fields},
		.origins = origins,
		.lists = lists,
		.as_they_are = state->samples,
		.source = source,
		.paging = paging,
		.members = state->base_members,
	};

	for (int i = 0; i < state->n_columns; i++)
	{
		const AcScanColumn *column = &state->columns[i];

		if (column->field < 0)
			continue;
		pointers[column->field] = column->column->options->json_path;
		origins[column->field] = column->column->options->origin;
		lists[column->field] = ac_column_may_show_list(column->column);
	}
	return ac_reader_plan(&wish);
}

/* How the list's rows are read. */
static void
plan_list(AcScanState *state)
{
	const AcTableOptions *options = state->table->options;
	AcPaging paging = options->paging;

	paging.total_proved = ac_option_total_is_proved(options,
													state->table->relid,
													state->userid);
	state->list_plan = ac_scan_reader_plan(state, ac_option_rows(options),
										   &paging);
}

/* What is needed to read, once the columns are known. */
static void
prepare_reading(AcScanState *state, Oid userid)
{
	const AcTableOptions *options = state->table->options;

	ac_postread_check(state->table->relid);
	state->userid = userid;
	state->conn = ac_learn_connection(state->table->serverid, userid);
	state->stats.activity = ac_activity_begin(state->table->relid,
											  state->table->serverid);
	state->members = ac_table_members(state->table);
	state->base_members = ac_table_base_members(state->table);
	state->observation = ac_observe_begin(state->table, state->members,
										  state->conn, userid,
										  &state->stats);
	state->rows_are_objects = ac_table_rows_are_objects(state->table);
	plan_list(state);
	if (state->mode == AC_SCAN_ITEM)
	{
		AcPaging none = {.style = AC_PAGER_NONE};
		/* whatever form the list has, an item is one object */
		AcRowSource item = {.rows_path = options->item_rows_path,
							.nested_path = options->nested_path};

		state->item_plan = ac_scan_reader_plan(state, item, &none);
	}
}

/* Asks for no more fields than these columns (attribute numbers) have. */
static void
choose_fields(AcScanState *state, List *attnums)
{
	if (state->series.column != NULL)
		attnums = lappend_int(list_copy(attnums),
							  state->series.column->attnum);
	ac_request_fields(state->table, attnums, &state->query);
}

bool
ac_scan_shows_items(const AcScanState *state)
{
	return state->plan != NULL && state->mode != AC_SCAN_ITEM &&
		   !state->counts &&
		   ac_detail_is_needed(state->table, list_nth(state->plan->fdw_private, AC_PLAN_ATTRS));
}

/* Of the columns that are needed those that the rows of the scan have. */
static List *
list_columns(const AcScanState *state)
{
	List *attnums = list_nth(state->plan->fdw_private, AC_PLAN_ATTRS);

	return ac_scan_shows_items(state)
			   ? ac_detail_list_columns(state->table, attnums)
			   : attnums;
}

bool
ac_scan_list_with_items(AcScanState *state)
{
	MemoryContext old;

	if (!state->items_lack || state->mode != AC_SCAN_ITEM ||
		!ac_detail_is_needed(state->table, list_nth(state->plan->fdw_private, AC_PLAN_ATTRS)))
		return false;
	old = MemoryContextSwitchTo(state->scan_cxt);
	state->mode = AC_SCAN_LIST;
	state->n_columns = state->n_fields = 0;
	set_columns(state, list_columns(state));
	choose_fields(state, list_columns(state));
	plan_list(state);
	state->detail = ac_detail_begin(state, list_nth(state->plan->fdw_private, AC_PLAN_ATTRS));
	MemoryContextSwitchTo(old);
	return true;
}

/* Takes over what the planner decided, but no expressions. */
static void
adopt_plan(AcScanState *state, const ForeignScan *plan)
{
	List *private = plan->fdw_private;
	List *attnums = list_nth(private, AC_PLAN_SENT);
	List *vias = list_nth(private, AC_PLAN_VIAS);
	List *bounds = list_nth(private, AC_PLAN_BOUNDS);
	List *lists = list_nth(private, AC_PLAN_LISTS);

	state->plan = plan;
	state->problem = strVal(list_nth(private, AC_PLAN_PROBLEM));
	state->mode = (AcScanMode) intVal(list_nth(private, AC_PLAN_MODE));
	state->wanted = intVal(list_nth(private, AC_PLAN_LIMIT));
	state->counts = intVal(list_nth(private, AC_PLAN_COUNT)) != 0;
	state->query.count = state->counts;
	state->query.item = state->mode == AC_SCAN_ITEM;
	if (intVal(list_nth(private, AC_PLAN_EXACT)) != 0)
		state->query.limit = state->wanted;
	ac_request_sort(state->table, intVal(list_nth(private, AC_PLAN_SORT)),
					&state->query.sort);
	ac_sort_begin(state->table, intVal(list_nth(private, AC_PLAN_SORT)),
				  &state->sort);
	if (intVal(list_nth(private, AC_PLAN_WALKS)) != 0)
		state->parent = ac_walk_parent(state->table, false);
	state->n_quals = list_length(attnums);
	state->quals = palloc0(sizeof(AcScanQual) * Max(1, state->n_quals));
	state->query.n_filters = state->n_quals;
	state->query.filters = palloc0(sizeof(AcQueryFilter) *
								   Max(1, state->n_quals));
	for (int i = 0; i < state->n_quals; i++)
	{
		AcScanQual *qual = &state->quals[i];

		qual->column = ac_table_column(state->table,
									   (AttrNumber) list_nth_int(attnums, i));
		qual->via = (AcSendVia) list_nth_int(vias, i);
		qual->bound = (AcQualBound) list_nth_int(bounds, i);
		qual->is_list = list_nth_int(lists, i) != 0;
		if ((qual->via == AC_SEND_QUERY || qual->via == AC_SEND_PATH) &&
			qual->bound == AC_BOUND_NONE)
			qual->list = ac_column_list(state->table, qual->column);
		ac_request_filter(state->table, qual->column, qual->bound,
						  &state->query.filters[i]);
		state->query.filters[i].via = qual->via;
	}
	choose_fields(state, list_columns(state));
}

/* expression_tree_walker: is there a value that another row sets? */
static bool
depends_on_row(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Param))
		return ((Param *) node)->paramkind == PARAM_EXEC;
	return expression_tree_walker(node, depends_on_row, context);
}

static void
prepare_quals(AcScanState *state, PlanState *parent)
{
	List *values = ac_plan_values(state->plan);
	List *quals = ac_plan_sent_quals(state->plan);

	for (int i = 0; i < state->n_quals; i++)
	{
		AcScanQual *qual = &state->quals[i];
		Expr *value = list_nth(values, i);

		qual->value = ExecInitExpr(value, parent);
		qual->value_type = exprType((Node *) value);
		if (qual->via == AC_SEND_PATH && depends_on_row((Node *) value, NULL))
			state->walks = true;
		/* Without a field there is nothing that the API could contradict. */
		if (!ac_column_is_param_only(qual->column))
			qual->audit = ExecInitExpr(list_nth(quals, i), parent);
	}
}

void
autoconnBeginForeignScan(ForeignScanState *node, int eflags)
{
	const ForeignScan *plan = (const ForeignScan *) node->ss.ps.plan;
	EState *estate = node->ss.ps.state;
	Relation rel = ac_scan_relation(plan, estate);
	AcScanState *state = create_state(RelationGetRelid(rel));
	MemoryContext old = MemoryContextSwitchTo(state->scan_cxt);
	Oid userid = ac_scan_check_user(plan, estate);

	node->fdw_state = state;
	state->estate = estate;
	state->node = &plan->scan.plan;
	state->desc = RelationGetDescr(rel);
	adopt_plan(state, plan);
	if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) == 0)
	{
		ac_detail_check(state->table);
		prepare_quals(state, &node->ss.ps);
		set_columns(state, list_columns(state));
		prepare_reading(state, OidIsValid(userid) ? userid : GetUserId());
		if (ac_scan_shows_items(state))
			state->detail = ac_detail_begin(state, list_nth(plan->fdw_private, AC_PLAN_ATTRS));
	}
	MemoryContextSwitchTo(old);
}

AcScanState *
ac_scan_begin_table(Relation rel, Oid userid)
{
	AcScanState *state = create_state(RelationGetRelid(rel));
	MemoryContext old = MemoryContextSwitchTo(state->scan_cxt);
	List *all = NIL;

	for (int i = 0; i < state->table->n_columns; i++)
		if (!state->table->columns[i].dropped)
			all = lappend_int(all, i + 1);
	state->mode = AC_SCAN_LIST;
	state->samples = true;
	state->parent = ac_walk_parent(state->table, false);
	set_columns(state, all);
	choose_fields(state, all);
	prepare_reading(state, userid);
	MemoryContextSwitchTo(old);
	return state;
}

/* Sends the values of presets for variables of the path. */
static void
adopt_presets(AcScanState *state, const AcValueList **presets)
{
	const AcTable *table = state->table;

	state->quals = palloc0(sizeof(AcScanQual) * Max(1, table->n_columns));
	state->query.filters = palloc0(sizeof(AcQueryFilter) *
								   Max(1, table->n_columns));
	for (int i = 0; i < table->n_columns; i++)
	{
		AcScanQual *qual = &state->quals[state->n_quals];

		if (presets[i] == NULL || !table->columns[i].is_path_var)
			continue;
		qual->column = &table->columns[i];
		qual->via = AC_SEND_PATH;
		qual->preset = presets[i];
		ac_request_filter(table, qual->column, AC_BOUND_NONE,
						  &state->query.filters[state->n_quals++]);
	}
	state->query.n_filters = state->n_quals;
}

/* Has everything that the API has to be given a value? */
static bool
has_required(const AcScanState *state)
{
	const AcTable *table = state->table;

	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];
		bool has = false;

		if (column->dropped || !ac_column_is_required(column))
			continue;
		for (int j = 0; j < state->n_quals; j++)
			has = has || state->quals[j].column == column;
		if (!has)
			return false;
	}
	return true;
}

AcScanState *
ac_scan_begin_parent(Relation rel, const AcScanState *child, List *attnums,
					 const AcValueList **presets)
{
	AcScanState *state = create_state(RelationGetRelid(rel));
	MemoryContext old = MemoryContextSwitchTo(state->scan_cxt);
	List *shown;

	state->mode = AC_SCAN_LIST;
	state->depth = child->depth + 1;
	state->estate = child->estate;
	state->node = child->node;
	adopt_presets(state, presets);
	if (!has_required(state))
		state->parent = ac_walk_parent(state->table, false);
	if (!has_required(state) && state->parent == NULL)
		state->problem = "the variables of its path";
	if (state->depth > AC_WALK_MAX_DEPTH)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("foreign table \"%s\" is the parent of too many tables below one another",
						state->table->name),
				 errhint("See the table option \"parent\".")));
	/* It is read no further than the child needs. */
	if (child->wanted != -1)
		state->wanted = AC_PAGER_PERHAPS;
	shown = ac_detail_is_needed(state->table, attnums)
				? ac_detail_list_columns(state->table, attnums)
				: attnums;
	set_columns(state, shown);
	choose_fields(state, shown);
	prepare_reading(state, child->userid);
	state->desc = RelationGetDescr(rel);
	if (shown != attnums)
		state->detail = ac_detail_begin(state, attnums);
	MemoryContextSwitchTo(old);
	return state;
}
