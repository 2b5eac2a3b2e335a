/*
 * prove_relation.c
 *		Do rows exist that other tables refer to?
 *
 * Where a part of the parent's rows was sampled, values that it lacks are
 * looked up one by one through its proved item path: a 404 speaks against
 * the edge, an item for it.
 */
#include "ac.h"

#include "api/errorbody.h"
#include "miscadmin.h"
#include "net/prove_int.h"
#include "pg/report.h"
#include "utils/memutils.h"

/* The item's URL, NULL where the value makes none. */
static char *
item_url(AcProof *proof, const AcProbe *probe)
{
	const AcTablePlan *parent = probe->relation->parent;
	AcTrial nowhere = {0};
	const char *reason;
	char **names;
	AcBinding own;
	char *path;

	if (ac_url_template_vars(parent->item_path, &names) != 1)
		return NULL;
	own.param = names[0];
	own.value = probe->relation->missing[probe->value];
	path = ac_proof_path(&nowhere, parent->item_path, &own, &reason);
	return path != NULL ? ac_proof_join(proof, path) : NULL;
}

static bool
begin_probe(AcProof *proof, AcErrand *errand)
{
	AcProbe *probe = (AcProbe *) errand;
	char *url;

	if (!ac_proof_may_ask(proof))
		return false;
	url = item_url(proof, probe);
	if (url == NULL)
		return false;
	ac_proof_ask(proof, errand, proof->cxt, url, AC_FETCH_ITEM);
	return true;
}

/* Is there an item in the answer?  Some APIs say "null" for 404. */
static bool
has_item(AcProof *proof, const AcFetch *fetch)
{
	AcJsonIter it;
	AcJson *doc;
	AcError err;
	bool found;

	if (!ac_proof_charge(proof, fetch->body) ||
		!ac_json_parse(fetch->body->data, fetch->body->len, AC_JSON_MAX_DEPTH,
					   &doc, &err))
		return false;
	ac_json_iter_init(&it, doc);
	found = ac_json_kind(doc) == AC_JSON_OBJECT && ac_json_iter_next(&it) &&
			!ac_errorbody_tells(doc);
	ac_json_free(doc);
	return found;
}

static bool
took_probe(AcProof *proof, AcErrand *errand)
{
	AcProbe *probe = (AcProbe *) errand;
	const AcFetch *fetch = errand->fetch;

	probe->answered = fetch->state == AC_FETCH_ANSWERED ||
					  fetch->state == AC_FETCH_NO_ROW;
	probe->found = fetch->state == AC_FETCH_ANSWERED && has_item(proof, fetch);
	return false;
}

static const AcProofPass probe_pass = {begin_probe, took_probe};

/* The probes of all edges; every edge gets its first before any its second. */
static int
list_probes(AcRelation *relations, int n, AcProbe **probes)
{
	int n_probes = 0;

	*probes = palloc0(sizeof(AcProbe) * (n * AC_RELATION_PROBES + 1));
	for (int value = 0; value < AC_RELATION_PROBES; value++)
		for (int i = 0; i < n; i++)
			if (value < relations[i].n_missing)
			{
				(*probes)[n_probes].relation = &relations[i];
				(*probes)[n_probes++].value = value;
			}
	return n_probes;
}

/* Takes the answers in; returns how many edges are left. */
static int
settle(AcRelation *relations, int n, const AcProbe *probes, int n_probes)
{
	int kept = 0;

	for (int i = 0; i < n; i++)
	{
		int asked = 0;
		int found = 0;

		for (int k = 0; k < n_probes; k++)
			if (probes[k].relation == &relations[i] && probes[k].answered)
			{
				asked++;
				found += probes[k].found;
			}
		if (ac_relations_settle(&relations[i], asked, found))
			relations[kept++] = relations[i];
	}
	return kept;
}

void
ac_proof_relate(AcProof *proof)
{
	AcTablePlans *plans = proof->input->plans;
	const AcTableSample **samples = palloc0(sizeof(AcTableSample *) * (plans->n_tables + 1));
	AcRelationInput input = {.plans = plans, .samples = samples, .base_path = proof->base.path, .interrupted = ac_report_interrupted};
	AcProbe *probes;
	int n_probes;

	for (int i = 0; i < proof->n_trials; i++)
		samples[proof->trials[i].plan - plans->tables] = proof->trials[i].sample;
	plans->n_relations = ac_relations_find(&input, &plans->relations);
	CHECK_FOR_INTERRUPTS();
	n_probes = list_probes(plans->relations, plans->n_relations, &probes);
	ac_proof_run(proof, &probe_pass, probes, n_probes, sizeof(AcProbe));
	plans->n_relations = settle(plans->relations, plans->n_relations, probes,
								n_probes);
	plans->related = true;
}
