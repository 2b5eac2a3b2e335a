/*
 * test_paging_ways.c
 *		Are the less usual ways of paging found, and what may only be tried?
 *
 * Of whole descriptions, as plans of tables; of pages with their headers, as
 * candidates.
 */
#include "ac.h"

#include "api/paging.h"

#include "plan_build.h"

#define STR "{'type': 'string'}"
#define INT "{'type': 'integer'}"
#define BOOL "{'type': 'boolean'}"
#define MOMENT "{'type': 'string', 'format': 'date-time'}"
#define ROW "{'type': 'object', 'properties': {'id': " INT ", 'name': " STR ", 'created_at': " MOMENT "}}"
#define ROWS "'data': {'type': 'array', 'items': " ROW "}"

static char *
way_text(const AcPaging *p)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, ac_pager_style_name(p->style));
	if (p->page_param != NULL)
		appendStringInfo(&out, " %s", p->page_param);
	if (p->cursor_param != NULL)
		appendStringInfo(&out, " %s", p->cursor_param);
	if (p->cursor_path != NULL)
		appendStringInfo(&out, " %s", p->cursor_path);
	if (p->total_path != NULL)
		appendStringInfo(&out, " total %s", p->total_path);
	if (p->pages_path != NULL)
		appendStringInfo(&out, " pages %s", p->pages_path);
	if (p->depth_limit > 0)
		appendStringInfo(&out, " depth %d", p->depth_limit);
	if (p->window_path != NULL)
		appendStringInfo(&out, " window %s %s..%s by %s", p->window_path,
						 p->window_from, p->window_to,
						 p->window_unit == AC_WINDOW_INTEGER  ? "number"
						 : p->window_unit == AC_WINDOW_SECOND ? "second"
															  : "day");
	return out.data;
}

/* ---- descriptions ---- */

static char *
param(const char *name, const char *place, const char *schema, const char *said)
{
	return psprintf("{'name': '%s', 'in': '%s', 'schema': %s, 'description': '%s'}", name, place, schema, said);
}

/* An operation with all that there may be. */
static char *
operation(const char *description, const char *parameters, const char *schema,
		  const char *headers)
{
	return psprintf("'/things': {'get': {'description': '%s', 'parameters': [%s], 'responses': {'200': {'description': 'OK', 'headers': {%s}, 'content': {'application/json': {'schema': %s}}}}}}",
					description, parameters, headers, schema);
}

static void
check(const char *paths, const char *want, const char *what)
{
	AcJson *doc;
	AcApi *api = api_of(paths, &doc);
	AcTablePlans *plans = ac_tableplan_build(api, &plain_options);
	const AcTablePlan *plan = plan_for(plans, "/things");

	is_str(plan != NULL ? way_text(&plan->paging) : "no plan", want, "%s", what);
	ac_json_free(plans->evidence);
	ac_json_free(doc);
}

#define HEADER(name) "'" name "': {'schema': " STR "}"

