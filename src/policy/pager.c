/*
 * pager.c
 *		Which request comes next, and is the collection complete?
 *
 * See pager.h.  Each page is judged in three steps: does it repeat an earlier
 * page, what does it say about the next one (one function per style), and if
 * there is none, do the totals add up.  Three rules decide what is doubtful:
 *
 * - An API's explicit word (token, link, has_more) beats counting.
 * - Where nothing says that there are no more rows, another page is asked
 *   for: a short page may stand in the middle where the API filters after
 *   paging.
 * - Whoever must guess reports an error instead.
 *
 * Assumes that facts are told once for each request and in their order.
 * Fetching, resolving and comparing origins of URLs are net/reader's.
 */
#include "ac.h"

#include "core/hash.h"
#include "policy/pager.h"

/* Sizes that APIs cut pages to are multiples of this: 10, 20, 50, 100. */
#define ROUND_PAGE 10

/* A set of 64-bit fingerprints, open addressing, 0 is a free slot. */
typedef struct HashSet
{
	uint64 *slots;
	uint32 capacity; /* a power of two */
	uint32 used;
} HashSet;

struct AcPager
{
	/* configuration */
	AcPagerConfig config;

	/* position */
	AcPagerStyle style; /* in force; AUTO until the first page */
	int requests;		/* handed out */
	int pages;			/* told */
	bool done;			/* nothing more to send */
	char *token;		/* next page's token or URL, NULL if none */
	bool token_is_url;
	int64 position; /* next page number or offset */
	char position_text[24];
	char size_text[16];

	/* what the pages said */
	int64 rows;			/* rows that belong to the result */
	int64 largest_page; /* most rows on one page */
	int64 first_total;	/* -1: no total seen */
	int64 last_total;
	int64 least_total;
	bool total_too_low; /* more rows came than it said */
	bool names_next;	/* a page gave its successor's number */
	bool rows_are_new;	/* of the page told last */
	int repeats;		/* times the last page came again */
	uint64 last_hash;	/* of the last page with rows */
	HashSet page_hashes;
	HashSet tokens;
};

/* Adds a fingerprint; false if it was there. */
static bool
set_add(HashSet *set, uint64 hash)
{
	uint32 i;

	hash = hash == 0 ? 1 : hash;
	if (set->used >= set->capacity / 2)
	{
		HashSet larger = {NULL, Max(set->capacity * 2, 64), 0};

		larger.slots = palloc0(larger.capacity * sizeof(uint64));
		for (i = 0; i < set->capacity; i++)
			if (set->slots[i] != 0)
				set_add(&larger, set->slots[i]);
		if (set->slots != NULL)
			pfree(set->slots);
		*set = larger;
	}
	for (i = hash & (set->capacity - 1); set->slots[i] != 0;
		 i = (i + 1) & (set->capacity - 1))
	{
		if (set->slots[i] == hash)
			return false;
	}
	set->slots[i] = hash;
	set->used++;
	return true;
}

AcPager *
ac_pager_create(const AcPagerConfig *config)
{
	AcPager *pager = palloc0(sizeof(AcPager));

	Assert(config->max_pages > 0);
	pager->config = *config;
	pager->style = config->paging.style;
	pager->first_total = pager->last_total = pager->least_total = -1;
	if (pager->style == AC_PAGER_PAGE || pager->style == AC_PAGER_LINK)
		pager->position = config->paging.first_page >= 0
							  ? config->paging.first_page
							  : 1;
	pager->rows_are_new = true;
	return pager;
}

bool
ac_pager_rows_are_new(const AcPager *pager)
{
	return pager->rows_are_new;
}

bool
ac_pager_is_done(const AcPager *pager)
{
	return pager->done;
}

/* Names of parameters that count rows, not pages. */
static bool
names_offset(const char *param)
{
	static const char *const names[] = {"offset", "start", "skip", "startat",
										"$skip", "from", "start_index", "startindex", "page[offset]"};

	for (int i = 0; i < (int) lengthof(names); i++)
		if (pg_strcasecmp(param, names[i]) == 0)
			return true;
	return false;
}

