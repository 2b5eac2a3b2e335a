/*
 * compare_type.c
 *		What kind of change is a change of a column's type?
 *
 * By what the schema says of the value: its JSON type, and the type and
 * decoding that follow from its format.  A text that was plain and is now of
 * some format is narrower; the reverse, and all that no better name fits, is
 * mixed_types.
 */
#include "ac.h"

#include "api/names.h"
#include "api/types.h"
#include "drift/compare_int.h"

typedef enum ValueClass
{
	VALUE_ANY, /* nothing said, or several kinds */
	VALUE_ARRAY,
	VALUE_OBJECT,
	VALUE_BOOLEAN,
	VALUE_MOMENT, /* date or time of day and date, however written */
	VALUE_NUMBER,
	VALUE_DIGITS, /* a string that holds a number */
	VALUE_TEXT,	  /* a string of no format */
	VALUE_FORMAT  /* a string of some other format: uuid, inet, ... */
} ValueClass;

typedef struct Value
{
	ValueClass class;
	char *type;			/* SQL type, without decoding */
	const char *decode; /* "" if none */
	bool is_integer;	/* by its JSON type */
	bool is_string;
	bool constrained; /* a string with enum or an unknown format */
} Value;

static bool
is_moment(const char *type)
{
	return strcmp(type, "timestamptz") == 0 ||
		   strcmp(type, "timestamp") == 0 || strcmp(type, "date") == 0;
}

static ValueClass
class_of(const char *json_type, const char *type)
{
	if (strcmp(json_type, "array") == 0)
		return VALUE_ARRAY;
	if (strcmp(json_type, "object") == 0)
		return VALUE_OBJECT;
	if (strcmp(json_type, "boolean") == 0)
		return VALUE_BOOLEAN;
	if (is_moment(type))
		return VALUE_MOMENT;
	if (strcmp(json_type, "integer") == 0 || strcmp(json_type, "number") == 0)
		return VALUE_NUMBER;
	if (strcmp(json_type, "string") != 0)
		return VALUE_ANY;
	if (ac_types_is_number(type))
		return VALUE_DIGITS;
	return strcmp(type, "text") == 0 ? VALUE_TEXT : VALUE_FORMAT;
}

static Value
value_of(const AcModelColumn *column)
{
	size_t len = strcspn(column->described, " ");
	Value value;

	value.type = pnstrdup(column->described, len);
	value.decode = column->described[len] == ' ' ? column->described + len + 1
												 : "";
	value.class = class_of(column->json_type, value.type);
	value.is_integer = strcmp(column->json_type, "integer") == 0;
	value.is_string = strcmp(column->json_type, "string") == 0;
	value.constrained = column->n_enum > 0 || column->format != NULL;
	return value;
}

/* An element of a list, by its SQL type; false if it is no scalar. */
static bool
element_of(const Value *list, Value *element)
{
	char *type = ac_types_element(list->type);
	bool number;

	if (type == NULL)
		return false;
	number = ac_types_is_number(type);
	element->type = type;
	element->decode = "";
	element->class = class_of(number ? "number" : strcmp(type, "boolean") == 0 ? "boolean"
																			   : "string",
							  type);
	element->is_integer = false;
	element->is_string = element->class != VALUE_NUMBER &&
						 element->class != VALUE_BOOLEAN;
	element->constrained = false;
	return true;
}

/* How much a number can hold. */
static int
rank_of(const Value *value)
{
	static const char *const types[] = {"smallint", "integer", "bigint"};
	int i;

	for (i = 0; i < (int) lengthof(types); i++)
		if (strcmp(types[i], value->type) == 0)
			return i;
	return value->is_integer ? i : i + 1;
}

static bool
compare_ranks(const Value *before, const Value *after, AcDriftKind *kind)
{
	int difference = rank_of(after) - rank_of(before);

	*kind = difference > 0 ? AC_DRIFT_NUMERIC_WIDENED : AC_DRIFT_NARROWED;
	return difference != 0;
}

/* Is one of them of class a and the other of class b? */
static bool
are(const Value *x, const Value *y, ValueClass a, ValueClass b)
{
	return (x->class == a && y->class == b) ||
		   (x->class == b && y->class == a);
}

