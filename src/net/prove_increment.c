/*
 * prove_increment.c
 *		Does a parameter ask for what changed?
 *
 * The first page is asked for once more with a value from the sample; what
 * that proves is api/increment's judgement.
 */
#include "ac.h"

#include "net/prove_int.h"
#include "utils/memutils.h"

/* The URL of the first page with the pair's parameter, NULL if there is none. */
static char *
url_with(AcProof *proof, AcTrial *trial, const AcIncrement *pair,
		 const char *value)
{
	AcUrl url;

	if (!ac_proof_first_url(proof, trial, &url))
		return NULL;
	url.query = ac_url_set_query(url.query, pair->param, value);
	return ac_url_text(&url);
}

/* Asks with the pair at hand or one after it; false if there is none left. */
static bool
ask_pair(AcProof *proof, AcTrial *trial)
{
	for (; trial->attempt < trial->n_pairs && ac_proof_may_ask(proof); trial->attempt++)
	{
		const AcIncrement *pair = &trial->pairs[trial->attempt];
		const char *value;
		char *url;

		if (!ac_increment_value(trial->plan, trial->sample, pair,
								&trial->in_row, &value))
			continue;
		url = url_with(proof, trial, pair, value);
		if (url == NULL)
			continue;
		ac_proof_ask(proof, &trial->errand, trial->cxt, url, AC_FETCH_PAGE);
		return true;
	}
	return false;
}

static bool
begin_increment(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;

	if (trial->cxt == NULL || trial->plan->skip_reason != NULL ||
		trial->sample == NULL || trial->twin != NULL ||
		strcmp(trial->plan->method, "GET") != 0)
		return false;
	trial->attempt = 0;
	trial->n_pairs = ac_increment_pairs(trial->plan, trial->sample,
										trial->pairs);
	return ask_pair(proof, trial);
}

/* Notes in the evidence what a pair was found to do. */
static void
note_pair(AcTrial *trial, const AcIncrement *pair, const char *finding)
{
	AcJson *notes = ac_json_get(trial->plan->evidence, "increment");
	AcJson *one = ac_json_new_object();

	if (notes == NULL)
	{
		notes = ac_json_new_array();
		ac_json_set(trial->plan->evidence, "increment", notes);
	}
	ac_json_set_string(one, "column", pair->column);
	ac_json_set_string(one, "param", pair->param);
	ac_json_set_string(one, "finding", finding);
	ac_json_append(notes, one);
}

bool
ac_proof_is_all(AcTrial *trial, const AcPageFacts *facts)
{
	AcPageRequest request;
	AcError err;

	return ac_pager_page(trial->pager, 0, facts, &err) &&
		   ac_pager_next(trial->pager, &request) == AC_PAGER_DONE;
}

static bool
judge_answer(AcTrial *trial, AcJson *body, const char **finding)
{
	AcSampledRows after = {0};
	AcPageFacts facts;
	AcIncrementProof proof = {
		.plan = trial->plan,
		.pair = &trial->pairs[trial->attempt],
		.in_row = trial->in_row,
		.before = &trial->rows,
		.after = &after,
		.total_before = trial->plan->total_rows,
		.complete_before = trial->sample->complete,
	};
	bool proved;

	ac_proof_page_facts(trial, body, &facts);
	ac_samples_add_page(&after, trial->plan, body);
	proof.total_after = Max(facts.total, 0);
	proof.complete_after = ac_proof_is_all(trial, &facts);
	proved = ac_increment_judge(&proof, finding);
	if (after.made != NULL)
		ac_json_free(after.made);
	return proved;
}

static bool
took_increment(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;
	const AcIncrement *pair = &trial->pairs[trial->attempt];
	AcFetch *fetch = trial->errand.fetch;
	const char *finding;
	AcJson *body;
	bool proved = false;

	body = ac_proof_answer(proof, trial, "increment_answer");
	if (body != NULL)
		proved = judge_answer(trial, body, &finding);
	else
		finding = psprintf("refused: the API answered with status %d", fetch->status);
	note_pair(trial, pair, finding);
	if (proved)
	{
		AcIncrement *increment = palloc(sizeof(AcIncrement));

		*increment = *pair;
		trial->plan->increment = increment;
		return false;
	}
	trial->attempt++;
	return ask_pair(proof, trial);
}

const AcProofPass ac_proof_increment = {begin_increment, took_increment};
