/*
 * scan.h
 *		What does a running scan know?
 *
 * Shared by scan.c, which runs it, and explain.c, which shows it.
 */
#ifndef AC_FDW_SCAN_H
#define AC_FDW_SCAN_H

#include "ac.h"

#include "fdw/bound.h"
#include "fdw/observe.h"
#include "fdw/passes.h"
#include "fdw/qual.h"
#include "fdw/request.h"
#include "fdw/series.h"
#include "fdw/sort.h"
#include "fdw/table.h"
#include "net/reader.h"
#include "nodes/execnodes.h"
#include "pg/convert.h"

/* A column that the query needs. */
typedef struct AcScanColumn
{
	const AcColumn *column;
	AcConverter *converter;
	int field; /* among the reader's fields, -1: no field */
	int sent;  /* qual that sends its value, -1: none */
} AcScanColumn;

/* A qual that travels. */
typedef struct AcScanQual
{
	const AcColumn *column;
	AcSendVia via;
	AcQualBound bound;
	AcBoundValue wide;		   /* what is sent for a bound */
	bool is_list;			   /* value is an array */
	AcListForm list;		   /* how the parameter takes several */
	bool left_out;			   /* refused: all begins anew without it */
	bool was_sent;			   /* a value of it */
	const char *left_why;	   /* why one was not; NULL: all were */
	const AcValueList *preset; /* values that are known without evaluation */
	ExprState *value;		   /* else NULL */
	Oid value_type;
	ExprState *audit; /* the qual itself, on the rows that come back */
} AcScanQual;

/* Need the value not be sent, since rows show whether they have it, and the
 * API answers without? */
static inline bool
ac_scan_may_leave(const AcScanQual *qual)
{
	return qual->via == AC_SEND_QUERY &&
		   !ac_column_is_param_only(qual->column) &&
		   !ac_column_is_required(qual->column);
}

/*
 * Does the column show what was sent, perhaps for want of a field?  An item
 * does not repeat the name under which it stands in the list.
 */
static inline bool
ac_column_shows_sent(const AcColumn *column)
{
	return ac_column_is_param_only(column) ||
		   (column->is_path_var &&
			column->options->param_list == AC_LIST_NONE) ||
		   (column->is_item_key &&
			column->options->origin == AC_ORIGIN_NAME);
}

/* Values that did not fit their columns (table option on_error). */
typedef struct AcScanMisfits
{
	int64 values; /* set to NULL */
	int64 rows;	  /* left out */
	char *first;  /* what was wrong with the first one */
} AcScanMisfits;

typedef struct AcScanState
{
	/* what was planned */
	AcTable *table;
	TupleDesc desc; /* of its rows */
	const ForeignScan *plan;
	AcScanMode mode;
	const char *problem;	/* names of columns without a value, "" if none */
	const AcParent *parent; /* whose rows have values to send; NULL: none */
	int depth;				/* scans that this one is the parent of */
	Oid userid;				/* who reads */
	int wanted;				/* rows, -1: all */
	const EState *estate;	/* of the query; NULL: it is read to the end */
	const Plan *node;		/* that reads it, or whose parent it is */
	bool samples;			/* rows are wanted as they are, with the lists they show */

	/* what is read and sent */
	const char *const *members;		 /* of rows, that the table knows */
	const char *const *base_members; /* of what stands at rows_path */
	AcScanColumn *columns;
	int n_columns;
	AcField *fields;
	int n_fields;
	AcScanQual *quals;
	AcQuery query; /* a filter for each qual, in their order, without values */
	int n_quals;
	AcSeries series;
	AcSortCheck sort;
	AcPasses passes;
	struct AcDetail *detail; /* rows are shown with their items; NULL: not */

	/* reading */
	AcConnection *conn; /* NULL under plain EXPLAIN */
	AcReaderPlan *list_plan;
	AcReaderPlan *item_plan;
	AcPass *pass;					/* whose rows are read, NULL: none */
	bool begun;						/* passes are */
	bool finished;					/* no more rows in this (re)scan */
	bool counts;					/* only their number is wanted ... */
	bool counted;					/* ... and was handed out */
	bool items_proved;				/* they show hidden columns that are named, or
									 * none is wanted */
	bool items_lack;				/* they do not: the list is read */
	bool fell_back;					/* from a value that the API refuses: only once */
	int64 delivered;				/* rows handed out */
	bool first_pass;				/* the pass is the first */
	bool caught;					/* the API ignores what it was sent: begin anew */
	bool no_wait;					/* nothing is to be waited for */
	bool pending;					/* a row is missing for that */
	struct AcAsyncWait *async_wait; /* of fdw/async.c, NULL: not yet */
	bool rows_are_objects;
	bool walks;						/* a part of the path comes from other rows, one by one:
					 * what the API does not have for one has no rows */
	const AcScanColumn *converting; /* for error messages */
	MemoryContext scan_cxt;			/* lives as long as the scan */
	MemoryContext request_cxt;		/* until a rescan */
	MemoryContext row_cxt;			/* until the next row */

	/* what happened, over all rescans */
	AcObservation *observation;
	AcReaderStats stats;
	int64 rows_before;	/* of these, when the reading began ... */
	int64 pages_before; /* ... for what it shows of the table's size */
	AcScanMisfits misfits;
	int64 rejected;	   /* rows that a sent qual should have kept away */
	int64 hits_before; /* of the cache, in other readings */
	bool stopped_early;
	const char *read_without; /* column whose value is refused, NULL: none */
	char *verdict;			  /* of the last complete reading */
} AcScanState;

