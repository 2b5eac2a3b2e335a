/*
 * test_limittable.c
 *		Do the limits of a request hold together, for all who share them?
 */
#include "ac.h"

#include "policy/limittable.h"
#include "tap.h"

/* Slots of the tables here: few, so that they are given away. */
#define SLOTS 16

static AcLimitTable *
create_table(void)
{
	AcLimitTable *table = palloc(ac_limittable_size(SLOTS));

	ac_limittable_init(table, SLOTS);
	return table;
}

/* A call of user 1 of server 1. */
static AcLimitCall
call_of(uint64 who, const char *endpoint)
{
	AcLimitCall call = {
		.who = who,
		.owner = {.dbid = 5, .serverid = 1, .userid = 1},
		.host = "api.example:443",
		.endpoint = endpoint,
	};

	return call;
}

static const char *const verdicts[] = {
	[AC_LIMIT_GO] = "go",
	[AC_LIMIT_WAIT] = "wait",
	[AC_LIMIT_USED_UP] = "used up",
	[AC_LIMIT_REFUSED] = "refused",
};

/* "go", "wait 500", ... at that time. */
static char *
ask(AcLimitTable *table, AcLimitCall *call, int64 now_ms)
{
	AcLimitNow now = {.ms = now_ms, .breaker_ms = now_ms};
	int64 wait_ms;
	AcLimitVerdict verdict = ac_limittable_ask(table, call, &now, &wait_ms);

	if (verdict == AC_LIMIT_GO)
		return pstrdup(verdicts[verdict]);
	return psprintf("%s " INT64_FORMAT, verdicts[verdict], wait_ms);
}

/* A call that is asked for once, and answered at once. */
static char *
once(AcLimitTable *table, const char *endpoint, AcHealth health, int64 now_ms)
{
	static uint64 who = 1000;
	AcLimitNow now = {.ms = now_ms, .breaker_ms = now_ms};
	AcLimitCall call = call_of(++who, endpoint);
	char *said = ask(table, &call, now_ms);

	if (call.sent)
		ac_limittable_tell(table, &call, health, &now);
	else
		ac_limittable_abandon(table, &call, now_ms);
	return said;
}

static AcRateInfoList
announce(const char *bucket, int64 limit, int64 remaining, int64 reset_ms)
{
	AcRateInfoList list = {.count = 1};
	AcRateInfo *info = &list.items[0];

	strcpy(info->name, "default");
	strcpy(info->bucket, bucket);
	info->known = AC_RATE_LIMIT | AC_RATE_REMAINING | AC_RATE_RESET;
	info->limit = limit;
	info->remaining = remaining;
	info->reset_ms = reset_ms;
	return list;
}

static void
test_order(void)
{
	AcLimitTable *table = create_table();
	AcLimitCall calls[4];

	for (int i = 0; i < 4; i++)
	{
		calls[i] = call_of(i + 1, i % 2 ? "/a" : "/b");
		calls[i].rate_per_s = 2.0;
	}
	is_str(ask(table, &calls[0], 1000), "go", "the first leaves");
	is_str(ask(table, &calls[1], 1000), "wait 500", "the second waits");
	is_str(ask(table, &calls[2], 1000), "wait 1000", "the third longer");
	is_str(ask(table, &calls[2], 1400), "wait 600", "to ask again changes nothing");
	ac_limittable_abandon(table, &calls[1], 1400);
	is_str(ask(table, &calls[3], 1400), "wait 100", "what was given up is had by the next");
	is_str(ask(table, &calls[3], 1500), "go", "who leaves then");
	is_str(ask(table, &calls[2], 2000), "go", "and the third at its time");
	ac_limittable_abandon(table, &calls[2], 2000);
	ac_limittable_abandon(table, &calls[2], 2000);
	is_str(ask(table, &calls[1], 2000), "wait 500", "what was sent is not given back");
	pfree(table);
}

