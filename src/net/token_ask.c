/*
 * token_ask.c
 *		What is said to the token endpoint for a user mapping, and what did it
 *		answer?  See token_ask.h.
 */
#include "ac.h"

#include "core/base64url.h"
#include "net/connection.h"
#include "net/judge.h"
#include "net/sign.h"
#include "net/token_ask.h"
#include "utils/timestamp.h"

/* ---- assertions ---- */

/* Bytes of an assertion's name: none is ever made twice. */
#define ID_BYTES 16

static AcJwtAlgorithm
algorithm_of(const AcTokenRecipe *recipe)
{
	AcJwtAlgorithm algorithm;

	if (recipe->algorithm != NULL &&
		ac_jwt_algorithm_parse(recipe->algorithm, &algorithm))
		return algorithm;
	return recipe->private_key != NULL ? AC_JWT_RS256 : AC_JWT_HS256;
}

/* What the recipe signs with, false if it has nothing for the algorithm. */
static bool
key_of(const AcTokenRecipe *recipe, AcSignKey *key, AcError *err)
{
	bool shared;

	key->algorithm = algorithm_of(recipe);
	shared = key->algorithm == AC_JWT_HS256;
	key->option = shared ? "client_secret" : "private_key";
	key->key = shared ? recipe->client_secret : recipe->private_key;
	if (key->key == NULL)
	{
		ac_error_set(err, AC_ERR_OPTION_VALUE,
					 "user mapping has no \"%s\" to sign with", key->option);
		return false;
	}
	if (!shared)
		key->key = ac_sign_pem(key->key);
	return true;
}

/* Signs the claims, to which it adds what all assertions have; NULL with err. */
static char *
sign(const AcTokenRecipe *recipe, AcJwtClaims *claims, AcError *err)
{
	uint8 id[ID_BYTES];
	AcSignKey key;
	AcJwtSigner signer;

	if (!key_of(recipe, &key, err))
		return NULL;
	if (!pg_strong_random(id, sizeof(id)))
	{
		ac_error_set(err, AC_ERR_INTERNAL, "could not generate random values");
		return NULL;
	}
	claims->key_id = recipe->key_id;
	claims->audience = recipe->assertion_audience;
	claims->id = ac_base64url_encode(id, sizeof(id));
	claims->now_s = ac_judge_unix_ms() / 1000;
	signer = ac_sign_signer(&key);
	return ac_jwt_create(claims, &signer, err);
}

bool
ac_token_ask_client(const AcTokenRecipe *recipe, AcOauthAsk *ask, AcError *err)
{
	AcJwtClaims claims = {.issuer = recipe->client_id,
						  .subject = recipe->client_id};

	ask->client_auth = recipe->client_auth;
	ask->client_id = recipe->client_id;
	ask->client_secret = recipe->client_secret;
	ask->scope = recipe->scope;
	ask->audience = recipe->audience;
	if (recipe->client_auth != AC_OAUTH_CLIENT_JWT)
		return true;
	ask->client_assertion = sign(recipe, &claims, err);
	return ask->client_assertion != NULL;
}

/* RFC 7523 2.1: the assertion is what is presented. */
static bool
add_grant_assertion(const AcTokenRecipe *recipe, AcOauthAsk *ask, AcError *err)
{
	AcJwtClaims claims = {.issuer = recipe->issuer,
						  .subject = recipe->subject,
						  .scope = recipe->scope};

	if (ask->grant != AC_OAUTH_JWT_BEARER)
		return true;
	ask->assertion = sign(recipe, &claims, err);
	return ask->assertion != NULL;
}

/* ---- requests ---- */

AcFetch *
ac_token_ask_form(AcConnection *endpoint, const char *url, const char *form,
				  const char *authorization)
{
	const AcServerOptions *options = ac_connection_options(endpoint);
	AcFetchRequest request = {
		.method = "POST",
		.url = url,
		.accept = "application/json",
		.json = form,
		.body_type = "application/x-www-form-urlencoded",
		.secret = true,
		.kind = AC_FETCH_TOKEN,
		.timeout_ms = Min(options->timeout_ms, AC_TOKEN_TIMEOUT_MS),
		.max_bytes = AC_OAUTH_MAX_ANSWER_BYTES,
	};

	if (authorization != NULL)
		request.headers[0] = psprintf("Authorization: %s", authorization);
	return ac_fetch_start(endpoint, &request, CurrentMemoryContext);
}

