/*
 * addresses.c
 *		Which address does a name have, and where does it really lead?
 *
 * For tests of rules about addresses, which need a name that moves and an API
 * on the internet, where there is no internet.  Preloaded into a server
 * (LD_PRELOAD): names that end in ".test" have the addresses that the file
 * AC_TEST_NAMES says ("name address" a line, read at each look-up), and
 * connections to addresses of 93.184.0.0/16, which are public, are made to
 * 127.0.0.1, though both ends say otherwise.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_FD 1024

/* Addresses that descriptors believe to be connected to; 0: the real one. */
static in_addr_t peers[MAX_FD];

static int
is_far(in_addr_t address)
{
	return (ntohl(address) >> 16) == ((93 << 8) | 184);
}

int
getaddrinfo(const char *node, const char *service,
			const struct addrinfo *hints, struct addrinfo **result)
{
	int (*real)(const char *, const char *, const struct addrinfo *,
				struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
	const char *file = getenv("AC_TEST_NAMES");
	size_t len = node != NULL ? strlen(node) : 0;
	char name[256];
	char address[64];
	FILE *names;

	if (file == NULL || len < 5 || strcmp(node + len - 5, ".test") != 0)
		return real(node, service, hints, result);
	names = fopen(file, "r");
	while (names != NULL && fscanf(names, "%255s %63s", name, address) == 2)
	{
		if (strcmp(name, node) != 0)
			continue;
		fclose(names);
		return real(address, service, hints, result);
	}
	if (names != NULL)
		fclose(names);
	return EAI_NONAME;
}

int
connect(int fd, const struct sockaddr *address, socklen_t len)
{
	int (*real)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "connect");
	struct sockaddr_in near;

	if (fd >= 0 && fd < MAX_FD)
		peers[fd] = 0;
	if (address->sa_family != AF_INET || fd < 0 || fd >= MAX_FD ||
		!is_far(((const struct sockaddr_in *) address)->sin_addr.s_addr))
		return real(fd, address, len);
	memcpy(&near, address, sizeof(near));
	peers[fd] = near.sin_addr.s_addr;
	near.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return real(fd, (struct sockaddr *) &near, sizeof(near));
}

int
getpeername(int fd, struct sockaddr *address, socklen_t *len)
{
	int (*real)(int, struct sockaddr *, socklen_t *) = dlsym(RTLD_NEXT, "getpeername");
	int result = real(fd, address, len);

	if (result == 0 && address->sa_family == AF_INET && fd < MAX_FD &&
		peers[fd] != 0)
		((struct sockaddr_in *) address)->sin_addr.s_addr = peers[fd];
	return result;
}
