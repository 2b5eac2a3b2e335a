/*
 * bodylimit.h
 *		What do bodies of answers say about limits?
 *
 * Some APIs tell in JSON what others tell in headers (core/header.h).
 */
#ifndef AC_CORE_BODYLIMIT_H
#define AC_CORE_BODYLIMIT_H

#include "ac.h"

#include "core/header.h"
#include "core/json.h"

/*
 * The delay that an error asks for: "retry_after" in seconds, at the top (Discord)
 * or in "error" or "parameters" (Telegram), also in camel case;
 * "retry_after_ms".  False if there is none that can be read.
 */
extern bool ac_body_retry_after(const AcJson *doc, int64 *delay_ms);

/*
 * The limit that Shopify's GraphQL API tells in extensions.cost: a bucket of
 * points that is refilled so many a second.  Told in requests that cost as
 * much as this one.  False if the answer has no such member.
 */
extern bool ac_body_graphql_cost(const AcJson *doc, AcRateInfo *info);

#endif /* AC_CORE_BODYLIMIT_H */
