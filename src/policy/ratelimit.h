/*
 * ratelimit.h
 *		When may the next request leave?
 *
 * A token bucket, the quotas that the API announced, and the moment before
 * which the API asked not to be called.  Callers reserve: ac_ratelimit_take()
 * always books a departure and says how long to wait for it, so that waiters
 * leave in the order in which they asked, and nobody depends on another one
 * to wake up.  Times are an argument, in milliseconds of any monotonic clock;
 * one that steps back is taken to stand still.  Holds no pointers, so it may
 * lie in shared memory; locking is its owner's business.
 */
#ifndef AC_POLICY_RATELIMIT_H
#define AC_POLICY_RATELIMIT_H

#include "ac.h"

#include "core/header.h"

/* Each 429 halves the rate, down to this part of the configured one. */
#define AC_RATELIMIT_FLOOR (1.0 / 64)

/*
 * Rate regained per second after a 429, as a part of the configured rate: a
 * halved rate is whole again after 50 s, long enough for the usual windows
 * of a minute to show whether it holds.
 */
#define AC_RATELIMIT_RECOVERY_PER_S 0.01

/* Where no rate is configured: first rate assumed after a 429, per second. */
#define AC_RATELIMIT_ASSUMED_RATE 10.0

/* A rate above is no limit: requests take longer than its interval. */
#define AC_RATELIMIT_MAX_RATE 100000.0

/*
 * Sessions wake late by some milliseconds.  One that did may leave so much
 * nearer to the next one, so that its lateness is not lost for all; more than
 * that it waits again, so that a machine that stood still does not send
 * everything at once.
 */
#define AC_RATELIMIT_LATENESS_MS 25.0

/*
 * 429s that come closer together answer requests sent at the same rate, so
 * they halve it once.
 */
#define AC_RATELIMIT_HALVE_INTERVAL_MS 1000

/*
 * Where nothing remains and no reset is announced: longest window that is
 * waited out on suspicion.  For longer ones the API's 429 has to say so.
 */
#define AC_RATELIMIT_BLIND_WINDOW_MS 60000

/* Limits of one scope at a time: a second, a minute, an hour, a day. */
#define AC_RATELIMIT_QUOTAS 4

/* Departures given back that wait for a taker; waiters give up one by one. */
#define AC_RATELIMIT_HOLES 8

/*
 * Part of an announced quota that background work leaves to those who wait
 * for an answer.
 */
#define AC_RATELIMIT_RESERVE 0.1

/* A limit that the API counts for us. */
typedef struct AcRateQuota
{
	uint32 name;	  /* hash of what the API calls it; 0: a free place */
	int64 limit;	  /* requests in all, -1: unknown */
	int64 remaining;  /* negative only where step_ms says when that ends */
	int64 reset_ms;	  /* when the count ends to hold */
	int64 step_ms;	  /* one request comes back in so long; 0: all at reset */
	int64 counted_ms; /* step_ms: remaining is true for this time */
} AcRateQuota;

typedef struct AcRateLimit
{
	double configured;		/* per second; 0: unlimited until a 429 */
	double rate;			/* now in force; 0: unlimited */
	double burst;			/* bucket size, at least 1 */
	double tokens;			/* negative: reserved by waiters */
	double left_ms;			/* departures so far, one interval each, end here */
	int64 updated_ms;		/* tokens are true for this time, rate ... */
	int64 recovered_ms;		/* ... for this one */
	int64 blocked_until_ms; /* nothing leaves before */
	int64 halved_ms;		/* when the rate was halved last */
	uint32 generation;		/* reservations of an earlier one are void */
	int n_holes;
	int64 holes[AC_RATELIMIT_HOLES]; /* departures that were given back */
	AcRateQuota quotas[AC_RATELIMIT_QUOTAS];
} AcRateLimit;

/* A reservation; all zero: none. */
typedef struct AcRateTicket
{
	bool taken;
	bool booked;					   /* a departure of the bucket, not only a quota */
	uint32 generation;				   /* of the limit when it was made */
	uint32 counted;					   /* bit i: counted in quotas[i] ... */
	uint32 names[AC_RATELIMIT_QUOTAS]; /* ... which had that name */
	int64 told_ms;					   /* not before, by what the API said */
	int64 at_ms;					   /* not before */
} AcRateTicket;

/*
 * A full bucket.  rate_per_s 0 means no limit is known; burst is raised to at
 * least 1.
 */
extern void ac_ratelimit_init(AcRateLimit *limit, double rate_per_s,
							  double burst, int64 now_ms);

/*
 * Another rate from now on.  What waiters were told holds, and so does what
 * the API asked for.
 */
extern void ac_ratelimit_configure(AcRateLimit *limit, double rate_per_s,
								   double burst, int64 now_ms);

/*
 * Reserves one request and returns the wait in ms before it may be sent, 0 if
 * at once.  Whoever gives up calls ac_ratelimit_return().  How long a wait is
 * worth waiting is the caller's business.
 */
extern int64 ac_ratelimit_take(AcRateLimit *limit, int64 now_ms,
							   AcRateTicket *ticket);

/*
 * The wait that is left of a reservation.  If a 429 came meanwhile it is void
 * and made anew.  0: the request may leave, and ac_ratelimit_leave() counts it
 * as sent, before anything else happens to the limit.
 */
extern int64 ac_ratelimit_wait(AcRateLimit *limit, int64 now_ms,
							   AcRateTicket *ticket);
extern void ac_ratelimit_leave(AcRateLimit *limit, int64 now_ms,
							   AcRateTicket *ticket);

/*
 * How long background work should hold off, which takes no turn that somebody
 * waits for and leaves a part of each quota; 0: it may take.  *reserve: it is
 * a quota's, and only its reset changes that.
 */
extern int64 ac_ratelimit_yield(AcRateLimit *limit, int64 now_ms,
								bool *reserve);

/* Brings what is to be shown (rate, tokens) up to that time. */
extern void ac_ratelimit_advance(AcRateLimit *limit, int64 now_ms);

/* How long, in ms, nobody may send, whatever was reserved; 0: no block. */
extern int64 ac_ratelimit_blocked(const AcRateLimit *limit, int64 now_ms);

/*
 * Gives back a reservation that was not used, for whoever asks next: others
 * keep the times that they were told.
 */
extern void ac_ratelimit_return(AcRateLimit *limit, int64 now_ms,
								AcRateTicket *ticket);

/*
 * Corrects the count of one announced limit: what remains until the reset is
 * counted down by ac_ratelimit_take(), and with nothing remaining requests
 * wait for the reset.  Never speeds up.
 */
extern void ac_ratelimit_learn(AcRateLimit *limit, const AcRateInfo *info,
							   int64 now_ms);

/*
 * A 429 (or its like) came: halves the rate, and waiters reserve anew;
 * wait_ms is what the API asked for, -1 if nothing: until then nothing leaves.
 */
extern void ac_ratelimit_throttled(AcRateLimit *limit, int64 wait_ms,
								   int64 now_ms);

/* Nothing leaves for so long; the rate stays. */
extern void ac_ratelimit_block(AcRateLimit *limit, int64 wait_ms,
							   int64 now_ms);

/* The quota with the fewest requests left, NULL if none is in force. */
extern const AcRateQuota *ac_ratelimit_scarcest(const AcRateLimit *limit,
												int64 now_ms);

/* When the limit ends to hold anybody up, however long that is ahead. */
extern int64 ac_ratelimit_idle_ms(const AcRateLimit *limit);

#endif /* AC_POLICY_RATELIMIT_H */
