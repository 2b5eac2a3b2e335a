/*
 * prove_page.c
 *		What do the pages of a table show?
 *
 * The first page corrects the plan at once, so that the second can be asked
 * for; when all pages are in, the plan as it was described is corrected anew
 * by all of them together.
 */
#include "ac.h"

#include "api/action.h"
#include "api/envelope.h"
#include "api/errorbody.h"
#include "api/paging.h"
#include "net/pageparams.h"
#include "net/prove_int.h"
#include "pg/resource.h"
#include "policy/outcome.h"
#include "utils/memutils.h"

/* Pages that a pager may walk; the proof stops long before. */
#define PAGER_PAGES 1000

/* ---- requests ---- */

static int
rows_to_ask(const AcProof *proof)
{
	return proof->input->thorough ? AC_PROVE_ROWS_THOROUGH : AC_PROVE_ROWS;
}

AcPager *
ac_proof_pager(const AcProof *proof, const AcTrial *trial)
{
	const AcTablePlan *plan = trial->plan;
	AcPagerConfig config = {
		.paging = plan->paging,
		.page_size = trial->sized ? rows_to_ask(proof) : -1,
		.max_pages = PAGER_PAGES,
	};

	/* a sample does not come so deep */
	config.paging.depth_limit = 0;
	if (config.page_size > 0 && plan->paging.page_size > 0)
		config.page_size = Min(config.page_size, plan->paging.page_size);
	return ac_pager_create(&config);
}

/* The URL, if asking for it does nothing; what the user gave as base may be. */
static char *
harmless_url(const AcProof *proof, const AcUrl *url)
{
	if (ac_action_smells_of(url) && !ac_action_smells_of(&proof->base))
		return NULL;
	return ac_url_text(url);
}

/* A link that the API sent, as long as it stays on its origin. */
static char *
linked_url(AcProof *proof, const AcTrial *trial, const char *link)
{
	AcUrl from;
	AcUrl url;

	if (trial->last_url == NULL || !ac_url_parse(trial->last_url, &from, NULL) ||
		!ac_url_resolve(&from, link, &url, NULL) ||
		!ac_url_same_origin(&url, &proof->base))
		return NULL;
	return harmless_url(proof, &url);
}

char *
ac_proof_page_url(AcProof *proof, AcTrial *trial, const AcPageRequest *request)
{
	const char *reason;
	char *path;
	char *text;
	AcUrl url;

	if (request->url != NULL)
		return linked_url(proof, trial, request->url);
	path = ac_proof_path(trial, trial->plan->path, NULL, &reason);
	if (path == NULL)
		return NULL;
	text = ac_proof_join(proof, path);
	if (text == NULL || !ac_url_parse(text, &url, NULL))
		return NULL;
	if (trial->plan->fixed_params != NULL)
		url.query = pstrdup(trial->plan->fixed_params);
	url.query = ac_pageparams_query(url.query, trial->plan->body, request);
	return harmless_url(proof, &url);
}

bool
ac_proof_first_url(AcProof *proof, AcTrial *trial, AcUrl *url)
{
	AcPageRequest request;
	char *text = NULL;

	trial->pager = ac_proof_pager(proof, trial);
	if (ac_pager_next(trial->pager, &request) == AC_PAGER_REQUEST)
		text = ac_proof_page_url(proof, trial, &request);
	return text != NULL && ac_url_parse(text, url, NULL);
}

void
ac_proof_ask_page(AcProof *proof, AcTrial *trial, const char *url,
				  const AcPageRequest *request, AcFetchKind kind)
{
	if (!ac_pageparams_body(trial->plan->body, request, &trial->errand.json,
							NULL))
		trial->errand.json = trial->plan->body;
	if (!ac_pageparams_headers(request, trial->errand.headers,
							   AC_FETCH_HEADERS, NULL))
		memset(trial->errand.headers, 0, sizeof(trial->errand.headers));
	if (trial->cxt == NULL)
		trial->cxt = AllocSetContextCreate(proof->cxt,
										   "autoconn trial of a table",
										   ALLOCSET_DEFAULT_SIZES);
	ac_proof_ask(proof, &trial->errand, trial->cxt, url, kind);
}

static void
keep_body(AcTrial *trial, AcJson *body)
{
	trial->bodies[trial->n_bodies++] = body;
	trial->bytes += trial->errand.fetch->body->len;
	trial->last_url = pstrdup(trial->errand.fetch->url);
}

/* ---- the first page ---- */

