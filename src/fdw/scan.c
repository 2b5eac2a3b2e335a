/*
 * scan.c
 *		How does a foreign scan run?
 *
 * Evaluates the values that are sent, opens a reader (net/reader) for the
 * collection or the item, and makes a virtual tuple of each row's fields
 * (pg/convert).  The first request goes out with the first row that is asked
 * for; a rescan begins anew with the values as they are then.
 *
 * The executor checks all quals; those that were sent are checked here as
 * well, so that an API that ignores a parameter is found out.
 */
#include "ac.h"

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "fdw/fdw.h"
#include "net/learn.h"
#include "fdw/plan.h"
#include "fdw/postread.h"
#include "fdw/scan.h"
#include "fdw/sendvalue.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "pg/compat.h"
#include "pg/report.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

/* ---- beginning ---- */

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
	MemoryContextSwitchTo(old);
	return state;
}

/* The qual that sends the column's value, -1 if none does. */
static int
qual_of_column(const AcScanState *state, const AcColumn *column)
{
	for (int i = 0; i < state->n_quals; i++)
		if (state->quals[i].column == column)
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
	to->sent = qual_of_column(state, column);
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

		if (!column->dropped && (list_member_int(attnums, column->attnum) ||
								 column == state->series.column))
			add_column(state, column);
	}
	state->fields = palloc0(sizeof(AcField) * Max(1, state->n_fields));
}

static AcReaderPlan *
create_reader_plan(const AcScanState *state, AcRowSource source,
				   const AcPaging *paging)
{
	int n = Max(1, state->n_fields);
	const char **pointers = palloc(sizeof(char *) * n);
	AcRowOrigin *origins = palloc(sizeof(AcRowOrigin) * n);
	AcReaderWish wish = {
		.columns = {pointers, state->n_fields},
		.origins = origins,
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
	}
	return ac_reader_plan(&wish);
}

/* What is needed to read, once the columns are known. */
static void
prepare_reading(AcScanState *state, Oid userid)
{
	const AcTableOptions *options = state->table->options;

	ac_postread_check(state->table->relid);
	state->conn = ac_learn_connection(state->table->serverid, userid);
	state->members = ac_table_members(state->table);
	state->base_members = ac_table_base_members(state->table);
	state->observation = ac_observe_begin(state->table, state->members,
										  state->conn, userid,
										  &state->stats);
	state->rows_are_objects = ac_table_rows_are_objects(state->table);
	state->list_plan = create_reader_plan(state, ac_option_rows(options),
										  &options->paging);
	if (state->mode == AC_SCAN_ITEM)
	{
		AcPaging none = {.style = AC_PAGER_NONE};
		/* whatever form the list has, an item is one object */
		AcRowSource item = {.rows_path = options->item_rows_path,
							.nested_path = options->nested_path};

		state->item_plan = create_reader_plan(state, item, &none);
	}
}

/* Takes over what the planner decided, but no expressions. */
static void
adopt_plan(AcScanState *state, const ForeignScan *plan)
{
	List *private = plan->fdw_private;
	List *attnums = list_nth(private, AC_PLAN_SENT);
	List *vias = list_nth(private, AC_PLAN_VIAS);

	state->plan = plan;
	state->problem = strVal(list_nth(private, AC_PLAN_PROBLEM));
	state->mode = (AcScanMode) intVal(list_nth(private, AC_PLAN_MODE));
	state->wanted = intVal(list_nth(private, AC_PLAN_LIMIT));
	state->n_quals = list_length(attnums);
	state->quals = palloc0(sizeof(AcScanQual) * Max(1, state->n_quals));
	state->sent.n = state->n_quals;
	state->sent.items = palloc0(sizeof(AcSentValue) * Max(1, state->n_quals));
	for (int i = 0; i < state->n_quals; i++)
	{
		AcScanQual *qual = &state->quals[i];

		qual->column = ac_table_column(state->table,
									   (AttrNumber) list_nth_int(attnums, i));
		qual->via = (AcSendVia) list_nth_int(vias, i);
		state->sent.items[i].attnum = qual->column->attnum;
	}
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
	AcScanState *state = create_state(RelationGetRelid(node->ss.ss_currentRelation));
	MemoryContext old = MemoryContextSwitchTo(state->scan_cxt);
	Oid userid = ac_scan_check_user(plan, estate);

	node->fdw_state = state;
	adopt_plan(state, plan);
	if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) == 0)
	{
		prepare_quals(state, &node->ss.ps);
		set_columns(state, list_nth(plan->fdw_private, AC_PLAN_ATTRS));
		prepare_reading(state, OidIsValid(userid) ? userid : GetUserId());
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
		all = lappend_int(all, i + 1);
	state->mode = AC_SCAN_LIST;
	set_columns(state, all);
	prepare_reading(state, userid);
	MemoryContextSwitchTo(old);
	return state;
}

