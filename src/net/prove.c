/*
 * prove.c
 *		Does the API do what the plans of its tables assume?  See prove.h.
 *
 * Here: the passes in their order, the budget that they share, and how a few
 * errands run side by side.  What each asks and learns is in the files that
 * prove_int.h lists.
 */
#include "ac.h"

#include "api/envelope.h"
#include "core/header.h"
#include "core/jsonsize.h"
#include "core/rowtree.h"
#include "miscadmin.h"
#include "net/judge.h"
#include "net/prove_int.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "utils/memutils.h"

/*
 * What the trees of all sampled bodies may take together.  Pages of some
 * 50 kB take a quarter of a megabyte each, which a hundred tables may have;
 * tables whose bodies do not fit end with their first page, and beyond the
 * limit with none: two megabytes of commas can take fifty times as much.
 */
#define MAX_TREES ((int64) 48 * 1024 * 1024)
#define MAX_FIRST_TREES ((int64) 96 * 1024 * 1024)

/* What the values of all tables may take; those beyond have no relations. */
#define MAX_SAMPLES ((Size) 32 * 1024 * 1024)

/* ---- the budget ---- */

bool
ac_proof_may_ask(const AcProof *proof)
{
	return proof->report.requests < AC_PROVE_MAX_REQUESTS && !proof->quota_low &&
		   !ac_proof_is_spent(proof) &&
		   GetCurrentTimestamp() < proof->deadline;
}

bool
ac_proof_charge(AcProof *proof, const AcBuf *body)
{
	/* what does not fit ends it, so that nothing is asked for in vain */
	proof->bytes = Min(proof->bytes + (int64) body->len,
					   AC_PROVE_ALL_BYTES + 1);
	return proof->bytes <= AC_PROVE_ALL_BYTES;
}

bool
ac_proof_is_spent(const AcProof *proof)
{
	return proof->bytes >= AC_PROVE_ALL_BYTES;
}

void
ac_proof_ask(AcProof *proof, AcErrand *errand, MemoryContext cxt,
			 const char *url, AcFetchKind kind)
{
	AcFetchRequest request = {
		.method = errand->json != NULL ? "POST" : "GET",
		.url = url,
		.json = errand->json,
		.kind = kind,
		.with_credentials = true,
		.harmless = true,
		.max_bytes = AC_PROVE_MAX_BYTES,
	};
	long left_ms = TimestampDifferenceMilliseconds(GetCurrentTimestamp(),
												   proof->deadline);

	for (int i = 0; i < AC_FETCH_HEADERS; i++)
	{
		request.headers[i] = errand->headers[i];
		errand->headers[i] = NULL;
	}
	request.timeout_ms = (int) Max(left_ms, 1);
	proof->report.requests++;
	errand->fetch = ac_fetch_start(proof->input->conn, &request, cxt);
}

/* Half of a quota that is announced is the user's. */
static void
heed_quota(AcProof *proof, const AcFetch *fetch)
{
	AcRateInfoList list;

	if (fetch->headers == NULL)
		return;
	ac_header_rate_info(fetch->headers, ac_judge_unix_ms(), &list);
	for (int i = 0; i < list.count; i++)
	{
		const AcRateInfo *info = &list.items[i];

		if ((info->known & AC_RATE_LIMIT) && (info->known & AC_RATE_REMAINING) &&
			info->remaining * 2 <= info->limit)
			proof->quota_low = true;
	}
}

/* ---- what trials share ---- */

bool
ac_proof_has_room(const AcProof *proof)
{
	return proof->trees < MAX_TREES &&
		   MemoryContextMemAllocated(proof->samples, true) < MAX_SAMPLES;
}

bool
ac_proof_too_large(const AcFetch *fetch)
{
	return fetch->state == AC_FETCH_FAILED &&
		   fetch->error.code == AC_ERR_TOO_LARGE;
}

