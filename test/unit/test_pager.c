/*
 * test_pager.c
 *		Which request comes next, and is the collection complete?
 *
 * Conversations: for each step the request that must come, then what the API
 * answers; at the end the verdict or a part of the error's message.
 */
#include "ac.h"

#include "policy/pager.h"
#include "tap.h"

typedef struct Step
{
	const char *request; /* "name=value&..." or a URL */
	int rows;
	uint64 hash; /* 0: a hash of its own */
	const char *link;
	const char *next;
	int more;	 /* 0: not said, 1: more, 2: no more */
	int64 total; /* 0: not said */
	bool link_seen;
	bool truncated;
	bool past_end;
	bool refused;
	AcPageValue kind; /* of next */
	int64 pages;
	int64 range_from;
	const char *members; /* "name=value&name=value" of a continuation */
	const char *first;	 /* keys of the first row and the last */
	const char *last;
	int last_times; /* rows that have it, 0: one */
	bool ties;
} Step;

#define MAX_STEPS 8

typedef struct Conversation
{
	const char *name;
	AcPagerConfig config;
	Step steps[MAX_STEPS]; /* up to the first without a request */
	const char *verdict;   /* NULL: an error */
	const char *error;	   /* a part of its message */
	int old_page;		   /* 1-based page whose rows do not count, 0: none */
} Conversation;

#define PAGED(...)                                                 \
	{                                                              \
		.paging = {__VA_ARGS__}, .page_size = -1, .max_pages = 100 \
	}
#define SIZED(n, ...)                                             \
	{                                                             \
		.paging = {__VA_ARGS__}, .page_size = n, .max_pages = 100 \
	}
#define PAGE .style = AC_PAGER_PAGE, .page_param = "page", \
			 .size_param = "per_page", .first_page = 1
#define OFFSET .style = AC_PAGER_OFFSET, .page_param = "offset", \
			   .size_param = "limit"
#define CURSOR .style = AC_PAGER_CURSOR, .cursor_param = "cursor", \
			   .size_param = "limit"
#define KEYSET .style = AC_PAGER_KEYSET, .cursor_param = "after", \
			   .cursor_path = "/id", .size_param = "limit"
#define CONTINUE .style = AC_PAGER_CONTINUE, .cursor_path = "/continue"
#define AUTO .style = AC_PAGER_AUTO, .size_param = "limit", .first_page = 1