/* Styles that name pages by counting need the parameter that takes it. */
static bool
is_positional(const AcPager *pager)
{
	return (pager->style == AC_PAGER_PAGE ||
			pager->style == AC_PAGER_OFFSET) &&
		   pager->config.paging.page_param != NULL;
}

/*
 * Some APIs send Link headers only to those who ask for a page by its number
 * (json-server), so the first request by links names the first page where a
 * parameter for it is known.
 */
static bool
links_by_number(const AcPager *pager)
{
	return pager->style == AC_PAGER_LINK &&
		   pager->config.paging.page_param != NULL &&
		   !names_offset(pager->config.paging.page_param);
}

static void
add_param(AcPageRequest *request, const char *name, const char *value)
{
	Assert(request->n_params < (int) lengthof(request->params));
	request->params[request->n_params].name = name;
	request->params[request->n_params].value = value;
	request->n_params++;
}

/* Fills in what the request number pager->requests asks for. */
static void
name_request(AcPager *pager, AcPageRequest *request)
{
	const AcPaging *paging = &pager->config.paging;

	memset(request, 0, sizeof(*request));
	request->page = pager->requests;
	if (pager->token != NULL && pager->token_is_url)
	{
		/* Links are opaque: our parameters are in them, or not wanted. */
		request->url = pager->token;
		return;
	}
	if (pager->token != NULL)
		add_param(request, paging->cursor_param, pager->token);
	else if (is_positional(pager) || links_by_number(pager))
	{
		snprintf(pager->position_text, sizeof(pager->position_text), "%lld",
				 (long long) pager->position);
		add_param(request, paging->page_param, pager->position_text);
	}
	if (paging->size_param != NULL && pager->config.page_size > 0)
	{
		snprintf(pager->size_text, sizeof(pager->size_text), "%d",
				 pager->config.page_size);
		add_param(request, paging->size_param, pager->size_text);
	}
}

/*
 * May the request after one still under way be named?  Only page numbers do
 * not depend on what comes back, and only a total makes it sure that there
 * is such a page.
 */
static bool
can_run_ahead(const AcPager *pager)
{
	return pager->style == AC_PAGER_PAGE && pager->pages > 0 &&
		   pager->last_total >= 0 && !pager->total_too_low &&
		   pager->repeats == 0 && !pager->names_next &&
		   pager->requests < pager->config.max_pages &&
		   pager->requests * pager->largest_page < pager->last_total;
}

AcPagerNext
ac_pager_next(AcPager *pager, AcPageRequest *request)
{
	if (pager->done)
		return AC_PAGER_DONE;
	if (pager->requests > pager->pages)
	{
		if (!can_run_ahead(pager))
			return AC_PAGER_WAIT;
		pager->position++;
	}
	name_request(pager, request);
	pager->requests++;
	return AC_PAGER_REQUEST;
}

/* Ends the scan with an error; its rows so far stay what they are. */
static bool pg_attribute_printf(3, 4)
	incomplete(AcPager *pager, AcError *err, const char *fmt, ...)
{
	char text[300];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	pager->done = true;
	ac_error_set(err, AC_ERR_INCOMPLETE, "scan is incomplete: %s", text);
	return ac_error_detail(err, "%lld rows on %d pages were read.",
						   (long long) pager->rows, pager->pages);
}

/* Fewer rows than every total that was seen; quals sent explain that. */
static bool
total_is_short(const AcPager *pager)
{
	return pager->least_total > pager->rows && !pager->config.filtered;
}

/* The API says that there are no more rows: do its own words add up? */
static bool
finish(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	pager->done = true;
	if (facts->truncated)
		return incomplete(pager, err, "the API says that its answer was cut off and offers no next page");
	if (!total_is_short(pager))
		return true;
	incomplete(pager, err, "the API announced %lld rows and delivered %lld",
			   (long long) pager->least_total, (long long) pager->rows);
	if (pager->pages == 1 && pager->config.paging.style <= AC_PAGER_NONE)
		return ac_error_hint(err, "Nothing tells how the API is asked for more; say it with the table options \"pagination\" and \"page_param\" or \"cursor_param\".");
	return false;
}

