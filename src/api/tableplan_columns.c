/*
 * tableplan_columns.c
 *		Which columns do the fields of a row become?
 *
 * doc/inference.md S6.  Every field that an answer may hold becomes a column, in the
 * description's order; nothing is NOT NULL.  A row that is no object (text,
 * number, map) is one column "value" whose json_path is "", the row itself.
 */
#include "ac.h"

#include "api/names.h"
#include "api/tableplan_int.h"
#include "api/types.h"
#include "core/pointer.h"
#include "core/text.h"

/* Objects in objects that flattening takes apart (S6: to depth 2). */
#define FLATTEN_DEPTH 2

typedef struct Builder
{
	AcColumnList *list;
	const AcPlanOptions *options;
	int pending; /* fields of the row that have no column yet */
} Builder;

/* Makes room for so many columns in all. */
static void
reserve(AcColumnList *list, int n)
{
	n = Min(n, AC_PLAN_MAX_COLUMNS);
	if (n <= list->capacity)
		return;
	list->capacity = n;
	if (list->columns == NULL)
		list->columns = palloc(n * sizeof(AcColumnPlan));
	else
		list->columns = repalloc(list->columns, n * sizeof(AcColumnPlan));
}

AcColumnPlan *
ac_columns_add(AcColumnList *list)
{
	AcColumnPlan *column;

	if (list->n >= AC_PLAN_MAX_COLUMNS)
	{
		list->left_out++;
		return NULL;
	}
	if (list->n == list->capacity)
		reserve(list, list->capacity * 2 + 4);
	column = &list->columns[list->n++];
	memset(column, 0, sizeof(AcColumnPlan));
	column->confidence = 0.9;
	return column;
}

void
ac_columns_append(AcColumnList *a, AcColumnList *b)
{
	int i;

	reserve(a, a->n + b->n);
	for (i = 0; i < b->n; i++)
	{
		AcColumnPlan *column = ac_columns_add(a);

		if (column != NULL)
			*column = b->columns[i];
	}
	a->left_out += b->left_out;
	if (b->columns != NULL)
		pfree(b->columns);
	memset(b, 0, sizeof(*b));
}

/* Length of text's prefix of at most max bytes that cuts no character. */
static int
clip(const char *text, int len, int max)
{
	if (len <= max)
		return len;
	while (max > 0 && ((unsigned char) text[max] & 0xC0) == 0x80)
		max--;
	return max;
}

/* Appends text without white space at its ends. */
static void
append_trimmed(StringInfo out, const char *text)
{
	int len;

	text += strspn(text, " \t\r\n");
	len = (int) strlen(text);
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	if (len == 0)
		return;
	if (out->len > 0)
		appendStringInfoString(out, out->data[out->len - 1] == '.' ? " "
																   : ". ");
	appendBinaryStringInfo(out, text, len);
}

char *
ac_plan_comment(const char *summary, const char *description,
				bool deprecated)
{
	StringInfoData out;

	initStringInfo(&out);
	if (deprecated)
		appendStringInfoString(&out, "Deprecated.");
	if (summary != NULL)
		append_trimmed(&out, summary);
	if (description != NULL &&
		(summary == NULL || strcmp(summary, description) != 0))
		append_trimmed(&out, description);
	if (out.len == 0)
	{
		pfree(out.data);
		return NULL;
	}
	if (out.len > AC_PLAN_MAX_COMMENT)
	{
		out.len = clip(out.data, out.len, AC_PLAN_MAX_COMMENT - 3);
		out.data[out.len] = '\0';
		appendStringInfoString(&out, "...");
	}
	return ac_text_keep(&out);
}

/* What a column takes from a field's shape whatever its type. */
static AcColumnPlan *
add_column(Builder *b, const AcProperty *property, const char *pointer,
		   const char *text)
{
	const AcShape *shape = property->shape;
	const char *about = shape->description != NULL ? shape->description
												   : shape->title;
	AcColumnPlan *column = ac_columns_add(b->list);

	if (column == NULL)
		return NULL;
	column->name = ac_names_column(text);
	column->json_path = pointer;
	column->comment = ac_plan_comment(NULL, about,
									  property->deprecated ||
										  shape->deprecated);
	column->enum_values = shape->enum_values;
	column->n_enum = shape->n_enum;
	column->said_key = property->said_key;
	return column;
}

/*
 * string | object with "id" (S6): the key as text, which is there either way,
 * and the value as it came, which is the object where it was expanded.
 */
static void
add_expandable(Builder *b, const AcProperty *property, const char *pointer,
			   const char *text)
{
	AcProperty *id = ac_shape_property(property->shape, "id");
	AcTypeChoice inside = ac_types_choose(id->shape, "id");
	AcTypeChoice alone = ac_types_choose(property->shape->scalar, "id");
	AcColumnPlan *column = add_column(b, property, pointer, text);

	if (column == NULL)
		return;
	/* the scalar and the object's "id" may differ; text holds both */
	column->type = strcmp(inside.type, alone.type) == 0 &&
						   ac_types_is_scalar(alone.type) &&
						   alone.decode == NULL
					   ? alone.type
					   : "text";
	column->decode = "id_of";
	column->enum_values = NULL;
	column->n_enum = 0;
	column = add_column(b, property, pointer, psprintf("%s_obj", text));
	if (column == NULL)
		return;
	column->type = "jsonb";
	column->enum_values = NULL;
	column->n_enum = 0;
}

