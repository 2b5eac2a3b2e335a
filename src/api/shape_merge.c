/*
 * shape_merge.c
 *		What does a value look like that two shapes both describe?
 *
 * JSON Schema's allOf, as far as tables need it: not the exact intersection,
 * but a shape that loses no property and narrows no further than both say.
 * Where the two contradict each other the description is wrong about one of
 * them, so the result admits both (doc/inference.md S6: conflicts -> join).
 */
#include "ac.h"

#include "api/shape_level.h"

static const char *
first_text(const char *a, const char *b)
{
	return a != NULL ? a : b;
}

static void
merge_annotations(AcShape *result, const AcShape *a, const AcShape *b)
{
	result->title = first_text(a->title, b->title);
	result->description = first_text(a->description, b->description);
	result->example = first_text(a->example, b->example);
	result->discriminator = first_text(a->discriminator, b->discriminator);
	result->default_value = first_text(a->default_value, b->default_value);
	result->nullable = a->nullable || b->nullable;
	result->deprecated = a->deprecated || b->deprecated;
}

/* Only one says what it is: that one, explained by both. */
static void
take_described(AcShape *result, const AcShape *described, const AcShape *a,
			   const AcShape *b)
{
	*result = *described;
	merge_annotations(result, a, b);
}

static void
merge_enums(AcShape *result, const AcShape *a, const AcShape *b)
{
	if (a->n_enum == 0 || b->n_enum == 0)
	{
		const AcShape *closed = a->n_enum > 0 ? a : b;

		result->enum_values = closed->enum_values;
		result->n_enum = closed->n_enum;
		return;
	}
	ac_shape_intersect_enums(result, a, b);
	if (result->n_enum == 0)
		ac_shape_unite_enums(result, a, b);
}

static void
merge_bounds(AcShape *result, const AcShape *a, const AcShape *b)
{
	result->minimum = first_text(a->minimum, b->minimum);
	if (a->minimum != NULL && b->minimum != NULL)
		result->minimum = ac_shape_greater_number(a->minimum, b->minimum);
	result->maximum = first_text(a->maximum, b->maximum);
	if (a->maximum != NULL && b->maximum != NULL)
		result->maximum = ac_shape_lesser_number(a->maximum, b->maximum);
	result->max_length = Max(a->max_length, b->max_length);
	if (a->max_length >= 0 && b->max_length >= 0)
		result->max_length = Min(a->max_length, b->max_length);
}

static void
merge_formats(AcShape *result, const AcShape *a, const AcShape *b)
{
	if (a->kind != b->kind)
		result->format = a->kind == AC_SHAPE_INTEGER ? a->format : b->format;
	else if (a->format != NULL && b->format != NULL)
		result->format = ac_shape_common_format(a, b);
	else
		result->format = first_text(a->format, b->format);
}

/* Two scalars of one class; of INTEGER and NUMBER the former is tighter. */
static void
merge_scalars(AcShape *result, const AcShape *a, const AcShape *b)
{
	result->kind = a->kind == b->kind ? a->kind : AC_SHAPE_INTEGER;
	result->by_cents = a->by_cents || b->by_cents;
	result->pattern = first_text(a->pattern, b->pattern);
	merge_formats(result, a, b);
	merge_bounds(result, a, b);
	merge_enums(result, a, b);
}

static void
merge_arrays(AcShape *result, AcShape *a, AcShape *b,
			 const AcShapeCombiner *children)
{
	result->kind = AC_SHAPE_ARRAY;
	result->items = a->items != NULL ? a->items : b->items;
	if (a->items != NULL && b->items != NULL && a->items != b->items)
		result->items = children->merge(children->arg, a->items, b->items);
}

static void
merge_objects(AcShape *result, AcShape *a, AcShape *b,
			  const AcShapeCombiner *children)
{
	result->kind = a->kind == AC_SHAPE_MAP && b->kind == AC_SHAPE_MAP ? AC_SHAPE_MAP : AC_SHAPE_OBJECT;
	ac_shape_combine_objects(result, a, b, children, AC_FLAGS_EITHER);
}

/*
 * One admits several kinds, the other fewer: the other decides, and of a
 * scalar beside an object its own side is what it is merged with.  False if
 * this is not such a case.
 */
static bool
merge_mixed(AcShape *result, AcShape *mixed, AcShape *other,
			const AcShapeCombiner *children)
{
	AcShapeClass class = ac_shape_class(mixed);
	AcShapeClass class_other = ac_shape_class(other);

	if (class == AC_CLASS_MIXED)
		return *result = *other, true;
	if (class != AC_CLASS_EXPANDABLE)
		return false;
	if (class_other == AC_CLASS_OBJECT)
	{
		merge_objects(result, mixed, other, children);
		return true;
	}
	if (class_other == ac_shape_class(mixed->scalar))
	{
		merge_scalars(result, mixed->scalar, other);
		return true;
	}
	return false;
}

static void
merge_described(AcShape *result, AcShape *a, AcShape *b,
				const AcShapeCombiner *children)
{
	AcShapeClass class = ac_shape_class(a);

	if (class == ac_shape_class(b) && ac_shape_class_is_scalar(class))
		merge_scalars(result, a, b);
	else if (class == ac_shape_class(b) && class == AC_CLASS_ARRAY)
		merge_arrays(result, a, b, children);
	else if (class == ac_shape_class(b) && class == AC_CLASS_OBJECT)
		merge_objects(result, a, b, children);
	else if (!merge_mixed(result, a, b, children) &&
			 !merge_mixed(result, b, a, children))
		ac_shape_join_level(result, a, b, children);
}

void
ac_shape_merge_level(AcShape *result, AcShape *a, AcShape *b,
					 const AcShapeCombiner *children)
{
	Assert(result != a && result != b);
	if (b->kind == AC_SHAPE_UNKNOWN)
		take_described(result, a, a, b);
	else if (a->kind == AC_SHAPE_UNKNOWN)
		take_described(result, b, a, b);
	else
	{
		memset(result, 0, sizeof(AcShape));
		result->max_length = -1;
		merge_described(result, a, b, children);
		result->name = NULL;
		merge_annotations(result, a, b);
	}
}
