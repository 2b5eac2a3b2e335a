/*
 * test_tableplan.c
 *		Do the operations of an API become the tables that doc/inference.md says?
 */
#include "ac.h"

#include "api/names.h"

#include "plan_build.h"

#define STR "{'type': 'string'}"
#define INT "{'type': 'integer'}"
#define BOOL "{'type': 'boolean'}"
#define OBJ(properties) "{'type': 'object', 'properties': {" properties "}}"
#define LIST(items) "{'type': 'array', 'items': " items "}"
#define ORDER OBJ("'id': " INT ", 'status': " STR ", 'customer_id': " INT)
#define VAR(name, schema) "{'name': '" name "', 'in': 'path', 'required': true, 'schema': " schema "}"

static void
test_skipped(void)
{
	AcJson *doc;
	AcTablePlans *plans;
	const AcTablePlan *plan;

	plans = plans_of("'/made': {'post': {'responses': {'200': {'description': 'x'}}}}, "
					 "'/file': {'get': {'responses': {'200': {'description': 'x', 'content': {'application/pdf': {}}}}}}, "
					 "'/logout': {'get': {'responses': {'200': {'description': 'x', 'content': {'application/json': {'schema': " ORDER "}}}}}}, "
					 "'/orders/{id}/cancel': {'get': {'responses': {'200': {'description': 'x', 'content': {'application/json': {'schema': " ORDER "}}}}}}, "
					 "'/cancellations': {'get': {'responses': {'200': {'description': 'x', 'content': {'application/json': {'schema': " LIST(ORDER) "}}}}}}, "
																																					"'/blob': {'get': {'responses': {'200': {'description': 'x', 'content': {'application/json': {'schema': {}}}}}}}",
					 &plain_options, &doc);
	is_int(plans->n_tables, 6, "every path has a row");
	is_str(plan_for(plans, "/made")->skip_reason, "method POST is not read", "POST");
	ok(strstr(plan_for(plans, "/file")->skip_reason, "application/pdf") != NULL,
	   "no JSON: %s", plan_for(plans, "/file")->skip_reason);
	is_str(plan_for(plans, "/logout")->skip_reason, "path smells of an action", "logout");
	is_str(plan_for(plans, "/orders/{id}/cancel")->skip_reason, "path smells of an action", "cancel");
	is_str(plan_for(plans, "/cancellations")->skip_reason, NULL, "cancellations are things");
	plan = plan_for(plans, "/blob");
	is_str(plan->skip_reason, NULL, "nothing described: a sample decides");
	ok(plan->undescribed && ac_tableplan_is_open(plan), "and the plan says so");
	is_str(plan->name, "blob", "it can be asked for by name");
	is_str(ac_json_get_string(plan->evidence, "sample"), "a sample decides", "and so does the evidence");
	is_int(plan->n_columns, 0, "no columns yet");
	is_str(plan_for(plans, "/file")->name, NULL, "what is left out has no name");
	is_int(plans->n_groups, 2, "groups are those of tables");
	finish(plans, doc);
}

