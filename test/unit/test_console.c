/*
 * test_console.c
 *		Is the description of every API console found?
 *
 * The pages have the shapes that the products serve, made shorter.
 */
#include "tap.h"

#include "api/console.h"
#include "core/html.h"

#define PAGE "https://api.example.com/docs/index.html"

static const char *
join(const char *const *texts, int n)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < n; i++)
		appendStringInfo(&out, "%s%s", i > 0 ? " " : "", texts[i]);
	return out.data;
}

static AcConsole
read_page(const char *url, const char *html)
{
	AcJsonText input = {html, strlen(html), AC_JSON_MAX_DEPTH, NULL};
	AcConsole console = {0};
	AcJson *doc;
	AcError err;
	int i;

	if (!ac_html_parse(&input, &doc, &err))
		abort();
	ac_console_read_page(&console, doc, url);
	/* What points into the document must outlive it here. */
	for (i = 0; i < console.n_texts; i++)
		console.texts[i] = pstrdup(console.texts[i]);
	ac_json_free(doc);
	return console;
}

static const char *
urls_of_script(const char *script)
{
	AcConsole console = {0};

	ac_console_read_script(&console, (AcSlice){script, strlen(script)}, PAGE);
	return join(console.urls, console.n_urls);
}

static const char *
texts_of_script(const char *script)
{
	AcConsole console = {0};

	ac_console_read_script(&console, (AcSlice){script, strlen(script)}, PAGE);
	return join(console.texts, console.n_texts);
}

#define BUNDLE "<script src=swagger-ui-bundle.js></script>"

