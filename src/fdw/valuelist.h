/*
 * valuelist.h
 *		Which values does a qual send, and which of them travel together?
 */
#ifndef AC_FDW_VALUELIST_H
#define AC_FDW_VALUELIST_H

#include "ac.h"

#include "fdw/passes.h"
#include "nodes/primnodes.h"

struct AcScanQual;

/*
 * Evaluates what qual number i sends, into its list of the passes.  False if
 * that is NULL, or nothing that the column's type has: then the qual is true
 * for no row.
 */
extern bool ac_valuelist_load(struct AcScanState *state, int i,
							  ExprContext *econtext);

/*
 * Why a scan would not send a constant that the API need not be given; NULL: it
 * would.
 */
extern const char *ac_valuelist_why_left(const struct AcScanQual *qual,
										 const Const *value);

/* Cuts the list into what travels together: each value alone, or batches. */
extern void ac_valuelist_cut(AcValueList *list, AcListForm form, int max);

/* The first value of a batch, and in *n how many there are. */
extern int ac_valuelist_batch(const AcValueList *list, int at, int *n);

/* Where a list of several has the text; -1: nowhere. */
extern int ac_valuelist_place(const AcValueList *list, const char *text);

#endif /* AC_FDW_VALUELIST_H */
