/*
 * wordpress.c
 *		What does a WordPress site's index of routes offer?
 *
 * The index ("/wp-json/") lists routes as regular expressions with their
 * methods and arguments; schemas of the answers stand in the same index asked
 * with context=help, and in the answer to OPTIONS of a route.  Both are JSON
 * Schema draft 4 with additions, and are handed to the OpenAPI reader as what
 * they mean: a field without "view" among its contexts is not sent, and a
 * "date-time" has no offset, whatever the format says.
 *
 * A route with paging arguments answers with an array, one that ends in a
 * variable with one object; of any other a sample decides.
 */
#include "ac.h"

#include "api/builtspec.h"
#include "api/tableplan_path.h"
#include "api/wordpress.h"
#include "core/pointer.h"
#include "core/text.h"
#include "core/url.h"

/*
 * Routes asked for their schema one by one, a part of discovery's 40
 * requests; a plain site has some 25 collections.
 */
#define MAX_WISHES 24

/* Routes; a site with a hundred plugins has some 2,000. */
#define MAX_ROUTES 10000

bool
ac_wordpress_sniff(const AcJson *doc)
{
	AcJsonIter it;

	if (ac_json_kind(ac_json_get(doc, "namespaces")) != AC_JSON_ARRAY &&
		ac_json_get_string(doc, "namespace") == NULL)
		return false;
	ac_json_iter_init(&it, ac_json_get(doc, "routes"));
	return ac_json_iter_next(&it) && it.key[0] == '/' &&
		   ac_json_has(it.value, "methods");
}

/* ---- routes ---- */

