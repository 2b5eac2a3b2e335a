/*
 * test_tableplan_made.c
 *		Which tables are made of versions, bodies, arrays, parents and paths?
 */
#include "ac.h"

#include "api/names.h"
#include "api/tableplan_int.h"

#include "plan_build.h"

#define STR "{'type': 'string'}"
#define INT "{'type': 'integer'}"
#define BOOL "{'type': 'boolean'}"
#define OBJ(properties) "{'type': 'object', 'properties': {" properties "}}"
#define LIST(items) "{'type': 'array', 'items': " items "}"
#define ORDER OBJ("'id': " INT ", 'status': " STR ", 'customer_id': " INT)
#define CUSTOMER OBJ("'id': " INT ", 'name': " STR)
#define VAR(name, schema) "{'name': '" name "', 'in': 'path', 'required': true, 'schema': " schema "}"

/* The same as path_of(), deprecated. */
static char *
old_path_of(const char *path, const char *schema)
{
	return psprintf("'%s': {'get': {'deprecated': true, 'responses': {'200': "
					"{'description': 'OK', 'content': {'application/json': "
					"{'schema': %s}}}}}}",
					path, schema);
}

static void
test_versions(void)
{
	static const struct
	{
		const char *what;
		const char *a; /* the one that is read */
		const char *b;
		bool a_old;
		bool b_old;
		bool both; /* they are two things */
	} cases[] = {
		{"newest", "/v2/users", "/v1/users", false, false, false},
		{"by number, not by text", "/v10/users", "/v9/users", false, false, false},
		{"what is for use before a preview", "/v1/users", "/v2beta1/users", false, false, false},
		{"the later preview", "/v2beta2/users", "/v2beta1/users", false, false, false},
		{"beta before alpha", "/v2beta1/users", "/v2alpha3/users", false, false, false},
		{"not deprecated before newer", "/v1/users", "/v2/users", false, true, false},
		{"the newest of deprecated ones", "/v2/users", "/v1/users", true, true, false},
		{"dates", "/2024-02-01/users", "/2023-12-31/users", false, false, false},
		{"behind a prefix", "/api/v2/users", "/api/v1/users", false, false, false},
		{"with a variable", "/v2/o/{org}/users", "/v1/o/{org}/users", false, false, false},
		{"another prefix", "/api/v2/users", "/rest/v1/users", false, false, true},
		{"no version", "/v2/users", "/users", false, false, true},
		{"another thing", "/v2/users", "/v1/people", false, false, true},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcJson *doc;
		const char *vars = strchr(cases[i].a, '{') != NULL ? VAR("org", STR) : "";
		AcTablePlans *plans = plans_of(psprintf("%s, %s",
												cases[i].b_old ? old_path_of(cases[i].b, LIST(ORDER)) : path_of(cases[i].b, LIST(ORDER), vars),
												cases[i].a_old ? old_path_of(cases[i].a, LIST(ORDER)) : path_of(cases[i].a, LIST(ORDER), vars)),
									   &plain_options, &doc);
		const AcTablePlan *a = plan_for(plans, cases[i].a);
		const AcTablePlan *b = plan_for(plans, cases[i].b);

		is_str(a->skip_reason, NULL, "%s: is read", cases[i].what);
		ok((b->skip_reason == NULL) == cases[i].both, "%s: the other is%s: %s",
		   cases[i].what, cases[i].both ? " too" : " not", b->skip_reason ? b->skip_reason : "read");
		if (!cases[i].both)
		{
			is_str(a->name, "users", "%s: has the name", cases[i].what);
			is_str(ac_json_get_string(b->evidence, "superseded_by"), cases[i].a, "%s: the other knows it", cases[i].what);
			is_int(ac_json_length(ac_json_get(a->evidence, "other_versions")), 1, "%s: and is known", cases[i].what);
		}
		finish(plans, doc);
	}
}

/* Item paths of the version that is not read are tables of their own only where the other has none. */
static void
test_version_items(void)
{
	AcJson *doc;
	AcTablePlans *plans = plans_of(psprintf("%s, %s, %s, %s",
											path_of("/v1/users", LIST(ORDER), ""), path_of("/v2/users", LIST(ORDER), ""),
											path_of("/v1/users/{id}", ORDER, VAR("id", INT)), path_of("/v2/users/{id}", ORDER, VAR("id", INT))),
								   &plain_options, &doc);
	int i;
	int tables = 0;

	for (i = 0; i < plans->n_tables; i++)
		tables += plans->tables[i].skip_reason == NULL;
	is_int(tables, 1, "one table of four paths");
	is_str(plan_for(plans, "/v2/users")->item_path, "/v2/users/{id}", "with look-ups of its version");
	finish(plans, doc);
}

static AcShape *
scalar(AcShapeKind kind)
{
	return ac_shape_new(kind);
}

static AcShape *
object(AcProperty *properties, int n)
{
	AcShape *shape = ac_shape_new(AC_SHAPE_OBJECT);

	shape->properties = properties;
	shape->n_properties = n;
	return shape;
}

