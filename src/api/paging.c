/*
 * paging.c
 *		How is a collection paged?  See paging.h.
 *
 * Parameter names are compared without case and separators, so that
 * "page[size]", "pageSize" and "page_size" are one.
 */
#include "ac.h"

#include "api/envelope.h"
#include "api/names.h"
#include "api/paging_int.h"
#include "core/pointer.h"

static const char *const page_params[] = {
	"page", "pagenumber", "pageno", "pagenum", "p", "pageindex",
	"currentpage", NULL};
static const char *const offset_params[] = {
	"start", "offset", "skip", "startat", "from", "startindex", "pageoffset",
	"startfrom", NULL};
static const char *const size_params[] = {
	"limit", "perpage", "pagesize", "size", "maxresults", "maxitems", "count",
	"top", "first", "pagelimit", "rows", "rowcount", "numresults", "take",
	"results", "resultsperpage", "itemsperpage", "max", "pageperpage", NULL};
static const char *const cursor_params[] = {
	"cursor", "after", "pagetoken", "nexttoken", "startingafter",
	"continuation", "continuationtoken", "continue", "scrollid", "pageafter",
	"pagecursor", "marker", "nextcursor", "startcursor", "streamposition",
	"nextpagetoken", "exclusivestartkey", "bookmark", "pageinfo", NULL};

/* Other parameters of paging, which are no filters either. */
static const char *const other_paging_params[] = {
	"before", "endingbefore", "pagebefore", "previouscursor", "prevcursor",
	"usemarker", "paginate", "paging", "pagination", "sinceid", "maxid",
	"minid", "afterid", "beforeid", "last", NULL};

/* Sorting, searching, shaping: never filters. */
static const char *const control_params[] = {
	"q", "search", "query", "filter", "filters", "fields", "field", "include",
	"includes", "expand", "sort", "sortby", "sorton", "sortorder", "sortdir",
	"sortdirection", "order", "orderby", "orderdir", "ordering", "direction",
	"embed", "embeds", "select", "exclude", "omit", "pretty", "prettyprint",
	"format", "alt", "output", "callback", "jsonp", "term", "keyword",
	"keywords", "searchterm", "fulltext", "text", "lang", "locale", "watch",
	"dryrun", "envelope", "brief", "verbose", "apikey", "accesstoken", NULL};

static const char *const total_fields[] = {
	"total", "totalcount", "totalitems", "totalresults", "totalrecords",
	"totalentries", "totalelements", "totalsize", "totalrows", "totalhits",
	"recordstotal", "odatacount", "counttotal", "itemcount", "resultcount",
	"numfound", "hydratotalitems", "filteredtablerowscount", NULL};
static const char *const more_fields[] = {
	"hasmore", "hasnext", "hasnextpage", "more", "moreavailable",
	"hasmoreitems", "hasadditional", "hasmoreresults", "morepages",
	"ismoreavailable", NULL};
static const char *const next_url_fields[] = {
	"next", "nexturl", "nextlink", "nextpage", "nextpageurl", "nextpageuri",
	"nexturi", "nexthref", "odatanextlink", "nextpagelink", "nextpagepath",
	"nextrecordsurl", "hydranext", NULL};
static const char *const cursor_fields[] = {
	"nextcursor", "nextpagetoken", "nexttoken", "nextmarker", "endcursor",
	"continuationtoken", "nextpagecursor", "cursornext", "nextpage",
	"nextstreamposition", "scrollid", "nextafter", "next", "after", "cursor",
	"continue", "continuation", "bookmark", "nextbookmark", NULL};

AcPaging
ac_paging_none(AcPagerStyle style)
{
	AcPaging paging = {0};

	paging.style = style;
	paging.page_size = -1;
	paging.first_page = -1;
	return paging;
}

