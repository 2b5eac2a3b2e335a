/*
 * connection.c
 *		Who talks to which API, with which credentials and limits?
 *		See connection.h.
 *
 * The cache's entries live as long as the backend; each points to the current
 * snapshot of options and credentials, which has a memory context of its own
 * and a reference count.  A snapshot that was replaced goes with its last
 * reference.  Traffic (requests under way, addresses met) is not part of the
 * snapshot, and limits are not even the backend's (pg/limits): altering a
 * server does not refill them.
 *
 * Facts from discovery are read anew each time, because no invalidation
 * message tells of them; a change makes a new snapshot.
 */
#include "ac.h"

#include "miscadmin.h"
#include "net/cache.h"
#include "net/connection_int.h"
#include "net/login.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/syscache.h"

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
	static uint64 last_serial = 0;
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext,
											  "autoconn connection",
											  ALLOCSET_SMALL_SIZES);
	AcConnection *conn = MemoryContextAllocZero(cxt, sizeof(AcConnection));

	conn->cxt = cxt;
	conn->serial = ++last_serial;
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

/* For a context's reset. */
static void
release_source(void *handle)
{
	ac_token_source_release(handle);
}

/* An access token takes the place in a request that something else has. */
static bool
oauth_is_alone(const AcConnection *conn, AcError *err)
{
	if (conn->token == NULL ||
		(!ac_auth_has_header(&conn->credentials, "Authorization") &&
		 conn->credentials.aws == NULL))
		return true;
	ac_error_set(err, AC_ERR_OPTION_VALUE,
				 "user mapping has more than one value for header \"Authorization\"");
	return ac_error_hint(err, "OAuth (client_id, refresh_token, private_key) cannot stand beside token, username with password, or AWS keys.");
}

/* How access tokens are had, if the mapping says something of that. */
static void
resolve_oauth(AcConnection *conn, const AcMappingOptions *mapping)
{
	AcTokenIngredients from = {
		.oauth = &conn->options->oauth,
		.mapping = mapping,
		.token_url = conn->facts.token_url,
	};
	AcLogin *login = ac_login_of(conn->options, mapping, &conn->base);

	conn->recipe.serverid = conn->serverid;
	conn->recipe.owner = conn->owner;
	conn->recipe.mapping = conn->mapping_oid;
	conn->recipe.mapping_userid = conn->mapping_userid;
	conn->recipe.server_name = conn->server_name;
	if (login != NULL)
		ac_token_recipe_login(login, &conn->recipe);
	conn->lacks_token_url = login == NULL &&
							!ac_token_recipe(&from, &conn->recipe) &&
							(mapping->client_id != NULL ||
							 mapping->refresh_token != NULL ||
							 mapping->private_key != NULL);
	if (conn->recipe.token_url == NULL)
		return;
	conn->token = ac_token_source_get(&conn->recipe);
	ac_resource_own(conn->cxt, conn->token, release_source);
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
	source.aws_region = conn->options->aws_region;
	source.aws_service = conn->options->aws_service;
	if (!resolve_base(conn, &err))
		ac_report_error(&err);
	source.host = conn->base.host;
	source.login = conn->options->session.path != NULL;
	if (!ac_auth_build(&source, &conn->credentials, &err))
		ac_report_error(&err);
	resolve_oauth(conn, mapping);
	if (!oauth_is_alone(conn, &err))
		ac_report_error(&err);
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
		   same_text(facts.token_url, conn->facts.token_url) &&
		   same_text(facts.base_url, conn->facts.base_url) &&
		   same_text(facts.version, conn->facts.version) &&
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
	if (SearchSysCacheExists2(USERMAPPINGUSERSERVER,
							  ObjectIdGetDatum(conn->userid),
							  ObjectIdGetDatum(conn->serverid)))
		conn->mapping_userid = conn->userid;
	else if (conn->has_mapping)
		conn->mapping_user = "public";
	conn->mapping_oid = ac_option_mapping_oid(conn->userid, conn->serverid);
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
	if (entry->taught.token_url != NULL)
		conn->facts.token_url = pstrdup(entry->taught.token_url);
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
	conn->owner = server->owner;
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
		entry->traffic = ac_traffic_create(TopMemoryContext);
	ac_traffic_follow(entry->traffic, conn);
	conn->traffic = entry->traffic;
	MemoryContextSetParent(conn->cxt, TopMemoryContext);
	conn->current = true;
	entry->conn = conn;
	if (before != NULL)
	{
		ac_cache_forget(before->serial);
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
	if (facts->token_url != NULL)
		entry->taught.token_url = pstrdup(facts->token_url);
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

/* The limits are those of nobody, and no description leads there. */
static AcServerOptions *
endpoint_options(const AcConnection *conn, const char *url)
{
	AcServerOptions *options = palloc(sizeof(AcServerOptions));

	*options = *conn->options;
	options->url = pstrdup(url);
	options->user_agent = pstrdup(options->user_agent);
	if (options->ca_file != NULL)
		options->ca_file = pstrdup(options->ca_file);
	if (options->proxy != NULL)
		options->proxy = pstrdup(options->proxy);
	memset(&options->oauth, 0, sizeof(options->oauth));
	memset(&options->session, 0, sizeof(options->session));
	options->base_url = NULL;
	options->spec_url = NULL;
	options->api_key_name = NULL;
	options->allowed_origins = NIL;
	options->rate_limit = 0;
	return options;
}

AcConnection *
ac_connection_endpoint(AcConnection *conn, const char *url)
{
	AcMappingOptions nothing = {0};
	AcConnection *endpoint = ac_connection_anonymous(endpoint_options(conn, url),
													 &nothing);

	/* the traffic of an anonymous one goes with it */
	ac_connection_hold(conn, endpoint->cxt);
	endpoint->traffic->api = ac_traffic_pinboard(conn->traffic);
	endpoint->serverid = conn->serverid;
	endpoint->detached = conn->detached;
	endpoint->owner_is_superuser = conn->owner_is_superuser;
	for (int i = 0; i < conn->credentials.n_secrets; i++)
		ac_auth_add_secret(&endpoint->credentials, endpoint->cxt,
						   conn->credentials.secrets[i]);
	return endpoint;
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
	conn->traffic = ac_traffic_create(conn->cxt);
	conn->traffic->own_limits = ac_limits_private(conn->cxt);
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(conn->cxt, TopMemoryContext);
	ac_connection_hold(conn, CurrentMemoryContext);
	return conn;
}

/* ---- readers ---- */

uint64
ac_connection_serial(const AcConnection *conn)
{
	return conn->serial;
}

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
	return ac_auth_any(&conn->credentials) || conn->token != NULL;
}

const AcTokenRecipe *
ac_connection_recipe(const AcConnection *conn)
{
	return conn->token != NULL ? &conn->recipe : NULL;
}

AcTokenSource *
ac_connection_token_source(const AcConnection *conn)
{
	return conn->token;
}

bool
ac_connection_lacks_token_url(const AcConnection *conn)
{
	return conn->lacks_token_url;
}

void
ac_connection_learn_secret(AcConnection *conn, const char *text)
{
	if (text != NULL)
		ac_auth_learn_secret(&conn->credentials, conn->cxt, text);
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

bool
ac_connection_wants_oauth(const AcConnection *conn)
{
	return conn->options->oauth.token_url != NULL ||
		   conn->facts.token_url != NULL;
}

bool
ac_connection_wants_login(const AcConnection *conn)
{
	return conn->options->session.path != NULL;
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
