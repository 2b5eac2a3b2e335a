/*
 * reader.c
 *		How does a collection, or one item, become a stream of rows?
 *
 * See reader.h.  At any time there is at most one answer whose rows are being
 * read (current) and one request under way or answered (ahead).  Only where a
 * page must be asked for a second time, with the next one under way already,
 * are there two (ahead, beyond).  An error
 * that is known before the rows of the current page are used up (the next
 * link leads to a strange origin, the page says that something is missing) is
 * kept until the next page is asked for: a query that has enough rows by then
 * never sees it.
 */
#include "ac.h"

#include "core/url.h"
#include "miscadmin.h"
#include "net/auth.h"
#include "net/judge.h"
#include "net/pagefacts.h"
#include "net/pageparams.h"
#include "net/reader.h"
#include "pg/report.h"
#include "policy/pager.h"
#include "utils/memutils.h"

/* What the pager's messages begin with; the verdict says it in its own way. */
#define INCOMPLETE "scan is incomplete: "

struct AcReaderPlan
{
	AcRowPlan *rows;
	AcPageFields *fields;
	AcPaging paging;
	const char *rows_path;
	const char *const *members;
};

/* A request and its answer, in a memory context of their own. */
typedef struct AcPageFetch
{
	MemoryContext cxt;
	AcFetch *fetch;
	int page;		   /* 0-based */
	const char *url;   /* as asked */
	const char *body;  /* of a POST, else NULL */
	const char *shown; /* redacted */
	bool again;		   /* asked a second time: it looked like an error */
} AcPageFetch;

struct AcReaderState
{
	/* what to read */
	const AcReaderPlan *plan;
	AcReaderRequest request;
	AcUrl first_url; /* request.url, taken apart */
	AcUrl page_url;	 /* of the page told last; next links are relative to it */

	/* where it stands */
	AcPager *pager;
	AcPageFetch *current;
	AcPageFetch *ahead;
	AcPageFetch *beyond; /* after ahead */
	int64 delivered;	 /* rows of all pages so far */
	bool finished;
	bool failed;	  /* pending holds an error not yet reported */
	bool over_budget; /* that is of our making */
	int status;		  /* of the last answer */
	AcError pending;
	char *incomplete; /* message of an incomplete scan that was allowed */

	/* memory, named for its lifetime */
	MemoryContext reader_cxt;
	MemoryContext page_cxt;
};

AcReaderPlan *
ac_reader_plan(const AcReaderWish *wish)
{
	AcReaderPlan *plan = palloc0(sizeof(AcReaderPlan));
	AcPointers envelope;
	AcError err;

	plan->paging = *wish->paging;
	plan->fields = ac_pagefacts_fields(wish->paging);
	plan->rows_path = wish->source.rows_path;
	plan->members = wish->members;
	envelope.pointers = plan->fields->pointers;
	envelope.n = plan->fields->n_pointers;
	plan->rows = ac_rowplan_create(&wish->source, wish->columns,
								   wish->origins, envelope, &err);
	if (plan->rows == NULL)
		ac_report_error(&err);
	return plan;
}

static AcPager *
create_pager(const AcReaderPlan *plan, const AcReaderRequest *request)
{
	AcPagerConfig config;

	config.paging = plan->paging;
	config.page_size = request->page_size;
	config.max_pages = ac_connection_options(request->conn)->max_pages;
	config.filtered = request->filtered;
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
	AcError err;

	reader->state = state;
	state->plan = plan;
	state->request = *request;
	state->request.url = pstrdup(request->url);
	if (request->body != NULL)
		state->request.body = pstrdup(request->body);
	state->reader_cxt = cxt;
	state->page_cxt = AllocSetContextCreate(cxt, "autoconn page",
											ALLOCSET_DEFAULT_SIZES);
	if (!ac_url_parse(request->url, &state->first_url, &err))
		ac_report_error(&err);
	state->page_url = state->first_url;
	if (!request->item)
		state->pager = create_pager(plan, request);
	MemoryContextSwitchTo(old);
	return reader;
}

