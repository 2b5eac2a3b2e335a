/*
 * connection.c
 *		Who talks to which API, with which credentials and limits?
 *		See connection.h.
 *
 * The cache's entries live as long as the backend; each points to the current
 * snapshot of options and credentials, which has a memory context of its own
 * and a reference count.  A snapshot that was replaced goes with its last
 * reference.  Traffic (limiter, retry budget, addresses met) is not part of
 * the snapshot: altering a server does not refill its limits.
 *
 * Facts from discovery are read anew each time, because no invalidation
 * message tells of them; a change makes a new snapshot.
 */
#include "ac.h"

#include "foreign/foreign.h"
#include "miscadmin.h"
#include "net/connection.h"
#include "net/engine.h"
#include "pg/catalog.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

/*
 * Requests that may leave at once under rate_limit.  With one, no window of
 * any length sees more than the rate plus one request.
 */
#define AC_CONNECTION_BURST 1.0

struct AcConnection
{
	MemoryContext cxt; /* all of it */
	int refs;
	bool current; /* a cache entry points here */

	Oid serverid;
	Oid userid;
	const char *server_name;
	bool has_mapping;
	const char *mapping_user; /* quoted for SQL */
	AcServerOptions *options;
	AcServerFacts facts;
	bool taught; /* facts are those of ac_connection_teach() */
	bool detached;
	bool owner_is_superuser; /* detached: as it was then */
	AcUrl base;
	AcCredentials credentials;
	AcTraffic *traffic;
};

typedef struct AcCacheKey
{
	Oid serverid;
	Oid userid;
} AcCacheKey;

typedef struct AcCacheEntry
{
	AcCacheKey key;
	bool stale;			/* an invalidation has come */
	bool valid;			/* conn was finished */
	uint32 server_hash; /* of the syscache, for invalidations */
	AcConnection *conn; /* NULL: not built, or building failed */
	AcTraffic *traffic;
	MemoryContext taught_cxt; /* holds taught; NULL: nothing was taught */
	AcServerFacts taught;
} AcCacheEntry;

typedef struct AcPin
{
	char *host;
	AcAddressClass met_class;
} AcPin;

static HTAB *cache = NULL;

/* ---- snapshots ---- */

static void
delete_if_unused(AcConnection *conn)
{
	if (conn->refs == 0 && !conn->current)
		MemoryContextDelete(conn->cxt);
}

static void
drop_reference(void *handle)
{
	AcConnection *conn = handle;

	Assert(conn->refs > 0);
	conn->refs--;
	delete_if_unused(conn);
}

void
ac_connection_hold(AcConnection *conn, MemoryContext cxt)
{
	conn->refs++;
	ac_resource_own(cxt, conn, drop_reference);
}

/* An empty snapshot in a context below the current one, for the time being. */
static AcConnection *
create_snapshot(void)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext,
											  "autoconn connection",
											  ALLOCSET_SMALL_SIZES);
	AcConnection *conn = MemoryContextAllocZero(cxt, sizeof(AcConnection));

	conn->cxt = cxt;
	return conn;
}

/*
 * The base URL: the option, else what the description says as long as it is
 * on the origin of url (credentials follow the base URL, and a description
 * must not send them elsewhere), else url.
 */
static bool
resolve_base(AcConnection *conn, AcError *err)
{
	const char *base_url = conn->options->base_url;
	AcUrl url;

	if (!ac_url_parse(conn->options->url, &url, err))
		return false;
	conn->base = url;
	if (base_url != NULL)
	{
		if (!ac_url_parse(base_url, &conn->base, err))
			return false;
	}
	else if (conn->facts.base_url != NULL)
	{
		AcUrl told;
		AcError ignored;

		if (ac_url_parse(conn->facts.base_url, &told, &ignored) &&
			ac_url_same_origin(&told, &url))
			conn->base = told;
	}
	if (conn->base.userinfo == NULL)
		return true;
	ac_error_set(err, AC_ERR_OPTION_VALUE,
				 "URL of the server contains a user name or password");
	return ac_error_hint(err, "Put them into a user mapping.");
}

/* Base URL and credentials, from options and facts set before. */
static void
resolve(AcConnection *conn, const AcMappingOptions *mapping)
{
	AcAuthSource source = {.mapping = mapping};
	AcError err;

	source.key_place = conn->options->api_key_in;
	if (source.key_place == AC_KEY_DEFAULT)
		source.key_place = conn->facts.api_key_in;
	source.key_name = conn->options->api_key_name ? conn->options->api_key_name : conn->facts.api_key_name;
	if (!resolve_base(conn, &err) ||
		!ac_auth_build(&source, &conn->credentials, &err))
		ac_report_error(&err);
}

/* ---- traffic ---- */

