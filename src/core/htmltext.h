/*
 * htmltext.h
 *		Which characters do the bytes of an HTML page stand for?
 *
 * What is appended is valid UTF-8, without control characters and without
 * those that serve line breaking and order only.  Buffers are malloc memory;
 * false means that one is full (AC_ERR_TOO_LARGE) or memory is.
 */
#ifndef AC_CORE_HTMLTEXT_H
#define AC_CORE_HTMLTEXT_H

#include "ac.h"

#include "core/buf.h"
#include "core/error.h"
#include "core/json.h"

/* What the bytes of a page are. */
typedef enum AcHtmlCharset
{
	AC_HTML_UTF8,	/* what is not, becomes U+FFFD */
	AC_HTML_WINDOWS /* windows-1252 and its subsets */
} AcHtmlCharset;

/* UTF-8, unless it is not and says that it is something else. */
extern AcHtmlCharset ac_htmltext_charset(const AcJsonText *input);

extern bool ac_htmltext_append(AcBuf *buf, const char *text, size_t len,
							   AcError *err);

/*
 * Appends text with each run of white space as one space, none at its ends:
 * *space says that one waits for what follows it.
 */
extern bool ac_htmltext_collapsed(AcBuf *buf, bool *space, AcSlice from,
								  AcHtmlCharset charset, AcError *err);

/* Appends text with its white space; references: it has "&amp;" and the like. */
extern bool ac_htmltext_plain(AcBuf *buf, AcSlice from, bool references,
							  AcHtmlCharset charset, AcError *err);

/* Equal, and containing (a text in lower case), whatever the case is. */
extern bool ac_htmltext_is(AcSlice slice, const char *text);
extern bool ac_htmltext_has(AcSlice slice, const char *what);

#endif /* AC_CORE_HTMLTEXT_H */
