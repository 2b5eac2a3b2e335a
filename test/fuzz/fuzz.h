/*
 * fuzz.h
 *		What is a fuzz target?
 *
 * A file test/fuzz/fuzz_<module>.c that defines LLVMFuzzerTestOneInput().  It
 * feeds the input to the module, asserts what must hold for any input, frees
 * trees and buffers, and ends with ac_alloc_reset() and "return 0".  Seeds
 * lie in test/fuzz/corpus/<module>/, one input a file.
 *
 * data is not NUL-terminated and is exactly size bytes for the sanitizers.
 */
#ifndef AC_FUZZ_H
#define AC_FUZZ_H

#include "ac.h"

#include "alloc.h"

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What pure code asserts, tested here whether or not asserts are compiled. */
static inline void
must(bool holds, const char *what)
{
	if (!holds)
	{
		fprintf(stderr, "does not hold: %s\n", what);
		abort();
	}
}

#endif /* AC_FUZZ_H */
