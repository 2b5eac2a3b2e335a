/*
 * fuzz_payload.c
 *		Does a state of any bytes, and any observation, leave a state that is
 *		bounded, finds the same after being stored, and forgets what it
 *		accepts?
 *
 * The input is a stored state, a NUL, and then observations of bytes.
 */
#include "fuzz.h"

#include "core/json.h"
#include "drift/payload.h"

/* Bytes that observations are made of; 0 when they have run out. */
typedef struct Bytes
{
	const uint8_t *at;
	size_t left;
} Bytes;

static int
byte(Bytes *bytes)
{
	if (bytes->left == 0)
		return 0;
	bytes->left--;
	return *bytes->at++;
}

static const char *const paths[] = {
	"/id", "/name", "/price", "/at", "/geo", "/geo/lat", "/new", "/new/x",
	"/Na-me", "", "name", "/~1~0", "/x_", "/_x"};

static const char *const texts[] = {
	"1", "9.5", "Y", "false", "2024-05-01T10:00:00Z", "1714557600000",
	"8a6e0804-2bd0-4672-b79d-d97027f9071a", "\xC3\xA4", ""};

static const AcPayloadColumn columns[] = {
	{"id", "/id", "bigint", NULL, false},
	{"name", "/name", "text", NULL, true},
	{"price", "/price", "numeric", NULL, false},
	{"at", "/at", "timestamptz", "epoch_s", false},
	{"lat", "/geo/lat", "integer", NULL, false},
	{"x", NULL, "text", NULL, false},
	{"_raw", "", "jsonb", NULL, false},
};

static const AcPayloadTable table = {.name = "t", .path = "/t", .columns = columns, .n_columns = lengthof(columns)};

static char *
save(const AcPayloadState *state)
{
	return ac_json_into_text(ac_payload_save(state));
}

/* The state that is stored as text; NULL if that is no JSON. */
static AcPayloadState *
load(const char *text, size_t len)
{
	AcPayloadState *state = NULL;
	AcJson *json = NULL;
	AcError err;

	if (!ac_json_parse(text, len, 64, &json, &err))
		return NULL;
	ac_payload_load(json, &state);
	ac_json_free(json);
	return state;
}

/* A number of rows: mostly small, sometimes absurd. */
static int64
rows(Bytes *bytes)
{
	int value = byte(bytes);

	if (value == 255)
		return PG_INT64_MAX;
	return value == 254 ? PG_INT64_MIN : value - 2;
}

static void
observe(AcPayloadState *state, Bytes *bytes)
{
	AcPayloadField fields[4] = {0};
	AcPayloadEvent events[4] = {0};
	AcPayloadObservation seen = {0};
	int i;
	int j;

	seen.now_s = byte(bytes);
	seen.poll = byte(bytes) % 4;
	seen.rows = rows(bytes);
	seen.from_probe = byte(bytes) % 4 != 0;
	seen.fields = fields;
	seen.n_fields = byte(bytes) % 5;
	for (i = 0; i < seen.n_fields; i++)
	{
		fields[i].json_path = paths[byte(bytes) % lengthof(paths)];
		fields[i].rows_present = rows(bytes);
		fields[i].counts[byte(bytes) % AC_PAYLOAD_KINDS] = rows(bytes);
		fields[i].counts[byte(bytes) % AC_PAYLOAD_KINDS] = rows(bytes);
		fields[i].n_examples = byte(bytes) % (AC_PAYLOAD_EXAMPLES + 1);
		for (j = 0; j < fields[i].n_examples; j++)
			fields[i].examples[j] = texts[byte(bytes) % lengthof(texts)];
	}
	seen.events = events;
	seen.n_events = byte(bytes) % 5;
	for (i = 0; i < seen.n_events; i++)
	{
		events[i].kind = (AcPayloadEventKind) (byte(bytes) % 4);
		events[i].name = paths[byte(bytes) % lengthof(paths)];
		events[i].rows = rows(bytes);
	}
	ac_payload_observe(state, &table, &seen);
}

/* What is told, as text, and perhaps accepted: the first drift of it. */
static char *
report(AcPayloadState *state, bool accept)
{
	AcDriftList drifts;
	StringInfoData text;
	int i;

	initStringInfo(&text);
	ac_drift_list_init(&drifts);
	ac_payload_report(state, &table, &drifts);
	if (drifts.n > AC_PAYLOAD_MAX_PATHS)
		abort();
	for (i = 0; i < drifts.n; i++)
	{
		char *print = ac_drift_fingerprint(&drifts.items[i]);
		AcJson *evidence = ac_drift_evidence(&drifts.items[i]);

		appendStringInfo(&text, "%s %s %s\n", print,
						 drifts.items[i].summary, ac_json_to_text(evidence));
		ac_json_free(evidence);
	}
	if (accept && drifts.n > 0)
	{
		char *print = ac_drift_fingerprint(&drifts.items[0]);
		AcDriftList after;

		ac_payload_accept(state, &drifts.items[0]);
		ac_drift_list_init(&after);
		ac_payload_report(state, &table, &after);
		for (i = 0; i < after.n; i++)
			if (strcmp(ac_drift_fingerprint(&after.items[i]), print) == 0)
				abort();
		ac_drift_list_free(&after);
	}
	ac_drift_list_free(&drifts);
	return text.data;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, 0, size);
	size_t len = end == NULL ? size : (size_t) (end - data);
	Bytes bytes;
	AcPayloadState *state = load((const char *) data, len);

	if (state == NULL)
		ac_payload_load(NULL, &state);
	bytes.at = data + len;
	bytes.left = size - len;
	byte(&bytes);
	do
	{
		AcPayloadState *stored;
		bool accept;
		char *text;

		observe(state, &bytes);
		accept = byte(&bytes) % 4 == 0;
		text = save(state);
		stored = load(text, strlen(text));
		if (stored == NULL || strcmp(save(stored), text) != 0)
			abort();
		if (strcmp(report(stored, accept), report(state, accept)) != 0 ||
			strcmp(save(stored), save(state)) != 0)
			abort();
	}
	while (bytes.left > 0);
	ac_alloc_reset();
	return 0;
}
