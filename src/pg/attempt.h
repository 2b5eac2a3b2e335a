/*
 * attempt.h
 *		How is something tried whose failure is no failure of the query?
 */
#ifndef AC_PG_ATTEMPT_H
#define AC_PG_ATTEMPT_H

#include "ac.h"

/*
 * Runs work in a subtransaction, in the current memory context, because it may
 * leave anything behind when it throws.  Returns NULL, or the error that it
 * threw, whose effects are undone; a caller who did not mean to catch such an
 * error throws it on.
 */
extern ErrorData *ac_attempt(void (*work)(void *arg), void *arg);

#endif /* AC_PG_ATTEMPT_H */
