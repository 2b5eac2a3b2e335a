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
extern ForeignScan *autoconnGetForeignPlan(PlannerInfo *root,
										   RelOptInfo *baserel,
										   Oid foreigntableid,
										   ForeignPath *best_path,
										   List *tlist, List *scan_clauses,
										   Plan *outer_plan);

/* scan.c */
extern void autoconnBeginForeignScan(ForeignScanState *node, int eflags);
extern TupleTableSlot *autoconnIterateForeignScan(ForeignScanState *node);
extern void autoconnReScanForeignScan(ForeignScanState *node);
extern void autoconnEndForeignScan(ForeignScanState *node);

/* explain.c */
extern void autoconnExplainForeignScan(ForeignScanState *node,
									   ExplainState *es);

/* analyze.c */
extern bool autoconnAnalyzeForeignTable(Relation relation,
										AcquireSampleRowsFunc *func,
										BlockNumber *totalpages);

#endif /* AC_FDW_FDW_H */
