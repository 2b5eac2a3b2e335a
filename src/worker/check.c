/*
 * check.c
 *		What is found out about one server in one poll?  See check.h.
 *
 * The steps of a poll in their order.  A server, or a table, that goes away
 * while the API is asked is noticed by the last step, which locks the state
 * and then stores everything or nothing.
 */
#include "ac.h"

#include "access/xact.h"
#include "common/pg_prng.h"
#include "core/json.h"
#include "miscadmin.h"
#include "net/engine.h"
#include "net/learn.h"
#include "pg/alert.h"
#include "pg/guc.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "worker/apply.h"
#include "worker/check.h"
#include "worker/ignored.h"
#include "worker/specwatch.h"
#include "worker/step.h"
#include "worker/subject.h"
#include "worker/webhook.h"

/*
 * By how much the time between polls varies, either way: servers that were
 * made together, and databases that started together, drift apart.
 */
#define JITTER 0.1

/*
 * A poll that took long is not made again for so many times as long, whatever
 * check_interval says: an API that does not answer keeps a worker busy.
 */
#define REST 10

/* Microseconds from 1970 to 2000. */
#define EPOCH_S \
	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

/* ---- first step: what is known ---- */

/* A stored state as a document that lives as long as the poll, or NULL. */
static AcJson *
parse_state(const char *text)
{
	AcJson *json;

	if (text == NULL ||
		!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &json, NULL))
		return NULL;
	return ac_resource_json(json);
}

/* Connects the tables with what was kept of them. */
static void
load_states(AcCheck *check)
{
	List *stored = ac_watch_load_tables(check->server);
	ListCell *lc;

	foreach (lc, stored)
	{
		AcWatchTable *state = lfirst(lc);
		AcCheckTable *table = ac_subject_find(check, state->relid);

		if (table != NULL)
			table->stored = state;
	}
	for (int i = 0; i < check->n_tables; i++)
	{
		AcCheckTable *table = &check->tables[i];
		const AcWatchTable *state = table->stored;

		ac_payload_load(parse_state(state != NULL ? state->payload : NULL),
						&table->payload);
	}
	ac_protocol_load(parse_state(check->watch.protocol), &check->protocol);
}

/* Everything that the poll needs of the catalogs; false if there is nothing. */
static bool
load(AcCheck *check, Oid serverid)
{
	check->server = ac_step_has_extension()
						? GetForeignServerExtended(serverid, FSV_MISSING_OK)
						: NULL;
	if (check->server == NULL ||
		!ac_catalog_load(check->server, &check->state))
		return false;
	check->options = ac_option_server(check->server);
	check->conn = ac_connection_detached(serverid, check->server->owner);
	ac_watch_load(check->server, &check->watch);
	check->decided = ac_watch_load_decided(check->server);
	ac_specwatch_load(check);
	ac_subject_load(check);
	load_states(check);
	return true;
}

/* ---- judging ---- */

void
ac_check_list(AcDriftList *list)
{
	ac_drift_list_init(list);
	ac_resource_json(list->owner);
}

AcWatchDecided *
ac_check_decided(const AcCheck *check, const AcDrift *drift, Oid relid)
{
	char *fingerprint = ac_drift_fingerprint(drift);
	ListCell *lc;

	foreach (lc, check->decided)
	{
		AcWatchDecided *decided = lfirst(lc);

		if ((!OidIsValid(relid) || decided->relid == relid) &&
			strcmp(decided->fingerprint, fingerprint) == 0)
			return decided;
	}
	return NULL;
}

/* What payloads of one table show; decisions are accepted first. */
static void
judge_payload(AcCheck *check, AcCheckTable *table, List **accepted)
{
	AcPayloadTable subject = ac_subject_payload(table);
	AcDriftList found;

	ac_drift_list_init(&found);
	ac_payload_report(table->payload, &subject, &found);
	for (int i = 0; i < found.n; i++)
	{
		AcWatchDecided *decided = ac_check_decided(check, &found.items[i],
												   table->relid);

		if (decided == NULL)
			continue;
		ac_payload_accept(table->payload, &found.items[i]);
		*accepted = lappend(*accepted, decided);
	}
	ac_drift_list_free(&found);
	ac_payload_report(table->payload, &subject, &check->payload);
}

