/*
 * jsonsize.h
 *		May a JSON text become a tree, or would the tree fill memory?
 */
#ifndef AC_CORE_JSONSIZE_H
#define AC_CORE_JSONSIZE_H

#include "ac.h"

#include "core/error.h"

/*
 * False with AC_ERR_TOO_LARGE for a text that is valid JSON and whose tree
 * would take far more memory than texts of its length do.
 */
extern bool ac_jsonsize_check(const char *text, size_t len, AcError *err);

/* Bytes that the tree of a valid text will take, about. */
extern int64 ac_jsonsize_bytes(const char *text, size_t len);

#endif /* AC_CORE_JSONSIZE_H */
