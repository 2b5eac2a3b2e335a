/*
 * htmldoc.c
 *		Which endpoints does documentation speak of, all its pages together?
 *
 * See htmldoc.h.  The calls that the pages mention are brought below one base
 * URL, those of the same method and path become one endpoint, and the more
 * and the better the evidence, the surer it is.
 */
#include "ac.h"

#include "api/htmldoc_internal.h"
#include "api/shape_map.h"

/*
 * Endpoints of one documentation.  Each mention may be compared with each of
 * them; the largest references have some 2,000.
 */
#define HTMLDOC_MAX_ENDPOINTS 3000

/* An endpoint in the making. */
typedef struct Finding
{
	AcDocMention *best; /* strongest mention: its path is the endpoint's */
	AcDocMention all;	/* parameters and example of all of them */
	const char *path;	/* below the base */
	const char *base_url;
	int kinds; /* bits of the kinds of evidence */
	int unit;  /* of the last mention */
} Finding;

typedef struct Assembly
{
	AcDocReader reader;
	AcDocBase base;
	Finding **findings; /* each stays where it is */
	int n_findings;
	int max_findings;
	AcShapeMap by_key;
} Assembly;

/* The base URL. */

/* Hosts that serve documentation of others. */
static bool
is_library(const char *host)
{
	static const char *const hosts[] = {"github.com", "githubusercontent.com", "github.io",
										"gitlab.com", "gitlab.io", "bitbucket.org",
										"readthedocs.io", "gitbook.io", "readme.io", "postman.com", "netlify.app",
										"vercel.app", "pages.dev", "notion.site", "apiary.io", "docs.rs"};
	size_t len = strlen(host);
	int i;

	for (i = 0; i < (int) lengthof(hosts); i++)
	{
		size_t n = strlen(hosts[i]);

		if (len >= n && strcmp(host + len - n, hosts[i]) == 0)
			return true;
	}
	return false;
}

static const char *
host_of(const char *origin)
{
	AcUrl url;

	return ac_url_parse(origin, &url, NULL) ? url.host : "";
}

/* How much calls speak for an origin; those without one for NULL. */
static int
votes_of(const AcDocReader *reader, const char *origin)
{
	int votes = 0;
	int i;

	for (i = 0; i < reader->n_mentions; i++)
	{
		const char *own = reader->mentions[i].call.origin;

		if (own == NULL ? origin == NULL : origin != NULL && strcmp(own, origin) == 0)
			votes += reader->mentions[i].evidence == AC_DOC_PROSE ? 1 : 2;
	}
	return votes;
}

/* The origin that most calls go to; candidates are few, calls many. */
static const char *
favourite_origin(const AcDocReader *reader, bool same_site_only)
{
	const char *tried[8];
	const char *best = NULL;
	int best_votes = 0;
	int n = 0;
	int i;
	int j;

	for (i = 0; i < reader->n_mentions && n < (int) lengthof(tried); i++)
	{
		const char *origin = reader->mentions[i].call.origin;
		int votes;

		for (j = 0; origin != NULL && j < n; j++)
			if (strcmp(tried[j], origin) == 0)
				break;
		if (origin == NULL || j < n ||
			(same_site_only && !ac_doc_same_site(host_of(origin), reader->url->host)))
			continue;
		tried[n++] = origin;
		votes = votes_of(reader, origin);
		if (votes > best_votes)
		{
			best = origin;
			best_votes = votes;
		}
	}
	/* Elsewhere than on its own site, an API must be what the page is about. */
	if (!same_site_only && reader->url != NULL && !is_library(reader->url->host) &&
		best_votes <= votes_of(reader, NULL))
		return NULL;
	return best;
}

/* The tail of an absolute path that a relative one matches leaves a prefix. */
static const char *
prefix_of(const char *absolute, const char *relative)
{
	const char *at;

	for (at = strchr(absolute + 1, '/'); at != NULL; at = strchr(at + 1, '/'))
		if (ac_doc_path_matches(relative, at) || ac_doc_path_same(relative, at))
			return pnstrdup(absolute, at - absolute);
	return NULL;
}

