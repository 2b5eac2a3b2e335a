/*
 * jwt.c
 *		How does a client prove with a key who it is?  See jwt.h.
 */
#include "ac.h"

#include "core/base64url.h"
#include "core/json.h"
#include "policy/jwt.h"

static const char *const algorithm_names[] = {
	[AC_JWT_RS256] = "RS256",
	[AC_JWT_ES256] = "ES256",
	[AC_JWT_HS256] = "HS256",
};

bool
ac_jwt_algorithm_parse(const char *name, AcJwtAlgorithm *algorithm)
{
	for (int i = 0; i < (int) lengthof(algorithm_names); i++)
	{
		if (strcmp(name, algorithm_names[i]) == 0)
		{
			*algorithm = (AcJwtAlgorithm) i;
			return true;
		}
	}
	return false;
}

static void
set_text(AcJson *object, const char *key, const char *text)
{
	if (text != NULL)
		ac_json_set_string(object, key, text);
}

/* base64url of the object's text, which ends here. */
static char *
encode_object(AcJson *object)
{
	char *text = ac_json_to_text(object);
	char *encoded = ac_base64url_encode(text, strlen(text));

	ac_json_free(object);
	pfree(text);
	return encoded;
}

static char *
encode_header(const AcJwtClaims *claims, AcJwtAlgorithm algorithm)
{
	AcJson *header = ac_json_new_object();

	ac_json_set_string(header, "alg", algorithm_names[algorithm]);
	ac_json_set_string(header, "typ", "JWT");
	set_text(header, "kid", claims->key_id);
	return encode_object(header);
}

static char *
encode_claims(const AcJwtClaims *claims)
{
	AcJson *set = ac_json_new_object();
	int64 from_s = claims->now_s - AC_JWT_SKEW_S;

	set_text(set, "iss", claims->issuer);
	set_text(set, "sub", claims->subject);
	set_text(set, "aud", claims->audience);
	set_text(set, "scope", claims->scope);
	set_text(set, "jti", claims->id);
	ac_json_set(set, "iat", ac_json_new_int(from_s));
	/* From the beginning, or some would find it longer than they allow. */
	ac_json_set(set, "exp", ac_json_new_int(from_s + AC_JWT_LIFETIME_S));
	return encode_object(set);
}

char *
ac_jwt_create(const AcJwtClaims *claims, const AcJwtSigner *signer,
			  AcError *err)
{
	AcJwtSignature signature;
	char *input = psprintf("%s.%s", encode_header(claims, signer->algorithm),
						   encode_claims(claims));

	if (!signer->sign(signer->arg, input, strlen(input), &signature, err))
		return NULL;
	return psprintf("%s.%s", input,
					ac_base64url_encode(signature.bytes, signature.len));
}
