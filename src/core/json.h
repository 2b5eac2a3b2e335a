/*
 * json.h
 *		How is a JSON document (a description, configuration, an error body, a
 *		piece of evidence) read and written?
 *
 * json-c's json_object is the one document tree of autoconn; this header and
 * json.c are the only place that know json-c.  Trees are reference counted
 * and live in malloc memory: in the backend hang them on a memory context
 * with ac_resource_json() (pg/resource.h).  Rows never become a tree: that is
 * core/rowscan.
 *
 * Readers accept NULL for a node and answer "absent", so that paths through
 * a document can be chained without tests.  Nodes returned by readers belong
 * to the tree.  Setters take over the reference of the value they are given.
 *
 * Numbers keep their text, however many digits they have, but equality of two
 * that no 64 bits hold is that of doubles.  What json-c cannot keep: a key ends
 * at \u0000.
 */
#ifndef AC_CORE_JSON_H
#define AC_CORE_JSON_H

#include "ac.h"

#include "core/error.h"

typedef struct AcJson AcJson; /* json-c's json_object, opaque */

typedef enum AcJsonKind
{
	AC_JSON_ABSENT, /* no node */
	AC_JSON_NULL,
	AC_JSON_BOOL,
	AC_JSON_INT,
	AC_JSON_DOUBLE,
	AC_JSON_STRING,
	AC_JSON_ARRAY,
	AC_JSON_OBJECT
} AcJsonKind;

/*
 * Parses one strict JSON text (RFC 8259), UTF-8, duplicate keys: last wins.
 * A leading byte order mark is skipped.  max_depth limits nesting.  JSON null
 * is a node too: on success *doc is always set (an AC_JSON_NULL node reads
 * as such).  On failure returns false with AC_ERR_MALFORMED and the offset.
 */
extern bool ac_json_parse(const char *text, size_t len, int max_depth,
						  AcJson **doc, AcError *err);

/*
 * The same for a text that may be long: interrupted is asked now and then,
 * and true ends it with AC_ERR_INTERRUPTED.
 */
typedef struct AcJsonText
{
	const char *text;
	size_t len;
	int max_depth;
	bool (*interrupted)(void *arg); /* NULL: never */
} AcJsonText;

extern bool ac_json_parse_long(const AcJsonText *input, AcJson **doc,
							   AcError *err);

/* What is wanted of a text's tree, and how much it may take. */
typedef struct AcJsonBounds
{
	/*
	 * Bytes that it may take, less what it took: shared by trees that are kept
	 * together.  NULL: as many as one of the text's length may.
	 */
	int64 *room;

	/*
	 * Elements that are kept of each array, and members of each object; 0: all.
	 * For rows, of which a few say what they look like.
	 */
	int max_elements;
	int max_members;
} AcJsonBounds;

/* The same, with AC_ERR_TOO_LARGE where there is no room. */
extern bool ac_json_parse_within(const AcJsonText *input,
								 const AcJsonBounds *bounds, AcJson **doc,
								 AcError *err);

/* Depth to which descriptions may nest; the deepest of 2,000 real ones has 40. */
#define AC_JSON_MAX_DEPTH 256

extern void ac_json_free(AcJson *doc);

/*
 * Bytes that a tree takes, about; what stands in it several times by
 * reference counts each time.  Stops counting beyond limit.
 */
extern int64 ac_json_weight(const AcJson *node, int64 limit);

/*
 * Kind of a node.  json-c represents JSON null as a NULL pointer, hence a
 * NULL node is AC_JSON_NULL here; use ac_json_has() to tell an absent member.
 */
extern AcJsonKind ac_json_kind(const AcJson *node);

/* Members of an object; NULL if node is no object or has no such member. */
extern AcJson *ac_json_get(const AcJson *node, const char *key);
extern bool ac_json_has(const AcJson *node, const char *key);

/* Follows a JSON Pointer (RFC 6901); false if it leads nowhere. */
extern bool ac_json_pointer(AcJson *node, const char *pointer, AcJson **found);

/* Array elements; length 0 for anything else. */
extern int ac_json_length(const AcJson *node);
extern AcJson *ac_json_at(const AcJson *node, int index);

/*
 * Scalar readers.  ac_json_string: text of a string node (may contain NUL
 * bytes; len may be NULL), else NULL.  ac_json_text_of: palloc'd text of any
 * scalar, NULL for others; a string's ends at a NUL byte.  ac_json_bool and
 * ac_json_int: the default if not of that kind or no int64 (numbers that are
 * integral doubles count as ints).
 */
extern const char *ac_json_string(const AcJson *node, size_t *len);
extern const char *ac_json_get_string(const AcJson *node, const char *key);
extern char *ac_json_text_of(const AcJson *node);
extern bool ac_json_bool(const AcJson *node, bool otherwise);
extern int64 ac_json_int(const AcJson *node, int64 otherwise);

/* Anything but null, false, 0 and an empty string, array or object. */
extern bool ac_json_says_something(const AcJson *node);

/* Same kind and value, objects whatever the order of their members. */
extern bool ac_json_equal(const AcJson *a, const AcJson *b);

/* Members of an object in document order. */
typedef struct AcJsonIter
{
	void *next; /* private */
	const char *key;
	AcJson *value;
} AcJsonIter;

/*
 * AcJsonIter it; ac_json_iter_init(&it, object); while (ac_json_iter_next(&it)) ...
 * The object must not change meanwhile.  Not an object: no members.
 */
extern void ac_json_iter_init(AcJsonIter *it, const AcJson *object);
extern bool ac_json_iter_next(AcJsonIter *it);

/* Writers. */
extern AcJson *ac_json_new_object(void);
extern AcJson *ac_json_new_array(void);
extern AcJson *ac_json_new_string(const char *text);
/* len bytes, among which may be NULs. */
extern AcJson *ac_json_new_string_len(const char *text, size_t len);
extern AcJson *ac_json_new_int(int64 value);

/*
 * text is a JSON number (RFC 8259 6), and its digits are kept: an AC_JSON_INT
 * where 64 bits hold it, else an AC_JSON_DOUBLE whose text is this one.
 */
extern AcJson *ac_json_new_number(const char *text);
extern AcJson *ac_json_new_bool(bool value);
extern void ac_json_set(AcJson *object, const char *key, AcJson *value);
extern void ac_json_set_string(AcJson *object, const char *key, const char *text);
extern void ac_json_append(AcJson *array, AcJson *value);

/*
 * Gives back the room that json-c keeps for further members or elements of the
 * node itself.  For trees that are kept and were not parsed.
 */
extern void ac_json_fit(AcJson *node);

/* Another reference to the same node, to be set elsewhere. */
extern AcJson *ac_json_ref(AcJson *node);

/* palloc'd compact JSON text. */
extern char *ac_json_to_text(const AcJson *node);

/* The same of a tree that is freed with that. */
extern char *ac_json_into_text(AcJson *node);

#endif /* AC_CORE_JSON_H */
