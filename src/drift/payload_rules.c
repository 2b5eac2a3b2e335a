/*
 * payload_rules.c
 *		What of that which rows have shown is evident by now?
 *
 * See payload.h.  Nothing here changes what was observed; only the name under
 * which a new member is proposed is kept, so that the same finding has the
 * same name in every poll.
 */
#include "ac.h"

#include "api/names.h"
#include "api/types.h"
#include "core/pointer.h"
#include "drift/payload_int.h"

/* A removed column was in at least this share of the baseline's rows ... */
#define REMOVED_PRESENCE_PERCENT 95
/* ... and is in none of as many rows, of two polls at least: a page of rows
 * that happen to lack it is not enough, nor is one broken answer. */
#define REMOVED_POLLS 2
#define REMOVED_ROWS 30

/* One value in two hundred of another kind makes a column mixed (.5 %). */
#define MIXED_ONE_IN 200

/* What a finding is about, and where it goes. */
typedef struct Finding
{
	AcPayloadState *state;
	const AcPayloadTable *table;
	const AcPayloadMember *member;
	const AcPayloadColumn *column; /* NULL: it is none */
	AcDriftList *drifts;
} Finding;

static const char *const kind_names[] = {
	"null", "boolean", "integer", "fraction", "string", "object", "array"};

/* ---- what goes with a finding ---- */

static AcJson *
counts_json(int64 present, int64 rows, const int64 *counts,
			const AcExamples *examples)
{
	AcJson *json = ac_json_new_object();
	AcJson *kinds = ac_json_new_object();
	AcJson *values = ac_json_new_array();
	int i;

	ac_json_set(json, "rows", ac_json_new_int(rows));
	ac_json_set(json, "present", ac_json_new_int(present));
	for (i = 0; i < AC_PAYLOAD_KINDS; i++)
		if (counts[i] > 0)
			ac_json_set(kinds, kind_names[i], ac_json_new_int(counts[i]));
	ac_json_set(json, "kinds", kinds);
	for (i = 0; i < examples->n; i++)
		ac_json_append(values, ac_json_new_string(examples->texts[i]));
	ac_json_set(json, "values", values);
	return json;
}

static AcJson *
base_json(const AcPayloadMember *member)
{
	AcJson *json = counts_json(member->base_present, member->base_rows,
							   member->base, &member->base_examples);

	if (member->last_seen_s > 0)
		ac_json_set(json, "last_seen_s", ac_json_new_int(member->last_seen_s));
	return json;
}

/* A drift of the member; name is its column's, or the one proposed. */
static AcDrift *
add_drift(const Finding *f, AcDriftKind kind, const char *name)
{
	AcDrift *drift = ac_drift_add(f->drifts, kind);

	drift->table = f->table->name;
	drift->path = f->table->path;
	drift->query = f->table->query != NULL ? f->table->query : "";
	drift->nested_path = f->table->nested_path;
	drift->column = name;
	drift->json_path = f->member->path;
	drift->tiers = AC_TIER_STRUCTURE;
	drift->params = ac_drift_own(f->drifts, ac_json_new_object());
	return drift;
}

/* A drift of the kinds of values, with what they were and what they are. */
static AcDrift *
add_kinds_drift(const Finding *f, AcDriftKind kind)
{
	const AcPayloadMember *m = f->member;
	AcDrift *drift = add_drift(f, kind, f->column->name);
	int64 present = ac_count_add(ac_payload_values(m->last),
								 m->last[AC_PAYLOAD_NULL]);

	drift->before = ac_drift_own(f->drifts, base_json(m));
	drift->after = ac_drift_own(f->drifts,
								counts_json(present, present, m->last,
											&m->last_examples));
	return drift;
}

/* ---- looks ---- */

/* The AC_LOOK_* that all examples have in common; 0 if there are none. */
static int
common_look(const AcExamples *examples)
{
	int look = examples->n > 0 ? AC_LOOK_ANY : 0;
	int i;

	for (i = 0; i < examples->n; i++)
		look &= ac_types_look(examples->texts[i]);
	return look;
}

static bool
starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static bool
is_any_of(const char *text, const char *const *list)
{
	for (; *list != NULL; list++)
		if (pg_strcasecmp(text, *list) == 0)
			return true;
	return false;
}