/* ---- opening ---- */

AC_NORETURN static void report_problem(const AcScanState *state);

static void
report_problem(const AcScanState *state)
{
	const AcTemplate *path = &state->table->path;
	const char *orphan = NULL;
	AcError err;

	for (int i = 0; i < path->n_vars && orphan == NULL; i++)
		if (path->attnums[i] == InvalidAttrNumber)
			orphan = path->vars[i];
	ac_error_set(&err, AC_ERR_CANNOT_EXPRESS,
				 "foreign table \"%s\" cannot be read without a value for %s",
				 state->table->name, state->problem);
	if (orphan != NULL)
		ac_error_hint(&err, "The path has a variable without a column: ALTER FOREIGN TABLE %s ADD COLUMN %s text OPTIONS (param %s);",
					  quote_identifier(state->table->name),
					  quote_identifier(orphan), quote_literal_cstr(orphan));
	else
		ac_error_hint(&err, "Add a condition \"= value\" on each of them, or join them with a table that has the values.");
	ac_report_error(&err);
}

/*
 * Does the column show what was sent, perhaps for want of a field?  An item
 * does not repeat the name under which it stands in the list.
 */
static bool
shows_sent(const AcColumn *column)
{
	return ac_column_is_param_only(column) || column->is_path_var ||
		   (column->is_item_key &&
			column->options->origin == AC_ORIGIN_NAME);
}

/*
 * Evaluates one value.  False if it is NULL, or one that the column's type
 * does not have: then the qual is true for no row, and nothing needs to be
 * asked.
 */
static bool
evaluate_value(AcScanState *state, int i, ExprContext *econtext)
{
	AcScanQual *qual = &state->quals[i];
	AcSentValue *sent = &state->sent.items[i];
	bool isnull;
	AcReading reading;
	Datum value = ExecEvalExprSwitchContext(qual->value, econtext, &isnull);

	if (isnull || !ac_sendvalue_fits(value, qual->value_type,
									 qual->column->type,
									 qual->column->typmod))
		return false;
	reading = ac_reading_of(qual->column->options);
	sent->text = ac_sendvalue_text(value, qual->value_type, &reading);
	sent->via = qual->via;
	if (sent->text == NULL && !ac_scan_may_leave(qual))
		ac_sendvalue_reject(value, qual->value_type);
	if (sent->text == NULL ||
		(ac_scan_may_leave(qual) &&
		 ac_qual_is_switched_off(state->table->relid, qual->column->attnum)))
		sent->via = AC_SEND_NOT;
	if (shows_sent(qual->column))
		qual->shown = ac_sendvalue_shown(ac_sendvalue_text(value, qual->value_type,
														   NULL),
										 qual->column->type,
										 qual->column->typmod);
	return true;
}

static bool
evaluate_values(AcScanState *state, ExprContext *econtext)
{
	for (int i = 0; i < state->n_quals; i++)
		if (!evaluate_value(state, i, econtext))
			return false;
	return true;
}

int
ac_scan_page_size(const AcScanState *state)
{
	const AcPaging *paging = &state->table->options->paging;

	if (paging->size_param == NULL)
		return -1;
	if (state->wanted > 0 && paging->page_size > state->wanted)
		return state->wanted;
	return paging->page_size;
}

static bool
sends_filter(const AcScanState *state)
{
	for (int i = 0; i < state->sent.n; i++)
		if (state->sent.items[i].via == AC_SEND_QUERY)
			return true;
	return false;
}

/* Is anything sent that decides which rows come? */
static bool
sends_any(const AcScanState *state)
{
	for (int i = 0; i < state->sent.n; i++)
		if (state->sent.items[i].via != AC_SEND_NOT)
			return true;
	return false;
}

/*
 * Opens the reader.  A key that cannot stand in a path (an empty text, say)
 * cannot be looked up; the collection may have it nevertheless.
 */
