/*
 * protocol_facts.c
 *		What do the header fields of an answer say of credentials, of an end
 *		to come and of limits?
 *
 * See protocol.h.  Fields are hostile input: what is malformed is as if it
 * were not there, what is kept is short and printable.
 */
#include "ac.h"

#include "core/url.h"
#include "drift/protocol_int.h"

/* The last second of the year 9999: later ones are no dates to plan by. */
#define LAST_S INT64CONST(253402300799)

#define DAY_S 86400

char *
ac_protocol_clean(const char *text, size_t max)
{
	char *copy;
	char *c;

	if (text == NULL)
		return NULL;
	while (*text != '\0' && (*text <= ' ' || *text > '~'))
		text++;
	if (*text == '\0')
		return NULL;
	copy = pnstrdup(text, max);
	for (c = copy; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~')
			*c = ' ';
	return copy;
}

/* Civil date of a day since 1970-01-01, proleptic Gregorian calendar. */
static void
date_of_day(int64 day, int *year, int *month, int *of_month)
{
	/* years begin in March, so that the leap day is a year's last */
	int64 z = day + 719468;
	int64 era = z / 146097;
	int64 of_era = z % 146097;
	int64 y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64 of_year = of_era - (365 * y + y / 4 - y / 100);
	int64 m = (5 * of_year + 2) / 153;

	*of_month = (int) (of_year - (153 * m + 2) / 5 + 1);
	*month = (int) (m < 10 ? m + 3 : m - 9);
	*year = (int) (y + era * 400 + (*month <= 2 ? 1 : 0));
}

char *
ac_protocol_time_text(int64 unix_s)
{
	int64 s = Min(Max(unix_s, 0), LAST_S);
	int rest = (int) (s % DAY_S);
	int year;
	int month;
	int day;

	date_of_day(s / DAY_S, &year, &month, &day);
	return psprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
					rest / 3600, rest / 60 % 60, rest % 60);
}

char *
ac_protocol_date_text(int64 unix_s)
{
	return pnstrdup(ac_protocol_time_text(unix_s), 10);
}

/* "@1688169599" (RFC 9651 3.3.7), parameters behind it ignored. */
static bool
parse_epoch(const char *text, int64 *unix_s)
{
	size_t digits;

	if (*text++ != '@')
		return false;
	digits = strspn(text, "0123456789");
	if (digits == 0 || digits > 15)
		return false;
	if (text[digits] != '\0' && text[digits] != ';' && text[digits] != ' ')
		return false;
	*unix_s = strtoll(text, NULL, 10);
	return *unix_s <= LAST_S;
}

/* A date in any of the forms that such fields have had. */
static bool
parse_moment(const char *text, int64 now_s, int64 *unix_s)
{
	int64 unix_ms;

	if (parse_epoch(text, unix_s))
		return true;
	if (!ac_header_parse_date(text, now_s * 1000, &unix_ms) &&
		!ac_header_parse_rfc3339(text, &unix_ms))
		return false;
	*unix_s = unix_ms / 1000;
	return *unix_s >= 0 && *unix_s <= LAST_S;
}

/*
 * RFC 9745 has a structured date; its drafts had an HTTP-date and "true",
 * which are still sent.
 */
static void
read_deprecation(const AcHeaders *headers, int64 now_s, AcProtocolFacts *facts)
{
	const char *value = ac_header_get(headers, "Deprecation");

	if (value == NULL)
		return;
	if (pg_strcasecmp(value, "true") == 0 || strcmp(value, "?1") == 0)
		facts->deprecated = true;
	else if (parse_moment(value, now_s, &facts->deprecated_s))
		facts->deprecated = true;
	else
		facts->deprecated_s = AC_PROTOCOL_NO_TIME;
}

static void
read_sunset(const AcHeaders *headers, int64 now_s, AcProtocolFacts *facts)
{
	const char *value = ac_header_get(headers, "Sunset");

	if (value == NULL || !parse_moment(value, now_s, &facts->sunset_s))
		facts->sunset_s = AC_PROTOCOL_NO_TIME;
}

/* Target of the first link of that relation, without secrets. */
static char *
link_target(const AcLinkList *links, const char *rel)
{
	const AcLink *link = ac_header_link_rel(links, rel);

	if (link == NULL || strlen(link->target) > AC_PROTOCOL_URL_MAX)
		return NULL;
	return ac_protocol_clean(ac_url_redact(link->target), AC_PROTOCOL_URL_MAX);
}

static void
read_links(const AcHeaders *headers, AcProtocolFacts *facts)
{
	AcLinkList links;

	ac_header_links(headers, &links);
	facts->successor = link_target(&links, "successor-version");
	facts->notice = link_target(&links, "deprecation");
}

static void
read_challenges(const AcHeaders *headers, AcProtocolFacts *facts)
{
	AcChallengeList list;
	int i;

	ac_header_challenges(headers, &list);
	for (i = 0; i < list.count && i < AC_CHALLENGES_MAX; i++)
	{
		const AcChallenge *challenge = &list.challenges[i];
		char *scheme = ac_protocol_clean(challenge->scheme,
										 AC_PROTOCOL_TEXT_MAX);

		if (scheme == NULL)
			continue;
		facts->schemes[facts->n_schemes++] = scheme;
		if (facts->auth_error == NULL)
			facts->auth_error = ac_protocol_clean(
				ac_header_challenge_param(challenge, "error"),
				AC_PROTOCOL_TEXT_MAX);
		if (facts->scope == NULL)
			facts->scope = ac_protocol_clean(
				ac_header_challenge_param(challenge, "scope"),
				AC_PROTOCOL_TEXT_MAX);
	}
	if (facts->scope == NULL)
		facts->scope = ac_protocol_clean(
			ac_header_get(headers, "X-Accepted-OAuth-Scopes"),
			AC_PROTOCOL_TEXT_MAX);
}

void
ac_protocol_facts(const AcHeaders *headers, int64 now_s,
				  AcProtocolFacts *facts)
{
	AcMediaType media;
	int64 delay_ms;

	memset(facts, 0, sizeof(AcProtocolFacts));
	facts->deprecated_s = AC_PROTOCOL_NO_TIME;
	read_challenges(headers, facts);
	/* an empty Allow is a fact, too: nothing is allowed (RFC 9110 10.2.1) */
	facts->allow = ac_header_joined(headers, "Allow");
	if (ac_media_parse(ac_header_get(headers, "Content-Type"), &media))
		facts->content_type = ac_protocol_clean(media.essence,
												AC_PROTOCOL_TEXT_MAX);
	read_deprecation(headers, now_s, facts);
	read_sunset(headers, now_s, facts);
	read_links(headers, facts);
	facts->retry_after = ac_header_retry_after(headers, now_s * 1000,
											   &delay_ms);
	ac_header_rate_info(headers, now_s * 1000, &facts->rate);
}