static bool
needs_value(const AcTrial *trial)
{
	const AcTablePlan *plan = trial->plan;

	if (strchr(plan->path, '{') != NULL && trial->n_bindings == 0)
		return true;
	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].required)
			return true;
	return false;
}

bool
ac_proof_begin_first(AcProof *proof, AcTrial *trial)
{
	AcPageRequest request;
	char *url = NULL;

	if (!ac_proof_may_ask(proof))
	{
		trial->unread = ac_proof_is_spent(proof);
		ac_proof_note(trial, "sample",
					  trial->unread ? AC_PROOF_SPENT : "not tried: budget used up");
		return false;
	}
	trial->sized = trial->plan->paging.size_param != NULL;
	trial->pager = ac_proof_pager(proof, trial);
	if (ac_pager_next(trial->pager, &request) == AC_PAGER_REQUEST)
	{
		ac_proof_leave_number_out(&trial->plan->paging, &request);
		url = ac_proof_page_url(proof, trial, &request);
	}
	if (url == NULL)
	{
		ac_proof_note(trial, "sample", "not tried: the path makes no URL below the base URL");
		return false;
	}
	ac_proof_ask_page(proof, trial, url, &request,
					  trial->n_bindings > 0 ? AC_FETCH_CHILD : AC_FETCH_COLLECTION);
	return true;
}

static bool
begin_first(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;

	if (trial->twin != NULL)
		return false;
	if (ac_action_smells(trial->plan->path, trial->plan->fixed_params))
	{
		trial->refusal = "not tried: the path smells of an action";
		return false;
	}
	if (strcmp(trial->plan->method, "GET") != 0 && !proof->input->may_post)
	{
		ac_proof_note(trial, "sample", "not tried: only the owner of the server may send a POST");
		return false;
	}
	if (strchr(trial->plan->path, '{') != NULL)
		(void) ac_proof_bind_given(trial);
	if (needs_value(trial))
	{
		ac_proof_note(trial, "sample",
					  strchr(trial->plan->path, '{') != NULL
						  ? "not tried: no table shows values for the variables of the path; the import option paths can give some, as {name=value}"
						  : "not tried: the API wants a value first");
		return false;
	}
	return ac_proof_begin_first(proof, trial);
}

/* Has the body rows, whatever went wrong beside them? */
static bool
has_rows(const AcJson *body)
{
	AcJsonIter it;

	ac_json_iter_init(&it, body);
	while (ac_json_iter_next(&it))
		if (ac_envelope_is_row_key(it.key) && ac_json_length(it.value) > 0)
			return true;
	return false;
}

/* Why a body shows no rows to a path that nothing describes; NULL: it may. */
static const char *
refusal_of(const AcTablePlan *plan, const AcJson *body)
{
	if (ac_json_kind(body) == AC_JSON_OBJECT &&
		ac_errorbody_tells(body) && !has_rows(body) &&
		!ac_envelope_is_asked_error(ac_path_parse(plan->path), body))
		return "the answer is an error";
	if (ac_json_kind(body) != AC_JSON_OBJECT && ac_json_kind(body) != AC_JSON_ARRAY)
		return "the answer is a single value";
	return NULL;
}

AcSample
ac_proof_sample_of(const AcProof *proof, AcTrial *trial)
{
	AcSample sample = {.asked_size = -1};

	sample.body = trial->bodies[0];
	sample.options = *proof->input->options;
	if (trial->sized)
		sample.asked_size = rows_to_ask(proof);
	sample.link_next = trial->link_next;
	sample.headers = trial->headers;
	sample.status = trial->status;
	sample.lines = trial->lines;
	return sample;
}

/* A copy that further corrections of the plan do not reach. */
static void
keep_described(AcTrial *trial)
{
	const AcTablePlan *plan = trial->plan;

	trial->described = *plan;
	trial->described.columns = palloc(sizeof(AcColumnPlan) * (plan->n_columns + 1));
	if (plan->n_columns > 0)
		memcpy(trial->described.columns, plan->columns,
			   sizeof(AcColumnPlan) * plan->n_columns);
}

/* Tells the pager of the first page, now that the plan knows where to look. */
void
ac_proof_tell_pager(AcProof *proof, AcTrial *trial)
{
	AcPageRequest again;
	AcPageFacts facts;
	AcError err;

	ac_proof_page_facts(trial, trial->bodies[0], &facts);
	trial->knows_more = ac_proof_knows_more(trial, &facts);
	trial->page_rows = trial->seen_rows = facts.rows;
	trial->first_hash = facts.rows_hash;
	trial->plan->total_rows = Max(facts.total, 0);
	trial->pager = ac_proof_pager(proof, trial);
	(void) ac_pager_next(trial->pager, &again);
	if (!ac_pager_page(trial->pager, 0, &facts, &err))
	{
		ac_proof_note(trial, "pages", err.message);
		trial->pager = NULL;
	}
}

