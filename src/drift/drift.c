/*
 * drift.c
 *		What can change about an API, how bad is it, and what may be done?
 *
 * See drift.h.  The table of kinds below is the catalog of drifts; where the
 * catalog's severity or disposition depends on the case, the table has what
 * holds if nothing more is known, and the safer one.
 */
#include "ac.h"

#include "drift/drift.h"

typedef struct KindRow
{
	const char *name;
	AcSeverity severity;
	AcDisposition disposition;
} KindRow;

static const KindRow kinds[] = {
	[AC_DRIFT_COLUMN_ADDED] = {"column_added", AC_SEVERITY_INFO, AC_DISPOSE_AUTO},
	[AC_DRIFT_COLUMN_REMOVED] = {"column_removed", AC_SEVERITY_ERROR, AC_DISPOSE_AUTO},
	[AC_DRIFT_CARDINALITY_CHANGE] = {"cardinality_change", AC_SEVERITY_ERROR, AC_DISPOSE_HUMAN},
	[AC_DRIFT_ENVELOPE_MOVED] = {"envelope_moved", AC_SEVERITY_CRITICAL, AC_DISPOSE_PROOF},
	[AC_DRIFT_ENDPOINT_ADDED] = {"endpoint_added", AC_SEVERITY_INFO, AC_DISPOSE_AUTO},
	[AC_DRIFT_ENDPOINT_REMOVED] = {"endpoint_removed", AC_SEVERITY_CRITICAL, AC_DISPOSE_NOTIFY},
	/* to the same origin with proof, but credentials follow to no other host */
	[AC_DRIFT_ENDPOINT_MOVED] = {"endpoint_moved", AC_SEVERITY_WARNING, AC_DISPOSE_HUMAN},
	[AC_DRIFT_METHOD_CHANGED] = {"method_changed", AC_SEVERITY_CRITICAL, AC_DISPOSE_HUMAN},
	[AC_DRIFT_NUMERIC_WIDENED] = {"numeric_widened", AC_SEVERITY_ERROR, AC_DISPOSE_PROOF},
	[AC_DRIFT_NARROWED] = {"narrowed", AC_SEVERITY_INFO, AC_DISPOSE_NOTIFY},
	[AC_DRIFT_QUOTED_NUMBER] = {"quoted_number", AC_SEVERITY_WARNING, AC_DISPOSE_PROOF},
	[AC_DRIFT_ID_TYPE_CHANGE] = {"id_type_change", AC_SEVERITY_CRITICAL, AC_DISPOSE_HUMAN},
	[AC_DRIFT_BOOL_REPRESENTATION] = {"bool_representation", AC_SEVERITY_WARNING, AC_DISPOSE_PROOF},
	[AC_DRIFT_BECAME_NULLABLE] = {"became_nullable", AC_SEVERITY_WARNING, AC_DISPOSE_NOTIFY},
	[AC_DRIFT_MIXED_TYPES] = {"mixed_types", AC_SEVERITY_ERROR, AC_DISPOSE_HUMAN},
	[AC_DRIFT_TIMESTAMP_ENCODING] = {"timestamp_encoding", AC_SEVERITY_CRITICAL, AC_DISPOSE_PROOF},
	[AC_DRIFT_ENUM_VALUE_ADDED] = {"enum_value_added", AC_SEVERITY_WARNING, AC_DISPOSE_AUTO},
	[AC_DRIFT_ENUM_VALUE_RETIRED] = {"enum_value_retired", AC_SEVERITY_INFO, AC_DISPOSE_NOTIFY},
	[AC_DRIFT_REQUIRED_PARAM_ADDED] = {"required_param_added", AC_SEVERITY_CRITICAL, AC_DISPOSE_HUMAN},
	[AC_DRIFT_PARAM_RENAMED] = {"param_renamed", AC_SEVERITY_ERROR, AC_DISPOSE_PROOF},
	[AC_DRIFT_SEMANTICS_CHANGED] = {"semantics_changed", AC_SEVERITY_CRITICAL, AC_DISPOSE_AUTO},
	[AC_DRIFT_DEFAULT_CHANGED] = {"default_changed", AC_SEVERITY_ERROR, AC_DISPOSE_PROOF},
	[AC_DRIFT_LIMIT_MAX_LOWERED] = {"limit_max_lowered", AC_SEVERITY_ERROR, AC_DISPOSE_PROOF},
	[AC_DRIFT_CREDENTIAL_INVALID] = {"credential_invalid", AC_SEVERITY_CRITICAL, AC_DISPOSE_CONNECTION},
	[AC_DRIFT_AUTH_SCHEME_CHANGED] = {"auth_scheme_changed", AC_SEVERITY_CRITICAL, AC_DISPOSE_HUMAN},
	[AC_DRIFT_SCOPE_MISSING] = {"scope_missing", AC_SEVERITY_ERROR, AC_DISPOSE_HUMAN},
	[AC_DRIFT_CONTENT_TYPE_CHANGED] = {"content_type_changed", AC_SEVERITY_ERROR, AC_DISPOSE_HUMAN},
	[AC_DRIFT_HTML_200] = {"html_200", AC_SEVERITY_CRITICAL, AC_DISPOSE_NOTIFY},
	[AC_DRIFT_ERROR_IN_200] = {"error_in_200", AC_SEVERITY_CRITICAL, AC_DISPOSE_NOTIFY},
	[AC_DRIFT_DEPRECATED] = {"deprecated", AC_SEVERITY_WARNING, AC_DISPOSE_NOTIFY},
	[AC_DRIFT_SUNSET_SCHEDULED] = {"sunset_scheduled", AC_SEVERITY_WARNING, AC_DISPOSE_HUMAN},
	[AC_DRIFT_RATE_LIMIT_LOWERED] = {"rate_limit_lowered", AC_SEVERITY_WARNING, AC_DISPOSE_CONNECTION},
	[AC_DRIFT_THROTTLED] = {"throttled", AC_SEVERITY_WARNING, AC_DISPOSE_CONNECTION},
	[AC_DRIFT_OUTAGE] = {"outage", AC_SEVERITY_CRITICAL, AC_DISPOSE_CONNECTION},
	[AC_DRIFT_ERROR_BURST] = {"error_burst", AC_SEVERITY_ERROR, AC_DISPOSE_CONNECTION},
	[AC_DRIFT_SPEC_CHANGED] = {"spec_changed", AC_SEVERITY_INFO, AC_DISPOSE_NOTIFY},
	[AC_DRIFT_SPEC_REALITY_MISMATCH] = {"spec_reality_mismatch", AC_SEVERITY_WARNING, AC_DISPOSE_NOTIFY},
	[AC_DRIFT_SPEC_UNREACHABLE] = {"spec_unreachable", AC_SEVERITY_WARNING, AC_DISPOSE_NOTIFY},
};

