/*
 * json.c
 *		How is a JSON document read and written?  See json.h.
 *
 * The one file that includes json-c.  An AcJson pointer is a json-c node
 * pointer under another name, so that nobody else can take it apart.
 */
#include "ac.h"

#include <limits.h>

/* json-c's typedef collides with PostgreSQL's function of that name. */
#define json_object json_c_object
#include <json-c/json.h>
#undef json_object

#include "core/json.h"
#include "core/jsonsize.h"
#include "core/jsonvalid.h"
#include "core/pointer.h"

/*
 * Bytes given to json-c at a time: 10 to 30 ms, so that a cancel need not wait
 * for the 3 s that 64 MB of small members take.
 */
#define AC_JSON_PIECE_BYTES ((size_t) 256 * 1024)

/*
 * json-c turns an integer that no 64 bits hold into the nearest bound.  Such
 * a one is given to it with an exponent that nobody writes, so that it becomes
 * a double, and a double keeps its text; then the text is put right.
 */
static const char long_mark[] = "E+00000000";

/* A longer text is not marked: marks may nearly double it, and palloc has an
 * end at a gigabyte. */
#define MAX_MARKED_BYTES ((size_t) 256 * 1024 * 1024)

static const char byte_order_mark[] = "\xEF\xBB\xBF";

static inline json_c_object *
inside(const AcJson *node)
{
	return unconstify(json_c_object *, (const json_c_object *) node);
}

static inline AcJson *
outside(json_c_object *node)
{
	return (AcJson *) node;
}

/* Behind the string that begins at the quote at text[pos] of a valid text. */
static size_t
skip_string(const char *text, size_t pos)
{
	for (pos++; text[pos] != '"'; pos++)
		if (text[pos] == '\\')
			pos++;
	return pos + 1;
}

/* Is an integer of these digits beyond what json-c keeps? */
static bool
is_beyond_64_bits(const char *digits, size_t len, bool negative)
{
	const char *limit = negative ? "9223372036854775808"
								 : "18446744073709551615";

	if (len != strlen(limit))
		return len > strlen(limit);
	return memcmp(digits, limit, len) > 0;
}

/*
 * The digits at pos and all else of their number, behind which *end is: are
 * they an integer that json-c cannot keep?
 */
static bool
is_long_integer(const AcJsonText *input, size_t pos, size_t *end)
{
	bool negative = pos > 0 && input->text[pos - 1] == '-';
	size_t at = pos;
	size_t digits;

	while (at < input->len && isdigit((unsigned char) input->text[at]))
		at++;
	digits = at - pos;
	while (at < input->len && input->text[at] != '\0' &&
		   strchr("+-.eE0123456789", input->text[at]) != NULL)
		at++;
	*end = at;
	return at == pos + digits &&
		   is_beyond_64_bits(input->text + pos, digits, negative);
}

/* The valid text with a mark behind each long integer; NULL: it has none. */
static char *
mark_long_integers(AcJsonText *input)
{
	StringInfoData out;
	size_t done = 0;
	size_t pos = 0;

	out.data = NULL;
	while (pos < input->len)
	{
		size_t end;

		if (input->text[pos] == '"')
			pos = skip_string(input->text, pos);
		else if (!isdigit((unsigned char) input->text[pos]))
			pos++;
		else if (is_long_integer(input, pos, &end))
		{
			if (out.data == NULL)
				initStringInfo(&out);
			appendBinaryStringInfo(&out, input->text + done, end - done);
			appendStringInfoString(&out, long_mark);
			pos = done = end;
		}
		else
			pos = end;
	}
	if (out.data == NULL)
		return NULL;
	appendBinaryStringInfo(&out, input->text + done, input->len - done);
	input->text = out.data;
	input->len = out.len;
	return out.data;
}

/* Takes the mark off the numbers of a tree; depth is bounded by the parser. */
static void
unmark_long_integers(AcJson *node)
{
	json_c_object *own = inside(node);
	AcJsonIter it;

	ac_json_iter_init(&it, node);
	while (ac_json_iter_next(&it))
		unmark_long_integers(it.value);
	for (int i = 0; i < ac_json_length(node); i++)
		unmark_long_integers(ac_json_at(node, i));
	if (json_object_is_type(own, json_type_double))
	{
		const char *text = json_object_get_userdata(own);
		const char *mark = text == NULL ? NULL : strstr(text, long_mark);

		if (mark != NULL)
			json_object_set_serializer(own, json_object_userdata_to_json_string,
									   strndup(text, mark - text),
									   json_object_free_userdata);
	}
}

