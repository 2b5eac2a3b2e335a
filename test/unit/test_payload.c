/*
 * test_payload.c
 *		Does a change of the rows raise what it should, when it should, and
 *		nothing else?
 *
 * Sequences of polls in a small language, each with what must be told after
 * it.  A probe is
 *		20 id:i20 price:i18,s2 note:n5,s15=hello,bye
 * (rows, then members with their values by kind: n null, b boolean, i
 * integer, f fraction, s string, o object, a array; behind '=' examples, '_'
 * in which is a space) and a scan
 *		scan 100 unknown:extra=5 absent:name=100 misfit:price=2 range:id=1
 * with names of columns or members; "+ " before it means the poll of the step
 * before.  What is told is "kind(column)", "!kind" behind it accepts the drift
 * of that kind afterwards.
 *
 * Each sequence runs twice: as it is, and with the state written to text and
 * read back between any two steps, which must not make a difference.
 */
#include "ac.h"

#include "drift/payload.h"
#include "tap.h"

#define MAX_STEPS 16
#define MAX_FIELDS 64

typedef struct Step
{
	const char *seen;
	const char *told;
} Step;

typedef struct Sequence
{
	const char *name;
	Step steps[MAX_STEPS];
} Sequence;

static const AcPayloadColumn columns[] = {
	{"id", "/id", "bigint", NULL, false},
	{"name", "/name", "text", NULL, true},
	{"price", "/price", "numeric", NULL, false},
	{"stock", "/stock", "integer", NULL, false},
	{"active", "/active", "boolean", NULL, false},
	{"created_at", "/created_at", "timestamptz", NULL, false},
	{"seen", "/seen", "timestamptz", "epoch_s", false},
	{"owner", "/owner", "text", "id_of", false},
	{"address", "/address", "jsonb", NULL, false},
	{"geo_lat", "/geo/lat", "numeric", NULL, false},
	{"from_url", NULL, "text", NULL, false},
	{"foo_bar", "/taken", "text", NULL, false},
	{"_raw", "", "jsonb", NULL, false},
};

static const AcPayloadTable orders = {
	.name = "orders", .path = "/orders", .columns = columns, .n_columns = lengthof(columns)};

/* ---- the language ---- */

