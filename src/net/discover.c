/*
 * discover.c
 *		What does the API at this URL say about itself?  See discover.h.
 *
 * One function per step of the search, in the order of doc/discovery.md; the
 * parts that the steps share are in files of their own (discover_int.h).  Any
 * answer may be hostile: bodies are capped by the server's max_response_size,
 * documents by what their trees cost and by the readers' limits, references by
 * number, hops and the budget; credentials go to the API's own origin alone.
 */
#include "ac.h"

#include "net/discover_int.h"
#include "pg/report.h"
#include "utils/memutils.h"

/*
 * Requests kept back from the usual places where there is something weaker to
 * confirm or documentation to read.
 */
#define RESERVED_REQUESTS 8

/* Where catalogs of APIs are (RFC 9727 2). */
#define API_CATALOG "/.well-known/api-catalog"

/*
 * The usual places, best first: by how many frameworks serve them unasked.
 * Each group is asked for under the URL and then under its origin.  What two
 * dozen frameworks have by default, in JSON and YAML, comes before their
 * consoles, whose pages name the document that stands elsewhere.
 */
static const char *const usual_places[][9] = {
	{"/openapi.json", "/swagger.json", "/v3/api-docs", "/v2/api-docs",
	 "/openapi.yaml", "/api-docs", "/swagger/v1/swagger.json", "/api/schema/"},
	{"/api/openapi.json", "/docs/openapi.json", "/docs", "/swagger-ui/index.html",
	 "/swagger.yaml", "/api-json", "/spec", "/api/v1/openapi.json"},
	{"/api/docs", "/redoc", "/swagger/index.html", "/swagger-ui/",
	 "/openapi.yml", "/openapi", "/schema/", "/api/swagger.json",
	 "/docs/openapi.yaml"},
	{"/openapi/v1.json", "/swagger/doc.json", "/documentation/json",
	 "/q/openapi", "/api/docs.json", "/swagger/", "/swagger/docs/v1",
	 "/apispec_1.json", "/v1/openapi.json"},
};

/*
 * From this group on the origin comes first: one framework's own places stand
 * below a path for few.
 */
#define GROUP_OF_ORIGIN 3

const char *
ac_discover_status_name(AcDiscoverStatus status)
{
	static const char *const names[] = {
		[AC_DISCOVERED] = "discovered",
		[AC_DISCOVER_AUTH_REQUIRED] = "auth_required",
		[AC_DISCOVER_UNREACHABLE] = "unreachable",
		[AC_DISCOVER_NOT_AN_API] = "not_an_api",
		[AC_DISCOVER_PENDING] = "pending",
	};

	return names[status];
}

void
ac_search_init(AcSearch *search, AcConnection *conn, AcDiscovery *result)
{
	AcError err;

	memset(search, 0, sizeof(*search));
	memset(result, 0, sizeof(*result));
	search->conn = conn;
	search->result = result;
	search->cxt = CurrentMemoryContext;
	search->max_requests = AC_DISCOVER_MAX_REQUESTS;
	search->deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
												   AC_DISCOVER_MAX_MS);
	if (!ac_url_parse(ac_connection_options(conn)->url, &search->home, &err))
		ac_report_error(&err);
}

/* Steps 1 and 2: the document at the URL, and what its answer points to. */
static bool
ask_home(AcSearch *search)
{
	const AcServerOptions *options = ac_connection_options(search->conn);
	AcTarget *target = options->spec_url != NULL
						   ? ac_target_make(AC_TARGET_HOME, options->spec_url,
											"where spec_url says")
						   : ac_target_make(AC_TARGET_HOME, options->url,
											"at the URL itself");

	return ac_search_ask(search, list_make1(target), AC_DISCOVER_HOPS);
}

/* Are rows what the URL leads to?  Then it is no place to look below. */
static bool
home_is_rows(const AcSearch *search)
{
	for (int i = 0; i < search->n_candidates; i++)
		if (strcmp(search->candidates[i]->bundle.reader->name, "sample") == 0)
			return true;
	return false;
}

