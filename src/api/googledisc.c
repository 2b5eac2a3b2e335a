/*
 * googledisc.c
 *		What does a Google API Discovery document offer?
 *
 * "discovery#restDescription": methods in nested resources, parameters with a
 * location, schemas that refer to each other by id.  It is handed to the
 * OpenAPI reader as what it means.  What differs: "repeated" is an array,
 * "required" stands at the parameter, bounds and defaults are texts, "any" is
 * no type, a path with {+name} takes several segments, for which flatPath has
 * a form with one variable each.  Numbers of 64 bits come as strings, as the
 * formats say.
 */
#include "ac.h"

#include "api/builtspec.h"
#include "api/googledisc.h"
#include "core/pointer.h"
#include "core/text.h"
#include "core/url.h"

/* Resources in resources; the deepest of Google's own has 8. */
#define MAX_RESOURCE_DEPTH 50

bool
ac_googledisc_sniff(const AcJson *doc)
{
	const char *kind = ac_json_get_string(doc, "kind");

	if (kind != NULL && strcmp(kind, "discovery#restDescription") == 0)
		return true;
	return ac_json_get_string(doc, "discoveryVersion") != NULL &&
		   (ac_json_kind(ac_json_get(doc, "resources")) == AC_JSON_OBJECT ||
			ac_json_kind(ac_json_get(doc, "methods")) == AC_JSON_OBJECT);
}

/* ---- schemas ---- */

/* A bound, which is written as a text. */
static void
copy_bound(AcJson *target, const char *key, const AcJson *schema)
{
	const char *text = ac_json_get_string(schema, key);
	AcJson *number = NULL;

	if (text == NULL)
		ac_builtspec_copy(target, key, schema);
	else if (ac_json_parse(text, strlen(text), 1, &number, NULL))
	{
		AcJsonKind kind = ac_json_kind(number);

		if (kind == AC_JSON_INT || kind == AC_JSON_DOUBLE)
			ac_json_set(target, key, number);
		else
			ac_json_free(number);
	}
}

/* The formats that go by Google's own names. */
static const char *
format_of(const char *format)
{
	if (strcmp(format, "google-datetime") == 0)
		return "date-time";
	if (strcmp(format, "google-duration") == 0 ||
		strcmp(format, "google-fieldmask") == 0)
		return NULL;
	return format;
}

static AcJson *copy_schema(const AcJson *schema);

/* {"discriminant": "type", "map": [{"type_value": "a", "$ref": "A"}]} */
static void
copy_variants(AcJson *target, const AcJson *variant)
{
	AcJson *map = ac_json_get(variant, "map");
	AcJson *one_of = ac_json_new_array();
	const char *name = ac_json_get_string(variant, "discriminant");
	AcJson *discriminator;
	int i;

	for (i = 0; i < ac_json_length(map); i++)
	{
		const char *ref = ac_json_get_string(ac_json_at(map, i), "$ref");

		if (ref != NULL)
			ac_json_append(one_of, ac_builtspec_ref(ref));
	}
	ac_json_set(target, "oneOf", one_of);
	if (name == NULL)
		return;
	discriminator = ac_json_new_object();
	ac_json_set_string(discriminator, "propertyName", name);
	ac_json_set(target, "discriminator", discriminator);
}

static void
copy_properties(AcJson *target, const AcJson *properties)
{
	AcJson *copy = ac_json_new_object();
	AcJsonIter it;

	ac_json_iter_init(&it, properties);
	while (ac_json_iter_next(&it))
		ac_json_set(copy, it.key, copy_schema(it.value));
	ac_json_set(target, "properties", copy);
}

/* Type, format, domain and bounds of a schema or parameter. */
static void
copy_facts(AcJson *copy, const AcJson *schema)
{
	static const char *const kept[] = {"description", "enum", "pattern",
									   "readOnly", "deprecated"};
	const char *type = ac_json_get_string(schema, "type");
	const char *format = ac_json_get_string(schema, "format");
	int i;

	if (type != NULL && strcmp(type, "any") != 0)
		ac_json_set_string(copy, "type", type);
	if (format != NULL && format_of(format) != NULL)
		ac_json_set_string(copy, "format", format_of(format));
	for (i = 0; i < (int) lengthof(kept); i++)
		ac_builtspec_copy(copy, kept[i], schema);
	copy_bound(copy, "minimum", schema);
	copy_bound(copy, "maximum", schema);
}

static AcJson *
as_array(AcJson *items)
{
	AcJson *array = ac_json_new_object();

	ac_json_set_string(array, "type", "array");
	ac_json_set(array, "items", items);
	return array;
}

