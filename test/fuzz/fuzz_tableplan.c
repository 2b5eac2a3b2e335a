/*
 * fuzz_tableplan.c
 *		Does any description, met by any sample, make plans that hold together?
 *
 * The input is an OpenAPI document, a NUL byte and a page of rows.  Whatever
 * they say, names are unique and fit, types and decodings are of the known
 * ones, variables have columns, and planning twice gives the same.
 */
#include "fuzz.h"

#include "api/names.h"
#include "api/openapi.h"
#include "api/paging.h"
#include "api/tableplan.h"
#include "api/types.h"

static const char *const known_types[] = {
	"boolean", "smallint", "integer", "bigint", "numeric", "float8", "text",
	"date", "time", "timetz", "timestamp", "timestamptz", "interval", "uuid",
	"inet", "cidr", "bytea", "jsonb", NULL};

static const char *const known_decodes[] = {
	"epoch_s", "epoch_ms", "epoch_us", "rfc2822", "dotnet_date", "date_dmy",
	"date_mdy", "json_string", "id_of", "member_name", "ordinal", NULL};

static bool
is_listed(const char *text, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(text, *list) == 0)
			return true;
	return false;
}

static void
check_name(const char *name)
{
	must(name != NULL && name[0] != '\0', "a name");
	must(strlen(name) <= AC_NAME_MAX, "a name that fits");
	must(strpbrk(name, "\"'\\ ;\t\r\n") == NULL, "a name of letters");
}

static void
check_column(const AcColumnPlan *column)
{
	char *element = ac_types_element(column->type);

	check_name(column->name);
	must(is_listed(element != NULL ? element : column->type, known_types),
		 "a known type");
	must(column->decode == NULL || is_listed(column->decode, known_decodes),
		 "a known decoding");
	must(column->json_path != NULL || column->param != NULL,
		 "a column of something");
	must(column->json_path == NULL || column->json_path[0] == '\0' ||
			 column->json_path[0] == '/',
		 "a pointer");
	must(column->filter == AC_FILTER_NONE || column->param != NULL,
		 "a filter has a parameter");
}

/* Has the variable a column? */
static bool
has_column(const AcTablePlan *plan, const char *variable, size_t len)
{
	int i;

	for (i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL &&
			strlen(plan->columns[i].param) == len &&
			memcmp(plan->columns[i].param, variable, len) == 0)
			return true;
	return plan->n_columns >= 1000;
}

static void
check_variables(const AcTablePlan *plan, const char *path)
{
	const char *open;
	const char *close;

	while ((open = strchr(path, '{')) != NULL &&
		   (close = strchr(open, '}')) != NULL)
	{
		must(has_column(plan, open + 1, close - open - 1),
			 "a variable has a column");
		path = close + 1;
	}
}

static void
check_table(const AcTablePlan *plan)
{
	int i;
	int j;

	must(plan->group != NULL && plan->evidence != NULL, "a group, evidence");
	if (plan->skip_reason != NULL)
		return;
	check_name(plan->name);
	must(ac_tableplan_is_open(plan) ||
			 (plan->n_columns > 0 && plan->rows_path != NULL),
		 "columns and rows");
	must((plan->nested_path != NULL) == (plan->nested_in != NULL),
		 "a nested table knows what it stands in");
	must((strcmp(plan->method, "POST") == 0) == (plan->body != NULL),
		 "a POST has a body");
	for (i = 0; i < plan->n_columns; i++)
	{
		check_column(&plan->columns[i]);
		for (j = 0; j < i && i < 100; j++)
			must(strcmp(plan->columns[i].name, plan->columns[j].name) != 0,
				 "columns of different names");
	}
	check_variables(plan, plan->path);
	if (plan->item_path != NULL)
		check_variables(plan, plan->item_path);
	must(plan->paging.style != AC_PAGER_CURSOR ||
			 (plan->paging.cursor_param && plan->paging.cursor_path),
		 "a cursor's parameter and field");
	must(plan->paging.style != AC_PAGER_NEXT_URL || plan->paging.cursor_path,
		 "the next URL's field");
	must((plan->paging.style != AC_PAGER_PAGE &&
		  plan->paging.style != AC_PAGER_OFFSET) ||
			 plan->paging.page_param,
		 "a page's parameter");
}

static void
check_plans(const AcTablePlans *plans)
{
	int i;
	int j;

	for (i = 0; i < plans->n_tables; i++)
	{
		check_table(&plans->tables[i]);
		for (j = 0; j < i && i < 200; j++)
			must(plans->tables[i].name == NULL ||
					 plans->tables[j].name == NULL ||
					 strcmp(plans->tables[i].name, plans->tables[j].name) != 0,
				 "tables of different names");
	}
}

