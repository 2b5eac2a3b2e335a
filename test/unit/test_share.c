/*
 * test_share.c
 *		Does nobody lose what is within his share?
 */
#include "ac.h"

#include "policy/share.h"
#include "tap.h"

#define ENTRIES 24
#define PAYERS 6

static uint64 payers[ENTRIES];

static uint64
payer_of(const void *table, int i)
{
	return ((const uint64 *) table)[i];
}

static const AcShareView view = {.table = payers, .n = ENTRIES, .payer_of = payer_of};

/* So many entries for each of 1, 2, ...; the rest is free. */
static void
fill(int n, const int *counts)
{
	int at = 0;

	memset(payers, 0, sizeof(payers));
	for (int i = 0; i < n; i++)
		for (int j = 0; j < counts[i]; j++)
			payers[at++] = (uint64) i + 1;
}

static void
test_loser(void)
{
	fill(1, (int[]){24});
	is_int((long long) ac_share_of_each(&view, 1), 24, "who is alone may have all");
	is_int((long long) ac_share_loser(&view, 1), 1, "and replaces his own");
	is_int((long long) ac_share_of_each(&view, 2), 12, "another one halves that");
	is_int((long long) ac_share_loser(&view, 2), 1, "and has it from him");
	fill(2, (int[]){12, 12});
	is_int((long long) ac_share_loser(&view, 1), 1, "who has his share loses his own");
	is_int((long long) ac_share_loser(&view, 2), 2, "and so does the other");
	fill(3, (int[]){4, 5, 15});
	is_int((long long) ac_share_loser(&view, 1), 3, "who is above loses to who is below");
	is_int((long long) ac_share_loser(&view, 4), 3, "and to a new one");
	is_int((long long) ac_share_loser(&view, 3), 3, "and to himself");
	fill(0, NULL);
	is_int((long long) ac_share_loser(&view, 1), 0, "an empty table has no loser");
	for (int i = 0; i < ENTRIES; i++)
		payers[i] = (uint64) i + 1;
	is_int((long long) ac_share_of_each(&view, 99), 1, "there is always something to share");
	is_int((long long) ac_share_loser(&view, 5), 5, "one entry each: nobody loses to others");
	ok(ac_share_loser(&view, 99) != 0, "a new one gets in nevertheless");
}

/* Payers that want ever more, at random: nobody falls below his share. */
static void
test_random(void)
{
	uint32 seed = 11;
	int robbed = 0;

	memset(payers, 0, sizeof(payers));
	for (int step = 0; step < 20000; step++)
	{
		uint64 asker;
		uint64 loser;
		int at = 0;

		seed = seed * 1103515245 + 12345;
		/* The first asks as often as all others together. */
		asker = (seed >> 16) % 2 == 0 ? 1 : 1 + (seed >> 17) % PAYERS;
		while (at < ENTRIES && payers[at] != 0)
			at++;
		if (at == ENTRIES)
		{
			int share = ac_share_of_each(&view, asker);

			loser = ac_share_loser(&view, asker);
			robbed += loser != asker && ac_share_count(&view, loser) <= share;
			for (at = 0; payers[at] != loser; at++)
				;
		}
		payers[at] = asker;
	}
	is_int(robbed, 0, "nobody lost what was within his share");
	for (int i = 1; i <= PAYERS; i++)
		is_int(ac_share_count(&view, (uint64) i), ENTRIES / PAYERS, "payer %d has his share", i);
}

int
main(void)
{
	test_loser();
	test_random();
	return done_testing();
}