/* Is one of the two of that class? */
static bool
either(const Value *x, const Value *y, ValueClass class)
{
	return x->class == class || y->class == class;
}

static AcDriftKind
compare_moments(const Value *before, const Value *after)
{
	if (before->class == after->class)
		return AC_DRIFT_TIMESTAMP_ENCODING;
	if (either(before, after, VALUE_NUMBER) ||
		either(before, after, VALUE_DIGITS))
		return AC_DRIFT_TIMESTAMP_ENCODING;
	if (either(before, after, VALUE_TEXT))
	{
		if (!before->is_string || !after->is_string)
			return AC_DRIFT_TIMESTAMP_ENCODING;
		return before->class == VALUE_TEXT ? AC_DRIFT_NARROWED
										   : AC_DRIFT_MIXED_TYPES;
	}
	return AC_DRIFT_MIXED_TYPES;
}

/* Both are strings that hold no number, or one a number and one a text. */
static AcDriftKind
compare_texts(const Value *before, const Value *after, bool is_id)
{
	const Value *text = before->class == VALUE_NUMBER ? after : before;

	if (is_id && (either(before, after, VALUE_NUMBER) ||
				  strcmp(before->type, "uuid") == 0))
		return AC_DRIFT_ID_TYPE_CHANGE;
	if (are(before, after, VALUE_NUMBER, VALUE_TEXT))
		return text->constrained ? AC_DRIFT_MIXED_TYPES
								 : AC_DRIFT_QUOTED_NUMBER;
	if (before->class == VALUE_TEXT && after->is_string)
		return AC_DRIFT_NARROWED;
	return AC_DRIFT_MIXED_TYPES;
}

static bool
compare_scalars(const Value *before, const Value *after, bool is_id,
				AcDriftKind *kind)
{
	if (before->class == after->class &&
		(before->class == VALUE_NUMBER || before->class == VALUE_DIGITS))
		return compare_ranks(before, after, kind);
	if (before->class == after->class && strcmp(before->type, after->type) == 0 &&
		strcmp(before->decode, after->decode) == 0)
		return false;
	if (either(before, after, VALUE_BOOLEAN))
		*kind = either(before, after, VALUE_MOMENT) ||
						either(before, after, VALUE_FORMAT)
					? AC_DRIFT_MIXED_TYPES
					: AC_DRIFT_BOOL_REPRESENTATION;
	else if (either(before, after, VALUE_MOMENT))
		*kind = compare_moments(before, after);
	else if (are(before, after, VALUE_NUMBER, VALUE_DIGITS))
		*kind = AC_DRIFT_QUOTED_NUMBER;
	else
		*kind = compare_texts(before, after, is_id);
	return true;
}

/* Lists of scalars by their elements; others only with others. */
static bool
compare_lists(const Value *before, const Value *after, AcDriftKind *kind)
{
	Value x;
	Value y;
	bool scalar = element_of(before, &x);

	if (scalar != element_of(after, &y))
	{
		*kind = AC_DRIFT_CARDINALITY_CHANGE;
		return true;
	}
	return scalar && compare_scalars(&x, &y, false, kind);
}

bool
ac_compare_type(const AcModelColumn *before, const AcModelColumn *after,
				AcDriftKind *kind)
{
	Value x = value_of(before);
	Value y = value_of(after);
	bool is_id = before->key || ac_names_identifier(before->name);

	if (either(&x, &y, VALUE_ANY))
	{
		*kind = x.class == VALUE_ANY ? AC_DRIFT_NARROWED
									 : AC_DRIFT_MIXED_TYPES;
		return x.class != y.class;
	}
	if (either(&x, &y, VALUE_ARRAY) || either(&x, &y, VALUE_OBJECT))
	{
		*kind = AC_DRIFT_CARDINALITY_CHANGE;
		if (x.class != y.class)
			return true;
		return x.class == VALUE_ARRAY && compare_lists(&x, &y, kind);
	}
	return compare_scalars(&x, &y, is_id, kind);
}
