/*
 * places.c
 *		Who may have a request under way, where only so many may at once?
 *		See places.h.
 *
 * Each call looks at all entries: some hundreds, which is some microseconds,
 * and no list has to be kept right over processes that come and go.
 */
#include "ac.h"

#include "policy/places.h"

Size
ac_places_size(int n)
{
	return offsetof(AcPlaceTable, items) + sizeof(AcPlace) * n;
}

void
ac_places_init(AcPlaceTable *places, int n)
{
	memset(places, 0, ac_places_size(n));
	places->n = (uint32) n;
}

static bool
same_owner(const AcLimitOwner *a, const AcLimitOwner *b)
{
	return a->dbid == b->dbid && a->serverid == b->serverid &&
		   a->userid == b->userid;
}

/* Its holder is thought gone, or it stands in line and does not ask. */
static bool
has_lapsed(const AcPlace *place, int64 now_ms)
{
	return now_ms - place->seen_ms >=
		   (place->taken ? AC_PLACES_LAPSE_MS : AC_PLACES_PATIENCE_MS);
}

static AcPlace *
find(AcPlaceTable *places, uint64 who)
{
	for (uint32 i = 0; i < places->n; i++)
		if (places->items[i].who == who)
			return &places->items[i];
	return NULL;
}

/* A free entry, or one that nobody looks after; NULL: none. */
static AcPlace *
find_free(AcPlaceTable *places, int64 now_ms)
{
	AcPlace *lapsed = NULL;

	for (uint32 i = 0; i < places->n; i++)
	{
		AcPlace *place = &places->items[i];

		if (place->who == 0)
			return place;
		if (lapsed == NULL && has_lapsed(place, now_ms))
			lapsed = place;
	}
	return lapsed;
}

static int
count_entries(const AcPlaceTable *places, const AcLimitOwner *owner)
{
	int count = 0;

	for (uint32 i = 0; i < places->n; i++)
		count += same_owner(&places->items[i].owner, owner);
	return count;
}

/*
 * Of a full table: an entry of the owner who has the most, if those are more
 * than the asker would have, so that nobody keeps all others from going.  One
 * in line asks again anyway; a request under way is not counted any more.
 */
static AcPlace *
find_surplus(AcPlaceTable *places, const AcLimitOwner *asker)
{
	AcPlace *found = NULL;
	int most = count_entries(places, asker) + 1;

	for (uint32 i = 0; i < places->n; i++)
	{
		AcPlace *place = &places->items[i];
		bool richest = found != NULL && same_owner(&place->owner, &found->owner);
		int count = richest ? most : count_entries(places, &place->owner);

		if (count > most || (richest && found->taken && !place->taken))
			found = place;
		most = Max(most, count);
	}
	return found;
}

/* Places of the owner that are taken, or stand in line before number. */
static int
count_before(const AcPlaceTable *places, const AcLimitOwner *owner,
			 uint64 number, int64 now_ms)
{
	int count = 0;

	for (uint32 i = 0; i < places->n; i++)
	{
		const AcPlace *place = &places->items[i];

		if (place->who != 0 && same_owner(&place->owner, owner) &&
			!has_lapsed(place, now_ms))
			count += place->taken || place->number < number;
	}
	return count;
}

bool
ac_places_ask(AcPlaceTable *places, const AcPlaceAsk *ask, int64 now_ms)
{
	AcPlace *place = find(places, ask->line);
	int before;

	Assert(ask->who != 0 && ask->line != 0 && ask->who != ask->line);
	before = count_before(places, &ask->owner,
						  place == NULL ? places->last_number + 1
										: place->number,
						  now_ms);
	if (place == NULL)
	{
		/* Without one it is not counted, and so may not go. */
		place = find_free(places, now_ms);
		if (place == NULL)
			place = find_surplus(places, &ask->owner);
		if (place == NULL)
			return false;
		place->owner = ask->owner;
		place->number = ++places->last_number;
	}
	place->taken = before < ask->most;
	place->who = place->taken ? ask->who : ask->line;
	place->seen_ms = now_ms;
	return place->taken;
}

/* Who of the owner stands first in line. */
static uint64
first_in_line(const AcPlaceTable *places, const AcLimitOwner *owner, int64 now_ms)
{
	const AcPlace *first = NULL;

	for (uint32 i = 0; i < places->n; i++)
	{
		const AcPlace *place = &places->items[i];

		if (place->who != 0 && !place->taken &&
			same_owner(&place->owner, owner) && !has_lapsed(place, now_ms) &&
			(first == NULL || place->number < first->number))
			first = place;
	}
	return first == NULL ? 0 : first->who;
}

uint64
ac_places_leave(AcPlaceTable *places, uint64 who, int64 now_ms)
{
	AcPlace *place = find(places, who);
	uint64 next;

	if (place == NULL)
		return 0;
	place->who = 0;
	next = first_in_line(places, &place->owner, now_ms);
	return next >> 32 == who >> 32 ? 0 : next;
}

void
ac_places_seen(AcPlaceTable *places, uint32 process, int64 now_ms)
{
	for (uint32 i = 0; i < places->n; i++)
		if (places->items[i].taken && places->items[i].who >> 32 == process)
			places->items[i].seen_ms = now_ms;
}
