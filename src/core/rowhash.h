/*
 * rowhash.h
 *		Are these the same bytes as those of another page?
 *
 * A 64-bit hash of a long text that may be given in pieces, while they are
 * still in the processor's first cache.  No defence against collisions made on
 * purpose.  Hashes are for this process: other machines may have others.
 */
#ifndef AC_CORE_ROWHASH_H
#define AC_CORE_ROWHASH_H

#include "ac.h"

#define AC_ROWHASH_LANES 8

typedef struct AcRowHash
{
	const char *at; /* the first byte that is not hashed yet */
	uint64 blocks;	/* that are */
	uint64 lanes[AC_ROWHASH_LANES];
} AcRowHash;

/* Begins with the text at p. */
extern void ac_rowhash_begin(AcRowHash *hash, const char *p);

/* Goes on to p, or to some bytes in front of it. */
extern void ac_rowhash_update(AcRowHash *hash, const char *p);

/* The hash of all that is in front of p; the state stays as it is. */
extern uint64 ac_rowhash_end(const AcRowHash *hash, const char *p);

/* For tests: the same as ac_rowhash_update(), with no instruction of some
 * processors only. */
extern void ac_rowhash_update_anywhere(AcRowHash *hash, const char *p);

#endif /* AC_CORE_ROWHASH_H */
