/*
 * innerlist.c
 *		Is a list that stands in a row all of it, and if not, how is the rest
 *		asked for?  See innerlist.h.
 *
 * Only words that mean nothing else count.  A "total" beside a list may be a
 * price, unless a page size or an offset stands there, too; a "next" may lead
 * to the next chapter, unless the list has a name that says nothing, or
 * something else there is said of pages.  What APIs name on their last page as
 * well ("after" of cursors) counts for nothing.
 */
#include "ac.h"

#include "api/innerlist.h"
#include "core/jsonlex.h"

typedef enum Role
{
	ROLE_MORE, /* a flag: is there more? */
	ROLE_DONE, /* the opposite, where it stands beside a size */
	ROLE_SIZE,
	ROLE_NEXT,	 /* URL of the next page, whatever else there is */
	ROLE_LINK,	 /* the same, where the list looks like one that is paged */
	ROLE_CURSOR, /* a token for the next page, which no parameter takes */
	ROLE_URL,	 /* of the list itself */
	ROLE_SELF,	 /* the same, where it has a start */
	ROLE_START,	 /* elements before the first, named as the parameter is */
	ROLE_OBJECT, /* what the object is */
	ROLE_TOTAL,
	ROLE_PAGE /* what only pages of a list have */
} Role;

typedef struct Known
{
	const char *path;
	Role role;
} Known;

static const Known known[] = {
	{"/has_more", ROLE_MORE},
	{"/hasMore", ROLE_MORE},
	{"/pageInfo/hasNextPage", ROLE_MORE},
	{"/done", ROLE_DONE},
	{"/next_url", ROLE_NEXT},
	{"/nextUrl", ROLE_NEXT},
	{"/next_page_url", ROLE_NEXT},
	{"/nextPageUrl", ROLE_NEXT},
	{"/nextLink", ROLE_NEXT},
	{"/@odata.nextLink", ROLE_NEXT},
	{"/odata.nextLink", ROLE_NEXT},
	{"/__next", ROLE_NEXT},
	{"/nextRecordsUrl", ROLE_NEXT},
	{"/next_page/uri", ROLE_NEXT},
	{"/paging/next", ROLE_NEXT},
	{"/paging/next/link", ROLE_NEXT},
	{"/pagination/next", ROLE_NEXT},
	{"/pagination/next_url", ROLE_NEXT},
	{"/meta/next", ROLE_NEXT},
	{"/next", ROLE_LINK},
	{"/next_page", ROLE_LINK},
	{"/nextPage", ROLE_LINK},
	{"/links/next", ROLE_LINK},
	{"/links/next/href", ROLE_LINK},
	{"/_links/next", ROLE_LINK},
	{"/_links/next/href", ROLE_LINK},
	{"/next_cursor", ROLE_CURSOR},
	{"/nextCursor", ROLE_CURSOR},
	{"/next_page_token", ROLE_CURSOR},
	{"/nextPageToken", ROLE_CURSOR},
	{"/url", ROLE_URL},
	{"/self", ROLE_SELF},
	{"/object", ROLE_OBJECT},
	{"/total", ROLE_TOTAL},
	{"/totalCount", ROLE_TOTAL},
	{"/total_count", ROLE_TOTAL},
	{"/totalSize", ROLE_SIZE},
	{"/startAt", ROLE_START},
	{"/offset", ROLE_START},
	{"/skip", ROLE_START},
	{"/maxResults", ROLE_PAGE},
	{"/limit", ROLE_PAGE},
	{"/page", ROLE_PAGE},
	{"/per_page", ROLE_PAGE},
	{"/perPage", ROLE_PAGE},
	{"/page_size", ROLE_PAGE},
	{"/pageSize", ROLE_PAGE}};
#define N_KNOWN ((int) lengthof(known))

/* Objects that are looked into; the last one has lists. */
static const char *const inner_objects[] = {
	"/pageInfo", "/paging", "/paging/next", "/pagination", "/next_page", "/meta", "/links", "/links/next",
	"/_links", "/_links/next", "/_embedded"};
#define EMBEDDED "/_embedded"

typedef struct Reading
{
	AcJsonLex lex;
	const char *list_path; /* as asked for, or NULL */
	AcField found[N_KNOWN];
	AcField list;
	char found_path[AC_INNER_PATH_BYTES]; /* of the list */
	int64 length;						  /* its elements */
	int n_lists;
	bool many_lists;
} Reading;

