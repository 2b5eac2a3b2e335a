/*
 * login.h
 *		What is said to an API that gives out a token for a name and a
 *		password, and what did it answer?
 *
 * APIs do that each in its own way, so that options say how: a path, a body
 * with places for the name and the password, and where in the answer the token
 * and its end stand.  Pure; who logs in, and when, is net/token's business.
 */
#ifndef AC_POLICY_LOGIN_H
#define AC_POLICY_LOGIN_H

#include "ac.h"

#include "core/error.h"
#include "core/header.h"

/* How name and password are said. */
typedef enum AcLoginForm
{
	AC_LOGIN_JSON,
	AC_LOGIN_FORM, /* application/x-www-form-urlencoded */
	AC_LOGIN_BASIC /* RFC 7617; a body stands beside it, if any */
} AcLoginForm;

/* In what the token goes along with requests. */
typedef enum AcLoginCarrier
{
	AC_LOGIN_BEARER, /* RFC 6750 */
	AC_LOGIN_HEADER,
	AC_LOGIN_COOKIE
} AcLoginCarrier;

/* What stands in a body in place of the name and the password. */
#define AC_LOGIN_USERNAME "{username}"
#define AC_LOGIN_PASSWORD "{password}"

/* The body where none is given. */
#define AC_LOGIN_DEFAULT_BODY \
	"{\"username\": \"" AC_LOGIN_USERNAME "\", \"password\": \"" AC_LOGIN_PASSWORD "\"}"

/* Where the cookies of an answer stand: the token is all of them. */
#define AC_LOGIN_COOKIES "Set-Cookie:"

/* Answers are some kilobytes. */
#define AC_LOGIN_MAX_ANSWER_BYTES (256 * 1024)

typedef struct AcLogin
{
	const char *url;
	AcLoginForm form;
	const char *body;		/* JSON; NULL: AC_LOGIN_DEFAULT_BODY, of BASIC none */
	const char *username;	/* "" if there is none */
	const char *password;	/* the same */
	const char *token_path; /* JSON Pointer, or "Name:" of a header */
	AcLoginCarrier carrier;
	const char *carrier_name; /* of the header or cookie; NULL: as is usual */
	const char *expiry_path;  /* as token_path; NULL: nowhere */
	int64 lifetime_ms;		  /* where the answer says nothing; 0: unknown */
} AcLogin;

/*
 * Body of the request, palloc'd; "" for none.  AC_ERR_OPTION_VALUE where name
 * and password cannot be said so.
 */
extern char *ac_login_body(const AcLogin *login, AcError *err);

/* Value of the Authorization header that goes with it; NULL: none. */
extern char *ac_login_authorization(const AcLogin *login);

/* An answer with a status of 2xx. */
typedef struct AcLoginAnswer
{
	const AcHeaders *headers;
	const char *body;
	size_t len;	  /* bytes */
	int64 now_ms; /* since 1970 */
} AcLoginAnswer;

/*
 * The token, palloc'd, and for how long it holds, -1 if nobody said.  NULL
 * with AC_ERR_AUTH if there is none, or one that cannot stand in a header.
 */
extern char *ac_login_read(const AcLogin *login, const AcLoginAnswer *answer,
						   int64 *life_ms, AcError *err);

/* "Name: value" that a request with the token has, palloc'd. */
extern char *ac_login_header(const AcLogin *login, const char *token);

#endif /* AC_POLICY_LOGIN_H */
