/*
 * tableplan.c
 *		Which foreign tables does an API become?  See tableplan.h.
 *
 * Every path becomes a draft; drafts are sorted by path, so that a plan
 * depends on the set of paths and never on their order.  Then, each step for
 * all drafts: can it be read, where do the rows stand, which columns has it,
 * which item path serves its look-ups, what is it called.
 */
#include "ac.h"

#include "api/envelope.h"
#include "api/keys.h"
#include "api/names.h"
#include "api/paging.h"
#include "api/tableplan_int.h"
#include "api/types.h"
#include "core/pointer.h"

/* Share of the smaller shape's fields that list row and item must share. */
#define ITEM_AGREES 0.6

/* A path on its way to a table. */
typedef struct Draft
{
	const AcEndpoint *endpoint;
	const AcPath *path;
	const char *shape_of_path; /* with "{}" for variables, for look-ups */
	AcTablePlan plan;
	AcRows rows;		/* where row is NULL: unknown */
	const char *suffix; /* key of a tied array, "" for the main table */
	struct Draft *item; /* the look-up path merged into this table */
	bool is_item;		/* merged into another table */
	bool nameable;		/* importable, or would be after a sample */
} Draft;

typedef struct Drafts
{
	Draft *drafts;
	int n;
	int capacity;
	const AcPlanOptions *options;
} Drafts;

static int
compare_drafts(const void *a, const void *b)
{
	const Draft *x = a;
	const Draft *y = b;
	int order = strcmp(x->endpoint->path, y->endpoint->path);

	return order != 0 ? order : strcmp(x->suffix, y->suffix);
}

/* "/orders/{id}.json/" as "/orders/{}": what all spellings share. */
static char *
shape_of_path(const AcPath *path)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < path->count; i++)
		appendStringInfo(&out, "/%s", path->segments[i].variable ? "{}" : path->segments[i].text);
	return out.data;
}

/* GET wins the path's row, then what might read, then anything. */
static int
method_rank(const char *method)
{
	static const char *const order[] = {"GET", "POST", "HEAD", "QUERY"};
	int i;

	for (i = 0; i < (int) lengthof(order); i++)
		if (strcmp(method, order[i]) == 0)
			return i;
	return lengthof(order);
}

static int
compare_endpoints(const void *a, const void *b)
{
	const AcEndpoint *x = *(const AcEndpoint *const *) a;
	const AcEndpoint *y = *(const AcEndpoint *const *) b;
	int order = strcmp(x->path, y->path);

	if (order == 0)
		order = method_rank(x->method) - method_rank(y->method);
	return order != 0 ? order : strcmp(x->method, y->method);
}

static Draft *
add_draft(Drafts *d)
{
	Draft *draft;

	if (d->n == d->capacity)
	{
		d->capacity = d->capacity * 2 + 64;
		d->drafts = d->drafts == NULL
						? palloc_extended(d->capacity * sizeof(Draft),
										  MCXT_ALLOC_HUGE)
						: repalloc(d->drafts, d->capacity * sizeof(Draft));
	}
	draft = &d->drafts[d->n++];
	memset(draft, 0, sizeof(Draft));
	draft->suffix = "";
	return draft;
}

/* One draft per path, in the order of paths. */
static void
collect_paths(Drafts *d, const AcApi *api)
{
	const AcEndpoint **order;
	int i;

	order = palloc(Max(api->n_endpoints, 1) * sizeof(AcEndpoint *));
	for (i = 0; i < api->n_endpoints; i++)
		order[i] = &api->endpoints[i];
	qsort(order, api->n_endpoints, sizeof(AcEndpoint *), compare_endpoints);
	for (i = 0; i < api->n_endpoints; i++)
	{
		const AcEndpoint *endpoint = order[i];
		Draft *draft;

		if (i > 0 && strcmp(order[i - 1]->path, endpoint->path) == 0)
			continue;
		draft = add_draft(d);
		draft->endpoint = endpoint;
		draft->path = ac_path_parse(endpoint->path);
		draft->shape_of_path = shape_of_path(draft->path);
		draft->plan.endpoint = endpoint;
		draft->plan.method = endpoint->method;
		draft->plan.path = endpoint->path;
		draft->plan.group = ac_plan_group(endpoint, draft->path);
		draft->plan.source = endpoint->source;
		draft->plan.deprecated = endpoint->deprecated;
		draft->plan.paging = ac_paging_none(AC_PAGER_AUTO);
		draft->plan.evidence = ac_json_new_object();
		draft->plan.comment = ac_plan_comment(endpoint->summary,
											  endpoint->description,
											  endpoint->deprecated);
	}
	pfree(order);
}

