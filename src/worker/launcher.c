/*
 * launcher.c
 *		When does which database get a worker?
 *
 * One launcher in the cluster, connected to no database, sends workers on
 * visits: to databases that nobody looked at yet, to those that have the
 * extension and where something is due, to those that a session asks for.
 * README.md has the process model.
 */
#include "ac.h"

#include "miscadmin.h"
#include "pg/compat.h"
#include "pg/guc.h"
#include "pg/shmem.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/procarray.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "worker/databases.h"
#include "worker/launcher.h"
#include "worker/visits.h"

/*
 * How often the launcher looks whether a visit is in somebody's way: well
 * below the five seconds that DROP DATABASE waits.
 */
#define GIVE_WAY_MS 1000

/*
 * A launcher that a session started ends when nothing was due for so many
 * naptimes: it holds one of few background workers.
 */
#define IDLE_NAPTIMES 10

static AcShared *shared = NULL;
static bool no_slot_told = false;
static TimestampTz busy_at;

/* Runs at every exit, however far the launcher came. */
static void
leave_office(int code, Datum arg)
{
	if (shared == NULL)
		return;
	ac_visits_end_all();
	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	if (shared->launcher_pid == MyProcPid)
		shared->launcher_pid = 0;
	LWLockRelease(&shared->lock);
}

/* False if another launcher runs. */
static bool
take_office(void)
{
	int other;
	bool taken;

	LWLockAcquire(&shared->lock, LW_SHARED);
	other = shared->launcher_pid;
	LWLockRelease(&shared->lock);
	if (other != 0 && BackendPidGetProc(other) != NULL)
		return false;

	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	taken = shared->launcher_pid == other;
	if (taken)
	{
		shared->launcher_pid = MyProcPid;
		shared->launcher_asked_at = 0;
	}
	LWLockRelease(&shared->lock);
	return taken;
}

/*
 * Gives the office up if nobody needs it any more.  A session that asks for
 * something afterwards finds no launcher and starts one; see pg/launch.c.
 */
static bool
resign_if_idle(void)
{
	TimestampTz now = GetCurrentTimestamp();
	bool idle;

	if (shared->preloaded)
		return false;
	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	idle = ac_visits_count() == 0 && ac_databases_idle(shared);
	if (!idle)
		busy_at = now;
	idle = idle && TimestampDifferenceExceeds(
					   busy_at, now, ac_guc_naptime_s * 1000 * IDLE_NAPTIMES);
	if (idle || !ac_guc_watch)
	{
		shared->launcher_pid = 0;
		idle = true;
	}
	LWLockRelease(&shared->lock);
	return idle;
}

static void
reload(void)
{
	if (!ConfigReloadPending)
		return;
	ConfigReloadPending = false;
	ProcessConfigFile(PGC_SIGHUP);
	/* Settings of databases and the clock may have changed with it. */
	ac_databases_ask_all(shared);
}

static void
tell_no_slot(void)
{
	if (no_slot_told)
		return;
	no_slot_told = true;
	ereport(LOG,
			(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
			 errmsg("autoconn could not start a worker: no background worker is free"),
			 errdetail("It is tried again; this is told once."),
			 errhint("Increase max_worker_processes.")));
}

/*
 * Starts a visit that is due; returns when to try again what could not be
 * started, DT_NOEND if the end of a worker will tell.
 */
static TimestampTz
start_visit(Oid dbid, TimestampTz now)
{
	switch (ac_visits_start(shared, dbid))
	{
		case AC_VISIT_STARTED:
			no_slot_told = false;
			return DT_NOEND;
		case AC_VISIT_FULL:
			return DT_NOEND;
		case AC_VISIT_LOCKED:
			return TimestampTzPlusMilliseconds(now, GIVE_WAY_MS);
		case AC_VISIT_NO_SLOT:
			tell_no_slot();
			break;
	}
	return TimestampTzPlusSeconds(now, ac_guc_naptime_s);
}

/* Starts what is due; returns when to look again. */
static TimestampTz
look_around(void)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz next = TimestampTzPlusSeconds(now, ac_guc_naptime_s);
	List *databases = ac_databases_look(shared);
	ListCell *lc;

	foreach (lc, databases)
	{
		AcDatabase *database = lfirst(lc);
		TimestampTz at = database->visit_at;

		if (ac_visits_underway(database->dbid))
			continue;
		if (at <= now)
			at = start_visit(database->dbid, now);
		next = Min(next, at);
	}
	if (ac_visits_count() > 0)
		next = Min(next, TimestampTzPlusMilliseconds(now, GIVE_WAY_MS));
	return next;
}

/* Waits until then, or until somebody has something to tell. */
static void
wait_until(TimestampTz until)
{
	static uint32 wait_event = 0;
	long timeout_ms = TimestampDifferenceMilliseconds(GetCurrentTimestamp(),
													  until);

	if (wait_event == 0)
		wait_event = ac_wait_event("AutoconnLauncher");
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
					 timeout_ms, wait_event);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}

/* One turn; returns until when nothing is to be done. */
static TimestampTz
turn(void)
{
	reload();
	ac_visits_follow(shared);
	if (!ac_guc_watch)
	{
		ac_visits_end_all();
		return DT_NOEND;
	}
	ac_visits_give_way();
	return look_around();
}

static void
report_idle(void)
{
	char what[64];

	if (!ac_guc_watch)
		strlcpy(what, "autoconn.watch is off", sizeof(what));
	else
		snprintf(what, sizeof(what), "databases being visited: %d",
				 ac_visits_count());
	pgstat_report_activity(STATE_IDLE, what);
	pgstat_report_stat(false);
}

static void
run(void)
{
	MemoryContext context = AllocSetContextCreate(TopMemoryContext,
												  "autoconn launcher",
												  ALLOCSET_DEFAULT_SIZES);

	busy_at = GetCurrentTimestamp();
	/* Visits of the launcher before this one ended with it. */
	ac_databases_ask_all(shared);
	for (;;)
	{
		TimestampTz next;

		MemoryContextSwitchTo(context);
		pgstat_report_activity(STATE_RUNNING,
							   "looking for databases to visit");
		next = turn();
		MemoryContextReset(context);
		report_idle();
		if (resign_if_idle())
			return;
		wait_until(next);
	}
}

void
autoconn_launcher_main(Datum arg)
{
	before_shmem_exit(leave_office, (Datum) 0);
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();

	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
	pgstat_report_appname("autoconn launcher");
	shared = ac_shmem();
	if (shared == NULL)
		proc_exit(0);
	/* The postmaster starts one that it was given again after a non-zero. */
	if (!take_office())
		proc_exit(shared->preloaded ? 1 : 0);
	run();
	proc_exit(0);
}
