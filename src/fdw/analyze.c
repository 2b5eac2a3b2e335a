/*
 * analyze.c
 *		Which rows are a fair sample of a foreign table?
 *
 * An API gives no random rows, so all of them are read, and a reservoir keeps
 * the sample (J. S. Vitter's algorithm Z, as ANALYZE itself does it).  That
 * may be many requests: it only happens when somebody asks for ANALYZE of
 * this very table, since autovacuum passes foreign tables over.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "commands/vacuum.h"
#include "executor/tuptable.h"
#include "fdw/fdw.h"
#include "fdw/scan.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/sampling.h"

typedef struct AcSampler
{
	HeapTuple *rows;
	int target; /* rows that fit */
	int n;		/* rows kept */
	double seen;
	double to_skip; /* rows to pass over, -1: not yet decided */
	ReservoirStateData reservoir;
	MemoryContext cxt; /* of the rows */
} AcSampler;

/* Where the row goes in the sample, -1: it does not. */
static int
place_of_row(AcSampler *sampler)
{
	int place = -1;

	if (sampler->n < sampler->target)
		return sampler->n++;
	if (sampler->to_skip < 0)
		sampler->to_skip = reservoir_get_next_S(&sampler->reservoir,
												sampler->seen,
												sampler->target);
	if (sampler->to_skip <= 0)
	{
		place = (int) (sampler->target *
					   sampler_random_fract(&sampler->reservoir.randstate));
		Assert(place >= 0 && place < sampler->target);
		heap_freetuple(sampler->rows[place]);
	}
	sampler->to_skip--;
	return place;
}

static void
offer_row(AcSampler *sampler, TupleTableSlot *slot)
{
	int place = place_of_row(sampler);

	if (place >= 0)
	{
		MemoryContext old = MemoryContextSwitchTo(sampler->cxt);

		sampler->rows[place] = ExecCopySlotHeapTuple(slot);
		MemoryContextSwitchTo(old);
	}
	sampler->seen++;
}

/* AcquireSampleRowsFunc. */
static int
autoconnAcquireSampleRows(Relation relation, int elevel, HeapTuple *rows,
						  int targrows, double *totalrows, double *totaldeadrows)
{
	AcScanState *state = ac_scan_begin_table(relation, GetUserId());
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(relation),
													&TTSOpsVirtual);
	AcSampler sampler = {.rows = rows, .target = targrows, .to_skip = -1, .cxt = CurrentMemoryContext};

	reservoir_init_selection_state(&sampler.reservoir, targrows);
	while (ac_scan_next(state, slot, NULL))
	{
		CHECK_FOR_INTERRUPTS();
		offer_row(&sampler, slot);
	}
	ExecDropSingleTupleTableSlot(slot);
	ac_scan_end(state);

	*totalrows = sampler.seen;
	*totaldeadrows = 0;
	ereport(elevel,
			(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
			 errmsg("\"%s\": foreign table contains %.0f rows; %d rows in sample",
					RelationGetRelationName(relation), sampler.seen,
					sampler.n)));
	return sampler.n;
}

/*
 * A table that needs values, for path variables or for parameters without
 * which the API does not answer, has no rows of its own: it cannot be
 * analyzed.
 */
static bool
needs_values(const AcTable *table)
{
	if (table->path.n_vars > 0)
		return true;
	for (int i = 0; i < table->n_columns; i++)
		if (!table->columns[i].dropped &&
			ac_column_is_required(&table->columns[i]))
			return true;
	return false;
}

bool
autoconnAnalyzeForeignTable(Relation relation, AcquireSampleRowsFunc *func,
							BlockNumber *totalpages)
{
	AcTable *table = ac_table_load(RelationGetRelid(relation));

	if (needs_values(table))
		return false;
	*func = autoconnAcquireSampleRows;
	/* Pages of 8 kB do not exist; any positive number will do. */
	*totalpages = 1;
	return true;
}
