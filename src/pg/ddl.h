/*
 * ddl.h
 *		How does a plan, or a fix, become DDL?
 *
 * The one place where identifiers and option values are quoted.
 */
#ifndef AC_PG_DDL_H
#define AC_PG_DDL_H

#include "ac.h"

#include "api/api.h"
#include "api/tableplan.h"
#include "drift/fix.h"
#include "nodes/pg_list.h"

/*
 * CREATE FOREIGN TABLE of an importable plan, palloc'd, one line a column.
 * schema may be NULL.  Whatever the plan's names hold comes out quoted.
 */
extern char *ac_ddl_table(const AcTablePlan *plan, const char *schema,
						  const char *server);

/*
 * The same without the options of columns, and those: DefElem * to be added.
 */
extern char *ac_ddl_bare_table(const AcTablePlan *plan, const char *schema,
							   const char *server);
extern List *ac_ddl_column_options(const AcTablePlan *plan,
								   const AcColumnPlan *column);

/*
 * The CREATE USER MAPPING statement that supplies what a scheme wants, with
 * '...' for the secrets; NULL if no mapping can serve it.
 */
extern char *ac_ddl_mapping(const AcSecurityScheme *scheme,
							const char *server);

/*
 * The statement that carries a bound fix out, palloc'd; NULL for NONE.  A
 * statement or a type that the fix holds as text is read and written anew, so
 * that nothing but what is meant comes out: throws 22023 for anything else
 * than a plain foreign table of built-in types.
 */
extern char *ac_ddl_fix(const AcFix *fix);

/* Schema (NULL: none), name and server of a CREATE FOREIGN TABLE statement. */
extern void ac_ddl_names(const char *statement, const char **schema,
						 const char **name, const char **server);

#endif /* AC_PG_DDL_H */
