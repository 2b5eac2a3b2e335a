/*
 * test_forms.c
 *		Do the texts and numbers of a field make a type where all agree, and
 *		only there (doc/inference.md S4, S5)?
 */
#include "ac.h"

#include "api/observe.h"

#include "plan_build.h"

/* Most values made of one pattern; a number takes the place of "%d". */
#define ROWS 300

/*
 * A field's name, the pattern of its values, and one value that comes once;
 * JSON with ' for ".  NULL odd: there is none.
 */
typedef struct Case
{
	const char *name;
	const char *pattern;
	const char *odd;
	const char *want; /* "type[!decode][ empty]" */
	const char *note; /* of the evidence, or NULL */
} Case;

static const Case cases[] = {
	/* 1 to 3: moments and days of ISO 8601 */
	{"x", "'2024-02-29T10:00:%02dZ'", NULL, "timestamptz", NULL},
	{"x", "'2024-02-29 10:00:%02d.123456+05:30'", NULL, "timestamptz", NULL},
	/* digits that no type keeps, unless a description says that it is one */
	{"x", "'2024-02-29 10:00:%02d.123456789+05:30'", NULL, "text", "finer_than_microseconds"},
	{"x", "'2024-02-29T10:00:%02dZ'", "'2024-02-29T10:00:00.0000001Z'", "text", "finer_than_microseconds"},
	{"x", "'2024-02-29T10:00:%02d.120000000Z'", NULL, "timestamptz", NULL},
	{"x", "'10:00:%02d.1234567'", NULL, "text", "finer_than_microseconds"},
	{"x", "'PT%d.1234567S'", NULL, "text", "finer_than_microseconds"},
	{"x", "'2024-02-29T10:00:%02dZ'", "'2024-02-29T10:00:60Z'", "timestamptz", NULL},
	{"x", "'2024-02-29T10:00:%02dZ'", "'2023-02-29T10:00:00Z'", "text", NULL},
	{"x", "'2024-02-29T10:00:%02dZ'", "'0000-01-01T10:00:00Z'", "text", NULL},
	{"x", "'2024-02-29T10:00:%02dZ'", "'2024-02-29T24:00:00Z'", "text", NULL},
	{"x", "'2024-02-29T10:00:%02dZ'", "'infinity'", "text", NULL},
	{"x", "'2024-02-29T10:00:%02dZ'", "'2024-02-29T10:00:00\\u0000Z'", "text", NULL},
	{"x", "'2024-02-29T10:00:%02dZ'", "1700000000", "text", "mixed_kinds"},
	{"x", "'2024-02-29T10:00:%02dZ'", "null", "timestamptz", NULL},
	{"x", "'2024-02-29T10:00:%02dZ'", "''", "timestamptz empty", NULL},
	{"x", "'2024-02-29T10:00:%02dZ'", "'2024-02-29T10:00:00'", "text", "mixed_offset"},
	{"x", "'2024-02-29T10:00:%02d'", NULL, "timestamp", NULL},
	{"x", "'2024-02-29T10:00:%02d'", "'2024-02-29T10:00:00+00:00'", "text", "mixed_offset"},
	{"x", "'2024-02-%02d'", NULL, "date", NULL},
	{"x", "'2024-02-%02d'", "'2024-02-30'", "text", NULL},
	{"x", "'2024-02-%02d'", "'2024-02-29T10:00:00Z'", "text", NULL},
	{"x", "'2024%02d01'", NULL, "text", "whole_numbers"},
	{"x", "'2024-%02d'", NULL, "text", NULL},
	/* 4: the forms of mail, HTTP and .NET */
	{"x", "'Tue, 15 Nov 1994 08:12:%02d GMT'", NULL, "timestamptz!rfc2822", NULL},
	{"x", "'Tuesday, 15-Nov-94 08:12:%02d GMT'", "'Tue Nov 15 08:12:31 1994'", "timestamptz!rfc2822", NULL},
	{"x", "'15 Nov 1994 08:12:%02d -0800'", "'15 Nov 1994 08:12:00'", "text", NULL},
	{"x", "'/Date(17000000000%02d)/'", "'/Date(-1+0200)/'", "timestamptz!dotnet_date", NULL},
	{"x", "'/Date(17000000000%02d)/'", "'/Date(x)/'", "text", NULL},
	/* 5: which number is the day? */
	{"x", "'01/%02d/2024'", NULL, "date!date_mdy", NULL},
	{"x", "'%02d/01/2024'", NULL, "date!date_dmy", NULL},
	{"x", "'%02d.01.2024'", "'1.2.2024'", "date!date_dmy", NULL},
	{"x", "'01-%02d-2024'", NULL, "date!date_mdy", NULL},
	{"x", "'01/02/20%02d'", NULL, "text", "day_or_month_first"},
	{"x", "'01/02/20%02d'", "'13/02/2024'", "date!date_dmy", NULL},
	{"x", "'01/02/20%02d'", "'02/13/2024'", "date!date_mdy", NULL},
	{"x", "'%02d/01/2024'", "'01/13/2024'", "text", NULL},
	{"x", "'01/02/%02d'", NULL, "text", NULL},
	/* 6: durations and times */
	{"x", "'PT%dM'", NULL, "interval", NULL},
	{"x", "'P1Y2M%dDT4H5M6.7S'", "'-P1D'", "interval", NULL},
	{"x", "'PT%dM'", "'5 minutes'", "text", NULL},
	{"x", "'PT%dM'", "'P999999999Y'", "text", NULL},
	{"x", "'10:%02d'", "'23:59:59.5'", "time", NULL},
	{"x", "'10:%02dZ'", NULL, "timetz", NULL},
	{"x", "'10:%02d'", "'24:00'", "text", NULL},
	{"x", "'10:%02d'", "'9:30'", "text", NULL},
	{"score", "'3:%d'", NULL, "text", NULL},
	/* 7: UUIDs */
	{"x", "'123e4567-e89b-12d3-a456-4266141740%02d'", NULL, "uuid", NULL},
	{"x", "'123E4567-E89B-12D3-A456-4266141740%02d'", NULL, "uuid", NULL},
	{"x", "'123e4567-e89b-12d3-a456-4266141740%02d'", "'none'", "text", NULL},
	{"x", "'123e4567e89b12d3a4564266141740%02d'", NULL, "text", NULL},
	/* 8: quantities are numbers, codes are not */
	{"x", "'%d.50'", NULL, "numeric", NULL},
	{"x", "'-%d.5'", "'0.5'", "numeric", NULL},
	{"x", "'%d.5'", "'7'", "numeric", NULL},
	{"x", "'%d.5'", "'007'", "text", NULL},
	{"x", "'%d.5'", "'07.5'", "text", NULL},
	{"x", "'%d.5'", "'1e10'", "text", NULL},
	{"x", "'%d.5'", "'-0.0'", "text", NULL},
	{"x", "'%d.5'", "'NaN'", "text", NULL},
	{"x", "'%d.5'", "'1,5'", "text", NULL},
	{"x", "'%d.5'", "' 1.5'", "text", NULL},
	{"x", "'%d.5'", "'+1.5'", "text", NULL},
	{"x", "'%d.5'", "'1_000.5'", "text", NULL},
	{"x", "'%d.5'", "'123456789012345678901234567890.123456789'", "numeric", NULL},
	{"x", "'%d'", NULL, "text", "whole_numbers"},
	{"unitPrice", "'%d'", NULL, "numeric", NULL},
	{"latitude", "'%d'", NULL, "numeric", NULL},
	{"account_balance", "'%d.50'", NULL, "numeric", NULL},
	{"tax_code", "'%d.50'", NULL, "text", "code_name"},
	{"order_id", "'%d.50'", NULL, "text", "code_name"},
	{"zip", "'%d.50'", NULL, "text", "code_name"},
	{"phoneNumber", "'%d.50'", NULL, "text", "code_name"},
	{"account", "'%d.50'", NULL, "text", "code_name"},
	{"version", "'1.%d'", NULL, "text", "code_name"},
	{"apiVersion", "'1.%d'", NULL, "text", "code_name"},
	{"x", "'%de5'", NULL, "text", NULL},
	{"x", "'0x%d'", NULL, "text", NULL},
	/* 9: addresses */
	{"x", "'10.0.0.%d'", NULL, "inet", NULL},
	{"x", "'10.0.0.%d'", "'2001:db8::1'", "inet", NULL},
	{"x", "'10.0.%d.0/24'", NULL, "cidr", NULL},
	{"x", "'10.0.%d.0/24'", "'10.0.0.1/24'", "inet", NULL},
	{"x", "'10.0.%d.0/24'", "'10.0.0.1'", "inet", NULL},
	{"x", "'10.0.%d.0/24'", "'10.0.0.0/33'", "text", NULL},
	{"x", "'2001:db8:%d::/48'", NULL, "cidr", NULL},
	{"x", "'2001:db8:%d::1/48'", NULL, "inet", NULL},
	{"x", "'10.0.0.%d'", "'10.0.0.256'", "text", NULL},
	{"x", "'10.0.0.%d'", "'10.0.0.010'", "text", NULL},
	{"version", "'1.2.3.%d'", NULL, "text", "code_name"},
	{"build", "'1.2.3.%d'", NULL, "text", "code_name"},
	/* 10, 11: words */
	{"x", "'true'", "'false'", "boolean", NULL},
	{"x", "'true'", "'yes'", "text", NULL},
	{"x", "'yes'", "'no'", "text", NULL},
	{"x", "'TRUE'", NULL, "text", NULL},
	{"x", "'now'", "'today'", "text", NULL},
	{"x", "'J24511%02d'", NULL, "text", NULL},
	{"x", "'QUJD%04d'", NULL, "text", NULL},
	/* 12: documents */
	{"x", "'{\\'a\\': %d}'", "'[1, 2]'", "jsonb!json_string", NULL},
	{"x", "'{\\'a\\': %d}'", "'{'", "text", NULL},
	{"x", "'{\\'a\\': %d}'", "'7'", "text", NULL},
	{"x", "'{\\'a\\': %d}'", "'{\\'a\\': \\'\\\\u0000\\'}'", "text", NULL},
	{"x", "'{\\'a\\': %d}'", "'{\\'a\\': \\'\\\\ud83d\\'}'", "text", NULL},
	{"x", "'{\\'a\\': %d}'", "'{\\'a\\': \\'\\\\ud83d\\\\ude00\\\\\\\\u0000\\'}'", "jsonb!json_string", NULL},
	/* 13: numbers that are moments by value and by name */
	{"created_at", "17000000%02d", NULL, "timestamptz!epoch_s", NULL},
	{"createdAt", "17000000%02d000", NULL, "timestamptz!epoch_ms", NULL},
	{"ts", "17000000%02d000000", NULL, "timestamptz!epoch_us", NULL},
	{"expires", "17000000%02d.123456", NULL, "timestamptz!epoch_s", NULL},
	{"expires", "17000000%02d.1234567", NULL, "numeric", NULL},
	{"created_at", "17000000%02d", "0", "bigint", NULL},
	{"created_at", "17000000%02d", "1700000000000", "bigint", NULL},
	{"created_at", "17000000%02d", "4102444800", "bigint", NULL},
	{"created_at", "17000000%02d", "1.7e9", "numeric", NULL},
	{"created_at", "17000000%02d", "null", "timestamptz!epoch_s", NULL},
	{"order_id", "17000000%02d", NULL, "bigint", NULL},
	{"x", "17000000%02d", NULL, "bigint", NULL},
	{"date", "%d", NULL, "bigint", NULL},
	/* numbers keep their digits */
	{"x", "%d", "9007199254740993", "bigint", NULL},
	{"x", "%d", "9223372036854775807", "bigint", NULL},
	{"x", "%d", "9223372036854775808", "numeric", NULL},
	{"x", "%d", "-9223372036854775808", "bigint", NULL},
	{"x", "%d", "-9223372036854775809", "numeric", NULL},
	{"x", "%d", "18446744073709551616", "numeric", NULL},
	{"x", "%d", "123456789012345678901234567890", "numeric", NULL},
	{"x", "%d", "1e400", "numeric", NULL},
	{"x", "%d", "1.0", "numeric", NULL},
	{"x", "%d", "null", "bigint", NULL},
	{"x", "%d", "'7'", "text", "mixed_kinds"},
	{"x", "%d", "true", "text", NULL},
	{"x", "true", "false", "boolean", NULL},
	{"x", "true", "1", "text", NULL},
	/* arrays and objects */
	{"x", "['a', 'b']", "[]", "text[]", NULL},
	{"x", "['a', 'b']", "[null]", "text[]", NULL},
	{"x", "[%d]", "[9223372036854775808]", "numeric[]", NULL},
	{"x", "[%d]", "['a']", "text[]", NULL},
	{"x", "[%d]", "[{'a': 1}]", "jsonb", NULL},
	{"x", "[%d]", "[[1]]", "jsonb", NULL},
	{"x", "[%d]", "{'a': 1}", "jsonb", NULL},
	{"x", "[%d]", "7", "jsonb", NULL},
	{"x", "[[%d]]", NULL, "jsonb", NULL},
	{"x", "[{'a': %d}]", "[]", "jsonb", NULL},
	{"x", "[]", NULL, "jsonb", NULL},
	{"x", "['123e4567-e89b-12d3-a456-4266141740%02d']", NULL, "uuid[]", NULL},
	{"x", "['123e4567-e89b-12d3-a456-4266141740%02d']", "['']", "text[]", NULL},
	{"x", "['01/%02d/2024']", NULL, "text[]", NULL},
	{"x", "{'a': %d}", "null", "jsonb", NULL},
	{"x", "{'a': %d}", "'b'", "jsonb", NULL},
	{"x", "{'id': %d}", "7", "bigint!id_of", NULL},
	{"x", "'c%d'", "{'id': 'c1', 'n': 1}", "text!id_of", NULL},
	{"x", "'c%d'", "{'id': 7}", "jsonb", NULL},
	{"x", "'c%d'", "{'no': 'c1'}", "jsonb", NULL},
	{"x", "'c%d'", "['c1']", "jsonb", NULL},
	{"x", "''", NULL, "text", NULL},
	{"x", "null", NULL, "jsonb", NULL},
};

