/*
 * activity.c
 *		What is a scan doing?  See activity.h.
 *
 * A slot is one scan's.  It is taken by a compare-and-swap of its pid and
 * given back by a store; in between only its owner writes.  A counter that is
 * odd while he does tells readers to look again, so that nobody locks: a
 * reader that looks at the wrong moment repeats itself, a writer never waits.
 *
 * Slots are given back when the scan's memory goes, and at the latest when the
 * process ends in whatever way PostgreSQL lets processes end.  After a crash
 * the memory is new.
 *
 * Names are not kept: the view looks them up, and hides rows whose table the
 * caller cannot see.
 */
#include "ac.h"

#include "catalog/pg_authid.h"
#include "foreign/foreign.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/activity.h"
#include "pg/compat.h"
#include "pg/resource.h"
#include "pg/shmem.h"
#include "pg/stats.h"
#include "port/atomics.h"
#include "storage/ipc.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* How often a running scan adds to its table's counts. */
#define TELL_EVERY_MS 1000

/* Looks at a slot that is being written; more are not needed in practice. */
#define MAX_LOOKS 100

/*
 * One process takes no more than this part of the slots, nor fewer than so
 * many: a query over hundreds of tables is not to hide what others do.
 */
#define PROCESS_SHARE 4
#define PROCESS_LEAST 4

/* Columns of autoconn.scan_state(). */
#define STATE_COLUMNS 14

/* What a slot shows. */
typedef struct Shown
{
	Oid dbid;
	Oid userid; /* who is logged in */
	Oid serverid;
	Oid relid;
	AcPhase phase;
	TimestampTz started;
	TimestampTz since; /* when the phase began */
	int64 total_rows;
	AcScanCounts counts;
} Shown;

struct AcActivitySlot
{
	pg_atomic_uint32 pid;	  /* 0: free */
	pg_atomic_uint32 changes; /* odd: being written */
	Shown shown;
};

typedef struct AcActivityTable
{
	int n_slots;
	AcActivitySlot slots[FLEXIBLE_ARRAY_MEMBER];
} AcActivityTable;

static const struct
{
	const char *name;
	const char *wait_event;
} phases[AC_PHASES] = {
	[AC_PHASE_IDLE] = {"idle", NULL},
	[AC_PHASE_READING] = {"reading", NULL},
	[AC_PHASE_BACKING_OFF] = {"backing off", "AutoconnBackOff"},
	[AC_PHASE_LIMIT] = {"waiting for limit", "AutoconnLimit"},
	[AC_PHASE_RENEWING] = {"renewing credential", "AutoconnToken"},
	[AC_PHASE_CONNECTING] = {"connecting", "AutoconnConnect"},
	[AC_PHASE_ANSWER] = {"waiting for answer", "AutoconnAnswer"},
	[AC_PHASE_RECEIVING] = {"receiving", "AutoconnReceive"},
};

/* Activities of this process that have a slot. */
static dlist_head seen = DLIST_STATIC_INIT(seen);
static int n_seen = 0;

uint32
ac_activity_wait_event(AcPhase phase)
{
	static uint32 events[AC_PHASES];

	Assert(phases[phase].wait_event != NULL);
	if (events[phase] == 0)
		events[phase] = ac_wait_event(phases[phase].wait_event);
	return events[phase];
}

/* ---- slots ---- */

Size
ac_activity_size(int slots)
{
	return MAXALIGN(offsetof(AcActivityTable, slots) +
					(Size) slots * sizeof(AcActivitySlot));
}

void
ac_activity_init(void *memory, Size size)
{
	AcActivityTable *table = memory;

	Assert(size >= ac_activity_size(1));
	memset(memory, 0, size);
	table->n_slots = (int) ((size - offsetof(AcActivityTable, slots)) /
							sizeof(AcActivitySlot));
	for (int i = 0; i < table->n_slots; i++)
	{
		pg_atomic_init_u32(&table->slots[i].pid, 0);
		pg_atomic_init_u32(&table->slots[i].changes, 0);
	}
}

