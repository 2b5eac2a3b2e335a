/*
 * test_httpcache.c
 *		Is kept what RFC 9111 lets a private cache keep, and for as long?
 */
#include "ac.h"

#include "policy/httpcache.h"
#include "tap.h"

/* 2026-11-27 12:00:00 UTC */
#define NOON INT64CONST(1795780800000)

/* Headers of lines with bars between them; a 200 unless they say otherwise. */
static AcHeaders *
headers_of(const char *lines)
{
	AcHeaders *headers = ac_headers_create();

	headers->status = 200;
	while (*lines != '\0')
	{
		size_t len = strcspn(lines, "|");

		ac_headers_add_line(headers, lines, len);
		lines += len + (lines[len] == '|' ? 1 : 0);
	}
	return headers;
}

static AcHttpCacheRules
rules_of(const char *lines)
{
	AcHttpCacheRules rules;

	ac_httpcache_read(headers_of(lines), NOON - 1000, NOON, &rules);
	return rules;
}

/* Seconds for which an answer may be served with a cache_ttl of an hour. */
static int64
fresh_for_s(const char *lines)
{
	AcHttpCacheRules rules = rules_of(lines);
	int64 s = 0;

	if (!rules.storable)
		return -1;
	while (ac_httpcache_is_fresh(&rules, 3600000, s * 1000))
		s++;
	return s;
}

/*
 * Each answer was on its way for a second, which it is old when it comes.
 * -1: it is not kept at all.
 */
static const struct
{
	const char *lines;
	int fresh_s;
	const char *name;
} vectors[] = {
	{"", 3599, "nothing said: as long as was asked for"},
	{"Cache-Control: max-age=60", 59, "max-age"},
	{"Cache-Control: MAX-AGE=60", 59, "in any case"},
	{"Cache-Control: max-age=\"60\"", 59, "in quotes"},
	{"Cache-Control: max-age=100000", 3599, "never longer than was asked for"},
	{"Cache-Control: max-age=60, max-age=10", 9, "the shorter of two"},
	{"Cache-Control: max-age=10|Cache-Control: max-age=60", 9, "of two fields"},
	{"Cache-Control: max-age=0|ETag: \"a\"", 0, "max-age=0 with a validator"},
	{"Cache-Control: max-age=0", -1, "and without one"},
	{"Cache-Control: max-age=x|ETag: \"a\"", 0, "what is no number is none"},
	{"Cache-Control: max-age|ETag: \"a\"", 0, "nor is nothing"},
	{"Cache-Control: max-age=-5|ETag: \"a\"", 0, "nor a negative one"},
	{"Cache-Control: max-age=99999999999999999999999", 3599, "one that is too large"},
	{"Cache-Control: s-maxage=5", 3599, "s-maxage is for shared caches"},
	{"Cache-Control: s-maxage=5, max-age=60", 59, "and does not matter here"},
	{"Cache-Control: private, max-age=60", 59, "private is what this is"},
	{"Cache-Control: private=\"a, no-store\", max-age=60", 59, "a word in quotes is none"},
	{"Cache-Control: public", 3599, "public says nothing of time"},
	{"Cache-Control: must-revalidate, max-age=60", 59, "must-revalidate"},
	{"Cache-Control: immutable, max-age=60", 59, "an unknown word"},
	{"Cache-Control: no-store", -1, "no-store"},
	{"Cache-Control: max-age=60, no-store", -1, "no-store among others"},
	{"Cache-Control: max-age=60|Cache-Control: No-Store", -1, "no-store in another field"},
	{"Cache-Control: no-cache", -1, "no-cache without a validator"},
	{"Cache-Control: no-cache|ETag: \"a\"", 0, "and with one"},
	{"Cache-Control: no-cache=\"set-cookie\"|ETag: \"a\"", 0, "for some fields"},
	{"Pragma: no-cache|ETag: \"a\"", 0, "Pragma alone"},
	{"Pragma: no-cache|Cache-Control: max-age=60", 59, "and beside what replaced it"},
	{"Cache-Control: ,,  , max-age=60 ,", 59, "empty members"},
	{"Cache-Control: =5, \"x\", max-age=60", 59, "nonsense"},
	{"Cache-Control: \"max-age=60", 3599, "a quote without an end"},
	{"Date: Fri, 27 Nov 2026 12:00:00 GMT|Expires: Fri, 27 Nov 2026 12:01:00 GMT", 59, "Expires"},
	{"Expires: Fri, 27 Nov 2026 12:01:00 GMT", 59, "Expires without Date"},
	{"Date: Fri, 27 Nov 2026 11:59:00 GMT|Expires: Fri, 27 Nov 2026 12:01:00 GMT", 60, "as old as its Date says"},
	{"Date: Fri, 27 Nov 2026 13:00:00 GMT|Expires: Fri, 27 Nov 2026 13:01:00 GMT", 59, "a clock that is fast"},
	{"Expires: 0|ETag: \"a\"", 0, "Expires: 0"},
	{"Expires: -1", -1, "Expires: -1 without a validator"},
	{"Expires: Fri, 27 Nov 2026 11:00:00 GMT|Last-Modified: x", 0, "past"},
	{"Expires: 0|Cache-Control: max-age=60", 59, "max-age goes before"},
	{"Age: 50|Cache-Control: max-age=60", 9, "Age"},
	{"Age: 59|Cache-Control: max-age=60", -1, "so old that it is of no use"},
	{"Age: x|Cache-Control: max-age=60", 59, "no age"},
	{"Age: 3000", 599, "Age counts for what was asked for, too"},
	{"Vary: Accept", 3599, "Vary by what is in the key"},
	{"Vary: Accept, Authorization|Vary: Cookie", 3599, "whatever it is"},
	{"Vary: *", -1, "Vary by everything"},
	{"Vary: Accept|Vary: Origin, *", -1, "among others"},
	{"HTTP/1.1 206 x|Content-Range: bytes 0-1/2", -1, "a part"},
	{"Content-Range: bytes 0-1/2", -1, "even if it is called a 200"},
	{"HTTP/1.1 404 x", -1, "404"},
	{"HTTP/1.1 204 x", -1, "204"},
	{"HTTP/1.1 301 x", -1, "301"},
};

