/*
 * gather.h
 *		Which members do the rows of an answer have, and of which kinds?
 */
#ifndef AC_WORKER_GATHER_H
#define AC_WORKER_GATHER_H

#include "ac.h"

#include "worker/check.h"

typedef struct AcGathered
{
	AcPayloadField *fields;
	int n_fields;
	int64 rows;
} AcGathered;

/*
 * Looks at the rows of a parsed body: the members of each, and what columns
 * name below them.  False if the rows are not where the table expects them.
 * Examples of values are cleaned of credentials, and left out where a
 * member's name looks secret.
 */
extern bool ac_gather_rows(const AcCheck *check, const AcCheckTable *table,
						   AcJson *body, AcGathered *gathered);

#endif /* AC_WORKER_GATHER_H */
