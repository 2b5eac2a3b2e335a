/*
 * engine.h
 *		How do HTTP transfers run inside a backend without ever blocking it?
 *
 * One curl multi handle per backend, behind one descriptor that becomes
 * readable whenever ac_engine_pump() has something to do: socket activity,
 * curl's timers, and timers of our own.  So whoever waits needs to know
 * nothing but the descriptor.  Connections are kept alive and shared by all
 * scans of the backend.
 *
 * What a transfer is and how its end is judged is net/transfer's business.
 */
#ifndef AC_NET_ENGINE_H
#define AC_NET_ENGINE_H

#include "ac.h"

#include <curl/curl.h>

#include "lib/ilist.h"

/*
 * A handle under way.  The owner fills easy, which must not have
 * CURLOPT_PRIVATE set by anybody else; the rest is the engine's to write.
 * Nothing is called back: the owner looks at done after a pump.
 */
typedef struct AcEngineClient
{
	CURL *easy;
	bool running; /* the multi handle has it */
	bool done;	  /* ended by itself; result is set */
	CURLcode result;
	dlist_node node;
} AcEngineClient;

/*
 * A point in time at which the descriptor shall become readable.  One shot:
 * the engine clears set when it has passed.  Zero the struct to initialise.
 */
typedef struct AcEngineTimer
{
	bool set;
	int64 at_ms;
	dlist_node node;
} AcEngineTimer;

/*
 * Milliseconds of the monotonic clock that all times in net/ are told in.
 */
extern int64 ac_engine_now_ms(void);

/*
 * Submits client->easy.  Throws if the engine cannot be set up or the handle
 * not be added; then the client is not running.  Does not block; the first
 * byte moves with the next pump.
 */
extern void ac_engine_add(AcEngineClient *client);

/*
 * Ends a transfer that is still running; does nothing for others.  Never
 * throws, so it may be called from an abort, but not from a curl callback.
 * The connection is closed if an answer was under way on it (HTTP/1.1).
 */
extern void ac_engine_remove(AcEngineClient *client);

/*
 * Sets or moves, clears a timer.  Setting may be the engine's first use and
 * throw as such; clearing never throws.
 */
extern void ac_engine_timer_set(AcEngineTimer *timer, int64 at_ms);
extern void ac_engine_timer_clear(AcEngineTimer *timer);

/*
 * Does what can be done without blocking and notes which clients are done.
 * Never throws.  Bounded to some milliseconds, after which the descriptor
 * stays readable.
 */
extern void ac_engine_pump(void);

/*
 * Waits until there is something to pump, the latch is set or timeout_ms
 * (-1: none) is over; serves interrupts, so it may throw; ends the process if
 * the postmaster died.  Does not pump.
 */
extern void ac_engine_wait(long timeout_ms, uint32 wait_event_info);

/*
 * The descriptor, for whoever waits for it together with others, and then
 * pumps.  It tells of timers that are set by now; asked for before each wait.
 */
extern int ac_engine_descriptor(void);

/*
 * For callbacks that may run long: lets signals in that wait outside libcurl,
 * and tells whether the query or the session is to end.  Then the callback
 * should end its transfer.
 */
extern bool ac_engine_interrupted(void);

#endif /* AC_NET_ENGINE_H */
