/*
 * import.c
 *		Which foreign tables does IMPORT FOREIGN SCHEMA create?
 *
 * The server's model becomes plans, those that the statement asks for are
 * proved on the wire, and their DDL is returned.  Core runs it as the user
 * who imports; comments and the options of columns follow when the event
 * trigger sees the tables (importafter.c), because core accepts nothing but
 * CREATE FOREIGN TABLE from here.
 */
#include "ac.h"

#include "access/twophase.h"
#include "commands/defrem.h"
#include "fdw/import.h"
#include "net/learn.h"
#include "miscadmin.h"
#include "net/connection.h"
#include "net/prove.h"
#include "pg/compat.h"
#include "pg/ddl.h"
#include "pg/imported.h"
#include "pg/report.h"
#include "policy/outcome.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/*
 * Tables of one import: the largest API described in one document has 3,000
 * collections.
 */
#define MAX_TABLES 5000

/*
 * An import takes a lock for each table: of all that there are this share, and
 * those that any statement may need are left.
 */
#define LOCKS_SHARE 0.75
#define LOCKS_LEFT 100

/*
 * What a table and a column take of the backend until the import ends, beside
 * their comments, and how much all may take: 70,000 columns, where real imports
 * have up to 12,000; more would not stay below the 256 MB of a bomb.
 */
#define TABLE_BYTES 10000
#define COLUMN_BYTES 1200
#define MAX_BYTES ((int64) 88 * 1024 * 1024)

/*
 * Pairs of columns that stand in one table, of all tables, where the options
 * of columns do not wait: core then sets them by an ALTER TABLE each, which
 * reads all columns of the table, and keeps 200 bytes of each.
 */
#define MAX_COLUMN_PAIRS INT64CONST(500000)

/* Bytes of a reason in a message. */
#define REASON_SHOWN 1000

/* Reasons in one message: as many as are still read. */
#define REASONS_SHOWN 5

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

/* Was the operation left out, so that somebody may miss it? */
static bool
is_left_out(const AcTablePlans *plans, const AcTablePlan *plan)
{
	return plan->skip_reason != NULL && strcmp(plan->method, "GET") == 0 &&
		   !serves_look_ups(plans, plan->endpoint);
}

/* "/empty: why; /page: why", of those that autoconn.endpoints does not tell. */
static char *
reasons_text(const AcTablePlans *plans, bool kept)
{
	StringInfoData text;
	int n = 0;

	initStringInfo(&text);
	for (int i = 0; i < plans->n_tables && n < REASONS_SHOWN; i++)
	{
		const AcTablePlan *plan = &plans->tables[i];

		if (!is_left_out(plans, plan) || (kept && !plan->outdone))
			continue;
		appendStringInfo(&text, "%s%s: %s", n++ > 0 ? "; " : "",
						 ac_outcome_clean(plan->path, REASON_SHOWN),
						 ac_outcome_clean(plan->skip_reason, REASON_SHOWN));
	}
	return text.data;
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

/* kept: the reasons are in autoconn.endpoints. */
static void
tell_left_out(const ImportForeignSchemaStmt *stmt, const AcTablePlans *plans,
			  int imported, bool kept)
{
	char *reasons = reasons_text(plans, kept);
	int left_out = 0;

	for (int i = 0; i < plans->n_tables; i++)
		if (is_left_out(plans, &plans->tables[i]))
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
			 reasons[0] != '\0' ? errdetail("%s", reasons) : 0,
			 kept ? errhint("SELECT path, skip_reason FROM autoconn.endpoints WHERE server = %s AND method = 'GET' AND skip_reason NOT LIKE 'serves %%';",
							quote_literal_cstr(stmt->server_name))
				  : 0));
}

/* What has to be done before samples can be had: credentials, or nothing. */
static const char *
what_to_do(const AcError *failure)
{
	if (failure->hint[0] == '\0' ||
		(failure->code != AC_ERR_AUTH && failure->code != AC_ERR_NOT_READY &&
		 failure->code != AC_ERR_READ_ONLY))
		return "Once the API answers";
	return psprintf("%s Then", failure->hint);
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
			 errhint("They are imported as the description has them, without look-ups by key. %s: SELECT * FROM autoconn.refresh(%s, true);",
					 what_to_do(&report.failure),
					 quote_literal_cstr(stmt->local_schema))));
}

/* So with what is left unread of an API that answers with megabytes. */
static void
tell_unread(const ImportForeignSchemaStmt *stmt, AcProofReport report)
{
	if (report.unread == 0)
		return;
	ereport(NOTICE,
			(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
			 errmsg("no sample was looked at of %d %s of server \"%s\": those of the others are large",
					report.unread, report.unread == 1 ? "table" : "tables",
					stmt->server_name),
			 errdetail("The samples of one import may have %d MB in all.",
					   (int) (AC_PROVE_ALL_BYTES / (1024 * 1024))),
			 errhint("Import them a few at a time with LIMIT TO.")));
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

/* The reasons for which tables are left out of a large import. */
#define TOO_MANY_TABLES "the import has too many tables: import one group, or some with LIMIT TO"
#define TOO_MANY_COLUMNS "the import has too many columns: import it with LIMIT TO"

/* What the tables of an import take of the backend. */
typedef struct AcImportSize
{
	int tables;
	int64 bytes;
	int64 pairs; /* of columns that stand in one table */
} AcImportSize;

static void
add_to_size(AcImportSize *size, const AcTablePlan *plan)
{
	size->tables++;
	size->bytes += TABLE_BYTES + (int64) COLUMN_BYTES * plan->n_columns;
	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].comment != NULL)
			size->bytes += strlen(plan->columns[i].comment);
	size->pairs += (int64) plan->n_columns * plan->n_columns;
}