/* For ANALYZE: a scan of the whole table with all of its columns. */
extern AcScanState *ac_scan_begin_table(Relation rel, Oid userid);

/* How the scan's columns are read from answers that are paged so. */
extern AcReaderPlan *ac_scan_reader_plan(const AcScanState *state,
										 AcRowSource source,
										 const AcPaging *paging);

/*
 * For a walk of child: a scan of these columns (attribute numbers) of its
 * parent.  presets: values by attribute number, NULL where any will do; they
 * are sent for variables of the parent's path and nowhere else.
 */
extern AcScanState *ac_scan_begin_parent(Relation rel,
										 const AcScanState *child,
										 List *attnums,
										 const AcValueList **presets);

/*
 * Stores the next row in slot (whose memory the row's values use until the
 * next call); false at the end, or if state->pending.  econtext is needed only for quals.
 */
extern bool ac_scan_next(AcScanState *state, TupleTableSlot *slot,
						 ExprContext *econtext);

/*
 * The number of rows that the API tells, in answer to a request for as few as
 * it takes; -1: it tells none, or one that these rows contradict.  Rows can be
 * read afterwards as if nothing had been.
 */
extern int64 ac_scan_total(AcScanState *state, ExprContext *econtext);

/*
 * Makes values of the current row's fields; false: the row is left out.
 */
extern bool ac_scan_fill_slot(AcScanState *state, TupleTableSlot *slot);

/* Keeps count of a value that does not fit; false: its row is left out. */
extern bool ac_scan_note_misfit(AcScanState *state, const char *message);

/* Warns once, at the end, of all that did not fit. */
extern void ac_scan_report_misfits(AcScanState *state);

/* Ends requests and frees the scan's memory. */
extern void ac_scan_end(AcScanState *state);

/*
 * The size of pages to ask for, -1: do not ask.  The largest that the API
 * allows, but no more rows than the query wants.
 */
extern int ac_scan_page_size(const AcScanState *state);

/* Tells the planner what the reading that ends showed (pg/measure.h). */
extern void ac_scan_note_size(const AcScanState *state);

/* Was all read that there is? */
static inline bool
ac_verdict_is_complete(const char *verdict)
{
	return strncmp(verdict, "complete", strlen("complete")) == 0;
}

/* What the scan took so far, requests under way included. */
extern AcReaderStats ac_scan_stats(const AcScanState *state);

/* Is each row shown with what only its item has (fdw/detail)? */
extern bool ac_scan_shows_items(const AcScanState *state);

/*
 * Turns a look-up whose item lacks hidden columns into the list and items of
 * its rows, where columns are needed that only items show; false: not needed.
 */
extern bool ac_scan_list_with_items(AcScanState *state);

/* The verdict for EXPLAIN ANALYZE. */
extern const char *ac_scan_verdict(const AcScanState *state);

#endif /* AC_FDW_SCAN_H */
