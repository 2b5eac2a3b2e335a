/*
 * payload.h
 *		How do the rows that an API sends differ from those it sent before?
 *
 * A state machine per foreign table over structural evidence: which members
 * rows have and of which JSON kind their values are.  Values as such are not
 * looked at.  The state is kept by the caller, as a JSON object, from one
 * poll to the next; saving and loading it at any point changes nothing.
 *
 * The first polls with rows make the baseline, and nothing moves it but
 * ac_payload_accept(): an API that changes in small steps is not followed
 * silently.  What is evident now is told anew by every report; whoever calls
 * raises it once, counts it up, and resolves what is no longer told.
 *
 * Times are arguments.  Everything is palloc'd in the current context.
 */
#ifndef AC_DRIFT_PAYLOAD_H
#define AC_DRIFT_PAYLOAD_H

#include "ac.h"

#include "core/json.h"
#include "drift/drift.h"

/*
 * Paths kept of one table.  The widest tables seen have some 300 columns;
 * beyond a thousand the "columns" are keys of a map, of which there is no
 * end.
 */
#define AC_PAYLOAD_MAX_PATHS 1000

/* Kinds of JSON values as they are told apart here. */
typedef enum AcPayloadKind
{
	AC_PAYLOAD_NULL,
	AC_PAYLOAD_BOOLEAN,
	AC_PAYLOAD_INTEGER,	 /* a number without fraction and exponent */
	AC_PAYLOAD_FRACTION, /* any other number */
	AC_PAYLOAD_STRING,
	AC_PAYLOAD_OBJECT,
	AC_PAYLOAD_ARRAY
} AcPayloadKind;

#define AC_PAYLOAD_KINDS (AC_PAYLOAD_ARRAY + 1)

/* Examples of one member in one observation, and kept of it. */
#define AC_PAYLOAD_EXAMPLES 3

/* What a probe saw of one member, over all of its rows. */
typedef struct AcPayloadField
{
	const char *json_path;			/* RFC 6901, relative to the row */
	int64 rows_present;				/* rows that have it, null included */
	int64 counts[AC_PAYLOAD_KINDS]; /* rows by kind of the value */
	const char *examples[AC_PAYLOAD_EXAMPLES];
	int n_examples; /* texts of scalars, masked where they look secret */
} AcPayloadField;

/* What scans tell, who carry only names and numbers of rows. */
typedef enum AcPayloadEventKind
{
	AC_PAYLOAD_UNKNOWN_FIELD, /* rows have a member that is no column */
	AC_PAYLOAD_ABSENT_FIELD,  /* a column's member was in no row */
	AC_PAYLOAD_MISFIT,		  /* values did not fit their column */
	AC_PAYLOAD_OUT_OF_RANGE	  /* the same, known to be too large a number */
} AcPayloadEventKind;

typedef struct AcPayloadEvent
{
	AcPayloadEventKind kind;
	const char *name; /* JSON Pointer, or the name of a column */
	int64 rows;		  /* with, without the member; values that misfit */
} AcPayloadEvent;

/* A column of the local table; one that is filled from a parameter is none. */
typedef struct AcPayloadColumn
{
	const char *name;
	const char *json_path;
	const char *type;	/* SQL type, as in api/types.h or as SQL spells it */
	const char *decode; /* column option, NULL: none */
	bool missing_is_error;
} AcPayloadColumn;

typedef struct AcPayloadTable
{
	const char *name;		 /* remote name */
	const char *path;		 /* path template */
	const char *query;		 /* query sent with every request, NULL: none */
	const char *nested_path; /* its rows are elements of that, NULL: they are not */
	const AcPayloadColumn *columns;
	int n_columns;
} AcPayloadTable;

/*
 * A probe looks at whole rows, so that a member which is not in fields was in
 * none of them.  Anything else are the events of scans, which say nothing of
 * members that they do not name.  There may be several in one poll, in any
 * order.
 */
typedef struct AcPayloadObservation
{
	int64 now_s; /* Unix time */
	int64 poll;	 /* number of the poll: tells polls apart */
	int64 rows;	 /* rows seen */
	bool from_probe;
	const AcPayloadField *fields;
	int n_fields;
	const AcPayloadEvent *events;
	int n_events;
} AcPayloadObservation;

typedef struct AcPayloadState AcPayloadState;

/* The state that was saved; a new one if json is NULL or nonsense. */
extern void ac_payload_load(const AcJson *json, AcPayloadState **state);

/* The state as an object, the caller's to free. */
extern AcJson *ac_payload_save(const AcPayloadState *state);

/* Takes in what was seen.  No rows and no events change nothing. */
extern void ac_payload_observe(AcPayloadState *state,
							   const AcPayloadTable *table,
							   const AcPayloadObservation *seen);

/* Appends what is evident now, in the order in which members were first seen. */
extern void ac_payload_report(AcPayloadState *state,
							  const AcPayloadTable *table,
							  AcDriftList *drifts);

/*
 * Makes what a drift told the baseline: it is not told again, other drifts
 * are.  A column_added that something else found, too, is as if it were told
 * here; what concerns no member of the rows changes nothing.
 */
extern void ac_payload_accept(AcPayloadState *state, const AcDrift *drift);

/* Do rows have the member by now, as far as the last observations tell? */
extern bool ac_payload_sees(const AcPayloadState *state,
							const char *json_path);

#endif /* AC_DRIFT_PAYLOAD_H */
