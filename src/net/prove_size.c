/*
 * prove_size.c
 *		How large may a page be, where nobody says?
 *
 * Most descriptions name the parameter that takes the page size, and neither
 * its default nor its maximum.  Left to itself an API sends 20 or 30 rows a
 * page where it would send hundreds.  So the first page is asked for once with
 * a large size: as many rows as come are what scans ask for.
 */
#include "ac.h"

#include "net/prove_int.h"

/* As many as scans ask for at most (api/paging_size.c). */
#define SIZE_TO_ASK 1000

/* Bytes that the page may take, by the rows so far: a sample is no scan. */
#define SIZE_BYTES (512 * 1024)

/* What is asked for; 0: it would not be much more than there was. */
static int64
size_to_ask(const AcTrial *trial)
{
	int64 row_bytes = (int64) trial->bytes / Max(trial->seen_rows, 1) + 1;
	int64 size = Min(SIZE_TO_ASK, SIZE_BYTES / row_bytes);

	return size >= 2 * trial->page_rows ? size : 0;
}

/* Is it not known, and could it be? */
static bool
is_open(const AcTrial *trial)
{
	const AcTablePlan *plan = trial->plan;

	return trial->twin == NULL && trial->n_bodies > 0 && trial->cxt != NULL &&
		   trial->sized && trial->proved && plan->body == NULL &&
		   plan->paging.size_param != NULL && plan->paging.page_size <= 0 &&
		   plan->skip_reason == NULL && !ac_tableplan_is_open(plan);
}

static void
settle(AcTrial *trial, int64 size, const char *finding)
{
	trial->plan->paging.page_size = (int) Min(size, SIZE_TO_ASK);
	ac_proof_note(trial, "page_size", finding);
}

/*
 * Fewer rows than were asked for, page by page, are all that the API gives.
 * As many as that, with more to come, leave it open.
 */
static bool
begin_size(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;
	const AcPaging *paging = &trial->plan->paging;
	int asked = proof->input->thorough ? AC_PROVE_ROWS_THOROUGH : AC_PROVE_ROWS;
	AcPageRequest request = {0};
	char *url;

	if (!is_open(trial))
		return false;
	if (trial->page_rows < asked && trial->n_bodies > 1 &&
		trial->seen_rows == trial->page_rows * trial->n_bodies)
		settle(trial, trial->page_rows,
			   psprintf("proved: %d rows asked for, " INT64_FORMAT " came", asked, trial->page_rows));
	if (trial->page_rows != asked || size_to_ask(trial) == 0 ||
		!ac_proof_may_ask(proof) || !ac_proof_has_room(proof))
		return false;
	request.params[0].name = paging->size_param;
	request.params[0].value = psprintf(INT64_FORMAT, size_to_ask(trial));
	request.params[0].kind = AC_PAGE_NUMBER;
	request.n_params = 1;
	url = ac_proof_page_url(proof, trial, &request);
	if (url == NULL)
		return false;
	ac_proof_ask_page(proof, trial, url, &request,
					  trial->n_bindings > 0 ? AC_FETCH_CHILD
											: AC_FETCH_COLLECTION);
	return true;
}

/*
 * One that shows as many as it is asked for, or all that there are, shows so
 * many of others as well.  One that refuses, or falls back to fewer, has shown
 * what it takes.
 */
static bool
took_size(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;
	const AcFetch *fetch = trial->errand.fetch;
	int64 asked = size_to_ask(trial);
	int64 size = trial->page_rows;
	AcPageFacts facts;
	AcJson *body;

	if (fetch->state == AC_FETCH_ANSWERED)
	{
		body = ac_proof_answer(proof, trial, "page_size");
		if (body == NULL)
			return false;
		ac_proof_page_facts(trial, body, &facts);
		size = ac_proof_knows_more(trial, &facts) ? Max(size, facts.rows)
			   : facts.rows > size				  ? asked
												  : size;
		settle(trial, size,
			   psprintf("proved: " INT64_FORMAT " rows asked for, " INT64_FORMAT " came", asked, facts.rows));
	}
	else if (fetch->status == 400 || fetch->status == 422)
		settle(trial, size,
			   psprintf("proved: " INT64_FORMAT " rows came, " INT64_FORMAT " are refused", size, asked));
	return false;
}

const AcProofPass ac_proof_size = {begin_size, took_size};
