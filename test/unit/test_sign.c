/*
 * test_sign.c
 *		Are signatures those of RFC 7515, and are keys refused that are none?
 *
 * net/sign needs nothing of the backend, so it is tested here as it stands.
 */
#include "net/sign.c"

#include "core/base64url.h"
#include "tap.h"

/* The keys of RFC 7515 A.2 and A.3 */
static const char rsa_key[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCh+BYK4uPJtGXO\n"
	"jS1lYmM2K5J9vinh8CR3/BYlzJChNuOL2TSXxbbqY913EeZ8dCn5VrD7io8ImtxL\n"
	"aYk8wTM/U+3QGbh3hCUv7JFP5IV3aVlL6kKA0ywPVb9ilE8TA5a8bpvfbr3SvaNn\n"
	"juygxmj3AbONv/s4yDQs4v5tJ/reSlpIdJed1LnPmt7Ex1sFhSwsD174pcF1A5L5\n"
	"ROjtZMEQxrZHYJqkeDrrnGya11UxMFBji4NmXG9veoKjlnAqH2QbgtPr8jkiGUkf\n"
	"toaHLFcW9Qr4NY2ai50Xw0Byj3+H2JoY2PyrZ62EWQwuz3WTOTY8BwNNb2BvniHg\n"
	"VFbK5emhAgMBAAECggEAEq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyW\n"
	"PEAeP88vLNO97IjlA7/GQ5sLKMgvfTeXZx9SE+7YwVol2NXOoAJe46sui395IW/G\n"
	"O+pWJ1O0BkTGoVEn2bKVRUCgu+GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzj\n"
	"kn439X0M/V51gfpRLI9JYanrC4D4qAdGcopV/0ZHHzQlBjudU2QvXt4ehNYTCBr6\n"
	"XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl/x/jTj3ccPDVZFD9pIuhLhBOneufuBiB\n"
	"4cS98l2SR/RQyGWSeWjnczT0QU91p1DhOVRuOopznQKBgQDgHMQQ60imZV1URk0K\n"
	"pLttoLhyt3SmqdEf/kgHePDdtzEafpAu+cS191R2JiuoF2yzWXnwFDcqGigp5BNr\n"
	"0AHQfD8/Lk8l1Mk09jxxCfui5nYooNyac8YFjm3vItzVCVDnEd3BbVWG8qf6deqE\n"
	"lMGAg+C2V0L4oNXnP7LZcPAZRwKBgQC5A8R+CZW2MvRTLLHzwZkUXV866cff7tx6\n"
	"kqa0finGG0KgeqlaZPxgCZnFp7AeAcCMtiynVlJ7vMVgePsLq6XtON4tB5kP9jAP\n"
	"rq3rbAOal78eUH5OcED6eNuCV8ixEu1eWcPNCS/l1OW1EnXUEoEHKl54Xrrz2uNw\n"
	"kgMTP1FZ1wKBgAcCn1dwJKufzBWQxWQp1vsM5fggqPN1qGb5y0MAk3g7/Ls5bkUp\n"
	"5u9SN0Ai3Ya6hNnvWJMb7sXQX6U/zyO2M/hTip7tUeh7CXgwo59dkpN75gJLVds2\n"
	"9+DAncu3KXU4f2Fa+7bLNrur53k8KwPOq2bbuTG69QtV7Jr5MR0AHWKNAoGBAIf/\n"
	"evpitUf+4JYbLpvNXWcY052Mpz22aR84mY3nh3F2LF2mjMJDpTg7FmuyPcVw6EcG\n"
	"yoAe9fa65iNqCq+jdw6PVNGo2hxfjSiZ8IIzHdsPXI89//pMjZcQK9r+CCoRjaZj\n"
	"OYiIDktVWZzmevJuv6WywUqd57LE3Zar3dLSIkx1AoGAIYd7DHOhrWvxkwPQsRM2\n"
	"tOgrjbcrfvtQJipd+DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd/QJQ3\n"
	"ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp/gh6A56\n"
	"03k2+ZQwVK0JKSHuLFkuQ3U=\n"
	"-----END PRIVATE KEY-----\n";
static const char ec_key[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff\n"
	"H1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp\n"
	"7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt\n"
	"-----END PRIVATE KEY-----\n";
static const char encrypted_key[] =
	"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	"MIH0MF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBDDe3RnbxylPqIDiCm6\n"
	"9jsRAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQevIp8ZvK1KnwkI2B\n"
	"H2XfrASBkM26qxTElUPNAdM8j7XRcW3uDpL5I/+1zPKwsK0WO30+1YHutFuEqse8\n"
	"grek3zarRRyUO89bt79eGCDdfsU/+gBdytKPUo5zmK4sFbSCvAJ5mO+SW74mazK7\n"
	"pXAKsKXAukSVDXATn0wXTB5/+71YZDmxIsgYkXYB0zpvcVlQSh5Lez8hvs6nz/Jw\n"
	"kEQp9c9FBQ==\n"
	"-----END ENCRYPTED PRIVATE KEY-----\n";
static const char short_key[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAM/gh6uLGV66YcYw\n"
	"HmewjVu1omLQ3Jg+afTlLpaDZYcOd6CNin3Ix8toYnDAlXGPHisQW9ys3h26gJYV\n"
	"fd6SiMqeRKIBPoABgyIxVxQtlAUYL9HPAjI9l7XBlk5FWSb8QvpiWfyOkIn1+LT4\n"
	"QTXj3zF9Nqp/NQi1YcojKinqoVtFAgMBAAECgYBL/7KaLMihsVJ9uqnjDtEfblBo\n"
	"ACQmJOtn9UILFQ7RSaDCufyf7//bhdY3krEQS1qkM97h1vF9vOm19TWHYdtQTxYp\n"
	"BvsGPfkG88vqImxVXaCk0oMrapOrY1l/HRP/HYwotjcbgB5Cbx2wiNuF1DpHXe4V\n"
	"UrnuGWvGmxuDIAauIQJBAP0IaN41g/G7KBpJ+UwxTOhzjyzkXF8RwXHyAgvgiPjL\n"
	"/thRbVtiYtAdrFt3MUih+Q/budjRAy6SnfpjpS+ODkMCQQDSUJCx0mUvq+NjLfMm\n"
	"5NDeNnbpJaLHXnx8CXmKubR6J9nAOh3z6M4GUE9m5WJgQntEWqYbPn0oKuNCpulM\n"
	"R4vXAkEAnlAgrMb24suib7BQ1icSY23J6uCGGsVVLyGnvh6iFGgt7tIjhcWs5WFr\n"
	"cV7F6xfMaOuk/87mGsGJLhwiQfqzWQJAYQVLiszNYw1/i2xSJFogRLKJboqvKhvb\n"
	"f3j7edSrfkLOABCPasq16FG6H3SoSlHA/cp3oE/WeuY2CrRnIYpL5wJAal2jz0ff\n"
	"LTkYHaGDQ29O7X51kXzv+/MwYsHzNYkkPMcPKYcex4Sif6pBNW7nU59ec5rdxRD7\n"
	"cjWG0CuAINVwwg==\n"
	"-----END PRIVATE KEY-----\n";
static const char p384_key[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDASbLv+FagVhRUrkFSp\n"
	"ssNmT8JRUPmcG5rIXDKx7f8+r9JobaH0xaqXWLV8bz66z5ChZANiAATCjP+P7kHn\n"
	"7MPKJTSlX0X1XO7VR0+gYwPv9CJy6yWiG9zn3PgrsxJlZH7wbBt+WucGe8uTMuvn\n"
	"KSh70SQVQHDAQscYLHvizUWXrjvfGhZ2RZknfIQAy4zCrkVJ+NGRRe0=\n"
	"-----END PRIVATE KEY-----\n";
static const char certificate[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIBHjCBxaADAgECAgEBMAoGCCqGSM49BAMCMBgxFjAUBgNVBAMMDWF1dG9jb25u\n"
	"IHRlc3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBgxFjAUBgNV\n"
	"BAMMDWF1dG9jb25uIHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR/zc4n\n"
	"cPbEXUGDy+5v20t7WAczNXvp7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1u\n"
	"qQskrYpGIyiFiOWtMAoGCCqGSM49BAMCA0gAMEUCICe3hVtPrmbOtqexQrdZAGdG\n"
	"mo3PzfERqSfz42yacevsAiEAudAh8JPuRf3XSGcnPwdEbnKmDW2rgnAbR9VgcgK+\n"
	"wVs=\n"
	"-----END CERTIFICATE-----\n";

/* What RFC 7515 A.2 and A.3 sign, behind the header. */
#define PAYLOAD                                                        \
	"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt" \
	"cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

/* Signs text; the signature in base64url, or NULL with err. */
static char *
sign_text(AcJwtAlgorithm algorithm, const char *key, const char *text,
		  AcError *err)
{
	AcSignKey source = {algorithm, key, "private_key"};
	AcJwtSigner signer = ac_sign_signer(&source);
	AcJwtSignature signature;
	bool signed_it = signer.sign(signer.arg, text, strlen(text), &signature,
								 err);

	if (ERR_peek_error() != 0)
		ok(false, "OpenSSL's list of errors is empty");
	return signed_it ? ac_base64url_encode(signature.bytes, signature.len) : NULL;
}

static void
test_hs256(void)
{
	AcError err;

	/* RFC 4231 4.3 */
	is_str(sign_text(AC_JWT_HS256, "Jefe", "what do ya want for nothing?", &err),
		   "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM", "HS256");
	ok(sign_text(AC_JWT_HS256, "", "x", &err) == NULL, "an empty secret");
	is_str(err.detail, "The shared secret is empty.", "is told");
}

static void
test_rs256(void)
{
	static const char expected[] =
		"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7"
		"AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
		"BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K"
		"0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
		"hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB"
		"p0igcN_IoypGlUPQGe77Rw";
	char one_line[sizeof(rsa_key) * 2];
	char *to = one_line;
	AcError err;

	is_str(sign_text(AC_JWT_RS256, rsa_key, "eyJhbGciOiJSUzI1NiJ9." PAYLOAD,
					 &err),
		   expected, "RS256, RFC 7515 A.2");

	/* As the key stands in the JSON document that Google hands out. */
	for (const char *from = rsa_key; *from != '\0'; from++)
	{
		if (*from == '\n')
			*to++ = '\\';
		*to++ = *from == '\n' ? 'n' : *from;
	}
	*to = '\0';
	is_str(sign_text(AC_JWT_RS256, one_line, "eyJhbGciOiJSUzI1NiJ9." PAYLOAD,
					 &err),
		   expected, "the key may have come out of JSON");
}

/* The 64 bytes that 86 characters of base64url stand for. */
static void
decode(const char *text, uint8 bytes[66])
{
	char plain[89];

	Assert(strlen(text) == 86);
	snprintf(plain, sizeof(plain), "%s==", text);
	for (char *p = plain; *p != '\0'; p++)
	{
		if (*p == '-')
			*p = '+';
		else if (*p == '_')
			*p = '/';
	}
	EVP_DecodeBlock(bytes, (const uint8 *) plain, 88);
}

/* Is signature, in base64url, one of the key's over text?  Asks OpenSSL. */
static bool
verifies(const char *key, const char *text, const char *signature)
{
	uint8 bytes[66];
	BIO *bio = BIO_new_mem_buf(key, -1);
	EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	EVP_MD_CTX *cxt = EVP_MD_CTX_new();
	ECDSA_SIG *pair = ECDSA_SIG_new();
	uint8 *der = NULL;
	int der_len;
	bool good;

	decode(signature, bytes);
	ECDSA_SIG_set0(pair, BN_bin2bn(bytes, 32, NULL),
				   BN_bin2bn(bytes + 32, 32, NULL));
	der_len = i2d_ECDSA_SIG(pair, &der);
	EVP_DigestVerifyInit(cxt, NULL, EVP_sha256(), NULL, pkey);
	good = EVP_DigestVerify(cxt, der, der_len, (const uint8 *) text,
							strlen(text)) == 1;
	OPENSSL_free(der);
	ECDSA_SIG_free(pair);
	EVP_MD_CTX_free(cxt);
	EVP_PKEY_free(pkey);
	BIO_free(bio);
	return good;
}

static void
test_es256(void)
{
	static const char text[] = "eyJhbGciOiJFUzI1NiJ9." PAYLOAD;
	AcError err;

	ok(verifies(ec_key, text,
				"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
				"pmWQxfKTUJqPP3-Kg6NU1Q"),
	   "the signature of RFC 7515 A.3 verifies");

	/* Often enough for numbers that begin with zeroes. */
	for (int i = 0; i < 600; i++)
	{
		char *signature = sign_text(AC_JWT_ES256, ec_key, text, &err);

		if (signature == NULL || !verifies(ec_key, text, signature))
		{
			ok(false, "ES256 verifies: %s", signature);
			return;
		}
	}
	ok(true, "ES256 verifies");
}

/* The key is refused for that reason, and not repeated. */
static void
refused(AcJwtAlgorithm algorithm, const char *key, const char *detail)
{
	AcError err;

	ok(sign_text(algorithm, key, "x", &err) == NULL, "refused: %s", detail);
	is_int(err.code, AC_ERR_OPTION_VALUE, "as an option's value");
	is_str(err.message, "invalid value for user mapping option \"private_key\"",
		   "that is named");
	is_str(err.detail, detail, "and the reason");
}

static void
test_refused(void)
{
	char *huge = palloc(AC_SIGN_MAX_PEM + 2);

	memset(huge, 'x', AC_SIGN_MAX_PEM + 1);
	huge[AC_SIGN_MAX_PEM + 1] = '\0';
	refused(AC_JWT_RS256, huge, "The value is too long.");
	refused(AC_JWT_RS256, "s3cret", "The value is not a private key in PEM form.");
	refused(AC_JWT_RS256, "", "The value is not a private key in PEM form.");
	refused(AC_JWT_RS256, certificate, "The value is not a private key in PEM form.");
	refused(AC_JWT_ES256, encrypted_key, "The private key is encrypted.");
	refused(AC_JWT_RS256, ec_key, "RS256 needs an RSA key, which this is not.");
	refused(AC_JWT_RS256, short_key, "RS256 needs a key of at least 2048 bits.");
	refused(AC_JWT_ES256, rsa_key, "ES256 needs a key on the curve P-256, which this is not.");
	refused(AC_JWT_ES256, p384_key, "ES256 needs a key on the curve P-256, which this is not.");
}

static void
test_client(void)
{
	AcError err;

	ok(ac_sign_check_client(certificate, ec_key, &err), "a pair");
	ok(!ac_sign_check_client(certificate, rsa_key, &err), "not a pair");
	is_str(err.detail, "The private key is not that of the certificate in client_cert.",
		   "is told");
	ok(!ac_sign_check_client(ec_key, ec_key, &err), "no certificate");
	is_str(err.message, "invalid value for user mapping option \"client_cert\"",
		   "is told");
	ok(!ac_sign_check_client(certificate, encrypted_key, &err),
	   "an encrypted key");
	is_str(err.message, "invalid value for user mapping option \"client_key\"",
		   "is told");
	is_int(ERR_peek_error(), 0, "OpenSSL's list of errors is empty");
}

int
main(void)
{
	test_hs256();
	test_rs256();
	test_es256();
	test_refused();
	test_client();
	return done_testing();
}
