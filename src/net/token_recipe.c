/*
 * token_recipe.c
 *		How are access tokens had for a user mapping?  See token_recipe.h.
 */
#include "ac.h"

#include "lib/stringinfo.h"
#include "net/token_recipe.h"
#include "pg/sha256.h"

/* ---- hashes ---- */

/* Adds a text in such a way that no two lists of texts are the same. */
static void
add_text(StringInfo all, const char *text)
{
	if (text == NULL)
		appendStringInfoString(all, "-;");
	else
		appendStringInfo(all, "%d:%s;", (int) strlen(text), text);
}

static char *
hash_text(const StringInfo all)
{
	uint8 digest[PG_SHA256_DIGEST_LENGTH];
	StringInfoData text;

	ac_sha256_of(all->data, all->len, digest);
	initStringInfo(&text);
	for (int i = 0; i < PG_SHA256_DIGEST_LENGTH; i++)
		appendStringInfo(&text, "%02x", digest[i]);
	return text.data;
}

/*
 * Rotated tokens belong to an authorization server, a client and the token
 * that they began with.  A new secret of the client changes none of that.
 */
static char *
seed_of(const AcTokenRecipe *recipe)
{
	StringInfoData all;

	initStringInfo(&all);
	add_text(&all, recipe->token_url);
	add_text(&all, recipe->client_id);
	add_text(&all, recipe->refresh_token);
	return hash_text(&all);
}

static char *
asked_of(const AcTokenRecipe *recipe)
{
	StringInfoData all;

	initStringInfo(&all);
	add_text(&all, recipe->scope);
	add_text(&all, recipe->audience);
	return hash_text(&all);
}

static void
set_fingerprint(AcTokenRecipe *recipe)
{
	StringInfoData all;

	initStringInfo(&all);
	appendStringInfo(&all, "%d:%d;", recipe->grant, recipe->client_auth);
	add_text(&all, recipe->seed);
	add_text(&all, recipe->asked);
	add_text(&all, recipe->client_secret);
	add_text(&all, recipe->private_key);
	add_text(&all, recipe->key_id);
	add_text(&all, recipe->issuer);
	add_text(&all, recipe->subject);
	add_text(&all, recipe->assertion_audience);
	add_text(&all, recipe->algorithm);
	ac_sha256_of(all.data, all.len, recipe->fingerprint);
}

/* ---- recipes ---- */

static AcOauthGrant
grant_of(const AcOauthOptions *oauth, const AcMappingOptions *mapping)
{
	switch (oauth->grant)
	{
		case AC_GRANT_CLIENT_CREDENTIALS:
			return AC_OAUTH_CLIENT_CREDENTIALS;
		case AC_GRANT_REFRESH_TOKEN:
			return AC_OAUTH_REFRESH_TOKEN;
		case AC_GRANT_JWT_BEARER:
			return AC_OAUTH_JWT_BEARER;
		case AC_GRANT_DEVICE_CODE:
			return AC_OAUTH_DEVICE_CODE;
		case AC_GRANT_AUTHORIZATION_CODE:
			return AC_OAUTH_AUTHORIZATION_CODE;
		case AC_GRANT_DEFAULT:
			break;
	}
	return mapping->refresh_token != NULL ? AC_OAUTH_REFRESH_TOKEN
										  : AC_OAUTH_CLIENT_CREDENTIALS;
}

static AcOauthClientAuth
client_auth_of(const AcOauthOptions *oauth, const AcMappingOptions *mapping)
{
	switch (oauth->client_auth)
	{
		case AC_CLIENT_BASIC:
			return AC_OAUTH_CLIENT_BASIC;
		case AC_CLIENT_POST:
			return AC_OAUTH_CLIENT_POST;
		case AC_CLIENT_JWT:
			return AC_OAUTH_CLIENT_JWT;
		case AC_CLIENT_NONE:
			return AC_OAUTH_CLIENT_NONE;
		case AC_CLIENT_DEFAULT:
			break;
	}
	if (mapping->client_secret != NULL)
		return AC_OAUTH_CLIENT_BASIC;
	if (mapping->private_key != NULL && mapping->client_id != NULL)
		return AC_OAUTH_CLIENT_JWT;
	return AC_OAUTH_CLIENT_NONE;
}

/* Is there anything of OAuth in the mapping? */
static bool
has_oauth(const AcMappingOptions *mapping)
{
	return mapping->client_id != NULL || mapping->refresh_token != NULL ||
		   mapping->private_key != NULL;
}

bool
ac_token_recipe(const AcTokenIngredients *from, AcTokenRecipe *recipe)
{
	const AcOauthOptions *oauth = from->oauth;
	const AcMappingOptions *mapping = from->mapping;

	if (!has_oauth(mapping))
		return false;
	recipe->token_url = oauth->token_url != NULL ? oauth->token_url
												 : from->token_url;
	if (recipe->token_url == NULL)
		return false;
	recipe->grant = grant_of(oauth, mapping);
	recipe->rotating = recipe->grant != AC_OAUTH_CLIENT_CREDENTIALS &&
					   recipe->grant != AC_OAUTH_JWT_BEARER;
	recipe->scope = oauth->scope;
	recipe->audience = oauth->audience;
	recipe->client_auth = client_auth_of(oauth, mapping);
	recipe->client_id = mapping->client_id;
	recipe->client_secret = mapping->client_secret;
	recipe->refresh_token = mapping->refresh_token;
	recipe->private_key = mapping->private_key;
	recipe->key_id = mapping->key_id;
	recipe->issuer = oauth->issuer != NULL ? oauth->issuer : mapping->client_id;
	recipe->subject = oauth->subject;
	recipe->assertion_audience = oauth->assertion_audience != NULL
									 ? oauth->assertion_audience
									 : recipe->token_url;
	recipe->algorithm = oauth->algorithm;
	recipe->seed = seed_of(recipe);
	recipe->asked = asked_of(recipe);
	set_fingerprint(recipe);
	return true;
}

void
ac_token_recipe_login(const AcLogin *login, AcTokenRecipe *recipe)
{
	StringInfoData all;

	initStringInfo(&all);
	appendStringInfo(&all, "login:%d:%d:" INT64_FORMAT ";", login->form,
					 login->carrier, login->lifetime_ms);
	add_text(&all, login->url);
	add_text(&all, login->body);
	add_text(&all, login->username);
	add_text(&all, login->password);
	add_text(&all, login->token_path);
	add_text(&all, login->carrier_name);
	add_text(&all, login->expiry_path);
	ac_sha256_of(all.data, all.len, recipe->fingerprint);
	recipe->login = login;
	recipe->token_url = login->url;
	recipe->seed = "";
	recipe->asked = "";
}