static void
test_owners(void)
{
	AcLimitTable *table = create_table();
	AcLimitCall a = call_of(1, "/a");
	AcLimitCall b = call_of(2, "/a");
	AcLimitCall c = call_of(3, "/a");
	AcLimitCall d = call_of(4, "/a");

	a.rate_per_s = b.rate_per_s = c.rate_per_s = d.rate_per_s = 1.0;
	b.owner.userid = 2;
	c.owner.serverid = 2;
	d.owner.dbid = 6;
	is_str(ask(table, &a, 0), "go", "user 1");
	is_str(ask(table, &b, 0), "go", "user 2 has limits of its own");
	is_str(ask(table, &c, 0), "go", "and so has another server");
	is_str(ask(table, &d, 0), "go", "and another database");
	ac_limittable_configure(table, &a.owner, 10.0, 0);
	a.sent = b.sent = false;
	is_str(ask(table, &a, 0), "wait 100", "another rate for user 1");
	is_str(ask(table, &b, 0), "wait 1000", "not for user 2");
	pfree(table);
}

/* Slots that a table has in use for endpoints of that name. */
static bool
has_endpoint(AcLimitTable *table, const char *name)
{
	for (uint32 i = 0; i < table->n_slots; i++)
	{
		AcLimitSlot *slot = ac_limittable_slot(table, i);

		if (slot != NULL && slot->scope == AC_LIMIT_ENDPOINT &&
			strcmp(slot->name, name) == 0)
			return true;
	}
	return false;
}

static void
test_replacement(void)
{
	AcLimitTable *table = create_table();
	AcRateInfoList list = announce("", 10, 0, 50000);
	AcLimitCall blocked = call_of(1, "/blocked");
	AcLimitCall waiting = call_of(2, "/waiting");

	ok(ac_limittable_slot(table, 0) == NULL, "a free slot");
	ok(ac_limittable_slot(table, SLOTS) == NULL, "no slot");
	blocked.owner.serverid = 2;
	is_str(ask(table, &blocked, 0), "go", "a server");
	ac_limittable_learn(table, &blocked, &list, 0);
	for (int i = 0; i < 5; i++)
		once(table, "/failing", AC_HEALTH_BAD, 0);
	for (int i = 0; i < 40; i++)
		once(table, psprintf("/endpoint%d", i), AC_HEALTH_GOOD, 100 + i);
	ok(!has_endpoint(table, "/endpoint0"), "what is idle longest goes");
	ok(has_endpoint(table, "/endpoint39"), "what was asked for last stays");
	is_str(once(table, "/failing", AC_HEALTH_GOOD, 200), "refused 29800",
		   "a breaker that is open stays");
	blocked.sent = false;
	is_str(ask(table, &blocked, 200), "wait 49800", "what the API asked for stays");

	waiting.rate_per_s = 0.1;
	ac_limittable_configure(table, &waiting.owner, 0.1, 200);
	once(table, "/last", AC_HEALTH_GOOD, 200);
	is_str(ask(table, &waiting, 200), "wait 10000", "one waits");
	for (int i = 0; i < 200; i++)
	{
		AcLimitCall call = call_of(100 + i, "/x");

		call.owner.serverid = 10 + i;
		(void) ask(table, &call, 300000 + i);
	}
	is_str(ask(table, &waiting, 300300), "go",
		   "one whose slots were given away is seated anew");
	pfree(table);
}

