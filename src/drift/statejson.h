/*
 * statejson.h
 *		How are numbers and texts of a stored state read, whatever it holds?
 *
 * A state comes back from a table that people can write to.  Nothing in it is
 * trusted: counts are brought within bounds, what is of another kind is as if
 * it were absent.
 */
#ifndef AC_DRIFT_STATEJSON_H
#define AC_DRIFT_STATEJSON_H

#include "ac.h"

#include "core/json.h"

/* A node's integer between 0 and most. */
static inline int64
ac_state_count(const AcJson *node, int64 most)
{
	return Min(Max(ac_json_int(node, 0), 0), most);
}

/* A copy of a member's text of at most max bytes, NULL if there is none. */
static inline char *
ac_state_text(const AcJson *object, const char *key, size_t max)
{
	size_t len;
	const char *text = ac_json_string(ac_json_get(object, key), &len);

	if (text == NULL || len > max || strlen(text) != len)
		return NULL;
	return pstrdup(text);
}

/* Sets a member where it is not 0, false or NULL, which absence says, too. */
static inline void
ac_state_set_int(AcJson *object, const char *key, int64 value)
{
	if (value != 0)
		ac_json_set(object, key, ac_json_new_int(value));
}

static inline void
ac_state_set_bool(AcJson *object, const char *key, bool value)
{
	if (value)
		ac_json_set(object, key, ac_json_new_bool(true));
}

static inline void
ac_state_set_text(AcJson *object, const char *key, const char *text)
{
	if (text != NULL)
		ac_json_set_string(object, key, text);
}

#endif /* AC_DRIFT_STATEJSON_H */
