/*
 * token.h
 *		Which access token goes with a request, and how is a new one got?
 *
 * All connections of this process that stand for the same credential share one
 * source of tokens.  A fetch that needs one polls until there is one; the
 * source itself never blocks.
 *
 *	         +-- client credentials, assertions --> ASKING ---+
 *	         |                                                |
 *	  IDLE --+-- what may be good for one use --> QUEUED      +--> IDLE, with a
 *	         ^      |      the lock of the credential, |      |    token or why
 *	         |      v         a worker's seat          v      |    there is none
 *	         +-- somebody else renewed it            WORKER --+
 *
 * What is good for one use is spent by a worker (worker/token.c) and never by
 * a session, which may be cancelled or killed at any moment.
 */
#ifndef AC_NET_TOKEN_H
#define AC_NET_TOKEN_H

#include "ac.h"

#include "core/error.h"
#include "lib/ilist.h"
#include "net/token_ask.h"
#include "pg/tokenseat.h"

typedef struct AcTokenSource AcTokenSource;

typedef enum AcTokenState
{
	AC_TOKEN_WAIT,
	AC_TOKEN_READY,
	AC_TOKEN_FAILED
} AcTokenState;

/* Somebody who waits; zero it to initialise. */
typedef struct AcTokenWait
{
	AcTokenSource *source; /* NULL: does not wait */
	int64 failures;		   /* that had happened when the wait began */
	dlist_node node;
} AcTokenWait;

/*
 * The source of that credential; it stays until ac_token_source_release().
 * Called while a connection is made, hence without looking anything up: what
 * is stored is looked at before the next request.
 */
extern AcTokenSource *ac_token_source_get(const AcTokenRecipe *recipe);
extern void ac_token_source_release(AcTokenSource *source);

/* Is there a token that a request may be sent with, or is none needed? */
extern bool ac_token_usable(AcConnection *conn);

/*
 * The token for a request that is sent now, and which one it is; NULL where
 * the connection has no such credential.  Valid until the next poll.  Its
 * value is a secret of the connection from now on.
 */
extern const char *ac_token_current(AcConnection *conn, int64 *serial);

/*
 * Goes as far as possible without blocking.  WAIT: the engine's descriptor
 * or the latch tells when to poll again.  FAILED: err says why.
 */
extern AcTokenState ac_token_poll(AcConnection *conn, AcTokenWait *wait,
								  AcError *err);

/*
 * The API did not accept that token.  True if it is worth asking again: there
 * is another by now, or one can be got.
 */
extern bool ac_token_reject(AcConnection *conn, int64 serial);

/* Waits no more; the last one who leaves ends what the source was doing. */
extern void ac_token_leave(AcTokenWait *wait);

/* ---- the worker's side ---- */

typedef enum AcTokenErrand
{
	AC_TOKEN_RENEW, /* spend what there is */
	AC_TOKEN_SETTLE /* commit what stands in the journal */
} AcTokenErrand;

/* What a worker is started with. */
typedef struct AcTokenTask
{
	AcTokenErrand errand;
	Oid dbid;
	Oid serverid;
	Oid mapping;
	Oid mapping_userid;
	Oid owner;		  /* of the server */
	int64 generation; /* that is over */
	AcTokenSeatNames seat;
	char seed[AC_TOKEN_HASH_LENGTH + 1];
} AcTokenTask;

/* May what is good for one use be spent here and now?  False with why not. */
extern bool ac_token_may_spend(const AcTokenRecipe *recipe, AcError *err);

/* The task of renewing what a recipe stands for. */
extern AcTokenTask ac_token_task(const AcTokenRecipe *recipe,
								 AcTokenErrand errand, int64 generation);

#endif /* AC_NET_TOKEN_H */
