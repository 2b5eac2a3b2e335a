/*
 * test_protocol.c
 *		Does what an API's answers tell raise what it should, when it should,
 *		until it heals, and nothing else?
 *
 * Sequences of polls in a small language, each with what must be told after
 * it.  A poll is its answers, parted by '|':
 *		a 200|b 401 h:WWW-Authenticate=Bearer~realm="x"|c timeout
 * (table, then words: a status, or how it failed; the body if it is not rows;
 * header fields, '~' in which is a space; "scan" if it was none of the watch's
 * probes).  Words before it: "+60s " that many seconds after the poll before
 * (900 otherwise), "same " the same poll.  What is told is "kind(table)",
 * "kind" of the server; "!kind" behind it accepts that drift afterwards.
 *
 * Each sequence runs twice: as it is, and with the state written to text and
 * read back between any two steps, which must not make a difference.
 */
#include "ac.h"

#include "drift/protocol.h"
#include "tap.h"

#define MAX_STEPS 16

/* 2023-11-14T22:13:20Z */
#define START_S INT64CONST(1700000000)
#define DAY_S 86400

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

/* ---- the language ---- */

static char *
spaced(const char *text)
{
	char *copy = pstrdup(text);
	char *c;

	for (c = copy; *c != '\0'; c++)
		if (*c == '~')
			*c = ' ';
	return copy;
}

static bool
begins(const char *word, const char *with, const char **rest)
{
	size_t len = strlen(with);

	*rest = word + len;
	return strncmp(word, with, len) == 0;
}

/* "h:Name=value" as a line of the response's header. */
static void
add_field(AcHeaders *headers, const char *text)
{
	const char *value = strchr(text, '=');
	char *line = psprintf("%.*s: %s", (int) (value - text), text,
						  spaced(value + 1));

	ac_headers_add_line(headers, line, strlen(line));
}

/* Words that stand for a field's value or two. */
static void
read_word(const char *word, AcProtocolObservation *seen, AcHeaders *headers)
{
	static const struct
	{
		const char *word;
		AcErrorCode code;
	} failures[] = {
		{"timeout", AC_ERR_TIMEOUT},
		{"unreachable", AC_ERR_UNREACHABLE},
		{"reset", AC_ERR_CONNECTION},
		{"breaker", AC_ERR_BREAKER},
		{"cancelled", AC_ERR_INTERRUPTED},
		{"refused", AC_ERR_FORBIDDEN},
		{"malformed", AC_ERR_MALFORMED},
		{"throttled", AC_ERR_THROTTLED}};
	static const struct
	{
		const char *word;
		AcProtocolBody body;
	} bodies[] = {
		{"html", AC_PROTOCOL_HTML},
		{"error", AC_PROTOCOL_ERROR},
		{"empty", AC_PROTOCOL_EMPTY},
		{"other", AC_PROTOCOL_OTHER},
		{"unknown", AC_PROTOCOL_UNKNOWN}};
	const char *rest;
	int i;

	for (i = 0; i < (int) lengthof(failures); i++)
		if (strcmp(word, failures[i].word) == 0)
			seen->outcome = failures[i].code;
	for (i = 0; i < (int) lengthof(bodies); i++)
		if (strcmp(word, bodies[i].word) == 0)
			seen->body = bodies[i].body;
	if (word[0] >= '0' && word[0] <= '9')
		seen->status = atoi(word);
	else if (begins(word, "h:", &rest))
		add_field(headers, rest);
	else if (begins(word, "sent:", &rest))
		seen->scheme_sent = rest;
	else if (begins(word, "to:", &rest) || begins(word, "temporarily:", &rest))
	{
		seen->location = rest;
		seen->permanent = word[1] == 'o';
		seen->same_origin = true;
	}
	else if (strcmp(word, "away") == 0)
		seen->same_origin = false;
	else if (strcmp(word, "rows") == 0)
		seen->same_shape = true;
	else if (strcmp(word, "anonymous") == 0)
	{
		seen->credentials_sent = false;
		seen->scheme_sent = NULL;
	}
	else if (strcmp(word, "untold") == 0)
		seen->scheme_sent = NULL;
	else if (strcmp(word, "key") == 0)
		seen->scheme_sent = "api_key";
	else if (strcmp(word, "scan") == 0)
		seen->from_probe = false;
	else if (strcmp(word, "bare") == 0)
		seen->facts = NULL;
}

