/*
 * places.c
 *		Who keeps count of the requests that are under way?  See places.h.
 *
 * The lock is that of the limits: both are asked for the same requests, one
 * after the other, and it is held for some microseconds.
 */
#include "ac.h"

#include <time.h>

#include "miscadmin.h"
#include "pg/places.h"
#include "pg/shmem.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/memutils.h"

/* Entries of a table of one process: one server's 64, and some others. */
#define OWN_ENTRIES 128

/* Of those below AC_PLACES_LAPSE_MS one that costs nothing. */
#define LOOK_AFTER_MS 1000

/* Lines have numbers of their own, from here on. */
#define FIRST_LINE UINT64CONST(0x80000000)

/* Places of this process. */
static dlist_head held = DLIST_STATIC_INIT(held);
static int64 looked_ms = 0;

/* The table of this process, where there is no shared memory. */
static AcPlaceTable *process_table = NULL;

static int64
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static AcPlaceTable *
lock_table(void)
{
	AcShared *shared = ac_shmem();

	if (shared != NULL)
	{
		LWLockAcquire(&shared->limits_lock, LW_EXCLUSIVE);
		return ac_shmem_places();
	}
	if (process_table == NULL)
	{
		process_table = MemoryContextAlloc(TopMemoryContext,
										   ac_places_size(OWN_ENTRIES));
		ac_places_init(process_table, OWN_ENTRIES);
	}
	return process_table;
}

static void
unlock_table(void)
{
	AcShared *shared = ac_shmem();

	if (shared != NULL)
		LWLockRelease(&shared->limits_lock);
}

static uint64
of_process(uint64 number)
{
	return ((uint64) MyProcPid << 32) | number;
}

/* The process ends: others may have what it held. */
static void
return_all(int code, Datum arg)
{
	while (!dlist_is_empty(&held))
		ac_places_return(dlist_head_element(AcPlaceHeld, node, &held));
}

bool
ac_places_take(AcPlaceHeld *place, const AcLimitOwner *owner, uint32 line,
			   int most)
{
	static uint32 last = 0;
	static bool registered = false;
	AcPlaceAsk ask = {.owner = *owner, .most = most};
	AcPlaceTable *table;

	Assert(!place->held && line > 0);
	if (!registered)
		before_shmem_exit(return_all, (Datum) 0);
	registered = true;
	last = last % (FIRST_LINE - 1) + 1;
	ask.who = of_process(last);
	ask.line = of_process(FIRST_LINE | line);
	table = lock_table();
	place->held = ac_places_ask(table, &ask, now_ms());
	unlock_table();
	place->who = ask.who;
	if (place->held)
		dlist_push_tail(&held, &place->node);
	return place->held;
}

/* Sets the latch of the process that stands in line, if it is still there. */
static void
wake(uint64 line)
{
	PGPROC *process = line == 0 ? NULL : BackendPidGetProc((int) (line >> 32));

	if (process != NULL)
		SetLatch(&process->procLatch);
}

void
ac_places_return(AcPlaceHeld *place)
{
	uint64 next;

	if (!place->held)
		return;
	place->held = false;
	dlist_delete(&place->node);
	next = ac_places_leave(lock_table(), place->who, now_ms());
	unlock_table();
	wake(next);
}

void
ac_places_look_after(void)
{
	int64 now = now_ms();

	if (dlist_is_empty(&held) || now - looked_ms < LOOK_AFTER_MS)
		return;
	looked_ms = now;
	ac_places_seen(lock_table(), (uint32) MyProcPid, now);
	unlock_table();
}
