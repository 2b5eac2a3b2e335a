/*
 * test_outcome.c
 *		Does each way in which a request can end lead to what the table of
 *		outcomes says?
 */
#include "ac.h"

#include "policy/outcome.h"
#include "tap.h"

/* 2024-03-01T12:00:00Z */
#define NOW INT64CONST(1709294400000)

static const char *const action_names[] = {
	[AC_OUTCOME_ROWS] = "rows",
	[AC_OUTCOME_RETRY] = "retry",
	[AC_OUTCOME_RENEW_CREDENTIAL] = "renew",
	[AC_OUTCOME_END_OF_PAGES] = "end",
	[AC_OUTCOME_NO_ROW] = "no row",
	[AC_OUTCOME_FAIL] = "fail",
};

/* "retry unreachable", "rows none", ... */
static char *
show(AcOutcome outcome)
{
	return psprintf("%s %s", action_names[outcome.action],
					ac_error_code_name(outcome.code));
}

static void
test_transport(void)
{
	static const struct
	{
		AcTransportOutcome transport;
		const char *idempotent;
		const char *other;
	} cases[] = {
		{AC_TRANSPORT_DNS, "retry unreachable", "retry unreachable"},
		{AC_TRANSPORT_CONNECT, "retry unreachable", "retry unreachable"},
		{AC_TRANSPORT_TLS, "retry unreachable", "retry unreachable"},
		{AC_TRANSPORT_TLS_CERT, "fail unreachable", "fail unreachable"},
		{AC_TRANSPORT_SEND, "retry connection", "fail connection"},
		{AC_TRANSPORT_RESET, "retry connection", "fail connection"},
		{AC_TRANSPORT_TIMEOUT_CONNECT, "retry timeout", "retry timeout"},
		{AC_TRANSPORT_TIMEOUT_FIRST_BYTE, "retry timeout", "fail timeout"},
		{AC_TRANSPORT_TIMEOUT_BODY, "retry timeout", "fail timeout"},
		{AC_TRANSPORT_TIMEOUT_TOTAL, "fail timeout", "fail timeout"},
		{AC_TRANSPORT_TRUNCATED, "retry connection", "fail connection"},
		{AC_TRANSPORT_PROTOCOL, "fail http", "fail http"},
		{AC_TRANSPORT_TOO_LARGE, "fail too_large", "fail too_large"},
		{AC_TRANSPORT_DECODE, "retry malformed", "fail malformed"},
		{AC_TRANSPORT_REDIRECT_LIMIT, "fail http", "fail http"},
		{AC_TRANSPORT_FORBIDDEN, "fail forbidden", "fail forbidden"},
		{AC_TRANSPORT_CANCELLED, "fail interrupted", "fail interrupted"},
		{AC_TRANSPORT_NO_MEMORY, "fail no_memory", "fail no_memory"},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		AcOutcomeInput in = {0};

		in.transport = cases[i].transport;
		in.status = 200; /* what a broken answer began with is no matter */
		in.rows_found = true;
		in.idempotent = true;
		is_str(show(ac_outcome_classify(&in)), cases[i].idempotent,
			   "transport outcome %d, idempotent", cases[i].transport);
		in.idempotent = false;
		is_str(show(ac_outcome_classify(&in)), cases[i].other,
			   "transport outcome %d, not idempotent", cases[i].transport);
	}
}

