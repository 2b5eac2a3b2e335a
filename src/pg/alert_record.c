/*
 * alert_record.c
 *		What becomes of what a look has found: a new alert, or one more
 *		occurrence of one that is there?
 *
 * See alert.h.  A finding is the same as an earlier one if server, local
 * table and fingerprint are.
 */
#include "ac.h"

#include "catalog/pg_type.h"
#include "commands/async.h"
#include "pg/alert.h"
#include "pg/ddl.h"
#include "pg/resource.h"
#include "pg/scope.h"
#include "policy/outcome.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/*
 * How much an API can make people read, and the catalog hold.  One that names
 * everything anew each time must not: of one look so many findings are looked
 * at and so many become new alerts, those that cannot wait apart from the
 * rest; where many wait for a decision, no more are added to them; and what
 * has been resolved is forgotten in the end.  The parent counts what was left
 * out.
 */
#define MAX_FINDINGS 5000
#define MAX_NEW 100
#define MAX_UNDECIDED 1000
#define MAX_RESOLVED 1000

/* Bytes of a summary. */
#define MAX_SUMMARY 500

/* One call of ac_alert_record(). */
typedef struct Recorder
{
	AcScope scope;
	ForeignServer *server;
	const AcAlertBatch *batch;
	List *raised; /* of AcAlertRaised, in the caller's context */
	Datum *seen;  /* ids of alerts that the batch is about */
	int n_seen;
	int64 undecided; /* alerts of the server, before and by now */
	int n_urgent;	 /* new ones: critical, others */
	int n_other;
	int left_out;
	MemoryContext row; /* reset after each finding */
} Recorder;

/* A finding in the form in which it is stored. */
typedef struct Entry
{
	const AcFinding *finding;
	const char *fingerprint;
	const char *disposition;
	const char *evidence; /* JSON */
	const char *fix;	  /* the four are NULL together, inverses at will */
	const char *inverse;
	const char *fix_data;
	const char *inverse_data;
} Entry;

/*
 * JSON that jsonb accepts: it knows no \u0000, which stands for a NUL byte in
 * a text that an API sent, and becomes the replacement character.
 */
static char *
jsonb_text(char *text)
{
	for (char *at = text; *at != '\0'; at++)
	{
		if (at[0] != '\\')
			continue;
		if (strncmp(at, "\\u0000", 6) == 0)
			memcpy(at, "\\ufffd", 6);
		at++;
	}
	return text;
}

static char *
tree_text(AcJson *tree)
{
	return jsonb_text(ac_json_to_text(ac_resource_json(tree)));
}

static char *
evidence_text(const Recorder *recorder, const AcDrift *drift)
{
	AcJson *evidence = ac_resource_json(ac_drift_evidence(drift));

	if (recorder->batch->requests != NULL)
		ac_json_set(evidence, "requests",
					ac_json_ref(unconstify(AcJson *, recorder->batch->requests)));
	return jsonb_text(ac_json_to_text(evidence));
}

static void
fill_entry(const Recorder *recorder, const AcFinding *finding, Entry *entry)
{
	const AcFix *fix = &finding->fix;
	AcFix inverse;

	memset(entry, 0, sizeof(*entry));
	entry->finding = finding;
	entry->fingerprint = ac_drift_fingerprint(finding->drift);
	entry->disposition = ac_disposition_name(ac_drift_kind_disposition(finding->drift->kind));
	entry->evidence = evidence_text(recorder, finding->drift);
	if (fix->action == AC_FIX_NONE)
		return;
	entry->fix = ac_ddl_fix(fix);
	entry->fix_data = tree_text(ac_fix_to_json(fix));
	if (ac_fix_inverse(fix, &inverse))
	{
		entry->inverse = ac_ddl_fix(&inverse);
		entry->inverse_data = tree_text(ac_fix_to_json(&inverse));
	}
}

