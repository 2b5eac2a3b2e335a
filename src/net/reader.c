/*
 * reader.c
 *		How does a collection, or one item, become a stream of rows?
 *
 * See reader.h.  At any time there is at most one answer whose rows are being
 * read (current) and a queue of requests under way or answered, in the order
 * of their pages (reader_ask.c).  An error that is known before the rows of the current page are used up (the next
 * link leads to a strange origin, the page says that something is missing) is
 * kept until the next page is asked for: a query that has enough rows by then
 * never sees it.
 */
#include "ac.h"

#include "miscadmin.h"
#include "net/judge.h"
#include "net/reader_int.h"
#include "pg/report.h"
#include "policy/outcome.h"
#include "utils/memutils.h"

/* What the pager's messages begin with; the verdict says it in its own way. */
#define INCOMPLETE "scan is incomplete: "

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
	plan->embedded = ac_embedded_plan(&lists, &columns, &origins);
	envelope.pointers = plan->fields->pointers;
	envelope.n = plan->fields->n_pointers;
	plan->rows = ac_rowplan_create(&wish->source, columns, origins, envelope,
								   &err);
	if (plan->rows == NULL ||
		!ac_pagefacts_plan_rows(plan->fields, &wish->source, &err))
		ac_report_error(&err);
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

/* Keeps for the watch what the API did instead of sending rows. */
static void
note_failure(struct AcReaderState *state, const AcError *err)
{
	if (err->code == AC_ERR_INTERRUPTED)
		return;
	state->request.stats->failure = err->code;
	state->request.stats->failure_status = state->status;
	if (state->request.stats->activity != NULL)
		state->request.stats->activity->counts.errors++;
}

/* For those who watch the scan, at each page. */
static void
note_page(const AcPageReader *reader, const AcPageFacts *facts)
{
	AcActivity *activity = reader->state->request.stats->activity;

	if (activity == NULL)
		return;
	activity->counts.pages++;
	if (reader->has_page)
		activity->counts.rows += (int64) reader->scan.row_count;
	if (facts->total >= 0)
		activity->total_rows = facts->total;
	ac_activity_phase(activity, AC_PHASE_READING);
}

/* Throws, or warns where the table's options allow an incomplete scan. */
static void
report_incomplete(struct AcReaderState *state, const AcError *err)
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
		note_failure(state, err);
	report_incomplete(state, err);
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

AC_NORETURN static void report_no_rows(struct AcReaderState *state,
									   AcSlice body);

/* Throws that the answer holds no rows and is no honest "none" either. */
static void
report_no_rows(struct AcReaderState *state, AcSlice body)
{
	const AcPageFetch *current = state->current;
	AcJudgeRowless answer = {
		.conn = state->request.conn,
		.method = current->body == NULL ? "GET" : "POST",
		.url = current->url,
		.status = current->fetch->status,
		.headers = current->fetch->headers,
		.body = body,
		.rows_path = state->plan->rows_path,
	};
	AcError err;

	ac_judge_rowless(&answer, &err);
	note_failure(state, &err);
	ac_report_error(&err);
}

/* Throws that a body cannot be read. */
static void
report_body(struct AcReaderState *state, AcSlice body, AcError *err)
{
	if (err->code != AC_ERR_INTERRUPTED)
		ac_error_detail(err, "%s %s, status %d, %zu bytes.",
						state->current->body == NULL ? "GET" : "POST",
						state->current->shown, state->current->fetch->status,
						body.len);
	note_failure(state, err);
	ac_report_error(err);
}

/* Scans the body of the current answer into reader->scan; throws. */
static void
scan_body(AcPageReader *reader, AcSlice body)
{
	struct AcReaderState *state = reader->state;
	AcRowLimits limits = {0};
	AcError err;

	limits.interrupted = ac_report_interrupted;
	if (!ac_rowscan_begin(&reader->scan, state->plan->rows, body, &limits,
						  &err))
		report_body(state, body, &err);
}

/* Adds what single rows say, where paging wants to know; throws. */
static void
look_at_rows(struct AcReaderState *state, AcSlice body, AcPageFacts *facts)
{
	const AcPageFields *fields = state->plan->fields;
	AcRowLimits limits = {0};
	AcError err;

	if (state->pager == NULL || facts->rows == 0 ||
		!(fields->probe_always ||
		  ac_pager_wants_hashes(state->pager, facts->rows)))
		return;
	limits.interrupted = ac_report_interrupted;
	if (!ac_pagefacts_look_at_rows(fields, body, &limits, facts, &err))
		report_body(state, body, &err);
}

