/*
 * pagefacts.c
 *		What does a page say about itself and about the next one?
 *
 * See pagefacts.h.  The usual names of fields (pagewords.c) only count where
 * the table's options leave the pagination open, because a guess must not
 * overrule a description.
 */
#include "ac.h"

#include "api/errorbody.h"
#include "core/hash.h"
#include "core/json.h"
#include "net/pageerror.h"
#include "net/pagefacts.h"
#include "net/pagewords.h"
#include "policy/outcome.h"

/*
 * An object in place of rows is looked at for an error up to this size.
 * Errors are short; a tree of a larger object would take a dozen times its
 * memory, and no interrupt ends its making.
 */
#define AC_PAGEFACTS_ERROR_BYTES (256 * 1024)

static void
add_pointers(AcPageFields *fields, const char *const *pointers, int n)
{
	for (int i = 0; i < n; i++)
		fields->pointers[fields->n_pointers++] = pointers[i];
}

static bool
is_header(const char *place)
{
	return place != NULL && ac_page_place(place) == AC_PLACE_HEADER;
}

/*
 * The named pointer if there is one, else the usual ones where allowed.  The
 * pointer that KEYSET names leads into rows.
 */
static void
add_choice(AcPageFields *fields, const char *const *named, bool guess,
		   const AcPageWords *usual)
{
	if (is_header(*named))
		return;
	if (*named != NULL)
		add_pointers(fields, named, 1);
	else if (guess)
		add_pointers(fields, usual->pointers, usual->n);
}

AcPageFields *
ac_pagefacts_fields(const AcPaging *paging)
{
	AcPageFields *fields = palloc0(sizeof(AcPageFields));
	bool guess = paging->style == AC_PAGER_AUTO;

	fields->paging = paging;
	fields->pointers = palloc(sizeof(char *) *
							  (4 + ac_pagewords_next.n + ac_pagewords_total.n +
							   ac_pagewords_pages.n + ac_pagewords_more.n +
							   ac_pagewords_truncated.n + AC_PAGEERROR_PLACES));
	if (paging->style != AC_PAGER_KEYSET)
		add_choice(fields, &paging->cursor_path, guess, &ac_pagewords_next);
	fields->next_end = fields->n_pointers;
	add_choice(fields, &paging->total_path, guess, &ac_pagewords_total);
	fields->total_end = fields->n_pointers;
	add_choice(fields, &paging->pages_path, guess, &ac_pagewords_pages);
	fields->pages_end = fields->n_pointers;
	add_choice(fields, &paging->more_path, guess, &ac_pagewords_more);
	fields->more_end = fields->n_pointers;
	add_pointers(fields, ac_pagewords_truncated.pointers,
				 ac_pagewords_truncated.n);
	fields->truncated_end = fields->n_pointers;
	add_pointers(fields, ac_pageerror_places, AC_PAGEERROR_PLACES);
	fields->error_end = fields->n_pointers;
	return fields;
}

static bool
is_too_long(const AcField *field)
{
	switch (field->kind)
	{
		case AC_FIELD_STRING:
		case AC_FIELD_NUMBER:
			return field->len > AC_PAGEFACTS_TEXT_BYTES;
		case AC_FIELD_OBJECT:
		case AC_FIELD_ARRAY:
			return field->len > AC_PAGEFACTS_TOKEN_BYTES;
		default:
			return false;
	}
}

/* Text of a string or number, NULL for anything else and for "". */
static char *
field_text(const AcField *field)
{
	StringInfoData text;

	if ((field->kind != AC_FIELD_STRING && field->kind != AC_FIELD_NUMBER) ||
		is_too_long(field))
		return NULL;
	initStringInfo(&text);
	if (!ac_field_decode(field, &text, NULL) || text.len == 0)
		return NULL;
	return text.data;
}

static AcPageValue
field_value(const AcField *field)
{
	switch (field->kind)
	{
		case AC_FIELD_NUMBER:
			return AC_PAGE_NUMBER;
		case AC_FIELD_OBJECT:
		case AC_FIELD_ARRAY:
			return AC_PAGE_JSON;
		default:
			return AC_PAGE_TEXT;
	}
}

/* The same; of what is no scalar its JSON text, unless that is empty. */
static char *
token_text(const AcField *field)
{
	if (field_value(field) != AC_PAGE_JSON)
		return field_text(field);
	if (is_too_long(field) ||
		strspn(field->text + 1, " \t\r\n") >= field->len - 2)
		return NULL;
	return pnstrdup(field->text, field->len);
}