/* Shows it to everybody who looks. */
static void
write_slot(AcActivitySlot *slot, const Shown *shown)
{
	uint32 changes = pg_atomic_read_u32(&slot->changes);

	Assert(changes % 2 == 0);
	pg_atomic_write_u32(&slot->changes, changes + 1);
	pg_write_barrier();
	slot->shown = *shown;
	pg_write_barrier();
	pg_atomic_write_u32(&slot->changes, changes + 2);
}

/* A free slot, made this process's; NULL if there is none. */
static AcActivitySlot *
take_slot(void)
{
	AcActivityTable *table = ac_shmem_activity();

	if (table == NULL ||
		n_seen >= Max(table->n_slots / PROCESS_SHARE, PROCESS_LEAST))
		return NULL;
	for (int i = 0; i < table->n_slots; i++)
	{
		AcActivitySlot *slot = &table->slots[i];
		uint32 nobody = 0;

		if (pg_atomic_read_u32(&slot->pid) == 0 &&
			pg_atomic_compare_exchange_u32(&slot->pid, &nobody,
										   (uint32) MyProcPid))
			return slot;
	}
	return NULL;
}

static void
give_slot(AcActivity *activity)
{
	Shown nothing = {0};

	if (activity->slot == NULL)
		return;
	dlist_delete(&activity->node);
	n_seen--;
	write_slot(activity->slot, &nothing);
	pg_write_barrier();
	pg_atomic_write_u32(&activity->slot->pid, 0);
	activity->slot = NULL;
}

/* The process ends; its scans need not have. */
static void
give_all(int code, Datum arg)
{
	while (!dlist_is_empty(&seen))
		give_slot(dlist_head_element(AcActivity, node, &seen));
}

/* Takes a slot for the activity, if there is one. */
static void
show(AcActivity *activity, TimestampTz now)
{
	static bool registered = false;
	Shown shown = {
		.dbid = MyDatabaseId,
		.userid = GetSessionUserId(),
		.serverid = activity->serverid,
		.relid = activity->relid,
		.started = now,
		.since = now,
		.total_rows = -1,
	};

	activity->slot = take_slot();
	if (activity->slot == NULL)
		return;
	dlist_push_tail(&seen, &activity->node);
	n_seen++;
	write_slot(activity->slot, &shown);
	if (!registered)
		before_shmem_exit(give_all, (Datum) 0);
	registered = true;
}

/* ---- of one scan ---- */

/* What the table does not know yet. */
static AcScanCounts
news(const AcActivity *activity)
{
	AcScanCounts all = activity->counts;
	const AcScanCounts *told = &activity->told;

	all.scans -= told->scans;
	all.requests -= told->requests;
	all.pages -= told->pages;
	all.rows -= told->rows;
	all.bytes -= told->bytes;
	all.retries -= told->retries;
	all.errors -= told->errors;
	all.cache_hits -= told->cache_hits;
	all.wait_ms -= told->wait_ms;
	return all;
}

static void
tell_table(AcActivity *activity)
{
	AcScanCounts counts = news(activity);
	AcStatsTarget target = {
		.relid = activity->relid,
		.serverid = activity->serverid,
		.owner = activity->owner,
	};

	ac_stats_add(&target, &counts, &activity->latency);
	activity->told = activity->counts;
	memset(&activity->latency, 0, sizeof(activity->latency));
}

/* Context reset: the scan is over. */
static void
release_activity(void *handle)
{
	AcActivity *activity = handle;

	give_slot(activity);
	if (activity->counts.scans > 0)
		tell_table(activity);
}

AcActivity *
ac_activity_begin(Oid relid, Oid serverid)
{
	AcActivity *activity = palloc0(sizeof(AcActivity));

	activity->relid = relid;
	activity->serverid = serverid;
	activity->owner = ac_stats_owner(relid);
	activity->total_rows = -1;
	ac_resource_own(CurrentMemoryContext, activity, release_activity);
	return activity;
}

