/*
 * oauth_answer.c
 *		What does an OAuth 2.0 authorization server's answer mean?
 *		See oauth.h.
 *
 * Beyond the RFCs: errors with status 200, forms instead of JSON and numbers
 * as texts (GitHub, Facebook, PayPal's older end points), and grants without
 * token_type, which are taken for bearer tokens.
 */
#include "ac.h"

#include "core/json.h"
#include "core/text.h"
#include "core/url.h"
#include "lib/stringinfo.h"
#include "policy/oauth.h"
#include "policy/outcome.h"

/* An object of texts; some servers add one of claims. */
#define ANSWER_DEPTH 16

/*
 * A header line that most servers take: nginx and Apache refuse more than
 * 8 kB, Tomcat the same.  Longer tokens were met nowhere.
 */
#define MAX_TOKEN_BYTES 16384

/* Longest life believed, ten years: beyond, times in ms would overflow. */
#define MAX_EXPIRES_S (INT64CONST(10) * 366 * 86400)

/* RFC 8628 3.2, where the server names none. */
#define DEFAULT_INTERVAL_S 5

/* What RFC 8628 3.5 adds when the server is asked too often. */
#define SLOWER_BY_S 5

/* No server wants to be asked more seldom than that, or all the time. */
#define MAX_INTERVAL_S 300
#define MIN_INTERVAL_S 1

/* A device's code is typed by a person, who has some minutes. */
#define DEFAULT_DEVICE_LIFE_S 300

/* RFC 8628's own example has half of that; nobody is waited for any longer. */
#define MAX_DEVICE_LIFE_S 3600

/* Of the server's description of an error. */
#define MAX_WORDS 200

/* RFC 6749 5.2, RFC 8628 3.5, and what others say instead. */
static const struct
{
	const char *error;
	AcOauthResult result;
} error_codes[] = {
	{"authorization_pending", AC_OAUTH_PENDING},
	{"slow_down", AC_OAUTH_SLOW_DOWN},
	{"invalid_grant", AC_OAUTH_DEAD},
	{"expired_token", AC_OAUTH_DEAD},
	{"access_denied", AC_OAUTH_DEAD},
	{"bad_verification_code", AC_OAUTH_DEAD},
	{"bad_refresh_token", AC_OAUTH_DEAD},
	{"interaction_required", AC_OAUTH_DEAD},
	{"server_error", AC_OAUTH_UNUSABLE},
	{"temporarily_unavailable", AC_OAUTH_UNUSABLE},
};

/* ---- the answer as an object ---- */

/* A form's fields as the members of an object. */
static AcJson *
read_form(const char *body, size_t len)
{
	AcJson *object = ac_json_new_object();
	const char *end = body + len;

	while (body < end)
	{
		const char *stop = memchr(body, '&', (size_t) (end - body));
		const char *equals;

		stop = stop != NULL ? stop : end;
		equals = memchr(body, '=', (size_t) (stop - body));
		if (equals != NULL)
			ac_json_set_string(object,
							   ac_url_decode(body, (size_t) (equals - body),
											 true, NULL),
							   ac_url_decode(equals + 1,
											 (size_t) (stop - equals - 1),
											 true, NULL));
		body = stop + 1;
	}
	return object;
}

/* The answer as an object, NULL if it is none; to be freed. */
static AcJson *
read_object(const AcOauthAnswer *answer)
{
	AcJson *doc = NULL;

	if (answer->len > AC_OAUTH_MAX_ANSWER_BYTES)
		return NULL;
	if (ac_json_parse(answer->body, answer->len, ANSWER_DEPTH, &doc, NULL))
	{
		if (ac_json_kind(doc) == AC_JSON_OBJECT)
			return doc;
		ac_json_free(doc);
		return NULL;
	}
	/* A form's values have no spaces or angle brackets, a page has. */
	for (size_t i = 0; i < answer->len; i++)
		if ((unsigned char) answer->body[i] <= ' ' || answer->body[i] == '<')
			return NULL;
	return read_form(answer->body, answer->len);
}

/* A member's text, palloc'd; NULL if it is no text, or empty. */
static const char *
text_of(const AcJson *object, const char *key)
{
	size_t len;
	const char *text = ac_json_string(ac_json_get(object, key), &len);

	if (text == NULL || len == 0 || strlen(text) != len)
		return NULL;
	return pstrdup(text);
}

/* A member's number of seconds, be it a text; otherwise if it is none. */
static int64
seconds_of(const AcJson *object, const char *key, int64 otherwise)
{
	const char *text = ac_json_text_of(ac_json_get(object, key));
	char *end;
	double seconds;

	if (text == NULL)
		return otherwise;
	seconds = strtod(text, &end);
	if (end == text || *end != '\0' || !(seconds >= 0))
		return otherwise;
	return seconds > (double) MAX_EXPIRES_S ? MAX_EXPIRES_S : (int64) seconds;
}

/* ---- errors ---- */

/* Is it one that the same request may get over by itself? */
static bool
is_passing_status(int status)
{
	return status == 408 || status == 425 || status == 429 || status >= 500;
}

static AcOauthResult
result_of(const char *error, int status)
{
	for (int i = 0; error != NULL && i < (int) lengthof(error_codes); i++)
		if (strcmp(error, error_codes[i].error) == 0)
			return error_codes[i].result;
	return is_passing_status(status) ? AC_OAUTH_UNUSABLE : AC_OAUTH_REFUSED;
}

