/*
 * passes.c
 *		Which passes does a scan consist of, and which are under way?
 *
 * See passes.h.  The combinations of the lists' values are counted through
 * like an odometer, the last list fastest.
 */
#include "ac.h"

#include "fdw/budget.h"
#include "fdw/passes.h"
#include "fdw/refusal.h"
#include "fdw/scan.h"
#include "fdw/sendvalue.h"
#include "fdw/valuelist.h"
#include "pg/report.h"
#include "policy/pager.h"
#include "utils/memutils.h"

/* As policy/pager has it for pages: this part of the passes that were opened
 * is under way where the query may stop at any row. */
#define STOP_SHARE 4

/* ---- the beginning ---- */

/* The list of params_union, where that is in force. */
static void
load_series(AcScanState *state)
{
	const AcSeries *series = &state->series;
	AcValueList *list = &state->passes.lists[state->n_quals];

	if (!ac_series_in_force(series, &state->query))
		return;
	list->n = series->n;
	list->texts = (const char **) series->values;
	ac_valuelist_cut(list, AC_LIST_NONE, 1);
	state->passes.n_lists++;
}

/* Takes the list of a column that the walk gives values to, if there is one. */
static const AcValueList *
take_list(AcScanState *state, AttrNumber attnum)
{
	static const char *none[] = {NULL};

	for (int i = 0; i < state->n_quals; i++)
	{
		AcValueList *list = &state->passes.lists[i];
		AcValueList *taken;

		if (state->quals[i].column->attnum != attnum ||
			state->quals[i].bound != AC_BOUND_NONE ||
			state->query.filters[i].via == AC_SEND_NOT)
			continue;
		taken = palloc(sizeof(AcValueList));
		*taken = *list;
		*list = (AcValueList){.texts = none, .n = 1, .n_batches = 1};
		state->query.filters[i].via = AC_SEND_NOT;
		return taken;
	}
	return NULL;
}

/* Of how many rows of the parent the values travel together. */
static void
prepare_batches(AcScanState *state)
{
	AcWalkBatch *walked = &state->passes.walked;
	const AcParent *parent = state->parent;
	const AcColumn *column = ac_table_column(state->table, parent->own[0]);

	/* 404 for one among several would tell nothing of the others */
	walked->form = parent->n == 1 && !column->is_path_var ? ac_column_list(state->table, column)
														  : AC_LIST_NONE;
	walked->room = walked->form == AC_LIST_NONE
					   ? 1
					   : column->options->param_list_max;
	walked->texts = palloc0(sizeof(char **) * walked->room);
	walked->cxt = AllocSetContextCreate(CurrentMemoryContext,
										"autoconn walk batch",
										ALLOCSET_SMALL_SIZES);
}

/* Begins the walk over the parent's rows, where that has values to give. */
static void
begin_walk(AcScanState *state)
{
	const AcParent *parent = state->parent;
	const AcValueList **allowed;

	if (parent == NULL)
		return;
	allowed = palloc(sizeof(AcValueList *) * parent->n);
	for (int i = 0; i < parent->n; i++)
		allowed[i] = take_list(state, parent->own[i]);
	prepare_batches(state);
	state->passes.walk = ac_walk_begin(state, parent, allowed);
}

bool
ac_passes_begin(AcScanState *state, ExprContext *econtext)
{
	AcPasses *passes = &state->passes;

	memset(passes, 0, sizeof(*passes));
	dlist_init(&passes->open);
	passes->lists = palloc0(sizeof(AcValueList) * (state->n_quals + 1));
	passes->at = palloc0(sizeof(int) * (state->n_quals + 1));
	passes->n_lists = state->n_quals;
	for (int i = 0; i < state->n_quals; i++)
		if (!ac_valuelist_load(state, i, econtext))
			return false;
	begin_walk(state);
	load_series(state);
	passes->more = true;
	return true;
}

/* ---- opening ---- */

/* Moves on to the next combination; there may be none of these values. */
static void
turn(AcPasses *passes)
{
	for (int i = passes->n_lists - 1; i >= 0; i--)
	{
		if (++passes->at[i] < passes->lists[i].n_batches)
			return;
		passes->at[i] = 0;
	}
	passes->at_row = false;
	passes->more = passes->walk != NULL;
	if (passes->walk == NULL)
		return;
	passes->walked.n = 0;
	passes->walked.bytes = 0;
	MemoryContextReset(passes->walked.cxt);
}

AC_NORETURN static void reject_walked(const AcScanState *state,
									  const char *text);

static void
reject_walked(const AcScanState *state, const char *text)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("value \"%s\" of \"%s\" cannot stand in a list of values",
					text, state->parent->name),
			 errhint("Drop the column option \"param_list\" of foreign table \"%s\".",
					 state->table->name)));
}

