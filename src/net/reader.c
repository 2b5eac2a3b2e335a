/*
 * reader.c
 *		How does a collection, or one item, become a stream of rows?
 *
 * See reader.h.  At any time there is at most one answer whose rows are being
 * read (current) and a queue of requests under way or answered, in the order
 * of their pages (reader_ask.c).  An error that is known before the rows of
 * the current page are used up (the next link leads to a strange origin, the
 * page says that something is missing) is kept until the next page is asked
 * for: a query that has enough rows by then never sees it.
 */
#include "ac.h"

#include "miscadmin.h"
#include "net/reader_int.h"
#include "pg/report.h"
#include "utils/memutils.h"

AcReaderPlan *
ac_reader_plan(const AcReaderWish *wish)
{
	AcReaderPlan *plan = palloc0(sizeof(AcReaderPlan));
	AcEmbeddedWish lists = {wish->columns, wish->origins, wish->lists,
							wish->source.nested_path};
	AcPointers columns = wish->columns;
	const AcRowOrigin *origins = wish->origins;
	AcPointers envelope;
	AcError err;

	plan->paging = *wish->paging;
	plan->fields = ac_pagefacts_fields(&plan->paging);
	plan->rows_path = wish->source.rows_path;
	plan->members = wish->members;
	plan->n_columns = wish->columns.n;
	if (!wish->as_they_are)
		plan->embedded = ac_embedded_plan(&lists, &columns, &origins);
	envelope.pointers = plan->fields->pointers;
	envelope.n = plan->fields->n_pointers;
	plan->rows = ac_rowplan_create(&wish->source, columns, origins, envelope,
								   &err);
	if (plan->rows == NULL ||
		!ac_pagefacts_plan_rows(plan->fields, &wish->source, &err))
		ac_report_error(&err);
	if (plan->embedded != NULL)
		ac_reader_lists_plan(plan, &wish->source, columns, origins);
	return plan;
}

static AcPager *
create_pager(const AcReaderPlan *plan, const AcReaderRequest *request)
{
	AcPagerConfig config = {0};

	config.paging = plan->paging;
	config.page_size = request->page_size;
	config.max_pages = request->max_pages > 0
						   ? request->max_pages
						   : ac_connection_options(request->conn)->max_pages;
	config.filtered = request->filtered;
	config.projected = request->projected;
	config.wanted = request->wanted;
	config.concurrency = ac_connection_options(request->conn)->max_concurrency;
	return ac_pager_create(&config);
}

AcPageReader *
ac_reader_open(const AcReaderPlan *plan, const AcReaderRequest *request)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext,
											  "autoconn reader",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcPageReader *reader = palloc0(sizeof(AcPageReader));
	struct AcReaderState *state = palloc0(sizeof(*state));
	static uint64 last_reading = 0;
	AcError err;

	reader->state = state;
	state->reading = ++last_reading;
	state->plan = plan;
	state->request = *request;
	state->request.url = pstrdup(request->url);
	if (request->body != NULL)
		state->request.body = pstrdup(request->body);
	if (request->endpoint != NULL)
		state->request.endpoint = pstrdup(request->endpoint);
	state->reader_cxt = cxt;
	state->page_cxt = AllocSetContextCreate(cxt, "autoconn page",
											ALLOCSET_DEFAULT_SIZES);
	if (!ac_url_parse(request->url, &state->first_url, &err))
		ac_report_error(&err);
	state->page_url = state->first_url;
	if (!request->item)
		state->pager = create_pager(plan, request);
	if (plan->embedded != NULL)
		reader->wide = palloc(sizeof(AcField) * plan->rows->n_fields);
	MemoryContextSwitchTo(old);
	return reader;
}

void
ac_reader_start(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;

	if (state->current == NULL && state->n_queue == 0)
		ac_reader_ask_ahead(state, false);
}

/* ---- answers ---- */

