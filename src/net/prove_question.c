/*
 * prove_question.c
 *		Do the parameters that the description offers do what they promise?
 *
 * The first page is asked for once more with the parameters of a question,
 * as a scan would send them; which questions there are and what the answers
 * prove is api/question's judgement.  All tables have their first question
 * before any has its second.
 */
#include "ac.h"

#include "miscadmin.h"
#include "net/prove_int.h"
#include "policy/rest.h"
#include "utils/memutils.h"

/* ---- what was sampled ---- */

/*
 * The rows that the first pages have without a gap: the last page of all may
 * have been asked for by its number.
 */
static int
rows_without_gap(const AcTrial *trial)
{
	int pages = trial->asked_last ? trial->n_bodies - 1 : trial->n_bodies;
	int n = 0;

	while (n < Min(trial->rows.n, AC_QUESTION_ROWS) &&
		   trial->rows.pages[n] < pages)
		n++;
	return n;
}

static AcQuestionSample
sample_of(const AcTrial *trial)
{
	AcQuestionSample sample = {
		.plan = trial->plan,
		.rows = &trial->rows,
		.n = rows_without_gap(trial),
		.complete = trial->sample->complete,
		.total = trial->plan->total_rows,
	};

	while (sample.page_rows < sample.n &&
		   trial->rows.pages[sample.page_rows] == 0)
		sample.page_rows++;
	return sample;
}

/* Was the parameter seen to do nothing while something else was proved? */
static bool
is_known_idle(const AcTrial *trial, const AcQuestion *question)
{
	const AcJson *notes = ac_json_get(trial->plan->evidence, "increment");

	for (int i = 0; question->param != NULL && i < ac_json_length(notes); i++)
	{
		const char *param = ac_json_get_string(ac_json_at(notes, i), "param");
		const char *finding = ac_json_get_string(ac_json_at(notes, i), "finding");

		if (param != NULL && finding != NULL &&
			strcmp(param, question->param) == 0 &&
			strncmp(finding, "ignored", 7) == 0)
			return true;
	}
	return false;
}

/* Finds the questions of a table that was sampled. */
static void
list_questions(AcProof *proof, AcTrial *trial)
{
	AcQuestionSample sample;
	MemoryContext old;

	trial->attempt = 0;
	trial->n_questions = 0;
	if (trial->cxt == NULL || trial->sample == NULL || trial->twin != NULL ||
		trial->plan->skip_reason != NULL || trial->plan->nested_path != NULL ||
		trial->plan->params_union != NULL ||
		strcmp(trial->plan->method, "GET") != 0)
		return;
	old = MemoryContextSwitchTo(proof->cxt);
	trial->questions = palloc0(sizeof(AcQuestion) * AC_QUESTIONS_MAX);
	sample = sample_of(trial);
	trial->n_questions = ac_questions_of(&sample, trial->questions);
	MemoryContextSwitchTo(old);
}

/* ---- requests ---- */

/* The query with the parameters of another put into it. */
static char *
add_parameters(char *query, const char *more)
{
	while (*more != '\0')
	{
		size_t len = strcspn(more, "&");
		size_t name = strcspn(more, "=&");
		size_t value = Min(name + 1, len);

		query = ac_url_set_query(query, ac_url_decode(more, name, true, NULL),
								 ac_url_decode(more + value, len - value, true, NULL));
		more += len + (more[len] == '&');
	}
	return query;
}

/* The option param_list by its value. */
static AcListForm
form_of(const char *list)
{
	if (strcmp(list, "comma") == 0)
		return AC_LIST_COMMA;
	if (strcmp(list, "pipe") == 0)
		return AC_LIST_PIPE;
	return strcmp(list, "space") == 0 ? AC_LIST_SPACE : AC_LIST_REPEAT;
}

