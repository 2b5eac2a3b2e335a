/*
 * apply.c
 *		How is a fix carried out, watched and undone?
 *
 * See apply.h.  A fix says itself what it expects: the options that it sets
 * have the values from before, the column that it adds is not there, the one
 * that it drops is as it was added.  That holds for inverses too.
 */
#include "ac.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/defrem.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pg/attempt.h"
#include "pg/compat.h"
#include "pg/ddl.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "worker/apply.h"

/*
 * How long an automatic fix waits for its lock: readers queue behind it, so it
 * must not be noticed; a plain query holds its lock no longer than that either
 * or else it is no moment for changes.
 */
#define LOCK_TIMEOUT "50ms"

/* Who decides when nobody does. */
#define AUTOMATON "autoconn"

static const char *const outcomes[] = {
	[AC_APPLY_DONE] = "applied",
	[AC_APPLY_BUSY] = "busy",
	[AC_APPLY_STALE] = "stale",
	[AC_APPLY_FAILED] = "failed",
	[AC_APPLY_CAPPED] = "capped",
	[AC_APPLY_SKIPPED] = "skipped",
};

const char *
ac_apply_outcome_name(AcApplyOutcome outcome)
{
	Assert((int) outcome >= 0 && (int) outcome < (int) lengthof(outcomes));
	return outcomes[outcome];
}

/* ---- is the catalog what the fix was made for? ---- */

static void
throw_stale(const AcAlert *alert, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("alert %lld does not fit the catalog any more",
					(long long) alert->id),
			 errdetail("%s", detail),
			 errhint("The next check will propose what fits; or dismiss the alert.")));
}

/* The table is there, a foreign table of the alert's server, and the user's. */
static void
check_table(const AcAlert *alert, Oid relid)
{
	char *name = OidIsValid(relid) ? get_rel_name(relid) : NULL;

	if (name == NULL || get_rel_relkind(relid) != RELKIND_FOREIGN_TABLE ||
		GetForeignTable(relid)->serverid != alert->server_oid)
		throw_stale(alert, "The table is not there any more.");
	if (!ac_relation_ownercheck(relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_FOREIGN_TABLE, name);
}

/* Nobody who may not change a table makes others wait for it. */
static void
lock_table(const AcAlert *alert, Oid relid)
{
	check_table(alert, relid);
	LockRelationOid(relid, AccessExclusiveLock);
	check_table(alert, relid);
}

static void
check_options(const AcAlert *alert, const AcFix *fix, Oid relid,
			  AttrNumber attnum)
{
	List *options = GetForeignColumnOptions(relid, attnum);

	/* A column goes only if it is as it was added. */
	if (fix->action == AC_FIX_DROP_COLUMN &&
		list_length(options) != fix->n_options)
		throw_stale(alert, psprintf("Options of column \"%s\" have been changed.",
									fix->column));
	for (int i = 0; i < fix->n_options; i++)
	{
		const AcFixOption *option = &fix->options[i];
		const char *now = ac_option_given(options, option->name);

		if (now == NULL || option->before == NULL ? now != option->before
												  : strcmp(now, option->before) != 0)
			throw_stale(alert, psprintf("Option \"%s\" of column \"%s\" has been changed.",
										option->name, fix->column));
	}
}

static void
check_type(const AcAlert *alert, const AcFix *fix, Oid relid,
		   AttrNumber attnum)
{
	Oid expected;
	Oid type;
	Oid collation;
	int32 expected_typmod;
	int32 typmod;

	if (fix->type == NULL)
		return;
	ac_parse_type(fix->type, &expected, &expected_typmod);
	get_atttypetypmodcoll(relid, attnum, &type, &typmod, &collation);
	if (type != expected || typmod != expected_typmod)
		throw_stale(alert, psprintf("Column \"%s\" has another type now.",
									fix->column));
}

/* The value of an option that the fix sets, NULL if it does not. */
static const char *
option_after(const AcFix *fix, const char *name)
{
	for (int i = 0; i < fix->n_options; i++)
		if (strcmp(fix->options[i].name, name) == 0)
			return fix->options[i].after;
	return NULL;
}

/*
 * Is the column new, and what it shows?  A description and rows may tell of
 * the same member under two names.
 */
static void
check_new_column(const AcAlert *alert, const AcFix *fix, Oid relid)
{
	const char *json_path = option_after(fix, "json_path");

	if (get_attnum(relid, fix->column) != InvalidAttrNumber)
		throw_stale(alert, psprintf("Column \"%s\" exists already.",
									fix->column));
	for (AttrNumber attnum = 1;
		 json_path != NULL &&
		 SearchSysCacheExists2(ATTNUM, ObjectIdGetDatum(relid),
							   Int16GetDatum(attnum));
		 attnum++)
	{
		const char *shown = ac_option_given(GetForeignColumnOptions(relid, attnum),
											"json_path");

		if (shown != NULL && strcmp(shown, json_path) == 0)
			throw_stale(alert, psprintf("Column \"%s\" shows it already.",
										get_attname(relid, attnum, false)));
	}
}

static void
check_column(const AcAlert *alert, const AcFix *fix, Oid relid)
{
	AttrNumber attnum = get_attnum(relid, fix->column);

	if (fix->action == AC_FIX_ADD_COLUMN)
	{
		check_new_column(alert, fix, relid);
		return;
	}
	if (attnum <= 0)
		throw_stale(alert, psprintf("Column \"%s\" is not there any more.",
									fix->column));
	check_options(alert, fix, relid, attnum);
	if (fix->action == AC_FIX_DROP_COLUMN)
		check_type(alert, fix, relid, attnum);
}

static Oid
named_relation(const AcFix *fix)
{
	Oid namespace = fix->schema != NULL ? get_namespace_oid(fix->schema, true)
										: InvalidOid;

	return OidIsValid(namespace) ? get_relname_relid(fix->relation, namespace)
								 : InvalidOid;
}

/* Locks what the fix changes and makes sure that it fits. */
static void
prepare(const AcAlert *alert, AcFix *fix)
{
	switch (fix->action)
	{
		case AC_FIX_NONE:
			throw_stale(alert, "There is nothing to carry out.");
			break;
		case AC_FIX_ADD_COLUMN:
		case AC_FIX_DROP_COLUMN:
		case AC_FIX_COLUMN_OPTIONS:
			lock_table(alert, alert->relid);
			check_column(alert, fix, alert->relid);
			/* It may have been renamed since. */
			fix->relation = get_rel_name(alert->relid);
			fix->schema = get_namespace_name(get_rel_namespace(alert->relid));
			break;
		case AC_FIX_CREATE_TABLE:
			if (OidIsValid(named_relation(fix)))
				throw_stale(alert, psprintf("Relation \"%s\" exists already.",
											fix->relation));
			break;
		case AC_FIX_DROP_TABLE:
			lock_table(alert, named_relation(fix));
			break;
	}
}

static void
run_statement(const char *statement)
{
	int result;

	if (SPI_connect() != SPI_OK_CONNECT)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not connect to the server programming interface")));
	result = SPI_execute(statement, false, 0);
	if (result < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not carry out a fix: %s",
						SPI_result_code_string(result))));
	SPI_finish();
}

