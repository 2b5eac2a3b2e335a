/*
 * xactlist.c
 *		What has this transaction done that waits for its end?  See xactlist.h.
 */
#include "ac.h"

#include "pg/xactlist.h"
#include "utils/memutils.h"

void
ac_xactlist_add(List **list, Oid object, AttrNumber attnum)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
	AcXactItem *item = palloc(sizeof(AcXactItem));

	item->object = object;
	item->attnum = attnum;
	item->sub = GetCurrentSubTransactionId();
	*list = lappend(*list, item);
	MemoryContextSwitchTo(old);
}

/* Later subtransactions have greater numbers, those within it as well. */
void
ac_xactlist_abort(List **list, SubTransactionId sub)
{
	ListCell *lc;

	foreach (lc, *list)
	{
		AcXactItem *item = lfirst(lc);

		if (item->sub < sub)
			continue;
		*list = foreach_delete_current (*list, lc);
		pfree(item);
	}
}

void
ac_xactlist_clear(List **list)
{
	list_free_deep(*list);
	*list = NIL;
}
