/*
 * jsonlex.c
 *		Where does the next piece of a JSON text end?  See jsonlex.h.
 *
 * Here is what is too long or too rare to be inline: escapes and non-ASCII
 * text in strings, containers that nobody looks into, and failures.
 */
#include "ac.h"

#include "core/buf.h"
#include "core/jsonlex.h"
#include "core/utf8.h"

/* Bytes of the text that an error message shows, escapes included. */
#define EXCERPT_BYTES 32

StaticAssertDecl(AC_BUF_PADDING >= AC_JSONSTOPS_BLOCK &&
					 AC_BUF_PADDING >= AC_SIMD_WIDTH,
				 "what is loaded at the end must stay in the padding");

/* What stands for an AcBuf that never got a byte. */
static const char nothing[AC_BUF_PADDING];

/* Moves to the first stop that is not in front of p. */
static inline void
pass_stops(AcJsonLex *lex, const char *p)
{
	size_t at = Min((size_t) (p - lex->chunk), AC_JSONSTOPS_CHUNK);

	while (*lex->stop < at)
		lex->stop++;
}

/* Lists the stops of the chunk that p is in. */
static void
list_stops(AcJsonLex *lex, const char *p)
{
	size_t at = (size_t) (p - lex->text);
	size_t len;
	uint16 *end;

	lex->chunk = lex->text + (at - at % AC_JSONSTOPS_CHUNK);
	len = Min((size_t) (lex->end + 1 - lex->chunk), AC_JSONSTOPS_CHUNK);
	end = ac_jsonstops_find(lex->chunk, len, lex->stops);
	end[0] = end[1] = AC_JSONSTOPS_CHUNK;
	lex->stop = lex->stops;
	pass_stops(lex, p);
}

const char *
ac_jsonlex_begin(AcJsonLex *lex, AcSlice text, int max_depth)
{
	const char *p = text.len > 0 ? text.text : nothing;

	Assert(p[text.len] == '\0');
	memset(lex, 0, offsetof(AcJsonLex, stops));
	lex->text = p;
	lex->end = p + text.len;
	lex->max_depth = max_depth <= 0 ? AC_JSONLEX_DEFAULT_DEPTH
									: Min(max_depth, AC_JSONLEX_MAX_DEPTH);
	if (text.len >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		p += 3;
	ac_jsonlex_seek(lex, p, 0);
	return ac_jsonlex_space(lex, p);
}

void
ac_jsonlex_seek(AcJsonLex *lex, const char *p, int depth)
{
	lex->depth = depth;
	lex->poll_at = p + Min(AC_JSONLEX_POLL_BYTES, lex->end - p);
	if (lex->chunk == NULL || p < lex->chunk)
	{
		list_stops(lex, p);
		return;
	}
	/* One by one, so that going back costs no more than reading again. */
	while (lex->stop > lex->stops && lex->chunk + lex->stop[-1] >= p)
		lex->stop--;
	pass_stops(lex, p);
}

bool
ac_jsonlex_finish(AcJsonLex *lex, const char *p)
{
	p = ac_jsonlex_space(lex, p);
	if (p != lex->end)
		ac_jsonlex_fail(lex, p, "the end");
	return p == lex->end;
}

const char *
ac_jsonlex_fail(AcJsonLex *lex, const char *p, const char *expected)
{
	Assert(lex->fault == AC_JSONFAULT_NONE);
	Assert(p >= lex->text && p <= lex->end);
	lex->fault = AC_JSONFAULT_SYNTAX;
	lex->fault_at = p;
	lex->expected = expected;
	return NULL;
}

/* Asks the caller whether to stop; false if so. */
bool
ac_jsonlex_poll(AcJsonLex *lex, const char *p)
{
	lex->poll_at = p + Min(AC_JSONLEX_POLL_BYTES, lex->end - p);
	if (lex->interrupted == NULL || !lex->interrupted(lex->interrupted_arg))
		return true;
	lex->fault = AC_JSONFAULT_INTERRUPTED;
	lex->fault_at = p;
	return false;
}

const char *
ac_jsonlex_long_space(AcJsonLex *lex, const char *p)
{
	uint32 others;

	while ((others = ac_simd_not_space(p)) == 0)
		p += AC_SIMD_WIDTH;
	p += ac_simd_first(others);
	pass_stops(lex, p); /* ends of lines are control characters */
	return p;
}

static inline bool
is_hex_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
		   (c >= 'A' && c <= 'F');
}

/* Checks the escape whose backslash is at p. */
static const char *
check_escape(AcJsonLex *lex, const char *p)
{
	switch (p[1])
	{
		case '"':
		case '\\':
		case '/':
		case 'b':
		case 'f':
		case 'n':
		case 'r':
		case 't':
			return p + 2;
		case 'u':
			for (int i = 2; i < 6; i++)
				if (!is_hex_digit(p[i]))
					return ac_jsonlex_fail(lex, p + i, "a hexadecimal digit");
			return p + 6;
		default:
			return ac_jsonlex_fail(lex, p + 1, "an escape character");
	}
}

static inline bool
continues(char byte)
{
	return ((unsigned char) byte & 0xC0) == 0x80;
}

/*
 * The length of a UTF-8 sequence, 0 if it is malformed.  Sequences that the
 * ranges of most first bytes allow are told here, without a call: two bytes,
 * and three unless they begin with E0 or ED.
 */
static inline int
utf8_length(const char *p)
{
	unsigned char first = (unsigned char) p[0];

	if (first >= 0xC2 && first < 0xE0 && continues(p[1]))
		return 2;
	if (first > 0xE0 && first < 0xF0 && first != 0xED && continues(p[1]) &&
		continues(p[2]))
		return 3;
	return ac_utf8_length(p);
}

