/*
 * limittable.c
 *		Which limits hold for a request, and what do all of them say?
 *		See limittable.h.
 *
 * Slots are found by a hash over owner, scope and name.  The hashes stand in
 * an array of their own, because looking through all of them is what each
 * request does: 1,024 are 4 kB.
 */
#include "ac.h"

#include "core/hash.h"
#include "policy/limittable.h"
#include "policy/share.h"

/* Digits that make a segment of a path a key: a year has four, a version one. */
#define KEY_DIGITS 4

/* A segment so long with a digit in it is one, too: a hash, a token. */
#define KEY_LENGTH 20

/* ---- memory ---- */

static AcLimitSlot *
slots_of(AcLimitTable *table)
{
	Size head = offsetof(AcLimitTable, hashes) + sizeof(uint32) * table->n_slots;

	return (AcLimitSlot *) ((char *) table + MAXALIGN(head));
}

Size
ac_limittable_size(int n_slots)
{
	Size head = offsetof(AcLimitTable, hashes) + sizeof(uint32) * n_slots;

	return MAXALIGN(head) + sizeof(AcLimitSlot) * n_slots;
}

int
ac_limittable_fits(Size bytes)
{
	int n_slots = (int) (bytes / sizeof(AcLimitSlot));

	while (n_slots > 0 && ac_limittable_size(n_slots) > bytes)
		n_slots--;
	return n_slots;
}

void
ac_limittable_init(AcLimitTable *table, int n_slots)
{
	/* A call's own seats must not drive each other out. */
	Assert(n_slots > AC_LIMIT_SEATS);
	memset(table, 0, ac_limittable_size(n_slots));
	table->n_slots = n_slots;
	table->next_serial = 1;
}

AcLimitSlot *
ac_limittable_slot(AcLimitTable *table, uint32 number)
{
	if (number >= table->n_slots || table->hashes[number] == 0)
		return NULL;
	return &slots_of(table)[number];
}

/* ---- finding slots ---- */

static uint32
hash_of(const AcLimitOwner *owner, AcLimitScope scope, const char *name)
{
	uint64 hash = ac_hash_bytes(owner, sizeof(*owner), (uint64) scope);
	uint32 folded = (uint32) ac_hash_text(name, hash);

	return folded == 0 ? 1 : folded;
}

static bool
same_owner(const AcLimitOwner *a, const AcLimitOwner *b)
{
	return a->dbid == b->dbid && a->serverid == b->serverid &&
		   a->userid == b->userid;
}

/* Number of the owner's slot with that hash, -1 if there is none. */
static int
find_slot(AcLimitTable *table, const AcLimitOwner *owner, uint32 hash)
{
	AcLimitSlot *slots = slots_of(table);

	for (uint32 i = 0; i < table->n_slots; i++)
		if (table->hashes[i] == hash && same_owner(&slots[i].owner, owner))
			return (int) i;
	return -1;
}

/* Since when, or from when on, a slot is of no use to anybody. */
static int64
idle_since(const AcLimitSlot *slot)
{
	int64 idle_ms = ac_ratelimit_idle_ms(&slot->limit);

	idle_ms = Max(idle_ms, slot->used_ms);
	if (slot->breaker.state != AC_BREAKER_CLOSED)
		idle_ms = Max(idle_ms, slot->breaker.opens_until_ms);
	return idle_ms;
}

/* Is a to go before b?  Of what was asked for just now the narrowest goes. */
static bool
is_idler(const AcLimitSlot *a, const AcLimitSlot *b)
{
	int64 a_ms = idle_since(a);
	int64 b_ms = idle_since(b);

	return a_ms != b_ms ? a_ms < b_ms : a->scope > b->scope;
}

/* Does the call under way sit there? */
static bool
is_seat_of(const AcLimitSlot *slot, const AcLimitCall *call, uint32 number)
{
	for (int i = 0; i < call->n_seats; i++)
		if (call->seats[i].slot == number && call->seats[i].serial == slot->serial)
			return true;
	return false;
}

/* A table as somebody sees it who wants a slot of it. */
typedef struct Wanted
{
	AcLimitTable *table;
	const AcLimitCall *call;
	uint64 payer; /* 0: any */
	uint64 owner; /* 0: any */
} Wanted;

