/*
 * xactlist.h
 *		What has this transaction done that waits for its end?
 *
 * A list of objects, or of columns of tables, each of the subtransaction that
 * added it: what is rolled back with that to a savepoint leaves the list.  When
 * to look at it is up to its owner's callbacks.
 */
#ifndef AC_PG_XACTLIST_H
#define AC_PG_XACTLIST_H

#include "ac.h"

#include "access/attnum.h"
#include "access/xact.h"
#include "nodes/pg_list.h"

typedef struct AcXactItem
{
	Oid object;
	AttrNumber attnum; /* InvalidAttrNumber: the object itself */
	SubTransactionId sub;
} AcXactItem;

/* Adds an item; the list, NIL at first, is in TopMemoryContext. */
extern void ac_xactlist_add(List **list, Oid object, AttrNumber attnum);

/* On SUBXACT_EVENT_ABORT_SUB: removes what that subtransaction added. */
extern void ac_xactlist_abort(List **list, SubTransactionId sub);

extern void ac_xactlist_clear(List **list);

#endif /* AC_PG_XACTLIST_H */
