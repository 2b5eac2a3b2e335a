/*
 * discover_ask.c
 *		Which request of a discovery is sent, and what does its answer tell?
 *
 * Everything that is sent counts against one budget of requests and time,
 * redirects and retries included.  Paths that smell of an action are never
 * asked for, whoever names them; the user's own URL is.
 */
#include "ac.h"

#include "api/action.h"
#include "net/discover_int.h"
#include "net/judge.h"
#include "pg/report.h"
#include "policy/outcome.h"

/* What a description is asked for as; OpenAPI's own types come first. */
#define ACCEPT_DESCRIPTION                                               \
	"application/vnd.oai.openapi+json, application/openapi+json;q=0.9, " \
	"application/json;q=0.8, */*;q=0.5"

/*
 * Longest that one probe may take: frameworks that write their description at
 * the first request for it were seen to need some ten seconds.
 */
#define MAX_PROBE_MS 15000

bool
ac_search_budget_left(const AcSearch *search)
{
	return search->sent < search->max_requests &&
		   GetCurrentTimestamp() < search->deadline;
}

/*
 * What is left of the search's time; at least a moment for the last probe.
 * Once the API has answered, no single probe may use it all up.
 */
static int
time_left_ms(const AcSearch *search)
{
	long left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(),
												search->deadline);

	if (search->answered)
		left = Min(left, MAX_PROBE_MS);
	return (int) Max(left, 1);
}

AcFetch *
ac_search_start(AcSearch *search, const AcSearchRequest *asked)
{
	const AcValidators *known = asked->known;
	AcFetchRequest request = {
		.method = asked->method,
		.url = asked->url,
		.accept = ACCEPT_DESCRIPTION,
		.kind = AC_FETCH_DOCUMENT,
		.timeout_ms = time_left_ms(search),
		.max_bytes = asked->max_bytes,
		.with_credentials = true,
		.harmless = true,
	};

	if (known != NULL && known->etag != NULL)
		request.headers[0] = psprintf("If-None-Match: %s", known->etag);
	if (known != NULL && known->last_modified != NULL)
		request.headers[1] = psprintf("If-Modified-Since: %s",
									  known->last_modified);
	search->sent++;
	return ac_fetch_start(search->conn, &request, CurrentMemoryContext);
}

/* Asks for what a target leads to; alone: with room for a large document. */
static AcFetch *
start_target(AcSearch *search, const AcTarget *target, bool alone)
{
	AcSearchRequest asked = {
		.method = "GET",
		.url = target->url,
		.max_bytes = ac_search_body_room(search, alone),
	};

	return ac_search_start(search, &asked);
}

/* The scheme is shown: it is the API's word, and may be anything. */
static void
note_challenge(AcSearch *search, const char *scheme)
{
	MemoryContext old = MemoryContextSwitchTo(search->cxt);
	char *shown = pstrdup(scheme);

	ac_judge_scrub(search->conn, shown);
	search->result->challenge = ac_outcome_clean(shown, NAMEDATALEN);
	MemoryContextSwitchTo(old);
}

/* Remembers what an answer tells whatever it holds. */
static void
note_answer(AcSearch *search, const AcFetch *fetch)
{
	AcChallengeList challenges;

	if (fetch->state == AC_FETCH_FAILED)
	{
		if (fetch->status == 0 || fetch->error.code == AC_ERR_TOO_LARGE)
			search->result->problem = fetch->error;
		if (fetch->status == 0)
			return;
	}
	search->answered = true;
	if (fetch->status != 401 && fetch->status != 403)
		return;
	search->auth_wanted = true;
	search->locked = search->locked || fetch->status == 401;
	if (search->result->challenge != NULL || fetch->headers == NULL)
		return;
	ac_header_challenges(fetch->headers, &challenges);
	if (challenges.count > 0)
		note_challenge(search, challenges.challenges[0].scheme);
}

void
ac_search_finish(AcSearch *search, AcFetch *fetch)
{
	int more;

	(void) ac_fetch_wait(fetch);
	/* one was counted at the start; none was sent where that was forbidden */
	more = (int) fetch->stats.requests - 1;
	search->sent += more;
	search->result->requests += more + 1;
	note_answer(search, fetch);
}