/* The URL of the first page with the question's parameters, or NULL. */
static char *
url_with(AcProof *proof, AcTrial *trial, const AcQuestion *question)
{
	AcUrl url;

	if (!ac_proof_first_url(proof, trial, &url))
		return NULL;
	if (question->list != NULL)
		url.query = ac_rest_set_list(url.query, question->param,
									 form_of(question->list), question->values,
									 question->n_values);
	else
		url.query = add_parameters(url.query, question->query);
	return ac_url_text(&url);
}

static bool
begin_question(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;

	while (trial->attempt < trial->n_questions && ac_proof_may_ask(proof) &&
		   ac_proof_has_room(proof))
	{
		const AcQuestion *question = &trial->questions[trial->attempt];
		char *url = NULL;

		if (ac_question_is_open(trial->plan, question) &&
			!is_known_idle(trial, question))
			url = url_with(proof, trial, question);

		if (url != NULL)
		{
			ac_proof_ask(proof, errand, trial->cxt, url, AC_FETCH_PAGE);
			return true;
		}
		trial->attempt++;
	}
	return false;
}

/* ---- answers ---- */

/* Notes in the evidence what the API was found to do. */
static void
note_finding(AcTrial *trial, const AcQuestion *question, const char *finding)
{
	const char *kind = ac_question_evidence(question->kind);
	AcJson *notes = ac_json_get(trial->plan->evidence, kind);
	AcJson *one = ac_json_new_object();

	if (notes == NULL)
	{
		notes = ac_json_new_array();
		ac_json_set(trial->plan->evidence, kind, notes);
	}
	ac_json_set_string(one, "column", trial->plan->columns[question->column].name);
	/* values of rows are nobody's business, names of parameters are */
	if (question->param != NULL)
		ac_json_set_string(one, "param", question->param);
	else
		ac_json_set_string(one, "query", question->query);
	ac_json_set_string(one, "finding", finding);
	ac_json_append(notes, one);
}

static bool
judge(AcTrial *trial, AcJson *body, const char **finding)
{
	AcQuestionSample sample = sample_of(trial);
	AcSampledRows rows = {0};
	AcQuestionAnswer answer = {.rows = &rows};
	AcPageFacts facts;
	bool proved;

	ac_proof_page_facts(trial, body, &facts);
	ac_samples_add_page(&rows, trial->plan, body);
	answer.total = Max(facts.total, 0);
	answer.complete = ac_proof_is_all(trial, &facts);
	proved = ac_question_judge(&sample, &trial->questions[trial->attempt],
							   &answer, finding);
	if (rows.made != NULL)
		ac_json_free(rows.made);
	return proved;
}

/* Does the status say that the API does not want the question? */
static bool
is_refusal(int status)
{
	return status >= 400 && status < 500 && status != 401 && status != 403 &&
		   status != 408 && status != 425 && status != 429;
}

static bool
took_question(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;
	const AcQuestion *question = &trial->questions[trial->attempt];
	int status = errand->fetch->status;
	const char *finding;
	bool proved = false;
	AcJson *body = ac_proof_answer(proof, trial, "question_answer");
	MemoryContext scratch = AllocSetContextCreate(proof->cxt,
												  "autoconn question",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);

	if (body != NULL)
		proved = judge(trial, body, &finding);
	else
		finding = psprintf(is_refusal(status)
							   ? "refused: the API answered with status %d"
							   : "not tried to the end: status %d",
						   status);
	note_finding(trial, question, finding);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	if (proved)
		ac_question_settle(trial->plan, question);
	else if (body != NULL || is_refusal(status))
		ac_question_drop(trial->plan, question);
	trial->attempt++;
	return false;
}

static const AcProofPass question_pass = {begin_question, took_question};

void
ac_proof_ask_questions(AcProof *proof)
{
	for (int i = 0; i < proof->n_trials; i++)
	{
		CHECK_FOR_INTERRUPTS();
		list_questions(proof, &proof->trials[i]);
	}
	for (int i = 0; i < AC_QUESTIONS_MAX && ac_proof_may_ask(proof); i++)
		ac_proof_run(proof, &question_pass, proof->trials, proof->n_trials,
					 sizeof(AcTrial));
}
