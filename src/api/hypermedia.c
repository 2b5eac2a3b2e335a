/*
 * hypermedia.c
 *		Which collections does an index of links lead to?  See hypermedia.h.
 *
 * Which links a document has is api/hypermedia_links's business; here they
 * are resolved, and those of the index's own origin become endpoints below
 * one base.  Nothing is said of the answers, so that a sample decides.
 */
#include "ac.h"

#include "api/action.h"
#include "api/endpoints.h"
#include "api/errorbody.h"
#include "api/hypermedia.h"
#include "api/hypermedia_links.h"
#include "api/names.h"
#include "api/sample.h"
#include "api/tableplan_path.h"
#include "api/uritemplate.h"
#include "core/text.h"
#include "core/url.h"

/* Documents wished for: a part of discovery's 40 requests. */
#define MAX_WISHES 8

/* An index of so few links is often one of indexes: all are looked at. */
#define FEW_LINKS 4

/* How sure it is that a link leads to something that reads. */
#define SURE_OF_LINK 0.9
#define SURE_OF_TEMPLATE 0.8

/* A link and where it leads. */
typedef struct Target
{
	const AcHyperLink *link;
	AcUriTemplate template;
	AcUrl url;		   /* of the path; the query is the template's */
	char *path;		   /* of url, with its variables */
	char *item;		   /* path of the optional part, or NULL */
	const char *group; /* the index it was found in, or NULL */
} Target;

typedef struct Targets
{
	Target *targets;
	int n;
	int capacity;
	int foreign; /* links to other origins */
	int broken;	 /* links that are none */
} Targets;

bool
ac_hypermedia_sniff(const AcJson *doc)
{
	AcHyperLinks links;

	if (ac_json_kind(doc) != AC_JSON_OBJECT || ac_errorbody_is(doc) ||
		!ac_sample_sniff(doc))
		return false;
	ac_hypermedia_collect(doc, &links);
	return ac_hypermedia_is_index(&links);
}

/* Braces as they were before the URL was encoded. */
static char *
with_braces(const char *path)
{
	StringInfoData out;

	initStringInfo(&out);
	while (*path != '\0')
	{
		if (strncmp(path, "%7B", 3) == 0 || strncmp(path, "%7D", 3) == 0)
		{
			appendStringInfoChar(&out, path[2] == 'B' ? '{' : '}');
			path += 3;
		}
		else
			appendStringInfoChar(&out, *path++);
	}
	return ac_text_keep(&out);
}

/*
 * The same server: proxies that end TLS make many APIs write http:// for
 * https://.
 */
static bool
is_own(const AcUrl *home, const AcUrl *url)
{
	return ac_url_same_origin(home, url) ||
		   (strcmp(home->host, url->host) == 0 && !home->port_given &&
			!url->port_given);
}

/* Resolves a link; false if it leads elsewhere or nowhere. */
static bool
resolve(Targets *list, const AcUrl *home, const AcHyperLink *link, Target *target)
{
	AcUrl item;

	memset(target, 0, sizeof(*target));
	target->link = link;
	if (!ac_uritemplate_read(link->target, &target->template) ||
		!ac_url_resolve(home, target->template.path, &target->url, NULL))
	{
		list->broken++;
		return false;
	}
	if (!is_own(home, &target->url))
	{
		list->foreign++;
		return false;
	}
	target->path = with_braces(target->url.path);
	if (target->template.item != NULL &&
		ac_url_resolve(home, target->template.item, &item, NULL))
		target->item = with_braces(item.path);
	return strcmp(target->path, home->path) != 0 || target->item != NULL;
}

static Target *
add_target(Targets *list)
{
	if (list->n == list->capacity)
	{
		list->capacity = list->capacity * 2 + 16;
		list->targets = list->targets == NULL
							? palloc(list->capacity * sizeof(Target))
							: repalloc(list->targets, list->capacity * sizeof(Target));
	}
	return &list->targets[list->n++];
}

/* The targets of an index at home. */
static void
add_index(Targets *list, const AcJson *doc, const AcUrl *home, const char *group)
{
	AcHyperLinks *links = palloc(sizeof(AcHyperLinks));
	int i;

	ac_hypermedia_collect(doc, links);
	for (i = 0; i < links->n; i++)
	{
		Target target;

		if (!resolve(list, home, &links->links[i], &target))
			continue;
		target.group = group;
		*add_target(list) = target;
	}
}

/*
 * Where the index stands: its URL, or without one the origin of its first
 * absolute link.
 */