/* There is a next page, already named in the pager: is it allowed? */
static bool
go_on(AcPager *pager, AcError *err)
{
	if (pager->requests < pager->config.max_pages ||
		pager->requests > pager->pages)
		return true;
	incomplete(pager, err, "there are more than %d pages",
			   pager->config.max_pages);
	return ac_error_hint(err, "Raise the server option \"max_pages\", or use LIMIT.");
}

/*
 * May a page of so many rows have been cut by a limit on sizes, after that
 * many pages with new rows?  The limit need not be the one asked for.
 */
static bool
looks_full(const AcPager *pager, int64 rows, int pages)
{
	int asked = pager->config.page_size;

	if (rows < pager->largest_page)
		return false;
	return pages > 1 || asked <= 0 || rows == asked || rows % ROUND_PAGE == 0;
}

/*
 * A page that came before.  The style's paging parameter may be ignored (an
 * error: the other rows were never seen), or the last page is served again
 * past the end, which only positional styles run into.
 */
static bool
judge_repeat(AcPager *pager, const AcPageFacts *facts, bool adjacent,
			 AcError *err)
{
	bool more_known = facts->more == 1 || facts->link_next != NULL ||
					  total_is_short(pager);

	pager->rows_are_new = false;
	if (!adjacent || !is_positional(pager) || more_known)
		return incomplete(pager, err, "page %d repeats an earlier page",
						  pager->pages);

	/* The total agrees; or a short page, or all at once, had been the last. */
	if (pager->last_total == pager->rows)
		return finish(pager, facts, err);
	if (!looks_full(pager, facts->rows, pager->pages - 1))
		return finish(pager, facts, err);
	if (pager->pages == 2)
	{
		incomplete(pager, err, "page 2 repeats page 1");
		return ac_error_hint(err, "The API seems to ignore the parameter \"%s\"; see the table option \"page_param\".",
							 pager->config.paging.page_param);
	}

	/* A full page twice: only the same once more proves it the last. */
	pager->repeats++;
	if (pager->repeats > 1)
		return finish(pager, facts, err);
	if (pager->requests == pager->pages)
		pager->position += pager->style == AC_PAGER_PAGE ? 1 : facts->rows;
	return go_on(pager, err);
}

