/*
 * stats.c
 *		What did the scans of each foreign table take, over all sessions?
 *		See stats.h.
 *
 * AcShared.stats_lock guards all of it.  It is held for some microseconds:
 * nothing in between allocates, waits or throws.  A scan comes by when it
 * ends, and once a second while it runs.
 *
 * Rejected: PostgreSQL's own cumulative statistics, which extensions can add
 * to from 18 on.  They would outlive a restart there and only there, and need
 * shared_preload_libraries.
 */
#include "ac.h"

#include "access/xact.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_foreign_table.h"
#include "foreign/foreign.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/compat.h"
#include "pg/shmem.h"
#include "pg/stats.h"
#include "policy/share.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

/* Columns of autoconn.table_counts(). */
#define COUNT_COLUMNS 14

typedef struct TableCounts
{
	Oid dbid;
	Oid relid;	  /* InvalidOid: free */
	Oid serverid; /* of the table that was read; another one's is not its */
	Oid owner;	  /* of the table, whose share it is in */
	uint64 used;  /* when it was added to last, by the table's clock */
	TimestampTz since;
	AcScanCounts counts;
	AcLatency latency;
	int64 total; /* see AcMeasure, and one more: 0 is not known */
	int64 page_rows;
} TableCounts;

typedef struct AcStatsTable
{
	int n_tables;
	uint64 clock;
	TableCounts tables[FLEXIBLE_ARRAY_MEMBER];
} AcStatsTable;

Size
ac_stats_size(int tables)
{
	return MAXALIGN(offsetof(AcStatsTable, tables) +
					(Size) tables * sizeof(TableCounts));
}

void
ac_stats_init(void *memory, Size size)
{
	AcStatsTable *stats = memory;

	Assert(size >= ac_stats_size(1));
	memset(memory, 0, size);
	stats->n_tables = (int) ((size - offsetof(AcStatsTable, tables)) /
							 sizeof(TableCounts));
}

/* The counts, locked; NULL where there are none. */
static AcStatsTable *
lock_stats(LWLockMode mode)
{
	AcShared *shared = ac_shmem();

	if (shared == NULL)
		return NULL;
	LWLockAcquire(&shared->stats_lock, mode);
	return ac_shmem_stats();
}

static void
unlock_stats(void)
{
	LWLockRelease(&ac_shmem()->stats_lock);
}

/* The table's counts; NULL: there are none. */
static TableCounts *
find_counts(AcStatsTable *stats, Oid relid)
{
	for (int i = 0; i < stats->n_tables; i++)
		if (stats->tables[i].relid == relid &&
			stats->tables[i].dbid == MyDatabaseId)
			return &stats->tables[i];
	return NULL;
}

static uint64
payer_of(const void *table, int i)
{
	const TableCounts *of = &((const AcStatsTable *) table)->tables[i];

	return OidIsValid(of->relid) ? (uint64) of->owner + 1 : 0;
}

/* Free counts; else those of the payer that were not added to for longest. */
static TableCounts *
oldest_counts(AcStatsTable *stats, uint64 payer)
{
	TableCounts *oldest = NULL;

	for (int i = 0; i < stats->n_tables; i++)
	{
		TableCounts *of = &stats->tables[i];

		if (!OidIsValid(of->relid))
			return of;
		if (payer_of(stats, i) == payer &&
			(oldest == NULL || of->used < oldest->used))
			oldest = of;
	}
	return oldest;
}

/* Counts that a table of that owner may have, which may be somebody's still. */
static TableCounts *
find_room(AcStatsTable *stats, Oid owner)
{
	AcShareView view = {.table = stats, .n = stats->n_tables, .payer_of = payer_of};
	TableCounts *room = oldest_counts(stats, 0);

	if (room == NULL)
		room = oldest_counts(stats, ac_share_loser(&view, (uint64) owner + 1));
	Assert(room != NULL);
	return room;
}

static void
add_counts(AcScanCounts *to, const AcScanCounts *more)
{
	to->scans += more->scans;
	to->requests += more->requests;
	to->pages += more->pages;
	to->rows += more->rows;
	to->bytes += more->bytes;
	to->retries += more->retries;
	to->errors += more->errors;
	to->cache_hits += more->cache_hits;
	to->wait_ms += more->wait_ms;
}

/* The table's counts, its own from now on. */
static TableCounts *
take_counts(AcStatsTable *stats, const AcStatsTarget *target, TimestampTz now)
{
	TableCounts *of = find_counts(stats, target->relid);

	if (of == NULL || of->serverid != target->serverid)
	{
		if (of == NULL)
			of = find_room(stats, target->owner);
		memset(of, 0, sizeof(*of));
		of->dbid = MyDatabaseId;
		of->relid = target->relid;
		of->serverid = target->serverid;
		of->since = now;
	}
	if (OidIsValid(target->owner))
		of->owner = target->owner;
	of->used = ++stats->clock;
	return of;
}

Oid
ac_stats_owner(Oid relid)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid owner;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

void
ac_stats_add(const AcStatsTarget *target, const AcScanCounts *counts,
			 const AcLatency *latency)
{
	TimestampTz now = GetCurrentTimestamp();
	AcStatsTable *stats = lock_stats(LW_EXCLUSIVE);
	TableCounts *of;

	Assert(OidIsValid(target->relid));
	if (stats == NULL)
		return;
	of = take_counts(stats, target, now);
	add_counts(&of->counts, counts);
	ac_latency_merge(&of->latency, latency);
	unlock_stats();
}

/* ---- for the planner ---- */