/*
 * 1 for true, 0 for false, as JSON, text or number; -1 for anything else.
 */
static int
field_truth(const AcField *field)
{
	static const char *const yes[] = {"true", "yes", "1"};
	static const char *const no[] = {"false", "no", "0"};
	const char *text;

	if (field->kind == AC_FIELD_TRUE)
		return 1;
	if (field->kind == AC_FIELD_FALSE)
		return 0;
	text = field_text(field);
	for (int i = 0; text != NULL && i < (int) lengthof(yes); i++)
	{
		if (pg_strcasecmp(text, yes[i]) == 0)
			return 1;
		if (pg_strcasecmp(text, no[i]) == 0)
			return 0;
	}
	return -1;
}

/*
 * Does a member that should name the next page say that there is one, in a
 * way that cannot be followed: true, something that is too long, no text though
 * a string (\u0000), or an object with what is not looked for there?
 */
static bool
tells_of_next(const AcField *field, bool named)
{
	static const char *const ways[] = {
		"href", "url", "uri", "link", "cursor", "token", "after", "page", "offset"};
	AcJson *doc = NULL;
	bool told = false;

	if (field->kind == AC_FIELD_TRUE)
		return true;
	if (is_too_long(field))
		return named || field->kind != AC_FIELD_ARRAY;
	if (field->kind == AC_FIELD_STRING)
		return field->len > 0 && field_text(field) == NULL;
	if (field->kind != AC_FIELD_OBJECT ||
		!ac_json_parse(field->text, field->len, AC_JSON_MAX_DEPTH, &doc, NULL))
		return false;
	for (int i = 0; i < (int) lengthof(ways); i++)
	{
		const AcJson *way = ac_json_get(doc, ways[i]);
		const char *text = ac_json_get_string(doc, ways[i]);

		told = told || ac_json_kind(way) == AC_JSON_INT ||
			   (text != NULL && *text != '\0');
	}
	ac_json_free(doc);
	return told;
}

void
ac_pagefacts_members(const AcJson *object, AcPageFacts *facts)
{
	AcPageParam *members = palloc((AC_PAGER_MEMBERS + 1) * sizeof(AcPageParam));
	AcJsonIter it;

	ac_json_iter_init(&it, object);
	while (facts->n_members <= AC_PAGER_MEMBERS && ac_json_iter_next(&it))
	{
		AcPageParam *member = &members[facts->n_members];
		AcJsonKind kind = ac_json_kind(it.value);

		if (kind == AC_JSON_NULL)
			continue;
		member->name = pstrdup(it.key);
		member->told = true;
		member->kind = kind == AC_JSON_STRING ? AC_PAGE_TEXT
					   : kind == AC_JSON_INT ||
							   kind == AC_JSON_DOUBLE
						   ? AC_PAGE_NUMBER
						   : AC_PAGE_JSON;
		member->value = kind == AC_JSON_STRING
							? pstrdup(ac_json_string(it.value, NULL))
							: ac_json_to_text(it.value);
		facts->n_members++;
	}
	facts->members = members;
}

/* The members of an object that leads on, as parameters. */
static void
gather_members(const AcField *field, AcPageFacts *facts)
{
	AcJson *doc;

	if (field->kind != AC_FIELD_OBJECT || is_too_long(field) ||
		!ac_json_parse(field->text, field->len, AC_JSON_MAX_DEPTH, &doc, NULL))
		return;
	ac_pagefacts_members(doc, facts);
	ac_json_free(doc);
}

/* What leads on, where the options say that it stands in the body. */
static void
gather_next(const AcPageFields *fields, const AcRowScan *scan,
			AcPageFacts *facts)
{
	bool named = fields->paging->style == AC_PAGER_CURSOR;

	for (int i = 0; i < fields->next_end && facts->next == NULL; i++)
	{
		const AcField *field = &scan->envelope[i];

		if (fields->paging->style == AC_PAGER_CONTINUE)
			gather_members(field, facts);
		else
			facts->next = named ? token_text(field) : field_text(field);
		facts->next_kind = field_value(field);
	}
}