static AcTraffic *
create_traffic(MemoryContext cxt, double rate_limit)
{
	AcTraffic *traffic = MemoryContextAllocZero(cxt, sizeof(AcTraffic));

	ac_ratelimit_init(&traffic->limit, rate_limit, AC_CONNECTION_BURST,
					  ac_engine_now_ms());
	ac_retry_budget_init(&traffic->budget);
	dlist_init(&traffic->sending);
	return traffic;
}

/* A new rate_limit holds from now on; what the API asked us to wait stays. */
static void
follow_rate_limit(AcTraffic *traffic, double rate_limit)
{
	int64 blocked_until_ms = traffic->limit.blocked_until_ms;

	if (traffic->limit.configured == rate_limit)
		return;
	ac_ratelimit_init(&traffic->limit, rate_limit, AC_CONNECTION_BURST,
					  ac_engine_now_ms());
	traffic->limit.blocked_until_ms = blocked_until_ms;
}

static int
count_sending(AcTraffic *traffic)
{
	dlist_iter iter;
	int count = 0;

	dlist_foreach (iter, &traffic->sending)
	{
		AcTrafficSlot *slot = dlist_container(AcTrafficSlot, node, iter.cur);

		if (slot->transfer == NULL || !ac_transfer_poll(slot->transfer))
			count++;
	}
	return count;
}

bool
ac_connection_take_slot(AcConnection *conn, AcTrafficSlot *slot)
{
	Assert(!slot->taken);
	if (count_sending(conn->traffic) >= conn->options->max_concurrency)
		return false;
	slot->taken = true;
	slot->transfer = NULL;
	dlist_push_tail(&conn->traffic->sending, &slot->node);
	return true;
}

void
ac_connection_return_slot(AcTrafficSlot *slot)
{
	if (!slot->taken)
		return;
	slot->taken = false;
	dlist_delete(&slot->node);
}

static AcPin *
find_pin(const AcTraffic *traffic, const char *host)
{
	ListCell *cell;

	foreach (cell, traffic->pins)
	{
		AcPin *pin = (AcPin *) lfirst(cell);

		if (strcmp(pin->host, host) == 0)
			return pin;
	}
	return NULL;
}

void
ac_connection_pin(AcConnection *conn, const char *host,
				  AcAddressClass address_class)
{
	AcTraffic *traffic = conn->traffic;
	MemoryContext old;
	AcPin *pin;

	if (find_pin(traffic, host) != NULL)
		return;
	old = MemoryContextSwitchTo(GetMemoryChunkContext(traffic));
	pin = palloc(sizeof(AcPin));
	pin->host = pstrdup(host);
	pin->met_class = address_class;
	traffic->pins = lappend(traffic->pins, pin);
	MemoryContextSwitchTo(old);
}

static bool
is_pinned_public(const AcConnection *conn, const char *host)
{
	const AcPin *pin = find_pin(conn->traffic, host);

	return pin != NULL && pin->met_class == AC_ADDRESS_PUBLIC;
}

/* Is it on the origin of an option's URL, which may be NULL? */
static bool
is_named(const AcUrl *url, const char *option)
{
	AcUrl named;

	return option != NULL && ac_url_parse(option, &named, NULL) &&
		   ac_url_same_origin(url, &named);
}

/*
 * Is it the API that leads to url, and no option of the server?  Requests
 * other than those for descriptions are stopped by their origin before.
 */
static bool
is_led(const AcConnection *conn, const AcUrl *url)
{
	const AcServerOptions *options = conn->options;

	return !ac_origin_allowed(url, &conn->base, options->allowed_origins, NULL) &&
		   !is_named(url, options->url) && !is_named(url, options->spec_url);
}

AcOriginGuard
ac_connection_guard(const AcConnection *conn, const AcUrl *url,
					bool credentials)
{
	AcOriginGuard guard;

	if (conn->detached)
		guard.policy = ac_origin_fixed_policy(conn->owner_is_superuser,
											  url->host);
	else
		guard.policy = ac_origin_policy(conn->serverid, url->host);
	guard.pinned_public = is_pinned_public(conn, url->host);
	guard.led_by_public = is_led(conn, url) &&
						  is_pinned_public(conn, conn->base.host);
	guard.plain_credentials = credentials && strcmp(url->scheme, "http") == 0;
	guard.proxied = conn->options->proxy != NULL;
	return guard;
}

/* ---- the cache ---- */

/*
 * A server or a mapping has changed.  Only marked: somebody may be using the
 * snapshot.  Mappings are few and change rarely, so theirs mark everything.
 */
static void
on_invalidation(Datum arg, int cacheid, uint32 hashvalue)
{
	HASH_SEQ_STATUS scan;
	AcCacheEntry *entry;

	hash_seq_init(&scan, cache);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		if (hashvalue == 0 || cacheid == USERMAPPINGOID ||
			entry->server_hash == hashvalue)
			entry->stale = true;
	}
}

