/*
 * watch.c
 *		What does a worker do in a database?  See watch.h.
 *
 * A visit: what scans told is taken from the ring, servers that are due are
 * polled, the others that scans told of are looked at without a request, and
 * webhooks are told.  While a webhook takes its time the same goes on, round
 * by round.  An error in one server's poll is logged and ends that poll alone.
 */
#include "ac.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "net/engine.h"
#include "pg/guc.h"
#include "pg/ring.h"
#include "pg/watch.h"
#include "pgstat.h"
#include "utils/elog.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "worker/check.h"
#include "worker/step.h"
#include "worker/watch.h"
#include "worker/webhook.h"

/* Events of one visit; the ring holds no more, and the rest can wait. */
#define MAX_EVENTS 4096

/*
 * After a poll that ended in an error of ours, or in a crash, the next one
 * waits for so long: what is broken stays broken for a while.
 */
#define FAILURE_WAIT_MS 300000

/*
 * No poll begins later in a visit.  The next visit has the servers in a new
 * order, in which nobody's many servers keep another's one waiting.
 */
#define POLLING_MS 60000

typedef struct Visit
{
	MemoryContext cxt;
	List *servers; /* AcWatchDue */
	AcEvent *events;
	int n_events;
	TimestampTz next;
} Visit;

/* Servers and when they are due; false if the extension is not here. */
static bool
begin_visit(Visit *visit)
{
	bool present;

	ac_step_begin(visit->cxt);
	present = ac_step_has_extension();
	if (present)
		visit->servers = ac_watch_servers();
	ac_step_end();
	return present;
}

static void
take_events(Visit *visit)
{
	uint64 lost;

	visit->events = palloc(sizeof(AcEvent) * MAX_EVENTS);
	visit->n_events = ac_ring_take(visit->events, MAX_EVENTS, &lost);
	if (lost > 0)
		ereport(DEBUG1,
				(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
				 errmsg_internal("autoconn: " UINT64_FORMAT " events of scans were lost",
								 lost)));
}

static bool
has_events(const Visit *visit, Oid serverid)
{
	for (int i = 0; i < visit->n_events; i++)
		if (visit->events[i].serverid == serverid)
			return true;
	return false;
}

/* One server's poll. */
typedef struct Poll
{
	const Visit *visit;
	const AcWatchDue *due;
	bool quick;
} Poll;

/*
 * A worker waits for nobody's transaction, which may stay open for hours; nor
 * does it poll once the extension is gone.
 */
static bool
claim(const Poll *poll)
{
	TimestampTz next = DT_NOBEGIN;
	bool claimed;

	if (!poll->quick)
		next = TimestampTzPlusMilliseconds(ac_guc_now(), FAILURE_WAIT_MS);
	ac_step_begin(CurrentMemoryContext);
	claimed = ac_step_has_extension() &&
			  ac_watch_claim(poll->due->serverid, next);
	ac_step_end();
	return claimed;
}

static void
run_poll(void *arg)
{
	const Poll *poll = arg;
	AcCheckRequest request = {
		.serverid = poll->due->serverid,
		.mode = AC_CHECK_WORKER,
		.quick = poll->quick,
		.events = poll->visit->events,
		.n_events = poll->visit->n_events,
	};

	if (claim(poll))
		(void) ac_check_server(&request);
}

/*
 * Polls one server in a context of its own, with which goes what an error
 * left, requests under way included.
 */
static void
poll_server(const Visit *visit, const AcWatchDue *due, bool quick)
{
	Poll poll = {visit, due, quick};
	MemoryContext cxt = AllocSetContextCreate(visit->cxt, "autoconn poll",
											  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);

	(void) ac_step_try(run_poll, &poll,
					   psprintf("poll of foreign server with OID %u",
								due->serverid));
	MemoryContextSwitchTo(old);
	MemoryContextDelete(cxt);
}

/* Scans may tell something at any time: to look for that is due by then. */
static TimestampTz
next_round(void)
{
	return TimestampTzPlusMilliseconds(ac_guc_now(),
									   (int64) ac_guc_naptime_s * 1000);
}

/*
 * When a server, or a message, is due next, as it is stored by now; 0 if the
 * extension has gone meanwhile.
 */
static void
note_next(Visit *visit)
{
	TimestampTz round = next_round();
	List *servers = NIL;
	ListCell *lc;

	visit->next = 0;
	ac_step_begin(visit->cxt);
	if (ac_step_has_extension())
	{
		servers = ac_watch_servers();
		visit->next = ac_webhook_next();
	}
	ac_step_end();
	foreach (lc, servers)
		visit->next = Min(visit->next, ((AcWatchDue *) lfirst(lc))->due_at);
	if (servers != NIL)
		visit->next = Min(visit->next, round);
}

static void
poll_servers(Visit *visit)
{
	int64 until_ms = ac_engine_now_ms() + POLLING_MS;
	ListCell *lc;

	foreach (lc, visit->servers)
	{
		AcWatchDue *due = lfirst(lc);
		bool is_due = due->due_at <= ac_guc_now() &&
					  ac_engine_now_ms() < until_ms;

		CHECK_FOR_INTERRUPTS();
		if (is_due || has_events(visit, due->serverid))
			poll_server(visit, due, !is_due);
	}
}

/* One round; false if the extension is not here. */
static bool
go_round(Visit *visit)
{
	if (!begin_visit(visit))
		return false;
	take_events(visit);
	poll_servers(visit);
	return true;
}

TimestampTz
ac_watch_visit(void)
{
	MemoryContext parent = AllocSetContextCreate(TopMemoryContext,
												 "autoconn visit",
												 ALLOCSET_DEFAULT_SIZES);
	AcWebhooks *webhooks = ac_webhook_begin(parent);
	Visit visit = {.next = 0};
	bool present;

	Assert(!IsTransactionState());
	visit.cxt = AllocSetContextCreate(parent, "autoconn round",
									  ALLOCSET_DEFAULT_SIZES);
	do
	{
		MemoryContextReset(visit.cxt);
		MemoryContextSwitchTo(visit.cxt);
		present = go_round(&visit);
	}
	while (present && !ac_webhook_deliver(webhooks, next_round()));
	if (present)
		note_next(&visit);
	MemoryContextSwitchTo(TopMemoryContext);
	MemoryContextDelete(parent);
	return visit.next;
}