/* What else the page shows beside the rows of an open plan. */
static void
meet_ties(AcTablePlans *plans, const AcTablePlan *plan,
		  const AcTablePlan *described, const AcSample *sample)
{
	int before = plans->n_tables;
	int n = ac_tableplan_add_ties(plans, plan, described);
	int i;

	must(plans->n_tables == before + n && plans->n_tables <= plans->capacity,
		 "ties stand behind the others");
	for (i = before; i < before + n; i++)
	{
		ac_tableplan_observe(&plans->tables[i], sample);
		must(!ac_tableplan_is_open(&plans->tables[i]) &&
				 strcmp(plans->tables[i].rows_path, plan->rows_path) != 0,
			 "a tie has rows of its own");
	}
}

static const AcHeaders *
strange_headers(void)
{
	static const char *const lines[] = {
		"X-Next-Cursor: a", "X-Total-Count: 99999999999999999999",
		"Content-Range: items 0-1/x", "X-Total-Pages: -1"};
	AcHeaders *headers = ac_headers_create();

	for (int i = 0; i < (int) lengthof(lines); i++)
		(void) ac_headers_add_line(headers, lines[i], strlen(lines[i]));
	return headers;
}

/* Ways that may be tried are whole, and can be named by options. */
static void
check_candidates(const AcTablePlan *plan, const AcSample *sample)
{
	AcPagingCandidate candidates[AC_PAGING_CANDIDATES];
	int n;

	if (plan->skip_reason != NULL || ac_tableplan_is_open(plan) ||
		plan->paging.style == AC_PAGER_NONE)
		return;
	n = ac_tableplan_candidates(plan, sample, NULL, candidates);
	must(n >= 0 && n <= AC_PAGING_CANDIDATES, "candidates that fit");
	for (int i = 0; i < n; i++)
	{
		const AcPaging *paging = &candidates[i].paging;

		must(i == 0 || candidates[i].score <= candidates[i - 1].score,
			 "the best first");
		must(paging->style != AC_PAGER_CURSOR ||
				 (paging->cursor_param && paging->cursor_path),
			 "a cursor's parameter and place");
		must(paging->style != AC_PAGER_KEYSET ||
				 (paging->cursor_param && paging->cursor_path),
			 "a key's parameter and place");
		must(paging->window_path == NULL ||
				 (paging->window_from && paging->window_to &&
				  paging->depth_limit > 0),
			 "both ends of windows");
		must(paging->cursor_param == NULL ||
				 strpbrk(paging->cursor_param, "\r\n") == NULL,
			 "a parameter of one line");
	}
}

static void
plan_and_meet(const AcApi *api, AcJson *page, const AcPlanOptions *options)
{
	AcTablePlans *plans = ac_tableplan_build(api, options);
	AcTablePlans *again = ac_tableplan_build(api, options);
	AcSample sample = {0};
	int n = plans->n_tables;
	int i;

	check_plans(plans);
	must(strcmp(ac_json_to_text(plans->evidence),
				ac_json_to_text(again->evidence)) == 0,
		 "the same plan again");
	sample.body = page;
	sample.link_next = NULL;
	sample.asked_size = 2;
	sample.headers = strange_headers();
	sample.options = *options;
	for (i = 0; i < n && i < 20; i++)
	{
		AcTablePlan described = plans->tables[i];

		ac_tableplan_observe(&plans->tables[i], &sample);
		/* seen twice, a page changes no more */
		ac_tableplan_observe(&plans->tables[i], &sample);
		check_candidates(&plans->tables[i], &sample);
		if (described.nested_in == NULL && ac_tableplan_is_open(&described))
			meet_ties(plans, &plans->tables[i], &described, &sample);
	}
	check_plans(plans);
	ac_json_free(plans->evidence);
	ac_json_free(again->evidence);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const AcPlanOptions plain = {.nested = AC_NESTED_JSON};
	static const AcPlanOptions full = {.nested = AC_NESTED_FLATTEN, .raw = true, .all_params = true, .post_reads = true};
	static const AcPlanOptions nested = {.nested = AC_NESTED_TABLES, .post_reads = true};
	const uint8_t *end = size > 0 ? memchr(data, '\0', size) : NULL;
	size_t len = end != NULL ? (size_t) (end - data) : size;
	AcReadLimits limits = ac_read_limits_default;
	AcJson *doc = NULL;
	AcJson *page = NULL;
	AcApi *api = NULL;
	AcError err;

	limits.max_endpoints = 300;
	limits.max_shapes = 20000;
	if (end != NULL &&
		!ac_json_parse((const char *) end + 1, size - len - 1, 64, &page, &err))
		page = NULL;
	if (ac_json_parse((const char *) data, len, AC_JSON_MAX_DEPTH, &doc, &err) &&
		ac_openapi_read(&(AcReadInput){.doc = doc, .limits = &limits}, &api, &err))
	{
		plan_and_meet(api, page, &plain);
		plan_and_meet(api, page, &full);
		plan_and_meet(api, page, &nested);
	}
	ac_json_free(page);
	ac_json_free(doc);
	ac_alloc_reset();
	return 0;
}
