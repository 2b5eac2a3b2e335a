/*
 * test_ratelimit.c
 *		Does the limiter keep to its rate, whatever happens?
 */
#include "ac.h"

#include "policy/ratelimit.h"
#include "tap.h"

/* Requests of one run of the property test. */
#define RUN_LENGTH 400

/* Takes a turn that is never given back. */
static int64
take(AcRateLimit *limit, int64 now_ms)
{
	AcRateTicket ticket;

	return ac_ratelimit_take(limit, now_ms, &ticket);
}

static void
test_bucket(void)
{
	AcRateLimit limit;
	int i;

	ac_ratelimit_init(&limit, 2.0, 3.0, 1000);
	for (i = 0; i < 3; i++)
		is_int(take(&limit, 1000), 0, "burst %d", i);
	is_int(take(&limit, 1000), 500, "the next waits its interval");
	is_int(take(&limit, 1000), 1000, "and the next one more");
	is_int(take(&limit, 1250), 1250, "time passed counts");
	is_int(take(&limit, 500), 2500, "a clock that steps back stands still");
	is_int(take(&limit, 60000), 0, "all is forgotten");
	is_int(take(&limit, 60000), 0, "the bucket is full");
	is_int(take(&limit, 60000), 0, "again");
	is_int(take(&limit, 60000), 500, "but not fuller than full");

	ac_ratelimit_init(&limit, 0, 0, 0);
	for (i = 0; i < 1000; i++)
		if (take(&limit, 0) != 0)
			break;
	is_int(i, 1000, "rate 0 is no limit");

	ac_ratelimit_init(&limit, 1.0, 0.0, 0);
	is_int(take(&limit, 0), 0, "burst is at least 1");
}

static void
test_configure(void)
{
	AcRateLimit limit;

	ac_ratelimit_init(&limit, 1.0, 1.0, 0);
	take(&limit, 0);
	is_int(take(&limit, 0), 1000, "told by the old rate");
	ac_ratelimit_configure(&limit, 10.0, 1.0, 0);
	is_int(take(&limit, 0), 200, "the next is told by the new one");
	ac_ratelimit_block(&limit, 5000, 0);
	ac_ratelimit_configure(&limit, 0, 1.0, 0);
	is_int(take(&limit, 0), 5000, "what the API asked for stays");
}

static void
test_return(void)
{
	AcRateLimit limit;
	AcRateTicket a;
	AcRateTicket b;
	AcRateTicket c;

	ac_ratelimit_init(&limit, 1.0, 1.0, 0);
	is_int(ac_ratelimit_take(&limit, 0, &a), 0, "taken");
	ac_ratelimit_return(&limit, 0, &a);
	ok(!a.taken, "a ticket is good for one time");
	is_int(ac_ratelimit_take(&limit, 0, &a), 0, "given back, taken again");
	is_int(ac_ratelimit_take(&limit, 0, &b), 1000, "somebody waits");
	is_int(ac_ratelimit_take(&limit, 0, &c), 2000, "and another one");
	ac_ratelimit_return(&limit, 0, &b);
	is_int(ac_ratelimit_wait(&limit, 0, &c), 2000, "the others keep their times");
	is_int(take(&limit, 0), 1000, "who comes next gets the one given back");
	is_int(take(&limit, 0), 3000, "which there was but once");
	ac_ratelimit_return(&limit, 0, &c);
	is_int(take(&limit, 2500), 1500, "its time has gone by");
	ac_ratelimit_return(&limit, 0, &c);
	is_int(limit.n_holes, 0, "nothing is given back twice");

	ac_ratelimit_init(&limit, 1.0, 1.0, 0);
	take(&limit, 0);
	ac_ratelimit_take(&limit, 0, &a);
	ac_ratelimit_return(&limit, 0, &a);
	is_int(take(&limit, 0), 1000, "the last one is as if it had not been");
	is_int(limit.n_holes, 0, "and leaves no hole");

	for (int64 now = 1; now < 3000; now += 7)
	{
		ac_ratelimit_init(&limit, 0.1, 1.0, 0);
		take(&limit, 0);
		ac_ratelimit_take(&limit, now, &a);
		ac_ratelimit_return(&limit, now + 1 + now % 97, &a);
		if (limit.n_holes != 0)
			ok(false, "rounding makes no hole, at " INT64_FORMAT, now);
	}

	ac_ratelimit_init(&limit, 1.0, 1.0, 0);
	ac_ratelimit_take(&limit, 0, &a);
	take(&limit, 0);
	ac_ratelimit_return(&limit, 0, &a);
	is_int(take(&limit, 0), 0, "a turn of now goes to who is there now");
}

