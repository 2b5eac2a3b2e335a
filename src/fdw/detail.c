/*
 * detail.c
 *		What do rows have that only their items show?  See detail.h.
 */
#include "ac.h"

#include "fdw/detail.h"
#include "fdw/scan.h"
#include "fdw/sendvalue.h"
#include "access/htup_details.h"
#include "miscadmin.h"
#include "pg/option.h"
#include "pg/report.h"
#include "policy/pager.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/varlena.h"

/* As fdw/passes has it: this part of the rows so far is asked for ahead where
 * the query may stop at any. */
#define STOP_SHARE 4

/* ---- the option ---- */

static bool
is_named(List *names, const AcColumn *column)
{
	ListCell *lc;

	foreach (lc, names)
		if (strcmp(lfirst(lc), column->name) == 0)
			return true;
	return false;
}

/* Can an item show the column, other than the list does? */
static bool
may_be_detail(const AcColumn *column)
{
	return !column->dropped && !column->is_path_var && !column->is_item_key &&
		   !ac_column_is_param_only(column) &&
		   column->options->origin == AC_ORIGIN_ROW;
}

void
ac_detail_mark(AcTable *table)
{
	const char *option = table->options->detail;
	List *names = NIL;
	bool all;

	if (option == NULL || table->item.text == NULL ||
		table->options->nested_path != NULL)
		return;
	all = strcmp(option, "on") == 0;
	if (!all && !SplitIdentifierString(pstrdup(option), ',', &names))
		return;
	for (int i = 0; i < table->n_columns; i++)
	{
		AcColumn *column = &table->columns[i];

		/* nobody names hidden columns to an item */
		column->is_detail = may_be_detail(column) &&
							(all ? !column->options->hidden
								 : is_named(names, column));
	}
}

static bool
is_column(const AcTable *table, const char *name)
{
	for (int i = 0; i < table->n_columns; i++)
		if (!table->columns[i].dropped &&
			strcmp(table->columns[i].name, name) == 0)
			return true;
	return false;
}

void
ac_detail_check(const AcTable *table)
{
	const char *option = table->options->detail;
	List *names = NIL;
	ListCell *lc;

	if (option == NULL || strcmp(option, "on") == 0 ||
		!SplitIdentifierString(pstrdup(option), ',', &names))
		return;
	foreach (lc, names)
	{
		if (is_column(table, lfirst(lc)))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_FDW_COLUMN_NAME_NOT_FOUND),
				 errmsg("option \"detail\" of foreign table \"%s\" names \"%s\", which is none of its columns",
						table->name, (char *) lfirst(lc)),
				 errhint("Name columns that the answer of item_path shows, or drop the option.")));
	}
}

bool
ac_detail_is_needed(const AcTable *table, List *attnums)
{
	ListCell *lc;

	foreach (lc, attnums)
		if (ac_table_column(table, (AttrNumber) lfirst_int(lc))->is_detail)
			return true;
	return false;
}

List *
ac_detail_list_columns(const AcTable *table, List *attnums)
{
	List *columns = NIL;
	ListCell *lc;

	foreach (lc, attnums)
		if (!ac_table_column(table, (AttrNumber) lfirst_int(lc))->is_detail)
			columns = lappend_int(columns, lfirst_int(lc));
	for (int i = 0; i < table->item.n_vars; i++)
		columns = list_append_unique_int(columns, table->item.attnums[i]);
	return columns;
}

/* ---- rows under way ---- */

typedef struct AcDetailRow
{
	AcPageReader *reader; /* of its item */
	const char *url;	  /* redacted */
	HeapTuple row;		  /* as the list has it */
	MemoryContext cxt;	  /* of all this */
	dlist_node node;
} AcDetailRow;

struct AcDetail
{
	AcScanState *list;
	AcScanColumn *columns;
	int n_columns;
	int n_shown; /* the others are the key, by which the item is known */
	AcField *fields;
	AcReaderPlan *plan;	  /* reads them from an item */
	TupleTableSlot *slot; /* of the list's rows */
	dlist_head rows;
	int n_rows;
	int64 opened;
	int64 shown;
	bool ended;			   /* the list is */
	bool told;			   /* of a row without an item */
	AcDetailRow *current;  /* whose values are shown */
	AcScanMisfits misfits; /* values of items */
	MemoryContext cxt;	   /* of the rows */
	MemoryContext values;  /* until the next row */
};

static void
add_column(AcDetail *detail, const AcColumn *column)
{
	AcScanColumn *to = &detail->columns[detail->n_columns];
	AcReading reading = ac_reading_of(column->options);

	to->column = column;
	to->converter = ac_converter_create(column->type, column->typmod,
										&reading);
	to->sent = -1;
	to->field = detail->n_columns++;
}

