/*
 * fetch.c
 *		How is one request answered, whatever happens on the way?
 *		See fetch.h.
 *
 *	            +------------- redirected -------------+
 *	            v                                      |
 *	        QUEUED --- limiter and place --> SENDING --+--> FINISHED
 *	            ^                                      |
 *	            +-- time --- BACKING_OFF <-- failed ---+
 *
 * One function for each transition, which asserts the state that it starts
 * from; ac_fetch_drive() calls them until nothing moves.  QUEUED and
 * BACKING_OFF set a timer of the engine, so that its descriptor tells of
 * everything that a fetch may wait for.
 *
 * Each attempt has a memory context: what it received goes before the next.
 */
#include "ac.h"

#include "api/action.h"
#include "common/pg_prng.h"
#include "net/engine.h"
#include "net/fetch.h"
#include "net/judge.h"
#include "net/origin.h"
#include "net/send.h"
#include "pg/compat.h"
#include "pg/resource.h"
#include "utils/memutils.h"

/* What RFC 2068 (10.3) recommended; APIs redirect once or twice. */
#define AC_FETCH_MAX_REDIRECTS 5

/*
 * Attempts at a document: discovery has 30 s for up to 40 requests, and an
 * answer that fails is an answer, too.
 */
#define AC_FETCH_DOCUMENT_ATTEMPTS 2

/* Longest Retry-After that a document is worth, for the same reason. */
#define AC_FETCH_DOCUMENT_WAIT_MS 3000

typedef enum AcFetchStep
{
	QUEUED,		 /* waits for limiter and place */
	SENDING,	 /* a transfer is under way */
	BACKING_OFF, /* waits to try again */
	FINISHED	 /* fetch->state says how */
} AcFetchStep;

typedef struct AcFetchMachine
{
	AcFetch *fetch;
	MemoryContext cxt; /* the fetch's */
	AcFetchStep step;

	/* what is asked */
	AcConnection *conn;
	AcFetchRequest request;
	AcUrl start;	  /* as asked for */
	AcUrl url;		  /* where redirects have led */
	List *visited;	  /* char *, URLs of this attempt */
	bool credentials; /* go with the current request */

	/* attempts */
	int attempts;
	bool rowless_before;	/* asked again for want of rows */
	bool plain_body;		/* a compressed one could not be decoded */
	AcRetryVerdict verdict; /* on the last failure */
	AcRetryAsk ask;

	/* waiting */
	bool reserved;	   /* a token of the limiter */
	int64 due_ms;	   /* QUEUED, BACKING_OFF: not before */
	int64 waiting_ms;  /* since when */
	int64 deadline_ms; /* of the whole fetch, 0: none */
	AcEngineTimer timer;
	AcTrafficSlot slot;

	/* the exchange */
	MemoryContext attempt_cxt;
	AcTransfer *transfer; /* NULL before the first */
} AcFetchMachine;

/* ---- small services ---- */

static const AcServerOptions *
options_of(const AcFetchMachine *machine)
{
	return ac_connection_options(machine->conn);
}

static AcTraffic *
traffic_of(const AcFetchMachine *machine)
{
	return ac_connection_traffic(machine->conn);
}

/* "GET https://..." for details of errors. */
static char *
request_text(const AcFetchMachine *machine)
{
	return ac_judge_request_text(machine->conn, machine->request.method,
								 ac_url_text(&machine->url));
}

/* What judge.c needs to know; result may be NULL before there is one. */
static AcJudgeCase
judged_case(const AcFetchMachine *machine, const AcTransferResult *result)
{
	AcJudgeCase judged = {
		.conn = machine->conn,
		.method = machine->request.method,
		.url = ac_url_text(&machine->url),
		.kind = machine->request.kind,
		.credentials_sent = machine->credentials,
		.rowless_before = machine->rowless_before,
		.result = result,
	};

	return judged;
}