/* {"transactions": [{"id", "account_id", "amount"}], "total": 1} */
static AcShape *
transactions(void)
{
	static AcProperty row[3];
	static AcProperty body[2];
	AcShape *list = ac_shape_new(AC_SHAPE_ARRAY);

	memset(row, 0, sizeof(row));
	memset(body, 0, sizeof(body));
	row[0] = (AcProperty){.name = "id", .shape = scalar(AC_SHAPE_STRING)};
	row[1] = (AcProperty){.name = "account_id", .shape = scalar(AC_SHAPE_STRING)};
	row[2] = (AcProperty){.name = "amount", .shape = scalar(AC_SHAPE_NUMBER)};
	list->items = object(row, 3);
	body[0] = (AcProperty){.name = "transactions", .shape = list};
	body[1] = (AcProperty){.name = "total", .shape = scalar(AC_SHAPE_INTEGER)};
	return object(body, 2);
}

/* An API of one operation by POST with that body. */
static AcApi *
post_api(const char *path, const char *operation_id, AcShape *request)
{
	static AcEndpoint endpoint;
	static AcApi api;

	memset(&endpoint, 0, sizeof(endpoint));
	memset(&api, 0, sizeof(api));
	endpoint.method = "POST";
	endpoint.path = path;
	endpoint.operation_id = operation_id;
	endpoint.response_status = 200;
	endpoint.media_type = "application/json";
	endpoint.response = transactions();
	endpoint.request = request;
	endpoint.source = "";
	endpoint.confidence = 1;
	api.kind = "openapi";
	api.endpoints = &endpoint;
	api.n_endpoints = 1;
	return &api;
}

static void
test_post_verbs(void)
{
	static const struct
	{
		const char *path;
		const char *operation;
		bool reads;
	} cases[] = {
		{"/accounts/get", NULL, true},
		{"/accounts/list", NULL, true},
		{"/accounts/search", NULL, true},
		{"/accounts/_search", NULL, true},
		{"/accounts/query", NULL, true},
		{"/accounts/find", NULL, true},
		{"/users.list", NULL, true},
		{"/jobs:search", NULL, true},
		{"/listUsers", NULL, true},
		{"/accounts", "searchAccounts", true},
		{"/accounts", "accounts_search", true},
		{"/accounts", NULL, false},
		{"/accounts", "createAccount", false},
		{"/lists", "createList", false},
		{"/wish_list", NULL, false},
		{"/search_terms", NULL, false},
		{"/accounts/create", NULL, false},
		{"/accounts/{id}", NULL, false},
		{"/listings", NULL, false},
		{"/accounts/delete", "getRidOfAccounts", false},
	};
	AcPlanOptions on = {.post_reads = true};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcApi *api = post_api(cases[i].path, cases[i].operation, NULL);
		AcTablePlans *plans = ac_tableplan_build(api, &plain_options);
		const char *off = plans->tables[0].skip_reason;

		ok(off != NULL && (strstr(off, "post_reads") != NULL) == (cases[i].reads || i == (int) lengthof(cases) - 1),
		   "POST %s (%s) is not read without opting in: %s", cases[i].path,
		   cases[i].operation ? cases[i].operation : "-", off ? off : "read");
		ac_json_free(plans->evidence);
		plans = ac_tableplan_build(api, &on);
		ok((plans->tables[0].skip_reason == NULL) == cases[i].reads, "and then: %s",
		   plans->tables[0].skip_reason ? plans->tables[0].skip_reason : "read");
		ac_json_free(plans->evidence);
	}
}

static void
test_post_body(void)
{
	AcPlanOptions on = {.post_reads = true};
	AcShape *count = scalar(AC_SHAPE_INTEGER);
	AcShape *version = scalar(AC_SHAPE_INTEGER);
	AcProperty options[2] = {{.name = "count", .shape = count},
							 {.name = "offset", .shape = scalar(AC_SHAPE_INTEGER)}};
	AcProperty request[5] = {{.name = "account_id", .shape = scalar(AC_SHAPE_STRING)},
							 {.name = "start_date", .shape = scalar(AC_SHAPE_STRING), .required = true},
							 {.name = "version", .shape = version, .required = true},
							 {.name = "flag", .shape = scalar(AC_SHAPE_BOOLEAN)},
							 {.name = "options", .shape = object(options, 2)}};
	AcProperty many[1] = {{.name = "ids", .shape = ac_shape_new(AC_SHAPE_ARRAY), .required = true}};
	AcTablePlans *plans;
	const AcTablePlan *plan;

	count->maximum = "500";
	version->default_value = "3";
	plans = ac_tableplan_build(post_api("/transactions/get", NULL, object(request, 5)), &on);
	plan = &plans->tables[0];
	is_str(plan->skip_reason, NULL, "a read by POST");
	is_str(plan->name, "transactions", "is named after the thing");
	is_str(plan->method, "POST", "method");
	is_str(plan->body, "{\"version\":3}", "a required member with a default is constant, a number a number");
	is_str(columns_text(plan), "*start_date text, *id text, account_id text, amount numeric", "a required member without a field is a key column");
	is_str(column_of(plan, "start_date")->param, "/start_date", "that goes into the body");
	ok(column_of(plan, "start_date")->required, "and needs a value");
	is_str(column_of(plan, "account_id")->param, "/account_id", "a field that is a member filters");
	is_str(ac_pager_style_name(plan->paging.style), "offset", "paging in the body");
	is_str(plan->paging.page_param, "/options/offset", "the offset");
	is_str(plan->paging.size_param, "/options/count", "the size");
	is_int(plan->paging.page_size, 500, "the largest size");
	is_str(plan->paging.total_path, "/total", "the total");
	ac_json_free(plans->evidence);
	plans = ac_tableplan_build(post_api("/transactions/get", NULL, object(many, 1)), &on);
	is_str(plans->tables[0].skip_reason, "the request needs the member /ids, which is no single value", "what no column can give");
	ac_json_free(plans->evidence);
	plans = ac_tableplan_build(post_api("/transactions/get", NULL, NULL), &on);
	is_str(plans->tables[0].body, "{}", "an undescribed body is an empty object");
	ac_json_free(plans->evidence);
}

