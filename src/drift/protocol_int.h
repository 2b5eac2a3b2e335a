/*
 * protocol_int.h
 *		What do the files of protocol share?
 *
 *		protocol.c			takes observations in
 *		protocol_facts.c	reads header fields
 *		protocol_rules.c	says what holds
 *		protocol_state.c	loads, saves, accepts
 *
 * Texts of the API are kept printable and short: they end in alerts.
 */
#ifndef AC_DRIFT_PROTOCOL_INT_H
#define AC_DRIFT_PROTOCOL_INT_H

#include "ac.h"

#include "drift/protocol.h"

/* Bytes of a table's name and path, which are our own catalog's. */
#define AC_PROTOCOL_PATH_MAX 2000

/* Bytes kept of names and lists that an API sends; of addresses. */
#define AC_PROTOCOL_TEXT_MAX 200
#define AC_PROTOCOL_URL_MAX 2000

/* So that nothing overflows, whatever is stored. */
#define AC_PROTOCOL_MAX_COUNT INT64CONST(1000000000000)

/* An HTTP status has three digits (RFC 9110 15). */
#define AC_PROTOCOL_MAX_STATUS 999

/* What is learned of one announced limit, and by how much it is lower now. */
typedef struct AcLearnedRate
{
	const char *name; /* of the policy, told apart by number if need be */
	int64 limit;
	int64 window_ms; /* 0: not told */
	int64 low_limit;
	int64 low_window_ms;
	int64 n_low; /* responses in a row that told a lower one */
} AcLearnedRate;

typedef struct AcProtocolEndpoint
{
	const char *table;
	const char *path;
	const char *method;

	/* the last answer, or failure */
	int64 seen_s;
	bool failed; /* in poll failed_poll, and nothing else came since */
	int64 failed_poll;
	int64 failed_row; /* polls in a row in which it failed, this one too */
	int64 status;
	bool healthy;	 /* it was good */
	int64 healthy_s; /* when the last good one came */

	/* 401, until another answer comes */
	bool unauthorized;
	bool with_credentials;
	bool scheme_differs;	  /* asks for another scheme than was sent */
	const char *scheme_sent;  /* NULL: not told */
	const char *scheme_asked; /* NULL: none */

	/* 403, until another answer comes */
	bool forbidden;
	bool scope_told; /* the answer says that it is the scope */
	const char *scope;

	/* a permanent redirect, until an answer comes without */
	const char *location;
	bool same_origin;
	bool same_shape;

	/* 404, 405, 410 to probes; until a 2xx comes */
	int64 gone_probes;
	int64 gone_first_s;
	int64 gone_last_s;
	const char *allow; /* 405 that allows other methods */

	/* notices, until an answer comes without */
	bool deprecated;
	int64 deprecated_s;
	int64 sunset_s;
	const char *successor;
	const char *notice;

	/* bodies, until a good answer comes */
	bool html;
	bool error_body;
	const char *content_type;	  /* learned; NULL: not yet */
	const char *content_type_now; /* another one; NULL: none */

	/* capacity */
	bool throttled; /* until another answer comes */
	AcLearnedRate rates[AC_RATE_INFO_MAX];
	int n_rates;
} AcProtocolEndpoint;

struct AcProtocolState
{
	const char *scheme; /* with which it answered well; "none": without
						 * credentials; NULL: not known */

	/* polls, of which the last may not be over */
	int64 poll;
	bool poll_failed;	/* something failed in it */
	bool poll_alive;	/* something came in it */
	int64 failed_polls; /* in a row before it: failures and nothing else */
	int64 dead_polls;	/* in a row before it: every endpoint failed */

	AcProtocolEndpoint *endpoints;
	int n_endpoints;
	int capacity;
};

extern AcProtocolEndpoint *ac_protocol_endpoint(const AcProtocolState *state,
												const char *table);

/* A new one at the end, NULL if there is no room. */
extern AcProtocolEndpoint *ac_protocol_endpoint_add(AcProtocolState *state,
													const char *table);

/* Failures and nothing else in the last poll; of every endpoint. */
extern bool ac_protocol_poll_failed(const AcProtocolState *state);
extern bool ac_protocol_poll_dead(const AcProtocolState *state);

/*
 * A printable copy of at most max bytes of a text that an API sent: anything
 * but visible ASCII becomes a space, and does not begin it.  NULL for NULL and for nothing.
 */
extern char *ac_protocol_clean(const char *text, size_t max);

/* "2026-01-31T00:00:00Z", and its first ten characters. */
extern char *ac_protocol_time_text(int64 unix_s);
extern char *ac_protocol_date_text(int64 unix_s);

#endif /* AC_DRIFT_PROTOCOL_INT_H */
