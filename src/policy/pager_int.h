/*
 * pager_int.h
 *		What do the parts of the pager share?
 *
 * pager.c names requests and judges pages, pager_style.c knows what each
 * style makes of a page, pager_window.c cuts a collection that the API shows
 * the beginning of only, pager_set.c remembers what was met,
 * pager_verdict.c says how it ended.
 */
#ifndef AC_POLICY_PAGER_INT_H
#define AC_POLICY_PAGER_INT_H

#include "ac.h"

#include "policy/pager.h"

/* A set of 64-bit fingerprints, open addressing, 0 is a free slot. */
typedef struct AcHashSet
{
	uint64 *slots;
	uint32 capacity; /* a power of two */
	uint32 used;
} AcHashSet;

/* What leads to the next page where that is not counted. */
typedef struct AcPageToken
{
	bool set;
	bool is_url;
	char *text; /* NULL: members */
	AcPageValue kind;
	AcPageParam members[AC_PAGER_MEMBERS];
	int n_members;
	uint64 hash; /* of them */
} AcPageToken;

/* Values from lo on, hi excluded; the ends of int64 stand for none. */
typedef struct AcWindow
{
	int64 lo;
	int64 hi;
} AcWindow;

#define AC_WINDOW_OPEN_LO PG_INT64_MIN
#define AC_WINDOW_OPEN_HI PG_INT64_MAX

/*
 * Windows that wait.  A cut in halves leaves one behind for each halving, of
 * which there are 63 at most, and each side is opened by doubling.
 */
#define AC_PAGER_WINDOWS 192

struct AcPager
{
	/* configuration */
	AcPagerConfig config;

	/* where it stands */
	AcPagerStyle style; /* in force; AUTO until the first page */
	int requests;		/* handed out, those that are void excepted */
	int pages;			/* told */
	bool done;			/* nothing more to send */

	/* position in the current run through pages, of the one told next */
	AcPageToken token;
	int64 position;		  /* page number or offset */
	int64 first_position; /* of the run's first page */
	bool restarted;		  /* a token expired, and the run began anew */

	/* texts of the request named last */
	char position_text[64];
	char size_text[16];
	char from_text[32];
	char to_text[32];

	/* what the pages of the run said */
	int run_pages;		/* told */
	int64 rows;			/* rows that were new */
	int64 largest_page; /* most rows on one page */
	int64 last_rows;	/* of the page told last */
	bool after_full;	/* the page before that was full */
	bool more_said;		/* the page told last says that others follow */
	int64 first_total;	/* -1: no total seen */
	int64 last_total;
	int64 least_total;
	int64 greatest_total;
	int64 last_pages;	/* number of pages, 0: not said */
	bool total_too_low; /* more rows came than it said */
	bool names_next;	/* a page gave its successor's number ... */
	bool names_other;	/* ... and that was not the next one */
	int64 step;			/* rows that requests under way are apart */
	int misses;			/* pages that were not where they were asked for */
	int repeats;		/* times the last page came again */
	uint64 last_hash;	/* of the last page with rows */
	bool ties;			/* KEYSET: a page had rows of the same key */
	uint64 first_key;	/* KEYSET: of the first row, 0: it has none */
	AcHashSet page_hashes;
	AcHashSet tokens;
	AcHashSet urls;		  /* of all runs */
	uint64 *short_hashes; /* of the rows of a short page before, or NULL */
	int64 n_short_hashes;

	/* what the caller is told of the last page */
	bool rows_are_new;
	int64 rows_to_skip;

	/* the whole collection */
	int64 all_rows;	   /* rows that belong to the result */
	bool windowed;	   /* windows are used, if need be */
	bool cut;		   /* they were needed */
	AcWindow window;   /* current */
	AcWindow of_page;  /* that of the page told last */
	AcWindow *waiting; /* stack */
	int n_waiting;
	int n_windows;	   /* read to their end */
	int64 whole_total; /* of all, as the first page told it; -1: not */
	int order;		   /* of values in the run: 1, -1; 0: none */
	int64 last_value;
	int64 page_least; /* values of the page told last */
	int64 page_greatest;
	int64 page_kept; /* rows of it that are the window's */
};

/* Adds a fingerprint; false if it was there.  Clearing keeps the memory. */
extern bool ac_pager_set_add(AcHashSet *set, uint64 hash);
extern void ac_pager_set_clear(AcHashSet *set);

/* Styles that count pages, or rows, and have what it takes to ask so. */
extern bool ac_pager_is_positional(const AcPager *pager);
extern bool ac_pager_counts_rows(const AcPager *pager);

/* The next page is at that position; what was asked elsewhere is void. */
extern void ac_pager_move_to(AcPager *pager, int64 position);

/* What position the request after the next one would have, without a word. */
extern int64 ac_pager_stride(const AcPager *pager);

/* Ends the scan with an error; its rows so far stay what they are. */
extern bool ac_pager_incomplete(AcPager *pager, AcError *err,
								const char *fmt, ...) pg_attribute_printf(3, 4);

/* The API says that there are no more rows: do its own words add up? */
extern bool ac_pager_finish(AcPager *pager, const AcPageFacts *facts,
							AcError *err);

/* Ends the scan: all of its runs are read. */
extern bool ac_pager_finish_all(AcPager *pager, AcError *err);

/* There is a next page, already named in the pager: is it allowed? */
extern bool ac_pager_go_on(AcPager *pager, AcError *err);

/* Fewer rows than every total that was seen; quals sent explain that. */
extern bool ac_pager_total_is_short(const AcPager *pager);

/*
 * May a page of so many rows have been cut by a limit on sizes, after that
 * many pages with new rows?  The limit need not be the one asked for.
 */
extern bool ac_pager_looks_full(const AcPager *pager, int64 rows, int pages);

/* Forgets all about the run and begins one with the first page. */
extern void ac_pager_begin_run(AcPager *pager);

/* ---- pager_style.c ---- */

/* Sequences a page that does not repeat another by the style in force. */
extern bool ac_pager_sequence(AcPager *pager, const AcPageFacts *facts,
							  AcError *err);

/* Rows at the start of a keyset page that its predecessor had, too. */
extern int64 ac_pager_keyset_overlap(const AcPager *pager,
									 const AcPageFacts *facts);

/* Did the API itself say that there is the page asked for last? */
extern bool ac_pager_named_by_api(const AcPager *pager);

extern bool ac_pager_names_offset(const char *param);

/* By the number of pages: 1 if others follow, 0 if not, -1 if unknown. */
extern int ac_pager_pages_say(const AcPager *pager, const AcPageFacts *facts);

/* ---- pager_window.c ---- */

extern void ac_window_init(AcPager *pager);

/* Adds the window's ends to a request. */
extern void ac_window_params(AcPager *pager, AcPageRequest *request);

/*
 * Looks at the values of a page.  False with an error if they do not belong
 * where they were asked for.
 */
extern bool ac_window_page(AcPager *pager, const AcPageFacts *facts,
						   AcError *err);

/* Would the page after this one, or the last of the total, be too deep? */
extern bool ac_window_is_too_large(const AcPager *pager);
extern bool ac_window_is_too_deep(const AcPager *pager);

/* Have all rows come that the total speaks of, and does it go that far? */
extern bool ac_window_is_read(const AcPager *pager);

/* Cuts the current window: in two, or behind what has been read. */
extern bool ac_window_split(AcPager *pager, AcError *err);
extern bool ac_window_resume(AcPager *pager, AcError *err);

/* Begins the run of the next window that waits; false if there is none. */
extern bool ac_window_next(AcPager *pager);

#endif /* AC_POLICY_PAGER_INT_H */
