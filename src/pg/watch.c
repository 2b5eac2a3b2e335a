/*
 * watch.c
 *		What is kept between one poll of a server and the next?  See watch.h.
 */
#include "ac.h"

#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pg/catalog.h"
#include "pg/guc.h"
#include "pg/option.h"
#include "pg/scope.h"
#include "pg/watch.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* By so much a poll may be due later than twice the interval from now. */
#define LATEST_MS 600000

char *
ac_watch_home(void)
{
	return psprintf(UINT64_FORMAT "/%u", GetSystemIdentifier(), MyDatabaseId);
}

/* Binds the server's name and the generation that state belongs to. */
static void
arg_generation(AcArgs *args, ForeignServer *server)
{
	ac_arg_text(args, server->servername);
	ac_arg_oid(args, server->serverid);
	ac_arg_oid(args, server->owner);
	ac_arg_text(args, ac_option_server(server)->url);
}

/* Column (from 1) of a row as a time, DT_NOBEGIN if null. */
static TimestampTz
timestamp_of(uint64 row, int column)
{
	bool isnull;
	Datum at = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc,
							 column, &isnull);

	return isnull ? DT_NOBEGIN : DatumGetTimestampTz(at);
}

/*
 * No poll is due later than the interval lets one be, after one that failed a
 * while more: where it is, the interval was shortened or the clock was set
 * back.  False if the server is not to be polled, or is gone.
 */
static bool
follow_interval(AcWatchDue *due)
{
	ForeignServer *server = GetForeignServerExtended(due->serverid,
													 FSV_MISSING_OK);
	int64 interval_ms;

	if (server == NULL)
		return false;
	interval_ms = ac_option_server(server)->check_interval_ms;
	if (due->due_at > TimestampTzPlusMilliseconds(ac_guc_now(),
												  2 * interval_ms + LATEST_MS))
		due->due_at = DT_NOBEGIN;
	return interval_ms != 0;
}

static void *
read_due(const AcScope *scope, uint64 row)
{
	AcWatchDue *item = MemoryContextAlloc(scope->caller, sizeof(AcWatchDue));

	item->serverid = (Oid) ac_scope_int8(row, 1, 0);
	item->due_at = timestamp_of(row, 2);
	return item;
}

List *
ac_watch_servers(void)
{
	AcScope scope;
	AcArgs args = {0};
	List *due;
	ListCell *lc;

	ac_scope_begin(&scope);
	ac_arg_text(&args, ac_watch_home());
	due = ac_scope_list(&scope,
						"SELECT f.oid, w.next_check"
						" FROM autoconn.server_state s"
						" JOIN pg_foreign_server f ON f.srvname = s.server"
						"  AND f.oid = s.server_oid AND f.srvowner = s.server_owner"
						" LEFT JOIN autoconn.watch w ON w.server = s.server"
						" WHERE s.home = $1"
						/* each owner's first, then each one's second, ... */
						" ORDER BY row_number() OVER (PARTITION BY f.srvowner"
						"   ORDER BY w.next_check NULLS FIRST, s.server),"
						"  w.next_check NULLS FIRST, s.server",
						&args, read_due);
	ac_scope_end(&scope);
	foreach (lc, due)
	{
		if (!follow_interval(lfirst(lc)))
			due = foreach_delete_current (due, lc);
	}
	return due;
}

/* When the server was discovered.  To be run in a scope. */
static TimestampTz
read_learned_at(ForeignServer *server)
{
	AcArgs args = {0};

	ac_arg_text(&args, server->servername);
	return ac_scope_run("SELECT last_check FROM autoconn.server_state"
						" WHERE server = $1",
						&args, false) == 1
			   ? timestamp_of(0, 1)
			   : DT_NOBEGIN;
}

void
ac_watch_load(ForeignServer *server, AcWatchServer *watch)
{
	AcScope scope;
	AcArgs args = {0};

	memset(watch, 0, sizeof(*watch));
	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	if (ac_scope_run("SELECT etag, last_modified, spec_hash, baseline, current,"
					 "       protocol, polls, spec_failures"
					 " FROM autoconn.watch WHERE server = $1",
					 &args, false) == 1)
	{
		watch->etag = ac_scope_text(&scope, 0, 1);
		watch->last_modified = ac_scope_text(&scope, 0, 2);
		watch->spec_hash = ac_scope_text(&scope, 0, 3);
		watch->baseline = ac_scope_text(&scope, 0, 4);
		watch->current = ac_scope_text(&scope, 0, 5);
		watch->protocol = ac_scope_text(&scope, 0, 6);
		watch->polls = ac_scope_int8(0, 7, 0);
		watch->spec_failures = (int) ac_scope_int8(0, 8, 0);
	}
	watch->learned_at = read_learned_at(server);
	ac_scope_end(&scope);
}

