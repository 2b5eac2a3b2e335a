/*
 * discover_confirm.c
 *		Do the paths that a page of documentation speaks of exist here?
 *
 * A few sample calls, GET alone, to paths without variables that do not smell
 * of an action.  Pages speak of other people's APIs, too, and of old ones: one
 * of whose paths none exists describes something else.
 */
#include "ac.h"

#include "api/action.h"
#include "net/discover_int.h"

/* Sample calls: one batch; the import asks every path anyway. */
#define MAX_SAMPLES AC_DISCOVER_AT_ONCE

typedef enum AcExistence
{
	AC_EXISTS,
	AC_EXISTS_NOT,
	AC_EXISTS_PERHAPS /* the answer does not tell */
} AcExistence;

/* May the endpoint be asked as it stands? */
static bool
can_be_asked(const AcEndpoint *endpoint)
{
	if (strcmp(endpoint->method, "GET") != 0 || endpoint->problem != NULL ||
		strchr(endpoint->path, '{') != NULL || endpoint->path[0] != '/' ||
		ac_action_smells(endpoint->path, endpoint->query))
		return false;
	for (int i = 0; i < endpoint->n_params; i++)
		if (endpoint->params[i].required)
			return false;
	return true;
}

static AcExistence
judge(const AcFetch *fetch)
{
	if (fetch->state != AC_FETCH_ANSWERED)
		return AC_EXISTS_PERHAPS;
	if (fetch->status == 401 || fetch->status == 403)
		return AC_EXISTS;
	if (fetch->status == 404 || fetch->status == 405 || fetch->status == 410)
		return AC_EXISTS_NOT;
	if (fetch->status / 100 != 2 || fetch->body == NULL)
		return AC_EXISTS_PERHAPS;
	return ac_media_sniff(fetch->body->data, Min(fetch->body->len, 512)) == AC_BODY_HTML
			   ? AC_EXISTS_NOT
			   : AC_EXISTS;
}

/* URLs of the paths to ask, surest first as the reader gave them. */
static int
choose_samples(const AcSearch *search, const AcApi *api, char **urls)
{
	AcUrl base;
	int n = 0;

	if (!ac_url_parse(search->result->base_url, &base, NULL))
		return 0;
	for (int i = 0; i < api->n_endpoints && n < MAX_SAMPLES; i++)
	{
		AcUrl url;

		urls[n] = ac_url_join(&base, api->endpoints[i].path);
		if (can_be_asked(&api->endpoints[i]) &&
			ac_url_parse(urls[n], &url, NULL) && ac_url_is_below(&base, &url))
			n++;
	}
	return Min(n, search->max_requests - search->sent);
}

bool
ac_search_confirm(AcSearch *search, const AcCandidate *candidate)
{
	char *urls[MAX_SAMPLES];
	AcFetch *fetches[MAX_SAMPLES];
	int n = 0;
	bool exists = false;
	bool refuted = false;

	if (ac_search_budget_left(search))
		n = choose_samples(search, candidate->api, urls);
	for (int i = 0; i < n; i++)
	{
		AcSearchRequest asked = {"GET", urls[i], AC_DISCOVER_BESIDE_BYTES, NULL};

		fetches[i] = ac_search_start(search, &asked);
	}
	for (int i = 0; i < n; i++)
	{
		AcExistence existence;

		ac_search_finish(search, fetches[i]);
		existence = judge(fetches[i]);
		exists = exists || existence == AC_EXISTS;
		refuted = refuted || existence == AC_EXISTS_NOT;
		ac_fetch_free(fetches[i]);
	}
	return exists || !refuted;
}
