/*
 * openapi.c
 *		What does an OpenAPI 3.0, 3.1 or 3.2 document offer?
 *
 * The document itself, its paths and operations, and the limits of the work;
 * the parts of an operation are in the files that api/openapi_internal.h
 * lists.  Nothing in a document makes it fail as a whole but its not being
 * OpenAPI 3 and its exceeding the limits: whatever else is wrong is noted, or
 * is the problem of the one operation that it concerns.
 *
 * Shapes are built only as far as what may read leads.  Webhooks and callbacks
 * are calls that the API makes, and are not looked at.  What only says whom
 * documentation is shown to (x-internal, x-hidden) changes nothing: the
 * operation is there.
 */
#include "ac.h"

#include "api/openapi.h"
#include "api/openapi_internal.h"
#include "core/pointer.h"

/* Notes kept; the first hundred tell what is wrong with a document. */
#define OPENAPI_MAX_NOTES 100

/*
 * Work between two looks at the interrupt flag: about what 64 kB of a
 * description hold.
 */
#define OPENAPI_INTERRUPT_UNITS 1000

/* Memory of a unit of work: many schemas of one property need so much. */
#define OPENAPI_UNIT_BYTES 150

void
ac_openapi_fail(AcOpenapiReader *reader, AcErrorCode code, const char *fmt,
				...)
{
	char message[256];
	va_list args;

	if (reader->failed)
		return;
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	ac_error_set(reader->err, code, "%s", message);
	reader->failed = true;
}

bool
ac_openapi_spend(AcOpenapiReader *reader, int64 units)
{
	const AcReadLimits *limits = reader->limits;
	int64 before = reader->spent / OPENAPI_INTERRUPT_UNITS;

	Assert(units >= 0);
	if (reader->failed)
		return false;
	reader->spent += units;
	if (reader->spent / OPENAPI_INTERRUPT_UNITS != before &&
		limits->interrupted != NULL &&
		limits->interrupted(limits->interrupted_arg))
		ac_openapi_fail(reader, AC_ERR_INTERRUPTED,
						"reading the API description was interrupted");
	else if (reader->spent > (int64) limits->max_shapes)
		ac_openapi_fail(reader, AC_ERR_TOO_LARGE,
						"API description expands to more than %d schemas and properties",
						limits->max_shapes);
	return !reader->failed;
}

const char *
ac_openapi_quote(AcOpenapiReader *reader, const char *text)
{
	reader->last_quote = (reader->last_quote + 1) % lengthof(reader->quotes);
	return ac_text_quote(reader->quotes[reader->last_quote], text,
						 AC_OPENAPI_MAX_QUOTE);
}

void
ac_openapi_note(AcOpenapiReader *reader, const char *fmt, ...)
{
	AcApi *api = reader->api;
	char note[AC_OPENAPI_MAX_QUOTE * 4];
	AcShapeMapEntry *entry;
	char *kept;
	va_list args;

	if (api->n_notes >= OPENAPI_MAX_NOTES)
		return;
	va_start(args, fmt);
	vsnprintf(note, sizeof(note), fmt, args);
	va_end(args);
	if (ac_shape_map_find(&reader->noted, note, strlen(note)) != NULL)
		return;
	kept = pstrdup(note);
	entry = ac_shape_map_enter(&reader->noted, kept, strlen(kept));
	entry->value = kept;
	if (api->notes == NULL)
		api->notes = palloc(OPENAPI_MAX_NOTES * sizeof(const char *));
	api->notes[api->n_notes++] = kept;
}

const char *
ac_openapi_text(const AcJson *node, const char *key)
{
	const char *text = ac_json_get_string(node, key);

	return text != NULL && text[0] != '\0' ? text : NULL;
}

/* A new endpoint at the end of the list; NULL if there are too many. */
static AcEndpoint *
add_endpoint(AcOpenapiReader *reader)
{
	AcApi *api = reader->api;
	AcEndpoint *endpoint;

	if (api->n_endpoints >= reader->limits->max_endpoints)
	{
		ac_openapi_fail(reader, AC_ERR_TOO_LARGE,
						"API description has more than %d operations",
						reader->limits->max_endpoints);
		return NULL;
	}
	if (api->n_endpoints == reader->max_endpoints)
	{
		reader->max_endpoints = Max(reader->max_endpoints * 2, 64);
		api->endpoints = api->endpoints == NULL ? palloc(reader->max_endpoints * sizeof(AcEndpoint)) : repalloc(api->endpoints, reader->max_endpoints * sizeof(AcEndpoint));
	}
	endpoint = &api->endpoints[api->n_endpoints++];
	memset(endpoint, 0, sizeof(*endpoint));
	endpoint->confidence = 1;
	return endpoint;
}