/* The schema as OpenAPI 3.1 would have it. */
static AcJson *
copy_schema(const AcJson *schema)
{
	const char *ref = ac_json_get_string(schema, "$ref");
	AcJson *copy;

	if (ref != NULL)
		copy = ac_builtspec_ref(ref);
	else
	{
		static const char *const schemas[] = {"items", "additionalProperties"};
		int i;

		copy = ac_json_new_object();
		copy_facts(copy, schema);
		for (i = 0; i < (int) lengthof(schemas); i++)
			if (ac_json_kind(ac_json_get(schema, schemas[i])) == AC_JSON_OBJECT)
				ac_json_set(copy, schemas[i], copy_schema(ac_json_get(schema, schemas[i])));
		if (ac_json_kind(ac_json_get(schema, "properties")) == AC_JSON_OBJECT)
			copy_properties(copy, ac_json_get(schema, "properties"));
		if (ac_json_length(ac_json_get(ac_json_get(schema, "variant"), "map")) > 0)
			copy_variants(copy, ac_json_get(schema, "variant"));
	}
	return ac_json_bool(ac_json_get(schema, "repeated"), false) ? as_array(copy)
																: copy;
}

static AcJson *
new_schemas(const AcJson *schemas)
{
	AcJson *copy = ac_json_new_object();
	AcJsonIter it;

	ac_json_iter_init(&it, schemas);
	while (ac_json_iter_next(&it))
		ac_json_set(copy, it.key, copy_schema(it.value));
	return copy;
}

/* ---- methods ---- */

/* The path below the base, with one variable a segment where there is one. */
static char *
path_of(const AcJson *method)
{
	const char *path = ac_json_get_string(method, "flatPath");
	StringInfoData out;

	if (path == NULL || path[0] == '\0')
		path = ac_json_get_string(method, "path");
	if (path == NULL)
		path = ac_json_get_string(method, "restPath");
	initStringInfo(&out);
	if (path == NULL || path[0] != '/')
		appendStringInfoChar(&out, '/');
	for (; path != NULL && *path != '\0'; path++)
	{
		appendStringInfoChar(&out, *path);
		/* {+name}: the value keeps its slashes, which no path of ours does */
		if (*path == '{' && path[1] == '+')
			path++;
	}
	return ac_text_keep(&out);
}

static AcJson *
new_parameter(const char *name, const AcJson *facts, bool in_path)
{
	AcJson *parameter = ac_json_new_object();
	AcJson *schema;

	ac_json_set_string(parameter, "name", name);
	ac_json_set_string(parameter, "in", in_path ? "path" : "query");
	ac_json_set(parameter, "required",
				ac_json_new_bool(in_path || ac_json_bool(ac_json_get(facts, "required"), false)));
	ac_builtspec_copy(parameter, "description", facts);
	ac_builtspec_copy(parameter, "deprecated", facts);
	schema = copy_schema(facts);
	if (facts == NULL)
		ac_json_set_string(schema, "type", "string");
	else if (!ac_json_has(schema, "items"))
		ac_builtspec_copy(schema, "default", facts);
	ac_json_set(parameter, "schema", schema);
	return parameter;
}

static AcJson *
new_parameters(const AcJson *method, const char *path)
{
	AcJson *parameters = ac_json_new_array();
	AcJson *described = ac_json_get(method, "parameters");
	char **names;
	int n = ac_url_template_vars(path, &names);
	AcJsonIter it;
	int i;

	for (i = 0; i < n; i++)
		ac_json_append(parameters,
					   new_parameter(names[i], ac_json_get(described, names[i]), true));
	ac_json_iter_init(&it, described);
	while (ac_json_iter_next(&it))
	{
		const char *location = ac_json_get_string(it.value, "location");

		if (location == NULL || strcmp(location, "query") == 0)
			ac_json_append(parameters, new_parameter(it.key, it.value, false));
	}
	return parameters;
}

/* One of the requirements, each a choice: a token where scopes are named. */
static AcJson *
new_security(const AcJson *method)
{
	AcJson *security = ac_json_new_array();
	AcJson *choice = ac_json_new_object();
	bool scoped = ac_json_length(ac_json_get(method, "scopes")) > 0;

	ac_json_set(choice, scoped ? "oauth2" : "key", ac_json_new_array());
	ac_json_append(security, choice);
	return security;
}

static AcJson *
new_body(const AcJson *request)
{
	AcJson *body = ac_json_new_object();
	AcJson *content = ac_json_new_object();
	AcJson *media = ac_json_new_object();

	ac_json_set(media, "schema", copy_schema(request));
	ac_json_set(content, "application/json", media);
	ac_json_set(body, "content", content);
	return body;
}