static void
test_described(void)
{
	char *page = param("page", "query", INT, "");
	char *offset = psprintf("%s, %s", param("offset", "query", INT, ""), param("limit", "query", INT, ""));
	char *bare = psprintf("{'type': 'array', 'items': %s}", ROW);
	char *wrapped = psprintf("{'type': 'object', 'properties': {%s}}", ROWS);
	char *more = psprintf("{'type': 'object', 'properties': {%s, 'has_more': %s}}", ROWS, BOOL);

	/* the key of the last row */
	check(operation("", param("starting_after", "query", STR, ""), more, ""), "keyset starting_after /id", "starting_after and has_more");
	check(operation("", param("since_id", "query", INT, ""), bare, ""), "auto", "since_id may be a filter");
	check(operation("", param("since_id", "query", INT, "The id of the last object of the page before."), bare, ""), "keyset since_id /id", "since_id, where it says so");
	check(operation("", param("page[after]", "query", STR, ""), wrapped, ""), "keyset page[after] /id", "page[after] without a token in the answer");
	check(operation("", param("last", "query", STR, "The last element of the previous page."), "{'type': 'array', 'items': {'type': 'string'}}", ""), "keyset last ", "last, of rows that are texts");
	check(operation("", param("since", "query", INT, "The id of the last user that you have seen: last seen."), bare, ""), "keyset since /id", "since, where it says so");
	check(operation("", param("since", "query", MOMENT, "Only what is newer."), bare, ""), "auto", "since is a filter");
	check(operation("", param("since", "query", INT, "Only what is newer."), bare, ""), "auto", "since is a filter, whatever its type");
	check(operation("", param("after", "query", STR, ""), bare, ""), "auto", "after may be a filter");
	check(operation("", param("starting_after", "query", STR, ""), "{'type': 'array', 'items': {'type': 'object', 'properties': {'label': " STR ", 'count': " INT "}}}", ""), "auto", "rows without a key");

	/* objects of parameters */
	check(operation("", param("tcontinue", "query", STR, ""), psprintf("{'type': 'object', 'properties': {%s, 'continue': {'type': 'object', 'properties': {'tcontinue': %s, 'continue': %s}}}}", ROWS, STR, STR), ""), "continue /continue", "a continuation object");
	check(operation("", "", psprintf("{'type': 'object', 'properties': {%s, 'continue': {'type': 'object', 'additionalProperties': %s}}}", ROWS, STR), ""), "continue /continue", "one with any members");

	/* headers */
	check(operation("", param("Range", "header", STR, ""), bare, HEADER("Content-Range")), "range", "Range and Content-Range");
	check(operation("", "", bare, HEADER("Content-Range")), "auto", "Content-Range alone may be of bytes");
	check(operation("", param("cursor", "query", STR, ""), bare, HEADER("X-Next-Cursor")), "cursor cursor X-Next-Cursor:", "a token in a header, for a parameter");
	check(operation("", param("X-Cursor", "header", STR, ""), bare, HEADER("X-Next-Cursor")), "cursor X-Cursor: X-Next-Cursor:", "for a header");
	check(operation("", "", bare, HEADER("x-ms-continuation")), "cursor x-ms-continuation: x-ms-continuation:", "for its own name");
	check(operation("", "", bare, HEADER("Next-Range")), "cursor Range: Next-Range:", "for the Range");
	check(operation("", "", bare, HEADER("X-Next-Cursor")), "auto", "nothing says who takes the token");
	check(operation("", page, bare, HEADER("X-Next-Page") ", " HEADER("X-Total") ", " HEADER("X-Total-Pages")), "page page X-Next-Page: total X-Total: pages X-Total-Pages:", "numbers in headers");
	check(operation("", page, bare, HEADER("X-WP-Total") ", " HEADER("X-WP-TotalPages")), "page page total X-WP-Total: pages X-WP-TotalPages:", "counts in headers");
	check(operation("", page, bare, HEADER("X-Next-Page") ", " HEADER("Link")), "link page", "a draw of headers: the links");
	check(operation("", page, psprintf("{'type': 'object', 'properties': {%s, 'meta': {'type': 'object', 'properties': {'page': %s, 'total_pages': %s}}}}", ROWS, INT, INT), ""), "page page pages /meta/total_pages", "a number of pages in the body");

	/* depth and windows */
	check(operation("Only the first 1,000 results are available.", offset, bare, ""), "offset offset depth 1000", "depth in prose");
	check(operation("", psprintf("%s, %s", param("offset", "query", INT, "offset + limit must not exceed 10000."), param("limit", "query", INT, "")), bare, ""), "offset offset depth 10000", "depth of the offset");
	check(operation("", psprintf("%s, %s", param("offset", "query", "{'type': 'integer', 'maximum': 9900}", ""), param("limit", "query", INT, "")), bare, ""), "offset offset depth 9900", "the greatest offset");
	check(operation("Up to 1000 results per page are returned.", offset, bare, ""), "offset offset", "the size of a page is no depth");
	check(operation("At most 5000 requests per hour for each row.", offset, bare, ""), "offset offset", "nor is a rate");
	check(operation("Only the first 1,000 results are available.", psprintf("%s, %s, %s", offset, param("created_after", "query", MOMENT, ""), param("created_before", "query", MOMENT, "")), bare, ""),
		  "offset offset depth 1000 window /created_at created_after..created_before by second", "windows of moments");
	check(operation("Only the first 1,000 results are available.", psprintf("%s, %s, %s", offset, param("since", "query", "{'type': 'string', 'format': 'date'}", ""), param("until", "query", "{'type': 'string', 'format': 'date'}", "")), bare, ""),
		  "offset offset depth 1000 window /created_at since..until by day", "windows of days, of the only moment");
	check(operation("Only the first 1,000 results are available.", psprintf("%s, %s, %s", offset, param("min_id", "query", INT, ""), param("max_id", "query", INT, "")), bare, ""),
		  "offset offset depth 1000 window /id min_id..max_id by number", "windows of keys");
	check(operation("Only the first 1,000 results are available.", psprintf("%s, %s, %s", offset, param("created_after", "query", MOMENT, ""), param("updated_before", "query", MOMENT, "")), bare, ""),
		  "offset offset depth 1000", "ends of two values are no window");
	ac_alloc_reset();
}

