/*
 * payload.c
 *		How do the rows that an API sends differ from those it sent before?
 *
 * See payload.h; this file takes observations in.  Each member of the rows is
 * a handful of tallies (payload_int.h); what they amount to is
 * payload_rules.c's business.
 */
#include "ac.h"

#include "core/pointer.h"
#include "drift/payload_int.h"

/*
 * The baseline is at least one poll with rows, and more until it has this
 * many rows or polls.  Twenty rows show a member of every seventh row with
 * 95 % chance; an API with fewer is not waited for.
 */
#define BASELINE_ROWS 20
#define BASELINE_POLLS 2

/*
 * What is gone: not seen by two polls (structure is proved by no less), in as
 * many rows as a removed column needs, and at least ten times where its own
 * frequency lets one expect it: chance does that once in 20,000 cases.
 */
#define GONE_POLLS 2
#define GONE_ROWS 30
#define GONE_EXPECTED 10

/*
 * Names of events this long may have been cut (the ring keeps 96 bytes): they
 * name some other member, or none.
 */
#define WHOLE_NAME_MAX 90

/* An observation on its way into the state. */
typedef struct Intake
{
	AcPayloadState *state;
	const AcPayloadTable *table;
	const AcPayloadObservation *seen;
	int64 rows;	 /* within bounds */
	bool joined; /* it is part of the baseline */
} Intake;

/* Does what this poll sees make the baseline still? */
static bool
baseline_open(const AcPayloadState *state, int64 poll)
{
	return state->base_polls == 0 || state->base_poll == poll ||
		   (state->base_rows < BASELINE_ROWS &&
			state->base_polls < BASELINE_POLLS);
}

/* ---- tallies ---- */

static void
tally_seen(AcTally *tally, int64 poll, int64 rows, int64 of)
{
	if (tally->polls == 0 || tally->poll != poll)
		tally->polls = ac_count_add(tally->polls, 1);
	tally->rows = ac_count_add(tally->rows, rows);
	tally->of = ac_count_add(tally->of, Max(of, rows));
	tally->of = ac_count_add(tally->of, tally->away_rows);
	tally->poll = poll;
	tally->away_polls = 0;
	tally->away_rows = 0;
	tally->away_poll = 0;
}

static void
tally_away(AcTally *tally, int64 poll, int64 rows)
{
	if (tally->polls > 0 && tally->poll == poll)
	{
		tally->of = ac_count_add(tally->of, rows);
		return;
	}
	if (tally->away_polls == 0 || tally->away_poll != poll)
		tally->away_polls = ac_count_add(tally->away_polls, 1);
	tally->away_rows = ac_count_add(tally->away_rows, rows);
	tally->away_poll = poll;
}

/* Has it been away for longer than chance explains? */
static bool
tally_gone(const AcTally *tally)
{
	return tally->polls > 0 && tally->away_polls >= GONE_POLLS &&
		   tally->away_rows >= GONE_ROWS &&
		   (double) tally->rows * (double) tally->away_rows >=
			   (double) GONE_EXPECTED * (double) tally->of;
}

/* The same for what was there at all: it is away now, or gone for good. */
static void
tally_away_or_gone(AcTally *tally, int64 poll, int64 rows)
{
	if (tally->polls == 0)
		return;
	tally_away(tally, poll, rows);
	if (tally_gone(tally))
		memset(tally, 0, sizeof(AcTally));
}

int64
ac_payload_values(const int64 *counts)
{
	int64 sum = 0;
	int kind;

	for (kind = AC_PAYLOAD_NULL + 1; kind < AC_PAYLOAD_KINDS; kind++)
		sum = ac_count_add(sum, counts[kind]);
	return sum;
}

/* ---- members ---- */

AcPayloadMember *
ac_payload_member(const AcPayloadState *state, const char *path)
{
	int i;

	for (i = 0; i < state->n_members; i++)
		if (strcmp(state->members[i].path, path) == 0)
			return &state->members[i];
	return NULL;
}

