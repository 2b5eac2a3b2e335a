/*
 * pointer.h
 *		How are JSON Pointers read and written?
 *
 * RFC 6901, string representation.  Following one through a document is
 * core/json's business, through a row core/rowscan's.  Results are palloc'd
 * in the current context.
 */
#ifndef AC_CORE_POINTER_H
#define AC_CORE_POINTER_H

#include "ac.h"

#include "core/error.h"

/* Steps in a pointer; JSON itself is cut at 256 levels (core/json). */
#define AC_POINTER_MAX_TOKENS 256

/* tokens are unescaped; "" has none, "/" has one, which is empty. */
typedef struct AcPointer
{
	char **tokens;
	int count;
} AcPointer;

/*
 * Reads a pointer: "" or a sequence of "/token", where '~' only occurs as
 * "~0" and "~1".  Else AC_ERR_OPTION_VALUE.
 */
extern bool ac_pointer_parse(const char *text, AcPointer *pointer,
							 AcError *err);

/* One reference token with '~' and '/' escaped. */
extern char *ac_pointer_escape(const char *token);

/* Text of pointer parent (valid text, "" for the root) extended by a token. */
extern char *ac_pointer_child(const char *parent, const char *token);

/* The same with an array index (0 is the first element). */
extern char *ac_pointer_child_index(const char *parent, int index);

/*
 * The token as an array index by RFC 6901 4 (no leading zeros), -1 if it is
 * none that an int holds ("-", which names no element, included).
 */
extern int ac_pointer_index(const char *token);

/* True if below equals above or lies under it; both valid pointer texts. */
extern bool ac_pointer_is_below(const char *above, const char *below);

#endif /* AC_CORE_POINTER_H */