void
ac_reader_note_failure(struct AcReaderState *state, const AcError *err)
{
	if (err->code == AC_ERR_INTERRUPTED)
		return;
	state->request.stats->failure = err->code;
	state->request.stats->failure_status = state->status;
	if (state->request.stats->activity != NULL)
		state->request.stats->activity->counts.errors++;
}

void
ac_reader_report_incomplete(struct AcReaderState *state, const AcError *err)
{
	if (err->code != AC_ERR_INCOMPLETE ||
		state->request.on_incomplete != AC_INCOMPLETE_WARN)
		ac_report_error(err);
	state->incomplete = MemoryContextStrdup(state->reader_cxt, err->message);
	ac_report(WARNING, err);
}

/* The end of a scan that is not in order. */
static void
report(struct AcReaderState *state, const AcError *err)
{
	state->finished = true;
	if (!state->over_budget)
		ac_reader_note_failure(state, err);
	ac_reader_report_incomplete(state, err);
}

void
ac_reader_poll(AcPageReader *reader)
{
	if (reader->state->n_queue > 0)
		ac_fetch_drive_all();
}

void
ac_reader_fail(AcPageReader *reader, const AcError *err)
{
	ac_report_error(err);
}

/* Waits for the first of the queue; the others move on meanwhile. */
static AcPageFetch *
await_first(struct AcReaderState *state)
{
	AcPageFetch *first = state->queue[0];
	AcFetch *running[AC_READER_QUEUE];

	while (first->fetch->state == AC_FETCH_RUNNING)
	{
		int n = 0;

		for (int i = 0; i < state->n_queue; i++)
			if (state->queue[i]->fetch->state == AC_FETCH_RUNNING)
				running[n++] = state->queue[i]->fetch;
		ac_fetch_wait_any(running, n);
	}
	return first;
}

/* Does the API refuse what it is asked for, and is that to be told? */
static bool
is_refused(const struct AcReaderState *state, const AcPageFetch *what)
{
	int status = what->fetch->status;

	return state->request.tell_refusal && what->page == 0 &&
		   what->fetch->state == AC_FETCH_FAILED &&
		   what->fetch->error.code == AC_ERR_HTTP &&
		   (status == 400 || status == 422);
}

/* Makes the first of the queue the current one, once it is answered. */
static void
await_answer(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;
	AcPageFetch *first;

	reader->page = state->queue[0]->page + 1;
	reader->row = 0;
	reader->url = state->queue[0]->shown;
	first = await_first(state);
	state->status = first->fetch->status;
	if (is_refused(state, first))
	{
		reader->refusal = first->fetch;
		state->finished = true;
		return;
	}
	if (first->fetch->state == AC_FETCH_FAILED)
	{
		report(state, &first->fetch->error);
		return;
	}
	state->current = first;
	if (first->page == 0)
		state->kept_by = first->fetch->kept_by;
	else if (state->kept_by != 0 && first->fetch->kept_by != state->kept_by)
		state->mixed = true;
	state->n_queue--;
	memmove(&state->queue[0], &state->queue[1],
			sizeof(AcPageFetch *) * state->n_queue);
}

/* Gives up the current page and its memory. */
static void
drop_page(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;

	reader->has_page = false;
	reader->values = NULL;
	ac_reader_lists_end(state);
	ac_reader_finish(state, state->current);
	state->current = NULL;
	MemoryContextReset(state->page_cxt);
	/* These pointed there. */
	reader->url = NULL;
	state->page_url = state->first_url;
}

