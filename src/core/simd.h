/*
 * simd.h
 *		Which of the next 16 bytes are of a kind?
 *
 * Answers are bit masks, bit i for byte i.  SSE2 belongs to every x86-64;
 * elsewhere, and with AC_SIMD_SCALAR, the same is done byte by byte.  All 16
 * bytes must be readable.
 */
#ifndef AC_CORE_SIMD_H
#define AC_CORE_SIMD_H

#include "ac.h"

#include "port/pg_bitutils.h"

#define AC_SIMD_WIDTH 16

/* Position of the lowest bit of a mask that is not 0. */
static inline int
ac_simd_first(uint32 mask)
{
	Assert(mask != 0);
	return pg_rightmost_one_pos32(mask);
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
 * The bytes of a JSON string at which plain copying ends: quote, backslash,
 * control character.  *high: bytes that are not ASCII.
 */
static inline uint32
ac_simd_string_stops(const char *p, uint32 *high)
{
	__m128i bytes = ac_simd_load(p);
	__m128i stops = _mm_or_si128(_mm_or_si128(ac_simd_eq(bytes, '"'),
											  ac_simd_eq(bytes, '\\')),
								 ac_simd_at_most(bytes, 0x1F));

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

#else

static inline uint32
ac_simd_string_stops(const char *p, uint32 *high)
{
	uint32 stops = 0;

	*high = 0;
	for (int i = 0; i < AC_SIMD_WIDTH; i++)
	{
		unsigned char c = (unsigned char) p[i];

		stops |= (uint32) (c == '"' || c == '\\' || c < 0x20) << i;
		*high |= (uint32) (c >> 7) << i;
	}
	return stops;
}

static inline uint32
ac_simd_not_space(const char *p)
{
	uint32 others = 0;

	for (int i = 0; i < AC_SIMD_WIDTH; i++)
		others |= (uint32) !(p[i] == ' ' || p[i] == '\n' ||
							 p[i] == '\r' || p[i] == '\t')
				  << i;
	return others;
}

static inline uint32
ac_simd_not_digit(const char *p)
{
	uint32 others = 0;

	for (int i = 0; i < AC_SIMD_WIDTH; i++)
		others |= (uint32) (p[i] < '0' || p[i] > '9') << i;
	return others;
}

#endif

#endif /* AC_CORE_SIMD_H */
