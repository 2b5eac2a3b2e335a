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

/*
 * Which envelope fields tell what: ranges of the row plan's envelope, each
 * in order of preference.
 */
typedef struct AcPageFields
{
	const char **pointers; /* of all, for ac_rowplan_create() */
	int n_pointers;
	int next_end;	   /* [0, next_end): token, number or URL of what follows */
	int total_end;	   /* then: number of rows in all */
	int more_end;	   /* then: is there more? */
	int truncated_end; /* then: was something cut off? */
} AcPageFields;

/*
 * The fields to look at: those that the options name, and where the style is
 * AUTO those that APIs usually have.
 */
extern AcPageFields *ac_pagefacts_fields(const AcPaging *paging);

/*
 * Fills facts of an answer whose rows the scan has found, texts palloc'd in
 * the current memory context.
 */
extern void ac_pagefacts_gather(const AcPageFields *fields,
								const AcRowScan *scan,
								const AcHeaders *headers,
								AcPageFacts *facts);

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
	const char *const *members;
	bool item;
	bool has_next;
} AcPageJudgement;

extern AcPageRows ac_pagefacts_judge(const AcRowScan *scan,
									 const AcPageJudgement *what);

#endif /* AC_NET_PAGEFACTS_H */
