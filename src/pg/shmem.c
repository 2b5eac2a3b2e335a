/*
 * shmem.c
 *		Where is the memory that all sessions and workers share, if there is
 *		any?  See shmem.h.
 *
 * The memory is an AcShared, then the limits, places, what running scans show,
 * what was counted of tables, then the ring.  Whoever makes it initialises all
 * of them, under AddinShmemInitLock or the lock of the DSM registry; everybody
 * else finds it ready.  After a crash PostgreSQL starts with new memory.
 */
#include "ac.h"

#include "miscadmin.h"
#include "pg/activity.h"
#include "pg/compat.h"
#include "pg/limits.h"
#include "pg/places.h"
#include "pg/ring.h"
#include "pg/shmem.h"
#include "pg/stats.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/shmem.h"
#include "utils/memutils.h"

#define SHMEM_NAME "autoconn"

/* Events that the ring has room for where memory was asked for in time. */
#define RING_EVENTS 4096

/* What the ring may need beside each event to tell who writes and reads. */
#define RING_OVERHEAD_BYTES 32

/*
 * All that is taken of the slack of the main segment, on 15 and 16 without
 * preload.  The slack is 100 kB, and the lock tables live on it, too.
 */
#define SMALL_BYTES (32 * 1024)

/* Of it for limits: a few servers, and a dozen endpoints that are asked now. */
#define SMALL_LIMIT_SLOTS 16

/* Scans that are seen there, and tables that are counted. */
#define SMALL_ACTIVITY_SLOTS 10
#define SMALL_STATS_TABLES 6

/* And for places: a dozen sessions with some requests each.  3 kB. */
#define SMALL_PLACES 48

#define SHARED_BYTES MAXALIGN(sizeof(AcShared))
#define FULL_RING_BYTES \
	((Size) RING_EVENTS * MAXALIGN(sizeof(AcEvent) + RING_OVERHEAD_BYTES))

/* What stands behind the AcShared. */
typedef struct Parts
{
	Size limits;
	Size places;
	Size activity;
	Size stats;
	Size ring;
} Parts;

static AcShared *shared_memory = NULL;
static bool looked_for = false;

static shmem_request_hook_type next_request_hook = NULL;
static shmem_startup_hook_type next_startup_hook = NULL;

static Parts
full_parts(void)
{
	Parts parts = {
		.limits = MAXALIGN(ac_limittable_size(AC_LIMITS_SLOTS)),
		.places = MAXALIGN(ac_places_size(AC_PLACES_ENTRIES)),
		.activity = ac_activity_size(AC_ACTIVITY_SLOTS),
		.stats = ac_stats_size(AC_STATS_TABLES),
		.ring = FULL_RING_BYTES,
	};

	return parts;
}

static Parts
small_parts(void)
{
	Parts parts = {
		.limits = MAXALIGN(ac_limittable_size(SMALL_LIMIT_SLOTS)),
		.places = MAXALIGN(ac_places_size(SMALL_PLACES)),
		.activity = ac_activity_size(SMALL_ACTIVITY_SLOTS),
		.stats = ac_stats_size(SMALL_STATS_TABLES),
	};
	Size others = SHARED_BYTES + parts.limits + parts.places + parts.activity +
				  parts.stats;

	/* The ring is not to starve. */
	Assert(others < SMALL_BYTES * 2 / 3);
	parts.ring = SMALL_BYTES - others;
	return parts;
}

static Size
size_of(const Parts *parts)
{
	Size fixed = add_size(SHARED_BYTES, parts->activity);

	fixed = add_size(fixed, parts->places);
	return add_size(add_size(fixed, parts->stats),
					add_size(parts->limits, parts->ring));
}

