/*
 * places.h
 *		Who may have a request under way, where only so many may at once?
 *
 * max_concurrency is a ceiling for all processes that use one user mapping of
 * a server.  A table of fixed size has an entry for each request under way,
 * and one for each process that stands in line for another.  Who stands in
 * line first goes first; having gone, it stands behind the others.
 *
 * A place is its holder's until he gives it back, lets it go, or is known to
 * be dead; no time takes it from him.  Who stands in line without asking again
 * is passed over.
 *
 * Plain memory without pointers, so that it may be shared by processes; who
 * does that locks around each call but ac_places_let_go().  Nothing here
 * allocates or fails.  Times are milliseconds of one monotonic clock, which all
 * of them share.
 */
#ifndef AC_POLICY_PLACES_H
#define AC_POLICY_PLACES_H

#include "ac.h"

#include "policy/limittable.h"

/*
 * Who stands in line asks again after so long at the latest, and is passed
 * over if it has not for twice that and a half: it may be busy with rows, or
 * want none any more.
 */
#define AC_PLACES_POLL_MS 100
#define AC_PLACES_PATIENCE_MS 250

/*
 * The last part of the table is for payers who are within their share of it,
 * because a place cannot be taken from anybody: 1 / so much.
 */
#define AC_PLACES_KEPT 4

typedef struct AcPlace
{
	uint64 who;				/* 0: free */
	uint64 number;			/* in line, or when it was had */
	int64 asked_ms;			/* in line: when it was asked for last */
	int64 wanted_ms;		/* taken: when somebody else wanted it last */
	volatile uint32 let_go; /* taken: it is as good as free */
	int pid;
	AcLimitOwner owner;
	Oid payer;
	bool taken; /* else it stands in line */
} AcPlace;

typedef struct AcPlaceTable
{
	uint32 n;
	uint32 last_process;
	uint64 last_number;
	AcPlace items[FLEXIBLE_ARRAY_MEMBER];
} AcPlaceTable;

/*
 * who: another one for each place of all processes, not 0.  line: one for
 * each process and owner, no who is the same.  The upper half of both is the
 * number of the process, ac_places_process().
 */
typedef struct AcPlaceAsk
{
	uint64 who;
	uint64 line;
	int pid;
	AcLimitOwner owner;
	Oid payer; /* role whose share of the table it is in */
	int most;  /* places that there are */
} AcPlaceAsk;

/* How an owner's places are used. */
typedef struct AcPlaceUse
{
	int taken;
	int in_line;
} AcPlaceUse;

/* Bytes of a table of so many entries. */
extern Size ac_places_size(int n);

/* Makes an empty table of fresh memory. */
extern void ac_places_init(AcPlaceTable *places, int n);

/*
 * The number of a process that has that pid from now on; who had it before is
 * dead.
 */
extern uint32 ac_places_process(AcPlaceTable *places, int pid);

/* Takes a place; else stands in line and returns NULL. */
extern AcPlace *ac_places_ask(AcPlaceTable *places, const AcPlaceAsk *ask,
							  int64 now_ms);

/*
 * Gives a place, or one in line, back.  Returns the pid of who is to ask now,
 * another process; 0 if there is none.
 */
extern int ac_places_leave(AcPlaceTable *places, uint64 who, int64 now_ms);

/*
 * The holder of a place gives it up, without the lock, be it in a signal
 * handler; his request must have ended.  He does not touch it any more.
 */
extern void ac_places_let_go(AcPlace *place);

/*
 * Puts into another process's name a place that is held in one's own.  NULL if
 * it is not held any more.
 */
extern AcPlace *ac_places_hand_over(AcPlaceTable *places, uint64 from,
									uint64 to, int pid);

/* The process of that pid is dead: what it had is free. */
extern void ac_places_bury(AcPlaceTable *places, int pid);

extern AcPlaceUse ac_places_use(const AcPlaceTable *places,
								const AcLimitOwner *owner, int64 now_ms);

#endif /* AC_POLICY_PLACES_H */