/* The API says for good that there is no such list. */
static bool
is_gone(const AcFetch *fetch)
{
	return fetch->state == AC_FETCH_FAILED &&
		   (fetch->status == 404 || fetch->status == 405 || fetch->status == 410);
}

bool
ac_proof_take_first(AcProof *proof, AcTrial *trial)
{
	AcFetch *fetch = trial->errand.fetch;
	AcPageFacts facts;
	AcSample sample;
	AcJson *body;

	trial->first_failed = fetch->state == AC_FETCH_FAILED &&
						  !ac_proof_too_large(fetch);
	trial->answered = fetch->state == AC_FETCH_ANSWERED ||
					  fetch->state == AC_FETCH_PAST_END;
	trial->gone = is_gone(fetch);
	if (trial->first_failed && proof->report.failed++ == 0)
		proof->report.failure = fetch->error;
	body = ac_proof_answer(proof, trial, "sample");
	if (body == NULL)
		return false;
	if (ac_tableplan_is_open(trial->plan))
		trial->refusal = refusal_of(trial->plan, body);
	if (trial->refusal != NULL)
	{
		ac_proof_note(trial, "sample", trial->refusal);
		return false;
	}
	ac_proof_keep_headers(trial);
	ac_proof_page_facts(trial, body, &facts);
	trial->link_next = facts.link_next != NULL ? pstrdup(facts.link_next) : NULL;
	keep_body(trial, body);
	keep_described(trial);
	sample = ac_proof_sample_of(proof, trial);
	ac_tableplan_observe(trial->plan, &sample);
	if (!ac_tableplan_is_open(trial->plan))
		ac_proof_tell_pager(proof, trial);
	return true;
}

static bool
took_first(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;

	if (ac_proof_take_first(proof, trial) && trial->n_bindings > 0)
		ac_proof_note(trial, "sample", "asked with the values that the import option paths gives");
	return false;
}

const AcProofPass ac_proof_first = {begin_first, took_first};

/* ---- further pages ---- */

/* The request for the last page of all, where one can name it. */
static char *
last_page_url(AcProof *proof, AcTrial *trial, AcPageRequest *request)
{
	const AcPaging *paging = &trial->plan->paging;
	int64 total = trial->plan->total_rows;
	int64 pages;

	memset(request, 0, sizeof(*request));
	if (paging->style == AC_PAGER_LINK && trial->link_last != NULL)
		return linked_url(proof, trial, trial->link_last);
	if (total <= 0 || trial->page_rows <= 0 || paging->page_param == NULL ||
		(paging->style != AC_PAGER_PAGE && paging->style != AC_PAGER_OFFSET))
		return NULL;
	pages = (total + trial->page_rows - 1) / trial->page_rows;
	if (pages <= trial->n_bodies)
		return NULL;
	request->params[request->n_params].name = paging->page_param;
	request->params[request->n_params++].value =
		psprintf(INT64_FORMAT, paging->style == AC_PAGER_PAGE
								   ? pages - 1 + paging->first_page
								   : (pages - 1) * trial->page_rows);
	if (trial->sized && paging->size_param != NULL)
	{
		request->params[request->n_params].name = paging->size_param;
		request->params[request->n_params++].value =
			psprintf(INT64_FORMAT, trial->page_rows);
	}
	return ac_proof_page_url(proof, trial, request);
}

/* Has the sample enough pages for its purpose? */
static bool
has_enough(const AcProof *proof, const AcTrial *trial)
{
	if (trial->n_bodies < 2)
		return false;
	if (!proof->input->thorough)
		return true;
	return trial->n_bodies >= AC_PROVE_PAGES_THOROUGH ||
		   trial->page_rows * trial->n_bodies >= AC_PROVE_ENOUGH_ROWS ||
		   trial->bytes + trial->bytes / trial->n_bodies > AC_PROVE_MAX_BYTES;
}

