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
#include "core/text.h"

/* Without any first. */
static int
compare_queries(const AcEndpoint *a, const AcEndpoint *b)
{
	return strcmp(a->query != NULL ? a->query : "",
				  b->query != NULL ? b->query : "");
}

int
ac_draft_compare(const void *a, const void *b)
{
	const AcDraft *x = a;
	const AcDraft *y = b;
	int order = strcmp(x->endpoint->path, y->endpoint->path);

	if (order == 0)
		order = compare_queries(x->endpoint, y->endpoint);
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
	return ac_text_keep(&out);
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
	if (order == 0)
		order = strcmp(x->method, y->method);
	return order != 0 ? order : compare_queries(x, y);
}

/*
 * One operation of a path is enough, but the user may ask one for several
 * things.
 */
static bool
is_the_same(const AcEndpoint *a, const AcEndpoint *b)
{
	return strcmp(a->path, b->path) == 0 &&
		   ((!ac_plan_is_given(a) && !ac_plan_is_given(b)) ||
			strcmp(a->method, b->method) != 0 || compare_queries(a, b) == 0);
}

static AcDraft *
add_draft(AcDrafts *d)
{
	AcDraft *draft;

	if (d->n == d->capacity)
	{
		d->capacity = d->capacity * 2 + 64;
		d->drafts = d->drafts == NULL
						? palloc_extended(d->capacity * sizeof(AcDraft),
										  MCXT_ALLOC_HUGE)
						: repalloc(d->drafts, d->capacity * sizeof(AcDraft));
	}
	draft = &d->drafts[d->n++];
	memset(draft, 0, sizeof(AcDraft));
	draft->suffix = draft->asked = "";
	return draft;
}

/* Longest moment or date of an announced end, in whatever form. */
#define MAX_SUNSET 40

/* What was said of the operation itself, for people. */
static void
describe(AcDraft *draft)
{
	const AcEndpoint *endpoint = draft->endpoint;
	const char *about = endpoint->description;
	const char *sunset = endpoint->sunset;

	if (sunset != NULL && (strlen(sunset) > MAX_SUNSET ||
						   strspn(sunset, "0123456789TZ:+-., "
										  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
										  "abcdefghijklmnopqrstuvwxyz") != strlen(sunset)))
		sunset = NULL;
	draft->plan.comment = ac_plan_comment(endpoint->summary, about,
										  endpoint->deprecated);
	if (sunset != NULL)
		draft->plan.comment = ac_plan_comment(psprintf("It ends on %s.", sunset),
											  ac_plan_comment(endpoint->summary, about, false),
											  endpoint->deprecated);
	if (endpoint->deprecated)
		ac_json_set(draft->plan.evidence, "deprecated", ac_json_new_bool(true));
	if (sunset != NULL)
		ac_json_set_string(draft->plan.evidence, "sunset", sunset);
	if (endpoint->found != NULL)
		ac_json_set_string(draft->plan.evidence, "found", endpoint->found);
}

/*
 * Bytes of a path that is one: the longest real template has 300, and servers
 * refuse URLs of more than 8000.
 */
#define MAX_PATH 4000

/* Segments of a path: the longest real one has 25. */
#define MAX_SEGMENTS 64

/* Can a request have such a path? */
static bool
is_path(const char *path)
{
	int segments = 0;
	int i;

	for (i = 0; path[i] != '\0'; i++)
		segments += path[i] == '/';
	return i <= MAX_PATH && segments <= MAX_SEGMENTS;
}

/* One draft per path, in the order of paths; those that none can ask for have none. */
static void
collect_paths(AcDrafts *d, const AcApi *api)
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
		AcDraft *draft;

		if ((i > 0 && is_the_same(order[i - 1], endpoint)) ||
			!is_path(endpoint->path))
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
		describe(draft);
	}
	pfree(order);
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
add_ties(AcDrafts *d, int index, const AcRows *rows, int n)
{
	int i;

	for (i = 1; i < n; i++)
	{
		AcDraft *tie = add_draft(d);

		*tie = d->drafts[index];
		tie->rows = rows[i];
		tie->suffix = ac_plan_tie_suffix(rows[i].path);
		tie->plan.evidence = ac_json_new_object();
		ac_json_set_string(tie->plan.evidence, AC_PLAN_TIED_WITH,
						   rows[0].path);
	}
}

