/*
 * scanmisfit.c
 *		What becomes of values that do not fit their columns?
 *
 * Table option on_error: they stop the scan, which is scan.c's, or they are
 * counted here and told once at its end.
 */
#include "ac.h"

#include "fdw/scan.h"

bool
ac_scan_note_misfit(AcScanState *state, const char *message)
{
	AcScanMisfits *misfits = &state->misfits;
	const AcScanColumn *column = state->converting;
	bool skip = state->table->options->on_error == AC_ON_ERROR_SKIP;

	ac_observe_misfit(state->observation,
					  column != NULL ? column->column : NULL,
					  skip || column == NULL);
	if (misfits->first == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(state->scan_cxt);

		misfits->first = psprintf("%s%s%sow %llu of page %d: %s.",
								  column != NULL ? "Column \"" : "",
								  column != NULL ? column->column->name : "",
								  column != NULL ? "\", r" : "R",
								  (unsigned long long) state->pass->reader->row,
								  state->pass->reader->page, message);
		MemoryContextSwitchTo(old);
	}
	if (skip)
	{
		misfits->rows++;
		return false;
	}
	misfits->values++;
	return true;
}

void
ac_scan_report_misfits(AcScanState *state)
{
	AcScanMisfits *misfits = &state->misfits;

	if (misfits->first == NULL)
		return;
	if (misfits->rows > 0)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("%lld rows of foreign table \"%s\" were left out because a value does not fit its column",
						(long long) misfits->rows, state->table->name),
				 errdetail("%s", misfits->first)));
	else
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("%lld values of foreign table \"%s\" were set to NULL because they do not fit their columns",
						(long long) misfits->values, state->table->name),
				 errdetail("%s", misfits->first)));
	misfits->first = NULL;
}
