/*
 * latency.h
 *		How long did requests take, in little memory?
 *
 * A histogram of milliseconds whose buckets are a quarter of a power of two
 * wide: four for each doubling, so that a percentile read from it is off by an
 * eighth at most, whatever the size of the values.  Histograms add up.
 */
#ifndef AC_POLICY_LATENCY_H
#define AC_POLICY_LATENCY_H

#include "ac.h"

/*
 * 0 to 3 ms have a bucket each, and each of the 16 doublings from there four;
 * what takes longer than 262 s, which no timeout of use allows, is in the last.
 */
#define AC_LATENCY_DOUBLINGS 16
#define AC_LATENCY_BUCKETS (4 + 4 * AC_LATENCY_DOUBLINGS)

typedef struct AcLatency
{
	uint32 counts[AC_LATENCY_BUCKETS];
} AcLatency;

/* Counts a request that took so long; below 0 is 0. */
extern void ac_latency_add(AcLatency *latency, int64 ms);

/* Adds what another has; counts stop at their largest value. */
extern void ac_latency_merge(AcLatency *into, const AcLatency *from);

/*
 * The milliseconds within which that share (0 to 1) of the requests was done:
 * the middle of the bucket.  -1 if there were none.
 */
extern int64 ac_latency_percentile(const AcLatency *latency, double share);

#endif /* AC_POLICY_LATENCY_H */
