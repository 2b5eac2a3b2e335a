/*
 * origin.h
 *		May a request go to this URL and to the address behind it?
 *
 * Puts the rules of doc/security.md together from what the catalog says about
 * the server and what core/address knows about addresses.  The rules about
 * addresses are applied by net/transfer at the moment a socket is opened or a
 * pooled connection taken, through ac_origin_check(), which is fit for a
 * libcurl callback.
 */
#ifndef AC_NET_ORIGIN_H
#define AC_NET_ORIGIN_H

#include "ac.h"

#include "core/address.h"
#include "core/error.h"
#include "core/url.h"
#include "nodes/pg_list.h"

/* What holds for the addresses of one request. */
typedef struct AcOriginGuard
{
	AcAddressPolicy policy;
	bool pinned_public;		/* the host was met at a public address before */
	bool led_by_public;		/* an API at a public address leads there */
	bool plain_credentials; /* credentials would go over plain http */
	bool proxied;			/* the address met will be a proxy's */
} AcOriginGuard;

/*
 * May the request be sent to an address of that class?  If not, err says why
 * and what to do.  Neither throws nor allocates.
 */
extern bool ac_origin_check(const AcOriginGuard *guard,
							AcAddressClass address_class, AcError *err);

/*
 * The address policy for host: standing of the server's owner of this very
 * moment, or of the current user where serverid is InvalidOid.
 */
extern AcAddressPolicy ac_origin_policy(Oid serverid, const char *host);

/* The same where the owner's standing is known, outside of transactions. */
extern AcAddressPolicy ac_origin_fixed_policy(bool owner_is_superuser,
											  const char *host);

/*
 * What can be said before the address is known.  Through a proxy it never is,
 * so that only a numeric host proves that credentials stay near.
 */
extern bool ac_origin_check_host(const AcOriginGuard *guard, const char *host,
								 AcError *err);

/*
 * May data come from url?  Yes from base's origin and from those of the
 * option allowed_origins (char * each), else AC_ERR_FORBIDDEN.
 */
extern bool ac_origin_allowed(const AcUrl *url, const AcUrl *base,
							  List *allowed_origins, AcError *err);

#endif /* AC_NET_ORIGIN_H */