/* Rows of one field; the odd one comes at the end, row 299. */
static char *
rows_of(const Case *c, int n)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < n; i++)
	{
		const char *at = strchr(c->pattern, '%');

		appendStringInfo(&out, "%s{'id': %d, '%s': ", i > 0 ? ", " : "", i, c->name);
		if (i == n - 1 && c->odd != NULL)
			appendStringInfoString(&out, c->odd);
		else if (at == NULL)
			appendStringInfoString(&out, c->pattern);
		else
		{
			size_t directive = strcspn(at, "d") + 1;

			appendBinaryStringInfo(&out, c->pattern, at - c->pattern);
			appendStringInfo(&out, strstr(at, "%02d") == at ? "%02d" : strstr(at, "%04d") == at ? "%04d"
																								: "%d",
							 1 + i % 28);
			appendStringInfoString(&out, at + directive);
		}
		appendStringInfoChar(&out, '}');
	}
	return psprintf("[%s]", out.data);
}

/* Plans a path of these rows from the sample of so many pages. */
static AcTablePlans *
plan_of(const char *schema, AcJson **pages, int n_pages)
{
	AcSample sample = {0};
	AcJson *doc;
	AcApi *api = api_of(path_of("/rows", schema, ""), &doc);
	AcTablePlans *plans = ac_tableplan_build(api, &sample.options);

	sample.asked_size = -1;
	sample.body = pages[0];
	sample.more = pages + 1;
	sample.n_more = n_pages - 1;
	ac_tableplan_observe(&plans->tables[0], &sample);
	ac_json_free(doc);
	return plans;
}

