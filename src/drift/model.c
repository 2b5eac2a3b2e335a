/*
 * model.c
 *		What of an API is compared from one day to the next?
 *
 * See model.h; its JSON form is model_json.c's.  All texts are copied, since
 * a baseline outlives the document that it was read from.
 */
#include "ac.h"

#include "api/paging.h"
#include "api/types.h"
#include "core/pointer.h"
#include "drift/model.h"

static const char *
keep(const char *text)
{
	return text == NULL ? NULL : pstrdup(text);
}

static int
order_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static int
order_tables(const void *a, const void *b)
{
	const AcModelTable *x = a;
	const AcModelTable *y = b;
	int order = strcmp(x->path, y->path);

	if (order == 0)
		order = strcmp(x->method, y->method);
	return order != 0 ? order : strcmp(x->rows_path, y->rows_path);
}

static int
order_others(const void *a, const void *b)
{
	const AcModelOther *x = a;
	const AcModelOther *y = b;
	int order = strcmp(x->path, y->path);

	return order != 0 ? order : strcmp(x->method, y->method);
}

static int
order_columns(const void *a, const void *b)
{
	return strcmp(((const AcModelColumn *) a)->json_path,
				  ((const AcModelColumn *) b)->json_path);
}

static int
order_params(const void *a, const void *b)
{
	const AcModelParam *x = a;
	const AcModelParam *y = b;
	int order = strcmp(x->place, y->place);

	return order != 0 ? order : strcmp(x->name, y->name);
}

/* Sorts n things of that size, drops what is there twice; returns the rest. */
static int
sort_once(void *things, int n, size_t size,
		  int (*order)(const void *, const void *))
{
	char *first = things;
	int kept = 0;
	int i;

	if (n > 0)
		qsort(things, n, size, order);
	for (i = 0; i < n; i++)
	{
		if (kept > 0 && order(first + (kept - 1) * size, first + i * size) == 0)
			continue;
		if (kept < i)
			memcpy(first + kept * size, first + i * size, size);
		kept++;
	}
	return kept;
}

int
ac_model_sort_tables(AcModelTable *tables, int n)
{
	return sort_once(tables, n, sizeof(AcModelTable), order_tables);
}

int
ac_model_sort_others(AcModelOther *others, int n)
{
	return sort_once(others, n, sizeof(AcModelOther), order_others);
}

int
ac_model_sort_columns(AcModelColumn *columns, int n)
{
	return sort_once(columns, n, sizeof(AcModelColumn), order_columns);
}

int
ac_model_sort_params(AcModelParam *params, int n)
{
	return sort_once(params, n, sizeof(AcModelParam), order_params);
}

int
ac_model_sort_texts(const char **texts, int n)
{
	return sort_once(texts, n, sizeof(char *), order_texts);
}

/* Copies texts, sorted and each once; *n of them. */
static const char **
sorted_copy(const char *const *texts, int *n)
{
	const char **copy;
	int i;

	if (*n == 0)
		return NULL;
	copy = palloc(*n * sizeof(char *));
	for (i = 0; i < *n; i++)
		copy[i] = pstrdup(texts[i]);
	*n = ac_model_sort_texts(copy, *n);
	return copy;
}

/*
 * What the schema alone says: a plan also looks at the field's name, its
 * example and its description, but a new example is no other API.
 */
static AcTypeChoice
choose_described(const AcShape *shape)
{
	AcShape bare = *shape;
	AcShape items;

	bare.example = bare.description = NULL;
	if (shape->kind == AC_SHAPE_ARRAY && shape->items != NULL)
	{
		items = *shape->items;
		items.example = items.description = NULL;
		bare.items = &items;
	}
	return ac_types_choose(&bare, "");
}

static const char *
described_text(AcTypeChoice choice)
{
	return choice.decode == NULL
			   ? pstrdup(choice.type)
			   : psprintf("%s %s", choice.type, choice.decode);
}

static const char *
json_type_of(const AcShape *shape)
{
	if (shape->expandable)
		return "any";
	switch (shape->kind)
	{
		case AC_SHAPE_BOOLEAN:
			return "boolean";
		case AC_SHAPE_INTEGER:
			return "integer";
		case AC_SHAPE_NUMBER:
			return "number";
		case AC_SHAPE_STRING:
			return "string";
		case AC_SHAPE_ARRAY:
			return "array";
		case AC_SHAPE_OBJECT:
		case AC_SHAPE_MAP:
			return "object";
		case AC_SHAPE_UNKNOWN:
		case AC_SHAPE_NULL:
		case AC_SHAPE_MIXED:
			break;
	}
	return "any";
}

