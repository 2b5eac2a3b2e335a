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
#include "pg/compat.h"
#include "pg/ddl.h"
#include "pg/imported.h"
#include "pg/report.h"
#include "policy/outcome.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/*
 * Pairs of columns that stand in one table, of all tables of an import: 400 to
 * 900 MB.  Three thousand tables of 30 columns have 2.7 million.
 */
#define MAX_COLUMN_PAIRS INT64CONST(3000000)

/* Bytes of a reason in a message. */
#define REASON_SHOWN 1000

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

static const char *const nested_choices[] = {"json", "flatten", "tables", NULL};
static const char *const sample_choices[] = {"auto", "on", "off", NULL};
static const char *const params_choices[] = {"required", "all", NULL};
static const char *const truth_choices[] = {"true", "false", "on", "off", NULL};

static void
read_option(DefElem *def, AcImportOptions *options)
{
	if (strcmp(def->defname, "nested") == 0)
		options->plan.nested = (AcNested) choice(def, nested_choices);
	else if (strcmp(def->defname, "raw") == 0)
		options->plan.raw = choice(def, truth_choices) % 2 == 0;
	else if (strcmp(def->defname, "sample") == 0)
		options->sample = (AcSampleMode) choice(def, sample_choices);
	else if (strcmp(def->defname, "params") == 0)
		options->plan.all_params = choice(def, params_choices) == 1;
	else if (strcmp(def->defname, "post_reads") == 0)
		options->plan.post_reads = choice(def, truth_choices) % 2 == 0;
	else if (strcmp(def->defname, "paths") == 0)
		options->paths = defGetString(def);
	else
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
				 errmsg("invalid import option \"%s\"", def->defname),
				 errhint("Valid import options are: nested, raw, sample, params, paths, post_reads.")));
}