static const AcColumnPlan *
find_column(const AcTablePlans *plans, const char *field)
{
	const AcTablePlan *plan = &plans->tables[0];
	int i;

	for (i = 0; i < plan->n_columns; i++)
		if (strcmp(plan->columns[i].json_path, psprintf("/%s", field)) == 0)
			return &plan->columns[i];
	return NULL;
}

static char *
text_of(const AcColumnPlan *column)
{
	if (column == NULL)
		return "no column";
	return psprintf("%s%s%s%s", column->type,
					column->decode != NULL ? "!" : "",
					column->decode != NULL ? column->decode : "",
					column->empty_null ? " empty" : "");
}

static AcJson *
evidence_of(const AcTablePlans *plans, const AcColumnPlan *column)
{
	return ac_json_get(ac_json_get(plans->tables[0].evidence, "types"),
					   column->name);
}

static void
test_cases(void)
{
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcJson *page = json_of(rows_of(&cases[i], ROWS));
		AcTablePlans *plans = plan_of("{}", &page, 1);
		const AcColumnPlan *column = find_column(plans, cases[i].name);

		is_str(text_of(column), cases[i].want, "%s: %s, once %s", cases[i].name, cases[i].pattern, cases[i].odd);
		is_str(column == NULL ? NULL : ac_json_get_string(evidence_of(plans, column), "note"), cases[i].note, "its note");
		ac_json_free(plans->evidence);
		ac_json_free(page);
	}
}