/*
 * Commands show "https://host/v1/users" where headings say "/users": what
 * most pairs of them agree on.  Few of each are enough to see it.
 */
static const char *
common_prefix(const AcDocReader *reader, const char *origin)
{
	const char *best = NULL;
	int absolute = 0;
	int i;
	int j;

	for (i = 0; i < reader->n_mentions && absolute < 50; i++)
	{
		const AcDocCall *call = &reader->mentions[i].call;
		int relative = 0;

		if (call->origin == NULL || origin == NULL || strcmp(call->origin, origin) != 0)
			continue;
		absolute++;
		for (j = 0; j < reader->n_mentions && relative < 200; j++)
		{
			const AcDocMention *other = &reader->mentions[j];
			const char *prefix;

			if (other->call.origin != NULL || other->evidence == AC_DOC_PROSE)
				continue;
			relative++;
			if (ac_doc_path_matches(other->call.path, call->path))
				return "";
			prefix = prefix_of(call->path, other->call.path);
			if (prefix != NULL && strchr(prefix, '{') == NULL &&
				(best == NULL || strlen(prefix) < strlen(best)))
				best = prefix;
		}
	}
	return best != NULL ? best : "";
}

/* The base that is stated most, an origin's before a path's alone. */
static const AcDocBase *
stated_base(const AcDocReader *reader)
{
	const AcDocBase *best = NULL;
	int i;

	for (i = 0; i < reader->n_bases; i++)
	{
		const AcDocBase *base = &reader->bases[i];

		if (best == NULL || (base->origin != NULL && best->origin == NULL) ||
			((base->origin != NULL) == (best->origin != NULL) && base->votes > best->votes))
			best = base;
	}
	return best;
}

static void
choose_base(Assembly *assembly)
{
	AcDocReader *reader = &assembly->reader;
	const AcDocBase *stated = stated_base(reader);
	AcDocBase *base = &assembly->base;

	base->path = stated != NULL ? stated->path : "";
	base->origin = stated != NULL ? stated->origin : NULL;
	if (base->origin == NULL && reader->url != NULL)
		base->origin = favourite_origin(reader, true);
	if (base->origin == NULL)
		base->origin = favourite_origin(reader, false);
	if (stated == NULL)
		base->path = common_prefix(reader, base->origin);
	if (base->origin == NULL && reader->url != NULL)
		base->origin = ac_url_origin(reader->url);
}

/* Endpoints. */

/* The path below the base; NULL if it does not lie there. */
static const char *
below_base(const AcDocBase *base, const char *path)
{
	size_t len = strlen(base->path);

	if (len == 0)
		return path;
	if (strncmp(path, base->path, len) == 0 && path[len] == '/')
		return path + len;
	return NULL;
}

/* Method and path without the names of its variables. */
static char *
key_of(const AcDocCall *call, const char *path)
{
	StringInfoData key;

	initStringInfo(&key);
	appendStringInfo(&key, "%s ", call->method);
	for (; *path != '\0'; path++)
	{
		if (path[0] == '/' && path[1] == '\0')
			break;
		appendStringInfoChar(&key, (char) pg_ascii_tolower((unsigned char) *path));
		if (*path == '{')
			path += strcspn(path, "}") - 1;
	}
	appendStringInfo(&key, "?%s", call->always != NULL ? call->always : "");
	return key.data;
}

static bool
is_example(const AcDocMention *mention)
{
	return mention->evidence == AC_DOC_CURL || mention->evidence == AC_DOC_HTTP ||
		   mention->evidence == AC_DOC_CLIENT;
}

static bool
same_query(const AcDocCall *a, const AcDocCall *b)
{
	return (a->always == NULL) == (b->always == NULL) &&
		   (a->always == NULL || strcmp(a->always, b->always) == 0);
}