void
ac_proof_note(AcTrial *trial, const char *what, const char *finding)
{
	AcTablePlan *plan = trial->plan;

	if (plan->evidence == NULL)
	{
		plan->evidence = ac_json_new_object();
		ac_resource_json(plan->evidence);
	}
	ac_json_set_string(plan->evidence, what, finding);
}

/*
 * The body as a tree, of lines as the array of them; without the secrets that
 * it may echo, for names of members become options that all may read.
 */
static bool
parse_body(const AcProof *proof, AcTrial *trial, AcJson **doc, AcError *err)
{
	const AcFetch *fetch = trial->errand.fetch;
	const AcBuf *body = fetch->body;
	AcJsonText text = {body->data, body->len, AC_JSON_MAX_DEPTH,
					   ac_report_interrupted};
	bool told = trial->plan->rows_form == AC_ROWS_LINES ||
				ac_envelope_is_lines(ac_header_get(fetch->headers,
												   "Content-Type"));

	if (body->data != NULL)
		ac_judge_scrub_document(proof->input->conn, body->data);
	trial->lines = false;
	if (!told && ac_json_parse_long(&text, doc, err))
		return true;
	if (!told && err->code == AC_ERR_INTERRUPTED)
		ac_report_error(err);
	/* one text is no line unless it is said to be one */
	trial->lines = ac_rowtree_parse_lines(body->data, body->len, doc,
										  told ? err : NULL);
	return trial->lines;
}

AcJson *
ac_proof_answer(AcProof *proof, AcTrial *trial, const char *what)
{
	AcFetch *fetch = trial->errand.fetch;
	AcJson *doc = NULL;
	int64 bytes = fetch->body != NULL
					  ? ac_jsonsize_bytes(fetch->body->data, fetch->body->len)
					  : 0;
	AcError err;

	if (trial->n_bodies == 0)
		trial->unread = false;
	if (ac_proof_too_large(fetch))
		ac_proof_note(trial, what, "the answer is too large for a sample");
	else if (fetch->state == AC_FETCH_FAILED)
		ac_proof_note(trial, what, psprintf("not tried to the end: %s", fetch->error.message));
	else if (fetch->state != AC_FETCH_ANSWERED)
		ac_proof_note(trial, what, psprintf("the API answered with status %d", fetch->status));
	else if (proof->trees + bytes > MAX_FIRST_TREES ||
			 !ac_proof_charge(proof, fetch->body))
	{
		trial->unread = trial->n_bodies == 0;
		ac_proof_note(trial, what, AC_PROOF_SPENT);
	}
	else if (!parse_body(proof, trial, &doc, &err))
		ac_proof_note(trial, what, err.message);
	else
	{
		MemoryContext old = MemoryContextSwitchTo(trial->cxt);

		ac_resource_json(doc);
		MemoryContextSwitchTo(old);
		proof->trees += bytes;
	}
	return doc;
}

char *
ac_proof_text_at(AcJson *node, const char *pointer)
{
	AcJson *found;

	if (pointer == NULL || !ac_json_pointer(node, pointer, &found))
		return NULL;
	return ac_json_text_of(found);
}

void
ac_proof_release(AcTrial *trial)
{
	if (trial->cxt != NULL)
		MemoryContextDelete(trial->cxt);
	trial->cxt = NULL;
	trial->errand.fetch = NULL;
	trial->n_bodies = 0;
	trial->rows.n = 0;
}

/* ---- passes ---- */

/* Waits for one of the answers and lets their errands take them in. */
static void
take_answers(AcProof *proof, const AcProofPass *pass, AcErrand **running,
			 int *n_running)
{
	AcFetch *fetches[AC_PROVE_AT_ONCE];
	int kept = 0;

	for (int i = 0; i < *n_running; i++)
		fetches[i] = running[i]->fetch;
	ac_fetch_wait_any(fetches, *n_running);
	for (int i = 0; i < *n_running; i++)
	{
		AcErrand *errand = running[i];

		CHECK_FOR_INTERRUPTS();
		if (fetches[i]->state != AC_FETCH_RUNNING)
		{
			bool more;

			heed_quota(proof, fetches[i]);
			more = pass->took(proof, errand);
			if (errand->fetch == fetches[i])
				errand->fetch = NULL;
			ac_fetch_free(fetches[i]);
			if (!more)
				continue;
		}
		running[kept++] = errand;
	}
	*n_running = kept;
}

