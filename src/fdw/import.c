/*
 * import.c
 *		Which foreign tables does IMPORT FOREIGN SCHEMA create?
 *
 * The server's model becomes plans, those that the statement asks for are
 * proved on the wire, and their DDL is returned.  Core runs it as the user
 * who imports; the comments follow when the event trigger sees the tables,
 * because core accepts nothing but CREATE FOREIGN TABLE from here.
 */
#include "ac.h"

#include "catalog/pg_class.h"
#include "commands/comment.h"
#include "commands/defrem.h"
#include "fdw/import.h"
#include "net/learn.h"
#include "miscadmin.h"
#include "net/connection.h"
#include "net/judge.h"
#include "net/prove.h"
#include "pg/ddl.h"
#include "pg/report.h"
#include "policy/outcome.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* The name of the remote schema that stands for all groups. */
#define WHOLE_API "api"
#define GROUP_PREFIX "group:"

/* Bytes of the list of groups in a hint: some dozens of names. */
#define GROUPS_SHOWN 1000

/* Comments that wait for the tables of this command to exist. */
typedef struct AcPendingComments
{
	MemoryContext cxt;
	char *schema;
	AcTablePlan **plans; /* copies of what comments need */
	int n_plans;
} AcPendingComments;

static AcPendingComments pending;

/* ---- options ---- */

static int
choice(DefElem *def, const char *const *choices)
{
	const char *value = defGetString(def);
	StringInfoData valid;

	for (int i = 0; choices[i] != NULL; i++)
		if (strcmp(value, choices[i]) == 0)
			return i;
	initStringInfo(&valid);
	for (int i = 0; choices[i] != NULL; i++)
		appendStringInfo(&valid, "%s%s", i > 0 ? ", " : "", choices[i]);
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
			 errmsg("invalid value for import option \"%s\"", def->defname),
			 errhint("Valid values are: %s.", valid.data)));
}

void
ac_import_options(List *given, AcImportOptions *options)
{
	static const char *const nested[] = {"json", "flatten", NULL};
	static const char *const sample[] = {"auto", "on", "off", NULL};
	static const char *const params[] = {"required", "all", NULL};
	static const char *const truth[] = {"true", "false", "on", "off", NULL};
	ListCell *lc;

	memset(options, 0, sizeof(*options));
	foreach (lc, given)
	{
		DefElem *def = lfirst_node(DefElem, lc);

		if (strcmp(def->defname, "nested") == 0)
			options->plan.nested = choice(def, nested) == 0
									   ? AC_NESTED_JSON
									   : AC_NESTED_FLATTEN;
		else if (strcmp(def->defname, "raw") == 0)
			options->plan.raw = choice(def, truth) % 2 == 0;
		else if (strcmp(def->defname, "sample") == 0)
			options->sample = (AcSampleMode) choice(def, sample);
		else if (strcmp(def->defname, "params") == 0)
			options->plan.all_params = choice(def, params) == 1;
		else
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
					 errmsg("invalid import option \"%s\"", def->defname),
					 errhint("Valid import options are: nested, raw, sample, params.")));
	}
}

/* ---- which tables ---- */

/* The group that the statement names, NULL for the whole API. */
static const char *
wanted_group(const AcTablePlans *plans, const char *remote_schema,
			 const char *server)
{
	const char *group = remote_schema;
	StringInfoData valid;

	if (strcmp(remote_schema, WHOLE_API) == 0)
		return NULL;
	if (strncmp(remote_schema, GROUP_PREFIX, strlen(GROUP_PREFIX)) == 0)
		group = remote_schema + strlen(GROUP_PREFIX);
	initStringInfo(&valid);
	for (int i = 0; i < plans->n_groups; i++)
	{
		if (strcmp(plans->groups[i], group) == 0)
			return plans->groups[i];
		appendStringInfo(&valid, ", %s",
						 quote_identifier(strcmp(plans->groups[i], WHOLE_API) == 0
											  ? GROUP_PREFIX WHOLE_API
											  : plans->groups[i]));
	}
	ereport(ERROR,
			(errcode(ERRCODE_FDW_SCHEMA_NOT_FOUND),
			 errmsg("server \"%s\" has no group \"%s\"", server, group),
			 errhint("Import everything as %s, or one of the groups: %s.",
					 WHOLE_API,
					 valid.len > 2 ? ac_outcome_clean(valid.data + 2, GROUPS_SHOWN)
								   : "(none)")));
}

static bool
is_listed(List *tables, const char *name)
{
	ListCell *lc;

	foreach (lc, tables)
	{
		if (strcmp(lfirst_node(RangeVar, lc)->relname, name) == 0)
			return true;
	}
	return false;
}

