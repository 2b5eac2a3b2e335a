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
#include "core/jsonstring.h"
#include "core/jsonvalid.h"
#include "core/pointer.h"

/*
 * Bytes read between two looks at the interrupt flag: some 5 ms of work.
 */
#define AC_JSON_POLL_BYTES (256 * 1024)

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

/*
 * json-c gives every object room for 16 members, which are most of a tree's
 * memory: here the table is cut to those that are there.  json-c adds a member
 * as long as a table is filled to less than LH_LOAD_FACTOR.
 */
static void
fit_object(json_c_object *object)
{
	struct lh_table *table = json_object_get_object(object);
	int size = (int) (Max(table->count - 1, 0) / LH_LOAD_FACTOR) + 1;

	/* where there is no memory for it, it stays as it is */
	if (size < table->size)
		(void) lh_table_resize(table, size);
}

void
ac_json_fit(AcJson *node)
{
	if (json_object_is_type(inside(node), json_type_object))
		fit_object(inside(node));
	else if (json_object_is_type(inside(node), json_type_array))
		(void) json_object_array_shrink(inside(node), 0);
}

/* A valid text on its way to a tree. */
typedef struct Builder
{
	const AcJsonText *input;
	const AcJsonBounds *bounds;
	const char *at;
	const char *end;
	const char *poll_at;
	char *scratch; /* room for any one string of the text */
	int64 *room;   /* bytes that the tree may still take */
	AcErrorCode failed;
} Builder;

/* Takes what a node costs out of the room; false if there is none left. */
static bool
pay(Builder *builder, int64 bytes)
{
	*builder->room -= bytes;
	if (*builder->room < 0 && builder->failed == AC_ERR_NONE)
		builder->failed = AC_ERR_TOO_LARGE;
	if (builder->at >= builder->poll_at)
	{
		builder->poll_at = builder->at + AC_JSON_POLL_BYTES;
		if (builder->input->interrupted != NULL &&
			builder->input->interrupted(NULL))
			builder->failed = AC_ERR_INTERRUPTED;
	}
	return builder->failed == AC_ERR_NONE;
}

/* The node, or a note that there was no memory for it. */
static json_c_object *
made(Builder *builder, json_c_object *node)
{
	if (node == NULL)
		builder->failed = AC_ERR_NO_MEMORY;
	return node;
}

static void
skip_space(Builder *builder)
{
	while (builder->at < builder->end &&
		   (*builder->at == ' ' || *builder->at == '\n' ||
			*builder->at == '\r' || *builder->at == '\t'))
		builder->at++;
}

/* The text of the string at which the builder is, in the scratch. */
static size_t
read_string(Builder *builder)
{
	return ac_jsonstring_decode(builder->at, builder->scratch, &builder->at);
}

static json_c_object *
build_string(Builder *builder)
{
	size_t len = read_string(builder);

	if (!pay(builder, AC_JSONSIZE_SCALAR + (int64) len))
		return NULL;
	return made(builder, json_object_new_string_len(builder->scratch, (int) len));
}

static json_c_object *
build_number(Builder *builder)
{
	const char *start = builder->at;
	size_t len;

	while (builder->at < builder->end && *builder->at != '\0' &&
		   strchr("+-.eE0123456789", *builder->at) != NULL)
		builder->at++;
	len = builder->at - start;
	memcpy(builder->scratch, start, len);
	builder->scratch[len] = '\0';
	if (!pay(builder, AC_JSONSIZE_SCALAR + (int64) len))
		return NULL;
	return made(builder, inside(ac_json_new_number(builder->scratch)));
}

static json_c_object *build_value(Builder *builder);

/*
 * Goes to the next element, or behind the container's end.  at is behind the
 * opening bracket or the last element.
 */
static bool
has_next(Builder *builder)
{
	skip_space(builder);
	if (*builder->at == ',')
	{
		builder->at++;
		skip_space(builder);
	}
	if (*builder->at != ']' && *builder->at != '}')
		return true;
	builder->at++;
	return false;
}

/* Goes to the end of the container around, of which no more is wanted. */
static void
skip_rest(Builder *builder)
{
	int depth = 1;

	for (;; builder->at++)
	{
		switch (*builder->at)
		{
			case '"':
				while (*++builder->at != '"')
					builder->at += *builder->at == '\\';
				break;
			case '{':
			case '[':
				depth++;
				break;
			case '}':
			case ']':
				if (--depth == 0)
					return;
				break;
		}
	}
}

