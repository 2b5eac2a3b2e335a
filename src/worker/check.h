/*
 * check.h
 *		What is found out about one server in one poll?
 *
 * A poll goes through steps, each a function of its own file: what is known
 * is read (check), the description is asked for again (description), tables
 * without traffic are probed (probe), what came is judged by the pure rules
 * of drift/, and what they find is stored (check).  Only the first and the
 * last step are in a transaction; where a worker polls, nothing else is.
 *
 * A poll's memory is one context, which it is all freed with.
 */
#ifndef AC_WORKER_CHECK_H
#define AC_WORKER_CHECK_H

#include "ac.h"

#include "drift/compare.h"
#include "drift/drift.h"
#include "drift/model.h"
#include "drift/payload.h"
#include "drift/protocol.h"
#include "foreign/foreign.h"
#include "net/connection.h"
#include "net/discover.h"
#include "net/fetch.h"
#include "pg/catalog.h"
#include "pg/option.h"
#include "pg/ring.h"
#include "pg/watch.h"

/* A foreign table of the server, as its options have it. */
typedef struct AcCheckTable
{
	Oid relid;
	Oid owner;
	const char *schema;
	const char *name;
	const char *label; /* name, or schema.name: no other path has it */
	const char *path;
	const char *params; /* query sent with every request, NULL: none */
	AcRowSource rows;
	const char *probe_url; /* NULL: it needs a value, or is not ours to ask for */
	AcPayloadColumn *columns;
	int n_columns;

	/* between polls */
	AcPayloadState *payload;
	AcWatchTable *stored;

	/* in this poll */
	bool has_traffic; /* scans tell enough: no probe */
	bool probed;
	bool misread; /* an answer came, but its rows are not where they were */
} AcCheckTable;

/* What asking for the description came to. */
typedef struct AcCheckDescription
{
	bool answered; /* with a description, or "not modified" */
	bool changed;  /* its canonical hash is another one, or the first */
	bool kept;	   /* changed, and yet the one that discovery kept */
	char *document;
	char *etag;
	char *last_modified;
	char *hash;
	AcDiscovery *discovery; /* changed only */
	AcTablePlans *plans;	/* changed only */
	AcModel *model;			/* changed only */
	AcError problem;		/* not answered */
} AcCheckDescription;

typedef struct AcCheck
{
	MemoryContext cxt;

	/* who */
	ForeignServer *server;
	AcConnection *conn;
	AcServerOptions *options;
	AcServerState state;
	AcWatchServer watch;
	AcModel *baseline; /* NULL: none yet */
	AcModel *current;  /* what the API said last; NULL: nothing */
	AcCheckTable *tables;
	int n_tables;
	AcProtocolState *protocol; /* of the server as a whole */
	List *decided;			   /* AcWatchDecided, not accepted yet */
	List *ignored;			   /* AcIgnored: parameters that are not looked at */

	/* when */
	bool quick;		 /* the API is not asked */
	TimestampTz now; /* by the extension's clock */
	int64 now_s;	 /* the same, Unix */
	int64 began_ms;	 /* by the engine's clock */

	/* what was asked and found */
	int requests;
	int64 ask_until_ms; /* of the engine's clock; 0: nothing is asked */
	AcCheckDescription description;
	AcDriftList spec;
	AcDriftList payload;
	AcDriftList protocol_drifts;
} AcCheck;

/*
 * Who polls: in a transaction of the caller's, or with some of its own.  In
 * the foreground it is the caller who applies fixes that need no person, once
 * all servers are polled: tables are locked to the end of the transaction.
 */
typedef enum AcCheckMode
{
	AC_CHECK_FOREGROUND,
	AC_CHECK_WORKER
} AcCheckMode;

/*
 * Polls a server and returns the ids of the alerts that are new, as a List of
 * int64 * in the current context.  events: what scans told of it.  quick: the
 * API is not asked.  Throws what the catalogs throw; an API in trouble is an
 * alert, not an error.
 */
typedef struct AcCheckRequest
{
	Oid serverid;
	AcCheckMode mode;
	bool quick;
	const AcEvent *events; /* of any server; others' are passed over */
	int n_events;
} AcCheckRequest;

extern List *ac_check_server(const AcCheckRequest *request);

/* An empty list of drifts, whose trees end with the poll's memory. */
extern void ac_check_list(AcDriftList *list);

/*
 * The decision about a drift that is not part of the baseline yet, NULL if
 * there is none.  relid: about this table, InvalidOid: about any.
 */
extern AcWatchDecided *ac_check_decided(const AcCheck *check,
										const AcDrift *drift, Oid relid);

/* Steps. */
extern void ac_check_description(AcCheck *check);
extern void ac_check_probe(AcCheck *check);

/* Do rows come from where a table that is new is said to be? */
extern bool ac_check_probe_plan(AcCheck *check, const AcTablePlan *plan);
extern void ac_check_events(AcCheck *check, const AcEvent *events, int n);

#endif /* AC_WORKER_CHECK_H */
