/*
 * decide.c
 *		autoconn.approve, autoconn.dismiss, autoconn.rollback
 *
 * What a person decides about an alert.  The person needs ownership of the
 * table, of the server where there is none, and statements run with the
 * person's own rights.  The alert's row is locked before anything is decided:
 * of two people the second sees what the first did.
 */
#include "ac.h"

#include "catalog/pg_class.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/alert.h"
#include "pg/catalog.h"
#include "pg/compat.h"
#include "pg/guc.h"
#include "pg/srf.h"
#include "storage/lmgr.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
#include "worker/apply.h"

static void
throw_not_there(int64 id)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("alert %lld does not exist", (long long) id)));
}

/* May the current user see the server's alerts at all? */
static bool
may_use_server(Oid serverid)
{
	return DatumGetBool(DirectFunctionCall2(has_server_privilege_id,
											ObjectIdGetDatum(serverid),
											CStringGetTextDatum("USAGE")));
}

/* An alert that one may not see is told from none by nobody. */
static void
check_owner(const AcAlert *alert)
{
	char *table = OidIsValid(alert->relid) ? get_rel_name(alert->relid) : NULL;

	if (table != NULL ? ac_relation_ownercheck(alert->relid, GetUserId())
					  : ac_foreign_server_ownercheck(alert->server_oid, GetUserId()))
		return;
	if (!may_use_server(alert->server_oid))
		throw_not_there(alert->id);
	if (table != NULL)
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_FOREIGN_TABLE, table);
	aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_FOREIGN_SERVER, alert->server);
}

static bool
is_undecided(const AcAlert *alert)
{
	return alert->status == AC_ALERT_OPEN || alert->status == AC_ALERT_PROPOSED;
}

/*
 * Locks the table that a fix will change before the alert: DROP SERVER
 * CASCADE has its lock on the table, too, before it deletes alerts.
 */
static void
lock_table(const AcAlert *alert, const AcFix *fix)
{
	if (fix->action != AC_FIX_NONE && OidIsValid(alert->relid) &&
		get_rel_relkind(alert->relid) == RELKIND_FOREIGN_TABLE &&
		ac_relation_ownercheck(alert->relid, GetUserId()))
		LockRelationOid(alert->relid, AccessExclusiveLock);
}

/*
 * The alert, locked, if the current user may decide about it; changes: the
 * decision changes the table.
 */
static AcAlert *
lock_alert(int64 id, bool changes)
{
	AcAlert *alert = ac_alert_load(id, AC_ALERT_LOOK);

	if (alert == NULL)
		throw_not_there(id);
	check_owner(alert);
	if (changes)
		lock_table(alert, is_undecided(alert) ? &alert->fix : &alert->inverse);
	alert = ac_alert_load(id, AC_ALERT_LOCK);
	if (alert == NULL)
		throw_not_there(id);
	check_owner(alert);
	return alert;
}

static AcAlert *
alert_argument(FunctionCallInfo fcinfo, const char *command, bool changes)
{
	PreventCommandIfReadOnly(command);
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the alert must not be null")));
	return lock_alert(PG_GETARG_INT64(0), changes);
}

/* It has been decided, or has gone: says how and by whom. */
static void
throw_decided(const AcAlert *alert)
{
	bool undone = alert->status == AC_ALERT_ROLLED_BACK;
	const char *status = undone ? "rolled back"
						 : alert->status == AC_ALERT_VERIFIED
							 ? ac_alert_status_name(AC_ALERT_APPLIED)
							 : ac_alert_status_name(alert->status);

	if (alert->decided_by == NULL || alert->status == AC_ALERT_RESOLVED)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("alert %lld is already %s", (long long) alert->id, status)));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("alert %lld is already %s by %s", (long long) alert->id,
					status, alert->decided_by),
			 undone ? errhint("The statement that its column \"fix\" shows can be run by hand.")
					: 0));
}