const char *
ac_pager_style_name(AcPagerStyle style)
{
	switch (style)
	{
		case AC_PAGER_AUTO:
			return "auto";
		case AC_PAGER_NONE:
			return "none";
		case AC_PAGER_LINK:
			return "link";
		case AC_PAGER_NEXT_URL:
			return "next_url";
		case AC_PAGER_CURSOR:
			return "cursor";
		case AC_PAGER_PAGE:
			return "page";
		case AC_PAGER_OFFSET:
			return "offset";
		case AC_PAGER_KEYSET:
			return "keyset";
		case AC_PAGER_CONTINUE:
			return "continue";
		case AC_PAGER_RANGE:
			return "range";
	}
	return "auto";
}

/*
 * The first field whose name is in the list, earlier names of the list first,
 * of a kind that is in the mask of 1 << kind.  beside: only of those that
 * stand beside the rows or what they stand in.
 */
static const AcPagingField *
find_field_of(const AcPagingInput *input, const char *const *names, int kinds,
			  bool beside)
{
	int i;

	for (; *names != NULL; names++)
		for (i = 0; i < input->n_fields; i++)
		{
			const AcPagingField *field = &input->fields[i];

			if ((kinds & (1 << field->kind)) != 0 &&
				(field->beside || !beside) &&
				ac_names_is(field->name, *names))
				return field;
		}
	return NULL;
}

const AcPagingField *
ac_paging_field(const AcPagingInput *input, const char *const *names, int kinds)
{
	return find_field_of(input, names, kinds, false);
}

/* Parameters */

bool
ac_paging_takes_number(const AcParam *param)
{
	return param->shape->kind == AC_SHAPE_INTEGER ||
		   param->shape->kind == AC_SHAPE_NUMBER ||
		   param->shape->kind == AC_SHAPE_UNKNOWN ||
		   /* untyped descriptions call everything a string */
		   (param->shape->kind == AC_SHAPE_STRING &&
			param->shape->format == NULL && param->shape->n_enum == 0);
}

bool
ac_paging_takes_token(const AcParam *param)
{
	return param->shape->kind != AC_SHAPE_BOOLEAN &&
		   param->shape->kind != AC_SHAPE_ARRAY &&
		   param->shape->kind != AC_SHAPE_OBJECT &&
		   (param->shape->format == NULL ||
			strncmp(param->shape->format, "date", 4) != 0);
}

/* May an option name it?  With a colon behind it would be a header. */
static bool
is_query_name(const char *name)
{
	return strpbrk(name, "\r\n") == NULL && name[strlen(name) - 1] != ':';
}

/* The first query parameter by the list's order that the test accepts. */
const AcParam *
ac_paging_param(const AcEndpoint *endpoint, const char *const *names,
				bool (*test)(const AcParam *))
{
	int i;

	for (; *names != NULL; names++)
		for (i = 0; i < endpoint->n_params; i++)
		{
			const AcParam *param = &endpoint->params[i];

			if (param->place == AC_PARAM_QUERY && test(param) &&
				ac_names_is(param->name, *names) && is_query_name(param->name))
				return param;
		}
	return NULL;
}

const AcParam *
ac_paging_page_param(const AcEndpoint *endpoint)
{
	return ac_paging_param(endpoint, page_params, ac_paging_takes_number);
}

const AcParam *
ac_paging_token_param(const AcEndpoint *endpoint)
{
	return ac_paging_param(endpoint, cursor_params, ac_paging_takes_token);
}

const AcParam *
ac_paging_size_param(const AcEndpoint *endpoint)
{
	const AcParam *param = ac_paging_param(endpoint, size_params, ac_paging_takes_number);

	/* "count" and "results" of a string may be anything */
	if (param != NULL && param->shape->kind == AC_SHAPE_STRING &&
		(ac_names_equal(param->name, "count") ||
		 ac_names_equal(param->name, "max") ||
		 ac_names_equal(param->name, "results")))
		return NULL;
	return param;
}

bool
ac_paging_is_control_param(const AcParam *param)
{
	return ac_names_in(param->name, control_params);
}

/*
 * Names that also filter ("from", "start", "after", "count") count only
 * where a number or a token may stand and another parameter speaks of pages.
 */