static json_c_object *
build_array(Builder *builder)
{
	json_c_object *array = made(builder, json_object_new_array());
	int max = builder->bounds->max_elements;

	builder->at++;
	if (array == NULL || !pay(builder, AC_JSONSIZE_ARRAY))
		return array;
	for (int n = 0; has_next(builder); n++)
	{
		json_c_object *element;

		if (max > 0 && n >= max)
		{
			skip_rest(builder);
			continue;
		}
		element = build_value(builder);
		if (builder->failed == AC_ERR_NONE &&
			json_object_array_add(array, element) != 0)
			builder->failed = AC_ERR_NO_MEMORY;
		if (builder->failed != AC_ERR_NONE)
		{
			json_object_put(element);
			return array;
		}
	}
	ac_json_fit(outside(array));
	return array;
}

/* Reads the member at which the builder is into the object. */
static bool
build_member(Builder *builder, json_c_object *object)
{
	size_t len = read_string(builder);
	char *key = strdup(builder->scratch);
	json_c_object *value = NULL;

	if (key == NULL)
		builder->failed = AC_ERR_NO_MEMORY;
	skip_space(builder);
	builder->at++; /* the colon */
	skip_space(builder);
	if (key != NULL && pay(builder, AC_JSONSIZE_MEMBER + (int64) len))
		value = build_value(builder);
	if (builder->failed == AC_ERR_NONE &&
		json_object_object_add(object, key, value) == 0)
		value = NULL;
	else if (builder->failed == AC_ERR_NONE)
		builder->failed = AC_ERR_NO_MEMORY;
	json_object_put(value);
	free(key);
	return builder->failed == AC_ERR_NONE;
}

static json_c_object *
build_object(Builder *builder)
{
	json_c_object *object = made(builder, json_object_new_object());
	int max = builder->bounds->max_members;

	builder->at++;
	if (object == NULL || !pay(builder, AC_JSONSIZE_OBJECT))
		return object;
	for (int n = 0; has_next(builder); n++)
	{
		if (max > 0 && n >= max)
			skip_rest(builder);
		else if (!build_member(builder, object))
			return object;
	}
	fit_object(object);
	return object;
}

/*
 * The value at which the builder is; NULL for JSON null, or where it failed,
 * maybe with a part of the value.  The validator has bounded the recursion.
 */
static json_c_object *
build_value(Builder *builder)
{
	switch (*builder->at)
	{
		case '{':
			return build_object(builder);
		case '[':
			return build_array(builder);
		case '"':
			return build_string(builder);
		case 'n':
			builder->at += strlen("null");
			return NULL;
		case 't':
			builder->at += strlen("true");
			return made(builder, json_object_new_boolean(true));
		case 'f':
			builder->at += strlen("false");
			return made(builder, json_object_new_boolean(false));
		default:
			return build_number(builder);
	}
}

static bool
report_failure(const Builder *builder, AcError *err)
{
	switch (builder->failed)
	{
		case AC_ERR_INTERRUPTED:
			return ac_error_set(err, AC_ERR_INTERRUPTED, "interrupted");
		case AC_ERR_TOO_LARGE:
			return ac_error_set(err, AC_ERR_TOO_LARGE,
								"JSON document of %zu bytes has too many values",
								builder->input->len);
		default:
			return ac_error_set(err, AC_ERR_NO_MEMORY, "out of memory");
	}
}

/*
 * The tree is built here and not by json-c's tokener: that takes control
 * characters, NaN and Infinity, makes integers of more than 64 bits the
 * nearest that fits, and objects of one member as large as those of ten.  Our
 * validator has the first word.
 */
bool
ac_json_parse_within(const AcJsonText *input, const AcJsonBounds *bounds,
					 AcJson **doc, AcError *err)
{
	int64 own_room = ac_jsonsize_limit(input->len);
	Builder builder = {.input = input,
					   .bounds = bounds,
					   .at = input->text,
					   .end = input->text + input->len,
					   .room = bounds->room != NULL ? bounds->room : &own_room};
	json_c_object *root;

	*doc = NULL;
	if (input->len > INT_MAX)
		return ac_error_set(err, AC_ERR_TOO_LARGE,
							"JSON document of %zu bytes is too large", input->len);
	if (!ac_jsonvalid_check(input->text, input->len, input->max_depth, err))
		return false;
	builder.poll_at = builder.at + AC_JSON_POLL_BYTES;
	if (input->len >= 3 && memcmp(input->text, byte_order_mark, 3) == 0)
		builder.at += 3;
	skip_space(&builder);
	/* pages that no string needs are never touched */
	builder.scratch = palloc_extended(input->len + 1, MCXT_ALLOC_HUGE);
	root = build_value(&builder);
	pfree(builder.scratch);
	if (builder.failed != AC_ERR_NONE)
	{
		json_object_put(root);
		return report_failure(&builder, err);
	}
	*doc = outside(root);
	return true;
}

