/*
 * sign.c
 *		How is something signed with a key that a user mapping holds?
 *		See sign.h.
 *
 * PostgreSQL has neither RSA nor elliptic curves; OpenSSL is what libcurl uses,
 * too.  Hashes are OpenSSL's for another reason: PostgreSQL's hang on a
 * resource owner, which a worker has none of outside of transactions.
 */
#include "ac.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "net/sign.h"

/* RFC 7518 3.3: shorter keys must not be used. */
#define AC_SIGN_MIN_RSA_BITS 2048

/* Bytes of each of the two numbers of a signature on P-256, RFC 7518 3.4. */
#define AC_SIGN_P256_BYTES 32

/* ---- errors ---- */

/* Says what is wrong with the value of an option; always false. */
static bool
bad_key(const char *option, const char *why, AcError *err)
{
	ERR_clear_error();
	ac_error_set(err, AC_ERR_OPTION_VALUE,
				 "invalid value for user mapping option \"%s\"", option);
	return ac_error_detail(err, "%s", why);
}

/* OpenSSL failed although the key is right; always false. */
static bool
sign_failed(AcError *err)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	ac_error_set(err, AC_ERR_INTERNAL, "could not sign");
	if (reason != NULL)
		ac_error_detail(err, "OpenSSL says: %s.", reason);
	ERR_clear_error();
	return false;
}

/* ---- PEM texts ---- */

char *
ac_sign_pem(const char *text)
{
	char *copy = pstrdup(text);
	char *to = copy;

	for (const char *from = text; *from != '\0'; from++)
	{
		if (from[0] == '\\' && from[1] == 'n')
			from++, *to++ = '\n';
		else
			*to++ = *from;
	}
	*to = '\0';
	return copy;
}

/*
 * Nobody is asked for a passphrase: OpenSSL's own callback would do that on
 * the terminal from which the server was started.
 */
static int
no_passphrase(char *buf, int size, int writing, void *asked)
{
	*(bool *) asked = true;
	return -1;
}

/* A source of the text's bytes; NULL with err. */
static BIO *
open_pem(const char *text, const char *option, AcError *err)
{
	size_t len = strlen(text);
	BIO *bio;

	if (len > AC_SIGN_MAX_PEM)
	{
		bad_key(option, "The value is too long.", err);
		return NULL;
	}
	bio = BIO_new_mem_buf(text, (int) len);
	if (bio == NULL)
		sign_failed(err);
	return bio;
}

/* The private key in the text; NULL with err. */
static EVP_PKEY *
read_key(const char *text, const char *option, AcError *err)
{
	bool asked = false;
	BIO *bio = open_pem(text, option, err);
	EVP_PKEY *key;

	if (bio == NULL)
		return NULL;
	key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &asked);
	BIO_free(bio);
	ERR_clear_error();
	if (key != NULL)
		return key;
	if (asked)
	{
		bad_key(option, "The private key is encrypted.", err);
		ac_error_hint(err, "Decrypt it first: \"openssl pkey -in FILE\".");
		return NULL;
	}
	bad_key(option, "The value is not a private key in PEM form.", err);
	ac_error_hint(err, "Such a text begins with \"-----BEGIN PRIVATE KEY-----\", and its line breaks belong to it.");
	return NULL;
}

/* The first certificate in the text; NULL with err. */
static X509 *
read_cert(const char *text, const char *option, AcError *err)
{
	bool asked = false;
	BIO *bio = open_pem(text, option, err);
	X509 *cert;

	if (bio == NULL)
		return NULL;
	cert = PEM_read_bio_X509_AUX(bio, NULL, no_passphrase, &asked);
	BIO_free(bio);
	ERR_clear_error();
	if (cert == NULL)
	{
		bad_key(option, "The value is not a certificate in PEM form.", err);
		ac_error_hint(err, "Such a text begins with \"-----BEGIN CERTIFICATE-----\", and its line breaks belong to it.");
	}
	return cert;
}

bool
ac_sign_check_client(const char *cert, const char *key, AcError *err)
{
	X509 *x509 = read_cert(cert, "client_cert", err);
	EVP_PKEY *pkey;
	bool ok;

	if (x509 == NULL)
		return false;
	pkey = read_key(key, "client_key", err);
	if (pkey == NULL)
	{
		X509_free(x509);
		return false;
	}
	ok = X509_check_private_key(x509, pkey) == 1;
	EVP_PKEY_free(pkey);
	X509_free(x509);
	return ok || bad_key("client_key", "The private key is not that of the certificate in client_cert.", err);
}

/* ---- is it a key for the algorithm? ---- */

static bool
check_rsa(const AcSignKey *key, EVP_PKEY *pkey, AcError *err)
{
	if (EVP_PKEY_base_id(pkey) != EVP_PKEY_RSA)
		return bad_key(key->option, "RS256 needs an RSA key, which this is not.", err);
	if (EVP_PKEY_bits(pkey) < AC_SIGN_MIN_RSA_BITS)
		return bad_key(key->option, "RS256 needs a key of at least 2048 bits.", err);
	if (EVP_PKEY_size(pkey) > AC_JWT_MAX_SIGNATURE)
		return bad_key(key->option, "The key is too long.", err);
	return true;
}

