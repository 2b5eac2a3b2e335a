/*
 * world.h
 *		How do the tests of keys, relations and increments write down a small
 *		API and what it answered?
 *
 * A table is its path, the operation's parameters, and rows in JSON with '
 * for ".  Its plan is what a sample makes of a path that nothing describes,
 * so that the tests go the way of the import.
 */
#ifndef AC_TEST_WORLD_H
#define AC_TEST_WORLD_H

#include "ac.h"

#include "api/keys.h"
#include "api/relations.h"
#include "api/samples.h"

#include "plan_build.h"

#define WORLD_MAX 12

typedef struct World
{
	AcJson *doc;
	AcTablePlans *plans;
	AcJson *bodies[WORLD_MAX][4];
	int n_bodies[WORLD_MAX];
	AcSampledRows rows[WORLD_MAX];
	AcTableSample *samples[WORLD_MAX];
} World;

/* "'/x': {...}" of an operation whose answer is not described. */
static inline char *
bare_path(const char *path, const char *parameters)
{
	return path_of(path, "{}", parameters);
}

static inline void
world_begin(World *w, const char *paths)
{
	memset(w, 0, sizeof(*w));
	w->plans = ac_tableplan_build(api_of(paths, &w->doc), &plain_options);
}

static inline int
world_index(const World *w, const char *path)
{
	int i;

	for (i = 0; i < w->plans->n_tables; i++)
		if (strcmp(w->plans->tables[i].path, path) == 0)
			return i;
	diag("no table at %s", path);
	return 0;
}

/* Another page of the table. */
static inline void
world_page(World *w, const char *path, const char *body)
{
	int i = world_index(w, path);

	w->bodies[i][w->n_bodies[i]++] = json_of(body);
}

/* All pages are in: corrects the plan, takes rows apart, chooses the key. */
static inline AcTablePlan *
world_sampled(World *w, const char *path, bool complete)
{
	int i = world_index(w, path);
	AcTablePlan *plan = &w->plans->tables[i];
	AcSample sample = {.body = w->bodies[i][0], .asked_size = -1};
	int k;

	sample.more = &w->bodies[i][1];
	sample.n_more = w->n_bodies[i] - 1;
	ac_tableplan_observe(plan, &sample);
	memset(&w->rows[i], 0, sizeof(w->rows[i]));
	for (k = 0; k < w->n_bodies[i]; k++)
		ac_samples_add_page(&w->rows[i], plan, w->bodies[i][k]);
	w->samples[i] = ac_samples_of(plan, &w->rows[i]);
	w->samples[i]->complete = complete;
	ac_keys_judge(plan, w->samples[i], &w->rows[i]);
	return plan;
}

static inline void
world_end(World *w)
{
	int i;
	int k;

	for (i = 0; i < WORLD_MAX; i++)
	{
		for (k = 0; k < w->n_bodies[i]; k++)
			ac_json_free(w->bodies[i][k]);
		if (w->rows[i].made != NULL)
			ac_json_free(w->rows[i].made);
	}
	ac_json_free(w->plans->evidence);
	ac_json_free(w->doc);
}

/* "a b" of the key's columns, "" if there is none. */
static inline char *
key_text(const AcTablePlan *plan)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].key)
			appendStringInfo(&out, "%s%s", out.len ? " " : "",
							 plan->columns[i].name);
	return out.data;
}

static inline int
compare_edges(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* "child.column>parent.column" of all edges, sorted, separated by spaces. */
static inline char *
edges_text(const AcRelation *relations, int n)
{
	char **edges = palloc(sizeof(char *) * (n + 1));
	StringInfoData out;
	int i;
	int k;

	initStringInfo(&out);
	for (i = 0; i < n; i++)
	{
		StringInfoData edge;

		initStringInfo(&edge);
		appendStringInfo(&edge, "%s.", relations[i].child->name);
		for (k = 0; k < relations[i].n_columns; k++)
			appendStringInfo(&edge, "%s%s", k ? "," : "",
							 relations[i].child_columns[k]->name);
		appendStringInfo(&edge, ">%s.", relations[i].parent->name);
		for (k = 0; k < relations[i].n_columns; k++)
			appendStringInfo(&edge, "%s%s", k ? "," : "",
							 relations[i].parent_columns[k]->name);
		edges[i] = edge.data;
	}
	qsort(edges, n, sizeof(char *), compare_edges);
	for (i = 0; i < n; i++)
		appendStringInfo(&out, "%s%s", i ? " " : "", edges[i]);
	return out.data;
}

/* "[row, row, ...]" of n rows, each made by format with its number from 1. */
static inline char *
rows_text(int from, int n, char *(*row)(int) )
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	for (i = from; i < from + n; i++)
		appendStringInfo(&out, "%s%s", i > from ? ", " : "", row(i));
	appendStringInfoChar(&out, ']');
	return out.data;
}

#endif /* AC_TEST_WORLD_H */
