/*
 * postman.c
 *		Which reads does a Postman collection (2.0, 2.1) have?
 *
 * Requests stand in a tree of folders, the outermost of which is their group.
 * GET and POST are read; the base is that of most requests.  Saved answers
 * are examples.  Credentials that a collection has in its auth, headers and
 * variables are never kept, only what kind they are.
 */
#include "ac.h"

#include "api/endpoints.h"
#include "api/postman.h"
#include "api/postman_url.h"
#include "api/tableplan_int.h"
#include "core/pointer.h"
#include "core/url.h"

/* Folders in folders; people nest three. */
#define MAX_FOLDERS 50

/* Longest saved answer that becomes an example (doc/inference.md S2). */
#define MAX_EXAMPLE (2 * 1024 * 1024)

/* Saved answers tried, longest first. */
#define MAX_ANSWERS 3

/* Units of work that a request costs: its URL is filled in and taken apart. */
#define REQUEST_UNITS 10

/* Levels of a body that become a shape. */
#define BODY_DEPTH 6

/* Path variables described; a path has five. */
#define MAX_VARIABLES 100

/* How sure it is that a saved request reads: with an answer, without. */
#define SURE_WITH_ANSWER 0.95
#define SURE_OF_REQUEST 0.75

typedef struct Request
{
	const AcJson *item;
	const AcJson *request; /* an object, or the URL's text */
	AcPostmanUrl url;
	const char *method;
	const char *group;
	const AcJson *auth; /* of the request, else of its folders */
	char *source;
} Request;

typedef struct Reader
{
	AcEndpoints list;
	AcShapeMap variables;
	Request *requests;
	int n;
	int capacity;
	int other_methods;
} Reader;

/* The collection itself; exports of the service wrap it. */
static AcJson *
collection_of(const AcJson *doc)
{
	AcJson *wrapped = ac_json_get(doc, "collection");

	return ac_json_has(wrapped, "item") ? wrapped : (AcJson *) doc;
}

bool
ac_postman_sniff(const AcJson *doc)
{
	const AcJson *collection = collection_of(doc);
	const AcJson *info = ac_json_get(collection, "info");
	const char *schema = ac_json_get_string(info, "schema");

	return ac_json_kind(ac_json_get(collection, "item")) == AC_JSON_ARRAY &&
		   (ac_json_has(info, "_postman_id") || ac_json_has(info, "_postman_schema") ||
			(schema != NULL && strstr(schema, "postman.com/json/collection/v2") != NULL));
}

/* Texts are strings or {"content": "..."}. */
static const char *
text_of(const AcJson *node)
{
	const char *text = ac_json_string(node, NULL);

	return text != NULL ? text : ac_json_get_string(node, "content");
}

/* What comes down the folders. */
typedef struct Folder
{
	const char *group;
	const AcJson *auth;
	const char *source;
	int depth;
} Folder;

static Request *
new_request(Reader *reader)
{
	if (reader->n == reader->capacity)
	{
		reader->capacity = reader->capacity * 2 + 16;
		reader->requests =
			reader->requests == NULL
				? palloc(reader->capacity * sizeof(Request))
				: repalloc(reader->requests, reader->capacity * sizeof(Request));
	}
	return &reader->requests[reader->n++];
}

static void
collect_request(Reader *reader, const AcJson *item, const Folder *folder)
{
	const AcJson *request = ac_json_get(item, "request");
	const char *method = ac_json_get_string(request, "method");
	const AcJson *url = ac_json_string(request, NULL) != NULL
							? request
							: ac_json_get(request, "url");
	Request *added;
	AcPostmanUrl read;

	if (method == NULL || method[0] == '\0')
		method = "GET";
	if (pg_strcasecmp(method, "GET") != 0 && pg_strcasecmp(method, "POST") != 0)
	{
		reader->other_methods++;
		return;
	}
	if (!ac_postman_url_read(url, &reader->variables, &read))
		return;
	added = new_request(reader);
	memset(added, 0, sizeof(*added));
	added->item = item;
	added->request = request;
	added->url = read;
	added->method = pg_strcasecmp(method, "GET") == 0 ? "GET" : "POST";
	added->group = folder->group;
	added->auth = ac_json_get(request, "auth");
	if (added->auth == NULL)
		added->auth = folder->auth;
	added->source = pstrdup(folder->source);
}