/* The first tag that has a name. */
static const char *
first_tag(AcJson *operation)
{
	AcJson *tag = ac_json_at(ac_json_get(operation, "tags"), 0);
	const char *name = ac_json_string(tag, NULL);

	return name != NULL && name[0] != '\0' ? name : NULL;
}

/* One path item and where it stands. */
typedef struct PathItem
{
	const char *key;	 /* in "paths" */
	const char *path;	 /* template, begins with '/' */
	const char *query;	 /* always sent, or NULL */
	const char *problem; /* of its operations, or NULL */
	AcJson *own;		 /* as it stands under its key */
	AcJson *shared;		 /* what its $ref means, or own */
} PathItem;

/* A member of the path item itself, else of what it refers to. */
static AcJson *
item_member(const PathItem *item, const char *key)
{
	AcJson *found = ac_json_get(item->own, key);

	return found != NULL ? found : ac_json_get(item->shared, key);
}

/* The nearest list of servers decides; the document's is the API's. */
static const char *
own_base_url(AcOpenapiReader *reader, const PathItem *item, AcJson *operation)
{
	AcJson *servers = ac_json_get(operation, "servers");

	if (ac_json_length(servers) == 0)
		servers = item_member(item, "servers");
	return reader->dialect->own_server(reader, servers);
}

/* A server of its own that is below the API's is a part of the path. */
static void
set_base_url(AcOpenapiReader *reader, const PathItem *item, AcJson *operation,
			 AcEndpoint *endpoint)
{
	const char *own = own_base_url(reader, item, operation);
	const char *below = ac_openapi_server_below(reader, own);

	if (below == NULL)
		endpoint->base_url = own;
	else if (below[0] != '\0')
		endpoint->path = psprintf("%s%s", below, endpoint->path);
}

/*
 * What stands behind '?' or '#' in a path tells operations of one URL apart: a
 * query is always sent, a fragment never.  Of those that share a path one can
 * be read: that which has nothing behind it, else the first.
 */
static void
split_path(AcOpenapiReader *reader, PathItem *item)
{
	size_t len = strcspn(item->path, "?#");
	const char *rest = item->path + len;
	char *bare;

	if (*rest == '\0')
		return;
	bare = pnstrdup(item->path, len);
	if (ac_json_has(reader->paths, bare) ||
		ac_shape_map_find(&reader->bare_paths, bare, len) != NULL)
	{
		item->problem = psprintf("another operation has the path %s",
								 ac_openapi_quote(reader, bare));
		return;
	}
	ac_shape_map_enter(&reader->bare_paths, bare, len)->value = bare;
	if (rest[0] == '?' && rest[1] != '\0' && rest[1] != '#')
		item->query = pnstrdup(rest + 1, strcspn(rest + 1, "#"));
	item->path = bare;
}

/* Kubernetes says so of what is the list elsewhere, and goes on for ever. */
static bool
is_watch(AcJson *operation)
{
	const char *action = ac_openapi_text(operation, "x-kubernetes-action");

	return action != NULL && (strcmp(action, "watch") == 0 ||
							  strcmp(action, "watchlist") == 0);
}

/*
 * One operation; within: the member of the path item that it stands in, if it
 * does not stand in it itself.
 */
static void
read_operation(AcOpenapiReader *reader, const PathItem *item,
			   const AcJsonIter *member, const char *method, const char *within)
{
	AcEndpoint *endpoint = add_endpoint(reader);
	AcJson *operation = member->value;
	const char *pointer;

	if (endpoint == NULL || !ac_openapi_spend(reader, 1))
		return;
	pointer = ac_pointer_child("/paths", item->key);
	if (within != NULL)
		pointer = ac_pointer_child(pointer, within);
	endpoint->method = method;
	endpoint->path = item->path;
	endpoint->source = ac_pointer_child(pointer, member->key);
	endpoint->operation_id = ac_openapi_text(operation, "operationId");
	endpoint->summary = ac_openapi_text(operation, "summary");
	if (endpoint->summary == NULL)
		endpoint->summary = ac_json_string(item_member(item, "summary"), NULL);
	endpoint->description = ac_openapi_text(operation, "description");
	endpoint->group = first_tag(operation);
	endpoint->sunset = ac_openapi_text(operation, "x-sunset");
	endpoint->deprecated =
		ac_json_bool(ac_json_get(operation, "deprecated"), false) ||
		ac_json_bool(ac_json_get(operation, "x-deprecated"), false);
	endpoint->query = item->query;
	endpoint->problem = item->problem;
	set_base_url(reader, item, operation, endpoint);
	ac_openapi_params_read(reader, item_member(item, "parameters"), operation,
						   endpoint);
	ac_openapi_response_read(reader, operation, endpoint);
	ac_openapi_request_read(reader, item_member(item, "parameters"), operation,
							endpoint);
	ac_openapi_security_count(reader, operation, endpoint);
	if (endpoint->problem == NULL && is_watch(operation))
		endpoint->problem = "its answer is a stream of changes, which does not end";
}