bool
ac_paging_is_param(const AcEndpoint *endpoint, const AcParam *param)
{
	static const char *const ambiguous[] = {
		"from", "start", "after", "before", "first", "last", "count", "max",
		"top", "rows", "size", "p", "results", "take", "continue", NULL};

	if (param->place != AC_PARAM_QUERY)
		return false;
	if (ac_names_in(param->name, other_paging_params) ||
		ac_names_in(param->name, cursor_params))
	{
		if (!ac_paging_takes_token(param))
			return ac_names_in(param->name, other_paging_params) &&
				   !ac_names_in(param->name, ambiguous);
	}
	else if (!((ac_names_in(param->name, page_params) ||
				ac_names_in(param->name, offset_params) ||
				ac_names_in(param->name, size_params)) &&
			   ac_paging_takes_number(param)))
		return false;
	return !ac_names_in(param->name, ambiguous) ||
		   ac_paging_is_declared(endpoint);
}

bool
ac_paging_is_declared(const AcEndpoint *endpoint)
{
	return ac_paging_param(endpoint, page_params, ac_paging_takes_number) != NULL ||
		   ac_paging_param(endpoint, cursor_params, ac_paging_takes_token) != NULL ||
		   ac_paging_size_param(endpoint) != NULL;
}

/* Candidates */

/* Is there a field of that normalised name beside field? */
static bool
has_sibling(const AcPagingInput *input, const AcPagingField *field,
			const char *start)
{
	size_t parent = strrchr(field->pointer, '/') - field->pointer;
	int i;

	for (i = 0; i < input->n_fields; i++)
	{
		const AcPagingField *other = &input->fields[i];
		size_t above = strrchr(other->pointer, '/') - other->pointer;

		if (other != field && other->kind != AC_SHAPE_OBJECT &&
			above == parent &&
			strncmp(other->pointer, field->pointer, parent) == 0 &&
			strncmp(ac_names_normal(other->name), start, strlen(start)) == 0)
			return true;
	}
	return false;
}

/* Does the pointer pass through a key of that normalised name? */
static bool
lies_below(const AcPagingField *field, const char *key)
{
	AcPointer pointer;
	int i;

	if (!ac_pointer_parse(field->pointer, &pointer, NULL))
		return false;
	for (i = 0; i < pointer.count - 1; i++)
		if (ac_names_is(pointer.tokens[i], key))
			return true;
	return false;
}

/* Is this field's text the URL of the next page, rather than a token? */
static bool
is_next_url(const AcPagingInput *input, const AcPagingField *field)
{
	char *name = ac_names_normal(field->name);

	/* "_links": {"next": {"href": ...}}, "links": {"next": ...} */
	if (strcmp(name, "href") == 0 || strcmp(name, "url") == 0 ||
		(strcmp(name, "link") == 0 && field->is_url))
		return lies_below(field, "next") && !lies_below(field, "previous");
	if (!ac_names_in(field->name, next_url_fields))
		return false;
	if (field->is_url || strcmp(name, "hydranext") == 0)
		return true;
	if (input->n_rows >= 0)
		/* a page shows the value itself; null says nothing */
		return false;
	if (strstr(name, "url") != NULL || strstr(name, "uri") != NULL ||
		strstr(name, "link") != NULL || strstr(name, "href") != NULL ||
		lies_below(field, "links"))
		return true;
	return strcmp(name, "next") == 0 && has_sibling(input, field, "prev");
}

static AcPagingCandidate
next_url_candidate(const AcPagingInput *input)
{
	AcPagingCandidate c = {ac_paging_none(AC_PAGER_NEXT_URL), 0, NULL, false};
	int i;

	for (i = 0; i < input->n_fields; i++)
	{
		const AcPagingField *field = &input->fields[i];

		if ((KINDS_TEXT & (1 << field->kind)) == 0 ||
			!is_next_url(input, field))
			continue;
		c.paging.cursor_path = field->pointer;
		c.score = 5 + (field->is_url ? 1 : 0) +
				  (has_sibling(input, field, "prev") ? 1 : 0);
		c.why = "the answer has a field for the next URL";
		return c;
	}
	return c;
}

