/*
 * discover.h
 *		What does the API at this URL say about itself?
 *
 * Looks for a description in the order of doc/discovery.md: the document at
 * the URL, what its answer points to, the usual places below the
 * URL and its origin, pages of documentation, rows at the URL itself.  Sends
 * only GET, and OPTIONS to WordPress, within a budget of requests and time,
 * and never to a path that smells of an action.  Stores nothing.
 */
#ifndef AC_NET_DISCOVER_H
#define AC_NET_DISCOVER_H

#include "ac.h"

#include "api/api.h"
#include "net/connection.h"
#include "net/fetch.h"

/* Budget of one discovery, which the user waits for. */
#define AC_DISCOVER_MAX_REQUESTS 40
#define AC_DISCOVER_MAX_MS 30000

typedef enum AcDiscoverStatus
{
	AC_DISCOVERED,
	AC_DISCOVER_AUTH_REQUIRED, /* answers want credentials first */
	AC_DISCOVER_UNREACHABLE,   /* no answer; problem says why */
	AC_DISCOVER_NOT_AN_API,	   /* answers, but nothing that describes one */
	AC_DISCOVER_PENDING		   /* not asked */
} AcDiscoverStatus;

/* The name as in autoconn.servers.status. */
extern const char *ac_discover_status_name(AcDiscoverStatus status);

typedef struct AcDiscovery
{
	AcDiscoverStatus status;
	AcApi *api;						/* DISCOVERED: the model */
	char *document;					/* DISCOVERED: the text to keep (net/bundle.h) */
	const char *note;				/* DISCOVERED: how it was found, for people */
	double confidence;				/* DISCOVERED: that it describes this API */
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

/* What is known where nobody is to be asked: the base URL. */
extern AcDiscovery *ac_discover_nothing(AcConnection *conn);

/*
 * Model of a stored document, with base URL and scheme decided as above; for
 * a server that was discovered before.  False if it cannot be read any more.
 */
extern bool ac_discover_reread(AcConnection *conn, const char *document,
							   const char *spec_url, AcDiscovery *discovery,
							   AcError *err);

/* A description that is asked for again. */
typedef struct AcRenewal
{
	AcConnection *conn;
	const char *spec_url;
	const char *kind;		/* that it was of, or NULL */
	const char *kept;		/* its text as it was kept, or NULL */
	const char *known_hash; /* of what was kept, or NULL */
	const AcFetch *answer;	/* for its main document: of 2xx with a body, or 304 */

	/* results */
	char *document; /* the text to keep; NULL: nothing changed */
	char *hash;		/* of all its documents, order of members aside */
	int requests;	/* sent for documents beside the main one */
} AcRenewal;

/*
 * Reads the answer and asks for what belongs to it.  False if the answer is no
 * description any more.  Serves interrupts, keeps to the budget of a discovery.
 */
extern bool ac_discover_renew(AcRenewal *renewal, AcError *err);

#endif /* AC_NET_DISCOVER_H */
