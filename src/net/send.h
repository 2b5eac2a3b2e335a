/*
 * send.h
 *		What exactly goes over the wire for a fetch?
 *
 * Puts headers, credentials, limits and the address policy of the moment on a
 * request and starts its transfer.  When, how often and where to is
 * net/fetch's business.
 */
#ifndef AC_NET_SEND_H
#define AC_NET_SEND_H

#include "ac.h"

#include "net/connection.h"
#include "net/transfer.h"

typedef struct AcSend
{
	AcConnection *conn;
	const char *method;
	const AcUrl *url;				 /* without credentials */
	const char *accept;				 /* NULL: JSON */
	const char *const *more_headers; /* AC_FETCH_HEADERS of them, or NULLs */
	const char *json;				 /* body, NULL: none */
	const char *body_type;			 /* NULL: JSON */
	const char *bearer;				 /* access token of the moment, NULL: none */
	bool credentials;				 /* go along */
	bool secret;					 /* so is what goes along anyway */
	bool plain_body;				 /* ask for no compression */
	int timeout_ms;					 /* of this exchange */
	int64 max_bytes;				 /* of the body; 0: the server's option */
} AcSend;

/*
 * Starts the transfer in the current memory context.  NULL with AC_ERR_FORBIDDEN
 * if it must not be sent; throws what ac_transfer_start() throws.
 */
extern AcTransfer *ac_send_start(const AcSend *send, AcError *err);

#endif /* AC_NET_SEND_H */
