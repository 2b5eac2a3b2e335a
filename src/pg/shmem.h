/*
 * shmem.h
 *		Where is the memory that all sessions and workers share, if there is any?
 *
 * With shared_preload_libraries it is requested at server start, in full size.
 * Without, it is had late: by the DSM registry on 17 and later, on 15 and 16
 * in the slack of the main segment, in a small size.  Where neither works
 * there is none, which no query fails for.
 *
 * Only plain data lives here: no pointers into a process, no file descriptors.
 * Locks: AcShared.lock guards everything but the ring, which has its own
 * rules (pg/ring.h), what running scans show, which has its own, too
 * (pg/activity.c), limits and places, which AcShared.limits_lock guards
 * (pg/limits.h, pg/places.h), and what was counted of tables, which
 * AcShared.stats_lock guards (pg/stats.c).  They are held for a few
 * instructions, never over a wait, and never two.
 */
#ifndef AC_PG_SHMEM_H
#define AC_PG_SHMEM_H

#include "ac.h"

#include "datatype/timestamp.h"
#include "storage/lwlock.h"

/* Databases that the launcher keeps track of; more share the last places. */
#define AC_SHMEM_DATABASES 128

/* What is known of a database.  dbid InvalidOid: a free place. */
typedef struct AcSharedDatabase
{
	Oid dbid;
	bool has_extension;	   /* at the last look */
	bool asked;			   /* somebody wants a visit now */
	int worker_pid;		   /* 0: none is there */
	TimestampTz looked_at; /* when a worker last was there, 0: never */
	TimestampTz due_at;	   /* when the next check is due, DT_NOEND: never */
	int failures;		   /* workers that ended badly in a row */
} AcSharedDatabase;

/* The parts whose sizes it knows stand behind it. */
typedef struct AcShared
{
	LWLock lock;
	LWLock limits_lock;
	LWLock stats_lock;
	int launcher_pid; /* 0: none runs */
	bool preloaded;
	TimestampTz launcher_asked_at; /* when a session last asked for one */
	AcSharedDatabase databases[AC_SHMEM_DATABASES];
	Size limits_size;	/* bytes of the limits behind this struct ... */
	Size places_size;	/* ... of the places behind them ... */
	Size activity_size; /* ... of what scans show behind those ... */
	Size stats_size;	/* ... of what was counted of tables ... */
	Size ring_size;		/* ... and of the ring, which is the last */
} AcShared;

/* For _PG_init: hooks for memory while libraries are preloaded. */
extern void ac_shmem_init(void);

/*
 * The shared memory, attached on first use; NULL where there is none.  Never
 * throws for want of it.  The first use must not hold an LWLock.
 */
extern AcShared *ac_shmem(void);

/* The table of limits, see pg/limits.h; NULL where there is none. */
extern struct AcLimitTable *ac_shmem_limits(void);

/* What running scans show, see pg/activity.c; NULL where there is none. */
extern struct AcActivityTable *ac_shmem_activity(void);

/* What was counted of tables, see pg/stats.c; NULL where there is none. */
extern struct AcStatsTable *ac_shmem_stats(void);

/* The table of places, see pg/places.h; NULL where there is none. */
extern struct AcPlaceTable *ac_shmem_places(void);

/* The memory of the event ring, MAXALIGNed; NULL where there is none. */
extern void *ac_shmem_ring(void);

/*
 * The place of a database, NULL if it has none.  The caller holds the lock,
 * and exclusively if the place is to be changed.
 */
extern AcSharedDatabase *ac_shmem_database(AcShared *shared, Oid dbid);

/*
 * The same, and takes a place for it if there is one: a free one, or that of
 * a database without the extension which was looked at before replace_before.
 * The caller holds the lock exclusively.
 */
extern AcSharedDatabase *ac_shmem_database_add(AcShared *shared, Oid dbid,
											   TimestampTz replace_before);

/*
 * Wants a visit of a worker to the database now, and wakes the launcher.
 * False if there is no memory or no place for it.  Never throws.
 */
extern bool ac_shmem_ask(Oid dbid);

#endif /* AC_PG_SHMEM_H */
