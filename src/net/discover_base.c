/*
 * discover_base.c
 *		Below which URL do a description's paths stand, which credentials does
 *		it want, and what is said of it?
 *
 * The server's own word (option base_url) comes first, then the description's
 * servers on the origin of the URL.  A server elsewhere is told, never used.
 */
#include "ac.h"

#include "net/discover_int.h"
#include "net/judge.h"
#include "policy/outcome.h"

/*
 * Bytes of a title, a version or a URL that are told and kept: they are shown
 * in one line, and no honest one is longer.
 */
#define AC_DISCOVER_TEXT_MAX 500

/*
 * The first of the description's servers that the URL's own origin serves;
 * the first of the others is remembered.
 */
static bool
base_of_servers(AcSearch *search, const AcApi *api, const AcUrl *document)
{
	AcDiscovery *result = search->result;

	for (int i = 0; i < api->n_server_urls; i++)
	{
		AcUrl base;

		if (!ac_url_resolve(document, api->server_urls[i], &base, NULL))
			continue;
		if (ac_url_same_origin(&base, &search->home))
		{
			result->base_url = ac_url_text(&base);
			result->foreign_base = NULL;
			return true;
		}
		if (result->foreign_base == NULL)
			result->foreign_base = ac_url_text(&base);
	}
	return false;
}

/* Do the paths repeat the path of the server's URL? */
static bool
paths_begin_with(const AcApi *api, const char *prefix)
{
	size_t len = strlen(prefix);

	while (len > 0 && prefix[len - 1] == '/')
		len--;
	for (int i = 0; len > 0 && i < api->n_endpoints; i++)
	{
		const char *path = api->endpoints[i].path;

		if (strncmp(path, prefix, len) == 0 &&
			(path[len] == '/' || path[len] == '\0'))
			return true;
	}
	return false;
}

/* Below which URL the description's paths stand. */
static void
decide_base(AcSearch *search, const AcApi *api,
			const char *spec_url)
{
	AcDiscovery *result = search->result;
	const AcServerOptions *options = ac_connection_options(search->conn);
	AcUrl document;

	result->foreign_base = NULL;
	if (options->base_url != NULL)
	{
		result->base_url = options->base_url;
		return;
	}
	if (!ac_url_parse(spec_url, &document, NULL))
		document = search->home;
	if (base_of_servers(search, api, &document))
		return;

	/*
	 * No server of the URL's own origin.  OpenAPI's default is "/", which is
	 * right for a document given as such, and for documentation that writes
	 * paths in full; else a URL given as the API's is itself the better word.
	 */
	if (strcmp(ac_url_text(&document), ac_url_text(&search->home)) == 0 ||
		(strcmp(api->kind, "docs") == 0 &&
		 paths_begin_with(api, search->home.path)))
		result->base_url = psprintf("%s/", ac_url_origin(&search->home));
	else
		result->base_url = ac_url_text(&search->home);
}

/* The best scheme that a user mapping can serve. */
static void
decide_scheme(AcDiscovery *result)
{
	for (int i = 0; i < result->api->n_schemes; i++)
	{
		if (result->api->schemes[i].scheme != AC_AUTH_OTHER)
		{
			result->scheme = &result->api->schemes[i];
			return;
		}
	}
}

/*
 * What the description calls something, as it may be shown and stored where
 * others read it: an API may echo credentials or send escape sequences.
 */
static char *
shown_text(const AcSearch *search, const char *text)
{
	char *copy;

	if (text == NULL)
		return NULL;
	copy = pstrdup(text);
	ac_judge_scrub(search->conn, copy);
	return ac_outcome_clean(copy, AC_DISCOVER_TEXT_MAX);
}

char *
ac_search_shown_url(const AcSearch *search, const char *url)
{
	return shown_text(search, ac_url_redact(url));
}

void
ac_search_take_api(AcSearch *search, AcApi *api, const char *spec_url)
{
	AcDiscovery *result = search->result;

	result->api = api;
	result->spec_url = pstrdup(spec_url);
	decide_base(search, api, spec_url);
	decide_scheme(result);
	/* names and paths have their use as they are */
	api->title = shown_text(search, api->title);
	api->version = shown_text(search, api->version);
	api->spec_version = shown_text(search, api->spec_version);
	result->foreign_base = shown_text(search, result->foreign_base);
}
