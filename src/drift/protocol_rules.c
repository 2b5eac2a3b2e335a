/*
 * protocol_rules.c
 *		What of that which answers have told holds now?
 *
 * See protocol.h.  Nothing here changes the state.  Summaries name tables and
 * what the API calls its schemes and limits, never what was sent.
 */
#include "ac.h"

#include "drift/protocol_int.h"

/*
 * 401 on two endpoints, or on the only one, is the credential's fault: one of
 * several may be closed to it by itself.
 */
#define INVALID_ENDPOINTS 2

/* An endpoint is removed after as many probes; siblings are well meanwhile. */
#define GONE_PROBES 3

/* A server is out after three failed polls, or two in which no endpoint of
 * several answered: one failure, or one bad endpoint, is everyday life. */
#define OUTAGE_POLLS 3
#define OUTAGE_DEAD_POLLS 2

/*
 * One endpoint that fails while others are well: an hour and a half of polls,
 * because a server that fails for every fifth request does so three times in a
 * row every other day.
 */
#define BURST_POLLS 6

/* Limits move by the minute at some APIs: three responses in a row tell. */
#define LOWERED_RESPONSES 3

/* Time left before a sunset that makes it an error, and critical. */
#define SUNSET_ERROR_S (90 * 86400)
#define SUNSET_CRITICAL_S (14 * 86400)

/*
 * A moved endpoint whose new place had the table's rows is certain; one that
 * was not looked at may be a login page; another origin is not asked with
 * credentials, so what it has is not known.
 */
#define MOVED_UNSEEN 0.7
#define MOVED_AWAY 0.5

/* 403 with a reason is certain; without one, others being well hints at it. */
#define SCOPE_UNTOLD 0.7

typedef struct Report
{
	const AcProtocolState *state;
	int64 now_s;
	AcDriftList *drifts;
} Report;

/* A drift of the server, or of an endpoint. */
static AcDrift *
add_drift(const Report *r, AcDriftKind kind, const AcProtocolEndpoint *e)
{
	AcDrift *drift = ac_drift_add(r->drifts, kind);

	if (e != NULL)
	{
		drift->table = e->table;
		drift->path = e->path;
	}
	drift->tiers = AC_TIER_PROTOCOL;
	drift->params = ac_drift_own(r->drifts, ac_json_new_object());
	return drift;
}

/* An object of one number or text, for before and after. */
static AcJson *
number_json(const Report *r, const char *name, int64 value)
{
	AcJson *json = ac_drift_own(r->drifts, ac_json_new_object());

	ac_json_set(json, name, ac_json_new_int(value));
	return json;
}

static AcJson *
text_json(const Report *r, const char *name, const char *value)
{
	AcJson *json = ac_drift_own(r->drifts, ac_json_new_object());

	ac_json_set_string(json, name, value);
	return json;
}

/* ---- the server ---- */

/* Is that many enough, or the only endpoint? */
static bool
is_enough(const AcProtocolState *state, int n)
{
	return n >= INVALID_ENDPOINTS || (n == 1 && state->n_endpoints == 1);
}

static void
report_scheme(const Report *r, const AcProtocolEndpoint *e)
{
	AcDrift *drift = add_drift(r, AC_DRIFT_AUTH_SCHEME_CHANGED, NULL);
	const char *used = e->with_credentials ? e->scheme_sent : "none";

	ac_json_set_string(drift->params, "scheme", e->scheme_asked);
	drift->before = text_json(r, "scheme", used);
	drift->after = text_json(r, "scheme", e->scheme_asked);
	if (!e->with_credentials)
		drift->summary = "the API asks for credentials, which it did without before";
	else
		drift->summary = psprintf(
			"the API asks for credentials by scheme \"%s\", not \"%s\"",
			e->scheme_asked, used != NULL ? used : "unknown");
}

static void
report_invalid(const Report *r, const AcProtocolEndpoint *e, int n)
{
	AcDrift *drift = add_drift(r, AC_DRIFT_CREDENTIAL_INVALID, NULL);

	ac_json_set_string(drift->params, "scheme",
					   e->scheme_sent != NULL ? e->scheme_sent
											  : e->scheme_asked);
	drift->after = number_json(r, "endpoints", n);
	drift->summary = psprintf(
		"the API refuses the credentials: status 401 at %d of %d endpoints", n,
		r->state->n_endpoints);
}

