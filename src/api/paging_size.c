/*
 * paging_size.c
 *		How large may a page be, and how deep may one look?
 *
 * Of declared bounds, and of what descriptions say in prose.
 */
#include "ac.h"

#include "api/paging_int.h"

/*
 * Largest page asked for.  Some descriptions declare 2147483647; answers of
 * more than a thousand rows are slow to come and to repeat.
 */
#define MAX_PAGE_SIZE 1000

/* The number at s, or -1. */
int
ac_paging_number(const char *s)
{
	int64 value = 0;

	if (s == NULL || *s < '0' || *s > '9')
		return -1;
	for (; *s >= '0' && *s <= '9' && value < PG_INT32_MAX; s++)
		value = value * 10 + (*s - '0');
	return value > PG_INT32_MAX ? PG_INT32_MAX : (int) value;
}

/*
 * A maximum told in prose: "(max 100)", "Maximum: 100", "maximum of 100",
 * "up to 100", "no more than 100", "between 1 and 100", "1-100".
 */
static int
maximum_in_prose(const char *text)
{
	static const char *const leads[] = {
		"maximum allowed value is ", "maximum value is ", "maximum is ",
		"maximum of ", "maximum: ", "maximum ", "max. ", "max: ", "max ",
		"max=", "up to ", "at most ", "no more than ", "not exceed ",
		"between 1 and ", "between 0 and ", "1 to ", "1-", "less than ",
		"under an integer no larger than ", "no larger than ", NULL};
	char *lower;
	char *s;
	int i;

	if (text == NULL)
		return -1;
	lower = pstrdup(text);
	for (s = lower; *s != '\0'; s++)
		*s = pg_tolower((unsigned char) *s) == '`'
				 ? ' '
				 : (char) pg_tolower((unsigned char) *s);
	for (i = 0; leads[i] != NULL; i++)
	{
		s = strstr(lower, leads[i]);
		if (s != NULL)
		{
			int found;

			s += strlen(leads[i]);
			s += strspn(s, " ");
			found = ac_paging_number(s);
			/* "max 5 seconds" is no page size */
			if (found >= 10)
				return found - (strcmp(leads[i], "less than ") == 0 ? 1 : 0);
		}
	}
	return -1;
}

int
ac_paging_page_size(const AcParam *param)
{
	int size = ac_paging_number(param->shape->maximum);
	int i;

	/* an enum of sizes: the largest */
	for (i = 0; i < param->shape->n_enum; i++)
		size = Max(size, ac_paging_number(param->shape->enum_values[i]));
	if (size <= 0)
		size = maximum_in_prose(param->description);
	if (size <= 0)
		size = maximum_in_prose(param->shape->description);
	if (size <= 0)
		size = ac_paging_number(param->shape->default_value);
	if (size <= 0)
		return -1;
	return Min(size, MAX_PAGE_SIZE);
}


/* ---- depth ---- */

/* What APIs that show the beginning only show of it: 500 to ten millions. */
#define LEAST_DEPTH 500
#define GREATEST_DEPTH 10000000

/* Bytes of a description that are looked at; those that say it say it soon. */
#define PROSE_BYTES (16 * 1024)

/* Bytes around a number in which words say what it counts. */
#define NEARBY 70

static bool
has_any_word(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(text, *words) != NULL)
			return true;
	return false;
}

/* Is a number that stands between these texts the last row that is shown? */
static bool
is_depth(const char *before, const char *after)
{
	static const char *const things[] = {
		"result", "record", "item", "row", "thing", "entries", "hit", "document",
		"element", "object", "offset", "skip", "start", "window", NULL};
	static const char *const bounds[] = {
		"up to ", "first ", "only ", "maximum", "max ", "more than ",
		"at most ", "exceed", "beyond", "greater than ", "less than ",
		"limited to ", "limit of ", "cannot", "top ", "<= ", "window", NULL};
	static const char *const others[] = {
		"per page", "per request", "per call", "page size", "in one page",
		"in a single", "each page", "at once", "per second", "per hour",
		"per minute", "per day", "requests", "character", "bytes", "a time",
		NULL};

	return (has_any_word(before, things) || has_any_word(after, things)) &&
		   has_any_word(before, bounds) && !has_any_word(before, others) &&
		   !has_any_word(after, others);
}

/* The number at s, with commas between thousands; *end is behind it. */
static int64
long_number(const char *s, const char **end)
{
	int64 value = 0;

	for (; (*s >= '0' && *s <= '9') ||
		   (*s == ',' && strspn(s + 1, "0123456789") == 3);
		 s++)
		if (*s != ',')
			value = Min(value * 10 + (*s - '0'), GREATEST_DEPTH + 1);
	*end = s;
	return value;
}

/* "Only the first 10,000 results can be seen", "offset + limit <= 10000". */
int
ac_paging_depth_in(const char *text)
{
	const char *s;
	char *lower;

	if (text == NULL)
		return 0;
	lower = pnstrdup(text, strnlen(text, PROSE_BYTES));
	for (char *c = lower; *c != '\0'; c++)
		*c = *c == '`' || *c == '\n' ? ' '
									 : (char) pg_tolower((unsigned char) *c);
	for (s = lower; *s != '\0'; s++)
	{
		const char *end;
		int64 value;

		if (*s < '0' || *s > '9')
			continue;
		value = long_number(s, &end);
		if (value >= LEAST_DEPTH && value <= GREATEST_DEPTH &&
			is_depth(pnstrdup(Max(lower, s - NEARBY), Min(NEARBY, s - lower)),
					 pnstrdup(end, Min(NEARBY, (int) strlen(end)))))
			return (int) value;
		s = end - 1;
	}
	return 0;
}

int
ac_paging_depth(const AcPagingInput *input, const AcPaging *paging)
{
	const AcEndpoint *endpoint = input->endpoint;
	const AcParam *param = paging->page_param != NULL
							   ? ac_endpoint_param(endpoint, AC_PARAM_QUERY,
												   paging->page_param)
							   : NULL;
	int depth = 0;

	if (paging->style != AC_PAGER_PAGE && paging->style != AC_PAGER_OFFSET)
		return 0;
	if (param != NULL && paging->style == AC_PAGER_OFFSET)
	{
		depth = ac_paging_number(param->shape->maximum);
		if (depth < LEAST_DEPTH || depth > GREATEST_DEPTH)
			depth = 0;
	}
	if (depth == 0 && param != NULL)
		depth = ac_paging_depth_in(param->description);
	if (depth == 0 && param != NULL)
		depth = ac_paging_depth_in(param->shape->description);
	if (depth == 0)
		depth = ac_paging_depth_in(endpoint->description);
	return depth;
}
