/*
 * tableplan_item.c
 *		Which path serves a table's look-ups by key?
 *
 * The item path is the collection's and one variable, where both answers are
 * of one thing and the variable is a field of it.  Only a sample proves that
 * it shows the rows of the list (net/prove).
 */
#include "ac.h"

#include "api/envelope.h"
#include "api/keys.h"
#include "api/names.h"
#include "api/paging.h"
#include "api/tableplan_int.h"
#include "core/pointer.h"

/* Share of the smaller shape's fields that list row and item must share. */
#define ITEM_AGREES 0.6

/* Do a row of the list and the item have enough in common to be one thing? */
static bool
rows_agree(const AcShape *row, const AcShape *item)
{
	int shared = 0;
	int least;
	int i;

	/* what nothing is known of, a sample decides */
	if (row == item || row == NULL || item == NULL)
		return true;
	least = Min(row->n_properties, item->n_properties);
	if (least == 0)
		return false;
	for (i = 0; i < row->n_properties; i++)
	{
		AcProperty *other = ac_shape_property(item, row->properties[i].name);

		if (other != NULL &&
			(other->shape->kind == row->properties[i].shape->kind ||
			 other->shape->kind == AC_SHAPE_UNKNOWN ||
			 row->properties[i].shape->kind == AC_SHAPE_UNKNOWN))
			shared++;
	}
	return shared >= least * ITEM_AGREES;
}

/* The column id of the row itself, -1 if there is none. */
static int
id_column(const AcTablePlan *plan)
{
	int i;

	for (i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].json_path != NULL &&
			strcmp(plan->columns[i].json_path, "/id") == 0)
			return i;
	return -1;
}

/* Is the variable named after the thing: "subscription_exposed_id"? */
static bool
is_named_after(const char *variable, const char *entity)
{
	char *snake = ac_names_snake(variable);
	size_t len = entity == NULL ? 0 : strlen(entity);

	return len > 0 && strncmp(snake, entity, len) == 0 &&
		   (snake[len] == '_' || snake[len] == '\0');
}

/*
 * The column that the item path's last variable stands for, -1 if none.  A
 * variable that is no field but is named after the thing is its id.
 */
static int
item_column(const AcTablePlan *plan, const AcPath *path,
			const AcPath *item_path)
{
	const char *variable = item_path->segments[item_path->count - 1].text;
	const AcParam *param = ac_endpoint_param(plan->item, AC_PARAM_PATH,
											 variable);
	const char *entity = ac_plan_entity(path);
	int column;
	int i;

	/* the same name for two things: the item path could not be filled in */
	for (i = 0; i < path->count; i++)
		if (path->segments[i].variable &&
			strcmp(path->segments[i].text, variable) == 0)
			return -1;
	/*
	 * The variable of a map's item path is the name in the map: an item does
	 * not repeat it, so that nothing else may look it up.
	 */
	for (i = 0; plan->rows_form == AC_ROWS_MAP && i < plan->n_columns; i++)
		if (ac_tableplan_is_place(&plan->columns[i]))
			return i;
	column = ac_keys_resolve(plan->columns, plan->n_columns, variable, entity,
							 param == NULL ? NULL : ac_params_type(param));
	if (column < 0 && is_named_after(variable, entity))
		column = id_column(plan);
	if (column >= 0 && plan->columns[column].filter == AC_FILTER_PATH)
		return -1;
	return column;
}

/* Gives the key column the item's variable; false if no column is it. */
static bool
bind_key(AcTablePlan *plan, const AcPath *path, const AcPath *item_path)
{
	int column = item_column(plan, path, item_path);
	AcColumnPlan *key;

	if (column < 0)
		return false;
	key = &plan->columns[column];
	key->param = item_path->segments[item_path->count - 1].text;
	key->filter = AC_FILTER_NONE;
	key->required = false;
	plan->item_path = ac_path_rename_shared(path, item_path);
	return true;
}

/*
 * Takes the path that was known by its path alone, now that the variable has
 * a column, or gives it up.
 */
static void
adopt_item(AcTablePlan *plan, const AcPath *path)
{
	const AcPath *item_path;

	if (plan->item == NULL)
		return;
	item_path = ac_path_parse(plan->item->path);
	plan->item_path = NULL;
	plan->item_rows_path = "";
	if (!bind_key(plan, path, item_path))
	{
		plan->item = NULL;
		plan->item_rows_path = NULL;
		return;
	}
	ac_plan_choose_key(plan, path, false,
					   item_path->segments[item_path->count - 1].text);
}

void
ac_plan_rebuild(AcTablePlan *plan, const AcPath *path, const AcRows *rows,
				const AcPlanOptions *options)
{
	bool open = ac_tableplan_is_open(plan);

	plan->item_path = NULL;
	plan->item_rows_path = NULL;
	if (!open || rows->one)
		plan->item = NULL;
	ac_plan_build(plan, path, rows, options);
	ac_plan_choose_key(plan, path, rows->one, NULL);
	adopt_item(plan, path);
}

/* Fields of items that evidence names: more is a document. */
#define MAX_ITEM_ONLY 100

