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
 * (INFERENCE S4): the planned one where everything fits.  described is the
 * kind of the field in the description.
 */
extern AcTypeChoice ac_observe_widen(const char *type, const char *decode,
									 AcShapeKind described,
									 const AcValues *values);

#endif /* AC_API_OBSERVE_H */
