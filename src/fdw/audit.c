/*
 * audit.c
 *		Does the API choose rows by what it is sent?  See audit.h.
 */
#include "ac.h"

#include "executor/executor.h"
#include "fdw/audit.h"
#include "fdw/sendvalue.h"
#include "policy/pager.h"

/* Warns once for each parameter that the API ignores. */
static void
switch_off(const AcScanState *state, const AcScanQual *qual)
{
	ac_observe_ignored(state->observation, qual->column, qual->bound);
	if (!ac_qual_switch_off(state->table->relid, qual->column->attnum,
							qual->bound))
		return;
	ereport(WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("the API ignores the parameter \"%s\" of foreign table \"%s\"",
					ac_request_param(qual->column, qual->bound),
					state->table->name),
			 errdetail("It sent rows whose column \"%s\" has another value than was asked for.",
					   qual->column->name),
			 qual->bound == AC_BOUND_NONE
				 ? errhint("Such conditions are not sent again in this session; set the column option operators 'none' to make that permanent.")
				 : errhint("Such conditions are not sent again in this session; drop the column option \"%s\" to make that permanent.",
						   qual->bound == AC_BOUND_FROM ? "param_from"
														: "param_to")));
}

/* Does the row, which violates the qual, show that its value was ignored? */
static bool
shows_ignorance(const AcScanQual *qual, const TupleTableSlot *slot)
{
	AttrNumber attnum = qual->column->attnum;

	if (qual->via != AC_SEND_QUERY)
		return false;
	/* A bound is sent wider than it is. */
	return qual->bound == AC_BOUND_NONE ||
		   (!slot->tts_isnull[attnum - 1] &&
			ac_bound_excludes(qual->column, qual->bound, &qual->wide,
							  slot->tts_values[attnum - 1]));
}

/* A key that cannot stand in a path was not: the collection was asked for. */
static bool
was_sent(const AcScanState *state, int qual)
{
	AcSendVia via = state->pass->query.filters[qual].via;

	return via != AC_SEND_NOT &&
		   (via != AC_SEND_ITEM || state->pass->query.item);
}

bool
ac_audit_row(AcScanState *state, TupleTableSlot *slot, ExprContext *econtext)
{
	bool rejected = false;
	bool ignored = false;

	for (int i = 0; i < state->n_quals; i++)
	{
		const AcScanQual *qual = &state->quals[i];
		bool isnull;
		Datum result;

		/* values for a parent's path are no quals, and come without econtext */
		if (qual->audit == NULL || !was_sent(state, i))
			continue;
		econtext->ecxt_scantuple = slot;
		result = ExecEvalExprSwitchContext(qual->audit, econtext, &isnull);
		if (!isnull && DatumGetBool(result))
			continue;
		rejected = true;
		/* NULL: the API filters by a field that its rows do not show. */
		if (isnull)
			continue;
		if (qual->bound == AC_BOUND_NONE || shows_ignorance(qual, slot))
			ac_observe_violation(state->observation, qual->column);
		if (shows_ignorance(qual, slot) && ac_scan_may_leave(qual))
		{
			switch_off(state, qual);
			ignored = true;
		}
	}
	if (rejected)
		state->rejected++;
	return !ignored;
}

/* Is the column's value one of the list that another pass asks with? */
static bool
is_of_other_pass(const AcScanState *state, const TupleTableSlot *slot,
				 const AcColumn *column, int list)
{
	AcReading reading;
	const char *text;

	if (state->passes.lists[list].n_batches == 1 ||
		ac_column_is_param_only(column) ||
		slot->tts_isnull[column->attnum - 1])
		return false;
	reading = ac_reading_of(column->options);
	text = ac_sendvalue_text(slot->tts_values[column->attnum - 1],
							 column->type, &reading);
	return text != NULL && ac_passes_is_other(state, list, text);
}

/* The same of params_union, where a row may show none of the values. */
static bool
comes_with_other(AcScanState *state, const TupleTableSlot *slot)
{
	const AcColumn *column = state->series.column;
	int at = column->attnum - 1;
	const char *text = NULL;

	if (is_of_other_pass(state, slot, column, state->n_quals))
		return true;
	if (!slot->tts_isnull[at])
		text = ac_sendvalue_text(slot->tts_values[at], column->type, NULL);
	if (text != NULL && strcmp(text, state->pass->member) == 0)
		return false;
	return ac_series_came_before(&state->series,
								 state->pass->at[state->n_quals],
								 &state->pass->reader->scan);
}

/*
 * Does the row show none of the parent's values that were asked for with
 * parameters?  Then it comes with others of them, or with none.
 */
static bool
comes_unasked(const AcScanState *state, const TupleTableSlot *slot)
{
	const AcParent *parent = state->passes.walk != NULL ? state->parent : NULL;

	for (int i = 0; parent != NULL && i < parent->n; i++)
	{
		const AcColumn *column = ac_table_column(state->table, parent->own[i]);
		AcReading reading;
		const char *text;

		if (column->is_path_var || ac_column_is_param_only(column) ||
			slot->tts_isnull[column->attnum - 1])
			continue;
		reading = ac_reading_of(column->options);
		text = ac_sendvalue_text(slot->tts_values[column->attnum - 1],
								 column->type, &reading);
		if (text != NULL && !ac_passes_walks_from(state, column, text))
			return true;
	}
	return false;
}

/*
 * Does the first item that comes lack a hidden column that was named?  Items
 * are not known to take the parameter that names them, as the list does: what
 * is missing may be no value, or not have been sent.  One that shows all of
 * them settles it for the others; else the list is read.
 */
static bool
item_lacks_hidden(AcScanState *state)
{
	if (state->items_proved || !state->pass->query.item ||
		state->query.n_fields == 0)
		return false;
	for (int i = 0; i < state->n_columns; i++)
	{
		const AcScanColumn *column = &state->columns[i];

		if (!column->column->options->hidden || column->field < 0 ||
			state->fields[column->field].kind != AC_FIELD_ABSENT)
			continue;
		ac_qual_note_items_lack_hidden(state->table->relid);
		state->items_lack = true;
		state->query.item = false;
		state->query.limit = -1;
		if (state->wanted >= 0)
			state->wanted = AC_PAGER_PERHAPS;
		state->caught = true;
		return true;
	}
	state->items_proved = true;
	return false;
}

bool
ac_audit_comes_again(AcScanState *state, const TupleTableSlot *slot)
{
	if (item_lacks_hidden(state))
		return true;
	if (comes_unasked(state, slot))
	{
		state->rejected++;
		return true;
	}
	for (int i = 0; i < state->n_quals; i++)
	{
		const AcScanQual *qual = &state->quals[i];

		if (!is_of_other_pass(state, slot, qual->column, i))
			continue;
		if (ac_scan_may_leave(qual) && !state->pass->falls_back)
		{
			ac_observe_violation(state->observation, qual->column);
			switch_off(state, qual);
			state->caught = true;
		}
		return true;
	}
	return state->passes.n_lists > state->n_quals && comes_with_other(state, slot);
}
