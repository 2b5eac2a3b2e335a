/*
 * pager_style.c
 *		What does each style of paging make of a page?
 *
 * One function per style: it finds what leads to the next page, or that
 * nothing does.  Whether the end adds up is pager.c's business.
 */
#include "ac.h"

#include "core/hash.h"
#include "policy/pager_int.h"

/* No position lies behind this: additions cannot overflow. */
#define MAX_POSITION INT64CONST(1000000000000000)

bool
ac_pager_names_offset(const char *param)
{
	static const char *const names[] = {
		"offset", "start", "skip", "startat", "from", "startindex",
		"pageoffset", "startfrom"};
	char plain[16];
	size_t n = 0;

	/* start_index, page[offset] and $skip are written in many ways */
	for (const char *c = param; *c != '\0'; c++)
	{
		if (strchr("_-[]$.", *c) != NULL)
			continue;
		if (n == sizeof(plain) - 1)
			return false;
		plain[n++] = *c;
	}
	plain[n] = '\0';
	for (int i = 0; i < (int) lengthof(names); i++)
		if (pg_strcasecmp(plain, names[i]) == 0)
			return true;
	return false;
}

static bool
is_number(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= 18 && strspn(text, "0123456789") == len;
}

static bool
is_absolute_url(const char *text)
{
	return pg_strncasecmp(text, "http://", 7) == 0 ||
		   pg_strncasecmp(text, "https://", 8) == 0;
}

/* ---- tokens ---- */

static void
forget_token(AcPageToken *token)
{
	if (!token->set)
		return;
	if (token->text != NULL)
		pfree(token->text);
	for (int i = 0; i < token->n_members; i++)
	{
		pfree(unconstify(char *, token->members[i].name));
		pfree(unconstify(char *, token->members[i].value));
	}
	memset(token, 0, sizeof(*token));
}

static bool
leads_back(AcPager *pager, AcError *err)
{
	return ac_pager_incomplete(pager, err, "page %d leads back to a page that was read before",
							   pager->pages);
}

/*
 * Follows a token or URL.  One that was followed before is a loop, except
 * that an empty page may name itself as next: that is where a feed stands
 * still, and asking again would only give the same.
 */
static bool
follow(AcPager *pager, const AcPageFacts *facts, const AcPageKey *key,
	   bool is_url, AcError *err)
{
	AcPageToken *token = &pager->token;
	bool again = token->set && token->text != NULL &&
				 token->is_url == is_url &&
				 strcmp(token->text, key->text) == 0;
	char *text;

	if (again && facts->rows == 0 && facts->more != 1)
		return ac_pager_finish(pager, facts, err);
	if (!ac_pager_set_add(is_url ? &pager->urls : &pager->tokens,
						  ac_hash_text(key->text, 0)))
		return leads_back(pager, err);
	text = pstrdup(key->text);
	forget_token(token);
	token->set = true;
	token->text = text;
	token->kind = key->kind;
	token->is_url = is_url;
	return ac_pager_go_on(pager, err);
}

static bool
follow_text(AcPager *pager, const AcPageFacts *facts, const char *text,
			bool is_url, AcError *err)
{
	AcPageKey key = {text, AC_PAGE_TEXT, 1};

	if (text == facts->next)
		key.kind = facts->next_kind;
	return follow(pager, facts, &key, is_url, err);
}

/*
 * has_more is false, and yet a way on is named.  Some APIs always name one,
 * so a page shorter than others is believed to be the last; a full one is
 * not, because the price of one request too many is lower than that of rows.
 */
static bool
is_last(const AcPager *pager, const AcPageFacts *facts)
{
	return facts->more == 0 && facts->rows < pager->largest_page;
}

/* No way on is named: the end, unless the API says that there is more. */
static bool
no_way_on(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	if (facts->more != 1)
		return ac_pager_finish(pager, facts, err);
	ac_pager_incomplete(pager, err, "the API says that there are more rows but not how to ask for them");
	return ac_error_hint(err, "Say how the collection is paged with the table option \"pagination\".");
}

/* ---- counting ---- */

/*
 * An empty page before the one on which the last rows of the total would be:
 * its rows may be hidden from this caller.  An offset cannot step over it.
 */
static bool
is_hole(const AcPager *pager)
{
	return pager->style == AC_PAGER_PAGE && pager->largest_page > 0 &&
		   pager->last_total > pager->rows &&
		   pager->run_pages * pager->largest_page < pager->last_total;
}

/*
 * What the number of pages, if this page or one before it told it, says about
 * this one: 1 if others follow, 0 if it is the last, -1 if nothing.  It is made
 * of a total, and so believed to be the end where the page is not full, or
 * there are no rows.
 */
