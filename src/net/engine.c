/*
 * engine.c
 *		How do HTTP transfers run inside a backend without ever blocking it?
 *		See engine.h.
 *
 * curl_multi_socket_action() tells us which sockets it waits for; they and a
 * timerfd stand in one epoll descriptor.  (curl_multi_perform() with
 * curl_multi_fdset() would visit every transfer on every turn and could not
 * be waited for together with the latch through one descriptor.)  Linux only:
 * elsewhere a kqueue with an EVFILT_TIMER event would do the same.
 *
 * Two rules keep libcurl and PostgreSQL apart:
 *
 * - No longjmp crosses a libcurl frame.  Callbacks do nothing that throws,
 *   and interrupts are held off while libcurl runs, because PostgreSQL may
 *   log when a socket is opened (net/socket) and serves interrupts when it logs.
 * - libcurl's resolver threads inherit the signal mask of the moment.  All
 *   signals are blocked while libcurl runs, so that no thread ever executes
 *   one of PostgreSQL's signal handlers.
 *
 * The multi handle is never destroyed: the process's end closes the sockets,
 * and waiting at exit for anything on the network would be wrong.
 */
#include "ac.h"

#ifndef __linux__
#error "autoconn needs epoll and timerfd, that is Linux"
#endif

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "miscadmin.h"
#include "net/engine.h"
#include "pg/places.h"
#include "storage/fd.h"
#include "storage/latch.h"

/*
 * Idle connections kept.  A backend talks to a few APIs with a few
 * connections each; more would only fill the servers' tables.
 */
#define AC_ENGINE_MAX_IDLE 16

/* Freed memory that the process keeps: receive buffers of some transfers. */
#define AC_ENGINE_KEPT_BYTES (2 * 1024 * 1024)

/* Events fetched at a time; more sockets than that are rarely ready at once. */
#define AC_ENGINE_EVENTS 32

/*
 * Turns of one pump.  A transfer on a fast network is always readable; the
 * caller must get to look at its interrupts in between.  A turn moves at most
 * one buffer per socket, so a pump stays at some milliseconds.
 */
#define AC_ENGINE_MAX_ROUNDS 8

/*
 * Sockets that can be closed from outside, see cut(): more than requests may
 * be under way to some APIs at once.
 */
#define AC_ENGINE_SOCKETS 256

/*
 * Descriptors of the engine itself: epoll, timerfd, and the pair with which
 * libcurl would wake itself up.
 */
#define AC_ENGINE_OWN_FDS 4

static struct
{
	CURLM *multi; /* NULL: not set up */
	int epoll_fd;
	int timer_fd;
	int64 curl_timer_ms;			/* when curl wants to be called, -1: not */
	int64 armed_ms;					/* what timer_fd is set to, -1: not */
	dlist_head clients;				/* running ones */
	dlist_head timers;				/* set ones */
	int sockets[AC_ENGINE_SOCKETS]; /* that libcurl waits for */
	int n_sockets;
	bool overfull;		 /* there are, or were, more */
	int watched;		 /* sockets that curl wants to hear of, listed or not */
	bool in_curl;		 /* libcurl is on the stack */
	sigset_t saved_mask; /* while in_curl */
	sigset_t curl_mask;	 /* the mask of in_curl */
} engine;

int64
ac_engine_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- entering and leaving libcurl ---- */

/*
 * Signals that a fault of the code itself raises stay unblocked: blocking
 * them is undefined, and they hit the thread that caused them anyway.
 */