/* Whose the slot is, by a number that is not 0; 0: it is free. */
static uint64
payer_of(const void *view, int i)
{
	const Wanted *wanted = view;

	if (wanted->table->hashes[i] == 0)
		return 0;
	return (uint64) slots_of(wanted->table)[i].payer + 1;
}

static uint64
owner_number(const AcLimitOwner *owner)
{
	uint64 hash = ac_hash_bytes(owner, sizeof(*owner), 0);

	return hash == 0 ? 1 : hash;
}

/* The same for the mappings of a payer. */
static uint64
owner_of(const void *view, int i)
{
	const Wanted *wanted = view;

	if (payer_of(view, i) != wanted->payer)
		return 0;
	return owner_number(&slots_of(wanted->table)[i].owner);
}

/*
 * A free slot, or of those that are wanted the one that has been idle longest;
 * -1: the call sits at all of them.
 */
static int
idlest_slot(const Wanted *wanted)
{
	AcLimitTable *table = wanted->table;
	AcLimitSlot *slots = slots_of(table);
	int idlest = -1;

	for (uint32 i = 0; i < table->n_slots; i++)
	{
		if (table->hashes[i] == 0)
			return (int) i;
		if (is_seat_of(&slots[i], wanted->call, i) ||
			(wanted->payer != 0 && payer_of(wanted, (int) i) != wanted->payer) ||
			(wanted->owner != 0 && owner_of(wanted, (int) i) != wanted->owner))
			continue;
		if (idlest < 0 || is_idler(&slots[i], &slots[idlest]))
			idlest = (int) i;
	}
	return idlest;
}

/* Would a new slot of the same scope be no worse? */
static bool
has_nothing_to_tell(const AcLimitSlot *slot)
{
	const AcRateLimit *limit = &slot->limit;

	return limit->rate == limit->configured &&
		   slot->breaker.state == AC_BREAKER_CLOSED &&
		   ac_breaker_failures(&slot->breaker) == 0 &&
		   slot->budget.tokens == AC_RETRY_BUDGET && slot->buckets[0] == 0 &&
		   slot->told_limit == 0 && !slot->by_endpoint;
}

/* The one of these that has been idle longest; -1: there is none. */
static int
blank_slot(AcLimitTable *table, const AcLimitCall *call, int64 now_ms)
{
	const AcLimitSlot *slots = slots_of(table);
	int found = -1;

	for (uint32 i = 0; i < table->n_slots; i++)
		if (idle_since(&slots[i]) < now_ms - AC_LIMIT_QUIET_MS &&
			has_nothing_to_tell(&slots[i]) && !is_seat_of(&slots[i], call, i) &&
			(found < 0 || is_idler(&slots[i], &slots[found])))
			found = (int) i;
	return found;
}

/*
 * A slot for a new scope: a free one, or one that is idle for so long, or has
 * so little to tell, that nothing is lost.  Else the role whose turn it is
 * loses one: what is quiet, or one of the server whose turn it is.  Neither a
 * role with ever more servers nor an API that names ever more buckets, and
 * holds them up for ever, is to drive out what is known of others.
 */
static int
choose_slot(AcLimitTable *table, const AcLimitCall *call, int64 now_ms)
{
	Wanted wanted = {.table = table, .call = call};
	AcShareView view = {.table = &wanted, .n = (int) table->n_slots, .payer_of = payer_of};
	uint64 payer = (uint64) call->payer + 1;
	int anybodys = idlest_slot(&wanted);
	int number;

	Assert(anybodys >= 0);
	if (table->hashes[anybodys] == 0 ||
		idle_since(&slots_of(table)[anybodys]) < now_ms - AC_LIMIT_FORGET_MS)
		return anybodys;
	number = blank_slot(table, call, now_ms);
	if (number >= 0)
		return number;
	wanted.payer = ac_share_loser(&view, payer);
	number = idlest_slot(&wanted);
	if (number >= 0 &&
		idle_since(&slots_of(table)[number]) < now_ms - AC_LIMIT_QUIET_MS)
		return number;
	view.payer_of = owner_of;
	wanted.owner = ac_share_loser(&view, wanted.payer == payer
											 ? owner_number(&call->owner)
											 : 0);
	number = idlest_slot(&wanted);
	if (number < 0)
	{
		/* The call sits at all of them: another mapping's, then. */
		wanted.owner = 0;
		number = idlest_slot(&wanted);
	}
	return number >= 0 ? number : anybodys;
}

