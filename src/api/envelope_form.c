/*
 * envelope_form.c
 *		Which rows are no elements of an array?
 *
 * Members of an object, arrays of values whose names stand elsewhere.  A
 * description says of an object whether its keys are free; a sample does not,
 * so there the keys and the values have to tell.
 */
#include "ac.h"

#include "api/envelope_int.h"
#include "api/names.h"
#include "api/tableplan_int.h"
#include "core/rowtree.h"

/* Members of an object, and their fields, compared with each other. */
#define MAX_COMPARED 50

/* Share of fields that the values of a map have in common with the first. */
#define ALIKE 0.6

/* Levels of a value that become its shape: as deep as samples are looked at. */
#define VALUE_DEPTH 6

/* Longest text that is the name of a column: what an identifier may have. */
#define MAX_NAME 63

bool
ac_envelope_rows_are_body(AcRowsForm form, const char *path)
{
	return path[0] == '\0' && (form == AC_ROWS_MAP || form == AC_ROWS_LINES ||
							   form == AC_ROWS_LISTS);
}

/* ---- in a plan ---- */

bool
ac_tableplan_is_place(const AcColumnPlan *column)
{
	return column->decode != NULL &&
		   (strcmp(column->decode, "member_name") == 0 ||
			strcmp(column->decode, "ordinal") == 0);
}

AcRowSource
ac_tableplan_rows(const AcTablePlan *plan)
{
	AcRowSource source;

	source.rows_path = plan->rows_path != NULL ? plan->rows_path : "";
	source.form = plan->rows_form;
	source.columns_path = plan->columns_path;
	source.nested_path = plan->nested_path;
	return source;
}

/* ---- members of an object ---- */

static bool
is_open_object(const AcShape *shape)
{
	return shape->kind == AC_SHAPE_OBJECT && shape->n_properties > 0;
}

/* Have the two most of their fields in common? */
static bool
are_alike(const AcShape *a, const AcShape *b)
{
	int least = Min(a->n_properties, b->n_properties);
	int shared = 0;
	int i;

	for (i = 0; i < a->n_properties && i < MAX_COMPARED; i++)
		if (ac_shape_property(b, a->properties[i].name) != NULL)
			shared++;
	return shared >= Min(least, MAX_COMPARED) * ALIKE;
}

/* Letters in a name in front of a digit that only counts: "address1". */
#define MIN_STEM 3

/*
 * A key that names one thing of many: "cus_81", "1024", "EUR", "a@b.c".  Not
 * "address2" nor "line-items", which are fields.
 */
static bool
is_like_id(const char *key)
{
	size_t len = strlen(key);
	size_t upper = strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
	size_t stem = strcspn(key, "0123456789");

	if (len == 0)
		return false;
	if (stem < len)
		return stem < len - 1 || stem < MIN_STEM;
	return upper == len || strpbrk(key, "@/.") != NULL;
}

/* The only key of an object needs more to be one: half of it are digits. */
static bool
is_surely_id(const char *key)
{
	int digits = 0;
	const char *s;

	for (s = key; *s != '\0'; s++)
		if (isdigit((unsigned char) *s))
			digits++;
	return digits * 2 >= s - key && digits > 0;
}

static bool
is_plural(const char *word)
{
	char *snake = ac_names_snake(word);

	return strcmp(ac_names_singular(snake), snake) != 0;
}

/* A key that the envelope of an answer would have. */
static bool
is_of_envelope(const char *key)
{
	return ac_envelope_is_control(key) || ac_envelope_is_row_key(key) ||
		   ac_envelope_is_decoy(key) || key[0] == '_' ||
		   strcmp(key, "attributes") == 0 || strcmp(key, "properties") == 0;
}

/* Have all members the same fields, of numbers, or are they many? */
static bool
is_even(const AcShape *shape)
{
	const AcShape *first = shape->properties[0].shape;
	bool numbers = true;
	int i;
	int j;

	for (i = 0; i < shape->n_properties && i < MAX_COMPARED; i++)
	{
		const AcShape *value = shape->properties[i].shape;

		if (value->n_properties != first->n_properties)
			return false;
		for (j = 0; j < value->n_properties; j++)
		{
			const AcProperty *field = &value->properties[j];

			if (field->shape->kind == AC_SHAPE_OBJECT ||
				field->shape->kind == AC_SHAPE_ARRAY ||
				ac_shape_property(first, field->name) == NULL)
				return false;
			numbers = numbers && (field->shape->kind == AC_SHAPE_INTEGER ||
								  field->shape->kind == AC_SHAPE_NUMBER);
		}
	}
	return numbers || shape->n_properties > 2;
}