/* Statuses by kind of request: collection, item, child, probe. */
static void
test_status(void)
{
	static const struct
	{
		int status;
		const char *outcomes[4];
		const char *other; /* collection, not idempotent */
	} cases[] = {
		{204, {"end none", "no row none", "end none", "rows none"}, "end none"},
		{304, {"fail http", "fail http", "fail http", "fail http"}, "fail http"},
		{302, {"fail http", "fail http", "fail http", "fail http"}, "fail http"},
		{400, {"fail http", "fail http", "fail http", "fail http"}, "fail http"},
		{401, {"renew auth", "renew auth", "renew auth", "renew auth"}, "renew auth"},
		{402, {"fail http", "fail http", "fail http", "fail http"}, "fail http"},
		{403, {"fail auth", "fail auth", "fail auth", "fail auth"}, "fail auth"},
		{404, {"fail not_found", "no row none", "no row none", "fail not_found"}, "fail not_found"},
		{407, {"fail auth", "fail auth", "fail auth", "fail auth"}, "fail auth"},
		{408, {"retry http", "retry http", "retry http", "retry http"}, "fail http"},
		{410, {"fail not_found", "no row none", "no row none", "fail not_found"}, "fail not_found"},
		{416, {"fail http", "fail http", "fail http", "fail http"}, "fail http"},
		{422, {"fail http", "fail http", "fail http", "fail http"}, "fail http"},
		{425, {"retry http", "retry http", "retry http", "retry http"}, "fail http"},
		{429, {"retry throttled", "retry throttled", "retry throttled", "retry throttled"}, "retry throttled"},
		{500, {"retry http", "retry http", "retry http", "retry http"}, "fail http"},
		{501, {"fail http", "fail http", "fail http", "fail http"}, "fail http"},
		{502, {"retry http", "retry http", "retry http", "retry http"}, "fail http"},
		{503, {"retry http", "retry http", "retry http", "retry http"}, "fail http"},
		{504, {"retry http", "retry http", "retry http", "retry http"}, "fail http"},
		{505, {"fail http", "fail http", "fail http", "fail http"}, "fail http"},
		{519, {"fail http", "fail http", "fail http", "fail http"}, "fail http"},
		{520, {"retry http", "retry http", "retry http", "retry http"}, "fail http"},
		{524, {"retry http", "retry http", "retry http", "retry http"}, "fail http"},
		{525, {"fail http", "fail http", "fail http", "fail http"}, "fail http"},
		{0, {"fail http", "fail http", "fail http", "fail http"}, "fail http"},
	};
	size_t i;
	int kind;

	for (i = 0; i < lengthof(cases); i++)
	{
		AcOutcomeInput in = {0};

		in.status = cases[i].status;
		in.idempotent = true;
		for (kind = 0; kind < 4; kind++)
		{
			in.kind = (AcRequestKind) kind;
			is_str(show(ac_outcome_classify(&in)), cases[i].outcomes[kind],
				   "status %d, kind %d", cases[i].status, kind);
		}
		in.kind = AC_REQUEST_COLLECTION;
		in.idempotent = false;
		is_str(show(ac_outcome_classify(&in)), cases[i].other,
			   "status %d, not idempotent", cases[i].status);
	}
}

static void
test_credentials_and_success(void)
{
	AcBodyFacts html = {.kind = AC_BODY_HTML};
	AcBodyFacts limited = {.kind = AC_BODY_JSON, .has_error = true, .secondary_limit = true};
	AcOutcomeInput in = {.status = 401, .idempotent = true, .credential_renewed = true};

	is_str(show(ac_outcome_classify(&in)), "fail auth", "401 after a renewal");
	in.status = 200;
	in.rows_found = true;
	is_str(show(ac_outcome_classify(&in)), "rows none", "200 with rows");
	in.status = 206;
	is_str(show(ac_outcome_classify(&in)), "rows none", "206 with rows");
	in.status = 200;
	in.rows_found = false;
	in.body = &html;
	is_str(show(ac_outcome_classify(&in)), "retry http", "200 with HTML");
	in.html_retried = true;
	is_str(show(ac_outcome_classify(&in)), "fail http", "200 with HTML again");
	in.html_retried = false;
	in.idempotent = false;
	is_str(show(ac_outcome_classify(&in)), "fail http", "200 with HTML, not idempotent");
	in.kind = AC_REQUEST_PROBE;
	is_str(show(ac_outcome_classify(&in)), "rows none", "a probe may get HTML");
	in.kind = AC_REQUEST_COLLECTION;
	in.idempotent = true;
	in.body = &limited;
	is_str(show(ac_outcome_classify(&in)), "retry throttled", "200 that speaks of a rate limit");
}