/* How many tables may one command create? */
static int
max_tables(void)
{
	int64 locks = (int64) max_locks_per_xact * (MaxBackends + max_prepared_xacts);

	return (int) Min(Max(locks - LOCKS_LEFT, 1) * LOCKS_SHARE + 1, MAX_TABLES);
}

/* Why the table does not fit with those before it, NULL if it does. */
static const char *
too_much(const AcImportSize *size, bool options_later)
{
	if (size->tables > max_tables())
		return TOO_MANY_TABLES;
	if (size->tables > 1 && (size->bytes > MAX_BYTES ||
							 (!options_later && size->pairs > MAX_COLUMN_PAIRS)))
		return TOO_MANY_COLUMNS;
	return NULL;
}

/*
 * Leaves out what would fill the backend's memory, or the lock table, in which
 * every new table stands until the transaction ends.
 */
static void
leave_out(const ImportForeignSchemaStmt *stmt, AcImportWork *work,
		  bool options_later)
{
	AcImportSize size = {0};
	const char *why = NULL;
	int kept = 0;

	for (int i = 0; i < work->n; i++)
	{
		AcTablePlan *plan = work->wanted[i];
		AcImportSize with = size;
		const char *reason;

		add_to_size(&with, plan);
		reason = too_much(&with, options_later);
		if (reason == NULL)
		{
			size = with;
			work->wanted[kept++] = plan;
			continue;
		}
		plan->skip_reason = why = reason;
	}
	if (why != NULL)
		ereport(WARNING,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("leaving out %d %s of server \"%s\": the import has too many %s",
						work->n - kept, work->n - kept == 1 ? "table" : "tables",
						stmt->server_name,
						size.tables == max_tables() ? "tables" : "columns"),
				 errhint("Import one group of the API at a time, or a few tables with LIMIT TO.")));
	work->n = kept;
}

/* What the import is to create, on the wire and in the catalog of ours. */
static void
plan_import(ImportForeignSchemaStmt *stmt, ForeignServer *server,
			AcImportOptions *options, AcImportWork *work)
{
	AcDiscovery *discovery;
	AcProofReport report;

	discovery = options->paths == NULL ? ac_learn_model(server, GetUserId())
									   : ac_learn_known(server, GetUserId());
	work->conn = ac_connection_get(server->serverid, GetUserId());
	ac_import_add_paths(discovery, work->conn, options);
	work->discovery = discovery;
	work->options = options;
	work->plans = ac_learn_plans(discovery, &options->plan);
	ac_import_check(stmt, work->plans);
	ac_import_select(stmt, work);
	report = ac_import_sample(work, stmt);
	ac_import_check_shown(stmt, work->plans);
	tell_not_sampled(stmt, report, work->n);
	tell_unread(stmt, report);
}

/* The statements of the tables, in this context, whatever takes their making. */
static List *
statements_of(MemoryContext cxt, const AcImportWork *work, const char *schema,
			  const char *server, bool bare)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext,
												  "autoconn statement",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	List *statements = NIL;

	for (int i = 0; i < work->n; i++)
	{
		char *text;

		MemoryContextSwitchTo(scratch);
		text = bare ? ac_ddl_bare_table(work->wanted[i], schema, server)
					: ac_ddl_table(work->wanted[i], schema, server);
		MemoryContextSwitchTo(cxt);
		statements = lappend(statements, pstrdup(text));
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	return statements;
}

/*
 * The description and what was made of it are gone before core begins to make
 * tables: that takes memory, too, until the command ends.
 */
List *
autoconnImportForeignSchema(ImportForeignSchemaStmt *stmt, Oid serverid)
{
	ForeignServer *server = GetForeignServer(serverid);
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext cxt = AllocSetContextCreate(caller, "autoconn import",
											  ALLOCSET_DEFAULT_SIZES);
	bool later = ac_import_is_finished_later();
	AcImportOptions options;
	AcImportWork work = {0};
	List *statements;
	bool kept;

	ac_import_options(stmt->options, &options);
	check_owner(server, &options);
	MemoryContextSwitchTo(cxt);
	plan_import(stmt, server, &options, &work);
	leave_out(stmt, &work, later);
	ac_import_choose_walks(&work, stmt->local_schema, serverid);
	kept = ac_catalog_store_plans(server, work.plans);
	statements = statements_of(caller, &work, stmt->local_schema,
							   server->servername, later);
	ac_imported_store(server->servername, stmt, GetUserId(), work.wanted, work.n);
	ac_import_remember(&work, stmt->local_schema, server, later);
	tell_left_out(stmt, work.plans, work.n, kept);
	tell_undecided(stmt, work.plans);
	tell_hidden(stmt, work.wanted, work.n);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(cxt);
	return statements;
}
