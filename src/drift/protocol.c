/*
 * protocol.c
 *		How do an API's answers differ, as answers, from those it gave before?
 *
 * See protocol.h; this file takes observations in.  One function for each
 * question; what the answers amount to is protocol_rules.c's business.
 */
#include "ac.h"

#include "core/url.h"
#include "drift/protocol_int.h"

/*
 * Probes that find nothing count once in ten minutes: a deployment
 * that takes a route away for a moment is over by then.
 */
#define GONE_APART_S 600

/*
 * An endpoint that nobody asked for a month says nothing of the server any
 * more: its table was dropped, or the watch was off.
 */
#define STALE_S (30 * 86400)

/* ---- endpoints ---- */

AcProtocolEndpoint *
ac_protocol_endpoint(const AcProtocolState *state, const char *table)
{
	int i;

	for (i = 0; i < state->n_endpoints; i++)
		if (strcmp(state->endpoints[i].table, table) == 0)
			return &state->endpoints[i];
	return NULL;
}

AcProtocolEndpoint *
ac_protocol_endpoint_add(AcProtocolState *state, const char *table)
{
	AcProtocolEndpoint *e;

	if (state->n_endpoints == AC_PROTOCOL_MAX_ENDPOINTS)
		return NULL;
	if (state->n_endpoints == state->capacity)
	{
		state->capacity = Max(state->capacity * 2, 16);
		if (state->endpoints == NULL)
			state->endpoints = palloc(state->capacity *
									  sizeof(AcProtocolEndpoint));
		else
			state->endpoints = repalloc(state->endpoints,
										state->capacity *
											sizeof(AcProtocolEndpoint));
	}
	e = &state->endpoints[state->n_endpoints++];
	memset(e, 0, sizeof(AcProtocolEndpoint));
	e->table = pstrdup(table);
	e->deprecated_s = AC_PROTOCOL_NO_TIME;
	e->sunset_s = AC_PROTOCOL_NO_TIME;
	return e;
}

static void
remove_endpoint(AcProtocolState *state, int i)
{
	state->n_endpoints--;
	memmove(&state->endpoints[i], &state->endpoints[i + 1],
			(state->n_endpoints - i) * sizeof(AcProtocolEndpoint));
}

static void
forget_stale(AcProtocolState *state, int64 now_s)
{
	int i;

	for (i = state->n_endpoints - 1; i >= 0; i--)
		if (state->endpoints[i].seen_s < now_s - STALE_S)
			remove_endpoint(state, i);
}

/* ---- polls ---- */

bool
ac_protocol_poll_failed(const AcProtocolState *state)
{
	return state->poll_failed && !state->poll_alive;
}

bool
ac_protocol_poll_dead(const AcProtocolState *state)
{
	int i;

	if (!ac_protocol_poll_failed(state))
		return false;
	for (i = 0; i < state->n_endpoints; i++)
		if (!state->endpoints[i].failed ||
			state->endpoints[i].failed_poll != state->poll)
			return false;
	return true;
}

/* Ends the poll before, if this is another one. */
static void
begin_poll(AcProtocolState *state, const AcProtocolObservation *seen)
{
	if (seen->poll == state->poll && (state->poll_failed || state->poll_alive))
		return;
	if (ac_protocol_poll_dead(state))
		state->dead_polls = Min(state->dead_polls + 1, AC_PROTOCOL_MAX_COUNT);
	else
		state->dead_polls = 0;
	if (ac_protocol_poll_failed(state))
		state->failed_polls = Min(state->failed_polls + 1,
								  AC_PROTOCOL_MAX_COUNT);
	else
		state->failed_polls = 0;
	state->poll = seen->poll;
	state->poll_failed = false;
	state->poll_alive = false;
	forget_stale(state, seen->now_s);
}

/* ---- what an observation is ---- */

typedef enum Ending
{
	ENDING_OURS,   /* says nothing of the API */
	ENDING_FAILED, /* no answer, or 5xx */
	ENDING_ANSWER, /* it answers, but not with rows */
	ENDING_GOOD	   /* rows, or an empty answer that says success */
} Ending;

static bool
is_success(int status)
{
	return status >= 200 && status <= 299;
}

