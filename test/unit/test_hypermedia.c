/*
 * test_hypermedia.c
 *		Is an index of links told from a thing with links, and read whole?
 */
#include "ac.h"

#include "api/hypermedia.h"
#include "reader.h"

typedef struct IndexCase
{
	const char *what;
	const char *doc;
	const char *url;
	const char *server;
	const char *endpoints;
} IndexCase;

static const IndexCase indexes[] = {
	{"Django REST root",
	 "{'users': 'http://h/api/users/', 'groups': 'http://h/api/groups/'}",
	 "http://h/api/", "http://h/api", "GET /users/\nGET /groups/"},
	{"a proxy that ends TLS",
	 "{'users': 'http://h/api/users/', 'groups': 'http://h/api/groups/'}",
	 "https://h/api/", "https://h/api", "GET /users/\nGET /groups/"},
	{"one link named like its path", "{'people': 'https://h/api/people/'}",
	 "https://h/api/", "https://h/api", "GET /people/"},
	{"templates",
	 "{'current_user_url': 'https://h/user', 'emojis_url': 'https://h/emojis', "
	 "'repository_url': 'https://h/repos/{owner}/{repo}', "
	 "'repos_url': 'https://h/users/{user}/repos{?type,page}', "
	 "'gists_url': 'https://h/gists{/gist_id}', "
	 "'search_url': 'https://h/search/labels?q={query}{&page,per_page}'}",
	 "https://h/", "https://h/",
	 "GET /user\nGET /emojis\nGET /repos/{owner}/{repo}\n"
	 "GET /users/{user}/repos ?type,page\nGET /gists\nGET /gists/{gist_id}\n"
	 "GET /search/labels ?q!,page,per_page"},
	{"HAL",
	 "{'_links': {'self': {'href': '/'}, 'profile': {'href': '/profile'}, "
	 "'curies': [{'name': 'ht', 'href': 'https://h/rels/{rel}', 'templated': true}], "
	 "'ht:users': {'href': '/users{?page,size,sort}', 'templated': true}, "
	 "'orders': [{'href': '/orders'}]}, 'welcome': 'Welcome to the shop.'}",
	 "https://h/", "https://h/", "GET /users ?page,size,sort\nGET /orders"},
	{"HAL with one link",
	 "{'_links': {'self': {'href': '/api'}, 'things': {'href': '/api/things'}}}",
	 "https://h/api", "https://h/api", "GET /things"},
	{"JSON:API",
	 "{'jsonapi': {'version': '1.0'}, 'data': [], 'links': {'self': 'https://h/jsonapi', "
	 "'node--article': {'href': 'https://h/jsonapi/node/article'}, "
	 "'user--user': {'href': 'https://h/jsonapi/user/user'}}}",
	 "https://h/jsonapi", "https://h/jsonapi", "GET /node/article\nGET /user/user"},
	{"list of resources",
	 "{'resources': [{'name': 'users', 'href': '/api/users'}, {'name': 'orders', 'href': '/api/orders'}]}",
	 "https://h/api/index", "https://h/api", "GET /users\nGET /orders"},
	{"list with methods",
	 "{'endpoints': [{'path': '/users', 'method': 'GET', 'description': 'All users'}, "
	 "{'path': '/users', 'method': 'POST'}, {'path': '/users/:id', 'method': 'GET'}]}",
	 "https://h/", "https://h/", "GET /users\nGET /users/{id}"},
	{"list of paths", "{'paths': ['/api', '/api/v1', '/healthz/ping', '/metrics']}",
	 "https://h/", "https://h/", "GET /api\nGET /api/v1\nGET /healthz/ping\nGET /metrics"},
	{"OGC landing page",
	 "{'title': 'Geo', 'conformsTo': ['http://x/conf'], 'links': [{'rel': 'self', 'href': 'https://h/'}, "
	 "{'rel': 'service-desc', 'href': 'https://h/api'}, {'rel': 'data', 'href': 'https://h/collections'}, "
	 "{'rel': 'conformance', 'href': 'https://h/conformance'}]}",
	 "https://h/", "https://h/", "GET /collections"},
	{"STAC catalog",
	 "{'type': 'Catalog', 'stac_version': '1.0.0', 'id': 'x', 'description': 'd', 'links': ["
	 "{'rel': 'data', 'href': '/collections'}, {'rel': 'search', 'href': '/search', 'method': 'GET'}]}",
	 "https://h/", "https://h/", "GET /collections\nGET /search"},
	{"Siren",
	 "{'class': ['root'], 'links': [{'rel': ['self'], 'href': '/'}, {'rel': ['users'], 'href': '/users'}], "
	 "'entities': [{'class': ['orders'], 'rel': ['/rels/orders'], 'href': '/orders'}]}",
	 "https://h/", "https://h/", "GET /users\nGET /orders"},
	{"Siren with an action",
	 "{'class': ['home'], 'links': [{'rel': ['orders'], 'href': '/orders'}, {'rel': ['users'], 'href': '/users'}], "
	 "'actions': [{'name': 'find', 'method': 'GET', 'href': '/find', 'fields': [{'name': 'q'}]}]}",
	 "https://h/", "https://h/", "GET /orders\nGET /users"},
	{"JSON-LD entry point",
	 "{'@context': '/api/contexts/Entrypoint', '@id': '/api', '@type': 'Entrypoint', "
	 "'book': '/api/books', 'author': '/api/authors', 'license': '/api/license'}",
	 "https://h/api", "https://h/api", "GET /books\nGET /authors"},
	{"JSON Home",
	 "{'api': {'title': 'X'}, 'resources': {'tag:h,2016:widgets': {'href': '/widgets/'}, "
	 "'tag:h,2016:widget': {'hrefTemplate': '/widgets/{widget_id}', 'hrefVars': {'widget_id': 'https://h/param/widget'}}}}",
	 "https://h/", "https://h/", "GET /widgets/\nGET /widgets/{widget_id}"},
	{"Collection+JSON",
	 "{'collection': {'version': '1.0', 'href': '/', 'items': [], 'links': [{'rel': 'feed', 'href': '/feed'}], "
	 "'queries': [{'rel': 'search', 'href': '/search', 'data': [{'name': 'q', 'value': ''}]}]}}",
	 "https://h/", "https://h/", "GET /feed\nGET /search ?q"},
	{"OData's service document",
	 "{'@odata.context': 'https://h/v4/$metadata', 'value': [{'name': 'Products', 'kind': 'EntitySet', 'url': 'Products'}, "
	 "{'name': 'People', 'kind': 'EntitySet', 'url': 'People'}]}",
	 "https://h/v4/", "https://h/v4", "GET /Products\nGET /People"},
	{"links in groups",
	 "{'v1': {'users': '/v1/users', 'orders': '/v1/orders'}, 'version': '3'}",
	 "https://h/", "https://h/", "GET /v1/users\nGET /v1/orders"},
	{"links beside words",
	 "{'message': 'Welcome to the API', 'version': '1.0.0', 'documentation': 'https://docs.h/', "
	 "'endpoints': {'users': '/api/users', 'posts': '/api/posts'}}",
	 "https://h/", "https://h/", "GET /api/users\nGET /api/posts"},
	{"paths above the index",
	 "{'users': '/v2/users', 'orders': '/v2/orders'}",
	 "https://h/docs/index", "https://h/v2", "GET /users\nGET /orders"},
	{"all below a variable",
	 "{'users': '/v2/{tenant}/users', 'orders': '/v2/{tenant}/orders'}",
	 "https://h/docs/index", "https://h/v2", "GET /{tenant}/users\nGET /{tenant}/orders"},
	{"queries that a link brings",
	 "{'open': '/orders/open?state=open&api_key=x', 'users': '/users'}",
	 "https://h/", "https://h/", "GET /orders/open +state=open\nGET /users"},
	{"without a URL", "{'users': 'https://h/api/users', 'orders': 'https://h/api/orders'}",
	 NULL, "https://h/", "GET /api/users\nGET /api/orders"},
};

