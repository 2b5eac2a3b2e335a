/*
 * alloc.c
 *		Where does a unit test's memory come from?
 *
 * Takes the place of PostgreSQL's fe_memutils.c.  Each palloc is one malloc,
 * so that AddressSanitizer sees every overrun and every use after pfree.
 * What was palloc'd is kept in a list, because the code under test relies on
 * memory contexts to free it: ac_alloc_reset() is that reset, and what
 * LeakSanitizer still finds afterwards (json-c trees, AcBuf) is a real leak.
 *
 * Each piece has a header in front, which is poisoned while it belongs to the
 * user, so that an underrun is seen too.
 *
 * Every function of fe_memutils.h is here, those of newer minor releases
 * included: one missing would pull in PostgreSQL's object file and with it a
 * second definition of all the others.
 */
#include "ac.h"

#include "alloc.h"

#include <sanitizer/asan_interface.h>

#define PIECE_MAGIC 0x41635069

typedef struct Piece
{
	struct Piece *prev;
	struct Piece *next;
	size_t size;  /* what the user asked for, bytes */
	uint32 magic; /* PIECE_MAGIC while palloc'd */
} Piece;

StaticAssertDecl(sizeof(Piece) % 16 == 0, "pieces must stay aligned for any type");

static Piece *pieces = NULL;
static size_t live = 0;
static size_t live_bytes = 0;

static bool failing = false;
static size_t fail_after;
static jmp_buf *fail_to;

static bool malloc_failing = false;
static size_t malloc_fail_after;

/* The linker's --wrap turns malloc() of our objects into __wrap_malloc(). */
extern void *__real_malloc(size_t size);
extern void *__real_calloc(size_t count, size_t size);
extern void *__real_realloc(void *pointer, size_t size);
extern void *__wrap_malloc(size_t size);
extern void *__wrap_calloc(size_t count, size_t size);
extern void *__wrap_realloc(void *pointer, size_t size);

/* Only newer minor releases declare these. */
extern Size add_size(Size s1, Size s2);
extern Size mul_size(Size s1, Size s2);
extern void *pg_malloc_mul(Size s1, Size s2);
extern void *pg_malloc0_mul(Size s1, Size s2);
extern void *pg_malloc_mul_extended(Size s1, Size s2, int flags);
extern void *pg_realloc_mul(void *p, Size s1, Size s2);
extern void *palloc_mul(Size s1, Size s2);
extern void *palloc0_mul(Size s1, Size s2);
extern void *palloc_mul_extended(Size s1, Size s2, int flags);
extern void *repalloc_mul(void *p, Size s1, Size s2);

static void
die(const char *what)
{
	fprintf(stderr, "%s\n", what);
	abort();
}

static bool
malloc_may_pass(void)
{
	if (!malloc_failing)
		return true;
	if (malloc_fail_after == 0)
		return false;
	malloc_fail_after--;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return malloc_may_pass() ? __real_malloc(size) : NULL;
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return malloc_may_pass() ? __real_calloc(count, size) : NULL;
}

void *
__wrap_realloc(void *pointer, size_t size)
{
	return malloc_may_pass() ? __real_realloc(pointer, size) : NULL;
}

static Piece *
piece_of(void *pointer)
{
	Piece *piece = (Piece *) pointer - 1;

	ASAN_UNPOISON_MEMORY_REGION(piece, sizeof(Piece));
	if (piece->magic != PIECE_MAGIC)
		die("pointer was not palloc'd");
	return piece;
}

/* Sets the link in a neighbour's header, which is poisoned. */
static void
set_link(Piece *piece, bool forward, Piece *to)
{
	if (piece == NULL)
	{
		if (forward)
			pieces = to;
		return;
	}
	ASAN_UNPOISON_MEMORY_REGION(piece, sizeof(Piece));
	if (forward)
		piece->next = to;
	else
		piece->prev = to;
	ASAN_POISON_MEMORY_REGION(piece, sizeof(Piece));
}

/* True if this allocation is to fail and the caller can bear it. */
static bool
injected_failure(int flags)
{
	if (!failing)
		return false;
	if (fail_after > 0)
	{
		fail_after--;
		return false;
	}
	if ((flags & MCXT_ALLOC_NO_OOM) == 0)
		longjmp(*fail_to, 1);
	return true;
}

