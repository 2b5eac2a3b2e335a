/*
 * httpcache.c
 *		May an answer be kept, for how long, and how is it asked for again?
 *		See httpcache.h.
 */
#include "ac.h"

#include "policy/httpcache.h"

/* Seconds that count as ever: what fits 31 bits (RFC 9111 1.2.2). */
#define MAX_SECONDS INT64CONST(2147483647)

/* What a Cache-Control field says, RFC 9111 5.2.2. */
typedef struct Directives
{
	bool given; /* there is one */
	bool no_store;
	bool no_cache;
	int64 max_age_s; /* -1: none */
} Directives;

/* ---- Cache-Control ---- */

static bool
is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t';
}

/* Behind a value: a token, or a quoted string as it stands. */
static const char *
skip_value(const char *at)
{
	if (*at != '"')
		return at + strcspn(at, ", \t");
	for (at++; *at != '\0' && *at != '"'; at++)
		if (*at == '\\' && at[1] != '\0')
			at++;
	return *at == '"' ? at + 1 : at;
}

/*
 * Seconds, which may stand in quotes; 0 for what is none: then the answer
 * counts as stale (RFC 9111 4.2.1).
 */
static int64
read_seconds(const char *text, size_t len)
{
	int64 seconds = 0;

	if (len >= 2 && text[0] == '"' && text[len - 1] == '"')
	{
		text++;
		len -= 2;
	}
	for (size_t i = 0; i < len; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return 0;
		seconds = Min(seconds * 10 + (text[i] - '0'), MAX_SECONDS);
	}
	return seconds;
}

static bool
is_word(const char *name, size_t len, const char *word)
{
	return strlen(word) == len && pg_strncasecmp(name, word, len) == 0;
}

/* One directive; of several times the shortest holds. */
static void
read_directive(Directives *all, AcSlice name, AcSlice value)
{
	if (is_word(name.text, name.len, "no-store"))
		all->no_store = true;
	else if (is_word(name.text, name.len, "no-cache"))
		all->no_cache = true;
	else if (is_word(name.text, name.len, "max-age"))
	{
		int64 seconds = read_seconds(value.text, value.len);

		if (all->max_age_s < 0 || seconds < all->max_age_s)
			all->max_age_s = seconds;
	}
}

static Directives
read_directives(const AcHeaders *headers)
{
	Directives all = {.max_age_s = -1};
	const char *at = ac_header_joined(headers, "Cache-Control");

	all.given = at != NULL;
	while (at != NULL && *at != '\0')
	{
		AcSlice name = {at, strcspn(at, "=, \t")};
		AcSlice value = {"", 0};

		at += name.len;
		if (*at == '=')
		{
			value.text = ++at;
			at = skip_value(at);
			value.len = (size_t) (at - value.text);
		}
		read_directive(&all, name, value);
		while (is_separator(*at))
			at++;
	}
	return all;
}

/* ---- times ---- */

/*
 * Expires counts from the answer's own Date (RFC 9111 4.2.1); one that is no
 * date is past (5.3).
 */
static int64
expires_ms(const AcHeaders *headers, const char *expires, int64 came_ms)
{
	int64 date_ms = ac_header_date(headers, came_ms);
	int64 at_ms;

	if (!ac_header_parse_date(expires, came_ms, &at_ms))
		return 0;
	return Max(at_ms - date_ms, 0);
}

/* RFC 9111 4.2.3: the age that it had when it came. */
static int64
initial_age_ms(const AcHeaders *headers, int64 sent_ms, int64 came_ms)
{
	const char *age = ac_header_get(headers, "Age");
	int64 apparent_ms = came_ms - ac_header_date(headers, came_ms);
	int64 told_ms = came_ms - sent_ms;

	if (age != NULL)
		told_ms += read_seconds(age, strlen(age)) * 1000;
	return Max(Max(apparent_ms, told_ms), 0);
}

/* ---- what may be kept ---- */

static bool
varies_by_all(const AcHeaders *headers)
{
	const AcHeaderField *field;
	int pos = 0;

	while ((field = ac_header_next(headers, "Vary", &pos)) != NULL)
		if (strchr(field->value, '*') != NULL)
			return true;
	return false;
}

/* A validator of that name that can be sent back; NULL if there is none. */
static const char *
validator(const AcHeaders *headers, const char *name)
{
	const char *value = ac_header_get(headers, name);

	if (value == NULL || value[0] == '\0' ||
		strlen(value) > AC_HTTPCACHE_VALIDATOR_BYTES)
		return NULL;
	return value;
}

static bool
has_validator(const AcHeaders *headers)
{
	return validator(headers, "ETag") != NULL ||
		   validator(headers, "Last-Modified") != NULL;
}