/* The method in upper case that a member of a path item stands for. */
static const char *
method_of(const char *key)
{
	static const char *const methods[] = {"GET", "PUT", "POST", "DELETE",
										  "OPTIONS", "HEAD", "PATCH", "TRACE",
										  "QUERY"};
	int i;

	for (i = 0; i < (int) lengthof(methods); i++)
	{
		if (pg_strcasecmp(methods[i], key) == 0)
			return methods[i];
	}
	return NULL;
}

/* Operations among the members of object that item->own has not too. */
static void
read_operations(AcOpenapiReader *reader, const PathItem *item, AcJson *object)
{
	AcJsonIter it;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
	{
		const char *method = method_of(it.key);

		if (method == NULL || (object != item->own &&
							   ac_json_has(item->own, it.key)))
			continue;
		if (ac_json_kind(it.value) != AC_JSON_OBJECT)
		{
			ac_openapi_note(reader, "%s of path \"%s\" is no object", method,
							ac_openapi_quote(reader, item->key));
			continue;
		}
		read_operation(reader, item, &it, method, NULL);
	}
}

/* Operations of methods that OpenAPI has no member for (3.2.0, 4.9). */
static void
read_additional(AcOpenapiReader *reader, const PathItem *item)
{
	AcJsonIter it;

	ac_json_iter_init(&it, item_member(item, "additionalOperations"));
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
	{
		if (ac_json_kind(it.value) == AC_JSON_OBJECT && it.key[0] != '\0' &&
			method_of(it.key) == NULL)
			read_operation(reader, item, &it, pstrdup(ac_openapi_quote(reader, it.key)), "additionalOperations");
	}
}

/*
 * A Path Item Object may refer to another one and have members beside the
 * reference; which counts is undefined (4.7.9), so the nearer does.
 */
static void
read_path(AcOpenapiReader *reader, const AcJsonIter *member)
{
	PathItem item = {.key = member->key,
					 .path = member->key,
					 .own = member->value,
					 .shared = member->value};

	if (strncmp(member->key, "x-", 2) == 0)
		return;
	if (ac_json_kind(member->value) != AC_JSON_OBJECT)
	{
		ac_openapi_note(reader, "path \"%s\" is no object",
						ac_openapi_quote(reader, member->key));
		return;
	}
	if (ac_text_has_control(member->key))
	{
		ac_openapi_note(reader, "path \"%s\" has characters that cannot be sent",
						ac_openapi_quote(reader, member->key));
		return;
	}
	if (member->key[0] != '/')
	{
		ac_openapi_note(reader, "path \"%s\" does not begin with \"/\"",
						ac_openapi_quote(reader, member->key));
		item.path = psprintf("/%s", member->key);
	}
	split_path(reader, &item);
	if (ac_openapi_ref(item.own) != NULL)
		item.shared = ac_openapi_ref_follow(reader, item.own, NULL);
	read_operations(reader, &item, item.own);
	if (item.shared != item.own)
		read_operations(reader, &item, item.shared);
	read_additional(reader, &item);
}

/* Does any path have an operation that reads? */
static bool
has_reads(AcOpenapiReader *reader, AcJson *paths)
{
	AcJsonIter it;

	ac_json_iter_init(&it, paths);
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
	{
		AcJson *item = ac_openapi_ref_follow(reader, it.value, NULL);

		if (ac_json_has(it.value, "get") || ac_json_has(item, "get"))
			return true;
	}
	return false;
}

static void
read_paths(AcOpenapiReader *reader)
{
	AcJson *paths = ac_openapi_ref_follow(
		reader, ac_json_get(reader->doc, "paths"), NULL);
	AcJsonIter it;

	reader->paths = paths;
	ac_shape_map_init(&reader->bare_paths);
	if (ac_json_kind(paths) != AC_JSON_OBJECT)
		ac_openapi_note(reader, "the description has no paths");
	reader->has_reads = has_reads(reader, paths);
	ac_openapi_security_start(reader);
	ac_json_iter_init(&it, paths);
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
		read_path(reader, &it);
	ac_openapi_security_finish(reader);
}

