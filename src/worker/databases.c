/*
 * databases.c
 *		Which databases are there, and when is each to be visited?  See
 *		databases.h.
 */
#include "ac.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_database.h"
#include "pg/compat.h"
#include "pg/guc.h"
#include "storage/procarray.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "worker/databases.h"

/*
 * How long a database is believed to be without the extension while nobody
 * asks.  Those that create it there and go on to create a server do ask.
 */
#define ABSENT_S 3600

/*
 * A database that has the extension is visited at least that often, whatever
 * is due: servers that a restore brought ask for nothing.
 */
#define LONGEST_S 3600

/* pg_database's view. */
typedef struct Entry
{
	Oid dbid;
	bool visitable;	  /* connections are allowed, and it is listed */
	bool is_template; /* looked at only when asked or known to have it */
} Entry;

static Entry *
make_entry(Form_pg_database form)
{
	Entry *entry = palloc(sizeof(Entry));

	entry->dbid = form->oid;
	entry->is_template = form->datistemplate;
	entry->visitable = form->datallowconn && !database_is_invalid_form(form) &&
					   ac_guc_database_listed(NameStr(form->datname));
	return entry;
}

/* All databases as Entry *, in the current context. */
static List *
read_catalog(void)
{
	MemoryContext context = CurrentMemoryContext;
	List *entries = NIL;
	Relation relation;
	TableScanDesc scan;
	HeapTuple tuple;

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	relation = table_open(DatabaseRelationId, AccessShareLock);
	scan = table_beginscan_catalog(relation, 0, NULL);
	while (HeapTupleIsValid(tuple = heap_getnext(scan, ForwardScanDirection)))
	{
		MemoryContext inner = MemoryContextSwitchTo(context);

		entries = lappend(entries,
						  make_entry((Form_pg_database) GETSTRUCT(tuple)));
		MemoryContextSwitchTo(inner);
	}
	table_endscan(scan);
	table_close(relation, AccessShareLock);
	CommitTransactionCommand();
	MemoryContextSwitchTo(context);
	return entries;
}

static Entry *
find_entry(List *entries, Oid dbid)
{
	ListCell *lc;

	foreach (lc, entries)
	{
		Entry *entry = lfirst(lc);

		if (entry->dbid == dbid)
			return entry;
	}
	return NULL;
}

/* The databases that have a place, into dbids; returns their number. */
static int
places(AcShared *shared, Oid *dbids)
{
	int n = 0;

	LWLockAcquire(&shared->lock, LW_SHARED);
	for (int i = 0; i < AC_SHMEM_DATABASES; i++)
	{
		if (OidIsValid(shared->databases[i].dbid))
			dbids[n++] = shared->databases[i].dbid;
	}
	LWLockRelease(&shared->lock);
	return n;
}

/* A pid stays where the launcher ended before the worker and did not see. */
static void
clear_dead_worker(AcSharedDatabase *database, int dead_pid)
{
	if (dead_pid != 0 && database->worker_pid == dead_pid)
		database->worker_pid = 0;
}

/* The worker of a database if it has ended without saying so, else 0. */
static int
dead_worker(AcShared *shared, Oid dbid)
{
	AcSharedDatabase *database;
	int pid;

	LWLockAcquire(&shared->lock, LW_SHARED);
	database = ac_shmem_database(shared, dbid);
	pid = database == NULL ? 0 : database->worker_pid;
	LWLockRelease(&shared->lock);
	return pid != 0 && BackendPidGetProc(pid) == NULL ? pid : 0;
}

/*
 * Frees places of databases that are gone.  Only those that had their places
 * before pg_database was read: others may be newer than what was read.
 */
static void
free_places(AcShared *shared, List *entries, const Oid *before, int n)
{
	for (int i = 0; i < n; i++)
	{
		int dead_pid = dead_worker(shared, before[i]);
		AcSharedDatabase *database;

		LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
		database = ac_shmem_database(shared, before[i]);
		if (database != NULL)
		{
			clear_dead_worker(database, dead_pid);
			if (database->worker_pid == 0 &&
				find_entry(entries, before[i]) == NULL)
				memset(database, 0, sizeof(AcSharedDatabase));
		}
		LWLockRelease(&shared->lock);
	}
}

/* When a database is to be visited. */
static TimestampTz
visit_at(const AcSharedDatabase *database, const Entry *entry)
{
	TimestampTz soonest;
	TimestampTz latest;

	if (database->asked)
		return DT_NOBEGIN;
	if (database->failures > 0)
		return database->due_at;
	if (entry->is_template && !database->has_extension)
		return DT_NOEND;
	if (database->looked_at == 0)
		return 0;
	if (!database->has_extension)
		return TimestampTzPlusSeconds(database->looked_at, ABSENT_S);
	soonest = TimestampTzPlusSeconds(database->looked_at, ac_guc_naptime_s);
	latest = TimestampTzPlusSeconds(database->looked_at, LONGEST_S);
	return Max(soonest, Min(latest, database->due_at));
}

/* NULL if it has no place now, or a worker is there already. */
static AcDatabase *
consider(AcShared *shared, const Entry *entry, TimestampTz replace_before)
{
	AcSharedDatabase *place;
	AcDatabase *database = palloc(sizeof(AcDatabase));
	bool possible;

	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	place = ac_shmem_database_add(shared, entry->dbid, replace_before);
	possible = place != NULL && place->worker_pid == 0;
	if (possible)
	{
		database->dbid = entry->dbid;
		database->visit_at = visit_at(place, entry);
	}
	LWLockRelease(&shared->lock);
	return possible ? database : NULL;
}

static int
compare_visit_at(const ListCell *a, const ListCell *b)
{
	TimestampTz x = ((AcDatabase *) lfirst(a))->visit_at;
	TimestampTz y = ((AcDatabase *) lfirst(b))->visit_at;

	return x < y ? -1 : x > y;
}

List *
ac_databases_look(AcShared *shared)
{
	Oid before[AC_SHMEM_DATABASES];
	int n_before = places(shared, before);
	List *entries = read_catalog();
	List *databases = NIL;
	TimestampTz replace_before =
		TimestampTzPlusSeconds(GetCurrentTimestamp(), -ABSENT_S);
	ListCell *lc;

	free_places(shared, entries, before, n_before);
	foreach (lc, entries)
	{
		Entry *entry = lfirst(lc);
		AcDatabase *database = NULL;

		if (entry->visitable)
			database = consider(shared, entry, replace_before);
		if (database != NULL)
			databases = lappend(databases, database);
	}
	list_sort(databases, compare_visit_at);
	return databases;
}

void
ac_databases_ask_all(AcShared *shared)
{
	LWLockAcquire(&shared->lock, LW_EXCLUSIVE);
	for (int i = 0; i < AC_SHMEM_DATABASES; i++)
	{
		if (OidIsValid(shared->databases[i].dbid) &&
			shared->databases[i].has_extension)
			shared->databases[i].asked = true;
	}
	LWLockRelease(&shared->lock);
}

bool
ac_databases_idle(const AcShared *shared)
{
	for (int i = 0; i < AC_SHMEM_DATABASES; i++)
	{
		const AcSharedDatabase *database = &shared->databases[i];

		if (OidIsValid(database->dbid) &&
			(database->asked || database->failures > 0 ||
			 (database->has_extension &&
			  !TIMESTAMP_IS_NOEND(database->due_at))))
			return false;
	}
	return true;
}
