/*
 * fuzz_compare.c
 *		Can any two baselines be compared, whatever stands in them?
 *
 * The input is two models as JSON with a NUL byte between.  What is read is
 * written and read again as the same; a model equals itself; every drift can
 * be told and decided, in any order.
 */
#include "fuzz.h"

#include "drift/compare.h"

/* 2026-01-01T00:00:00Z */
#define NOW INT64CONST(1767225600)

/* Drifts that are decided one by one: each copies the baseline's lists. */
#define MAX_DECIDED 64

static char *
text_of(const AcModel *model)
{
	return ac_json_into_text(ac_model_to_json(model));
}

static void
find(const AcModel *before, const AcModel *after, AcDriftList *drifts)
{
	AcComparison comparison = {before, after, NOW};

	ac_drift_list_init(drifts);
	ac_compare(&comparison, drifts);
}

/* The model of a text, NULL if it has none. */
static AcModel *
read_model(const char *text, size_t len)
{
	AcJson *json = NULL;
	AcModel *model = NULL;
	AcModel *again = NULL;
	AcError err;
	char *written;

	if (!ac_json_parse(text, len, 32, &json, &err) ||
		!ac_model_from_json(json, &model, &err))
	{
		ac_json_free(json);
		return NULL;
	}
	ac_json_free(json);
	written = text_of(model);
	must(ac_json_parse(written, strlen(written), 32, &json, &err) &&
			 ac_model_from_json(json, &again, &err),
		 "what was written is read");
	must(strcmp(text_of(again), written) == 0, "as the same");
	ac_json_free(json);
	return model;
}

static void
check_drift(const AcDrift *drift)
{
	AcJson *evidence = ac_drift_evidence(drift);
	AcJson *fix = ac_fix_to_json(&drift->fix);
	AcDriftKind kind;
	const char *name;
	AcFix read;
	AcError err;

	must(ac_drift_kind_parse(ac_drift_kind_name(drift->kind), &kind) &&
			 kind == drift->kind,
		 "a known kind");
	must(drift->summary != NULL, "a summary");
	name = ac_drift_kind_name(drift->kind);
	must(strncmp(ac_json_get_string(evidence, "fingerprint"), name,
				 strlen(name)) == 0,
		 "a fingerprint of that kind");
	must(ac_fix_from_json(fix, &read, &err), "a fix that can be stored");
	ac_json_free(evidence);
	ac_json_free(fix);
}

static void
check_pair(const AcModel *before, const AcModel *after)
{
	AcDriftList drifts;
	AcDriftList left;
	const AcModel *baseline = before;
	int i;

	find(before, after, &drifts);
	for (i = 0; i < drifts.n; i++)
		check_drift(&drifts.items[i]);
	for (i = 0; i < drifts.n && i < MAX_DECIDED; i++)
		baseline = ac_compare_accept(baseline, after, &drifts.items[i]);
	find(baseline, after, &left);
	if (drifts.n == 1 && before->n_tables + after->n_tables == 2)
		must(left.n == 0, "the only drift is decided");
	ac_drift_list_free(&left);
	for (i = Min(drifts.n, MAX_DECIDED) - 1; i >= 0; i--)
		before = ac_compare_accept(before, after, &drifts.items[i]);
	ac_drift_list_free(&drifts);
	find(before, before, &left);
	must(left.n == 0, "a model equals itself");
	ac_drift_list_free(&left);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 0 ? memchr(data, '\0', size) : NULL;
	AcModel *before;
	AcModel *after;

	if (end != NULL)
	{
		before = read_model((const char *) data, end - data);
		after = read_model((const char *) end + 1, size - (end - data) - 1);
		if (before != NULL && after != NULL)
		{
			check_pair(before, after);
			check_pair(after, before);
		}
	}
	ac_alloc_reset();
	return 0;
}
