/*
 * discover_point.c
 *		Where does an answer say that a description is?
 *
 * Link headers (RFC 8288, relations of RFC 8631 and RFC 9727), <link> and <a>
 * of a page, API catalogs (linksets, RFC 9264), pages and scripts of API
 * consoles.  All references are resolved against the answer's own URL; where
 * they may be fetched from is decided by who asks.
 */
#include "ac.h"

#include "net/discover_int.h"
#include "utils/memutils.h"

/*
 * Pointers of one answer that are followed: a console names a handful, and
 * the budget is spent better than on the rest of a hostile list.
 */
#define MAX_POINTERS 12

/* Pages of documentation that are looked at: home, reference, two more. */
#define MAX_DOCUMENTATION 4

/* Anchors of a page that are looked at: menus have some hundred. */
#define MAX_ANCHORS 5000

/* Relations that lead to a description, best first; the last is WordPress's. */
static const char *const description_rels[] = {
	"service-desc", "describedby", "api-catalog", "https://api.w.org/"};

/* An answer whose references are collected. */
typedef struct AcPointing
{
	AcSearch *search;
	AcUrl base;		   /* references are resolved against it */
	const char *page;  /* the answer's URL */
	const char *shown; /* the same as it may be told */
	List *targets;	   /* AcTarget *, in the search's context */
} AcPointing;

AcTarget *
ac_target_make(AcTargetKind kind, const char *url, const char *how)
{
	AcTarget *target = palloc(sizeof(AcTarget));

	target->kind = kind;
	target->url = url;
	target->how = how;
	target->page = NULL;
	return target;
}

static bool
holds_url(const List *targets, const char *url)
{
	const ListCell *lc;

	foreach (lc, targets)
	{
		if (strcmp(((const AcTarget *) lfirst(lc))->url, url) == 0)
			return true;
	}
	return false;
}

/* Adds a target to a list in the search's context, unless it is there. */
static List *
add_to(AcPointing *pointing, List *list, AcTargetKind kind,
	   const char *reference, const char *how)
{
	MemoryContext old = MemoryContextSwitchTo(pointing->search->cxt);
	char *url = ac_url_resolve_document(&pointing->base, reference);

	if (url != NULL && !holds_url(list, url))
		list = lappend(list, ac_target_make(kind, url,
											psprintf("%s %s", how, pointing->shown)));
	MemoryContextSwitchTo(old);
	return list;
}

static void
add_pointer(AcPointing *pointing, AcTargetKind kind, const char *reference,
			const char *how)
{
	if (list_length(pointing->targets) < MAX_POINTERS)
		pointing->targets = add_to(pointing, pointing->targets, kind, reference,
								   how);
}

static void
add_documentation(AcPointing *pointing, const char *reference, const char *how)
{
	AcSearch *search = pointing->search;

	if (list_length(search->documentation) < MAX_DOCUMENTATION)
		search->documentation = add_to(pointing, search->documentation,
									   AC_TARGET_PAGE, reference, how);
}

/* ---- Link headers ---- */

static bool
link_has_rel(const AcLink *link, const char *rel)
{
	for (int i = 0; i < link->nrels; i++)
		if (strcmp(link->rels[i], rel) == 0)
			return true;
	return false;
}

/* Links of one header, or of a linkset written like one. */
static void
add_links(AcPointing *pointing, const AcLinkList *links)
{
	for (size_t r = 0; r < lengthof(description_rels); r++)
		for (int i = 0; i < links->count; i++)
			if (links->links[i].anchor == NULL &&
				link_has_rel(&links->links[i], description_rels[r]))
				add_pointer(pointing, AC_TARGET_ANY, links->links[i].target,
							psprintf("through Link rel=%s of",
									 description_rels[r]));
	for (int i = 0; i < links->count; i++)
		if (links->links[i].anchor == NULL &&
			link_has_rel(&links->links[i], "service-doc"))
			add_documentation(pointing, links->links[i].target,
							  "through Link rel=service-doc of");
}

static void
add_link_headers(AcPointing *pointing, const AcFetch *fetch)
{
	AcLinkList links;

	if (fetch->headers == NULL)
		return;
	ac_header_links(fetch->headers, &links);
	add_links(pointing, &links);
}

/* ---- API catalogs ---- */

/* Does this anchor of a linkset speak of the API that is looked for? */
static bool
anchor_concerns(const AcPointing *pointing, const char *anchor)
{
	AcUrl url;

	return anchor != NULL &&
		   ac_url_resolve(&pointing->base, anchor, &url, NULL) &&
		   (ac_url_is_below(&url, &pointing->search->home) ||
			ac_url_is_below(&pointing->search->home, &url));
}