/* A later page is refused: status, what the body says, what is known. */
static void
test_pages(void)
{
	static const struct
	{
		int status;
		bool names_page;
		bool positional;
		AcTotalState total;
		const char *shown;
	} cases[] = {
		{400, true, true, AC_TOTAL_REACHED, "end none"},
		{400, false, false, AC_TOTAL_REACHED, "end none"},
		{400, true, true, AC_TOTAL_UNKNOWN, "end none"},
		{400, false, true, AC_TOTAL_UNKNOWN, "fail http"},
		{400, true, false, AC_TOTAL_UNKNOWN, "fail incomplete"},
		{400, true, true, AC_TOTAL_SHORT, "fail incomplete"},
		{422, true, true, AC_TOTAL_UNKNOWN, "end none"},
		{422, false, false, AC_TOTAL_UNKNOWN, "fail http"},
		{404, false, true, AC_TOTAL_UNKNOWN, "end none"},
		{404, false, false, AC_TOTAL_UNKNOWN, "fail incomplete"},
		{404, false, true, AC_TOTAL_SHORT, "fail incomplete"},
		{410, false, false, AC_TOTAL_REACHED, "end none"},
		{416, false, true, AC_TOTAL_UNKNOWN, "end none"},
		{500, true, true, AC_TOTAL_REACHED, "retry http"},
		{401, true, true, AC_TOTAL_REACHED, "renew auth"},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		AcBodyFacts body = {.kind = AC_BODY_JSON, .names_page = cases[i].names_page};
		AcOutcomeInput in = {.status = cases[i].status, .idempotent = true, .later_page = true, .body = &body, .positional = cases[i].positional, .total = cases[i].total};

		is_str(show(ac_outcome_classify(&in)), cases[i].shown,
			   "later page, case %d", (int) i);
		if (cases[i].status == 404)
		{
			in.kind = AC_REQUEST_CHILD;
			is_str(show(ac_outcome_classify(&in)), cases[i].shown,
				   "later page of a child, case %d", (int) i);
		}
	}
}

static void
test_waits(void)
{
	static const struct
	{
		int status;
		const char *lines[3];
		bool says_limit;
		bool idempotent;
		const char *shown;
		int64 wait_ms;
		bool throttled;
		bool free_retry;
	} cases[] = {
		{429, {NULL}, false, true, "retry throttled", -1, true, false},
		{429, {"Retry-After: 7"}, false, true, "retry throttled", 7000, true, true},
		{429, {"Retry-After: 7"}, false, false, "retry throttled", 7000, true, true},
		{429, {"RateLimit: limit=5, remaining=0, reset=9"}, false, true, "retry throttled", 9000, true, true},
		{429, {"Retry-After: 7", "RateLimit: limit=5, remaining=0, reset=9"}, false, true, "retry throttled", 7000, true, true},
		{429, {"RateLimit: limit=5, remaining=4, reset=9"}, false, true, "retry throttled", -1, true, false},
		{429, {NULL}, true, true, "retry throttled", -1, true, false},
		{403, {"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1709294460"}, false, true, "retry throttled", 60000, true, true},
		{403, {"X-RateLimit-Remaining: 10"}, false, true, "fail auth", -1, false, false},
		{403, {"X-RateLimit-Remaining: 10"}, true, true, "retry throttled", 60000, true, true},
		{403, {"Retry-After: 30"}, true, true, "retry throttled", 30000, true, true},
		{403, {NULL}, true, true, "retry throttled", 60000, true, true},
		{503, {"Retry-After: 3"}, false, true, "retry http", 3000, false, false},
		{503, {"Retry-After: 3"}, false, false, "retry http", 3000, false, false},
		{500, {"Retry-After: 3"}, false, false, "fail http", 3000, false, false},
	};
	size_t i;
	int k;

	for (i = 0; i < lengthof(cases); i++)
	{
		AcBodyFacts body = {.kind = AC_BODY_JSON, .secondary_limit = cases[i].says_limit};
		AcHeaders *h = ac_headers_create();
		AcOutcomeInput in = {.status = cases[i].status, .headers = h, .now_ms = NOW, .body = &body, .idempotent = cases[i].idempotent};
		AcOutcome outcome;

		for (k = 0; k < 3 && cases[i].lines[k] != NULL; k++)
			ac_headers_add_line(h, cases[i].lines[k], strlen(cases[i].lines[k]));
		outcome = ac_outcome_classify(&in);
		is_str(show(outcome), cases[i].shown, "wait %d", (int) i);
		is_int(outcome.wait_ms, cases[i].wait_ms, "wait %d: ms", (int) i);
		ok(outcome.throttled == cases[i].throttled, "wait %d: throttled", (int) i);
		ok(outcome.free_retry == cases[i].free_retry, "wait %d: free", (int) i);
	}
}