static void
enter_curl(void)
{
	static const int synchronous[] = {
		SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
	sigset_t *mask = &engine.curl_mask;

	Assert(!engine.in_curl);
	sigfillset(mask);
	for (int i = 0; i < (int) lengthof(synchronous); i++)
		sigdelset(mask, synchronous[i]);
	HOLD_INTERRUPTS();
	sigprocmask(SIG_BLOCK, mask, &engine.saved_mask);
	engine.in_curl = true;
}

static void
leave_curl(void)
{
	Assert(engine.in_curl);
	engine.in_curl = false;
	sigprocmask(SIG_SETMASK, &engine.saved_mask, NULL);
	RESUME_INTERRUPTS();
}

/*
 * PostgreSQL's handlers only set flags, and in this thread they may: what
 * must not run them is a thread of libcurl's, and none is made meanwhile.
 */
bool
ac_engine_interrupted(void)
{
	Assert(engine.in_curl);
	sigprocmask(SIG_SETMASK, &engine.saved_mask, NULL);
	sigprocmask(SIG_BLOCK, &engine.curl_mask, NULL);
	return QueryCancelPending || ProcDiePending;
}

/* ---- closing from outside ---- */

static void
note_socket(int fd)
{
	for (int i = 0; i < engine.n_sockets; i++)
		if (engine.sockets[i] == fd)
			return;
	if (engine.n_sockets < AC_ENGINE_SOCKETS)
		engine.sockets[engine.n_sockets++] = fd;
	else
		engine.overfull = true;
}

/* Called before libcurl closes it: its number is nobody else's yet. */
static void
forget_socket(int fd)
{
	for (int i = 0; i < engine.n_sockets; i++)
		if (engine.sockets[i] == fd)
			engine.sockets[i--] = engine.sockets[--engine.n_sockets];
	if (engine.n_sockets == 0)
		engine.overfull = false;
}

/* Does the other side still owe an answer?  What it has sent waits here. */
static bool
is_owed(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
		   (errno == EAGAIN || errno == EWOULDBLOCK);
}

/*
 * An AcPlacesCut: ends all connections in a signal handler, but not while
 * libcurl is on the stack (signals come in ac_engine_interrupted(), too): it
 * would take their end for the API's.  Their transfers are the caller's to end
 * before the next pump.
 */
static bool
cut(bool anyway)
{
	int saved_errno = errno;
	bool owed = engine.overfull || engine.in_curl;

	for (int i = 0; i < engine.n_sockets && !anyway; i++)
		owed = owed || is_owed(engine.sockets[i]);
	for (int i = 0; i < engine.n_sockets && !owed; i++)
		(void) shutdown(engine.sockets[i], SHUT_RDWR);
	errno = saved_errno;
	return !owed;
}

/* ---- callbacks of the multi handle ---- */

/*
 * CURLMOPT_SOCKETFUNCTION.  A socket that was closed has left the epoll set
 * by itself, so removal may fail; one that came back under its old number is
 * not in the set although it was.
 */
static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *clientp, void *socketp)
{
	struct epoll_event event = {0};

	if (what == CURL_POLL_REMOVE)
	{
		engine.watched -= socketp != NULL;
		forget_socket(fd);
		(void) epoll_ctl(engine.epoll_fd, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (socketp == NULL)
	{
		engine.watched++;
		curl_multi_assign(engine.multi, fd, &engine);
	}
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	event.data.fd = fd;
	note_socket(fd);
	if (epoll_ctl(engine.epoll_fd, EPOLL_CTL_MOD, fd, &event) == 0)
		return 0;
	if (errno == ENOENT &&
		epoll_ctl(engine.epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0)
		return 0;
	return -1; /* ends all transfers, see fail_all() */
}

/* CURLMOPT_TIMERFUNCTION: only noted, see arm_timer(). */
static int
on_timer(CURLM *multi, long timeout_ms, void *clientp)
{
	engine.curl_timer_ms = timeout_ms < 0 ? -1 : ac_engine_now_ms() + timeout_ms;
	return 0;
}

/* ---- set-up ---- */

static bool
open_descriptors(void)
{
	struct epoll_event event = {.events = EPOLLIN};

	engine.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (engine.epoll_fd < 0)
		return false;
	engine.timer_fd = timerfd_create(CLOCK_MONOTONIC,
									 TFD_NONBLOCK | TFD_CLOEXEC);
	event.data.fd = engine.timer_fd;
	if (engine.timer_fd >= 0 &&
		epoll_ctl(engine.epoll_fd, EPOLL_CTL_ADD, engine.timer_fd,
				  &event) == 0)
		return true;
	if (engine.timer_fd >= 0)
		close(engine.timer_fd);
	close(engine.epoll_fd);
	return false;
}

/*
 * libcurl allocates a receive buffer for each transfer and frees it, and glibc
 * would give that memory back to the system each time, to be had again page by
 * page.  A larger piece that was freed teaches it to keep twice as much
 * (mallopt(3), M_MMAP_THRESHOLD): others do the same to any backend.
 */
static void
keep_memory(void)
{
	char *piece = malloc(AC_ENGINE_KEPT_BYTES / 2);

	/* else the compiler leaves both out */
	if (piece != NULL)
		*(volatile char *) piece = 0;
	free(piece);
}

/*
 * Once per process, threads of the TLS library's initialisation included,
 * hence inside enter_curl().
 */
static CURLM *
open_multi(void)
{
	static bool global_done = false;
	CURLM *multi = NULL;

	enter_curl();
	if (!global_done)
		keep_memory();
	if (!global_done)
		global_done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	if (global_done)
		multi = curl_multi_init();
	if (multi != NULL)
	{
		curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
		curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
		curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
		curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS,
						  (long) AC_ENGINE_MAX_IDLE);
	}
	leave_curl();
	return multi;
}

/*
 * First use in this backend.  The engine's own descriptors are reserved
 * without asking: they are few, and without them nothing could be fetched.
 */
static void
set_up(void)
{
	if (engine.multi != NULL)
		return;
	if (!open_descriptors())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
				 errmsg("could not create descriptors for HTTP transfers: %m")));
	dlist_init(&engine.clients);
	dlist_init(&engine.timers);
	engine.curl_timer_ms = engine.armed_ms = -1;
	engine.multi = open_multi();
	if (engine.multi == NULL)
	{
		close(engine.timer_fd);
		close(engine.epoll_fd);
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("could not initialise libcurl")));
	}
	for (int i = 0; i < AC_ENGINE_OWN_FDS; i++)
		ReserveExternalFD();
	ac_places_set_cut(cut);
}

