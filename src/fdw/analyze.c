/*
 * analyze.c
 *		Which rows are a fair sample of a foreign table?
 *
 * Where pages are counted and the API tells how many rows there are, pages from
 * all over the collection, one at a random place in each of as many equal
 * parts.  Else an API gives no random rows, so all of them are read; that may
 * be many requests, but only happens when somebody asks for ANALYZE of this
 * very table, since autovacuum passes foreign tables over.  A reservoir keeps
 * the sample (J. S. Vitter's algorithm Z, as ANALYZE itself does it).
 *
 * Columns that the rows of a list do not show (table option detail, parameters
 * without a field) are NULL in all of them, which is no statistic: what
 * ANALYZE makes of it is removed again, before its transaction commits.  A
 * request for each row of the sample would be thousands, and ANALYZE has one
 * sample for all columns, so a smaller one would spoil the others.
 *
 * Rejected: a hook around the command.  This library may have been loaded by
 * it, and it commits, and so unlocks the table, before it is over.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "catalog/heap.h"
#include "commands/vacuum.h"
#include "executor/tuptable.h"
#include "fdw/fdw.h"
#include "fdw/scan.h"
#include "miscadmin.h"
#include "pg/report.h"
#include "pg/xactlist.h"
#include "policy/pager.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/sampling.h"
#include "utils/snapmgr.h"

/*
 * Pages of a sample.  Of pages with 100 rows that is a third of the rows that
 * ANALYZE asks for by default, as many as give histograms of use; more requests
 * would cost more than better estimates spare.
 */
#define SAMPLE_PAGES 100

/* Pages with fewer rows than this part of what the total leads to belie it. */
#define FAIR_SHARE 0.9

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

/* ---- all rows ---- */

static void
read_all(AcScanState *state, AcSampler *sampler, TupleTableSlot *slot)
{
	while (ac_scan_next(state, slot, NULL))
	{
		CHECK_FOR_INTERRUPTS();
		offer_row(sampler, slot);
	}
}

/* ---- some pages ---- */

/* Pages here and there of a collection. */
typedef struct Pages
{
	int64 total;  /* rows in all, as the API tells */
	int64 size;	  /* rows on a page */
	int64 n;	  /* pages in all */
	int n_read;	  /* of these */
	int64 n_rows; /* on them */
} Pages;

/* May a page be asked for by its place alone? */
static bool
has_places(const AcScanState *state)
{
	const AcPaging *paging = &state->table->options->paging;

	return (paging->style == AC_PAGER_PAGE ||
			paging->style == AC_PAGER_OFFSET) &&
		   paging->page_param != NULL && paging->size_param != NULL &&
		   ac_page_place(paging->page_param) == AC_PLACE_QUERY &&
		   ac_page_place(paging->size_param) == AC_PLACE_QUERY &&
		   paging->depth_limit == 0 && state->parent == NULL &&
		   state->series.param == NULL &&
		   state->table->options->body == NULL &&
		   state->table->options->nested_path == NULL;
}

/*
 * Which pages are to be read; false if all rows are.  Asks the API how many
 * there are.
 */
static bool
choose_pages(AcScanState *state, Pages *pages)
{
	pages->size = ac_scan_page_size(state);
	if (pages->size <= 0 || !has_places(state))
		return false;
	pages->total = ac_scan_total(state, NULL);
	state->query.count = false;
	if (pages->total <= 0)
		return false;
	pages->n = (pages->total + pages->size - 1) / pages->size;
	pages->n_read = SAMPLE_PAGES;
	return pages->n > SAMPLE_PAGES;
}

/* The URL of one page, by its number from 0. */
static char *
page_url(const AcScanState *state, const Pages *pages, int64 number)
{
	const AcPaging *paging = &state->table->options->paging;
	AcRestForm form = ac_request_form(state->table,
									  ac_connection_base(state->conn));
	int64 position = paging->style == AC_PAGER_PAGE
						 ? number + Max(paging->first_page, 0)
						 : number * pages->size;
	AcRestRequest request;
	AcUrl url;
	AcError err;

	if (!ac_rest_render(&form, &state->query, &request, &err) ||
		!ac_url_parse(request.url, &url, &err))
		ac_report_error(&err);
	url.query = ac_url_set_query(url.query, paging->page_param,
								 psprintf(INT64_FORMAT, position));
	url.query = ac_url_set_query(url.query, paging->size_param,
								 psprintf(INT64_FORMAT, pages->size));
	return ac_url_text(&url);
}

/* A reader of one page of each part, at a random place in it. */
static AcPageReader *
open_page(AcScanState *state, const AcReaderPlan *plan, const Pages *pages,
		  AcSampler *sampler, int part)
{
	double width = (double) pages->n / pages->n_read;
	double at = (part + sampler_random_fract(&sampler->reservoir.randstate)) * width;
	AcReaderRequest request = {
		.conn = state->conn,
		.table = state->table->name,
		.url = page_url(state, pages, (int64) at),
		.page_size = -1,
		.wanted = -1,
		.max_requests = state->table->options->max_requests > 0
							? state->table->options->max_requests
							: -1,
		.on_incomplete = state->table->options->on_incomplete,
		.stats = &state->stats,
	};
	AcPageReader *reader = ac_reader_open(plan, &request);

	ac_reader_start(reader);
	return reader;
}