/* ---- requests ---- */

/* Keeps an error until the rows of the current page are used up. */
static bool
postpone(struct AcReaderState *state, const AcError *err)
{
	state->failed = true;
	state->pending = *err;
	return false;
}

/* Does the list option allowed_origins name the URL's origin? */
static bool
is_allowed_origin(const AcServerOptions *options, const AcUrl *url)
{
	ListCell *lc;

	foreach (lc, options->allowed_origins)
	{
		AcUrl allowed;

		if (ac_url_parse(lfirst(lc), &allowed, NULL) &&
			ac_url_same_origin(&allowed, url))
			return true;
	}
	return false;
}

/*
 * Resolves a next link against the page it came with.  Another origin must be
 * allowed by name; it never gets credentials (net/fetch).
 */
static bool
resolve_next(struct AcReaderState *state, const char *reference, char **url,
			 AcError *err)
{
	const AcConnection *conn = state->request.conn;
	AcUrl next;

	if (!ac_url_resolve(&state->page_url, reference, &next, err))
	{
		char message[sizeof(err->message)];

		strlcpy(message, err->message, sizeof(message));
		return ac_error_set(err, err->code, "next page cannot be asked for: %s",
							message);
	}
	if (!ac_url_same_origin(ac_connection_base(conn), &next) &&
		!is_allowed_origin(ac_connection_options(conn), &next))
	{
		ac_error_set(err, AC_ERR_FORBIDDEN,
					 "next page is on another origin, %s",
					 ac_url_origin(&next));
		return ac_error_hint(err, "If it belongs to the API, name it in the server option \"allowed_origins\".");
	}
	next.fragment = NULL;
	*url = ac_url_text(&next);
	return true;
}

/* The first request with the page's parameters set. */
static char *
url_with_params(const struct AcReaderState *state,
				const AcPageRequest *request)
{
	AcUrl url = state->first_url;

	url.query = ac_pageparams_query(url.query, state->request.body, request);
	return ac_url_text(&url);
}

static bool
check_budget(struct AcReaderState *state, AcError *err)
{
	int max = ac_connection_options(state->request.conn)->max_requests;

	if (max == 0 || state->request.stats->started < max)
		return true;
	ac_error_set(err, AC_ERR_INCOMPLETE,
				 "scan needs more than %d requests", max);
	ac_error_detail(err, "%lld rows were read.",
					(long long) state->request.stats->rows);
	return ac_error_hint(err, "Raise the server option \"max_requests\", or ask for fewer rows.");
}

/* As messages show it: a next link may repeat what the API was sent. */
static char *
shown_url(const AcConnection *conn, const char *url)
{
	char *shown = ac_url_redact(url);

	ac_judge_scrub(conn, shown);
	return shown;
}

/* Starts a request in a context of its own, into *slot. */
static void
send(struct AcReaderState *state, const char *url, const char *body, int page,
	 AcPageFetch **slot)
{
	MemoryContext cxt = AllocSetContextCreate(state->reader_cxt,
											  "autoconn request",
											  ALLOCSET_SMALL_SIZES);
	AcPageFetch *sent = MemoryContextAllocZero(cxt, sizeof(AcPageFetch));
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcFetchRequest request = {0};

	sent->body = body != NULL ? pstrdup(body) : NULL;
	request.json = sent->body;
	request.method = body == NULL ? "GET" : "POST";
	request.url = url;
	request.kind = state->request.item	  ? AC_FETCH_ITEM
				   : page > 0			  ? AC_FETCH_PAGE
				   : state->request.child ? AC_FETCH_CHILD
										  : AC_FETCH_COLLECTION;
	request.with_credentials = true;
	sent->cxt = cxt;
	sent->page = page;
	sent->url = pstrdup(url);
	sent->shown = shown_url(state->request.conn, url);
	*slot = sent;
	state->request.stats->started++;
	sent->fetch = ac_fetch_start(state->request.conn, &request, cxt);
	MemoryContextSwitchTo(old);
	ac_fetch_drive(sent->fetch);
}