AcPayloadMember *
ac_payload_member_add(AcPayloadState *state, const char *path)
{
	AcPayloadMember *member;

	if (state->n_members == AC_PAYLOAD_MAX_PATHS ||
		strlen(path) > AC_PAYLOAD_PATH_MAX)
		return NULL;
	if (state->n_members == state->capacity)
	{
		state->capacity = Max(state->capacity * 2, 16);
		if (state->members == NULL)
			state->members = palloc(state->capacity * sizeof(AcPayloadMember));
		else
			state->members = repalloc(state->members,
									  state->capacity *
										  sizeof(AcPayloadMember));
	}
	member = &state->members[state->n_members++];
	memset(member, 0, sizeof(AcPayloadMember));
	member->path = pstrdup(path);
	return member;
}

/* The column that has this path or, if it is no pointer, this name. */
static const AcPayloadColumn *
find_column(const AcPayloadTable *table, const char *name)
{
	int i;

	for (i = 0; i < table->n_columns; i++)
	{
		const AcPayloadColumn *column = &table->columns[i];

		if (column->json_path != NULL &&
			strcmp(name[0] == '/' ? column->json_path : column->name, name) == 0)
			return column;
	}
	return NULL;
}

/*
 * The member of that path, made if need be.  It is none of the news if it
 * was there when the baseline was made, or is a column by now.
 */
static AcPayloadMember *
take_member(Intake *in, const char *path)
{
	AcPayloadMember *member = ac_payload_member(in->state, path);
	bool column = find_column(in->table, path) != NULL;

	if (member == NULL)
	{
		member = ac_payload_member_add(in->state, path);
		if (member == NULL)
			return NULL;
		member->known = in->joined || column;
		if (in->joined)
			member->base_rows = Max(in->state->base_rows - in->rows, 0);
	}
	else if (!member->known && column)
	{
		member->known = true;
		member->base_present = member->present.rows;
		member->base_rows = member->present.of;
	}
	return member;
}

static void
keep_examples(AcExamples *kept, const AcPayloadField *field)
{
	int n = Min(Max(field->n_examples, 0), AC_PAYLOAD_EXAMPLES);
	int i;

	for (i = 0; i < n && kept->n < AC_PAYLOAD_EXAMPLES; i++)
	{
		const char *text = field->examples[i];
		size_t len = strlen(text);

		if (len > AC_PAYLOAD_EXAMPLE_MAX)
			for (len = AC_PAYLOAD_EXAMPLE_MAX;
				 len > 0 && ((unsigned char) text[len] & 0xC0) == 0x80;)
				len--;
		kept->texts[kept->n++] = pnstrdup(text, len);
	}
}

/* ---- kinds of values ---- */

/*
 * Values that a baseline of these kinds lets one expect.  Integers and
 * fractions are both numbers: 10 among fractions is nothing, and 10.5 among
 * integers has a tally of its own.
 */
static int64
at_home(const AcPayloadMember *member, const int64 *counts)
{
	bool number = member->base[AC_PAYLOAD_INTEGER] > 0 ||
				  member->base[AC_PAYLOAD_FRACTION] > 0;
	int64 rows = 0;
	int kind;

	for (kind = AC_PAYLOAD_NULL + 1; kind < AC_PAYLOAD_KINDS; kind++)
		if (member->base[kind] > 0 ||
			(number && (kind == AC_PAYLOAD_INTEGER ||
						kind == AC_PAYLOAD_FRACTION)))
			rows = ac_count_add(rows, counts[kind]);
	return rows;
}

static void
forget_strange(AcPayloadMember *member)
{
	memset(&member->strange, 0, sizeof(AcTally));
	memset(member->odd, 0, sizeof(member->odd));
	member->together = 0;
}

/* Counts the values of other kinds than the baseline's by kind. */
static void
count_odd(AcPayloadMember *member, const int64 *counts)
{
	int kind;

	for (kind = AC_PAYLOAD_NULL + 1; kind < AC_PAYLOAD_KINDS; kind++)
	{
		int64 only[AC_PAYLOAD_KINDS] = {0};

		only[kind] = counts[kind];
		if (at_home(member, only) == 0)
			member->odd[kind] = ac_count_add(member->odd[kind], counts[kind]);
	}
}

