/*
 * pagewords.h
 *		Under which names do pages speak of other pages, and how are counts
 *		written?
 */
#ifndef AC_NET_PAGEWORDS_H
#define AC_NET_PAGEWORDS_H

#include "ac.h"

/* JSON Pointers in a body, the likeliest first. */
typedef struct AcPageWords
{
	const char *const *pointers;
	int n;
} AcPageWords;

extern const AcPageWords ac_pagewords_next;		 /* token or URL */
extern const AcPageWords ac_pagewords_total;	 /* number of rows in all */
extern const AcPageWords ac_pagewords_pages;	 /* number of pages in all */
extern const AcPageWords ac_pagewords_more;		 /* are there more rows? */
extern const AcPageWords ac_pagewords_truncated; /* is the answer cut? */

/*
 * A whole number that is not negative, -1 for anything else and for NULL.
 * Some write it for people, "1,234", or as what a floating-point number is,
 * 1234.0.
 */
extern int64 ac_pagewords_count(const char *text);

#endif /* AC_NET_PAGEWORDS_H */
