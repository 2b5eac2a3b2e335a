/*
 * test_pager_play.c
 *		Does a client that obeys the pager get each row once and in order?
 *
 * Random games, each from a seed of its own: a server with a collection, a
 * style and habits (sizes that it cuts, totals that it tells or not, what it
 * does past the end, hidden rows, a cap on depth), and a client with a number
 * of requests under way whose answers come in any order.
 *
 * Honest servers over a fixed collection: every row once, in order, complete.
 * Servers that lie: the same, or an error.  Over a collection that changes,
 * where totals are told: the verdict says so, wherever rows may be missing or
 * twice; by keys, whatever stood there all along comes once.
 */
#include "ac.h"

#include "core/hash.h"
#include "policy/pager.h"
#include "tap.h"

#define MAX_ROWS 300
#define MAX_IDS 2000
#define MAX_UNDER_WAY 8
#define FIXED_GAMES 30000
#define LYING_GAMES 10000
#define CHANGING_GAMES 10000

/* ---- chance ---- */

static uint64 chance_state;

/* splitmix64 */
static uint64
chance(void)
{
	uint64 z = (chance_state += UINT64CONST(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64CONST(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64CONST(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0 .. n - 1 */
static int
below(int n)
{
	return (int) (chance() % (uint64) n);
}

static bool
one_in(int n)
{
	return below(n) == 0;
}

/* ---- the server ---- */

typedef enum PastEnd
{
	PAST_EMPTY,
	PAST_REFUSED,
	PAST_LAST_PAGE
} PastEnd;

typedef struct Server
{
	AcPagerStyle style;
	int ids[MAX_ROWS];	   /* of the rows, rising */
	bool hidden[MAX_ROWS]; /* the row counts, but is not shown */
	int n;
	int max_size;
	int first_page;
	bool descending; /* ids fall instead */
	bool tells_total;
	bool total_at_first_only;
	bool tells_more;
	bool tells_pages;
	bool inclusive;	  /* KEYSET: from the key on; windows: ends count */
	bool short_pages; /* LINK, CURSOR ...: fewer rows than granted */
	bool always_token;
	int depth; /* rows of one query, 0: all */
	PastEnd past_end;

	/* lies */
	int repeat_at; /* page that comes again, 0: none */
	int loop_at;
	int total_off;

	/* changes */
	int next_id;
	int change_every; /* answers, 0: never */
	bool only_grows;
	int answers;
} Server;

/* What a request says, as a server reads it. */
typedef struct Query
{
	char url[128];
	char cursor[64];
	int64 position; /* -1: not said */
	int64 range_end;
	int size;
	int64 from;
	int64 to;
} Query;

static int64
number_of(const char *text)
{
	return strtoll(text, NULL, 10);
}

/* A member of a continuation, or any other parameter. */
static void
read_param(Query *query, const AcPageParam *param)
{
	const char *name = param->name;

	if (strcmp(name, "cursor") == 0 || strcmp(name, "acontinue") == 0)
		strlcpy(query->cursor, param->value, sizeof(query->cursor));
	else if (strcmp(name, "page") == 0)
		query->position = number_of(param->value);
	else if (strcmp(name, "size") == 0)
		query->size = (int) number_of(param->value);
	else if (strcmp(name, "from") == 0)
		query->from = number_of(param->value);
	else if (strcmp(name, "to") == 0)
		query->to = number_of(param->value);
	else if (strcmp(name, "Range:") == 0)
	{
		query->position = number_of(param->value);
		query->range_end = number_of(strchr(param->value, '-') + 1);
	}
}

static void
read_request(Query *query, const AcPageRequest *request)
{
	memset(query, 0, sizeof(*query));
	query->position = query->range_end = -1;
	query->from = PG_INT64_MIN;
	query->to = PG_INT64_MAX;
	if (request->url != NULL)
	{
		long long from;
		long long to;

		strlcpy(query->url, request->url, sizeof(query->url));
		if (sscanf(query->url, "/x?f=%lld&t=%lld&n=%d", &from, &to,
				   &query->size) == 3)
		{
			query->from = from;
			query->to = to;
		}
	}
	for (int i = 0; i < request->n_params; i++)
		read_param(query, &request->params[i]);
}

static int
rank_to_row(const Server *server, int rank)
{
	return server->descending ? server->n - 1 - rank : rank;
}

/* Rows that match the window, in the server's order. */
static int
select_rows(const Server *server, const Query *query, int *rows)
{
	int n = 0;

	for (int rank = 0; rank < server->n; rank++)
	{
		int row = rank_to_row(server, rank);
		int64 id = server->ids[row];

		if (server->inclusive ? id >= query->from && id <= query->to
							  : id > query->from && id < query->to)
			rows[n++] = row;
	}
	return n;
}

/* Where the page begins, in rows that match. */
static int
start_of(const Server *server, const Query *query, int size, const int *rows,
		 int n)
{
	int start = 0;

	if (query->url[0] != '\0')
		return (int) number_of(strrchr(query->url, '=') + 1);
	if (server->style == AC_PAGER_KEYSET && query->cursor[0] != '\0')
	{
		int64 key = number_of(query->cursor);

		for (start = 0; start < n; start++)
		{
			int64 id = server->ids[rows[start]];
			int64 past = server->descending ? key - id : id - key;

			if (past > 0 || (past == 0 && server->inclusive))
				break;
		}
		return start;
	}
	if (query->cursor[0] != '\0')
		return (int) number_of(query->cursor + 1);
	if (query->position < 0)
		return 0;
	if (server->style == AC_PAGER_PAGE || server->style == AC_PAGER_LINK)
		return (int) Min(query->position - server->first_page, 10000) * size;
	return (int) query->position;
}

/* One row comes or goes. */
static void
change(Server *server)
{
	bool add = server->only_grows;
	int at;

	if (add && server->n < MAX_ROWS)
	{
		/* somewhere among the others: ids have gaps */
		at = server->n > 1 ? below(server->n - 1) : 0;
		if (server->n > 1 && server->ids[at + 1] - server->ids[at] < 2)
			return;
		memmove(&server->ids[at + 1], &server->ids[at],
				sizeof(int) * (server->n - at));
		server->n++;
		if (server->n > 2)
			server->ids[at + 1] = server->ids[at] + 1;
		else
			server->ids[server->n - 1] = server->ids[0] + 1 + server->n;
	}
	else if (!add && server->n > 0)
	{
		at = below(server->n);
		server->n--;
		memmove(&server->ids[at], &server->ids[at + 1],
				sizeof(int) * (server->n - at));
	}
}

/* An answer: ids of its rows, and what it says. */
typedef struct Answer
{
	int ids[MAX_ROWS];
	int64 values[MAX_ROWS];
	uint64 hashes[MAX_ROWS];
	char first[16];
	char last[16];
	char next[128];
	AcPageParam member;
	int n; /* rows that match */
	AcPageFacts facts;
} Answer;

/* A link keeps what was asked for. */
static void
print_url(const Query *query, Answer *answer, int next)
{
	snprintf(answer->next, sizeof(answer->next), "/x?f=%lld&t=%lld&n=%d&s=%d",
			 (long long) query->from, (long long) query->to, query->size,
			 next);
}

static void
tell_next(const Server *server, const Query *query, Answer *answer, int next)
{
	bool more = next < answer->n;
	AcPageFacts *facts = &answer->facts;

	if (server->tells_more)
		facts->more = more;
	if (!more && !(server->always_token && server->tells_more))
		return;
	switch (server->style)
	{
		case AC_PAGER_LINK:
			print_url(query, answer, next);
			facts->link_next = answer->next;
			facts->link_seen = true;
			break;
		case AC_PAGER_NEXT_URL:
			print_url(query, answer, next);
			facts->next = answer->next;
			break;
		case AC_PAGER_CURSOR:
			snprintf(answer->next, sizeof(answer->next), "t%d", next);
			facts->next = answer->next;
			break;
		case AC_PAGER_CONTINUE:
			snprintf(answer->next, sizeof(answer->next), "t%d", next);
			answer->member = (AcPageParam){"acontinue", answer->next, AC_PAGE_TEXT, true};
			facts->members = &answer->member;
			facts->n_members = 1;
			break;
		default:
			break;
	}
}

/* Fills in the rows [start, end) that are shown. */
static void
show_rows(const Server *server, const int *rows, int start, int end,
		  Answer *answer)
{
	AcPageFacts *facts = &answer->facts;
	uint64 hash = 7;
	int n = 0;

	for (int i = start; i < end; i++)
	{
		int id = server->ids[rows[i]];

		if (server->hidden[rows[i]])
			continue;
		answer->ids[n] = id;
		answer->values[n] = id;
		answer->hashes[n] = ac_hash_combine(99, (uint64) id);
		hash = ac_hash_combine(hash, (uint64) id);
		n++;
	}
	facts->rows = n;
	facts->rows_hash = n > 0 ? hash : 0;
	facts->values = answer->values;
	facts->hashes = answer->hashes;
	if (n == 0)
		return;
	snprintf(answer->first, sizeof(answer->first), "%d", answer->ids[0]);
	snprintf(answer->last, sizeof(answer->last), "%d", answer->ids[n - 1]);
	facts->first = (AcPageKey){answer->first, AC_PAGE_NUMBER, 1};
	facts->last = (AcPageKey){answer->last, AC_PAGE_NUMBER, 1};
}

static bool
counts(const Server *server)
{
	return server->style == AC_PAGER_PAGE || server->style == AC_PAGER_OFFSET ||
		   server->style == AC_PAGER_RANGE;
}

static int
granted_size(const Server *server, const Query *query)
{
	int size = query->size > 0 ? query->size : server->max_size;

	if (query->range_end >= 0)
		size = (int) (query->range_end - query->position + 1);
	size = Min(size, server->max_size);
	/* what cuts pages otherwise does so whatever was asked for */
	if (server->short_pages && !counts(server) && one_in(3))
		size = Max(size / 2, 1);
	return size;
}

static void
answer_request(Server *server, const AcPageRequest *request, Answer *answer)
{
	AcPageFacts *facts = &answer->facts;
	Query query;
	int rows[MAX_ROWS];
	int n;
	int size;
	int start;
	int end;
	bool refused;

	if (server->change_every > 0 && server->answers > 0 &&
		below(server->change_every) == 0)
		change(server);
	server->answers++;
	memset(answer, 0, sizeof(*answer));
	facts->more = facts->total = -1;
	read_request(&query, request);
	n = select_rows(server, &query, rows);
	size = granted_size(server, &query);
	start = start_of(server, &query, size, rows, n);
	refused = server->depth > 0 && start > 0 &&
			  start + (counts(server) ? size : 1) > server->depth;
	if (server->loop_at > 0 && request->page == server->loop_at)
		start = 0;
	if (server->repeat_at > 0 && request->page == server->repeat_at)
		start = Max(start - size, 0) / size * size;
	if (refused || (start >= n && request->page > 0 && counts(server) &&
					server->past_end == PAST_REFUSED))
	{
		facts->past_end = true;
		facts->refused = refused;
		return;
	}
	if (start >= n && start > 0 && counts(server) &&
		server->past_end == PAST_LAST_PAGE)
		start = Max(n - 1, 0) / size * size;
	end = Min(start + size, n);
	show_rows(server, rows, Min(start, n), end, answer);
	facts->range_from = start;
	if (server->tells_total &&
		!(server->total_at_first_only && request->page > 0))
		facts->total = Max(n + server->total_off, 0);
	if (server->tells_pages)
		facts->pages = (n + size - 1) / size;
	answer->n = n;
	tell_next(server, &query, answer, end);
}

/* ---- games ---- */

static void
fill(Server *server, int n)
{
	int id = 1 + below(5);

	server->n = n;
	for (int i = 0; i < n; i++)
	{
		server->ids[i] = id;
		id += 1 + below(4);
	}
}

/* A server without lies, and what a table would say of it. */
static void
set_up(Server *server, AcPagerConfig *config)
{
	static const AcPagerStyle styles[] = {
		AC_PAGER_LINK, AC_PAGER_NEXT_URL, AC_PAGER_CURSOR, AC_PAGER_PAGE,
		AC_PAGER_PAGE, AC_PAGER_OFFSET, AC_PAGER_OFFSET, AC_PAGER_KEYSET,
		AC_PAGER_CONTINUE, AC_PAGER_RANGE};
	AcPaging *paging = &config->paging;

	memset(server, 0, sizeof(*server));
	memset(config, 0, sizeof(*config));
	server->style = styles[below(lengthof(styles))];
	fill(server, one_in(8) ? below(4) : below(MAX_ROWS));
	server->max_size = (1 + below(3)) * 10;
	server->first_page = below(2);
	server->tells_total = one_in(2);
	server->total_at_first_only = one_in(3);
	server->tells_more = one_in(2);
	server->tells_pages = server->style == AC_PAGER_PAGE && one_in(3);
	server->inclusive = one_in(2);
	server->short_pages = one_in(2);
	server->always_token = one_in(2);
	server->past_end = below(3);
	server->descending = one_in(4);
	paging->style = server->style;
	paging->page_param = server->style == AC_PAGER_RANGE ? NULL : "page";
	paging->cursor_param = server->style == AC_PAGER_NEXT_URL ? NULL : "cursor";
	paging->first_page = server->first_page;
	paging->page_size = -1;
	config->page_size = -1;
	if (one_in(2))
	{
		paging->size_param = "size";
		config->page_size = (1 + below(4)) * 10;
	}
	config->max_pages = 2000;
}

/* A cap on depth, and windows to get around it. */
static void
set_up_windows(Server *server, AcPagerConfig *config)
{
	AcPaging *paging = &config->paging;
	int size = server->max_size;

	if (config->page_size > 0)
		size = Min(size, config->page_size);
	server->depth = paging->depth_limit = size * (2 + below(4));
	server->short_pages = false;
	server->always_token = false;
	server->total_at_first_only = false;
	server->past_end = PAST_EMPTY;
	paging->window_path = "/id";
	paging->window_from = "from";
	paging->window_to = "to";
}

typedef struct Client
{
	AcPager *pager;
	AcPageRequest asked[MAX_UNDER_WAY];
	Answer *answers[MAX_UNDER_WAY]; /* NULL: under way */
	int n;
	int max;
	int requests;
	int told;
	int got[MAX_ROWS * 4]; /* ids delivered */
	int n_got;
	AcError err;
} Client;

/* A copy that outlives the next call. */
static void
keep_request(AcPageRequest *to, const AcPageRequest *from)
{
	*to = *from;
	if (from->url != NULL)
		to->url = pstrdup(from->url);
	for (int i = 0; i < from->n_params; i++)
	{
		to->params[i].name = pstrdup(from->params[i].name);
		to->params[i].value = pstrdup(from->params[i].value);
	}
}

static void
send_all(Client *client)
{
	AcPageRequest request;

	while (client->n < client->max &&
		   ac_pager_next(client->pager, &request) == AC_PAGER_REQUEST)
	{
		keep_request(&client->asked[client->n], &request);
		client->answers[client->n++] = NULL;
		client->requests++;
	}
}

/* Any of the requests under way is answered. */
static void
answer_one(Client *client, Server *server)
{
	int at;

	do
		at = below(client->n);
	while (client->answers[at] != NULL);
	client->answers[at] = palloc(sizeof(Answer));
	answer_request(server, &client->asked[at], client->answers[at]);
}

static void
deliver(Client *client, const Answer *answer)
{
	const AcPager *pager = client->pager;

	if (!ac_pager_rows_are_new(pager))
		return;
	for (int64 i = ac_pager_rows_to_skip(pager); i < answer->facts.rows; i++)
		if ((!ac_pager_has_windows(pager) ||
			 ac_pager_keeps(pager, answer->values[i])) &&
			client->n_got < (int) lengthof(client->got))
			client->got[client->n_got++] = answer->ids[i];
}

/* Tells the pager about the first page; false at an error. */
static bool
tell_first(Client *client)
{
	Answer *answer = client->answers[0];
	bool good;

	if (answer->facts.rows > 0 &&
		!ac_pager_wants_hashes(client->pager, answer->facts.rows))
		answer->facts.hashes = NULL;
	good = ac_pager_page(client->pager, client->asked[0].page, &answer->facts,
						 &client->err);
	deliver(client, answer);
	client->told++;
	client->n--;
	memmove(&client->asked[0], &client->asked[1],
			sizeof(client->asked[0]) * client->n);
	memmove(&client->answers[0], &client->answers[1],
			sizeof(client->answers[0]) * client->n);
	while (client->n > 0 &&
		   client->asked[client->n - 1].page >= ac_pager_asked(client->pager))
		client->n--;
	return good;
}

/* Plays to the end; false at an error. */
static bool
play(Client *client, Server *server, const AcPagerConfig *config)
{
	memset(client, 0, sizeof(*client));
	client->pager = ac_pager_create(config);
	client->max = 1 + below(MAX_UNDER_WAY);
	for (;;)
	{
		send_all(client);
		if (client->n == 0)
			return true;
		while (client->answers[0] == NULL)
			answer_one(client, server);
		if (!tell_first(client))
			return false;
	}
}

/* ---- what must hold ---- */

static bool
all_rows_once(const Client *client, const Server *server)
{
	int n = 0;

	for (int rank = 0; rank < server->n; rank++)
		if (!server->hidden[rank_to_row(server, rank)])
			n++;
	if (n != client->n_got)
		return false;
	for (int i = 0; i < n && server->depth > 0; i++)
		for (int j = 0; j < i; j++)
			if (client->got[i] == client->got[j])
				return false;
	n = 0;
	for (int rank = 0; rank < server->n && server->depth == 0; rank++)
	{
		int row = rank_to_row(server, rank);

		if (!server->hidden[row] && client->got[n++] != server->ids[row])
			return false;
	}
	return true;
}

/* One line for whoever has to find out. */
static void
explain(const char *what, uint64 seed, const Server *server,
		const AcPagerConfig *config, const Client *client)
{
	diag("%s, seed %llu: style %s, %d rows, size %d of %d, total %d%d, more %d, pages %d, past %d, depth %d, lies %d %d %d, max %d: %d rows, %d requests, %s",
		 what, (unsigned long long) seed, ac_pager_style_name(server->style),
		 server->n, config->page_size, server->max_size, server->tells_total,
		 server->total_at_first_only, server->tells_more,
		 server->tells_pages, server->past_end, server->depth,
		 server->repeat_at, server->loop_at, server->total_off, client->max,
		 client->n_got, client->requests,
		 client->err.code != AC_ERR_NONE ? client->err.message : ac_pager_verdict(client->pager));
}

/*
 * Requests whose answers were not used are no more than half of all, and the
 * last of those that were told may be one too many itself.
 */
static bool
waste_is_bounded(const Client *client, const Server *server)
{
	int wasted = client->requests - client->told;
	bool counted = server->tells_total && !server->total_at_first_only;

	/* a total that ends with a full page needs no other; one that does not
	 * voids nothing */
	if (counted && server->past_end == PAST_EMPTY && server->depth == 0 &&
		server->style == AC_PAGER_PAGE)
		return wasted <= 1;
	return wasted <= client->told * 2;
}

static void
test_fixed(void)
{
	int bad = 0;
	int wasteful = 0;
	int windowed = 0;
	int doubtful = 0;

	for (uint64 seed = 1; seed <= FIXED_GAMES; seed++)
	{
		Server server;
		AcPagerConfig config;
		Client client;
		bool good;

		chance_state = seed;
		set_up(&server, &config);
		if (one_in(4) && server.style != AC_PAGER_KEYSET)
			set_up_windows(&server, &config);
		if (one_in(6) && server.style != AC_PAGER_OFFSET &&
			(server.style != AC_PAGER_KEYSET || !server.inclusive) &&
			server.style != AC_PAGER_RANGE && !server.tells_total &&
			server.depth == 0 && server.past_end != PAST_LAST_PAGE)
			for (int i = 0; i < server.n; i++)
				server.hidden[i] = one_in(4);
		good = play(&client, &server, &config);
		windowed += good && strstr(ac_pager_verdict(client.pager), "windows") != NULL;
		/* the last page again may be what ignores its parameter */
		if (!good && server.past_end == PAST_LAST_PAGE && counts(&server))
			doubtful++;
		else if (!good || !all_rows_once(&client, &server))
		{
			if (bad++ < 5)
				explain("fixed", seed, &server, &config, &client);
		}
		else if (!waste_is_bounded(&client, &server) && wasteful++ < 5)
			explain("waste", seed, &server, &config, &client);
		ac_alloc_reset();
	}
	is_int(bad, 0, "a fixed collection: every row once, in order, complete");
	is_int(wasteful, 0, "no more is asked for than is bounded");
	ok(doubtful < FIXED_GAMES / 20, "few are in doubt: %d", doubtful);
	ok(windowed > FIXED_GAMES / 100, "windows were needed: %d", windowed);
}

/*
 * Rows that are counted and not shown; every other lie.  A page that comes
 * again has the same rows, else nobody could tell.
 */
static void
add_lie(Server *server)
{
	server->short_pages = false;
	server->inclusive = false;
	switch (below(4))
	{
		case 0:
			server->repeat_at = 1 + below(10);
			break;
		case 1:
			server->loop_at = 1 + below(10);
			break;
		case 2:
			server->tells_total = true;
			server->total_off = below(40) - 20;
			break;
		case 3:
			for (int i = 0; i < server->n; i++)
				server->hidden[i] = one_in(4);
			break;
	}
}

static void
test_lies(void)
{
	int bad = 0;
	int errors = 0;

	for (uint64 seed = 1; seed <= LYING_GAMES; seed++)
	{
		Server server;
		AcPagerConfig config;
		Client client;
		bool good;

		chance_state = seed + UINT64CONST(1000000000);
		set_up(&server, &config);
		add_lie(&server);
		good = play(&client, &server, &config);
		errors += !good;
		if (good && !all_rows_once(&client, &server) && bad++ < 5)
			explain("lies", seed, &server, &config, &client);
		ac_alloc_reset();
	}
	is_int(bad, 0, "a server that lies: every row once, or an error");
	ok(errors > LYING_GAMES / 20, "there were errors: %d", errors);
}

/* Did rows that stood there all the time come once each? */
static bool
lasting_rows_once(const Client *client, const Server *before,
				  const Server *after)
{
	static int times[MAX_IDS * 2];

	memset(times, 0, sizeof(times));
	for (int i = 0; i < client->n_got; i++)
		times[client->got[i]]++;
	for (int i = 0; i < before->n; i++)
	{
		bool lasts = false;

		for (int j = 0; j < after->n; j++)
			lasts |= after->ids[j] == before->ids[i];
		if (lasts && times[before->ids[i]] != 1)
			return false;
	}
	for (int i = 0; i < (int) lengthof(times); i++)
		if (times[i] > 1)
			return false;
	return true;
}

static void
test_changes(void)
{
	int silent = 0;
	int lost = 0;
	int moved = 0;

	for (uint64 seed = 1; seed <= CHANGING_GAMES; seed++)
	{
		Server server;
		Server before;
		AcPagerConfig config;
		Client client;
		bool good;
		bool whole;

		chance_state = seed + UINT64CONST(2000000000);
		set_up(&server, &config);
		server.tells_total = true;
		server.total_at_first_only = false;
		server.change_every = 1 + below(6);
		server.only_grows = one_in(2);
		before = server;
		good = play(&client, &server, &config);
		whole = lasting_rows_once(&client, &before, &server);
		if (good && whole)
			moved += strstr(ac_pager_verdict(client.pager), "moved") != NULL;
		if (good && server.style == AC_PAGER_KEYSET && !whole && lost++ < 5)
			explain("keys", seed, &server, &config, &client);
		if (good && !whole && counts(&server) &&
			strstr(ac_pager_verdict(client.pager), "may have been missed") == NULL &&
			silent++ < 5)
			explain("changes", seed, &server, &config, &client);
		ac_alloc_reset();
	}
	is_int(silent, 0, "what offsets over changes may have lost, the verdict says");
	is_int(lost, 0, "keys lose nothing that was there");
	ok(moved > 0, "and totals that moved are told: %d", moved);
}

int
main(void)
{
	test_fixed();
	test_lies();
	test_changes();
	return done_testing();
}