static bool
is_wanted(const ImportForeignSchemaStmt *stmt, const AcTablePlan *plan,
		  const char *group)
{
	if (plan->name == NULL ||
		(group != NULL && strcmp(plan->group, group) != 0))
		return false;
	switch (stmt->list_type)
	{
		case FDW_IMPORT_SCHEMA_LIMIT_TO:
			return is_listed(stmt->table_list, plan->name);
		case FDW_IMPORT_SCHEMA_EXCEPT:
			return !is_listed(stmt->table_list, plan->name);
		default:
			return true;
	}
}

/* A name in LIMIT TO that nothing answers to is a mistake worth an error. */
static void
check_limit_to(const ImportForeignSchemaStmt *stmt, const AcTablePlans *plans,
			   const char *group)
{
	ListCell *lc;

	if (stmt->list_type != FDW_IMPORT_SCHEMA_LIMIT_TO)
		return;
	foreach (lc, stmt->table_list)
	{
		const char *name = lfirst_node(RangeVar, lc)->relname;
		bool found = false;

		for (int i = 0; i < plans->n_tables; i++)
		{
			const AcTablePlan *plan = &plans->tables[i];

			found = found || (plan->name != NULL &&
							  plan->skip_reason == NULL &&
							  strcmp(plan->name, name) == 0 &&
							  (group == NULL || strcmp(group, plan->group) == 0));
		}
		if (!found)
			ereport(ERROR,
					(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
					 errmsg("server \"%s\" has no table \"%s\" to import",
							stmt->server_name, name),
					 errhint("SELECT name, path, skip_reason FROM autoconn.endpoints WHERE server = %s;",
							 quote_literal_cstr(stmt->server_name))));
	}
}

/* Plans that are wanted and importable, in *wanted; returns their number. */
static int
select_plans(const ImportForeignSchemaStmt *stmt, const AcTablePlans *plans,
			 AcTablePlan ***wanted)
{
	const char *group = wanted_group(plans, stmt->remote_schema,
									 stmt->server_name);
	int n = 0;

	check_limit_to(stmt, plans, group);
	*wanted = palloc(sizeof(AcTablePlan *) * Max(plans->n_tables, 1));
	for (int i = 0; i < plans->n_tables; i++)
	{
		AcTablePlan *plan = &plans->tables[i];

		if (plan->skip_reason == NULL && is_wanted(stmt, plan, group))
			(*wanted)[n++] = plan;
	}
	return n;
}

/* ---- comments ---- */

/* Ends the pending comments, which comments_gone() then notes. */
static void
forget_comments(void)
{
	if (pending.cxt != NULL)
		MemoryContextDelete(pending.cxt);
}

/* Reset callback: the comments' memory ends, here or in an abort. */
static void
comments_gone(void *arg)
{
	memset(&pending, 0, sizeof(pending));
}

/* A copy without the credentials that the API may have echoed. */
static char *
copy_text(const AcConnection *conn, const char *text)
{
	char *copy = text != NULL ? pstrdup(text) : NULL;

	if (copy != NULL)
		ac_judge_scrub(conn, copy);
	return copy;
}

static AcTablePlan *
copy_for_comment(const AcConnection *conn, const AcTablePlan *plan)
{
	AcTablePlan *copy = palloc0(sizeof(AcTablePlan));

	copy->name = pstrdup(plan->name);
	copy->comment = copy_text(conn, plan->comment);
	copy->deprecated = plan->deprecated;
	copy->n_columns = plan->n_columns;
	copy->columns = palloc0(sizeof(AcColumnPlan) * Max(plan->n_columns, 1));
	for (int i = 0; i < plan->n_columns; i++)
	{
		copy->columns[i].name = pstrdup(plan->columns[i].name);
		copy->columns[i].comment = copy_text(conn, plan->columns[i].comment);
	}
	return copy;
}

/*
 * Keeps the comments until the event trigger at the end of this very command.
 * They live in a context of the (sub)transaction, so that an error forgets
 * them.
 */
static void
remember_comments(const AcConnection *conn, const char *schema,
				  AcTablePlan **plans, int n)
{
	MemoryContext old;

	MemoryContextCallback *callback;

	forget_comments();
	pending.cxt = AllocSetContextCreate(CurTransactionContext,
										"autoconn pending comments",
										ALLOCSET_DEFAULT_SIZES);
	callback = MemoryContextAllocZero(pending.cxt, sizeof(*callback));
	callback->func = comments_gone;
	MemoryContextRegisterResetCallback(pending.cxt, callback);
	old = MemoryContextSwitchTo(pending.cxt);
	pending.schema = pstrdup(schema);
	pending.plans = palloc(sizeof(AcTablePlan *) * Max(n, 1));
	for (int i = 0; i < n; i++)
		pending.plans[i] = copy_for_comment(conn, plans[i]);
	pending.n_plans = n;
	MemoryContextSwitchTo(old);
}

