/*
 * test_har.c
 *		Are recorded archives (HAR 1.2) folded into endpoints, and without the
 *		secrets that they are full of?
 */
#include "ac.h"

#include "api/har.h"
#include "reader.h"

/* An entry whose answer is this JSON, written with ^ for an escaped quote. */
static char *
entry(const char *url, const char *body)
{
	StringInfoData out;
	const char *at;

	initStringInfo(&out);
	appendStringInfo(&out, "{'request': {'method': 'GET', 'url': '%s'}, 'response': {'status': 200, "
						   "'content': {'mimeType': 'application/json; charset=utf-8', 'text': '",
					 url);
	for (at = body; *at != '\0'; at++)
		if (*at == '^')
			appendStringInfoString(&out, "\\'");
		else
			appendStringInfoChar(&out, *at);
	appendStringInfoString(&out, "'}}}");
	return out.data;
}

/* An archive of these entries, in JSON. */
static char *
archive(const char *entries)
{
	return psprintf("{'log': {'version': '1.2', 'creator': {'name': 'x'}, "
					"'pages': [{'title': 'https://h/?token=TOPSECRET'}], 'entries': [%s]}}",
					entries);
}

static AcApi *
read_urls(const char *const *urls, int n)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < n; i++)
		appendStringInfo(&out, "%s%s", i > 0 ? ", " : "", entry(urls[i], "{}"));
	return reader_read(ac_har_read, archive(out.data), NULL);
}

typedef struct PathCase
{
	const char *what;
	const char *urls[8];
	const char *server;
	const char *endpoints;
} PathCase;

static const PathCase paths[] = {
	{"numbers", {"https://h/api/v1/users/17", "https://h/api/v1/users/18", "https://h/api/v1/users"}, "https://h/api/v1", "GET /users/{user_id}\nGET /users"},
	{"one number", {"https://h/users/17/orders"}, "https://h/", "GET /users/{user_id}/orders"},
	{"a uuid", {"https://h/v2/things/0f8fad5b-d9cb-469f-a165-70867728950e/"}, "https://h/v2", "GET /things/{thing_id}/"},
	{"a long token", {"https://h/x/5f2b8c1e9a3d4f6b7c8d9e0f"}, "https://h/", "GET /x/{x_id}"},
	{"a version in numbers", {"https://h/rest/api/2/issues/10001"}, "https://h/rest/api", "GET /2/issues/{issue_id}"},
	{"two variables", {"https://h/users/1/users/2"}, "https://h/", "GET /users/{user_id}/users/{user_id_2}"},
	{"a number behind a number", {"https://h/days/2020/12"}, "https://h/", "GET /days/{day_id}/{id}"},
	{"collections are no variable", {"https://h/api/users", "https://h/api/orders", "https://h/api/items"}, "https://h/api", "GET /users\nGET /orders\nGET /items"},
	{"nor are words that have the same below them twice", {"https://h/shops/a/users", "https://h/shops/b/users"}, "https://h/", "GET /shops/a/users\nGET /shops/b/users"},
	{"names that vary", {"https://h/repos/a/issues", "https://h/repos/b/issues", "https://h/repos/c/issues"}, "https://h/", "GET /repos/{repo_id}/issues"},
	{"behind no plural they do not", {"https://h/shop/a/list", "https://h/shop/b/list", "https://h/shop/c/list"}, "https://h/", "GET /shop/a/list\nGET /shop/b/list\nGET /shop/c/list"},
	{"names within names", {"https://h/orgs/1/repos/a/x", "https://h/orgs/2/repos/b/x", "https://h/orgs/2/repos/c/x"}, "https://h/", "GET /orgs/{org_id}/repos/{repo_id}/x"},
	{"parameters", {"https://h/a?page=1&v=2&api_key=TOPSECRET", "https://h/a?page=2&q=x&on=true", "https://h/a?on=7"}, "https://h/", "GET /a +v=2 ?page=integer,q,on"},
	{"the root", {"https://h/"}, "https://h/", "GET /"},
	{"a port", {"http://h:8080/a"}, "http://h:8080/", "GET /a"},
};

static void
test_paths(void)
{
	int i;
	int n;

	for (i = 0; i < (int) lengthof(paths); i++)
	{
		AcApi *api;

		for (n = 0; n < (int) lengthof(paths[i].urls) && paths[i].urls[n] != NULL; n++)
			;
		api = read_urls(paths[i].urls, n);
		is_str(reader_endpoints(api), paths[i].endpoints, "%s", paths[i].what);
		is_str(api->server_urls[0], paths[i].server, "and the base");
		reader_done();
	}
}

