/*
 * pager_window.c
 *		How is a collection read of which the API shows the beginning only?
 *
 * Many APIs show 1,000 or 10,000 rows of one query and refuse what lies
 * behind.  Such a collection is read in windows: ranges of a value that each
 * row has, a key or a moment, small enough that all of their rows are shown.
 *
 * Where a total tells how many rows a window has, and both ends can be asked
 * for, a window with too many is cut in two before its rows are used.  Where
 * that cannot be, rows are read up to the cap, and the rest is asked for from
 * the last value on; this is sound only if rows come in the order of distinct
 * values, which is checked.
 *
 * Nobody knows whether an API counts the ends in, so a window is asked for one
 * unit wider at each end, and rows outside of it, which come with its
 * neighbours, do not count.  The first and the last window are open: no row is
 * missed for being older or newer than we thought.  Rows that enter or leave
 * while the collection is read are another matter, as in all paging.
 */
#include "ac.h"

#include "core/header.h"
#include "policy/pager_int.h"

#define SECONDS_A_DAY 86400

/* The year 9999 ends, in days since 1970. */
#define MAX_DAY INT64CONST(2932896)

void
ac_window_init(AcPager *pager)
{
	const AcPaging *paging = &pager->config.paging;

	pager->window.lo = AC_WINDOW_OPEN_LO;
	pager->window.hi = AC_WINDOW_OPEN_HI;
	/* who asks from a row's value on never comes deep */
	pager->windowed = paging->depth_limit > 0 && paging->window_path != NULL &&
					  paging->style != AC_PAGER_KEYSET &&
					  (paging->window_from != NULL ||
					   paging->window_to != NULL);
	if (pager->windowed)
		pager->waiting = palloc(AC_PAGER_WINDOWS * sizeof(AcWindow));
}

bool
ac_pager_has_windows(const AcPager *pager)
{
	return pager->windowed;
}

bool
ac_pager_keeps(const AcPager *pager, int64 value)
{
	return value >= pager->of_page.lo && value < pager->of_page.hi;
}

/* Whole number of at most 18 digits. */
static bool
read_integer(const char *text, int64 *value)
{
	size_t sign = text[0] == '-' ? 1 : 0;
	size_t len = strspn(text + sign, "0123456789");

	if (len == 0 || len > 18 || text[sign + len] != '\0')
		return false;
	*value = strtoll(text, NULL, 10);
	return true;
}

/* Seconds since 1970 of ISO 8601, of a day its first. */
static bool
read_second(const char *text, int64 *second)
{
	static const char *const endings[] = {"", "Z", "T00:00:00Z"};
	int64 unix_ms;

	if (strlen(text) > 40)
		return false;
	for (int i = 0; i < (int) lengthof(endings); i++)
	{
		char *whole = psprintf("%s%s", text, endings[i]);
		bool good = ac_header_parse_rfc3339(whole, &unix_ms);

		pfree(whole);
		if (good)
		{
			*second = unix_ms / 1000 - (unix_ms % 1000 < 0);
			return true;
		}
	}
	return false;
}

int64
ac_window_value(const char *text, AcWindowUnit unit)
{
	int64 value;

	if (text == NULL)
		return AC_PAGER_NO_VALUE;
	if (!read_integer(text, &value) &&
		(unit == AC_WINDOW_INTEGER || !read_second(text, &value)))
		return AC_PAGER_NO_VALUE;
	if (unit == AC_WINDOW_DAY)
		value = value / SECONDS_A_DAY - (value % SECONDS_A_DAY < 0);
	return value;
}

/* ---- requests ---- */

/* The day as a date, with the time of the day unless that is negative. */
static void
print_moment(char *text, size_t size, int64 day, int64 second)
{
	/* civil_from_days, proleptic Gregorian, with years from March on */
	int64 shifted = day + 719468;
	int64 era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64 doe = shifted - era * 146097;
	int64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64 doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64 mp = (5 * doy + 2) / 153;
	int month = (int) (mp < 10 ? mp + 3 : mp - 9);
	int year = (int) (yoe + era * 400 + (month <= 2 ? 1 : 0));
	int mday = (int) (doy - (153 * mp + 2) / 5 + 1);

	if (second < 0)
		snprintf(text, size, "%04d-%02d-%02d", year, month, mday);
	else
		snprintf(text, size, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month,
				 mday, (int) (second / 3600), (int) (second / 60 % 60),
				 (int) (second % 60));
}