/* Who was told a time leaves then, or later; never in bunches. */
static void
test_leave(void)
{
	AcRateLimit limit;
	AcRateTicket tickets[4];
	int i;

	ac_ratelimit_init(&limit, 10.0, 1.0, 0);
	for (i = 0; i < 4; i++)
		ac_ratelimit_take(&limit, 0, &tickets[i]);
	is_int(ac_ratelimit_wait(&limit, 0, &tickets[0]), 0, "the first may go");
	ac_ratelimit_leave(&limit, 0, &tickets[0]);
	is_int(ac_ratelimit_wait(&limit, 60, &tickets[1]), 40, "the second waits");
	is_int(ac_ratelimit_wait(&limit, 120, &tickets[1]), 0, "and wakes late");
	ac_ratelimit_leave(&limit, 120, &tickets[1]);
	is_int(ac_ratelimit_wait(&limit, 200, &tickets[2]), 0,
		   "which the third does not have to mind");
	ac_ratelimit_leave(&limit, 200, &tickets[2]);
	ac_ratelimit_init(&limit, 10.0, 1.0, 0);
	for (i = 0; i < 4; i++)
		ac_ratelimit_take(&limit, 0, &tickets[i]);
	for (i = 0; i < 2; i++)
	{
		is_int(ac_ratelimit_wait(&limit, 5000 + i * 75, &tickets[i]), 0,
			   "after a standstill %d leaves", i);
		ac_ratelimit_leave(&limit, 5000 + i * 75, &tickets[i]);
	}
	is_int(ac_ratelimit_wait(&limit, 5075, &tickets[2]), 100,
		   "but not all at once");
}

static void
test_throttled(void)
{
	AcRateLimit limit;
	AcRateTicket a;
	AcRateTicket b;

	ac_ratelimit_init(&limit, 8.0, 4.0, 0);
	ac_ratelimit_throttled(&limit, 5000, 0);
	ok(limit.rate == 4.0, "the rate is halved");
	is_int(ac_ratelimit_blocked(&limit, 1000), 4000, "all wait as told");
	is_int(take(&limit, 1000), 4000, "a request waits too");
	ac_ratelimit_throttled(&limit, -1, 500);
	ok(limit.rate >= 4.0 && limit.rate < 4.5,
	   "a 429 of the same moment does not halve again");
	is_int(ac_ratelimit_blocked(&limit, 1000), 4000, "nor shorten the wait");

	ac_ratelimit_init(&limit, 8.0, 4.0, 0);
	ac_ratelimit_throttled(&limit, -1, 0);
	is_int(take(&limit, 0), 0, "one may leave");
	is_int(take(&limit, 0), 250, "what was saved up is gone");
	take(&limit, 10000);
	ok(limit.rate > 4.7 && limit.rate < 4.9, "a tenth is back after 10 s");
	take(&limit, 51000);
	ok(limit.rate == 8.0, "all is back after 50 s");

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	ac_ratelimit_throttled(&limit, -1, 0);
	ok(limit.rate == AC_RATELIMIT_ASSUMED_RATE / 2, "no limit becomes one");
	take(&limit, 51000);
	ok(limit.rate == 0, "and none again");

	ac_ratelimit_init(&limit, 2.0, 1.0, 0);
	take(&limit, 0);
	ac_ratelimit_take(&limit, 0, &a);
	ac_ratelimit_take(&limit, 0, &b);
	is_int(b.at_ms, 1000, "booked by the rate");
	ac_ratelimit_throttled(&limit, -1, 100);
	/* A second and two, less what is regained meanwhile. */
	is_int(ac_ratelimit_wait(&limit, 500, &a), 596, "booked anew by half of it");
	is_int(ac_ratelimit_wait(&limit, 1000, &b), 1077,
		   "and the next behind it");
	ac_ratelimit_throttled(&limit, 60000, 1100);
	ac_ratelimit_return(&limit, 1100, &b);
	is_int(limit.n_holes, 0, "what is void is not given back");
}

