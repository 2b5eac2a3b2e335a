/*
 * test_recorded.c
 *		Does a record keep its requests and lose its secrets?
 */
#include "ac.h"

#include "api/har.h"
#include "api/postman.h"
#include "api/recorded.h"
#include "reader.h"

static const char archive[] =
	"{'log': {'version': '1.2', 'pages': [{'title': 'https://h/?token=TOPSECRET'}], 'entries': [{'request': {'method': 'GET', "
	"'url': 'https://h/users?page=1&api_key=TOPSECRET', 'queryString': [{'name': 'api_key', 'value': 'TOPSECRET'}], "
	"'headers': [{'name': 'Authorization', 'value': 'Bearer TOPSECRET'}, {'name': 'Cookie', 'value': 'TOPSECRET'}], "
	"'cookies': [{'name': 'a', 'value': 'TOPSECRET'}], 'postData': {'text': 'TOPSECRET'}}, "
	"'response': {'status': 200, 'headers': [{'name': 'Set-Cookie', 'value': 'TOPSECRET'}], 'content': {'mimeType': 'application/json', "
	"'text': '[{\\\"id\\\": 1, \\\"password\\\": \\\"TOPSECRET\\\"}]'}}}, "
	"{'request': {'method': 'GET', 'url': 'https://h/'}, 'response': {'status': 200, 'content': {'mimeType': 'text/html', 'text': 'TOPSECRET'}}}]}}";

static const char collection[] =
	"{'info': {'_postman_id': '1', 'name': 'x'}, 'variable': [{'key': 'base', 'value': 'https://h/v1'}, {'key': 'token', 'value': 'TOPSECRET'}], "
	"'auth': {'type': 'apikey', 'apikey': [{'key': 'key', 'value': 'X-Key'}, {'key': 'value', 'value': 'TOPSECRET'}, {'key': 'in', 'value': 'header'}]}, "
	"'event': [{'script': {'exec': ['TOPSECRET']}}], 'item': [{'name': 'f', 'auth': {'type': 'basic', 'basic': {'username': 'TOPSECRET', 'password': 'TOPSECRET'}}, "
	"'item': [{'name': 'a', 'request': {'method': 'GET', 'header': [{'key': 'Authorization', 'value': 'Basic TOPSECRET'}], "
	"'url': {'raw': '{{base}}/a?token=TOPSECRET&q=1', 'host': ['{{base}}'], 'path': ['a'], 'query': [{'key': 'token', 'value': 'TOPSECRET'}, {'key': 'q', 'value': '1'}]}}, "
	"'response': [{'code': 200, 'originalRequest': {'url': 'TOPSECRET'}, 'body': '{\\\"a\\\": [{\\\"api_token\\\": \\\"TOPSECRET\\\"}]}'}]}]}, "
	"{'request': 'https://h/v1/b?api_key=TOPSECRET'}, {'name': 'p', 'request': {'method': 'POST', 'url': '{{base}}/p', 'body': {'mode': 'raw', 'raw': '{\\\"password\\\": \\\"TOPSECRET\\\"}'}}}]}";

static void
check(ReaderRead read, const char *text, const char *what)
{
	AcApi *api = reader_read(read, text, NULL);
	char *before = reader_endpoints(api);
	int schemes = api->n_schemes;
	AcReadInput input = {0};
	AcError err;

	reader_done();
	input.doc = reader_parse(text);
	ok(ac_recorded_mask(input.doc, &ac_read_limits_default), "%s is masked", what);
	ok(strstr(ac_json_to_text(input.doc), "TOPSECRET") == NULL, "%s: nothing secret is left", what);
	api = reader_read_input(read, &input, &err);
	is_str(reader_endpoints(api), before, "%s: the model is the same", what);
	is_int(api->n_schemes, schemes, "%s: with its kinds of credentials", what);
	ok(api->endpoints[0].example != NULL, "%s: and its example", what);
	reader_done();
}

int
main(void)
{
	check(ac_har_read, archive, "archive");
	check(ac_postman_read, collection, "collection");
	ok(!ac_recorded_mask(reader_parse("[1]"), &ac_read_limits_default), "rows are no record");
	reader_done();
	return done_testing();
}