/* Nine values make no type, unless the name says the same. */
static void
test_few(void)
{
	static const Case few[] = {
		{"x", "'2024-02-29T10:00:%02dZ'", NULL, "text", "few_values"},
		{"created_at", "'2024-02-29T10:00:%02dZ'", NULL, "timestamptz", NULL},
		{"birth_date", "'2024-02-%02d'", NULL, "date", NULL},
		{"sent_at", "'Tue, 15 Nov 1994 08:12:%02d GMT'", NULL, "timestamptz!rfc2822", NULL},
		{"x", "'123e4567-e89b-12d3-a456-4266141740%02d'", NULL, "text", "few_values"},
		{"price", "'%d.50'", NULL, "text", "few_values"},
		{"created_at", "17000000%02d", NULL, "bigint", NULL},
		{"x", "%d", NULL, "bigint", NULL},
	};
	int i;

	for (i = 0; i < (int) lengthof(few); i++)
	{
		AcJson *page = json_of(rows_of(&few[i], 9));
		AcTablePlans *plans = plan_of("{}", &page, 1);
		const AcColumnPlan *column = find_column(plans, few[i].name);

		is_str(text_of(column), few[i].want, "nine times %s: %s", few[i].name, few[i].pattern);
		is_str(ac_json_get_string(evidence_of(plans, column), "note"), few[i].note, "its note");
		ac_json_free(plans->evidence);
		ac_json_free(page);
	}
}

