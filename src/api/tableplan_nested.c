/*
 * tableplan_nested.c
 *		Which tables do the arrays in a table's rows become?
 *
 * Import option nested 'tables'.  Each array of objects in a row, or in an
 * object of it, becomes a table whose rows are its elements: "orders__items"
 * has the key of the order, the element's place in the array and its fields.
 * It is read by the requests of the table that it stands in, which keeps the
 * array as jsonb, so that nothing is lost where a table is not imported.
 * Arrays in elements stay jsonb: they would be arrays of arrays of rows.
 */
#include "ac.h"

#include "api/names.h"
#include "api/tableplan_int.h"
#include "core/pointer.h"

/* Objects in a row that are searched for arrays: {"details": {"lines": []}}. */
#define NESTED_DEPTH 2

/* Arrays of one row that become tables; more is a document, not a row. */
#define NESTED_MAX 16

typedef struct Nest
{
	const AcTablePlan *plan;
	const AcPlanOptions *options;
	AcTablePlan *children;
	int n;
} Nest;

/* Names that say nothing once they stand beside another table's. */
static bool
is_generic(const char *name)
{
	static const char *const generic[] = {
		"id", "uuid", "guid", "gid", "sid", "uid", "key", "pk", "name", "slug",
		"number", "code", "identifier", "value", "ordinal", NULL};

	return ac_names_in(name, generic);
}

/* A column of the table that the rows stand in. */
static void
add_parent_column(const AcTablePlan *plan, AcColumnList *list,
				  const AcColumnPlan *from)
{
	const char *entity = ac_plan_entity(ac_path_parse(plan->path));
	AcColumnPlan *column = ac_columns_add(list);

	if (column == NULL)
		return;
	*column = *from;
	column->of_parent = from->json_path != NULL;
	column->key = true;
	/* look-ups are the other table's */
	if (from->filter == AC_FILTER_NONE ||
		from->filter == AC_FILTER_QUERY_UNPROVED)
	{
		column->param = NULL;
		column->filter = AC_FILTER_NONE;
	}
	if (is_generic(from->name) && entity != NULL)
		column->name = ac_names_fit(psprintf("%s_%s", entity, from->name));
	if (column->comment == NULL)
		column->comment = psprintf("The %s of the row of %s.", from->name,
								   plan->name != NULL ? plan->name
													  : plan->reserved_name);
}

/* Does the column identify its row, or does the row's request need it? */
static bool
is_handed_down(const AcColumnPlan *column)
{
	return column->key || column->required || column->filter == AC_FILTER_PATH;
}

static void
add_parent_columns(const AcTablePlan *plan, AcColumnList *list)
{
	int i;

	for (i = 0; i < plan->n_columns; i++)
		if (is_handed_down(&plan->columns[i]))
			add_parent_column(plan, list, &plan->columns[i]);
}

/* The place in an array tells rows apart only beside the key of its row. */
static void
settle_ordinal(AcColumnPlan *columns, int n)
{
	bool any = false;
	int i;

	for (i = 0; i < n; i++)
		any = any || (columns[i].key && !ac_tableplan_is_place(&columns[i]));
	for (i = 0; i < n; i++)
		if (columns[i].decode != NULL &&
			strcmp(columns[i].decode, "ordinal") == 0)
			columns[i].key = any;
}

static void
add_ordinal(AcColumnList *list)
{
	AcColumnPlan *column = ac_columns_add(list);

	if (column == NULL)
		return;
	column->name = "ordinal";
	column->type = "integer";
	column->json_path = "";
	column->decode = "ordinal";
	column->key = true;
	column->comment = "The place of the element in its array, from 1.";
	column->confidence = 1;
}

/* The element's fields; none of them is a key of its own. */
static void
add_fields(Nest *nest, AcColumnList *list, const AcShape *element)
{
	AcPlanOptions options = *nest->options;
	AcColumnList fields = {0};
	int i;
	int j;

	options.nested = AC_NESTED_JSON;
	ac_columns_from_row(&fields, element, &options);
	/* of two that are called alike the field is what people look for */
	for (i = 0; i < list->n; i++)
		for (j = 0; j < fields.n; j++)
			if (strcmp(list->columns[i].name, fields.columns[j].name) == 0 &&
				list->columns[i].json_path != NULL)
				list->columns[i].name =
					ac_names_fit(psprintf("parent_%s", list->columns[i].name));
	ac_columns_append(list, &fields);
}

/*
 * What the array is called, NULL if that is only the list in which an object
 * of another name has its elements, as in {"lines": {"data": [...]}}.
 */
static const char *
array_name(const AcProperty *property)
{
	static const char *const lists[] = {
		"data", "results", "records", "values", "value", "nodes", "rows",
		"entries", "elements", "list", NULL};

	return ac_names_in(property->name, lists) ? NULL : property->name;
}

/*
 * The table of one array; pointer is relative to a row, object the name of
 * what the array stands in, NULL for the row itself.
 */
