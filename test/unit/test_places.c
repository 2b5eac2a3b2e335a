/*
 * test_places.c
 *		Are there never more requests under way than may be, and does everybody
 *		get a turn?
 */
#include "ac.h"

#include "policy/places.h"
#include "tap.h"

#define ENTRIES 16

static char memory[sizeof(AcPlaceTable) + sizeof(AcPlace) * 48];
static AcPlaceTable *table = (AcPlaceTable *) memory;

/* The process's n-th place, or its line. */
static uint64
who(int process, int n)
{
	return (uint64) process << 32 | (uint64) n;
}

#define LINE(process) who(process, 1000)

static AcPlace *
ask_place(int process, int n, int most, int64 now_ms)
{
	AcPlaceAsk what = {
		.who = who(process, n),
		.line = LINE(process),
		.pid = process,
		.owner = {1, 2, 3},
		.payer = 10,
		.most = most,
	};

	return ac_places_ask(table, &what, now_ms);
}

static bool
ask(int process, int n, int most, int64 now_ms)
{
	return ask_place(process, n, most, now_ms) != NULL;
}

/* Of another role's server. */
static bool
ask_other(int n, int most, int64 now_ms)
{
	AcPlaceAsk what = {
		.who = who(50, n),
		.line = LINE(50),
		.pid = 50,
		.owner = {1, 2, 4},
		.payer = 11,
		.most = most,
	};

	return ac_places_ask(table, &what, now_ms) != NULL;
}

static int
leave(int process, int n, int64 now_ms)
{
	return ac_places_leave(table, who(process, n), now_ms);
}

static void
test_ceiling(void)
{
	ac_places_init(table, ENTRIES);
	ok(ask(1, 1, 2, 0), "the first place");
	ok(ask(2, 1, 2, 0), "the second, of another process");
	ok(!ask(1, 2, 2, 0), "there is no third");
	ok(ask_other(1, 1, 0), "another owner has its own");
	is_int(leave(2, 1, 1), 1, "the one in line is told");
	ok(ask(1, 2, 2, 1), "and has it");
	is_int(leave(1, 1, 2), 0, "nobody is in line");
	is_int(leave(1, 1, 2), 0, "a place is given back once");
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
	is_int(leave(1, 1, 1), 2, "the first in line is told");
	ok(!ask(1, 2, 1, 1), "who had it stands behind");
	ok(!ask(3, 1, 1, 1), "the third does not push in");
	ok(ask(2, 1, 1, 1), "the second takes it");
	leave(2, 1, 2);
	ok(!ask(2, 2, 1, 2), "and stands behind");
	ok(ask(3, 1, 1, 2), "then the third");
	leave(3, 1, 3);
	ok(ask(1, 2, 1, 3), "then the first again");
	ok(!ask(3, 2, 1, 4), "both others are in line");
	is_int(leave(1, 2, 5), 2, "as they came");
	is_int(leave(2, 1000, 5), 3, "a place in line may be left");
	is_int(leave(3, 1000, 5), 0, "and the last");
}

/* A place is its holder's for as long as he wants it. */
static void
test_hold(void)
{
	AcPlace *place;
	int64 later = AC_PLACES_PATIENCE_MS;
	int64 days = INT64CONST(1000) * 86400 * 30;

	ac_places_init(table, ENTRIES);
	place = ask_place(1, 1, 1, 0);
	ok(place != NULL && place->wanted_ms == 0, "one has it, and nobody wants it");
	ok(!ask(2, 1, 1, 7), "a second is in line");
	is_int(place->wanted_ms, 7, "which the holder can see");
	ok(!ask(3, 1, 1, 7 + later), "a third, when the second has not come back");
	ok(!ask(3, 1, 1, days), "however long it takes");
	ac_places_let_go(place);
	ok(ask(3, 1, 1, days), "the holder lets it go");
	is_int(leave(1, 1, days), 0, "once");
	ok(!ask(2, 1, 1, days), "the new holder has it");
	is_int(leave(3, 1, days + 1), 2, "and gives it back");
	ok(ask(2, 1, 1, days + 2), "to who is in line");
}

