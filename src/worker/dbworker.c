/*
 * dbworker.c
 *		How does one visit to one database go?
 *
 * The worker connects, has the watch do what is due, notes in shared memory
 * when to come again, and leaves.  What the watch does is its business; that
 * visits are short is the launcher's, see README.md.
 *
 * A visit that succeeded is one that left a note.  Whatever else happens
 * (an error, a signal, a database that is gone) leaves none, and the launcher
 * counts it as failed.
 */
#include "ac.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "pg/compat.h"
#include "pg/guc.h"
#include "pg/shmem.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "worker/dbworker.h"
#include "worker/watch.h"

/*
 * A visit that waits for a lock makes everybody wait who comes after it for
 * the same one.
 */
#define LOCK_TIMEOUT "10s"

static AcShared *shared = NULL;

/* Runs at every exit, however far the worker came. */
static void
take_leave(int code, Datum arg)
{
	AcSharedDatabase *database;

	if (shared == NULL)
		return;
	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	database = ac_shmem_database(shared, DatumGetObjectId(arg));
	if (database != NULL && database->worker_pid == MyProcPid)
		database->worker_pid = 0;
	LWLockRelease(&shared->lock);
}

/* Settings of the database are made for people's sessions. */
static void
settle(void)
{
	static const char *const settings[][2] = {
		{"search_path", "pg_catalog, pg_temp"},
		{"statement_timeout", "0"},
		{"lock_timeout", LOCK_TIMEOUT},
		{"transaction_timeout", "0"},
		{"idle_in_transaction_session_timeout", "0"},
		{"default_transaction_isolation", "read committed"},
		{"default_transaction_read_only", "off"},
		{"default_transaction_deferrable", "off"},
	};

	for (size_t i = 0; i < lengthof(settings); i++)
	{
		/* Not every version has every one. */
		if (GetConfigOption(settings[i][0], true, false) != NULL)
			SetConfigOption(settings[i][0], settings[i][1], PGC_SUSET,
							PGC_S_OVERRIDE);
	}
}

/* Puts the worker's pid where others see it; true if the last visit failed. */
static bool
check_in(Oid dbid)
{
	AcSharedDatabase *database;
	bool failed = false;

	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	database = ac_shmem_database(shared, dbid);
	if (database != NULL)
	{
		database->worker_pid = MyProcPid;
		failed = database->failures > 0;
	}
	LWLockRelease(&shared->lock);
	return failed;
}

/* The note of a visit that succeeded. */
static void
leave_note(Oid dbid, TimestampTz next)
{
	AcSharedDatabase *database;
	TimestampTz due_at = next == 0 ? DT_NOEND : ac_guc_clock(next);
	TimestampTz now = GetCurrentTimestamp();

	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	database = ac_shmem_database(shared, dbid);
	if (database != NULL)
	{
		database->has_extension = next != 0;
		database->looked_at = now;
		database->due_at = due_at;
		database->failures = 0;
	}
	LWLockRelease(&shared->lock);
}

/*
 * False if the watch threw.  Its error is told if it is the first of a row:
 * what goes wrong at every visit must not fill the log.
 */
static bool
visit(bool failed_before, TimestampTz *next)
{
	MemoryContext context = CurrentMemoryContext;
	volatile bool done = false;

	PG_TRY();
	{
		*next = ac_watch_visit();
		done = true;
	}
	PG_CATCH();
	{
		HOLD_INTERRUPTS();
		MemoryContextSwitchTo(context);
		if (!failed_before)
			EmitErrorReport();
		/* Outside a transaction there may be locks that no abort releases. */
		LWLockReleaseAll();
		AbortOutOfAnyTransaction();
		MemoryContextSwitchTo(context);
		FlushErrorState();
		RESUME_INTERRUPTS();
	}
	PG_END_TRY();
	Assert(!IsTransactionState());
	return done;
}

void
autoconn_worker_main(Datum arg)
{
	Oid dbid = DatumGetObjectId(arg);
	TimestampTz next;
	bool failed_before;

	before_shmem_exit(take_leave, arg);
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();

	BackgroundWorkerInitializeConnectionByOid(dbid, InvalidOid, 0);
	pgstat_report_appname("autoconn worker");
	settle();
	shared = ac_shmem();
	if (shared == NULL)
		proc_exit(0);

	pgstat_report_activity(STATE_RUNNING, "doing the checks that are due");
	failed_before = check_in(dbid);
	if (visit(failed_before, &next))
		leave_note(dbid, next);
	proc_exit(0);
}
