/*
 * prove_facts.c
 *		What does a sampled page say about itself and about the next one?
 *
 * As net/pagefacts says of scans, but of bodies that are trees.
 */
#include "ac.h"

#include "core/hash.h"
#include "core/rowtree.h"
#include "net/pagefacts.h"
#include "net/pagewords.h"
#include "net/prove_int.h"

static int64
number_at(AcJson *node, const char *pointer)
{
	AcJson *found;

	if (pointer == NULL || !ac_json_pointer(node, pointer, &found))
		return -1;
	if (ac_json_kind(found) == AC_JSON_STRING)
		return ac_pagewords_count(ac_json_string(found, NULL));
	return ac_json_int(found, -1);
}

static int
truth_at(AcJson *node, const char *pointer)
{
	AcJson *found;

	if (pointer == NULL || !ac_json_pointer(node, pointer, &found) ||
		ac_json_kind(found) != AC_JSON_BOOL)
		return -1;
	return ac_json_bool(found, false) ? 1 : 0;
}

static bool
is_one_object(const AcTablePlan *plan, AcJson *body)
{
	AcJson *node;

	return plan->rows_form == AC_ROWS_ARRAY &&
		   ac_json_pointer(body, plan->rows_path != NULL ? plan->rows_path : "", &node) &&
		   ac_json_kind(node) == AC_JSON_OBJECT;
}

static uint64
hash_scalar(const AcJson *value)
{
	AcJsonKind kind = ac_json_kind(value);
	int64 number = ac_json_int(value, PG_INT64_MIN);
	size_t len;
	const char *string = ac_json_string(value, &len);
	char *text;
	uint64 hash;

	if (string != NULL)
		return ac_hash_bytes(string, len, kind);
	if (kind == AC_JSON_INT && number != PG_INT64_MIN)
		return ac_hash_combine(kind, (uint64) number);
	text = ac_json_text_of(value);
	if (text == NULL)
		return kind;
	hash = ac_hash_text(text, kind);
	pfree(text);
	return hash;
}

/* A hash of what the value says, whatever the order of members. */
static uint64
hash_value(const AcJson *value)
{
	AcJsonKind kind = ac_json_kind(value);
	uint64 hash = kind;
	AcJsonIter it;

	if (kind != AC_JSON_OBJECT && kind != AC_JSON_ARRAY)
		return hash_scalar(value);
	for (int i = 0; i < ac_json_length(value); i++)
		hash = ac_hash_combine(hash, hash_value(ac_json_at(value, i)));
	ac_json_iter_init(&it, value);
	while (ac_json_iter_next(&it))
		hash += ac_hash_text(it.key, hash_value(it.value));
	return hash;
}

/*
 * Counts what pages are made of: rows, or the parents of nested ones; *hash
 * tells one page's from another's.
 */
static int64
count_rows(const AcTablePlan *plan, AcJson *body, uint64 *hash)
{
	AcRowSource source = ac_tableplan_rows(plan);
	AcTreeRows found;
	int64 n;

	*hash = 0;
	source.nested_path = NULL;
	if (!ac_rowtree_read(body, &source, &found))
		return 0;
	n = found.page_rows;
	/* an object where an array stands else is the one row, no page */
	if (n == 1 && found.rows[0].name == NULL && is_one_object(plan, body))
		n = 0;
	for (int i = 0; i < Min(n, found.n); i++)
		*hash = ac_hash_combine(*hash + 1, hash_value(found.rows[i].row));
	ac_rowtree_free(&found);
	return n;
}

/* A key of a row, as the pager sees it. */
static AcPageKey
key_of(const AcPaging *paging, AcJson *row)
{
	AcPageKey key = {NULL, AC_PAGE_TEXT, 1};
	AcJson *found;

	if (!ac_json_pointer(row, paging->cursor_path, &found))
		return key;
	switch (ac_json_kind(found))
	{
		case AC_JSON_INT:
		case AC_JSON_DOUBLE:
			key.kind = AC_PAGE_NUMBER;
			break;
		case AC_JSON_ARRAY:
		case AC_JSON_OBJECT:
			key.kind = AC_PAGE_JSON;
			key.text = ac_json_to_text(found);
			return key;
		default:
			break;
	}
	key.text = ac_json_text_of(found);
	return key;
}

/* Keys of the first row and the last. */
static void
key_facts(const AcTablePlan *plan, AcJson *body, AcPageFacts *facts)
{
	AcRowSource source = ac_tableplan_rows(plan);
	AcTreeRows found;

	source.nested_path = NULL;
	if (!ac_rowtree_read(body, &source, &found))
		return;
	if (found.n > 0 && found.n == found.page_rows)
	{
		facts->first = key_of(&plan->paging, found.rows[0].row);
		facts->last = key_of(&plan->paging, found.rows[found.n - 1].row);
	}
	ac_rowtree_free(&found);
}

/* What leads on, where that stands in the body. */
static void
next_facts(const AcPaging *paging, AcJson *body, AcPageFacts *facts)
{
	AcJson *found;

	if (paging->cursor_path == NULL || paging->cursor_path[0] != '/' ||
		!ac_json_pointer(body, paging->cursor_path, &found))
		return;
	if (ac_json_kind(found) == AC_JSON_OBJECT)
	{
		if (paging->style == AC_PAGER_CONTINUE)
			ac_pagefacts_members(found, facts);
	}
	else if (ac_json_kind(found) == AC_JSON_ARRAY)
	{
		facts->next = ac_json_length(found) > 0 ? ac_json_to_text(found) : NULL;
		facts->next_kind = AC_PAGE_JSON;
	}
	else
	{
		facts->next = ac_json_text_of(found);
		if (ac_json_kind(found) == AC_JSON_INT)
			facts->next_kind = AC_PAGE_NUMBER;
	}
}

void
ac_proof_page_facts(AcTrial *trial, AcJson *body, AcPageFacts *facts)
{
	const AcPaging *paging = &trial->plan->paging;
	const AcHeaders *headers = ac_proof_headers_of(trial, body);
	int64 total = number_at(body, paging->total_path);
	int64 pages = number_at(body, paging->pages_path);
	int more = truth_at(body, paging->more_path);

	memset(facts, 0, sizeof(*facts));
	facts->more = -1;
	facts->rows = count_rows(trial->plan, body, &facts->rows_hash);
	ac_pagefacts_headers(paging, headers, facts);
	if (total >= 0)
		facts->total = total;
	if (pages > 0)
		facts->pages = pages;
	if (more >= 0)
		facts->more = more;
	if (paging->style == AC_PAGER_KEYSET)
		key_facts(trial->plan, body, facts);
	else
		next_facts(paging, body, facts);
	if (trial->n_bodies == 0)
	{
		AcLinkList links;
		const AcLink *last;

		ac_header_links(headers, &links);
		last = ac_header_link_rel(&links, "last");
		if (last != NULL)
			trial->link_last = pstrdup(last->target);
	}
}
