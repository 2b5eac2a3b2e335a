/*
 * paging_row.c
 *		Is a collection led on by its last row, by an object, or by headers?
 *
 * The styles that a token or a number in the body does not tell of.  "since"
 * is a filter nearly everywhere: what takes the last row's value is believed
 * where its name or its description says so, and else only a guess.
 */
#include "ac.h"

#include "api/keys.h"
#include "api/paging_int.h"
#include "core/pointer.h"

/* Parameters that take the key of the last row, and nothing else. */
static const char *const last_row_params[] = {
	"startingafter", "startafter", "afterid", "lastid", "lastseenid",
	"idafter", "pageafter", "idgt", "idgreaterthan", "exclusivestartid", NULL};

/* Those that do, or filter: only what is said of them tells. */
static const char *const perhaps_params[] = {
	"sinceid", "since", "last", "after", "fromid", "lastkey", "startkey",
	"maxid", "beforeid", NULL};

static AcPagingCandidate
no_candidate(AcPagerStyle style)
{
	AcPagingCandidate none = {ac_paging_none(style), 0, NULL, false};

	return none;
}

/* ---- keys of rows ---- */

/* May the column's value stand in a parameter? */
static bool
is_value(const AcColumnPlan *column)
{
	return column->json_path != NULL && column->decode == NULL &&
		   !column->of_parent && strcmp(column->type, "jsonb") != 0 &&
		   strcmp(column->type, "boolean") != 0 &&
		   strchr(column->type, '[') == NULL;
}

/* Where a row has what tells it from others: its key by name; or NULL. */
static const char *
key_path(const AcPagingInput *input)
{
	char *entity = ac_keys_entity(input->endpoint->path);
	const char *best = NULL;
	int best_rank = PG_INT32_MAX;
	int i;

	/* rows that are texts */
	if (input->n_columns == 1 && is_value(&input->columns[0]) &&
		input->columns[0].json_path[0] == '\0')
		return "";
	for (i = 0; i < input->n_columns; i++)
	{
		const AcColumnPlan *column = &input->columns[i];
		int rank = is_value(column) && column->json_path[0] == '/'
					   ? ac_keys_name_rank(column->name, entity)
					   : -1;

		if (rank >= 0 && rank < best_rank)
		{
			best = column->json_path;
			best_rank = rank;
		}
	}
	return best;
}

/* Does the text speak of the last row that was seen? */
static bool
speaks_of_last(const char *text)
{
	static const char *const words[] = {
		"lastid", "lastobject", "lastitem", "lastrecord", "lastrow",
		"lastelement", "lastresult", "lastentry", "idafterwhich",
		"greaterthanthisid", "withanidgreaterthan", "idgreaterthan",
		"previouspage", "ofthelast", "lastuserthatyou", "lastseen", NULL};
	char *normal;
	int i;

	if (text == NULL)
		return false;
	normal = ac_names_normal(text);
	for (i = 0; words[i] != NULL; i++)
		if (strstr(normal, words[i]) != NULL)
			return true;
	return false;
}

static bool
is_said_last(const AcParam *param)
{
	return speaks_of_last(param->description) ||
		   speaks_of_last(param->shape->description);
}

/* The search engines' way: the sort values of the last hit, in a body. */
static AcPagingCandidate
search_after(const AcPagingInput *input)
{
	AcPagingCandidate c = no_candidate(AC_PAGER_KEYSET);
	const AcShape *body = input->endpoint->request;
	bool takes = false;
	int i;

	for (i = 0; body != NULL && i < body->n_properties; i++)
		takes = takes || strcmp(body->properties[i].name, "search_after") == 0;
	for (i = 0; takes && i < input->n_columns; i++)
	{
		if (input->columns[i].json_path == NULL ||
			strcmp(input->columns[i].json_path, "/sort") != 0)
			continue;
		c.paging.cursor_param = "/search_after";
		c.paging.cursor_path = "/sort";
		c.score = 7;
		c.why = "the body takes the values that the last row is sorted by";
	}
	return c;
}

