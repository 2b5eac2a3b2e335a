/*
 * pager.c
 *		Which requests come next, and is the collection complete?
 *
 * See pager.h.  Each page is judged in three steps: does it repeat an earlier
 * page, what does it say about the next one (one function per style, in
 * pager_style.c), and if there is none, do the totals add up.  Three rules
 * decide what is doubtful:
 *
 * - An API's explicit word (token, link, has_more) beats counting.
 * - Where nothing says that there are no more rows, another page is asked
 *   for: a short page may stand in the middle where the API filters after
 *   paging.
 * - Whoever must guess reports an error instead.
 *
 * Requests ahead are a bet on positions: that pages have the rows that pages
 * had so far.  A page that loses it makes those after it void, and what was
 * wrong is asked anew from where it really is.
 *
 * Assumes that facts are told once for each request and in their order.
 * Fetching, resolving and comparing origins of URLs are net/reader's.
 */
#include "ac.h"

#include "core/hash.h"
#include "policy/pager_int.h"

/* Sizes that APIs cut pages to are multiples of this: 10, 20, 50, 100. */
#define ROUND_PAGE 10

/* Rows of one Range where no page size is given; what many APIs send. */
#define RANGE_ROWS 100

/*
 * Pages that were not where they were asked for, after which nothing is asked
 * ahead any more: the API's pages have no size.
 */
#define MAX_MISSES 2

/*
 * Where the query may stop at any row, requests ahead are this part of the
 * pages that it has already read.
 */
#define STOP_SHARE 4

/*
 * Search engines show 10,000 rows of a query, or a multiple, and refuse what
 * lies behind; their totals may stop there, too.
 */
#define DEPTH_CAP 10000

/* ---- life ---- */

static void
forget_hashes(AcPager *pager)
{
	if (pager->short_hashes != NULL)
		pfree(pager->short_hashes);
	pager->short_hashes = NULL;
}

static bool
counts_from_first(const AcPager *pager)
{
	return pager->style == AC_PAGER_PAGE || pager->style == AC_PAGER_LINK;
}

void
ac_pager_begin_run(AcPager *pager)
{
	const AcPaging *paging = &pager->config.paging;

	pager->requests = pager->pages;
	pager->token.set = false;
	pager->position = 0;
	if (counts_from_first(pager))
		pager->position = paging->first_page >= 0 ? paging->first_page : 1;
	pager->first_position = pager->position;
	pager->run_pages = 0;
	pager->rows = pager->largest_page = pager->last_rows = 0;
	pager->first_total = pager->last_total = -1;
	pager->least_total = pager->greatest_total = -1;
	pager->last_pages = 0;
	pager->total_too_low = pager->names_next = pager->names_other = false;
	pager->misses = pager->repeats = 0;
	pager->last_hash = 0;
	pager->more_said = false;
	pager->order = 0;
	pager->ties = false;
	ac_pager_set_clear(&pager->page_hashes);
	ac_pager_set_clear(&pager->tokens);
	forget_hashes(pager);
}

AcPager *
ac_pager_create(const AcPagerConfig *config)
{
	AcPager *pager = palloc0(sizeof(AcPager));

	Assert(config->max_pages > 0);
	pager->config = *config;
	/* a page that reaches deeper than the API shows is refused whole */
	if (config->paging.depth_limit > 0)
		pager->config.page_size = Min(config->page_size,
									  config->paging.depth_limit);
	pager->style = config->paging.style;
	ac_pager_begin_run(pager);
	pager->whole_total = -1;
	pager->rows_are_new = true;
	ac_window_init(pager);
	return pager;
}

bool
ac_pager_rows_are_new(const AcPager *pager)
{
	return pager->rows_are_new;
}

int64
ac_pager_rows_to_skip(const AcPager *pager)
{
	return pager->rows_to_skip;
}

bool
ac_pager_is_done(const AcPager *pager)
{
	return pager->done;
}

int
ac_pager_asked(const AcPager *pager)
{
	return pager->requests;
}

/* ---- naming requests ---- */

AcPagePlace
ac_page_place(const char *name)
{
	size_t len = strlen(name);

	if (name[0] == '/')
		return AC_PLACE_BODY;
	if (len > 1 && name[len - 1] == ':')
		return AC_PLACE_HEADER;
	return AC_PLACE_QUERY;
}