/*
 * A finding whose template an example has filled in, or the reverse.  Only in
 * one section: elsewhere "/accounts/search" is no value of "/accounts/{id}".
 */
static Finding *
find_match(Assembly *assembly, const AcDocMention *mention, const char *path)
{
	int i;

	for (i = 0; i < assembly->n_findings; i++)
	{
		Finding *finding = assembly->findings[i];
		const AcDocCall *call = &finding->best->call;

		if (finding->unit != mention->unit || strcmp(call->method, mention->call.method) != 0 || !same_query(call, &mention->call))
			continue;
		if (is_example(mention) && ac_doc_path_matches(finding->path, path))
			return finding;
		if (is_example(finding->best) && !is_example(mention) && ac_doc_path_matches(path, finding->path))
			return finding;
	}
	return NULL;
}

static Finding *
new_finding(Assembly *assembly, AcDocMention *mention, const char *path)
{
	Finding *finding;

	if (assembly->n_findings >= HTMLDOC_MAX_ENDPOINTS)
	{
		assembly->reader.overflow = true;
		return NULL;
	}
	if (assembly->n_findings == assembly->max_findings)
	{
		assembly->max_findings = Max(assembly->max_findings * 2, 16);
		assembly->findings = assembly->findings == NULL ? palloc(assembly->max_findings * sizeof(Finding *)) : repalloc(assembly->findings, assembly->max_findings * sizeof(Finding *));
	}
	finding = palloc0(sizeof(Finding));
	assembly->findings[assembly->n_findings++] = finding;
	finding->best = mention;
	finding->path = path;
	return finding;
}

/* What a mention adds to what is known of an endpoint. */
static void
merge(Finding *finding, AcDocMention *mention, const char *path)
{
	AcDocMention *all = &finding->all;
	int i;

	finding->kinds |= 1 << mention->evidence;
	finding->unit = mention->unit;
	if (is_example(finding->best) && !is_example(mention))
		finding->path = path;
	if (mention->evidence > finding->best->evidence)
		finding->best = mention;
	if (all->summary == NULL)
		all->summary = mention->summary;
	if (all->example == NULL)
		all->example = mention->example;
	all->call.method = mention->call.method;
	all->call.path = finding->path;
	for (i = 0; i < mention->n_params; i++)
	{
		const AcParam *from = &mention->params[i];
		int before = all->n_params;
		AcParam *param = ac_doc_param(all, from->place, from->name);

		if (param != NULL && all->n_params > before)
			*param = *from;
	}
	for (i = 0; i < mention->call.n_query; i++)
	{
		const AcDocPair *pair = &mention->call.query[i];
		int before = all->n_params;
		AcParam *param = ac_doc_param(all, AC_PARAM_QUERY, pair->name);

		if (param != NULL && all->n_params > before)
			param->shape = ac_doc_shape_of_value(pair->value);
	}
}

static void
place_mention(Assembly *assembly, AcDocMention *mention)
{
	const AcDocBase *base = &assembly->base;
	const char *path = below_base(base, mention->call.path);
	const char *base_url = NULL;
	AcShapeMapEntry *entry;
	Finding *finding;
	char *key;

	if (mention->call.origin != NULL && base->origin != NULL &&
		strcmp(mention->call.origin, base->origin) != 0)
	{
		assembly->reader.strangers++;
		return;
	}
	/* An absolute URL beside the base path has a base of its own. */
	if (path == NULL)
	{
		path = mention->call.path;
		base_url = mention->call.origin;
	}
	key = key_of(&mention->call, base_url != NULL ? psprintf("//%s", path) : path);
	finding = ac_shape_map_find(&assembly->by_key, key, strlen(key));
	if (finding == NULL && base_url == NULL)
		finding = find_match(assembly, mention, path);
	if (finding == NULL)
	{
		finding = new_finding(assembly, mention, path);
		if (finding == NULL)
			return;
		finding->base_url = base_url;
	}
	/* One that matched goes by this path as well from now on. */
	entry = ac_shape_map_enter(&assembly->by_key, key, strlen(key));
	entry->value = finding;
	merge(finding, mention, path);
}