/* Nothing is known of the answer but that it is JSON. */
static bool
is_undescribed(const AcShape *response)
{
	return response == NULL || response->kind == AC_SHAPE_UNKNOWN ||
		   response->kind == AC_SHAPE_NULL ||
		   (response->kind == AC_SHAPE_OBJECT && response->n_properties == 0);
}

static bool
is_json(const char *media_type)
{
	return media_type == NULL || strstr(media_type, "json") != NULL ||
		   strcmp(media_type, "*/*") == 0;
}

/* A URL without scheme and trailing slash: "//host" may be either scheme. */
static char *
bare_url(const char *url)
{
	const char *start = strstr(url, "//");
	size_t len;

	url = start == NULL ? url : start + 2;
	len = strlen(url);
	while (len > 0 && url[len - 1] == '/')
		len--;
	return pnstrdup(url, len);
}

/* Is the operation served where the rest of the API is? */
static bool
is_at_base(const AcApi *api, const AcEndpoint *endpoint)
{
	return endpoint->base_url == NULL ||
		   (api->n_server_urls > 0 &&
			strcmp(bare_url(endpoint->base_url),
				   bare_url(api->server_urls[0])) == 0);
}

/*
 * Why the operation is no table, NULL if it is one.  *nameable: a sample of
 * its answer could make it one.
 */
static const char *
skip_reason(const AcApi *api, const Draft *draft, bool *nameable)
{
	const AcEndpoint *e = draft->endpoint;

	*nameable = false;
	if (strcmp(e->method, "GET") != 0)
		return psprintf("method %s is not read", e->method);
	if (e->problem != NULL)
		return e->problem;
	if (ac_path_is_action(draft->path))
		return "path smells of an action";
	if (ac_params_path_problem(e->path) != NULL)
		return ac_params_path_problem(e->path);
	if (!is_at_base(api, e))
		return psprintf("it is served at %s, not at the API's base URL",
						e->base_url);
	if (e->response_status == -1)
		return "no successful answer is described";
	if (e->response == NULL && !is_json(e->media_type))
		return psprintf("the answer is no JSON (%s)", e->media_type);
	*nameable = true;
	if (is_undescribed(e->response))
		return AC_PLAN_UNDESCRIBED;
	return NULL;
}

/* Does the operation's name or summary say that it lists? */
static bool
says_list(const AcEndpoint *endpoint)
{
	char *id = endpoint->operation_id == NULL
				   ? NULL
				   : ac_names_snake(endpoint->operation_id);
	const char *summary = endpoint->summary;
	size_t len = id == NULL ? 0 : strlen(id);

	if (id != NULL &&
		(strncmp(id, "list_", 5) == 0 || strstr(id, "_list_") != NULL ||
		 (len > 5 && strcmp(id + len - 5, "_list") == 0)))
		return true;
	return summary != NULL && (pg_strncasecmp(summary, "list ", 5) == 0 ||
							   pg_strncasecmp(summary, "lists ", 6) == 0 ||
							   pg_strncasecmp(summary, "get all ", 8) == 0);
}

/* The extra tables of tied arrays share everything but the rows. */
static void
add_ties(Drafts *d, int index, const AcRows *rows, int n)
{
	int i;

	for (i = 1; i < n; i++)
	{
		Draft *tie = add_draft(d);

		*tie = d->drafts[index];
		tie->rows = rows[i];
		tie->suffix = rows[i].key;
		tie->plan.evidence = ac_json_new_object();
		ac_json_set_string(tie->plan.evidence, "tied_with",
						   rows[0].path);
	}
}

