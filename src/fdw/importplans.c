/*
 * importplans.c
 *		How do plans become what an import creates?
 *
 * Shared by IMPORT FOREIGN SCHEMA, autoconn.preview() and autoconn.refresh():
 * paths that the user names are added, the plans are sampled, what no sample
 * could decide is left out, and tables of nested arrays take over what was
 * found of the table that they stand in.
 */
#include "ac.h"

#include "api/tableplan_walk.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "core/url.h"
#include "fdw/import.h"
#include "net/connection.h"
#include "pg/ddltable.h"
#include "pg/option.h"
#include "pg/report.h"
#include "utils/lsyscache.h"

void
ac_import_add_paths(AcDiscovery *discovery, AcConnection *conn,
					const AcImportOptions *options)
{
	AcUrl base;
	AcError err;

	if (discovery->base_url == NULL)
		discovery->base_url = ac_url_text(ac_connection_base(conn));
	if (options->paths == NULL)
		return;
	if (!ac_url_parse(discovery->base_url, &base, &err) ||
		!ac_tableplan_add_paths(discovery->api, options->paths, &base,
								&discovery->api, &err))
		ac_report_error(&err);
}

/* The plans whose requests are to be sent, each once; their number. */
static int
plans_to_ask(const AcImportWork *work, AcTablePlan ***list)
{
	/* by their place in the array that all plans are in */
	bool *listed = palloc0(sizeof(bool) * Max(work->plans->n_tables, 1));
	int n = 0;

	*list = palloc(sizeof(AcTablePlan *) * Max(work->n, 1));
	for (int i = 0; i < work->n; i++)
	{
		AcTablePlan *plan = work->wanted[i];

		if (plan->nested_in != NULL)
			continue;
		listed[plan - work->plans->tables] = true;
		(*list)[n++] = plan;
	}
	for (int i = 0; i < work->n; i++)
	{
		const AcTablePlan *above = work->wanted[i]->nested_in;

		if (above == NULL || listed[above - work->plans->tables])
			continue;
		listed[above - work->plans->tables] = true;
		(*list)[n++] = &work->plans->tables[above - work->plans->tables];
	}
	pfree(listed);
	return n;
}

/* What net/prove notes of a first page that did not come begins so. */
#define NOT_ANSWERED "not tried to the end: "

static bool
begins(const char *text, const char *with)
{
	return text != NULL && strncmp(text, with, strlen(with)) == 0;
}

/* Why no sample shows rows, as its note has it. */
static char *
no_sample_text(const char *note)
{
	if (begins(note, NOT_ANSWERED))
		note += strlen(NOT_ANSWERED);
	return psprintf("no sample shows any (%s)", note);
}

/*
 * What a sample had to decide and did not is left out.  Returns whether that
 * is for want of an answer.
 */
static bool
settle(AcTablePlan *plan, AcSampleMode mode)
{
	const char *note = ac_json_get_string(plan->evidence, "sample");
	bool undecided = begins(note, "a sample decides");
	bool unanswered = false;

	if (plan->skip_reason == NULL && ac_tableplan_is_open(plan))
	{
		unanswered = begins(note, NOT_ANSWERED);
		ac_tableplan_leave_out(plan,
							   mode == AC_SAMPLE_OFF ? "no sample was asked for"
							   : note == NULL || undecided
								   ? "no sample shows any"
								   : no_sample_text(note));
		if (undecided && mode != AC_SAMPLE_OFF)
			ac_json_set_string(plan->evidence, "sample", "a sample shows no rows");
	}
	else if (plan->skip_reason == NULL && undecided)
		ac_json_set_string(plan->evidence, "sample", "a sample shows the rows");
	if (plan->skip_reason != NULL)
		plan->name = NULL;
	return unanswered;
}

static void
settle_nested(AcTablePlan *child)
{
	const AcTablePlan *above = child->nested_in;

	if (above->skip_reason == NULL)
	{
		ac_tableplan_follow(child);
		return;
	}
	child->skip_reason = psprintf("its rows stand in those of %s, which is left out",
								  above->path);
	child->name = NULL;
}

/* Which tables have others nested in them already, by their place. */
static bool *
find_parents(const AcTablePlans *plans)
{
	bool *found = palloc0(sizeof(bool) * Max(plans->n_tables, 1));

	for (int i = 0; i < plans->n_tables; i++)
		if (plans->tables[i].nested_in != NULL)
			found[plans->tables[i].nested_in - plans->tables] = true;
	return found;
}

static bool
is_taken(const AcTablePlans *plans, const char *name)
{
	for (int i = 0; i < plans->n_tables; i++)
		if (plans->tables[i].reserved_name != NULL &&
			strcmp(plans->tables[i].reserved_name, name) == 0)
			return true;
	return false;
}

/* Tables of arrays that only the sample of a table showed, in list. */
static List *
late_children(const AcImportWork *work, AcTablePlan **asked, int n)
{
	bool *has_children = find_parents(work->plans);
	List *children = NIL;

	for (int i = 0; i < n; i++)
	{
		AcTablePlan *found;
		int n_found;

		if (!asked[i]->undescribed ||
			has_children[asked[i] - work->plans->tables])
			continue;
		n_found = ac_tableplan_nest(asked[i], &work->options->plan, &found);
		for (int j = 0; j < n_found; j++)
		{
			ac_json_append(work->plans->evidence, found[j].evidence);
			if (!is_taken(work->plans, found[j].name))
				children = lappend(children, &found[j]);
		}
	}
	return children;
}

