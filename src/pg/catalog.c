/*
 * catalog.c
 *		What does autoconn remember about servers, and how is it stored?
 *
 * See catalog.h.  Every access runs between scope_begin() and scope_end():
 * SPI connected, the extension's owner as current user, a search_path that
 * nobody else can put objects into.  An error in between needs no cleaning
 * up: transaction abort restores user, settings and SPI.
 */
#include "ac.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "api/relations.h"
#include "catalog/indexing.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pg/catalog.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

typedef struct AcScope
{
	Oid saved_user;
	int saved_context;
	int guc_level;
	MemoryContext caller; /* results are copied into it */
} AcScope;

/* Owner of the extension; an error if it is not installed here. */
static Oid
extension_owner(void)
{
	Oid extension = get_extension_oid("autoconn", false);
	Relation relation = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;
	Oid owner;

	ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(extension));
	scan = systable_beginscan(relation, ExtensionOidIndexId, true, NULL, 1,
							  &key);
	tuple = systable_getnext(scan);
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("extension \"autoconn\" does not exist")));
	owner = ((Form_pg_extension) GETSTRUCT(tuple))->extowner;
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	return owner;
}

static void
scope_begin(AcScope *scope)
{
	Oid owner = extension_owner();

	scope->caller = CurrentMemoryContext;
	GetUserIdAndSecContext(&scope->saved_user, &scope->saved_context);
	SetUserIdAndSecContext(owner, scope->saved_context |
									  SECURITY_LOCAL_USERID_CHANGE |
									  SECURITY_RESTRICTED_OPERATION);
	scope->guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp",
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
	if (SPI_connect() != SPI_OK_CONNECT)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not connect to the server programming interface")));
}

static void
scope_end(AcScope *scope)
{
	SPI_finish();
	AtEOXact_GUC(false, scope->guc_level);
	SetUserIdAndSecContext(scope->saved_user, scope->saved_context);
}

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

/* Arguments of one statement; texts may be NULL. */
#define MAX_ARGS 17

typedef struct AcArgs
{
	int n;
	Oid types[MAX_ARGS];
	Datum values[MAX_ARGS];
	char nulls[MAX_ARGS];
} AcArgs;

static void
arg_datum(AcArgs *args, Oid type, Datum value, bool isnull)
{
	Assert(args->n < MAX_ARGS);
	args->types[args->n] = type;
	args->values[args->n] = value;
	args->nulls[args->n] = isnull ? 'n' : ' ';
	args->n++;
}

static void
arg_text(AcArgs *args, const char *text)
{
	arg_datum(args, TEXTOID,
			  text != NULL ? CStringGetTextDatum(text) : (Datum) 0,
			  text == NULL);
}

static void
arg_oid(AcArgs *args, Oid oid)
{
	arg_datum(args, OIDOID, ObjectIdGetDatum(oid), false);
}

/* Runs one statement; returns the number of rows. */
static uint64
run(const char *sql, AcArgs *args, bool read_only)
{
	int result = SPI_execute_with_args(sql, args->n, args->types,
									   args->values, args->nulls,
									   read_only, 0);

	if (result < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not access the catalog of autoconn: %s",
						SPI_result_code_string(result))));
	return SPI_processed;
}

/* Column of the first row as text in the caller's context, NULL if null. */
static char *
result_text(AcScope *scope, int column)
{
	char *text = SPI_getvalue(SPI_tuptable->vals[0],
							  SPI_tuptable->tupdesc, column);

	return text != NULL ? MemoryContextStrdup(scope->caller, text) : NULL;
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
	arg_text(args, server->servername);
	arg_oid(args, server->serverid);
	arg_oid(args, server->owner);
	arg_text(args, server_option(server, "url"));
}

bool
ac_catalog_load(ForeignServer *server, AcServerState *state)
{
	AcScope scope;
	AcArgs args = {0};
	bool found;

	memset(state, 0, sizeof(*state));
	scope_begin(&scope);
	arg_generation(&args, server);
	found = run("SELECT status, kind, spec_url, title, version, base_url, auth,"
				"       api_key_in, api_key_name, note, description"
				" FROM autoconn.server_state"
				" WHERE server = $1 AND server_oid = $2"
				"   AND server_owner = $3 AND url = $4",
				&args, false) == 1;
	if (found)
	{
		state->status = result_text(&scope, 1);
		state->kind = result_text(&scope, 2);
		state->spec_url = result_text(&scope, 3);
		state->title = result_text(&scope, 4);
		state->version = result_text(&scope, 5);
		state->base_url = result_text(&scope, 6);
		state->auth = result_text(&scope, 7);
		state->api_key_in = result_text(&scope, 8);
		state->api_key_name = result_text(&scope, 9);
		state->note = result_text(&scope, 10);
		state->description = result_text(&scope, 11);
	}
	scope_end(&scope);
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
	scope_begin(&scope);
	arg_text(&args, server->servername);
	arg_oid(&args, server->serverid);
	arg_text(&args, server_option(server, "url"));
	if (run("SELECT base_url, api_key_in, api_key_name"
			" FROM autoconn.server_state"
			" WHERE (server_oid = $2 OR server = $1 AND NOT EXISTS"
			"        (SELECT FROM pg_foreign_server f WHERE f.oid = server_oid))"
			"   AND url = $3 ORDER BY server_oid = $2 DESC LIMIT 1",
			&args, true) == 1)
	{
		facts->known = true;
		facts->base_url = result_text(&scope, 1);
		facts->api_key_in = key_place(result_text(&scope, 2));
		facts->api_key_name = result_text(&scope, 3);
	}
	scope_end(&scope);
}

