/*
 * connection.h
 *		Who talks to which API, with which credentials and limits?
 *
 * An AcConnection stands for one (server, user) pair of this backend: options
 * resolved, credentials ready to be put on requests, limiter and retry
 * budget.  It is cached for the backend's life and marked stale by syscache
 * invalidations of the server and the mapping; a stale one is renewed by the
 * next ac_connection_get(), never under a running scan, which keeps its
 * snapshot (reference counted).
 */
#ifndef AC_NET_CONNECTION_H
#define AC_NET_CONNECTION_H

#include "ac.h"

#include "api/api.h"
#include "core/url.h"
#include "pg/option.h"

typedef struct AcConnection AcConnection;

/*
 * The connection of userid to the server.  Throws AC_ERR_OPTION_VALUE if the
 * options do not make a usable base URL.
 */
extern AcConnection *ac_connection_get(Oid serverid, Oid userid);

/*
 * One that is not backed by a catalog entry, for autoconn.preview(): the
 * address policy is the caller's own.  mapping's members may all be NULL.
 */
extern AcConnection *ac_connection_anonymous(const AcServerOptions *options,
											 const AcMappingOptions *mapping);

/* Options in force, and the base URL below which table paths stand. */
extern const AcServerOptions *ac_connection_options(const AcConnection *conn);
extern const AcUrl *ac_connection_base(const AcConnection *conn);

/* True if the mapping supplies any credential. */
extern bool ac_connection_has_credentials(const AcConnection *conn);

#endif							/* AC_NET_CONNECTION_H */
