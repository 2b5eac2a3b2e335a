/*
 * paging_int.h
 *		What do the files that look for paging share?  Nobody else's header.
 *
 *		paging.c		the usual styles, and which of all is chosen
 *		paging_row.c	styles led on by the last row, by an object, by headers
 *		paging_size.c	sizes of pages, and how deep an API lets one look
 *		paging_window.c	parameters that cut a collection into windows
 *		paging_prior.c	what an API does most often
 *		paging_fields.c	fields outside of the rows
 */
#ifndef AC_API_PAGING_INT_H
#define AC_API_PAGING_INT_H

#include "ac.h"

#include "api/names.h"
#include "api/paging.h"

#define KIND(kind) (1 << AC_SHAPE_##kind)
#define KINDS_NUMBER (KIND(INTEGER) | KIND(NUMBER) | KIND(UNKNOWN))
#define KINDS_TEXT (KIND(STRING) | KIND(UNKNOWN) | KIND(MIXED) | KIND(NULL))

/* Is a page at hand, rather than a description? */
#define IS_PAGE(input) ((input)->n_rows >= 0)

/*
 * The first field whose name is in the list, earlier names of the list first,
 * of a kind that is in the mask of 1 << kind; NULL if there is none.
 */
extern const AcPagingField *ac_paging_field(const AcPagingInput *input,
											const char *const *names,
											int kinds);

/* The first query parameter by the list's order that the test accepts. */
extern const AcParam *ac_paging_param(const AcEndpoint *endpoint,
									  const char *const *names,
									  bool (*test)(const AcParam *));
extern bool ac_paging_takes_number(const AcParam *param);
extern bool ac_paging_takes_token(const AcParam *param);

/* The parameters for the size, the page number, the offset, a token. */
extern const AcParam *ac_paging_size_param(const AcEndpoint *endpoint);
extern const AcParam *ac_paging_page_param(const AcEndpoint *endpoint);
extern const AcParam *ac_paging_token_param(const AcEndpoint *endpoint);

/* Sets the number of the first page. */
extern void ac_paging_set_first(const AcPagingInput *input,
								const AcParam *param, AcPaging *paging);

/* ---- paging_row.c ---- */

extern AcPagingCandidate ac_paging_keyset(const AcPagingInput *input);
extern AcPagingCandidate ac_paging_continue(const AcPagingInput *input);
extern AcPagingCandidate ac_paging_posted(const AcPagingInput *input);
extern AcPagingCandidate ac_paging_range(const AcPagingInput *input);
extern AcPagingCandidate ac_paging_header(const AcPagingInput *input);

/* Header that tells the number of rows, or pages, "Name:"; NULL if none. */
extern const char *ac_paging_total_header(const AcPagingInput *input);
extern const char *ac_paging_pages_header(const AcPagingInput *input);

/* ---- paging_size.c ---- */

/* The number at s, or -1. */
extern int ac_paging_number(const char *s);

/* The largest page that the parameter takes, within reason; -1: not said. */
extern int ac_paging_page_size(const AcParam *param);

/* Rows of one query that the description says are shown; 0: it does not. */
extern int ac_paging_depth(const AcPagingInput *input, const AcPaging *paging);

/* ---- paging_prior.c ---- */

/* Adds guesses to n candidates; their number then. */
extern int ac_paging_guess(const AcPagingInput *input,
						   AcPagingCandidate *candidates, int n);

/* Is this what the API does most often? */
extern bool ac_paging_is_usual(const AcPagingInput *input,
							   const AcPaging *paging);

#endif /* AC_API_PAGING_INT_H */
