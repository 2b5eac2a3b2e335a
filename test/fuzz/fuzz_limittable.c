/*
 * fuzz_limittable.c
 *		Do limits stay sound whatever APIs tell and sessions do?
 *
 * The input is lines.  One of header fields or JSON is what the answer to the
 * last call says; "@n" is session n's turn, "#n" n milliseconds later, "!" a
 * 429, "-" a call given up, "+" a failure, "~" forgets the server.
 */
#include "fuzz.h"

#include "core/bodylimit.h"
#include "policy/limittable.h"

#define SESSIONS 4
#define SLOTS 9

/* 2024-03-01T12:00:00Z */
#define NOW INT64CONST(1709294400000)

/* Longest step of time, and longest input that is looked at. */
#define MAX_STEP_MS 10000000
#define MAX_LINES 400

typedef struct State
{
	AcLimitTable *table;
	AcLimitCall calls[SESSIONS];
	int turn;
	int64 now_ms;
} State;

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static void
begin_call(State *state, int n)
{
	static const char *const endpoints[SESSIONS] = {"/a", "/b", "/a", "/c"};

	memset(&state->calls[n], 0, sizeof(AcLimitCall));
	state->calls[n].who = (uint64) n + 1;
	state->calls[n].owner.serverid = 1;
	state->calls[n].owner.userid = n == 1 ? 7 : 0;
	state->calls[n].payer = 1 + (Oid) n % 2;
	state->calls[n].rate_per_s = 10;
	state->calls[n].host = n == 3 ? "b" : "a";
	state->calls[n].elsewhere = n == 3;
	state->calls[n].endpoint = endpoints[n];
	state->calls[n].background = n == 2;
}

/* The session asks; one that was sent begins anew. */
static void
take_turn(State *state, int n)
{
	AcLimitNow now = {.ms = state->now_ms, .breaker_ms = state->now_ms};
	AcLimitCall *call = &state->calls[n];
	int64 wait_ms = -1;
	AcLimitVerdict verdict;

	if (call->sent)
	{
		ac_limittable_tell(state->table, call, AC_HEALTH_GOOD, &now);
		begin_call(state, n);
	}
	state->turn = n;
	verdict = ac_limittable_ask(state->table, call, &now, &wait_ms);
	check(call->sent == (verdict == AC_LIMIT_GO));
	check((wait_ms == 0) == (verdict == AC_LIMIT_GO));
	check(wait_ms >= 0);
}

static void
fail_call(State *state)
{
	AcLimitNow now = {.ms = state->now_ms, .breaker_ms = state->now_ms};
	AcLimitCall *call = &state->calls[state->turn];

	if (call->sent)
		ac_limittable_tell(state->table, call, AC_HEALTH_BAD, &now);
}

/* Headers, or a body, of the answer to the last call. */
static void
hear(State *state, const char *line, size_t len, bool throttled)
{
	AcHeaders *headers = ac_headers_create();
	AcLimitCall *call = &state->calls[state->turn];
	AcRateInfoList list;
	AcJson *doc = NULL;
	int64 wait_ms = -1;

	if (len > 0 && *line == '{' && ac_json_parse(line, len, 32, &doc, NULL))
	{
		memset(&list, 0, sizeof(list));
		list.count = ac_body_graphql_cost(doc, &list.items[0]);
		if (ac_body_retry_after(doc, &wait_ms))
			check(wait_ms >= 0);
	}
	else
	{
		(void) ac_headers_add_line(headers, line, len);
		ac_header_rate_info(headers, NOW, &list);
		(void) ac_header_retry_after(headers, NOW, &wait_ms);
	}
	ac_json_free(doc);
	ac_limittable_learn(state->table, call, &list, state->now_ms);
	if (throttled)
		ac_limittable_throttled(state->table, call, &list, wait_ms, state->now_ms);
}

static void
obey(State *state, const char *line, size_t len)
{
	int n = len > 1 ? line[1] & 3 : 0;

	if (len == 0)
		return;
	switch (*line)
	{
		case '@':
			take_turn(state, n);
			break;
		case '#':
			state->now_ms += atoi(pnstrdup(line + 1, Min(len - 1, 7))) % MAX_STEP_MS;
			state->now_ms = Max(state->now_ms, 1);
			break;
		case '!':
			hear(state, line + 1, len - 1, true);
			break;
		case '-':
			ac_limittable_abandon(state->table, &state->calls[n], state->now_ms);
			break;
		case '+':
			fail_call(state);
			break;
		case '~':
			ac_limittable_reset(state->table, 0, 1);
			break;
		default:
			hear(state, line, len, false);
	}
}

/* What must hold of every slot at any time. */
static void
check_slots(State *state)
{
	for (uint32 i = 0; i < SLOTS; i++)
	{
		AcLimitSlot *slot = ac_limittable_slot(state->table, i);

		if (slot == NULL)
			continue;
		check(slot->limit.rate >= 0 && slot->limit.burst >= 1);
		check(slot->limit.tokens <= slot->limit.burst);
		check(slot->limit.n_holes >= 0 && slot->limit.n_holes <= AC_RATELIMIT_HOLES);
		check(slot->breaker.n_calls <= AC_BREAKER_WINDOW);
		check(ac_breaker_failures(&slot->breaker) <= slot->breaker.n_calls);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	State state = {.now_ms = 1000};
	const char *p = (const char *) data;
	const char *end = p + size;

	state.table = palloc(ac_limittable_size(SLOTS));
	ac_limittable_init(state.table, SLOTS);
	for (int i = 0; i < SESSIONS; i++)
		begin_call(&state, i);
	for (int i = 0; i < MAX_LINES && p < end; i++)
	{
		const char *stop = memchr(p, '\n', (size_t) (end - p));

		stop = stop == NULL ? end : stop;
		obey(&state, p, (size_t) (stop - p));
		check_slots(&state);
		p = stop + 1;
	}
	ac_alloc_reset();
	return 0;
}
