/*
 * connection.h
 *		Who talks to which API, with which credentials and limits?
 *
 * An AcConnection stands for one (server, user) pair of this backend: options
 * resolved, credentials ready to be put on requests, and whose limits they are
 * subject to.  It is cached for the backend's life and marked stale by syscache
 * invalidations of the server and the mapping; a stale one is renewed by the
 * next ac_connection_get(), never under a running scan, which keeps its
 * snapshot (reference counted).
 */
#ifndef AC_NET_CONNECTION_H
#define AC_NET_CONNECTION_H

#include "ac.h"

#include "core/url.h"
#include "lib/ilist.h"
#include "net/auth.h"
#include "net/token_recipe.h"
#include "net/transfer.h"
#include "pg/catalog.h"
#include "pg/limits.h"
#include "pg/option.h"
#include "pg/places.h"

typedef struct AcConnection AcConnection;

/*
 * The connection of userid to the server, which lives at least as long as the
 * current memory context of the call.  Throws AC_ERR_OPTION_VALUE if the
 * options do not make a usable base URL or the mapping no credentials.
 */
extern AcConnection *ac_connection_get(Oid serverid, Oid userid);

/*
 * One that is not backed by a catalog entry, for autoconn.preview(): the
 * address policy is the caller's own.  mapping's members may all be NULL.
 */
extern AcConnection *ac_connection_anonymous(const AcServerOptions *options,
											 const AcMappingOptions *mapping);

/*
 * The same for use outside of transactions: what the catalogs say, the address
 * policy included, is what they said at this call.  It shares the limits of
 * ac_connection_get()'s.
 */
extern AcConnection *ac_connection_detached(Oid serverid, Oid userid);

/*
 * One for a URL that is not the API's, as a webhook's: options and address
 * policy of a detached connection, no credentials, limits of its own.
 */
extern AcConnection *ac_connection_aside(const AcConnection *conn,
										 const char *url);

/*
 * One for an endpoint of the authorization server of conn: its options and
 * address policy, also one that is not detached; nothing of the mapping goes
 * with its requests by itself, and all of it is scrubbed from what is told.
 * Hosts that either meets are met by both.  Until the current memory context
 * is reset.
 */
extern AcConnection *ac_connection_endpoint(AcConnection *conn,
											const char *url);

/*
 * Is nothing known of the server although it is to be discovered?  So it is
 * after a restore, which brings servers and tables but not what was learned.
 */
extern bool ac_connection_is_pending(const AcConnection *conn);

/*
 * Facts that this session goes by until the server changes or the catalog
 * knows better; the next ac_connection_get() has them.
 */
extern void ac_connection_teach(const AcConnection *conn,
								const AcServerFacts *facts);

/* Options in force, and the base URL below which table paths stand. */
extern const AcServerOptions *ac_connection_options(const AcConnection *conn);
extern const AcUrl *ac_connection_base(const AcConnection *conn);

/* True if the mapping supplies any credential. */
extern bool ac_connection_has_credentials(const AcConnection *conn);

/* ---- for net/fetch ---- */

/*
 * The number of this snapshot of options, role, credentials and facts: no
 * other of this process ever had it.
 */
extern uint64 ac_connection_serial(const AcConnection *conn);

/* Who it is: InvalidOid and "" for an anonymous one. */
extern Oid ac_connection_serverid(const AcConnection *conn);
extern const char *ac_connection_server_name(const AcConnection *conn);

/*
 * Whose mapping is in force, or would be: quoted for SQL, "public" for the
 * public one.  *exists: is there a mapping at all?
 */
extern const char *ac_connection_mapping_user(const AcConnection *conn,
											  bool *exists);

/* Does the API's description ask for an API key? */
extern bool ac_connection_wants_key(const AcConnection *conn);

/* Is it known where OAuth access tokens are to be had, or a login is? */
extern bool ac_connection_wants_oauth(const AcConnection *conn);
extern bool ac_connection_wants_login(const AcConnection *conn);

extern const AcCredentials *ac_connection_credentials(const AcConnection *conn);

/* What its mapping says of OAuth; both NULL if nothing. */
extern const AcTokenRecipe *ac_connection_recipe(const AcConnection *conn);
extern struct AcTokenSource *ac_connection_token_source(const AcConnection *conn);

/*
 * Does the mapping want OAuth, but nobody knows the token endpoint?  Then
 * requests go without credentials.
 */
extern bool ac_connection_lacks_token_url(const AcConnection *conn);

/* A text that is not to be shown from now on; NULL is none. */
extern void ac_connection_learn_secret(AcConnection *conn, const char *text);

/* Keeps the connection until cxt is reset, too. */
extern void ac_connection_hold(AcConnection *conn, MemoryContext cxt);

/*
 * What requests of one (server, user) pair share, whatever becomes of the
 * options meanwhile.
 */
typedef struct AcTraffic
{
	AcLimitOwner owner;		  /* of limits, which other sessions share */
	Oid payer;				  /* the server's owner */
	AcLimitTable *own_limits; /* NULL, except for an anonymous one */
	int n_sending;			  /* places taken by this process */
	uint32 line;			  /* in which it stands for them */
	uint64 full_in;			  /* net/fetch_live: there was none in that round */
	List *pins;				  /* see ac_connection_pin() */
	struct AcTraffic *api;	  /* an endpoint's: its pins hold; NULL: its own */
} AcTraffic;

extern AcTraffic *ac_connection_traffic(const AcConnection *conn);

/*
 * A place among the max_concurrency requests that all processes may have under
 * way.
 */
typedef struct AcTrafficSlot
{
	AcTraffic *taken; /* NULL: none */
	AcPlaceHeld place;
} AcTrafficSlot;

/*
 * Takes a place; false if there is none: then to be asked again within
 * AC_PLACES_POLL_MS, or when the latch is set.
 */
extern bool ac_connection_take_slot(AcConnection *conn, AcTrafficSlot *slot);
extern void ac_connection_return_slot(AcTrafficSlot *slot);

/*
 * What holds for a request to url of this moment; credentials: they go with
 * it.
 */
extern AcOriginGuard ac_connection_guard(const AcConnection *conn,
										 const AcUrl *url, bool credentials);

/*
 * Remembers the class of the address at which host was met first.  A host
 * that was met at a public address must not lead to another sort later.
 */
extern void ac_connection_pin(AcConnection *conn, const char *host,
							  AcAddressClass address_class);

#endif /* AC_NET_CONNECTION_H */
