/*
 * fuzz_header.c
 *		Does any header break the store or a parser?
 *
 * The input is header lines, as they would come from a socket.
 */
#include "fuzz.h"

#include "core/header.h"

/* 2024-03-01T12:00:00Z */
#define NOW INT64CONST(1709294400000)

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static void
add_field(AcHeaders *headers, const char *name, const char *value)
{
	const char *line = psprintf("%s: %s", name, value);

	(void) ac_headers_add_line(headers, line, strlen(line));
}

/* Every parser over one value, whatever field it belongs to; headers is for its use. */
static void
parse_all(AcHeaders *headers, const char *value)
{
	AcLinkList links;
	AcChallengeList challenges;
	AcMediaType media;
	int64 ms;

	ac_headers_clear(headers);
	add_field(headers, "Link", value);
	ac_header_links(headers, &links);
	check(links.count <= AC_LINKS_MAX);
	(void) ac_header_link_rel(&links, "next");
	add_field(headers, "WWW-Authenticate", value);
	ac_header_challenges(headers, &challenges);
	check(challenges.count <= AC_CHALLENGES_MAX);
	if (ac_media_parse(value, &media))
		check(strchr(media.essence, '/') != NULL);
	(void) ac_media_is_html(value);
	(void) ac_media_sniff(value, strlen(value));
	check(!ac_header_parse_retry_after(value, NOW, &ms) || ms >= 0);
	(void) ac_header_parse_date(value, NOW, &ms);
	(void) ac_header_parse_rfc3339(value, &ms);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AcHeaders *headers = ac_headers_create();
	AcHeaders *one = ac_headers_create();
	AcRateInfoList list;
	const AcHeaderField *field;
	const char *p = (const char *) data;
	const char *end = p + size;
	int pos = 0;
	int i;
	int64 ms;

	while (p < end)
	{
		const char *stop = memchr(p, '\n', (size_t) (end - p));

		stop = stop == NULL ? end : stop + 1;
		(void) ac_headers_add_line(headers, p, (size_t) (stop - p));
		p = stop;
	}
	check(headers->used <= AC_HEADERS_MAX_BYTES);
	while ((field = ac_header_next(headers, NULL, &pos)) != NULL)
	{
		check(field->name[0] != '\0');
		check(strpbrk(field->value, "\r\n") == NULL);
		parse_all(one, field->value);
	}
	ac_header_rate_info(headers, NOW, &list);
	check(list.count >= 0 && list.count <= AC_RATE_INFO_MAX);
	for (i = 0; i < list.count; i++)
	{
		check(list.items[i].remaining >= 0 && list.items[i].limit >= 0);
		check(list.items[i].reset_ms >= 0 && list.items[i].window_ms >= 0);
		check(list.items[i].step_ms >= 0);
	}
	check(!ac_header_retry_after(headers, NOW, &ms) || ms >= 0);
	ac_alloc_reset();
	return 0;
}
