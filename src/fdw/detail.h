/*
 * detail.h
 *		What do rows have that only their items show?
 *
 * The table option detail names columns whose fields no list has, but the
 * answer of item_path.  Where a query needs one of them, each row of the list
 * leads to one request for its item, a few at once, in the order of the rows;
 * the other columns stay those of the list.  A row that the API has no item
 * for, 404, makes the scan incomplete.  Requests count with those of the scan,
 * which max_requests bounds.
 */
#ifndef AC_FDW_DETAIL_H
#define AC_FDW_DETAIL_H

#include "ac.h"

#include "executor/tuptable.h"
#include "fdw/table.h"
#include "net/reader.h"
#include "nodes/execnodes.h"
#include "nodes/pg_list.h"

struct AcScanState;
typedef struct AcDetail AcDetail;

/* Marks the columns that the table option names: is_detail. */
extern void ac_detail_mark(AcTable *table);

/* Throws if it names what is no column: a typo would read as NULL. */
extern void ac_detail_check(const AcTable *table);

/* Is one of the columns such a column? */
extern bool ac_detail_is_needed(const AcTable *table, List *attnums);

/* The columns that the list is to be read for, those that name items besides. */
extern List *ac_detail_list_columns(const AcTable *table, List *attnums);

/*
 * For a scan of the list that is ready to be read: its rows with these columns
 * of items.  Lives in the current memory context, as long as the scan.
 */
extern AcDetail *ac_detail_begin(struct AcScanState *list, List *attnums);

/* As ac_scan_next(). */
extern bool ac_detail_next(AcDetail *detail, TupleTableSlot *slot,
						   ExprContext *econtext);

/* Adds what items took that is not counted with the scan yet. */
extern void ac_detail_add_pending(const AcDetail *detail, AcFetchStats *stats);

/* Ends requests under way, as for a rescan or the end. */
extern void ac_detail_forget(AcDetail *detail);

#endif /* AC_FDW_DETAIL_H */
