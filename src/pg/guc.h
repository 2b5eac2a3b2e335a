/*
 * guc.h
 *		Which settings does the extension have?
 */
#ifndef AC_PG_GUC_H
#define AC_PG_GUC_H

#include "ac.h"

#include "datatype/timestamp.h"

/* autoconn.observe: do scans tell the watch what they see? */
extern bool ac_guc_observe;

/* autoconn.cache_size: memory for answers that a session keeps. */
extern int ac_guc_cache_size_kb;

/* autoconn.watch: do workers look after APIs at all? */
extern bool ac_guc_watch;

/* autoconn.naptime: how often the launcher looks around, in seconds. */
extern int ac_guc_naptime_s;

/* autoconn.max_workers: databases that are visited at the same time. */
extern int ac_guc_max_workers;

/* More workers than that never run. */
#define AC_GUC_MAX_WORKERS 32

/* A gigabyte in each session is more than most machines have to spare. */
#define AC_GUC_MAX_CACHE_KB (1024 * 1024)

/* Defines the settings; called once from _PG_init. */
extern void ac_guc_define(void);

/* Does autoconn.allowed_hosts list the host, a name or an address in any case? */
extern bool ac_guc_host_allowed(const char *host);

/* True if autoconn.databases lists the database, or is empty. */
extern bool ac_guc_database_listed(const char *name);

/*
 * What rules of drift and schedules take for the present: the clock plus
 * autoconn.clock_offset.
 */
extern TimestampTz ac_guc_now(void);

/* What the clock shows at a point of that time; infinite ones stay. */
extern TimestampTz ac_guc_clock(TimestampTz at);

#endif /* AC_PG_GUC_H */
