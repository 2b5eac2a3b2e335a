/*
 * protocol_state.c
 *		How is what a server's answers told kept from poll to poll, and what of
 *		it can be accepted?
 *
 * See protocol.h.  The stored form is an object with a "version"; another
 * version, and anything that is no such object, is a new state.
 */
#include "ac.h"

#include "drift/protocol_int.h"
#include "drift/statejson.h"

#define STATE_VERSION 1

/* Bytes of a limit's name: AcRateInfo's, a number behind it. */
#define RATE_NAME_MAX 48

/* ---- saving ---- */

static AcJson *
save_rate(const AcLearnedRate *rate)
{
	AcJson *json = ac_json_new_object();

	ac_json_set_string(json, "name", rate->name);
	ac_state_set_int(json, "limit", rate->limit);
	ac_state_set_int(json, "window_ms", rate->window_ms);
	ac_state_set_int(json, "low_limit", rate->low_limit);
	ac_state_set_int(json, "low_window_ms", rate->low_window_ms);
	ac_state_set_int(json, "n_low", rate->n_low);
	return json;
}

static void
save_refusals(AcJson *json, const AcProtocolEndpoint *e)
{
	ac_state_set_bool(json, "unauthorized", e->unauthorized);
	ac_state_set_bool(json, "with_credentials", e->with_credentials);
	ac_state_set_bool(json, "scheme_differs", e->scheme_differs);
	ac_state_set_text(json, "scheme_sent", e->scheme_sent);
	ac_state_set_text(json, "scheme_asked", e->scheme_asked);
	ac_state_set_bool(json, "forbidden", e->forbidden);
	ac_state_set_bool(json, "scope_told", e->scope_told);
	ac_state_set_text(json, "scope", e->scope);
	ac_state_set_bool(json, "throttled", e->throttled);
}

static void
save_places(AcJson *json, const AcProtocolEndpoint *e)
{
	ac_state_set_text(json, "location", e->location);
	ac_state_set_bool(json, "same_origin", e->same_origin);
	ac_state_set_bool(json, "same_shape", e->same_shape);
	ac_state_set_int(json, "gone_probes", e->gone_probes);
	ac_state_set_int(json, "gone_first_s", e->gone_first_s);
	ac_state_set_int(json, "gone_last_s", e->gone_last_s);
	ac_state_set_text(json, "allow", e->allow);
}

static void
save_notices(AcJson *json, const AcProtocolEndpoint *e)
{
	ac_state_set_bool(json, "deprecated", e->deprecated);
	if (e->deprecated_s != AC_PROTOCOL_NO_TIME)
		ac_json_set(json, "deprecated_s", ac_json_new_int(e->deprecated_s));
	if (e->sunset_s != AC_PROTOCOL_NO_TIME)
		ac_json_set(json, "sunset_s", ac_json_new_int(e->sunset_s));
	ac_state_set_text(json, "successor", e->successor);
	ac_state_set_text(json, "notice", e->notice);
}

static AcJson *
save_endpoint(const AcProtocolEndpoint *e)
{
	AcJson *json = ac_json_new_object();
	AcJson *rates = ac_json_new_array();
	int i;

	ac_json_set_string(json, "table", e->table);
	ac_state_set_text(json, "path", e->path);
	ac_state_set_text(json, "method", e->method);
	ac_state_set_int(json, "seen_s", e->seen_s);
	ac_state_set_bool(json, "failed", e->failed);
	ac_state_set_int(json, "failed_poll", e->failed_poll);
	ac_state_set_int(json, "failed_row", e->failed_row);
	ac_state_set_int(json, "status", e->status);
	ac_state_set_bool(json, "healthy", e->healthy);
	ac_state_set_int(json, "healthy_s", e->healthy_s);
	save_refusals(json, e);
	save_places(json, e);
	save_notices(json, e);
	ac_state_set_bool(json, "html", e->html);
	ac_state_set_bool(json, "error_body", e->error_body);
	ac_state_set_text(json, "content_type", e->content_type);
	ac_state_set_text(json, "content_type_now", e->content_type_now);
	for (i = 0; i < e->n_rates; i++)
		ac_json_append(rates, save_rate(&e->rates[i]));
	ac_json_set(json, "rates", rates);
	return json;
}

