/*
 * audit.h
 *		Does the API choose rows by what it is sent?
 *
 * The executor checks all quals, so that no wrong row is shown; but an API
 * that does not know a parameter may as well have withheld rows.  So those that
 * were sent are looked at on the rows that come, and a parameter that is
 * ignored is not sent again.
 */
#ifndef AC_FDW_AUDIT_H
#define AC_FDW_AUDIT_H

#include "ac.h"

#include "fdw/scan.h"

/*
 * Counts a row that a sent qual should have kept away.  False if it proves that
 * the API ignores a parameter: that is switched off, with a WARNING.
 */
extern bool ac_audit_row(AcScanState *state, TupleTableSlot *slot,
						 ExprContext *econtext);

/*
 * Does the row come with another pass, too?  In answer to a value that was
 * sent it shows that the API does not choose rows by it: state->caught.
 */
extern bool ac_audit_comes_again(AcScanState *state,
								 const TupleTableSlot *slot);

#endif /* AC_FDW_AUDIT_H */
