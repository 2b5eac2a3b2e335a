/*
 * rowhash.c
 *		Are these the same bytes as those of another page?  See rowhash.h.
 *
 * Every page is hashed, and a fifth of the time that validating takes is too
 * much for that.  Each word of a block of 64 bytes is mixed with a key that
 * belongs to its place in the text, its halves are multiplied, and the product
 * is added to the lane; so no block waits for the one before it, and vectors
 * do it with one multiplication for eight words.  A product forgets a half
 * whose partner is 0: hence the word itself is added as well, to the lane
 * beside.  The keys depend on the place, so that blocks which change places
 * make a difference.
 *
 * Rejected: multiplying lane after lane by an odd factor, where no bit is ever
 * lost, but each block waits some six cycles for the one before.  PostgreSQL's
 * hash_bytes takes half as long as the whole scan.
 */
#include "ac.h"

#include "core/rowhash.h"
#include "core/simd.h"

#define BLOCK (AC_ROWHASH_LANES * sizeof(uint64))

/* Odd, with its bits well spread: 2^64 divided by the golden ratio. */
#define HASH_FACTOR UINT64CONST(0x9E3779B97F4A7C15)

/* A block's keys are those of the first one and, for each block, this much. */
#define KEY_STEP UINT64CONST(0xD1B54A32D192ED03)

/* From the digits of pi. */
static const uint64 first_keys[AC_ROWHASH_LANES] = {
	UINT64CONST(0x243F6A8885A308D3), UINT64CONST(0x13198A2E03707344),
	UINT64CONST(0xA4093822299F31D0), UINT64CONST(0x082EFA98EC4E6C89),
	UINT64CONST(0x452821E638D01377), UINT64CONST(0xBE5466CF34E90C6C),
	UINT64CONST(0xC0AC29B7C97C50DD), UINT64CONST(0x3F84D5B5B5470917)};

void
ac_rowhash_begin(AcRowHash *hash, const char *p)
{
	hash->at = p;
	hash->blocks = 0;
	memset(hash->lanes, 0, sizeof(hash->lanes));
}

void
ac_rowhash_update_anywhere(AcRowHash *hash, const char *p)
{
	uint64 lanes[AC_ROWHASH_LANES];
	uint64 step = hash->blocks * KEY_STEP;

	memcpy(lanes, hash->lanes, sizeof(lanes));
	for (; (size_t) (p - hash->at) >= BLOCK; hash->at += BLOCK, hash->blocks++)
	{
		for (int i = 0; i < AC_ROWHASH_LANES; i++)
		{
			uint64 word = ac_simd_load_word(hash->at + i * sizeof(uint64));
			uint64 mixed = word ^ (first_keys[i] + step);

			lanes[i] += (mixed & 0xFFFFFFFF) * (mixed >> 32);
			lanes[i ^ 1] += word;
		}
		step += KEY_STEP;
	}
	memcpy(hash->lanes, lanes, sizeof(lanes));
}

#ifdef AC_SIMD_WIDE

#include <immintrin.h>

__attribute__((target("avx512f"))) static void
update_avx512(AcRowHash *hash, const char *p)
{
	const __m512i step = _mm512_set1_epi64((long long) KEY_STEP);
	__m512i keys = _mm512_add_epi64(_mm512_loadu_si512(first_keys),
									_mm512_set1_epi64((long long) (hash->blocks * KEY_STEP)));
	__m512i lanes = _mm512_loadu_si512(hash->lanes);
	size_t n = (size_t) (p - hash->at) / BLOCK;
	const char *at = hash->at;

	hash->blocks += n;
	hash->at += n * BLOCK;
	for (; n > 0; n--, at += BLOCK)
	{
		__m512i words = _mm512_loadu_si512(at);
		__m512i mixed = _mm512_xor_si512(words, keys);
		__m512i product = _mm512_mul_epu32(mixed,
										   _mm512_srli_epi64(mixed, 32));

		lanes = _mm512_add_epi64(lanes, product);
		lanes = _mm512_add_epi64(lanes,
								 _mm512_shuffle_epi32(words, _MM_PERM_BADC));
		keys = _mm512_add_epi64(keys, step);
	}
	_mm512_storeu_si512(hash->lanes, lanes);
}

#define HAVE_AVX512 __builtin_cpu_supports("avx512f")

#else

#define HAVE_AVX512 false
#define update_avx512 ac_rowhash_update_anywhere

#endif

void
ac_rowhash_update(AcRowHash *hash, const char *p)
{
	if (HAVE_AVX512)
		update_avx512(hash, p);
	else
		ac_rowhash_update_anywhere(hash, p);
}

/* Mixes a word into the result; invertible, so that no bit of it is lost. */
static inline uint64
mix_word(uint64 result, uint64 word)
{
	result = (result ^ word) * HASH_FACTOR;
	return result ^ (result >> 32);
}

uint64
ac_rowhash_end(const AcRowHash *hash, const char *p)
{
	AcRowHash last = *hash;
	char rest[BLOCK] = {0};
	uint64 result;
	size_t len;

	ac_rowhash_update(&last, p);
	len = (size_t) (p - last.at);
	result = last.blocks * BLOCK + len;
	if (len > 0)
	{
		memcpy(rest, last.at, len);
		last.at = rest;
		ac_rowhash_update_anywhere(&last, rest + BLOCK);
	}
	for (int i = 0; i < AC_ROWHASH_LANES; i++)
		result = mix_word(result, last.lanes[i]);
	return result;
}