bool
ac_pager_counts_rows(const AcPager *pager)
{
	return (pager->style == AC_PAGER_OFFSET &&
			pager->config.paging.page_param != NULL) ||
		   pager->style == AC_PAGER_RANGE;
}

/* Styles that name pages by counting need the parameter that takes it. */
bool
ac_pager_is_positional(const AcPager *pager)
{
	return (pager->style == AC_PAGER_PAGE &&
			pager->config.paging.page_param != NULL) ||
		   ac_pager_counts_rows(pager);
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
		   !ac_pager_names_offset(pager->config.paging.page_param);
}

static void
add_param(AcPageRequest *request, const char *name, const char *value,
		  AcPageValue kind)
{
	Assert(request->n_params < (int) lengthof(request->params));
	request->params[request->n_params].name = name;
	request->params[request->n_params].value = value;
	request->params[request->n_params].kind = kind;
	request->n_params++;
}

/* The position's parameter, a page number or a number of rows to skip. */
static void
add_position(AcPager *pager, AcPageRequest *request, int64 position)
{
	snprintf(pager->position_text, sizeof(pager->position_text), "%lld",
			 (long long) position);
	add_param(request, pager->config.paging.page_param, pager->position_text,
			  AC_PAGE_NUMBER);
}

/* Rows that are asked for at once, -1: as the API likes. */
static int64
asked_size(const AcPager *pager)
{
	const AcPagerConfig *config = &pager->config;

	if (config->page_size > 0 || pager->style != AC_PAGER_RANGE)
		return config->page_size;
	return config->paging.page_size > 0 ? config->paging.page_size
										: RANGE_ROWS;
}

/*
 * Range, with the unit before the equals sign (RFC 9110 14.2) where the table
 * has one, else as PostgREST and its like read it.
 */
static void
add_range(AcPager *pager, AcPageRequest *request, int64 position)
{
	const AcPaging *paging = &pager->config.paging;
	int64 size = asked_size(pager);

	if (paging->page_param != NULL)
		snprintf(pager->position_text, sizeof(pager->position_text),
				 "%.20s=%lld-%lld", paging->page_param, (long long) position,
				 (long long) (position + size - 1));
	else
	{
		snprintf(pager->position_text, sizeof(pager->position_text),
				 "%lld-%lld", (long long) position,
				 (long long) (position + size - 1));
		add_param(request, "Range-Unit:", "items", AC_PAGE_TEXT);
	}
	add_param(request, "Range:", pager->position_text, AC_PAGE_TEXT);
}

/* What leads to the page, by token or by counting. */
static void
add_way(AcPager *pager, AcPageRequest *request, int64 position)
{
	const AcPageToken *token = &pager->token;

	if (token->set && token->text == NULL)
	{
		for (int i = 0; i < token->n_members; i++)
		{
			Assert(request->n_params < (int) lengthof(request->params));
			request->params[request->n_params++] = token->members[i];
		}
	}
	else if (token->set)
		add_param(request, pager->config.paging.cursor_param, token->text,
				  token->kind);
	else if (pager->style == AC_PAGER_RANGE)
		add_range(pager, request, position);
	else if (ac_pager_is_positional(pager) || links_by_number(pager))
		add_position(pager, request, position);
}

/* Fills in what the request number pager->requests asks for. */
static void
name_request(AcPager *pager, AcPageRequest *request)
{
	const AcPaging *paging = &pager->config.paging;
	int under_way = pager->requests - pager->pages;

	memset(request, 0, sizeof(*request));
	request->page = pager->requests;
	if (pager->token.set && pager->token.is_url)
	{
		/* Links are opaque: our parameters are in them, or not wanted. */
		request->url = pager->token.text;
		return;
	}
	add_way(pager, request,
			pager->position + under_way * ac_pager_stride(pager));
	if (paging->size_param != NULL && pager->config.page_size > 0)
	{
		snprintf(pager->size_text, sizeof(pager->size_text), "%d",
				 pager->config.page_size);
		add_param(request, paging->size_param, pager->size_text,
				  AC_PAGE_NUMBER);
	}
	ac_window_params(pager, request);
}

