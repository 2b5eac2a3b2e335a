/*
 * fetch.h
 *		How is one request answered, whatever happens on the way?
 *
 * A fetch is a request with all that belongs around it: limiter,
 * credentials for the right origin only, redirects under the address
 * policy, classification of the outcome, retries with back-off, scrubbed
 * errors.  It is a state machine that never blocks (ac_fetch_drive), so that
 * several run side by side; ac_fetch_wait() drives all of a list until one
 * is finished, waiting on the latch and the engine's fd.
 */
#ifndef AC_NET_FETCH_H
#define AC_NET_FETCH_H

#include "ac.h"

#include "core/buf.h"
#include "core/error.h"
#include "core/header.h"
#include "net/connection.h"

/* What the answer is for; decides what a status means (policy/outcome.h). */
typedef enum AcFetchKind
{
	AC_FETCH_COLLECTION, /* first page: 404 is an error */
	AC_FETCH_PAGE,		 /* a later page: 400/404 may be past the end */
	AC_FETCH_CHILD,		 /* first page of a parent's rows: 404 is no row */
	AC_FETCH_ITEM,		 /* 404 is no row */
	AC_FETCH_DOCUMENT,	 /* discovery: any answer is an answer, few
								 * retries, HTML is allowed */
	AC_FETCH_PROBE		 /* the watch: any answer is an answer, redirects
								 * too; asked once */
} AcFetchKind;

/* Headers that a caller may add: conditions of a conditional request. */
#define AC_FETCH_HEADERS 2

typedef struct AcFetchRequest
{
	const char *method;					   /* "GET", "HEAD", "OPTIONS"; "POST" with a body */
	const char *url;					   /* absolute */
	const char *accept;					   /* Accept header; NULL: JSON */
	const char *headers[AC_FETCH_HEADERS]; /* more: "Name: value", or NULL */
	const char *json;					   /* body of a POST, else NULL */
	AcFetchKind kind;
	bool with_credentials; /* only ever sent to the base URL's origin */
	bool harmless;		   /* no redirect is followed to a path that smells of
							 * an action (api/action.h) */
	int timeout_ms;		   /* of the whole fetch, retries included; 0: none
								 * of its own */
	int64 max_bytes;	   /* of a body, where the server's
								 * max_response_size is not less; 0: that */
} AcFetchRequest;

typedef enum AcFetchState
{
	AC_FETCH_RUNNING,
	AC_FETCH_ANSWERED, /* status 2xx (DOCUMENT, PROBE: any status) */
	AC_FETCH_NO_ROW,   /* CHILD, ITEM: 404 or 410 */
	AC_FETCH_PAST_END, /* PAGE: the API says there is no such page, be
								 * it the end or not; COLLECTION and PAGE: 204,
								 * there is nothing */
	AC_FETCH_FAILED	   /* error is set */
} AcFetchState;

/* Counters of EXPLAIN ANALYZE; a scan adds up those of its fetches. */
typedef struct AcFetchStats
{
	int64 requests; /* sent, retries and redirects included */
	int64 retries;
	int64 bytes;   /* of bodies, decompressed */
	int64 wait_ms; /* spent waiting for the limiter and back-off */
} AcFetchStats;

typedef struct AcFetch
{
	AcFetchState state;
	int status;			/* HTTP status of the last answer, 0: none */
	AcHeaders *headers; /* of the last answer */
	AcBuf *body;		/* decompressed, owned by the fetch */
	char *url;			/* effective URL after redirects */
	AcError error;		/* when FAILED */
	AcFetchStats stats;
	struct AcFetchMachine *machine; /* private */
} AcFetch;

/*
 * Starts a fetch; memory and foreign resources hang on cxt, whose reset ends
 * the request.  The request's strings are copied.  Throws only out of memory.
 */
extern AcFetch *ac_fetch_start(AcConnection *conn,
							   const AcFetchRequest *request,
							   MemoryContext cxt);

/* Goes as far as possible without blocking. */
extern AcFetchState ac_fetch_drive(AcFetch *fetch);

/*
 * Blocks until the fetch is no longer RUNNING; serves interrupts, so it may
 * throw a cancel.  Does not throw the fetch's own error.
 */
extern AcFetchState ac_fetch_wait(AcFetch *fetch);

/* The same for the first of several that ends; NULL members are passed over. */
extern void ac_fetch_wait_any(AcFetch **fetches, int n);

/* Ends the request if it still runs and frees all of it. */
extern void ac_fetch_free(AcFetch *fetch);

#endif /* AC_NET_FETCH_H */
