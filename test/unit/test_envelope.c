/*
 * test_envelope.c
 *		Are the rows found in answers of every form (doc/inference.md S3)?
 */
#include "ac.h"

#include "api/envelope.h"
#include "api/paging.h"

#include "plan_build.h"

#define ROW "{'type': 'object', 'properties': {'id': {'type': 'integer'}, " \
			"'name': {'type': 'string'}}}"
#define LIST "{'type': 'array', 'items': " ROW "}"
#define BARE "{'type': 'array', 'items': {'type': 'object', 'properties': " \
			 "{'text': {'type': 'string'}}}}"
#define TEXTS "{'type': 'array', 'items': {'type': 'string'}}"
#define STR "{'type': 'string'}"
#define INT "{'type': 'integer'}"
#define OBJ(properties) "{'type': 'object', 'properties': {" properties "}}"
#define LIMIT "{'name': 'limit', 'in': 'query', 'schema': {'type': 'integer'}}"

/* What a case's answer should become: "[path]" a list, "(path)" one row. */
typedef struct Case
{
	const char *what;
	const char *path;
	const char *schema;
	const char *parameters;
	const char *want;
} Case;

static const Case cases[] = {
	/* roots */
	{"a bare array", "/orders", LIST, "", "[]"},
	{"an array of texts", "/tags", TEXTS, "", "[]"},
	{"one object", "/account", ROW, "", "()"},
	{"an item", "/orders/{id}", ROW, "", "()"},
	/* well-known keys */
	{"data", "/orders", OBJ("'data': " LIST), "", "[/data]"},
	{"items", "/orders", OBJ("'items': " LIST ", 'total': " INT), "", "[/items]"},
	{"results of DRF", "/orders", OBJ("'count': " INT ", 'next': " STR ", 'previous': " STR ", 'results': " LIST), "", "[/results]"},
	{"OData", "/Orders", OBJ("'@odata.context': " STR ", 'value': " LIST), "", "[/value]"},
	{"HAL", "/orders", OBJ("'_embedded': " OBJ("'orders': " LIST) ", '_links': " OBJ("'self': " STR)), "", "[/_embedded/orders]"},
	{"Spring", "/orders", OBJ("'content': " LIST ", 'sort': " LIST ", 'totalElements': " INT), "", "[/content]"},
	{"Elasticsearch", "/orders/search", OBJ("'took': " INT ", 'hits': " OBJ("'total': " INT ", 'hits': " LIST)), "", "[/hits/hits]"},
	{"GeoJSON", "/places", OBJ("'type': " STR ", 'features': " LIST), "", "[/features]"},
	{"Stripe", "/v1/charges", OBJ("'object': " STR ", 'data': " LIST ", 'has_more': {'type': 'boolean'}, 'url': " STR), LIMIT, "[/data]"},
	/* keys from the path */
	{"the last segment", "/orders", OBJ("'orders': " LIST ", 'next_cursor': " STR), LIMIT, "[/orders]"},
	{"in camel case", "/line-items", OBJ("'lineItems': " LIST ", 'x': " LIST), "", "[/lineItems]"},
	{"the singular of it", "/orders", OBJ("'order': " LIST), "", "[/order]"},
	{"a suffix of it", "/actions/workflow-runs", OBJ("'total_count': " INT ", 'runs': " LIST), "", "[/runs]"},
	{"before a well-known key", "/orders", OBJ("'data': " LIST ", 'orders': " LIST), "", "[/orders]"},
	{"Hetzner", "/servers", OBJ("'servers': " LIST ", 'meta': " OBJ("'pagination': " OBJ("'page': " INT))), "", "[/servers]"},
	/* decoys */
	{"errors beside rows", "/orders", OBJ("'errors': " LIST ", 'data': " LIST), "", "[/data]"},
	{"errors first, rows unnamed", "/orders", OBJ("'errors': " LIST ", 'found': " LIST), LIMIT, "[/found]"},
	{"warnings, the path's own name wins", "/orders", OBJ("'warnings': " LIST ", 'orders': " LIST), "", "[/orders]"},
	{"JSON:API included", "/articles", OBJ("'data': " LIST ", 'included': " LIST ", 'links': " OBJ("'next': " STR)), "", "[/data]"},
	{"a decoy's own table", "/errors", OBJ("'errors': " LIST), LIMIT, "[/errors]"},
	{"below a decoy", "/foo", OBJ("'meta': " OBJ("'items': " LIST) ", 'foo': " LIST), "", "[/foo]"},
	{"messages alone are rows", "/channels/history", OBJ("'ok': {'type': 'boolean'}, 'messages': " LIST), LIMIT, "[/messages]"},
	{"Slack", "/users.list", OBJ("'ok': {'type': 'boolean'}, 'members': " LIST ", 'response_metadata': " LIST), LIMIT, "[/members]"},
	/* wrappers */
	{"data in data", "/orders", OBJ("'data': " OBJ("'orders': " LIST ", 'total': " INT)), "", "[/data/orders]"},
	{"response wrapper", "/orders", OBJ("'response': " OBJ("'docs': " LIST)), LIMIT, "[/response/docs]"},
	{"a wrapped item", "/orders/{id}", OBJ("'data': " ROW), "", "(/data)"},
	{"a twice wrapped item", "/orders/{id}", OBJ("'data': " OBJ("'order': " ROW)), "", "(/data/order)"},
	{"Cloudflare's wrapper", "/zones/{id}", OBJ("'success': {'type': 'boolean'}, 'errors': " LIST ", 'messages': " LIST ", 'result': " ROW), "", "(/result)"},
	{"Slack's wrapper", "/bots.info", OBJ("'ok': {'type': 'boolean'}, 'bot': " ROW), "", "(/bot)"},
	{"no wrapper: metadata and spec", "/pods/{name}", OBJ("'apiVersion': " STR ", 'kind': " STR ", 'metadata': " OBJ("'uid': " STR) ", 'spec': " OBJ("'x': " INT)), "", "()"},
	/* things that have lists */
	{"an item with a list", "/orders/{id}", OBJ("'id': " INT ", 'status': " STR ", 'items': " LIST), "", "()"},
	{"an account with addresses", "/account", OBJ("'id': " INT ", 'name': " STR ", 'addresses': " BARE), "", "()"},
	{"GitHub's commit", "/repos/{owner}/{repo}/commits/{ref}", OBJ("'sha': " STR ", 'url': " STR ", 'files': " LIST ", 'parents': " LIST), "", "()"},
	{"texts of a thing", "/repos/{repo}/topics", OBJ("'names': " TEXTS), "", "()"},
	{"texts that are the thing", "/tags", OBJ("'tags': " TEXTS), LIMIT, "[/tags]"},
	{"a list behind a variable", "/crm/objects/{type}", OBJ("'results': " LIST ", 'paging': " OBJ("'next': " OBJ("'after': " STR))), LIMIT, "[/results]"},
	{"the same without parameters", "/crm/objects/{type}", OBJ("'results': " LIST ", 'total': " INT), "", "[/results]"},
	{"Kubernetes' list", "/api/v1/pods", OBJ("'apiVersion': " STR ", 'kind': " STR ", 'metadata': " OBJ("'continue': " STR) ", 'items': " LIST), "", "[/items]"},
	{"Kubernetes' status", "/pods/{name}/status", OBJ("'apiVersion': " STR ", 'kind': " STR ", 'metadata': " OBJ("'ownerReferences': " LIST) ", 'spec': " OBJ("'x': " INT) ", 'status': " OBJ("'conditions': " BARE)), "", "()"},
	{"statistics with lists", "/dashboard", OBJ("'users': " INT ", 'visits': " INT ", 'top_pages': " BARE ", 'top_users': " BARE), "", "()"},
	/* ties */
	{"equal lists become two tables", "/search", OBJ("'users': " LIST ", 'groups': " LIST), LIMIT, "[/users][/groups]"},
	{"ancestors and descendants", "/statuses/{id}/context", OBJ("'ancestors': " LIST ", 'descendants': " LIST), "", "[/ancestors][/descendants]"},
	{"depth five is too deep", "/x", OBJ("'data': " OBJ("'data': " OBJ("'data': " OBJ("'data': " OBJ("'data': " LIST))))), LIMIT, "(/data/data/data/data)"},
};

