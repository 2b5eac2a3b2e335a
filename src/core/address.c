/*
 * address.c
 *		What sort of network address is this, and may a server go there?
 *
 * See address.h.  Two tables of prefixes, the longest match first; a table
 * entry may send the search on to an IPv4 address inside the IPv6 one.
 */
#include "ac.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/address.h"

typedef struct Prefix4
{
	uint32 network; /* host order */
	int bits;
	AcAddressClass address_class;
} Prefix4;

#define IP4(a, b, c, d) \
	(((uint32) (a) << 24) | ((uint32) (b) << 16) | ((uint32) (c) << 8) | (d))

/*
 * Special-purpose IPv4 addresses, the more exact prefixes first.  Metadata
 * services: AWS, Azure, GCP, OpenStack and most others at 169.254.169.254,
 * AWS's container credentials at .170.2 and .170.23, Alibaba's at
 * 100.100.100.200, Oracle's at 192.0.0.192, Azure's wire server at
 * 168.63.129.16, Tencent's at 169.254.0.23.
 */
static const Prefix4 prefixes4[] = {
	{IP4(169, 254, 169, 254), 32, AC_ADDRESS_METADATA},
	{IP4(169, 254, 170, 2), 32, AC_ADDRESS_METADATA},
	{IP4(169, 254, 170, 23), 32, AC_ADDRESS_METADATA},
	{IP4(169, 254, 0, 23), 32, AC_ADDRESS_METADATA},
	{IP4(100, 100, 100, 200), 32, AC_ADDRESS_METADATA},
	{IP4(168, 63, 129, 16), 32, AC_ADDRESS_METADATA},
	{IP4(192, 0, 0, 192), 32, AC_ADDRESS_METADATA},
	{IP4(192, 0, 0, 9), 32, AC_ADDRESS_PUBLIC},	  /* RFC 7723 PCP anycast */
	{IP4(192, 0, 0, 10), 32, AC_ADDRESS_PUBLIC},  /* RFC 8155 TURN anycast */
	{IP4(192, 0, 0, 0), 24, AC_ADDRESS_RESERVED}, /* RFC 6890 2.1 */
	{IP4(192, 0, 2, 0), 24, AC_ADDRESS_RESERVED}, /* RFC 5737 */
	{IP4(198, 51, 100, 0), 24, AC_ADDRESS_RESERVED},
	{IP4(203, 0, 113, 0), 24, AC_ADDRESS_RESERVED},
	{IP4(192, 88, 99, 0), 24, AC_ADDRESS_RESERVED},	  /* RFC 7526 */
	{IP4(192, 168, 0, 0), 16, AC_ADDRESS_PRIVATE},	  /* RFC 1918 */
	{IP4(169, 254, 0, 0), 16, AC_ADDRESS_LINK_LOCAL}, /* RFC 3927 */
	{IP4(198, 18, 0, 0), 15, AC_ADDRESS_RESERVED},	  /* RFC 2544 */
	{IP4(172, 16, 0, 0), 12, AC_ADDRESS_PRIVATE},	  /* RFC 1918 */
	{IP4(100, 64, 0, 0), 10, AC_ADDRESS_PRIVATE},	  /* RFC 6598 */
	{IP4(0, 0, 0, 0), 8, AC_ADDRESS_UNSPECIFIED},	  /* RFC 791 3.2 */
	{IP4(10, 0, 0, 0), 8, AC_ADDRESS_PRIVATE},		  /* RFC 1918 */
	{IP4(127, 0, 0, 0), 8, AC_ADDRESS_LOOPBACK},	  /* RFC 1122 3.2.1.3 */
	{IP4(224, 0, 0, 0), 4, AC_ADDRESS_MULTICAST},	  /* RFC 5771 */
	{IP4(240, 0, 0, 0), 4, AC_ADDRESS_RESERVED},	  /* RFC 1112, broadcast */
};

/* Where in an IPv6 address the IPv4 address lies; -1: nowhere. */
typedef struct Prefix6
{
	uint8 network[16];
	int bits;
	AcAddressClass address_class; /* if embedded is -1 */
	int embedded;				  /* offset in bytes */
	bool inverted;				  /* its bits are flipped (Teredo) */
} Prefix6;

