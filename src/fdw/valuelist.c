/*
 * valuelist.c
 *		Which values does a qual send, and which of them travel together?
 *		See valuelist.h.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fdw/scan.h"
#include "fdw/sendvalue.h"
#include "fdw/valuelist.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

static int
compare_texts(const void *a, const void *b)
{
	const AcListedText *left = a;
	const AcListedText *right = b;
	int order = strcmp(left->text, right->text);

	return order != 0 ? order : left->place - right->place;
}

static AcListedText *
sort_texts(const AcValueList *list)
{
	AcListedText *sorted = palloc(sizeof(AcListedText) * list->n);

	for (int i = 0; i < list->n; i++)
		sorted[i] = (AcListedText){list->texts[i], i};
	qsort(sorted, list->n, sizeof(AcListedText), compare_texts);
	return sorted;
}

/* Removes values that came before; the others keep their order. */
static void
remove_repetitions(AcValueList *list)
{
	AcListedText *sorted = sort_texts(list);
	bool *again = palloc0(sizeof(bool) * list->n);
	int kept = 0;

	for (int i = 1; i < list->n; i++)
		again[sorted[i].place] = strcmp(sorted[i].text, sorted[i - 1].text) == 0;
	for (int i = 0; i < list->n; i++)
	{
		if (again[i])
			continue;
		list->texts[kept] = list->texts[i];
		if (list->shown != NULL)
			list->shown[kept] = list->shown[i];
		kept++;
	}
	list->n = kept;
	pfree(sorted);
	pfree(again);
}

void
ac_valuelist_cut(AcValueList *list, AcListForm form, int max)
{
	int at = 0;

	list->n_batches = list->n;
	if (list->n == 1)
		return;
	list->sorted = sort_texts(list);
	if (form == AC_LIST_NONE)
		return;
	list->starts = palloc(sizeof(int) * list->n);
	for (list->n_batches = 0; at < list->n; list->n_batches++)
	{
		list->starts[list->n_batches] = at;
		at += ac_list_batch(form, list->texts + at, list->n - at, max);
	}
}

int
ac_valuelist_batch(const AcValueList *list, int at, int *n)
{
	int end;

	if (list->starts == NULL)
	{
		*n = 1;
		return at;
	}
	end = at + 1 < list->n_batches ? list->starts[at + 1] : list->n;
	*n = end - list->starts[at];
	return list->starts[at];
}

/* Values as the query has them: one, or the elements of an array. */
typedef struct GivenValues
{
	Oid *types;
	Datum *values;
	int n;
} GivenValues;

static void
add_given(GivenValues *given, Oid type, Datum value)
{
	given->types[given->n] = type;
	given->values[given->n++] = value;
}

static void
make_room(GivenValues *given, int more)
{
	int n = given->n + more;

	if (given->values == NULL)
	{
		given->types = palloc(sizeof(Oid) * n);
		given->values = palloc(sizeof(Datum) * n);
		return;
	}
	given->types = repalloc(given->types, sizeof(Oid) * n);
	given->values = repalloc(given->values, sizeof(Datum) * n);
}

/* Adds the elements of an array, but for NULLs. */
static void
add_elements(GivenValues *given, Oid array_type, Datum array)
{
	Oid type = get_element_type(array_type);
	Datum *values;
	bool *nulls;
	int16 len;
	bool byval;
	char align;
	int n;

	get_typlenbyvalalign(type, &len, &byval, &align);
	deconstruct_array(DatumGetArrayTypeP(array), type, len, byval, align,
					  &values, &nulls, &n);
	make_room(given, Max(n, 1));
	for (int i = 0; i < n; i++)
		if (!nulls[i])
			add_given(given, type, values[i]);
}

/* Adds the elements of a row of arrays (fdw/qualor). */
static void
add_parts(GivenValues *given, Datum row)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(row);
	TupleDesc desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header),
											HeapTupleHeaderGetTypMod(header));
	Datum *values = palloc(sizeof(Datum) * desc->natts);
	bool *nulls = palloc(sizeof(bool) * desc->natts);
	HeapTupleData tuple = {.t_data = header,
						   .t_len = HeapTupleHeaderGetDatumLength(header)};

	heap_deform_tuple(&tuple, desc, values, nulls);
	for (int i = 0; i < desc->natts; i++)
		if (!nulls[i])
			add_elements(given, TupleDescAttr(desc, i)->atttypid, values[i]);
	ReleaseTupleDesc(desc);
}

/* The values of the qual, without NULLs; there may be none. */
static void
evaluate(const AcScanQual *qual, ExprContext *econtext, GivenValues *given)
{
	bool isnull;
	Datum value = ExecEvalExprSwitchContext(qual->value, econtext, &isnull);

	if (isnull)
		return;
	if (!qual->is_list)
	{
		make_room(given, 1);
		add_given(given, qual->value_type, value);
	}
	else if (qual->value_type == RECORDOID)
		add_parts(given, value);
	else
		add_elements(given, qual->value_type, value);
}

/*
 * The value as rows without its field show it.  Its text is read anew, for the
 * column's type need not be the value's.
 */
