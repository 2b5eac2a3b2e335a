/*
 * paging.h
 *		How is a collection paged?
 *
 * Evidence from the description (parameters, fields
 * and headers of the answer) or from a page makes scored candidates, of which
 * the best becomes the plan.  Proving it with a second request and reading
 * pages are policy/pager's business.
 */
#ifndef AC_API_PAGING_H
#define AC_API_PAGING_H

#include "ac.h"

#include "api/tableplan.h"
#include "core/header.h"

/* What a field of the answer outside of the rows says. */
typedef struct AcPagingField
{
	bool beside;		 /* of an object in which the rows stand, too */
	const char *pointer; /* JSON Pointer in the body */
	const char *name;	 /* its key */
	AcShapeKind kind;	 /* UNKNOWN where nothing is known; OBJECT: one that
						  * may hold parameters, beside its members; ARRAY:
						  * one that may be a token */
	bool is_url;		 /* format uri, or a value that is one */
	bool is_null;		 /* a page: null or "" */
	int64 value;		 /* a page: of an integer; OBJECT: its members, where
						  * all are scalars; else -1 */
} AcPagingField;

/* What most of an API's tables do: style AUTO: nothing is known. */
typedef struct AcPagingPrior
{
	AcPaging paging;
	int tables;
} AcPagingPrior;

typedef struct AcPagingInput
{
	const AcEndpoint *endpoint;
	AcPagingField *fields;
	int n_fields;
	int n_rows;					 /* a page: rows on it; -1: a description */
	bool link_next;				 /* a page: it had Link rel=next */
	int asked_size;				 /* a page: size asked for, -1: none */
	const AcHeaders *headers;	 /* a page: of its answer, or NULL */
	int status;					 /* a page: HTTP status, 0: unknown */
	const AcColumnPlan *columns; /* of the table */
	int n_columns;
	const AcPagingPrior *prior; /* or NULL */
	AcJson *evidence;			/* object that gets "paging", may be NULL */
} AcPagingInput;

/*
 * Fields of a described answer, of a page: those outside of rows_path, down
 * to four levels.  palloc'd.
 */
extern int ac_paging_shape_fields(const AcShape *response,
								  const char *rows_path,
								  AcPagingField **fields);
extern int ac_paging_page_fields(const AcJson *body, const char *rows_path,
								 AcPagingField **fields);

/*
 * A way of paging that something speaks for.  A guess is tried by whoever can
 * prove it, and never chosen without.
 */
typedef struct AcPagingCandidate
{
	AcPaging paging;
	int score; /* 0 to 10; 0: none */
	const char *why;
	bool guess;
} AcPagingCandidate;

/* Most candidates for one table, guesses included. */
#define AC_PAGING_CANDIDATES 16

/*
 * All candidates, the best first; their number.  Guesses are made of a page
 * that tells of more rows only.
 */
extern int ac_paging_candidates(const AcPagingInput *input,
								AcPagingCandidate *candidates);

/*
 * What most tables of the plans do that have a way of paging; chooses anew
 * with it where a description speaks for several.
 */
extern AcPagingPrior ac_paging_prior(const AcTablePlan *tables, int n);
extern void ac_paging_prefer_usual(AcTablePlan *tables, int n);

/* Looks for the paging of a plan anew, by its description (tableplan.c). */
extern void ac_plan_choose_paging(AcTablePlan *plan,
								  const AcPagingPrior *prior);

/*
 * The paging that the evidence speaks for; AUTO if it speaks for none, with
 * whatever parts (size parameter, total) are known all the same.  The score
 * (0 to 10) says how loudly.
 */
extern AcPaging ac_paging_choose(const AcPagingInput *input, int *score);

/* Rows of one query that a text, as of an error, says are shown; 0: it does not. */
extern int ac_paging_depth_in(const char *text);

/* Finds by which value, and which parameters, windows can be cut. */
extern void ac_paging_window(const AcPagingInput *input, AcPaging *paging);

/* By which value and parameters a plan's collection is cut, if it can be. */
extern void ac_tableplan_find_window(AcTablePlan *plan);

/* An AcPaging in which nothing is known but the style. */
extern AcPaging ac_paging_none(AcPagerStyle style);

/* Does the operation declare parameters that only paging needs? */
extern bool ac_paging_is_declared(const AcEndpoint *endpoint);

/* Is this a parameter of paging; or of sorting, searching, shaping? */
extern bool ac_paging_is_param(const AcEndpoint *endpoint,
							   const AcParam *param);
extern bool ac_paging_is_control_param(const AcParam *param);

#endif /* AC_API_PAGING_H */
