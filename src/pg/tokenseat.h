/*
 * tokenseat.h
 *		How many workers may renew tokens at once, and how many of them for one
 *		role?
 *
 * Background workers are few (max_worker_processes), and others need them, too.
 * A token endpoint that stalls keeps one for as long as the renewal may take;
 * so the servers of one role get half of what there is for all.  Who finds no
 * seat stands in line for it (pg/places.h), first come, first served.
 *
 * A seat is taken by the session that starts a worker, and becomes the
 * worker's, which may outlive the session.  Where there is no shared memory
 * each session counts its own.
 */
#ifndef AC_PG_TOKENSEAT_H
#define AC_PG_TOKENSEAT_H

#include "ac.h"

#include "pg/places.h"

/* Zero it. */
typedef struct AcTokenSeat
{
	AcPlaceHeld of_role;
	AcPlaceHeld of_all;
	uint32 line; /* the first of two; 0: none yet */
} AcTokenSeat;

/* By these another process takes a seat over; 0: there is nothing to be. */
typedef struct AcTokenSeatNames
{
	uint64 of_role;
	uint64 of_all;
} AcTokenSeatNames;

/*
 * Takes a seat for the servers of a role; false: it stands in line, and is to
 * ask again within AC_PLACES_POLL_MS.
 */
extern bool ac_tokenseat_take(AcTokenSeat *seat, Oid role);

/* Gives back what is held.  Never throws. */
extern void ac_tokenseat_leave(AcTokenSeat *seat);

extern AcTokenSeatNames ac_tokenseat_names(const AcTokenSeat *seat);

/* Takes over what another process held; false if it does not any more. */
extern bool ac_tokenseat_take_over(AcTokenSeat *seat,
								   const AcTokenSeatNames *names);

#endif /* AC_PG_TOKENSEAT_H */
