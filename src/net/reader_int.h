/*
 * reader_int.h
 *		What do the parts of the reader share?
 *
 * reader.c reads answers, reader_ask.c makes requests of what the pager names.
 */
#ifndef AC_NET_READER_INT_H
#define AC_NET_READER_INT_H

#include "ac.h"

#include "core/url.h"
#include "net/embedded.h"
#include "net/pagefacts.h"
#include "net/reader.h"
#include "policy/pager.h"

struct AcReaderPlan
{
	AcRowPlan *rows;
	AcPageFields *fields;
	AcEmbedded *embedded; /* NULL: no list in a row is looked at */
	int n_columns;
	AcPaging paging;
	const char *rows_path;
	const char *const *members;
};

/* A request and its answer, in a memory context of their own. */
typedef struct AcPageFetch
{
	MemoryContext cxt;
	AcFetch *fetch;
	int page;		   /* 0-based */
	const char *url;   /* as asked */
	const char *body;  /* of a POST, else NULL */
	const char *shown; /* redacted */
	const char *headers[AC_FETCH_HEADERS];
	bool again; /* asked a second time: it looked like an error */
} AcPageFetch;

/*
 * Requests in the queue are half as many again as may be under way, so that
 * another leaves as soon as one is answered, whether or not its turn has come.
 */
#define AC_READER_ROOM(max_concurrency) \
	((max_concurrency) + (max_concurrency) / 2)

/* That, with the largest max_concurrency, and one asked a second time. */
#define AC_READER_QUEUE (AC_READER_ROOM(64) + 1)

/*
 * Bytes that pages asked for ahead may take together, by the largest page so
 * far: as much as one answer may be by default.
 */
#define AC_READER_AHEAD_BYTES (64 * 1024 * 1024)

struct AcReaderState
{
	/* what to read */
	const AcReaderPlan *plan;
	AcReaderRequest request;
	AcUrl first_url; /* request.url, taken apart */
	AcUrl page_url;	 /* of the page told last; next links are relative to it */

	/* where it stands */
	AcPager *pager;
	AcPageFetch *current;
	AcPageFetch *queue[AC_READER_QUEUE]; /* asked ahead, in order of pages */
	int n_queue;
	uint64 reading; /* the number of this one */
	uint64 kept_by; /* the one whose first page the cache had, 0: none */
	bool mixed;		/* others are not of that one */
	size_t largest_body;
	int64 delivered; /* rows of all pages so far */
	bool finished;
	bool failed;	  /* pending holds an error not yet reported */
	bool over_budget; /* that is of our making */
	int status;		  /* of the last answer */
	AcError pending;
	char *incomplete; /* message of an incomplete scan that was allowed */

	/* memory, named for its lifetime */
	MemoryContext reader_cxt;
	MemoryContext page_cxt;
};

/* Keeps an error until the rows of the current page are used up. */
extern bool ac_reader_postpone(struct AcReaderState *state, const AcError *err);

/*
 * Sends what can be named by now, as far as there is room; early: before the
 * page that has just come is read.  An error on the way is postponed.
 */
extern void ac_reader_ask_ahead(struct AcReaderState *state, bool early);

/* The current page's request once more, in front of the queue. */
extern void ac_reader_ask_again(struct AcReaderState *state);

/* Ends a request, or gives up its answer. */
extern void ac_reader_finish(struct AcReaderState *state, AcPageFetch *fetch);

/* Gives up requests for pages from that number on. */
extern void ac_reader_drop_from(struct AcReaderState *state, int page);

#endif /* AC_NET_READER_INT_H */
