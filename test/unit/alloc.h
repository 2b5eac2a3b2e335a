/*
 * alloc.h
 *		What may a test ask of its allocator?  See alloc.c.
 */
#ifndef AC_TEST_ALLOC_H
#define AC_TEST_ALLOC_H

#include "ac.h"

#include <setjmp.h>

/*
 * Frees everything that was palloc'd and not yet pfree'd, as the reset of a
 * memory context would, and switches failure injection off.
 */
extern void ac_alloc_reset(void);

/* Number of palloc'd pieces that live; their bytes. */
extern size_t ac_alloc_live(void);
extern size_t ac_alloc_live_bytes(void);

/*
 * After n more successful ones an allocation by palloc fails: with
 * MCXT_ALLOC_NO_OOM it returns NULL, else control leaves through *where, as
 * an ERROR would leave the pure code:
 *
 *		jmp_buf		where;
 *
 *		if (setjmp(where) == 0)
 *		{
 *			ac_alloc_fail_after(n, &where);
 *			... the code under test ...
 *		}
 *		ac_alloc_reset();
 *
 * Failing stays on until ac_alloc_reset().
 */
extern void ac_alloc_fail_after(size_t n, jmp_buf *where);

/*
 * The same for malloc, calloc and realloc called from our own code (not from
 * libraries): after n more they return NULL.
 */
extern void ac_alloc_fail_malloc_after(size_t n);

#endif /* AC_TEST_ALLOC_H */