/* ---- requests ahead ---- */

int64
ac_pager_stride(const AcPager *pager)
{
	return ac_pager_counts_rows(pager) ? pager->step : 1;
}

/* Rows that stand before the request after those under way, if all is full. */
static int64
rows_before(const AcPager *pager)
{
	int under_way = pager->requests - pager->pages;

	if (ac_pager_counts_rows(pager))
		return pager->position + under_way * pager->step;
	return (pager->run_pages + under_way) * pager->largest_page;
}

/* Is it likely that there is such a page, by all that was said? */
static bool
is_expected(const AcPager *pager)
{
	int under_way = pager->requests - pager->pages;

	if (pager->last_pages > 0)
		return pager->run_pages + under_way < pager->last_pages;
	if (pager->last_total >= 0 && !pager->total_too_low)
		return rows_before(pager) < pager->last_total;
	/* nobody says how far it goes: by one more with each full page */
	if (pager->config.concurrency > 0 &&
		under_way >= pager->config.concurrency)
		return false;
	return pager->last_rows == pager->largest_page &&
		   under_way < pager->run_pages;
}

/*
 * May the request after those still under way be named?  Only what is counted
 * does not depend on what comes back.
 */
static bool
can_run_ahead(const AcPager *pager)
{
	const AcPagerConfig *config = &pager->config;
	int under_way = pager->requests - pager->pages;

	if (!ac_pager_is_positional(pager) || pager->largest_page == 0 ||
		pager->repeats > 0 || pager->names_other ||
		pager->misses >= MAX_MISSES || pager->requests >= config->max_pages)
		return false;
	if (config->wanted > 0 &&
		pager->all_rows + under_way * pager->largest_page >= config->wanted)
		return false;
	if (config->paging.depth_limit > 0 &&
		rows_before(pager) + pager->largest_page > config->paging.depth_limit)
		return false;
	if (config->wanted == AC_PAGER_PERHAPS &&
		under_way >= Max(pager->run_pages / STOP_SHARE, 1))
		return false;
	return is_expected(pager);
}

AcPagerNext
ac_pager_next(AcPager *pager, AcPageRequest *request)
{
	if (pager->done)
		return AC_PAGER_DONE;
	if (pager->requests == pager->pages)
		pager->step = pager->largest_page;
	else if (!can_run_ahead(pager))
		return AC_PAGER_WAIT;
	name_request(pager, request);
	pager->requests++;
	return AC_PAGER_REQUEST;
}

void
ac_pager_move_to(AcPager *pager, int64 position)
{
	if (pager->requests > pager->pages &&
		position != pager->position + ac_pager_stride(pager))
	{
		pager->requests = pager->pages;
		pager->misses++;
	}
	pager->position = position;
}

/* ---- ends ---- */

bool
ac_pager_incomplete(AcPager *pager, AcError *err, const char *fmt, ...)
{
	char text[300];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	pager->done = true;
	pager->requests = pager->pages;
	ac_error_set(err, AC_ERR_INCOMPLETE, "scan is incomplete: %s", text);
	return ac_error_detail(err, "%lld rows on %d pages were read.",
						   (long long) pager->all_rows, pager->pages);
}

int64
ac_pager_total(const AcPager *pager)
{
	return pager->last_total;
}

bool
ac_pager_total_is_short(const AcPager *pager)
{
	/* one page that nothing leads on from: how it is asked for is not known */
	bool open = pager->config.paging.style == AC_PAGER_AUTO &&
				pager->style == AC_PAGER_NONE;

	return pager->least_total > pager->rows &&
		   (!pager->config.filtered || open) &&
		   !pager->config.paging.total_loose;
}

/* Of windows together, are these the rows that were announced? */
bool
ac_pager_finish_all(AcPager *pager, AcError *err)
{
	pager->done = true;
	pager->requests = pager->pages;
	if (!pager->cut || pager->whole_total <= pager->all_rows || pager->config.filtered ||
		pager->config.paging.total_loose)
		return true;
	return ac_pager_incomplete(pager, err, "the API announced %lld rows and delivered %lld",
							   (long long) pager->whole_total,
							   (long long) pager->all_rows);
}

