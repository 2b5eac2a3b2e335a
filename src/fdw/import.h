/*
 * import.h
 *		Which foreign tables does IMPORT FOREIGN SCHEMA create?
 */
#ifndef AC_FDW_IMPORT_H
#define AC_FDW_IMPORT_H

#include "ac.h"

#include "api/tableplan.h"
#include "nodes/parsenodes.h"

/* FDW callback: the CREATE FOREIGN TABLE statements of an import. */
extern List *autoconnImportForeignSchema(ImportForeignSchemaStmt *stmt,
										 Oid serverid);

/*
 * Options of an import (WITH or OPTIONS clause, or preview's argument) as
 * DefElems: nested, raw, sample, params.  HV00D, HV024.
 */
typedef enum AcSampleMode
{
	AC_SAMPLE_AUTO,
	AC_SAMPLE_ON,
	AC_SAMPLE_OFF
} AcSampleMode;

typedef struct AcImportOptions
{
	AcPlanOptions plan;
	AcSampleMode sample;
} AcImportOptions;

extern void ac_import_options(List *given, AcImportOptions *options);

/*
 * Comments the tables of the import that just ran in this command; relids are
 * those that it created.
 */
extern void ac_import_comment(List *relids);

#endif /* AC_FDW_IMPORT_H */
