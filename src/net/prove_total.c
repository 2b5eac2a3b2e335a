/*
 * prove_total.c
 *		Is the total the number of rows, and does the API show all of them?
 *
 * A sample that has the whole collection tells by itself.  Of a larger one,
 * whose pages are counted, the last page is asked for: if its rows are as many
 * as the total leaves for it, and fewer than a page, the total neither stops
 * before the rows end nor goes beyond them.  An API that refuses that page
 * shows the beginning of its collections only, and often says how much of it.
 *
 * Rows that are hidden from the caller in the middle of a collection, and
 * counted, are not noticed where the first two pages and the last are whole.
 */
#include "ac.h"

#include "api/paging.h"
#include "net/prove_int.h"

/* Totals beyond that are no place to ask for rows at. */
#define MAX_TOTAL INT64CONST(1000000000)

/* The page size by which the last page is no full one; 0: there is none. */
static int64
odd_size(const AcTrial *trial)
{
	int64 total = trial->plan->total_rows;
	int64 size = trial->page_rows;

	if (total % size != 0)
		return size;
	if (!trial->sized || trial->plan->paging.size_param == NULL)
		return 0;
	for (size--; size > 1; size--)
		if (total % size != 0)
			return size;
	return 0;
}

/* The request for the last page; what it should have is noted in the trial. */
static bool
name_last(AcTrial *trial, AcPageRequest *request)
{
	const AcPaging *paging = &trial->plan->paging;
	int64 total = trial->plan->total_rows;
	int64 size = trial->page_rows;
	int64 at = total - 1;

	memset(request, 0, sizeof(*request));
	trial->last_rows = 1;
	if (paging->style == AC_PAGER_PAGE)
	{
		size = odd_size(trial);
		if (size == 0)
			return false;
		trial->last_rows = total % size;
		at = total / size + paging->first_page;
	}
	else if (paging->style == AC_PAGER_OFFSET && paging->page_param != NULL)
		size = Max(size, 2);
	else
		return false;
	request->params[0].name = paging->page_param;
	request->params[0].value = psprintf(INT64_FORMAT, at);
	request->params[0].kind = AC_PAGE_NUMBER;
	request->n_params = 1;
	if (trial->sized && paging->size_param != NULL)
	{
		request->params[1].name = paging->size_param;
		request->params[1].value = psprintf(INT64_FORMAT, size);
		request->params[1].kind = AC_PAGE_NUMBER;
		request->n_params = 2;
	}
	return true;
}

/*
 * Were all pages so far as large as pages are?  Where rows are counted and not
 * shown, they are not.
 */
static bool
are_full(const AcTrial *trial)
{
	int64 size = trial->page_rows;

	if (trial->seen_rows != size * trial->n_bodies)
		return false;
	return size % 10 == 0 || !trial->sized ||
		   size == trial->plan->paging.page_size;
}

static void
prove(AcTrial *trial, const char *finding)
{
	trial->plan->paging.total_proved = true;
	ac_proof_note(trial, "total", finding);
}

/*
 * Has the sample all rows, as many as were announced?  One page may be the
 * first of many whose rows "count" counts, unless the API says otherwise.
 */
static bool
is_whole(const AcTrial *trial)
{
	AcPageFacts facts;

	if (!trial->ended || trial->seen_rows != trial->plan->total_rows)
		return false;
	if (trial->n_bodies > 1)
		return trial->proved;
	ac_proof_page_facts(unconstify(AcTrial *, trial), trial->bodies[0], &facts);
	return facts.more == 0 || facts.pages == 1 || facts.link_seen ||
		   ((trial->plan->paging.style == AC_PAGER_NEXT_URL ||
			 trial->plan->paging.style == AC_PAGER_CURSOR) &&
			facts.next == NULL && facts.rows > 0);
}

static bool
begin_total(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;
	const AcTablePlan *plan = trial->plan;
	AcPageRequest request;
	char *url;

	if (trial->twin != NULL || trial->n_bodies == 0 || trial->cxt == NULL ||
		trial->n_bindings > 0 || plan->total_rows <= 0 ||
		plan->skip_reason != NULL || ac_tableplan_is_open(plan) ||
		trial->total_moved)
		return false;
	if (is_whole(trial))
	{
		prove(trial, "proved: the sample has all rows, and they are as many as announced");
		return false;
	}
	if (!trial->proved || trial->page_rows < 2 || !are_full(trial) ||
		(plan->paging.depth_limit > 0 &&
		 plan->total_rows > plan->paging.depth_limit) ||
		plan->total_rows <= trial->seen_rows || plan->total_rows > MAX_TOTAL ||
		(plan->paging.style == AC_PAGER_PAGE && !plan->paging.first_known) ||
		!ac_proof_may_ask(proof) || !name_last(trial, &request))
		return false;
	url = ac_proof_page_url(proof, trial, &request);
	if (url == NULL)
		return false;
	ac_proof_ask_page(proof, trial, url, &request, AC_FETCH_PAGE);
	return true;
}

/* The API refuses the last page: how deep does it let one look? */
static void
take_refusal(AcTrial *trial)
{
	const AcFetch *fetch = trial->errand.fetch;
	AcPaging *paging = &trial->plan->paging;
	int depth = 0;

	if (fetch->status != 400 && fetch->status != 403 && fetch->status != 413 &&
		fetch->status != 416 && fetch->status != 422)
		return;
	if (fetch->body != NULL && fetch->body->data != NULL)
		depth = ac_paging_depth_in(pnstrdup(fetch->body->data,
											Min(fetch->body->len, 4096)));
	if (depth == 0)
		depth = ac_paging_depth_in(fetch->error.detail);
	if (depth == 0 || depth >= trial->plan->total_rows)
	{
		ac_proof_note(trial, "total", psprintf("the API refuses the last page with status %d", fetch->status));
		return;
	}
	paging->depth_limit = depth;
	ac_tableplan_find_window(trial->plan);
	ac_proof_note(trial, "total", psprintf("the API shows %d rows of one query", depth));
}

static bool
took_total(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;
	const AcFetch *fetch = trial->errand.fetch;
	AcPageFacts facts;
	AcJson *body;

	if (fetch->state != AC_FETCH_ANSWERED)
	{
		take_refusal(trial);
		return false;
	}
	body = ac_proof_answer(proof, trial, "total");
	if (body == NULL)
		return false;
	ac_proof_page_facts(trial, body, &facts);
	if (facts.total >= 0 && facts.total != trial->plan->total_rows)
		ac_proof_note(trial, "total", "the last page announces another one");
	else if (facts.rows == trial->last_rows &&
			 !ac_proof_has_first_rows(trial, body))
		prove(trial, "proved: the last page has as many rows as are left for it");
	else
		ac_proof_note(trial, "total", psprintf("not proved: the last page has " INT64_FORMAT " rows instead of " INT64_FORMAT, facts.rows, trial->last_rows));
	return false;
}

const AcProofPass ac_proof_total = {begin_total, took_total};
