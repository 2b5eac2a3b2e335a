/*
 * payload_state.c
 *		How is what is known of a table's rows kept from poll to poll, and when
 *		does the baseline move?
 *
 * See payload.h.  The stored form is an object with a "version"; another
 * version, and anything that is no such object, is a new state.
 */
#include "ac.h"

#include "api/names.h"
#include "drift/payload_int.h"
#include "drift/statejson.h"

#define STATE_VERSION 1

/* ---- what is kept ---- */

#define COUNT(record, member) \
	AC_STATE_COUNT(record, member, AC_PAYLOAD_MAX_COUNT)

static const AcStateField state_fields[] = {
	{COUNT(AcPayloadState, base_rows)},
	{COUNT(AcPayloadState, base_polls)},
	{AC_STATE_INT(AcPayloadState, base_poll)},
};

/* All but the path, and what is an array. */
static const AcStateField member_fields[] = {
	{AC_STATE_TEXT(AcPayloadMember, name, AC_NAME_MAX, NULL)},
	{AC_STATE_BOOL(AcPayloadMember, known)},
	{COUNT(AcPayloadMember, base_present)},
	{COUNT(AcPayloadMember, base_rows)},
	{AC_STATE_BOOL(AcPayloadMember, misfits_known)},
	{AC_STATE_INT(AcPayloadMember, base_poll)},
	{COUNT(AcPayloadMember, together)},
	{AC_STATE_INT(AcPayloadMember, last_seen_s)},
};

/* ---- saving ---- */

static AcJson *
numbers_json(const int64 *numbers, int n)
{
	AcJson *array = ac_json_new_array();
	int i;

	for (i = 0; i < n; i++)
		ac_json_append(array, ac_json_new_int(numbers[i]));
	return array;
}

static void
save_counts(AcJson *object, const char *key, const int64 *counts)
{
	static const int64 none[AC_PAYLOAD_KINDS] = {0};

	if (memcmp(counts, none, sizeof(none)) != 0)
		ac_json_set(object, key, numbers_json(counts, AC_PAYLOAD_KINDS));
}

static void
save_tally(AcJson *object, const char *key, const AcTally *tally)
{
	int64 numbers[7];

	if (tally->polls == 0 && tally->away_polls == 0)
		return;
	numbers[0] = tally->polls;
	numbers[1] = tally->rows;
	numbers[2] = tally->of;
	numbers[3] = tally->poll;
	numbers[4] = tally->away_polls;
	numbers[5] = tally->away_rows;
	numbers[6] = tally->away_poll;
	ac_json_set(object, key, numbers_json(numbers, lengthof(numbers)));
}

static void
save_examples(AcJson *object, const char *key, const AcExamples *examples)
{
	AcJson *array;
	int i;

	if (examples->n == 0)
		return;
	array = ac_json_new_array();
	for (i = 0; i < examples->n; i++)
		ac_json_append(array, ac_json_new_string(examples->texts[i]));
	ac_json_set(object, key, array);
}

static AcJson *
save_member(const AcPayloadMember *m)
{
	AcJson *json = ac_json_new_object();

	ac_json_set_string(json, "path", m->path);
	ac_state_save(json, member_fields, lengthof(member_fields), m);
	save_counts(json, "base", m->base);
	save_examples(json, "base_examples", &m->base_examples);
	save_tally(json, "present", &m->present);
	save_tally(json, "home", &m->home);
	save_tally(json, "strange", &m->strange);
	save_tally(json, "wide", &m->wide);
	save_tally(json, "misfit", &m->misfit);
	save_tally(json, "range", &m->range);
	save_counts(json, "odd", m->odd);
	save_counts(json, "last", m->last);
	save_examples(json, "last_examples", &m->last_examples);
	return json;
}

AcJson *
ac_payload_save(const AcPayloadState *state)
{
	AcJson *json = ac_json_new_object();
	AcJson *members = ac_json_new_array();
	int i;

	ac_json_set(json, "version", ac_json_new_int(STATE_VERSION));
	ac_state_save(json, state_fields, lengthof(state_fields), state);
	for (i = 0; i < state->n_members; i++)
		ac_json_append(members, save_member(&state->members[i]));
	ac_json_set(json, "members", members);
	return json;
}

/* ---- loading ---- */

static void
load_counts(const AcJson *object, const char *key, int64 *counts)
{
	AcJson *array = ac_json_get(object, key);
	int i;

	for (i = 0; i < AC_PAYLOAD_KINDS; i++)
		counts[i] = ac_state_count(ac_json_at(array, i), AC_PAYLOAD_MAX_COUNT);
}

static void
load_tally(const AcJson *object, const char *key, AcTally *tally)
{
	AcJson *array = ac_json_get(object, key);
	int64 numbers[7];
	int i;

	for (i = 0; i < (int) lengthof(numbers); i++)
		numbers[i] = ac_state_count(ac_json_at(array, i), AC_PAYLOAD_MAX_COUNT);
	tally->polls = numbers[0];
	tally->rows = numbers[1];
	tally->of = numbers[2];
	tally->poll = ac_json_int(ac_json_at(array, 3), 0);
	tally->away_polls = numbers[4];
	tally->away_rows = numbers[5];
	tally->away_poll = ac_json_int(ac_json_at(array, 6), 0);
}

