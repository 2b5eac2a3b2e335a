/*
 * embedded.h
 *		Does a row show all elements of the lists in it?
 *
 * Some APIs page lists inside of rows: {"lines": {"data": [...], "has_more":
 * true}}, {"comments": {"total": 40, "maxResults": 20, "comments": [...]}}, or a
 * GraphQL connection.  What a column shows of such a list would pass for all
 * of it.
 */
#ifndef AC_NET_EMBEDDED_H
#define AC_NET_EMBEDDED_H

#include "ac.h"

#include "core/field.h"
#include "core/rowplan.h"

typedef struct AcEmbedded AcEmbedded;

/* Columns as the reader's; lists: those that may show a list, or NULL. */
typedef struct AcEmbeddedWish
{
	AcPointers columns;
	const AcRowOrigin *origins;
	const bool *lists;
	const char *nested_path; /* the rows themselves are such a list, or NULL */
} AcEmbeddedWish;

/*
 * NULL if there is nothing to look at.  Else columns and origins are replaced
 * by longer ones, with further fields of the row behind those that were there.
 */
extern AcEmbedded *ac_embedded_plan(const AcEmbeddedWish *wish,
									AcPointers *columns,
									const AcRowOrigin **origins);

/* The pointer of a list in the row that is cut, NULL if none is. */
extern const char *ac_embedded_cut(const AcEmbedded *embedded,
								   const AcField *fields);

#endif /* AC_NET_EMBEDDED_H */
