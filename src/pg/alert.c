/*
 * alert.c
 *		Which alerts are there, and what has become of them?
 *
 * See alert.h; raising them is alert_record.c's business.
 */
#include "ac.h"

#include "catalog/pg_type.h"
#include "pg/alert.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "pg/scope.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

static const char *const statuses[] = {
	[AC_ALERT_OPEN] = "open",
	[AC_ALERT_PROPOSED] = "proposed",
	[AC_ALERT_APPLIED] = "applied",
	[AC_ALERT_VERIFIED] = "verified",
	[AC_ALERT_ROLLED_BACK] = "rolled_back",
	[AC_ALERT_DISMISSED] = "dismissed",
	[AC_ALERT_RESOLVED] = "resolved",
};

const char *
ac_alert_status_name(AcAlertStatus status)
{
	Assert((int) status >= 0 && (int) status < (int) lengthof(statuses));
	return statuses[status];
}

static AcAlertStatus
parse_status(const char *name)
{
	for (int i = 0; i < (int) lengthof(statuses); i++)
		if (strcmp(statuses[i], name) == 0)
			return (AcAlertStatus) i;
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("unknown status \"%s\" of an alert", name)));
}

bool
ac_alert_applies_itself(AcOnDrift policy, const char *disposition, int tiers,
						AcFixAction action)
{
	bool shown = (tiers & (AC_TIER_STRUCTURE | AC_TIER_PAIRED | AC_TIER_PROBE)) != 0;
	bool proved = (tiers & (AC_TIER_PAIRED | AC_TIER_PROBE)) != 0;

	if (policy == AC_ON_DRIFT_ALERT || action == AC_FIX_NONE)
		return false;
	if (strcmp(disposition, ac_disposition_name(AC_DISPOSE_AUTO)) == 0)
		return shown && (action != AC_FIX_CREATE_TABLE || policy == AC_ON_DRIFT_HEAL);
	if (strcmp(disposition, ac_disposition_name(AC_DISPOSE_PROOF)) == 0)
		return proved && policy == AC_ON_DRIFT_HEAL;
	return false;
}

/* A fix as stored; NONE if there is none. */
static void
read_fix(const char *text, AcFix *fix)
{
	AcJson *json;
	AcError err;

	memset(fix, 0, sizeof(*fix));
	if (text == NULL)
		return;
	if (!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &json, &err))
		ac_report_error(&err);
	ac_resource_json(json);
	if (!ac_fix_from_json(json, fix, &err))
		ac_report_error(&err);
}

static const char *const load_sql =
	"SELECT a.id, a.server, st.server_oid, a.relid, a.kind, a.fingerprint,"
	"       a.status, a.fix_data, a.inverse_data, a.scopes[1], a.decided_by,"
	"       a.applied_auto::int, a.verify_left,"
	"       (EXISTS (SELECT FROM autoconn.alert c WHERE c.parent_id = a.id))::int"
	" FROM autoconn.alert a"
	" JOIN autoconn.server_state st ON st.server = a.server"
	" JOIN pg_foreign_server f ON f.oid = st.server_oid"
	" WHERE a.id = $1%s";

static AcAlert *
read_alert(const AcScope *scope)
{
	AcAlert *alert = MemoryContextAllocZero(scope->caller, sizeof(AcAlert));
	MemoryContext old = MemoryContextSwitchTo(scope->caller);

	alert->id = ac_scope_int8(0, 1, 0);
	alert->server = ac_scope_text(scope, 0, 2);
	alert->server_oid = (Oid) ac_scope_int8(0, 3, 0);
	alert->relid = (Oid) ac_scope_int8(0, 4, 0);
	alert->kind = ac_scope_text(scope, 0, 5);
	alert->fingerprint = ac_scope_text(scope, 0, 6);
	alert->status = parse_status(ac_scope_text(scope, 0, 7));
	read_fix(ac_scope_text(scope, 0, 8), &alert->fix);
	read_fix(ac_scope_text(scope, 0, 9), &alert->inverse);
	alert->scope = ac_scope_text(scope, 0, 10);
	alert->decided_by = ac_scope_text(scope, 0, 11);
	alert->applied_auto = ac_scope_int8(0, 12, 0) != 0;
	alert->verify_left = (int) ac_scope_int8(0, 13, 0);
	alert->parent = ac_scope_int8(0, 14, 0) != 0;
	MemoryContextSwitchTo(old);
	return alert;
}

