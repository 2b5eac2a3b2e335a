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
#include "policy/share.h"

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

/* Does nobody have it, or does who stands in line not ask any more? */
static bool
is_free(const AcPlace *place, int64 now_ms)
{
	if (place->who == 0)
		return true;
	if (place->taken)
		return place->let_go != 0;
	return now_ms - place->asked_ms >= AC_PLACES_PATIENCE_MS;
}

static AcPlace *
find(AcPlaceTable *places, uint64 who)
{
	for (uint32 i = 0; i < places->n; i++)
		if (places->items[i].who == who)
			return &places->items[i];
	return NULL;
}

/* ---- room in the table ---- */

static uint64
payer_of(const void *table, int i)
{
	const AcPlace *place = &((const AcPlaceTable *) table)->items[i];

	return place->who == 0 ? 0 : (uint64) place->payer + 1;
}

/*
 * A free entry for the payer; NULL: none that is his.  One alone may have the
 * greater part of the table; what is left is for those who have little.
 */
static AcPlace *
find_room(AcPlaceTable *places, Oid payer, int64 now_ms)
{
	AcShareView view = {.table = places, .n = (int) places->n, .payer_of = payer_of};
	AcPlace *found = NULL;
	uint32 room = 0;

	for (uint32 i = 0; i < places->n; i++)
	{
		if (!is_free(&places->items[i], now_ms))
			continue;
		found = &places->items[i];
		room++;
	}
	if (room * AC_PLACES_KEPT > places->n || room == 0)
		return found;
	/* As if there were one more. */
	if (ac_share_count(&view, (uint64) payer + 1) <
		ac_share_of_each(&view, PG_UINT64_MAX))
		return found;
	return NULL;
}

/* ---- asking ---- */

/* Places of the owner that are taken, or stand in line before number. */
static int
count_before(const AcPlaceTable *places, const AcLimitOwner *owner,
			 uint64 number, int64 now_ms)
{
	int count = 0;

	for (uint32 i = 0; i < places->n; i++)
	{
		const AcPlace *place = &places->items[i];

		if (same_owner(&place->owner, owner) && !is_free(place, now_ms))
			count += place->taken || place->number < number;
	}
	return count;
}

/* Those who have the owner's places see that they are wanted. */
static void
want(AcPlaceTable *places, const AcLimitOwner *owner, int64 now_ms)
{
	for (uint32 i = 0; i < places->n; i++)
		if (places->items[i].taken && same_owner(&places->items[i].owner, owner))
			places->items[i].wanted_ms = now_ms;
}

uint32
ac_places_process(AcPlaceTable *places, int pid)
{
	ac_places_bury(places, pid);
	if (++places->last_process == 0)
		places->last_process = 1;
	return places->last_process;
}

AcPlace *
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
		place = find_room(places, ask->payer, now_ms);
		if (place == NULL)
			return NULL;
		memset(place, 0, sizeof(*place));
		place->owner = ask->owner;
		place->payer = ask->payer;
		place->pid = ask->pid;
		place->number = ++places->last_number;
	}
	place->taken = before < ask->most;
	place->who = place->taken ? ask->who : ask->line;
	place->asked_ms = now_ms;
	if (place->taken)
		return place;
	want(places, &ask->owner, now_ms);
	return NULL;
}

/* ---- giving back ---- */

/* Who of the owner stands first in line; NULL: nobody. */
static const AcPlace *
first_in_line(const AcPlaceTable *places, const AcLimitOwner *owner, int64 now_ms)
{
	const AcPlace *first = NULL;

	for (uint32 i = 0; i < places->n; i++)
	{
		const AcPlace *place = &places->items[i];

		if (!place->taken && same_owner(&place->owner, owner) &&
			!is_free(place, now_ms) &&
			(first == NULL || place->number < first->number))
			first = place;
	}
	return first;
}

int
ac_places_leave(AcPlaceTable *places, uint64 who, int64 now_ms)
{
	AcPlace *place = find(places, who);
	const AcPlace *next;

	if (place == NULL)
		return 0;
	place->who = 0;
	next = first_in_line(places, &place->owner, now_ms);
	return next == NULL || next->pid == place->pid ? 0 : next->pid;
}

void
ac_places_let_go(AcPlace *place)
{
	Assert(place->taken);
	place->let_go = 1;
}

AcPlace *
ac_places_hand_over(AcPlaceTable *places, uint64 from, uint64 to, int pid)
{
	AcPlace *place = find(places, from);

	if (place == NULL || !place->taken || place->let_go != 0)
		return NULL;
	place->who = to;
	place->pid = pid;
	return place;
}

void
ac_places_bury(AcPlaceTable *places, int pid)
{
	for (uint32 i = 0; i < places->n; i++)
		if (places->items[i].who != 0 && places->items[i].pid == pid)
			places->items[i].who = 0;
}

/* ---- for people ---- */

AcPlaceUse
ac_places_use(const AcPlaceTable *places, const AcLimitOwner *owner,
			  int64 now_ms)
{
	AcPlaceUse use = {0};

	for (uint32 i = 0; i < places->n; i++)
	{
		const AcPlace *place = &places->items[i];

		if (!same_owner(&place->owner, owner) || is_free(place, now_ms))
			continue;
		use.taken += place->taken;
		use.in_line += !place->taken;
	}
	return use;
}
