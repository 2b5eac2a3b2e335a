/*
 * test_headerlimit.c
 *		Are the limits that APIs announce understood in every dialect?
 */
#include "ac.h"

#include "core/header.h"
#include "tap.h"

/* 2024-03-01T12:00:00Z */
#define NOW INT64CONST(1709294400000)

/*
 * name[bucket]:limit/remaining/reset_ms/window_ms, '-' for unknown, and +step_ms
 * if one by one is restored; "; " between.
 */
static char *
show(const AcRateInfoList *list)
{
	StringInfoData out;
	int i;
	int k;

	initStringInfo(&out);
	for (i = 0; i < list->count; i++)
	{
		const AcRateInfo *info = &list->items[i];
		int64 values[] = {info->limit, info->remaining,
						  info->reset_ms, info->window_ms};

		appendStringInfo(&out, "%s%s", i ? "; " : "", info->name);
		if (info->bucket[0] != '\0')
			appendStringInfo(&out, "[%s]", info->bucket);
		appendStringInfoChar(&out, ':');
		for (k = 0; k < 4; k++)
		{
			if (k > 0)
				appendStringInfoChar(&out, '/');
			if (info->known & (1 << k))
				appendStringInfo(&out, INT64_FORMAT, values[k]);
			else
				appendStringInfoChar(&out, '-');
		}
		if (info->step_ms > 0)
			appendStringInfo(&out, "+" INT64_FORMAT, info->step_ms);
	}
	return out.data;
}