/* An API that names a bucket with each answer, all of them held up for ever. */
static void
test_greed(void)
{
	AcLimitTable *table = create_table();
	AcRateInfoList told = announce("", 10, 0, 50000);
	AcLimitCall honest = call_of(1, "/honest");
	AcLimitCall greedy = call_of(2, "/greedy");
	AcLimitCall late = call_of(3, "/late");
	int64 longest_ms = AC_LIMIT_FORGET_MS * 100;

	honest.owner.serverid = 2;
	is_str(ask(table, &honest, 0), "go", "an honest API");
	ac_limittable_learn(table, &honest, &told, 0);
	honest.sent = false;
	is_str(ask(table, &greedy, 1), "go", "and a greedy one");
	for (int i = 0; i < 100; i++)
	{
		AcRateInfoList list = announce(psprintf("b%d", i), 10, 0, longest_ms);

		ac_limittable_learn(table, &greedy, &list, 2 + i);
	}
	is_str(ask(table, &honest, 200), "wait 49800", "what the honest one said stays");
	late.owner.serverid = 3;
	late.rate_per_s = 1;
	is_str(ask(table, &late, 300), "go", "a third has room");
	late.sent = false;
	is_str(ask(table, &late, 300), "wait 1000", "and its limits");
	ac_limittable_abandon(table, &late, 300);
	greedy.sent = false;
	ac_limittable_abandon(table, &greedy, 300);
	for (int i = 0; i < 100; i++)
	{
		AcRateInfoList list = announce(psprintf("c%d", i), 10, 0, longest_ms);

		ac_limittable_learn(table, &greedy, &list, 301 + i);
	}
	is_str(ask(table, &late, 500), "wait 800", "which stay, too");
	is_str(ask(table, &honest, 600), "wait 49400", "as those of the first");
	pfree(table);
}

/* A role with ever more servers, each of which has few slots. */
static void
test_shares(void)
{
	AcLimitTable *table = create_table();
	AcRateInfoList told = announce("", 10, 0, 500000);
	AcLimitCall honest = call_of(1, "/honest");
	AcLimitCall many = call_of(2, "/many");
	int own = 0;

	honest.payer = 77;
	for (int i = 0; i < 5; i++)
	{
		honest.endpoint = psprintf("/honest%d", i);
		honest.sent = false;
		is_str(ask(table, &honest, 0), "go", "seven slots of sixteen");
	}
	ac_limittable_learn(table, &honest, &told, 0);
	many.payer = 88;
	for (int i = 0; i < 200; i++)
	{
		many.owner.serverid = 100 + i;
		many.sent = false;
		is_str(ask(table, &many, 1000 + i), "go", "another server of another role");
		ac_limittable_learn(table, &many, &told, 1000 + i);
	}
	for (uint32 i = 0; i < SLOTS; i++)
		own += ac_limittable_slot(table, i)->payer == 77;
	is_int(own, 7, "take nothing of who is within his share");
	honest.sent = false;
	is_str(ask(table, &honest, 1300), "used up 498700", "what he was told holds");
	pfree(table);
}

/* A role whose many servers were asked one after the other. */
static void
test_quiet(void)
{
	AcLimitTable *table = create_table();
	AcLimitCall call = call_of(1, "/old");
	int endpoints = 0;

	for (int i = 0; i < 20; i++)
	{
		call.owner.serverid = 100 + i;
		call.sent = false;
		is_str(ask(table, &call, i), "go", "one server after the other");
		ac_limittable_abandon(table, &call, i);
	}
	call.owner.serverid = 200;
	for (int i = 0; i < 5; i++)
	{
		call.endpoint = psprintf("/new%d", i);
		call.sent = false;
		is_str(ask(table, &call, AC_LIMIT_QUIET_MS * 2 + i), "go", "then only one");
		ac_limittable_abandon(table, &call, AC_LIMIT_QUIET_MS * 2 + i);
	}
	for (uint32 i = 0; i < SLOTS; i++)
		endpoints += strncmp(ac_limittable_slot(table, i)->name, "/new", 4) == 0;
	is_int(endpoints, 5, "of which everything is kept");
	pfree(table);
}