bool
ac_innerlist_is_name(const char *name)
{
	static const char *const names[] = {
		"data", "items", "values", "results", "nodes", "edges", "records",
		"entries", "elements", "list", "content", "value"};

	for (int i = 0; i < (int) lengthof(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* ---- reading ---- */

static AcField
field_at(const char *p, const char *end, bool escaped)
{
	AcField field = {ac_field_kind_of(*p), false, p, (size_t) (end - p)};

	if (field.kind == AC_FIELD_STRING)
	{
		field.escaped = escaped;
		field.text++;
		field.len -= 2;
	}
	return field;
}

/* Reads the array at p and counts its elements. */
static const char *
read_array(Reading *reading, const char *p, int64 *n)
{
	AcJsonLex *lex = &reading->lex;

	*n = 0;
	p = ac_jsonlex_open(lex, p);
	while (p != NULL && *p != ']')
	{
		++*n;
		if ((p = ac_jsonlex_skip(lex, p)) == NULL)
			return NULL;
		p = ac_jsonlex_space(lex, p);
		if (*p == ',')
			p = ac_jsonlex_comma(lex, p);
	}
	return ac_jsonlex_close(lex, p);
}

/* May the array there be the list?  Only those at the top and of HAL. */
static bool
may_be_list(const Reading *reading, const char *path)
{
	if (reading->list_path != NULL)
		return strcmp(path, reading->list_path) == 0;
	return strchr(path + 1, '/') == NULL ||
		   strncmp(path, EMBEDDED "/", strlen(EMBEDDED "/")) == 0;
}

/* Of two members of one name the last counts, with all that is below it. */
static void
forget_below(Reading *reading, const char *path)
{
	size_t len = strlen(path);

	if (strncmp(reading->found_path, path, len) == 0 &&
		(reading->found_path[len] == '/' || reading->found_path[len] == '\0'))
	{
		reading->n_lists = 0;
		memset(&reading->list, 0, sizeof(AcField));
		reading->found_path[0] = '\0';
	}
	for (int i = 0; i < N_KNOWN; i++)
		if (strncmp(known[i].path, path, len) == 0 && known[i].path[len] == '/')
			memset(&reading->found[i], 0, sizeof(AcField));
}

static void
note_list(Reading *reading, const char *path, const AcField *list,
		  int64 length)
{
	if (reading->n_lists > 0)
		reading->many_lists = true;
	reading->n_lists++;
	reading->list = *list;
	reading->length = length;
	strlcpy(reading->found_path, path, AC_INNER_PATH_BYTES);
}

static bool
is_inner_object(const char *path)
{
	for (int i = 0; i < (int) lengthof(inner_objects); i++)
		if (strcmp(path, inner_objects[i]) == 0)
			return true;
	return false;
}

static const char *read_object(Reading *reading, const char *p,
							   const char *above);

/* The value at p, to which path leads; returns the position behind it. */
static const char *
read_value(Reading *reading, const char *p, const char *path)
{
	const char *start = p;
	AcField field;
	int64 length = -1;

	forget_below(reading, path);
	reading->lex.escaped = false;
	if (*p == '[' && may_be_list(reading, path))
		p = read_array(reading, p, &length);
	else if (*p == '{' && is_inner_object(path))
		p = read_object(reading, p, path);
	else
		p = ac_jsonlex_skip(&reading->lex, p);
	if (p == NULL)
		return NULL;
	field = field_at(start, p, reading->lex.escaped);
	if (length >= 0)
		note_list(reading, path, &field, length);
	for (int i = 0; i < N_KNOWN; i++)
		if (strcmp(path, known[i].path) == 0)
			reading->found[i] = field;
	return p;
}

/*
 * Writes the pointer of a member; false where none is looked for: it is too
 * long, or the name has escapes, of JSON or of pointers.
 */
static bool
write_path(char *path, const char *above, const AcField *name)
{
	if (name->escaped ||
		strlen(above) + 1 + name->len >= AC_INNER_PATH_BYTES ||
		memchr(name->text, '/', name->len) != NULL ||
		memchr(name->text, '~', name->len) != NULL)
		return false;
	snprintf(path, AC_INNER_PATH_BYTES, "%s/%.*s", above, (int) name->len, name->text);
	return true;
}

/* The value of a member without a path: an array may still be a list. */
static const char *
skip_value(Reading *reading, const char *p, const char *above)
{
	if (*p == '[' && reading->list_path == NULL &&
		(above[0] == '\0' || strcmp(above, EMBEDDED) == 0))
		reading->many_lists = true;
	return ac_jsonlex_skip(&reading->lex, p);
}

/* The members of the object at p; above is its pointer. */
static const char *
read_object(Reading *reading, const char *p, const char *above)
{
	AcJsonLex *lex = &reading->lex;

	p = ac_jsonlex_open(lex, p);
	while (p != NULL && *p != '}')
	{
		char path[AC_INNER_PATH_BYTES];
		const char *key = p;
		AcField name;

		lex->escaped = false;
		if ((p = ac_jsonlex_key(lex, p)) == NULL)
			return NULL;
		name = field_at(key, p, lex->escaped);
		if ((p = ac_jsonlex_colon(lex, p)) == NULL)
			return NULL;
		p = write_path(path, above, &name)
				? read_value(reading, p, path)
				: skip_value(reading, p, above);
		if (p == NULL)
			return NULL;
		p = ac_jsonlex_space(lex, p);
		if (*p == ',')
			p = ac_jsonlex_comma(lex, p);
	}
	return ac_jsonlex_close(lex, p);
}

/* Reads all of the object; false where that cannot be. */
static bool
read_all(Reading *reading, const AcField *object)
{
	AcJsonLex *lex = &reading->lex;

	lex->text = object->text;
	lex->end = object->text + object->len;
	lex->max_depth = AC_JSONLEX_MAX_DEPTH;
	lex->interrupted = NULL;
	lex->fault = AC_JSONFAULT_NONE;
	lex->chunk = NULL;
	ac_jsonlex_seek(lex, object->text, 0);
	return read_object(reading, object->text, "") != NULL;
}

/* ---- what it says ---- */

static bool
has_role(const Reading *reading, Role role, AcFieldKind kind)
{
	for (int i = 0; i < N_KNOWN; i++)
		if (known[i].role == role && reading->found[i].kind == kind)
			return true;
	return false;
}

/* The first of that role that is a text with something in it; -1: none. */
static int
text_of_role(const Reading *reading, Role role)
{
	for (int i = 0; i < N_KNOWN; i++)
		if (known[i].role == role &&
			reading->found[i].kind == AC_FIELD_STRING &&
			reading->found[i].len > 0)
			return i;
	return -1;
}

/* Does it look like a URL, or a reference?  "2" and "step two" do not. */
static bool
looks_like_url(const AcField *field)
{
	return field->kind == AC_FIELD_STRING && field->len > 0 &&
		   memchr(field->text, ' ', field->len) == NULL &&
		   (memchr(field->text, '/', field->len) != NULL ||
			field->text[0] == '?');
}

/* Is something said that only pages of a list have? */
static bool
tells_page(const Reading *reading)
{
	return has_role(reading, ROLE_PAGE, AC_FIELD_NUMBER) ||
		   has_role(reading, ROLE_START, AC_FIELD_NUMBER);
}

/* Salesforce: {"totalSize": 3, "done": false, "records": [...]}. */
static bool
is_not_done(const Reading *reading)
{
	return has_role(reading, ROLE_DONE, AC_FIELD_FALSE) &&
		   has_role(reading, ROLE_SIZE, AC_FIELD_NUMBER);
}

/* A list whose name says nothing, or beside which pages are spoken of. */
static bool
looks_paged(const Reading *reading)
{
	const char *name = strrchr(reading->found_path, '/') + 1;

	return ac_innerlist_is_name(name) ||
		   strncmp(reading->found_path, EMBEDDED "/",
				   strlen(EMBEDDED "/")) == 0 ||
		   tells_page(reading) ||
		   has_role(reading, ROLE_TOTAL, AC_FIELD_NUMBER) ||
		   has_role(reading, ROLE_MORE, AC_FIELD_TRUE);
}

/* Which member leads to the next page; -1: none. */
static int
next_of(const Reading *reading)
{
	int at = text_of_role(reading, ROLE_NEXT);

	if (at >= 0 && looks_like_url(&reading->found[at]))
		return at;
	at = text_of_role(reading, ROLE_LINK);
	if (at >= 0 && looks_like_url(&reading->found[at]) && looks_paged(reading))
		return at;
	return -1;
}

/* A whole number that is not negative, -1 for anything else. */
static int64
count_of(const AcField *field)
{
	int64 count = 0;

	if (field->kind != AC_FIELD_NUMBER || field->len > 15)
		return -1;
	for (size_t i = 0; i < field->len; i++)
	{
		if (field->text[i] < '0' || field->text[i] > '9')
			return -1;
		count = count * 10 + (field->text[i] - '0');
	}
	return count;
}

/* The total that is larger than the list; -1: none. */
static int
larger_total(const Reading *reading)
{
	for (int i = 0; i < N_KNOWN && tells_page(reading); i++)
		if (known[i].role == ROLE_TOTAL &&
			count_of(&reading->found[i]) > reading->length)
			return i;
	return -1;
}

/* Where the list says that it starts with its first element; -1: nowhere. */
static int
start_of(const Reading *reading)
{
	for (int i = 0; i < N_KNOWN; i++)
		if (known[i].role == ROLE_START && count_of(&reading->found[i]) == 0)
			return i;
	return -1;
}

/* Can the list be asked for by position, as {"self", "startAt", "total"}? */
static bool
find_offset(const Reading *reading, AcInnerList *inner)
{
	int start = start_of(reading);
	int total = larger_total(reading);
	int url = text_of_role(reading, ROLE_SELF);

	if (start < 0 || total < 0 || url < 0 || reading->length == 0 ||
		!looks_like_url(&reading->found[url]))
		return false;
	inner->url = reading->found[url];
	inner->start_param = known[start].path + 1;
	inner->total_path = known[total].path;
	return true;
}

static AcInnerWay
way_of(const Reading *reading, AcInnerList *inner)
{
	bool more = has_role(reading, ROLE_MORE, AC_FIELD_TRUE);
	bool ends = !more && has_role(reading, ROLE_MORE, AC_FIELD_FALSE);

	if (inner->next_path != NULL && !ends)
		return AC_INNER_NEXT;
	if (find_offset(reading, inner))
		return AC_INNER_OFFSET;
	if (more)
		return looks_like_url(&inner->url) ? AC_INNER_KEYSET : AC_INNER_CUT;
	if ((!ends && text_of_role(reading, ROLE_CURSOR) >= 0) ||
		larger_total(reading) >= 0 || is_not_done(reading))
		return AC_INNER_CUT;
	return AC_INNER_WHOLE;
}

/* Collects what says that more follows. */
static void
gather_marks(const Reading *reading, AcInnerList *inner)
{
	for (int i = 0; i < N_KNOWN && inner->n_marks < AC_INNER_MARKS; i++)
	{
		const AcField *field = &reading->found[i];
		Role role = known[i].role;

		if ((role == ROLE_MORE && field->kind == AC_FIELD_TRUE) ||
			(role == ROLE_DONE && is_not_done(reading)) ||
			((role == ROLE_NEXT || role == ROLE_LINK || role == ROLE_CURSOR) &&
			 field->kind == AC_FIELD_STRING))
			inner->marks[inner->n_marks++] = *field;
	}
}

void
ac_innerlist_read(const AcField *object, const char *list_path,
				  AcInnerList *inner)
{
	Reading *reading = palloc0(sizeof(Reading));
	int at;

	memset(inner, 0, sizeof(*inner));
	reading->list_path = list_path;
	if (object->kind == AC_FIELD_OBJECT && read_all(reading, object) &&
		reading->n_lists > 0 && !reading->many_lists)
	{
		inner->list = reading->list;
		strlcpy(inner->list_path, reading->found_path, AC_INNER_PATH_BYTES);
		for (int i = 0; i < N_KNOWN; i++)
			if (known[i].role == ROLE_MORE && inner->more_path == NULL &&
				(reading->found[i].kind == AC_FIELD_TRUE ||
				 reading->found[i].kind == AC_FIELD_FALSE))
				inner->more_path = known[i].path;
		if ((at = next_of(reading)) >= 0)
		{
			inner->next = reading->found[at];
			inner->next_path = known[at].path;
		}
		if ((at = text_of_role(reading, ROLE_URL)) >= 0)
			inner->url = reading->found[at];
		if ((at = text_of_role(reading, ROLE_OBJECT)) >= 0)
			inner->is_list_object = ac_field_equals(&reading->found[at], "list", 4);
		gather_marks(reading, inner);
		inner->way = way_of(reading, inner);
	}
	pfree(reading);
}

static bool
has_any_word(AcSlice text, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (memmem(text.text, text.len, words[i], strlen(words[i])) != NULL)
			return true;
	return false;
}

bool
ac_innerlist_has_words(AcSlice text)
{
	static const char *const more[] = {"next", "has_more", "hasMore",
									   "hasNextPage"};
	static const char *const total[] = {"\"total"};
	static const char *const page[] = {
		"maxResults", "startAt", "\"limit\"", "\"offset\"", "\"skip\"",
		"\"page", "\"per", "\"done\""};

	return has_any_word(text, more, lengthof(more)) ||
		   (has_any_word(text, total, lengthof(total)) &&
			has_any_word(text, page, lengthof(page)));
}

bool
ac_innerlist_is_likely(const AcField *object)
{
	return object->kind == AC_FIELD_OBJECT &&
		   ac_innerlist_has_words((AcSlice){object->text, object->len});
}
