/*
 * ignored.h
 *		Which parameters does the API ignore, and who is told?
 *
 * Scans find out, stop sending them and tell through the event ring; a poll
 * stores it (pg/ignored.h), so that no session sends them, and tells it as a
 * drift for as long as the column names the parameter.
 */
#ifndef AC_WORKER_IGNORED_H
#define AC_WORKER_IGNORED_H

#include "ac.h"

#include "worker/check.h"

/* In the first transaction: what is known, and what events tell. */
extern void ac_check_ignored_load(AcCheck *check, const AcEvent *events,
								  int n);

/* Adds the drifts. */
extern void ac_check_ignored_report(AcCheck *check);

/* In the last transaction. */
extern void ac_check_ignored_store(const AcCheck *check);

#endif /* AC_WORKER_IGNORED_H */