static const Conversation conversations[] = {
	/* no pages */
	{"none", PAGED(.style = AC_PAGER_NONE), {{"", .rows = 7}}, .verdict = "complete"},
	{"none, no rows", PAGED(.style = AC_PAGER_NONE), {{"", .rows = 0}}, .verdict = "complete"},
	{"none, but has_more", PAGED(.style = AC_PAGER_NONE), {{"", .rows = 7, .more = 1}}, .error = "more rows"},
	{"none, but a next link", PAGED(.style = AC_PAGER_NONE), {{"", .rows = 7, .link = "/2", .link_seen = true}}, .error = "more rows"},
	{"none, total short", PAGED(.style = AC_PAGER_NONE), {{"", .rows = 7, .total = 9}}, .error = "announced 9 rows and delivered 7"},
	{"none, total matches", PAGED(.style = AC_PAGER_NONE), {{"", .rows = 7, .total = 7}}, .verdict = "complete (total matched)"},
	{"none, of several pages", PAGED(.style = AC_PAGER_NONE), {{"", .rows = 7, .pages = 3}}, .error = "more rows than the one page"},
	{"none, truncated", PAGED(.style = AC_PAGER_NONE), {{"", .rows = 7, .truncated = true}}, .error = "cut off"},

	/* links */
	{"link", SIZED(5, .style = AC_PAGER_LINK, .size_param = "n"), {{"n=5", .rows = 5, .link = "/x?2", .link_seen = true}, {"/x?2", .rows = 5, .link = "/x?3", .link_seen = true}, {"/x?3", .rows = 2, .link_seen = true}}, .verdict = "complete"},
	{"link, short and empty pages in the middle", SIZED(5, .style = AC_PAGER_LINK), {{"", .rows = 1, .link = "/x?2"}, {"/x?2", .rows = 0, .link = "/x?3"}, {"/x?3", .rows = 5}}, .verdict = "complete"},
	{"link, first page asked for by its number", SIZED(5, .style = AC_PAGER_LINK, .page_param = "p", .size_param = "n", .first_page = 1), {{"p=1&n=5", .rows = 5, .link = "/x?2", .link_seen = true}, {"/x?2", .rows = 2, .link_seen = true}}, .verdict = "complete"},
	{"link, first page from 0", SIZED(5, .style = AC_PAGER_LINK, .page_param = "p", .first_page = 0), {{"p=0", .rows = 5, .link = "/x?2", .link_seen = true}, {"/x?2", .rows = 2, .link_seen = true}}, .verdict = "complete"},
	{"link, an offset is no page number", SIZED(5, .style = AC_PAGER_LINK, .page_param = "offset", .size_param = "n"), {{"n=5", .rows = 5, .link = "/x?2", .link_seen = true}, {"/x?2", .rows = 2}}, .verdict = "complete"},
	{"link, full page without any", SIZED(5, .style = AC_PAGER_LINK, .size_param = "n"), {{"n=5", .rows = 5}}, .error = "how to ask for more"},
	{"link, full page without any, total matches", SIZED(5, .style = AC_PAGER_LINK, .size_param = "n"), {{"n=5", .rows = 5, .total = 5}}, .verdict = "complete (total matched)"},
	{"link, full page without any, by number", SIZED(5, .style = AC_PAGER_LINK, .page_param = "p", .size_param = "n", .first_page = 1), {{"p=1&n=5", .rows = 5}, {"p=2&n=5", .rows = 5}, {"p=3&n=5", .rows = 0}}, .verdict = "complete"},
	{"link, short page without any", SIZED(5, .style = AC_PAGER_LINK, .page_param = "p", .size_param = "n", .first_page = 1), {{"p=1&n=5", .rows = 3}}, .verdict = "complete"},
	{"link that loops", PAGED(.style = AC_PAGER_LINK), {{"", .rows = 5, .link = "/x?2"}, {"/x?2", .rows = 5, .link = "/x?3"}, {"/x?3", .rows = 5, .link = "/x?2"}}, .error = "leads back"},
	{"link to itself", PAGED(.style = AC_PAGER_LINK), {{"", .rows = 5, .link = "/x?2"}, {"/x?2", .rows = 5, .link = "/x?2"}}, .error = "leads back"},
	{"link back to the first page", PAGED(.style = AC_PAGER_LINK), {{"", .rows = 5, .hash = 1, .link = "/x?2"}, {"/x?2", .rows = 5, .hash = 2, .link = "/x?1"}, {"/x?1", .rows = 5, .hash = 1, .link = "/x?2"}}, .error = "repeats", .old_page = 3},
	{"link, page repeats", PAGED(.style = AC_PAGER_LINK), {{"", .rows = 5, .hash = 1, .link = "/x?2"}, {"/x?2", .rows = 5, .hash = 1, .link = "/x?3"}}, .error = "page 2 repeats", .old_page = 2},
	{"link that is refused", PAGED(.style = AC_PAGER_LINK), {{"", .rows = 5, .link = "/x?2"}, {"/x?2", .past_end = true}}, .error = "refuses page 2"},
	{"link, total said on the first page only", PAGED(.style = AC_PAGER_LINK), {{"", .rows = 5, .link = "/x?2", .total = 10}, {"/x?2", .rows = 5}}, .verdict = "complete (total matched)"},
	{"link, total short, which was proved", PAGED(.style = AC_PAGER_LINK, .total_proved = true), {{"", .rows = 5, .link = "/x?2", .total = 12}, {"/x?2", .rows = 5}}, .error = "announced 12 rows and delivered 10"},
	{"link, total short", PAGED(.style = AC_PAGER_LINK), {{"", .rows = 5, .link = "/x?2", .total = 12}, {"/x?2", .rows = 5}}, .verdict = "complete (total said 12, 10 rows came)"},
	{"link, total too low", PAGED(.style = AC_PAGER_LINK), {{"", .rows = 5, .link = "/x?2", .total = 5}, {"/x?2", .rows = 5, .total = 5}}, .verdict = "complete (total said 5, 10 rows came)"},
	{"link beyond the total", PAGED(.style = AC_PAGER_LINK), {{"", .rows = 5, .link = "/x?2", .total = 5}, {"/x?2", .rows = 0, .total = 5}}, .verdict = "complete (total matched)"},
	{"link, total moves", PAGED(.style = AC_PAGER_LINK), {{"", .rows = 5, .link = "/x?2", .total = 8}, {"/x?2", .rows = 4, .total = 9}}, .verdict = "complete (total moved 8 to 9)"},
	{"link, total moves and rows are missing", PAGED(.style = AC_PAGER_LINK, .total_proved = true), {{"", .rows = 5, .link = "/x?2", .total = 8}, {"/x?2", .rows = 2, .total = 9}}, .verdict = "complete (total moved 8 to 9)"},

	/* URL in the body */
	{"next_url", SIZED(5, .style = AC_PAGER_NEXT_URL, .size_param = "n"), {{"n=5", .rows = 5, .next = "http://h/x?2"}, {"http://h/x?2", .rows = 5, .next = "?3"}, {"?3", .rows = 1}}, .verdict = "complete"},
	{"next_url, empty text", PAGED(.style = AC_PAGER_NEXT_URL), {{"", .rows = 5, .next = ""}}, .verdict = "complete"},
	{"next_url, number", PAGED(.style = AC_PAGER_NEXT_URL, .page_param = "page"), {{"", .rows = 5, .next = "2"}, {"page=2", .rows = 5, .next = "3"}, {"page=3", .rows = 1, .more = 2}}, .verdict = "complete"},
	{"next_url, number from 0", PAGED(.style = AC_PAGER_NEXT_URL, .page_param = "page"), {{"", .rows = 5, .next = "1"}, {"page=1", .rows = 5, .next = "2"}, {"page=2", .rows = 0}}, .verdict = "complete"},
	{"next_url, number without parameter", PAGED(.style = AC_PAGER_NEXT_URL), {{"", .rows = 5, .next = "2"}}, .error = "number"},
	{"next_url, has_more without it", PAGED(.style = AC_PAGER_NEXT_URL), {{"", .rows = 5, .more = 1}}, .error = "more rows"},

	/* cursor */
	{"cursor", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .next = "a"}, {"cursor=a&limit=5", .rows = 5, .next = "b"}, {"cursor=b&limit=5", .rows = 3}}, .verdict = "complete"},
	{"cursor, empty token ends", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .next = ""}}, .verdict = "complete"},
	{"cursor, has_more false ends", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .next = "a", .more = 1}, {"cursor=a&limit=5", .rows = 2, .next = "b", .more = 2}}, .verdict = "complete"},
	{"cursor, has_more false on a full page with token", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .next = "a", .more = 2}, {"cursor=a&limit=5", .rows = 5, .next = "b", .more = 2}, {"cursor=b&limit=5", .rows = 0, .next = "b", .more = 2}}, .verdict = "complete"},
	{"cursor, empty page with token", SIZED(5, CURSOR), {{"limit=5", .rows = 0, .next = "a"}, {"cursor=a&limit=5", .rows = 5}}, .verdict = "complete"},
	{"cursor, short page with token", SIZED(5, CURSOR), {{"limit=5", .rows = 2, .next = "a"}, {"cursor=a&limit=5", .rows = 5}}, .verdict = "complete"},
	{"cursor, has_more without token", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .more = 1}}, .error = "more rows"},
	{"cursor, token seen before", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .next = "a"}, {"cursor=a&limit=5", .rows = 5, .next = "b"}, {"cursor=b&limit=5", .rows = 5, .next = "a"}}, .error = "leads back"},
	{"cursor, same token with rows", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .next = "a"}, {"cursor=a&limit=5", .rows = 5, .next = "a"}}, .error = "leads back"},
	{"cursor, feed that stands still", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .next = "a"}, {"cursor=a&limit=5", .rows = 0, .next = "a"}}, .verdict = "complete"},
	{"cursor, page repeats", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .hash = 9, .next = "a"}, {"cursor=a&limit=5", .rows = 5, .hash = 9, .next = "b"}}, .error = "page 2 repeats", .old_page = 2},
	{"cursor that is a URL", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .next = "https://h/2"}, {"https://h/2", .rows = 5}}, .verdict = "complete"},
	{"cursor that only looks like a path", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .next = "/w8="}, {"cursor=/w8=&limit=5", .rows = 5}}, .verdict = "complete"},
	{"cursor without parameter", PAGED(.style = AC_PAGER_CURSOR), {{"", .rows = 5, .next = "a"}}, .error = "token"},
	{"cursor, 0 for the end", PAGED(CURSOR), {{"", .rows = 5, .next = "a"}, {"cursor=a", .rows = 5, .next = "0"}}, .verdict = "complete"},
	{"cursor, 0 for the end without parameter", PAGED(.style = AC_PAGER_CURSOR), {{"", .rows = 5, .next = "0"}}, .verdict = "complete"},
	{"next, -1 for the end", PAGED(.style = AC_PAGER_NEXT_URL), {{"", .rows = 5, .next = "-1"}}, .verdict = "complete"},
	{"cursor, number without parameter", PAGED(.style = AC_PAGER_CURSOR, .page_param = "p"), {{"", .rows = 5, .next = "2"}, {"p=2", .rows = 0}}, .verdict = "complete"},
	{"cursor, truncated with a way on", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .next = "a", .truncated = true}, {"cursor=a&limit=5", .rows = 1}}, .verdict = "complete"},
	{"cursor, truncated at the end", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .truncated = true}}, .error = "cut off"},
	{"cursor, total short, which was proved", SIZED(5, CURSOR, .total_proved = true), {{"limit=5", .rows = 5, .total = 6}}, .error = "announced 6 rows and delivered 5"},
	{"cursor, total short", SIZED(5, CURSOR), {{"limit=5", .rows = 5, .total = 6}}, .verdict = "complete (total said 6, 5 rows came)"},
	{"cursor, filtered, total of everything", {.paging = {CURSOR}, .page_size = 5, .max_pages = 100, .filtered = true}, {{"limit=5", .rows = 5, .total = 60}}, .verdict = "complete (total said 60, 5 rows came)"},

	/* page number */
	{"page, total", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .total = 12}, {"page=2&per_page=5", .rows = 5, .total = 12}, {"page=3&per_page=5", .rows = 2, .total = 12}}, .verdict = "complete (total matched)"},
	{"page from 0", SIZED(5, .style = AC_PAGER_PAGE, .page_param = "p", .first_page = 0), {{"p=0", .rows = 5, .total = 9}, {"p=1", .rows = 4, .total = 9}}, .verdict = "complete (total matched)"},
	{"page, no total, empty page ends", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5}, {"page=2&per_page=5", .rows = 3}, {"page=3&per_page=5", .rows = 0}}, .verdict = "complete"},
	{"page, no total, 404 ends", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5}, {"page=2&per_page=5", .past_end = true}}, .verdict = "complete"},
	{"page, 404 before the total", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .total = 9}, {"page=2&per_page=5", .past_end = true}}, .error = "announced 9"},
	{"page, size is cut", SIZED(100, PAGE), {{"page=1&per_page=100", .rows = 5, .total = 8}, {"page=2&per_page=100", .rows = 3, .total = 8}}, .verdict = "complete (total matched)"},
	{"page, short in the middle", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .total = 12}, {"page=2&per_page=5", .rows = 2, .total = 12}, {"page=3&per_page=5", .rows = 5, .total = 12}, {"page=4&per_page=5", .rows = 0, .total = 12}}, .verdict = "complete (total matched)"},
	{"page, total too low at the end of a page", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .total = 10}, {"page=2&per_page=5", .rows = 5, .total = 10}, {"page=3&per_page=5", .rows = 4, .total = 10}, {"page=4&per_page=5", .rows = 0, .total = 10}}, .verdict = "complete (total said 10, 14 rows came)"},
	{"page, short in the middle without total", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5}, {"page=2&per_page=5", .rows = 2}, {"page=3&per_page=5", .rows = 5}, {"page=4&per_page=5", .rows = 0}}, .verdict = "complete"},
	{"page, empty in the middle with has_more", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .more = 1}, {"page=2&per_page=5", .rows = 0, .more = 1}, {"page=3&per_page=5", .rows = 5, .more = 2}}, .verdict = "complete"},
	{"page, hole before the total", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .total = 12}, {"page=2&per_page=5", .rows = 0, .total = 12}, {"page=3&per_page=5", .rows = 5, .total = 12}, {"page=4&per_page=5", .rows = 2, .total = 12}}, .verdict = "complete (total matched)"},
	{"page, empty before the total", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .total = 9}, {"page=2&per_page=5", .rows = 0, .total = 9}}, .error = "announced 9 rows and delivered 5"},
	{"page, empty before the total behind a page that was not full", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 3, .total = 5}, {"page=2&per_page=5", .rows = 0, .total = 5}}, .verdict = "complete (total said 5, 3 rows came)"},
	{"page, the same where the total was proved", SIZED(5, PAGE, .total_proved = true), {{"page=1&per_page=5", .rows = 3, .total = 5}, {"page=2&per_page=5", .rows = 0, .total = 5}}, .error = "announced 5 rows and delivered 3"},
	{"page, parts of rows that are equal", {.paging = {PAGE}, .page_size = 5, .max_pages = 100, .projected = true}, {{"page=1&per_page=5", .rows = 5, .hash = 7, .total = 12}, {"page=2&per_page=5", .rows = 5, .hash = 7, .total = 12}, {"page=3&per_page=5", .rows = 2, .total = 12}}, .verdict = "complete (total matched)"},
	{"page, Link header ends", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .link = "/2", .link_seen = true}, {"page=2&per_page=5", .rows = 5, .link_seen = true}}, .verdict = "complete"},
	{"page, last page again past the end", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5}, {"page=2&per_page=5", .rows = 3, .hash = 7}, {"page=3&per_page=5", .rows = 3, .hash = 7}}, .verdict = "complete", .old_page = 3},
	{"page, full last page again and again", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5}, {"page=2&per_page=5", .rows = 5, .hash = 7}, {"page=3&per_page=5", .rows = 5, .hash = 7}, {"page=4&per_page=5", .rows = 5, .hash = 7}}, .verdict = "complete", .old_page = 4},
	{"page, full page twice, then others", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5}, {"page=2&per_page=5", .rows = 5, .hash = 7}, {"page=3&per_page=5", .rows = 5, .hash = 7}, {"page=4&per_page=5", .rows = 5}}, .error = "page 3 repeats"},
	{"page, full page twice, then an empty one", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5}, {"page=2&per_page=5", .rows = 5, .hash = 7}, {"page=3&per_page=5", .rows = 5, .hash = 7}, {"page=4&per_page=5", .rows = 0}}, .error = "page 3 repeats"},
	{"page, 404 before the last of the pages told", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .pages = 3}, {"page=2&per_page=5", .past_end = true}}, .error = "announced 3 pages and refuses page 2"},
	{"page, 404 behind the last of the pages told", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .more = 1, .pages = 1}, {"page=2&per_page=5", .past_end = true}}, .verdict = "complete"},
	{"page, an empty one that does not tell before the last told", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .pages = 3}, {"page=2&per_page=5", .rows = 0}, {"page=3&per_page=5", .rows = 2}}, .verdict = "complete"},
	{"page, full page twice, then past the end", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5}, {"page=2&per_page=5", .rows = 5, .hash = 7}, {"page=3&per_page=5", .rows = 5, .hash = 7}, {"page=4&per_page=5", .past_end = true}}, .error = "page 3 repeats"},
	{"page, repeated before the total", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .total = 15}, {"page=2&per_page=5", .rows = 5, .hash = 7, .total = 15}, {"page=3&per_page=5", .rows = 5, .hash = 7, .total = 15}}, .error = "page 3 repeats", .old_page = 3},
	{"page, parameter ignored", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .hash = 7}, {"page=2&per_page=5", .rows = 5, .hash = 7}}, .error = "page 2 repeats page 1", .old_page = 2},
	{"page, one full page again, total agrees", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .hash = 7, .total = 5}, {"page=2&per_page=5", .rows = 5, .hash = 7, .total = 5}}, .verdict = "complete (total matched)", .old_page = 2},
	{"page, all parameters ignored", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 9, .hash = 7}, {"page=2&per_page=5", .rows = 9, .hash = 7}}, .verdict = "complete", .old_page = 2},
	{"page, one short page again", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 2, .hash = 7}, {"page=2&per_page=5", .rows = 2, .hash = 7}}, .verdict = "complete", .old_page = 2},
	{"page, total moves", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .total = 8}, {"page=2&per_page=5", .rows = 4, .total = 9}}, .verdict = "complete (total moved 8 to 9); rows may have been missed or repeated: the collection changed while it was paged"},
	{"page, total is a count of the page", SIZED(10, PAGE), {{"page=1&per_page=10", .rows = 10, .total = 10}, {"page=2&per_page=10", .rows = 10, .total = 10}, {"page=3&per_page=10", .rows = 0}}, .verdict = "complete (total said 10, 20 rows came)"},
	{"page, total is a cap", SIZED(1000, PAGE), {{"page=1&per_page=1000", .rows = 1000, .total = 2000}, {"page=2&per_page=1000", .rows = 1000, .total = 2000}, {"page=3&per_page=1000", .rows = 7, .total = 2000}, {"page=4&per_page=1000", .rows = 0, .total = 2000}}, .verdict = "complete (total said 2000, 2007 rows came)"},
	{"page, total 0", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 0}}, .verdict = "complete"},
	{"page without parameter", SIZED(5, .style = AC_PAGER_PAGE), {{"", .rows = 5, .total = 6}}, .error = "announced 6"},

	/* offset */
	{"offset", SIZED(5, OFFSET), {{"offset=0&limit=5", .rows = 5, .total = 7}, {"offset=5&limit=5", .rows = 2, .total = 7}}, .verdict = "complete (total matched)"},
	{"offset, size is cut", SIZED(100, OFFSET), {{"offset=0&limit=100", .rows = 4, .total = 7}, {"offset=4&limit=100", .rows = 3, .total = 7}}, .verdict = "complete (total matched)"},
	{"offset, no total", SIZED(5, OFFSET), {{"offset=0&limit=5", .rows = 5}, {"offset=5&limit=5", .rows = 1}, {"offset=6&limit=5", .rows = 0}}, .verdict = "complete"},
	{"offset, has_more on an empty page", SIZED(5, OFFSET), {{"offset=0&limit=5", .rows = 0, .more = 1}}, .error = "more rows"},
	{"offset, refused past the end", SIZED(5, OFFSET), {{"offset=0&limit=5", .rows = 5}, {"offset=5&limit=5", .past_end = true}}, .verdict = "complete"},

	{"offset, a total that binds nobody", SIZED(5, OFFSET, .total_loose = true), {{"offset=0&limit=5", .rows = 5, .total = 9}, {"offset=5&limit=5", .rows = 0, .total = 9}}, .verdict = "complete (total said 9, 5 rows came)"},
	{"offset, refused at a cap", SIZED(10000, OFFSET), {{"offset=0&limit=10000", .rows = 10000, .total = 10000}, {"offset=10000&limit=10000", .past_end = true, .refused = true}}, .error = "refuses to show more than 10000 rows"},
	{"offset, not found where a cap might be", SIZED(10000, OFFSET), {{"offset=0&limit=10000", .rows = 10000, .total = 10000}, {"offset=10000&limit=10000", .past_end = true}}, .verdict = "complete (total matched)"},
	{"offset, a cap that was named", SIZED(5, OFFSET, .depth_limit = 10), {{"offset=0&limit=5", .rows = 5}, {"offset=5&limit=5", .rows = 5}}, .error = "shows 10 rows of one query"},
	{"offset, all below a cap", SIZED(5, OFFSET, .depth_limit = 10), {{"offset=0&limit=5", .rows = 5, .total = 8}, {"offset=5&limit=5", .rows = 3, .total = 8}}, .verdict = "complete (total matched)"},
	{"page, number of pages ends", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .pages = 2}, {"page=2&per_page=5", .rows = 4, .pages = 2}}, .verdict = "complete"},
	{"page, number of pages and a full one", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .pages = 2}, {"page=2&per_page=5", .rows = 5, .pages = 2}, {"page=3&per_page=5", .rows = 0, .pages = 2}}, .verdict = "complete"},
	{"page, a proved total and a full page", SIZED(5, PAGE, .total_proved = true), {{"page=1&per_page=5", .rows = 5, .total = 10}, {"page=2&per_page=5", .rows = 5, .total = 10}}, .verdict = "complete (total matched)"},
	{"page, number of pages from 0", SIZED(5, .style = AC_PAGER_PAGE, .page_param = "p", .first_page = 0), {{"p=0", .rows = 5, .pages = 2}, {"p=1", .rows = 4, .pages = 2}}, .verdict = "complete"},
	{"page, short and empty ones before the number of pages", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 2, .pages = 3}, {"page=2&per_page=5", .rows = 0, .pages = 3}, {"page=3&per_page=5", .rows = 5, .pages = 3}, {"page=4&per_page=5", .rows = 0, .pages = 3}}, .verdict = "complete"},
	{"page, more than the number of pages", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .pages = 1}, {"page=2&per_page=5", .rows = 2, .pages = 1}, {"page=3&per_page=5", .rows = 0, .pages = 1}}, .verdict = "complete"},
	{"page, number of pages and a total that do not agree, which was proved", SIZED(5, PAGE, .total_proved = true), {{"page=1&per_page=5", .rows = 4, .pages = 1, .total = 9}}, .error = "announced 9"},
	{"page, number of pages and a total that do not agree", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 4, .pages = 1, .total = 9}}, .verdict = "complete (total said 9, 4 rows came)"},

	/* ranges */
	{"range", SIZED(-1, .style = AC_PAGER_RANGE, .page_size = 5), {{"Range-Unit:=items&Range:=0-4", .rows = 5, .total = 7}, {"Range-Unit:=items&Range:=5-9", .rows = 2, .total = 7, .range_from = 5}}, .verdict = "complete (total matched)"},
	{"range with a unit, refused past the end", SIZED(-1, .style = AC_PAGER_RANGE, .page_param = "rows", .page_size = 5), {{"Range:=rows=0-4", .rows = 5}, {"Range:=rows=5-9", .past_end = true}}, .verdict = "complete"},
	{"range, another than was asked for", SIZED(-1, .style = AC_PAGER_RANGE, .page_size = 5), {{"Range-Unit:=items&Range:=0-4", .rows = 5}, {"Range-Unit:=items&Range:=5-9", .rows = 5, .range_from = 3}}, .error = "page 2 begins with row 4, not 6", .old_page = 2},
	{"range, ignored", SIZED(-1, .style = AC_PAGER_RANGE, .page_size = 5), {{"Range-Unit:=items&Range:=0-4", .rows = 8, .hash = 7}, {"Range-Unit:=items&Range:=8-12", .rows = 8, .hash = 7}}, .verdict = "complete", .old_page = 2},

	/* keys of rows */
	{"keyset", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "5"}, {"after=5&limit=5", .rows = 5, .first = "6", .last = "9"}, {"after=9&limit=5", .rows = 0}}, .verdict = "complete"},
	{"keyset, has_more false", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "5", .more = 1}, {"after=5&limit=5", .rows = 5, .first = "6", .last = "9", .more = 2}}, .verdict = "complete"},
	{"keyset, newest first", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "9", .last = "5"}, {"after=5&limit=5", .rows = 4, .first = "9", .last = "6"}}, .error = "begins again with the first row", .old_page = 2},
	{"keyset, links are there", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "9", .last = "5", .link = "/x?2"}, {"/x?2", .rows = 4, .first = "4", .last = "1", .link_seen = true}}, .verdict = "complete"},
	{"keyset, total on a short page", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "5", .total = 7}, {"after=5&limit=5", .rows = 2, .first = "6", .last = "7", .total = 7}}, .verdict = "complete (total matched)"},
	{"keyset, the row comes again", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "5", .total = 6}, {"after=5&limit=5", .rows = 2, .first = "5", .last = "6", .total = 6}}, .verdict = "complete (total matched)"},
	{"keyset, nothing but the row comes again", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "5"}, {"after=5&limit=5", .rows = 1, .first = "5", .last = "5"}}, .verdict = "complete", .old_page = 2},
	{"keyset, no room for more than the row", SIZED(1, KEYSET), {{"limit=1", .rows = 1, .first = "1", .last = "1"}, {"after=1&limit=1", .rows = 1, .first = "1", .last = "1"}}, .error = "no room for others", .old_page = 2},
	{"keyset, no key", SIZED(5, KEYSET), {{"limit=5", .rows = 5}}, .error = "has no value"},
	{"keyset, several rows with the key", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "4", .last_times = 2}}, .error = "several rows of page 1"},
	{"keyset, ties, and the next page begins behind them", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "9", .last = "5", .ties = true}, {"after=5&limit=5", .rows = 5, .first = "4", .last = "1"}}, .error = "several rows have the same value"},
	{"keyset, ties, and nothing behind them", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "9", .last = "5", .ties = true}, {"after=5&limit=5", .rows = 0}}, .error = "several rows have the same value"},
	{"keyset, ties, and all rows came", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "9", .last = "5", .ties = true, .total = 7}, {"after=5&limit=5", .rows = 2, .first = "4", .last = "3", .total = 7}}, .verdict = "complete (total matched)"},
	{"keyset, ties, and the row comes again", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "9", .last = "5", .ties = true}, {"after=5&limit=5", .rows = 3, .first = "5", .last = "3"}, {"after=3&limit=5", .rows = 1, .first = "3", .last = "3"}}, .verdict = "complete", .old_page = 3},
	{"keyset, 404 ends", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "5"}, {"after=5&limit=5", .rows = 5, .first = "6", .last = "9"}, {"after=9&limit=5", .past_end = true}}, .verdict = "complete"},
	{"keyset, 422 where the total is reached", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "5", .total = 5}, {"after=5&limit=5", .past_end = true, .refused = true}}, .verdict = "complete (total matched)"},
	{"keyset, 404 before the total", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "5", .total = 9}, {"after=5&limit=5", .past_end = true}}, .error = "announced 9"},
	{"keyset, 404 though more was said", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "5", .more = 1}, {"after=5&limit=5", .past_end = true}}, .error = "refuses page 2, which it named"},
	{"keyset, links are there and refused", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "9", .last = "5", .link = "/x?2"}, {"/x?2", .past_end = true}}, .error = "refuses page 2, which it named"},
	{"page, 404 though more was said", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .more = 1}, {"page=2&per_page=5", .past_end = true}}, .error = "refuses page 2, which it named"},
	{"page, 404 though more was said, but all rows are here", SIZED(5, PAGE), {{"page=1&per_page=5", .rows = 5, .more = 1, .total = 5}, {"page=2&per_page=5", .past_end = true}}, .verdict = "complete (total matched)"},
	{"page, size above the depth", SIZED(50, PAGE, .depth_limit = 20), {{"page=1&per_page=20", .rows = 7, .total = 7}}, .verdict = "complete (total matched)"},
	{"keyset, several at the end", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "4", .last_times = 2, .more = 2}}, .verdict = "complete"},
	{"keyset, parameter ignored", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .hash = 7, .first = "1", .last = "5"}, {"after=5&limit=5", .rows = 5, .hash = 7, .first = "1", .last = "5"}}, .error = "page 2 repeats", .old_page = 2},
	{"keyset, leads back", SIZED(5, KEYSET), {{"limit=5", .rows = 5, .first = "1", .last = "5"}, {"after=5&limit=5", .rows = 3, .first = "3", .last = "5"}}, .error = "leads back"},
	{"keyset, more and no rows", SIZED(5, KEYSET), {{"limit=5", .rows = 0, .more = 1}}, .error = "more rows"},

	/* continuation objects */
	{"continue", PAGED(CONTINUE), {{"", .rows = 5, .members = "a=1&continue=-"}, {"a=1&continue=-", .rows = 5, .members = "b=7"}, {"b=7", .rows = 5}}, .verdict = "complete"},
	{"continue, the same again", PAGED(CONTINUE), {{"", .rows = 5, .members = "a=1"}, {"a=1", .rows = 5, .members = "a=2"}, {"a=2", .rows = 5, .members = "a=1"}}, .error = "leads back"},
	{"continue, a feed that stands still", PAGED(CONTINUE), {{"", .rows = 5, .members = "a=1"}, {"a=1", .rows = 0, .members = "a=1"}}, .verdict = "complete"},
	{"continue, has_more without it", PAGED(CONTINUE), {{"", .rows = 5, .more = 1}}, .error = "more rows"},
	{"continue, too many", PAGED(CONTINUE), {{"", .rows = 5, .members = "a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1"}}, .error = "more than 16 members"},

	/* tokens that expire */
	{"token expires before there are rows", PAGED(.style = AC_PAGER_CURSOR, .cursor_param = "c"), {{"", .rows = 0, .next = "a"}, {"c=a", .past_end = true, .refused = true}, {"", .rows = 5, .next = "a"}, {"c=a", .rows = 5}}, .verdict = "complete"},
	{"token expires twice", PAGED(.style = AC_PAGER_CURSOR, .cursor_param = "c"), {{"", .rows = 0, .next = "a"}, {"c=a", .past_end = true}, {"", .rows = 0, .next = "a"}, {"c=a", .past_end = true}}, .error = "refuses page 4"},
	{"token expires after rows", PAGED(.style = AC_PAGER_CURSOR, .cursor_param = "c"), {{"", .rows = 5, .next = "a"}, {"c=a", .past_end = true, .refused = true}}, .error = "refuses page 2"},
	{"token in a header", PAGED(.style = AC_PAGER_CURSOR, .cursor_param = "X-C:"), {{"", .rows = 5, .next = "a"}, {"X-C:=a", .rows = 5}}, .verdict = "complete"},

	/* auto: the first page decides */
	{"auto, link", SIZED(5, AUTO), {{"limit=5", .rows = 5, .link = "/2", .link_seen = true}, {"/2", .rows = 5, .link_seen = true}}, .verdict = "complete"},
	{"auto, URL", SIZED(5, AUTO), {{"limit=5", .rows = 5, .next = "/x?c=2"}, {"/x?c=2", .rows = 5}}, .verdict = "complete"},
	{"auto, token", SIZED(5, AUTO, .cursor_param = "c"), {{"limit=5", .rows = 5, .next = "t"}, {"c=t&limit=5", .rows = 5}}, .verdict = "complete"},
	{"auto, token without parameter", SIZED(5, AUTO), {{"limit=5", .rows = 5, .next = "t"}}, .error = "token"},
	{"auto, number", SIZED(5, AUTO, .page_param = "page"), {{"limit=5", .rows = 5, .next = "2"}, {"page=2&limit=5", .rows = 1, .more = 2}}, .verdict = "complete"},
	{"auto, page parameter", SIZED(5, AUTO, .page_param = "page"), {{"limit=5", .rows = 5}, {"page=2&limit=5", .rows = 0}}, .verdict = "complete"},
	{"auto, offset parameter", SIZED(5, AUTO, .page_param = "skip"), {{"limit=5", .rows = 5}, {"skip=5&limit=5", .rows = 0}}, .verdict = "complete"},
	{"auto, one page", SIZED(5, AUTO), {{"limit=5", .rows = 4}}, .verdict = "complete"},
	{"auto, everything at once", SIZED(5, AUTO), {{"limit=5", .rows = 40}}, .verdict = "complete"},
	{"auto, a full page and no word", SIZED(5, AUTO), {{"limit=5", .rows = 5}}, .error = "as many rows as were asked for"},
	{"auto, a full page and its total", SIZED(5, AUTO), {{"limit=5", .rows = 5, .total = 5}}, .verdict = "complete (total matched)"},
	{"auto, more rows and no way", SIZED(5, AUTO), {{"limit=5", .rows = 4, .more = 1}}, .error = "more rows"},
};