/* Checks a run of non-ASCII text, at most as far as the next poll. */
static const char *
check_non_ascii(AcJsonLex *lex, const char *p)
{
	do
	{
		int len = utf8_length(p);

		if (len == 0)
			return ac_jsonlex_fail(lex, p, "valid UTF-8");
		p += len;
	}
	while ((unsigned char) *p >= 0x80 && p < lex->poll_at);
	return p;
}

/* The rest of a string from p on, with all that the fast path leaves out. */
const char *
ac_jsonlex_string_rest(AcJsonLex *lex, const char *p)
{
	while (p != NULL)
	{
		if (p >= lex->poll_at && !ac_jsonlex_poll(lex, p))
			return NULL;
		if ((unsigned char) *p >= 0x80)
		{
			p = check_non_ascii(lex, p);
			continue;
		}
		pass_stops(lex, p);
		if (*lex->stop == AC_JSONSTOPS_CHUNK)
		{
			p = Max(p, lex->chunk + AC_JSONSTOPS_CHUNK);
			list_stops(lex, p);
			continue;
		}
		p = lex->chunk + *lex->stop;
		if (*p == '"')
		{
			lex->stop++;
			return p + 1;
		}
		if (*p == '\\')
		{
			lex->escaped = true;
			p = check_escape(lex, p);
		}
		else if (p == lex->end)
			return ac_jsonlex_fail(lex, p, "a closing quote");
		else if ((unsigned char) *p < ' ')
			return ac_jsonlex_fail(lex, p, "no control character");
	}
	return NULL;
}

const char *
ac_jsonlex_literal(AcJsonLex *lex, const char *p)
{
	if (memcmp(p, "true", 4) == 0 || memcmp(p, "null", 4) == 0)
		return p + 4;
	if (memcmp(p, "false", 5) == 0)
		return p + 5;
	return ac_jsonlex_fail(lex, p, "a value");
}

/* Goes from where a member begins to its value. */
static inline const char *
skip_to_value(AcJsonLex *lex, const char *p)
{
	p = ac_jsonlex_key(lex, p);
	return p == NULL ? NULL : ac_jsonlex_colon(lex, p);
}

/*
 * Recursion would let the body decide about our stack, hence the closing
 * brackets that are awaited are kept by hand.
 */
const char *
ac_jsonlex_skip_container(AcJsonLex *lex, const char *p)
{
	char closers[AC_JSONLEX_MAX_DEPTH + 1]; /* by depth */
	int outside = lex->depth;
	char closer = '\0';

	Assert(*p == '{' || *p == '[');
	while (p != NULL)
	{
		/* A value begins at p. */
		if (*p == '{' || *p == '[')
		{
			closer = *p == '{' ? '}' : ']';
			if ((p = ac_jsonlex_open(lex, p)) == NULL)
				return NULL;
			closers[lex->depth] = closer;
			if (*p != closer)
			{
				if (closer == '}')
					p = skip_to_value(lex, p);
				continue;
			}
		}
		else if ((p = ac_jsonlex_skip(lex, p)) == NULL)
			return NULL;

		/* A value, or an empty container's inside, ended before p. */
		while (*p != ',' && *(p = ac_jsonlex_space(lex, p)) != ',')
		{
			if (unlikely(*p != closer))
				return ac_jsonlex_fail(lex, p,
									   closer == '}' ? "\",\" or \"}\""
													 : "\",\" or \"]\"");
			p++;
			if (--lex->depth == outside)
				return p;
			closer = closers[lex->depth];
		}
		if ((p = ac_jsonlex_comma(lex, p)) == NULL)
			return NULL;
		if (closer == '}')
			p = skip_to_value(lex, p);
	}
	return NULL;
}

/* Writes text[0..len) so that it can be shown, as far as it fits, into out. */
static void
format_excerpt(const char *text, size_t len, char out[EXCERPT_BYTES + 1])
{
	char *to = out;

	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];
		char piece[8];
		size_t needed;

		if (c == '"' || c == '\\')
			snprintf(piece, sizeof(piece), "\\%c", c);
		else if (c < 0x20 || c >= 0x7F)
			snprintf(piece, sizeof(piece), "\\x%02X", c);
		else
			snprintf(piece, sizeof(piece), "%c", c);
		needed = strlen(piece);
		if (needed > (size_t) (out + EXCERPT_BYTES - to))
			break;
		memcpy(to, piece, needed);
		to += needed;
	}
	*to = '\0';
}

bool
ac_jsonlex_report(const AcJsonLex *lex, AcError *err)
{
	size_t offset = (size_t) (lex->fault_at - lex->text);
	char excerpt[EXCERPT_BYTES + 1];

	switch (lex->fault)
	{
		case AC_JSONFAULT_SYNTAX:
			break;
		case AC_JSONFAULT_DEPTH:
			return ac_error_set(err, AC_ERR_TOO_LARGE,
								"JSON is nested more than %d levels deep at byte %zu",
								lex->max_depth, offset);
		case AC_JSONFAULT_INTERRUPTED:
			return ac_error_set(err, AC_ERR_INTERRUPTED,
								"interrupted while reading JSON");
		case AC_JSONFAULT_NONE:
			Assert(false);
			return ac_error_set(err, AC_ERR_INTERNAL, "no fault to report");
	}

	if (lex->fault_at == lex->end)
		return ac_error_set(err, AC_ERR_MALFORMED,
							"malformed JSON at byte %zu: expected %s, " AC_JSON_FOUND_THE_END,
							offset, lex->expected);
	format_excerpt(lex->fault_at, (size_t) (lex->end - lex->fault_at), excerpt);
	return ac_error_set(err, AC_ERR_MALFORMED,
						"malformed JSON at byte %zu: expected %s, found \"%s\"",
						offset, lex->expected, excerpt);
}