/* Adds up what requests took. */
static void
add_stats(AcFetchStats *total, const AcPageFetch *fetch)
{
	if (fetch == NULL || fetch->fetch == NULL)
		return;
	total->requests += fetch->fetch->stats.requests;
	total->retries += fetch->fetch->stats.retries;
	total->bytes += fetch->fetch->stats.bytes;
	total->wait_ms += fetch->fetch->stats.wait_ms;
}

void
ac_reader_add_pending(const AcPageReader *reader, AcFetchStats *stats)
{
	add_stats(stats, reader->state->current);
	add_stats(stats, reader->state->ahead);
	add_stats(stats, reader->state->beyond);
}

/* Ends a request, or gives up its answer. */
static void
finish(struct AcReaderState *state, AcPageFetch **slot)
{
	AcPageFetch *old = *slot;

	if (old == NULL)
		return;
	*slot = NULL;
	add_stats(&state->request.stats->fetch, old);
	if (old->fetch != NULL)
		ac_fetch_free(old->fetch);
	MemoryContextDelete(old->cxt);
}

/* Gives up requests whose pages nobody needs any more. */
static void
finish_ahead(struct AcReaderState *state)
{
	finish(state, &state->ahead);
	finish(state, &state->beyond);
}

/*
 * Sends the next request if it can be named by now.  An error on the way is
 * postponed.
 */
static void
ask_ahead(struct AcReaderState *state)
{
	AcPageRequest request = {0};
	MemoryContext old;
	AcError err;
	char *resolved = NULL;
	const char *url = NULL;

	Assert(state->ahead == NULL);
	if (state->finished || state->failed)
		return;
	if (state->pager == NULL)
		url = state->request.url;
	else
	{
		if (ac_pager_next(state->pager, &request) != AC_PAGER_REQUEST)
			return;
		old = MemoryContextSwitchTo(state->page_cxt);
		if (request.url == NULL)
			url = url_with_params(state, &request);
		else if (resolve_next(state, request.url, &resolved, &err))
			url = resolved;
		else
			postpone(state, &err);
		MemoryContextSwitchTo(old);
	}
	if (url == NULL)
		return;
	if (check_budget(state, &err))
		send(state, url, ac_pageparams_body(&state->plan->paging, state->request.body, &request), request.page,
			 &state->ahead);
	else
	{
		state->over_budget = true;
		postpone(state, &err);
	}
}

/*
 * The same before the page that has just come is read, where the pager can
 * name the next one without it: the API works while we do.
 */
static void
ask_early(struct AcReaderState *state)
{
	if (state->pager != NULL && state->ahead == NULL &&
		state->request.wanted < 0 && check_budget(state, NULL))
		ask_ahead(state);
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
}

/* Throws, or warns where the table's options allow an incomplete scan. */
static void
report(struct AcReaderState *state, const AcError *err)
{
	state->finished = true;
	if (!state->over_budget)
		note_failure(state, err);
	if (err->code != AC_ERR_INCOMPLETE ||
		state->request.on_incomplete != AC_INCOMPLETE_WARN)
		ac_report_error(err);
	state->incomplete = MemoryContextStrdup(state->reader_cxt, err->message);
	ac_report(WARNING, err);
}

