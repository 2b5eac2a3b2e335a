/*
 * ring.h
 *		How does what scans see reach the worker?
 *
 * A ring of events of fixed size in shared memory.  Sessions put events in
 * without ever waiting, whatever becomes of their transaction; the worker of
 * a database takes out those of its database.  When the ring is full the
 * oldest event is lost and counted, so that a database which nobody watches
 * cannot fill it for ever.  Writers and readers may end at any point: an
 * event half written is never read, and passed over.
 *
 * Without shared memory events are dropped.
 */
#ifndef AC_PG_RING_H
#define AC_PG_RING_H

#include "ac.h"

#include "datatype/timestamp.h"

typedef enum AcEventKind
{
	AC_EVENT_SCAN,			/* a reading ended: rows, verdict */
	AC_EVENT_FIELD_UNKNOWN, /* rows have a member that is no column: name */
	AC_EVENT_FIELD_ABSENT,	/* a column's field was in no row: name */
	AC_EVENT_MISFIT,		/* a value did not fit its column: name */
	AC_EVENT_OUTCOME,		/* an answer that was no rows: status, outcome */
	AC_EVENT_FILTER_IGNORED /* rows violate a qual that was sent: name; code is
							 * 1 + AcQualBound where that proves that the
							 * parameter is ignored, else 0 */
} AcEventKind;

/* Longest name or detail kept; longer ones are cut at a character. */
#define AC_EVENT_TEXT 96

typedef struct AcEvent
{
	Oid dbid;
	Oid serverid;
	Oid relid;
	uint8 kind;	   /* AcEventKind */
	bool complete; /* SCAN: to the end, without quals that were sent */
	bool owner;	   /* the credentials were those that the watch uses */
	int16 status;  /* OUTCOME: HTTP status, 0: no answer */
	int32 code;	   /* OUTCOME: AcErrorCode; FILTER_IGNORED: see there */
	int64 rows;	   /* rows seen; FIELD_*: rows with, without the field */
	TimestampTz at;
	char text[AC_EVENT_TEXT]; /* json_path, column or detail; no secrets */
} AcEvent;

/* Makes a ring of fresh memory; called once, by whoever made that. */
extern void ac_ring_init(void *memory, Size size);

/*
 * Puts an event in; returns at once, whatever happens.  at, dbid are filled.
 * A SCAN that is not complete takes the place of no other event.
 */
extern void ac_ring_put(const AcEvent *event);

/*
 * Takes at most max events of this database, oldest first; returns their
 * number.  lost: events lost since they were last asked for, of any database;
 * NULL: not asked for now.
 */
extern int ac_ring_take(AcEvent *events, int max, uint64 *lost);

#endif /* AC_PG_RING_H */
