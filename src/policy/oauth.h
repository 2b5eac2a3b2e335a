/*
 * oauth.h
 *		What is said to an OAuth 2.0 authorization server, and what does its
 *		answer mean?
 *
 * Pure: writes the forms of token requests and reads their answers.
 *
 *	RFC 6749	client credentials, authorization code, refresh token, errors
 *	RFC 7521, 7523	assertions as grant and as client authentication
 *	RFC 7636	PKCE
 *	RFC 8628	device authorization
 *
 * Who asks, when, and where tokens are kept is net/token's business.  Texts
 * that come from the server are hostile: they are bounded and freed of control
 * characters here, and scrubbed of secrets by whoever shows them.
 */
#ifndef AC_POLICY_OAUTH_H
#define AC_POLICY_OAUTH_H

#include "ac.h"

#include "core/error.h"

typedef enum AcOauthGrant
{
	AC_OAUTH_CLIENT_CREDENTIALS, /* RFC 6749 4.4 */
	AC_OAUTH_REFRESH_TOKEN,		 /* 6 */
	AC_OAUTH_AUTHORIZATION_CODE, /* 4.1.3, with RFC 7636 4.5 */
	AC_OAUTH_JWT_BEARER,		 /* RFC 7523 2.1 */
	AC_OAUTH_DEVICE_CODE		 /* RFC 8628 3.4 */
} AcOauthGrant;

/* How the client shows who it is (RFC 6749 2.3). */
typedef enum AcOauthClientAuth
{
	AC_OAUTH_CLIENT_BASIC, /* Authorization: Basic */
	AC_OAUTH_CLIENT_POST,  /* client_id and client_secret in the form */
	AC_OAUTH_CLIENT_JWT,   /* client_assertion (RFC 7523 2.2) */
	AC_OAUTH_CLIENT_NONE   /* a public client: client_id alone */
} AcOauthClientAuth;

/* A token request.  Texts that are NULL are left out; no text is changed. */
typedef struct AcOauthAsk
{
	AcOauthGrant grant;
	AcOauthClientAuth client_auth;
	const char *client_id;
	const char *client_secret;
	const char *client_assertion; /* CLIENT_JWT */
	const char *scope;
	const char *audience;	   /* not of any RFC, but Auth0 wants it */
	const char *refresh_token; /* REFRESH_TOKEN */
	const char *assertion;	   /* JWT_BEARER */
	const char *code;		   /* AUTHORIZATION_CODE, DEVICE_CODE */
	const char *redirect_uri;  /* AUTHORIZATION_CODE */
	const char *code_verifier; /* AUTHORIZATION_CODE */
} AcOauthAsk;

/* The request's body, application/x-www-form-urlencoded; palloc'd. */
extern char *ac_oauth_form(const AcOauthAsk *ask);

/*
 * Value of the Authorization header that goes with it, palloc'd; NULL unless
 * client_auth is BASIC.  Both parts are form-encoded first (RFC 6749 2.3.1).
 */
extern char *ac_oauth_client_header(const AcOauthAsk *ask);

/*
 * Body of a device authorization request (RFC 8628 3.1), which the grant's
 * request follows.
 */
extern char *ac_oauth_device_form(const AcOauthAsk *ask);

/* ---- answers ---- */

/* Answers are some kilobytes; JWTs with many claims are the longest. */
#define AC_OAUTH_MAX_ANSWER_BYTES (256 * 1024)

typedef enum AcOauthResult
{
	AC_OAUTH_GRANTED,
	AC_OAUTH_PENDING,	/* device: the user has not decided yet */
	AC_OAUTH_SLOW_DOWN, /* device: and ask less often from now on */
	AC_OAUTH_DEAD,		/* what was presented is used up or revoked: a person
						 * must authorize again */
	AC_OAUTH_REFUSED,	/* the client or what it asks for is not accepted */
	AC_OAUTH_UNUSABLE	/* no answer that OAuth knows; a passing failure */
} AcOauthResult;

typedef struct AcOauthToken
{
	const char *access_token;
	const char *refresh_token; /* NULL: the one that was used stays */
	const char *scope;		   /* NULL: as asked for */
	int64 expires_in_s;		   /* -1: not said */
} AcOauthToken;

/* An answer of the token endpoint. */
typedef struct AcOauthAnswer
{
	int status; /* HTTP */
	const char *body;
	size_t len; /* bytes */
} AcOauthAnswer;

/*
 * Reads an answer of the token endpoint.  GRANTED fills token (palloc'd);
 * everything else fills err: AC_ERR_AUTH for DEAD, REFUSED and the states of
 * the device grant, AC_ERR_HTTP for UNUSABLE.  The server's own words
 * ("error", "error_description", RFC 6749 5.2) are in the detail.
 */
extern AcOauthResult ac_oauth_read_token(const AcOauthAnswer *answer,
										 AcOauthToken *token, AcError *err);

typedef struct AcOauthDevice
{
	const char *device_code;
	const char *user_code;
	const char *verification_uri;
	const char *verification_uri_complete; /* NULL: none */
	int64 expires_in_s;
	int interval_s; /* between requests for the token */
} AcOauthDevice;

/* Reads an answer of the device authorization endpoint (RFC 8628 3.2). */
extern bool ac_oauth_read_device(const AcOauthAnswer *answer,
								 AcOauthDevice *device, AcError *err);

/* The interval from now on, after SLOW_DOWN (RFC 8628 3.5). */
extern int ac_oauth_slower(int interval_s);

/* ---- authorization code ---- */

/* Random bytes of a code verifier and of a state: 256 bits (RFC 7636 7.1). */
#define AC_OAUTH_RANDOM_BYTES 32

typedef struct AcOauthVisit
{
	const char *endpoint; /* authorization endpoint, may have a query */
	const char *client_id;
	const char *redirect_uri;
	const char *scope; /* NULL: none */
	const char *state;
	const uint8 *challenge; /* SHA-256 of the code verifier, 32 bytes */
} AcOauthVisit;

/*
 * The URL that the user is to open (RFC 6749 4.1.1, RFC 7636 4.3 with S256);
 * palloc'd, NULL with AC_ERR_OPTION_VALUE for an endpoint that is no URL.
 */
extern char *ac_oauth_visit_url(const AcOauthVisit *visit, AcError *err);

/* ---- life ---- */

/*
 * When, of a token's life in ms, it is to be renewed: a tenth before its end,
 * at most a minute, so that no request sets out with a token that dies on the
 * way.  -1: nobody said when it ends, so the API's 401 has to.
 */
extern int64 ac_oauth_renew_after_ms(int64 expires_in_s);

#endif /* AC_POLICY_OAUTH_H */
