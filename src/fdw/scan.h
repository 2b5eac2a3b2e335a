/*
 * scan.h
 *		What does a running scan know?
 *
 * Shared by scan.c, which runs it, and explain.c, which shows it.
 */
#ifndef AC_FDW_SCAN_H
#define AC_FDW_SCAN_H

#include "ac.h"

#include "fdw/observe.h"
#include "fdw/qual.h"
#include "fdw/request.h"
#include "fdw/series.h"
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
	ExprState *value;
	Oid value_type;
	ExprState *audit; /* the qual itself, on the rows that come back */
	Datum shown;	  /* the value as the column's, for rows without field */
} AcScanQual;

/* Need the value not be sent, since rows show whether they have it? */
static inline bool
ac_scan_may_leave(const AcScanQual *qual)
{
	return qual->via == AC_SEND_QUERY &&
		   !ac_column_is_param_only(qual->column);
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
	const ForeignScan *plan;
	AcScanMode mode;
	const char *problem; /* names of columns without a value, "" if none */
	int wanted;			 /* rows, -1: all */

	/* what is read and sent */
	const char *const *members;		 /* of rows, that the table knows */
	const char *const *base_members; /* of what stands at rows_path */
	AcScanColumn *columns;
	int n_columns;
	AcField *fields;
	int n_fields;
	AcScanQual *quals;
	AcSentValues sent; /* as many as quals, in their order */
	int n_quals;
	AcSeries series;

	/* reading */
	AcConnection *conn; /* NULL under plain EXPLAIN */
	AcReaderPlan *list_plan;
	AcReaderPlan *item_plan;
	AcPageReader *reader;
	bool finished;	/* no more rows in this (re)scan */
	bool delivered; /* some row of it was handed out */
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
	AcScanMisfits misfits;
	int64 rejected; /* rows that a sent qual should have kept away */
	bool stopped_early;
	char *verdict; /* of the last complete reading */
} AcScanState;

/* For ANALYZE: a scan of the whole table with all of its columns. */
extern AcScanState *ac_scan_begin_table(Relation rel, Oid userid);

/*
 * Stores the next row in slot (whose memory the row's values use until the
 * next call); false at the end.  econtext is needed only for quals.
 */
extern bool ac_scan_next(AcScanState *state, TupleTableSlot *slot,
						 ExprContext *econtext);

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

/* What the scan took so far, requests under way included. */
extern AcReaderStats ac_scan_stats(const AcScanState *state);

/* The verdict for EXPLAIN ANALYZE. */
extern const char *ac_scan_verdict(const AcScanState *state);

#endif /* AC_FDW_SCAN_H */
