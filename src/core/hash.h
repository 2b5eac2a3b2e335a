/*
 * hash.h
 *		How do pages, rows and tokens get a fingerprint?
 *
 * PostgreSQL's hash_bytes_extended, which exists in both worlds, behind a
 * name of ours.  Not cryptographic, and not stable between machines of
 * different byte order: what is stored of them is only ever compared.
 */
#ifndef AC_CORE_HASH_H
#define AC_CORE_HASH_H

#include "ac.h"

#include "common/hashfn.h"

/* 64-bit hash of len bytes; seed 0 unless hashes are chained. */
static inline uint64
ac_hash_bytes(const void *data, size_t len, uint64 seed)
{
	const unsigned char *bytes = data;

	/* hash_bytes_extended takes an int: feed huge inputs in pieces. */
	while (len > (size_t) (1 << 30))
	{
		seed = hash_bytes_extended(bytes, 1 << 30, seed + 1);
		bytes += 1 << 30;
		len -= 1 << 30;
	}
	return hash_bytes_extended(bytes, (int) len, seed);
}

static inline uint64
ac_hash_text(const char *text, uint64 seed)
{
	return ac_hash_bytes(text, strlen(text), seed);
}

/* Chains a hash into another; the order matters. */
static inline uint64
ac_hash_combine(uint64 a, uint64 b)
{
	return hash_combine64(a, b);
}

#endif /* AC_CORE_HASH_H */
