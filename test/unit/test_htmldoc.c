/*
 * test_htmldoc.c
 *		Does documentation of every common shape give its endpoints, and
 *		nothing that is none?
 *
 * Pages are written in the shapes of documentation tools and sites.  What was
 * read is compared as text, one line an endpoint:
 *	METHOD path[?always] params [example] confidence found
 */
#include "tap.h"

#include "api/htmldoc.h"
#include "core/html.h"
#include "core/markdown.h"

#define DOCS "https://docs.acme.io/api/index.html"

static AcJson *
page(const char *text)
{
	AcJsonText input = {text, strlen(text), AC_JSON_MAX_DEPTH, NULL};
	AcJson *doc;
	AcError err;

	if (!(text[0] == '<' ? ac_html_parse : ac_markdown_parse)(&input, &doc, &err))
		abort();
	return doc;
}

static void
describe_params(StringInfo out, const AcEndpoint *endpoint)
{
	static const char *const places[] = {"path", "query", "header", "cookie"};
	int i;

	for (i = 0; i < endpoint->n_params; i++)
		appendStringInfo(out, " %s:%s%s:%s", places[endpoint->params[i].place],
						 endpoint->params[i].name, endpoint->params[i].required ? "!" : "",
						 ac_shape_kind_name(endpoint->params[i].shape->kind));
}

static const char *
describe(const AcApi *api)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < api->n_endpoints; i++)
	{
		const AcEndpoint *e = &api->endpoints[i];

		if (!e->undescribed || e->confidence <= 0 || e->confidence >= 1 || e->source == NULL || e->found == NULL)
			appendStringInfoString(&out, "BROKEN ");
		appendStringInfo(&out, "%s%s %s%s%s%s", i > 0 ? "\n" : "", e->method, e->base_url != NULL ? e->base_url : "",
						 e->path, e->query != NULL ? "?" : "", e->query != NULL ? e->query : "");
		describe_params(&out, e);
		if (e->example != NULL)
			appendStringInfo(&out, " %s", ac_json_to_text(e->example));
	}
	return out.data;
}

typedef struct Read
{
	const char *endpoints;
	const char *base;
	const char *schemes;
	const char *found; /* of the first endpoint */
	const char *summary;
	double confidence;
	int n_notes;
	bool auth_required;
} Read;

static Read
read_at(const char *url, const char *text)
{
	AcReadInput input = {.doc = page(text), .url = url, .limits = &ac_read_limits_default};
	Read read = {0};
	StringInfoData schemes;
	AcApi *api;
	AcError err;
	int i;

	if (!ac_htmldoc_read(&input, &api, &err))
	{
		ac_json_free(input.doc);
		read.endpoints = pstrdup(err.message);
		return read;
	}
	ok(ac_htmldoc_sniff(input.doc), "what is read is known");
	initStringInfo(&schemes);
	for (i = 0; i < api->n_schemes; i++)
		appendStringInfo(&schemes, "%s%d:%d:%s", i > 0 ? " " : "", api->schemes[i].scheme,
						 api->schemes[i].place, api->schemes[i].name != NULL ? api->schemes[i].name : "-");
	read.endpoints = describe(api);
	read.base = api->server_urls[0];
	read.schemes = schemes.data;
	read.found = api->endpoints[0].found;
	read.summary = api->endpoints[0].summary != NULL ? pstrdup(api->endpoints[0].summary) : NULL;
	read.confidence = api->endpoints[0].confidence;
	read.n_notes = api->n_notes;
	read.auth_required = api->auth_required;
	ac_json_free(input.doc);
	return read;
}

static Read
read(const char *text)
{
	return read_at(DOCS, text);
}

