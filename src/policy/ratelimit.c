/*
 * ratelimit.c
 *		When may the next request leave?
 *
 * See ratelimit.h.  Three things hold a request back, and the longest rules:
 * the bucket's rate, a block until some moment (Retry-After, an exhausted
 * quota), and the API's own count of what remains.
 */
#include "ac.h"

#include <math.h>

#include "policy/ratelimit.h"

void
ac_ratelimit_init(AcRateLimit *limit, double rate_per_s, double burst,
				  int64 now_ms)
{
	Assert(rate_per_s >= 0);
	memset(limit, 0, sizeof(*limit));
	if (rate_per_s <= AC_RATELIMIT_MAX_RATE)
		limit->configured = limit->rate = rate_per_s;
	limit->burst = limit->tokens = Max(burst, 1.0);
	limit->updated_ms = now_ms;
	limit->blocked_until_ms = now_ms;
	limit->halved_ms = now_ms - AC_RATELIMIT_HALVE_INTERVAL_MS;
	limit->quota = -1;
}

/* The rate that the bucket returns to; 0 < rate <= that while limited. */
static double
full_rate(const AcRateLimit *limit)
{
	return limit->configured > 0 ? limit->configured
								 : AC_RATELIMIT_ASSUMED_RATE;
}

/*
 * Brings the bucket up to now_ms.  Tokens of the time passed are counted at
 * the rate of its beginning, which is the lower one: the bound holds.
 */
static void
advance(AcRateLimit *limit, int64 now_ms)
{
	double elapsed_s;

	if (now_ms <= limit->updated_ms)
		return;
	elapsed_s = (double) (now_ms - limit->updated_ms) / 1000.0;
	limit->updated_ms = now_ms;
	if (limit->rate == 0)
		return;
	limit->tokens = Min(limit->burst, limit->tokens + elapsed_s * limit->rate);
	limit->rate += full_rate(limit) * AC_RATELIMIT_RECOVERY_PER_S * elapsed_s;
	if (limit->rate >= full_rate(limit))
		limit->rate = limit->configured;
}

/* Nothing leaves before until_ms. */
static void
block(AcRateLimit *limit, int64 until_ms)
{
	limit->blocked_until_ms = Max(limit->blocked_until_ms, until_ms);
}

/* Counts this request against what the API said remains. */
static void
count_down(AcRateLimit *limit, int64 now_ms)
{
	if (now_ms >= limit->quota_reset_ms)
		limit->quota = -1;
	if (limit->quota == 0)
		block(limit, limit->quota_reset_ms);
	else if (limit->quota > 0)
		limit->quota--;
}

/*
 * During a block the bucket is already the one of the block's end: whoever
 * would have left before it has to take again, which is why their tokens may
 * be counted as refilled, and whoever leaves after it keeps its time.
 */
int64
ac_ratelimit_take(AcRateLimit *limit, int64 now_ms)
{
	int64 wait_ms;

	count_down(limit, now_ms);
	if (limit->rate == 0)
		return ac_ratelimit_blocked(limit, now_ms);
	advance(limit, Max(now_ms, limit->blocked_until_ms));
	limit->tokens -= 1.0;
	/* Ahead of now_ms after a block, or if the clock stepped back. */
	wait_ms = Max(limit->updated_ms - now_ms, 0);
	if (limit->tokens < 0)
		wait_ms += (int64) ceil(-limit->tokens / limit->rate * 1000.0);
	return wait_ms;
}

int64
ac_ratelimit_blocked(const AcRateLimit *limit, int64 now_ms)
{
	return Max(limit->blocked_until_ms - now_ms, 0);
}

void
ac_ratelimit_return(AcRateLimit *limit, int64 now_ms)
{
	advance(limit, now_ms);
	if (limit->quota >= 0)
		limit->quota++;
	if (limit->rate > 0 && limit->tokens >= 0)
		limit->tokens = Min(limit->burst, limit->tokens + 1.0);
}

/* When a limit's quota is restored; false if nothing can be said. */
static bool
find_reset(const AcRateInfo *info, int64 *reset_ms)
{
	if (info->known & AC_RATE_RESET)
		*reset_ms = info->reset_ms;
	else if ((info->known & AC_RATE_WINDOW) &&
			 info->window_ms <= AC_RATELIMIT_BLIND_WINDOW_MS)
		*reset_ms = info->window_ms;
	else
		return false;
	return true;
}

void
ac_ratelimit_learn(AcRateLimit *limit, const AcRateInfoList *announced,
				   int64 now_ms)
{
	int i;

	if (now_ms >= limit->quota_reset_ms)
		limit->quota = -1;
	for (i = 0; i < announced->count; i++)
	{
		const AcRateInfo *info = &announced->items[i];
		int64 reset_ms;

		if (!(info->known & AC_RATE_REMAINING) || !find_reset(info, &reset_ms))
			continue;
		if (info->remaining == 0)
			block(limit, now_ms + reset_ms);
		/* Our own count includes what is under way: the lower one rules. */
		if (limit->quota < 0 || info->remaining <= limit->quota)
		{
			limit->quota = info->remaining;
			limit->quota_reset_ms = now_ms + reset_ms;
		}
	}
}

void
ac_ratelimit_throttled(AcRateLimit *limit, int64 wait_ms, int64 now_ms)
{
	advance(limit, now_ms);
	if (wait_ms > 0)
		block(limit, now_ms + wait_ms);
	if (now_ms - limit->halved_ms < AC_RATELIMIT_HALVE_INTERVAL_MS)
		return;
	limit->halved_ms = now_ms;
	if (limit->rate == 0)
		limit->rate = full_rate(limit) / 2;
	else
		limit->rate = Max(limit->rate / 2, full_rate(limit) * AC_RATELIMIT_FLOOR);
	/* What had been saved up was saved up at a rate that was too high. */
	limit->tokens = Min(limit->tokens, 1.0);
}
