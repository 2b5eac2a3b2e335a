/*
 * test_breaker.c
 *		Does the breaker open when it should, and let one try?
 */
#include "ac.h"

#include "policy/breaker.h"
#include "tap.h"

/* A call of endpoint that ended so; who it was is no matter. */
static void
tell(AcBreaker *breaker, uint16 endpoint, AcHealth health, int64 now_ms)
{
	AcBreakerCall call = {.endpoint = endpoint, .health = health};

	ac_breaker_tell(breaker, 999, call, now_ms);
}

static void
tell_times(AcBreaker *breaker, int times, uint16 endpoint, AcHealth health)
{
	for (int i = 0; i < times; i++)
		tell(breaker, endpoint, health, 0);
}

static const char *
state(const AcBreaker *breaker)
{
	return ac_breaker_state_name(breaker->state);
}

static void
test_trip(void)
{
	AcBreaker breaker;

	ac_breaker_init(&breaker, false);
	tell_times(&breaker, 4, 1, AC_HEALTH_BAD);
	is_str(state(&breaker), "closed", "four failures say nothing yet");
	is_int(ac_breaker_refuses(&breaker, 0), 0, "nobody is refused");
	tell_times(&breaker, 1, 1, AC_HEALTH_BAD);
	is_str(state(&breaker), "open", "five do");
	is_int(ac_breaker_failures(&breaker), 5, "they are counted");
	is_int(ac_breaker_refuses(&breaker, 1000), 29000, "for half a minute");

	ac_breaker_init(&breaker, false);
	tell_times(&breaker, 6, 1, AC_HEALTH_GOOD);
	tell_times(&breaker, 5, 1, AC_HEALTH_BAD);
	is_str(state(&breaker), "closed", "5 of 11 are less than half");
	tell_times(&breaker, 1, 1, AC_HEALTH_BAD);
	is_str(state(&breaker), "open", "6 of 12 are not");

	ac_breaker_init(&breaker, false);
	tell_times(&breaker, 100, 1, AC_HEALTH_GOOD);
	tell_times(&breaker, 9, 1, AC_HEALTH_BAD);
	is_str(state(&breaker), "closed", "9 of the last 20");
	tell_times(&breaker, 10, 1, AC_HEALTH_UNKNOWN);
	is_str(state(&breaker), "closed", "what tells nothing does not count");
	tell_times(&breaker, 10, 1, AC_HEALTH_TRYING);
	is_str(state(&breaker), "closed", "nor does what may still end well");
	tell_times(&breaker, 1, 1, AC_HEALTH_BAD_HOST);
	is_str(state(&breaker), "open", "10 of the last 20");
	tell(&breaker, 1, AC_HEALTH_GOOD, 10);
	is_str(state(&breaker), "open", "what was sent before is no news");
}

static void
test_probe(void)
{
	AcBreaker breaker;
	AcBreakerCall good = {.health = AC_HEALTH_GOOD};
	AcBreakerCall bad = {.health = AC_HEALTH_BAD};

	ac_breaker_init(&breaker, false);
	tell_times(&breaker, 5, 1, AC_HEALTH_BAD);
	is_int(ac_breaker_refuses(&breaker, 29999), 1, "refused to the end");
	is_int(ac_breaker_refuses(&breaker, 30000), 0, "then one may try");
	ac_breaker_enter(&breaker, 7, 30000);
	is_str(state(&breaker), "half_open", "it does");
	is_int(ac_breaker_refuses(&breaker, 30001), 59999, "nobody else may");
	ac_breaker_tell(&breaker, 8, good, 30002);
	is_str(state(&breaker), "half_open", "the answer to an older call is no news");
	ac_breaker_tell(&breaker, 7, bad, 31000);
	is_str(state(&breaker), "open", "it failed again");
	is_int(ac_breaker_refuses(&breaker, 31000), 60000, "twice as long");

	ac_breaker_enter(&breaker, 20, 91000);
	ac_breaker_tell(&breaker, 20, (AcBreakerCall){.health = AC_HEALTH_TRYING}, 91000);
	is_int(ac_breaker_refuses(&breaker, 91000), 120000,
		   "who tries has one attempt");
	ac_breaker_init(&breaker, false);
	tell_times(&breaker, 5, 1, AC_HEALTH_BAD);
	ac_breaker_enter(&breaker, 9, 91000);
	ac_breaker_abandon(&breaker, 8);
	ok(ac_breaker_refuses(&breaker, 91001) > 0, "another one's end is nothing");
	ac_breaker_abandon(&breaker, 9);
	is_int(ac_breaker_refuses(&breaker, 91001), 0, "a probe given up: the next may try");
	ac_breaker_enter(&breaker, 10, 91001);
	is_int(ac_breaker_refuses(&breaker, 91001 + AC_BREAKER_PROBE_MS), 0,
		   "a probe lost: the next may try, too");
	ac_breaker_enter(&breaker, 11, 91001 + AC_BREAKER_PROBE_MS);
	ac_breaker_tell(&breaker, 10, good, 160000);
	is_str(state(&breaker), "half_open", "the lost one comes too late");
	ac_breaker_tell(&breaker, 11, good, 160000);
	is_str(state(&breaker), "closed", "it is well");
	is_int(ac_breaker_failures(&breaker), 0, "what was is forgotten");
	tell_times(&breaker, 5, 1, AC_HEALTH_BAD);
	is_int(ac_breaker_refuses(&breaker, 0), AC_BREAKER_OPEN_MS, "and it begins at half a minute");
}

