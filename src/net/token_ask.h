/*
 * token_ask.h
 *		What is said to the token endpoint for a user mapping, and what did it
 *		answer?
 *
 * One request after another is made of a recipe (net/token_recipe.h); who
 * sends which, and when, is net/token's and the token worker's business.
 */
#ifndef AC_NET_TOKEN_ASK_H
#define AC_NET_TOKEN_ASK_H

#include "ac.h"

#include "net/fetch.h"
#include "net/token_recipe.h"
#include "pg/tokenstore.h"
#include "policy/oauth.h"

/*
 * A renewal is waited for by a query, and by whoever wants to shut the server
 * down: whatever "timeout" says, it ends after that time, retries included.
 */
#define AC_TOKEN_TIMEOUT_MS 30000

/*
 * A token that is said to be over at once is used for so long nevertheless:
 * else none would ever be fit for a request.
 */
#define AC_TOKEN_MIN_LIFE_MS 2000

/* What this request presents, beyond the recipe; texts NULL if not. */
typedef struct AcTokenPresented
{
	AcOauthGrant grant;
	const char *refresh_token;
	const char *code;
	const char *redirect_uri;
	const char *code_verifier;
} AcTokenPresented;

/*
 * Fills what says who asks and for what, signed anew where the client shows
 * that with a key.  False with an error if it cannot be signed.
 */
extern bool ac_token_ask_client(const AcTokenRecipe *recipe, AcOauthAsk *ask,
								AcError *err);

/*
 * Starts a token request over endpoint, a connection of
 * ac_connection_endpoint(); NULL with an error if it cannot be made.
 */
extern AcFetch *ac_token_ask_start(const AcTokenRecipe *recipe,
								   AcConnection *endpoint,
								   const AcTokenPresented *presented,
								   AcError *err);

/* A request of another form to another endpoint of the same server. */
extern AcFetch *ac_token_ask_form(AcConnection *endpoint, const char *url,
								  const char *form, const char *authorization);

/*
 * What the answer of a fetch that has ended means.  GRANTED fills token, all
 * else err, scrubbed of all secrets of the connection.
 */
extern AcOauthResult ac_token_ask_read(const AcFetch *fetch,
									   AcConnection *endpoint,
									   AcOauthToken *token, AcError *err);

/* For how long a token that was just granted may be used, -1: nobody said. */
extern int64 ac_token_life_ms(const AcOauthToken *token);

/*
 * The row that a grant makes of the one before, which may be NULL: generation
 * one up, the refresh token kept where no other came.
 */
extern AcTokenRow ac_token_row(const AcTokenRecipe *recipe,
							   const AcTokenRow *before,
							   const AcOauthToken *token);

#endif /* AC_NET_TOKEN_ASK_H */
