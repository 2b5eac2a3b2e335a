/*
 * discover.c
 *		What does the API at this URL say about itself?  See discover.h.
 *
 * One function per step of the search; a step sends its probes together and
 * takes the first answer in order of priority.  Any answer may be hostile:
 * bodies are capped by the server's max_response_size, documents by the
 * readers' limits, links are followed on the same origin with credentials
 * and elsewhere without.
 */
#include "ac.h"

#include "core/address.h"
#include "core/header.h"
#include "core/url.h"
#include "net/discover.h"
#include "net/fetch.h"
#include "net/judge.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "policy/outcome.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* What a description is asked for as; OpenAPI's own types come first. */
#define ACCEPT_DESCRIPTION                                               \
	"application/vnd.oai.openapi+json, application/openapi+json;q=0.9, " \
	"application/json;q=0.8, */*;q=0.5"

/* Probes sent together: enough to hide latency, few enough to be polite. */
#define PROBES_AT_ONCE 4

/*
 * Bytes of a title, a version or a URL that are told and kept: they are shown
 * in one line, and no honest one is longer.
 */
#define AC_DISCOVER_TEXT_MAX 500

/* The usual places, best first, under the URL and under its origin. */
static const char *const usual_places[] = {
	"/openapi.json", "/swagger.json", "/v3/api-docs", "/v2/api-docs",
	"/api-docs", "/api/schema/", "/swagger/v1/swagger.json",
	"/api/openapi.json", "/docs/openapi.json", "/api-json", "/spec",
	"/api/v1/openapi.json"};

typedef struct AcSearch
{
	AcConnection *conn;
	AcDiscovery *result;
	TimestampTz deadline;
	AcUrl home;		   /* the server's URL */
	List *asked;	   /* URLs sent so far, each once */
	bool answered;	   /* anything at all came back */
	bool auth_wanted;  /* a 401 or 403 came back */
	AcError near_miss; /* about the first answer that is nearly a description */
} AcSearch;

const char *
ac_discover_status_name(AcDiscoverStatus status)
{
	static const char *const names[] = {
		[AC_DISCOVERED] = "discovered",
		[AC_DISCOVER_AUTH_REQUIRED] = "auth_required",
		[AC_DISCOVER_UNREACHABLE] = "unreachable",
		[AC_DISCOVER_NOT_AN_API] = "not_an_api",
	};

	return names[status];
}

