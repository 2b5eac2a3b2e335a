/*
 * catalog.c
 *		What does autoconn remember about servers, and how is it stored?
 *
 * See catalog.h; every access runs in a scope (pg/scope.h).
 */
#include "ac.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/limits.h"
#include "pg/planstore.h"
#include "pg/report.h"
#include "pg/scope.h"
#include "pg/watch.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/*
 * Tells all backends, at commit, that what they keep of this server is stale:
 * connections cache what is stored here, and nothing else would tell them.
 */
static void
invalidate_server(Oid serverid)
{
	Relation relation = table_open(ForeignServerRelationId, AccessShareLock);
	HeapTuple tuple = SearchSysCache1(FOREIGNSERVEROID,
									  ObjectIdGetDatum(serverid));

	if (HeapTupleIsValid(tuple))
	{
		CacheInvalidateHeapTuple(relation, tuple, NULL);
		ReleaseSysCache(tuple);
	}
	table_close(relation, AccessShareLock);
}

/* The server's option, or NULL. */
static char *
server_option(ForeignServer *server, const char *name)
{
	AcServerOptions *options = ac_option_server(server);

	return strcmp(name, "url") == 0 ? options->url : options->spec_url;
}

static void
arg_generation(AcArgs *args, ForeignServer *server)
{
	ac_arg_text(args, server->servername);
	ac_arg_oid(args, server->serverid);
	ac_arg_oid(args, server->owner);
	ac_arg_text(args, server_option(server, "url"));
}

bool
ac_catalog_load(ForeignServer *server, AcServerState *state)
{
	AcScope scope;
	AcArgs args = {0};
	bool found;

	memset(state, 0, sizeof(*state));
	ac_scope_begin(&scope);
	arg_generation(&args, server);
	found = ac_scope_run("SELECT status, kind, spec_url, title, version, base_url, auth,"
						 "       api_key_in, api_key_name, note, description, token_url"
						 " FROM autoconn.server_state"
						 " WHERE server = $1 AND server_oid = $2"
						 "   AND server_owner = $3 AND url = $4",
						 &args, false) == 1;
	if (found)
	{
		state->status = ac_scope_text(&scope, 0, 1);
		state->kind = ac_scope_text(&scope, 0, 2);
		state->spec_url = ac_scope_text(&scope, 0, 3);
		state->title = ac_scope_text(&scope, 0, 4);
		state->version = ac_scope_text(&scope, 0, 5);
		state->base_url = ac_scope_text(&scope, 0, 6);
		state->auth = ac_scope_text(&scope, 0, 7);
		state->api_key_in = ac_scope_text(&scope, 0, 8);
		state->api_key_name = ac_scope_text(&scope, 0, 9);
		state->note = ac_scope_text(&scope, 0, 10);
		state->description = ac_scope_text(&scope, 0, 11);
		state->token_url = ac_scope_text(&scope, 0, 12);
	}
	ac_scope_end(&scope);
	return found;
}

static AcKeyPlace
key_place(const char *name)
{
	if (name == NULL)
		return AC_KEY_DEFAULT;
	if (strcmp(name, "query") == 0)
		return AC_KEY_QUERY;
	if (strcmp(name, "cookie") == 0)
		return AC_KEY_COOKIE;
	return AC_KEY_HEADER;
}

void
ac_catalog_server_facts(Oid serverid, AcServerFacts *facts)
{
	ForeignServer *server = GetForeignServer(serverid);
	AcScope scope;
	AcArgs args = {0};

	memset(facts, 0, sizeof(*facts));
	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	ac_arg_oid(&args, server->serverid);
	ac_arg_text(&args, server_option(server, "url"));
	if (ac_scope_run("SELECT base_url, api_key_in, api_key_name, token_url,"
					 "       concat_ws(' ', version, octet_length(description))"
					 " FROM autoconn.server_state"
					 " WHERE (server_oid = $2 OR server = $1 AND NOT EXISTS"
					 "        (SELECT FROM pg_foreign_server f WHERE f.oid = server_oid))"
					 "   AND url = $3 ORDER BY server_oid = $2 DESC LIMIT 1",
					 &args, true) == 1)
	{
		facts->known = true;
		facts->base_url = ac_scope_text(&scope, 0, 1);
		facts->api_key_in = key_place(ac_scope_text(&scope, 0, 2));
		facts->api_key_name = ac_scope_text(&scope, 0, 3);
		facts->token_url = ac_scope_text(&scope, 0, 4);
		facts->version = ac_scope_text(&scope, 0, 5);
	}
	ac_scope_end(&scope);
}

