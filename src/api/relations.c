/*
 * relations.c
 *		Which tables of an API belong together?  See relations.h.
 */
#include "ac.h"

#include "api/relations.h"

/*
 * A path that contains the parent's whole item path is as good as said: the
 * rest of doubt is an API that reuses a variable's name for another thing.
 */
#define CONFIDENCE_OF_PATH 0.95

/* Length of the path up to the end of the variable that begins at brace. */
static size_t
prefix_through(const char *path, const char *brace)
{
	const char *end = strchr(brace, '}');

	return end != NULL ? (size_t) (end + 1 - path) : 0;
}

/* The column that supplies a path variable of the plan, NULL if none. */
static const AcColumnPlan *
column_of_variable(const AcTablePlan *plan, const char *name, size_t len)
{
	for (int i = 0; i < plan->n_columns; i++)
	{
		const char *param = plan->columns[i].param;

		if (param != NULL && strlen(param) == len &&
			strncmp(param, name, len) == 0)
			return &plan->columns[i];
	}
	return NULL;
}

/*
 * Is prefix the parent's item path?  Variables may have other names there
 * ("/customers/{id}"), so they compare by place.
 */
static bool
is_item_path(const char *item_path, const char *prefix, size_t len)
{
	const char *end = prefix + len;

	while (*item_path != '\0' && prefix < end)
	{
		if (*item_path != *prefix)
			return false;
		if (*prefix == '{')
		{
			item_path = strchr(item_path, '}');
			prefix = strchr(prefix, '}');
			if (item_path == NULL || prefix == NULL || prefix >= end)
				return false;
		}
		item_path++;
		prefix++;
	}
	return *item_path == '\0' && prefix == end;
}

/* The column that identifies a row of the parent: its item path's last variable. */
static const AcColumnPlan *
key_of_parent(const AcTablePlan *parent)
{
	const char *brace = strrchr(parent->item_path, '{');
	const char *end = brace != NULL ? strchr(brace, '}') : NULL;

	if (end == NULL)
		return NULL;
	return column_of_variable(parent, brace + 1, (size_t) (end - brace - 1));
}

/* The edge from one variable of the child's path, if some table is its parent. */
static bool
find_parent(const AcTablePlans *plans, const AcTablePlan *child,
			const char *brace, AcRelation *relation)
{
	size_t len = prefix_through(child->path, brace);
	const char *close = strchr(brace, '}');

	for (int i = 0; len > 0 && i < plans->n_tables; i++)
	{
		const AcTablePlan *parent = &plans->tables[i];

		if (parent == child || parent->skip_reason != NULL ||
			parent->item_path == NULL ||
			!is_item_path(parent->item_path, child->path, len))
			continue;
		relation->child = child;
		relation->parent = parent;
		relation->child_column =
			column_of_variable(child, brace + 1, (size_t) (close - brace - 1));
		relation->parent_column = key_of_parent(parent);
		relation->confidence = CONFIDENCE_OF_PATH;
		return relation->child_column != NULL &&
			   relation->parent_column != NULL;
	}
	return false;
}

int
ac_relations_from_paths(const AcTablePlans *plans, AcRelation **relations)
{
	int allocated = 16;
	int n = 0;

	*relations = palloc(sizeof(AcRelation) * allocated);
	for (int i = 0; i < plans->n_tables; i++)
	{
		const AcTablePlan *child = &plans->tables[i];
		const char *brace = child->path;

		while (child->skip_reason == NULL &&
			   (brace = strchr(brace, '{')) != NULL)
		{
			if (n == allocated)
			{
				allocated *= 2;
				*relations = repalloc(*relations, sizeof(AcRelation) * allocated);
			}
			if (find_parent(plans, child, brace, &(*relations)[n]))
				n++;
			brace++;
		}
	}
	return n;
}
