/*
 * test_latency.c
 *		Are percentiles near the truth, whatever the values?
 */
#include "ac.h"

#include "policy/latency.h"
#include "tap.h"

/* The percentile of one value alone. */
static int64
alone(int64 ms)
{
	AcLatency latency = {{0}};

	ac_latency_add(&latency, ms);
	return ac_latency_percentile(&latency, 0.5);
}

static void
test_one(void)
{
	AcLatency none = {{0}};
	int wrong = 0;

	is_int(ac_latency_percentile(&none, 0.5), -1, "nothing has no percentile");
	for (int64 ms = 0; ms < 8; ms++)
		is_int(alone(ms), ms, "%d ms are exact", (int) ms);
	for (int64 ms = 8; ms < 262144; ms++)
	{
		int64 off = alone(ms) - ms;

		if (off * 8 > ms || off * 8 < -ms)
			wrong++;
	}
	is_int(wrong, 0, "no other is off by more than an eighth");
	is_int(alone(-5), 0, "no time is less than none");
	is_int(alone(10000000), alone(262143), "what is too long is in the last bucket");
	is_int(alone(PG_INT64_MAX), alone(262143), "however long");
}

static void
test_shares(void)
{
	AcLatency latency = {{0}};
	AcLatency other = {{0}};

	for (int i = 0; i < 90; i++)
		ac_latency_add(&latency, 2);
	for (int i = 0; i < 10; i++)
		ac_latency_add(&latency, 6);
	is_int(ac_latency_percentile(&latency, 0), 2, "the least");
	is_int(ac_latency_percentile(&latency, 0.5), 2, "the median");
	is_int(ac_latency_percentile(&latency, 0.90), 2, "90 of 100");
	is_int(ac_latency_percentile(&latency, 0.91), 6, "91 of 100");
	is_int(ac_latency_percentile(&latency, 1), 6, "the most");
	for (int i = 0; i < 300; i++)
		ac_latency_add(&other, 5);
	ac_latency_merge(&latency, &other);
	is_int(ac_latency_percentile(&latency, 0.5), 5, "those of another count, too");
	is_int(ac_latency_percentile(&latency, 0.2), 2, "and so do its own");
	other.counts[2] = PG_UINT32_MAX;
	ac_latency_merge(&latency, &other);
	is_int(latency.counts[2], PG_UINT32_MAX, "a count stops at its largest value");
	ac_latency_add(&latency, 2);
	is_int(latency.counts[2], PG_UINT32_MAX, "and stays there");
}

int
main(void)
{
	test_one();
	test_shares();
	return done_testing();
}