/* The field that holds the token for that parameter, NULL if none. */
static const AcPagingField *
token_field(const AcPagingInput *input, const char *param)
{
	const char *names[5];
	char *normal = ac_names_normal(param);
	const AcPagingField *field;
	int kinds = KINDS_TEXT;
	int i;

	/* "marker" is filled from next_marker, "next_marker" from itself */
	names[0] = psprintf("next%s", normal);
	names[1] = strncmp(normal, "page", 4) == 0 && normal[4] != '\0'
				   ? psprintf("next%s", normal + 4)
				   : names[0];
	names[2] = strncmp(normal, "next", 4) == 0 ? normal : names[0];
	names[3] = NULL;
	/* a pair of names like marker and next_marker says enough of a number */
	if (strcmp(normal, "page") != 0)
		kinds |= KINDS_NUMBER;
	field = ac_paging_field(input, names, kinds);
	if (field == NULL)
	{
		names[0] = normal;
		names[1] = NULL;
		/* an echo of what was sent stands where "next" is elsewhere */
		field = ac_paging_field(input, cursor_fields, KINDS_TEXT);
		if (field == NULL)
			field = ac_paging_field(input, names, KINDS_TEXT);
	}
	if (field == NULL || is_next_url(input, field))
		return NULL;
	/* paging.cursors.after, not paging.cursors.before */
	for (i = 0; i < 2; i++)
		if (lies_below(field, i == 0 ? "previous" : "prev"))
			return NULL;
	return field;
}

static AcPagingCandidate
cursor_candidate(const AcPagingInput *input)
{
	AcPagingCandidate c = {ac_paging_none(AC_PAGER_CURSOR), 0, NULL, false};
	const AcParam *param = ac_paging_param(input->endpoint, cursor_params,
										   ac_paging_takes_token);
	const AcPagingField *field;

	if (param == NULL)
		return c;
	field = token_field(input, param->name);
	if (field == NULL)
		return c;
	c.paging.cursor_param = param->name;
	c.paging.cursor_path = field->pointer;
	c.score = 7;
	c.why = "a parameter takes a token that the answer gives";
	return c;
}

static bool
mentions_link_header(const char *text)
{
	char *normal;

	if (text == NULL)
		return false;
	normal = ac_names_normal(text);
	return strstr(normal, "linkheader") != NULL ||
		   strstr(normal, "headerlink") != NULL;
}

static AcPagingCandidate
link_candidate(const AcPagingInput *input)
{
	AcPagingCandidate c = {ac_paging_none(AC_PAGER_LINK), 0, NULL, false};
	const AcEndpoint *endpoint = input->endpoint;
	int i;

	if (input->link_next)
	{
		c.score = 9;
		c.why = "the page had a Link header with rel=next";
		return c;
	}
	for (i = 0; i < endpoint->n_response_headers; i++)
		if (pg_strcasecmp(endpoint->response_headers[i], "Link") == 0)
		{
			c.score = 6;
			c.why = "the answer declares a Link header";
			return c;
		}
	if (mentions_link_header(endpoint->description) ||
		mentions_link_header(endpoint->summary))
	{
		c.score = 5;
		c.why = "the description speaks of the Link header";
	}
	return c;
}

/*
 * The field in which an answer says which page it is.  "number" does only
 * beside the number of all pages, as Spring writes it.
 */
static const AcPagingField *
own_number(const AcPagingInput *input)
{
	static const char *const names[] = {
		"page", "pagenumber", "currentpage", "pageindex", "pageno", NULL};
	static const char *const number[] = {"number", NULL};
	const AcPagingField *field = ac_paging_field(input, names, KIND(INTEGER));

	if (field != NULL)
		return field;
	field = ac_paging_field(input, number, KIND(INTEGER));
	return field != NULL && has_sibling(input, field, "totalpages") ? field
																	: NULL;
}

