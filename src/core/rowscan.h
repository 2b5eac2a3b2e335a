/*
 * rowscan.h
 *		Where in a page of JSON are the rows, their fields and what the pager
 *		wants to know?
 *
 * The scanner reads a page once, finds every value that the plan asks for and
 * never builds a tree.  Whatever it does not need is validated as strictly as
 * the rest (core/jsonlex): the page is accepted as a whole or not at all.
 *
 * Duplicate keys: the last one wins, as in jsonb, and with it all that hangs
 * below it.  Keys are compared after resolving their escapes.
 *
 * Rows need not be the elements of an array: AcRowSource (core/rowplan) says
 * which other forms there are.  Those are read a second time for each row and
 * are half as fast.
 *
 * Whether rows may be absent, null or no objects is the caller's policy; which
 * type a field has is pg/convert's.
 */
#ifndef AC_CORE_ROWSCAN_H
#define AC_CORE_ROWSCAN_H

#include "ac.h"

#include "core/error.h"
#include "core/field.h"
#include "core/jsonlex.h"
#include "core/rowhash.h"
#include "core/rowplan.h"

/*
 * Limits of a scan, and what it is for.  max_depth: levels of nested containers, the outermost is
 * level 1; 0 stands for AC_JSONLEX_DEFAULT_DEPTH, more than
 * AC_JSONLEX_MAX_DEPTH for that.
 */
typedef struct AcRowLimits
{
	int max_depth;
	AcInterrupted interrupted;
	void *interrupted_arg;
	bool hash;	 /* ac_rowscan_hash() will be asked for: cheaper on the way
				  * than afterwards */
	bool fields; /* their texts will be read once they are handed out: worth
				  * fetching them into the caches */
} AcRowLimits;

typedef enum AcRowNext
{
	AC_ROW_FOUND,
	AC_ROW_END,
	AC_ROW_ERROR
} AcRowNext;

/*
 * One page being read.  Lives wherever the caller likes; what it points to
 * lives in the memory context current at ac_rowscan_begin(), and the slices in
 * the body.
 */
typedef struct AcRowScan
{
	/* what was found in the body; set by ac_rowscan_begin() */
	AcField *envelope; /* one per envelope pointer of the plan */
	AcField rows;	   /* where rows_path leads: an array of rows, an object
						* that is the only row (of a MAP: that has them), or
						* anything else (no rows).  Of LINES: all of them, as
						* an array, though the text is none */
	uint64 row_count;  /* rows that ac_rowscan_next() will deliver */
	uint64 page_rows;  /* the same, or their parents: what pages are made of */
	AcField last_line; /* LINES: the last text; ABSENT: there is none */
	bool line_has_row; /* in it */

	/* the current row; set by ac_rowscan_next() */
	AcField row;		/* the whole of it */
	uint64 row_number;	/* 1 for the first */
	bool row_is_object; /* or has its names elsewhere (COLUMNS, LISTS) */

	const AcRowPlan *plan;

	/* private: what is read */
	AcJsonLex lex;
	AcErrorCode refusal; /* why a form cannot be read, if no fault of JSON */
	const char *refused; /* in words */

	/* private: the hash of rows in an array */
	AcRowHash hash;
	const char *hash_at; /* where to go on with it, behind the end: nowhere */
	bool wants_hash;
	bool wants_fields;

	/* private: rows that were found */
	struct AcRowEntry *store; /* rows found by the first reading */
	uint64 n_stored;
	uint64 store_capacity; /* rows that fit into the store as it is */
	uint64 store_max;	   /* rows that it may grow to */
	const char *resume;	   /* the first row that did not fit */

	/* private: forms other than an array (core/rowscan_forms) */
	struct AcRowEntry *scratch; /* a row that is not in the store */
	struct AcRowEntry *line;	/* LINES: the envelope of one text */
	uint64 base_number;			/* rows at rows_path that were delivered */
	uint64 base_total;			/* that there are, superseded ones too */
	struct AcRowNames *members; /* MAP: names met so far */
	const char *header;			/* COLUMNS: the row that is none but names */
	uint64 width;				/* values in the first row */
	uint64 odd_row;				/* the first that has not as many, 0: none */
	uint64 odd_width;
	AcFieldKind odd_kind; /* its kind, where that is no array */
	AcField *names;		  /* of the columns, LISTS too */
	uint64 n_names;
	const char **cursors;			/* LISTS: the next element of each, ... */
	uint64 *lengths;				/* ... and how many it has */
	StringInfo composed;			/* LISTS: the row as an object */
	const AcPlanNode **by_position; /* their nodes, NULL: not asked for */
	uint64 nested_count;			/* rows in the parent read last */
	uint64 n_odd;					/* parents that cannot have any */
	struct AcRowEntry *parent;
	struct AcRowEntry *element;
	const char *next_element; /* NULL: the parent has no more */
	uint64 ordinal;
	char ordinal_text[24];
} AcRowScan;