/* What a new alert begins with. */
static AcAlertStatus
first_status(const Recorder *recorder, const Entry *entry)
{
	if (entry->fix == NULL)
		return AC_ALERT_OPEN;
	if (ac_alert_applies_itself(recorder->batch->policy, entry->disposition,
								entry->finding->drift->tiers,
								entry->finding->fix.action))
		return AC_ALERT_OPEN;
	return AC_ALERT_PROPOSED;
}

static void
remember_seen(Recorder *recorder, int64 id)
{
	MemoryContext old = MemoryContextSwitchTo(recorder->scope.caller);

	if (recorder->seen == NULL)
		recorder->seen = palloc(sizeof(Datum) * (recorder->batch->n + 1));
	recorder->seen[recorder->n_seen++] = Int64GetDatum(id);
	MemoryContextSwitchTo(old);
}

/* Ids as int8[]. */
static void
arg_ids(AcArgs *args, Datum *ids, int n)
{
	ac_arg_datum(args, INT8ARRAYOID,
				 PointerGetDatum(construct_array(ids, n, INT8OID, sizeof(int64),
												 FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)),
				 false);
}

static void
arg_now(const Recorder *recorder, AcArgs *args)
{
	ac_arg_datum(args, TIMESTAMPTZOID,
				 TimestampTzGetDatum(recorder->batch->now), false);
}

/* $1 server, $2 table, $3 fingerprint. */
static void
arg_identity(const Recorder *recorder, const Entry *entry, AcArgs *args)
{
	ac_arg_text(args, recorder->server->servername);
	ac_arg_oid(args, entry->finding->relid);
	ac_arg_text(args, entry->fingerprint);
}

/* One line for people: what an API calls its things may be anything. */
static const char *
summary_of(const AcDrift *drift)
{
	return drift->summary != NULL ? ac_outcome_clean(drift->summary, MAX_SUMMARY)
								  : ac_drift_kind_name(drift->kind);
}

static const char *
column_of(const AcFinding *finding)
{
	return finding->column != NULL ? finding->column : finding->drift->column;
}

/*
 * Views that depend on table $2, or on its column $4 if that is not null: what
 * a change would break.
 */
#define DEPENDENTS                                                                      \
	"(SELECT COALESCE(jsonb_agg(DISTINCT format('%I.%I', n.nspname, c.relname)), '[]')" \
	"  FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid"                           \
	"  JOIN pg_class c ON c.oid = r.ev_class"                                           \
	"  JOIN pg_namespace n ON n.oid = c.relnamespace"                                   \
	"  WHERE d.classid = 'pg_rewrite'::regclass"                                        \
	"    AND d.refclassid = 'pg_class'::regclass"                                       \
	"    AND d.refobjid = $2 AND $2 <> 0 AND c.oid <> $2"                               \
	"    AND ($4::text IS NULL OR d.refobjsubid ="                                      \
	"         (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = $2"               \
	"          AND a.attname = $4 AND NOT a.attisdropped)))"

/*
 * Was the alert found in this very look ($6) already, by another scope?  It is
 * one occurrence, then: what the first one said stands, and what this one has
 * besides ($9) is added.
 */
#define SAME_LOOK "last_seen = $6"
#define KEEPS_FIX SAME_LOOK " AND fix_data IS NOT NULL"
#define BOTH_EVIDENCE                                                                   \
	"($9::jsonb || evidence"                                                            \
	"  || (SELECT COALESCE(jsonb_object_agg(k, ($9::jsonb->k) || (evidence->k)), '{}')" \
	"      FROM unnest('{params,before,after}'::text[]) k"                              \
	"      WHERE jsonb_typeof($9::jsonb->k) = 'object'"                                 \
	"        AND jsonb_typeof(evidence->k) = 'object')"                                 \
	"  || jsonb_build_object('tiers',"                                                  \
	"      (SELECT jsonb_agg(DISTINCT t ORDER BY t)"                                    \
	"       FROM jsonb_array_elements(($9::jsonb->'tiers') || (evidence->'tiers')) t)))"

