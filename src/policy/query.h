/*
 * query.h
 *		What does a scan want of the API, in no API's language?
 *
 * Everything that travels stands here: filters, order, limit, projection,
 * count.  policy/rest makes a REST request of it; whoever speaks another
 * language renders the same.  What may travel is policy/pushdown's business,
 * what a page is policy/pager's.
 *
 * Whatever is asked for, rows that come back are checked again: a renderer may
 * leave out a filter that is not AC_SEND_PATH or AC_SEND_ITEM, the order never.
 */
#ifndef AC_POLICY_QUERY_H
#define AC_POLICY_QUERY_H

#include "ac.h"

#include "policy/pushdown.h"

/* How several values of one parameter are written. */
typedef enum AcListForm
{
	AC_LIST_NONE,	  /* it takes one */
	AC_LIST_COMMA,	  /* ids=1,2 */
	AC_LIST_REPEAT,	  /* ids=1&ids=2 */
	AC_LIST_PIPE,	  /* ids=1|2 */
	AC_LIST_SPACE,	  /* ids=1%202 */
	AC_LIST_BRACKETS, /* ids[]=1&ids[]=2 */
	AC_LIST_ARRAY	  /* {"ids": [1, 2]}, in a body */
} AcListForm;

/*
 * Values of one request, where nobody says how many the API takes: what most
 * APIs that say so allow at least.
 */
#define AC_LIST_VALUES 100

/*
 * Bytes of them, encoded.  Servers and proxies take request lines of 8,000
 * bytes (RFC 9110 4.1), old ones of 2,048: with a path and other parameters
 * that is kept.
 */
#define AC_LIST_BYTES 1500

/* One condition on a column: it equals one of the values, or is bound by one. */
typedef struct AcQueryFilter
{
	int column;		   /* its number, by which paths find their variables */
	const char *field; /* JSON Pointer to it in a row; NULL: it is in none */
	const char *param; /* parameter that takes it; NULL: none, a path does */
	AcSendVia via;	   /* AC_SEND_NOT: nothing travels */
	AcQualBound bound;
	AcListForm list;
	bool plain;				  /* numbers and booleans, where that matters */
	const char *const *texts; /* UTF-8, not encoded */
	int n;					  /* several only where list is not NONE */
} AcQueryFilter;

typedef struct AcQuerySort
{
	const char *field; /* NULL: no order is asked for */
	bool descending;
	const char *text; /* query string that asks a REST API for it */
} AcQuerySort;

typedef struct AcQuery
{
	bool item; /* the one row that the filters of AC_SEND_ITEM name */
	AcQueryFilter *filters;
	int n_filters;
	AcQuerySort sort;
	int64 limit;			   /* rows from the first, -1: all */
	bool count;				   /* their number is all that is wanted */
	const char *const *fields; /* names of members; NULL: all */
	int n_fields;
} AcQuery;

/* The filter on what the column equals, if it travels; else NULL. */
extern const AcQueryFilter *ac_query_equality(const AcQuery *query,
											  int column);

/* Do filters travel that rows can contradict? */
extern bool ac_query_is_filtered(const AcQuery *query);

/* Does anything travel that keeps rows or fields away? */
extern bool ac_query_is_whole(const AcQuery *query);

/* The character between values, '\0' if they stand apart. */
extern char ac_list_separator(AcListForm form);

/* Can the value stand in such a list? */
extern bool ac_list_may_hold(AcListForm form, const char *text);

/*
 * How many of the texts, from the first, go into one request: at least one, at
 * most max.
 */
extern int ac_list_batch(AcListForm form, const char *const *texts, int n,
						 int max);

/* How a page is asked for. */
typedef struct AcQueryPage
{
	int size;	/* that the API likes, -1: unknown */
	int least;	/* that it takes */
	int margin; /* rows that are looked at before one is shown */
} AcQueryPage;

/*
 * Rows to ask for at once, -1: as the API likes.  No more than are wanted; one
 * where they are only counted.
 */
extern int ac_query_page_size(const AcQuery *query, const AcQueryPage *page);

#endif /* AC_POLICY_QUERY_H */
