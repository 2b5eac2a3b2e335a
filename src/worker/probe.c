/*
 * probe.c
 *		How does the API answer where no scan has asked lately?
 *
 * One small request for each path that the server's tables have and that can
 * be read without a value, a few at a time, through the server's limiter.
 * Nothing is sent a second time: one failure in a row tells nothing, and the
 * rules of drift/protocol know that.  A redirect is not followed with
 * credentials; one to a place on the same origin is tried once, so that it is
 * known whether the same rows are there.
 */
#include "ac.h"

#include "api/action.h"
#include "core/json.h"
#include "core/rowtree.h"
#include "core/url.h"
#include "net/auth.h"
#include "net/engine.h"
#include "net/judge.h"
#include "policy/outcome.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "utils/memutils.h"
#include "worker/check.h"
#include "worker/gather.h"
#include "worker/subject.h"

/* Probes under way at once, beyond what max_concurrency allows anyway. */
#define AT_ONCE 4

/* A body that is larger was not cut to a page; no tree is made of it. */
#define MAX_BODY_BYTES ((size_t) 4 * 1024 * 1024)

/*
 * Scans tell nothing of headers, so that a table which is read all the time is
 * probed as well, in every fourth poll.
 */
#define PROBE_ANYWAY_POLLS 4

/*
 * What one poll may ask and how long: a server with thousands of tables, or
 * with an API that does not answer, keeps the others waiting.  Tables that had
 * no turn have one in a later poll.
 */
#define MAX_PROBES 500
#define ASKING_MS 60000

/* No answer takes longer; the server's own timeout is mostly shorter. */
#define PROBE_MS 60000

/* One request under way. */
typedef struct Probe
{
	AcCheckTable *table;
	AcFetch *fetch; /* NULL: none, or it has been judged */
} Probe;

static bool
may_ask(const AcCheck *check)
{
	return check->requests < MAX_PROBES &&
		   ac_engine_now_ms() < check->ask_until_ms;
}

static AcFetch *
start_probe(AcCheck *check, const char *url)
{
	AcFetchRequest request = {
		.method = "GET",
		.url = url,
		.kind = AC_FETCH_PROBE,
		.timeout_ms = PROBE_MS,
		.with_credentials = true,
	};

	return ac_fetch_start(check->conn, &request, CurrentMemoryContext);
}

/*
 * The body as a document, of lines as the array of them; NULL if it is none or
 * too large to be made one.
 */
static AcJson *
parse_body(const AcFetch *fetch, AcRowsForm form)
{
	AcJsonText input = {.max_depth = AC_JSON_MAX_DEPTH,
						.interrupted = ac_report_interrupted};
	AcJson *body;

	if (fetch->body == NULL || fetch->body->len == 0 ||
		fetch->body->len > MAX_BODY_BYTES)
		return NULL;
	input.text = fetch->body->data;
	input.len = fetch->body->len;
	if (form == AC_ROWS_LINES
			? !ac_rowtree_parse_lines(input.text, input.len, &body, NULL)
			: !ac_json_parse_long(&input, &body, NULL))
		return NULL;
	return ac_resource_json(body);
}

/* Tells the rules of payloads what the rows look like. */
static void
observe_rows(AcCheck *check, AcCheckTable *table, const AcGathered *gathered)
{
	AcPayloadTable subject = ac_subject_payload(table);
	AcPayloadObservation seen = {
		.now_s = check->now_s,
		.poll = check->watch.polls,
		.rows = gathered->rows,
		.from_probe = true,
		.fields = gathered->fields,
		.n_fields = gathered->n_fields,
	};

	ac_payload_observe(table->payload, &subject, &seen);
}

/* What sort of body came, once the rows were looked for. */
static AcProtocolBody
body_of(const AcFetch *fetch, const AcJson *json, bool has_rows)
{
	AcBodyFacts facts;
	size_t len;

	if (fetch->body == NULL || fetch->body->len == 0)
		return AC_PROTOCOL_EMPTY;
	if (has_rows)
		return AC_PROTOCOL_ROWS;
	len = Min(fetch->body->len, AC_JUDGE_FAILURE_BYTES);
	ac_outcome_body_facts(&facts, ac_header_get(fetch->headers, "Content-Type"),
						  fetch->body->data, len, json);
	if (facts.kind == AC_BODY_HTML)
		return AC_PROTOCOL_HTML;
	if (json != NULL && facts.has_error)
		return AC_PROTOCOL_ERROR;
	return AC_PROTOCOL_OTHER;
}

