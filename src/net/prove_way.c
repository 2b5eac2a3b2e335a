/*
 * prove_way.c
 *		Which way leads to the second page, where the likely one does not?
 *
 * A page that tells of more rows than it has (a total, a token, has_more)
 * proves that there is a way.  Where the one that was planned shows the first
 * page again, nothing, or cannot be asked, others are tried: first those that
 * something speaks for, then what most tables of the API do, then guesses.
 * One that is not proved is never taken.
 */
#include "ac.h"

#include "api/paging.h"
#include "net/prove_int.h"
#include "utils/memutils.h"

void
ac_proof_keep_headers(AcTrial *trial)
{
	const AcFetch *fetch = trial->errand.fetch;
	MemoryContext old = MemoryContextSwitchTo(trial->cxt);
	const AcHeaderField *field;
	int pos = 0;

	trial->headers = ac_headers_create();
	trial->status = fetch->status;
	while (fetch->headers != NULL &&
		   (field = ac_header_next(fetch->headers, NULL, &pos)) != NULL)
	{
		char *line = psprintf("%s: %s", field->name, field->value);

		(void) ac_headers_add_line(trial->headers, line, strlen(line));
		pfree(line);
	}
	MemoryContextSwitchTo(old);
}

const AcHeaders *
ac_proof_headers_of(const AcTrial *trial, const AcJson *body)
{
	if (trial->headers != NULL && trial->n_bodies > 0 &&
		body == trial->bodies[0])
		return trial->headers;
	return trial->errand.fetch->headers;
}

/* Are there as many rows as were asked for? */
static bool
is_full(const AcProof *proof, const AcTrial *trial)
{
	return trial->sized &&
		   trial->page_rows == (proof->input->thorough ? AC_PROVE_ROWS_THOROUGH
													   : AC_PROVE_ROWS);
}

/* Zeros and -1 say that there is no more, where a token would stand. */
static bool
is_token(const char *next)
{
	return next != NULL && next[0] != '\0' && strcmp(next, "0") != 0 &&
		   strcmp(next, "-1") != 0;
}

bool
ac_proof_knows_more(const AcTrial *trial, const AcPageFacts *facts)
{
	return facts->total > facts->rows || facts->more == 1 ||
		   facts->pages > 1 || facts->n_members > 0 ||
		   facts->link_next != NULL || trial->status == 206 ||
		   (is_token(facts->next) &&
			trial->plan->paging.style != AC_PAGER_PAGE);
}

