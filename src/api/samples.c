/*
 * samples.c
 *		Which rows does a sampled body hold, and which values have they?  See
 *		samples.h.
 */
#include "ac.h"

#include <limits.h>

#include "api/keys.h"
#include "api/names.h"
#include "api/samples.h"
#include "core/hash.h"
#include "core/pointer.h"

/* ---- rows ---- */

static void
grow(AcSampledRows *rows)
{
	rows->capacity = rows->capacity * 2 + 64;
	if (rows->rows == NULL)
	{
		rows->rows = palloc(sizeof(AcTreeRow) * rows->capacity);
		rows->pages = palloc(sizeof(int) * rows->capacity);
		return;
	}
	rows->rows = repalloc(rows->rows, sizeof(AcTreeRow) * rows->capacity);
	rows->pages = repalloc(rows->pages, sizeof(int) * rows->capacity);
}

static void
add_row(AcSampledRows *rows, const AcTreeRow *row)
{
	if (rows->n == AC_SAMPLES_MAX_ROWS)
	{
		rows->cut = true;
		return;
	}
	if (rows->n == rows->capacity)
		grow(rows);
	rows->rows[rows->n] = *row;
	if (row->name != NULL)
		rows->rows[rows->n].name = pstrdup(row->name);
	rows->pages[rows->n++] = rows->n_pages;
}

void
ac_samples_add_page(AcSampledRows *rows, const AcTablePlan *plan, AcJson *body)
{
	AcRowSource source = ac_tableplan_rows(plan);
	AcTreeRows found;

	if (ac_rowtree_read(body, &source, &found))
	{
		for (int i = 0; i < found.n; i++)
		{
			add_row(rows, &found.rows[i]);
			/* rows that were put together live no longer than found */
			if ((source.form != AC_ROWS_COLUMNS &&
				 source.form != AC_ROWS_LISTS) ||
				rows->cut)
				continue;
			if (rows->made == NULL)
				rows->made = ac_json_new_array();
			ac_json_append(rows->made, ac_json_ref(source.nested_path != NULL ? found.rows[i].parent : found.rows[i].row));
		}
		rows->cut = rows->cut || found.cut;
		ac_rowtree_free(&found);
	}
	rows->n_pages++;
}

/* What a row shows in a column, NULL if nothing, or if it is no JSON. */
static AcJson *
value_in_row(const AcSampledRows *rows, int row, const AcColumnPlan *column)
{
	AcJson *node = column->of_parent ? rows->rows[row].parent : rows->rows[row].row;
	AcJson *value;

	if (column->json_path == NULL || ac_tableplan_is_place(column) ||
		!ac_json_pointer(node, column->json_path, &value))
		return NULL;
	return value;
}

char *
ac_samples_text(const AcSampledRows *rows, int row, const AcColumnPlan *column)
{
	if (!ac_tableplan_is_place(column))
		return ac_json_text_of(value_in_row(rows, row, column));
	if (rows->rows[row].name != NULL)
		return pstrdup(rows->rows[row].name);
	return psprintf("%d", rows->rows[row].ordinal);
}

/* ---- values ---- */

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* A column on its way through the rows. */
typedef struct Counter
{
	AcColumnSample *column;
	int capacity;
	int64 last_number;
	const char *last_text;
} Counter;

static void
note_order(Counter *c, const char *text, bool is_integer, int64 number)
{
	AcColumnSample *column = c->column;
	int order = 0;

	if (column->n > 0)
	{
		if (is_integer && column->integers)
			order = number < c->last_number ? -1 : number > c->last_number;
		else
			order = strcmp(text, c->last_text);
		column->ordinal = column->ordinal && is_integer &&
						  number == c->last_number + 1;
	}
	else
		column->ordinal = is_integer && (number == 0 || number == 1);
	column->ascending = column->ascending && order >= 0;
	column->descending = column->descending && order <= 0;
	c->last_text = text;
	c->last_number = number;
}

static void
count_scalar(Counter *c, const AcJson *value)
{
	AcColumnSample *column = c->column;
	bool is_integer = ac_json_kind(value) == AC_JSON_INT;
	int64 number = is_integer ? ac_json_int(value, 0) : 0;
	char *text;

	if (!is_integer && ac_json_kind(value) != AC_JSON_STRING)
	{
		column->n_other++;
		return;
	}
	text = ac_json_text_of(value);
	if (strlen(text) > AC_SAMPLES_MAX_TEXT || text[0] == '\0')
	{
		column->n_other++;
		pfree(text);
		return;
	}
	if (column->n == c->capacity)
	{
		c->capacity = c->capacity * 2 + 32;
		column->values = column->values == NULL
							 ? palloc(sizeof(char *) * c->capacity)
							 : repalloc(column->values, sizeof(char *) * c->capacity);
	}
	note_order(c, text, is_integer, number);
	column->min = column->n == 0 ? number : Min(column->min, number);
	column->max = column->n == 0 ? number : Max(column->max, number);
	column->integers = column->integers && is_integer;
	column->longest = Max(column->longest, (int) strlen(text));
	column->values[column->n++] = text;
	column->n_values++;
}