/* A table full of servers that are well, as after a day with many of them. */
static void
test_blank(void)
{
	AcLimitTable *table = create_table();
	AcLimitNow now = {30000, 30000};
	AcLimitCall call = call_of(1, "/a");

	for (int i = 0; i < 20; i++)
	{
		call.owner.serverid = 100 + i;
		call.sent = false;
		is_str(ask(table, &call, 10 * i), "go", "one of many servers");
		ac_limittable_tell(table, &call, AC_HEALTH_GOOD, &(AcLimitNow){10 * i, 10 * i});
	}
	call.owner.serverid = 1;
	for (int i = 0; i < 5; i++)
	{
		is_str(ask(table, &call, now.ms), "go", "another one");
		ac_limittable_tell(table, &call, AC_HEALTH_BAD, &now);
	}
	is_str(ask(table, &call, now.ms), "refused 30000", "which fails at one endpoint");
	for (int i = 0; i < 5; i++)
	{
		call.endpoint = psprintf("/b%d", i);
		is_str(ask(table, &call, now.ms), "go", "and is asked at others");
		ac_limittable_tell(table, &call, AC_HEALTH_GOOD, &now);
	}
	call.endpoint = "/a";
	is_str(ask(table, &call, now.ms), "refused 30000", "takes the places of those that have nothing to tell");
	pfree(table);
}

static void
test_reset(void)
{
	AcLimitTable *table = create_table();
	AcRateInfoList told = announce("", 10, 0, 1000000000);
	AcLimitCall a = call_of(1, "/a");
	AcLimitCall b = call_of(2, "/a");
	AcLimitCall other = call_of(3, "/a");

	is_str(ask(table, &a, 0), "go", "one asks");
	ac_limittable_learn(table, &a, &told, 0);
	other.owner.serverid = 2;
	is_str(ask(table, &other, 0), "go", "another server");
	ac_limittable_learn(table, &other, &told, 0);
	b.rate_per_s = 1;
	is_str(ask(table, &b, 0), "used up 1000000000", "one is to wait for days");
	ac_limittable_reset(table, 6, 1);
	is_str(ask(table, &b, 10), "used up 999999990", "another database's server is another one");
	ac_limittable_reset(table, 5, 1);
	is_str(ask(table, &b, 20), "go", "until that is forgotten");
	other.sent = false;
	is_str(ask(table, &other, 20), "used up 999999980", "which other servers are not concerned by");
	ac_limittable_abandon(table, &a, 20);
	ac_limittable_abandon(table, &b, 20);
	for (int i = 0; i < 5; i++)
		once(table, "/a", AC_HEALTH_BAD, 30000 + i * 2000);
	is_str(once(table, "/a", AC_HEALTH_GOOD, 40000), "refused 28000", "a breaker");
	ac_limittable_reset(table, 5, 1);
	is_str(once(table, "/a", AC_HEALTH_GOOD, 40000), "go", "is closed, too");
	pfree(table);
}

static void
test_buckets(void)
{
	AcLimitTable *table = create_table();
	AcRateInfoList list = announce("search", 30, 0, 40000);
	AcLimitCall search = call_of(1, "/search");
	AcLimitCall core = call_of(2, "/core");
	AcLimitCall code = call_of(3, "/code");

	is_str(ask(table, &search, 0), "go", "to see");
	ac_limittable_learn(table, &search, &list, 0);
	ac_limittable_throttled(table, &search, &list, 40000, 0);
	search.sent = false;
	is_str(ask(table, &search, 0), "wait 40000", "the bucket is used up");
	is_str(ask(table, &core, 0), "go", "another endpoint is not of it");
	is_str(ask(table, &code, 0), "go", "as far as is known");
	ac_limittable_learn(table, &code, &list, 0);
	code.sent = false;
	is_str(ask(table, &code, 0), "wait 40000", "until its answer says so");
	is_str(ask(table, &code, 40000), "go", "to the reset");

	list = announce("a", 5, 0, 100000);
	core.sent = false;
	ac_limittable_learn(table, &core, &list, 50000);
	is_str(ask(table, &core, 50000), "used up 100000", "too long to wait");
	is_str(ask(table, &core, 95000), "wait 55000", "no more");
	pfree(table);
}