/* "a 200 h:Name=value" */
static void
observe(AcProtocolState *state, char *text, int64 poll, int64 now_s)
{
	AcProtocolObservation seen = {0};
	AcProtocolFacts facts;
	AcHeaders *headers = ac_headers_create();
	char *rest;
	char *word = strtok_r(text, " ", &rest);

	seen.now_s = now_s;
	seen.poll = poll;
	seen.table = word;
	seen.path = psprintf("/%s", word);
	seen.method = "GET";
	seen.from_probe = true;
	seen.credentials_sent = true;
	seen.scheme_sent = "bearer";
	seen.body = AC_PROTOCOL_ROWS;
	seen.facts = &facts;
	while ((word = strtok_r(NULL, " ", &rest)) != NULL)
		read_word(word, &seen, headers);
	if (ac_header_get(headers, "Content-Type") == NULL)
		ac_headers_add_line(headers, "Content-Type: application/json", 30);
	ac_protocol_facts(headers, now_s, &facts);
	ac_protocol_observe(state, &seen);
}

static void
observe_all(AcProtocolState *state, const char *text, int64 poll, int64 now_s)
{
	char *rest;
	char *one;

	for (one = strtok_r(pstrdup(text), "|", &rest); one != NULL;
		 one = strtok_r(NULL, "|", &rest))
		observe(state, one, poll, now_s);
}

static char *
told(const AcDriftList *drifts)
{
	StringInfoData text;
	int i;

	initStringInfo(&text);
	for (i = 0; i < drifts->n; i++)
	{
		const AcDrift *drift = &drifts->items[i];

		appendStringInfo(&text, "%s%s", i > 0 ? " " : "",
						 ac_drift_kind_name(drift->kind));
		if (drift->table != NULL)
			appendStringInfo(&text, "(%s)", drift->table);
	}
	return text.data;
}

static char *
state_text(const AcProtocolState *state)
{
	return ac_json_into_text(ac_protocol_save(state));
}

static AcProtocolState *
state_from(const char *text)
{
	AcProtocolState *state;
	AcJson *json = NULL;
	AcError err;

	if (!ac_json_parse(text, strlen(text), 32, &json, &err))
		diag("a saved state is no JSON: %s", err.message);
	ac_protocol_load(json, &state);
	ac_json_free(json);
	return state;
}

static const AcDrift *
find_drift(const AcDriftList *drifts, const char *kind)
{
	int i;

	for (i = 0; i < drifts->n; i++)
		if (strcmp(ac_drift_kind_name(drifts->items[i].kind), kind) == 0)
			return &drifts->items[i];
	return NULL;
}

/* Advances poll and clock as the words before a step say; what is left. */
static const char *
begin_step(const char *seen, int64 *poll, int64 *now_s)
{
	if (strncmp(seen, "same ", 5) == 0)
		return seen + 5;
	(*poll)++;
	if (seen[0] == '+')
	{
		*now_s += atoi(seen + 1);
		return strchr(seen, ' ') + 1;
	}
	*now_s += 900;
	return seen;
}

static void
run_sequence(const Sequence *sequence)
{
	AcProtocolState *straight;
	AcProtocolState *stored;
	int64 now_s = START_S;
	int64 poll = 0;
	int i;

	ac_protocol_load(NULL, &straight);
	ac_protocol_load(NULL, &stored);
	for (i = 0; i < MAX_STEPS && sequence->steps[i].seen != NULL; i++)
	{
		const char *seen = begin_step(sequence->steps[i].seen, &poll, &now_s);
		char *wanted = pstrdup(sequence->steps[i].told);
		char *accept = strchr(wanted, '!');
		AcDriftList one;
		AcDriftList other;

		if (accept != NULL)
			accept[-1] = '\0';
		ac_drift_list_init(&one);
		ac_drift_list_init(&other);
		observe_all(straight, seen, poll, now_s);
		ac_protocol_report(straight, now_s, &one);
		stored = state_from(state_text(stored));
		observe_all(stored, seen, poll, now_s);
		stored = state_from(state_text(stored));
		ac_protocol_report(stored, now_s, &other);
		is_str(told(&one), wanted, "%s: step %d", sequence->name, i + 1);
		is_str(told(&other), wanted, "%s: step %d, stored", sequence->name,
			   i + 1);
		if (accept != NULL)
		{
			const AcDrift *drift = find_drift(&one, accept + 1);

			if (ok(drift != NULL, "%s: %s was told", sequence->name,
				   accept + 1))
			{
				ac_protocol_accept(straight, drift);
				ac_protocol_accept(stored, drift);
			}
		}
		is_str(state_text(stored), state_text(straight),
			   "%s: step %d leaves the same state", sequence->name, i + 1);
		ac_drift_list_free(&one);
		ac_drift_list_free(&other);
	}
	ac_alloc_reset();
}

