/*
 * innerlist.h
 *		Is a list that stands in a row all of it, and if not, how is the rest
 *		asked for?
 *
 * Some APIs page lists inside of rows: {"data": [...], "has_more": true, "url":
 * "/v1/invoices/1/lines"}, {"items": [...], "next": "https://..."}, {"results":
 * [...], "__next": "..."}, {"nodes": [...], "pageInfo": {"hasNextPage": true}}.
 * The object is read along, without a tree.
 */
#ifndef AC_API_INNERLIST_H
#define AC_API_INNERLIST_H

#include "ac.h"

#include "core/field.h"

typedef enum AcInnerWay
{
	AC_INNER_WHOLE,	 /* there is no list, or nothing says that more follows */
	AC_INNER_CUT,	 /* more follows, and nothing says how it is asked for */
	AC_INNER_KEYSET, /* it is asked for at url, by the last element's value */
	AC_INNER_OFFSET, /* the same, by the number of elements as start_param, up
					  * to the total at total_path */
	AC_INNER_NEXT	 /* next_path has the URL of the next page */
} AcInnerWay;

/* Values that say that more follows: flags, and the link itself. */
#define AC_INNER_MARKS 8

/* A pointer to a list in the object that is longer is none that is looked for. */
#define AC_INNER_PATH_BYTES 128

/* Texts are constants, fields slices of the object. */
typedef struct AcInnerList
{
	AcInnerWay way;
	AcField list;						 /* an array; ABSENT: none, or nobody knows which */
	char list_path[AC_INNER_PATH_BYTES]; /* JSON Pointers in the object */
	const char *next_path;
	const char *more_path;	/* NULL: there is no flag */
	const char *total_path; /* OFFSET */
	const char *start_param;
	AcField next;
	AcField url;		 /* KEYSET, OFFSET */
	bool is_list_object; /* "object": "list", as Stripe and those after it */
	AcField marks[AC_INNER_MARKS];
	int n_marks;
} AcInnerList;

/*
 * Reads an object, which is a slice of valid JSON (core/rowscan) with
 * AC_BUF_PADDING readable bytes behind it.  list_path: where the list stands,
 * "/name" or "/_embedded/name"; NULL: it is the only array.
 */
extern void ac_innerlist_read(const AcField *object, const char *list_path,
							  AcInnerList *inner);

/* A quick look: may the object be one that says more than AC_INNER_WHOLE? */
extern bool ac_innerlist_is_likely(const AcField *object);

/* The same of a text with any number of objects. */
extern bool ac_innerlist_has_words(AcSlice text);

/* Is the name one of those that APIs give to lists of whatever? */
extern bool ac_innerlist_is_name(const char *name);

#endif /* AC_API_INNERLIST_H */