static void
test_vectors(void)
{
	for (int i = 0; i < (int) lengthof(vectors); i++)
		is_int(fresh_for_s(vectors[i].lines), vectors[i].fresh_s, "%s: %s",
			   vectors[i].lines, vectors[i].name);
}

static void
test_times(void)
{
	AcHttpCacheRules rules = rules_of("Cache-Control: max-age=60");

	ok(!ac_httpcache_is_fresh(&rules, 0, 0), "nothing is fresh where none is asked for");
	ok(!ac_httpcache_is_fresh(&rules, 3600000, -1), "nor before it came");
	ok(!ac_httpcache_is_fresh(&rules, 30000, 29000), "the limit of the option is the limit");
	ok(ac_httpcache_is_fresh(&rules, 30000, 28999), "and no less");
	ac_httpcache_read(headers_of("Cache-Control: max-age=60"), NOON + 5000,
					  NOON, &rules);
	is_int(rules.age_ms, 0, "a clock that was set back makes nothing younger than new");
}

static void
test_conditions(void)
{
	const char *lines[2];
	StringInfoData longest;

	is_int(ac_httpcache_conditions(headers_of("ETag: W/\"x\"|Last-Modified: then"), lines),
		   2, "two validators");
	is_str(lines[0], "If-None-Match: W/\"x\"", "the tag");
	is_str(lines[1], "If-Modified-Since: then", "the date");
	is_int(ac_httpcache_conditions(headers_of("Last-Modified: then"), lines), 1, "one");
	is_str(lines[0], "If-Modified-Since: then", "the date alone");
	is_int(ac_httpcache_conditions(headers_of("ETag:"), lines), 0, "an empty one is none");
	is_int(ac_httpcache_conditions(headers_of("X: y"), lines), 0, "none");
	initStringInfo(&longest);
	appendStringInfoString(&longest, "ETag: ");
	for (int i = 0; i <= AC_HTTPCACHE_VALIDATOR_BYTES; i++)
		appendStringInfoChar(&longest, 'x');
	is_int(ac_httpcache_conditions(headers_of(longest.data), lines), 0, "one that is too long");
}

/* Is a 304 with these headers about the answer with those? */
static bool
means(const char *kept, const char *told)
{
	return ac_httpcache_means(headers_of(kept), headers_of(told));
}

static void
test_not_modified(void)
{
	AcHeaders *updated;

	ok(means("ETag: \"a\"", "X: y"), "a 304 without a validator");
	ok(means("ETag: \"a\"", "ETag: \"a\""), "with the same");
	ok(means("ETag: \"a\"", "ETag: W/\"a\""), "with a weaker one");
	ok(!means("ETag: \"a\"", "ETag: \"b\""), "with another");
	ok(!means("Last-Modified: x", "ETag: \"b\""), "with one where there was none");
	ok(means("Last-Modified: x", "Last-Modified: x"), "with the same date");
	ok(!means("Last-Modified: x", "Last-Modified: y"), "with another");
	ok(means("ETag: \"a\"|Last-Modified: x", "Last-Modified: y"), "the tag is the stronger one");

	updated = ac_httpcache_updated(
		headers_of("ETag: \"a\"|Content-Length: 5|Age: 3|X-Total: 7|Link: <b>; rel=next"),
		headers_of("HTTP/1.1 304 x|ETag: \"a\"|Content-Length: 0|Cache-Control: max-age=9|link: <c>; rel=next|Connection: close"));
	is_int(updated->status, 200, "the status stays");
	is_str(ac_header_get(updated, "Content-Length"), "5", "and what describes the body");
	is_str(ac_header_get(updated, "Cache-Control"), "max-age=9", "what is new is added");
	is_str(ac_header_get(updated, "Link"), "<c>; rel=next", "what is told again replaces");
	is_str(ac_header_get(updated, "X-Total"), "7", "what is not stays");
	is_str(ac_header_get(updated, "Connection"), NULL, "the message is another");
	is_str(ac_header_get(updated, "Age"), NULL, "it is as new as the 304");
	is_int(updated->count, 5, "and nothing else");
}

int
main(void)
{
	test_vectors();
	test_times();
	test_conditions();
	test_not_modified();
	return done_testing();
}
