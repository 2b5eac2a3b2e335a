/*
 * prove.c
 *		Does the API do what the plans of its tables assume?  See prove.h.
 *
 * Each table is a small state machine (AcTrial) with one fetch under way; a
 * loop keeps a few trials running side by side and moves on whichever has
 * its answer.  One function per transition, each asserting its source state.
 */
#include "ac.h"

#include "core/header.h"
#include "core/hash.h"
#include "core/pointer.h"
#include "core/url.h"
#include "net/fetch.h"
#include "net/prove.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "policy/pager.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/*
 * Rows asked for per sampled page: enough to see types, few enough that most
 * collections have a second page to prove their pagination with.
 */
#define SAMPLE_ROWS 50

/* A sampled body larger than this is not turned into a tree (INFERENCE S2). */
#define SAMPLE_MAX_BYTES (2 * 1024 * 1024)

typedef enum AcTrialState
{
	AC_TRIAL_WAITING, /* not begun */
	AC_TRIAL_FIRST,	  /* first page under way */
	AC_TRIAL_SECOND,  /* second page under way */
	AC_TRIAL_ITEM,	  /* one row's item under way */
	AC_TRIAL_FINISHED
} AcTrialState;

typedef struct AcTrial
{
	AcTablePlan *plan;
	AcTrialState state;
	MemoryContext cxt; /* fetches and bodies; ends with the trial */
	AcFetch *fetch;
	AcPager *pager;
	AcJson *first;	   /* body of the first page */
	uint64 first_hash; /* of its rows */
} AcTrial;

typedef struct AcProof
{
	AcConnection *conn;
	AcUrl base;
	const AcPlanOptions *options;
	TimestampTz deadline;
	AcProofReport report;
	bool quota_low; /* the API said that half of its quota is gone */
} AcProof;

/* ---- evidence ---- */

static void
note(AcTrial *trial, const char *what, const char *finding)
{
	if (trial->plan->evidence == NULL)
	{
		trial->plan->evidence = ac_json_new_object();
		ac_resource_json(trial->plan->evidence);
	}
	ac_json_set_string(trial->plan->evidence, what, finding);
}

/* ---- requests ---- */

static bool
may_ask(AcProof *proof)
{
	return proof->report.requests < AC_PROVE_MAX_REQUESTS && !proof->quota_low &&
		   GetCurrentTimestamp() < proof->deadline;
}

/* Text of the collection's URL with the pager's parameters, NULL if refused. */
static char *
page_url(AcProof *proof, AcTablePlan *plan, const AcPageRequest *request,
		 const char *previous)
{
	AcUrl url;
	char *text = ac_url_join(&proof->base, plan->path);

	if (request->url != NULL)
	{
		AcUrl from;

		if (previous == NULL || !ac_url_parse(previous, &from, NULL) ||
			!ac_url_resolve(&from, request->url, &url, NULL) ||
			!ac_url_same_origin(&url, &proof->base))
			return NULL;
		return ac_url_text(&url);
	}
	if (!ac_url_parse(text, &url, NULL))
		return NULL;
	if (plan->fixed_params != NULL)
		url.query = pstrdup(plan->fixed_params);
	for (int i = 0; i < request->n_params; i++)
		url.query = ac_url_set_query(url.query, request->params[i].name,
									 request->params[i].value);
	return ac_url_text(&url);
}

static void
ask(AcProof *proof, AcTrial *trial, const char *url, AcFetchKind kind)
{
	AcFetchRequest request = {
		.method = "GET",
		.url = url,
		.kind = kind,
		.with_credentials = true,
		.timeout_ms = AC_PROVE_MAX_MS,
	};

	proof->report.requests++;
	if (trial->cxt == NULL)
		trial->cxt = AllocSetContextCreate(CurrentMemoryContext,
										   "autoconn trial of a table",
										   ALLOCSET_DEFAULT_SIZES);
	trial->fetch = ac_fetch_start(proof->conn, &request, trial->cxt);
}