/* Special-purpose IPv6 addresses, the more exact prefixes first. */
static const Prefix6 prefixes6[] = {
	/* fd00:ec2::254, AWS; fd00:ec2::23, its container credentials */
	{{0xfd, 0, 0x0e, 0xc2, [14] = 0x02, 0x54}, 128, AC_ADDRESS_METADATA, -1, false},
	{{0xfd, 0, 0x0e, 0xc2, [14] = 0x00, 0x23}, 128, AC_ADDRESS_METADATA, -1, false},
	/* fd20:ce::254, GCP; fe80::a9fe:a9fe, OpenStack */
	{{0xfd, 0x20, 0x00, 0xce, [14] = 0x02, 0x54}, 128, AC_ADDRESS_METADATA, -1, false},
	{{0xfe, 0x80, [12] = 0xa9, 0xfe, 0xa9, 0xfe}, 128, AC_ADDRESS_METADATA, -1, false},
	{{0}, 128, AC_ADDRESS_UNSPECIFIED, -1, false},						  /* RFC 4291 2.5.2 */
	{{[15] = 1}, 128, AC_ADDRESS_LOOPBACK, -1, false},					  /* RFC 4291 2.5.3 */
	{{0}, 96, AC_ADDRESS_PUBLIC, 12, false},							  /* compatible, RFC 4291 2.5.5.1 */
	{{[10] = 0xff, 0xff}, 96, AC_ADDRESS_PUBLIC, 12, false},			  /* mapped, 2.5.5.2 */
	{{[8] = 0xff, 0xff}, 96, AC_ADDRESS_PUBLIC, 12, false},				  /* RFC 2765 SIIT */
	{{0x00, 0x64, 0xff, 0x9b}, 96, AC_ADDRESS_PUBLIC, 12, false},		  /* RFC 6052 */
	{{0x00, 0x64, 0xff, 0x9b, 0, 1}, 48, AC_ADDRESS_RESERVED, -1, false}, /* RFC 8215 */
	{{0x01, 0x00}, 64, AC_ADDRESS_RESERVED, -1, false},					  /* RFC 6666 */
	{{0x20, 0x01, 0x00, 0x00}, 32, AC_ADDRESS_PUBLIC, 12, true},		  /* RFC 4380 */
	{{0x20, 0x01, 0x00, 0x02}, 48, AC_ADDRESS_RESERVED, -1, false},		  /* RFC 5180 */
	{{0x20, 0x01, 0x00, 0x10}, 28, AC_ADDRESS_RESERVED, -1, false},		  /* RFC 4843 */
	{{0x20, 0x01, 0x00, 0x20}, 28, AC_ADDRESS_RESERVED, -1, false},		  /* RFC 7343 */
	{{0x20, 0x01, 0x0d, 0xb8}, 32, AC_ADDRESS_RESERVED, -1, false},		  /* RFC 3849 */
	{{0x3f, 0xff}, 20, AC_ADDRESS_RESERVED, -1, false},					  /* RFC 9637 */
	{{0x5f, 0x00}, 16, AC_ADDRESS_RESERVED, -1, false},					  /* RFC 9602 */
	{{0x20, 0x02}, 16, AC_ADDRESS_PUBLIC, 2, false},					  /* 6to4, RFC 3056 */
	{{0xfe, 0x80}, 10, AC_ADDRESS_LINK_LOCAL, -1, false},				  /* RFC 4291 2.5.6 */
	{{0xfe, 0xc0}, 10, AC_ADDRESS_PRIVATE, -1, false},					  /* RFC 3879 site-local */
	{{0xfc, 0x00}, 7, AC_ADDRESS_PRIVATE, -1, false},					  /* RFC 4193 */
	{{0xff, 0x00}, 8, AC_ADDRESS_MULTICAST, -1, false},					  /* RFC 4291 2.7 */
};

/* Four bytes in network order. */
static AcAddressClass
classify4(const uint8 *bytes)
{
	uint32 address = IP4(bytes[0], bytes[1], bytes[2], bytes[3]);
	size_t i;

	for (i = 0; i < (int) lengthof(prefixes4); i++)
	{
		uint32 mask = PG_UINT32_MAX << (32 - prefixes4[i].bits);

		if ((address & mask) == prefixes4[i].network)
			return prefixes4[i].address_class;
	}
	return AC_ADDRESS_PUBLIC;
}

static bool
has_prefix(const uint8 *bytes, const uint8 *network, int bits)
{
	int whole = bits / 8;
	uint8 mask = (uint8) (0xFF00 >> (bits % 8));

	if (memcmp(bytes, network, whole) != 0)
		return false;
	return bits % 8 == 0 || (bytes[whole] & mask) == (network[whole] & mask);
}

