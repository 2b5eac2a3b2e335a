/*
 * fuzz_pager.c
 *		Does the pager end, never repeat a request, and deliver each row once
 *		or say that it could not?
 *
 * The first byte decides between two games.  In one the answers are whatever
 * the input says: the pager must end and never repeat itself.  In the other
 * the input describes a server with a collection, which may cut sizes, return
 * short pages, and lie: if the pager calls the scan complete, every row was
 * delivered exactly once.
 */
#include "fuzz.h"

#include "core/hash.h"
#include "policy/pager.h"

#define MAX_PAGES 60
#define MAX_ROWS 50

typedef struct Input
{
	const uint8_t *data;
	size_t size;
} Input;

/* The next byte, 0 at the end. */
static int
take(Input *in)
{
	if (in->size == 0)
		return 0;
	in->size--;
	return *in->data++;
}

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static char *
request_text(const AcPageRequest *request)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "%s|", request->url ? request->url : "");
	for (int i = 0; i < request->n_params; i++)
		appendStringInfo(&text, "%s=%s&", request->params[i].name,
						 request->params[i].value);
	return text.data;
}

/* Requests asked so far; aborts if one comes again. */
typedef struct Asked
{
	char *texts[MAX_PAGES + 1];
	int n;
} Asked;

static void
note_request(Asked *asked, const AcPageRequest *request)
{
	char *text = request_text(request);

	check(asked->n < MAX_PAGES && request->page == asked->n);
	for (int i = 0; i < asked->n; i++)
		check(strcmp(asked->texts[i], text) != 0);
	asked->texts[asked->n++] = text;
}

static void
configure(Input *in, AcPagerConfig *config)
{
	memset(config, 0, sizeof(*config));
	config->paging.style = take(in) % (AC_PAGER_OFFSET + 1);
	config->paging.page_param = take(in) % 4 ? "page" : NULL;
	config->paging.size_param = take(in) % 4 ? "size" : NULL;
	config->paging.cursor_param = take(in) % 4 ? "cursor" : NULL;
	config->paging.first_page = take(in) % 3 - 1;
	config->page_size = take(in) % 12 - 1;
	config->max_pages = take(in) % MAX_PAGES + 1;
	config->filtered = take(in) % 2;
}

/* ---- any answers ---- */

static void
play_anything(Input *in)
{
	static const char *const texts[] = {NULL, "", "a", "b", "/x?1", "/x?2",
										"http://h/1", "2", "3", "7"};
	AcPagerConfig config;
	AcPager *pager;
	AcPageRequest request;
	AcPageFacts facts;
	AcError err;
	Asked asked = {0};
	bool good = true;
	int told = 0;

	configure(in, &config);
	pager = ac_pager_create(&config);
	for (;;)
	{
		while (ac_pager_next(pager, &request) == AC_PAGER_REQUEST)
			note_request(&asked, &request);
		check(asked.n <= config.max_pages);
		if (told == asked.n)
			break;
		memset(&facts, 0, sizeof(facts));
		facts.rows = take(in) % 8;
		facts.rows_hash = facts.rows > 0 ? (uint64) take(in) : 0;
		facts.link_next = texts[take(in) % 7];
		facts.link_seen = take(in) % 2;
		facts.next = texts[take(in) % lengthof(texts)];
		facts.more = take(in) % 3 - 1;
		facts.total = take(in) % 64 - 1;
		facts.truncated = take(in) % 8 == 7;
		facts.past_end = told > 0 && facts.rows == 0 && take(in) % 4 == 3;
		ac_error_clear(&err);
		good = ac_pager_page(pager, told++, &facts, &err) && good;
		check(good == (err.code == AC_ERR_NONE) || !good);
		if (err.code != AC_ERR_NONE)
			check(err.code == AC_ERR_INCOMPLETE &&
				  ac_pager_next(pager, &request) == AC_PAGER_DONE);
	}
	check(ac_pager_verdict(pager)[0] != '\0');
}

/* ---- a server ---- */

typedef struct Server
{
	AcPagerStyle style;
	int rows;
	int size;		/* of its pages: what is asked for, cut to what it allows */
	int total;		/* -1: not told */
	int first_page; /* number */
	bool tells_more;
	uint32 short_pages; /* bit n: a page that starts at n (modulo 16) is
						  * half as long */
	int past_end;		/* 0: empty, 1: refused, 2: the last page again */
	int repeat_at;		/* page that comes again instead of it, 0: none */
	int loop_at;		/* page whose token leads back to the start */
	int served;
	int last_start; /* of the page answered last */
	int last_rows;
} Server;