/* Wakes us when the wait is over, or the fetch's time. */
static void
set_timer(AcFetchMachine *machine)
{
	int64 at_ms = machine->due_ms;

	if (machine->deadline_ms > 0)
		at_ms = Min(at_ms, machine->deadline_ms);
	ac_engine_timer_set(&machine->timer, at_ms);
}

static void
return_reservation(AcFetchMachine *machine)
{
	if (machine->reserved)
		ac_ratelimit_return(&traffic_of(machine)->limit, ac_engine_now_ms());
	machine->reserved = false;
}

/* ---- the end ---- */

static void
finish(AcFetchMachine *machine, AcFetchState state)
{
	Assert(machine->step != FINISHED);
	Assert(state != AC_FETCH_RUNNING);
	ac_engine_timer_clear(&machine->timer);
	ac_connection_return_slot(&machine->slot);
	return_reservation(machine);
	machine->step = FINISHED;
	machine->fetch->state = state;
	machine->fetch->url = ac_url_text(&machine->url);
}

/* Ends with fetch->error, which has been set. */
static void
fail(AcFetchMachine *machine)
{
	Assert(machine->fetch->error.code != AC_ERR_NONE);
	finish(machine, AC_FETCH_FAILED);
}

/* Context reset: whatever is left of the fetch ends. */
static void
release_machine(void *handle)
{
	AcFetchMachine *machine = handle;

	ac_engine_timer_clear(&machine->timer);
	ac_connection_return_slot(&machine->slot);
	return_reservation(machine);
}

/* ---- into QUEUED ---- */

/*
 * The API's limit is used up for longer than anybody should wait here.
 */
static void
fail_limited(AcFetchMachine *machine, int64 wait_ms)
{
	ac_judge_limited(&machine->fetch->error, request_text(machine), wait_ms);
	fail(machine);
}

/* Begin, redirect or end of a back-off: takes a turn at the limiter. */
static void
queue(AcFetchMachine *machine)
{
	int64 now_ms = ac_engine_now_ms();
	AcRateLimit *limit = &traffic_of(machine)->limit;
	int64 blocked_ms;

	Assert(machine->step != FINISHED);
	Assert(!machine->reserved && !machine->slot.taken);
	machine->step = QUEUED;
	machine->waiting_ms = now_ms;
	blocked_ms = ac_ratelimit_blocked(limit, now_ms);
	if (blocked_ms > AC_RETRY_CAP_MS)
	{
		fail_limited(machine, blocked_ms);
		return;
	}
	machine->due_ms = now_ms + ac_ratelimit_take(limit, now_ms);
	machine->reserved = true;
}

/* ---- QUEUED to SENDING ---- */

/* Time left for one exchange. */
static int
exchange_timeout_ms(const AcFetchMachine *machine)
{
	int64 timeout_ms = options_of(machine)->timeout_ms;

	if (machine->deadline_ms > 0)
		timeout_ms = Min(timeout_ms,
						 machine->deadline_ms - ac_engine_now_ms());
	return (int) Max(timeout_ms, 1);
}

/* The transfer of an attempt; NULL if fetch->error forbids it. */
static AcTransfer *
start_transfer(const AcFetchMachine *machine)
{
	AcSend send = {
		.conn = machine->conn,
		.method = machine->request.method,
		.url = &machine->url,
		.accept = machine->request.accept,
		.more_headers = machine->request.headers,
		.json = machine->request.json,
		.credentials = machine->credentials,
		.plain_body = machine->plain_body,
		.timeout_ms = exchange_timeout_ms(machine),
		.max_bytes = machine->request.max_bytes,
	};
	MemoryContext old = MemoryContextSwitchTo(machine->attempt_cxt);
	AcTransfer *transfer = ac_send_start(&send, &machine->fetch->error);

	MemoryContextSwitchTo(old);
	return transfer;
}

/* What the last attempt received is not the answer: it goes. */
static void
forget_answer(AcFetchMachine *machine)
{
	AcFetch *fetch = machine->fetch;

	fetch->status = 0;
	fetch->headers = NULL;
	fetch->body = NULL;
	machine->transfer = NULL;
	MemoryContextReset(machine->attempt_cxt);
}