void
ac_activity_open(AcActivity *activity)
{
	if (activity == NULL)
		return;
	activity->counts.scans++;
	if (activity->counts.scans == 1)
	{
		activity->told_at = GetCurrentTimestamp();
		show(activity, activity->told_at);
	}
	ac_activity_phase(activity, AC_PHASE_READING);
}

void
ac_activity_phase(AcActivity *activity, AcPhase phase)
{
	TimestampTz now;

	if (activity == NULL)
		return;
	now = GetCurrentTimestamp();
	if (activity->slot != NULL)
	{
		Shown shown = activity->slot->shown;

		if (phase != activity->phase)
			shown.since = now;
		shown.phase = phase;
		shown.counts = activity->counts;
		shown.total_rows = activity->parts ? -1 : activity->total_rows;
		write_slot(activity->slot, &shown);
	}
	activity->phase = phase;
	if (TimestampDifferenceExceeds(activity->told_at, now, TELL_EVERY_MS))
	{
		activity->told_at = now;
		tell_table(activity);
	}
}

/* ---- for people ---- */

/*
 * Copies what a slot shows, and whose it is: false if nobody's, or if it
 * cannot be read in peace.
 */
static bool
read_slot(AcActivitySlot *slot, int *pid, Shown *shown)
{
	for (int i = 0; i < MAX_LOOKS; i++)
	{
		uint32 before = pg_atomic_read_u32(&slot->changes);
		bool same;

		pg_read_barrier();
		*pid = (int) pg_atomic_read_u32(&slot->pid);
		*shown = slot->shown;
		pg_read_barrier();
		same = pg_atomic_read_u32(&slot->changes) == before;
		if (same && before % 2 == 0)
			return *pid != 0 && OidIsValid(shown->relid);
	}
	return false;
}

/* As for pg_stat_activity, and the server must be one to be used. */
static bool
may_see(const Shown *shown)
{
	Oid user = GetUserId();

	if (shown->dbid != MyDatabaseId ||
		GetForeignServerExtended(shown->serverid, FSV_MISSING_OK) == NULL ||
		ac_foreign_server_aclcheck(shown->serverid, user, ACL_USAGE) != ACLCHECK_OK)
		return false;
	return has_privs_of_role(user, ROLE_PG_READ_ALL_STATS) ||
		   has_privs_of_role(user, shown->userid);
}

static void
put_shown(ReturnSetInfo *result, int pid, const Shown *shown)
{
	const AcScanCounts *counts = &shown->counts;
	Datum values[STATE_COLUMNS] = {
		Int32GetDatum(pid),
		ObjectIdGetDatum(shown->serverid),
		ObjectIdGetDatum(shown->relid),
		CStringGetTextDatum(phases[shown->phase].name),
		Int64GetDatum(counts->requests),
		Int64GetDatum(counts->pages),
		Int64GetDatum(counts->rows),
		Int64GetDatum(counts->bytes),
		Int64GetDatum(counts->retries),
		Int64GetDatum(counts->cache_hits),
		Int64GetDatum(counts->wait_ms),
		Int64GetDatum(shown->total_rows),
		TimestampTzGetDatum(shown->started),
		TimestampTzGetDatum(shown->since),
	};
	bool nulls[STATE_COLUMNS] = {[11] = shown->total_rows < 0};

	/* A wait that goes on counts, too. */
	if (shown->phase == AC_PHASE_LIMIT || shown->phase == AC_PHASE_BACKING_OFF)
		values[10] = Int64GetDatum(counts->wait_ms +
								   TimestampDifferenceMilliseconds(shown->since,
																   GetCurrentTimestamp()));
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(autoconn_scan_state);

/*
 * autoconn.scan_state() -> setof record.  Everybody may call it: it shows what
 * the caller may see.
 */
Datum
autoconn_scan_state(PG_FUNCTION_ARGS)
{
	AcActivityTable *table = ac_shmem_activity();

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; table != NULL && i < table->n_slots; i++)
	{
		Shown shown;
		int pid;

		if (read_slot(&table->slots[i], &pid, &shown) && may_see(&shown))
			put_shown((ReturnSetInfo *) fcinfo->resultinfo, pid, &shown);
	}
	return (Datum) 0;
}