/*
 * Whatever hangs on the state of another server of that name, or on another
 * API that this one was of, goes with it.
 */
static void
drop_other_generation(ForeignServer *server)
{
	AcArgs args = {0};

	ac_arg_text(&args, server->servername);
	ac_arg_oid(&args, server->serverid);
	ac_arg_text(&args, server_option(server, "url"));
	ac_scope_run("DELETE FROM autoconn.server_state"
				 " WHERE server = $1 AND (server_oid, url) <> ($2, $3)",
				 &args, false);
}

static void
store_state(ForeignServer *server, const AcServerState *state)
{
	AcArgs args = {0};

	drop_other_generation(server);
	arg_generation(&args, server);
	ac_arg_text(&args, server_option(server, "spec_url"));
	ac_arg_text(&args, state->status);
	ac_arg_text(&args, state->kind);
	ac_arg_text(&args, state->spec_url);
	ac_arg_text(&args, state->title);
	ac_arg_text(&args, state->version);
	ac_arg_text(&args, state->base_url);
	ac_arg_text(&args, state->auth);
	ac_arg_text(&args, state->api_key_in);
	ac_arg_text(&args, state->api_key_name);
	ac_arg_text(&args, state->note);
	ac_arg_text(&args, state->description);
	ac_arg_text(&args, ac_watch_home());
	ac_arg_text(&args, state->token_url);
	ac_scope_run("INSERT INTO autoconn.server_state (server, server_oid, server_owner,"
				 " url, asked_spec_url, status, kind, spec_url, title, version,"
				 " base_url, auth, api_key_in, api_key_name, note, description,"
				 " home, token_url, last_check) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
				 " $10, $11, $12, $13, $14, $15, $16, $17, $18, clock_timestamp())"
				 " ON CONFLICT (server) DO UPDATE SET server_oid = excluded.server_oid,"
				 " server_owner = excluded.server_owner, url = excluded.url,"
				 " asked_spec_url = excluded.asked_spec_url, status = excluded.status,"
				 " kind = excluded.kind, spec_url = excluded.spec_url,"
				 " title = excluded.title, version = excluded.version,"
				 " base_url = excluded.base_url, auth = excluded.auth,"
				 " api_key_in = excluded.api_key_in,"
				 " api_key_name = excluded.api_key_name, note = excluded.note,"
				 " description = excluded.description,"
				 " home = excluded.home, token_url = excluded.token_url,"
				 " last_check = excluded.last_check",
				 &args, false);
}

/*
 * Whoever asks for a discovery has seen what the API says now: that is what
 * it is measured against from now on.
 */
static void
reset_baseline(const char *server)
{
	AcArgs args = {0};

	ac_arg_text(&args, server);
	ac_scope_run("UPDATE autoconn.watch SET etag = NULL, last_modified = NULL,"
				 " spec_hash = NULL, baseline = NULL, current = NULL"
				 " WHERE server = $1",
				 &args, false);
}

/*
 * Do the paths of tables stand elsewhere now?  Then the server's row is locked
 * before anything is dropped, in the order of ac_planstore_merge().
 */
static bool
base_moved(ForeignServer *server, const AcServerState *state)
{
	AcArgs args = {0};

	ac_arg_text(&args, server->servername);
	ac_arg_text(&args, state->base_url);
	return ac_scope_run("SELECT 1 FROM autoconn.server_state"
						" WHERE server = $1 AND base_url <> $2 FOR UPDATE",
						&args, false) > 0;
}

/* Asked before a scope begins: in it everybody is the extension's owner. */
static bool
is_owner(const ForeignServer *server)
{
	return ac_foreign_server_ownercheck(server->serverid, GetUserId());
}

void
ac_catalog_store(ForeignServer *server, const AcServerState *state,
				 AcTablePlans *plans)
{
	bool by_owner = is_owner(server);
	AcScope scope;

	ac_scope_begin(&scope);
	if (by_owner && base_moved(server, state))
		ac_planstore_drop(server->servername);
	store_state(server, state);
	if (by_owner)
		reset_baseline(server->servername);
	if (plans != NULL)
		ac_planstore_merge(&scope, server->servername, plans, by_owner);
	ac_scope_end(&scope);
	invalidate_server(server->serverid);
}

void
ac_catalog_store_description(ForeignServer *server,
							 const AcServerState *state,
							 AcTablePlans *plans)
{
	bool by_owner = is_owner(server);
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	ac_arg_text(&args, state->description);
	ac_arg_text(&args, state->kind);
	ac_arg_text(&args, state->title);
	ac_arg_text(&args, state->version);
	ac_scope_run("UPDATE autoconn.server_state SET description = $2,"
				 " kind = $3, title = $4, version = $5 WHERE server = $1",
				 &args, false);
	if (plans != NULL)
		ac_planstore_merge(&scope, server->servername, plans, by_owner);
	ac_scope_end(&scope);
}