static Ending
ending_of(const AcProtocolObservation *seen)
{
	if (seen->status >= 500)
		return ENDING_FAILED;
	switch (seen->outcome)
	{
		case AC_ERR_UNREACHABLE:
		case AC_ERR_CONNECTION:
		case AC_ERR_TIMEOUT:
		case AC_ERR_BREAKER:
			return ENDING_FAILED;
		case AC_ERR_NONE:
		case AC_ERR_AUTH:
		case AC_ERR_NOT_FOUND:
		case AC_ERR_THROTTLED:
		case AC_ERR_INCOMPLETE:
		case AC_ERR_HTTP:
		case AC_ERR_MALFORMED:
		case AC_ERR_VALUE:
		case AC_ERR_TOO_LARGE:
			break;
		case AC_ERR_FORBIDDEN:
			/* our policy, unless it is about where a redirect leads */
			if (seen->location == NULL)
				return ENDING_OURS;
			break;
		default:
			return ENDING_OURS;
	}
	if (seen->status == 0)
		return ENDING_OURS;
	if (is_success(seen->status) && seen->outcome == AC_ERR_NONE &&
		seen->body <= AC_PROTOCOL_ROWS)
		return ENDING_GOOD;
	return ENDING_ANSWER;
}

/* ---- credentials ---- */

/*
 * Schemes of the Authorization field, of which a challenge names those it
 * takes.  Whoever sends a key in a way of the API's own gets any challenge.
 */
static bool
is_scheme(const char *name)
{
	static const char *const schemes[] = {
		"basic", "bearer", "digest", "dpop", "negotiate", "ntlm", "token",
		"aws4-hmac-sha256"};
	int i;

	for (i = 0; i < (int) lengthof(schemes); i++)
		if (pg_strcasecmp(schemes[i], name) == 0)
			return true;
	return false;
}

/* Does the answer ask for another scheme than the one it was asked with? */
static bool
scheme_differs(const AcProtocolState *state, const AcProtocolObservation *seen)
{
	const char *used = seen->scheme_sent;
	int i;

	if (!seen->credentials_sent)
		return state->scheme != NULL && strcmp(state->scheme, "none") == 0;
	if (used == NULL)
		used = state->scheme;
	if (used == NULL || !is_scheme(used) || seen->facts == NULL ||
		seen->facts->n_schemes == 0)
		return false;
	for (i = 0; i < seen->facts->n_schemes; i++)
		if (pg_strcasecmp(seen->facts->schemes[i], used) == 0)
			return false;
	return true;
}

static void
take_unauthorized(AcProtocolState *state, AcProtocolEndpoint *e,
				  const AcProtocolObservation *seen)
{
	e->unauthorized = seen->status == 401;
	e->with_credentials = e->unauthorized && seen->credentials_sent;
	e->scheme_differs = e->unauthorized && scheme_differs(state, seen);
	e->scheme_sent = NULL;
	e->scheme_asked = NULL;
	if (e->unauthorized)
	{
		e->scheme_sent = ac_protocol_clean(
			seen->scheme_sent != NULL || !seen->credentials_sent
				? seen->scheme_sent
				: state->scheme,
			AC_PROTOCOL_TEXT_MAX);
		if (seen->facts != NULL && seen->facts->n_schemes > 0)
			e->scheme_asked = ac_protocol_clean(seen->facts->schemes[0],
												AC_PROTOCOL_TEXT_MAX);
	}
}

/* A good answer shows which scheme serves. */
static void
learn_scheme(AcProtocolState *state, const AcProtocolObservation *seen)
{
	if (seen->credentials_sent)
	{
		if (seen->scheme_sent != NULL)
			state->scheme = ac_protocol_clean(seen->scheme_sent,
											  AC_PROTOCOL_TEXT_MAX);
		else if (state->scheme != NULL && strcmp(state->scheme, "none") == 0)
			state->scheme = NULL;
	}
	else if (state->scheme == NULL)
		state->scheme = "none";
}

static bool
nothing_remains(const AcProtocolFacts *facts)
{
	int i;

	for (i = 0; facts != NULL && i < facts->rate.count; i++)
		if ((facts->rate.items[i].known & AC_RATE_REMAINING) != 0 &&
			facts->rate.items[i].remaining == 0)
			return true;
	return false;
}

/* 429, 503 with a time to come again, 403 for a quota used up. */
static bool
is_throttled(const AcProtocolObservation *seen)
{
	return seen->status == 429 ||
		   (seen->status == 503 && seen->facts != NULL &&
			seen->facts->retry_after) ||
		   (seen->status == 403 &&
			(nothing_remains(seen->facts) ||
			 seen->outcome == AC_ERR_THROTTLED));
}

static void
take_forbidden(AcProtocolEndpoint *e, const AcProtocolObservation *seen)
{
	const AcProtocolFacts *facts = seen->facts;

	e->forbidden = seen->status == 403 && !is_throttled(seen);
	e->scope_told = false;
	e->scope = NULL;
	if (!e->forbidden || facts == NULL)
		return;
	e->scope = ac_protocol_clean(facts->scope, AC_PROTOCOL_TEXT_MAX);
	e->scope_told = e->scope != NULL ||
					(facts->auth_error != NULL &&
					 strcmp(facts->auth_error, "insufficient_scope") == 0);
}

/* ---- places ---- */

