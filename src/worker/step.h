/*
 * step.h
 *		What does a step of a worker need that reads or writes catalogs?
 *
 * A short transaction around it, with a snapshot, in which memory goes to the
 * caller's context, which outlives it.  Between steps a worker has neither
 * transaction nor lock.  Steps do not nest.
 */
#ifndef AC_WORKER_STEP_H
#define AC_WORKER_STEP_H

#include "ac.h"

/* Begins a step; memory is allocated in cxt from now on. */
extern void ac_step_begin(MemoryContext cxt);

/*
 * Is the extension here?  If so it stays until the end of the transaction.  To
 * be asked before the first of its tables is touched: DROP EXTENSION has this
 * lock first, so that neither waits for the other with a table of its own.
 */
extern bool ac_step_has_extension(void);

/* Ends it by a commit; cxt stays the current one. */
extern void ac_step_end(void);

/*
 * Does something that may have steps, outside of any.  What it throws is
 * logged, with what was being done as its context, and goes no further: false.
 * What was allocated stays in the current context, which the caller may delete.
 */
extern bool ac_step_try(void (*action)(void *), void *arg, const char *what);

#endif /* AC_WORKER_STEP_H */