static void
fill_members(AcPageFacts *facts, char *text)
{
	static AcPageParam members[AC_PAGER_MEMBERS + 1];
	char *save = NULL;

	for (char *one = strtok_r(text, "&", &save); one != NULL;
		 one = strtok_r(NULL, "&", &save))
	{
		char *value = strchr(one, '=');

		*value = '\0';
		members[facts->n_members++] = (AcPageParam){one, value + 1, AC_PAGE_TEXT, true};
	}
	facts->members = members;
}

static void
fill_facts(AcPageFacts *facts, const Step *step, int number)
{
	memset(facts, 0, sizeof(*facts));
	facts->rows = step->rows;
	if (step->rows > 0)
		facts->rows_hash = step->hash ? step->hash : (uint64) (1000 + number);
	facts->link_next = step->link;
	facts->link_seen = step->link_seen || step->link != NULL;
	facts->next = step->next;
	facts->more = step->more == 0 ? -1 : step->more == 1;
	facts->total = step->total == 0 ? -1 : step->total;
	facts->truncated = step->truncated;
	facts->ties = step->ties;
	facts->past_end = step->past_end;
	facts->refused = step->refused;
	facts->next_kind = step->kind;
	facts->pages = step->pages;
	facts->range_from = step->range_from;
	facts->first = (AcPageKey){step->first, AC_PAGE_NUMBER, step->first != NULL};
	facts->last = (AcPageKey){step->last, AC_PAGE_NUMBER, Max(step->last_times, 1)};
	if (step->members != NULL)
		fill_members(facts, pstrdup(step->members));
}