#define BEARER " h:WWW-Authenticate=Bearer~error=\"invalid_token\""
#define BASIC " h:WWW-Authenticate=Basic~realm=\"x\""

/* Ends in a policy's numbers. */
#define POLICY " h:RateLimit=\"p\";r=9;t=9 h:RateLimit-Policy=\"p\";"

static const Sequence sequences[] = {
	{"401 at two endpoints",
	 {{"a 200|b 200|c 200", ""},
	  {"a 401" BEARER "|b 200|c 200", ""},
	  {"a 401" BEARER "|b 401" BEARER "|c 200", "credential_invalid"},
	  {"a 401" BEARER "|b 401" BEARER "|c 401" BEARER, "credential_invalid"},
	  {"a 200|b 200|c 200", ""},
	  {"a 401|b 401|c 401", "credential_invalid"}}},
	{"401 at the only endpoint",
	 {{"a 200", ""},
	  {"a 401" BEARER, "credential_invalid"},
	  {"a timeout", "credential_invalid"},
	  {"a 200", ""},
	  {"a 401", "credential_invalid"}}},
	{"401 without credentials is nobody's fault",
	 {{"a 401 anonymous" BEARER, ""}, {"a 401 anonymous" BEARER, ""}}},
	{"what was open asks for credentials",
	 {{"a 200 anonymous|b 200 anonymous", ""},
	  {"a 401 anonymous" BASIC "|b 200 anonymous", ""},
	  {"a 401 anonymous" BASIC "|b 401 anonymous" BASIC, "auth_scheme_changed"},
	  {"a 200|b 200", ""}}},
	{"what is asked with credentials is not open for that it once was",
	 {{"a 200", ""}, {"a 200 anonymous", ""}, {"a 401 anonymous" BASIC, ""}}},
	{"endpoints that do not agree on the scheme",
	 {{"a 200|b 200|c 200", ""},
	  {"a 401" BASIC "|b 401" BEARER "|c 200", "credential_invalid"}}},
	{"another scheme is asked for",
	 {{"a 200 sent:Basic|b 200 sent:Basic", ""},
	  {"a 401 sent:Basic" BEARER "|b 401 sent:Basic" BEARER,
	   "auth_scheme_changed"},
	  {"a 401" BEARER "|b 401" BEARER, "credential_invalid"},
	  {"a 200|b 200", ""}}},
	{"the scheme is one of several that are asked for",
	 {{"a 200", ""},
	  {"a 401 h:WWW-Authenticate=Basic~realm=\"x\",~Bearer", "credential_invalid"}}},
	{"a key of the API's own gets any challenge",
	 {{"a 200 key", ""}, {"a 401 key" BASIC, "credential_invalid"}}},
	{"the scheme that served is remembered",
	 {{"a 200 sent:bearer", ""}, {"a 401 untold" BASIC, "auth_scheme_changed"}, {"a 401 untold" BEARER, "credential_invalid"}}},

	{"a scope is missing",
	 {{"a 200|b 200", ""},
	  {"a 403 h:WWW-Authenticate=Bearer~error=\"insufficient_scope\"|b 403 h:WWW-Authenticate=Bearer~scope=\"read\"",
	   "scope_missing(a) scope_missing(b)"},
	  {"a 200|b 403 h:X-Accepted-OAuth-Scopes=repo", "scope_missing(b)"},
	  {"b 500", "scope_missing(b)"},
	  {"a 200|b 200", ""},
	  {"b 403 h:X-Accepted-OAuth-Scopes=repo", "scope_missing(b)"}}},
	{"403 at some tables",
	 {{"a 200|b 200", ""}, {"a 200|b 403", "scope_missing(b)"}, {"a 200|b 200", ""}}},
	{"403 at all tables says nothing of a scope",
	 {{"a 200|b 200", ""}, {"a 403|b 403", ""}}},
	{"an empty list of scopes is none",
	 {{"a 200", ""}, {"a 403 h:X-Accepted-OAuth-Scopes=", ""}}},

	{"moved for good",
	 {{"a 200", ""},
	  {"a 200 to:http://h/v2/a rows", "endpoint_moved(a)"},
	  {"a 200 to:http://h/v2/a?page=2 rows", "endpoint_moved(a)"},
	  {"a timeout", "endpoint_moved(a)"},
	  {"a 404 scan bare", "endpoint_moved(a)"},
	  {"a 200", ""},
	  {"a 200 to:http://h/v3/a", "endpoint_moved(a)"}}},
	{"moved for now",
	 {{"a 200", ""},
	  {"a 200 temporarily:http://h/v2/a rows", ""},
	  {"a 200 temporarily:http://h/v2/a rows", ""}}},
	{"moved elsewhere, where nobody looked",
	 {{"a 200", ""}, {"a 301 refused other to:http://other/a away", "endpoint_moved(a)"}}},

	{"removed",
	 {{"a 200|b 200", ""},
	  {"a 404|b 200", ""},
	  {"+600s a 410|b 200", ""},
	  {"+600s a 405|b 200", "endpoint_removed(a)"},
	  {"+600s a 404|b 200", "endpoint_removed(a)"},
	  {"a 404|b 500", "endpoint_removed(a)"},
	  {"a 503|b 200", "endpoint_removed(a)"},
	  {"a 200|b 200", ""},
	  {"a 404|b 200", ""},
	  {"a 404|b 200", ""},
	  {"a 404|b 200", "endpoint_removed(a)"}}},
	{"three times within minutes are once",
	 {{"a 200|b 200", ""},
	  {"+60s a 404|b 200", ""},
	  {"+60s a 404|b 200", ""},
	  {"+60s a 404|b 200", ""},
	  {"+480s a 404|b 200", ""},
	  {"+599s a 404|b 200", ""},
	  {"+1s a 404|b 200", "endpoint_removed(a)"}}},
	{"all are gone: that is no endpoint's removal",
	 {{"a 200|b 200", ""}, {"a 404|b 404", ""}, {"a 404|b 404", ""}, {"a 404|b 404", ""}, {"a 404|b 404", ""}}},
	{"a sibling that was well long ago is no witness",
	 {{"a 200|b 200", ""}, {"a 404", ""}, {"a 404", ""}, {"a 404", ""}, {"a 404|b 200", "endpoint_removed(a)"}}},
	{"a sibling that is gone, too, is no witness",
	 {{"a 200|b 200", ""},
	  {"a 404|b 200", ""},
	  {"a 404|b 500", ""},
	  {"a 404|b 404", ""}}},
	{"scans ask for rows of parents that may not be",
	 {{"a 200|b 200", ""}, {"a 404 scan|b 200", ""}, {"a 404 scan|b 200", ""}, {"a 404 scan|b 200", ""}}},
	{"a method that is not allowed any more",
	 {{"a 200|b 200", ""},
	  {"a 405 h:Allow=POST,~OPTIONS|b 200", "method_changed(a)"},
	  {"a 200|b 200", ""},
	  {"a 405 h:Allow=GET,~POST|b 200", ""},
	  {"a 405 h:Allow=|b 200", ""},
	  {"a 405|b 200", "endpoint_removed(a)"}}},

	{"deprecated",
	 {{"a 200|b 200", ""},
	  {"a 200 h:Deprecation=@1688169599|b 200", "deprecated(a)"},
	  {"a 200 h:Deprecation=true|b 200 h:Deprecation=Fri,~11~Nov~2022~23:59:59~GMT",
	   "deprecated(a) deprecated(b)"},
	  {"a 500|b 500", "deprecated(a) deprecated(b)"},
	  {"a 200|b 404", "deprecated(b)"},
	  {"a 200|b 200", ""},
	  {"a 200 h:Deprecation=false|b 200 h:Deprecation=@soon", ""},
	  {"a 200 h:Link=<http://h/d>;~rel=deprecation", ""}}},
	{"a sunset",
	 {{"a 200", ""},
	  {"a 200 h:Sunset=Sat,~31~Dec~2099~23:59:59~GMT", "sunset_scheduled(a)"},
	  {"a 404 h:Sunset=Sat,~31~Dec~2099~23:59:59~GMT", "sunset_scheduled(a)"},
	  {"a 200 h:Sunset=never", ""},
	  {"a 410 h:Sunset=Sat,~31~Dec~2022~23:59:59~GMT", "sunset_scheduled(a)"}}},

	{"a web page",
	 {{"a 200|b 200", ""},
	  {"a 200 html h:Content-Type=text/html|b 200", "html_200(a)"},
	  {"a 500|b 200", "html_200(a)"},
	  {"a 200 empty|b 200", ""},
	  {"a 404 html h:Content-Type=text/html|b 200", ""},
	  {"a 200 html|b 200", "html_200(a)"},
	  {"a 200 error|b 200", "error_in_200(a)"},
	  {"a 200|b 200", ""}}},
	{"an error under the status of success",
	 {{"a 200", ""},
	  {"a 200 error", "error_in_200(a)"},
	  {"a timeout", "error_in_200(a)"},
	  {"a 204 empty", ""},
	  {"a 200 error", "error_in_200(a)"}}},
	{"another media type",
	 {{"a 200", ""},
	  {"a 200 h:Content-Type=application/vnd.api+json;~charset=utf-8", ""},
	  {"a 200 h:Content-Type=text/csv other", "content_type_changed(a)"},
	  {"a 404 h:Content-Type=text/plain other", "content_type_changed(a)"},
	  {"a 200", ""},
	  {"a 200 h:Content-Type=text/plain", "content_type_changed(a) !content_type_changed"},
	  {"a 200 h:Content-Type=text/plain", ""},
	  {"a 200", "content_type_changed(a)"}}},

	{"turned away",
	 {{"a 200|b 200", ""},
	  {"a 429|b 200", "throttled"},
	  {"a 429|b 429", "throttled"},
	  {"a 200|b 503 h:Retry-After=60", "throttled"},
	  {"a 200|b 200", ""},
	  {"a 200|b 503", ""},
	  {"a 403 h:X-RateLimit-Limit=60 h:X-RateLimit-Remaining=0|b 200", "throttled"},
	  {"a 403 h:X-RateLimit-Limit=60 h:X-RateLimit-Remaining=59|b 200", "scope_missing(a)"},
	  {"a 200|b 200", ""}}},
	{"a lower limit",
	 {{"a 200 h:X-RateLimit-Limit=100|b 200 h:X-RateLimit-Limit=100", ""},
	  {"a 200 h:X-RateLimit-Limit=50", ""},
	  {"a 200 h:X-RateLimit-Limit=50", ""},
	  {"a 200 h:X-RateLimit-Limit=50", "rate_limit_lowered"},
	  {"b 200 h:X-RateLimit-Limit=50|b 200 h:X-RateLimit-Limit=50|b 200 h:X-RateLimit-Limit=50",
	   "rate_limit_lowered"},
	  {"a 200 h:X-RateLimit-Limit=200", "rate_limit_lowered"},
	  {"b 200 h:X-RateLimit-Limit=100", ""},
	  {"a 200 h:X-RateLimit-Limit=60|a 200 h:X-RateLimit-Limit=60|a 200 h:X-RateLimit-Limit=60",
	   "rate_limit_lowered !rate_limit_lowered"},
	  {"a 200 h:X-RateLimit-Limit=60", ""}}},
	{"a limit that moves up and down",
	 {{"a 200 h:X-RateLimit-Limit=100", ""},
	  {"a 200 h:X-RateLimit-Limit=50", ""},
	  {"a 200 h:X-RateLimit-Limit=50", ""},
	  {"a 200 h:X-RateLimit-Limit=120", ""},
	  {"a 200 h:X-RateLimit-Limit=100", ""},
	  {"a 200 h:X-RateLimit-Limit=50", ""}}},
	{"fewer in less time are not fewer",
	 {{"a 200" POLICY "q=5000;w=3600", ""},
	  {"a 200" POLICY "q=100;w=60", ""},
	  {"a 200" POLICY "q=100;w=60", ""},
	  {"a 200" POLICY "q=100;w=60", ""}}},
	{"as many in more time are fewer",
	 {{"a 200" POLICY "q=100;w=60", ""},
	  {"a 200" POLICY "q=100;w=120", ""},
	  {"a 200" POLICY "q=100;w=120", ""},
	  {"a 200" POLICY "q=100;w=120", "rate_limit_lowered !rate_limit_lowered"},
	  {"a 200" POLICY "q=100;w=120", ""}}},
	{"a media type nobody sent, and events that know no fields",
	 {{"a 200", ""}, {"a 200 scan bare unknown", ""}, {"a 429 scan bare", "throttled"}, {"a 403 throttled scan bare", "throttled"}}},

	{"an outage of three polls",
	 {{"a 200|b 200", ""},
	  {"a timeout", ""},
	  {"a unreachable", ""},
	  {"a 500", "outage"},
	  {"a reset", "outage"},
	  {"a breaker|b 404", ""},
	  {"a 500", ""},
	  {"a 500", ""},
	  {"a 500", "outage"}}},
	{"an outage of all endpoints",
	 {{"a 200|b 200", ""},
	  {"a 500|b 502", ""},
	  {"a 500|b 502", "outage"},
	  {"a 500|b 200", ""},
	  {"a 500|b 502", ""},
	  {"a 500|b 502", "outage"}}},
	{"the only endpoint needs three",
	 {{"a 200", ""}, {"a 500", ""}, {"a 500", ""}, {"a 500", "outage"}, {"a 401", "credential_invalid"}, {"a 200", ""}}},
	{"one endpoint that fails is no outage",
	 {{"a 200|b 200", ""}, {"a 500|b 200", ""}, {"a 500|b 200", ""}, {"b 200|a 500", ""}, {"a 500|b 200", ""}}},
	{"what is of one poll counts once",
	 {{"a 200", ""}, {"a 500", ""}, {"same a 500", ""}, {"same a 500", ""}, {"a 500", ""}, {"same a 200", ""}, {"a 500", ""}}},
	{"our own reasons are not the API's",
	 {{"a 200", ""}, {"a cancelled", ""}, {"a refused", ""}, {"a cancelled", ""}, {"a refused", ""}}},
	{"a body that cannot be read is an answer",
	 {{"a 200", ""}, {"a 200 malformed other", ""}, {"a 200 malformed other", ""}, {"a 200 malformed other", ""}}},
	{"an endpoint of long ago is forgotten",
	 {{"a 401|b 401", "credential_invalid"},
	  {"+2592001s a 200", ""},
	  {"a 401", "credential_invalid"}}},
	{"a month is the time",
	 {{"a 200|b 200 html", "html_200(b)"},
	  {"+2592000s a 200", "html_200(b)"},
	  {"+1s a 200", ""}}},
};

