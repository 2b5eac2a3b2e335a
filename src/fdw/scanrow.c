/*
 * scanrow.c
 *		How does a row of the API become a row of the table?
 *
 * Fields become values (pg/convert); what does not fit is an error, NULL or a
 * row less, as the options on_error and missing say (fdw/scanmisfit counts).
 */
#include "ac.h"

#include "fdw/scan.h"

/* A field that has to be there is not; false: its row is left out. */
static bool
handle_missing(AcScanState *state)
{
	static const char *const message = "the field is missing in the row";

	if (state->table->options->on_error != AC_ON_ERROR_STOP)
		return ac_scan_note_misfit(state, message);
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s", message),
			 errhint("The column option \"missing\" says that this is an error.")));
}

/* Converts where misfits are counted; false: the row is left out. */
static bool
convert_or_note(AcScanState *state, const AcScanColumn *column,
				const AcField *field, Datum *value, bool *isnull)
{
	ErrorData *error = ac_convert_try(column->converter, field, value, isnull);

	if (error == NULL)
		return true;
	*isnull = true;
	return ac_scan_note_misfit(state, error->message);
}

/* A column without field, or whose field is absent. */
static bool
fill_absent(AcScanState *state, const AcScanColumn *column, Datum *value,
			bool *isnull)
{
	if (column->sent >= 0 && ac_column_shows_sent(column->column))
	{
		*value = state->pass->shown[column->sent];
		*isnull = false;
		return true;
	}
	if (column->field >= 0)
		ac_observe_absent(state->observation, column->column);
	if (column->field >= 0 && column->column->options->missing_is_error)
		return handle_missing(state);
	if (OidIsValid(column->converter->domain))
		ac_convert_null(column->converter);
	return true;
}

/* A row of which no column can be read; false: it is left out. */
static bool
handle_strange_row(AcScanState *state)
{
	char *message = psprintf("row is not an object but %s",
							 ac_field_kind_name(state->pass->reader->scan.row.kind));

	if (state->table->options->on_error != AC_ON_ERROR_STOP)
		return ac_scan_note_misfit(state, message);
	ac_observe_misfit(state->observation, NULL, true);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("%s", message)));
}

bool
ac_scan_fill_slot(AcScanState *state, TupleTableSlot *slot)
{
	bool stop = state->table->options->on_error == AC_ON_ERROR_STOP;

	memset(slot->tts_isnull, true,
		   sizeof(bool) * slot->tts_tupleDescriptor->natts);
	if (state->rows_are_objects && !state->pass->reader->scan.row_is_object)
		return handle_strange_row(state);
	for (int i = 0; i < state->n_columns; i++)
	{
		const AcScanColumn *column = &state->columns[i];
		int at = column->column->attnum - 1;
		Datum *value = &slot->tts_values[at];
		bool *isnull = &slot->tts_isnull[at];
		const AcField *field;

		state->converting = column;
		field = column->field >= 0 ? &state->fields[column->field] : NULL;
		if (field == NULL || field->kind == AC_FIELD_ABSENT)
		{
			if (!fill_absent(state, column, value, isnull))
				return false;
		}
		else if (stop)
			*isnull = !ac_convert(column->converter, field, value);
		else if (!convert_or_note(state, column, field, value, isnull))
			return false;
	}
	state->converting = NULL;
	return true;
}