static void
read_info(AcOpenapiReader *reader)
{
	AcApi *api = reader->api;
	AcJson *info = ac_json_get(reader->doc, "info");

	api->kind = reader->dialect->kind;
	api->title = ac_openapi_text(info, "title");
	api->version = ac_json_text_of(ac_json_get(info, "version"));
	api->description = ac_openapi_text(info, "description");
	if (api->description == NULL)
		api->description = ac_openapi_text(info, "summary");
}

/* Version of the specification, as text whatever it was written as. */
static char *
spec_version(const AcOpenapiDialect *dialect, const AcJson *doc)
{
	return ac_json_text_of(ac_json_get(doc, dialect->version_member));
}

static AcJson *
openapi_schemas(AcOpenapiReader *reader)
{
	AcJson *components = ac_openapi_ref_follow(
		reader, ac_json_get(reader->doc, "components"), NULL);

	return ac_openapi_ref_follow(reader, ac_json_get(components, "schemas"),
								 NULL);
}

/* Known from the first call on, as finding them may ask for them. */
AcJson *
ac_openapi_components(AcOpenapiReader *reader)
{
	if (!reader->components_known)
	{
		reader->components_known = true;
		reader->components = reader->dialect->schemas(reader);
	}
	return reader->components;
}

const AcOpenapiDialect ac_openapi_dialect = {
	.kind = "openapi",
	.version_member = "openapi",
	.security_schemes = "securitySchemes",
	.schemas = openapi_schemas,
	.servers = ac_openapi_servers,
	.own_server = ac_openapi_own_server,
	.response = ac_openapi_response_body,
	.request = ac_openapi_request_body,
	.param = ac_openapi_param_schema,
};

bool
ac_openapi_sniff(const AcJson *doc)
{
	char *version = spec_version(&ac_openapi_dialect, doc);
	bool mine = version != NULL && strncmp(version, "3.", 2) == 0;

	if (version != NULL)
		pfree(version);
	return mine;
}

/* What 3.0 and Swagger say of $ref differs from what later versions say. */
static void
read_version(AcOpenapiReader *reader)
{
	const char *version = spec_version(reader->dialect, reader->doc);

	reader->api->spec_version = version;
	reader->v30 = reader->dialect != &ac_openapi_dialect ||
				  strncmp(version, "3.0", 3) == 0;
	if (!reader->v30 && strncmp(version, "3.1", 3) != 0 &&
		strncmp(version, "3.2", 3) != 0)
		ac_openapi_note(reader, "OpenAPI \"%s\" is read as 3.2",
						ac_openapi_quote(reader, version));
}

/* Reads the document; what came of it is in reader. */
static void
read_document(AcOpenapiReader *reader, const AcOpenapiDialect *dialect,
			  const AcReadInput *input, AcError *err)
{
	memset(reader, 0, sizeof(*reader));
	reader->dialect = dialect;
	reader->input = input;
	reader->doc = input->doc;
	reader->limits = input->limits;
	reader->err = err;
	reader->api = palloc0(sizeof(AcApi));
	read_version(reader);
	ac_openapi_graph_init(reader);
	ac_openapi_places_init(reader);
	read_info(reader);
	dialect->servers(reader);
	read_paths(reader);
}

bool
ac_openapi_read_as(const AcOpenapiDialect *dialect, const AcReadInput *input,
				   AcApi **api, AcError *err)
{
	AcOpenapiReader reader;

	read_document(&reader, dialect, input, err);
	reader.api->bytes = reader.spent * OPENAPI_UNIT_BYTES;
	*api = reader.failed ? NULL : reader.api;
	return !reader.failed;
}

/*
 * What a reading misses is what it wishes for: only what operations lead to,
 * in their order.  Most documents refer to nothing but themselves.
 */
int
ac_openapi_wishes_as(const AcOpenapiDialect *dialect, const AcReadInput *input,
					 AcWish **wishes)
{
	AcOpenapiReader reader;
	AcError err;

	*wishes = NULL;
	if (!ac_openapi_refers_out(input->doc))
		return 0;
	read_document(&reader, dialect, input, &err);
	*wishes = reader.wishes;
	return reader.n_wishes;
}

bool
ac_openapi_read(const AcReadInput *input, AcApi **api, AcError *err)
{
	*api = NULL;
	if (!ac_openapi_sniff(input->doc))
		return ac_error_set(err, AC_ERR_MALFORMED,
							"document is not an OpenAPI 3 description");
	return ac_openapi_read_as(&ac_openapi_dialect, input, api, err);
}

int
ac_openapi_wishes(const AcReadInput *input, AcWish **wishes)
{
	return ac_openapi_wishes_as(&ac_openapi_dialect, input, wishes);
}
