/*
 * tableplan.h
 *		Which foreign tables does an API become?
 *
 * From the model (api/api.h), and where there are any from samples, to the
 * plan of each table: name, columns, options.  doc/inference.md's rules: which
 * operations are collections and which array of the answer holds the rows
 * (S3), types (S6), keys (S7), names (S9), one table for a collection and its
 * item path.  Rendering DDL is pg/ddl's business; asking the API is net's.
 */
#ifndef AC_API_TABLEPLAN_H
#define AC_API_TABLEPLAN_H

#include "api/api.h"
#include "core/url.h"
#include "core/rowplan.h" /* AcRowsForm */

typedef enum AcPagerStyle
{
	AC_PAGER_AUTO,	   /* unknown: the first answer decides */
	AC_PAGER_NONE,	   /* one request has all rows */
	AC_PAGER_LINK,	   /* Link header rel=next (RFC 8288) */
	AC_PAGER_NEXT_URL, /* URL of the next page in the body */
	AC_PAGER_CURSOR,   /* token in the body, sent as a parameter */
	AC_PAGER_PAGE,	   /* page number */
	AC_PAGER_OFFSET,   /* number of rows to skip */
	AC_PAGER_KEYSET,   /* a value of the last row */
	AC_PAGER_CONTINUE, /* parameters that an object in the body names */
	AC_PAGER_RANGE	   /* Range and Content-Range (RFC 9110 14) of rows */
} AcPagerStyle;

/* Values of the table option "pagination": auto, none, link, next_url, ... */
extern const char *ac_pager_style_name(AcPagerStyle style);

/* What the values that windows are cut by count. */
typedef enum AcWindowUnit
{
	AC_WINDOW_INTEGER, /* whole numbers, as keys */
	AC_WINDOW_SECOND,  /* moments, ISO 8601 in UTC */
	AC_WINDOW_DAY	   /* days, as 2024-12-31 in UTC */
} AcWindowUnit;

/*
 * How a collection is paged; NULL and -1 where unknown.
 *
 * Parameters are named as in a query; with a slash in front they are JSON
 * Pointers (RFC 6901) into the body of a POST, with a colon behind request
 * headers.  Places in an answer are JSON Pointers into the body, or with a
 * colon behind response headers.
 */
typedef struct AcPaging
{
	AcPagerStyle style;
	const char *page_param;	  /* PAGE, OFFSET: the parameter's name */
	const char *size_param;	  /* asks for a page size */
	int page_size;			  /* largest that the API allows, to be asked */
	int first_page;			  /* PAGE: number of the first page, usually 1 */
	bool first_known;		  /* that is more than a guess */
	const char *cursor_param; /* CURSOR, KEYSET: takes the token or value */
	const char *cursor_path;  /* CURSOR: token; NEXT_URL: the URL; CONTINUE:
							   * the object; KEYSET: pointer in a row */
	const char *total_path;	  /* number of rows in all */
	bool total_proved;		  /* it was seen to be exact: it binds */
	bool total_loose;		  /* it is known not to be: it binds nobody */
	const char *pages_path;	  /* PAGE: number of pages in all */
	const char *more_path;	  /* boolean that says whether there is more */

	/* An API that shows so many rows of one query and no more, 0: it shows
	 * all.  Beyond them rows are asked for in windows of a value. */
	int depth_limit;
	const char *window_from; /* parameter of the least value, or NULL */
	const char *window_to;	 /* parameter of the greatest, or NULL */
	const char *window_path; /* pointer to the value in a row */
	AcWindowUnit window_unit;
} AcPaging;

/* Values of the table option: array, map, columns, lines, lists. */
extern const char *ac_rows_form_name(AcRowsForm form);

/* How a column's value can be asked of the API (column option "param"). */
typedef enum AcFilterKind
{
	AC_FILTER_NONE,
	AC_FILTER_PATH,			 /* variable of path: must have a value */
	AC_FILTER_QUERY_SAFE,	 /* declared enum, boolean or identifier: sent */
	AC_FILTER_QUERY_UNPROVED /* declared otherwise: not sent before proof */
} AcFilterKind;

typedef struct AcColumnPlan
{
	const char *name;	   /* SQL name, unique in the table, <= 63 bytes */
	const char *type;	   /* SQL type: "bigint", "text[]", "jsonb" */
	const char *json_path; /* JSON Pointer relative to the row, "" is the
							* row itself (texts, maps, _raw); NULL: the
								 * column stands for a parameter only */
	const char *param;	   /* query parameter or path variable, or NULL */
	AcFilterKind filter;
	bool required;			  /* a query parameter that must have a value */
	bool key;				  /* part of the key (column option "key") */
	bool said_key;			  /* the description says that it is */
	const char *decode;		  /* column option "decode", see types.h, or NULL */
	bool empty_null;		  /* column option "empty": texts of no length come */
	bool of_parent;			  /* of a table with nested_path: json_path is relative
							   * to the row that the element stands in */
	const char *comment;	  /* NULL if none */
	const char **enum_values; /* known domain, 0: open */
	int n_enum;
	double confidence;		   /* 0..1 that type and key are right */
	struct AcColumnAsks *asks; /* NULL: nothing beside param is known */
} AcColumnPlan;