/* What was described, and what came. */
static void
test_described(void)
{
	static const struct
	{
		const char *schema;
		Case values;
		bool conflict;
	} described[] = {
		{"{'type': 'string'}", {"f", "'2024-02-29T10:00:%02dZ'", NULL, "timestamptz", NULL}, false},
		{"{'type': 'string'}", {"f", "'2024-02-29T10:00:%02dZ'", "'x'", "text", NULL}, false},
		{"{'type': 'string', 'enum': ['true', 'false']}", {"f", "'true'", NULL, "text", NULL}, false},
		{"{'type': 'string', 'format': 'email'}", {"f", "'10.0.0.%d'", NULL, "text", NULL}, false},
		{"{'type': 'string', 'format': 'date-time'}", {"f", "'Tue, 15 Nov 1994 08:12:%02d GMT'", NULL, "timestamptz!rfc2822", NULL}, true},
		{"{'type': 'string', 'format': 'date-time'}", {"f", "'/Date(17000000000%02d)/'", NULL, "timestamptz!dotnet_date", NULL}, true},
		{"{'type': 'string', 'format': 'date'}", {"f", "'%02d/01/2024'", NULL, "date!date_dmy", NULL}, true},
		{"{'type': 'string', 'format': 'date'}", {"f", "'01/02/20%02d'", NULL, "text", "day_or_month_first"}, true},
		{"{'type': 'string', 'format': 'date-time'}", {"f", "17000000%02d", NULL, "timestamptz!epoch_s", NULL}, true},
		{"{'type': 'string', 'format': 'date-time'}", {"f", "17000000%02d000", NULL, "timestamptz!epoch_ms", NULL}, true},
		{"{'type': 'string', 'format': 'date-time'}", {"f", "'2024-02-29T10:00:%02dZ'", "''", "timestamptz empty", NULL}, false},
		{"{'type': 'string', 'format': 'date-time'}", {"f", "'2024-02-29T10:00:%02dZ'", "'2024-02-29T10:00:00'", "text", "mixed_offset"}, true},
		{"{'type': 'string', 'format': 'date-time'}", {"f", "'2024-02-29T10:00:%02d.123456789Z'", NULL, "timestamptz", "rounded_to_microseconds"}, false},
		{"{'type': 'string', 'format': 'date-time-rfc-2822'}", {"f", "'2024-02-29T10:00:%02dZ'", NULL, "timestamptz", NULL}, true},
		{"{'type': 'string', 'format': 'uuid'}", {"f", "'123E4567-E89B-12D3-A456-4266141740%02d'", NULL, "uuid", NULL}, false},
		{"{'type': 'string', 'format': 'cidr'}", {"f", "'10.0.0.%d/24'", NULL, "inet", NULL}, true},
		{"{'type': 'string', 'format': 'binary'}", {"f", "'not base64!'", NULL, "text", NULL}, true},
		{"{'type': 'string', 'format': 'json'}", {"f", "'{\\'a\\': %d}'", "'{'", "text", NULL}, true},
		{"{'type': 'integer', 'format': 'unix-time'}", {"f", "17000000%02d", "-1", "timestamptz!epoch_s", NULL}, false},
		{"{'type': 'integer', 'format': 'unix-time'}", {"f", "17000000%02d000", NULL, "timestamptz!epoch_ms", NULL}, true},
		{"{'type': 'integer', 'format': 'unix-time'}", {"f", "17000000%02d000000", NULL, "timestamptz!epoch_us", NULL}, true},
		{"{'type': 'integer', 'format': 'unix-time'}", {"f", "17000000%02d", "9223372036854775807", "bigint", NULL}, true},
		{"{'type': 'integer'}", {"created_at", "17000000%02d", NULL, "timestamptz!epoch_s", NULL}, false},
		{"{'type': 'integer', 'format': 'int64'}", {"created_at", "17000000%02d", NULL, "bigint", NULL}, false},
		{"{'type': 'integer'}", {"f", "17000000%02d", NULL, "bigint", NULL}, false},
		{"{'type': 'integer'}", {"f", "%d", "-9223372036854775809", "numeric", NULL}, true},
		{"{'type': 'integer'}", {"f", "%d", "1.0", "numeric", NULL}, true},
		{"{'type': 'number', 'format': 'double'}", {"f", "%d.5", "0.30000000000000004", "float8", NULL}, false},
		{"{'type': 'number', 'format': 'double'}", {"f", "%d.5", "9007199254740993", "numeric", NULL}, true},
		{"{'type': 'number', 'format': 'double'}", {"f", "%d.5", "0.12345678901234567890", "numeric", NULL}, true},
		{"{'type': 'number', 'format': 'double'}", {"f", "%d.5", "1e400", "numeric", NULL}, true},
		{"{'type': 'number', 'format': 'double'}", {"f", "%d.5", "1.5e300", "float8", NULL}, false},
		{"{'type': 'array', 'items': {'type': 'string', 'format': 'date'}}", {"f", "['2024-02-%02d']", "['']", "text[]", NULL}, true},
	};
	int i;

	for (i = 0; i < (int) lengthof(described); i++)
	{
		const Case *c = &described[i].values;
		AcJson *page = json_of(rows_of(c, ROWS));
		AcTablePlans *plans = plan_of(array_of(object_of(psprintf("'id': {'type': 'integer'}, '%s': %s", c->name, described[i].schema))), &page, 1);
		const AcColumnPlan *column = find_column(plans, c->name);

		is_str(text_of(column), c->want, "%s meets %s, once %s", described[i].schema, c->pattern, c->odd);
		is_str(ac_json_get_string(evidence_of(plans, column), "note"), c->note, "its note");
		is_int(ac_json_has(ac_json_get(plans->tables[0].evidence, "spec_conflict"), c->name), described[i].conflict, "is a conflict or not");
		ac_json_free(plans->evidence);
		ac_json_free(page);
	}
}

