/*
 * rowlist.c
 *		How is a list in a row read on, and the row written with all of it?
 *		See rowlist.h.
 */
#include "ac.h"

#include "net/rowlist.h"
#include "pg/report.h"
#include "utils/memutils.h"

/* Behind the last element by id, as Stripe and those after it are asked. */
#define USUAL_PARAM "starting_after"
#define USUAL_KEY "/id"

/* The value of a field that is a text, as it is meant. */
static char *
text_of(const AcField *field)
{
	StringInfoData text;

	initStringInfo(&text);
	(void) ac_field_decode(field, &text, NULL);
	return text.data;
}

/* A field as it stands in the body, a text with its quotes. */
static AcSlice
spelled(const AcField *field)
{
	int quote = field->kind == AC_FIELD_STRING ? 1 : 0;

	return (AcSlice){field->text - quote, field->len + 2 * quote};
}

void
ac_rowlist_append(StringInfo to, const AcField *field)
{
	AcSlice text = spelled(field);

	appendBinaryStringInfo(to, text.text, (int) text.len);
}

void
ac_rowlist_pad(StringInfo to)
{
	enlargeStringInfo(to, AC_BUF_PADDING);
	memset(to->data + to->len, 0, AC_BUF_PADDING);
}

/* The list as the first page of itself. */
static AcSlice
first_page(const AcEmbeddedList *cut)
{
	StringInfoData body;

	initStringInfo(&body);
	if (cut->object.kind == AC_FIELD_OBJECT)
		ac_rowlist_append(&body, &cut->object);
	else
	{
		appendStringInfoString(&body, "{\"value\":");
		ac_rowlist_append(&body, &cut->inner.list);
		appendStringInfoString(&body, ",\"@odata.nextLink\":");
		ac_rowlist_append(&body, &cut->inner.next);
		appendStringInfoChar(&body, '}');
	}
	ac_rowlist_pad(&body);
	return (AcSlice){body.data, (size_t) body.len};
}

/*
 * How pages of the list are asked for by the last element's value: as those of
 * the table are, if they are; else as all do who write "object": "list".
 */
static bool
keyset_paging(const struct AcReaderState *state, const AcInnerList *inner,
			  AcPaging *paging)
{
	const AcPaging *table = &state->plan->paging;

	paging->style = AC_PAGER_KEYSET;
	paging->cursor_param = USUAL_PARAM;
	paging->cursor_path = USUAL_KEY;
	if (table->style != AC_PAGER_KEYSET || table->cursor_param == NULL)
		return inner->is_list_object;
	paging->cursor_param = table->cursor_param;
	if (table->cursor_path != NULL)
		paging->cursor_path = table->cursor_path;
	paging->size_param = table->size_param;
	paging->page_size = table->page_size;
	return true;
}

/* How the list is read on; false if nothing tells. */
static bool
find_way(const struct AcReaderState *state, const AcEmbeddedList *cut,
		 AcPaging *paging)
{
	const AcInnerList *inner = &cut->inner;

	memset(paging, 0, sizeof(*paging));
	paging->more_path = inner->more_path;
	if (inner->way == AC_INNER_KEYSET)
		return keyset_paging(state, inner, paging);
	if (inner->way == AC_INNER_OFFSET)
	{
		paging->style = AC_PAGER_OFFSET;
		paging->page_param = inner->start_param;
		paging->total_path = inner->total_path;
		return true;
	}
	paging->style = AC_PAGER_NEXT_URL;
	paging->cursor_path = cut->object.kind == AC_FIELD_OBJECT
							  ? inner->next_path
							  : "/@odata.nextLink";
	return inner->way == AC_INNER_NEXT;
}

/* What the reader of a list, whose pages are at url, is asked to do. */
static AcReaderRequest
request_of(const struct AcReaderState *state, const AcEmbeddedList *cut,
		   const AcPaging *paging, const char *url)
{
	AcReaderRequest request = state->request;
	const char *endpoint = request.endpoint != NULL ? request.endpoint
													: state->page_url.path;

	request.given = first_page(cut);
	request.given_url = ac_url_text(&state->page_url);
	request.given_kept_by = state->current->fetch->kept_by;
	request.url = url;
	request.body = NULL;
	/* one limit and one breaker for the lists of all rows */
	request.endpoint = psprintf("%s%s", endpoint, cut->pointer);
	request.item = false;
	request.child = false;
	request.page_size = paging->size_param != NULL && paging->page_size > 0
							? paging->page_size
							: -1;
	request.wanted = -1;
	request.filtered = false;
	request.projected = false;
	return request;
}

