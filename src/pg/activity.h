/*
 * activity.h
 *		What is a scan doing, and what did the scans of a table take?
 *
 * A scan has an AcActivity, which those who work for it count in as they go.
 * From there counts go to two places that everybody can look at: to a slot of
 * the scan's own while it runs (autoconn.activity), and to those of its table
 * for good (pg/stats.h, autoconn.stats), whatever becomes of the transaction.
 *
 * An activity ends with the memory context that it was made in, after an error
 * as at a scan's end.  Functions here never throw, but for want of memory where
 * that is said; they take NULL for an activity that nobody keeps.
 */
#ifndef AC_PG_ACTIVITY_H
#define AC_PG_ACTIVITY_H

#include "ac.h"

#include "datatype/timestamp.h"
#include "lib/ilist.h"
#include "policy/latency.h"

/*
 * Slots where memory was asked for in time: scans that are seen at the same
 * time, some 50 kB.  One that finds none free runs unseen.
 */
#define AC_ACTIVITY_SLOTS 256

/*
 * What is being done; of several requests under way what can be helped
 * least, which is the later one here.
 */
typedef enum AcPhase
{
	AC_PHASE_IDLE,		  /* nothing is under way: all that was wanted is there */
	AC_PHASE_READING,	  /* rows are handed out, or may be asked for */
	AC_PHASE_BACKING_OFF, /* waits to send again what failed */
	AC_PHASE_LIMIT,		  /* waits for its turn */
	AC_PHASE_RENEWING,	  /* waits for an access token */
	AC_PHASE_CONNECTING,  /* resolves a name, connects, shakes hands */
	AC_PHASE_ANSWER,	  /* waits for the first byte */
	AC_PHASE_RECEIVING	  /* waits for more of an answer */
} AcPhase;

#define AC_PHASES (AC_PHASE_RECEIVING + 1)

typedef struct AcScanCounts
{
	int64 scans;	/* readings that were begun */
	int64 requests; /* sent, retries and redirects included */
	int64 pages;
	int64 rows;	 /* received */
	int64 bytes; /* of bodies, decompressed */
	int64 retries;
	int64 errors;	  /* readings that the API made fail */
	int64 cache_hits; /* answers that came from the cache */
	int64 wait_ms;	  /* for limits and between attempts */
} AcScanCounts;

typedef struct AcActivitySlot AcActivitySlot;

typedef struct AcActivity
{
	/* counted by whoever does it */
	AcScanCounts counts;
	AcLatency latency; /* of requests, since they were told last */
	int64 total_rows;  /* that the API announces, -1: not known */
	bool parts;		   /* each reading has several totals */

	/* private */
	Oid relid;
	Oid serverid;
	Oid owner; /* of the table */
	AcPhase phase;
	AcScanCounts told; /* of counts, what the table's have */
	TimestampTz told_at;
	AcActivitySlot *slot; /* NULL: none */
	dlist_node node;	  /* where there is a slot */
} AcActivity;

/* Makes the slots of fresh shared memory, as many as fit. */
extern void ac_activity_init(void *memory, Size size);

/* Bytes of that many slots. */
extern Size ac_activity_size(int slots);

/*
 * An activity of a scan of the table in the current memory context; throws
 * for want of memory.  Nobody sees it before it is opened.
 */
extern AcActivity *ac_activity_begin(Oid relid, Oid serverid);

/* A reading begins. */
extern void ac_activity_open(AcActivity *activity);

/*
 * Goes over to a phase, and shows the counts as they are.  Cheap enough for
 * each wait, not for each row.
 */
extern void ac_activity_phase(AcActivity *activity, AcPhase phase);

/* What pg_stat_activity shows of a wait in that phase. */
extern uint32 ac_activity_wait_event(AcPhase phase);

#endif /* AC_PG_ACTIVITY_H */
