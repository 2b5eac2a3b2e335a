/*
 * rowtree.c
 *		Where are the rows in a document that is a tree already?
 *		See rowtree.h.
 */
#include "ac.h"

#include "core/jsonlex.h"
#include "core/rowtree.h"

bool
ac_rowtree_parse_lines(const char *text, size_t len, AcJson **lines,
					   AcError *err)
{
	AcJsonLex *lex = palloc(sizeof(AcJsonLex));
	AcJson *array = ac_json_new_array();
	const char *p = ac_jsonlex_begin(lex, (AcSlice){text, len}, 0);
	bool read = true;
	int n;

	for (n = 0; read && n < AC_ROWTREE_MAX_LINES; n++)
	{
		const char *start;
		AcJson *line;

		p = ac_jsonlex_space(lex, p);
		while (*p == '\x1E')
			p = ac_jsonlex_long_space(lex, p + 1);
		if (p == lex->end)
			break;
		start = p;
		p = ac_jsonlex_skip(lex, p);
		read = p != NULL && ac_json_parse(start, (size_t) (p - start),
										  AC_JSON_MAX_DEPTH, &line, err);
		if (p == NULL)
			ac_jsonlex_report(lex, err);
		if (read)
			ac_json_append(array, line);
	}
	pfree(lex);
	*lines = read ? array : NULL;
	if (!read)
		ac_json_free(array);
	return read;
}

/* The name that an element of a list of columns' names is, or NULL. */
static const char *
column_name(const AcJson *element)
{
	static const char *const pointers[] = {AC_ROWPLAN_NAMES};

	if (ac_json_kind(element) == AC_JSON_STRING)
		return ac_json_string(element, NULL);
	for (int i = 0; i < (int) lengthof(pointers); i++)
	{
		const char *name = ac_json_get_string(element, pointers[i] + 1);

		if (name != NULL)
			return name;
	}
	return NULL;
}

typedef struct Reading
{
	const AcRowSource *source;
	AcTreeRows *rows;
	int capacity;
	int64 cells; /* of rows that were put together */
} Reading;

static void
add_row(Reading *reading, AcTreeRow row)
{
	AcTreeRows *rows = reading->rows;

	if (rows->n == reading->capacity)
	{
		reading->capacity = reading->capacity * 2 + 16;
		rows->rows = rows->rows == NULL
						 ? palloc(reading->capacity * sizeof(AcTreeRow))
						 : repalloc(rows->rows, reading->capacity *
													sizeof(AcTreeRow));
	}
	rows->rows[rows->n++] = row;
}

/* A row at rows_path, or the rows that stand in it; false if they cannot be. */
static bool
add_base(Reading *reading, AcJson *base, const char *name)
{
	AcTreeRow row = {.row = base, .name = name};
	AcJson *nested;

	reading->rows->page_rows++;
	if (reading->source->nested_path == NULL)
	{
		add_row(reading, row);
		return true;
	}
	if (!ac_json_pointer(base, reading->source->nested_path, &nested))
		return true;
	row.parent = base;
	switch (ac_json_kind(nested))
	{
		case AC_JSON_NULL:
		case AC_JSON_ABSENT:
			return true;
		case AC_JSON_OBJECT:
			row.row = nested;
			row.ordinal = 1;
			add_row(reading, row);
			return true;
		case AC_JSON_ARRAY:
			for (int i = 0; i < ac_json_length(nested); i++)
			{
				row.row = ac_json_at(nested, i);
				row.ordinal = i + 1;
				add_row(reading, row);
			}
			return true;
		default:
			return false;
	}
}

static bool
add_elements(Reading *reading, AcJson *array)
{
	bool read = true;

	for (int i = 0; read && i < ac_json_length(array); i++)
		read = add_base(reading, ac_json_at(array, i), NULL);
	return read;
}

static bool
add_members(Reading *reading, AcJson *object)
{
	AcJsonIter it;
	bool read = true;

	ac_json_iter_init(&it, object);
	while (read && ac_json_iter_next(&it))
		read = add_base(reading, it.value, it.key);
	return read;
}

/* Texts, each of which has a row or none. */
static bool
add_lines(Reading *reading, AcJson *lines)
{
	const char *path = reading->source->rows_path;
	bool read = true;

	for (int i = 0; read && i < ac_json_length(lines); i++)
	{
		AcJson *row;

		if (ac_json_pointer(ac_json_at(lines, i), path, &row) &&
			(path[0] == '\0' || ac_json_kind(row) != AC_JSON_NULL))
			read = add_base(reading, row, NULL);
	}
	return read;
}

