/*
 * jsonstops.h
 *		At which bytes of a JSON text may the plain part of a string end?
 *
 * Finding them for some KB at a time is what makes core/jsonlex fast: the end
 * of a string is then looked up, and the processor need not have found one
 * string's end before it may begin with the next.
 */
#ifndef AC_CORE_JSONSTOPS_H
#define AC_CORE_JSONSTOPS_H

#include "ac.h"

/* Text is read in blocks of as many bytes as a mask has bits. */
#define AC_JSONSTOPS_BLOCK 64

/* The most text for one call: its stops stay in the first-level cache. */
#define AC_JSONSTOPS_CHUNK 4096

/* Entries for one call: behind the last stop whole vectors are stored. */
#define AC_JSONSTOPS_ENTRIES (AC_JSONSTOPS_CHUNK + AC_JSONSTOPS_BLOCK)

/*
 * Writes, in ascending order, the offsets of all quotes, backslashes, control
 * characters and runs of non-ASCII bytes in text[0..len), wherever they stand,
 * inside a string or not.  A run has its first byte listed, and perhaps more
 * of them.  Bytes up to the end of the last block are read and may be listed.
 * Returns the position behind the last entry.
 */
extern uint16 *ac_jsonstops_find(const char *text, size_t len, uint16 *to);

/* The same without what this processor has and not every one. */
extern uint16 *ac_jsonstops_find_anywhere(const char *text, size_t len,
										  uint16 *to);

#endif /* AC_CORE_JSONSTOPS_H */