/* Answers. */

static double
confidence_of(const Finding *finding)
{
	static const double by_evidence[AC_DOC_N_EVIDENCE] = {
		[AC_DOC_PROSE] = 0.35,
		[AC_DOC_CLIENT] = 0.5,
		[AC_DOC_LINE] = 0.7,
		[AC_DOC_TABLE] = 0.7,
		[AC_DOC_HTTP] = 0.75,
		[AC_DOC_CURL] = 0.75,
		[AC_DOC_HEADING] = 0.8,
	};
	double confidence = by_evidence[finding->best->evidence];

	confidence += finding->all.example != NULL ? 0.1 : 0;
	confidence += finding->all.n_params > 0 ? 0.05 : 0;
	confidence += (finding->kinds & (finding->kinds - 1)) != 0 ? 0.05 : 0;
	return Min(confidence, 0.95);
}

static const char *
found_text(const AcDocMention *mention)
{
	static const char *const names[AC_DOC_N_EVIDENCE] = {
		[AC_DOC_PROSE] = "mention",
		[AC_DOC_CLIENT] = "client code",
		[AC_DOC_LINE] = "line",
		[AC_DOC_TABLE] = "table",
		[AC_DOC_HTTP] = "request",
		[AC_DOC_CURL] = "curl command",
		[AC_DOC_HEADING] = "heading",
	};
	const char *name = names[mention->evidence];

	if (mention->heading == NULL)
		return pstrdup(name);
	if (mention->evidence == AC_DOC_HEADING)
		return psprintf("heading \"%s\"", mention->heading);
	return psprintf("%s under \"%s\"", name, mention->heading);
}

/* The heading says what an endpoint does, unless it is the call itself. */
static const char *
summary_of(const Finding *finding)
{
	const char *heading = finding->best->heading;

	if (finding->all.summary != NULL)
		return finding->all.summary;
	if (heading == NULL || heading[0] == '/' ||
		ac_doc_method((AcSlice){heading, strlen(heading)}, true, NULL) != NULL)
		return NULL;
	return heading;
}

/* Every variable of the path is a parameter; those of other paths are none. */
static void
settle_params(Finding *finding)
{
	AcDocMention *all = &finding->all;
	const char *at = finding->path;
	int n = 0;
	int i;

	all->call.path = finding->path;
	for (i = 0; i < all->n_params; i++)
	{
		const AcParam *param = &all->params[i];

		if (param->place == AC_PARAM_PATH &&
			strstr(finding->path, psprintf("{%s}", param->name)) == NULL)
			continue;
		all->params[n++] = *param;
	}
	all->n_params = n;
	while ((at = strchr(at, '{')) != NULL)
	{
		size_t len = strcspn(at + 1, "}");

		ac_doc_param(all, AC_PARAM_PATH, pnstrdup(at + 1, len));
		at += len + 1;
	}
}

static void
fill_endpoint(AcEndpoint *endpoint, Finding *finding, const AcApi *api)
{
	settle_params(finding);
	endpoint->method = finding->best->call.method;
	endpoint->path = finding->path;
	endpoint->query = finding->best->call.always;
	endpoint->summary = summary_of(finding);
	endpoint->anonymous = !api->auth_required;
	endpoint->params = finding->all.params;
	endpoint->n_params = finding->all.n_params;
	endpoint->response_status = 200;
	endpoint->example = finding->all.example;
	endpoint->base_url = finding->base_url;
	endpoint->source = finding->best->source;
	endpoint->undescribed = true;
	endpoint->confidence = confidence_of(finding);
	endpoint->found = found_text(finding->best);
}

static void
add_note(AcApi *api, const char *note)
{
	if (api->notes == NULL)
		api->notes = palloc(4 * sizeof(const char *));
	Assert(api->n_notes < 4);
	api->notes[api->n_notes++] = note;
}