/* ---- timers ---- */

/* The earliest of curl's timer and ours, -1 if there is none. */
static int64
next_timer(void)
{
	int64 next = engine.curl_timer_ms;
	dlist_iter iter;

	dlist_foreach (iter, &engine.timers)
	{
		AcEngineTimer *timer = dlist_container(AcEngineTimer, node, iter.cur);

		if (next < 0 || timer->at_ms < next)
			next = timer->at_ms;
	}
	return next;
}

/*
 * Sees to it that timer_fd fires no later than the next timer.  Called before
 * somebody waits, not whenever a timer changes, and a timer_fd that would fire
 * earlier is left alone, at the price of waking up once for nothing: setting
 * it is the dearest system call of a small page, on virtual machines most.
 */
static void
arm_timer(void)
{
	int64 next = next_timer();
	struct itimerspec spec = {.it_value = {0}};

	if (next < 0 || (engine.armed_ms >= 0 && engine.armed_ms <= next))
		return;
	spec.it_value.tv_sec = next / 1000;
	spec.it_value.tv_nsec = (next % 1000) * 1000000;
	if (next == 0) /* all zero would disarm it */
		spec.it_value.tv_nsec = 1;
	if (timerfd_settime(engine.timer_fd, TFD_TIMER_ABSTIME, &spec, NULL) == 0)
		engine.armed_ms = next;
}

void
ac_engine_timer_set(AcEngineTimer *timer, int64 at_ms)
{
	set_up();
	if (!timer->set)
		dlist_push_tail(&engine.timers, &timer->node);
	timer->set = true;
	timer->at_ms = Max(at_ms, 0);
}

void
ac_engine_timer_clear(AcEngineTimer *timer)
{
	if (!timer->set)
		return;
	timer->set = false;
	dlist_delete(&timer->node);
}

/* Clears the timers whose time has come. */
static void
expire_timers(int64 now_ms)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &engine.timers)
	{
		AcEngineTimer *timer = dlist_container(AcEngineTimer, node, iter.cur);

		if (timer->at_ms > now_ms)
			continue;
		timer->set = false;
		dlist_delete(&timer->node);
	}
}

/* ---- clients ---- */

void
ac_engine_add(AcEngineClient *client)
{
	CURLMcode code;

	Assert(!client->running);
	set_up();
	client->done = false;
	client->result = CURLE_OK;
	enter_curl();
	curl_easy_setopt(client->easy, CURLOPT_PRIVATE, client);
	code = curl_multi_add_handle(engine.multi, client->easy);
	leave_curl();
	if (code != CURLM_OK)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("could not start an HTTP transfer: %s",
						curl_multi_strerror(code))));
	client->running = true;
	dlist_push_tail(&engine.clients, &client->node);
}

/* Takes a client out of the multi handle; libcurl is on the stack. */
static void
detach(AcEngineClient *client)
{
	Assert(engine.in_curl && client->running);
	client->running = false;
	dlist_delete(&client->node);
	curl_multi_remove_handle(engine.multi, client->easy);
}