/* Decides for each draft whether and where it has rows. */
static void
find_rows(Drafts *d, const AcApi *api)
{
	int n = d->n;
	int i;

	for (i = 0; i < n; i++)
	{
		Draft *draft = &d->drafts[i];
		AcEnvelopeInput input = {0};
		AcRows *rows;
		int n_rows;

		draft->plan.skip_reason = skip_reason(api, draft, &draft->nameable);
		if (draft->plan.skip_reason != NULL)
			continue;
		input.response = draft->endpoint->response;
		input.path = draft->path;
		input.paged = ac_paging_is_declared(draft->endpoint);
		input.says_list = says_list(draft->endpoint);
		input.asked_size = -1;
		input.evidence = draft->plan.evidence;
		n_rows = ac_envelope_choose(&input, &rows);
		draft->rows = rows[0];
		add_ties(d, i, rows, n_rows);
	}
	qsort(d->drafts, d->n, sizeof(Draft), compare_drafts);
}

/* Singular of the last noun of the path, NULL if it has none. */
static const char *
entity_of(const AcPath *path)
{
	const AcSegment *last = ac_path_last_static(path);

	return last == NULL ? NULL
						: ac_names_singular(ac_names_snake(last->text));
}

static AcPaging
choose_paging(const AcTablePlan *plan, const AcRows *rows)
{
	AcPagingInput input = {0};
	AcPagingField *fields;
	int score;

	if (rows->one)
		return ac_paging_none(AC_PAGER_NONE);
	input.endpoint = plan->endpoint;
	input.n_fields = ac_paging_shape_fields(plan->endpoint->response,
											rows->path, &fields);
	input.fields = fields;
	input.n_rows = -1;
	input.evidence = plan->evidence;
	return ac_paging_choose(&input, &score);
}

static void
add_raw_column(AcColumnList *list)
{
	AcColumnPlan *column = ac_columns_add(list);

	if (column == NULL)
		return;
	column->name = "_raw";
	column->type = "jsonb";
	column->json_path = "";
	column->comment = "The whole row as the API sent it.";
	column->confidence = 1;
}

/* Columns in the order: what needs a value, the row's fields, the rest. */
void
ac_plan_build(AcTablePlan *plan, const AcPath *path, const AcRows *rows,
			  const AcPlanOptions *options)
{
	AcColumnList fields = {0};
	AcParamsInput input;
	AcParamsOutput params;

	ac_columns_from_row(&fields, rows->row, options);
	input.endpoint = plan->endpoint;
	input.path = path;
	input.one_row = rows->one;
	input.entity = entity_of(path);
	input.options = options;
	input.evidence = plan->evidence;
	ac_params_map(&input, &fields, &params);
	ac_columns_append(&params.keys, &fields);
	ac_columns_append(&params.keys, &params.optional);
	if (options->raw)
		add_raw_column(&params.keys);
	ac_columns_name(params.keys.columns, params.keys.n);
	plan->columns = params.keys.columns;
	plan->n_columns = params.keys.n;
	plan->fixed_params = params.fixed;
	plan->row = rows->row;
	plan->rows_path = rows->path;
	plan->confidence = rows->confidence;
	plan->paging = choose_paging(plan, rows);
	if (params.keys.left_out > 0)
		ac_json_set(plan->evidence, "columns_left_out",
					ac_json_new_int(params.keys.left_out));
}

/* Index of the first column that shows a field, for the key's scores. */
static int
first_field(const AcTablePlan *plan)
{
	int i;

	for (i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].json_path != NULL)
			return i;
	return 0;
}

void
ac_plan_choose_key(AcTablePlan *plan, const AcPath *path, bool one_row,
				   const char *item_variable)
{
	AcKeyInput input;
	int i;

	/* the one row of an answer is its own key, and what asks for it is */
	for (i = 0; one_row && i < plan->n_columns; i++)
		if (plan->columns[i].filter == AC_FILTER_PATH)
			plan->columns[i].key = true;
	if (one_row)
		return;
	input.columns = plan->columns;
	input.n = plan->n_columns;
	input.first_field = first_field(plan);
	input.entity = entity_of(path);
	input.item_column = -1;
	input.evidence = plan->evidence;
	for (i = 0; item_variable != NULL && i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL &&
			strcmp(plan->columns[i].param, item_variable) == 0)
			input.item_column = i;
	ac_keys_choose(&input);
}

