/*
 * retry.h
 *		Shall a failed request be sent again, and when?
 *
 * Assumes that policy/outcome has judged the failure worth a retry.  Counts
 * attempts of one request and keeps one budget per server, so that an API
 * that is down is not asked four times as often as one that is up.  Time does
 * not occur, randomness is an argument.
 */
#ifndef AC_POLICY_RETRY_H
#define AC_POLICY_RETRY_H

#include "ac.h"

/* Attempts while a user waits: with full jitter three waits of 1.75 s mean. */
#define AC_RETRY_ATTEMPTS_INTERACTIVE 4

/* Attempts in the background, where a minute more costs nobody. */
#define AC_RETRY_ATTEMPTS_BACKGROUND 8

/* First upper bound of a wait; doubled for each attempt. */
#define AC_RETRY_BASE_MS 500

/* No wait is longer, be it ours or asked for by the API. */
#define AC_RETRY_CAP_MS 60000

/*
 * Budget: 100 retries in a row, then one for every five successes.  The
 * figures are those of AWS SDKs, proven on clients that share a failing
 * service.
 */
#define AC_RETRY_BUDGET 500
#define AC_RETRY_COST 5
#define AC_RETRY_REFUND 1

/* One per server and user mapping, for all sessions. */
typedef struct AcRetryBudget
{
	int tokens; /* 0 .. AC_RETRY_BUDGET */
} AcRetryBudget;

/* Fills the budget. */
extern void ac_retry_budget_init(AcRetryBudget *budget);

/* To be called for each request that succeeded. */
extern void ac_retry_succeeded(AcRetryBudget *budget);

typedef enum AcRetryVerdict
{
	AC_RETRY_AGAIN,		/* send again after wait_ms */
	AC_RETRY_EXHAUSTED, /* all attempts used */
	AC_RETRY_NO_BUDGET, /* the server fails too often */
	AC_RETRY_TOO_LONG,	/* told to wait longer than AC_RETRY_CAP_MS */
	AC_RETRY_BREAKER	/* a breaker is open, for told_ms; never asked for */
} AcRetryVerdict;

typedef struct AcRetryAsk
{
	int max_attempts; /* at least 1; 1 means never again */
	int attempts;	  /* made so far, at least 1 */
	int64 told_ms;	  /* wait that the API asked for, -1 if none */
	bool free;		  /* costs no budget (see AcOutcome) */
	double fraction;  /* random, in [0,1) */
} AcRetryAsk;

/*
 * The verdict on a failed attempt.  *wait_ms is set if the verdict is
 * AC_RETRY_AGAIN; only then is the budget charged.  A wait that the API asked
 * for is kept to exactly, plus up to AC_RETRY_BASE_MS of jitter so that
 * sessions do not return at the same instant; else the wait is fraction of
 * min(cap, base * 2^(attempts - 1)).
 */
extern AcRetryVerdict ac_retry_ask(AcRetryBudget *budget,
								   const AcRetryAsk *ask, int64 *wait_ms);

/* "all 4 attempts used", ... for the detail of the error that follows. */
extern char *ac_retry_explain(AcRetryVerdict verdict, const AcRetryAsk *ask);

#endif /* AC_POLICY_RETRY_H */
