/*
 * compare_accept.c
 *		What is the baseline once a drift is decided?
 *
 * What the drift speaks of becomes as it is after, and nothing else: a
 * neighbouring drift that is still open must be found again.  The drift may
 * come from the catalog: it is found by kind, table, column and subject, and
 * by path and json_path where those are known.
 *
 * Levels are copied on the way to what changes; all else is shared.
 */
#include "ac.h"

#include "drift/compare_int.h"

/* A copy of n things of that size with room for some more. */
static void *
copy_of(const void *things, int n, int more, size_t size)
{
	void *copy = palloc(Max(n + more, 1) * size);

	if (n > 0)
		memcpy(copy, things, n * size);
	return copy;
}

static bool
is_table(const AcModelTable *table, const AcDrift *drift)
{
	return (drift->path == NULL || strcmp(table->path, drift->path) == 0) &&
		   strcmp(table->name, drift->table) == 0;
}

/* Place of the drift's table, -1 if there is none. */
static int
find_table(const AcModel *model, const AcDrift *drift)
{
	int i;

	for (i = 0; drift->table != NULL && i < model->n_tables; i++)
		if (is_table(&model->tables[i], drift))
			return i;
	return -1;
}

/* What else stands at that path becomes what stands there after. */
static void
take_others(AcModel *model, const AcModel *after, const char *path)
{
	AcModelOther *others = palloc(Max(model->n_others + after->n_others, 1) *
								  sizeof(AcModelOther));
	int n = 0;
	int i;

	for (i = 0; i < model->n_others; i++)
		if (!ac_path_same(model->others[i].path, path))
			others[n++] = model->others[i];
	for (i = 0; i < after->n_others; i++)
		if (ac_path_same(after->others[i].path, path))
			others[n++] = after->others[i];
	model->others = others;
	model->n_others = ac_model_sort_others(others, n);
}

static void
add_table(AcModel *model, const AcModel *after, const AcDrift *drift)
{
	int found = find_table(after, drift);

	if (found < 0)
		return;
	model->tables = copy_of(model->tables, model->n_tables, 1,
							sizeof(AcModelTable));
	model->tables[model->n_tables++] = after->tables[found];
	model->n_tables = ac_model_sort_tables(model->tables, model->n_tables);
	take_others(model, after, after->tables[found].path);
}

static void
drop_table(AcModel *model, const AcModel *after, const AcDrift *drift)
{
	int found = find_table(model, drift);
	const char *path;

	if (found < 0)
		return;
	path = model->tables[found].path;
	model->tables = copy_of(model->tables, model->n_tables, 0,
							sizeof(AcModelTable));
	memmove(&model->tables[found], &model->tables[found + 1],
			(model->n_tables - found - 1) * sizeof(AcModelTable));
	model->n_tables--;
	take_others(model, after, path);
}

/* Place of the drift's column, -1 if there is none. */
static int
find_column(const AcModelTable *table, const AcDrift *drift)
{
	int i;

	for (i = 0; i < table->n_columns; i++)
		if (drift->json_path != NULL
				? strcmp(table->columns[i].json_path, drift->json_path) == 0
				: drift->column != NULL &&
					  strcmp(table->columns[i].name, drift->column) == 0)
			return i;
	return -1;
}

/* Does the drift speak of that parameter?  Without subject of all. */
static bool
is_param(const AcModelParam *param, const AcDrift *drift)
{
	return drift->subject == NULL ||
		   strcmp(ac_compare_subject(param), drift->subject) == 0;
}

static void
add_column(AcModelTable *table, const AcModelTable *after,
		   const AcDrift *drift)
{
	int found = find_column(after, drift);

	if (found < 0)
		return;
	table->columns = copy_of(table->columns, table->n_columns, 1,
							 sizeof(AcModelColumn));
	table->columns[table->n_columns++] = after->columns[found];
	table->n_columns = ac_model_sort_columns(table->columns,
											 table->n_columns);
}

static void
drop_column(AcModelTable *table, const AcDrift *drift)
{
	int found = find_column(table, drift);

	if (found < 0)
		return;
	table->columns = copy_of(table->columns, table->n_columns, 0,
							 sizeof(AcModelColumn));
	memmove(&table->columns[found], &table->columns[found + 1],
			(table->n_columns - found - 1) * sizeof(AcModelColumn));
	table->n_columns--;
}