static void
test_item(void)
{
	static const struct
	{
		const char *what;
		const char *list;
		const char *item;
		const char *variable; /* schema of it */
		const char *item_schema;
		const char *want; /* item path, NULL: not merged */
		const char *key;
		const char *rows;
	} cases[] = {
		{"{id}", "/orders", "/orders/{id}", INT, ORDER, "/orders/{id}", "id", ""},
		{"{order_id}", "/orders", "/orders/{order_id}", INT, ORDER, "/orders/{order_id}", "id", ""},
		{"{orderId}", "/orders", "/orders/{orderId}", STR, ORDER, "/orders/{orderId}", "id", ""},
		{"a trailing slash", "/orders/", "/orders/{id}/", INT, ORDER, "/orders/{id}/", "id", ""},
		{"suffix .json", "/orders.json", "/orders/{id}.json", INT, ORDER, "/orders/{id}.json", "id", ""},
		{"a wrapped item", "/orders", "/orders/{id}", INT, OBJ("'data': " ORDER), "/orders/{id}", "id", "/data"},
		{"below a parent", "/c/{c}/orders", "/c/{c}/orders/{id}", INT, ORDER, "/c/{c}/orders/{id}", "id", ""},
		{"below a parent of another name", "/c/{c}/orders", "/c/{cid}/orders/{id}", INT, ORDER, "/c/{c}/orders/{id}", "id", ""},
		{"below a version", "/v{v}/orders", "/v{v}/orders/{id}", INT, ORDER, "/v{v}/orders/{id}", "id", ""},
		{"below another version", "/v{v}/orders", "/w{v}/orders/{id}", INT, ORDER, NULL, NULL, NULL},
		{"another thing", "/orders", "/orders/{id}", INT, OBJ("'a': " STR ", 'b': " STR ", 'id': " INT), NULL, NULL, NULL},
		{"a variable that is no field", "/orders", "/orders/{code}", STR, ORDER, NULL, NULL, NULL},
		{"an item with more fields", "/orders", "/orders/{id}", INT, OBJ("'id': " INT ", 'status': " STR ", 'customer_id': " INT ", 'more': " STR ", 'lines': " LIST(ORDER)), "/orders/{id}", "id", ""},
		{"two more segments", "/orders", "/orders/{id}/lines", INT, ORDER, NULL, NULL, NULL},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcJson *doc;
		AcTablePlans *plans = plans_of(psprintf("%s, %s", path_of(cases[i].list, OBJ("'orders': " LIST(ORDER)), ""), path_of(cases[i].item, cases[i].item_schema, psprintf("{'name': '%.*s', 'in': 'path', 'required': true, 'schema': %s}", (int) strcspn(strrchr(cases[i].item, '{') + 1, "}"), strrchr(cases[i].item, '{') + 1, cases[i].variable))), &plain_options, &doc);
		const AcTablePlan *plan = plan_for(plans, cases[i].list);

		is_str(plan->item_path, cases[i].want, "%s: item path", cases[i].what);
		is_str(plan->item_rows_path, cases[i].rows, "%s: item rows", cases[i].what);
		if (cases[i].want != NULL)
		{
			const AcColumnPlan *key = column_of(plan, cases[i].key);

			ok(key != NULL && key->key && key->param != NULL &&
				   key->filter == AC_FILTER_NONE &&
				   strstr(plan->item_path, psprintf("{%s}", key->param)) != NULL,
			   "%s: the key column has the variable", cases[i].what);
			ok(plan_for(plans, cases[i].item)->skip_reason != NULL,
			   "%s: the item path is no table", cases[i].what);
		}
		else
			is_str(plan_for(plans, cases[i].item)->skip_reason, NULL,
				   "%s: the item path is a table", cases[i].what);
		finish(plans, doc);
	}
}

static void
test_path_variables(void)
{
	AcJson *doc;
	AcTablePlans *plans;
	const AcTablePlan *plan;
	const AcColumnPlan *column;

	plans = plans_of(psprintf("%s, %s, %s, %s",
							  path_of("/customers/{customer_id}/orders", LIST(ORDER), VAR("customer_id", INT)),
							  path_of("/customers/{id}/payments", LIST(OBJ("'id': " INT ", 'amount': " INT)), VAR("id", INT)),
							  path_of("/repos/{owner}/{repo}/forks", LIST(OBJ("'id': " INT ", 'owner': " OBJ("'login': " STR))), VAR("owner", STR) ", " VAR("repo", STR)),
							  path_of("/reports/{name}", OBJ("'name': " STR ", 'rows': " INT), VAR("name", STR))),
					 &plain_options, &doc);
	plan = plan_for(plans, "/customers/{customer_id}/orders");
	is_str(columns_text(plan), "*id bigint, status text, *customer_id bigint",
		   "a variable that is a field is one column");
	column = column_of(plan, "customer_id");
	ok(column->filter == AC_FILTER_PATH && column->json_path != NULL &&
		   strcmp(column->param, "customer_id") == 0,
	   "which has both");
	plan = plan_for(plans, "/customers/{id}/payments");
	is_str(columns_text(plan), "*customer_id bigint, *id bigint, amount bigint",
		   "{id} of the parent is not the row's id");
	column = column_of(plan, "customer_id");
	ok(column->json_path == NULL && strcmp(column->param, "id") == 0 &&
		   column->filter == AC_FILTER_PATH,
	   "it is a column that stands for the variable");
	is_str(columns_text(plan_for(plans, "/repos/{owner}/{repo}/forks")),
		   "*owner_param text, *repo text, *id bigint, owner jsonb",
		   "a field of that name is another thing");
	plan = plan_for(plans, "/reports/{name}");
	is_str(columns_text(plan), "*name text, rows bigint",
		   "an item without a collection is a table");
	is_int(column_of(plan, "name")->filter, AC_FILTER_PATH, "that needs its key");
	is_int(plan->paging.style, AC_PAGER_NONE, "and has one page");
	finish(plans, doc);
}

