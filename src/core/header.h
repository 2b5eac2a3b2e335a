/*
 * header.h
 *		What do the header fields of an HTTP response say?
 *
 * Fields are kept in AcHeaders, whose memory is bounded and allocated when it
 * is created, so that fields can be added inside a libcurl callback, where
 * nothing may throw.  The parsers are pure functions over texts.  They take
 * hostile input: what is malformed is skipped, never guessed at; nothing here
 * fails.  What the facts lead to is policy/'s business.
 *
 * Times are milliseconds, absolute ones since the Unix epoch.
 */
#ifndef AC_CORE_HEADER_H
#define AC_CORE_HEADER_H

#include "ac.h"

/* Fields in one response: the most that real APIs were seen to send is 60. */
#define AC_HEADERS_MAX_FIELDS 256

/* Bytes of names and values together; servers and proxies stop at 8 to 64 kB. */
#define AC_HEADERS_MAX_BYTES 65536

typedef struct AcHeaderField
{
	const char *name;  /* as sent, NUL-terminated */
	const char *value; /* trimmed, NUL-terminated */
} AcHeaderField;

typedef struct AcHeaders
{
	int status; /* of the last status line, 0 if none */
	int count;
	size_t used;   /* bytes of text used */
	bool skipping; /* the last line was no field */
	char *text;	   /* AC_HEADERS_MAX_BYTES */
	AcHeaderField fields[AC_HEADERS_MAX_FIELDS];
} AcHeaders;

typedef enum AcHeadersStatus
{
	AC_HEADERS_OK,
	AC_HEADERS_FULL,	 /* a limit; the line was not added */
	AC_HEADERS_MALFORMED /* no header field; the line was not added */
} AcHeadersStatus;

/* Empty headers in the current context. */
extern AcHeaders *ac_headers_create(void);

/* Forgets all fields and the status. */
extern void ac_headers_clear(AcHeaders *headers);

/*
 * Adds one line as it came, its CRLF included or not.  Never allocates.  A
 * status line begins a new response: it clears the fields.  A line that
 * begins with white space continues the field before it (obsolete folding,
 * RFC 9112 5.2) with one space between.  White space before the colon is
 * malformed (5.1).  NUL, CR and LF in a value become spaces (RFC 9110 5.5).
 * The empty line at the end is OK and adds nothing.
 */
extern AcHeadersStatus ac_headers_add_line(AcHeaders *headers,
										   const char *line, size_t len);

/* Value of the first field of that name, case-insensitive; NULL if none. */
extern const char *ac_header_get(const AcHeaders *headers, const char *name);

/*
 * Are there two Content-Length fields that differ?  They make it uncertain
 * where the body ends, RFC 9112 6.3.
 */
extern bool ac_header_lengths_differ(const AcHeaders *headers);

/*
 * Iterates over the fields of that name (all fields if name is NULL):
 * int pos = 0; while ((field = ac_header_next(h, name, &pos)) != NULL) ...
 */
extern const AcHeaderField *ac_header_next(const AcHeaders *headers,
										   const char *name, int *pos);

/* All values of that name joined with ", " (RFC 9110 5.3); NULL if none. */
extern char *ac_header_joined(const AcHeaders *headers, const char *name);

/* ---- Link, RFC 8288 ---- */

typedef struct AcLink
{
	char *target; /* a reference, to be resolved */
	char **rels;  /* lower case, extension relations included */
	int nrels;
	char *anchor; /* NULL if none */
} AcLink;

typedef struct AcLinkList
{
	AcLink *links;
	int count;
} AcLinkList;

/* Links kept of one response; pagination needs a handful. */
#define AC_LINKS_MAX 64

/* The links of all Link fields, in order. */
extern void ac_header_links(const AcHeaders *headers, AcLinkList *list);

/*
 * The first link with that relation, NULL if none.  Links with an anchor
 * speak about another resource (RFC 8288 3.2) and are passed over.
 */
extern const AcLink *ac_header_link_rel(const AcLinkList *list,
										const char *rel);

/* ---- Content-Type, RFC 9110 8.3 ---- */

typedef struct AcMediaType
{
	char *essence; /* "type/subtype", lower case */
	char *charset; /* lower case; NULL if none */
} AcMediaType;

/* False if value is NULL or no media type. */
extern bool ac_media_parse(const char *value, AcMediaType *media);

/* application/json, text/json and any +json; parameters do not matter. */
extern bool ac_media_is_json(const char *value);

