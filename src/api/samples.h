/*
 * samples.h
 *		Which rows does a sampled body hold, and which values have they?
 *
 * Bodies are taken apart into rows as the table's plan has them, rows into
 * the distinct values of each column.  Keys, relations and the incremental
 * pair are judged by these values alone, so that the bodies can go.
 */
#ifndef AC_API_SAMPLES_H
#define AC_API_SAMPLES_H

#include "ac.h"

#include "api/tableplan.h"
#include "core/json.h"
#include "core/rowtree.h"

/*
 * Rows of one table that are looked at: twenty pages of fifty.  A property
 * never seen in that many has a true rate below 0.3 % (doc/inference.md S2).
 */
#define AC_SAMPLES_MAX_ROWS 1000

/* Longest text that may be a key or refer to one: a URL with some query. */
#define AC_SAMPLES_MAX_TEXT 512

/* Elements of one list that are looked at. */
#define AC_SAMPLES_MAX_ELEMENTS 100

/* Rows of all sampled pages of a table, those of a nested table included. */
typedef struct AcSampledRows
{
	AcTreeRow *rows;
	int *pages; /* which page each row stood on, from 0 */
	int n;
	int capacity;
	int n_pages;
	bool cut;	  /* there were more than AC_SAMPLES_MAX_ROWS */
	AcJson *made; /* array that owns rows that had to be put together; the
					   * caller frees it */
} AcSampledRows;

/*
 * Appends the rows of a body, in the form that the plan says; an object where
 * an array is expected is the one row.  Rows point into body.
 */
extern void ac_samples_add_page(AcSampledRows *rows, const AcTablePlan *plan,
								AcJson *body);

/* Text of a scalar that a row shows in a column, palloc'd; or NULL. */
extern char *ac_samples_text(const AcSampledRows *rows, int row,
							 const AcColumnPlan *column);

/* What the rows show of one column. */
typedef struct AcColumnSample
{
	char **values; /* distinct texts, in bytewise order */
	int n;
	int n_values;	   /* scalars seen, repetitions included */
	int n_missing;	   /* rows with null or nothing */
	int n_other;	   /* rows with a value that identifies nothing: a truth, a
					   * fraction, a long text, a structure */
	bool list;		   /* values are the elements of arrays */
	const char *inner; /* values are members of objects: "/id"; else NULL */
	bool integers;	   /* all values are; then min and max are set */
	int64 min;
	int64 max;
	int longest;	/* bytes of the longest text */
	bool ordinal;	/* the number of the row, from 0 or 1 */
	bool ascending; /* never less than in the row before; strings bytewise */
	bool descending;
} AcColumnSample;

/* Members of a column of links ("_links", "relationships") that are kept. */
#define AC_SAMPLES_MAX_PARTS 32

/* One member of a column that holds links to other things. */
typedef struct AcPartSample
{
	int column;
	const char *name;	 /* the member's: "customer" */
	const char *pointer; /* of the value in the column: "/customer/href" */
	AcColumnSample values;
} AcPartSample;

typedef struct AcTableSample
{
	AcColumnSample *columns; /* one for each of the plan's */
	int n_columns;
	AcPartSample *parts;
	int n_parts;
	int n_rows;		/* rows that a later page repeats are left out */
	int n_repeated; /* these */
	int n_pages;
	bool complete; /* the rows are all that the API has */
} AcTableSample;

/*
 * The values of the rows; texts are copied, so that the bodies may go.  Drops
 * from rows those that a page repeats which an earlier one had.
 */
extern AcTableSample *ac_samples_of(const AcTablePlan *plan,
									AcSampledRows *rows);

/* Is the text among the column's values? */
extern bool ac_samples_has(const AcColumnSample *column, const char *text);

/* Are the values the integers from 0 or 1 up to some number, all of them? */
extern bool ac_samples_is_dense(const AcColumnSample *column);

/* Does every sampled row have a value of its own there? */
extern bool ac_samples_is_unique(const AcTableSample *sample, int column);

#endif /* AC_API_SAMPLES_H */