/*
 * Values that before and after have, with those that only one of them has
 * where the other drift on them is not the one decided.
 */
static void
take_values(AcModelColumn *column, const AcModelColumn *after,
			AcDriftKind kind)
{
	const char **values = palloc(Max(column->n_enum + after->n_enum, 1) *
								 sizeof(char *));
	int n = 0;
	int i;
	int j;

	for (i = 0; i < column->n_enum; i++)
	{
		for (j = 0; j < after->n_enum; j++)
			if (strcmp(column->enum_values[i], after->enum_values[j]) == 0)
				break;
		if (j < after->n_enum || kind == AC_DRIFT_ENUM_VALUE_ADDED)
			values[n++] = column->enum_values[i];
	}
	for (j = 0; kind == AC_DRIFT_ENUM_VALUE_ADDED && j < after->n_enum; j++)
		values[n++] = after->enum_values[j];
	column->enum_values = values;
	column->n_enum = ac_model_sort_texts(values, n);
}

/* All that the comparison of types looks at; another type's domain too. */
static void
take_type(AcModelColumn *column, const AcModelColumn *after)
{
	if (strcmp(column->json_type, after->json_type) != 0)
	{
		column->enum_values = after->enum_values;
		column->n_enum = after->n_enum;
	}
	column->type = after->type;
	column->json_type = after->json_type;
	column->format = after->format;
	column->decode = after->decode;
	column->described = after->described;
}

static void
change_column(AcModelTable *table, const AcModelTable *after,
			  const AcDrift *drift)
{
	int at = find_column(table, drift);
	const AcModelColumn *now =
		at < 0 ? NULL : ac_model_column(after, table->columns[at].json_path);

	if (now == NULL)
		return;
	table->columns = copy_of(table->columns, table->n_columns, 0,
							 sizeof(AcModelColumn));
	switch (drift->kind)
	{
		case AC_DRIFT_BECAME_NULLABLE:
			table->columns[at].nullable = now->nullable;
			break;
		case AC_DRIFT_DEPRECATED:
			table->columns[at].deprecated = now->deprecated;
			break;
		case AC_DRIFT_ENUM_VALUE_ADDED:
		case AC_DRIFT_ENUM_VALUE_RETIRED:
			take_values(&table->columns[at], now, drift->kind);
			break;
		default:
			take_type(&table->columns[at], now);
			break;
	}
}

/* One fact of a parameter that stays. */
static void
take_param(AcModelParam *param, const AcModelParam *now, AcDriftKind kind)
{
	switch (kind)
	{
		case AC_DRIFT_REQUIRED_PARAM_ADDED:
			param->required = now->required;
			break;
		case AC_DRIFT_DEFAULT_CHANGED:
			param->default_value = now->default_value;
			break;
		case AC_DRIFT_LIMIT_MAX_LOWERED:
			param->maximum = now->maximum;
			break;
		case AC_DRIFT_DEPRECATED:
			param->deprecated = now->deprecated;
			break;
		default:
			break;
	}
}

/* Parameters that stay take what the drift says; others go, or are renamed. */
static int
keep_params(AcModelParam *params, const AcModelTable *table,
			const AcModelTable *after, const AcDrift *drift)
{
	int n = 0;
	int i;

	for (i = 0; i < table->n_params; i++)
	{
		const AcModelParam *param = &table->params[i];
		const AcModelParam *now = ac_model_param(after, param->place,
												 param->name);
		const AcModelParam *renamed = NULL;

		params[n++] = *param;
		if (!is_param(param, drift))
			continue;
		if (now != NULL)
		{
			take_param(&params[n - 1], now, drift->kind);
			continue;
		}
		if (drift->kind == AC_DRIFT_SEMANTICS_CHANGED ||
			drift->kind == AC_DRIFT_PARAM_RENAMED)
			renamed = ac_compare_renamed(table, after, param);
		if (drift->kind == AC_DRIFT_PARAM_RENAMED && renamed != NULL)
			params[n - 1] = *renamed;
		else if (drift->kind == AC_DRIFT_SEMANTICS_CHANGED && renamed == NULL)
			n--;
	}
	return n;
}