bool
ac_envelope_has_id_keys(const AcShape *shape)
{
	int ids = 0;
	int i;

	for (i = 0; i < shape->n_properties; i++)
		if (is_like_id(shape->properties[i].name))
			ids++;
	return ids * 2 > shape->n_properties;
}

/* The text of a scalar, NULL of anything else. */
static const char *
scalar_text(const AcJson *value)
{
	AcJsonKind kind = ac_json_kind(value);

	if (kind == AC_JSON_STRING)
		return ac_json_string(value, NULL);
	return kind == AC_JSON_INT ? ac_json_text_of(value) : NULL;
}

/* Is that field of each member its name? */
static bool
names_all(const AcJson *object, const char *field)
{
	AcJsonIter it;
	int n = 0;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it) && n++ < MAX_COMPARED)
	{
		const char *text = scalar_text(ac_json_get(it.value, field));

		if (text == NULL || strcmp(text, it.key) != 0)
			return false;
	}
	return n > 1;
}

bool
ac_envelope_is_self_named(const AcJson *object)
{
	AcJsonIter members;
	AcJsonIter fields;
	int n = 0;

	ac_json_iter_init(&members, object);
	if (!ac_json_iter_next(&members) ||
		ac_json_kind(members.value) != AC_JSON_OBJECT)
		return false;
	ac_json_iter_init(&fields, members.value);
	while (ac_json_iter_next(&fields) && n++ < MAX_COMPARED)
	{
		const char *text = scalar_text(fields.value);

		if (text != NULL && strcmp(text, members.key) == 0 &&
			names_all(object, fields.key))
			return true;
	}
	return false;
}

/* Members that are no null, which is a row neither here nor in an array. */
static int
count_members(const AcShape *shape, const char **last)
{
	int n = 0;
	int i;

	for (i = 0; i < shape->n_properties; i++)
		if (shape->properties[i].shape->kind != AC_SHAPE_NULL)
		{
			*last = shape->properties[i].name;
			n++;
		}
	return n;
}

bool
ac_envelope_is_map(const AcShape *shape, const AcPath *path, const char *key)
{
	const char *noun = ac_envelope_noun(path);
	const char *place = key[0] != '\0' && !ac_envelope_is_payload(key) ? key
						: noun != NULL								   ? noun
																	   : "";
	const AcShape *first = NULL;
	int ids = 0;
	const char *last_key = NULL;
	int n = count_members(shape, &last_key);
	int i;

	if (n == 0 || shape->kind != AC_SHAPE_OBJECT)
		return false;
	if (n == 1 && !is_surely_id(last_key))
		return false;
	for (i = 0; i < shape->n_properties; i++)
	{
		const AcProperty *property = &shape->properties[i];

		if (property->shape->kind == AC_SHAPE_NULL)
			continue;
		if (!is_open_object(property->shape))
			return false;
		if (is_like_id(property->name))
			ids++;
		else if (is_of_envelope(property->name))
			return false;
		if (first == NULL)
			first = property->shape;
		else if (i < MAX_COMPARED && !are_alike(first, property->shape))
			return false;
	}
	if (ids * 2 > n)
		return true;
	/* a table of words, and nothing else in the answer */
	if (key[0] == '\0' && n > 1 && !ac_envelope_asks_one(path) &&
		is_even(shape))
		return true;
	/* keys that are words: {"components": {"db": ...}} has parts, not rows */
	return n > 1 && is_plural(place) && !ac_envelope_asks_one(path) &&
		   (key[0] == '\0' || ac_envelope_is_payload(key) ||
			ac_envelope_is_row_key(key) ||
			ac_envelope_names_segment(path, key) ||
			ac_envelope_ends_noun(path, key) ||
			ac_envelope_names_noun(path, key));
}

AcShape *
ac_envelope_map_values(const AcShape *shape)
{
	AcShape *values = shape->properties[0].shape;
	int i;

	for (i = 1; i < shape->n_properties && i < MAX_COMPARED; i++)
		values = ac_shape_join(values, shape->properties[i].shape, VALUE_DEPTH);
	return values;
}

/* ---- arrays of values ---- */

bool
ac_envelope_bind_values(AcJson *sample, AcRows *rows)
{
	AcRowSource source = {0};
	AcTreeRows found;
	AcValues values;
	int i;

	source.rows_path = rows->path;
	source.form = rows->form;
	source.columns_path = rows->columns_path;
	if (!ac_rowtree_read(sample, &source, &found))
		return false;
	if (found.n > 0)
	{
		values.values = palloc(found.n * sizeof(AcJson *));
		values.n = found.n;
		for (i = 0; i < found.n; i++)
			values.values[i] = found.rows[i].row;
		rows->row = ac_seen_shape(&values, "", VALUE_DEPTH);
	}
	ac_rowtree_free(&found);
	return found.n > 0 && rows->row->n_properties > 0;
}

