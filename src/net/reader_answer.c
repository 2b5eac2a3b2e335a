/*
 * reader_answer.c
 *		What does an answer hold, and what follows for the reading?
 *
 * See reader_int.h.  Rows, none, or an error that looks like either; then what
 * the page says of others, which the pager decides on.
 */
#include "ac.h"

#include "core/jsonlex.h"
#include "net/judge.h"
#include "net/pageerror.h"
#include "net/reader_int.h"
#include "pg/report.h"

/* ---- what it holds ---- */

/* Are its rows no rows of the scan, but elements of a list in one? */
static bool
is_inner(const struct AcReaderState *state)
{
	return state->request.given.text != NULL;
}

/* For those who watch the scan, at each page. */
static void
note_page(const AcPageReader *reader, const AcPageFacts *facts)
{
	AcActivity *activity = reader->state->request.stats->activity;

	if (activity == NULL || is_inner(reader->state))
		return;
	activity->counts.pages++;
	if (reader->has_page)
		activity->counts.rows += (int64) reader->scan.row_count;
	if (facts->total >= 0)
		activity->total_rows = facts->total;
	ac_activity_phase(activity, AC_PHASE_READING);
}

/* Throws that the answer holds no rows and is no honest "none" either. */
static void
report_no_rows(AcPageReader *reader, AcSlice body)
{
	struct AcReaderState *state = reader->state;
	const AcPageFetch *current = state->current;
	AcJudgeRowless answer = {
		.conn = state->request.conn,
		.method = current->body == NULL ? "GET" : "POST",
		.url = current->url,
		.status = current->fetch->status,
		.headers = current->fetch->headers,
		.body = body,
		.rows_path = state->plan->rows_path,
		.says_error = body.len > 0 &&
					  ac_pageerror_beside_rows(state->plan->fields, &reader->scan),
	};
	AcError err;

	ac_judge_rowless(&answer, &err);
	ac_reader_note_failure(state, &err);
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
	ac_reader_note_failure(state, err);
	ac_report_error(err);
}

/* May the current request be sent once more?  A POST may not. */
static bool
may_ask_again(const struct AcReaderState *state)
{
	return !state->current->again && state->current->body == NULL;
}

/*
 * Does the message end with its connection (RFC 9112 6.3), so that nobody
 * knows whether all of it came?  That of a compressed one is no other: libcurl
 * does not look whether its end is there.  HTTP/2 has ends and no header
 * Connection; it is spoken over TLS only.
 */
static bool
has_no_length(const struct AcReaderState *state)
{
	const AcHeaders *headers = state->current->fetch->headers;
	const char *connection;

	if (headers == NULL || ac_header_get(headers, "Content-Length") != NULL ||
		ac_header_get(headers, "Transfer-Encoding") != NULL)
		return false;
	connection = ac_header_get(headers, "Connection");
	return strncmp(state->current->fetch->url, "http:", strlen("http:")) == 0 ||
		   (connection != NULL && pg_strcasecmp(connection, "close") == 0);
}

/* A text that ends early in a message without a length was cut on the way. */
static bool
was_cut(const struct AcReaderState *state, AcError *err)
{
	char *why;

	if (err->code != AC_ERR_MALFORMED || !has_no_length(state) ||
		strstr(err->message, AC_JSON_FOUND_THE_END) == NULL)
		return false;
	why = pstrdup(err->message);
	ac_error_set(err, AC_ERR_CONNECTION, "answer of the API ended early: %s", why);
	return true;
}

/*
 * Scans the body of the current answer into reader->scan; false if it was cut
 * and is to be asked for again; throws.
 */
