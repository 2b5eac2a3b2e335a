/*
 * databases.h
 *		Which databases are there, and when is each to be visited?
 */
#ifndef AC_WORKER_DATABASES_H
#define AC_WORKER_DATABASES_H

#include "ac.h"

#include "nodes/pg_list.h"
#include "pg/shmem.h"

/* A database that may be visited. */
typedef struct AcDatabase
{
	Oid dbid;
	TimestampTz visit_at; /* DT_NOEND: not before somebody asks */
} AcDatabase;

/*
 * Brings the places in shared memory into step with pg_database, and returns
 * the databases that may be visited, as AcDatabase *, those to be visited
 * first in front.  Opens a transaction of its own; the list is allocated in
 * the current context.
 */
extern List *ac_databases_look(AcShared *shared);

/* Wants a visit to each that is known to have the extension. */
extern void ac_databases_ask_all(AcShared *shared);

/*
 * True if no visit will ever be due: none is asked for and no check is
 * scheduled.  The caller holds the lock.
 */
extern bool ac_databases_idle(const AcShared *shared);

#endif /* AC_WORKER_DATABASES_H */
