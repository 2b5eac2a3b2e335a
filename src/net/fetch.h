/*
 * fetch.h
 *		How is one request answered, whatever happens on the way?
 *
 * A fetch is a request with all that belongs around it: limiter,
 * credentials for the right origin only, redirects under the address
 * policy, classification of the outcome, retries with back-off, scrubbed
 * errors.  It is a state machine that never blocks (ac_fetch_drive), so that
 * several run side by side; ac_fetch_wait() waits for one or for the first of a
 * list on the latch and the engine's fd, and meanwhile drives all that the
 * process has.
 */
#ifndef AC_NET_FETCH_H
#define AC_NET_FETCH_H

#include "ac.h"

#include "core/buf.h"
#include "core/error.h"
#include "core/header.h"
#include "net/connection.h"
#include "pg/activity.h"

/* What the answer is for; decides what a status means (policy/outcome.h). */
typedef enum AcFetchKind
{
	AC_FETCH_COLLECTION, /* first page: 404 is an error */
	AC_FETCH_PAGE,		 /* a later page: 400/404 may be past the end */
	AC_FETCH_CHILD,		 /* first page of a parent's rows: 404 is no row */
	AC_FETCH_ITEM,		 /* 404 is no row */
	AC_FETCH_DOCUMENT,	 /* discovery: any answer is an answer, few
								 * retries, HTML is allowed */
	AC_FETCH_PROBE,		 /* the watch: any answer is an answer, redirects
								 * too; asked once */
	AC_FETCH_TOKEN		 /* OAuth: the same, but asked again as any POST */
} AcFetchKind;

/* Headers that a caller may add: conditions of a conditional request. */
#define AC_FETCH_HEADERS 2

typedef struct AcFetchRequest
{
	const char *endpoint;				   /* what its limits and its breaker are
											* kept under, as the path of a table;
											* NULL: the URL's path */
	const char *method;					   /* "GET", "HEAD", "OPTIONS"; "POST" with a body */
	const char *url;					   /* absolute */
	const char *accept;					   /* Accept header; NULL: JSON */
	const char *headers[AC_FETCH_HEADERS]; /* more: "Name: value", or NULL */
	const char *json;					   /* body of a POST, else NULL */
	const char *body_type;				   /* its type, a constant; NULL: JSON */
	AcFetchKind kind;
	bool with_credentials; /* only ever sent to the base URL's origin */
	bool secret;		   /* the body or a header is: not over plain http to
							* the internet */
	bool harmless;		   /* no redirect is followed to a path that smells of
							 * an action (api/action.h) */
	int timeout_ms;		   /* of the whole fetch, retries included; 0: none
								 * of its own */
	int64 max_bytes;	   /* of a body, where the server's
								 * max_response_size is not less; 0: that */
	int64 cache_ttl_ms;	   /* an answer of the cache serves if it is no older; 0:
							* none does, and none is kept */
	uint64 reading;		   /* the cache remembers which one it was kept by */
	bool validate;		   /* none serves unless the API is asked about it */
	AcActivity *activity;  /* of whom it is done for, lives as long; NULL:
							* nobody's */
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
	int64 bytes;	  /* of bodies, decompressed */
	int64 wait_ms;	  /* spent waiting for the limiter and back-off */
	int64 cache_hits; /* answered by the cache, asked about or not */
} AcFetchStats;

typedef struct AcFetch
{
	AcFetchState state;
	int status;			/* HTTP status of the last answer, 0: none */
	AcHeaders *headers; /* of the last answer */
	AcBuf *body;		/* decompressed, owned by the fetch */
	char *url;			/* effective URL after redirects */
	uint64 kept_by;		/* reading that left it in the cache, 0: it is new */
	AcError error;		/* when FAILED */
	int64 frees_ms;		/* FAILED by a limit or a breaker: that is over in so
						 * long, when whoever can may come back; else 0 */
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

/*
 * Goes as far as possible without blocking.  Within a transition of another
 * fetch it only tells how far it is.
 */
extern AcFetchState ac_fetch_drive(AcFetch *fetch);

/*
 * Blocks until the fetch is no longer RUNNING; serves interrupts, so it may
 * throw a cancel.  Does not throw the fetch's own error.
 */
extern AcFetchState ac_fetch_wait(AcFetch *fetch);

/* The same for the first of several that ends; NULL members are passed over. */
extern void ac_fetch_wait_any(AcFetch **fetches, int n);

/*
 * The answer is one indeed: keeps it in the cache, if the request wants that and
 * the API allows it.
 */
extern void ac_fetch_keep(const AcFetch *fetch);

/*
 * All fetches of this process go as far as they can without blocking.
 * Whatever drives or waits for one does this.
 */
extern void ac_fetch_drive_all(void);

/* What it waits for; READING once it has ended. */
extern AcPhase ac_fetch_phase(const AcFetch *fetch);

/* How many have ended so far: whether one has between two calls. */
extern uint64 ac_fetch_ended(void);

/* Ends the request if it still runs and frees all of it. */
extern void ac_fetch_free(AcFetch *fetch);

#endif /* AC_NET_FETCH_H */