static bool
is_integer_type(const char *type)
{
	static const char *const types[] = {
		"smallint", "integer", "bigint", "int2", "int4", "int8", "int", NULL};

	return is_any_of(type, types);
}

static bool
is_moment_type(const char *type)
{
	return starts_with(type, "timestamp") || strcmp(type, "date") == 0;
}

#define LOOK_MOMENT (AC_LOOK_TIMESTAMPTZ | AC_LOOK_TIMESTAMP | AC_LOOK_DATE | \
					 AC_LOOK_RFC2822)

static const char *const true_words[] = {
	"true", "t", "yes", "y", "on", "1", NULL};
static const char *const false_words[] = {
	"false", "f", "no", "n", "off", "0", NULL};

/* Are there examples, all of which can stand for true and false? */
static bool
look_boolean(const AcExamples *examples)
{
	int i;

	for (i = 0; i < examples->n; i++)
		if (!is_any_of(examples->texts[i], true_words) &&
			!is_any_of(examples->texts[i], false_words))
			return false;
	return examples->n > 0;
}

/* ---- columns that were added ---- */

/* SQL type of values of these kinds, NULL if there were none. */
static const char *
type_of(const int64 *counts, const AcExamples *examples)
{
	int64 values = ac_payload_values(counts);
	int look = common_look(examples);
	int i;

	if (values == 0)
		return NULL;
	if (counts[AC_PAYLOAD_OBJECT] > 0 || counts[AC_PAYLOAD_ARRAY] > 0)
		return "jsonb";
	if (counts[AC_PAYLOAD_BOOLEAN] == values)
		return "boolean";
	if (counts[AC_PAYLOAD_INTEGER] == values)
	{
		for (i = 0; i < examples->n; i++)
			if ((ac_types_look(examples->texts[i]) & AC_LOOK_INTEGER) != 0 &&
				!ac_types_integer_fits("bigint", examples->texts[i]))
				return "numeric";
		return "bigint";
	}
	if (counts[AC_PAYLOAD_INTEGER] + counts[AC_PAYLOAD_FRACTION] == values)
		return "numeric";
	if (counts[AC_PAYLOAD_STRING] == values)
	{
		if (look & AC_LOOK_TIMESTAMPTZ)
			return "timestamptz";
		if (look & AC_LOOK_UUID)
			return "uuid";
	}
	return "text";
}

/*
 * Is the member reached through a column already, or through a new member
 * that is an object around it?  A column that is the whole row is made for
 * everything only if there is none for a member.
 */
static bool
is_covered(const Finding *f)
{
	const char *path = f->member->path;
	const AcPayloadTable *table = f->table;
	bool has_members = false;
	int i;

	for (i = 0; i < table->n_columns; i++)
	{
		const char *column = table->columns[i].json_path;

		if (column == NULL || column[0] != '/')
			continue;
		has_members = true;
		if (ac_pointer_is_below(column, path) ||
			ac_pointer_is_below(path, column))
			return true;
	}
	if (!has_members && table->n_columns > 0)
		return true;
	for (i = 0; i < f->state->n_members; i++)
	{
		const AcPayloadMember *other = &f->state->members[i];

		if (other != f->member && !other->known &&
			ac_tally_evident(&other->present) &&
			ac_pointer_is_below(other->path, path))
			return true;
	}
	return false;
}

/* Is the name that of a column, or of another member that was proposed? */
static bool
is_taken(const Finding *f, const char *name)
{
	int i;

	for (i = 0; i < f->table->n_columns; i++)
		if (strcmp(f->table->columns[i].name, name) == 0)
			return true;
	for (i = 0; i < f->state->n_members; i++)
	{
		const AcPayloadMember *other = &f->state->members[i];

		if (other != f->member && other->name != NULL &&
			strcmp(other->name, name) == 0)
			return true;
	}
	return false;
}

/* Column name of a path: its steps' names, joined as in a flat import. */
static char *
name_of_path(const Finding *f)
{
	AcPointer pointer;
	StringInfoData joined;
	char *name;
	char *salt;
	int i;

	initStringInfo(&joined);
	if (ac_pointer_parse(f->member->path, &pointer, NULL))
		for (i = 0; i < pointer.count; i++)
			appendStringInfo(&joined, "%s%s", i > 0 ? "_" : "",
							 pointer.tokens[i]);
	name = ac_names_column(joined.data);
	salt = pstrdup(f->member->path);
	while (is_taken(f, name))
	{
		name = ac_names_salted(name, salt);
		salt = psprintf("%s#", salt);
	}
	return name;
}

