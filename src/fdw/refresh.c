/*
 * refresh.c
 *		autoconn.refresh: what would importing again change?
 *
 * The API is asked anew, the imports of the schema are planned again as they
 * were given, and each table is compared three ways: as the last import made
 * it, as a new one would, as it is.  Where only the new import differs from
 * the last the API has changed, and that is told; where the table differs
 * from the last import its owner has changed it, and that stays.  Nothing is
 * known of tables that were made by hand or restored from a dump: they are
 * taken as they are for what the last import made.
 *
 * Carried out is what adds a table or a column, widens a type, or sets an
 * option.  Nothing is dropped: what the API has no more is told.  The
 * statements run with the rights of the caller, all or none.
 *
 * What somebody else's import asks the API for beside what it describes (paths,
 * reads by POST) is not asked for in the caller's name: tables of that stay as
 * they are.  A superuser plans the imports of all, each as its importer.
 */
#include "ac.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/defrem.h"
#include "executor/spi.h"
#include "fdw/import.h"
#include "fdw/refreshoptions.h"
#include "fmgr.h"
#include "foreign/foreign.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "net/connection.h"
#include "net/learn.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/ddl.h"
#include "pg/ddltable.h"
#include "pg/imported.h"
#include "pg/report.h"
#include "pg/scope.h"
#include "pg/srf.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* Columns of the result. */
#define RESULT_COLUMNS 8

typedef struct Refresh
{
	ReturnSetInfo *rsinfo;
	const char *schema;
	Oid schemaid;
	bool apply;
	ForeignServer *server;
	AcConnection *conn;
	List *local;			   /* of AcDdlTable: the schema's tables of the server */
	List *baseline;			   /* of AcDdlTable: as imports made them */
	List *seen;				   /* of the local ones: those that plans have */
	List *unasked;			   /* of AcImported: others', not planned in full */
	List *told;				   /* of char *: identities of tables compared already */
	const AcImported *first;   /* the last import */
	const AcTablePlans *plans; /* of the import at hand */
} Refresh;

/* One table in its three states; NULL where there is none. */
typedef struct Compared
{
	const AcDdlTable *before;
	const AcDdlTable *after;
	const AcDdlTable *now;
	const AcTablePlan *plan; /* of after */
} Compared;

/* One difference. */
typedef struct Change
{
	const char *relation;
	const char *column;
	const char *what;
	const char *old_value;
	const char *new_value;
	const char *statement; /* NULL: only told */
} Change;

/* Runs a statement as the caller. */
static void
run(const char *statement)
{
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute(statement, false, 0) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not carry out a refresh")));
	SPI_finish();
}

/* Tells a change, and carries it out if that is asked for. */
static bool
tell(Refresh *refresh, const Change *change)
{
	Datum values[RESULT_COLUMNS];
	bool nulls[RESULT_COLUMNS] = {false};
	bool applied = refresh->apply && change->statement != NULL;

	if (applied)
		run(change->statement);
	ac_srf_text(values, nulls, 0, refresh->server->servername);
	ac_srf_text(values, nulls, 1, change->relation);
	ac_srf_text(values, nulls, 2, change->column);
	ac_srf_text(values, nulls, 3, change->what);
	ac_srf_text(values, nulls, 4, change->old_value);
	ac_srf_text(values, nulls, 5, change->new_value);
	ac_srf_text(values, nulls, 6, change->statement);
	values[7] = BoolGetDatum(applied);
	tuplestore_putvalues(refresh->rsinfo->setResult,
						 refresh->rsinfo->setDesc, values, nulls);
	return applied;
}

static char *
qualified(const Refresh *refresh, const char *name)
{
	return quote_qualified_identifier(refresh->schema, name);
}

/* ---- columns ---- */

/* Numbers of integers in the order in which they hold one another. */
static int
width_of(const char *type)
{
	static const char *const types[] = {"smallint", "integer", "bigint", "numeric"};

	for (int i = 0; i < (int) lengthof(types); i++)
		if (strcmp(type, types[i]) == 0)
			return i;
	return -1;
}

