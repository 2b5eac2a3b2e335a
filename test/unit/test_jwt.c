/*
 * test_jwt.c
 *		Are assertions made as RFC 7515 and RFC 7523 say?
 */
#include "ac.h"

#include "core/json.h"
#include "policy/jwt.h"
#include "tap.h"

static char signed_input[1024];

/* "Signs" with what RFC 7515 appendix C has, and keeps what was to be signed. */
static bool
sign(void *arg, const char *data, size_t len,
	 AcJwtSignature *signature, AcError *err)
{
	static const uint8 octets[] = {3, 236, 255, 224, 193};

	if (arg != NULL)
		return ac_error_set(err, AC_ERR_OPTION_VALUE, "no key");
	snprintf(signed_input, sizeof(signed_input), "%.*s", (int) len, data);
	memcpy(signature->bytes, octets, sizeof(octets));
	signature->len = sizeof(octets);
	return true;
}

static void
test_token(void)
{
	AcJwtSigner signer = {AC_JWT_RS256, sign, NULL};
	AcJwtClaims claims = {.issuer = "me", .subject = "me", .audience = "https://as/token", .id = "1", .now_s = 1000000000};
	AcError err;
	char *token = ac_jwt_create(&claims, &signer, &err);

	/* {"alg":"RS256","typ":"JWT"} and the claims, encoded by base64(1) */
	is_str(signed_input,
		   "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9."
		   "eyJpc3MiOiJtZSIsInN1YiI6Im1lIiwiYXVkIjoiaHR0cHM6Ly9hcy90b2tlbiIsImp0aSI6IjEiLCJpYXQiOjk5OTk5OTk5NSwiZXhwIjoxMDAwMDAwMDU1fQ",
		   "what is signed");
	is_str(token, psprintf("%s.A-z_4ME", signed_input), "the token");

	claims.key_id = "k1";
	claims.subject = NULL;
	claims.id = NULL;
	claims.scope = "a b";
	signer.algorithm = AC_JWT_ES256;
	ok(ac_jwt_create(&claims, &signer, &err) != NULL, "another");
	is_str(signed_input,
		   "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsxIn0."
		   "eyJpc3MiOiJtZSIsImF1ZCI6Imh0dHBzOi8vYXMvdG9rZW4iLCJzY29wZSI6ImEgYiIsImlhdCI6OTk5OTk5OTk1LCJleHAiOjEwMDAwMDAwNTV9",
		   "with a key's name and a scope");

	signer.arg = &claims;
	ok(ac_jwt_create(&claims, &signer, &err) == NULL, "the signer fails");
	is_str(err.message, "no key", "and says why");
}

static void
test_algorithms(void)
{
	AcJwtAlgorithm algorithm = AC_JWT_RS256;

	ok(ac_jwt_algorithm_parse("ES256", &algorithm), "ES256");
	is_int(algorithm, AC_JWT_ES256, "is it");
	ok(!ac_jwt_algorithm_parse("none", &algorithm), "none is none of ours");
	ok(!ac_jwt_algorithm_parse("", &algorithm), "nor is nothing");
}

int
main(void)
{
	test_token();
	test_algorithms();
	return done_testing();
}
