/*
 * passes.h
 *		Which passes does a scan consist of, and which are under way?
 *
 * A pass asks for the pages of one URL.  Most scans are one pass.  Where
 * lists of values are sent (IN, = ANY, OR, the table option params_union) there
 * is one for each combination of their values, or of batches of them where the
 * parameter takes several (column option param_list); some are under way at
 * once, as many as the server option max_concurrency has it, and their rows
 * are handed out in the order of the lists, so that a scan repeats itself.
 *
 * Passes of several values are disjoint: a row whose column shows another of
 * the listed values is left to that one's pass.  So an API that takes a
 * parameter for a hint, or ignores it, gives no row twice.
 */
#ifndef AC_FDW_PASSES_H
#define AC_FDW_PASSES_H

#include "ac.h"

#include "executor/executor.h"
#include "fdw/request.h"
#include "fdw/walk.h"
#include "net/reader.h"

struct AcScanState;

/* The parent's rows that the next passes are for. */
typedef struct AcWalkBatch
{
	const char ***texts; /* of each row, its columns' */
	int n;
	size_t bytes; /* of their values, about */
	int room;	  /* rows whose values may travel together */
	AcListForm form;
	MemoryContext cxt;
} AcWalkBatch;

/* A value of a list, and where it stands there. */
typedef struct AcListedText
{
	const char *text;
	int place;
} AcListedText;

/* The values of one qual, or of params_union. */
typedef struct AcValueList
{
	const char **texts;	  /* as the API shall read them, no two alike */
	Datum *shown;		  /* the same as the column's values; NULL: rows show
						 * their own */
	int n;				  /* at least 1 */
	AcListedText *sorted; /* by their bytes; NULL: there is one */
	int *starts;		  /* of batches that travel together; NULL: each alone */
	int n_batches;
} AcValueList;

typedef struct AcPass
{
	AcPageReader *reader;
	AcQuery query;		/* filters of the scan's quals, in their order, then of
						 * the walk's columns, then of params_union */
	const Datum *shown; /* what rows without the field show, in that order */
	const int *at;		/* place of its batch in each list */
	const char *member; /* of params_union; NULL: it is not in force */
	bool falls_back;	/* it asks without refused values, and has their rows */
	bool walks_many;	/* values of several rows of the parent together */
	int by_key;			/* qual that names rows by their key, -1: none */
	bool *seen;			/* by its values: the row came */
	int n_seen;
	MemoryContext cxt; /* of all this */
	dlist_node node;
} AcPass;

typedef struct AcPasses
{
	AcValueList *lists; /* one for each qual, then that of params_union */
	int n_lists;
	int *at;			/* batch in each of the pass to be opened next */
	bool more;			/* there may be one */
	int64 opened;		/* so far */
	bool within_bounds; /* of max_requests, as far as that can be known */
	AcWalk *walk;		/* over the parent's rows; NULL: none */
	AcWalkBatch walked;
	bool at_row; /* these rows have passes to be opened yet */
	/* where the API refuses a value (fdw/refusal) */
	AcError *refusal; /* the first one's, NULL: none */
	int refusal_status;
	bool named;		   /* an answer names the parameter */
	int answered;	   /* values at once that were answered, at most ... */
	int refused_most;  /* ... and that were refused */
	bool *refused;	   /* by place in the list, NULL: none were set aside ... */
	int refused_list;  /* ... of this one */
	bool falling_back; /* the last pass is theirs, without the values */
	dlist_head open;   /* the first one's rows are handed out */
	int n_open;
} AcPasses;

/*
 * Evaluates the values that are sent.  Returns false if one of them is NULL,
 * or has nothing in its list that the column's type has: then there are no
 * rows, and nothing needs to be asked.
 */
extern bool ac_passes_begin(struct AcScanState *state,
							ExprContext *econtext);

/*
 * Ends the current pass, if any, and goes on with the next; false if there
 * is none, or if state->pending.  Sets state->pass.
 */
extern bool ac_passes_next(struct AcScanState *state);

/* Ends all that are under way. */
extern void ac_passes_end(struct AcScanState *state);

/* Adds what requests that are not over yet took to stats. */
extern void ac_passes_add_pending(const struct AcScanState *state,
								  AcFetchStats *stats);

/*
 * Notes a row of the current pass that is handed out.  Where rows are asked
 * for by their key, ac_pass_has_all() tells that all of them came.
 */
extern void ac_passes_note_row(struct AcScanState *state,
							   const TupleTableSlot *slot);

static inline bool
ac_pass_has_all(const AcPass *pass)
{
	return pass->by_key >= 0 && pass->n_seen == pass->query.filters[pass->by_key].n;
}

/* Did the current pass ask with that text of the parent's rows? */
extern bool ac_passes_walks_from(const struct AcScanState *state,
								 const AcColumn *column, const char *text);

/*
 * Does a row whose column shows this text belong to the pass of another
 * value?  list: number of the qual, or of quals for params_union.
 */
extern bool ac_passes_is_other(const struct AcScanState *state, int list,
							   const char *text);

#endif /* AC_FDW_PASSES_H */