static bool
was_asked(AcSearch *search, const char *url)
{
	ListCell *lc;

	foreach (lc, search->asked)
	{
		if (strcmp(lfirst(lc), url) == 0)
			return true;
	}
	return false;
}

/*
 * What the user named already (the server's URL, or where it stands) says
 * nothing: "https://host/cancel-service/openapi.json" is no action.
 */
bool
ac_search_smells(const AcSearch *search, const AcUrl *url)
{
	const char *home = search->home.path;
	const char *slash = strrchr(home, '/');
	size_t len = strlen(home);

	if (!ac_url_same_origin(url, &search->home))
		len = 0;
	else if (strncmp(url->path, home, len) != 0 ||
			 (len > 0 && home[len - 1] != '/' && url->path[len] != '/' &&
			  url->path[len] != '\0'))
		len = slash != NULL && strncmp(url->path, home, slash - home + 1) == 0
				  ? slash - home
				  : 0;
	return ac_action_smells(url->path + len, url->query);
}

/* May the target be asked, and was it not yet?  Then it counts as asked. */
static bool
claim(AcSearch *search, const AcTarget *target)
{
	MemoryContext old;
	AcUrl url;

	if (was_asked(search, target->url) || !ac_url_parse(target->url, &url, NULL))
		return false;
	if (target->kind != AC_TARGET_HOME && ac_search_smells(search, &url))
		return false;
	old = MemoryContextSwitchTo(search->cxt);
	search->asked = lappend(search->asked, pstrdup(target->url));
	MemoryContextSwitchTo(old);
	return true;
}

/*
 * Waits for the answer of a target.  What did not fit beside others is asked
 * for alone; what does not fit even then overdraws the budget of bytes, too.
 */
static AcFetch *
finish_target(AcSearch *search, const AcTarget *target, AcFetch *fetch,
			  bool alone)
{
	ac_search_finish(search, fetch);
	if (fetch->error.code == AC_ERR_TOO_LARGE && !alone &&
		!search->overdrawn && ac_search_budget_left(search))
	{
		ac_fetch_free(fetch);
		fetch = start_target(search, target, true);
		ac_search_finish(search, fetch);
	}
	if (fetch->error.code == AC_ERR_TOO_LARGE)
		ac_search_note_large(search);
	return fetch;
}

/*
 * Sends a few requests together and looks at their answers in order; returns
 * whether the search is over.
 */
static bool
ask_batch(AcSearch *search, const AcTarget **batch, int n, int hops)
{
	AcFetch *fetches[AC_DISCOVER_AT_ONCE];
	bool found = false;

	Assert(n <= AC_DISCOVER_AT_ONCE);
	for (int i = 0; i < n; i++)
		fetches[i] = start_target(search, batch[i], n == 1);
	for (int i = 0; i < n; i++)
	{
		if (!found)
		{
			fetches[i] = finish_target(search, batch[i], fetches[i], n == 1);
			if (batch[i]->kind == AC_TARGET_HOME &&
				fetches[i]->state == AC_FETCH_FAILED &&
				fetches[i]->error.code == AC_ERR_FORBIDDEN)
				ac_report_error(&fetches[i]->error);
			found = ac_search_look(search, fetches[i], batch[i], hops);
		}
		ac_fetch_free(fetches[i]);
	}
	return found;
}

bool
ac_search_ask(AcSearch *search, List *targets, int hops)
{
	const AcTarget *batch[AC_DISCOVER_AT_ONCE];
	int n = 0;
	ListCell *lc;

	foreach (lc, targets)
	{
		const AcTarget *target = lfirst(lc);
		int room = search->max_requests - search->sent - n;

		if (room <= 0 || !ac_search_budget_left(search))
			break;
		if (claim(search, target))
			batch[n++] = target;
		if (n < AC_DISCOVER_AT_ONCE)
			continue;
		if (ask_batch(search, batch, n, hops))
			return true;
		n = 0;
	}
	return n > 0 && ask_batch(search, batch, n, hops);
}
