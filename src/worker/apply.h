/*
 * apply.h
 *		Which local tables does a drift concern, and how is a fix applied,
 *		watched and undone?
 *
 * A fix is data of a closed set (drift/fix.h).  It is bound to a local table
 * when it is found; before it is applied the catalog must still be what the
 * fix was made for; the statement is rendered anew each time (pg/ddl), never
 * taken from what an alert shows.
 *
 * Nothing here sends requests.  Each call is a part of a short transaction of
 * the caller.
 */
#ifndef AC_WORKER_APPLY_H
#define AC_WORKER_APPLY_H

#include "ac.h"

#include "pg/alert.h"

/*
 * Fills findings and n of a batch with what the drifts mean for the foreign
 * tables of the server: one finding for each table whose path the drift
 * names.  Left out are drifts of columns of tables that nobody has here, and
 * columns that are there already.  A fix that changes nothing becomes NONE.
 *
 * A CREATE TABLE fix with a statement gets the statement's schema, or the one
 * that holds most of the server's foreign tables; without a statement it
 * becomes NONE.
 */
extern void ac_apply_bind(ForeignServer *server, const AcDriftList *drifts,
						  AcAlertBatch *batch);

typedef enum AcApplyOutcome
{
	AC_APPLY_DONE,
	AC_APPLY_BUSY,	 /* table or alert is in use; to be tried again */
	AC_APPLY_STALE,	 /* the catalog is not what the fix was made for */
	AC_APPLY_FAILED, /* the statement failed */
	AC_APPLY_CAPPED, /* enough for one day; a person decides */
	AC_APPLY_SKIPPED /* nothing to do any more */
} AcApplyOutcome;

extern const char *ac_apply_outcome_name(AcApplyOutcome outcome);

/*
 * Carries out the fix of an alert, or its inverse, as the current user and in
 * the current transaction; returns the statement.  Locks the table first, then
 * throws 55000 if the catalog is not what the fix, its inverse expects.  The
 * alert itself stays as it is.
 */
extern char *ac_apply_fix(const AcAlert *alert, bool inverse);

/* Automatic changes of one server in a day, beyond which people decide. */
#define AC_APPLY_DAILY 10

/*
 * Applies the fix of an alert that needs no person, as the owner of the table
 * (of the server where it makes one) under restricted operation, and writes
 * what became of it.  Waits for no lock longer than some 50 ms; whatever fails
 * leaves nothing but the alert's note, palloc'd in *note (NULL: none).
 */
extern AcApplyOutcome ac_apply_automatic(int64 id, TimestampTz now,
										 const char **note);

/* All that the policy allows; returns the number that were applied. */
extern int ac_apply_pending(ForeignServer *server, AcOnDrift policy,
							TimestampTz now);

/*
 * Tells what a look means for fixes that were applied before it, of batch's
 * table or server: to be called once a look, before ac_apply_pending().  A fix
 * is verified when AC_ALERT_LOOKS looks in a row found nothing left of its
 * drift.  If the drift is still there with something left to do, or its table
 * is among the unreadable ones (a List of OIDs: those whose answers came, but
 * could not be read with the columns as they are), an automatic fix is undone;
 * a person's fix gets a note.
 */
extern void ac_apply_verify(ForeignServer *server, const AcAlertBatch *batch,
							List *unreadable);

#endif /* AC_WORKER_APPLY_H */