/* ---- what goes with a finding ---- */

/* Observes polls, and returns the only drift there must be. */
static const AcDrift *
drift_after(const char *const *polls, AcDriftList *drifts)
{
	AcProtocolState *state;
	int i;

	ac_protocol_load(NULL, &state);
	for (i = 0; polls[i] != NULL; i++)
		observe_all(state, polls[i], i + 1, START_S + i * 900);
	ac_drift_list_init(drifts);
	ac_protocol_report(state, START_S + i * 900, drifts);
	is_int(drifts->n, 1, "%s: one finding", polls[i - 1]);
	return drifts->n == 1 ? &drifts->items[0] : NULL;
}

static void
test_params(void)
{
	static const struct
	{
		const char *poll;
		const char *params;
		AcSeverity severity;
		const char *summary; /* a part of it */
	} cases[] = {
		{"a 401 sent:basic" BASIC, "{\"scheme\":\"basic\"}",
		 AC_SEVERITY_CRITICAL, "1 of 1"},
		{"a 401 sent:basic" BEARER, "{\"scheme\":\"bearer\"}",
		 AC_SEVERITY_CRITICAL, "\"bearer\", not \"basic\""},
		{"a 403 h:WWW-Authenticate=Bearer~error=\"insufficient_scope\",~scope=\"read~write\"",
		 "{\"scope\":\"read write\"}", AC_SEVERITY_ERROR, "read write"},
		{"a 200 to:http://h/v2/a?key=secret#x rows",
		 "{\"location\":\"http://h/v2/a\"}", AC_SEVERITY_WARNING,
		 "has moved for good to http://h/v2/a"},
		{"a 301 other to:http://u:p@other/a away",
		 "{\"location\":\"http://***@other/a\"}", AC_SEVERITY_WARNING,
		 "credentials were not sent there"},
		{"a 405 h:Allow=POST", "{}", AC_SEVERITY_CRITICAL, "allows POST"},
		{"a 200 h:Deprecation=@1688169599 h:Link=</v2/a>;~rel=\"successor-version\"",
		 "{\"successor\":\"/v2/a\",\"date\":\"2023-06-30T23:59:59Z\"}",
		 AC_SEVERITY_WARNING, "deprecated since 2023-06-30"},
		{"a 200 h:Deprecation=@1893456000", "{\"date\":\"2030-01-01T00:00:00Z\"}",
		 AC_SEVERITY_WARNING, "will deprecate table \"a\" on 2030-01-01"},
		{"a 200 h:Deprecation=?1", "{}", AC_SEVERITY_WARNING, "deprecated"},
		{"a 200 html", "{}", AC_SEVERITY_CRITICAL, "web page"},
		{"a 200 error", "{}", AC_SEVERITY_CRITICAL, "error"},
		{"a 429", "{}", AC_SEVERITY_WARNING, "status 429"},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		const char *polls[] = {cases[i].poll, NULL};
		AcDriftList drifts;
		const AcDrift *drift = drift_after(polls, &drifts);

		if (drift != NULL)
		{
			is_str(ac_json_to_text(drift->params), cases[i].params,
				   "%s: params", cases[i].poll);
			is_int(drift->severity, cases[i].severity, "%s: severity",
				   cases[i].poll);
			is_int(drift->tiers, AC_TIER_PROTOCOL, "%s: tier", cases[i].poll);
			if (!ok(strstr(drift->summary, cases[i].summary) != NULL,
					"%s: summary", cases[i].poll))
				diag("%s", drift->summary);
		}
		ac_drift_list_free(&drifts);
		ac_alloc_reset();
	}
}