/*
 * Counts the finding as one more occurrence of an alert that is neither
 * resolved nor decided; false if there is none.  Evidence and fix of one that
 * waits for a decision are brought up to date: the table may have changed.
 */
static bool
count_again(Recorder *recorder, const Entry *entry)
{
	const AcDrift *drift = entry->finding->drift;
	AcArgs args = {0};

	arg_identity(recorder, entry, &args);
	if (ac_scope_run("SELECT id FROM autoconn.alert"
					 " WHERE server = $1 AND relid = $2 AND fingerprint = $3"
					 "   AND status IN ('open', 'proposed', 'applied')",
					 &args, false) == 0)
		return false;
	remember_seen(recorder, ac_scope_int8(0, 1, 0));

	ac_arg_text(&args, column_of(entry->finding));
	ac_arg_text(&args, recorder->batch->scope);
	arg_now(recorder, &args);
	ac_arg_int4(&args, drift->tiers);
	ac_arg_text(&args, summary_of(drift));
	ac_arg_text(&args, entry->evidence);
	ac_arg_text(&args, entry->fix);
	ac_arg_text(&args, entry->inverse);
	ac_arg_text(&args, entry->fix_data);
	ac_arg_text(&args, entry->inverse_data);
	ac_arg_text(&args, ac_alert_status_name(first_status(recorder, entry)));
	ac_scope_run("UPDATE autoconn.alert SET"
				 " column_name = CASE WHEN " SAME_LOOK " THEN COALESCE(column_name, $4) ELSE $4 END,"
				 " summary = CASE WHEN " SAME_LOOK " THEN summary ELSE $8 END,"
				 " evidence = CASE WHEN " SAME_LOOK " THEN " BOTH_EVIDENCE " ELSE $9::jsonb END"
				 "  || jsonb_build_object('since', first_seen, 'dependents', " DEPENDENTS "),"
				 " fix = CASE WHEN " KEEPS_FIX " THEN fix ELSE $10 END,"
				 " inverse = CASE WHEN " KEEPS_FIX " THEN inverse ELSE $11 END,"
				 " fix_data = CASE WHEN " KEEPS_FIX " THEN fix_data ELSE $12::jsonb END,"
				 " inverse_data = CASE WHEN " KEEPS_FIX " THEN inverse_data ELSE $13::jsonb END,"
				 " status = CASE WHEN " KEEPS_FIX " AND $12 IS NULL THEN status"
				 "               WHEN $12 IS NULL THEN 'open'"
				 "               WHEN disposition = 'human' THEN 'proposed' ELSE $14 END"
				 " WHERE id = (SELECT id FROM autoconn.alert"
				 "  WHERE server = $1 AND relid = $2 AND fingerprint = $3"
				 "    AND status IN ('open', 'proposed') FOR UPDATE SKIP LOCKED)",
				 &args, false);
	ac_scope_run("UPDATE autoconn.alert SET"
				 " occurrences = occurrences + CASE WHEN " SAME_LOOK " THEN 0 ELSE 1 END,"
				 " last_seen = $6, tiers = tiers | $7,"
				 " scopes = CASE WHEN $5 = ANY (scopes) THEN scopes ELSE scopes || $5 END"
				 " WHERE id = (SELECT id FROM autoconn.alert"
				 "  WHERE server = $1 AND relid = $2 AND fingerprint = $3"
				 "    AND status IN ('open', 'proposed', 'applied') FOR UPDATE SKIP LOCKED)",
				 &args, false);
	return true;
}

/*
 * Is it answered already?  A person dismissed this very evidence, or a fix of
 * ours was verified and nothing is left to do.
 */