static void
test_query_parameters(void)
{
	static const struct
	{
		const char *name;
		const char *schema;
		const char *column;
		int want;
	} cases[] = {
		{"status", "{'type': 'string', 'enum': ['a', 'b']}", "status", AC_FILTER_QUERY_SAFE},
		{"Status", "{'type': 'string', 'enum': ['a', 'b']}", "status", AC_FILTER_QUERY_SAFE},
		{"filter[status]", "{'type': 'string', 'enum': ['a', 'b']}", "status", AC_FILTER_QUERY_SAFE},
		{"status", STR, "status", AC_FILTER_QUERY_UNPROVED},
		{"gift", BOOL, "gift", AC_FILTER_QUERY_SAFE},
		{"customerId", INT, "customer_id", AC_FILTER_QUERY_SAFE},
		{"customer_id", STR, "customer_id", AC_FILTER_QUERY_SAFE},
		{"customer_id", LIST(INT), "customer_id", AC_FILTER_QUERY_SAFE},
		{"status", "{'type': 'array', 'items': {'type': 'string', 'enum': ['a', 'b']}}", "status", AC_FILTER_QUERY_SAFE},
		{"total", INT, "total", AC_FILTER_QUERY_UNPROVED},
		{"created", "{'type': 'string', 'format': 'date-time'}", "created", AC_FILTER_QUERY_UNPROVED},
		{"token", "{'type': 'string', 'format': 'uuid'}", "token", AC_FILTER_QUERY_SAFE},
		{"filter[created][gt]", STR, "created", AC_FILTER_NONE},
		{"sort", "{'type': 'string', 'enum': ['a', 'b']}", "sort", AC_FILTER_NONE},
		{"q", STR, "q", AC_FILTER_NONE},
		{"limit", INT, "limit", AC_FILTER_NONE},
		{"page", INT, "page", AC_FILTER_NONE},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcJson *doc;
		AcTablePlans *plans = plans_of(path_of("/orders", LIST(OBJ("'id': " INT ", 'status': " STR ", 'gift': " BOOL ", 'customer_id': " INT ", 'total': " INT ", 'created': {'type': 'string', 'format': 'date-time'}, 'token': {'type': 'string', 'format': 'uuid'}, 'sort': " STR ", 'q': " STR ", 'limit': " INT ", 'page': " INT)), query_of(cases[i].name, cases[i].schema)), &plain_options, &doc);
		const AcColumnPlan *column = column_of(plan_for(plans, "/orders"), cases[i].column);

		is_int(column->filter, cases[i].want, "parameter %s %s", cases[i].name, cases[i].schema);
		is_str(column->param, cases[i].want == AC_FILTER_NONE ? NULL : cases[i].name, "its name");
		finish(plans, doc);
	}
}