/* Sends the request if it may leave by now; false if not. */
static bool
send_queued(AcFetchMachine *machine)
{
	int64 now_ms = ac_engine_now_ms();
	int64 blocked_ms;

	Assert(machine->step == QUEUED);
	blocked_ms = ac_ratelimit_blocked(&traffic_of(machine)->limit, now_ms);
	if (blocked_ms > AC_RETRY_CAP_MS)
	{
		fail_limited(machine, blocked_ms);
		return true;
	}
	machine->due_ms = Max(machine->due_ms, now_ms + blocked_ms);
	if (now_ms < machine->due_ms)
	{
		set_timer(machine);
		return false;
	}
	if (!ac_connection_take_slot(machine->conn, &machine->slot))
		return false;

	forget_answer(machine);
	machine->transfer = start_transfer(machine);
	if (machine->transfer == NULL)
	{
		fail(machine);
		return true;
	}
	machine->slot.transfer = machine->transfer;
	machine->reserved = false; /* used */
	machine->fetch->stats.requests++;
	machine->fetch->stats.wait_ms += now_ms - machine->waiting_ms;
	machine->step = SENDING;
	return true;
}

/* ---- redirects ---- */

/*
 * May this fetch go to url at all?  Documents may be anywhere, without
 * credentials, and without a key that the API hid in the URL.
 */
static bool
origin_allowed(AcFetchMachine *machine, const AcUrl *url)
{
	const AcUrl *base = ac_connection_base(machine->conn);
	AcError *err = &machine->fetch->error;

	if (ac_url_same_origin(url, base))
		return true;
	if (machine->request.kind != AC_FETCH_DOCUMENT &&
		!ac_origin_allowed(url, base, options_of(machine)->allowed_origins,
						   err))
		return false;
	return !ac_judge_holds_key(machine->conn, url, err);
}

/* Credentials go to the base URL's origin and nowhere else. */
static void
go_to(AcFetchMachine *machine, const AcUrl *url)
{
	machine->url = *url;
	machine->credentials = machine->request.with_credentials &&
						   ac_connection_has_credentials(machine->conn) &&
						   ac_url_same_origin(url, ac_connection_base(machine->conn));
}

/* Was this URL visited in the current attempt? */
static bool
was_visited(const AcFetchMachine *machine, const char *url)
{
	ListCell *cell;

	foreach (cell, machine->visited)
	{
		if (strcmp((const char *) lfirst(cell), url) == 0)
			return true;
	}
	return false;
}

/* The error of a redirect that is not followed; why is its reason. */
static void
fail_redirect(AcFetchMachine *machine, const char *why)
{
	ac_judge_redirect(&machine->fetch->error, request_text(machine),
					  machine->fetch->status, why);
	fail(machine);
}

/*
 * SENDING to QUEUED at the place that the answer names.  Methods stay: none
 * of ours has a body that 303 would take away.
 */
static void
follow_redirect(AcFetchMachine *machine, const char *location)
{
	AcUrl url;
	char *text;
	AcError err;

	Assert(machine->step == SENDING);
	if (!ac_url_resolve(&machine->url, location, &url, &err))
	{
		ac_judge_scrub(machine->conn, err.message);
		fail_redirect(machine, err.message);
		if (err.code == AC_ERR_FORBIDDEN)
			machine->fetch->error.code = err.code;
		return;
	}
	url.fragment = NULL;
	ac_auth_strip(ac_connection_credentials(machine->conn), &url);
	text = ac_url_text(&url);
	if (was_visited(machine, text))
		fail_redirect(machine, "it leads in a circle");
	else if (list_length(machine->visited) > AC_FETCH_MAX_REDIRECTS)
		fail_redirect(machine, psprintf("there are more than %d in a row",
										AC_FETCH_MAX_REDIRECTS));
	else if (machine->request.harmless && ac_action_smells_of(&url) &&
			 !ac_action_smells_of(&machine->url))
		fail_redirect(machine, "it leads to a path that smells of an action");
	else if (!origin_allowed(machine, &url))
		fail(machine);
	else
	{
		machine->visited = lappend(machine->visited, text);
		go_to(machine, &url);
		queue(machine);
	}
}

