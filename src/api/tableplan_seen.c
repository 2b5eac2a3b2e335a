/*
 * tableplan_seen.c
 *		What does a sample show of a field?
 *
 * Counters over the values of all rows (doc/inference.md S2, S4, S5), and the shape
 * that they speak for.  What follows for a plan is observe.c's business.
 */
#include "ac.h"

#include "api/names.h"
#include "api/tableplan_int.h"
#include "api/types.h"

/*
 * Values of one field looked at: all of a hundred pages of a thousand rows.
 * More of one field than this are elements of arrays, which differ least.
 */
#define MAX_VALUES 100000

/* Texts looked at although nothing is common to those before (for the record
 * of what was rejected); the rest is only counted. */
#define MAX_LOOKS 1000

/*
 * Numbers since 1970 in seconds, from 2000 on (S5).  The upper end is that of
 * 32 bits, in 2038: some ten years ahead, and without a clock.
 */
#define EPOCH_FIRST INT64CONST(946684800)
#define EPOCH_LAST INT64CONST(2147483647)

/* Seconds since 1970 in the year 5138: more are milliseconds. */
#define MAX_SECONDS INT64CONST(100000000000)

/* Significant digits that a double always keeps, and those it may keep. */
#define FLOAT8_DIGITS 15
#define FLOAT8_MAX_DIGITS 17

/* Digits of a second's fraction that PostgreSQL's types keep. */
#define MICRO_DIGITS 6

/*
 * Significant digits of a number's text, without leading and trailing zeros,
 * and the power of ten of the first; 0 digits: it is zero.  At most size - 1
 * digits are stored, all are counted.
 */
static int
significant(const char *text, char *digits, int size, long *power)
{
	long point = 0; /* digits before the point, as far as they count */
	bool behind = false;
	int n = 0;
	int zeros = 0;

	*power = 0;
	for (; *text != '\0' && *text != 'e' && *text != 'E'; text++)
	{
		if (*text == '.')
			behind = true;
		if (*text < '0' || *text > '9')
			continue;
		if (n > 0 || *text != '0')
		{
			if (!behind)
				point++;
			if (*text == '0')
			{
				zeros++;
				continue;
			}
			for (; zeros > 0; zeros--, n++)
				if (n < size - 1)
					digits[n] = '0';
			if (n < size - 1)
				digits[n] = *text;
			n++;
		}
		else if (behind)
			point--;
	}
	digits[Min(n, size - 1)] = '\0';
	if (*text != '\0')
		point += strtol(text + 1, NULL, 10);
	*power = point;
	return n;
}

/* Is there a double from which the same digits come back? */
static bool
fits_float8(const char *text)
{
	char mine[FLOAT8_MAX_DIGITS + 1];
	char theirs[FLOAT8_MAX_DIGITS + 1];
	char back[FLOAT8_MAX_DIGITS + 16]; /* sign, point and exponent, too */
	long power;
	long their_power;
	int n = significant(text, mine, sizeof(mine), &power);

	if (n == 0)
		return true;
	if (n > FLOAT8_MAX_DIGITS || power > 308 || power < -306)
		return false;
	if (n <= FLOAT8_DIGITS)
		return true;
	snprintf(back, sizeof(back), "%.*e", n - 1, strtod(text, NULL));
	significant(back, theirs, sizeof(theirs), &their_power);
	return strcmp(mine, theirs) == 0 && power == their_power;
}

/* The part before the point, saturated; rounded if there is an exponent. */
static int64
whole_part(const char *text)
{
	double number;

	/* strtoll() saturates by itself */
	if (strpbrk(text, "eE") == NULL)
		return strtoll(text, NULL, 10);
	number = strtod(text, NULL);
	if (number >= 9.2e18)
		return PG_INT64_MAX;
	return number <= -9.2e18 ? PG_INT64_MIN : (int64) number;
}

/* Is the number this century's in that unit, without finer parts than us? */
static bool
is_epoch(const char *text, int64 whole, AcEpoch unit)
{
	static const int64 factors[] = {1, 1000, 1000000};
	static const int decimals[] = {6, 3, 0};
	const char *point = strchr(text, '.');

	return whole >= EPOCH_FIRST * factors[unit] &&
		   whole <= EPOCH_LAST * factors[unit] &&
		   strpbrk(text, "eE") == NULL &&
		   (point == NULL || (int) strlen(point + 1) <= decimals[unit]);
}

