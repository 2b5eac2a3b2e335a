/*
 * ratelimit.c
 *		When may the next request leave?
 *
 * See ratelimit.h.  Three things hold a request back, and the longest rules:
 * the bucket's rate, a block until some moment (Retry-After, an exhausted
 * quota), and the API's own counts of what remains.
 *
 * Departures are booked on a grid: tokens below zero are departures of the
 * future that somebody was told.  One that was given back is a hole in the
 * grid, which the next taker gets.  What really left is counted once more
 * (left_ms), because who was told a time may be late for it.
 */
#include "ac.h"

#include <math.h>

#include "core/hash.h"
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
	limit->left_ms = (double) now_ms;
	limit->updated_ms = limit->recovered_ms = now_ms;
	limit->blocked_until_ms = now_ms;
	limit->halved_ms = now_ms - AC_RATELIMIT_HALVE_INTERVAL_MS;
}

/* The rate that the bucket returns to; 0 < rate <= that while limited. */
static double
full_rate(const AcRateLimit *limit)
{
	return limit->configured > 0 ? limit->configured
								 : AC_RATELIMIT_ASSUMED_RATE;
}

/* Fills the bucket up to at_ms, which may lie ahead. */
static void
fill(AcRateLimit *limit, int64 at_ms)
{
	double elapsed_s;

	if (at_ms <= limit->updated_ms)
		return;
	elapsed_s = (double) (at_ms - limit->updated_ms) / 1000.0;
	limit->updated_ms = at_ms;
	if (limit->rate > 0)
		limit->tokens = Min(limit->burst,
							limit->tokens + elapsed_s * limit->rate);
}

/* Time in which requests might leave gives back a part of the full rate. */
static void
recover(AcRateLimit *limit, int64 now_ms)
{
	int64 since_ms = Max(limit->recovered_ms, limit->blocked_until_ms);

	limit->recovered_ms = Max(limit->recovered_ms, now_ms);
	if (limit->rate == 0 || now_ms <= since_ms)
		return;
	limit->rate += full_rate(limit) * AC_RATELIMIT_RECOVERY_PER_S *
				   (double) (now_ms - since_ms) / 1000.0;
	if (limit->rate >= full_rate(limit))
		limit->rate = limit->configured;
}

/*
 * Tokens of the time passed are counted at the rate of its beginning, which is
 * the lower one: the bound holds.
 */
void
ac_ratelimit_advance(AcRateLimit *limit, int64 now_ms)
{
	fill(limit, now_ms);
	recover(limit, now_ms);
}

void
ac_ratelimit_configure(AcRateLimit *limit, double rate_per_s, double burst,
					   int64 now_ms)
{
	double rate = rate_per_s <= AC_RATELIMIT_MAX_RATE ? rate_per_s : 0;

	if (limit->configured == rate && limit->burst == Max(burst, 1.0))
		return;
	ac_ratelimit_advance(limit, now_ms);
	limit->configured = limit->rate = rate;
	limit->burst = Max(burst, 1.0);
	limit->tokens = Min(limit->tokens, limit->burst);
}

/* Nothing leaves before until_ms. */
static void
block(AcRateLimit *limit, int64 until_ms)
{
	limit->blocked_until_ms = Max(limit->blocked_until_ms, until_ms);
}

void
ac_ratelimit_block(AcRateLimit *limit, int64 wait_ms, int64 now_ms)
{
	if (wait_ms > 0)
		block(limit, now_ms + wait_ms);
}

int64
ac_ratelimit_blocked(const AcRateLimit *limit, int64 now_ms)
{
	return Max(limit->blocked_until_ms - now_ms, 0);
}

/* ---- quotas ---- */

/* Is it there, and does it hold?  Drops what does not. */
static bool
quota_holds(AcRateQuota *quota, int64 now_ms)
{
	int64 steps;

	if (quota->name == 0)
		return false;
	if (now_ms >= quota->reset_ms && quota->remaining >= 0)
	{
		quota->name = 0;
		return false;
	}
	if (quota->step_ms > 0 && now_ms > quota->counted_ms)
	{
		steps = (now_ms - quota->counted_ms) / quota->step_ms;
		quota->counted_ms += steps * quota->step_ms;
		quota->remaining += steps;
		if (quota->limit >= 0)
			quota->remaining = Min(quota->remaining, quota->limit);
	}
	return true;
}