/*
 * Does the API say itself that this is the end, rather than refuse what is
 * asked for?  An empty page says it, but not behind a full one: there an API
 * stops, too, that shows the beginning only.
 */
static bool
is_said_end(const AcPager *pager, const AcPageFacts *facts)
{
	if (facts->past_end)
		return false;
	if (facts->more == 0)
		return true;
	switch (pager->style)
	{
		case AC_PAGER_AUTO:
		case AC_PAGER_NONE:
			return false;
		case AC_PAGER_LINK:
			return facts->link_seen || pager->run_pages > 1;
		case AC_PAGER_PAGE:
		case AC_PAGER_OFFSET:
		case AC_PAGER_RANGE:
			return ac_pager_is_positional(pager) && pager->rows_are_new &&
				   (facts->rows > 0 || !pager->after_full);
		default:
			return true;
	}
}

/*
 * Are rows missing, by the total?  One that was proved and has not changed
 * binds.  One that nobody proved may be an estimate or count what is not
 * shown to all; it is believed only where the API says no end itself.
 */
static bool
total_forbids(const AcPager *pager, const AcPageFacts *facts)
{
	if (!ac_pager_total_is_short(pager))
		return false;
	if (!is_said_end(pager, facts))
		return true;
	return pager->config.paging.total_proved &&
		   pager->least_total == pager->greatest_total;
}

bool
ac_pager_finish(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	if (facts->truncated)
		return ac_pager_incomplete(pager, err, "the API says that its answer was cut off and offers no next page");
	if (!total_forbids(pager, facts))
	{
		if (ac_window_next(pager))
			return ac_pager_go_on(pager, err);
		return ac_pager_finish_all(pager, err);
	}
	ac_pager_incomplete(pager, err, "the API announced %lld rows and delivered %lld",
						(long long) pager->least_total,
						(long long) pager->rows);
	if (pager->pages == 1 && pager->config.paging.style <= AC_PAGER_NONE)
		return ac_error_hint(err, "Nothing tells how the API is asked for more; say it with the table options \"pagination\" and \"page_param\" or \"cursor_param\".");
	return ac_error_hint(err, "If the API only estimates how many rows there are, say so with the table option \"total\".");
}

bool
ac_pager_go_on(AcPager *pager, AcError *err)
{
	if (ac_window_is_too_deep(pager))
	{
		if (ac_window_is_read(pager))
			return ac_window_next(pager) ? ac_pager_go_on(pager, err)
										 : ac_pager_finish_all(pager, err);
		if (!ac_window_resume(pager, err))
			return false;
		return pager->done || ac_pager_go_on(pager, err);
	}
	if (pager->requests < pager->config.max_pages ||
		pager->requests > pager->pages)
		return true;
	ac_pager_incomplete(pager, err, "there are more than %d pages",
						pager->config.max_pages);
	return ac_error_hint(err, "Raise the option \"max_pages\" of the table or the server, or use LIMIT.");
}

/* ---- pages ---- */

bool
ac_pager_looks_full(const AcPager *pager, int64 rows, int pages)
{
	int64 asked = asked_size(pager);

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
					  ac_pager_total_is_short(pager);

	pager->rows_are_new = false;
	if (!adjacent || !ac_pager_is_positional(pager) || more_known)
		return ac_pager_incomplete(pager, err, "page %d repeats an earlier page",
								   pager->pages);

	/* The total agrees; or a short page, or all at once, had been the last. */
	if (pager->last_total == pager->rows ||
		!ac_pager_looks_full(pager, facts->rows, pager->run_pages - 1))
		return ac_pager_finish(pager, facts, err);
	if (pager->run_pages == 2)
	{
		ac_pager_incomplete(pager, err, "page 2 repeats page 1");
		if (pager->config.paging.page_param == NULL)
			return false;
		return ac_error_hint(err, "The API seems to ignore the parameter \"%s\"; see the table option \"page_param\".",
							 pager->config.paging.page_param);
	}

	/* A full page twice: only the same once more proves it the last. */
	pager->repeats++;
	if (pager->repeats > 1)
		return ac_pager_finish(pager, facts, err);
	ac_pager_move_to(pager, pager->position +
								(pager->style == AC_PAGER_PAGE ? 1 : facts->rows));
	return ac_pager_go_on(pager, err);
}

