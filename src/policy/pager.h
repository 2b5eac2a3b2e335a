/*
 * pager.h
 *		Which request comes next, and is the collection complete?
 *
 * Pure: the pager is told facts about each page and answers with the next
 * request.  doc/scanning.md, "Pages", has the rules.  It never repeats a
 * request, always ends (every page either brings a request not made before
 * or ends the scan), and where the API's word does not add up it says so
 * instead of ending early.
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
} AcPagerConfig;

/* A request is the table's first request with these changes. */
typedef struct AcPageRequest
{
	int page;		 /* 0-based number of the request in the scan */
	const char *url; /* absolute or relative URL to ask as it is, else
								 * NULL: the base request plus the parameters */
	int n_params;
	struct
	{
		const char *name;
		const char *value; /* not percent-encoded */
	} params[3];
} AcPageRequest;

/* What one answer said.  Texts may be NULL, numbers -1, where it said nothing. */
typedef struct AcPageFacts
{
	int64 rows;			   /* rows on the page */
	uint64 rows_hash;	   /* of the raw bytes of the rows, 0 if no rows */
	const char *link_next; /* target of Link rel=next */
	bool link_seen;		   /* a Link header with paging relations stood there */
	const char *next;	   /* text of the field at cursor_path */
	int more;			   /* 1, 0, -1: the field at more_path */
	int64 total;		   /* the field at total_path or a header's */
	bool truncated;		   /* truncated, incomplete_results and the like */
	bool past_end;		   /* 400, 404 or 416 for a page past the first */
} AcPageFacts;

typedef enum AcPagerNext
{
	AC_PAGER_REQUEST, /* *request is to be sent now */
	AC_PAGER_WAIT,	  /* cannot be named before a page has come */
	AC_PAGER_DONE	  /* nothing more to send */
} AcPagerNext;

extern AcPager *ac_pager_create(const AcPagerConfig *config);

/*
 * The next request, if it can be named by now.  Styles PAGE and OFFSET name
 * the request after the current one before its page has come only once the
 * last page's facts make it certain or likely that there is one.
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
 * True if the rows of the page told last belong to the result; false for a
 * page that repeats an earlier one, be that a loop or the last page served
 * again past the end.
 */
extern bool ac_pager_rows_are_new(const AcPager *pager);

/*
 * Does the scan end with the page told last, in order or with an error?  What
 * was asked for ahead need not be waited for.
 */
extern bool ac_pager_is_done(const AcPager *pager);

/*
 * The verdict for EXPLAIN once the pager is done:
 * "complete", "complete (total matched)", "complete (total moved 8 to 9)",
 * with "; rows may have been missed or repeated: ..." where offset paging met a change.
 */
extern const char *ac_pager_verdict(const AcPager *pager);

#endif /* AC_POLICY_PAGER_H */
