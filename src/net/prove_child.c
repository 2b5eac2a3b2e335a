/*
 * prove_child.c
 *		What stands below a path variable?
 *
 * A table whose path has variables is sampled with the values of a row that
 * its parent's sample shows: first the last row, so that a path that ignores
 * the value does not pass by showing the first, then others where that one
 * has nothing below it.  A variable that nothing describes is of the type of
 * the key that its values come from.
 */
#include "ac.h"

#include "api/action.h"
#include "net/prove_int.h"
#include "utils/memutils.h"

/* ---- values for variables ---- */

typedef struct Lookup
{
	const AcTrial *trial;
	const AcBinding *own; /* one more, NULL if none */
} Lookup;

static bool
find_value(void *arg, const char *name, const char **value, size_t *len)
{
	const Lookup *lookup = arg;
	const AcTrial *trial = lookup->trial;

	*value = NULL;
	if (lookup->own != NULL && strcmp(lookup->own->param, name) == 0)
		*value = lookup->own->value;
	for (int i = 0; i < trial->n_bindings && *value == NULL; i++)
		if (strcmp(trial->bindings[i].param, name) == 0)
			*value = trial->bindings[i].value;
	*len = *value != NULL ? strlen(*value) : 0;
	return *value != NULL;
}

char *
ac_proof_path(AcTrial *trial, const char *template, const AcBinding *own,
			  const char **reason)
{
	Lookup lookup = {trial, own};
	StringInfoData path;
	AcError err;

	initStringInfo(&path);
	if (!ac_url_expand(template, find_value, &lookup, &path, &err))
		*reason = pstrdup(err.message);
	/* a value may be the name of an action: /users/{id} with "logout" */
	else if (ac_action_smells(path.data, NULL))
		*reason = "the path smells of an action";
	else
		return path.data;
	return NULL;
}

char *
ac_proof_join(const AcProof *proof, const char *path)
{
	char *text = ac_url_join(&proof->base, path);
	AcUrl url;

	return ac_url_parse(text, &url, NULL) && ac_url_is_below(&proof->base, &url)
			   ? text
			   : NULL;
}

/* ---- values that the user gave ---- */

static const char *
given_value(const AcEndpoint *endpoint, const char *variable)
{
	for (int i = 0; i < endpoint->n_values; i++)
		if (strcmp(endpoint->values[i].name, variable) == 0)
			return endpoint->values[i].value;
	return NULL;
}

bool
ac_proof_bind_given(AcTrial *trial)
{
	char **names;
	int n = ac_url_template_vars(trial->plan->path, &names);
	AcBinding *bindings = palloc(sizeof(AcBinding) * Max(n, 1));

	for (int i = 0; i < n; i++)
	{
		bindings[i].param = names[i];
		bindings[i].value = given_value(trial->plan->endpoint, names[i]);
		if (bindings[i].value == NULL)
			return false;
	}
	trial->bindings = bindings;
	trial->n_bindings = n;
	return n > 0;
}

/* ---- parents ---- */

/* Rows of the trial's first page, before all of them are taken apart. */
static void
first_rows(AcTrial *trial, AcSampledRows *rows)
{
	AcTrial *asked = trial->twin != NULL ? trial->twin : trial;

	memset(rows, 0, sizeof(*rows));
	if (asked->n_bodies > 0 && trial->plan->skip_reason == NULL &&
		!ac_tableplan_is_open(trial->plan))
		ac_samples_add_page(rows, trial->plan, asked->bodies[0]);
}

/* The value that the row of the parent gives to one column of the child. */
static const char *
value_from(const AcTrial *parent, const AcSampledRows *rows, int row,
		   const AcColumnPlan *column)
{
	if (column->json_path != NULL)
		return ac_samples_text(rows, row, column);
	for (int i = 0; i < parent->n_bindings; i++)
		if (column->param != NULL &&
			strcmp(parent->bindings[i].param, column->param) == 0)
			return parent->bindings[i].value;
	return NULL;
}

static bool
bind(AcTrial *trial, const AcRelation *relation, const AcSampledRows *rows,
	 int row)
{
	trial->bindings = palloc(sizeof(AcBinding) * relation->n_columns);
	trial->n_bindings = 0;
	for (int i = 0; i < relation->n_columns; i++)
	{
		const char *value = value_from(trial->parent, rows, row,
									   relation->parent_columns[i]);

		if (value == NULL)
			return false;
		trial->bindings[i].param = relation->child_columns[i]->param;
		trial->bindings[i].value = value;
		trial->n_bindings++;
	}
	return true;
}

/* Variables that occur in the path, each once. */
static int
count_variables(const char *path)
{
	char **names;

	return ac_url_template_vars(path, &names);
}

/* The row to try: the last, the one in the middle, the first; or -1. */
static int
row_to_try(const AcSampledRows *rows, int attempt)
{
	int n = rows->n;

	/* few rows have no middle of their own */
	if (n <= attempt)
		return -1;
	return attempt == 0 ? n - 1 : attempt == 1 ? (n - 1) / 2
											   : 0;
}