/* Keeps what a page says about the number of rows in all. */
static void
note_total(AcPager *pager, const AcPageFacts *facts)
{
	if (facts->total >= 0)
	{
		if (pager->first_total < 0)
			pager->first_total = pager->least_total = facts->total;
		pager->last_total = facts->total;
		pager->least_total = Min(pager->least_total, facts->total);
	}
	pager->total_too_low = pager->last_total >= 0 &&
						   pager->rows > pager->last_total;
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

/*
 * Follows a token or URL.  One that was followed before is a loop, except
 * that an empty page may name itself as next: that is where a feed stands
 * still, and asking again would only give the same.
 */
static bool
follow(AcPager *pager, const AcPageFacts *facts, const char *text, bool is_url,
	   AcError *err)
{
	bool again = pager->token != NULL &&
				 pager->token_is_url == is_url && strcmp(pager->token, text) == 0;

	if (again && facts->rows == 0 && facts->more != 1)
		return finish(pager, facts, err);
	if (!set_add(&pager->tokens, ac_hash_text(text, is_url ? 1 : 0)))
		return incomplete(pager, err, "page %d leads back to a page that was read before",
						  pager->pages);
	if (pager->token != NULL)
		pfree(pager->token);
	pager->token = pstrdup(text);
	pager->token_is_url = is_url;
	return go_on(pager, err);
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
		return finish(pager, facts, err);
	incomplete(pager, err, "the API says that there are more rows but not how to ask for them");
	return ac_error_hint(err, "Say how the collection is paged with the table option \"pagination\".");
}

/*
 * An empty page before the one on which the last rows of the total would be:
 * its rows may be hidden from this caller.  An offset cannot step over it.
 */
static bool
is_hole(const AcPager *pager)
{
	return pager->style == AC_PAGER_PAGE && pager->largest_page > 0 &&
		   pager->last_total > pager->rows &&
		   pager->pages * pager->largest_page < pager->last_total;
}

/*
 * Styles PAGE and OFFSET once a page with new rows, or an empty one, came.
 * next_position is where the next page would be.
 */
static bool
advance(AcPager *pager, const AcPageFacts *facts, int64 next_position,
		AcError *err)
{
	bool stays = next_position == pager->position;

	if (facts->more == 0 || (facts->link_seen && facts->link_next == NULL))
		return finish(pager, facts, err);
	if (facts->more == 1 || facts->link_next != NULL)
	{
		if (stays)
			return no_way_on(pager, facts, err);
	}
	else if (facts->rows == 0 && !is_hole(pager))
		return finish(pager, facts, err);
	/*
	 * The rows are as many as the total says, but nobody proved it: it may be
	 * an estimate, the API's cap ("10,000 results at most"), or the rows on
	 * this page under the name "count".  A short page agrees with it; a full
	 * one does not, and the page after it has to.
	 */
	else if (pager->last_total == pager->rows &&
			 !looks_full(pager, facts->rows, pager->pages))
		return finish(pager, facts, err);
	if (next_position >= INT64CONST(1000000000000000))
		return incomplete(pager, err, "the position of page %d is beyond all bounds",
						  pager->pages + 1);
	if (pager->requests == pager->pages)
		pager->position = next_position;
	return go_on(pager, err);
}

static bool
after_page(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	int64 next = pager->position + 1;

	/* An explicit next number wins over counting. */
	pager->names_next |= facts->next != NULL;
	if (facts->next != NULL && is_number(facts->next) &&
		pager->requests == pager->pages)
	{
		next = strtoll(facts->next, NULL, 10);
		if (next <= pager->position)
			return incomplete(pager, err, "page %d leads back to a page that was read before",
							  pager->pages);
	}
	return advance(pager, facts, next, err);
}

static bool
after_offset(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	/* What came counts, not what was asked: sizes are cut silently. */
	return advance(pager, facts, pager->position + facts->rows, err);
}

/* Does one page, without a word about others, look like the first of many? */
static bool
looks_cut(const AcPager *pager, const AcPageFacts *facts)
{
	return pager->pages == 1 && !facts->link_seen && facts->more != 0 &&
		   facts->total != facts->rows &&
		   pager->config.paging.size_param != NULL &&
		   pager->config.page_size > 1 &&
		   facts->rows == pager->config.page_size;
}

static bool
undecided(AcPager *pager, AcError *err)
{
	incomplete(pager, err, "the first page has as many rows as were asked for and does not say how to ask for more");
	return ac_error_hint(err, "Say how the collection is paged with the table option \"pagination\".");
}

/*
 * A full first page without any Link header may be all, or its API sends no
 * links in spite of its description: page 2 tells.
 */
static bool
after_link(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	if (facts->link_next != NULL)
		return follow(pager, facts, facts->link_next, true, err);
	if (!looks_cut(pager, facts))
		return no_way_on(pager, facts, err);
	if (!links_by_number(pager))
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
		incomplete(pager, err, "the next page is given as a number and no parameter takes it");
		return ac_error_hint(err, "Name the parameter with the table option \"page_param\".");
	}
	pager->style = AC_PAGER_PAGE;
	pager->token = NULL;
	/* Whether it counts from 0 or 1 is seen from the first number. */
	pager->position = strtoll(facts->next, NULL, 10) - 1;
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
	return follow(pager, facts, facts->next, !token, err);
}