static const struct
{
	const char *what;
	const char *url;
	const char *html;
	const char *want;
} pages[] = {
	{"FastAPI", "https://api.example.com/docs",
	 "<title>X - Swagger UI</title><div id=swagger-ui></div><script src=https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/swagger-ui-bundle.js></script>"
	 "<script>const ui = SwaggerUIBundle({ url: '/openapi.json', \"dom_id\": \"#swagger-ui\", \"layout\": \"BaseLayout\",\n"
	 "oauth2RedirectUrl: window.location.origin + '/docs/oauth2-redirect', presets: [ SwaggerUIBundle.presets.apis ] })</script>",
	 "https://api.example.com/openapi.json"},
	{"FastAPI's ReDoc", "https://api.example.com/redoc",
	 "<redoc spec-url=\"/openapi.json\"></redoc><script src=https://cdn.redoc.ly/redoc/latest/bundles/redoc.standalone.js></script>",
	 "https://api.example.com/openapi.json"},
	{"several URLs", PAGE,
	 BUNDLE "<script>window.ui = SwaggerUIBundle({urls: [{url: \"v1.json\", name: 'One'}, {name: \"Two\", url: \"../v2.yaml\"}], validatorUrl: 'https://x/y'})</script>",
	 "https://api.example.com/docs/v1.json https://api.example.com/v2.yaml"},
	{"drf-spectacular", "https://api.example.com/api/docs/",
	 "<title>Swagger</title><script>const swaggerSettings = {\"deepLinking\": true}; const ui = SwaggerUIBundle({\n url: \"/api/schema/\", ...swaggerSettings })</script>",
	 "https://api.example.com/api/schema/"},
	{"drf-yasg", "https://api.example.com/swagger/",
	 "<script src=/static/drf-yasg/swagger-ui-init.js></script><div id=swagger-ui></div>",
	 "https://api.example.com/swagger/?format=openapi"},
	{"a query", "https://petstore.swagger.io/?url=https://api.example.com/o.json#/pets",
	 BUNDLE, "https://api.example.com/o.json"},
	{"a configuration in the query", "https://api.example.com/swagger-ui/index.html?configUrl=/v3/api-docs/swagger-config",
	 BUNDLE, "https://api.example.com/v3/api-docs/swagger-config"},
	{"Springfox 2", "https://api.example.com/swagger-ui.html",
	 "<script src=webjars/springfox-swagger-ui/springfox.js></script>",
	 "https://api.example.com/swagger-resources"},
	{"Springfox 3", "https://api.example.com/swagger-ui/index.html",
	 "<script src=./springfox.js></script>",
	 "https://api.example.com/swagger-ui/swagger-resources https://api.example.com/swagger-resources"},
	{"Swagger UI 2", "https://api.example.com/ui/",
	 "<title>Swagger UI</title><script>$(function () { var url = window.location.search.match(/url=([^&]+)/); if (url && url.length > 1) { url = decodeURIComponent(url[1]); } else { url = \"/v2/swagger.json\"; }\n"
	 "window.swaggerUi = new SwaggerUi({ url: url, dom_id: 'x' }); });</script>",
	 "https://api.example.com/v2/swagger.json"},
	{"Swagger UI that nobody configured", PAGE,
	 BUNDLE "<script>SwaggerUIBundle({url: \"https://petstore.swagger.io/v2/swagger.json\"})</script>", ""},
	{"a URL put together", PAGE,
	 BUNDLE "<script>SwaggerUIBundle({url: protocol + \"//\" + host + '/rest/openapi.json', dom_id: '/x'})</script>",
	 "https://api.example.com/rest/openapi.json"},
	{"a template literal", PAGE,
	 BUNDLE "<script>SwaggerUIBundle({url: `${location.origin}/a/openapi.yaml`})</script>",
	 "https://api.example.com/a/openapi.yaml"},
	{"ReDoc by script", PAGE,
	 "<script>Redoc.init('swagger.json', {a: 1}, document.getElementById('x'))</script>",
	 "https://api.example.com/docs/swagger.json"},
	{"Scalar", PAGE,
	 "<script src=https://cdn.jsdelivr.net/npm/@scalar/api-reference></script><script>Scalar.createApiReference('#app', { // url: 'no'\n url: '/o.json', proxyUrl: 'https://proxy.scalar.com' })</script>",
	 "https://api.example.com/o.json"},
	{"Scalar with several", PAGE,
	 "<script>Scalar.createApiReference('#app', {sources: [{title: 'A', url: '/a.json'}, {url: '/b.json', slug: 'b'}]})</script>",
	 "https://api.example.com/a.json https://api.example.com/b.json"},
	{"Scalar by attribute", PAGE,
	 "<script id=api-reference data-url=/scalar data-proxy-url=https://proxy.scalar.com></script>",
	 "https://api.example.com/scalar"},
	{"Scalar by configuration", PAGE,
	 "<script id=\"api-reference\" data-configuration=\"{&quot;spec&quot;:{&quot;url&quot;:&quot;/s.json&quot;}}\"></script>",
	 "https://api.example.com/s.json"},
	{"RapiDoc", PAGE, "<rapi-doc spec-url='o.yaml' theme=dark></rapi-doc>", "https://api.example.com/docs/o.yaml"},
	{"RapiDoc by script", PAGE, "<script>const d = document.getElementById('rapidoc'); d.loadSpec('/x.json')</script>", "https://api.example.com/x.json"},
	{"Stoplight", PAGE, "<elements-api apiDescriptionUrl=\"../o.json\" router=hash></elements-api>", "https://api.example.com/o.json"},
	{"ASP.NET", "https://api.example.com/swagger/index.html",
	 BUNDLE "<script>window.onload = function () { var configObject = JSON.parse('{\"urls\":[{\"url\":\"v1/swagger.json\",\"name\":\"V1\"}],\"deepLinking\":false}'); }</script>",
	 "https://api.example.com/swagger/v1/swagger.json"},
	{"Swashbuckle 5", "https://api.example.com/swagger/ui/index",
	 "<title>Swagger UI</title><script>window.swashbuckleConfig = { rootUrl: 'https://api.example.com:443', discoveryPaths: arrayFrom('/swagger/docs/v1'), booleanValues: arrayFrom('true|false') }</script>",
	 "https://api.example.com/swagger/docs/v1"},
	{"a base", PAGE, "<base href=/other/><redoc spec-url=o.json></redoc>", "https://api.example.com/other/o.json"},
	{"a link for it", PAGE, "<link rel=service-desc href=/o.json><link rel=icon href=/i.png>", "https://api.example.com/o.json"},
	{"RapiDoc by a script without its name", PAGE, "<rapi-doc id=d></rapi-doc><script>document.getElementById('d').loadSpec('/x.json')</script>", "https://api.example.com/x.json"},
	{"an anchor by its text", PAGE, "<a href=/x/spec.json>OpenAPI spec</a><a href=/y.json>Data</a><a href=/z>Swagger</a>", "https://api.example.com/x/spec.json"},
	{"an anchor", PAGE, "<a href=/files/openapi.yaml>Download</a><a href=/x.json>y</a>", "https://api.example.com/files/openapi.yaml"},
	{"GraphiQL", PAGE, "<title>GraphiQL</title><script>fetcher({url: '/graphql'})</script>", ""},
	{"any page", PAGE, "<div data-url=/x></div><script>var a = {url: '/track'}</script><p>x", ""},
	{"a console that names itself", PAGE, BUNDLE "<script>SwaggerUIBundle({url: 'index.html'})</script>", ""},
	{"what is no URL", PAGE, BUNDLE "<script>SwaggerUIBundle({url: 'a b', specUrl: '{{ x }}', configUrl: 'javascript:alert(1)'})</script>", ""},
};