/*
 * Number of the first page: the declared minimum, else default, else what the
 * page that was asked for without a number calls itself.  Spring counts from
 * 0; where nothing says, it is 1 until a sample shows better.
 */
void
ac_paging_set_first(const AcPagingInput *input, const AcParam *param,
					AcPaging *paging)
{
	const AcPagingField *own = own_number(input);
	int first = ac_paging_number(param->shape->minimum);

	if (first < 0 || first > 1)
		first = ac_paging_number(param->shape->default_value);
	if (first < 0 || first > 1)
		first = own == NULL ? -1 : own->value >= 0					 ? (int) Min(own->value, 2)
							   : ac_names_equal(own->name, "number") ? 0
																	 : -1;
	paging->first_known = first == 0 || first == 1;
	paging->first_page = paging->first_known ? first : 1;
}

/* Integer fields that echo the page or count pages. */
static bool
has_page_fields(const AcPagingInput *input)
{
	static const char *const names[] = {
		"page", "pagenumber", "pages", "totalpages", "pagecount", "lastpage",
		"nextpage", "currentpage", "perpage", "pagesize", NULL};

	return ac_paging_field(input, names, KIND(INTEGER) | KIND(NUMBER)) != NULL;
}

static AcPagingCandidate
page_candidate(const AcPagingInput *input)
{
	AcPagingCandidate c = {ac_paging_none(AC_PAGER_PAGE), 0, NULL, false};
	const AcParam *param = ac_paging_param(input->endpoint, page_params,
										   ac_paging_takes_number);

	if (param == NULL)
		return c;
	/* a lone "p" may be anything */
	c.guess = strlen(param->name) == 1 &&
			  ac_paging_size_param(input->endpoint) == NULL;
	c.paging.page_param = param->name;
	ac_paging_set_first(input, param, &c.paging);
	c.score = 3 + (ac_paging_size_param(input->endpoint) != NULL ? 1 : 0) +
			  (has_page_fields(input) ? 1 : 0);
	c.why = "a parameter takes a page number";
	return c;
}

static AcPagingCandidate
offset_candidate(const AcPagingInput *input)
{
	static const char *const echoes[] = {
		"offset", "start", "startat", "skip", "startindex", NULL};
	AcPagingCandidate c = {ac_paging_none(AC_PAGER_OFFSET), 0, NULL, false};
	const AcParam *param = ac_paging_param(input->endpoint, offset_params,
										   ac_paging_takes_number);
	bool sized = ac_paging_size_param(input->endpoint) != NULL;

	if (param == NULL)
		return c;
	/* "from" and "start" may be moments: only numbers with a size skip rows */
	if (!ac_names_equal(param->name, "offset") &&
		!ac_names_equal(param->name, "skip") &&
		(!sized || param->shape->kind == AC_SHAPE_STRING))
	{
		if (param->shape->kind != AC_SHAPE_INTEGER)
			return c;
		c.guess = ac_names_is(param->name, "start") ||
				  ac_names_is(param->name, "from");
	}
	c.paging.page_param = param->name;
	c.score = 3 + (sized ? 1 : 0) +
			  (ac_paging_field(input, echoes, KIND(INTEGER)) != NULL ? 1 : 0);
	c.why = "a parameter takes a number of rows to skip";
	return c;
}

/*
 * A page that echoes parameters nobody declared: {"page": 1, "per_page": 20,
 * "total": 95}.  Believed only if the numbers agree with the page.
 */
