/*
 * bodylimit.c
 *		What do bodies of answers say about limits?  See bodylimit.h.
 */
#include "ac.h"

#include <math.h>

#include "core/bodylimit.h"

/* Delays in milliseconds beyond are nonsense: some eleven days. */
#define MAX_DELAY_MS INT64CONST(1000000000)

/* More points than that are no bucket; a plan has thousands. */
#define MAX_POINTS 1e12

/* A scalar's text, "" for anything else. */
static char *
scalar_text(const AcJson *node)
{
	char *text = ac_json_text_of(node);

	return text == NULL ? pstrdup("") : text;
}

/* The delay that a member of the object names. */
static bool
read_delay(const AcJson *object, int64 *delay_ms)
{
	static const char *const names[] = {"retry_after", "retryAfter"};
	int64 ms = ac_json_int(ac_json_get(object, "retry_after_ms"), -1);

	if (object == NULL)
		return false;
	if (ms >= 0 && ms <= MAX_DELAY_MS)
	{
		*delay_ms = ms;
		return true;
	}
	for (size_t i = 0; i < lengthof(names); i++)
	{
		char *text = scalar_text(ac_json_get(object, names[i]));
		/* No clock is needed: a moment has a Date header to count from. */
		bool found = strpbrk(text, ":-") == NULL &&
					 ac_header_parse_retry_after(text, 0, delay_ms) &&
					 *delay_ms <= MAX_DELAY_MS;

		pfree(text);
		if (found)
			return true;
	}
	return false;
}

bool
ac_body_retry_after(const AcJson *doc, int64 *delay_ms)
{
	return read_delay(doc, delay_ms) ||
		   read_delay(ac_json_get(doc, "error"), delay_ms) ||
		   read_delay(ac_json_get(doc, "parameters"), delay_ms);
}

/* A number of points that makes sense; false for others. */
static bool
read_points(const AcJson *node, double *points)
{
	AcJsonKind kind = ac_json_kind(node);
	char *text;

	if (kind != AC_JSON_INT && kind != AC_JSON_DOUBLE)
		return false;
	text = scalar_text(node);
	*points = strtod(text, NULL);
	pfree(text);
	return *points >= 0 && *points <= MAX_POINTS;
}

bool
ac_body_graphql_cost(const AcJson *doc, AcRateInfo *info)
{
	const AcJson *cost = ac_json_get(ac_json_get(doc, "extensions"), "cost");
	const AcJson *status = ac_json_get(cost, "throttleStatus");
	double price;
	double most;
	double left;
	double restored;

	if (!read_points(ac_json_get(status, "maximumAvailable"), &most) ||
		!read_points(ac_json_get(status, "currentlyAvailable"), &left) ||
		!read_points(ac_json_get(status, "restoreRate"), &restored) ||
		!read_points(ac_json_get(cost, "requestedQueryCost"), &price) ||
		restored <= 0 || left > most)
		return false;
	price = Max(price, 1.0);
	memset(info, 0, sizeof(*info));
	strlcpy(info->name, "cost", sizeof(info->name));
	info->known = AC_RATE_LIMIT | AC_RATE_REMAINING | AC_RATE_RESET;
	info->limit = (int64) (most / price);
	info->remaining = (int64) (left / price);
	info->reset_ms = (int64) Min(ceil((most - left) / restored * 1000.0),
								 (double) MAX_DELAY_MS);
	info->step_ms = Max((int64) Min(ceil(price / restored * 1000.0),
									(double) MAX_DELAY_MS),
						1);
	return true;
}
