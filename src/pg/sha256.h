/*
 * sha256.h
 *		What is a text's SHA-256?
 */
#ifndef AC_PG_SHA256_H
#define AC_PG_SHA256_H

#include "ac.h"

#include "common/sha2.h"

/* Of len bytes, by PostgreSQL's own code; throws if that fails. */
extern void ac_sha256_of(const char *data, size_t len,
						 uint8 digest[PG_SHA256_DIGEST_LENGTH]);

#endif /* AC_PG_SHA256_H */
