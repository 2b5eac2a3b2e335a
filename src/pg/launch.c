/*
 * launch.c
 *		How do workers get to run?  See launch.h.
 *
 * A session asks for a launcher when its transaction commits: earlier, the
 * visit would not see what it is for, and might find no extension and not
 * come again for long.
 */
#include "ac.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "miscadmin.h"
#include "pg/compat.h"
#include "pg/guc.h"
#include "pg/launch.h"
#include "pg/shmem.h"
#include "storage/ipc.h"
#include "utils/timestamp.h"

/* Seconds until a launcher that failed is started again by the postmaster. */
#define LAUNCHER_RESTART_S 10

/*
 * A launcher that a session asked for is given that long to turn up before
 * another is asked for.
 */
#define LAUNCHER_START_MS 10000

#define LAUNCHER_NAME "autoconn launcher"
#define WORKER_NAME "autoconn worker"
#define TOKEN_NAME "autoconn token"

/* What this transaction wants when it commits. */
static bool launcher_wanted = false;
static bool visit_wanted = false;

static bool callback_registered = false;
static bool reminded = false;
static bool no_worker_told = false;
static bool no_memory_told = false;

/* A worker of this library. */
static void
describe_worker(BackgroundWorker *worker, const char *name,
				const char *function)
{
	memset(worker, 0, sizeof(*worker));
	worker->bgw_flags = BGWORKER_SHMEM_ACCESS |
						BGWORKER_BACKEND_DATABASE_CONNECTION;
	/* On a standby nothing could be written. */
	worker->bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker->bgw_restart_time = BGW_NEVER_RESTART;
	strlcpy(worker->bgw_library_name, "autoconn",
			sizeof(worker->bgw_library_name));
	strlcpy(worker->bgw_function_name, function,
			sizeof(worker->bgw_function_name));
	strlcpy(worker->bgw_name, name, sizeof(worker->bgw_name));
	strlcpy(worker->bgw_type, name, sizeof(worker->bgw_type));
}

static void
describe_launcher(BackgroundWorker *worker)
{
	describe_worker(worker, LAUNCHER_NAME, "autoconn_launcher_main");
}

void
ac_launch_init(void)
{
	BackgroundWorker worker;

	if (!process_shared_preload_libraries_in_progress || IsBinaryUpgrade)
		return;
	describe_launcher(&worker);
	worker.bgw_restart_time = LAUNCHER_RESTART_S;
	RegisterBackgroundWorker(&worker);
}

/*
 * True for the one caller that is to start a launcher.  The postmaster looks
 * after one that was preloaded.
 */
static bool
claim_start(AcShared *shared)
{
	TimestampTz now = GetCurrentTimestamp();
	bool claimed = false;

	if (shared->preloaded)
		return false;
	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	if (shared->launcher_pid == 0 &&
		TimestampDifferenceExceeds(shared->launcher_asked_at, now,
								   LAUNCHER_START_MS))
	{
		shared->launcher_asked_at = now;
		claimed = true;
	}
	LWLockRelease(&shared->lock);
	return claimed;
}

/* Runs after the commit, where nothing may throw. */
static void
start_launcher(AcShared *shared)
{
	BackgroundWorker worker;

	if (!claim_start(shared))
		return;
	describe_launcher(&worker);
	if (RegisterDynamicBackgroundWorker(&worker, NULL) || no_worker_told)
		return;
	no_worker_told = true;
	ereport(LOG,
			(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
			 errmsg("autoconn could not start its launcher: no background worker is free"),
			 errhint("Increase max_worker_processes.")));
}

static void
at_commit(void)
{
	AcShared *shared = ac_shmem();

	if (shared == NULL)
		return;
	reminded = true;
	if (visit_wanted)
		(void) ac_shmem_ask(MyDatabaseId);
	start_launcher(shared);
}

static void
on_xact_event(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT && launcher_wanted)
		at_commit();
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT ||
		event == XACT_EVENT_PREPARE)
	{
		launcher_wanted = false;
		visit_wanted = false;
	}
}

/* Is anything to be done in this process at all? */
static bool
wants_launcher(void)
{
	return ac_guc_watch && IsUnderPostmaster && !IsBinaryUpgrade &&
		   OidIsValid(MyDatabaseId) && IsTransactionState() &&
		   !RecoveryInProgress();
}

/* Once in a session, and not in those that only read. */
static void
tell_no_memory(void)
{
	if (no_memory_told)
		return;
	no_memory_told = true;
	ereport(LOG,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 errmsg("autoconn cannot watch APIs: there is no shared memory for it"),
			 errhint("Add autoconn to shared_preload_libraries.")));
}

static void
want_launcher(void)
{
	if (!callback_registered)
		RegisterXactCallback(on_xact_event, NULL);
	callback_registered = true;
	launcher_wanted = true;
}

void
ac_worker_ensure(void)
{
	if (!wants_launcher())
		return;
	if (ac_shmem() == NULL)
	{
		tell_no_memory();
		return;
	}
	want_launcher();
	visit_wanted = true;
}

void
ac_worker_remind(void)
{
	if (!reminded && wants_launcher() && ac_shmem() != NULL)
		want_launcher();
}

BackgroundWorkerHandle *
ac_launch_visit(Oid dbid)
{
	BackgroundWorker worker;
	BackgroundWorkerHandle *handle;

	describe_worker(&worker, WORKER_NAME, "autoconn_worker_main");
	worker.bgw_flags |= BGWORKER_INTERRUPTIBLE;
	worker.bgw_main_arg = ObjectIdGetDatum(dbid);
	worker.bgw_notify_pid = MyProcPid;
	return RegisterDynamicBackgroundWorker(&worker, &handle) ? handle : NULL;
}

BackgroundWorkerHandle *
ac_launch_token(const void *task, Size size)
{
	BackgroundWorker worker;
	BackgroundWorkerHandle *handle;

	Assert(size <= BGW_EXTRALEN);
	describe_worker(&worker, TOKEN_NAME, "autoconn_token_main");
	worker.bgw_notify_pid = MyProcPid;
	memcpy(worker.bgw_extra, task, size);
	return RegisterDynamicBackgroundWorker(&worker, &handle) ? handle : NULL;
}
