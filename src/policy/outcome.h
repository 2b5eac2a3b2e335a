/*
 * outcome.h
 *		What does the end of a request mean for the scan that sent it?
 *
 * A pure classification of (transport outcome, status, header facts, body
 * facts, kind of request) into one decision, and the text of the error if it
 * comes to that.  Whether a retry still takes place is policy/retry's
 * business, sending it net/'s.  The table is that of doc/scanning.md.
 */
#ifndef AC_POLICY_OUTCOME_H
#define AC_POLICY_OUTCOME_H

#include "ac.h"

#include "core/error.h"
#include "core/header.h"
#include "core/json.h"
#include "policy/breaker.h"

/* How the transfer ended, whatever the status; set by net/transfer. */
typedef enum AcTransportOutcome
{
	AC_TRANSPORT_OK,	   /* a whole response arrived */
	AC_TRANSPORT_DNS,	   /* name not resolved */
	AC_TRANSPORT_CONNECT,  /* refused, no route */
	AC_TRANSPORT_TLS,	   /* handshake broken off */
	AC_TRANSPORT_TLS_CERT, /* certificate not accepted: permanent */
	AC_TRANSPORT_SEND,	   /* connection lost while sending */
	AC_TRANSPORT_RESET,	   /* connection lost after sending */
	AC_TRANSPORT_TIMEOUT_CONNECT,
	AC_TRANSPORT_TIMEOUT_FIRST_BYTE,
	AC_TRANSPORT_TIMEOUT_BODY, /* body stalled */
	AC_TRANSPORT_TIMEOUT_TOTAL,
	AC_TRANSPORT_TRUNCATED, /* body shorter than announced */
	AC_TRANSPORT_PROTOCOL,	/* not HTTP, bad or too large header */
	AC_TRANSPORT_TOO_LARGE, /* body past max_response_size */
	AC_TRANSPORT_DECODE,	/* gzip or other encoding broken */
	AC_TRANSPORT_REDIRECT_LIMIT,
	AC_TRANSPORT_FORBIDDEN, /* address policy; detail says which */
	AC_TRANSPORT_CANCELLED,
	AC_TRANSPORT_NO_MEMORY
} AcTransportOutcome;

/* What the request was sent for. */
typedef enum AcRequestKind
{
	AC_REQUEST_COLLECTION, /* rows of a table */
	AC_REQUEST_ITEM,	   /* one row by its key */
	AC_REQUEST_CHILD,	   /* rows that belong to one parent row */
	AC_REQUEST_PROBE	   /* discovery: any answer tells something */
} AcRequestKind;

/* How rows received so far compare with what the API announced. */
typedef enum AcTotalState
{
	AC_TOTAL_UNKNOWN, /* nothing announced */
	AC_TOTAL_REACHED, /* all announced rows are here */
	AC_TOTAL_SHORT	  /* announced rows are missing */
} AcTotalState;

/* What the body says; ac_outcome_body_facts() fills it. */
typedef struct AcBodyFacts
{
	AcBodyKind kind;	  /* by Content-Type and first bytes */
	bool has_error;		  /* JSON that looks like an error, not rows */
	bool names_page;	  /* its text speaks of page, cursor, offset */
	bool secondary_limit; /* its text speaks of a rate limit ... */
	bool no_count;		  /* ... and of one that no header counts (GitHub) */
	bool tells_wait;	  /* JSON that says when to ask again ... */
	int64 wait_ms;		  /* ... in so long */
	char summary[160];	  /* the API's own words, "" if none found */
} AcBodyFacts;

