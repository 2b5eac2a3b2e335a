/*
 * limits.c
 *		Who keeps the limits that requests are subject to?  See limits.h.
 *
 * Times are those of CLOCK_MONOTONIC, as net/engine's, which is one clock for
 * all processes of a machine.  The breakers' clock is that plus
 * autoconn.clock_offset, so that tests need not wait for them.
 *
 * Not done: waking waiters when a departure is given back.  Each has a timer
 * for the time that it was told, and whoever asks next takes what was given
 * back; so a process that was stopped holds nobody up.
 */
#include "ac.h"

#include <math.h>
#include <time.h>

#include "funcapi.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/guc.h"
#include "pg/limits.h"
#include "pg/places.h"
#include "pg/shmem.h"
#include "storage/ipc.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* Slots of a table of one process: what one session talks to is little. */
#define OWN_SLOTS 64

/*
 * Who waits asks again after so long, because what he waits for may have been
 * forgotten (autoconn.limits_reset()).
 */
#define LOOK_AGAIN_MS 1000

/* Columns of autoconn.limit_state(). */
#define STATE_COLUMNS 13

/* Calls of this process that hold something. */
static dlist_head holding = DLIST_STATIC_INIT(holding);

/* The table of this process, where there is no shared memory. */
static AcLimitTable *process_table = NULL;

/* ---- memory, clocks and the lock ---- */

void
ac_limits_init(void *memory, Size size)
{
	ac_limittable_init(memory, ac_limittable_fits(size));
}

AcLimitTable *
ac_limits_private(MemoryContext cxt)
{
	AcLimitTable *table = MemoryContextAlloc(cxt, ac_limittable_size(OWN_SLOTS));

	ac_limittable_init(table, OWN_SLOTS);
	return table;
}

static int64
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static AcLimitNow
read_clocks(void)
{
	AcLimitNow now;

	now.ms = monotonic_ms();
	now.breaker_ms = now.ms +
					 (ac_guc_now() - GetCurrentTimestamp()) / 1000;
	return now;
}

/*
 * The table, locked if others use it.  The lock is held for a few
 * microseconds: nothing in between allocates, waits or throws.
 */
static AcLimitTable *
lock_table(AcLimitTable *own)
{
	AcShared *shared = own == NULL ? ac_shmem() : NULL;

	if (own != NULL)
		return own;
	if (shared != NULL)
	{
		LWLockAcquire(&shared->limits_lock, LW_EXCLUSIVE);
		return ac_shmem_limits();
	}
	if (process_table == NULL)
		process_table = ac_limits_private(TopMemoryContext);
	return process_table;
}

static void
unlock_table(const AcLimitTable *table)
{
	AcShared *shared = ac_shmem();

	if (shared != NULL && table == ac_shmem_limits())
		LWLockRelease(&shared->limits_lock);
}

/* ---- what this process holds ---- */

/* The process ends: others may have what it held. */
static void
abandon_all(int code, Datum arg)
{
	while (!dlist_is_empty(&holding))
		ac_limits_abandon(dlist_head_element(AcLimitsCall, node, &holding));
}

/* Notes whether the call holds anything. */
static void
list_call(AcLimitsCall *call)
{
	static bool registered = false;
	bool holds = call->call.seated || call->call.sent;

	if (!registered)
		before_shmem_exit(abandon_all, (Datum) 0);
	registered = true;
	if (holds && !call->listed)
		dlist_push_tail(&holding, &call->node);
	if (!holds && call->listed)
		dlist_delete(&call->node);
	call->listed = holds;
}

/* A number that no other call under way has. */
static uint64
new_identity(void)
{
	static uint32 last = 0;

	return ((uint64) MyProcPid << 32) | ++last;
}

/* ---- calls ---- */

AcLimitVerdict
ac_limits_ask(AcLimitsCall *call, int64 *wait_ms)
{
	AcLimitNow now = read_clocks();
	AcLimitTable *table;
	AcLimitVerdict verdict;

	if (call->call.who == 0)
		call->call.who = new_identity();
	table = lock_table(call->own);
	verdict = ac_limittable_ask(table, &call->call, &now, wait_ms);
	unlock_table(table);
	list_call(call);
	if (verdict == AC_LIMIT_WAIT)
		*wait_ms = Min(*wait_ms, LOOK_AGAIN_MS);
	return verdict;
}