/* Does the new type hold all that the old one does, as it is written? */
static bool
widens(const char *from, const char *to)
{
	if (strcmp(to, "text") == 0 || strcmp(to, "jsonb") == 0)
		return true;
	return width_of(from) >= 0 && width_of(to) > width_of(from);
}

/* Does anything rest on the column, so that its type cannot change? */
static bool
has_dependents(Oid relid, const char *column)
{
	AcScope scope;
	AcArgs args = {0};
	bool found;

	ac_scope_begin(&scope);
	ac_arg_oid(&args, relid);
	ac_arg_int4(&args, get_attnum(relid, column));
	found = ac_scope_run("SELECT 1 FROM pg_depend WHERE refclassid = 'pg_class'::regclass"
						 " AND refobjid = $1 AND refobjsubid = $2 AND deptype = 'n' LIMIT 1",
						 &args, true) > 0;
	ac_scope_end(&scope);
	return found;
}

static void
compare_type(Refresh *refresh, const Compared *compared,
			 const AcDdlColumn *const states[3])
{
	const AcDdlColumn *now = states[2];
	const char *before = states[0] != NULL ? states[0]->type : now->type;
	const char *after = states[1]->type;
	Change change = {compared->now->name, now->name, "column type", now->type, after, NULL};

	if (strcmp(before, after) == 0 || strcmp(before, now->type) != 0)
		return;
	if (widens(now->type, after) &&
		!has_dependents(compared->now->relid, now->name))
		change.statement = psprintf("ALTER FOREIGN TABLE %s ALTER COLUMN %s TYPE %s",
									qualified(refresh, compared->now->name),
									quote_identifier(now->name), after);
	tell(refresh, &change);
}

/* The nth choice of a name: name, name_2, ..., as long as names go. */
static char *
free_name(const AcDdlTable *table, const char *name)
{
	for (int n = 1;; n++)
	{
		char *suffix = n > 1 ? psprintf("_%d", n) : pstrdup("");
		int len = pg_mbcliplen(name, (int) strlen(name),
							   NAMEDATALEN - 1 - (int) strlen(suffix));
		char *choice = psprintf("%.*s%s", len, name, suffix);
		bool taken = false;

		for (int i = 0; i < table->n_columns; i++)
			taken = taken || strcmp(table->columns[i].name, choice) == 0;
		if (!taken)
			return choice;
	}
}

static char *
options_text(List *options)
{
	StringInfoData out;
	ListCell *lc;

	initStringInfo(&out);
	foreach (lc, options)
	{
		DefElem *def = lfirst_node(DefElem, lc);

		appendStringInfo(&out, "%s%s %s", out.len > 0 ? ", " : "",
						 quote_identifier(def->defname),
						 quote_literal_cstr(defGetString(def)));
	}
	return out.data;
}

static void
add_column(Refresh *refresh, const Compared *compared,
		   const AcDdlColumn *column)
{
	const AcDdlTable *now = compared->now;
	char *name = free_name(now, column->name);
	char *options = options_text(column->options);
	Change change = {now->name, name, "new column", NULL, column->type, NULL};

	change.statement = psprintf("ALTER FOREIGN TABLE %s ADD COLUMN %s %s%s",
								qualified(refresh, now->name),
								quote_identifier(name), column->type,
								options[0] == '\0' ? "" : psprintf(" OPTIONS (%s)", options));
	if (tell(refresh, &change) && strcmp(name, column->name) == 0)
		ac_import_comment_new(refresh->conn, now->relid, compared->plan, name);
}