bool
ac_reader_next_page(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;

	reader->pending = false;
	if (state->lists != NULL)
		switch (ac_reader_lists_next(reader))
		{
			case AC_LISTS_ROWS:
				return true;
			case AC_LISTS_WAIT:
				reader->pending = true;
				return false;
			case AC_LISTS_END:
				break;
		}
	while (!state->finished)
	{
		CHECK_FOR_INTERRUPTS();
		if (state->n_queue == 0)
			ac_reader_ask_ahead(state, false);
		drop_page(reader);
		if (state->n_queue == 0)
		{
			if (state->failed)
				report(state, &state->pending);
			state->finished = true;
			break;
		}
		if (reader->no_wait &&
			ac_fetch_drive(state->queue[0]->fetch) == AC_FETCH_RUNNING)
		{
			reader->pending = true;
			return false;
		}
		await_answer(reader);
		if (state->current == NULL)
			break;
		if (state->current->fetch->state == AC_FETCH_NO_ROW)
		{
			state->request.stats->no_parents += state->request.child;
			state->finished = true;
		}
		else if (state->current->fetch->state == AC_FETCH_PAST_END &&
				 state->pager != NULL &&
				 !ac_reader_is_empty(state->current->fetch))
			ac_reader_take_past_end(reader);
		else
		{
			/* the API works while we read */
			if (state->pager != NULL)
				ac_reader_ask_ahead(state, true);
			ac_reader_take_answer(reader);
		}
		if (reader->has_page)
			return true;
	}
	drop_page(reader);
	return false;
}

int64
ac_reader_total(AcPageReader *reader)
{
	Assert(reader->page == 0);
	(void) ac_reader_next_page(reader);
	return reader->state->pager != NULL ? ac_pager_total(reader->state->pager)
										: -1;
}

AcPhase
ac_reader_phase(const AcPageReader *reader)
{
	const struct AcReaderState *state = reader->state;

	if (state->lists != NULL)
		return ac_reader_lists_phase(state->lists);
	if (state->n_queue == 0)
		return AC_PHASE_READING;
	return ac_fetch_phase(state->queue[0]->fetch);
}

void
ac_reader_close(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;

	ac_reader_lists_end(state);
	ac_reader_finish(state, state->current);
	ac_reader_drop_from(state, 0);
	MemoryContextDelete(state->reader_cxt);
}

bool
ac_reader_check_row(AcPageReader *reader, AcField *fields)
{
	struct AcReaderState *state = reader->state;
	const AcReaderPlan *plan = state->plan;
	const char *place;
	bool outer;
	AcError err;

	if (reader->values != NULL &&
		!ac_pager_keeps(state->pager, reader->values[reader->row - 1]))
		return false;
	if (reader->wide == NULL)
		return true;
	memcpy(fields, reader->wide, sizeof(AcField) * plan->n_columns);
	place = ac_embedded_cut(plan->embedded, reader->wide, state->lists != NULL,
							&outer);
	if (place == NULL)
		return true;
	if (outer && plan->outer != NULL)
	{
		reader->row--;
		ac_reader_lists_begin(reader, reader->row);
		return false;
	}
	if (state->incomplete != NULL)
		return true;
	ac_reader_lists_cut(reader, reader->row, place, &err);
	ac_reader_report_incomplete(state, &err);
	return true;
}

void
ac_reader_lists_cut(const AcPageReader *reader, uint64 row, const char *place,
					AcError *err)
{
	const AcPageFetch *current = reader->state->current;

	ac_error_set(err, AC_ERR_INCOMPLETE,
				 AC_READER_INCOMPLETE "row %llu of page %d does not show all elements of the list at \"%s\"",
				 (unsigned long long) row, reader->page, place);
	ac_error_detail(err, "%s %s", current->body == NULL ? "GET" : "POST",
					current->shown);
	ac_error_hint(err, "Leave the column out of the query, read the list by a table of its own, or see the option \"on_incomplete\".");
}

char *
ac_reader_verdict(const AcPageReader *reader)
{
	const struct AcReaderState *state = reader->state;

	if (state->incomplete != NULL)
		return psprintf("incomplete: %s",
						strncmp(state->incomplete, AC_READER_INCOMPLETE, strlen(AC_READER_INCOMPLETE)) == 0
							? state->incomplete + strlen(AC_READER_INCOMPLETE)
							: state->incomplete);
	if (!state->finished || reader->has_page)
		return NULL;
	if (reader->refusal != NULL)
		return pstrdup("complete");
	if (state->mixed)
		return psprintf("%s, pages of several times",
						ac_pager_verdict(state->pager));
	return pstrdup(state->pager != NULL ? ac_pager_verdict(state->pager)
										: "complete");
}