/* What the server said, for the detail; "" if nothing. */
static char *
words_of(const AcJson *object)
{
	const char *error = text_of(object, "error");
	const char *description = text_of(object, "error_description");
	StringInfoData words;

	if (error == NULL)
		error = text_of(ac_json_get(object, "error"), "message");
	if (description == NULL)
		description = text_of(object, "message");
	initStringInfo(&words);
	if (error != NULL)
		appendStringInfoString(&words, ac_outcome_clean(error, MAX_WORDS));
	if (description != NULL)
		appendStringInfo(&words, "%s%s", words.len > 0 ? ": " : "",
						 ac_outcome_clean(description, MAX_WORDS));
	return words.data;
}

static void
set_hint(AcOauthResult result, const char *error, AcError *err)
{
	if (result == AC_OAUTH_DEAD)
		ac_error_hint(err, "Authorize again with autoconn.authorize(), or put a fresh secret into the user mapping.");
	else if (error != NULL && strcmp(error, "invalid_client") == 0)
		ac_error_hint(err, "Check client_id and client_secret, or private_key, of the user mapping.");
	else if (error != NULL && strcmp(error, "invalid_scope") == 0)
		ac_error_hint(err, "Check the server option \"scope\".");
	else if (error != NULL && strcmp(error, "unsupported_grant_type") == 0)
		ac_error_hint(err, "Check the server option \"oauth_grant\".");
	else if (result == AC_OAUTH_REFUSED && error == NULL)
		ac_error_hint(err, "Check the server option \"oauth_token_url\".");
}

/* Fills err from an answer that grants nothing. */
static AcOauthResult
refuse(const AcJson *object, const AcOauthAnswer *answer, AcError *err)
{
	const char *error = text_of(object, "error");
	AcOauthResult result = result_of(error, answer->status);
	char *words = words_of(object);

	ac_error_set(err,
				 result == AC_OAUTH_UNUSABLE ? AC_ERR_HTTP : AC_ERR_AUTH,
				 "%s",
				 result == AC_OAUTH_UNUSABLE
					 ? "authorization server did not answer the token request"
				 : result == AC_OAUTH_DEAD
					 ? "authorization server does not accept the grant any more"
				 : result == AC_OAUTH_REFUSED
					 ? "authorization server refused the token request"
					 : "authorization is not given yet");
	if (words[0] != '\0')
		ac_error_detail(err, "Status %d: %s", answer->status, words);
	else
		ac_error_detail(err, "Status %d.", answer->status);
	set_hint(result, error, err);
	return result;
}

/* The answer grants something that cannot be used. */
static AcOauthResult
unusable(AcError *err, const char *why)
{
	ac_error_set(err, AC_ERR_AUTH,
				 "authorization server granted a token that cannot be used");
	ac_error_detail(err, "%s", why);
	return AC_OAUTH_REFUSED;
}

/* ---- tokens ---- */

/* Visible ASCII, which is more than b64token of RFC 6750 2.1. */
static bool
is_token_text(const char *text)
{
	if (strlen(text) > MAX_TOKEN_BYTES)
		return false;
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

/* "Bearer", and "BearerToken" as Apigee has it. */
static bool
is_bearer(const char *token_type)
{
	return token_type == NULL || pg_strncasecmp(token_type, "bearer", 6) == 0;
}

static AcOauthResult
read_grant(const AcJson *object, AcOauthToken *token, AcError *err)
{
	const char *type = text_of(object, "token_type");

	token->access_token = text_of(object, "access_token");
	token->refresh_token = text_of(object, "refresh_token");
	token->scope = text_of(object, "scope");
	token->expires_in_s = seconds_of(object, "expires_in", -1);
	if (!is_bearer(type))
		return unusable(err, psprintf("It is of type \"%s\", not a bearer token.",
									  ac_outcome_clean(type, MAX_WORDS)));
	if (!is_token_text(token->access_token))
		return unusable(err, "It is too long, or has characters that cannot stand in a header.");
	return AC_OAUTH_GRANTED;
}

AcOauthResult
ac_oauth_read_token(const AcOauthAnswer *answer, AcOauthToken *token,
					AcError *err)
{
	AcJson *object = read_object(answer);
	AcOauthResult result;

	memset(token, 0, sizeof(*token));
	if (answer->status / 100 == 2 && text_of(object, "access_token") != NULL)
		result = read_grant(object, token, err);
	else
		result = refuse(object, answer, err);
	ac_json_free(object);
	return result;
}

/* ---- devices ---- */

bool
ac_oauth_read_device(const AcOauthAnswer *answer, AcOauthDevice *device,
					 AcError *err)
{
	AcJson *object = read_object(answer);
	int64 interval_s;
	bool good;

	memset(device, 0, sizeof(*device));
	device->device_code = text_of(object, "device_code");
	device->user_code = text_of(object, "user_code");
	device->verification_uri = text_of(object, "verification_uri");
	/* Google's name for it, from before the RFC. */
	if (device->verification_uri == NULL)
		device->verification_uri = text_of(object, "verification_url");
	device->verification_uri_complete =
		text_of(object, "verification_uri_complete");
	device->expires_in_s = Min(MAX_DEVICE_LIFE_S,
							   seconds_of(object, "expires_in",
										  DEFAULT_DEVICE_LIFE_S));
	interval_s = seconds_of(object, "interval", DEFAULT_INTERVAL_S);
	device->interval_s = (int) Max(MIN_INTERVAL_S,
								   Min(interval_s, MAX_INTERVAL_S));
	good = answer->status / 100 == 2 && device->device_code != NULL &&
		   device->user_code != NULL && device->verification_uri != NULL;
	if (!good)
		(void) refuse(object, answer, err);
	ac_json_free(object);
	return good;
}

int
ac_oauth_slower(int interval_s)
{
	return Min(interval_s + SLOWER_BY_S, MAX_INTERVAL_S);
}
