/*
 * request.h
 *		What does a table's query say, and how is its API asked?
 *
 * Makes of options what policy/rest needs to render an AcQuery.
 */
#ifndef AC_FDW_REQUEST_H
#define AC_FDW_REQUEST_H

#include "ac.h"

#include "fdw/table.h"
#include "policy/rest.h"

/* The column's attribute number, negative where it descends; 0: no order. */
typedef int AcSortKey;

/* The parameter that takes the value. */
extern const char *ac_request_param(const AcColumn *column, AcQualBound bound);

/* A filter on the column, without values. */
extern void ac_request_filter(const AcTable *table, const AcColumn *column,
							  AcQualBound bound, AcQueryFilter *filter);

/* An order. */
extern void ac_request_sort(const AcTable *table, AcSortKey key,
							AcQuerySort *sort);

/* Is one of these columns (attribute numbers) only sent where it is named? */
extern bool ac_request_needs_hidden(const AcTable *table, List *attnums);

/*
 * The names of fields to ask for, where rows are to show these columns
 * (attribute numbers); all where the API cannot choose, or where rows could
 * not be told apart without the others.
 */
extern void ac_request_fields(const AcTable *table, List *attnums,
							  AcQuery *query);

/* How the table's API is asked; points into table and base. */
extern AcRestForm ac_request_form(const AcTable *table, const AcUrl *base);

#endif /* AC_FDW_REQUEST_H */
