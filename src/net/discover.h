/*
 * discover.h
 *		What does the API at this URL say about itself?
 *
 * Looks for a description in the order of INFERENCE.md "Discovery": the
 * document at the URL, what its answer points to, the usual places below the
 * URL and its origin.  Sends only GET, within a budget of requests and time.
 * Stores nothing.
 */
#ifndef AC_NET_DISCOVER_H
#define AC_NET_DISCOVER_H

#include "ac.h"

#include "api/api.h"
#include "net/connection.h"

/* Budget of one discovery (DESIGN 2.1). */
#define AC_DISCOVER_MAX_REQUESTS 40
#define AC_DISCOVER_MAX_MS 30000

typedef enum AcDiscoverStatus
{
	AC_DISCOVERED,
	AC_DISCOVER_AUTH_REQUIRED, /* answers want credentials first */
	AC_DISCOVER_UNREACHABLE,   /* no answer; problem says why */
	AC_DISCOVER_NOT_AN_API	   /* answers, but nothing that describes one */
} AcDiscoverStatus;

/* The name as in autoconn.servers.status. */
extern const char *ac_discover_status_name(AcDiscoverStatus status);

typedef struct AcDiscovery
{
	AcDiscoverStatus status;
	AcApi *api;						/* DISCOVERED: the model */
	char *document;					/* DISCOVERED: the description's text */
	char *spec_url;					/* where it stands */
	char *base_url;					/* absolute URL below which its paths stand */
	char *foreign_base;				/* the description's server on another origin than
								 * the server's URL, not adopted; or NULL */
	char *withheld_base;			/* one that net/learn did not adopt; or NULL */
	const AcSecurityScheme *scheme; /* the best one that can be served, or NULL */
	char *challenge;				/* AUTH_REQUIRED: the scheme of the 401's
								 * challenge ("basic", "bearer"), or NULL */
	AcError problem;				/* UNREACHABLE: what happened last */
	int requests;					/* sent */
} AcDiscovery;

/*
 * Runs a discovery in the current memory context.  Serves interrupts; throws
 * only those, and AC_ERR_FORBIDDEN where the address policy refuses the URL
 * itself.
 */
extern AcDiscovery *ac_discover_run(AcConnection *conn);

/*
 * Model of a stored document, with base URL and scheme decided as above; for
 * a server that was discovered before.  False if it cannot be read any more.
 */
extern bool ac_discover_reread(AcConnection *conn, const char *document,
							   const char *spec_url, AcDiscovery *discovery,
							   AcError *err);

#endif /* AC_NET_DISCOVER_H */