static const struct
{
	const char *dialect;
	const char *lines[5];
	const char *shown;
} cases[] = {
	{"none", {"Server: x"}, ""},
	{"IETF draft 08 and later",
	 {"RateLimit: \"p\";r=50;t=30", "RateLimit-Policy: \"p\";q=100;w=60"},
	 "p[p]:100/50/30000/60000"},
	{"IETF, two policies and a partition key",
	 {"RateLimit: \"burst\";r=0;t=1, \"daily\";r=900;t=3600",
	  "RateLimit-Policy: \"burst\";q=10;w=1;pk=:cHNkZg==:, \"daily\";q=1000;w=86400"},
	 "burst[burst cHNkZg==]:10/0/1000/1000; daily[daily]:1000/900/3600000/86400000"},
	{"IETF, partition keys of the limits themselves",
	 {"RateLimit: \"default\";r=7;t=5;pk=:YQ==:, \"default\";r=50;t=30",
	  "RateLimit-Policy: \"default\";q=100;w=60"},
	 "default[default YQ==]:100/7/5000/60000; default:100/50/30000/60000"},
	{"IETF, in several fields",
	 {"RateLimit: \"a\";r=1", "RateLimit: \"b\";r=2;t=3"},
	 "a[a]:-/1/-/-; b[b]:-/2/3000/-"},
	{"IETF, a policy counted in bytes is no request limit",
	 {"RateLimit: \"b\";r=0;t=9, \"r\";r=3;t=4",
	  "RateLimit-Policy: \"b\";q=65535;w=10;qu=\"content-bytes\", \"r\";q=5;w=10;qu=\"requests\""},
	 "r[r]:5/3/4000/10000"},
	{"IETF, malformed members are dropped",
	 {"RateLimit: \"p\";r=x;t=30, \"q\";r=-1, \"z\""},
	 "p[p]:-/-/30000/-"},
	{"IETF drafts 03 to 07", {"RateLimit: limit=100, remaining=50, reset=30"}, "default:100/50/30000/-"},
	{"IETF drafts 03 to 07 with a policy",
	 {"RateLimit: limit=100, remaining=50, reset=30",
	  "RateLimit-Policy: 10;w=1, 100;w=60"},
	 "default:100/50/30000/60000"},
	{"polli",
	 {"RateLimit-Limit: 100", "RateLimit-Remaining: 50", "RateLimit-Reset: 30"},
	 "default:100/50/30000/-"},
	{"polli with windows",
	 {"RateLimit-Limit: 100, 100;w=60, 1000;w=3600", "RateLimit-Remaining: 50",
	  "RateLimit-Reset: 30"},
	 "default:100/50/30000/60000"},
	{"polli, the window at the limit",
	 {"RateLimit-Limit: 100;w=60, 1000;w=3600", "RateLimit-Remaining: 0"},
	 "default:100/0/-/60000"},
	{"GitLab",
	 {"RateLimit-Limit: 60", "RateLimit-Observed: 67", "RateLimit-Remaining: 0",
	  "RateLimit-Reset: 1709294430"},
	 "default:60/0/30000/-"},
	{"GitHub",
	 {"x-ratelimit-limit: 5000", "x-ratelimit-remaining: 4999",
	  "x-ratelimit-reset: 1709298000", "x-ratelimit-used: 1"},
	 "default:5000/4999/3600000/-"},
	{"GitHub, another resource",
	 {"x-ratelimit-limit: 30", "x-ratelimit-remaining: 0",
	  "x-ratelimit-reset: 1709294460", "x-ratelimit-used: 30",
	  "x-ratelimit-resource: search"},
	 "default[search]:30/0/60000/-"},
	{"epoch against the server's clock",
	 {"Date: Fri, 01 Mar 2024 11:00:00 GMT", "X-RateLimit-Remaining: 0",
	  "X-RateLimit-Reset: 1709290860"},
	 "default:-/0/60000/-"},
	{"a reset in the past",
	 {"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1709294000"},
	 "default:-/0/0/-"},
	{"Twitter",
	 {"x-rate-limit-limit: 900", "x-rate-limit-remaining: 1",
	  "x-rate-limit-reset: 1709294401"},
	 "default:900/1/1000/-"},
	{"Twitter's day",
	 {"x-app-limit-24hour-limit: 25", "x-app-limit-24hour-remaining: 0",
	  "x-app-limit-24hour-reset: 1709298000"},
	 "day:25/0/3600000/86400000"},
	{"Reddit",
	 {"x-ratelimit-used: 4", "x-ratelimit-remaining: 596.0",
	  "x-ratelimit-reset: 359"},
	 "default:600/596/359000/-"},
	{"Vimeo",
	 {"X-RateLimit-Limit: 100", "X-RateLimit-Remaining: 99",
	  "X-RateLimit-Reset: Fri, 01 Mar 2024 12:01:00 GMT"},
	 "default:100/99/60000/-"},
	{"Akamai",
	 {"X-RateLimit-Limit: 60", "X-RateLimit-Remaining: 0",
	  "X-RateLimit-Next: 2024-03-01T12:00:05.5Z"},
	 "default:60/0/5500/-"},
	{"lemlist",
	 {"X-RateLimit-Limit: 20", "X-RateLimit-Remaining: 0",
	  "X-RateLimit-Reset: Fri Mar 01 2024 12:00:02 GMT+0000 (Coordinated Universal Time)"},
	 "default:20/0/2000/-"},
	{"MailerLite",
	 {"X-RateLimit-Limit: 120", "X-RateLimit-Remaining: 0",
	  "X-RateLimit-Reset: 2024-03-01 12:00:59"},
	 "default:120/0/59000/-"},
	{"MailerLite's delay",
	 {"X-RateLimit-Remaining: 0", "X-RateLimit-Retry-After: 59"},
	 "default:-/0/59000/-"},
	{"Prisjakt: milliseconds",
	 {"X-RateLimit-Limit: 100;w=60", "X-RateLimit-Remaining: 5",
	  "X-RateLimit-Reset: 42000"},
	 "default:100/5/42000/60000"},
	{"Discord",
	 {"X-RateLimit-Limit: 5", "X-RateLimit-Remaining: 0",
	  "X-RateLimit-Reset: 1709294401.5", "X-RateLimit-Reset-After: 1.25"},
	 "default:5/0/1250/-"},
	{"Discord's bucket",
	 {"X-RateLimit-Limit: 5", "X-RateLimit-Remaining: 0",
	  "X-RateLimit-Reset-After: 1.25", "X-RateLimit-Bucket: abcd1234",
	  "X-RateLimit-Scope: user"},
	 "default[abcd1234]:5/0/1250/-"},
	{"Discord, a limit for everything",
	 {"X-RateLimit-Remaining: 0", "X-RateLimit-Reset-After: 1.25",
	  "X-RateLimit-Bucket: abcd1234", "X-RateLimit-Scope: global"},
	 "default:-/0/1250/-"},
	{"Discord, the same in another way",
	 {"X-RateLimit-Remaining: 0", "X-RateLimit-Reset-After: 1.25",
	  "X-RateLimit-Bucket: abcd1234", "X-RateLimit-Global: true"},
	 "default:-/0/1250/-"},
	{"OpenAI",
	 {"x-ratelimit-limit-requests: 60", "x-ratelimit-remaining-requests: 59",
	  "x-ratelimit-reset-requests: 6m0s", "x-ratelimit-remaining-tokens: 0"},
	 "requests:60/59/360000/-"},
	{"OpenAI, milliseconds",
	 {"x-ratelimit-remaining-requests: 59", "x-ratelimit-reset-requests: 100ms"},
	 "requests:-/59/100/-"},
	{"Anthropic",
	 {"anthropic-ratelimit-requests-limit: 50",
	  "anthropic-ratelimit-requests-remaining: 49",
	  "anthropic-ratelimit-requests-reset: 2024-03-01T12:00:01Z",
	  "anthropic-ratelimit-tokens-remaining: 0"},
	 "requests:50/49/1000/-"},
	{"Brevo",
	 {"x-sib-ratelimit-limit: 400", "x-sib-ratelimit-remaining: 399",
	  "x-sib-ratelimit-reset: 31"},
	 "default:400/399/31000/-"},
	{"HubSpot's day", {"X-HubSpot-RateLimit-Daily: 250000", "X-HubSpot-RateLimit-Daily-Remaining: 249999"}, "day:250000/249999/-/86400000"},
	{"HubSpot's window",
	 {"X-HubSpot-RateLimit-Max: 100", "X-HubSpot-RateLimit-Remaining: 98",
	  "X-HubSpot-RateLimit-Interval-Milliseconds: 10000"},
	 "default:100/98/-/10000"},
	{"Kong",
	 {"X-RateLimit-Limit-Minute: 10", "X-RateLimit-Remaining-Minute: 9",
	  "X-RateLimit-Limit-Hour: 100", "X-RateLimit-Remaining-Hour: 99"},
	 "minute:10/9/-/60000; hour:100/99/-/3600000"},
	{"Kong's month",
	 {"X-RateLimit-Limit-Month: 10000", "X-RateLimit-Remaining-Month: 9"},
	 "month:10000/9/-/2592000000"},
	{"RapidAPI",
	 {"x-ratelimit-requests-limit: 500", "x-ratelimit-requests-remaining: 499",
	  "x-ratelimit-requests-reset: 2591999"},
	 "requests:500/499/-/-"},
	{"Shopify", {"X-Shopify-Shop-Api-Call-Limit: 32/40"}, "bucket:40/8/16000/20000+500"},
	{"Shopify, a larger plan", {"X-Shopify-Shop-Api-Call-Limit: 40/400"}, "bucket:400/360/2000/20000+50"},
	{"Shopify, overdrawn is malformed", {"X-Shopify-Shop-Api-Call-Limit: 41/40"}, ""},
	{"Salesforce", {"Sforce-Limit-Info: api-usage=18/5000"}, "day:5000/4982/-/86400000"},
	{"Salesforce, per app", {"Sforce-Limit-Info: api-usage=25/5000; per-app-api-usage=17/250(appName=x)"}, "day:5000/4975/-/86400000"},
	{"Azure",
	 {"x-ms-ratelimit-remaining-subscription-reads: 11999",
	  "x-ms-ratelimit-remaining-subscription-writes: 0",
	  "x-ms-ratelimit-remaining-resource: Microsoft.Compute/HighCostGet3Min;159,Microsoft.Compute/HighCostGet30Min;797"},
	 "subscription-reads:-/11999/-/-; resource[Microsoft.Compute/HighCostGet3Min]:-/159/-/-; resource[Microsoft.Compute/HighCostGet30Min]:-/797/-/-"},
	{"malformed members",
	 {"X-RateLimit-Limit: many", "X-RateLimit-Remaining: -1",
	  "X-RateLimit-Reset: soon"},
	 ""},
	{"one good member among malformed ones",
	 {"X-RateLimit-Limit: 10x", "X-RateLimit-Remaining: 3",
	  "X-RateLimit-Reset: 12 13"},
	 "default:-/3/-/-"},
	{"a number too long", {"X-RateLimit-Remaining: 99999999999999999999"}, ""},
	{"a reset that is no delay and no moment",
	 {"X-RateLimit-Remaining: 3", "X-RateLimit-Reset: 50000000"},
	 "default:-/3/-/-"},
	{"epoch in milliseconds",
	 {"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1709294460000"},
	 "default:-/0/60000/-"},
};

static void
test_dialects(void)
{
	size_t i;

	for (i = 0; i < lengthof(cases); i++)
	{
		AcHeaders *h = ac_headers_create();
		AcRateInfoList list;
		int k;

		for (k = 0; k < (int) lengthof(cases[i].lines) && cases[i].lines[k]; k++)
			ac_headers_add_line(h, cases[i].lines[k], strlen(cases[i].lines[k]));
		ac_header_rate_info(h, NOW, &list);
		is_str(show(&list), cases[i].shown, "%s", cases[i].dialect);
	}
}

static void
test_bound(void)
{
	AcHeaders *h = ac_headers_create();
	AcRateInfoList list;
	const char *line = "RateLimit: \"a\";r=1, \"a\";r=1, \"a\";r=1, \"a\";r=1";
	int i;

	for (i = 0; i < 5; i++)
		ac_headers_add_line(h, line, strlen(line));
	ac_header_rate_info(h, NOW, &list);
	is_int(list.count, AC_RATE_INFO_MAX, "no more limits than there is room for");
}

int
main(void)
{
	test_dialects();
	test_bound();
	return done_testing();
}
