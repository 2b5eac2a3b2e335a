/*
 * test_drift.c
 *		Is the catalog of drifts what its page says, and evidence whole?
 *
 * The expectations are written out: they are a contract with whoever reads
 * autoconn.alerts.
 */
#include "ac.h"

#include "drift/drift.h"

#include "tap.h"

static const struct
{
	AcDriftKind kind;
	const char *name;
	const char *severity;
	const char *disposition;
} catalog[] = {
	{AC_DRIFT_COLUMN_ADDED, "column_added", "info", "auto"},
	{AC_DRIFT_COLUMN_REMOVED, "column_removed", "error", "auto"},
	{AC_DRIFT_CARDINALITY_CHANGE, "cardinality_change", "error", "human"},
	{AC_DRIFT_ENVELOPE_MOVED, "envelope_moved", "critical", "proof"},
	{AC_DRIFT_ENDPOINT_ADDED, "endpoint_added", "info", "auto"},
	{AC_DRIFT_ENDPOINT_REMOVED, "endpoint_removed", "critical", "notify"},
	{AC_DRIFT_ENDPOINT_MOVED, "endpoint_moved", "warning", "human"},
	{AC_DRIFT_METHOD_CHANGED, "method_changed", "critical", "human"},
	{AC_DRIFT_NUMERIC_WIDENED, "numeric_widened", "error", "proof"},
	{AC_DRIFT_NARROWED, "narrowed", "info", "notify"},
	{AC_DRIFT_QUOTED_NUMBER, "quoted_number", "warning", "proof"},
	{AC_DRIFT_ID_TYPE_CHANGE, "id_type_change", "critical", "human"},
	{AC_DRIFT_BOOL_REPRESENTATION, "bool_representation", "warning", "proof"},
	{AC_DRIFT_BECAME_NULLABLE, "became_nullable", "warning", "notify"},
	{AC_DRIFT_MIXED_TYPES, "mixed_types", "error", "human"},
	{AC_DRIFT_TIMESTAMP_ENCODING, "timestamp_encoding", "critical", "proof"},
	{AC_DRIFT_ENUM_VALUE_ADDED, "enum_value_added", "warning", "auto"},
	{AC_DRIFT_ENUM_VALUE_RETIRED, "enum_value_retired", "info", "notify"},
	{AC_DRIFT_REQUIRED_PARAM_ADDED, "required_param_added", "critical", "human"},
	{AC_DRIFT_PARAM_RENAMED, "param_renamed", "error", "proof"},
	{AC_DRIFT_SEMANTICS_CHANGED, "semantics_changed", "critical", "auto"},
	{AC_DRIFT_DEFAULT_CHANGED, "default_changed", "error", "proof"},
	{AC_DRIFT_LIMIT_MAX_LOWERED, "limit_max_lowered", "error", "proof"},
	{AC_DRIFT_CREDENTIAL_INVALID, "credential_invalid", "critical", "connection"},
	{AC_DRIFT_AUTH_SCHEME_CHANGED, "auth_scheme_changed", "critical", "human"},
	{AC_DRIFT_SCOPE_MISSING, "scope_missing", "error", "human"},
	{AC_DRIFT_CONTENT_TYPE_CHANGED, "content_type_changed", "error", "human"},
	{AC_DRIFT_HTML_200, "html_200", "critical", "notify"},
	{AC_DRIFT_ERROR_IN_200, "error_in_200", "critical", "notify"},
	{AC_DRIFT_DEPRECATED, "deprecated", "warning", "notify"},
	{AC_DRIFT_SUNSET_SCHEDULED, "sunset_scheduled", "warning", "human"},
	{AC_DRIFT_RATE_LIMIT_LOWERED, "rate_limit_lowered", "warning", "connection"},
	{AC_DRIFT_THROTTLED, "throttled", "warning", "connection"},
	{AC_DRIFT_OUTAGE, "outage", "critical", "connection"},
	{AC_DRIFT_ERROR_BURST, "error_burst", "error", "connection"},
	{AC_DRIFT_SPEC_CHANGED, "spec_changed", "info", "notify"},
	{AC_DRIFT_SPEC_REALITY_MISMATCH, "spec_reality_mismatch", "warning", "notify"},
	{AC_DRIFT_SPEC_UNREACHABLE, "spec_unreachable", "warning", "notify"},
};

