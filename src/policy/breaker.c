/*
 * breaker.c
 *		Is it worth asking at all?  See breaker.h.
 */
#include "ac.h"

#include "policy/breaker.h"

const char *
ac_breaker_state_name(AcBreakerState state)
{
	static const char *const names[] = {
		[AC_BREAKER_CLOSED] = "closed",
		[AC_BREAKER_OPEN] = "open",
		[AC_BREAKER_HALF_OPEN] = "half_open",
	};

	Assert((size_t) state < lengthof(names));
	return names[state];
}

void
ac_breaker_init(AcBreaker *breaker, bool of_host)
{
	memset(breaker, 0, sizeof(*breaker));
	breaker->state = AC_BREAKER_CLOSED;
	breaker->of_host = of_host;
}

/* ---- the window ---- */

static bool
is_failure(const AcBreakerCall *call)
{
	return call->health == AC_HEALTH_BAD || call->health == AC_HEALTH_BAD_HOST;
}

int
ac_breaker_failures(const AcBreaker *breaker)
{
	int failures = 0;

	for (int i = 0; i < breaker->n_calls; i++)
		failures += is_failure(&breaker->calls[i]);
	return failures;
}

static void
remember(AcBreaker *breaker, AcBreakerCall call)
{
	breaker->calls[breaker->next] = call;
	breaker->next = (breaker->next + 1) % AC_BREAKER_WINDOW;
	breaker->n_calls = Min(breaker->n_calls + 1, AC_BREAKER_WINDOW);
}

/* Failures of an endpoint that may be its own. */
static int
own_failures(const AcBreaker *breaker, uint16 endpoint)
{
	int failures = 0;

	for (int i = 0; i < breaker->n_calls; i++)
		failures += breaker->calls[i].endpoint == endpoint &&
					breaker->calls[i].health == AC_HEALTH_BAD;
	return failures;
}

/*
 * Failures that may be those of one endpoint alone, the one that failed most:
 * for a host they say nothing, as long as others are well.
 */
static int
of_one_endpoint(const AcBreaker *breaker)
{
	int most = 0;

	for (int i = 0; i < breaker->n_calls; i++)
		most = Max(most, own_failures(breaker, breaker->calls[i].endpoint));
	return most;
}

/*
 * Did too many of the calls fail?  What is left out of a host's counts neither
 * as a call nor as a failure.
 */
static bool
too_many_failed(const AcBreaker *breaker)
{
	int left_out = breaker->of_host ? of_one_endpoint(breaker) : 0;
	int calls = breaker->n_calls - left_out;
	int failures = ac_breaker_failures(breaker) - left_out;

	return calls >= AC_BREAKER_MIN_CALLS &&
		   failures * 100 >= calls * AC_BREAKER_FAILURE_PERCENT;
}

/* ---- transitions ---- */

/* CLOSED or HALF_OPEN to OPEN, for so long. */
static void
open_for(AcBreaker *breaker, int64 open_ms, int64 now_ms)
{
	Assert(breaker->state != AC_BREAKER_OPEN);
	breaker->state = AC_BREAKER_OPEN;
	breaker->open_ms = Min(open_ms, AC_BREAKER_MAX_OPEN_MS);
	breaker->opens_until_ms = now_ms + breaker->open_ms;
	breaker->probe = 0;
}

/* CLOSED to OPEN: it has failed too often. */
static void
trip(AcBreaker *breaker, int64 now_ms)
{
	Assert(breaker->state == AC_BREAKER_CLOSED);
	open_for(breaker, AC_BREAKER_OPEN_MS, now_ms);
}

/* OPEN to HALF_OPEN: its time is over. */
static void
half_open(AcBreaker *breaker, int64 now_ms)
{
	Assert(breaker->state == AC_BREAKER_OPEN);
	Assert(now_ms >= breaker->opens_until_ms);
	breaker->state = AC_BREAKER_HALF_OPEN;
	breaker->probe = 0;
}

/* HALF_OPEN, and somebody tries. */
static void
begin_probe(AcBreaker *breaker, uint64 who, int64 now_ms)
{
	Assert(breaker->state == AC_BREAKER_HALF_OPEN);
	breaker->probe = who;
	breaker->probe_until_ms = now_ms + AC_BREAKER_PROBE_MS;
}

/* HALF_OPEN to OPEN: the probe failed, too. */
static void
open_again(AcBreaker *breaker, int64 now_ms)
{
	Assert(breaker->state == AC_BREAKER_HALF_OPEN);
	open_for(breaker, breaker->open_ms * 2, now_ms);
}

/* HALF_OPEN to CLOSED: it is well, and what was is forgotten. */
static void
close_it(AcBreaker *breaker)
{
	Assert(breaker->state == AC_BREAKER_HALF_OPEN);
	ac_breaker_init(breaker, breaker->of_host);
}

/* ---- events ---- */

int64
ac_breaker_refuses(const AcBreaker *breaker, int64 now_ms)
{
	switch ((AcBreakerState) breaker->state)
	{
		case AC_BREAKER_CLOSED:
			break;
		case AC_BREAKER_OPEN:
			return Max(breaker->opens_until_ms - now_ms, 0);
		case AC_BREAKER_HALF_OPEN:
			if (breaker->probe != 0)
				return Max(breaker->probe_until_ms - now_ms, 0);
			break;
	}
	return 0;
}

void
ac_breaker_enter(AcBreaker *breaker, uint64 who, int64 now_ms)
{
	Assert(who != 0);
	Assert(ac_breaker_refuses(breaker, now_ms) == 0);
	if (breaker->state == AC_BREAKER_OPEN)
		half_open(breaker, now_ms);
	if (breaker->state == AC_BREAKER_HALF_OPEN)
		begin_probe(breaker, who, now_ms);
}

/*
 * What is told while it is open was sent before, and is no news.  While it is
 * half open only the probe decides.
 */
void
ac_breaker_tell(AcBreaker *breaker, uint64 who, AcBreakerCall call,
				int64 now_ms)
{
	bool probe = breaker->state == AC_BREAKER_HALF_OPEN && breaker->probe == who;

	if (call.health == AC_HEALTH_UNKNOWN)
		ac_breaker_abandon(breaker, who);
	else if (probe && call.health != AC_HEALTH_GOOD)
		open_again(breaker, now_ms);
	else if (probe)
		close_it(breaker);
	else if (breaker->state == AC_BREAKER_CLOSED &&
			 call.health != AC_HEALTH_TRYING)
	{
		remember(breaker, call);
		if (too_many_failed(breaker))
			trip(breaker, now_ms);
	}
}

void
ac_breaker_abandon(AcBreaker *breaker, uint64 who)
{
	if (breaker->state == AC_BREAKER_HALF_OPEN && breaker->probe == who)
		breaker->probe = 0;
}
