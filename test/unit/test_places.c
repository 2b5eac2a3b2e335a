/*
 * test_places.c
 *		Are there never more requests under way than may be, and does everybody
 *		get a turn?
 */
#include "ac.h"

#include "policy/places.h"
#include "tap.h"

#define ENTRIES 16

static char memory[sizeof(AcPlaceTable) + sizeof(AcPlace) * ENTRIES];
static AcPlaceTable *table = (AcPlaceTable *) memory;

/* The process's n-th place, or its line. */
static uint64
who(int process, int n)
{
	return (uint64) process << 32 | (uint64) n;
}

#define LINE(process) who(process, 1000)

static bool
ask(int process, int n, int most, int64 now_ms)
{
	AcPlaceAsk what = {
		.who = who(process, n),
		.line = LINE(process),
		.owner = {1, 2, 3},
		.most = most,
	};

	return ac_places_ask(table, &what, now_ms);
}

static void
test_ceiling(void)
{
	AcPlaceAsk other = {.who = who(9, 1), .line = LINE(9), .owner = {1, 2, 4}, .most = 1};

	ac_places_init(table, ENTRIES);
	ok(ask(1, 1, 2, 0), "the first place");
	ok(ask(2, 1, 2, 0), "the second, of another process");
	ok(!ask(1, 2, 2, 0), "there is no third");
	ok(ac_places_ask(table, &other, 0), "another owner has its own");
	is_int((long long) ac_places_leave(table, who(2, 1), 1), (long long) LINE(1), "the one in line is told");
	ok(ask(1, 2, 2, 1), "and has it");
	is_int((long long) ac_places_leave(table, who(1, 1), 2), 0, "nobody is in line");
	is_int((long long) ac_places_leave(table, who(1, 1), 2), 0, "a place is given back once");
	ok(ask(1, 3, 2, 2), "again");
	ok(ask(2, 4, 3, 2), "a higher ceiling holds at once");
}

static void
test_line(void)
{
	ac_places_init(table, ENTRIES);
	ok(ask(1, 1, 1, 0), "one has it");
	ok(!ask(2, 1, 1, 0), "another one stands in line");
	ok(!ask(3, 1, 1, 0), "and a third");
	is_int((long long) ac_places_leave(table, who(1, 1), 1), (long long) LINE(2), "the first in line is told");
	ok(!ask(1, 2, 1, 1), "who had it stands behind");
	ok(!ask(3, 1, 1, 1), "the third does not push in");
	ok(ask(2, 1, 1, 1), "the second takes it");
	ac_places_leave(table, who(2, 1), 2);
	ok(!ask(2, 2, 1, 2), "and stands behind");
	ok(ask(3, 1, 1, 2), "then the third");
	ac_places_leave(table, who(3, 1), 3);
	ok(ask(1, 2, 1, 3), "then the first again");
	ok(!ask(3, 2, 1, 4), "both others are in line");
	is_int((long long) ac_places_leave(table, who(1, 2), 5), (long long) LINE(2), "as they came");
	is_int((long long) ac_places_leave(table, LINE(2), 5), (long long) LINE(3), "a place in line may be left");
	is_int((long long) ac_places_leave(table, LINE(3), 5), 0, "and the last");
}

static void
test_lapse(void)
{
	int64 later = AC_PLACES_PATIENCE_MS;

	ac_places_init(table, ENTRIES);
	ok(ask(1, 1, 1, 0), "one has it");
	ok(!ask(2, 1, 1, 0), "a second is in line");
	ok(!ask(3, 1, 1, later), "a third, when the second has not come back");
	is_int((long long) ac_places_leave(table, who(1, 1), later), (long long) LINE(3), "it is told in its stead");
	ok(ask(3, 1, 1, later), "and goes before it");

	ac_places_seen(table, 3, AC_PLACES_LAPSE_MS);
	ok(!ask(2, 1, 1, later + AC_PLACES_LAPSE_MS - 1), "a holder that is seen keeps its place");
	ac_places_seen(table, 4, AC_PLACES_LAPSE_MS * 2 - 1);
	ok(!ask(2, 1, 1, AC_PLACES_LAPSE_MS * 2 - 1), "for so long");
	ok(ask(2, 1, 1, AC_PLACES_LAPSE_MS * 2), "one that is not loses it");
	is_int((long long) ac_places_leave(table, who(3, 1), AC_PLACES_LAPSE_MS * 2), 0, "whose end means nothing then");
	ok(!ask(4, 1, 1, AC_PLACES_LAPSE_MS * 2), "the new holder has it");
}

static void
test_full(void)
{
	ac_places_init(table, ENTRIES);
	for (int i = 0; i < ENTRIES; i++)
		ok(ask(1 + i, 1, 64, 0), "place %d", i);
	ok(!ask(99, 1, 64, 0), "what cannot be counted may not go");
	ok(!ask(99, 1, 64, AC_PLACES_LAPSE_MS - 1), "as long as all are in use");
	ok(ask(99, 1, 64, AC_PLACES_LAPSE_MS), "a lapsed one is taken over");
}

/* Many servers' owners could not, but one alone is not to keep others out. */
static void
test_greed(void)
{
	AcPlaceAsk other = {.who = who(50, 1), .line = LINE(50), .owner = {1, 2, 4}, .most = 2};

	ac_places_init(table, ENTRIES);
	for (int i = 0; i < ENTRIES - 1; i++)
		ok(ask(1 + i, 1, 64, 0), "place %d", i);
	ok(!ask(98, 1, ENTRIES - 1, 0), "the last entry is one in line");
	ok(ac_places_ask(table, &other, 1), "another owner goes nevertheless");
	ok(!ask(98, 1, 64, 1), "at the cost of who stood in line");
	other.who = who(50, 2);
	ok(ac_places_ask(table, &other, 1), "and again");
	other.who = who(50, 3);
	ok(!ac_places_ask(table, &other, 1), "as often as it may");
	ok(ac_places_leave(table, who(50, 1), 2) == 0, "it is counted");
	ok(ac_places_ask(table, &other, 2), "as others are");
}

/* Processes that take, hold and give back at random. */
static void
test_random(void)
{
	enum
	{
		PROCESSES = 4,
		MOST = 3,
		STEPS = 20000
	};
	int holds[PROCESSES] = {0};
	int first[PROCESSES] = {0};
	int next[PROCESSES] = {0};
	int got[PROCESSES] = {0};
	uint32 seed = 7;
	int under_way = 0;
	int worst = 0;

	ac_places_init(table, ENTRIES);
	for (int64 now_ms = 0; now_ms < STEPS; now_ms++)
	{
		int process;

		seed = seed * 1103515245 + 12345;
		process = (int) (seed >> 16) % PROCESSES;
		ac_places_seen(table, (uint32) process + 1, now_ms);
		if (holds[process] > 0 && (seed >> 8) % 2 == 0)
		{
			ac_places_leave(table, who(process + 1, 1 + first[process]++ % 999), now_ms);
			holds[process]--;
			under_way--;
		}
		else if (ask(process + 1, 1 + next[process] % 999, MOST, now_ms))
		{
			next[process]++;
			got[process]++;
			holds[process]++;
			under_way++;
		}
		worst = Max(worst, under_way);
	}
	is_int(worst, MOST, "all are used, and no more");
	for (int i = 0; i < PROCESSES; i++)
		ok(got[i] > STEPS / PROCESSES / 8, "process %d had %d", i, got[i]);
}

int
main(void)
{
	test_ceiling();
	test_line();
	test_lapse();
	test_full();
	test_greed();
	test_random();
	return done_testing();
}