/* Notes a quota that the answer announces: half of it is the user's. */
static void
heed_quota(AcProof *proof, const AcFetch *fetch)
{
	AcRateInfoList list;
	int64 now_ms = GetCurrentTimestamp() / 1000 +
				   (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * INT64CONST(86400000);

	if (fetch->headers == NULL)
		return;
	ac_header_rate_info(fetch->headers, now_ms, &list);
	for (int i = 0; i < list.count; i++)
	{
		const AcRateInfo *info = &list.items[i];

		if ((info->known & AC_RATE_LIMIT) && (info->known & AC_RATE_REMAINING) &&
			info->remaining * 2 <= info->limit)
			proof->quota_low = true;
	}
}

/* The answer's document, NULL (with the reason noted) if it is none. */
static AcJson *
answer(AcProof *proof, AcTrial *trial, const char *what)
{
	AcFetch *fetch = trial->fetch;
	AcJson *doc = NULL;
	AcError err;

	heed_quota(proof, fetch);
	if (fetch->state == AC_FETCH_FAILED)
		note(trial, what, psprintf("not tried to the end: %s", fetch->error.message));
	else if (fetch->state != AC_FETCH_ANSWERED)
		note(trial, what, psprintf("the API answered with status %d", fetch->status));
	else if (fetch->body->len > SAMPLE_MAX_BYTES)
		note(trial, what, "the answer is too large for a sample");
	else if (!ac_json_parse(fetch->body->data, fetch->body->len,
							AC_JSON_MAX_DEPTH, &doc, &err))
		note(trial, what, err.message);
	else
	{
		MemoryContext old = MemoryContextSwitchTo(trial->cxt);

		ac_resource_json(doc);
		MemoryContextSwitchTo(old);
	}
	return doc;
}

/* ---- rows of a sampled page ---- */

static AcJson *
rows_of(const AcTablePlan *plan, AcJson *body)
{
	AcJson *rows;

	if (!ac_json_pointer(body, plan->rows_path != NULL ? plan->rows_path : "",
						 &rows))
		return NULL;
	return ac_json_kind(rows) == AC_JSON_ARRAY ? rows : NULL;
}

/* Text of the scalar at a pointer below node, NULL if there is none. */
static char *
text_at(AcJson *node, const char *pointer)
{
	AcJson *found;

	if (pointer == NULL || !ac_json_pointer(node, pointer, &found))
		return NULL;
	return ac_json_text_of(found);
}

static int64
number_at(AcJson *node, const char *pointer)
{
	AcJson *found;

	if (pointer == NULL || !ac_json_pointer(node, pointer, &found))
		return -1;
	return ac_json_int(found, -1);
}

static int
truth_at(AcJson *node, const char *pointer)
{
	AcJson *found;

	if (pointer == NULL || !ac_json_pointer(node, pointer, &found) ||
		ac_json_kind(found) != AC_JSON_BOOL)
		return -1;
	return ac_json_bool(found, false) ? 1 : 0;
}

static uint64
hash_rows(const AcJson *rows)
{
	char *text = ac_json_to_text(rows);

	return ac_hash_bytes(text, strlen(text), 0);
}

/* What the pager is to know of a sampled page. */
static void
page_facts(AcTrial *trial, AcJson *body, AcPageFacts *facts)
{
	AcTablePlan *plan = trial->plan;
	AcJson *rows = rows_of(plan, body);
	AcLinkList links;
	const AcLink *next;

	memset(facts, 0, sizeof(*facts));
	ac_header_links(trial->fetch->headers, &links);
	next = ac_header_link_rel(&links, "next");
	facts->rows = ac_json_length(rows);
	facts->rows_hash = facts->rows > 0 ? hash_rows(rows) : 0;
	facts->link_next = next != NULL ? next->target : NULL;
	facts->link_seen = next != NULL ||
					   ac_header_link_rel(&links, "last") != NULL ||
					   ac_header_link_rel(&links, "prev") != NULL;
	facts->next = text_at(body, plan->paging.cursor_path);
	facts->more = truth_at(body, plan->paging.more_path);
	facts->total = number_at(body, plan->paging.total_path);
}

/* ---- transitions ---- */

static void
finish(AcTrial *trial)
{
	Assert(trial->state != AC_TRIAL_FINISHED);
	if (trial->cxt != NULL)
		MemoryContextDelete(trial->cxt);
	trial->cxt = NULL;
	trial->fetch = NULL;
	trial->first = NULL;
	trial->state = AC_TRIAL_FINISHED;
}

/* Can the table be read without anybody giving a value? */
static bool
needs_no_value(const AcTablePlan *plan)
{
	if (strchr(plan->path, '{') != NULL)
		return false;
	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].required)
			return false;
	return true;
}

static AcPager *
sample_pager(const AcTablePlan *plan)
{
	AcPagerConfig config = {
		.paging = plan->paging,
		.page_size = plan->paging.size_param == NULL ? -1 : SAMPLE_ROWS,
		.max_pages = 2,
	};

	if (config.page_size > 0 && plan->paging.page_size > 0)
		config.page_size = Min(config.page_size, plan->paging.page_size);
	return ac_pager_create(&config);
}