static void
test_pages(void)
{
	static const Case plain = {"x", "'2024-02-%02d'", NULL, NULL, NULL};
	static const Case surprise = {"x", "'2024-02-%02d'", "'n/a'", NULL, NULL};
	AcJson *pages[3];
	AcTablePlans *plans;
	int i;

	pages[0] = json_of(rows_of(&plain, 4));
	pages[1] = json_of(rows_of(&plain, 4));
	pages[2] = json_of(rows_of(&plain, 4));
	plans = plan_of("{}", pages, 2);
	is_str(find_column(plans, "x")->type, "text", "eight values of two pages");
	ac_json_free(plans->evidence);
	plans = plan_of("{}", pages, 3);
	is_str(find_column(plans, "x")->type, "date", "twelve values of three pages");
	is_int(ac_json_int(ac_json_get(plans->tables[0].evidence, "sampled_rows"), 0), 12, "all rows count");
	ac_json_free(plans->evidence);
	ac_json_free(pages[2]);
	pages[2] = json_of(rows_of(&surprise, 4));
	plans = plan_of("{}", pages, 3);
	is_str(find_column(plans, "x")->type, "text", "the last page's last row counts");
	ac_json_free(plans->evidence);
	for (i = 0; i < 3; i++)
		ac_json_free(pages[i]);
}

static void
test_evidence(void)
{
	StringInfoData out;
	AcJson *page;
	AcJson *entry;
	AcTablePlans *plans;
	int i;

	initStringInfo(&out);
	for (i = 0; i < ROWS; i++)
		appendStringInfo(&out, "%s{'state': '%s', 'pin': 'x', 'rare': 'r%d', 'city': '%s'%s}", i > 0 ? ", " : "",
						 i % 3 == 0 ? "open" : "closed", i, i < 2 ? psprintf("c%d", i) : "Bonn",
						 i % 10 == 0 ? ", 'some': null" : i % 10 == 1 ? ", 'some': 1"
																	  : "");
	page = json_of(psprintf("[%s]", out.data));
	plans = plan_of("{}", &page, 1);
	entry = evidence_of(plans, find_column(plans, "state"));
	is_str(ac_json_to_text(entry), "{\"type\":\"text\",\"n\":300,\"confidence\":0.9900,\"domain\":[\"closed\",\"open\"]}", "a domain");
	ok(!ac_json_has(evidence_of(plans, find_column(plans, "pin")), "domain"), "secrets are not shown");
	ok(!ac_json_has(evidence_of(plans, find_column(plans, "rare")), "domain"), "300 values are no domain");
	ok(!ac_json_has(evidence_of(plans, find_column(plans, "city")), "domain"), "two of 300 seen once: too much is unseen");
	entry = evidence_of(plans, find_column(plans, "some"));
	is_str(ac_json_to_text(entry), "{\"type\":\"bigint\",\"n\":30,\"nulls\":30,\"absent\":240,\"confidence\":0.9000}", "nulls and absent ones");
	ac_json_free(plans->evidence);
	plans = plan_of(array_of(object_of("'state': {'type': 'string', 'enum': ['open', 'closed', 'lost']}, 'city': {'type': 'string', 'format': 'password'}")), &page, 1);
	is_str(ac_json_to_text(ac_json_get(evidence_of(plans, find_column(plans, "state")), "domain")), "[\"open\",\"closed\",\"lost\"]", "a described domain");
	ok(!ac_json_has(evidence_of(plans, find_column(plans, "city")), "domain"), "a password's values are not shown");
	ac_json_free(plans->evidence);
	ac_json_free(page);
}

