/*
 * test_query.c
 *		Does a query become the request that it should, and how much does it
 *		ask for at once?
 */
#include "ac.h"

#include "policy/rest.h"
#include "tap.h"

static const char *const two[] = {"1", "b c"};
static const char *const odd[] = {"a,b", "a|b"};

static AcUrl
base_url(const char *text)
{
	AcUrl url;

	if (!ac_url_parse(text, &url, NULL))
		abort();
	return url;
}

static void
check_list(const char *query, AcListForm form, int n, const char *want)
{
	is_str(ac_rest_set_list(query, "ids", form, two, n), want,
		   "form %d of %d values after \"%s\"", form, n,
		   query != NULL ? query : "nothing");
}

static void
test_lists(void)
{
	check_list(NULL, AC_LIST_NONE, 1, "ids=1");
	check_list(NULL, AC_LIST_COMMA, 2, "ids=1,b%20c");
	check_list("a=2", AC_LIST_COMMA, 2, "a=2&ids=1,b%20c");
	check_list("ids=0&a=2", AC_LIST_COMMA, 2, "a=2&ids=1,b%20c");
	check_list("a=2", AC_LIST_REPEAT, 2, "a=2&ids=1&ids=b%20c");
	check_list("ids=0&a=2", AC_LIST_REPEAT, 1, "ids=1&a=2");
	check_list("", AC_LIST_PIPE, 2, "ids=1%7Cb%20c");
	check_list("", AC_LIST_SPACE, 2, "ids=1%20b%20c");
	check_list("", AC_LIST_BRACKETS, 2, "ids%5B%5D=1&ids%5B%5D=b%20c");
	check_list("", AC_LIST_BRACKETS, 1, "ids%5B%5D=1");
	ok(!ac_list_may_hold(AC_LIST_COMMA, "a,b"), "a comma parts values");
	ok(ac_list_may_hold(AC_LIST_COMMA, "a|b"), "a bar does not");
	ok(!ac_list_may_hold(AC_LIST_PIPE, odd[1]), "a bar parts values, too");
	ok(!ac_list_may_hold(AC_LIST_SPACE, two[1]), "so does a space");
	ok(ac_list_may_hold(AC_LIST_REPEAT, odd[0]), "names are never values");
	ok(ac_list_may_hold(AC_LIST_REPEAT, ""), "an empty text is a value");
	ok(!ac_list_may_hold(AC_LIST_COMMA, ""), "nothing between commas is none");
}

static void
test_batches(void)
{
	const char *texts[1000];
	char large[2 * AC_LIST_BYTES];
	const char *with_large[] = {"1", large, "2"};

	for (int i = 0; i < 1000; i++)
		texts[i] = psprintf("%d", i);
	is_int(ac_list_batch(AC_LIST_NONE, texts, 1000, 100), 1, "one by one");
	is_int(ac_list_batch(AC_LIST_COMMA, texts, 1000, 100), 100, "as many as it takes");
	is_int(ac_list_batch(AC_LIST_COMMA, texts, 7, 100), 7, "all there are");
	ok(ac_list_batch(AC_LIST_COMMA, texts, 1000, 1000) < 300, "no URL without end");
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	is_int(ac_list_batch(AC_LIST_COMMA, with_large, 3, 100), 1, "a large one comes later");
	is_int(ac_list_batch(AC_LIST_COMMA, with_large + 1, 2, 100), 1, "and alone");
}

static void
test_page_size(void)
{
	AcQuery query = {.limit = -1};
	AcQueryPage page = {.size = 50, .least = 1};

	is_int(ac_query_page_size(&query, &page), 50, "all: what the API likes");
	query.limit = 7;
	is_int(ac_query_page_size(&query, &page), 7, "no more than is wanted");
	page.margin = 20;
	is_int(ac_query_page_size(&query, &page), 20, "and what is looked at");
	page.least = 25;
	is_int(ac_query_page_size(&query, &page), 25, "and what the API takes");
	query.limit = INT64CONST(10000000000);
	is_int(ac_query_page_size(&query, &page), 50, "no more than the API likes");
	query.count = true;
	is_int(ac_query_page_size(&query, &page), 25, "a count takes the least");
	query.count = false;
	page.size = -1;
	is_int(ac_query_page_size(&query, &page), -1, "a size that nobody knows");
}