static AcPagingCandidate
echo_candidate(const AcPagingInput *input)
{
	static const char *const pages[] = {"page", NULL};
	static const char *const offsets[] = {"offset", "skip", NULL};
	static const char *const sizes[] = {
		"perpage", "pagesize", "limit", "size", NULL};
	AcPagingCandidate c = {ac_paging_none(AC_PAGER_PAGE), 0, NULL, false};
	const AcPagingField *at = ac_paging_field(input, pages, KIND(INTEGER));
	const AcPagingField *size = ac_paging_field(input, sizes, KIND(INTEGER));

	/* Spring: {"number": 0, "size": 20, "totalPages": 5} */
	if (at == NULL)
		at = own_number(input);
	if (input->n_rows <= 0 || size == NULL || size->value != input->n_rows)
		return c;
	if (at != NULL && (at->value == 0 || at->value == 1))
	{
		c.paging.first_page = (int) at->value;
		c.paging.first_known = true;
	}
	else
	{
		at = ac_paging_field(input, offsets, KIND(INTEGER));
		if (at == NULL || at->value != 0)
			return c;
		c.paging.style = AC_PAGER_OFFSET;
	}
	c.paging.page_param = ac_names_equal(at->name, "number") ? "page" : at->name;
	c.paging.size_param = size->name;
	c.score = 2;
	c.why = "the page echoes parameters of paging";
	return c;
}

/* The number of all rows; "count" only beside links to other pages. */
static const char *
total_path(const AcPagingInput *input)
{
	static const char *const count[] = {"count", NULL};
	const AcPagingField *field = find_field_of(input, total_fields,
											   KINDS_NUMBER, true);

	/* {"_shards": {"total": 5}, "hits": {"total": 95, ...}} */
	if (field == NULL)
		field = ac_paging_field(input, total_fields, KINDS_NUMBER);
	if (field != NULL && field->kind == AC_SHAPE_UNKNOWN && field->is_null)
		field = NULL;
	if (field != NULL)
		return field->pointer;
	/* a text that is a number */
	field = find_field_of(input, total_fields, KIND(STRING), true);
	if (field != NULL && field->value >= 0)
		return field->pointer;
	field = ac_paging_field(input, count, KIND(INTEGER) | KIND(NUMBER));
	if (field != NULL && has_sibling(input, field, "next") &&
		has_sibling(input, field, "prev"))
		return field->pointer;
	return ac_paging_total_header(input);
}

/* The number of pages in all. */
static const char *
pages_path(const AcPagingInput *input)
{
	static const char *const names[] = {
		"totalpages", "pagecount", "numpages", "pagestotal", "lastpage",
		"pagetotal", "numberofpages", NULL};
	static const char *const beside[] = {"pages", NULL};
	const AcPagingField *field = find_field_of(input, names,
											   KIND(INTEGER), true);

	if (field == NULL)
		field = ac_paging_field(input, names, KIND(INTEGER));
	if (field == NULL)
	{
		field = ac_paging_field(input, beside, KIND(INTEGER));
		if (field != NULL && !has_sibling(input, field, "page") &&
			!has_sibling(input, field, "perpage"))
			field = NULL;
	}
	return field != NULL ? field->pointer : ac_paging_pages_header(input);
}

static void
note_evidence(const AcPagingInput *input, const AcPagingCandidate *candidates,
			  int n, int best)
{
	AcJson *paging;
	AcJson *rejected;
	int i;

	if (input->evidence == NULL)
		return;
	paging = ac_json_new_object();
	rejected = ac_json_new_object();
	if (best >= 0)
	{
		ac_json_set_string(paging, "style",
						   ac_pager_style_name(candidates[best].paging.style));
		ac_json_set(paging, "score", ac_json_new_int(candidates[best].score));
		ac_json_set_string(paging, "because", candidates[best].why);
	}
	for (i = 0; i < n; i++)
		if (i != best && candidates[i].score > 0)
			ac_json_set(rejected,
						ac_pager_style_name(candidates[i].paging.style),
						ac_json_new_int(candidates[i].score));
	ac_json_set(paging, "rejected", rejected);
	ac_json_set(input->evidence, "paging", paging);
}

/* ---- choosing ---- */

/* Candidates, in the order of who wins a draw. */
#define N_STYLES 11

