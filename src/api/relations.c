/*
 * relations.c
 *		Which tables of an API belong together?  See relations.h.
 *
 * Here: edges that follow from paths, and what is told of an edge.
 */
#include "ac.h"

#include "api/names.h"
#include "api/relations_int.h"
#include "api/tableplan_path.h"

/*
 * A path that contains the parent's whole item path is as good as said: the
 * rest of doubt is an API that reuses a variable's name for another thing.
 */
#define CONFIDENCE_OF_PATH 0.95

/* The same where only the parent's collection stands in the path. */
#define CONFIDENCE_OF_PREFIX 0.9

/*
 * Tables of one path that are asked whether they are the parent: item and
 * collection, and paths that differ by their variables' names.
 */
#define MAX_SAME_PATHS 16

/* What the search for the parents of one path has. */
typedef struct AcPathSearch
{
	const AcTablePlans *plans;
	const AcPathIndex *index;
	const AcTablePlan *child;
	size_t through; /* bytes of the path through the variable at hand */
} AcPathSearch;

void
ac_relations_append(AcRelationList *list, const AcRelation *relation)
{
	if (list->n == list->capacity)
	{
		list->capacity = list->capacity * 2 + 16;
		list->items = list->items == NULL
						  ? palloc(sizeof(AcRelation) * list->capacity)
						  : repalloc(list->items, sizeof(AcRelation) * list->capacity);
	}
	list->items[list->n++] = *relation;
}

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
 * The path up to len with variables as "{}": they may have other names in a
 * child's path ("/customers/{id}"), so they compare by place.  NULL if one of
 * them does not end before len.
 */
static char *
without_names(const char *path, size_t len)
{
	char *out = palloc_extended(len + 1, MCXT_ALLOC_HUGE);
	const char *end = path + len;
	size_t n = 0;

	while (path < end)
	{
		if (*path == '{')
		{
			out[n++] = '{';
			path = memchr(path, '}', end - path);
			if (path == NULL)
			{
				pfree(out);
				return NULL;
			}
		}
		out[n++] = *path++;
	}
	out[n] = '\0';
	return out;
}

/* ---- the index of paths ---- */

static int
compare_places(const void *a, const void *b)
{
	const AcPathPlace *x = a;
	const AcPathPlace *y = b;
	int order = strcmp(x->path, y->path);

	return order != 0 ? order : x->table - y->table;
}

/*
 * Length of a path without what its end has and the same segments within a
 * longer path have not: "/books/{id}/", "/projects/{id}.json".
 */
static size_t
length_within(const char *path)
{
	size_t len = strlen(path);

	if (len > 5 && strcmp(path + len - 5, ".json") == 0)
		len -= 5;
	while (len > 1 && path[len - 1] == '/')
		len--;
	return len;
}

static void
add_place(AcPathIndex *index, const char *path, int table, bool is_item)
{
	AcPathPlace *place = &index->places[index->n];

	place->path = path != NULL ? without_names(path, length_within(path)) : NULL;
	if (place->path == NULL)
		return;
	place->table = table;
	place->is_item = is_item;
	index->n++;
}

void
ac_relations_index(const AcTablePlans *plans, AcPathIndex *index)
{
	index->n = 0;
	index->places = palloc_extended(sizeof(AcPathPlace) *
										((size_t) plans->n_tables * 2 + 1),
									MCXT_ALLOC_HUGE);
	for (int i = 0; i < plans->n_tables; i++)
	{
		const AcTablePlan *plan = &plans->tables[i];

		if (plan->skip_reason != NULL)
			continue;
		add_place(index, plan->item_path, i, true);
		if (plan->nested_path == NULL)
			add_place(index, plan->path, i, false);
	}
	qsort(index->places, index->n, sizeof(AcPathPlace), compare_places);
}

