/*
 * jwt.h
 *		How does a client prove with a key who it is?
 *
 * Makes signed JSON Web Tokens: JWS compact serialisation (RFC 7515 7.1) of
 * JWT claims (RFC 7519) as OAuth takes them for assertions (RFC 7523 3).
 * Signing is an argument, and so are time and the token's name: keys and
 * cryptography are net/sign's business.
 */
#ifndef AC_POLICY_JWT_H
#define AC_POLICY_JWT_H

#include "ac.h"

#include "core/error.h"

/* RFC 7518 3.1; those that token endpoints take in practice. */
typedef enum AcJwtAlgorithm
{
	AC_JWT_RS256, /* RSASSA-PKCS1-v1_5 with SHA-256 */
	AC_JWT_ES256, /* ECDSA on P-256 with SHA-256 */
	AC_JWT_HS256  /* HMAC with SHA-256 */
} AcJwtAlgorithm;

/* Largest signature: RSA with a key of 16,384 bits, the most OpenSSL takes. */
#define AC_JWT_MAX_SIGNATURE 2048

typedef struct AcJwtSignature
{
	uint8 bytes[AC_JWT_MAX_SIGNATURE];
	size_t len;
} AcJwtSignature;

/*
 * sign: writes the signature over len bytes at data, as RFC 7518 3 wants it
 * (of ES256 the two numbers, 64 bytes); false with err.  Must not throw.
 */
typedef struct AcJwtSigner
{
	AcJwtAlgorithm algorithm;
	bool (*sign)(void *arg, const char *data, size_t len,
				 AcJwtSignature *signature, AcError *err);
	void *arg;
} AcJwtSigner;

/*
 * How long an assertion holds.  Google takes no more than an hour and Box no
 * more than a minute, which is enough to send it.
 */
#define AC_JWT_LIFETIME_S 60

/*
 * How far back its beginning is set, for servers whose clock is behind ours;
 * those that check "iat" or "nbf" at all mostly allow a minute themselves.
 */
#define AC_JWT_SKEW_S 5

/* Texts that are NULL are left out. */
typedef struct AcJwtClaims
{
	const char *key_id; /* header "kid" */
	const char *issuer;
	const char *subject;
	const char *audience;
	const char *scope; /* not of RFC 7523, but Google wants it here */
	const char *id;	   /* "jti", never used before */
	int64 now_s;	   /* Unix time */
} AcJwtClaims;

/* The signed token, palloc'd; NULL with the signer's error. */
extern char *ac_jwt_create(const AcJwtClaims *claims,
						   const AcJwtSigner *signer, AcError *err);

/* The algorithm named so ("RS256"); false if it is none of ours. */
extern bool ac_jwt_algorithm_parse(const char *name,
								   AcJwtAlgorithm *algorithm);

#endif /* AC_POLICY_JWT_H */
