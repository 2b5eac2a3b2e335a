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

/* ---- what is kept ---- */

#define COUNT(record, member) \
	AC_STATE_COUNT(record, member, AC_PROTOCOL_MAX_COUNT)

/* A text of the API, which is as clean as when it was saved. */
#define TOLD(record, member, max) \
	AC_STATE_TEXT(record, member, max, ac_protocol_clean)

static const AcStateField state_fields[] = {
	{TOLD(AcProtocolState, scheme, AC_PROTOCOL_TEXT_MAX)},
	{AC_STATE_INT(AcProtocolState, poll)},
	{AC_STATE_BOOL(AcProtocolState, poll_failed)},
	{AC_STATE_BOOL(AcProtocolState, poll_alive)},
	{COUNT(AcProtocolState, failed_polls)},
	{COUNT(AcProtocolState, dead_polls)},
};

static const AcStateField endpoint_fields[] = {
	{AC_STATE_TEXT(AcProtocolEndpoint, path, AC_PROTOCOL_PATH_MAX, NULL)},
	{AC_STATE_TEXT(AcProtocolEndpoint, method, AC_PROTOCOL_TEXT_MAX, NULL)},
	{COUNT(AcProtocolEndpoint, seen_s)},
	{AC_STATE_BOOL(AcProtocolEndpoint, failed)},
	{AC_STATE_INT(AcProtocolEndpoint, failed_poll)},
	{COUNT(AcProtocolEndpoint, failed_row)},
	{AC_STATE_COUNT(AcProtocolEndpoint, status, AC_PROTOCOL_MAX_STATUS)},
	{AC_STATE_BOOL(AcProtocolEndpoint, healthy)},
	{COUNT(AcProtocolEndpoint, healthy_s)},
	{AC_STATE_BOOL(AcProtocolEndpoint, unauthorized)},
	{AC_STATE_BOOL(AcProtocolEndpoint, with_credentials)},
	{AC_STATE_BOOL(AcProtocolEndpoint, scheme_differs)},
	{TOLD(AcProtocolEndpoint, scheme_sent, AC_PROTOCOL_TEXT_MAX)},
	{TOLD(AcProtocolEndpoint, scheme_asked, AC_PROTOCOL_TEXT_MAX)},
	{AC_STATE_BOOL(AcProtocolEndpoint, forbidden)},
	{AC_STATE_BOOL(AcProtocolEndpoint, scope_told)},
	{TOLD(AcProtocolEndpoint, scope, AC_PROTOCOL_TEXT_MAX)},
	{AC_STATE_BOOL(AcProtocolEndpoint, throttled)},
	{TOLD(AcProtocolEndpoint, location, AC_PROTOCOL_URL_MAX)},
	{AC_STATE_BOOL(AcProtocolEndpoint, same_origin)},
	{AC_STATE_BOOL(AcProtocolEndpoint, same_shape)},
	{COUNT(AcProtocolEndpoint, gone_probes)},
	{COUNT(AcProtocolEndpoint, gone_first_s)},
	{COUNT(AcProtocolEndpoint, gone_last_s)},
	{TOLD(AcProtocolEndpoint, allow, AC_PROTOCOL_TEXT_MAX)},
	{AC_STATE_BOOL(AcProtocolEndpoint, deprecated)},
	{TOLD(AcProtocolEndpoint, successor, AC_PROTOCOL_URL_MAX)},
	{TOLD(AcProtocolEndpoint, notice, AC_PROTOCOL_URL_MAX)},
	{AC_STATE_BOOL(AcProtocolEndpoint, html)},
	{AC_STATE_BOOL(AcProtocolEndpoint, error_body)},
	{TOLD(AcProtocolEndpoint, content_type, AC_PROTOCOL_TEXT_MAX)},
	{TOLD(AcProtocolEndpoint, content_type_now, AC_PROTOCOL_TEXT_MAX)},
};

static const AcStateField rate_fields[] = {
	{TOLD(AcLearnedRate, name, RATE_NAME_MAX)},
	{COUNT(AcLearnedRate, limit)},
	{COUNT(AcLearnedRate, window_ms)},
	{COUNT(AcLearnedRate, low_limit)},
	{COUNT(AcLearnedRate, low_window_ms)},
	{COUNT(AcLearnedRate, n_low)},
};

/* ---- saving ---- */

static AcJson *
save_rates(const AcProtocolEndpoint *e)
{
	AcJson *rates = ac_json_new_array();
	int i;

	for (i = 0; i < e->n_rates; i++)
	{
		AcJson *rate = ac_json_new_object();

		ac_state_save(rate, rate_fields, lengthof(rate_fields), &e->rates[i]);
		ac_json_append(rates, rate);
	}
	return rates;
}

static void
save_time(AcJson *object, const char *key, int64 at_s)
{
	if (at_s != AC_PROTOCOL_NO_TIME)
		ac_json_set(object, key, ac_json_new_int(at_s));
}

static AcJson *
save_endpoint(const AcProtocolEndpoint *e)
{
	AcJson *json = ac_json_new_object();

	ac_json_set_string(json, "table", e->table);
	ac_state_save(json, endpoint_fields, lengthof(endpoint_fields), e);
	save_time(json, "deprecated_s", e->deprecated_s);
	save_time(json, "sunset_s", e->sunset_s);
	ac_json_set(json, "rates", save_rates(e));
	return json;
}

AcJson *
ac_protocol_save(const AcProtocolState *state)
{
	AcJson *json = ac_json_new_object();
	AcJson *endpoints = ac_json_new_array();
	int i;

	ac_json_set(json, "version", ac_json_new_int(STATE_VERSION));
	ac_state_save(json, state_fields, lengthof(state_fields), state);
	for (i = 0; i < state->n_endpoints; i++)
		ac_json_append(endpoints, save_endpoint(&state->endpoints[i]));
	ac_json_set(json, "endpoints", endpoints);
	return json;
}

/* ---- loading ---- */

static void
load_rates(const AcJson *rates, AcProtocolEndpoint *e)
{
	int n = Min(ac_json_length(rates), AC_RATE_INFO_MAX);
	int i;

	for (i = 0; i < n; i++)
	{
		AcLearnedRate *rate = &e->rates[e->n_rates];

		ac_state_load(ac_json_at(rates, i), rate_fields,
					  lengthof(rate_fields), rate);
		if (rate->name != NULL)
			e->n_rates++;
	}
}

/* A time, where there need not be one. */
static int64
load_time(const AcJson *object, const char *key)
{
	if (!ac_json_has(object, key))
		return AC_PROTOCOL_NO_TIME;
	return ac_state_count(ac_json_get(object, key), AC_PROTOCOL_MAX_COUNT);
}

static void
load_endpoint(const AcJson *json, AcProtocolEndpoint *e)
{
	ac_state_load(json, endpoint_fields, lengthof(endpoint_fields), e);
	e->deprecated_s = load_time(json, "deprecated_s");
	e->sunset_s = load_time(json, "sunset_s");
	load_rates(ac_json_get(json, "rates"), e);
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
	ac_state_load(json, state_fields, lengthof(state_fields), loaded);
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