void
ac_limits_abandon(AcLimitsCall *call)
{
	AcLimitTable *table;

	if (!call->listed)
		return;
	table = lock_table(call->own);
	ac_limittable_abandon(table, &call->call, monotonic_ms());
	unlock_table(table);
	list_call(call);
}

void
ac_limits_tell(AcLimitsCall *call, AcHealth health)
{
	AcLimitNow now = read_clocks();
	AcLimitTable *table = lock_table(call->own);

	ac_limittable_tell(table, &call->call, health, &now);
	unlock_table(table);
	list_call(call);
}

int64
ac_limits_refuses(const AcLimitsCall *call)
{
	AcLimitNow now = read_clocks();
	AcLimitTable *table = lock_table(call->own);
	int64 wait_ms = ac_limittable_refuses(table, &call->call, &now);

	unlock_table(table);
	return wait_ms;
}

void
ac_limits_learn(const AcLimitsCall *call, const AcRateInfoList *announced)
{
	AcLimitTable *table;

	if (announced->count == 0)
		return;
	table = lock_table(call->own);
	ac_limittable_learn(table, &call->call, announced, monotonic_ms());
	unlock_table(table);
}

void
ac_limits_throttled(const AcLimitsCall *call, const AcRateInfoList *announced,
					int64 wait_ms)
{
	AcLimitTable *table = lock_table(call->own);

	ac_limittable_throttled(table, &call->call, announced, wait_ms,
							monotonic_ms());
	unlock_table(table);
}

AcRetryVerdict
ac_limits_retry(const AcLimitsCall *call, const AcRetryAsk *ask,
				int64 *wait_ms)
{
	AcLimitTable *table = lock_table(call->own);
	AcRetryVerdict verdict =
		ac_retry_ask(ac_limittable_budget(table, &call->call, monotonic_ms()),
					 ask, wait_ms);

	unlock_table(table);
	return verdict;
}

void
ac_limits_succeeded(const AcLimitsCall *call)
{
	AcLimitTable *table = lock_table(call->own);

	ac_retry_succeeded(ac_limittable_budget(table, &call->call,
											monotonic_ms()));
	unlock_table(table);
}

void
ac_limits_configure(AcLimitTable *own, const AcLimitOwner *owner,
					double rate_per_s)
{
	AcLimitTable *table = lock_table(own);

	ac_limittable_configure(table, owner, rate_per_s, monotonic_ms());
	unlock_table(table);
}

void
ac_limits_reset(Oid serverid)
{
	AcLimitTable *table = lock_table(NULL);

	ac_limittable_reset(table, MyDatabaseId, serverid);
	unlock_table(table);
}

/* ---- for people ---- */

/* May the current user see limits of that owner? */
static bool
may_see(const AcLimitOwner *owner)
{
	Oid user = GetUserId();

	if (owner->dbid != MyDatabaseId ||
		GetForeignServerExtended(owner->serverid, FSV_MISSING_OK) == NULL ||
		ac_foreign_server_aclcheck(owner->serverid, user, ACL_USAGE) != ACLCHECK_OK)
		return false;
	return !OidIsValid(owner->userid) ||
		   has_privs_of_role(user, owner->userid) ||
		   ac_foreign_server_ownercheck(owner->serverid, user);
}

/* "server", "host api.example:443", ... */
static char *
scope_text(const AcLimitSlot *slot)
{
	switch ((AcLimitScope) slot->scope)
	{
		case AC_LIMIT_SERVER:
			break;
		case AC_LIMIT_HOST:
			return psprintf("host %s", slot->name);
		case AC_LIMIT_ENDPOINT:
			return psprintf("endpoint %s", slot->name);
		case AC_LIMIT_BUCKET:
			return psprintf("bucket %s", slot->name);
	}
	return pstrdup("server");
}

/* The moment of the wall clock that lies so far ahead. */
static Datum
moment(int64 ahead_ms)
{
	return TimestampTzGetDatum(TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
														   ahead_ms));
}

/* To a thousandth: what is behind is noise to a reader. */
static Datum
thousandths(double value)
{
	return Float8GetDatum(rint(value * 1000) / 1000);
}