/* Tables that only a sample showed beside others are asked for like those. */
static int
take_ties(AcImportWork *work, int before, AcTablePlan ***asked, int n,
		  const ImportForeignSchemaStmt *stmt)
{
	int found = work->plans->n_tables - before;

	*asked = repalloc(*asked, sizeof(AcTablePlan *) * (n + found + 1));
	work->wanted = repalloc(work->wanted,
							sizeof(AcTablePlan *) * (work->n + found + 1));
	for (int i = before; i < work->plans->n_tables; i++)
	{
		AcTablePlan *tie = &work->plans->tables[i];

		(*asked)[n++] = tie;
		if (stmt == NULL || ac_import_wants(stmt, tie))
			work->wanted[work->n++] = tie;
	}
	return n;
}

/* Adds them to all plans, which are copied for that, and to the wanted ones. */
static void
add_late(AcImportWork *work, List *children,
		 const ImportForeignSchemaStmt *stmt)
{
	AcTablePlans *plans = work->plans;
	AcTablePlan *all = palloc(sizeof(AcTablePlan) *
							  (plans->n_tables + list_length(children)));
	ListCell *lc;

	if (children == NIL)
		return;
	memcpy(all, plans->tables, sizeof(AcTablePlan) * plans->n_tables);
	/* what is decided of wanted ones from now on is to be stored, too */
	for (int i = 0; i < work->n; i++)
		work->wanted[i] = all + (work->wanted[i] - plans->tables);
	plans->tables = all;
	work->wanted = repalloc(work->wanted, sizeof(AcTablePlan *) *
											  (work->n + list_length(children)));
	foreach (lc, children)
	{
		AcTablePlan *child = &plans->tables[plans->n_tables++];

		*child = *(AcTablePlan *) lfirst(lc);
		if (stmt == NULL || ac_import_wants(stmt, child))
			work->wanted[work->n++] = child;
	}
}

/* What was sampled only for tables beside it is not wanted itself. */
static void
drop_left_out(AcImportWork *work, const ImportForeignSchemaStmt *stmt)
{
	int kept = 0;

	for (int i = 0; i < work->n; i++)
		if (work->wanted[i]->skip_reason == NULL &&
			(!work->wanted[i]->undescribed || stmt == NULL ||
			 ac_import_wants(stmt, work->wanted[i])))
			work->wanted[kept++] = work->wanted[i];
	work->n = kept;
}

AcProofReport
ac_import_sample(AcImportWork *work, const ImportForeignSchemaStmt *stmt)
{
	AcProofReport report = {0};
	AcTablePlan **asked;
	int n = plans_to_ask(work, &asked);
	int before = work->plans->n_tables;

	if (work->options->sample != AC_SAMPLE_OFF)
	{
		AcProofInput input = {
			.conn = work->conn,
			.base_url = work->discovery->base_url,
			.plans = work->plans,
			.wanted = asked,
			.n_wanted = n,
			.options = &work->options->plan,
			.thorough = work->options->sample == AC_SAMPLE_ON,
			.may_post = !work->options->no_posts,
		};

		report = ac_prove_plans(&input);
		n = take_ties(work, before, &asked, n, stmt);
	}
	for (int i = 0; i < n; i++)
		if (settle(asked[i], work->options->sample) && report.failed > 0)
			report.failed--;
	for (int i = 0; i < work->n; i++)
		ac_tableplan_settle_union(work->wanted[i]);
	for (int i = 0; i < work->n; i++)
		if (work->wanted[i]->nested_in != NULL)
			settle_nested(work->wanted[i]);
	add_late(work, late_children(work, asked, n), stmt);
	drop_left_out(work, stmt);
	return report;
}

/* Where tables of an import go, and what is there already. */
typedef struct Place
{
	Oid schemaid;
	Oid serverid;
} Place;

/* Did another import make that table there? */
static bool
is_imported(const AcTablePlan *plan, void *arg)
{
	const Place *place = arg;
	Oid relid = get_relname_relid(plan->name, place->schemaid);
	const char *path;

	if (!OidIsValid(relid) || get_rel_relkind(relid) != RELKIND_FOREIGN_TABLE ||
		GetForeignTable(relid)->serverid != place->serverid)
		return false;
	path = ac_option_given(GetForeignTable(relid)->options, "path");
	return path != NULL && strcmp(path, plan->path) == 0;
}

void
ac_import_choose_walks(const AcImportWork *work, const char *schema,
					   Oid serverid)
{
	Place place = {InvalidOid, serverid};
	AcWalkInput input = {
		.plans = work->plans,
		.wanted = work->wanted,
		.n_wanted = work->n,
		.arg = &place,
	};

	if (schema != NULL)
		place.schemaid = get_namespace_oid(schema, true);
	if (OidIsValid(place.schemaid))
		input.is_there = is_imported;
	ac_tableplan_choose_walks(&input);
}
