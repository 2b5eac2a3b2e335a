/*
 * tableplan_int.h
 *		What do the files of the table plan share?  Nobody else's header.
 *
 *		tableplan.c			operations to tables, step by step
 *		tableplan_given.c	paths that the user names
 *		tableplan_query.c	several queries to one path
 *		tableplan_pick.c	which operations are read, which version of one
 *		tableplan_item.c	look-up paths
 *		tableplan_parent.c	whose keys a path's variables are
 *		tableplan_tie.c		arrays equally likely to be rows
 *		tableplan_nested.c	tables of arrays in rows
 *		tableplan_body.c	members of a request's body as parameters
 *		tableplan_path.c	parts of a path template
 *		tableplan_names.c	names of tables and groups
 *		tableplan_columns.c	a row's fields to columns
 *		tableplan_params.c	parameters to columns and fixed parameters
 *		tableplan_look.c	what texts look like (declared in types.h)
 *		tableplan_seen.c	what a sample shows of a field
 *		tableplan_members.c	its values, of all names at once
 *		tableplan_form.c	the form that all its texts share
 *		observe.c			a sample's corrections of a plan
 *		observe_union.c		whether a default hides rows
 *		observe_paging.c	how the sampled page leads to others
 *		observe_types.c		what it changes in a column's type
 */
#ifndef AC_API_TABLEPLAN_INT_H
#define AC_API_TABLEPLAN_INT_H

#include "ac.h"

#include "api/envelope.h"
#include "api/tableplan.h"
#include "api/tableplan_path.h"
#include "api/types.h"

/*
 * Columns of one table.  PostgreSQL's own limit is 1,600, less when they are
 * wide; a description with more fields than this means a map by them.
 */
#define AC_PLAN_MAX_COLUMNS 1000

/* Columns up to which objects are flattened (doc/inference.md S6). */
#define AC_PLAN_MAX_FLATTENED 64

/* Bytes of a comment: a paragraph; descriptions have whole manuals. */
#define AC_PLAN_MAX_COMMENT 1000

/* A path on its way to a table. */
typedef struct AcDraft
{
	const AcEndpoint *endpoint;
	const AcPath *path;
	const char *shape_of_path; /* with "{}" for variables, for look-ups */
	AcTablePlan plan;
	AcRows rows;		  /* where row is NULL: unknown */
	const char *suffix;	  /* key of a tied array, "" for the main table */
	const char *asked;	  /* what its query asks for and others of the same
						   * path do not, "kind_a", or "" */
	struct AcDraft *item; /* the look-up path merged into this table */
	bool is_item;		  /* merged into another table */
	bool nameable;		  /* importable, or would be after a sample */
	AcTablePlan *children;
	int n_children;
} AcDraft;

typedef struct AcDrafts
{
	AcDraft *drafts; /* sorted by path */
	int n;
	int capacity;
	const AcPlanOptions *options;
	int64 looks; /* what planning has cost so far, see tableplan_cost.c */
	int64 bytes;
	int64 max_bytes;
} AcDrafts;

/* What a table says that comes after the limits of tableplan_cost.c. */
#define AC_PLAN_TOO_MUCH \
	"the API has more tables and columns than are planned together"

/* Finds out what planning this API may cost. */
extern void ac_plan_begin(AcDrafts *drafts, const AcApi *api);

/* Is the query to end?  Then the rest is gone through without any work. */
extern bool ac_plan_interrupted(const AcDrafts *drafts);

/* Pays for a search of rows in the answer; false if that is too much. */
extern bool ac_plan_may_look(AcDrafts *drafts, const AcShape *response);

/* May another table be built?  And pays for one that was. */
extern bool ac_plan_may_build(const AcDrafts *drafts);
extern void ac_plan_count(AcDrafts *drafts, const AcTablePlan *plan);

/* Did the user name the operation's path? */
extern bool ac_plan_is_given(const AcEndpoint *endpoint);

/* Notes in each draft what tells its query from others of the same path. */
extern void ac_plan_tell_queries(AcDrafts *drafts);