static void
decide(const AcAlert *alert, AcAlertStatus status, const char *reason)
{
	AcAlertDecision decision = {
		.status = status,
		.by = GetUserNameFromId(GetUserId(), false),
		.reason = reason,
		.verify_left = AC_ALERT_LOOKS,
		.now = ac_guc_now(),
	};

	ac_alert_decide(alert, &decision);
}

PG_FUNCTION_INFO_V1(autoconn_approve);

/* autoconn.approve(alert bigint) -> text: the statement that was run. */
Datum
autoconn_approve(PG_FUNCTION_ARGS)
{
	AcAlert *alert = alert_argument(fcinfo, "autoconn.approve()", true);
	char *statement;

	if (!is_undecided(alert))
		throw_decided(alert);
	if (alert->fix.action == AC_FIX_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("alert %lld proposes no fix", (long long) alert->id),
				 alert->parent
					 ? errhint("It stands for others: SELECT autoconn.approve(id) FROM autoconn.alerts WHERE parent_id = %lld AND status = 'proposed';",
							   (long long) alert->id)
					 : errhint("Once it has been dealt with, dismiss it.")));
	statement = ac_apply_fix(alert, false);
	decide(alert, AC_ALERT_APPLIED, NULL);
	PG_RETURN_TEXT_P(cstring_to_text(statement));
}

PG_FUNCTION_INFO_V1(autoconn_dismiss);

/* autoconn.dismiss(alert bigint, reason text): a parent with its children. */
Datum
autoconn_dismiss(PG_FUNCTION_ARGS)
{
	AcAlert *alert = alert_argument(fcinfo, "autoconn.dismiss()", false);
	char *reason = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	ListCell *lc;

	if (!is_undecided(alert))
		throw_decided(alert);
	decide(alert, AC_ALERT_DISMISSED, reason);
	foreach (lc, ac_alert_children(alert->id))
	{
		AcAlert *child = lock_alert(*(int64 *) lfirst(lc), false);

		if (is_undecided(child))
			decide(child, AC_ALERT_DISMISSED, reason);
	}
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(autoconn_rollback);

/* autoconn.rollback(alert bigint) -> text: the statement that was run. */
Datum
autoconn_rollback(PG_FUNCTION_ARGS)
{
	AcAlert *alert = alert_argument(fcinfo, "autoconn.rollback()", true);
	char *statement;

	if (alert->status == AC_ALERT_ROLLED_BACK)
		throw_decided(alert);
	if (alert->status != AC_ALERT_APPLIED && alert->status != AC_ALERT_VERIFIED)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("alert %lld has no fix that was applied", (long long) alert->id)));
	if (alert->inverse.action == AC_FIX_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the fix of alert %lld cannot be undone", (long long) alert->id)));
	statement = ac_apply_fix(alert, true);
	decide(alert, AC_ALERT_ROLLED_BACK, NULL);
	PG_RETURN_TEXT_P(cstring_to_text(statement));
}

PG_FUNCTION_INFO_V1(autoconn_apply_pending);

/*
 * autoconn.apply_pending(server name, at timestamptz)
 * -> setof (alert, outcome, note): what the worker does after a look.
 */
Datum
autoconn_apply_pending(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ForeignServer *server;
	ListCell *lc;

	if (!superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be superuser to apply pending fixes")));
	PreventCommandIfReadOnly("autoconn.apply_pending()");
	server = GetForeignServerByName(NameStr(*PG_GETARG_NAME(0)), false);
	InitMaterializedSRF(fcinfo, 0);
	foreach (lc, ac_alert_pending(server, ac_option_server(server)->on_drift))
	{
		int64 id = *(int64 *) lfirst(lc);
		const char *note;
		AcApplyOutcome outcome = ac_apply_automatic(id, PG_GETARG_TIMESTAMPTZ(1), &note);
		Datum values[3];
		bool nulls[3] = {false};

		values[0] = Int64GetDatum(id);
		values[1] = CStringGetTextDatum(ac_apply_outcome_name(outcome));
		ac_srf_text(values, nulls, 2, note);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