static void
compare_column(Refresh *refresh, const Compared *compared,
			   const AcDdlColumn *after)
{
	const AcDdlTable *now = compared->now;
	const AcDdlColumn *states[3] = {
		ac_ddltable_column(compared->before, after->identity), after,
		ac_ddltable_column(now, after->identity)};
	Change change = {now->name, NULL, "column option", NULL, NULL, NULL};
	AcOptionStates options = {.plan = compared->plan, .column = after->name};
	AcOptionChanges changes;

	if (states[2] == NULL)
	{
		/* who dropped a column does not want it back */
		if (states[0] == NULL)
			add_column(refresh, compared, after);
		return;
	}
	compare_type(refresh, compared, states);
	options.before = states[0] != NULL ? states[0]->options : states[2]->options;
	options.after = after->options;
	options.now = states[2]->options;
	if (!ac_refresh_compare_options(&options, &changes))
		return;
	change.column = states[2]->name;
	change.old_value = changes.before.len > 0 ? changes.before.data : NULL;
	change.new_value = changes.after.len > 0 ? changes.after.data : NULL;
	change.statement = psprintf("ALTER FOREIGN TABLE %s ALTER COLUMN %s OPTIONS (%s)",
								qualified(refresh, now->name),
								quote_identifier(states[2]->name),
								changes.actions.data);
	tell(refresh, &change);
}

/* Columns that the last import made and a new one would not. */
static void
tell_missing_columns(Refresh *refresh, const Compared *compared)
{
	const AcDdlTable *before = compared->before != NULL ? compared->before
														: compared->now;

	for (int i = 0; i < before->n_columns; i++)
	{
		const char *identity = before->columns[i].identity;
		const AcDdlColumn *now = ac_ddltable_column(compared->now, identity);
		Change change = {compared->now->name, NULL, "missing column", NULL, NULL, NULL};

		if (now == NULL || ac_ddltable_column(compared->after, identity) != NULL)
			continue;
		change.column = now->name;
		change.old_value = now->type;
		tell(refresh, &change);
	}
}

/* ---- tables ---- */

/* How a table is found among others, whatever it is called. */
typedef struct Wanted
{
	const char *identity;
	const char *rows_path; /* arrays that are equally good share a path */
	const char *params;	   /* queries to one path do, too */
	bool one_of_several;   /* queries: then no other one will do */
} Wanted;

static const AcDdlTable *
find_with(List *tables, const Wanted *wanted, bool any_params)
{
	const AcDdlTable *found = NULL;
	ListCell *lc;

	foreach (lc, tables)
	{
		const AcDdlTable *table = lfirst(lc);

		if (strcmp(table->identity, wanted->identity) != 0 ||
			(!any_params &&
			 !ac_refresh_same(ac_option_given(table->options, "params"), wanted->params)))
			continue;
		if (ac_refresh_same(ac_option_given(table->options, "rows_path"), wanted->rows_path))
			return table;
		if (found == NULL)
			found = table;
	}
	return found;
}

static const AcDdlTable *
find_table(List *tables, const Wanted *wanted)
{
	const AcDdlTable *found = find_with(tables, wanted, false);

	return found != NULL || wanted->one_of_several
			   ? found
			   : find_with(tables, wanted, true);
}

/* Is the plan one of several queries to a path? */
static bool
is_one_of_several(const AcTablePlans *plans, const AcTablePlan *plan)
{
	for (int i = 0; i < plans->n_tables; i++)
	{
		const AcTablePlan *other = &plans->tables[i];

		if (strcmp(other->path, plan->path) == 0 &&
			strcmp(other->method, plan->method) == 0 &&
			!ac_refresh_same(other->endpoint->query, plan->endpoint->query))
			return true;
	}
	return false;
}

static void
compare_table_options(Refresh *refresh, const Compared *compared)
{
	AcOptionStates options = {
		.before = compared->before != NULL ? compared->before->options
										   : compared->now->options,
		.after = compared->after->options,
		.now = compared->now->options,
		.plan = compared->plan,
	};
	Change change = {compared->now->name, NULL, "table option", NULL, NULL, NULL};
	AcOptionChanges changes;

	if (!ac_refresh_compare_options(&options, &changes))
		return;
	change.old_value = changes.before.len > 0 ? changes.before.data : NULL;
	change.new_value = changes.after.len > 0 ? changes.after.data : NULL;
	change.statement = psprintf("ALTER FOREIGN TABLE %s OPTIONS (%s)",
								qualified(refresh, compared->now->name),
								changes.actions.data);
	tell(refresh, &change);
}

