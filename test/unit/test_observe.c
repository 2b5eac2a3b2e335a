/*
 * test_observe.c
 *		Does a sample correct a plan, and only where it proves something?
 */
#include "ac.h"

#include "api/observe.h"

#include "plan_build.h"

#define STR "{'type': 'string'}"
#define INT "{'type': 'integer'}"
#define OBJ(properties) "{'type': 'object', 'properties': {" properties "}}"
#define LIST(items) "{'type': 'array', 'items': " items "}"
#define ORDER OBJ("'id': " INT ", 'name': " STR)

/* A plan of one path and the sample that it met. */
typedef struct Meeting
{
	AcJson *doc;
	AcJson *body;
	AcTablePlans *plans;
	AcTablePlan *plan;
} Meeting;

static Meeting
meet(const char *schema, const char *parameters, const char *body,
	 const AcSample *more)
{
	Meeting m;
	AcSample sample = {0};
	AcApi *api = api_of(path_of("/orders", schema, parameters), &m.doc);

	if (more != NULL)
		sample = *more;
	else
		sample.asked_size = -1;
	m.plans = ac_tableplan_build(api, &sample.options);
	m.plan = &m.plans->tables[0];
	m.body = json_of(body);
	sample.body = m.body;
	ac_tableplan_observe(m.plan, &sample);
	return m;
}

static void
part(Meeting *m)
{
	ac_json_free(m->plans->evidence);
	ac_json_free(m->body);
	ac_json_free(m->doc);
}

/* One described field "f", its values in the rows, and its type afterwards. */
static const struct
{
	const char *schema;
	const char *values; /* elements of an array; ~ stands for an absent f */
	const char *want;
	bool conflict;
} widened[] = {
	/* what fits stays */
	{INT, "1, 2, null", "bigint", false},
	{"{'type': 'integer', 'format': 'int32'}", "2147483647", "integer", false},
	{"{'type': 'number'}", "1, 1.5", "numeric", false},
	{"{'type': 'boolean'}", "true, false", "boolean", false},
	{"{'type': 'string', 'format': 'uuid'}", "'123e4567-e89b-12d3-a456-426614174000'", "uuid", false},
	{"{'type': 'string', 'format': 'date-time'}", "'2024-01-01T00:00:00Z', '2024-01-01T00:00:00.5+01:00'", "timestamptz", false},
	{"{'type': 'string', 'format': 'int64'}", "'12', '13'", "bigint", false},
	{"{'type': 'string', 'format': 'decimal'}", "'1.50'", "numeric", false},
	{"{'type': 'array', 'items': {'type': 'string'}}", "['a'], []", "text[]", false},
	{"{'type': 'object', 'properties': {'a': {'type': 'string'}}}", "'x', 1", "jsonb", false},
	/* nulls and empty pages prove nothing */
	{"{'type': 'string', 'format': 'uuid'}", "null, null", "uuid", false},
	/* integers widen */
	{"{'type': 'integer', 'format': 'int32'}", "1, 2147483648", "bigint", true},
	{"{'type': 'integer', 'format': 'int16'}", "40000", "bigint", true},
	{INT, "9223372036854775807", "bigint", false},
	{INT, "9223372036854775808", "numeric", true},
	{INT, "1, 1.5", "numeric", true},
	/* scalars of another kind */
	{INT, "1, 'x'", "text", true},
	{INT, "'12'", "text", true},
	{"{'type': 'number'}", "'1.5'", "text", true},
	{"{'type': 'boolean'}", "0, 1", "bigint", true},
	{"{'type': 'boolean'}", "true, 'yes'", "text", true},
	{STR, "1, 2", "text", false}, /* text holds numbers as they are spelled */
	{STR, "{'a': 1}", "jsonb", true},
	/* objects and arrays where scalars were described */
	{INT, "1, {'a': 1}", "jsonb", true},
	{"{'type': 'string', 'format': 'uuid'}", "{'a': 1}", "jsonb", true},
	{"{'type': 'string', 'format': 'email'}", "['a']", "jsonb", true},
	/* forms that the sample contradicts */
	{"{'type': 'string', 'format': 'uuid'}", "'cus_123'", "text", true},
	{"{'type': 'string', 'format': 'uuid'}", "'123e4567-e89b-12d3-a456-426614174000', 'x'", "text", true},
	{"{'type': 'string', 'format': 'date-time'}", "'2024-01-01T00:00:00'", "timestamp", true},
	{"{'type': 'string', 'format': 'date-time'}", "'2024-01-01T00:00:00', '2024-01-01T00:00:00Z'", "text", true},
	{"{'type': 'string', 'format': 'date-time'}", "'2024-01-01'", "date", true},
	{"{'type': 'string', 'format': 'date-time'}", "'yesterday'", "text", true},
	{"{'type': 'string', 'format': 'date-time'}", "1700000000", "bigint", true},
	{"{'type': 'string', 'format': 'date'}", "'2023-02-29'", "text", true},
	{"{'type': 'string', 'format': 'time'}", "'10:30'", "time", true},
	{"{'type': 'string', 'format': 'cidr'}", "'10.0.0.1'", "inet", true},
	{"{'type': 'string', 'format': 'byte'}", "'not base64!'", "text", true},
	{"{'type': 'integer', 'format': 'unix-time'}", "1700000000", "timestamptz!epoch_s", false},
	{"{'type': 'integer', 'format': 'unix-time'}", "1700000000000", "timestamptz!epoch_ms", true},
	{"{'type': 'integer', 'format': 'unix-time'}", "'2024-01-01T00:00:00Z'", "timestamptz", true},
	/* arrays */
	{"{'type': 'array', 'items': {'type': 'integer'}}", "[1, 'x']", "text[]", true},
	{"{'type': 'array', 'items': {'type': 'integer', 'format': 'int32'}}", "[1, 3000000000]", "bigint[]", true},
	{"{'type': 'array', 'items': {'type': 'string'}}", "[{'a': 1}]", "jsonb", true},
	{"{'type': 'array', 'items': {'type': 'string'}}", "'a'", "text", true},
	{"{'type': 'array', 'items': {'type': 'string'}}", "'a', ['b']", "jsonb", true},
	/* what the description left open */
	{"{}", "'a', 'b'", "text", false},
	{"{}", "1, 2", "bigint", false},
	{"{}", "1, 'b'", "text", false},
	{"{}", "1, {'b': 1}", "jsonb", false},
	{"{}", "null", "jsonb", false},
};