static void
gather_envelope(const AcPageFields *fields, const AcRowScan *scan,
				AcPageFacts *facts)
{
	int i = fields->next_end;

	gather_next(fields, scan, facts);
	for (; i < fields->total_end; i++)
		if (facts->total < 0)
			facts->total = ac_pagewords_count(field_text(&scan->envelope[i]));
	for (; i < fields->pages_end; i++)
		if (facts->pages <= 0)
			facts->pages = ac_pagewords_count(field_text(&scan->envelope[i]));
	for (; i < fields->more_end; i++)
		if (facts->more < 0)
			facts->more = field_truth(&scan->envelope[i]);
	for (; i < fields->truncated_end; i++)
		if (field_truth(&scan->envelope[i]) == 1)
			facts->truncated = true;
	for (i = 0; i < fields->next_end && facts->next == NULL; i++)
		if (facts->more < 0 && facts->n_members == 0 &&
			tells_of_next(&scan->envelope[i],
						  fields->paging->cursor_path != NULL))
			facts->more = 1;
}

/* A header that the options name with a colon behind it, NULL if none. */
static const char *
named_header(const AcHeaders *headers, const char *place)
{
	const char *value;
	char *name;

	if (!is_header(place))
		return NULL;
	name = pnstrdup(place, strlen(place) - 1);
	value = ac_header_get(headers, name);
	pfree(name);
	return value != NULL && *value != '\0' ? value : NULL;
}

/* The first of several headers that has a count, -1 if none has. */
static int64
header_count(const AcHeaders *headers, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
	{
		int64 count = ac_pagewords_count(ac_header_get(headers, names[i]));

		if (count >= 0)
			return count;
	}
	return -1;
}

/*
 * The number of rows in a Content-Range of rows, "items 0-24/319" (RFC 9110
 * 14.4) or "0-24/319", as PostgREST writes it; -1 if it has none.
 */
static int64
range_total(const AcHeaders *headers, int64 *from)
{
	const char *range = ac_header_get(headers, "Content-Range");
	const char *slash = range != NULL ? strchr(range, '/') : NULL;

	*from = -1;
	if (slash == NULL || pg_strncasecmp(range, "bytes", 5) == 0)
		return -1;
	range += strcspn(range, "0123456789*/");
	if (*range >= '0' && *range <= '9')
		*from = strtoll(range, NULL, 10);
	return ac_pagewords_count(slash + 1);
}

/* A token for the next page where APIs put it in a header; NULL: none. */
static const char *
usual_next_header(const AcHeaders *headers)
{
	static const char *const names[] = {
		"X-Next-Cursor", "Next-Cursor", "X-Next-Page-Token", "X-Next-Token",
		"X-Continuation-Token", "X-MS-Continuation", "X-Next-Page", "Next-Page"};

	for (int i = 0; i < (int) lengthof(names); i++)
	{
		const char *value = ac_header_get(headers, names[i]);

		if (value != NULL && *value != '\0')
			return value;
	}
	return NULL;
}

/* Numbers of rows and pages in all, and what else the options find here. */
static void
gather_counts(const AcPaging *paging, const AcHeaders *headers,
			  AcPageFacts *facts)
{
	static const char *const totals[] = {
		"X-Total-Count", "X-Total", "X-WP-Total", "X-Pagination-Total-Count"};
	static const char *const pages[] = {
		"X-Total-Pages", "X-WP-TotalPages", "X-Pagination-Page-Count",
		"X-Page-Count", "Total-Pages"};
	int64 total = range_total(headers, &facts->range_from);
	const char *more = named_header(headers, paging->more_path);

	facts->total = ac_pagewords_count(named_header(headers, paging->total_path));
	if (facts->total < 0)
		facts->total = header_count(headers, totals, lengthof(totals));
	if (facts->total < 0)
		facts->total = total;
	facts->pages = ac_pagewords_count(named_header(headers, paging->pages_path));
	if (facts->pages < 0)
		facts->pages = header_count(headers, pages, lengthof(pages));
	if (more != NULL)
		facts->more = pg_strcasecmp(more, "true") == 0 || strcmp(more, "1") == 0;
	facts->next = named_header(headers, paging->cursor_path);
	if (paging->style == AC_PAGER_AUTO && facts->next == NULL)
		facts->next = usual_next_header(headers);
}