static char *
request_text(const AcPageRequest *request)
{
	StringInfoData text;

	initStringInfo(&text);
	if (request->url != NULL)
		appendStringInfoString(&text, request->url);
	for (int i = 0; i < request->n_params; i++)
		appendStringInfo(&text, "%s%s=%s", text.len > 0 ? "&" : "",
						 request->params[i].name, request->params[i].value);
	return text.data;
}

static void
run(const Conversation *talk)
{
	AcPager *pager = ac_pager_create(&talk->config);
	AcPageRequest request;
	AcPageFacts facts;
	AcError err;
	bool good = true;
	int i;

	ac_error_clear(&err);
	for (i = 0; good && i < MAX_STEPS && talk->steps[i].request != NULL; i++)
	{
		const Step *step = &talk->steps[i];

		if (!is_int(ac_pager_next(pager, &request), AC_PAGER_REQUEST,
					"%s: request %d", talk->name, i + 1))
			return;
		is_str(request_text(&request), step->request, "%s: request %d is",
			   talk->name, i + 1);
		fill_facts(&facts, step, i);
		good = ac_pager_page(pager, request.page, &facts, &err);
		is_int(ac_pager_rows_are_new(pager), i + 1 != talk->old_page && !(!talk->config.projected && talk->steps[i].hash != 0 && i > 0 && talk->steps[i].hash == talk->steps[i - 1].hash),
			   "%s: page %d is %s", talk->name, i + 1, "new or not");
	}
	is_int(ac_pager_next(pager, &request), AC_PAGER_DONE, "%s: ends",
		   talk->name);
	is_int(good, talk->verdict != NULL, "%s: %s", talk->name,
		   talk->verdict != NULL ? "complete" : "incomplete");
	if (talk->verdict != NULL)
		is_str(ac_pager_verdict(pager), talk->verdict, "%s: verdict",
			   talk->name);
	else
	{
		is_int(err.code, AC_ERR_INCOMPLETE, "%s: code", talk->name);
		ok(strstr(err.message, talk->error) != NULL, "%s: \"%s\" has \"%s\"",
		   talk->name, err.message, talk->error);
	}
}