void
ac_proof_run(AcProof *proof, const AcProofPass *pass, void *errands, int n,
			 size_t size)
{
	AcErrand *running[AC_PROVE_AT_ONCE];
	int n_running = 0;
	int next = 0;

	for (;;)
	{
		while (next < n && n_running < AC_PROVE_AT_ONCE)
		{
			AcErrand *errand = (AcErrand *) ((char *) errands + size * next++);

			if (pass->begin(proof, errand))
				running[n_running++] = errand;
		}
		if (n_running == 0)
			return;
		take_answers(proof, pass, running, &n_running);
	}
}

static void
run_trials(AcProof *proof, const AcProofPass *pass)
{
	ac_proof_run(proof, pass, proof->trials, proof->n_trials, sizeof(AcTrial));
	for (int i = 0; i < proof->n_trials; i++)
		if (proof->trials[i].n_bodies == 0)
			ac_proof_release(&proof->trials[i]);
}

/* ---- the proof ---- */

/* Tables of one answer, as tied arrays and nested ones are, are asked once. */
static AcShapeMapEntry *
entry_of_answer(AcProof *proof, const AcTablePlan *plan)
{
	char *answer = psprintf("%s %s?%s", plan->method, plan->path,
							plan->fixed_params != NULL ? plan->fixed_params : "");

	return ac_shape_map_enter(&proof->answers, answer, strlen(answer));
}

AcTrial **
ac_proof_trial_of(const AcProof *proof, const AcTablePlan *plan)
{
	return &proof->of_plan[plan - proof->input->plans->tables];
}

static void
add_trial(AcProof *proof, AcTablePlan *plan)
{
	AcTrial **of_plan = ac_proof_trial_of(proof, plan);
	AcShapeMapEntry *entry;

	if (*of_plan != NULL)
		return;
	*of_plan = &proof->trials[proof->n_trials++];
	(*of_plan)->plan = plan;
	entry = entry_of_answer(proof, plan);
	if (entry->value != NULL)
		(*of_plan)->twin = entry->value;
	else
		entry->value = *of_plan;
}