static void
count_number(AcSeen *seen, const AcJson *value, bool integer)
{
	char *text = ac_json_text_of(value);
	int64 whole = whole_part(text);
	int i;

	if (integer)
	{
		seen->integers++;
		if (!ac_types_integer_fits("smallint", text))
			seen->beyond_int2 = true;
		if (!ac_types_integer_fits("integer", text))
			seen->beyond_int4 = true;
		if (!ac_types_integer_fits("bigint", text))
			seen->beyond_int8 = true;
	}
	else
		seen->numbers++;
	if (!seen->beyond_float8 && !fits_float8(text))
		seen->beyond_float8 = true;
	if (whole < MAX_SECONDS)
		seen->only_ms = false;
	if (whole < MAX_SECONDS * 1000)
		seen->only_us = false;
	for (i = 0; i < (int) lengthof(seen->epochs); i++)
		seen->epochs[i] = seen->epochs[i] && is_epoch(text, whole, i);
	seen->lowest = Min(seen->lowest, whole);
	seen->highest = Max(seen->highest, whole);
	pfree(text);
}

/* Has the fraction of a moment or a duration digits below a microsecond? */
static bool
is_finer(const char *text)
{
	const char *point = strchr(text, '.');
	size_t digits = point == NULL ? 0 : strspn(point + 1, "0123456789");

	return digits > MICRO_DIGITS &&
		   strspn(point + 1 + MICRO_DIGITS, "0") < digits - MICRO_DIGITS;
}

static void
count_string(AcSeen *seen, const AcJson *value)
{
	static const int with_fractions = AC_LOOK_TIMESTAMPTZ | AC_LOOK_TIMESTAMP |
									  AC_LOOK_TIME | AC_LOOK_TIMETZ |
									  AC_LOOK_INTERVAL;
	size_t len;
	const char *text = ac_json_string(value, &len);
	int look;
	int i;

	seen->strings++;
	if (len == 0)
	{
		seen->empty++;
		return;
	}
	seen->n_looked++;
	if (seen->look == 0 && seen->n_looked > MAX_LOOKS)
		return;
	/* a text with a NUL byte is nothing but that */
	look = strlen(text) == len ? ac_types_look(text) : 0;
	seen->look &= look;
	for (i = 0; i < AC_LOOK_COUNT; i++)
		if ((look & 1 << i) != 0)
			seen->looks[i]++;
	if ((look & AC_LOOK_DECIMAL) && strchr(text, '.') != NULL)
		seen->has_point = true;
	if ((look & with_fractions) != 0 && is_finer(text))
		seen->has_finer = true;
	if ((look & AC_LOOK_UUID) && strpbrk(text, "ABCDEF") != NULL)
		seen->has_upper_uuid = true;
}

static AcSeen
nothing_seen(void)
{
	AcSeen seen = {0};

	seen.look = AC_LOOK_ANY;
	seen.only_ms = true;
	seen.only_us = true;
	seen.epochs[AC_EPOCH_S] = true;
	seen.epochs[AC_EPOCH_MS] = true;
	seen.epochs[AC_EPOCH_US] = true;
	seen.lowest = PG_INT64_MAX;
	seen.highest = PG_INT64_MIN;
	return seen;
}

AcSeen
ac_seen_count(const AcValues *values)
{
	AcSeen seen = nothing_seen();
	int i;

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
				count_number(&seen, value, true);
				break;
			case AC_JSON_DOUBLE:
				count_number(&seen, value, false);
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
	if (seen.integers + seen.numbers == 0)
	{
		seen.only_ms = false;
		seen.only_us = false;
		memset(seen.epochs, 0, sizeof(seen.epochs));
	}
	if (seen.n_looked == 0)
		seen.look = 0;
	return seen;
}

