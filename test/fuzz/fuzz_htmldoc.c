/*
 * fuzz_htmldoc.c
 *		Does any page leave the readers of documentation and consoles with a
 *		model that holds together?
 *
 * The input is a page of Markdown or HTML; what is its second half stands for
 * another page of the same documentation, and for a script.
 */
#include "fuzz.h"

#include "api/console.h"
#include "api/htmldoc.h"
#include "core/html.h"
#include "core/markdown.h"
#include "core/url.h"

#define PAGE_URL "https://docs.acme.io/api/index.html"

static AcJson *
parse(const uint8_t *data, size_t size)
{
	AcJsonText input = {(const char *) data, size, AC_JSON_MAX_DEPTH, NULL};
	AcJson *doc = NULL;
	AcError err;

	if (size > 0 && data[0] == '<')
		ac_html_parse(&input, &doc, &err);
	else
		ac_markdown_parse(&input, &doc, &err);
	return doc;
}

/* Every variable of the path is a parameter, and no name is there twice. */
static void
check_endpoint(const AcEndpoint *endpoint)
{
	char **names;
	int n = ac_url_template_vars(endpoint->path, &names);
	int i;

	must(endpoint->path[0] == '/', "a path");
	must(n >= 0, "braces that match");
	must(endpoint->method != NULL && endpoint->source != NULL && endpoint->found != NULL, "where it was found");
	must(endpoint->confidence > 0 && endpoint->confidence < 1, "a confidence");
	for (i = 0; i < n; i++)
		must(ac_endpoint_param(endpoint, AC_PARAM_PATH, names[i]) != NULL, "a parameter for a variable");
	for (i = 0; i < endpoint->n_params; i++)
	{
		const AcParam *param = &endpoint->params[i];

		must(ac_endpoint_param(endpoint, param->place, param->name) == param, "no two parameters of one name");
		must(param->shape != NULL && param->style != NULL, "a shape and a style");
	}
}

static void
check_api(const AcApi *api)
{
	int i;
	int j;

	must(api->n_endpoints > 0 && api->n_server_urls == 1, "endpoints below a server");
	for (i = 0; i < api->n_endpoints; i++)
	{
		check_endpoint(&api->endpoints[i]);
		for (j = 0; j < i && i < 50; j++)
		{
			const AcEndpoint *a = &api->endpoints[i];
			const AcEndpoint *b = &api->endpoints[j];

			must(strcmp(a->method, b->method) != 0 || strcmp(a->path, b->path) != 0 ||
					 a->query != b->query || a->base_url != b->base_url,
				 "no two endpoints that are the same");
		}
	}
	for (i = 0; i < api->n_schemes; i++)
		must(api->schemes[i].id != NULL, "a scheme's name");
}

static void
check_console(AcJson *doc, const uint8_t *data, size_t size)
{
	AcConsole console = {0};
	AcUrl url;
	int i;

	ac_console_read_page(&console, doc, PAGE_URL);
	ac_console_read_script(&console, (AcSlice){(const char *) data, size}, PAGE_URL);
	for (i = 0; i < console.n_urls; i++)
		must(ac_url_parse(console.urls[i], &url, NULL) && url.fragment == NULL, "a URL");
	for (i = 0; i < console.n_scripts; i++)
		must(ac_url_parse(console.scripts[i], &url, NULL), "a script's URL");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AcDocument other = {"GET", "https://docs.acme.io/api/other.html", NULL};
	AcReadInput input = {.url = PAGE_URL, .others = &other, .n_others = 1, .limits = &ac_read_limits_default};
	AcWish *wishes;
	AcApi *api;
	AcError err;
	int n;

	input.doc = parse(data, size);
	other.doc = parse(data + size / 2, size - size / 2);
	ac_htmldoc_sniff(input.doc);
	n = ac_htmldoc_wishes(&input, &wishes);
	must(n >= 0 && (n == 0 || wishes[n - 1].url != NULL), "wishes");
	if (ac_htmldoc_read(&input, &api, &err))
		check_api(api);
	check_console(input.doc, data + size / 2, size - size / 2);
	ac_json_free(input.doc);
	ac_json_free(other.doc);
	ac_alloc_reset();
	return 0;
}