void
ac_pagefacts_headers(const AcPaging *paging, const AcHeaders *headers,
					 AcPageFacts *facts)
{
	static const char *const rels[] = {"first", "prev", "previous", "last"};
	AcLinkList list;
	const AcLink *next;

	ac_header_links(headers, &list);
	next = ac_header_link_rel(&list, "next");
	/* An empty reference is the page itself: nothing follows. */
	if (next != NULL && next->target[0] != '\0')
		facts->link_next = next->target;
	facts->link_seen = next != NULL;
	for (int i = 0; i < (int) lengthof(rels); i++)
		if (ac_header_link_rel(&list, rels[i]) != NULL)
			facts->link_seen = true;
	gather_counts(paging, headers, facts);
}

void
ac_pagefacts_gather(const AcPageFields *fields, const AcRowScan *scan,
					const AcHeaders *headers, AcPageFacts *facts)
{
	memset(facts, 0, sizeof(*facts));
	facts->more = -1;
	facts->total = -1;
	facts->rows = (int64) scan->page_rows;
	if (scan->page_rows > 0)
		facts->rows_hash = ac_rowscan_hash(scan);
	if (headers != NULL)
		ac_pagefacts_headers(fields->paging, headers, facts);
	/* The members of a row that is the whole body are no envelope. */
	if (scan->rows.kind != AC_FIELD_OBJECT ||
		scan->plan->form == AC_ROWS_MAP ||
		(scan->plan->form == AC_ROWS_LISTS && !scan->plan->rows_are_body))
		gather_envelope(fields, scan, facts);
}

/* ---- single rows ---- */

bool
ac_pagefacts_plan_rows(AcPageFields *fields, const AcRowSource *source,
					   AcError *err)
{
	const AcPaging *paging = fields->paging;
	AcRowSource pages = *source;
	AcPointers none = {NULL, 0};
	AcPointers row = {NULL, 0};
	const char *pointer = paging->style == AC_PAGER_KEYSET ? paging->cursor_path
						  : paging->depth_limit > 0		   ? paging->window_path
														   : NULL;

	/* pages are made of the rows that nested ones stand in */
	pages.nested_path = NULL;
	if (pointer != NULL)
		row = (AcPointers){&pointer, 1};
	fields->probe_always = pointer != NULL;
	fields->probe = ac_rowplan_create(&pages, row, NULL, none, err);
	return fields->probe != NULL;
}

/* The key of one more row, after n others. */
static void
note_key(const AcField *field, int64 n, AcPageFacts *facts)
{
	char *text = token_text(field);
	bool same = n > 0 && text != NULL && facts->last.text != NULL &&
				strcmp(text, facts->last.text) == 0;

	if (!same)
	{
		facts->last.times = 0;
		facts->last.text = text;
		facts->last.kind = field_value(field);
	}
	facts->last.times++;
	facts->ties = facts->ties || same;
	if (n == 0 || (same && facts->first.times == n))
		facts->first = facts->last;
}

bool
ac_pagefacts_look_at_rows(const AcPageFields *fields, AcSlice body,
						  const AcRowLimits *limits, AcPageFacts *facts,
						  AcError *err)
{
	const AcPaging *paging = fields->paging;
	AcRowScan scan;
	AcField field = {0};
	uint64 *hashes;
	int64 *values;
	int64 i = 0;
	AcRowNext next;

	if (!ac_rowscan_begin(&scan, fields->probe, body, limits, err))
		return false;
	hashes = palloc(sizeof(uint64) * (size_t) Max(facts->rows, 1));
	values = palloc(sizeof(int64) * (size_t) Max(facts->rows, 1));
	while ((next = ac_rowscan_next(&scan, &field, err)) == AC_ROW_FOUND &&
		   i < facts->rows)
	{
		hashes[i] = ac_hash_bytes(scan.row.text, scan.row.len, 0);
		if (paging->style == AC_PAGER_KEYSET)
			note_key(&field, i, facts);
		else if (paging->depth_limit > 0)
			values[i] = ac_window_value(field_text(&field),
										paging->window_unit);
		i++;
	}
	ac_rowscan_end(&scan);
	if (next == AC_ROW_ERROR)
		return false;
	if (i == facts->rows)
	{
		facts->hashes = hashes;
		facts->values = values;
	}
	return true;
}

/* ---- rows or not ---- */

static bool
is_member(const char *const *members, const char *name)
{
	for (; members != NULL && *members != NULL; members++)
		if (strcmp(*members, name) == 0)
			return true;
	return false;
}

/*
 * Does an object look like an error rather than like a row?  A row may well
 * have a member "error" or "status"; then most of its members are columns of
 * the table.
 */