static void
list_candidates(const AcPagingInput *input, AcPagingCandidate *candidates)
{
	int i;

	candidates[0] = cursor_candidate(input);
	candidates[1] = next_url_candidate(input);
	candidates[2] = link_candidate(input);
	candidates[3] = page_candidate(input);
	candidates[4] = offset_candidate(input);
	candidates[5] = echo_candidate(input);
	candidates[6] = ac_paging_header(input);
	candidates[7] = ac_paging_continue(input);
	candidates[8] = ac_paging_keyset(input);
	candidates[9] = ac_paging_range(input);
	candidates[10] = ac_paging_posted(input);
	for (i = 0; i < N_STYLES; i++)
		if (candidates[i].score > 0 && !candidates[i].guess &&
			ac_paging_is_usual(input, &candidates[i].paging))
			candidates[i].score = Min(candidates[i].score + 2, 10);
}

/* What is known of the paging beside what leads on. */
static void
complete(const AcPagingInput *input, const AcPagingCandidate *numbers,
		 AcPaging *paging)
{
	const AcParam *size = ac_paging_size_param(input->endpoint);
	const AcPagingField *more = ac_paging_field(input, more_fields,
												KIND(BOOLEAN));

	if (paging->style == AC_PAGER_LINK && numbers->score > 0 &&
		!numbers->guess &&
		(numbers->paging.first_known || !input->link_next))
	{
		/*
		 * Links may come only where the first page is asked for by number.
		 * Where they came without, a number that may be another page's is not
		 * sent.
		 */
		paging->page_param = numbers->paging.page_param;
		paging->first_page = numbers->paging.first_page;
		paging->first_known = numbers->paging.first_known;
	}
	if (size != NULL)
	{
		paging->size_param = size->name;
		paging->page_size = ac_paging_page_size(size);
	}
	paging->total_path = total_path(input);
	if (paging->style == AC_PAGER_PAGE)
		paging->pages_path = pages_path(input);
	if (more != NULL)
		paging->more_path = more->pointer;
	paging->depth_limit = ac_paging_depth(input, paging);
	if (paging->depth_limit > 0)
		ac_paging_window(input, paging);
}

AcPaging
ac_paging_choose(const AcPagingInput *input, int *score)
{
	AcPagingCandidate candidates[N_STYLES];
	AcPaging paging = ac_paging_none(AC_PAGER_AUTO);
	int best = -1;
	int i;

	list_candidates(input, candidates);
	for (i = 0; i < N_STYLES; i++)
		if (candidates[i].score > 0 && !candidates[i].guess &&
			(best < 0 || candidates[i].score > candidates[best].score))
			best = i;
	*score = best < 0 ? 0 : candidates[best].score;
	if (best >= 0)
		paging = candidates[best].paging;
	complete(input, &candidates[3], &paging);
	note_evidence(input, candidates, N_STYLES, best);
	return paging;
}

/* The best first; of equal ones those that were there before. */
static void
sort_candidates(AcPagingCandidate *candidates, int n)
{
	int i;

	for (i = 1; i < n; i++)
	{
		AcPagingCandidate one = candidates[i];
		int k;

		for (k = i; k > 0 && candidates[k - 1].score < one.score; k--)
			candidates[k] = candidates[k - 1];
		candidates[k] = one;
	}
}

int
ac_paging_candidates(const AcPagingInput *input, AcPagingCandidate *candidates)
{
	AcPagingCandidate all[N_STYLES];
	int n = 0;
	int i;

	list_candidates(input, all);
	for (i = 0; i < N_STYLES; i++)
		if (all[i].score > 0)
			candidates[n++] = all[i];
	n = ac_paging_guess(input, candidates, n);
	for (i = 0; i < n; i++)
	{
		const char *size = candidates[i].paging.size_param;

		complete(input, &all[3], &candidates[i].paging);
		if (candidates[i].paging.size_param == NULL)
			candidates[i].paging.size_param = size;
	}
	sort_candidates(candidates, n);
	return n;
}