static void
test_cap(void)
{
	AcPagerConfig config = {.paging = {CURSOR}, .page_size = -1, .max_pages = 2};
	AcPager *pager = ac_pager_create(&config);
	AcPageFacts facts = {.rows = 1, .rows_hash = 5, .next = "a", .more = -1, .total = -1};
	AcPageRequest request;
	AcError err;

	ac_pager_next(pager, &request);
	ok(ac_pager_page(pager, 0, &facts, &err), "first of two pages");
	ac_pager_next(pager, &request);
	facts.next = "b";
	facts.rows_hash = 6;
	ok(!ac_pager_page(pager, 1, &facts, &err), "a third page is not allowed");
	ok(strstr(err.message, "more than 2 pages") != NULL, "cap named: %s",
	   err.message);
	ok(ac_pager_rows_are_new(pager), "rows of the last page are good");
	ok(strstr(err.detail, "2 rows on 2 pages") != NULL, "counts: %s",
	   err.detail);
}

/* A total that one page does not have, and nothing says how there are more. */
static void
test_untold(void)
{
	AcPagerConfig config = {.paging = {AUTO}, .page_size = -1, .max_pages = 2};
	AcPager *pager = ac_pager_create(&config);
	AcPageFacts facts = {.rows = 10, .rows_hash = 5, .more = -1, .total = 40};
	AcPageRequest request;
	AcError err;

	ac_pager_next(pager, &request);
	ok(!ac_pager_page(pager, 0, &facts, &err), "rows are missing");
	ok(strstr(err.message, "announced 40 rows and delivered 10") != NULL,
	   "says how many: %s", err.message);
	ok(strstr(err.hint, "page_param") != NULL, "says what to do: %s", err.hint);
}

