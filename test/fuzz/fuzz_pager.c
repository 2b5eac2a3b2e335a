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

/*
 * Requests asked so far, those that became void excepted; aborts if one comes
 * again, unless paging began anew, once, because a token had expired.
 */
typedef struct Asked
{
	char *texts[MAX_PAGES + 1];
	int n;
	int refused; /* pages so far */
} Asked;

static void
note_request(Asked *asked, const AcPageRequest *request)
{
	char *text = request_text(request);
	int same = 0;

	check(asked->n < MAX_PAGES && request->page == asked->n);
	for (int i = 0; i < asked->n; i++)
		same += strcmp(asked->texts[i], text) == 0;
	check(same <= Min(asked->refused, 1));
	asked->texts[asked->n++] = text;
}

/* Ends of windows, and the values of rows, are small. */
static void
configure_windows(Input *in, AcPaging *paging)
{
	paging->depth_limit = take(in) % 3 == 0 ? take(in) % 40 + 1 : 0;
	paging->window_path = take(in) % 2 ? "/id" : NULL;
	paging->window_from = take(in) % 4 ? "from" : NULL;
	paging->window_to = take(in) % 4 ? "to" : NULL;
	paging->window_unit = take(in) % 3;
}

static void
configure(Input *in, AcPagerConfig *config)
{
	memset(config, 0, sizeof(*config));
	config->paging.style = take(in) % (AC_PAGER_RANGE + 1);
	config->paging.page_param = take(in) % 4 ? "page" : NULL;
	config->paging.size_param = take(in) % 4 ? "size" : NULL;
	config->paging.cursor_param = take(in) % 4 ? "cursor" : NULL;
	config->paging.first_page = take(in) % 3 - 1;
	config->page_size = take(in) % 12 - 1;
	config->max_pages = take(in) % MAX_PAGES + 1;
	config->filtered = take(in) % 2;
	config->wanted = take(in) % 20 - 2;
	config->paging.total_loose = take(in) % 4 == 0;
	configure_windows(in, &config->paging);
}

/* ---- any answers ---- */

static const char *const texts[] = {NULL, "", "a", "b", "/x?1", "/x?2",
									"http://h/1", "2", "3", "7"};

/* What single rows say: nothing, or whatever the input does. */
static void
take_rows(Input *in, AcPageFacts *facts)
{
	int64 *values = palloc(sizeof(int64) * Max(facts->rows, 1));
	uint64 *hashes = palloc(sizeof(uint64) * Max(facts->rows, 1));
	bool order = take(in) % 2;

	for (int i = 0; i < facts->rows; i++)
	{
		values[i] = order && i > 0 ? values[i - 1] + 1
								   : (int64) take(in) * take(in);
		hashes[i] = take(in) % 8;
	}
	facts->values = take(in) % 8 ? values : NULL;
	facts->hashes = take(in) % 2 ? hashes : NULL;
	facts->first = (AcPageKey){texts[take(in) % 4], AC_PAGE_TEXT, take(in) % 3};
	facts->last = (AcPageKey){texts[take(in) % 10], AC_PAGE_NUMBER, take(in) % 4 == 0 ? 2 : 1};
	if (facts->first.text == NULL)
		facts->first.times = 0;
	facts->first.times = Min(facts->first.times, facts->rows);
}

/* One page says whatever the input does. */
static void
take_facts(Input *in, int told, AcPageFacts *facts)
{
	static AcPageParam members[AC_PAGER_MEMBERS + 1];

	memset(facts, 0, sizeof(*facts));
	facts->rows = take(in) % 8;
	facts->rows_hash = facts->rows > 0 ? (uint64) take(in) : 0;
	facts->link_next = texts[take(in) % 7];
	facts->link_seen = take(in) % 2;
	facts->next = texts[take(in) % lengthof(texts)];
	facts->next_kind = take(in) % 3;
	facts->more = take(in) % 3 - 1;
	facts->total = take(in) % 64 - 1;
	facts->pages = take(in) % 4 == 0 ? take(in) % 9 : 0;
	facts->range_from = take(in) % 4 == 0 ? take(in) % 9 : 0;
	facts->truncated = take(in) % 8 == 7;
	facts->past_end = told > 0 && facts->rows == 0 && take(in) % 4 == 3;
	facts->refused = facts->past_end && take(in) % 2;
	facts->n_members = take(in) % 4 == 0 ? take(in) % (AC_PAGER_MEMBERS + 2) : 0;
	for (int i = 0; i < facts->n_members; i++)
		members[i] = (AcPageParam){"m", texts[2 + take(in) % 8], take(in) % 3, true};
	facts->members = members;
	take_rows(in, facts);
}

static void
play_anything(Input *in)
{
	AcPagerConfig config;
	AcPager *pager;
	AcPageRequest request;
	AcPageFacts facts;
	AcError err;
	Asked asked = {0};
	int told = 0;

	configure(in, &config);
	pager = ac_pager_create(&config);
	for (;;)
	{
		bool good;

		while (ac_pager_next(pager, &request) == AC_PAGER_REQUEST)
			note_request(&asked, &request);
		check(asked.n <= config.max_pages);
		if (told == asked.n)
			break;
		take_facts(in, told, &facts);
		asked.refused += facts.past_end;
		ac_error_clear(&err);
		good = ac_pager_page(pager, told++, &facts, &err);
		check(good == (err.code == AC_ERR_NONE));
		if (!good)
			check(err.code == AC_ERR_INCOMPLETE &&
				  ac_pager_next(pager, &request) == AC_PAGER_DONE);
		check(ac_pager_asked(pager) >= told && ac_pager_asked(pager) <= asked.n);
		check(ac_pager_rows_to_skip(pager) <= facts.rows);
		asked.n = ac_pager_asked(pager);
	}
	check(ac_pager_is_done(pager));
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
