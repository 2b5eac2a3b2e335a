/*
 * ring.c
 *		How does what scans see reach the worker?  See ring.h.
 *
 * Each event gets a ticket, the ring's running number, and the slot that the
 * ticket leads to.  A slot's state is the ticket of whoever had it last, and
 * a phase:
 *
 *		FREE -- writer --> WRITING -- writer --> READY -- reader --> FREE
 *		           ^                               |
 *		           +------- writer, a lap later ---+  (the event is lost)
 *
 * Each arrow is one compare-and-swap, or a store by the only one who may.  A
 * ticket never comes twice, so a state that is still the same after an event
 * was copied says that nobody touched the event meanwhile: readers need no
 * phase of their own.
 *
 * There is no lock and no loop that waits for somebody.  A slot that is being
 * written is passed over, by readers and by other writers.  There is no way
 * to leave ac_ring_put() halfway (it serves no interrupts and throws nothing)
 * but the death of the process, which makes the postmaster begin anew with
 * fresh memory; what a stopped process holds up is one slot.
 *
 * Rejected: a queue with head and tail.  Its tail is the oldest event of any
 * database, and waits for that one's reader.
 */
#include "ac.h"

#include "miscadmin.h"
#include "pg/ring.h"
#include "pg/shmem.h"
#include "port/atomics.h"
#include "utils/timestamp.h"

/* Slots that a writer tries.  More than one is taken only by bad luck. */
#define MAX_TRIES 8

/* The phase of a slot, in the lowest bits of its state. */
#define PHASE_FREE 0
#define PHASE_WRITING 1
#define PHASE_READY 2
#define PHASE_BITS 2
#define PHASE_OF(state) ((state) & ((1 << PHASE_BITS) - 1))
#define TICKET_OF(state) ((state) >> PHASE_BITS)
#define STATE_OF(ticket, phase) (((ticket) << PHASE_BITS) | (phase))

typedef struct Slot
{
	pg_atomic_uint64 state;
	AcEvent event;
} Slot;

typedef struct Ring
{
	pg_atomic_uint64 next_ticket;
	pg_atomic_uint64 lost;
	uint64 n_slots;
	Slot slots[FLEXIBLE_ARRAY_MEMBER];
} Ring;

void
ac_ring_init(void *memory, Size size)
{
	Ring *ring = memory;

	Assert(size >= sizeof(Ring) + sizeof(Slot));
	memset(memory, 0, size);
	pg_atomic_init_u64(&ring->next_ticket, 0);
	pg_atomic_init_u64(&ring->lost, 0);
	ring->n_slots = (size - offsetof(Ring, slots)) / sizeof(Slot);
	for (uint64 i = 0; i < ring->n_slots; i++)
		pg_atomic_init_u64(&ring->slots[i].state, PHASE_FREE);
}

/* May the event take the place of one that nobody has read? */
static bool
may_displace(const AcEvent *event)
{
	return event->kind != AC_EVENT_SCAN || event->complete;
}

/*
 * Makes the slot of a ticket the caller's, who then has to fill it; false if
 * it cannot be had.
 */
static bool
reserve(Ring *ring, Slot *slot, uint64 ticket, const AcEvent *event)
{
	uint64 state = pg_atomic_read_u64(&slot->state);
	bool displaces = PHASE_OF(state) == PHASE_READY;

	if (PHASE_OF(state) == PHASE_WRITING ||
		(displaces && !may_displace(event)) ||
		!pg_atomic_compare_exchange_u64(&slot->state, &state,
										STATE_OF(ticket, PHASE_WRITING)))
		return false;
	if (displaces)
		pg_atomic_fetch_add_u64(&ring->lost, 1);
	return true;
}

void
ac_ring_put(const AcEvent *event)
{
	Ring *ring = ac_shmem_ring();
	TimestampTz now = GetCurrentTimestamp();

	if (ring == NULL)
		return;
	for (int i = 0; i < MAX_TRIES; i++)
	{
		uint64 ticket = pg_atomic_fetch_add_u64(&ring->next_ticket, 1);
		Slot *slot = &ring->slots[ticket % ring->n_slots];

		if (!reserve(ring, slot, ticket, event))
			continue;
		slot->event = *event;
		slot->event.dbid = MyDatabaseId;
		slot->event.at = now;
		pg_write_barrier();
		pg_atomic_write_u64(&slot->state, STATE_OF(ticket, PHASE_READY));
		return;
	}
	pg_atomic_fetch_add_u64(&ring->lost, 1);
}

/* qsort comparator: by ticket. */
static int
compare_states(const void *a, const void *b)
{
	uint64 left = *(const uint64 *) a;
	uint64 right = *(const uint64 *) b;

	return left < right ? -1 : left > right;
}

/*
 * States of the slots with an event of this database, oldest first, and their
 * number.  The database is looked at without care: take() will find out.
 */
static int
list_ready(Ring *ring, uint64 *states)
{
	int n = 0;

	for (uint64 i = 0; i < ring->n_slots; i++)
	{
		Slot *slot = &ring->slots[i];
		uint64 state = pg_atomic_read_u64(&slot->state);

		if (PHASE_OF(state) != PHASE_READY)
			continue;
		pg_read_barrier();
		if (slot->event.dbid == MyDatabaseId)
			states[n++] = state;
	}
	qsort(states, n, sizeof(uint64), compare_states);
	return n;
}

/* Takes an event if it is still there. */
static bool
take(Ring *ring, uint64 state, AcEvent *event)
{
	Slot *slot = &ring->slots[TICKET_OF(state) % ring->n_slots];

	if (pg_atomic_read_u64(&slot->state) != state)
		return false;
	pg_read_barrier();
	*event = slot->event;
	/* A full barrier: what was copied was there before. */
	return pg_atomic_compare_exchange_u64(&slot->state, &state,
										  STATE_OF(TICKET_OF(state), PHASE_FREE));
}

int
ac_ring_take(AcEvent *events, int max, uint64 *lost)
{
	Ring *ring = ac_shmem_ring();
	uint64 *states;
	int ready;
	int n = 0;

	if (lost != NULL)
		*lost = ring == NULL ? 0 : pg_atomic_exchange_u64(&ring->lost, 0);
	if (ring == NULL || max == 0)
		return 0;
	states = palloc(sizeof(uint64) * ring->n_slots);
	ready = list_ready(ring, states);
	for (int i = 0; i < ready && n < max; i++)
		if (take(ring, states[i], &events[n]))
			n++;
	pfree(states);
	return n;
}