/* Bases of the usual places, nearest first. */
typedef struct AcPlaces
{
	AcUrl bases[3];
	int n;
} AcPlaces;

static void
add_base(AcPlaces *places, const AcUrl *url, char *path)
{
	AcUrl base = *url;

	base.query = base.fragment = NULL;
	base.path = path;
	for (int i = 0; i < places->n; i++)
		if (strcmp(places->bases[i].path, path) == 0)
			return;
	places->bases[places->n++] = base;
}

/* Does the path's last segment name a file: "x.json", but not "v1.0"? */
static bool
names_file(const char *last)
{
	const char *point = strrchr(last, '.');

	return point != NULL && point[1] != '\0' &&
		   strspn(point + 1, "abcdefghijklmnopqrstuvwxyz") == strlen(point + 1);
}

/*
 * The URL, without a file's name; where it leads to rows, what it stands in,
 * before itself; its origin.
 */
static void
find_bases(const AcSearch *search, AcPlaces *places)
{
	const AcUrl *home = &search->home;
	char *last = strrchr(home->path, '/');
	bool is_file = names_file(last);

	places->n = 0;
	if (last[1] != '\0' && (is_file || home_is_rows(search)))
		add_base(places, home, pnstrdup(home->path, Max(last - home->path, 1)));
	if (!is_file)
		add_base(places, home, home->path);
	add_base(places, home, "/");
}

static List *
add_group(List *targets, int group, const AcUrl *base)
{
	for (size_t i = 0; i < lengthof(usual_places[group]) && usual_places[group][i] != NULL; i++)
		targets = lappend(targets,
						  ac_target_make(AC_TARGET_ANY,
										 ac_url_join(base, usual_places[group][i]),
										 "in a usual place"));
	return targets;
}

/* Step 3: the usual places, a few at a time. */
static bool
ask_usual_places(AcSearch *search)
{
	AcPlaces places;
	List *targets = NIL;
	int spare = 0;
	bool found;

	find_bases(search, &places);
	targets = lappend(targets,
					  ac_target_make(AC_TARGET_ANY,
									 ac_url_join(&places.bases[places.n - 1],
												 API_CATALOG),
									 "in a usual place"));
	for (int i = 0; i < (int) lengthof(usual_places); i++)
		for (int j = 0; j < places.n; j++)
			targets = add_group(targets, i,
								&places.bases[i < GROUP_OF_ORIGIN ? j : places.n - 1 - j]);
	if (search->n_candidates > 0 || search->documentation != NIL)
		spare = RESERVED_REQUESTS;
	search->max_requests -= spare;
	found = ac_search_ask(search, targets, AC_DISCOVER_HOPS);
	search->max_requests += spare;
	return found;
}

/*
 * Lets a weak candidate have what it wishes for, now that there is nothing
 * better.  Documentation leaves enough of the budget to confirm it.
 */
static bool
complete(AcSearch *search, AcCandidate *candidate)
{
	int before = candidate->bundle.n_others;
	AcError err;

	search->max_requests -= AC_DISCOVER_AT_ONCE;
	ac_search_grant(search, &candidate->bundle);
	search->max_requests += AC_DISCOVER_AT_ONCE;
	if (candidate->bundle.n_others == before)
		return candidate->api != NULL;
	if (ac_bundle_read(&candidate->bundle, &candidate->api, &err))
		return true;
	if (err.code == AC_ERR_INTERRUPTED)
		ac_report_error(&err);
	return false;
}

/*
 * Rows that are open to all while something else wants a credential that there
 * is none of yet: what is locked may well be the description.  A 403 alone does
 * not say so; many gateways answer it wherever there is nothing.
 */
static bool
is_locked_sample(const AcSearch *search, const AcCandidate *candidate)
{
	return search->locked &&
		   strcmp(candidate->bundle.reader->name, "sample") == 0 &&
		   !ac_connection_has_credentials(search->conn);
}