AcAlert *
ac_alert_load(int64 id, AcAlertLock lock)
{
	static const char *const clauses[] = {
		[AC_ALERT_LOOK] = "",
		[AC_ALERT_LOCK] = " FOR UPDATE OF a",
		[AC_ALERT_TRY] = " FOR UPDATE OF a SKIP LOCKED",
	};
	AcAlert *alert = NULL;
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_int8(&args, id);
	if (ac_scope_run(psprintf(load_sql, clauses[lock]), &args, false) == 1)
		alert = read_alert(&scope);
	ac_scope_end(&scope);
	return alert;
}

/* To be run in a scope. */
static void
settle_parents(const char *server, TimestampTz now)
{
	AcArgs args = {0};

	ac_arg_text(&args, server);
	ac_arg_datum(&args, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	ac_scope_run("UPDATE autoconn.alert SET status = 'resolved', decided_at = $2"
				 " WHERE id IN ("
				 "  SELECT p.id FROM autoconn.alert p"
				 "  WHERE p.server = $1 AND p.status IN ('open', 'proposed')"
				 "    AND EXISTS (SELECT FROM autoconn.alert c WHERE c.parent_id = p.id)"
				 "    AND NOT EXISTS (SELECT FROM autoconn.alert c WHERE c.parent_id = p.id"
				 "                    AND c.status IN ('open', 'proposed'))"
				 "  FOR UPDATE SKIP LOCKED)",
				 &args, false);
}

void
ac_alert_settle_parents(const char *server, TimestampTz now)
{
	AcScope scope;

	ac_scope_begin(&scope);
	settle_parents(server, now);
	ac_scope_end(&scope);
}

void
ac_alert_decide(const AcAlert *alert, const AcAlertDecision *decision)
{
	bool applied_now = decision->status == AC_ALERT_APPLIED &&
					   decision->by != NULL;
	AcScope scope;
	AcArgs args = {0};

	ac_scope_begin(&scope);
	ac_arg_int8(&args, alert->id);
	ac_arg_text(&args, ac_alert_status_name(alert->status));
	ac_arg_text(&args, ac_alert_status_name(decision->status));
	ac_arg_text(&args, decision->by);
	ac_arg_datum(&args, TIMESTAMPTZOID, TimestampTzGetDatum(decision->now), false);
	ac_arg_text(&args, decision->reason);
	ac_arg_text(&args, decision->note);
	ac_arg_datum(&args, INT4OID, Int32GetDatum(decision->verify_left),
				 decision->status != AC_ALERT_APPLIED);
	ac_arg_datum(&args, BOOLOID, BoolGetDatum(applied_now), false);
	ac_arg_datum(&args, BOOLOID, BoolGetDatum(decision->automatic), false);
	ac_arg_datum(&args, BOOLOID, BoolGetDatum(decision->human), false);
	ac_scope_run("UPDATE autoconn.alert SET status = $3,"
				 " decided_by = COALESCE($4, decided_by),"
				 " decided_at = CASE WHEN $4 IS NULL THEN decided_at ELSE $5 END,"
				 " reason = COALESCE($6, reason), note = $7, verify_left = $8,"
				 " applied_auto = CASE WHEN $9 THEN $10 ELSE applied_auto END,"
				 " applied_at = CASE WHEN $9 THEN $5 ELSE applied_at END,"
				 " disposition = CASE WHEN $11 THEN 'human' ELSE disposition END"
				 " WHERE id = (SELECT id FROM autoconn.alert"
				 "             WHERE id = $1 AND status = $2"
				 "             FOR UPDATE SKIP LOCKED)",
				 &args, false);
	settle_parents(alert->server, decision->now);
	ac_scope_end(&scope);
}

/* Column 1 as an int64 *. */
static void *
read_id(const AcScope *scope, uint64 row)
{
	int64 *id = MemoryContextAlloc(scope->caller, sizeof(int64));

	*id = ac_scope_int8(row, 1, 0);
	return id;
}

List *
ac_alert_children(int64 id)
{
	AcScope scope;
	AcArgs args = {0};
	List *ids;

	ac_scope_begin(&scope);
	ac_arg_int8(&args, id);
	ids = ac_scope_list(&scope,
						"SELECT id FROM autoconn.alert WHERE parent_id = $1"
						" AND status IN ('open', 'proposed') ORDER BY id",
						&args, read_id);
	ac_scope_end(&scope);
	return ids;
}

/* An unknown action is left to whoever loads the alert, which fails. */
static AcFixAction
parse_action(const char *name)
{
	for (int i = AC_FIX_NONE; i <= AC_FIX_DROP_TABLE; i++)
		if (name != NULL && strcmp(ac_fix_action_name((AcFixAction) i), name) == 0)
			return (AcFixAction) i;
	return AC_FIX_ADD_COLUMN;
}

List *
ac_alert_pending(ForeignServer *server, AcOnDrift policy)
{
	AcScope scope;
	AcArgs args = {0};
	List *ids = NIL;

	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	ac_arg_oid(&args, server->serverid);
	ac_scope_run("SELECT a.id, a.disposition, a.tiers, a.fix_data->>'action'"
				 " FROM autoconn.alert a"
				 " JOIN autoconn.server_state st ON st.server = a.server"
				 " WHERE a.server = $1 AND st.server_oid = $2"
				 "   AND a.status IN ('open', 'proposed')"
				 "   AND a.fix_data IS NOT NULL ORDER BY a.id",
				 &args, false);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(scope.caller);
		int64 *id = read_id(&scope, i);

		if (ac_alert_applies_itself(policy, ac_scope_text(&scope, i, 2),
									(int) ac_scope_int8(i, 3, 0),
									parse_action(ac_scope_text(&scope, i, 4))))
			ids = lappend(ids, id);
		MemoryContextSwitchTo(old);
	}
	ac_scope_end(&scope);
	return ids;
}

