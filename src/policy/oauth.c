/*
 * oauth.c
 *		What is said to an OAuth 2.0 authorization server?  See oauth.h.
 *
 * What it answers is read in oauth_answer.c.
 */
#include "ac.h"

#include "common/base64.h"
#include "core/base64url.h"
#include "core/url.h"
#include "lib/stringinfo.h"
#include "policy/oauth.h"

/* RFC 7523 2.2 */
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/* No token is renewed earlier than so long before its end. */
#define RENEW_AHEAD_S 60

/* Nor is more than this part of its life given away. */
#define RENEW_PART 10

static const char *const grant_types[] = {
	[AC_OAUTH_CLIENT_CREDENTIALS] = "client_credentials",
	[AC_OAUTH_REFRESH_TOKEN] = "refresh_token",
	[AC_OAUTH_AUTHORIZATION_CODE] = "authorization_code",
	[AC_OAUTH_JWT_BEARER] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
	[AC_OAUTH_DEVICE_CODE] = "urn:ietf:params:oauth:grant-type:device_code",
};

static void
add_field(StringInfo form, const char *name, const char *value)
{
	if (value == NULL)
		return;
	if (form->len > 0)
		appendStringInfoChar(form, '&');
	appendStringInfo(form, "%s=", name);
	ac_url_encode_query(value, strlen(value), form);
}

/* Who asks, as far as that stands in the form. */
static void
add_client(StringInfo form, const AcOauthAsk *ask)
{
	switch (ask->client_auth)
	{
		case AC_OAUTH_CLIENT_BASIC:
			break;
		case AC_OAUTH_CLIENT_POST:
			add_field(form, "client_id", ask->client_id);
			add_field(form, "client_secret", ask->client_secret);
			break;
		case AC_OAUTH_CLIENT_JWT:
			add_field(form, "client_id", ask->client_id);
			add_field(form, "client_assertion_type", ASSERTION_TYPE);
			add_field(form, "client_assertion", ask->client_assertion);
			break;
		case AC_OAUTH_CLIENT_NONE:
			add_field(form, "client_id", ask->client_id);
			break;
	}
}

/* What is presented, by grant. */
static void
add_grant(StringInfo form, const AcOauthAsk *ask)
{
	add_field(form, "grant_type", grant_types[ask->grant]);
	switch (ask->grant)
	{
		case AC_OAUTH_CLIENT_CREDENTIALS:
			break;
		case AC_OAUTH_REFRESH_TOKEN:
			add_field(form, "refresh_token", ask->refresh_token);
			break;
		case AC_OAUTH_AUTHORIZATION_CODE:
			add_field(form, "code", ask->code);
			add_field(form, "redirect_uri", ask->redirect_uri);
			add_field(form, "code_verifier", ask->code_verifier);
			break;
		case AC_OAUTH_JWT_BEARER:
			add_field(form, "assertion", ask->assertion);
			break;
		case AC_OAUTH_DEVICE_CODE:
			add_field(form, "device_code", ask->code);
			break;
	}
}

/*
 * A code, of a device or not, stands for a scope that was asked for when it
 * was made (RFC 6749 4.1.3, RFC 8628 3.4).
 */
static bool
takes_scope(AcOauthGrant grant)
{
	return grant != AC_OAUTH_AUTHORIZATION_CODE &&
		   grant != AC_OAUTH_DEVICE_CODE;
}

char *
ac_oauth_form(const AcOauthAsk *ask)
{
	StringInfoData form;

	initStringInfo(&form);
	add_grant(&form, ask);
	if (takes_scope(ask->grant))
		add_field(&form, "scope", ask->scope);
	add_field(&form, "audience", ask->audience);
	add_client(&form, ask);
	return form.data;
}

char *
ac_oauth_device_form(const AcOauthAsk *ask)
{
	StringInfoData form;

	initStringInfo(&form);
	/* Required even of clients that authenticate otherwise (RFC 8628 3.1). */
	if (ask->client_auth == AC_OAUTH_CLIENT_BASIC)
		add_field(&form, "client_id", ask->client_id);
	add_client(&form, ask);
	add_field(&form, "scope", ask->scope);
	add_field(&form, "audience", ask->audience);
	return form.data;
}

char *
ac_oauth_client_header(const AcOauthAsk *ask)
{
	StringInfoData pair;
	char *encoded;
	int size;

	if (ask->client_auth != AC_OAUTH_CLIENT_BASIC)
		return NULL;
	initStringInfo(&pair);
	if (ask->client_id != NULL)
		ac_url_encode_query(ask->client_id, strlen(ask->client_id), &pair);
	appendStringInfoChar(&pair, ':');
	if (ask->client_secret != NULL)
		ac_url_encode_query(ask->client_secret, strlen(ask->client_secret),
							&pair);
	size = pg_b64_enc_len(pair.len);
	encoded = palloc0((size_t) size + 1);
	size = pg_b64_encode((const void *) pair.data, pair.len, encoded, size);
	Assert(size >= 0);
	return psprintf("Basic %s", encoded);
}

char *
ac_oauth_visit_url(const AcOauthVisit *visit, AcError *err)
{
	AcUrl url;

	if (!ac_url_parse(visit->endpoint, &url, err))
		return NULL;
	url.query = ac_url_set_query(url.query, "response_type", "code");
	url.query = ac_url_set_query(url.query, "client_id", visit->client_id);
	url.query = ac_url_set_query(url.query, "redirect_uri",
								 visit->redirect_uri);
	if (visit->scope != NULL)
		url.query = ac_url_set_query(url.query, "scope", visit->scope);
	url.query = ac_url_set_query(url.query, "state", visit->state);
	url.query = ac_url_set_query(url.query, "code_challenge",
								 ac_base64url_encode(visit->challenge,
													 AC_OAUTH_RANDOM_BYTES));
	url.query = ac_url_set_query(url.query, "code_challenge_method", "S256");
	url.fragment = NULL;
	return ac_url_text(&url);
}

int64
ac_oauth_renew_after_ms(int64 expires_in_s)
{
	if (expires_in_s < 0)
		return -1;
	return (expires_in_s - Min(expires_in_s / RENEW_PART, RENEW_AHEAD_S)) *
		   1000;
}
