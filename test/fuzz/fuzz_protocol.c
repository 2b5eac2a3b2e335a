/*
 * fuzz_protocol.c
 *		Does a state of any bytes, and any header, leave a state that is
 *		printable and finds the same after being stored?
 *
 * The input is lines: the first is a stored state, each other one a request,
 * of which four bytes say how it ended, and the rest, parted by tabs, are
 * header fields.
 */
#include "fuzz.h"

#include "core/json.h"
#include "drift/protocol.h"

static char *
save(const AcProtocolState *state)
{
	return ac_json_into_text(ac_protocol_save(state));
}

/* The state that is stored as text; NULL if that is no JSON. */
static AcProtocolState *
load(const char *text, size_t len)
{
	AcProtocolState *state = NULL;
	AcJson *json = NULL;
	AcError err;

	if (!ac_json_parse(text, len, 64, &json, &err))
		return NULL;
	ac_protocol_load(json, &state);
	ac_json_free(json);
	return state;
}

static void
observe(AcProtocolState *state, char *line, size_t len)
{
	static const char *const tables[] = {"a", "b", "c"};
	static const int statuses[] = {
		0, 200, 204, 301, 308, 401, 403, 404, 405, 410, 429, 500, 503, 999, -1};
	static const char *const schemes[] = {"bearer", "Basic", "api_key", NULL};
	AcProtocolObservation seen = {0};
	AcProtocolFacts facts;
	AcHeaders *headers = ac_headers_create();
	char *field;
	char *rest;
	unsigned char how[4] = {0};

	memcpy(how, line, Min(len, sizeof(how)));
	for (field = strtok_r(line + Min(len, sizeof(how)), "\t", &rest);
		 field != NULL; field = strtok_r(NULL, "\t", &rest))
		ac_headers_add_line(headers, field, strlen(field));
	seen.now_s = how[0] * 400;
	seen.poll = how[0] / 2;
	seen.table = tables[how[1] % lengthof(tables)];
	seen.path = "/a";
	seen.method = how[1] & 0x80 ? NULL : "GET";
	seen.from_probe = (how[1] & 0x40) == 0;
	seen.credentials_sent = (how[1] & 0x20) == 0;
	seen.scheme_sent = seen.credentials_sent
						   ? schemes[how[2] % lengthof(schemes)]
						   : NULL;
	seen.body = (AcProtocolBody) (how[2] / 4 % (AC_PROTOCOL_OTHER + 1));
	seen.outcome = how[2] & 0x80
					   ? (AcErrorCode) (how[3] % (AC_ERR_INTERNAL + 1))
					   : AC_ERR_NONE;
	seen.status = statuses[how[3] % lengthof(statuses)];
	ac_protocol_facts(headers, seen.now_s, &facts);
	seen.facts = how[3] & 0x80 ? NULL : &facts;
	seen.location = ac_header_get(headers, "Location");
	seen.permanent = (how[3] & 0x40) == 0;
	ac_protocol_observe(state, &seen);
}

/* What is told, as text: printable ASCII if names of tables are. */
static char *
report(AcProtocolState *state, bool printable)
{
	AcDriftList drifts;
	StringInfoData text;
	int i;
	char *c;

	initStringInfo(&text);
	ac_drift_list_init(&drifts);
	ac_protocol_report(state, 86400, &drifts);
	for (i = 0; i < drifts.n; i++)
	{
		char *print = ac_drift_fingerprint(&drifts.items[i]);
		AcJson *evidence = ac_drift_evidence(&drifts.items[i]);

		appendStringInfo(&text, "%s ", ac_json_to_text(evidence));
		ac_json_free(evidence);
		if (drifts.items[i].summary == NULL || print[0] == '\0')
			abort();
		appendStringInfoString(&text, drifts.items[i].summary);
		ac_protocol_accept(state, &drifts.items[i]);
	}
	ac_drift_list_free(&drifts);
	for (c = text.data; printable && *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			abort();
	return text.data;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	const char *end = text + size;
	const char *line = memchr(text, '\n', size);
	AcProtocolState *state = load(text, (line == NULL ? end : line) - text);
	bool printable;

	if (state == NULL)
		ac_protocol_load(NULL, &state);
	printable = strstr(save(state), "\"table\"") == NULL;
	while (line != NULL)
	{
		const char *next;
		char *copy;
		size_t len;
		AcProtocolState *stored;

		line++;
		next = memchr(line, '\n', end - line);
		len = (next == NULL ? end : next) - line;
		copy = palloc0(len + 1);
		memcpy(copy, line, len);
		observe(state, copy, len);
		stored = load(save(state), strlen(save(state)));
		if (stored == NULL || strcmp(save(stored), save(state)) != 0 ||
			strcmp(report(stored, printable), report(state, printable)) != 0 ||
			strcmp(save(stored), save(state)) != 0)
			abort();
		line = next;
	}
	ac_alloc_reset();
	return 0;
}