/* When a request that is counted now may leave by this quota. */
static int64
count_in_quota(AcRateQuota *quota)
{
	int64 at_ms = 0;

	if (quota->remaining > 0)
		quota->remaining--;
	else if (quota->step_ms > 0)
	{
		quota->remaining--;
		at_ms = quota->counted_ms - quota->remaining * quota->step_ms;
	}
	else
		at_ms = quota->reset_ms;
	return at_ms;
}

/*
 * Counts this request against what the API said remains; returns when it may
 * leave.  One that waits for a reset is counted by nobody: after it all is
 * new.
 */
static int64
count_down(AcRateLimit *limit, int64 now_ms, AcRateTicket *ticket)
{
	int64 at_ms = 0;

	for (int i = 0; i < AC_RATELIMIT_QUOTAS; i++)
	{
		AcRateQuota *quota = &limit->quotas[i];
		bool counts;
		int64 quota_ms;

		if (!quota_holds(quota, now_ms))
			continue;
		counts = quota->remaining > 0 || quota->step_ms > 0;
		quota_ms = count_in_quota(quota);
		at_ms = Max(at_ms, quota_ms);
		if (!counts)
			continue;
		ticket->counted |= (uint32) 1 << i;
		ticket->names[i] = quota->name;
	}
	return at_ms;
}

/* Takes the request out of the counts again. */
static void
count_up(AcRateLimit *limit, AcRateTicket *ticket)
{
	for (int i = 0; i < AC_RATELIMIT_QUOTAS; i++)
	{
		AcRateQuota *quota = &limit->quotas[i];

		if ((ticket->counted & ((uint32) 1 << i)) &&
			quota->name == ticket->names[i])
			quota->remaining++;
	}
	ticket->counted = 0;
}

const AcRateQuota *
ac_ratelimit_scarcest(const AcRateLimit *limit, int64 now_ms)
{
	const AcRateQuota *scarcest = NULL;

	for (int i = 0; i < AC_RATELIMIT_QUOTAS; i++)
	{
		const AcRateQuota *quota = &limit->quotas[i];

		if (quota->name != 0 && now_ms < quota->reset_ms &&
			(scarcest == NULL || quota->remaining < scarcest->remaining))
			scarcest = quota;
	}
	return scarcest;
}

/* ---- departures ---- */

/* The first hole at or after at_ms is filled; false if there is none. */
static bool
fill_hole(AcRateLimit *limit, int64 *at_ms)
{
	int best = -1;
	int kept = 0;

	for (int i = 0; i < limit->n_holes; i++)
		if (limit->holes[i] >= *at_ms)
			limit->holes[kept++] = limit->holes[i];
	limit->n_holes = kept;
	for (int i = 0; i < limit->n_holes; i++)
		if (best < 0 || limit->holes[i] < limit->holes[best])
			best = i;
	if (best < 0)
		return false;
	*at_ms = limit->holes[best];
	limit->holes[best] = limit->holes[--limit->n_holes];
	return true;
}

/* When the last departure that was booked takes place, if tokens are owed. */
static int64
tail_ms(const AcRateLimit *limit)
{
	Assert(limit->rate > 0);
	return limit->updated_ms +
		   (int64) ceil(Max(-limit->tokens, 0) / limit->rate * 1000.0);
}

/*
 * Books a departure at at_ms or later.  During a block the bucket is already
 * the one of the block's end: whoever would have left before it has to take
 * again, which is why their tokens may be counted as refilled, and whoever
 * leaves after it keeps its time.
 */
