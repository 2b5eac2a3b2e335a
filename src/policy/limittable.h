/*
 * limittable.h
 *		Which limits hold for a request, and what do all of them say?
 *
 * A table of fixed size of slots, each with the limiter and the breaker of one
 * scope of one owner (the user mapping of a server): the whole server, a host,
 * an endpoint, and what the API itself calls a bucket.  A request is subject
 * to several: of their waits the longest rules.
 *
 * A new scope takes a free slot; if there is none, the slot that has been idle
 * longest, where idle is what was not asked for and holds nobody up.  Unless
 * that is long ago, it is one of the payer whose turn it is to give something
 * up (policy/share), which is the role that owns the server, and of those of
 * the owner of his whose turn it is.  What it knew is forgotten: requests go
 * out as if the API had said nothing yet.
 *
 * Plain memory without pointers, so that it may be shared by processes; who
 * does that locks around each call.  Nothing here allocates or fails.  Times
 * are milliseconds of one monotonic clock, which all of them share.
 */
#ifndef AC_POLICY_LIMITTABLE_H
#define AC_POLICY_LIMITTABLE_H

#include "ac.h"

#include "core/header.h"
#include "policy/breaker.h"
#include "policy/ratelimit.h"
#include "policy/retry.h"

/* Buckets of the API's that the answers of one endpoint may name. */
#define AC_LIMIT_BUCKETS 4

/* Scopes that one request may be subject to: server, host, endpoint, buckets. */
#define AC_LIMIT_SEATS (3 + AC_LIMIT_BUCKETS)

/* Longest text of a scope that is kept for people; its hash tells them apart. */
#define AC_LIMIT_NAME 80

/*
 * Background work gives way to others for so long, then it takes its turn as
 * they do: it must get somewhere, too.
 */
#define AC_LIMIT_PATIENCE_MS 10000

/*
 * What was idle for so long has nothing more to tell: rates have recovered,
 * quotas are over, breakers would try.
 */
#define AC_LIMIT_FORGET_MS 600000

/*
 * What was idle for so long is quiet.  Where a slot is wanted it goes first if
 * it has nothing to tell, for calls take longer than that where something is
 * wrong; and, among the servers of the role whose turn it is, if it has, for
 * what is in use is worth more.
 */
#define AC_LIMIT_QUIET_MS 10000

/* Whose limits: all zero but dbid and serverid is the public mapping. */
typedef struct AcLimitOwner
{
	Oid dbid;
	Oid serverid;
	Oid userid;
} AcLimitOwner;

typedef enum AcLimitScope
{
	AC_LIMIT_SERVER = 1,
	AC_LIMIT_HOST,
	AC_LIMIT_ENDPOINT,
	AC_LIMIT_BUCKET
} AcLimitScope;

typedef struct AcLimitSlot
{
	uint32 serial; /* another one for each scope that the slot is given to */
	uint8 scope;   /* AcLimitScope */
	AcLimitOwner owner;
	Oid payer;				  /* role whose share it is in */
	char name[AC_LIMIT_NAME]; /* "", host, path, the API's name */
	int64 used_ms;			  /* when it was last asked for */
	AcRateLimit limit;
	AcBreaker breaker;	  /* HOST, ENDPOINT */
	AcRetryBudget budget; /* SERVER */

	/* ENDPOINT: hashes of the buckets that its answers named, 0: none */
	uint32 buckets[AC_LIMIT_BUCKETS];

	/* SERVER: what was announced without a bucket, and by which endpoint */
	int64 told_limit; /* 0: nothing yet */
	uint32 told_by;
	bool by_endpoint; /* endpoints differ: it is each one's own */
} AcLimitSlot;

typedef struct AcLimitTable
{
	uint32 n_slots;
	uint32 next_serial;
	uint32 hashes[FLEXIBLE_ARRAY_MEMBER]; /* of the slots behind; 0: free */
} AcLimitTable;

/* Two clocks: the breaker's may be shifted, the limiter's never. */
typedef struct AcLimitNow
{
	int64 ms;
	int64 breaker_ms;
} AcLimitNow;

