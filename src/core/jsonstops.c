/*
 * jsonstops.c
 *		At which bytes of a JSON text may the plain part of a string end?  See
 *		jsonstops.h.
 *
 * Each block of the text becomes a mask with a bit for each byte; then the
 * masks become offsets.  Neither has a branch that depends on the text: such a
 * branch is mispredicted about once in each block.  A loop over the bits that
 * are set, instead of the table below, makes the whole scan slower by a tenth.
 *
 * Rejected: keeping the masks, and looking for a string's end in them.  It is
 * simpler, but then each string waits for the end of the one before it, and
 * half of what is gained is lost.
 */
#include "ac.h"

#include "core/jsonstops.h"
#include "core/simd.h"

/* The bits that are set in half a byte, as a list: the lower half ... */
#define LOW_1 0
#define LOW_2 1
#define LOW_3 0, 1
#define LOW_4 2
#define LOW_5 0, 2
#define LOW_6 1, 2
#define LOW_7 0, 1, 2
#define LOW_8 3
#define LOW_9 0, 3
#define LOW_A 1, 3
#define LOW_B 0, 1, 3
#define LOW_C 2, 3
#define LOW_D 0, 2, 3
#define LOW_E 1, 2, 3
#define LOW_F 0, 1, 2, 3

/* ... and the upper one. */
#define HIGH_1 4
#define HIGH_2 5
#define HIGH_3 4, 5
#define HIGH_4 6
#define HIGH_5 4, 6
#define HIGH_6 5, 6
#define HIGH_7 4, 5, 6
#define HIGH_8 7
#define HIGH_9 4, 7
#define HIGH_A 5, 7
#define HIGH_B 4, 5, 7
#define HIGH_C 6, 7
#define HIGH_D 4, 6, 7
#define HIGH_E 5, 6, 7
#define HIGH_F 4, 5, 6, 7

/* The 16 bytes with this upper half, which is not 0. */
#define WITH_HIGH(...)        \
	{__VA_ARGS__},            \
		{LOW_1, __VA_ARGS__}, \
		{LOW_2, __VA_ARGS__}, \
		{LOW_3, __VA_ARGS__}, \
		{LOW_4, __VA_ARGS__}, \
		{LOW_5, __VA_ARGS__}, \
		{LOW_6, __VA_ARGS__}, \
		{LOW_7, __VA_ARGS__}, \
		{LOW_8, __VA_ARGS__}, \
		{LOW_9, __VA_ARGS__}, \
		{LOW_A, __VA_ARGS__}, \
		{LOW_B, __VA_ARGS__}, \
		{LOW_C, __VA_ARGS__}, \
		{LOW_D, __VA_ARGS__}, \
		{LOW_E, __VA_ARGS__}, \
	{                         \
		LOW_F, __VA_ARGS__    \
	}

/* By byte: which of its bits are set, the lowest first; zeros follow. */
static const uint16 set_bits[256][8] = {
	{0},
	{LOW_1},
	{LOW_2},
	{LOW_3},
	{LOW_4},
	{LOW_5},
	{LOW_6},
	{LOW_7},
	{LOW_8},
	{LOW_9},
	{LOW_A},
	{LOW_B},
	{LOW_C},
	{LOW_D},
	{LOW_E},
	{LOW_F},
	WITH_HIGH(HIGH_1),
	WITH_HIGH(HIGH_2),
	WITH_HIGH(HIGH_3),
	WITH_HIGH(HIGH_4),
	WITH_HIGH(HIGH_5),
	WITH_HIGH(HIGH_6),
	WITH_HIGH(HIGH_7),
	WITH_HIGH(HIGH_8),
	WITH_HIGH(HIGH_9),
	WITH_HIGH(HIGH_A),
	WITH_HIGH(HIGH_B),
	WITH_HIGH(HIGH_C),
	WITH_HIGH(HIGH_D),
	WITH_HIGH(HIGH_E),
	WITH_HIGH(HIGH_F),
};

/*
 * Leaves out non-ASCII bytes that follow one; the block's first byte is not
 * known to.
 */