static bool
is_error_object(const AcJson *doc, const char *const *members)
{
	int known = 0;
	int unknown = 0;
	AcJsonIter it;

	if (!ac_errorbody_tells(doc))
		return false;
	ac_json_iter_init(&it, doc);
	while (ac_json_iter_next(&it))
	{
		if (is_member(members, it.key))
			known++;
		else
			unknown++;
	}
	return unknown >= known;
}

/* "{}", which some languages write for an empty list. */
static bool
is_empty_object(const AcField *field)
{
	return field->kind == AC_FIELD_OBJECT &&
		   strspn(field->text + 1, " \t\r\n") == field->len - 2;
}

/* The same for "[]". */
static bool
is_empty_array(const AcField *field)
{
	return field->kind == AC_FIELD_ARRAY &&
		   strspn(field->text + 1, " \t\r\n") == field->len - 2;
}

/*
 * Is the value an array whose first element looks like a row of the table?
 * Three of four of its members are columns, and half of the columns are there:
 * errors, warnings and facets are not like that.
 */
static bool
looks_like_rows(const AcJson *value, const char *const *members)
{
	const AcJson *first = ac_json_kind(value) == AC_JSON_ARRAY
							  ? ac_json_at(value, 0)
							  : NULL;
	int columns = 0;
	int known = 0;
	int all = 0;
	AcJsonIter it;

	if (first == NULL || ac_json_kind(first) != AC_JSON_OBJECT)
		return false;
	while (members != NULL && members[columns] != NULL)
		columns++;
	ac_json_iter_init(&it, first);
	while (ac_json_iter_next(&it))
	{
		known += is_member(members, it.key) ? 1 : 0;
		all++;
	}
	return known > 0 && 4 * known >= 3 * all && 2 * known >= columns;
}

/*
 * Nothing is where the rows should be, but do they stand somewhere else, at
 * the top of the document or in an object there?  Then it is not empty: the
 * API has moved them.
 */
static bool
has_rows_elsewhere(const AcJson *doc, const char *const *members)
{
	AcJsonIter it;

	ac_json_iter_init(&it, doc);
	while (ac_json_iter_next(&it))
	{
		AcJsonIter inner;

		if (looks_like_rows(it.value, members))
			return true;
		if (ac_json_kind(it.value) != AC_JSON_OBJECT)
			continue;
		ac_json_iter_init(&inner, it.value);
		while (ac_json_iter_next(&inner))
			if (looks_like_rows(inner.value, members))
				return true;
	}
	return false;
}

static AcPageRows
judge_document(const AcRowScan *scan, const AcPageJudgement *what,
			   const AcJson *doc)
{
	if (scan->rows.kind == AC_FIELD_OBJECT && !is_empty_object(&scan->rows))
		return is_error_object(doc, what->members) ? AC_PAGE_IS_ERROR
												   : AC_PAGE_HAS_ROWS;
	if (scan->rows.kind == AC_FIELD_ARRAY)
		return ac_errorbody_tells(doc) ? AC_PAGE_IS_ERROR
									   : AC_PAGE_HAS_ROWS;
	if (what->item && scan->rows.kind == AC_FIELD_NULL &&
		scan->plan->rows_are_body)
		return AC_PAGE_HAS_NO_ROW;
	if (scan->rows.kind != AC_FIELD_ABSENT &&
		scan->rows.kind != AC_FIELD_NULL && !is_empty_object(&scan->rows))
		return AC_PAGE_IS_ERROR;
	if (scan->rows.kind == AC_FIELD_ABSENT &&
		ac_json_kind(doc) == AC_JSON_OBJECT &&
		has_rows_elsewhere(doc, what->members))
		return AC_PAGE_IS_ERROR;
	return ac_outcome_is_empty(doc, what->has_next) ? AC_PAGE_HAS_NO_ROW
													: AC_PAGE_IS_ERROR;
}

/* Is each member of the object an object, as rows are? */
static bool
has_objects_only(const AcJson *doc)
{
	AcJsonIter it;

	ac_json_iter_init(&it, doc);
	while (ac_json_iter_next(&it))
		if (ac_json_kind(it.value) != AC_JSON_OBJECT)
			return false;
	return true;
}

/*
 * An object whose members are the rows.  One without members may stand beside
 * an error, and where the body itself is it, it may be one.
 */