/* Decides below which URL the description's paths stand. */
static void
decide_base(AcSearch *search, const AcUrl *document)
{
	AcDiscovery *result = search->result;
	const AcServerOptions *options = ac_connection_options(search->conn);
	bool document_is_home = strcmp(ac_url_text(document),
								   ac_url_text(&search->home)) == 0;

	if (options->base_url != NULL)
	{
		result->base_url = options->base_url;
		return;
	}
	for (int i = 0; i < result->api->n_server_urls; i++)
	{
		AcUrl base;

		if (!ac_url_resolve(document, result->api->server_urls[i], &base, NULL))
			continue;
		if (ac_url_same_origin(&base, &search->home))
		{
			result->base_url = ac_url_text(&base);
			result->foreign_base = NULL;
			return;
		}
		if (result->foreign_base == NULL)
			result->foreign_base = ac_url_text(&base);
	}

	/*
	 * No server of the URL's own origin.  OpenAPI's default is "/", which is
	 * right for a document given as such; a URL given as the API's is itself
	 * the better word.
	 */
	result->base_url = document_is_home
						   ? psprintf("%s/", ac_url_origin(&search->home))
						   : ac_url_text(&search->home);
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

/* Says of an answer why it is no description, where somebody meant it to be. */
static void
note_near_miss(AcSearch *search, const AcUrl *document, const char *why)
{
	if (search->near_miss.code == AC_ERR_NONE)
		ac_error_set(&search->near_miss, AC_ERR_MALFORMED, "%s %s",
					 ac_url_redact(ac_url_text(document)), why);
}

/* The same of a JSON document that no reader takes. */
static void
note_other_format(AcSearch *search, const AcUrl *document, const AcJson *doc)
{
	if (ac_json_get(doc, "swagger") != NULL)
		note_near_miss(search, document, "is a description in Swagger 2.0, which is not read");
	else if (ac_json_get(doc, "openapi") != NULL)
		note_near_miss(search, document, "is a description in another version of OpenAPI than 3.0 and 3.1");
}

/* Does a text that is no JSON look like a description in YAML? */
static bool
looks_like_yaml(const char *text, size_t len)
{
	static const char *const begins[] = {"openapi:", "swagger:"};

	for (size_t i = 0; i < lengthof(begins); i++)
		if (len > strlen(begins[i]) &&
			strncmp(text, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* An answer that is no JSON; where spec_url names it, that is told, too. */
static void
note_no_json(AcSearch *search, const AcFetch *fetch)
{
	AcUrl document;
	AcError err;

	if (fetch->state != AC_FETCH_ANSWERED ||
		!ac_url_parse(fetch->url, &document, &err))
		return;
	if (fetch->status / 100 == 2 && fetch->body != NULL &&
		looks_like_yaml(fetch->body->data, fetch->body->len))
		note_near_miss(search, &document, "is a description in YAML, which is not read; JSON is");
	else if (ac_connection_options(search->conn)->spec_url == NULL)
		return;
	else if (fetch->status / 100 == 2)
		note_near_miss(search, &document, "is not JSON");
	else
		note_near_miss(search, &document,
					   psprintf("answers with status %d", fetch->status));
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

/* Makes the model's words fit to be shown; names and paths have their use. */
static void
clean_words(AcSearch *search)
{
	AcDiscovery *result = search->result;

	result->api->title = shown_text(search, result->api->title);
	result->api->version = shown_text(search, result->api->version);
	result->api->spec_version = shown_text(search, result->api->spec_version);
	result->foreign_base = shown_text(search, result->foreign_base);
}

/*
 * Reads a text as a description; false with err if it is none, or one that
 * cannot be read.
 */
static bool
read_description(AcSearch *search, const char *text, size_t len,
				 const AcUrl *document, AcError *err)
{
	AcDiscovery *result = search->result;
	AcReadLimits limits = ac_read_limits_default;
	AcReadInput described = {.url = ac_url_text(document), .limits = &limits};
	AcJsonText input = {text, len, AC_JSON_MAX_DEPTH, ac_report_interrupted};
	const AcReader *reader;
	AcJson *doc;

	limits.interrupted = ac_report_interrupted;
	if (!ac_json_parse_long(&input, &doc, err))
		return false;
	ac_resource_json(doc);
	reader = ac_api_find_reader(doc);
	if (reader == NULL)
	{
		note_other_format(search, document, doc);
		return ac_error_set(err, AC_ERR_MALFORMED,
							"the document is no description of an API");
	}
	described.doc = doc;
	if (!reader->read(&described, &result->api, err))
		return false;
	result->spec_url = ac_url_text(document);
	decide_base(search, document);
	decide_scheme(result);
	clean_words(search);
	return true;
}

/* A finished fetch that holds a description ends the search. */
static bool
take_description(AcSearch *search, const AcFetch *fetch)
{
	AcDiscovery *result = search->result;
	AcError err;
	AcUrl document;
	char *text;

	if (fetch->state != AC_FETCH_ANSWERED || fetch->status / 100 != 2 ||
		fetch->body == NULL || fetch->body->len == 0 ||
		ac_media_sniff(fetch->body->data, Min(fetch->body->len, 512)) != AC_BODY_JSON ||
		!ac_url_parse(fetch->url, &document, &err))
	{
		note_no_json(search, fetch);
		return false;
	}
	text = pnstrdup(fetch->body->data, fetch->body->len);
	ac_judge_scrub_document(search->conn, text);
	if (!read_description(search, text, strlen(text), &document, &err))
	{
		if (err.code == AC_ERR_INTERRUPTED)
			ac_report_error(&err);
		/* A description that is too large or broken is worth a word. */
		if (err.code == AC_ERR_TOO_LARGE)
			result->problem = err;
		if (ac_connection_options(search->conn)->spec_url != NULL)
			note_near_miss(search, &document,
						   psprintf("cannot be read: %s", err.message));
		return false;
	}
	result->document = text;
	result->status = AC_DISCOVERED;
	return true;
}

/* Remembers what an answer that is no description tells. */
static void
note_answer(AcSearch *search, const AcFetch *fetch)
{
	AcChallengeList challenges;

	search->result->requests += (int) fetch->stats.requests;
	if (fetch->state == AC_FETCH_FAILED && fetch->status == 0)
	{
		search->result->problem = fetch->error;
		return;
	}
	search->answered = true;
	if (fetch->status != 401 && fetch->status != 403)
		return;
	search->auth_wanted = true;
	if (search->result->challenge != NULL || fetch->headers == NULL)
		return;
	ac_header_challenges(fetch->headers, &challenges);
	if (challenges.count > 0)
		search->result->challenge = challenges.challenges[0].scheme;
}

/* What is left of the search's time; at least a moment for the last probe. */
static int
time_left_ms(AcSearch *search)
{
	long left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(),
												search->deadline);

	return (int) Max(left, 1);
}

static AcFetch *
start_probe(AcSearch *search, const char *url)
{
	AcFetchRequest request = {
		.method = "GET",
		.url = url,
		.accept = ACCEPT_DESCRIPTION,
		.kind = AC_FETCH_DOCUMENT,
		.timeout_ms = time_left_ms(search),
		.with_credentials = true,
	};

	search->asked = lappend(search->asked, pstrdup(url));
	return ac_fetch_start(search->conn, &request, CurrentMemoryContext);
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

static bool
budget_left(AcSearch *search)
{
	return list_length(search->asked) < AC_DISCOVER_MAX_REQUESTS &&
		   GetCurrentTimestamp() < search->deadline;
}

/*
 * Asks several URLs at once and takes the first that is a description, in
 * the order given; the others are abandoned.
 */
static bool
probe_together(AcSearch *search, List *urls)
{
	AcFetch *fetches[PROBES_AT_ONCE];
	bool found = false;
	int n = 0;
	ListCell *lc;

	Assert(list_length(urls) <= PROBES_AT_ONCE);
	foreach (lc, urls)
	{
		if (budget_left(search))
			fetches[n++] = start_probe(search, lfirst(lc));
	}
	for (int i = 0; i < n; i++)
	{
		if (!found)
		{
			(void) ac_fetch_wait(fetches[i]);
			note_answer(search, fetches[i]);
			found = take_description(search, fetches[i]);
		}
		ac_fetch_free(fetches[i]);
	}
	return found;
}

/* Targets of Link headers that name a description (RFC 8631), resolved. */
static List *
described_by(const AcFetch *fetch)
{
	static const char *const relations[] = {"service-desc", "describedby"};
	AcLinkList links;
	AcUrl base;
	AcError err;
	List *urls = NIL;

	if (fetch->headers == NULL || fetch->url == NULL ||
		!ac_url_parse(fetch->url, &base, &err))
		return NIL;
	ac_header_links(fetch->headers, &links);
	for (int i = 0; i < (int) lengthof(relations); i++)
	{
		const AcLink *link = ac_header_link_rel(&links, relations[i]);
		AcUrl target;

		if (link != NULL && ac_url_resolve(&base, link->target, &target, &err))
			urls = lappend(urls, ac_url_text(&target));
	}
	return urls;
}

/* Step 1 and 2: the document at the URL, and what its answer points to. */
static bool
probe_home(AcSearch *search, const char *url)
{
	AcFetch *fetch = start_probe(search, url);
	List *links;
	bool found;

	(void) ac_fetch_wait(fetch);
	note_answer(search, fetch);
	if (fetch->state == AC_FETCH_FAILED &&
		fetch->error.code == AC_ERR_FORBIDDEN)
		ac_report_error(&fetch->error);
	found = take_description(search, fetch);
	links = described_by(fetch);
	ac_fetch_free(fetch);
	return found || (links != NIL && probe_together(search, links));
}

/* Adds the usual places under a URL that were not asked yet. */
static List *
add_places(AcSearch *search, List *urls, const AcUrl *base)
{
	for (int i = 0; i < (int) lengthof(usual_places); i++)
	{
		char *url = ac_url_join(base, usual_places[i]);
		ListCell *lc;
		bool known = was_asked(search, url);

		foreach (lc, urls)
			known = known || strcmp(lfirst(lc), url) == 0;
		if (!known)
			urls = lappend(urls, url);
	}
	return urls;
}

/* Step 3: the usual places, a few at a time. */
static bool
probe_usual_places(AcSearch *search)
{
	AcUrl base = search->home;
	List *urls;
	List *batch = NIL;
	ListCell *lc;

	base.query = base.fragment = NULL;
	urls = add_places(search, NIL, &base);
	base.path = "/";
	urls = add_places(search, urls, &base);
	foreach (lc, urls)
	{
		batch = lappend(batch, lfirst(lc));
		if (list_length(batch) < PROBES_AT_ONCE && lnext(urls, lc) != NULL)
			continue;
		if (probe_together(search, batch))
			return true;
		batch = NIL;
		if (!budget_left(search))
			break;
	}
	return false;
}

static void
search_init(AcSearch *search, AcConnection *conn, AcDiscovery *result)
{
	AcError err;

	memset(search, 0, sizeof(*search));
	memset(result, 0, sizeof(*result));
	search->conn = conn;
	search->result = result;
	search->deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
												   AC_DISCOVER_MAX_MS);
	if (!ac_url_parse(ac_connection_options(conn)->url, &search->home, &err))
		ac_report_error(&err);
}

AcDiscovery *
ac_discover_run(AcConnection *conn)
{
	const AcServerOptions *options = ac_connection_options(conn);
	AcDiscovery *result = palloc(sizeof(AcDiscovery));
	AcSearch search;

	search_init(&search, conn, result);
	if (options->spec_url != NULL)
	{
		if (probe_home(&search, options->spec_url))
			return result;
	}
	else if (probe_home(&search, options->url) ||
			 (search.answered && probe_usual_places(&search)))
		return result;

	if (search.auth_wanted)
		result->status = AC_DISCOVER_AUTH_REQUIRED;
	else if (search.answered)
	{
		result->status = AC_DISCOVER_NOT_AN_API;
		if (search.near_miss.code != AC_ERR_NONE)
			result->problem = search.near_miss;
	}
	else
		result->status = AC_DISCOVER_UNREACHABLE;
	return result;
}

bool
ac_discover_reread(AcConnection *conn, const char *document,
				   const char *spec_url, AcDiscovery *discovery, AcError *err)
{
	AcSearch search;
	AcUrl url;

	search_init(&search, conn, discovery);
	if (!ac_url_parse(spec_url, &url, err) ||
		!read_description(&search, document, strlen(document), &url, err))
		return false;
	discovery->status = AC_DISCOVERED;
	return true;
}