/* Compares a probe's values (there are some) with the kinds of the baseline. */
static void
compare_kinds(AcPayloadMember *member, const int64 *counts, int64 poll)
{
	int64 values = ac_payload_values(counts);
	int64 home = at_home(member, counts);
	int64 strange = values - home;
	int64 wide = 0;

	if (member->base[AC_PAYLOAD_FRACTION] == 0 &&
		member->base[AC_PAYLOAD_INTEGER] > 0)
		wide = counts[AC_PAYLOAD_FRACTION];

	if (home > 0)
	{
		/* back after others had taken its place: as if nothing had been */
		if (strange == 0 && ac_payload_replaced(member))
			forget_strange(member);
		tally_seen(&member->home, poll, home, values);
	}
	else
		tally_away(&member->home, poll, values);

	if (strange > 0)
	{
		tally_seen(&member->strange, poll, strange, values);
		count_odd(member, counts);
		if (home > 0)
			member->together = ac_count_add(member->together, strange);
	}
	else
	{
		tally_away_or_gone(&member->strange, poll, values);
		if (member->strange.polls == 0)
			forget_strange(member);
	}
	if (wide > 0)
		tally_seen(&member->wide, poll, wide, values);
	else
		tally_away_or_gone(&member->wide, poll, values);
}

static void
add_counts(int64 *to, const int64 *counts)
{
	int kind;

	for (kind = 0; kind < AC_PAYLOAD_KINDS; kind++)
		to[kind] = ac_count_add(to[kind], counts[kind]);
}

/* Takes the values in: into the baseline, or to be compared with it. */
static void
take_values(Intake *in, AcPayloadMember *member, const AcPayloadField *field)
{
	int64 counts[AC_PAYLOAD_KINDS] = {0};
	int64 poll = in->seen->poll;
	bool based = ac_payload_values(member->base) > 0;

	add_counts(counts, field->counts);
	if (ac_payload_values(counts) == 0)
		return;
	if (!member->known || in->joined || !based || member->base_poll == poll)
	{
		add_counts(member->base, counts);
		member->base_poll = poll;
		keep_examples(&member->base_examples, field);
	}
	else
		compare_kinds(member, counts, poll);
	memcpy(member->last, counts, sizeof(counts));
	memset(&member->last_examples, 0, sizeof(AcExamples));
	keep_examples(&member->last_examples, field);
}

/* ---- probes ---- */

/* Rows that have a member; a caller's counts need not agree. */
static int64
rows_with(const AcPayloadField *field)
{
	int64 by_kind = ac_count_add(ac_payload_values(field->counts),
								 field->counts[AC_PAYLOAD_NULL]);

	return Max(ac_count_add(field->rows_present, 0), by_kind);
}

static void
take_field(Intake *in, AcPayloadMember *member, const AcPayloadField *field)
{
	int64 present = rows_with(field);

	tally_seen(&member->present, in->seen->poll, present, in->rows);
	member->last_seen_s = in->seen->now_s;
	if (member->known && in->joined)
	{
		member->base_present = ac_count_add(member->base_present, present);
		member->base_rows = ac_count_add(member->base_rows, in->rows);
	}
	take_values(in, member, field);
}

static const AcPayloadField *
find_field(const AcPayloadObservation *seen, const char *path, size_t len)
{
	int i;

	for (i = 0; i < seen->n_fields; i++)
		if (strncmp(seen->fields[i].json_path, path, len) == 0 &&
			seen->fields[i].json_path[len] == '\0')
			return &seen->fields[i];
	return NULL;
}

/*
 * Rows that could have had a member and had not: for what lies in an object
 * the rows that have the object, because a member of null is not removed.
 */
static int64
rows_without(const Intake *in, const char *path)
{
	const char *end = strrchr(path, '/');

	while (end != NULL && end > path)
	{
		const AcPayloadField *parent = find_field(in->seen, path, end - path);

		if (parent != NULL)
			return ac_count_add(parent->counts[AC_PAYLOAD_OBJECT], 0);
		for (end--; end > path && *end != '/';)
			end--;
	}
	return in->rows;
}

static void
miss_member(Intake *in, AcPayloadMember *member)
{
	int64 rows = rows_without(in, member->path);

	if (rows == 0)
		return;
	tally_away(&member->present, in->seen->poll, rows);
	if (member->known && in->joined)
		member->base_rows = ac_count_add(member->base_rows, rows);
}

/*
 * Drops what was new and is gone again, so that keys of a map make room for
 * each other: what was never evident leaves sooner.
 */