static void
begin(AcProof *proof, AcTrial *trial)
{
	AcPageRequest request;
	char *url = NULL;

	Assert(trial->state == AC_TRIAL_WAITING);
	if (!needs_no_value(trial->plan))
	{
		note(trial, "sample", "not tried: the API wants a value first");
		finish(trial);
		return;
	}
	trial->pager = sample_pager(trial->plan);
	if (ac_pager_next(trial->pager, &request) == AC_PAGER_REQUEST)
		url = page_url(proof, trial->plan, &request, NULL);
	if (url == NULL)
	{
		note(trial, "sample", "not tried: the path makes no URL below the base URL");
		finish(trial);
		return;
	}
	ask(proof, trial, url, AC_FETCH_COLLECTION);
	trial->state = AC_TRIAL_FIRST;
}

/*
 * One row's item: its URL from the last sampled row, so that an endpoint that
 * ignores the key does not pass by showing the first.
 */
typedef struct AcItemLookup
{
	const AcTablePlan *plan;
	AcJson *row;
} AcItemLookup;

static bool
item_variable(void *arg, const char *name, const char **value, size_t *len)
{
	AcItemLookup *lookup = arg;

	for (int i = 0; i < lookup->plan->n_columns; i++)
	{
		const AcColumnPlan *column = &lookup->plan->columns[i];

		if (column->param == NULL || strcmp(column->param, name) != 0)
			continue;
		*value = text_at(lookup->row, column->json_path);
		*len = *value != NULL ? strlen(*value) : 0;
		return *value != NULL;
	}
	return false;
}

/* ITEM begins, or the trial ends where there is nothing to look up. */
static void
begin_item(AcProof *proof, AcTrial *trial)
{
	AcJson *rows = rows_of(trial->plan, trial->first);
	int n = ac_json_length(rows);
	AcItemLookup lookup = {trial->plan, ac_json_at(rows, n - 1)};
	StringInfoData path;
	AcError err;

	Assert(trial->state == AC_TRIAL_FIRST || trial->state == AC_TRIAL_SECOND);
	if (trial->plan->item_path == NULL)
	{
		finish(trial);
		return;
	}
	initStringInfo(&path);
	if (n == 0 || !may_ask(proof))
	{
		note(trial, "item", n == 0 ? "not tried: no row to look up" : "not tried: budget used up");
		finish(trial);
		return;
	}
	if (!ac_url_expand(trial->plan->item_path, item_variable, &lookup, &path, &err))
	{
		note(trial, "item", psprintf("not tried: %s", err.message));
		finish(trial);
		return;
	}
	ask(proof, trial, ac_url_join(&proof->base, path.data), AC_FETCH_ITEM);
	trial->state = AC_TRIAL_ITEM;
}

/* SECOND begins where the pager can name a second page. */
static bool
begin_second(AcProof *proof, AcTrial *trial)
{
	AcPageRequest request;
	char *url;

	Assert(trial->state == AC_TRIAL_FIRST);
	if (ac_pager_next(trial->pager, &request) != AC_PAGER_REQUEST)
	{
		note(trial, "pages", "not tried: the API has one page");
		return false;
	}
	url = may_ask(proof) ? page_url(proof, trial->plan, &request, trial->fetch->url) : NULL;
	if (url == NULL)
	{
		note(trial, "pages", "not tried: budget used up, or the next page is on another origin");
		return false;
	}
	ask(proof, trial, url, AC_FETCH_PAGE);
	trial->state = AC_TRIAL_SECOND;
	return true;
}

static void
after_first(AcProof *proof, AcTrial *trial)
{
	AcPageFacts facts;
	AcSample sample = {.asked_size = -1};
	AcError err;

	Assert(trial->state == AC_TRIAL_FIRST);
	if (trial->fetch->state == AC_FETCH_FAILED && proof->report.failed++ == 0)
		proof->report.failure = trial->fetch->error;
	trial->first = answer(proof, trial, "sample");
	if (trial->first == NULL)
	{
		finish(trial);
		return;
	}
	sample.body = trial->first;
	sample.options = *proof->options;
	if (trial->plan->paging.size_param != NULL)
		sample.asked_size = SAMPLE_ROWS;
	page_facts(trial, trial->first, &facts);
	sample.link_next = facts.link_next;
	ac_tableplan_observe(trial->plan, &sample);

	/* Observation may have found the rows, or the pager, elsewhere. */
	trial->pager = sample_pager(trial->plan);
	{
		AcPageRequest again;

		(void) ac_pager_next(trial->pager, &again);
	}
	page_facts(trial, trial->first, &facts);
	trial->first_hash = facts.rows_hash;
	trial->plan->total_rows = Max(facts.total, 0);
	if (!ac_pager_page(trial->pager, 0, &facts, &err))
		note(trial, "pages", err.message);
	else if (begin_second(proof, trial))
		return;
	begin_item(proof, trial);
}