static void
set_up(Input *in, Server *server, AcPagerConfig *config)
{
	static const AcPagerStyle styles[] = {AC_PAGER_LINK, AC_PAGER_NEXT_URL,
										  AC_PAGER_CURSOR, AC_PAGER_PAGE,
										  AC_PAGER_OFFSET};

	memset(server, 0, sizeof(*server));
	server->style = styles[take(in) % lengthof(styles)];
	server->rows = take(in) % MAX_ROWS;
	server->size = (take(in) % 3 + 1) * 10; /* as APIs cut sizes */
	server->total = take(in) % 3 == 0 ? -1 : server->rows;
	if (take(in) % 4 == 0 && server->total > 0)
		server->total += take(in) % 16 - 8;
	if (server->total < 0)
		server->total = -1;
	server->tells_more = take(in) % 2;
	server->past_end = take(in) % 3;
	if (server->style <= AC_PAGER_CURSOR)
		server->short_pages = take(in) | take(in) << 8;
	/* A total that lies and a page that comes again look like a right total
	 * and the last page served past the end: one lie at a time. */
	if (server->total < 0 || server->total == server->rows)
		server->repeat_at = take(in) % 12;
	server->loop_at = take(in) % 12;

	memset(config, 0, sizeof(*config));
	config->paging.style = server->style;
	config->paging.page_param = "page";
	config->paging.size_param = take(in) % 2 ? "size" : NULL;
	config->paging.cursor_param = server->style == AC_PAGER_NEXT_URL ? NULL : "cursor";
	config->paging.first_page = server->first_page = take(in) % 2;
	config->page_size = take(in) % 40 + 1;
	if (config->paging.size_param == NULL)
		config->page_size = -1;
	else
		server->size = Min(server->size, config->page_size);
	config->max_pages = MAX_PAGES;
}

/* Position that the request asks for. */
static int
start_of(const Server *server, const AcPageRequest *request)
{
	if (request->url != NULL)
		return atoi(strrchr(request->url, '=') + 1);
	for (int i = 0; i < request->n_params; i++)
	{
		if (strcmp(request->params[i].name, "cursor") == 0)
			return atoi(request->params[i].value + 1);
		if (strcmp(request->params[i].name, "page") != 0)
			continue;
		if (server->style == AC_PAGER_OFFSET)
			return atoi(request->params[i].value);
		return (atoi(request->params[i].value) - server->first_page) *
			   server->size;
	}
	return 0;
}

/* Answers with rows [*start, *start + facts->rows). */
static void
answer(Server *server, const AcPageRequest *request, int *start,
	   AcPageFacts *facts)
{
	int number = server->served++;
	int n = server->size;
	int next;

	*start = start_of(server, request);
	memset(facts, 0, sizeof(*facts));
	facts->more = -1;
	facts->total = server->total;
	if (*start >= server->rows && number > 0 && server->past_end == 2)
		*start = Max(0, server->rows - 1) / server->size * server->size;
	if (server->short_pages >> *start % 16 & 1)
		n = (n + 1) / 2;
	n = Max(0, Min(n, server->rows - *start));
	if (server->repeat_at > 0 && number == server->repeat_at)
	{
		*start = server->last_start;
		n = server->last_rows;
	}
	server->last_start = *start;
	server->last_rows = n;
	facts->past_end = n == 0 && number > 0 && server->past_end == 1;
	facts->rows = n;
	facts->rows_hash = n > 0 ? ac_hash_combine(*start + 1, n) : 0;
	next = *start + n;
	if (server->loop_at > 0 && number == server->loop_at)
		next = 0;
	if (server->tells_more && !facts->past_end)
		facts->more = next < server->rows;
	if (next >= server->rows || server->style > AC_PAGER_CURSOR)
		return;
	if (server->style == AC_PAGER_LINK)
		facts->link_next = psprintf("/x?s=%d", next);
	else
		facts->next = psprintf(server->style == AC_PAGER_CURSOR ? "t%d" : "/x?s=%d", next);
}

static void
play_server(Input *in)
{
	Server server;
	AcPagerConfig config;
	AcPager *pager;
	AcPageRequest request;
	AcPageFacts facts;
	AcError err;
	Asked asked = {0};
	int seen[MAX_ROWS] = {0};
	bool good = true;

	set_up(in, &server, &config);
	pager = ac_pager_create(&config);
	while (good && ac_pager_next(pager, &request) == AC_PAGER_REQUEST)
	{
		int start;

		note_request(&asked, &request);
		answer(&server, &request, &start, &facts);
		good = ac_pager_page(pager, request.page, &facts, &err);
		if (ac_pager_rows_are_new(pager))
			for (int i = 0; i < facts.rows; i++)
				seen[start + i]++;
	}
	for (int i = 0; good && i < server.rows; i++)
		check(seen[i] == 1);
	/* Who tells the truth is not called a liar. */
	if (server.repeat_at == 0 && server.loop_at == 0 &&
		server.past_end != 2 &&
		(server.total < 0 || server.total == server.rows))
		check(good);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input in = {data, size};

	if (take(&in) % 2 == 0)
		play_anything(&in);
	else
		play_server(&in);
	ac_alloc_reset();
	return 0;
}