/*
 * One cause, one finding: where another scheme is asked for, the credentials
 * are not to blame.
 */
static void
report_credentials(const Report *r)
{
	const AcProtocolState *state = r->state;
	const AcProtocolEndpoint *differs = NULL;
	const AcProtocolEndpoint *invalid = NULL;
	int n_differ = 0;
	int n_invalid = 0;
	int i;

	for (i = 0; i < state->n_endpoints; i++)
	{
		const AcProtocolEndpoint *e = &state->endpoints[i];

		if (e->unauthorized && e->scheme_differs)
		{
			n_differ++;
			differs = differs == NULL ? e : differs;
		}
		else if (e->unauthorized && e->with_credentials)
		{
			n_invalid++;
			invalid = invalid == NULL ? e : invalid;
		}
	}
	if (differs != NULL && is_enough(state, n_differ))
		report_scheme(r, differs);
	else if (invalid != NULL && is_enough(state, n_invalid + n_differ))
		report_invalid(r, invalid, n_invalid + n_differ);
}

static void
report_outage(const Report *r)
{
	const AcProtocolState *state = r->state;
	int64 failed = state->failed_polls + 1;
	int64 dead = state->dead_polls + 1;
	AcDrift *drift;

	if (!ac_protocol_poll_failed(state))
		return;
	if (!ac_protocol_poll_dead(state) || state->n_endpoints < 2)
		dead = 0;
	if (failed < OUTAGE_POLLS && dead < OUTAGE_DEAD_POLLS)
		return;
	drift = add_drift(r, AC_DRIFT_OUTAGE, NULL);
	drift->after = number_json(r, "failed_polls", failed);
	drift->summary = psprintf(
		"the API has not answered in the last " INT64_FORMAT " checks", failed);
}

static void
report_burst(const Report *r, const AcProtocolEndpoint *e)
{
	AcDrift *drift;

	if (e->failed_row < BURST_POLLS || ac_protocol_poll_failed(r->state))
		return;
	drift = add_drift(r, AC_DRIFT_ERROR_BURST, e);
	drift->after = number_json(r, "failed_polls", e->failed_row);
	if (e->status > 0)
		ac_json_set(drift->after, "status", ac_json_new_int(e->status));
	drift->summary = psprintf("table \"%s\" has failed in the last " INT64_FORMAT
							  " checks, while the API answers otherwise",
							  e->table, e->failed_row);
}

static void
report_throttled(const Report *r)
{
	const AcProtocolState *state = r->state;
	int status = 0;
	int n = 0;
	int i;
	AcDrift *drift;

	for (i = 0; i < state->n_endpoints; i++)
		if (state->endpoints[i].throttled)
		{
			n++;
			status = (int) state->endpoints[i].status;
		}
	if (n == 0)
		return;
	drift = add_drift(r, AC_DRIFT_THROTTLED, NULL);
	drift->after = number_json(r, "endpoints", n);
	ac_json_set(drift->after, "status", ac_json_new_int(status));
	drift->summary = psprintf(
		"the API turns requests away for their number: status %d at %d of %d endpoints",
		status, n, state->n_endpoints);
}

/* ---- limits, which several endpoints may share ---- */

static AcJson *
rate_json(const Report *r, int64 limit, int64 window_ms)
{
	AcJson *json = number_json(r, "limit", limit);

	if (window_ms > 0)
		ac_json_set(json, "window_s", ac_json_new_int(window_ms / 1000));
	return json;
}

static bool
same_rate(const AcLearnedRate *a, const AcLearnedRate *b)
{
	return b->n_low >= LOWERED_RESPONSES && strcmp(a->name, b->name) == 0 &&
		   a->limit == b->limit && a->window_ms == b->window_ms;
}

/*
 * Was the same limit told already, for an endpoint before this one?  What it
 * was tells limits of one name apart, not what it became: that may go on.
 */
static bool
told_before(const AcProtocolState *state, int endpoint,
			const AcLearnedRate *rate)
{
	int i;
	int j;

	for (i = 0; i < endpoint; i++)
		for (j = 0; j < state->endpoints[i].n_rates; j++)
			if (same_rate(rate, &state->endpoints[i].rates[j]))
				return true;
	return false;
}