/* The row that the walk stands at joins the batch. */
static void
keep_walked(AcScanState *state, const char *const *texts)
{
	AcWalkBatch *walked = &state->passes.walked;
	MemoryContext old = MemoryContextSwitchTo(walked->cxt);
	const char **copy = palloc(sizeof(char *) * state->parent->n);

	for (int i = 0; i < state->parent->n; i++)
	{
		if (!ac_list_may_hold(walked->form, texts[i]))
			reject_walked(state, texts[i]);
		copy[i] = pstrdup(texts[i]);
	}
	walked->texts[walked->n++] = copy;
	MemoryContextSwitchTo(old);
}

/*
 * Adds rows to the batch; true once it is full, or has all that there are.
 * Whether it waits for them is to be said.
 */
static bool
walk_on(AcScanState *state, bool wait)
{
	AcPasses *passes = &state->passes;
	AcWalkBatch *walked = &passes->walked;
	int64 before = ac_walk_stats(passes->walk).started;
	const char **texts;
	bool full = false;

	while (!full && ac_walk_next(passes->walk, &texts, wait))
	{
		keep_walked(state, texts);
		/* each byte may become three, and a separator follows */
		walked->bytes += 3 * strlen(texts[0]) + 3;
		full = walked->n == walked->room || walked->bytes >= AC_LIST_BYTES;
	}
	state->stats.started += ac_walk_stats(passes->walk).started - before;
	return full || (walked->n > 0 && !ac_walk_is_pending(passes->walk));
}

/*
 * Is there a combination to be opened?  Waits for a row of the parent only if
 * there is nothing else to do.
 */
static bool
find_next(AcScanState *state)
{
	AcPasses *passes = &state->passes;

	if (passes->more && passes->walk != NULL && !passes->at_row)
	{
		passes->at_row = walk_on(state, passes->n_open == 0 && !state->no_wait);
		passes->more = passes->at_row || ac_walk_is_pending(passes->walk);
	}
	return passes->more && (passes->walk == NULL || passes->at_row);
}

/* Adds the values of the parent's rows. */
static void
add_walked(const AcScanState *state, AcPass *pass, Datum *shown)
{
	const AcParent *parent = state->parent;
	const AcWalkBatch *walked = &state->passes.walked;

	for (int i = 0; state->passes.walk != NULL && i < parent->n; i++)
	{
		AcQueryFilter *filter = &pass->query.filters[pass->query.n_filters];
		const AcColumn *column = ac_table_column(state->table, parent->own[i]);
		const char **texts = palloc(sizeof(char *) * walked->n);

		for (int j = 0; j < walked->n; j++)
			texts[j] = pstrdup(walked->texts[j][i]);
		ac_request_filter(state->table, column, AC_BOUND_NONE, filter);
		filter->via = column->is_path_var ? AC_SEND_PATH : AC_SEND_QUERY;
		filter->texts = texts;
		filter->n = walked->n;
		shown[pass->query.n_filters] = ac_sendvalue_shown(texts[0], column->type,
														  column->typmod);
		pass->walks_many = walked->n > 1;
		pass->query.n_filters++;
	}
}

/* Adds the value of params_union. */
static void
add_member(const AcScanState *state, AcPass *pass)
{
	const AcPasses *passes = &state->passes;
	const AcValueList *list = &passes->lists[state->n_quals];
	int at = passes->at[state->n_quals];

	if (passes->n_lists == state->n_quals)
		return;
	pass->member = list->texts[at];
	ac_series_filter(&state->series, &list->texts[at],
					 &pass->query.filters[pass->query.n_filters++]);
}

/* Adds the values of the quals. */
static void
add_listed(const AcScanState *state, AcPass *pass, Datum *shown)
{
	const AcPasses *passes = &state->passes;

	for (int i = 0; i < state->n_quals; i++)
	{
		const AcValueList *list = &passes->lists[i];
		AcQueryFilter *filter = &pass->query.filters[i];
		int start = ac_valuelist_batch(list, passes->at[i], &filter->n);

		if (pass->falls_back && i == passes->refused_list)
			filter->via = AC_SEND_NOT;

		filter->texts = list->texts + start;
		if (list->shown != NULL)
			shown[i] = list->shown[start];
	}
}

/* The only column of the key, NULL if there are several or none. */
static const AcColumn *
sole_key(const AcTable *table)
{
	const AcColumn *key = NULL;

	for (int i = 0; i < table->n_columns; i++)
	{
		const AcColumn *column = &table->columns[i];

		if (column->dropped || !column->options->key)
			continue;
		if (key != NULL)
			return NULL;
		key = column;
	}
	return key;
}