/* A request, from the moment it wants to leave until its answer is judged. */
typedef struct AcLimitCall
{
	/* what is asked; the texts have to live as long */
	uint64 who; /* another one for each call under way, not 0 */
	AcLimitOwner owner;
	Oid payer;			  /* role whose share it is in; not 0 where that matters */
	double rate_per_s;	  /* configured for the server, 0: none */
	const char *host;	  /* "api.example:443" */
	const char *endpoint; /* ac_limittable_endpoint() */
	bool elsewhere;		  /* host is not the API's own */
	bool background;
	bool regardless; /* of breakers: it is to find out how the API is */

	/* private: what is reserved */
	bool seated;
	bool sent;		/* and not told yet how it ended */
	int64 since_ms; /* when it first asked */
	int n_seats;
	struct
	{
		uint32 slot;
		uint32 serial;
		AcRateTicket ticket;
	} seats[AC_LIMIT_SEATS];
} AcLimitCall;

typedef enum AcLimitVerdict
{
	AC_LIMIT_GO,	  /* counted as sent */
	AC_LIMIT_WAIT,	  /* ask again after wait_ms */
	AC_LIMIT_USED_UP, /* the API wants wait_ms, more than AC_RETRY_CAP_MS */
	AC_LIMIT_REFUSED  /* a breaker is open for wait_ms */
} AcLimitVerdict;

/* Bytes of a table with that many slots, and how many fit in bytes. */
extern Size ac_limittable_size(int n_slots);
extern int ac_limittable_fits(Size bytes);

/* Makes an empty table of fresh memory. */
extern void ac_limittable_init(AcLimitTable *table, int n_slots);

/*
 * The endpoint that a path belongs to: what looks like a key in it becomes
 * "{}".  Palloc'd.
 */
extern char *ac_limittable_endpoint(const char *path);

/*
 * May the call be sent now?  Reserves if it has not yet.  With any other
 * verdict than GO and WAIT nothing is reserved any more.
 */
extern AcLimitVerdict ac_limittable_ask(AcLimitTable *table, AcLimitCall *call,
										const AcLimitNow *now, int64 *wait_ms);

/* The call is given up, in whatever state: others may have what it held. */
extern void ac_limittable_abandon(AcLimitTable *table, AcLimitCall *call,
								  int64 now_ms);

/* How it ended, for the breakers. */
extern void ac_limittable_tell(AcLimitTable *table, AcLimitCall *call,
							   AcHealth health, const AcLimitNow *now);

/* How long breakers would refuse a call like this one; 0: they would not. */
extern int64 ac_limittable_refuses(AcLimitTable *table, const AcLimitCall *call,
								   const AcLimitNow *now);

/* What an answer to the call announced. */
extern void ac_limittable_learn(AcLimitTable *table, const AcLimitCall *call,
								const AcRateInfoList *announced, int64 now_ms);

/*
 * The answer was a 429 or its like, which asked for wait_ms (-1: nothing).
 * announced: what it said otherwise, which may name the bucket concerned.
 */
extern void ac_limittable_throttled(AcLimitTable *table, const AcLimitCall *call,
									const AcRateInfoList *announced,
									int64 wait_ms, int64 now_ms);

/* The server's retry budget, for policy/retry; it is shared as all the rest. */
extern AcRetryBudget *ac_limittable_budget(AcLimitTable *table,
										   const AcLimitCall *call,
										   int64 now_ms);

/* Another rate_limit for the owner's server. */
extern void ac_limittable_configure(AcLimitTable *table,
									const AcLimitOwner *owner,
									double rate_per_s, int64 now_ms);

/*
 * Forgets all limits of a server, whoever's mapping they are: what the API said,
 * breakers, rates, budgets.  Who waits is seated anew when he asks.
 */
extern void ac_limittable_reset(AcLimitTable *table, Oid dbid, Oid serverid);

/* The slot of that number, NULL if it is free. */
extern AcLimitSlot *ac_limittable_slot(AcLimitTable *table, uint32 number);

#endif /* AC_POLICY_LIMITTABLE_H */