bool
ac_json_parse_long(const AcJsonText *input, AcJson **doc, AcError *err)
{
	AcJsonBounds bounds = {0};

	return ac_json_parse_within(input, &bounds, doc, err);
}

bool
ac_json_parse(const char *text, size_t len, int max_depth, AcJson **doc,
			  AcError *err)
{
	AcJsonText input = {.text = text, .len = len, .max_depth = max_depth};

	return ac_json_parse_long(&input, doc, err);
}

/* Adds the node and what is in it; depth is bounded by whoever built it. */
static void
weigh(const AcJson *node, int64 limit, int64 *bytes)
{
	AcJsonIter it;
	size_t len = 0;

	if (*bytes > limit)
		return;
	switch (ac_json_kind(node))
	{
		case AC_JSON_OBJECT:
			*bytes += AC_JSONSIZE_OBJECT;
			ac_json_iter_init(&it, node);
			while (ac_json_iter_next(&it))
			{
				*bytes += AC_JSONSIZE_MEMBER + strlen(it.key);
				weigh(it.value, limit, bytes);
			}
			break;
		case AC_JSON_ARRAY:
			*bytes += AC_JSONSIZE_ARRAY;
			for (int i = 0; i < ac_json_length(node); i++)
				weigh(ac_json_at(node, i), limit, bytes);
			break;
		case AC_JSON_STRING:
			(void) ac_json_string(node, &len);
			*bytes += AC_JSONSIZE_SCALAR + len;
			break;
		default:
			*bytes += AC_JSONSIZE_SCALAR;
			break;
	}
}

int64
ac_json_weight(const AcJson *node, int64 limit)
{
	int64 bytes = 0;

	weigh(node, limit, &bytes);
	return bytes;
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
ac_json_says_something(const AcJson *node)
{
	switch (ac_json_kind(node))
	{
		case AC_JSON_ABSENT:
		case AC_JSON_NULL:
			return false;
		case AC_JSON_BOOL:
			return ac_json_bool(node, false);
		case AC_JSON_INT:
		case AC_JSON_DOUBLE:
			return ac_json_int(node, 1) != 0;
		case AC_JSON_STRING:
			return json_object_get_string_len(inside(node)) > 0;
		case AC_JSON_ARRAY:
			return ac_json_length(node) > 0;
		case AC_JSON_OBJECT:
			return json_object_object_length(inside(node)) > 0;
	}
	return true;
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

/* json-c doubles the room whenever it is used up. */
#define FIRST_ROOM 2

AcJson *
ac_json_new_object(void)
{
	json_c_object *object = json_object_new_object();

	/* where that fails it has more room than it needs */
	if (object != NULL)
		(void) lh_table_resize(json_object_get_object(object), FIRST_ROOM);
	return outside(object);
}

AcJson *
ac_json_new_array(void)
{
	return outside(json_object_new_array_ext(FIRST_ROOM));
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

/*
 * json-c keeps the text with the node it is of: here that is an array around
 * it, which goes at once.
 */
char *
ac_json_to_text(const AcJson *node)
{
	json_c_object *around = json_object_new_array_ext(1);
	const char *text = NULL;
	char *copy = NULL;
	size_t len = 0;

	if (around != NULL &&
		json_object_array_add(around, json_object_get(inside(node))) == 0)
		text = json_object_to_json_string_length(around,
												 JSON_C_TO_STRING_PLAIN |
													 JSON_C_TO_STRING_NOSLASHESCAPE,
												 &len);
	if (text != NULL)
		copy = palloc_extended(len - 1, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
	if (copy != NULL)
	{
		memcpy(copy, text + 1, len - 2);
		copy[len - 2] = '\0';
	}
	json_object_put(around);
	/* this says that there is no memory */
	return copy != NULL ? copy : palloc_extended(SIZE_MAX / 4, MCXT_ALLOC_HUGE);
}

char *
ac_json_into_text(AcJson *node)
{
	char *text = ac_json_to_text(node);

	ac_json_free(node);
	return text;
}
