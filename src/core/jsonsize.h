/*
 * jsonsize.h
 *		What does a JSON text need as a tree, and how much may it need?
 */
#ifndef AC_CORE_JSONSIZE_H
#define AC_CORE_JSONSIZE_H

#include "ac.h"

/*
 * Memory that json-c and malloc need on 64 bits, about: bytes of an object, of
 * its entry for a member without the name's own, of an array, and of anything
 * else with its place in an array, without the text's own.
 */
#define AC_JSONSIZE_OBJECT 144
#define AC_JSONSIZE_MEMBER 90
#define AC_JSONSIZE_ARRAY 128
#define AC_JSONSIZE_SCALAR 72

/* Bytes that the tree of a text of this length may take. */
extern int64 ac_jsonsize_limit(size_t len);

/* Bytes that the tree of a valid text will take, about. */
extern int64 ac_jsonsize_bytes(const char *text, size_t len);

#endif /* AC_CORE_JSONSIZE_H */