static void
comment_table(Oid relid, const AcTablePlan *plan)
{
	if (plan->comment != NULL)
		CreateComments(relid, RelationRelationId, 0,
					   unconstify(char *, plan->comment));
	for (int i = 0; i < plan->n_columns; i++)
	{
		const AcColumnPlan *column = &plan->columns[i];
		AttrNumber attnum = get_attnum(relid, column->name);

		if (column->comment != NULL && attnum > 0)
			CreateComments(relid, RelationRelationId, attnum,
						   unconstify(char *, column->comment));
	}
}

void
ac_import_comment(List *relids)
{
	ListCell *lc;

	foreach (lc, relids)
	{
		Oid relid = lfirst_oid(lc);
		char *name = get_rel_name(relid);
		char *schema = get_namespace_name(get_rel_namespace(relid));

		for (int i = 0; name != NULL && i < pending.n_plans; i++)
		{
			if (strcmp(pending.plans[i]->name, name) == 0 &&
				strcmp(pending.schema, schema) == 0)
				comment_table(relid, pending.plans[i]);
		}
	}
	forget_comments();
}

/* ---- the import ---- */

/* Is the operation the item path of a table, and so used all the same? */
static bool
serves_look_ups(const AcTablePlans *plans, const AcEndpoint *endpoint)
{
	for (int i = 0; i < plans->n_tables; i++)
		if (endpoint != NULL && plans->tables[i].item == endpoint)
			return true;
	return false;
}

static void
tell_left_out(const ImportForeignSchemaStmt *stmt, const AcTablePlans *plans,
			  int imported)
{
	int left_out = 0;

	for (int i = 0; i < plans->n_tables; i++)
		if (plans->tables[i].skip_reason != NULL &&
			strcmp(plans->tables[i].method, "GET") == 0 &&
			!serves_look_ups(plans, plans->tables[i].endpoint))
			left_out++;
	if (left_out == 0 || stmt->list_type != FDW_IMPORT_SCHEMA_ALL)
		return;
	ereport(NOTICE,
			(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
			 errmsg("importing %d %s of server \"%s\" and leaving out %d %s",
					imported, imported == 1 ? "table" : "tables",
					stmt->server_name, left_out,
					left_out == 1 ? "operation" : "operations"),
			 errhint("SELECT path, skip_reason FROM autoconn.endpoints WHERE server = %s AND method = 'GET' AND skip_reason NOT LIKE 'serves %%';",
					 quote_literal_cstr(stmt->server_name))));
}

/* What was not tried is not used, which nobody would notice but by slowness. */
static void
tell_not_sampled(const ImportForeignSchemaStmt *stmt, AcProofReport report,
				 int n)
{
	if (report.failed == 0)
		return;
	ereport(WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("%d of %d tables of server \"%s\" could not be sampled: %s",
					report.failed, n, stmt->server_name,
					report.failure.message),
			 report.failure.detail[0] != '\0'
				 ? errdetail("%s", report.failure.detail)
				 : 0,
			 errhint("They are imported as the description has them, without look-ups by key. Import them again once the API answers.")));
}

List *
autoconnImportForeignSchema(ImportForeignSchemaStmt *stmt, Oid serverid)
{
	ForeignServer *server = GetForeignServer(serverid);
	AcImportOptions options;
	AcConnection *conn;
	AcDiscovery *discovery;
	AcTablePlans *plans;
	AcTablePlan **wanted;
	List *statements = NIL;
	int n;

	ac_import_options(stmt->options, &options);
	discovery = ac_learn_model(server, GetUserId());
	plans = ac_learn_plans(discovery, &options.plan);
	n = select_plans(stmt, plans, &wanted);
	conn = ac_connection_get(serverid, GetUserId());
	if (options.sample != AC_SAMPLE_OFF)
		tell_not_sampled(stmt, ac_prove_plans(conn, discovery->base_url, wanted, n, &options.plan),
						 n);
	ac_catalog_store_plans(server->servername, plans);
	for (int i = 0; i < n; i++)
		statements = lappend(statements,
							 ac_ddl_table(wanted[i], stmt->local_schema,
										  server->servername));
	remember_comments(conn, stmt->local_schema, wanted, n);
	tell_left_out(stmt, plans, n);
	return statements;
}