static AcJson *
json(const char *text)
{
	AcJson *doc = NULL;
	AcError err;

	if (!ac_json_parse(text, strlen(text), 64, &doc, &err))
		ok(false, "test document: %s", err.message);
	return doc;
}

/* Documents without rows; what tells of a failure is test_errorbody's. */
static void
test_is_empty(void)
{
	static const struct
	{
		const char *text;
		bool empty;
	} cases[] = {
		{"{}", true},
		{"{\"count\": 0}", true},
		{"{\"success\": true, \"errors\": []}", true},
		{"{\"status\": \"active\"}", true},
		{"{\"ok\": false}", false},
		{"{\"errorMessages\": [\"x\"]}", false},
		{"[]", false},
		{"\"error\"", false},
		{"null", false},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		AcJson *doc = json(cases[i].text);

		ok(ac_outcome_is_empty(doc, false) == cases[i].empty, "%s: empty", cases[i].text);
		ok(!ac_outcome_is_empty(doc, true), "%s: not empty with a next token", cases[i].text);
		ac_json_free(doc);
	}
}

static void
test_body_facts(void)
{
	static const struct
	{
		const char *content_type;
		const char *body;
		AcBodyKind kind;
		bool has_error;
		bool names_page;
		bool limit;
		const char *summary;
	} cases[] = {
		{"application/json", "{\"error\":{\"message\":\"Invalid page\\ntoken\"}}", AC_BODY_JSON, true, true, false, "Invalid page token"},
		{"application/problem+json", "{\"title\":\"Bad\",\"detail\":\"Cursor expired\"}", AC_BODY_JSON, false, true, false, "Cursor expired"},
		{"application/json", "{\"errors\":[{\"detail\":\"x y\"}]}", AC_BODY_JSON, true, false, false, "x y"},
		{"application/json", "{\"error\":\"invalid_auth\"}", AC_BODY_JSON, true, false, false, "invalid_auth"},
		{"application/json", "{\"message\":\"You have exceeded a secondary rate limit.\"}", AC_BODY_JSON, false, false, true, "You have exceeded a secondary rate limit."},
		{"application/json", "<!doctype html><p>page not found", AC_BODY_HTML, false, false, false, ""},
		{"text/html", "Too Many Requests", AC_BODY_HTML, false, false, true, ""},
		{"text/plain", "[1]", AC_BODY_JSON, false, false, false, ""},
		{NULL, "nope", AC_BODY_OTHER, false, false, false, ""},
		{"application/json", " ", AC_BODY_EMPTY, false, false, false, ""},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		const char *body = cases[i].body;
		AcJson *doc = *body == '{' ? json(body) : NULL;
		AcBodyFacts facts;

		ac_outcome_body_facts(&facts, cases[i].content_type, body, strlen(body), doc);
		is_int(facts.kind, cases[i].kind, "facts %d: kind", (int) i);
		ok(facts.has_error == cases[i].has_error, "facts %d: error", (int) i);
		ok(facts.names_page == cases[i].names_page, "facts %d: page", (int) i);
		ok(facts.secondary_limit == cases[i].limit, "facts %d: limit", (int) i);
		ok(facts.no_count == (strstr(body, "secondary") != NULL), "facts %d: no count", (int) i);
		ok(!facts.tells_wait, "facts %d: no wait", (int) i);
		is_str(facts.summary, cases[i].summary, "facts %d: summary", (int) i);
		ac_json_free(doc);
	}
}

