/*
 * login.h
 *		How is a session opened at an API that has a login of its own?
 *
 * A session's token is one source of net/token among others: asked for once,
 * kept by the backend, shared by its scans of the same mapping, renewed when
 * it is over or a request with it is answered 401.
 */
#ifndef AC_NET_LOGIN_H
#define AC_NET_LOGIN_H

#include "ac.h"

#include "core/error.h"
#include "core/url.h"
#include "net/fetch.h"
#include "pg/option.h"
#include "policy/login.h"

/*
 * The login of a mapping, in the current memory context; NULL if the server
 * has none, or the mapping neither name nor password.  It is below base.
 */
extern AcLogin *ac_login_of(const AcServerOptions *options,
							const AcMappingOptions *mapping,
							const AcUrl *base);

/*
 * Sends it over endpoint, a connection of ac_connection_endpoint(); NULL with
 * an error if it cannot be made.
 */
extern AcFetch *ac_login_start(const AcLogin *login, AcConnection *endpoint,
							   AcError *err);

/*
 * The token that a fetch which has ended brought, palloc'd, and for how long
 * it may be used (-1: nobody said); NULL with err, scrubbed of all secrets of
 * the connection.
 */
extern char *ac_login_answer(const AcLogin *login, const AcFetch *fetch,
							 AcConnection *endpoint, int64 *life_ms,
							 AcError *err);

/* Cookies of a token are secrets of the connection each by itself, too. */
extern void ac_login_learn(AcConnection *conn, const char *token);

#endif /* AC_NET_LOGIN_H */
