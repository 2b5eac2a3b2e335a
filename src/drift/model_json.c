/*
 * model_json.c
 *		How is a model kept as JSON?
 *
 * {"base_url": ..., "schemes": [...], "tables": [{"name": ..., "columns":
 * [...], "params": [...]}], "others": [...]}: members are called like the
 * fields of model.h; what is NULL, false or empty is left out.  Reading takes
 * whatever stands in the catalog: nothing is believed but that it is JSON.
 */
#include "ac.h"

#include "drift/model.h"

/*
 * Elements of one list: far above what readers let pass (50,000 operations),
 * and some 100 MB of the largest struct.
 */
#define MODEL_MAX_MEMBERS 1000000

typedef enum FieldKind
{
	FIELD_TEXT,	  /* const char *, may be NULL */
	FIELD_NEEDED, /* const char *, must be there */
	FIELD_FLAG	  /* bool */
} FieldKind;

typedef struct Field
{
	const char *name;
	FieldKind kind;
	size_t offset;
} Field;

static const Field model_fields[] = {
	{"base_url", FIELD_TEXT, offsetof(AcModel, base_url)},
	{"version", FIELD_TEXT, offsetof(AcModel, version)},
	{"auth_required", FIELD_FLAG, offsetof(AcModel, auth_required)},
	{NULL, FIELD_TEXT, 0}};

static const Field table_fields[] = {
	{"name", FIELD_NEEDED, offsetof(AcModelTable, name)},
	{"path", FIELD_NEEDED, offsetof(AcModelTable, path)},
	{"method", FIELD_NEEDED, offsetof(AcModelTable, method)},
	{"rows_path", FIELD_NEEDED, offsetof(AcModelTable, rows_path)},
	{"rows_form", FIELD_TEXT, offsetof(AcModelTable, rows_form)},
	{"sunset", FIELD_TEXT, offsetof(AcModelTable, sunset)},
	{"source", FIELD_TEXT, offsetof(AcModelTable, source)},
	{"deprecated", FIELD_FLAG, offsetof(AcModelTable, deprecated)},
	{NULL, FIELD_TEXT, 0}};

static const Field column_fields[] = {
	{"name", FIELD_NEEDED, offsetof(AcModelColumn, name)},
	{"json_path", FIELD_NEEDED, offsetof(AcModelColumn, json_path)},
	{"type", FIELD_NEEDED, offsetof(AcModelColumn, type)},
	{"json_type", FIELD_NEEDED, offsetof(AcModelColumn, json_type)},
	{"format", FIELD_TEXT, offsetof(AcModelColumn, format)},
	{"decode", FIELD_TEXT, offsetof(AcModelColumn, decode)},
	{"described", FIELD_NEEDED, offsetof(AcModelColumn, described)},
	{"nullable", FIELD_FLAG, offsetof(AcModelColumn, nullable)},
	{"key", FIELD_FLAG, offsetof(AcModelColumn, key)},
	{"deprecated", FIELD_FLAG, offsetof(AcModelColumn, deprecated)},
	{NULL, FIELD_TEXT, 0}};

static const Field param_fields[] = {
	{"name", FIELD_NEEDED, offsetof(AcModelParam, name)},
	{"place", FIELD_NEEDED, offsetof(AcModelParam, place)},
	{"type", FIELD_NEEDED, offsetof(AcModelParam, type)},
	{"default_value", FIELD_TEXT, offsetof(AcModelParam, default_value)},
	{"maximum", FIELD_TEXT, offsetof(AcModelParam, maximum)},
	{"column", FIELD_TEXT, offsetof(AcModelParam, column)},
	{"required", FIELD_FLAG, offsetof(AcModelParam, required)},
	{"deprecated", FIELD_FLAG, offsetof(AcModelParam, deprecated)},
	{"page_size", FIELD_FLAG, offsetof(AcModelParam, page_size)},
	{NULL, FIELD_TEXT, 0}};