/* What values may be: years of four digits, or whatever int64 has. */
static AcWindow
bounds_of(AcWindowUnit unit)
{
	AcWindow bounds = {PG_INT64_MIN / 4, PG_INT64_MAX / 4};

	if (unit != AC_WINDOW_INTEGER)
	{
		bounds.lo = -719162; /* 0001-01-01 */
		bounds.hi = MAX_DAY;
	}
	if (unit == AC_WINDOW_SECOND)
	{
		bounds.lo *= SECONDS_A_DAY;
		bounds.hi *= SECONDS_A_DAY;
	}
	return bounds;
}

static void
print_value(char *text, size_t size, int64 value, AcWindowUnit unit)
{
	AcWindow bounds = bounds_of(unit);
	int64 day;

	value = Min(Max(value, bounds.lo), bounds.hi);
	switch (unit)
	{
		case AC_WINDOW_INTEGER:
			snprintf(text, size, "%lld", (long long) value);
			break;
		case AC_WINDOW_DAY:
			print_moment(text, size, value, -1);
			break;
		case AC_WINDOW_SECOND:
			day = value / SECONDS_A_DAY - (value % SECONDS_A_DAY < 0);
			print_moment(text, size, day, value - day * SECONDS_A_DAY);
			break;
	}
}

static void
add_end(AcPager *pager, AcPageRequest *request, const char *name, char *text)
{
	AcPageParam *param = &request->params[request->n_params++];

	Assert(request->n_params <= (int) lengthof(request->params));
	param->name = name;
	param->value = text;
	param->kind = pager->config.paging.window_unit == AC_WINDOW_INTEGER
					  ? AC_PAGE_NUMBER
					  : AC_PAGE_TEXT;
}

void
ac_window_params(AcPager *pager, AcPageRequest *request)
{
	const AcPaging *paging = &pager->config.paging;

	if (!pager->windowed)
		return;
	if (pager->window.lo != AC_WINDOW_OPEN_LO)
	{
		print_value(pager->from_text, sizeof(pager->from_text),
					pager->window.lo - 1, paging->window_unit);
		add_end(pager, request, paging->window_from, pager->from_text);
	}
	if (pager->window.hi != AC_WINDOW_OPEN_HI)
	{
		print_value(pager->to_text, sizeof(pager->to_text),
					pager->window.hi, paging->window_unit);
		add_end(pager, request, paging->window_to, pager->to_text);
	}
}

/* ---- pages ---- */

/* Is the value where the API was asked for, whether it counts ends or not? */
static bool
was_asked_for(const AcPager *pager, int64 value)
{
	return (pager->window.lo == AC_WINDOW_OPEN_LO ||
			value >= pager->window.lo - 1) &&
		   (pager->window.hi == AC_WINDOW_OPEN_HI ||
			value <= pager->window.hi);
}

/* Keeps whether values of the run go up or down all the way. */
static void
note_order(AcPager *pager, int64 value, bool first)
{
	int order = first ? 0 : value > pager->last_value ? 1
						: value < pager->last_value	  ? -1
													  : 0;

	if (first)
		pager->order = 2; /* whatever it becomes */
	else if (pager->order == 2)
		pager->order = order;
	else if (pager->order != order)
		pager->order = 0;
	pager->last_value = value;
}

bool
ac_window_page(AcPager *pager, const AcPageFacts *facts, AcError *err)
{
	const char *problem = NULL;

	pager->page_kept = 0;
	pager->of_page = pager->window;
	for (int64 i = 0; i < facts->rows && problem == NULL; i++)
	{
		int64 value = facts->values != NULL ? facts->values[i]
											: AC_PAGER_NO_VALUE;

		if (value == AC_PAGER_NO_VALUE)
			problem = "has no value that could be put into a window";
		else if (!was_asked_for(pager, value))
			problem = "is outside of the window that was asked for";
		else
		{
			note_order(pager, value, pager->rows == 0 && i == 0);
			pager->page_least = i == 0 ? value
									   : Min(pager->page_least, value);
			pager->page_greatest = i == 0 ? value
										  : Max(pager->page_greatest, value);
			pager->page_kept += ac_pager_keeps(pager, value);
		}
		if (problem != NULL)
			ac_pager_incomplete(pager, err, "row %lld of page %d %s",
								(long long) i + 1, pager->pages, problem);
	}
	pager->rows_are_new = problem == NULL;
	return problem == NULL;
}

/* Rows of one query that whole pages can reach. */
static int64
reachable(const AcPager *pager)
{
	int64 limit = pager->config.paging.depth_limit;

	if (ac_pager_is_positional(pager) && pager->largest_page > 0 &&
		pager->largest_page <= limit)
		limit -= limit % pager->largest_page;
	return limit;
}

