/*
 * httpcache.h
 *		May an answer be kept, for how long, and how is it asked for again?
 *
 * The rules of RFC 9111 for a private cache, which is what one role's answers
 * in one session's memory are: "private" and what is said of shared caches
 * alone (s-maxage, proxy-revalidate, RFC 9111 3.5) does not matter.  Nothing is
 * ever served stale, so must-revalidate and its like are kept to anyway.
 * Where an answer says nothing of its time, whoever asked has (the option
 * cache_ttl), and that is its upper limit in any case.
 *
 * What is kept is keyed by everything that a request is made of, so that Vary
 * matters only where it is "*".  Where answers are kept is net/cache's
 * business; time is an argument.
 */
#ifndef AC_POLICY_HTTPCACHE_H
#define AC_POLICY_HTTPCACHE_H

#include "ac.h"

#include "core/header.h"

/* Longer validators are not sent back: real ones have some dozens of bytes. */
#define AC_HTTPCACHE_VALIDATOR_BYTES 1024

typedef struct AcHttpCacheRules
{
	bool storable;	   /* may be kept at all */
	bool validate;	   /* not served without asking the API */
	int64 lifetime_ms; /* from when the API made it, -1: not told */
	int64 age_ms;	   /* that it had when it came */
} AcHttpCacheRules;

/*
 * What the headers of a GET's answer say, if the request left and the answer
 * came at these times by the wall clock (milliseconds since 1970).
 */
extern void ac_httpcache_read(const AcHeaders *headers, int64 sent_ms,
							  int64 came_ms, AcHttpCacheRules *rules);

/* May it be served without asking, so long after it came? */
extern bool ac_httpcache_is_fresh(const AcHttpCacheRules *rules, int64 ttl_ms,
								  int64 kept_ms);

/*
 * Header lines, palloc'd, that ask whether what these headers came with is
 * still so (RFC 9110 13.1); their number, 0 if there is no way to ask.
 */
extern int ac_httpcache_conditions(const AcHeaders *headers,
								   const char *lines[2]);

/*
 * Does a 304 with the headers told mean the answer that came with kept
 * (RFC 9111 4.3.4)?
 */
extern bool ac_httpcache_means(const AcHeaders *kept, const AcHeaders *told);

/* The kept headers as a 304 updates them (RFC 9111 3.2), palloc'd. */
extern AcHeaders *ac_httpcache_updated(const AcHeaders *kept,
									   const AcHeaders *told);

#endif /* AC_POLICY_HTTPCACHE_H */