/* Asks for the page after those that came, or for the last; false if none. */
bool
ac_proof_ask_further(AcProof *proof, AcTrial *trial)
{
	AcPageRequest request;
	char *url = NULL;

	if (trial->pager == NULL || trial->asked_last)
		return false;
	if (ac_proof_ask_one(proof, trial))
		return true;
	if (ac_pager_next(trial->pager, &request) != AC_PAGER_REQUEST)
	{
		trial->ended = true;
		if (trial->n_bodies == 1)
			ac_proof_note(trial, "pages", "not tried: the API has one page");
		return false;
	}
	if (!ac_proof_may_ask(proof))
	{
		if (trial->n_bodies == 1)
			ac_proof_note(trial, "pages", "not tried: budget used up, or the next page is on another origin");
		return false;
	}
	if (!has_enough(proof, trial))
		url = ac_proof_page_url(proof, trial, &request);
	else if (proof->input->thorough && trial->n_bodies < AC_PROVE_MAX_PAGES)
	{
		trial->asked_last = true;
		url = last_page_url(proof, trial, &request);
	}
	if (url == NULL)
	{
		if (trial->n_bodies == 1)
			ac_proof_note(trial, "pages", "not tried: budget used up, or the next page is on another origin");
		return false;
	}
	ac_proof_ask_page(proof, trial, url, &request, AC_FETCH_PAGE);
	return true;
}

static bool
begin_further(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;

	if (trial->n_bodies != 1 || trial->cxt == NULL ||
		trial->plan->skip_reason != NULL || ac_tableplan_is_open(trial->plan))
		return false;
	if (!ac_proof_has_room(proof))
	{
		ac_proof_note(trial, "pages", "not tried: the samples of other tables are large");
		return false;
	}
	if (ac_proof_ask_further(proof, trial))
		return true;
	return (trial->pager == NULL || trial->ended) &&
		   ac_proof_try_way(proof, trial);
}

/* Other rows, by their keys or as a whole, are another page. */
static void
judge_second(AcTrial *trial, const AcPageFacts *facts, AcJson *body)
{
	bool proved = facts->rows > 0 && facts->rows_hash != trial->first_hash &&
				  !ac_proof_has_first_rows(trial, body);

	trial->proved = proved;
	trial->repeats = facts->rows > 0 && !proved;
	ac_proof_note(trial, "pages",
				  proved			 ? "proved: the second page has other rows than the first"
				  : facts->rows == 0 ? "the second page is empty"
									 : "the second page repeats the first");
}

/* A page without rows, or none at all (facts NULL), may be the end. */
static void
note_end(AcTrial *trial, const AcPageFacts *facts)
{
	AcPageFacts past = {.more = -1, .total = -1, .past_end = true};
	AcPageRequest request;
	AcError err;

	/* no way is left: what came was that of another */
	if (trial->pager == NULL)
		return;
	if (facts == NULL && trial->errand.fetch->state != AC_FETCH_PAST_END)
		return;
	trial->ended = !trial->asked_last &&
				   ac_pager_page(trial->pager, trial->n_bodies,
								 facts != NULL ? facts : &past, &err) &&
				   ac_pager_next(trial->pager, &request) == AC_PAGER_DONE;
}

static bool
took_further(AcProof *proof, AcErrand *errand)
{
	AcTrial *trial = (AcTrial *) errand;
	bool second = trial->n_bodies == 1;
	AcPageFacts facts;
	AcError err;
	AcJson *body = ac_proof_answer(proof, trial, second ? "pages" : "further_pages");

	if (body == NULL)
	{
		if (ac_proof_is_one(trial) && trial->errand.fetch->state == AC_FETCH_PAST_END)
			ac_proof_settle_first(proof, trial, NULL);
		if (second && ac_proof_try_way(proof, trial))
			return true;
		note_end(trial, NULL);
		return false;
	}
	ac_proof_page_facts(trial, body, &facts);
	if (ac_proof_is_one(trial))
	{
		AcPageRequest request;

		ac_proof_settle_first(proof, trial, body);
		if (trial->plan->paging.first_page == 1)
			return ac_proof_ask_further(proof, trial);
		/* what came is what the pager would ask for now */
		if (trial->pager == NULL ||
			ac_pager_next(trial->pager, &request) != AC_PAGER_REQUEST)
		{
			trial->ended = trial->pager != NULL;
			return false;
		}
	}
	if (second)
		judge_second(trial, &facts, body);
	if (second && !trial->proved && ac_proof_try_way(proof, trial))
		return true;
	if (trial->pager == NULL)
		return false;
	if (facts.rows == 0 || trial->repeats ||
		facts.rows_hash == trial->first_hash)
	{
		if (facts.rows == 0)
			note_end(trial, &facts);
		return false;
	}
	if (second)
		ac_proof_settle_way(trial);
	trial->total_moved |= facts.total >= 0 &&
						  facts.total != trial->plan->total_rows;
	trial->seen_rows += facts.rows;
	keep_body(trial, body);
	if (trial->asked_last)
		return false;
	if (!ac_pager_page(trial->pager, trial->n_bodies - 1, &facts, &err))
		return false;
	return ac_proof_ask_further(proof, trial);
}