static void
add_table(Refresh *refresh, const AcTablePlan *plan)
{
	Change change = {plan->name, NULL, "new table", NULL, NULL, NULL};

	change.new_value = plan->path;
	if (OidIsValid(get_relname_relid(plan->name, refresh->schemaid)))
		change.old_value = "another relation has the name";
	else
		change.statement = ac_ddl_table(plan, refresh->schema,
										refresh->server->servername);
	if (tell(refresh, &change))
		ac_import_comment_new(refresh->conn,
							  get_relname_relid(plan->name, refresh->schemaid),
							  plan, NULL);
}

static void
compare_table(Refresh *refresh, const AcTablePlan *plan)
{
	AcDdlTable *after = ac_ddltable_read(ac_ddl_table(plan, refresh->schema,
													  refresh->server->servername));
	const char *rows = ac_option_given(after->options, "rows_path");
	Wanted wanted = {after->identity, rows, plan->fixed_params,
					 is_one_of_several(refresh->plans, plan)};
	Compared compared = {find_table(refresh->baseline, &wanted), after,
						 find_table(refresh->local, &wanted), plan};
	char *told = psprintf("%s %s?%s", after->identity, rows != NULL ? rows : "",
						  wanted.params != NULL ? wanted.params : "");
	ListCell *lc;

	/* each of all tables is compared with all */
	CHECK_FOR_INTERRUPTS();
	foreach (lc, refresh->told)
		if (strcmp(lfirst(lc), told) == 0)
			return;
	refresh->told = lappend(refresh->told, told);
	if (compared.now == NULL)
	{
		/* who dropped a table does not want it back */
		if (compared.before == NULL)
			add_table(refresh, plan);
		return;
	}
	refresh->seen = list_append_unique_ptr(refresh->seen,
										   (void *) compared.now);
	/* what could not be sampled again is not compared with what was */
	if (strcmp(plan->method, "POST") == 0 &&
		!ac_foreign_server_ownercheck(refresh->server->serverid, GetUserId()))
		return;
	compare_table_options(refresh, &compared);
	for (int i = 0; i < after->n_columns; i++)
		compare_column(refresh, &compared, &after->columns[i]);
	tell_missing_columns(refresh, &compared);
}

/* Why the API has no such table any more, as far as it is known. */
static const char *
reason_of(const AcTablePlans *plans, const AcDdlTable *table)
{
	const char *path = ac_option_given(table->options, "path");

	for (int i = 0; path != NULL && i < plans->n_tables; i++)
		if (strcmp(plans->tables[i].path, path) == 0 &&
			plans->tables[i].skip_reason != NULL)
			return plans->tables[i].skip_reason;
	return NULL;
}

/* Was it made by an import that was not planned in full? */
static bool
is_unasked(const Refresh *refresh, const AcDdlTable *table)
{
	Wanted wanted = {table->identity, ac_option_given(table->options, "rows_path"),
					 ac_option_given(table->options, "params"), false};
	const AcDdlTable *made = find_table(refresh->baseline, &wanted);

	return made != NULL && list_member_ptr(refresh->unasked, made->origin);
}

static void
tell_missing_tables(Refresh *refresh, const AcTablePlans *plans)
{
	ListCell *lc;

	foreach (lc, refresh->local)
	{
		const AcDdlTable *table = lfirst(lc);
		Change change = {table->name, NULL, "missing table", NULL, NULL, NULL};

		if (list_member_ptr(refresh->seen, table) || is_unasked(refresh, table))
			continue;
		change.old_value = ac_option_given(table->options, "path");
		change.new_value = reason_of(plans, table);
		tell(refresh, &change);
	}
}

/* ---- one server ---- */

/* What the API says now, at the place where scans ask it. */
static AcDiscovery *
discover(Refresh *refresh, bool paths_given)
{
	AcDiscovery *discovery = ac_discover_run(refresh->conn);
	AcTablePlans *plans;

	if (discovery->status != AC_DISCOVERED && !paths_given)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("server \"%s\" has no description that could be found",
						refresh->server->servername),
				 discovery->problem.code != AC_ERR_NONE
					 ? errdetail("%s", discovery->problem.message)
					 : 0));
	if (refresh->apply && discovery->status == AC_DISCOVERED &&
		ac_foreign_server_ownercheck(refresh->server->serverid, GetUserId()))
		ac_learn_keep(refresh->server, refresh->conn, discovery, &plans);
	discovery->base_url = ac_url_text(ac_connection_base(refresh->conn));
	return discovery;
}