static void
after_second(AcProof *proof, AcTrial *trial)
{
	AcJson *body;
	AcPageFacts facts;

	Assert(trial->state == AC_TRIAL_SECOND);
	body = answer(proof, trial, "pages");
	if (body != NULL)
	{
		page_facts(trial, body, &facts);
		trial->plan->pages_proved = facts.rows > 0 &&
									facts.rows_hash != trial->first_hash;
		note(trial, "pages", trial->plan->pages_proved ? "proved: the second page has other rows than the first" : facts.rows == 0 ? "the second page is empty"
																																   : "the second page repeats the first");
	}
	begin_item(proof, trial);
}

/*
 * Equal on all fields that both have: an item may be fuller than its row in
 * the list, but may not contradict it.
 */
static bool
agrees(const AcJson *row, const AcJson *item)
{
	AcJsonIter it;
	int shared = 0;

	if (ac_json_kind(row) != AC_JSON_OBJECT ||
		ac_json_kind(item) != AC_JSON_OBJECT)
		return false;
	ac_json_iter_init(&it, row);
	while (ac_json_iter_next(&it))
	{
		if (!ac_json_has(item, it.key))
			continue;
		if (!ac_json_equal(it.value, ac_json_get(item, it.key)))
			return false;
		shared++;
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
	if (!ac_json_iter_next(&it) || !agrees(row, it.value))
		return false;
	plan->item_rows_path = ac_pointer_child("", it.key);
	return !ac_json_iter_next(&it);
}

static void
after_item(AcProof *proof, AcTrial *trial)
{
	AcJson *body;
	AcJson *item = NULL;
	AcJson *rows = rows_of(trial->plan, trial->first);
	AcJson *row = ac_json_at(rows, ac_json_length(rows) - 1);

	Assert(trial->state == AC_TRIAL_ITEM);
	body = answer(proof, trial, "item");
	if (body != NULL)
	{
		const char *path = trial->plan->item_rows_path;

		(void) ac_json_pointer(body, path != NULL ? path : "", &item);
		trial->plan->item_proved = agrees(row, item) ||
								   agrees_wrapped(trial->plan, row, body);
		note(trial, "item", trial->plan->item_proved ? "proved: a sampled row equals its item" : "the item differs from its row in the list: look-ups by key are not used");
	}
	finish(trial);
}

static void
advance(AcProof *proof, AcTrial *trial)
{
	AcFetch *fetch = trial->fetch;

	switch (trial->state)
	{
		case AC_TRIAL_FIRST:
			after_first(proof, trial);
			break;
		case AC_TRIAL_SECOND:
			after_second(proof, trial);
			break;
		case AC_TRIAL_ITEM:
			after_item(proof, trial);
			break;
		case AC_TRIAL_WAITING:
		case AC_TRIAL_FINISHED:
			Assert(false);
			break;
	}
	if (trial->state != AC_TRIAL_FINISHED)
		ac_fetch_free(fetch);
}

/* Waits until one of the running trials has its answer, and moves it on. */
static void
advance_any(AcProof *proof, AcTrial **running, int *n_running)
{
	AcFetch *fetches[AC_PROVE_AT_ONCE];
	int kept = 0;

	for (int i = 0; i < *n_running; i++)
		fetches[i] = running[i]->fetch;
	ac_fetch_wait_any(fetches, *n_running);
	for (int i = 0; i < *n_running; i++)
	{
		if (running[i]->fetch->state != AC_FETCH_RUNNING)
			advance(proof, running[i]);
		if (running[i]->state != AC_TRIAL_FINISHED)
			running[kept++] = running[i];
	}
	*n_running = kept;
}

AcProofReport
ac_prove_plans(AcConnection *conn, const char *base_url, AcTablePlan **plans,
			   int n_plans, const AcPlanOptions *options)
{
	AcProof proof = {.conn = conn, .options = options};
	AcTrial *trials = palloc0(sizeof(AcTrial) * Max(n_plans, 1));
	AcTrial *running[AC_PROVE_AT_ONCE];
	int n_running = 0;
	int next = 0;
	AcError err;

	if (!ac_url_parse(base_url, &proof.base, &err))
		ac_report_error(&err);
	proof.deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
												 AC_PROVE_MAX_MS);
	for (;;)
	{
		while (next < n_plans && n_running < AC_PROVE_AT_ONCE)
		{
			AcTrial *trial = &trials[next];

			trial->plan = plans[next++];
			if (!may_ask(&proof))
				note(trial, "sample", "not tried: budget used up");
			else
				begin(&proof, trial);
			if (trial->fetch != NULL)
				running[n_running++] = trial;
		}
		if (n_running == 0)
			return proof.report;
		advance_any(&proof, running, &n_running);
	}
}
