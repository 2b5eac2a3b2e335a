/*
 * protocol.h
 *		How do an API's answers differ, as answers, from those it gave before?
 *
 * A state machine per server and its endpoints over what HTTP says: statuses,
 * challenges, redirects, media types, notices of deprecation, limits.  The
 * state is kept by the caller, as a JSON object, from one poll to the next;
 * saving and loading it at any point changes nothing.
 *
 * As with payload.h, whatever holds now is told anew by every report, and
 * what is no longer told has healed.  One answer that failed tells nothing.
 *
 * Times are arguments.  Everything is palloc'd in the current context.
 */
#ifndef AC_DRIFT_PROTOCOL_H
#define AC_DRIFT_PROTOCOL_H

#include "ac.h"

#include "core/error.h"
#include "core/header.h"
#include "core/json.h"
#include "drift/drift.h"

/*
 * Endpoints kept of one server; the largest descriptions have some 1,500
 * collections.  Others are not watched.
 */
#define AC_PROTOCOL_MAX_ENDPOINTS 2000

/* What came as a body, as far as whoever read it knows. */
typedef enum AcProtocolBody
{
	AC_PROTOCOL_UNKNOWN, /* not told */
	AC_PROTOCOL_EMPTY,	 /* nothing but white space */
	AC_PROTOCOL_ROWS,	 /* JSON with the rows, of which there may be none */
	AC_PROTOCOL_ERROR,	 /* JSON that looks like an error, without rows */
	AC_PROTOCOL_HTML,
	AC_PROTOCOL_OTHER
} AcProtocolBody;

/* No time, where a time is optional. */
#define AC_PROTOCOL_NO_TIME INT64CONST(-1)

/* What the header fields of an answer tell here. */
typedef struct AcProtocolFacts
{
	/* WWW-Authenticate */
	const char *schemes[AC_CHALLENGES_MAX]; /* lower case */
	int n_schemes;
	const char *auth_error; /* "invalid_token", ...; NULL: none */
	const char *scope;		/* that is needed, X-Accepted-OAuth-Scopes too */

	/* NULL: there is no such field */
	const char *allow;
	const char *content_type; /* essence, lower case */

	/* RFC 9745, RFC 8594; Unix time */
	bool deprecated;
	int64 deprecated_s;	   /* AC_PROTOCOL_NO_TIME: no date is told */
	int64 sunset_s;		   /* AC_PROTOCOL_NO_TIME: none */
	const char *successor; /* Link rel="successor-version", as sent */
	const char *notice;	   /* Link rel="deprecation", as sent */

	/* capacity */
	bool retry_after;
	AcRateInfoList rate;
} AcProtocolFacts;

extern void ac_protocol_facts(const AcHeaders *headers, int64 now_s,
							  AcProtocolFacts *facts);

/* The end of one request for rows. */
typedef struct AcProtocolObservation
{
	/* when, where */
	int64 now_s;	   /* Unix time */
	int64 poll;		   /* number of the poll: tells polls apart */
	const char *table; /* remote name: tells endpoints apart */
	const char *path;  /* path template */
	const char *method;
	bool from_probe; /* sent by the watch, not by a scan */

	/* what was sent */
	bool credentials_sent;
	const char *scheme_sent; /* "bearer", "basic", ..., anything else for a
							  * way of the API's own; NULL: not told */

	/* what came */
	AcErrorCode outcome; /* AC_ERR_NONE: an answer that was understood */
	int status;			 /* 0: none came */
	AcProtocolBody body;
	const AcProtocolFacts *facts; /* NULL: not told */

	/* where a redirect led, whether followed or not; NULL: there was none */
	const char *location; /* resolved */
	bool permanent;		  /* 301, 308 */
	bool same_origin;
	bool same_shape; /* the answer from there had the table's rows */
} AcProtocolObservation;

typedef struct AcProtocolState AcProtocolState;

/* The state that was saved; a new one if json is NULL or nonsense. */
extern void ac_protocol_load(const AcJson *json, AcProtocolState **state);

/* The state as an object, the caller's to free. */
extern AcJson *ac_protocol_save(const AcProtocolState *state);

/*
 * Takes in what came.  What ended for reasons of our own (cancelled, refused
 * by policy, out of memory) changes nothing.
 */
extern void ac_protocol_observe(AcProtocolState *state,
								const AcProtocolObservation *seen);

/*
 * Appends what holds now: what concerns the server first, then endpoints in
 * the order in which they were first seen.
 */
extern void ac_protocol_report(const AcProtocolState *state, int64 now_s,
							   AcDriftList *drifts);

/*
 * Takes a new media type or a lower limit for what is to be expected; other
 * drifts are facts that no decision makes less true, and change nothing.
 */
extern void ac_protocol_accept(AcProtocolState *state, const AcDrift *drift);

#endif /* AC_DRIFT_PROTOCOL_H */