/* Bytewise by path, then by query, then by suffix. */
extern int ac_draft_compare(const void *a, const void *b);

/*
 * Why the operation is no table, NULL if it is one.  *nameable: a sample of
 * its answer could make it one.  Also tells whether anything is described.
 */
extern const char *ac_plan_skip_reason(const AcApi *api, AcDraft *draft,
									   const AcPlanOptions *options);

/* Leaves out all versions of a resource but the one to be read. */
extern void ac_plan_pick_versions(AcDrafts *drafts);

/* Finds each collection's item path. */
extern void ac_plan_merge_items(AcDrafts *drafts);

/*
 * Everything from a sample: the description knew nothing of such rows, and so
 * its item path serves other ones; one that paths alone told of is bound to
 * its column now.
 */
extern void ac_plan_rebuild(AcTablePlan *plan, const AcPath *path,
							const AcRows *rows, const AcPlanOptions *options);

/* Notes for each variable of a path which table's key it is. */
extern void ac_plan_find_parents(AcDrafts *drafts);

/* Members of the body of a POST that take a value. */
typedef struct AcBodyMember
{
	const char *name; /* last token of pointer, by identity the parameter's */
	const char *pointer;
	const AcShape *shape;
} AcBodyMember;

typedef struct AcBody
{
	AcBodyMember *members;
	int n;
	AcJson *constants;	 /* what is always sent: an object */
	const char *problem; /* a required member that no column can give, or NULL */
} AcBody;

/*
 * The operation with the members of its body as query parameters, so that one
 * set of rules serves both.  ac_body_finish() frees the constants.
 */
extern const AcEndpoint *ac_body_params(const AcEndpoint *endpoint,
										AcBody *body);

/* Is the parameter of that name, by identity, a member of the body? */
extern bool ac_body_has(const AcBody *body, const char *name);

/* Makes a member constant; false if name is none of the body's. */
extern bool ac_body_constant(AcBody *body, const char *name,
							 const char *value);

/* Names members by their pointers in a way of paging. */
extern void ac_body_name_paging(const AcBody *body, AcPaging *paging);

/* Names members by their pointers in the plan and writes plan->body. */
extern void ac_body_finish(AcBody *body, AcTablePlan *plan);

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
extern void ac_columns_append(AcColumnList *a, AcColumnList *b);

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
	AcBody *body; /* of a POST, else NULL */
	AcJson *evidence;
} AcParamsInput;

typedef struct AcParamsOutput
{
	AcColumnList keys;	   /* columns that need a value and have no field */
	AcColumnList optional; /* other columns without a field */
	const char *fixed;	   /* query string always sent, or NULL */
	bool narrows;		   /* it may leave rows out */
	const char *each;	   /* params_union, or NULL */
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
	const char *said;	/* what it is called instead of its path's last
						 * segment, or NULL */
	const char *asked;	/* "" or what is asked for, appended with "_" */
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

/* Singular of the last noun of the path, NULL if it has none. */
extern const char *ac_plan_entity(const AcPath *path);

/* Marks the key columns; item_variable is the item path's own, or NULL. */
extern void ac_plan_choose_key(AcTablePlan *plan, const AcPath *path,
							   bool one_row, const char *item_variable);

/* evidence of a table of an array as likely as another: where that is. */
#define AC_PLAN_TIED_WITH "tied_with"

/* What tells a tied array's table from the first one's: its last telling key. */
extern const char *ac_plan_tie_suffix(const char *rows_path);

/* skip_reason of a table that a sample could have made importable. */
#define AC_PLAN_UNDESCRIBED "answer has no described fields"

/* evidence "sample" of such a table before it is sampled. */
#define AC_PLAN_SAMPLE_DECIDES "a sample decides"

/* Units of numbers that count since 1970. */
typedef enum AcEpoch
{
	AC_EPOCH_S,
	AC_EPOCH_MS,
	AC_EPOCH_US
} AcEpoch;

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
	bool beyond_float8; /* some number is not a double with these digits */
	bool only_ms;		/* every number is too big for seconds since 1970 */
	bool only_us;		/* ... and for milliseconds */
	bool epochs[3];		/* AcEpoch: every number is of this century in it */
	int64 lowest;		/* of the numbers, without fraction; saturated */
	int64 highest;
	int empty;				  /* strings of no length; the rest is of others: */
	int n_looked;			  /* ... how many */
	int look;				  /* AC_LOOK_* that all share */
	int looks[AC_LOOK_COUNT]; /* how many have that bit */
	bool has_point;			  /* some decimal has a "." */
	bool has_upper_uuid;	  /* some UUID is not in lower case */
	bool has_finer;			  /* some moment, time or duration has digits below
							   * a microsecond, which its type would lose */
} AcSeen;