static void
report_added(const Finding *f, AcPayloadMember *member)
{
	const char *type = type_of(member->base, &member->base_examples);
	AcDrift *drift;

	if (!ac_tally_evident(&member->present) || is_covered(f))
		return;
	if (member->name == NULL || is_taken(f, member->name))
		member->name = name_of_path(f);
	drift = add_drift(f, AC_DRIFT_COLUMN_ADDED, member->name);
	drift->after = ac_drift_own(f->drifts,
								counts_json(member->present.rows,
											member->present.of, member->base,
											&member->base_examples));
	if (type == NULL)
	{
		/* a column cannot change its type later, so it waits for a value */
		drift->summary = psprintf(
			"rows of %s have a new member that would be column \"%s\"; it has no value yet",
			f->table->name, member->name);
		drift->confidence = 0.5;
		return;
	}
	drift->summary = psprintf(
		"rows of %s have a new member that would be column \"%s\" of type %s",
		f->table->name, member->name, type);
	ac_json_set_string(drift->params, "new_type", type);
	drift->fix.action = AC_FIX_ADD_COLUMN;
	drift->fix.column = member->name;
	drift->fix.type = type;
	drift->fix.options[0].name = "json_path";
	drift->fix.options[0].after = member->path;
	drift->fix.n_options = 1;
}

/* ---- columns that were removed ---- */

static bool
report_removed(const Finding *f)
{
	const AcPayloadMember *m = f->member;
	AcExamples none = {0};
	int64 no_counts[AC_PAYLOAD_KINDS] = {0};
	AcDrift *drift;

	if (m->base_present == 0 || m->present.away_polls < REMOVED_POLLS ||
		m->present.away_rows < REMOVED_ROWS ||
		m->base_present * 100 < m->base_rows * REMOVED_PRESENCE_PERCENT)
		return false;
	drift = add_drift(f, AC_DRIFT_COLUMN_REMOVED, f->column->name);
	drift->before = ac_drift_own(f->drifts, base_json(m));
	drift->after = ac_drift_own(f->drifts,
								counts_json(0, m->present.away_rows, no_counts,
											&none));
	drift->summary = psprintf(
		"column \"%s\" of %s is in none of the last " INT64_FORMAT
		" rows; it was in " INT64_FORMAT " of " INT64_FORMAT " before",
		f->column->name, f->table->name, m->present.away_rows,
		m->base_present, m->base_rows);
	if (f->column->missing_is_error)
	{
		drift->fix.action = AC_FIX_COLUMN_OPTIONS;
		drift->fix.column = f->column->name;
		drift->fix.options[0].name = "missing";
		drift->fix.options[0].before = "error";
		drift->fix.options[0].after = "null";
		drift->fix.n_options = 1;
	}
	return true;
}

/* ---- kinds that changed ---- */

/* Groups of kinds; integers and fractions are both numbers. */
typedef enum Group
{
	GROUP_NONE, /* no values, or of several groups */
	GROUP_BOOLEAN,
	GROUP_NUMBER,
	GROUP_STRING,
	GROUP_OBJECT,
	GROUP_ARRAY
} Group;

static Group
group_of(const int64 *counts)
{
	static const Group groups[] = {
		GROUP_NONE, GROUP_BOOLEAN, GROUP_NUMBER, GROUP_NUMBER, GROUP_STRING,
		GROUP_OBJECT, GROUP_ARRAY};
	Group group = GROUP_NONE;
	int kind;

	for (kind = AC_PAYLOAD_NULL + 1; kind < AC_PAYLOAD_KINDS; kind++)
	{
		if (counts[kind] == 0)
			continue;
		if (group != GROUP_NONE && group != groups[kind])
			return GROUP_NONE;
		group = groups[kind];
	}
	return group;
}

static const char *
group_name(Group group)
{
	static const char *const names[] = {
		"values of several kinds", "booleans", "numbers", "strings", "objects",
		"arrays"};

	return names[group];
}