/* Reads the rows of an answer, if there are any; json: its body, or NULL. */
static AcProtocolBody
read_answer(AcCheck *check, AcCheckTable *table, const AcFetch *fetch,
			AcJson *json)
{
	AcGathered gathered;
	AcProtocolBody body;
	bool has_rows;

	if (table->rows.form == AC_ROWS_LINES)
		json = parse_body(fetch, AC_ROWS_LINES);
	has_rows = json != NULL && fetch->status / 100 == 2 &&
			   ac_gather_rows(check, table, json, &gathered);

	if (has_rows)
		observe_rows(check, table, &gathered);
	body = body_of(fetch, json, has_rows);
	table->misread = fetch->status / 100 == 2 && body == AC_PROTOCOL_OTHER;
	return body;
}

/* The same for every table that the probe stands for; what came for the first. */
static AcProtocolBody
read_for_tables(AcCheck *check, const AcCheckTable *first,
				const AcFetch *fetch)
{
	AcProtocolBody body = AC_PROTOCOL_UNKNOWN;
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext,
											  "autoconn answer",
											  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	AcJson *json = parse_body(fetch, AC_ROWS_ARRAY);

	MemoryContextSwitchTo(old);
	for (int i = 0; i < check->n_tables; i++)
	{
		AcCheckTable *table = &check->tables[i];

		if (table->probe_url == NULL ||
			strcmp(table->probe_url, first->probe_url) != 0)
			continue;
		table->probed = true;
		if (table == first)
			body = read_answer(check, table, fetch, json);
		else
			(void) read_answer(check, table, fetch, json);
	}
	MemoryContextDelete(cxt);
	return body;
}

/* Where a redirect leads; false if the answer is none. */
static bool
find_location(AcCheck *check, const AcFetch *fetch, AcProtocolObservation *seen,
			  AcUrl *target)
{
	const char *location;
	AcUrl asked;

	if (fetch->status / 100 != 3 ||
		(location = ac_header_get(fetch->headers, "Location")) == NULL ||
		!ac_url_parse(fetch->url, &asked, NULL) ||
		!ac_url_resolve(&asked, location, target, NULL))
		return false;
	seen->location = ac_url_redact(ac_url_text(target));
	ac_judge_scrub(check->conn, unconstify(char *, seen->location));
	seen->permanent = fetch->status == 301 || fetch->status == 308;
	seen->same_origin = ac_url_same_origin(target,
										   ac_connection_base(check->conn));
	return true;
}

