/*
 * traffic.c
 *		What do scans tell of a server's tables?
 *
 * Events of the ring (pg/ring) become observations of the rules.  Outcomes
 * count only where the scan had the credentials that the watch uses: another
 * role's expired token says nothing about the API.
 */
#include "ac.h"

#include "net/judge.h"
#include "worker/check.h"
#include "worker/subject.h"

/* The kind of evidence that an event is for the rules of payloads, or -1. */
static int
payload_kind(const AcEvent *event)
{
	switch ((AcEventKind) event->kind)
	{
		case AC_EVENT_FIELD_UNKNOWN:
			return AC_PAYLOAD_UNKNOWN_FIELD;
		case AC_EVENT_FIELD_ABSENT:
			return AC_PAYLOAD_ABSENT_FIELD;
		case AC_EVENT_MISFIT:
			return AC_PAYLOAD_MISFIT;
		case AC_EVENT_SCAN:
		case AC_EVENT_OUTCOME:
		case AC_EVENT_FILTER_IGNORED:
			break;
	}
	return -1;
}

static void
observe_payload(AcCheck *check, AcCheckTable *table, const AcEvent *event,
				AcPayloadEventKind kind)
{
	AcPayloadTable subject = ac_subject_payload(table);
	AcPayloadEvent told = {kind, event->text, event->rows};
	AcPayloadObservation seen = {
		.now_s = check->now_s,
		.poll = check->watch.polls,
		.rows = event->rows,
		.events = &told,
		.n_events = 1,
	};

	ac_payload_observe(table->payload, &subject, &seen);
}

static void
observe_outcome(AcCheck *check, const AcCheckTable *table,
				const AcEvent *event)
{
	AcProtocolObservation seen = {
		.now_s = check->now_s,
		.poll = check->watch.polls,
		.table = table->label,
		.path = table->path,
		.method = "GET",
		.credentials_sent = ac_connection_has_credentials(check->conn),
		.outcome = (AcErrorCode) event->code,
		.status = event->status,
	};

	ac_protocol_observe(check->protocol, &seen);
}

/*
 * What other credentials are not shown is not gone: fields may be kept from
 * them.  A name that repeats a secret is told to nobody.
 */
static bool
is_evidence(const AcCheck *check, const AcEvent *event)
{
	if (event->kind == AC_EVENT_FIELD_ABSENT && !event->owner)
		return false;
	return !ac_judge_holds_secret(check->conn, event->text);
}

/* A table that was read to the end needs no probe in this poll. */
static void
note_scan(AcCheckTable *table, const AcEvent *event)
{
	if (!event->owner || !event->complete || event->rows == 0)
		return;
	table->has_traffic = true;
}

void
ac_check_events(AcCheck *check, const AcEvent *events, int n)
{
	for (int i = 0; i < n; i++)
	{
		const AcEvent *event = &events[i];
		AcCheckTable *table;
		int kind = payload_kind(event);

		if (event->serverid != check->server->serverid ||
			(table = ac_subject_find(check, event->relid)) == NULL)
			continue;
		if (kind >= 0 && is_evidence(check, event))
			observe_payload(check, table, event, (AcPayloadEventKind) kind);
		else if (kind < 0 && event->kind == AC_EVENT_OUTCOME && event->owner)
			observe_outcome(check, table, event);
		else if (event->kind == AC_EVENT_SCAN)
			note_scan(table, event);
	}
}
