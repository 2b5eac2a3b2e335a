/*
 * reader_lists.c
 *		How is a page read whose rows have lists that are cut?
 *
 * Row by row.  Of each row the lists are found that are cut (net/embedded) and
 * read on (net/rowlist).  Then the row is written anew with the elements of all
 * pages, and read as a body with one row.
 *
 * Rows wait in a queue for their lists, so that those of several are read at
 * once.  Where rows are elements of the list, those that are there are handed
 * out before others are waited for.
 *
 * Lists in elements of lists are not looked into.
 */
#include "ac.h"

#include "miscadmin.h"
#include "net/rowlist.h"
#include "pg/report.h"
#include "utils/memutils.h"

/*
 * Rows that are looked at ahead of the one handed out: enough to find as many
 * with lists that are cut as may be read at once where few are.
 */
#define ROWS_AHEAD 256

/* As fdw/passes has it: this part of the rows so far is looked at ahead where
 * the query may stop at any. */
#define STOP_SHARE 4

typedef struct Row
{
	MemoryContext cxt;
	uint64 number;	/* at rows_path, 1 for the first */
	AcField text;	/* slices of the page */
	AcField name;	/* of a MAP */
	bool shown_cut; /* nested rows that are there were handed out */
	uint64 n_shown; /* so many */
	bool last;		/* all of it was handed over */
	bool opened;
	AcRowList *lists;
	int n_lists;
	int64 bytes; /* of their elements */
	dlist_node node;
} Row;

struct AcReaderLists
{
	MemoryContext cxt;
	AcRowScan outer; /* of the page */
	AcField *fields;
	bool ended; /* there are no more rows */
	dlist_head rows;
	int n_rows;
	int n_open;
	const Row *of; /* whose list errors are about, ... */
	const AcRowList *list;
	const AcPageReader *reader;
};

/* ---- plans ---- */

void
ac_reader_lists_plan(AcReaderPlan *plan, const AcRowSource *source,
					 AcPointers columns, const AcRowOrigin *origins)
{
	AcPointers outer = ac_embedded_outer(plan->embedded);
	AcPointers none = {NULL, 0};
	AcRowSource rows = *source;
	AcRowSource alone = {.rows_path = "",
						 .nested_path = source->nested_path};
	const char **pointers = palloc(sizeof(char *) * (outer.n + 1));
	AcRowOrigin *from = palloc0(sizeof(AcRowOrigin) * (outer.n + 1));
	AcError err;

	/* values without names are no row that could be written anew */
	if (source->form == AC_ROWS_COLUMNS || source->form == AC_ROWS_LISTS ||
		outer.n == 0)
		return;
	if (source->form == AC_ROWS_MAP)
		alone.form = AC_ROWS_MAP;
	rows.nested_path = NULL;
	memcpy(pointers, outer.pointers, sizeof(char *) * outer.n);
	pointers[outer.n] = "";
	from[outer.n] = AC_ORIGIN_NAME;
	outer = (AcPointers){pointers, outer.n + 1};
	plan->outer = ac_rowplan_create(&rows, outer, from, none, &err);
	if (plan->outer != NULL)
		plan->alone = ac_rowplan_create(&alone, columns, origins, none, &err);
	if (plan->alone == NULL)
		ac_report_error(&err);
}

/* ---- rows of the page ---- */

static AcSlice
body_of_page(const struct AcReaderState *state)
{
	const AcBuf *body = state->current->fetch->body;

	return (AcSlice){body->data, body->len};
}

static void
begin_scan(AcRowScan *scan, const AcRowPlan *plan, AcSlice body)
{
	AcRowLimits limits = {.interrupted = ac_report_interrupted};
	AcError err;

	if (!ac_rowscan_begin(scan, plan, body, &limits, &err))
		ac_report_error(&err);
}

static bool
next_outer(AcRowScan *scan, AcField *fields)
{
	AcError err;
	AcRowNext next = ac_rowscan_next(scan, fields, &err);

	if (next == AC_ROW_ERROR)
		ac_report_error(&err);
	return next == AC_ROW_FOUND;
}