static void
test_dead(void)
{
	uint32 first;

	ac_places_init(table, ENTRIES);
	first = ac_places_process(table, 1);
	ok(ask(1, 1, 1, 0), "one has it");
	ok(!ask(2, 1, 1, 0), "another one waits");
	ac_places_bury(table, 1);
	ok(ask(2, 1, 1, 1), "until the first is known to be dead");
	ok(!ask(1, 1, 1, 2), "another process of its pid");
	ok(ac_places_process(table, 1) != first, "is another process");
	ok(ac_places_process(table, 2) != 0, "whose pid comes again is dead");
	ok(ask(3, 1, 1, 2), "so that others go");
}

static void
test_hand_over(void)
{
	AcPlace *place;

	ac_places_init(table, ENTRIES);
	place = ask_place(1, 1, 1, 0);
	ok(place == ac_places_hand_over(table, who(1, 1), who(2, 9), 2), "a place goes to another process");
	is_int(leave(1, 1, 1), 0, "and is not the first one's any more");
	ok(!ask(3, 1, 1, 1), "it is held");
	ac_places_bury(table, 1);
	ok(!ask(3, 1, 1, 1), "whatever becomes of the first");
	is_int(leave(2, 9, 2), 3, "the second gives it back");
	ok(ac_places_hand_over(table, who(1, 1), who(2, 9), 2) == NULL, "what is not held is not handed over");
}

static void
test_full(void)
{
	ac_places_init(table, ENTRIES);
	for (int i = 0; i < ENTRIES - ENTRIES / AC_PLACES_KEPT; i++)
		ok(ask(1 + i, 1, 64, 0), "place %d", i);
	for (int i = 0; i < ENTRIES; i++)
		(void) ask(30 + i, 1, 64, 0);
	ok(!ask(99, 1, 64, 1000000), "what cannot be counted may not go");
	is_int(leave(1, 1, 0), 0, "nobody stands in line");
	ok(ask(99, 1, 64, 0), "when there is room");
}

/* One role alone is not to keep others out. */
static void
test_greed(void)
{
	AcLimitOwner owner = {1, 2, 3};
	AcPlaceUse use;

	ac_places_init(table, ENTRIES);
	for (int i = 0; i < ENTRIES * 2; i++)
		(void) ask(1 + i, 1, 64, 0);
	use = ac_places_use(table, &owner, 0);
	is_int(use.taken, ENTRIES - ENTRIES / AC_PLACES_KEPT, "one role alone has most of the table");
	ok(ask_other(1, 8, 0), "another one has room");

	ac_places_init(table, ENTRIES);
	ok(ask_other(1, 8, 0), "one of another role");
	for (int i = 0; i < ENTRIES * 2; i++)
		(void) ask(1 + i, 1, 8, 0);
	use = ac_places_use(table, &owner, 0);
	is_int(use.taken, 8, "the greedy have what they may");
	is_int(use.in_line, ENTRIES - ENTRIES / AC_PLACES_KEPT - 1 - 8, "and stand in line, but not everywhere");
	for (int i = 2; i <= 1 + ENTRIES / AC_PLACES_KEPT; i++)
		ok(ask_other(i, 8, 0), "there is room for the other");
	ok(!ask_other(7, 8, 0), "as much as there is");
	is_int(ac_places_use(table, &owner, AC_PLACES_PATIENCE_MS).in_line, 0, "who does not ask is not in line");
}

/*
 * A game of processes that ask, give back, let go, hand over and die at random,
 * of two roles with a ceiling each.  The model knows who holds what.
 */
enum
{
	PROCESSES = 10,
	HELD = 4, /* by one process at most */
	STEPS = 200000
};

typedef struct Player
{
	uint32 process;
	uint64 next;
	int n;
	uint64 who[HELD];
	AcPlace *places[HELD];
	int64 asked_ms; /* in line since; -1: not */
} Player;

static Player players[PROCESSES];
static const int ceilings[2] = {3, 2};
static uint32 seed;

static uint32
dice(uint32 sides)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 12) % sides;
}

static int
held_by_role(int role)
{
	int count = 0;

	for (int i = role; i < PROCESSES; i += 2)
		count += players[i].n;
	return count;
}