/* Arrays that a POST's body takes. */
static void
test_bodies(void)
{
	static const AcPlanOptions posts = {.nested = AC_NESTED_JSON, .post_reads = true};
	static const struct
	{
		const char *request;
		const char *answer;
		const char *want;
	} cases[] = {
		{"'page': {'type': 'object', 'properties': {'after': {'type': 'array', 'items': {}}}}", "'after': {'type': 'array', 'items': {}}", "cursor /page/after /after"},
		{"'cursor': " STR, "'next_cursor': " STR, "cursor /cursor /next_cursor"},
		{"'after': {'type': 'array', 'items': {}}", "'x': " INT, "auto"},
	};

	for (int i = 0; i < (int) lengthof(cases); i++)
	{
		AcJson *doc;
		AcApi *api = api_of(psprintf("'/things/search': {'post': {'operationId': 'searchThings', 'requestBody': {'content': {'application/json': {'schema': {'type': 'object', 'properties': {%s}}}}}, 'responses': {'200': {'description': 'OK', 'content': {'application/json': {'schema': {'type': 'object', 'properties': {" ROWS ", %s}}}}}}}}", cases[i].request, cases[i].answer), &doc);
		AcTablePlans *plans = ac_tableplan_build(api, &posts);
		const AcTablePlan *plan = plan_for(plans, "/things/search");

		is_str(plan != NULL ? way_text(&plan->paging) : "no plan", cases[i].want, "a body with %s", cases[i].request);
		ac_json_free(plans->evidence);
		ac_json_free(doc);
	}
	ac_alloc_reset();
}

/* What most tables do decides where a description leaves it open. */
static void
test_prior(void)
{
	char *offset = psprintf("%s, %s", query_of("offset", INT), query_of("limit", INT));
	char *both = psprintf("%s, %s", offset, query_of("page", INT));
	char *bare = psprintf("{'type': 'array', 'items': %s}", ROW);
	AcJson *doc;
	AcApi *api = api_of(psprintf("%s, %s, %s", path_of("/a", bare, offset), path_of("/b", bare, offset), path_of("/c", bare, both)), &doc);
	AcTablePlans *plans = ac_tableplan_build(api, &plain_options);
	AcPagingPrior prior = ac_paging_prior(plans->tables, plans->n_tables);

	is_int(prior.paging.style, AC_PAGER_OFFSET, "the habit of most tables");
	is_int(prior.tables, 3, "of all of them");
	is_str(way_text(&plan_for(plans, "/c")->paging), "offset offset", "is that of the one that is open");
	ac_json_free(plans->evidence);
	ac_json_free(doc);
	api = api_of(psprintf("%s, %s", path_of("/a", bare, offset), path_of("/c", bare, both)), &doc);
	plans = ac_tableplan_build(api, &plain_options);
	is_str(way_text(&plan_for(plans, "/c")->paging), "page page", "one table is no habit");
	ac_json_free(plans->evidence);
	ac_json_free(doc);
	ac_alloc_reset();
}

/* ---- pages ---- */