static void
report_rate(const Report *r, const AcLearnedRate *rate)
{
	AcDrift *drift = add_drift(r, AC_DRIFT_RATE_LIMIT_LOWERED, NULL);

	drift->subject = psprintf("%s " INT64_FORMAT "/" INT64_FORMAT, rate->name,
							  rate->limit, rate->window_ms / 1000);
	ac_json_set(drift->params, "limit", ac_json_new_int(rate->low_limit));
	if (rate->low_window_ms > 0)
		ac_json_set(drift->params, "window",
					ac_json_new_int(rate->low_window_ms / 1000));
	drift->before = rate_json(r, rate->limit, rate->window_ms);
	drift->after = rate_json(r, rate->low_limit, rate->low_window_ms);
	drift->summary = psprintf(
		"the API announces a lower limit of requests, " INT64_FORMAT
		" instead of " INT64_FORMAT " (\"%s\")",
		rate->low_limit, rate->limit, rate->name);
}

static void
report_rates(const Report *r)
{
	int i;
	int j;

	for (i = 0; i < r->state->n_endpoints; i++)
		for (j = 0; j < r->state->endpoints[i].n_rates; j++)
		{
			const AcLearnedRate *rate = &r->state->endpoints[i].rates[j];

			if (rate->n_low >= LOWERED_RESPONSES &&
				!told_before(r->state, i, rate))
				report_rate(r, rate);
		}
}

/* ---- endpoints ---- */

/*
 * Was another endpoint well since then?  One that merely fails at the moment
 * is a witness still: the finding must not come and go with it.
 */
static bool
sibling_is_healthy(const AcProtocolState *state, const AcProtocolEndpoint *e,
				   int64 since_s)
{
	int i;

	for (i = 0; i < state->n_endpoints; i++)
	{
		const AcProtocolEndpoint *other = &state->endpoints[i];

		if (other != e && (other->healthy || other->failed) &&
			other->healthy_s > 0 && other->healthy_s >= since_s)
			return true;
	}
	return false;
}

static void
report_scope(const Report *r, const AcProtocolEndpoint *e)
{
	AcDrift *drift;

	if (!e->forbidden ||
		(!e->scope_told && !sibling_is_healthy(r->state, e, 0)))
		return;
	drift = add_drift(r, AC_DRIFT_SCOPE_MISSING, e);
	ac_json_set_string(drift->params, "scope", e->scope);
	drift->after = number_json(r, "status", 403);
	if (e->scope != NULL)
		drift->summary = psprintf(
			"table \"%s\" needs a scope that the credentials have not: %s",
			e->table, e->scope);
	else
		drift->summary = psprintf(
			"the credentials may not read table \"%s\": status 403", e->table);
	if (!e->scope_told)
		drift->confidence = SCOPE_UNTOLD;
}

static void
report_moved(const Report *r, const AcProtocolEndpoint *e)
{
	AcDrift *drift;

	if (e->location == NULL)
		return;
	drift = add_drift(r, AC_DRIFT_ENDPOINT_MOVED, e);
	drift->subject = e->location;
	ac_json_set_string(drift->params, "location", e->location);
	drift->before = text_json(r, "path", e->path);
	drift->after = text_json(r, "location", e->location);
	if (!e->same_origin)
	{
		drift->confidence = MOVED_AWAY;
		drift->summary = psprintf(
			"table \"%s\" has moved for good to another origin, %s; the credentials were not sent there",
			e->table, e->location);
		return;
	}
	if (!e->same_shape)
		drift->confidence = MOVED_UNSEEN;
	drift->summary = psprintf("table \"%s\" has moved for good to %s", e->table,
							  e->location);
}

static void
report_gone(const Report *r, const AcProtocolEndpoint *e)
{
	AcDrift *drift;

	if (e->allow != NULL)
	{
		drift = add_drift(r, AC_DRIFT_METHOD_CHANGED, e);
		drift->before = text_json(r, "method", e->method);
		drift->after = text_json(r, "allow", e->allow);
		drift->summary = psprintf(
			"table \"%s\" cannot be read by %s any more; the API allows %s",
			e->table, e->method != NULL ? e->method : "GET", e->allow);
	}
	else if (e->gone_probes >= GONE_PROBES &&
			 sibling_is_healthy(r->state, e, e->gone_first_s))
	{
		drift = add_drift(r, AC_DRIFT_ENDPOINT_REMOVED, e);
		drift->after = number_json(r, "probes", e->gone_probes);
		ac_json_set(drift->after, "status", ac_json_new_int(e->status));
		ac_json_set(drift->after, "since_s", ac_json_new_int(e->gone_first_s));
		drift->summary = psprintf(
			"table \"%s\" is gone: " INT64_FORMAT
			" checks since %s found nothing at its path, while others are well",
			e->table, e->gone_probes, ac_protocol_time_text(e->gone_first_s));
	}
}