/* Is it of no use without asking again, and is there no way to ask? */
static bool
is_useless(const AcHeaders *headers, const AcHttpCacheRules *rules)
{
	bool stale = rules->validate || (rules->lifetime_ms >= 0 &&
									 rules->lifetime_ms <= rules->age_ms);

	return stale && !has_validator(headers);
}

/*
 * Pragma is not defined for answers, but those who send it alone mean no-cache
 * (RFC 9111 5.4).
 */
static bool
pragma_forbids(const AcHeaders *headers)
{
	const char *pragma = ac_header_get(headers, "Pragma");

	return pragma != NULL && pg_strcasecmp(pragma, "no-cache") == 0;
}

void
ac_httpcache_read(const AcHeaders *headers, int64 sent_ms, int64 came_ms,
				  AcHttpCacheRules *rules)
{
	Directives told = read_directives(headers);
	const char *expires = ac_header_get(headers, "Expires");

	rules->validate = told.no_cache || (!told.given && pragma_forbids(headers));
	rules->age_ms = initial_age_ms(headers, sent_ms, came_ms);
	rules->lifetime_ms = -1;
	if (told.max_age_s >= 0)
		rules->lifetime_ms = told.max_age_s * 1000;
	else if (expires != NULL)
		rules->lifetime_ms = expires_ms(headers, expires, came_ms);
	rules->storable = headers->status == 200 && !told.no_store &&
					  !varies_by_all(headers) &&
					  ac_header_get(headers, "Content-Range") == NULL &&
					  !is_useless(headers, rules);
}

bool
ac_httpcache_is_fresh(const AcHttpCacheRules *rules, int64 ttl_ms,
					  int64 kept_ms)
{
	int64 age_ms = rules->age_ms + kept_ms;

	if (rules->validate || kept_ms < 0 || age_ms >= ttl_ms)
		return false;
	return rules->lifetime_ms < 0 || age_ms < rules->lifetime_ms;
}

/* ---- asking again ---- */

int
ac_httpcache_conditions(const AcHeaders *headers, const char *lines[2])
{
	const char *etag = validator(headers, "ETag");
	const char *modified = validator(headers, "Last-Modified");
	int n = 0;

	if (etag != NULL)
		lines[n++] = psprintf("If-None-Match: %s", etag);
	if (modified != NULL)
		lines[n++] = psprintf("If-Modified-Since: %s", modified);
	return n;
}

/* Without the mark of a weak one: the comparison is weak, RFC 9110 8.8.3.2. */
static const char *
opaque_tag(const char *etag)
{
	return strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
}

bool
ac_httpcache_means(const AcHeaders *kept, const AcHeaders *told)
{
	const char *told_tag = ac_header_get(told, "ETag");
	const char *kept_tag = ac_header_get(kept, "ETag");
	const char *told_date = ac_header_get(told, "Last-Modified");
	const char *kept_date = ac_header_get(kept, "Last-Modified");

	if (told_tag != NULL)
		return kept_tag != NULL &&
			   strcmp(opaque_tag(told_tag), opaque_tag(kept_tag)) == 0;
	return told_date == NULL || kept_tag != NULL ||
		   (kept_date != NULL && strcmp(told_date, kept_date) == 0);
}

/* Fields that describe a message, and so not the one that was kept. */
static bool
is_of_message(const char *name)
{
	static const char *const names[] = {
		"Connection", "Keep-Alive", "Transfer-Encoding", "Trailer"};

	if (pg_strncasecmp(name, "Content-", strlen("Content-")) == 0)
		return true;
	for (int i = 0; i < (int) lengthof(names); i++)
		if (pg_strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}

/* When an answer was made; the kept one counts as made anew. */
static bool
is_of_time(const char *name)
{
	return pg_strcasecmp(name, "Date") == 0 || pg_strcasecmp(name, "Age") == 0;
}

static void
add_field(AcHeaders *to, const AcHeaderField *field)
{
	char *line = psprintf("%s: %s", field->name, field->value);

	(void) ac_headers_add_line(to, line, strlen(line));
	pfree(line);
}

AcHeaders *
ac_httpcache_updated(const AcHeaders *kept, const AcHeaders *told)
{
	AcHeaders *updated = ac_headers_create();
	const AcHeaderField *field;
	int pos = 0;

	updated->status = kept->status;
	while ((field = ac_header_next(kept, NULL, &pos)) != NULL)
		if (!is_of_time(field->name) &&
			(is_of_message(field->name) ||
			 ac_header_get(told, field->name) == NULL))
			add_field(updated, field);
	pos = 0;
	while ((field = ac_header_next(told, NULL, &pos)) != NULL)
		if (!is_of_message(field->name))
			add_field(updated, field);
	return updated;
}