static bool
find_home(const AcReadInput *input, AcUrl *home)
{
	AcHyperLinks links;
	int i;

	if (input->url != NULL)
		return ac_url_parse(input->url, home, NULL);
	ac_hypermedia_collect(input->doc, &links);
	for (i = 0; i < links.n; i++)
	{
		AcUriTemplate template;

		if (ac_uritemplate_read(links.links[i].target, &template) &&
			ac_url_parse(template.path, home, NULL))
		{
			home->path = "/";
			home->query = home->fragment = NULL;
			return true;
		}
	}
	return false;
}

/* The URL to ask for a target as it is, without its optional parts. */
static char *
url_of(const Target *target)
{
	AcUrl url = target->url;

	url.query = target->template.query[0] == '\0' ? NULL : target->template.query;
	url.fragment = NULL;
	return ac_url_text(&url);
}

/* Can it be asked for as it stands: neither variables nor parameters? */
static bool
is_plain(const Target *target)
{
	return strchr(target->path, '{') == NULL && target->template.n_params == 0;
}

/* Is the link's document likely an index again, by its path? */
static bool
is_entrance(const Target *target)
{
	static const char *const names[] = {"api", "apis", "rest", "root", "index",
										"services", "latest", NULL};
	const AcPath *path = ac_path_parse(target->path);
	const AcSegment *last;

	if (path->count == 0)
		return false;
	last = &path->segments[path->count - 1];
	return last->version || ac_names_in(last->text, names);
}

static bool
is_wished(const AcWish *wishes, int n, const char *url)
{
	int i;

	for (i = 0; i < n; i++)
		if (strcmp(wishes[i].url, url) == 0)
			return true;
	return false;
}

int
ac_hypermedia_wishes(const AcReadInput *input, AcWish **wishes)
{
	Targets list = {0};
	AcUrl home;
	int n = 0;
	int i;

	*wishes = palloc(MAX_WISHES * sizeof(AcWish));
	if (!find_home(input, &home))
		return 0;
	add_index(&list, input->doc, &home, NULL);
	for (i = 0; i < list.n && n < MAX_WISHES; i++)
	{
		const Target *target = &list.targets[i];
		char *url = url_of(target);

		if (!is_plain(target) ||
			!(list.n <= FEW_LINKS || is_entrance(target)) ||
			ac_action_smells(target->path, NULL) ||
			ac_read_other(input, "GET", url) != NULL || is_wished(*wishes, n, url))
			continue;
		(*wishes)[n].method = "GET";
		(*wishes)[n++].url = url;
	}
	return n;
}

/* The other document that the link leads to, NULL if it was not fetched. */
static AcJson *
other_of(const AcReadInput *input, const Target *target)
{
	const AcDocument *other =
		is_plain(target) ? ac_read_other(input, "GET", url_of(target)) : NULL;

	return other == NULL ? NULL : other->doc;
}

/* Indexes among the targets give way to what they list. */
static void
enter_indexes(Targets *list, const AcReadInput *input)
{
	int n = list->n;
	int kept = 0;
	int i;

	if (n == 0)
		return;
	for (i = 0; i < n; i++)
	{
		Target target = list->targets[i];
		AcJson *other = other_of(input, &target);

		if (other != NULL && ac_hypermedia_sniff(other))
			add_index(list, other, &target.url, target.link->name);
		else
			list->targets[kept++] = target;
	}
	memmove(&list->targets[kept], &list->targets[n],
			(list->n - n) * sizeof(Target));
	list->n = kept + list->n - n;
}

/*
 * The directory that all targets share: the index's own URL if they lie below
 * it, so that nothing leaves what the user named.
 */
static char *
base_of(const Targets *list, const AcUrl *home)
{
	size_t len = strlen(home->path);
	char *own;
	char *dir = NULL;
	bool below = true;
	int i;

	while (len > 0 && home->path[len - 1] == '/')
		len--;
	own = pnstrdup(home->path, len);
	for (i = 0; i < list->n; i++)
	{
		const char *path = list->targets[i].path;

		below = below && strncmp(own, path, len) == 0 &&
				(path[len] == '/' || path[len] == '\0');
		dir = ac_endpoints_common_dir(dir, path);
	}
	if (below || dir == NULL)
		return own;
	/* a variable is no part of a base */
	if (strchr(dir, '{') != NULL)
	{
		*strchr(dir, '{') = '\0';
		*strrchr(dir, '/') = '\0';
	}
	return dir;
}

/*
 * A name where the path has none: numbers, single letters, scripts.  Of a
 * relation that is a CURIE ("shop:orders") or a URI, the last word.
 */