static void
create_cache(void)
{
	HASHCTL control = {0};

	control.keysize = sizeof(AcCacheKey);
	control.entrysize = sizeof(AcCacheEntry);
	control.hcxt = TopMemoryContext;
	cache = hash_create("autoconn connections", 16, &control,
						HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	CacheRegisterSyscacheCallback(FOREIGNSERVEROID, on_invalidation, 0);
	CacheRegisterSyscacheCallback(USERMAPPINGOID, on_invalidation, 0);
}

static AcCacheEntry *
find_entry(Oid serverid, Oid userid)
{
	AcCacheKey key = {serverid, userid};
	AcCacheEntry *entry;
	bool found;

	if (cache == NULL)
		create_cache();
	entry = hash_search(cache, &key, HASH_ENTER, &found);
	if (!found)
	{
		entry->stale = false;
		entry->valid = false;
		entry->server_hash = GetSysCacheHashValue1(FOREIGNSERVEROID,
												   ObjectIdGetDatum(serverid));
		entry->conn = NULL;
		entry->traffic = NULL;
		entry->taught_cxt = NULL;
	}
	return entry;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Is the snapshot still what the catalogs say? */
static bool
is_fresh(const AcCacheEntry *entry)
{
	const AcConnection *conn = entry->conn;
	AcServerFacts facts;

	if (!entry->valid || entry->stale)
		return false;
	ac_catalog_server_facts(conn->serverid, &facts);
	if (!facts.known || !conn->facts.known)
		return facts.known == conn->facts.known;
	return facts.api_key_in == conn->facts.api_key_in &&
		   same_text(facts.base_url, conn->facts.base_url) &&
		   same_text(facts.api_key_name, conn->facts.api_key_name);
}

/* Name of the role for use in a statement. */
static const char *
quoted_role(Oid userid)
{
	const char *name = GetUserNameFromId(userid, true);

	return name != NULL ? quote_identifier(name) : "CURRENT_USER";
}

/* The user's own mapping, else the public one, else none. */
static AcMappingOptions *
read_mapping(AcConnection *conn)
{
	AcMappingOptions *mapping = ac_option_mapping(conn->userid, conn->serverid,
												  &conn->has_mapping);

	conn->mapping_user = quoted_role(conn->userid);
	if (conn->has_mapping &&
		!SearchSysCacheExists2(USERMAPPINGUSERSERVER,
							   ObjectIdGetDatum(conn->userid),
							   ObjectIdGetDatum(conn->serverid)))
		conn->mapping_user = "public";
	return mapping;
}

/*
 * What the catalog knows of the server, or what this session was taught where
 * it knows nothing.
 */
static void
read_facts(AcConnection *conn, const AcCacheEntry *entry)
{
	ac_catalog_server_facts(conn->serverid, &conn->facts);
	if (conn->facts.known || entry->taught_cxt == NULL)
		return;
	conn->taught = true;
	conn->facts.api_key_in = entry->taught.api_key_in;
	if (entry->taught.base_url != NULL)
		conn->facts.base_url = pstrdup(entry->taught.base_url);
	if (entry->taught.api_key_name != NULL)
		conn->facts.api_key_name = pstrdup(entry->taught.api_key_name);
}

/* Reads the catalogs into a new snapshot. */
static AcConnection *
build_snapshot(const AcCacheEntry *entry, Oid serverid, Oid userid)
{
	AcConnection *conn = create_snapshot();
	MemoryContext old = MemoryContextSwitchTo(conn->cxt);
	ForeignServer *server = GetForeignServer(serverid);

	conn->serverid = serverid;
	conn->userid = userid;
	conn->server_name = server->servername;
	conn->options = ac_option_server(server);
	read_facts(conn, entry);
	resolve(conn, read_mapping(conn));
	MemoryContextSwitchTo(old);
	return conn;
}

/* Makes conn the entry's snapshot; the one before goes when it is unused. */
static void
replace_snapshot(AcCacheEntry *entry, AcConnection *conn)
{
	AcConnection *before = entry->conn;

	if (entry->traffic == NULL)
		entry->traffic = create_traffic(TopMemoryContext,
										conn->options->rate_limit);
	follow_rate_limit(entry->traffic, conn->options->rate_limit);
	conn->traffic = entry->traffic;
	MemoryContextSetParent(conn->cxt, TopMemoryContext);
	conn->current = true;
	entry->conn = conn;
	if (before != NULL)
	{
		before->current = false;
		delete_if_unused(before);
	}
}

/* What was taught of a server that has changed meanwhile holds no more. */
static void
forget_taught(AcCacheEntry *entry)
{
	if (entry->taught_cxt != NULL)
		MemoryContextDelete(entry->taught_cxt);
	entry->taught_cxt = NULL;
	memset(&entry->taught, 0, sizeof(entry->taught));
}

bool
ac_connection_is_pending(const AcConnection *conn)
{
	return OidIsValid(conn->serverid) && conn->options->discover &&
		   conn->options->base_url == NULL && !conn->facts.known &&
		   !conn->taught;
}

void
ac_connection_teach(const AcConnection *conn, const AcServerFacts *facts)
{
	AcCacheEntry *entry = find_entry(conn->serverid, conn->userid);
	MemoryContext cxt = AllocSetContextCreate(TopMemoryContext,
											  "autoconn facts of a session",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);

	forget_taught(entry);
	entry->taught.api_key_in = facts->api_key_in;
	if (facts->base_url != NULL)
		entry->taught.base_url = pstrdup(facts->base_url);
	if (facts->api_key_name != NULL)
		entry->taught.api_key_name = pstrdup(facts->api_key_name);
	MemoryContextSwitchTo(old);
	entry->taught_cxt = cxt;
	entry->valid = false;
}

/*
 * Building reads catalogs, which may bring the very invalidation that makes
 * the result stale: so that mark is taken away before, and valid, which only
 * we write, tells whether building was finished.
 */
AcConnection *
ac_connection_get(Oid serverid, Oid userid)
{
	AcCacheEntry *entry = find_entry(serverid, userid);

	if (!is_fresh(entry))
	{
		if (entry->stale)
			forget_taught(entry);
		entry->valid = false;
		entry->stale = false;
		replace_snapshot(entry, build_snapshot(entry, serverid, userid));
		entry->valid = true;
	}
	ac_connection_hold(entry->conn, CurrentMemoryContext);
	return entry->conn;
}

AcConnection *
ac_connection_detached(Oid serverid, Oid userid)
{
	AcConnection *current = ac_connection_get(serverid, userid);
	AcCacheEntry *entry = find_entry(serverid, userid);
	AcConnection *conn = build_snapshot(entry, serverid, userid);

	conn->traffic = current->traffic;
	conn->detached = true;
	conn->owner_is_superuser =
		ac_origin_policy(serverid, conn->base.host).owner_is_superuser;
	MemoryContextSetParent(conn->cxt, TopMemoryContext);
	ac_connection_hold(conn, CurrentMemoryContext);
	return conn;
}

AcConnection *
ac_connection_aside(const AcConnection *conn, const char *url)
{
	AcMappingOptions nothing = {0};
	AcServerOptions options = *conn->options;
	AcConnection *aside;

	Assert(conn->detached);
	options.url = pstrdup(url);
	options.base_url = NULL;
	options.spec_url = NULL;
	options.allowed_origins = NIL;
	options.rate_limit = 0;
	aside = ac_connection_anonymous(&options, &nothing);
	aside->detached = true;
	aside->owner_is_superuser = conn->owner_is_superuser;
	return aside;
}

AcConnection *
ac_connection_anonymous(const AcServerOptions *options,
						const AcMappingOptions *mapping)
{
	AcConnection *conn = create_snapshot();
	MemoryContext old = MemoryContextSwitchTo(conn->cxt);

	conn->server_name = "";
	conn->options = palloc(sizeof(AcServerOptions));
	*conn->options = *options; /* its texts are the caller's */
	resolve(conn, mapping);
	conn->traffic = create_traffic(conn->cxt, options->rate_limit);
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(conn->cxt, TopMemoryContext);
	ac_connection_hold(conn, CurrentMemoryContext);
	return conn;
}

/* ---- readers ---- */

const AcServerOptions *
ac_connection_options(const AcConnection *conn)
{
	return conn->options;
}

const AcUrl *
ac_connection_base(const AcConnection *conn)
{
	return &conn->base;
}

bool
ac_connection_has_credentials(const AcConnection *conn)
{
	return ac_auth_any(&conn->credentials);
}

Oid
ac_connection_serverid(const AcConnection *conn)
{
	return conn->serverid;
}

const char *
ac_connection_server_name(const AcConnection *conn)
{
	return conn->server_name;
}

const char *
ac_connection_mapping_user(const AcConnection *conn, bool *exists)
{
	*exists = conn->has_mapping;
	return conn->mapping_user;
}

bool
ac_connection_wants_key(const AcConnection *conn)
{
	return conn->options->api_key_in != AC_KEY_DEFAULT ||
		   conn->facts.api_key_in != AC_KEY_DEFAULT;
}

const AcCredentials *
ac_connection_credentials(const AcConnection *conn)
{
	return &conn->credentials;
}

AcTraffic *
ac_connection_traffic(const AcConnection *conn)
{
	return conn->traffic;
}