/* A text that stands in no document: a member's name. */
static void
count_text(Counter *c, char *text)
{
	AcJson *value = ac_json_new_string(text);

	count_scalar(c, value);
	ac_json_free(value);
	pfree(text);
}

/* The member that identifies an object, NULL if none does. */
static const char *
identifying_member(const AcJson *object)
{
	const char *best = NULL;
	int best_rank = 0;
	AcJsonIter it;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it))
	{
		int rank = ac_keys_name_rank(it.key, NULL);

		if (rank < 0 && strcmp(it.key, "href") == 0)
			rank = INT_MAX - 1;
		if (rank >= 0 && (best == NULL || rank < best_rank))
		{
			best = it.key;
			best_rank = rank;
		}
	}
	return best;
}

static void
count_object(Counter *c, const AcJson *object)
{
	AcColumnSample *column = c->column;

	if (column->inner == NULL)
	{
		const char *member = identifying_member(object);

		if (member != NULL)
			column->inner = pstrdup(member);
	}
	if (column->inner != NULL && ac_json_has(object, column->inner) &&
		ac_json_get(object, column->inner) != NULL)
		count_scalar(c, ac_json_get(object, column->inner));
	else
		column->n_other++;
}

static void
count_value(Counter *c, AcJson *value)
{
	switch (ac_json_kind(value))
	{
		case AC_JSON_ABSENT:
		case AC_JSON_NULL:
			c->column->n_missing++;
			break;
		case AC_JSON_ARRAY:
			c->column->list = true;
			for (int i = 0; i < Min(ac_json_length(value), AC_SAMPLES_MAX_ELEMENTS); i++)
			{
				if (ac_json_kind(ac_json_at(value, i)) == AC_JSON_OBJECT)
					count_object(c, ac_json_at(value, i));
				else
					count_scalar(c, ac_json_at(value, i));
			}
			break;
		case AC_JSON_OBJECT:
			count_object(c, value);
			break;
		default:
			count_scalar(c, value);
			break;
	}
}

/* Sorts the values and drops repetitions. */
static void
make_distinct(AcColumnSample *column)
{
	int kept = 0;

	if (column->n > 1)
		qsort(column->values, column->n, sizeof(char *), compare_texts);
	for (int i = 0; i < column->n; i++)
		if (kept == 0 || strcmp(column->values[kept - 1], column->values[i]) != 0)
			column->values[kept++] = column->values[i];
	column->n = kept;
}

static void
count_column(AcColumnSample *column, const AcColumnPlan *plan,
			 const AcSampledRows *rows)
{
	Counter c = {.column = column};

	column->integers = column->ascending = column->descending = true;
	for (int i = 0; i < rows->n; i++)
	{
		if (ac_tableplan_is_place(plan))
			count_text(&c, ac_samples_text(rows, i, plan));
		else
			count_value(&c, value_in_row(rows, i, plan));
	}
	if (column->n == 0)
		column->integers = column->ascending = column->descending = false;
	make_distinct(column);
}

/* ---- links within a column ---- */

/* Names of columns that hold links, normalised (HAL, JSON:API). */
static const char *const link_columns[] = {
	"links", "relationships", "related", "refs", "hrefs", NULL};

/* Links that lead nowhere else. */
static const char *const own_members[] = {
	"self", "next", "prev", "previous", "first", "last", "curies", "edit",
	"collection", "html", "canonical", "describedby", "type", NULL};

/* The value below a link, and how it is reached; NULL if there is none. */
static AcJson *
value_of_link(AcJson *link, const char **pointer)
{
	static const char *const ways[] = {"/data/id", "/href", "/id", NULL};
	AcJson *value;

	*pointer = "";
	if (ac_json_kind(link) != AC_JSON_OBJECT)
		return link;
	for (int i = 0; ways[i] != NULL; i++)
		if (ac_json_pointer(link, ways[i], &value) && value != NULL)
		{
			*pointer = ways[i];
			return value;
		}
	/* JSON:API's to-many: an array of identifiers */
	*pointer = "/data";
	return ac_json_get(link, "data");
}

static AcPartSample *
find_part(AcTableSample *sample, int column, const char *name)
{
	AcPartSample *part;

	for (int i = 0; i < sample->n_parts; i++)
		if (sample->parts[i].column == column &&
			strcmp(sample->parts[i].name, name) == 0)
			return &sample->parts[i];
	if (sample->n_parts == AC_SAMPLES_MAX_PARTS ||
		ac_names_in(name, own_members))
		return NULL;
	part = &sample->parts[sample->n_parts++];
	part->column = column;
	part->name = pstrdup(name);
	part->values.integers = true;
	return part;
}