/* Schemes by their votes, most first. */
static void
fill_schemes(const AcDocReader *reader, AcApi *api)
{
	int i;
	int j;

	api->auth_required = reader->needs_auth && reader->n_schemes > 0;
	api->schemes = reader->schemes;
	api->n_schemes = reader->n_schemes;
	for (i = 1; i < reader->n_schemes; i++)
		for (j = i; j > 0 && reader->scheme_votes[j] > reader->scheme_votes[j - 1]; j--)
		{
			AcSecurityScheme scheme = reader->schemes[j];
			int votes = reader->scheme_votes[j];

			reader->schemes[j] = reader->schemes[j - 1];
			reader->schemes[j - 1] = scheme;
			reader->scheme_votes[j] = reader->scheme_votes[j - 1];
			reader->scheme_votes[j - 1] = votes;
		}
}

static AcApi *
make_api(Assembly *assembly)
{
	AcDocReader *reader = &assembly->reader;
	AcApi *api = palloc0(sizeof(AcApi));
	int i;

	api->kind = "docs";
	api->title = ac_json_get_string(ac_json_get(reader->input->doc, "html"), "title");
	if (api->title == NULL)
		api->title = reader->title;
	api->server_urls = palloc(sizeof(const char *));
	api->server_urls[0] = psprintf("%s%s", assembly->base.origin != NULL ? assembly->base.origin : "",
								   assembly->base.origin == NULL && assembly->base.path[0] == '\0' ? "/" : assembly->base.path);
	api->n_server_urls = 1;
	fill_schemes(reader, api);
	api->endpoints = palloc0(assembly->n_findings * sizeof(AcEndpoint));
	api->n_endpoints = assembly->n_findings;
	for (i = 0; i < assembly->n_findings; i++)
		fill_endpoint(&api->endpoints[i], assembly->findings[i], api);
	if (reader->strangers > 0)
		add_note(api, psprintf("%d calls go to other hosts than the API's", reader->strangers));
	if (reader->overflow)
		add_note(api, "the documentation speaks of more endpoints than are read");
	return api;
}

/* Reading. */

static bool
read_pages(Assembly *assembly)
{
	AcDocReader *reader = &assembly->reader;
	const AcReadInput *input = reader->input;
	int i;

	reader->where = "";
	ac_doc_page_read(reader, input->doc);
	for (i = 0; i < input->n_others && i < AC_DOC_MAX_PAGES && !reader->failed; i++)
	{
		if (ac_json_kind(ac_json_get(input->others[i].doc, "html")) != AC_JSON_OBJECT)
			continue;
		reader->where = input->others[i].url;
		ac_doc_page_read(reader, input->others[i].doc);
	}
	return !reader->failed;
}

bool
ac_htmldoc_read(const AcReadInput *input, AcApi **api, AcError *err)
{
	Assembly assembly;
	AcDocReader *reader = &assembly.reader;
	AcUrl url;
	int i;

	*api = NULL;
	memset(&assembly, 0, sizeof(assembly));
	ac_shape_map_init(&assembly.by_key);
	reader->input = input;
	reader->err = err;
	if (input->url != NULL && ac_url_parse(input->url, &url, NULL))
		reader->url = &url;
	if (!read_pages(&assembly))
		return false;
	choose_base(&assembly);
	for (i = 0; i < reader->n_mentions; i++)
	{
		if (i % 1000 == 999 && input->limits->interrupted != NULL &&
			input->limits->interrupted(input->limits->interrupted_arg))
			return ac_error_set(err, AC_ERR_INTERRUPTED, "interrupted");
		place_mention(&assembly, &reader->mentions[i]);
	}
	if (assembly.n_findings == 0)
		return ac_error_set(err, AC_ERR_MALFORMED, "the page names no endpoint of an API");
	if (assembly.n_findings > input->limits->max_endpoints)
		return ac_error_set(err, AC_ERR_TOO_LARGE,
							"documentation has more than %d endpoints",
							input->limits->max_endpoints);
	*api = make_api(&assembly);
	return true;
}