StaticAssertDecl(lengthof(kinds) == AC_DRIFT_KINDS, "every kind has its row");

static const char *const severities[] = {
	[AC_SEVERITY_INFO] = "info",
	[AC_SEVERITY_WARNING] = "warning",
	[AC_SEVERITY_ERROR] = "error",
	[AC_SEVERITY_CRITICAL] = "critical",
};

static const char *const dispositions[] = {
	[AC_DISPOSE_AUTO] = "auto",
	[AC_DISPOSE_PROOF] = "proof",
	[AC_DISPOSE_HUMAN] = "human",
	[AC_DISPOSE_NOTIFY] = "notify",
	[AC_DISPOSE_CONNECTION] = "connection",
};

void
ac_drift_list_init(AcDriftList *list)
{
	memset(list, 0, sizeof(AcDriftList));
	list->owner = ac_json_new_array();
}

void
ac_drift_list_free(AcDriftList *list)
{
	if (list->items != NULL)
		pfree(list->items);
	ac_json_free(list->owner);
	memset(list, 0, sizeof(AcDriftList));
}

AcDrift *
ac_drift_add(AcDriftList *list, AcDriftKind kind)
{
	AcDrift *drift;

	if (list->n == list->capacity)
	{
		list->capacity = list->capacity * 2 + 16;
		if (list->items == NULL)
			list->items = palloc(list->capacity * sizeof(AcDrift));
		else
			list->items = repalloc(list->items,
								   list->capacity * sizeof(AcDrift));
	}
	drift = &list->items[list->n++];
	memset(drift, 0, sizeof(AcDrift));
	drift->kind = kind;
	drift->severity = ac_drift_kind_severity(kind);
	drift->confidence = 1;
	return drift;
}