static const char *const decoys[] = {
	/* a thing with links */
	"{'login': 'x', 'id': 1, 'avatar_url': 'https://h/a', 'followers_url': 'https://h/users/x/followers', 'repos_url': 'https://h/users/x/repos'}",
	"{'name': 'x', 'homepage': 'https://x.example', 'html_url': 'https://h/x', 'avatar_url': 'https://h/x.png'}",
	"{'_links': {'self': {'href': '/customers/17'}, 'orders': {'href': '/customers/17/orders'}, 'address': {'href': '/addresses/4'}}}",
	"{'_links': {'self': {'href': '/orders/abc'}, 'items': {'href': '/orders/abc/items'}}, 'total': 30.0, 'currency': 'USD', 'shipped': 2}",
	"{'title': 'A', 'characters': ['https://h/people/1/', 'https://h/people/2/'], 'url': 'https://h/films/1/'}",
	/* pages of rows */
	"{'count': 2, 'next': 'https://h/api/users/?page=2', 'previous': null, 'results': [{'id': 1}]}",
	"{'results': [{'name': 'a', 'url': 'https://h/api/pokemon/1/'}, {'name': 'b', 'url': 'https://h/api/pokemon/2/'}]}",
	"{'_embedded': {'orders': [{'id': 1}]}, '_links': {'self': {'href': '/orders'}, 'find': {'href': '/orders{?id}'}, 'customers': {'href': '/customers'}}}",
	"{'links': {'self': 'https://h/a', 'next': 'https://h/a?page=2', 'last': 'https://h/a?page=9'}, 'data': [{'type': 'a', 'id': '1', 'attributes': {}}]}",
	"{'links': {'self': 'https://h/a', 'first': 'https://h/a?p=1', 'last': 'https://h/a?p=9'}, 'data': []}",
	"{'content': [{'a': 1}], 'links': [{'rel': 'users', 'href': '/users'}, {'rel': 'orders', 'href': '/orders'}]}",
	"{'resources': [{'name': 'a', 'url': '/a/1', 'size': 1}, {'name': 'b', 'url': '/a/2', 'size': 2}]}",
	/* the web's own */
	"{'name': 'App', 'short_name': 'A', 'start_url': '/app', 'scope': '/app/', 'icons': [{'src': '/i.png'}]}",
	"{'issuer': 'https://h', 'authorization_endpoint': 'https://h/auth', 'token_endpoint': 'https://h/token', 'jwks_uri': 'https://h/keys'}",
	"{'message': 'https://h/images/dog.jpg', 'status': 'success'}",
	"{'url': 'https://h/image/full', 'small': 'https://h/image.png'}",
	/* errors */
	"{'type': 'https://h/probs/credit', 'title': 'No credit', 'status': 403, 'instance': '/accounts/12'}",
	"{'message': 'Not Found', 'documentation_url': 'https://h/docs'}",
	/* other places */
	"{'google': 'https://google.example/search', 'bing': 'https://bing.example/search', 'duck': 'https://duck.example/search'}",
	"{'home': 'https://h/', 'docs': 'https://h/docs'}",
	"['/users', '/orders']",
	"{}",
	"{'a': 1, 'b': 2}",
};

