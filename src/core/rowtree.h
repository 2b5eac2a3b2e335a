/*
 * rowtree.h
 *		Where are the rows in a document that is a tree already?
 *
 * What core/rowscan finds in a page's text, for samples and probes, which are
 * small and have a tree anyway.
 */
#ifndef AC_CORE_ROWTREE_H
#define AC_CORE_ROWTREE_H

#include "ac.h"

#include "core/error.h"
#include "core/json.h"
#include "core/rowplan.h"

/*
 * Lines of a body that become a tree; more tell nothing new of rows, and each
 * costs the making of a parser.
 */
#define AC_ROWTREE_MAX_LINES 10000

/*
 * Reads a body of several JSON texts (AC_ROWS_LINES) as the array of them, or
 * of the first AC_ROWTREE_MAX_LINES of them.
 * The text must be padded as for core/rowscan.  Free *lines with
 * ac_json_free().
 */
extern bool ac_rowtree_parse_lines(const char *text, size_t len,
								   AcJson **lines, AcError *err);

/*
 * Values of rows that are put together (COLUMNS, LISTS), each of which costs 60
 * times the two bytes that it may have in the body; the first row is whatever
 * it has.
 */
#define AC_ROWTREE_MAX_CELLS 200000

typedef struct AcTreeRow
{
	AcJson *row;
	AcJson *parent;	  /* of a nested row, else NULL */
	const char *name; /* MAP: the member's, else NULL */
	int ordinal;	  /* of a nested row, from 1, else 0 */
} AcTreeRow;

typedef struct AcTreeRows
{
	AcTreeRow *rows;
	int n;
	int page_rows; /* the same, or their parents */
	bool cut;	   /* page_rows counts more than were put together */
	AcJson *made;  /* private */
} AcTreeRows;

/*
 * Finds the rows.  Of LINES, body is the array of texts.  Rows of COLUMNS
 * become objects.  False if there is no place for rows, or what stands there
 * cannot be them.  Nodes live as long as body and rows.
 */
extern bool ac_rowtree_read(AcJson *body, const AcRowSource *source,
							AcTreeRows *rows);
extern void ac_rowtree_free(AcTreeRows *rows);

#endif /* AC_CORE_ROWTREE_H */