static bool
stays_quiet(Recorder *recorder, const Entry *entry)
{
	AcArgs args = {0};
	AcArgs seen = {0};

	arg_identity(recorder, entry, &args);
	ac_arg_text(&args, entry->evidence);
	ac_arg_datum(&args, BOOLOID, BoolGetDatum(entry->fix == NULL), false);
	if (ac_scope_run("SELECT b.id FROM autoconn.alert b"
					 " WHERE b.server = $1 AND b.relid = $2 AND b.fingerprint = $3"
					 "   AND (b.status = 'dismissed' OR b.status = 'verified' AND $5)"
					 "   AND b.evidence->'params' IS NOT DISTINCT FROM $4::jsonb->'params'"
					 "   AND b.evidence->'after' IS NOT DISTINCT FROM $4::jsonb->'after'"
					 " ORDER BY b.id DESC LIMIT 1",
					 &args, false) == 0)
		return false;
	ac_arg_int8(&seen, ac_scope_int8(0, 1, 0));
	arg_now(recorder, &seen);
	ac_scope_run("UPDATE autoconn.alert SET last_seen = $2"
				 " WHERE id = (SELECT id FROM autoconn.alert"
				 "             WHERE id = $1 FOR UPDATE SKIP LOCKED)",
				 &seen, false);
	return true;
}

static void
notify(const Recorder *recorder, const AcAlertRaised *raised)
{
	AcJson *payload = ac_resource_json(ac_json_new_object());

	ac_json_set(payload, "id", ac_json_new_int(raised->id));
	ac_json_set_string(payload, "server", recorder->server->servername);
	ac_json_set_string(payload, "kind", ac_drift_kind_name(raised->kind));
	ac_json_set_string(payload, "severity", ac_severity_name(raised->severity));
	Async_Notify("autoconn_alerts", ac_json_to_text(payload));
}

/* For the caller, and for whoever listens. */
static void
announce(Recorder *recorder, const AcAlertRaised *raised, bool parent)
{
	MemoryContext old = MemoryContextSwitchTo(recorder->scope.caller);
	AcAlertRaised *copy = palloc(sizeof(AcAlertRaised));

	*copy = *raised;
	copy->summary = pstrdup(raised->summary);
	recorder->raised = parent ? lcons(copy, recorder->raised)
							  : lappend(recorder->raised, copy);
	MemoryContextSwitchTo(old);
	notify(recorder, raised);
}

/* Server, table, fingerprint, ... of a row of autoconn.alert, $1 to $19. */
static void
arg_row(const Recorder *recorder, const Entry *entry, AcArgs *args)
{
	const AcDrift *drift = entry->finding->drift;

	arg_identity(recorder, entry, args);
	ac_arg_text(args, column_of(entry->finding));
	ac_arg_text(args, drift->table);
	ac_arg_text(args, ac_drift_kind_name(drift->kind));
	ac_arg_text(args, ac_severity_name(drift->severity));
	ac_arg_datum(args, FLOAT4OID, Float4GetDatum((float4) drift->confidence), false);
	ac_arg_int4(args, drift->tiers);
	ac_arg_text(args, recorder->batch->scope);
	ac_arg_text(args, ac_alert_status_name(first_status(recorder, entry)));
	ac_arg_text(args, entry->disposition);
	ac_arg_text(args, summary_of(drift));
	ac_arg_text(args, entry->evidence);
	ac_arg_text(args, entry->fix);
	ac_arg_text(args, entry->inverse);
	ac_arg_text(args, entry->fix_data);
	ac_arg_text(args, entry->inverse_data);
	arg_now(recorder, args);
}

/* A fix that was undone once is not applied without a person again. */
static bool
was_rolled_back(const Recorder *recorder, const Entry *entry)
{
	AcArgs args = {0};

	arg_identity(recorder, entry, &args);
	return ac_scope_run("SELECT FROM autoconn.alert WHERE server = $1"
						" AND relid = $2 AND fingerprint = $3"
						" AND status = 'rolled_back' LIMIT 1",
						&args, false) > 0;
}

/* Is there room for one more?  See MAX_NEW. */
static bool
take_place(Recorder *recorder, const AcDrift *drift)
{
	bool urgent = drift->severity == AC_SEVERITY_CRITICAL;
	int *n = urgent ? &recorder->n_urgent : &recorder->n_other;

	if (*n >= MAX_NEW || (!urgent && recorder->undecided >= MAX_UNDECIDED))
	{
		recorder->left_out++;
		return false;
	}
	(*n)++;
	recorder->undecided++;
	return true;
}

