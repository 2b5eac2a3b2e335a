/*
 * fetch.c
 *		How is one request answered, whatever happens on the way?
 *		See fetch.h.
 *
 *	            +------------- redirected -------------+
 *	            v                                      |
 *	        QUEUED --- limiter and place --> SENDING --+--> FINISHED
 *	            ^  |                                   |
 *	            |  +-- token is over --> RENEWING      |
 *	            |  +-- there is another ----+          |
 *	            +-- time --- BACKING_OFF <-- failed ---+
 *
 * One function for each transition, which asserts the state that it starts
 * from; ac_fetch_drive() (fetch_live.c) calls them until nothing moves.  QUEUED and
 * BACKING_OFF set a timer of the engine, so that its descriptor tells of
 * everything that a fetch may wait for.
 *
 * Each attempt has a memory context: what it received goes before the next.
 */
#include "ac.h"

#include "common/pg_prng.h"
#include "net/fetch_int.h"
#include "net/send.h"
#include "net/trace.h"
#include "pg/resource.h"
#include "utils/memutils.h"

/*
 * Attempts at a document: discovery has 30 s for up to 40 requests, and an
 * answer that fails is an answer, too.
 */
#define AC_FETCH_DOCUMENT_ATTEMPTS 2

/* Longest Retry-After that a document is worth, for the same reason. */
#define AC_FETCH_DOCUMENT_WAIT_MS 3000

/* ---- small services ---- */

static const AcServerOptions *
options_of(const AcFetchMachine *machine)
{
	return ac_connection_options(machine->conn);
}

/* "GET https://..." for details of errors. */
char *
ac_fetch_request_text(const AcFetchMachine *machine)
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

/* Where it is counted what the fetch takes. */
static AcScanCounts *
counts_of(AcFetchMachine *machine)
{
	static AcScanCounts of_nobody;
	AcActivity *activity = machine->request.activity;

	return activity != NULL ? &activity->counts : &of_nobody;
}

/* Adds a wait that is over. */
static void
count_wait(AcFetchMachine *machine)
{
	int64 waited_ms = ac_engine_now_ms() - machine->waiting_ms;

	machine->fetch->stats.wait_ms += waited_ms;
	counts_of(machine)->wait_ms += waited_ms;
}

/* ---- the end ---- */

/* Lets go what it holds of engine, connection and limits.  Never throws. */
static void
let_go(AcFetchMachine *machine)
{
	ac_engine_timer_clear(&machine->timer);
	ac_connection_return_slot(&machine->slot);
	ac_turn_end(&machine->turn);
	ac_token_leave(&machine->token);
}

static void
finish(AcFetchMachine *machine, AcFetchState state)
{
	Assert(machine->step != FINISHED);
	Assert(state != AC_FETCH_RUNNING);
	let_go(machine);
	machine->step = FINISHED;
	machine->fetch->state = state;
	machine->fetch->url = ac_url_text(&machine->url);
}

/* Ends with fetch->error, which has been set. */
void
ac_fetch_fail(AcFetchMachine *machine)
{
	Assert(machine->fetch->error.code != AC_ERR_NONE);
	finish(machine, AC_FETCH_FAILED);
}

void
ac_fetch_answer(AcFetchMachine *machine)
{
	Assert(machine->fetch->headers != NULL && machine->fetch->body != NULL);
	finish(machine, AC_FETCH_ANSWERED);
}

/* Context reset: whatever is left of the fetch ends. */
static void
release_machine(void *handle)
{
	AcFetchMachine *machine = handle;

	ac_fetch_unlist(machine);
	let_go(machine);
}

/* ---- into QUEUED ---- */

/* Limits or breakers do not let it go, and nobody should wait for them here. */
static void
fail_limited(AcFetchMachine *machine, AcLimitVerdict verdict, int64 wait_ms)
{
	AcError *err = &machine->fetch->error;

	Assert(verdict == AC_LIMIT_USED_UP || verdict == AC_LIMIT_REFUSED);
	if (verdict == AC_LIMIT_USED_UP)
		ac_judge_limited(err, ac_fetch_request_text(machine), wait_ms);
	else
		ac_judge_refused(err, ac_fetch_request_text(machine), wait_ms);
	machine->fetch->frees_ms = wait_ms;
	ac_fetch_fail(machine);
}