/* The values as rows {"f": value}. */
static char *
rows_of(const char *field, const char *values)
{
	AcJson *list = json_of(psprintf("[%s]", values));
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < ac_json_length(list); i++)
		appendStringInfo(&out, "%s{'id': %d, '%s': %s}", i ? ", " : "", i,
						 field, ac_json_at(list, i) == NULL ? "null" : ac_json_to_text(ac_json_at(list, i)));
	ac_json_free(list);
	return psprintf("[%s]", out.data);
}

static char *
type_text(const AcColumnPlan *column)
{
	if (column == NULL)
		return NULL;
	return column->decode == NULL
			   ? pstrdup(column->type)
			   : psprintf("%s!%s", column->type, column->decode);
}

static void
test_widened(void)
{
	int i;

	for (i = 0; i < (int) lengthof(widened); i++)
	{
		Meeting m = meet(array_of(object_of(psprintf("'id': " INT ", 'f': %s", widened[i].schema))), "", rows_of("f", widened[i].values), NULL);

		is_str(type_text(column_of(m.plan, "f")), widened[i].want, "%s meets %s", widened[i].schema, widened[i].values);
		is_int(ac_json_has(ac_json_get(m.plan->evidence, "spec_conflict"), "f"), widened[i].conflict, "is a conflict or not");
		part(&m);
	}
}

/* Fields that nobody described. */
static const struct
{
	const char *name;
	const char *values;
	const char *want;
} unknown[] = {
	{"x", "1, 2", "bigint"},
	{"x", "1, 9223372036854775808", "numeric"},
	{"x", "1, 1.5", "numeric"},
	{"x", "true", "boolean"},
	{"x", "'a'", "text"},
	{"x", "1, 'a'", "text"},
	{"x", "{'a': 1}", "jsonb"},
	{"x", "['a', 'b']", "text[]"},
	{"x", "[{'a': 1}]", "jsonb"},
	{"x", "[]", "jsonb"},
	{"x", "null", "jsonb"},
	{"x", "'2024-01-01T00:00:00Z'", "text"},
	{"created_at", "'2024-01-01T00:00:00Z'", "timestamptz"},
	{"created_at", "'2024-01-01T00:00:00Z', 'never'", "text"},
	{"created_at", "'2024-01-01T00:00:00Z', '2024-01-01T00:00:00'", "text"},
	{"birth_date", "'2024-01-01'", "date"},
	{"created_at", "1700000000", "bigint"},
	{"code", "'007', '12'", "text"},
	{"ref", "'123e4567-e89b-12d3-a456-426614174000'", "text"}, /* one is chance */
};