bool
ac_reader_lists_are_cut(AcPageReader *reader)
{
	const struct AcReaderState *state = reader->state;
	const AcEmbedded *embedded = state->plan->embedded;
	AcField *fields = palloc(sizeof(AcField) * state->plan->outer->n_fields);
	AcEmbeddedList *lists = palloc(sizeof(AcEmbeddedList) *
								   ac_embedded_most(embedded));
	AcRowScan scan;
	bool cut = false;

	/* most pages need not be read a second time */
	if (!ac_innerlist_has_words((AcSlice){reader->scan.rows.text,
										  reader->scan.rows.len}))
		return false;
	begin_scan(&scan, state->plan->outer, body_of_page(state));
	while (!cut && next_outer(&scan, fields))
		cut = ac_embedded_find(embedded, fields, lists) > 0;
	ac_rowscan_end(&scan);
	return cut;
}

void
ac_reader_lists_begin(AcPageReader *reader, uint64 handed_out)
{
	struct AcReaderState *state = reader->state;
	MemoryContext cxt = AllocSetContextCreate(state->reader_cxt,
											  "autoconn lists in rows",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcReaderLists *lists = palloc0(sizeof(AcReaderLists));

	lists->cxt = cxt;
	lists->fields = palloc(sizeof(AcField) * state->plan->outer->n_fields);
	lists->reader = reader;
	dlist_init(&lists->rows);
	begin_scan(&lists->outer, state->plan->outer, body_of_page(state));
	for (uint64 i = 0; i < handed_out; i++)
		(void) next_outer(&lists->outer, lists->fields);
	/* nothing more comes from the scan that found it out */
	reader->scan.row_number = reader->scan.row_count;
	state->lists = lists;
	MemoryContextSwitchTo(old);
}

static void
close_row(AcReaderLists *lists, Row *row)
{
	for (int i = 0; i < row->n_lists; i++)
		if (row->lists[i].reader != NULL)
			ac_reader_close(row->lists[i].reader);
	if (row->opened)
		lists->n_open--;
	dlist_delete(&row->node);
	lists->n_rows--;
	MemoryContextDelete(row->cxt);
}

void
ac_reader_lists_end(struct AcReaderState *state)
{
	AcReaderLists *lists = state->lists;

	if (lists == NULL)
		return;
	while (!dlist_is_empty(&lists->rows))
		close_row(lists, dlist_head_element(Row, node, &lists->rows));
	state->lists = NULL;
	MemoryContextDelete(lists->cxt);
}

/* errcontext of what goes wrong with a list. */
static void
list_error_context(void *arg)
{
	const AcReaderLists *lists = arg;

	errcontext("list at \"%s\" of row %llu of page %d", lists->list->cut.pointer,
			   (unsigned long long) lists->of->number, lists->reader->page);
}

/*
 * Opens the row's lists, if that has not been done, and takes what has come
 * for them; true once they are whole.
 */
static bool
move_row(struct AcReaderState *state, Row *row)
{
	AcReaderLists *lists = state->lists;
	MemoryContext old = MemoryContextSwitchTo(row->cxt);
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = list_error_context,
		.arg = lists,
	};
	bool is_first = dlist_head_element(Row, node, &lists->rows) == row;
	bool whole = true;

	error_context_stack = &callback;
	lists->of = row;
	for (int i = 0; i < row->n_lists; i++)
	{
		lists->list = &row->lists[i];
		if (!row->opened)
			ac_rowlist_open(state, &row->lists[i]);
		whole = ac_rowlist_take(state, &row->lists[i], is_first) && whole;
	}
	lists->n_open += row->opened ? 0 : 1;
	row->opened = true;
	error_context_stack = callback.previous;
	MemoryContextSwitchTo(old);
	return whole;
}

/* ---- looking ahead ---- */

