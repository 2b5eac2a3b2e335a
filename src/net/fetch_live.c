/*
 * fetch_live.c
 *		Who moves a fetch whose reader is busy elsewhere?
 *
 * All fetches of the process stand in one list, and whoever drives one or
 * waits for one drives every one that can move: pages and passes ahead leave
 * in their turn, whether they wait for a place, for a limit or for the end of
 * a back-off, while the query is at the rows of another.
 *
 * Fetches end with their memory contexts, whatever becomes of the query, so
 * the list holds nothing but live ones.  A cursor that nobody fetches from
 * holds what its reader has asked ahead, which the reader bounds
 * (net/reader_int.h).
 *
 * A transition may throw (memory, descriptors, what a connection looks up).
 * The error is that of whoever drives; the fetch, which may be somebody
 * else's, is given up.  A transition may start fetches, end others and wait for
 * one: what is on the stack is passed over then.
 */
#include "ac.h"

#include "net/fetch_int.h"
#include "utils/memutils.h"

static dlist_head live = DLIST_STATIC_INIT(live);
static uint64 ended = 0;
static uint64 changes = 0; /* of the list */
static int steps = 0;	   /* transitions on the stack */

void
ac_fetch_list(AcFetchMachine *machine)
{
	dlist_push_tail(&live, &machine->node);
	changes++;
}

void
ac_fetch_unlist(AcFetchMachine *machine)
{
	/* It was created, but not listed, if creating it threw. */
	if (machine->node.next == NULL)
		return;
	dlist_delete(&machine->node);
	changes++;
}

/* A transition, in the fetch's own memory. */
static bool
step(AcFetchMachine *machine)
{
	MemoryContext old = MemoryContextSwitchTo(machine->cxt);
	volatile bool moved = false;

	machine->stepping = true;
	steps++;
	PG_TRY();
	{
		moved = ac_fetch_step(machine);
	}
	PG_CATCH();
	{
		steps--;
		ac_fetch_give_up(machine);
		PG_RE_THROW();
	}
	PG_END_TRY();
	steps--;
	machine->stepping = false;
	ended += machine->step == FINISHED;
	MemoryContextSwitchTo(old);
	return moved;
}

/*
 * Is it not worth a try?  Of those that wait for a place of one connection the
 * first one that has none speaks for all: they are tried in the order in which
 * they were asked for.  One with a deadline has to look at it.
 */
static bool
is_idle(const AcFetchMachine *machine, uint64 round)
{
	return machine->step == FINISHED || machine->stepping ||
		   (machine->step == QUEUED && machine->deadline_ms == 0 &&
			ac_connection_traffic(machine->conn)->full_in == round);
}

/*
 * Tries each fetch once; false if none moved.  A transition may list fetches
 * and end others, the next one of the list among them: then begins another
 * round.
 */
static bool
drive_round(void)
{
	static uint64 round = 0;
	uint64 this_round = ++round;
	bool moved = false;
	dlist_iter iter;

	dlist_foreach (iter, &live)
	{
		AcFetchMachine *machine = dlist_container(AcFetchMachine, node, iter.cur);
		uint64 before = changes;

		if (is_idle(machine, this_round))
			continue;
		if (step(machine))
			moved = true;
		else if (machine->step == QUEUED && machine->placeless)
			ac_connection_traffic(machine->conn)->full_in = this_round;
		if (changes != before)
			return true;
	}
	return moved;
}

/* Nobody has looked for long, and what was under way was ended. */
static void
cut_all(void)
{
	dlist_iter iter;

	dlist_foreach (iter, &live)
	{
		AcFetchMachine *machine = dlist_container(AcFetchMachine, node, iter.cur);

		if (machine->step == SENDING)
			ac_fetch_cut(machine);
	}
}

void
ac_fetch_drive_all(void)
{
	do
	{
		if (ac_places_look_after())
			cut_all();
		ac_engine_pump();
	}
	while (drive_round());
}

uint64
ac_fetch_ended(void)
{
	return ended;
}

AcFetchState
ac_fetch_drive(AcFetch *fetch)
{
	/* Within a transition it is left to whoever drives that. */
	if (steps == 0)
		ac_fetch_drive_all();
	return fetch->state;
}

AcPhase
ac_fetch_phase(const AcFetch *fetch)
{
	if (fetch->state != AC_FETCH_RUNNING)
		return AC_PHASE_READING;
	switch (fetch->machine->step)
	{
		case QUEUED:
			return AC_PHASE_LIMIT;
		case RENEWING:
			return AC_PHASE_RENEWING;
		case BACKING_OFF:
			return AC_PHASE_BACKING_OFF;
		case SENDING:
		case FINISHED:
			break;
	}
	if (fetch->machine->transfer == NULL) /* ac_fetch_cut() */
		return AC_PHASE_LIMIT;
	return ac_transfer_phase(fetch->machine->transfer);
}

void
ac_fetch_wait_any(AcFetch **fetches, int n)
{
	AcActivity *activity = NULL;

	for (;;)
	{
		bool running = false;
		AcPhase phase = AC_PHASE_BACKING_OFF;

		ac_fetch_drive_all();
		for (int i = 0; i < n; i++)
		{
			if (fetches[i] == NULL)
				continue;
			if (fetches[i]->state != AC_FETCH_RUNNING)
			{
				ac_activity_phase(activity, AC_PHASE_READING);
				return;
			}
			running = true;
			phase = Max(phase, ac_fetch_phase(fetches[i]));
			activity = fetches[i]->machine->request.activity;
		}
		if (!running)
			return;
		ac_activity_phase(activity, phase);
		ac_engine_wait(-1, ac_activity_wait_event(phase));
	}
}

AcFetchState
ac_fetch_wait(AcFetch *fetch)
{
	ac_fetch_wait_any(&fetch, 1);
	return fetch->state;
}
