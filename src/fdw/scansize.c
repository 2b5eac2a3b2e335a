/*
 * scansize.c
 *		How much does a scan ask for at once, and what does it show of its
 *		table's size?
 */
#include "ac.h"

#include "fdw/scan.h"
#include "pg/measure.h"

int
ac_scan_page_size(const AcScanState *state)
{
	const AcTableOptions *options = state->table->options;
	AcQueryPage page = {
		.size = options->paging.page_size,
		.least = options->page_size_min,
		.margin = state->sort.key != 0 ? AC_SORT_LOOK_AHEAD : 0,
	};

	if (options->paging.size_param == NULL)
		return -1;
	return ac_query_page_size(&state->query, &page);
}

/* Does nothing keep rows away? */
static bool
reads_all(const AcScanState *state)
{
	for (int i = 0; i < state->query.n_filters; i++)
		if (state->query.filters[i].via != AC_SEND_NOT)
			return false;
	return !state->query.item;
}

void
ac_scan_note_size(const AcScanState *state)
{
	int64 rows = state->stats.rows - state->rows_before;
	int64 pages = state->stats.pages - state->pages_before;
	bool complete = !state->stopped_early && state->verdict != NULL &&
					ac_verdict_is_complete(state->verdict);
	int64 total = -1;

	if (reads_all(state) && complete)
		total = rows;
	else if (reads_all(state) && state->parent == NULL &&
			 state->table->options->nested_path == NULL)
		total = state->stats.activity->total_rows;
	/* the last page is rarely full */
	ac_measure_note(state->table->relid, state->table->serverid, total,
					pages > 1 && !state->query.item && state->wanted < 0
						? (rows + pages - 1) / pages
						: -1);
}
