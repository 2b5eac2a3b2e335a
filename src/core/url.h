/*
 * url.h
 *		How are URLs taken apart, joined, compared, filled in and shown?
 *
 * RFC 3986 for http and https only.  Deviations, all in the direction of
 * what browsers (WHATWG URL) and APIs do:
 *
 * - an empty path is "/" (RFC 3986 6.2.3 calls them equivalent);
 * - "%2e" counts as "." when dot segments are removed (6.2.2.2);
 * - bytes outside ASCII and the characters "<>^`{|} in path, query and
 *   fragment are percent-encoded instead of refused, '[' and ']' in a query
 *   are kept, because "page[number]=2" is what APIs write;
 * - a host whose last label is a number must be a dotted IPv4 address, as
 *   resolvers would read "127.1" or "0x7f000001" as one behind our back.
 *
 * Texts in an AcUrl are percent-encoded as they go over the wire.  Everything
 * is palloc'd in the current context.  Whether an address or origin may be
 * asked at all is core/address's and net/'s business.
 */
#ifndef AC_CORE_URL_H
#define AC_CORE_URL_H

#include "ac.h"

#include "core/error.h"

/*
 * Longest URL accepted, in bytes.  RFC 9110 4.1 asks for 8000; servers with
 * state in their cursors go beyond, none was seen beyond 32 kB.
 */
#define AC_URL_MAX_LENGTH 65536

/* What stands in place of a secret. */
#define AC_URL_REDACTED "***"

typedef struct AcUrl
{
	char *scheme;	 /* "http" or "https" */
	char *userinfo;	 /* without '@'; NULL if none */
	char *host;		 /* lower case; IPv6 canonical, no brackets */
	int port;		 /* effective: 80 or 443 if none was given */
	bool port_given; /* port stood in the text */
	char *path;		 /* begins with '/' */
	char *query;	 /* without '?'; NULL if none, "" if empty */
	char *fragment;	 /* without '#'; NULL if none */
} AcUrl;

/*
 * Parses an absolute http or https URL.  Refused with AC_ERR_OPTION_VALUE:
 * other schemes, relative references, control characters, spaces,
 * backslashes, an empty or non-ASCII host, bad ports (0 included), bad
 * percent escapes, texts longer than AC_URL_MAX_LENGTH.  Dot segments stay.
 * The message never repeats the text, which may hold a password.
 */
extern bool ac_url_parse(const char *text, AcUrl *url, AcError *err);

/* The URL as text, userinfo and fragment included; the port only if given. */
extern char *ac_url_text(const AcUrl *url);

/*
 * Resolves a reference that an API sent (a next link, a Location, a server
 * URL) against base, RFC 3986 5.2, strict.  White space around it is dropped,
 * spaces and stray '%' in its query are encoded.  AC_ERR_FORBIDDEN for a
 * scheme other than http and https and for userinfo, AC_ERR_MALFORMED for
 * anything else that is no reference.  base's userinfo is kept only where
 * base's authority is.  The result has no dot segments.
 */
extern bool ac_url_resolve(const AcUrl *base, const char *reference,
						   AcUrl *out, AcError *err);

/*
 * What a reference in a document at base leads to, without fragment; NULL if
 * that is the document itself, or ac_url_resolve() refuses it.
 */
extern char *ac_url_resolve_document(const AcUrl *base, const char *reference);

/* "https://host[:port unless default]", RFC 6454 6.2. */
extern char *ac_url_origin(const AcUrl *url);

/* Same scheme, host and effective port (RFC 6454 5). */
extern bool ac_url_same_origin(const AcUrl *a, const AcUrl *b);

/*
 * True if url has base's origin and its path is base's path or lies below it,
 * compared by whole segments after removal of dot segments.  A path must pass
 * both as it stands and with "%2f" and "%5c" read as '/', since servers
 * differ; so nothing that any of them would take for an escape is below.
 */
extern bool ac_url_is_below(const AcUrl *base, const AcUrl *url);

/*
 * Text of base with an API path appended: base "https://h/v1", path "/orders"
 * or "orders" is "https://h/v1/orders".  path is encoded already and may
 * bring its own query, which replaces base's; base's fragment is dropped.
 */
extern char *ac_url_join(const AcUrl *base, const char *path);

/*
 * Appends value as one path segment: everything but unreserved characters
 * (RFC 3986 2.3) is percent-encoded, '/' too.  An empty value, "." and ".."
 * are AC_ERR_CANNOT_EXPRESS, because no encoding of them stays a segment.
 */
extern bool ac_url_encode_segment(const char *value, size_t len,
								  StringInfo out, AcError *err);

/* Appends value as name or value of a query; a space becomes "%20". */
extern void ac_url_encode_query(const char *value, size_t len, StringInfo out);

/*
 * Decodes percent escapes, and '+' as a space if plus_is_space; malformed
 * escapes stay as they are.  palloc'd, NUL-terminated; *len (may be NULL)
 * counts decoded bytes, among which may be NULs.
 */
extern char *ac_url_decode(const char *text, size_t textlen,
						   bool plus_is_space, size_t *len);

/*
 * Gives the value of a template variable; false if there is none.  The value
 * stays the callee's and needs to live until the next call only.
 */
typedef bool (*AcUrlLookup)(void *arg, const char *name,
							const char **value, size_t *len);

/*
 * Appends a path template ("/users/{id}/orders") to out, each {name} replaced
 * by its encoded value.  AC_ERR_CANNOT_EXPRESS if a value is missing or is
 * no segment, AC_ERR_MALFORMED for unbalanced or empty braces and for RFC
 * 6570 operators ("{?x}"), of which OpenAPI paths know none.  On failure out
 * is as it was.
 */
extern bool ac_url_expand(const char *path_template, AcUrlLookup lookup,
						  void *arg, StringInfo out, AcError *err);

/*
 * Names of the variables in order of first appearance, each once.  Returns
 * their number, -1 for a malformed template (*names is NULL then).
 */
extern int ac_url_template_vars(const char *path_template, char ***names);

/*
 * The query with parameter name set to value (both plain text): replaces the
 * first parameter of that decoded name and drops its repetitions, or appends.
 * query may be NULL or empty; value NULL removes.  Other parameters keep
 * their bytes and order.  The result is "" if nothing is left.
 */
extern char *ac_url_set_query(const char *query, const char *name,
							  const char *value);

/* Decoded value of the first parameter of that decoded name, NULL if none. */
extern char *ac_url_get_query(const char *query, const char *name);

/*
 * Text safe to show: userinfo and the values of query and fragment parameters
 * whose names look secret become AC_URL_REDACTED.  Accepts any text as one
 * URL, however malformed, and rather hides too much than too little.
 */
extern char *ac_url_redact(const char *url);

/* Does a parameter or header of this name carry a secret, by its looks? */
extern bool ac_url_name_is_secret(const char *name);

#endif /* AC_CORE_URL_H */