static void
test_floor(void)
{
	AcRateLimit limit;
	int i;

	ac_ratelimit_init(&limit, 64.0, 1.0, 0);
	for (i = 0; i < 20; i++)
		ac_ratelimit_throttled(&limit, -1, i * AC_RATELIMIT_HALVE_INTERVAL_MS);
	ok(limit.rate >= 64.0 * AC_RATELIMIT_FLOOR, "the rate has a floor");
	ok(limit.rate < 3.0, "and gets near it");
}

static AcRateInfo
announce(int known, int64 remaining, int64 reset_ms, int64 window_ms)
{
	AcRateInfo info = {.name = "default"};

	info.known = known;
	info.remaining = remaining;
	info.reset_ms = reset_ms;
	info.window_ms = window_ms;
	return info;
}

static void
test_learn(void)
{
	AcRateLimit limit;
	AcRateTicket ticket;
	AcRateInfo info = announce(AC_RATE_REMAINING | AC_RATE_RESET, 2, 30000, 0);

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	ac_ratelimit_learn(&limit, &info, 0);
	is_int(take(&limit, 0), 0, "one of two remaining");
	is_int(take(&limit, 1000), 0, "two of two remaining");
	is_int(take(&limit, 2000), 28000, "the third waits for the reset");
	is_int(ac_ratelimit_scarcest(&limit, 2000)->remaining, 0, "nothing remains");
	is_int(take(&limit, 30000), 0, "after which none is counted");
	ok(ac_ratelimit_scarcest(&limit, 30000) == NULL, "and nothing is known");

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	info = announce(AC_RATE_REMAINING | AC_RATE_RESET, 5, 30000, 0);
	ac_ratelimit_learn(&limit, &info, 0);
	take(&limit, 0);
	ac_ratelimit_take(&limit, 0, &ticket);
	ac_ratelimit_learn(&limit, &info, 10);
	is_int(limit.quotas[0].remaining, 3, "what is under way stays counted");
	ac_ratelimit_return(&limit, 10, &ticket);
	is_int(limit.quotas[0].remaining, 4, "what was not sent is given back");

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	info = announce(AC_RATE_REMAINING, 0, 0, 0);
	ac_ratelimit_learn(&limit, &info, 0);
	is_int(take(&limit, 0), 0, "nothing remaining until nobody knows when");
	info = announce(AC_RATE_REMAINING | AC_RATE_WINDOW, 0, 0, 60000);
	ac_ratelimit_learn(&limit, &info, 0);
	is_int(take(&limit, 0), 60000, "a short window is waited out");

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	info = announce(AC_RATE_REMAINING | AC_RATE_WINDOW, 0, 0, 86400000);
	ac_ratelimit_learn(&limit, &info, 0);
	is_int(take(&limit, 0), 0, "a day is not, without a reset");
}

/* Several counts side by side: each keeps its own. */
static void
test_quotas(void)
{
	AcRateLimit limit;
	AcRateInfo info = announce(AC_RATE_REMAINING | AC_RATE_RESET, 1, 1000, 0);
	int i;

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	strcpy(info.name, "second");
	ac_ratelimit_learn(&limit, &info, 0);
	strcpy(info.name, "hour");
	info.remaining = 2;
	info.reset_ms = 50000;
	ac_ratelimit_learn(&limit, &info, 0);
	is_int(take(&limit, 0), 0, "both have one left");
	is_int(take(&limit, 0), 1000, "the second is over first");
	is_int(take(&limit, 1000), 49000, "and then the hour, which stayed counted");
	for (i = 0; i < AC_RATELIMIT_QUOTAS; i++)
	{
		snprintf(info.name, sizeof(info.name), "other %d", i);
		info.reset_ms = 60000 + i;
		info.remaining = 100;
		ac_ratelimit_learn(&limit, &info, 1000);
	}
	is_int(take(&limit, 1000), 0, "the one that ends first makes place");
}