static void
store_state(ForeignServer *server, const AcServerState *state)
{
	AcArgs args = {0};

	arg_generation(&args, server);
	arg_text(&args, server_option(server, "spec_url"));
	arg_text(&args, state->status);
	arg_text(&args, state->kind);
	arg_text(&args, state->spec_url);
	arg_text(&args, state->title);
	arg_text(&args, state->version);
	arg_text(&args, state->base_url);
	arg_text(&args, state->auth);
	arg_text(&args, state->api_key_in);
	arg_text(&args, state->api_key_name);
	arg_text(&args, state->note);
	arg_text(&args, state->description);
	run("INSERT INTO autoconn.server_state (server, server_oid, server_owner,"
		" url, asked_spec_url, status, kind, spec_url, title, version,"
		" base_url, auth, api_key_in, api_key_name, note, description,"
		" last_check) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
		" $12, $13, $14, $15, $16, clock_timestamp())"
		" ON CONFLICT (server) DO UPDATE SET server_oid = excluded.server_oid,"
		" server_owner = excluded.server_owner, url = excluded.url,"
		" asked_spec_url = excluded.asked_spec_url, status = excluded.status,"
		" kind = excluded.kind, spec_url = excluded.spec_url,"
		" title = excluded.title, version = excluded.version,"
		" base_url = excluded.base_url, auth = excluded.auth,"
		" api_key_in = excluded.api_key_in,"
		" api_key_name = excluded.api_key_name, note = excluded.note,"
		" description = excluded.description,"
		" last_check = excluded.last_check",
		&args, false);
}

/* Key columns of a plan as text[], or NULL. */
static void
arg_key_columns(AcArgs *args, const AcTablePlan *plan)
{
	Datum *names = palloc(sizeof(Datum) * (plan->n_columns + 1));
	int n = 0;

	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].key)
			names[n++] = CStringGetTextDatum(plan->columns[i].name);
	arg_datum(args, TEXTARRAYOID,
			  n > 0 ? PointerGetDatum(construct_array(names, n, TEXTOID, -1,
													  false, TYPALIGN_INT))
					: (Datum) 0,
			  n == 0);
}

/* Parameters of a plan's columns as a JSON object: parameter -> column. */
static char *
params_text(const AcTablePlan *plan)
{
	AcJson *object = ac_json_new_object();
	char *text = NULL;

	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL)
			ac_json_set_string(object, plan->columns[i].param,
							   plan->columns[i].name);
	text = ac_json_to_text(object);
	ac_json_free(object);
	return strcmp(text, "{}") == 0 ? NULL : text;
}

static void
store_endpoint(const char *server, int position, const AcTablePlan *plan)
{
	AcArgs args = {0};
	bool importable = plan->skip_reason == NULL;

	arg_text(&args, server);
	arg_datum(&args, INT4OID, Int32GetDatum(position), false);
	arg_text(&args, plan->name);
	arg_text(&args, plan->group);
	arg_text(&args, plan->method);
	arg_text(&args, plan->path);
	arg_text(&args, plan->item_path);
	arg_text(&args, importable ? plan->rows_path : NULL);
	arg_text(&args, importable ? ac_pager_style_name(plan->paging.style) : NULL);
	arg_datum(&args, INT4OID, Int32GetDatum(plan->paging.page_size),
			  plan->paging.page_size <= 0);
	arg_key_columns(&args, plan);
	arg_text(&args, params_text(plan));
	arg_datum(&args, BOOLOID, BoolGetDatum(importable), false);
	arg_text(&args, plan->skip_reason);
	arg_text(&args, plan->source);
	arg_datum(&args, FLOAT4OID, Float4GetDatum((float4) plan->confidence), false);
	arg_text(&args, plan->evidence != NULL ? ac_json_to_text(plan->evidence) : NULL);
	run("INSERT INTO autoconn.endpoint (server, position, name, grp, method,"
		" path, item_path, rows_path, pagination, page_size, key_columns,"
		" params, importable, skip_reason, source, confidence, evidence)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb,"
		" $13, $14, $15, $16, $17::jsonb)",
		&args, false);
}