/* The first edge of the child; edges come in the order of children. */
int
ac_proof_first_edge(const AcRelation *relations, int n,
					const AcTablePlan *child)
{
	int low = 0;

	while (low < n)
	{
		int middle = low + (n - low) / 2;

		if (relations[middle].child < child)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

/* The wanted tables, and the parents that give them values. */
static void
list_trials(AcProof *proof)
{
	const AcProofInput *input = proof->input;
	AcRelation *relations;
	int n_relations = ac_relations_from_paths(input->plans, &relations);
	int most = Max(input->plans->capacity, 1);

	ac_shape_map_init(&proof->answers);
	proof->of_plan = palloc0(sizeof(AcTrial *) * most);
	proof->trials = palloc0(sizeof(AcTrial) * most);
	for (int i = 0; i < input->n_wanted; i++)
		add_trial(proof, input->wanted[i]);
	/* a parent may have a parent itself: the list grows as it is walked */
	for (int i = 0; i < proof->n_trials; i++)
		for (int k = ac_proof_first_edge(relations, n_relations, proof->trials[i].plan);
			 k < n_relations && relations[k].child == proof->trials[i].plan; k++)
			add_trial(proof, unconstify(AcTablePlan *, relations[k].parent));
}

/* Answers that show more than one table: the others share the bodies. */
static void
add_ties(AcProof *proof)
{
	AcTablePlans *plans = proof->input->plans;
	int n = proof->n_trials;

	for (int i = 0; i < n; i++)
	{
		AcTrial *trial = &proof->trials[i];
		int before = plans->n_tables;
		int found;

		if (trial->twin != NULL || trial->n_bodies == 0 ||
			!ac_tableplan_is_open(&trial->described))
			continue;
		found = ac_tableplan_add_ties(plans, trial->plan, &trial->described);
		for (int k = before; k < before + found; k++)
			add_trial(proof, &plans->tables[k]);
	}
}

static AcAnswered
answered(const AcTrial *trial)
{
	const AcTrial *asked = trial->twin != NULL ? trial->twin : trial;

	if (asked->gone || asked->refusal != NULL)
		return AC_ANSWERED;
	if (!asked->answered)
		return AC_ANSWERED_NOT;
	return ac_tableplan_is_open(trial->plan) ? AC_ANSWERED_EMPTY : AC_ANSWERED;
}

/* Ends the first part: all bodies are in, what do they say? */
static void
conclude_trials(AcProof *proof)
{
	for (int i = 0; i < proof->n_trials; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (proof->trials[i].twin == NULL)
			ac_proof_conclude(proof, &proof->trials[i]);
	}
	for (int i = 0; i < proof->n_trials; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (proof->trials[i].twin != NULL)
			ac_proof_conclude(proof, &proof->trials[i]);
	}
	for (int i = 0; i < proof->n_trials; i++)
		proof->trials[i].plan->answered = answered(&proof->trials[i]);
}

/* Tables that nothing was seen of, for that too much was seen of others. */
static int
count_unread(const AcProof *proof)
{
	int n = 0;

	for (int i = 0; i < proof->n_trials; i++)
	{
		const AcTrial *trial = &proof->trials[i];

		n += trial->twin != NULL ? trial->twin->unread : trial->unread;
	}
	return n;
}

/* Where no parameter was proved, what do the rows themselves allow? */
static void
settle_increments(AcProof *proof)
{
	for (int i = 0; i < proof->n_trials; i++)
	{
		AcTrial *trial = &proof->trials[i];
		AcIncrement *increment;

		if (trial->plan->increment != NULL || trial->sample == NULL ||
			trial->sample->n_rows == 0 || trial->plan->skip_reason != NULL)
			continue;
		increment = palloc(sizeof(AcIncrement));
		ac_increment_without(trial->plan, trial->sample, increment);
		trial->plan->increment = increment;
	}
}

AcProofReport
ac_prove_plans(const AcProofInput *input)
{
	AcProof proof = {.input = input};
	AcError err;

	if (!ac_url_parse(input->base_url, &proof.base, &err))
		ac_report_error(&err);
	proof.deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
												 AC_PROVE_MAX_MS);
	proof.cxt = AllocSetContextCreate(CurrentMemoryContext, "autoconn proof",
									  ALLOCSET_DEFAULT_SIZES);
	proof.samples = AllocSetContextCreate(proof.cxt, "autoconn sampled values",
										  ALLOCSET_DEFAULT_SIZES);
	list_trials(&proof);
	run_trials(&proof, &ac_proof_first);
	for (int i = 0; i < AC_PROVE_MAX_PARENTS; i++)
	{
		ac_proof_find_parents(&proof);
		run_trials(&proof, &ac_proof_child);
	}
	add_ties(&proof);
	run_trials(&proof, &ac_proof_further);
	conclude_trials(&proof);
	ac_proof_type_variables(&proof);
	ac_proof_derive_items(&proof);
	run_trials(&proof, &ac_proof_item);
	ac_proof_drop_unproved(&proof);
	run_trials(&proof, &ac_proof_increment);
	settle_increments(&proof);
	ac_proof_relate(&proof);
	run_trials(&proof, &ac_proof_total);
	run_trials(&proof, &ac_proof_size);
	ac_proof_ask_questions(&proof);
	proof.report.unread = count_unread(&proof);
	MemoryContextDelete(proof.cxt);
	return proof.report;
}
