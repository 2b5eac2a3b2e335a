/*
 * test_address.c
 *		Is every special address seen as what the RFCs say it is?
 */
#include "ac.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/address.h"
#include "tap.h"

static void
test_classes(void)
{
	static const struct
	{
		const char *text;
		AcAddressClass address_class;
	} cases[] = {
		{"8.8.8.8", AC_ADDRESS_PUBLIC},
		{"1.1.1.1", AC_ADDRESS_PUBLIC},
		{"223.255.255.255", AC_ADDRESS_PUBLIC},
		{"9.255.255.255", AC_ADDRESS_PUBLIC},
		{"10.0.0.0", AC_ADDRESS_PRIVATE},
		{"10.255.255.255", AC_ADDRESS_PRIVATE},
		{"11.0.0.0", AC_ADDRESS_PUBLIC},
		{"172.15.255.255", AC_ADDRESS_PUBLIC},
		{"172.16.0.0", AC_ADDRESS_PRIVATE},
		{"172.31.255.255", AC_ADDRESS_PRIVATE},
		{"172.32.0.0", AC_ADDRESS_PUBLIC},
		{"192.167.255.255", AC_ADDRESS_PUBLIC},
		{"192.168.0.0", AC_ADDRESS_PRIVATE},
		{"192.168.255.255", AC_ADDRESS_PRIVATE},
		{"192.169.0.0", AC_ADDRESS_PUBLIC},
		{"100.63.255.255", AC_ADDRESS_PUBLIC},
		{"100.64.0.0", AC_ADDRESS_PRIVATE},
		{"100.127.255.255", AC_ADDRESS_PRIVATE},
		{"100.128.0.0", AC_ADDRESS_PUBLIC},
		{"127.0.0.1", AC_ADDRESS_LOOPBACK},
		{"127.255.255.255", AC_ADDRESS_LOOPBACK},
		{"128.0.0.0", AC_ADDRESS_PUBLIC},
		{"169.253.255.255", AC_ADDRESS_PUBLIC},
		{"169.254.0.0", AC_ADDRESS_LINK_LOCAL},
		{"169.254.255.255", AC_ADDRESS_LINK_LOCAL},
		{"169.255.0.0", AC_ADDRESS_PUBLIC},
		{"169.254.169.254", AC_ADDRESS_METADATA},
		{"169.254.169.253", AC_ADDRESS_LINK_LOCAL},
		{"169.254.170.2", AC_ADDRESS_METADATA},
		{"100.100.100.200", AC_ADDRESS_METADATA},
		{"168.63.129.16", AC_ADDRESS_METADATA},
		{"192.0.0.192", AC_ADDRESS_METADATA},
		{"0.0.0.0", AC_ADDRESS_UNSPECIFIED},
		{"0.1.2.3", AC_ADDRESS_UNSPECIFIED},
		{"224.0.0.0", AC_ADDRESS_MULTICAST},
		{"239.255.255.255", AC_ADDRESS_MULTICAST},
		{"192.0.0.1", AC_ADDRESS_RESERVED},
		{"192.0.2.1", AC_ADDRESS_RESERVED},
		{"192.0.3.0", AC_ADDRESS_PUBLIC},
		{"198.51.100.7", AC_ADDRESS_RESERVED},
		{"203.0.113.7", AC_ADDRESS_RESERVED},
		{"198.17.255.255", AC_ADDRESS_PUBLIC},
		{"198.18.0.0", AC_ADDRESS_RESERVED},
		{"198.19.255.255", AC_ADDRESS_RESERVED},
		{"198.20.0.0", AC_ADDRESS_PUBLIC},
		{"240.0.0.0", AC_ADDRESS_RESERVED},
		{"255.255.255.255", AC_ADDRESS_RESERVED},

		{"2606:4700:4700::1111", AC_ADDRESS_PUBLIC},
		{"2001:4860:4860::8888", AC_ADDRESS_PUBLIC},
		{"::", AC_ADDRESS_UNSPECIFIED},
		{"::1", AC_ADDRESS_LOOPBACK},
		{"fc00::1", AC_ADDRESS_PRIVATE},
		{"fdff:ffff::1", AC_ADDRESS_PRIVATE},
		{"fd00:ec2::254", AC_ADDRESS_METADATA},
		{"fd00:ec2::253", AC_ADDRESS_PRIVATE},
		{"fe80::1", AC_ADDRESS_LINK_LOCAL},
		{"febf:ffff::1", AC_ADDRESS_LINK_LOCAL},
		{"fec0::1", AC_ADDRESS_PRIVATE},
		{"fe80::a9fe:a9fe", AC_ADDRESS_METADATA},
		{"ff02::1", AC_ADDRESS_MULTICAST},
		{"2001:db8::1", AC_ADDRESS_RESERVED},
		{"2001:db9::1", AC_ADDRESS_PUBLIC},
		{"3fff::1", AC_ADDRESS_RESERVED},
		{"100::1", AC_ADDRESS_RESERVED},
		{"2001:2::1", AC_ADDRESS_RESERVED},
		{"2001:10::1", AC_ADDRESS_RESERVED},
		{"2001:20::1", AC_ADDRESS_RESERVED},
		{"64:ff9b:1::1", AC_ADDRESS_RESERVED},
		{"4000::1", AC_ADDRESS_RESERVED},
		{"1::1", AC_ADDRESS_RESERVED},

		/* with an IPv4 address inside */
		{"::ffff:127.0.0.1", AC_ADDRESS_LOOPBACK},
		{"::ffff:169.254.169.254", AC_ADDRESS_METADATA},
		{"::ffff:10.0.0.1", AC_ADDRESS_PRIVATE},
		{"::ffff:8.8.8.8", AC_ADDRESS_PUBLIC},
		{"::127.0.0.1", AC_ADDRESS_LOOPBACK},
		{"::10.1.2.3", AC_ADDRESS_PRIVATE},
		{"::ffff:0:127.0.0.1", AC_ADDRESS_LOOPBACK},
		{"64:ff9b::169.254.169.254", AC_ADDRESS_METADATA},
		{"64:ff9b::8.8.8.8", AC_ADDRESS_PUBLIC},
		{"2002:7f00:1::1", AC_ADDRESS_LOOPBACK}, /* 127.0.0.1 */
		{"2002:a9fe:a9fe::1", AC_ADDRESS_METADATA},
		{"2002:808:808::1", AC_ADDRESS_PUBLIC},
		{"2001:0:53aa:64c:0:0:80ff:fffe", AC_ADDRESS_LOOPBACK}, /* 127.0.0.1 flipped */
		{"2001:0:7f00:1:0:0:f7f7:f7f7", AC_ADDRESS_PUBLIC},		/* 8.8.8.8 flipped */

		{"example.com", AC_ADDRESS_UNKNOWN},
		{"127.1", AC_ADDRESS_UNKNOWN},
		{"", AC_ADDRESS_UNKNOWN},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
		is_str(ac_address_class_name(ac_address_classify_text(cases[i].text)),
			   ac_address_class_name(cases[i].address_class), "%s", cases[i].text);
}

static void
test_sockaddr(void)
{
	struct sockaddr_in in = {0};
	struct sockaddr_in6 in6 = {0};
	struct sockaddr_un un = {0};

	in.sin_family = AF_INET;
	inet_pton(AF_INET, "127.0.0.1", &in.sin_addr);
	in6.sin6_family = AF_INET6;
	inet_pton(AF_INET6, "::1", &in6.sin6_addr);
	un.sun_family = AF_UNIX;
	is_int(ac_address_classify((struct sockaddr *) &in, sizeof(in)),
		   AC_ADDRESS_LOOPBACK, "sockaddr_in");
	is_int(ac_address_classify((struct sockaddr *) &in6, sizeof(in6)),
		   AC_ADDRESS_LOOPBACK, "sockaddr_in6");
	is_int(ac_address_classify((struct sockaddr *) &un, sizeof(un)),
		   AC_ADDRESS_UNKNOWN, "sockaddr_un");
	is_int(ac_address_classify((struct sockaddr *) &in6, sizeof(in)),
		   AC_ADDRESS_UNKNOWN, "a truncated sockaddr_in6");
	is_int(ac_address_classify((struct sockaddr *) &in, 0),
		   AC_ADDRESS_UNKNOWN, "no bytes at all");
}

/* Columns: ordinary, superuser's, listed, both. */
static void
test_policy(void)
{
	static const struct
	{
		AcAddressClass address_class;
		const char *allowed;
	} cases[] = {
		{AC_ADDRESS_PUBLIC, "yyyy"},
		{AC_ADDRESS_PRIVATE, "nyyy"},
		{AC_ADDRESS_LOOPBACK, "nyyy"},
		{AC_ADDRESS_LINK_LOCAL, "nnyy"},
		{AC_ADDRESS_METADATA, "nnyy"},
		{AC_ADDRESS_UNSPECIFIED, "nnnn"},
		{AC_ADDRESS_MULTICAST, "nnnn"},
		{AC_ADDRESS_RESERVED, "nnnn"},
		{AC_ADDRESS_UNKNOWN, "nnnn"},
	};
	size_t i;
	int k;

	for (i = 0; i < lengthof(cases); i++)
	{
		for (k = 0; k < 4; k++)
		{
			AcAddressPolicy policy = {k & 1, k & 2};
			AcError err;
			bool allowed;

			ac_error_clear(&err);
			allowed = ac_address_allowed(cases[i].address_class, policy, &err);
			ok(allowed == (cases[i].allowed[k] == 'y'), "%s, policy %d",
			   ac_address_class_name(cases[i].address_class), k);
			ok(allowed ? err.code == AC_ERR_NONE : err.code == AC_ERR_FORBIDDEN,
			   "%s, policy %d: code",
			   ac_address_class_name(cases[i].address_class), k);
		}
		ok(ac_address_plain_credentials(cases[i].address_class) ==
			   (cases[i].address_class == AC_ADDRESS_LOOPBACK ||
				cases[i].address_class == AC_ADDRESS_PRIVATE),
		   "%s: credentials over http",
		   ac_address_class_name(cases[i].address_class));
	}
}

int
main(void)
{
	test_classes();
	test_sockaddr();
	test_policy();
	return done_testing();
}