static void
collect_items(Reader *reader, const AcJson *items, const Folder *folder)
{
	int i;

	for (i = 0; i < ac_json_length(items) && ac_endpoints_spend(&reader->list, REQUEST_UNITS); i++)
	{
		const AcJson *item = ac_json_at(items, i);
		Folder inner = *folder;

		inner.source = ac_pointer_child_index(folder->source, i);
		if (ac_json_kind(ac_json_get(item, "item")) == AC_JSON_ARRAY)
		{
			inner.depth++;
			inner.source = ac_pointer_child(inner.source, "item");
			if (inner.group == NULL)
				inner.group = ac_json_get_string(item, "name");
			if (ac_json_has(item, "auth"))
				inner.auth = ac_json_get(item, "auth");
			if (inner.depth < MAX_FOLDERS)
				collect_items(reader, ac_json_get(item, "item"), &inner);
		}
		else if (ac_json_has(item, "request"))
			collect_request(reader, item, &inner);
	}
}

/* ---- the base ---- */

/* The origin of most requests; "" stands for those without a known one. */
static const char *
common_origin(const Reader *reader)
{
	AcShapeMap counts;
	const char *best = "";
	intptr_t most = 0;
	int i;

	ac_shape_map_init(&counts);
	for (i = 0; i < reader->n; i++)
	{
		const char *origin = reader->requests[i].url.origin;
		AcShapeMapEntry *entry;
		intptr_t count;

		if (origin == NULL)
			origin = "";
		entry = ac_shape_map_enter(&counts, origin, strlen(origin));
		count = (intptr_t) entry->value + 1;
		entry->value = (void *) count;
		if (count > most)
		{
			most = count;
			best = origin;
		}
	}
	ac_shape_map_free(&counts);
	return best;
}

static bool
is_at(const Request *request, const char *origin)
{
	return strcmp(request->url.origin == NULL ? "" : request->url.origin,
				  origin) == 0;
}

/* The directory that the bases of an origin share. */
static char *
common_base_path(const Reader *reader, const char *origin)
{
	char *dir = NULL;
	int i;

	for (i = 0; i < reader->n; i++)
		if (is_at(&reader->requests[i], origin))
			dir = ac_endpoints_common_dir(dir, psprintf("%s/x", reader->requests[i].url.base_path));
	return dir == NULL ? pstrdup("") : dir;
}

/* ---- one request ---- */

/* The value of a key of an auth's parameters, in 2.1's and 2.0's form. */
static const char *
auth_value(const AcJson *params, const char *key)
{
	int i;

	for (i = 0; i < ac_json_length(params); i++)
	{
		const char *name = ac_json_get_string(ac_json_at(params, i), "key");

		if (name != NULL && strcmp(name, key) == 0)
			return ac_json_get_string(ac_json_at(params, i), "value");
	}
	return ac_json_get_string(params, key);
}

/* The kind of credentials; false if there are none to send. */
static bool
read_auth(AcEndpoints *list, const AcJson *auth)
{
	static const struct
	{
		const char *type;
		AcAuthScheme scheme;
	} types[] = {{"bearer", AC_AUTH_BEARER}, {"basic", AC_AUTH_BASIC}, {"oauth2", AC_AUTH_OAUTH2}, {"jwt", AC_AUTH_BEARER}, {"awsv4", AC_AUTH_AWS}};
	const char *type = ac_json_get_string(auth, "type");
	const char *place;
	const char *name;
	int i;

	if (type == NULL || strcmp(type, "noauth") == 0)
		return false;
	for (i = 0; i < (int) lengthof(types); i++)
		if (strcmp(type, types[i].type) == 0)
		{
			ac_endpoints_scheme(list, types[i].scheme, AC_PARAM_HEADER, NULL);
			return true;
		}
	if (strcmp(type, "apikey") != 0)
	{
		ac_endpoints_scheme(list, AC_AUTH_OTHER, AC_PARAM_HEADER, NULL);
		return true;
	}
	place = auth_value(ac_json_get(auth, "apikey"), "in");
	name = auth_value(ac_json_get(auth, "apikey"), "key");
	ac_endpoints_scheme(list, AC_AUTH_API_KEY,
						place != NULL && strcmp(place, "query") == 0 ? AC_PARAM_QUERY
																	 : AC_PARAM_HEADER,
						name == NULL || name[0] == '\0' ? "X-API-Key" : name);
	return true;
}

