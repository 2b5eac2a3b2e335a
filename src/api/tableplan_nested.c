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
add_parent_column(Nest *nest, AcColumnList *list, const AcColumnPlan *from,
				  const AcPath *path)
{
	const char *entity = ac_plan_entity(path);
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
								   nest->plan->name != NULL ? nest->plan->name
															: nest->plan->reserved_name);
}

/* What identifies the row, and what its request needs. */
static void
add_parent_columns(Nest *nest, AcColumnList *list)
{
	const AcTablePlan *plan = nest->plan;
	const AcPath *path = ac_path_parse(plan->path);
	int i;

	for (i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].key || plan->columns[i].required ||
			plan->columns[i].filter == AC_FILTER_PATH)
			add_parent_column(nest, list, &plan->columns[i], path);
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

/* The table of one array; pointer is relative to a row. */
static void
add_child(Nest *nest, const AcProperty *property, const char *pointer)
{
	const AcTablePlan *plan = nest->plan;
	AcTablePlan *child = &nest->children[nest->n++];
	const char *above = plan->name != NULL ? plan->name : plan->reserved_name;
	AcColumnList list = {0};

	memset(child, 0, sizeof(*child));
	*child = *plan;
	child->nested_in = plan;
	child->nested_path = pointer;
	child->name = ac_names_fit(psprintf("%s__%s", above,
										ac_names_snake(property->name)));
	child->reserved_name = child->name;
	child->item = NULL;
	child->item_path = child->item_rows_path = NULL;
	child->item_proved = child->pages_proved = false;
	child->undescribed = false;
	child->params_union = NULL;
	child->total_rows = 0;
	child->row = property->shape->items;
	child->comment = ac_plan_comment(NULL, property->shape->description,
									 plan->deprecated || property->deprecated);
	child->evidence = ac_json_new_object();
	ac_json_set_string(child->evidence, "nested_in", above);
	add_parent_columns(nest, &list);
	add_ordinal(&list);
	add_fields(nest, &list, property->shape->items);
	ac_columns_name(list.columns, list.n);
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
find_arrays(Nest *nest, const AcShape *object, const char *above, int depth)
{
	int i;

	for (i = 0; i < object->n_properties && nest->n < NESTED_MAX; i++)
	{
		const AcProperty *property = &object->properties[i];
		const char *pointer = ac_pointer_child(above, property->name);

		if (property->write_only)
			continue;
		if (is_array_of_objects(property->shape))
			add_child(nest, property, pointer);
		else if (property->shape->kind == AC_SHAPE_OBJECT &&
				 depth < NESTED_DEPTH)
			find_arrays(nest, property->shape, pointer, depth + 1);
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
	find_arrays(&nest, plan->row, "", 1);
	name_children(&nest);
	if (nest.n == 0)
		pfree(nest.children);
	else
		*children = nest.children;
	return nest.n;
}

void
ac_tableplan_follow(AcTablePlan *child)
{
	const AcTablePlan *plan = child->nested_in;
	int i;
	int j;

	Assert(plan != NULL && child->nested_path != NULL);
	child->rows_path = plan->rows_path;
	child->rows_form = plan->rows_form;
	child->columns_path = plan->columns_path;
	child->paging = plan->paging;
	child->fixed_params = plan->fixed_params;
	child->body = plan->body;
	for (i = 0; i < child->n_columns; i++)
	{
		AcColumnPlan *column = &child->columns[i];

		for (j = 0; column->of_parent && j < plan->n_columns; j++)
			if (plan->columns[j].json_path != NULL &&
				strcmp(plan->columns[j].json_path, column->json_path) == 0 &&
				plan->columns[j].decode == column->decode)
				column->type = plan->columns[j].type;
	}
}