static bool
after_cursor(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	if (is_end(facts->next) || is_last(pager, facts))
		return no_way_on(pager, facts, err);
	if (is_absolute_url(facts->next))
		return follow(pager, facts, facts->next, true, err);
	if (pager->config.paging.cursor_param != NULL)
		return follow(pager, facts, facts->next, false, err);
	if (is_number(facts->next))
		return follow_number(pager, facts, err);
	incomplete(pager, err, "there is a token for the next page and no parameter takes it");
	return ac_error_hint(err, "Name the parameter with the table option \"cursor_param\".");
}

/* All rows came at once, or the API contradicts that. */
static bool
after_none(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	if (facts->more == 1 || facts->link_next != NULL)
	{
		incomplete(pager, err, "the API says that there are more rows than the one page that was asked for");
		return ac_error_hint(err, "Say how the collection is paged with the table option \"pagination\".");
	}
	return finish(pager, facts, err);
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
		return names_offset(paging->page_param) ? AC_PAGER_OFFSET
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

/* Sequences a page that does not repeat another by the style in force. */
static bool
after_new_page(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	if (was_no_last_page(pager, facts))
		return incomplete(pager, err, "page %d repeats the page before it",
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
		case AC_PAGER_PAGE:
			if (pager->config.paging.page_param != NULL)
				return after_page(pager, facts, err);
			break;
		case AC_PAGER_OFFSET:
			if (pager->config.paging.page_param != NULL)
				return after_offset(pager, facts, err);
			break;
		case AC_PAGER_AUTO:
		case AC_PAGER_NONE:
			break;
	}
	return after_none(pager, facts, err);
}

/* Judges a page whose texts are NULL rather than empty. */
static bool
judge_page(AcPager *pager, int page, const AcPageFacts *facts, AcError *err)
{
	bool adjacent = pager->last_hash == facts->rows_hash;

	Assert(page == pager->pages && page < pager->requests);
	Assert(facts->rows >= 0 && (facts->rows == 0 || !facts->past_end));
	pager->pages++;
	pager->rows_are_new = true;
	if (pager->done)
		return true; /* asked for ahead, not needed any more */
	if (facts->past_end)
	{
		Assert(page > 0);
		if (facts->more == 1 || !is_positional(pager))
			return incomplete(pager, err, "the API refuses page %d, which it named itself",
							  pager->pages);
		if (was_no_last_page(pager, facts))
			return incomplete(pager, err, "page %d repeats the page before it",
							  pager->pages - 1);
		return finish(pager, facts, err);
	}
	if (facts->rows > 0)
	{
		if (!set_add(&pager->page_hashes, facts->rows_hash))
		{
			note_total(pager, facts);
			return judge_repeat(pager, facts, adjacent, err);
		}
		pager->last_hash = facts->rows_hash;
		pager->rows += facts->rows;
		pager->largest_page = Max(pager->largest_page, facts->rows);
	}
	note_total(pager, facts);
	return after_new_page(pager, facts, err);
}

bool
ac_pager_page(AcPager *pager, int page, const AcPageFacts *facts, AcError *err)
{
	AcPageFacts plain = *facts;

	/* An empty reference is the page itself, an empty token none. */
	if (plain.link_next != NULL && plain.link_next[0] == '\0')
		plain.link_next = NULL;
	if (plain.next != NULL && plain.next[0] == '\0')
		plain.next = NULL;
	return judge_page(pager, page, &plain, err);
}

const char *
ac_pager_verdict(const AcPager *pager)
{
	long long first = pager->first_total;
	long long last = pager->last_total;

	if (last < 0)
		return "complete";
	if (first != last)
		return psprintf("complete (total moved %lld to %lld)%s", first, last,
						is_positional(pager)
							? "; rows may have been missed or repeated: the collection changed while it was paged"
							: "");
	if (last == pager->rows)
		return "complete (total matched)";
	return psprintf("complete (total said %lld, %lld rows came)", last,
					(long long) pager->rows);
}