/* The slot of that scope and name; a new one if there was none. */
static int
get_slot(AcLimitTable *table, const AcLimitCall *call, AcLimitScope scope,
		 const char *name, int64 now_ms)
{
	uint32 hash = hash_of(&call->owner, scope, name);
	int number = find_slot(table, &call->owner, hash);
	AcLimitSlot *slot;

	if (number < 0)
	{
		number = choose_slot(table, call, now_ms);
		slot = &slots_of(table)[number];
		memset(slot, 0, sizeof(*slot));
		table->hashes[number] = hash;
		slot->serial = table->next_serial++;
		slot->scope = scope;
		slot->owner = call->owner;
		strlcpy(slot->name, name, sizeof(slot->name));
		ac_ratelimit_init(&slot->limit,
						  scope == AC_LIMIT_SERVER ? call->rate_per_s : 0, 1.0,
						  now_ms);
		ac_breaker_init(&slot->breaker, scope == AC_LIMIT_HOST);
		ac_retry_budget_init(&slot->budget);
	}
	slot = &slots_of(table)[number];
	slot->payer = call->payer;
	slot->used_ms = Max(slot->used_ms, now_ms);
	return number;
}

static AcLimitSlot *
get(AcLimitTable *table, const AcLimitCall *call, AcLimitScope scope,
	const char *name, int64 now_ms)
{
	return &slots_of(table)[get_slot(table, call, scope, name, now_ms)];
}

static uint32
endpoint_hash(const AcLimitCall *call)
{
	return hash_of(&call->owner, AC_LIMIT_ENDPOINT, call->endpoint);
}

/* ---- seats ---- */

static void
add_seat(AcLimitTable *table, AcLimitCall *call, int number)
{
	Assert(call->n_seats < AC_LIMIT_SEATS);
	call->seats[call->n_seats].slot = (uint32) number;
	call->seats[call->n_seats].serial = slots_of(table)[number].serial;
	memset(&call->seats[call->n_seats].ticket, 0, sizeof(AcRateTicket));
	call->n_seats++;
}

/* Finds the slots that the call is subject to; reserves nothing. */
static void
find_seats(AcLimitTable *table, AcLimitCall *call, int64 now_ms)
{
	int endpoint;

	call->n_seats = 0;
	add_seat(table, call,
			 get_slot(table, call, AC_LIMIT_SERVER, "", now_ms));
	add_seat(table, call,
			 get_slot(table, call, AC_LIMIT_HOST, call->host, now_ms));
	endpoint = get_slot(table, call, AC_LIMIT_ENDPOINT, call->endpoint, now_ms);
	add_seat(table, call, endpoint);
	for (int i = 0; i < AC_LIMIT_BUCKETS; i++)
	{
		uint32 hash = slots_of(table)[endpoint].buckets[i];
		int bucket = hash == 0 ? -1 : find_slot(table, &call->owner, hash);

		if (bucket >= 0)
			add_seat(table, call, bucket);
	}
}

/* The slot of a seat, NULL if it was given to another scope meanwhile. */
static AcLimitSlot *
seat_slot(AcLimitTable *table, const AcLimitCall *call, int i)
{
	AcLimitSlot *slot = ac_limittable_slot(table, call->seats[i].slot);

	return slot != NULL && slot->serial == call->seats[i].serial ? slot : NULL;
}

static bool
seats_lost(AcLimitTable *table, const AcLimitCall *call)
{
	for (int i = 0; i < call->n_seats; i++)
		if (seat_slot(table, call, i) == NULL)
			return true;
	return false;
}

static void
leave_seats(AcLimitTable *table, AcLimitCall *call, int64 now_ms)
{
	for (int i = 0; i < call->n_seats; i++)
	{
		AcLimitSlot *slot = seat_slot(table, call, i);

		if (slot != NULL)
			ac_ratelimit_return(&slot->limit, now_ms, &call->seats[i].ticket);
	}
	call->seated = false;
}

/*
 * How long background work holds off; *reserve: the API's own count says so.
 * After a while a turn that others wait for is ours as well; what is reserved
 * of a quota never is.
 */