/*
 * Where a permanent redirect leads, without query: that is the request's.
 * A temporary one is how servers spread load, and told never.
 */
static void
take_location(AcProtocolEndpoint *e, const AcProtocolObservation *seen)
{
	if (seen->location == NULL && seen->facts == NULL)
		return; /* not told */
	e->location = NULL;
	e->same_origin = false;
	e->same_shape = false;
	if (seen->location == NULL || !seen->permanent)
		return;
	e->location = ac_protocol_clean(
		ac_url_redact(pnstrdup(seen->location, strcspn(seen->location, "?#"))),
		AC_PROTOCOL_URL_MAX);
	e->same_origin = seen->same_origin;
	e->same_shape = seen->same_shape;
}

/* Is the method in a list of methods? */
static bool
allows(const char *allow, const char *method)
{
	size_t len = strlen(method);

	while (*allow != '\0')
	{
		size_t word = strcspn(allow, ", ");

		if (word == len && strncmp(allow, method, len) == 0)
			return true;
		allow += word;
		allow += strspn(allow, ", ");
	}
	return false;
}

/* 405 that allows other methods is a change of method, and no end. */
static bool
method_changed(const AcProtocolObservation *seen)
{
	const char *allow = seen->facts != NULL ? seen->facts->allow : NULL;

	return seen->status == 405 && allow != NULL &&
		   allow[strspn(allow, ", ")] != '\0' &&
		   !allows(allow, seen->method != NULL ? seen->method : "GET");
}

static void
take_gone(AcProtocolEndpoint *e, const AcProtocolObservation *seen)
{
	if (is_success(seen->status))
	{
		e->gone_probes = 0;
		e->gone_first_s = 0;
		e->gone_last_s = 0;
		e->allow = NULL;
	}
	else if (method_changed(seen))
		e->allow = ac_protocol_clean(seen->facts->allow, AC_PROTOCOL_TEXT_MAX);
	else if ((seen->status == 404 || seen->status == 405 ||
			  seen->status == 410) &&
			 seen->from_probe &&
			 (e->gone_probes == 0 ||
			  seen->now_s >= e->gone_last_s + GONE_APART_S))
	{
		if (e->gone_probes == 0)
			e->gone_first_s = seen->now_s;
		e->gone_probes = Min(e->gone_probes + 1, AC_PROTOCOL_MAX_COUNT);
		e->gone_last_s = seen->now_s;
	}
}

/* ---- notices, bodies ---- */

/* A success without a notice takes it back; an error page has none to give. */
static void
take_notices(AcProtocolEndpoint *e, const AcProtocolObservation *seen)
{
	const AcProtocolFacts *facts = seen->facts;
	bool success = is_success(seen->status);

	if (facts == NULL)
		return;
	if (facts->deprecated || success)
	{
		e->deprecated = facts->deprecated;
		e->deprecated_s = facts->deprecated_s;
	}
	if (facts->sunset_s != AC_PROTOCOL_NO_TIME || success)
		e->sunset_s = facts->sunset_s;
	if (success)
	{
		e->successor = ac_protocol_clean(facts->successor,
										 AC_PROTOCOL_URL_MAX);
		e->notice = ac_protocol_clean(facts->notice, AC_PROTOCOL_URL_MAX);
	}
}

/* Two forms of JSON are read the same way. */
static bool
same_type(const char *a, const char *b)
{
	return strcmp(a, b) == 0 || (ac_media_is_json(a) && ac_media_is_json(b));
}

/* The type of rows; error pages have types of their own. */
static void
take_content_type(AcProtocolEndpoint *e, const AcProtocolObservation *seen)
{
	const char *type = seen->facts != NULL ? seen->facts->content_type : NULL;

	if (type == NULL || !is_success(seen->status) ||
		(seen->body != AC_PROTOCOL_ROWS && seen->body != AC_PROTOCOL_OTHER))
		return;
	if (e->content_type == NULL)
	{
		if (seen->body == AC_PROTOCOL_ROWS)
			e->content_type = ac_protocol_clean(type, AC_PROTOCOL_TEXT_MAX);
		return;
	}
	e->content_type_now = same_type(e->content_type, type)
							  ? NULL
							  : ac_protocol_clean(type, AC_PROTOCOL_TEXT_MAX);
}

static void
take_body(AcProtocolEndpoint *e, const AcProtocolObservation *seen, Ending ending)
{
	if (ending == ENDING_GOOD)
	{
		e->html = false;
		e->error_body = false;
	}
	else if (is_success(seen->status) && seen->body == AC_PROTOCOL_HTML)
	{
		e->html = true;
		e->error_body = false;
	}
	else if (is_success(seen->status) && seen->body == AC_PROTOCOL_ERROR)
	{
		e->html = false;
		e->error_body = true;
	}
	take_content_type(e, seen);
}