static bool
read_headers(AcEndpoints *list, const AcJson *headers)
{
	bool found = false;
	int i;

	for (i = 0; i < ac_json_length(headers); i++)
	{
		const AcJson *header = ac_json_at(headers, i);
		const char *name = ac_json_get_string(header, "key");
		const char *value = ac_json_get_string(header, "value");

		if (name != NULL && value != NULL &&
			!ac_json_bool(ac_json_get(header, "disabled"), false))
			found = ac_endpoints_scheme_of_header(list, name, value) || found;
	}
	return found;
}

/* A value that is no variable of the collection. */
static const char *
plain_value(const AcJson *node)
{
	const char *value = ac_json_get_string(node, "value");

	return value == NULL || strstr(value, "{{") != NULL ? NULL : value;
}

static void
describe(AcParam *param, const AcJson *node)
{
	if (param != NULL && param->description == NULL)
		param->description = text_of(ac_json_get(node, "description"));
}

static void
read_query(AcEndpoints *list, AcEndpoint *endpoint, const AcPostmanUrl *url)
{
	int i;

	ac_endpoints_query(list, endpoint, url->query, false);
	for (i = 0; i < ac_json_length(url->list); i++)
	{
		const AcJson *node = ac_json_at(url->list, i);
		const char *name = ac_json_get_string(node, "key");

		if (name == NULL || strstr(name, "{{") != NULL ||
			!ac_endpoints_query_param(list, endpoint, name, plain_value(node), false))
			continue;
		describe((AcParam *) ac_endpoint_param(endpoint, AC_PARAM_QUERY, name), node);
	}
}

static void
read_variables(AcEndpoint *endpoint, const AcJson *variables)
{
	int i;

	for (i = 0; i < Min(ac_json_length(variables), MAX_VARIABLES); i++)
	{
		const AcJson *node = ac_json_at(variables, i);
		const char *name = ac_json_get_string(node, "key");
		AcParam *param;

		if (name == NULL)
			continue;
		param = (AcParam *) ac_endpoint_param(endpoint, AC_PARAM_PATH, name);
		describe(param, node);
		if (param != NULL && plain_value(node) != NULL && plain_value(node)[0] != '\0')
			param->shape = ac_endpoints_value_shape(plain_value(node));
	}
}

/* The longest saved body of a success that is shorter than limit. */
static const char *
longest_answer(const AcJson *responses, size_t limit, size_t *len)
{
	const char *best = NULL;
	int i;

	*len = 0;
	for (i = 0; i < ac_json_length(responses); i++)
	{
		const AcJson *response = ac_json_at(responses, i);
		int64 code = ac_json_int(ac_json_get(response, "code"), 200);
		size_t size = 0;
		const char *body = ac_json_string(ac_json_get(response, "body"), &size);

		if (body == NULL || code / 100 != 2 || size <= *len || size >= limit)
			continue;
		best = body;
		*len = size;
	}
	return best;
}

static void
read_answers(AcEndpoints *list, AcEndpoint *endpoint, const AcJson *responses)
{
	size_t limit = MAX_EXAMPLE;
	size_t len;
	int i;

	for (i = 0; i < MAX_ANSWERS; i++)
	{
		const char *body = longest_answer(responses, limit, &len);

		if (body == NULL)
			return;
		if (ac_endpoints_example(list, endpoint, body, len))
		{
			endpoint->confidence = SURE_WITH_ANSWER;
			return;
		}
		limit = len;
	}
}

static void
read_body(AcEndpoints *list, AcEndpoint *endpoint, const AcJson *body)
{
	const char *mode = ac_json_get_string(body, "mode");
	size_t len;
	const char *raw = ac_json_string(ac_json_get(body, "raw"), &len);
	AcJson *tree;
	AcValues values;

	if (mode == NULL || strcmp(mode, "raw") != 0 || raw == NULL || len > MAX_EXAMPLE)
		return;
	tree = ac_endpoints_parse(list, raw, len);
	if (ac_json_kind(tree) != AC_JSON_OBJECT && ac_json_kind(tree) != AC_JSON_ARRAY)
		return;
	values.values = &tree;
	values.n = 1;
	endpoint->request = ac_seen_shape(&values, "", BODY_DEPTH);
	endpoint->request_media_type = "application/json";
}