/* Makes what new memory begins with. */
static void
init_memory(AcShared *shared, const Parts *parts, bool preloaded)
{
	int tranche = ac_lwlock_new_tranche(SHMEM_NAME);
	char *at = (char *) shared + SHARED_BYTES;

	memset(shared, 0, SHARED_BYTES);
	LWLockInitialize(&shared->lock, tranche);
	LWLockInitialize(&shared->limits_lock, tranche);
	LWLockInitialize(&shared->stats_lock, tranche);
	shared->preloaded = preloaded;
	shared->limits_size = parts->limits;
	shared->places_size = parts->places;
	shared->activity_size = parts->activity;
	shared->stats_size = parts->stats;
	shared->ring_size = parts->ring;
	ac_limits_init(at, parts->limits);
	at += parts->limits;
	ac_places_init((AcPlaceTable *) at,
				   (int) ((parts->places - ac_places_size(0)) / sizeof(AcPlace)));
	at += parts->places;
	ac_activity_init(at, parts->activity);
	at += parts->activity;
	ac_stats_init(at, parts->stats);
	at += parts->stats;
	ac_ring_init(at, parts->ring);
}

/* Takes or finds so much of the main segment; throws if it cannot be had. */
static AcShared *
main_segment(const Parts *parts, bool preloaded)
{
	AcShared *shared;
	bool found;

	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	shared = ShmemInitStruct(SHMEM_NAME, size_of(parts), &found);
	if (!found)
		init_memory(shared, parts, preloaded);
	LWLockRelease(AddinShmemInitLock);
	return shared;
}

static void
request_memory(void)
{
	Parts parts = full_parts();

	if (next_request_hook != NULL)
		next_request_hook();
	RequestAddinShmemSpace(size_of(&parts));
}

/* Also runs when all starts anew after a crash. */
static void
make_memory(void)
{
	Parts parts = full_parts();

	if (next_startup_hook != NULL)
		next_startup_hook();
	shared_memory = main_segment(&parts, true);
	ac_lwlock_register_tranche(shared_memory->lock.tranche, SHMEM_NAME);
	looked_for = true;
}

void
ac_shmem_init(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	next_request_hook = shmem_request_hook;
	shmem_request_hook = request_memory;
	next_startup_hook = shmem_startup_hook;
	shmem_startup_hook = make_memory;
}

static void
AC_NAMED_MEMORY_INIT(init_named, memory)
{
	Parts parts = full_parts();

	init_memory(memory, &parts, false);
}

static AcShared *
late_memory(void)
{
	Parts parts = AC_HAS_NAMED_MEMORY ? full_parts() : small_parts();

	if (AC_HAS_NAMED_MEMORY)
		return ac_named_memory(SHMEM_NAME, size_of(&parts), init_named);
	return main_segment(&parts, false);
}

/*
 * The same; NULL where it throws.  There may be no transaction whose abort
 * would clean up, so what the failed call can hold is let go here: LWLocks,
 * of which the caller has none.
 */
static AcShared *
late_memory_or_null(void)
{
	MemoryContext context = CurrentMemoryContext;
	uint32 holdoff = InterruptHoldoffCount;
	uint32 cancel_holdoff = QueryCancelHoldoffCount;
	AcShared *volatile shared = NULL;

	PG_TRY();
	{
		shared = late_memory();
	}
	PG_CATCH();
	{
		ErrorData *error;

		/* Throwing reset the counters, which others still count on. */
		LWLockReleaseAll();
		InterruptHoldoffCount = holdoff;
		QueryCancelHoldoffCount = cancel_holdoff;
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		ereport(DEBUG1,
				(errcode(error->sqlerrcode),
				 errmsg_internal("autoconn has no shared memory: %s",
								 error->message)));
		FreeErrorData(error);
	}
	PG_END_TRY();
	return shared;
}

AcShared *
ac_shmem(void)
{
	if (!looked_for && IsUnderPostmaster && MyProc != NULL)
	{
		/* Before the attempt: it is not repeated for each event. */
		looked_for = true;
		shared_memory = late_memory_or_null();
		if (shared_memory != NULL)
			ac_lwlock_register_tranche(shared_memory->lock.tranche,
									   SHMEM_NAME);
	}
	return shared_memory;
}

