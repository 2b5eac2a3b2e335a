/*
 * headerlimit.c
 *		Which request limits does a response announce?
 *
 * Dialects, each of them seen in the wild:
 *
 * - IETF draft-ietf-httpapi-ratelimit-headers-08 and later:
 *	 RateLimit: "p";r=50;t=30 with RateLimit-Policy: "p";q=100;w=60;qu=...
 * - drafts 03 to 07: RateLimit: limit=100, remaining=50, reset=30, with
 *	 RateLimit-Policy: 100;w=60
 * - draft-polli-ratelimit-headers: RateLimit-Limit (100, 100;w=60, ...),
 *	 -Remaining, -Reset, and the X-RateLimit- and X-Rate-Limit- families that
 *	 it grew out of (GitHub, GitLab, Twitter, Reddit, Vimeo, Discord, ...)
 * - the families of the table below (OpenAI, Anthropic, Brevo, HubSpot, Kong)
 * - Azure's x-ms-ratelimit-remaining-*, Shopify's used/limit, Salesforce's
 *	 api-usage=used/limit
 *
 * Some say what shares the limit: GitHub a resource, Discord a bucket (unless
 * its scope is global), the IETF drafts a policy with a name of its own and a
 * partition key.
 *
 * A reset is a delay, a moment, or (one vendor) a delay in milliseconds; its
 * size decides.  The drafts want malformed fields ignored; so do we, member
 * by member.
 */
#include "ac.h"

#include "core/header.h"

#define MS_PER_SECOND INT64CONST(1000)
#define MS_PER_MINUTE INT64CONST(60000)
#define MS_PER_HOUR INT64CONST(3600000)
#define MS_PER_DAY INT64CONST(86400000)

/* Larger counts and delays (in seconds) are nonsense: 15 digits. */
#define MAX_COUNT INT64CONST(999999999999999)

/* Resets between these are neither a delay nor a moment. */
#define LONGEST_DELAY_S 1000000
#define FIRST_EPOCH_S 1000000000
#define LAST_EPOCH_S INT64CONST(4000000000)
#define FIRST_EPOCH_MS INT64CONST(1000000000000)

/* A delay so many windows long must be meant in milliseconds (Prisjakt). */
#define RESET_WINDOWS_MAX 10

/* Elements of a structured field that are read. */
#define MAX_POLICIES AC_RATE_INFO_MAX
#define MAX_PARAMS 8

/* Header names of one limit; NULL: the dialect has no such header. */
typedef struct Family
{
	const char *name;
	const char *limit;
	const char *remaining;
	const char *reset;
	const char *used; /* limit = used + remaining */
	int64 window_ms;  /* implied by the names; 0: not */
} Family;

static const Family families[] = {
	{"default", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
	 "RateLimit-Observed", 0},
	{"default", "X-RateLimit-Limit", "X-RateLimit-Remaining",
	 "X-RateLimit-Reset", "X-RateLimit-Used", 0},
	{"default", "X-Rate-Limit-Limit", "X-Rate-Limit-Remaining",
	 "X-Rate-Limit-Reset", "X-Rate-Limit-Used", 0},
	{"requests", "X-RateLimit-Limit-Requests",
	 "X-RateLimit-Remaining-Requests", "X-RateLimit-Reset-Requests",
	 NULL, 0},
	{"requests", "X-RateLimit-Requests-Limit",
	 "X-RateLimit-Requests-Remaining", "X-RateLimit-Requests-Reset",
	 NULL, 0},
	{"requests", "anthropic-ratelimit-requests-limit",
	 "anthropic-ratelimit-requests-remaining",
	 "anthropic-ratelimit-requests-reset", NULL, 0},
	{"default", "x-sib-ratelimit-limit", "x-sib-ratelimit-remaining",
	 "x-sib-ratelimit-reset", NULL, 0},
	{"day", "X-HubSpot-RateLimit-Daily", "X-HubSpot-RateLimit-Daily-Remaining",
	 NULL, NULL, MS_PER_DAY},
	{"second", "X-HubSpot-RateLimit-Secondly",
	 "X-HubSpot-RateLimit-Secondly-Remaining", NULL, NULL,
	 MS_PER_SECOND},
	{"second", "X-RateLimit-Limit-Second", "X-RateLimit-Remaining-Second",
	 NULL, NULL, MS_PER_SECOND},
	{"minute", "X-RateLimit-Limit-Minute", "X-RateLimit-Remaining-Minute",
	 NULL, NULL, MS_PER_MINUTE},
	{"hour", "X-RateLimit-Limit-Hour", "X-RateLimit-Remaining-Hour",
	 NULL, NULL, MS_PER_HOUR},
	{"day", "X-RateLimit-Limit-Day", "X-RateLimit-Remaining-Day",
	 NULL, NULL, MS_PER_DAY},
	{"month", "X-RateLimit-Limit-Month", "X-RateLimit-Remaining-Month",
	 NULL, NULL, 30 * MS_PER_DAY},
	{"day", "x-app-limit-24hour-limit", "x-app-limit-24hour-remaining",
	 "x-app-limit-24hour-reset", NULL, MS_PER_DAY},
};