/*
 * Members of an object that are rows.  As many names are kept for the time of
 * a page, some 32 bytes each; real maps of this size come in pages.
 */
#define AC_ROWSCAN_MAX_MEMBERS 1000000

/* Names of columns in a page; a table of PostgreSQL has at most 1,600. */
#define AC_ROWSCAN_MAX_NAMES 10000

/*
 * Validates the whole body (RFC 8259, UTF-8, nothing behind the value; a byte
 * order mark is skipped), finds the envelope's fields and the rows.  body[len]
 * must be NUL and AC_BUF_PADDING bytes behind the body readable, as they are
 * in an AcBuf; body must stay as it is until the scan's end.  limits may be
 * NULL.
 *
 * Of LINES, the body is any number of such values, also none, with white space
 * or RFC 7464's record separators between them.  Envelope fields are then
 * those of the last text that has them.
 *
 * False with AC_ERR_MALFORMED (of COLUMNS also where a row has another number
 * of values than there are names), AC_ERR_TOO_LARGE (nesting; a body of 4 GB;
 * members, names) or AC_ERR_INTERRUPTED; the scan may then only be ended or
 * begun anew.
 */
extern bool ac_rowscan_begin(AcRowScan *scan, const AcRowPlan *plan,
							 AcSlice body, const AcRowLimits *limits,
							 AcError *err);

/*
 * Delivers the next row: scan->row and, in the order of the plan's row
 * pointers, fields.  A pointer that leads nowhere, also because the row is no
 * object, gives AC_FIELD_ABSENT.  AC_ROW_ERROR: AC_ERR_INTERRUPTED only.
 */
extern AcRowNext ac_rowscan_next(AcRowScan *scan, AcField *fields,
								 AcError *err);

/*
 * A walk over the members of a row, for whoever wants to know all of their
 * names.  It reads the row's text a second time, so it is for a few rows.
 */
typedef struct AcRowMembers
{
	AcJsonLex lex;
	const char *next;	  /* the next name's quote; NULL: none is left */
	const AcField *names; /* COLUMNS, LISTS: the names left, else NULL */
	uint64 n_names;
} AcRowMembers;

/* Begins a walk over the current row; one that is no object has no members. */
extern void ac_rowscan_members(const AcRowScan *scan, AcRowMembers *members);

/*
 * The next member's name, a string as it stands in the body; false at the
 * end.  A name that occurs twice is found twice.
 */
extern bool ac_rowscan_next_member(AcRowMembers *members, AcField *name);

/*
 * Frees what ac_rowscan_begin() allocated, for callers that read many pages in
 * one memory context; where the context is reset it need not be called.
 */
extern void ac_rowscan_end(AcRowScan *scan);

/*
 * 64-bit hash of the rows' bytes as they stand in the body, to recognise a
 * page that comes again.  No defence against collisions made on purpose.
 */
extern uint64 ac_rowscan_hash(const AcRowScan *scan);

#endif /* AC_CORE_ROWSCAN_H */