/* What the API's answers show, as answers. */
static void
judge_protocol(AcCheck *check, List **accepted)
{
	AcDriftList found;

	ac_drift_list_init(&found);
	ac_protocol_report(check->protocol, check->now_s, &found);
	for (int i = 0; i < found.n; i++)
	{
		char *fingerprint = ac_drift_fingerprint(&found.items[i]);
		ListCell *lc;

		foreach (lc, check->decided)
		{
			AcWatchDecided *decided = lfirst(lc);

			if (strcmp(decided->fingerprint, fingerprint) != 0)
				continue;
			ac_protocol_accept(check->protocol, &found.items[i]);
			*accepted = lappend(*accepted, decided);
		}
	}
	ac_drift_list_free(&found);
	ac_protocol_report(check->protocol, check->now_s, &check->protocol_drifts);
}

/* What came, judged by the rules; *accepted gets decisions that were found. */
static void
judge(AcCheck *check, List **accepted)
{
	ac_check_list(&check->payload);
	ac_check_list(&check->protocol_drifts);
	for (int i = 0; i < check->n_tables; i++)
		judge_payload(check, &check->tables[i], accepted);
	ac_check_ignored_report(check);
	judge_protocol(check, accepted);
	ac_specwatch_judge(check, accepted);
	ac_specwatch_save(check);
	check->watch.protocol = ac_json_into_text(ac_protocol_save(check->protocol));
}

/* ---- last step: what was found ---- */

/* When the server is to be polled again. */
static TimestampTz
next_poll(const AcCheck *check)
{
	double spread = 1.0 - JITTER +
					2.0 * JITTER * pg_prng_double(&pg_global_prng_state);
	double took_ms = (double) (ac_engine_now_ms() - check->began_ms);
	double wait_ms = Max((double) check->options->check_interval_ms,
						 took_ms * REST);

	return TimestampTzPlusMilliseconds(check->now,
									   (int64) (wait_ms * spread));
}

/* One scope's drifts become alerts; new ones are appended to raised. */
static void
record(AcCheck *check, const AcDriftList *drifts, AcAlertBatch *batch,
	   List **raised)
{
	ListCell *lc;

	batch->now = check->now;
	batch->policy = check->options->on_drift;
	ac_apply_bind(check->server, drifts, batch);
	foreach (lc, ac_alert_record(check->server, batch))
	{
		int64 *id = palloc(sizeof(int64));

		*id = ((AcAlertRaised *) lfirst(lc))->id;
		*raised = lappend(*raised, id);
	}
}

/* Tables that answered, but could not be read. */
static List *
unreadable_tables(const AcCheck *check)
{
	List *relids = NIL;

	for (int i = 0; i < check->n_tables; i++)
		if (check->tables[i].misread)
			relids = lappend_oid(relids, check->tables[i].relid);
	return relids;
}

static void
record_all(AcCheck *check, List **raised)
{
	AcAlertBatch spec = {.scope = "spec", .cause = AC_CAUSE_SPEC_CHANGED};
	AcAlertBatch payload = {.scope = "payload", .cause = AC_CAUSE_SPEC_REALITY_MISMATCH};
	AcAlertBatch protocol = {.scope = "protocol", .cause = AC_CAUSE_NONE};

	/* First, so that what the description announced is its parent's child. */
	if (!check->quick)
		record(check, &check->spec, &spec, raised);
	record(check, &check->payload, &payload, raised);
	record(check, &check->protocol_drifts, &protocol, raised);
	if (check->quick)
		return;
	ac_apply_verify(check->server, &spec, unreadable_tables(check));
	ac_apply_verify(check->server, &payload, unreadable_tables(check));
}

/* What was kept of tables that are gone goes, too. */
static void
store_tables(AcCheck *check)
{
	List *relids = NIL;

	for (int i = 0; i < check->n_tables; i++)
	{
		AcCheckTable *table = &check->tables[i];
		AcWatchTable stored = {.relid = table->relid};

		stored.payload = ac_json_into_text(ac_payload_save(table->payload));
		ac_watch_store_table(check->server, &stored);
		relids = lappend_oid(relids, table->relid);
	}
	ac_watch_keep_tables(check->server, relids);
}

/* A description that changed is what imports go by from now on. */
static void
store_description(AcCheck *check)
{
	const AcCheckDescription *description = &check->description;
	AcServerState state = check->state;

	if (!description->changed || description->kept ||
		description->discovery == NULL)
		return;
	state.description = description->document;
	state.kind = unconstify(char *, description->discovery->api->kind);
	state.title = unconstify(char *, description->discovery->api->title);
	state.version = unconstify(char *, description->discovery->api->version);
	ac_catalog_store_description(check->server, &state, description->plans);
}

