/*
 * compat.h
 *		What differs between the PostgreSQL versions that autoconn serves?
 *
 * The rest of the code is written for the newest API; this header gives
 * older versions its face.  The only file that may ask PG_VERSION_NUM.
 */
#ifndef AC_PG_COMPAT_H
#define AC_PG_COMPAT_H

#include "ac.h"

#include "nodes/pathnodes.h"
#include "optimizer/pathnode.h"

#if PG_VERSION_NUM < 150000
#error "autoconn needs PostgreSQL 15 or later"
#endif

/*
 * create_foreignscan_path: 17 added fdw_restrictinfo (commit 9e9931d2bf40),
 * 18 added disabled_nodes (commit e22253467942).
 */
static inline ForeignPath *
ac_create_foreignscan_path(PlannerInfo *root, RelOptInfo *rel, double rows,
						   int disabled_nodes, Cost startup_cost,
						   Cost total_cost, List *pathkeys,
						   Relids required_outer, List *fdw_private)
{
#if PG_VERSION_NUM >= 180000
	return create_foreignscan_path(root, rel, NULL, rows, disabled_nodes,
								   startup_cost, total_cost, pathkeys,
								   required_outer, NULL, NIL, fdw_private);
#elif PG_VERSION_NUM >= 170000
	return create_foreignscan_path(root, rel, NULL, rows, startup_cost,
								   total_cost, pathkeys, required_outer,
								   NULL, NIL, fdw_private);
#else
	return create_foreignscan_path(root, rel, NULL, rows, startup_cost,
								   total_cost, pathkeys, required_outer,
								   NULL, fdw_private);
#endif
}

#endif /* AC_PG_COMPAT_H */