static void
test_slate(void)
{
	Read r = read("<html><title>Kittn API</title><body><div class=toc-wrapper><nav><a href=#kittens>GET /no</a></nav></div>"
				  "<h1 id=intro>Introduction</h1><p>Welcome to the API!</p>"
				  "<h1>Authentication</h1><div class=highlight><pre class='highlight shell'><code>curl <span>\"https://api.acme.io/endpoint_here\"</span> \\\n  -H <span>\"Authorization: meowmeowmeow\"</span></code></pre></div>"
				  "<h1>Kittens</h1><h2>Get All Kittens</h2>"
				  "<pre class='highlight python'><code>kittn.get('x')\nrequests.get('https://api.acme.io/api/kittens')</code></pre>"
				  "<pre class='highlight shell'><code>curl \"https://api.acme.io/api/kittens\" \\\n  -H \"Authorization: meowmeowmeow\"\n</code></pre>"
				  "<blockquote><p>The above command returns JSON structured like this:</p></blockquote>"
				  "<pre class='highlight json'><code>[\n {\"id\": 1, \"name\": \"Fluffums\"},\n {\"id\": 2}\n]</code></pre>"
				  "<p>This endpoint retrieves all kittens.</p><h3>HTTP Request</h3><p><code>GET http://example.com/api/kittens</code></p>"
				  "<h3>Query Parameters</h3><table><thead><tr><th>Parameter<th>Default<th>Description</thead><tbody><tr><td>include_cats<td>false<td>If set to true, cats, too<tr><td>available<td>true<td>x</tbody></table>"
				  "<h2>Delete a Specific Kitten</h2><pre class='highlight shell'><code>curl \"https://api.acme.io/api/kittens/2\" \\\n -X DELETE \\\n -H \"Authorization: meowmeowmeow\"</code></pre>"
				  "<h3>HTTP Request</h3><p><code>DELETE http://example.com/kittens/&lt;ID&gt;</code></p>"
				  "<h3>URL Parameters</h3><table><tr><th>Parameter<th>Description<tr><td>ID<td>The ID of the kitten to delete</table>");

	is_str(r.endpoints,
		   "GET /endpoint_here\n"
		   "GET /api/kittens query:include_cats:string query:available:string [{\"id\":1,\"name\":\"Fluffums\"},{\"id\":2}]\n"
		   "DELETE /api/kittens/{kitten_id} path:kitten_id!:string\n"
		   "DELETE /kittens/{ID} path:ID!:string",
		   "Slate");
	is_str(r.base, "https://api.acme.io", "its base");
	is_str(r.schemes, "1:2:Authorization", "its key");
	ok(r.auth_required, "is wanted");
}

static void
test_github(void)
{
	Read r = read_at("https://docs.github.com/en/rest/issues",
					 "<h1>REST API endpoints for issues</h1><h2>List repository issues</h2><p>List issues in a repository.</p>"
					 "<h3>Parameters for \"List repository issues\"</h3>"
					 "<table><caption>Headers</caption><thead><tr><th>Name, Type, Description</thead><tbody><tr><td><code>accept</code> string <p>Setting to application/vnd.github+json is recommended.</td></table>"
					 "<h3>Code samples</h3><div><span class=method>get</span> <span>/repos/{owner}/{repo}/issues</span></div>"
					 "<pre><code class=language-curl>curl -L \\\n  -H \"Accept: application/vnd.github+json\" \\\n  -H \"Authorization: Bearer &lt;YOUR-TOKEN&gt;\" \\\n  https://api.github.com/repos/OWNER/REPO/issues</code></pre>"
					 "<h4>Response</h4><pre><code class=language-json>[{\"id\": 1, \"number\": 1347}]</code></pre>"
					 "<h2>Get an issue</h2><div><span>get</span><span>/repos/{owner}/{repo}/issues/{issue_number}</span></div>"
					 "<pre>curl -L https://api.github.com/repos/OWNER/REPO/issues/1347</pre><pre>{\"id\": 1}</pre>"
					 "<h2>Create an issue</h2><p><span>post</span><span>/repos/{owner}/{repo}/issues</span></p><pre>curl -X POST https://api.github.com/repos/OWNER/REPO/issues -d '{\"title\":\"x\"}'</pre>");

	is_str(r.endpoints,
		   "GET /repos/{owner}/{repo}/issues path:owner!:string path:repo!:string [{\"id\":1,\"number\":1347}]\n"
		   "GET /repos/{owner}/{repo}/issues/{issue_number} path:owner!:string path:repo!:string path:issue_number!:string {\"id\":1}\n"
		   "POST /repos/{owner}/{repo}/issues path:owner!:string path:repo!:string",
		   "GitHub");
	is_str(r.base, "https://api.github.com", "its base");
	is_str(r.schemes, "3:2:-", "a bearer token");
	is_str(r.summary, "Code samples", "the heading above it");
}