static AcReaderPlan *
plan_list(const char *list_path, const AcPaging *paging)
{
	static const char *const whole[] = {""};
	AcReaderWish wish = {
		.columns = {whole, 1},
		.source = {.rows_path = list_path},
		.paging = paging,
	};

	return ac_reader_plan(&wish);
}

/*
 * Where answers of the API stand in an object that is but a wrapping, as
 * OData's {"d": {"results": [...]}} does, so may pages of the list; NULL: the
 * table's do not.
 */
static AcReaderPlan *
plan_wrapped(const struct AcReaderState *state, const char *list_path,
			 const AcPaging *paging)
{
	const char *rows_path = state->plan->rows_path;
	size_t len = strlen(rows_path);
	size_t list_len = strlen(list_path);
	AcPaging wrapped = *paging;
	char *around;

	if (len <= list_len || strcmp(rows_path + len - list_len, list_path) != 0)
		return NULL;
	around = pnstrdup(rows_path, len - list_len);
	if (paging->style == AC_PAGER_NEXT_URL)
		wrapped.cursor_path = psprintf("%s%s", around, paging->cursor_path);
	if (paging->total_path != NULL)
		wrapped.total_path = psprintf("%s%s", around, paging->total_path);
	if (paging->more_path != NULL)
		wrapped.more_path = psprintf("%s%s", around, paging->more_path);
	return plan_list(rows_path, &wrapped);
}

void
ac_rowlist_open(struct AcReaderState *state, AcRowList *list)
{
	const AcEmbeddedList *cut = &list->cut;
	const char *list_path = cut->object.kind == AC_FIELD_OBJECT
								? cut->inner.list_path
								: "/value";
	char *url = ac_url_text(&state->page_url);
	AcReaderRequest request;
	AcPaging paging;

	if (!find_way(state, cut, &paging))
		return;
	/* links are resolved by the reader itself */
	if (paging.style != AC_PAGER_NEXT_URL &&
		!ac_reader_resolve(state, text_of(&cut->inner.url), &url,
						   &list->problem))
		return;
	request = request_of(state, cut, &paging, url);
	request.asked_plan = plan_wrapped(state, list_path, &paging);
	list->reader = ac_reader_open(plan_list(list_path, &paging), &request);
	/* for the cache it is a part of the reading that the row is of */
	list->reader->state->reading = state->reading;
	ac_reader_start(list->reader);
	state->request.stats->lists++;
}

void
ac_rowlist_init(AcRowList *list, const AcEmbeddedList *cut, int64 *row_bytes)
{
	memset(list, 0, sizeof(*list));
	list->cut = *cut;
	list->row_bytes = row_bytes;
	initStringInfo(&list->elements);
}

bool
ac_rowlist_has_way(const struct AcReaderState *state, const AcRowList *list)
{
	AcPaging paging;

	return find_way(state, &list->cut, &paging);
}

/* Room that the lists of one row may take: that of an answer. */
static int64
max_row_bytes(const struct AcReaderState *state)
{
	return ac_connection_options(state->request.conn)->max_response_size_bytes;
}

static void
add_element(struct AcReaderState *state, AcRowList *list, const AcField *element)
{
	AcError err;

	if (*list->row_bytes + (int64) element->len + 3 > max_row_bytes(state))
	{
		ac_error_set(&err, AC_ERR_TOO_LARGE, "list in a row is too large");
		ac_error_hint(&err, "The server option \"max_response_size\" sets the limit; or read the list by a table of its own.");
		ac_report_error(&err);
	}
	if (list->elements.len > 0)
		appendStringInfoChar(&list->elements, ',');
	ac_rowlist_append(&list->elements, element);
	*list->row_bytes += (int64) element->len + 1;
}

