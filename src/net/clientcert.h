/*
 * clientcert.h
 *		How does TLS show the API a certificate of ours (RFC 8446 4.4.2)?
 *
 * Certificate and key stand in the user mapping, so that no file of the server
 * is involved, and are shown to the base URL's origin alone, like all
 * credentials.
 */
#ifndef AC_NET_CLIENTCERT_H
#define AC_NET_CLIENTCERT_H

#include "ac.h"

#include <curl/curl.h>

#include "core/error.h"
#include "net/auth.h"
#include "pg/option.h"

/*
 * Takes the mapping's certificate into credentials, if it has one.
 * AC_ERR_OPTION_VALUE for one without its key, or that cannot be read.
 */
extern bool ac_clientcert_build(const AcMappingOptions *mapping,
								AcCredentials *credentials, AcError *err);

/* Shows it in a transfer; false if libcurl did not take it.  Never throws. */
extern bool ac_clientcert_set(CURL *easy, const char *client_pem);

#endif /* AC_NET_CLIENTCERT_H */
