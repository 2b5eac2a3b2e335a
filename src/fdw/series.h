/*
 * series.h
 *		Which values of a parameter are all rows asked for with?
 *
 * Table option params_union, "state=open|closed": a parameter whose default
 * hides rows and that has no value for all of them.  The collection is read
 * once for each value.  Its column tells the rows apart: a row that belongs to
 * another value's reading is left to that one, so that an API which adds rows
 * instead of choosing them gives none twice.  A row that shows none of the
 * values, or null, may come with any of them: it is taken the first time.
 */
#ifndef AC_FDW_SERIES_H
#define AC_FDW_SERIES_H

#include "ac.h"

#include "core/rowscan.h"
#include "fdw/request.h"
#include "fdw/table.h"
#include "utils/hsearch.h"

typedef struct AcSeries
{
	char *param; /* NULL: the table has no such option */
	char **values;
	int n;
	const AcColumn *column; /* that shows it; NULL: none does */
	MemoryContext cxt;		/* of the scan */
	HTAB *untold;			/* rows that show none of the values; NULL: none came */
} AcSeries;

/* Of a table; the option is well formed. */
extern void ac_series_load(const AcTable *table, AcSeries *series);

/*
 * Throws where all rows are wanted and none shows its value: a part of them
 * would pass for all.
 */
extern void ac_series_check(const AcSeries *series, const AcTable *table,
							const AcQuery *query);

/* Is it read value by value, with these values sent besides? */
extern bool ac_series_in_force(const AcSeries *series,
							   const AcQuery *query);

/* The filter that asks with *value. */
extern void ac_series_filter(const AcSeries *series, const char *const *value,
							 AcQueryFilter *filter);

/*
 * Did the row that scan stands at, which shows none of the values, come with a
 * value before the one at that place?  Two that are the same in one answer are
 * two.
 */
extern bool ac_series_came_before(AcSeries *series, int at,
								  const AcRowScan *scan);

/* Forgets these rows. */
extern void ac_series_restart(AcSeries *series);

#endif /* AC_FDW_SERIES_H */