/* Do a row of the list and the item have enough in common to be one thing? */
static bool
rows_agree(const AcShape *row, const AcShape *item)
{
	int shared = 0;
	int least = Min(row->n_properties, item->n_properties);
	int i;

	if (row == item)
		return true;
	if (least == 0)
		return false;
	for (i = 0; i < row->n_properties; i++)
	{
		AcProperty *other = ac_shape_property(item, row->properties[i].name);

		if (other != NULL &&
			(other->shape->kind == row->properties[i].shape->kind ||
			 other->shape->kind == AC_SHAPE_UNKNOWN ||
			 row->properties[i].shape->kind == AC_SHAPE_UNKNOWN))
			shared++;
	}
	return shared >= least * ITEM_AGREES;
}

/* The column that the item path's variable stands for, -1 if none. */
static int
item_column(const Draft *list, const Draft *item)
{
	const char *variable = item->path->segments[item->path->count - 1].text;
	const AcParam *param = ac_endpoint_param(item->endpoint, AC_PARAM_PATH,
											 variable);
	int column;
	int i;

	/* the same name for two things: the item path could not be filled in */
	for (i = 0; i < list->path->count; i++)
		if (list->path->segments[i].variable &&
			strcmp(list->path->segments[i].text, variable) == 0)
			return -1;
	column = ac_keys_resolve(list->plan.columns, list->plan.n_columns,
							 variable, entity_of(list->path),
							 param == NULL ? NULL : ac_params_type(param));
	if (column >= 0 && list->plan.columns[column].filter == AC_FILTER_PATH)
		return -1;
	return column;
}

/* Makes item the look-up path of list if they are one thing. */
static bool
merge_item(Draft *list, Draft *item)
{
	AcColumnPlan *key;
	AcRows rows;
	int column;

	if (item->plan.skip_reason != NULL || item->is_item ||
		item->suffix[0] != '\0' ||
		ac_path_item_variable(list->path, item->path) < 0)
		return false;
	/* what comes in pages is a part of the list, not one row of it */
	if (!item->rows.one && ac_paging_is_declared(item->endpoint))
		return false;
	rows = item->rows.one ? item->rows
						  : ac_envelope_item(item->endpoint->response,
											 item->path);
	if (!rows_agree(list->rows.row, rows.row))
		rows = item->rows;
	if (!rows_agree(list->rows.row, rows.row))
		return false;
	column = item_column(list, item);
	if (column < 0)
		return false;
	key = &list->plan.columns[column];
	key->param = item->path->segments[item->path->count - 1].text;
	key->filter = AC_FILTER_NONE;
	key->required = false;
	list->plan.item = item->endpoint;
	list->plan.item_path = ac_path_rename_shared(list->path, item->path);
	list->plan.item_rows_path = rows.path;
	list->item = item;
	item->is_item = true;
	return true;
}

static int
compare_shapes_of_path(const void *a, const void *b)
{
	const Draft *x = *(Draft *const *) a;
	const Draft *y = *(Draft *const *) b;
	int order = strcmp(x->shape_of_path, y->shape_of_path);

	return order != 0 ? order : compare_drafts(x, y);
}

