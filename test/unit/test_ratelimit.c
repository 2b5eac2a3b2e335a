/*
 * test_ratelimit.c
 *		Does the limiter keep to its rate, whatever happens?
 */
#include "ac.h"

#include "policy/ratelimit.h"
#include "tap.h"

/* Requests of one run of the property test. */
#define RUN_LENGTH 400

static void
test_bucket(void)
{
	AcRateLimit limit;
	int i;

	ac_ratelimit_init(&limit, 2.0, 3.0, 1000);
	for (i = 0; i < 3; i++)
		is_int(ac_ratelimit_take(&limit, 1000), 0, "burst %d", i);
	is_int(ac_ratelimit_take(&limit, 1000), 500, "the next waits its interval");
	is_int(ac_ratelimit_take(&limit, 1000), 1000, "and the next one more");
	is_int(ac_ratelimit_take(&limit, 1250), 1250, "time passed counts");
	is_int(ac_ratelimit_take(&limit, 500), 2500, "a clock that steps back stands still");
	is_int(ac_ratelimit_take(&limit, 60000), 0, "all is forgotten");
	is_int(ac_ratelimit_take(&limit, 60000), 0, "the bucket is full");
	is_int(ac_ratelimit_take(&limit, 60000), 0, "again");
	is_int(ac_ratelimit_take(&limit, 60000), 500, "but not fuller than full");

	ac_ratelimit_init(&limit, 0, 0, 0);
	for (i = 0; i < 1000; i++)
		if (ac_ratelimit_take(&limit, 0) != 0)
			break;
	is_int(i, 1000, "rate 0 is no limit");

	ac_ratelimit_init(&limit, 1.0, 0.0, 0);
	is_int(ac_ratelimit_take(&limit, 0), 0, "burst is at least 1");
}

static void
test_return(void)
{
	AcRateLimit limit;

	ac_ratelimit_init(&limit, 1.0, 1.0, 0);
	is_int(ac_ratelimit_take(&limit, 0), 0, "taken");
	ac_ratelimit_return(&limit, 0);
	is_int(ac_ratelimit_take(&limit, 0), 0, "given back, taken again");
	is_int(ac_ratelimit_take(&limit, 0), 1000, "somebody waits");
	ac_ratelimit_return(&limit, 0);
	is_int(ac_ratelimit_take(&limit, 0), 2000, "while somebody waits nothing comes back");
	ac_ratelimit_init(&limit, 1.0, 1.0, 0);
	ac_ratelimit_return(&limit, 0);
	ac_ratelimit_take(&limit, 0);
	is_int(ac_ratelimit_take(&limit, 0), 1000, "a return does not overfill");
}