/* How the columns are read from an item, which is one object. */
static AcReaderPlan *
plan_item(const AcDetail *detail)
{
	const AcScanState *list = detail->list;
	AcScanState item = {
		.table = list->table,
		.columns = detail->columns,
		.n_columns = detail->n_columns,
		.n_fields = detail->n_columns,
		.base_members = list->base_members,
	};
	AcPaging none = {.style = AC_PAGER_NONE};
	AcRowSource source = {.rows_path = list->table->options->item_rows_path};

	return ac_scan_reader_plan(&item, source, &none);
}

AcDetail *
ac_detail_begin(AcScanState *list, List *attnums)
{
	const AcTable *table = list->table;
	AcDetail *detail = palloc0(sizeof(AcDetail));
	ListCell *lc;

	detail->list = list;
	detail->columns = palloc0(sizeof(AcScanColumn) * Max(1, table->n_columns));
	foreach (lc, attnums)
	{
		const AcColumn *column = ac_table_column(table,
												 (AttrNumber) lfirst_int(lc));

		if (column->is_detail)
			add_column(detail, column);
	}
	detail->n_shown = detail->n_columns;
	for (int i = 0; i < table->item.n_vars; i++)
	{
		const AcColumn *column = ac_table_column(table, table->item.attnums[i]);

		if (column->is_item_key && !ac_column_is_param_only(column))
			add_column(detail, column);
	}
	detail->fields = palloc0(sizeof(AcField) * Max(1, detail->n_columns));
	detail->plan = plan_item(detail);
	detail->slot = MakeSingleTupleTableSlot(CreateTupleDescCopy(list->desc),
											&TTSOpsVirtual);
	detail->cxt = AllocSetContextCreate(CurrentMemoryContext,
										"autoconn details",
										ALLOCSET_SMALL_SIZES);
	detail->values = AllocSetContextCreate(CurrentMemoryContext,
										   "autoconn details of a row",
										   ALLOCSET_SMALL_SIZES);
	dlist_init(&detail->rows);
	return detail;
}

static void
close_row(AcDetailRow *row)
{
	ac_reader_close(row->reader);
	MemoryContextDelete(row->cxt);
}

/* Warns of the values of items that did not fit. */
static void
report_misfits(AcDetail *detail)
{
	AcScanState *list = detail->list;
	AcScanMisfits of_list = list->misfits;

	list->misfits = detail->misfits;
	ac_scan_report_misfits(list);
	detail->misfits = list->misfits;
	list->misfits = of_list;
}

void
ac_detail_forget(AcDetail *detail)
{
	report_misfits(detail);
	while (!dlist_is_empty(&detail->rows))
		close_row(dlist_container(AcDetailRow, node,
								  dlist_pop_head_node(&detail->rows)));
	if (detail->current != NULL)
		close_row(detail->current);
	ExecClearTuple(detail->slot);
	detail->current = NULL;
	detail->n_rows = 0;
	detail->opened = 0;
	detail->shown = 0;
	detail->ended = false;
	detail->told = false;
}

void
ac_detail_add_pending(const AcDetail *detail, AcFetchStats *stats)
{
	dlist_iter iter;

	if (detail->current != NULL)
		ac_reader_add_pending(detail->current->reader, stats);
	dlist_foreach (iter, unconstify(dlist_head *, &detail->rows))
		ac_reader_add_pending(dlist_container(AcDetailRow, node, iter.cur)->reader,
							  stats);
}

/* ---- requests ---- */

/* The URL of the item of the list's row in detail->slot; throws if it has none. */
static char *
item_url(const AcDetail *detail)
{
	const AcScanState *list = detail->list;
	const AcTable *table = list->table;
	AcRestForm form = ac_request_form(table, ac_connection_base(list->conn));
	AcQuery query = {.item = true, .limit = -1};
	AcRestRequest rendered;
	AcError err;

	query.filters = palloc0(sizeof(AcQueryFilter) * Max(1, table->item.n_vars));
	for (int i = 0; i < table->item.n_vars; i++)
	{
		AttrNumber attnum = table->item.attnums[i];
		const AcColumn *column = ac_table_column(table, attnum);
		AcReading reading = ac_reading_of(column->options);
		AcQueryFilter *filter = &query.filters[query.n_filters++];
		const char **texts = palloc0(sizeof(char *));

		if (!detail->slot->tts_isnull[attnum - 1])
			texts[0] = ac_sendvalue_text(detail->slot->tts_values[attnum - 1],
										 column->type, &reading);
		if (texts[0] == NULL)
			texts[0] = "";
		ac_request_filter(table, column, AC_BOUND_NONE, filter);
		filter->via = column->is_path_var ? AC_SEND_PATH : AC_SEND_ITEM;
		filter->texts = texts;
		filter->n = 1;
	}
	if (!ac_rest_render(&form, &query, &rendered, &err))
		ac_report_error(&err);
	return rendered.url;
}