/* ---- out of SENDING ---- */

static int
max_attempts(const AcFetchMachine *machine)
{
	int attempts = options_of(machine)->retries + 1;

	if (machine->request.kind == AC_FETCH_DOCUMENT)
		attempts = Min(attempts, AC_FETCH_DOCUMENT_ATTEMPTS);
	if (machine->request.kind == AC_FETCH_PROBE)
		attempts = 1;
	return attempts;
}

/* Does the fetch's own deadline or kind forbid a wait of that length? */
static bool
too_long(const AcFetchMachine *machine, int64 wait_ms)
{
	if (machine->request.kind == AC_FETCH_DOCUMENT &&
		wait_ms > AC_FETCH_DOCUMENT_WAIT_MS)
		return true;
	return machine->deadline_ms > 0 &&
		   ac_engine_now_ms() + wait_ms >= machine->deadline_ms;
}

/* SENDING to BACKING_OFF, if there is to be another attempt; else false. */
static bool
back_off(AcFetchMachine *machine, const AcOutcome *outcome)
{
	int64 wait_ms = 0;

	Assert(machine->step == SENDING);
	machine->ask = (AcRetryAsk){
		.max_attempts = max_attempts(machine),
		.attempts = machine->attempts,
		.told_ms = outcome->wait_ms,
		.free = outcome->free_retry,
		.fraction = pg_prng_double(&pg_global_prng_state),
	};
	if (too_long(machine, Max(outcome->wait_ms, 0)))
		machine->ask.max_attempts = machine->attempts;
	machine->verdict = ac_retry_ask(&traffic_of(machine)->budget,
									&machine->ask, &wait_ms);
	if (machine->verdict != AC_RETRY_AGAIN)
		return false;
	machine->fetch->stats.retries++;
	machine->waiting_ms = ac_engine_now_ms();
	machine->due_ms = machine->waiting_ms + wait_ms;
	machine->step = BACKING_OFF;
	return true;
}

/* Is the caller to judge what came, whatever its status? */
static bool
any_answer_serves(const AcFetchMachine *machine)
{
	return machine->request.kind == AC_FETCH_DOCUMENT ||
		   machine->request.kind == AC_FETCH_PROBE;
}

/* SENDING to FINISHED with the error that the outcome stands for. */
static void
fail_judged(AcFetchMachine *machine, const AcJudgeCase *judged,
			const AcOutcome *outcome)
{
	AcError *err = &machine->fetch->error;

	Assert(machine->step == SENDING);
	if (any_answer_serves(machine) &&
		judged->result->outcome == AC_TRANSPORT_OK)
	{
		finish(machine, AC_FETCH_ANSWERED);
		return;
	}
	ac_judge_error(judged, outcome, err);
	if (outcome->action == AC_OUTCOME_RETRY)
		ac_judge_explain(err, machine->verdict, &machine->ask);
	fail(machine);
}

/* What the next attempt is to do otherwise, or not to forgive again. */
static void
remember_failure(AcFetchMachine *machine, const AcTransferResult *result)
{
	if (result->outcome == AC_TRANSPORT_DECODE)
		machine->plain_body = true;
	if (result->outcome == AC_TRANSPORT_OK &&
		result->headers->status / 100 == 2)
		machine->rowless_before = true;
}