static void
raise_alert(Recorder *recorder, Entry *entry)
{
	const AcDrift *drift = entry->finding->drift;
	AcAlertRaised raised = {.kind = drift->kind, .severity = drift->severity};
	AcArgs args = {0};

	if (!take_place(recorder, drift))
		return;
	if (entry->fix != NULL && was_rolled_back(recorder, entry))
		entry->disposition = ac_disposition_name(AC_DISPOSE_HUMAN);
	arg_row(recorder, entry, &args);
	if (ac_scope_run("INSERT INTO autoconn.alert (server, relid, relation,"
					 " fingerprint, column_name, table_name, kind, severity,"
					 " confidence, tiers, scopes, status, disposition, summary,"
					 " evidence, fix, inverse, fix_data, inverse_data, first_seen,"
					 " last_seen) SELECT $1, $2,"
					 " CASE WHEN $2 <> 0 THEN $2::regclass::text END, $3, $4, $5,"
					 " $6, $7, $8, $9, ARRAY[$10], $11, $12, $13,"
					 " $14::jsonb || jsonb_build_object('since', $19, 'dependents', " DEPENDENTS "),"
					 " $15, $16, $17::jsonb, $18::jsonb, $19, $19"
					 " ON CONFLICT (server, relid, fingerprint)"
					 "   WHERE status IN ('open', 'proposed', 'applied') DO NOTHING"
					 " RETURNING id",
					 &args, false) == 0)
	{
		/* Another look was faster; what it raised is no less found here. */
		(void) count_again(recorder, entry);
		return;
	}
	raised.id = ac_scope_int8(0, 1, 0);
	raised.summary = summary_of(drift);
	remember_seen(recorder, raised.id);
	announce(recorder, &raised, false);
}

/* Is what was found before, but not any more, over? */
static void
resolve_gone(Recorder *recorder)
{
	AcArgs args = {0};

	ac_arg_text(&args, recorder->server->servername);
	ac_arg_text(&args, recorder->batch->scope);
	ac_arg_oid(&args, recorder->batch->relid);
	arg_ids(&args, recorder->seen, recorder->n_seen);
	arg_now(recorder, &args);
	ac_scope_run("UPDATE autoconn.alert SET scopes = array_remove(scopes, $2),"
				 " status = CASE WHEN scopes <@ ARRAY[$2] THEN 'resolved' ELSE status END,"
				 " decided_at = CASE WHEN scopes <@ ARRAY[$2] THEN $5 ELSE decided_at END,"
				 " note = CASE WHEN scopes <@ ARRAY[$2] THEN NULL ELSE note END"
				 " WHERE id IN (SELECT id FROM autoconn.alert"
				 "  WHERE server = $1 AND $2 = ANY (scopes) AND ($3 = 0 OR relid = $3)"
				 "    AND status IN ('open', 'proposed') AND id <> ALL ($4)"
				 "  FOR UPDATE SKIP LOCKED)",
				 &args, false);
}

/* ---- the parent ---- */

/* How a parent counts its children: "3 columns added, 1 removed". */
typedef struct Phrase
{
	AcDriftKind kind;
	const char *one;
	const char *many;
	const char *what;
} Phrase;