AcJson *
ac_protocol_save(const AcProtocolState *state)
{
	AcJson *json = ac_json_new_object();
	AcJson *endpoints = ac_json_new_array();
	int i;

	ac_json_set(json, "version", ac_json_new_int(STATE_VERSION));
	ac_state_set_text(json, "scheme", state->scheme);
	ac_state_set_int(json, "poll", state->poll);
	ac_state_set_bool(json, "poll_failed", state->poll_failed);
	ac_state_set_bool(json, "poll_alive", state->poll_alive);
	ac_state_set_int(json, "failed_polls", state->failed_polls);
	ac_state_set_int(json, "dead_polls", state->dead_polls);
	for (i = 0; i < state->n_endpoints; i++)
		ac_json_append(endpoints, save_endpoint(&state->endpoints[i]));
	ac_json_set(json, "endpoints", endpoints);
	return json;
}

/* ---- loading ---- */

static int64
load_count(const AcJson *object, const char *key)
{
	return ac_state_count(ac_json_get(object, key), AC_PROTOCOL_MAX_COUNT);
}

static bool
load_bool(const AcJson *object, const char *key)
{
	return ac_json_bool(ac_json_get(object, key), false);
}

/* A text of the API, which is as clean as when it was saved. */
static char *
load_text(const AcJson *object, const char *key, size_t max)
{
	return ac_protocol_clean(ac_state_text(object, key, max), max);
}

/* A time, where there need not be one. */
static int64
load_time(const AcJson *object, const char *key)
{
	if (!ac_json_has(object, key))
		return AC_PROTOCOL_NO_TIME;
	return load_count(object, key);
}

static void
load_rates(const AcJson *json, AcProtocolEndpoint *e)
{
	AcJson *rates = ac_json_get(json, "rates");
	int n = Min(ac_json_length(rates), AC_RATE_INFO_MAX);
	int i;

	for (i = 0; i < n; i++)
	{
		AcJson *node = ac_json_at(rates, i);
		AcLearnedRate *rate = &e->rates[e->n_rates];

		rate->name = load_text(node, "name", RATE_NAME_MAX);
		if (rate->name == NULL)
			continue;
		rate->limit = load_count(node, "limit");
		rate->window_ms = load_count(node, "window_ms");
		rate->low_limit = load_count(node, "low_limit");
		rate->low_window_ms = load_count(node, "low_window_ms");
		rate->n_low = load_count(node, "n_low");
		e->n_rates++;
	}
}

static void
load_refusals(const AcJson *json, AcProtocolEndpoint *e)
{
	e->unauthorized = load_bool(json, "unauthorized");
	e->with_credentials = load_bool(json, "with_credentials");
	e->scheme_differs = load_bool(json, "scheme_differs");
	e->scheme_sent = load_text(json, "scheme_sent", AC_PROTOCOL_TEXT_MAX);
	e->scheme_asked = load_text(json, "scheme_asked", AC_PROTOCOL_TEXT_MAX);
	e->forbidden = load_bool(json, "forbidden");
	e->scope_told = load_bool(json, "scope_told");
	e->scope = load_text(json, "scope", AC_PROTOCOL_TEXT_MAX);
	e->throttled = load_bool(json, "throttled");
}

static void
load_places(const AcJson *json, AcProtocolEndpoint *e)
{
	e->location = load_text(json, "location", AC_PROTOCOL_URL_MAX);
	e->same_origin = load_bool(json, "same_origin");
	e->same_shape = load_bool(json, "same_shape");
	e->gone_probes = load_count(json, "gone_probes");
	e->gone_first_s = load_count(json, "gone_first_s");
	e->gone_last_s = load_count(json, "gone_last_s");
	e->allow = load_text(json, "allow", AC_PROTOCOL_TEXT_MAX);
}