static void
test_unknown(void)
{
	Meeting m;
	int i;

	for (i = 0; i < (int) lengthof(unknown); i++)
	{
		m = meet(array_of(object_of("'id': " INT)), "", rows_of(unknown[i].name, unknown[i].values), NULL);
		is_str(type_text(column_of(m.plan, unknown[i].name)), unknown[i].want, "unknown %s: %s", unknown[i].name, unknown[i].values);
		part(&m);
	}
	m = meet(LIST(OBJ("'id': " INT ", 'valueLink': " STR ", 'secret': {'type': 'string', 'writeOnly': true}")), "",
			 "[{'id': 1, 'value_link': 'x', 'secret': 'y'}]", NULL);
	is_int(m.plan->n_columns, 3, "a write-only field stays out though it came");
	is_str(m.plan->columns[1].name, "value_link", "a planned column keeps its name");
	is_str(m.plan->columns[2].json_path, "/value_link", "the new one gives way");
	ok(strncmp(m.plan->columns[2].name, "value_link_", 11) == 0, "by a hash: %s", m.plan->columns[2].name);
	part(&m);
}

static void
test_rows(void)
{
	static const struct
	{
		const char *what;
		const char *schema;
		const char *body;
		const char *rows;
		const char *columns;
		bool conflict;
	} cases[] = {
		{"where described", OBJ("'data': " LIST(ORDER)), "{'data': [{'id': 1, 'name': 'a'}]}", "/data", "*id bigint, name text", false},
		{"described bare, comes wrapped", LIST(ORDER), "{'data': [{'id': 1, 'name': 'a'}]}", "/data", "*id bigint, name text", true},
		{"described wrapped, comes bare", OBJ("'data': " LIST(ORDER)), "[{'id': 1, 'name': 'a'}]", "", "*id bigint, name text", true},
		{"another key", OBJ("'data': " LIST(ORDER)), "{'orders': [{'id': 1, 'name': 'a'}], 'errors': []}", "/orders", "*id bigint, name text", true},
		{"an empty page switches nothing", OBJ("'data': " LIST(ORDER)), "{'orders': []}", "/data", "*id bigint, name text", false},
		{"an empty page where described", OBJ("'data': " LIST(ORDER)), "{'data': [], 'warnings': [{'x': 1}]}", "/data", "*id bigint, name text", false},
		{"one object, comes a list", ORDER, "[{'id': 1, 'name': 'a'}]", "", "id bigint, name text", true},
		{"one object, comes enveloped", ORDER, "{'count': 2, 'next': null, 'results': [{'id': 1, 'name': 'a'}]}", "/results", "id bigint, name text", true},
		{"one object that has others of its kind", ORDER, "{'id': 1, 'name': 'a', 'children': [{'id': 2, 'name': 'b'}]}", "", "id bigint, name text, children jsonb", false},
		{"other rows altogether", OBJ("'data': " LIST(ORDER)), "{'orders': [{'uuid': 'a', 'size': 1}]}", "/orders", "*uuid text, size bigint", true},
		{"rows without described fields", LIST("{'type': 'object'}"), "[{'id': 1, 'name': 'a'}]", "", "*id bigint, name text", false},
		{"objects of anything", LIST("{'type': 'object', 'additionalProperties': true}"), "[{'id': 1, 'name': 'a'}]", "", "*id bigint, name text", false},
		{"an object of anything that is an envelope", "{'type': 'object', 'additionalProperties': true}", "{'total': 1, 'orders': [{'id': 1, 'name': 'a'}]}", "/orders", "*id bigint, name text", true},
		{"maps of a type stay maps", LIST("{'type': 'object', 'additionalProperties': " STR "}"), "[{'de': 'a', 'en': 'b'}]", "", "value jsonb", false},
		{"an error body", OBJ("'data': " LIST(ORDER)), "{'error': 'no'}", "/data", "*id bigint, name text", false},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		Meeting m = meet(cases[i].schema, "", cases[i].body, NULL);

		is_str(m.plan->rows_path, cases[i].rows, "%s: rows", cases[i].what);
		is_str(columns_text(m.plan), cases[i].columns, "%s: columns", cases[i].what);
		is_int(ac_json_has(m.plan->evidence, "spec_conflict"), cases[i].conflict, "%s: conflict", cases[i].what);
		part(&m);
	}
}