void *
palloc_extended(Size size, int flags)
{
	Piece *piece;

	/* The backend's palloc refuses these; the pure code must not ask. */
	if (size > MaxAllocSize && (flags & MCXT_ALLOC_HUGE) == 0)
		die("palloc of more than MaxAllocSize");
	if (injected_failure(flags))
		return NULL;
	piece = __real_malloc(sizeof(Piece) + size);
	if (piece == NULL)
		die("out of memory");
	piece->prev = NULL;
	piece->next = pieces;
	piece->size = size;
	piece->magic = PIECE_MAGIC;
	if (pieces != NULL)
		set_link(pieces, false, piece);
	pieces = piece;
	live++;
	live_bytes += size;
	ASAN_POISON_MEMORY_REGION(piece, sizeof(Piece));

	/* The backend's palloc leaves rubbish too; make it the same each time. */
	memset(piece + 1, (flags & MCXT_ALLOC_ZERO) ? 0 : 0x7F, size);
	return piece + 1;
}

void
pfree(void *pointer)
{
	Piece *piece = piece_of(pointer);

	set_link(piece->prev, true, piece->next);
	if (piece->next != NULL)
		set_link(piece->next, false, piece->prev);
	live--;
	live_bytes -= piece->size;
	piece->magic = 0;
	free(piece);
}

/* Always moves, so that a pointer kept across it is found. */
void *
repalloc(void *pointer, Size size)
{
	Piece *old = piece_of(pointer);
	size_t old_size = old->size;
	void *moved;

	ASAN_POISON_MEMORY_REGION(old, sizeof(Piece));
	moved = palloc(size);
	memcpy(moved, pointer, Min(old_size, size));
	pfree(pointer);
	return moved;
}

void
ac_alloc_reset(void)
{
	failing = malloc_failing = false;
	while (pieces != NULL)
		pfree(pieces + 1);
}

size_t
ac_alloc_live(void)
{
	return live;
}

size_t
ac_alloc_live_bytes(void)
{
	return live_bytes;
}

void
ac_alloc_fail_after(size_t n, jmp_buf *where)
{
	failing = true;
	fail_after = n;
	fail_to = where;
}

void
ac_alloc_fail_malloc_after(size_t n)
{
	malloc_failing = true;
	malloc_fail_after = n;
}

/* The rest of fe_memutils.h, in terms of the above. */

Size
add_size(Size s1, Size s2)
{
	if (s1 > SIZE_MAX - s2)
		die("size overflow");
	return s1 + s2;
}

Size
mul_size(Size s1, Size s2)
{
	if (s2 != 0 && s1 > SIZE_MAX / s2)
		die("size overflow");
	return s1 * s2;
}

void *
palloc(Size size)
{
	return palloc_extended(size, 0);
}

void *
palloc0(Size size)
{
	return palloc_extended(size, MCXT_ALLOC_ZERO);
}

void *
palloc_mul(Size s1, Size s2)
{
	return palloc(mul_size(s1, s2));
}

void *
palloc0_mul(Size s1, Size s2)
{
	return palloc0(mul_size(s1, s2));
}

void *
palloc_mul_extended(Size s1, Size s2, int flags)
{
	return palloc_extended(mul_size(s1, s2), flags);
}

void *
repalloc_mul(void *p, Size s1, Size s2)
{
	return repalloc(p, mul_size(s1, s2));
}

char *
pnstrdup(const char *in, Size size)
{
	size_t len = strnlen(in, size);
	char *copy = palloc(len + 1);

	memcpy(copy, in, len);
	copy[len] = '\0';
	return copy;
}

char *
pstrdup(const char *in)
{
	return pnstrdup(in, SIZE_MAX);
}

/*
 * The pg_malloc family has no counterpart in the backend: the pure layers do
 * not call it, but objects of libpgcommon do, and get palloc'd memory.
 */
void *
pg_malloc_extended(size_t size, int flags)
{
	return palloc_extended(size, flags | MCXT_ALLOC_HUGE);
}

void *
pg_malloc(size_t size)
{
	return pg_malloc_extended(size, 0);
}

void *
pg_malloc0(size_t size)
{
	return pg_malloc_extended(size, MCXT_ALLOC_ZERO);
}

void *
pg_malloc_mul(Size s1, Size s2)
{
	return pg_malloc(mul_size(s1, s2));
}

void *
pg_malloc0_mul(Size s1, Size s2)
{
	return pg_malloc0(mul_size(s1, s2));
}

void *
pg_malloc_mul_extended(Size s1, Size s2, int flags)
{
	return pg_malloc_extended(mul_size(s1, s2), flags);
}

void *
pg_realloc(void *pointer, size_t size)
{
	return pointer == NULL ? pg_malloc(size) : repalloc(pointer, size);
}

void *
pg_realloc_mul(void *p, Size s1, Size s2)
{
	return pg_realloc(p, mul_size(s1, s2));
}

char *
pg_strdup(const char *in)
{
	return pstrdup(in);
}

void
pg_free(void *pointer)
{
	if (pointer != NULL)
		pfree(pointer);
}