static void
test_nested(void)
{
	static const AcPlanOptions nested = {.nested = AC_NESTED_TABLES};
	AcJson *doc;
	AcTablePlans *plans = plans_of(psprintf("%s, %s",
											path_of("/orders", LIST(OBJ("'id': " INT ", 'tags': " LIST(STR) ", 'items': " LIST(OBJ("'id': " INT ", 'sku': " STR ", 'taxes': " LIST(OBJ("'rate': " INT)))) ", 'shipping': " OBJ("'parcels': " LIST(OBJ("'weight': " INT))))), ""),
											path_of("/shops/{shop}/sales", LIST(OBJ("'id': " STR ", 'lines': " LIST(OBJ("'amount': " INT)))), VAR("shop", STR))),
								   &nested, &doc);
	const AcTablePlan *parent = plan_for(plans, "/orders");
	const AcTablePlan *child = &plans->tables[1];

	is_int(plans->n_tables, 5, "each array of objects is a table");
	is_str(column_of(parent, "items")->type, "jsonb", "the row keeps the array");
	is_str(child->name, "orders__items", "name of the table in it");
	is_str(child->path, "/orders", "which is read by the same requests");
	is_str(child->nested_path, "/items", "from the array");
	ok(child->nested_in == parent, "it knows the table that it stands in");
	is_str(columns_text(child), "*order_id bigint, *ordinal integer!ordinal, id bigint, sku text, taxes jsonb", "columns: the row's key, the place, the element's fields");
	ok(column_of(child, "order_id")->of_parent && !column_of(child, "id")->of_parent, "which says whose id it is");
	is_str(column_of(child, "order_id")->json_path, "/id", "pointer in the row");
	is_str(plans->tables[2].name, "orders__parcels", "an array in an object");
	is_str(plans->tables[2].nested_path, "/shipping/parcels", "its pointer");
	is_str(plans->tables[4].name, "sales__lines", "below a variable");
	is_str(columns_text(&plans->tables[4]), "*shop text, *sale_id text, *ordinal integer!ordinal, amount bigint", "the variable is a key of the child, too");
	is_str(column_of(&plans->tables[4], "shop")->param, "shop", "and is sent");
	finish(plans, doc);
	plans = plans_of(path_of("/invoices", LIST(OBJ("'id': " STR ", 'lines': " OBJ("'has_more': {'type': 'boolean'}, 'data': " LIST(OBJ("'amount': " INT))) ", 'data': " LIST(OBJ("'note': " STR)))), ""), &nested, &doc);
	is_str(plans->tables[1].name, "invoices__lines", "a list in an object has the object's name");
	is_str(plans->tables[1].nested_path, "/lines/data", "and its own pointer");
	is_str(plans->tables[2].name, "invoices__data", "in the row itself it has its own");
	finish(plans, doc);
	plans = plans_of(path_of("/orders", LIST(OBJ("'id': " INT ", 'items': " LIST(OBJ("'sku': " STR)))), ""), &plain_options, &doc);
	is_int(plans->n_tables, 1, "not unless it is asked for");
	finish(plans, doc);
}

static void
test_nested_follows(void)
{
	static const AcPlanOptions nested = {.nested = AC_NESTED_TABLES};
	AcSample sample = {.asked_size = -1, .options = nested};
	AcJson *doc;
	AcTablePlans *plans = plans_of(path_of("/orders", LIST(OBJ("'id': " INT ", 'items': " LIST(OBJ("'sku': " STR)))), ""), &nested, &doc);

	sample.body = json_of("{'data': [{'id': 'o-1', 'items': []}, {'id': 'o-2', 'items': []}], 'total': 2}");
	ac_tableplan_observe(&plans->tables[0], &sample);
	ac_tableplan_follow(&plans->tables[1]);
	is_str(plans->tables[1].rows_path, "/data", "rows stand where a sample showed them");
	is_str(column_of(&plans->tables[1], "order_id")->type, "text", "and the key has the type that it showed");
	ac_json_free(sample.body);
	finish(plans, doc);
}

