/*
 * jsonvalid.h
 *		Is this text strictly valid JSON in valid UTF-8?
 *
 * RFC 8259 without any leniency: no NaN, no trailing commas, no control
 * characters in strings, no overlong or surrogate UTF-8, nothing behind the
 * value.  Runs at memory speed, because every body of rows passes through it.
 */
#ifndef AC_CORE_JSONVALID_H
#define AC_CORE_JSONVALID_H

#include "ac.h"

#include "core/error.h"

/*
 * True if text[0..len) is one JSON value nested at most max_depth containers
 * deep.  Else false with AC_ERR_MALFORMED (AC_ERR_TOO_LARGE for the depth)
 * and the byte offset in the message.
 */
extern bool ac_jsonvalid_check(const char *text, size_t len, int max_depth,
							   AcError *err);

#endif							/* AC_CORE_JSONVALID_H */