AcJson *
ac_drift_own(AcDriftList *list, AcJson *tree)
{
	ac_json_append(list->owner, tree);
	return tree;
}

const char *
ac_drift_kind_name(AcDriftKind kind)
{
	Assert((int) kind >= 0 && (int) kind < AC_DRIFT_KINDS);
	return kinds[kind].name;
}

bool
ac_drift_kind_parse(const char *name, AcDriftKind *kind)
{
	int i;

	for (i = 0; i < AC_DRIFT_KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
		{
			*kind = (AcDriftKind) i;
			return true;
		}
	return false;
}

AcSeverity
ac_drift_kind_severity(AcDriftKind kind)
{
	Assert((int) kind >= 0 && (int) kind < AC_DRIFT_KINDS);
	return kinds[kind].severity;
}

AcDisposition
ac_drift_kind_disposition(AcDriftKind kind)
{
	Assert((int) kind >= 0 && (int) kind < AC_DRIFT_KINDS);
	return kinds[kind].disposition;
}

const char *
ac_severity_name(AcSeverity severity)
{
	Assert((int) severity >= 0 && (int) severity < (int) lengthof(severities));
	return severities[severity];
}

const char *
ac_disposition_name(AcDisposition disposition)
{
	Assert((int) disposition >= 0 &&
		   (int) disposition < (int) lengthof(dispositions));
	return dispositions[disposition];
}

/*
 * A part of a fingerprint: ':' and '\' have a '\' in front; a text that is
 * there but empty is "\e", one that is not there is nothing.
 */
static void
append_part(StringInfo out, const char *text)
{
	appendStringInfoChar(out, ':');
	if (text == NULL)
		return;
	if (text[0] == '\0')
		appendStringInfoString(out, "\\e");
	for (; *text != '\0'; text++)
	{
		if (*text == ':' || *text == '\\')
			appendStringInfoChar(out, '\\');
		appendStringInfoChar(out, *text);
	}
}

char *
ac_drift_fingerprint(const AcDrift *drift)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, ac_drift_kind_name(drift->kind));
	append_part(&out, drift->table);
	append_part(&out, drift->column);
	append_part(&out, drift->subject);
	return out.data;
}

/* The tiers as ["E1", "E5"]: bit 0 is E1. */
static AcJson *
tiers_array(int tiers)
{
	static const char *const names[] = {"E1", "E2", "E3", "E4", "E5", "E6"};
	AcJson *array = ac_json_new_array();
	int i;

	for (i = 0; i < (int) lengthof(names); i++)
		if (tiers & (1 << i))
			ac_json_append(array, ac_json_new_string(names[i]));
	return array;
}

AcJson *
ac_drift_evidence(const AcDrift *drift)
{
	AcJson *evidence = ac_json_new_object();
	char *fingerprint = ac_drift_fingerprint(drift);

	ac_json_set(evidence, "params",
				drift->params != NULL ? ac_json_ref(drift->params)
									  : ac_json_new_object());
	ac_json_set_string(evidence, "fingerprint", fingerprint);
	pfree(fingerprint);
	ac_json_set(evidence, "tiers", tiers_array(drift->tiers));
	if (drift->before != NULL)
		ac_json_set(evidence, "before", ac_json_ref(drift->before));
	if (drift->after != NULL)
		ac_json_set(evidence, "after", ac_json_ref(drift->after));
	if (drift->spec_ref != NULL)
		ac_json_set_string(evidence, "spec_ref", drift->spec_ref);
	return evidence;
}