/* Builds the tree of a valid text, in pieces; NULL in *root is JSON null. */
static enum json_tokener_error
build_tree(json_tokener *tokener, const AcJsonText *input,
		   json_c_object **root)
{
	enum json_tokener_error outcome = json_tokener_continue;
	size_t pos = 0;

	while (pos < input->len && outcome == json_tokener_continue)
	{
		size_t len = Min(input->len - pos, AC_JSON_PIECE_BYTES);

		if (pos > 0 && input->interrupted != NULL && input->interrupted(NULL))
			return json_tokener_continue;
		*root = json_tokener_parse_ex(tokener, input->text + pos, (int) len);
		outcome = json_tokener_get_error(tokener);
		pos += len;
	}
	/* A bare number at the very end is complete only once we say so. */
	if (outcome == json_tokener_continue)
	{
		*root = json_tokener_parse_ex(tokener, "", 1);
		outcome = json_tokener_get_error(tokener);
	}
	return outcome;
}

/*
 * json-c alone would let control characters, NaN and Infinity pass, so our
 * own validator has the first word; json-c then only builds the tree.
 */
bool
ac_json_parse_long(const AcJsonText *input, AcJson **doc, AcError *err)
{
	AcJsonText rest = *input;
	json_tokener *tokener;
	json_c_object *root = NULL;
	enum json_tokener_error outcome;
	char *marked;

	*doc = NULL;
	if (rest.len > INT_MAX)
		return ac_error_set(err, AC_ERR_TOO_LARGE,
							"JSON document of %zu bytes is too large", rest.len);
	if (!ac_jsonvalid_check(rest.text, rest.len, rest.max_depth, err) ||
		!ac_jsonsize_check(rest.text, rest.len, err))
		return false;
	if (rest.len >= 3 && memcmp(rest.text, byte_order_mark, 3) == 0)
	{
		rest.text += 3;
		rest.len -= 3;
	}

	/* first, because it pallocs */
	marked = rest.len < MAX_MARKED_BYTES ? mark_long_integers(&rest) : NULL;
	/* json-c counts the scalar inside the deepest container as a level. */
	tokener = json_tokener_new_ex(rest.max_depth + 2);
	if (tokener == NULL)
		return ac_error_set(err, AC_ERR_NO_MEMORY, "out of memory");
	outcome = build_tree(tokener, &rest, &root);
	json_tokener_free(tokener);
	if (marked != NULL)
	{
		unmark_long_integers(outside(root));
		pfree(marked);
	}
	if (outcome == json_tokener_continue)
		return ac_error_set(err, AC_ERR_INTERRUPTED, "interrupted");
	if (outcome != json_tokener_success)
		return ac_error_set(err, AC_ERR_MALFORMED,
							"could not read JSON document: %s",
							json_tokener_error_desc(outcome));
	*doc = outside(root);
	return true;
}

bool
ac_json_parse(const char *text, size_t len, int max_depth, AcJson **doc,
			  AcError *err)
{
	AcJsonText input = {text, len, max_depth, NULL};

	return ac_json_parse_long(&input, doc, err);
}

void
ac_json_free(AcJson *doc)
{
	json_object_put(inside(doc));
}

/* An integer that is kept as a double with its text. */
static bool
is_long(const json_c_object *node)
{
	const char *text = json_object_get_userdata(unconstify(json_c_object *, node));

	return text != NULL && strpbrk(text, ".eE") == NULL;
}

AcJsonKind
ac_json_kind(const AcJson *node)
{
	switch (json_object_get_type(inside(node)))
	{
		case json_type_null:
			return AC_JSON_NULL;
		case json_type_boolean:
			return AC_JSON_BOOL;
		case json_type_double:
			return is_long(inside(node)) ? AC_JSON_INT : AC_JSON_DOUBLE;
		case json_type_int:
			return AC_JSON_INT;
		case json_type_object:
			return AC_JSON_OBJECT;
		case json_type_array:
			return AC_JSON_ARRAY;
		case json_type_string:
			return AC_JSON_STRING;
	}
	return AC_JSON_NULL;
}

static bool
is_object(const AcJson *node)
{
	return json_object_is_type(inside(node), json_type_object);
}

static bool
is_array(const AcJson *node)
{
	return json_object_is_type(inside(node), json_type_array);
}

AcJson *
ac_json_get(const AcJson *node, const char *key)
{
	json_c_object *found = NULL;

	if (!is_object(node))
		return NULL;
	json_object_object_get_ex(inside(node), key, &found);
	return outside(found);
}

bool
ac_json_has(const AcJson *node, const char *key)
{
	return is_object(node) &&
		   json_object_object_get_ex(inside(node), key, NULL);
}

/* Goes from a node to its member or element that a reference token names. */
static bool
step(AcJson **node, const char *token)
{
	if (is_array(*node))
	{
		int index = ac_pointer_index(token);

		if (index < 0 || index >= ac_json_length(*node))
			return false;
		*node = ac_json_at(*node, index);
		return true;
	}
	if (!ac_json_has(*node, token))
		return false;
	*node = ac_json_get(*node, token);
	return true;
}

/*
 * Not by json-c's function of that purpose: that of 0.16 finds no null in an
 * array and takes an index of 2^32 for 0.
 */
bool
ac_json_pointer(AcJson *node, const char *pointer, AcJson **found)
{
	AcPointer parsed;

	*found = NULL;
	if (!ac_pointer_parse(pointer, &parsed, NULL))
		return false;
	for (int i = 0; i < parsed.count; i++)
		if (!step(&node, parsed.tokens[i]))
			return false;
	*found = node;
	return true;
}

