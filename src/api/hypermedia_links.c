/*
 * hypermedia_links.c
 *		Which links does a document have, and is it an index of them?
 *		See hypermedia_links.h.
 *
 * HAL: draft-kelly-json-hal; JSON:API 1.1 "links"; Siren; Collection+JSON;
 * OData's service document; and objects without a format whose values are
 * URLs or paths.  What tells an index from a thing with links is that it has
 * nothing else: no id, no dates, no rows, no numbers.
 */
#include "ac.h"

#include "api/endpoints.h"
#include "api/hypermedia_links.h"
#include "api/names.h"
#include "core/pointer.h"

/* Members of an element of a list of links; rows have more. */
#define MAX_LINK_MEMBERS 10

/* Relations of one link that are looked at. */
#define MAX_RELATIONS 5

/* Members that are no links, after which it is a thing or a map. */
#define MAX_OTHERS 200

/* Longest link; templates with all their parameters have some 500 bytes. */
#define MAX_TARGET 2000

/* Texts longer than this with spaces are hints for people. */
#define HINT_LENGTH 12

/* Links that lead to no collection. */
static const char *const ignored[] = {
	"self", "profile", "next", "prev", "previous", "first", "last", "up",
	"start", "current", "curies", "help", "describedby", "service",
	"servicedoc", "servicedesc", "documentation", "docs", "doc", "apidocs",
	"documentationurl", "html", "htmlurl", "homepage", "home", "website",
	"web", "avatar", "avatarurl", "icon", "logo", "image", "thumbnail",
	"photo", "terms", "termsofservice", "privacy", "license", "swagger",
	"openapi", "alternate", "canonical", "index", "edit", "login", "logout",
	"signin", "signup", "register", "author", "about", "contact", "support",
	"conformance", "favicon", "redirect", "location", "callback", "url",
	"href", "link", "uri", "apidocumentation", "schema", "odatacontext", NULL};

/* Those of them that name collections where the path is their plural. */
static const char *const nouns[] = {
	"author", "image", "photo", "license", "location", "contact", "icon",
	"thumbnail", "schema", "service", NULL};

/* Members that say something of the API, whatever they hold. */
static const char *const about_api[] = {
	"version", "name", "title", "description", "status", "message", "welcome",
	"hello", "api", "apiversion", "documentation", "docs", "help", "meta",
	"info", "context", "type", "jsonapi", "class", "kind", "environment", "env",
	"author", "contact", "license", "language", "build", "commit", "revision",
	"hint", "conformsto", "stacversion", "odatacontext", "server", "service",
	"application", "app", "ok", "success", "serverversion", "rel", "copyright",
	"method", "actions", "templates", "links", "stacextensions", NULL};

/* Lists of what can be done with an index (Siren 1.0 "actions"). */
static const char *const forms[] = {"actions", NULL};

/* Members that only a thing has. */
static const char *const identities[] = {
	"id", "uuid", "guid", "login", "slug", "sku", "email", "username",
	"createdat", "updatedat", "created", "modified", "nodeid", "etag", NULL};

/* Members whose value is a list or an object of links. */
static const char *const containers[] = {
	"links", "resources", "endpoints", "apis", "routes", "services",
	"collections", "paths", "urls", "entities", "queries", "data", NULL};

/* Members of a link's object that hold its target, and its name. */
static const char *const target_names[] = {"href", "url", "uri", "path",
										   "link", "endpoint", "hrefTemplate", NULL};
static const char *const name_names[] = {"rel", "name", "title", "resource",
										 "id", "key", NULL};

/* The first member of these names, NULL if there is none. */
static const AcJson *
first_of(const AcJson *object, const char *const *names)
{
	int i;

	for (i = 0; names[i] != NULL; i++)
		if (ac_json_has(object, names[i]))
			return ac_json_get(object, names[i]);
	return NULL;
}

/* "http://h/rels/users", "ht:users", "users_url": each "users". */
static char *
clean_name(const char *name)
{
	static const char *const endings[] = {"_url", "_uri", "_href", "_link",
										  "_endpoint", "_urls"};
	const char *last = strrchr(name, '/');
	char *snake;
	int i;

	if (last != NULL && last[1] != '\0')
		name = last + 1;
	if (strrchr(name, ':') != NULL && strrchr(name, ':')[1] != '\0')
		name = strrchr(name, ':') + 1;
	snake = ac_names_snake(name);
	for (i = 0; i < (int) lengthof(endings); i++)
	{
		size_t len = strlen(snake);
		size_t ending = strlen(endings[i]);

		if (len > ending && strcmp(snake + len - ending, endings[i]) == 0)
			snake[len - ending] = '\0';
	}
	return snake;
}

