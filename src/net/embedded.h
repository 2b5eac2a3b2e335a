/*
 * embedded.h
 *		Does a row show all elements of the lists in it?
 *
 * Some APIs page lists inside of rows: {"lines": {"data": [...], "has_more":
 * true}}, {"comments": {"total": 40, "maxResults": 20, "comments": [...]}}, or
 * {"orders": [...], "orders@odata.nextLink": "..."}.  What a column shows of
 * such a list would pass for all of it.  What an object says of its list is
 * api/innerlist's business, reading the rest net/reader_lists'.
 */
#ifndef AC_NET_EMBEDDED_H
#define AC_NET_EMBEDDED_H

#include "ac.h"

#include "api/innerlist.h"
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

/*
 * The pointer of a list in the row that is cut, NULL if none is.  fields as
 * ac_embedded_plan() made them.  whole: lists of what stands at rows_path are
 * known to be whole.  *outer: the list is one of those.
 */
extern const char *ac_embedded_cut(const AcEmbedded *embedded,
								   const AcField *fields, bool whole,
								   bool *outer);

/*
 * Fields of what stands at rows_path in which its lists are found: one pointer
 * for each, in a plan without nested rows.
 */
extern AcPointers ac_embedded_outer(const AcEmbedded *embedded);

/* A list that is cut. */
typedef struct AcEmbeddedList
{
	const char *pointer; /* of the column, or nested_path */
	AcField object;		 /* what has the list; ABSENT: its row has */
	AcInnerList inner;	 /* paths are ones in the object */
} AcEmbeddedList;

/*
 * All lists of the row, whose fields are those of ac_embedded_outer(), that
 * are cut, each once; their number.  lists: room for ac_embedded_most().
 */
extern int ac_embedded_find(const AcEmbedded *embedded, const AcField *fields,
							AcEmbeddedList *lists);
extern int ac_embedded_most(const AcEmbedded *embedded);

#endif /* AC_NET_EMBEDDED_H */