char *
ac_apply_fix(const AcAlert *alert, bool inverse)
{
	AcFix fix = inverse ? alert->inverse : alert->fix;
	char *statement;

	prepare(alert, &fix);
	statement = ac_ddl_fix(&fix);
	run_statement(statement);
	return statement;
}

/* ---- without a person ---- */

/* Whose rights an automatic fix has. */
static Oid
acting_role(const AcAlert *alert)
{
	Oid owner = InvalidOid;

	if (OidIsValid(alert->relid))
	{
		HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(alert->relid));

		if (HeapTupleIsValid(tuple))
		{
			owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
			ReleaseSysCache(tuple);
		}
	}
	return OidIsValid(owner) ? owner : GetForeignServer(alert->server_oid)->owner;
}

/* As the owner, with settings that nobody else can have made. */
static void
carry_out(const AcAlert *alert, bool inverse)
{
	Oid user;
	int context;
	int guc_level;

	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(acting_role(alert),
						   context | SECURITY_LOCAL_USERID_CHANGE |
							   SECURITY_RESTRICTED_OPERATION);
	guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp",
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
	(void) set_config_option("lock_timeout", LOCK_TIMEOUT,
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
	(void) ac_apply_fix(alert, inverse);
	AtEOXact_GUC(false, guc_level);
	SetUserIdAndSecContext(user, context);
}

static AcApplyOutcome
outcome_of(const ErrorData *error)
{
	switch (error->sqlerrcode)
	{
		case ERRCODE_LOCK_NOT_AVAILABLE:
			return AC_APPLY_BUSY;
		case ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE:
			return AC_APPLY_STALE;
		default:
			return AC_APPLY_FAILED;
	}
}

/* What is to be done, and how. */
typedef struct Trial
{
	const AcAlert *alert;
	bool inverse;
} Trial;

static void
carry_out_trial(void *arg)
{
	const Trial *trial = arg;

	carry_out(trial->alert, trial->inverse);
}

/*
 * Carries the fix or its inverse out in a subtransaction of its own; a failure
 * undoes it and is told in *note.  A cancel is no failure of the fix.
 */
static AcApplyOutcome
try_carry_out(const AcAlert *alert, bool inverse, const char **note)
{
	Trial trial = {alert, inverse};
	ErrorData *error = ac_attempt(carry_out_trial, &trial);
	AcApplyOutcome outcome;

	*note = NULL;
	if (error == NULL)
		return AC_APPLY_DONE;
	if (error->sqlerrcode == ERRCODE_QUERY_CANCELED)
		ReThrowError(error);
	outcome = outcome_of(error);
	*note = outcome == AC_APPLY_BUSY							 ? "table busy"
			: outcome == AC_APPLY_STALE && error->detail != NULL ? error->detail
																 : error->message;
	return outcome;
}

AcApplyOutcome
ac_apply_automatic(int64 id, TimestampTz now, const char **note)
{
	AcAlert *alert = ac_alert_load(id, AC_ALERT_TRY);
	AcAlertDecision decision = {.status = AC_ALERT_OPEN, .now = now};
	AcApplyOutcome outcome;

	*note = NULL;
	if (alert == NULL || alert->fix.action == AC_FIX_NONE ||
		(alert->status != AC_ALERT_OPEN && alert->status != AC_ALERT_PROPOSED))
		return AC_APPLY_SKIPPED;
	if (ac_alert_automatic_changes(alert->server, now) >= AC_APPLY_DAILY)
	{
		outcome = AC_APPLY_CAPPED;
		*note = psprintf("%d automatic changes in a day", AC_APPLY_DAILY);
	}
	else
		outcome = try_carry_out(alert, false, note);
	if (outcome == AC_APPLY_DONE)
	{
		decision.status = AC_ALERT_APPLIED;
		decision.by = AUTOMATON;
		decision.automatic = true;
		decision.verify_left = AC_ALERT_LOOKS;
	}
	else if (outcome != AC_APPLY_STALE && outcome != AC_APPLY_FAILED)
		decision.status = AC_ALERT_PROPOSED;
	decision.human = outcome == AC_APPLY_CAPPED;
	decision.note = *note;
	ac_alert_decide(alert, &decision);
	return outcome;
}

int
ac_apply_pending(ForeignServer *server, AcOnDrift policy, TimestampTz now)
{
	int applied = 0;
	ListCell *lc;

	foreach (lc, ac_alert_pending(server, policy))
	{
		const char *note;

		if (ac_apply_automatic(*(int64 *) lfirst(lc), now, &note) == AC_APPLY_DONE)
			applied++;
	}
	return applied;
}

/* ---- afterwards ---- */

/* Did the look find the drift again, with something left to do about it? */
static bool
is_found_again(const AcAlert *alert, const AcAlertBatch *batch)
{
	for (int i = 0; i < batch->n; i++)
	{
		const AcFinding *finding = &batch->findings[i];

		if (finding->relid == alert->relid &&
			finding->fix.action != AC_FIX_NONE &&
			strcmp(ac_drift_fingerprint(finding->drift), alert->fingerprint) == 0)
			return true;
	}
	return false;
}

/* What was applied without a person and did not help goes the same way. */
static void
undo(const AcAlert *alert, const char *why, TimestampTz now)
{
	AcAlertDecision decision = {.status = AC_ALERT_APPLIED, .now = now};
	const char *problem;
	AcApplyOutcome outcome = try_carry_out(alert, true, &problem);

	switch (outcome)
	{
		case AC_APPLY_DONE:
			decision.status = AC_ALERT_ROLLED_BACK;
			decision.by = AUTOMATON;
			decision.note = why;
			break;
		case AC_APPLY_BUSY:
			decision.verify_left = alert->verify_left;
			decision.note = problem;
			break;
		default:
			/* Somebody has built upon it: theirs to decide. */
			decision.note = psprintf("%s, but it cannot be undone: %s", why, problem);
			break;
	}
	ac_alert_decide(alert, &decision);
}

/* The table that a fix changed or made. */
static Oid
changed_relation(const AcAlert *alert)
{
	return OidIsValid(alert->relid) ? alert->relid : named_relation(&alert->fix);
}

static void
verify(const AcAlert *alert, const AcAlertBatch *batch, bool reading_failed)
{
	AcAlertDecision decision = {.status = AC_ALERT_APPLIED, .now = batch->now};
	bool found = is_found_again(alert, batch);

	if ((found || reading_failed) && alert->applied_auto)
	{
		undo(alert, found ? "the drift is still there" : "reading the table fails",
			 batch->now);
		return;
	}
	decision.verify_left = alert->verify_left;
	if (found || reading_failed)
	{
		decision.verify_left = AC_ALERT_LOOKS;
		decision.note = found ? "the drift is still there" : "reading the table fails";
	}
	else if (alert->scope != NULL && strcmp(alert->scope, batch->scope) == 0)
		decision.verify_left--;
	if (decision.verify_left <= 0)
		decision.status = AC_ALERT_VERIFIED;
	ac_alert_decide(alert, &decision);
}

void
ac_apply_verify(ForeignServer *server, const AcAlertBatch *batch,
				List *unreadable)
{
	ListCell *lc;

	foreach (lc, ac_alert_unverified(server, batch->scope, batch->relid))
	{
		AcAlert *alert = ac_alert_load(*(int64 *) lfirst(lc), AC_ALERT_TRY);

		if (alert != NULL && alert->status == AC_ALERT_APPLIED)
			verify(alert, batch,
				   list_member_oid(unreadable, changed_relation(alert)));
	}
}
