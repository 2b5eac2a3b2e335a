/*
 * breaker.h
 *		Is it worth asking at all?
 *
 * A circuit breaker for an endpoint or a host.  It watches the last calls; if
 * too many of them failed it opens, and nobody asks for a while.  Then one
 * call, and only one however many sessions there are, tries: if it is well,
 * all may ask again, else the while is twice as long.
 *
 *		CLOSED --- too many failures ---> OPEN <--- the probe failed ---+
 *		   ^                               |                            |
 *		   |                               | its time is over           |
 *		   +---- the probe is well --- HALF_OPEN -----------------------+
 *
 * A call is what was asked for, with all attempts at it: what retries make
 * good is well.  But the one that tries has one attempt.  What counts as a
 * failure is policy/outcome's to say.  Times are an
 * argument, in milliseconds of any monotonic clock.  Holds no pointers, so it
 * may lie in shared memory; locking is its owner's business.
 */
#ifndef AC_POLICY_BREAKER_H
#define AC_POLICY_BREAKER_H

#include "ac.h"

/* Calls that are remembered ... */
#define AC_BREAKER_WINDOW 20

/* ... how many there must be before they say anything ... */
#define AC_BREAKER_MIN_CALLS 5

/* ... and which part of them must have failed, in percent. */
#define AC_BREAKER_FAILURE_PERCENT 50

/* First time that it is open; doubled each time that the probe fails ... */
#define AC_BREAKER_OPEN_MS INT64CONST(30000)

/* ... up to this: a person who has mended an API will not wait longer. */
#define AC_BREAKER_MAX_OPEN_MS INT64CONST(900000)

/*
 * A probe that tells nothing for so long is taken for lost: its process was
 * stopped, or waits for a body that never ends.
 */
#define AC_BREAKER_PROBE_MS INT64CONST(60000)

typedef enum AcBreakerState
{
	AC_BREAKER_CLOSED,
	AC_BREAKER_OPEN,
	AC_BREAKER_HALF_OPEN
} AcBreakerState;

/* "closed", "open", "half_open" */
extern const char *ac_breaker_state_name(AcBreakerState state);

/* What a call says about those it was sent to. */
typedef enum AcHealth
{
	AC_HEALTH_UNKNOWN, /* nothing: it was ended by us */
	AC_HEALTH_GOOD,	   /* they answer */
	AC_HEALTH_TRYING,  /* an attempt failed, another one follows */
	AC_HEALTH_BAD,	   /* the endpoint fails, perhaps it alone */
	AC_HEALTH_BAD_HOST /* the host cannot be reached */
} AcHealth;

typedef struct AcBreakerCall
{
	uint16 endpoint; /* hash; tells the endpoints of a host apart */
	uint8 health;	 /* AcHealth */
} AcBreakerCall;

typedef struct AcBreaker
{
	uint8 state;  /* AcBreakerState */
	bool of_host; /* calls are those of several endpoints */
	uint8 n_calls;
	uint8 next; /* place of the next call */
	AcBreakerCall calls[AC_BREAKER_WINDOW];
	int64 open_ms;		  /* how long it is open this time */
	int64 opens_until_ms; /* OPEN, HALF_OPEN: when it may be, was, tried */
	uint64 probe;		  /* HALF_OPEN: whose call tries, 0: nobody's */
	int64 probe_until_ms; /* when that is taken for lost */
} AcBreaker;

/*
 * A closed one.  That of a host does not mind one endpoint that fails alone,
 * however often.
 */
extern void ac_breaker_init(AcBreaker *breaker, bool of_host);

/*
 * How long, in ms, no call is let through; 0: one may be sent, if
 * ac_breaker_enter() is told before anything else happens to the breaker.
 * A breaker whose time is over becomes half open by that.
 */
extern int64 ac_breaker_refuses(const AcBreaker *breaker, int64 now_ms);
extern void ac_breaker_enter(AcBreaker *breaker, uint64 who, int64 now_ms);

/*
 * How the call of who ended.  who is never 0, and another one for each call
 * that is under way.
 */
extern void ac_breaker_tell(AcBreaker *breaker, uint64 who,
							AcBreakerCall call, int64 now_ms);

/* The call of who will not end: if it was the probe, another one may try. */
extern void ac_breaker_abandon(AcBreaker *breaker, uint64 who);

/* Calls that failed among those remembered. */
extern int ac_breaker_failures(const AcBreaker *breaker);

#endif /* AC_POLICY_BREAKER_H */
