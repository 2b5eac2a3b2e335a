/*
 * async.c
 *		How do several scans under one Append run at the same time?
 *
 * PostgreSQL asks each for a row; one that would have to wait says so, and is
 * asked again when the descriptor that it named is readable (the manual,
 * "FDW Routines for Asynchronous Execution").  All scans of a process share
 * the engine's descriptor, but no wait takes the same one twice: each has an
 * epoll descriptor of its own, in which nothing but the engine's stands.
 *
 * So every scan is woken by whatever moves any of them, and looks whether
 * that was one of its requests, which costs little.  What must not be is that
 * one is not woken: a scan that drives the engine while waits are set up may
 * end a request of another whose turn is over.  Then the engine is made to
 * wake at once.
 */
#include "ac.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "executor/execAsync.h"
#include "executor/executor.h"
#include "executor/instrument.h"
#include "fdw/fdw.h"
#include "fdw/scan.h"
#include "net/engine.h"
#include "pg/resource.h"
#include "storage/fd.h"
#include "storage/latch.h"

/*
 * A wait is not longer.  PostgreSQL looks for interrupts after each, and its
 * releases before 2025 do not let them end one.
 */
#define AC_ASYNC_WAIT_MS 50

typedef struct AcAsyncWait
{
	int fd;
} AcAsyncWait;

static AcScanState *
scan_of(const AsyncRequest *areq)
{
	return ((ForeignScanState *) areq->requestee)->fdw_state;
}

/*
 * The next row if it is there, the end, or that it is to be waited for.
 * Checking quals and projecting is the executor's business.
 */
static void
produce(AsyncRequest *areq, bool may_wait)
{
	AcScanState *state = scan_of(areq);
	TupleTableSlot *slot;

	state->no_wait = !may_wait;
	slot = areq->requestee->ExecProcNodeReal(areq->requestee);
	state->no_wait = false;
	if (!TupIsNull(slot))
		ExecAsyncRequestDone(areq, slot);
	else if (state->pending)
		ExecAsyncRequestPending(areq);
	else
		ExecAsyncRequestDone(areq, NULL);
}

void
autoconnForeignAsyncRequest(AsyncRequest *areq)
{
	produce(areq, false);
}

void
autoconnForeignAsyncNotify(AsyncRequest *areq)
{
	produce(areq, false);
}

/* ---- the descriptor ---- */

static void
release_wait(void *handle)
{
	AcAsyncWait *wait = handle;

	if (wait->fd < 0)
		return;
	close(wait->fd);
	ReleaseExternalFD();
}

static void
open_wait(AcAsyncWait *wait)
{
	struct epoll_event event = {.events = EPOLLIN};

	if (!AcquireExternalFD())
		return;
	wait->fd = epoll_create1(EPOLL_CLOEXEC);
	if (wait->fd < 0)
	{
		ReleaseExternalFD();
		return;
	}
	if (epoll_ctl(wait->fd, EPOLL_CTL_ADD, ac_engine_descriptor(), &event) == 0)
		return;
	release_wait(wait);
	wait->fd = -1;
}

/* The scan's descriptor, -1 if none can be had. */
static int
descriptor_of(AcScanState *state)
{
	MemoryContext old;

	if (state->async_wait == NULL)
	{
		old = MemoryContextSwitchTo(state->scan_cxt);
		state->async_wait = palloc(sizeof(AcAsyncWait));
		state->async_wait->fd = -1;
		ac_resource_own(state->scan_cxt, state->async_wait, release_wait);
		open_wait(state->async_wait);
		MemoryContextSwitchTo(old);
	}
	return state->async_wait->fd;
}

/* ---- waiting ---- */

/*
 * A row that is there by now is handed over, outside of the usual course; so
 * the executor's count of rows is kept here.
 */
static void
complete(AsyncRequest *areq, bool may_wait)
{
	areq->callback_pending = false;
	produce(areq, may_wait);
	ExecAsyncResponse(areq);
	if (areq->request_complete && areq->requestee->instrument)
		InstrUpdateTupleCount(areq->requestee->instrument,
							  TupIsNull(areq->result) ? 0.0 : 1.0);
}

/* For those who watch: the Append waits for this scan, among others. */
static void
show_wait(const AcScanState *state)
{
	if (state->pass != NULL && state->pass->reader != NULL)
		ac_activity_phase(state->stats.activity,
						  ac_reader_phase(state->pass->reader));
}

void
autoconnForeignAsyncConfigureWait(AsyncRequest *areq)
{
	static AcEngineTimer at_once;
	static AcEngineTimer before_long;
	AppendState *append = (AppendState *) areq->requestor;
	int fd = descriptor_of(scan_of(areq));
	uint64 ended = ac_fetch_ended();

	Assert(areq->callback_pending);
	ac_fetch_drive_all();
	complete(areq, fd < 0);
	if (ac_fetch_ended() != ended)
		ac_engine_timer_set(&at_once, ac_engine_now_ms());
	if (!areq->callback_pending)
		return;
	show_wait(scan_of(areq));
	AddWaitEventToSet(append->as_eventset, WL_SOCKET_READABLE, fd, NULL, areq);
	ac_engine_timer_set(&before_long, ac_engine_now_ms() + AC_ASYNC_WAIT_MS);
	/* whoever comes last arms all; a timer in the past fires at once */
	(void) ac_engine_descriptor();
}