/* Where no bucket is named, sizes tell whether endpoints have limits of their own. */
static void
test_by_endpoint(void)
{
	AcLimitTable *table = create_table();
	AcRateInfoList many = announce("", 900, 0, 5000);
	AcRateInfoList few = announce("", 15, 0, 9000);
	AcLimitCall a = call_of(1, "/a");
	AcLimitCall b = call_of(2, "/b");
	AcLimitCall c = call_of(3, "/c");

	(void) ask(table, &a, 0);
	ac_limittable_learn(table, &a, &many, 0);
	is_str(ask(table, &b, 0), "wait 5000", "one limit is everybody's");
	is_str(ask(table, &b, 5000), "go", "to its reset");
	ac_limittable_learn(table, &b, &few, 5000);
	b.sent = false;
	is_str(ask(table, &b, 5000), "wait 9000", "another size is another limit");
	is_str(ask(table, &c, 5000), "go", "which is the endpoint's");
	ac_limittable_throttled(table, &c, &many, 1000, 5000);
	c.sent = a.sent = false;
	is_str(ask(table, &c, 5000), "wait 1000", "and so is a 429");
	is_str(ask(table, &a, 5000), "go", "others go on");
	pfree(table);
}

static void
test_elsewhere(void)
{
	AcLimitTable *table = create_table();
	AcRateInfoList list = announce("", 10, 0, 5000);
	AcRateInfoList none = {0};
	AcLimitCall away = call_of(1, "/a");
	AcLimitCall home = call_of(2, "/a");

	away.host = "other.example:443";
	away.elsewhere = true;
	(void) ask(table, &away, 0);
	ac_limittable_learn(table, &away, &list, 0);
	ac_limittable_throttled(table, &away, &none, 7000, 0);
	is_str(ask(table, &home, 0), "go", "another host's limits are not the API's");
	away.sent = false;
	is_str(ask(table, &away, 0), "wait 7000", "but its own");
	pfree(table);
}

static void
test_throttled(void)
{
	AcLimitTable *table = create_table();
	AcRateInfoList none = {0};
	AcLimitCall a = call_of(1, "/a");
	AcLimitCall b = call_of(2, "/b");

	(void) ask(table, &a, 0);
	ac_limittable_throttled(table, &a, &none, 3000, 0);
	is_str(ask(table, &b, 0), "wait 3000", "nobody knows what was too much: all wait");
	is_str(ask(table, &b, 3000), "go", "as told");
	a.sent = false;
	is_str(ask(table, &a, 3000), "wait 200", "and then by half of what is assumed");
	pfree(table);
}

static void
test_background(void)
{
	AcLimitTable *table = create_table();
	AcLimitCall user = call_of(1, "/a");
	AcLimitCall next = call_of(2, "/a");
	AcLimitCall work = call_of(3, "/a");
	AcRateInfoList list = announce("", 100, 9, 90000);
	AcLimitCall *calls[2] = {&user, &next};

	user.rate_per_s = next.rate_per_s = work.rate_per_s = 1.0;
	work.background = true;
	is_str(ask(table, &user, 0), "go", "a user");
	is_str(ask(table, &work, 0), "wait 1000", "work waits");
	user.sent = false;
	is_str(ask(table, &user, 0), "wait 1000", "and reserves nothing");
	for (int64 now = 1000; now < 10000; now += 1000)
	{
		AcLimitCall *call = calls[(now / 1000) % 2];
		AcLimitCall *leaving = calls[(now / 1000 + 1) % 2];

		(void) ask(table, call, now - 1);
		if (strcmp(ask(table, leaving, now), "go") != 0)
			ok(false, "a user leaves at " INT64_FORMAT, now);
		leaving->sent = false;
		if (strncmp(ask(table, &work, now), "wait", 4) != 0)
			ok(false, "work waits at " INT64_FORMAT, now);
	}
	is_str(ask(table, &work, 10000), "wait 1000", "after a while it takes its turn");
	is_str(ask(table, &work, 11000), "go", "and goes");

	table = create_table();
	user = call_of(1, "/a");
	work = call_of(2, "/a");
	work.background = true;
	(void) ask(table, &user, 0);
	ac_limittable_learn(table, &user, &list, 0);
	user.sent = false;
	is_str(ask(table, &work, 0), "used up 90000", "the last of a quota is not for work");
	is_str(ask(table, &user, 0), "go", "but for users");
	is_str(ask(table, &work, 40000), "wait 50000", "work waits, if not too long");
	is_str(ask(table, &work, 90000), "go", "until there is a new one");
}

