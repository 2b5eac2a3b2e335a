/*
 * observe.h
 *		What does a sample change in a plan?
 *
 * Declares what observe.c offers to tests beyond ac_tableplan_observe(),
 * which is in tableplan.h.
 */
#ifndef AC_API_OBSERVE_H
#define AC_API_OBSERVE_H

#include "ac.h"

#include "api/shape.h"
#include "api/tableplan_int.h"
#include "api/types.h"

/*
 * The type that holds both what a column was planned for and what was seen
 * (S4): the planned one where everything fits.  described is the
 * kind of the field in the description.
 */
extern AcTypeChoice ac_observe_widen(const char *type, const char *decode,
									 AcShapeKind described,
									 const AcValues *values);

/* A field that was sampled. */
typedef struct AcObserved
{
	const AcShape *shape; /* as described, NULL: it is not */
	const char *name;	  /* of the property, "" if it has none */
	const AcValues *values;
} AcObserved;

/*
 * Corrects a column by the values of its field.  True if they contradict the
 * description.
 */
extern bool ac_observe_column(const AcObserved *field, AcColumnPlan *column);

/*
 * Once all columns stand: what empty texts are to them, and the evidence for
 * their types, as plan->evidence's member "types".
 */
extern void ac_observe_types(AcTablePlan *plan, const AcMembers *members,
							 int n_rows);

#endif /* AC_API_OBSERVE_H */
