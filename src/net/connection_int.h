/*
 * connection_int.h
 *		What do the files of a connection share?
 *
 * connection.c is what is known of the API, traffic.c what goes on with it.
 * Nobody else includes this.
 */
#ifndef AC_NET_CONNECTION_INT_H
#define AC_NET_CONNECTION_INT_H

#include "ac.h"

#include "net/connection.h"
#include "net/token.h"
#include "pg/catalog.h"

struct AcConnection
{
	MemoryContext cxt; /* all of it */
	int refs;
	uint64 serial;
	bool current; /* a cache entry points here */

	Oid serverid;
	Oid userid;
	const char *server_name;
	bool has_mapping;
	Oid mapping_userid;		  /* InvalidOid: the public one, or none */
	Oid mapping_oid;		  /* InvalidOid: none */
	const char *mapping_user; /* quoted for SQL */
	AcServerOptions *options;
	AcServerFacts facts;
	bool taught; /* facts are those of ac_connection_teach() */
	bool detached;
	Oid owner;				 /* of the server; InvalidOid: none in the catalog */
	bool owner_is_superuser; /* detached: as it was then */
	AcUrl base;
	AcCredentials credentials;
	AcTokenRecipe recipe;
	AcTokenSource *token; /* NULL: there is no recipe */
	bool lacks_token_url;
	AcTraffic *traffic;
};

/* That of a cache entry, or of a connection that is in no cache. */
extern AcTraffic *ac_traffic_create(MemoryContext cxt);

/*
 * Requests are subject to the limits of the mapping that is in force now; a
 * new rate_limit holds from now on.
 */
extern void ac_traffic_follow(AcTraffic *traffic, const AcConnection *conn);

/* Where it is kept how hosts were met. */
extern AcTraffic *ac_traffic_pinboard(AcTraffic *traffic);

#endif /* AC_NET_CONNECTION_INT_H */
