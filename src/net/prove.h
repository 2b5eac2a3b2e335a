/*
 * prove.h
 *		Does the API do what the plans of its tables assume?
 *
 * At import every table is sampled: its first page corrects the plan
 * (api/tableplan), further pages prove the pagination, one row's item proves
 * that look-ups by key show the same rows, one call proves that a parameter
 * asks for what changed, values of all tables together prove what refers
 * to what, and a call each proves the filters, bounds and orders that the
 * description offers.  Tables below a path variable are sampled with a value from a row
 * of their parent.  What could not be tried is left unproved, and the
 * evidence says so; only what was proved is used to fetch less than
 * everything.
 *
 * Each kind of request is made for all tables before the next kind is made
 * for any, so that where the budget ends every table has its first page.
 */
#ifndef AC_NET_PROVE_H
#define AC_NET_PROVE_H

#include "ac.h"

#include "api/tableplan.h"
#include "net/connection.h"

/* Budget of the samples of one import, which the user waits for. */
#define AC_PROVE_MAX_REQUESTS 100
#define AC_PROVE_MAX_MS 30000
#define AC_PROVE_AT_ONCE 4

/*
 * Bytes of all sampled bodies together that become trees.  Pages of some 50 kB
 * are asked for, so that a hundred requests need 5 MB; what evaluates a
 * megabyte takes some 40 ms, and a hostile API should not have more than two
 * seconds.
 */
#define AC_PROVE_ALL_BYTES ((int64) 32 * 1024 * 1024)

/* How the trials of an import went. */
typedef struct AcProofReport
{
	int requests;	 /* sent */
	int failed;		 /* tables whose first page did not come */
	AcError failure; /* what happened to the first of them */
	int unread;		 /* tables left as described, for that the samples of
					  * those before were large */
} AcProofReport;

typedef struct AcProofInput
{
	AcConnection *conn;
	const char *base_url; /* below which the paths stand */
	AcTablePlans *plans;  /* get the relations */
	AcTablePlan **wanted; /* those of them that are to be sampled */
	int n_wanted;
	const AcPlanOptions *options;
	bool thorough; /* sample 'on': three pages or 300 rows, and the last */
	bool may_post; /* reads by POST are sampled, too */
} AcProofInput;

/*
 * Samples the plans and notes in each what was found: types, paths and keys
 * corrected, item_proved and increment set, evidence extended;
 * parents of wanted tables are sampled along.  A table that answers with an
 * error is left as described, with the error in its evidence; one that
 * nothing describes gets a skip_reason.  Serves interrupts; throws nothing
 * else.
 */
extern AcProofReport ac_prove_plans(const AcProofInput *input);

#endif /* AC_NET_PROVE_H */