int
ac_pager_pages_say(const AcPager *pager, const AcPageFacts *facts)
{
	int64 at = pager->position - pager->first_position + 1;

	if (pager->style != AC_PAGER_PAGE || pager->last_pages <= 0 ||
		at > pager->last_pages)
		return -1;
	if (at < pager->last_pages)
		return 1;
	return ac_pager_looks_full(pager, facts->rows, pager->run_pages) ? -1 : 0;
}

/*
 * The rows are as many as the total says.  Where nobody proved it, it may be an
 * estimate, the API's cap ("10,000 results at most"), or the rows on this page
 * under the name "count".  A short page agrees with it; a full one does not,
 * and the page after it has to.  Of rows that came some may be gone where the
 * total is less than it was.
 */
static bool
total_is_reached(const AcPager *pager, const AcPageFacts *facts)
{
	return pager->last_total == pager->rows &&
		   pager->last_total == pager->greatest_total &&
		   (pager->config.paging.total_proved ||
			!ac_pager_looks_full(pager, facts->rows, pager->run_pages));
}

/*
 * Styles that count, once a page with new rows, or an empty one, came.
 * next_position is where the next page would be.
 */
static bool
advance(AcPager *pager, const AcPageFacts *facts, int64 next_position,
		AcError *err)
{
	bool stays = next_position == pager->position;
	int told = facts->more >= 0 ? facts->more : ac_pager_pages_say(pager, facts);

	if (told == 0 || (facts->link_seen && facts->link_next == NULL))
		return ac_pager_finish(pager, facts, err);
	if (told == 1 || facts->link_next != NULL)
	{
		if (stays)
			return no_way_on(pager, facts, err);
	}
	else if (facts->rows == 0 && !is_hole(pager))
		return ac_pager_finish(pager, facts, err);
	else if (total_is_reached(pager, facts))
		return ac_pager_finish(pager, facts, err);
	if (next_position >= MAX_POSITION)
		return ac_pager_incomplete(pager, err, "the position of page %d is beyond all bounds",
								   pager->pages + 1);
	ac_pager_move_to(pager, next_position);
	return ac_pager_go_on(pager, err);
}

/* An explicit next number wins over counting. */
static bool
after_page(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	int64 next = pager->position + 1;

	if (facts->next != NULL && is_number(facts->next))
	{
		next = strtoll(facts->next, NULL, 10);
		if (next <= pager->position)
			return leads_back(pager, err);
		pager->names_other |= next != pager->position + 1;
	}
	else if (facts->next != NULL)
		pager->names_other = true;
	pager->names_next |= facts->next != NULL;
	return advance(pager, facts, next, err);
}

static bool
after_offset(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	/* What came counts, not what was asked: sizes are cut silently. */
	return advance(pager, facts, pager->position + facts->rows, err);
}

/* ---- links ---- */

/* Does one page, without a word about others, look like the first of many? */
static bool
looks_cut(const AcPager *pager, const AcPageFacts *facts)
{
	return pager->run_pages == 1 && !facts->link_seen && facts->more != 0 &&
		   facts->total != facts->rows &&
		   pager->config.paging.size_param != NULL &&
		   pager->config.page_size > 1 &&
		   facts->rows == pager->config.page_size;
}

static bool
undecided(AcPager *pager, AcError *err)
{
	ac_pager_incomplete(pager, err, "the first page has as many rows as were asked for and does not say how to ask for more");
	return ac_error_hint(err, "Say how the collection is paged with the table option \"pagination\".");
}

/*
 * A full first page without any Link header may be all, or its API sends no
 * links in spite of its description: page 2 tells.
 */
static bool
after_link(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	const char *param = pager->config.paging.page_param;

	if (facts->link_next != NULL)
		return follow_text(pager, facts, facts->link_next, true, err);
	if (!looks_cut(pager, facts))
		return no_way_on(pager, facts, err);
	if (param == NULL || ac_pager_names_offset(param))
		return undecided(pager, err);
	pager->style = AC_PAGER_PAGE;
	return after_page(pager, facts, err);
}

/* A number where a URL or token is expected is the next page's number. */
static bool
follow_number(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	if (pager->config.paging.page_param == NULL)
	{
		ac_pager_incomplete(pager, err, "the next page is given as a number and no parameter takes it");
		return ac_error_hint(err, "Name the parameter with the table option \"page_param\", or, if it is a token, with \"cursor_param\".");
	}
	pager->style = AC_PAGER_PAGE;
	forget_token(&pager->token);
	/* Whether it counts from 0 or 1 is seen from the first number. */
	pager->position = strtoll(facts->next, NULL, 10) - 1;
	pager->first_position = pager->position - (pager->run_pages - 1);
	return after_page(pager, facts, err);
}