static void *
read_table(const AcScope *scope, uint64 row)
{
	AcWatchTable *table = MemoryContextAlloc(scope->caller,
											 sizeof(AcWatchTable));

	table->relid = (Oid) ac_scope_int8(row, 1, 0);
	table->payload = ac_scope_text(scope, row, 2);
	return table;
}

List *
ac_watch_load_tables(ForeignServer *server)
{
	AcScope scope;
	AcArgs args = {0};
	List *tables;

	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	tables = ac_scope_list(&scope,
						   "SELECT relid, payload FROM autoconn.watch_table"
						   " WHERE server = $1",
						   &args, read_table);
	ac_scope_end(&scope);
	return tables;
}

static void *
read_decided(const AcScope *scope, uint64 row)
{
	AcWatchDecided *item = MemoryContextAlloc(scope->caller,
											  sizeof(AcWatchDecided));

	item->id = ac_scope_int8(row, 1, 0);
	item->relid = (Oid) ac_scope_int8(row, 2, 0);
	item->fingerprint = ac_scope_text(scope, row, 3);
	return item;
}

List *
ac_watch_load_decided(ForeignServer *server)
{
	AcScope scope;
	AcArgs args = {0};
	List *decided;

	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	decided = ac_scope_list(&scope,
							"SELECT id, COALESCE(relid, 0), fingerprint"
							" FROM autoconn.alert WHERE server = $1 AND NOT accepted"
							"  AND status IN ('applied', 'verified', 'dismissed')",
							&args, read_decided);
	ac_scope_end(&scope);
	return decided;
}

void
ac_watch_accept(List *decided)
{
	AcScope scope;
	ListCell *lc;

	ac_scope_begin(&scope);
	foreach (lc, decided)
	{
		AcWatchDecided *item = lfirst(lc);
		AcArgs args = {0};

		ac_arg_int8(&args, item->id);
		/* One that a person is undoing just now is decided anew. */
		ac_scope_run("UPDATE autoconn.alert SET accepted = true"
					 " WHERE id = (SELECT id FROM autoconn.alert"
					 "             WHERE id = $1 FOR UPDATE SKIP LOCKED)",
					 &args, false);
	}
	ac_scope_end(&scope);
}

/*
 * Locks the state of the generation at hand; false if there is none.  Polls of
 * one server, and discoveries, exclude each other while they store; what a
 * discovery found while a poll went on is not replaced by what was known
 * before.
 */
static bool
lock_state(ForeignServer *server, const AcWatchServer *watch)
{
	AcArgs args = {0};

	arg_generation(&args, server);
	ac_arg_datum(&args, TIMESTAMPTZOID,
				 TimestampTzGetDatum(watch->learned_at), false);
	return ac_scope_run("SELECT 1 FROM autoconn.server_state WHERE server = $1"
						"  AND server_oid = $2 AND server_owner = $3"
						"  AND url = $4 AND last_check = $5 FOR UPDATE",
						&args, false) == 1;
}

/*
 * A model that is the one of before stays the value that is stored: it may
 * have megabytes, and an assignment would write them again with each poll.
 */
bool
ac_watch_store(ForeignServer *server, const AcWatchServer *watch,
			   TimestampTz now, TimestampTz next)
{
	AcScope scope;
	AcArgs args = {0};
	bool stored;

	ac_scope_begin(&scope);
	stored = lock_state(server, watch);
	if (stored)
	{
		ac_arg_text(&args, server->servername);
		ac_arg_text(&args, watch->etag);
		ac_arg_text(&args, watch->last_modified);
		ac_arg_text(&args, watch->spec_hash);
		ac_arg_text(&args, watch->baseline);
		ac_arg_text(&args, watch->current);
		ac_arg_text(&args, watch->protocol);
		ac_arg_int8(&args, watch->polls);
		ac_arg_int4(&args, watch->spec_failures);
		ac_arg_datum(&args, TIMESTAMPTZOID, TimestampTzGetDatum(now),
					 next == DT_NOBEGIN);
		ac_arg_datum(&args, TIMESTAMPTZOID, TimestampTzGetDatum(next),
					 next == DT_NOBEGIN);
		ac_scope_run("INSERT INTO autoconn.watch (server, etag, last_modified,"
					 " spec_hash, baseline, current, protocol, polls,"
					 " spec_failures, last_check, next_check) VALUES ($1, $2,"
					 " $3, $4, $5::jsonb, $6::jsonb, $7::jsonb, $8, $9, $10, $11)"
					 " ON CONFLICT (server) DO UPDATE SET etag = excluded.etag,"
					 " last_modified = excluded.last_modified,"
					 " spec_hash = excluded.spec_hash,"
					 " baseline = CASE WHEN watch.baseline = excluded.baseline"
					 "  THEN watch.baseline ELSE excluded.baseline END,"
					 " current = CASE WHEN watch.current = excluded.current"
					 "  THEN watch.current ELSE excluded.current END,"
					 " protocol = excluded.protocol,"
					 " polls = CASE WHEN excluded.next_check IS NULL"
					 "  THEN watch.polls ELSE excluded.polls END,"
					 " spec_failures = excluded.spec_failures,"
					 " last_check = COALESCE(excluded.last_check, watch.last_check),"
					 " next_check = COALESCE(excluded.next_check, watch.next_check)",
					 &args, false);
	}
	ac_scope_end(&scope);
	return stored;
}

