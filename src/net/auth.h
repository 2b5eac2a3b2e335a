/*
 * auth.h
 *		How do the secrets of a user mapping become parts of a request?
 *
 * API key (header, query, cookie), basic (RFC 7617), bearer (RFC 6750), further
 * secret headers; what becomes of keys that sign is net/awssign's business, of
 * a client certificate net/clientcert's.  Where they may go is net/origin's and net/fetch's
 * business; this file is the only one that writes them into a request, and it
 * lists them, so that whatever is shown can be scrubbed of them.
 */
#ifndef AC_NET_AUTH_H
#define AC_NET_AUTH_H

#include "ac.h"

#include "core/error.h"
#include "core/url.h"
#include "nodes/pg_list.h"
#include "pg/catalog.h"
#include "pg/option.h"
#include "policy/sigv4.h"

typedef struct AcCredentials
{
	List *headers;	  /* of char *, "Name: value" as libcurl takes it */
	char *query_name; /* API key in the query, else NULL */
	char *query_value;
	AcSigv4Key *aws;	  /* requests are signed with it, NULL: they are not */
	char *client_pem;	  /* certificate and key for TLS, else NULL */
	const char **secrets; /* every text that must not be shown */
	int n_secrets;
	int n_learned; /* of them, at the end: those that the mapping has not */
} AcCredentials;

/* What credentials are made of. */
typedef struct AcAuthSource
{
	const AcMappingOptions *mapping;
	AcKeyPlace key_place;	/* of an API key; DEFAULT: header */
	const char *key_name;	/* NULL: the usual one for the place */
	const char *host;		/* of the base URL */
	bool login;				/* username and password are for a login alone */
	const char *aws_region; /* NULL: as the host says */
	const char *aws_service;
} AcAuthSource;

/*
 * Fills credentials in the current memory context.  False with
 * AC_ERR_OPTION_VALUE for values that cannot stand in a request (line breaks,
 * NUL) and for two that claim one header.  Messages never repeat a value.
 */
extern bool ac_auth_build(const AcAuthSource *source,
						  AcCredentials *credentials, AcError *err);

/* Another text that must not be shown; it is copied into cxt. */
extern void ac_auth_add_secret(AcCredentials *credentials, MemoryContext cxt,
							   const char *text);

/* Is it the name of a header, of those that do not steer the message? */
extern bool ac_auth_is_header_name(const char *name);

/* The same for one that was got; of many only the last ones are kept. */
extern void ac_auth_learn_secret(AcCredentials *credentials,
								 MemoryContext cxt, const char *text);

/* Is there anything to send? */
extern bool ac_auth_any(const AcCredentials *credentials);

/* True if one of the headers has that name. */
extern bool ac_auth_has_header(const AcCredentials *credentials,
							   const char *name);

/*
 * The scheme of the Authorization header (RFC 9110 11.6.2) in lower case,
 * palloc'd; NULL if there is none.
 */
extern char *ac_auth_scheme_name(const AcCredentials *credentials);

/*
 * Takes the key out of a URL that came from the API.  It is put there anew
 * for each request that may have it, so elsewhere it has no business.
 */
extern void ac_auth_strip(const AcCredentials *credentials, AcUrl *url);

/*
 * Puts the credentials on a request: returns headers with theirs appended,
 * and sets the query parameter in url.
 */
extern List *ac_auth_apply(const AcCredentials *credentials, AcUrl *url,
						   List *headers);

#endif /* AC_NET_AUTH_H */