/* A process of that number begins; who had the number before died at once. */
static void
be_born(int i)
{
	Player *player = &players[i];

	player->process = ac_places_process(table, i + 1);
	player->next = 0;
	player->n = 0;
	player->asked_ms = -1;
}

static bool
play_ask(int i, int64 now_ms)
{
	Player *player = &players[i];
	AcPlaceAsk what = {
		.who = (uint64) player->process << 32 | ++player->next,
		.line = (uint64) player->process << 32 | 0x80000000,
		.pid = i + 1,
		.owner = {1, 2, 3 + (Oid) (i % 2)},
		.payer = 10 + (Oid) (i % 2),
		.most = ceilings[i % 2],
	};
	AcPlace *place = ac_places_ask(table, &what, now_ms);

	if (place == NULL)
	{
		player->asked_ms = player->asked_ms < 0 ? now_ms : player->asked_ms;
		return false;
	}
	player->asked_ms = -1;
	player->who[player->n] = what.who;
	player->places[player->n++] = place;
	return true;
}

/* Gives the one up that it has had for longest; or hands it to a neighbour. */
static void
play_end(int i, int64 now_ms)
{
	Player *player = &players[i];
	Player *other = &players[(i + 2) % PROCESSES];
	uint64 given = player->who[0];
	AcPlace *place = player->places[0];

	player->n--;
	memmove(&player->who[0], &player->who[1], sizeof(uint64) * (size_t) player->n);
	memmove(&player->places[0], &player->places[1], sizeof(AcPlace *) * (size_t) player->n);
	if (dice(8) == 0 && other->n < HELD)
	{
		other->who[other->n] = (uint64) other->process << 32 | ++other->next;
		other->places[other->n] =
			ac_places_hand_over(table, given, other->who[other->n], (i + 2) % PROCESSES + 1);
		other->n++;
	}
	else if (dice(4) == 0)
		ac_places_let_go(place);
	else
		(void) ac_places_leave(table, given, now_ms);
}

static void
test_game(uint32 from)
{
	int worst[2] = {0, 0};
	int64 longest_ms = 0;
	int had = 0;
	bool lost = false;

	seed = from;
	ac_places_init(table, 48);
	for (int i = 0; i < PROCESSES; i++)
		be_born(i);
	for (int64 now_ms = 0; now_ms < STEPS; now_ms++)
	{
		int i = (int) dice(PROCESSES);
		Player *player = &players[i];

		if (dice(500) == 0)
			be_born(i);
		else if (player->n > 0 && (player->n == HELD || dice(2) == 0))
			play_end(i, now_ms);
		else if (player->asked_ms >= 0 || dice(3) > 0)
		{
			int64 since_ms = player->asked_ms;

			if (!play_ask(i, now_ms))
				continue;
			had++;
			if (since_ms >= 0)
				longest_ms = Max(longest_ms, now_ms - since_ms);
		}
		for (int role = 0; role < 2; role++)
		{
			AcLimitOwner owner = {1, 2, 3 + (Oid) role};

			worst[role] = Max(worst[role], held_by_role(role));
			lost = lost || ac_places_use(table, &owner, now_ms).taken != held_by_role(role);
		}
	}
	ok(!lost, "game %u: the table knows who holds what, always", from);
	ok(worst[0] == ceilings[0] && worst[1] == ceilings[1], "game %u: all are used, and no more", from);
	ok(had > STEPS / 50, "game %u: %d went", from, had);
	ok(longest_ms < 5000, "game %u: nobody waited for long: " INT64_FORMAT " ms", from, longest_ms);
	/* Nothing sticks: all end, and each can have all. */
	for (int i = 0; i < PROCESSES; i++)
		while (players[i].n > 0)
			play_end(i, STEPS);
	for (int i = 0; i < PROCESSES; i++)
		be_born(i);
	for (int i = 0; i < ceilings[0]; i++)
		ok(play_ask(0, STEPS * 2), "game %u: in the end there is a place", from);
	ok(!play_ask(0, STEPS * 2), "game %u: and no more", from);
}

int
main(void)
{
	test_ceiling();
	test_line();
	test_hold();
	test_dead();
	test_hand_over();
	test_full();
	test_greed();
	for (uint32 i = 1; i <= 5; i++)
		test_game(i);
	return done_testing();
}