/* The list has ended: what its reader has to say of it. */
static void
close_list(struct AcReaderState *state, AcRowList *list)
{
	const char *incomplete = list->reader->state->incomplete;

	state->mixed = state->mixed || list->reader->state->mixed;
	if (incomplete != NULL && state->incomplete == NULL)
		state->incomplete = MemoryContextStrdup(state->reader_cxt, incomplete);
	ac_reader_close(list->reader);
	list->reader = NULL;
}

/* Would asking for an element show what has gone wrong? */
static bool
has_failed(const AcPageReader *reader)
{
	const struct AcReaderState *state = reader->state;

	if (reader->has_page && reader->scan.row_number < reader->scan.row_count)
		return false;
	return state->n_queue > 0
			   ? state->queue[0]->fetch->state == AC_FETCH_FAILED
			   : state->failed;
}

bool
ac_rowlist_take(struct AcReaderState *state, AcRowList *list, bool is_first)
{
	AcField element;

	if (list->problem.code != AC_ERR_NONE && is_first)
		ac_report_error(&list->problem);
	if (list->reader == NULL)
		return list->problem.code == AC_ERR_NONE;
	list->reader->no_wait = true;
	do
	{
		if (!is_first && has_failed(list->reader))
			return false;
		if (!ac_reader_next(list->reader, &element))
			break;
		add_element(state, list, &element);
	}
	while (true);
	if (list->reader->pending)
		return false;
	close_list(state, list);
	return true;
}

/* A part of the row that is replaced. */
typedef struct Edit
{
	AcSlice old;
	AcSlice new;
	bool is_list;
} Edit;

static int
compare_edits(const void *a, const void *b)
{
	const char *x = ((const Edit *) a)->old.text;
	const char *y = ((const Edit *) b)->old.text;

	return x < y ? -1 : x > y;
}

static int
count_edits(const AcRowList *lists, int n_lists)
{
	int n = 0;

	for (int i = 0; i < n_lists; i++)
		n += 1 + lists[i].cut.inner.n_marks;
	return n;
}

/* What stands in place of a value that said that more follows. */
static AcSlice
unmarked(const AcField *mark)
{
	switch (mark->kind)
	{
		case AC_FIELD_TRUE:
			return (AcSlice){"false", 5};
		case AC_FIELD_FALSE:
			return (AcSlice){"true", 4};
		default:
			return (AcSlice){"null", 4};
	}
}

/* What is replaced in the row, in its order. */
static Edit *
edits_of(const AcRowList *lists, int n_lists)
{
	Edit *edits = palloc(sizeof(Edit) * Max(count_edits(lists, n_lists), 1));
	int n = 0;

	for (int i = 0; i < n_lists; i++)
	{
		const AcInnerList *inner = &lists[i].cut.inner;
		const StringInfoData *elements = &lists[i].elements;

		edits[n].old = spelled(&inner->list);
		edits[n].new = (AcSlice){elements->data, (size_t) elements->len};
		edits[n++].is_list = true;
		for (int j = 0; j < inner->n_marks; j++)
		{
			edits[n].old = spelled(&inner->marks[j]);
			edits[n].new = unmarked(&inner->marks[j]);
			edits[n++].is_list = false;
		}
	}
	qsort(edits, n, sizeof(Edit), compare_edits);
	return edits;
}

static void
append_slice(StringInfo to, const char *from, const char *end)
{
	appendBinaryStringInfo(to, from, (int) (end - from));
}

void
ac_rowlist_write(StringInfo to, const AcField *row, const AcRowList *lists,
				 int n_lists)
{
	AcSlice text = spelled(row);
	const Edit *edits = edits_of(lists, n_lists);
	int n = count_edits(lists, n_lists);
	const char *p = text.text;

	for (int i = 0; i < n; i++)
	{
		const Edit *edit = &edits[i];

		/* a list within another comes with that */
		if (edit->old.text < p)
			continue;
		append_slice(to, p, edit->old.text);
		if (edit->is_list)
			appendStringInfoChar(to, '[');
		append_slice(to, edit->new.text, edit->new.text + edit->new.len);
		if (edit->is_list)
			appendStringInfoChar(to, ']');
		p = edit->old.text + edit->old.len;
	}
	append_slice(to, p, text.text + text.len);
}