/* What each end says about those who were asked. */
static void
test_health(void)
{
	static const struct
	{
		AcTransportOutcome transport;
		int status;
		bool rows;
		AcHealth health;
	} cases[] = {
		{AC_TRANSPORT_OK, 200, true, AC_HEALTH_GOOD},
		{AC_TRANSPORT_OK, 200, false, AC_HEALTH_BAD},
		{AC_TRANSPORT_OK, 204, false, AC_HEALTH_GOOD},
		{AC_TRANSPORT_OK, 302, false, AC_HEALTH_GOOD},
		{AC_TRANSPORT_OK, 400, false, AC_HEALTH_GOOD},
		{AC_TRANSPORT_OK, 401, false, AC_HEALTH_GOOD},
		{AC_TRANSPORT_OK, 403, false, AC_HEALTH_GOOD},
		{AC_TRANSPORT_OK, 404, false, AC_HEALTH_GOOD},
		{AC_TRANSPORT_OK, 408, false, AC_HEALTH_BAD},
		{AC_TRANSPORT_OK, 429, false, AC_HEALTH_GOOD},
		{AC_TRANSPORT_OK, 500, false, AC_HEALTH_BAD},
		{AC_TRANSPORT_OK, 501, false, AC_HEALTH_BAD},
		{AC_TRANSPORT_OK, 503, false, AC_HEALTH_BAD},
		{AC_TRANSPORT_DNS, 0, false, AC_HEALTH_BAD_HOST},
		{AC_TRANSPORT_CONNECT, 0, false, AC_HEALTH_BAD_HOST},
		{AC_TRANSPORT_TLS_CERT, 0, false, AC_HEALTH_BAD_HOST},
		{AC_TRANSPORT_TIMEOUT_CONNECT, 0, false, AC_HEALTH_BAD_HOST},
		{AC_TRANSPORT_RESET, 200, true, AC_HEALTH_BAD},
		{AC_TRANSPORT_TIMEOUT_BODY, 200, true, AC_HEALTH_BAD},
		{AC_TRANSPORT_TRUNCATED, 200, true, AC_HEALTH_BAD},
		{AC_TRANSPORT_TOO_LARGE, 200, true, AC_HEALTH_UNKNOWN},
		{AC_TRANSPORT_FORBIDDEN, 0, false, AC_HEALTH_UNKNOWN},
		{AC_TRANSPORT_CANCELLED, 0, false, AC_HEALTH_UNKNOWN},
		{AC_TRANSPORT_NO_MEMORY, 0, false, AC_HEALTH_UNKNOWN},
	};
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		AcOutcomeInput in = {0};

		in.transport = cases[i].transport;
		in.status = cases[i].status;
		in.rows_found = cases[i].rows;
		in.idempotent = true;
		is_int(ac_outcome_classify(&in).health, cases[i].health,
			   "health: transport %d, %d", (int) cases[i].transport,
			   cases[i].status);
	}
}

/* A body that tells when to come back, where no header does. */
static void
test_told_in_body(void)
{
	AcBodyFacts body = {.tells_wait = true, .wait_ms = 1500};
	AcOutcomeInput in = {.status = 429, .idempotent = true, .body = &body};
	AcHeaders *headers = ac_headers_create();
	AcOutcome outcome = ac_outcome_classify(&in);

	is_int(outcome.wait_ms, 1500, "the body says when");
	body.tells_wait = false;
	body.secondary_limit = true;
	is_int(ac_outcome_classify(&in).wait_ms, -1, "a limit alone does not");
	body.no_count = true;
	is_int(ac_outcome_classify(&in).wait_ms, 60000, "GitHub's secondary one is a minute");
	body.tells_wait = true;
	ok(outcome.throttled && outcome.free_retry, "and it is waited for");
	ac_headers_add_line(headers, "Retry-After: 7", strlen("Retry-After: 7"));
	in.headers = headers;
	is_int(ac_outcome_classify(&in).wait_ms, 7000, "a header goes before");
}

int
main(void)
{
	test_transport();
	test_status();
	test_credentials_and_success();
	test_pages();
	test_waits();
	test_is_empty();
	test_body_facts();
	test_health();
	test_told_in_body();
	return done_testing();
}