/*
 * Stores the poll; returns the ids of new alerts.  The extension may have gone
 * while the API was asked.
 */
static List *
store(AcCheck *check, List *accepted)
{
	List *raised = NIL;

	if (!ac_step_has_extension() ||
		!ac_watch_store(check->server, &check->watch, check->now,
						check->quick ? DT_NOBEGIN : next_poll(check)))
		return NIL;
	store_description(check);
	store_tables(check);
	ac_check_ignored_store(check);
	ac_watch_accept(accepted);
	record_all(check, &raised);
	ac_webhook_queue(raised);
	return raised;
}

/* ---- the poll ---- */

static AcCheck *
create_check(MemoryContext parent, bool quick)
{
	MemoryContext cxt = AllocSetContextCreate(parent, "autoconn check",
											  ALLOCSET_DEFAULT_SIZES);
	AcCheck *check = MemoryContextAllocZero(cxt, sizeof(AcCheck));

	check->cxt = cxt;
	check->quick = quick;
	check->now = ac_guc_now();
	check->began_ms = ac_engine_now_ms();
	check->now_s = check->now / USECS_PER_SEC + EPOCH_S;
	return check;
}

/* Begins and ends a step where the poll has transactions of its own. */
static void
begin_step(const AcCheck *check, const AcCheckRequest *request)
{
	if (request->mode == AC_CHECK_WORKER)
		ac_step_begin(check->cxt);
}

static void
end_step(const AcCheckRequest *request)
{
	if (request->mode == AC_CHECK_WORKER)
		ac_step_end();
}

/* Fixes that need no person, each in a transaction of its own. */
static void
apply(AcCheck *check)
{
	List *pending = NIL;
	ListCell *lc;

	ac_step_begin(check->cxt);
	if (ac_step_has_extension())
		pending = ac_alert_pending(check->server, check->options->on_drift);
	ac_step_end();
	foreach (lc, pending)
	{
		const char *note;

		ac_step_begin(check->cxt);
		if (ac_step_has_extension())
			(void) ac_apply_automatic(*(int64 *) lfirst(lc), check->now, &note);
		ac_step_end();
	}
}

/*
 * Is the API yet to be found?  Where it wants credentials first, a mapping
 * brings the next try; where it is none, its owner.
 */
static bool
is_undiscovered(const AcCheck *check)
{
	return check->options->discover &&
		   (strcmp(check->state.status, "unreachable") == 0 ||
			strcmp(check->state.status, "pending") == 0);
}

/* Tries to find an API that could not be reached. */
static void
discover(AcCheck *check, const AcCheckRequest *request)
{
	AcDiscovery *discovery = ac_discover_run(check->conn);
	AcTablePlans *plans;

	begin_step(check, request);
	if (ac_step_has_extension() &&
		ac_watch_store(check->server, &check->watch, check->now,
					   next_poll(check)))
		ac_learn_keep(check->server, check->conn, discovery, &plans);
	end_step(request);
}

/* A poll of an API that was found. */
static List *
poll(AcCheck *check, const AcCheckRequest *request)
{
	List *accepted = NIL;
	List *raised;

	ac_check_events(check, request->events, request->n_events);
	if (!check->quick)
	{
		ac_check_description(check);
		ac_check_probe(check);
	}
	judge(check, &accepted);
	begin_step(check, request);
	raised = store(check, accepted);
	end_step(request);
	if (!check->quick && request->mode == AC_CHECK_WORKER)
		apply(check);
	return raised;
}

List *
ac_check_server(const AcCheckRequest *request)
{
	MemoryContext caller = CurrentMemoryContext;
	AcCheck *check = create_check(caller, request->quick);
	List *raised = NIL;
	List *result = NIL;
	ListCell *lc;
	bool found;

	MemoryContextSwitchTo(check->cxt);
	begin_step(check, request);
	found = load(check, request->serverid);
	if (found)
		ac_check_ignored_load(check, request->events, request->n_events);
	end_step(request);
	/* A quick look belongs to the poll that comes next. */
	check->watch.polls++;
	if (found && is_undiscovered(check) && !check->quick)
		discover(check, request);
	else if (found)
		raised = poll(check, request);
	MemoryContextSwitchTo(caller);
	foreach (lc, raised)
	{
		int64 *id = palloc(sizeof(int64));

		*id = *(int64 *) lfirst(lc);
		result = lappend(result, id);
	}
	MemoryContextDelete(check->cxt);
	return result;
}