/* Pictures, pages and the like: no answer with rows. */
static bool
is_file(const char *target)
{
	static const char *const endings[] = {
		".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".css", ".js",
		".html", ".htm", ".pdf", ".xml", ".txt", ".md", ".zip", ".mp3", ".mp4",
		".woff", ".yaml", ".yml"};
	size_t len = strcspn(target, "?#{");
	int i;

	for (i = 0; i < (int) lengthof(endings); i++)
	{
		size_t ending = strlen(endings[i]);

		if (len > ending &&
			pg_strncasecmp(target + len - ending, endings[i], ending) == 0)
			return true;
	}
	return false;
}

/* Where the path of a target begins; NULL if it is no absolute URL. */
static const char *
path_of(const char *target)
{
	const char *host;

	if (pg_strncasecmp(target, "http://", 7) == 0)
		host = target + 7;
	else if (pg_strncasecmp(target, "https://", 8) == 0)
		host = target + 8;
	else
		return NULL;
	return host + strcspn(host, "/?#{");
}

/* A URL or a path, by its looks: what a text without a format may be. */
static bool
looks_like_link(const char *text)
{
	const char *path = path_of(text);
	const char *at;

	if (path == NULL && (text[0] != '/' || text[1] == '/'))
		return false;
	for (at = text; *at != '\0'; at++)
		if ((unsigned char) *at <= ' ' || at - text > MAX_TARGET)
			return false;
	return true;
}

/* The last segment of a target's path; palloc'd. */
static char *
last_segment(const char *target)
{
	size_t len = strcspn(target, "?#{");
	size_t start;

	while (len > 0 && target[len - 1] == '/')
		len--;
	for (start = len; start > 0 && target[start - 1] != '/'; start--)
		;
	return pnstrdup(target + start, len - start);
}

/* One link alone must be named like the path that it leads to. */
static bool
is_named_alike(const AcHyperLink *link)
{
	return link->name[0] != '\0' &&
		   ac_names_alike(link->name, last_segment(link->target));
}

/* Does the link lead to no collection, by its name? */
static bool
is_ignored(const AcHyperLink *link)
{
	if (!ac_names_in(link->name, ignored))
		return false;
	return !ac_names_in(link->name, nouns) || !is_named_alike(link) ||
		   ac_names_equal(link->name, last_segment(link->target));
}

static void
add_link(AcHyperLinks *list, const AcHyperLink *link, bool structured)
{
	const char *path = path_of(link->target);

	if (strcmp(link->name, "self") == 0)
		list->self = link->target;
	if (strlen(link->target) > MAX_TARGET || is_file(link->target) ||
		is_ignored(link))
		return;
	/* a host alone is no collection */
	if (path != NULL && (path[0] == '\0' || path[1] == '\0'))
		return;
	if (list->n >= AC_HYPERMEDIA_MAX_LINKS)
		return;
	if (list->n == list->capacity)
	{
		list->capacity = list->capacity * 2 + 16;
		list->links = list->links == NULL
						  ? palloc(list->capacity * sizeof(AcHyperLink))
						  : repalloc(list->links, list->capacity * sizeof(AcHyperLink));
	}
	list->links[list->n++] = *link;
	list->structured += structured;
}

/* A link's name may be a list of relations, of which the first telling counts. */
static const char *
name_text(const AcJson *value)
{
	int i;

	if (ac_json_kind(value) != AC_JSON_ARRAY)
		return ac_json_string(value, NULL);
	for (i = 0; i < Min(ac_json_length(value), MAX_RELATIONS); i++)
	{
		const char *text = ac_json_string(ac_json_at(value, i), NULL);

		if (text != NULL && !ac_names_in(clean_name(text), ignored))
			return text;
	}
	return ac_json_string(ac_json_at(value, 0), NULL);
}

/* Is another method than GET the only one? */
static bool
is_other_method(const AcJson *object)
{
	const char *method = ac_json_get_string(object, "method");

	return method != NULL && pg_strcasecmp(method, "GET") != 0;
}

/*
 * An object that is one link; name NULL: the object has it.  False if it has
 * no target.
 */