bool
ac_window_is_too_large(const AcPager *pager)
{
	const AcPaging *paging = &pager->config.paging;

	return pager->windowed && pager->run_pages == 1 &&
		   pager->page_least <= pager->page_greatest &&
		   paging->window_from != NULL && paging->window_to != NULL &&
		   pager->last_total > reachable(pager);
}

bool
ac_window_is_too_deep(const AcPager *pager)
{
	const AcPaging *paging = &pager->config.paging;
	int64 before = pager->rows;
	int64 next = 1;

	if (paging->depth_limit <= 0 || pager->run_pages == 0 ||
		pager->style == AC_PAGER_KEYSET)
		return false;
	if (ac_pager_is_positional(pager))
	{
		next = Max(pager->largest_page, 1);
		before = ac_pager_counts_rows(pager)
					 ? pager->position
					 : (pager->position - pager->first_position) * next;
	}
	return before + next > paging->depth_limit;
}

/*
 * A total that was more than the cap once is none that stops there, so one
 * that is just reached is believed; less than the cap it is anyway.
 */
bool
ac_window_is_read(const AcPager *pager)
{
	int limit = pager->config.paging.depth_limit;

	return pager->last_total >= 0 && pager->last_total == pager->rows &&
		   (pager->last_total < limit || pager->whole_total > limit);
}

/* ---- cutting ---- */

static bool
push(AcPager *pager, int64 lo, int64 hi)
{
	if (pager->n_waiting == AC_PAGER_WINDOWS)
		return false;
	pager->waiting[pager->n_waiting++] = (AcWindow){lo, hi};
	return true;
}

/* Begins the run of the window on top of the stack. */
static void
pop(AcPager *pager)
{
	Assert(pager->n_waiting > 0);
	ac_pager_begin_run(pager);
	pager->window = pager->waiting[--pager->n_waiting];
	pager->cut = true;
}

/*
 * A value inside of the window to cut it at.  Open ends are moved away from
 * the values seen, by twice their distance from the other end: what lies
 * beyond gets less each time.
 */
static int64
pivot_of(const AcPager *pager)
{
	AcWindow bounds = bounds_of(pager->config.paging.window_unit);
	const AcWindow *w = &pager->window;
	int64 lo = w->lo == AC_WINDOW_OPEN_LO ? Min(0, pager->page_least) : w->lo;
	int64 pivot;

	if (w->hi == AC_WINDOW_OPEN_HI)
		pivot = lo + 2 * Max(pager->page_greatest - lo, 1);
	else if (w->lo == AC_WINDOW_OPEN_LO)
		pivot = w->hi - 2 * Max(w->hi - pager->page_least, 1);
	else
		pivot = w->lo + (w->hi - w->lo) / 2;
	return Min(Max(pivot, bounds.lo), bounds.hi);
}

static bool
cannot_cut(AcPager *pager, AcError *err)
{
	ac_pager_incomplete(pager, err, "the API shows %d rows of one query, and there are more",
						pager->config.paging.depth_limit);
	if (pager->windowed)
		return ac_error_hint(err, "Windows cannot tell these rows apart; see the table options \"window_path\" and \"window_unit\".");
	return ac_error_hint(err, "Name a value by which rows can be asked for in parts, with the table options \"window_path\", \"window_from\" and \"window_to\".");
}

bool
ac_window_split(AcPager *pager, AcError *err)
{
	AcWindow w = pager->window;
	int64 pivot = pivot_of(pager);

	pager->rows_are_new = false;
	if (pivot <= w.lo || pivot >= w.hi || !push(pager, pivot, w.hi) ||
		!push(pager, w.lo, pivot))
		return cannot_cut(pager, err);
	pop(pager);
	return ac_pager_go_on(pager, err);
}

bool
ac_window_resume(AcPager *pager, AcError *err)
{
	const AcPaging *paging = &pager->config.paging;
	AcWindow w = pager->window;
	bool good = pager->windowed;

	if (pager->order == 1 && paging->window_from != NULL)
		w.lo = Max(w.lo, pager->last_value + 1);
	else if (pager->order == -1 && paging->window_to != NULL)
		w.hi = Min(w.hi, pager->last_value);
	else
		good = false;
	/* a window that does not get smaller would be read for ever */
	if (!good || (w.lo == pager->window.lo && w.hi == pager->window.hi))
		return cannot_cut(pager, err);
	if (w.lo < w.hi && !push(pager, w.lo, w.hi))
		return cannot_cut(pager, err);
	return ac_window_next(pager) || ac_pager_finish_all(pager, err);
}

bool
ac_window_next(AcPager *pager)
{
	pager->n_windows++;
	if (!pager->windowed || pager->n_waiting == 0)
		return false;
	pop(pager);
	return true;
}
