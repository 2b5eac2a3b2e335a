/*
 * utf8.h
 *		Is this a UTF-8 sequence, and what is a code point's?
 *
 * RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#ifndef AC_CORE_UTF8_H
#define AC_CORE_UTF8_H

#include "ac.h"

/* Bytes of the longest sequence. */
#define AC_UTF8_MAX 4

/*
 * Length in bytes of the well-formed sequence that begins at p, 0 if none
 * does.  Reads no byte behind one that cannot belong to the sequence, so that
 * text followed by a NUL byte is never overrun.
 */
extern int ac_utf8_length(const char *p);

/* Writes the sequence of a code point that is no surrogate; its length. */
extern int ac_utf8_encode(uint32 code_point, char *out);

#endif /* AC_CORE_UTF8_H */