static int64
book(AcRateLimit *limit, int64 at_ms, AcRateTicket *ticket)
{
	ticket->booked = true;
	fill(limit, at_ms);
	if (fill_hole(limit, &at_ms))
		return at_ms;
	limit->tokens -= 1.0;
	/* Ahead of at_ms if the clock stepped back. */
	return Max(at_ms, tail_ms(limit));
}

int64
ac_ratelimit_take(AcRateLimit *limit, int64 now_ms, AcRateTicket *ticket)
{
	ac_ratelimit_advance(limit, now_ms);
	memset(ticket, 0, sizeof(*ticket));
	ticket->taken = true;
	ticket->generation = limit->generation;
	ticket->told_ms = count_down(limit, now_ms, ticket);
	ticket->told_ms = Max(ticket->told_ms, limit->blocked_until_ms);
	ticket->at_ms = Max(now_ms, limit->blocked_until_ms);
	if (limit->rate > 0)
		ticket->at_ms = book(limit, ticket->at_ms, ticket);
	ticket->at_ms = Max(ticket->at_ms, ticket->told_ms);
	return Max(ticket->at_ms - now_ms, 0);
}

/* A 429 has come since, or the API asked for longer than that. */
static bool
is_void(const AcRateLimit *limit, const AcRateTicket *ticket)
{
	return ticket->generation != limit->generation ||
		   limit->blocked_until_ms > ticket->at_ms;
}

/* How long the last departures keep the next one back, whatever was booked. */
static int64
spacing_ms(const AcRateLimit *limit, int64 now_ms)
{
	double slack_ms;

	if (limit->rate == 0)
		return 0;
	slack_ms = (limit->burst - 1.0) * 1000.0 / limit->rate +
			   AC_RATELIMIT_LATENESS_MS;
	return Max((int64) ceil(limit->left_ms - slack_ms - (double) now_ms), 0);
}

int64
ac_ratelimit_wait(AcRateLimit *limit, int64 now_ms, AcRateTicket *ticket)
{
	Assert(ticket->taken);
	if (is_void(limit, ticket))
	{
		count_up(limit, ticket);
		(void) ac_ratelimit_take(limit, now_ms, ticket);
	}
	if (now_ms < ticket->at_ms)
		return ticket->at_ms - now_ms;
	return spacing_ms(limit, now_ms);
}

void
ac_ratelimit_leave(AcRateLimit *limit, int64 now_ms, AcRateTicket *ticket)
{
	Assert(ticket->taken);
	if (limit->rate > 0)
		limit->left_ms = Max(limit->left_ms, (double) now_ms) +
						 1000.0 / limit->rate;
	memset(ticket, 0, sizeof(*ticket));
}

/* Is it the last departure that was booked?  Times are rounded. */
static bool
is_last(const AcRateLimit *limit, const AcRateTicket *ticket)
{
	double half_interval_ms = 500.0 / limit->rate;

	return (double) ticket->at_ms > (double) tail_ms(limit) - half_interval_ms;
}

/*
 * A departure that nobody will use.  The last one booked is as if it had
 * never been; others are holes.  One whose time has come is a token, unless
 * waiters are owed some: then the next taker may leave at once.
 */
static void
unbook(AcRateLimit *limit, int64 now_ms, const AcRateTicket *ticket)
{
	ac_ratelimit_advance(limit, now_ms);
	if (limit->rate == 0)
		return;
	if (limit->tokens >= 0 || is_last(limit, ticket))
		limit->tokens = Min(limit->burst, limit->tokens + 1.0);
	else if (limit->n_holes < AC_RATELIMIT_HOLES)
		limit->holes[limit->n_holes++] = Max(ticket->at_ms, now_ms);
}

void
ac_ratelimit_return(AcRateLimit *limit, int64 now_ms, AcRateTicket *ticket)
{
	if (!ticket->taken)
		return;
	count_up(limit, ticket);
	if (ticket->booked && !is_void(limit, ticket))
		unbook(limit, now_ms, ticket);
	memset(ticket, 0, sizeof(*ticket));
}