/* ---- numbers ---- */

/* Digits at *p, and behind them a fraction that is cut off. */
static bool
read_count(const char **p, int64 *count)
{
	const char *q = *p;

	*count = 0;
	for (; *q >= '0' && *q <= '9'; q++)
	{
		if (*count > MAX_COUNT / 10)
			return false;
		*count = *count * 10 + (*q - '0');
	}
	if (q == *p)
		return false;
	if (*q == '.' && q[1] >= '0' && q[1] <= '9')
		for (q++; *q >= '0' && *q <= '9'; q++)
			;
	*p = q;
	return true;
}

static bool
parse_count(const char *value, int64 *count)
{
	return value != NULL && read_count(&value, count) && *value == '\0';
}

/* "32/40" */
static bool
parse_used_of(const char *p, int64 *used, int64 *limit)
{
	if (!read_count(&p, used) || *p++ != '/' || !read_count(&p, limit))
		return false;
	return (*p == '\0' || strchr(" ,;", *p) != NULL) && *used <= *limit;
}

/* ---- structured fields, RFC 8941, as far as the drafts use them ---- */

/* "name", name=value or 100, with its parameters. */
typedef struct Element
{
	char *name;
	char *value; /* NULL without '=' */
	char *bare;	 /* the first parameter without '=', NULL: none */
	AcHeaderParam params[MAX_PARAMS];
	int nparams;
} Element;

/* A quoted string, byte sequence, number or token at *p. */
static char *
read_bare(const char **p)
{
	const char *start = *p;
	char quote = *start;
	const char *end;

	if (quote == '"' || quote == ':')
	{
		end = strchr(start + 1, quote);
		if (end == NULL)
			end = start + strlen(start);
		*p = *end ? end + 1 : end;
		return pnstrdup(start + 1, (size_t) (end - start - 1));
	}
	end = start + strcspn(start, ";,= \t");
	*p = end;
	return pnstrdup(start, (size_t) (end - start));
}

static const char *
skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* The next element of a list; false at its end.  Always makes progress. */
static bool
next_element(const char **p, Element *element)
{
	memset(element, 0, sizeof(*element));
	*p += strspn(*p, " \t,");
	if (**p == '\0')
		return false;
	element->name = read_bare(p);
	if (**p == '=')
	{
		(*p)++;
		element->value = read_bare(p);
	}
	*p = skip_blanks(*p);
	while (**p == ';')
	{
		AcHeaderParam param = {NULL, NULL};

		*p = skip_blanks(*p + 1);
		param.name = read_bare(p);
		if (**p == '=')
		{
			(*p)++;
			param.value = read_bare(p);
		}
		if (param.value == NULL && element->bare == NULL)
			element->bare = param.name;
		if (param.value != NULL && element->nparams < MAX_PARAMS)
			element->params[element->nparams++] = param;
		*p = skip_blanks(*p);
	}
	*p += strcspn(*p, ",");
	return true;
}

static const char *
element_param(const Element *element, const char *name)
{
	int i;

	for (i = 0; i < element->nparams; i++)
		if (pg_strcasecmp(element->params[i].name, name) == 0)
			return element->params[i].value;
	return NULL;
}

/* ---- collecting ---- */

static void
set_name(AcRateInfo *info, const char *name)
{
	strlcpy(info->name, name, sizeof(info->name));
}

/*
 * What shares a limit: what the API calls it, and the partition if there is
 * one.  The name that the drafts give to a policy that is the only one, and
 * no partition, is everything.
 */
static void
set_bucket(AcRateInfo *info, const char *name, const char *partition)
{
	bool only = strcmp(name, "default") == 0;

	if (partition != NULL)
		snprintf(info->bucket, sizeof(info->bucket), "%s %s", name, partition);
	else if (!only)
		strlcpy(info->bucket, name, sizeof(info->bucket));
}

static void
set_limit(AcRateInfo *info, int64 limit)
{
	info->limit = limit;
	info->known |= AC_RATE_LIMIT;
}

