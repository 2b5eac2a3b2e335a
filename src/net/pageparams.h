/*
 * pageparams.h
 *		Where do the parameters of a page stand in its request?
 *
 * In the query, in a header, or, where the table is asked with POST and their
 * names are JSON Pointers, in the body.  Scans, proofs and EXPLAIN ask for the
 * same.
 */
#ifndef AC_NET_PAGEPARAMS_H
#define AC_NET_PAGEPARAMS_H

#include "ac.h"

#include "core/error.h"
#include "policy/pager.h"

/*
 * query (may be NULL) with the parameters that go there.  body is that of a
 * POST, else NULL: without one there are no pointers into it.
 */
extern char *ac_pageparams_query(char *query, const char *body,
								 const AcPageRequest *request);

/*
 * body (may be NULL) with those that go there, in *changed, which is body
 * itself where there are none.  AC_ERR_OPTION_VALUE if one leads nowhere.
 */
extern bool ac_pageparams_body(const char *body, const AcPageRequest *request,
							   const char **changed, AcError *err);

/*
 * Those that are headers, "Name: value", into headers[max].  The values come
 * from the API: AC_ERR_INCOMPLETE for one that would break the line, and where
 * there are more than max.
 */
extern bool ac_pageparams_headers(const AcPageRequest *request,
								  const char **headers, int max, AcError *err);

#endif /* AC_NET_PAGEPARAMS_H */