static void
test_required_parameters(void)
{
	static const AcPlanOptions all = {.raw = true, .all_params = true};
	static const char required[] = "{'name': 'q', 'in': 'query', 'required': true, 'schema': " STR "}, "
								   "{'name': 'status', 'in': 'query', 'required': true, 'schema': " STR "}, "
								   "{'name': 'api-version', 'in': 'query', 'required': true, 'schema': {'type': 'string', 'default': '2020 1'}}, "
								   "{'name': 'verbose', 'in': 'query', 'schema': " BOOL "}, "
								   "{'name': 'limit', 'in': 'query', 'required': true, 'schema': " INT "}";
	AcJson *doc;
	AcTablePlans *plans = plans_of(path_of("/search", OBJ("'hits': " LIST(ORDER)), required), &plain_options, &doc);
	const AcTablePlan *plan = plan_for(plans, "/search");

	is_str(columns_text(plan), "*q text, *id bigint, status text, customer_id bigint",
		   "a required parameter without a field is a key column");
	ok(column_of(plan, "q")->required && column_of(plan, "q")->json_path == NULL,
	   "that needs a value");
	ok(column_of(plan, "status")->required && column_of(plan, "status")->filter == AC_FILTER_QUERY_SAFE,
	   "one with a field is sent");
	is_str(plan->fixed_params, "api-version=2020%201", "one with a default is always sent");
	finish(plans, doc);

	plans = plans_of(path_of("/search", OBJ("'hits': " LIST(ORDER)), required), &all, &doc);
	plan = plan_for(plans, "/search");
	ok(column_of(plan, "verbose") != NULL && column_of(plan, "limit") == NULL,
	   "params all: every parameter that does not page");
	ok(column_of(plan, "_raw") != NULL && strcmp(column_of(plan, "_raw")->json_path, "") == 0,
	   "raw: the whole row");
	finish(plans, doc);
}

static void
test_defaults(void)
{
	static const struct
	{
		const char *name;
		const char *schema;
		const char *want;
		bool noted;
	} cases[] = {
		{"state", "{'type': 'string', 'enum': ['open', 'closed', 'all'], 'default': 'open'}", "state=all", true},
		{"state", "{'type': 'string', 'enum': ['open', 'any'], 'default': 'open'}", "state=any", true},
		{"state", "{'type': 'string', 'enum': ['open', 'closed', 'all'], 'default': 'all'}", NULL, false},
		{"state", "{'type': 'string', 'enum': ['open', 'closed', 'all']}", NULL, false},
		{"state", "{'type': 'string', 'enum': ['open', 'closed'], 'default': 'open'}", NULL, true},
		{"all", "{'type': 'boolean', 'default': false}", "all=true", true},
		{"archived", "{'type': 'boolean', 'default': false}", NULL, true},
		{"sort", "{'type': 'string', 'enum': ['created', 'updated'], 'default': 'created'}", NULL, false},
		{"include_deleted", "{'type': 'boolean', 'default': false}", "include_deleted=true", true},
		{"showArchivedItems", "{'type': 'boolean', 'default': false}", "showArchivedItems=true", true},
		{"include_deleted", "{'type': 'boolean', 'default': true}", NULL, false},
		{"include_deleted", "{'type': 'boolean'}", NULL, false},
		{"include_fields", "{'type': 'boolean', 'default': false}", NULL, false},
		{"exclude_closed", "{'type': 'boolean', 'default': true}", "exclude_closed=false", true},
		{"active_only", "{'type': 'boolean', 'default': true}", "active_only=false", true},
		{"only_ids", "{'type': 'boolean', 'default': true}", NULL, false},
		{"visibility", "{'type': 'string', 'enum': ['public', 'private'], 'default': 'public'}", NULL, true},
		{"language", "{'type': 'string', 'enum': ['de', 'en'], 'default': 'de'}", NULL, false},
		{"days", "{'type': 'integer', 'default': 30}", NULL, true},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcJson *doc;
		AcTablePlans *plans = plans_of(path_of("/issues", LIST(OBJ("'id': " INT ", 'state': " STR ", 'archived': " BOOL)), query_of(cases[i].name, cases[i].schema)), &plain_options, &doc);
		const AcTablePlan *plan = plan_for(plans, "/issues");

		is_str(plan->fixed_params, cases[i].want, "%s %s", cases[i].name, cases[i].schema);
		is_int(ac_json_has(ac_json_get(plan->evidence, "defaults_that_hide_rows"), cases[i].name),
			   cases[i].noted, "noted or not");
		finish(plans, doc);
	}
}