/*
 * What else the API can be asked about a column (the column options of these
 * names), as far as it was proved (api/question); NULL: it was not.
 */
typedef struct AcColumnAsks
{
	const char *param_from;
	const char *param_to;
	const char *bound_format;
	const char *sort_asc;
	const char *sort_desc;
	const char *sort_nulls;

	/*
	 * A parameter that takes several values, and how (param_list); it may be
	 * another than param, where that is a variable of the item path.
	 */
	const char *list_param;
	const char *list;
	int list_max;	/* 0: nobody says */
	bool list_safe; /* the answer is known to have all rows with the values */

	bool hidden; /* sent only where it is asked for by its name */
} AcColumnAsks;

/* The parameter that takes names of fields (table options fields_...). */
typedef struct AcFieldsPlan
{
	const char *param;
	const char *list;
	const char *path; /* "": the row itself */
	bool hidden_only; /* it adds to what is always sent */
} AcFieldsPlan;

/* What a sample says of a table, in the order of how much that is. */
typedef enum AcAnswered
{
	AC_ANSWERED_NOT,   /* it was not asked for, or did not come */
	AC_ANSWERED_EMPTY, /* it has no rows, where nothing else is known */
	AC_ANSWERED		   /* what it is, or that it is none */
} AcAnswered;

typedef struct AcTablePlan
{
	const char *name;  /* SQL name; NULL if not importable */
	const char *group; /* as IMPORT FOREIGN SCHEMA knows it, never NULL */
	const char *method;
	const char *path;			/* template below the base URL */
	const char *item_path;		/* "/orders/{id}", or NULL */
	const char *item_rows_path; /* where the one row stands in an item's body */
	const char *fixed_params;	/* query string sent with every request, or NULL */
	bool params_narrow;			/* it may leave rows out that items show */
	const char *params_union;	/* "name=value|value": the collection is read
								 * once with each, or NULL */
	bool union_shown;			/* a sample bears that out */
	const char *rows_path;		/* JSON Pointer to the rows in the body */
	AcRowsForm rows_form;
	const char *columns_path; /* COLUMNS: pointer to the names in the body */
	const char *nested_path;  /* pointer, relative to a row, of the array whose
								 * elements are this table's rows; or NULL */
	const char *body;		  /* POST: JSON text of the members that are always
								 * sent, never NULL; GET: NULL.  A parameter of a
								 * POST whose name begins with a slash is a JSON
								 * Pointer into the body. */
	AcPaging paging;
	AcColumnPlan *columns;
	int n_columns;
	const char *comment; /* NULL if none */
	bool deprecated;
	const char *skip_reason;	/* NULL: importable */
	const char *source;			/* where this was read */
	double confidence;			/* 0..1 */
	const AcEndpoint *endpoint; /* the collection's operation */
	const AcEndpoint *item;		/* the item's operation, or NULL */
	AcShape *row;				/* shape of a row, or NULL */
	AcJson *evidence;			/* object: scores, rejected candidates, ...;
								 * AcTablePlans.evidence owns it */

	/* Set by whoever asks the API (net/prove), never by planning. */
	bool item_proved;	 /* a sampled row equals its item */
	bool values_refused; /* of the parent's rows, by a path with variables */
	AcAnswered answered;

	/* Set by pg/planstore: what is stored says more of the operation. */
	bool outdone;
	int64 total_rows; /* that the API announced, 0: it did not */

	/*
	 * Nothing describes the answer: the table is importable on condition that a
	 * sample shows rows (skip_reason is set where it does not).
	 */
	bool undescribed;

	/* The name to take should a sample make the table importable after all. */
	const char *reserved_name;

	/* How a copy of the table follows changes (api/increment), NULL: unknown. */
	const struct AcIncrement *increment;
	/* How fields are asked for, NULL: that is not proved. */
	const AcFieldsPlan *fields;
	/* To the table that has the values of the path's variables, or NULL. */
	const struct AcRelation *walk;
	/* Of a table with nested_path: the table whose rows its elements stand in. */
	const struct AcTablePlan *nested_in;
} AcTablePlan;

typedef enum AcNested
{
	AC_NESTED_JSON,	   /* objects become jsonb */
	AC_NESTED_FLATTEN, /* scalar leaves become a_b, to depth 2 */
	AC_NESTED_TABLES   /* arrays of objects become tables of their own */
} AcNested;

typedef struct AcPlanOptions
{
	AcNested nested;
	bool raw;		 /* adds a column _raw jsonb */
	bool all_params; /* every query parameter becomes a column */
	bool post_reads; /* operations by POST that read become tables */

	/*
	 * Asked with NULL while plans are built, NULL: never.  Once it is true the
	 * plans are of no use, and the caller is to end.
	 */
	bool (*interrupted)(void *arg);
} AcPlanOptions;