static void
change_params(AcModelTable *table, const AcModelTable *after,
			  const AcDrift *drift)
{
	AcModelParam *params = palloc(Max(table->n_params + after->n_params, 1) *
								  sizeof(AcModelParam));
	int n = keep_params(params, table, after, drift);
	int i;

	for (i = 0; drift->kind == AC_DRIFT_REQUIRED_PARAM_ADDED &&
				i < after->n_params;
		 i++)
		if (after->params[i].required && is_param(&after->params[i], drift) &&
			ac_model_param(table, after->params[i].place,
						   after->params[i].name) == NULL)
			params[n++] = after->params[i];
	table->params = params;
	table->n_params = ac_model_sort_params(params, n);
}

/* What became deprecated: a column, a parameter, or the table. */
static void
change_deprecated(AcModelTable *table, const AcModelTable *after,
				  const AcDrift *drift)
{
	if (drift->subject != NULL)
		change_params(table, after, drift);
	else if (drift->column != NULL)
		change_column(table, after, drift);
	else
		table->deprecated = after->deprecated;
}

/* Applies a drift of a table that is in both models. */
static void
change_table(AcModelTable *table, const AcModelTable *after,
			 const AcDrift *drift)
{
	switch (drift->kind)
	{
		case AC_DRIFT_COLUMN_ADDED:
			add_column(table, after, drift);
			break;
		case AC_DRIFT_COLUMN_REMOVED:
			drop_column(table, drift);
			break;
		case AC_DRIFT_ENVELOPE_MOVED:
			table->rows_path = after->rows_path;
			break;
		case AC_DRIFT_CONTENT_TYPE_CHANGED:
			*table = *after;
			break;
		case AC_DRIFT_SUNSET_SCHEDULED:
			table->sunset = after->sunset;
			break;
		case AC_DRIFT_DEPRECATED:
			change_deprecated(table, after, drift);
			break;
		case AC_DRIFT_REQUIRED_PARAM_ADDED:
		case AC_DRIFT_PARAM_RENAMED:
		case AC_DRIFT_SEMANTICS_CHANGED:
		case AC_DRIFT_DEFAULT_CHANGED:
		case AC_DRIFT_LIMIT_MAX_LOWERED:
			change_params(table, after, drift);
			break;
		default:
			change_column(table, after, drift);
			break;
	}
}

static void
accept_in_table(AcModel *model, const AcModel *after, const AcDrift *drift)
{
	int at = find_table(model, drift);
	AcTablePairs pairs;

	if (at < 0)
		return;
	ac_compare_pair(model, after, &pairs);
	if (pairs.after_of[at] < 0)
		return;
	model->tables = copy_of(model->tables, model->n_tables, 0,
							sizeof(AcModelTable));
	change_table(&model->tables[at], &after->tables[pairs.after_of[at]],
				 drift);
	/* the place of the rows is a part of the order */
	model->n_tables = ac_model_sort_tables(model->tables, model->n_tables);
}

/* Is the table, in another form, still there? */
static bool
is_in_both(const AcModel *model, const AcModel *after, const AcDrift *drift)
{
	int at = find_table(model, drift);
	AcTablePairs pairs;

	if (at < 0)
		return false;
	ac_compare_pair(model, after, &pairs);
	return pairs.after_of[at] >= 0;
}

AcModel *
ac_compare_accept(const AcModel *before, const AcModel *after,
				  const AcDrift *drift)
{
	AcModel *model = palloc(sizeof(AcModel));

	*model = *before;
	switch (drift->kind)
	{
		case AC_DRIFT_ENDPOINT_ADDED:
			add_table(model, after, drift);
			break;
		case AC_DRIFT_ENDPOINT_MOVED:
			if (drift->table == NULL)
				model->base_url = after->base_url;
			else
				drop_table(model, after, drift);
			break;
		case AC_DRIFT_ENDPOINT_REMOVED:
		case AC_DRIFT_METHOD_CHANGED:
			drop_table(model, after, drift);
			break;
		case AC_DRIFT_CONTENT_TYPE_CHANGED:
			if (is_in_both(model, after, drift))
				accept_in_table(model, after, drift);
			else
				drop_table(model, after, drift);
			break;
		case AC_DRIFT_AUTH_SCHEME_CHANGED:
			model->schemes = after->schemes;
			model->n_schemes = after->n_schemes;
			model->auth_required = after->auth_required;
			break;
		default:
			accept_in_table(model, after, drift);
			break;
	}
	return model;
}
