/*
 * awssign.h
 *		How is a request signed with the AWS key of a user mapping?
 *
 * What is signed policy/sigv4 knows; this file knows where keys, region and
 * service come from and that a signature is made for each request anew, since
 * it holds for some minutes.
 */
#ifndef AC_NET_AWSSIGN_H
#define AC_NET_AWSSIGN_H

#include "ac.h"

#include "core/error.h"
#include "net/auth.h"
#include "nodes/pg_list.h"

/*
 * Takes the mapping's key into credentials, if it has one.  AC_ERR_OPTION_VALUE
 * for half of one, and where neither options nor the host tell region and
 * service.
 */
extern bool ac_awssign_build(const AcAuthSource *source,
							 AcCredentials *credentials, AcError *err);

/*
 * Signs the request, if there is a key, and appends the signature's headers;
 * the URL's query may change its order.  request->now_s is set here.  False
 * with err if OpenSSL fails.
 */
extern bool ac_awssign_apply(const AcCredentials *credentials,
							 AcSigv4Request *request, List **headers,
							 AcError *err);

#endif /* AC_NET_AWSSIGN_H */