static void
test_columns(void)
{
	static const AcPlanOptions flatten = {.nested = AC_NESTED_FLATTEN};
	static const char schema[] = LIST(OBJ("'id': " INT ", 'valueLink': " STR ", 'valuelink': " STR ", 'password': {'type': 'string', 'writeOnly': true}, "
										  "'address': " OBJ("'street': " STR ", 'geo': " OBJ("'lat': {'type': 'number'}") ", 'tags': " LIST(STR)) ", "
																																				  "'customer': {'oneOf': [" STR ", " OBJ("'id': " STR ", 'name': " STR) "]}"));
	AcJson *doc;
	AcTablePlans *plans = plans_of(path_of("/x", schema, ""), &plain_options, &doc);

	is_str(columns_text(plan_for(plans, "/x")),
		   "*id bigint, value_link text, valuelink text, address jsonb, customer text!id_of, customer_obj jsonb",
		   "columns of a row");
	finish(plans, doc);
	plans = plans_of(path_of("/x", schema, ""), &flatten, &doc);
	is_str(columns_text(plan_for(plans, "/x")),
		   "*id bigint, value_link text, valuelink text, address_street text, address_geo jsonb, address_tags text[], customer text!id_of, customer_obj jsonb",
		   "flattened to depth 2");
	is_str(column_of(plan_for(plans, "/x"), "address_street")->json_path, "/address/street", "with the path to the leaf");
	finish(plans, doc);
	plans = plans_of(psprintf("%s, %s, %s", path_of("/t", LIST(STR), ""), path_of("/m", "{'type': 'object', 'additionalProperties': " INT "}", ""), path_of("/u", LIST("{}"), "")), &plain_options, &doc);
	is_str(columns_text(plan_for(plans, "/t")), "value text", "rows that are texts");
	is_str(column_of(plan_for(plans, "/t"), "value")->json_path, "", "are themselves the value");
	is_str(columns_text(plan_for(plans, "/m")), "value jsonb", "a map is one value");
	is_str(columns_text(plan_for(plans, "/u")), "value jsonb", "rows of any form");
	finish(plans, doc);
}

/* Keys by the description's own word. */
static void
test_said_keys(void)
{
	static const char one[] = LIST(OBJ("'id': " INT ", 'code': {'type': 'string', 'x-primary-key': true}, 'n': " INT));
	static const char two[] = LIST(OBJ("'id': " INT ", 'shop': {'type': 'string', 'x-primary-key': true}, 'sku': {'type': 'string', 'x-primary-key': true}"));
	static const char wrong[] = LIST(OBJ("'id': " INT ", 'tags': {'type': 'array', 'items': {'type': 'string'}, 'x-primary-key': true}"));
	AcJson *doc;
	AcTablePlans *plans = plans_of(psprintf("%s, %s, %s", path_of("/one", one, ""), path_of("/two", two, ""), path_of("/wrong", wrong, "")), &plain_options, &doc);

	is_str(columns_text(plan_for(plans, "/one")), "id bigint, *code text, n bigint", "one that is called the key");
	is_str(columns_text(plan_for(plans, "/two")), "id bigint, *shop text, *sku text", "two that are");
	is_str(columns_text(plan_for(plans, "/wrong")), "*id bigint, tags text[]", "not where it can be none");
	finish(plans, doc);
}