/* rate, burst, tokens, remaining, reset_at: columns 3 to 7. */
static void
put_limit(AcRateLimit *limit, int64 now_ms, Datum *values, bool *nulls)
{
	const AcRateQuota *quota = ac_ratelimit_scarcest(limit, now_ms);
	int64 ahead_ms = ac_ratelimit_blocked(limit, now_ms);

	ac_ratelimit_advance(limit, now_ms);
	nulls[3] = nulls[4] = nulls[5] = limit->rate == 0;
	values[3] = thousandths(limit->rate);
	values[4] = thousandths(limit->burst);
	values[5] = thousandths(limit->tokens);
	nulls[6] = quota == NULL;
	if (quota != NULL)
		values[6] = Int64GetDatum(Max(quota->remaining, 0));
	if (ahead_ms == 0 && quota != NULL)
		ahead_ms = quota->reset_ms - now_ms;
	nulls[7] = ahead_ms == 0;
	values[7] = moment(ahead_ms);
}

/*
 * breaker, failures, opens_until: columns 8 to 10.  One whose time is over is
 * as good as half open: the next call will try.
 */
static void
put_breaker(const AcLimitSlot *slot, int64 now_ms, Datum *values, bool *nulls)
{
	const AcBreaker *breaker = &slot->breaker;
	AcBreakerState state = breaker->state;

	nulls[8] = nulls[9] = nulls[10] = true;
	if (slot->scope != AC_LIMIT_HOST && slot->scope != AC_LIMIT_ENDPOINT)
		return;
	if (state == AC_BREAKER_OPEN && ac_breaker_refuses(breaker, now_ms) == 0)
		state = AC_BREAKER_HALF_OPEN;
	nulls[8] = nulls[9] = false;
	values[8] = CStringGetTextDatum(ac_breaker_state_name(state));
	values[9] = Int32GetDatum(ac_breaker_failures(breaker));
	nulls[10] = state == AC_BREAKER_CLOSED;
	if (!nulls[10])
		values[10] = moment(breaker->opens_until_ms - now_ms);
}

/* under_way, in_line: columns 11 and 12. */
static void
put_places(const AcLimitSlot *slot, Datum *values, bool *nulls)
{
	AcPlaceUse use;

	nulls[11] = nulls[12] = slot->scope != AC_LIMIT_SERVER;
	if (nulls[11])
		return;
	use = ac_places_used(&slot->owner);
	values[11] = Int32GetDatum(use.taken);
	values[12] = Int32GetDatum(use.in_line);
}

static void
put_slot(ReturnSetInfo *result, AcLimitSlot *slot, const AcLimitNow *now)
{
	Datum values[STATE_COLUMNS];
	bool nulls[STATE_COLUMNS] = {false};

	if (!may_see(&slot->owner))
		return;
	values[0] = CStringGetTextDatum(GetForeignServer(slot->owner.serverid)->servername);
	values[1] = CStringGetTextDatum(scope_text(slot));
	nulls[2] = !OidIsValid(slot->owner.userid);
	values[2] = ObjectIdGetDatum(slot->owner.userid);
	put_limit(&slot->limit, now->ms, values, nulls);
	put_breaker(slot, now->breaker_ms, values, nulls);
	put_places(slot, values, nulls);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* Copies a slot if it is in use; false behind the last. */
static bool
copy_slot(uint32 number, AcLimitSlot *copy)
{
	AcLimitTable *table = lock_table(NULL);
	AcLimitSlot *slot = ac_limittable_slot(table, number);
	bool more = number < table->n_slots;

	memset(copy, 0, sizeof(*copy));
	if (slot != NULL)
		*copy = *slot;
	unlock_table(table);
	return more;
}

PG_FUNCTION_INFO_V1(autoconn_limit_state);

/*
 * autoconn.limit_state() -> setof record.  Everybody may call it: it shows
 * limits of servers that the caller may use, of his own mapping and those of
 * the public one; to the server's owner all of them.
 */
Datum
autoconn_limit_state(PG_FUNCTION_ARGS)
{
	AcLimitNow now = read_clocks();
	AcLimitSlot slot;

	InitMaterializedSRF(fcinfo, 0);
	for (uint32 i = 0; copy_slot(i, &slot); i++)
		if (slot.serial != 0)
			put_slot((ReturnSetInfo *) fcinfo->resultinfo, &slot, &now);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(autoconn_limits_reset);

/*
 * autoconn.limits_reset(server name): forgets what limits and breakers of all
 * mappings of a server know, for whoever owns it.
 */
Datum
autoconn_limits_reset(PG_FUNCTION_ARGS)
{
	ac_limits_reset(ac_catalog_owned_server(NameStr(*PG_GETARG_NAME(0)))->serverid);
	PG_RETURN_VOID();
}
