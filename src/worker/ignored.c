/*
 * ignored.c
 *		Which parameters does the API ignore, and who is told?  See ignored.h.
 */
#include "ac.h"

#include "pg/ignored.h"
#include "worker/ignored.h"
#include "worker/subject.h"

static bool
is_known(const AcCheck *check, const AcIgnored *ignored)
{
	ListCell *lc;

	foreach (lc, check->ignored)
	{
		const AcIgnored *other = lfirst(lc);

		if (other->relid == ignored->relid && other->bound == ignored->bound &&
			strcmp(other->param, ignored->param) == 0)
			return true;
	}
	return false;
}

void
ac_check_ignored_load(AcCheck *check, const AcEvent *events, int n)
{
	check->ignored = ac_ignored_load(check->server);
	for (int i = 0; i < n; i++)
	{
		const AcEvent *event = &events[i];
		AcIgnored *ignored;

		if (event->kind != AC_EVENT_FILTER_IGNORED || event->code <= 0 ||
			event->code > 1 + AC_BOUND_TO ||
			event->serverid != check->server->serverid ||
			ac_subject_find(check, event->relid) == NULL)
			continue;
		ignored = ac_ignored_of(event->relid, event->text,
								(AcQualBound) (event->code - 1));
		if (ignored != NULL && !is_known(check, ignored))
			check->ignored = lappend(check->ignored, ignored);
	}
}

/* What keeps the parameter from being sent for good. */
static void
propose_fix(const AcIgnored *ignored, AcFix *fix)
{
	static const char *const bounds[] = {
		[AC_BOUND_FROM] = "param_from", [AC_BOUND_TO] = "param_to"};

	fix->action = AC_FIX_COLUMN_OPTIONS;
	fix->n_options = 1;
	if (ignored->bound == AC_BOUND_NONE)
	{
		fix->options[0].name = "operators";
		fix->options[0].before = ignored->operators;
		fix->options[0].after = "none";
		return;
	}
	fix->options[0].name = bounds[ignored->bound];
	fix->options[0].before = ignored->param;
}

/* The name that the column goes by. */
static const char *
column_name(const AcCheckTable *table, const AcIgnored *ignored)
{
	for (int i = 0; i < table->n_columns; i++)
		if (table->columns[i].json_path != NULL &&
			strcmp(table->columns[i].json_path, ignored->json_path) == 0)
			return table->columns[i].name;
	return ignored->column;
}

static void
report(AcCheck *check, const AcCheckTable *table, const AcIgnored *ignored)
{
	AcDrift *drift = ac_drift_add(&check->payload, AC_DRIFT_SEMANTICS_CHANGED);

	/* rows are checked here, so none is wrong: there are only more to read */
	drift->severity = AC_SEVERITY_WARNING;
	drift->table = table->label;
	drift->path = table->path;
	drift->query = table->params != NULL ? table->params : "";
	drift->nested_path = table->rows.nested_path;
	drift->column = column_name(table, ignored);
	drift->json_path = ignored->json_path;
	drift->subject = psprintf("%s %d", ignored->param, ignored->bound);
	drift->tiers = AC_TIER_STRUCTURE;
	drift->params = ac_drift_own(&check->payload, ac_json_new_object());
	ac_json_set(drift->params, "param", ac_json_new_string(ignored->param));
	drift->summary = psprintf("the API ignores the parameter \"%s\" of %s: it sent rows with other values than it was asked for",
							  ignored->param, table->label);
	propose_fix(ignored, &drift->fix);
	drift->fix.column = drift->column;
}

void
ac_check_ignored_report(AcCheck *check)
{
	ListCell *lc;

	foreach (lc, check->ignored)
	{
		const AcIgnored *ignored = lfirst(lc);
		const AcCheckTable *table = ac_subject_find(check, ignored->relid);

		if (table != NULL)
			report(check, table, ignored);
	}
}

void
ac_check_ignored_store(const AcCheck *check)
{
	ListCell *lc;

	foreach (lc, check->ignored)
		ac_ignored_store(check->server, lfirst(lc), check->now);
}