/* Page numbers with a total are named before the page under way has come. */
static void
test_ahead(void)
{
	AcPagerConfig config = {.paging = {PAGE}, .page_size = 5, .max_pages = 9};
	AcPager *pager = ac_pager_create(&config);
	AcPageFacts facts = {.rows = 5, .rows_hash = 5, .more = -1, .total = 14};
	AcPageRequest request;
	AcError err;

	ac_pager_next(pager, &request);
	is_int(ac_pager_next(pager, &request), AC_PAGER_WAIT, "nothing known yet");
	ac_pager_page(pager, 0, &facts, &err);
	is_int(ac_pager_next(pager, &request), AC_PAGER_REQUEST, "page 2");
	is_int(ac_pager_next(pager, &request), AC_PAGER_REQUEST, "page 3 ahead");
	is_str(request.params[0].value, "3", "its number");
	is_int(ac_pager_next(pager, &request), AC_PAGER_WAIT, "page 4 is not sure");
	facts.rows_hash = 6;
	ok(ac_pager_page(pager, 1, &facts, &err), "page 2 told");
	is_int(ac_pager_next(pager, &request), AC_PAGER_WAIT, "page 3 under way");
	facts.rows = 4;
	facts.rows_hash = 7;
	ok(ac_pager_page(pager, 2, &facts, &err), "page 3 told");
	is_int(ac_pager_next(pager, &request), AC_PAGER_DONE, "done");
	is_str(ac_pager_verdict(pager), "complete (total matched)", "verdict");
	ok(ac_pager_is_done(pager), "and nothing to wait for");
}