/* 1 for scalars, others by themselves. */
static int
cardinality(Group group)
{
	return group == GROUP_OBJECT || group == GROUP_ARRAY ? (int) group : 1;
}

/*
 * The unit of numbers since 1970, as a decoding: seconds have ten digits
 * from 2001 to 2286, each other unit three more.
 */
static const char *
epoch_decode(const AcExamples *examples)
{
	size_t digits = examples->n > 0 ? strspn(examples->texts[0], "0123456789")
									: 0;

	if (digits >= 15)
		return "epoch_us";
	return digits >= 12 ? "epoch_ms" : "epoch_s";
}

static bool
is_moment(const Finding *f)
{
	return is_moment_type(f->column->type) ||
		   (f->column->decode != NULL &&
			starts_with(f->column->decode, "epoch_")) ||
		   (common_look(&f->member->base_examples) & LOOK_MOMENT) != 0;
}

static bool
is_identifier_change(const Finding *f, Group before, Group now)
{
	return before == GROUP_NUMBER && now == GROUP_STRING &&
		   ac_names_identifier(f->column->name);
}

/* Which drift is it if all values were of one group and now are of another? */
static AcDriftKind
replaced_kind(const Finding *f, Group before, Group now)
{
	const AcPayloadMember *m = f->member;
	const AcExamples *strings = before == GROUP_STRING ? &m->base_examples
													   : &m->last_examples;
	bool crossed = (before == GROUP_STRING && now == GROUP_NUMBER) ||
				   (before == GROUP_NUMBER && now == GROUP_STRING);

	if (before == GROUP_NONE || now == GROUP_NONE)
		return AC_DRIFT_MIXED_TYPES;
	if (cardinality(before) != cardinality(now))
		return AC_DRIFT_CARDINALITY_CHANGE;
	if (crossed && (common_look(strings) & AC_LOOK_NUMBER) != 0)
		return AC_DRIFT_QUOTED_NUMBER;
	if (crossed && is_moment(f))
		return AC_DRIFT_TIMESTAMP_ENCODING;
	if ((before == GROUP_BOOLEAN && look_boolean(&m->last_examples)) ||
		(now == GROUP_BOOLEAN && look_boolean(&m->base_examples)))
		return AC_DRIFT_BOOL_REPRESENTATION;
	if (is_identifier_change(f, before, now))
		return AC_DRIFT_ID_TYPE_CHANGE;
	return AC_DRIFT_MIXED_TYPES;
}

/* How the new values of a boolean read: {"Y": true}. */
static AcJson *
boolean_map(const AcExamples *examples)
{
	AcJson *map = ac_json_new_object();
	int i;

	for (i = 0; i < examples->n; i++)
		ac_json_set(map, examples->texts[i],
					ac_json_new_bool(is_any_of(examples->texts[i],
											   true_words)));
	return map;
}

static void
set_params(const Finding *f, AcDrift *drift, Group now)
{
	const AcPayloadMember *m = f->member;

	switch (drift->kind)
	{
		case AC_DRIFT_QUOTED_NUMBER:
			/* null: numbers as they are need no decoding */
			ac_json_set_string(drift->params, "decode",
							   now == GROUP_STRING ? "numeric_string" : NULL);
			break;
		case AC_DRIFT_TIMESTAMP_ENCODING:
			if (now == GROUP_NUMBER)
				ac_json_set_string(drift->params, "decode",
								   epoch_decode(&m->last_examples));
			else
				ac_json_set_string(drift->params, "decode",
								   common_look(&m->last_examples) &
										   AC_LOOK_RFC2822
									   ? "rfc2822"
									   : NULL);
			break;
		case AC_DRIFT_BOOL_REPRESENTATION:
			ac_json_set(drift->params, "map", boolean_map(&m->last_examples));
			break;
		default:
			ac_json_set_string(drift->params, "new_type",
							   type_of(m->last, &m->last_examples));
			break;
	}
}

