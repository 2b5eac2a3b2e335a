/*
 * outcome.c
 *		What does the end of a request mean for the scan that sent it?
 *
 * The classification.  The texts (body facts, error messages, scrubbing) are
 * outcometext.c.  See outcome.h.
 */
#include "ac.h"

#include "api/errorbody.h"
#include "policy/outcome.h"

/*
 * Wait after a secondary rate limit that names none: GitHub asks for at
 * least a minute.
 */
#define SECONDARY_LIMIT_WAIT_MS 60000

/* When a transport failure may be tried again. */
typedef enum RetryRule
{
	RETRY_NEVER,
	RETRY_IF_IDEMPOTENT, /* the server may have acted on it */
	RETRY_ALWAYS		 /* nothing was sent */
} RetryRule;

static const struct
{
	RetryRule rule;
	AcErrorCode code;
	AcHealth health;
} transports[] = {
	[AC_TRANSPORT_OK] = {RETRY_NEVER, AC_ERR_NONE, AC_HEALTH_GOOD},
	[AC_TRANSPORT_DNS] = {RETRY_ALWAYS, AC_ERR_UNREACHABLE, AC_HEALTH_BAD_HOST},
	[AC_TRANSPORT_CONNECT] = {RETRY_ALWAYS, AC_ERR_UNREACHABLE, AC_HEALTH_BAD_HOST},
	[AC_TRANSPORT_TLS] = {RETRY_ALWAYS, AC_ERR_UNREACHABLE, AC_HEALTH_BAD_HOST},
	[AC_TRANSPORT_TLS_CERT] = {RETRY_NEVER, AC_ERR_UNREACHABLE, AC_HEALTH_BAD_HOST},
	[AC_TRANSPORT_SEND] = {RETRY_IF_IDEMPOTENT, AC_ERR_CONNECTION, AC_HEALTH_BAD},
	[AC_TRANSPORT_RESET] = {RETRY_IF_IDEMPOTENT, AC_ERR_CONNECTION, AC_HEALTH_BAD},
	[AC_TRANSPORT_TIMEOUT_CONNECT] = {RETRY_ALWAYS, AC_ERR_TIMEOUT, AC_HEALTH_BAD_HOST},
	[AC_TRANSPORT_TIMEOUT_FIRST_BYTE] = {RETRY_IF_IDEMPOTENT, AC_ERR_TIMEOUT, AC_HEALTH_BAD},
	[AC_TRANSPORT_TIMEOUT_BODY] = {RETRY_IF_IDEMPOTENT, AC_ERR_TIMEOUT, AC_HEALTH_BAD},
	[AC_TRANSPORT_TIMEOUT_TOTAL] = {RETRY_NEVER, AC_ERR_TIMEOUT, AC_HEALTH_BAD},
	[AC_TRANSPORT_TRUNCATED] = {RETRY_IF_IDEMPOTENT, AC_ERR_CONNECTION, AC_HEALTH_BAD},
	[AC_TRANSPORT_PROTOCOL] = {RETRY_NEVER, AC_ERR_HTTP, AC_HEALTH_BAD},
	[AC_TRANSPORT_TOO_LARGE] = {RETRY_NEVER, AC_ERR_TOO_LARGE, AC_HEALTH_UNKNOWN},
	[AC_TRANSPORT_DECODE] = {RETRY_IF_IDEMPOTENT, AC_ERR_MALFORMED, AC_HEALTH_BAD},
	[AC_TRANSPORT_REDIRECT_LIMIT] = {RETRY_NEVER, AC_ERR_HTTP, AC_HEALTH_UNKNOWN},
	[AC_TRANSPORT_FORBIDDEN] = {RETRY_NEVER, AC_ERR_FORBIDDEN, AC_HEALTH_UNKNOWN},
	[AC_TRANSPORT_CANCELLED] = {RETRY_NEVER, AC_ERR_INTERRUPTED, AC_HEALTH_UNKNOWN},
	[AC_TRANSPORT_NO_MEMORY] = {RETRY_NEVER, AC_ERR_NO_MEMORY, AC_HEALTH_UNKNOWN},
};

