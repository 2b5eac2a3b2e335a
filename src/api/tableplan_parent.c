/*
 * tableplan_parent.c
 *		Whose keys are the variables of a path?
 *
 * "/customers/{customer_id}/orders" is asked with keys of the table whose
 * look-ups "/customers/{customer_id}" serves; where no path says so, with
 * those of the one table whose own variable has that name.  What is found
 * stands in the plan's evidence as "parent".
 */
#include "ac.h"

#include "api/names.h"
#include "api/tableplan_int.h"

/* A table with look-ups, by the shape of its item path. */
typedef struct Parent
{
	const AcDraft *draft;
	const char *shape;		 /* of its item path, with "{}" for variables */
	const char *variable;	 /* its item path's last */
	const AcColumnPlan *key; /* NULL until a sample shows it */
} Parent;

typedef struct Parents
{
	Parent *items; /* sorted by shape */
	int n;
} Parents;

static int
compare_parents(const void *a, const void *b)
{
	return strcmp(((const Parent *) a)->shape, ((const Parent *) b)->shape);
}

/* The column that supplies a variable, NULL if none. */
static AcColumnPlan *
column_of(const AcTablePlan *plan, const char *variable)
{
	int i;

	for (i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL &&
			strcmp(plan->columns[i].param, variable) == 0)
			return &plan->columns[i];
	return NULL;
}

static Parents
collect(const AcDrafts *d)
{
	Parents parents;
	int i;

	parents.items = palloc(Max(d->n, 1) * sizeof(Parent));
	parents.n = 0;
	for (i = 0; i < d->n; i++)
	{
		const AcDraft *draft = &d->drafts[i];
		const AcPath *path;
		Parent *parent;

		if (draft->plan.skip_reason != NULL || draft->item == NULL)
			continue;
		path = draft->item->path;
		parent = &parents.items[parents.n++];
		parent->draft = draft;
		parent->shape = draft->item->shape_of_path;
		parent->variable = path->segments[path->count - 1].text;
		parent->key = column_of(&draft->plan, parent->variable);
	}
	qsort(parents.items, parents.n, sizeof(Parent), compare_parents);
	return parents;
}

/* The table whose item path the draft's is through segment index. */
static const Parent *
parent_by_path(const Parents *parents, const AcPath *path, int index)
{
	Parent wanted;
	StringInfoData shape;
	int i;

	initStringInfo(&shape);
	for (i = 0; i <= index; i++)
		appendStringInfo(&shape, "/%s", path->segments[i].variable ? "{}" : path->segments[i].text);
	wanted.shape = shape.data;
	return bsearch(&wanted, parents->items, parents->n, sizeof(Parent),
				   compare_parents);
}

/* "id" and "name" are everybody's. */
static bool
is_telling(const char *variable)
{
	static const char *const generic[] = {
		"id", "uuid", "guid", "gid", "sid", "uid", "key", "pk", "name", "slug",
		"number", "code", "login", "identifier", "type", "kind", "version",
		NULL};

	return !ac_names_in(variable, generic);
}

/* The only table that calls its own variable so. */
static const Parent *
parent_by_name(const Parents *parents, const AcDraft *child,
			   const char *variable)
{
	const Parent *found = NULL;
	int i;

	if (!is_telling(variable))
		return NULL;
	for (i = 0; i < parents->n; i++)
	{
		const Parent *parent = &parents->items[i];

		if (parent->draft == child ||
			!ac_names_equal(parent->variable, variable))
			continue;
		if (found != NULL)
			return NULL;
		found = parent;
	}
	return found;
}

static void
note_parent(AcDraft *child, const char *variable, const Parent *parent,
			const char *by)
{
	AcJson *all = ac_json_get(child->plan.evidence, "parent");
	AcJson *one = ac_json_new_object();

	if (all == NULL)
	{
		all = ac_json_new_object();
		ac_json_set(child->plan.evidence, "parent", all);
	}
	ac_json_set_string(one, "table", parent->draft->plan.name);
	if (parent->key != NULL)
		ac_json_set_string(one, "column", parent->key->name);
	ac_json_set_string(one, "by", by);
	ac_json_set(all, variable, one);
}

static void
find_parents_of(const Parents *parents, AcDraft *child)
{
	const AcPath *path = child->path;
	int i;

	for (i = 0; i < path->count; i++)
	{
		const AcSegment *segment = &path->segments[i];
		const char *by = "path";
		const Parent *parent;
		AcColumnPlan *column;

		if (!segment->variable || segment->mixed)
			continue;
		parent = parent_by_path(parents, path, i);
		if (parent == NULL || parent->draft == child)
		{
			parent = parent_by_name(parents, child, segment->text);
			by = "name";
		}
		if (parent == NULL)
			continue;
		note_parent(child, segment->text, parent, by);
		column = column_of(&child->plan, segment->text);
		/* nobody said of what type it is: of the key's */
		if (column != NULL && column->json_path == NULL && parent->key != NULL &&
			ac_endpoint_param(child->endpoint, AC_PARAM_PATH,
							  segment->text) == NULL)
			column->type = parent->key->type;
	}
}

void
ac_plan_find_parents(AcDrafts *d)
{
	Parents parents = collect(d);
	int i;

	for (i = 0; i < d->n && !ac_plan_interrupted(d); i++)
		if (d->drafts[i].plan.skip_reason == NULL)
			find_parents_of(&parents, &d->drafts[i]);
	pfree(parents.items);
}
