/*
 * reader_int.h
 *		What do the parts of the reader share?
 *
 * reader.c goes from page to page, reader_ask.c makes requests of what the pager
 * names, reader_answer.c reads answers, reader_lists.c reads on where lists in
 * rows are cut.
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
	AcRowPlan *outer;	  /* what stands at rows_path, for its lists; NULL:
						   * their rest is not asked for */
	AcRowPlan *alone;	  /* the same fields of a body that is one row */
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
	bool given; /* never asked for: fetch is no request */
} AcPageFetch;

typedef struct AcReaderLists AcReaderLists;

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

/* What the pager's messages begin with; the verdict says it in its own way. */
#define AC_READER_INCOMPLETE "scan is incomplete: "

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
	int64 delivered;	  /* rows of all pages so far */
	int64 before;		  /* of those before the current one */
	AcReaderLists *lists; /* the current page has lists that are cut, and is
						   * handed out row by row; NULL: not */
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

/*
 * After the first page of a reading, from the facts that it told: postpones the
 * error where more requests are needed than max_requests allows.
 */
extern void ac_reader_foresee(struct AcReaderState *state,
							  const AcPageFacts *facts);

/* The current page's request once more, in front of the queue. */
extern void ac_reader_ask_again(struct AcReaderState *state);

/* Ends a request, or gives up its answer. */
extern void ac_reader_finish(struct AcReaderState *state, AcPageFetch *fetch);

/* Gives up requests for pages from that number on. */
extern void ac_reader_drop_from(struct AcReaderState *state, int page);

/*
 * Resolves a next link, or the like, against the page that has it.  Another
 * origin must be allowed by name; it never gets credentials (net/fetch).
 */
extern bool ac_reader_resolve(struct AcReaderState *state,
							  const char *reference, char **url, AcError *err);

/* Throws, or warns where the table's options allow an incomplete scan. */
extern void ac_reader_report_incomplete(struct AcReaderState *state,
										const AcError *err);

/* Keeps for the watch what the API did instead of sending rows. */
extern void ac_reader_note_failure(struct AcReaderState *state,
								   const AcError *err);

/* ---- reader_answer.c ---- */

/*
 * Makes the answer of the current request the current page, or asks for it once
 * more where it looks like an error for the first time; throws.
 */
extern void ac_reader_take_answer(AcPageReader *reader);

/* 204 and 205 have no body, and say so. */
extern bool ac_reader_is_empty(const AcFetch *fetch);

/* A page past the end: only the pager can say whether that is in order. */
extern void ac_reader_take_past_end(AcPageReader *reader);

/* ---- reader_lists.c ---- */

/* Compiles what is needed to read on, into a plan that has embedded. */
extern void ac_reader_lists_plan(AcReaderPlan *plan, const AcRowSource *source,
								 AcPointers columns,
								 const AcRowOrigin *origins);

/*
 * Hands out the current page row by row, from behind those that were handed
 * out, at rows_path.
 */
extern void ac_reader_lists_begin(AcPageReader *reader, uint64 handed_out);

/* Does it have a list that is cut?  Where rows are nested, before any is read. */
extern bool ac_reader_lists_are_cut(AcPageReader *reader);

typedef enum AcListsNext
{
	AC_LISTS_ROWS, /* reader->scan has the rows that come next */
	AC_LISTS_WAIT, /* they are to be waited for, and must not */
	AC_LISTS_END   /* of the page */
} AcListsNext;

/* The error of a row whose list is cut, where nothing tells of the rest. */
extern void ac_reader_lists_cut(const AcPageReader *reader, uint64 row,
								const char *place, AcError *err);

extern AcListsNext ac_reader_lists_next(AcPageReader *reader);

/* Ends requests under way, as with the page. */
extern void ac_reader_lists_end(struct AcReaderState *state);

/* Adds what they took so far; what is waited for. */
extern void ac_reader_lists_add_pending(const AcReaderLists *lists,
										AcFetchStats *stats);
extern AcPhase ac_reader_lists_phase(const AcReaderLists *lists);

#endif /* AC_NET_READER_INT_H */
