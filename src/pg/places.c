/*
 * places.c
 *		Who keeps count of the requests that are under way?  See places.h.
 *
 * The lock is that of the limits: both are asked for the same requests, one
 * after the other, and it is held for some microseconds.
 *
 * While places are held in shared memory a timeout of PostgreSQL's fires once a
 * second.  Its handler runs in the signal's context: it reads what this file's
 * functions write, unless one of them is at it (busy), closes connections, and
 * marks places as free, for which no lock is needed.
 *
 * Rejected: that others take the place of who has not been seen for a while.
 * Its request may be under way still, and there would be one too many.
 */
#include "ac.h"

#include <time.h>

#include "access/xact.h"
#include "miscadmin.h"
#include "pg/places.h"
#include "pg/shmem.h"
#include "port/atomics.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/memutils.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

/* Entries of a table of one process: one server's 64, and some others. */
#define OWN_ENTRIES 128

/* How often it is looked whether others want what is not looked after. */
#define TICK_MS 1000

/* Who wants a place asks more often than that. */
#define WANTED_MS 1000

/* How often who finds no place looks whether holders are alive. */
#define BURY_MS 1000

/* The class of a wait event is its highest byte. */
#define WAIT_CLASS_MASK 0xFF000000U

/* Lines have numbers of their own, from here on. */
#define FIRST_LINE UINT64CONST(0x80000000)

/* Places of this process. */
static dlist_head held_places = DLIST_STATIC_INIT(held_places);
static uint32 process = 0; /* its number in the table */

/* The table of this process, where there is no shared memory. */
static AcPlaceTable *process_table = NULL;

/* What the handler reads, or writes. */
static volatile sig_atomic_t busy = 0;	  /* the list is being changed */
static volatile sig_atomic_t waiting = 0; /* for requests */
static volatile sig_atomic_t lost = 0;
static volatile int64 looked_ms = 0;
static AcPlacesCut cut_connections = NULL;

static TimeoutId tick = MAX_TIMEOUTS; /* not registered yet */

static int64
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the table ---- */

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
	return ((uint64) process << 32) | number;
}

/* ---- requests that nobody looks after ---- */

void
ac_places_set_cut(AcPlacesCut cut)
{
	cut_connections = cut;
}

/*
 * In a wait for requests, of ours or of an Append?  That may have ended for
 * something else, or may not have waited at all: then the process is at that,
 * and may sleep there, wait for a lock, or for its client to take rows.
 */
static bool
is_waiting(void)
{
	uint32 event = MyProc != NULL ? MyProc->wait_event_info : 0;

	return waiting && (event == WAIT_EVENT_APPEND_READY ||
					   (event & WAIT_CLASS_MASK) == PG_WAIT_EXTENSION);
}

/* Does somebody want a place of ours that may be let go? */
static bool
is_wanted(int64 now)
{
	bool wanted = false;
	dlist_iter iter;

	dlist_foreach (iter, &held_places)
	{
		const AcPlaceHeld *held = dlist_container(AcPlaceHeld, node, iter.cur);

		if (held->what == AC_PLACE_SENT_ONCE)
			return false;
		if (held->what == AC_PLACE_REQUEST)
			wanted = wanted || now - held->place->wanted_ms < WANTED_MS;
	}
	return wanted;
}

/*
 * In a signal handler.  All connections are closed, whoever's place is wanted:
 * none of them is looked after.
 */
static void
on_tick(void)
{
	int64 now = now_ms();
	dlist_iter iter;

	if (busy || lost || is_waiting() || now - looked_ms < AC_PLACES_LAPSE_MS ||
		cut_connections == NULL || !is_wanted(now) ||
		!cut_connections(now - looked_ms >= AC_PLACES_ABANDON_MS))
		return;
	lost = 1;
	dlist_foreach (iter, &held_places)
	{
		AcPlaceHeld *held = dlist_container(AcPlaceHeld, node, iter.cur);

		if (held->what == AC_PLACE_REQUEST)
			ac_places_let_go(held->place);
	}
}

/* Errors disable all timeouts. */
static void
arm_tick(void)
{
	if (tick == MAX_TIMEOUTS || process_table != NULL || get_timeout_active(tick))
		return;
	enable_timeout_every(tick,
						 TimestampTzPlusMilliseconds(GetCurrentTimestamp(), TICK_MS),
						 TICK_MS);
}

/* An error that a savepoint caught, past which a cursor stays open. */
static void
on_subxact_event(SubXactEvent event, SubTransactionId sub,
				 SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB && !dlist_is_empty(&held_places))
		arm_tick();
}

