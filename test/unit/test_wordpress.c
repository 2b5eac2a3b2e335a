/*
 * test_wordpress.c
 *		Are WordPress's routes read, and its schemas where they were fetched?
 */
#include "ac.h"

#include "api/wordpress.h"
#include "reader.h"

#define ROUTE_POSTS                                                                                                  \
	"'/wp/v2/posts': {'namespace': 'wp/v2', 'methods': ['GET', 'POST'], "                                            \
	"'endpoints': [{'methods': ['GET'], 'args': {"                                                                   \
	"'context': {'type': 'string', 'enum': ['view', 'embed', 'edit'], 'default': 'view', 'required': false}, "       \
	"'page': {'type': 'integer', 'default': 1, 'minimum': 1}, "                                                      \
	"'per_page': {'type': 'integer', 'default': 10, 'maximum': 100}, "                                               \
	"'after': {'type': 'string', 'format': 'date-time'}, "                                                           \
	"'status': {'type': 'array', 'default': 'publish', 'items': {'enum': ['publish', 'any'], 'type': 'string'}}}}, " \
	"{'methods': ['POST'], 'args': {'title': {'required': true}}}], "                                                \
	"'_links': {'self': [{'href': 'https://h/wp-json/wp/v2/posts'}]}%s}"

#define ROUTE_POST                                                                                          \
	"'/wp/v2/posts/(?P<id>[\\\\d]+)': {'namespace': 'wp/v2', 'methods': ['GET'], "                          \
	"'endpoints': [{'methods': ['GET'], 'args': {'id': {'type': 'integer', 'description': 'Its number.'}, " \
	"'password': {'type': 'string'}}}]}"

#define SCHEMA                                                                                                  \
	"{'$schema': 'http://json-schema.org/draft-04/schema#', 'title': 'post', 'type': 'object', 'properties': {" \
	"'id': {'type': 'integer', 'context': ['view', 'edit', 'embed'], 'readonly': true}, "                       \
	"'date': {'type': ['string', 'null'], 'format': 'date-time', 'context': ['view', 'edit']}, "                \
	"'password': {'type': 'string', 'context': ['edit']}, "                                                     \
	"'title': {'type': 'object', 'context': ['view'], 'properties': {"                                          \
	"'raw': {'type': 'string', 'context': ['edit']}, 'rendered': {'type': 'string', 'context': ['view']}}}, "   \
	"'tags': {'type': 'array', 'items': {'type': 'integer'}, 'context': ['view']}, "                            \
	"'due': {'type': 'date-time'}, 'any': {'type': 'mixed'}, 'on': {'type': 'bool'}}}"

/* An index of the routes; more: further routes and members. */
static char *
index_of(const char *schema, const char *more)
{
	return psprintf("{'name': 'Blog', 'description': 'Words', 'url': 'https://h', 'home': 'https://h', "
					"'namespaces': ['oembed/1.0', 'wp/v2'], 'routes': {"
					"'/': {'namespace': '', 'methods': ['GET'], 'endpoints': [{'methods': ['GET'], 'args': {}}], "
					"'_links': {'self': [{'href': 'https://h/wp-json/'}]}}, "
					"'/wp/v2': {'namespace': 'wp/v2', 'methods': ['GET'], 'endpoints': [{'methods': ['GET'], 'args': []}]}, " ROUTE_POSTS ", " ROUTE_POST "%s",
					schema, more);
}

static AcApi *
read_plain(const char *more)
{
	return reader_read(ac_wordpress_read, index_of("", more), "https://h/wp-json/");
}