static void
test_indexes(void)
{
	int i;

	for (i = 0; i < (int) lengthof(indexes); i++)
	{
		const IndexCase *c = &indexes[i];
		AcApi *api;

		if (!ok(ac_hypermedia_sniff(reader_parse(c->doc)), "%s: an index", c->what))
			continue;
		api = reader_read(ac_hypermedia_read, c->doc, c->url);
		is_str(reader_endpoints(api), c->endpoints, "%s: its endpoints", c->what);
		is_str(api->server_urls[0], c->server, "%s: its base", c->what);
		is_str(api->kind, "index", "%s: its kind", c->what);
		reader_done();
	}
}

static void
test_decoys(void)
{
	int i;

	for (i = 0; i < (int) lengthof(decoys); i++)
	{
		ok(!ac_hypermedia_sniff(reader_parse(decoys[i])), "no index: %s", decoys[i]);
		reader_done();
	}
}

static void
test_facts(void)
{
	AcApi *api = reader_read(ac_hypermedia_read,
							 "{'title': 'Shop', 'version': '2', 'users': '/17', 'orders': '/orders', "
							 "'docs': 'https://docs.example/x', 'other': 'https://other.example/x', "
							 "'again': '/orders', 'more': '/more/all', 'list': '/list'}",
							 "https://h/");

	is_str(api->title, "Shop", "the title");
	is_str(api->version, "2", "the version");
	is_int(api->n_endpoints, 4, "links of the own host");
	is_str(api->endpoints[0].name, "users", "a name where the path has none");
	is_str(api->endpoints[1].name, NULL, "and none where it has");
	is_str(api->endpoints[0].source, "/users", "where it stands");
	is_str(api->endpoints[0].found, "link \"users\" of the index", "how it was found");
	ok(api->endpoints[0].undescribed && api->endpoints[0].confidence < 1, "a sample decides");
	ok(reader_noted(api, "1 links to other hosts"), "other hosts are noted");
	ok(reader_noted(api, "\"again\""), "what leads to the same is noted");
	reader_done();
	api = reader_read(ac_hypermedia_read,
					  "{'_links': {'self': {'href': '/'}, 'shop:orders': {'href': '/o.php'}, "
					  "'https://h/rels/users': {'href': '/u.php'}}}",
					  "https://h/");
	is_str(api->endpoints[0].name, "orders", "of a CURIE the word behind the colon");
	is_str(api->endpoints[1].name, "users", "of a URI the last word");
	reader_done();
}

