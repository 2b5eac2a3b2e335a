/*
 * tokenseat.c
 *		How many workers may renew tokens at once, and how many of them for one
 *		role?  See tokenseat.h.
 */
#include "ac.h"

#include "miscadmin.h"
#include "pg/shmem.h"
#include "pg/tokenseat.h"

/*
 * Half of all background workers: parallel queries, logical replication and
 * the watch want some, too.  And half of those for one role, so that none
 * keeps all others from theirs.
 */
#define MIN_OF_ALL 2
#define MIN_OF_ROLE 1

/* Lines of connections are numbered from below (net/traffic). */
#define LAST_LINE UINT32_C(0x7fffffff)

static int
most_of_all(void)
{
	return Max(max_worker_processes / 2, MIN_OF_ALL);
}

static int
most_of_role(void)
{
	return Max(most_of_all() / 2, MIN_OF_ROLE);
}

static bool
take(AcPlaceHeld *held, const AcPlaceWish *wish)
{
	held->what = AC_PLACE_WORKER;
	return held->held || ac_places_take(held, wish);
}

/*
 * Of the role first: who waits for that keeps no other role's from being
 * counted.  Owners of real limits have a database.
 */
bool
ac_tokenseat_take(AcTokenSeat *seat, Oid role)
{
	static uint32 next_line = LAST_LINE;
	AcPlaceWish of_role = {
		.owner = {.userid = role},
		.payer = role,
		.most = most_of_role(),
	};
	AcPlaceWish of_all = {.payer = role, .most = most_of_all()};

	if (seat->line == 0)
	{
		seat->line = next_line - 1;
		next_line -= 2;
	}
	of_role.line = seat->line;
	of_all.line = seat->line + 1;
	return take(&seat->of_role, &of_role) && take(&seat->of_all, &of_all);
}

void
ac_tokenseat_leave(AcTokenSeat *seat)
{
	ac_places_return(&seat->of_role);
	ac_places_return(&seat->of_all);
}

AcTokenSeatNames
ac_tokenseat_names(const AcTokenSeat *seat)
{
	AcTokenSeatNames names = {0};

	if (ac_shmem() == NULL)
		return names;
	names.of_role = seat->of_role.who;
	names.of_all = seat->of_all.who;
	return names;
}

bool
ac_tokenseat_take_over(AcTokenSeat *seat, const AcTokenSeatNames *names)
{
	if (names->of_role == 0)
		return true;
	seat->of_role.what = seat->of_all.what = AC_PLACE_WORKER;
	if (ac_places_take_over(&seat->of_role, names->of_role) &&
		ac_places_take_over(&seat->of_all, names->of_all))
		return true;
	ac_tokenseat_leave(seat);
	return false;
}
