/*
 * shape_join.c
 *		What is the least shape that admits the values of two?
 *
 * The lattice of S4.  A shape is in one class (scalars of one sort,
 * arrays, objects, or a scalar beside an object); two of one class have a
 * common shape of that class, two of different classes are MIXED.  Facts that
 * narrow a shape (format, bounds, enum, pattern) survive where both sides
 * have them; facts that only explain it (title, description, example) survive
 * where one has, and of two different ones the lesser text is kept, so that
 * the order of joins does not matter.
 */
#include "ac.h"

#include "api/shape_level.h"
#include "api/shape_map.h"

/* From here on a hash table finds names faster than comparing them. */
#define FEW_NAMES 12

AcShapeClass
ac_shape_class(const AcShape *shape)
{
	switch (shape->kind)
	{
		case AC_SHAPE_NULL:
			return AC_CLASS_NULL;
		case AC_SHAPE_BOOLEAN:
			return AC_CLASS_BOOLEAN;
		case AC_SHAPE_INTEGER:
		case AC_SHAPE_NUMBER:
			return AC_CLASS_NUMBER;
		case AC_SHAPE_STRING:
			return AC_CLASS_STRING;
		case AC_SHAPE_ARRAY:
			return AC_CLASS_ARRAY;
		case AC_SHAPE_OBJECT:
		case AC_SHAPE_MAP:
			return AC_CLASS_OBJECT;
		case AC_SHAPE_MIXED:
			return shape->expandable && shape->scalar != NULL ? AC_CLASS_EXPANDABLE : AC_CLASS_MIXED;
		case AC_SHAPE_UNKNOWN:
			break;
	}
	return AC_CLASS_UNKNOWN;
}

bool
ac_shape_class_is_scalar(AcShapeClass class)
{
	return class == AC_CLASS_BOOLEAN || class == AC_CLASS_NUMBER ||
		   class == AC_CLASS_STRING;
}

/* The text if both have the same, else NULL. */
static const char *
common_text(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0 ? a : NULL;
}

/* The lesser of the texts that are there. */
static const char *
lesser_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a != NULL ? a : b;
	return strcmp(a, b) <= 0 ? a : b;
}

/*
 * Bounds are compared as doubles, which only has to be a total order; texts
 * that are the same double are ordered as texts.
 */
static bool
number_precedes(const char *a, const char *b)
{
	double x = strtod(a, NULL);
	double y = strtod(b, NULL);

	return x < y || (x == y && strcmp(a, b) < 0);
}

const char *
ac_shape_lesser_number(const char *a, const char *b)
{
	return number_precedes(b, a) ? b : a;
}

const char *
ac_shape_greater_number(const char *a, const char *b)
{
	return number_precedes(a, b) ? b : a;
}

/* Width of an integer format among its kin, 0 if it is none of them. */
static int
integer_width(const char *format)
{
	static const char *const widths[] = {"int8", "int16", "int32", "int64"};
	int i;

	for (i = 0; i < (int) lengthof(widths); i++)
	{
		if (strcmp(format, widths[i]) == 0)
			return i + 1;
	}
	return 0;
}

const char *
ac_shape_common_format(const AcShape *a, const AcShape *b)
{
	if (a->format == NULL || b->format == NULL || a->kind != b->kind)
		return NULL;
	if (strcmp(a->format, b->format) == 0)
		return a->format;
	if (a->kind == AC_SHAPE_INTEGER)
	{
		int width_a = integer_width(a->format);
		int width_b = integer_width(b->format);

		if (width_a > 0 && width_b > 0)
			return width_a > width_b ? a->format : b->format;
	}
	/* The two are unequal, so together they are float and double. */
	if (a->kind == AC_SHAPE_NUMBER &&
		(strcmp(a->format, "float") == 0 || strcmp(a->format, "double") == 0) &&
		(strcmp(b->format, "float") == 0 || strcmp(b->format, "double") == 0))
		return strcmp(a->format, "double") == 0 ? a->format : b->format;
	return NULL;
}

