/*
 * webhook.h
 *		How do people who do not look at the database hear of alerts?
 *
 * Where the owner's user mapping has the option webhook, each new alert is
 * queued with the alert itself and sent by the worker as JSON that chat tools
 * accept.  A webhook that does not answer is tried again, later and later, and
 * delays nothing else.
 */
#ifndef AC_WORKER_WEBHOOK_H
#define AC_WORKER_WEBHOOK_H

#include "ac.h"

#include "datatype/timestamp.h"
#include "nodes/pg_list.h"

/* Queues alerts, a List of int64 *; within the transaction that made them. */
extern void ac_webhook_queue(List *alerts);

/* The messages of one visit, which are begun at its first delivery. */
typedef struct AcWebhooks AcWebhooks;

/* They live and end with the parent. */
extern AcWebhooks *ac_webhook_begin(MemoryContext parent);

/*
 * Sends what is due, outside of any transaction, until that time; true if
 * nothing is under way any more, else it is to be called again.
 */
extern bool ac_webhook_deliver(AcWebhooks *webhooks, TimestampTz until);

/* When more will be due, DT_NOEND: never; in a transaction. */
extern TimestampTz ac_webhook_next(void);

#endif /* AC_WORKER_WEBHOOK_H */