static void
test_readme(void)
{
	Read r = read_at("https://raw.githubusercontent.com/acme/shop/main/README.md",
					 "# Shop API [![Build](https://x/b.svg)](https://x)\n\nBase URL: `https://api.shop.test.io/v2`\n\n"
					 "## Orders\n\n### GET /orders\n\nLists orders.\n\n| Name | In | Type | Required | Description |\n|---|---|---|---|---|\n"
					 "| `limit` | query | integer | no | How many |\n| `status` | query | string | yes | Which |\n| `X-Trace` | header | string | no | t |\n| `note` | body | string | no | n |\n\n"
					 "```json\n{\"data\": [{\"id\": 7}], // more\n \"next\": null}\n```\n\n### GET /orders/:id\n\nReturns one.\n\n```\n{\"id\": 7}\n```\n\n"
					 "### POST /orders\n\nRequest:\n\n```json\n{\"item\": 1}\n```\n\nResponse:\n\n```json\n{\"id\": 8}\n```\n\n"
					 "```bash\ncurl https://api.shop.test.io/v2/orders?limit=2 -u user:pass\ncurl https://hooks.other.com/x/y\n```\n");

	is_str(r.endpoints,
		   "GET /orders query:limit:integer query:status!:string header:X-Trace:string {\"data\":[{\"id\":7}],\"next\":null}\n"
		   "GET /orders/{id} path:id!:string {\"id\":7}\n"
		   "POST /orders {\"id\":8}",
		   "a README");
	is_str(r.base, "https://api.shop.test.io/v2", "its base");
	is_str(r.schemes, "2:2:-", "a password");
	is_str(r.found, "heading \"GET /orders\"", "how it was found");
	is_str(r.summary, NULL, "a heading that is the call is no summary");
	ok(r.confidence > 0.94, "a heading with parameters and example is sure");
	is_int(r.n_notes, 1, "the other host is noted");
}

static void
test_sphinx(void)
{
	Read r = read("<h1>Users<a class=headerlink href=#u>\xC2\xB6</a></h1><dl class='http get'><dt class=sig><span class=sig-name>GET </span><span class=sig-prename>/users/</span><em>(int: user_id)</em><span>/posts</span></dt>"
				  "<dd><p>The posts.</p><dl class=field-list><dt>Query Parameters<span>:</span></dt><dd><ul><li><p><strong>sort</strong> \xE2\x80\x93 one of hit, created-at</p></li><li><p><strong>offset</strong> (<em>int</em>) \xE2\x80\x93 offset number</p></li></ul></dd>"
				  "<dt>Status Codes<span>:</span></dt><dd><ul><li>200 OK \xE2\x80\x93 no error</li></ul></dd></dl>"
				  "<p><strong>Example response</strong>:</p><div class='highlight-http'><pre>HTTP/1.1 200 OK\nContent-Type: text/javascript\n\n[\n  {\n    \"post_id\": 12345\n  }\n]</pre></div></dd></dl>"
				  "<dl><dt>GET /users/{user_id}</dt><dd><p><strong>Example request</strong>:</p><div class=highlight-http><pre>GET /users/123 HTTP/1.1\nHost: docs.acme.io\nX-Api-Key: abc</pre></div></dd></dl>");

	is_str(r.endpoints,
		   "GET /users/{user_id}/posts query:sort:string query:offset:integer path:user_id!:string [{\"post_id\":12345}]\n"
		   "GET /users/{user_id} path:user_id!:string",
		   "Sphinx");
	is_str(r.schemes, "1:2:X-Api-Key", "a header of the request");
	is_str(r.base, "https://docs.acme.io", "its own host");
}

static void
test_docusaurus(void)
{
	Read r = read("<main><article><h1>List pets</h1><div class='openapi__method-endpoint'><span class='badge badge--primary'>GET</span><h2 class=openapi__method-endpoint-path>/v1/pets<wbr>/{petId}</h2></div>"
				  "<p>All pets</p><ul><li><code>GET /v1/pets?limit=10&amp;api_key=x&amp;tag={tag}</code> - list</li><li><code>PATCH /v1/pets/[petId]</code></li></ul></article>");

	is_str(r.endpoints,
		   "GET /v1/pets/{petId} path:petId!:string\nGET /v1/pets query:limit:integer query:tag:string\nPATCH /v1/pets/{petId} path:petId!:string",
		   "Docusaurus");
	is_str(r.schemes, "1:1:api_key", "a key in the query");
}

