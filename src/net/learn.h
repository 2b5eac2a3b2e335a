/*
 * learn.h
 *		What does autoconn learn of a server, and what does it tell about it?
 *
 * Discovery (net/discover) tied to the catalog (pg/catalog) and to the one
 * NOTICE that CREATE SERVER ends with.
 */
#ifndef AC_NET_LEARN_H
#define AC_NET_LEARN_H

#include "ac.h"

#include "api/tableplan.h"
#include "foreign/foreign.h"
#include "net/discover.h"
#include "pg/catalog.h"

/*
 * Discovers the server as userid (whose mapping, or the public one, supplies
 * credentials), stores the result and, if told to speak, reports it: NOTICE,
 * or WARNING where the API could not be reached.  Returns the discovery.
 */
extern AcDiscovery *ac_learn_server(ForeignServer *server, Oid userid,
									bool speak);

/*
 * Stores a discovery that was made over conn; *plans gets the tables, NULL if
 * there are none to be had.
 */
extern void ac_learn_keep(ForeignServer *server, AcConnection *conn,
						  AcDiscovery *discovery, AcTablePlans **plans);

/*
 * The model of a server: from the catalog if it is known and current, else by
 * discovering it now.  Throws if the API has none to give: 28000, 08001 or
 * HV000 with what was found instead.
 */
extern AcDiscovery *ac_learn_model(ForeignServer *server, Oid userid);

/*
 * The same where it is no error that there is none; see its status then.  A
 * server with the option discover 'off' is not asked.
 */
extern AcDiscovery *ac_learn_known(ForeignServer *server, Oid userid);

/*
 * What a server would know after that discovery, as options of servers: where
 * tokens are to be had, what an API key is called.
 */
extern List *ac_learn_options(const AcDiscovery *discovery,
							  const char *server_url);

/*
 * The connection of a scan.  Of a server that nothing is known of, as after a
 * restore, the session learns what it needs to ask the right URL with the
 * right credentials; it stores nothing, because a scan may be read-only.
 */
extern AcConnection *ac_learn_connection(Oid serverid, Oid userid);

/*
 * The table plans of a discovered API.  Their evidence ends with the current
 * memory context.
 */
extern AcTablePlans *ac_learn_plans(const AcDiscovery *discovery,
									const AcPlanOptions *options);

/* Credentials that the API wants in words, NULL if none: "bearer", ... */
extern char *ac_learn_auth_text(const AcDiscovery *discovery);

#endif /* AC_NET_LEARN_H */
