/*
 * turn.c
 *		When is it a request's turn, and what do limits learn from its answer?
 *		See turn.h.
 */
#include "ac.h"

#include "miscadmin.h"
#include "net/judge.h"
#include "net/turn.h"

/* The path with the segment that many from the end replaced. */
static char *
without_key(const char *path, int behind)
{
	size_t end = strlen(path);
	size_t start = end;

	for (int i = 0; i < behind; i++)
	{
		end = i == 0 ? start : start - 1;
		while (end > 0 && path[end - 1] == '/')
			end--;
		start = end;
		while (start > 0 && path[start - 1] != '/')
			start--;
		if (start == 0)
			return pstrdup(path);
	}
	return psprintf("%.*s{}%s", (int) start, path, path + end);
}

/* The path template of a table with its variables as paths have them: "{}". */
static char *
without_names(const char *template)
{
	char *name = pstrdup(template);
	char *to = name;

	for (const char *from = template; *from != '\0'; from++)
	{
		*to++ = *from;
		if (*from == '{' && strchr(from, '}') != NULL)
			from = strchr(from, '}') - 1;
	}
	*to = '\0';
	return name;
}

/* The path below the base URL, as tables have it; the whole one elsewhere. */
static const char *
path_below(const AcConnection *conn, const AcUrl *url)
{
	const AcUrl *base = ac_connection_base(conn);
	const char *path = url->path == NULL ? "/" : url->path;
	size_t len = base->path == NULL ? 0 : strlen(base->path);

	if (len > 0 && base->path[len - 1] == '/')
		len--;
	if (ac_url_is_below(base, url) && strncmp(path, base->path, len) == 0 &&
		path[len] == '/')
		return path + len;
	return path;
}

/*
 * What the limits call the endpoint: its path, without what tells rows apart
 * and without secrets of the connection.
 */
static char *
endpoint_name(const AcConnection *conn, const AcTurnAbout *about)
{
	const char *path = path_below(conn, about->url);
	char *name;

	if (about->endpoint != NULL)
		name = without_names(about->endpoint);
	else if (about->keys_behind > 0)
		name = ac_limittable_endpoint(without_key(path, about->keys_behind));
	else
		name = ac_limittable_endpoint(path);
	ac_judge_scrub(conn, name);
	return name;
}

void
ac_turn_begin(AcTurn *turn, AcConnection *conn, const AcTurnAbout *about)
{
	const AcTraffic *traffic = ac_connection_traffic(conn);
	AcLimitCall *call = &turn->call.call;

	Assert(!turn->call.listed);
	memset(turn, 0, sizeof(*turn));
	turn->conn = conn;
	turn->call.own = traffic->own_limits;
	call->owner = traffic->owner;
	call->payer = traffic->payer;
	call->rate_per_s = ac_connection_options(conn)->rate_limit;
	call->host = ac_url_origin(about->url);
	call->endpoint = endpoint_name(conn, about);
	call->elsewhere = !ac_url_same_origin(about->url,
										  ac_connection_base(conn));
	call->background = MyBackendType == B_BG_WORKER;
	call->regardless = about->regardless;
}

AcLimitVerdict
ac_turn_ask(AcTurn *turn, int64 *wait_ms)
{
	return ac_limits_ask(&turn->call, wait_ms);
}

void
ac_turn_answered(AcTurn *turn, const AcTransferResult *result)
{
	if (result->headers->status == 0)
		return;
	ac_header_rate_info(result->headers, ac_judge_unix_ms(), &turn->announced);
	ac_limits_learn(&turn->call, &turn->announced);
}

void
ac_turn_judged(AcTurn *turn, const AcOutcome *outcome)
{
	AcHealth health = outcome == NULL ? AC_HEALTH_GOOD : outcome->health;

	if (outcome != NULL && outcome->throttled)
		ac_limits_throttled(&turn->call, &turn->announced, outcome->wait_ms);
	if (outcome != NULL && outcome->action == AC_OUTCOME_ROWS)
		ac_limits_succeeded(&turn->call);
	if (outcome != NULL && outcome->action == AC_OUTCOME_RETRY &&
		health != AC_HEALTH_GOOD)
		health = AC_HEALTH_TRYING;
	ac_limits_tell(&turn->call, health);
}

void
ac_turn_failed(AcTurn *turn, const AcOutcome *outcome)
{
	Assert(outcome->action == AC_OUTCOME_RETRY);
	if (outcome->health != AC_HEALTH_GOOD)
		ac_limits_tell(&turn->call, outcome->health);
}

int64
ac_turn_refused(const AcTurn *turn)
{
	return ac_limits_refuses(&turn->call);
}

void
ac_turn_end(AcTurn *turn)
{
	ac_limits_abandon(&turn->call);
}