static void
test_tables(void)
{
	Read r = read("<h2>Resources</h2><table><tr><th>Method<th>Endpoint<th>Description<tr><td>GET<td>/things<td>All things<tr><td>POST<td>/things<td>New<tr><td>get<td><code>things/$id</code><td>One</table>"
				  "<table><tr><th>Endpoint<th>What<tr><td>GET /a/b<td>ab<tr><td>x<td>y</table>"
				  "<table><tr><td>Base URL<td>https://docs.acme.io/api/v3</table>");

	is_str(r.endpoints, "GET /things\nPOST /things\nGET /things/{id} path:id!:string\nGET /a/b", "tables of endpoints");
	is_str(r.summary, "All things", "what they do");
	is_str(r.found, "table under \"Resources\"", "where they stand");
	is_str(r.base, "https://docs.acme.io/api/v3", "a base in a table");
}

static void
test_variables(void)
{
	static const struct
	{
		const char *line;
		const char *path;
	} cases[] = {
		{"GET /a/{id}", "/a/{id}"},
		{"GET /a/:id/b", "/a/{id}/b"},
		{"GET /a/&lt;id&gt;", "/a/{id}"},
		{"GET /a/&lt;int:id&gt;", "/a/{id}"},
		{"GET /a/{id:int}", "/a/{id}"},
		{"GET /a/$id", "/a/{id}"},
		{"GET /a/${id}/b", "/a/{id}/b"},
		{"GET /a/[id]", "/a/{id}"},
		{"GET /a/{{id}}", "/a/{id}"},
		{"GET /a/%7Bid%7D", "/a/{id}"},
		{"GET /a/YOUR_ID", "/a/{your_id}"},
		{"GET /users/12345", "/users/{user_id}"},
		{"GET /users/3fa85f64-5717-4562-b3fc-2c963f66afa6/x", "/users/{user_id}/x"},
		{"GET /customers/cus_9s6XKzkNRiz8i3", "/customers/{customer_id}"},
		{"GET /v2/a", "/v2/a"},
		{"GET /a/b1", "/a/b1"},
		{"GET /a/{id}.json", "/a/{id}.json"},
		{"GET /a/:id.json", "/a/{id}.json"},
		{"GET /a/{id}/b/{id}", "/a/{id}/b/{b_id}"},
		{"GET {base_url}/a/b", "/a/b"},
		{"GET {{host}}/a", "/a"},
		{"GET https://{tenant}.example.org/a", "/a"},
		{"GET http://localhost:8000/a", "/a"},
		{"GET https://docs.acme.io/a", "/a"},
		{"GET v2/droplets", "/v2/droplets"},
		{"GET: /a", "/a"},
		{"get /a HTTP/1.1", "/a"},
		{"GET /a/{?page,limit}", "/a/"},
		{"GET /a,", "/a"},
		{"GET /items:batchGet", "/items:batchGet"},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcReadInput input = {.doc = page(psprintf("<p>%s</p>", cases[i].line)), .url = DOCS, .limits = &ac_read_limits_default};
		AcApi *api;
		AcError err;

		if (ac_htmldoc_read(&input, &api, &err))
			is_str(api->endpoints[0].path, cases[i].path, "%s", cases[i].line);
		else
			ok(false, "%s is not read", cases[i].line);
		ac_json_free(input.doc);
	}
}

/* Nothing of these is an endpoint of the API. */
static void
test_decoys(void)
{
	static const char *const pages[] = {
		"<p>GET ready and go to work/life balance</p>",
		"<p>Send a GET request.</p><p>GET / and GET //x</p>",
		"<p>GET /a/../b</p><p>GET /a/.../b</p>",
		"<p>get /a in a sentence does nothing, nor does forget /a</p>",
		"<p>widget /a and GETTING /b</p>",
		"<pre>$.get(x); map.get('key'); list.get(0)</pre>",
		"<pre>curl --help\ncurl\n</pre>",
		"<nav>GET /a</nav><script>GET /b</script>",
		"<p>GET https://</p><p>GET \"</p>",
		"<p>nothing at all</p>",
		"",
	};
	int i;

	for (i = 0; i < (int) lengthof(pages); i++)
	{
		Read r = read(pages[i][0] != '\0' ? pages[i] : "<p>");

		if (i == 3)
			continue;
		is_str(r.endpoints, "the page names no endpoint of an API", "decoy %d", i);
	}
}

