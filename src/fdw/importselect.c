/*
 * importselect.c
 *		Which of an API's tables does an import ask for?
 *
 * The remote schema is the whole API or one group of it; LIMIT TO and EXCEPT
 * go by the names of tables.
 */
#include "ac.h"

#include "fdw/import.h"
#include "policy/outcome.h"
#include "utils/builtins.h"

/* The name of the remote schema that stands for all groups. */
#define WHOLE_API "api"
#define GROUP_PREFIX "group:"

/* Bytes of the list of groups in a hint: some dozens of names. */
#define GROUPS_SHOWN 1000

/* The group that the statement names, NULL for the whole API. */
static const char *
wanted_group(const ImportForeignSchemaStmt *stmt)
{
	const char *group = stmt->remote_schema;

	if (strcmp(group, WHOLE_API) == 0)
		return NULL;
	if (strncmp(group, GROUP_PREFIX, strlen(GROUP_PREFIX)) == 0)
		group += strlen(GROUP_PREFIX);
	return group;
}

/* Throws where the API has no such group. */
static void
check_group(const AcTablePlans *plans, const char *group, const char *server)
{
	StringInfoData valid;

	if (group == NULL)
		return;
	initStringInfo(&valid);
	for (int i = 0; i < plans->n_groups; i++)
	{
		if (strcmp(plans->groups[i], group) == 0)
			return;
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

bool
ac_import_lists(const ImportForeignSchemaStmt *stmt, const char *name)
{
	ListCell *lc;

	foreach (lc, stmt->table_list)
	{
		if (strcmp(lfirst_node(RangeVar, lc)->relname, name) == 0)
			return true;
	}
	return false;
}

bool
ac_import_wants(const ImportForeignSchemaStmt *stmt, const AcTablePlan *plan)
{
	const char *group = wanted_group(stmt);

	if (plan->name == NULL ||
		(group != NULL && strcmp(plan->group, group) != 0))
		return false;
	switch (stmt->list_type)
	{
		case FDW_IMPORT_SCHEMA_LIMIT_TO:
			return ac_import_lists(stmt, plan->name);
		case FDW_IMPORT_SCHEMA_EXCEPT:
			return !ac_import_lists(stmt, plan->name);
		default:
			return true;
	}
}

/* Could a sample of the plan show a table of that name beside its own? */
static bool
may_become(const AcTablePlan *plan, const char *name)
{
	size_t len = plan->name == NULL ? 0 : strlen(plan->name);

	return len > 0 && ac_tableplan_is_open(plan) &&
		   strncmp(name, plan->name, len) == 0 &&
		   strncmp(name + len, "__", 2) == 0;
}

/*
 * Is the plan sampled only for tables beside it, which LIMIT TO names or
 * EXCEPT does not?
 */
static bool
may_show_wanted(const ImportForeignSchemaStmt *stmt, const AcTablePlan *plan)
{
	const char *group = wanted_group(stmt);
	ListCell *lc;

	if (stmt->list_type == FDW_IMPORT_SCHEMA_EXCEPT)
		return plan->name != NULL && ac_tableplan_is_open(plan) &&
			   (group == NULL || strcmp(group, plan->group) == 0);
	foreach (lc, stmt->table_list)
	{
		if (may_become(plan, lfirst_node(RangeVar, lc)->relname))
			return true;
	}
	return false;
}

static void
throw_no_table(const ImportForeignSchemaStmt *stmt, const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
			 errmsg("server \"%s\" has no table \"%s\" to import",
					stmt->server_name, name),
			 errhint("SELECT name, path, skip_reason FROM autoconn.endpoints WHERE server = %s;",
					 quote_literal_cstr(stmt->server_name))));
}

/* May the table be imported under the name, as part of the group (NULL: any)? */
static bool
may_be_called(const AcTablePlan *plan, const char *name, const char *group)
{
	return plan->name != NULL && plan->skip_reason == NULL &&
		   (strcmp(plan->name, name) == 0 || may_become(plan, name)) &&
		   (group == NULL || strcmp(group, plan->group) == 0);
}

/* Was the table called so, now that samples have told what there is? */
static bool
was_called(const AcTablePlan *plan, const char *name, const char *group)
{
	return plan->reserved_name != NULL &&
		   strcmp(plan->reserved_name, name) == 0;
}

/* A name in LIMIT TO that nothing answers to is a mistake worth an error. */
static void
check_limit_to(const ImportForeignSchemaStmt *stmt, const AcTablePlans *plans,
			   const char *group,
			   bool (*answers)(const AcTablePlan *plan, const char *name,
							   const char *group))
{
	ListCell *lc;

	if (stmt->list_type != FDW_IMPORT_SCHEMA_LIMIT_TO)
		return;
	foreach (lc, stmt->table_list)
	{
		const char *name = lfirst_node(RangeVar, lc)->relname;
		bool found = false;

		for (int i = 0; i < plans->n_tables && !found; i++)
			found = answers(&plans->tables[i], name, group);
		if (!found)
			throw_no_table(stmt, name);
	}
}

void
ac_import_check(const ImportForeignSchemaStmt *stmt, const AcTablePlans *plans)
{
	const char *group = wanted_group(stmt);

	check_group(plans, group, stmt->server_name);
	check_limit_to(stmt, plans, group, may_be_called);
}

void
ac_import_check_shown(const ImportForeignSchemaStmt *stmt,
					  const AcTablePlans *plans)
{
	check_limit_to(stmt, plans, NULL, was_called);
}

void
ac_import_select(const ImportForeignSchemaStmt *stmt, AcImportWork *work)
{
	const AcTablePlans *plans = work->plans;

	work->n = 0;
	work->wanted = palloc(sizeof(AcTablePlan *) * Max(plans->n_tables, 1));
	for (int i = 0; i < plans->n_tables; i++)
	{
		AcTablePlan *plan = &plans->tables[i];

		if (plan->skip_reason == NULL &&
			(stmt == NULL || ac_import_wants(stmt, plan) ||
			 may_show_wanted(stmt, plan)))
			work->wanted[work->n++] = plan;
	}
}