/* Keeps what a page says about the number of rows in all. */
static void
note_total(AcPager *pager, const AcPageFacts *facts)
{
	if (facts->total >= 0)
	{
		if (pager->first_total < 0)
			pager->first_total = pager->least_total =
				pager->greatest_total = facts->total;
		pager->last_total = facts->total;
		pager->least_total = Min(pager->least_total, facts->total);
		pager->greatest_total = Max(pager->greatest_total, facts->total);
		if (pager->whole_total < 0 && !pager->cut)
			pager->whole_total = facts->total;
	}
	pager->last_pages = facts->pages > 0 ? facts->pages : pager->last_pages;
	pager->total_too_low = pager->last_total >= 0 &&
						   pager->rows > pager->last_total;
}

/*
 * A token that has expired before there were any rows: nothing is lost by
 * beginning anew, once.
 */
static bool
may_restart(const AcPager *pager)
{
	return pager->token.set && pager->all_rows == 0 && !pager->restarted;
}

/* No such page, says the API. */
static bool
judge_past_end(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	if (facts->more != 1 && may_restart(pager))
	{
		ac_pager_begin_run(pager);
		ac_pager_set_clear(&pager->urls);
		pager->restarted = true;
		return ac_pager_go_on(pager, err);
	}
	if (facts->more == 1 || ac_pager_named_by_api(pager))
		return ac_pager_incomplete(pager, err, "the API refuses page %d, which it named itself",
								   pager->pages);
	if (pager->repeats > 0 && pager->last_total != pager->rows)
		return ac_pager_incomplete(pager, err, "page %d repeats the page before it",
								   pager->pages - 1);
	if (pager->position - pager->first_position < pager->last_pages &&
		pager->style == AC_PAGER_PAGE && !pager->config.paging.total_loose)
		return ac_pager_incomplete(pager, err, "the API announced %lld pages and refuses page %d",
								   (long long) pager->last_pages, pager->pages);
	if (facts->refused && pager->rows >= DEPTH_CAP &&
		pager->rows % DEPTH_CAP == 0 &&
		pager->last_rows == pager->largest_page)
	{
		ac_pager_incomplete(pager, err, "the API refuses to show more than %lld rows of one query",
							(long long) pager->rows);
		return ac_error_hint(err, "See the table options \"depth_limit\" and \"window_path\".");
	}
	return ac_pager_finish(pager, facts, err);
}

/* ---- rows that come twice ---- */

/*
 * May rows be missing on a page of so many?  Not if all came that were asked
 * for.  A size that the API grants is not known to be one.
 */
static bool
may_hide_rows(const AcPager *pager, int64 rows)
{
	int64 asked = asked_size(pager);

	return asked <= 0 || rows < asked;
}

bool
ac_pager_wants_hashes(const AcPager *pager, int64 rows)
{
	return rows > 0 && ac_pager_counts_rows(pager) &&
		   (pager->short_hashes != NULL || may_hide_rows(pager, rows));
}

static bool
are_distinct(const uint64 *hashes, int64 n)
{
	AcHashSet set = {0};
	bool distinct = true;

	for (int64 i = 0; i < n && distinct; i++)
		distinct = ac_pager_set_add(&set, hashes[i]);
	if (set.slots != NULL)
		pfree(set.slots);
	return distinct;
}

/*
 * Does the page begin with the rows that the short one before ended with?
 * Then offsets count rows that are not shown.
 */
static bool
overlaps(const AcPager *pager, const AcPageFacts *facts)
{
	const uint64 *before = pager->short_hashes;
	int64 n = pager->n_short_hashes;

	for (int64 k = 1; k <= n && k <= facts->rows; k++)
		if (memcmp(before + n - k, facts->hashes, k * sizeof(uint64)) == 0)
			return true;
	return false;
}

