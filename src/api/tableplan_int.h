/*
 * tableplan_int.h
 *		What do the files of the table plan share?  Nobody else's header.
 *
 *		tableplan.c			operations to tables: what is read, item paths
 *		tableplan_path.c	parts of a path template
 *		tableplan_names.c	names of tables and groups
 *		tableplan_columns.c	a row's fields to columns
 *		tableplan_params.c	parameters to columns and fixed parameters
 *		tableplan_look.c	what texts look like (declared in types.h)
 *		tableplan_seen.c	what a sample shows of a field
 *		observe.c			a sample's corrections of a plan
 */
#ifndef AC_API_TABLEPLAN_INT_H
#define AC_API_TABLEPLAN_INT_H

#include "ac.h"

#include "api/envelope.h"
#include "api/tableplan.h"
#include "api/tableplan_path.h"

/*
 * Columns of one table.  PostgreSQL's own limit is 1,600, less when they are
 * wide; a description with more fields than this means a map by them.
 */
#define AC_PLAN_MAX_COLUMNS 1000

/* Columns up to which objects are flattened (INFERENCE S6). */
#define AC_PLAN_MAX_FLATTENED 64

/* Bytes of a comment: a paragraph; descriptions have whole manuals. */
#define AC_PLAN_MAX_COMMENT 1000

typedef struct AcColumnList
{
	AcColumnPlan *columns;
	int n;
	int capacity;
	int left_out; /* did not fit AC_PLAN_MAX_COLUMNS */
} AcColumnList;

/* Appends an empty column; NULL if the list is full. */
extern AcColumnPlan *ac_columns_add(AcColumnList *list);

/* Columns of the fields of a row; "value" for rows that are no objects. */
extern void ac_columns_from_row(AcColumnList *list, const AcShape *row,
								const AcPlanOptions *options);

/* Columns of one field that the list lacks. */
extern void ac_columns_from_property(AcColumnList *list,
									 const AcProperty *property,
									 const AcPlanOptions *options);

/* Makes the names of the columns unique. */
extern void ac_columns_name(AcColumnPlan *columns, int n);

/* Appends list b to a. */
extern void ac_columns_append(AcColumnList *a, const AcColumnList *b);

/* A description as a comment: trimmed, cut at AC_PLAN_MAX_COMMENT; or NULL. */
extern char *ac_plan_comment(const char *summary, const char *description,
							 bool deprecated);

/* The parameters' part of a table. */
typedef struct AcParamsInput
{
	const AcEndpoint *endpoint;
	const AcPath *path;
	bool one_row;		/* the answer is one row */
	const char *entity; /* singular of the path's last noun, or NULL */
	const AcPlanOptions *options;
	AcJson *evidence;
} AcParamsInput;

typedef struct AcParamsOutput
{
	AcColumnList keys;	   /* columns that need a value and have no field */
	AcColumnList optional; /* other columns without a field */
	const char *fixed;	   /* query string always sent, or NULL */
} AcParamsOutput;

/*
 * Maps parameters to the columns of fields (param and filter are set there),
 * and makes columns of those that need one.
 */
extern void ac_params_map(const AcParamsInput *input, AcColumnList *fields,
						  AcParamsOutput *output);

/* Why the path cannot be filled in, NULL if it can. */
extern const char *ac_params_path_problem(const char *path);

/* SQL type of a parameter: one whose values can be written into a URL. */
extern const char *ac_params_type(const AcParam *param);

/* A table that wants a name. */
typedef struct AcNameWish
{
	const AcPath *path;
	const char *suffix; /* "" or what is told apart by "__" and this */
	const char *name;	/* the result */
} AcNameWish;

/* Gives every wish a name; unique, whatever the order. */
extern void ac_plan_name_tables(AcNameWish *wishes, int n);

/* IMPORT FOREIGN SCHEMA's name for the endpoint's group; never NULL. */
extern const char *ac_plan_group(const AcEndpoint *endpoint,
								 const AcPath *path);

/*
 * Fills the plan's columns, rows_path, paging and fixed parameters from the
 * rows found.  The plan's endpoint and evidence are set already.
 */
extern void ac_plan_build(AcTablePlan *plan, const AcPath *path,
						  const AcRows *rows, const AcPlanOptions *options);

/* Marks the key columns; item_variable is the item path's own, or NULL. */
extern void ac_plan_choose_key(AcTablePlan *plan, const AcPath *path,
							   bool one_row, const char *item_variable);

/* skip_reason of a table that a sample can make importable. */
#define AC_PLAN_UNDESCRIBED "answer has no described fields"

/* What was seen of one field in all rows of a sample. */
typedef struct AcSeen
{
	int n; /* values that are not null */
	int nulls;
	int bools;
	int integers;
	int numbers; /* that are no integers */
	int strings;
	int arrays;
	int objects;
	bool beyond_int2; /* some integer does not fit the type */
	bool beyond_int4;
	bool beyond_int8;
	bool only_ms; /* every number is too big for seconds since 1970 */
	int look;	  /* AC_LOOK_* that all non-empty strings share */
	int n_looked; /* non-empty strings */
} AcSeen;

/* Values, in the order of rows; absent ones are left out. */
typedef struct AcValues
{
	AcJson **values;
	int n;
} AcValues;

extern AcSeen ac_seen_count(const AcValues *values);

/* All elements of the values that are arrays. */
extern AcValues ac_seen_elements(const AcValues *values);

/* The values at a JSON Pointer of each of these. */
extern AcValues ac_seen_at(const AcValues *rows, const char *pointer);

/* The members' names of all objects, in order of appearance; their number. */
extern int ac_seen_names(const AcValues *rows, const char ***names);

/* The shape that the values show; name is the field's, "" if it has none. */
extern AcShape *ac_seen_shape(const AcValues *values, const char *name,
							  int max_depth);

#endif /* AC_API_TABLEPLAN_INT_H */
