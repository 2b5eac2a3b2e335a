/*
 * address.h
 *		What sort of network address is this, and may a server go there?
 *
 * The sorts follow the IANA special-purpose registries (RFC 6890 and the
 * RFCs that it collects).  IPv6 forms that carry an IPv4 address (mapped,
 * compatible, NAT64, 6to4, Teredo) are judged by that address, since the
 * packet ends up there.  Pure: no resolver.  Who owns the server and which
 * hosts are listed are looked up by net/.
 */
#ifndef AC_CORE_ADDRESS_H
#define AC_CORE_ADDRESS_H

#include "ac.h"

#include "core/error.h"

struct sockaddr;

typedef enum AcAddressClass
{
	AC_ADDRESS_PUBLIC,
	AC_ADDRESS_PRIVATE,		/* RFC 1918, RFC 4193, RFC 6598 (CGNAT) */
	AC_ADDRESS_LOOPBACK,	/* 127/8, ::1 */
	AC_ADDRESS_LINK_LOCAL,	/* 169.254/16 (RFC 3927), fe80::/10 */
	AC_ADDRESS_METADATA,	/* a cloud's instance metadata service */
	AC_ADDRESS_UNSPECIFIED, /* 0/8, :: (the system may take it for ::1) */
	AC_ADDRESS_MULTICAST,	/* 224/4, ff00::/8 */
	AC_ADDRESS_RESERVED,	/* documentation, benchmarking, 240/4, ... */
	AC_ADDRESS_UNKNOWN		/* neither IPv4 nor IPv6 */
} AcAddressClass;

/* AC_ADDRESS_UNKNOWN for other families and for truncated structures. */
extern AcAddressClass ac_address_classify(const struct sockaddr *address,
										  size_t len);

/* A numeric address as text, without brackets or zone; UNKNOWN for a name. */
extern AcAddressClass ac_address_classify_text(const char *text);

/* "public", "cloud metadata", ... for messages. */
extern const char *ac_address_class_name(AcAddressClass address_class);

typedef struct AcAddressPolicy
{
	bool owner_is_superuser; /* of the server, now */
	bool host_listed;		 /* in autoconn.allowed_hosts */
} AcAddressPolicy;

/*
 * May a server of that standing connect there?  Public: always.  Loopback and
 * private: for superusers' servers and listed hosts.  Link-local and
 * metadata: for listed hosts.  The rest: never.  Else AC_ERR_FORBIDDEN, with
 * a hint; the caller adds the host to the detail.
 */
extern bool ac_address_allowed(AcAddressClass address_class,
							   AcAddressPolicy policy, AcError *err);

/*
 * May credentials go there over plain http?  To loopback and private
 * addresses only.
 */
extern bool ac_address_plain_credentials(AcAddressClass address_class);

#endif /* AC_CORE_ADDRESS_H */