/* The targets of one relation in a linkset's entry. */
static void
add_linkset_rel(AcPointing *pointing, const AcJson *entry, const char *rel)
{
	const AcJson *targets = ac_json_get(entry, rel);

	for (int i = 0; i < ac_json_length(targets); i++)
	{
		const char *href = ac_json_get_string(ac_json_at(targets, i), "href");

		if (strcmp(rel, "service-doc") == 0)
			add_documentation(pointing, href, "through the API catalog");
		else if (strcmp(rel, "item") != 0 || anchor_concerns(pointing, href))
			add_pointer(pointing, AC_TARGET_ANY, href,
						"through the API catalog");
	}
}

/*
 * A linkset in JSON (RFC 9264 4.2): entries about the API come first.  Where
 * several others are listed and none is ours, none is taken; a catalog with
 * one API is that API's.
 */
static void
add_linkset(AcPointing *pointing, const AcJson *doc)
{
	static const char *const rels[] = {"service-desc", "describedby",
									   "service-doc", "item", "api-catalog"};
	const AcJson *set = ac_json_get(doc, "linkset");
	int described = 0;

	for (int i = 0; i < ac_json_length(set); i++)
	{
		const AcJson *entry = ac_json_at(set, i);

		if (ac_json_has(entry, "service-desc"))
			described++;
		if (anchor_concerns(pointing, ac_json_get_string(entry, "anchor")))
			for (size_t r = 0; r < lengthof(rels); r++)
				add_linkset_rel(pointing, entry, rels[r]);
	}
	for (int i = 0; described == 1 && i < ac_json_length(set); i++)
		add_linkset_rel(pointing, ac_json_at(set, i), "service-desc");
}

/* ---- documents ---- */

/* Members of an answer's object that name a document, in lower case. */
static const char *const document_names[] = {
	"openapi", "openapi_url", "openapiurl", "swagger_url", "swaggerurl",
	"spec", "spec_url", "specurl", "api_docs", "apidocs", "docs", "docs_url",
	"docsurl", "documentation", "documentation_url", "documentationurl"};

/* Links of a body are looked at as long as an index may be. */
#define MAX_BODY_LINKS 1000

/* Is it a relation that leads to a description, and which one? */
static bool
leads_to_description(const char *rel, const char *wanted)
{
	return rel != NULL && pg_strcasecmp(rel, wanted) == 0;
}

/*
 * {"links": [{"rel": "service-desc", "href": ...}]}, as OGC's landing pages
 * have it; {"links": {"describedby": ...}} of JSON:API; HAL's "_links".
 */
static void
add_body_rel(AcPointing *pointing, const AcJson *links, const char *rel)
{
	const char *how = psprintf("through the link %s in", rel);
	int n = Min(ac_json_length(links), MAX_BODY_LINKS);
	const AcJson *link = ac_json_get(links, rel);
	const char *href = ac_json_string(link, NULL);

	for (int i = 0; i < n; i++)
		if (leads_to_description(ac_json_get_string(ac_json_at(links, i), "rel"), rel))
			add_pointer(pointing, AC_TARGET_ANY,
						ac_json_get_string(ac_json_at(links, i), "href"), how);
	add_pointer(pointing, AC_TARGET_ANY,
				href != NULL ? href : ac_json_get_string(link, "href"), how);
}

/* What an object that is no description says of where one is. */
static void
add_body(AcPointing *pointing, const AcJson *doc)
{
	/* relations of documents, not of sites */
	for (size_t r = 0; r < lengthof(description_rels) - 1; r++)
	{
		add_body_rel(pointing, ac_json_get(doc, "links"), description_rels[r]);
		add_body_rel(pointing, ac_json_get(doc, "_links"), description_rels[r]);
	}
	for (size_t i = 0; i < lengthof(document_names); i++)
	{
		const char *text = ac_json_get_string(doc, document_names[i]);

		if (text != NULL && (text[0] == '/' || strncmp(text, "http", 4) == 0))
			add_pointer(pointing, AC_TARGET_ANY, text,
						psprintf("through the member %s of", document_names[i]));
	}
}

/* ---- pages ---- */

/* Is the word among those that white space separates, whatever its case? */
static bool
has_token(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (list != NULL && *list != '\0')
	{
		size_t n = strcspn(list, " \t\r\n\f");

		if (n == len && pg_strncasecmp(list, word, len) == 0)
			return true;
		list += n + (list[n] != '\0');
	}
	return false;
}

