/*
 * places.h
 *		Who may have a request under way, where only so many may at once?
 *
 * max_concurrency is a ceiling for all processes that use one user mapping of
 * a server.  A table of fixed size has an entry for each request under way,
 * and one for each process that stands in line for another.  Who stands in
 * line first goes first; having gone, it stands behind the others.
 *
 * Nobody is trusted to come back: a place lapses if its holder has not been
 * seen for long, and who stands in line without asking again is passed over.
 *
 * Plain memory without pointers, so that it may be shared by processes; who
 * does that locks around each call.  Nothing here allocates or fails.  Times
 * are milliseconds of one monotonic clock, which all of them share.
 */
#ifndef AC_POLICY_PLACES_H
#define AC_POLICY_PLACES_H

#include "ac.h"

#include "policy/limittable.h"

/*
 * A holder that has not been seen for so long lets its request lie: a session
 * whose client does not fetch from a cursor, a process that was stopped.  The
 * API has most likely sent its answer, and others must not wait for the client
 * of a stranger.
 */
#define AC_PLACES_LAPSE_MS 5000

/*
 * Who stands in line asks again after so long at the latest, and is passed
 * over if it has not for twice that and a half: it may be busy with rows, or
 * want none any more.
 */
#define AC_PLACES_POLL_MS 100
#define AC_PLACES_PATIENCE_MS 250

typedef struct AcPlace
{
	uint64 who; /* 0: free */
	uint64 number;
	int64 seen_ms;
	AcLimitOwner owner;
	bool taken; /* else it stands in line */
} AcPlace;

typedef struct AcPlaceTable
{
	uint32 n;
	uint64 last_number;
	AcPlace items[FLEXIBLE_ARRAY_MEMBER];
} AcPlaceTable;

/*
 * who: another one for each place of all processes, not 0.  line: one for
 * each process and owner, no who is the same.  The upper half of both is the
 * number of the process.
 */
typedef struct AcPlaceAsk
{
	uint64 who;
	uint64 line;
	AcLimitOwner owner;
	int most; /* places that there are */
} AcPlaceAsk;

/* Bytes of a table of so many entries. */
extern Size ac_places_size(int n);

/* Makes an empty table of fresh memory. */
extern void ac_places_init(AcPlaceTable *places, int n);

/* Takes a place; else stands in line and returns false. */
extern bool ac_places_ask(AcPlaceTable *places, const AcPlaceAsk *ask,
						  int64 now_ms);

/*
 * Gives a place, or one in line, back.  Returns who is to ask now: the line of
 * another process, 0 if there is none.
 */
extern uint64 ac_places_leave(AcPlaceTable *places, uint64 who, int64 now_ms);

/* The process is alive and looks after its requests. */
extern void ac_places_seen(AcPlaceTable *places, uint32 process, int64 now_ms);

#endif /* AC_POLICY_PLACES_H */
