/*
 * alert.h
 *		Which alerts are there, and what has become of them?
 *
 * The table autoconn.alert.  A finding is a drift that was bound to a local
 * table (worker/apply); recording findings raises alerts, counts those that
 * are there already, and resolves those whose cause is gone.  Binding,
 * applying and undoing fixes is worker's business.
 *
 * Each call is a part of a short transaction of the caller.  Nothing here
 * waits for somebody who decides about an alert: a row that is locked is left
 * to whoever holds it, unless AC_ALERT_LOCK asks to wait.
 */
#ifndef AC_PG_ALERT_H
#define AC_PG_ALERT_H

#include "ac.h"

#include "datatype/timestamp.h"
#include "drift/drift.h"
#include "foreign/foreign.h"
#include "pg/option.h"

typedef enum AcAlertStatus
{
	AC_ALERT_OPEN,
	AC_ALERT_PROPOSED,
	AC_ALERT_APPLIED,
	AC_ALERT_VERIFIED,
	AC_ALERT_ROLLED_BACK,
	AC_ALERT_DISMISSED,
	AC_ALERT_RESOLVED
} AcAlertStatus;

extern const char *ac_alert_status_name(AcAlertStatus status);

/* A drift and the local table that it concerns. */
typedef struct AcFinding
{
	const AcDrift *drift;
	Oid relid;			/* InvalidOid: none */
	const char *column; /* local name; NULL: none, or as the drift has it */
	AcFix fix;			/* bound; action NONE: nothing is left to do */
} AcFinding;

/* What the alerts of a batch have in common. */
typedef enum AcAlertCause
{
	AC_CAUSE_NONE,
	AC_CAUSE_SPEC_CHANGED,
	AC_CAUSE_SPEC_REALITY_MISMATCH
} AcAlertCause;

/*
 * Everything that one look found, of the whole server or of one table: what
 * an earlier look of the same scope found and this one did not is resolved.
 */
typedef struct AcAlertBatch
{
	AcFinding *findings;
	int n;
	const char *scope; /* who looked: "spec", "payload", "protocol" */
	Oid relid;		   /* the only table looked at, InvalidOid: all */
	AcAlertCause cause;
	TimestampTz now;
	AcOnDrift policy;
	const AcJson *requests; /* array for the evidence, or NULL */
} AcAlertBatch;

typedef struct AcAlertRaised
{
	int64 id;
	AcDriftKind kind;
	AcSeverity severity;
	const char *summary;
} AcAlertRaised;

/*
 * Stores what was found and sends NOTIFY autoconn_alerts for what is new;
 * returns that as a List of AcAlertRaised, the parent first.  Nothing is
 * stored for a server that was never discovered.
 */
extern List *ac_alert_record(ForeignServer *server, const AcAlertBatch *batch);

/* One row, as far as decisions need it. */
typedef struct AcAlert
{
	int64 id;
	char *server;
	Oid server_oid;
	Oid relid;
	char *kind;
	char *fingerprint;
	AcAlertStatus status;
	AcFix fix;	   /* action NONE: none */
	AcFix inverse; /* action NONE: none */
	char *scope;   /* who found it first */
	char *decided_by;
	bool applied_auto;
	bool parent; /* stands for others */
	int verify_left;
} AcAlert;

typedef enum AcAlertLock
{
	AC_ALERT_LOOK, /* no lock */
	AC_ALERT_LOCK, /* until the end of the transaction, waiting for it */
	AC_ALERT_TRY   /* the same; not found where it would wait */
} AcAlertLock;

/* NULL if there is none, or its server is not there any more. */
extern AcAlert *ac_alert_load(int64 id, AcAlertLock lock);

/* What a decision writes. */
typedef struct AcAlertDecision
{
	AcAlertStatus status;
	const char *by;		/* NULL: decided_by and decided_at stay */
	const char *reason; /* NULL: stays */
	const char *note;	/* NULL: none */
	bool automatic;		/* APPLIED now: not by a person */
	int verify_left;	/* of APPLIED: looks that have yet to confirm it */
	bool human;			/* from now on only a person decides */
	TimestampTz now;
} AcAlertDecision;

/* Looks after which a fix counts as verified. */
#define AC_ALERT_LOOKS 2

/*
 * Writes it, unless somebody else holds the row or its status is not that of
 * the alert as loaded; then resolves parents with nothing undecided left.
 */
extern void ac_alert_decide(const AcAlert *alert,
							const AcAlertDecision *decision);

/* Resolves the server's parents that have nothing undecided left. */
extern void ac_alert_settle_parents(const char *server, TimestampTz now);

/*
 * May the policy's owner be spared the decision?  What only the description
 * says is never enough: it is intent, not behaviour.
 */
extern bool ac_alert_applies_itself(AcOnDrift policy, const char *disposition,
									int tiers, AcFixAction action);

/* Open and proposed children of a parent, as a List of int64 pointers. */
extern List *ac_alert_children(int64 id);

/*
 * Alerts of the server whose fix the policy lets be applied without a person,
 * oldest first, as a List of int64 pointers.
 */
extern List *ac_alert_pending(ForeignServer *server, AcOnDrift policy);

/* Fixes applied and not verified yet, of one table or (InvalidOid) of all. */
extern List *ac_alert_unverified(ForeignServer *server, const char *scope,
								 Oid relid);

/* Automatic changes of the server in the day up to now. */
extern int ac_alert_automatic_changes(const char *server, TimestampTz now);

#endif /* AC_PG_ALERT_H */