/* Does a place on the same origin have the table's rows? */
static bool
has_same_rows(AcCheck *check, const AcCheckTable *table, const AcUrl *target)
{
	MemoryContext cxt;
	MemoryContext old;
	AcFetch *fetch;
	AcGathered gathered;
	AcJson *json;
	bool same;

	if (!may_ask(check))
		return false;
	cxt = AllocSetContextCreate(CurrentMemoryContext, "autoconn answer",
								ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(cxt);
	fetch = start_probe(check, ac_url_text(target));
	(void) ac_fetch_wait(fetch);
	check->requests += (int) fetch->stats.requests;
	json = fetch->state == AC_FETCH_ANSWERED ? parse_body(fetch, table->rows.form) : NULL;
	same = json != NULL && fetch->status / 100 == 2 &&
		   ac_gather_rows(check, table, json, &gathered);
	ac_fetch_free(fetch);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(cxt);
	return same;
}

/* How credentials went along, in the words of challenges. */
static const char *
scheme_sent(const AcCheck *check)
{
	return ac_auth_scheme_name(ac_connection_credentials(check->conn));
}

/* Header fields may repeat what was sent; where a redirect leads is seen to. */
static void
scrub_headers(const AcCheck *check, AcHeaders *headers)
{
	for (int i = 0; i < headers->count; i++)
		if (pg_strcasecmp(headers->fields[i].name, "Location") != 0)
			ac_judge_scrub(check->conn,
						   unconstify(char *, headers->fields[i].value));
}

/* Tells the rules of protocols how a probe ended. */
static void
judge_probe(AcCheck *check, Probe *probe)
{
	AcCheckTable *table = probe->table;
	AcFetch *fetch = probe->fetch;
	AcProtocolObservation seen = {
		.now_s = check->now_s,
		.poll = check->watch.polls,
		.table = table->label,
		.path = table->path,
		.method = "GET",
		.from_probe = true,
		.credentials_sent = ac_connection_has_credentials(check->conn),
		.scheme_sent = scheme_sent(check),
		.status = fetch->status,
	};
	AcProtocolFacts facts;
	AcUrl target;

	table->probed = true;
	if (fetch->state == AC_FETCH_FAILED)
		seen.outcome = fetch->error.code;
	else
	{
		scrub_headers(check, fetch->headers);
		ac_protocol_facts(fetch->headers, check->now_s, &facts);
		seen.facts = &facts;
		seen.body = read_for_tables(check, table, fetch);
		if (find_location(check, fetch, &seen, &target) &&
			seen.same_origin && !ac_action_smells(target.path, target.query))
			seen.same_shape = has_same_rows(check, table, &target);
	}
	ac_protocol_observe(check->protocol, &seen);
	check->requests += (int) fetch->stats.requests;
	ac_fetch_free(fetch);
	probe->fetch = NULL;
}

static bool
is_needed(const AcCheck *check, const AcCheckTable *table)
{
	return table->probe_url != NULL &&
		   (!table->has_traffic ||
			check->watch.polls % PROBE_ANYWAY_POLLS == 0);
}

/* Is the path of an earlier table of the check, which is probed for both? */
static bool
is_probed_before(const AcCheck *check, int n)
{
	for (int i = 0; i < n; i++)
		if (is_needed(check, &check->tables[i]) &&
			strcmp(check->tables[i].probe_url, check->tables[n].probe_url) == 0)
			return true;
	return false;
}

static bool
is_wanted(const AcCheck *check, int n)
{
	return is_needed(check, &check->tables[n]) && !is_probed_before(check, n);
}

/* Starts probes until enough are under way; false if none is left. */
static bool
fill(AcCheck *check, Probe *probes, int *next)
{
	int64 first = check->watch.polls * MAX_PROBES;
	bool any = false;

	for (int i = 0; i < AT_ONCE; i++)
	{
		while (probes[i].fetch == NULL && *next < check->n_tables &&
			   may_ask(check))
		{
			int n = (int) ((first + (*next)++) % check->n_tables);

			if (!is_wanted(check, n))
				continue;
			probes[i].table = &check->tables[n];
			probes[i].fetch = start_probe(check, check->tables[n].probe_url);
		}
		any |= probes[i].fetch != NULL;
	}
	return any;
}

void
ac_check_probe(AcCheck *check)
{
	Probe probes[AT_ONCE] = {0};
	int next = 0;

	check->ask_until_ms = ac_engine_now_ms() + ASKING_MS;
	while (fill(check, probes, &next))
	{
		AcFetch *fetches[AT_ONCE];

		for (int i = 0; i < AT_ONCE; i++)
			fetches[i] = probes[i].fetch;
		ac_fetch_wait_any(fetches, AT_ONCE);
		for (int i = 0; i < AT_ONCE; i++)
			if (probes[i].fetch != NULL &&
				ac_fetch_drive(probes[i].fetch) != AC_FETCH_RUNNING)
				judge_probe(check, &probes[i]);
	}
}

bool
ac_check_probe_plan(AcCheck *check, const AcTablePlan *plan)
{
	AcCheckTable table = {.rows = ac_tableplan_rows(plan)};
	char **vars;
	AcUrl url;

	if (ac_url_template_vars(plan->path, &vars) != 0 ||
		!ac_url_parse(ac_url_join(ac_connection_base(check->conn), plan->path),
					  &url, NULL) ||
		!ac_url_is_below(ac_connection_base(check->conn), &url))
		return false;
	if (plan->fixed_params != NULL)
		url.query = unconstify(char *, plan->fixed_params);
	return has_same_rows(check, &table, &url);
}