AcPagingCandidate
ac_paging_keyset(const AcPagingInput *input)
{
	static const char *const more[] = {"hasmore", "hasnext", NULL};
	AcPagingCandidate c = search_after(input);
	const AcParam *param = ac_paging_param(input->endpoint, last_row_params,
										   ac_paging_takes_token);
	bool sure = param != NULL;

	if (c.score > 0)
		return c;
	if (!sure)
		param = ac_paging_param(input->endpoint, perhaps_params,
								ac_paging_takes_token);
	if (param == NULL || (c.paging.cursor_path = key_path(input)) == NULL)
		return c;
	c.paging.cursor_param = param->name;
	c.why = "a parameter takes the key of the last row";
	c.score = (sure ? 4 : 2) + (is_said_last(param) ? 2 : 0) +
			  (ac_paging_field(input, more, KIND(BOOLEAN)) != NULL ? 1 : 0);
	c.guess = c.score < 4;
	return c;
}

/* ---- objects that hold parameters ---- */

AcPagingCandidate
ac_paging_continue(const AcPagingInput *input)
{
	static const char *const names[] = {
		"continue", "continuation", "querycontinue", "nextparams",
		"nextpageparams", "nextpageparameters", "nextrequest", NULL};
	AcPagingCandidate c = no_candidate(AC_PAGER_CONTINUE);
	const AcPagingField *field = ac_paging_field(input, names,
												 KIND(OBJECT) | KIND(MAP));

	if (field == NULL)
	{
		/* {"query-continue": {"allpages": {"apcontinue": ...}}} */
		for (int i = 0; i < input->n_fields && field == NULL; i++)
		{
			const AcPagingField *inner = &input->fields[i];
			char *above = pnstrdup(inner->pointer,
								   strrchr(inner->pointer, '/') - inner->pointer);

			if (inner->kind == AC_SHAPE_OBJECT && above[0] == '/' &&
				ac_names_is(above, "querycontinue"))
				field = inner;
		}
	}
	if (field == NULL)
		return c;
	c.paging.cursor_path = field->pointer;
	/* more than the one parameter that a token is for */
	c.score = field->value > 1 ? 8 : 7;
	c.why = "an object in the answer names the parameters of the next request";
	return c;
}

/* ---- arrays that are tokens ---- */

/* The member of a body that takes what the answer has under that name. */
static char *
body_member(const AcShape *body, const char *above, const char *name, int depth)
{
	char *found = NULL;
	int i;

	for (i = 0; found == NULL && body != NULL && i < body->n_properties; i++)
	{
		const AcProperty *property = &body->properties[i];
		char *pointer = ac_pointer_child(above, property->name);

		if (property->shape->kind == AC_SHAPE_ARRAY &&
			ac_names_equal(property->name, name))
			found = pointer;
		else if (depth > 1)
			found = body_member(property->shape, pointer, name, depth - 1);
	}
	return found;
}

AcPagingCandidate
ac_paging_posted(const AcPagingInput *input)
{
	AcPagingCandidate c = no_candidate(AC_PAGER_CURSOR);
	int i;

	for (i = 0; i < input->n_fields; i++)
	{
		const AcPagingField *field = &input->fields[i];
		const char *name = field->name;
		char *member;

		if (field->kind != AC_SHAPE_ARRAY)
			continue;
		if (pg_strncasecmp(name, "next", 4) == 0)
			name += 4 + strspn(name + 4, "_-");
		member = body_member(input->endpoint->request, "", name, 2);
		if (member == NULL)
			continue;
		c.paging.cursor_path = field->pointer;
		c.paging.cursor_param = member;
		c.score = 7;
		c.why = "the body takes a token that the answer gives";
		return c;
	}
	return c;
}

/* ---- Range ---- */