/* Index of the first place of that path or after it. */
static int
find_place(const AcPathIndex *index, const char *path)
{
	int low = 0;
	int high = index->n;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (strcmp(index->places[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Pairs the variables of the parent's item path, or of its collection's path
 * and then its key, with those of the child's path up to len.  False if one
 * has no column.
 */
static bool
pair_variables(AcRelation *relation, const char *template, size_t len)
{
	const char *theirs = template;
	const char *ours = relation->child->path;
	const char *end = ours + len;

	while ((ours = strchr(ours, '{')) != NULL && ours < end)
	{
		const AcColumnPlan *child;
		const AcColumnPlan *parent;

		if (relation->n_columns == AC_KEYS_MAX)
			return false;
		child = column_of_variable(relation->child, ours + 1,
								   strcspn(ours + 1, "}"));
		theirs = theirs != NULL ? strchr(theirs, '{') : NULL;
		parent = theirs != NULL
					 ? column_of_variable(relation->parent, theirs + 1,
										  strcspn(theirs + 1, "}"))
					 : ac_relations_key(relation->parent);
		theirs = theirs != NULL ? strchr(theirs, '}') : NULL;
		if (child == NULL || parent == NULL)
			return false;
		relation->child_columns[relation->n_columns] = child;
		relation->parent_columns[relation->n_columns++] = parent;
		ours++;
	}
	return relation->n_columns > 0;
}

/*
 * The edge to the first table that has an item path, or else a collection,
 * where the child's path has its first len bytes; false if there is none.
 */
static bool
find_at(const AcPathSearch *search, size_t len, bool is_item,
		AcRelation *found)
{
	char *path = without_names(search->child->path, len);
	int last;

	if (path == NULL)
		return false;
	last = find_place(search->index, path) + MAX_SAME_PATHS;
	for (int i = last - MAX_SAME_PATHS; i < Min(last, search->index->n); i++)
	{
		const AcPathPlace *place = &search->index->places[i];
		const AcTablePlan *parent = &search->plans->tables[place->table];
		AcRelation relation = {.child = search->child, .parent = parent, .coverage = -1, .how = AC_RELATION_PATH};

		if (strcmp(place->path, path) != 0)
			break;
		relation.confidence = is_item ? CONFIDENCE_OF_PATH
									  : CONFIDENCE_OF_PREFIX;
		if (place->is_item != is_item || parent == search->child ||
			!pair_variables(&relation, is_item ? parent->item_path : parent->path,
							search->through))
			continue;
		*found = relation;
		pfree(path);
		return true;
	}
	pfree(path);
	return false;
}

/* The edge from one variable of the child's path, if some table is its parent. */
static void
find_parent(AcPathSearch *search, const char *brace, AcRelationList *list)
{
	const char *path = search->child->path;
	size_t collection = brace - path;
	AcRelation relation;

	search->through = prefix_through(path, brace);
	if (search->through == 0)
		return;
	if (find_at(search, search->through, true, &relation))
	{
		ac_relations_append(list, &relation);
		return;
	}
	/* a segment that is no variable alone belongs to no collection */
	if (brace == path || brace[-1] != '/' ||
		(path[search->through] != '/' && path[search->through] != '\0'))
		return;
	while (collection > 1 && path[collection - 1] == '/')
		collection--;
	if (find_at(search, collection, false, &relation))
		ac_relations_append(list, &relation);
}

void
ac_relations_of_path(const AcTablePlans *plans, const AcPathIndex *index,
					 const AcTablePlan *child, AcRelationList *list)
{
	AcPathSearch search = {plans, index, child, 0};
	const char *brace = child->path;

	/* no key has more parts, so no edge has more columns */
	for (int i = 0; i < AC_KEYS_MAX && (brace = strchr(brace, '{')) != NULL; i++)
		find_parent(&search, brace++, list);
}

int
ac_relations_from_paths(const AcTablePlans *plans, AcRelation **relations)
{
	AcRelationList list = {0};
	AcPathIndex index;

	ac_relations_index(plans, &index);
	for (int i = 0; i < plans->n_tables; i++)
		if (plans->tables[i].skip_reason == NULL)
			ac_relations_of_path(plans, &index, &plans->tables[i], &list);
	*relations = list.items;
	return list.n;
}

/* ---- what is told of an edge ---- */

static const char *const how_names[] = {
	[AC_RELATION_PATH] = "path",
	[AC_RELATION_NAME] = "name",
	[AC_RELATION_ROLE] = "role",
	[AC_RELATION_SELF] = "self",
	[AC_RELATION_SCHEMA] = "schema",
	[AC_RELATION_LINK] = "link",
	[AC_RELATION_VALUES] = "values",
};

/* The share as a text that people read: "0.95". */
static void
set_share(AcJson *object, const char *name, double share)
{
	ac_json_set_string(object, name, psprintf("%.2f", share));
}

char *
ac_relations_evidence(const AcRelation *relation)
{
	AcJson *evidence = ac_json_new_object();

	ac_json_set_string(evidence, "by", how_names[relation->how]);
	if (relation->how == AC_RELATION_PATH)
		ac_json_set_string(evidence, "path", relation->child->path);
	if (relation->pointer != NULL)
		ac_json_set_string(evidence, "pointer", relation->pointer);
	if (relation->list)
		ac_json_set(evidence, "list", ac_json_new_bool(true));
	if (relation->coverage >= 0)
	{
		set_share(evidence, "coverage", relation->coverage);
		ac_json_set(evidence, "values", ac_json_new_int(relation->n_values));
		ac_json_set(evidence, "parent_complete",
					ac_json_new_bool(relation->complete));
	}
	if (relation->guarded)
		ac_json_set(evidence, "coincidence", ac_json_new_bool(true));
	if (relation->probed > 0)
	{
		ac_json_set(evidence, "probed", ac_json_new_int(relation->probed));
		ac_json_set(evidence, "found", ac_json_new_int(relation->found));
	}
	return ac_json_into_text(evidence);
}