/* Names of a list, to be asked whether they hold another. */
typedef struct NameSet
{
	const char **names;
	int n_names;
	AcShapeMap map; /* filled if there are more than a few */
} NameSet;

static void
name_set_init(NameSet *set, const char **names, int n_names)
{
	int i;

	set->names = names;
	set->n_names = n_names;
	ac_shape_map_init(&set->map);
	if (n_names <= FEW_NAMES)
		return;
	for (i = 0; i < n_names; i++)
		ac_shape_map_enter(&set->map, names[i], strlen(names[i]))->value =
			set;
}

static bool
name_set_has(const NameSet *set, const char *name)
{
	int i;

	if (set->n_names > FEW_NAMES)
		return ac_shape_map_find(&set->map, name, strlen(name)) != NULL;
	for (i = 0; i < set->n_names; i++)
	{
		if (strcmp(set->names[i], name) == 0)
			return true;
	}
	return false;
}

void
ac_shape_unite_enums(AcShape *result, const AcShape *a, const AcShape *b)
{
	NameSet of_a;
	int i;

	if (a->enum_values == b->enum_values || b->n_enum == 0)
	{
		result->enum_values = a->enum_values;
		result->n_enum = a->n_enum;
		return;
	}
	name_set_init(&of_a, a->enum_values, a->n_enum);
	result->enum_values =
		palloc((a->n_enum + b->n_enum) * sizeof(const char *));
	for (i = 0; i < a->n_enum; i++)
		result->enum_values[i] = a->enum_values[i];
	result->n_enum = a->n_enum;
	for (i = 0; i < b->n_enum; i++)
	{
		if (!name_set_has(&of_a, b->enum_values[i]))
			result->enum_values[result->n_enum++] = b->enum_values[i];
	}
	ac_shape_map_free(&of_a.map);
}

void
ac_shape_intersect_enums(AcShape *result, const AcShape *a, const AcShape *b)
{
	NameSet of_b;
	int i;

	name_set_init(&of_b, b->enum_values, b->n_enum);
	result->enum_values = palloc(Max(a->n_enum, 1) * sizeof(const char *));
	result->n_enum = 0;
	for (i = 0; i < a->n_enum; i++)
	{
		if (name_set_has(&of_b, a->enum_values[i]))
			result->enum_values[result->n_enum++] = a->enum_values[i];
	}
	ac_shape_map_free(&of_b.map);
}

/* What explains a shape, and what every class has. */
static void
join_annotations(AcShape *result, const AcShape *a, const AcShape *b)
{
	result->name = common_text(a->name, b->name);
	result->title = lesser_text(a->title, b->title);
	result->description = lesser_text(a->description, b->description);
	result->example = lesser_text(a->example, b->example);
	result->discriminator = common_text(a->discriminator, b->discriminator);
	result->default_value = common_text(a->default_value, b->default_value);
	result->nullable = a->nullable || b->nullable;
	result->deprecated = a->deprecated && b->deprecated;
}

/* An integer is a whole number of cents whatever is said of it. */
static bool
by_cents(const AcShape *shape, AcShapeKind as_kind)
{
	return shape->by_cents || (as_kind == AC_SHAPE_NUMBER &&
							   shape->kind == AC_SHAPE_INTEGER);
}

/* Two scalars of one class. */
static void
join_scalars(AcShape *result, const AcShape *a, const AcShape *b)
{
	Assert(ac_shape_class(a) == ac_shape_class(b));
	result->kind = a->kind == b->kind ? a->kind : AC_SHAPE_NUMBER;
	result->format = ac_shape_common_format(a, b);
	result->by_cents = by_cents(a, result->kind) && by_cents(b, result->kind);
	if (a->minimum != NULL && b->minimum != NULL)
		result->minimum = ac_shape_lesser_number(a->minimum, b->minimum);
	if (a->maximum != NULL && b->maximum != NULL)
		result->maximum = ac_shape_greater_number(a->maximum, b->maximum);
	if (a->max_length >= 0 && b->max_length >= 0)
		result->max_length = Max(a->max_length, b->max_length);
	result->pattern = common_text(a->pattern, b->pattern);
	if (a->n_enum > 0 && b->n_enum > 0)
		ac_shape_unite_enums(result, a, b);
}

