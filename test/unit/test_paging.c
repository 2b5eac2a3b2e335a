/*
 * test_paging.c
 *		Is the paging found that a description speaks of?
 */
#include "ac.h"

#include "api/paging.h"

#include "plan_build.h"

#define STR "{'type': 'string'}"
#define INT "{'type': 'integer'}"
#define BOOL "{'type': 'boolean'}"
#define URI "{'type': 'string', 'format': 'uri'}"
#define ROWS "'data': {'type': 'array', 'items': {'type': 'object', 'properties': {'id': " INT ", 'next': " STR "}}}"
#define OBJ(properties) "{'type': 'object', 'properties': {" properties "}}"

/* "name:schema" pairs are query parameters. */
typedef struct Case
{
	const char *what;
	const char *parameters; /* "name int, name string, ..." */
	const char *fields;		/* beside the rows; NULL: a bare array */
	const char *want;
} Case;

static const Case cases[] = {
	{"nothing said", "", "'x': " INT, "auto"},
	{"page and per_page", "page int, per_page int", "'x': " INT, "page page from 1 size per_page"},
	{"page[number]", "page[number] int, page[size] int", "'x': " INT, "page page[number] from 1 size page[size]"},
	{"pageNo", "pageNo int, pageSize int", "'total': " INT, "page pageNo from 1 size pageSize total /total"},
	{"offset and limit", "offset int, limit int", "'total': " INT, "offset offset size limit total /total"},
	{"startAt and maxResults", "startAt int, maxResults int", "'startAt': " INT ", 'total': " INT, "offset startAt size maxResults total /total"},
	{"$skip and $top", "$skip int, $top int", "'x': " INT, "offset $skip size $top"},
	{"from is a moment", "from string", "'x': " INT, "auto"},
	{"cursor and next_cursor", "cursor string, limit int", "'next_cursor': " STR ", 'has_more': " BOOL, "cursor cursor /next_cursor size limit more /has_more"},
	{"pageToken and nextPageToken", "pageToken string", "'nextPageToken': " STR, "cursor pageToken /nextPageToken"},
	{"page_token below meta", "page_token string, page_size int", "'meta': " OBJ("'next_page_token': " STR), "cursor page_token /meta/next_page_token size page_size"},
	{"marker and next_marker", "marker string, limit int", "'next_marker': " STR, "cursor marker /next_marker size limit"},
	{"a numeric next_marker", "marker string, limit int", "'next_marker': " INT, "cursor marker /next_marker size limit"},
	{"Slack", "cursor string, limit int", "'response_metadata': " OBJ("'next_cursor': " STR), "cursor cursor /response_metadata/next_cursor size limit"},
	{"Facebook", "after string, limit int", "'paging': " OBJ("'cursors': " OBJ("'before': " STR ", 'after': " STR)), "cursor after /paging/cursors/after size limit"},
	{"HubSpot", "after string, limit int", "'paging': " OBJ("'next': " OBJ("'after': " STR ", 'link': " STR)), "cursor after /paging/next/after size limit"},
	{"Kubernetes", "continue string, limit int", "'metadata': " OBJ("'continue': " STR), "cursor continue /metadata/continue size limit"},
	{"a cursor without a field", "cursor string, limit int", "'x': " INT, "auto size limit"},
	{"Stripe: keyset, which needs the last row", "starting_after string, ending_before string, limit int", "'has_more': " BOOL ", 'url': " STR, "auto size limit more /has_more"},
	{"next as a URI", "page int", "'next': " URI, "next_url /next"},
	{"next beside previous", "limit int, offset int", "'count': " INT ", 'next': " STR ", 'previous': " STR, "next_url /next size limit total /count"},
	{"count alone is no total", "limit int, offset int", "'count': " INT, "offset offset size limit"},
	{"OData", "$top int, $skip int", "'@odata.count': " INT ", '@odata.nextLink': " STR, "next_url /@odata.nextLink size $top total /@odata.count"},
	{"links.next", "", "'links': " OBJ("'next': " STR), "next_url /links/next"},
	{"HAL", "", "'_links': " OBJ("'self': " OBJ("'href': " STR) ", 'next': " OBJ("'href': " STR)), "next_url /_links/next/href"},
	{"next_page_uri", "Page int, PageSize int", "'next_page_uri': " STR ", 'page': " INT, "next_url /next_page_uri size PageSize"},
	{"a numeric next_page is a page number", "page int, per_page int", "'next_page': " INT ", 'page': " INT, "page page from 1 size per_page"},
	{"Hetzner", "page int, per_page int", "'meta': " OBJ("'pagination': " OBJ("'page': " INT ", 'next_page': " INT ", 'total_entries': " INT)), "page page from 1 size per_page total /meta/pagination/total_entries"},
	{"a cursor's word against a page number's", "page int, cursor string", "'next_cursor': " STR, "cursor cursor /next_cursor"},
	{"next in a row is not the page's", "cursor string", "'y': " INT, "auto"},
	{"Spring counts from 0", "page int, size int", "'number': " INT ", 'totalPages': " INT ", 'totalElements': " INT, "page page from 0 size size total /totalElements"},
	{"a number of something else", "page int", "'number': " INT, "page page from 1"},
	{"API Platform", "page int", "'hydra:totalItems': " INT ", 'hydra:view': " OBJ("'hydra:next': " STR), "next_url /hydra:view/hydra:next total /hydra:totalItems"},
	{"totalElements in page", "page int, size int", "'page': " OBJ("'totalElements': " INT ", 'size': " INT), "page page from 1 size size total /page/totalElements"},
};

