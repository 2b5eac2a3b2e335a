/*
 * places.h
 *		Who keeps count of the requests that are under way?
 *
 * The table of policy/places in shared memory, so that max_concurrency is a
 * ceiling for all sessions and workers together; where there is none, one of
 * each process.  Every function here locks, asks the table and unlocks; none
 * waits for anything else, or throws but for want of memory.
 *
 * A place is held as long as its request lives.  It is given back when the
 * request ends, and at the latest when its process does, in whatever way
 * PostgreSQL lets processes end; after a crash the memory is new.
 *
 * A process that is busy with something else, or whose client leaves a cursor
 * alone, does not look after its requests.  Others must not wait for that: if
 * they want its places, and its answers are there, it closes its connections
 * in a signal handler and lets the places go.  The requests are sent again
 * when it comes back to them.
 */
#ifndef AC_PG_PLACES_H
#define AC_PG_PLACES_H

#include "ac.h"

#include "lib/ilist.h"
#include "policy/places.h"

/*
 * Entries where memory was asked for in time: as many requests under way or
 * sessions in line on the whole server.  32 kB.
 */
#define AC_PLACES_ENTRIES 512

/*
 * Who has not looked after its requests for so long is busy with something
 * else: no page takes as long to be turned into rows.
 */
#define AC_PLACES_LAPSE_MS 5000

/*
 * An API that has not answered in that time has most likely given up, too; the
 * request would end with its own "timeout", if somebody looked.
 */
#define AC_PLACES_ABANDON_MS 60000

/* What a place is held for. */
typedef enum AcPlaceFor
{
	AC_PLACE_REQUEST,	/* that can be sent again */
	AC_PLACE_SENT_ONCE, /* a request that cannot: no connection is closed */
	AC_PLACE_WORKER		/* nothing that this process has a connection for */
} AcPlaceFor;

/* A place of this process.  Zero it. */
typedef struct AcPlaceHeld
{
	bool held;
	AcPlaceFor what; /* the holder's to set, at any time */
	uint64 who;
	AcPlace *place;
	dlist_node node;
} AcPlaceHeld;

/* What is asked for. */
typedef struct AcPlaceWish
{
	AcLimitOwner owner;
	Oid payer;	 /* role whose share of the table it is in */
	uint32 line; /* a number that the process has for the owner, at least 1 */
	int most;	 /* places that there are */
} AcPlaceWish;

/*
 * How the process closes its connections; to be safe in a signal handler.
 * False: it cannot, or answers are awaited that may still be made and
 * `anyway` is not set.
 */
typedef bool (*AcPlacesCut)(bool anyway);

extern void ac_places_set_cut(AcPlacesCut cut);

/*
 * Takes a place.  False if there is none: then the process stands in line, its
 * latch is set when it is its turn, and it is to ask again within
 * AC_PLACES_POLL_MS.
 */
extern bool ac_places_take(AcPlaceHeld *held, const AcPlaceWish *wish);

/* Gives it back, if it is held, and wakes who is next.  Never throws. */
extern void ac_places_return(AcPlaceHeld *held);

/* Takes over what another process holds; false if it does not any more. */
extern bool ac_places_take_over(AcPlaceHeld *held, uint64 who);

/*
 * To be called whenever the process looks after its requests.  True: it had
 * not for so long that their connections were closed.  None of those under way
 * has ended, and none can.
 */
extern bool ac_places_look_after(void);

/* The process is about to wait for its requests, and so looks after them. */
extern void ac_places_wait(void);

/* How an owner's places are used. */
extern AcPlaceUse ac_places_used(const AcLimitOwner *owner);

#endif /* AC_PG_PLACES_H */