/* <link> elements of a page. */
static void
add_page_links(AcPointing *pointing, const AcJson *page)
{
	const AcJson *links = ac_json_get(page, "links");

	for (int i = 0; i < ac_json_length(links); i++)
	{
		const AcJson *link = ac_json_at(links, i);
		const char *rel = ac_json_get_string(link, "rel");
		const char *href = ac_json_get_string(link, "href");
		const char *type = ac_json_get_string(link, "type");

		for (size_t r = 0; r < lengthof(description_rels); r++)
			if (has_token(rel, description_rels[r]))
				add_pointer(pointing, AC_TARGET_ANY, href,
							psprintf("through <link rel=%s> of",
									 description_rels[r]));
		if (has_token(rel, "alternate") && type != NULL &&
			(strstr(type, "openapi") != NULL || strstr(type, "swagger") != NULL))
			add_pointer(pointing, AC_TARGET_ANY, href,
						"through <link rel=alternate> of");
		if (has_token(rel, "refresh"))
			add_pointer(pointing, AC_TARGET_ANY, href, "named by");
		if (has_token(rel, "service-doc"))
			add_documentation(pointing, href, "through <link rel=service-doc> of");
	}
}

/* Text in lower case, of at most len - 1 bytes. */
static const char *
lower(const char *text, char *out, size_t len)
{
	size_t n = 0;

	for (; text != NULL && text[n] != '\0' && n < len - 1; n++)
		out[n] = pg_ascii_tolower((unsigned char) text[n]);
	out[n] = '\0';
	return out;
}

/* Does an anchor's text promise documentation of an API? */
static bool
promises_documentation(const AcJson *anchor)
{
	static const char *const words[] = {
		"api doc", "documentation", "api reference", "rest api", "http api",
		"developer", "reference"};
	char text[128];

	lower(ac_json_get_string(anchor, "text"), text, sizeof(text));
	for (size_t i = 0; i < lengthof(words); i++)
		if (strstr(text, words[i]) != NULL)
			return true;
	return strcmp(text, "api") == 0 || strcmp(text, "docs") == 0;
}

/* <a> elements that lead to documentation on this origin. */
static void
add_anchors(AcPointing *pointing, const AcJson *page)
{
	const AcJson *anchors = ac_json_get(page, "anchors");
	int n = Min(ac_json_length(anchors), MAX_ANCHORS);

	for (int i = 0; i < n; i++)
	{
		const AcJson *anchor = ac_json_at(anchors, i);
		const char *href = ac_json_get_string(anchor, "href");
		AcUrl url;

		if (promises_documentation(anchor) && href != NULL &&
			ac_url_resolve(&pointing->base, href, &url, NULL) &&
			ac_url_same_origin(&url, &pointing->base))
			add_documentation(pointing, href, "through a link of");
	}
}

/* What a page points to. */
static void
add_page(AcPointing *pointing, const AcJson *page)
{
	const char *base = ac_json_get_string(page, "base");
	AcUrl url;

	if (base != NULL && ac_url_resolve(&pointing->base, base, &url, NULL))
		pointing->base = url;
	add_page_links(pointing, page);
	add_anchors(pointing, page);
}

/*
 * How a console names a document: the user shall know of the others.  Where
 * it is configured is none of them.
 */
static const char *
how_named(const AcConsole *console)
{
	int documents = 0;

	for (int i = 0; i < console->n_urls; i++)
		documents += strstr(console->urls[i], "config") == NULL;
	return documents > 1 ? psprintf("as one of %d named by", documents)
						 : "named by";
}

/* What a console names: first its URLs, then the scripts that may name more. */
static void
add_console(AcPointing *pointing, const AcConsole *console)
{
	MemoryContext old;

	for (int i = 0; i < console->n_urls; i++)
		add_pointer(pointing, AC_TARGET_ANY, console->urls[i],
					how_named(console));
	for (int i = 0; i < console->n_scripts; i++)
	{
		int before = list_length(pointing->targets);

		add_pointer(pointing, AC_TARGET_SCRIPT, console->scripts[i],
					"named by");
		if (list_length(pointing->targets) == before)
			continue;
		old = MemoryContextSwitchTo(pointing->search->cxt);
		((AcTarget *) llast(pointing->targets))->page = pstrdup(pointing->page);
		MemoryContextSwitchTo(old);
	}
}

List *
ac_search_pointers(AcSearch *search, const AcFetch *fetch, const AcJson *doc,
				   const AcConsole *console)
{
	AcPointing pointing = {.search = search};

	if (fetch->url == NULL || !ac_url_parse(fetch->url, &pointing.base, NULL))
		return NIL;
	pointing.page = fetch->url;
	pointing.shown = ac_search_shown_url(search, fetch->url);
	add_link_headers(&pointing, fetch);
	if (ac_json_has(doc, "linkset"))
		add_linkset(&pointing, doc);
	if (ac_json_has(doc, "html"))
		add_page(&pointing, ac_json_get(doc, "html"));
	else if (doc != NULL)
		add_body(&pointing, doc);
	add_console(&pointing, console);
	return pointing.targets;
}
