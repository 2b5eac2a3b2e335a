/*
 * specwatch.h
 *		What do the changes of a description mean for this server?
 */
#ifndef AC_WORKER_SPECWATCH_H
#define AC_WORKER_SPECWATCH_H

#include "ac.h"

#include "worker/check.h"

/* Baseline and current model as stored, or made of the stored description. */
extern void ac_specwatch_load(AcCheck *check);

/*
 * Fills check->spec with what differs between the baseline and what the API
 * says now; differences that were decided become part of the baseline first.
 * *accepted gets the decisions that were found, as AcWatchDecided *.
 */
extern void ac_specwatch_judge(AcCheck *check, List **accepted);

/* Puts baseline, current model and the description's state into check->watch. */
extern void ac_specwatch_save(AcCheck *check);

#endif /* AC_WORKER_SPECWATCH_H */