static void
load_examples(const AcJson *object, const char *key, AcExamples *examples)
{
	AcJson *array = ac_json_get(object, key);
	int n = Min(ac_json_length(array), AC_PAYLOAD_EXAMPLES);
	int i;

	for (i = 0; i < n; i++)
	{
		size_t len;
		const char *text = ac_json_string(ac_json_at(array, i), &len);

		if (text != NULL && len <= AC_PAYLOAD_EXAMPLE_MAX)
			examples->texts[examples->n++] = pstrdup(text);
	}
}

static void
load_member(const AcJson *json, AcPayloadMember *m)
{
	ac_state_load(json, member_fields, lengthof(member_fields), m);
	if (m->name != NULL && m->name[0] == '\0')
		m->name = NULL;
	load_counts(json, "base", m->base);
	load_examples(json, "base_examples", &m->base_examples);
	load_tally(json, "present", &m->present);
	load_tally(json, "home", &m->home);
	load_tally(json, "strange", &m->strange);
	load_tally(json, "wide", &m->wide);
	load_tally(json, "misfit", &m->misfit);
	load_tally(json, "range", &m->range);
	load_counts(json, "odd", m->odd);
	load_counts(json, "last", m->last);
	load_examples(json, "last_examples", &m->last_examples);
}

void
ac_payload_load(const AcJson *json, AcPayloadState **state)
{
	AcPayloadState *loaded = palloc0(sizeof(AcPayloadState));
	AcJson *members = ac_json_get(json, "members");
	int n = ac_json_length(members);
	int i;

	*state = loaded;
	if (ac_json_int(ac_json_get(json, "version"), 0) != STATE_VERSION)
		return;
	ac_state_load(json, state_fields, lengthof(state_fields), loaded);
	for (i = 0; i < n && loaded->n_members < AC_PAYLOAD_MAX_PATHS; i++)
	{
		AcJson *member = ac_json_at(members, i);
		char *path = ac_state_text(member, "path", AC_PAYLOAD_PATH_MAX);

		if (path != NULL && path[0] == '/' &&
			ac_payload_member(loaded, path) == NULL)
			load_member(member, ac_payload_member_add(loaded, path));
	}
}

bool
ac_payload_sees(const AcPayloadState *state, const char *json_path)
{
	const AcPayloadMember *member = ac_payload_member(state, json_path);

	return member != NULL && member->present.away_polls == 0 &&
		   (member->present.rows > 0 || member->base_present > 0);
}

/* ---- accepting ---- */

/* A new member is what the API has. */
static void
accept_added(AcPayloadState *state, const char *path)
{
	AcPayloadMember *m = ac_payload_member(state, path);

	if (m == NULL)
		m = ac_payload_member_add(state, path);
	if (m == NULL || m->known)
		return;
	m->known = true;
	m->base_present = m->present.rows;
	m->base_rows = m->present.of;
}

/* A member is no longer what the API has; whatever it comes back as is new. */
static void
accept_removed(AcPayloadMember *m)
{
	const char *path = m->path;

	memset(m, 0, sizeof(AcPayloadMember));
	m->path = path;
	m->known = true;
}

/* The kinds that were seen are those to be expected. */
static void
accept_kinds(AcPayloadMember *m)
{
	int kind;

	if (ac_payload_replaced(m))
	{
		memcpy(m->base, m->last, sizeof(m->base));
		m->base_examples = m->last_examples;
	}
	else
		for (kind = 0; kind < AC_PAYLOAD_KINDS; kind++)
			m->base[kind] = ac_count_add(m->base[kind], m->odd[kind]);
	m->base[AC_PAYLOAD_FRACTION] = ac_count_add(m->base[AC_PAYLOAD_FRACTION],
												m->wide.rows);
	if (m->misfit.polls > 0 || m->range.polls > 0)
		m->misfits_known = true;
	memset(&m->home, 0, sizeof(AcTally));
	memset(&m->strange, 0, sizeof(AcTally));
	memset(&m->wide, 0, sizeof(AcTally));
	memset(&m->misfit, 0, sizeof(AcTally));
	memset(&m->range, 0, sizeof(AcTally));
	memset(m->odd, 0, sizeof(m->odd));
	m->together = 0;
}

void
ac_payload_accept(AcPayloadState *state, const AcDrift *drift)
{
	AcPayloadMember *m;

	if (drift->json_path == NULL || drift->json_path[0] != '/')
		return;
	m = ac_payload_member(state, drift->json_path);
	switch (drift->kind)
	{
		case AC_DRIFT_COLUMN_ADDED:
			accept_added(state, drift->json_path);
			break;
		case AC_DRIFT_COLUMN_REMOVED:
			if (m != NULL)
				accept_removed(m);
			break;
		case AC_DRIFT_CARDINALITY_CHANGE:
		case AC_DRIFT_NUMERIC_WIDENED:
		case AC_DRIFT_QUOTED_NUMBER:
		case AC_DRIFT_ID_TYPE_CHANGE:
		case AC_DRIFT_BOOL_REPRESENTATION:
		case AC_DRIFT_MIXED_TYPES:
		case AC_DRIFT_TIMESTAMP_ENCODING:
			if (m != NULL)
				accept_kinds(m);
			break;
		default:
			break;
	}
}
