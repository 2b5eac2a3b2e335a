/*
 * jsonlex.h
 *		Where does the next piece of a JSON text end, and is it well-formed?
 *
 * The strict reading of RFC 8259 that core/jsonvalid and core/rowscan share:
 * each function takes the position of a piece, checks it, and returns the
 * position behind it, or NULL with the reason kept in the AcJsonLex.  Strings
 * are checked for UTF-8, escapes and control characters but not decoded;
 * half a surrogate pair is left to whoever decodes the string.
 *
 * The text must be followed by a NUL byte and be readable for AC_BUF_PADDING
 * bytes behind its end.  NUL is malformed wherever it stands in JSON, so no
 * function passes it and none needs to compare with the end.
 *
 * The ends of strings are looked up in a list of the text's stops
 * (core/jsonstops), made piece by piece as the position moves on.  So what
 * moves over a stop must move lex->stop, too: strings do, and white space.
 * Anything else with a stop in it is malformed.
 *
 * The functions are inline where a call per key or value would show.
 */
#ifndef AC_CORE_JSONLEX_H
#define AC_CORE_JSONLEX_H

#include "ac.h"

#include "core/error.h"
#include "core/jsonstops.h"
#include "core/simd.h"

/*
 * Nesting allowed unless the caller says otherwise.  Real bodies stay under
 * 20 levels and real API descriptions under 50; json and jsonb columns are
 * read again by PostgreSQL, whose recursive parser takes 256 levels with a
 * tenth of the default max_stack_depth.
 */
#define AC_JSONLEX_DEFAULT_DEPTH 256

/* How the message about a text that ends early ends. */
#define AC_JSON_FOUND_THE_END "found the end"

/* Nesting that can be asked for: a byte of stack per level. */
#define AC_JSONLEX_MAX_DEPTH 1024

/* Bytes between two questions whether to stop: some 0.1 ms of work. */
#define AC_JSONLEX_POLL_BYTES (64 * 1024)

typedef enum AcJsonFault
{
	AC_JSONFAULT_NONE,
	AC_JSONFAULT_SYNTAX,
	AC_JSONFAULT_DEPTH,
	AC_JSONFAULT_INTERRUPTED
} AcJsonFault;

typedef struct AcJsonLex
{
	/* the text */
	const char *text; /* offsets in messages count from here */
	const char *end;  /* the NUL byte behind it */

	/* limits */
	int max_depth;
	AcInterrupted interrupted;
	void *interrupted_arg;
	const char *poll_at; /* ask once this position is reached */

	/* state */
	int depth;			/* containers open around the position */
	bool escaped;		/* set, never cleared, by a string with a backslash */
	const char *chunk;	/* the piece of the text whose stops are listed */
	const uint16 *stop; /* the first one not in front of the position */

	/* why NULL was returned */
	AcJsonFault fault;
	const char *fault_at;
	const char *expected; /* a noun phrase, for AC_JSONFAULT_SYNTAX */

	/*
	 * Offsets in the chunk.  AC_JSONSTOPS_CHUNK, twice, ends the list, and is
	 * what stop points to when the position has left the chunk.
	 */
	uint16 stops[AC_JSONSTOPS_ENTRIES];
} AcJsonLex;

/*
 * Begins a text.  Returns the position of its first value, behind a byte order
 * mark and white space.  max_depth as in AcRowLimits; the caller may set
 * interrupted and its argument afterwards.
 */
extern const char *ac_jsonlex_begin(AcJsonLex *lex, AcSlice text,
									int max_depth);

/* Continues at another position of the same text. */
extern void ac_jsonlex_seek(AcJsonLex *lex, const char *p, int depth);

/* Is there nothing but white space from p to the end? */
extern bool ac_jsonlex_finish(AcJsonLex *lex, const char *p);

/* Records that a noun phrase was expected at p.  Always returns NULL. */
extern const char *ac_jsonlex_fail(AcJsonLex *lex, const char *p,
								   const char *expected);

/*
 * Turns the recorded fault into an error: AC_ERR_MALFORMED with offset, what
 * was expected and what was found; AC_ERR_TOO_LARGE; AC_ERR_INTERRUPTED.
 * Always returns false.
 */
extern bool ac_jsonlex_report(const AcJsonLex *lex, AcError *err);

/* Skips an array or object that begins at p.  Does not recurse. */
extern const char *ac_jsonlex_skip_container(AcJsonLex *lex, const char *p);

/* Out of line parts of the functions below. */
extern const char *ac_jsonlex_long_space(AcJsonLex *lex, const char *p);
extern const char *ac_jsonlex_string_rest(AcJsonLex *lex, const char *p);
extern const char *ac_jsonlex_literal(AcJsonLex *lex, const char *p);
extern bool ac_jsonlex_poll(AcJsonLex *lex, const char *p);