static inline uint64
without_runs(uint64 stops, uint64 high)
{
	return stops & ~(high & (high << 1));
}

static inline uint64
block_stops(const char *p)
{
	uint32 high[4];
	uint64 stops;

	stops = ac_simd_string_stops(p, &high[0]);
	stops |= (uint64) ac_simd_string_stops(p + 16, &high[1]) << 16;
	stops |= (uint64) ac_simd_string_stops(p + 32, &high[2]) << 32;
	stops |= (uint64) ac_simd_string_stops(p + 48, &high[3]) << 48;
	return without_runs(stops, high[0] | (uint64) high[1] << 16 |
								   (uint64) high[2] << 32 |
								   (uint64) high[3] << 48);
}

uint16 *
ac_jsonstops_find_anywhere(const char *text, size_t len, uint16 *to)
{
	const uint8 *number_of_ones = pg_number_of_ones;

	for (size_t at = 0; at < len; at += AC_JSONSTOPS_BLOCK)
	{
		uint64 stops = block_stops(text + at);

		for (size_t i = 0; i < AC_JSONSTOPS_BLOCK; i += 8)
		{
			uint8 byte = (uint8) stops;

			ac_simd_add_eight(to, set_bits[byte], (uint16) (at + i));
			to += number_of_ones[byte];
			stops >>= 8;
		}
	}
	return to;
}

/*
 * With AVX-512 a block takes a fifth of the instructions.  VBMI2, which is
 * needed to turn a mask into offsets, came after the processors that lower
 * their clock for such vectors.
 */
#ifdef AC_SIMD_WIDE

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt")))

/* What set_bits is to a byte: the offsets of a block's bytes. */
static const uint64 block_offsets[] = {
	UINT64CONST(0x0706050403020100), UINT64CONST(0x0F0E0D0C0B0A0908),
	UINT64CONST(0x1716151413121110), UINT64CONST(0x1F1E1D1C1B1A1918),
	UINT64CONST(0x2726252423222120), UINT64CONST(0x2F2E2D2C2B2A2928),
	UINT64CONST(0x3736353433323130), UINT64CONST(0x3F3E3D3C3B3A3938)};

AVX512 static inline uint64
block_stops_avx512(__m512i bytes)
{
	uint64 stops = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'));

	stops |= _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'));
	stops |= _mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(' '));
	return without_runs(stops, _mm512_movepi8_mask(bytes));
}

/* Widens 32 offsets in the block to offsets in the text. */
AVX512 static inline void
store_offsets(uint16 *to, __m256i offsets, size_t block)
{
	__m512i wide = _mm512_cvtepu8_epi16(offsets);

	wide = _mm512_add_epi16(wide, _mm512_set1_epi16((short) block));
	_mm512_storeu_si512(to, wide);
}

AVX512 static uint16 *
find_avx512(const char *text, size_t len, uint16 *to)
{
	__m512i all = _mm512_loadu_si512(block_offsets);

	for (size_t at = 0; at < len; at += AC_JSONSTOPS_BLOCK)
	{
		uint64 stops = block_stops_avx512(_mm512_loadu_si512(text + at));
		__m512i offsets = _mm512_maskz_compress_epi8(stops, all);
		int count = __builtin_popcountll(stops);

		store_offsets(to, _mm512_castsi512_si256(offsets), at);
		if (unlikely(count > 32))
			store_offsets(to + 32, _mm512_extracti64x4_epi64(offsets, 1), at);
		to += count;
	}
	return to;
}

#define HAVE_AVX512                        \
	(__builtin_cpu_supports("avx512bw") && \
	 __builtin_cpu_supports("avx512vbmi2"))

#else

#define HAVE_AVX512 false
#define find_avx512 ac_jsonstops_find_anywhere

#endif

uint16 *
ac_jsonstops_find(const char *text, size_t len, uint16 *to)
{
	return HAVE_AVX512 ? find_avx512(text, len, to)
					   : ac_jsonstops_find_anywhere(text, len, to);
}