static void
test_pages(void)
{
	int i;

	for (i = 0; i < (int) lengthof(pages); i++)
	{
		AcConsole console = read_page(pages[i].url, pages[i].html);

		is_str(join(console.urls, console.n_urls), pages[i].want, "%s", pages[i].what);
	}
}

static void
test_scripts(void)
{
	AcConsole console;

	console = read_page(PAGE, "<title>Swagger UI</title><script src=./swagger-ui-bundle.js></script><script src=./swagger-ui-standalone-preset.js></script>"
							  "<script src=./swagger-initializer.js#x></script><script src=https://cdn.example.com/swagger-init.js></script><script src=/js/jquery.min.js></script>");
	is_str(join(console.scripts, console.n_scripts), "https://api.example.com/docs/swagger-initializer.js", "the initializer, not the vendors'");
	console = read_page("https://api.example.com/api", "<title>Swagger UI</title><script src=./api/swagger-ui-init.js></script><script src=index.js></script>");
	is_str(join(console.scripts, console.n_scripts), "https://api.example.com/api/swagger-ui-init.js https://api.example.com/index.js", "NestJS");
	console = read_page(PAGE, "<script src=main.js></script>");
	is_int(console.n_scripts, 0, "none of another page");

	is_str(urls_of_script("window.onload = function() {\n//<editor-fold desc=\"url: 'x'\">\n window.ui = SwaggerUIBundle({\n url: \"\",\n dom_id: '#swagger-ui', \"configUrl\" : \"/v3/api-docs/swagger-config\",\n \"validatorUrl\" : \"\" }) }"),
		   "https://api.example.com/v3/api-docs/swagger-config", "springdoc's initializer");
	is_str(urls_of_script("/* url: 'a' */ x = a / b; y = /url: \"[/]'/; SwaggerUIBundle({url: 'c.json'})"),
		   "https://api.example.com/docs/c.json", "comments and expressions are skipped");
	is_str(urls_of_script("url: \"\\x2fa\\u002Fb.json\""), "https://api.example.com/a/b.json", "escapes");
	is_str(urls_of_script("url: \"/a\\u-1ffb\""), "https://api.example.com/a?b", "what is no escape");
	is_str(urls_of_script("var s = \"unclosed\nvar specUrl = '/ok.json'"), "https://api.example.com/ok.json", "a string ends with its line");
	is_str(urls_of_script(""), "", "nothing");
}

static void
test_texts(void)
{
	AcConsole console;

	is_str(texts_of_script("window.onload = function() { var options = {\n\"swaggerDoc\": {\"openapi\": \"3.0.0\", \"servers\": [{\"url\": \"/v1\"}]},\n\"customOptions\": {} }; SwaggerUIBundle(options) }"),
		   "{\"openapi\": \"3.0.0\", \"servers\": [{\"url\": \"/v1\"}]}", "NestJS");
	is_str(urls_of_script("var options = {\"swaggerDoc\": {\"openapi\": \"3.0.0\", \"servers\": [{\"url\": \"/v1\"}]}, swaggerUrl: '/x'}"),
		   "https://api.example.com/x", "URLs of the description are not the console's");
	is_str(texts_of_script("window.swaggerSpec={\"swagger\": \"2.0\", \"paths\": {}}"), "{\"swagger\": \"2.0\", \"paths\": {}}", "an assignment");
	is_str(texts_of_script("const __redoc_state = {\"menu\":{},\"spec\":{\"data\":{\"openapi\":\"3.1.0\"}},\"options\":{}};"), "{\"openapi\":\"3.1.0\"}", "ReDoc's bundle");
	is_str(texts_of_script("var s = '{\"openapi\":\"3.0.0\",\"info\":{\"title\":\"it\\'s\",\"version\":\"1.0.0\"}}'"), "{\"openapi\":\"3.0.0\",\"info\":{\"title\":\"it's\",\"version\":\"1.0.0\"}}", "JSON in a string");
	is_str(texts_of_script("Scalar.createApiReference('#a', {content: `openapi: 3.1.0\ninfo:\n  title: x\npaths: {}\n`})"), "openapi: 3.1.0\ninfo:\n  title: x\npaths: {}\n", "YAML in a string");
	is_str(texts_of_script("var a = {openapi: '3.0.0'}"), "", "an object of JavaScript is no JSON");
	console = read_page(PAGE, "<script id=api-reference type=application/json>{\"openapi\":\"3.1.0\",\"paths\":{}}</script>");
	is_str(join(console.texts, console.n_texts), "{\"openapi\":\"3.1.0\",\"paths\":{}}", "within the page");
	console = read_page(PAGE, "<elements-api apiDescriptionDocument='{\"openapi\":\"3.0.0\",\"x\":1}'>");
	is_str(join(console.texts, console.n_texts), "{\"openapi\":\"3.0.0\",\"x\":1}", "in an attribute");
}

