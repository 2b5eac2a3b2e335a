/*
 * observe.h
 *		What does a scan see of changes, and how does the watch hear of it?
 *
 * A scan notes what the API does otherwise than the table says: members that
 * are no columns, fields that are missing, values that do not fit, answers
 * that are no rows, filters that are ignored.  When a reading ends, well or
 * not, this goes into the event ring (pg/ring), whatever becomes of the
 * transaction.  What it means is the worker's business.
 *
 * An observation is NULL where nobody could be told; all functions take that.
 */
#ifndef AC_FDW_OBSERVE_H
#define AC_FDW_OBSERVE_H

#include "ac.h"

#include "core/rowscan.h"
#include "fdw/table.h"
#include "net/reader.h"

/* Rows of each page that are looked at for unknown members: the first ... */
#define AC_OBSERVE_FIRST_ROWS 2

typedef struct AcObservation AcObservation;

/*
 * An observation of a scan by userid over conn, in the current memory context, whose
 * end is also that of the observation and publishes what was noted.  members
 * are the table's; all arguments live as long.  stats->failure is published
 * and reset.
 */
extern AcObservation *ac_observe_begin(const AcTable *table,
									   const char *const *members,
									   AcConnection *conn, Oid userid,
									   AcReaderStats *stats);

/*
 * A reading begins.  whole: nothing is sent that keeps rows away.  Readings
 * that are not whole are told as one, at the scan's end.
 */
extern void ac_observe_opened(AcObservation *observation, bool whole);

/* It is over; to_end: all of its rows were handed out, and none is missing. */
extern void ac_observe_closed(AcObservation *observation, bool to_end);

/* Its rows do not count, because another takes its place. */
extern void ac_observe_abandoned(AcObservation *observation);

/* ---- of the rows ---- */

extern void ac_observe_members(AcObservation *observation,
							   const AcRowScan *scan);

/* Every row; looks at few of them. */
static inline void
ac_observe_row(AcObservation *observation, const AcRowScan *scan)
{
	/* ... and the last. */
	if (observation != NULL &&
		(scan->row_number <= AC_OBSERVE_FIRST_ROWS ||
		 scan->row_number == scan->row_count))
		ac_observe_members(observation, scan);
}

/* The column's field is absent from the current row. */
extern void ac_observe_absent(AcObservation *observation,
							  const AcColumn *column);

/*
 * A value does not fit the column, NULL: the row is not even an object.
 * row_lost: the row's other columns are not looked at.
 */
extern void ac_observe_misfit(AcObservation *observation,
							  const AcColumn *column, bool row_lost);

/*
 * For an error_context_stack callback: the column's conversion may have
 * thrown.  Counts only if nothing else is called before the scan's end.
 */
extern void ac_observe_thrown(AcObservation *observation,
							  const AcColumn *column);

/* The current row has another value than was sent for the column. */
extern void ac_observe_violation(AcObservation *observation,
								 const AcColumn *column);

/* And that proves that the API does not look at the parameter. */
extern void ac_observe_ignored(AcObservation *observation,
							   const AcColumn *column, AcQualBound bound);

#endif /* AC_FDW_OBSERVE_H */
