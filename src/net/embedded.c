/*
 * embedded.c
 *		Does a row show all elements of the lists in it?
 *
 * See embedded.h.  A column leads either to the object that has the list and
 * what is said about it, or to the list, and then what is said stands beside
 * it.  Only words that mean nothing else count: a "total" beside a list may be
 * a price, unless a page size or an offset stands there, too.
 */
#include "ac.h"

#include "core/json.h"
#include "net/embedded.h"

/* What stands beside a list that is cut: true. */
static const char *const flags[] = {"/has_more", "/hasMore",
									"/pageInfo/hasNextPage"};
#define N_FLAGS lengthof(flags)

/* A list that a column or nested_path leads to, and fields of its flags. */
typedef struct Flagged
{
	const char *pointer;
	int first;
} Flagged;

struct AcEmbedded
{
	const char **objects; /* by column; NULL: shows no list */
	int n_columns;
	Flagged *lists;
	int n_lists;
};

/*
 * An object larger than this is not looked into: its tree would take a dozen
 * times its memory.  What APIs page inside of rows they page to keep it small.
 */
#define MAX_OBJECT_BYTES (1024 * 1024)

/* What stands around a list of that name is said of the list. */
static bool
names_list(const char *name)
{
	static const char *const names[] = {
		"data", "items", "values", "results", "nodes", "edges", "records",
		"entries", "elements", "list", "content"};

	for (int i = 0; i < (int) lengthof(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* The pointer without its last token, if that names a list; else NULL. */
static char *
around_list(const char *pointer)
{
	const char *last = strrchr(pointer, '/');

	if (last == NULL || last == pointer || !names_list(last + 1))
		return NULL;
	return pnstrdup(pointer, last - pointer);
}

/* Fields being added to a row plan. */
typedef struct Extension
{
	const char **pointers;
	AcRowOrigin *origins;
	int n;
} Extension;

static void
add_list(AcEmbedded *embedded, Extension *to, const char *pointer,
		 AcRowOrigin origin)
{
	char *around = around_list(pointer);

	if (around == NULL)
		return;
	embedded->lists[embedded->n_lists++] = (Flagged){pointer, to->n};
	for (int i = 0; i < (int) N_FLAGS; i++)
	{
		to->pointers[to->n] = psprintf("%s%s", around, flags[i]);
		to->origins[to->n++] = origin;
	}
}

/* Is the field a value of the row, or of the one around it? */
static bool
is_value(const AcEmbeddedWish *wish, int i)
{
	return wish->origins == NULL || wish->origins[i] == AC_ORIGIN_ROW ||
		   wish->origins[i] == AC_ORIGIN_PARENT;
}

AcEmbedded *
ac_embedded_plan(const AcEmbeddedWish *wish, AcPointers *columns,
				 const AcRowOrigin **origins)
{
	AcEmbedded *embedded = palloc0(sizeof(AcEmbedded));
	int n = wish->columns.n;
	int room = n + (n + 1) * (int) N_FLAGS;
	Extension to = {palloc(sizeof(char *) * room),
					palloc0(sizeof(AcRowOrigin) * room), n};
	int looked_at = 0;

	embedded->n_columns = n;
	embedded->objects = palloc0(sizeof(char *) * Max(n, 1));
	embedded->lists = palloc(sizeof(Flagged) * (n + 1));
	for (int i = 0; i < n; i++)
	{
		const char *pointer = wish->columns.pointers[i];

		to.pointers[i] = pointer;
		if (wish->origins != NULL)
			to.origins[i] = wish->origins[i];
		if (wish->lists == NULL || !wish->lists[i] || !is_value(wish, i) ||
			pointer[0] == '\0')
			continue;
		embedded->objects[i] = pointer;
		looked_at++;
		add_list(embedded, &to, pointer, to.origins[i]);
	}
	if (wish->nested_path != NULL)
		add_list(embedded, &to, wish->nested_path, AC_ORIGIN_PARENT);
	if (looked_at == 0 && embedded->n_lists == 0)
		return NULL;
	columns->pointers = to.pointers;
	columns->n = to.n;
	*origins = to.origins;
	return embedded;
}

/* ---- looking ---- */

static bool
is_true_at(AcJson *doc, const char *pointer)
{
	AcJson *found;

	return ac_json_pointer(doc, pointer, &found) &&
		   ac_json_kind(found) == AC_JSON_BOOL && ac_json_bool(found, false);
}

/* The one array among the members: its length; -1 if there is none, or two. */
static int
length_of_list(const AcJson *doc)
{
	AcJsonIter it;
	int length = -1;

	ac_json_iter_init(&it, doc);
	while (ac_json_iter_next(&it))
	{
		if (ac_json_kind(it.value) != AC_JSON_ARRAY)
			continue;
		if (length >= 0)
			return -1;
		length = ac_json_length(it.value);
	}
	return length;
}

static bool
has_any(const AcJson *doc, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (ac_json_kind(ac_json_get(doc, names[i])) == AC_JSON_INT)
			return true;
	return false;
}

/* What only pages of a list have. */
static const char *const page_names[] = {
	"maxResults", "startAt", "limit", "offset", "page", "per_page",
	"perPage", "page_size", "pageSize"};

/* "total" beside what only pages have, and more than the list. */
static bool
total_says_more(const AcJson *doc, int length)
{
	static const char *const totals[] = {"total", "totalCount", "total_count"};

	if (!has_any(doc, page_names, lengthof(page_names)))
		return false;
	for (int i = 0; i < (int) lengthof(totals); i++)
		if (ac_json_int(ac_json_get(doc, totals[i]), -1) > length)
			return true;
	return false;
}

static bool
has_word(const AcField *field, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (memmem(field->text, field->len, words[i], strlen(words[i])) != NULL)
			return true;
	return false;
}

/* Could the text be of an object that is looked for?  Most are not. */
static bool
may_be_paged(const AcField *field)
{
	static const char *const words[] = {
		"\"has_more\"", "\"hasMore\"", "\"hasNextPage\""};
	static const char *const total[] = {"\"total"};

	if (field->kind != AC_FIELD_OBJECT || field->len > MAX_OBJECT_BYTES)
		return false;
	return has_word(field, words, lengthof(words)) ||
		   (has_word(field, total, 1) &&
			has_word(field, page_names, lengthof(page_names)));
}

static bool
object_is_cut(const AcField *field)
{
	AcJson *doc = NULL;
	bool cut = false;
	int length;

	if (!may_be_paged(field) ||
		!ac_json_parse(field->text, field->len, AC_JSON_MAX_DEPTH, &doc, NULL))
		return false;
	length = length_of_list(doc);
	for (int i = 0; length >= 0 && i < (int) N_FLAGS; i++)
		cut |= is_true_at(doc, flags[i]);
	cut = cut || (length >= 0 && total_says_more(doc, length));
	ac_json_free(doc);
	return cut;
}

const char *
ac_embedded_cut(const AcEmbedded *embedded, const AcField *fields)
{
	for (int i = 0; i < embedded->n_columns; i++)
		if (embedded->objects[i] != NULL && object_is_cut(&fields[i]))
			return embedded->objects[i];
	for (int i = 0; i < embedded->n_lists; i++)
		for (int j = 0; j < (int) N_FLAGS; j++)
			if (fields[embedded->lists[i].first + j].kind == AC_FIELD_TRUE)
				return embedded->lists[i].pointer;
	return NULL;
}