/* A child of both; *same is cleared if it is not a's own. */
static AcShape *
combine_child(AcShape *a, AcShape *b, const AcShapeCombiner *children,
			  AcShapeFlags flags)
{
	if (a == b)
		return a;
	return flags == AC_FLAGS_BOTH ? children->join(children->arg, a, b) : children->merge(children->arg, a, b);
}

static inline bool
combine_flag(bool a, bool b, AcShapeFlags flags)
{
	return flags == AC_FLAGS_BOTH ? a && b : a || b;
}

static void
combine_property(AcProperty *mine, const AcProperty *other,
				 const AcShapeCombiner *children, AcShapeFlags flags)
{
	mine->shape = combine_child(mine->shape, other->shape, children, flags);
	mine->required = combine_flag(mine->required, other->required, flags);
	mine->read_only = combine_flag(mine->read_only, other->read_only, flags);
	mine->write_only =
		combine_flag(mine->write_only, other->write_only, flags);
	mine->deprecated =
		combine_flag(mine->deprecated, other->deprecated, flags);
	mine->said_key = combine_flag(mine->said_key, other->said_key, flags);
}

static AcProperty *
find_among(AcShape *shape, const AcShapeMap *names, const char *name)
{
	if (names->used > 0)
		return ac_shape_map_find(names, name, strlen(name));
	return ac_shape_property(shape, name);
}

/* Properties of a, then those that only b has; both lists have some. */
static void
combine_properties(AcShape *result, AcShape *a, AcShape *b,
				   const AcShapeCombiner *children, AcShapeFlags flags)
{
	AcShapeMap names;
	int i;
	int n_mine = a->n_properties;

	result->properties = palloc((a->n_properties + b->n_properties) *
								sizeof(AcProperty));
	if (n_mine > 0)
		memcpy(result->properties, a->properties,
			   n_mine * sizeof(AcProperty));
	result->n_properties = n_mine;
	for (i = 0; i < n_mine; i++)
		result->properties[i].required &= flags == AC_FLAGS_EITHER;

	ac_shape_map_init(&names);
	for (i = 0; n_mine > FEW_NAMES && i < n_mine; i++)
	{
		AcProperty *mine = &result->properties[i];

		ac_shape_map_enter(&names, mine->name, strlen(mine->name))->value =
			mine;
	}
	for (i = 0; i < b->n_properties; i++)
	{
		AcProperty *other = &b->properties[i];
		AcProperty *mine = find_among(a, &names, other->name);

		if (mine != NULL && names.used == 0)
			mine = &result->properties[mine - a->properties];
		if (mine == NULL)
		{
			mine = &result->properties[result->n_properties++];
			*mine = *other;
			mine->required &= flags == AC_FLAGS_EITHER;
			continue;
		}
		/* Cleared above in case that b does not have it; a knows. */
		mine->required = a->properties[mine - result->properties].required;
		combine_property(mine, other, children, flags);
	}
	ac_shape_map_free(&names);
}

/* Does this shape have a side that is an object? */
static bool
has_object(const AcShape *shape)
{
	AcShapeClass class = ac_shape_class(shape);

	return class == AC_CLASS_OBJECT || class == AC_CLASS_EXPANDABLE;
}

/* The values of keys that are no properties; NULL if there are none. */
static AcShape *
further_keys(AcShape *shape, const AcShapeCombiner *children)
{
	if (shape->kind == AC_SHAPE_MAP && shape->items == NULL)
		return children->unknown;
	return shape->items;
}

