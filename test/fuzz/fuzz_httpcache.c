/*
 * fuzz_httpcache.c
 *		Do headers of answers, whatever they say, lead to rules that hold?
 *
 * The input is the header lines of an answer, and behind an empty line those
 * of a 304 to it.
 */
#include "fuzz.h"

#include "policy/httpcache.h"

/* 2026-11-27T12:00:00Z */
#define NOW INT64CONST(1795780800000)

static void
check(bool holds)
{
	if (!holds)
		abort();
}

/* Adds lines until an empty one; returns what is behind it. */
static const char *
add_lines(AcHeaders *headers, const char *at, const char *end)
{
	while (at < end)
	{
		const char *stop = memchr(at, '\n', (size_t) (end - at));
		size_t len = (size_t) ((stop == NULL ? end : stop) - at);

		if (len > 0)
			(void) ac_headers_add_line(headers, at, len);
		at += len + (stop == NULL ? 0 : 1);
		if (len == 0)
			break;
	}
	return at;
}

static void
check_rules(const AcHeaders *headers)
{
	AcHttpCacheRules rules;
	const char *lines[2];
	int n = ac_httpcache_conditions(headers, lines);

	ac_httpcache_read(headers, NOW - 500, NOW, &rules);
	check(rules.age_ms >= 0);
	check(rules.lifetime_ms >= -1);
	check(!rules.storable || headers->status == 200);
	check(!ac_httpcache_is_fresh(&rules, 0, 0));
	check(!ac_httpcache_is_fresh(&rules, 60000, 60000));
	if (rules.validate && rules.storable)
		check(n > 0);
	for (int i = 0; i < n; i++)
		check(strpbrk(lines[i], "\r\n") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AcHeaders *kept = ac_headers_create();
	AcHeaders *told = ac_headers_create();
	const char *end = (const char *) data + size;
	const char *at;

	kept->status = 200;
	told->status = 304;
	at = add_lines(kept, (const char *) data, end);
	(void) add_lines(told, at, end);
	check_rules(kept);
	if (ac_httpcache_means(kept, told))
	{
		AcHeaders *updated = ac_httpcache_updated(kept, told);

		check(updated->status == kept->status);
		check_rules(updated);
	}
	ac_alloc_reset();
	return 0;
}