/*
 * Is it this import that decides on the table?  The one that made it does; of
 * tables that none made the last one does, if it asks for them or they are
 * here all the same.
 */
static bool
is_concerned(const Refresh *refresh, const AcImported *import,
			 const AcTablePlan *plan)
{
	const char *identity = psprintf("%s %s %s", plan->method, plan->path,
									plan->nested_path != NULL ? plan->nested_path : "");
	Wanted wanted = {identity, plan->rows_path, plan->fixed_params,
					 is_one_of_several(refresh->plans, plan)};
	const AcDdlTable *made = find_table(refresh->baseline, &wanted);

	if (made != NULL)
		return made->origin == import;
	return ac_import_wants(import->stmt, plan) ||
		   (import == refresh->first &&
			find_table(refresh->local, &wanted) != NULL);
}

static void
keep_concerned(const Refresh *refresh, const AcImported *import,
			   AcImportWork *work)
{
	int kept = 0;

	for (int i = 0; i < work->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (is_concerned(refresh, import, work->wanted[i]))
			work->wanted[kept++] = work->wanted[i];
	}
	work->n = kept;
}

/* Does the import ask for more than what the API describes? */
static bool
asks_for_more(const AcImported *import)
{
	return ac_option_given(import->stmt->options, "paths") != NULL ||
		   ac_option_given(import->stmt->options, "post_reads") != NULL;
}

/* In whose name is the import planned? */
static Oid
planner_of(const AcImported *import)
{
	if (superuser() && SearchSysCacheExists1(AUTHOID, ObjectIdGetDatum(import->importer)))
		return import->importer;
	return GetUserId();
}

/* Options of the import, as far as they are to be followed. */
static void
read_options(Refresh *refresh, const AcImported *import, Oid planner,
			 AcImportOptions *options)
{
	ac_import_options(import->stmt->options, options);
	options->no_posts = !ac_foreign_server_ownercheck(refresh->server->serverid,
													  planner);
	if (planner == import->importer || !asks_for_more(import))
		return;
	options->paths = NULL;
	options->plan.post_reads = false;
	refresh->unasked = lappend(refresh->unasked, (void *) import);
}

/* Plans an import again and compares what it would make. */
static AcTablePlans *
refresh_import(Refresh *refresh, const AcDiscovery *found,
			   const AcImported *import)
{
	AcDiscovery *discovery = palloc(sizeof(AcDiscovery));
	Oid planner = planner_of(import);
	AcImportOptions options;
	AcImportWork work = {0};

	*discovery = *found;
	read_options(refresh, import, planner, &options);
	work.conn = planner == GetUserId()
					? refresh->conn
					: ac_connection_get(refresh->server->serverid, planner);
	ac_import_add_paths(discovery, work.conn, &options);
	work.discovery = discovery;
	work.options = &options;
	refresh->plans = work.plans = ac_learn_plans(discovery, &options.plan);
	ac_import_select(NULL, &work);
	keep_concerned(refresh, import, &work);
	ac_import_sample(&work, import->stmt);
	ac_import_choose_walks(&work, refresh->schema, refresh->server->serverid);
	for (int i = 0; i < work.n; i++)
		compare_table(refresh, work.wanted[i]);
	if (refresh->apply && !list_member_ptr(refresh->unasked, import))
	{
		(void) ac_catalog_store_plans(refresh->server, work.plans);
		ac_imported_store(refresh->server->servername, import->stmt,
						  import->importer, work.wanted, work.n);
	}
	return work.plans;
}

