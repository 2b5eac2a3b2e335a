/*
 * ddltable.h
 *		What does a foreign table look like, as a statement or in the catalog?
 */
#ifndef AC_PG_DDLTABLE_H
#define AC_PG_DDLTABLE_H

#include "ac.h"

#include "nodes/pg_list.h"

typedef struct AcDdlColumn
{
	char *name;
	char *type;		/* as format_type() has it */
	List *options;	/* of DefElem */
	char *identity; /* what it shows, whatever it is called */
} AcDdlColumn;

typedef struct AcDdlTable
{
	Oid relid;	  /* InvalidOid: of a statement */
	char *schema; /* NULL: none given */
	char *name;
	List *options;
	AcDdlColumn *columns;
	int n_columns;
	char *identity;		/* which rows it has, whatever it is called */
	const void *origin; /* whatever the caller keeps of it */
} AcDdlTable;

/* From a CREATE FOREIGN TABLE statement of pg/ddl. */
extern AcDdlTable *ac_ddltable_read(const char *statement);

/* As it is now. */
extern AcDdlTable *ac_ddltable_load(Oid relid);

/* The column that shows the same, or NULL. */
extern const AcDdlColumn *ac_ddltable_column(const AcDdlTable *table,
											 const char *identity);

#endif /* AC_PG_DDLTABLE_H */