/* ---- limits ---- */

/* The name of a limit, with a number if the response has others of its name. */
static char *
rate_name(const AcRateInfoList *rate, int i)
{
	const char *name = ac_protocol_clean(rate->items[i].name,
										 sizeof(rate->items[i].name));
	int same = 1;
	int j;

	if (name == NULL)
		name = "default";

	for (j = 0; j < i; j++)
		if (strcmp(rate->items[j].name, rate->items[i].name) == 0)
			same++;
	return same == 1 ? pstrdup(name) : psprintf("%s #%d", name, same);
}

/* Fewer in the same time; without windows fewer at all. */
static bool
is_lower(const AcLearnedRate *rate, int64 limit, int64 window_ms)
{
	if (rate->window_ms > 0 && window_ms > 0)
		return (double) limit * (double) rate->window_ms <
			   (double) rate->limit * (double) window_ms;
	return limit < rate->limit;
}

static void
take_rate(AcProtocolEndpoint *e, const char *name, const AcRateInfo *info)
{
	int64 limit = Min(Max(info->limit, 0), AC_PROTOCOL_MAX_COUNT);
	int64 window_ms = (info->known & AC_RATE_WINDOW) != 0 ? info->window_ms : 0;
	AcLearnedRate *rate;
	int i;

	window_ms = Min(Max(window_ms, 0), AC_PROTOCOL_MAX_COUNT);
	for (i = 0; i < e->n_rates; i++)
		if (strcmp(e->rates[i].name, name) == 0)
			break;
	if (i == AC_RATE_INFO_MAX)
		return;
	rate = &e->rates[i];
	if (i == e->n_rates)
	{
		memset(rate, 0, sizeof(AcLearnedRate));
		rate->name = name;
		rate->limit = limit;
		rate->window_ms = window_ms;
		e->n_rates++;
	}
	else if (is_lower(rate, limit, window_ms))
	{
		rate->low_limit = limit;
		rate->low_window_ms = window_ms;
		rate->n_low = Min(rate->n_low + 1, AC_PROTOCOL_MAX_COUNT);
	}
	else
	{
		rate->low_limit = 0;
		rate->low_window_ms = 0;
		rate->n_low = 0;
	}
}

static void
take_rates(AcProtocolEndpoint *e, const AcProtocolFacts *facts)
{
	int i;

	for (i = 0; facts != NULL && i < facts->rate.count; i++)
		if ((facts->rate.items[i].known & AC_RATE_LIMIT) != 0)
			take_rate(e, rate_name(&facts->rate, i), &facts->rate.items[i]);
}

/* ---- one observation ---- */

static void
take_answer(AcProtocolState *state, AcProtocolEndpoint *e,
			const AcProtocolObservation *seen, Ending ending)
{
	e->failed = false;
	e->failed_row = 0;
	e->throttled = false;
	e->healthy = ending == ENDING_GOOD;
	if (e->healthy)
	{
		e->healthy_s = seen->now_s;
		learn_scheme(state, seen);
	}
	take_unauthorized(state, e, seen);
	take_forbidden(e, seen);
	take_location(e, seen);
	take_gone(e, seen);
	take_notices(e, seen);
	take_body(e, seen, ending);
}

void
ac_protocol_observe(AcProtocolState *state, const AcProtocolObservation *seen)
{
	Ending ending = ending_of(seen);
	AcProtocolEndpoint *e;

	if (ending == ENDING_OURS || seen->table == NULL ||
		strlen(seen->table) > AC_PROTOCOL_PATH_MAX)
		return;
	begin_poll(state, seen);
	e = ac_protocol_endpoint(state, seen->table);
	if (e == NULL)
		e = ac_protocol_endpoint_add(state, seen->table);
	if (e == NULL)
		return;
	e->path = seen->path != NULL ? pnstrdup(seen->path, AC_PROTOCOL_PATH_MAX)
								 : NULL;
	e->method = seen->method != NULL
					? pnstrdup(seen->method, AC_PROTOCOL_TEXT_MAX)
					: NULL;
	e->seen_s = seen->now_s;
	e->status = Min(Max(seen->status, 0), AC_PROTOCOL_MAX_STATUS);
	if (ending == ENDING_FAILED)
	{
		state->poll_failed = true;
		if (!e->failed || e->failed_poll != seen->poll)
			e->failed_row = Min(e->failed_row + 1, AC_PROTOCOL_MAX_COUNT);
		e->failed = true;
		e->failed_poll = seen->poll;
		e->healthy = false;
	}
	else
	{
		state->poll_alive = true;
		take_answer(state, e, seen, ending);
	}
	if (is_throttled(seen))
		e->throttled = true;
	take_rates(e, seen->facts);
}