/* What the plan knows where the description says nothing. */
static void
fill_column_seen(AcModelColumn *to, const AcColumnPlan *from)
{
	AcTypeChoice choice = {from->type, from->decode, 1};

	to->json_type = ac_types_is_number(from->type)		   ? "number"
					: strcmp(from->type, "boolean") == 0   ? "boolean"
					: ac_types_element(from->type) != NULL ? "array"
					: strcmp(from->type, "jsonb") == 0	   ? "any"
														   : "string";
	to->described = described_text(choice);
}

static void
fill_column_domain(AcModelColumn *to, const AcColumnPlan *from,
				   const AcShape *shape)
{
	const char **values = from->enum_values;

	to->n_enum = from->n_enum;
	/* a list's domain is that of its elements */
	if (to->n_enum == 0 && shape != NULL && shape->kind == AC_SHAPE_ARRAY &&
		shape->items != NULL)
	{
		values = shape->items->enum_values;
		to->n_enum = shape->items->n_enum;
	}
	to->enum_values = sorted_copy(values, &to->n_enum);
}

static void
fill_column(AcModelColumn *to, const AcColumnPlan *from, const AcShape *row)
{
	const AcProperty *property = ac_shape_at(row, from->json_path);
	const AcShape *shape = property != NULL				? property->shape
						   : from->json_path[0] == '\0' ? row
														: NULL;

	memset(to, 0, sizeof(AcModelColumn));
	to->name = keep(from->name);
	to->json_path = keep(from->json_path);
	to->type = keep(from->type);
	to->decode = keep(from->decode);
	to->key = from->key;
	fill_column_domain(to, from, shape);
	if (shape == NULL)
	{
		fill_column_seen(to, from);
		return;
	}
	to->json_type = json_type_of(shape);
	to->format = keep(shape->format);
	to->described = described_text(choose_described(shape));
	to->nullable = shape->nullable || shape->kind == AC_SHAPE_NULL;
	to->deprecated = shape->deprecated ||
					 (property != NULL && property->deprecated);
}

/*
 * Columns that show a field.  The second column of an expandable field and
 * _raw show what another column stands for already; a row's name or ordinal
 * and the fields of its parent are no fields of its own.
 */
static void
fill_columns(AcModelTable *table, const AcTablePlan *plan)
{
	int i;

	table->columns = palloc(Max(plan->n_columns, 1) * sizeof(AcModelColumn));
	for (i = 0; i < plan->n_columns; i++)
	{
		const AcColumnPlan *column = &plan->columns[i];
		bool twice = i > 0 && plan->columns[i - 1].json_path != NULL &&
					 column->json_path != NULL &&
					 strcmp(plan->columns[i - 1].json_path,
							column->json_path) == 0;

		if (column->json_path == NULL || twice || column->of_parent ||
			ac_tableplan_is_place(column) ||
			(column->json_path[0] == '\0' &&
			 strcmp(column->name, "_raw") == 0))
			continue;
		fill_column(&table->columns[table->n_columns++], column, plan->row);
	}
	table->n_columns = ac_model_sort_columns(table->columns, table->n_columns);
}

static const char *
place_name(AcParamPlace place)
{
	static const char *const names[] = {
		[AC_PARAM_PATH] = "path",
		[AC_PARAM_QUERY] = "query",
		[AC_PARAM_HEADER] = "header",
		[AC_PARAM_COOKIE] = "cookie",
	};

	return names[place];
}

/* The column that stands for a parameter, NULL if none does. */
static const char *
column_for(const AcTablePlan *plan, const AcParam *param)
{
	int i;

	if (param->place != AC_PARAM_PATH && param->place != AC_PARAM_QUERY)
		return NULL;
	for (i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL &&
			strcmp(plan->columns[i].param, param->name) == 0)
			return plan->columns[i].name;
	return NULL;
}

static void
fill_params(AcModelTable *table, const AcTablePlan *plan)
{
	const AcEndpoint *endpoint = plan->endpoint;
	int i;

	table->n_params = endpoint->n_params;
	table->params = palloc0(Max(endpoint->n_params, 1) * sizeof(AcModelParam));
	for (i = 0; i < endpoint->n_params; i++)
	{
		const AcParam *from = &endpoint->params[i];
		AcModelParam *to = &table->params[i];

		to->name = keep(from->name);
		to->place = place_name(from->place);
		to->type = keep(choose_described(from->shape).type);
		to->default_value = keep(from->shape->default_value);
		to->maximum = keep(from->shape->maximum);
		to->column = keep(column_for(plan, from));
		to->required = from->required;
		to->deprecated = from->deprecated || from->shape->deprecated;
		to->page_size = plan->paging.size_param != NULL &&
						from->place == AC_PARAM_QUERY &&
						strcmp(plan->paging.size_param, from->name) == 0;
		to->n_enum = from->shape->n_enum;
		to->enum_values = sorted_copy(from->shape->enum_values, &to->n_enum);
	}
	table->n_params = ac_model_sort_params(table->params, table->n_params);
}