static bool
same_text(const char *a, const char *b)
{
	return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

static bool
was_tried(const AcTrial *trial, const AcPaging *way)
{
	for (int i = 0; i < trial->n_tried; i++)
		if (trial->tried[i].style == way->style &&
			same_text(trial->tried[i].page_param, way->page_param) &&
			same_text(trial->tried[i].cursor_param, way->cursor_param) &&
			same_text(trial->tried[i].cursor_path, way->cursor_path))
			return true;
	return false;
}

/* Makes the way the plan's and asks for what it says is next. */
static bool
ask_by(AcProof *proof, AcTrial *trial, const AcPaging *way)
{
	AcPaging *paging = &trial->plan->paging;

	trial->tried[trial->n_tried++] = *way;
	*paging = *way;
	if (paging->total_path == NULL)
		paging->total_path = trial->first_way.total_path;
	if (paging->size_param == NULL)
	{
		paging->size_param = trial->first_way.size_param;
		paging->page_size = trial->first_way.page_size;
	}
	trial->asked_one = trial->ended = trial->repeats = false;
	ac_proof_tell_pager(proof, trial);
	return ac_proof_ask_further(proof, trial);
}

/* Has the first page, in a header or its body, what leads on? */
static bool
page_leads_on(const AcTrial *trial, const AcPagingCandidate *candidates, int n)
{
	for (int i = 0; i < n; i++)
	{
		const char *path = candidates[i].paging.cursor_path;
		AcJson *found;

		if (path == NULL || path[0] == '\0')
			continue;
		if (ac_page_place(path) == AC_PLACE_HEADER)
			return true;
		if (candidates[i].paging.style == AC_PAGER_CURSOR &&
			ac_json_pointer(trial->bodies[0], path, &found) &&
			is_token(ac_json_text_of(found)))
			return true;
	}
	return false;
}

/*
 * Is it a guess that the description speaks for?  A parameter that may lead on
 * ("start", "since_id") is tried though no page tells of more rows: the page
 * may be the first of many all the same.
 */
static bool
names_declared(const AcTrial *trial, const AcPagingCandidate *candidate)
{
	const AcPaging *way = &candidate->paging;
	const char *name = way->cursor_param != NULL ? way->cursor_param
												 : way->page_param;

	return candidate->guess && name != NULL &&
		   trial->plan->endpoint != NULL &&
		   ac_endpoint_param(trial->plan->endpoint, AC_PARAM_QUERY, name) != NULL;
}

static bool
has_declared(const AcTrial *trial, const AcPagingCandidate *candidates, int n)
{
	if (trial->page_rows < 2 || trial->plan->paging.style != AC_PAGER_AUTO)
		return false;
	for (int i = 0; i < n; i++)
		if (names_declared(trial, &candidates[i]))
			return true;
	return false;
}

bool
ac_proof_try_way(AcProof *proof, AcTrial *trial)
{
	AcPagingCandidate candidates[AC_PAGING_CANDIDATES];
	AcTablePlan *plan = trial->plan;
	AcPagingPrior prior;
	AcSample sample;
	int n;

	if (trial->n_bodies != 1 || !ac_proof_may_ask(proof))
		return false;
	prior = ac_paging_prior(proof->input->plans->tables,
							proof->input->plans->n_tables);
	sample = ac_proof_sample_of(proof, trial);
	n = ac_tableplan_candidates(plan, &sample, &prior, candidates);
	if (trial->n_tried == 0)
	{
		bool told = trial->knows_more || is_full(proof, trial) ||
					page_leads_on(trial, candidates, n);

		if (!told && !has_declared(trial, candidates, n))
			return false;
		trial->only_declared = !told;
		trial->first_way = trial->tried[trial->n_tried++] = plan->paging;
		trial->described_way = trial->described.paging;
		trial->first_note = ac_json_get_string(plan->evidence, "pages");
		if (trial->first_note != NULL)
			trial->first_note = pstrdup(trial->first_note);
		trial->first_repeats = trial->repeats;
		trial->first_ended = trial->ended;
	}
	for (int i = 0; i < n && trial->n_tried < AC_PROVE_WAYS; i++)
		if (!was_tried(trial, &candidates[i].paging) &&
			(!trial->only_declared || names_declared(trial, &candidates[i])) &&
			ask_by(proof, trial, &candidates[i].paging))
			return true;
	plan->paging = trial->first_way;
	trial->described.paging = trial->described_way;
	trial->ended = trial->first_ended;
	trial->repeats = trial->first_repeats;
	if (trial->first_note != NULL)
		ac_proof_note(trial, "pages", trial->first_note);
	trial->pager = NULL;
	return false;
}

void
ac_proof_settle_way(AcTrial *trial)
{
	if (!trial->proved || trial->n_tried < 2)
		return;
	trial->has_way = true;
	trial->way = trial->described.paging = trial->plan->paging;
}

/* A number of two digits behind the point, for the evidence. */
static AcJson *
hundredths(int n)
{
	return ac_json_new_number(psprintf("0.%02d", n));
}

void
ac_proof_note_way(AcTrial *trial, const AcTrial *asked)
{
	AcTablePlan *plan = trial->plan;
	AcJson *said = ac_json_get(plan->evidence, "paging");
	const char *style = ac_pager_style_name(plan->paging.style);
	int64 score = ac_json_int(ac_json_get(said, "score"), 0);

	if (plan->evidence == NULL || plan->paging.style <= AC_PAGER_NONE)
		return;
	if (said == NULL)
	{
		said = ac_json_new_object();
		ac_json_set(plan->evidence, "paging", said);
	}
	if (asked->has_way)
	{
		ac_json_set_string(said, "refuted",
						   ac_pager_style_name(asked->first_way.style));
		ac_json_set_string(said, "because",
						   "it was tried, and shows other rows");
	}
	ac_json_set_string(said, "style", style);
	ac_json_set(said, "confidence",
				hundredths(asked->proved	? 99
						   : asked->repeats ? 10
											: (int) Min(score * 10, 90)));
}