static int64
yield_ms(AcLimitTable *table, const AcLimitCall *call, int64 now_ms,
		 bool *reserve)
{
	int64 wait_ms = 0;

	*reserve = false;
	for (int i = 0; i < call->n_seats; i++)
	{
		AcLimitSlot *slot = seat_slot(table, call, i);
		bool kept = false;
		int64 ms = slot == NULL ? 0 : ac_ratelimit_yield(&slot->limit, now_ms, &kept);

		if (!kept && now_ms - call->since_ms >= AC_LIMIT_PATIENCE_MS)
			ms = 0;
		wait_ms = Max(wait_ms, ms);
		*reserve = *reserve || kept;
	}
	return wait_ms;
}

/* Reserves at every seat. */
static void
take_seats(AcLimitTable *table, AcLimitCall *call, int64 now_ms)
{
	for (int i = 0; i < call->n_seats; i++)
	{
		AcLimitSlot *slot = seat_slot(table, call, i);

		if (slot != NULL)
			(void) ac_ratelimit_take(&slot->limit, now_ms,
									 &call->seats[i].ticket);
	}
	call->seated = true;
}

/* The longest wait of all seats; *told_ms: that of what the API said. */
static int64
longest_wait(AcLimitTable *table, AcLimitCall *call, int64 now_ms,
			 int64 *told_ms)
{
	int64 wait_ms = 0;

	*told_ms = 0;
	for (int i = 0; i < call->n_seats; i++)
	{
		AcLimitSlot *slot = seat_slot(table, call, i);
		AcRateTicket *ticket = &call->seats[i].ticket;
		int64 ms;

		if (slot == NULL)
			continue;
		ms = ac_ratelimit_wait(&slot->limit, now_ms, ticket);
		wait_ms = Max(wait_ms, ms);
		*told_ms = Max(*told_ms, ticket->told_ms - now_ms);
	}
	return wait_ms;
}

/* ---- breakers ---- */

/* Those that a call has to pass. */
static AcBreaker *
breaker_of(AcLimitTable *table, const AcLimitCall *call, AcLimitScope scope)
{
	const char *name = scope == AC_LIMIT_HOST ? call->host : call->endpoint;
	int number = find_slot(table, &call->owner,
						   hash_of(&call->owner, scope, name));

	return number < 0 ? NULL : &slots_of(table)[number].breaker;
}

int64
ac_limittable_refuses(AcLimitTable *table, const AcLimitCall *call,
					  const AcLimitNow *now)
{
	AcBreaker *host = breaker_of(table, call, AC_LIMIT_HOST);
	AcBreaker *endpoint = breaker_of(table, call, AC_LIMIT_ENDPOINT);
	int64 host_ms = 0;
	int64 endpoint_ms = 0;

	if (call->regardless)
		return 0;
	if (host != NULL)
		host_ms = ac_breaker_refuses(host, now->breaker_ms);
	if (endpoint != NULL)
		endpoint_ms = ac_breaker_refuses(endpoint, now->breaker_ms);
	return Max(host_ms, endpoint_ms);
}

/* All limits let the call go: it is sent. */
static void
go(AcLimitTable *table, AcLimitCall *call, const AcLimitNow *now)
{
	for (int i = 0; i < call->n_seats; i++)
	{
		AcLimitSlot *slot = seat_slot(table, call, i);

		if (slot == NULL)
			continue;
		ac_ratelimit_leave(&slot->limit, now->ms, &call->seats[i].ticket);
		if (!call->regardless && (slot->scope == AC_LIMIT_HOST ||
								  slot->scope == AC_LIMIT_ENDPOINT))
			ac_breaker_enter(&slot->breaker, call->who, now->breaker_ms);
	}
	call->seated = false;
	call->sent = true;
	call->since_ms = 0;
}

/* Sits down if the call does not yet; else how long it has to hold off. */
static int64
sit_down(AcLimitTable *table, AcLimitCall *call, int64 now_ms, bool *reserve)
{
	int64 wait_ms = 0;

	*reserve = false;
	if (call->seated && seats_lost(table, call))
		leave_seats(table, call, now_ms);
	if (call->seated)
		return 0;
	if (call->since_ms == 0)
		call->since_ms = now_ms;
	find_seats(table, call, now_ms);
	if (call->background)
		wait_ms = yield_ms(table, call, now_ms, reserve);
	if (wait_ms == 0)
		take_seats(table, call, now_ms);
	return wait_ms;
}

