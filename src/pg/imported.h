/*
 * imported.h
 *		What did imports make of an API, as they made it?
 *
 * Kept for autoconn.refresh(): what the API has changed since is what a new
 * import makes otherwise than the last one did; what a table has otherwise
 * than the last import made it is its owner's.
 */
#ifndef AC_PG_IMPORTED_H
#define AC_PG_IMPORTED_H

#include "ac.h"

#include "api/tableplan.h"
#include "foreign/foreign.h"
#include "nodes/parsenodes.h"

/* Keeps the tables, the statement that made them, and who gave it. */
extern void ac_imported_store(const char *server,
							  const ImportForeignSchemaStmt *stmt,
							  Oid importer, AcTablePlan **plans, int n);

/* A statement as it was given, and the tables that it made. */
typedef struct AcImported
{
	ImportForeignSchemaStmt *stmt;
	List *ddl; /* of char *, CREATE FOREIGN TABLE statements */
	Oid importer;
} AcImported;

/*
 * The imports from a server into a schema, the last one first, as a List of
 * AcImported; NIL if none is known (tables made by hand, or restored, or what
 * is known is of another server that had the name).
 */
extern List *ac_imported_load(const ForeignServer *server, const char *schema);

/* An import of the caller's, of the whole API, that made nothing yet. */
extern AcImported *ac_imported_whole(const char *server, const char *schema);

/* Follows a schema that was renamed, if it was. */
extern void ac_imported_rename(Oid schemaid);

/* Forgets imports into the schemas that the current sql_drop removed. */
extern void ac_imported_forget_dropped(void);

#endif /* AC_PG_IMPORTED_H */