/* A bucket that leaks gives back one by one. */
static void
test_leak(void)
{
	AcRateLimit limit;
	AcRateTicket ticket;
	AcRateInfo info = announce(AC_RATE_REMAINING | AC_RATE_RESET | AC_RATE_LIMIT,
							   2, 19000, 0);

	info.limit = 40;
	info.step_ms = 500;
	ac_ratelimit_init(&limit, 0, 1.0, 0);
	ac_ratelimit_learn(&limit, &info, 0);
	is_int(take(&limit, 0), 0, "one left");
	is_int(take(&limit, 0), 0, "another one left");
	is_int(take(&limit, 0), 500, "then one every half second");
	is_int(ac_ratelimit_take(&limit, 0, &ticket), 1000, "and one more");
	ac_ratelimit_return(&limit, 0, &ticket);
	is_int(take(&limit, 0), 1000, "given back");
	is_int(take(&limit, 1000), 500, "time passed counts");
	is_int(take(&limit, 100000), 0, "until it is whole");
}

static void
test_yield(void)
{
	AcRateLimit limit;
	AcRateInfo info = announce(AC_RATE_REMAINING | AC_RATE_RESET | AC_RATE_LIMIT,
							   11, 30000, 0);
	bool reserve;

	ac_ratelimit_init(&limit, 2.0, 1.0, 0);
	is_int(ac_ratelimit_yield(&limit, 0, &reserve), 0, "nobody waits");
	take(&limit, 0);
	is_int(ac_ratelimit_yield(&limit, 0, &reserve), 500, "somebody was here");
	take(&limit, 0);
	is_int(ac_ratelimit_yield(&limit, 0, &reserve), 1000, "somebody waits");
	ok(!reserve, "for his turn");

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	info.limit = 100;
	ac_ratelimit_learn(&limit, &info, 0);
	is_int(ac_ratelimit_yield(&limit, 0, &reserve), 0, "more than a tenth is left");
	is_int(take(&limit, 0), 0, "one less");
	is_int(ac_ratelimit_yield(&limit, 0, &reserve), 30000, "a tenth is reserved");
	ok(reserve, "by the count");
	is_int(take(&limit, 0), 0, "not for those who wait for an answer");
}

static int
by_time(const void *a, const void *b)
{
	int64 ta = *(const int64 *) a;
	int64 tb = *(const int64 *) b;

	return (ta > tb) - (ta < tb);
}

/* Most departures beyond rate * window + burst, over all windows. */
static double
worst_excess(int64 *departures, int n, double rate, double burst)
{
	double worst = -1e9;
	int i;
	int k;

	qsort(departures, n, sizeof(int64), by_time);
	for (i = 0; i < n; i++)
		for (k = i; k < n; k++)
			worst = Max(worst, (k - i + 1) - burst -
								   rate * (double) (departures[k] - departures[i]) / 1000.0);
	return worst;
}

/* A request that waits, and asks again when its wait is over. */
typedef struct Waiter
{
	AcRateTicket ticket;
	int64 due_ms;
	bool waiting;
} Waiter;

/* Lets those leave whose time has come; returns how many departures there are. */
static int
let_leave(AcRateLimit *limit, Waiter *waiters, int asked, int64 now,
		  int64 *departures)
{
	int n = 0;
	int i;

	for (i = 0; i < asked; i++)
	{
		int64 wait_ms;

		if (!waiters[i].waiting || waiters[i].due_ms > now)
			continue;
		wait_ms = ac_ratelimit_wait(limit, now, &waiters[i].ticket);
		waiters[i].due_ms = now + wait_ms;
		if (wait_ms > 0)
			continue;
		ac_ratelimit_leave(limit, now, &waiters[i].ticket);
		waiters[i].waiting = false;
		departures[n++] = now;
	}
	return n;
}

