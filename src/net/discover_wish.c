/*
 * discover_wish.c
 *		Which of the documents that a description refers to are fetched?
 *
 * Those on the description's own origin, as long as the discovery's budget
 * lasts.  A reader is asked again after each round, because what came may
 * refer to more.
 */
#include "ac.h"

#include "core/jsonsize.h"
#include "miscadmin.h"
#include "net/discover_int.h"
#include "pg/report.h"

/*
 * Documents beside the main one: below the budget of requests, so that
 * something is left to find the description.
 */
#define MAX_OTHERS 32

/*
 * Bytes of such documents in one search, and the memory that their trees may
 * take.  Parts of descriptions have some kilobytes, in all less than the
 * largest that are one document; a hostile megabyte takes some 60 ms.  The tree
 * of a description takes eight to ten times its text, that of a bomb much more.
 */
#define MAX_OTHER_BYTES ((int64) 16 * 1024 * 1024)
#define MAX_OTHER_TREES ((int64) 128 * 1024 * 1024)

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

/* The documents that a bundle gets, and the memory that they take so far. */
typedef struct AcGrant
{
	AcSearch *search;
	AcBundle *bundle;
	int64 trees;
} AcGrant;

/* Is there a document in the answer, and from where it may come? */
static bool
is_usable(const AcFetch *fetch, const AcBundle *bundle)
{
	AcUrl main_url;
	AcUrl url;

	return fetch->state == AC_FETCH_ANSWERED && fetch->status / 100 == 2 &&
		   fetch->body != NULL && fetch->body->len > 0 &&
		   ac_url_parse(bundle->url, &main_url, NULL) &&
		   ac_url_parse(fetch->url, &url, NULL) &&
		   ac_url_same_origin(&main_url, &url);
}

/*
 * The tree of the answer, NULL if it has none that may be used, or if it would
 * take what is left of the memory.
 */
static AcJson *
answer_tree(AcGrant *grant, const AcFetch *fetch)
{
	int64 left = MAX_OTHER_TREES - grant->trees;
	AcJson *doc;
	const char *text;
	AcError err;
	int64 cost;

	/* what is no JSON is measured when it is a tree */
	if (!is_usable(fetch, grant->bundle) ||
		ac_jsonsize_bytes(fetch->body->data, fetch->body->len) > left)
		return NULL;
	if (!ac_bundle_parse(grant->search->conn, fetch, &doc, &text, &err))
	{
		if (err.code == AC_ERR_INTERRUPTED)
			ac_report_error(&err);
		return NULL;
	}
	if (text == NULL)
		text = ac_json_to_text(doc);
	cost = ac_jsonsize_bytes(text, strlen(text));
	pfree(unconstify(char *, text));
	grant->trees += cost;
	return cost <= left ? doc : NULL;
}

/* Adds an answer to the bundle; one that failed, too, so that it is known. */
static void
add_answer(AcGrant *grant, const AcWish *wish, AcFetch *fetch)
{
	AcConnection *conn = grant->search->conn;
	AcDocument other = {pstrdup(wish->method), pstrdup(wish->url), NULL};
	AcValidators validators = {NULL, NULL};

	ac_search_finish(grant->search, fetch);
	grant->search->other_bytes += fetch->stats.bytes;
	other.doc = answer_tree(grant, fetch);
	if (other.doc != NULL)
	{
		validators.etag = ac_bundle_validator(conn, fetch, "ETag");
		validators.last_modified = ac_bundle_validator(conn, fetch,
													   "Last-Modified");
	}
	ac_bundle_add(grant->bundle, &other, &validators);
}

/* Fetches a few together, which share the bytes that are left. */
static void
fetch_batch(AcGrant *grant, const AcWish *wishes, int n)
{
	int64 left = MAX_OTHER_BYTES - grant->search->other_bytes;
	AcFetch *fetches[AC_DISCOVER_AT_ONCE];

	for (int i = 0; i < n; i++)
	{
		AcSearchRequest asked = {wishes[i].method, wishes[i].url, left / n, NULL};

		fetches[i] = ac_search_start(grant->search, &asked);
	}
	for (int i = 0; i < n; i++)
	{
		add_answer(grant, &wishes[i], fetches[i]);
		ac_fetch_free(fetches[i]);
	}
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
	AcGrant grant = {search, bundle, 0};
	AcWish batch[AC_DISCOVER_AT_ONCE];

	while (ac_search_budget_left(search) && grant.trees < MAX_OTHER_TREES &&
		   search->other_bytes < MAX_OTHER_BYTES - AC_DISCOVER_AT_ONCE)
	{
		int n = next_batch(search, bundle, batch);

		if (n == 0)
			return;
		fetch_batch(&grant, batch, n);
		CHECK_FOR_INTERRUPTS();
	}
}
