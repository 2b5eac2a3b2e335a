/*
 * rehearse.c
 *		How are alerts tried without an API that changes?
 *
 * One function for tests, which declare it themselves (no SQL function of the
 * extension leads here): it takes drifts as JSON for what a look has found and
 * does with them what the worker does.
 */
#include "ac.h"

#include "fmgr.h"
#include "funcapi.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"
#include "worker/apply.h"

static void
read_drift(AcDriftList *list, const AcJson *json)
{
	AcDriftKind kind = AC_DRIFT_SPEC_UNREACHABLE;
	AcDrift *drift;
	AcError err;

	(void) ac_drift_kind_parse(ac_json_get_string(json, "kind"), &kind);
	drift = ac_drift_add(list, kind);
	drift->table = ac_json_get_string(json, "table");
	drift->path = ac_json_get_string(json, "path");
	drift->column = ac_json_get_string(json, "column");
	drift->json_path = ac_json_get_string(json, "json_path");
	drift->subject = ac_json_get_string(json, "subject");
	drift->summary = ac_json_get_string(json, "summary");
	drift->tiers = (int) ac_json_int(ac_json_get(json, "tiers"), AC_TIER_SPEC);
	drift->params = ac_json_get(json, "params");
	drift->before = ac_json_get(json, "before");
	drift->after = ac_json_get(json, "after");
	if (ac_json_has(json, "fix") &&
		!ac_fix_from_json(ac_json_get(json, "fix"), &drift->fix, &err))
		ac_report_error(&err);
}

static AcAlertCause
parse_cause(const char *name)
{
	AcDriftKind kind;

	if (!ac_drift_kind_parse(name, &kind))
		return AC_CAUSE_NONE;
	return kind == AC_DRIFT_SPEC_CHANGED ? AC_CAUSE_SPEC_CHANGED
										 : AC_CAUSE_SPEC_REALITY_MISMATCH;
}

static AcJson *
argument_json(FunctionCallInfo fcinfo)
{
	Jsonb *given = PG_GETARG_JSONB_P(1);
	char *text = JsonbToCString(NULL, &given->root, VARSIZE(given));
	AcJson *json;
	AcError err;

	if (!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &json, &err))
		ac_report_error(&err);
	return ac_resource_json(json);
}

PG_FUNCTION_INFO_V1(autoconn_rehearse);

/*
 * (server name, drifts jsonb, scope text, cause text, at timestamptz,
 * unreadable regclass) -> setof (alert bigint, kind text, severity text, summary text):
 * what is new.
 */
Datum
autoconn_rehearse(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ForeignServer *server = GetForeignServerByName(NameStr(*PG_GETARG_NAME(0)), false);
	AcJson *json = argument_json(fcinfo);
	AcAlertBatch batch = {
		.scope = text_to_cstring(PG_GETARG_TEXT_PP(2)),
		.cause = parse_cause(text_to_cstring(PG_GETARG_TEXT_PP(3))),
		.now = PG_GETARG_TIMESTAMPTZ(4),
		.policy = ac_option_server(server)->on_drift,
	};
	AcDriftList drifts;
	ListCell *lc;

	InitMaterializedSRF(fcinfo, 0);
	ac_drift_list_init(&drifts);
	ac_resource_json(drifts.owner);
	for (int i = 0; i < ac_json_length(json); i++)
		read_drift(&drifts, ac_json_at(json, i));
	ac_apply_bind(server, &drifts, &batch);
	ac_apply_verify(server, &batch, list_make1_oid(PG_GETARG_OID(5)));
	foreach (lc, ac_alert_record(server, &batch))
	{
		const AcAlertRaised *raised = lfirst(lc);
		Datum values[4];
		bool nulls[4] = {false};

		values[0] = Int64GetDatum(raised->id);
		values[1] = CStringGetTextDatum(ac_drift_kind_name(raised->kind));
		values[2] = CStringGetTextDatum(ac_severity_name(raised->severity));
		values[3] = CStringGetTextDatum(raised->summary);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	(void) ac_apply_pending(server, batch.policy, batch.now);
	return (Datum) 0;
}
