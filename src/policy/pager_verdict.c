/*
 * pager_verdict.c
 *		How did a collection that was read end?
 *
 * For EXPLAIN, once the pager is done without an error.
 */
#include "ac.h"

#include "policy/pager_int.h"

/* "complete", and in how many windows. */
static const char *
completed(const AcPager *pager)
{
	return pager->cut ? psprintf("complete in %d windows", pager->n_windows)
					  : "complete";
}

const char *
ac_pager_verdict(const AcPager *pager)
{
	long long first = pager->cut ? pager->whole_total : pager->first_total;
	long long last = pager->cut ? pager->whole_total : pager->last_total;
	long long rows = pager->all_rows;

	if (last < 0)
		return completed(pager);
	/* answers that came in another order than they were asked for */
	if (!pager->cut && first == last)
		last = pager->greatest_total > first ? pager->greatest_total
											 : pager->least_total;
	if (first != last)
		return psprintf("complete (total moved %lld to %lld)%s", first, last,
						ac_pager_is_positional(pager)
							? "; rows may have been missed or repeated: the collection changed while it was paged"
							: "");
	if (last == rows)
		return psprintf("%s (total matched)", completed(pager));
	return psprintf("%s (total said %lld, %lld rows came)", completed(pager),
					last, rows);
}