/* Sixteen. */
static AcAddressClass
classify6(const uint8 *bytes)
{
	size_t i;

	for (i = 0; i < (int) lengthof(prefixes6); i++)
	{
		const Prefix6 *prefix = &prefixes6[i];
		uint8 inner[4];
		int k;

		if (!has_prefix(bytes, prefix->network, prefix->bits))
			continue;
		if (prefix->embedded < 0)
			return prefix->address_class;
		for (k = 0; k < 4; k++)
			inner[k] = bytes[prefix->embedded + k] ^ (prefix->inverted ? 0xFF : 0);
		return classify4(inner);
	}

	/* Global unicast is 2000::/3; the rest of the space is unassigned. */
	return (bytes[0] & 0xE0) == 0x20 ? AC_ADDRESS_PUBLIC : AC_ADDRESS_RESERVED;
}

AcAddressClass
ac_address_classify(const struct sockaddr *address, size_t len)
{
	if (len < offsetof(struct sockaddr, sa_data))
		return AC_ADDRESS_UNKNOWN;
	if (address->sa_family == AF_INET && len >= sizeof(struct sockaddr_in))
	{
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		return classify4((const uint8 *) &in.sin_addr);
	}
	if (address->sa_family == AF_INET6 && len >= sizeof(struct sockaddr_in6))
	{
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		return classify6((const uint8 *) &in6.sin6_addr);
	}
	return AC_ADDRESS_UNKNOWN;
}

AcAddressClass
ac_address_classify_text(const char *text)
{
	uint8 bytes[16];

	if (inet_pton(AF_INET, text, bytes) == 1)
		return classify4(bytes);
	if (inet_pton(AF_INET6, text, bytes) == 1)
		return classify6(bytes);
	return AC_ADDRESS_UNKNOWN;
}

const char *
ac_address_class_name(AcAddressClass address_class)
{
	static const char *const names[] = {
		[AC_ADDRESS_PUBLIC] = "public",
		[AC_ADDRESS_PRIVATE] = "private",
		[AC_ADDRESS_LOOPBACK] = "loopback",
		[AC_ADDRESS_LINK_LOCAL] = "link-local",
		[AC_ADDRESS_METADATA] = "cloud metadata",
		[AC_ADDRESS_UNSPECIFIED] = "unspecified",
		[AC_ADDRESS_MULTICAST] = "multicast",
		[AC_ADDRESS_RESERVED] = "reserved",
		[AC_ADDRESS_UNKNOWN] = "unknown",
	};

	Assert((int) address_class >= 0 && (size_t) address_class < lengthof(names));
	return names[address_class];
}

bool
ac_address_allowed(AcAddressClass address_class, AcAddressPolicy policy,
				   AcError *err)
{
	const char *name = ac_address_class_name(address_class);

	switch (address_class)
	{
		case AC_ADDRESS_PUBLIC:
			return true;
		case AC_ADDRESS_PRIVATE:
		case AC_ADDRESS_LOOPBACK:
			if (policy.owner_is_superuser || policy.host_listed)
				return true;
			ac_error_set(err, AC_ERR_FORBIDDEN,
						 "connection to a %s address is not allowed", name);
			return ac_error_hint(err, "Only a server owned by a superuser may use it,"
									  " unless a superuser adds the host to"
									  " \"autoconn.allowed_hosts\".");
		case AC_ADDRESS_LINK_LOCAL:
		case AC_ADDRESS_METADATA:
			if (policy.host_listed)
				return true;
			ac_error_set(err, AC_ERR_FORBIDDEN,
						 "connection to a %s address is not allowed", name);
			return ac_error_hint(err, "A superuser can add the host to"
									  " \"autoconn.allowed_hosts\".");
		case AC_ADDRESS_UNSPECIFIED:
		case AC_ADDRESS_MULTICAST:
		case AC_ADDRESS_RESERVED:
		case AC_ADDRESS_UNKNOWN:
			break;
	}
	ac_error_set(err, AC_ERR_FORBIDDEN,
				 "connection to an address that is no host's is not allowed");
	return ac_error_detail(err, "The address is of the sort \"%s\".", name);
}

bool
ac_address_plain_credentials(AcAddressClass address_class)
{
	return address_class == AC_ADDRESS_LOOPBACK ||
		   address_class == AC_ADDRESS_PRIVATE;
}
