/*
 * test_hash.c
 *		Do fingerprints tell texts apart, and agree with themselves?
 */
#include "ac.h"

#include "core/hash.h"
#include "tap.h"

int
main(void)
{
	uint64 seen[1000];
	int collisions = 0;
	int i;
	int k;

	ok(ac_hash_text("abc", 0) == ac_hash_bytes("abcd", 3, 0), "text and bytes agree");
	ok(ac_hash_text("abc", 0) != ac_hash_text("abd", 0), "one letter differs");
	ok(ac_hash_text("abc", 0) != ac_hash_text("abc", 1), "the seed matters");
	ok(ac_hash_bytes("", 0, 0) != ac_hash_bytes("\0", 1, 0), "a NUL byte counts");
	ok(ac_hash_combine(1, 2) != ac_hash_combine(2, 1), "the order matters");
	for (i = 0; i < 1000; i++)
	{
		seen[i] = ac_hash_text(psprintf("page %d", i), 0);
		for (k = 0; k < i; k++)
			collisions += seen[k] == seen[i];
	}
	is_int(collisions, 0, "a thousand texts, no collision");
	return done_testing();
}
