/*
 * visits.h
 *		Which databases do workers visit at the moment?
 *
 * The launcher's view of its workers, and the only place that starts and ends
 * them.  A visit goes from free to starting, running, perhaps leaving, and
 * back; README.md has the diagram.
 */
#ifndef AC_WORKER_VISITS_H
#define AC_WORKER_VISITS_H

#include "ac.h"

#include "pg/shmem.h"

typedef enum AcVisitStart
{
	AC_VISIT_STARTED,
	AC_VISIT_FULL,	 /* max_workers are visiting */
	AC_VISIT_LOCKED, /* somebody drops, renames or copies the database */
	AC_VISIT_NO_SLOT /* no background worker is free */
} AcVisitStart;

/* Starts a visit, which must not be underway; the launcher's latch tells. */
extern AcVisitStart ac_visits_start(AcShared *shared, Oid dbid);

/* Looks what has become of each worker, and moves its visit on. */
extern void ac_visits_follow(AcShared *shared);

/* Ends the visits to databases that somebody wants for himself. */
extern void ac_visits_give_way(void);

/* Ends all visits, as when the launcher ends or nothing is to be watched. */
extern void ac_visits_end_all(void);

extern bool ac_visits_underway(Oid dbid);
extern int ac_visits_count(void);

#endif /* AC_WORKER_VISITS_H */