static const char *
config(const char *json)
{
	AcConsole console = {0};
	AcJson *doc;
	AcError err;
	bool is_config;

	if (!ac_json_parse(json, strlen(json), AC_JSON_MAX_DEPTH, &doc, &err))
		abort();
	is_config = ac_console_read_config(&console, doc, "https://api.example.com/v3/api-docs/swagger-config");
	ac_json_free(doc);
	return is_config ? join(console.urls, console.n_urls) : NULL;
}

static void
test_config(void)
{
	is_str(config("{\"configUrl\":\"/v3/api-docs/swagger-config\",\"oauth2RedirectUrl\":\"https://x/y\",\"url\":\"/v3/api-docs\"}"), "https://api.example.com/v3/api-docs", "springdoc");
	is_str(config("{\"urls\":[{\"url\":\"/a\",\"name\":\"a\"},{\"url\":\"/b\",\"name\":\"b\"}],\"urls.primaryName\":\"a\"}"), "https://api.example.com/a https://api.example.com/b", "springdoc's groups");
	is_str(config("[{\"name\":\"default\",\"url\":\"/v2/api-docs\",\"swaggerVersion\":\"2.0\",\"location\":\"/v2/api-docs\"}]"), "https://api.example.com/v2/api-docs", "Springfox");
	is_str(config("{\"openapi\":\"3.0.0\",\"urls\":[{\"url\":\"/a\"}]}"), NULL, "a description");
	is_str(config("[{\"url\":\"/a\"}]"), NULL, "rows");
	is_str(config("null"), NULL, "null");
}

static void
test_bombs(void)
{
	StringInfoData text;
	AcConsole console = {0};
	int i;

	initStringInfo(&text);
	for (i = 0; i < 100000; i++)
		appendStringInfoString(&text, "init(\"a\"");
	ac_console_read_script(&console, (AcSlice){text.data, text.len}, PAGE);
	resetStringInfo(&text);
	for (i = 0; i < 20000; i++)
		appendStringInfoString(&text, "{\"openapi\":\"3\",\"a\":");
	for (i = 0; i < 20000; i++)
		appendStringInfoString(&text, "}");
	ac_console_read_script(&console, (AcSlice){text.data, text.len}, PAGE);
	resetStringInfo(&text);
	for (i = 0; i < 100000; i++)
		appendStringInfo(&text, "url:'/%d',", i);
	ac_console_read_script(&console, (AcSlice){text.data, text.len}, PAGE);
	is_int(console.n_urls, AC_CONSOLE_MAX_URLS, "more URLs than are kept");
}

/* How often the reader asked whether to end, and what it is told. */
static int asked;
static bool interrupted;

static bool
on_asked(void *arg)
{
	asked++;
	return interrupted;
}

/* Descriptions in descriptions, each one only at its end, around a megabyte. */
static void
test_nested(void)
{
	StringInfoData text;
	AcConsole console = {.interrupted = on_asked};
	int i;

	initStringInfo(&text);
	appendStringInfoString(&text, "init(");
	for (i = 0; i < 60; i++)
		appendStringInfoString(&text, "{\"a\":");
	appendStringInfoChar(&text, '"');
	for (i = 0; i < 1024 * 1024; i++)
		appendStringInfoChar(&text, 'x');
	appendStringInfoChar(&text, '"');
	for (i = 0; i < 60; i++)
		appendStringInfoString(&text, ",\"openapi\":1}");
	appendStringInfoChar(&text, ')');
	asked = 0;
	ac_console_read_script(&console, (AcSlice){text.data, text.len}, PAGE);
	ok(asked > 0 && asked < 150, "what is in each other is not read again and again (%d)", asked);
}

static void
test_interrupt(void)
{
	StringInfoData text;
	AcConsole console = {.interrupted = on_asked};
	int i;

	initStringInfo(&text);
	for (i = 0; i < 100000; i++)
		appendStringInfoString(&text, "f(1); ");
	appendStringInfoString(&text, "SwaggerUIBundle({url: '/late.json'})");
	interrupted = true;
	ac_console_read_script(&console, (AcSlice){text.data, text.len}, PAGE);
	is_int(console.n_urls, 0, "an interrupt ends the reading");
	interrupted = false;
	ac_console_read_script(&console, (AcSlice){text.data, text.len}, PAGE);
	is_int(console.n_urls, 1, "which else goes to the end");
}

int
main(void)
{
	test_nested();
	test_interrupt();
	test_pages();
	test_scripts();
	test_texts();
	test_config();
	test_bombs();
	return done_testing();
}
