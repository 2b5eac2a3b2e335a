/*
 * text.h
 *		How is a text kept that was put together, or a word found in one?
 *
 * A StringInfo begins with a kilobyte and grows by doubling.  Plans of large
 * APIs keep a hundred thousand names and pointers of some ten bytes each; kept
 * in their StringInfos they took most of an import's memory.
 */
#ifndef AC_CORE_TEXT_H
#define AC_CORE_TEXT_H

#include "ac.h"

/* The text in memory of its own size; the StringInfo's is freed. */
static inline char *
ac_text_keep(StringInfo built)
{
	char *text = pnstrdup(built->data, built->len);

	pfree(built->data);
	return text;
}

/* Has it a control character, as what would end a line of a header? */
static inline bool
ac_text_has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char) *text < ' ' || *text == 0x7f)
			return true;
	return false;
}

/* Do these ASCII characters stand somewhere in the text, in either case? */
static inline bool
ac_text_has(const char *text, const char *what)
{
	size_t len = strlen(what);

	for (; text != NULL && *text != '\0'; text++)
		if ((*text | 0x20) == (what[0] | 0x20) &&
			pg_strncasecmp(text, what, len) == 0)
			return true;
	return false;
}

/* Is one of the words, of which the last is NULL, in the text? */
static inline bool
ac_text_has_any(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (ac_text_has(text, *words))
			return true;
	return false;
}

#endif /* AC_CORE_TEXT_H */