static char *
spaced(const char *text)
{
	char *copy = pstrdup(text);
	char *c;

	for (c = copy; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	return copy;
}

/* "price:i18,s2=9,8" */
static void
parse_field(char *word, AcPayloadField *field)
{
	static const char letters[] = "nbifsoa";
	char *counts = strchr(word, ':');
	char *examples = strchr(word, '=');
	char *c;

	memset(field, 0, sizeof(AcPayloadField));
	*counts++ = '\0';
	field->json_path = psprintf("/%s", word);
	if (examples != NULL)
	{
		*examples++ = '\0';
		for (c = strtok_r(examples, ",", &word); c != NULL;
			 c = strtok_r(NULL, ",", &word))
			field->examples[field->n_examples++] = spaced(c);
	}
	for (c = strtok_r(counts, ",", &word); c != NULL;
		 c = strtok_r(NULL, ",", &word))
	{
		int64 n = atoi(c + 1);

		field->counts[strchr(letters, c[0]) - letters] += n;
		field->rows_present += n;
	}
}

/* "unknown:extra=5" */
static void
parse_event(char *word, AcPayloadEvent *event)
{
	char *name = strchr(word, ':');
	char *rows = strchr(word, '=');

	*name++ = '\0';
	*rows++ = '\0';
	event->rows = atoi(rows);
	event->name = name;
	event->kind = AC_PAYLOAD_MISFIT;
	if (strcmp(word, "unknown") == 0)
		event->kind = AC_PAYLOAD_UNKNOWN_FIELD;
	else if (strcmp(word, "absent") == 0)
		event->kind = AC_PAYLOAD_ABSENT_FIELD;
	else if (strcmp(word, "range") == 0)
		event->kind = AC_PAYLOAD_OUT_OF_RANGE;
	if (event->kind == AC_PAYLOAD_UNKNOWN_FIELD)
		event->name = psprintf("/%s", name);
}

static void
observe(AcPayloadState *state, const char *text, int64 poll)
{
	AcPayloadField fields[MAX_FIELDS];
	AcPayloadEvent events[MAX_FIELDS];
	AcPayloadObservation seen = {0};
	char *rest;
	char *word = strtok_r(pstrdup(text), " ", &rest);

	seen.now_s = 1000 + poll * 60;
	seen.poll = poll;
	seen.fields = fields;
	seen.events = events;
	seen.from_probe = strcmp(word, "scan") != 0;
	if (!seen.from_probe)
		word = strtok_r(NULL, " ", &rest);
	seen.rows = atoi(word);
	while ((word = strtok_r(NULL, " ", &rest)) != NULL)
	{
		if (seen.from_probe)
			parse_field(word, &fields[seen.n_fields++]);
		else
			parse_event(word, &events[seen.n_events++]);
	}
	ac_payload_observe(state, &orders, &seen);
}

static char *
told(const AcDriftList *drifts)
{
	StringInfoData text;
	int i;

	initStringInfo(&text);
	for (i = 0; i < drifts->n; i++)
		appendStringInfo(&text, "%s%s(%s)", i > 0 ? " " : "",
						 ac_drift_kind_name(drifts->items[i].kind),
						 drifts->items[i].column);
	return text.data;
}

static char *
state_text(const AcPayloadState *state)
{
	return ac_json_into_text(ac_payload_save(state));
}

static AcPayloadState *
state_from(const char *text)
{
	AcPayloadState *state;
	AcJson *json = NULL;
	AcError err;

	if (!ac_json_parse(text, strlen(text), 32, &json, &err))
		diag("a saved state is no JSON: %s", err.message);
	ac_payload_load(json, &state);
	ac_json_free(json);
	return state;
}

/* The drift that was told of that kind. */
static const AcDrift *
find_drift(const AcDriftList *drifts, const char *kind)
{
	int i;

	for (i = 0; i < drifts->n; i++)
		if (strcmp(ac_drift_kind_name(drifts->items[i].kind), kind) == 0)
			return &drifts->items[i];
	return NULL;
}

static void
run_sequence(const Sequence *sequence)
{
	AcPayloadState *straight;
	AcPayloadState *stored;
	int64 poll = 0;
	int i;

	ac_payload_load(NULL, &straight);
	ac_payload_load(NULL, &stored);
	for (i = 0; i < MAX_STEPS && sequence->steps[i].seen != NULL; i++)
	{
		const Step *step = &sequence->steps[i];
		const char *seen = step->seen;
		const char *accept = strchr(step->told, '!');
		char *wanted = pstrdup(step->told);
		AcDriftList one;
		AcDriftList other;

		if (accept != NULL)
			wanted[accept - step->told - 1] = '\0';
		if (seen[0] == '+')
			seen += 2;
		else
			poll++;
		ac_drift_list_init(&one);
		ac_drift_list_init(&other);
		observe(straight, seen, poll);
		ac_payload_report(straight, &orders, &one);
		stored = state_from(state_text(stored));
		observe(stored, seen, poll);
		stored = state_from(state_text(stored));
		ac_payload_report(stored, &orders, &other);
		is_str(told(&one), wanted, "%s: step %d", sequence->name, i + 1);
		is_str(told(&other), wanted, "%s: step %d, stored", sequence->name,
			   i + 1);
		if (accept != NULL)
		{
			const AcDrift *drift = find_drift(&one, accept + 1);

			if (ok(drift != NULL, "%s: %s was told", sequence->name,
				   accept + 1))
			{
				ac_payload_accept(straight, drift);
				ac_payload_accept(stored, drift);
			}
		}
		is_str(state_text(stored), state_text(straight),
			   "%s: step %d leaves the same state", sequence->name, i + 1);
		ac_drift_list_free(&one);
		ac_drift_list_free(&other);
	}
	ac_alloc_reset();
}

#define BASE "20 id:i20 name:s20"

static const Sequence sequences[] = {
	{"a column is added",
	 {{BASE, ""},
	  {BASE " color:s1=red", ""},
	  {BASE " color:s1=red", "column_added(color)"},
	  {BASE " color:s20=red", "column_added(color)"}}},
	{"five rows are enough",
	 {{BASE, ""},
	  {BASE " color:s4", ""},
	  {"20 name:s20 color:s1 id:i20", "column_added(color)"}}},
	{"five rows of one poll are enough",
	 {{BASE, ""}, {BASE " color:s5", "column_added(color)"}}},
	{"it leaves again",
	 {{BASE, ""},
	  {BASE " color:s20", "column_added(color)"},
	  {BASE, "column_added(color)"},
	  {BASE, ""},
	  {BASE " color:s20", "column_added(color)"}}},
	{"a rare member is not gone for 40 rows",
	 {{BASE, ""},
	  {"100 id:i100 name:s100 color:s5", "column_added(color)"},
	  {BASE, "column_added(color)"},
	  {BASE, "column_added(color)"},
	  {"160 id:i160 name:s160", ""}}},
	{"an odd member that never comes again is forgotten",
	 {{BASE, ""}, {BASE " color:s4", ""}, {BASE, ""}, {BASE, ""}, {BASE " color:s4", ""}}},
	{"what is accepted is not told again",
	 {{BASE, ""},
	  {BASE " color:s20 size:s20", "column_added(color) column_added(size) !column_added"},
	  {BASE " color:s20 size:s20", "column_added(size)"}}},
	{"members of the baseline are nothing new",
	 {{BASE " color:s1", ""}, {BASE " color:s20", ""}, {BASE, ""}}},
	{"small polls make the baseline together",
	 {{"5 id:i5", ""},
	  {"5 id:i5 color:s5", ""},
	  {"5 id:i5 color:s5 size:s5", "column_added(size)"}}},
	{"nineteen rows are a small poll",
	 {{"19 id:i19", ""},
	  {"1 id:i1 color:s1", ""},
	  {"20 id:i20 color:s20", ""}}},
	{"a member is not gone for twenty rows",
	 {{BASE, ""},
	  {"5 id:i5 name:s5 color:s5", "column_added(color)"},
	  {"10 id:i10 name:s10", "column_added(color)"},
	  {"10 id:i10 name:s10", "column_added(color)"},
	  {"10 id:i10 name:s10", ""}}},
	{"nothing is no baseline",
	 {{"0", ""}, {"0", ""}, {"scan 0", ""}, {BASE " color:s20", ""}, {BASE " color:s20", ""}}},
	{"an observation of the baseline's own poll joins it",
	 {{BASE, ""}, {"+ " BASE " color:s20", ""}, {BASE " color:s20", ""}}},
	{"an object covers its members, a column its own",
	 {{BASE " address:o20 geo:o20 geo/lat:f20", ""},
	  {BASE " address:o20 geo:o20 geo/lat:f20 box:o20 box/w:i20 address/zip:s20 geo/lon:f20",
	   "column_added(box) column_added(geo_lon)"}}},
	{"names are unique and stay",
	 {{BASE, ""},
	  {BASE " fooBar:s20", "column_added(foo_bar_dd3d)"},
	  {BASE " fooBar:s20 foo-bar:s20",
	   "column_added(foo_bar_dd3d) column_added(foo_bar_3d30) !column_added"},
	  {BASE " fooBar:s20 foo-bar:s20", "column_added(foo_bar_3d30)"}}},
	{"a name stays when the member that had it first leaves",
	 {{BASE, ""},
	  {BASE " x-y:s20", "column_added(x_y)"},
	  {BASE " x-y:s20 xY:s20", "column_added(x_y) column_added(x_y_fb60)"},
	  {BASE " xY:s20", "column_added(x_y) column_added(x_y_fb60)"},
	  {BASE " xY:s20", "column_added(x_y_fb60)"}}},
	{"scans tell of members, too",
	 {{BASE, ""},
	  {"scan 100 unknown:color=2", ""},
	  {"+ scan 100 unknown:color=2", ""},
	  {"+ scan 100 unknown:color=1", "column_added(color)"}}},
	{"what scans know before the baseline is part of it",
	 {{"scan 100 unknown:color=50", ""}, {BASE, ""}, {"scan 9 unknown:color=9", ""}}},

	{"a column is removed",
	 {{BASE, ""},
	  {"20 id:i20", ""},
	  {"20 id:i20", "column_removed(name)"},
	  {"1 id:i1", "column_removed(name)"},
	  {BASE, ""},
	  {"20 id:i20", ""},
	  {"20 id:i20", "column_removed(name)"}}},
	{"thirty rows are needed",
	 {{BASE, ""},
	  {"10 id:i10", ""},
	  {"19 id:i19", ""},
	  {"1 id:i1", "column_removed(name)"}}},
	{"two polls are needed",
	 {{BASE, ""}, {"500 id:i500", ""}, {"0", ""}, {"1 id:i1", "column_removed(name)"}}},
	{"one in twenty may lack it before",
	 {{"20 id:i20 name:s19 price:i18", ""},
	  {"20 id:i20", ""},
	  {"20 id:i20", "column_removed(name)"}}},
	{"null is there",
	 {{BASE, ""}, {"20 id:i20 name:n20", ""}, {"20 id:i20 name:n20", ""}}},
	{"a member of null is not removed, one of an empty object is",
	 {{BASE " geo:o20 geo/lat:f20", ""},
	  {BASE " geo:n20", ""},
	  {BASE " geo:n20", ""},
	  {BASE " geo:o20", ""},
	  {BASE " geo:o20", "column_removed(geo_lat)"}}},
	{"polls without the object are no polls without the member",
	 {{BASE " geo:o20 geo/lat:f20", ""},
	  {BASE " geo:n20", ""},
	  {BASE " geo:n20", ""},
	  {"30 id:i30 name:s30 geo:o30", ""},
	  {"1 id:i1 name:s1 geo:o1", "column_removed(geo_lat)"}}},
	{"with its object it is",
	 {{BASE " geo:o20 geo/lat:f20", ""},
	  {BASE, ""},
	  {BASE, "column_removed(geo_lat)"}}},
	{"scans see it absent",
	 {{BASE, ""},
	  {"scan 100 absent:name=100", ""},
	  {"scan 100 absent:/name=100", "column_removed(name)"}}},
	{"a probe of the same poll that sees it is right",
	 {{BASE, ""},
	  {"scan 100 absent:name=100", ""},
	  {"+ " BASE, ""},
	  {BASE, ""},
	  {"+ scan 100 absent:name=100", ""}}},
	{"removal accepted, and what comes back is new",
	 {{BASE, ""},
	  {"20 id:i20", ""},
	  {"20 id:i20", "column_removed(name) !column_removed"},
	  {"20 id:i20", ""},
	  {"20 id:i20 name:i20", ""},
	  {"20 id:i20 name:i20", ""},
	  {"20 id:i20 name:o20", ""},
	  {"20 id:i20 name:o20", "cardinality_change(name)"}}},

	{"numbers become quoted",
	 {{"20 price:f20=9.5", ""},
	  {"20 price:s20=9.50,8", ""},
	  {"20 price:s20=9.50,8", "quoted_number(price)"},
	  {"20 price:n20", "quoted_number(price)"},
	  {"20 price:f20=9.5", ""},
	  {"20 price:f20=9.5", ""},
	  {"20 price:s20=9.50,8", ""},
	  {"20 price:s20=9.50,8", "quoted_number(price)"}}},
	{"quoted numbers become plain",
	 {{"20 price:s20=9.50,8", ""},
	  {"20 price:i20=9", ""},
	  {"20 price:f20=9", "quoted_number(price) !quoted_number"},
	  {"20 price:f20=9", ""},
	  {"20 price:i20=9", ""}}},
	{"numbers become words",
	 {{"20 price:i20=9", ""},
	  {"20 price:s20=low", ""},
	  {"20 price:s20=low", "mixed_types(price)"}}},
	{"an id becomes a uuid",
	 {{"20 id:i20=1", ""},
	  {"20 id:s20=8a6e0804-2bd0-4672-b79d-d97027f9071a", ""},
	  {"20 id:s20=8a6e0804-2bd0-4672-b79d-d97027f9071a", "id_type_change(id)"}}},
	{"an object in place of a scalar",
	 {{BASE, ""},
	  {"20 id:i20 name:o20", ""},
	  {"20 id:i20 name:o20", "cardinality_change(name)"},
	  {"20 id:i20 name:s20", ""}}},
	{"an array in place of an object",
	 {{"20 address:o20", ""},
	  {"20 address:a20", ""},
	  {"20 address:a20", "cardinality_change(address)"}}},
	{"an expandable field may be either",
	 {{"20 owner:s20", ""}, {"20 owner:o20", ""}, {"20 owner:o20", ""}}},
	{"booleans as words and numbers",
	 {{"20 active:b20=true stock:i20", ""},
	  {"20 active:s20=Y,N stock:i20", ""},
	  {"20 active:s20=Y,N stock:i20", "bool_representation(active)"},
	  {"20 active:i20=0,1 stock:i20", "bool_representation(active)"},
	  {"20 active:b20=true stock:i20", ""}}},
	{"booleans become something else",
	 {{"20 active:b20=true", ""},
	  {"20 active:s20=maybe", ""},
	  {"20 active:s20=maybe", "mixed_types(active)"}}},
	{"moments become numbers",
	 {{"20 created_at:s20=2024-05-01T10:00:00Z", ""},
	  {"20 created_at:i20=1714557600000", ""},
	  {"20 created_at:i20=1714557600000", "timestamp_encoding(created_at)"}}},
	{"numbers become moments",
	 {{"20 seen:i20=1714557600", ""},
	  {"20 seen:s20=2024-05-01T10:00:00Z", ""},
	  {"20 seen:s20=2024-05-01T10:00:00Z", "timestamp_encoding(seen)"}}},
	{"fractions among integers, in an integer column",
	 {{"20 stock:i20 price:i20", ""},
	  {"20 stock:i19,f1 price:i19,f1", "numeric_widened(stock)"},
	  {"20 stock:i20 price:f20", "numeric_widened(stock) !numeric_widened"},
	  {"20 stock:i10,f10 price:i20", ""}}},
	{"integers among fractions are nothing",
	 {{"20 price:f20", ""}, {"20 price:i20", ""}, {"20 price:i20", ""}}},
	{"a number out of range",
	 {{"20 stock:i20", ""},
	  {"scan 100 range:stock=1", "numeric_widened(stock)"},
	  {"20 stock:i20", "numeric_widened(stock)"}}},
	{"mixed kinds in two polls",
	 {{"20 price:i20", ""},
	  {"20 price:i19,s1=none", ""},
	  {"20 price:i19,s1=none", "mixed_types(price)"},
	  {"20 price:i20", "mixed_types(price)"},
	  {"200 price:i200", ""}}},
	{"mixed kinds in five rows",
	 {{"20 price:i20", ""},
	  {"20 price:i15,s5=none", "mixed_types(price) !mixed_types"},
	  {"20 price:i15,s5=none", ""}}},
	{"fewer than one in two hundred are not mixed",
	 {{"20 price:i20", ""},
	  {"2000 price:i1991,s9=none", ""},
	  {"2000 price:i1991,s9=none", ""},
	  {"200 price:i150,s50", "mixed_types(price)"}}},
	{"one poll of another kind is nothing",
	 {{"20 price:i20", ""}, {"20 price:s20=x", ""}, {"20 price:i20", ""}, {"20 price:i20", ""}}},
	{"two versions that take turns",
	 {{"20 price:i20", ""},
	  {"20 price:s20=x", ""},
	  {"20 price:i20", ""},
	  {"20 price:s20=x", "mixed_types(price)"},
	  {"20 price:i20", "mixed_types(price)"}}},
	{"jsonb takes anything",
	 {{"20 address:s20", ""}, {"20 address:s10,i10", ""}, {"20 address:s10,i10", ""}}},
	{"mixed from the beginning",
	 {{"20 price:i10,s10", ""}, {"20 price:s20", ""}, {"20 price:i20", ""}, {"20 price:i20", ""}}},
	{"what was mixed and is not starts anew",
	 {{"20 price:i20", ""},
	  {"20 price:i15,s5=none", "mixed_types(price)"},
	  {"20 price:i20", "mixed_types(price)"},
	  {"20 price:i20", ""},
	  {"20 price:i19,s1=none", ""}}},
	{"values of the poll in which a kind is learned belong to it",
	 {{"20 price:n20", ""},
	  {"20 price:i20", ""},
	  {"+ 20 price:s20=x", ""},
	  {"20 price:s20=x", ""},
	  {"20 price:s20=x", ""}}},
	{"what is accepted is what the next change is compared with",
	 {{BASE, ""},
	  {"20 name:i20=1 id:i20", ""},
	  {"20 name:i20=1 id:i20", "mixed_types(name) !mixed_types"},
	  {"20 name:b20=true id:i20", ""},
	  {"20 name:b20=true id:i20", "bool_representation(name)"}}},
	{"values that misfit, twice",
	 {{BASE, ""},
	  {"scan 100 misfit:price=1", ""},
	  {"scan 100 misfit:price=1", "mixed_types(price)"},
	  {"5000 id:i5000 name:s5000", "mixed_types(price)"},
	  {"5000 id:i5000 name:s5000", "mixed_types(price)"},
	  {"scan 3000", "mixed_types(price)"},
	  {"scan 100", ""}}},
	{"values that misfit, five",
	 {{BASE, ""},
	  {"scan 100 misfit:price=5", "mixed_types(price) !mixed_types"},
	  {"scan 100 misfit:price=5", ""}}},
	{"a kind is learned when there is one",
	 {{"20 price:n20", ""},
	  {"20 price:i20", ""},
	  {"20 price:s20=x", ""},
	  {"20 price:s20=x", "mixed_types(price)"}}},
	{"names that nothing has, and names that are cut",
	 {{BASE, ""},
	  {"scan 10 misfit:nothing=9 absent:from_url=9 absent:_raw=9", ""},
	  {"scan 10 unknown:aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaab=9", ""}}},
};

/* ---- what goes with a finding ---- */

/* Observes the steps, and returns the only drift there must be. */
static const AcDrift *
drift_after(const char *const *steps, AcDriftList *drifts)
{
	AcPayloadState *state;
	int i;

	ac_payload_load(NULL, &state);
	for (i = 0; steps[i] != NULL; i++)
		observe(state, steps[i], i + 1);
	ac_drift_list_init(drifts);
	ac_payload_report(state, &orders, drifts);
	is_int(drifts->n, 1, "%s: one finding", steps[i - 1]);
	return drifts->n == 1 ? &drifts->items[0] : NULL;
}

static void
test_types(void)
{
	static const struct
	{
		const char *values;
		const char *type;
	} cases[] = {
		{"x:b20", "boolean"},
		{"x:b19,n1", "boolean"},
		{"x:i20=5", "bigint"},
		{"x:i20=99999999999999999999", "numeric"},
		{"x:i19,f1", "numeric"},
		{"x:s20", "text"},
		{"x:s20=red,2024-05-01T10:00:00Z", "text"},
		{"x:s20=2024-05-01T10:00:00Z,2024-05-02T10:00:00+02:00", "timestamptz"},
		{"x:s20=2024-05-01", "text"},
		{"x:s20=8a6e0804-2bd0-4672-b79d-d97027f9071a", "uuid"},
		{"x:s10,i10", "text"},
		{"x:o20", "jsonb"},
		{"x:a20", "jsonb"},
		{"x:a1,s19", "jsonb"},
		{"x:n20", NULL},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		const char *steps[] = {BASE, psprintf(BASE " %s", cases[i].values),
							   NULL};
		AcDriftList drifts;
		const AcDrift *drift = drift_after(steps, &drifts);

		if (drift != NULL)
		{
			is_str(drift->fix.type, cases[i].type, "%s: type", cases[i].values);
			is_int(drift->fix.action,
				   cases[i].type ? AC_FIX_ADD_COLUMN : AC_FIX_NONE,
				   "%s: action", cases[i].values);
			if (cases[i].type != NULL)
			{
				is_str(drift->fix.column, "x", "column");
				is_int(drift->fix.n_options, 1, "one option");
				is_str(drift->fix.options[0].name, "json_path", "its name");
				is_str(drift->fix.options[0].after, "/x", "its value");
				is_str(drift->fix.options[0].before, NULL, "was not there");
			}
		}
		ac_drift_list_free(&drifts);
		ac_alloc_reset();
	}
}

static void
test_fix_of_removed(void)
{
	const char *strict[] = {BASE, "20 id:i20", "20 id:i20", NULL};
	const char *lenient[] = {BASE, "20 name:s20", "20 name:s20", NULL};
	AcDriftList drifts;
	const AcDrift *drift = drift_after(strict, &drifts);

	if (drift != NULL)
	{
		is_int(drift->severity, AC_SEVERITY_ERROR, "severity");
		is_str(drift->table, "orders", "table");
		is_str(drift->path, "/orders", "path");
		is_str(drift->json_path, "/name", "member");
		is_int(drift->tiers, AC_TIER_STRUCTURE, "tier");
		is_int(drift->fix.action, AC_FIX_COLUMN_OPTIONS, "action");
		is_str(drift->fix.column, "name", "column");
		is_str(drift->fix.options[0].name, "missing", "option");
		is_str(drift->fix.options[0].before, "error", "before");
		is_str(drift->fix.options[0].after, "null", "after");
		is_int(ac_json_int(ac_json_get(drift->before, "present"), -1), 20,
			   "rows before");
		is_int(ac_json_int(ac_json_get(drift->before, "last_seen_s"), -1), 1060,
			   "last seen");
		is_int(ac_json_int(ac_json_get(drift->after, "rows"), -1), 40,
			   "rows without");
	}
	ac_drift_list_free(&drifts);
	drift = drift_after(lenient, &drifts);
	if (drift != NULL)
		is_int(drift->fix.action, AC_FIX_NONE,
			   "nothing to do where a missing value is null already");
	ac_drift_list_free(&drifts);
	ac_alloc_reset();
}

static void
test_params(void)
{
	static const struct
	{
		const char *before;
		const char *after;
		const char *params;
	} cases[] = {
		{"20 price:f20=9.5", "20 price:s20=9.5", "{\"decode\":\"numeric_string\"}"},
		{"20 price:s20=9.5", "20 price:f20=9.5", "{\"decode\":null}"},
		{"20 active:b20", "20 active:s20=Y,no", "{\"map\":{\"Y\":true,\"no\":false}}"},
		{"20 created_at:s20", "20 created_at:i20=1714557600", "{\"decode\":\"epoch_s\"}"},
		{"20 created_at:s20", "20 created_at:i20=1714557600000", "{\"decode\":\"epoch_ms\"}"},
		{"20 created_at:s20", "20 created_at:i20=1714557600000000", "{\"decode\":\"epoch_us\"}"},
		{"20 seen:i20", "20 seen:s20=Wed,01_May_2024_10:00:00_GMT", "{\"decode\":null}"},
		{"20 seen:i20", "20 seen:s20=2024-05-01T10:00:00Z", "{\"decode\":null}"},
		{"20 stock:i20", "20 stock:i19,f1", "{\"new_type\":\"numeric\"}"},
		{"20 stock:i20", "scan 20 range:stock=1", "{\"new_type\":\"bigint\"}"},
		{"20 id:i20", "scan 20 range:id=1", "{\"new_type\":\"numeric\"}"},
		{"20 id:i20", "20 id:o20", "{\"new_type\":\"jsonb\"}"},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		const char *steps[] = {cases[i].before, cases[i].after, cases[i].after,
							   NULL};
		AcDriftList drifts;
		const AcDrift *drift = drift_after(steps, &drifts);

		if (drift != NULL)
			is_str(ac_json_to_text(drift->params), cases[i].params,
				   "%s: params", cases[i].after);
		ac_drift_list_free(&drifts);
		ac_alloc_reset();
	}
}

/* ---- no alarms, no end ---- */

/*
 * A hundred polls of an API at its normal business: members in any order,
 * other rows, nulls, an optional member now and then, empty pages.
 */
static void
test_quiet(void)
{
	static const char *const names[] = {
		"id:i%d", "name:s%d=a,b", "price:f%d=1.5", "active:b%d=true",
		"address:o%d", "created_at:s%d=2024-05-01T10:00:00Z"};
	uint64 random = 7;
	AcPayloadState *state;
	int told_in_all = 0;
	int poll;

	diag("seed %d", (int) random);
	ac_payload_load(NULL, &state);
	for (poll = 1; poll <= 100; poll++)
	{
		AcDriftList drifts;
		StringInfoData text;
		int rows = poll == 1 ? 40 : (int) (tap_random(&random) % 60);
		int first = (int) (tap_random(&random) % lengthof(names));
		int i;

		initStringInfo(&text);
		appendStringInfo(&text, "%d", rows);
		for (i = 0; rows > 0 && i < (int) lengthof(names); i++)
		{
			const char *form = names[(first + i) % lengthof(names)];
			int nulls = (int) (tap_random(&random) % (rows + 1)) / 2;

			appendStringInfoChar(&text, ' ');
			if (i % 2 == 1)
				nulls = 0;
			appendStringInfo(&text, "%.*s", (int) (strcspn(form, ":") + 1), form);
			if (nulls > 0)
				appendStringInfo(&text, "n%d,", nulls);
			appendStringInfo(&text, strchr(form, ':') + 1, rows - nulls);
		}
		if (poll == 1 || (rows > 0 && tap_random(&random) % 3 == 0))
			appendStringInfo(&text, " coupon:s1=x");
		observe(state, text.data, poll);
		ac_drift_list_init(&drifts);
		ac_payload_report(state, &orders, &drifts);
		told_in_all += drifts.n;
		if (drifts.n > 0)
			diag("poll %d: %s after %s", poll, told(&drifts), text.data);
		ac_drift_list_free(&drifts);
	}
	is_int(told_in_all, 0, "a quiet API is not told of");
	ac_alloc_reset();
}

/* A map whose keys are taken for members: bounded, and what leaves makes room. */
static void
test_bounds(void)
{
	AcPayloadState *state;
	AcDriftList drifts;
	AcPayloadField fields[1500];
	AcPayloadObservation seen = {0};
	int i;

	ac_payload_load(NULL, &state);
	observe(state, BASE, 0);
	memset(fields, 0, sizeof(fields));
	for (i = 0; i < (int) lengthof(fields); i++)
	{
		fields[i].json_path = psprintf("/k%d", i);
		fields[i].rows_present = 20;
		fields[i].counts[AC_PAYLOAD_INTEGER] = 20;
	}
	seen.poll = 1;
	seen.rows = 20;
	seen.from_probe = true;
	seen.fields = fields;
	seen.n_fields = lengthof(fields);
	ac_payload_observe(state, &orders, &seen);
	ac_drift_list_init(&drifts);
	ac_payload_report(state, &orders, &drifts);
	/* id and name have two of the places */
	is_int(drifts.n, AC_PAYLOAD_MAX_PATHS - 2, "findings");
	ac_drift_list_free(&drifts);

	observe(state, BASE, 2);
	observe(state, BASE, 3);
	observe(state, BASE " color:s20", 4);
	ac_drift_list_init(&drifts);
	ac_payload_report(state, &orders, &drifts);
	is_str(told(&drifts), "column_added(color)", "there is room again");
	ac_drift_list_free(&drifts);
	ac_alloc_reset();
}

/* Rows that are one column as a whole have members that nobody lists. */
static void
test_whole_rows(void)
{
	static const AcPayloadColumn whole[] = {{"value", "", "jsonb", NULL, false}};
	static const AcPayloadTable map = {.name = "map", .path = "/map", .columns = whole, .n_columns = 1};
	AcPayloadState *state;
	AcDriftList drifts;

	ac_payload_load(NULL, &state);
	observe(state, BASE, 1);
	observe(state, BASE " color:s20", 2);
	ac_drift_list_init(&drifts);
	ac_payload_report(state, &map, &drifts);
	is_int(drifts.n, 0, "a map's key is no column");
	ac_drift_list_free(&drifts);
	ac_alloc_reset();
}

static void
test_nonsense(void)
{
	static const char *const texts[] = {
		"null", "5", "\"x\"", "[]", "{}", "{\"version\":2,\"base_polls\":3}",
		"{\"version\":1,\"base_polls\":-3,\"members\":7}",
		"{\"version\":1,\"members\":[1,null,{},{\"path\":\"x\"},{\"path\":5}]}"};
	char *empty;
	AcPayloadState *state;
	int i;

	ac_payload_load(NULL, &state);
	empty = state_text(state);
	for (i = 0; i < (int) lengthof(texts); i++)
		is_str(state_text(state_from(texts[i])), empty, "%s is a new state",
			   texts[i]);
	state = state_from("{\"version\":1,\"members\":[{\"path\":\"/x\",\"known\":1,"
					   "\"base\":[-1,99999999999999999,\"x\"],\"home\":{}},"
					   "{\"path\":\"/x\"}]}");
	is_str(state_text(state),
		   "{\"version\":1,\"members\":[{\"path\":\"/x\","
		   "\"base\":[0,1000000000000,0,0,0,0,0]}]}",
		   "counts are brought within bounds");
	ac_alloc_reset();
}

int
main(void)
{
	int i;

	for (i = 0; i < (int) lengthof(sequences); i++)
		run_sequence(&sequences[i]);
	test_types();
	test_fix_of_removed();
	test_params();
	test_quiet();
	test_bounds();
	test_whole_rows();
	test_nonsense();
	return done_testing();
}
