/*
 * request.c
 *		What does a table's query say, and how is its API asked?
 *		See request.h.
 */
#include "ac.h"

#include "core/pointer.h"
#include "fdw/request.h"

const char *
ac_request_param(const AcColumn *column, AcQualBound bound)
{
	switch (bound)
	{
		case AC_BOUND_FROM:
			return column->options->param_from;
		case AC_BOUND_TO:
			return column->options->param_to;
		case AC_BOUND_NONE:
			break;
	}
	return column->options->param;
}

void
ac_request_filter(const AcTable *table, const AcColumn *column,
				  AcQualBound bound, AcQueryFilter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->column = column->attnum;
	filter->field = column->options->json_path;
	filter->param = ac_request_param(column, bound);
	filter->bound = bound;
	if (bound == AC_BOUND_NONE)
		filter->list = ac_column_list(table, column);
	filter->plain = column->type_class == AC_TYPE_INTEGER ||
					column->type_class == AC_TYPE_NUMERIC ||
					column->type_class == AC_TYPE_FLOAT ||
					column->type_class == AC_TYPE_BOOLEAN;
}

void
ac_request_sort(const AcTable *table, AcSortKey key, AcQuerySort *sort)
{
	const AcColumn *column;

	memset(sort, 0, sizeof(*sort));
	if (key == 0)
		return;
	column = ac_table_column(table, (AttrNumber) abs(key));
	sort->field = column->options->json_path;
	sort->descending = key < 0;
	sort->text = key < 0 ? column->options->sort_desc
						 : column->options->sort_asc;
}

/* ---- projection ---- */

/* Names of fields that are collected, each once. */
typedef struct Names
{
	const char **names;
	int n;
} Names;

static void
add_name(Names *names, const char *name)
{
	for (int i = 0; i < names->n; i++)
		if (strcmp(names->names[i], name) == 0)
			return;
	names->names[names->n++] = name;
}

/*
 * The name of the member in which path leads, below fields_path; NULL: it lies
 * outside, and comes by itself.  *whole: it is all of that object.
 */
static const char *
name_of_path(const AcTable *table, const char *path, bool *whole)
{
	const char *below = table->options->fields_path;
	size_t len = strlen(below);
	AcPointer pointer;

	*whole = path[0] == '\0' || strcmp(path, below) == 0;
	if (*whole || strncmp(path, below, len) != 0 || path[len] != '/' ||
		!ac_pointer_parse(path + len, &pointer, NULL) || pointer.count == 0)
		return NULL;
	return pointer.tokens[0];
}

/* Adds what the column needs; false if that is all there is. */
static bool
add_column(const AcTable *table, const AcColumn *column, Names *names)
{
	const AcColumnOptions *options = column->options;
	const char *path = options->json_path;
	const char *name;
	bool whole;

	if (path == NULL || options->origin == AC_ORIGIN_NAME ||
		options->origin == AC_ORIGIN_ORDINAL)
		return true;
	/* a nested row's own fields come with the list that it stands in */
	if (table->options->nested_path != NULL &&
		options->origin == AC_ORIGIN_ROW)
		return true;
	name = name_of_path(table, path, &whole);
	if (whole)
		return false;
	if (options->field != NULL)
		name = options->field;
	if (name != NULL)
		add_name(names, name);
	return true;
}

/* Adds what paging looks at in rows. */
static bool
add_places(const AcTable *table, Names *names)
{
	const AcPaging *paging = &table->options->paging;
	const char *const places[] = {
		paging->style == AC_PAGER_KEYSET ? paging->cursor_path : NULL,
		paging->window_path, table->options->nested_path};

	for (int i = 0; i < (int) lengthof(places); i++)
	{
		bool whole = false;
		const char *name = places[i] != NULL
							   ? name_of_path(table, places[i], &whole)
							   : NULL;

		if (whole)
			return false;
		if (name != NULL)
			add_name(names, name);
	}
	return true;
}

/*
 * Adds the columns of the key, by which one page is told from another; false
 * if there are none.
 */
static bool
add_key(const AcTable *table, Names *names)
{
	bool has_key = false;

	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (column->dropped || !column->options->key ||
			column->options->json_path == NULL)
			continue;
		has_key = true;
		if (!add_column(table, column, names))
			return false;
	}
	return has_key;
}

/* All that the columns need, and what we need to read pages. */
static bool
name_needed(const AcTable *table, List *attnums, Names *names)
{
	ListCell *lc;

	if (!add_key(table, names) || !add_places(table, names))
		return false;
	foreach (lc, attnums)
		if (!add_column(table, ac_table_column(table, (AttrNumber) lfirst_int(lc)),
						names))
			return false;
	return true;
}

/* Hidden ones among the columns. */
static void
name_hidden(const AcTable *table, List *attnums, Names *names)
{
	ListCell *lc;

	foreach (lc, attnums)
	{
		const AcColumn *column = ac_table_column(table,
												 (AttrNumber) lfirst_int(lc));

		if (column->options->hidden)
			(void) add_column(table, column, names);
	}
}

bool
ac_request_needs_hidden(const AcTable *table, List *attnums)
{
	ListCell *lc;

	foreach (lc, attnums)
		if (ac_table_column(table, (AttrNumber) lfirst_int(lc))->options->hidden)
			return true;
	return false;
}

/* Are these all columns that there are? */
static bool
are_all(const AcTable *table, List *attnums)
{
	for (int i = 0; i < table->n_columns; i++)
		if (!table->columns[i].dropped &&
			!ac_column_is_param_only(&table->columns[i]) &&
			!list_member_int(attnums, table->columns[i].attnum))
			return false;
	return true;
}

void
ac_request_fields(const AcTable *table, List *attnums, AcQuery *query)
{
	Names names = {0};

	query->fields = NULL;
	query->n_fields = 0;
	if (table->options->fields_param == NULL)
		return;
	/* Of an item only hidden fields are asked for: that it takes the parameter
	 * is less sure than of the collection.  Who reads all may see, too, what is
	 * new. */
	if (!ac_request_needs_hidden(table, attnums) &&
		(query->item || are_all(table, attnums)))
		return;
	names.names = palloc(sizeof(char *) * (table->n_columns + 4));
	if (table->options->fields_hidden_only)
		name_hidden(table, attnums, &names);
	else if (!name_needed(table, attnums, &names))
	{
		/* all are wanted: those that are hidden need their names all the same */
		names.n = 0;
		if (ac_request_needs_hidden(table, attnums))
			for (int i = 0; i < table->n_columns; i++)
				if (!table->columns[i].dropped)
					(void) add_column(table, &table->columns[i], &names);
	}
	if (names.n == 0)
		return;
	query->fields = names.names;
	query->n_fields = names.n;
}

AcRestForm
ac_request_form(const AcTable *table, const AcUrl *base)
{
	AcRestForm form = {
		.base = base,
		.path = &table->path,
		.item = &table->item,
		.params = table->options->params,
		.body = table->options->body,
		.fields_param = table->options->fields_param,
		.fields_list = table->options->fields_list,
	};

	return form;
}
