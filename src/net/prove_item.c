/*
 * prove_item.c
 *		Does the item path show the rows of the list?
 *
 * One row is looked up: the last of the first page, so that an endpoint that
 * ignores the key does not pass by showing the first.  Where the variable's
 * name leaves open which property identifies, the answers decide.
 */
#include "ac.h"

#include "api/keys.h"
#include "core/pointer.h"
#include "net/prove_int.h"
#include "utils/memutils.h"

/* Index of the last row of the first page, -1 if there is none. */
static int
row_to_look_up(const AcTrial *trial)
{
	int row = -1;

	for (int i = 0; i < trial->rows.n && trial->rows.pages[i] == 0; i++)
		row = i;
	return row;
}

/* Name of the item path's last variable, NULL if it has none. */
static const char *
own_variable(const AcTablePlan *plan)
{
	char **names;
	int n = ac_url_template_vars(plan->item_path, &names);

	return n > 0 ? names[n - 1] : NULL;
}

/* Asks for the item by the candidate at hand; false if that cannot be. */
static bool
ask_item(AcProof *proof, AcTrial *trial)
{
	const AcTablePlan *plan = trial->plan;
	AcBinding own = {own_variable(plan), NULL};
	const char *reason = "no value to look up";
	char *path = NULL;
	char *url = NULL;

	own.value = ac_samples_text(&trial->rows, row_to_look_up(trial),
								&plan->columns[trial->candidates[trial->attempt]]);
	if (own.value != NULL)
		path = ac_proof_path(trial, plan->item_path, &own, &reason);
	if (path != NULL && (url = ac_proof_join(proof, path)) == NULL)
		reason = "the path makes no URL below the base URL";
	if (url == NULL)
	{
		ac_proof_note(trial, "item", psprintf("not tried: %s", reason));
		return false;
	}
	ac_proof_ask(proof, &trial->errand, trial->cxt, url, AC_FETCH_ITEM);
	return true;
}

static bool
begin_item(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;
	const AcTablePlan *plan = trial->plan;

	if (trial->cxt == NULL || plan->skip_reason != NULL ||
		plan->item_path == NULL || plan->item_proved || trial->sample == NULL)
		return false;
	if (row_to_look_up(trial) < 0 || !ac_proof_may_ask(proof))
	{
		ac_proof_note(trial, "item", row_to_look_up(trial) < 0 ? "not tried: no row to look up" : "not tried: budget used up");
		return false;
	}
	trial->attempt = 0;
	trial->n_candidates = ac_keys_item_candidates(plan, trial->sample,
												  own_variable(plan),
												  trial->candidates,
												  trial->derived != NULL ? 1 : lengthof(trial->candidates));
	return trial->n_candidates > 0 && ask_item(proof, trial);
}

/*
 * Equal on all fields that the row has: an item may be fuller than its row in
 * the list, but may not contradict it, nor lack what it shows, or a look-up
 * would give NULL where the list gives a value.
 */
bool
ac_proof_agrees(const AcJson *row, const AcJson *item)
{
	AcJsonIter it;
	int shared = 0;

	if (ac_json_kind(row) != AC_JSON_OBJECT ||
		ac_json_kind(item) != AC_JSON_OBJECT)
		return false;
	ac_json_iter_init(&it, row);
	while (ac_json_iter_next(&it))
	{
		if (!ac_json_equal(it.value, ac_json_get(item, it.key)))
			return false;
		shared += ac_json_has(item, it.key);
	}
	return shared > 0;
}

/*
 * The item is the only member of an object, whatever the description says:
 * {"thing": {...}}.  Notes the way to it.
 */
static bool
agrees_wrapped(AcTablePlan *plan, const AcJson *row, const AcJson *body)
{
	AcJsonIter it;

	ac_json_iter_init(&it, body);
	if (!ac_json_iter_next(&it) || !ac_proof_agrees(row, it.value))
		return false;
	plan->item_rows_path = ac_pointer_child("", it.key);
	return !ac_json_iter_next(&it);
}

/* The variable stands for this column, and for no other. */
static void
identify_by(AcTablePlan *plan, const char *variable, int column)
{
	for (int i = 0; i < plan->n_columns; i++)
		if (i != column && plan->columns[i].param != NULL &&
			strcmp(plan->columns[i].param, variable) == 0)
		{
			plan->columns[i].param = NULL;
			plan->columns[i].filter = AC_FILTER_NONE;
		}
	plan->columns[column].param = variable;
	plan->columns[column].filter = AC_FILTER_NONE;
}

static bool
took_item(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;
	AcTablePlan *plan = trial->plan;
	AcJson *row = trial->rows.rows[row_to_look_up(trial)].row;
	AcJson *item = NULL;
	AcJson *body = ac_proof_answer(proof, trial, "item");

	if (body != NULL)
	{
		const char *path = plan->item_rows_path;

		(void) ac_json_pointer(body, path != NULL ? path : "", &item);
		plan->item_proved = ac_proof_agrees(row, item) ||
							agrees_wrapped(plan, row, body);
		ac_proof_note(trial, "item", plan->item_proved ? "proved: a sampled row equals its item" : "the item differs from its row in the list: look-ups by key are not used");
	}
	if (plan->item_proved)
	{
		(void) ac_json_pointer(body, plan->item_rows_path != NULL ? plan->item_rows_path : "", &item);
		ac_tableplan_note_item_only(plan, NULL, item);
		identify_by(plan, own_variable(plan), trial->candidates[trial->attempt]);
		ac_keys_judge(plan, trial->sample, &trial->rows);
		return false;
	}
	if (++trial->attempt >= trial->n_candidates || !ac_proof_may_ask(proof))
		return false;
	return ask_item(proof, trial);
}

const AcProofPass ac_proof_item = {begin_item, took_item};
