/*
 * tableplan_seen.c
 *		What does a sample show of a field?
 *
 * Counters over the values of all rows (INFERENCE S2, S4, S5), and the shape
 * that they speak for.  What follows for a plan is observe.c's business.
 */
#include "ac.h"

#include "api/names.h"
#include "api/tableplan_int.h"
#include "api/types.h"

/*
 * Values of one field looked at.  A property never seen in this many rows
 * has a true rate below 0.3 % (rule of three, S2).
 */
#define MAX_VALUES 1000

/* Texts of one form that make a type without the name's help (S5). */
#define TEXTS_NEEDED 10

/* Seconds since 1970 in the year 5138: more are milliseconds. */
#define MAX_SECONDS INT64CONST(100000000000)

static void
count_integer(AcSeen *seen, const AcJson *value)
{
	const char *text = ac_json_text_of(value);
	int64 number = ac_json_int(value, 0);

	seen->integers++;
	if (!ac_types_integer_fits("smallint", text))
		seen->beyond_int2 = true;
	if (!ac_types_integer_fits("integer", text))
		seen->beyond_int4 = true;
	if (!ac_types_integer_fits("bigint", text))
		seen->beyond_int8 = true;
	if (number < MAX_SECONDS)
		seen->only_ms = false;
}

static void
count_string(AcSeen *seen, const AcJson *value)
{
	const char *text = ac_json_string(value, NULL);

	seen->strings++;
	if (text[0] == '\0')
		return;
	seen->look &= ac_types_look(text);
	seen->n_looked++;
}

AcSeen
ac_seen_count(const AcValues *values)
{
	AcSeen seen = {0};
	int i;

	seen.look = AC_LOOK_ANY;
	seen.only_ms = true;
	for (i = 0; i < values->n; i++)
	{
		const AcJson *value = values->values[i];

		switch (ac_json_kind(value))
		{
			case AC_JSON_ABSENT:
			case AC_JSON_NULL:
				seen.nulls++;
				break;
			case AC_JSON_BOOL:
				seen.bools++;
				break;
			case AC_JSON_INT:
				count_integer(&seen, value);
				break;
			case AC_JSON_DOUBLE:
				seen.numbers++;
				break;
			case AC_JSON_STRING:
				count_string(&seen, value);
				break;
			case AC_JSON_ARRAY:
				seen.arrays++;
				break;
			case AC_JSON_OBJECT:
				seen.objects++;
				break;
		}
	}
	seen.n = values->n - seen.nulls;
	if (seen.integers == 0)
		seen.only_ms = false;
	if (seen.n_looked == 0)
		seen.look = 0;
	return seen;
}

AcValues
ac_seen_elements(const AcValues *values)
{
	AcValues elements;
	int i;
	int j;

	elements.values = palloc(MAX_VALUES * sizeof(AcJson *));
	elements.n = 0;
	for (i = 0; i < values->n; i++)
		for (j = 0; j < ac_json_length(values->values[i]); j++)
			if (elements.n < MAX_VALUES)
				elements.values[elements.n++] = ac_json_at(values->values[i],
														   j);
	return elements;
}

AcValues
ac_seen_at(const AcValues *rows, const char *pointer)
{
	AcValues found;
	AcJson *value;
	int i;

	found.values = palloc(Max(rows->n, 1) * sizeof(AcJson *));
	found.n = 0;
	for (i = 0; i < rows->n; i++)
		if (ac_json_pointer(rows->values[i], pointer, &value))
			found.values[found.n++] = value;
	return found;
}

int
ac_seen_names(const AcValues *rows, const char ***names)
{
	AcJson *seen = ac_json_new_object();
	int n = 0;
	int i;

	*names = palloc(AC_PLAN_MAX_COLUMNS * sizeof(char *));
	for (i = 0; i < rows->n; i++)
	{
		AcJsonIter it;

		ac_json_iter_init(&it, rows->values[i]);
		while (ac_json_iter_next(&it) && n < AC_PLAN_MAX_COLUMNS)
			if (!ac_json_has(seen, it.key))
			{
				(*names)[n++] = pstrdup(it.key);
				ac_json_set(seen, it.key, NULL);
			}
	}
	ac_json_free(seen);
	return n;
}

/*
 * Types that texts earn by form: moments and days also need the name's word,
 * so that a version number or a title never becomes one by chance.  "text"
 * says that the values were seen and are nothing special.
 */
static const char *
text_format(const AcSeen *seen, const char *name)
{
	if (ac_names_temporal(name))
	{
		if (seen->look & AC_LOOK_TIMESTAMPTZ)
			return "date-time";
		if (seen->look & AC_LOOK_TIMESTAMP)
			return "date-time-local";
		if (seen->look & AC_LOOK_DATE)
			return "date";
	}
	if ((seen->look & AC_LOOK_UUID) && seen->n_looked >= TEXTS_NEEDED)
		return "uuid";
	return "text";
}

/* The kind that holds all values seen (S4). */
static AcShapeKind
kind_of(const AcSeen *seen)
{
	if (seen->n == 0)
		return AC_SHAPE_NULL;
	if (seen->objects == seen->n)
		return AC_SHAPE_OBJECT;
	if (seen->arrays == seen->n)
		return AC_SHAPE_ARRAY;
	if (seen->objects + seen->arrays > 0)
		return AC_SHAPE_MIXED;
	if (seen->bools == seen->n)
		return AC_SHAPE_BOOLEAN;
	if (seen->integers == seen->n)
		return AC_SHAPE_INTEGER;
	if (seen->integers + seen->numbers == seen->n)
		return AC_SHAPE_NUMBER;
	return AC_SHAPE_STRING;
}

static void
add_members(AcShape *shape, const AcValues *values, int max_depth)
{
	const char **names;
	int n = ac_seen_names(values, &names);
	int i;

	shape->properties = palloc0(Max(n, 1) * sizeof(AcProperty));
	for (i = 0; i < n; i++)
	{
		AcProperty *property = &shape->properties[shape->n_properties++];
		AcValues members;
		int j;

		members.values = palloc(values->n * sizeof(AcJson *));
		members.n = 0;
		for (j = 0; j < values->n; j++)
			if (ac_json_has(values->values[j], names[i]))
				members.values[members.n++] = ac_json_get(values->values[j],
														  names[i]);
		property->name = names[i];
		property->shape = ac_seen_shape(&members, names[i], max_depth - 1);
	}
}

AcShape *
ac_seen_shape(const AcValues *values, const char *name, int max_depth)
{
	AcSeen seen = ac_seen_count(values);
	AcShape *shape = ac_shape_new(kind_of(&seen));
	AcValues elements;

	shape->nullable = seen.nulls > 0;
	switch (shape->kind)
	{
		case AC_SHAPE_INTEGER:
			if (seen.beyond_int8)
				shape->format = "decimal";
			break;
		case AC_SHAPE_STRING:
			shape->format = seen.strings == seen.n ? text_format(&seen, name)
												   : "text";
			break;
		case AC_SHAPE_OBJECT:
			if (max_depth > 0)
				add_members(shape, values, max_depth);
			break;
		case AC_SHAPE_ARRAY:
			elements = ac_seen_elements(values);
			if (elements.n > 0 && max_depth > 0)
				shape->items = ac_seen_shape(&elements, "", max_depth - 1);
			break;
		default:
			break;
	}
	return shape;
}