static void
open_reader(AcScanState *state)
{
	const AcUrl *base = ac_connection_base(state->conn);
	AcReaderRequest request = {0};
	char *url = NULL;
	char *body = NULL;
	AcError err;

	request.item = state->mode == AC_SCAN_ITEM &&
				   ac_request_item_url(state->table, base, &state->sent, &url,
									   &err);
	if (!request.item &&
		(!ac_request_list_url(state->table, base, &state->sent, &url, &err) ||
		 !ac_request_body(state->table, &state->sent, &body, &err)))
		ac_report_error(&err);
	if (!request.item)
		ac_series_check(&state->series, state->table, &state->sent);
	if (!request.item && ac_series_in_force(&state->series, &state->sent))
		url = ac_series_url(&state->series, url);
	request.body = body;
	request.conn = state->conn;
	request.table = state->table->name;
	request.url = url;
	request.child = state->walks;
	request.page_size = ac_scan_page_size(state);
	request.wanted = state->wanted;
	request.filtered = sends_filter(state);
	request.on_incomplete = state->table->options->on_incomplete;
	request.stats = &state->stats;
	if (state->series.at == 0)
		ac_observe_opened(state->observation, !sends_any(state));
	state->reader = ac_reader_open(request.item ? state->item_plan
												: state->list_plan,
								   &request);
}

/* Begins a reading with the values as they are now. */
static void
open_scan(AcScanState *state, ExprContext *econtext)
{
	MemoryContext old;

	if (state->problem[0] != '\0')
		report_problem(state);
	MemoryContextReset(state->request_cxt);
	old = MemoryContextSwitchTo(state->request_cxt);
	if (evaluate_values(state, econtext))
		open_reader(state);
	else
		state->finished = true;
	MemoryContextSwitchTo(old);
}

/* Keeps what a reading has to tell; of several the worst. */
static void
keep_verdict(AcScanState *state)
{
	MemoryContext old;
	bool worse = state->series.at > 0 && state->verdict != NULL &&
				 strncmp(state->verdict, "complete", 8) != 0;

	/* A look-up for each row of a join must not leave anything behind. */
	if (state->verdict != NULL && !worse)
		pfree(state->verdict);
	old = MemoryContextSwitchTo(state->scan_cxt);
	if (!worse)
		state->verdict = ac_reader_verdict(state->reader);
	if (state->verdict == NULL)
		state->stopped_early = true;
	MemoryContextSwitchTo(old);
}

/* Goes on with the next value of a series; false if there is none. */
static bool
next_in_series(AcScanState *state)
{
	if (state->mode != AC_SCAN_LIST ||
		!ac_series_in_force(&state->series, &state->sent) ||
		state->series.at + 1 >= state->series.n)
		return false;
	keep_verdict(state);
	ac_reader_close(state->reader);
	state->reader = NULL;
	state->series.at++;
	return true;
}

/* Ends the reading under way, if any, and keeps what it has to tell. */
static void
close_reader(AcScanState *state)
{
	if (state->reader == NULL)
		return;
	keep_verdict(state);
	ac_reader_close(state->reader);
	state->reader = NULL;
	ac_series_restart(&state->series);
	ac_observe_closed(state->observation,
					  state->verdict != NULL &&
						  strncmp(state->verdict, "complete", 8) == 0);
}

/* Ends a reading that does not count, because another takes its place. */
static void
abandon_reader(AcScanState *state)
{
	bool early = state->stopped_early;

	ac_observe_abandoned(state->observation);
	close_reader(state);
	state->stopped_early = early;
}

/* ---- rows ---- */

/* error_context_stack callback: where in the API's answer it happened. */
static void
scan_error_context(void *arg)
{
	const AcScanState *state = arg;
	const AcPageReader *reader = state->reader;
	const AcScanColumn *column = state->converting;
	const char *method = state->table->options->body == NULL ? "GET" : "POST";

	if (reader == NULL || reader->page == 0 || reader->url == NULL)
		errcontext("foreign table \"%s\"", state->table->name);
	else if (column != NULL)
	{
		ac_observe_thrown(state->observation, column->column);
		errcontext("column \"%s\" of foreign table \"%s\", row %llu of page %d, %s %s",
				   column->column->name, state->table->name,
				   (unsigned long long) reader->scan.row_number,
				   reader->page, method, reader->url);
	}
	else
		errcontext("foreign table \"%s\", page %d, %s %s",
				   state->table->name, reader->page, method, reader->url);
}

