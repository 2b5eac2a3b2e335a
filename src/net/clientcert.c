/*
 * clientcert.c
 *		How does TLS show the API a certificate of ours?  See clientcert.h.
 *
 * libcurl gives a kept connection to a transfer of the same certificate, but
 * does not compare keys: who knows another's certificate, which is public,
 * could use his connections.  So certificate and key are one text, which both
 * are read from.
 */
#include "ac.h"

#include "net/clientcert.h"
#include "net/sign.h"

bool
ac_clientcert_build(const AcMappingOptions *mapping,
					AcCredentials *credentials, AcError *err)
{
	char *cert;
	char *key;

	if (mapping->client_cert == NULL && mapping->client_key == NULL)
		return true;
	if (mapping->client_cert == NULL || mapping->client_key == NULL)
	{
		ac_error_set(err, AC_ERR_OPTION_VALUE,
					 "user mapping has no \"%s\"",
					 mapping->client_cert == NULL ? "client_cert" : "client_key");
		return ac_error_hint(err, "A certificate and its private key belong together.");
	}
	cert = ac_sign_pem(mapping->client_cert);
	key = ac_sign_pem(mapping->client_key);
	if (!ac_sign_check_client(cert, key, err))
		return false;
	credentials->client_pem = psprintf("%s\n%s\n", cert, key);
	return true;
}

bool
ac_clientcert_set(CURL *easy, const char *client_pem)
{
	struct curl_blob blob = {unconstify(char *, client_pem),
							 strlen(client_pem), CURL_BLOB_COPY};

	/* An empty passphrase, or OpenSSL would ask for one on the terminal. */
	return curl_easy_setopt(easy, CURLOPT_SSLCERTTYPE, "PEM") == CURLE_OK &&
		   curl_easy_setopt(easy, CURLOPT_SSLKEYTYPE, "PEM") == CURLE_OK &&
		   curl_easy_setopt(easy, CURLOPT_KEYPASSWD, "") == CURLE_OK &&
		   curl_easy_setopt(easy, CURLOPT_SSLCERT_BLOB, &blob) == CURLE_OK &&
		   curl_easy_setopt(easy, CURLOPT_SSLKEY_BLOB, &blob) == CURLE_OK;
}