/* SENDING to whatever follows from the answer, or from its absence. */
static void
act_on(AcFetchMachine *machine, const AcJudgeCase *judged)
{
	AcOutcome outcome = ac_judge_answer(judged);
	AcTraffic *traffic = traffic_of(machine);

	Assert(machine->step == SENDING);
	if (outcome.throttled)
		ac_ratelimit_throttled(&traffic->limit, outcome.wait_ms,
							   ac_engine_now_ms());
	switch (outcome.action)
	{
		case AC_OUTCOME_ROWS:
			ac_retry_succeeded(&traffic->budget);
			finish(machine, AC_FETCH_ANSWERED);
			return;
		case AC_OUTCOME_END_OF_PAGES:
			finish(machine, AC_FETCH_PAST_END);
			return;
		case AC_OUTCOME_NO_ROW:
			finish(machine, AC_FETCH_NO_ROW);
			return;
		case AC_OUTCOME_RETRY:
			if (back_off(machine, &outcome))
				remember_failure(machine, judged->result);
			else
				fail_judged(machine, judged, &outcome);
			return;
		case AC_OUTCOME_RENEW_CREDENTIAL: /* there is nothing to renew */
		case AC_OUTCOME_FAIL:
			fail_judged(machine, judged, &outcome);
			return;
	}
}

/* Makes what came visible to the caller. */
static void
show_answer(AcFetchMachine *machine, const AcTransferResult *result)
{
	AcFetch *fetch = machine->fetch;

	fetch->status = result->headers->status;
	fetch->headers = result->headers;
	fetch->body = result->body;
	fetch->stats.bytes += result->body->len;
}

/* Limits that the API's own origin announces. */
static void
learn_limits(AcFetchMachine *machine, const AcTransferResult *result)
{
	AcRateInfoList list;

	if (result->headers->status == 0 ||
		!ac_url_same_origin(&machine->url, ac_connection_base(machine->conn)))
		return;
	ac_header_rate_info(result->headers, ac_judge_unix_ms(), &list);
	ac_ratelimit_learn(&traffic_of(machine)->limit, &list, ac_engine_now_ms());
}

/* Looks whether the exchange has ended; false if not. */
static bool
receive(AcFetchMachine *machine)
{
	const AcTransferResult *result;
	const char *location;

	Assert(machine->step == SENDING);
	if (!ac_transfer_poll(machine->transfer))
		return false;
	ac_connection_return_slot(&machine->slot);
	result = ac_transfer_result(machine->transfer);
	show_answer(machine, result);
	if (result->met)
		ac_connection_pin(machine->conn, machine->url.host,
						  result->met_class);
	learn_limits(machine, result);
	location = ac_judge_location(result);
	if (location != NULL && machine->request.kind != AC_FETCH_PROBE)
		follow_redirect(machine, location);
	else
	{
		AcJudgeCase judged = judged_case(machine, result);

		act_on(machine, &judged);
	}
	return true;
}

/* ---- BACKING_OFF to QUEUED ---- */

/* Begins an attempt, from the URL that was asked for. */
static void
begin_attempt(AcFetchMachine *machine)
{
	machine->attempts++;
	go_to(machine, &machine->start);
	list_free(machine->visited);
	machine->visited = list_make1(ac_url_text(&machine->start));
	queue(machine);
}

static bool
try_again(AcFetchMachine *machine)
{
	int64 now_ms = ac_engine_now_ms();

	Assert(machine->step == BACKING_OFF);
	if (now_ms < machine->due_ms)
	{
		set_timer(machine);
		return false;
	}
	machine->fetch->stats.wait_ms += now_ms - machine->waiting_ms;
	begin_attempt(machine);
	return true;
}

/* ---- driving ---- */

/* The fetch's own time is over, in whatever state. */
static void
expire(AcFetchMachine *machine)
{
	ac_judge_expired(&machine->fetch->error, request_text(machine),
					 machine->request.timeout_ms);
	fail(machine);
}

/*
 * A wait that ends behind the deadline is cut short by it.  While sending,
 * the transfer's own limit, which is not later, says more.
 */
static bool
past_deadline(AcFetchMachine *machine)
{
	if (machine->deadline_ms == 0 || machine->step == SENDING ||
		machine->step == FINISHED)
		return false;
	if (ac_engine_now_ms() >= machine->deadline_ms)
		return true;
	ac_engine_timer_set(&machine->timer, machine->deadline_ms);
	return false;
}

