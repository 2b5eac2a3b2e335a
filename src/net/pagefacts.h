/*
 * pagefacts.h
 *		What does a page say about itself and about the next one?
 *
 * Gathers from headers and envelope what policy/pager wants to know
 * (AcPageFacts), and tells a page without rows from an error in disguise.
 */
#ifndef AC_NET_PAGEFACTS_H
#define AC_NET_PAGEFACTS_H

#include "ac.h"

#include "api/tableplan.h"
#include "core/header.h"
#include "core/rowscan.h"
#include "policy/pager.h"

/* Bytes of a token that is no scalar; it has to fit into a request. */
#define AC_PAGEFACTS_TOKEN_BYTES (16 * 1024)

/*
 * Bytes of one that is a text: more than any URL has room for, and than what
 * APIs have put into bodies (scroll ids of search engines, some ten kB).
 */
#define AC_PAGEFACTS_TEXT_BYTES (256 * 1024)

/*
 * A body without rows is made a tree up to so many bytes, which takes ten
 * times its size: what APIs send beside no rows is small.
 */
#define AC_PAGEFACTS_TREE_BYTES (16 * 1024 * 1024)

/*
 * Which envelope fields tell what: ranges of the row plan's envelope, each
 * in order of preference.  What stands in headers is looked for there.
 */
typedef struct AcPageFields
{
	const AcPaging *paging;
	const char **pointers; /* of all, for ac_rowplan_create() */
	int n_pointers;
	int next_end;	   /* [0, next_end): token, number or URL of what follows */
	int total_end;	   /* then: number of rows in all */
	int pages_end;	   /* then: number of pages in all */
	int more_end;	   /* then: is there more? */
	int truncated_end; /* then: was something cut off? */
	int error_end;	   /* then: did it go wrong (net/pageerror)? */
	AcRowPlan *probe;  /* of the value in a row that paging looks at */
	bool probe_always; /* there is such a value */
} AcPageFields;

/*
 * The fields to look at: those that the options name, and where the style is
 * AUTO those that APIs usually have.  paging must live as long.
 */
extern AcPageFields *ac_pagefacts_fields(const AcPaging *paging);

/*
 * Prepares to look at single rows.  False with AC_ERR_OPTION_VALUE for a
 * malformed pointer.
 */
extern bool ac_pagefacts_plan_rows(AcPageFields *fields,
								   const AcRowSource *source, AcError *err);

/*
 * Fills facts of an answer whose rows the scan has found, texts palloc'd in
 * the current memory context.
 */
extern void ac_pagefacts_gather(const AcPageFields *fields,
								const AcRowScan *scan,
								const AcHeaders *headers,
								AcPageFacts *facts);

/*
 * The same of the headers alone, added to what facts (more and total -1 where
 * nothing is known) have.
 */
extern void ac_pagefacts_headers(const AcPaging *paging,
								 const AcHeaders *headers, AcPageFacts *facts);

/* The members of a JSON object that leads on, as parameters. */
extern void ac_pagefacts_members(const AcJson *object, AcPageFacts *facts);

/*
 * Adds what single rows of the page say: keys, values of windows, and, if
 * wanted, hashes.  A second reading of the body, but a quick one.  False with
 * AC_ERR_INTERRUPTED.
 */
extern bool ac_pagefacts_look_at_rows(const AcPageFields *fields,
									  AcSlice body, const AcRowLimits *limits,
									  AcPageFacts *facts, AcError *err);

typedef enum AcPageRows
{
	AC_PAGE_HAS_ROWS,	/* an array of them, or one object */
	AC_PAGE_HAS_NO_ROW, /* says so in a way that is no error */
	AC_PAGE_IS_ERROR	/* an error, or nothing that we know */
} AcPageRows;

/*
 * Judges an answer by what stands where the rows should be.  body is the
 * whole of it; members: NULL-terminated names that a row (of nested rows: a
 * parent) may have, or NULL; item: null means no row.
 */
typedef struct AcPageJudgement
{
	AcSlice body;
	const AcPageFields *fields;
	const char *const *members;
	bool item;
	bool has_next;
} AcPageJudgement;

extern AcPageRows ac_pagefacts_judge(const AcRowScan *scan,
									 const AcPageJudgement *what);

#endif /* AC_NET_PAGEFACTS_H */
