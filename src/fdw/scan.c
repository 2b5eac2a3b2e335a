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

#include "fdw/audit.h"
#include "fdw/count.h"
#include "fdw/fdw.h"
#include "fdw/detail.h"
#include "miscadmin.h"
#include "net/judge.h"
#include "pg/report.h"
#include "utils/builtins.h"

/* ---- passes ---- */

AC_NORETURN static void report_problem(const AcScanState *state);

static void
report_problem(const AcScanState *state)
{
	const AcTemplate *path = &state->table->path;
	const char *orphan = NULL;
	AcError err;

	/* It may say why it is of no use. */
	(void) ac_walk_parent(state->table, false);
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

/* Do several requests' totals make the scan's? */
static bool
has_parts(const AcPasses *passes)
{
	for (int i = 0; i < passes->n_lists; i++)
		if (passes->lists[i].n_batches > 1)
			return true;
	return passes->walk != NULL;
}

/* Evaluates what is sent, as it is now. */
static void
begin_passes(AcScanState *state, ExprContext *econtext)
{
	MemoryContext old;
	bool whole;

	if (state->problem[0] != '\0')
		report_problem(state);
	MemoryContextReset(state->request_cxt);
	old = MemoryContextSwitchTo(state->request_cxt);
	state->begun = true;
	state->rows_before = state->stats.rows;
	state->pages_before = state->stats.pages;
	state->first_pass = true;
	state->hits_before = state->stats.fetch.cache_hits;
	ac_activity_open(state->stats.activity);
	state->finished = !ac_passes_begin(state, econtext);
	MemoryContextSwitchTo(old);
	state->stats.activity->parts = has_parts(&state->passes);
	whole = ac_query_is_whole(&state->query);
	if (!state->finished)
		ac_observe_opened(state->observation, whole);
}

/*
 * Keeps what the pass that ends has to tell; of several that are incomplete
 * the first one's, of several complete ones that they are.
 */
static void
keep_verdict(AcScanState *state, bool first)
{
	MemoryContext old = MemoryContextSwitchTo(state->scan_cxt);
	char *verdict = ac_reader_verdict(state->pass->reader);

	if (verdict == NULL && ac_pass_has_all(state->pass))
		verdict = pstrdup("complete");
	if (verdict == NULL)
		state->stopped_early = true;
	else if (first || ac_verdict_is_complete(state->verdict))
	{
		/* A look-up for each row of a join must not leave anything behind. */
		if (state->verdict != NULL)
			pfree(state->verdict);
		state->verdict = verdict;
		if (!first && ac_verdict_is_complete(verdict))
			state->verdict[strlen("complete")] = '\0';
	}
	else
		pfree(verdict);
	MemoryContextSwitchTo(old);
}

/* Where not all of the parent was read, not all was asked for. */
static void
keep_walk_verdict(AcScanState *state)
{
	const char *verdict = state->passes.walk != NULL
							  ? ac_walk_verdict(state->passes.walk)
							  : NULL;

	if (verdict != NULL && !ac_verdict_is_complete(verdict))
		state->verdict = MemoryContextStrdup(state->scan_cxt, verdict);
}

/* Goes on to the next pass; false if there is none. */
static bool
next_pass(AcScanState *state)
{
	if (state->pass != NULL)
	{
		keep_verdict(state, state->first_pass);
		state->first_pass = false;
	}
	return ac_passes_next(state);
}

/* Ends the passes under way, if any, and keeps what they have to tell. */
static void
close_passes(AcScanState *state)
{
	if (!state->begun)
		return;
	state->begun = false;
	if (state->pass != NULL)
		keep_verdict(state, state->first_pass);
	if (state->passes.more || state->passes.n_open > 1)
		state->stopped_early = true;
	keep_walk_verdict(state);
	ac_passes_end(state);
	/* What was seen again is no news to the watch. */
	if (state->stats.fetch.cache_hits > state->hits_before)
		ac_observe_abandoned(state->observation);
	ac_activity_phase(state->stats.activity, AC_PHASE_IDLE);
	ac_scan_note_size(state);
	ac_series_restart(&state->series);
	ac_observe_closed(state->observation,
					  !state->stopped_early &&
						  state->stats.fetch.cache_hits == state->hits_before && state->verdict != NULL &&
						  ac_verdict_is_complete(state->verdict));
}

/* Ends passes that do not count, because others take their place. */
static void
abandon_passes(AcScanState *state)
{
	bool early = state->stopped_early;

	ac_observe_abandoned(state->observation);
	ac_sort_forget(&state->sort);
	close_passes(state);
	state->stopped_early = early;
}

/* ---- rows ---- */

/* error_context_stack callback: where in the API's answer it happened. */
static void
scan_error_context(void *arg)
{
	const AcScanState *state = arg;
	const AcPageReader *reader = state->pass != NULL ? state->pass->reader : NULL;
	const AcScanColumn *column = state->converting;
	const char *method = state->table->options->body == NULL ? "GET" : "POST";

	ac_judge_scrub_thrown(state->conn);
	if (reader == NULL || reader->page == 0 || reader->url == NULL)
		errcontext("foreign table \"%s\"", state->table->name);
	else if (column != NULL)
	{
		ac_observe_thrown(state->observation, column->column);
		errcontext("column \"%s\" of foreign table \"%s\", row %llu of page %d, %s %s",
				   column->column->name, state->table->name,
				   (unsigned long long) reader->row, reader->page, method, reader->url);
	}
	else
		errcontext("foreign table \"%s\", page %d, %s %s",
				   state->table->name, reader->page, method, reader->url);
}

/* The next row that can be shown; false at the end of the pass. */
static bool
next_row(AcScanState *state, TupleTableSlot *slot)
{
	AcPageReader *reader = state->pass->reader;

	reader->no_wait = state->no_wait;
	while (!state->caught && !ac_pass_has_all(state->pass) &&
		   ac_reader_next(reader, state->fields))
	{
		MemoryContext old;
		bool good;

		ac_observe_row(state->observation, &reader->scan);
		MemoryContextReset(state->row_cxt);
		old = MemoryContextSwitchTo(state->row_cxt);
		good = ac_scan_fill_slot(state, slot) && !ac_audit_comes_again(state, slot);
		if (good)
			ac_passes_note_row(state, slot);
		MemoryContextSwitchTo(old);
		if (state->delivered > 0)
			state->caught = false;
		if (good)
		{
			ac_sort_look(state->table, &state->sort, slot);
			return true;
		}
		state->converting = NULL;
		CHECK_FOR_INTERRUPTS();
	}
	state->pending = !state->caught && reader->pending;
	return false;
}

/* Goes on to the next pass, or to the end; unless that has to be waited for. */
static void
end_pass(AcScanState *state)
{
	if (!state->pending && !state->caught)
		state->finished = !next_pass(state) && !state->pending && !state->caught;
}

/*
 * The next row of whatever pass; false at the end, or if pending.  Where an API is caught
 * ignoring a parameter before a row was delivered, all begins anew without it,
 * for it may have withheld rows, too.
 */
static bool
deliver_row(AcScanState *state, TupleTableSlot *slot, ExprContext *econtext)
{
	ExecClearTuple(slot);
	state->pending = false;
	while (!state->finished && !state->pending)
	{
		ExecClearTuple(slot);
		if (!state->begun)
			begin_passes(state, econtext);
		else if (state->caught)
		{
			state->caught = false;
			abandon_passes(state);
			if (ac_scan_list_with_items(state))
				return false;
		}
		else if (state->pass == NULL || !next_row(state, slot))
			end_pass(state);
		else
		{
			ExecStoreVirtualTuple(slot);
			state->caught = state->n_quals > 0 &&
							!ac_audit_row(state, slot, econtext) &&
							state->delivered == 0;
			if (!state->caught)
			{
				state->delivered++;
				return true;
			}
		}
	}
	if (state->begun && !state->pending)
	{
		close_passes(state);
		ac_scan_report_misfits(state);
	}
	return false;
}

/*
 * Where the API sorts: looks at the first rows before one is shown.  Only at
 * those of the first page, so that nothing is asked for that nobody wants.
 */
static void
look_ahead(AcScanState *state, TupleTableSlot *slot, ExprContext *econtext)
{
	while (deliver_row(state, slot, econtext))
	{
		const AcPageReader *reader = state->pass->reader;

		ac_sort_keep(&state->sort, slot);
		if (state->sort.n_ahead == AC_SORT_LOOK_AHEAD ||
			reader->scan.row_number >= reader->scan.row_count)
			break;
	}
	state->sort.looked = !state->pending;
}

static bool
deliver_in_order(AcScanState *state, TupleTableSlot *slot,
				 ExprContext *econtext)
{
	if (!state->sort.looked)
		look_ahead(state, slot, econtext);
	if (!state->sort.looked)
		return false;
	return ac_sort_show(&state->sort, slot) ||
		   deliver_row(state, slot, econtext);
}

/* Errors until pop_context() say where they happened. */
static void
push_context(ErrorContextCallback *callback, AcScanState *state)
{
	callback->callback = scan_error_context;
	callback->arg = state;
	callback->previous = error_context_stack;
	error_context_stack = callback;
	state->converting = NULL;
}

/* Do the rows that came with the total allow it?  If they are all that there
 * are, it may as well be their own number. */
static bool
is_total_likely(const AcPageReader *reader, int64 total)
{
	if (total == 0)
		return !reader->has_page;
	return reader->has_page && (int64) reader->scan.row_count < total;
}

int64
ac_scan_total(AcScanState *state, ExprContext *econtext)
{
	ErrorContextCallback callback;
	int64 total = 0;

	push_context(&callback, state);
	state->query.count = true;
	state->wanted = 1;
	begin_passes(state, econtext);
	if (!state->finished && next_pass(state))
	{
		total = ac_reader_total(state->pass->reader);
		if (!is_total_likely(state->pass->reader, total))
			total = -1;
	}
	abandon_passes(state);
	state->finished = false;
	state->wanted = -1;
	error_context_stack = callback.previous;
	return total;
}

bool
ac_scan_next(AcScanState *state, TupleTableSlot *slot, ExprContext *econtext)
{
	ErrorContextCallback callback;
	bool found;

	push_context(&callback, state);
	if (state->sort.key != 0)
		found = deliver_in_order(state, slot, econtext);
	else
		found = deliver_row(state, slot, econtext);
	error_context_stack = callback.previous;
	return found;
}

TupleTableSlot *
autoconnIterateForeignScan(ForeignScanState *node)
{
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	AcScanState *state = node->fdw_state;

	if (state->counts)
	{
		ac_count_next(state, slot, node->ss.ps.ps_ExprContext);
		return slot;
	}
	/* a look-up may turn into a list with its items */
	if (state->detail == NULL)
		(void) ac_scan_next(state, slot, node->ss.ps.ps_ExprContext);
	if (state->detail != NULL)
		(void) ac_detail_next(state->detail, slot, node->ss.ps.ps_ExprContext);
	return slot;
}

/* ---- the end ---- */

void
autoconnReScanForeignScan(ForeignScanState *node)
{
	AcScanState *state = node->fdw_state;

	if (state->detail != NULL)
		ac_detail_forget(state->detail);
	close_passes(state);
	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	ac_sort_forget(&state->sort);
	state->finished = false;
	state->delivered = 0;
	state->caught = false;
	state->counted = false;
}

AcReaderStats
ac_scan_stats(const AcScanState *state)
{
	AcReaderStats stats = state->stats;

	if (state->begun)
		ac_passes_add_pending(state, &stats.fetch);
	if (state->detail != NULL)
		ac_detail_add_pending(state->detail, &stats.fetch);
	return stats;
}

const char *
ac_scan_verdict(const AcScanState *state)
{
	if (state->stopped_early || state->begun)
		return "stopped early by the executor";
	if (state->verdict != NULL)
		return state->verdict;
	/* Nothing was read: no row was wanted, or a NULL was sent. */
	return state->finished ? "complete" : "stopped early by the executor";
}

void
ac_scan_end(AcScanState *state)
{
	if (state->detail != NULL)
		ac_detail_forget(state->detail);
	close_passes(state);
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
