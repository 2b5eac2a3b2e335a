/*
 * test_bodylimit.c
 *		Are limits read that APIs tell in bodies?
 */
#include "ac.h"

#include "core/bodylimit.h"
#include "tap.h"

static AcJson *
parse(const char *text)
{
	AcJson *doc = NULL;

	if (!ac_json_parse(text, strlen(text), 32, &doc, NULL))
		diag("not JSON: %s", text);
	return doc;
}

static void
test_retry_after(void)
{
	static const struct
	{
		const char *text;
		int64 ms; /* -1: none */
	} cases[] = {
		{"{\"message\": \"You are being rate limited.\", \"retry_after\": 64.57, \"global\": false}", 64570},
		{"{\"retry_after\": 0}", 0},
		{"{\"retry_after\": \"12\"}", 12000},
		{"{\"ok\": false, \"error_code\": 429, \"parameters\": {\"retry_after\": 5}}", 5000},
		{"{\"error\": {\"retryAfter\": \"1.5\"}}", 1500},
		{"{\"retry_after_ms\": 250, \"retry_after\": 1}", 250},
		{"{\"retry_after\": -3}", -1},
		{"{\"retry_after\": \"soon\"}", -1},
		{"{\"retry_after\": [7]}", -1},
		{"{\"retry_after\": 1709294400}", -1},
		{"{\"retry_after\": \"2024-03-01T12:00:00Z\"}", -1},
		{"{\"retry_after_ms\": 99999999999}", -1},
		{"[{\"retry_after\": 5}]", -1},
		{"{\"error\": \"retry_after\"}", -1},
		{"null", -1},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcJson *doc = parse(cases[i].text);
		int64 ms;

		if (!ac_body_retry_after(doc, &ms))
			ms = -1;
		is_int(ms, cases[i].ms, "%s", cases[i].text);
		ac_json_free(doc);
	}
}

#define COST(price, status)                                                     \
	"{\"data\": {}, \"extensions\": {\"cost\": {\"requestedQueryCost\": " price \
	", \"actualQueryCost\": 46, \"throttleStatus\": {" status "}}}}"

static void
test_cost(void)
{
	static const struct
	{
		const char *text;
		const char *shown; /* limit/remaining/reset_ms/step_ms, "": none */
	} cases[] = {
		{COST("101", "\"maximumAvailable\": 1000.0, \"currentlyAvailable\": 909, \"restoreRate\": 50.0"), "9/9/1820/2020"},
		{COST("1", "\"maximumAvailable\": 1000, \"currentlyAvailable\": 0, \"restoreRate\": 50"), "1000/0/20000/20"},
		{COST("0", "\"maximumAvailable\": 1000, \"currentlyAvailable\": 1000, \"restoreRate\": 50"), "1000/1000/0/20"},
		{COST("1", "\"maximumAvailable\": 1000, \"currentlyAvailable\": 0, \"restoreRate\": 0"), ""},
		{COST("1", "\"maximumAvailable\": 10, \"currentlyAvailable\": 11, \"restoreRate\": 1"), ""},
		{COST("1", "\"maximumAvailable\": -1, \"currentlyAvailable\": -2, \"restoreRate\": 1"), ""},
		{COST("1e300", "\"maximumAvailable\": 1e300, \"currentlyAvailable\": 1, \"restoreRate\": 1"), ""},
		{COST("1", "\"maximumAvailable\": \"many\", \"currentlyAvailable\": 1, \"restoreRate\": 1"), ""},
		{COST("1000000", "\"maximumAvailable\": 1, \"currentlyAvailable\": 0, \"restoreRate\": 0.000001"), "0/0/1000000000/1000000000"},
		{"{\"extensions\": {\"cost\": 5}}", ""},
		{"{\"extensions\": []}", ""},
		{"{}", ""},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcJson *doc = parse(cases[i].text);
		AcRateInfo info;
		const char *shown = "";

		if (ac_body_graphql_cost(doc, &info))
			shown = psprintf(INT64_FORMAT "/" INT64_FORMAT "/" INT64_FORMAT "/" INT64_FORMAT,
							 info.limit, info.remaining, info.reset_ms,
							 info.step_ms);
		is_str(shown, cases[i].shown, "%s", cases[i].text);
		ac_json_free(doc);
	}
}

int
main(void)
{
	test_retry_after();
	test_cost();
	return done_testing();
}