static void
add_child(Nest *nest, const AcProperty *property, const char *pointer,
		  const char *object)
{
	const AcTablePlan *plan = nest->plan;
	const char *name = array_name(property);
	AcTablePlan *child = &nest->children[nest->n++];
	const char *above = plan->name != NULL ? plan->name : plan->reserved_name;
	AcColumnList list = {0};

	if (name == NULL)
		name = object != NULL ? object : property->name;

	memset(child, 0, sizeof(*child));
	*child = *plan;
	child->nested_in = plan;
	child->nested_path = pointer;
	child->name = ac_names_fit(psprintf("%s__%s", above,
										ac_names_snake(name)));
	child->reserved_name = child->name;
	child->item = NULL;
	child->item_path = child->item_rows_path = NULL;
	child->item_proved = false;
	child->undescribed = false;
	child->params_union = NULL;
	child->total_rows = 0;
	child->row = property->shape->items;
	child->comment = ac_plan_comment(NULL, property->shape->description,
									 plan->deprecated || property->deprecated);
	child->evidence = ac_json_new_object();
	ac_json_set_string(child->evidence, "nested_in", above);
	add_parent_columns(plan, &list);
	add_ordinal(&list);
	add_fields(nest, &list, property->shape->items);
	ac_columns_name(list.columns, list.n);
	settle_ordinal(list.columns, list.n);
	child->columns = list.columns;
	child->n_columns = list.n;
}

static bool
is_array_of_objects(const AcShape *shape)
{
	return shape->kind == AC_SHAPE_ARRAY && shape->items != NULL &&
		   shape->items->kind == AC_SHAPE_OBJECT &&
		   shape->items->n_properties > 0;
}

static void
find_arrays(Nest *nest, const AcShape *object, const char *name,
			const char *above, int depth)
{
	int i;

	for (i = 0; i < object->n_properties && nest->n < NESTED_MAX; i++)
	{
		const AcProperty *property = &object->properties[i];
		const char *pointer = ac_pointer_child(above, property->name);

		if (property->write_only)
			continue;
		if (is_array_of_objects(property->shape))
			add_child(nest, property, pointer, name);
		else if (property->shape->kind == AC_SHAPE_OBJECT &&
				 depth < NESTED_DEPTH)
			find_arrays(nest, property->shape, property->name, pointer, depth + 1);
	}
}

/* Makes the children's names unique among themselves. */
static void
name_children(Nest *nest)
{
	const char **names = palloc(Max(nest->n, 1) * sizeof(char *));
	const char **originals = palloc(Max(nest->n, 1) * sizeof(char *));
	int i;

	for (i = 0; i < nest->n; i++)
	{
		names[i] = nest->children[i].name;
		originals[i] = nest->children[i].nested_path;
	}
	ac_names_uniquify(names, originals, nest->n);
	for (i = 0; i < nest->n; i++)
		nest->children[i].name = nest->children[i].reserved_name = names[i];
	pfree(names);
	pfree(originals);
}

int
ac_tableplan_nest(const AcTablePlan *plan, const AcPlanOptions *options,
				  AcTablePlan **children)
{
	Nest nest = {0};

	*children = NULL;
	if (options->nested != AC_NESTED_TABLES || plan->skip_reason != NULL ||
		plan->row == NULL || plan->row->kind != AC_SHAPE_OBJECT ||
		plan->nested_path != NULL)
		return 0;
	nest.plan = plan;
	nest.options = options;
	nest.children = palloc(NESTED_MAX * sizeof(AcTablePlan));
	find_arrays(&nest, plan->row, NULL, "", 1);
	name_children(&nest);
	if (nest.n == 0)
		pfree(nest.children);
	else
		*children = nest.children;
	return nest.n;
}

/* The column of the table above that a column shows, NULL if it shows none. */
static const AcColumnPlan *
column_above(const AcTablePlan *plan, const AcColumnPlan *column)
{
	int i;

	for (i = 0; column->of_parent && i < plan->n_columns; i++)
		if (plan->columns[i].json_path != NULL &&
			strcmp(plan->columns[i].json_path, column->json_path) == 0 &&
			plan->columns[i].decode == column->decode)
			return &plan->columns[i];
	return NULL;
}

static bool
shows_column(const AcTablePlan *child, const AcColumnPlan *above)
{
	int i;

	for (i = 0; i < child->n_columns; i++)
		if (above->json_path == NULL
				? child->columns[i].param != NULL && above->param != NULL &&
					  strcmp(child->columns[i].param, above->param) == 0
				: column_above(child->nested_in, &child->columns[i]) == above)
			return true;
	return false;
}

/* A key that only samples proved comes in front of what is there. */
static void
hand_down_late(AcTablePlan *child)
{
	const AcTablePlan *plan = child->nested_in;
	AcColumnList list = {0};
	AcColumnList own = {0};
	int i;
	int j;

	for (i = 0; i < plan->n_columns; i++)
		if (is_handed_down(&plan->columns[i]) &&
			!shows_column(child, &plan->columns[i]))
			add_parent_column(plan, &list, &plan->columns[i]);
	if (list.n == 0)
		return;
	for (i = 0; i < list.n; i++)
		for (j = 0; j < child->n_columns; j++)
			if (strcmp(list.columns[i].name, child->columns[j].name) == 0)
				list.columns[i].name =
					ac_names_fit(psprintf("parent_%s", list.columns[i].name));
	own.columns = child->columns;
	own.n = child->n_columns;
	ac_columns_append(&list, &own);
	child->columns = list.columns;
	child->n_columns = list.n;
}

void
ac_tableplan_follow(AcTablePlan *child)
{
	const AcTablePlan *plan = child->nested_in;
	int i;

	Assert(plan != NULL && child->nested_path != NULL);
	child->rows_path = plan->rows_path;
	child->rows_form = plan->rows_form;
	child->columns_path = plan->columns_path;
	child->paging = plan->paging;
	child->fixed_params = plan->fixed_params;
	child->body = plan->body;
	for (i = 0; i < child->n_columns; i++)
	{
		const AcColumnPlan *above = column_above(plan, &child->columns[i]);

		if (above == NULL)
			continue;
		child->columns[i].type = above->type;
		child->columns[i].key = is_handed_down(above);
	}
	hand_down_late(child);
	settle_ordinal(child->columns, child->n_columns);
}
