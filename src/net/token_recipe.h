/*
 * token_recipe.h
 *		How are access tokens had for a user mapping?
 *
 * A recipe is all that server and mapping say about OAuth, resolved.  Requests
 * are made of it by net/token_ask.
 */
#ifndef AC_NET_TOKEN_RECIPE_H
#define AC_NET_TOKEN_RECIPE_H

#include "ac.h"

#include "pg/option.h"
#include "policy/login.h"
#include "policy/oauth.h"

/* Bytes of a fingerprint: SHA-256. */
#define AC_TOKEN_FINGERPRINT 32

/* Texts may be NULL but for token_url, seed and asked. */
typedef struct AcTokenRecipe
{
	Oid serverid; /* InvalidOid: in no catalog */
	Oid owner;	  /* of the server */
	Oid mapping;
	Oid mapping_userid; /* InvalidOid: the public mapping */
	const char *server_name;
	const AcLogin *login; /* of an API that has one of its own; then nothing
						   * of what follows holds but the fingerprint */

	AcOauthGrant grant;
	bool rotating; /* what is presented may be good for one use */
	const char *token_url;
	const char *scope;
	const char *audience;
	AcOauthClientAuth client_auth;
	const char *client_id;
	const char *client_secret;
	const char *refresh_token; /* of the mapping */
	const char *private_key;
	const char *key_id;
	const char *issuer;
	const char *subject;
	const char *assertion_audience;
	const char *algorithm;

	const char *seed;						 /* hash of what rotated tokens grow from */
	const char *asked;						 /* hash of what access tokens are asked for with */
	uint8 fingerprint[AC_TOKEN_FINGERPRINT]; /* of all of it */
} AcTokenRecipe;

/* What a recipe is made of. */
typedef struct AcTokenIngredients
{
	const AcOauthOptions *oauth;
	const AcMappingOptions *mapping;
	const char *token_url; /* of the description; NULL: none */
} AcTokenIngredients;

/*
 * Fills the part of the recipe that options decide; texts stay those of the
 * options.  False if no token can be asked for.
 */
extern bool ac_token_recipe(const AcTokenIngredients *from,
							AcTokenRecipe *recipe);

/* The same for a login of the API's own. */
extern void ac_token_recipe_login(const AcLogin *login,
								  AcTokenRecipe *recipe);

#endif /* AC_NET_TOKEN_RECIPE_H */
