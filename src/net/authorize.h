/*
 * authorize.h
 *		How does a person give a user mapping access?
 *
 * By a code that is shown and typed elsewhere (RFC 8628), or by a page in a
 * browser that leads back with a code (RFC 6749 4.1, RFC 7636).  What comes of
 * it is kept as what a token worker gets (pg/tokenjournal.h): whatever becomes
 * of the transaction.
 */
#ifndef AC_NET_AUTHORIZE_H
#define AC_NET_AUTHORIZE_H

#include "ac.h"

#include "foreign/foreign.h"

/*
 * Has a person authorize userid's mapping.  With a device code: shows it in a
 * NOTICE and waits until he has decided; NULL.  With an authorization code: the
 * URL to open, palloc'd.  Throws; serves interrupts.
 */
extern char *ac_authorize(ForeignServer *server, Oid userid);

/*
 * Trades the code that the browser was sent back with, be it alone or in the
 * URL.  Throws; serves interrupts.
 */
extern void ac_authorize_complete(ForeignServer *server, Oid userid,
								  const char *answer);

#endif /* AC_NET_AUTHORIZE_H */