/* A page that names its successor's number is waited for: it may skip some. */
static void
test_not_ahead(void)
{
	AcPagerConfig config = {.paging = {PAGE}, .page_size = 5, .max_pages = 9};
	AcPager *pager = ac_pager_create(&config);
	AcPageFacts facts = {.rows = 5, .rows_hash = 5, .more = -1, .total = 14, .next = "3"};
	AcPageRequest request;
	AcError err;

	ac_pager_next(pager, &request);
	ok(ac_pager_page(pager, 0, &facts, &err), "page 1 told");
	is_int(ac_pager_next(pager, &request), AC_PAGER_REQUEST, "the next page");
	is_str(request.params[0].value, "3", "is the one that page 1 named");
	is_int(ac_pager_next(pager, &request), AC_PAGER_WAIT,
		   "and the one after it must be named");
	ok(!ac_pager_is_done(pager), "the scan goes on");
}

/* An end that comes before what was asked for ahead. */
static void
test_end_before_ahead(void)
{
	AcPagerConfig config = {.paging = {PAGE}, .page_size = 5, .max_pages = 9};
	AcPager *pager = ac_pager_create(&config);
	AcPageFacts facts = {.rows = 5, .rows_hash = 5, .more = -1, .total = 14};
	AcPageRequest request;
	AcError err;

	ac_pager_next(pager, &request);
	ac_pager_page(pager, 0, &facts, &err);
	ac_pager_next(pager, &request);
	is_int(ac_pager_next(pager, &request), AC_PAGER_REQUEST, "page 3 ahead");
	facts.rows_hash = 6;
	facts.more = 0;
	facts.total = 10;
	ac_pager_page(pager, 1, &facts, &err);
	ok(ac_pager_is_done(pager), "page 2 is the last, whatever was asked for");
}

/* Numbers and JSON texts stay what they were, for bodies. */
static void
test_kinds(void)
{
	AcPagerConfig config = {.paging = {.style = AC_PAGER_CURSOR, .cursor_param = "/after", .size_param = "/n"}, .page_size = 5, .max_pages = 9};
	AcPager *pager = ac_pager_create(&config);
	AcPageFacts facts = {.rows = 5, .rows_hash = 5, .more = -1, .total = -1, .next = "[1,\"a\"]", .next_kind = AC_PAGE_JSON};
	AcPageRequest request;
	AcError err;

	ac_pager_next(pager, &request);
	is_int(request.params[0].kind, AC_PAGE_NUMBER, "a size is a number");
	ac_pager_page(pager, 0, &facts, &err);
	ac_pager_next(pager, &request);
	is_str(request.params[0].value, "[1,\"a\"]", "the token as it is");
	is_int(request.params[0].kind, AC_PAGE_JSON, "and what it is");
	is_int(ac_page_place("/after"), AC_PLACE_BODY, "a pointer");
	is_int(ac_page_place("X-After:"), AC_PLACE_HEADER, "a header");
	is_int(ac_page_place("after"), AC_PLACE_QUERY, "a parameter");
	is_int(ac_page_place(":"), AC_PLACE_QUERY, "a colon alone");
}

/* How many requests are named at once after each page. */
static int
count_named(AcPager *pager)
{
	AcPageRequest request;
	int n = 0;

	while (n < 100 && ac_pager_next(pager, &request) == AC_PAGER_REQUEST)
		n++;
	return n;
}

/* Without a total as many are ahead as full pages were told. */
static void
test_window(void)
{
	AcPagerConfig config = {.paging = {OFFSET}, .page_size = 10, .max_pages = 90};
	AcPager *pager = ac_pager_create(&config);
	AcPageFacts facts = {.rows = 10, .more = -1, .total = -1};
	AcError err;
	static const int named[] = {1, 1, 2, 2, 2, 2};

	for (int i = 0; i < 6; i++)
	{
		is_int(count_named(pager), named[i], "after %d pages", i);
		facts.rows_hash = i + 1;
		ok(ac_pager_page(pager, i, &facts, &err), "page %d", i + 1);
	}
	is_int(ac_pager_asked(pager), 10, "six pages, four more under way");
	facts.rows = 4;
	facts.rows_hash = 7;
	ok(ac_pager_page(pager, 6, &facts, &err), "a short page");
	is_int(ac_pager_asked(pager), 7, "what was asked for behind it is void");
	is_int(count_named(pager), 1, "and one is asked for anew");
}