/* Decides for each draft whether and where it has rows. */
static void
find_rows(AcDrafts *d, const AcApi *api)
{
	int n = d->n;
	int i;

	for (i = 0; i < n; i++)
	{
		AcDraft *draft = &d->drafts[i];
		AcEnvelopeInput input = {0};
		AcRows *rows;
		int n_rows;

		draft->plan.skip_reason = ac_plan_skip_reason(api, draft, d->options);
		if (draft->plan.skip_reason != NULL || draft->plan.undescribed)
			continue;
		if (!ac_plan_may_look(d, draft->endpoint->response))
		{
			draft->plan.skip_reason = AC_PLAN_TOO_MUCH;
			draft->nameable = false;
			continue;
		}
		input.response = draft->endpoint->response;
		input.path = draft->path;
		input.paged = ac_paging_is_declared(draft->endpoint);
		input.says_list = says_list(draft->endpoint);
		input.asked_size = -1;
		input.evidence = draft->plan.evidence;
		input.lines = ac_envelope_is_lines(draft->endpoint->media_type);
		n_rows = ac_envelope_choose(&input, &rows);
		draft->rows = rows[0];
		add_ties(d, i, rows, n_rows);
	}
	qsort(d->drafts, d->n, sizeof(AcDraft), ac_draft_compare);
}

const char *
ac_plan_entity(const AcPath *path)
{
	const AcSegment *last = ac_path_last_static(path);

	return last == NULL ? NULL
						: ac_names_singular(ac_names_snake(last->text));
}

/* What the plan says of the rows, for the search of their paging. */
static AcPaging
choose_by(const AcTablePlan *plan, const AcEndpoint *endpoint,
		  const AcPagingPrior *prior)
{
	AcPagingInput input = {0};
	int score;

	input.endpoint = endpoint;
	if (!ac_envelope_rows_are_body(plan->rows_form, plan->rows_path))
		input.n_fields = ac_paging_shape_fields(endpoint->response,
												plan->rows_path,
												&input.fields);
	input.n_rows = -1;
	input.asked_size = -1;
	input.evidence = plan->evidence;
	input.columns = plan->columns;
	input.n_columns = plan->n_columns;
	input.prior = prior;
	return ac_paging_choose(&input, &score);
}

void
ac_plan_choose_paging(AcTablePlan *plan, const AcPagingPrior *prior)
{
	plan->paging = choose_by(plan, plan->endpoint, prior);
}