static void
test_longest(void)
{
	AcBreaker breaker;
	AcBreakerCall bad = {.health = AC_HEALTH_BAD};
	int64 now_ms = 0;

	ac_breaker_init(&breaker, false);
	tell_times(&breaker, 5, 1, AC_HEALTH_BAD);
	for (int i = 0; i < 10; i++)
	{
		now_ms += ac_breaker_refuses(&breaker, now_ms);
		ac_breaker_enter(&breaker, 1, now_ms);
		ac_breaker_tell(&breaker, 1, bad, now_ms);
	}
	is_int(ac_breaker_refuses(&breaker, now_ms), AC_BREAKER_MAX_OPEN_MS,
		   "never longer than a quarter of an hour");
}

static void
test_host(void)
{
	AcBreaker breaker;

	ac_breaker_init(&breaker, true);
	tell_times(&breaker, 20, 1, AC_HEALTH_BAD);
	is_str(state(&breaker), "closed", "one endpoint may fail as it likes");
	tell_times(&breaker, 4, 2, AC_HEALTH_BAD);
	is_str(state(&breaker), "closed", "four failures of others say nothing yet");
	tell_times(&breaker, 1, 3, AC_HEALTH_BAD);
	is_str(state(&breaker), "open", "five do");

	ac_breaker_init(&breaker, true);
	tell_times(&breaker, 10, 1, AC_HEALTH_BAD);
	tell_times(&breaker, 4, 2, AC_HEALTH_GOOD);
	tell_times(&breaker, 4, 3, AC_HEALTH_BAD);
	is_str(state(&breaker), "open", "half of the others' calls failed");

	ac_breaker_init(&breaker, true);
	tell_times(&breaker, 10, 1, AC_HEALTH_BAD);
	tell_times(&breaker, 6, 2, AC_HEALTH_GOOD);
	tell_times(&breaker, 4, 3, AC_HEALTH_BAD);
	is_str(state(&breaker), "closed", "less than half did");

	ac_breaker_init(&breaker, true);
	tell_times(&breaker, 5, 1, AC_HEALTH_BAD_HOST);
	is_str(state(&breaker), "open", "a host that cannot be reached is no endpoint's fault");
}

/*
 * Random histories: it is never open for longer than it may be, lets only one
 * try at a time, and somebody may always try in the end.
 */
static void
test_random(void)
{
	uint64 seed = 20261127;
	AcBreaker breaker;
	uint64 probe = 0;
	int64 now_ms = 0;
	bool sound = true;

	diag("seed %llu", (unsigned long long) seed);
	ac_breaker_init(&breaker, true);
	for (uint64 who = 1; who < 20000; who++)
	{
		AcBreakerCall call = {
			.endpoint = (uint16) (tap_random(&seed) % 3),
			.health = (uint8) (tap_random(&seed) % 5),
		};
		int64 wait_ms;

		now_ms += (int64) (tap_random(&seed) % 5000);
		wait_ms = ac_breaker_refuses(&breaker, now_ms);
		sound = sound && wait_ms >= 0 && wait_ms <= AC_BREAKER_MAX_OPEN_MS;
		if (wait_ms == 0)
		{
			ac_breaker_enter(&breaker, who, now_ms);
			probe = who;
		}
		if (tap_random(&seed) % 2 == 0)
			ac_breaker_tell(&breaker, probe == 0 ? who : probe, call, now_ms);
		else if (tap_random(&seed) % 4 == 0)
			ac_breaker_abandon(&breaker, probe);
		sound = sound && (breaker.state == AC_BREAKER_HALF_OPEN || breaker.probe == 0);
	}
	ok(sound, "random histories keep to the rules");
}

int
main(void)
{
	test_trip();
	test_probe();
	test_longest();
	test_host();
	test_random();
	return done_testing();
}