/* A table of a REST API, and a query with everything. */
static char *vars[] = {"owner"};
static int16 attnums[] = {1};
static char *item_vars[] = {"owner", "id"};
static int16 item_attnums[] = {1, 2};
static const AcTemplate path = {"/owners/{owner}/things", vars, attnums, 1};
static const AcTemplate item = {"/owners/{owner}/things/{id}", item_vars, item_attnums, 2};
static const char *const owner[] = {"a/b"};
static const char *const from[] = {"2024-01-01"};
static const char *const number[] = {"5"};
static const char *const fields[] = {"id", "name"};

static void
check_request(const AcRestForm *form, const AcQuery *query, const char *url,
			  const char *body)
{
	AcRestRequest request;
	AcError err;

	if (url == NULL)
	{
		ok(!ac_rest_render(form, query, &request, &err) && err.code == AC_ERR_CANNOT_EXPRESS, "cannot be asked");
		return;
	}
	ok(ac_rest_render(form, query, &request, &err), "is asked");
	is_str(request.url, url, "as %s", url);
	is_str(request.body, body, "with %s", body != NULL ? body : "no body");
}

static void
test_requests(void)
{
	AcUrl base = base_url("https://api.test/v1");
	AcRestForm form = {.base = &base, .path = &path, .item = &item, .params = "state=all&kind=none", .fields_param = "fields"};
	AcQueryFilter filters[] = {
		{.column = 1, .via = AC_SEND_PATH, .texts = owner, .n = 1},
		{.column = 2, .via = AC_SEND_NOT, .param = "id", .texts = number, .n = 1},
		{.column = 3, .via = AC_SEND_QUERY, .param = "kind", .list = AC_LIST_COMMA, .texts = two, .n = 2},
		{.column = 4, .via = AC_SEND_QUERY, .param = "since", .bound = AC_BOUND_FROM, .texts = from, .n = 1},
	};
	AcQuery query = {.filters = filters, .n_filters = 4, .limit = -1};

	check_request(&form, &query, "https://api.test/v1/owners/a%2Fb/things?state=all&kind=1,b%20c&since=2024-01-01", NULL);
	query.sort = (AcQuerySort){.field = "/created", .text = "sort=created&order=asc"};
	query.fields = fields;
	query.n_fields = 2;
	check_request(&form, &query, "https://api.test/v1/owners/a%2Fb/things?state=all&kind=1,b%20c&since=2024-01-01&sort=created&order=asc&fields=id,name", NULL);
	ok(ac_query_is_filtered(&query) && !ac_query_is_whole(&query), "it is filtered");
	is_int(ac_query_equality(&query, 3)->n, 2, "the filter of a column");
	ok(ac_query_equality(&query, 2) == NULL && ac_query_equality(&query, 4) == NULL, "one that stays, and a bound, are none");
	/* the item */
	query.item = true;
	check_request(&form, &query, NULL, NULL);
	filters[1].via = AC_SEND_ITEM;
	check_request(&form, &query, "https://api.test/v1/owners/a%2Fb/things/5?fields=id,name", NULL);
	/* a body */
	form.body = "{\"a\":1}";
	query.item = false;
	query.fields = NULL;
	query.sort.field = NULL;
	filters[3].param = "/filter/n";
	filters[3].texts = number;
	filters[3].plain = true;
	check_request(&form, &query, "https://api.test/v1/owners/a%2Fb/things?state=all&kind=1,b%20c", "{\"a\":1,\"filter\":{\"n\":5}}");
	filters[3].param = "/a/b";
	check_request(&form, &query, NULL, NULL);
	/* a path that leads away, and a variable without a value */
	form.body = NULL;
	filters[0].via = AC_SEND_NOT;
	check_request(&form, &query, NULL, NULL);
	query.n_filters = 0;
	ok(ac_query_is_whole(&query) && !ac_query_is_filtered(&query), "nothing travels");
}

int
main(void)
{
	test_lists();
	test_batches();
	test_page_size();
	test_requests();
	return done_testing();
}