/* 204 and 205 have no body, and say so. */
static bool
is_empty_answer(const AcFetch *fetch)
{
	return fetch->status == 204 || fetch->status == 205;
}

/* No lines are no rows. */
static bool
may_be_empty(const AcReaderPlan *plan, const AcFetch *fetch)
{
	return is_empty_answer(fetch) || plan->rows->form == AC_ROWS_LINES;
}

/*
 * Reads the current answer; false if it looks like an error for the first
 * time and shall be asked for again, which a POST is not.  Fills facts.
 */
static bool
read_answer(AcPageReader *reader, AcPageFacts *facts)
{
	struct AcReaderState *state = reader->state;
	const AcFetch *fetch = state->current->fetch;
	AcPageJudgement what = {0};

	what.body.text = fetch->body != NULL && fetch->body->data != NULL
						 ? fetch->body->data
						 : "";
	what.body.len = what.body.text[0] != '\0' ? fetch->body->len : 0;
	memset(facts, 0, sizeof(*facts));
	facts->more = -1;
	facts->total = -1;
	if (what.body.len == 0 && may_be_empty(state->plan, fetch))
		return true;
	if (what.body.len == 0)
	{
		if (!state->current->again && state->current->body == NULL)
			return false;
		report_no_rows(state, what.body);
	}
	scan_body(reader, what.body);
	ac_pagefacts_gather(state->plan->fields, &reader->scan, fetch->headers,
						facts);
	what.members = state->plan->members;
	what.item = state->request.item;
	what.has_next = facts->next != NULL || facts->link_next != NULL;
	switch (ac_pagefacts_judge(&reader->scan, &what))
	{
		case AC_PAGE_HAS_ROWS:
			look_at_rows(state, what.body, facts);
			reader->has_page = reader->scan.row_count > 0;
			return true;
		case AC_PAGE_HAS_NO_ROW:
			return true;
		case AC_PAGE_IS_ERROR:
			break;
	}
	if (state->current->again || state->current->body != NULL)
		report_no_rows(state, what.body);
	return false;
}

/*
 * Leaves out what the page has in common with the one before; where rows are
 * put into windows, tells which values they have.
 */
static void
skip_rows(AcPageReader *reader, const AcPageFacts *facts)
{
	struct AcReaderState *state = reader->state;
	int64 n = ac_pager_rows_to_skip(state->pager);
	AcField *fields;
	AcError err;

	if (ac_pager_has_windows(state->pager))
		reader->values = facts->values;
	if (n == 0 || !reader->has_page)
		return;
	if (state->plan->rows->nested)
	{
		ac_error_set(&err, AC_ERR_INCOMPLETE,
					 INCOMPLETE "page %d begins with a row that the page before had, whose nested rows would come twice",
					 reader->page);
		reader->has_page = false;
		ac_reader_postpone(state, &err);
		return;
	}
	fields = palloc(sizeof(AcField) * Max(1, state->plan->rows->n_fields));
	for (; n > 0; n--, reader->row++)
		if (ac_rowscan_next(&reader->scan, fields, &err) == AC_ROW_ERROR)
			ac_report_error(&err);
}

/*
 * Tells the pager about the page; its error, if any, is postponed.  Where the
 * scan ends with this page, one asked for early is not part of it.
 */
static void
tell_pager(AcPageReader *reader, const AcPageFacts *facts)
{
	struct AcReaderState *state = reader->state;
	MemoryContext old = MemoryContextSwitchTo(state->reader_cxt);
	AcError err;

	if (!ac_pager_page(state->pager, state->current->page, facts, &err))
		ac_reader_postpone(state, &err);
	MemoryContextSwitchTo(old);
	if (!ac_pager_rows_are_new(state->pager))
		reader->has_page = false;
	skip_rows(reader, facts);
	ac_reader_drop_from(state, ac_pager_asked(state->pager));
}

/*
 * Lines have no end of their own.  Where the message has none either, but ends
 * with its connection (RFC 9112 6.3), nobody knows whether all of it came.
 * HTTP/2 has ends and no header Connection; it is spoken over TLS only.
 */
static bool
may_be_cut(const struct AcReaderState *state)
{
	const AcFetch *fetch = state->current->fetch;
	const AcHeaders *headers = fetch->headers;
	const char *connection;

	if (state->plan->rows->form != AC_ROWS_LINES || headers == NULL ||
		is_empty_answer(fetch) ||
		ac_header_get(headers, "Content-Length") != NULL ||
		ac_header_get(headers, "Transfer-Encoding") != NULL ||
		ac_header_get(headers, "Content-Encoding") != NULL)
		return false;
	connection = ac_header_get(headers, "Connection");
	return strcmp(state->page_url.scheme, "http") == 0 ||
		   (connection != NULL && pg_strcasecmp(connection, "close") == 0);
}