static void
test_shown(void)
{
	AcApi *api = reader_read(ac_har_read,
							 archive(psprintf("%s, %s, %s, %s, %s",
											  entry("https://h/teams/red", "{^name^: ^red^}"),
											  entry("https://h/teams/blue", "{^name^: ^blue^, ^x^: 1}"),
											  entry("https://h/teams/settings", "{^settings^: {}}"),
											  entry("https://h/teams/red/members", "[]"),
											  entry("https://h/users/alice", "{^login^: ^alice^}"))),
							 NULL);

	is_str(reader_endpoints(api),
		   "GET /teams/{team_id}\nGET /teams/settings\nGET /teams/{team_id}/members\nGET /users/alice",
		   "an answer that shows the name proves it, where it varies, also for what is below");
	is_str(ac_json_to_text(api->endpoints[0].example), "{\"name\":\"blue\",\"x\":1}",
		   "the longest body is the example");
	is_str(api->endpoints[0].found, "2 requests of the archive", "how it was found");
	is_str(api->endpoints[3].found, "1 request of the archive", "and how often");
	is_str(api->endpoints[1].source, "/log/entries/2", "where it stands");
	ok(api->endpoints[0].undescribed && api->endpoints[0].confidence == 1, "a sample decides");
	is_str(api->kind, "har", "the kind");
	is_str(api->title, "h", "the title is the host, never a page's");
	reader_done();
}

static const char mixed[] =
	"{'request': {'method': 'GET', 'url': 'https://api.h/a', 'cookies': [{'name': 'sid', 'value': 'TOPSECRET'}], 'headers': ["
	"{'name': 'authorization', 'value': 'Bearer TOPSECRET'}, {'name': 'Cookie', 'value': 'sid=TOPSECRET'}, "
	"{'name': 'x-api-key', 'value': 'TOPSECRET'}]}, "
	"'response': {'status': 200, 'content': {'mimeType': 'application/vnd.x+json', 'encoding': 'base64', "
	"'text': 'W3siaWQiOiAxLCAicGFzc3dvcmQiOiAiVE9QU0VDUkVUIn1d'}}}, "
	"{'request': {'method': 'POST', 'url': 'https://api.h/b'}, 'response': {'status': 200, 'content': {'mimeType': 'application/json'}}}, "
	"{'request': {'method': 'GET', 'url': 'https://api.h/c'}, 'response': {'status': 404, 'content': {'mimeType': 'application/json'}}}, "
	"{'request': {'method': 'GET', 'url': 'https://api.h/d.js'}, 'response': {'status': 200, 'content': {'mimeType': 'text/javascript'}}}, "
	"{'request': {'method': 'GET', 'url': 'https://api.h/e?access_token=TOPSECRET'}, 'response': {'status': 200, 'content': {'mimeType': 'application/json'}}}, "
	"{'request': {'method': 'GET', 'url': 'https://api.h/f'}, 'response': {'status': 200, 'content': {'mimeType': 'application/json', 'encoding': 'base64', 'text': '!!'}}}, "
	"{'request': {'method': 'GET', 'url': 'https://other.h/g'}, 'response': {'status': 200, 'content': {'mimeType': 'application/json'}}}, "
	"7, {}, {'request': {'method': 'GET', 'url': 'nonsense'}, 'response': {'status': 200, 'content': {'mimeType': 'application/json'}}}";

static void
test_left_out(void)
{
	AcApi *api = reader_read(ac_har_read, archive(mixed), NULL);
	bool found = false;
	int i;

	is_str(reader_endpoints(api), "GET /a\nGET /e\nGET /f", "GETs answered with JSON, of one origin");
	is_str(ac_json_to_text(api->endpoints[0].example), "[{\"id\":1,\"password\":\"***\"}]", "base64 is decoded");
	ok(api->endpoints[2].example == NULL, "where it is some");
	ok(reader_noted(api, "7 requests to other origins"), "the rest is noted");
	is_int(api->n_schemes, 2, "the kinds of credentials are known");
	is_int(api->schemes[0].scheme, AC_AUTH_BEARER, "a token");
	is_str(api->schemes[1].name, "x-api-key", "a key");
	for (i = 0; i < api->n_notes; i++)
		found = found || strstr(api->notes[i], "TOPSECRET") != NULL;
	ok(!found && strstr(reader_endpoints(api), "TOPSECRET") == NULL, "and their values nowhere");
	reader_done();
}

static void
test_errors(void)
{
	AcReadInput input = {0};
	AcError err;

	input.doc = reader_parse("{'log': {'version': '1.2', 'entries': []}}");
	ok(ac_har_sniff(input.doc), "an empty archive is one");
	ok(reader_read_input(ac_har_read, &input, &err) == NULL, "but offers nothing");
	is_int(err.code, AC_ERR_MALFORMED, "and says so");
	ok(!ac_har_sniff(reader_parse("{'log': [{'id': 1}]}")), "other logs are none");
	ok(!ac_har_sniff(reader_parse("{'log': {'entries': [1]}}")), "without a version neither");
	reader_done();
}

int
main(void)
{
	test_paths();
	test_shown();
	test_left_out();
	test_errors();
	return done_testing();
}
