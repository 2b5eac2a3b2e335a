/*
 * autoconn.c
 *		Where does PostgreSQL enter the extension?
 *
 * A table of contents: the module's initialisation and the callbacks of the
 * foreign data wrapper, each of which lives in the file named for it.
 */
#include "ac.h"

#include "fdw/budget.h"
#include "fdw/fdw.h"
#include "fdw/import.h"
#include "fmgr.h"
#include "foreign/fdwapi.h"
#include "pg/guc.h"
#include "pg/launch.h"
#include "pg/option.h"
#include "pg/shmem.h"

PG_MODULE_MAGIC;

void _PG_init(void);

void
_PG_init(void)
{
	ac_guc_define();
	ac_shmem_init();
	ac_launch_init();
	ac_discard_init();
	ac_budget_init();
}

PG_FUNCTION_INFO_V1(autoconn_handler);

/* autoconn.handler() -> fdw_handler */
Datum
autoconn_handler(PG_FUNCTION_ARGS)
{
	FdwRoutine *routine = makeNode(FdwRoutine);

	ac_option_check_encoding();
	ac_worker_remind();

	/* planning: fdw/plan.c */
	routine->GetForeignRelSize = autoconnGetForeignRelSize;
	routine->GetForeignPaths = autoconnGetForeignPaths;
	routine->GetForeignUpperPaths = autoconnGetForeignUpperPaths;
	routine->GetForeignPlan = autoconnGetForeignPlan;

	/* scanning: fdw/scan.c */
	routine->BeginForeignScan = autoconnBeginForeignScan;
	routine->IterateForeignScan = autoconnIterateForeignScan;
	routine->ReScanForeignScan = autoconnReScanForeignScan;
	routine->EndForeignScan = autoconnEndForeignScan;

	/* beside others under Append: fdw/async.c */
	routine->IsForeignPathAsyncCapable = autoconnIsForeignPathAsyncCapable;
	routine->ForeignAsyncRequest = autoconnForeignAsyncRequest;
	routine->ForeignAsyncConfigureWait = autoconnForeignAsyncConfigureWait;
	routine->ForeignAsyncNotify = autoconnForeignAsyncNotify;

	/* EXPLAIN: fdw/explain.c */
	routine->ExplainForeignScan = autoconnExplainForeignScan;

	/* ANALYZE: fdw/analyze.c */
	routine->AnalyzeForeignTable = autoconnAnalyzeForeignTable;

	/* IMPORT FOREIGN SCHEMA: fdw/import.c */
	routine->ImportForeignSchema = autoconnImportForeignSchema;

	PG_RETURN_POINTER(routine);
}