static void
test_rate_params(void)
{
	const char *low = "a 200" POLICY "q=50;w=60";
	const char *polls[] = {"a 200" POLICY "q=100;w=60", low, low, low, NULL};
	AcDriftList drifts;
	const AcDrift *drift = drift_after(polls, &drifts);

	if (drift != NULL)
	{
		is_str(ac_json_to_text(drift->params), "{\"limit\":50,\"window\":60}",
			   "what holds now");
		is_str(ac_json_to_text(drift->before), "{\"limit\":100,\"window_s\":60}",
			   "what was learned");
		is_str(ac_json_to_text(drift->after), "{\"limit\":50,\"window_s\":60}",
			   "what was told");
		is_str(drift->subject, "p 100/60", "which limit it is");
	}
	ac_drift_list_free(&drifts);
	ac_alloc_reset();
}

/* The nearer, the worse. */
static void
test_sunset(void)
{
	static const struct
	{
		int64 left_s;
		AcSeverity severity;
	} cases[] = {
		{200 * DAY_S, AC_SEVERITY_WARNING},
		{90 * DAY_S + 1, AC_SEVERITY_WARNING},
		{90 * DAY_S, AC_SEVERITY_ERROR},
		{14 * DAY_S + 1, AC_SEVERITY_ERROR},
		{14 * DAY_S, AC_SEVERITY_CRITICAL},
		{0, AC_SEVERITY_CRITICAL},
		{-DAY_S, AC_SEVERITY_CRITICAL},
	};
	/* 2024-06-30T23:59:59Z */
	int64 sunset_s = INT64CONST(1719791999);
	AcProtocolState *state;
	int i;

	ac_protocol_load(NULL, &state);
	observe_all(state, "a 200 h:Sunset=Sun,~30~Jun~2024~23:59:59~GMT", 1,
				START_S);
	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcDriftList drifts;

		ac_drift_list_init(&drifts);
		ac_protocol_report(state, sunset_s - cases[i].left_s, &drifts);
		is_int(drifts.n, 1, "one finding");
		is_int(drifts.items[0].severity, cases[i].severity,
			   "%d s before the sunset", (int) cases[i].left_s);
		is_str(ac_json_get_string(drifts.items[0].params, "date"),
			   "2024-06-30T23:59:59Z", "its date");
		ac_drift_list_free(&drifts);
	}
	ac_alloc_reset();
}