/* Is the object taken apart: does the table stay within the limit? */
static bool
is_flattened(const Builder *b, const AcShape *shape, int depth)
{
	return b->options->nested == AC_NESTED_FLATTEN &&
		   depth < FLATTEN_DEPTH && shape->kind == AC_SHAPE_OBJECT &&
		   !shape->expandable && shape->n_properties > 0 &&
		   b->list->n + b->pending + shape->n_properties <=
			   AC_PLAN_MAX_FLATTENED;
}

/*
 * Bytes of a column's pointer.  Options of columns must fit a page of the
 * catalog, or the whole import fails; the longest real name has 120.
 */
#define MAX_POINTER 1000

/* text is what the column is named after: the field, or "object_field". */
static void
add_property(Builder *b, const AcProperty *property, const char *pointer,
			 const char *text, int depth)
{
	const AcShape *shape = property->shape;
	AcTypeChoice choice;
	AcColumnPlan *column;
	int i;

	if (property->write_only || strlen(pointer) > MAX_POINTER)
		return;
	if (ac_types_is_expandable(shape))
	{
		add_expandable(b, property, pointer, text);
		return;
	}
	if (is_flattened(b, shape, depth))
	{
		b->pending += shape->n_properties;
		for (i = 0; i < shape->n_properties; i++)
		{
			const AcProperty *inner = &shape->properties[i];

			b->pending--;
			add_property(b, inner, ac_pointer_child(pointer, inner->name),
						 psprintf("%s_%s", text, inner->name), depth + 1);
		}
		return;
	}
	choice = ac_types_choose(shape, property->name);
	column = add_column(b, property, pointer, text);
	if (column == NULL)
		return;
	column->type = choice.type;
	column->decode = choice.decode;
	column->confidence = choice.confidence;
}

static const char *
pointer_of(const AcProperty *property)
{
	return property->pointer != NULL ? property->pointer
									 : ac_pointer_child("", property->name);
}

void
ac_columns_from_property(AcColumnList *list, const AcProperty *property,
						 const AcPlanOptions *options)
{
	Builder b;

	b.list = list;
	b.options = options;
	b.pending = 0;
	add_property(&b, property, pointer_of(property), property->name, 1);
}

/* A row that is no object of known fields is one value. */
static void
add_value(Builder *b, const AcShape *row)
{
	AcColumnPlan *column = ac_columns_add(b->list);
	AcTypeChoice choice = ac_types_choose(row, "value");

	Assert(column != NULL);
	column->name = "value";
	column->type = choice.type;
	column->decode = choice.decode;
	column->json_path = "";
	column->comment = ac_plan_comment(NULL, row->description, false);
	column->enum_values = row->enum_values;
	column->n_enum = row->n_enum;
	column->confidence = choice.confidence;
}

void
ac_columns_from_row(AcColumnList *list, const AcShape *row,
					const AcPlanOptions *options)
{
	Builder b;
	int first = -1;
	int i;

	b.list = list;
	b.options = options;
	if (row->n_properties == 0)
	{
		add_value(&b, row);
		return;
	}
	reserve(list, list->n + row->n_properties);
	/* what tells variants apart comes first (S6) */
	for (i = 0; row->discriminator != NULL && i < row->n_properties; i++)
		if (strcmp(row->properties[i].name, row->discriminator) == 0)
			first = i;
	for (i = -1; i < row->n_properties; i++)
	{
		const AcProperty *property = &row->properties[i < 0 ? first : i];

		if (i < 0 ? first < 0 : i == first)
			continue;
		b.pending = row->n_properties - Max(i, 0) - 1;
		add_property(&b, property, pointer_of(property), property->name, 1);
	}
}

void
ac_columns_name(AcColumnPlan *columns, int n)
{
	const char **names = palloc(Max(n, 1) * sizeof(char *));
	const char **originals = palloc(Max(n, 1) * sizeof(char *));
	int i;

	for (i = 0; i < n; i++)
	{
		names[i] = columns[i].name;
		/* a field's name as written; "name=" marks what is no field */
		if (columns[i].json_path == NULL)
			originals[i] = psprintf("%s=", columns[i].param);
		else if (columns[i].of_parent || (columns[i].decode != NULL &&
										  strcmp(columns[i].decode, "ordinal") == 0))
			originals[i] = psprintf("^%s", columns[i].json_path);
		else if (i > 0 && columns[i - 1].json_path == columns[i].json_path)
			/* the second column of an expandable field */
			originals[i] = psprintf("%s|object", columns[i].json_path);
		else
			originals[i] = columns[i].json_path[0] == '/'
							   ? columns[i].json_path + 1
							   : columns[i].json_path;
	}
	ac_names_uniquify(names, originals, n);
	for (i = 0; i < n; i++)
		columns[i].name = names[i];
	pfree(names);
	pfree(originals);
}