static const Phrase phrases[] = {
	{AC_DRIFT_COLUMN_ADDED, "column", "columns", "added"},
	{AC_DRIFT_COLUMN_REMOVED, "column", "columns", "removed"},
	{AC_DRIFT_NUMERIC_WIDENED, "column", "columns", "widened"},
	{AC_DRIFT_NARROWED, "column", "columns", "narrowed"},
	{AC_DRIFT_ID_TYPE_CHANGE, "column", "columns", "with identifiers of another type"},
	{AC_DRIFT_CARDINALITY_CHANGE, "column", "columns", "of another shape"},
	{AC_DRIFT_MIXED_TYPES, "column", "columns", "of mixed types"},
	{AC_DRIFT_BECAME_NULLABLE, "column", "columns", "that may be null now"},
	{AC_DRIFT_ENUM_VALUE_ADDED, "column", "columns", "with new values"},
	{AC_DRIFT_ENUM_VALUE_RETIRED, "column", "columns", "with fewer values"},
	{AC_DRIFT_ENDPOINT_ADDED, "endpoint", "endpoints", "added"},
	{AC_DRIFT_ENDPOINT_REMOVED, "endpoint", "endpoints", "removed"},
	{AC_DRIFT_ENDPOINT_MOVED, "endpoint", "endpoints", "moved"},
	{AC_DRIFT_DEPRECATED, "endpoint", "endpoints", "deprecated"},
	{AC_DRIFT_REQUIRED_PARAM_ADDED, "parameter", "parameters", "required now"},
	{AC_DRIFT_PARAM_RENAMED, "parameter", "parameters", "renamed"},
};

static char *
parent_summary(const Recorder *recorder)
{
	bool spec = recorder->batch->cause == AC_CAUSE_SPEC_CHANGED;
	const char *noun = "";
	int others = list_length(recorder->raised);
	StringInfoData out;
	ListCell *lc;

	initStringInfo(&out);
	appendStringInfo(&out, spec ? "description of %s changed: " : "%s is not as its description says: ",
					 recorder->server->servername);
	for (int i = 0; i < (int) lengthof(phrases); i++)
	{
		const Phrase *phrase = &phrases[i];
		int n = 0;

		foreach (lc, recorder->raised)
			n += ((AcAlertRaised *) lfirst(lc))->kind == phrase->kind;
		if (n == 0)
			continue;
		others -= n;
		appendStringInfo(&out, "%s%d ", *noun != '\0' ? ", " : "", n);
		if (strcmp(noun, phrase->one) != 0)
			appendStringInfo(&out, "%s ", n == 1 ? phrase->one : phrase->many);
		appendStringInfoString(&out, phrase->what);
		noun = phrase->one;
	}
	if (others > 0)
		appendStringInfo(&out, "%s%d other %s", *noun != '\0' ? ", " : "", others,
						 others == 1 ? "change" : "changes");
	if (recorder->left_out > 0)
		appendStringInfo(&out, "; %d more are not listed", recorder->left_out);
	return out.data;
}

static void
adopt_raised(Recorder *recorder, int64 parent)
{
	int n = 0;
	Datum *ids = palloc(sizeof(Datum) * list_length(recorder->raised));
	AcArgs args = {0};
	ListCell *lc;

	foreach (lc, recorder->raised)
		ids[n++] = Int64GetDatum(((AcAlertRaised *) lfirst(lc))->id);
	ac_arg_int8(&args, parent);
	arg_ids(&args, ids, n);
	ac_scope_run("UPDATE autoconn.alert SET parent_id = $1 WHERE id = ANY ($2)",
				 &args, false);
}

/* Puts what is new under one roof, if it has a common cause. */
static void
raise_parent(Recorder *recorder)
{
	AcDriftKind kind = recorder->batch->cause == AC_CAUSE_SPEC_CHANGED
						   ? AC_DRIFT_SPEC_CHANGED
						   : AC_DRIFT_SPEC_REALITY_MISMATCH;
	int least = kind == AC_DRIFT_SPEC_CHANGED ? 1 : 2;
	AcAlertRaised raised = {.kind = kind, .severity = ac_drift_kind_severity(kind)};
	AcArgs args = {0};

	if (recorder->batch->cause == AC_CAUSE_NONE ||
		list_length(recorder->raised) < least)
		return;
	raised.summary = parent_summary(recorder);
	ac_arg_text(&args, recorder->server->servername);
	ac_arg_text(&args, ac_drift_kind_name(kind));
	ac_arg_text(&args, ac_severity_name(raised.severity));
	ac_arg_text(&args, ac_disposition_name(ac_drift_kind_disposition(kind)));
	/* One parent a look: its children's first id tells it from others. */
	ac_arg_text(&args, psprintf("%s:%s:" INT64_FORMAT, ac_drift_kind_name(kind),
								recorder->batch->scope,
								((AcAlertRaised *) linitial(recorder->raised))->id));
	ac_arg_text(&args, raised.summary);
	arg_now(recorder, &args);
	ac_scope_run("INSERT INTO autoconn.alert (server, kind, severity, status,"
				 " disposition, fingerprint, summary, evidence, first_seen, last_seen)"
				 " VALUES ($1, $2, $3, 'open', $4, $5, $6,"
				 " jsonb_build_object('fingerprint', $5, 'since', $7), $7, $7)"
				 " RETURNING id",
				 &args, false);
	raised.id = ac_scope_int8(0, 1, 0);
	adopt_raised(recorder, raised.id);
	announce(recorder, &raised, true);
}