static void
refresh_server(Refresh *refresh)
{
	List *imports = ac_imported_load(refresh->server, refresh->schema);
	AcTablePlans *plans = NULL;
	AcDiscovery *discovery;
	bool paths_given = false;
	bool all_given = true;
	bool unasked;
	ListCell *lc;
	ListCell *lc2;

	refresh->conn = ac_connection_get(refresh->server->serverid, GetUserId());
	refresh->baseline = refresh->seen = refresh->told = refresh->unasked = NIL;
	if (imports == NIL)
		imports = list_make1(ac_imported_whole(refresh->server->servername,
											   refresh->schema));
	foreach (lc, imports)
	{
		const AcImported *import = lfirst(lc);

		foreach (lc2, import->ddl)
		{
			AcDdlTable *made = ac_ddltable_read(lfirst(lc2));

			made->origin = import;
			refresh->baseline = lappend(refresh->baseline, made);
		}
		if (ac_option_given(import->stmt->options, "paths") != NULL &&
			planner_of(import) == import->importer)
			paths_given = true;
		else
			all_given = false;
	}
	/* as the imports did */
	unasked = all_given && !ac_option_server(refresh->server)->discover;
	refresh->first = linitial(imports);
	discovery = unasked ? ac_learn_known(refresh->server, GetUserId())
						: discover(refresh, paths_given);
	foreach (lc, imports)
		plans = refresh_import(refresh, discovery, lfirst(lc));
	tell_missing_tables(refresh, plans);
}

/* The schema's foreign tables of our servers, by server and name. */
static List *
list_tables(Oid schemaid)
{
	List *tables = NIL;
	AcScope scope;
	AcArgs args = {0};
	uint64 n;

	ac_scope_begin(&scope);
	ac_arg_oid(&args, schemaid);
	n = ac_scope_run("SELECT c.oid FROM pg_foreign_table ft"
					 " JOIN pg_class c ON c.oid = ft.ftrelid"
					 " JOIN pg_foreign_server s ON s.oid = ft.ftserver"
					 " JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw"
					 " JOIN pg_proc h ON h.oid = w.fdwhandler"
					 " WHERE c.relnamespace = $1 AND h.prosrc = 'autoconn_handler'"
					 " ORDER BY s.srvname, c.relname",
					 &args, true);
	for (uint64 i = 0; i < n; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(scope.caller);

		tables = lappend_oid(tables, (Oid) ac_scope_int8(i, 1, 0));
		MemoryContextSwitchTo(old);
	}
	ac_scope_end(&scope);
	return tables;
}

static void
check_usage(const ForeignServer *server)
{
	if (!DatumGetBool(DirectFunctionCall2(has_server_privilege_id,
										  ObjectIdGetDatum(server->serverid),
										  CStringGetTextDatum("USAGE"))))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_FOREIGN_SERVER,
					   server->servername);
}

/* The tables of one server of the list, which loses them. */
static List *
take_server(List **relids, Oid serverid)
{
	List *tables = NIL;
	List *rest = NIL;
	ListCell *lc;

	foreach (lc, *relids)
	{
		if (GetForeignTable(lfirst_oid(lc))->serverid == serverid)
			tables = lappend(tables, ac_ddltable_load(lfirst_oid(lc)));
		else
			rest = lappend_oid(rest, lfirst_oid(lc));
	}
	*relids = rest;
	return tables;
}

PG_FUNCTION_INFO_V1(autoconn_refresh);

/*
 * autoconn.refresh(schema name, apply boolean) -> setof (server, relation,
 * column_name, change, old_value, new_value, statement, applied)
 */
Datum
autoconn_refresh(PG_FUNCTION_ARGS)
{
	Refresh refresh = {.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo};
	List *relids;

	refresh.schema = pstrdup(NameStr(*PG_GETARG_NAME(0)));
	refresh.schemaid = get_namespace_oid(refresh.schema, false);
	refresh.apply = PG_GETARG_BOOL(1);
	if (refresh.apply)
		PreventCommandIfReadOnly("autoconn.refresh()");
	InitMaterializedSRF(fcinfo, 0);
	relids = list_tables(refresh.schemaid);
	if (relids == NIL)
		ereport(NOTICE,
				(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
				 errmsg("schema \"%s\" has no tables of an API", refresh.schema)));
	while (relids != NIL)
	{
		refresh.server = GetForeignServer(GetForeignTable(linitial_oid(relids))->serverid);
		check_usage(refresh.server);
		refresh.local = take_server(&relids, refresh.server->serverid);
		refresh_server(&refresh);
	}
	return (Datum) 0;
}
