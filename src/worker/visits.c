/*
 * visits.c
 *		Which databases do workers visit at the moment?  See visits.h.
 *
 * One function per transition, each of which asserts where it starts from.
 */
#include "ac.h"

#include "access/xact.h"
#include "catalog/pg_database.h"
#include "miscadmin.h"
#include "pg/compat.h"
#include "pg/guc.h"
#include "pg/launch.h"
#include "storage/lock.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "worker/visits.h"

/*
 * A database whose visits fail is visited after a naptime, then two, four and
 * so on, and at least that often.
 */
#define LONGEST_BACK_OFF_S 3600

typedef enum VisitState
{
	VISIT_FREE,		/* no visit */
	VISIT_STARTING, /* registered, the postmaster has not started it yet */
	VISIT_RUNNING,
	VISIT_LEAVING /* told to end */
} VisitState;

typedef struct Visit
{
	VisitState state;
	Oid dbid;
	BackgroundWorkerHandle *handle; /* pfree'd at the end */
	TimestampTz started_at;
} Visit;

static Visit visits[AC_GUC_MAX_WORKERS];

int
ac_visits_count(void)
{
	int n = 0;

	for (int i = 0; i < AC_GUC_MAX_WORKERS; i++)
		n += visits[i].state != VISIT_FREE;
	return n;
}

bool
ac_visits_underway(Oid dbid)
{
	for (int i = 0; i < AC_GUC_MAX_WORKERS; i++)
	{
		if (visits[i].state != VISIT_FREE && visits[i].dbid == dbid)
			return true;
	}
	return false;
}

static Visit *
free_visit(void)
{
	for (int i = 0; i < AC_GUC_MAX_WORKERS; i++)
	{
		if (visits[i].state == VISIT_FREE)
			return &visits[i];
	}
	return NULL;
}

/*
 * True if somebody has or waits for a lock on the database that keeps new
 * connections out: DROP, RENAME and SET TABLESPACE, and CREATE DATABASE that
 * copies it.  They wait five seconds at most for other sessions to be gone.
 */
static bool
is_locked(Oid dbid)
{
	LOCKTAG tag;
	bool free;

	SET_LOCKTAG_OBJECT(tag, InvalidOid, DatabaseRelationId, dbid, 0);
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	free = LockAcquire(&tag, RowExclusiveLock, false, true) !=
		   LOCKACQUIRE_NOT_AVAIL;
	CommitTransactionCommand();
	return !free;
}

/* free to starting */
static void
visit_start(Visit *visit, Oid dbid, BackgroundWorkerHandle *handle)
{
	Assert(visit->state == VISIT_FREE);
	Assert(handle != NULL);
	visit->dbid = dbid;
	visit->handle = handle;
	visit->state = VISIT_STARTING;
}

/* starting to running */
static void
visit_began(Visit *visit)
{
	Assert(visit->state == VISIT_STARTING);
	visit->state = VISIT_RUNNING;
}

/* starting or running to leaving */
static void
visit_revoke(Visit *visit)
{
	Assert(visit->state == VISIT_STARTING || visit->state == VISIT_RUNNING);
	TerminateBackgroundWorker(visit->handle);
	visit->state = VISIT_LEAVING;
}

static int
back_off_s(int failures)
{
	int64 back_off = ac_guc_naptime_s;

	Assert(failures > 0);
	for (int i = 1; i < failures && back_off < LONGEST_BACK_OFF_S; i++)
		back_off *= 2;
	return (int) Min(back_off, Max(LONGEST_BACK_OFF_S, ac_guc_naptime_s));
}

/*
 * Notes what a visit without a note of its own was; returns the failures in a
 * row, 0 if it was none.
 */
static int
note_failure(AcSharedDatabase *database, const Visit *visit)
{
	if (database->looked_at >= visit->started_at)
		return 0;
	if (visit->state == VISIT_LEAVING)
	{
		/* It had no chance; the reason for it stands. */
		database->asked = true;
		return 0;
	}
	database->failures++;
	database->due_at =
		TimestampTzPlusSeconds(GetCurrentTimestamp(),
							   back_off_s(database->failures));
	return database->failures;
}

/* starting, running or leaving to free */
static void
visit_end(Visit *visit, AcShared *shared)
{
	AcSharedDatabase *database;
	int failures = 0;

	Assert(visit->state != VISIT_FREE);
	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	database = ac_shmem_database(shared, visit->dbid);
	if (database != NULL)
	{
		/* No other worker is there before this visit has ended. */
		database->worker_pid = 0;
		failures = note_failure(database, visit);
	}
	LWLockRelease(&shared->lock);

	if (failures == 1)
		ereport(LOG,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("autoconn worker ended before it had done the checks of the database with OID %u",
						visit->dbid),
				 errdetail("It is tried again at growing intervals; only the first failure of a row is told.")));
	pfree(visit->handle);
	visit->handle = NULL;
	visit->state = VISIT_FREE;
}

/* Sets whether somebody wants a visit; returns what it was. */
static bool
set_asked(AcShared *shared, Oid dbid, bool asked)
{
	AcSharedDatabase *database;
	bool before = false;

	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	database = ac_shmem_database(shared, dbid);
	if (database != NULL)
	{
		before = database->asked;
		database->asked = asked;
	}
	LWLockRelease(&shared->lock);
	return before;
}

AcVisitStart
ac_visits_start(AcShared *shared, Oid dbid)
{
	Visit *visit = free_visit();
	MemoryContext context;
	BackgroundWorkerHandle *handle;
	bool asked;

	Assert(!ac_visits_underway(dbid));
	if (visit == NULL || ac_visits_count() >= ac_guc_max_workers)
		return AC_VISIT_FULL;
	if (is_locked(dbid))
		return AC_VISIT_LOCKED;

	/* Whoever asks from now on may ask for what this visit does not see. */
	asked = set_asked(shared, dbid, false);
	visit->started_at = GetCurrentTimestamp();
	context = MemoryContextSwitchTo(TopMemoryContext);
	handle = ac_launch_visit(dbid);
	MemoryContextSwitchTo(context);
	if (handle == NULL)
	{
		if (asked)
			(void) set_asked(shared, dbid, true);
		return AC_VISIT_NO_SLOT;
	}
	visit_start(visit, dbid, handle);
	return AC_VISIT_STARTED;
}

void
ac_visits_follow(AcShared *shared)
{
	for (int i = 0; i < AC_GUC_MAX_WORKERS; i++)
	{
		Visit *visit = &visits[i];
		pid_t pid;

		if (visit->state == VISIT_FREE)
			continue;
		switch (GetBackgroundWorkerPid(visit->handle, &pid))
		{
			case BGWH_STARTED:
				if (visit->state == VISIT_STARTING)
					visit_began(visit);
				break;
			case BGWH_NOT_YET_STARTED:
				break;
			case BGWH_STOPPED:
			case BGWH_POSTMASTER_DIED:
				visit_end(visit, shared);
				break;
		}
	}
}

void
ac_visits_give_way(void)
{
	for (int i = 0; i < AC_GUC_MAX_WORKERS; i++)
	{
		Visit *visit = &visits[i];

		if ((visit->state == VISIT_STARTING ||
			 visit->state == VISIT_RUNNING) &&
			is_locked(visit->dbid))
			visit_revoke(visit);
	}
}

void
ac_visits_end_all(void)
{
	for (int i = 0; i < AC_GUC_MAX_WORKERS; i++)
	{
		if (visits[i].state == VISIT_STARTING ||
			visits[i].state == VISIT_RUNNING)
			visit_revoke(&visits[i]);
	}
}
