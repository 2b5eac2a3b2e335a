/*
 * jsonstring.h
 *		What text does a JSON string stand for?
 */
#ifndef AC_CORE_JSONSTRING_H
#define AC_CORE_JSONSTRING_H

#include "ac.h"

/*
 * The text of a string of valid JSON, whose opening quote is at quoted, and a
 * NUL; its length.  *end is then behind the closing quote.  out has room for
 * as many bytes as stand between the quotes, and one.  Half of a surrogate
 * pair is U+FFFD.
 */
extern size_t ac_jsonstring_decode(const char *quoted, char *out,
								   const char **end);

#endif /* AC_CORE_JSONSTRING_H */
