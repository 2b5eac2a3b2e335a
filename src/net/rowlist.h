/*
 * rowlist.h
 *		How is a list in a row read on, and the row written with all of it?
 *
 * By a reader of its own, whose first page is the list as it stands in the row:
 * so all that the pager knows of ends, loops and totals holds for lists, too.
 * Elements are kept as the API spelled them, of all lists of a row together as
 * many bytes as an answer may have.
 */
#ifndef AC_NET_ROWLIST_H
#define AC_NET_ROWLIST_H

#include "ac.h"

#include "lib/stringinfo.h"
#include "net/embedded.h"
#include "net/reader_int.h"

typedef struct AcRowList
{
	AcEmbeddedList cut;		 /* as it stands in the page */
	AcPageReader *reader;	 /* NULL: not begun, or ended */
	StringInfoData elements; /* with commas between them */
	AcError problem;		 /* it cannot be asked for; no code: it can */
	int64 *row_bytes;		 /* elements of all lists of the row */
} AcRowList;

extern void ac_rowlist_init(AcRowList *list, const AcEmbeddedList *cut,
							int64 *row_bytes);

/* Is it known how the list is read on? */
extern bool ac_rowlist_has_way(const struct AcReaderState *state,
							   const AcRowList *list);

/*
 * Asks for the next page of a list that has a way.  Lives in the current
 * memory context, as the elements do in that of ac_rowlist_init().
 */
extern void ac_rowlist_open(struct AcReaderState *state, AcRowList *list);

/*
 * Takes the elements that have come; true once those are all.  What went wrong
 * is thrown if the row is the first of those that wait; the others keep it
 * until they are.
 */
extern bool ac_rowlist_take(struct AcReaderState *state, AcRowList *list,
							bool is_first);

/* A value as it stands in the body. */
extern void ac_rowlist_append(StringInfo to, const AcField *field);

/* What has to stand behind a body (core/rowscan). */
extern void ac_rowlist_pad(StringInfo to);

/*
 * The row with all elements of its lists, which are whole.  What said that more
 * follows says so no more.
 */
extern void ac_rowlist_write(StringInfo to, const AcField *row,
							 const AcRowList *lists, int n);

#endif /* AC_NET_ROWLIST_H */
