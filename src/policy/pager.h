/*
 * pager.h
 *		Which requests come next, and is the collection complete?
 *
 * Pure: the pager is told facts about each page and answers with requests.
 * doc/scanning.md, "Pages", has the rules.  It always ends (every page either
 * brings a request not made before or ends the scan), and where the API's
 * word does not add up it says so instead of ending early.
 *
 * Several requests may be under way, where their positions can be computed.
 * Answers may come in any order; facts are told in the order of the requests.
 * When a page is not what was reckoned with, requests after it are void: see
 * ac_pager_asked().
 *
 * Functions allocate in the current memory context, which must live as long
 * as the pager: 16 bytes a page.  Texts of a request live until the next
 * call; facts may go after it.
 */
#ifndef AC_POLICY_PAGER_H
#define AC_POLICY_PAGER_H

#include "ac.h"

#include "api/tableplan.h"
#include "core/error.h"

typedef struct AcPager AcPager;

typedef struct AcPagerConfig
{
	AcPaging paging; /* style AUTO: the first page decides */
	int page_size;	 /* to ask for; -1: do not ask */
	int max_pages;	 /* more is AC_ERR_INCOMPLETE */
	bool filtered;	 /* quals were sent: a total may count rows that
								 * do not match them, so that fewer rows than
								 * it says are no error */
	bool projected;	 /* parts of rows come, by which pages are not told
								 * apart: equal ones are no repetition */
	int64 wanted;	 /* rows that will be read at most; 0, -1: all */
	int concurrency; /* pages ahead, where nobody tells of an end, at most;
					  * 0: as many as may be */
} AcPagerConfig;

/* Some of the rows may be enough, and nobody knows how many. */
#define AC_PAGER_PERHAPS (-2)

/* How a value is written into a JSON body; elsewhere all are texts. */
typedef enum AcPageValue
{
	AC_PAGE_TEXT,	/* a string */
	AC_PAGE_NUMBER, /* a number as it stands */
	AC_PAGE_JSON	/* a JSON text, of an array or object */
} AcPageValue;

typedef struct AcPageParam
{
	const char *name;  /* see AcPaging */
	const char *value; /* not percent-encoded */
	AcPageValue kind;
	bool told; /* the name is the API's: a query parameter, however it looks */
} AcPageParam;

/* Where the value of a parameter goes. */
typedef enum AcPagePlace
{
	AC_PLACE_QUERY,
	AC_PLACE_BODY,	/* "/pointer" */
	AC_PLACE_HEADER /* "Name:" */
} AcPagePlace;

extern AcPagePlace ac_page_place(const char *name);

/*
 * Members of a continuation object; MediaWiki, with the most, sends four or
 * five.  More is AC_ERR_INCOMPLETE.
 */
#define AC_PAGER_MEMBERS 16

/* Parameters of one request: these, a size, two ends of a window. */
#define AC_PAGER_PARAMS (AC_PAGER_MEMBERS + 3)

/* A request is the table's first request with these changes. */
typedef struct AcPageRequest
{
	int page;		 /* 0-based number of the request in the scan; one that
					  * became void is given again */
	const char *url; /* absolute or relative URL to ask as it is, else
								 * NULL: the base request plus the parameters */
	int n_params;
	AcPageParam params[AC_PAGER_PARAMS];
} AcPageRequest;

/* A value in a row, and how many rows there side by side have it. */
typedef struct AcPageKey
{
	const char *text; /* NULL: none */
	AcPageValue kind;
	int64 times;
} AcPageKey;

/* A row that has no value to be put into a window by. */
#define AC_PAGER_NO_VALUE PG_INT64_MIN

/*
 * What one answer said.  Texts may be NULL, numbers -1, where it said nothing.
 */
