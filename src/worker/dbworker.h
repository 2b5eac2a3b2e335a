/*
 * dbworker.h
 *		How does one visit to one database go?
 */
#ifndef AC_WORKER_DBWORKER_H
#define AC_WORKER_DBWORKER_H

#include "ac.h"

/* Main function of a database worker; the argument is the database's OID. */
extern PGDLLEXPORT void autoconn_worker_main(Datum arg);

#endif /* AC_WORKER_DBWORKER_H */