/* Makes the best candidate the result; false if it cannot be read. */
static bool
take_best(AcSearch *search)
{
	AcCandidate *best = search->candidates[0];
	AcDiscovery *result = search->result;
	MemoryContext old = MemoryContextSwitchTo(best->cxt);
	bool taken = best->confidence >= AC_DISCOVER_SURE ||
				 (!is_locked_sample(search, best) && ac_search_thaw(best) &&
				  complete(search, best));

	if (taken)
	{
		ac_search_take_api(search, best->api, best->bundle.url);
		result->note = best->note;
		result->confidence = best->confidence;
	}
	MemoryContextSwitchTo(old);
	return taken;
}

/*
 * Documentation holds if its paths exist, below the base URL or, where pages
 * write paths in full, below the origin.
 */
static bool
documentation_holds(AcSearch *search)
{
	AcDiscovery *result = search->result;
	char *root = psprintf("%s/", ac_url_origin(&search->home));
	char *base = result->base_url;

	if (strcmp(result->api->kind, "docs") != 0 || result->foreign_base != NULL ||
		ac_search_confirm(search, search->candidates[0]))
		return true;
	if (ac_connection_options(search->conn)->base_url != NULL ||
		strcmp(base, root) == 0)
		return false;
	result->base_url = root;
	return ac_search_confirm(search, search->candidates[0]);
}

/* The best candidate that holds becomes the result; false if there is none. */
static bool
settle(AcSearch *search)
{
	AcDiscovery *result = search->result;

	while (search->n_candidates > 0)
	{
		if (take_best(search) && documentation_holds(search))
		{
			result->status = AC_DISCOVERED;
			result->document =
				unconstify(char *, ac_bundle_text(&search->candidates[0]->bundle));
			return true;
		}
		ac_search_drop_best(search);
		result->api = NULL;
		result->scheme = NULL;
		result->spec_url = result->base_url = result->foreign_base = NULL;
		result->note = NULL;
	}
	return false;
}

/* What it means that no description was found. */
static void
conclude(AcSearch *search)
{
	AcDiscovery *result = search->result;

	if (search->auth_wanted)
		result->status = AC_DISCOVER_AUTH_REQUIRED;
	else if (search->answered)
	{
		result->status = AC_DISCOVER_NOT_AN_API;
		if (search->near_miss.code != AC_ERR_NONE)
			result->problem = search->near_miss;
	}
	else
		result->status = AC_DISCOVER_UNREACHABLE;
}

AcDiscovery *
ac_discover_run(AcConnection *conn)
{
	AcDiscovery *result = palloc(sizeof(AcDiscovery));
	AcSearch search;
	bool found;

	ac_search_init(&search, conn, result);
	found = ask_home(&search);
	if (!found && search.answered &&
		ac_connection_options(conn)->spec_url == NULL)
	{
		found = ask_usual_places(&search);
		/* Step 4: pages that are said to document the API. */
		if (!found)
			(void) ac_search_ask(&search, search.documentation, 0);
	}
	if (!settle(&search))
		conclude(&search);
	return result;
}

AcDiscovery *
ac_discover_nothing(AcConnection *conn)
{
	AcDiscovery *result = palloc0(sizeof(AcDiscovery));

	result->status = AC_DISCOVER_PENDING;
	result->base_url = ac_url_text(ac_connection_base(conn));
	return result;
}

bool
ac_discover_reread(AcConnection *conn, const char *document,
				   const char *spec_url, AcDiscovery *discovery, AcError *err)
{
	AcSearch search;
	AcBundle bundle;
	AcApi *api;

	ac_search_init(&search, conn, discovery);
	if (!ac_bundle_load(&bundle, document, spec_url, err) ||
		!ac_bundle_read(&bundle, &api, err))
		return false;
	ac_search_take_api(&search, api, spec_url);
	discovery->status = AC_DISCOVERED;
	return true;
}