/* One transition, if any is due. */
static bool
step(AcFetchMachine *machine)
{
	if (past_deadline(machine))
	{
		expire(machine);
		return true;
	}
	switch (machine->step)
	{
		case QUEUED:
			return send_queued(machine);
		case SENDING:
			return receive(machine);
		case BACKING_OFF:
			return try_again(machine);
		case FINISHED:
			break;
	}
	return false;
}

AcFetchState
ac_fetch_drive(AcFetch *fetch)
{
	AcFetchMachine *machine = fetch->machine;
	MemoryContext old = MemoryContextSwitchTo(machine->cxt);

	if (fetch->state == AC_FETCH_RUNNING)
	{
		do
			ac_engine_pump();
		while (step(machine));
	}
	MemoryContextSwitchTo(old);
	return fetch->state;
}

void
ac_fetch_wait_any(AcFetch **fetches, int n)
{
	static uint32 wait_event = 0;

	if (wait_event == 0)
		wait_event = ac_wait_event("AutoconnRequest");
	for (;;)
	{
		bool running = false;

		for (int i = 0; i < n; i++)
		{
			if (fetches[i] == NULL)
				continue;
			if (ac_fetch_drive(fetches[i]) != AC_FETCH_RUNNING)
				return;
			running = true;
		}
		if (!running)
			return;
		ac_engine_wait(-1, wait_event);
	}
}

AcFetchState
ac_fetch_wait(AcFetch *fetch)
{
	ac_fetch_wait_any(&fetch, 1);
	return fetch->state;
}

/* ---- life ---- */

static AcFetchMachine *
create_machine(AcConnection *conn, const AcFetchRequest *request)
{
	AcFetch *fetch = palloc0(sizeof(AcFetch));
	AcFetchMachine *machine = palloc0(sizeof(AcFetchMachine));

	fetch->machine = machine;
	machine->fetch = fetch;
	machine->cxt = CurrentMemoryContext;
	machine->attempt_cxt = AllocSetContextCreate(CurrentMemoryContext,
												 "autoconn attempt",
												 ALLOCSET_DEFAULT_SIZES);
	machine->conn = conn;
	ac_connection_hold(conn, CurrentMemoryContext);
	ac_resource_own(CurrentMemoryContext, machine, release_machine);
	machine->request = *request;
	machine->request.method = pstrdup(request->method);
	machine->request.url = pstrdup(request->url);
	if (request->accept != NULL)
		machine->request.accept = pstrdup(request->accept);
	if (request->json != NULL)
		machine->request.json = pstrdup(request->json);
	for (int i = 0; i < AC_FETCH_HEADERS; i++)
		if (request->headers[i] != NULL)
			machine->request.headers[i] = pstrdup(request->headers[i]);
	if (request->timeout_ms > 0)
		machine->deadline_ms = ac_engine_now_ms() + request->timeout_ms;
	return machine;
}

/* The first attempt; false with fetch->error if there is none to make. */
static bool
begin(AcFetchMachine *machine)
{
	AcFetch *fetch = machine->fetch;

	if (!ac_url_parse(machine->request.url, &machine->start, &fetch->error))
		return false;
	machine->start.fragment = NULL;
	ac_auth_strip(ac_connection_credentials(machine->conn), &machine->start);
	fetch->url = ac_url_text(&machine->start);
	if (!origin_allowed(machine, &machine->start))
		return false;
	begin_attempt(machine);
	return true;
}

AcFetch *
ac_fetch_start(AcConnection *conn, const AcFetchRequest *request,
			   MemoryContext cxt)
{
	MemoryContext own = AllocSetContextCreate(cxt, "autoconn fetch",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	AcFetchMachine *machine = create_machine(conn, request);
	AcFetch *fetch = machine->fetch;

	if (!begin(machine))
		machine->step = FINISHED;
	fetch->state = machine->step == FINISHED ? AC_FETCH_FAILED : AC_FETCH_RUNNING;
	(void) ac_fetch_drive(fetch);
	MemoryContextSwitchTo(old);
	return fetch;
}

void
ac_fetch_free(AcFetch *fetch)
{
	MemoryContextDelete(fetch->machine->cxt);
}