typedef struct AcOutcomeInput
{
	AcTransportOutcome transport;
	int status;					/* 0 if no response came */
	const char *transport_text; /* library's own words, NULL if none */
	const AcHeaders *headers;	/* NULL if no response came */
	int64 now_ms;				/* Unix time */
	const AcBodyFacts *body;	/* NULL if there is none */
	AcRequestKind kind;
	bool idempotent;		 /* GET, HEAD, or a read known to be safe */
	bool rows_found;		 /* a 2xx whose rows were located */
	bool later_page;		 /* not the first page of its scan */
	bool positional;		 /* paged by page number or offset */
	AcTotalState total;		 /* meaningful on a later page */
	bool credential_renewed; /* once already for this request */
	bool html_retried;		 /* a 2xx without rows was retried already */
} AcOutcomeInput;

typedef enum AcOutcomeAction
{
	AC_OUTCOME_ROWS,			 /* the body holds rows (or is the item) */
	AC_OUTCOME_RETRY,			 /* ask policy/retry; if no: fail with code */
	AC_OUTCOME_RENEW_CREDENTIAL, /* renew and send again; if none: fail */
	AC_OUTCOME_END_OF_PAGES,	 /* the scan is complete */
	AC_OUTCOME_NO_ROW,			 /* the item, or the parent, has no row */
	AC_OUTCOME_FAIL
} AcOutcomeAction;

typedef struct AcOutcome
{
	AcOutcomeAction action;
	AcErrorCode code; /* of the failure; AC_ERR_NONE for ROWS ... */
	int64 wait_ms;	  /* told by the API, -1 if nothing */
	bool throttled;	  /* tell the limiter */
	bool free_retry;  /* a retry costs no retry budget */
	AcHealth health;  /* tell the breakers */
} AcOutcome;

/* The decision.  Redirects have been followed: a 3xx here is a failure. */
extern AcOutcome ac_outcome_classify(const AcOutcomeInput *in);

/*
 * May a 2xx whose rows key is absent count as zero rows?  Only if it is a
 * JSON object, tells of no failure (api/errorbody) and holds no next token
 * (has_next, which the pager knows).
 */
extern bool ac_outcome_is_empty(const AcJson *doc, bool has_next);

/*
 * Fills facts from a body and its Content-Type (NULL if none).  doc is the
 * parsed body of a JSON answer, NULL if it was not parsed.
 */
extern void ac_outcome_body_facts(AcBodyFacts *facts, const char *content_type,
								  const char *body, size_t len,
								  const AcJson *doc);

/* Bytes of an answer that an error's detail repeats at most. */
#define AC_OUTCOME_BODY_MAX 512

/* What an error text is made of. */
typedef struct AcOutcomeRequest
{
	const char *method;
	const char *url;  /* redacted by ac_outcome_error() */
	const char *body; /* of the answer; NULL if none */
	size_t body_len;
	const char *const *secrets; /* values of the mapping */
	int nsecrets;
} AcOutcomeRequest;

/*
 * Builds the error of a failure: message says what happened, detail has
 * method, redacted URL, status and the answer's beginning (control characters
 * shown as spaces, bad UTF-8 as '?'), hint what to do.  Scrubbed of secrets.
 * Returns false, as ac_error_set() does.
 */
extern bool ac_outcome_error(const AcOutcome *outcome,
							 const AcOutcomeInput *in,
							 const AcOutcomeRequest *request, AcError *err);

/* Secrets shorter than this are not looked for: they would hide all text. */
#define AC_OUTCOME_SECRET_MIN 4

/*
 * Overwrites every occurrence of a secret in text with asterisks: as it is,
 * percent-encoded (either case, '+' for a space), JSON-escaped, and in base64
 * (both alphabets, at any alignment, as in "Basic dXNlcjpwYXNz").  Longer
 * secrets first.  In place; the length does not change.
 */
extern void ac_outcome_scrub(char *text, const char *const *secrets,
							 int nsecrets);

/*
 * A palloc'd copy of what an API calls itself or its things, fit for a message:
 * control characters, line ends and marks of writing direction as spaces,
 * bytes that are no UTF-8 as '?', at most max bytes.
 */
extern char *ac_outcome_clean(const char *text, size_t max);

#endif /* AC_POLICY_OUTCOME_H */