/* Which segment of the path tells rows apart, by what is asked for. */
static int
keys_behind(AcFetchKind kind)
{
	if (kind == AC_FETCH_ITEM)
		return 1;
	return kind == AC_FETCH_CHILD ? 2 : 0;
}

/* Is the caller to judge what came, whatever its status? */
static bool
any_answer_serves(const AcFetchMachine *machine)
{
	return machine->request.kind == AC_FETCH_DOCUMENT ||
		   machine->request.kind == AC_FETCH_PROBE ||
		   machine->request.kind == AC_FETCH_TOKEN;
}

/* Begin, redirect or end of a back-off: wants a turn. */
void
ac_fetch_queue(AcFetchMachine *machine)
{
	AcTurnAbout about = {
		.url = &machine->url,
		.endpoint = machine->request.endpoint,
		.keys_behind = keys_behind(machine->request.kind),
		.regardless = any_answer_serves(machine),
	};

	Assert(machine->step != FINISHED);
	Assert(!machine->slot.taken);
	ac_turn_begin(&machine->turn, machine->conn, &about);
	machine->step = QUEUED;
	machine->waiting_ms = machine->due_ms = ac_engine_now_ms();
}

/* ---- QUEUED to RENEWING, and back ---- */

/* Asked again after each wait, which the token may not have outlived. */
static bool
wants_token(const AcFetchMachine *machine)
{
	return machine->credentials && !ac_token_usable(machine->conn);
}

