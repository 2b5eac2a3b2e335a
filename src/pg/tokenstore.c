/*
 * tokenstore.c
 *		Where do the tokens live that one OAuth grant gave in exchange for
 *		another?  See tokenstore.h.
 *
 * Rows are read past SPI, because a query's snapshot may be older than the
 * token that it needs, and a session on a standby or in a read-only
 * transaction reads them, too.  Secrets are written past SPI, see
 * write_secrets(); all else is written through it.
 */
#include "ac.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "catalog/pg_user_mapping.h"
#include "miscadmin.h"
#include "pg/compat.h"
#include "pg/scope.h"
#include "pg/tokenjournal.h"
#include "pg/tokenstore.h"
#include "pg/watch.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

/* Columns of autoconn.token in their order. */
enum
{
	COLUMN_MAPPING = 1,
	COLUMN_SERVER,
	COLUMN_USERID,
	COLUMN_HOME,
	COLUMN_SEED,
	COLUMN_ASKED,
	COLUMN_GENERATION,
	COLUMN_ACCESS_TOKEN,
	COLUMN_RENEW_AT,
	COLUMN_REFRESH_TOKEN,
	COLUMN_FAILURES,
	COLUMN_DEAD,
	COLUMN_FAILURE_CODE,
	COLUMN_FAILURE,
	COLUMN_FAILURE_DETAIL,
	COLUMN_FAILURE_HINT
};

/* ---- reading ---- */