int64
ac_ratelimit_yield(AcRateLimit *limit, int64 now_ms, bool *reserve)
{
	int64 wait_ms = 0;

	*reserve = false;
	for (int i = 0; i < AC_RATELIMIT_QUOTAS; i++)
	{
		AcRateQuota *quota = &limit->quotas[i];

		if (!quota_holds(quota, now_ms) || quota->limit < 0 ||
			(double) quota->remaining >
				AC_RATELIMIT_RESERVE * (double) quota->limit)
			continue;
		wait_ms = Max(wait_ms, quota->reset_ms - now_ms);
		*reserve = true;
	}
	if (limit->rate == 0)
		return wait_ms;
	ac_ratelimit_advance(limit, now_ms);
	if (limit->tokens < 1.0)
		wait_ms = Max(wait_ms, (int64) ceil((1.0 - limit->tokens) /
											limit->rate * 1000.0));
	return wait_ms;
}

/* ---- what the API says ---- */

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

/*
 * The place of the quota of that name: its own, a free one, or that of the
 * one that ends to hold first.
 */
static AcRateQuota *
quota_place(AcRateLimit *limit, uint32 name, int64 now_ms)
{
	AcRateQuota *place = NULL;

	for (int i = 0; i < AC_RATELIMIT_QUOTAS; i++)
	{
		AcRateQuota *quota = &limit->quotas[i];

		if (quota_holds(quota, now_ms) && quota->name == name)
			return quota;
		if (place == NULL || (place->name != 0 &&
							  (quota->name == 0 || quota->reset_ms < place->reset_ms)))
			place = quota;
	}
	place->name = 0;
	return place;
}

static uint32
name_hash(const char *name)
{
	uint32 hash = (uint32) ac_hash_text(name, 0);

	return hash == 0 ? 1 : hash;
}

void
ac_ratelimit_learn(AcRateLimit *limit, const AcRateInfo *info, int64 now_ms)
{
	AcRateQuota *quota;
	int64 reset_ms;

	if (!(info->known & AC_RATE_REMAINING) || !find_reset(info, &reset_ms))
		return;
	quota = quota_place(limit, name_hash(info->name), now_ms);
	/* Our own count includes what is under way: the lower one rules. */
	if (quota->name != 0 && info->remaining > quota->remaining)
		return;
	quota->name = name_hash(info->name);
	quota->limit = (info->known & AC_RATE_LIMIT) ? info->limit : -1;
	quota->remaining = info->remaining;
	quota->reset_ms = now_ms + reset_ms;
	quota->step_ms = info->step_ms;
	quota->counted_ms = now_ms;
	/* Who was counted before the API said so would be refused. */
	if (info->remaining == 0)
		block(limit, now_ms + (info->step_ms > 0 ? info->step_ms : reset_ms));
}

void
ac_ratelimit_throttled(AcRateLimit *limit, int64 wait_ms, int64 now_ms)
{
	ac_ratelimit_advance(limit, now_ms);
	ac_ratelimit_block(limit, wait_ms, now_ms);
	if (now_ms - limit->halved_ms < AC_RATELIMIT_HALVE_INTERVAL_MS)
		return;
	limit->halved_ms = now_ms;
	if (limit->rate == 0)
		limit->rate = full_rate(limit) / 2;
	else
		limit->rate = Max(limit->rate / 2, full_rate(limit) * AC_RATELIMIT_FLOOR);
	/*
	 * What had been saved up was saved up at a rate that was too high, and
	 * what had been booked was booked at it.
	 */
	limit->tokens = Max(Min(limit->tokens, 1.0), 0.0);
	limit->generation++;
	limit->n_holes = 0;
}

int64
ac_ratelimit_idle_ms(const AcRateLimit *limit)
{
	int64 idle_ms = Max(limit->updated_ms, limit->blocked_until_ms);

	if (limit->rate > 0)
		idle_ms = Max(idle_ms, tail_ms(limit));
	for (int i = 0; i < AC_RATELIMIT_QUOTAS; i++)
		if (limit->quotas[i].name != 0)
			idle_ms = Max(idle_ms, limit->quotas[i].reset_ms);
	return idle_ms;
}
