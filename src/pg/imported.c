/*
 * imported.c
 *		What did imports make of an API, as they made it?  See imported.h.
 */
#include "ac.h"

#include "catalog/namespace.h"
#include "commands/defrem.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "pg/ddl.h"
#include "pg/imported.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "pg/scope.h"
#include "utils/memutils.h"

static const char *const list_types[] = {
	[FDW_IMPORT_SCHEMA_ALL] = "all",
	[FDW_IMPORT_SCHEMA_LIMIT_TO] = "limit",
	[FDW_IMPORT_SCHEMA_EXCEPT] = "except",
};

/* {"remote": "api", "list": "limit", "tables": [...], "options": {...}} */
static char *
statement_text(const ImportForeignSchemaStmt *stmt)
{
	AcJson *object = ac_json_new_object();
	AcJson *tables = ac_json_new_array();
	AcJson *options = ac_json_new_object();
	ListCell *lc;

	ac_json_set_string(object, "remote", stmt->remote_schema);
	ac_json_set_string(object, "list", list_types[stmt->list_type]);
	foreach (lc, stmt->table_list)
		ac_json_append(tables, ac_json_new_string(lfirst_node(RangeVar, lc)->relname));
	foreach (lc, stmt->options)
	{
		DefElem *def = lfirst_node(DefElem, lc);

		ac_json_set_string(options, def->defname, defGetString(def));
	}
	ac_json_set(object, "tables", tables);
	ac_json_set(object, "options", options);
	return ac_json_into_text(object);
}

static ImportForeignSchemaStmt *
parse_statement(const char *text, const char *server, const char *schema)
{
	ImportForeignSchemaStmt *stmt = makeNode(ImportForeignSchemaStmt);
	const AcJson *tables;
	const char *list;
	AcJson *object;
	AcJsonIter it;
	AcError err;

	if (!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &object, &err))
		ac_report_error(&err);
	ac_resource_json(object);
	stmt->server_name = pstrdup(server);
	stmt->local_schema = pstrdup(schema);
	stmt->remote_schema = pstrdup(ac_json_get_string(object, "remote"));
	list = ac_json_get_string(object, "list");
	for (int i = 0; i < (int) lengthof(list_types); i++)
		if (strcmp(list, list_types[i]) == 0)
			stmt->list_type = (ImportForeignSchemaType) i;
	tables = ac_json_get(object, "tables");
	for (int i = 0; i < ac_json_length(tables); i++)
		stmt->table_list = lappend(stmt->table_list,
								   makeRangeVar(NULL, ac_json_text_of(ac_json_at(tables, i)), -1));
	ac_json_iter_init(&it, ac_json_get(object, "options"));
	while (ac_json_iter_next(&it))
		stmt->options = lappend(stmt->options,
								makeDefElem(pstrdup(it.key),
											(Node *) makeString(ac_json_text_of(it.value)),
											-1));
	return stmt;
}

/* The schema by OID, or by name where the OID is that of none. */
#define IN_SCHEMA(i)                                                   \
	" (" i ".schema_oid = $2 OR " i ".schema_name = $3 AND NOT EXISTS" \
	" (SELECT FROM pg_namespace n WHERE n.oid = " i ".schema_oid))"

static void
arg_schema(AcArgs *args, const char *server, const char *schema)
{
	ac_arg_text(args, server);
	ac_arg_oid(args, get_namespace_oid(schema, false));
	ac_arg_text(args, schema);
}

static void
forget_all(const char *server, const char *schema, Oid importer)
{
	AcArgs args = {0};

	arg_schema(&args, server, schema);
	ac_arg_oid(&args, importer);
	ac_scope_run("DELETE FROM autoconn.imported i WHERE i.server = $1"
				 " AND i.importer = $4 AND" IN_SCHEMA("i"),
				 &args, false);
}

/*
 * Rows of a schema whose OID has changed get its present one; of several for
 * one table the last stays.
 */
static void
adopt(const char *server, const char *schema)
{
	AcArgs args = {0};

	arg_schema(&args, server, schema);
	ac_scope_run("DELETE FROM autoconn.imported i USING autoconn.imported later"
				 " WHERE i.server = $1 AND later.server = $1"
				 " AND i.table_name = later.table_name"
				 " AND (i.imported_at, i.schema_oid) < (later.imported_at, later.schema_oid)"
				 " AND" IN_SCHEMA("i") " AND" IN_SCHEMA("later"),
				 &args, false);
	ac_scope_run("UPDATE autoconn.imported i SET schema_oid = $2, schema_name = $3"
				 " WHERE i.server = $1 AND i.schema_oid <> $2 AND" IN_SCHEMA("i"),
				 &args, false);
}

