/*
 * socket.h
 *		Which descriptors has libcurl open, and does PostgreSQL know of them?
 *
 * Sockets are opened for libcurl here, with PostgreSQL's leave
 * (AcquireExternalFD), and that is given back when they are closed.  All of
 * it is called by libcurl, inside its frames: nothing throws, and interrupts
 * are held off, see net/engine.
 */
#ifndef AC_NET_SOCKET_H
#define AC_NET_SOCKET_H

#include "ac.h"

#include <curl/curl.h>

/*
 * Sockets open at once.  64 requests (the most that max_concurrency allows)
 * to each of a few servers; PostgreSQL's own limit is about 330 by default.
 */
#define AC_SOCKET_MAX 256

/* A new socket; CURL_SOCKET_BAD with errno, EMFILE if there are too many. */
extern curl_socket_t ac_socket_open(const struct curl_sockaddr *address);

/* CURLOPT_CLOSESOCKETFUNCTION */
extern int ac_socket_close(void *clientp, curl_socket_t fd);

/*
 * Has the socket whose own end has that port bytes that were not read?  Safe
 * within callbacks of libcurl.
 */
extern bool ac_socket_has_bytes(int local_port);

#endif /* AC_NET_SOCKET_H */