static bool
await_token(AcFetchMachine *machine)
{
	AcTokenState state;

	Assert(machine->step == RENEWING);
	state = ac_token_poll(machine->conn, &machine->token, &machine->fetch->error);
	if (state == AC_TOKEN_WAIT)
		return false;
	if (state == AC_TOKEN_FAILED)
		ac_fetch_fail(machine);
	else
		machine->step = QUEUED;
	return true;
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
start_transfer(AcFetchMachine *machine)
{
	AcSend send = {
		.conn = machine->conn,
		.method = machine->request.method,
		.url = &machine->url,
		.accept = machine->request.accept,
		.more_headers = machine->request.headers,
		.json = machine->request.json,
		.body_type = machine->request.body_type,
		.secret = machine->request.secret,
		.credentials = machine->credentials,
		.plain_body = machine->plain_body,
		.timeout_ms = exchange_timeout_ms(machine),
		.max_bytes = machine->request.max_bytes,
	};
	MemoryContext old = MemoryContextSwitchTo(machine->attempt_cxt);
	AcTransfer *transfer;

	if (machine->credentials)
		send.bearer = ac_token_current(machine->conn, &machine->token_serial);
	transfer = ac_send_start(&send, &machine->fetch->error);
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

void
ac_fetch_give_up(AcFetchMachine *machine)
{
	AcFetch *fetch = machine->fetch;

	if (machine->step == FINISHED)
		return;
	let_go(machine);
	forget_answer(machine);
	machine->step = FINISHED;
	fetch->state = AC_FETCH_FAILED;
	ac_error_set(&fetch->error, AC_ERR_INTERRUPTED,
				 "request was given up for an error that another part of the query met");
}

void
ac_fetch_cut(AcFetchMachine *machine)
{
	Assert(machine->step == SENDING);
	forget_answer(machine);
	ac_connection_return_slot(&machine->slot);
	ac_turn_end(&machine->turn);
	machine->attempts--;
}

/*
 * Is it the request's turn?  It has a place by then, which it gives back if it
 * has to wait: others may be subject to other limits.
 */
static bool
take_turn(AcFetchMachine *machine)
{
	int64 wait_ms;
	AcLimitVerdict verdict;

	if (ac_engine_now_ms() < machine->due_ms)
	{
		set_timer(machine);
		return false;
	}
	machine->placeless = !ac_connection_take_slot(machine->conn,
												  &machine->slot);
	if (machine->placeless)
	{
		ac_engine_timer_set(&machine->timer,
							ac_engine_now_ms() + AC_PLACES_POLL_MS);
		return false;
	}
	machine->slot.place.what = strcmp(machine->request.method, "GET") == 0
								   ? AC_PLACE_REQUEST
								   : AC_PLACE_SENT_ONCE;
	verdict = ac_turn_ask(&machine->turn, &wait_ms);
	if (verdict == AC_LIMIT_GO)
		return true;
	ac_connection_return_slot(&machine->slot);
	machine->due_ms = ac_engine_now_ms() + wait_ms;
	if (verdict == AC_LIMIT_WAIT)
		set_timer(machine);
	else
		fail_limited(machine, verdict, wait_ms);
	return false;
}

/* Sends the request if it may leave by now; false if nothing came of that. */
static bool
send_queued(AcFetchMachine *machine)
{
	Assert(machine->step == QUEUED);
	if (wants_token(machine))
	{
		machine->step = RENEWING;
		return true;
	}
	if (!take_turn(machine))
		return machine->step == FINISHED;
	forget_answer(machine);
	machine->transfer = start_transfer(machine);
	if (machine->transfer == NULL)
	{
		ac_fetch_fail(machine);
		return true;
	}
	machine->fetch->stats.requests++;
	counts_of(machine)->requests++;
	count_wait(machine);
	machine->step = SENDING;
	return true;
}

/* ---- out of SENDING ---- */

static int
max_attempts(const AcFetchMachine *machine)
{
	int attempts = options_of(machine)->retries + 1;

	/* Nobody waits for what is done in the background. */
	if (attempts > 1 && machine->turn.call.call.background)
		attempts *= AC_RETRY_ATTEMPTS_BACKGROUND / AC_RETRY_ATTEMPTS_INTERACTIVE;
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

/*
 * The breaker may have opened by this very failure.  In the background that is
 * waited for like any wait that the API asks for; who waits for an answer is
 * told now.
 */
static AcRetryVerdict
ask_for_retry(AcFetchMachine *machine, int64 *wait_ms)
{
	int64 refused_ms = ac_turn_refused(&machine->turn);

	if (refused_ms > 0)
	{
		machine->ask.told_ms = Max(machine->ask.told_ms, refused_ms);
		if (!machine->turn.call.call.background)
			return AC_RETRY_BREAKER;
	}
	return ac_limits_retry(&machine->turn.call, &machine->ask, wait_ms);
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
	if (machine->ask.attempts >= machine->ask.max_attempts)
		machine->verdict = AC_RETRY_EXHAUSTED;
	else
		machine->verdict = ask_for_retry(machine, &wait_ms);
	if (machine->verdict != AC_RETRY_AGAIN)
	{
		machine->fetch->frees_ms = Max(machine->ask.told_ms, 0);
		return false;
	}
	machine->fetch->stats.retries++;
	counts_of(machine)->retries++;
	machine->waiting_ms = ac_engine_now_ms();
	machine->due_ms = machine->waiting_ms + wait_ms;
	machine->step = BACKING_OFF;
	return true;
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
	ac_fetch_fail(machine);
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

/*
 * SENDING to BACKING_OFF for no time, with another token, if there may be one
 * and this is the first 401.
 */
static bool
renew(AcFetchMachine *machine)
{
	Assert(machine->step == SENDING);
	if (!machine->credentials || machine->renewed ||
		!ac_token_reject(machine->conn, machine->token_serial))
		return false;
	machine->renewed = true;
	machine->attempts--;
	machine->waiting_ms = machine->due_ms = ac_engine_now_ms();
	machine->step = BACKING_OFF;
	return true;
}

/* SENDING to whatever follows from the answer, or from its absence. */
static void
act_on(AcFetchMachine *machine, const AcJudgeCase *judged)
{
	AcOutcome outcome = ac_judge_answer(judged);

	Assert(machine->step == SENDING);
	ac_turn_judged(&machine->turn, &outcome);
	switch (outcome.action)
	{
		case AC_OUTCOME_ROWS:
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
			{
				remember_failure(machine, judged->result);
				return;
			}
			ac_turn_failed(&machine->turn, &outcome);
			fail_judged(machine, judged, &outcome);
			return;
		case AC_OUTCOME_RENEW_CREDENTIAL:
			if (renew(machine))
				return;
			fail_judged(machine, judged, &outcome);
			return;
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

	machine->came_ms = ac_engine_now_ms();
	machine->took_ms = result->took_ms;
	fetch->status = result->headers->status;
	fetch->headers = result->headers;
	fetch->body = result->body;
	fetch->stats.bytes += result->body->len;
	counts_of(machine)->bytes += (int64) result->body->len;
	if (machine->request.activity != NULL)
		ac_latency_add(&machine->request.activity->latency, result->took_ms);
}

static void
trace(const AcFetchMachine *machine, const AcTransferResult *result)
{
	AcTraced traced = {
		.conn = machine->conn,
		.method = machine->request.method,
		.url = &machine->url,
		.attempt = machine->attempts,
		.result = result,
	};

	ac_trace_exchange(&traced);
}

/* Begins an attempt, from the URL that was asked for. */
static void
begin_attempt(AcFetchMachine *machine)
{
	machine->attempts++;
	ac_fetch_go_to(machine, &machine->start);
	list_free(machine->visited);
	machine->visited = list_make1(ac_url_text(&machine->start));
	ac_fetch_queue(machine);
}

/* SENDING to whatever follows from a 304. */
static void
settle(AcFetchMachine *machine, const AcTransferResult *result)
{
	ac_turn_judged(&machine->turn, NULL);
	if (!ac_fetch_not_modified(machine, result->headers))
		begin_attempt(machine);
}

/* Looks whether the exchange has ended; false if not. */
static bool
receive(AcFetchMachine *machine)
{
	const AcTransferResult *result;
	const char *location;

	Assert(machine->step == SENDING);
	if (machine->transfer == NULL)
	{
		begin_attempt(machine);
		return true;
	}
	if (!ac_transfer_poll(machine->transfer))
		return false;
	ac_connection_return_slot(&machine->slot);
	result = ac_transfer_result(machine->transfer);
	show_answer(machine, result);
	trace(machine, result);
	if (result->met)
		ac_connection_pin(machine->conn, machine->url.host,
						  result->met_class);
	ac_turn_answered(&machine->turn, result);
	if (machine->conditional && result->outcome == AC_TRANSPORT_OK &&
		result->headers->status == 304)
	{
		settle(machine, result);
		return true;
	}
	location = ac_judge_location(result);
	if (location != NULL && machine->request.kind != AC_FETCH_PROBE &&
		machine->request.kind != AC_FETCH_TOKEN)
	{
		ac_turn_judged(&machine->turn, NULL);
		ac_fetch_follow(machine, location);
	}
	else
	{
		AcJudgeCase judged = judged_case(machine, result);

		act_on(machine, &judged);
	}
	return true;
}

/* ---- BACKING_OFF to QUEUED ---- */

static bool
try_again(AcFetchMachine *machine)
{
	Assert(machine->step == BACKING_OFF);
	if (ac_engine_now_ms() < machine->due_ms)
	{
		set_timer(machine);
		return false;
	}
	count_wait(machine);
	begin_attempt(machine);
	return true;
}

/* ---- driving ---- */

/* The fetch's own time is over, in whatever state. */
static void
expire(AcFetchMachine *machine)
{
	ac_judge_expired(&machine->fetch->error, ac_fetch_request_text(machine),
					 machine->request.timeout_ms);
	ac_fetch_fail(machine);
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

bool
ac_fetch_step(AcFetchMachine *machine)
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
		case RENEWING:
			return await_token(machine);
		case SENDING:
			return receive(machine);
		case BACKING_OFF:
			return try_again(machine);
		case FINISHED:
			break;
	}
	return false;
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
	if (request->endpoint != NULL)
		machine->request.endpoint = pstrdup(request->endpoint);
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
	if (!ac_fetch_may_go(machine, &machine->start))
		return false;
	if (!ac_fetch_look_up(machine))
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
	{
		machine->step = FINISHED;
		fetch->state = AC_FETCH_FAILED;
	}
	ac_fetch_list(machine);
	(void) ac_fetch_drive(fetch);
	MemoryContextSwitchTo(old);
	return fetch;
}

void
ac_fetch_free(AcFetch *fetch)
{
	MemoryContextDelete(fetch->machine->cxt);
}