/* Nothing follows what leads to the beginning: 0 and -1 say that it ends. */
static bool
is_end(const char *next)
{
	return next == NULL || strcmp(next, "0") == 0 || strcmp(next, "-1") == 0;
}

static bool
after_next_url(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	bool token = pager->config.paging.cursor_param != NULL;

	if (is_end(facts->next) || is_last(pager, facts))
		return no_way_on(pager, facts, err);
	if (is_number(facts->next) && !token)
		return follow_number(pager, facts, err);
	token = token && strpbrk(facts->next, "/?") == NULL;
	return follow_text(pager, facts, facts->next, !token, err);
}

static bool
after_cursor(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	if (is_end(facts->next) || is_last(pager, facts))
		return no_way_on(pager, facts, err);
	if (is_absolute_url(facts->next))
		return follow_text(pager, facts, facts->next, true, err);
	if (pager->config.paging.cursor_param != NULL)
		return follow_text(pager, facts, facts->next, false, err);
	if (is_number(facts->next))
		return follow_number(pager, facts, err);
	ac_pager_incomplete(pager, err, "there is a token for the next page and no parameter takes it");
	return ac_error_hint(err, "Name the parameter with the table option \"cursor_param\".");
}

/* ---- continuation objects ---- */

static bool
too_many_members(AcPager *pager, AcError *err)
{
	return ac_pager_incomplete(pager, err, "the object that leads to the next page has more than %d members",
							   AC_PAGER_MEMBERS);
}

/* Each member is a parameter of the next request, and of no other. */
static bool
after_continue(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	AcPageToken *token = &pager->token;
	uint64 hash = 0;

	if (facts->n_members == 0 || is_last(pager, facts))
		return no_way_on(pager, facts, err);
	if (facts->n_members > AC_PAGER_MEMBERS)
		return too_many_members(pager, err);
	for (int i = 0; i < facts->n_members; i++)
	{
		hash = ac_hash_combine(hash, ac_hash_text(facts->members[i].name, 0));
		hash = ac_hash_combine(hash, ac_hash_text(facts->members[i].value, 0));
	}
	/* where a feed stands still */
	if (token->set && token->hash == hash && facts->rows == 0 &&
		facts->more != 1)
		return ac_pager_finish(pager, facts, err);
	if (!ac_pager_set_add(&pager->tokens, hash))
		return leads_back(pager, err);
	forget_token(token);
	token->set = true;
	token->hash = hash;
	token->n_members = facts->n_members;
	for (int i = 0; i < facts->n_members; i++)
	{
		token->members[i] = facts->members[i];
		token->members[i].name = pstrdup(facts->members[i].name);
		token->members[i].value = pstrdup(facts->members[i].value);
	}
	return ac_pager_go_on(pager, err);
}

/* ---- keys of rows ---- */

/* APIs that count from the value on send the row again that has it. */
int64
ac_pager_keyset_overlap(const AcPager *pager, const AcPageFacts *facts)
{
	if (pager->style != AC_PAGER_KEYSET || !pager->token.set ||
		pager->token.is_url || facts->first.text == NULL ||
		strcmp(facts->first.text, pager->token.text) != 0)
		return 0;
	return facts->first.times;
}

/*
 * Does the page begin with the row that the first one began with?  So it does
 * where the API shows the newest rows first and takes the value for the least.
 */
static bool
begins_again(AcPager *pager, const AcPageFacts *facts)
{
	uint64 key = facts->first.text != NULL ? ac_hash_text(facts->first.text, 0)
										   : 0;

	if (pager->run_pages == 1)
		pager->first_key = key;
	else if (facts->rows > 0 && key != 0 && key == pager->first_key &&
			 pager->rows_to_skip == 0)
	{
		pager->rows_are_new = false;
		return true;
	}
	return false;
}

/*
 * The value of the last row leads on.  It has to be the row's own: of rows
 * with the same value, some may stand on the next page, and whether they come
 * nobody knows.
 */
