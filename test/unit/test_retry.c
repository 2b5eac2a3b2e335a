/*
 * test_retry.c
 *		Are retries as few, as late and as cheap as they should be?
 */
#include "ac.h"

#include "policy/retry.h"
#include "tap.h"

static void
test_verdicts(void)
{
	static const struct
	{
		const char *name;
		AcRetryAsk ask;
		int tokens;
		AcRetryVerdict verdict;
		int64 wait_ms;
		int tokens_after;
	} cases[] = {
		{"first, no jitter", {4, 1, -1, false, 0.0}, 500, AC_RETRY_AGAIN, 0, 495},
		{"first, half", {4, 1, -1, false, 0.5}, 500, AC_RETRY_AGAIN, 250, 495},
		{"second, half", {4, 2, -1, false, 0.5}, 500, AC_RETRY_AGAIN, 500, 495},
		{"third, half", {4, 3, -1, false, 0.5}, 500, AC_RETRY_AGAIN, 1000, 495},
		{"fourth", {4, 4, -1, false, 0.5}, 500, AC_RETRY_EXHAUSTED, -1, 500},
		{"past the last", {4, 5, -1, false, 0.5}, 500, AC_RETRY_EXHAUSTED, -1, 500},
		{"none allowed", {1, 1, -1, false, 0.5}, 500, AC_RETRY_EXHAUSTED, -1, 500},
		{"capped", {99, 8, -1, false, 0.5}, 500, AC_RETRY_AGAIN, 30000, 495},
		{"capped without overflow", {1000, 900, -1, false, 0.5}, 500, AC_RETRY_AGAIN, 30000, 495},
		{"told", {4, 1, 7000, false, 0.0}, 500, AC_RETRY_AGAIN, 7000, 495},
		{"told, with jitter", {4, 3, 7000, false, 0.5}, 500, AC_RETRY_AGAIN, 7250, 495},
		{"told nothing to wait", {4, 3, 0, false, 0.5}, 500, AC_RETRY_AGAIN, 250, 495},
		{"told a minute", {4, 1, 60000, false, 0.0}, 500, AC_RETRY_AGAIN, 60000, 495},
		{"told more", {4, 1, 60001, false, 0.0}, 500, AC_RETRY_TOO_LONG, -1, 500},
		{"the last tokens", {4, 1, -1, false, 0.0}, 5, AC_RETRY_AGAIN, 0, 0},
		{"too few tokens", {4, 1, -1, false, 0.0}, 4, AC_RETRY_NO_BUDGET, -1, 4},
		{"free of charge", {4, 1, 1000, true, 0.0}, 0, AC_RETRY_AGAIN, 1000, 0},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		AcRetryBudget budget = {cases[i].tokens};
		int64 wait_ms = -1;

		is_int(ac_retry_ask(&budget, &cases[i].ask, &wait_ms),
			   cases[i].verdict, "%s", cases[i].name);
		is_int(wait_ms, cases[i].wait_ms, "%s: wait", cases[i].name);
		is_int(budget.tokens, cases[i].tokens_after, "%s: budget", cases[i].name);
		ok(*ac_retry_explain(cases[i].verdict, &cases[i].ask) != '\0',
		   "%s: explained", cases[i].name);
	}
}

static void
test_budget(void)
{
	AcRetryBudget budget;
	AcRetryAsk ask = {4, 1, -1, false, 0.0};
	int64 wait_ms;
	int retries = 0;
	int i;

	ac_retry_budget_init(&budget);
	while (ac_retry_ask(&budget, &ask, &wait_ms) == AC_RETRY_AGAIN)
		retries++;
	is_int(retries, 100, "a hundred retries in a row");
	for (i = 0; i < 4; i++)
		ac_retry_succeeded(&budget);
	is_int(ac_retry_ask(&budget, &ask, &wait_ms), AC_RETRY_NO_BUDGET, "four successes do not pay for one");
	ac_retry_succeeded(&budget);
	is_int(ac_retry_ask(&budget, &ask, &wait_ms), AC_RETRY_AGAIN, "five do");
	for (i = 0; i < 1000; i++)
		ac_retry_succeeded(&budget);
	is_int(budget.tokens, AC_RETRY_BUDGET, "the budget has a ceiling");
}

/* Full jitter: within [0, bound), and all of it is used. */
static void
test_jitter(void)
{
	uint64 seed = 1;
	int64 least = PG_INT64_MAX;
	int64 most = 0;
	int i;

	for (i = 0; i < 1000; i++)
	{
		AcRetryBudget budget = {AC_RETRY_BUDGET};
		AcRetryAsk ask = {4, 2, -1, false, 0.0};
		int64 wait_ms;

		ask.fraction = (double) (tap_random(&seed) >> 11) / 9007199254740992.0;
		ac_retry_ask(&budget, &ask, &wait_ms);
		least = Min(least, wait_ms);
		most = Max(most, wait_ms);
	}
	ok(least >= 0 && least < 50, "the least wait is near 0");
	ok(most < 1000 && most > 950, "the longest is near the bound");
}

int
main(void)
{
	test_verdicts();
	test_budget();
	test_jitter();
	return done_testing();
}