static const struct
{
	const char *what;
	const char *headers; /* "Name: value\n..." */
	int status;
	const char *body;
	const char *rows_path;
	const char *want; /* candidates, guesses in parentheses */
} pages[] = {
	{"a token in a header", "X-Next-Cursor: abc", 200, "[{'id': 1}]", "", "(cursor cursor X-Next-Cursor:) (page page) (offset offset)"},
	{"an empty header", "X-Next-Cursor: ", 200, "[{'id': 1}]", "", "(page page) (offset offset)"},
	{"the next URL in a header", "Next-Page: https://x.example/things?_token=b", 200, "[{'id': 1}]", "", "next_url Next-Page: (page page) (offset offset)"},
	{"a word in its place", "Next-Page: none", 200, "[{'id': 1}]", "", "(page page) (offset offset)"},
	{"a range of rows", "Content-Range: items 0-1/7", 206, "[{'id': 1}, {'id': 2}]", "", "range (page page) (offset offset)"},
	{"a range of things", "Content-Range: things 0-1/*", 200, "[{'id': 1}, {'id': 2}]", "", "range things (page page) (offset offset)"},
	{"a range of bytes", "Content-Range: bytes 0-1/7", 206, "[{'id': 1}]", "", "(page page) (offset offset)"},
	{"a total in a header", "X-Total-Count: 40", 200, "[{'id': 1}]", "", "(page page total X-Total-Count:) (offset offset total X-Total-Count:)"},
	{"a total in words", "X-Total-Count: many", 200, "[{'id': 1}]", "", "(page page) (offset offset)"},
	{"a token that nobody takes", "", 200, "{'data': [{'id': 1}], 'meta': {'next_cursor': 'abc'}}", "/data", "(cursor cursor /meta/next_cursor)"},
	{"nextPageToken", "", 200, "{'data': [{'id': 1}], 'nextPageToken': 'abc'}", "/data", "(cursor pageToken /nextPageToken)"},
	{"next_token", "", 200, "{'data': [{'id': 1}], 'next_token': 'abc'}", "/data", "(cursor next_token /next_token)"},
	{"a token that is a number", "", 200, "{'data': [{'id': 1}], 'next_cursor': 25}", "/data", "(cursor cursor /next_cursor)"},
	{"0 for the end", "", 200, "{'data': [{'id': 1}], 'next_cursor': 0}", "/data", "(page page) (offset offset)"},
	{"endCursor", "", 200, "{'data': [{'id': 1}], 'endCursor': 'abc'}", "/data", "(cursor after /endCursor)"},
	{"has_more and ids", "", 200, "{'object': 'list', 'has_more': true, 'data': [{'id': 'x'}]}", "/data", "(keyset starting_after /id) (page page) (offset offset)"},
	{"MediaWiki", "", 200, "{'continue': {'apcontinue': 'B', 'continue': '-||'}, 'data': [{'id': 1}]}", "/data", "continue /continue (page page) (offset offset)"},
	{"query-continue", "", 200, "{'query-continue': {'allpages': {'apcontinue': 'B'}}, 'data': [{'id': 1}]}", "/data", "continue /query-continue/allpages (page page) (offset offset)"},
	{"a token with a strange name", "", 200, "{'data': [{'id': 1}], 'next\\ncursor': 'abc'}", "/data", ""},
	{"a header with a strange name", "X\"Next-Cursor: abc", 200, "[{'id': 1}]", "", "(page page) (offset offset)"},
	{"HubSpot's link", "", 200, "{'paging': {'next': {'after': 'x', 'link': 'https://h.example/?after=x'}}, 'data': [{'id': 1}]}", "/data", "next_url /paging/next/link (cursor after /paging/next/after)"},
};

static void
test_page(int i)
{
	AcEndpoint endpoint = {.method = "GET", .path = "/things"};
	AcColumnPlan id = {.name = "id", .type = "text", .json_path = "/id"};
	AcPagingInput input = {.endpoint = &endpoint, .n_rows = 1, .asked_size = -1, .columns = &id, .n_columns = 1, .status = pages[i].status};
	AcPagingCandidate candidates[AC_PAGING_CANDIDATES];
	AcHeaders *headers = ac_headers_create();
	AcJson *body = json_of(pages[i].body);
	StringInfoData out;
	int n;

	initStringInfo(&out);
	(void) ac_headers_add_line(headers, pages[i].headers, strlen(pages[i].headers));
	input.headers = headers;
	if (pages[i].rows_path[0] != '\0')
		input.n_fields = ac_paging_page_fields(body, pages[i].rows_path, &input.fields);
	n = ac_paging_candidates(&input, candidates);
	for (int k = 0; k < n; k++)
		appendStringInfo(&out, candidates[k].guess ? "%s(%s)" : "%s%s", k > 0 ? " " : "", way_text(&candidates[k].paging));
	is_str(out.data, pages[i].want, "%s", pages[i].what);
	ac_json_free(body);
}

static void
test_depths(void)
{
	is_int(ac_paging_depth_in("Only the first 1000 search results are available"), 1000, "a search's refusal");
	is_int(ac_paging_depth_in("{\"reason\":\"Result window is too large, from + size must be less than or equal to: [10000] but was [10050]\"}"), 10000, "an index's refusal");
	is_int(ac_paging_depth_in("Pagination beyond 5,000 records is not supported"), 5000, "with commas");
	is_int(ac_paging_depth_in("offset is too large"), 0, "without a number");
	is_int(ac_paging_depth_in("error 1000: something failed"), 0, "a number of something else");
	is_int(ac_paging_depth_in(NULL), 0, "nothing");
}

int
main(void)
{
	test_described();
	test_bodies();
	test_prior();
	for (int i = 0; i < (int) lengthof(pages); i++)
		test_page(i);
	test_depths();
	return done_testing();
}