/* Flattening stops before a table has more than 64 columns. */
static void
test_flatten_limit(void)
{
	static const AcPlanOptions flatten = {.nested = AC_NESTED_FLATTEN};
	StringInfoData properties;
	AcTablePlans *plans;
	AcJson *doc;
	int i;

	initStringInfo(&properties);
	appendStringInfoString(&properties, "'id': " INT);
	for (i = 0; i < 10; i++)
	{
		int j;

		appendStringInfo(&properties, ", 'o%d': {'type': 'object', 'properties': {", i);
		for (j = 0; j < 10; j++)
			appendStringInfo(&properties, "%s'f%d': " STR, j ? ", " : "", j);
		appendStringInfoString(&properties, "}}");
	}
	plans = plans_of(path_of("/x", array_of(object_of(properties.data)), ""), &flatten, &doc);
	ok(plan_for(plans, "/x")->n_columns <= 64 && plan_for(plans, "/x")->n_columns > 50,
	   "%d columns", plan_for(plans, "/x")->n_columns);
	is_str(column_of(plan_for(plans, "/x"), "o9")->type, "jsonb", "the last object stays whole");
	finish(plans, doc);
}

static const struct
{
	const char *path;
	const char *want;
} named[] = {
	{"/api/v1/orders", "orders"},
	{"/api/v1/customers", "customers"},
	{"/api/v1/customers/{id}/lines", "customers_lines"},
	{"/api/v1/carts/{id}/lines", "carts_lines"},
	{"/api/v1/carts/{id}/coupons", "coupons"},
	{"/api/v1/issues", "issues"},
	{"/api/v1/user/issues", "user_issues"},
	{"/api/v1/orgs/{org}/issues", "orgs_issues"},
	{"/api/v1/reports", NULL},
	{"/api/v2/reports", "reports"},
	{"/api/v1/people", "people"},
	{"/api/v1/people/{name}", "people_by_name"},
	{"/api/v1/issues/search", "issues_search"},
	{"/api/v1/containers/json", "containers"},
	{"/api/v1/line-items", "line_items"},
	{"/api/v1/lineCosts.json", "line_costs"},
	{"/api/v1/widgets/{id}/view", "view"},
	{"/api/v1/widgets/{id}/view.json", "view_json"},
	{"/api/v1/getWarehouses", "warehouses"},
	{"/api/v1/team.members.list", "members"},
	{"/api/v1/admin.apps.approved.list", "apps_approved"},
	{"/api/v1/kind-6VMVochwUWo", "kind_6vmvochwuwo"},
	{"/api/v1/Parts/GetAll", "parts"},
	{"/api/v1/Parts/GetById/{id}", "parts_by_id"},
	{"/apis/apps", "apps"},
	{"/apis/apps/v1", "apps_v1"},
	{"/", "root"},
};

/* All paths as one description, in an order by a seed. */
static char *
shuffled_paths(uint64 seed)
{
	int order[lengthof(named)];
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < (int) lengthof(named); i++)
		order[i] = i;
	for (i = (int) lengthof(named) - 1; seed != 0 && i > 0; i--)
	{
		int j = (int) (tap_random(&seed) % (i + 1));
		int swap = order[i];

		order[i] = order[j];
		order[j] = swap;
	}
	for (i = 0; i < (int) lengthof(named); i++)
		appendStringInfo(&out, "%s%s", i ? ", " : "",
						 path_of(named[order[i]].path, LIST(OBJ("'text': " STR)), ""));
	return out.data;
}

static char *
plans_text(const AcTablePlans *plans)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < plans->n_tables; i++)
	{
		const AcTablePlan *plan = &plans->tables[i];

		appendStringInfo(&out, "%s %s %s %s %s (%s) %s\n", plan->path,
						 plan->name ? plan->name : "-", plan->group,
						 plan->rows_path ? plan->rows_path : "-",
						 plan->item_path ? plan->item_path : "-",
						 columns_text(plan),
						 ac_json_to_text(plan->evidence));
	}
	return out.data;
}

