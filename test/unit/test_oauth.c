/*
 * test_oauth.c
 *		Are token requests what the RFCs say, and answers read right?
 */
#include "ac.h"

#include "core/base64url.h"
#include "policy/oauth.h"
#include "tap.h"

#define ASSERTION_TYPE "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"

static void
test_base64url(void)
{
	/* RFC 7515 appendix C, and what the plain alphabet would spell + and / */
	static const uint8 octets[] = {3, 236, 255, 224, 193};
	static const uint8 special[] = {0xFB, 0xFF, 0xBF};

	is_str(ac_base64url_encode(octets, 5), "A-z_4ME", "RFC 7515 appendix C");
	is_str(ac_base64url_encode(special, 3), "-_-_", "no + and no /");
	is_str(ac_base64url_encode("a", 1), "YQ", "no padding");
	is_str(ac_base64url_encode("", 0), "", "nothing");
}

static void
test_forms(void)
{
	static const struct
	{
		const char *name;
		AcOauthAsk ask;
		const char *form;
		const char *header;
	} cases[] = {
		/* RFC 6749 4.4.2 with the client of 2.3.1 */
		{"client credentials", {.grant = AC_OAUTH_CLIENT_CREDENTIALS, .client_auth = AC_OAUTH_CLIENT_BASIC, .client_id = "s6BhdRkqt3", .client_secret = "gX1fBat3bV"}, "grant_type=client_credentials", "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW"},
		{"scope and audience", {.grant = AC_OAUTH_CLIENT_CREDENTIALS, .client_auth = AC_OAUTH_CLIENT_POST, .client_id = "me", .client_secret = "a b&c", .scope = "read write", .audience = "https://api"}, "grant_type=client_credentials&scope=read%20write&audience=https%3A%2F%2Fapi&client_id=me&client_secret=a%20b%26c", NULL},
		/* RFC 6749 6 */
		{"refresh", {.grant = AC_OAUTH_REFRESH_TOKEN, .client_auth = AC_OAUTH_CLIENT_BASIC, .client_id = "s6BhdRkqt3", .client_secret = "7Fjfp0ZBr1KtDRbnfVdmIw", .refresh_token = "tGzv3JOkF0XG5Qx2TlKWIA"}, "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA", "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"},
		{"refresh of a public client", {.grant = AC_OAUTH_REFRESH_TOKEN, .client_auth = AC_OAUTH_CLIENT_NONE, .client_id = "app", .refresh_token = "r"}, "grant_type=refresh_token&refresh_token=r&client_id=app", NULL},
		/* RFC 6749 4.1.3 and RFC 7636 4.5 */
		{"code", {.grant = AC_OAUTH_AUTHORIZATION_CODE, .client_auth = AC_OAUTH_CLIENT_NONE, .client_id = "app", .scope = "not again", .code = "SplxlOBeZQQYbYS6WxSbIA", .redirect_uri = "https://client.example.com/cb", .code_verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}, "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&client_id=app", NULL},
		/* RFC 7523 2.1, 2.2 */
		{"assertion", {.grant = AC_OAUTH_JWT_BEARER, .client_auth = AC_OAUTH_CLIENT_NONE, .assertion = "eyJ.eyJ.J9l"}, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJ.eyJ.J9l", NULL},
		{"client assertion", {.grant = AC_OAUTH_CLIENT_CREDENTIALS, .client_auth = AC_OAUTH_CLIENT_JWT, .client_id = "me", .client_assertion = "a.b.c"}, "grant_type=client_credentials&client_id=me&" ASSERTION_TYPE "&client_assertion=a.b.c", NULL},
		/* RFC 8628 3.4 */
		{"device", {.grant = AC_OAUTH_DEVICE_CODE, .client_auth = AC_OAUTH_CLIENT_NONE, .client_id = "1406020730", .code = "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS"}, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS&client_id=1406020730", NULL},
		/* a colon in the id must not end it, hence the encoding of 2.3.1 */
		{"id with a colon", {.grant = AC_OAUTH_CLIENT_CREDENTIALS, .client_auth = AC_OAUTH_CLIENT_BASIC, .client_id = "a:b", .client_secret = "c d"}, "grant_type=client_credentials", "Basic YSUzQWI6YyUyMGQ="},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		is_str(ac_oauth_form(&cases[i].ask), cases[i].form, "%s: form",
			   cases[i].name);
		is_str(ac_oauth_client_header(&cases[i].ask), cases[i].header,
			   "%s: header", cases[i].name);
	}
}

static void
test_device_forms(void)
{
	AcOauthAsk ask = {.grant = AC_OAUTH_DEVICE_CODE, .client_auth = AC_OAUTH_CLIENT_NONE, .client_id = "1406020730", .scope = "example_scope"};

	/* RFC 8628 3.1 */
	is_str(ac_oauth_device_form(&ask), "client_id=1406020730&scope=example_scope",
		   "public client");
	ask.client_auth = AC_OAUTH_CLIENT_BASIC;
	is_str(ac_oauth_device_form(&ask), "client_id=1406020730&scope=example_scope",
		   "the id stands there also beside a header");
}

static void
test_visit(void)
{
	/* RFC 7636 appendix B */
	static const uint8 challenge[AC_OAUTH_RANDOM_BYTES] = {
		19, 211, 30, 150, 26, 26, 216, 236, 47, 22, 177, 12, 76, 152, 46, 8,
		118, 168, 120, 173, 109, 241, 68, 86, 110, 225, 137, 74, 203, 112, 249, 195};
	AcOauthVisit visit = {"https://as.example/authorize?tenant=1", "app",
						  "http://127.0.0.1:1/cb", "a b", "xyz", challenge};
	AcError err;

	is_str(ac_oauth_visit_url(&visit, &err),
		   "https://as.example/authorize?tenant=1&response_type=code&client_id=app&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb&scope=a%20b&state=xyz&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
		   "URL to visit");
	visit.scope = NULL;
	visit.endpoint = "https://as.example/authorize#x";
	is_str(ac_oauth_visit_url(&visit, &err),
		   "https://as.example/authorize?response_type=code&client_id=app&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb&state=xyz&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
		   "neither scope nor fragment");
	visit.endpoint = "javascript:alert(1)";
	ok(ac_oauth_visit_url(&visit, &err) == NULL, "no URL of ours");
}

static void
test_tokens(void)
{
	static const struct
	{
		const char *name;
		int status;
		const char *body;
		AcOauthResult result;
		const char *access;
		const char *refresh;
		int64 expires_s;
		const char *detail; /* of anything but GRANTED */
	} cases[] = {
		/* RFC 6749 5.1, 5.2 */
		{"grant", 200, "{\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\"token_type\":\"example\",\"expires_in\":3600}", AC_OAUTH_REFUSED, "2YotnFZFEjr1zCsicMWpAA", NULL, 3600, "It is of type \"example\", not a bearer token."},
		{"bearer", 200, "{\"access_token\":\"a.b-c\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"tGz\"}", AC_OAUTH_GRANTED, "a.b-c", "tGz", 3600, NULL},
		{"numbers as texts", 200, "{\"access_token\":\"a\",\"token_type\":\"bearer\",\"expires_in\":\"28799\"}", AC_OAUTH_GRANTED, "a", NULL, 28799, NULL},
		{"a fraction", 200, "{\"access_token\":\"a\",\"expires_in\":299.9}", AC_OAUTH_GRANTED, "a", NULL, 299, NULL},
		{"no end", 200, "{\"access_token\":\"a\",\"token_type\":\"BearerToken\",\"expires_in\":null}", AC_OAUTH_GRANTED, "a", NULL, -1, NULL},
		{"nonsense of an end", 200, "{\"access_token\":\"a\",\"expires_in\":\"soon\"}", AC_OAUTH_GRANTED, "a", NULL, -1, NULL},
		{"a negative end", 200, "{\"access_token\":\"a\",\"expires_in\":-5}", AC_OAUTH_GRANTED, "a", NULL, -1, NULL},
		{"an end beyond all", 200, "{\"access_token\":\"a\",\"expires_in\":1e300}", AC_OAUTH_GRANTED, "a", NULL, 316224000, NULL},
		{"a form", 200, "access_token=gho_16&scope=repo%2Cgist&token_type=bearer", AC_OAUTH_GRANTED, "gho_16", NULL, -1, NULL},
		{"an empty refresh token is none", 200, "{\"access_token\":\"a\",\"refresh_token\":\"\"}", AC_OAUTH_GRANTED, "a", NULL, -1, NULL},
		{"a line break in the token", 200, "{\"access_token\":\"a\\r\\nX-Evil: 1\"}", AC_OAUTH_REFUSED, "a\r\nX-Evil: 1", NULL, -1, "It is too long, or has characters that cannot stand in a header."},
		{"NUL in the token", 200, "{\"access_token\":\"a\\u0000b\"}", AC_OAUTH_REFUSED, NULL, NULL, 0, "Status 200."},
		{"dead", 400, "{\"error\":\"invalid_grant\",\"error_description\":\"Token has been revoked.\"}", AC_OAUTH_DEAD, NULL, NULL, 0, "Status 400: invalid_grant: Token has been revoked."},
		{"wrong client", 401, "{\"error\":\"invalid_client\"}", AC_OAUTH_REFUSED, NULL, NULL, 0, "Status 401: invalid_client"},
		{"an error with status 200", 200, "{\"error\":\"bad_verification_code\",\"error_description\":\"expired\"}", AC_OAUTH_DEAD, NULL, NULL, 0, "Status 200: bad_verification_code: expired"},
		{"an error in a form", 200, "error=incorrect_client_credentials&error_description=No+such+client", AC_OAUTH_REFUSED, NULL, NULL, 0, "Status 200: incorrect_client_credentials: No such client"},
		{"an error as an object", 400, "{\"error\":{\"code\":400,\"message\":\"Bad key\"}}", AC_OAUTH_REFUSED, NULL, NULL, 0, "Status 400: Bad key"},
		{"control characters", 400, "{\"error\":\"invalid_grant\",\"error_description\":\"a\\u001b[31mb\\nc\"}", AC_OAUTH_DEAD, NULL, NULL, 0, "Status 400: invalid_grant: a [31mb c"},
		/* RFC 8628 3.5 */
		{"pending", 400, "{\"error\":\"authorization_pending\"}", AC_OAUTH_PENDING, NULL, NULL, 0, "Status 400: authorization_pending"},
		{"slow down", 400, "{\"error\":\"slow_down\"}", AC_OAUTH_SLOW_DOWN, NULL, NULL, 0, "Status 400: slow_down"},
		{"expired", 400, "{\"error\":\"expired_token\"}", AC_OAUTH_DEAD, NULL, NULL, 0, "Status 400: expired_token"},
		{"the user says no", 400, "{\"error\":\"access_denied\"}", AC_OAUTH_DEAD, NULL, NULL, 0, "Status 400: access_denied"},
		/* no answers */
		{"a page", 200, "<html><body>access_token=x</body></html>", AC_OAUTH_REFUSED, NULL, NULL, 0, "Status 200."},
		{"an array", 200, "[{\"access_token\":\"a\"}]", AC_OAUTH_REFUSED, NULL, NULL, 0, "Status 200."},
		{"nothing", 204, "", AC_OAUTH_REFUSED, NULL, NULL, 0, "Status 204."},
		{"not found", 404, "not found", AC_OAUTH_REFUSED, NULL, NULL, 0, "Status 404."},
		{"busy", 503, "<h1>busy</h1>", AC_OAUTH_UNUSABLE, NULL, NULL, 0, "Status 503."},
		{"throttled", 429, "{\"message\":\"slow\"}", AC_OAUTH_UNUSABLE, NULL, NULL, 0, "Status 429: slow"},
		{"its own trouble", 400, "{\"error\":\"temporarily_unavailable\"}", AC_OAUTH_UNUSABLE, NULL, NULL, 0, "Status 400: temporarily_unavailable"},
		{"a token with an error's status", 400, "{\"access_token\":\"a\"}", AC_OAUTH_REFUSED, NULL, NULL, 0, "Status 400."},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcOauthAnswer answer = {cases[i].status, cases[i].body, strlen(cases[i].body)};
		AcOauthToken token;
		AcError err;

		ac_error_clear(&err);
		is_int(ac_oauth_read_token(&answer, &token, &err), cases[i].result,
			   "%s", cases[i].name);
		is_str(token.access_token, cases[i].access, "%s: access", cases[i].name);
		is_str(token.refresh_token, cases[i].refresh, "%s: refresh", cases[i].name);
		is_int(token.expires_in_s, cases[i].expires_s, "%s: end", cases[i].name);
		is_str(err.detail, cases[i].detail != NULL ? cases[i].detail : "",
			   "%s: detail", cases[i].name);
		is_int(err.code,
			   cases[i].result == AC_OAUTH_GRANTED	  ? AC_ERR_NONE
			   : cases[i].result == AC_OAUTH_UNUSABLE ? AC_ERR_HTTP
													  : AC_ERR_AUTH,
			   "%s: code", cases[i].name);
	}
}

static void
test_devices(void)
{
	/* RFC 8628 3.2 */
	const char *body = "{\"device_code\":\"GmRh\",\"user_code\":\"WDJB-MJHT\",\"verification_uri\":\"https://example.com/device\",\"verification_uri_complete\":\"https://example.com/device?user_code=WDJB-MJHT\",\"expires_in\":1800,\"interval\":7}";
	AcOauthAnswer answer = {200, body, strlen(body)};
	AcOauthDevice device;
	AcError err;

	ok(ac_oauth_read_device(&answer, &device, &err), "device");
	is_str(device.device_code, "GmRh", "device code");
	is_str(device.user_code, "WDJB-MJHT", "user code");
	is_str(device.verification_uri, "https://example.com/device", "where to type it");
	is_str(device.verification_uri_complete,
		   "https://example.com/device?user_code=WDJB-MJHT", "where not to");
	is_int(device.expires_in_s, 1800, "its life");
	is_int(device.interval_s, 7, "interval");
	is_int(ac_oauth_slower(device.interval_s), 12, "five seconds more");
	is_int(ac_oauth_slower(299), 300, "but no longer than five minutes");

	answer.body = "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_url\":\"https://g\"}";
	answer.len = strlen(answer.body);
	ok(ac_oauth_read_device(&answer, &device, &err), "as Google has it");
	is_str(device.verification_uri, "https://g", "its name for the URL");
	is_int(device.interval_s, 5, "interval by default");

	answer.body = "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"https://g\",\"interval\":1e9}";
	answer.len = strlen(answer.body);
	ok(ac_oauth_read_device(&answer, &device, &err), "no end to the interval");
	is_int(device.interval_s, 300, "but one of ours");

	answer.body = "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"https://g\",\"interval\":0,\"expires_in\":1e9}";
	answer.len = strlen(answer.body);
	ok(ac_oauth_read_device(&answer, &device, &err), "none at all");
	is_int(device.interval_s, 1, "but a second");
	is_int(device.expires_in_s, 3600, "and an hour at most");

	answer.body = "{\"user_code\":\"u\"}";
	answer.len = strlen(answer.body);
	ok(!ac_oauth_read_device(&answer, &device, &err), "without a device code");
	is_int(err.code, AC_ERR_AUTH, "which is told");
}

static void
test_life(void)
{
	is_int(ac_oauth_renew_after_ms(3600), 3540000, "a minute before an hour is over");
	is_int(ac_oauth_renew_after_ms(300), 270000, "a tenth of five minutes");
	is_int(ac_oauth_renew_after_ms(5), 5000, "short lives are used up");
	is_int(ac_oauth_renew_after_ms(0), 0, "at once");
	is_int(ac_oauth_renew_after_ms(-1), -1, "unknown");
}

int
main(void)
{
	test_base64url();
	test_forms();
	test_device_forms();
	test_visit();
	test_tokens();
	test_devices();
	test_life();
	return done_testing();
}