/* May one more row be put together?  If not it is only counted. */
static bool
may_make(Reading *reading, int cells)
{
	reading->cells += Max(cells, 1);
	if (reading->cells <= AC_ROWTREE_MAX_CELLS || reading->rows->n == 0)
		return true;
	reading->rows->page_rows++;
	reading->rows->cut = true;
	return false;
}

/* The object that an array of values is. */
static AcJson *
named_values(AcJson *values, AcJson *names)
{
	AcJson *row = ac_json_new_object();

	for (int i = 0; i < ac_json_length(names); i++)
	{
		const char *name = column_name(ac_json_at(names, i));
		AcJson *value = ac_json_at(values, i);

		if (name != NULL)
			ac_json_set(row, name, ac_json_ref(value));
	}
	return row;
}

static bool
add_values(Reading *reading, AcJson *body, AcJson *array)
{
	const char *path = reading->source->columns_path;
	AcJson *names = NULL;

	if (path != NULL)
		(void) ac_json_pointer(body, path, &names);
	reading->rows->made = ac_json_new_array();
	for (int i = 0; i < ac_json_length(array); i++)
	{
		AcJson *values = ac_json_at(array, i);
		AcJson *row;

		if (values == names)
			continue; /* the names are the first of the rows */
		if (ac_json_kind(values) != AC_JSON_ARRAY ||
			ac_json_kind(names) != AC_JSON_ARRAY ||
			ac_json_length(values) != ac_json_length(names))
			return false;
		if (!may_make(reading, ac_json_length(names)))
			continue;
		row = named_values(values, names);
		ac_json_append(reading->rows->made, row);
		if (!add_base(reading, row, NULL))
			return false;
	}
	return true;
}

/* Lists of one length, each of which is a column. */
static bool
add_lists(Reading *reading, AcJson *object)
{
	AcJson *columns = ac_json_new_object();
	bool added = true;
	int longest = 0;
	int n = 0;
	AcJsonIter it;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it))
		longest = Max(longest, ac_json_length(it.value));
	/* beside one long list may stand many members that are none */
	ac_json_iter_init(&it, object);
	while (longest > 0 && ac_json_iter_next(&it))
		if (ac_json_length(it.value) == longest)
		{
			ac_json_set(columns, it.key, ac_json_ref(it.value));
			n++;
		}
	reading->rows->made = ac_json_new_array();
	for (int i = 0; i < longest && added; i++)
	{
		AcJson *row;

		if (!may_make(reading, n))
			continue;
		row = ac_json_new_object();
		ac_json_iter_init(&it, columns);
		while (ac_json_iter_next(&it))
			ac_json_set(row, it.key, ac_json_ref(ac_json_at(it.value, i)));
		ac_json_append(reading->rows->made, row);
		added = add_base(reading, row, NULL);
	}
	ac_json_free(columns);
	return added;
}

static bool
read_rows(Reading *reading, AcJson *body)
{
	AcJson *at;
	AcJsonKind kind;

	if (reading->source->form == AC_ROWS_LINES)
		return ac_json_kind(body) == AC_JSON_ARRAY && add_lines(reading, body);
	if (!ac_json_pointer(body, reading->source->rows_path, &at))
		return false;
	kind = ac_json_kind(at);
	switch (reading->source->form)
	{
		case AC_ROWS_MAP:
			/* some languages write an empty map so */
			if (kind == AC_JSON_ARRAY)
				return ac_json_length(at) == 0;
			return kind == AC_JSON_OBJECT && add_members(reading, at);
		case AC_ROWS_COLUMNS:
			return kind == AC_JSON_ARRAY && add_values(reading, body, at);
		case AC_ROWS_LISTS:
			return kind == AC_JSON_OBJECT && add_lists(reading, at);
		default:
			return kind == AC_JSON_OBJECT ? add_base(reading, at, NULL)
										  : kind == AC_JSON_ARRAY &&
												add_elements(reading, at);
	}
}

bool
ac_rowtree_read(AcJson *body, const AcRowSource *source, AcTreeRows *rows)
{
	Reading reading = {.source = source, .rows = rows};

	memset(rows, 0, sizeof(*rows));
	if (read_rows(&reading, body))
		return true;
	ac_rowtree_free(rows);
	memset(rows, 0, sizeof(*rows));
	return false;
}

void
ac_rowtree_free(AcTreeRows *rows)
{
	ac_json_free(rows->made);
	rows->made = NULL;
	if (rows->rows != NULL)
		pfree(rows->rows);
	rows->rows = NULL;
}
