/*
 * socket.c
 *		Which descriptors has libcurl open, and does PostgreSQL know of them?
 *		See socket.h.
 *
 * libcurl promises to call CURLOPT_CLOSESOCKETFUNCTION for each socket, but
 * 7.88 to 8.2 close sockets that were not connected yet without it
 * (https://github.com/curl/curl/pull/11439).  So a list is kept, and before a
 * new socket is opened those are struck off that do not exist any more; the
 * inode tells a socket from another one under the same number.
 */
#include "ac.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/socket.h"
#include "storage/fd.h"

typedef struct OpenSocket
{
	int fd;
	ino_t inode;
	int port; /* of our end, 0: not asked for since it was connected */
} OpenSocket;

static OpenSocket sockets[AC_SOCKET_MAX];
static int n_sockets = 0;

static ino_t
inode_of(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

/* Strikes an entry off and gives its reservation back. */
static void
forget(int i)
{
	Assert(i >= 0 && i < n_sockets);
	sockets[i] = sockets[--n_sockets];
	ReleaseExternalFD();
}

static void
forget_closed(void)
{
	for (int i = n_sockets - 1; i >= 0; i--)
	{
		if (inode_of(sockets[i].fd) != sockets[i].inode)
			forget(i);
	}
}

curl_socket_t
ac_socket_open(const struct curl_sockaddr *address)
{
	int fd;

	forget_closed();
	if (n_sockets == AC_SOCKET_MAX)
	{
		errno = EMFILE;
		return CURL_SOCKET_BAD;
	}
	if (!AcquireExternalFD())
		return CURL_SOCKET_BAD;
	fd = socket(address->family, address->socktype | SOCK_CLOEXEC,
				address->protocol);
	if (fd < 0)
	{
		int save_errno = errno;

		ReleaseExternalFD();
		errno = save_errno;
		return CURL_SOCKET_BAD;
	}
	sockets[n_sockets].fd = fd;
	sockets[n_sockets].port = 0;
	sockets[n_sockets++].inode = inode_of(fd);
	return fd;
}

int
ac_socket_close(void *clientp, curl_socket_t fd)
{
	for (int i = 0; i < n_sockets; i++)
	{
		if (sockets[i].fd == fd)
		{
			forget(i);
			break;
		}
	}
	return close(fd);
}

/* The port of our end of a socket, 0 if it has none. */
static int
port_of(int fd)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);

	if (getsockname(fd, (struct sockaddr *) &own, &len) != 0)
		return 0;
	if (own.ss_family == AF_INET)
		return ntohs(((struct sockaddr_in *) &own)->sin_port);
	if (own.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *) &own)->sin6_port);
	return 0;
}

/* Is it the connection from that port?  Asked for each request, of each. */
static bool
is_from(OpenSocket *socket, int local_port)
{
	if (socket->port == 0)
		socket->port = port_of(socket->fd);
	return socket->port == local_port &&
		   inode_of(socket->fd) == socket->inode;
}

bool
ac_socket_has_bytes(int local_port)
{
	char byte;

	for (int i = 0; i < n_sockets; i++)
	{
		if (is_from(&sockets[i], local_port) &&
			recv(sockets[i].fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
			return true;
	}
	return false;
}
