/*
 * ddl.h
 *		How does a plan become DDL?
 *
 * The one place where identifiers and option values are quoted.
 */
#ifndef AC_PG_DDL_H
#define AC_PG_DDL_H

#include "ac.h"

#include "api/api.h"
#include "api/tableplan.h"

/*
 * CREATE FOREIGN TABLE of an importable plan, palloc'd, one line a column.
 * schema may be NULL.  Whatever the plan's names hold comes out quoted.
 */
extern char *ac_ddl_table(const AcTablePlan *plan, const char *schema,
						  const char *server);

/*
 * The CREATE USER MAPPING statement that supplies what a scheme wants, with
 * '...' for the secrets; NULL if no mapping can serve it.
 */
extern char *ac_ddl_mapping(const AcSecurityScheme *scheme,
							const char *server);

#endif /* AC_PG_DDL_H */