static Datum
shown_value(const AcScanQual *qual, Datum value, Oid type)
{
	return ac_sendvalue_shown(ac_sendvalue_text(value, type, NULL),
							  qual->column->type, qual->column->typmod);
}

/*
 * Might the API read the text otherwise than we do?  "kind=" is no filter at
 * all to many, spaces at the ends are cut off, and "kind=a,b" is a list to some
 * that do not say so.
 */
static bool
is_ambiguous(const AcScanQual *qual, const char *text)
{
	return !ac_sendvalue_is_kept(text) ||
		   (qual->list == AC_LIST_NONE && strchr(text, ',') != NULL);
}

/*
 * Writes the value; why it is not sent, and NULL for *text, where it cannot be
 * written, or is rather compared here alone.
 */
static const char *
write_value(const AcScanQual *qual, Datum value, Oid type, AcBoundValue *wide,
			char **text)
{
	AcReading reading = ac_reading_of(qual->column->options);
	const char *why = NULL;

	*text = qual->bound == AC_BOUND_NONE
				? ac_sendvalue_text(value, type, &reading)
				: ac_bound_text(qual->column, qual->bound, value, type, wide);
	if (*text == NULL || !ac_list_may_hold(qual->list, *text))
		why = "the API has no way to write the value";
	else if (is_ambiguous(qual, *text) && ac_scan_may_leave(qual))
		why = "the API might read the value otherwise";
	if (why != NULL)
		*text = NULL;
	return why;
}

/* Adds a value to the list; why it is not sent, NULL: it is. */
static const char *
add_value(AcScanQual *qual, Datum value, Oid type, AcValueList *list)
{
	char *text;
	const char *why = write_value(qual, value, type, &qual->wide, &text);

	if (why != NULL && !ac_scan_may_leave(qual))
		ac_sendvalue_reject(value, type);
	list->texts[list->n] = text;
	if (list->shown != NULL)
		list->shown[list->n] = shown_value(qual, value, type);
	list->n++;
	return why;
}

const char *
ac_valuelist_why_left(const AcScanQual *qual, const Const *value)
{
	GivenValues given = {0};
	const char *why = NULL;

	if (value->constisnull || !ac_scan_may_leave(qual))
		return NULL;
	if (!qual->is_list)
	{
		make_room(&given, 1);
		add_given(&given, value->consttype, value->constvalue);
	}
	else if (value->consttype != RECORDOID)
		add_elements(&given, value->consttype, value->constvalue);
	for (int i = 0; i < given.n && why == NULL; i++)
	{
		AcBoundValue wide;
		char *text;

		if (qual->bound != AC_BOUND_NONE ||
			ac_sendvalue_fits(given.values[i], given.types[i],
							  qual->column->type, qual->column->typmod))
			why = write_value(qual, given.values[i], given.types[i], &wide,
							  &text);
	}
	return why;
}

/* Why is the qual not sent, whose values could be written? */
static const char *
why_without(const AcScanState *state, const AcScanQual *qual)
{
	if (qual->left_out)
		return "the API refuses the value";
	if (state->items_lack && qual->via == AC_SEND_ITEM)
		return "items lack columns that the list shows when they are named";
	if (ac_scan_may_leave(qual) &&
		ac_qual_is_switched_off(state->table->relid, qual->column->attnum,
								qual->bound))
		return "the API was seen to ignore the parameter";
	return NULL;
}

bool
ac_valuelist_load(AcScanState *state, int i, ExprContext *econtext)
{
	AcScanQual *qual = &state->quals[i];
	AcValueList *list = &state->passes.lists[i];
	GivenValues given = {0};
	const char *why = NULL;

	if (qual->preset != NULL)
	{
		*list = *qual->preset;
		state->query.filters[i].via = qual->via;
		list->n_batches = list->n;
		return true;
	}
	evaluate(qual, econtext, &given);
	list->texts = palloc(sizeof(char *) * Max(given.n, 1));
	if (ac_column_shows_sent(qual->column) && qual->bound == AC_BOUND_NONE)
		list->shown = palloc(sizeof(Datum) * Max(given.n, 1));
	for (int j = 0; j < given.n; j++)
		if (qual->bound != AC_BOUND_NONE ||
			ac_sendvalue_fits(given.values[j], given.types[j],
							  qual->column->type, qual->column->typmod))
		{
			const char *left = add_value(qual, given.values[j], given.types[j],
										 list);

			why = left != NULL ? left : why;
		}
	if (list->n == 0)
		return false;
	if (why == NULL)
		why = why_without(state, qual);
	qual->left_out = false;
	qual->was_sent = qual->was_sent || why == NULL;
	qual->left_why = why != NULL ? why : qual->left_why;
	state->query.filters[i].via = why == NULL ? qual->via : AC_SEND_NOT;
	if (why == NULL)
		remove_repetitions(list);
	else
		list->n = 1;
	ac_valuelist_cut(list, qual->list, qual->column->options->param_list_max);
	return true;
}

int
ac_valuelist_place(const AcValueList *values, const char *text)
{
	int low = 0;
	int high = values->n - 1;

	while (low <= high)
	{
		int middle = (low + high) / 2;
		int order = strcmp(text, values->sorted[middle].text);

		if (order == 0)
			return values->sorted[middle].place;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
}