/* Values, in the order of rows; absent ones are left out. */
typedef struct AcValues
{
	AcJson **values;
	int n;
} AcValues;

extern AcSeen ac_seen_count(const AcValues *values);

/* What the texts of a field are by form (tableplan_form.c). */
typedef struct AcForm
{
	const char *format; /* as a description would say it; "text": nothing */
	const char *note;	/* why it is only text, NULL if there is no more to say */
} AcForm;

/*
 * The form of all texts seen (S5); name is the field's, "" if it has none.
 * Only for fields all of whose values are strings.
 */
extern AcForm ac_seen_form(const AcSeen *seen, const char *name);

/*
 * "unix-time" and the like if the numbers seen are moments, by value and by
 * name (S5); else NULL.
 */
extern const char *ac_seen_epoch_format(const AcSeen *seen, const char *name);

/*
 * Types that most texts had the form of and some had not, or that a guard
 * forbids, as an array of {type, form, matched}; NULL if there are none.
 */
extern AcJson *ac_seen_rejected(const AcSeen *seen, const char *type);

/* Does the name speak of something secret, so that no value may be shown? */
extern bool ac_seen_is_secret(const char *name);

/* All elements of the values that are arrays. */
extern AcValues ac_seen_elements(const AcValues *values);

/* The values at a JSON Pointer of each of these. */
extern AcValues ac_seen_at(const AcValues *rows, const char *pointer);

/* One name of many objects' members, and its values where it is there. */
typedef struct AcMember
{
	const char *name;
	AcValues values;
	int capacity; /* private */
} AcMember;

/*
 * The members of all rows by name (tableplan_members.c), in order of
 * appearance, up to max_names names.  rows must live as long.
 */
typedef struct AcMembers AcMembers;

/* Names of an index; the members of a real API's rows are some hundred. */
#define AC_MEMBERS_MAX 50000

extern AcMembers *ac_members_of(const AcValues *rows, int max_names);
extern int ac_members_count(const AcMembers *members);
extern const AcMember *ac_members_get(const AcMembers *members, int index);

/* As ac_seen_at() of the rows; the values belong to members. */
extern AcValues ac_members_at(const AcMembers *members, const char *pointer);

extern void ac_members_free(AcMembers *members);

/* The members' names of all objects, in order of appearance; their number. */
extern int ac_seen_names(const AcValues *rows, const char ***names);

/* The shape that the values show; name is the field's, "" if it has none. */
extern AcShape *ac_seen_shape(const AcValues *values, const char *name,
							  int max_depth);

/* Gives up a params_union that the rows of a sample refute. */
extern void ac_observe_union(AcTablePlan *plan, const AcValues *rows);

/* How a parameter takes several values (tableplan_list.c). */
typedef struct AcParamsList
{
	const char *form; /* as the column option param_list has it */
	const char *one;  /* the parameter's name, of one thing */
	int max;		  /* 0: nobody says */
} AcParamsList;

extern bool ac_params_list(const AcParam *param, AcParamsList *list);

/* Corrects how a collection is paged by its first page. */
extern void ac_observe_paging(AcTablePlan *plan, const AcSample *sample);

#endif /* AC_API_TABLEPLAN_INT_H */