static void
test_foreign(void)
{
	AcReadInput input = {.url = "https://other.example/"};
	AcError err;

	input.doc = reader_parse("{'users': 'https://h/users', 'orders': 'https://h/orders'}");
	ok(reader_read_input(ac_hypermedia_read, &input, &err) == NULL,
	   "an index of another host is none of this one");
	is_int(err.code, AC_ERR_MALFORMED, "and says so");
	reader_done();
}

static void
test_wishes(void)
{
	AcDocument others[] = {{"GET", "https://h/api/v1/", NULL}, {"GET", "https://h/api/orders/", NULL}};
	AcReadInput input = {.url = "https://h/api/", .others = others};
	AcWish *wishes;
	AcError err;
	AcApi *api;

	input.doc = reader_parse("{'v1': 'https://h/api/v1/', 'orders': 'https://h/api/orders/', "
							 "'find': 'https://h/api/find{?q}', 'again': '/api/orders/', 'logout': 'https://h/api/logout/'}");
	is_int(ac_hypermedia_wishes(&input, &wishes), 2, "what a short index leads to is wished for");
	is_str(wishes[0].url, "https://h/api/v1/", "first");
	is_str(wishes[1].url, "https://h/api/orders/", "and second, no template, no action");
	input.n_others = 2;
	is_int(ac_hypermedia_wishes(&input, &wishes), 0, "once, whether it could be had or not");
	others[0].doc = reader_parse("{'users': '/api/v1/users/', 'teams': '/api/v1/teams/'}");
	others[1].doc = reader_parse("[{'id': 1}]");
	api = reader_read_input(ac_hypermedia_read, &input, &err);
	is_str(reader_endpoints(api),
		   "GET /orders/\nGET /find ?q\nGET /v1/users/\nGET /v1/teams/",
		   "an index in the index gives way to its links");
	ok(api->endpoints[0].example == others[1].doc, "rows become the example");
	is_str(api->endpoints[2].group, "v1", "the inner index is the group");
	reader_done();
	input.doc = reader_parse("{'a': '/a', 'b': '/b', 'c': '/c', 'd': '/d', 'e': '/e', 'api': '/api/v2'}");
	input.n_others = 0;
	is_int(ac_hypermedia_wishes(&input, &wishes), 1, "of a long index only entrances");
	is_str(wishes[0].url, "https://h/api/v2", "a version");
	reader_done();
}

int
main(void)
{
	test_indexes();
	test_decoys();
	test_facts();
	test_foreign();
	test_wishes();
	return done_testing();
}