typedef struct AcPageFacts
{
	int64 rows;			   /* rows on the page */
	uint64 rows_hash;	   /* of the raw bytes of the rows, 0 if no rows */
	const char *link_next; /* target of Link rel=next */
	bool link_seen;		   /* a Link header with paging relations stood there */
	const char *next;	   /* text of what stands at cursor_path */
	AcPageValue next_kind;
	const AcPageParam *members; /* CONTINUE: of the object there */
	int n_members;
	int more;			  /* 1, 0, -1: the field at more_path */
	int64 total;		  /* the field at total_path or a header's */
	int64 pages;		  /* 0 where not said, too: what stands at pages_path */
	int64 range_from;	  /* 0 where not said, too: Content-Range's first */
	bool truncated;		  /* truncated, incomplete_results and the like */
	bool past_end;		  /* 400, 404, ... for a page past the first */
	bool refused;		  /* that is no word for "not found": 400, 422 */
	AcPageKey first;	  /* KEYSET: the key of the first row ... */
	AcPageKey last;		  /* ... and of the last */
	bool ties;			  /* KEYSET: rows side by side have the same key */
	const uint64 *hashes; /* of each row, where ac_pager_wants_hashes() */
	const int64 *values;  /* of each row, where windows are used, in
							* units; NULL: no row was looked at */
} AcPageFacts;

typedef enum AcPagerNext
{
	AC_PAGER_REQUEST, /* *request is to be sent now */
	AC_PAGER_WAIT,	  /* cannot be named before a page has come */
	AC_PAGER_DONE	  /* nothing more to send */
} AcPagerNext;

extern AcPager *ac_pager_create(const AcPagerConfig *config);

/*
 * The next request, if it can be named by now.  Where no request is under way
 * there always is one, unless the pager is done.  Others are named ahead of
 * the answers only for PAGE, OFFSET and RANGE after their first page: up to
 * where a total ends; without one no more than full pages were told, so that
 * at most half of what is asked for is waste, and never more than
 * concurrency; where some rows may be enough, a
 * quarter of that; none for rows that are not wanted.  How many to send at
 * once is the caller's business.
 */
extern AcPagerNext ac_pager_next(AcPager *pager, AcPageRequest *request);

/*
 * Facts of the answer to request number page, in order.  False with
 * AC_ERR_INCOMPLETE where the scan cannot be complete: a loop, a repeated
 * page, the cap, has_more without a way on, a total that does not add up.
 * The message has the counts; rows of the page itself may be used.
 */
extern bool ac_pager_page(AcPager *pager, int page, const AcPageFacts *facts,
						  AcError *err);

/*
 * Requests that count: those numbered from this on were asked for from a
 * position that turned out wrong, or behind the end, and their answers must
 * not be used.
 */
extern int ac_pager_asked(const AcPager *pager);

/*
 * True if the rows of the page told last belong to the result; false for a
 * page that repeats an earlier one, be that a loop or the last page served
 * again past the end.
 */
extern bool ac_pager_rows_are_new(const AcPager *pager);

/* Rows at the beginning of the page told last that came with the one before. */
extern int64 ac_pager_rows_to_skip(const AcPager *pager);

/*
 * Are rows told apart by their values (AcPageFacts.values)?  Then, does a row
 * of the page told last belong to the result?  The others come with another
 * window, or came.
 */
extern bool ac_pager_has_windows(const AcPager *pager);
extern bool ac_pager_keeps(const AcPager *pager, int64 value);

/*
 * The value of a row as windows count it: the whole number, second or day that
 * text (NULL: none) names or lies in; AC_PAGER_NO_VALUE if it names none.
 * Moments without a zone are UTC; numbers are seconds since 1970.
 */
extern int64 ac_window_value(const char *text, AcWindowUnit unit);

/*
 * Should facts of a page of so many rows have the hash of each?  The pager
 * wants to know whether rows come twice where it counts rows and fewer came
 * than were asked for: offsets may count rows that are not shown.
 */
extern bool ac_pager_wants_hashes(const AcPager *pager, int64 rows);

/*
 * Does the scan end with the page told last, in order or with an error?  What
 * was asked for ahead need not be waited for.
 */
extern bool ac_pager_is_done(const AcPager *pager);

/* The number of rows in all that the page told last announced; -1: none has. */
extern int64 ac_pager_total(const AcPager *pager);

/*
 * The verdict for EXPLAIN once the pager is done:
 * "complete", "complete (total matched)", "complete (total moved 8 to 9)",
 * with "; rows may have been missed or repeated: ..." where offset paging met a change.
 */
extern const char *ac_pager_verdict(const AcPager *pager);

#endif /* AC_POLICY_PAGER_H */