static AcPageRows
judge_members(const AcRowScan *scan, const AcPageJudgement *what,
			  const AcJson *doc)
{
	if (scan->rows.kind == AC_FIELD_ARRAY && !is_empty_array(&scan->rows))
		return AC_PAGE_IS_ERROR;
	if (scan->rows.kind != AC_FIELD_OBJECT &&
		scan->rows.kind != AC_FIELD_ARRAY)
		return judge_document(scan, what, doc);
	if (!ac_errorbody_tells(doc) ||
		(scan->page_rows > 0 && has_objects_only(doc)))
		return AC_PAGE_HAS_ROWS;
	return AC_PAGE_IS_ERROR;
}

/* Has the object a member that could be a row, or have some? */
static bool
holds_containers(const AcJson *doc)
{
	AcJsonIter it;

	ac_json_iter_init(&it, doc);
	while (ac_json_iter_next(&it))
		if (ac_json_kind(it.value) == AC_JSON_OBJECT ||
			ac_json_length(it.value) > 0)
			return true;
	return false;
}

/*
 * Lines.  What went wrong on the way stands in the last one.  Where no line
 * has a row, and the last has something else, the rows are somewhere else.
 */
static AcPageRows
judge_lines(const AcRowScan *scan, const AcPageJudgement *what)
{
	const AcField *last = &scan->last_line;
	AcPageRows result = AC_PAGE_HAS_ROWS;
	AcJson *doc;

	if (last->kind != AC_FIELD_OBJECT ||
		last->len > AC_PAGEFACTS_ERROR_BYTES ||
		(scan->line_has_row && !scan->plan->rows_are_body) ||
		!ac_json_parse(last->text, last->len, AC_JSON_MAX_DEPTH, &doc, NULL))
		return AC_PAGE_HAS_ROWS;
	if (scan->plan->rows_are_body)
	{
		if (is_error_object(doc, what->members))
			result = AC_PAGE_IS_ERROR;
	}
	else if (ac_errorbody_tells(doc) ||
			 (scan->page_rows == 0 && holds_containers(doc)))
		result = AC_PAGE_IS_ERROR;
	ac_json_free(doc);
	return result;
}

/* What can be told of a page without making a tree of it. */
static bool
judge_at_sight(const AcRowScan *scan, const AcPageJudgement *what,
			   AcPageRows *result)
{
	bool is_object = scan->rows.kind == AC_FIELD_OBJECT &&
					 !is_empty_object(&scan->rows);
	bool at_root = scan->plan->rows_are_body;

	*result = AC_PAGE_HAS_ROWS;
	switch (scan->plan->form)
	{
		case AC_ROWS_LINES:
			*result = judge_lines(scan, what);
			return true;
		case AC_ROWS_MAP:
			return is_object && (!at_root ||
								 what->body.len > AC_PAGEFACTS_ERROR_BYTES);
		case AC_ROWS_LISTS:
			if (scan->page_rows > 0)
				return true;
			*result = AC_PAGE_IS_ERROR;
			if (scan->rows.kind == AC_FIELD_ARRAY &&
				!is_empty_array(&scan->rows))
				return true;
			*result = AC_PAGE_HAS_ROWS;
			break;
		case AC_ROWS_COLUMNS:
			*result = AC_PAGE_IS_ERROR;
			if (is_object)
				return true;
			*result = AC_PAGE_HAS_ROWS;
			break;
		case AC_ROWS_ARRAY:
			break;
	}
	/* An empty array may stand beside an error; a full one is believed. */
	if (scan->rows.kind == AC_FIELD_ARRAY &&
		(scan->page_rows > 0 || at_root))
		return true;
	return is_object && (!at_root ||
						 what->body.len > AC_PAGEFACTS_ERROR_BYTES);
}

AcPageRows
ac_pagefacts_judge(const AcRowScan *scan, const AcPageJudgement *what)
{
	AcPageRows result;
	AcJson *doc;

	if (ac_pageerror_beside_rows(what->fields, scan))
		return AC_PAGE_IS_ERROR;
	if (judge_at_sight(scan, what, &result))
		return result;
	if (what->body.len > AC_PAGEFACTS_TREE_BYTES ||
		!ac_json_parse(what->body.text, what->body.len, AC_JSON_MAX_DEPTH,
					   &doc, NULL))
		return AC_PAGE_IS_ERROR;
	result = scan->plan->form == AC_ROWS_MAP ? judge_members(scan, what, doc)
											 : judge_document(scan, what, doc);
	ac_json_free(doc);
	return result;
}
