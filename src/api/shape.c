/*
 * shape.c
 *		What values can stand at one place of an API's answers?
 *
 * Making, searching and showing shapes; see shape.h.  Joining them is
 * api/shape_join.
 */
#include "ac.h"

#include "api/shape.h"
#include "core/pointer.h"

/* Shown texts go into evidence and messages: a screenful at most. */
#define SHAPE_TEXT_MAX 2000

AcShape *
ac_shape_new(AcShapeKind kind)
{
	AcShape *shape = palloc0(sizeof(AcShape));

	shape->kind = kind;
	shape->nullable = kind == AC_SHAPE_NULL;
	shape->max_length = -1;
	return shape;
}

AcProperty *
ac_shape_property(const AcShape *shape, const char *name)
{
	int i;

	for (i = 0; i < shape->n_properties; i++)
	{
		if (strcmp(shape->properties[i].name, name) == 0)
			return &shape->properties[i];
	}
	return NULL;
}

/*
 * The rest of a pointer behind its first token, if that is the name: what
 * ac_pointer_child() and ac_pointer_is_below() would say, without a copy,
 * because it is asked of every field for every column.
 */
static const char *
behind_name(const char *pointer, const char *name)
{
	if (*pointer++ != '/')
		return NULL;
	for (; *name != '\0'; name++)
	{
		char c = *pointer++;

		if (c == '/')
			return NULL;
		if (c == '~')
		{
			c = *pointer == '0' ? '~' : *pointer == '1' ? '/'
														: '\0';
			pointer++;
		}
		if (c != *name)
			return NULL;
	}
	return *pointer == '/' || *pointer == '\0' ? pointer : NULL;
}

/*
 * The property of the row that pointer leads to or through; *rest is what is
 * left of the pointer.
 */
static const AcProperty *
property_above(const AcShape *row, const char *pointer, const char **rest)
{
	int i;

	for (i = 0; i < row->n_properties; i++)
	{
		const AcProperty *property = &row->properties[i];

		if (property->pointer == NULL)
			*rest = behind_name(pointer, property->name);
		else
			*rest = ac_pointer_is_below(property->pointer, pointer)
						? pointer + strlen(property->pointer)
						: NULL;
		if (*rest != NULL)
			return property;
	}
	return NULL;
}

const AcProperty *
ac_shape_at(const AcShape *row, const char *pointer)
{
	const AcProperty *property = NULL;
	const char *rest;
	AcPointer path;
	int i;

	if (row == NULL)
		return NULL;
	property = property_above(row, pointer, &rest);
	if (property == NULL || *rest == '\0')
		return property;
	if (!ac_pointer_parse(rest, &path, NULL))
		return NULL;
	for (i = 0; property != NULL && i < path.count; i++)
		property = ac_shape_property(property->shape, path.tokens[i]);
	return property;
}

const char *
ac_shape_kind_name(AcShapeKind kind)
{
	static const char *const names[] = {
		[AC_SHAPE_UNKNOWN] = "unknown",
		[AC_SHAPE_NULL] = "null",
		[AC_SHAPE_BOOLEAN] = "boolean",
		[AC_SHAPE_INTEGER] = "integer",
		[AC_SHAPE_NUMBER] = "number",
		[AC_SHAPE_STRING] = "string",
		[AC_SHAPE_ARRAY] = "array",
		[AC_SHAPE_OBJECT] = "object",
		[AC_SHAPE_MAP] = "map",
		[AC_SHAPE_MIXED] = "mixed",
	};

	Assert((int) kind >= 0 && (int) kind < (int) lengthof(names));
	return names[kind];
}

static void append_shape(StringInfo text, const AcShape *shape, int max_depth);

static void
append_properties(StringInfo text, const AcShape *shape, int max_depth)
{
	int i;

	appendStringInfoChar(text, '{');
	for (i = 0; i < shape->n_properties && text->len < SHAPE_TEXT_MAX; i++)
	{
		appendStringInfo(text, "%s%s: ", i > 0 ? ", " : "",
						 shape->properties[i].name);
		append_shape(text, shape->properties[i].shape, max_depth - 1);
	}
	if (shape->kind == AC_SHAPE_OBJECT && shape->items != NULL)
	{
		appendStringInfo(text, "%s*: ", shape->n_properties > 0 ? ", " : "");
		append_shape(text, shape->items, max_depth - 1);
	}
	appendStringInfoChar(text, '}');
}

/* Recursion ends with max_depth, breadth with SHAPE_TEXT_MAX. */
static void
append_shape(StringInfo text, const AcShape *shape, int max_depth)
{
	if (text->len >= SHAPE_TEXT_MAX)
		return;
	appendStringInfoString(text, ac_shape_kind_name(shape->kind));
	if (shape->format != NULL)
		appendStringInfo(text, "(%s)", shape->format);
	if (shape->expandable && shape->scalar != NULL)
	{
		appendStringInfoChar(text, '(');
		append_shape(text, shape->scalar, 0);
		appendStringInfoString(text, " or object)");
	}
	if (shape->kind == AC_SHAPE_ARRAY || shape->kind == AC_SHAPE_MAP)
	{
		if (max_depth > 0 && shape->items != NULL)
		{
			appendStringInfoString(text, " of ");
			append_shape(text, shape->items, max_depth - 1);
		}
	}
	else if (max_depth > 0 && (shape->n_properties > 0 || shape->items != NULL))
		append_properties(text, shape, max_depth);
	if (shape->nullable && shape->kind != AC_SHAPE_NULL)
		appendStringInfoChar(text, '?');
}

char *
ac_shape_text(const AcShape *shape, int max_depth)
{
	StringInfoData text;

	initStringInfo(&text);
	append_shape(&text, shape, max_depth);
	return text.data;
}