static void
load_endpoint(const AcJson *json, AcProtocolEndpoint *e)
{
	e->path = ac_state_text(json, "path", AC_PROTOCOL_PATH_MAX);
	e->method = ac_state_text(json, "method", AC_PROTOCOL_TEXT_MAX);
	e->seen_s = load_count(json, "seen_s");
	e->failed = load_bool(json, "failed");
	e->failed_poll = ac_json_int(ac_json_get(json, "failed_poll"), 0);
	e->failed_row = load_count(json, "failed_row");
	e->status = (int) ac_state_count(ac_json_get(json, "status"), 999);
	e->healthy = load_bool(json, "healthy");
	e->healthy_s = load_count(json, "healthy_s");
	load_refusals(json, e);
	load_places(json, e);
	e->deprecated = load_bool(json, "deprecated");
	e->deprecated_s = load_time(json, "deprecated_s");
	e->sunset_s = load_time(json, "sunset_s");
	e->successor = load_text(json, "successor", AC_PROTOCOL_URL_MAX);
	e->notice = load_text(json, "notice", AC_PROTOCOL_URL_MAX);
	e->html = load_bool(json, "html");
	e->error_body = load_bool(json, "error_body");
	e->content_type = load_text(json, "content_type", AC_PROTOCOL_TEXT_MAX);
	e->content_type_now = load_text(json, "content_type_now",
									AC_PROTOCOL_TEXT_MAX);
	load_rates(json, e);
}

void
ac_protocol_load(const AcJson *json, AcProtocolState **state)
{
	AcProtocolState *loaded = palloc0(sizeof(AcProtocolState));
	AcJson *endpoints = ac_json_get(json, "endpoints");
	int n = ac_json_length(endpoints);
	int i;

	*state = loaded;
	if (ac_json_int(ac_json_get(json, "version"), 0) != STATE_VERSION)
		return;
	loaded->scheme = load_text(json, "scheme", AC_PROTOCOL_TEXT_MAX);
	loaded->poll = ac_json_int(ac_json_get(json, "poll"), 0);
	loaded->poll_failed = load_bool(json, "poll_failed");
	loaded->poll_alive = load_bool(json, "poll_alive");
	loaded->failed_polls = load_count(json, "failed_polls");
	loaded->dead_polls = load_count(json, "dead_polls");
	for (i = 0; i < n && loaded->n_endpoints < AC_PROTOCOL_MAX_ENDPOINTS; i++)
	{
		AcJson *node = ac_json_at(endpoints, i);
		char *table = ac_state_text(node, "table", AC_PROTOCOL_PATH_MAX);

		if (table != NULL && ac_protocol_endpoint(loaded, table) == NULL)
			load_endpoint(node, ac_protocol_endpoint_add(loaded, table));
	}
}

/* ---- accepting ---- */

/* Limits that went the way of the one that was told are what they are now. */
static void
accept_rate(AcProtocolState *state, const AcDrift *drift)
{
	int64 limit = ac_json_int(ac_json_get(drift->before, "limit"), -1);
	int64 window_s = ac_json_int(ac_json_get(drift->before, "window_s"), 0);
	int i;
	int j;

	for (i = 0; i < state->n_endpoints; i++)
		for (j = 0; j < state->endpoints[i].n_rates; j++)
		{
			AcLearnedRate *rate = &state->endpoints[i].rates[j];

			if (rate->n_low == 0 || rate->limit != limit ||
				rate->window_ms / 1000 != window_s)
				continue;
			rate->limit = rate->low_limit;
			rate->window_ms = rate->low_window_ms;
			rate->low_limit = 0;
			rate->low_window_ms = 0;
			rate->n_low = 0;
		}
}

void
ac_protocol_accept(AcProtocolState *state, const AcDrift *drift)
{
	AcProtocolEndpoint *e = NULL;

	if (drift->table != NULL)
		e = ac_protocol_endpoint(state, drift->table);
	if (drift->kind == AC_DRIFT_RATE_LIMIT_LOWERED)
		accept_rate(state, drift);
	else if (drift->kind == AC_DRIFT_CONTENT_TYPE_CHANGED && e != NULL &&
			 e->content_type_now != NULL)
	{
		e->content_type = e->content_type_now;
		e->content_type_now = NULL;
	}
}
