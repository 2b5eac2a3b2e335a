/*
 * reader_ask.c
 *		How does what the pager names become requests under way?
 *
 * A queue of requests in the order of their pages, bounded in number, by the
 * server's max_concurrency, and in bytes.  How many connections there really are, and
 * when each request leaves, is for net/fetch to say: a request in the queue
 * may be waiting for its limiter.
 */
#include "ac.h"

#include "net/auth.h"
#include "net/judge.h"
#include "net/origin.h"
#include "net/pageparams.h"
#include "net/reader_int.h"
#include "utils/memutils.h"

bool
ac_reader_postpone(struct AcReaderState *state, const AcError *err)
{
	state->failed = true;
	state->pending = *err;
	return false;
}

/* ---- what to ask ---- */

bool
ac_reader_resolve(struct AcReaderState *state, const char *reference,
				  char **url, AcError *err)
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
	if (!ac_origin_allowed(&next, ac_connection_base(conn),
						   ac_connection_options(conn)->allowed_origins, NULL))
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

/* Requests of the scan; 0 or less: no limit. */
static int
max_requests(const struct AcReaderState *state)
{
	if (state->request.max_requests != 0)
		return state->request.max_requests;
	return ac_connection_options(state->request.conn)->max_requests;
}

static bool
check_budget(struct AcReaderState *state, AcError *err)
{
	int max = max_requests(state);

	if (max <= 0 || state->request.stats->started < max)
		return true;
	ac_error_set(err, AC_ERR_INCOMPLETE,
				 "scan needs more than %d requests", max);
	ac_error_detail(err, "%lld rows were read.",
					(long long) state->request.stats->rows);
	return ac_error_hint(err, "Raise the option \"max_requests\" of the table or the server, or ask for fewer rows.");
}

/* Requests that the rows behind the first page cost, and items of all. */
static int64
requests_ahead(const struct AcReaderState *state, const AcPageFacts *facts)
{
	int64 size = Max((int64) state->request.page_size, facts->rows);
	int64 left = Max(facts->total - facts->rows, 0);
	/* pages of a size that nobody asked for may grow */
	int64 pages = state->request.page_size > 0 ? (left + size - 1) / size : 0;

	return Max(pages - state->n_queue, 0) +
		   (state->request.items ? facts->total : 0);
}

void
ac_reader_foresee(struct AcReaderState *state, const AcPageFacts *facts)
{
	int max = max_requests(state);
	int64 needed;
	AcError err;

	if (!state->request.refuse_early || max <= 0 || state->failed ||
		state->current->page > 0 || state->request.filtered ||
		!state->plan->paging.total_proved || state->plan->rows->nested ||
		ac_pager_has_windows(state->pager))
		return;
	needed = state->request.stats->started + requests_ahead(state, facts);
	if (needed <= max)
		return;
	ac_error_set(&err, AC_ERR_INCOMPLETE,
				 "scan needs more than %d requests", max);
	ac_error_detail(&err, "It needs at least %lld, for there are %lld rows.",
					(long long) needed, (long long) facts->total);
	ac_error_hint(&err, "Raise the option \"max_requests\" of the table or the server to %lld or more, or ask for fewer rows.",
				  (long long) needed);
	state->over_budget = true;
	ac_reader_postpone(state, &err);
}

/* As messages show it: a next link may repeat what the API was sent. */
static char *
shown_url(const AcConnection *conn, const char *url)
{
	char *shown = ac_url_redact(url);

	ac_judge_scrub(conn, shown);
	return shown;
}

/* ---- the queue ---- */

/* Starts the request, which is copied, in a context of its own. */
static AcPageFetch *
send(struct AcReaderState *state, const AcPageFetch *what)
{
	MemoryContext cxt = AllocSetContextCreate(state->reader_cxt,
											  "autoconn request",
											  ALLOCSET_SMALL_SIZES);
	AcPageFetch *sent = MemoryContextAllocZero(cxt, sizeof(AcPageFetch));
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcFetchRequest request = {0};

	sent->cxt = cxt;
	sent->page = what->page;
	sent->again = what->again;
	sent->url = pstrdup(what->url);
	sent->body = what->body != NULL ? pstrdup(what->body) : NULL;
	sent->shown = shown_url(state->request.conn, sent->url);
	for (int i = 0; i < AC_FETCH_HEADERS; i++)
		if (what->headers[i] != NULL)
			request.headers[i] = sent->headers[i] = pstrdup(what->headers[i]);
	request.json = sent->body;
	request.method = sent->body == NULL ? "GET" : "POST";
	request.url = sent->url;
	request.endpoint = state->request.endpoint;
	request.kind = state->request.item	  ? AC_FETCH_ITEM
				   : sent->page > 0		  ? AC_FETCH_PAGE
				   : state->request.child ? AC_FETCH_CHILD
										  : AC_FETCH_COLLECTION;
	request.with_credentials = true;
	request.activity = state->request.stats->activity;
	/* The first page was as it is now: so must the others be. */
	request.cache_ttl_ms = sent->again ? 0 : state->request.cache_ms;
	request.reading = state->reading;
	request.validate = sent->page > 0 && state->kept_by == 0;
	sent->fetch = ac_fetch_start(state->request.conn, &request, cxt);
	MemoryContextSwitchTo(old);
	if (sent->fetch->stats.cache_hits == 0)
		state->request.stats->started++;
	return sent;
}

/* Requests that may be ahead of the page being read. */
static int
capacity(const struct AcReaderState *state)
{
	const AcServerOptions *options = ac_connection_options(state->request.conn);
	int n = Min(AC_READER_ROOM(options->max_concurrency), AC_READER_QUEUE - 1);

	if (state->largest_body > 0)
		n = Min(n, (int) Max(AC_READER_AHEAD_BYTES / state->largest_body, 1));
	return n;
}