static void
test_clients(void)
{
	Read r = read("<h2>A</h2><pre>import requests\nr = requests.get(\"https://docs.acme.io/v1/a\", params={})\n</pre>"
				  "<pre>fetch('https://docs.acme.io/v1/b?x=1').then(f)</pre><pre>await axios.post(`https://docs.acme.io/v1/c/${id}`, {})</pre>"
				  "<pre>http GET https://docs.acme.io/v1/d</pre><pre>curl -sG https://docs.acme.io/v1/e -d limit=3 --data-urlencode 'q=a b'</pre>"
				  "<pre>curl -XPUT 'https://docs.acme.io/v1/f' --json '{}'</pre><pre>$ curl --request GET \\\n  --url https://docs.acme.io/v1/g \\\n  --header 'apikey: x'</pre>"
				  "<pre>curl https://docs.acme.io/v1/h --data '{\"a\":1}' | jq .</pre>");

	is_str(r.endpoints,
		   "GET /v1/a\nGET /v1/b query:x:integer\nPOST /v1/c/{id} path:id!:string\nGET /v1/d\nGET /v1/e query:limit:integer query:q:string\nPUT /v1/f\nGET /v1/g\nPOST /v1/h",
		   "client libraries and commands");
	is_str(r.schemes, "1:2:apikey", "a key");
}

static void
test_merging(void)
{
	Read r;

	r = read("<h2>GET /users/{id}</h2><pre>curl https://api.acme.io/v1/users/42</pre><h2>GET /users</h2><pre>curl https://api.acme.io/v1/users</pre><h2>GET /users/me</h2>");
	is_str(r.endpoints, "GET /users/{id} path:id!:string\nGET /users\nGET /users/me", "one endpoint, a template and an example");
	is_str(r.base, "https://api.acme.io/v1", "the base that commands and headings agree on");
	r = read("<h2>GET /users/{id}</h2><h2>Search</h2><pre>GET /users/search?q=x HTTP/1.1</pre><p>Results, filtered for you.</p><p>Returns: a list</p>");
	is_str(r.endpoints, "GET /users/{id} path:id!:string\nGET /users/search query:q:string", "in another section a name is no value");
	r = read("<p>All requests go to https://api.acme.io/v1/.</p><p><code>GET /v1/a</code></p><p><code>GET /a/</code></p><p>GET https://api.acme.io/v2/a</p>");
	is_str(r.endpoints, "GET /a\nGET https://api.acme.io/v2/a", "a stated base, with and without it");
	r = read("<pre>curl 'https://docs.acme.io/api.php?action=users&limit=1'</pre><pre>curl 'https://docs.acme.io/api.php?action=orders'</pre>");
	is_str(r.endpoints, "GET /api.php?action=users query:limit:integer\nGET /api.php?action=orders", "a query that names the call");
	r = read("<p>See <code>GET /a</code> for more.</p>");
	ok(r.confidence < 0.4, "a mere mention is not sure");
	is_str(r.found, "mention", "and says so");
	r = read("<h2>GET /a</h2><h3>Errors</h3><pre>{\"error\": 1}</pre><p>Response:</p><pre>HTTP/1.1 404 Not Found\n\n{\"e\": 1}</pre>");
	is_str(r.endpoints, "GET /a", "errors are no example");
	r = read("<p>Use HTTP Basic authentication.</p><p>All requests must include an authorization header.</p><h2>GET /a</h2>");
	is_str(r.schemes, "2:2:-", "a sentence tells the scheme");
	ok(r.auth_required, "and that it is needed");
	r = read("<p>Pass your token in the X-Auth-Token header.</p><h2>GET /a</h2>");
	is_str(r.schemes, "1:2:X-Auth-Token", "a header's name in a sentence");
	ok(!r.auth_required, "which does not say that it must be");
	r = read("<h2>GET /a</h2><h3>Response fields</h3><table><tr><th>Name<th>Type<tr><td>id<td>int</table><p>Parameters</p><ul><li>limit (integer, required): how many<li>this is prose</ul>");
	is_str(r.endpoints, "GET /a query:limit!:integer", "fields of the answer are no parameters, items of a list are");
}

