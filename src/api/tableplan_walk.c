/*
 * tableplan_walk.c
 *		Which table has the values that a path's variables need?
 *		See tableplan_walk.h.
 */
#include "ac.h"

#include "api/tableplan_walk.h"
#include "api/types.h"

typedef struct Walks
{
	const AcWalkInput *input;
	AcRelation *edges; /* of paths, in the order of their children */
	int n_edges;
	bool *wanted; /* by place in plans */
} Walks;

/* ---- paths ---- */

/* The path's variable that begins there or behind it, its length; or NULL. */
static const char *
next_variable(const char *s, size_t *len)
{
	s = strchr(s, '{');
	if (s == NULL)
		return NULL;
	*len = strcspn(++s, "}");
	return s;
}

/* Are the child's columns of the edge all variables of its path, in order? */
static bool
covers_path(const AcRelation *edge)
{
	const char *s = edge->child->path;
	size_t len;
	int n = 0;

	while ((s = next_variable(s, &len)) != NULL)
	{
		const char *param = n < edge->n_columns ? edge->child_columns[n]->param
												: NULL;

		if (param == NULL || strlen(param) != len || strncmp(param, s, len) != 0)
			return false;
		/* one that occurs twice has one column */
		for (int i = 0; i < n; i++)
			if (edge->child_columns[i] == edge->child_columns[n])
				return false;
		n++;
		s += len;
	}
	return n > 0 && n == edge->n_columns;
}

static bool
has_variables(const AcTablePlan *plan)
{
	return strchr(plan->path, '{') != NULL;
}

/* ---- parents ---- */

/* Does a row of the parent show what the path takes? */
static bool
gives_value(const AcColumnPlan *theirs, const AcColumnPlan *ours)
{
	if (theirs->of_parent || ac_tableplan_is_place(theirs) ||
		!ac_types_is_scalar(theirs->type) ||
		(theirs->decode != NULL && strcmp(theirs->decode, "id_of") != 0))
		return false;
	if (theirs->json_path == NULL && theirs->filter != AC_FILTER_PATH)
		return false;
	/* a column of texts shows whatever was sent */
	return strcmp(ours->type, "text") == 0 ||
		   strcmp(ours->type, theirs->type) == 0 ||
		   (ac_types_is_number(ours->type) && ac_types_is_number(theirs->type));
}

/* Does the API want a value that no path shows? */
static bool
wants_more(const AcTablePlan *plan)
{
	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].required)
			return true;
	return false;
}

static bool
is_list(const AcTablePlan *plan)
{
	return plan->skip_reason == NULL && plan->name != NULL &&
		   plan->nested_path == NULL && strcmp(plan->method, "GET") == 0 &&
		   !wants_more(plan);
}

static bool
is_at_hand(const Walks *walks, const AcTablePlan *plan)
{
	const AcWalkInput *input = walks->input;

	return walks->wanted[plan - input->plans->tables] ||
		   (input->is_there != NULL && input->is_there(plan, input->arg));
}

static const AcRelation *find_walk(const Walks *walks, const AcTablePlan *plan,
								   int depth);

static bool
serves(const Walks *walks, const AcRelation *edge, int depth)
{
	const AcTablePlan *parent = edge->parent;

	if (!covers_path(edge) || parent == edge->child || !is_list(parent) ||
		!is_at_hand(walks, parent))
		return false;
	for (int i = 0; i < edge->n_columns; i++)
		if (!gives_value(edge->parent_columns[i], edge->child_columns[i]))
			return false;
	return !has_variables(parent) || find_walk(walks, parent, depth + 1) != NULL;
}

/* The edge to the table that has the values, NULL if none is sure to. */
static const AcRelation *
find_walk(const Walks *walks, const AcTablePlan *plan, int depth)
{
	int low = 0;
	int high = walks->n_edges;

	if (plan->values_refused || depth >= AC_PLAN_MAX_WALKS)
		return NULL;
	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (walks->edges[middle].child < plan)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < walks->n_edges && walks->edges[low].child == plan; low++)
		if (serves(walks, &walks->edges[low], depth))
			return &walks->edges[low];
	return NULL;
}

void
ac_tableplan_choose_walks(const AcWalkInput *input)
{
	Walks walks = {.input = input};

	walks.n_edges = ac_relations_from_paths(input->plans, &walks.edges);
	walks.wanted = palloc0(sizeof(bool) * Max(input->plans->n_tables, 1));
	for (int i = 0; i < input->n_wanted; i++)
		walks.wanted[input->wanted[i] - input->plans->tables] = true;
	for (int i = 0; i < input->n_wanted; i++)
	{
		AcTablePlan *plan = input->wanted[i];

		plan->walk = has_variables(plan) && plan->skip_reason == NULL
						 ? find_walk(&walks, plan, 0)
						 : NULL;
	}
	pfree(walks.wanted);
}