static bool
add_link_object(AcHyperLinks *list, const AcJson *object, const char *name,
				const char *source)
{
	AcHyperLink link = {0};

	link.target = ac_json_string(first_of(object, target_names), NULL);
	if (link.target == NULL)
		link.target = ac_json_get_string(ac_json_get(object, "links"), "self");
	if (link.target == NULL)
		return false;
	if (is_other_method(object))
		return true;
	if (name == NULL)
		name = name_text(first_of(object, name_names));
	link.name = name == NULL ? "" : clean_name(name);
	link.title = ac_json_get_string(object, "title");
	if (link.title == NULL)
		link.title = ac_json_get_string(object, "prompt");
	link.source = source;
	link.queries = ac_json_get(object, "data");
	add_link(list, &link, true);
	return true;
}

static int
count_members(const AcJson *object)
{
	AcJsonIter it;
	int n = 0;

	ac_json_iter_init(&it, object);
	while (n <= MAX_LINK_MEMBERS && ac_json_iter_next(&it))
		n++;
	return n;
}

/* A list of links; one whose elements are none is a list of rows. */
static void
collect_list(AcHyperLinks *list, const AcJson *array, const char *source)
{
	int i;

	for (i = 0; i < ac_json_length(array) && list->n < AC_HYPERMEDIA_MAX_LINKS; i++)
	{
		const AcJson *element = ac_json_at(array, i);
		const char *text = ac_json_string(element, NULL);
		char *pointer = ac_pointer_child_index(source, i);
		AcHyperLink link = {"", text, NULL, pointer, NULL};

		if (text != NULL && looks_like_link(text))
			add_link(list, &link, true);
		else if (count_members(element) > MAX_LINK_MEMBERS ||
				 ac_json_has(element, "attributes") ||
				 !add_link_object(list, element, NULL, pointer))
		{
			list->thing = list->thing || text == NULL;
			list->others++;
		}
		if (list->thing)
			return;
	}
}

/* Members that are links: {"users": "/users", "orders": {"href": ...}}. */
static void
collect_object(AcHyperLinks *list, const AcJson *object, const char *source)
{
	AcJsonIter it;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it) && list->n < AC_HYPERMEDIA_MAX_LINKS)
	{
		const char *text = ac_json_string(it.value, NULL);
		char *pointer = ac_pointer_child(source, it.key);
		AcHyperLink link = {NULL, text, NULL, pointer, NULL};

		if (text != NULL)
		{
			link.name = clean_name(it.key);
			add_link(list, &link, true);
		}
		else if (ac_json_kind(it.value) == AC_JSON_ARRAY)
			add_link_object(list, ac_json_at(it.value, 0), it.key,
							ac_pointer_child_index(pointer, 0));
		else
			add_link_object(list, it.value, it.key, pointer);
	}
}

static void
collect_container(AcHyperLinks *list, const AcJson *value, const char *source)
{
	if (ac_json_kind(value) == AC_JSON_ARRAY)
		collect_list(list, value, source);
	else
		collect_object(list, value, source);
}

/* Collection+JSON: a collection without items is a place to go on from. */
static bool
collect_collection_json(AcHyperLinks *list, const AcJson *doc)
{
	const AcJson *collection = ac_json_get(doc, "collection");

	if (ac_json_get_string(collection, "href") == NULL ||
		!ac_json_has(collection, "version"))
		return false;
	list->thing = ac_json_length(ac_json_get(collection, "items")) > 0;
	collect_container(list, ac_json_get(collection, "links"), "/collection/links");
	collect_container(list, ac_json_get(collection, "queries"), "/collection/queries");
	return true;
}

/* {"v1": {"users": "/v1/users", ...}}: an object of nothing but links. */
static bool
is_all_links(const AcJson *object)
{
	AcJsonIter it;
	int n = 0;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it))
	{
		const char *text = ac_json_string(it.value, NULL);

		if (text == NULL)
			text = ac_json_get_string(it.value, "href");
		if (text == NULL || !looks_like_link(text) || n++ > AC_HYPERMEDIA_MAX_LINKS)
			return false;
	}
	return n > 0;
}

/* What a member that is no link weighs against an index. */
static double
weight(const char *name, const AcJson *value)
{
	const char *text = ac_json_string(value, NULL);

	switch (ac_json_kind(value))
	{
		case AC_JSON_NULL:
			return 0;
		case AC_JSON_STRING:
			if (ac_names_in(name, about_api) || ac_names_in(name, ignored))
				return 0;
			return strlen(text) > HINT_LENGTH && strchr(text, ' ') != NULL ? 0 : 0.5;
		default:
			return ac_names_in(name, about_api) || ac_names_in(name, ignored) ? 0 : 1;
	}
}