/* What a sample shows to be the key, once the tables are planned. */
static void
test_nested_late_keys(void)
{
	static const AcPlanOptions nested = {.nested = AC_NESTED_TABLES};
	AcJson *doc;
	AcTablePlans *plans = plans_of(path_of("/enrolments", LIST(OBJ("'student': " INT ", 'course': " INT ", 'marks': " LIST(OBJ("'no': " INT ", 'course': " STR)))), ""), &nested, &doc);
	AcTablePlan *child = &plans->tables[1];

	is_str(columns_text(child), "ordinal integer!ordinal, no bigint, course text", "a place alone is no key");
	plans->tables[0].columns[0].key = plans->tables[0].columns[1].key = true;
	ac_tableplan_follow(child);
	is_str(columns_text(child), "*student bigint, *parent_course bigint, *ordinal integer!ordinal, no bigint, course text", "both columns of the key, in front");
	ok(column_of(child, "student")->of_parent && column_of(child, "parent_course")->of_parent, "which are the row's");
	ac_tableplan_follow(child);
	is_int(child->n_columns, 5, "once");
	plans->tables[0].columns[0].key = plans->tables[0].columns[1].key = false;
	ac_tableplan_follow(child);
	ok(!column_of(child, "student")->key && !column_of(child, "ordinal")->key, "and no key where that was refuted");
	finish(plans, doc);
}

static void
test_item_only(void)
{
	AcJson *doc;
	AcJson *item = json_of("{'id': 7, 'name': 'x', 'bio': 'y', 'links': [], 'extra': 1}");
	AcTablePlans *plans = plans_of(psprintf("%s, %s", path_of("/people", LIST(OBJ("'id': " INT ", 'name': " STR)), ""),
											path_of("/people/{id}", OBJ("'id': " INT ", 'name': " STR ", 'bio': " STR ", 'age': " INT), VAR("id", INT))),
								   &plain_options, &doc);
	AcTablePlan *plan = (AcTablePlan *) plan_for(plans, "/people");

	is_str(ac_json_to_text(ac_json_get(plan->evidence, "item_only")), "[\"bio\",\"age\"]", "fields that the description gives only to the item");
	ac_tableplan_note_item_only(plan, NULL, item);
	is_str(ac_json_to_text(ac_json_get(plan->evidence, "item_only")), "[\"bio\",\"age\",\"extra\"]", "and one that only came");
	ac_json_free(item);
	finish(plans, doc);
}

static const char *
parent_text(const AcTablePlan *plan, const char *variable)
{
	const AcJson *parent = ac_json_get(ac_json_get(plan->evidence, "parent"), variable);

	return parent == NULL ? NULL
						  : psprintf("%s.%s by %s", ac_json_get_string(parent, "table"),
									 ac_json_get_string(parent, "column"), ac_json_get_string(parent, "by"));
}

static void
test_parents(void)
{
	AcJson *doc;
	AcTablePlans *plans = plans_of(psprintf("%s, %s, %s, %s, %s",
											path_of("/customers", LIST(CUSTOMER), ""), path_of("/customers/{customer_id}", CUSTOMER, VAR("customer_id", INT)),
											path_of("/customers/{cid}/notes", LIST(OBJ("'text': " STR)), VAR("cid", INT)),
											path_of("/reports/{customer_id}", OBJ("'sum': " INT), VAR("customer_id", INT)),
											path_of("/things/{id}/parts", LIST(OBJ("'text': " STR)), VAR("id", INT))),
								   &plain_options, &doc);

	is_str(parent_text(plan_for(plans, "/customers/{cid}/notes"), "cid"), "customers.id by path", "the table whose look-ups the path continues");
	is_str(parent_text(plan_for(plans, "/reports/{customer_id}"), "customer_id"), "customers.id by name", "the only one with that variable");
	is_str(parent_text(plan_for(plans, "/things/{id}/parts"), "id"), NULL, "an id may be anybody's");
	finish(plans, doc);
}

/* Every table of the paths as "name path?query", or the error's detail. */
static char *
given(const AcApi *api, const char *paths)
{
	StringInfoData out;
	AcTablePlans *plans;
	AcUrl base;
	AcApi *all;
	AcError err;
	int i;

	initStringInfo(&out);
	(void) ac_url_parse("https://api.example/base/", &base, &err);
	if (!ac_tableplan_add_paths(api, paths, &base, &all, &err))
		return psprintf("error %d: %s", err.code, err.detail[0] ? err.detail : err.message);
	plans = ac_tableplan_build(all, &plain_options);
	for (i = 0; i < plans->n_tables; i++)
		appendStringInfo(&out, "%s%s %s%s%s (%s)", i ? "; " : "",
						 plans->tables[i].name ? plans->tables[i].name : plans->tables[i].skip_reason,
						 plans->tables[i].path, plans->tables[i].fixed_params ? "?" : "",
						 plans->tables[i].fixed_params ? plans->tables[i].fixed_params : "",
						 columns_text(&plans->tables[i]));
	ac_json_free(plans->evidence);
	return out.data;
}

