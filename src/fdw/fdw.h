/*
 * fdw.h
 *		Which callbacks does the foreign data wrapper consist of?
 *
 * Each is documented in PostgreSQL's manual, "Foreign Data Wrapper Callback
 * Routines"; src/autoconn.c puts them into the FdwRoutine.
 */
#ifndef AC_FDW_FDW_H
#define AC_FDW_FDW_H

#include "ac.h"

#include "commands/explain.h"
#include "foreign/fdwapi.h"
#include "pg/compat.h"

/* plan.c */
extern void autoconnGetForeignRelSize(PlannerInfo *root, RelOptInfo *baserel,
									  Oid foreigntableid);
extern void autoconnGetForeignPaths(PlannerInfo *root, RelOptInfo *baserel,
									Oid foreigntableid);
extern void autoconnGetForeignUpperPaths(PlannerInfo *root,
										 UpperRelationKind stage,
										 RelOptInfo *input_rel,
										 RelOptInfo *output_rel, void *extra);
extern ForeignScan *autoconnGetForeignPlan(PlannerInfo *root,
										   RelOptInfo *baserel,
										   Oid foreigntableid,
										   ForeignPath *best_path,
										   List *tlist, List *scan_clauses,
										   Plan *outer_plan);
extern bool autoconnIsForeignPathAsyncCapable(ForeignPath *path);

/* scan.c */
extern void autoconnBeginForeignScan(ForeignScanState *node, int eflags);
extern TupleTableSlot *autoconnIterateForeignScan(ForeignScanState *node);
extern void autoconnReScanForeignScan(ForeignScanState *node);
extern void autoconnEndForeignScan(ForeignScanState *node);

/* async.c */
extern void autoconnForeignAsyncRequest(AsyncRequest *areq);
extern void autoconnForeignAsyncConfigureWait(AsyncRequest *areq);
extern void autoconnForeignAsyncNotify(AsyncRequest *areq);

/* explain.c */
extern void autoconnExplainForeignScan(ForeignScanState *node,
									   ExplainState *es);

/* analyze.c */
extern bool autoconnAnalyzeForeignTable(Relation relation,
										AcquireSampleRowsFunc *func,
										BlockNumber *totalpages);

/* For _PG_init: DISCARD ALL forgets answers, fdw/discard.c. */
extern void ac_discard_init(void);

#endif /* AC_FDW_FDW_H */
