/*
 * limits.h
 *		Who keeps the limits that requests are subject to?
 *
 * The table of policy/limittable in shared memory, so that all sessions and
 * workers are subject to the same limits; where there is none, one of each
 * process.  Every function here locks, asks the table, and unlocks: none
 * waits for anything else, or throws but for want of memory.
 *
 * What a call holds (a departure, the probe of a breaker) is given back when
 * it is abandoned, and at the latest when its process ends in whatever way
 * PostgreSQL lets processes end.  After a crash the memory is new.
 */
#ifndef AC_PG_LIMITS_H
#define AC_PG_LIMITS_H

#include "ac.h"

#include "lib/ilist.h"
#include "policy/limittable.h"
#include "policy/retry.h"

/* Slots where memory was asked for in time: some 300 kB. */
#define AC_LIMITS_SLOTS 512

/*
 * A call of this process.  Zero it, and fill what policy/limittable.h says is
 * the caller's but who, owner.dbid included.
 */
typedef struct AcLimitsCall
{
	AcLimitTable *own; /* NULL: the table that is shared */
	AcLimitCall call;
	bool listed; /* holds something */
	dlist_node node;
} AcLimitsCall;

/* Makes the table of fresh shared memory; called once, by whoever made that. */
extern void ac_limits_init(void *memory, Size size);

/* A table of nobody else, palloc'd: for what is no server of the catalog. */
extern AcLimitTable *ac_limits_private(MemoryContext cxt);

/* As in policy/limittable.h, at this moment. */
extern AcLimitVerdict ac_limits_ask(AcLimitsCall *call, int64 *wait_ms);
extern void ac_limits_abandon(AcLimitsCall *call);
extern void ac_limits_tell(AcLimitsCall *call, AcHealth health);
extern int64 ac_limits_refuses(const AcLimitsCall *call);
extern void ac_limits_learn(const AcLimitsCall *call,
							const AcRateInfoList *announced);
extern void ac_limits_throttled(const AcLimitsCall *call,
								const AcRateInfoList *announced,
								int64 wait_ms);

/* As in policy/retry.h, of the budget that the server has for all. */
extern AcRetryVerdict ac_limits_retry(const AcLimitsCall *call,
									  const AcRetryAsk *ask, int64 *wait_ms);
extern void ac_limits_succeeded(const AcLimitsCall *call);

/* Forgets all that is known of a server of this database. */
extern void ac_limits_reset(Oid serverid);

/* Another rate_limit for the owner's server; own as in AcLimitsCall. */
extern void ac_limits_configure(AcLimitTable *own, const AcLimitOwner *owner,
								double rate_per_s);

#endif /* AC_PG_LIMITS_H */
