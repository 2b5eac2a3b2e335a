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
	int at;					/* the value asked for now */
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
							const AcSentValues *sent);

/* Is it read value by value, with these values sent besides? */
extern bool ac_series_in_force(const AcSeries *series,
							   const AcSentValues *sent);

/* url with the value asked for now. */
extern char *ac_series_url(const AcSeries *series, const char *url);

/*
 * Does the row that scan stands at, whose column shows this text (NULL: null),
 * come with another value's rows, or did it?
 */
extern bool ac_series_comes_again(AcSeries *series, const char *text,
								  const AcRowScan *scan);

/* Begins with the first value again. */
extern void ac_series_restart(AcSeries *series);

#endif /* AC_FDW_SERIES_H */