/* Has the table a column for the field of that name, or for parts of it? */
static bool
has_column(const AcTablePlan *plan, const char *field)
{
	const char *pointer = ac_pointer_child(plan->row != NULL &&
												   plan->row->inner != NULL
											   ? plan->row->inner
											   : "",
										   field);
	const char *outer = ac_pointer_child("", field);
	int i;

	for (i = 0; i < plan->n_columns; i++)
	{
		const char *path = plan->columns[i].json_path;

		if (path != NULL && (ac_pointer_is_below(pointer, path) ||
							 ac_pointer_is_below(outer, path)))
			return true;
	}
	return false;
}

static void
add_item_only(AcTablePlan *plan, AcJson *list, const char *field)
{
	int i;

	if (ac_json_length(list) >= MAX_ITEM_ONLY || has_column(plan, field) ||
		ac_envelope_is_control(field))
		return;
	for (i = 0; i < ac_json_length(list); i++)
		if (strcmp(ac_json_string(ac_json_at(list, i), NULL), field) == 0)
			return;
	ac_json_append(list, ac_json_new_string(field));
}

void
ac_tableplan_note_item_only(AcTablePlan *plan, const AcShape *described,
							const AcJson *item)
{
	AcJson *known = ac_json_get(plan->evidence, "item_only");
	AcJson *list = ac_json_new_array();
	AcJsonIter it;
	int i;

	for (i = 0; i < ac_json_length(known); i++)
		add_item_only(plan, list, ac_json_string(ac_json_at(known, i), NULL));
	for (i = 0; described != NULL && i < described->n_properties; i++)
		if (!described->properties[i].write_only)
			add_item_only(plan, list, described->properties[i].name);
	ac_json_iter_init(&it, item);
	while (ac_json_iter_next(&it))
		add_item_only(plan, list, it.key);
	if (ac_json_length(list) > 0 || known != NULL)
		ac_json_set(plan->evidence, "item_only", list);
	else
		ac_json_free(list);
}

/* Makes item the look-up path of list if they are one thing. */
static bool
merge_item(AcDraft *list, AcDraft *item)
{
	bool blind = list->rows.row == NULL;
	AcRows rows;

	if (item->plan.skip_reason != NULL || item->is_item ||
		item->suffix[0] != '\0' ||
		strcmp(item->plan.method, "GET") != 0 ||
		ac_path_item_variable(list->path, item->path) < 0)
		return false;
	/* what comes in pages is a part of the list, not one row of it */
	if (!item->rows.one && ac_paging_is_declared(item->endpoint))
		return false;
	/* what only an example shows has no response to look into */
	rows = item->rows.one || item->rows.row == NULL ||
				   item->endpoint->response == NULL
			   ? item->rows
			   : ac_envelope_item(item->endpoint->response, item->path);
	if (!rows_agree(list->rows.row, rows.row))
		rows = item->rows;
	if (!rows_agree(list->rows.row, rows.row))
		return false;
	list->plan.item = item->endpoint;
	if (!blind && !bind_key(&list->plan, list->path, item->path))
	{
		list->plan.item = NULL;
		return false;
	}
	list->plan.item_rows_path = rows.path != NULL ? rows.path : "";
	if (!blind)
		ac_tableplan_note_item_only(&list->plan, rows.row, NULL);
	list->item = item;
	item->is_item = true;
	return true;
}

static int
compare_shapes_of_path(const void *a, const void *b)
{
	const AcDraft *x = *(AcDraft *const *) a;
	const AcDraft *y = *(AcDraft *const *) b;
	int order = strcmp(x->shape_of_path, y->shape_of_path);

	return order != 0 ? order : ac_draft_compare(x, y);
}

/* Index of the first draft whose path has that shape, n if none. */
static int
find_shape_of_path(AcDraft **order, int n, const char *wanted)
{
	int low = 0;
	int high = n;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (strcmp(order[middle]->shape_of_path, wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * May the draft have look-ups at all?  What the user asks for by a query is a
 * part, and an item path shows rows of the whole.
 */
static bool
is_list(const AcDraft *draft)
{
	return draft->plan.skip_reason == NULL && !draft->rows.one &&
		   !draft->is_item && draft->suffix[0] == '\0' &&
		   (draft->endpoint->query == NULL || !ac_plan_is_given(draft->endpoint)) &&
		   strcmp(draft->plan.method, "GET") == 0;
}

void
ac_plan_merge_items(AcDrafts *d)
{
	AcDraft **order = palloc(Max(d->n, 1) * sizeof(AcDraft *));
	int i;

	for (i = 0; i < d->n; i++)
		order[i] = &d->drafts[i];
	qsort(order, d->n, sizeof(AcDraft *), compare_shapes_of_path);
	for (i = 0; i < d->n; i++)
	{
		AcDraft *list = &d->drafts[i];
		char *wanted;
		int at;

		if (!is_list(list))
			continue;
		wanted = psprintf("%s/{}", list->shape_of_path);
		for (at = find_shape_of_path(order, d->n, wanted);
			 at < d->n && strcmp(order[at]->shape_of_path, wanted) == 0; at++)
			if (merge_item(list, order[at]))
				break;
	}
	for (i = 0; i < d->n; i++)
	{
		AcDraft *item = d->drafts[i].item;

		if (item == NULL)
			continue;
		item->nameable = item->plan.undescribed = false;
		item->plan.skip_reason = psprintf("serves the look-ups of %s",
										  d->drafts[i].plan.path);
	}
	pfree(order);
}