/* Keeps the row that the scan has found, and its lists that are cut. */
static Row *
keep_row(struct AcReaderState *state)
{
	AcReaderLists *lists = state->lists;
	const AcEmbedded *embedded = state->plan->embedded;
	MemoryContext cxt = AllocSetContextCreate(lists->cxt, "autoconn row",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	Row *row = palloc0(sizeof(Row));
	AcEmbeddedList *cut;

	row->cxt = cxt;
	row->number = lists->outer.row_number;
	row->text = lists->outer.row;
	row->name = lists->fields[state->plan->outer->n_fields - 1];
	cut = palloc(sizeof(AcEmbeddedList) * ac_embedded_most(embedded));
	row->n_lists = ac_embedded_find(embedded, lists->fields, cut);
	row->lists = palloc0(sizeof(AcRowList) * row->n_lists);
	for (int i = 0; i < row->n_lists; i++)
		ac_rowlist_init(&row->lists[i], &cut[i], &row->bytes);
	MemoryContextSwitchTo(old);
	dlist_push_tail(&lists->rows, &row->node);
	lists->n_rows++;
	return row;
}

/* Rows that may be looked at ahead. */
static int
room_ahead(const AcPageReader *reader)
{
	const struct AcReaderState *state = reader->state;
	int64 handed = state->before + (int64) reader->row;
	int64 room = ROWS_AHEAD;

	if (state->request.wanted == AC_PAGER_PERHAPS)
		room = 1 + handed / STOP_SHARE;
	else if (state->request.wanted >= 0)
		room = Max(1, state->request.wanted - handed);
	return (int) Min(room, ROWS_AHEAD);
}

/* Bytes of lists that wait for their turn. */
static int64
waiting_bytes(const AcReaderLists *lists)
{
	int64 bytes = 0;
	dlist_iter iter;

	dlist_foreach (iter, unconstify(dlist_head *, &lists->rows))
		bytes += dlist_container(Row, node, iter.cur)->bytes;
	return bytes;
}

/* Is the way of each of the row's lists known? */
static bool
has_ways(const struct AcReaderState *state, const Row *row)
{
	for (int i = 0; i < row->n_lists; i++)
		if (!ac_rowlist_has_way(state, &row->lists[i]))
			return false;
	return true;
}

/*
 * Looks at the next rows, and asks for the lists of some.  Of nested rows
 * those that are there may be enough.
 */
static void
look_ahead(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;
	AcReaderLists *lists = state->lists;
	int most = ac_connection_options(state->request.conn)->max_concurrency;
	bool may_ask = !state->plan->rows->nested || state->request.wanted == -1;
	int room = room_ahead(reader);

	while (!lists->ended && lists->n_rows < Max(room, 1) &&
		   lists->n_open < most && waiting_bytes(lists) < AC_READER_AHEAD_BYTES)
	{
		Row *row;

		if (!next_outer(&lists->outer, lists->fields))
		{
			lists->ended = true;
			return;
		}
		row = keep_row(state);
		if (may_ask && row->n_lists > 0 && has_ways(state, row))
			(void) move_row(state, row);
	}
}

/* ---- handing out ---- */

/* Makes reader->scan one of this row alone. */
static void
begin_row(AcPageReader *reader, const Row *row, bool whole)
{
	const struct AcReaderState *state = reader->state;
	bool has_name = state->plan->alone->form == AC_ROWS_MAP;
	MemoryContext old = MemoryContextSwitchTo(row->cxt);
	StringInfoData body;

	initStringInfo(&body);
	appendStringInfoChar(&body, has_name ? '{' : '[');
	if (has_name)
	{
		ac_rowlist_append(&body, &row->name);
		appendStringInfoChar(&body, ':');
	}
	if (whole)
		ac_rowlist_write(&body, &row->text, row->lists, row->n_lists);
	else
		ac_rowlist_append(&body, &row->text);
	appendStringInfoChar(&body, has_name ? '}' : ']');
	ac_rowlist_pad(&body);
	begin_scan(&reader->scan, state->plan->alone,
			   (AcSlice){body.data, (size_t) body.len});
	MemoryContextSwitchTo(old);
}

/* Nested rows that came with others than the page counted. */
static void
count_more(struct AcReaderState *state, uint64 n)
{
	AcReaderStats *stats = state->request.stats;

	state->delivered += (int64) n;
	stats->rows += (int64) n;
	if (stats->activity != NULL)
		stats->activity->counts.rows += (int64) n;
}

/* Passes over nested rows that were handed out. */
static void
skip_shown(AcPageReader *reader, const Row *row)
{
	for (uint64 i = 0; i < row->n_shown; i++)
		(void) next_outer(&reader->scan, reader->wide);
}

/* Throws, or warns and leaves the lists as they are, if there is no way on. */
static void
check_ways(AcPageReader *reader, Row *row)
{
	struct AcReaderState *state = reader->state;
	AcError err;

	for (int i = 0; i < row->n_lists; i++)
	{
		if (ac_rowlist_has_way(state, &row->lists[i]))
			continue;
		if (state->incomplete == NULL)
		{
			ac_reader_lists_cut(reader, reader->row + 1, row->lists[i].cut.pointer,
								&err);
			ac_reader_report_incomplete(state, &err);
		}
		row->n_lists = 0;
	}
}

/* Waits until one of the requests for lists is answered. */
static void
wait_any(const AcReaderLists *lists)
{
	AcFetch *running[AC_READER_QUEUE];
	int n = 0;
	dlist_iter iter;

	dlist_foreach (iter, unconstify(dlist_head *, &lists->rows))
	{
		const Row *row = dlist_container(Row, node, iter.cur);

		for (int i = 0; i < row->n_lists; i++)
		{
			const AcPageReader *reader = row->lists[i].reader;
			AcPageFetch *first = reader != NULL && reader->state->n_queue > 0
									 ? reader->state->queue[0]
									 : NULL;

			if (first != NULL && n < AC_READER_QUEUE &&
				first->fetch->state == AC_FETCH_RUNNING)
				running[n++] = first->fetch;
		}
	}
	if (n > 0)
		ac_fetch_wait_any(running, n);
}

/*
 * Moves the lists of rows that wait.  Not where some rows may be enough: what
 * goes wrong with a row that nobody wants is nobody's matter.
 */
static void
move_others(struct AcReaderState *state)
{
	AcReaderLists *lists = state->lists;
	dlist_iter iter;

	if (state->request.wanted != -1 ||
		waiting_bytes(lists) >= AC_READER_AHEAD_BYTES)
		return;
	dlist_foreach (iter, &lists->rows)
	{
		Row *row = dlist_container(Row, node, iter.cur);

		if (row->opened)
			(void) move_row(state, row);
	}
}

/* Has the first row all of its lists?  Waits for them, if it may. */
static bool
await_row(AcPageReader *reader, Row *row)
{
	while (!move_row(reader->state, row))
	{
		CHECK_FOR_INTERRUPTS();
		move_others(reader->state);
		if (reader->no_wait)
			return false;
		wait_any(reader->state->lists);
	}
	return true;
}

/* Hands over what the row has; AC_LISTS_END if that is nothing. */
static AcListsNext
hand_over(AcPageReader *reader, Row *row)
{
	struct AcReaderState *state = reader->state;
	bool nested = state->plan->rows->nested;

	if (!row->shown_cut)
		check_ways(reader, row);
	if (nested && !row->shown_cut)
	{
		row->shown_cut = true;
		begin_row(reader, row, false);
		row->n_shown = reader->scan.row_count;
		row->last = row->n_lists == 0;
		return row->n_shown > 0 ? AC_LISTS_ROWS : AC_LISTS_END;
	}
	if (row->n_lists > 0 && !await_row(reader, row))
		return AC_LISTS_WAIT;
	row->last = true;
	begin_row(reader, row, row->n_lists > 0);
	if (nested && reader->scan.row_count > row->n_shown)
		count_more(state, reader->scan.row_count - row->n_shown);
	skip_shown(reader, row);
	return reader->scan.row_count > row->n_shown ? AC_LISTS_ROWS
												 : AC_LISTS_END;
}

AcListsNext
ac_reader_lists_next(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;
	AcReaderLists *lists = state->lists;
	AcListsNext next = AC_LISTS_END;

	while (next == AC_LISTS_END)
	{
		CHECK_FOR_INTERRUPTS();
		if (!dlist_is_empty(&lists->rows) &&
			dlist_head_element(Row, node, &lists->rows)->last)
			close_row(lists, dlist_head_element(Row, node, &lists->rows));
		look_ahead(reader);
		if (dlist_is_empty(&lists->rows))
			return AC_LISTS_END;
		next = hand_over(reader,
						 dlist_head_element(Row, node, &lists->rows));
	}
	return next;
}

/* ---- what it takes ---- */

void
ac_reader_lists_add_pending(const AcReaderLists *lists, AcFetchStats *stats)
{
	dlist_iter iter;

	dlist_foreach (iter, unconstify(dlist_head *, &lists->rows))
	{
		const Row *row = dlist_container(Row, node, iter.cur);

		for (int i = 0; i < row->n_lists; i++)
			if (row->lists[i].reader != NULL)
				ac_reader_add_pending(row->lists[i].reader, stats);
	}
}

AcPhase
ac_reader_lists_phase(const AcReaderLists *lists)
{
	const Row *row;

	if (lists->n_rows == 0)
		return AC_PHASE_READING;
	row = dlist_head_element(Row, node,
							 unconstify(dlist_head *, &lists->rows));
	for (int i = 0; i < row->n_lists; i++)
		if (row->lists[i].reader != NULL)
			return ac_reader_phase(row->lists[i].reader);
	return AC_PHASE_READING;
}