static const char *
name_hint(const char *path, const char *name)
{
	const AcSegment *last = ac_path_last_static(ac_path_parse(path));

	while (name[strcspn(name, ":/")] != '\0')
		name += strcspn(name, ":/") + 1;
	if (name[0] == '\0')
		return NULL;
	if (last == NULL || strlen(last->text) < 2 || strchr(last->text, '.') != NULL ||
		ac_endpoints_segment_is_id(last->text, strlen(last->text)))
		return name;
	return NULL;
}

static void
add_params(AcEndpoints *api, AcEndpoint *endpoint, const Target *target)
{
	const AcUriTemplate *template = &target->template;
	const AcJson *queries = target->link->queries;
	int i;

	ac_endpoints_query(api, endpoint, template->query, true);
	for (i = 0; i < template->n_params; i++)
		if (ac_endpoints_query_param(api, endpoint, template->params[i].name, NULL, false) &&
			template->params[i].required &&
			ac_endpoint_param(endpoint, AC_PARAM_QUERY, template->params[i].name) != NULL)
			ac_endpoints_param(endpoint, AC_PARAM_QUERY,
							   template->params[i].name)
				->required = true;
	for (i = 0; i < ac_json_length(queries); i++)
	{
		const char *name = ac_json_get_string(ac_json_at(queries, i), "name");

		if (name != NULL)
			ac_endpoints_query_param(api, endpoint, name, NULL, false);
	}
}

static void
add_endpoint(AcEndpoints *api, const AcReadInput *input, const Target *target,
			 const char *path)
{
	bool is_new;
	AcEndpoint *endpoint = ac_endpoints_enter(api, "GET", path, &is_new);
	AcJson *other;

	if (endpoint == NULL)
		return;
	if (!is_new)
	{
		ac_endpoints_note(api, "link \"%s\" leads where another one does",
						  ac_endpoints_quote(target->link->name));
		return;
	}
	other = strchr(path, '{') == NULL ? other_of(input, target) : NULL;
	endpoint->name = name_hint(path, target->link->name);
	endpoint->summary = target->link->title;
	endpoint->group = target->group;
	endpoint->source = target->link->source;
	endpoint->confidence = strchr(path, '{') == NULL ? SURE_OF_LINK : SURE_OF_TEMPLATE;
	endpoint->found = psprintf("link \"%s\" of the index",
							   ac_endpoints_quote(target->link->name));
	if (other != NULL && ac_sample_sniff(other))
		endpoint->example = other;
	add_params(api, endpoint, target);
}

static void
add_endpoints(AcEndpoints *api, const AcReadInput *input, const Targets *list,
			  const char *base)
{
	int i;

	for (i = 0; i < list->n && ac_endpoints_spend(api, 1); i++)
	{
		const Target *target = &list->targets[i];

		add_endpoint(api, input, target, ac_endpoints_below(base, target->path));
		if (target->item != NULL)
			add_endpoint(api, input, target,
						 ac_endpoints_below(base, target->item));
	}
}

/* What the index says of itself. */
static void
read_words(AcEndpoints *api, const AcJson *doc)
{
	static const char *const titles[] = {"title", "name", "api"};
	int i;

	for (i = 0; i < (int) lengthof(titles) && api->api->title == NULL; i++)
		api->api->title = ac_json_get_string(doc, titles[i]);
	api->api->description = ac_json_get_string(doc, "description");
	api->api->version = ac_json_get_string(doc, "version");
}

bool
ac_hypermedia_read(const AcReadInput *input, AcApi **api, AcError *err)
{
	Targets list = {0};
	AcEndpoints endpoints;
	AcUrl home;
	char *base;

	*api = NULL;
	if (!ac_hypermedia_sniff(input->doc) || !find_home(input, &home))
		return ac_error_set(err, AC_ERR_MALFORMED,
							"the document is no index of links");
	add_index(&list, input->doc, &home, NULL);
	enter_indexes(&list, input);
	if (list.n == 0)
		return ac_error_set(err, AC_ERR_MALFORMED,
							"no link of the index leads to its own host");
	ac_endpoints_init(&endpoints, input, "index", err);
	base = base_of(&list, &home);
	ac_endpoints_server(&endpoints, psprintf("%s%s", ac_url_origin(&home),
											 base[0] == '\0' ? "/" : base));
	read_words(&endpoints, input->doc);
	add_endpoints(&endpoints, input, &list, base);
	if (list.foreign > 0)
		ac_endpoints_note(&endpoints, "%d links to other hosts were left out",
						  list.foreign);
	if (list.broken > 0)
		ac_endpoints_note(&endpoints, "%d links are no URLs", list.broken);
	return ac_endpoints_finish(&endpoints, api);
}