/* "a int, b string" as parameters of an operation. */
static char *
parameters_of(const char *text)
{
	StringInfoData out;
	char *copy = pstrdup(text);
	char *part = strtok(copy, ",");

	initStringInfo(&out);
	for (; part != NULL; part = strtok(NULL, ","))
	{
		char *space;

		part += strspn(part, " ");
		space = strrchr(part, ' ');
		*space = '\0';
		appendStringInfo(&out, "%s%s", out.len ? ", " : "",
						 query_of(part, strcmp(space + 1, "int") == 0 ? INT : STR));
	}
	return out.data;
}

static char *
paging_text(const AcPaging *p)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, ac_pager_style_name(p->style));
	if (p->page_param != NULL)
		appendStringInfo(&out, " %s", p->page_param);
	if (p->style == AC_PAGER_PAGE)
		appendStringInfo(&out, " from %d", p->first_page);
	if (p->cursor_param != NULL)
		appendStringInfo(&out, " %s", p->cursor_param);
	if (p->cursor_path != NULL)
		appendStringInfo(&out, " %s", p->cursor_path);
	if (p->size_param != NULL)
		appendStringInfo(&out, " size %s", p->size_param);
	if (p->total_path != NULL)
		appendStringInfo(&out, " total %s", p->total_path);
	if (p->more_path != NULL)
		appendStringInfo(&out, " more %s", p->more_path);
	return out.data;
}

static AcPaging
paging_for(const AcEndpoint *endpoint)
{
	AcPagingInput input = {0};
	int score;

	input.endpoint = endpoint;
	input.n_fields = ac_paging_shape_fields(endpoint->response, "/data",
											&input.fields);
	input.n_rows = -1;
	input.asked_size = -1;
	return ac_paging_choose(&input, &score);
}

static void
test_cases(void)
{
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcJson *doc;
		AcApi *api = api_of(path_of("/x", object_of(psprintf(ROWS ", %s", cases[i].fields)), parameters_of(cases[i].parameters)), &doc);
		AcPaging paging = paging_for(&api->endpoints[0]);

		is_str(paging_text(&paging), cases[i].want, "%s", cases[i].what);
		ac_json_free(doc);
	}
}

/* Of several totals the one that stands beside the rows is theirs. */
static void
test_totals(void)
{
	static const char text[] = "{\"_shards\": {\"total\": 5}, \"hits\": {\"total\": 95, \"hits\": [{\"_id\": \"1\"}, {\"_id\": \"2\"}]}}";
	AcEndpoint endpoint = {.method = "GET", .path = "/x"};
	AcPagingInput input = {.endpoint = &endpoint, .n_rows = 2, .asked_size = -1};
	AcJson *body = NULL;
	AcPaging paging;
	int score;

	ok(ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &body, NULL), "a page is read");
	input.n_fields = ac_paging_page_fields(body, "/hits/hits", &input.fields);
	paging = ac_paging_choose(&input, &score);
	is_str(paging.total_path, "/hits/total", "the total beside the rows");
	ac_json_free(body);
}