static void
fill_tables(AcModel *model, const AcTablePlans *plans)
{
	int i;

	model->tables = palloc0(Max(plans->n_tables, 1) * sizeof(AcModelTable));
	for (i = 0; i < plans->n_tables; i++)
	{
		const AcTablePlan *plan = &plans->tables[i];
		AcModelTable *table = &model->tables[model->n_tables];

		/* of what a sample decides nothing is described that could change */
		if (plan->skip_reason != NULL || ac_tableplan_is_open(plan))
			continue;
		model->n_tables++;
		table->name = keep(plan->name);
		table->path = keep(plan->path);
		table->method = keep(plan->method);
		table->rows_path = keep(plan->rows_path);
		if (plan->rows_form != AC_ROWS_ARRAY)
			table->rows_form = keep(ac_rows_form_name(plan->rows_form));
		table->sunset = keep(plan->endpoint->sunset);
		table->source = keep(plan->source);
		table->deprecated = plan->deprecated;
		fill_columns(table, plan);
		fill_params(table, plan);
	}
	model->n_tables = ac_model_sort_tables(model->tables, model->n_tables);
}

/* The operations that are no tables. */
static void
fill_others(AcModel *model, const AcApi *api)
{
	int i;

	model->others = palloc0(Max(api->n_endpoints, 1) * sizeof(AcModelOther));
	for (i = 0; i < api->n_endpoints; i++)
	{
		const AcEndpoint *endpoint = &api->endpoints[i];
		AcModelOther *other = &model->others[model->n_others];

		if (ac_model_table(model, endpoint->method, endpoint->path) != NULL)
			continue;
		model->n_others++;
		other->path = keep(endpoint->path);
		other->method = keep(endpoint->method);
		if (endpoint->media_type == NULL)
			other->media_type = keep(endpoint->other_media_type);
		other->base_url = keep(endpoint->base_url);
	}
	model->n_others = ac_model_sort_others(model->others, model->n_others);
}

/* A scheme by what a request needs for it, not by its name in the document. */
static const char *
scheme_text(const AcSecurityScheme *scheme)
{
	switch (scheme->scheme)
	{
		case AC_AUTH_NONE:
			return "none";
		case AC_AUTH_API_KEY:
			return psprintf("api_key %s %s", place_name(scheme->place),
							scheme->name);
		case AC_AUTH_BASIC:
			return "basic";
		case AC_AUTH_BEARER:
			return "bearer";
		case AC_AUTH_OAUTH2:
			return "oauth2";
		case AC_AUTH_AWS:
			return "aws signature";
		case AC_AUTH_TLS:
			return "client certificate";
		case AC_AUTH_OTHER:
			break;
	}
	return "other";
}

AcModel *
ac_model_build(const AcApi *api, const AcTablePlans *plans,
			   const char *base_url)
{
	AcModel *model = palloc0(sizeof(AcModel));
	int i;

	model->base_url = keep(base_url);
	model->version = keep(api->version);
	model->auth_required = api->auth_required;
	model->schemes = palloc(Max(api->n_schemes, 1) * sizeof(char *));
	for (i = 0; i < api->n_schemes; i++)
		model->schemes[i] = scheme_text(&api->schemes[i]);
	model->n_schemes = ac_model_sort_texts(model->schemes, api->n_schemes);
	fill_tables(model, plans);
	fill_others(model, api);
	return model;
}

/* The first place where a table of that path and method may stand. */
static int
first_table(const AcModel *model, const char *method, const char *path)
{
	int low = 0;
	int high = model->n_tables;

	while (low < high)
	{
		int middle = (low + high) / 2;
		const AcModelTable *table = &model->tables[middle];
		int order = strcmp(table->path, path);

		if (order == 0)
			order = strcmp(table->method, method);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const AcModelTable *
ac_model_table(const AcModel *model, const char *method, const char *path)
{
	int at = first_table(model, method, path);

	if (at < model->n_tables &&
		strcmp(model->tables[at].path, path) == 0 &&
		strcmp(model->tables[at].method, method) == 0)
		return &model->tables[at];
	return NULL;
}

const AcModelColumn *
ac_model_column(const AcModelTable *table, const char *json_path)
{
	AcModelColumn wanted = {0};

	wanted.json_path = json_path;
	if (table->n_columns == 0)
		return NULL;
	return bsearch(&wanted, table->columns, table->n_columns,
				   sizeof(AcModelColumn), order_columns);
}

const AcModelParam *
ac_model_param(const AcModelTable *table, const char *place, const char *name)
{
	AcModelParam wanted = {0};

	wanted.place = place;
	wanted.name = name;
	if (table->n_params == 0)
		return NULL;
	return bsearch(&wanted, table->params, table->n_params,
				   sizeof(AcModelParam), order_params);
}