static void
note_cut(struct AcReaderState *state)
{
	AcError err;

	if (state->failed || !may_be_cut(state))
		return;
	ac_error_set(&err, AC_ERR_INCOMPLETE,
				 INCOMPLETE "the answer has no length, and lines have no end: some may be missing");
	ac_error_hint(&err, "See the option \"on_incomplete\".");
	ac_reader_postpone(state, &err);
}

/* Next links are relative to where the page came from, redirects included. */
static void
note_page_url(struct AcReaderState *state)
{
	const AcFetch *fetch = state->current->fetch;
	const char *url = fetch->url != NULL ? fetch->url : state->current->url;

	if (!ac_url_parse(url, &state->page_url, NULL))
		state->page_url = state->first_url;
}

/* More rows are wanted than have come with the pages so far. */
static bool
wants_more(const struct AcReaderState *state)
{
	return state->request.wanted < 0 ||
		   state->delivered < state->request.wanted;
}

/* Makes the answer of the current request the current page. */
static void
take_answer(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;
	MemoryContext old = MemoryContextSwitchTo(state->page_cxt);
	AcPageFacts facts;

	if (!read_answer(reader, &facts))
	{
		MemoryContextSwitchTo(old);
		reader->url = NULL; /* it goes with the answer */
		ac_reader_ask_again(state);
		return;
	}
	note_page_url(state);
	if (state->current->fetch->body != NULL)
		state->largest_body = Max(state->largest_body,
								  state->current->fetch->body->len);
	state->request.stats->pages++;
	if (state->pager != NULL)
		tell_pager(reader, &facts);
	else
		state->finished = true;
	note_cut(state);
	if (state->request.cache_ms > 0 && !may_be_cut(state))
		ac_fetch_keep(state->current->fetch);
	note_page(reader, &facts);
	if (reader->has_page)
	{
		state->delivered += (int64) reader->scan.row_count;
		state->request.stats->rows += (int64) reader->scan.row_count;
	}
	MemoryContextSwitchTo(old);
	if (wants_more(state))
		ac_reader_ask_ahead(state, false);
}

/* A page past the end: only the pager can say whether that is in order. */
static void
take_past_end(AcPageReader *reader)
{
	AcPageFacts facts = {.more = -1, .total = -1, .past_end = true};
	int status = reader->state->current->fetch->status;

	facts.refused = status == 400 || status == 422;
	tell_pager(reader, &facts);
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
			state->finished = true;
		else if (state->current->fetch->state == AC_FETCH_PAST_END &&
				 state->pager != NULL &&
				 !is_empty_answer(state->current->fetch))
			take_past_end(reader);
		else
		{
			/* the API works while we read */
			if (state->pager != NULL)
				ac_reader_ask_ahead(state, true);
			take_answer(reader);
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

	if (state->n_queue == 0)
		return AC_PHASE_READING;
	return ac_fetch_phase(state->queue[0]->fetch);
}

void
ac_reader_close(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;

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
	AcError err;

	if (reader->values != NULL &&
		!ac_pager_keeps(state->pager, reader->values[reader->row - 1]))
		return false;
	if (reader->wide == NULL)
		return true;
	memcpy(fields, reader->wide, sizeof(AcField) * plan->n_columns);
	place = ac_embedded_cut(plan->embedded, reader->wide);
	if (place == NULL || state->incomplete != NULL)
		return true;
	ac_error_set(&err, AC_ERR_INCOMPLETE,
				 INCOMPLETE "row %llu of page %d does not show all elements of the list at \"%s\"",
				 (unsigned long long) reader->row, reader->page, place);
	ac_error_detail(&err, "%s %s",
					state->current->body == NULL ? "GET" : "POST",
					state->current->shown);
	ac_error_hint(&err, "Leave the column out of the query, read the list by a table of its own, or see the option \"on_incomplete\".");
	report_incomplete(state, &err);
	return true;
}

char *
ac_reader_verdict(const AcPageReader *reader)
{
	const struct AcReaderState *state = reader->state;

	if (state->incomplete != NULL)
		return psprintf("incomplete: %s",
						strncmp(state->incomplete, INCOMPLETE, strlen(INCOMPLETE)) == 0
							? state->incomplete + strlen(INCOMPLETE)
							: state->incomplete);
	if (!state->finished || reader->has_page)
		return NULL;
	if (state->mixed)
		return psprintf("%s, pages of several times",
						ac_pager_verdict(state->pager));
	return pstrdup(state->pager != NULL ? ac_pager_verdict(state->pager)
										: "complete");
}