/* Fills in what a page's request asks for; false with an error postponed. */
static bool
name_page(struct AcReaderState *state, const AcPageRequest *request,
		  AcPageFetch *what)
{
	char *url = NULL;
	AcError err;

	what->page = request->page;
	what->body = state->request.body;
	if (request->url != NULL)
	{
		if (!ac_reader_resolve(state, request->url, &url, &err))
			return ac_reader_postpone(state, &err);
		what->url = url;
		return true;
	}
	what->url = url_with_params(state, request);
	if (!ac_pageparams_body(state->request.body, request, &what->body, &err) ||
		!ac_pageparams_headers(request, what->headers, AC_FETCH_HEADERS, &err))
		return ac_reader_postpone(state, &err);
	return true;
}

/* The page that is there already, as if it had been asked for. */
static AcPageFetch *
take_given(struct AcReaderState *state)
{
	const AcReaderRequest *request = &state->request;
	MemoryContext cxt = AllocSetContextCreate(state->reader_cxt,
											  "autoconn request",
											  ALLOCSET_SMALL_SIZES);
	AcPageFetch *taken = MemoryContextAllocZero(cxt, sizeof(AcPageFetch));
	MemoryContext old = MemoryContextSwitchTo(cxt);

	taken->cxt = cxt;
	taken->given = true;
	taken->again = true; /* there is no asking anew */
	taken->url = pstrdup(request->given_url);
	taken->shown = shown_url(request->conn, taken->url);
	taken->fetch = palloc0(sizeof(AcFetch));
	taken->fetch->state = AC_FETCH_ANSWERED;
	taken->fetch->status = 200;
	taken->fetch->url = pstrdup(request->given_url);
	taken->fetch->kept_by = request->given_kept_by;
	taken->fetch->body = palloc0(sizeof(AcBuf));
	taken->fetch->body->data = unconstify(char *, request->given.text);
	taken->fetch->body->len = request->given.len;
	MemoryContextSwitchTo(old);
	return taken;
}

/* Asks for one more page; false if none can be named, or none may be. */
static bool
ask_one(struct AcReaderState *state, bool early)
{
	AcPageRequest request = {0};
	AcPageFetch what = {0};
	MemoryContext old;
	AcError err;
	bool named;

	/* an error of the budget is for pages that nothing else leads to */
	if ((early || state->n_queue > 0) && !check_budget(state, NULL))
		return false;
	if (state->pager != NULL &&
		ac_pager_next(state->pager, &request) != AC_PAGER_REQUEST)
		return false;
	if (request.page == 0 && state->request.given.text != NULL)
	{
		state->queue[state->n_queue++] = take_given(state);
		return true;
	}
	if (!check_budget(state, &err))
	{
		state->over_budget = true;
		return ac_reader_postpone(state, &err);
	}
	old = MemoryContextSwitchTo(state->page_cxt);
	named = name_page(state, &request, &what);
	MemoryContextSwitchTo(old);
	if (named)
		state->queue[state->n_queue++] = send(state, &what);
	return named;
}

/* Bytes of answers that wait for their turn. */
static size_t
waiting_bytes(const struct AcReaderState *state)
{
	size_t bytes = 0;

	for (int i = 0; i < state->n_queue; i++)
		if (state->queue[i]->fetch->state == AC_FETCH_ANSWERED)
			bytes += state->queue[i]->fetch->body->len;
	return bytes;
}

void
ac_reader_ask_ahead(struct AcReaderState *state, bool early)
{
	int room = state->pager != NULL ? capacity(state) : 1;

	/* who waits for a place may have one by now */
	if (state->n_queue > 0)
		ac_fetch_drive_all();
	while (!state->finished && !state->failed && state->n_queue < room &&
		   waiting_bytes(state) < AC_READER_AHEAD_BYTES)
		if (!ask_one(state, early))
			return;
}

void
ac_reader_ask_again(struct AcReaderState *state)
{
	AcPageFetch *old = state->current;
	AcPageFetch what = *old;

	Assert(state->n_queue < AC_READER_QUEUE);
	Assert(old->body == NULL);
	state->current = NULL;
	what.again = true;
	memmove(&state->queue[1], &state->queue[0],
			sizeof(AcPageFetch *) * state->n_queue);
	state->n_queue++;
	state->queue[0] = send(state, &what);
	state->request.stats->fetch.retries++;
	if (state->request.stats->activity != NULL)
		state->request.stats->activity->counts.retries++;
	ac_reader_finish(state, old);
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
	total->cache_hits += fetch->fetch->stats.cache_hits;
}

void
ac_reader_add_pending(const AcPageReader *reader, AcFetchStats *stats)
{
	const struct AcReaderState *state = reader->state;

	if (state->lists != NULL)
		ac_reader_lists_add_pending(state->lists, stats);
	add_stats(stats, state->current);
	for (int i = 0; i < state->n_queue; i++)
		add_stats(stats, state->queue[i]);
}

void
ac_reader_finish(struct AcReaderState *state, AcPageFetch *fetch)
{
	if (fetch == NULL)
		return;
	add_stats(&state->request.stats->fetch, fetch);
	if (fetch->fetch != NULL && !fetch->given)
		ac_fetch_free(fetch->fetch);
	MemoryContextDelete(fetch->cxt);
}

void
ac_reader_drop_from(struct AcReaderState *state, int page)
{
	while (state->n_queue > 0 &&
		   state->queue[state->n_queue - 1]->page >= page)
		ac_reader_finish(state, state->queue[--state->n_queue]);
}
