/*
 * sha256.c
 *		What is a text's SHA-256?  See sha256.h.
 */
#include "ac.h"

#include "common/cryptohash.h"
#include "pg/sha256.h"

void
ac_sha256_of(const char *data, size_t len,
			 uint8 digest[PG_SHA256_DIGEST_LENGTH])
{
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);

	if (pg_cryptohash_init(context) < 0 ||
		pg_cryptohash_update(context, (const uint8 *) data, len) < 0 ||
		pg_cryptohash_final(context, digest, PG_SHA256_DIGEST_LENGTH) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not compute a hash: %s",
						pg_cryptohash_error(context))));
	pg_cryptohash_free(context);
}
