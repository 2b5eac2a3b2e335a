/*
 * cache.h
 *		Which answers does this session still have?
 *
 * Whole answers of GETs with the status 200, in memory of this process, as many
 * as fit into autoconn.cache_size; those used last stay.  An answer is kept
 * under what its request was made of: the connection's snapshot (net/connection),
 * which stands for the server's options, the role, the credentials and the
 * description's version as they were, the Accept header and the URL.  So what
 * another role, or another user mapping, was told is never found; and what was
 * told before ALTER SERVER, ALTER USER MAPPING and their like is not, either.
 *
 * In this process and not in shared memory, because rows would lie where other
 * users' sessions can read if a key were ever wrong, because what invalidates
 * them arrives here anyway, and because most repetition (look-ups of a join,
 * pages read again while somebody works on a query) is one session's.
 *
 * When an answer may be used is policy/httpcache's business, when to ask here
 * net/fetch_cache's.
 */
#ifndef AC_NET_CACHE_H
#define AC_NET_CACHE_H

#include "ac.h"

#include "core/buf.h"
#include "core/header.h"
#include "net/connection.h"
#include "policy/httpcache.h"

typedef struct AcCachePlace
{
	const AcConnection *conn;
	const char *accept; /* NULL: JSON */
	const char *url;
} AcCachePlace;

/* An answer, and when it was asked for and came (ac_engine_now_ms). */
typedef struct AcCacheAnswer
{
	const AcHeaders *headers;
	bool again;		  /* what was kept is still so, with these headers */
	const char *body; /* else the body */
	size_t len;
	int64 sent_ms;
	int64 came_ms;
	uint64 reading; /* that it is part of */
} AcCacheAnswer;

/* A copy of what is kept, in the memory context of the call. */
typedef struct AcCacheCopy
{
	AcHeaders *headers;
	AcBuf *body;
	uint64 reading;
} AcCacheCopy;

/* Is something kept there, and may it be used without asking? */
extern bool ac_cache_has(const AcCachePlace *place, int64 ttl_ms, bool *fresh);

/*
 * Header lines, palloc'd, that ask whether what is kept is still so; their
 * number (policy/httpcache.h).
 */
extern int ac_cache_conditions(const AcCachePlace *place,
							   const char *lines[2]);

/* Copies it; false if nothing is there any more.  Throws out of memory. */
extern bool ac_cache_copy(const AcCachePlace *place, AcCacheCopy *copy);

/*
 * Keeps an answer if its headers allow that and there is room, in place of
 * what was there.  An answer that may not be kept leaves nothing there.
 */
extern void ac_cache_keep(const AcCachePlace *place,
						  const AcCacheAnswer *answer);

/* Forgets what was kept for a snapshot of a connection, or all there is. */
extern void ac_cache_forget(uint64 serial);
extern void ac_cache_forget_all(void);

#endif /* AC_NET_CACHE_H */