static void
test_catalog(void)
{
	int i;

	is_int(lengthof(catalog), AC_DRIFT_KINDS, "every kind is tested");
	for (i = 0; i < (int) lengthof(catalog); i++)
	{
		AcDriftKind parsed;

		is_str(ac_drift_kind_name(catalog[i].kind), catalog[i].name,
			   "name of %s", catalog[i].name);
		is_str(ac_severity_name(ac_drift_kind_severity(catalog[i].kind)),
			   catalog[i].severity, "severity of %s", catalog[i].name);
		is_str(ac_disposition_name(ac_drift_kind_disposition(catalog[i].kind)),
			   catalog[i].disposition, "disposition of %s", catalog[i].name);
		ok(ac_drift_kind_parse(catalog[i].name, &parsed) &&
			   parsed == catalog[i].kind,
		   "%s is read again", catalog[i].name);
	}
}

static void
test_names(void)
{
	AcDriftKind kind;

	ok(!ac_drift_kind_parse("", &kind), "no kind without a name");
	ok(!ac_drift_kind_parse("COLUMN_ADDED", &kind), "names are lower case");
	ok(!ac_drift_kind_parse("column", &kind), "no part of a name");
}

static const char *
fingerprint_of(const char *table, const char *column, const char *subject)
{
	AcDrift drift = {0};

	drift.kind = AC_DRIFT_COLUMN_REMOVED;
	drift.table = table;
	drift.column = column;
	drift.subject = subject;
	return ac_drift_fingerprint(&drift);
}

/* All triples of texts that escaping could confuse are told apart. */
static void
test_fingerprint(void)
{
	static const char *const texts[] = {
		NULL, "", ":", "\\", "\\e", "a", "a:", ":a", "a\\", "\\:", "::", "e"};
	int n = lengthof(texts);
	int total = n * n * n;
	char **all = palloc(total * sizeof(char *));
	AcDrift other = {0}; /* kind 0 is the first, column_added */
	int equal = 0;
	int i;
	int j;

	is_str(fingerprint_of("orders", "price", NULL),
		   "column_removed:orders:price:", "a plain fingerprint");
	is_str(ac_drift_fingerprint(&other), "column_added:::", "of a server");
	for (i = 0; i < total; i++)
		all[i] = pstrdup(fingerprint_of(texts[i / n / n], texts[i / n % n],
										texts[i % n]));
	for (i = 0; i < total; i++)
		for (j = 0; j < i; j++)
			equal += strcmp(all[i], all[j]) == 0;
	is_int(equal, 0, "%d places, as many fingerprints", total);
}

static void
test_list(void)
{
	AcDriftList list;
	AcDrift *drift;
	AcJson *evidence;
	int i;

	ac_drift_list_init(&list);
	for (i = 0; i < 100; i++)
		ac_drift_add(&list, (AcDriftKind) (i % AC_DRIFT_KINDS))->table = "t";
	is_int(list.n, 100, "a list grows");
	is_str(list.items[0].table, "t", "what was added stays");
	drift = ac_drift_add(&list, AC_DRIFT_ENUM_VALUE_ADDED);
	is_int(drift->severity, AC_SEVERITY_WARNING, "the kind's severity");
	ok(drift->confidence == 1 && drift->table == NULL &&
		   drift->fix.action == AC_FIX_NONE,
	   "the rest is empty");

	evidence = ac_drift_evidence(drift);
	is_str(ac_json_to_text(evidence),
		   "{\"params\":{},\"fingerprint\":\"enum_value_added:::\",\"tiers\":[]}",
		   "evidence of little");
	ac_json_free(evidence);

	drift->table = "orders";
	drift->column = "status";
	drift->tiers = AC_TIER_PROTOCOL | AC_TIER_SPEC | AC_TIER_PROBE;
	drift->params = ac_drift_own(&list, ac_json_new_object());
	ac_json_set_string(drift->params, "values", "x");
	drift->before = ac_drift_own(&list, ac_json_new_array());
	drift->after = ac_drift_own(&list, ac_json_new_int(3));
	drift->spec_ref = "/paths/~1orders/get";
	evidence = ac_drift_evidence(drift);
	ac_drift_list_free(&list);
	is_str(ac_json_to_text(evidence),
		   "{\"params\":{\"values\":\"x\"},"
		   "\"fingerprint\":\"enum_value_added:orders:status:\","
		   "\"tiers\":[\"E1\",\"E5\",\"E6\"],\"before\":[],\"after\":3,"
		   "\"spec_ref\":\"/paths/~1orders/get\"}",
		   "evidence outlives the list");
	ac_json_free(evidence);
}

int
main(void)
{
	test_catalog();
	test_names();
	test_fingerprint();
	test_list();
	return done_testing();
}
