/*
 * prove_link.c
 *		Do the rows' own links tell an item path that nothing else tells?
 *
 * A row of /books with the link ".../books/17/" has its item below the list,
 * by the one segment that is more.  Where all sampled rows are linked so, and
 * a column shows that segment, the item path is /books/{column}/, to be
 * proved like any other (net/prove_item).  Where the link leads counts by its
 * path alone: behind a proxy an API does not know by what name it is called.
 */
#include "ac.h"

#include "core/pointer.h"
#include "net/prove_int.h"
#include "utils/memutils.h"

/* Members of a row, and of objects in it, that are looked at for a link. */
#define MAX_MEMBERS 200

/* How a row is linked: what stands behind its list's path. */
typedef struct Tail
{
	char *segment; /* decoded */
	bool slash;	   /* a slash follows */
} Tail;

/* What the link adds to the list's path, if that is one segment. */
static bool
read_tail(const AcUrl *list, const char *link, Tail *tail)
{
	size_t len = strlen(list->path);
	const char *rest;
	size_t segment;
	size_t decoded;
	AcUrl url;

	if (!ac_url_resolve(list, link, &url, NULL) || url.query != NULL)
		return false;
	while (len > 0 && list->path[len - 1] == '/')
		len--;
	if (strncmp(url.path, list->path, len) != 0 || url.path[len] != '/')
		return false;
	rest = url.path + len + 1;
	segment = strcspn(rest, "/");
	tail->slash = rest[segment] == '/';
	if (segment == 0 || rest[segment + tail->slash] != '\0')
		return false;
	tail->segment = ac_url_decode(rest, segment, false, &decoded);
	return strlen(tail->segment) == decoded;
}

/* The link at pointer in a row, NULL if there is none. */
static bool
tail_at(const AcUrl *list, const AcJson *row, const char *pointer, Tail *tail)
{
	AcJson *value;
	const char *text;

	if (!ac_json_pointer(unconstify(AcJson *, row), pointer, &value))
		return false;
	text = ac_json_string(value, NULL);
	return text != NULL && read_tail(list, text, tail);
}

/* Are all rows linked by the member, and does the column show their segments? */
static bool
all_show(const AcTrial *trial, const AcUrl *list, const char *pointer,
		 const AcColumnPlan *column)
{
	for (int i = 0; i < trial->rows.n; i++)
	{
		const char *text = ac_samples_text(&trial->rows, i, column);
		Tail tail;

		if (text == NULL ||
			!tail_at(list, trial->rows.rows[i].row, pointer, &tail) ||
			strcmp(text, tail.segment) != 0)
			return false;
	}
	return true;
}

/* The column that shows what the links add, keys before others; or NULL. */
static AcColumnPlan *
column_of_links(const AcTrial *trial, const AcUrl *list, const char *pointer)
{
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < trial->plan->n_columns; i++)
		{
			AcColumnPlan *column = &trial->plan->columns[i];

			if (column->key == (pass == 0) && column->json_path != NULL &&
				column->json_path[0] == '/' && column->param == NULL &&
				column->decode == NULL && strcmp(column->type, "jsonb") != 0 &&
				all_show(trial, list, pointer, column))
				return column;
		}
	return NULL;
}

/* The first member below the pointer that links to the row's item, or NULL. */
static char *
find_link(const AcUrl *list, const AcJson *object, const char *above, int depth)
{
	AcJsonIter it;
	int n = 0;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it) && n++ < MAX_MEMBERS)
	{
		char *pointer = ac_pointer_child(above, it.key);
		const char *text = ac_json_string(it.value, NULL);
		Tail tail;

		if (text != NULL && strchr(text, '/') != NULL && read_tail(list, text, &tail))
			return pointer;
		/* {"_links": {"self": {"href": ...}}} */
		if (depth > 0 && ac_json_kind(it.value) == AC_JSON_OBJECT)
		{
			pointer = find_link(list, it.value, pointer, depth - 1);
			if (pointer != NULL)
				return pointer;
		}
	}
	return NULL;
}

/* May rows tell more of the table than is known? */
static bool
wants_item(const AcTrial *trial)
{
	const AcTablePlan *plan = trial->plan;

	return trial->twin == NULL && trial->cxt != NULL &&
		   trial->sample != NULL && trial->rows.n > 0 &&
		   plan->skip_reason == NULL && plan->item_path == NULL &&
		   plan->nested_path == NULL && plan->rows_form == AC_ROWS_ARRAY &&
		   plan->paging.style != AC_PAGER_NONE &&
		   strcmp(plan->method, "GET") == 0 &&
		   strchr(plan->path, '{') == NULL && plan->endpoint->query == NULL;
}

static void
derive(const AcProof *proof, AcTrial *trial)
{
	AcTablePlan *plan = trial->plan;
	int len = (int) strlen(plan->path);
	AcColumnPlan *column;
	const char *variable;
	char *pointer;
	AcUrl list;
	Tail tail;

	if (!ac_url_parse(ac_url_join(&proof->base, plan->path), &list, NULL))
		return;
	pointer = find_link(&list, trial->rows.rows[0].row, "", 2);
	if (pointer == NULL ||
		(column = column_of_links(trial, &list, pointer)) == NULL ||
		!tail_at(&list, trial->rows.rows[0].row, pointer, &tail))
		return;
	variable = column->name;
	while (len > 0 && plan->path[len - 1] == '/')
		len--;
	plan->item_path = psprintf("%.*s/{%s}%s", len, plan->path, variable,
							   tail.slash ? "/" : "");
	plan->item_rows_path = "";
	column->param = variable;
	trial->derived = column;
	ac_proof_note(trial, "item_path", psprintf("told by the links at %s", pointer));
}

void
ac_proof_derive_items(AcProof *proof)
{
	for (int i = 0; i < proof->n_trials; i++)
		if (wants_item(&proof->trials[i]))
			derive(proof, &proof->trials[i]);
}

/* What was not tried is not refuted. */
static bool
is_refuted(const AcTrial *trial)
{
	const char *note = ac_json_get_string(trial->plan->evidence, "item");

	return note != NULL && strncmp(note, "not tried", strlen("not tried")) != 0;
}

void
ac_proof_drop_unproved(AcProof *proof)
{
	for (int i = 0; i < proof->n_trials; i++)
	{
		AcTrial *trial = &proof->trials[i];

		if (trial->derived == NULL || trial->plan->item_proved || !is_refuted(trial))
			continue;
		trial->plan->item_path = trial->plan->item_rows_path = NULL;
		trial->derived->param = NULL;
	}
}