AcLimitVerdict
ac_limittable_ask(AcLimitTable *table, AcLimitCall *call,
				  const AcLimitNow *now, int64 *wait_ms)
{
	bool reserve;
	int64 told_ms;

	Assert(call->who != 0 && !call->sent);
	*wait_ms = ac_limittable_refuses(table, call, now);
	if (*wait_ms > 0)
	{
		leave_seats(table, call, now->ms);
		return AC_LIMIT_REFUSED;
	}
	*wait_ms = sit_down(table, call, now->ms, &reserve);
	if (!call->seated)
		return reserve && *wait_ms > AC_RETRY_CAP_MS ? AC_LIMIT_USED_UP
													 : AC_LIMIT_WAIT;
	*wait_ms = longest_wait(table, call, now->ms, &told_ms);
	if (told_ms > AC_RETRY_CAP_MS)
	{
		leave_seats(table, call, now->ms);
		*wait_ms = told_ms;
		return AC_LIMIT_USED_UP;
	}
	if (*wait_ms > 0)
		return AC_LIMIT_WAIT;
	go(table, call, now);
	return AC_LIMIT_GO;
}

void
ac_limittable_abandon(AcLimitTable *table, AcLimitCall *call, int64 now_ms)
{
	AcBreaker *host = breaker_of(table, call, AC_LIMIT_HOST);
	AcBreaker *endpoint = breaker_of(table, call, AC_LIMIT_ENDPOINT);

	if (call->seated)
		leave_seats(table, call, now_ms);
	if (call->sent && host != NULL)
		ac_breaker_abandon(host, call->who);
	if (call->sent && endpoint != NULL)
		ac_breaker_abandon(endpoint, call->who);
	call->sent = false;
}

void
ac_limittable_tell(AcLimitTable *table, AcLimitCall *call, AcHealth health,
				   const AcLimitNow *now)
{
	AcBreaker *host = breaker_of(table, call, AC_LIMIT_HOST);
	AcBreaker *endpoint = breaker_of(table, call, AC_LIMIT_ENDPOINT);
	AcBreakerCall told = {
		.endpoint = (uint16) endpoint_hash(call),
		.health = health,
	};

	call->sent = false;
	if (call->regardless)
		return;
	if (host != NULL)
		ac_breaker_tell(host, call->who, told, now->breaker_ms);
	/* That the host cannot be reached says nothing about its endpoint. */
	if (health == AC_HEALTH_BAD_HOST)
		told.health = AC_HEALTH_UNKNOWN;
	if (endpoint != NULL)
		ac_breaker_tell(endpoint, call->who, told, now->breaker_ms);
}

/* ---- what the API says ---- */

/* The endpoint's answers name a bucket: further requests are subject to it. */
static void
join_bucket(AcLimitSlot *endpoint, uint32 hash)
{
	for (int i = 0; i < AC_LIMIT_BUCKETS; i++)
		if (endpoint->buckets[i] == hash)
			return;
	memmove(&endpoint->buckets[1], &endpoint->buckets[0],
			sizeof(uint32) * (AC_LIMIT_BUCKETS - 1));
	endpoint->buckets[0] = hash;
}

/*
 * Where an API names no buckets, a limit is the whole server's, until two
 * endpoints announce limits of different size: then each has its own.
 */
static bool
is_by_endpoint(AcLimitTable *table, const AcLimitCall *call,
			   const AcRateInfo *info, int64 now_ms)
{
	AcLimitSlot *server = get(table, call, AC_LIMIT_SERVER, "", now_ms);
	uint32 by = endpoint_hash(call);

	if (!(info->known & AC_RATE_LIMIT) || strcmp(info->name, "default") != 0)
		return server->by_endpoint;
	if (server->told_limit != 0 && server->told_limit != info->limit &&
		server->told_by != by)
		server->by_endpoint = true;
	if (server->told_limit == 0 || server->told_by == by)
	{
		server->told_limit = info->limit;
		server->told_by = by;
	}
	return server->by_endpoint;
}

/* The slot of what was announced. */
static AcLimitSlot *
slot_of_info(AcLimitTable *table, const AcLimitCall *call,
			 const AcRateInfo *info, int64 now_ms)
{
	if (call->elsewhere)
		return get(table, call, AC_LIMIT_HOST, call->host, now_ms);
	if (info->bucket[0] != '\0')
	{
		AcLimitSlot *slot = get(table, call, AC_LIMIT_BUCKET, info->bucket,
								now_ms);

		join_bucket(get(table, call, AC_LIMIT_ENDPOINT, call->endpoint, now_ms),
					hash_of(&call->owner, AC_LIMIT_BUCKET, info->bucket));
		return slot;
	}
	if (is_by_endpoint(table, call, info, now_ms))
		return get(table, call, AC_LIMIT_ENDPOINT, call->endpoint, now_ms);
	return get(table, call, AC_LIMIT_SERVER, "", now_ms);
}