AcFetch *
ac_token_ask_start(const AcTokenRecipe *recipe, AcConnection *endpoint,
				   const AcTokenPresented *presented, AcError *err)
{
	AcOauthAsk ask = {
		.grant = presented->grant,
		.refresh_token = presented->refresh_token,
		.code = presented->code,
		.redirect_uri = presented->redirect_uri,
		.code_verifier = presented->code_verifier,
	};

	if (!ac_token_ask_client(recipe, &ask, err) ||
		!add_grant_assertion(recipe, &ask, err))
		return NULL;
	/*
	 * A refresh token has a scope of its own, which may be less than what was
	 * asked for when it was granted; to name more is an error (RFC 6749 6).
	 */
	if (presented->grant == AC_OAUTH_REFRESH_TOKEN)
		ask.scope = NULL;
	ac_connection_learn_secret(endpoint, presented->refresh_token);
	ac_connection_learn_secret(endpoint, presented->code);
	ac_connection_learn_secret(endpoint, presented->code_verifier);
	ac_connection_learn_secret(endpoint, ask.client_assertion);
	ac_connection_learn_secret(endpoint, ask.assertion);
	return ac_token_ask_form(endpoint, recipe->token_url, ac_oauth_form(&ask),
							 ac_oauth_client_header(&ask));
}

/* ---- answers ---- */

/* What happened to the request, before anything was answered. */
static AcOauthResult
not_answered(const AcFetch *fetch, AcError *err)
{
	*err = fetch->error;
	return AC_OAUTH_UNUSABLE;
}

AcOauthResult
ac_token_ask_read(const AcFetch *fetch, AcConnection *endpoint,
				  AcOauthToken *token, AcError *err)
{
	AcOauthAnswer answer = {.status = fetch->status};
	AcOauthResult result;

	if (fetch->state != AC_FETCH_ANSWERED)
		return not_answered(fetch, err);
	answer.body = fetch->body->data != NULL ? fetch->body->data : "";
	answer.len = fetch->body->len;
	result = ac_oauth_read_token(&answer, token, err);
	if (result == AC_OAUTH_UNUSABLE && fetch->status == 429)
	{
		err->code = AC_ERR_THROTTLED;
		if (fetch->frees_ms > 0)
			ac_error_hint(err, "Try again in " INT64_FORMAT " s.",
						  (fetch->frees_ms + 999) / 1000);
	}
	if (result != AC_OAUTH_GRANTED)
	{
		ac_judge_scrub(endpoint, err->message);
		ac_judge_scrub(endpoint, err->detail);
	}
	return result;
}

int64
ac_token_life_ms(const AcOauthToken *token)
{
	int64 life_ms = ac_oauth_renew_after_ms(token->expires_in_s);

	return life_ms < 0 ? -1 : Max(life_ms, AC_TOKEN_MIN_LIFE_MS);
}

AcTokenRow
ac_token_row(const AcTokenRecipe *recipe, const AcTokenRow *before,
			 const AcOauthToken *token)
{
	int64 life_ms = ac_token_life_ms(token);
	AcTokenRow row = {
		.mapping = recipe->mapping,
		.seed = pstrdup(recipe->seed),
		.asked = pstrdup(recipe->asked),
		.access_token = pstrdup(token->access_token),
		.renew_at = DT_NOEND,
	};

	row.generation = before != NULL ? before->generation + 1 : 1;
	if (life_ms >= 0)
		row.renew_at = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), life_ms);
	if (token->refresh_token != NULL)
		row.refresh_token = pstrdup(token->refresh_token);
	else if (before != NULL && before->refresh_token != NULL)
		row.refresh_token = pstrdup(before->refresh_token);
	return row;
}