static void
test_routes(void)
{
	AcApi *api = read_plain("}}");

	is_str(api->kind, "wordpress", "the kind");
	is_str(api->title, "Blog", "the title");
	is_str(api->server_urls[0], "https://h/wp-json", "the base");
	is_str(reader_endpoints(api),
		   "GET /wp/v2/posts ?context,page=integer,per_page=integer,after,status=array\n"
		   "GET /wp/v2/posts/{id} ?password",
		   "routes, without the indexes");
	is_str(api->endpoints[0].group, "wp/v2", "the namespace is the group");
	is_str(api->endpoints[0].source, "/routes/~1wp~1v2~1posts", "where it stands");
	ok(api->endpoints[0].undescribed && api->endpoints[0].response == NULL, "a sample decides");
	ok(api->endpoints[1].params[0].place == AC_PARAM_PATH &&
		   api->endpoints[1].params[0].shape->kind == AC_SHAPE_INTEGER,
	   "a variable with its type");
	is_str(api->endpoints[0].params[2].shape->maximum, "100", "the largest page");
	is_str(api->endpoints[0].params[2].shape->default_value, "10", "and the usual one");
	is_int(api->endpoints[0].params[0].shape->n_enum, 3, "an enum");
	ok(!api->endpoints[0].params[4].explode, "lists are joined by commas");
	is_int(api->n_schemes, 0, "no credentials are named");
	is_int(api->n_notes, 0, "nothing is odd");
	reader_done();
}

/* Not what WordPress sends; its name has no first character to pass over. */
static void
test_no_name(void)
{
	AcApi *api = read_plain(", '': {'namespace': 'wp/v2', 'methods': ['GET'], "
							"'endpoints': [{'methods': ['GET'], 'args': []}]}}}");

	is_str(reader_endpoints(api),
		   "GET /wp/v2/posts ?context,page=integer,per_page=integer,after,status=array\n"
		   "GET /wp/v2/posts/{id} ?password",
		   "a route without a name is none");
	reader_done();
}

typedef struct RouteCase
{
	const char *route;
	const char *path; /* NULL: left out */
} RouteCase;

static const RouteCase routes[] = {
	{"/a/v1/x", "/a/v1/x"},
	{"/a/v1/x/(?P<id>[\\\\d]+)/y/(?P<n>\\\\w+)", "/a/v1/x/{id}/y/{n}"},
	{"/a/v1/p/(?P<plugin>[^.\\\\/]+(?:\\\\/[^.\\\\/]+)?)", "/a/v1/p/{plugin}"},
	{"/a/v1/t/(?P<id>([^\\\\/:<>\\\\*\\\\?\\\\|]+(?:\\\\/[^)(]+)?)[\\\\/\\\\w%-]+)", "/a/v1/t/{id}"},
	{"/a/v1/u/(?P<user_id>(?:[\\\\d]+|me))/keys", "/a/v1/u/{user_id}/keys"},
	{"/a/v1\\\\.0/x", "/a/v1.0/x"},
	{"/a/v1/x(?:/y)?", NULL},
	{"/a/v1/x/[0-9]+", NULL},
	{"/a/v1/x/(?P<id>[\\\\d]+", NULL},
};

static void
test_expressions(void)
{
	int i;

	for (i = 0; i < (int) lengthof(routes); i++)
	{
		AcApi *api = read_plain(psprintf(", '%s': {'methods': ['GET'], 'endpoints': [{'methods': ['GET'], 'args': []}]}}}",
										 routes[i].route));

		is_str(api->n_endpoints < 3 ? NULL : api->endpoints[2].path, routes[i].path,
			   "route %s", routes[i].route);
		reader_done();
	}
}

static void
check_schemas(const AcApi *api, const char *from)
{
	is_str(ac_shape_text(api->endpoints[0].response, 3),
		   "array of object{id: integer, date: string(date-time-local)?, title: object{rendered: string}, "
		   "tags: array of integer, due: string(date-time-local), any: unknown, on: boolean}",
		   "a collection is an array, by %s", from);
	ok(api->endpoints[1].response != NULL && api->endpoints[1].response->kind == AC_SHAPE_OBJECT,
	   "an item is one");
	ok(!api->endpoints[0].undescribed, "nothing is left to samples");
}