const AcProofPass ac_proof_further = {begin_further, took_further};

/* ---- the conclusion ---- */

/* Corrects the plan anew by all pages together. */
static void
observe_all(AcProof *proof, AcTrial *trial, AcTrial *asked)
{
	AcTablePlan *plan = trial->plan;
	AcTablePlan found = *plan;
	AcPaging first = asked->plan->paging;
	AcSample sample;

	if (trial == asked && asked->n_bodies < 2)
		return;
	if (trial == asked)
	{
		*plan = trial->described;
		plan->total_rows = found.total_rows;
	}
	sample = ac_proof_sample_of(proof, asked);
	sample.more = &asked->bodies[1];
	sample.n_more = asked->n_bodies - 1;
	ac_tableplan_observe(plan, &sample);
	if (asked->has_way)
		plan->paging = asked->way;
	/* what page 1 showed, no page shows again */
	if (first.first_known && !plan->paging.first_known)
	{
		plan->paging.first_page = first.first_page;
		plan->paging.first_known = true;
	}
}

/*
 * Pages that only the first one's numbers told of, by a parameter that nobody
 * declares, and that are refuted: one request brings all rows, unless the API
 * counts more.
 */
static void
drop_refuted_pages(AcTrial *trial, AcTrial *asked)
{
	AcTablePlan *plan = trial->plan;
	const char *param = plan->paging.page_param;

	if (!asked->repeats || param == NULL ||
		(plan->paging.style != AC_PAGER_PAGE &&
		 plan->paging.style != AC_PAGER_OFFSET) ||
		asked->plan->total_rows > asked->page_rows ||
		ac_endpoint_param(plan->endpoint, AC_PARAM_QUERY, param) != NULL)
		return;
	ac_proof_note(trial, "pages",
				  psprintf("the second page repeats the first: parameter \"%s\" does nothing, and one request brings all rows",
						   ac_outcome_clean(param, NAMEDATALEN)));
	plan->paging = ac_paging_none(AC_PAGER_NONE);
	asked->ended = true;
}

/* Where nothing could be asked, the description's example is better than nothing. */
static void
observe_example(const AcProof *proof, AcTrial *trial)
{
	const AcEndpoint *endpoint = trial->plan->endpoint;
	AcSample sample = {.asked_size = -1};

	if (trial->first_failed || trial->twin != NULL || endpoint == NULL ||
		endpoint->example == NULL || trial->plan->skip_reason != NULL ||
		ac_tableplan_is_open(trial->plan) || trial->plan->undescribed)
		return;
	sample.body = endpoint->example;
	sample.options = *proof->input->options;
	ac_tableplan_observe(trial->plan, &sample);
	ac_proof_note(trial, "example", "the description's example was looked at");
}

void
ac_proof_conclude(AcProof *proof, AcTrial *trial)
{
	AcTrial *asked = trial->twin != NULL ? trial->twin : trial;
	MemoryContext old;

	if (asked->n_bodies == 0)
	{
		observe_example(proof, trial);
		return;
	}
	observe_all(proof, trial, asked);
	drop_refuted_pages(trial, asked);
	ac_proof_note_way(trial, asked);
	if (trial->plan->skip_reason != NULL || ac_tableplan_is_open(trial->plan))
		return;
	for (int i = 0; i < asked->n_bodies; i++)
		ac_samples_add_page(&trial->rows, trial->plan, asked->bodies[i]);
	old = MemoryContextSwitchTo(asked->cxt);
	if (trial->rows.made != NULL)
		ac_resource_json(trial->rows.made);
	MemoryContextSwitchTo(old);
	if (!ac_proof_has_room(proof))
		return;
	old = MemoryContextSwitchTo(proof->samples);
	trial->sample = ac_samples_of(trial->plan, &trial->rows);
	MemoryContextSwitchTo(old);
	trial->sample->complete = asked->ended && !trial->rows.cut &&
							  trial->n_bindings == 0;
	ac_keys_judge(trial->plan, trial->sample, &trial->rows);
}