static void
drop_gone(AcPayloadState *state)
{
	int kept = 0;
	int i;

	for (i = 0; i < state->n_members; i++)
	{
		const AcPayloadMember *member = &state->members[i];
		const AcTally *present = &member->present;
		bool passing = !ac_tally_evident(present) &&
					   present->away_polls >= GONE_POLLS &&
					   present->away_rows >= GONE_ROWS;

		if (member->known || !(passing || tally_gone(present)))
			state->members[kept++] = *member;
	}
	state->n_members = kept;
}

static void
take_probe(Intake *in)
{
	AcPayloadState *state = in->state;
	const AcPayloadObservation *seen = in->seen;
	bool was_there[AC_PAYLOAD_MAX_PATHS] = {false};
	int i;

	in->joined = baseline_open(state, seen->poll);
	if (in->joined)
	{
		if (state->base_polls == 0 || state->base_poll != seen->poll)
			state->base_polls = ac_count_add(state->base_polls, 1);
		state->base_poll = seen->poll;
		state->base_rows = ac_count_add(state->base_rows, in->rows);
	}
	for (i = 0; i < seen->n_fields; i++)
	{
		const AcPayloadField *field = &seen->fields[i];
		AcPayloadMember *member;

		if (field->json_path[0] != '/' || rows_with(field) == 0)
			continue;
		member = take_member(in, field->json_path);
		if (member == NULL)
			continue;
		take_field(in, member, field);
		was_there[member - state->members] = true;
	}
	for (i = 0; i < state->n_members; i++)
		if (!was_there[i])
			miss_member(in, &state->members[i]);
	drop_gone(state);
}

/* ---- events of scans ---- */

static void
take_unknown(Intake *in, const AcPayloadEvent *event, int64 rows)
{
	AcPayloadMember *member;

	if (event->name[0] != '/' || strlen(event->name) > WHOLE_NAME_MAX)
		return;
	/* while there is no baseline yet it is what the API does */
	in->joined = baseline_open(in->state, in->seen->poll);
	member = take_member(in, event->name);
	in->joined = false;
	if (member == NULL)
		return;
	tally_seen(&member->present, in->seen->poll, rows, in->rows);
	member->last_seen_s = in->seen->now_s;
}

/* Events that name a column: one that is absent, values that misfit. */
static void
take_of_column(Intake *in, const AcPayloadEvent *event, int64 rows)
{
	const AcPayloadColumn *column = find_column(in->table, event->name);
	AcPayloadMember *member;

	if (column == NULL || column->json_path[0] != '/')
		return;
	member = take_member(in, column->json_path);
	if (member == NULL)
		return;
	if (event->kind == AC_PAYLOAD_ABSENT_FIELD)
		tally_away(&member->present, in->seen->poll, rows);
	else if (!member->misfits_known)
		tally_seen(event->kind == AC_PAYLOAD_MISFIT ? &member->misfit
													: &member->range,
				   in->seen->poll, rows, in->rows);
}

/*
 * Only scans convert values, so only scans without misfits say that there are
 * none any more.  In a poll that saw some this counts rows and nothing else.
 */
static void
miss_misfits(Intake *in)
{
	int i;

	for (i = 0; i < in->state->n_members; i++)
	{
		AcPayloadMember *member = &in->state->members[i];

		tally_away_or_gone(&member->misfit, in->seen->poll, in->rows);
		tally_away_or_gone(&member->range, in->seen->poll, in->rows);
	}
}

static void
take_events(Intake *in)
{
	int i;

	for (i = 0; i < in->seen->n_events; i++)
	{
		const AcPayloadEvent *event = &in->seen->events[i];
		int64 rows = ac_count_add(event->rows, 0);

		if (rows == 0 || event->name == NULL)
			continue;
		if (event->kind == AC_PAYLOAD_UNKNOWN_FIELD)
			take_unknown(in, event, rows);
		else
			take_of_column(in, event, rows);
	}
	if (!in->seen->from_probe && in->rows > 0)
		miss_misfits(in);
}

void
ac_payload_observe(AcPayloadState *state, const AcPayloadTable *table,
				   const AcPayloadObservation *seen)
{
	Intake in = {0};

	in.state = state;
	in.table = table;
	in.seen = seen;
	in.rows = ac_count_add(seen->rows, 0);
	if (seen->from_probe && in.rows > 0)
		take_probe(&in);
	in.joined = false;
	take_events(&in);
}