static void
store_endpoints(const char *server, const AcTablePlans *plans)
{
	MemoryContext row = AllocSetContextCreate(CurrentMemoryContext,
											  "autoconn endpoint row",
											  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(row);

	for (int i = 0; i < plans->n_tables; i++)
	{
		store_endpoint(server, i, &plans->tables[i]);
		MemoryContextReset(row);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row);
}

static void
arg_name_array(AcArgs *args, const char *name)
{
	Datum datum = CStringGetTextDatum(name);

	arg_datum(args, TEXTARRAYOID,
			  PointerGetDatum(construct_array(&datum, 1, TEXTOID, -1, false,
											  TYPALIGN_INT)),
			  false);
}

static void
store_relations(const char *server, const AcTablePlans *plans)
{
	AcRelation *relations;
	int n = ac_relations_from_paths(plans, &relations);

	for (int i = 0; i < n; i++)
	{
		AcArgs args = {0};

		arg_text(&args, server);
		arg_text(&args, relations[i].child->name);
		arg_name_array(&args, relations[i].child_column->name);
		arg_text(&args, relations[i].parent->name);
		arg_name_array(&args, relations[i].parent_column->name);
		arg_text(&args, relations[i].child->path);
		arg_datum(&args, FLOAT4OID,
				  Float4GetDatum((float4) relations[i].confidence), false);
		run("INSERT INTO autoconn.relationship (server, child, child_columns,"
			" parent, parent_columns, evidence, confidence)"
			" VALUES ($1, $2, $3, $4, $5, jsonb_build_object('path', $6), $7)"
			" ON CONFLICT DO NOTHING",
			&args, false);
	}
}

/*
 * Endpoints and edges, in place of those that stood there.  The lock on the
 * server's row keeps two sessions from doing that at once; store_state() has
 * taken it already where it ran before.  plans may be NULL.
 */
static void
replace_plans(const char *server, const AcTablePlans *plans)
{
	AcArgs args = {0};

	arg_text(&args, server);
	run("SELECT 1 FROM autoconn.server_state WHERE server = $1 FOR UPDATE",
		&args, false);
	run("DELETE FROM autoconn.endpoint WHERE server = $1", &args, false);
	run("DELETE FROM autoconn.relationship WHERE server = $1", &args, false);
	if (plans == NULL)
		return;
	store_endpoints(server, plans);
	store_relations(server, plans);
}

void
ac_catalog_store(ForeignServer *server, const AcServerState *state,
				 const AcTablePlans *plans)
{
	AcScope scope;

	scope_begin(&scope);
	store_state(server, state);
	replace_plans(server->servername, plans);
	scope_end(&scope);
	invalidate_server(server->serverid);
}

void
ac_catalog_store_plans(const char *server, const AcTablePlans *plans)
{
	AcScope scope;

	scope_begin(&scope);
	replace_plans(server, plans);
	scope_end(&scope);
}

void
ac_catalog_forget(ForeignServer *server)
{
	AcScope scope;
	AcArgs args = {0};

	scope_begin(&scope);
	arg_text(&args, server->servername);
	run("DELETE FROM autoconn.server_state WHERE server = $1", &args, false);
	scope_end(&scope);
	invalidate_server(server->serverid);
}

void
ac_catalog_follow(ForeignServer *server)
{
	AcScope scope;
	AcArgs args = {0};

	scope_begin(&scope);
	arg_text(&args, server->servername);
	arg_oid(&args, server->serverid);
	arg_oid(&args, server->owner);
	run("DELETE FROM autoconn.server_state"
		" WHERE server = $1 AND server_oid <> $2 AND $3 IS NOT NULL",
		&args, false);
	run("UPDATE autoconn.server_state SET server = $1, server_owner = $3"
		" WHERE server_oid = $2 AND (server, server_owner) <> ($1, $3)",
		&args, false);
	scope_end(&scope);
}

bool
ac_catalog_url_changed(ForeignServer *server)
{
	AcScope scope;
	AcArgs args = {0};
	bool same;

	scope_begin(&scope);
	arg_generation(&args, server);
	arg_text(&args, server_option(server, "spec_url"));
	same = run("SELECT 1 FROM autoconn.server_state"
			   " WHERE server = $1 AND server_oid = $2 AND server_owner = $3"
			   "   AND url = $4 AND asked_spec_url IS NOT DISTINCT FROM $5",
			   &args, false) == 1;
	scope_end(&scope);
	return !same;
}

void
ac_catalog_ddl_commands(List **classids, List **objids)
{
	AcScope scope;
	AcArgs args = {0};

	*classids = *objids = NIL;
	scope_begin(&scope);
	run("SELECT classid, objid FROM pg_event_trigger_ddl_commands()"
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
	scope_end(&scope);
}

void
ac_catalog_forget_dropped(void)
{
	AcScope scope;
	AcArgs args = {0};

	scope_begin(&scope);
	run("DELETE FROM autoconn.server_state st"
		" USING pg_event_trigger_dropped_objects() d"
		" WHERE d.classid = 'pg_foreign_server'::regclass"
		"   AND d.objid = st.server_oid",
		&args, false);
	scope_end(&scope);
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
