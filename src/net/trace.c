/*
 * trace.c
 *		What do log_min_messages and client_min_messages = debug1 show of
 *		requests?  See trace.h.
 *
 * URLs are shown as in errors: parameters with secret-looking names blanked,
 * texts of the user mapping taken out.  Neither headers nor bodies are shown.
 *
 * Interrupts are held off meanwhile: a message serves them, and a fetch is in
 * the middle of a transition here.
 */
#include "ac.h"

#include "miscadmin.h"
#include "net/judge.h"
#include "net/trace.h"

static void
write_line(const char *line)
{
	HOLD_INTERRUPTS();
	ereport(DEBUG1,
			(errcode(ERRCODE_SUCCESSFUL_COMPLETION),
			 errmsg_internal("autoconn: %s", line),
			 errhidestmt(true),
			 errhidecontext(true)));
	RESUME_INTERRUPTS();
}

/* What came: "200, 512 bytes", or why nothing did. */
static char *
outcome_text(const AcTraced *traced)
{
	const AcTransferResult *result = traced->result;
	char *why;

	if (result->outcome == AC_TRANSPORT_OK)
		return psprintf("%d, %zu bytes", result->headers->status,
						result->body->len);
	why = pstrdup(result->text);
	ac_judge_scrub(traced->conn, why);
	return psprintf("no answer (%s)", why);
}

void
ac_trace_exchange(const AcTraced *traced)
{
	char *request;

	if (!message_level_is_interesting(DEBUG1))
		return;
	request = ac_judge_request_text(traced->conn, traced->method, ac_url_text(traced->url));
	write_line(psprintf("%s: %s, " INT64_FORMAT " ms, attempt %d, %s connection",
						request, outcome_text(traced),
						traced->result->took_ms, traced->attempt,
						traced->result->reused ? "kept" : "new"));
}

void
ac_trace_cached(const AcConnection *conn, const char *url, size_t bytes)
{
	if (!message_level_is_interesting(DEBUG1))
		return;
	write_line(psprintf("%s: from the cache, %zu bytes",
						ac_judge_request_text(conn, "GET", url), bytes));
}
