/*
 * stats.h
 *		What did the scans of each foreign table take, over all sessions?
 *
 * Counts in shared memory, kept by the table's OID and so through renames,
 * until the server is restarted; of as many tables as there is room for.  If
 * there are more, each owner of tables has a share of it (policy/share), in
 * which those read last stay.  Where there is no shared memory nothing is kept.
 */
#ifndef AC_PG_STATS_H
#define AC_PG_STATS_H

#include "ac.h"

#include "pg/activity.h"
#include "pg/measure.h"

/* Tables where memory was asked for in time: some 400 kB. */
#define AC_STATS_TABLES 1024

/* Bytes that so many tables take. */
extern Size ac_stats_size(int tables);

/* Makes the counts of fresh shared memory, of as many tables as fit. */
extern void ac_stats_init(void *memory, Size size);

/* What is counted.  owner: of the table; InvalidOid: not known here. */
typedef struct AcStatsTarget
{
	Oid relid;
	Oid serverid;
	Oid owner;
} AcStatsTarget;

/* Adds to the counts of a table of this database.  Never throws. */
extern void ac_stats_add(const AcStatsTarget *target, const AcScanCounts *counts,
						 const AcLatency *latency);

/* The owner of a table, for AcStatsTarget; within a transaction. */
extern Oid ac_stats_owner(Oid relid);

/*
 * What pg/measure keeps here; false where nothing can be kept.  ac_stats_of()
 * fills in what is known.
 */
extern bool ac_stats_note(Oid relid, Oid serverid, int64 total,
						  int64 page_rows);
extern bool ac_stats_of(Oid relid, Oid serverid, AcMeasure *measure);

#endif /* AC_PG_STATS_H */
