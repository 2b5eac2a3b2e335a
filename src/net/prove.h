/*
 * prove.h
 *		Does the API do what the plans of its tables assume?
 *
 * At import every table that can be read without a value is sampled: its
 * first page corrects the plan (api/tableplan), its second page proves the
 * pagination, one row's item proves that look-ups by key show the same rows.
 * What could not be tried is left unproved, and the evidence says so; only
 * what was proved is used to fetch less than everything.
 */
#ifndef AC_NET_PROVE_H
#define AC_NET_PROVE_H

#include "ac.h"

#include "api/tableplan.h"
#include "net/connection.h"

/* Budget of the samples of one import (DESIGN 2.1). */
#define AC_PROVE_MAX_REQUESTS 100
#define AC_PROVE_MAX_MS 30000
#define AC_PROVE_AT_ONCE 4

/* How the trials of an import went. */
typedef struct AcProofReport
{
	int requests;	 /* sent */
	int failed;		 /* tables whose first page did not come */
	AcError failure; /* what happened to the first of them */
} AcProofReport;

/*
 * Samples the plans and notes in each what was found: types and paths
 * corrected, item_proved and pages_proved set, evidence extended.  base_url is
 * the URL below which the paths stand.  A table that answers with an error is
 * left as described, with the error in its evidence.  Serves interrupts;
 * throws nothing else.
 */
extern AcProofReport ac_prove_plans(AcConnection *conn, const char *base_url,
									AcTablePlan **plans, int n_plans,
									const AcPlanOptions *options);

#endif /* AC_NET_PROVE_H */