/* Does some filter name all rows that there can be? */
static void
expect_rows(const AcScanState *state, AcPass *pass)
{
	const AcColumn *key = sole_key(state->table);

	pass->by_key = -1;
	/* a key may be one among the rows of each parent only */
	if (pass->walks_many)
		return;
	for (int i = 0; key != NULL && i < state->n_quals; i++)
	{
		const AcQueryFilter *filter = &pass->query.filters[i];

		if (state->quals[i].column != key || filter->via != AC_SEND_QUERY ||
			filter->bound != AC_BOUND_NONE || ac_column_is_param_only(key) ||
			key->is_path_var || state->table->options->nested_path != NULL)
			continue;
		pass->by_key = i;
		pass->seen = palloc0(sizeof(bool) * filter->n);
	}
}

/* A pass of the values at the odometer's place, without a reader. */
static AcPass *
create_pass(AcScanState *state)
{
	AcPasses *passes = &state->passes;
	MemoryContext cxt = AllocSetContextCreate(state->request_cxt,
											  "autoconn pass",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcPass *pass = palloc0(sizeof(AcPass));
	int most = state->n_quals + 1 +
			   (state->parent != NULL ? state->parent->n : 0);
	Datum *shown = palloc0(sizeof(Datum) * most);
	int *at = palloc(sizeof(int) * (passes->n_lists + 1));

	memcpy(at, passes->at, sizeof(int) * passes->n_lists);
	pass->cxt = cxt;
	pass->at = at;
	pass->falls_back = passes->falling_back;
	pass->query = state->query;
	pass->query.filters = palloc0(sizeof(AcQueryFilter) * most);
	memcpy(pass->query.filters, state->query.filters,
		   sizeof(AcQueryFilter) * state->n_quals);
	add_listed(state, pass, shown);
	add_walked(state, pass, shown);
	expect_rows(state, pass);
	pass->shown = shown;
	MemoryContextSwitchTo(old);
	return pass;
}

/*
 * URL and body of the pass.  A key that cannot stand in a path (an empty
 * text, say) cannot be looked up; the collection may have it nevertheless.
 */
static void
name_request(AcScanState *state, AcPass *pass, AcReaderRequest *request)
{
	AcRestForm form = ac_request_form(state->table,
									  ac_connection_base(state->conn));
	AcRestRequest rendered;
	AcError err;

	request->filtered = ac_query_is_filtered(&pass->query);
	add_member(state, pass);
	request->item = pass->query.item &&
					ac_rest_render(&form, &pass->query, &rendered, &err);
	if (!request->item)
	{
		pass->query.item = false;
		if (!ac_rest_render(&form, &pass->query, &rendered, &err))
			ac_report_error(&err);
		ac_series_check(&state->series, state->table, &pass->query);
	}
	request->url = rendered.url;
	request->body = rendered.body;
}

/* Several values in the path: 404 tells nothing of each. */
static bool
lists_in_path(const AcPass *pass)
{
	for (int i = 0; i < pass->query.n_filters; i++)
		if (pass->query.filters[i].via == AC_SEND_PATH &&
			pass->query.filters[i].n > 1)
			return true;
	return false;
}

/* Opens the pass at the odometer's place and sends its first request. */
static void
open_pass(AcScanState *state)
{
	AcPasses *passes = &state->passes;
	AcPass *pass = create_pass(state);
	MemoryContext old = MemoryContextSwitchTo(pass->cxt);
	AcReaderRequest request = {0};

	name_request(state, pass, &request);
	request.conn = state->conn;
	request.table = state->table->name;
	request.endpoint = request.item ? state->table->options->item_path
									: state->table->options->path;
	/* whether the parent's rows or the query named the value */
	request.child = (state->walks || passes->walk != NULL ||
					 state->table->options->parent != NULL) &&
					!lists_in_path(pass);
	request.page_size = ac_scan_page_size(state);
	request.wanted = state->wanted;
	if (pass->by_key >= 0 && state->wanted < 0)
		request.wanted = pass->query.filters[pass->by_key].n;
	request.cache_ms = state->table->options->cache_ttl_ms;
	request.on_incomplete = state->table->options->on_incomplete;
	request.max_pages = state->table->options->max_pages;
	request.max_requests = state->table->options->max_requests > 0
							   ? state->table->options->max_requests
							   : -1;
	request.tell_refusal = ac_refusal_is_told(state, pass);
	request.refuse_early = ac_budget_foresees_pages(state);
	request.items = state->detail != NULL;
	request.stats = &state->stats;
	pass->reader = ac_reader_open(request.item ? state->item_plan
											   : state->list_plan,
								  &request);
	dlist_push_tail(&passes->open, &pass->node);
	passes->n_open++;
	passes->opened++;
	MemoryContextSwitchTo(old);
	turn(passes);
	if (passes->n_open > 1)
		ac_reader_start(pass->reader);
}

/*
 * How many passes are under way at once.  Where few rows are wanted, one for
 * each is the most that can be of use; where nobody knows how many, a share of
 * those that there were.
 */
static int
window(const AcScanState *state)
{
	int most = ac_connection_options(state->conn)->max_concurrency;

	if (state->wanted == AC_PAGER_PERHAPS)
		return (int) Min(most, 1 + state->passes.opened / STOP_SHARE);
	if (state->wanted < 0)
		return most;
	return (int) Max(1, Min(most, state->wanted - state->delivered));
}

static void
close_first(AcScanState *state)
{
	AcPasses *passes = &state->passes;
	AcPass *pass = dlist_container(AcPass, node,
								   dlist_pop_head_node(&passes->open));

	passes->n_open--;
	if (state->pass == pass)
		state->pass = NULL;
	ac_reader_close(pass->reader);
	MemoryContextDelete(pass->cxt);
}

bool
ac_passes_next(AcScanState *state)
{
	AcPasses *passes = &state->passes;

	if (state->pass != NULL)
	{
		ac_refusal_take(state);
		if (state->caught)
			return false;
		close_first(state);
	}
	while (passes->n_open < window(state) && find_next(state))
	{
		ac_budget_check_passes(state);
		open_pass(state);
	}
	if (passes->n_open == 0 && !passes->more && ac_refusal_wants_pass(state))
		open_pass(state);
	state->pending = dlist_is_empty(&passes->open) && passes->more;
	if (dlist_is_empty(&passes->open))
		return false;
	state->pass = dlist_head_element(AcPass, node, &passes->open);
	return true;
}

/* Adds what reading the parent took. */
static void
add_walk(const AcWalk *walk, AcFetchStats *stats)
{
	AcFetchStats took = ac_walk_stats(walk).fetch;

	stats->requests += took.requests;
	stats->retries += took.retries;
	stats->bytes += took.bytes;
	stats->wait_ms += took.wait_ms;
	stats->cache_hits += took.cache_hits;
}

void
ac_passes_end(AcScanState *state)
{
	AcPasses *passes = &state->passes;

	passes->more = false;
	while (passes->n_open > 0)
		close_first(state);
	if (passes->walk == NULL)
		return;
	add_walk(passes->walk, &state->stats.fetch);
	ac_walk_end(passes->walk);
	passes->walk = NULL;
}

void
ac_passes_add_pending(const AcScanState *state, AcFetchStats *stats)
{
	dlist_iter iter;

	if (state->passes.walk != NULL)
		add_walk(state->passes.walk, stats);
	dlist_foreach (iter, unconstify(dlist_head *, &state->passes.open))
		ac_reader_add_pending(dlist_container(AcPass, node, iter.cur)->reader,
							  stats);
}

/* ---- rows ---- */

/* The place of the current pass's first value in the list. */
static int
first_of_pass(const AcScanState *state, int list)
{
	int n;

	return ac_valuelist_batch(&state->passes.lists[list], state->pass->at[list], &n);
}

bool
ac_passes_is_other(const AcScanState *state, int list, const char *text)
{
	const AcValueList *values = &state->passes.lists[list];
	int place;
	int start;
	int n;

	if (values->n_batches == 1)
		return false;
	place = ac_valuelist_place(values, text);
	if (state->pass->falls_back && list == state->passes.refused_list)
		return place >= 0 && !state->passes.refused[place];
	start = ac_valuelist_batch(values, state->pass->at[list], &n);
	return place >= 0 && (place < start || place >= start + n);
}

void
ac_passes_note_row(AcScanState *state, const TupleTableSlot *slot)
{
	AcPass *pass = state->pass;
	const AcQueryFilter *filter;
	const AcColumn *key;
	AcReading reading;
	const char *text;
	int place;

	if (pass->by_key < 0)
		return;
	filter = &pass->query.filters[pass->by_key];
	key = state->quals[pass->by_key].column;
	if (slot->tts_isnull[key->attnum - 1])
		return;
	reading = ac_reading_of(key->options);
	text = ac_sendvalue_text(slot->tts_values[key->attnum - 1], key->type,
							 &reading);
	if (text == NULL)
		return;
	place = filter->n == 1
				? (strcmp(filter->texts[0], text) == 0 ? 0 : -1)
				: ac_valuelist_place(&state->passes.lists[pass->by_key], text) -
					  first_of_pass(state, pass->by_key);
	if (place < 0 || place >= filter->n || pass->seen[place])
		return;
	pass->seen[place] = true;
	pass->n_seen++;
}

bool
ac_passes_walks_from(const AcScanState *state, const AcColumn *column,
					 const char *text)
{
	const AcQueryFilter *filter = ac_query_equality(&state->pass->query,
													column->attnum);

	for (int i = 0; i < filter->n; i++)
		if (strcmp(filter->texts[i], text) == 0)
			return true;
	return false;
}