static const Field other_fields[] = {
	{"path", FIELD_NEEDED, offsetof(AcModelOther, path)},
	{"method", FIELD_NEEDED, offsetof(AcModelOther, method)},
	{"media_type", FIELD_TEXT, offsetof(AcModelOther, media_type)},
	{"base_url", FIELD_TEXT, offsetof(AcModelOther, base_url)},
	{NULL, FIELD_TEXT, 0}};

/* A new object of a record's fields. */
static AcJson *
write_fields(const void *record, const Field *field)
{
	AcJson *object = ac_json_new_object();

	for (; field->name != NULL; field++)
	{
		const char *at = (const char *) record + field->offset;

		if (field->kind == FIELD_FLAG)
		{
			if (*(const bool *) at)
				ac_json_set(object, field->name, ac_json_new_bool(true));
		}
		else if (*(const char *const *) at != NULL)
			ac_json_set_string(object, field->name,
							   *(const char *const *) at);
	}
	return object;
}

static void
write_texts(AcJson *object, const char *key, const char **texts, int n)
{
	AcJson *array;
	int i;

	if (n == 0)
		return;
	array = ac_json_new_array();
	for (i = 0; i < n; i++)
		ac_json_append(array, ac_json_new_string(texts[i]));
	ac_json_set(object, key, array);
}

static AcJson *
write_table(const AcModelTable *table)
{
	AcJson *object = write_fields(table, table_fields);
	AcJson *columns = ac_json_new_array();
	AcJson *params = ac_json_new_array();
	int i;

	for (i = 0; i < table->n_columns; i++)
	{
		const AcModelColumn *column = &table->columns[i];
		AcJson *written = write_fields(column, column_fields);

		write_texts(written, "enum_values", column->enum_values,
					column->n_enum);
		ac_json_append(columns, written);
	}
	for (i = 0; i < table->n_params; i++)
	{
		const AcModelParam *param = &table->params[i];
		AcJson *written = write_fields(param, param_fields);

		write_texts(written, "enum_values", param->enum_values, param->n_enum);
		ac_json_append(params, written);
	}
	ac_json_set(object, "columns", columns);
	ac_json_set(object, "params", params);
	return object;
}

AcJson *
ac_model_to_json(const AcModel *model)
{
	AcJson *object = write_fields(model, model_fields);
	AcJson *tables = ac_json_new_array();
	AcJson *others = ac_json_new_array();
	int i;

	write_texts(object, "schemes", model->schemes, model->n_schemes);
	for (i = 0; i < model->n_tables; i++)
		ac_json_append(tables, write_table(&model->tables[i]));
	for (i = 0; i < model->n_others; i++)
		ac_json_append(others, write_fields(&model->others[i], other_fields));
	ac_json_set(object, "tables", tables);
	ac_json_set(object, "others", others);
	return object;
}

/* A palloc'd copy of a text without NUL bytes; NULL (err set) for others. */
static const char *
read_text(const AcJson *node, const char *what, AcError *err)
{
	size_t len = 0;
	const char *text = ac_json_string(node, &len);

	if (text != NULL && strlen(text) == len)
		return pstrdup(text);
	ac_error_set(err, AC_ERR_MALFORMED, "\"%s\" of a model is no text", what);
	return NULL;
}

/* Fills a record, which is zero, from an object. */
static bool
read_fields(const AcJson *object, const Field *field, void *record,
			AcError *err)
{
	if (ac_json_kind(object) != AC_JSON_OBJECT)
		return ac_error_set(err, AC_ERR_MALFORMED,
							"a part of a model is no object");
	for (; field->name != NULL; field++)
	{
		const AcJson *node = ac_json_get(object, field->name);
		char *at = (char *) record + field->offset;

		if (field->kind == FIELD_FLAG)
			*(bool *) at = ac_json_bool(node, false);
		else if (node != NULL || field->kind == FIELD_NEEDED)
		{
			*(const char **) at = read_text(node, field->name, err);
			if (*(const char **) at == NULL)
				return false;
		}
	}
	return true;
}

/* Elements of a list; false if there are more than can be meant. */
static bool
list_length(const AcJson *array, int *n, AcError *err)
{
	*n = ac_json_length(array);
	if (*n <= MODEL_MAX_MEMBERS)
		return true;
	return ac_error_set(err, AC_ERR_MALFORMED,
						"a list of a model has more than %d elements",
						MODEL_MAX_MEMBERS);
}