static void
test_schemas(void)
{
	static const char help[] = "https://h/wp-json/?context=help";
	static const char options[] = "https://h/wp-json/wp/v2/posts";
	AcDocument others[2] = {{"GET", help, NULL}, {"OPTIONS", options, NULL}};
	AcReadInput input = {.url = "https://h/wp-json/", .others = others};
	AcWish *wishes;
	AcError err;

	input.doc = reader_parse(index_of("", "}}"));
	is_int(ac_wordpress_wishes(&input, &wishes), 1, "first the whole index with help");
	is_str(wishes[0].url, help, "by its parameter");
	others[0].doc = reader_parse(index_of(", 'schema': " SCHEMA, "}}"));
	input.n_others = 1;
	is_int(ac_wordpress_wishes(&input, &wishes), 0, "which is enough");
	check_schemas(reader_read_input(ac_wordpress_read, &input, &err), "help");
	ac_json_free(reader_api->owned);
	others[0].doc = NULL;
	is_int(ac_wordpress_wishes(&input, &wishes), 1, "where it was refused, each collection");
	is_str(wishes[0].method, "OPTIONS", "by OPTIONS");
	is_str(wishes[0].url, options, "of its URL");
	others[1].doc = reader_parse("{'namespace': 'wp/v2', 'methods': ['GET'], 'schema': " SCHEMA "}");
	input.n_others = 2;
	is_int(ac_wordpress_wishes(&input, &wishes), 0, "once");
	check_schemas(reader_read_input(ac_wordpress_read, &input, &err), "OPTIONS");
	reader_done();
}

static void
test_others(void)
{
	AcReadInput input = {.url = "https://h/?rest_route=/"};
	AcError err;
	AcApi *api = read_plain("}, 'authentication': {'application-passwords': {'endpoints': {}}}}");

	is_int(api->n_schemes, 1, "application passwords");
	is_int(api->schemes[0].scheme, AC_AUTH_BASIC, "are Basic");
	ok(!api->auth_required, "and not needed to look");
	reader_done();
	api = read_plain(", '/wp/v2/settings': {'methods': ['DELETE'], 'endpoints': [{'methods': ['DELETE'], 'args': []}]}}}");
	is_str(api->endpoints[2].method, "DELETE", "what is no GET is shown as it is");
	reader_done();
	api = reader_read(ac_wordpress_read,
					  "{'namespace': 'wc/v3', 'routes': {'/wc/v3': {'methods': ['GET']}, "
					  "'/wc/v3/orders': {'namespace': 'wc/v3', 'methods': ['GET'], 'endpoints': [{'methods': ['GET'], 'args': []}]}}}",
					  "https://h/blog/wp-json/wc/v3");
	is_str(reader_endpoints(api), "GET /wc/v3/orders", "the index of one namespace");
	is_str(api->server_urls[0], "https://h/blog/wp-json", "its base is the site's");
	reader_done();
	input.doc = reader_parse("{'namespaces': [], 'routes': {'/wp/v2/posts': {'methods': ['GET'], 'endpoints': [], "
							 "'_links': {'self': [{'href': 'https://h/index.php?rest_route=/wp/v2/posts'}]}}}}");
	ok(reader_read_input(ac_wordpress_read, &input, &err) == NULL, "routes in a parameter are refused");
	ok(strstr(err.message, "rest_route") != NULL, "with a word");
	input.url = "https://h/blog/wp-json/";
	is_str(reader_read_input(ac_wordpress_read, &input, &err)->server_urls[0], "https://h/blog/wp-json",
		   "unless the index was found by a path");
	ok(!ac_wordpress_sniff(reader_parse("{'namespaces': [], 'routes': {}}")), "no routes, no site");
	ok(!ac_wordpress_sniff(reader_parse("{'routes': {'/x': {'methods': []}}}")), "no namespaces neither");
	ok(!ac_wordpress_sniff(reader_parse("[1]")), "nor rows");
	reader_done();
}

int
main(void)
{
	test_routes();
	test_no_name();
	test_expressions();
	test_schemas();
	test_others();
	return done_testing();
}