static void
set_remaining(AcRateInfo *info, int64 remaining)
{
	info->remaining = remaining;
	info->known |= AC_RATE_REMAINING;
}

static void
set_reset(AcRateInfo *info, int64 reset_ms)
{
	Assert(reset_ms >= 0);
	info->reset_ms = reset_ms;
	info->known |= AC_RATE_RESET;
}

static void
set_window(AcRateInfo *info, int64 window_ms)
{
	if (window_ms <= 0)
		return;
	info->window_ms = window_ms;
	info->known |= AC_RATE_WINDOW;
}

/* Keeps what says anything; a window alone does not. */
static void
keep(AcRateInfoList *list, const AcRateInfo *info)
{
	if ((info->known & ~AC_RATE_WINDOW) != 0 && list->count < AC_RATE_INFO_MAX)
		list->items[list->count++] = *info;
}

/* Seconds, as the IETF drafts have them in t and w. */
static bool
parse_delay(const char *value, int64 *ms)
{
	if (!parse_count(value, ms) || *ms > MAX_COUNT / 1000)
		return false;
	*ms *= 1000;
	return true;
}

/* A reset in any of the vendors' forms. */
static bool
parse_reset(const char *value, int64 date_ms, const AcRateInfo *info,
			int64 *reset_ms)
{
	const char *p = value;
	int64 n;

	if (value == NULL)
		return false;
	if (read_count(&p, &n) && *p == '\0')
	{
		if ((n >= LONGEST_DELAY_S && n < FIRST_EPOCH_S) ||
			(n > LAST_EPOCH_S && n < FIRST_EPOCH_MS))
			return false;
		if (n < LONGEST_DELAY_S && (info->known & AC_RATE_WINDOW) &&
			n > info->window_ms / 1000 * RESET_WINDOWS_MAX &&
			n > RESET_WINDOWS_MAX)
		{
			*reset_ms = n;
			return true;
		}
	}
	return ac_header_parse_retry_after(value, date_ms, reset_ms);
}

/* ---- RateLimit and RateLimit-Policy ---- */

typedef struct Policy
{
	char *name;
	int64 quota;		   /* -1: unknown */
	int64 window_ms;	   /* 0: unknown */
	bool other_unit;	   /* counts something else than requests */
	const char *partition; /* pk, NULL: none */
} Policy;

/* "p";q=100;w=60;qu="requests" or, in drafts 03 to 07, 100;w=60. */
static int
read_policies(const AcHeaders *headers, Policy *policies)
{
	const char *p = ac_header_joined(headers, "RateLimit-Policy");
	Element element;
	int n = 0;

	while (p != NULL && n < MAX_POLICIES && next_element(&p, &element))
	{
		Policy *policy = &policies[n++];
		const char *unit = element_param(&element, "qu");

		policy->name = element.name;
		policy->quota = -1;
		policy->window_ms = 0;
		policy->partition = element_param(&element, "pk");
		policy->other_unit = unit != NULL && strcmp(unit, "requests") != 0;
		if (!parse_count(element_param(&element, "q"), &policy->quota) &&
			!parse_count(element.name, &policy->quota))
			policy->quota = -1;
		if (!parse_delay(element_param(&element, "w"), &policy->window_ms))
			policy->window_ms = 0;
	}
	return n;
}

/* The policy of that name, or (drafts 03 to 07) of that quota. */
static const Policy *
find_policy(const Policy *policies, int n, const char *name, int64 quota)
{
	int i;

	for (i = 0; i < n; i++)
		if (name != NULL ? strcmp(policies[i].name, name) == 0
						 : policies[i].quota == quota)
			return &policies[i];
	return NULL;
}

static void
apply_policy(AcRateInfo *info, const Policy *policy)
{
	if (policy == NULL)
		return;
	if (policy->quota >= 0)
		set_limit(info, policy->quota);
	set_window(info, policy->window_ms);
}

/* Draft 08 and later: one item for each limit. */
static void
add_item(const Element *element, const Policy *policies, int n,
		 AcRateInfoList *list)
{
	AcRateInfo info = {0};
	const Policy *policy = find_policy(policies, n, element->name, -1);
	const char *partition = element_param(element, "pk");
	int64 value;

	if (policy != NULL && policy->other_unit)
		return;
	if (partition == NULL && policy != NULL)
		partition = policy->partition;
	set_name(&info, element->name);
	set_bucket(&info, element->name, partition);
	if (parse_count(element_param(element, "r"), &value))
		set_remaining(&info, value);
	if (parse_delay(element_param(element, "t"), &value))
		set_reset(&info, value);
	if (info.known == 0)
		return;
	apply_policy(&info, policy);
	keep(list, &info);
}