/* Most tables of a server that is looked at are as they were. */
void
ac_watch_store_table(ForeignServer *server, const AcWatchTable *table)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	ac_arg_oid(&args, table->relid);
	ac_arg_text(&args, table->payload);
	ac_scope_run("INSERT INTO autoconn.watch_table (server, relid, payload)"
				 " VALUES ($1, $2, $3::jsonb)"
				 " ON CONFLICT (server, relid) DO UPDATE"
				 " SET payload = excluded.payload"
				 " WHERE watch_table.payload IS DISTINCT FROM excluded.payload",
				 &args, false);
	ac_scope_end(&scope);
}

void
ac_watch_keep_tables(ForeignServer *server, List *relids)
{
	Datum *kept = palloc(sizeof(Datum) * (list_length(relids) + 1));
	AcScope scope;
	AcArgs args = {0};
	ListCell *lc;
	int n = 0;

	foreach (lc, relids)
		kept[n++] = ObjectIdGetDatum(lfirst_oid(lc));
	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	ac_arg_datum(&args, OIDARRAYOID,
				 PointerGetDatum(construct_array(kept, n, OIDOID, sizeof(Oid),
												 true, TYPALIGN_INT)),
				 false);
	ac_scope_run("DELETE FROM autoconn.watch_table"
				 " WHERE server = $1 AND relid <> ALL ($2)",
				 &args, false);
	ac_scope_end(&scope);
}

bool
ac_watch_claim(Oid serverid, TimestampTz next)
{
	AcScope scope;
	AcArgs args = {0};
	bool claimed;

	ac_scope_begin(&scope);
	ac_arg_oid(&args, serverid);
	claimed = ac_scope_run("SELECT s.server FROM autoconn.server_state s"
						   " JOIN pg_foreign_server f ON f.srvname = s.server"
						   "  AND f.oid = s.server_oid"
						   " WHERE f.oid = $1 FOR UPDATE OF s SKIP LOCKED",
						   &args, false) == 1;
	if (claimed && next != DT_NOBEGIN)
	{
		AcArgs row = {0};

		ac_arg_text(&row, ac_scope_text(&scope, 0, 1));
		ac_arg_datum(&row, TIMESTAMPTZOID, TimestampTzGetDatum(next), false);
		ac_scope_run("INSERT INTO autoconn.watch (server, next_check)"
					 " VALUES ($1, $2) ON CONFLICT (server)"
					 " DO UPDATE SET next_check = excluded.next_check",
					 &row, false);
	}
	ac_scope_end(&scope);
	return claimed;
}

void
ac_watch_reclaim(ForeignServer *server)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	arg_generation(&args, server);
	ac_scope_run("UPDATE autoconn.server_state s SET server_oid = $2"
				 " WHERE s.server = $1 AND s.server_owner = $3 AND s.url = $4"
				 "  AND NOT EXISTS (SELECT FROM pg_foreign_server f"
				 "                  WHERE f.oid = s.server_oid)",
				 &args, false);
	ac_scope_end(&scope);
}

void
ac_watch_adopt(ForeignServer *server)
{
	AcScope scope;
	AcArgs state = {0};
	AcArgs watch = {0};

	ac_scope_begin(&scope);
	ac_arg_text(&state, server->servername);
	ac_arg_text(&state, ac_watch_home());
	ac_scope_run("UPDATE autoconn.server_state SET home = $2 WHERE server = $1",
				 &state, false);
	ac_arg_text(&watch, server->servername);
	ac_scope_run("UPDATE autoconn.watch SET next_check = NULL WHERE server = $1",
				 &watch, false);
	ac_scope_end(&scope);
}