/* The unit of a Content-Range of rows, "" where it has none; NULL if none. */
static const char *
range_unit(const AcPagingInput *input)
{
	const char *range = input->headers != NULL
							? ac_header_get(input->headers, "Content-Range")
							: NULL;
	size_t len;

	if (range == NULL || strchr(range, '/') == NULL ||
		pg_strncasecmp(range, "bytes", 5) == 0)
		return NULL;
	len = strspn(range, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-");
	return range[len] == ' ' && len <= 20 ? pnstrdup(range, len) : "";
}

static bool
declares_header(const AcEndpoint *endpoint, const char *name)
{
	int i;

	for (i = 0; i < endpoint->n_response_headers; i++)
		if (pg_strcasecmp(endpoint->response_headers[i], name) == 0)
			return true;
	return false;
}

/* The header that requests take by that name, of whatever case; or NULL. */
static const AcParam *
header_param(const AcEndpoint *endpoint, const char *name)
{
	int i;

	for (i = 0; i < endpoint->n_params; i++)
		if (endpoint->params[i].place == AC_PARAM_HEADER &&
			pg_strcasecmp(endpoint->params[i].name, name) == 0)
			return &endpoint->params[i];
	return NULL;
}

AcPagingCandidate
ac_paging_range(const AcPagingInput *input)
{
	const AcEndpoint *endpoint = input->endpoint;
	AcPagingCandidate c = no_candidate(AC_PAGER_RANGE);
	const char *unit = range_unit(input);
	const AcParam *range = header_param(endpoint, "Range");
	bool told = unit != NULL || declares_header(endpoint, "Content-Range");

	if (!told || (range == NULL && unit == NULL))
		return c;
	if (unit != NULL && unit[0] != '\0' && strcmp(unit, "items") != 0)
		c.paging.page_param = unit;
	c.score = 3 + (range != NULL ? 1 : 0) + (input->status == 206 ? 1 : 0);
	c.why = range != NULL ? "requests take a Range of rows"
						  : "the answer tells which range of rows it has";
	return c;
}

/* ---- headers ---- */

/*
 * Is the name one that headers have?  Others, which are the same without
 * separators, could not be named in an option.
 */
static bool
is_header_name(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

/*
 * The answer's header, "Name:", whose name is in the list: of a page only one
 * with a value.
 */
static const char *
answer_header(const AcPagingInput *input, const char *const *names)
{
	const AcEndpoint *endpoint = input->endpoint;
	const AcHeaderField *field;
	int pos = 0;
	int i;

	if (input->headers != NULL)
	{
		while ((field = ac_header_next(input->headers, NULL, &pos)) != NULL)
			if (ac_names_in(field->name, names) &&
				is_header_name(field->name) && field->value[0] != '\0')
				return psprintf("%s:", field->name);
		return NULL;
	}
	for (i = 0; i < endpoint->n_response_headers; i++)
		if (ac_names_in(endpoint->response_headers[i], names) &&
			is_header_name(endpoint->response_headers[i]))
			return psprintf("%s:", endpoint->response_headers[i]);
	return NULL;
}

static char *
without_colon(const char *header)
{
	return pnstrdup(header, strlen(header) - 1);
}

const char *
ac_paging_total_header(const AcPagingInput *input)
{
	static const char *const names[] = {
		"xtotalcount", "xtotal", "xwptotal", "xpaginationtotalcount",
		"xpaginationtotal", "totalcount", "xtotalresults", "xtotalelements",
		"xtotalitems", "xtotalrecords", "xcount", "xresulttotal",
		"paginationcount", "totalrecords", "totalobjects", NULL};
	const char *header = answer_header(input, names);

	/* some count by words: "95 rows" */
	if (header != NULL && input->headers != NULL &&
		ac_paging_number(ac_header_get(input->headers, without_colon(header))) < 0)
		return NULL;
	return header;
}

const char *
ac_paging_pages_header(const AcPagingInput *input)
{
	static const char *const names[] = {
		"xtotalpages", "xwptotalpages", "xpaginationpagecount",
		"xpaginationtotalpages", "xpagecount", "totalpages", "xpages",
		"paginationpagecount", NULL};

	return answer_header(input, names);
}

static const char *const token_headers[] = {
	"xnextcursor", "nextcursor", "xcursornext", "xnextpagetoken",
	"nextpagetoken", "xnexttoken", "nexttoken", "xcontinuationtoken",
	"continuationtoken", "xmscontinuation", "xmscontinuationtoken",
	"xpaginationnextcursor", "xpaginationcursor", "xnextmarker", "nextmarker",
	"nextrange", "xcursor", "xscrollid", NULL};

static const char *const number_headers[] = {
	"xnextpage", "xpaginationnextpage", "xnextpagenumber", NULL};
static const char *const url_headers[] = {
	"nextpage", "xnextpage", "xpaginationnextpage", "nextpageurl",
	"xnextpageurl", "nexturl", "xnexturl", "nextlink", "xnextlink", "xnext",
	"xpaginationnext", NULL};

/* The request's header that the answer's is to be sent in; or NULL. */
static const char *
header_for(const AcPagingInput *input, const char *header)
{
	static const char *const names[] = {
		"xcursor", "cursor", "xpagetoken", "xcontinuationtoken", "xmarker",
		"xnextcursor", NULL};
	const AcEndpoint *endpoint = input->endpoint;
	const AcParam *same = header_param(endpoint, without_colon(header));
	int i;

	/* Heroku: Next-Range is the next Range */
	if (ac_names_is(header, "nextrange"))
		return "Range:";
	if (same != NULL)
		return psprintf("%s:", same->name);
	for (i = 0; i < endpoint->n_params; i++)
		if (endpoint->params[i].place == AC_PARAM_HEADER &&
			ac_names_in(endpoint->params[i].name, names) &&
			is_header_name(endpoint->params[i].name))
			return psprintf("%s:", endpoint->params[i].name);
	/* Azure's databases take it under its own name, whether they say so or not */
	return pg_strncasecmp(header, "x-ms-", 5) == 0 ? header : NULL;
}

/* A parameter for the token, by the header's name: X-Next-Cursor, cursor. */
static const char *
guessed_param(const char *header)
{
	char *normal = ac_names_normal(header);

	if (strstr(normal, "pagetoken") != NULL)
		return "page_token";
	if (strstr(normal, "continuation") != NULL)
		return "continuationToken";
	if (strstr(normal, "marker") != NULL)
		return "marker";
	if (strstr(normal, "scroll") != NULL)
		return "scroll_id";
	return strstr(normal, "token") != NULL ? "next_token" : "cursor";
}

static AcPagingCandidate
number_in_header(const AcPagingInput *input, const char *header)
{
	AcPagingCandidate c = no_candidate(AC_PAGER_PAGE);
	const AcParam *param = ac_paging_page_param(input->endpoint);

	c.paging.cursor_path = header;
	c.paging.page_param = param != NULL ? param->name : "page";
	c.paging.first_page = 1;
	if (param != NULL)
		ac_paging_set_first(input, param, &c.paging);
	c.score = param != NULL ? 6 : 3;
	c.guess = param == NULL;
	c.why = "a header of the answer has the number of the next page";
	return c;
}

/* The header of a page whose value is the next one's URL; or NULL. */
static const char *
url_header(const AcPagingInput *input)
{
	const char *header = input->headers != NULL ? answer_header(input, url_headers)
												: NULL;
	const char *value = header != NULL
							? ac_header_get(input->headers, without_colon(header))
							: NULL;

	return value != NULL && (strstr(value, "://") != NULL ||
							 value[0] == '/' || value[0] == '?')
			   ? header
			   : NULL;
}

static AcPagingCandidate
url_in_header(const char *header)
{
	AcPagingCandidate c = no_candidate(AC_PAGER_NEXT_URL);

	c.paging.cursor_path = header;
	c.score = 8;
	c.why = "a header of the answer has the next URL";
	return c;
}

AcPagingCandidate
ac_paging_header(const AcPagingInput *input)
{
	AcPagingCandidate c = no_candidate(AC_PAGER_CURSOR);
	const AcParam *param = ac_paging_token_param(input->endpoint);
	const char *header = url_header(input);

	if (header != NULL)
		return url_in_header(header);
	header = answer_header(input, number_headers);
	if (header != NULL)
		return number_in_header(input, header);
	header = answer_header(input, token_headers);
	if (header == NULL)
		return c;
	c.paging.cursor_path = header;
	c.paging.cursor_param = param != NULL ? param->name
										  : header_for(input, header);
	c.score = 7;
	c.why = "a header of the answer has a token that requests take";
	if (c.paging.cursor_param == NULL)
	{
		c.paging.cursor_param = guessed_param(header);
		c.score = 3;
		c.guess = true;
	}
	return c;
}