static void
test_names(void)
{
	AcJson *doc;
	AcTablePlans *plans = plans_of(shuffled_paths(0), &plain_options, &doc);
	char *first = plans_text(plans);
	uint64 seed;
	int i;
	int j;
	int bad = 0;

	for (i = 0; i < (int) lengthof(named); i++)
		is_str(plan_for(plans, named[i].path)->name, named[i].want, "name of %s", named[i].path);
	for (i = 0; i < plans->n_tables; i++)
		for (j = 0; j < i; j++)
			bad += plans->tables[i].name != NULL && plans->tables[j].name != NULL &&
				   strcmp(plans->tables[i].name, plans->tables[j].name) == 0;
	is_int(bad, 0, "names are unique");
	finish(plans, doc);
	for (seed = 1; seed <= 8; seed++)
	{
		plans = plans_of(shuffled_paths(seed), &plain_options, &doc);
		is_str(plans_text(plans), first, "the order of paths changes nothing (%d)", (int) seed);
		finish(plans, doc);
	}
}

static void
test_groups_and_ties(void)
{
	AcJson *doc;
	AcTablePlans *plans = plans_of(psprintf("%s, %s, '/z': {'get': {'tags': ['Big Group', 'other'], 'responses': {'200': {'description': 'x', 'content': {'application/json': {'schema': " LIST(ORDER) "}}}}}}",
											path_of("/v1/a/b", LIST(ORDER), ""),
											path_of("/found", OBJ("'users': " LIST(ORDER) ", 'teams': " LIST(ORDER)), query_of("limit", INT))),
								   &plain_options, &doc);

	is_str(plan_for(plans, "/v1/a/b")->group, "a", "group: first segment behind the version");
	is_str(plan_for(plans, "/z")->group, "big_group", "group: first tag");
	is_int(plans->n_groups, 3, "groups");
	is_str(plans->groups[1], "big_group", "sorted");
	is_int(plans->n_tables, 4, "tied arrays are two tables");
	is_str(plans->tables[0].name, "found", "the first has the name");
	is_str(plans->tables[0].rows_path, "/users", "of the first array");
	is_str(plans->tables[1].name, "found__teams", "the other the array's too");
	finish(plans, doc);
}

static void
test_comments(void)
{
	AcJson *doc;
	AcTablePlans *plans = plans_of("'/x': {'get': {'deprecated': true, 'summary': 'List things', 'description': ' All of them. ', 'responses': {'200': {'description': 'x', 'content': {'application/json': {'schema': " LIST(OBJ("'a': {'type': 'string', 'description': 'First.', 'deprecated': true}, 'b': {'type': 'string', 'enum': ['x', 'y']}")) "}}}}}}",
								   &plain_options, &doc);
	const AcTablePlan *plan = plan_for(plans, "/x");

	is_str(plan->comment, "Deprecated. List things. All of them.", "comment of a table");
	ok(plan->deprecated, "which is deprecated");
	is_str(column_of(plan, "a")->comment, "Deprecated. First.", "comment of a column");
	is_int(column_of(plan, "b")->n_enum, 2, "known domain of a column");
	finish(plans, doc);
}

/* Nothing but examples: both paths answer with an array. */
static void
test_example_item(void)
{
	AcJson *doc;
	AcTablePlans *plans =
		plans_of("'/things': {'get': {'responses': {'200': {'description': 'x', 'content': {'application/json': {'example': [{'id': 1, 'name': 'a'}]}}}}}}, "
				 "'/things/{id}': {'get': {'responses': {'200': {'description': 'x', 'content': {'application/json': {'example': [{'id': 1, 'name': 'a'}]}}}}}}",
				 &plain_options, &doc);

	is_str(plan_for(plans, "/things")->skip_reason, NULL, "a list that an example shows");
	is_int(plans->n_tables, 2, "and an item that is an array");
	finish(plans, doc);
}

