/*
 * measure.h
 *		What did reading a table show of its size, and of how fast the API is?
 *
 * For the planner.  Kept beside the counts of the table (pg/stats.h) and so
 * for all sessions, where there is shared memory; else for this one.  It is
 * what was seen last, with whatever credentials: good for estimates and for
 * nothing else.
 */
#ifndef AC_PG_MEASURE_H
#define AC_PG_MEASURE_H

#include "ac.h"

/* -1: not known. */
typedef struct AcMeasure
{
	int64 total;	   /* rows in all: told by the API, or read to the end */
	int64 page_rows;   /* on a page */
	double latency_ms; /* of a request: of the table's, else its server's */
} AcMeasure;

extern AcMeasure ac_measure_of(Oid relid, Oid serverid);

/* What a reading of the table showed; what is -1 stays as it was. */
extern void ac_measure_note(Oid relid, Oid serverid, int64 total,
							int64 page_rows);

#endif /* AC_PG_MEASURE_H */
