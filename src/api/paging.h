/*
 * paging.h
 *		How is a collection paged?
 *
 * Evidence from the description (parameters, fields
 * and headers of the answer) or from a page makes scored candidates, of which
 * the best becomes the plan.  Proving it with a second request and reading
 * pages are policy/pager's business.
 */
#ifndef AC_API_PAGING_H
#define AC_API_PAGING_H

#include "ac.h"

#include "api/tableplan.h"

/* What a field of the answer outside of the rows says. */
typedef struct AcPagingField
{
	bool beside;		 /* of an object in which the rows stand, too */
	const char *pointer; /* JSON Pointer in the body */
	const char *name;	 /* its key */
	AcShapeKind kind;	 /* UNKNOWN where nothing is known */
	bool is_url;		 /* format uri, or a value that is one */
	bool is_null;		 /* a page: null or "" */
	int64 value;		 /* a page: of an integer; else -1 */
} AcPagingField;

typedef struct AcPagingInput
{
	const AcEndpoint *endpoint;
	AcPagingField *fields;
	int n_fields;
	int n_rows;		  /* a page: rows on it; -1: a description */
	bool link_next;	  /* a page: it had Link rel=next */
	int asked_size;	  /* a page: size asked for, -1: none */
	AcJson *evidence; /* object that gets "paging", may be NULL */
} AcPagingInput;

/*
 * Fields of a described answer, of a page: those outside of rows_path, down
 * to four levels.  palloc'd.
 */
extern int ac_paging_shape_fields(const AcShape *response,
								  const char *rows_path,
								  AcPagingField **fields);
extern int ac_paging_page_fields(const AcJson *body, const char *rows_path,
								 AcPagingField **fields);

/*
 * The paging that the evidence speaks for; AUTO if it speaks for none, with
 * whatever parts (size parameter, total) are known all the same.  The score
 * (0 to 10) says how loudly.
 */
extern AcPaging ac_paging_choose(const AcPagingInput *input, int *score);

/* An AcPaging in which nothing is known but the style. */
extern AcPaging ac_paging_none(AcPagerStyle style);

/* Does the operation declare parameters that only paging needs? */
extern bool ac_paging_is_declared(const AcEndpoint *endpoint);

/* Is this a parameter of paging; or of sorting, searching, shaping? */
extern bool ac_paging_is_param(const AcEndpoint *endpoint,
							   const AcParam *param);
extern bool ac_paging_is_control_param(const AcParam *param);

#endif /* AC_API_PAGING_H */