/* What stands so far behind the AcShared, which may be NULL. */
static void *
part_at(AcShared *shared, Size offset)
{
	return shared == NULL ? NULL : (char *) shared + SHARED_BYTES + offset;
}

struct AcLimitTable *
ac_shmem_limits(void)
{
	return part_at(ac_shmem(), 0);
}

struct AcPlaceTable *
ac_shmem_places(void)
{
	AcShared *shared = ac_shmem();

	return shared == NULL ? NULL : part_at(shared, shared->limits_size);
}

struct AcActivityTable *
ac_shmem_activity(void)
{
	AcShared *shared = ac_shmem();

	if (shared == NULL)
		return NULL;
	return part_at(shared, shared->limits_size + shared->places_size);
}

struct AcStatsTable *
ac_shmem_stats(void)
{
	AcShared *shared = ac_shmem();

	if (shared == NULL)
		return NULL;
	return part_at(shared, shared->limits_size + shared->places_size +
							   shared->activity_size);
}

void *
ac_shmem_ring(void)
{
	AcShared *shared = ac_shmem();

	if (shared == NULL)
		return NULL;
	return part_at(shared, shared->limits_size + shared->places_size +
							   shared->activity_size + shared->stats_size);
}

AcSharedDatabase *
ac_shmem_database(AcShared *shared, Oid dbid)
{
	Assert(LWLockHeldByMe(&shared->lock));
	Assert(OidIsValid(dbid));
	for (int i = 0; i < AC_SHMEM_DATABASES; i++)
	{
		if (shared->databases[i].dbid == dbid)
			return &shared->databases[i];
	}
	return NULL;
}

/*
 * The place that is given away if there is no free one: nobody loses much,
 * since its database would be looked at again before long.
 */
static AcSharedDatabase *
replaceable_place(AcShared *shared, TimestampTz replace_before)
{
	for (int i = 0; i < AC_SHMEM_DATABASES; i++)
	{
		AcSharedDatabase *database = &shared->databases[i];

		if (!database->has_extension && !database->asked &&
			database->worker_pid == 0 && database->looked_at != 0 &&
			database->looked_at < replace_before)
			return database;
	}
	return NULL;
}

static AcSharedDatabase *
free_place(AcShared *shared)
{
	for (int i = 0; i < AC_SHMEM_DATABASES; i++)
	{
		if (!OidIsValid(shared->databases[i].dbid))
			return &shared->databases[i];
	}
	return NULL;
}

AcSharedDatabase *
ac_shmem_database_add(AcShared *shared, Oid dbid, TimestampTz replace_before)
{
	AcSharedDatabase *database = ac_shmem_database(shared, dbid);

	Assert(LWLockHeldByMeInMode(&shared->lock, LW_EXCLUSIVE));
	if (database != NULL)
		return database;
	database = free_place(shared);
	if (database == NULL)
		database = replaceable_place(shared, replace_before);
	if (database == NULL)
		return NULL;
	memset(database, 0, sizeof(AcSharedDatabase));
	database->dbid = dbid;
	return database;
}

/* Sets the launcher's latch, if one runs. */
static void
wake_launcher(void)
{
	AcShared *shared = ac_shmem();
	PGPROC *launcher;
	int pid;

	if (shared == NULL)
		return;
	LWLockAcquire(&shared->lock, LW_SHARED);
	pid = shared->launcher_pid;
	LWLockRelease(&shared->lock);

	/* If it ended meanwhile the latch is somebody else's, who bears that. */
	launcher = pid == 0 ? NULL : BackendPidGetProc(pid);
	if (launcher != NULL)
		SetLatch(&launcher->procLatch);
}

bool
ac_shmem_ask(Oid dbid)
{
	AcShared *shared = ac_shmem();
	AcSharedDatabase *database;

	if (shared == NULL)
		return false;
	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	/* Whoever asks goes before those that have nothing to be visited for. */
	database = ac_shmem_database_add(shared, dbid, DT_NOEND);
	if (database != NULL)
		database->asked = true;
	LWLockRelease(&shared->lock);
	wake_launcher();
	return database != NULL;
}
