/*
 * pageparams.h
 *		Where do the parameters of a page stand in its request?
 *
 * In the query, or, where the table is asked with POST and their names are JSON
 * Pointers, in the body.  Scans, proofs and EXPLAIN ask for the same.
 */
#ifndef AC_NET_PAGEPARAMS_H
#define AC_NET_PAGEPARAMS_H

#include "ac.h"

#include "policy/pager.h"

/*
 * query (may be NULL) with the parameters that do not go into body, which is
 * that of a POST, else NULL.
 */
extern char *ac_pageparams_query(char *query, const char *body,
								 const AcPageRequest *request);

/*
 * body with those that do; body itself, which may be NULL, where there are
 * none.  Page numbers, offsets and sizes are numbers, tokens are texts.
 */
extern const char *ac_pageparams_body(const AcPaging *paging, const char *body,
									  const AcPageRequest *request);

#endif /* AC_NET_PAGEPARAMS_H */