/* Drafts 03 to 07: limit, remaining and reset are members of one limit. */
static void
set_member(AcRateInfo *info, const Element *element)
{
	int64 value;

	if (pg_strcasecmp(element->name, "limit") == 0 &&
		parse_count(element->value, &value))
		set_limit(info, value);
	else if (pg_strcasecmp(element->name, "remaining") == 0 &&
			 parse_count(element->value, &value))
		set_remaining(info, value);
	else if (pg_strcasecmp(element->name, "reset") == 0 &&
			 parse_delay(element->value, &value))
		set_reset(info, value);
}

static void
add_ietf(const AcHeaders *headers, AcRateInfoList *list)
{
	Policy policies[MAX_POLICIES];
	int n = read_policies(headers, policies);
	const char *p = ac_header_joined(headers, "RateLimit");
	AcRateInfo info = {0};
	Element element;

	set_name(&info, "default");
	while (p != NULL && next_element(&p, &element))
	{
		if (element.value != NULL)
			set_member(&info, &element);
		else
			add_item(&element, policies, n, list);
	}
	if (info.known & AC_RATE_LIMIT)
		apply_policy(&info, find_policy(policies, n, NULL, info.limit));
	keep(list, &info);
}

/* ---- families of headers ---- */

/* "100", "100;w=60", "100, 100;w=60, 1000;w=3600": limit and its window. */
static void
set_family_limit(AcRateInfo *info, const char *value)
{
	Element element;
	int64 count;
	int64 window_ms;

	if (value == NULL || !next_element(&value, &element) ||
		!parse_count(element.name, &count))
		return;
	set_limit(info, count);
	do
	{
		if (parse_count(element.name, &count) && count == info->limit &&
			parse_delay(element_param(&element, "w"), &window_ms))
			set_window(info, window_ms);
	}
	while (next_element(&value, &element));
}

static const char *
get_or_null(const AcHeaders *headers, const char *name)
{
	return name == NULL ? NULL : ac_header_get(headers, name);
}

static void
add_family(const AcHeaders *headers, const Family *family, int64 date_ms,
		   AcRateInfoList *list)
{
	AcRateInfo info = {0};
	int64 value;

	set_name(&info, family->name);
	set_window(&info, family->window_ms);
	set_family_limit(&info, get_or_null(headers, family->limit));
	if (parse_count(get_or_null(headers, family->remaining), &value))
		set_remaining(&info, value);
	if (parse_reset(get_or_null(headers, family->reset), date_ms, &info, &value))
		set_reset(&info, value);
	if ((info.known & AC_RATE_REMAINING) && !(info.known & AC_RATE_LIMIT) &&
		parse_count(get_or_null(headers, family->used), &value))
		set_limit(&info, value + info.remaining);
	keep(list, &info);
}

/*
 * Fields that make X-RateLimit-Reset more exact or stand in for it: Discord's
 * -Reset-After (fraction of a second), Akamai's -Next, MailerLite's
 * -Retry-After.
 */
static void
refine_reset(const AcHeaders *headers, int64 date_ms, AcRateInfoList *list)
{
	static const char *const names[] = {
		"X-RateLimit-Reset-After",
		"X-RateLimit-Next",
		"X-RateLimit-Retry-After",
	};
	AcRateInfo *info = NULL;
	int64 reset_ms;
	size_t i;
	int k;

	for (k = 0; k < list->count && info == NULL; k++)
		if (strcmp(list->items[k].name, "default") == 0)
			info = &list->items[k];
	for (i = 0; info != NULL && i < (int) lengthof(names); i++)
	{
		if (i > 0 && (info->known & AC_RATE_RESET))
			return;
		if (parse_reset(ac_header_get(headers, names[i]), date_ms, info,
						&reset_ms))
			set_reset(info, reset_ms);
	}
}

/*
 * What the limits of the X-RateLimit- families are shared by: GitHub's
 * resource, Discord's bucket.
 */
static void
add_buckets(const AcHeaders *headers, AcRateInfoList *list)
{
	const char *bucket = ac_header_get(headers, "X-RateLimit-Resource");
	const char *scope = ac_header_get(headers, "X-RateLimit-Scope");
	const char *global = ac_header_get(headers, "X-RateLimit-Global");

	if (bucket == NULL)
		bucket = ac_header_get(headers, "X-RateLimit-Bucket");
	if (bucket == NULL || global != NULL ||
		(scope != NULL && pg_strcasecmp(scope, "global") == 0))
		return;
	for (int k = 0; k < list->count; k++)
		if (strcmp(list->items[k].name, "default") == 0)
			set_bucket(&list->items[k], bucket, NULL);
}