static void
keep_hashes(AcPager *pager, const AcPageFacts *facts)
{
	size_t size = facts->rows * sizeof(uint64);
	bool keep = facts->hashes != NULL && may_hide_rows(pager, facts->rows) &&
				are_distinct(facts->hashes, facts->rows);

	forget_hashes(pager);
	if (!keep)
		return;
	pager->short_hashes = palloc(size);
	memcpy(pager->short_hashes, facts->hashes, size);
	pager->n_short_hashes = facts->rows;
}

/* Takes the rows of a page that did not come before. */
static bool
take_rows(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	int64 skipped = ac_pager_keyset_overlap(pager, facts);

	if (pager->short_hashes != NULL && facts->hashes != NULL &&
		overlaps(pager, facts))
	{
		pager->rows_are_new = false;
		return ac_pager_incomplete(pager, err, "page %d repeats rows of the page before it: the API counts rows that it does not show",
								   pager->pages);
	}
	if (ac_pager_counts_rows(pager))
		keep_hashes(pager, facts);
	pager->last_hash = facts->rows_hash;
	pager->rows_to_skip = skipped;
	pager->rows += facts->rows - skipped;
	pager->largest_page = Max(pager->largest_page, facts->rows);
	pager->all_rows += pager->windowed ? pager->page_kept
									   : facts->rows - skipped;
	return true;
}

/* A page that answers another range than was asked for. */
static bool
is_elsewhere(const AcPager *pager, const AcPageFacts *facts)
{
	return pager->style == AC_PAGER_RANGE && facts->range_from > 0 &&
		   facts->range_from != pager->position;
}

/* Judges a page whose texts are NULL rather than empty. */
static bool
judge_page(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	bool adjacent = pager->last_hash == facts->rows_hash;

	if (facts->past_end)
		return judge_past_end(pager, facts, err);
	if (facts->rows > 0 && facts->more != 1 &&
		ac_pager_keyset_overlap(pager, facts) == facts->rows)
	{
		/* nothing but the row that it was asked to begin with */
		pager->rows_are_new = false;
		if (facts->rows == asked_size(pager))
			return ac_pager_incomplete(pager, err, "page %d has nothing but the row that it was asked from, and no room for others",
									   pager->pages);
		return ac_pager_finish(pager, facts, err);
	}
	if (facts->rows > 0 && !pager->config.projected &&
		!ac_pager_set_add(&pager->page_hashes, facts->rows_hash))
	{
		note_total(pager, facts);
		return judge_repeat(pager, facts, adjacent, err);
	}
	if (facts->rows > 0 && is_elsewhere(pager, facts))
	{
		pager->rows_are_new = false;
		return ac_pager_incomplete(pager, err, "page %d begins with row %lld, not %lld",
								   pager->pages, (long long) facts->range_from + 1,
								   (long long) pager->position + 1);
	}
	if (pager->windowed && facts->total >= 0)
	{
		note_total(pager, facts);
		if (!ac_window_page(pager, facts, err))
			return false;
		if (ac_window_is_too_large(pager))
			return ac_window_split(pager, err);
	}
	else if (pager->windowed && !ac_window_page(pager, facts, err))
		return false;
	if (facts->rows > 0 && !take_rows(pager, facts, err))
		return false;
	pager->after_full = pager->run_pages > 1 &&
						ac_pager_looks_full(pager, pager->last_rows,
											pager->run_pages - 1);
	pager->last_rows = facts->rows;
	pager->more_said = facts->more == 1;
	note_total(pager, facts);
	return ac_pager_sequence(pager, facts, err);
}

bool
ac_pager_page(AcPager *pager, int page, const AcPageFacts *facts, AcError *err)
{
	AcPageFacts plain = *facts;

	Assert(pager->done || (page == pager->pages && page < pager->requests));
	Assert(facts->rows >= 0 && (facts->rows == 0 || !facts->past_end));
	Assert(!facts->past_end || page > 0);
	/* An empty reference is the page itself, an empty token none. */
	if (plain.link_next != NULL && plain.link_next[0] == '\0')
		plain.link_next = NULL;
	if (plain.next != NULL && plain.next[0] == '\0')
		plain.next = NULL;
	pager->rows_are_new = true;
	pager->rows_to_skip = 0;
	if (pager->done)
		return true; /* asked for ahead, not needed any more */
	pager->pages++;
	pager->run_pages++;
	return judge_page(pager, &plain, err);
}