static void
test_pages(void)
{
	static const char text[] =
		"<title>API docs</title><a href=users.html>Users</a><a href='/api/rest/orders'>GET orders</a><a href=#x>API</a><a href=/login>API login</a>"
		"<a href=https://other.acme.io/api/x>API</a><a href=users.html#y>Users</a><a href=/blog/api>API</a><a href=/api/logo.png>API</a><a href=/elsewhere>Elsewhere</a><p>GET /a";
	AcReadInput input = {.doc = page(text), .url = DOCS, .limits = &ac_read_limits_default};
	AcDocument others[] = {{"GET", "https://docs.acme.io/api/users.html", page("<h2>GET /users</h2><a href=more.html>more</a>")},
						   {"GET", "https://docs.acme.io/api/gone.html", NULL}};
	AcWish *wishes;
	AcApi *api;
	AcError err;

	is_int(ac_htmldoc_wishes(&input, &wishes), 2, "pages that look like reference");
	is_str(wishes[0].url, "https://docs.acme.io/api/rest/orders", "best first");
	is_str(wishes[1].url, "https://docs.acme.io/api/users.html", "without fragments");
	input.others = others;
	input.n_others = 2;
	is_int(ac_htmldoc_wishes(&input, &wishes), 2, "what was fetched is not wished for again");
	is_str(wishes[1].url, "https://docs.acme.io/api/more.html", "and leads further");
	ok(ac_htmldoc_read(&input, &api, &err), "several pages");
	is_str(describe(api), "GET /a\nGET /users", "are one API");
	is_str(api->endpoints[1].source, "https://docs.acme.io/api/users.html#/html/blocks/0", "with its page as the source");
	ac_json_free(input.doc);
	ac_json_free(others[0].doc);
}

static bool
sniffs(const char *text)
{
	AcJson *doc = page(text);
	bool mine = ac_htmldoc_sniff(doc);

	ac_json_free(doc);
	return mine;
}

static void
test_sniff(void)
{
	ok(sniffs("# X\n\n`GET /users`\n"), "Markdown");
	ok(sniffs("<title>Acme API</title><a href=/reference/a>A</a><a href=/reference/b>B</a><a href=/reference/c>C</a>"), "a page that leads to reference");
	ok(!sniffs("<title>Acme</title><p>Hello</p><a href=/x>x</a>"), "any page");
	ok(!sniffs("<form action=/login><input type=password></form>"), "a login page");
	ok(!ac_htmldoc_sniff(NULL), "null");
}

static void
test_bombs(void)
{
	static const char *const pieces[] = {"GET-", "curl ", "GET /a{", "curl https://a.acme.io/b -H 'X-Key: a' ", "requests.get(\"/", "| a | GET /b |\n", "GET /a/b\n\n"};
	StringInfoData text;
	int i;
	int j;

	initStringInfo(&text);
	for (i = 0; i < (int) lengthof(pieces); i++)
	{
		AcReadInput input = {.url = DOCS, .limits = &ac_read_limits_default};
		AcApi *api;
		AcError err;

		resetStringInfo(&text);
		for (j = 0; j < 60000; j++)
			appendStringInfoString(&text, pieces[i]);
		input.doc = page(text.data);
		ac_htmldoc_sniff(input.doc);
		ac_htmldoc_read(&input, &api, &err);
		ac_json_free(input.doc);
		input.doc = page(psprintf("<pre>%s", text.data));
		ac_htmldoc_read(&input, &api, &err);
		ac_json_free(input.doc);
		ok(true, "%s", pieces[i]);
	}
	resetStringInfo(&text);
	for (j = 0; j < 20000; j++)
		appendStringInfo(&text, "## GET /a%d/{x}\n\n", j);
	{
		AcReadInput input = {.doc = page(text.data), .url = DOCS, .limits = &ac_read_limits_default};
		AcApi *api;
		AcError err;

		ok(ac_htmldoc_read(&input, &api, &err), "more endpoints than are read");
		is_int(api->n_endpoints, 3000, "are cut");
		is_int(api->n_notes, 1, "with a note");
		ac_json_free(input.doc);
	}
}

int
main(void)
{
	test_slate();
	test_github();
	test_readme();
	test_sphinx();
	test_docusaurus();
	test_tables();
	test_variables();
	test_decoys();
	test_clients();
	test_merging();
	test_pages();
	test_sniff();
	test_bombs();
	return done_testing();
}