static void
test_given(void)
{
	static const struct
	{
		const char *paths;
		const char *want; /* with "error" the beginning */
	} cases[] = {
		{"/users", "users /users ()"},
		{" /users ,\n/v2/teams?active=true&x=%2C,, ", "users /users (); teams /v2/teams?active=true&x=%2C ()"},
		{"/users/{user_id}/posts", "posts /users/{user_id}/posts (*user_id text)"},
		{"https://api.example/base/users?a=b", "users /users?a=b ()"},
		{"https://api.example/base/users/{id}", "users /users/{id} (*user_id text)"},
		{"HTTPS://API.example:443/base/users", "users /users ()"},
		{"/logout", "path smells of an action /logout ()"},
		{"/users,/users", "users /users ()"},
		/* what tells queries to one path apart */
		{"/a?x=1,/a?x=2", "a_x_1 /a?x=1 (); a_x_2 /a?x=2 ()"},
		{"/a?x=2,/a?x=1,/a?x=2", "a_x_1 /a?x=1 (); a_x_2 /a?x=2 ()"},
		{"/a?x=1,/a", "a /a (); a_x_1 /a?x=1 ()"},
		{"/a?x=1&y=2,/a?x=1&y=3", "a_y_2 /a?x=1&y=2 (); a_y_3 /a?x=1&y=3 ()"},
		{"/a?x=1&y=2,/a?x=1", "a /a?x=1 (); a_y_2 /a?x=1&y=2 ()"},
		{"/a?q=b%20c,/a?q=b-c", "a_q_b_c /a?q=b%20c (); a_q_b_c_2 /a?q=b-c ()"},
		{"/a?x=1,/a?x=2,/b/a", "a_x_1 /a?x=1 (); a_x_2 /a?x=2 (); a /b/a ()"},
		{"/a?x=1&x=2,/a?x=1&x=3", "a_x_2 /a?x=1&x=2 (); a_x_3 /a?x=1&x=3 ()"},
		/* no character is cut in two */
		{"/a?qq=аааааааааааааааааааа,/a?qq=бббббббббббббббббббб", "a_qq_аааааааааааааааааа /a?qq=аааааааааааааааааааа (); a_qq_бббббббббббббббббб /a?qq=бббббббббббббббббббб ()"},
		{"/orders?kind=a,/orders/{id}", "orders /orders?kind=a (); orders_by_id /orders/{id} (*order_id text)"},
		/* an identifier is no name */
		{"/users/1", "users /users/1 ()"},
		{"/users/1,/users", "users /users (); users_1 /users/1 ()"},
		{"/users/1,/users/2", "users_1 /users/1 (); users_2 /users/2 ()"},
		{"/users/1/posts,/users/0f8fad5b-d9cb-469f-a165-70867728950e", "users /users/0f8fad5b-d9cb-469f-a165-70867728950e (); posts /users/1/posts ()"},
		{"/17", "17 /17 ()"},
		{"/2/users", "users /2/users ()"},
		{"/calls/getOAuth2Credentials", "o_auth2_credentials /calls/getOAuth2Credentials ()"},
		{"/api/17", "17 /api/17 ()"},
		/* values to sample with */
		{"/repos/{owner=a%2Cb}/{repo=x, y}/issues", "issues /repos/{owner}/{repo}/issues (*owner text, *repo text)"},
		{"/v2/{name=a/b?c}/tags/list, /x", "tags /v2/{name}/tags/list (*name text); x /x ()"},
		{"https://other.example/base/users", "error"},
		{"https://api.example/elsewhere", "error"},
		{"https://api.example/baseline", "error"},
		{"http://api.example/base/users", "error"},
		{"https://me:secret@api.example/base/users", "error"},
		{"users", "error"},
		{"//evil.example/users", "error"},
		{"/a/../b", "error"},
		{"/a/./b", "error"},
		{"/a b", "error"},
		{"/a\\b", "error"},
		{"/a#b", "error"},
		{"/{a", "error"},
		{"/{a{b}}", "error"},
		{"/a}", "error"},
		{"/{+path}", "error"},
		{"/a?x={y}", "error"},
		{"/a?api_key=abc", "error"},
		{"/a/{b=}", "error"},
		{"/a/{b=%00}", "error"},
		{"/a/{b=1", "error"},
		{"/a/{=1}", "error"},
		{"", "error"},
		{" , ", "error"},
	};
	StringInfoData many;
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		char *got = given(NULL, cases[i].paths);

		if (strcmp(cases[i].want, "error") == 0)
			ok(strncmp(got, "error 2", 7) == 0, "paths '%s': %s", cases[i].paths, got);
		else
			is_str(got, cases[i].want, "paths '%s'", cases[i].paths);
	}
	initStringInfo(&many);
	for (i = 0; i < 501; i++)
		appendStringInfo(&many, "/p%d,", i);
	ok(strncmp(given(NULL, many.data), "error", 5) == 0, "too many");
}

static void
test_given_and_described(void)
{
	AcJson *doc;
	AcApi *api = api_of(path_of("/orders", LIST(ORDER), ""), &doc);

	is_str(given(api, "/orders,/more"), "more /more (); orders /orders (*id bigint, status text, customer_id bigint)",
		   "what is described stays as it is");
	is_int(api->n_endpoints, 1, "the model itself does not change");
	is_str(given(api, "/orders?status=open"), "orders /orders (*id bigint, status text, customer_id bigint); "
											  "orders_status_open /orders?status=open (*id bigint, status text, customer_id bigint)",
		   "another question to what is described");
	ac_json_free(doc);
}