AcValues
ac_seen_elements(const AcValues *values)
{
	AcValues elements;
	int64 n = 0;
	int i;
	int j;

	for (i = 0; i < values->n; i++)
		n += ac_json_length(values->values[i]);
	elements.values = palloc(Min(n + 1, MAX_VALUES) * sizeof(AcJson *));
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
	int capacity = 16;
	int n = 0;
	int i;

	*names = palloc(capacity * sizeof(char *));
	for (i = 0; i < rows->n; i++)
	{
		AcJsonIter it;

		ac_json_iter_init(&it, rows->values[i]);
		while (ac_json_iter_next(&it) && n < AC_PLAN_MAX_COLUMNS)
			if (!ac_json_has(seen, it.key))
			{
				if (n == capacity)
				{
					capacity *= 2;
					*names = repalloc(*names, capacity * sizeof(char *));
				}
				(*names)[n++] = pstrdup(it.key);
				ac_json_set(seen, it.key, NULL);
			}
	}
	ac_json_free(seen);
	return n;
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
	AcMembers *members = ac_members_of(values, AC_PLAN_MAX_COLUMNS);
	int n = ac_members_count(members);
	int i;

	shape->properties = palloc0(Max(n, 1) * sizeof(AcProperty));
	for (i = 0; i < n; i++)
	{
		const AcMember *member = ac_members_get(members, i);
		AcProperty *property = &shape->properties[shape->n_properties++];

		property->name = pstrdup(member->name);
		property->shape = ac_seen_shape(&member->values, property->name,
										max_depth - 1);
	}
	ac_members_free(members);
}

/*
 * An identifier in some rows and an object with it in others (S6): one of
 * either kind, and no object without.
 */
static AcShape *
expandable_shape(const AcValues *values, const AcSeen *seen, const char *name,
				 int max_depth)
{
	AcValues scalars;
	AcValues objects;
	AcValues ids;
	AcShape *shape;
	int i;

	if (seen->objects == 0 || seen->arrays + seen->bools + seen->numbers > 0 ||
		(seen->strings == 0) == (seen->integers == 0) || max_depth < 2)
		return NULL;
	scalars.values = palloc(values->n * sizeof(AcJson *));
	objects.values = palloc(values->n * sizeof(AcJson *));
	scalars.n = objects.n = 0;
	for (i = 0; i < values->n; i++)
	{
		if (ac_json_kind(values->values[i]) == AC_JSON_OBJECT)
			objects.values[objects.n++] = values->values[i];
		else
			scalars.values[scalars.n++] = values->values[i];
	}
	shape = ac_shape_new(AC_SHAPE_MIXED);
	shape->scalar = ac_seen_shape(&scalars, name, 0);
	add_members(shape, &objects, max_depth);
	ids = ac_seen_at(&objects, "/id");
	if (ids.n < objects.n || ac_shape_property(shape, "id")->shape->kind != shape->scalar->kind)
		return NULL;
	shape->expandable = true;
	return shape;
}

/* Elements have no option of their own that says what an empty text is. */
static AcShape *
element_shape(const AcValues *values, int max_depth)
{
	AcValues elements = ac_seen_elements(values);
	AcSeen seen;
	AcShape *shape;

	if (elements.n == 0 || max_depth <= 0)
		return NULL;
	shape = ac_seen_shape(&elements, "", max_depth - 1);
	seen = ac_seen_count(&elements);
	if (shape->kind == AC_SHAPE_STRING && seen.empty > 0)
		shape->format = "text";
	return shape;
}

AcShape *
ac_seen_shape(const AcValues *values, const char *name, int max_depth)
{
	AcSeen seen = ac_seen_count(values);
	AcShape *shape = ac_shape_new(kind_of(&seen));
	AcShape *expandable;

	shape->nullable = seen.nulls > 0;
	switch (shape->kind)
	{
		case AC_SHAPE_INTEGER:
			shape->format = seen.beyond_int8
								? "decimal"
								: ac_seen_epoch_format(&seen, name);
			break;
		case AC_SHAPE_NUMBER:
			shape->format = ac_seen_epoch_format(&seen, name);
			break;
		case AC_SHAPE_STRING:
			shape->format = seen.strings == seen.n
								? ac_seen_form(&seen, name).format
								: "text";
			break;
		case AC_SHAPE_OBJECT:
			if (max_depth > 0)
				add_members(shape, values, max_depth);
			break;
		case AC_SHAPE_ARRAY:
			shape->items = element_shape(values, max_depth);
			break;
		case AC_SHAPE_MIXED:
			expandable = expandable_shape(values, &seen, name, max_depth);
			if (expandable != NULL)
				return expandable;
			break;
		default:
			break;
	}
	return shape;
}
