/*
 * launch.h
 *		How do workers get to run?
 *
 * With shared_preload_libraries the launcher is registered at server start.
 * Without, the first session that needs one starts it.  Workers are known
 * here by the names of their functions only: sessions never meet their code.
 */
#ifndef AC_PG_LAUNCH_H
#define AC_PG_LAUNCH_H

#include "ac.h"

#include "postmaster/bgworker.h"

/* For _PG_init: registers the launcher while libraries are preloaded. */
extern void ac_launch_init(void);

/*
 * Once this transaction commits, workers have something new to look at in
 * this database: a launcher runs, if it can, and has the database visited.
 * Cheap, and never throws for want of a launcher; where none can run, as on a
 * standby, nothing happens.
 */
extern void ac_worker_ensure(void);

/*
 * The same for who only uses what was there before: sees once in a session
 * that a launcher runs, which after a restart of the server nobody does
 * otherwise.
 */
extern void ac_worker_remind(void);

/*
 * Starts a worker that visits a database and tells this process when it
 * starts and ends.  The handle is palloc'd in the current context; NULL if no
 * background worker is free.
 */
extern BackgroundWorkerHandle *ac_launch_visit(Oid dbid);

/*
 * The same for one that looks after a token in the current database; task is
 * what it has in MyBgworkerEntry->bgw_extra.
 */
extern BackgroundWorkerHandle *ac_launch_token(const void *task, Size size);

#endif /* AC_PG_LAUNCH_H */
