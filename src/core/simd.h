/*
 * simd.h
 *		Which of the next 16 bytes are of a kind?
 *
 * Answers are bit masks, bit i for byte i.  SSE2 belongs to every x86-64;
 * elsewhere, and with AC_SIMD_SCALAR, two 64-bit words are treated as vectors
 * of eight bytes.  All 16 bytes must be readable.
 */
#ifndef AC_CORE_SIMD_H
#define AC_CORE_SIMD_H

#include "ac.h"

#include "port/pg_bitutils.h"
#include "port/pg_bswap.h"

#define AC_SIMD_WIDTH 16

/* Where functions may be compiled for wider vectors, to be asked for at run
 * time. */
#if defined(__x86_64__) && !defined(AC_SIMD_SCALAR) && \
	(defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 9))
#define AC_SIMD_WIDE
#endif

/* Asks for the cache line at p, which need not even be readable. */
static inline void
ac_simd_prefetch(const char *p)
{
#if defined(__GNUC__) || defined(__clang__)
	__builtin_prefetch(p);
#endif
}

/* Position of the lowest bit of a mask that is not 0. */
static inline int
ac_simd_first(uint32 mask)
{
	Assert(mask != 0);
	return pg_rightmost_one_pos32(mask);
}

/* The same byte eight times. */
#define AC_SIMD_REPEAT(byte) (UINT64CONST(0x0101010101010101) * (byte))

/* Eight bytes, the first in the lowest position. */
static inline uint64
ac_simd_load_word(const char *p)
{
	uint64 word;

	memcpy(&word, p, sizeof(word));
#ifdef WORDS_BIGENDIAN
	word = pg_bswap64(word);
#endif
	return word;
}

/* The highest bit of each byte that is 0; the others' bits are 0. */
static inline uint64
ac_simd_zero_bytes(uint64 word)
{
	uint64 low = AC_SIMD_REPEAT(0x7F);

	return ~(((word & low) + low) | word | low);
}

/* Collects the highest bits of two words' bytes. */
static inline uint32
ac_simd_collect(uint64 first, uint64 second)
{
	uint64 high = AC_SIMD_REPEAT(0x80);
	uint64 gather = UINT64CONST(0x0002040810204081);

	return (uint32) ((((first & high) * gather) >> 56) |
					 (((second & high) * gather) >> 56) << 8);
}

static inline uint64
ac_simd_word_string_stops(uint64 word)
{
	return ac_simd_zero_bytes(word ^ AC_SIMD_REPEAT('"')) |
		   ac_simd_zero_bytes(word ^ AC_SIMD_REPEAT('\\')) |
		   ac_simd_zero_bytes(word & AC_SIMD_REPEAT(0xE0));
}

static inline uint64
ac_simd_word_space(uint64 word)
{
	return ac_simd_zero_bytes(word ^ AC_SIMD_REPEAT(' ')) |
		   ac_simd_zero_bytes(word ^ AC_SIMD_REPEAT('\n')) |
		   ac_simd_zero_bytes(word ^ AC_SIMD_REPEAT('\r')) |
		   ac_simd_zero_bytes(word ^ AC_SIMD_REPEAT('\t'));
}

/* A digit's distance from '0' is below 10; 0x76 carries the others over. */
static inline uint64
ac_simd_word_not_digit(uint64 word)
{
	uint64 value = word ^ AC_SIMD_REPEAT('0');

	return ((value & AC_SIMD_REPEAT(0x7F)) + AC_SIMD_REPEAT(0x76)) | value;
}

/* As ac_simd_string_stops() and so on below, without vector instructions. */
static inline uint32
ac_simd_string_stops_scalar(const char *p, uint32 *high)
{
	uint64 first = ac_simd_load_word(p);
	uint64 second = ac_simd_load_word(p + 8);

	*high = ac_simd_collect(first, second);
	return *high | ac_simd_collect(ac_simd_word_string_stops(first),
								   ac_simd_word_string_stops(second));
}

static inline uint32
ac_simd_not_space_scalar(const char *p)
{
	return ac_simd_collect(ac_simd_word_space(ac_simd_load_word(p)),
						   ac_simd_word_space(ac_simd_load_word(p + 8))) ^
		   0xFFFF;
}

static inline uint32
ac_simd_not_digit_scalar(const char *p)
{
	return ac_simd_collect(ac_simd_word_not_digit(ac_simd_load_word(p)),
						   ac_simd_word_not_digit(ac_simd_load_word(p + 8)));
}

/*
 * Eight numbers with another one added to each.  As words it is no matter of
 * byte order: no number overflows into its neighbour.
 */
static inline void
ac_simd_add_eight_scalar(uint16 *to, const uint16 *from, uint16 more)
{
	uint64 words[2];

	memcpy(words, from, sizeof(words));
	words[0] += more * UINT64CONST(0x0001000100010001);
	words[1] += more * UINT64CONST(0x0001000100010001);
	memcpy(to, words, sizeof(words));
}

#if defined(__SSE2__) && !defined(AC_SIMD_SCALAR)

#include <emmintrin.h>

static inline __m128i
ac_simd_load(const char *p)
{
	return _mm_loadu_si128((const __m128i *) p);
}

static inline __m128i
ac_simd_eq(__m128i bytes, char byte)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte));
}

/* Bytes that are, as unsigned numbers, at most limit. */
static inline __m128i
ac_simd_at_most(__m128i bytes, char limit)
{
	return _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(limit)), bytes);
}

/*
 * The bytes of a JSON string that ask for a closer look: quote, backslash,
 * control character, not ASCII.  *high: the last of these alone.
 */
static inline uint32
ac_simd_string_stops(const char *p, uint32 *high)
{
	__m128i bytes = ac_simd_load(p);
	/* As signed numbers, bytes that are not ASCII are below 0. */
	__m128i stops = _mm_or_si128(_mm_or_si128(ac_simd_eq(bytes, '"'),
											  ac_simd_eq(bytes, '\\')),
								 _mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')));

	*high = (uint32) _mm_movemask_epi8(bytes);
	return (uint32) _mm_movemask_epi8(stops);
}

/* Bytes that are not white space of RFC 8259. */
static inline uint32
ac_simd_not_space(const char *p)
{
	__m128i bytes = ac_simd_load(p);
	__m128i space = _mm_or_si128(_mm_or_si128(ac_simd_eq(bytes, ' '),
											  ac_simd_eq(bytes, '\n')),
								 _mm_or_si128(ac_simd_eq(bytes, '\r'),
											  ac_simd_eq(bytes, '\t')));

	return (uint32) _mm_movemask_epi8(space) ^ 0xFFFF;
}

/* Bytes that are not '0' to '9'. */
static inline uint32
ac_simd_not_digit(const char *p)
{
	__m128i value = _mm_sub_epi8(ac_simd_load(p), _mm_set1_epi8('0'));

	return (uint32) _mm_movemask_epi8(ac_simd_at_most(value, 9)) ^ 0xFFFF;
}

static inline void
ac_simd_add_eight(uint16 *to, const uint16 *from, uint16 more)
{
	__m128i numbers = _mm_loadu_si128((const __m128i *) from);

	numbers = _mm_add_epi16(numbers, _mm_set1_epi16((short) more));
	_mm_storeu_si128((__m128i *) to, numbers);
}

#else

#define ac_simd_add_eight ac_simd_add_eight_scalar
#define ac_simd_string_stops ac_simd_string_stops_scalar
#define ac_simd_not_space ac_simd_not_space_scalar
#define ac_simd_not_digit ac_simd_not_digit_scalar

#endif

#endif /* AC_CORE_SIMD_H */