static AcOutcome
decide(AcOutcomeAction action, AcErrorCode code)
{
	AcOutcome outcome = {
		.action = action,
		.code = code,
		.wait_ms = -1,
		.health = AC_HEALTH_GOOD,
	};

	return outcome;
}

/* A failure that is tried again where that can do no harm. */
static AcOutcome
retry_if(bool harmless, AcErrorCode code)
{
	return decide(harmless ? AC_OUTCOME_RETRY : AC_OUTCOME_FAIL, code);
}

/* Do the headers say that no request remains?  *wait_ms: until when, or -1. */
static bool
nothing_remains(const AcOutcomeInput *in, int64 *wait_ms)
{
	AcRateInfoList list;
	bool found = false;
	int i;

	*wait_ms = -1;
	if (in->headers == NULL)
		return false;
	ac_header_rate_info(in->headers, in->now_ms, &list);
	for (i = 0; i < list.count; i++)
	{
		const AcRateInfo *info = &list.items[i];

		if (!(info->known & AC_RATE_REMAINING) || info->remaining > 0)
			continue;
		found = true;
		if (info->known & AC_RATE_RESET)
			*wait_ms = Max(*wait_ms, info->reset_ms);
	}
	return found;
}

/* Retry-After in ms, or what the body says in its place; -1: nothing. */
static int64
told_wait(const AcOutcomeInput *in)
{
	int64 wait_ms;

	if (in->headers != NULL &&
		ac_header_retry_after(in->headers, in->now_ms, &wait_ms))
		return wait_ms;
	if (in->body != NULL && in->body->tells_wait)
		return in->body->wait_ms;
	return -1;
}

static bool
speaks_of_limit(const AcOutcomeInput *in)
{
	return in->body != NULL && in->body->secondary_limit;
}

/*
 * 429 and what means the same.  The API did not act on the request, so it is
 * safe to repeat, and waiting as told is no failure that costs budget.
 */
static AcOutcome
classify_throttled(const AcOutcomeInput *in)
{
	AcOutcome outcome = decide(AC_OUTCOME_RETRY, AC_ERR_THROTTLED);
	int64 reset_ms;
	bool exhausted = nothing_remains(in, &reset_ms);

	outcome.throttled = true;
	outcome.wait_ms = told_wait(in);
	if (outcome.wait_ms < 0)
		outcome.wait_ms = reset_ms;
	if (outcome.wait_ms < 0 && !exhausted && speaks_of_limit(in) &&
		(in->status == 403 || in->body->no_count))
		outcome.wait_ms = SECONDARY_LIMIT_WAIT_MS;
	outcome.free_retry = outcome.wait_ms >= 0;
	return outcome;
}

static AcOutcome
classify_forbidden(const AcOutcomeInput *in)
{
	int64 ignored;

	if (nothing_remains(in, &ignored) || told_wait(in) >= 0 ||
		speaks_of_limit(in))
		return classify_throttled(in);
	return decide(AC_OUTCOME_FAIL, AC_ERR_AUTH);
}

static AcOutcome
classify_unauthorized(const AcOutcomeInput *in)
{
	AcOutcome outcome = decide(in->credential_renewed ? AC_OUTCOME_FAIL
													  : AC_OUTCOME_RENEW_CREDENTIAL,
							   AC_ERR_AUTH);

	outcome.free_retry = true;
	return outcome;
}

/*
 * A later page was refused.  That is the end if all announced rows are here,
 * or if pages are counted by us, nothing was announced, and the answer is
 * about the page: a token that is refused never is.
 */
static AcOutcome
classify_refused_page(const AcOutcomeInput *in)
{
	bool about_page = in->status == 404 || in->status == 410 ||
					  in->status == 416 || (in->body != NULL && in->body->names_page);

	if (in->total == AC_TOTAL_REACHED)
		return decide(AC_OUTCOME_END_OF_PAGES, AC_ERR_NONE);
	if (in->total == AC_TOTAL_UNKNOWN && in->positional && about_page)
		return decide(AC_OUTCOME_END_OF_PAGES, AC_ERR_NONE);
	if (in->total == AC_TOTAL_SHORT || about_page)
		return decide(AC_OUTCOME_FAIL, AC_ERR_INCOMPLETE);
	return decide(AC_OUTCOME_FAIL, AC_ERR_HTTP);
}