static void
test_breakers(void)
{
	AcLimitTable *table = create_table();
	AcLimitNow now = {.ms = 30000, .breaker_ms = 30000};
	AcLimitCall a = call_of(1, "/bad");
	AcLimitCall b = call_of(2, "/bad");
	AcLimitCall c = call_of(3, "/bad");

	for (int i = 0; i < 5; i++)
		once(table, "/bad", AC_HEALTH_BAD, 0);
	is_str(once(table, "/bad", AC_HEALTH_GOOD, 0), "refused 30000", "the endpoint is shut");
	is_str(once(table, "/good", AC_HEALTH_GOOD, 0), "go", "the host is not");
	c.regardless = true;
	is_str(ask(table, &c, 0), "go", "who is to find out goes all the same");
	ac_limittable_tell(table, &c, AC_HEALTH_GOOD, &now);
	is_int(ac_limittable_refuses(table, &b, &now), 0, "its time is over");
	is_str(ask(table, &a, 30000), "go", "one tries");
	is_str(ask(table, &b, 30000), "refused 60000", "one alone");
	ac_limittable_abandon(table, &a, 30000);
	is_str(ask(table, &b, 30000), "go", "one that gives up makes place");
	ac_limittable_tell(table, &b, AC_HEALTH_GOOD, &now);
	is_str(once(table, "/bad", AC_HEALTH_GOOD, 30000), "go", "all may ask again");

	for (int i = 0; i < 5; i++)
		once(table, psprintf("/%c", 'a' + i), AC_HEALTH_BAD_HOST, 40000);
	is_str(once(table, "/good", AC_HEALTH_GOOD, 40000), "refused 30000", "the host is shut");
	now.breaker_ms = 70000;
	now.ms = 40000;
	is_int(ac_limittable_refuses(table, &b, &now), 0, "a clock of its own");
	a = call_of(4, "/good");
	(void) ask(table, &a, 70000);
	ac_limittable_tell(table, &a, AC_HEALTH_BAD_HOST, &now);
	is_str(once(table, "/good", AC_HEALTH_GOOD, 70000), "refused 60000", "twice as long");
	pfree(table);
}

static void
test_budget(void)
{
	AcLimitTable *table = create_table();
	AcLimitCall a = call_of(1, "/a");
	AcLimitCall b = call_of(2, "/b");

	ac_limittable_budget(table, &a, 0)->tokens = 7;
	is_int(ac_limittable_budget(table, &b, 0)->tokens, 7, "one budget for a server");
	b.owner.serverid = 2;
	is_int(ac_limittable_budget(table, &b, 0)->tokens, AC_RETRY_BUDGET, "for each");
	pfree(table);
}

static void
test_endpoint(void)
{
	static const char *const cases[][2] = {
		{"/things", "/things"},
		{"/v1/things/17", "/v1/things/{}"},
		{"/v1/payments/pay_000001", "/v1/payments/{}"},
		{"/2.0/users/c56a4180-65aa-42ec-a945-5fd21dec0538/roles", "/2.0/users/{}/roles"},
		{"/oauth2/things", "/oauth2/things"},
		{"/files/a%20b", "/files/{}"},
		{"/repos/postgres/postgres", "/repos/postgres/postgres"},
		{"/a/abcdefghijklmnopqrstuvwxyz", "/a/abcdefghijklmnopqrstuvwxyz"},
		{"/a/abcdefghijklmnopqrstuvwxyz1/", "/a/{}/"},
		{"", ""},
		{"//", "//"},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		char *endpoint = ac_limittable_endpoint(cases[i][0]);

		is_str(endpoint, cases[i][1], "%s", cases[i][0]);
		pfree(endpoint);
	}
}

