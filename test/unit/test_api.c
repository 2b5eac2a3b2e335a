/*
 * test_api.c
 *		Does every description find its reader, and a parameter its name?
 */
#include "ac.h"

#include "api/api.h"
#include "tap.h"

static const char *
reader_of(const char *text)
{
	AcJson *doc = NULL;
	AcError err;
	const AcReader *reader;

	if (!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &doc, &err))
		abort();
	reader = ac_api_find_reader(doc);
	ac_json_free(doc);
	return reader != NULL ? reader->name : NULL;
}

static void
test_readers(void)
{
	is_str(reader_of("{\"openapi\": \"3.0.3\"}"), "openapi", "OpenAPI 3.0");
	is_str(reader_of("{\"openapi\": \"3.1.0\"}"), "openapi", "OpenAPI 3.1");
	is_str(reader_of("{\"swagger\": \"2.0\"}"), "swagger", "Swagger 2.0");
	is_str(reader_of("{\"swagger\": \"1.2\"}"), NULL, "Swagger 1.2");
	is_str(reader_of("{\"kind\": \"discovery#restDescription\"}"), "google",
		   "Google Discovery");
	is_str(reader_of("{\"info\": {\"_postman_id\": \"1\"}, \"item\": []}"),
		   "postman", "a Postman collection");
	is_str(reader_of("{\"log\": {\"version\": \"1.2\", \"entries\": []}}"),
		   "har", "an archive of requests");
	is_str(reader_of("{\"namespaces\": [\"wp/v2\"], \"routes\": {\"/wp/v2\": "
					 "{\"methods\": [\"GET\"]}}}"),
		   "wordpress", "WordPress, although it has links, too");
	is_str(reader_of("{\"users\": \"/users\", \"orders\": \"/orders\"}"),
		   "index", "an index of links");
	is_str(reader_of("[{\"id\": 1}]"), "sample", "plain rows");
	is_str(reader_of("{\"openapi\": \"7.0\"}"), NULL, "no version that is read");
	is_str(reader_of("{\"error\": \"x\"}"), NULL, "an error");
	is_str(reader_of("null"), NULL, "null");
}

static void
test_read(void)
{
	static const char text[] =
		"{\"openapi\": \"3.0.3\", \"paths\": {\"/a\": {\"get\": {}}}}";
	const AcReader *reader;
	AcJson *doc = NULL;
	AcApi *api = NULL;
	AcError err;

	ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &doc, &err);
	reader = ac_api_find_reader(doc);
	ok(reader->read(&(AcReadInput){.doc = doc, .limits = &ac_read_limits_default}, &api, &err),
	   "the reader that was found reads");
	is_int(api->n_endpoints, 1, "what is there");
	is_str(api->kind, reader->name, "and calls it by its name");
	ac_json_free(doc);
}

static void
test_param(void)
{
	AcParam params[] = {
		{.name = "id", .place = AC_PARAM_PATH},
		{.name = "id", .place = AC_PARAM_QUERY},
		{.name = "Page", .place = AC_PARAM_QUERY},
	};
	AcEndpoint endpoint = {.params = params, .n_params = lengthof(params)};

	ok(ac_endpoint_param(&endpoint, AC_PARAM_PATH, "id") == &params[0],
	   "by place and name");
	ok(ac_endpoint_param(&endpoint, AC_PARAM_QUERY, "id") == &params[1],
	   "of the same name elsewhere");
	ok(ac_endpoint_param(&endpoint, AC_PARAM_QUERY, "page") == NULL,
	   "names are exact");
	ok(ac_endpoint_param(&endpoint, AC_PARAM_HEADER, "id") == NULL,
	   "not in other places");
}

int
main(void)
{
	test_readers();
	test_read();
	test_param();
	return done_testing();
}