static void
test_dates(void)
{
	static const struct
	{
		const char *value;
		int64 unix_s;
	} cases[] = {
		{"@0", 0},
		{"@951782400", 951782400},
		{"@1709164800;x=1", 1709164800},
		{"@253402300799", INT64CONST(253402300799)},
		{"@253402300800", -1},
		{"@-1", -1},
		{"@", -1},
		{"@1x", -1},
		{"2024-02-29T00:00:00Z", 1709164800},
		{"Thu, 29 Feb 2024 00:00:00 GMT", 1709164800},
		{"tomorrow", -1},
	};
	static const struct
	{
		int64 unix_s;
		const char *text;
	} texts[] = {
		{0, "1970-01-01T00:00:00Z"},
		{951782400, "2000-02-29T00:00:00Z"},
		{951868799, "2000-02-29T23:59:59Z"},
		{1709164800, "2024-02-29T00:00:00Z"},
		{INT64CONST(4107542400), "2100-03-01T00:00:00Z"},
		{INT64CONST(253402300799), "9999-12-31T23:59:59Z"},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcHeaders *headers = ac_headers_create();
		AcProtocolFacts facts;
		char *line = psprintf("Deprecation: %s", cases[i].value);

		ac_headers_add_line(headers, line, strlen(line));
		ac_protocol_facts(headers, START_S, &facts);
		is_int(facts.deprecated_s, cases[i].unix_s, "%s", line);
		is_int(facts.deprecated, cases[i].unix_s >= 0, "%s: is one", line);
	}
	for (i = 0; i < (int) lengthof(texts); i++)
	{
		const char *polls[] = {psprintf("a 200 h:Sunset=@" INT64_FORMAT,
										texts[i].unix_s),
							   NULL};
		AcDriftList drifts;
		const AcDrift *drift = drift_after(polls, &drifts);

		if (drift != NULL)
			is_str(ac_json_get_string(drift->params, "date"), texts[i].text,
				   "date");
		ac_drift_list_free(&drifts);
	}
	ac_alloc_reset();
}