/* An operation; group: the outermost resource, NULL if there is none. */
static AcJson *
new_operation(const AcJson *method, const char *path, const char *group)
{
	AcJson *operation = ac_json_new_object();
	AcJson *response = ac_json_get(method, "response");
	AcJson *tags;

	if (ac_json_get_string(method, "id") != NULL)
		ac_json_set_string(operation, "operationId", ac_json_get_string(method, "id"));
	ac_builtspec_copy(operation, "description", method);
	ac_builtspec_copy(operation, "deprecated", method);
	if (group != NULL)
	{
		tags = ac_json_new_array();
		ac_json_append(tags, ac_json_new_string(group));
		ac_json_set(operation, "tags", tags);
	}
	ac_json_set(operation, "parameters", new_parameters(method, path));
	ac_json_set(operation, "security", new_security(method));
	if (ac_json_kind(ac_json_get(method, "request")) == AC_JSON_OBJECT)
		ac_json_set(operation, "requestBody", new_body(ac_json_get(method, "request")));
	ac_json_set(operation, "responses",
				ac_builtspec_responses(ac_json_kind(response) == AC_JSON_OBJECT
										   ? copy_schema(response)
										   : NULL));
	return operation;
}

static void
add_methods(AcJson *tree, const AcJson *methods, const char *source,
			const char *group)
{
	static const char *const verbs[] = {"get", "post", "put", "patch",
										"delete", "head", "options"};
	AcJsonIter it;
	int i;

	ac_json_iter_init(&it, methods);
	while (ac_json_iter_next(&it))
	{
		const char *verb = ac_json_get_string(it.value, "httpMethod");

		for (i = 0; verb != NULL && i < (int) lengthof(verbs); i++)
		{
			char *path;

			if (pg_strcasecmp(verb, verbs[i]) != 0)
				continue;
			path = path_of(it.value);
			ac_builtspec_add(tree, path, verbs[i],
							 new_operation(it.value, path, group),
							 ac_pointer_child(source, it.key));
		}
	}
}

static void
add_resources(AcJson *tree, const AcJson *resource, const char *source,
			  const char *group, int depth)
{
	char *resources = ac_pointer_child(source, "resources");
	AcJsonIter it;

	if (depth > MAX_RESOURCE_DEPTH)
		return;
	add_methods(tree, ac_json_get(resource, "methods"),
				ac_pointer_child(source, "methods"), group);
	ac_json_iter_init(&it, ac_json_get(resource, "resources"));
	while (ac_json_iter_next(&it))
		add_resources(tree, it.value, ac_pointer_child(resources, it.key),
					  group == NULL ? it.key : group, depth + 1);
}

/* ---- the document ---- */

/* rootUrl and servicePath, or the older baseUrl. */
static char *
base_of(const AcJson *doc)
{
	const char *root = ac_json_get_string(doc, "rootUrl");
	const char *service = ac_json_get_string(doc, "servicePath");
	const char *base = ac_json_get_string(doc, "baseUrl");
	size_t len;

	if (root != NULL)
		base = psprintf("%s%s", root, service == NULL ? "" : service);
	if (base == NULL)
		base = "/";
	len = strlen(base);
	while (len > 1 && base[len - 1] == '/')
		len--;
	return pnstrdup(base, len);
}

/* The key of the application is a parameter of all methods. */
static AcJson *
new_schemes(const AcJson *doc)
{
	static const char text[] =
		"{\"oauth2\": {\"type\": \"oauth2\", \"flows\": {\"authorizationCode\": {"
		"\"authorizationUrl\": \"https://accounts.google.com/o/oauth2/v2/auth\", "
		"\"tokenUrl\": \"https://oauth2.googleapis.com/token\", \"scopes\": {}}}}, "
		"\"key\": {\"type\": \"apiKey\", \"in\": \"query\", \"name\": \"key\"}}";
	AcJson *schemes = NULL;

	if (!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &schemes, NULL))
		schemes = ac_json_new_object();
	return schemes;
}

static void
finish(const AcJson *doc, AcApi *api)
{
	int i;

	api->spec_version = ac_json_get_string(doc, "discoveryVersion");
	api->version = ac_json_get_string(doc, "version");
	api->description = ac_json_get_string(doc, "description");
	for (i = 0; i < api->n_endpoints; i++)
		api->endpoints[i].found = "method of the Discovery document";
}

bool
ac_googledisc_read(const AcReadInput *input, AcApi **api, AcError *err)
{
	const AcJson *doc = input->doc;
	const char *title = ac_json_get_string(doc, "title");
	AcJson *components;
	AcJson *tree;

	*api = NULL;
	if (!ac_googledisc_sniff(doc))
		return ac_error_set(err, AC_ERR_MALFORMED,
							"the document is no Google Discovery document");
	if (!ac_builtspec_fits(input, doc, err))
		return false;
	if (title == NULL)
		title = ac_json_get_string(doc, "name");
	tree = ac_builtspec_new(title, base_of(doc));
	components = ac_json_new_object();
	ac_json_set(components, "schemas", new_schemas(ac_json_get(doc, "schemas")));
	ac_json_set(components, "securitySchemes", new_schemes(doc));
	ac_json_set(tree, "components", components);
	add_resources(tree, doc, "", NULL, 0);
	if (!ac_builtspec_read(input, tree, "google", api, err))
		return false;
	finish(doc, *api);
	return true;
}