void
ac_shape_combine_objects(AcShape *result, AcShape *a, AcShape *b,
						 const AcShapeCombiner *children, AcShapeFlags flags)
{
	AcShape *free_a = has_object(a) ? further_keys(a, children) : NULL;
	AcShape *free_b = has_object(b) ? further_keys(b, children) : NULL;
	AcShape *only = !has_object(b) ? a : !has_object(a) ? b
														: NULL;

	Assert(has_object(a) || has_object(b));
	if (only != NULL || a->properties == b->properties)
	{
		if (only == NULL)
			only = a;
		result->properties = only->properties;
		result->n_properties = only->n_properties;
	}
	else
		combine_properties(result, a, b, children, flags);

	if (free_a != NULL && free_b != NULL)
		result->items = combine_child(free_a, free_b, children, flags);
	else
		result->items = free_a != NULL ? free_a : free_b;
}

static void
join_objects(AcShape *result, AcShape *a, AcShape *b,
			 const AcShapeCombiner *children)
{
	result->kind = a->kind == AC_SHAPE_MAP && b->kind == AC_SHAPE_MAP ? AC_SHAPE_MAP : AC_SHAPE_OBJECT;
	ac_shape_combine_objects(result, a, b, children, AC_FLAGS_BOTH);
}

static void
join_arrays(AcShape *result, AcShape *a, AcShape *b,
			const AcShapeCombiner *children)
{
	result->kind = AC_SHAPE_ARRAY;
	if (a->items != NULL && b->items != NULL)
		result->items =
			combine_child(a->items, b->items, children, AC_FLAGS_BOTH);
}

/*
 * The scalar side of a shape that has one, else NULL.  That null may stand
 * here too is said of the whole.
 */
static AcShape *
scalar_side(AcShape *shape)
{
	AcShape *side;

	if (ac_shape_class(shape) == AC_CLASS_EXPANDABLE)
		return shape->scalar;
	if (!ac_shape_class_is_scalar(ac_shape_class(shape)))
		return NULL;
	if (!shape->nullable)
		return shape;
	side = palloc(sizeof(AcShape));
	*side = *shape;
	side->nullable = false;
	return side;
}

/*
 * Different classes: a scalar beside an object stays apart and readable, all
 * else has no common shape.
 */
static void
join_sides(AcShape *result, AcShape *a, AcShape *b,
		   const AcShapeCombiner *children)
{
	AcShape *scalar_a = scalar_side(a);
	AcShape *scalar_b = scalar_side(b);
	bool apart = (scalar_a != NULL || has_object(a)) &&
				 (scalar_b != NULL || has_object(b)) &&
				 (has_object(a) || has_object(b));

	result->kind = AC_SHAPE_MIXED;
	if (!apart)
		return;
	result->scalar = scalar_a != NULL ? scalar_a : scalar_b;
	if (scalar_a != NULL && scalar_b != NULL && scalar_a != scalar_b)
	{
		if (ac_shape_class(scalar_a) != ac_shape_class(scalar_b))
		{
			result->scalar = NULL;
			return;
		}
		result->scalar = ac_shape_new(scalar_a->kind);
		join_annotations(result->scalar, scalar_a, scalar_b);
		join_scalars(result->scalar, scalar_a, scalar_b);
	}
	result->expandable = true;
	ac_shape_combine_objects(result, a, b, children, AC_FLAGS_BOTH);
}

void
ac_shape_join_level(AcShape *result, AcShape *a, AcShape *b,
					const AcShapeCombiner *children)
{
	AcShapeClass class_a = ac_shape_class(a);
	AcShapeClass class_b = ac_shape_class(b);

	Assert(result != a && result != b);
	if ((class_a == AC_CLASS_NULL) != (class_b == AC_CLASS_NULL))
	{
		*result = class_a == AC_CLASS_NULL ? *b : *a;
		result->nullable = true;
		return;
	}
	memset(result, 0, sizeof(AcShape));
	result->max_length = -1;
	join_annotations(result, a, b);
	if (class_a == AC_CLASS_UNKNOWN || class_b == AC_CLASS_UNKNOWN)
		result->kind = AC_SHAPE_UNKNOWN;
	else if (class_a != class_b || class_a == AC_CLASS_EXPANDABLE)
		join_sides(result, a, b, children);
	else if (ac_shape_class_is_scalar(class_a))
		join_scalars(result, a, b);
	else if (class_a == AC_CLASS_ARRAY)
		join_arrays(result, a, b, children);
	else if (class_a == AC_CLASS_OBJECT)
		join_objects(result, a, b, children);
	else
		result->kind = a->kind; /* NULL or MIXED */
}