/* Bytes of a group "(...)" at text, 0 if it does not end. */
static size_t
group_length(const char *text)
{
	size_t i;
	int depth = 0;
	bool in_class = false;

	for (i = 0; text[i] != '\0'; i++)
	{
		if (text[i] == '\\' && text[i + 1] != '\0')
			i++;
		else if (in_class)
			in_class = text[i] != ']';
		else if (text[i] == '[')
			in_class = true;
		else if (text[i] == '(')
			depth++;
		else if (text[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/*
 * A route as a path template: "/wp/v2/posts/(?P<id>[\d]+)" is
 * "/wp/v2/posts/{id}".  NULL if it is more of a regular expression.
 */
static char *
route_template(const char *route)
{
	StringInfoData out;

	initStringInfo(&out);
	while (*route != '\0')
	{
		if (strncmp(route, "(?P<", 4) == 0)
		{
			size_t len = strcspn(route + 4, ">");
			size_t group = group_length(route);

			if (group == 0 || len == 0 || strspn(route + 4, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != len)
				return NULL;
			appendStringInfo(&out, "{%.*s}", (int) len, route + 4);
			route += group;
			continue;
		}
		if (*route == '\\' && route[1] != '\0' && strchr("/.-", route[1]) != NULL)
			route++;
		else if (strchr("()[]{}?*+^$|\\", *route) != NULL)
			return NULL;
		appendStringInfoChar(&out, *route++);
	}
	return ac_text_keep(&out);
}

/* The arguments' part of the route that a method leads to, or NULL. */
static AcJson *
endpoint_of(const AcJson *route, const char *method)
{
	AcJson *endpoints = ac_json_get(route, "endpoints");
	int i;
	int j;

	for (i = 0; i < ac_json_length(endpoints); i++)
	{
		AcJson *endpoint = ac_json_at(endpoints, i);
		AcJson *methods = ac_json_get(endpoint, "methods");

		for (j = 0; j < ac_json_length(methods); j++)
		{
			const char *text = ac_json_string(ac_json_at(methods, j), NULL);

			if (text != NULL && strcmp(text, method) == 0)
				return endpoint;
		}
	}
	return NULL;
}

static bool
is_paged(const AcJson *route)
{
	AcJson *args = ac_json_get(endpoint_of(route, "GET"), "args");

	return ac_json_has(args, "per_page") ||
		   (ac_json_has(args, "page") && ac_json_has(args, "offset"));
}

/* ---- where the routes stand ---- */

/* The URL that a route says to stand at, NULL if it says none. */
static const char *
self_of(const AcJson *route)
{
	AcJson *self = ac_json_get(ac_json_get(route, "_links"), "self");

	if (ac_json_string(self, NULL) != NULL)
		return ac_json_string(self, NULL);
	return ac_json_get_string(ac_json_at(self, 0), "href");
}

/* The base that the routes' own links tell, NULL if none does. */
static char *
base_by_links(const AcJson *doc)
{
	AcJsonIter it;

	ac_json_iter_init(&it, ac_json_get(doc, "routes"));
	while (ac_json_iter_next(&it))
	{
		const char *self = self_of(it.value);
		size_t route_len = strlen(it.key);
		size_t len = self == NULL ? 0 : strlen(self);

		if (len > route_len && route_len > 1 &&
			strcmp(self + len - route_len, it.key) == 0)
			return pnstrdup(self, len - route_len);
	}
	return NULL;
}

/* The URL without the namespace that it is the index of. */
static char *
base_by_url(const AcReadInput *input)
{
	const char *space = ac_json_get_string(input->doc, "namespace");
	AcUrl url;
	char *text;
	size_t len;

	if (input->url == NULL || !ac_url_parse(input->url, &url, NULL))
		return NULL;
	if (url.query != NULL && ac_url_get_query(url.query, "rest_route") != NULL)
		return psprintf("%s?rest_route=", ac_url_origin(&url));
	url.query = url.fragment = NULL;
	text = ac_url_text(&url);
	len = strlen(text);
	while (len > 0 && text[len - 1] == '/')
		len--;
	if (space != NULL && space[0] != '\0' && len > strlen(space) &&
		strncmp(text + len - strlen(space), space, strlen(space)) == 0)
		len -= strlen(space) + 1;
	return pnstrdup(text, len);
}

/*
 * Where routes begin; never NULL.  Links that name routes by a parameter do
 * not count where the index itself was found by a path.
 */
static char *
base_of(const AcReadInput *input)
{
	char *base = base_by_links(input->doc);
	char *own = base_by_url(input);

	if (base == NULL || (own != NULL && strchr(base, '?') != NULL))
		base = own;
	return base == NULL ? pstrdup("/wp-json") : base;
}

/* ---- schemas ---- */

/* Is the field sent to who only looks? */
static bool
is_viewed(const AcJson *schema)
{
	AcJson *contexts = ac_json_get(schema, "context");
	int i;

	if (ac_json_length(contexts) == 0)
		return true;
	for (i = 0; i < ac_json_length(contexts); i++)
	{
		const char *text = ac_json_string(ac_json_at(contexts, i), NULL);

		if (text != NULL && strcmp(text, "view") == 0)
			return true;
	}
	return false;
}

/* A type as JSON Schema knows it; plugins write PHP's and formats, too. */
static void
copy_type(AcJson *target, const AcJson *schema)
{
	static const char *const types[][2] = {
		{"bool", "boolean"}, {"int", "integer"}, {"float", "number"}, {"date-time", "string"}, {"date", "string"}, {"uri", "string"}, {"text", "string"}, {"mixed", NULL}, {"any", NULL}};
	AcJson *type = ac_json_get(schema, "type");
	const char *text = ac_json_string(type, NULL);
	const char *format = ac_json_get_string(schema, "format");
	int i;

	if (format == NULL && text != NULL &&
		(strcmp(text, "date-time") == 0 || strcmp(text, "date") == 0))
		format = text;
	if (format != NULL)
		ac_json_set_string(target, "format",
						   strcmp(format, "date-time") == 0 ? "date-time-local"
															: format);
	for (i = 0; text != NULL && i < (int) lengthof(types); i++)
	{
		if (strcmp(text, types[i][0]) != 0)
			continue;
		if (types[i][1] != NULL)
			ac_json_set_string(target, "type", types[i][1]);
		return;
	}
	if (type != NULL)
		ac_json_set(target, "type", ac_json_ref(type));
}

static AcJson *copy_schema(const AcJson *schema);

static AcJson *
copy_properties(const AcJson *properties)
{
	AcJson *copy = ac_json_new_object();
	AcJsonIter it;

	ac_json_iter_init(&it, properties);
	while (ac_json_iter_next(&it))
		if (is_viewed(it.value))
			ac_json_set(copy, it.key, copy_schema(it.value));
	return copy;
}

static AcJson *
copy_variants(const AcJson *variants)
{
	AcJson *copy = ac_json_new_array();
	int i;

	for (i = 0; i < ac_json_length(variants); i++)
		ac_json_append(copy, copy_schema(ac_json_at(variants, i)));
	return copy;
}

/* The schema as OpenAPI 3.1 would have it. */
static AcJson *
copy_schema(const AcJson *schema)
{
	static const char *const kept[] = {"description", "enum", "minimum", "maximum", "pattern", "maxLength", "multipleOf", "const", "title"};
	static const char *const variants[] = {"oneOf", "anyOf", "allOf"};
	static const char *const schemas[] = {"items", "additionalProperties"};
	AcJson *copy = ac_json_new_object();
	int i;

	copy_type(copy, schema);
	for (i = 0; i < (int) lengthof(kept); i++)
		ac_builtspec_copy(copy, kept[i], schema);
	for (i = 0; i < (int) lengthof(variants); i++)
		if (ac_json_length(ac_json_get(schema, variants[i])) > 0)
			ac_json_set(copy, variants[i], copy_variants(ac_json_get(schema, variants[i])));
	for (i = 0; i < (int) lengthof(schemas); i++)
		if (ac_json_kind(ac_json_get(schema, schemas[i])) == AC_JSON_OBJECT)
			ac_json_set(copy, schemas[i], copy_schema(ac_json_get(schema, schemas[i])));
	if (ac_json_kind(ac_json_get(schema, "properties")) == AC_JSON_OBJECT)
		ac_json_set(copy, "properties", copy_properties(ac_json_get(schema, "properties")));
	if (ac_json_bool(ac_json_get(schema, "readonly"), false))
		ac_json_set(copy, "readOnly", ac_json_new_bool(true));
	return copy;
}

/* ---- the documents beside the index ---- */

/* The index's URL with context=help; NULL if the URL is unknown. */
static char *
help_url(const AcReadInput *input)
{
	AcUrl url;

	if (input->url == NULL || !ac_url_parse(input->url, &url, NULL))
		return NULL;
	url.query = ac_url_set_query(url.query, "context", "help");
	url.fragment = NULL;
	return ac_url_text(&url);
}

/* The index asked with context=help, NULL if there is none. */
static const AcJson *
help_of(const AcReadInput *input)
{
	char *url = help_url(input);
	const AcDocument *other = url == NULL ? NULL : ac_read_other(input, "GET", url);

	return other == NULL || other->doc == NULL || !ac_wordpress_sniff(other->doc)
			   ? NULL
			   : other->doc;
}

/* The schema of a route's things, by its help or its OPTIONS; or NULL. */
static const AcJson *
schema_of(const AcReadInput *input, const char *base, const char *route)
{
	const AcJson *help = help_of(input);
	const AcJson *schema;
	const AcDocument *other;

	schema = ac_json_get(ac_json_get(ac_json_get(help, "routes"), route), "schema");
	if (schema == NULL)
	{
		other = ac_read_other(input, "OPTIONS", psprintf("%s%s", base, route));
		schema = other == NULL ? NULL : ac_json_get(other->doc, "schema");
	}
	return ac_json_kind(ac_json_get(schema, "properties")) == AC_JSON_OBJECT
			   ? schema
			   : NULL;
}

int
ac_wordpress_wishes(const AcReadInput *input, AcWish **wishes)
{
	char *help = help_url(input);
	char *base = base_of(input);
	AcJsonIter it;
	int n = 0;

	*wishes = palloc(MAX_WISHES * sizeof(AcWish));
	if (help == NULL)
		return 0;
	if (ac_read_other(input, "GET", help) == NULL)
	{
		(*wishes)[n].method = "GET";
		(*wishes)[n++].url = help;
		return n;
	}
	if (help_of(input) != NULL || strchr(base, '?') != NULL)
		return 0;
	ac_json_iter_init(&it, ac_json_get(input->doc, "routes"));
	while (ac_json_iter_next(&it) && n < MAX_WISHES)
	{
		char *url = psprintf("%s%s", base, it.key);

		if (strchr(it.key, '(') != NULL || !is_paged(it.value) ||
			ac_read_other(input, "OPTIONS", url) != NULL)
			continue;
		(*wishes)[n].method = "OPTIONS";
		(*wishes)[n++].url = url;
	}
	return n;
}

/* ---- operations ---- */

/* The route that the route's last variable picks from, NULL if none. */
static char *
collection_of(const char *route)
{
	const char *variable = NULL;
	const char *at;

	for (at = strstr(route, "/(?P<"); at != NULL; at = strstr(at + 1, "/(?P<"))
		variable = at;
	if (variable == NULL || variable == route ||
		variable[1 + group_length(variable + 1)] != '\0')
		return NULL;
	return pnstrdup(route, variable - route);
}

/* Schema of the answer to GET, NULL if a sample has to decide. */
static AcJson *
answer_of(const AcReadInput *input, const char *base, const AcJsonIter *route)
{
	const AcJson *schema = schema_of(input, base, route->key);
	char *collection = collection_of(route->key);
	AcJson *answer;

	if (collection != NULL && schema == NULL)
		schema = schema_of(input, base, collection);
	if (schema == NULL)
		return NULL;
	if (is_paged(route->value))
	{
		answer = ac_json_new_object();
		ac_json_set_string(answer, "type", "array");
		ac_json_set(answer, "items", copy_schema(schema));
		return answer;
	}
	return collection == NULL ? NULL : copy_schema(schema);
}

static AcJson *
new_parameter(const AcJsonIter *arg, bool in_path)
{
	AcJson *parameter = ac_json_new_object();
	AcJson *schema = copy_schema(arg->value);

	ac_builtspec_copy(schema, "default", arg->value);
	ac_json_set_string(parameter, "name", arg->key);
	ac_json_set_string(parameter, "in", in_path ? "path" : "query");
	ac_builtspec_copy(parameter, "description", arg->value);
	ac_json_set(parameter, "required",
				ac_json_new_bool(in_path ||
								 ac_json_bool(ac_json_get(arg->value, "required"), false)));
	if (!in_path)
		ac_json_set(parameter, "explode", ac_json_new_bool(false));
	ac_json_set(parameter, "schema", schema);
	return parameter;
}

/* A variable that no argument describes. */
static AcJson *
new_variable(const char *name)
{
	AcJson *parameter = ac_json_new_object();
	AcJson *schema = ac_json_new_object();

	ac_json_set_string(schema, "type", "string");
	ac_json_set_string(parameter, "name", name);
	ac_json_set_string(parameter, "in", "path");
	ac_json_set(parameter, "required", ac_json_new_bool(true));
	ac_json_set(parameter, "schema", schema);
	return parameter;
}

static AcJson *
new_parameters(const AcJson *args, const char *path)
{
	AcJson *parameters = ac_json_new_array();
	char **names;
	int n = ac_url_template_vars(path, &names);
	AcJsonIter it;
	int i;

	for (i = 0; i < n; i++)
		if (!ac_json_has(args, names[i]))
			ac_json_append(parameters, new_variable(names[i]));
	ac_json_iter_init(&it, args);
	while (ac_json_iter_next(&it))
	{
		for (i = 0; i < n && strcmp(names[i], it.key) != 0; i++)
			;
		ac_json_append(parameters, new_parameter(&it, i < n));
	}
	return parameters;
}

/* The first method of a route that does not read, as a path item has it. */
static char *
other_method(const AcJson *endpoint)
{
	static const char *const known[] = {"post", "put", "patch", "delete"};
	const char *method = ac_json_string(ac_json_at(ac_json_get(endpoint, "methods"), 0), NULL);
	int i;

	for (i = 0; method != NULL && i < (int) lengthof(known); i++)
		if (pg_strcasecmp(method, known[i]) == 0)
			return pstrdup(known[i]);
	return pstrdup("post");
}

static void
add_route(const AcReadInput *input, AcJson *tree, const char *base,
		  const AcJsonIter *route)
{
	char *path = route_template(route->key);
	AcJson *endpoint = endpoint_of(route->value, "GET");
	const char *space = ac_json_get_string(route->value, "namespace");
	char *source = ac_pointer_child("/routes", route->key);
	bool reads = endpoint != NULL;
	AcJson *operation;
	AcJson *tags;

	/* the indexes themselves; no name is no route */
	if (space == NULL)
		space = ac_json_get_string(input->doc, "namespace");
	if (path == NULL || path[0] == '\0' || strcmp(path, "/") == 0 ||
		(space != NULL && strcmp(path + 1, space) == 0))
		return;
	operation = ac_json_new_object();
	if (!reads)
		endpoint = ac_json_at(ac_json_get(route->value, "endpoints"), 0);
	if (space != NULL && space[0] != '\0')
	{
		tags = ac_json_new_array();
		ac_json_append(tags, ac_json_new_string(space));
		ac_json_set(operation, "tags", tags);
	}
	ac_json_set(operation, "parameters",
				new_parameters(ac_json_get(endpoint, "args"), path));
	ac_json_set(operation, "responses",
				ac_builtspec_responses(reads ? answer_of(input, base, route) : NULL));
	ac_builtspec_add(tree, path, reads ? "get" : other_method(endpoint), operation, source);
}

/* Application passwords are Basic; who only looks needs none. */
static void
add_security(AcJson *tree, const AcJson *doc)
{
	static const char text[] =
		"[{}, {\"basic\": []}]";
	static const char schemes[] =
		"{\"securitySchemes\": {\"basic\": {\"type\": \"http\", \"scheme\": \"basic\"}}}";
	AcJson *parsed = NULL;

	if (!ac_json_has(ac_json_get(doc, "authentication"), "application-passwords"))
		return;
	if (ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &parsed, NULL))
		ac_json_set(tree, "security", parsed);
	if (ac_json_parse(schemes, strlen(schemes), AC_JSON_MAX_DEPTH, &parsed, NULL))
		ac_json_set(tree, "components", parsed);
}

static void
finish(const AcReadInput *input, AcApi *api)
{
	int i;

	if (api->title == NULL)
		api->title = ac_json_get_string(input->doc, "home");
	api->description = ac_json_get_string(input->doc, "description");
	for (i = 0; i < api->n_endpoints; i++)
		api->endpoints[i].found = "route of the WordPress index";
}

/* Are the index and its help small enough? */
static bool
fits(const AcReadInput *input, AcError *err)
{
	const AcJson *help = help_of(input);
	AcJsonIter it;
	int n = 0;

	ac_json_iter_init(&it, ac_json_get(input->doc, "routes"));
	while (ac_json_iter_next(&it))
		if (n++ == MAX_ROUTES)
			return ac_error_set(err, AC_ERR_TOO_LARGE,
								"the index has more than %d routes", MAX_ROUTES);
	return ac_builtspec_fits(input, input->doc, err) &&
		   (help == NULL || ac_builtspec_fits(input, help, err));
}

bool
ac_wordpress_read(const AcReadInput *input, AcApi **api, AcError *err)
{
	AcJson *tree;
	AcJsonIter it;
	char *base;

	*api = NULL;
	if (!ac_wordpress_sniff(input->doc))
		return ac_error_set(err, AC_ERR_MALFORMED,
							"the document is no WordPress index");
	if (!fits(input, err))
		return false;
	base = base_of(input);
	if (strchr(base, '?') != NULL)
	{
		ac_error_set(err, AC_ERR_MALFORMED,
					 "the site serves its routes by the parameter rest_route, not by paths");
		return ac_error_hint(err, "Permalinks other than the plain ones give routes paths.");
	}
	tree = ac_builtspec_new(ac_json_get_string(input->doc, "name"), base);
	add_security(tree, input->doc);
	ac_json_iter_init(&it, ac_json_get(input->doc, "routes"));
	while (ac_json_iter_next(&it))
		add_route(input, tree, base, &it);
	if (!ac_builtspec_read(input, tree, "wordpress", api, err))
		return false;
	finish(input, *api);
	return true;
}
