/*
 * reader.h
 *		How does a collection, or one item, become a stream of rows?
 *
 * policy/pager says which requests come next, net/fetch gets the answers,
 * core/rowscan finds the rows in them; the reader joins them.  Pages are
 * asked for as soon as they can be named and before the rows of the current
 * one are handed out, in their order.  Memory holds the current page and
 * those ahead, of which there are no more than one and a half times the
 * server's max_concurrency, nor than fit into a number of bytes.
 *
 * Turning fields into values is pg/convert's business, what columns there
 * are fdw's.
 */
#ifndef AC_NET_READER_H
#define AC_NET_READER_H

#include "ac.h"

#include "api/tableplan.h"
#include "core/field.h"
#include "core/rowscan.h"
#include "net/connection.h"
#include "net/fetch.h"
#include "pg/compat.h"
#include "pg/option.h"

/*
 * What is wanted of each page, compiled once for all readers of a scan.
 * Lives in the memory context current at its creation.
 */
typedef struct AcReaderPlan AcReaderPlan;

/*
 * columns: JSON Pointers, in the order of the fields that ac_reader_next()
 * fills; origins: what each leads into (NULL: the row).  members: names of
 * members, of what stands at rows_path, that the table knows
 * (NULL-terminated; NULL: none), by which an object that looks like an error
 * is told from a row.  lists: may the column show a list that is cut (NULL:
 * none may)?  as_they_are: lists are not looked at, nested rows neither.
 */
typedef struct AcReaderWish
{
	AcPointers columns;
	const AcRowOrigin *origins;
	const bool *lists;
	bool as_they_are;
	AcRowSource source;
	const AcPaging *paging;
	const char *const *members;
} AcReaderWish;

/* Throws AC_ERR_OPTION_VALUE for malformed pointers. */
extern AcReaderPlan *ac_reader_plan(const AcReaderWish *wish);

/* Counters of one scan, over all of its readers. */
typedef struct AcReaderStats
{
	/* where requests are counted, too; NULL: nowhere */
	AcActivity *activity;

	AcFetchStats fetch; /* of the requests that are over */
	int64 started;		/* requests asked for, retries not counted */
	int64 pages;
	int64 rows;
	int64 no_parents;	 /* parents whose rows were answered by 404 or 410 */
	int64 lists;		 /* in rows, of which more was asked for than rows show */
	AcErrorCode failure; /* what the API did instead of sending rows, or all
						  * of them; AC_ERR_NONE: nothing */
	int failure_status;	 /* with which HTTP status, 0: without answer */
} AcReaderStats;

typedef struct AcReaderRequest
{
	AcConnection *conn;
	const char *table;	  /* foreign table's name for messages */
	const char *url;	  /* absolute; paging parameters are added */
	const char *body;	  /* JSON object that is sent by POST, where paging
						* parameters named by pointers go; NULL: GET */
	const char *endpoint; /* see AcFetchRequest */
	bool item;			  /* one row: 404 and null mean none; never paged */
	bool child;			  /* rows of one parent: 404 means none */
	int page_size;		  /* to ask for; -1: do not ask */
	int64 wanted;		  /* rows that will be read at most, -1: all */
	bool filtered;		  /* quals are in the URL */
	bool projected;		  /* parts of rows are asked for */
	int max_pages;		  /* of the table; 0: the server's */
	int max_requests;	  /* of one scan; 0: the server's, -1: no limit */
	bool tell_refusal;	  /* 400 or 422 for the first page: refusal, no error */
	bool refuse_early;	  /* as soon as a proved total tells that more are needed */
	bool items;			  /* each row costs another request */
	int64 cache_ms;		  /* cache_ttl_ms of its requests (net/fetch.h) */
	AcOnIncomplete on_incomplete;
	AcReaderStats *stats; /* added to; lives longer than the reader */

	/* A first page that need not be asked for: a list in a row of another
	 * reader, of which the rows here are the elements; no text: none. */
	AcSlice given; /* as a body, with AC_BUF_PADDING behind it */
	const char *given_url;
	uint64 given_kept_by;			/* AcFetch.kept_by */
	const AcReaderPlan *asked_plan; /* of pages that are asked for, where they
									 * have no rows where that one has; or NULL */
} AcReaderRequest;

