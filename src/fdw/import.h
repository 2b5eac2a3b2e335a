/*
 * import.h
 *		Which foreign tables does IMPORT FOREIGN SCHEMA create?
 */
#ifndef AC_FDW_IMPORT_H
#define AC_FDW_IMPORT_H

#include "ac.h"

#include "api/tableplan.h"
#include "foreign/foreign.h"
#include "net/discover.h"
#include "net/prove.h"
#include "nodes/parsenodes.h"

/* FDW callback: the CREATE FOREIGN TABLE statements of an import. */
extern List *autoconnImportForeignSchema(ImportForeignSchemaStmt *stmt,
										 Oid serverid);

/*
 * Options of an import (WITH or OPTIONS clause, or preview's argument) as
 * DefElems: nested, raw, sample, params, paths, post_reads.  HV00D, HV024.
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
	char *paths;   /* NULL: none */
	bool no_posts; /* of somebody who may not send what post_reads allows */
} AcImportOptions;

extern void ac_import_options(List *given, AcImportOptions *options);

/*
 * Adds the paths that the options name to what was discovered, be that
 * nothing.  HV024.
 */
extern void ac_import_add_paths(AcDiscovery *discovery, AcConnection *conn,
								const AcImportOptions *options);

/* Plans on their way to tables. */
typedef struct AcImportWork
{
	AcConnection *conn;
	const AcDiscovery *discovery;
	const AcImportOptions *options;
	AcTablePlans *plans;  /* all that was found */
	AcTablePlan **wanted; /* of those the ones to be created */
	int n;
} AcImportWork;

/* Throws where the statement names a group or tables that there are not. */
extern void ac_import_check(const ImportForeignSchemaStmt *stmt,
							const AcTablePlans *plans);

/*
 * Throws where it names tables that a sample might have shown beside another
 * and did not.
 */
extern void ac_import_check_shown(const ImportForeignSchemaStmt *stmt,
								  const AcTablePlans *plans);

/* Is the name in the statement's LIMIT TO or EXCEPT? */
extern bool ac_import_lists(const ImportForeignSchemaStmt *stmt,
							const char *name);

/* Does the statement ask for the table, if it can be imported at all? */
extern bool ac_import_wants(const ImportForeignSchemaStmt *stmt,
							const AcTablePlan *plan);

/*
 * Fills in the plans that are importable and wanted, or may show wanted ones
 * beside them; stmt NULL: all.
 */
extern void ac_import_select(const ImportForeignSchemaStmt *stmt,
							 AcImportWork *work);

/*
 * Samples the wanted plans, and those that they are nested in, as the options
 * say.  Afterwards they are as they are to be created; what nothing describes
 * and no sample shows has a skip_reason and is wanted no more.  Tables of
 * arrays that only a sample showed are added, and are wanted if stmt (NULL:
 * all) asks for them.  Returns how the samples went.
 */
extern AcProofReport ac_import_sample(AcImportWork *work,
									  const ImportForeignSchemaStmt *stmt);

/*
 * Finds for the tables below path variables those that have the values: of the
 * wanted ones, and of those that are in the schema (NULL: there is none) and
 * of the server already.
 */
extern void ac_import_choose_walks(const AcImportWork *work,
								   const char *schema, Oid serverid);

/*
 * Comments a table as an import would, or only a column of it; it was made of
 * the plan just now.
 */
extern void ac_import_comment_new(const AcConnection *conn, Oid relid,
								  const AcTablePlan *plan, const char *column);

/*
 * Will ac_import_finish() be called at the end of this command?  Else it must
 * not be relied on for anything but comments.
 */
extern bool ac_import_is_finished_later(void);

/*
 * Keeps the comments of the wanted tables until then and, if options, the
 * options of their columns.
 */
extern void ac_import_remember(const AcImportWork *work, const char *schema,
							   const ForeignServer *server, bool options);

/*
 * Gives what was kept to the tables of the import that just ran in this
 * command; relids are those that it created.
 */
extern void ac_import_finish(List *relids);

#endif /* AC_FDW_IMPORT_H */
