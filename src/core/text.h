/*
 * text.h
 *		How is a text kept that was put together, shown in a message, or a word
 *		found in one?
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

/* What a cut text ends with in a message. */
#define AC_TEXT_CUT "..."

/* Bytes that ac_text_quote() writes at most. */
#define AC_TEXT_QUOTE_SIZE(max) ((max) + sizeof(AC_TEXT_CUT))

/*
 * The text as a message may show it, into quoted, which has room for
 * AC_TEXT_QUOTE_SIZE(max) bytes: cut after at most max bytes, at a boundary of
 * UTF-8 characters, and control characters are '?'.  Returns quoted.
 */
static inline char *
ac_text_quote(char *quoted, const char *text, size_t max)
{
	size_t len = strnlen(text, max + 1);
	bool cut = len > max;

	if (cut)
		for (len = max; len > 0 && ((unsigned char) text[len] & 0xC0) == 0x80;)
			len--;
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = text[i];

		quoted[i] = c < ' ' || c == 0x7f ? '?' : text[i];
	}
	strcpy(quoted + len, cut ? AC_TEXT_CUT : "");
	return quoted;
}

#endif /* AC_CORE_TEXT_H */