/*
 * Joining whole graphs: every pair of shapes that meet is joined once, in the
 * order in which they are met (breadth first), so that cycles end and a pair
 * counts with its least depth.
 */
typedef struct JoinPair
{
	AcShape *sides[2]; /* the key in Join.pairs */
	AcShape *result;
	int depth;
	struct JoinPair *next;
} JoinPair;

typedef struct Join
{
	AcShapeCombiner children;
	AcShapeMap pairs;
	JoinPair *last; /* of the queue */
	int depth;		/* of the pair at work */
} Join;

static JoinPair *
enqueue_pair(Join *join, AcShape *a, AcShape *b, int depth)
{
	JoinPair *pair = palloc(sizeof(JoinPair));

	pair->sides[0] = a;
	pair->sides[1] = b;
	pair->result = ac_shape_new(AC_SHAPE_UNKNOWN);
	pair->depth = depth;
	pair->next = NULL;
	ac_shape_map_enter(&join->pairs, pair->sides, sizeof(pair->sides))->value =
		pair;
	if (join->last != NULL)
		join->last->next = pair;
	join->last = pair;
	return pair;
}

static AcShape *
join_children(void *arg, AcShape *a, AcShape *b)
{
	Join *join = arg;
	AcShape *key[2] = {a, b};
	JoinPair *pair = ac_shape_map_find(&join->pairs, key, sizeof(key));

	if (pair == NULL)
		pair = enqueue_pair(join, a, b, join->depth + 1);
	return pair->result;
}

/*
 * Below the last level nothing may call for another one: whatever has
 * children and is not the same on both sides becomes MIXED.
 */
static bool
join_ends_here(const AcShape *a, const AcShape *b)
{
	AcShapeClass class_a = ac_shape_class(a);
	AcShapeClass class_b = ac_shape_class(b);

	if (class_a == AC_CLASS_NULL || class_b == AC_CLASS_NULL ||
		class_a == AC_CLASS_UNKNOWN || class_b == AC_CLASS_UNKNOWN)
		return false;
	return class_a != class_b || a->kind != b->kind ||
		   a->properties != b->properties || a->items != b->items ||
		   a->scalar != b->scalar;
}

static void
join_pair(Join *join, JoinPair *pair, int max_depth)
{
	AcShape *a = pair->sides[0];
	AcShape *b = pair->sides[1];
	bool leaves = ac_shape_class_is_scalar(ac_shape_class(a)) &&
				  ac_shape_class(a) == ac_shape_class(b);

	join->depth = pair->depth;
	if (pair->depth > max_depth && !leaves && join_ends_here(a, b))
	{
		join_annotations(pair->result, a, b);
		pair->result->kind = AC_SHAPE_MIXED;
		return;
	}
	ac_shape_join_level(pair->result, a, b, &join->children);
}

AcShape *
ac_shape_join(AcShape *a, AcShape *b, int max_depth)
{
	Join join = {0};
	JoinPair *first;
	JoinPair *pair;

	if (a == b)
		return a;
	join.children.join = join_children;
	join.children.arg = &join;
	join.children.unknown = ac_shape_new(AC_SHAPE_UNKNOWN);
	first = enqueue_pair(&join, a, b, 0);
	for (pair = first; pair != NULL; pair = pair->next)
		join_pair(&join, pair, max_depth);
	ac_shape_map_free(&join.pairs);
	return first->result;
}
