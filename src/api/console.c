/*
 * console.c
 *		Where does the page of an API console have its description?
 *
 * See console.h.  Evidence in the order of its strength: the page's own query
 * ("?url="), links with a relation made for it, attributes of the console's
 * element, literals of its scripts, links to files of a telling name, and the
 * places that a framework always uses.
 */
#include "ac.h"

#include "api/console.h"
#include "api/consolejs.h"
#include "core/url.h"

/* Anchors looked at for links to descriptions. */
#define CONSOLE_MAX_ANCHORS 5000

/* Bytes of a script in which it tells its kind; more is the description. */
#define CONSOLE_MAX_LOOK (256 * 1024)

typedef struct Page
{
	AcConsole *console;
	AcUrl base; /* what relative references of the page are relative to */
	AcUrl url;	/* of the page */
} Page;

/* Does the text, as far as it is looked at, hold this (lower case)? */
static bool
has(const char *text, const char *what)
{
	size_t len = strlen(what);
	int i;

	for (i = 0; text != NULL && text[i] != '\0' && i < CONSOLE_MAX_LOOK; i++)
		if ((text[i] | 0x20) == (what[0] | 0x20) &&
			pg_strncasecmp(text + i, what, len) == 0)
			return true;
	return false;
}

static bool
has_any(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (has(text, *words))
			return true;
	return false;
}

/* Adds a text to a list of at most max, each once. */
static void
add_once(const char **list, int *n, int max, const char *text)
{
	int i;

	for (i = 0; i < *n; i++)
		if (strcmp(list[i], text) == 0)
			return;
	if (*n < max)
		list[(*n)++] = text;
}

/* A console that names its own page would load nothing. */
static void
add_url(void *arg, const char *reference)
{
	Page *page = arg;
	AcUrl own = page->url;
	const char *url = ac_url_resolve_document(&page->base, reference);

	own.fragment = NULL;
	if (url != NULL && strcmp(url, ac_url_text(&own)) != 0)
		add_once(page->console->urls, &page->console->n_urls,
				 AC_CONSOLE_MAX_URLS, url);
}

static void
add_text(void *arg, const char *text)
{
	AcConsole *console = ((Page *) arg)->console;

	add_once(console->texts, &console->n_texts, AC_CONSOLE_MAX_TEXTS, text);
}

static bool
open_page(Page *page, AcConsole *console, const AcJson *html, const char *url)
{
	const char *base = ac_json_get_string(html, "base");

	page->console = console;
	if (url == NULL || !ac_url_parse(url, &page->url, NULL))
		return false;
	page->base = page->url;
	if (base != NULL && !ac_url_resolve(&page->url, base, &page->base, NULL))
		page->base = page->url;
	return true;
}

static int
count(const AcConsole *console)
{
	return console->n_urls + console->n_scripts + console->n_texts;
}

/* Scripts. */

static void
read_code(Page *page, AcSlice script)
{
	AcConsoleJsSink sink = {add_url, add_text, page,
							page->console->interrupted};

	ac_consolejs_read(script, &sink);
}

/* Words that scripts of consoles have and others have not. */
static bool
is_console_code(const char *text)
{
	static const char *const words[] = {"swagger", "redoc", "createapireference",
										"openapi", "rapidoc", "api-reference", "rapi-doc", "elements-api", "loadspec", NULL};

	return has_any(text, words);
}

/* A description that stands in a script as it is. */
static bool
is_data(const char *type)
{
	return has(type, "json") || has(type, "yaml");
}

static void
read_inline(Page *page, const AcJson *script)
{
	const char *type = ac_json_get_string(script, "type");
	size_t len = 0;
	const char *text = ac_json_string(ac_json_get(script, "text"), &len);

	if (text == NULL || !is_console_code(text) || strlen(text) != len)
		return;
	if (is_data(type) && has(type, "yaml"))
		add_text(page, text);
	else
		read_code(page, (AcSlice){text, len});
}

static const char *
file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* 0: not worth loading; else the more the better. */
static int
script_score(const char *path)
{
	static const char *const best[] = {"swagger-initializer", "swagger-ui-init",
									   "swagger-init", "swagger-spec", "swagger-config", "openapi-spec", NULL};
	static const char *const vendors[] = {"jquery", "bootstrap", "bundle", "vendor",
										  "polyfill", "react", "vue", "angular", "preset", "swagger-ui.js",
										  "swagger-ui.min", "swagger-ui-es", ".min.", "chunk", "runtime", "gtag",
										  "analytics", "highlight", "prism", "handlebars", "lodash", "underscore",
										  "backbone", "marked", "jsoneditor", "standalone", "webcomponents",
										  "modernizr", "insights", "csrf", NULL};
	static const char *const good[] = {"init", "config", "spec", "swagger", "redoc",
									   "scalar", "docs", "openapi", "api", NULL};
	const char *name = file_name(path);

	if (has_any(name, best))
		return 3;
	if (has_any(name, vendors) || has(path, "/node_modules/") || has(path, "@"))
		return 0;
	if (has_any(name, good))
		return 2;
	return pg_strcasecmp(name, "index.js") == 0 || pg_strcasecmp(name, "main.js") == 0;
}

