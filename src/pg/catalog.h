/*
 * catalog.h
 *		What does autoconn remember about servers, and how is it stored?
 *
 * The private tables of the extension, read and written through SPI as the
 * extension's owner whoever the current role is.  State belongs to a server
 * only while name, OID, owner and URL all match (generation check).  Nothing
 * here sends requests.
 */
#ifndef AC_PG_CATALOG_H
#define AC_PG_CATALOG_H

#include "ac.h"

#include "api/tableplan.h"
#include "foreign/foreign.h"
#include "pg/option.h"

/*
 * One row of autoconn.server_state.  Texts are NULL where nothing is known;
 * status is one of the names in its CHECK constraint.
 */
typedef struct AcServerState
{
	char *status;
	char *kind;
	char *spec_url; /* where the description was found */
	char *title;
	char *version;
	char *base_url;
	char *auth;		  /* "bearer", "api_key (header X-Api-Key)", ... */
	char *api_key_in; /* header, query, cookie */
	char *api_key_name;
	char *token_url; /* of OAuth, on the origin of the server's URL */
	char *note;
	char *description; /* the document's text */
} AcServerState;

/* Facts that connections need (see net/connection.h); all may be NULL. */
typedef struct AcServerFacts
{
	bool known;			   /* discovery has ended, whatever it found */
	char *base_url;		   /* absolute, from the description */
	AcKeyPlace api_key_in; /* where the description wants the key */
	char *api_key_name;
	char *token_url; /* see AcServerState */
	char *version;	 /* of the description, as far as it is told apart */
} AcServerFacts;

/* State of the server as it is now; false if there is none. */
extern bool ac_catalog_load(ForeignServer *server, AcServerState *state);

/*
 * Only what a connection needs; leaves facts empty if nothing is known.  Less
 * strict than the generation check, because tables would ask elsewhere after
 * REASSIGN OWNED, a RENAME that no event trigger saw, and pg_upgrade, which
 * gives servers new OIDs: the URL and one of name and OID must match, the name
 * only if no server has the OID: somebody may have learned odd things of a
 * server and renamed it away, so that the next of that name inherits them.
 */
extern void ac_catalog_server_facts(Oid serverid, AcServerFacts *facts);

/*
 * Replaces the server's state; endpoints are merged with those that stand
 * there (pg/planstore.h), which stay as they are where plans is NULL: an API
 * may have its reasons to say nothing today.  Also stores the edges between
 * the plans' tables that their paths prove.
 */
extern void ac_catalog_store(ForeignServer *server, const AcServerState *state,
							 AcTablePlans *plans);

/*
 * Replaces description, kind, title and version, and merges the endpoints, as
 * the watch found them; the rest, the base URL above all, stays what a discovery made it.
 */
extern void ac_catalog_store_description(ForeignServer *server,
										 const AcServerState *state,
										 AcTablePlans *plans);

/*
 * Merges the endpoints alone, after an import has tried them.  What somebody
 * else than the server's owner was shown is his: then nothing is stored, and
 * false returned.
 */
extern bool ac_catalog_store_plans(ForeignServer *server,
								   AcTablePlans *plans);

/* Drops everything known of the server. */
extern void ac_catalog_forget(ForeignServer *server);

/* Brings name and owner of the state in step after ALTER SERVER. */
extern void ac_catalog_follow(ForeignServer *server);

/* True if url or spec_url are not those that the state was learned with. */
extern bool ac_catalog_url_changed(ForeignServer *server);

/*
 * OIDs of the user mappings' and servers' rows that the current event
 * trigger's command touched: pairs of (classid, objid) as two parallel lists.
 */
extern void ac_catalog_ddl_commands(List **classids, List **objids);

/*
 * Forgets the servers that the current sql_drop removed, and what their limits
 * knew: at once, as at their owner's word, since who drops might have asked for
 * that; a rollback does not bring it back.
 */
extern void ac_catalog_forget_dropped(void);

/* True if the server's wrapper has autoconn's handler. */
extern bool ac_catalog_is_ours(ForeignServer *server);

/*
 * The named server: throws 42704 if there is none, 42501 if it is not the
 * current user's, 42809 if it is another wrapper's.
 */
extern ForeignServer *ac_catalog_owned_server(const char *name);

#endif /* AC_PG_CATALOG_H */
