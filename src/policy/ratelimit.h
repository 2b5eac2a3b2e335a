/*
 * ratelimit.h
 *		When may the next request leave?
 *
 * A token bucket per server.  Callers reserve: ac_ratelimit_take() always
 * takes a token and says how long to wait until it is there, so that waiters
 * leave in the order in which they asked.  Times are an argument, in
 * milliseconds of any monotonic clock; one that steps back is taken to stand
 * still.  Holds no pointers, so it may lie in shared memory; locking is its
 * owner's business.
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
 * 429s that come closer together answer requests sent at the same rate, so
 * they halve it once.
 */
#define AC_RATELIMIT_HALVE_INTERVAL_MS 1000

/*
 * Where nothing remains and no reset is announced: longest window that is
 * waited out on suspicion.  For longer ones the API's 429 has to say so.
 */
#define AC_RATELIMIT_BLIND_WINDOW_MS 60000

typedef struct AcRateLimit
{
	double configured;		/* per second; 0: unlimited until a 429 */
	double rate;			/* now in force; 0: unlimited */
	double burst;			/* bucket size, at least 1 */
	double tokens;			/* negative: reserved by waiters */
	int64 updated_ms;		/* tokens and rate are true for this time */
	int64 blocked_until_ms; /* nothing leaves before */
	int64 halved_ms;		/* when the rate was halved last */
	int64 quota;			/* requests left by the API's count, -1: unknown */
	int64 quota_reset_ms;	/* when quota ends to hold */
} AcRateLimit;

/*
 * A full bucket.  rate_per_s 0 means no limit is known; burst is raised to at
 * least 1.
 */
extern void ac_ratelimit_init(AcRateLimit *limit, double rate_per_s,
							  double burst, int64 now_ms);

/*
 * Reserves one request and returns the wait in ms before it may be sent, 0 if
 * at once.  When the wait is over, the caller asks ac_ratelimit_blocked(): if a
 * 429 has come meanwhile, its reservation is void and it takes again.  One
 * that gives up calls ac_ratelimit_return().  How long a wait is worth
 * waiting is the caller's business.
 */
extern int64 ac_ratelimit_take(AcRateLimit *limit, int64 now_ms);

/* How long, in ms, nobody may send, whatever was reserved; 0: no block. */
extern int64 ac_ratelimit_blocked(const AcRateLimit *limit, int64 now_ms);

/*
 * Gives back a token that was reserved and not used.  While others wait it is
 * lost instead: they keep the times that they were told.
 */
extern void ac_ratelimit_return(AcRateLimit *limit, int64 now_ms);

/*
 * Corrects the bucket by what a response announced: what remains until the
 * reset is counted down by ac_ratelimit_take(), and with nothing remaining
 * requests wait for the reset.  Of several limits the longest wait rules.
 * Never speeds up.
 */
extern void ac_ratelimit_learn(AcRateLimit *limit,
							   const AcRateInfoList *announced, int64 now_ms);

/*
 * A 429 (or its like) came: halves the rate; wait_ms is what the API asked
 * for, -1 if nothing: until then nothing leaves.
 */
extern void ac_ratelimit_throttled(AcRateLimit *limit, int64 wait_ms,
								   int64 now_ms);

#endif /* AC_POLICY_RATELIMIT_H */
