/*
 * share.c
 *		Who has to give something up when a table is full?  See share.h.
 *
 * Those who ask hold the lock of the table, which everybody's requests need,
 * and a role with many servers makes every request ask.  So payers are counted
 * in one turn over the entries and a sort: comparing each entry with all others
 * took some milliseconds where each was another payer's.
 */
#include "ac.h"

#include "policy/share.h"

int
ac_share_count(const AcShareView *view, uint64 payer)
{
	int count = 0;

	for (int i = 0; i < view->n; i++)
		count += view->payer_of(view->table, i) == payer;
	return count;
}

/* Whose the entries are, those of one payer beside each other. */
typedef struct Payers
{
	int n;
	uint64 of[AC_SHARE_ENTRIES];
} Payers;

static int
compare_payers(const void *a, const void *b)
{
	uint64 x = *(const uint64 *) a;
	uint64 y = *(const uint64 *) b;

	return x < y ? -1 : x > y;
}

/* Entries that are nobody's are left out. */
static void
gather(const AcShareView *view, Payers *payers)
{
	Assert(view->n <= AC_SHARE_ENTRIES);
	payers->n = 0;
	for (int i = 0; i < Min(view->n, AC_SHARE_ENTRIES); i++)
	{
		uint64 payer = view->payer_of(view->table, i);

		if (payer != 0)
			payers->of[payers->n++] = payer;
	}
	qsort(payers->of, payers->n, sizeof(uint64), compare_payers);
}

/* Entries of the payer whose first one is number i. */
static int
count_from(const Payers *payers, int i)
{
	int n = 1;

	while (i + n < payers->n && payers->of[i + n] == payers->of[i])
		n++;
	return n;
}

static int
share_of_each(const AcShareView *view, const Payers *payers, uint64 asker)
{
	int n = 1;

	for (int i = 0; i < payers->n; i += count_from(payers, i))
		n += payers->of[i] != asker;
	return Max(view->n / n, 1);
}

int
ac_share_of_each(const AcShareView *view, uint64 asker)
{
	Payers payers;

	gather(view, &payers);
	return share_of_each(view, &payers, asker);
}

/* Who has the most, the asker left out; 0: nobody else has any. */
static uint64
richest(const Payers *payers, uint64 asker)
{
	uint64 found = 0;
	int most = 0;
	int n;

	for (int i = 0; i < payers->n; i += n)
	{
		n = count_from(payers, i);
		if (payers->of[i] == asker || n <= most)
			continue;
		most = n;
		found = payers->of[i];
	}
	return found;
}

uint64
ac_share_loser(const AcShareView *view, uint64 asker)
{
	int own = ac_share_count(view, asker);
	Payers payers;
	uint64 other;

	gather(view, &payers);
	if (own >= share_of_each(view, &payers, asker))
		return asker;
	other = richest(&payers, asker);
	return other != 0 || own == 0 ? other : asker;
}