/* A uuid that is sent must be spelled as the API spells it. */
static void
test_spelling(void)
{
	static const char *const patterns[] = {
		"'123E4567-E89B-12D3-A456-4266141740%02d'",
		"'123e4567-e89b-12d3-a456-4266141740%02d'"};
	int i;

	for (i = 0; i < 2; i++)
	{
		Case c = {"ref", patterns[i], NULL, NULL, NULL};
		const char *uuid = "{'type': 'string', 'format': 'uuid'}";
		AcSample sample = {0};
		AcJson *doc;
		AcApi *api = api_of(path_of("/rows", array_of(object_of(psprintf("'id': {'type': 'integer'}, 'ref': %s", uuid))), query_of("ref", uuid)), &doc);
		AcTablePlans *plans = ac_tableplan_build(api, &sample.options);

		sample.asked_size = -1;
		sample.body = json_of(rows_of(&c, ROWS));
		ac_tableplan_observe(&plans->tables[0], &sample);
		is_str(find_column(plans, "ref")->param, "ref", "the field is a parameter, too");
		is_str(find_column(plans, "ref")->type, i == 0 ? "text" : "uuid", "%s", patterns[i]);
		ac_json_free(plans->evidence);
		ac_json_free(sample.body);
		ac_json_free(doc);
	}
}

/* ---- properties ---- */

static const char *const atoms[] = {
	"null", "true", "false", "0", "-1", "32768", "2147483648", "1700000000",
	"1700000000000", "9223372036854775807", "9223372036854775808", "1.5",
	"1e400", "0.1", "''", "'x'", "'true'", "'12'", "'007'", "'1.50'",
	"'2024-02-29'", "'2024-02-29T10:00:00Z'", "'2024-02-29T10:00:00'",
	"'13/01/2024'", "'01/13/2024'", "'01/02/2024'", "'10:30'", "'PT5M'",
	"'10.0.0.1'", "'10.0.0.0/8'", "'/Date(1)/'",
	"'Tue, 15 Nov 1994 08:12:31 GMT'",
	"'123e4567-e89b-12d3-a456-426614174000'", "'{}'", "[]", "[1]", "['x']",
	"{}", "{'id': 1}"};

static const struct
{
	const char *type;
	const char *decode;
	AcShapeKind kind;
} planned[] = {
	{"bigint", NULL, AC_SHAPE_INTEGER},
	{"smallint", NULL, AC_SHAPE_INTEGER},
	{"bigint", NULL, AC_SHAPE_STRING},
	{"numeric", NULL, AC_SHAPE_NUMBER},
	{"float8", NULL, AC_SHAPE_NUMBER},
	{"boolean", NULL, AC_SHAPE_BOOLEAN},
	{"text", NULL, AC_SHAPE_STRING},
	{"timestamptz", NULL, AC_SHAPE_STRING},
	{"timestamptz", "epoch_s", AC_SHAPE_INTEGER},
	{"timestamptz", "rfc2822", AC_SHAPE_STRING},
	{"date", NULL, AC_SHAPE_STRING},
	{"date", "date_dmy", AC_SHAPE_STRING},
	{"uuid", NULL, AC_SHAPE_STRING},
	{"inet", NULL, AC_SHAPE_STRING},
	{"cidr", NULL, AC_SHAPE_STRING},
	{"jsonb", NULL, AC_SHAPE_UNKNOWN},
	{"text[]", NULL, AC_SHAPE_ARRAY},
	{"bigint[]", NULL, AC_SHAPE_ARRAY},
};

