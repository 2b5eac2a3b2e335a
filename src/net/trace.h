/*
 * trace.h
 *		What do log_min_messages and client_min_messages = debug1 show of
 *		requests?
 */
#ifndef AC_NET_TRACE_H
#define AC_NET_TRACE_H

#include "ac.h"

#include "net/connection.h"
#include "net/transfer.h"

/* An exchange that has ended. */
typedef struct AcTraced
{
	const AcConnection *conn;
	const char *method;
	const AcUrl *url; /* without credentials */
	int attempt;	  /* 1 for the first */
	const AcTransferResult *result;
} AcTraced;

/* One line about it, without secrets, for whoever wants to see such. */
extern void ac_trace_exchange(const AcTraced *traced);

/* The same for an answer that the cache had. */
extern void ac_trace_cached(const AcConnection *conn, const char *url,
							size_t bytes);

#endif /* AC_NET_TRACE_H */