/* What the user gives for a path's variables. */
static void
test_given_values(void)
{
	AcUrl base;
	AcError err;
	AcApi *api;

	(void) ac_url_parse("https://api.example/base/", &base, &err);
	ok(ac_tableplan_add_paths(NULL, "/repos/{owner=a%2Cb}/{repo=x, y}/issues,/repos/{owner}/{repo}/issues,https://api.example/base/{id=7}?a=b",
							  &base, &api, &err),
	   "read");
	is_int(api->n_endpoints, 2, "the same path once");
	is_int(api->endpoints[0].n_values, 2, "both variables");
	is_str(api->endpoints[0].values[0].name, "owner", "by name");
	is_str(api->endpoints[0].values[0].value, "a,b", "decoded");
	is_str(api->endpoints[0].values[1].value, "x, y", "a comma in braces");
	is_str(api->endpoints[1].path, "/{id}", "of a URL, too");
	is_str(api->endpoints[1].values[0].value, "7", "its value");
	is_str(api->endpoints[1].query, "a=b", "its query");
}

/* A parameter that a query settles filters no more. */
static void
test_given_param(void)
{
	static const char *const paths[] = {"/orders?status=open", "/orders?page=1"};
	AcJson *doc;
	AcApi *api = api_of(path_of("/orders", LIST(ORDER), "{'name': 'status', 'in': 'query', 'schema': {'type': 'string', 'enum': ['open', 'paid']}}"), &doc);
	AcTablePlans *plans;
	AcUrl base;
	AcError err;
	AcApi *all;
	int i;

	(void) ac_url_parse("https://api.example/base/", &base, &err);
	for (i = 0; i < 2; i++)
	{
		ok(ac_tableplan_add_paths(api, paths[i], &base, &all, &err), "%s", paths[i]);
		plans = ac_tableplan_build(all, &plain_options);
		is_int(plans->n_tables, 2, "beside what is described");
		is_str(plans->tables[0].columns[1].param, "status", "which filters by it");
		is_str(plans->tables[1].columns[1].param, i == 0 ? NULL : "status", "the other only if it leaves it open");
		ac_json_free(plans->evidence);
	}
	ac_json_free(doc);
}

/* What readers bring that describe no answers. */
static void
test_undescribed(void)
{
	AcEndpoint endpoints[3] = {{.method = "GET", .path = "/users", .undescribed = true, .confidence = 0.5, .found = "curl line", .source = "page"},
							   {.method = "GET", .path = "/users/{id}", .undescribed = true, .confidence = 0.5, .source = "page"},
							   {.method = "GET", .path = "/teams", .query = "all=1", .undescribed = true, .confidence = 0.5, .source = "page"}};
	AcApi api = {.kind = "docs", .endpoints = endpoints, .n_endpoints = 3};
	AcSample sample = {.asked_size = -1};
	AcTablePlans *plans;
	AcTablePlan *users;

	endpoints[2].example = json_of("{'teams': [{'id': 1, 'name': 'a'}]}");
	plans = ac_tableplan_build(&api, &plain_options);
	users = &plans->tables[1];
	is_str(plan_for(plans, "/teams")->rows_path, "/teams", "an example shows where the rows stand");
	is_str(columns_text(plan_for(plans, "/teams")), "*id bigint, name text", "and what they have");
	is_str(plan_for(plans, "/teams")->fixed_params, "all=1", "the query is always sent");
	is_str(users->name, "users", "without one there is a table, too");
	ok(ac_tableplan_is_open(users), "that a sample decides on");
	ok(users->confidence > 0.49 && users->confidence < 0.51, "as sure as whoever found it");
	is_str(ac_json_get_string(users->evidence, "found"), "curl line", "how it was found");
	is_str(plan_for(plans, "/users/{id}")->skip_reason, "serves the look-ups of /users", "its item path");
	is_str(users->item_path, NULL, "is not bound to a column yet");
	sample.body = json_of("[{'id': 7, 'name': 'x'}, {'id': 8, 'name': 'y'}]");
	ac_tableplan_observe(users, &sample);
	is_str(columns_text(users), "*id bigint, name text", "a sample shows its columns");
	is_str(users->item_path, "/users/{id}", "and the look-ups are bound");
	is_str(column_of(users, "id")->param, "id", "to the key");
	ok(!ac_tableplan_is_open(users), "the sample has decided");
	ac_json_free(sample.body);
	ac_json_free(endpoints[2].example);
	ac_json_free(plans->evidence);
}