/* Can a column of that type and decoding show the value with all digits? */
static bool
holds(const char *type, const char *decode, const AcJson *value)
{
	AcJsonKind kind = ac_json_kind(value);
	char *element = ac_types_element(type);
	int needs = ac_types_needs(type, decode);
	int i;

	if (kind == AC_JSON_NULL || strcmp(type, "jsonb") == 0)
		return decode == NULL || kind != AC_JSON_STRING ||
			   (ac_types_look(ac_json_string(value, NULL)) & needs) != 0 || ac_json_string(value, NULL)[0] == '\0';
	if (element != NULL)
	{
		for (i = 0; i < ac_json_length(value); i++)
			if (!holds(element, NULL, ac_json_at(value, i)))
				return false;
		return kind == AC_JSON_ARRAY;
	}
	if (kind == AC_JSON_ARRAY || kind == AC_JSON_OBJECT)
		return false;
	if (strcmp(type, "text") == 0)
		return true;
	if (kind == AC_JSON_STRING)
		return ac_json_string(value, NULL)[0] == '\0' ||
			   (ac_types_look(ac_json_string(value, NULL)) & needs) != 0;
	if (kind == AC_JSON_BOOL)
		return strcmp(type, "boolean") == 0;
	if (decode != NULL)
		return strncmp(decode, "epoch_", 6) == 0;
	if (strcmp(type, "bigint") == 0 || strcmp(type, "integer") == 0 || strcmp(type, "smallint") == 0)
		return kind == AC_JSON_INT && ac_types_integer_fits(type, ac_json_text_of(value));
	return strcmp(type, "numeric") == 0 ||
		   (strcmp(type, "float8") == 0 && strlen(ac_json_text_of(value)) < 15 && strcmp(ac_json_text_of(value), "1e400") != 0);
}

static AcValues
random_values(AcJson *pool, uint64 *seed)
{
	AcValues values;
	int n = 1 + (int) (tap_random(seed) % 4);
	int kinds = 1 + (int) (tap_random(seed) % 3);
	int from[3];
	int i;

	for (i = 0; i < kinds; i++)
		from[i] = (int) (tap_random(seed) % lengthof(atoms));
	values.values = palloc(16 * sizeof(AcJson *));
	values.n = 0;
	for (i = 0; i < n * kinds; i++)
		values.values[values.n++] = ac_json_at(pool, from[i % kinds]);
	return values;
}

/*
 * What a sample widens to holds all of it, widening again changes nothing,
 * and more values never lead back: the type for all holds what the type for
 * some held.
 */
static void
test_properties(void)
{
	StringInfoData out;
	AcJson *pool;
	uint64 seed = 7;
	int wrong = 0;
	int unstable = 0;
	int forgotten = 0;
	int round;

	initStringInfo(&out);
	for (round = 0; round < (int) lengthof(atoms); round++)
		appendStringInfo(&out, "%s%s", round > 0 ? ", " : "", atoms[round]);
	pool = json_of(psprintf("[%s]", out.data));
	for (round = 0; round < 20000; round++)
	{
		int p = (int) (tap_random(&seed) % lengthof(planned));
		AcValues some = random_values(pool, &seed);
		AcValues all = some;
		AcValues more = random_values(pool, &seed);
		AcTypeChoice first = ac_observe_widen(planned[p].type, planned[p].decode, planned[p].kind, &some);
		AcTypeChoice again = ac_observe_widen(first.type, first.decode, planned[p].kind, &some);
		AcTypeChoice last;
		int i;

		for (i = 0; i < some.n; i++)
			if (!holds(first.type, first.decode, some.values[i]))
			{
				if (wrong++ < 3)
					diag("%s!%s for %s by way of %s", first.type, first.decode, ac_json_to_text(some.values[i]), planned[p].type);
			}
		if (strcmp(first.type, again.type) != 0)
			if (unstable++ < 3)
				diag("%s then %s by way of %s (%s, %d)", first.type, again.type, planned[p].type, ac_json_to_text(some.values[0]), some.n);
		all.values = palloc((some.n + more.n) * sizeof(AcJson *));
		memcpy(all.values, some.values, some.n * sizeof(AcJson *));
		memcpy(all.values + some.n, more.values, more.n * sizeof(AcJson *));
		all.n = some.n + more.n;
		last = ac_observe_widen(planned[p].type, planned[p].decode, planned[p].kind, &all);
		for (i = 0; i < all.n; i++)
			forgotten += !holds(last.type, last.decode, all.values[i]);
	}
	is_int(wrong, 0, "what was widened holds what was seen");
	is_int(unstable, 0, "widening again changes nothing");
	is_int(forgotten, 0, "more values never lead back");
	ac_json_free(pool);
}

int
main(void)
{
	test_cases();
	test_few();
	test_described();
	test_pages();
	test_evidence();
	test_spelling();
	test_properties();
	return done_testing();
}