/*
 * One random history: requests in bunches, 429s with and without a wait,
 * givers-up, standstills.  Time goes on by single steps, as it does for real
 * callers.
 */
static double
random_run(uint64 *seed, double rate, double burst)
{
	AcRateLimit limit;
	Waiter waiters[RUN_LENGTH];
	int64 departures[RUN_LENGTH];
	int asked = 0;
	int n = 0;
	int64 now;
	int i;

	ac_ratelimit_init(&limit, rate, burst, 0);
	for (now = 0; now < 60000; now += 1 + tap_random(seed) % 20)
	{
		n += let_leave(&limit, waiters, asked, now, &departures[n]);
		if (tap_random(seed) % 10 == 0)
			for (i = tap_random(seed) % 8; i > 0 && asked < RUN_LENGTH; i--)
			{
				waiters[asked].due_ms = now + ac_ratelimit_take(&limit, now,
																&waiters[asked].ticket);
				waiters[asked++].waiting = true;
			}
		if (tap_random(seed) % 500 == 0)
			ac_ratelimit_throttled(&limit, (int64) (tap_random(seed) % 3000) - 1, now);
		if (tap_random(seed) % 50 == 0 && asked > 0 &&
			waiters[i = tap_random(seed) % asked].waiting)
		{
			waiters[i].waiting = false;
			ac_ratelimit_return(&limit, now, &waiters[i].ticket);
		}
		if (tap_random(seed) % 300 == 0)
			now += tap_random(seed) % 2000;
	}
	return worst_excess(departures, n, rate, burst);
}

/* Lateness is forgiven as far as AC_RATELIMIT_LATENESS_MS has it, not more. */
static void
test_property(void)
{
	uint64 seed = 20240301;
	double worst = -1e9;
	int i;

	diag("seed %llu", (unsigned long long) seed);
	for (i = 0; i < 60; i++)
	{
		double rate = 1.0 + (double) (tap_random(&seed) % 200) / 10.0;
		double burst = 1.0 + (double) (tap_random(&seed) % 10);

		worst = Max(worst, random_run(&seed, rate, burst) -
							   rate * AC_RATELIMIT_LATENESS_MS / 1000.0);
	}
	ok(worst <= 1e-6, "never more than rate * window + burst (worst: %g)", worst);
}

/* The same, exactly: departures at the very times that were told. */
static void
test_property_exact(void)
{
	uint64 seed = 7;
	double worst = -1e9;
	int i;
	int k;

	for (i = 0; i < 100; i++)
	{
		double rate = 0.5 + (double) (tap_random(&seed) % 500) / 10.0;
		double burst = 1.0 + (double) (tap_random(&seed) % 20);
		AcRateLimit limit;
		int64 departures[RUN_LENGTH];
		int64 now = 0;
		int64 last = 0;
		bool fifo = true;

		ac_ratelimit_init(&limit, rate, burst, 0);
		for (k = 0; k < RUN_LENGTH; k++)
		{
			now += tap_random(&seed) % 3 == 0 ? tap_random(&seed) % 2000 : 0;
			departures[k] = now + take(&limit, now);
			fifo = fifo && departures[k] >= last;
			last = departures[k];
		}
		if (!fifo)
			ok(false, "waiters leave in the order in which they asked");
		worst = Max(worst, worst_excess(departures, RUN_LENGTH, rate, burst));
	}
	/* A wait is rounded up to a millisecond, its predecessor's too. */
	ok(worst <= 0.051, "never more than rate * window + burst (worst: %g)", worst);
}

int
main(void)
{
	test_bucket();
	test_configure();
	test_return();
	test_leave();
	test_throttled();
	test_floor();
	test_learn();
	test_quotas();
	test_leak();
	test_yield();
	test_property();
	test_property_exact();
	return done_testing();
}
