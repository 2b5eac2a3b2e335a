/*
 * watch.h
 *		What does a worker do in a database?
 */
#ifndef AC_WORKER_WATCH_H
#define AC_WORKER_WATCH_H

#include "ac.h"

#include "datatype/timestamp.h"

/*
 * Does what is due in the database that this worker is connected to.  Called
 * outside any transaction, and returns so.  Returns when the next check is
 * due by ac_guc_now()'s time, DT_NOEND for never, 0 if the extension is not
 * there.
 */
extern TimestampTz ac_watch_visit(void);

#endif /* AC_WORKER_WATCH_H */