/* ---- the batch ---- */

/*
 * Is there a row for alerts to hang on, of this very server?  Not while it is
 * being learned anew: the next look will do.
 */
static bool
has_state(const Recorder *recorder)
{
	AcArgs args = {0};

	ac_arg_text(&args, recorder->server->servername);
	ac_arg_oid(&args, recorder->server->serverid);
	return ac_scope_run("SELECT FROM autoconn.server_state"
						" WHERE server = $1 AND server_oid = $2 FOR KEY SHARE SKIP LOCKED",
						&args, false) == 1;
}

static void
count_undecided(Recorder *recorder)
{
	AcArgs args = {0};

	ac_arg_text(&args, recorder->server->servername);
	ac_scope_run("SELECT count(*) FROM autoconn.alert WHERE server = $1"
				 " AND status IN ('open', 'proposed')",
				 &args, false);
	recorder->undecided = ac_scope_int8(0, 1, 0);
}

/* Forgets the oldest alerts that are over, if there are too many. */
static void
forget_resolved(const Recorder *recorder)
{
	AcArgs args = {0};

	ac_arg_text(&args, recorder->server->servername);
	ac_arg_int4(&args, MAX_RESOLVED);
	ac_scope_run("DELETE FROM autoconn.alert WHERE id IN ("
				 " SELECT id FROM autoconn.alert"
				 "  WHERE server = $1 AND status = 'resolved' AND id <="
				 "   (SELECT id FROM autoconn.alert"
				 "     WHERE server = $1 AND status = 'resolved'"
				 "     ORDER BY id DESC LIMIT 1 OFFSET $2)"
				 "  FOR UPDATE SKIP LOCKED)",
				 &args, false);
}

static void
record_finding(Recorder *recorder, const AcFinding *finding)
{
	MemoryContext old = MemoryContextSwitchTo(recorder->row);
	Entry entry;

	fill_entry(recorder, finding, &entry);
	if (!count_again(recorder, &entry) && !stays_quiet(recorder, &entry))
		raise_alert(recorder, &entry);
	MemoryContextSwitchTo(old);
	MemoryContextReset(recorder->row);
}

List *
ac_alert_record(ForeignServer *server, const AcAlertBatch *batch)
{
	Recorder recorder = {.server = server, .batch = batch};

	ac_scope_begin(&recorder.scope);
	if (has_state(&recorder))
	{
		recorder.row = AllocSetContextCreate(CurrentMemoryContext,
											 "autoconn alert row",
											 ALLOCSET_DEFAULT_SIZES);
		count_undecided(&recorder);
		recorder.left_out = Max(batch->n - MAX_FINDINGS, 0);
		for (int i = 0; i < Min(batch->n, MAX_FINDINGS); i++)
			record_finding(&recorder, &batch->findings[i]);
		resolve_gone(&recorder);
		raise_parent(&recorder);
		if (recorder.raised != NIL)
			forget_resolved(&recorder);
	}
	ac_scope_end(&recorder.scope);
	ac_alert_settle_parents(server->servername, batch->now);
	return recorder.raised;
}