bool
ac_stats_note(Oid relid, Oid serverid, int64 total, int64 page_rows)
{
	TimestampTz now = GetCurrentTimestamp();
	AcStatsTarget target = {
		.relid = relid,
		.serverid = serverid,
		.owner = IsTransactionState() ? ac_stats_owner(relid) : InvalidOid,
	};
	AcStatsTable *stats = lock_stats(LW_EXCLUSIVE);
	TableCounts *of;

	if (stats == NULL)
		return false;
	of = take_counts(stats, &target, now);
	if (total >= 0)
		of->total = total + 1;
	if (page_rows >= 0)
		of->page_rows = page_rows + 1;
	unlock_stats();
	return true;
}

/* Of all tables of the server. */
static int64
server_latency(const AcStatsTable *stats, Oid serverid)
{
	AcLatency all = {{0}};

	for (int i = 0; i < stats->n_tables; i++)
		if (stats->tables[i].serverid == serverid &&
			stats->tables[i].dbid == MyDatabaseId)
			ac_latency_merge(&all, &stats->tables[i].latency);
	return ac_latency_percentile(&all, 0.5);
}

bool
ac_stats_of(Oid relid, Oid serverid, AcMeasure *measure)
{
	AcStatsTable *stats = lock_stats(LW_SHARED);
	const TableCounts *of;
	int64 median_ms = -1;

	if (stats == NULL)
		return false;
	of = find_counts(stats, relid);
	if (of != NULL && of->serverid == serverid)
	{
		measure->total = of->total - 1;
		measure->page_rows = of->page_rows - 1;
		median_ms = ac_latency_percentile(&of->latency, 0.5);
	}
	if (median_ms < 0)
		median_ms = server_latency(stats, serverid);
	measure->latency_ms = (double) median_ms;
	unlock_stats();
	return true;
}

/* ---- for people ---- */

/* Is it still the table that was read? */
static bool
is_there(const TableCounts *of)
{
	HeapTuple tuple = SearchSysCache1(FOREIGNTABLEREL,
									  ObjectIdGetDatum(of->relid));
	bool same;

	if (!HeapTupleIsValid(tuple))
		return false;
	same = ((Form_pg_foreign_table) GETSTRUCT(tuple))->ftserver == of->serverid;
	ReleaseSysCache(tuple);
	return same;
}

/* Who may read the table, or some of its columns, may see how that went. */
static bool
may_see(const TableCounts *of)
{
	Oid user = GetUserId();

	if (of->dbid != MyDatabaseId || !is_there(of))
		return false;
	return pg_class_aclcheck(of->relid, user, ACL_SELECT) == ACLCHECK_OK ||
		   pg_attribute_aclcheck_all(of->relid, user, ACL_SELECT,
									 ACLMASK_ANY) == ACLCHECK_OK ||
		   has_privs_of_role(user, ROLE_PG_READ_ALL_STATS);
}

static void
put_counts(ReturnSetInfo *result, const TableCounts *of)
{
	const AcScanCounts *counts = &of->counts;
	int64 median_ms = ac_latency_percentile(&of->latency, 0.5);
	Datum values[COUNT_COLUMNS] = {
		ObjectIdGetDatum(of->serverid),
		ObjectIdGetDatum(of->relid),
		Int64GetDatum(counts->scans),
		Int64GetDatum(counts->requests),
		Int64GetDatum(counts->pages),
		Int64GetDatum(counts->rows),
		Int64GetDatum(counts->bytes),
		Int64GetDatum(counts->retries),
		Int64GetDatum(counts->errors),
		Int64GetDatum(counts->cache_hits),
		Int64GetDatum(counts->wait_ms),
		Int64GetDatum(median_ms),
		Int64GetDatum(ac_latency_percentile(&of->latency, 0.95)),
		TimestampTzGetDatum(of->since),
	};
	bool nulls[COUNT_COLUMNS] = {[11] = median_ms < 0, [12] = median_ms < 0};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* Copies the counts at a place; false behind the last. */
static bool
copy_counts(int place, TableCounts *copy)
{
	AcStatsTable *stats = lock_stats(LW_SHARED);
	bool more;

	if (stats == NULL)
		return false;
	more = place < stats->n_tables;
	if (more)
		*copy = stats->tables[place];
	unlock_stats();
	return more;
}

PG_FUNCTION_INFO_V1(autoconn_table_counts);

/*
 * autoconn.table_counts() -> setof record.  Everybody may call it: it shows
 * what the caller may see.
 */
Datum
autoconn_table_counts(PG_FUNCTION_ARGS)
{
	TableCounts of;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; copy_counts(i, &of); i++)
		if (OidIsValid(of.relid) && may_see(&of))
			put_counts((ReturnSetInfo *) fcinfo->resultinfo, &of);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(autoconn_stats_reset);

/*
 * autoconn.stats_reset(relation regclass): forgets the counts of a table, of
 * all tables of the database for NULL.
 */
Datum
autoconn_stats_reset(PG_FUNCTION_ARGS)
{
	Oid relid = PG_ARGISNULL(0) ? InvalidOid : PG_GETARG_OID(0);
	AcStatsTable *stats = lock_stats(LW_EXCLUSIVE);

	if (stats == NULL)
		PG_RETURN_VOID();
	for (int i = 0; i < stats->n_tables; i++)
		if (stats->tables[i].dbid == MyDatabaseId &&
			(!OidIsValid(relid) || stats->tables[i].relid == relid))
			memset(&stats->tables[i], 0, sizeof(TableCounts));
	unlock_stats();
	PG_RETURN_VOID();
}