static char *
text_at(HeapTuple tuple, TupleDesc desc, int column)
{
	bool isnull;
	Datum value = heap_getattr(tuple, column, desc, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

static int64
int8_at(HeapTuple tuple, TupleDesc desc, int column)
{
	bool isnull;
	Datum value = heap_getattr(tuple, column, desc, &isnull);

	return isnull ? 0 : DatumGetInt64(value);
}

static AcErrorCode
code_named(const char *name)
{
	for (int code = AC_ERR_NONE + 1; name != NULL && code <= AC_ERR_INTERNAL; code++)
		if (strcmp(ac_error_code_name(code), name) == 0)
			return code;
	return AC_ERR_INTERNAL;
}

static void
read_failure(HeapTuple tuple, TupleDesc desc, AcError *failure)
{
	char *message = text_at(tuple, desc, COLUMN_FAILURE);
	char *detail = text_at(tuple, desc, COLUMN_FAILURE_DETAIL);
	char *hint = text_at(tuple, desc, COLUMN_FAILURE_HINT);

	ac_error_clear(failure);
	if (message == NULL)
		return;
	ac_error_set(failure,
				 code_named(text_at(tuple, desc, COLUMN_FAILURE_CODE)), "%s",
				 message);
	if (detail != NULL)
		ac_error_detail(failure, "%s", detail);
	if (hint != NULL)
		ac_error_hint(failure, "%s", hint);
}

static void
read_tuple(HeapTuple tuple, TupleDesc desc, AcTokenRow *row)
{
	bool isnull;
	Datum value;

	row->home = text_at(tuple, desc, COLUMN_HOME);
	row->seed = text_at(tuple, desc, COLUMN_SEED);
	row->asked = text_at(tuple, desc, COLUMN_ASKED);
	row->generation = int8_at(tuple, desc, COLUMN_GENERATION);
	row->access_token = text_at(tuple, desc, COLUMN_ACCESS_TOKEN);
	value = heap_getattr(tuple, COLUMN_RENEW_AT, desc, &isnull);
	row->renew_at = isnull ? DT_NOEND : DatumGetTimestampTz(value);
	row->refresh_token = text_at(tuple, desc, COLUMN_REFRESH_TOKEN);
	row->failures = int8_at(tuple, desc, COLUMN_FAILURES);
	value = heap_getattr(tuple, COLUMN_DEAD, desc, &isnull);
	row->dead = !isnull && DatumGetBool(value);
	read_failure(tuple, desc, &row->failure);
}

/*
 * systable_beginscan() takes a snapshot of this moment where it is given
 * none, also in the leader of a parallel query, where GetLatestSnapshot() may
 * not be called.
 */
static bool
read_row(Oid mapping, AcTokenRow *row)
{
	Oid relid = get_relname_relid("token", get_namespace_oid("autoconn", false));
	Oid indexid = get_relname_relid("token_pkey", get_namespace_oid("autoconn", false));
	Relation relation;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;

	if (!OidIsValid(relid))
		return false;
	relation = table_open(relid, AccessShareLock);
	ScanKeyInit(&key, COLUMN_MAPPING, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(mapping));
	scan = systable_beginscan(relation, indexid, OidIsValid(indexid), NULL, 1,
							  &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		read_tuple(tuple, RelationGetDescr(relation), row);
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	return HeapTupleIsValid(tuple);
}

bool
ac_tokenstore_read(Oid mapping, AcTokenRow *row)
{
	MemoryContext cxt = CurrentMemoryContext;
	bool own = !IsTransactionState();
	bool found;

	memset(row, 0, sizeof(*row));
	row->mapping = mapping;
	row->renew_at = DT_NOEND;
	if (own)
	{
		StartTransactionCommand();
		MemoryContextSwitchTo(cxt);
	}
	found = read_row(mapping, row);
	if (own)
	{
		CommitTransactionCommand();
		MemoryContextSwitchTo(cxt);
	}
	return found;
}

bool
ac_tokenstore_at_home(const AcTokenRow *row)
{
	return row->home != NULL && strcmp(row->home, ac_watch_home()) == 0;
}

/* ---- writing ---- */

/* A row for mappings that a WHERE picks; $2 is home. */
#define MAPPING_ROW                                                   \
	"INSERT INTO autoconn.token AS t (mapping, server, userid, home)" \
	" SELECT m.oid, s.srvname, m.umuser, $2"                          \
	" FROM pg_user_mapping m JOIN pg_foreign_server s ON s.oid = m.umserver"

static void
arg_time(AcArgs *args, TimestampTz at)
{
	ac_arg_datum(args, TIMESTAMPTZOID, TimestampTzGetDatum(at),
				 TIMESTAMP_IS_NOEND(at));
}

/*
 * The row of the mapping, as one of this database.  The server may have been
 * renamed: to follow at once would have renewals wait for that to be committed.
 */
static void
ensure_row(Oid mapping)
{
	AcArgs args = {0};

	ac_arg_oid(&args, mapping);
	ac_arg_text(&args, ac_watch_home());
	ac_scope_run(MAPPING_ROW " WHERE m.oid = $1"
							 " ON CONFLICT (mapping) DO UPDATE SET home = excluded.home,"
							 " server = excluded.server",
				 &args, false);
}

/* A secret for a column of a row, NULL for none. */
typedef struct Secret
{
	AttrNumber column;
	const char *value;
} Secret;

/* The row as it is with these secrets. */
static void
set_secrets(Relation relation, HeapTuple tuple, const Secret *secrets, int n)
{
	TupleDesc desc = RelationGetDescr(relation);
	Datum *values = palloc0(sizeof(Datum) * desc->natts);
	bool *nulls = palloc0(sizeof(bool) * desc->natts);
	bool *replace = palloc0(sizeof(bool) * desc->natts);

	for (int i = 0; i < n; i++)
	{
		int at = secrets[i].column - 1;

		replace[at] = true;
		nulls[at] = secrets[i].value == NULL;
		if (!nulls[at])
			values[at] = CStringGetTextDatum(secrets[i].value);
	}
	CatalogTupleUpdate(relation, &tuple->t_self,
					   heap_modify_tuple(tuple, desc, values, nulls, replace));
}

/*
 * Writes secrets into the row of a mapping that this transaction has written
 * just now, so that it is nobody else's.  Past SPI: a statement's parameters,
 * and constants that the planner makes of them, may be logged by the server,
 * by auto_explain, and by whatever looks at plans; so may a row that fails.
 */
static void
write_secrets(const char *table, Oid mapping, const Secret *secrets, int n)
{
	Oid relid = get_relname_relid(table, get_namespace_oid("autoconn", false));
	Relation relation = table_open(relid, RowExclusiveLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;

	ScanKeyInit(&key, COLUMN_MAPPING, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(mapping));
	scan = systable_beginscan(relation, InvalidOid, false, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		set_secrets(relation, heap_copytuple(tuple), secrets, n);
	systable_endscan(scan);
	table_close(relation, RowExclusiveLock);
	CommandCounterIncrement();
}

void
ac_tokenstore_save(const AcTokenRow *row)
{
	Secret secrets[] = {
		{COLUMN_ACCESS_TOKEN, row->access_token},
		{COLUMN_REFRESH_TOKEN, row->refresh_token},
	};
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ensure_row(row->mapping);
	ac_arg_oid(&args, row->mapping);
	ac_arg_text(&args, row->seed);
	ac_arg_text(&args, row->asked);
	ac_arg_int8(&args, row->generation);
	arg_time(&args, row->renew_at);
	ac_scope_run("UPDATE autoconn.token SET seed = $2, asked = $3,"
				 " generation = $4, renew_at = $5,"
				 " dead = false, failure_code = NULL,"
				 " failure = NULL, failure_detail = NULL, failure_hint = NULL,"
				 " changed = clock_timestamp() WHERE mapping = $1",
				 &args, false);
	write_secrets("token", row->mapping, secrets, lengthof(secrets));
	ac_scope_end(&scope);
}

void
ac_tokenstore_announce(Oid mapping)
{
	HeapTuple tuple = SearchSysCache1(USERMAPPINGOID, ObjectIdGetDatum(mapping));
	Relation mappings;

	if (!HeapTupleIsValid(tuple))
		return;
	mappings = table_open(UserMappingRelationId, AccessShareLock);
	CacheInvalidateHeapTuple(mappings, tuple, NULL);
	table_close(mappings, AccessShareLock);
	ReleaseSysCache(tuple);
}

void
ac_tokenstore_fail(Oid mapping, const char *seed, const AcError *failure,
				   bool dead)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ensure_row(mapping);
	ac_arg_oid(&args, mapping);
	ac_arg_text(&args, ac_error_code_name(failure->code));
	ac_arg_text(&args, failure->message);
	ac_arg_text(&args, failure->detail);
	ac_arg_text(&args, failure->hint);
	ac_arg_datum(&args, BOOLOID, BoolGetDatum(dead), false);
	ac_arg_text(&args, seed);
	/* Of another seed nothing is left that could be used. */
	ac_scope_run("UPDATE autoconn.token SET failures = failures + 1,"
				 " failure_code = $2, failure = $3, failure_detail = $4,"
				 " failure_hint = $5, dead = $6, changed = clock_timestamp(),"
				 " seed = $7,"
				 " access_token = CASE WHEN seed = $7 THEN access_token END,"
				 " refresh_token = CASE WHEN seed = $7 THEN refresh_token END"
				 " WHERE mapping = $1",
				 &args, false);
	ac_scope_end(&scope);
}

bool
ac_tokenstore_seed_is_taken(Oid mapping, const char *seed)
{
	AcScope scope;
	AcArgs args = {0};
	bool taken;

	ac_scope_begin(&scope);
	ac_arg_oid(&args, mapping);
	ac_arg_text(&args, seed);
	taken = ac_scope_run("SELECT 1 FROM autoconn.token"
						 " WHERE seed = $2 AND mapping <> $1 AND generation > 0",
						 &args, true) > 0;
	ac_scope_end(&scope);
	return taken;
}

void
ac_tokenstore_note(Oid mapping)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_oid(&args, mapping);
	ac_arg_text(&args, ac_watch_home());
	ac_scope_run(MAPPING_ROW " WHERE m.oid = $1 ON CONFLICT (mapping) DO NOTHING",
				 &args, false);
	ac_scope_end(&scope);
}

void
ac_tokenstore_adopt(ForeignServer *server)
{
	AcScope scope;
	AcArgs moved = {0};
	AcArgs all = {0};

	ac_scope_begin(&scope);
	ac_arg_oid(&moved, server->serverid);
	ac_arg_text(&moved, server->servername);
	ac_scope_run("UPDATE autoconn.token t SET mapping = m.oid"
				 " FROM pg_user_mapping m WHERE m.umserver = $1"
				 "  AND t.server = $2 AND t.userid = m.umuser"
				 "  AND NOT EXISTS (SELECT FROM pg_user_mapping g WHERE g.oid = t.mapping)"
				 "  AND NOT EXISTS (SELECT FROM autoconn.token o WHERE o.mapping = m.oid)",
				 &moved, false);
	ac_arg_oid(&all, server->serverid);
	ac_arg_text(&all, ac_watch_home());
	ac_scope_run(MAPPING_ROW " WHERE m.umserver = $1"
							 " ON CONFLICT (mapping) DO UPDATE SET home = excluded.home",
				 &all, false);
	ac_scope_end(&scope);
}

/*
 * In a database that pg_upgrade made all mappings have new OIDs, and their
 * rows wait for ac_tokenstore_adopt(): those are not at home.
 */
void
ac_tokenstore_forget_dropped(void)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_text(&args, ac_watch_home());
	ac_scope_run("DELETE FROM autoconn.token t WHERE t.home = $1"
				 "  AND NOT EXISTS (SELECT FROM pg_user_mapping m WHERE m.oid = t.mapping)",
				 &args, false);
	args.n = 0;
	ac_scope_run("DELETE FROM autoconn.authorization a WHERE NOT EXISTS"
				 " (SELECT FROM pg_user_mapping m WHERE m.oid = a.mapping)",
				 &args, false);
	ac_scope_end(&scope);
	ac_tokenjournal_sweep();
}

/* ---- an authorization that a person has yet to give ---- */

/* Columns of autoconn.authorization behind COLUMN_MAPPING. */
enum
{
	COLUMN_STATE = 2,
	COLUMN_VERIFIER
};

/* Codes live for ten minutes at most (RFC 6749 4.1.2). */
#define VISIT_LIFE "interval '10 minutes'"

void
ac_tokenstore_begin_visit(Oid mapping, const AcTokenVisit *visit)
{
	Secret secrets[] = {
		{COLUMN_STATE, visit->state},
		{COLUMN_VERIFIER, visit->verifier},
	};
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_oid(&args, mapping);
	ac_arg_text(&args, visit->redirect_uri);
	ac_scope_run("INSERT INTO autoconn.authorization (mapping, state, verifier,"
				 " redirect_uri, expires_at)"
				 " VALUES ($1, '', '', $2, clock_timestamp() + " VISIT_LIFE ")"
				 " ON CONFLICT (mapping) DO UPDATE SET"
				 " redirect_uri = excluded.redirect_uri,"
				 " expires_at = excluded.expires_at",
				 &args, false);
	write_secrets("authorization", mapping, secrets, lengthof(secrets));
	ac_scope_end(&scope);
}

bool
ac_tokenstore_take_visit(Oid mapping, AcTokenVisit *visit)
{
	AcScope scope;
	AcArgs args = {0};
	bool found;

	ac_scope_begin(&scope);
	ac_arg_oid(&args, mapping);
	found = ac_scope_run("DELETE FROM autoconn.authorization WHERE mapping = $1"
						 " RETURNING state, verifier, redirect_uri,"
						 " CASE WHEN expires_at > clock_timestamp() THEN 1 END",
						 &args, false) == 1 &&
			ac_scope_int8(0, 4, 0) == 1;
	if (found)
	{
		visit->state = ac_scope_text(&scope, 0, 1);
		visit->verifier = ac_scope_text(&scope, 0, 2);
		visit->redirect_uri = ac_scope_text(&scope, 0, 3);
	}
	ac_scope_end(&scope);
	return found;
}

/* ---- locks ---- */

/*
 * Advisory locks, because they are the only ones that go with the process
 * whatever ends it.  The functions for people number theirs 1 and 2.
 */
#define FIRST_NUMBER 2

static void
set_tag(LOCKTAG *tag, Oid mapping, AcTokenLock lock)
{
	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, UserMappingRelationId, mapping,
						 (uint16) (FIRST_NUMBER + lock));
}

bool
ac_tokenstore_lock(Oid mapping, AcTokenLock lock, bool wait)
{
	LOCKTAG tag;

	set_tag(&tag, mapping, lock);
	return LockAcquire(&tag, ExclusiveLock, true, !wait) != LOCKACQUIRE_NOT_AVAIL;
}

void
ac_tokenstore_unlock(Oid mapping, AcTokenLock lock)
{
	LOCKTAG tag;

	set_tag(&tag, mapping, lock);
	(void) LockRelease(&tag, ExclusiveLock, true);
}