bool
ac_catalog_store_plans(ForeignServer *server, AcTablePlans *plans)
{
	AcScope scope;

	if (!is_owner(server))
		return false;
	ac_scope_begin(&scope);
	ac_planstore_merge(&scope, server->servername, plans, true);
	ac_scope_end(&scope);
	return true;
}

void
ac_catalog_forget(ForeignServer *server)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	ac_scope_run("DELETE FROM autoconn.server_state WHERE server = $1", &args, false);
	ac_scope_end(&scope);
	invalidate_server(server->serverid);
}

void
ac_catalog_follow(ForeignServer *server)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	ac_arg_oid(&args, server->serverid);
	ac_scope_run("DELETE FROM autoconn.server_state"
				 " WHERE server = $1 AND server_oid <> $2",
				 &args, false);
	ac_arg_oid(&args, server->owner);
	ac_scope_run("UPDATE autoconn.server_state SET server = $1, server_owner = $3"
				 " WHERE server_oid = $2 AND (server, server_owner) <> ($1, $3)",
				 &args, false);
	ac_scope_end(&scope);
}

bool
ac_catalog_url_changed(ForeignServer *server)
{
	AcScope scope;
	AcArgs args = {0};
	bool same;

	ac_scope_begin(&scope);
	arg_generation(&args, server);
	ac_arg_text(&args, server_option(server, "spec_url"));
	same = ac_scope_run("SELECT 1 FROM autoconn.server_state"
						" WHERE server = $1 AND server_oid = $2 AND server_owner = $3"
						"   AND url = $4 AND asked_spec_url IS NOT DISTINCT FROM $5",
						&args, false) == 1;
	ac_scope_end(&scope);
	return !same;
}

void
ac_catalog_ddl_commands(List **classids, List **objids)
{
	AcScope scope;
	AcArgs args = {0};

	*classids = *objids = NIL;
	ac_scope_begin(&scope);
	ac_scope_run("SELECT classid, objid FROM pg_event_trigger_ddl_commands()"
				 " WHERE objsubid = 0",
				 &args, true);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(scope.caller);
		bool isnull;

		for (int column = 1; column <= 2; column++)
		{
			List **list = column == 1 ? classids : objids;
			Oid oid = DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[i],
													 SPI_tuptable->tupdesc,
													 column, &isnull));

			*list = lappend_oid(*list, isnull ? InvalidOid : oid);
		}
		MemoryContextSwitchTo(old);
	}
	ac_scope_end(&scope);
}

/* Of whichever wrapper: what is not ours has no limits. */
static void
forget_limits_of_dropped(void)
{
	AcArgs args = {0};
	uint64 n = ac_scope_run("SELECT objid::int8 FROM pg_event_trigger_dropped_objects()"
							" WHERE classid = 'pg_foreign_server'::regclass",
							&args, true);

	for (uint64 row = 0; row < n; row++)
		ac_limits_reset((Oid) ac_scope_int8(row, 1, InvalidOid));
}

void
ac_catalog_forget_dropped(void)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	forget_limits_of_dropped();
	ac_scope_run("DELETE FROM autoconn.server_state st"
				 " USING pg_event_trigger_dropped_objects() d"
				 " WHERE d.classid = 'pg_foreign_server'::regclass"
				 "   AND d.objid = st.server_oid",
				 &args, false);
	ac_scope_end(&scope);
}

bool
ac_catalog_is_ours(ForeignServer *server)
{
	ForeignDataWrapper *wrapper = GetForeignDataWrapper(server->fdwid);
	HeapTuple tuple;
	Datum datum;
	bool isnull;
	bool ours = false;

	if (!OidIsValid(wrapper->fdwhandler))
		return false;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(wrapper->fdwhandler));
	if (!HeapTupleIsValid(tuple))
		return false;
	datum = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);
	if (!isnull)
		ours = strcmp(TextDatumGetCString(datum), "autoconn_handler") == 0;
	ReleaseSysCache(tuple);
	return ours;
}

ForeignServer *
ac_catalog_owned_server(const char *name)
{
	ForeignServer *server = GetForeignServerByName(name, false);

	if (!ac_foreign_server_ownercheck(server->serverid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_FOREIGN_SERVER, name);
	if (!ac_catalog_is_ours(server))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("server \"%s\" does not belong to autoconn", name)));
	return server;
}