static bool
scan_body(AcPageReader *reader, AcSlice body)
{
	struct AcReaderState *state = reader->state;
	AcRowLimits limits = {0};
	AcError err;

	limits.interrupted = ac_report_interrupted;
	limits.hash = limits.fields = true;
	if (!ac_rowscan_begin(&reader->scan, state->plan->rows, body, &limits,
						  &err))
	{
		if (!was_cut(state, &err) || !may_ask_again(state))
			report_body(state, body, &err);
		return false;
	}
	if (reader->scan.rows.kind != AC_FIELD_ABSENT ||
		state->request.asked_plan == NULL ||
		state->request.asked_plan == state->plan)
		return true;
	state->plan = state->request.asked_plan;
	return scan_body(reader, body);
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

bool
ac_reader_is_empty(const AcFetch *fetch)
{
	return fetch->status == 204 || fetch->status == 205;
}

/* No lines are no rows. */
static bool
may_be_empty(const AcReaderPlan *plan, const AcFetch *fetch)
{
	return ac_reader_is_empty(fetch) || plan->rows->form == AC_ROWS_LINES;
}

/*
 * 202 says that the answer is still being made (RFC 9110 15.3.3): only rows
 * that are there are believed.
 */
static bool
is_promise(const AcPageReader *reader)
{
	return reader->state->current->fetch->status == 202 &&
		   (reader->scan.row_count == 0 ||
			(reader->state->plan->rows->form == AC_ROWS_ARRAY &&
			 reader->scan.rows.kind != AC_FIELD_ARRAY));
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
	AcPageRows rows;

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
		if (may_ask_again(state))
			return false;
		report_no_rows(reader, what.body);
	}
	if (!scan_body(reader, what.body))
		return false;
	ac_pagefacts_gather(state->plan->fields, &reader->scan, fetch->headers,
						facts);
	what.fields = state->plan->fields;
	what.members = state->plan->members;
	what.item = state->request.item;
	what.has_next = facts->next != NULL || facts->link_next != NULL;
	rows = is_promise(reader) || (is_inner(state) &&
								  reader->scan.rows.kind != AC_FIELD_ARRAY)
			   ? AC_PAGE_IS_ERROR
			   : ac_pagefacts_judge(&reader->scan, &what);
	switch (rows)
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
	if (!may_ask_again(state))
		report_no_rows(reader, what.body);
	return false;
}

/* ---- what follows ---- */

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
					 AC_READER_INCOMPLETE "page %d begins with a row that the page before had, whose nested rows would come twice",
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
	ac_reader_foresee(state, facts);
	ac_reader_drop_from(state, ac_pager_asked(state->pager));
}

/* Lines have no end of their own. */
static bool
may_be_cut(const struct AcReaderState *state)
{
	return state->plan->rows->form == AC_ROWS_LINES &&
		   !ac_reader_is_empty(state->current->fetch) && has_no_length(state);
}

static void
note_cut(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;
	AcError err;

	if (state->failed || !may_be_cut(state))
		return;
	ac_error_set(&err, AC_ERR_INCOMPLETE,
				 AC_READER_INCOMPLETE "the answer has no length, and lines have no end: some may be missing");
	ac_error_detail(&err, "%lld rows on %lld pages were read.",
					(long long) (state->request.stats->rows +
								 (reader->has_page ? (int64) reader->scan.row_count : 0)),
					(long long) state->request.stats->pages);
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

/*
 * A parent whose list is cut may show no row at all: where rows are nested,
 * all lists are looked at before the first row.
 */
static void
look_into_rows(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;

	if (!state->plan->rows->nested || reader->scan.page_rows == 0 ||
		(state->pager != NULL && !ac_pager_rows_are_new(state->pager)) ||
		state->plan->outer == NULL || !ac_reader_lists_are_cut(reader))
		return;
	ac_reader_lists_begin(reader, 0);
	reader->has_page = true;
}

void
ac_reader_take_answer(AcPageReader *reader)
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
	if (!is_inner(state))
		state->request.stats->pages++;
	if (state->pager != NULL)
		tell_pager(reader, &facts);
	else
		state->finished = true;
	note_cut(reader);
	if (state->request.cache_ms > 0 && !state->current->given && !may_be_cut(state))
		ac_fetch_keep(state->current->fetch);
	note_page(reader, &facts);
	state->before = state->delivered;
	if (reader->has_page)
	{
		state->delivered += (int64) reader->scan.row_count;
		if (!is_inner(state))
			state->request.stats->rows += (int64) reader->scan.row_count;
	}
	look_into_rows(reader);
	MemoryContextSwitchTo(old);
	if (wants_more(state))
		ac_reader_ask_ahead(state, false);
}

void
ac_reader_take_past_end(AcPageReader *reader)
{
	AcPageFacts facts = {.more = -1, .total = -1, .past_end = true};
	int status = reader->state->current->fetch->status;

	facts.refused = status == 400 || status == 422;
	tell_pager(reader, &facts);
}