int
ac_json_length(const AcJson *node)
{
	return is_array(node) ? (int) json_object_array_length(inside(node)) : 0;
}

AcJson *
ac_json_at(const AcJson *node, int index)
{
	if (index < 0 || index >= ac_json_length(node))
		return NULL;
	return outside(json_object_array_get_idx(inside(node), index));
}

const char *
ac_json_string(const AcJson *node, size_t *len)
{
	if (!json_object_is_type(inside(node), json_type_string))
		return NULL;
	if (len != NULL)
		*len = (size_t) json_object_get_string_len(inside(node));
	return json_object_get_string(inside(node));
}

const char *
ac_json_get_string(const AcJson *node, const char *key)
{
	return ac_json_string(ac_json_get(node, key), NULL);
}

char *
ac_json_text_of(const AcJson *node)
{
	switch (ac_json_kind(node))
	{
		case AC_JSON_BOOL:
		case AC_JSON_INT:
		case AC_JSON_DOUBLE:
		case AC_JSON_STRING:
			return pstrdup(json_object_get_string(inside(node)));
		default:
			return NULL;
	}
}

bool
ac_json_bool(const AcJson *node, bool otherwise)
{
	if (ac_json_kind(node) != AC_JSON_BOOL)
		return otherwise;
	return json_object_get_boolean(inside(node));
}

int64
ac_json_int(const AcJson *node, int64 otherwise)
{
	if (json_object_is_type(inside(node), json_type_int))
	{
		int64 value = json_object_get_int64(inside(node));

		/* json-c also keeps what only a uint64 holds. */
		if (value == PG_INT64_MAX &&
			json_object_get_uint64(inside(node)) > (uint64) PG_INT64_MAX)
			return otherwise;
		return value;
	}
	if (ac_json_kind(node) == AC_JSON_DOUBLE)
	{
		double value = json_object_get_double(inside(node));

		/* 2^53: beyond it a double no longer names one integer. */
		if (value >= -9007199254740992.0 && value <= 9007199254740992.0 &&
			value == (double) (int64) value)
			return (int64) value;
	}
	return otherwise;
}

bool
ac_json_equal(const AcJson *a, const AcJson *b)
{
	return json_object_equal(inside(a), inside(b)) != 0;
}

void
ac_json_iter_init(AcJsonIter *it, const AcJson *object)
{
	it->key = NULL;
	it->value = NULL;
	it->next = NULL;
	if (is_object(object))
		it->next = json_object_get_object(inside(object))->head;
}

bool
ac_json_iter_next(AcJsonIter *it)
{
	struct lh_entry *entry = it->next;

	if (entry == NULL)
		return false;
	it->key = (const char *) lh_entry_k(entry);
	it->value = outside((json_c_object *) lh_entry_v(entry));
	it->next = entry->next;
	return true;
}

AcJson *
ac_json_new_object(void)
{
	return outside(json_object_new_object());
}

AcJson *
ac_json_new_array(void)
{
	return outside(json_object_new_array());
}

AcJson *
ac_json_new_string(const char *text)
{
	return text == NULL ? NULL : outside(json_object_new_string(text));
}

AcJson *
ac_json_new_string_len(const char *text, size_t len)
{
	Assert(len <= INT_MAX);
	return outside(json_object_new_string_len(text, (int) len));
}

AcJson *
ac_json_new_int(int64 value)
{
	return outside(json_object_new_int64(value));
}

AcJson *
ac_json_new_number(const char *text)
{
	if (text[strcspn(text, ".eE")] == '\0')
	{
		char *end;
		long long value;
		unsigned long long rest;

		errno = 0;
		value = strtoll(text, &end, 10);
		if (errno == 0)
			return outside(json_object_new_int64(value));
		errno = 0;
		rest = strtoull(text, &end, 10);
		if (errno == 0 && text[0] != '-')
			return outside(json_object_new_uint64(rest));
	}
	return outside(json_object_new_double_s(strtod(text, NULL), text));
}

AcJson *
ac_json_new_bool(bool value)
{
	return outside(json_object_new_boolean(value));
}

void
ac_json_set(AcJson *object, const char *key, AcJson *value)
{
	json_object_object_add(inside(object), key, inside(value));
}

void
ac_json_set_string(AcJson *object, const char *key, const char *text)
{
	ac_json_set(object, key, ac_json_new_string(text));
}

void
ac_json_append(AcJson *array, AcJson *value)
{
	json_object_array_add(inside(array), inside(value));
}

AcJson *
ac_json_ref(AcJson *node)
{
	return outside(json_object_get(inside(node)));
}

char *
ac_json_to_text(const AcJson *node)
{
	return pstrdup(json_object_to_json_string_ext(inside(node),
												  JSON_C_TO_STRING_PLAIN |
													  JSON_C_TO_STRING_NOSLASHESCAPE));
}