/* ---- many sessions, simulated ---- */

#define SESSIONS 10
#define RATE 20.0
#define SECONDS 60

typedef struct Session
{
	AcLimitCall call;
	bool asks;
	int64 due_ms; /* wakes then, a little late */
} Session;

typedef struct World
{
	AcLimitTable *table;
	Session sessions[SESSIONS];
	int64 departures[(int) RATE * SECONDS * 2];
	int left[SESSIONS]; /* departures of each */
	int n;
	uint64 seed;
	bool gives_up; /* sessions are cancelled at random */
} World;

/* A session's turn: it asks, goes, is answered some time later, asks again. */
static void
live(World *world, int i, int64 now_ms)
{
	Session *session = &world->sessions[i];
	AcLimitNow now = {.ms = now_ms, .breaker_ms = now_ms};
	int64 wait_ms;

	if (session->asks && world->gives_up && tap_random(&world->seed) % 2000 == 0)
	{
		ac_limittable_abandon(world->table, &session->call, now_ms);
		session->asks = false;
		session->due_ms = now_ms + (int64) (tap_random(&world->seed) % 50);
	}
	if (now_ms < session->due_ms)
		return;
	if (!session->asks)
	{
		session->call = call_of(world->seed | 1, "/a");
		session->call.rate_per_s = RATE;
	}
	session->asks = true;
	if (ac_limittable_ask(world->table, &session->call, &now, &wait_ms) == AC_LIMIT_GO)
	{
		world->departures[world->n++] = now_ms;
		world->left[i]++;
		session->asks = false;
		wait_ms = (int64) (tap_random(&world->seed) % 100);
	}
	session->due_ms = now_ms + wait_ms + (int64) (tap_random(&world->seed) % 10);
}

/* Most departures in any second. */
static int
most_in_a_second(const World *world)
{
	int most = 0;
	int first = 0;

	for (int k = 0; k < world->n; k++)
	{
		while (world->departures[k] - world->departures[first] >= 1000)
			first++;
		most = Max(most, k - first + 1);
	}
	return most;
}

static void
test_sessions(bool gives_up)
{
	World *world = palloc0(sizeof(World));
	int fewest = PG_INT32_MAX;
	int most = 0;

	world->table = create_table();
	world->seed = 42;
	world->gives_up = gives_up;
	for (int64 now_ms = 0; now_ms < SECONDS * 1000; now_ms++)
		for (int i = 0; i < SESSIONS; i++)
			live(world, i, now_ms);
	for (int i = 0; i < SESSIONS; i++)
	{
		fewest = Min(fewest, world->left[i]);
		most = Max(most, world->left[i]);
	}
	diag("%d requests, at most %d in a second; sessions had %d to %d",
		 world->n, most_in_a_second(world), fewest, most);
	ok(most_in_a_second(world) <= RATE + 1, "no second has more than the rate and the burst");
	ok(world->n >= 0.95 * RATE * SECONDS, "and all of them together what may be had");
	if (!gives_up)
		ok(most - fewest <= 2, "each session its share");
	pfree(world->table);
	pfree(world);
}

int
main(void)
{
	test_order();
	test_owners();
	test_replacement();
	test_greed();
	test_shares();
	test_quiet();
	test_blank();
	test_reset();
	test_buckets();
	test_by_endpoint();
	test_elsewhere();
	test_throttled();
	test_background();
	test_breakers();
	test_budget();
	test_endpoint();
	test_sessions(false);
	test_sessions(true);
	return done_testing();
}