static void
test_throttled(void)
{
	AcRateLimit limit;

	ac_ratelimit_init(&limit, 8.0, 4.0, 0);
	ac_ratelimit_throttled(&limit, 5000, 0);
	ok(limit.rate == 4.0, "the rate is halved");
	is_int(ac_ratelimit_blocked(&limit, 1000), 4000, "all wait as told");
	is_int(ac_ratelimit_take(&limit, 1000), 4000, "a request waits too");
	ac_ratelimit_throttled(&limit, -1, 500);
	ok(limit.rate >= 4.0 && limit.rate < 4.5,
	   "a 429 of the same moment does not halve again");
	is_int(ac_ratelimit_blocked(&limit, 1000), 4000, "nor shorten the wait");

	ac_ratelimit_init(&limit, 8.0, 4.0, 0);
	ac_ratelimit_throttled(&limit, -1, 0);
	is_int(ac_ratelimit_take(&limit, 0), 0, "one may leave");
	is_int(ac_ratelimit_take(&limit, 0), 250, "what was saved up is gone");
	ac_ratelimit_take(&limit, 10000);
	ok(limit.rate > 4.7 && limit.rate < 4.9, "a tenth is back after 10 s");
	ac_ratelimit_take(&limit, 51000);
	ok(limit.rate == 8.0, "all is back after 50 s");

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	ac_ratelimit_throttled(&limit, -1, 0);
	ok(limit.rate == AC_RATELIMIT_ASSUMED_RATE / 2, "no limit becomes one");
	ac_ratelimit_take(&limit, 51000);
	ok(limit.rate == 0, "and none again");
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

static AcRateInfoList
announce(int known, int64 remaining, int64 reset_ms, int64 window_ms)
{
	AcRateInfoList list = {0};

	list.count = 1;
	list.items[0].known = known;
	list.items[0].remaining = remaining;
	list.items[0].reset_ms = reset_ms;
	list.items[0].window_ms = window_ms;
	return list;
}

static void
test_learn(void)
{
	AcRateLimit limit;
	AcRateInfoList list = announce(AC_RATE_REMAINING | AC_RATE_RESET, 2, 30000, 0);

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	ac_ratelimit_learn(&limit, &list, 0);
	is_int(ac_ratelimit_take(&limit, 0), 0, "one of two remaining");
	is_int(ac_ratelimit_take(&limit, 1000), 0, "two of two remaining");
	is_int(ac_ratelimit_take(&limit, 2000), 28000, "the third waits for the reset");
	is_int(ac_ratelimit_take(&limit, 30000), 0, "after which none is counted");

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	list = announce(AC_RATE_REMAINING | AC_RATE_RESET, 5, 30000, 0);
	ac_ratelimit_learn(&limit, &list, 0);
	ac_ratelimit_take(&limit, 0);
	ac_ratelimit_take(&limit, 0);
	ac_ratelimit_learn(&limit, &list, 10);
	is_int(limit.quota, 3, "what is under way stays counted");
	ac_ratelimit_return(&limit, 10);
	is_int(limit.quota, 4, "what was not sent is given back");

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	list = announce(AC_RATE_REMAINING, 0, 0, 0);
	ac_ratelimit_learn(&limit, &list, 0);
	is_int(ac_ratelimit_take(&limit, 0), 0, "nothing remaining until nobody knows when");
	list = announce(AC_RATE_REMAINING | AC_RATE_WINDOW, 0, 0, 60000);
	ac_ratelimit_learn(&limit, &list, 0);
	is_int(ac_ratelimit_take(&limit, 0), 60000, "a short window is waited out");

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	list = announce(AC_RATE_REMAINING | AC_RATE_WINDOW, 0, 0, 86400000);
	ac_ratelimit_learn(&limit, &list, 0);
	is_int(ac_ratelimit_take(&limit, 0), 0, "a day is not, without a reset");

	ac_ratelimit_init(&limit, 0, 1.0, 0);
	list = announce(AC_RATE_REMAINING | AC_RATE_RESET, 0, 5000, 0);
	list.items[1] = list.items[0];
	list.items[1].reset_ms = 9000;
	list.items[2] = list.items[0];
	list.items[2].remaining = 100;
	list.items[2].reset_ms = 90000;
	list.count = 3;
	ac_ratelimit_learn(&limit, &list, 0);
	is_int(ac_ratelimit_take(&limit, 0), 9000, "of several the longest wait rules");
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
	int64 due_ms;
	bool waiting;
} Waiter;

/*
 * One random history: requests in bunches, 429s with and without a wait,
 * givers-up.  Time goes on by single steps, as it does for real callers.
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
		for (i = 0; i < asked; i++)
		{
			if (!waiters[i].waiting || waiters[i].due_ms > now)
				continue;
			if (ac_ratelimit_blocked(&limit, now) > 0)
				waiters[i].due_ms = now + ac_ratelimit_take(&limit, now);
			else
			{
				waiters[i].waiting = false;
				departures[n++] = now;
			}
		}
		if (tap_random(seed) % 10 == 0)
			for (i = tap_random(seed) % 8; i > 0 && asked < RUN_LENGTH; i--)
			{
				waiters[asked].due_ms = now + ac_ratelimit_take(&limit, now);
				waiters[asked++].waiting = true;
			}
		if (tap_random(seed) % 500 == 0)
			ac_ratelimit_throttled(&limit, (int64) (tap_random(seed) % 3000) - 1, now);
		if (tap_random(seed) % 50 == 0 && asked > 0 &&
			waiters[i = tap_random(seed) % asked].waiting)
		{
			waiters[i].waiting = false;
			ac_ratelimit_return(&limit, now);
		}
	}
	return worst_excess(departures, n, rate, burst);
}

/*
 * Waiters look at steps of up to 20 ms, so that one may leave that much late
 * and come nearer to its successor: allowance for it is rate * step.
 */
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

		worst = Max(worst, random_run(&seed, rate, burst) - rate * 0.020);
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
			departures[k] = now + ac_ratelimit_take(&limit, now);
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
	test_return();
	test_throttled();
	test_floor();
	test_learn();
	test_property();
	test_property_exact();
	return done_testing();
}