/* All values are of another kind. */
static bool
report_replaced(const Finding *f)
{
	const AcPayloadMember *m = f->member;
	Group before = group_of(m->base);
	Group now = group_of(m->last);
	AcDrift *drift;

	if (!ac_payload_replaced(m))
		return false;
	drift = add_kinds_drift(f, replaced_kind(f, before, now));
	set_params(f, drift, now);
	drift->summary = psprintf("column \"%s\" of %s has %s where it had %s",
							  f->column->name, f->table->name,
							  group_name(now), group_name(before));
	return true;
}

/* A type that holds numbers which the column's does not. */
static const char *
wider_type(const char *type)
{
	static const char *const narrow[] = {
		"smallint", "integer", "int2", "int4", "int", NULL};

	return is_any_of(type, narrow) ? "bigint" : "numeric";
}

/* One fraction in an integer column, or one value out of range, suffices. */
static bool
report_widened(const Finding *f)
{
	const AcPayloadMember *m = f->member;
	bool fraction = m->wide.rows > 0 && is_integer_type(f->column->type);
	AcDrift *drift;

	if (!fraction && m->range.rows == 0)
		return false;
	drift = add_kinds_drift(f, AC_DRIFT_NUMERIC_WIDENED);
	ac_json_set_string(drift->params, "new_type",
					   fraction ? "numeric" : wider_type(f->column->type));
	drift->summary = psprintf(fraction ? "column \"%s\" of %s has fractions, which its type %s cannot hold"
									   : "column \"%s\" of %s has numbers beyond its type %s",
							  f->column->name, f->table->name, f->column->type);
	return true;
}

/*
 * Values of another kind among those of the baseline's: in two polls, or in
 * five rows of polls that had both, since a poll of nothing else may be the
 * first of many.  Where it is, report_replaced() has told of it.
 */
static bool
is_mixed(const AcPayloadMember *m)
{
	int64 of = ac_count_add(m->strange.of, m->strange.away_rows);

	return (m->strange.polls >= AC_EVIDENT_POLLS ||
			m->together >= AC_EVIDENT_ROWS) &&
		   m->strange.rows * MIXED_ONE_IN >= of;
}

static void
report_mixed(const Finding *f)
{
	const AcPayloadMember *m = f->member;
	int64 of = ac_count_add(m->strange.of, m->strange.away_rows);
	AcDrift *drift;

	/* jsonb takes anything, and is what columns of mixed kinds are made of */
	if (is_mixed(m) && !starts_with(f->column->type, "json"))
	{
		drift = add_kinds_drift(f, AC_DRIFT_MIXED_TYPES);
		drift->after = ac_drift_own(f->drifts,
									counts_json(of, of, m->odd,
												&m->last_examples));
		drift->summary = psprintf(
			"column \"%s\" of %s has values of another kind than %s in " INT64_FORMAT
			" of " INT64_FORMAT " rows",
			f->column->name, f->table->name, group_name(group_of(m->base)),
			m->strange.rows, of);
	}
	else if (ac_tally_evident(&m->misfit))
	{
		drift = add_kinds_drift(f, AC_DRIFT_MIXED_TYPES);
		drift->summary = psprintf(
			"column \"%s\" of %s has values that do not fit its type %s",
			f->column->name, f->table->name, f->column->type);
	}
	else
		return;
	ac_json_set_string(drift->params, "new_type", "jsonb");
}

static void
report_column(const Finding *f)
{
	/* an object in place of its id is what the decoding is for */
	bool either = f->column->decode != NULL &&
				  strcmp(f->column->decode, "id_of") == 0;

	if (report_removed(f) || either)
		return;
	if (!report_replaced(f) && !report_widened(f))
		report_mixed(f);
}

void
ac_payload_report(AcPayloadState *state, const AcPayloadTable *table,
				  AcDriftList *drifts)
{
	Finding f = {0};
	int i;
	int j;

	f.state = state;
	f.table = table;
	f.drifts = drifts;
	for (i = 0; i < state->n_members; i++)
	{
		AcPayloadMember *member = &state->members[i];
		bool column = false;

		f.member = member;
		for (j = 0; j < table->n_columns; j++)
		{
			const char *path = table->columns[j].json_path;

			if (path == NULL || strcmp(path, member->path) != 0)
				continue;
			column = true;
			f.column = &table->columns[j];
			if (member->known)
				report_column(&f);
		}
		f.column = NULL;
		if (!member->known && !column)
			report_added(&f, member);
	}
}
