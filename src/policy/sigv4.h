/*
 * sigv4.h
 *		What does AWS want signed of a request, and how?
 *
 * Signature Version 4 in the Authorization header, for requests whose body is
 * known in full
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
 *
 * libcurl has it, too, but up to 8.x signs path and query as they stand
 * where AWS puts them into a canonical form first, each version otherwise
 * (https://github.com/curl/curl/issues/9717, 11794, 13754 and 16927): orders
 * of parameters and characters that APIs and users choose would fail or not
 * by the version that is installed.
 *
 * Hashing is an argument, and so is time.
 */
#ifndef AC_POLICY_SIGV4_H
#define AC_POLICY_SIGV4_H

#include "ac.h"

#include "core/error.h"
#include "core/url.h"

#define AC_SIGV4_HASH_BYTES 32

typedef struct AcSigv4Bytes
{
	const void *data;
	size_t len;
} AcSigv4Bytes;

/* SHA-256, and HMAC with it (RFC 2104); false with err.  Must not throw. */
typedef struct AcSigv4Hash
{
	bool (*sha256)(AcSigv4Bytes text, uint8 hash[AC_SIGV4_HASH_BYTES],
				   AcError *err);
	bool (*hmac)(AcSigv4Bytes key, AcSigv4Bytes text,
				 uint8 hash[AC_SIGV4_HASH_BYTES], AcError *err);
} AcSigv4Hash;

typedef struct AcSigv4Key
{
	const char *access_key;
	const char *secret_key;
	const char *session_token; /* NULL: none */
	const char *region;
	const char *service;
} AcSigv4Key;

typedef struct AcSigv4Request
{
	const char *method;
	AcUrl *url;		  /* its query is put into canonical form */
	const char *body; /* NULL: none */
	int64 now_s;	  /* Unix time */
} AcSigv4Request;

/* "Name: value" each, palloc'd; token is NULL where there is none. */
typedef struct AcSigv4Headers
{
	char *authorization;
	char *date;	 /* X-Amz-Date */
	char *hash;	 /* X-Amz-Content-Sha256 */
	char *token; /* X-Amz-Security-Token */
} AcSigv4Headers;

/*
 * Signs the request, which is to be sent with these headers, to url as it is
 * afterwards.
 */
extern bool ac_sigv4_sign(const AcSigv4Request *request,
						  const AcSigv4Key *key, const AcSigv4Hash *hash,
						  AcSigv4Headers *headers, AcError *err);

/*
 * Region and service as the names of AWS's own hosts tell them
 * ("x.execute-api.eu-west-1.amazonaws.com", "x.eu-west-1.es.amazonaws.com"),
 * palloc'd; false for other hosts.
 */
extern bool ac_sigv4_guess(const char *host, char **region, char **service);

#endif /* AC_POLICY_SIGV4_H */
