/*
 * sign.h
 *		How is something signed with a key that a user mapping holds?
 *
 * The signers that policy/jwt and policy/sigv4 take, and checks of keys and certificates before
 * they are used.  Keys are PEM texts (RFC 7468), read anew for each use, so
 * that none stays in memory in OpenSSL's own form.
 *
 * sign.c is the only file that knows OpenSSL, and throws nothing: the backend
 * may run its own TLS connection by the same library, so nothing is left in
 * the library's list of errors either.
 */
#ifndef AC_NET_SIGN_H
#define AC_NET_SIGN_H

#include "ac.h"

#include "core/error.h"
#include "policy/jwt.h"
#include "policy/sigv4.h"

/*
 * Longest key or certificate chain that is looked at: a key of 16,384 bits
 * takes 13 kB, and a chain of ten certificates 20.
 */
#define AC_SIGN_MAX_PEM (64 * 1024)

/*
 * A key: of RS256 and ES256 a PEM text, of HS256 a shared secret.  option
 * names the mapping option that it comes from, for errors, which never repeat
 * the key.
 */
typedef struct AcSignKey
{
	AcJwtAlgorithm algorithm;
	const char *key;
	const char *option;
} AcSignKey;

/*
 * The signer of a key, which must live as long.  It fails with
 * AC_ERR_OPTION_VALUE where the key cannot be read (it is encrypted, or no
 * PEM), or is none for the algorithm: RS256 takes RSA keys of at least 2,048
 * bits (RFC 7518 3.3), ES256 those on the curve P-256.
 */
extern AcJwtSigner ac_sign_signer(const AcSignKey *key);

/* The hashes that policy/sigv4 takes. */
extern const AcSigv4Hash ac_sign_hash;

/*
 * A PEM text as it was before somebody copied it out of a JSON document or an
 * environment variable: "\n" written as two characters becomes a line break.
 * palloc'd.
 */
extern char *ac_sign_pem(const char *text);

/*
 * Are these a certificate, behind which others of its chain may stand, and its
 * private key, each a PEM text of the mapping options client_cert and
 * client_key?  If not, AC_ERR_OPTION_VALUE.
 */
extern bool ac_sign_check_client(const char *cert, const char *key,
								 AcError *err);

#endif /* AC_NET_SIGN_H */