static void
test_undescribed(void)
{
	static const AcSample flatten = {.asked_size = -1, .options = {.nested = AC_NESTED_FLATTEN, .raw = true}};
	Meeting m = meet("{}", query_of("status", STR), "{'items': [{'id': 1, 'status': 'x', 'at': {'lat': 1.5}}], 'total': 1}", NULL);

	is_str(m.plan->skip_reason, NULL, "a sample makes an undescribed answer a table");
	is_str(m.plan->name, "orders", "with the name that was kept for it");
	is_str(m.plan->rows_path, "/items", "rows");
	is_str(columns_text(m.plan), "*id bigint, status text, at jsonb", "columns");
	is_str(column_of(m.plan, "status")->param, "status", "parameters");
	is_str(m.plan->paging.total_path, "/total", "total");
	part(&m);
	m = meet("{}", "", "{'items': [{'id': 1, 'at': {'lat': 1.5}}]}", &flatten);
	is_str(columns_text(m.plan), "*id bigint, at_lat numeric, _raw jsonb", "flattened and raw");
	part(&m);
	m = meet("{}", "", "{'items': []}", NULL);
	ok(ac_tableplan_is_open(m.plan), "an empty page decides nothing");
	part(&m);
}

static void
test_paging(void)
{
	static const AcSample linked = {.asked_size = -1, .link_next = "/orders?page=2"};
	static const struct
	{
		const char *what;
		const char *fields;
		const char *parameters;
		const char *body; /* beside the row */
		const AcSample *sample;
		AcPagerStyle want;
		const char *path; /* cursor_path or page_param */
	} cases[] = {
		{"a Link header", "'x': " INT, "", "'x': 1", &linked, AC_PAGER_LINK, NULL},
		{"a Link header against a page number", "'x': " INT, "{'name': 'page', 'in': 'query', 'schema': " INT "}", "'x': 1", &linked, AC_PAGER_LINK, NULL},
		{"a Link header against a page number that counts from 1", "'x': " INT, "{'name': 'page', 'in': 'query', 'schema': {'type': 'integer', 'default': 1}}", "'x': 1", &linked, AC_PAGER_LINK, "page"},
		{"a planned cursor that is there stays", "'next_cursor': " STR, "{'name': 'cursor', 'in': 'query', 'schema': " STR "}", "'next_cursor': 'abc'", &linked, AC_PAGER_CURSOR, "/next_cursor"},
		{"a next URL in the body", "'x': " INT, "", "'next': 'https://h/orders?page=2'", NULL, AC_PAGER_NEXT_URL, "/next"},
		{"a relative next URL", "'x': " INT, "", "'next': '/orders?page=2'", NULL, AC_PAGER_NEXT_URL, "/next"},
		{"next that is null says nothing", "'x': " INT, "", "'next': null", NULL, AC_PAGER_AUTO, NULL},
		{"a cursor in the body", "'x': " INT, "{'name': 'cursor', 'in': 'query', 'schema': " STR "}", "'meta': {'next_cursor': 'abc'}", NULL, AC_PAGER_CURSOR, "/meta/next_cursor"},
		{"a cursor elsewhere than described", "'next_cursor': " STR, "{'name': 'cursor', 'in': 'query', 'schema': " STR "}", "'paging': {'next_cursor': 'abc'}", NULL, AC_PAGER_CURSOR, "/paging/next_cursor"},
		{"the last page of a planned cursor", "'next_cursor': " STR, "{'name': 'cursor', 'in': 'query', 'schema': " STR "}", "'next_cursor': null", NULL, AC_PAGER_CURSOR, "/next_cursor"},
		{"an echo of page and size", "'x': " INT, "", "'page': 1, 'per_page': 1, 'total': 5", NULL, AC_PAGER_PAGE, "page"},
		{"an echo of offset and limit", "'x': " INT, "", "'offset': 0, 'limit': 1, 'total': 5", NULL, AC_PAGER_OFFSET, "offset"},
		{"an echo that does not agree", "'x': " INT, "", "'page': 1, 'per_page': 20", NULL, AC_PAGER_AUTO, NULL},
		{"a token where a URL was planned", "'next': " STR ", 'previous': " STR, "{'name': 'cursor', 'in': 'query', 'schema': " STR "}", "'next': 'abc', 'previous': null", NULL, AC_PAGER_CURSOR, "/next"},
	};
	Meeting m;
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		const AcPaging *p;

		m = meet(object_of(psprintf("'orders': " LIST(ORDER) ", %s", cases[i].fields)), cases[i].parameters,
				 psprintf("{'orders': [{'id': 1, 'name': 'a'}], %s}", cases[i].body), cases[i].sample);
		p = &m.plan->paging;
		is_str(ac_pager_style_name(p->style), ac_pager_style_name(cases[i].want), "%s", cases[i].what);
		is_str(p->cursor_path != NULL ? p->cursor_path : p->page_param, cases[i].path, "where");
		part(&m);
	}
	m = meet(OBJ("'orders': " LIST(ORDER)), "{'name': 'page', 'in': 'query', 'schema': " INT "}", "{'orders': [{'id': 1}], 'page': 0}", NULL);
	is_int(m.plan->paging.first_page, 0, "a page without a number that calls itself 0");
	part(&m);
	m = meet(OBJ("'orders': " LIST(ORDER)), "{'name': 'page', 'in': 'query', 'schema': {'type': 'integer', 'default': 1}}", "{'orders': [{'id': 1}], 'page': 0}", NULL);
	is_int(m.plan->paging.first_page, 1, "against a declared default");
	part(&m);
	m = meet(OBJ("'orders': " LIST(ORDER)), "", "{'orders': [{'id': 1}], 'has_more': true, 'total_count': 7}", NULL);
	is_str(m.plan->paging.more_path, "/has_more", "has_more");
	is_str(m.plan->paging.total_path, "/total_count", "total_count");
	part(&m);
}

