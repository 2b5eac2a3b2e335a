/*
 * retry.c
 *		Shall a failed request be sent again, and when?  See retry.h.
 */
#include "ac.h"

#include "policy/retry.h"

void
ac_retry_budget_init(AcRetryBudget *budget)
{
	budget->tokens = AC_RETRY_BUDGET;
}

void
ac_retry_succeeded(AcRetryBudget *budget)
{
	budget->tokens = Min(budget->tokens + AC_RETRY_REFUND, AC_RETRY_BUDGET);
}

/* Upper bound of the wait after so many attempts, without overflow. */
static int64
backoff_bound(int attempts)
{
	int64 bound = AC_RETRY_BASE_MS;

	Assert(attempts >= 1);
	while (--attempts > 0 && bound < AC_RETRY_CAP_MS)
		bound *= 2;
	return Min(bound, AC_RETRY_CAP_MS);
}

AcRetryVerdict
ac_retry_ask(AcRetryBudget *budget, const AcRetryAsk *ask, int64 *wait_ms)
{
	int64 bound;

	Assert(ask->attempts >= 1);
	Assert(ask->fraction >= 0.0 && ask->fraction < 1.0);
	Assert(budget->tokens >= 0 && budget->tokens <= AC_RETRY_BUDGET);

	if (ask->attempts >= ask->max_attempts)
		return AC_RETRY_EXHAUSTED;
	if (ask->told_ms > AC_RETRY_CAP_MS)
		return AC_RETRY_TOO_LONG;
	if (!ask->free)
	{
		if (budget->tokens < AC_RETRY_COST)
			return AC_RETRY_NO_BUDGET;
		budget->tokens -= AC_RETRY_COST;
	}
	bound = ask->told_ms >= 0 ? AC_RETRY_BASE_MS : backoff_bound(ask->attempts);
	*wait_ms = Max(ask->told_ms, 0) + (int64) (ask->fraction * (double) bound);
	return AC_RETRY_AGAIN;
}

char *
ac_retry_explain(AcRetryVerdict verdict, const AcRetryAsk *ask)
{
	switch (verdict)
	{
		case AC_RETRY_AGAIN:
			return psprintf("attempt %d of %d follows", ask->attempts + 1,
							ask->max_attempts);
		case AC_RETRY_EXHAUSTED:
			if (ask->max_attempts <= 1)
				return pstrdup("no further attempt is made");
			return psprintf("all %d attempts are used up", ask->max_attempts);
		case AC_RETRY_NO_BUDGET:
			return pstrdup("too many requests to this server failed lately"
						   " for another attempt");
		case AC_RETRY_TOO_LONG:
			return psprintf("the API asks to wait " INT64_FORMAT " s, more than"
							" the %d s that a query waits",
							(ask->told_ms + 999) / 1000,
							AC_RETRY_CAP_MS / 1000);
		case AC_RETRY_BREAKER:
			return psprintf("requests like this one fail too often: none is sent"
							" for " INT64_FORMAT " s",
							(ask->told_ms + 999) / 1000);
	}
	Assert(false);
	return pstrdup("");
}
