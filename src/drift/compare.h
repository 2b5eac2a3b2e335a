/*
 * compare.h
 *		How does what an API says of itself differ from what it said before?
 *
 * A pure function of two models.  Severities are those of a client that only
 * reads: a new optional parameter is nothing, a removed column an error.
 */
#ifndef AC_DRIFT_COMPARE_H
#define AC_DRIFT_COMPARE_H

#include "ac.h"

#include "drift/drift.h"
#include "drift/model.h"

typedef struct AcComparison
{
	const AcModel *before;
	const AcModel *after;
	int64 now_s; /* Unix time, for how near a sunset is */
} AcComparison;

/*
 * Appends every difference to drifts: the server's own first, then tables in
 * order of their paths.  Texts of the drifts point into the models.  A column
 * that was added has an ADD COLUMN as its fix, bound to no table; a table that
 * was added a CREATE TABLE without statement, which whoever has its plan
 * renders; a column that was removed the option missing, whatever its value
 * is now.
 */
extern void ac_compare(const AcComparison *comparison, AcDriftList *drifts);

/*
 * The baseline with one drift accepted, as a new model that shares what did
 * not change: a decided alert must not be found again, while others stay.
 * after is the model that the drift was found in.  Of the drift kind, table,
 * column and subject are needed; path and json_path tell things of one name
 * apart where they are set.  Other sources' drifts, and those of what is in
 * neither model, change nothing.
 */
extern AcModel *ac_compare_accept(const AcModel *before, const AcModel *after,
								  const AcDrift *drift);

#endif /* AC_DRIFT_COMPARE_H */