/* Keeps the list's row in detail->slot and asks for its item. */
static void
open_row(AcDetail *detail)
{
	AcScanState *list = detail->list;
	MemoryContext cxt = AllocSetContextCreate(detail->cxt, "autoconn detail",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcDetailRow *row = palloc0(sizeof(AcDetailRow));
	AcReaderRequest request = {
		.conn = list->conn,
		.table = list->table->name,
		.url = item_url(detail),
		.item = true,
		.page_size = -1,
		.wanted = -1,
		.cache_ms = list->table->options->cache_ttl_ms,
		.on_incomplete = list->table->options->on_incomplete,
		.max_pages = list->table->options->max_pages,
		.max_requests = list->table->options->max_requests > 0
							? list->table->options->max_requests
							: -1,
		.stats = &list->stats,
	};

	row->cxt = cxt;
	row->row = ExecCopySlotHeapTuple(detail->slot);
	row->url = ac_url_redact(request.url);
	row->reader = ac_reader_open(detail->plan, &request);
	ac_reader_start(row->reader);
	MemoryContextSwitchTo(old);
	dlist_push_tail(&detail->rows, &row->node);
	detail->n_rows++;
	detail->opened++;
}

/* How many items are asked for at once. */
static int
window(const AcDetail *detail)
{
	const AcScanState *list = detail->list;
	int most = ac_connection_options(list->conn)->max_concurrency;

	if (list->wanted == AC_PAGER_PERHAPS)
		return (int) Min(most, 1 + detail->opened / STOP_SHARE);
	if (list->wanted >= 0)
		return (int) Max(1, Min(most, list->wanted - detail->shown));
	return most;
}

/* Asks for the items of the next rows, those that need not be waited for. */
static void
look_ahead(AcDetail *detail, ExprContext *econtext)
{
	detail->list->pending = false;
	while (!detail->ended && detail->n_rows < window(detail))
	{
		if (!ac_scan_next(detail->list, detail->slot, econtext))
		{
			detail->ended = !detail->list->pending;
			return;
		}
		open_row(detail);
	}
}

/* ---- rows ---- */

/*
 * The API has no item of a row that it lists, or another one: it may be gone
 * meanwhile, or the path may be wrong, and then all rows would be missing
 * without a word.
 */
static void
tell_missing(AcDetail *detail, const char *what)
{
	const AcTable *table = detail->list->table;

	if (detail->told)
		return;
	detail->told = true;
	ereport(table->options->on_incomplete == AC_INCOMPLETE_WARN ? WARNING : ERROR,
			(errcode(ERRCODE_FDW_ERROR),
			 errmsg("scan is incomplete: the API has no item of a row that it lists"),
			 errdetail("GET %s: %s.", detail->current->url, what),
			 errhint("Check the options \"item_path\" and \"detail\" of foreign table \"%s\"; with on_incomplete 'warn' the row is left out.",
					 table->name)));
}

/* A value as it stands in the path of an item; NULL if it stands in none. */
static char *
key_text(const AcScanColumn *column, Datum value)
{
	AcReading reading = ac_reading_of(column->column->options);

	return ac_sendvalue_text(value, column->column->type, &reading);
}

/* Is the key that the item shows that of the row?  One without a key may be. */
static bool
is_item_of_row(AcDetail *detail)
{
	MemoryContext old;
	bool same = true;

	MemoryContextReset(detail->values);
	old = MemoryContextSwitchTo(detail->values);
	heap_deform_tuple(detail->current->row, detail->slot->tts_tupleDescriptor,
					  detail->slot->tts_values, detail->slot->tts_isnull);
	for (int i = detail->n_shown; i < detail->n_columns && same; i++)
	{
		const AcScanColumn *column = &detail->columns[i];
		const AcField *field = &detail->fields[column->field];
		int at = column->column->attnum - 1;
		bool isnull;
		Datum value;
		char *shown;
		char *asked;

		if (field->kind == AC_FIELD_ABSENT || field->kind == AC_FIELD_NULL ||
			detail->slot->tts_isnull[at] ||
			ac_convert_try(column->converter, field, &value, &isnull) != NULL)
			continue;
		shown = isnull ? NULL : key_text(column, value);
		asked = key_text(column, detail->slot->tts_values[at]);
		same = shown == NULL || asked == NULL || strcmp(shown, asked) == 0;
	}
	MemoryContextSwitchTo(old);
	return same;
}

/*
 * Reads the item of the row at hand; false if the API has none any more, or it
 * would have to be waited for.
 */
static bool
read_item(AcDetail *detail)
{
	AcReaderStats *stats = &detail->list->stats;
	int64 rows = stats->rows;
	int64 pages = stats->pages;
	AcPageReader *reader = detail->current->reader;
	bool found;

	reader->no_wait = detail->list->no_wait;
	found = ac_reader_next(reader, detail->fields);
	/* the table's size is that of its list */
	stats->rows = rows;
	stats->pages = pages;
	if (!found && !reader->pending)
		tell_missing(detail, "not found");
	if (!found || is_item_of_row(detail))
		return found;
	tell_missing(detail, "another row");
	return false;
}

/* Keeps count of a value that does not fit; false: its row is left out. */
static bool
note_misfit(AcDetail *detail, const AcScanColumn *column, const char *message)
{
	AcScanMisfits *misfits = &detail->misfits;
	MemoryContext old = MemoryContextSwitchTo(detail->list->scan_cxt);

	if (misfits->first == NULL)
		misfits->first = psprintf("Column \"%s\" of an item: %s.",
								  column->column->name, message);
	MemoryContextSwitchTo(old);
	if (detail->list->table->options->on_error == AC_ON_ERROR_SKIP)
	{
		misfits->rows++;
		return false;
	}
	misfits->values++;
	return true;
}

/* The column's value of the item; false: the row is left out. */
static bool
fill_column(AcDetail *detail, const AcScanColumn *column, Datum *value,
			bool *isnull)
{
	const AcField *field = &detail->fields[column->field];
	ErrorData *error;

	detail->list->converting = column;
	*isnull = true;
	if (field->kind == AC_FIELD_ABSENT)
	{
		if (OidIsValid(column->converter->domain))
			ac_convert_null(column->converter);
		return true;
	}
	if (detail->list->table->options->on_error == AC_ON_ERROR_STOP)
	{
		*isnull = !ac_convert(column->converter, field, value);
		return true;
	}
	error = ac_convert_try(column->converter, field, value, isnull);
	if (error == NULL)
		return true;
	*isnull = true;
	return note_misfit(detail, column, error->message);
}

/* Shows the row at hand with what its item has; false: it is left out. */
static bool
fill_slot(AcDetail *detail, TupleTableSlot *slot)
{
	MemoryContext old;
	bool good = true;

	ExecClearTuple(slot);
	heap_deform_tuple(detail->current->row, slot->tts_tupleDescriptor,
					  slot->tts_values, slot->tts_isnull);
	MemoryContextReset(detail->values);
	old = MemoryContextSwitchTo(detail->values);
	for (int i = 0; i < detail->n_shown && good; i++)
	{
		int at = detail->columns[i].column->attnum - 1;

		good = fill_column(detail, &detail->columns[i], &slot->tts_values[at],
						   &slot->tts_isnull[at]);
	}
	MemoryContextSwitchTo(old);
	detail->list->converting = NULL;
	return good;
}

/* errcontext of what goes wrong with an item. */
static void
detail_error_context(void *arg)
{
	const AcDetail *detail = arg;
	const AcScanColumn *column = detail->list->converting;
	const AcPageReader *reader = detail->current->reader;

	if (column != NULL)
		errcontext("column \"%s\" of foreign table \"%s\", GET %s",
				   column->column->name, detail->list->table->name, reader->url);
	else
		errcontext("foreign table \"%s\", item of a row",
				   detail->list->table->name);
}

/* The row at hand has to wait for its item: it is the first again. */
static void
put_back(AcDetail *detail)
{
	dlist_push_head(&detail->rows, &detail->current->node);
	detail->n_rows++;
	detail->current = NULL;
	detail->list->pending = true;
}

/* False: the row is left out, or put back. */
static bool
show_next(AcDetail *detail, TupleTableSlot *slot)
{
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = detail_error_context,
		.arg = detail,
	};
	bool shown;

	detail->current = dlist_container(AcDetailRow, node,
									  dlist_pop_head_node(&detail->rows));
	detail->n_rows--;
	error_context_stack = &callback;
	shown = read_item(detail) && fill_slot(detail, slot);
	error_context_stack = callback.previous;
	if (!shown && detail->current->reader->pending)
		put_back(detail);
	return shown;
}

bool
ac_detail_next(AcDetail *detail, TupleTableSlot *slot, ExprContext *econtext)
{
	ExecClearTuple(slot);
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		look_ahead(detail, econtext);
		if (detail->current != NULL)
			close_row(detail->current);
		detail->current = NULL;
		if (dlist_is_empty(&detail->rows))
			return false;
		if (show_next(detail, slot))
			break;
		if (detail->current == NULL)
			return false;
	}
	detail->shown++;
	ExecStoreVirtualTuple(slot);
	return true;
}