/* A field that has to be there is not; false: its row is left out. */
static bool
handle_missing(AcScanState *state)
{
	static const char *const message = "the field is missing in the row";

	if (state->table->options->on_error != AC_ON_ERROR_STOP)
		return ac_scan_note_misfit(state, message);
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s", message),
			 errhint("The column option \"missing\" says that this is an error.")));
}

/* Converts where misfits are counted; false: the row is left out. */
static bool
convert_or_note(AcScanState *state, const AcScanColumn *column,
				const AcField *field, Datum *value, bool *isnull)
{
	ErrorData *error = ac_convert_try(column->converter, field, value, isnull);

	if (error == NULL)
		return true;
	*isnull = true;
	return ac_scan_note_misfit(state, error->message);
}

/* A column without field, or whose field is absent. */
static bool
fill_absent(AcScanState *state, const AcScanColumn *column, Datum *value,
			bool *isnull)
{
	if (column->sent >= 0 && shows_sent(column->column))
	{
		*value = state->quals[column->sent].shown;
		*isnull = false;
		return true;
	}
	if (column->field >= 0)
		ac_observe_absent(state->observation, column->column);
	if (column->field >= 0 && column->column->options->missing_is_error)
		return handle_missing(state);
	if (OidIsValid(column->converter->domain))
		ac_convert_null(column->converter);
	return true;
}

/* A row of which no column can be read; false: it is left out. */
static bool
handle_strange_row(AcScanState *state)
{
	char *message = psprintf("row is not an object but %s",
							 ac_field_kind_name(state->reader->scan.row.kind));

	if (state->table->options->on_error != AC_ON_ERROR_STOP)
		return ac_scan_note_misfit(state, message);
	ac_observe_misfit(state->observation, NULL, true);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("%s", message)));
}

/* Makes values of the fields; false: the row is left out. */
static bool
fill_slot(AcScanState *state, TupleTableSlot *slot)
{
	bool stop = state->table->options->on_error == AC_ON_ERROR_STOP;

	memset(slot->tts_isnull, true,
		   sizeof(bool) * slot->tts_tupleDescriptor->natts);
	if (state->rows_are_objects && !state->reader->scan.row_is_object)
		return handle_strange_row(state);
	for (int i = 0; i < state->n_columns; i++)
	{
		const AcScanColumn *column = &state->columns[i];
		int at = column->column->attnum - 1;
		Datum *value = &slot->tts_values[at];
		bool *isnull = &slot->tts_isnull[at];
		const AcField *field;

		state->converting = column;
		field = column->field >= 0 ? &state->fields[column->field] : NULL;
		if (field == NULL || field->kind == AC_FIELD_ABSENT)
		{
			if (!fill_absent(state, column, value, isnull))
				return false;
		}
		else if (stop)
			*isnull = !ac_convert(column->converter, field, value);
		else if (!convert_or_note(state, column, field, value, isnull))
			return false;
	}
	state->converting = NULL;
	return true;
}

/* Warns once for each parameter that the API ignores. */
static void
switch_off(const AcScanState *state, const AcScanQual *qual)
{
	if (!ac_qual_switch_off(state->table->relid, qual->column->attnum))
		return;
	ereport(WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("the API ignores the parameter \"%s\" of foreign table \"%s\"",
					qual->column->options->param, state->table->name),
			 errdetail("It sent rows whose column \"%s\" has another value than was asked for.",
					   qual->column->name),
			 errhint("Such conditions are not sent again in this session; set the column option operators 'none' to make that permanent.")));
}

/*
 * Does the row satisfy what was sent?  The executor decides; this counts.
 * False if the row proves that the API ignores a parameter.
 */
static bool
audit_row(AcScanState *state, TupleTableSlot *slot, ExprContext *econtext)
{
	bool rejected = false;
	bool ignored = false;

	econtext->ecxt_scantuple = slot;
	for (int i = 0; i < state->n_quals; i++)
	{
		const AcScanQual *qual = &state->quals[i];
		bool isnull;
		Datum result;

		if (qual->audit == NULL || state->sent.items[i].via == AC_SEND_NOT)
			continue;
		result = ExecEvalExprSwitchContext(qual->audit, econtext, &isnull);
		if (!isnull && DatumGetBool(result))
			continue;
		rejected = true;
		if (!isnull)
			ac_observe_violation(state->observation, qual->column);
		/* NULL: the API filters by a field that its rows do not show. */
		if (!isnull && qual->via == AC_SEND_QUERY)
		{
			switch_off(state, qual);
			ignored = true;
		}
	}
	if (rejected)
		state->rejected++;
	return !ignored;
}