static char *
chosen_text(const AcEnvelopeInput *input)
{
	StringInfoData out;
	AcRows *rows;
	int n = ac_envelope_choose(input, &rows);
	int i;

	initStringInfo(&out);
	for (i = 0; i < n; i++)
		appendStringInfo(&out, "%c%s%c", rows[i].one ? '(' : '[',
						 rows[i].path, rows[i].one ? ')' : ']');
	return out.data;
}

static AcEnvelopeInput
input_for(const AcEndpoint *endpoint)
{
	AcEnvelopeInput input = {0};

	input.response = endpoint->response;
	input.path = ac_path_parse(endpoint->path);
	input.paged = ac_paging_is_declared(endpoint);
	input.asked_size = -1;
	return input;
}

static void
test_cases(void)
{
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		const Case *c = &cases[i];
		AcJson *doc;
		AcApi *api = api_of(path_of(c->path, c->schema, c->parameters), &doc);
		AcEnvelopeInput input = input_for(&api->endpoints[0]);

		is_str(chosen_text(&input), c->want, "%s", c->what);
		ac_json_free(doc);
	}
}

/* Lengths on a page decide where a description cannot. */
static void
test_sample(void)
{
	static const struct
	{
		const char *what;
		const char *body;
		int asked;
		const char *want;
	} samples[] = {
		{"the longest array", "{'first': [{'a': 1}], 'second': [{'a': 1}, {'a': 2}]}", -1, "[/second]"},
		{"as long as asked", "{'first': [{'a': 1}, {'a': 1}, {'a': 3}], 'second': [{'a': 1}, {'a': 2}]}", 2, "[/second]"},
		{"as long as a count says", "{'count': 1, 'first': [{'a': 1}, {'a': 1}], 'second': [{'a': 1}]}", -1, "[/second]"},
	};
	int i;

	for (i = 0; i < (int) lengthof(samples); i++)
	{
		AcJson *doc;
		AcJson *body = json_of(samples[i].body);
		AcApi *api = api_of(path_of("/x", OBJ("'count': " INT ", 'first': " BARE ", 'second': " BARE), LIMIT), &doc);
		AcEnvelopeInput input = input_for(&api->endpoints[0]);

		input.sample = body;
		input.asked_size = samples[i].asked;
		is_str(chosen_text(&input), samples[i].want, "%s", samples[i].what);
		ac_json_free(body);
		ac_json_free(doc);
	}
}