/* A member that is no link. */
static void
collect_other(AcHyperLinks *list, const AcJsonIter *it)
{
	AcJsonKind kind = ac_json_kind(it->value);

	if ((kind == AC_JSON_STRING || kind == AC_JSON_INT) &&
		ac_names_in(it->key, identities))
		list->thing = true;
	else if (ac_json_kind(ac_json_at(it->value, 0)) == AC_JSON_OBJECT &&
			 !ac_names_in(it->key, forms))
		list->thing = true;
	else
		list->others += weight(it->key, it->value);
	if (++list->n_others > MAX_OTHERS)
		list->thing = true;
}

/* A member that may be links, or speaks against them. */
static void
collect_member(AcHyperLinks *list, const AcJsonIter *it)
{
	const char *text = ac_json_string(it->value, NULL);

	if (text != NULL && looks_like_link(text))
	{
		AcHyperLink link = {clean_name(it->key), text, NULL,
							ac_pointer_child("", it->key), NULL};

		add_link(list, &link, false);
	}
	else if (ac_json_get_string(it->value, "href") != NULL)
		add_link_object(list, it->value, it->key, ac_pointer_child("", it->key));
	else if (is_all_links(it->value))
		collect_object(list, it->value, ac_pointer_child("", it->key));
	else
		collect_other(list, it);
}

/* OData's service document says so, and its URLs are relative to itself. */
static bool
is_odata_list(const AcJson *doc, const char *key)
{
	return strcmp(key, "value") == 0 && ac_json_has(doc, "@odata.context") &&
		   ac_json_has(ac_json_at(ac_json_get(doc, "value"), 0), "url");
}

/* A STAC catalog is an index although it has an id. */
static bool
may_have_id(const AcJson *doc)
{
	const char *type = ac_json_get_string(doc, "type");

	return type != NULL && strcmp(type, "Catalog") == 0 &&
		   ac_json_has(doc, "stac_version");
}

static bool
is_embedding(const AcJsonIter *it)
{
	return strcmp(it->key, "_embedded") == 0 && count_members(it->value) > 0;
}

void
ac_hypermedia_collect(const AcJson *doc, AcHyperLinks *list)
{
	AcJsonIter it;

	memset(list, 0, sizeof(*list));
	if (collect_collection_json(list, doc))
		return;
	ac_json_iter_init(&it, doc);
	while (ac_json_iter_next(&it) && !list->thing &&
		   list->n < AC_HYPERMEDIA_MAX_LINKS)
	{
		AcJsonKind kind = ac_json_kind(it.value);

		/* JSON-LD's words for the document itself */
		if (it.key[0] == '@')
			continue;
		if (is_embedding(&it))
			list->thing = true;
		else if ((kind == AC_JSON_ARRAY || kind == AC_JSON_OBJECT) &&
				 (ac_names_in(it.key, containers) || is_odata_list(doc, it.key)) &&
				 ac_json_get_string(it.value, "href") == NULL)
			collect_container(list, it.value, ac_pointer_child("", it.key));
		else if (!(strcmp(it.key, "id") == 0 && may_have_id(doc)))
			collect_member(list, &it);
	}
}

/* Does the path of a target name one thing, /users/17/orders? */
static bool
has_id(const char *target)
{
	const char *path = path_of(target);

	path = path == NULL ? target : path;
	while (*path != '\0' && strchr("?#{", *path) == NULL)
	{
		size_t len = strcspn(path, "/?#{");

		if (len > 0 && ac_endpoints_segment_is_id(path, len))
			return true;
		path += len;
		if (*path == '/')
			path++;
	}
	return false;
}

/* Do most of the absolute URLs lead to one host? */
static bool
is_one_place(const AcHyperLinks *list)
{
	const char *first = NULL;
	size_t len = 0;
	int absolute = 0;
	int same = 0;
	int i;

	for (i = 0; i < list->n; i++)
	{
		const char *target = list->links[i].target;
		const char *path = path_of(target);

		if (path == NULL)
			continue;
		absolute++;
		if (first == NULL)
		{
			first = target;
			len = path - target;
		}
		same += (size_t) (path - target) == len && strncmp(first, target, len) == 0;
	}
	return same * 2 > absolute || absolute == 0;
}

bool
ac_hypermedia_is_index(const AcHyperLinks *list)
{
	int ids = 0;
	int i;

	if (list->thing || list->n == 0 || !is_one_place(list) ||
		(list->self != NULL && has_id(list->self)))
		return false;
	for (i = 0; i < list->n; i++)
		ids += has_id(list->links[i].target);
	if (ids * 2 > list->n)
		return false;
	if (list->n == 1)
		return list->others < 1 &&
			   (list->structured > 0 || is_named_alike(&list->links[0]));
	return list->n >= 2 * list->others;
}
