/*
 * planstore.h
 *		How are the tables of a server kept, and what outlives a new look?
 *
 * autoconn.endpoint and autoconn.relationship, as one statement leaves them to
 * the next.  What samples proved is kept as long as the description of the
 * operation stays what it was and no new sample was answered; what the import
 * option "paths" named is kept beside what a description has.
 */
#ifndef AC_PG_PLANSTORE_H
#define AC_PG_PLANSTORE_H

#include "ac.h"

#include "api/tableplan.h"
#include "pg/scope.h"

/*
 * Puts the plans beside what is stored and keeps of each operation what is better known.  Who does not own
 * the server adds operations that are not there, and changes none.  The lock
 * on the server's row keeps two sessions from doing that at once; of a server
 * that nothing is known of, as after a restore, nothing is kept.
 */
extern void ac_planstore_merge(const AcScope *scope, const char *server,
							   AcTablePlans *plans, bool by_owner);

/* Drops all, as the same paths stand elsewhere now. */
extern void ac_planstore_drop(const char *server);

#endif /* AC_PG_PLANSTORE_H */