/* ---- no alarms ---- */

/*
 * A hundred polls of a server at its normal business: one answer in ten is a
 * 500 or none at all, redirects for now, limits that are used up and renewed.
 */
static void
test_quiet(void)
{
	static const char *const answers[] = {
		"200", "200 empty", "200 temporarily:http://h/b rows",
		"200 h:Content-Type=application/hal+json",
		"200 h:X-RateLimit-Limit=100 h:X-RateLimit-Remaining=7",
		"200 h:X-RateLimit-Limit=100 h:X-RateLimit-Remaining=0",
		"304 empty", "200", "200"};
	uint64 random = 11;
	AcProtocolState *state;
	int told_in_all = 0;
	int poll;

	diag("seed %d", (int) random);
	ac_protocol_load(NULL, &state);
	for (poll = 1; poll <= 100; poll++)
	{
		AcDriftList drifts;
		StringInfoData text;
		int i;
		int j;

		initStringInfo(&text);
		for (i = 0; i < 4; i++)
		{
			uint64 what = tap_random(&random) % 20;
			const char *answer = answers[tap_random(&random) % lengthof(answers)];

			if (poll > 1 && what < 2)
				answer = what == 0 ? "500" : "timeout";
			appendStringInfo(&text, "%c %s|", 'a' + i, answer);
		}
		observe_all(state, text.data, poll, START_S + poll * 900);
		ac_drift_list_init(&drifts);
		ac_protocol_report(state, START_S + poll * 900, &drifts);
		for (j = 0; j < drifts.n; j++)
			if (drifts.items[j].severity > AC_SEVERITY_INFO)
				told_in_all++;
		if (drifts.n > 0)
			diag("poll %d: %s after %s", poll, told(&drifts), text.data);
		ac_drift_list_free(&drifts);
	}
	is_int(told_in_all, 0, "a quiet server is not told of");
	ac_alloc_reset();
}

