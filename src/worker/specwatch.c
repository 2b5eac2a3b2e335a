/*
 * specwatch.c
 *		What do the changes of a description mean for this server?
 *		See specwatch.h.
 *
 * Alerts are measured against a baseline, not against the description of
 * yesterday: what changes back heals, and a change in small steps is seen as
 * a whole.  The baseline moves one decision at a time.
 */
#include "ac.h"

#include "core/json.h"
#include "net/learn.h"
#include "pg/ddl.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "worker/specwatch.h"

/* Failures in a row before a description counts as gone (doc/drift.md). */
#define SPEC_FAILURES 3

/* A stored model; NULL if there is none or it is damaged. */
static AcModel *
parse_model(const char *text)
{
	AcModel *model;
	AcJson *json;

	if (text == NULL ||
		!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &json, NULL))
		return NULL;
	ac_resource_json(json);
	return ac_model_from_json(json, &model, NULL) ? model : NULL;
}

/* Reads the description that is stored; false if it cannot be. */
static bool
reread(AcCheck *check, AcDiscovery *discovery)
{
	AcError err;

	memset(discovery, 0, sizeof(*discovery));
	if (check->state.description == NULL || check->state.spec_url == NULL)
		return false;
	if (ac_discover_reread(check->conn, check->state.description,
						   check->state.spec_url, discovery, &err))
		return true;
	if (err.code == AC_ERR_INTERRUPTED)
		ac_report_error(&err);
	return false;
}

static AcTablePlans *
plans_of_description(AcCheck *check)
{
	AcPlanOptions options = {.nested = AC_NESTED_JSON};
	AcDiscovery discovery;

	return reread(check, &discovery) ? ac_learn_plans(&discovery, &options)
									 : NULL;
}

static AcModel *
model_of_description(AcCheck *check)
{
	AcPlanOptions options = {.nested = AC_NESTED_JSON};
	AcDiscovery discovery;

	if (!reread(check, &discovery))
		return NULL;
	return ac_model_build(discovery.api, ac_learn_plans(&discovery, &options),
						  discovery.base_url);
}

void
ac_specwatch_load(AcCheck *check)
{
	check->baseline = parse_model(check->watch.baseline);
	check->current = parse_model(check->watch.current);
	if (check->baseline == NULL)
		check->baseline = model_of_description(check);
	if (check->current == NULL)
		check->current = check->baseline;
}

static void
compare(AcCheck *check)
{
	AcComparison comparison = {check->baseline, check->current, check->now_s};

	ac_check_list(&check->spec);
	ac_compare(&comparison, &check->spec);
}

/* Accepts what was decided; the comparison is then made anew. */
static bool
accept_decided(AcCheck *check, List **accepted)
{
	AcModel *baseline = check->baseline;

	for (int i = 0; i < check->spec.n; i++)
	{
		const AcDrift *drift = &check->spec.items[i];
		AcWatchDecided *decided = ac_check_decided(check, drift, InvalidOid);

		if (decided == NULL)
			continue;
		baseline = ac_compare_accept(baseline, check->current, drift);
		*accepted = lappend(*accepted, decided);
	}
	if (baseline == check->baseline)
		return false;
	check->baseline = baseline;
	return true;
}

/*
 * The plan of a table that the description has, NULL if there is none.  An
 * unchanged description is read again only for this.
 */
static const AcTablePlan *
find_plan(AcCheck *check, const char *path)
{
	AcTablePlans *plans;

	if (check->description.plans == NULL)
		check->description.plans = plans_of_description(check);
	plans = check->description.plans;
	for (int i = 0; plans != NULL && i < plans->n_tables; i++)
		if (plans->tables[i].skip_reason == NULL &&
			strcmp(plans->tables[i].path, path) == 0)
			return &plans->tables[i];
	return NULL;
}

/*
 * Tables that are new: the statement that creates one, and whether rows come
 * from where it is said to be.
 */
static void
complete_added(AcCheck *check)
{
	for (int i = 0; i < check->spec.n; i++)
	{
		AcDrift *drift = &check->spec.items[i];
		const AcTablePlan *plan;

		if (drift->fix.action != AC_FIX_CREATE_TABLE ||
			(plan = find_plan(check, drift->path)) == NULL)
			continue;
		drift->fix.statement = ac_ddl_table(plan, NULL,
											check->server->servername);
		if (check->options->on_drift == AC_ON_DRIFT_HEAL &&
			ac_check_probe_plan(check, plan))
			drift->tiers |= AC_TIER_PROBE;
	}
}

/* A column that the description announces and rows have, too. */
static void
corroborate(AcCheck *check)
{
	for (int i = 0; i < check->spec.n; i++)
	{
		AcDrift *drift = &check->spec.items[i];

		if (drift->kind != AC_DRIFT_COLUMN_ADDED || drift->json_path == NULL)
			continue;
		for (int j = 0; j < check->n_tables; j++)
			if (strcmp(check->tables[j].path, drift->path) == 0 &&
				ac_payload_sees(check->tables[j].payload, drift->json_path))
				drift->tiers |= AC_TIER_STRUCTURE;
	}
}

/* The description does not come any more. */
static void
add_unreachable(AcCheck *check)
{
	AcDrift *drift;

	if (check->watch.spec_failures < SPEC_FAILURES)
		return;
	drift = ac_drift_add(&check->spec, AC_DRIFT_SPEC_UNREACHABLE);
	drift->tiers = AC_TIER_SPEC;
	drift->summary = psprintf("the description of server \"%s\" could not be read in the last %d polls",
							  check->server->servername,
							  check->watch.spec_failures);
}

void
ac_specwatch_judge(AcCheck *check, List **accepted)
{
	ac_check_list(&check->spec);
	if (check->description.answered)
		check->watch.spec_failures = 0;
	else if (check->description.problem.code != AC_ERR_NONE)
		check->watch.spec_failures++;
	if (check->description.changed)
		check->current = check->description.model;
	if (check->baseline != NULL && check->current != NULL)
	{
		compare(check);
		if (accept_decided(check, accepted))
			compare(check);
		if (!check->quick)
			complete_added(check);
		corroborate(check);
	}
	add_unreachable(check);
}

static char *
model_text(const AcModel *model)
{
	return model != NULL ? ac_json_into_text(ac_model_to_json(model)) : NULL;
}

void
ac_specwatch_save(AcCheck *check)
{
	const AcCheckDescription *description = &check->description;
	AcWatchServer *watch = &check->watch;

	watch->baseline = model_text(check->baseline);
	watch->current = model_text(check->current);
	/* validators are those of the last document, which may have had none */
	if (description->answered && description->document != NULL)
	{
		watch->etag = description->etag;
		watch->last_modified = description->last_modified;
	}
	if (description->hash != NULL)
		watch->spec_hash = description->hash;
}