/* A new endpoint's own facts; what is repeated only adds parameters. */
static void
fill_endpoint(Reader *reader, AcEndpoint *endpoint, const Request *request)
{
	const char *name = ac_json_get_string(request->item, "name");
	AcEndpoints *list = &reader->list;

	endpoint->confidence = SURE_OF_REQUEST;
	endpoint->summary = name;
	endpoint->description = text_of(ac_json_get(request->request, "description"));
	endpoint->group = request->group;
	endpoint->source = request->source;
	endpoint->found = psprintf("request \"%s\" of the collection",
							   ac_endpoints_quote(name == NULL ? "" : name));
	if (strcmp(request->method, "POST") == 0)
		read_body(list, endpoint, ac_json_get(request->request, "body"));
}

static void
add_request(Reader *reader, const Request *request, const char *origin,
			const char *base_path)
{
	AcEndpoints *list = &reader->list;
	bool own = is_at(request, origin);
	char *path = psprintf("%s%s", request->url.base_path, request->url.path);
	AcEndpoint *endpoint;
	bool is_new;
	bool secured;

	if (!own && request->url.origin == NULL)
		return;
	endpoint = ac_endpoints_enter(list, request->method,
								  own ? ac_endpoints_below(base_path, path) : path, &is_new);
	if (endpoint == NULL)
		return;
	if (is_new)
	{
		fill_endpoint(reader, endpoint, request);
		endpoint->base_url = own ? NULL : request->url.origin;
	}
	read_query(list, endpoint, &request->url);
	read_variables(endpoint, ac_json_get(ac_json_get(request->request, "url"), "variable"));
	if (endpoint->example == NULL)
		read_answers(list, endpoint, ac_json_get(request->item, "response"));
	secured = read_auth(list, request->auth);
	secured = read_headers(list, ac_json_get(request->request, "header")) || secured;
	endpoint->anonymous = !secured;
	if (secured && own)
		list->api->auth_required = true;
}

static void
add_requests(Reader *reader)
{
	const char *origin = common_origin(reader);
	char *base_path = common_base_path(reader, origin);
	int i;

	if (origin[0] != '\0')
		ac_endpoints_server(&reader->list, psprintf("%s%s", origin, base_path[0] == '\0' ? "/" : base_path));
	for (i = 0; i < reader->n && ac_endpoints_spend(&reader->list, 1); i++)
	{
		const Request *request = &reader->requests[i];

		if (request->url.unknown != NULL)
			ac_endpoints_note(&reader->list, "the collection gives %s no value",
							  ac_endpoints_quote(ac_url_redact(request->url.unknown)));
		add_request(reader, request, origin, base_path);
	}
	if (reader->other_methods > 0)
		ac_endpoints_note(&reader->list, "%d requests by other methods than GET and POST were left out",
						  reader->other_methods);
}

static void
read_info(AcApi *api, const AcJson *info)
{
	const char *schema = ac_json_get_string(info, "schema");

	api->title = text_of(ac_json_get(info, "name"));
	api->description = text_of(ac_json_get(info, "description"));
	api->version = ac_json_get_string(info, "version");
	api->spec_version = schema != NULL && strstr(schema, "v2.0") != NULL ? "2.0" : "2.1";
}

bool
ac_postman_read(const AcReadInput *input, AcApi **api, AcError *err)
{
	const AcJson *collection = collection_of(input->doc);
	Reader reader = {0};
	Folder root = {0};

	*api = NULL;
	if (!ac_postman_sniff(input->doc))
		return ac_error_set(err, AC_ERR_MALFORMED,
							"the document is no Postman collection");
	ac_endpoints_init(&reader.list, input, "postman", err);
	ac_postman_variables(ac_json_get(collection, "variable"), &reader.variables);
	root.auth = ac_json_get(collection, "auth");
	root.source = collection == input->doc ? "/item" : "/collection/item";
	read_info(reader.list.api, ac_json_get(collection, "info"));
	collect_items(&reader, ac_json_get(collection, "item"), &root);
	add_requests(&reader);
	return ac_endpoints_finish(&reader.list, api);
}