static AcOutcome
classify_not_found(const AcOutcomeInput *in)
{
	if (in->later_page)
		return classify_refused_page(in);
	if (in->kind == AC_REQUEST_ITEM || in->kind == AC_REQUEST_CHILD)
		return decide(AC_OUTCOME_NO_ROW, AC_ERR_NONE);
	return decide(AC_OUTCOME_FAIL, AC_ERR_NOT_FOUND);
}

/* 2xx: rows, an explicit nothing, or something that is neither. */
static AcOutcome
classify_success(const AcOutcomeInput *in)
{
	if (in->rows_found || in->kind == AC_REQUEST_PROBE)
		return decide(AC_OUTCOME_ROWS, AC_ERR_NONE);
	if (in->status == 204 && in->kind == AC_REQUEST_ITEM)
		return decide(AC_OUTCOME_NO_ROW, AC_ERR_NONE);
	if (in->status == 204)
		return decide(AC_OUTCOME_END_OF_PAGES, AC_ERR_NONE);
	if (in->body != NULL && in->body->has_error && speaks_of_limit(in) &&
		in->idempotent)
		return classify_throttled(in);
	return retry_if(in->idempotent && !in->html_retried, AC_ERR_HTTP);
}

/* Server-side trouble that passes. */
static bool
is_temporary(int status)
{
	return status == 408 || status == 425 || status == 500 ||
		   (status >= 502 && status <= 504) || (status >= 520 && status <= 524);
}

static AcOutcome
classify_temporary(const AcOutcomeInput *in)
{
	int64 wait_ms = told_wait(in);
	bool invited = in->status == 503 && wait_ms >= 0;
	AcOutcome outcome = retry_if(in->idempotent || invited, AC_ERR_HTTP);

	outcome.wait_ms = wait_ms;
	return outcome;
}

static AcOutcome
classify_status(const AcOutcomeInput *in)
{
	if (in->status >= 200 && in->status <= 299)
		return classify_success(in);
	if (is_temporary(in->status))
		return classify_temporary(in);
	switch (in->status)
	{
		case 400:
		case 416:
		case 422:
			if (in->later_page)
				return classify_refused_page(in);
			break;
		case 401:
			return classify_unauthorized(in);
		case 403:
			return classify_forbidden(in);
		case 404:
		case 410:
			return classify_not_found(in);
		case 407:
			return decide(AC_OUTCOME_FAIL, AC_ERR_AUTH);
		case 429:
			return classify_throttled(in);
		default:
			break;
	}
	return decide(AC_OUTCOME_FAIL, AC_ERR_HTTP);
}

/*
 * What an answer says about those who gave it.  A refusal is an answer like
 * any other; an error page in place of rows is not.
 */
static AcHealth
health_of(const AcOutcomeInput *in, const AcOutcome *outcome)
{
	bool success = in->status >= 200 && in->status <= 299;

	if (in->status >= 500 || is_temporary(in->status))
		return AC_HEALTH_BAD;
	if (success && !outcome->throttled && outcome->code == AC_ERR_HTTP)
		return AC_HEALTH_BAD;
	return AC_HEALTH_GOOD;
}

AcOutcome
ac_outcome_classify(const AcOutcomeInput *in)
{
	RetryRule rule;
	AcOutcome outcome;

	Assert((size_t) in->transport < lengthof(transports));
	if (in->transport == AC_TRANSPORT_OK)
	{
		outcome = classify_status(in);
		outcome.health = health_of(in, &outcome);
		return outcome;
	}
	rule = transports[in->transport].rule;
	outcome = retry_if(rule == RETRY_ALWAYS ||
						   (rule == RETRY_IF_IDEMPOTENT && in->idempotent),
					   transports[in->transport].code);
	outcome.health = transports[in->transport].health;
	return outcome;
}

bool
ac_outcome_is_empty(const AcJson *doc, bool has_next)
{
	return !has_next && ac_json_kind(doc) == AC_JSON_OBJECT &&
		   !ac_errorbody_tells(doc);
}