static void
test_link(void)
{
	AcJson *doc;
	AcApi *api = api_of("'/a': {'get': {'parameters': [{'name': 'page', 'in': 'query', 'schema': " INT "}], 'responses': {'200': {'description': 'OK', 'headers': {'Link': {'schema': " STR "}}, 'content': {'application/json': {'schema': {'type': 'array', 'items': {}}}}}}}}, "
						"'/b': {'get': {'description': 'Follow the `Link` header.', 'responses': {'200': {'description': 'OK', 'content': {'application/json': {'schema': {'type': 'array', 'items': {}}}}}}}}",
						&doc);
	AcPaging paging = paging_for(&api->endpoints[0]);

	is_int(paging.style, AC_PAGER_LINK, "a declared Link header beats a page number");
	paging = paging_for(&api->endpoints[1]);
	is_int(paging.style, AC_PAGER_LINK, "a Link header in prose");
	ac_json_free(doc);
}

static void
test_sizes(void)
{
	static const struct
	{
		const char *schema;
		const char *description;
		int want;
	} sizes[] = {
		{"{'type': 'integer', 'maximum': 100}", "", 100},
		{"{'type': 'integer', 'maximum': 2147483647, 'default': 20}", "", 1000},
		{"{'type': 'integer', 'default': 20}", "", 20},
		{"{'type': 'integer', 'default': 30}", "Results per page (max 100).", 100},
		{"{'type': 'integer'}", "Maximum: 250", 250},
		{"{'type': 'integer'}", "Limit can range between 1 and 100, and the default is 10.", 100},
		{"{'type': 'integer'}", "At most, or so", -1},
		{"{'type': 'integer'}", "", -1},
		{"{'type': 'integer', 'enum': [10, 50, 25]}", "", 50},
		{"{'type': 'integer', 'default': 20}", "Wait at most 5 seconds", 20},
	};
	static const struct
	{
		const char *schema;
		int want;
	} firsts[] = {
		{"{'type': 'integer'}", 1},
		{"{'type': 'integer', 'minimum': 0}", 0},
		{"{'type': 'integer', 'minimum': 1, 'default': 1}", 1},
		{"{'type': 'integer', 'default': 0}", 0},
		{"{'type': 'integer', 'default': 7}", 1},
	};
	int i;

	for (i = 0; i < (int) lengthof(sizes); i++)
	{
		AcJson *doc;
		AcApi *api = api_of(path_of("/x", "{'type': 'array', 'items': {}}", psprintf("{'name': 'limit', 'in': 'query', 'description': '%s', 'schema': %s}", sizes[i].description, sizes[i].schema)), &doc);

		is_int(paging_for(&api->endpoints[0]).page_size, sizes[i].want,
			   "page size of %s \"%s\"", sizes[i].schema,
			   sizes[i].description);
		ac_json_free(doc);
	}
	for (i = 0; i < (int) lengthof(firsts); i++)
	{
		AcJson *doc;
		AcApi *api = api_of(path_of("/x", "{'type': 'array', 'items': {}}", query_of("page", firsts[i].schema)), &doc);

		is_int(paging_for(&api->endpoints[0]).first_page, firsts[i].want,
			   "first page of %s", firsts[i].schema);
		ac_json_free(doc);
	}
}

/* Every usual name is a parameter of paging, never a filter. */
static void
test_names(void)
{
	static const char *const names[] = {
		"page", "page_number", "pageNumber", "pageNo", "p", "page[number]",
		"offset", "skip", "startAt", "$skip", "start_index", "page[offset]",
		"limit", "per_page", "page_size", "size", "pageSize", "perPage",
		"maxResults", "$top", "page[size]", "page[limit]", "cursor",
		"page_token", "pageToken", "next_token", "starting_after",
		"continuation", "scroll_id", "page[after]"};
	static const char *const controls[] = {
		"q", "search", "query", "filter", "fields", "include", "expand",
		"sort", "order_by", "orderBy"};
	int i;

	for (i = 0; i < (int) lengthof(names); i++)
	{
		AcJson *doc;
		AcApi *api = api_of(path_of("/x", "{'type': 'array', 'items': {}}", psprintf("%s, %s", query_of(names[i], INT), query_of("size", INT))), &doc);

		ok(ac_paging_is_param(&api->endpoints[0], &api->endpoints[0].params[0]),
		   "%s pages", names[i]);
		ac_json_free(doc);
	}
	for (i = 0; i < (int) lengthof(controls); i++)
	{
		AcJson *doc;
		AcApi *api = api_of(path_of("/x", "{'type': 'array', 'items': {}}", query_of(controls[i], STR)), &doc);

		ok(ac_paging_is_control_param(&api->endpoints[0].params[0]),
		   "%s is no filter", controls[i]);
		ac_json_free(doc);
	}
}

int
main(void)
{
	test_cases();
	test_totals();
	test_link();
	test_sizes();
	test_names();
	return done_testing();
}