static bool
check_p256(const AcSignKey *key, EVP_PKEY *pkey, AcError *err)
{
	char curve[64];
	size_t len = 0;

	if (EVP_PKEY_base_id(pkey) != EVP_PKEY_EC ||
		EVP_PKEY_get_group_name(pkey, curve, sizeof(curve), &len) != 1 ||
		strcmp(curve, SN_X9_62_prime256v1) != 0)
		return bad_key(key->option, "ES256 needs a key on the curve P-256, which this is not.",
					   err);
	return true;
}

static EVP_PKEY *
read_secret(const AcSignKey *key, AcError *err)
{
	size_t len = strlen(key->key);
	EVP_PKEY *pkey = NULL;

	if (len == 0)
		bad_key(key->option, "The shared secret is empty.", err);
	else if ((pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, NULL,
												  (const uint8 *) key->key,
												  len)) == NULL)
		sign_failed(err);
	return pkey;
}

/* The key in OpenSSL's form, fit for its algorithm; NULL with err. */
static EVP_PKEY *
load_key(const AcSignKey *key, AcError *err)
{
	EVP_PKEY *pkey;
	char *pem;
	bool fit;

	if (key->algorithm == AC_JWT_HS256)
		return read_secret(key, err);
	pem = ac_sign_pem(key->key);
	pkey = read_key(pem, key->option, err);
	explicit_bzero(pem, strlen(pem));
	pfree(pem);
	if (pkey == NULL)
		return NULL;
	fit = key->algorithm == AC_JWT_RS256 ? check_rsa(key, pkey, err)
										 : check_p256(key, pkey, err);
	if (fit)
		return pkey;
	EVP_PKEY_free(pkey);
	return NULL;
}

/* ---- signing ---- */

/*
 * OpenSSL writes the two numbers of a signature as DER, JWS wants them one
 * behind the other, each of full width (RFC 7518 3.4).
 */
static bool
unwrap_ecdsa(AcJwtSignature *signature)
{
	const uint8 *der = signature->bytes;
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long) signature->len);
	uint8 *s_bytes = signature->bytes + AC_SIGN_P256_BYTES;
	bool ok;

	if (pair == NULL)
		return false;
	ok = BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature->bytes,
					  AC_SIGN_P256_BYTES) == AC_SIGN_P256_BYTES &&
		 BN_bn2binpad(ECDSA_SIG_get0_s(pair), s_bytes,
					  AC_SIGN_P256_BYTES) == AC_SIGN_P256_BYTES;
	ECDSA_SIG_free(pair);
	signature->len = 2 * AC_SIGN_P256_BYTES;
	return ok;
}

/* AcJwtSigner's sign; arg is an AcSignKey. */
static bool
sign(void *arg, const char *data, size_t len, AcJwtSignature *signature,
	 AcError *err)
{
	const AcSignKey *key = arg;
	EVP_PKEY *pkey = load_key(key, err);
	EVP_MD_CTX *cxt;
	bool ok;

	if (pkey == NULL)
		return false;
	signature->len = sizeof(signature->bytes);
	cxt = EVP_MD_CTX_new();
	ok = cxt != NULL &&
		 EVP_DigestSignInit(cxt, NULL, EVP_sha256(), NULL, pkey) == 1 &&
		 EVP_DigestSign(cxt, signature->bytes, &signature->len,
						(const uint8 *) data, len) == 1 &&
		 (key->algorithm != AC_JWT_ES256 || unwrap_ecdsa(signature));
	EVP_MD_CTX_free(cxt);
	EVP_PKEY_free(pkey);
	return ok || sign_failed(err);
}

AcJwtSigner
ac_sign_signer(const AcSignKey *key)
{
	AcJwtSigner signer = {
		.algorithm = key->algorithm,
		.sign = sign,
		.arg = unconstify(AcSignKey *, key),
	};

	return signer;
}

/* ---- hashes ---- */

/* AcSigv4Hash's sha256. */
static bool
hash_sha256(AcSigv4Bytes text, uint8 hash[AC_SIGV4_HASH_BYTES], AcError *err)
{
	return EVP_Digest(text.data, text.len, hash, NULL, EVP_sha256(), NULL) == 1 ||
		   sign_failed(err);
}

/* AcSigv4Hash's hmac. */
static bool
hash_hmac(AcSigv4Bytes key, AcSigv4Bytes text, uint8 hash[AC_SIGV4_HASH_BYTES],
		  AcError *err)
{
	return HMAC(EVP_sha256(), key.data, (int) key.len, text.data, text.len,
				hash, NULL) != NULL ||
		   sign_failed(err);
}

const AcSigv4Hash ac_sign_hash = {hash_sha256, hash_hmac};
