/*
 * measure.c
 *		What did reading a table show of its size, and of how fast the API is?
 *		See measure.h.
 */
#include "ac.h"

#include "pg/measure.h"
#include "pg/stats.h"
#include "utils/hsearch.h"

/* Of a table, where there is no shared memory; by its OID. */
typedef struct Kept
{
	Oid relid;
	Oid serverid;
	int64 total;
	int64 page_rows;
} Kept;

static HTAB *kept = NULL;

static void
keep(Oid relid, Oid serverid, int64 total, int64 page_rows)
{
	Kept *entry;
	bool found;

	if (kept == NULL)
	{
		HASHCTL control = {.keysize = sizeof(Oid), .entrysize = sizeof(Kept)};

		kept = hash_create("autoconn measures", 64, &control,
						   HASH_ELEM | HASH_BLOBS);
	}
	entry = hash_search(kept, &relid, HASH_ENTER, &found);
	if (!found || entry->serverid != serverid)
	{
		entry->serverid = serverid;
		entry->total = entry->page_rows = -1;
	}
	if (total >= 0)
		entry->total = total;
	if (page_rows >= 0)
		entry->page_rows = page_rows;
}

void
ac_measure_note(Oid relid, Oid serverid, int64 total, int64 page_rows)
{
	if ((total >= 0 || page_rows >= 0) &&
		!ac_stats_note(relid, serverid, total, page_rows))
		keep(relid, serverid, total, page_rows);
}

AcMeasure
ac_measure_of(Oid relid, Oid serverid)
{
	AcMeasure measure = {-1, -1, -1};
	const Kept *entry;

	if (ac_stats_of(relid, serverid, &measure) || kept == NULL)
		return measure;
	entry = hash_search(kept, &relid, HASH_FIND, NULL);
	if (entry != NULL && entry->serverid == serverid)
	{
		measure.total = entry->total;
		measure.page_rows = entry->page_rows;
	}
	return measure;
}
