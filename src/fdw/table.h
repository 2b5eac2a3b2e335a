/*
 * table.h
 *		What do a foreign table's options say, column by column?
 *
 * Read once for each planning and each scan; planning, scanning, EXPLAIN and
 * ANALYZE all look at this.
 */
#ifndef AC_FDW_TABLE_H
#define AC_FDW_TABLE_H

#include "ac.h"

#include "pg/option.h"
#include "policy/rest.h"

typedef struct AcColumn
{
	AttrNumber attnum;
	bool dropped; /* nothing below is set */
	const char *name;
	Oid type;
	int32 typmod;
	Oid collation;
	AcTypeClass type_class;
	AcColumnOptions *options;
	bool is_path_var; /* its value is part of path */
	bool is_item_key; /* its value is part of item_path */
	bool is_filter;	  /* its parameter goes into the query */
	bool is_detail;	  /* only items show it (fdw/detail) */
} AcColumn;

typedef struct AcTable
{
	Oid relid;
	Oid serverid;
	const char *name; /* for messages, not quoted */
	AcTableOptions *options;
	AcColumn *columns; /* of attribute number n at n - 1 */
	int n_columns;
	AcTemplate path;
	AcTemplate item; /* text is NULL if some variable has no column */
} AcTable;

/*
 * Reads a foreign table in the current memory context.  Throws only if the
 * relation is no foreign table.
 */
extern AcTable *ac_table_load(Oid relid);

/* How values of a type, or of the type below a domain, compare. */
extern AcTypeClass ac_table_type_class(Oid type);

/*
 * Names of row members that are columns, or have columns below them: decoded,
 * NULL-terminated, palloc'd.
 */
extern const char *const *ac_table_members(const AcTable *table);

/* The same of what stands at rows_path: of the parents, where rows are nested. */
extern const char *const *ac_table_base_members(const AcTable *table);

/*
 * Must a row be an object?  Yes if some column names a member of it and none
 * takes the row as it is.
 */
extern bool ac_table_rows_are_objects(const AcTable *table);

static inline AcColumn *
ac_table_column(const AcTable *table, AttrNumber attnum)
{
	Assert(attnum > 0 && attnum <= table->n_columns);
	return &table->columns[attnum - 1];
}

/*
 * True if the column has no field in the answer: it shows what was sent for
 * its parameter.
 */
static inline bool
ac_column_is_param_only(const AcColumn *column)
{
	return !column->dropped && column->options->json_path == NULL;
}

/*
 * True if the API refuses to answer without a value: a variable of the path,
 * a parameter that is said to be required, or a key column that is nothing but
 * a query parameter.
 */
static inline bool
ac_column_is_required(const AcColumn *column)
{
	return column->is_path_var ||
		   (column->options->required && column->is_filter) ||
		   (ac_column_is_param_only(column) && column->options->key);
}

/*
 * How one request takes several values of the column; AC_LIST_NONE: it does
 * not, or its rows do not show which they have.
 */
extern AcListForm ac_column_list(const AcTable *table,
								 const AcColumn *column);

/* May the column show a list of which the API sends the beginning only? */
extern bool ac_column_may_show_list(const AcColumn *column);

#endif /* AC_FDW_TABLE_H */
