/*
 * discover_wish.c
 *		Which of the documents that a description refers to are fetched?
 *
 * Those on the description's own origin, as long as the discovery's budget
 * lasts.  A reader is asked again after each round, because what came may
 * refer to more.
 */
#include "ac.h"

#include "miscadmin.h"
#include "net/discover_int.h"
#include "pg/report.h"

/*
 * Documents beside the main one, and their bytes in all.  The first is below
 * the budget of requests, so that something is left to find the description;
 * the largest description in one document has 35 MB, its parts have no more.
 */
#define MAX_OTHERS 32
#define MAX_OTHER_BYTES (32 * 1024 * 1024)

/* Is the wish the bundle's already, be it as a failure? */
static bool
is_there(const AcBundle *bundle, const AcWish *wish)
{
	AcReadInput input = {.others = bundle->others, .n_others = bundle->n_others};

	return ac_read_other(&input, wish->method, wish->url) != NULL ||
		   (strcmp(wish->method, "GET") == 0 &&
			strcmp(wish->url, bundle->url) == 0);
}

/*
 * May it be asked for?  OPTIONS is what WordPress tells schemas by, on the
 * API's own origin; nobody else's word makes us send it.
 */
static bool
is_allowed(const AcSearch *search, const AcBundle *bundle, const AcWish *wish)
{
	AcUrl main_url;
	AcUrl url;

	if (!ac_url_parse(bundle->url, &main_url, NULL) ||
		!ac_url_parse(wish->url, &url, NULL) ||
		!ac_url_same_origin(&main_url, &url) || ac_search_smells(search, &url))
		return false;
	if (strcmp(wish->method, "OPTIONS") == 0)
		return strcmp(bundle->reader->name, "wordpress") == 0 &&
			   ac_url_same_origin(&url, &search->home);
	return strcmp(wish->method, "GET") == 0;
}

/* The tree of the answer, NULL if it has none that may be used. */
static AcJson *
answer_tree(AcSearch *search, const AcFetch *fetch, const AcBundle *bundle)
{
	AcUrl main_url;
	AcUrl url;
	AcJson *doc;
	const char *text;
	AcError err;

	if (fetch->state != AC_FETCH_ANSWERED || fetch->status / 100 != 2 ||
		fetch->body == NULL || fetch->body->len == 0 ||
		!ac_url_parse(bundle->url, &main_url, NULL) ||
		!ac_url_parse(fetch->url, &url, NULL) ||
		!ac_url_same_origin(&main_url, &url))
		return NULL;
	if (ac_bundle_parse(search->conn, fetch, &doc, &text, &err))
		return doc;
	if (err.code == AC_ERR_INTERRUPTED)
		ac_report_error(&err);
	return NULL;
}

/* Adds an answer to the bundle; one that failed, too, so that it is known. */
static void
add_answer(AcSearch *search, AcBundle *bundle, const AcWish *wish,
		   AcFetch *fetch)
{
	AcDocument other = {pstrdup(wish->method), pstrdup(wish->url), NULL};
	AcValidators validators = {NULL, NULL};

	ac_search_finish(search, fetch);
	other.doc = answer_tree(search, fetch, bundle);
	if (other.doc != NULL)
	{
		validators.etag = ac_bundle_validator(search->conn, fetch, "ETag");
		validators.last_modified = ac_bundle_validator(search->conn, fetch,
													   "Last-Modified");
	}
	ac_bundle_add(bundle, &other, &validators);
}

/* Fetches a few together; returns the bytes that came. */
static size_t
fetch_batch(AcSearch *search, AcBundle *bundle, const AcWish *wishes, int n)
{
	AcFetch *fetches[AC_DISCOVER_AT_ONCE];
	size_t bytes = 0;

	for (int i = 0; i < n; i++)
		fetches[i] = ac_search_start(search, wishes[i].method, wishes[i].url,
									 NULL);
	for (int i = 0; i < n; i++)
	{
		add_answer(search, bundle, &wishes[i], fetches[i]);
		bytes += fetches[i]->stats.bytes;
		ac_fetch_free(fetches[i]);
	}
	return bytes;
}

/* The first few wishes that may be granted. */
static int
next_batch(const AcSearch *search, const AcBundle *bundle, AcWish *batch)
{
	AcWish *wishes = NULL;
	int room = Min(AC_DISCOVER_AT_ONCE, MAX_OTHERS - bundle->n_others);
	int n_wishes = ac_bundle_wishes(bundle, &wishes);
	int n = 0;

	room = Min(room, search->max_requests - search->sent);
	for (int i = 0; i < n_wishes && n < room; i++)
	{
		bool twice = false;

		for (int j = 0; j < n; j++)
			twice = twice || (strcmp(batch[j].url, wishes[i].url) == 0 &&
							  strcmp(batch[j].method, wishes[i].method) == 0);
		if (!twice && !is_there(bundle, &wishes[i]) &&
			is_allowed(search, bundle, &wishes[i]))
			batch[n++] = wishes[i];
	}
	return n;
}

void
ac_search_grant(AcSearch *search, AcBundle *bundle)
{
	AcWish batch[AC_DISCOVER_AT_ONCE];
	size_t bytes = 0;

	while (ac_search_budget_left(search) && bytes < MAX_OTHER_BYTES)
	{
		int n = next_batch(search, bundle, batch);

		if (n == 0)
			return;
		bytes += fetch_batch(search, bundle, batch, n);
		CHECK_FOR_INTERRUPTS();
	}
}