static void
test_nonsense(void)
{
	static const char *const texts[] = {
		"null", "5", "[]", "{}", "{\"version\":9,\"poll_failed\":true}",
		"{\"version\":1,\"endpoints\":7,\"failed_polls\":-1}",
		"{\"version\":1,\"endpoints\":[1,null,{},{\"table\":5}]}"};
	AcProtocolState *state;
	char *empty;
	int i;

	ac_protocol_load(NULL, &state);
	empty = state_text(state);
	for (i = 0; i < (int) lengthof(texts); i++)
		is_str(state_text(state_from(texts[i])), empty, "%s is a new state",
			   texts[i]);
	state = state_from("{\"version\":1,\"endpoints\":[{\"table\":\"a\","
					   "\"scope\":\"x\\u0007y\",\"status\":-4,\"gone_probes\":-1,"
					   "\"rates\":[{\"limit\":5},{\"name\":\"n\",\"limit\":-5}]},"
					   "{\"table\":\"a\"}]}");
	is_str(state_text(state),
		   "{\"version\":1,\"endpoints\":[{\"table\":\"a\",\"scope\":\"x y\","
		   "\"rates\":[{\"name\":\"n\"}]}]}",
		   "what is loaded is bounded and printable");
	ac_alloc_reset();
}

int
main(void)
{
	int i;

	for (i = 0; i < (int) lengthof(sequences); i++)
		run_sequence(&sequences[i]);
	test_params();
	test_rate_params();
	test_sunset();
	test_dates();
	test_quiet();
	test_nonsense();
	return done_testing();
}