/* Arrays that tie in a sample are tables of their own. */
static void
test_ties(void)
{
	AcSample sample = {.asked_size = -1};
	AcTablePlan described;
	AcJson *doc;
	AcApi *api = api_of(path_of("/search", "{}", ""), &doc);
	AcTablePlans *plans = ac_tableplan_build(api, &plain_options);
	AcTablePlan *plan = &plans->tables[0];

	sample.body = json_of("{'tracks': {'items': [{'id': 't', 'ms': 1}], 'total': 1}, 'artists': {'items': [{'id': 'a', 'fans': 2}], 'total': 1}}");
	described = *plan;
	ac_tableplan_observe(plan, &sample);
	is_str(plan->rows_path, "/tracks/items", "the first array is the table's");
	is_int(ac_tableplan_add_ties(plans, plan, &described), 1, "the other is a table, too");
	ok(plan == &plans->tables[0] && plans->n_tables == 2, "and stands behind it");
	ac_tableplan_observe(&plans->tables[1], &sample);
	is_str(plans->tables[1].name, "search__artists", "it is called like what it lists");
	is_str(plans->tables[1].rows_path, "/artists/items", "its rows are its own");
	is_str(plans->tables[1].columns[1].name, "fans", "and so are its columns");
	is_str(plan->columns[1].name, "ms", "the first one's stay");
	is_str(ac_json_get_string(plans->tables[1].evidence, "tied_with"), "/tracks/items", "evidence of the tie");
	is_int(ac_tableplan_add_ties(plans, &plans->tables[1], &described), 0, "a tie has none of its own");
	ac_json_free(sample.body);
	ac_json_free(plans->evidence);
	ac_json_free(doc);
}

int
main(void)
{
	test_widened();
	test_unknown();
	test_rows();
	test_undescribed();
	test_paging();
	test_ties();
	return done_testing();
}
