/*
 * observe_union.c
 *		Does a parameter's default really hide rows?
 *
 * A table whose parameter has a default and no value for all rows is read once
 * for each value (tableplan.h, params_union), which is right only where the
 * parameter chooses rows by their field.  A sample, which sends no value, can
 * refute that: a row that has another value than the default, or none, was not
 * chosen by it.  Parameters that are true or false mostly choose what rows
 * show and not which ones, so that of these only what a sample bears out is
 * believed.
 */
#include "ac.h"

#include "api/tableplan_int.h"
#include "core/url.h"

/* The parameter that the union goes over, NULL if there is none. */
static const AcParam *
union_param(const AcTablePlan *plan)
{
	int i;

	for (i = 0; plan->params_union != NULL && i < plan->endpoint->n_params; i++)
	{
		const AcParam *param = &plan->endpoint->params[i];
		StringInfoData name;

		if (param->place != AC_PARAM_QUERY ||
			param->shape->default_value == NULL)
			continue;
		initStringInfo(&name);
		ac_url_encode_query(param->name, strlen(param->name), &name);
		appendStringInfoChar(&name, '=');
		if (strncmp(plan->params_union, name.data, name.len) == 0)
			return param;
	}
	return NULL;
}

static const AcColumnPlan *
column_of(const AcTablePlan *plan, const AcParam *param)
{
	int i;

	for (i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL &&
			plan->columns[i].json_path != NULL &&
			strcmp(plan->columns[i].param, param->name) == 0)
			return &plan->columns[i];
	return NULL;
}

/* The union is given up; the evidence says under key why. */
static void
give_up(AcTablePlan *plan, const AcParam *param, const char *key,
		const char *why)
{
	AcJson *note = ac_json_new_object();
	AcJson *hidden = ac_json_get(plan->evidence, "defaults_that_hide_rows");

	plan->params_union = NULL;
	ac_json_set_string(note, "default", param->shape->default_value);
	ac_json_set_string(note, key, why);
	if (hidden != NULL)
		ac_json_set(hidden, param->name, note);
	else
		ac_json_free(note);
}

/* Has the value at the column's place the text? */
static bool
shows(AcJson *row, const AcColumnPlan *column, const char *text)
{
	AcJson *value;
	char *shown;

	if (!ac_json_pointer(row, column->json_path, &value))
		return false;
	shown = ac_json_text_of(value);
	return shown != NULL && strcmp(shown, text) == 0;
}

void
ac_observe_union(AcTablePlan *plan, const AcValues *rows)
{
	const AcParam *param = union_param(plan);
	const AcColumnPlan *column = param != NULL ? column_of(plan, param) : NULL;
	int i;

	if (column == NULL || rows->n == 0)
		return;
	for (i = 0; i < rows->n; i++)
		if (!shows(rows->values[i], column, param->shape->default_value))
		{
			give_up(plan, param, "refuted",
					"a row that was sampled has another value, or none");
			return;
		}
	plan->union_shown = true;
}

void
ac_tableplan_settle_union(AcTablePlan *plan)
{
	const AcParam *param = union_param(plan);

	if (param != NULL && param->shape->kind == AC_SHAPE_BOOLEAN &&
		!plan->union_shown)
		give_up(plan, param, "not_each",
				"no sample shows that the parameter chooses rows");
}
