/*
 * pageerror.h
 *		Does an answer say beside its rows that something went wrong?
 *
 * Where there are no rows, net/pagefacts looks at all of the answer.
 */
#ifndef AC_NET_PAGEERROR_H
#define AC_NET_PAGEERROR_H

#include "ac.h"

#include "net/pagefacts.h"

/* Places that are looked at: JSON Pointers into the body. */
#define AC_PAGEERROR_PLACES 4
extern const char *const ac_pageerror_places[AC_PAGEERROR_PLACES];

/*
 * Then the rows are not all that were asked for: GraphQL's "errors", "ok" or
 * "success" false.  Places within the rows do not count.
 */
extern bool ac_pageerror_beside_rows(const AcPageFields *fields,
									 const AcRowScan *scan);

#endif /* AC_NET_PAGEERROR_H */