typedef struct AcTablePlans
{
	AcTablePlan *tables; /* one per path found, importable or not, and one
						   * more per tied array; sorted by path */
	int n_tables;
	int capacity;		 /* of tables, for those that only samples show */
	const char **groups; /* names of all groups, sorted */
	int n_groups;
	AcJson *evidence; /* array that owns every table's evidence: free this one */

	/* Edges between the tables (api/relations), as whoever asked the API found
	 * them; related false: nobody did, and the descriptions have to serve. */
	bool related;
	struct AcRelation *relations;
	int n_relations;
} AcTablePlans;

/*
 * Plans every operation of the API.  A failure of one operation is its
 * skip_reason, never an error.  Built in the current memory context; points
 * into api.
 */
extern AcTablePlans *ac_tableplan_build(const AcApi *api,
										const AcPlanOptions *options);

/*
 * The model with endpoints for the paths of the import option "paths" added:
 * comma-separated paths below base, variables in braces and query strings
 * allowed, or absolute URLs below base.  What api (NULL: nothing is known)
 * describes already stays as it is described.  Built in the current context;
 * false with AC_ERR_OPTION_VALUE for a path that is none.
 */
extern bool ac_tableplan_add_paths(const AcApi *api, const char *paths,
								   const AcUrl *base, AcApi **result,
								   AcError *err);

/* skip_reason of what post_reads would make a table of. */
#define AC_PLAN_WANTS_POST_READS \
	"it is read by POST, which the import option post_reads 'true' allows"

/* Operations that were left out for that. */
extern int ac_tableplan_count_post_reads(const AcTablePlans *plans);

/* Was the endpoint given by the import option "paths"? */
#define AC_PLAN_SOURCE_PATHS "paths"

/*
 * The tables of the arrays of objects in a plan's rows (nested 'tables'), in
 * the order of the fields; their number.  Names are not unique yet beyond the
 * table's own children.  The caller owns the evidence of each.
 */
extern int ac_tableplan_nest(const AcTablePlan *plan,
							 const AcPlanOptions *options,
							 AcTablePlan **children);

/*
 * Appends the tables of the arrays that a sample shows to be as likely rows
 * as those that plan now has (evidence "tied_rows_paths"), each to be
 * observed with the same sample.  described: the plan before that.  Returns
 * their number; they stand at the end of plans->tables, which stays where it
 * is.
 */
extern int ac_tableplan_add_ties(AcTablePlans *plans, const AcTablePlan *plan,
								 const AcTablePlan *described);

/*
 * Takes over what a sample corrected in the table that this one's rows stand
 * in (nested_in): where rows stand and how they are paged, types of the
 * columns that are its.
 */
extern void ac_tableplan_follow(AcTablePlan *child);

/* Was nothing described of the table, and nothing sampled that shows rows? */
extern bool ac_tableplan_is_open(const AcTablePlan *plan);

/*
 * Notes in the evidence, as "item_only", which fields the item at item_path
 * has and no column shows: of its described shape and of an item that came,
 * either of which may be NULL.
 */
extern void ac_tableplan_note_item_only(AcTablePlan *plan,
										const AcShape *described,
										const AcJson *item);

/* Makes an open plan one that is left out: why no sample decided. */
extern void ac_tableplan_leave_out(AcTablePlan *plan, const char *why);

/*
 * A sampled page of a table, to correct a plan before its DDL is rendered:
 * column types widen to what was observed (a sample wins over the
 * description for what arrives, doc/inference.md S1), unknown fields become
 * columns, an envelope or pager that the description did not tell is found.
 * headers_link: target of Link rel=next, or NULL.
 */
typedef struct AcSample
{
	AcJson *body;
	AcJson **more; /* bodies of further pages, whose rows stand alike */
	int n_more;
	const char *link_next;
	const struct AcHeaders *headers; /* of the first answer, or NULL */
	int status;						 /* HTTP's, 0: unknown */
	int asked_size;					 /* page size asked for, -1: none */
	bool lines;						 /* bodies are arrays of the texts of NDJSON answers */
	AcPlanOptions options;
} AcSample;

/*
 * Gives up a params_union that only a sample could have borne out.  To be
 * called when no more samples will come.
 */
extern void ac_tableplan_settle_union(AcTablePlan *plan);

extern void ac_tableplan_observe(AcTablePlan *plan, const AcSample *sample);

/*
 * Ways of paging that the plan's description or the sample speaks for, or that
 * may be guessed (api/paging.h); candidates[AC_PAGING_CANDIDATES].
 */
struct AcPagingCandidate;
struct AcPagingPrior;
extern int ac_tableplan_candidates(const AcTablePlan *plan,
								   const AcSample *sample,
								   const struct AcPagingPrior *prior,
								   struct AcPagingCandidate *candidates);

/*
 * Does the column show where a row stands, not what is in it (decode
 * member_name, ordinal)?
 */
extern bool ac_tableplan_is_place(const AcColumnPlan *column);

/* Where the rows of the collection are; points into the plan. */
extern AcRowSource ac_tableplan_rows(const AcTablePlan *plan);

#endif /* AC_API_TABLEPLAN_H */
