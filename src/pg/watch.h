/*
 * watch.h
 *		What is kept between one poll of a server and the next?
 *
 * The private tables autoconn.watch and autoconn.watch_table, read and written
 * through pg/scope.  Their JSON is drift/'s, which takes what is damaged for
 * nothing.  A server is watched only in the database where it was discovered:
 * its state names the system and the database, and a copy pauses until
 * autoconn.adopt().
 */
#ifndef AC_PG_WATCH_H
#define AC_PG_WATCH_H

#include "ac.h"

#include "datatype/timestamp.h"
#include "foreign/foreign.h"
#include "nodes/pg_list.h"

/* Texts are NULL where nothing is known. */
typedef struct AcWatchServer
{
	char *etag;
	char *last_modified;
	char *spec_hash;
	char *baseline; /* AcModel that alerts are measured against */
	char *current;	/* AcModel of the last description */
	char *protocol; /* AcProtocolState of the server */
	int64 polls;
	int spec_failures;		/* in a row */
	TimestampTz learned_at; /* last discovery of the server */
} AcWatchServer;

typedef struct AcWatchTable
{
	Oid relid;
	char *payload;
} AcWatchTable;

/* An alert that was decided, so that its drift becomes part of the baseline. */
typedef struct AcWatchDecided
{
	int64 id;
	Oid relid;
	char *fingerprint;
} AcWatchDecided;

/* A server that is watched. */
typedef struct AcWatchDue
{
	Oid serverid;
	TimestampTz due_at; /* DT_NOBEGIN: it was never polled */
} AcWatchDue;

/*
 * This wrapper's servers that were discovered here, as a List of AcWatchDue *,
 * the most urgent first.
 */
extern List *ac_watch_servers(void);

extern void ac_watch_load(ForeignServer *server, AcWatchServer *watch);

/* State of the server's tables, as a List of AcWatchTable *. */
extern List *ac_watch_load_tables(ForeignServer *server);

/* Alerts decided since the last poll, as a List of AcWatchDecided *. */
extern List *ac_watch_load_decided(ForeignServer *server);

/* Marks them as seen. */
extern void ac_watch_accept(List *decided);

/*
 * Stores what a poll learned.  next: when the next one is due; DT_NOBEGIN: it
 * was no poll, the API was not asked, and times stay.  False if the
 * server's state is gone, another one's, or of a later discovery by now: then
 * nothing is stored.
 * Holds a lock on the state until the end of the transaction.
 */
extern bool ac_watch_store(ForeignServer *server, const AcWatchServer *watch,
						   TimestampTz now, TimestampTz next);
extern void ac_watch_store_table(ForeignServer *server,
								 const AcWatchTable *table);

/* Forgets what was kept of the server's tables other than these. */
extern void ac_watch_keep_tables(ForeignServer *server, List *relids);

/*
 * Before a poll: false if somebody is storing what he found of the server, or
 * it is gone.  Else the next poll is due at that time, unless this one tells
 * otherwise when it has come to its end; DT_NOBEGIN: times stay.
 */
extern bool ac_watch_claim(Oid serverid, TimestampTz next);

/* Where state that is made now belongs: "system/database", palloc'd. */
extern char *ac_watch_home(void);

/*
 * Gives the server the state that it had before an upgrade (pg_upgrade keeps
 * tables, and OIDs of tables and roles, but not those of servers): that of its
 * name, owner and URL, if there is no server with that state's OID.
 */
extern void ac_watch_reclaim(ForeignServer *server);

/* Makes this database the server's home. */
extern void ac_watch_adopt(ForeignServer *server);

#endif /* AC_PG_WATCH_H */