/* text/html, application/xhtml+xml. */
extern bool ac_media_is_html(const char *value);

typedef enum AcBodyKind
{
	AC_BODY_EMPTY, /* nothing but white space */
	AC_BODY_JSON,
	AC_BODY_HTML,
	AC_BODY_XML,
	AC_BODY_OTHER
} AcBodyKind;

/*
 * What the first bytes of a body look like (512 are plenty).  JSON is
 * guessed by the first character, so AC_BODY_JSON is a hope, not a finding.
 */
extern AcBodyKind ac_media_sniff(const char *body, size_t len);

/* ---- WWW-Authenticate, RFC 9110 11.6.1 ---- */

/* A parameter; name in lower case, value unquoted. */
typedef struct AcHeaderParam
{
	char *name;
	char *value;
} AcHeaderParam;

typedef struct AcChallenge
{
	char *scheme; /* lower case: "basic", "bearer" */
	AcHeaderParam *params;
	int nparams;
} AcChallenge;

typedef struct AcChallengeList
{
	AcChallenge *challenges;
	int count;
} AcChallengeList;

/* Challenges, and parameters of one, that are kept. */
#define AC_CHALLENGES_MAX 16
#define AC_HEADER_PARAMS_MAX 32

/* The challenges of all WWW-Authenticate fields. */
extern void ac_header_challenges(const AcHeaders *headers,
								 AcChallengeList *list);

/* realm, error, scope, ...: NULL if the challenge has no such parameter. */
extern const char *ac_header_challenge_param(const AcChallenge *challenge,
											 const char *name);

/* ---- times (headertime.c) ---- */

/*
 * HTTP-date in its three forms (RFC 9110 5.6.7): IMF-fixdate, RFC 850,
 * asctime.  now_ms settles the century of RFC 850's two-digit years: none
 * lies more than 50 years ahead.
 */
extern bool ac_header_parse_date(const char *text, int64 now_ms,
								 int64 *unix_ms);

/* RFC 3339 date-time, any offset, fractions to milliseconds. */
extern bool ac_header_parse_rfc3339(const char *text, int64 *unix_ms);

/* The response's Date if it has a valid one, else now_ms. */
extern int64 ac_header_date(const AcHeaders *headers, int64 now_ms);

/*
 * One Retry-After value: seconds (RFC 9110 10.2.3), with a fraction too, an
 * HTTP-date, an RFC 3339 date (UTC without a zone), JavaScript's date text, an
 * epoch (seconds or milliseconds) or a duration ("6m0s", "100ms"), as a delay
 * of at least 0 from reference_ms.
 */
extern bool ac_header_parse_retry_after(const char *value,
										int64 reference_ms, int64 *delay_ms);

/*
 * The delay that the response asks for by Retry-After, retry-after-ms or
 * X-RateLimit-Retry-After; the most exact of them.  Absolute times count from
 * the response's own Date.  False if none is valid.
 */
extern bool ac_header_retry_after(const AcHeaders *headers, int64 now_ms,
								  int64 *delay_ms);

/* ---- rate limits (headerlimit.c) ---- */

#define AC_RATE_LIMIT 0x01
#define AC_RATE_REMAINING 0x02
#define AC_RATE_RESET 0x04
#define AC_RATE_WINDOW 0x08

typedef struct AcRateInfo
{
	char name[32];	 /* policy or unit: "default", "day", "tokens" */
	char bucket[48]; /* what shares it, where the API tells: GitHub's resource,
					  * Discord's bucket, a policy and its partition; "": all */
	int known;		 /* AC_RATE_* of the members that are set */
	int64 limit;	 /* requests (or units) per window */
	int64 remaining; /* never negative; fractions cut off */
	int64 reset_ms;	 /* from now until the quota is restored */
	int64 window_ms;
	int64 step_ms; /* one request is restored in so long; 0: all at once */
} AcRateInfo;

/* Limits in one response: three or four windows are the most in use. */
#define AC_RATE_INFO_MAX 8

typedef struct AcRateInfoList
{
	AcRateInfo items[AC_RATE_INFO_MAX];
	int count;
} AcRateInfoList;

/*
 * The request limits that the response announces, in any of the dialects
 * listed in headerlimit.c.  Absolute resets count from the response's Date.
 * Malformed members are dropped, never guessed.  Limits on anything but
 * requests (tokens of a language model) are left out.
 */
extern void ac_header_rate_info(const AcHeaders *headers, int64 now_ms,
								AcRateInfoList *list);

#endif /* AC_CORE_HEADER_H */