/* Lists that the rows of others are drawn over. */
static const char *const axes[] = {
	"time", "times", "t", "date", "dates", "datetime", "day", "days",
	"timestamp", "timestamps", "x", "label", "labels", "index", "id", "ids",
	"key", "keys", "name", "names", "year", "years", NULL};

/* Are all elements scalars? */
static bool
has_scalars_only(const AcJson *array)
{
	int n = ac_json_length(array);
	int i;

	for (i = 0; i < n; i++)
		if (ac_json_kind(ac_json_at(array, i)) == AC_JSON_ARRAY ||
			ac_json_kind(ac_json_at(array, i)) == AC_JSON_OBJECT)
			return false;
	return true;
}

/* Does each element differ from the one before? */
static bool
is_axis(const char *name, const AcJson *array)
{
	int i;

	if (!ac_names_in(name, axes))
		return false;
	for (i = 1; i < ac_json_length(array); i++)
		if (ac_json_equal(ac_json_at(array, i), ac_json_at(array, i - 1)))
			return false;
	return true;
}

bool
ac_envelope_is_lists(const AcJson *object)
{
	AcJsonIter it;
	bool axis = false;
	int length = -1;
	int lists = 0;
	int others = 0;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it))
	{
		if (ac_json_kind(it.value) != AC_JSON_ARRAY)
		{
			if (ac_json_kind(it.value) == AC_JSON_OBJECT)
				return false;
			others++;
			continue;
		}
		if ((length >= 0 && ac_json_length(it.value) != length) ||
			!has_scalars_only(it.value))
			return false;
		length = ac_json_length(it.value);
		axis = axis || is_axis(it.key, it.value);
		lists++;
	}
	return axis && lists > 1 && lists > others && length > 1;
}

bool
ac_envelope_follows_facts(const AcJson *sample, AcShape **items)
{
	AcJson *rows = ac_json_at(sample, 1);
	bool any = false;
	AcJsonIter it;
	AcValues values;

	if (ac_json_kind(sample) != AC_JSON_ARRAY || ac_json_length(sample) != 2 ||
		ac_json_kind(ac_json_at(sample, 0)) != AC_JSON_OBJECT ||
		ac_json_kind(rows) != AC_JSON_ARRAY)
		return false;
	ac_json_iter_init(&it, ac_json_at(sample, 0));
	while (ac_json_iter_next(&it))
	{
		if (ac_json_kind(it.value) == AC_JSON_OBJECT ||
			ac_json_kind(it.value) == AC_JSON_ARRAY)
			return false;
		any = any || ac_envelope_is_control(it.key);
	}
	if (!any)
		return false;
	values.values = &rows;
	values.n = 1;
	*items = ac_seen_shape(&values, "", VALUE_DEPTH)->items;
	return true;
}

/* A text that would do as the name of a column. */
static bool
is_name(const AcJson *value)
{
	const char *text = ac_json_string(value, NULL);

	if (text == NULL || text[0] == '\0' || strlen(text) > MAX_NAME)
		return false;
	return isalpha((unsigned char) text[0]) || text[0] == '_' ||
		   (unsigned char) text[0] >= 0x80;
}

static bool
are_names(const AcJson *row)
{
	int n = ac_json_length(row);
	int i;
	int j;

	if (n > AC_PLAN_MAX_COLUMNS)
		return false;
	for (i = 0; i < n; i++)
	{
		if (!is_name(ac_json_at(row, i)))
			return false;
		for (j = 0; j < i; j++)
			if (ac_json_equal(ac_json_at(row, i), ac_json_at(row, j)))
				return false;
	}
	return n > 0;
}

/*
 * The first row alone is made of names, and the others are as long and have
 * something that is none.
 */
bool
ac_envelope_has_header(const AcJson *array)
{
	const AcJson *header = ac_json_at(array, 0);
	int n = ac_json_length(array);
	bool differs = false;
	int i;
	int j;

	if (n < 2 || ac_json_kind(header) != AC_JSON_ARRAY || !are_names(header))
		return false;
	for (i = 1; i < n; i++)
	{
		const AcJson *row = ac_json_at(array, i);

		if (ac_json_kind(row) != AC_JSON_ARRAY ||
			ac_json_length(row) != ac_json_length(header))
			return false;
		for (j = 0; j < ac_json_length(row) && !differs; j++)
			differs = ac_json_kind(ac_json_at(row, j)) != AC_JSON_NULL &&
					  !is_name(ac_json_at(row, j));
	}
	return differs;
}