static bool
read_texts(const AcJson *array, const char ***texts, int *n, AcError *err)
{
	int i;

	if (!list_length(array, n, err))
		return false;
	*texts = palloc(Max(*n, 1) * sizeof(char *));
	for (i = 0; i < *n; i++)
		if (((*texts)[i] = read_text(ac_json_at(array, i), "values", err)) ==
			NULL)
			return false;
	*n = ac_model_sort_texts(*texts, *n);
	return true;
}

static bool
not_twice(int n, int kept, const char *what, AcError *err)
{
	if (n == kept)
		return true;
	return ac_error_set(err, AC_ERR_MALFORMED,
						"a model has the same %s twice", what);
}

static bool
read_columns(const AcJson *array, AcModelTable *table, AcError *err)
{
	int i;

	if (!list_length(array, &table->n_columns, err))
		return false;
	table->columns = palloc0(Max(table->n_columns, 1) * sizeof(AcModelColumn));
	for (i = 0; i < table->n_columns; i++)
	{
		AcModelColumn *column = &table->columns[i];
		const AcJson *object = ac_json_at(array, i);

		if (!read_fields(object, column_fields, column, err) ||
			!read_texts(ac_json_get(object, "enum_values"),
						&column->enum_values, &column->n_enum, err))
			return false;
	}
	return not_twice(table->n_columns, ac_model_sort_columns(table->columns, table->n_columns),
					 "column", err);
}

static bool
read_params(const AcJson *array, AcModelTable *table, AcError *err)
{
	int i;

	if (!list_length(array, &table->n_params, err))
		return false;
	table->params = palloc0(Max(table->n_params, 1) * sizeof(AcModelParam));
	for (i = 0; i < table->n_params; i++)
	{
		AcModelParam *param = &table->params[i];
		const AcJson *object = ac_json_at(array, i);

		if (!read_fields(object, param_fields, param, err) ||
			!read_texts(ac_json_get(object, "enum_values"),
						&param->enum_values, &param->n_enum, err))
			return false;
	}
	return not_twice(table->n_params, ac_model_sort_params(table->params, table->n_params),
					 "parameter", err);
}

static bool
read_tables(const AcJson *array, AcModel *model, AcError *err)
{
	int i;

	if (!list_length(array, &model->n_tables, err))
		return false;
	model->tables = palloc0(Max(model->n_tables, 1) * sizeof(AcModelTable));
	for (i = 0; i < model->n_tables; i++)
	{
		AcModelTable *table = &model->tables[i];
		const AcJson *object = ac_json_at(array, i);

		if (!read_fields(object, table_fields, table, err) ||
			!read_columns(ac_json_get(object, "columns"), table, err) ||
			!read_params(ac_json_get(object, "params"), table, err))
			return false;
	}
	return not_twice(model->n_tables, ac_model_sort_tables(model->tables, model->n_tables),
					 "table", err);
}

static bool
read_others(const AcJson *array, AcModel *model, AcError *err)
{
	int i;

	if (!list_length(array, &model->n_others, err))
		return false;
	model->others = palloc0(Max(model->n_others, 1) * sizeof(AcModelOther));
	for (i = 0; i < model->n_others; i++)
		if (!read_fields(ac_json_at(array, i), other_fields,
						 &model->others[i], err))
			return false;
	return not_twice(model->n_others, ac_model_sort_others(model->others, model->n_others),
					 "operation", err);
}

bool
ac_model_from_json(const AcJson *json, AcModel **model, AcError *err)
{
	AcModel *read = palloc0(sizeof(AcModel));

	*model = NULL;
	if (!read_fields(json, model_fields, read, err) ||
		!read_texts(ac_json_get(json, "schemes"), &read->schemes,
					&read->n_schemes, err) ||
		!read_tables(ac_json_get(json, "tables"), read, err) ||
		!read_others(ac_json_get(json, "others"), read, err))
		return false;
	*model = read;
	return true;
}