/* A child that showed nothing yet is asked again for another parent. */
static void
reset_trial(AcTrial *trial)
{
	if (trial->n_bodies > 0)
		*trial->plan = trial->described;
	ac_proof_release(trial);
	trial->refusal = NULL;
	trial->pager = NULL;
}

static bool
shows_nothing(const AcTrial *trial)
{
	return trial->n_bodies == 0 || trial->plan->skip_reason != NULL ||
		   ac_tableplan_is_open(trial->plan) || trial->page_rows == 0;
}

static void
find_parent(AcProof *proof, AcTrial *trial, const AcRelation *relations, int n)
{
	int variables = count_variables(trial->plan->path);

	for (int i = ac_proof_first_edge(relations, n, trial->plan);
		 i < n && relations[i].child == trial->plan; i++)
	{
		const AcRelation *relation = &relations[i];
		AcTrial *parent;
		AcSampledRows rows;
		int row;

		if (relation->n_columns != variables)
			continue;
		parent = *ac_proof_trial_of(proof, relation->parent);
		if (parent == NULL || parent == trial || shows_nothing(parent))
			continue;
		first_rows(parent, &rows);
		row = row_to_try(&rows, trial->tried_parents);
		trial->parent = parent;
		trial->ready = row >= 0 && bind(trial, relation, &rows, row);
		trial->tried_parents++;
		if (rows.made != NULL)
			ac_json_free(rows.made);
		return;
	}
}

/* Is a value for the path's variables still worth a try? */
static bool
wants_parent(const AcTrial *trial)
{
	return strchr(trial->plan->path, '{') != NULL && trial->twin == NULL &&
		   !trial->first_failed && shows_nothing(trial) &&
		   trial->tried_parents < AC_PROVE_MAX_PARENTS &&
		   (trial->plan->paging.style != AC_PAGER_NONE || trial->n_bodies == 0);
}

void
ac_proof_find_parents(AcProof *proof)
{
	AcRelation *relations;
	int n;

	for (int i = 0; i < proof->n_trials; i++)
	{
		AcTrial *trial = &proof->trials[i];

		trial->ready = wants_parent(trial);
		if (trial->ready)
			reset_trial(trial);
	}
	n = ac_relations_from_paths(proof->input->plans, &relations);
	for (int i = 0; i < proof->n_trials; i++)
	{
		AcTrial *trial = &proof->trials[i];
		bool wants = trial->ready;

		trial->ready = false;
		if (wants)
			find_parent(proof, trial, relations, n);
	}
}

static bool
begin_child(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;

	if (!trial->ready)
		return false;
	for (int i = 0; i < trial->plan->n_columns; i++)
		if (trial->plan->columns[i].required)
			return false;
	return ac_proof_begin_first(proof, trial);
}

static bool
took_child(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;
	AcFetch *fetch = errand->fetch;
	bool took = ac_proof_take_first(proof, trial);

	/* of a walk such answers would be no rows, of all parents */
	trial->plan->values_refused = fetch->state != AC_FETCH_ANSWERED &&
								  fetch->status >= 400 && fetch->status < 500 &&
								  fetch->status != 429;
	if (took)
		ac_proof_note(trial, "sample",
					  psprintf("asked with a value of %s", trial->parent->plan->path));
	return false;
}

const AcProofPass ac_proof_child = {begin_child, took_child};

/* ---- types of variables ---- */

/* Does nothing but the path tell of the column, or nothing of what type it is? */
static bool
is_untold(const AcTablePlan *plan, const AcColumnPlan *column)
{
	const AcParam *param;

	if (column->json_path != NULL || column->filter != AC_FILTER_PATH ||
		column->param == NULL || plan->endpoint == NULL)
		return false;
	param = ac_endpoint_param(plan->endpoint, AC_PARAM_PATH, column->param);
	/* readers of what people write take a variable for a string */
	return param == NULL ||
		   (plan->endpoint->undescribed && param->shape->kind == AC_SHAPE_STRING &&
			param->shape->format == NULL && param->shape->n_enum == 0);
}

/*
 * A type whose one way to write a value is the API's: what a query has is
 * what the path would have shown.
 */
static bool
is_exact(const AcColumnPlan *key)
{
	return key->decode == NULL && (strcmp(key->type, "bigint") == 0 ||
								   strcmp(key->type, "uuid") == 0);
}

/* Passes types on by one generation; false once there is nothing to pass. */
static bool
pass_types_on(const AcRelation *relations, int n)
{
	bool passed = false;

	for (int i = 0; i < n; i++)
		for (int k = 0; k < relations[i].n_columns; k++)
		{
			AcColumnPlan *column = unconstify(AcColumnPlan *,
											  relations[i].child_columns[k]);
			const AcColumnPlan *key = relations[i].parent_columns[k];

			if (!is_untold(relations[i].child, column) || !is_exact(key) ||
				strcmp(column->type, key->type) == 0)
				continue;
			column->type = key->type;
			passed = true;
		}
	return passed;
}

void
ac_proof_type_variables(AcProof *proof)
{
	AcRelation *relations;
	int n = ac_relations_from_paths(proof->input->plans, &relations);

	/* each variable of a path may be of a generation of its own */
	for (int i = 0; i < AC_KEYS_MAX; i++)
		if (!pass_types_on(relations, n))
			break;
}