/* Offers the rows of a page. */
static void
read_page(AcScanState *state, AcPageReader *reader, AcSampler *sampler,
		  TupleTableSlot *slot, Pages *pages)
{
	AcPass pass = {.reader = reader, .by_key = -1};

	state->pass = &pass;
	while (ac_reader_next(reader, state->fields))
	{
		MemoryContext old;
		bool good;

		CHECK_FOR_INTERRUPTS();
		ExecClearTuple(slot);
		MemoryContextReset(state->row_cxt);
		old = MemoryContextSwitchTo(state->row_cxt);
		good = ac_scan_fill_slot(state, slot);
		MemoryContextSwitchTo(old);
		pages->n_rows++;
		if (!good)
			continue;
		ExecStoreVirtualTuple(slot);
		offer_row(sampler, slot);
	}
	ExecClearTuple(slot);
	state->pass = NULL;
	ac_reader_close(reader);
}

/* Reads the pages, some of them ahead. */
static void
read_pages(AcScanState *state, AcSampler *sampler, TupleTableSlot *slot,
		   Pages *pages)
{
	AcPaging none = {.style = AC_PAGER_NONE};
	const AcReaderPlan *plan = ac_scan_reader_plan(state,
												   ac_option_rows(state->table->options),
												   &none);
	int window = Min(ac_connection_options(state->conn)->max_concurrency,
					 pages->n_read);
	AcPageReader **ahead = palloc(sizeof(AcPageReader *) * window);
	int opened = 0;

	for (int i = 0; i < pages->n_read; i++)
	{
		for (; opened < pages->n_read && opened < i + window; opened++)
			ahead[opened % window] = open_page(state, plan, pages, sampler,
											   opened);
		read_page(state, ahead[i % window], sampler, slot, pages);
	}
}

/*
 * Rows in all: what the API tells, unless the pages have not as many rows as
 * they should.
 */
static double
total_of(const Pages *pages)
{
	double found = (double) pages->n_rows / pages->n_read * pages->n;

	if (found >= (double) pages->total * FAIR_SHARE)
		return (double) pages->total;
	return found;
}

/* ---- what is no statistic ---- */

/* Columns of which an ANALYZE of this transaction saw no value. */
static List *unseen = NIL;

/* Do the rows of a list, read without values, not show the column? */
static bool
is_unseen(const AcScanState *state, const AcColumn *column)
{
	if (column->dropped)
		return false;
	return column->is_detail ||
		   (ac_column_is_param_only(column) &&
			!(state->parent != NULL &&
			  ac_walk_gives(state->parent, column->attnum)));
}

/* The table is locked until the end, as ANALYZE has locked it. */
static void
remove_unseen(void)
{
	ListCell *lc;

	if (unseen == NIL)
		return;
	/* rows of pg_statistic may have parts elsewhere */
	PushActiveSnapshot(GetTransactionSnapshot());
	CommandCounterIncrement();
	foreach (lc, unseen)
	{
		const AcXactItem *item = lfirst(lc);

		RemoveStatistics(item->object, item->attnum);
	}
	PopActiveSnapshot();
	ac_xactlist_clear(&unseen);
}

static void
on_xact_event(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE)
		remove_unseen();
	else if (event == XACT_EVENT_ABORT)
		ac_xactlist_clear(&unseen);
}

static void
on_subxact_event(SubXactEvent event, SubTransactionId sub,
				 SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		ac_xactlist_abort(&unseen, sub);
}

static void
add_unseen(Oid relid, AttrNumber attnum)
{
	static bool registered = false;

	if (!registered)
	{
		RegisterXactCallback(on_xact_event, NULL);
		RegisterSubXactCallback(on_subxact_event, NULL);
	}
	registered = true;
	ac_xactlist_add(&unseen, relid, attnum);
}

static void
note_unseen(const AcScanState *state)
{
	for (int i = 0; i < state->table->n_columns; i++)
		if (is_unseen(state, &state->table->columns[i]))
			add_unseen(state->table->relid, state->table->columns[i].attnum);
}

/* ---- ANALYZE ---- */

/* AcquireSampleRowsFunc. */
static int
autoconnAcquireSampleRows(Relation relation, int elevel, HeapTuple *rows,
						  int targrows, double *totalrows, double *totaldeadrows)
{
	AcScanState *state = ac_scan_begin_table(relation, GetUserId());
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(relation),
													&TTSOpsVirtual);
	AcSampler sampler = {.rows = rows, .target = targrows, .to_skip = -1, .cxt = CurrentMemoryContext};
	Pages pages = {0};
	bool some;

	reservoir_init_selection_state(&sampler.reservoir, targrows);
	some = choose_pages(state, &pages);
	if (some)
		read_pages(state, &sampler, slot, &pages);
	else
		read_all(state, &sampler, slot);
	ExecDropSingleTupleTableSlot(slot);
	note_unseen(state);
	ac_scan_end(state);

	*totalrows = some ? total_of(&pages) : sampler.seen;
	*totaldeadrows = 0;
	if (some)
		ereport(elevel,
				(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
				 errmsg("\"%s\": read %d of %lld pages, containing %.0f rows; %d rows in sample, %.0f estimated total rows",
						RelationGetRelationName(relation), pages.n_read,
						(long long) pages.n, sampler.seen, sampler.n,
						*totalrows)));
	else
		ereport(elevel,
				(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
				 errmsg("\"%s\": foreign table contains %.0f rows; %d rows in sample",
						RelationGetRelationName(relation), sampler.seen,
						sampler.n)));
	return sampler.n;
}

/*
 * A table that needs values, for path variables that no parent has values for
 * or for parameters without which the API does not answer, has no rows of its
 * own: it cannot be analyzed.
 */
static bool
needs_values(const AcTable *table)
{
	const AcParent *parent = ac_walk_parent(table, true);

	if (table->path.n_vars > 0 && parent == NULL)
		return true;
	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (!column->dropped && ac_column_is_required(column) &&
			!(parent != NULL && ac_walk_gives(parent, column->attnum)))
			return true;
	}
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
