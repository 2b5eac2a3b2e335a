/*
 * test_sample.c
 *		Is a document that could be rows a table, and everything else not?
 */
#include "ac.h"

#include "api/sample.h"
#include "reader.h"

static const char *const samples[] = {
	"[{'id': 1}]",
	"[]",
	"{'data': [{'id': 1}], 'total': 1}",
	"{'lines': [{'id': 1}, {'id': 2}]}",
	"{'id': 1, 'name': 'x'}",
	"{'name': ['a', 'b']}",
	"{'repositories': ['a', 'b']}",
};

static const char *const others[] = {
	"null",
	"7",
	"'x'",
	"{}",
	"{'error': 'x'}",
	"{'message': 'Not Found'}",
	"{'html': {'title': 'Login', 'blocks': []}}",
	"{'swagger': '1.2', 'apis': []}",
	"{'openapi': '9.0'}",
	"{'$schema': 'http://json-schema.org/draft-07/schema#', 'type': 'object'}",
	"{'data': {'__schema': {'types': []}}}",
	"{'name': 'App', 'start_url': '/', 'icons': [{'src': '/a.png'}]}",
	"{'issuer': 'https://h', 'token_endpoint': 'https://h/t', 'jwks_uri': 'https://h/k'}",
};

static void
test_sniff(void)
{
	int i;

	for (i = 0; i < (int) lengthof(samples); i++)
		ok(ac_sample_sniff(reader_parse(samples[i])), "rows: %s", samples[i]);
	for (i = 0; i < (int) lengthof(others); i++)
		ok(!ac_sample_sniff(reader_parse(others[i])), "none: %s", others[i]);
	reader_done();
}

typedef struct UrlCase
{
	const char *url;
	const char *server;
	const char *endpoint;
} UrlCase;

static const UrlCase urls[] = {
	{"https://h/api/users", "https://h/api", "GET /users"},
	{"https://h/api/users/", "https://h/api", "GET /users/"},
	{"https://h:8443/x?a=1&b=c%20d", "https://h:8443", "GET /x +a=1&b=c%20d"},
	{"https://h/x?token=s&a=1", "https://h", "GET /x +a=1"},
	{"https://h/", "https://h", "GET /"},
	{"https://h/a/{b}", "https://h/a", "GET /%7Bb%7D"},
	{NULL, NULL, "GET /"},
};

static void
test_urls(void)
{
	int i;

	for (i = 0; i < (int) lengthof(urls); i++)
	{
		AcApi *api = reader_read(ac_sample_read, "[{'id': 1}]", urls[i].url);

		is_str(reader_endpoints(api), urls[i].endpoint, "path of %s",
			   urls[i].url == NULL ? "no URL" : urls[i].url);
		is_str(api->n_server_urls == 0 ? NULL : api->server_urls[0], urls[i].server, "and base");
		ok(api->endpoints[0].undescribed && api->endpoints[0].response == NULL &&
			   api->endpoints[0].problem == NULL,
		   "undescribed");
		ok(api->endpoints[0].example == reader_docs[0], "the document is the example");
		reader_done();
	}
}

int
main(void)
{
	AcReadInput input = {0};
	AcError err;

	test_sniff();
	test_urls();
	input.doc = reader_parse("{'error': 'x'}");
	ok(reader_read_input(ac_sample_read, &input, &err) == NULL, "an error is refused");
	is_int(err.code, AC_ERR_MALFORMED, "as malformed");
	reader_done();
	return done_testing();
}