/* One wide schema that many paths refer to, and paths that nobody can ask for. */
static void
test_too_much(void)
{
	AcJson *doc;
	AcTablePlans *plans;
	StringInfoData paths;
	int left_out = 0;

	initStringInfo(&paths);
	appendStringInfoString(&paths, "'/wide': {'get': {'responses': {'200': {'description': 'x', 'content': {'application/json': {'schema': {'type': 'array', 'items': {'type': 'object', 'properties': {");
	for (int i = 0; i < 1000; i++)
		appendStringInfo(&paths, "%s'c%d': {'type': 'string'}", i > 0 ? ", " : "", i);
	appendStringInfoString(&paths, "}}}}}}}}}");
	for (int i = 0; i < 420; i++)
		appendStringInfo(&paths, ", '/a%d': {'$ref': '#/paths/~1wide'}", i);
	appendStringInfoString(&paths, ", '/");
	for (int i = 0; i < 5000; i++)
		appendStringInfoChar(&paths, 'x');
	appendStringInfoString(&paths, "': {'$ref': '#/paths/~1wide'}");
	plans = plans_of(paths.data, &plain_options, &doc);
	is_int(plans->n_tables, 421, "a path of 5000 bytes is none");
	for (int i = 0; i < plans->n_tables; i++)
		left_out += plans->tables[i].skip_reason != NULL;
	/* 176 MB have room for 405 tables of 1,000 columns (tableplan_cost.c) */
	is_int(left_out, 16, "tables beyond all columns are left out");
	is_str(plan_for(plans, "/wide")->skip_reason,
		   "the API has more tables and columns than are planned together",
		   "and say why");
	finish(plans, doc);
}

/* Plans have what the documents and the model leave. */
static void
test_share(void)
{
	static const struct
	{
		int64 megabytes; /* that these take */
		int built;		 /* of 300 tables, each of 408 kB */
	} cases[] = {{0, 300}, {100, 195}, {175, 225}, {1000, 300}};
	StringInfoData paths;

	initStringInfo(&paths);
	appendStringInfoString(&paths, "'/wide': {'get': {'responses': {'200': {'description': 'x', 'content': {'application/json': {'schema': {'type': 'array', 'items': {'type': 'object', 'properties': {");
	for (int i = 0; i < 900; i++)
		appendStringInfo(&paths, "%s'c%d': {'type': 'string'}", i > 0 ? ", " : "", i);
	appendStringInfoString(&paths, "}}}}}}}}}");
	for (int i = 0; i < 299; i++)
		appendStringInfo(&paths, ", '/a%d': {'$ref': '#/paths/~1wide'}", i);
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcJson *doc;
		AcApi *api = api_of(paths.data, &doc);
		AcTablePlans *plans;
		int built = 0;

		api->bytes = cases[i].megabytes * 1024 * 1024;
		plans = ac_tableplan_build(api, &plain_options);
		for (int k = 0; k < plans->n_tables; k++)
			built += plans->tables[k].skip_reason == NULL;
		is_int(built, cases[i].built, "beside %d MB", (int) cases[i].megabytes);
		finish(plans, doc);
	}
}

/* Paths of more segments than any has. */
static void
test_long_path(void)
{
	StringInfoData paths;
	AcTablePlans *plans;
	AcJson *doc;

	initStringInfo(&paths);
	appendStringInfoString(&paths, "'");
	for (int i = 0; i < 65; i++)
		appendStringInfo(&paths, "/s%d", i);
	appendStringInfoString(&paths, "': {'get': {'responses': {'200': {'description': 'x', 'content': {'application/json': {'schema': " LIST(ORDER) "}}}}}}, '");
	for (int i = 0; i < 64; i++)
		appendStringInfo(&paths, "/s%d", i);
	appendStringInfoString(&paths, "': {'get': {'responses': {'200': {'description': 'x', 'content': {'application/json': {'schema': " LIST(ORDER) "}}}}}}");
	plans = plans_of(paths.data, &plain_options, &doc);
	is_int(plans->n_tables, 1, "64 segments are a path, 65 are none");
	is_str(plans->tables[0].name, "s63", "and it is called as others are");
	finish(plans, doc);
}

int
main(void)
{
	test_skipped();
	test_item();
	test_path_variables();
	test_query_parameters();
	test_required_parameters();
	test_defaults();
	test_columns();
	test_said_keys();
	test_flatten_limit();
	test_names();
	test_groups_and_ties();
	test_comments();
	test_example_item();
	test_too_much();
	test_share();
	test_long_path();
	return done_testing();
}