/* Skips white space. */
static inline const char *
ac_jsonlex_space(AcJsonLex *lex, const char *p)
{
	if (likely((unsigned char) *p > ' '))
		return p;
	if (*p == ' ' && (unsigned char) p[1] > ' ')
		return p + 1;
	return ac_jsonlex_long_space(lex, p);
}

/*
 * Checks a string (RFC 8259 section 7); p is behind the opening quote, the
 * result behind the closing one.  The opening quote is a stop; if the next one
 * is a quote as well, there is nothing in between to be checked.
 */
static inline const char *
ac_jsonlex_string(AcJsonLex *lex, const char *p)
{
	uint32 at = lex->stop[1];

	if (unlikely(at == AC_JSONSTOPS_CHUNK || lex->chunk[at] != '"'))
		return ac_jsonlex_string_rest(lex, p);
	Assert(lex->chunk + *lex->stop == p - 1);
	lex->stop += 2;
	return lex->chunk + at + 1;
}

/* Skips digits, of which there may be none. */
static inline const char *
ac_jsonlex_digits(const char *p)
{
	for (;;)
	{
		uint32 others = ac_simd_not_digit(p);

		if (likely(others != 0))
			return p + ac_simd_first(others);
		p += AC_SIMD_WIDTH;
	}
}

/* Checks a number (RFC 8259 section 6). */
static inline const char *
ac_jsonlex_number(AcJsonLex *lex, const char *p)
{
	const char *digits;

	if (*p == '-')
		p++;
	digits = p;
	p = ac_jsonlex_digits(p);
	if (unlikely(p == digits))
		return ac_jsonlex_fail(lex, p, "a digit");
	if (unlikely(*digits == '0' && p > digits + 1))
		return ac_jsonlex_fail(lex, digits, "a number without leading zeros");
	if (*p == '.')
	{
		digits = p + 1;
		p = ac_jsonlex_digits(digits);
		if (unlikely(p == digits))
			return ac_jsonlex_fail(lex, p, "a digit");
	}
	if (unlikely(*p == 'e' || *p == 'E'))
	{
		digits = p + 1;
		if (*digits == '+' || *digits == '-')
			digits++;
		p = ac_jsonlex_digits(digits);
		if (p == digits)
			return ac_jsonlex_fail(lex, p, "a digit");
	}
	return p;
}

/* Checks any value. */
static inline const char *
ac_jsonlex_skip(AcJsonLex *lex, const char *p)
{
	if (*p == '"')
		return ac_jsonlex_string(lex, p + 1);
	if ((*p >= '0' && *p <= '9') || *p == '-')
		return ac_jsonlex_number(lex, p);
	if (*p == '{' || *p == '[')
		return ac_jsonlex_skip_container(lex, p);
	return ac_jsonlex_literal(lex, p);
}

/*
 * Enters the container that begins at p: the position of its first member or
 * of its closing bracket.
 */
static inline const char *
ac_jsonlex_open(AcJsonLex *lex, const char *p)
{
	if (unlikely(lex->depth >= lex->max_depth))
	{
		lex->fault = AC_JSONFAULT_DEPTH;
		lex->fault_at = p;
		return NULL;
	}
	lex->depth++;
	return ac_jsonlex_space(lex, p + 1);
}

/* Leaves the container whose closing bracket is at p; NULL stays NULL. */
static inline const char *
ac_jsonlex_close(AcJsonLex *lex, const char *p)
{
	if (p == NULL)
		return NULL;
	lex->depth--;
	return p + 1;
}

/* Goes from a comma at p to what follows it; asks whether to stop. */
static inline const char *
ac_jsonlex_comma(AcJsonLex *lex, const char *p)
{
	if (unlikely(p >= lex->poll_at) && !ac_jsonlex_poll(lex, p))
		return NULL;
	return ac_jsonlex_space(lex, p + 1);
}

/* Goes from behind a member's key to its value. */
static inline const char *
ac_jsonlex_colon(AcJsonLex *lex, const char *p)
{
	if (*p != ':')
		p = ac_jsonlex_space(lex, p);
	if (unlikely(*p != ':'))
		return ac_jsonlex_fail(lex, p, "\":\"");
	return ac_jsonlex_space(lex, p + 1);
}

/* Goes from where a member's key must begin to behind it. */
static inline const char *
ac_jsonlex_key(AcJsonLex *lex, const char *p)
{
	if (unlikely(*p != '"'))
		return ac_jsonlex_fail(lex, p, "a quoted key");
	return ac_jsonlex_string(lex, p + 1);
}

#endif /* AC_CORE_JSONLEX_H */