static AcPaging
choose_paging(const AcTablePlan *plan, const AcEndpoint *endpoint,
			  const AcRows *rows)
{
	if (rows->row == NULL)
		return ac_paging_none(AC_PAGER_AUTO);
	if (rows->one)
		return ac_paging_none(AC_PAGER_NONE);
	return choose_by(plan, endpoint, NULL);
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

/* The name under which a row stands in an object. */
static void
add_name_column(AcColumnList *list, const char *name)
{
	AcColumnPlan *column = ac_columns_add(list);

	if (column == NULL)
		return;
	column->name = ac_names_column(name);
	column->type = "text";
	column->json_path = "";
	column->decode = "member_name";
	column->key = true;
	column->comment = "The name under which the row stands in the answer.";
	column->confidence = 0.95;
}

/*
 * Columns in the order: what needs a value, the row's fields, the rest.  Of
 * rows that are not known yet only what their request needs.
 */
static void
build_columns(AcTablePlan *plan, AcParamsInput *input, const AcRows *rows)
{
	AcColumnList fields = {0};
	AcParamsOutput params;

	if (rows->form == AC_ROWS_MAP)
		add_name_column(&fields, rows->key_name);
	if (rows->row != NULL)
		ac_columns_from_row(&fields, rows->row, input->options);
	ac_params_map(input, &fields, &params);
	ac_columns_append(&params.keys, &fields);
	ac_columns_append(&params.keys, &params.optional);
	if (input->options->raw && rows->row != NULL)
		add_raw_column(&params.keys);
	ac_columns_name(params.keys.columns, params.keys.n);
	plan->columns = params.keys.columns;
	plan->n_columns = params.keys.n;
	plan->fixed_params = params.fixed;
	plan->params_narrow = params.narrows;
	plan->params_union = params.each;
	if (params.keys.left_out > 0)
		ac_json_set(plan->evidence, "columns_left_out",
					ac_json_new_int(params.keys.left_out));
}

void
ac_plan_build(AcTablePlan *plan, const AcPath *path, const AcRows *rows,
			  const AcPlanOptions *options)
{
	bool post = strcmp(plan->method, "POST") == 0;
	AcParamsInput input = {0};
	AcBody body;

	input.endpoint = post ? ac_body_params(plan->endpoint, &body)
						  : plan->endpoint;
	input.body = post ? &body : NULL;
	input.path = path;
	input.one_row = rows->one;
	input.entity = ac_plan_entity(path);
	input.options = options;
	input.evidence = plan->evidence;
	build_columns(plan, &input, rows);
	plan->row = rows->row;
	plan->rows_path = rows->path;
	plan->rows_form = rows->form;
	plan->columns_path = rows->columns_path;
	plan->confidence = (rows->row == NULL ? 1 : rows->confidence) *
					   plan->endpoint->confidence;
	plan->paging = choose_paging(plan, input.endpoint, rows);
	if (post)
		ac_body_finish(&body, plan);
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
	/* members of an object differ by name */
	for (i = 0; plan->rows_form == AC_ROWS_MAP && i < plan->n_columns; i++)
		if (plan->columns[i].filter == AC_FILTER_PATH)
			plan->columns[i].key = true;
	if (plan->rows_form == AC_ROWS_MAP)
		return;
	input.columns = plan->columns;
	input.n = plan->n_columns;
	input.first_field = first_field(plan);
	input.entity = ac_plan_entity(path);
	input.item_column = -1;
	input.evidence = plan->evidence;
	for (i = 0; item_variable != NULL && i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL &&
			strcmp(plan->columns[i].param, item_variable) == 0)
			input.item_column = i;
	ac_keys_choose(&input);
}

/* Name of the variable that the path ends in. */
static const char *
last_variable(const AcPath *path)
{
	Assert(ac_path_ends_in_variable(path));
	return path->segments[path->count - 1].text;
}

static void
name_tables(AcDrafts *d)
{
	AcNameWish *wishes = palloc(Max(d->n, 1) * sizeof(AcNameWish));
	int n = 0;
	int i;

	for (i = 0; i < d->n; i++)
		if (d->drafts[i].nameable)
		{
			wishes[n].path = d->drafts[i].path;
			wishes[n].said = d->drafts[i].endpoint->name;
			wishes[n].asked = d->drafts[i].asked;
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

bool
ac_tableplan_is_open(const AcTablePlan *plan)
{
	return plan->undescribed && plan->row == NULL;
}

void
ac_tableplan_leave_out(AcTablePlan *plan, const char *why)
{
	Assert(ac_tableplan_is_open(plan));
	plan->skip_reason = psprintf(AC_PLAN_UNDESCRIBED ", and %s", why);
	plan->name = NULL;
}

/*
 * Rows that nothing describes: an example is as good as a sample, else a
 * sample decides.
 */
static void
build_undescribed(AcDraft *draft, const AcPlanOptions *options)
{
	AcTablePlan *plan = &draft->plan;
	AcSample sample = {0};

	ac_plan_build(plan, draft->path, &draft->rows, options);
	ac_json_set_string(plan->evidence, "sample", AC_PLAN_SAMPLE_DECIDES);
	if (draft->endpoint->example == NULL)
		return;
	sample.body = draft->endpoint->example;
	sample.asked_size = -1;
	sample.options = *options;
	ac_tableplan_observe(plan, &sample);
	if (plan->row == NULL)
		return;
	ac_json_set_string(plan->evidence, "sample", "an example is given");
	draft->rows.row = plan->row;
	draft->rows.path = plan->rows_path;
	draft->rows.one = plan->paging.style == AC_PAGER_NONE;
}

static void
build_drafts(AcDrafts *d)
{
	int i;

	for (i = 0; i < d->n; i++)
	{
		AcDraft *draft = &d->drafts[i];

		if (draft->plan.skip_reason != NULL)
			continue;
		if (!ac_plan_may_build(d))
		{
			draft->plan.skip_reason = AC_PLAN_TOO_MUCH;
			draft->nameable = draft->plan.undescribed = false;
			continue;
		}
		if (draft->plan.undescribed)
			build_undescribed(draft, d->options);
		else
			ac_plan_build(&draft->plan, draft->path, &draft->rows, d->options);
		ac_plan_count(d, &draft->plan);
	}
	ac_plan_merge_items(d);
	for (i = 0; i < d->n; i++)
	{
		AcDraft *draft = &d->drafts[i];

		if (draft->plan.skip_reason == NULL && draft->plan.row != NULL)
			ac_plan_choose_key(&draft->plan, draft->path, draft->rows.one,
							   draft->item == NULL
								   ? NULL
								   : last_variable(draft->item->path));
	}
}

/* Names of nested tables give way to those that were there before. */
static void
name_nested(AcTablePlans *plans)
{
	const char **names = palloc(Max(plans->n_tables, 1) * sizeof(char *));
	const char **originals = palloc(Max(plans->n_tables, 1) * sizeof(char *));
	int *index = palloc(Max(plans->n_tables, 1) * sizeof(int));
	int n = 0;
	int i;

	for (i = 0; i < plans->n_tables; i++)
	{
		const AcTablePlan *plan = &plans->tables[i];

		if (plan->reserved_name == NULL)
			continue;
		names[n] = plan->reserved_name;
		originals[n] = plan->nested_in == NULL
						   ? plan->reserved_name
						   : psprintf("%s#%s#%s", plan->path, plan->rows_path,
									  plan->nested_path);
		index[n++] = i;
	}
	ac_names_uniquify(names, originals, n);
	for (i = 0; i < n; i++)
		if (plans->tables[index[i]].nested_in != NULL)
			plans->tables[index[i]].name =
				plans->tables[index[i]].reserved_name = names[i];
	pfree(names);
	pfree(originals);
	pfree(index);
}

/* The tables of all drafts, each followed by those nested in it. */
static void
collect_tables(AcDrafts *d, AcTablePlans *plans)
{
	int n = d->n;
	int i;
	int j;

	for (i = 0; i < d->n; i++)
	{
		AcDraft *draft = &d->drafts[i];

		if (ac_plan_may_build(d))
			draft->n_children = ac_tableplan_nest(&draft->plan, d->options,
												  &draft->children);
		for (j = 0; j < draft->n_children; j++)
			ac_plan_count(d, &draft->children[j]);
		n += draft->n_children;
	}
	/* samples may show more tables than one where nothing is described */
	plans->capacity = n;
	for (i = 0; i < d->n; i++)
		if (d->drafts[i].plan.undescribed)
			plans->capacity += AC_ENVELOPE_MAX_TIES - 1;
	plans->tables = palloc_extended(Max(plans->capacity, 1) * sizeof(AcTablePlan),
									MCXT_ALLOC_HUGE);
	plans->evidence = ac_json_new_array();
	for (i = 0; i < d->n; i++)
	{
		AcDraft *draft = &d->drafts[i];
		AcTablePlan *plan = &plans->tables[plans->n_tables++];

		*plan = draft->plan;
		ac_json_append(plans->evidence, plan->evidence);
		for (j = 0; j < draft->n_children; j++)
		{
			AcTablePlan *child = &plans->tables[plans->n_tables++];

			*child = draft->children[j];
			child->nested_in = plan;
			ac_json_append(plans->evidence, child->evidence);
		}
	}
	if (n > d->n)
		name_nested(plans);
}

AcTablePlans *
ac_tableplan_build(const AcApi *api, const AcPlanOptions *options)
{
	AcTablePlans *plans = palloc0(sizeof(AcTablePlans));
	AcDrafts d = {0};

	d.options = options;
	ac_plan_begin(&d, api);
	collect_paths(&d, api);
	find_rows(&d, api);
	ac_plan_pick_versions(&d);
	build_drafts(&d);
	ac_plan_tell_queries(&d);
	name_tables(&d);
	ac_plan_find_parents(&d);
	collect_tables(&d, plans);
	ac_paging_prefer_usual(plans->tables, plans->n_tables);
	if (d.drafts != NULL)
		pfree(d.drafts);
	collect_groups(plans);
	return plans;
}

static const char *const form_names[] = {
	[AC_ROWS_ARRAY] = "array",
	[AC_ROWS_MAP] = "map",
	[AC_ROWS_COLUMNS] = "columns",
	[AC_ROWS_LINES] = "lines",
	[AC_ROWS_LISTS] = "lists",
};

const char *
ac_rows_form_name(AcRowsForm form)
{
	return form_names[form];
}