static void
count_links(AcTableSample *sample, Counter *counters, int column,
			AcJson *links)
{
	AcJsonIter it;

	ac_json_iter_init(&it, links);
	while (ac_json_iter_next(&it))
	{
		AcPartSample *part = find_part(sample, column, it.key);
		const char *way;
		AcJson *value;

		if (part == NULL)
			continue;
		counters[part - sample->parts].column = &part->values;
		value = value_of_link(it.value, &way);
		if (part->pointer == NULL && value != NULL)
			part->pointer = psprintf("%s%s", ac_pointer_child("", part->name), way);
		count_value(&counters[part - sample->parts], value);
	}
}

/* Takes the links of all rows apart. */
static void
count_parts(AcTableSample *sample, const AcTablePlan *plan,
			const AcSampledRows *rows)
{
	Counter *counters = palloc0(sizeof(Counter) * AC_SAMPLES_MAX_PARTS);

	sample->parts = palloc0(sizeof(AcPartSample) * AC_SAMPLES_MAX_PARTS);
	for (int i = 0; i < plan->n_columns; i++)
	{
		const AcColumnPlan *column = &plan->columns[i];

		if (column->json_path == NULL || column->json_path[0] != '/' ||
			column->of_parent || strcmp(column->type, "jsonb") != 0 ||
			!ac_names_in(strrchr(column->json_path, '/') + 1, link_columns))
			continue;
		for (int k = 0; k < rows->n; k++)
		{
			AcJson *links;

			if (ac_json_pointer(rows->rows[k].row, column->json_path, &links))
				count_links(sample, counters, i, links);
		}
	}
	for (int i = 0; i < sample->n_parts; i++)
		make_distinct(&sample->parts[i].values);
	pfree(counters);
}

typedef struct RowHash
{
	uint64 hash;
	int row;
} RowHash;

static int
compare_hashes(const void *a, const void *b)
{
	const RowHash *x = a;
	const RowHash *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->row - y->row;
}

/*
 * Drops rows that an earlier page has already: pages overlap where the
 * collection changes meanwhile, which says nothing against a key.  On one
 * page the same row twice is two rows.  Returns how many went.
 */
static int
drop_repeated(AcSampledRows *rows)
{
	bool *repeated = palloc0(sizeof(bool) * Max(rows->n, 1));
	RowHash *hashes = palloc(sizeof(RowHash) * Max(rows->n, 1));
	int n = rows->n;
	int kept = 0;

	for (int i = 0; i < n; i++)
	{
		char *text = ac_json_to_text(rows->rows[i].row);

		hashes[i].hash = ac_hash_text(text, 0);
		hashes[i].row = i;
		pfree(text);
	}
	qsort(hashes, n, sizeof(RowHash), compare_hashes);
	for (int i = 1; i < n; i++)
		repeated[hashes[i].row] =
			hashes[i].hash == hashes[i - 1].hash &&
			rows->pages[hashes[i].row] != rows->pages[hashes[i - 1].row];
	for (int i = 0; i < n; i++)
	{
		if (repeated[i])
			continue;
		rows->rows[kept] = rows->rows[i];
		rows->pages[kept++] = rows->pages[i];
	}
	rows->n = kept;
	pfree(hashes);
	pfree(repeated);
	return n - kept;
}

AcTableSample *
ac_samples_of(const AcTablePlan *plan, AcSampledRows *rows)
{
	AcTableSample *sample = palloc0(sizeof(AcTableSample));

	sample->n_repeated = drop_repeated(rows);
	sample->n_columns = plan->n_columns;
	sample->columns = palloc0(sizeof(AcColumnSample) * Max(plan->n_columns, 1));
	sample->n_pages = rows->n_pages;
	sample->n_rows = rows->n;
	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].json_path != NULL &&
			strcmp(plan->columns[i].name, "_raw") != 0)
			count_column(&sample->columns[i], &plan->columns[i], rows);
	count_parts(sample, plan, rows);
	return sample;
}

bool
ac_samples_has(const AcColumnSample *column, const char *text)
{
	return column->n > 0 &&
		   bsearch(&text, column->values, column->n, sizeof(char *),
				   compare_texts) != NULL;
}

bool
ac_samples_is_dense(const AcColumnSample *column)
{
	return column->integers && column->n > 0 &&
		   (column->min == 0 || column->min == 1) &&
		   column->max - column->min + 1 == column->n;
}

bool
ac_samples_is_unique(const AcTableSample *sample, int column)
{
	const AcColumnSample *values = &sample->columns[column];

	return sample->n_rows > 0 && !values->list && values->inner == NULL &&
		   values->n_missing == 0 && values->n_other == 0 &&
		   values->n == sample->n_rows;
}