/* Index of the first draft whose path has that shape, n if none. */
static int
find_shape_of_path(Draft **order, int n, const char *wanted)
{
	int low = 0;
	int high = n;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (strcmp(order[middle]->shape_of_path, wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Finds each collection's item path. */
static void
merge_items(Drafts *d)
{
	Draft **order = palloc(Max(d->n, 1) * sizeof(Draft *));
	int i;

	for (i = 0; i < d->n; i++)
		order[i] = &d->drafts[i];
	qsort(order, d->n, sizeof(Draft *), compare_shapes_of_path);
	for (i = 0; i < d->n; i++)
	{
		Draft *list = &d->drafts[i];
		char *wanted;
		int at;

		if (list->plan.skip_reason != NULL || list->rows.one ||
			list->is_item || list->suffix[0] != '\0')
			continue;
		wanted = psprintf("%s/{}", list->shape_of_path);
		for (at = find_shape_of_path(order, d->n, wanted);
			 at < d->n && strcmp(order[at]->shape_of_path, wanted) == 0; at++)
			if (merge_item(list, order[at]))
				break;
	}
	for (i = 0; i < d->n; i++)
		if (d->drafts[i].item != NULL)
		{
			d->drafts[i].item->nameable = false;
			d->drafts[i].item->plan.skip_reason =
				psprintf("serves the look-ups of %s", d->drafts[i].plan.path);
		}
	pfree(order);
}

/* Name of the variable that the path ends in. */
static const char *
last_variable(const AcPath *path)
{
	Assert(ac_path_ends_in_variable(path));
	return path->segments[path->count - 1].text;
}

static void
name_tables(Drafts *d)
{
	AcNameWish *wishes = palloc(Max(d->n, 1) * sizeof(AcNameWish));
	int n = 0;
	int i;

	for (i = 0; i < d->n; i++)
		if (d->drafts[i].nameable)
		{
			wishes[n].path = d->drafts[i].path;
			wishes[n].suffix = d->drafts[i].suffix;
			n++;
		}
	ac_plan_name_tables(wishes, n);
	n = 0;
	for (i = 0; i < d->n; i++)
		if (d->drafts[i].nameable)
		{
			AcTablePlan *plan = &d->drafts[i].plan;

			plan->reserved_name = wishes[n++].name;
			if (plan->skip_reason == NULL)
				plan->name = plan->reserved_name;
		}
	pfree(wishes);
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* The groups that have something to import, each once, sorted. */
static void
collect_groups(AcTablePlans *plans)
{
	int n = 0;
	int i;

	plans->groups = palloc(Max(plans->n_tables, 1) * sizeof(char *));
	for (i = 0; i < plans->n_tables; i++)
		if (plans->tables[i].skip_reason == NULL)
			plans->groups[n++] = plans->tables[i].group;
	qsort(plans->groups, n, sizeof(char *), compare_texts);
	for (i = 0; i < n; i++)
		if (i == 0 || strcmp(plans->groups[i], plans->groups[i - 1]) != 0)
			plans->groups[plans->n_groups++] = plans->groups[i];
}

AcTablePlans *
ac_tableplan_build(const AcApi *api, const AcPlanOptions *options)
{
	AcTablePlans *plans = palloc0(sizeof(AcTablePlans));
	Drafts d = {0};
	int i;

	d.options = options;
	collect_paths(&d, api);
	find_rows(&d, api);
	for (i = 0; i < d.n; i++)
		if (d.drafts[i].plan.skip_reason == NULL)
			ac_plan_build(&d.drafts[i].plan, d.drafts[i].path,
						  &d.drafts[i].rows, options);
	merge_items(&d);
	for (i = 0; i < d.n; i++)
		if (d.drafts[i].plan.skip_reason == NULL)
			ac_plan_choose_key(&d.drafts[i].plan, d.drafts[i].path,
							   d.drafts[i].rows.one,
							   d.drafts[i].item == NULL
								   ? NULL
								   : last_variable(d.drafts[i].item->path));
	name_tables(&d);
	plans->evidence = ac_json_new_array();
	plans->n_tables = d.n;
	plans->tables = palloc_extended(Max(d.n, 1) * sizeof(AcTablePlan),
									MCXT_ALLOC_HUGE);
	for (i = 0; i < d.n; i++)
	{
		plans->tables[i] = d.drafts[i].plan;
		ac_json_append(plans->evidence, plans->tables[i].evidence);
	}
	collect_groups(plans);
	return plans;
}

static const char *const form_names[] = {
	[AC_ROWS_ARRAY] = "array",
	[AC_ROWS_MAP] = "map",
	[AC_ROWS_COLUMNS] = "columns",
	[AC_ROWS_LINES] = "lines",
};

const char *
ac_rows_form_name(AcRowsForm form)
{
	return form_names[form];
}

bool
ac_rows_form_parse(const char *name, AcRowsForm *form)
{
	int i;

	for (i = 0; i < (int) lengthof(form_names); i++)
	{
		if (strcmp(name, form_names[i]) == 0)
		{
			*form = (AcRowsForm) i;
			return true;
		}
	}
	return false;
}