/* ---- vendors with forms of their own ---- */

/* HubSpot's short window, whose length is announced in milliseconds. */
static void
add_hubspot(const AcHeaders *headers, AcRateInfoList *list)
{
	AcRateInfo info = {0};
	int64 value;

	set_name(&info, "default");
	if (parse_count(ac_header_get(headers, "X-HubSpot-RateLimit-Max"), &value))
		set_limit(&info, value);
	if (parse_count(ac_header_get(headers, "X-HubSpot-RateLimit-Remaining"), &value))
		set_remaining(&info, value);
	if (parse_count(ac_header_get(headers, "X-HubSpot-RateLimit-Interval-Milliseconds"), &value))
		set_window(&info, value);
	keep(list, &info);
}

/*
 * Shopify: a bucket of 40 that leaks 2 a second, 80 and 4 or 400 and 20 by
 * plan, so that a full one is empty after 20 s.
 */
static void
add_shopify(const AcHeaders *headers, AcRateInfoList *list)
{
	const char *value = ac_header_get(headers, "X-Shopify-Shop-Api-Call-Limit");
	AcRateInfo info = {0};
	int64 used;
	int64 limit;

	if (value == NULL || !parse_used_of(value, &used, &limit) || limit == 0 ||
		limit > MAX_COUNT / 20000)
		return;
	set_name(&info, "bucket");
	set_limit(&info, limit);
	set_remaining(&info, limit - used);
	set_window(&info, 20 * MS_PER_SECOND);
	set_reset(&info, used * 20 * MS_PER_SECOND / limit);
	info.step_ms = Max(20 * MS_PER_SECOND / limit, 1);
	keep(list, &info);
}

/* Salesforce: api-usage=18/5000, counted over 24 hours. */
static void
add_salesforce(const AcHeaders *headers, AcRateInfoList *list)
{
	const char *value = ac_header_get(headers, "Sforce-Limit-Info");
	const char *usage = value == NULL ? NULL : strstr(value, "api-usage=");
	AcRateInfo info = {0};
	int64 used;
	int64 limit;

	if (usage == NULL ||
		!parse_used_of(usage + strlen("api-usage="), &used, &limit))
		return;
	set_name(&info, "day");
	set_limit(&info, limit);
	set_remaining(&info, limit - used);
	set_window(&info, MS_PER_DAY);
	keep(list, &info);
}

/* Azure's compute API: "Microsoft.Compute/HighCostGet3Min;159,...". */
static void
add_azure_resources(const char *value, AcRateInfoList *list)
{
	Element element;

	while (next_element(&value, &element))
	{
		AcRateInfo info = {0};
		int64 remaining;

		/* A parameter without a value is a name: the count. */
		if (element.bare == NULL || !parse_count(element.bare, &remaining))
			continue;
		set_name(&info, "resource");
		set_bucket(&info, element.name, NULL);
		set_remaining(&info, remaining);
		keep(list, &info);
	}
}

/* Azure Resource Manager: only what remains, per scope; we only read. */
static void
add_azure(const AcHeaders *headers, AcRateInfoList *list)
{
	static const char prefix[] = "x-ms-ratelimit-remaining-";
	const AcHeaderField *field;
	int pos = 0;

	while ((field = ac_header_next(headers, NULL, &pos)) != NULL)
	{
		AcRateInfo info = {0};
		const char *scope = field->name + strlen(prefix);
		int64 remaining;

		if (pg_strncasecmp(field->name, prefix, strlen(prefix)) != 0 ||
			strstr(scope, "write") != NULL || strstr(scope, "delete") != NULL ||
			strstr(scope, "token") != NULL)
			continue;
		if (pg_strcasecmp(scope, "resource") == 0)
			add_azure_resources(field->value, list);
		if (!parse_count(field->value, &remaining))
			continue;
		set_name(&info, scope);
		set_remaining(&info, remaining);
		keep(list, &info);
	}
}

void
ac_header_rate_info(const AcHeaders *headers, int64 now_ms,
					AcRateInfoList *list)
{
	int64 date_ms = ac_header_date(headers, now_ms);
	size_t i;

	memset(list, 0, sizeof(*list));
	add_ietf(headers, list);
	for (i = 0; i < (int) lengthof(families); i++)
		add_family(headers, &families[i], date_ms, list);
	refine_reset(headers, date_ms, list);
	add_buckets(headers, list);
	add_hubspot(headers, list);
	add_shopify(headers, list);
	add_salesforce(headers, list);
	add_azure(headers, list);
}