void
ac_engine_remove(AcEngineClient *client)
{
	if (!client->running)
		return;
	enter_curl();
	detach(client);
	leave_curl();
}

static void
finish(AcEngineClient *client, CURLcode result)
{
	detach(client);
	client->done = true;
	client->result = result;
}

/* Notes the transfers that libcurl has ended. */
static void
collect_done(void)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(engine.multi, &left)) != NULL)
	{
		char *client = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &client);
		Assert(client != NULL);
		finish((AcEngineClient *) client, message->data.result);
	}
}

/*
 * The multi handle itself has failed (out of memory, or a socket could not be
 * watched): nothing under way can be trusted to ever end.  It recovers once
 * it is empty.
 */
static void
fail_all(void)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &engine.clients)
		finish(dlist_container(AcEngineClient, node, iter.cur),
			   CURLE_OUT_OF_MEMORY);
}

/* ---- the pump ---- */

/* Serves one event of the epoll set. */
static CURLMcode
serve_event(const struct epoll_event *event)
{
	int mask = 0;
	int running;

	if (event->data.fd == engine.timer_fd)
	{
		uint64 expirations;

		/* its news is in the clock; reading only makes it unreadable again */
		if (read(engine.timer_fd, &expirations, sizeof(expirations)) > 0)
			engine.armed_ms = -1;
		return CURLM_OK;
	}
	if (event->events & EPOLLIN)
		mask |= CURL_CSELECT_IN;
	if (event->events & EPOLLOUT)
		mask |= CURL_CSELECT_OUT;
	if (event->events & (EPOLLERR | EPOLLHUP))
		mask |= CURL_CSELECT_ERR;
	return curl_multi_socket_action(engine.multi, event->data.fd, mask,
									&running);
}

/* Calls libcurl if its timer is due; *due says whether it was. */
static CURLMcode
serve_timer(bool *due)
{
	int running;

	*due = engine.curl_timer_ms >= 0 &&
		   ac_engine_now_ms() >= engine.curl_timer_ms;
	if (!*due)
		return CURLM_OK;
	engine.curl_timer_ms = -1;
	return curl_multi_socket_action(engine.multi, CURL_SOCKET_TIMEOUT, 0,
									&running);
}

/* One turn; false if there was nothing to do. */
static bool
pump_round(void)
{
	struct epoll_event events[AC_ENGINE_EVENTS];
	CURLMcode code;
	bool due;
	int n;

	n = epoll_wait(engine.epoll_fd, events, AC_ENGINE_EVENTS, 0);
	code = serve_timer(&due);
	for (int i = 0; i < n && code == CURLM_OK; i++)
		code = serve_event(&events[i]);
	collect_done();
	if (code != CURLM_OK && code != CURLM_BAD_SOCKET)
		fail_all();
	return n > 0 || due;
}

/*
 * Can nothing have happened?  Scans that have all of their answers pump every
 * so many rows.  A timer that has fired must be read, else whoever waits for
 * the descriptor wakes up again and again.
 */
static bool
is_idle(int64 now_ms)
{
	return dlist_is_empty(&engine.clients) && engine.watched == 0 &&
		   (engine.curl_timer_ms < 0 || now_ms < engine.curl_timer_ms) &&
		   (engine.armed_ms < 0 || now_ms < engine.armed_ms);
}

void
ac_engine_pump(void)
{
	bool busy = engine.multi != NULL && !is_idle(ac_engine_now_ms());

	for (int round = 0; busy && round < AC_ENGINE_MAX_ROUNDS; round++)
	{
		enter_curl();
		busy = pump_round();
		leave_curl();
		if (InterruptPending)
			break;
	}
	if (engine.multi != NULL)
		expire_timers(ac_engine_now_ms());
}

int
ac_engine_descriptor(void)
{
	set_up();
	arm_timer();
	ac_places_wait();
	return engine.epoll_fd;
}

void
ac_engine_wait(long timeout_ms, uint32 wait_event_info)
{
	int events = WL_LATCH_SET | WL_SOCKET_READABLE | WL_EXIT_ON_PM_DEATH;

	if (timeout_ms >= 0)
		events |= WL_TIMEOUT;
	events = WaitLatchOrSocket(MyLatch, events, ac_engine_descriptor(),
							   timeout_ms, wait_event_info);
	if (events & WL_LATCH_SET)
		ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}
