/*
 * refusal.h
 *		What if the API refuses a value of the query?
 *
 * 400 or 422 in answer to a value that it does not know: an enumeration's, or
 * one of another form than its identifiers have.  That is no "none": rows may
 * have the value all the same.  Where the refusal is certainly about the value
 * (other values of the list were answered, or the answer names the parameter)
 * and the API answers without it, the table is read without it, once in a
 * scan, and rows are chosen here; in a list, after the values that are
 * answered.  Else it is an error, which says which value it was.
 */
#ifndef AC_FDW_REFUSAL_H
#define AC_FDW_REFUSAL_H

#include "ac.h"

#include "fdw/passes.h"

/* Does the pass ask with values that could be refused? */
extern bool ac_refusal_is_told(const struct AcScanState *state,
							   const AcPass *pass);

/*
 * The current pass ends: notes that it was refused, or that it was not.
 * Throws where nothing can be done; state->caught: all begins anew, without
 * the value.
 */
extern void ac_refusal_take(struct AcScanState *state);

/*
 * After all passes: is one to be opened that has the rows of refused values?
 * Then the passes' places are set for it.  Throws as above.
 */
extern bool ac_refusal_wants_pass(struct AcScanState *state);

/* What EXPLAIN says: columns whose values are chosen here, or NULL. */
extern const char *ac_refusal_columns(const struct AcScanState *state);

#endif /* AC_FDW_REFUSAL_H */