static void
test_evidence(void)
{
	AcJson *doc;
	AcApi *api = api_of(path_of("/orders", OBJ("'errors': " LIST ", 'data': " LIST), ""), &doc);
	AcEnvelopeInput input = input_for(&api->endpoints[0]);
	AcJson *envelope;

	input.evidence = ac_json_new_object();
	chosen_text(&input);
	envelope = ac_json_get(input.evidence, "envelope");
	is_str(ac_json_get_string(envelope, "rows_path"), "/data",
		   "the choice is recorded");
	/* 4 objects + 2 well-known + 1 has an id - 1 depth */
	is_int(ac_json_int(ac_json_get(ac_json_get(envelope, "array_scores"), "/data"), -99), 6,
		   "with its score");
	/* 4 objects + 1 has an id - 5 decoy - 1 depth */
	is_int(ac_json_int(ac_json_get(ac_json_get(envelope, "array_scores"), "/errors"), -99), -1,
		   "and what was rejected");
	ac_json_free(input.evidence);
	ac_json_free(doc);
}

/* A schema that contains itself ends. */
static void
test_cycle(void)
{
	AcShape *tree = ac_shape_new(AC_SHAPE_OBJECT);
	AcProperty properties[12] = {{0}};
	AcEnvelopeInput input = {0};
	int i;

	for (i = 0; i < 12; i++)
	{
		properties[i].name = psprintf("p%d", i);
		properties[i].shape = tree;
	}
	tree->properties = properties;
	tree->n_properties = 12;
	input.response = tree;
	input.path = ac_path_parse("/tree");
	input.asked_size = -1;
	is_str(chosen_text(&input), "()", "a shape that contains itself is one row");
}

int
main(void)
{
	test_cases();
	test_sample();
	test_evidence();
	test_cycle();
	return done_testing();
}
