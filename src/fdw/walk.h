/*
 * walk.h
 *		Which values does a path variable have that the query gives none?
 *
 * Those that the rows of the parent table have: the table option parent,
 * "customers(id)", names a foreign table of the same server and its columns,
 * in the order of the path's variables, then of columns whose parameters are
 * required.  So "/customers/{customer_id}/orders" is read whole by asking for
 * the orders of each customer, and "/orders?customer_ids=1,2" by asking for
 * those of many at once, where the parameter takes lists.
 *
 * The parent is read page by page while the passes for its rows are under way.
 * Values that come twice are asked for once.
 */
#ifndef AC_FDW_WALK_H
#define AC_FDW_WALK_H

#include "ac.h"

#include "fdw/request.h"
#include "fdw/table.h"
#include "net/reader.h"

/*
 * A parent may have a parent.  Four walks within one another are five levels
 * of a path, more than any real API has.
 */
#define AC_WALK_MAX_DEPTH 4

/* The parent's keys. */
typedef struct AcParent
{
	Oid relid;
	const char *name;	/* as the option has it */
	AttrNumber *own;	/* columns of the table: the variables of path, then
						 * those whose parameters are required */
	AttrNumber *theirs; /* the parent's columns, as many */
	int n;
} AcParent;

/*
 * The parent of a table; NULL if it has none.  Throws HV024 where the option
 * does not fit the table or the parent, unless missing_ok: then NULL.
 */
extern AcParent *ac_walk_parent(const AcTable *table, bool missing_ok);

/* Does it have values for the column? */
extern bool ac_walk_gives(const AcParent *parent, AttrNumber attnum);

struct AcScanState;
struct AcValueList;
typedef struct AcWalk AcWalk;

/*
 * A walk over the parent's rows for the scan, in the current memory context.
 * allowed: by the parent's columns, the values that count; NULL: any.  Sends
 * nothing yet.  Throws 42501 if the scan's user may not read the parent.
 */
extern AcWalk *ac_walk_begin(const struct AcScanState *scan,
							 const AcParent *parent,
							 const struct AcValueList **allowed);

/*
 * The next row's values, as many as the parent has columns, valid until the
 * next call; false at the end, or, unless may_wait, if it is pending: that is
 * to be waited for.
 */
extern bool ac_walk_next(AcWalk *walk, const char ***texts, bool may_wait);
extern bool ac_walk_is_pending(const AcWalk *walk);

/* How the reading of the parent ended; NULL: it has not. */
extern const char *ac_walk_verdict(const AcWalk *walk);

/* How many values there will be in all, no two alike, as far as is known. */
typedef struct AcWalkRows
{
	int64 n;   /* -1: not known */
	bool sure; /* the API's proved total, not an estimate */
} AcWalkRows;

extern AcWalkRows ac_walk_rows(const AcWalk *walk);

/* What it took. */
extern AcReaderStats ac_walk_stats(const AcWalk *walk);

/* Ends the parent's requests and frees the walk. */
extern void ac_walk_end(AcWalk *walk);

#endif /* AC_FDW_WALK_H */
