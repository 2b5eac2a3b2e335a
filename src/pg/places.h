/*
 * places.h
 *		Who keeps count of the requests that are under way?
 *
 * The table of policy/places in shared memory, so that max_concurrency is a
 * ceiling for all sessions and workers together; where there is none, one of
 * each process.  Every function here locks, asks the table and unlocks; none
 * waits for anything else, or throws but for want of memory.
 *
 * A place is given back at the latest when its process ends, in whatever way
 * PostgreSQL lets processes end.  After a crash the memory is new.
 */
#ifndef AC_PG_PLACES_H
#define AC_PG_PLACES_H

#include "ac.h"

#include "lib/ilist.h"
#include "policy/places.h"

/*
 * Entries where memory was asked for in time: as many requests under way or
 * sessions in line on the whole server.  24 kB.
 */
#define AC_PLACES_ENTRIES 512

/* A place of this process.  Zero it. */
typedef struct AcPlaceHeld
{
	bool held;
	uint64 who;
	dlist_node node;
} AcPlaceHeld;

/*
 * Takes one of the owner's places, of which there are so many.  False if there
 * is none: then the process stands in line, its latch is set when it is its
 * turn, and it is to ask again within AC_PLACES_POLL_MS.  line: a number that
 * the process has for the owner, at least 1.
 */
extern bool ac_places_take(AcPlaceHeld *place, const AcLimitOwner *owner,
						   uint32 line, int most);

/* Gives it back, if it is held, and wakes who is next.  Never throws. */
extern void ac_places_return(AcPlaceHeld *place);

/* To be called now and then while requests are under way. */
extern void ac_places_look_after(void);

#endif /* AC_PG_PLACES_H */
