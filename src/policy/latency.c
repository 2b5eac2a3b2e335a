/*
 * latency.c
 *		How long did requests take, in little memory?  See latency.h.
 */
#include "ac.h"

#include <math.h>

#include "policy/latency.h"
#include "port/pg_bitutils.h"

/* The bucket of a value: its highest bit, then the two below it. */
static int
bucket_of(int64 ms)
{
	int top;

	if (ms < 4)
		return ms < 0 ? 0 : (int) ms;
	top = pg_leftmost_one_pos64((uint64) ms);
	if (top - 2 >= AC_LATENCY_DOUBLINGS)
		return AC_LATENCY_BUCKETS - 1;
	return 4 * (top - 1) + (int) ((ms >> (top - 2)) & 3);
}

/* The middle of a bucket. */
static int64
middle_of(int bucket)
{
	int shift = bucket / 4 - 1;
	int64 low;

	if (bucket < 8)
		return bucket;
	low = (int64) (4 + bucket % 4) << shift;
	return low + (((int64) 1 << shift) - 1) / 2;
}

static uint32
add_counts(uint32 a, uint32 b)
{
	return a > PG_UINT32_MAX - b ? PG_UINT32_MAX : a + b;
}

void
ac_latency_add(AcLatency *latency, int64 ms)
{
	uint32 *count = &latency->counts[bucket_of(ms)];

	*count = add_counts(*count, 1);
}

void
ac_latency_merge(AcLatency *into, const AcLatency *from)
{
	for (int i = 0; i < AC_LATENCY_BUCKETS; i++)
		into->counts[i] = add_counts(into->counts[i], from->counts[i]);
}

int64
ac_latency_percentile(const AcLatency *latency, double share)
{
	uint64 all = 0;
	uint64 rank;
	int i;

	Assert(share >= 0 && share <= 1);
	for (i = 0; i < AC_LATENCY_BUCKETS; i++)
		all += latency->counts[i];
	if (all == 0)
		return -1;
	rank = (uint64) ceil(share * (double) all);
	if (rank == 0)
		rank = 1;
	for (i = 0; i < AC_LATENCY_BUCKETS - 1 && rank > latency->counts[i]; i++)
		rank -= latency->counts[i];
	return middle_of(i);
}