/* Does the row come again with another value of the series? */
static bool
comes_again(AcScanState *state, const TupleTableSlot *slot)
{
	const AcColumn *column = state->series.column;
	char *text = NULL;

	if (column == NULL || state->mode != AC_SCAN_LIST ||
		!ac_series_in_force(&state->series, &state->sent))
		return false;
	if (!slot->tts_isnull[column->attnum - 1])
		text = ac_sendvalue_text(slot->tts_values[column->attnum - 1], column->type, NULL);
	return ac_series_comes_again(&state->series, text, &state->reader->scan);
}

/* The next row that can be shown; false at the end. */
static bool
next_row(AcScanState *state, TupleTableSlot *slot)
{
	while (ac_reader_next(state->reader, state->fields))
	{
		MemoryContext old;
		bool good;

		ac_observe_row(state->observation, &state->reader->scan);
		MemoryContextReset(state->row_cxt);
		old = MemoryContextSwitchTo(state->row_cxt);
		good = fill_slot(state, slot) && !comes_again(state, slot);
		MemoryContextSwitchTo(old);
		if (good)
			return true;
		state->converting = NULL;
		CHECK_FOR_INTERRUPTS();
	}
	return false;
}

/* Reads on until there is a row to deliver; false at the end. */
static bool
deliver_row(AcScanState *state, TupleTableSlot *slot, ExprContext *econtext)
{
	for (;;)
	{
		ExecClearTuple(slot);
		if (state->reader == NULL && !state->finished)
			open_scan(state, econtext);
		if (state->finished)
			return false;
		if (!next_row(state, slot))
		{
			if (next_in_series(state))
				continue;
			break;
		}
		ExecStoreVirtualTuple(slot);
		if (state->n_quals == 0 || audit_row(state, slot, econtext) ||
			state->delivered)
		{
			state->delivered = true;
			return true;
		}
		/*
		 * Nothing was delivered yet: begin anew without the parameter that
		 * the API ignores, for it may have withheld rows, too.
		 */
		abandon_reader(state);
	}
	state->finished = true;
	close_reader(state);
	ac_scan_report_misfits(state);
	return false;
}

bool
ac_scan_next(AcScanState *state, TupleTableSlot *slot, ExprContext *econtext)
{
	ErrorContextCallback callback;
	bool found;

	callback.callback = scan_error_context;
	callback.arg = state;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	state->converting = NULL;
	found = deliver_row(state, slot, econtext);
	error_context_stack = callback.previous;
	return found;
}

TupleTableSlot *
autoconnIterateForeignScan(ForeignScanState *node)
{
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	(void) ac_scan_next(node->fdw_state, slot, node->ss.ps.ps_ExprContext);
	return slot;
}

/* ---- the end ---- */

void
autoconnReScanForeignScan(ForeignScanState *node)
{
	AcScanState *state = node->fdw_state;

	close_reader(state);
	state->finished = false;
	state->delivered = false;
}

AcReaderStats
ac_scan_stats(const AcScanState *state)
{
	AcReaderStats stats = state->stats;

	if (state->reader != NULL)
		ac_reader_add_pending(state->reader, &stats.fetch);
	return stats;
}

const char *
ac_scan_verdict(const AcScanState *state)
{
	if (state->stopped_early ||
		(state->reader != NULL && ac_reader_verdict(state->reader) == NULL))
		return "stopped early by the executor";
	if (state->reader != NULL)
		return ac_reader_verdict(state->reader);
	if (state->verdict != NULL)
		return state->verdict;
	/* Nothing was read: no row was wanted, or a NULL was sent. */
	return state->finished ? "complete" : "stopped early by the executor";
}

void
ac_scan_end(AcScanState *state)
{
	close_reader(state);
	ac_scan_report_misfits(state);
	MemoryContextDelete(state->scan_cxt);
}

void
autoconnEndForeignScan(ForeignScanState *node)
{
	if (node->fdw_state != NULL)
		ac_scan_end(node->fdw_state);
	node->fdw_state = NULL;
}