static void
add_script(Page *page, const char *url)
{
	AcConsole *console = page->console;
	int i;

	for (i = 0; i < console->n_scripts; i++)
		if (strcmp(console->scripts[i], url) == 0)
			return;
	if (console->n_scripts < AC_CONSOLE_MAX_SCRIPTS)
		console->scripts[console->n_scripts++] = url;
}

/* Scripts of the page's own origin with at least that score. */
static void
choose_scripts(Page *page, const AcJson *scripts, int score)
{
	int i;

	for (i = 0; i < ac_json_length(scripts); i++)
	{
		const char *src = ac_json_get_string(ac_json_at(scripts, i), "src");
		AcUrl url;

		if (src == NULL || !ac_url_resolve(&page->base, src, &url, NULL) ||
			!ac_url_same_origin(&url, &page->url) || script_score(url.path) != score)
			continue;
		url.fragment = NULL;
		add_script(page, ac_url_text(&url));
	}
}

static bool
loads(const AcJson *scripts, const char *what)
{
	int i;

	for (i = 0; i < ac_json_length(scripts); i++)
		if (has(ac_json_get_string(ac_json_at(scripts, i), "src"), what))
			return true;
	return false;
}

/* Links and elements. */

static bool
is_description_name(const char *reference)
{
	static const char *const names[] = {"openapi.json", "openapi.yaml", "openapi.yml",
										"swagger.json", "swagger.yaml", "swagger.yml", "/v3/api-docs", "/v2/api-docs",
										"/api-docs.json", "openapi3.json", "openapi3.yaml", "/api-json", NULL};

	return has_any(reference, names);
}

static void
read_links(Page *page, const AcJson *links)
{
	int i;

	for (i = 0; i < ac_json_length(links); i++)
	{
		const AcJson *link = ac_json_at(links, i);
		const char *rel = ac_json_get_string(link, "rel");
		const char *type = ac_json_get_string(link, "type");

		if (has(rel, "service-desc") || has(rel, "describedby") ||
			has(rel, "api-catalog") || has(type, "openapi"))
			add_url(page, ac_json_get_string(link, "href"));
	}
}

static void
read_attribute(Page *page, const char *element_id, const char *name, const char *value)
{
	static const char *const urls[] = {"spec-url", "apidescriptionurl", "data-spec-url",
									   "swagger-url", "openapi-url", "data-openapi", NULL};
	static const char *const texts[] = {"apidescriptiondocument", "data-configuration",
										"spec", "data-spec", NULL};
	int i;

	for (i = 0; urls[i] != NULL; i++)
		if (strcmp(name, urls[i]) == 0)
			add_url(page, value);
	/* Many a page has a "data-url" of something else. */
	if (strcmp(name, "data-url") == 0 &&
		(has(element_id, "api-reference") || is_description_name(value)))
		add_url(page, value);
	for (i = 0; texts[i] != NULL; i++)
		if (strcmp(name, texts[i]) == 0 && is_console_code(value))
		{
			if (strncmp(value, "openapi:", 8) == 0 || strncmp(value, "swagger:", 8) == 0)
				add_text(page, value);
			else
				read_code(page, (AcSlice){value, strlen(value)});
		}
	if (strcmp(name, "data-configuration") == 0)
		read_code(page, (AcSlice){value, strlen(value)});
}

static void
read_elements(Page *page, const AcJson *elements)
{
	int i;

	for (i = 0; i < ac_json_length(elements); i++)
	{
		const AcJson *element = ac_json_at(elements, i);
		AcJsonIter it;

		ac_json_iter_init(&it, ac_json_get(element, "attributes"));
		while (ac_json_iter_next(&it))
		{
			const char *value = ac_json_string(it.value, NULL);

			if (value != NULL)
				read_attribute(page, ac_json_get_string(element, "id"), it.key, value);
		}
	}
}