void
ac_reader_poll(AcPageReader *reader)
{
	if (reader->state->ahead != NULL)
		ac_fetch_drive(reader->state->ahead->fetch);
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

/* Scans the body of the current answer into reader->scan; throws. */
static void
scan_body(AcPageReader *reader, AcSlice body)
{
	struct AcReaderState *state = reader->state;
	AcRowLimits limits = {0};
	AcError err;

	limits.interrupted = ac_report_interrupted;
	if (ac_rowscan_begin(&reader->scan, state->plan->rows, body, &limits,
						 &err))
		return;
	if (err.code != AC_ERR_INTERRUPTED)
		ac_error_detail(&err, "%s %s, status %d, %zu bytes.",
						state->current->body == NULL ? "GET" : "POST",
						state->current->shown, state->current->fetch->status,
						body.len);
	note_failure(state, &err);
	ac_report_error(&err);
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
 * time and shall be asked for again.  Fills facts.
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
		if (!state->current->again)
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
			reader->has_page = reader->scan.row_count > 0;
			return true;
		case AC_PAGE_HAS_NO_ROW:
			return true;
		case AC_PAGE_IS_ERROR:
			break;
	}
	/* a POST is not sent twice */
	if (state->current->again || state->current->body != NULL)
		report_no_rows(state, what.body);
	return false;
}

/* The same request once more, because its answer looked like an error. */
static void
ask_again(struct AcReaderState *state)
{
	char *url = MemoryContextStrdup(state->reader_cxt, state->current->url);
	int page = state->current->page;

	Assert(state->beyond == NULL);
	finish(state, &state->current);
	state->beyond = state->ahead;
	send(state, url, NULL, page, &state->ahead);
	state->ahead->again = true;
	state->request.stats->fetch.retries++;
	pfree(url);
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
		postpone(state, &err);
	MemoryContextSwitchTo(old);
	if (!ac_pager_rows_are_new(state->pager))
		reader->has_page = false;
	if (ac_pager_is_done(state->pager))
		finish_ahead(state);
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
		ask_again(state);
		return;
	}
	note_page_url(state);
	state->request.stats->pages++;
	if (state->pager != NULL)
		tell_pager(reader, &facts);
	else
		state->finished = true;
	if (reader->has_page)
	{
		state->delivered += (int64) reader->scan.row_count;
		state->request.stats->rows += (int64) reader->scan.row_count;
	}
	MemoryContextSwitchTo(old);
	if (wants_more(state) && state->ahead == NULL)
		ask_ahead(state);
}

/* A page past the end: only the pager can say whether that is in order. */
static void
take_past_end(AcPageReader *reader)
{
	AcPageFacts facts = {.more = -1, .total = -1, .past_end = true};

	tell_pager(reader, &facts);
}

/* Waits for the request ahead and makes it the current one. */
static void
await_ahead(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;

	reader->page = state->ahead->page + 1;
	reader->row = 0;
	reader->url = state->ahead->shown;
	(void) ac_fetch_wait(state->ahead->fetch);
	state->status = state->ahead->fetch->status;
	switch (state->ahead->fetch->state)
	{
		case AC_FETCH_RUNNING:
			pg_unreachable();
		case AC_FETCH_FAILED:
			report(state, &state->ahead->fetch->error);
			return;
		default:
			break;
	}
	state->current = state->ahead;
	state->ahead = state->beyond;
	state->beyond = NULL;
}

/* Gives up the current page and its memory. */
static void
drop_page(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;

	reader->has_page = false;
	finish(state, &state->current);
	MemoryContextReset(state->page_cxt);
	/* These pointed there. */
	reader->url = NULL;
	state->page_url = state->first_url;
}

bool
ac_reader_next_page(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;

	while (!state->finished)
	{
		CHECK_FOR_INTERRUPTS();
		if (state->ahead == NULL)
			ask_ahead(state);
		drop_page(reader);
		if (state->ahead == NULL)
		{
			if (state->failed)
				report(state, &state->pending);
			state->finished = true;
			break;
		}
		await_ahead(reader);
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
			ask_early(state);
			take_answer(reader);
		}
		if (reader->has_page)
			return true;
	}
	drop_page(reader);
	return false;
}

void
ac_reader_close(AcPageReader *reader)
{
	struct AcReaderState *state = reader->state;

	finish(state, &state->current);
	finish_ahead(state);
	MemoryContextDelete(state->reader_cxt);
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
	return pstrdup(state->pager != NULL ? ac_pager_verdict(state->pager)
										: "complete");
}