typedef struct AcPageReader
{
	/* where it stands, for messages */
	int page;		 /* 1 for the first, 0: none yet */
	uint64 row;		 /* on that page, 1 for the first */
	const char *url; /* of that page, redacted */

	/* set by its user: nothing is waited for; then pending says whether a row
	 * was missing for that, and not because there is none */
	bool no_wait;
	bool pending;

	/* the first page was refused, until it is closed; NULL: it was not */
	const AcFetch *refusal;

	/* private */
	struct AcReaderState *state;
	AcRowScan scan;
	bool has_page;
	const int64 *values; /* of the page's rows, where windows are used */
	AcField *wide;		 /* fields with those that tell of cut lists, or NULL */
} AcPageReader;

/*
 * A reader in a memory context of its own below the current one; reset or
 * deletion of that ends its requests.  Sends nothing before the first row is
 * asked for.  plan must live as long.
 */
extern AcPageReader *ac_reader_open(const AcReaderPlan *plan,
									const AcReaderRequest *request);

/*
 * Sends the first request before a row is asked for.  Errors wait until then,
 * but for those of memory.
 */
extern void ac_reader_start(AcPageReader *reader);

/*
 * Moves to a page that has rows; false at the end, or where that is to be
 * waited for and must not.  For ac_reader_next().
 */
extern bool ac_reader_next_page(AcPageReader *reader);

/*
 * Lets the requests ahead move on while rows are handed out.  Called every so
 * many rows: often enough that a large page ahead does not wait for its
 * reader, seldom enough that its system calls do not count.
 */
extern void ac_reader_poll(AcPageReader *reader);
#define AC_READER_POLL_ROWS 64

/*
 * Where rows are to be looked at before they are handed out: fills fields and
 * tells whether the row is to be shown now.  A row with a cut list is not: it
 * comes again as ac_reader_next_page() has it, with all of the list; where
 * that cannot be had, this throws or warns.
 */
extern bool ac_reader_check_row(AcPageReader *reader, AcField *fields);

/* Throws what ended the rows of a page early: an interrupt. */
AC_NORETURN extern void ac_reader_fail(AcPageReader *reader,
									   const AcError *err);

/*
 * The next row: fields are filled and valid until the next call.  False at
 * the end, or if pending.  Throws the errors of requests, malformed pages, and scans that
 * are incomplete (or warns, as on_incomplete says).
 */
static inline bool
ac_reader_next(AcPageReader *reader, AcField *fields)
{
	AcError err;

	for (;;)
	{
		if (reader->has_page)
		{
			AcField *to = reader->wide != NULL ? reader->wide : fields;

			switch (ac_rowscan_next(&reader->scan, to, &err))
			{
				case AC_ROW_FOUND:
					if (++reader->row % AC_READER_POLL_ROWS == 0)
						ac_reader_poll(reader);
					if ((reader->values != NULL || reader->wide != NULL) &&
						!ac_reader_check_row(reader, fields))
						continue;
					return true;
				case AC_ROW_END:
					break;
				case AC_ROW_ERROR:
					ac_reader_fail(reader, &err);
			}
		}
		if (!ac_reader_next_page(reader))
			return false;
	}
}

/*
 * The number of rows in all that the API announces, -1 if it announces none:
 * reads the first page of a reader that was just opened, best with a page_size
 * of 1 and one row wanted.  Throws as ac_reader_next() does.
 */
extern int64 ac_reader_total(AcPageReader *reader);

/* What it would wait for now. */
extern AcPhase ac_reader_phase(const AcPageReader *reader);

/* Ends its requests, adds what they cost to the stats, frees everything. */
extern void ac_reader_close(AcPageReader *reader);

/* Adds what its requests that are not over yet took to stats. */
extern void ac_reader_add_pending(const AcPageReader *reader,
								  AcFetchStats *stats);

/*
 * How the scan ended, for EXPLAIN: the pager's verdict, "incomplete: ..." or
 * NULL while it goes on.  palloc'd in the current context.
 */
extern char *ac_reader_verdict(const AcPageReader *reader);

#endif /* AC_NET_READER_H */