/* Paths that do not tell what stands there. */
static void
test_said_names(void)
{
	AcEndpoint endpoints[5] = {{.method = "GET", .path = "/v1/17", .name = "Users"},
							   {.method = "GET", .path = "/shop/x.php", .name = "getOrders"},
							   {.method = "GET", .path = "/", .name = "things"},
							   {.method = "GET", .path = "/old/18", .name = "users"},
							   {.method = "GET", .path = "/19", .name = "--"}};
	AcApi api = {.kind = "index", .endpoints = endpoints, .n_endpoints = 5};
	AcTablePlans *plans;
	int i;

	for (i = 0; i < api.n_endpoints; i++)
	{
		endpoints[i].undescribed = true;
		endpoints[i].source = "s";
	}
	plans = ac_tableplan_build(&api, &plain_options);
	is_str(plan_for(plans, "/v1/17")->name, "users", "a name said instead of a number");
	is_str(plan_for(plans, "/shop/x.php")->name, "orders", "instead of a script");
	is_str(plan_for(plans, "/")->name, "things", "instead of nothing");
	is_str(plan_for(plans, "/old/18")->name, "old_users", "told apart by the path before");
	is_str(plan_for(plans, "/19")->name, "root", "one without letters is none");
	ac_json_free(plans->evidence);
}

/* One shape of many fields that many paths share. */
static void
test_too_much(void)
{
	enum
	{
		PATHS = 3000,
		FIELDS = 900
	};
	AcEndpoint *endpoints = palloc0(PATHS * sizeof(AcEndpoint));
	AcApi api = {.kind = "openapi", .endpoints = endpoints, .n_endpoints = PATHS};
	AcShape *item = ac_shape_new(AC_SHAPE_OBJECT);
	AcShape *list = ac_shape_new(AC_SHAPE_ARRAY);
	AcTablePlans *plans;
	int tables = 0;
	int64 columns = 0;
	int i;

	list->items = item;
	item->n_properties = FIELDS;
	item->properties = palloc0(FIELDS * sizeof(AcProperty));
	for (i = 0; i < FIELDS; i++)
	{
		item->properties[i].name = psprintf("field_%d", i);
		item->properties[i].shape = ac_shape_new(AC_SHAPE_INTEGER);
	}
	for (i = 0; i < PATHS; i++)
	{
		endpoints[i].method = "GET";
		endpoints[i].path = psprintf("/t%04d", i);
		endpoints[i].source = "s";
		endpoints[i].confidence = 1;
		endpoints[i].response = list;
		endpoints[i].response_status = 200;
	}
	plans = ac_tableplan_build(&api, &plain_options);
	is_int(plans->n_tables, PATHS, "each path has its row");
	for (i = 0; i < PATHS; i++)
	{
		tables += plans->tables[i].skip_reason == NULL;
		columns += plans->tables[i].n_columns;
	}
	ok(tables > 100 && columns < 600000, "but not each its table (%d)", tables);
	is_str(plans->tables[PATHS - 1].skip_reason, AC_PLAN_TOO_MUCH, "which it says");
	ok(plans->tables[PATHS - 1].name == NULL, "and has no name");
	ac_json_free(plans->evidence);
}

static void
test_sunset(void)
{
	AcEndpoint endpoint = {.method = "GET", .path = "/x", .undescribed = true, .summary = "List.", .deprecated = true, .sunset = "2027-01-01", .source = "s"};
	AcApi api = {.kind = "openapi", .endpoints = &endpoint, .n_endpoints = 1};
	AcTablePlans *plans = ac_tableplan_build(&api, &plain_options);

	is_str(plans->tables[0].comment, "Deprecated. It ends on 2027-01-01. List.", "an announced end is told");
	is_str(ac_json_get_string(plans->tables[0].evidence, "sunset"), "2027-01-01", "and stands in the evidence");
	ok(ac_json_bool(ac_json_get(plans->tables[0].evidence, "deprecated"), false), "as does that it is deprecated");
	ac_json_free(plans->evidence);
	endpoint.sunset = "\x1b[31m2027";
	plans = ac_tableplan_build(&api, &plain_options);
	is_str(plans->tables[0].comment, "Deprecated. List.", "what is no date is not repeated");
	ac_json_free(plans->evidence);
}

/* A default that hides rows: told, undone, or asked for value by value. */
static void
test_each(void)
{
	static const struct
	{
		const char *what;
		const char *schema; /* of the parameter state */
		const char *each;
		const char *fixed;
	} cases[] = {
		{"a value for all", "{'type': 'string', 'enum': ['open', 'closed', 'all'], 'default': 'open'}", NULL, "state=all"},
		{"none", "{'type': 'string', 'enum': ['open', 'on hold|x'], 'default': 'open'}", "state=open|on%20hold%7Cx", NULL},
		{"no default", "{'type': 'string', 'enum': ['open', 'closed']}", NULL, NULL},
		{"one value", "{'type': 'string', 'enum': ['open'], 'default': 'open'}", NULL, NULL},
		{"an empty value", "{'type': 'string', 'enum': ['open', ''], 'default': 'open'}", NULL, NULL},
		{"no enum", "{'type': 'string', 'default': 'open'}", NULL, NULL},
		{"too many", "{'type': 'string', 'enum': ['1','2','3','4','5','6','7','8','9','10','11','12','13','14','15','16','17'], 'default': '1'}", NULL, NULL},
		{"a boolean", "{'type': 'boolean', 'default': false}", "state=true|false", NULL},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcJson *doc;
		AcTablePlans *plans = plans_of(path_of("/issues", LIST(OBJ("'id': " INT ", 'state': " STR)), query_of("state", cases[i].schema)), &plain_options, &doc);
		const AcTablePlan *plan = plan_for(plans, "/issues");

		is_str(plan->params_union, cases[i].each, "%s: each value", cases[i].what);
		is_str(plan->fixed_params, cases[i].fixed, "%s: always sent", cases[i].what);
		finish(plans, doc);
		plans = plans_of(path_of("/issues", LIST(OBJ("'id': " INT)), query_of("state", cases[i].schema)), &plain_options, &doc);
		is_str(plan_for(plans, "/issues")->params_union, NULL, "%s: not where no field shows it", cases[i].what);
		finish(plans, doc);
	}
}

