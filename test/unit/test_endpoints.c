/*
 * test_endpoints.c
 *		Does a model grow as its readers ask, within limits and without
 *		secrets?
 */
#include "ac.h"

#include "api/endpoints.h"
#include "reader.h"

static AcReadInput input = {.limits = &ac_read_limits_default};

static void
test_dirs(void)
{
	static const char *const cases[][3] = {
		{"/api/users", "/api/orders/1", "/api"},
		{"/api/users", "/apiary/x", ""},
		{"/a/b/c", "/a/b", "/a"},
		{"/a/b", "/a/b/c", "/a"},
		{"/a/b/", "/a/b/c", "/a"},
		{"/users", "/orders", ""},
		{"/a/b/c/d", "/a/b/x/d", "/a/b"},
		{"/api/v1/x", "/api/v10/x", "/api"},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		char *dir = ac_endpoints_common_dir(NULL, cases[i][0]);

		is_str(ac_endpoints_common_dir(dir, cases[i][1]), cases[i][2],
			   "%s and %s", cases[i][0], cases[i][1]);
	}
	is_str(ac_endpoints_below("/api", "/api/users"), "/users", "below");
	is_str(ac_endpoints_below("/api", "/api"), "/", "the same");
	is_str(ac_endpoints_below("/api", "/apiary"), "/apiary", "beside");
	is_str(ac_endpoints_below("", "/x"), "/x", "below the root");
}

static void
test_ids(void)
{
	static const char *const ids[] = {
		"17", "0", "0f8fad5b-d9cb-469f-a165-70867728950e",
		"5f2b8c1e9a3d4f6b7c8d9e0f", "aBcD1234eFgH5678iJ"};
	static const char *const names[] = {
		"users", "v1", "2023-01-01", "a1", "deadbeef", "international-orders",
		"customerOrderHistory", "", "x.json", "abcdefabcdefabcdef"};
	int i;

	for (i = 0; i < (int) lengthof(ids); i++)
		ok(ac_endpoints_segment_is_id(ids[i], strlen(ids[i])), "%s is one thing", ids[i]);
	for (i = 0; i < (int) lengthof(names); i++)
		ok(!ac_endpoints_segment_is_id(names[i], strlen(names[i])), "%s is a name", names[i]);
	is_str(ac_endpoints_variable_name("users"), "user_id", "a variable's name");
	is_str(ac_endpoints_variable_name("orderItems"), "order_item_id", "in snake case");
	is_str(ac_endpoints_variable_name(""), "id", "without a noun");
}

static void
test_query(void)
{
	AcEndpoints list;
	AcEndpoint *endpoint;
	AcError err;
	AcApi *api;

	ac_endpoints_init(&list, &input, "x", &err);
	endpoint = ac_endpoints_enter(&list, "GET", "/a/{b}", NULL);
	ac_endpoints_query(&list, endpoint, "page=2&api_key=abc&v=3&q=a%20b&flag&on=true&page=x&code=1", false);
	ok(ac_endpoints_finish(&list, &api), "finishes");
	is_str(reader_endpoints(api), "GET /a/{b} +v=3 ?page,q,flag,on=boolean",
		   "versions are sent, secrets left out, the rest can be asked");
	is_int(endpoint->n_params, 5, "the path's variable, too");
	ok(endpoint->params[0].required, "which must have a value");
	ok(reader_noted(api, "\"api_key\" looks secret"), "and a note");
}

static void
test_enter(void)
{
	AcReadLimits limits = ac_read_limits_default;
	AcReadInput small = {.limits = &limits};
	AcEndpoints list;
	AcError err;
	AcApi *api;
	bool is_new;
	int i;

	limits.max_endpoints = 40;
	ac_endpoints_init(&list, &small, "x", &err);
	for (i = 0; i < 40; i++)
		ac_endpoints_enter(&list, "GET", psprintf("/%d", i), NULL);
	ac_endpoints_enter(&list, "GET", "/7", &is_new);
	ok(!is_new, "the same path is one endpoint");
	ac_endpoints_enter(&list, "POST", "/x/{a", &is_new);
	ok(!ac_endpoints_finish(&list, &api) && api == NULL, "too many paths fail");
	is_int(err.code, AC_ERR_TOO_LARGE, "as too large");

	ac_endpoints_init(&list, &input, "x", &err);
	ok(ac_endpoints_enter(&list, "GET", "/x/{a", NULL)->problem != NULL,
	   "a bad template is the endpoint's problem");
}

static void
test_examples(void)
{
	static const char secret[] =
		"{\"users\": [{\"id\": 1, \"key\": \"A-1\", \"access_token\": \"t\", "
		"\"next\": {\"password\": \"p\", \"tokens\": 3}}]}";
	static const char failure[] = "{\"error\": \"x\"}";
	AcEndpoints list;
	AcEndpoint *endpoint;
	AcError err;
	AcApi *api;

	ac_endpoints_init(&list, &input, "x", &err);
	endpoint = ac_endpoints_enter(&list, "GET", "/a", NULL);
	ok(!ac_endpoints_example(&list, endpoint, failure, strlen(failure)), "an error is no example");
	ok(!ac_endpoints_example(&list, endpoint, "7", 1), "nor is a number");
	ok(!ac_endpoints_example(&list, endpoint, "{", 1), "nor a broken text");
	ok(ac_endpoints_example(&list, endpoint, secret, strlen(secret)), "rows are one");
	is_str(ac_json_to_text(endpoint->example),
		   "{\"users\":[{\"id\":1,\"key\":\"A-1\",\"access_token\":\"***\",\"next\":{\"password\":\"***\",\"tokens\":3}}]}",
		   "secrets in it are masked, keys of rows are not");
	ok(ac_endpoints_finish(&list, &api), "finishes");
	ac_json_free(api->owned);
}

static void
test_headers(void)
{
	AcEndpoints list;
	AcError err;

	ac_endpoints_init(&list, &input, "x", &err);
	ok(!ac_endpoints_scheme_of_header(&list, "Cookie", "a"), "cookies are no credentials of ours");
	ok(!ac_endpoints_scheme_of_header(&list, "X-CSRF-Token", "a"), "nor what guards forms");
	ok(!ac_endpoints_scheme_of_header(&list, "Accept", "a"), "nor anything else");
	ok(ac_endpoints_scheme_of_header(&list, "authorization", "bearer abc"), "a bearer token");
	ok(ac_endpoints_scheme_of_header(&list, "X-Api-Key", "abc"), "a key");
	ok(ac_endpoints_scheme_of_header(&list, "X-Api-Key", "abc"), "again");
	is_int(list.api->n_schemes, 2, "each scheme once");
	is_int(list.api->schemes[0].scheme, AC_AUTH_BEARER, "bearer");
	is_str(list.api->schemes[1].name, "X-Api-Key", "the key's header");
}

static bool
always(void *arg)
{
	return true;
}

static void
test_interrupt(void)
{
	AcReadLimits limits = ac_read_limits_default;
	AcReadInput small = {.limits = &limits};
	AcEndpoints list;
	AcError err;
	AcApi *api;

	limits.interrupted = always;
	ac_endpoints_init(&list, &small, "x", &err);
	ok(!ac_endpoints_spend(&list, 100000), "an interrupt ends the work");
	ok(!ac_endpoints_finish(&list, &api), "and fails");
	is_int(err.code, AC_ERR_INTERRUPTED, "as such");
}

int
main(void)
{
	test_dirs();
	test_ids();
	test_query();
	test_enter();
	test_examples();
	test_headers();
	test_interrupt();
	return done_testing();
}