static void
report_deprecated(const Report *r, const AcProtocolEndpoint *e)
{
	AcDrift *drift;

	if (!e->deprecated)
		return;
	drift = add_drift(r, AC_DRIFT_DEPRECATED, e);
	if (e->successor != NULL)
		ac_json_set_string(drift->params, "successor", e->successor);
	if (e->notice != NULL)
		drift->after = text_json(r, "notice", e->notice);
	if (e->deprecated_s == AC_PROTOCOL_NO_TIME)
	{
		drift->summary = psprintf("the API calls table \"%s\" deprecated",
								  e->table);
		return;
	}
	ac_json_set_string(drift->params, "date",
					   ac_protocol_time_text(e->deprecated_s));
	drift->summary = psprintf(e->deprecated_s > r->now_s
								  ? "the API will deprecate table \"%s\" on %s"
								  : "the API calls table \"%s\" deprecated since %s",
							  e->table, ac_protocol_date_text(e->deprecated_s));
}

static void
report_sunset(const Report *r, const AcProtocolEndpoint *e)
{
	int64 left_s = e->sunset_s - r->now_s;
	AcDrift *drift;

	if (e->sunset_s == AC_PROTOCOL_NO_TIME)
		return;
	drift = add_drift(r, AC_DRIFT_SUNSET_SCHEDULED, e);
	drift->severity = left_s <= SUNSET_CRITICAL_S ? AC_SEVERITY_CRITICAL
					  : left_s <= SUNSET_ERROR_S  ? AC_SEVERITY_ERROR
												  : AC_SEVERITY_WARNING;
	ac_json_set_string(drift->params, "date",
					   ac_protocol_time_text(e->sunset_s));
	if (e->successor != NULL)
		ac_json_set_string(drift->params, "successor", e->successor);
	drift->summary = psprintf(left_s > 0
								  ? "the API will take table \"%s\" away on %s"
								  : "the API was to take table \"%s\" away on %s",
							  e->table, ac_protocol_date_text(e->sunset_s));
}

static void
report_bodies(const Report *r, const AcProtocolEndpoint *e)
{
	AcDrift *drift;

	if (e->html)
	{
		drift = add_drift(r, AC_DRIFT_HTML_200, e);
		drift->summary = psprintf(
			"table \"%s\" is answered with a web page instead of rows",
			e->table);
	}
	if (e->error_body)
	{
		drift = add_drift(r, AC_DRIFT_ERROR_IN_200, e);
		drift->summary = psprintf(
			"table \"%s\" is answered with an error under the status of success",
			e->table);
	}
	if (e->content_type_now != NULL)
	{
		drift = add_drift(r, AC_DRIFT_CONTENT_TYPE_CHANGED, e);
		drift->before = text_json(r, "content_type", e->content_type);
		drift->after = text_json(r, "content_type", e->content_type_now);
		drift->summary = psprintf(
			"table \"%s\" is answered as %s instead of %s", e->table,
			e->content_type_now, e->content_type);
	}
}

void
ac_protocol_report(const AcProtocolState *state, int64 now_s,
				   AcDriftList *drifts)
{
	Report r;
	int i;

	r.state = state;
	r.now_s = now_s;
	r.drifts = drifts;
	report_credentials(&r);
	report_outage(&r);
	report_throttled(&r);
	report_rates(&r);
	for (i = 0; i < state->n_endpoints; i++)
	{
		const AcProtocolEndpoint *e = &state->endpoints[i];

		report_scope(&r, e);
		report_moved(&r, e);
		report_gone(&r, e);
		report_burst(&r, e);
		report_deprecated(&r, e);
		report_sunset(&r, e);
		report_bodies(&r, e);
	}
}
