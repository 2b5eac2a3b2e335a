/*
 * canonical.h
 *		Are two JSON documents the same but for order and white space?
 */
#ifndef AC_DRIFT_CANONICAL_H
#define AC_DRIFT_CANONICAL_H

#include "ac.h"

#include "core/json.h"

/*
 * Appends the document with the members of every object sorted by the bytes
 * of their names and no white space, much as RFC 8785 has it; numbers stay as
 * json-c writes them.  Nesting is what the parser let through.
 */
extern void ac_canonical_append(const AcJson *doc, StringInfo out);

#endif /* AC_DRIFT_CANONICAL_H */
