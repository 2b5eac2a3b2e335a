/*
 * tap.h
 *		How does a unit test say what it found?
 *
 * A unit test is a program that calls ok() and its kin and ends with
 * "return done_testing();".  It prints TAP (testanything.org, version 12),
 * which `make unit` and prove read.  A failing comparison shows both sides
 * and goes on, so that one run shows everything that is wrong.
 *
 * Texts are printf formats; they name the case, not the outcome.
 */
#ifndef AC_TAP_H
#define AC_TAP_H

#include "ac.h"

#include "alloc.h"

static int tap_count = 0;
static int tap_failures = 0;

/* Prints a comment line, as it stands between test points. */
static inline void pg_attribute_printf(1, 2)
	diag(const char *fmt, ...)
{
	va_list args;

	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
}

static inline bool pg_attribute_printf(2, 0)
	tap_point(bool passed, const char *fmt, va_list args)
{
	tap_count++;
	if (!passed)
		tap_failures++;
	printf("%s %d - ", passed ? "ok" : "not ok", tap_count);
	vprintf(fmt, args);
	printf("\n");
	/* What follows may crash. */
	fflush(stdout);
	return passed;
}

/* One test point.  Like all of these it returns whether it passed. */
static inline bool pg_attribute_printf(2, 3)
	ok(bool passed, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tap_point(passed, fmt, args);
	va_end(args);
	return passed;
}

/* Equal as numbers. */
static inline bool pg_attribute_printf(3, 4)
	is_int(int64 got, int64 want, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tap_point(got == want, fmt, args);
	va_end(args);
	if (got != want)
	{
		diag("     got: %lld", (long long) got);
		diag("expected: %lld", (long long) want);
	}
	return got == want;
}

/* Equal as strings; NULL equals only NULL. */
static inline bool pg_attribute_printf(3, 4)
	is_str(const char *got, const char *want, const char *fmt, ...)
{
	bool passed;
	va_list args;

	passed = got == want ||
			 (got != NULL && want != NULL && strcmp(got, want) == 0);
	va_start(args, fmt);
	tap_point(passed, fmt, args);
	va_end(args);
	if (!passed)
	{
		diag("     got: %s", got ? got : "NULL");
		diag("expected: %s", want ? want : "NULL");
	}
	return passed;
}

/* A slice (not NUL-terminated) equals a string; NULL text equals only NULL. */
static inline bool pg_attribute_printf(3, 4)
	is_slice(AcSlice got, const char *want, const char *fmt, ...)
{
	bool passed;
	va_list args;

	if (got.text == NULL || want == NULL)
		passed = got.text == NULL && want == NULL;
	else
		passed = got.len == strlen(want) &&
				 memcmp(got.text, want, got.len) == 0;
	va_start(args, fmt);
	tap_point(passed, fmt, args);
	va_end(args);
	if (!passed)
	{
		diag("     got: %.*s", got.text ? (int) got.len : 4,
			 got.text ? got.text : "NULL");
		diag("expected: %s", want ? want : "NULL");
	}
	return passed;
}

/*
 * A pseudo-random number for property tests: splitmix64.  Start with a fixed
 * seed and diag() it, so that a failure can be repeated.
 */
static inline uint64
tap_random(uint64 *state)
{
	uint64 z = (*state += UINT64CONST(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64CONST(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64CONST(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* Prints the plan; the result is main's. */
static inline int
done_testing(void)
{
	ac_alloc_reset();
	printf("1..%d\n", tap_count);
	fflush(stdout);
	return tap_failures > 0 ? 1 : 0;
}

#endif /* AC_TAP_H */