void
ac_imported_store(const char *server, const ImportForeignSchemaStmt *stmt,
				  Oid importer, AcTablePlan **plans, int n)
{
	char *statement = statement_text(stmt);
	SPIPlanPtr insert = NULL;
	MemoryContext row;
	MemoryContext old;
	AcScope scope;

	ac_scope_begin(&scope);
	row = AllocSetContextCreate(CurrentMemoryContext, "autoconn imported table",
								ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(row);
	/* a whole import begins anew */
	if (stmt->list_type == FDW_IMPORT_SCHEMA_ALL &&
		strcmp(stmt->remote_schema, "api") == 0)
		forget_all(server, stmt->local_schema, importer);
	adopt(server, stmt->local_schema);
	for (int i = 0; i < n; i++)
	{
		AcArgs args = {0};

		arg_schema(&args, server, stmt->local_schema);
		ac_arg_text(&args, plans[i]->name);
		ac_arg_text(&args, ac_ddl_table(plans[i], stmt->local_schema, server));
		ac_arg_text(&args, statement);
		ac_arg_oid(&args, importer);
		/* where nothing is known of the server there is nothing to add to */
		ac_scope_repeat(&insert,
						"INSERT INTO autoconn.imported (server, schema_oid, schema_name,"
						" table_name, ddl, statement, importer)"
						" SELECT server, $2, $3, $4, $5, $6::jsonb, $7"
						" FROM autoconn.server_state WHERE server = $1"
						" ON CONFLICT (server, schema_oid, table_name) DO UPDATE"
						" SET ddl = excluded.ddl, statement = excluded.statement,"
						" importer = excluded.importer,"
						" imported_at = clock_timestamp()",
						&args);
		MemoryContextReset(row);
	}
	MemoryContextSwitchTo(old);
	ac_scope_end(&scope);
}

List *
ac_imported_load(const ForeignServer *server, const char *schema)
{
	AcScope scope;
	AcArgs args = {0};
	List *imports = NIL;
	AcImported *last = NULL;
	const char *last_text = NULL;
	uint64 n;

	ac_scope_begin(&scope);
	arg_schema(&args, server->servername, schema);
	ac_arg_oid(&args, server->serverid);
	n = ac_scope_run("SELECT statement::text, ddl, importer::int8 FROM ("
					 "SELECT statement, ddl, importer, table_name, max(imported_at) OVER (PARTITION BY statement, importer) AS latest"
					 " FROM autoconn.imported m JOIN autoconn.server_state USING (server)"
					 " WHERE server = $1 AND server_oid = $4 AND" IN_SCHEMA("m") ") i"
																				 " ORDER BY latest DESC, statement, importer, table_name",
					 &args, false);
	for (uint64 i = 0; i < n; i++)
	{
		const char *text = ac_scope_text(&scope, i, 1);
		Oid importer = (Oid) ac_scope_int8(i, 3, 0);
		MemoryContext old = MemoryContextSwitchTo(scope.caller);

		if (last == NULL || strcmp(text, last_text) != 0 ||
			last->importer != importer)
		{
			last = palloc0(sizeof(AcImported));
			last->stmt = parse_statement(text, server->servername, schema);
			last->importer = importer;
			last_text = text;
			imports = lappend(imports, last);
		}
		last->ddl = lappend(last->ddl, ac_scope_text(&scope, i, 2));
		MemoryContextSwitchTo(old);
	}
	ac_scope_end(&scope);
	return imports;
}

AcImported *
ac_imported_whole(const char *server, const char *schema)
{
	AcImported *whole = palloc0(sizeof(AcImported));

	whole->importer = GetUserId();
	whole->stmt = makeNode(ImportForeignSchemaStmt);
	whole->stmt->server_name = pstrdup(server);
	whole->stmt->local_schema = pstrdup(schema);
	whole->stmt->remote_schema = pstrdup("api");
	whole->stmt->list_type = FDW_IMPORT_SCHEMA_ALL;
	return whole;
}

void
ac_imported_rename(Oid schemaid)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_oid(&args, schemaid);
	ac_scope_run("UPDATE autoconn.imported SET schema_name = n.nspname"
				 " FROM pg_namespace n WHERE n.oid = $1 AND schema_oid = $1"
				 " AND schema_name <> n.nspname",
				 &args, false);
	ac_scope_end(&scope);
}

void
ac_imported_forget_dropped(void)
{
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_scope_run("DELETE FROM autoconn.imported i"
				 " USING pg_event_trigger_dropped_objects() d"
				 " WHERE d.classid = 'pg_namespace'::regclass AND d.objid = i.schema_oid",
				 &args, false);
	ac_scope_end(&scope);
}