/* A sample without the parameter shows whether its default hides rows. */
static void
test_each_sampled(void)
{
	static const char boolean[] = "{'type': 'boolean', 'default': true}";
	static const char open[] = "{'type': 'string', 'enum': ['open', 'closed'], 'default': 'open'}";
	static const struct
	{
		const char *what;
		const char *parameter;
		const char *row;
		const char *body; /* NULL: nothing was sampled */
		const char *each;
		const char *said; /* member of the evidence */
	} cases[] = {
		{"rows of the default alone", open, LIST(OBJ("'id': " INT ", 'state': " STR)), "[{'id': 1, 'state': 'open'}, {'id': 2, 'state': 'open'}]", "state=open|closed", "each"},
		{"rows of another value, too", open, LIST(OBJ("'id': " INT ", 'state': " STR)), "[{'id': 1, 'state': 'open'}, {'id': 2, 'state': 'closed'}]", NULL, "refuted"},
		{"a row without a value", open, LIST(OBJ("'id': " INT ", 'state': " STR)), "[{'id': 1, 'state': 'open'}, {'id': 2}]", NULL, "refuted"},
		{"no rows", open, LIST(OBJ("'id': " INT ", 'state': " STR)), "[]", "state=open|closed", "each"},
		{"not sampled", open, LIST(OBJ("'id': " INT ", 'state': " STR)), NULL, "state=open|closed", "each"},
		{"true alone", boolean, LIST(OBJ("'id': " INT ", 'state': " BOOL)), "[{'id': 1, 'state': true}]", "state=true|false", "each"},
		{"what a parameter adds to rows", boolean, LIST(OBJ("'id': " INT ", 'state': " BOOL)), "[{'id': 1, 'state': false}]", NULL, "refuted"},
		{"true or false, not sampled", boolean, LIST(OBJ("'id': " INT ", 'state': " BOOL)), NULL, NULL, "not_each"},
		{"true or false, no rows", boolean, LIST(OBJ("'id': " INT ", 'state': " BOOL)), "[]", NULL, "not_each"},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcJson *doc;
		AcJson *body = cases[i].body != NULL ? json_of(cases[i].body) : NULL;
		AcTablePlans *plans = plans_of(path_of("/issues", cases[i].row, query_of("state", cases[i].parameter)), &plain_options, &doc);
		AcTablePlan *plan = unconstify(AcTablePlan *, plan_for(plans, "/issues"));
		AcSample sample = {.body = body, .asked_size = -1, .options = plain_options};

		if (body != NULL)
			ac_tableplan_observe(plan, &sample);
		ac_tableplan_settle_union(plan);
		is_str(plan->params_union, cases[i].each, "%s: each value", cases[i].what);
		ok(ac_json_has(ac_json_get(ac_json_get(plan->evidence, "defaults_that_hide_rows"), "state"), cases[i].said), "%s: \"%s\"", cases[i].what, cases[i].said);
		ac_json_free(body);
		finish(plans, doc);
	}
}

/* Ends the planning when it was asked that often. */
static int until_asked;

static bool
on_asked(void *arg)
{
	return until_asked-- <= 0;
}

static void
test_interrupt(void)
{
	AcPlanOptions options = {.interrupted = on_asked};
	StringInfoData paths;
	AcTablePlans *plans;
	AcJson *doc;
	AcApi *api;
	int made = 0;

	initStringInfo(&paths);
	for (int i = 0; i < 100; i++)
		appendStringInfo(&paths, "%s%s", i > 0 ? ", " : "",
						 path_of(psprintf("/t%d", i), "{'type': 'array', 'items': {'type': 'object', 'properties': {'id': {'type': 'integer'}}}}", ""));
	api = api_of(paths.data, &doc);
	until_asked = 110;
	plans = ac_tableplan_build(api, &options);
	for (int i = 0; i < plans->n_tables; i++)
		made += plans->tables[i].n_columns > 0;
	is_int(made, 10, "an interrupt ends the planning of columns");
	finish(plans, doc);
}

int
main(void)
{
	test_interrupt();
	test_versions();
	test_version_items();
	test_post_verbs();
	test_post_body();
	test_nested();
	test_nested_follows();
	test_nested_late_keys();
	test_item_only();
	test_parents();
	test_given();
	test_given_and_described();
	test_given_values();
	test_given_param();
	test_undescribed();
	test_said_names();
	test_too_much();
	test_sunset();
	test_each();
	test_each_sampled();
	return done_testing();
}