List *
ac_alert_unverified(ForeignServer *server, const char *scope_name, Oid relid)
{
	AcScope scope;
	AcArgs args = {0};
	List *ids;

	ac_scope_begin(&scope);
	ac_arg_text(&args, server->servername);
	ac_arg_text(&args, scope_name);
	ac_arg_oid(&args, relid);
	ids = ac_scope_list(&scope,
						"SELECT id FROM autoconn.alert"
						" WHERE server = $1 AND $2 = ANY (scopes)"
						"   AND ($3 = 0 OR relid = $3)"
						"   AND status = 'applied' AND verify_left > 0 ORDER BY id",
						&args, read_id);
	ac_scope_end(&scope);
	return ids;
}

int
ac_alert_automatic_changes(const char *server, TimestampTz now)
{
	AcScope scope;
	AcArgs args = {0};
	int changes;

	ac_scope_begin(&scope);
	ac_arg_text(&args, server);
	ac_arg_datum(&args, TIMESTAMPTZOID, TimestampTzGetDatum(now), false);
	ac_scope_run("SELECT count(*) FROM autoconn.alert"
				 " WHERE server = $1 AND applied_auto"
				 "   AND applied_at > $2 - interval '24 hours'"
				 "   AND applied_at <= $2",
				 &args, false);
	changes = (int) ac_scope_int8(0, 1, 0);
	ac_scope_end(&scope);
	return changes;
}
