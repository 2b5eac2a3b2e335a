/*
 * statejson.h
 *		How is what is known from poll to poll kept as JSON?
 *
 * A record is an object whose members are called like the struct's; tables of
 * fields say which, so that what is saved is what is loaded.  What is 0, false
 * or NULL is left out.
 *
 * A state comes back from a table that people can write to.  Nothing in it is
 * trusted: counts are brought within bounds, what is of another kind is as if
 * it were absent.
 */
#ifndef AC_DRIFT_STATEJSON_H
#define AC_DRIFT_STATEJSON_H

#include "ac.h"

#include "core/json.h"

typedef enum AcStateKind
{
	AC_STATE_IS_BOOL,
	AC_STATE_IS_INT, /* int64 */
	AC_STATE_IS_TEXT /* const char *, may be NULL */
} AcStateKind;

/* What makes a text that comes back fit to be kept: a copy, or NULL. */
typedef char *(*AcStateClean)(const char *text, size_t max);

typedef struct AcStateField
{
	const char *name;
	AcStateKind kind;
	size_t offset;
	int64 least;		/* of an INT */
	int64 most;			/* of an INT; bytes of a TEXT */
	AcStateClean clean; /* of a TEXT; NULL: any text is fit */
} AcStateField;

/* offsetof() that does not compile where the member is of another type. */
#define AC_STATE_OFFSET(record, member, type) \
	(offsetof(record, member) +               \
	 0 * sizeof(&((record *) NULL)->member == (type *) NULL))

/* What stands between the braces of an AcStateField. */
#define AC_STATE_BOOL(record, field) \
	.name = #field,                  \
	.kind = AC_STATE_IS_BOOL,        \
	.offset = AC_STATE_OFFSET(record, field, bool)
#define AC_STATE_BETWEEN(record, field, low, high)   \
	.name = #field,                                  \
	.kind = AC_STATE_IS_INT,                         \
	.offset = AC_STATE_OFFSET(record, field, int64), \
	.least = (low), .most = (high)
#define AC_STATE_INT(record, field) \
	AC_STATE_BETWEEN(record, field, PG_INT64_MIN, PG_INT64_MAX)
#define AC_STATE_COUNT(record, field, high) \
	AC_STATE_BETWEEN(record, field, 0, high)
#define AC_STATE_TEXT(record, field, high, cleaner)         \
	.name = #field,                                         \
	.kind = AC_STATE_IS_TEXT,                               \
	.offset = AC_STATE_OFFSET(record, field, const char *), \
	.most = (high), .clean = (cleaner)

/* Adds a record's fields to an object. */
extern void ac_state_save(AcJson *object, const AcStateField *fields, int n,
						  const void *record);

/* Sets all of the fields, to 0, false or NULL what the object does not have. */
extern void ac_state_load(const AcJson *object, const AcStateField *fields,
						  int n, void *record);

/* A node's integer between 0 and most. */
extern int64 ac_state_count(const AcJson *node, int64 most);

/* A copy of a member's text of at most max bytes, NULL if there is none. */
extern char *ac_state_text(const AcJson *object, const char *key, size_t max);

#endif /* AC_DRIFT_STATEJSON_H */