static bool
after_keyset(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	int64 fresh = facts->rows - pager->rows_to_skip;

	/* the API's own word */
	if (facts->link_next != NULL && pager->run_pages == 1)
	{
		pager->style = AC_PAGER_LINK;
		return after_link(pager, facts, err);
	}
	pager->ties = pager->ties || facts->ties;
	/* one that goes on behind the value leaves out the rows that share it */
	if (pager->ties && pager->token.set && pager->rows_to_skip == 0 &&
		pager->last_total != pager->rows)
		return ac_pager_incomplete(pager, err, "several rows have the same value, and page %d begins behind the one that it was asked for by",
								   pager->pages);
	if (begins_again(pager, facts))
		return ac_pager_incomplete(pager, err, "page %d begins again with the first row of all: the API does not go on behind the value that it was given",
								   pager->pages);
	if (facts->more == 0)
		return ac_pager_finish(pager, facts, err);
	if (fresh == 0)
		return no_way_on(pager, facts, err);
	if (facts->more != 1 && total_is_reached(pager, facts))
		return ac_pager_finish(pager, facts, err);
	if (facts->last.text == NULL)
		return ac_pager_incomplete(pager, err, "the last row of page %d has no value to ask for the next page by",
								   pager->pages);
	if (facts->last.times > 1 || pager->rows_to_skip > 1)
		return ac_pager_incomplete(pager, err, "several rows of page %d have the value that the next page is asked for by",
								   pager->pages);
	return follow(pager, facts, &facts->last, false, err);
}

/*
 * The value of a last row is ours, as a number is, unless the page before said
 * that others follow; where it told their number, that is the caller's to judge.
 */
bool
ac_pager_named_by_api(const AcPager *pager)
{
	bool by_row = pager->style == AC_PAGER_KEYSET && !pager->token.is_url;

	if (!ac_pager_is_positional(pager) && !by_row)
		return true;
	return pager->more_said && pager->last_pages <= 0 &&
		   pager->last_total != pager->rows;
}

/* ---- none, auto ---- */

/* All rows came at once, or the API contradicts that. */
static bool
after_none(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	if (facts->more == 1 || facts->link_next != NULL ||
		(facts->pages > 1 && facts->total != facts->rows))
	{
		ac_pager_incomplete(pager, err, "the API says that there are more rows than the one page that was asked for");
		return ac_error_hint(err, "Say how the collection is paged with the table option \"pagination\".");
	}
	return ac_pager_finish(pager, facts, err);
}

/* The first page decides; what stays undecided is one page of all rows. */
static AcPagerStyle
detect_style(const AcPager *pager, const AcPageFacts *facts)
{
	const AcPaging *paging = &pager->config.paging;

	if (facts->link_next != NULL)
		return AC_PAGER_LINK;
	if (facts->next != NULL)
		return is_absolute_url(facts->next) || strpbrk(facts->next, "/?") == facts->next
				   ? AC_PAGER_NEXT_URL
				   : AC_PAGER_CURSOR;
	if (paging->page_param != NULL && !facts->link_seen)
		return ac_pager_names_offset(paging->page_param) ? AC_PAGER_OFFSET
														 : AC_PAGER_PAGE;
	return AC_PAGER_NONE;
}

/* Gives AUTO its style; false where one page looks like the first of many. */
static bool
decide(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	const AcPaging *paging = &pager->config.paging;

	pager->style = detect_style(pager, facts);
	if (pager->style == AC_PAGER_PAGE)
		pager->position = paging->first_page >= 0 ? paging->first_page : 1;
	pager->first_position = pager->position;
	if (pager->style == AC_PAGER_NONE && looks_cut(pager, facts))
		return undecided(pager, err);
	return true;
}

/*
 * A full page came twice, and what follows is no third time: it was not the
 * last page served again past the end, so other rows should have come in the
 * second one's place, unless the total says that none are missing.
 */
static bool
was_no_last_page(const AcPager *pager, const AcPageFacts *facts)
{
	return pager->repeats > 0 &&
		   (facts->rows > 0 || pager->last_total != pager->rows);
}

bool
ac_pager_sequence(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	if (was_no_last_page(pager, facts))
		return ac_pager_incomplete(pager, err, "page %d repeats the page before it",
								   pager->pages - 1);
	if (pager->style == AC_PAGER_AUTO && !decide(pager, facts, err))
		return false;
	switch (pager->style)
	{
		case AC_PAGER_LINK:
			return after_link(pager, facts, err);
		case AC_PAGER_NEXT_URL:
			return after_next_url(pager, facts, err);
		case AC_PAGER_CURSOR:
			return after_cursor(pager, facts, err);
		case AC_PAGER_CONTINUE:
			return after_continue(pager, facts, err);
		case AC_PAGER_KEYSET:
			if (pager->config.paging.cursor_param != NULL)
				return after_keyset(pager, facts, err);
			break;
		case AC_PAGER_PAGE:
			if (pager->config.paging.page_param != NULL)
				return after_page(pager, facts, err);
			break;
		case AC_PAGER_OFFSET:
			if (pager->config.paging.page_param != NULL)
				return after_offset(pager, facts, err);
			break;
		case AC_PAGER_RANGE:
			return after_offset(pager, facts, err);
		case AC_PAGER_AUTO:
		case AC_PAGER_NONE:
			break;
	}
	return after_none(pager, facts, err);
}