/* No more than the caller allows, or wants. */
static void
test_limits_ahead(void)
{
	AcPagerConfig config = {.paging = {OFFSET}, .page_size = 10, .max_pages = 90, .concurrency = 1};
	AcPageFacts facts = {.rows = 10, .more = -1, .total = -1, .rows_hash = 1};
	AcPager *pager = ac_pager_create(&config);
	AcError err;

	for (int i = 0; i < 4; i++)
	{
		is_int(count_named(pager), 1, "one at a time");
		facts.rows_hash = i + 1;
		ac_pager_page(pager, i, &facts, &err);
	}
	config.concurrency = 0;
	config.wanted = 35;
	facts.total = 90;
	pager = ac_pager_create(&config);
	count_named(pager);
	ac_pager_page(pager, 0, &facts, &err);
	is_int(count_named(pager), 3, "35 rows are wanted, 10 are there");
	config.wanted = AC_PAGER_PERHAPS;
	pager = ac_pager_create(&config);
	count_named(pager);
	ac_pager_page(pager, 0, &facts, &err);
	is_int(count_named(pager), 1, "some may be enough");
	config.wanted = -1;
	pager = ac_pager_create(&config);
	count_named(pager);
	ac_pager_page(pager, 0, &facts, &err);
	is_int(count_named(pager), 8, "all are wanted");
}

/* Windows of moments: one unit wider, the first and the last open. */
static void
test_moments(void)
{
	AcPagerConfig config = {.paging = {OFFSET, .depth_limit = 10, .window_from = "since", .window_to = "until", .window_path = "/at", .window_unit = AC_WINDOW_SECOND}, .page_size = 5, .max_pages = 90};
	AcPager *pager = ac_pager_create(&config);
	int64 values[] = {1000000000, 1000000010, 1000000020, 1000000030, 1000000040};
	AcPageFacts facts = {.rows = 5, .more = -1, .total = 11, .rows_hash = 1, .values = values};
	AcPageRequest request;
	AcError err;

	ac_pager_next(pager, &request);
	is_str(request_text(&request), "offset=0&limit=5", "no window at first");
	ok(ac_pager_page(pager, 0, &facts, &err), "too many rows");
	ok(!ac_pager_rows_are_new(pager), "these are not used");
	ac_pager_next(pager, &request);
	is_str(request_text(&request), "offset=0&limit=5&until=2033-05-18T03:34:40Z", "the lower half");
	facts.total = 5;
	facts.more = 0;
	ok(ac_pager_page(pager, 1, &facts, &err) && ac_pager_rows_are_new(pager), "has all of them");
	ac_pager_next(pager, &request);
	is_str(request_text(&request), "offset=0&limit=5&since=2033-05-18T03:34:39Z", "the upper half");
	values[0] = 2000000079;
	values[1] = 2000000080;
	facts.rows = 2;
	facts.rows_hash = 2;
	facts.total = 2;
	ok(!ac_pager_page(pager, 2, &facts, &err), "11 rows were announced");
	ok(!ac_pager_keeps(pager, values[0]) && ac_pager_keeps(pager, values[1]), "a row just outside is its neighbour's");
	ok(strstr(err.message, "announced 11 rows and delivered 6") != NULL, "says how many: %s", err.message);
}

static void
test_values(void)
{
	static const struct
	{
		const char *text;
		AcWindowUnit unit;
		int64 value;
	} cases[] = {
		{"17", AC_WINDOW_INTEGER, 17},
		{"-17", AC_WINDOW_INTEGER, -17},
		{"17.5", AC_WINDOW_INTEGER, AC_PAGER_NO_VALUE},
		{"", AC_WINDOW_INTEGER, AC_PAGER_NO_VALUE},
		{NULL, AC_WINDOW_INTEGER, AC_PAGER_NO_VALUE},
		{"2024-05-01T00:00:01Z", AC_WINDOW_SECOND, 1714521601},
		{"2024-05-01T00:00:01.999Z", AC_WINDOW_SECOND, 1714521601},
		{"2024-05-01T02:00:01+02:00", AC_WINDOW_SECOND, 1714521601},
		{"2024-05-01 00:00:01", AC_WINDOW_SECOND, 1714521601},
		{"2024-05-01", AC_WINDOW_SECOND, 1714521600},
		{"1969-12-31T23:59:59.5Z", AC_WINDOW_SECOND, -1},
		{"1714521601", AC_WINDOW_SECOND, 1714521601},
		{"yesterday", AC_WINDOW_SECOND, AC_PAGER_NO_VALUE},
		{"2024-05-01", AC_WINDOW_DAY, 19844},
		{"2024-05-01T23:59:59Z", AC_WINDOW_DAY, 19844},
		{"1969-12-31T23:00:00Z", AC_WINDOW_DAY, -1},
	};

	for (int i = 0; i < (int) lengthof(cases); i++)
		is_int(ac_window_value(cases[i].text, cases[i].unit), cases[i].value,
			   "value of %s", cases[i].text != NULL ? cases[i].text : "nothing");
}

/* Days, down to the first that the calendar has. */
static void
test_days(void)
{
	AcPagerConfig config = {.paging = {.style = AC_PAGER_CURSOR, .cursor_param = "c", .depth_limit = 2, .window_from = "from", .window_to = "to", .window_path = "/d", .window_unit = AC_WINDOW_DAY}, .page_size = -1, .max_pages = 90};
	AcPager *pager = ac_pager_create(&config);
	int64 values[] = {-719468, 11016, 19782};
	AcPageFacts facts = {.rows = 3, .more = 1, .total = 3, .rows_hash = 1, .values = values, .next = "a"};
	AcPageRequest request;
	AcError err;

	ac_pager_next(pager, &request);
	ac_pager_page(pager, 0, &facts, &err);
	ac_pager_next(pager, &request);
	is_str(request_text(&request), "to=4048-02-28", "the lower half of the days");
	facts.total = 1;
	facts.rows = 1;
	facts.more = 0;
	facts.next = NULL;
	facts.rows_hash = 2;
	values[0] = 11016;
	ok(ac_pager_page(pager, 1, &facts, &err), "its rows");
	ac_pager_next(pager, &request);
	is_str(request_text(&request), "from=4048-02-27", "the upper half");
}

int
main(void)
{
	for (int i = 0; i < (int) lengthof(conversations); i++)
	{
		run(&conversations[i]);
		ac_alloc_reset();
	}
	test_cap();
	test_untold();
	test_ahead();
	test_not_ahead();
	test_end_before_ahead();
	test_kinds();
	test_window();
	test_limits_ahead();
	test_moments();
	test_values();
	test_days();
	return done_testing();
}