void
ac_limittable_learn(AcLimitTable *table, const AcLimitCall *call,
					const AcRateInfoList *announced, int64 now_ms)
{
	for (int i = 0; i < announced->count; i++)
	{
		const AcRateInfo *info = &announced->items[i];

		ac_ratelimit_learn(&slot_of_info(table, call, info, now_ms)->limit,
						   info, now_ms);
	}
}

/* The announced bucket that is used up, NULL if none is named. */
static const AcRateInfo *
exhausted_bucket(const AcRateInfoList *announced)
{
	for (int i = 0; i < announced->count; i++)
	{
		const AcRateInfo *info = &announced->items[i];

		if (info->bucket[0] != '\0' && (info->known & AC_RATE_REMAINING) &&
			info->remaining == 0)
			return info;
	}
	return NULL;
}

/*
 * A bucket that is used up has a count, so only it has to wait; else nobody
 * knows what was too much, and all of the server slows down.
 */
void
ac_limittable_throttled(AcLimitTable *table, const AcLimitCall *call,
						const AcRateInfoList *announced, int64 wait_ms,
						int64 now_ms)
{
	const AcRateInfo *bucket = exhausted_bucket(announced);
	AcLimitSlot *server = get(table, call, AC_LIMIT_SERVER, "", now_ms);
	AcLimitSlot *slot = server;

	if (call->elsewhere)
		slot = get(table, call, AC_LIMIT_HOST, call->host, now_ms);
	else if (bucket != NULL && wait_ms >= 0)
	{
		slot = slot_of_info(table, call, bucket, now_ms);
		ac_ratelimit_block(&slot->limit, wait_ms, now_ms);
		return;
	}
	else if (server->by_endpoint)
		slot = get(table, call, AC_LIMIT_ENDPOINT, call->endpoint, now_ms);
	ac_ratelimit_throttled(&slot->limit, wait_ms, now_ms);
}

AcRetryBudget *
ac_limittable_budget(AcLimitTable *table, const AcLimitCall *call,
					 int64 now_ms)
{
	return &get(table, call, AC_LIMIT_SERVER, "", now_ms)->budget;
}

void
ac_limittable_configure(AcLimitTable *table, const AcLimitOwner *owner,
						double rate_per_s, int64 now_ms)
{
	int number = find_slot(table, owner, hash_of(owner, AC_LIMIT_SERVER, ""));

	if (number >= 0)
		ac_ratelimit_configure(&slots_of(table)[number].limit, rate_per_s, 1.0,
							   now_ms);
}

void
ac_limittable_reset(AcLimitTable *table, Oid dbid, Oid serverid)
{
	AcLimitSlot *slots = slots_of(table);

	for (uint32 i = 0; i < table->n_slots; i++)
	{
		if (table->hashes[i] == 0 || slots[i].owner.dbid != dbid ||
			slots[i].owner.serverid != serverid)
			continue;
		table->hashes[i] = 0;
		memset(&slots[i], 0, sizeof(slots[i]));
	}
}

/* ---- endpoints ---- */

/* Would another row have another text there? */
static bool
is_key(const char *segment, size_t len)
{
	size_t digits = 0;

	for (size_t i = 0; i < len; i++)
	{
		digits += segment[i] >= '0' && segment[i] <= '9';
		if (segment[i] == '%')
			return true;
	}
	return digits > 0 &&
		   (digits == len || digits >= KEY_DIGITS || len >= KEY_LENGTH);
}

char *
ac_limittable_endpoint(const char *path)
{
	StringInfoData text;

	initStringInfo(&text);
	while (*path != '\0')
	{
		size_t len = strcspn(path, "/");

		if (is_key(path, len))
			appendStringInfoString(&text, "{}");
		else
			appendBinaryStringInfo(&text, path, (int) len);
		path += len;
		if (*path == '/')
		{
			appendStringInfoChar(&text, '/');
			path++;
		}
	}
	return text.data;
}