bool
ac_places_look_after(void)
{
	looked_ms = now_ms();
	waiting = 0;
	if (!dlist_is_empty(&held_places))
		arm_tick();
	if (!lost)
		return false;
	lost = 0;
	return true;
}

void
ac_places_wait(void)
{
	waiting = 1;
}

/* ---- who is dead ---- */

/*
 * Holders that are gone without having given back what they had: no way is
 * known in which PostgreSQL lets that happen, but all would wait for them.
 */
static void
bury_dead(int64 now)
{
	static int64 last_ms = 0;
	int pids[AC_PLACES_ENTRIES];
	AcPlaceTable *table;
	int n = 0;

	if (now - last_ms < BURY_MS)
		return;
	last_ms = now;
	table = lock_table();
	for (uint32 i = 0; i < table->n && n < AC_PLACES_ENTRIES; i++)
		if (table->items[i].who != 0 && table->items[i].pid != MyProcPid)
			pids[n++] = table->items[i].pid;
	unlock_table();
	for (int i = 0; i < n; i++)
	{
		if (BackendPidGetProc(pids[i]) != NULL)
			continue;
		ac_places_bury(lock_table(), pids[i]);
		unlock_table();
	}
}

/* ---- taking and giving back ---- */

/* The process ends: others may have what it held. */
static void
return_all(int code, Datum arg)
{
	while (!dlist_is_empty(&held_places))
		ac_places_return(dlist_head_element(AcPlaceHeld, node, &held_places));
}

static void
begin_process(void)
{
	if (process != 0)
		return;
	before_shmem_exit(return_all, (Datum) 0);
	RegisterSubXactCallback(on_subxact_event, NULL);
	process = ac_places_process(lock_table(), MyProcPid);
	unlock_table();
	if (process_table == NULL)
		tick = RegisterTimeout(USER_TIMEOUT, on_tick);
}

/* A number that no other place of this process has. */
static uint64
new_name(void)
{
	static uint32 last = 0;

	last = last % (FIRST_LINE - 1) + 1;
	return of_process(last);
}

/* The compiler may not move changes of the list past what the handler looks at. */
static void
begin_change(void)
{
	busy = 1;
	pg_compiler_barrier();
}

static void
end_change(void)
{
	pg_compiler_barrier();
	busy = 0;
}

static void
keep(AcPlaceHeld *held, uint64 who, AcPlace *place)
{
	held->who = who;
	held->place = place;
	held->held = true;
	begin_change();
	dlist_push_tail(&held_places, &held->node);
	end_change();
	looked_ms = now_ms();
	arm_tick();
}

bool
ac_places_take(AcPlaceHeld *held, const AcPlaceWish *wish)
{
	AcPlaceAsk ask = {
		.pid = MyProcPid,
		.owner = wish->owner,
		.payer = wish->payer,
		.most = wish->most,
	};
	int64 now = now_ms();
	AcPlace *place;

	Assert(!held->held && wish->line > 0);
	begin_process();
	ask.who = new_name();
	ask.line = of_process(FIRST_LINE | wish->line);
	place = ac_places_ask(lock_table(), &ask, now);
	unlock_table();
	if (place != NULL)
		keep(held, ask.who, place);
	else
		bury_dead(now);
	return place != NULL;
}

bool
ac_places_take_over(AcPlaceHeld *held, uint64 who)
{
	uint64 name;
	AcPlace *place;

	Assert(!held->held);
	begin_process();
	name = new_name();
	place = ac_places_hand_over(lock_table(), who, name, MyProcPid);
	unlock_table();
	if (place != NULL)
		keep(held, name, place);
	return place != NULL;
}

/* Sets the latch of a process that stands in line, if it is still there. */
static void
wake(int pid)
{
	PGPROC *proc = pid == 0 ? NULL : BackendPidGetProc(pid);

	if (proc != NULL)
		SetLatch(&proc->procLatch);
}

void
ac_places_return(AcPlaceHeld *held)
{
	int next;

	if (!held->held)
		return;
	held->held = false;
	begin_change();
	dlist_delete(&held->node);
	end_change();
	if (dlist_is_empty(&held_places) && tick != MAX_TIMEOUTS)
		disable_timeout(tick, false);
	next = ac_places_leave(lock_table(), held->who, now_ms());
	unlock_table();
	wake(next);
}

AcPlaceUse
ac_places_used(const AcLimitOwner *owner)
{
	AcPlaceUse use = ac_places_use(lock_table(), owner, now_ms());

	unlock_table();
	return use;
}