/* "OpenAPI specification", where it leads to a file of data. */
static bool
promises_description(const AcJson *anchor, const char *href)
{
	static const char *const words[] = {"openapi", "swagger", "api spec", NULL};
	static const char *const files[] = {".json", ".yaml", ".yml", NULL};

	return has_any(ac_json_get_string(anchor, "text"), words) && has_any(href, files);
}

/* Anchors that say so, and files that can be nothing else. */
static void
read_anchors(Page *page, const AcJson *anchors)
{
	int n = Min(ac_json_length(anchors), CONSOLE_MAX_ANCHORS);
	int i;

	for (i = 0; i < n; i++)
	{
		const AcJson *anchor = ac_json_at(anchors, i);
		const char *href = ac_json_get_string(anchor, "href");

		if (is_description_name(href) || promises_description(anchor, href))
			add_url(page, href);
	}
}

/* Where frameworks keep it, relative to their page. */
static void
add_framework_places(Page *page, const AcJson *scripts)
{
	if (loads(scripts, "springfox"))
	{
		add_url(page, "swagger-resources");
		add_url(page, "../swagger-resources");
	}
	if (loads(scripts, "drf-yasg"))
		add_url(page, "?format=openapi");
}

/* "index.html?url=/openapi.json" */
static void
read_query(Page *page)
{
	static const char *const names[] = {"configUrl", "url", "spec", "specUrl"};
	int i;

	for (i = 0; page->url.query != NULL && i < (int) lengthof(names); i++)
		add_url(page, ac_url_get_query(page->url.query, names[i]));
}

/* Does anything of the page say that it is a console? */
static bool
is_console(const AcJson *html)
{
	static const char *const words[] = {"swagger", "redoc", "scalar", "rapidoc",
										"stoplight", "openapi", NULL};
	const AcJson *scripts = ac_json_get(html, "scripts");
	int i;

	for (i = 0; i < ac_json_length(scripts); i++)
	{
		const AcJson *script = ac_json_at(scripts, i);

		if (has_any(ac_json_get_string(script, "src"), words) ||
			is_console_code(ac_json_get_string(script, "text")))
			return true;
	}
	return has_any(ac_json_get_string(html, "title"), words) ||
		   ac_json_length(ac_json_get(html, "elements")) > 0;
}

bool
ac_console_read_page(AcConsole *console, const AcJson *doc, const char *url)
{
	const AcJson *html = ac_json_get(doc, "html");
	const AcJson *scripts = ac_json_get(html, "scripts");
	int before = count(console);
	Page page;
	int i;

	if (html == NULL || !open_page(&page, console, html, url))
		return false;
	read_links(&page, ac_json_get(html, "links"));
	if (is_console(html))
	{
		read_query(&page);
		read_elements(&page, ac_json_get(html, "elements"));
		for (i = 0; i < ac_json_length(scripts); i++)
			read_inline(&page, ac_json_at(scripts, i));
		for (i = 3; i > 0; i--)
			choose_scripts(&page, scripts, i);
	}
	read_anchors(&page, ac_json_get(html, "anchors"));
	add_framework_places(&page, scripts);
	return count(console) > before;
}

bool
ac_console_read_script(AcConsole *console, AcSlice script, const char *page_url)
{
	int before = count(console);
	Page page;

	if (!open_page(&page, console, NULL, page_url))
		return false;
	read_code(&page, script);
	return count(console) > before;
}

/* One entry of a list: {"url": ..., "name": ...}, {"location": ...}. */
static void
add_entry(Page *page, const AcJson *entry)
{
	const char *url = ac_json_get_string(entry, "url");

	if (url == NULL)
		url = ac_json_get_string(entry, "location");
	add_url(page, url);
}

bool
ac_console_read_config(AcConsole *console, const AcJson *doc, const char *url)
{
	const AcJson *list = ac_json_kind(doc) == AC_JSON_ARRAY ? doc : ac_json_get(doc, "urls");
	bool resources = ac_json_has(ac_json_at(doc, 0), "swaggerVersion") ||
					 ac_json_has(ac_json_at(doc, 0), "location");
	int before = count(console);
	Page page;
	int i;

	if (ac_json_has(doc, "openapi") || ac_json_has(doc, "swagger") ||
		!open_page(&page, console, NULL, url))
		return false;
	if (!resources && !ac_json_has(doc, "configUrl") && !ac_json_has(doc, "urls") &&
		!ac_json_has(doc, "oauth2RedirectUrl"))
		return false;
	for (i = 0; i < ac_json_length(list); i++)
		add_entry(&page, ac_json_at(list, i));
	add_entry(&page, doc);
	return count(console) > before;
}