void
ac_import_options(List *given, AcImportOptions *options)
{
	ListCell *lc;

	memset(options, 0, sizeof(*options));
	foreach (lc, given)
		read_option(lfirst_node(DefElem, lc), options);
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
ac_import_comment_new(const AcConnection *conn, Oid relid,
					  const AcTablePlan *plan, const char *column)
{
	AcTablePlan *copy = copy_for_comment(conn, plan);
	AttrNumber attnum;

	if (column == NULL)
	{
		comment_table(relid, copy);
		return;
	}
	attnum = get_attnum(relid, column);
	for (int i = 0; i < copy->n_columns; i++)
		if (strcmp(copy->columns[i].name, column) == 0 &&
			copy->columns[i].comment != NULL && attnum > 0)
			CreateComments(relid, RelationRelationId, attnum,
						   unconstify(char *, copy->columns[i].comment));
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

/* An import that makes nothing must not end without a word. */
static void
tell_nothing(const ImportForeignSchemaStmt *stmt, const AcTablePlans *plans)
{
	int n = ac_tableplan_count_post_reads(plans);

	ereport(NOTICE,
			(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
			 errmsg("importing 0 tables of server \"%s\"", stmt->server_name),
			 n > 0 ? errdetail("%d %s by POST.", n, n == 1 ? "operation is read" : "operations are read") : 0,
			 n > 0 ? errhint("IMPORT FOREIGN SCHEMA api FROM SERVER %s INTO %s OPTIONS (post_reads 'true');",
							 quote_identifier(stmt->server_name),
							 quote_identifier(stmt->local_schema))
				   : errhint("SELECT method, path, skip_reason FROM autoconn.endpoints WHERE server = %s;",
							 quote_literal_cstr(stmt->server_name))));
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
	if (stmt->list_type != FDW_IMPORT_SCHEMA_ALL)
		return;
	if (left_out == 0)
	{
		if (imported == 0)
			tell_nothing(stmt, plans);
		return;
	}
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

/* Tables whose samples decided against them, where somebody named them. */
static void
tell_undecided(const ImportForeignSchemaStmt *stmt, const AcTablePlans *plans)
{
	if (stmt->list_type != FDW_IMPORT_SCHEMA_LIMIT_TO)
		return;
	for (int i = 0; i < plans->n_tables; i++)
	{
		const AcTablePlan *plan = &plans->tables[i];

		if (plan->skip_reason != NULL && plan->reserved_name != NULL &&
			ac_import_lists(stmt, plan->reserved_name))
			ereport(WARNING,
					(errcode(ERRCODE_WARNING),
					 errmsg("table \"%s\" of server \"%s\" is left out: %s",
							plan->reserved_name, stmt->server_name,
							ac_outcome_clean(plan->skip_reason, REASON_SHOWN))));
	}
}

/* The first parameter whose default hides rows that nothing undoes, or NULL. */
static const char *
hiding_param(const AcTablePlan *plan, const char **fallback)
{
	AcJsonIter it;

	ac_json_iter_init(&it, ac_json_get(plan->evidence, "defaults_that_hide_rows"));
	while (ac_json_iter_next(&it))
		if (!ac_json_has(it.value, "sent") && !ac_json_has(it.value, "each") &&
			!ac_json_has(it.value, "refuted"))
		{
			*fallback = ac_json_get_string(it.value, "default");
			return it.key;
		}
	return NULL;
}

/* Rows that SELECT * will not show are worth a word. */
static void
tell_hidden(const ImportForeignSchemaStmt *stmt, AcTablePlan **plans, int n)
{
	const AcTablePlan *first = NULL;
	const char *param = NULL;
	const char *fallback = NULL;
	int hidden = 0;

	for (int i = 0; i < n; i++)
	{
		const char *value;
		const char *name = hiding_param(plans[i], &value);

		if (name == NULL)
			continue;
		if (hidden++ == 0)
		{
			first = plans[i];
			param = name;
			fallback = value;
		}
	}
	if (hidden == 0)
		return;
	ereport(NOTICE,
			(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
			 errmsg("%d %s of server \"%s\" may show only a part of the rows unless a condition asks for others",
					hidden, hidden == 1 ? "table" : "tables", stmt->server_name),
			 errdetail("Of \"%s\" the API leaves out rows by default: parameter \"%s\" is \"%s\".",
					   first->name, ac_outcome_clean(param, NAMEDATALEN),
					   ac_outcome_clean(fallback, NAMEDATALEN)),
			 errhint("SELECT name, evidence -> 'defaults_that_hide_rows' FROM autoconn.endpoints WHERE server = %s AND evidence ? 'defaults_that_hide_rows';",
					 quote_literal_cstr(stmt->server_name))));
}

/* Everything that a server's owner alone may let others import. */
static void
check_owner(const ForeignServer *server, const AcImportOptions *options)
{
	if (options->plan.post_reads &&
		!ac_foreign_server_ownercheck(server->serverid, GetUserId()))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of foreign server %s", server->servername),
				 errdetail("Tables that are read by POST may be made by the owner of the server alone.")));
}

/*
 * Leaves out what would fill the backend's memory.  Core sets the options of a
 * column by an ALTER TABLE of its own, which reads all columns of the table:
 * a table takes 130 to 300 bytes for each pair of its columns, until the import
 * ends.
 */
static void
leave_out_wide(const ImportForeignSchemaStmt *stmt, AcImportWork *work)
{
	int64 pairs = 0;
	int kept = 0;
	int left_out = 0;

	for (int i = 0; i < work->n; i++)
	{
		AcTablePlan *plan = work->wanted[i];
		int64 own = (int64) plan->n_columns * plan->n_columns;

		if (pairs + own > MAX_COLUMN_PAIRS && kept > 0)
		{
			plan->skip_reason = "the import has too many columns: import it with LIMIT TO";
			left_out++;
			continue;
		}
		pairs += own;
		work->wanted[kept++] = plan;
	}
	work->n = kept;
	if (left_out > 0)
		ereport(WARNING,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("leaving out %d %s of server \"%s\": the import has too many columns",
						left_out, left_out == 1 ? "table" : "tables",
						stmt->server_name),
				 errhint("Import them a few at a time with LIMIT TO.")));
}

List *
autoconnImportForeignSchema(ImportForeignSchemaStmt *stmt, Oid serverid)
{
	ForeignServer *server = GetForeignServer(serverid);
	AcImportOptions options;
	AcDiscovery *discovery;
	AcImportWork work = {0};
	AcProofReport report;
	List *statements = NIL;

	ac_import_options(stmt->options, &options);
	check_owner(server, &options);
	discovery = options.paths == NULL ? ac_learn_model(server, GetUserId())
									  : ac_learn_known(server, GetUserId());
	work.conn = ac_connection_get(serverid, GetUserId());
	ac_import_add_paths(discovery, work.conn, &options);
	work.discovery = discovery;
	work.options = &options;
	work.plans = ac_learn_plans(discovery, &options.plan);
	ac_import_check(stmt, work.plans);
	ac_import_select(stmt, &work);
	report = ac_import_sample(&work, stmt);
	ac_import_check_shown(stmt, work.plans);
	tell_not_sampled(stmt, report, work.n);
	leave_out_wide(stmt, &work);
	ac_catalog_store_plans(server->servername, work.plans);
	for (int i = 0; i < work.n; i++)
		statements = lappend(statements,
							 ac_ddl_table(work.wanted[i], stmt->local_schema,
										  server->servername));
	ac_imported_store(server->servername, stmt, work.wanted, work.n);
	remember_comments(work.conn, stmt->local_schema, work.wanted, work.n);
	tell_left_out(stmt, work.plans, work.n);
	tell_undecided(stmt, work.plans);
	tell_hidden(stmt, work.wanted, work.n);
	return statements;
}
