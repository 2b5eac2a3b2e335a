/*
 * fetch_int.h
 *		What do the files of a fetch share?
 *
 * fetch.c is the state machine, fetch_redirect.c the transitions that a
 * redirect brings about, fetch_cache.c those that the cache does, fetch_live.c
 * drives all of them.  Nobody else includes this.
 */
#ifndef AC_NET_FETCH_INT_H
#define AC_NET_FETCH_INT_H

#include "ac.h"

#include "net/engine.h"
#include "net/fetch.h"
#include "net/judge.h"
#include "net/token.h"
#include "net/turn.h"
#include "nodes/pg_list.h"

typedef enum AcFetchStep
{
	QUEUED,		 /* waits for limiter and place */
	RENEWING,	 /* waits for an access token */
	SENDING,	 /* a transfer is under way */
	BACKING_OFF, /* waits to try again */
	FINISHED	 /* fetch->state says how */
} AcFetchStep;

typedef struct AcFetchMachine
{
	AcFetch *fetch;
	MemoryContext cxt; /* the fetch's */
	AcFetchStep step;

	/* what is asked */
	AcConnection *conn;
	AcFetchRequest request;
	AcUrl start;	  /* as asked for */
	AcUrl url;		  /* where redirects have led */
	List *visited;	  /* char *, URLs of this attempt */
	bool credentials; /* go with the current request */

	/* its access token */
	AcTokenWait token;
	int64 token_serial; /* which one was sent */
	bool renewed;		/* after a 401: not again */

	/* attempts */
	int attempts;
	bool rowless_before;	/* asked again for want of rows */
	bool plain_body;		/* a compressed one could not be decoded */
	AcRetryVerdict verdict; /* on the last failure */
	AcRetryAsk ask;

	/* waiting */
	AcTurn turn;	   /* at the limits */
	bool placeless;	   /* QUEUED, and there was no place */
	int64 due_ms;	   /* QUEUED, BACKING_OFF: not before */
	int64 waiting_ms;  /* since when */
	int64 deadline_ms; /* of the whole fetch, 0: none */
	AcEngineTimer timer;
	AcTrafficSlot slot;

	/* the exchange */
	int64 came_ms; /* when the last one ended, and how long it took */
	int64 took_ms;
	bool conditional; /* the request asks about an answer of the cache */
	bool from_cache;  /* which the answer is */
	MemoryContext attempt_cxt;
	AcTransfer *transfer; /* NULL before the first, and where it was cut */

	/* among all of the process */
	bool stepping; /* a transition is on the stack */
	dlist_node node;
} AcFetchMachine;

/* One transition, if any is due; false if none was.  May throw. */
extern bool ac_fetch_step(AcFetchMachine *machine);

/*
 * Ends in whatever step, after a transition has thrown: FAILED.  Never
 * throws.
 */
extern void ac_fetch_give_up(AcFetchMachine *machine);

/*
 * SENDING, and the exchange is over without having come to an end: it is sent
 * again, which is no other attempt.  Never throws.
 */
extern void ac_fetch_cut(AcFetchMachine *machine);

/* From now on, and no longer, it is driven whenever anything of the process is. */
extern void ac_fetch_list(AcFetchMachine *machine);
extern void ac_fetch_unlist(AcFetchMachine *machine);

/* "GET https://..." for details of errors. */
extern char *ac_fetch_request_text(const AcFetchMachine *machine);

/* Wants a turn for machine->url: begin, redirect or end of a back-off. */
extern void ac_fetch_queue(AcFetchMachine *machine);

/* Ends with fetch->error, which has been set. */
extern void ac_fetch_fail(AcFetchMachine *machine);

/* Ends with what fetch->headers and fetch->body have. */
extern void ac_fetch_answer(AcFetchMachine *machine);

/* Ends with an answer of the cache, if one serves; else may ask about one. */
extern bool ac_fetch_look_up(AcFetchMachine *machine);

/*
 * SENDING to FINISHED: a 304 to a question about an answer of the cache.  False
 * if it does not mean that; then it has to be asked anew.
 */
extern bool ac_fetch_not_modified(AcFetchMachine *machine,
								  const AcHeaders *told);

/* May this fetch go to url at all?  False with fetch->error. */
extern bool ac_fetch_may_go(AcFetchMachine *machine, const AcUrl *url);

/* Credentials go to the base URL's origin and nowhere else. */
extern void ac_fetch_go_to(AcFetchMachine *machine, const AcUrl *url);

/* SENDING to QUEUED at the place that the answer names, or to FINISHED. */
extern void ac_fetch_follow(AcFetchMachine *machine, const char *location);

#endif /* AC_NET_FETCH_INT_H */
