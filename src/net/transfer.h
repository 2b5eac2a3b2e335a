/*
 * transfer.h
 *		How does one HTTP exchange go, from the URL to the last byte or to the
 *		reason why it did not come?
 *
 * One request, one answer: no redirects, retries or judgement of the status
 * (net/fetch), no credentials of its own (net/auth).  Limits of time and size
 * and the address policy are enforced here, each with its own outcome.
 */
#ifndef AC_NET_TRANSFER_H
#define AC_NET_TRANSFER_H

#include "ac.h"

#include "core/buf.h"
#include "core/error.h"
#include "core/header.h"
#include "core/url.h"
#include "net/origin.h"
#include "pg/activity.h"
#include "policy/outcome.h"

/*
 * A body that stands still for so long will not go on: TCP has sent its
 * segment again half a dozen times by then.  Shorter than most values of the
 * option timeout, which limits the whole.
 */
#define AC_TRANSFER_STALL_MS 20000

typedef struct AcTransferRequest
{
	const char *method;			/* "GET", "HEAD", "OPTIONS", "POST" */
	const char *body;			/* of a POST; NULL: none */
	const AcUrl *url;			/* userinfo and fragment are not sent */
	const char *const *headers; /* "Name: value", without CR or LF */
	int n_headers;
	const char *user_agent;
	const char *ca_file;	/* NULL: the system's */
	const char *proxy;		/* NULL: none */
	const char *client_pem; /* certificate and key to show, NULL: none */
	int64 max_body_bytes;	/* decompressed */
	int timeout_ms;			/* from start to last byte */
	int connect_timeout_ms; /* of it: DNS, TCP, TLS */
	AcOriginGuard guard;
} AcTransferRequest;

typedef struct AcTransfer AcTransfer;

/*
 * Starts the exchange.  cxt owns it: its reset ends the exchange and frees
 * what is not palloc'd.  The request may go away afterwards.  Throws out of
 * memory and out of descriptors only.
 */
extern AcTransfer *ac_transfer_start(const AcTransferRequest *request,
									 MemoryContext cxt);

/*
 * True once the exchange has ended, be it well or by one of its time limits,
 * which are looked at here (the engine's descriptor becomes readable when one
 * is over).  Does not pump; never throws.
 */
extern bool ac_transfer_poll(AcTransfer *transfer);

/* What the exchange waits for, while it has not ended. */
extern AcPhase ac_transfer_phase(const AcTransfer *transfer);

/*
 * What came, for an exchange that has ended.  Pointers are the transfer's.
 * text: how it failed, in libcurl's or our own words, "" if it did not.
 * refusal: the address policy's, if outcome is AC_TRANSPORT_FORBIDDEN.
 */
typedef struct AcTransferResult
{
	AcTransportOutcome outcome;
	AcHeaders *headers; /* status 0 if none came */
	AcBuf *body;
	const char *text;
	const AcError *refusal;
	bool met;				  /* a connection was made or taken */
	bool reused;			  /* it had served before */
	int64 took_ms;			  /* from start to end */
	AcAddressClass met_class; /* class of its address */
} AcTransferResult;

extern const AcTransferResult *ac_transfer_result(const AcTransfer *transfer);

#endif /* AC_NET_TRANSFER_H */
