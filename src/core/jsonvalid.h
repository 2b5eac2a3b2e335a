/*
 * jsonvalid.h
 *		Is this text strictly valid JSON in valid UTF-8?
 *
 * RFC 8259 without any leniency: no NaN, no trailing commas, no control
 * characters in strings, no overlong or surrogate UTF-8, nothing behind the
 * value.  For documents of which a tree is to be made; a page of rows is
 * validated by core/rowscan on the way.
 */
#ifndef AC_CORE_JSONVALID_H
#define AC_CORE_JSONVALID_H

#include "ac.h"

#include "core/error.h"

/*
 * True if text[0..len) is one JSON value nested at most max_depth containers
 * deep, perhaps behind a byte order mark.  Else false with AC_ERR_MALFORMED
 * (AC_ERR_TOO_LARGE for the depth) and the byte offset in the message, or
 * AC_ERR_NO_MEMORY.  The text need not be followed by anything.
 */
extern bool ac_jsonvalid_check(const char *text, size_t len, int max_depth,
							   AcError *err);

#endif /* AC_CORE_JSONVALID_H */
