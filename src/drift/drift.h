/*
 * drift.h
 *		What can change about an API, how bad is it, and what may be done?
 *
 * A drift is one thing that an API does otherwise than it was learned.  The
 * names, severities and dispositions are those of the catalog of drifts
 * (doc/drift.md); the table in drift.c is the only place that knows them.
 * Finding drifts is compare's, payload's and protocol's business, telling and
 * repairing pg/alert's and worker's.
 *
 * Everything is palloc'd in the current context; JSON trees are owned by the
 * list that the drift is in and freed with ac_drift_list_free().
 */
#ifndef AC_DRIFT_DRIFT_H
#define AC_DRIFT_DRIFT_H

#include "ac.h"

#include "core/json.h"
#include "drift/fix.h"

typedef enum AcDriftKind
{
	/* structure */
	AC_DRIFT_COLUMN_ADDED,
	AC_DRIFT_COLUMN_REMOVED,
	AC_DRIFT_CARDINALITY_CHANGE,
	AC_DRIFT_ENVELOPE_MOVED, /* the rows stand elsewhere in the body */
	AC_DRIFT_ENDPOINT_ADDED,
	AC_DRIFT_ENDPOINT_REMOVED,
	AC_DRIFT_ENDPOINT_MOVED,
	AC_DRIFT_METHOD_CHANGED,
	/* types */
	AC_DRIFT_NUMERIC_WIDENED,
	AC_DRIFT_NARROWED,
	AC_DRIFT_QUOTED_NUMBER,
	AC_DRIFT_ID_TYPE_CHANGE,
	AC_DRIFT_BOOL_REPRESENTATION,
	AC_DRIFT_BECAME_NULLABLE,
	AC_DRIFT_MIXED_TYPES,
	AC_DRIFT_TIMESTAMP_ENCODING,
	/* values */
	AC_DRIFT_ENUM_VALUE_ADDED,
	AC_DRIFT_ENUM_VALUE_RETIRED,
	/* requests */
	AC_DRIFT_REQUIRED_PARAM_ADDED,
	AC_DRIFT_PARAM_RENAMED,
	AC_DRIFT_SEMANTICS_CHANGED, /* a filter that is gone, or means another thing */
	AC_DRIFT_DEFAULT_CHANGED,
	AC_DRIFT_LIMIT_MAX_LOWERED,
	/* credentials */
	AC_DRIFT_CREDENTIAL_INVALID,
	AC_DRIFT_AUTH_SCHEME_CHANGED,
	AC_DRIFT_SCOPE_MISSING,
	/* protocol */
	AC_DRIFT_CONTENT_TYPE_CHANGED,
	AC_DRIFT_HTML_200,
	AC_DRIFT_ERROR_IN_200,
	AC_DRIFT_DEPRECATED,
	AC_DRIFT_SUNSET_SCHEDULED,
	/* capacity */
	AC_DRIFT_RATE_LIMIT_LOWERED,
	AC_DRIFT_THROTTLED,
	AC_DRIFT_OUTAGE,
	AC_DRIFT_ERROR_BURST, /* one endpoint fails, others are well */
	/* the description as such */
	AC_DRIFT_SPEC_CHANGED,
	AC_DRIFT_SPEC_REALITY_MISMATCH,
	AC_DRIFT_SPEC_UNREACHABLE
} AcDriftKind;

#define AC_DRIFT_KINDS (AC_DRIFT_SPEC_UNREACHABLE + 1)

typedef enum AcSeverity
{
	AC_SEVERITY_INFO,
	AC_SEVERITY_WARNING,
	AC_SEVERITY_ERROR,
	AC_SEVERITY_CRITICAL
} AcSeverity;

typedef enum AcDisposition
{
	AC_DISPOSE_AUTO,	  /* applied under on_drift additive and heal */
	AC_DISPOSE_PROOF,	  /* applied under heal with paired proof */
	AC_DISPOSE_HUMAN,	  /* a person decides */
	AC_DISPOSE_NOTIFY,	  /* told */
	AC_DISPOSE_CONNECTION /* the connection reacts by itself */
} AcDisposition;

/* Strength of evidence, as a set of bits. */
#define AC_TIER_PROTOCOL 0x01  /* E1 */
#define AC_TIER_STRUCTURE 0x02 /* E2 */
#define AC_TIER_PAIRED 0x04	   /* E3 */
#define AC_TIER_PROFILE 0x08   /* E4 */
#define AC_TIER_SPEC 0x10	   /* E5 */
#define AC_TIER_PROBE 0x20	   /* E6 */

typedef struct AcDrift
{
	/* what and where */
	AcDriftKind kind;
	AcSeverity severity;
	const char *table;		 /* remote name; NULL: the whole server */
	const char *path;		 /* the table's path template, NULL with it */
	const char *query;		 /* seen in rows asked for with it, "" without one;
							* NULL: it holds for all of the path */
	const char *nested_path; /* seen in elements of that array; NULL: in rows */
	const char *column;		 /* name that the plan gives it, NULL: none */
	const char *json_path;	 /* of the column, NULL: none */
	const char *subject;	 /* parameter, scheme, address, ...: tells drifts of
							* one kind and place apart; NULL: need not */

	/* why */
	const char *summary; /* one sentence for people, no secrets */
	double confidence;	 /* 0..1 */
	int tiers;
	const char *spec_ref; /* JSON Pointer into the description, or NULL */
	AcJson *params;		  /* object, see doc/drift.md; NULL: none */
	AcJson *before;		  /* counts and up to five values; NULL: none */
	AcJson *after;

	/* what answers it; action NONE: nothing does */
	AcFix fix;
} AcDrift;

typedef struct AcDriftList
{
	AcDrift *items;
	int n;
	int capacity;
	AcJson *owner; /* array of all trees */
} AcDriftList;

extern void ac_drift_list_init(AcDriftList *list);
extern void ac_drift_list_free(AcDriftList *list);

/*
 * Appends a drift of that kind with the kind's severity and confidence 1; the
 * rest is empty.  The pointer is good until the next one is added.
 */
extern AcDrift *ac_drift_add(AcDriftList *list, AcDriftKind kind);

/* Gives a tree to the list, and returns it. */
extern AcJson *ac_drift_own(AcDriftList *list, AcJson *tree);

/* Names as in autoconn.alerts; ac_drift_kind_parse is false for an unknown one. */
extern const char *ac_drift_kind_name(AcDriftKind kind);
extern bool ac_drift_kind_parse(const char *name, AcDriftKind *kind);
extern AcSeverity ac_drift_kind_severity(AcDriftKind kind);
extern AcDisposition ac_drift_kind_disposition(AcDriftKind kind);
extern const char *ac_severity_name(AcSeverity severity);
extern const char *ac_disposition_name(AcDisposition disposition);

/*
 * What makes two findings the same cause: kind, table, column and subject,
 * palloc'd, escaped so that no two different ones are equal.  The server and
 * the local table are the alert's business.
 */
extern char *ac_drift_fingerprint(const AcDrift *drift);

/*
 * The evidence object of an alert without what only the alert knows (since,
 * dependents, verification): params, fingerprint, tiers, before, after,
 * spec_ref.  A new tree, the caller's to free.
 */
extern AcJson *ac_drift_evidence(const AcDrift *drift);

#endif /* AC_DRIFT_DRIFT_H */
