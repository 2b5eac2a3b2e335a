/*
 * endpoints.c
 *		How does a reader fill a model with paths that it found, one by one?
 *		See endpoints.h.
 */
#include "ac.h"

#include "api/endpoints.h"
#include "api/errorbody.h"
#include "api/names.h"
#include "core/hex.h"
#include "core/jsonsize.h"
#include "core/text.h"
#include "core/url.h"

/* Oddities worth telling; more of them say the same again. */
#define MAX_NOTES 100

/* Units of work between two questions whether to stop: well below 1 ms. */
#define INTERRUPT_UNITS 4096

/* Parameters of one endpoint; the longest real list has some 120. */
#define MAX_PARAMS 500

/* Levels of a body in which secrets are looked for: that of JSON itself. */
#define MASK_DEPTH AC_JSON_MAX_DEPTH

void
ac_endpoints_init(AcEndpoints *list, const AcReadInput *input,
				  const char *kind, AcError *err)
{
	memset(list, 0, sizeof(*list));
	list->api = palloc0(sizeof(AcApi));
	list->api->kind = kind;
	list->limits = input->limits;
	list->err = err;
	ac_shape_map_init(&list->known);
	ac_shape_map_init(&list->noted);
}

static void
fail(AcEndpoints *list, AcErrorCode code, const char *message)
{
	if (!list->failed)
		ac_error_set(list->err, code, "%s", message);
	list->failed = true;
}

bool
ac_endpoints_spend(AcEndpoints *list, int64 units)
{
	const AcReadLimits *limits = list->limits;
	int64 before = list->spent / INTERRUPT_UNITS;

	Assert(units >= 0);
	if (list->failed)
		return false;
	list->spent += units;
	if (list->spent / INTERRUPT_UNITS != before &&
		limits->interrupted != NULL &&
		limits->interrupted(limits->interrupted_arg))
		fail(list, AC_ERR_INTERRUPTED, "reading the document was interrupted");
	else if (list->spent > (int64) limits->max_shapes)
		fail(list, AC_ERR_TOO_LARGE,
			 psprintf("the document has more than %d parts to look at",
					  limits->max_shapes));
	return !list->failed;
}

/*
 * Memory for the trees of all examples, which may be fifty times their text;
 * what does not fit is left to samples.
 */
#define MAX_EXAMPLES ((int64) 48 * 1024 * 1024)

/* Memory of an operation that was put together of parts, about. */
#define ENDPOINT_BYTES 2000

bool
ac_endpoints_finish(AcEndpoints *list, AcApi **api)
{
	*api = list->failed ? NULL : list->api;
	list->api->bytes += Min(list->tree_bytes, MAX_EXAMPLES) +
						(int64) ENDPOINT_BYTES * list->api->n_endpoints;
	if (!list->failed)
		return true;
	ac_json_free(list->api->owned);
	list->api->owned = NULL;
	return false;
}

/* Room for one more endpoint. */
static bool
grow(AcEndpoints *list)
{
	AcApi *api = list->api;

	if (api->n_endpoints >= list->limits->max_endpoints)
	{
		fail(list, AC_ERR_TOO_LARGE,
			 psprintf("the document has more than %d paths",
					  list->limits->max_endpoints));
		return false;
	}
	if (api->n_endpoints < list->capacity)
		return true;
	list->capacity = list->capacity * 2 + 16;
	api->endpoints = api->endpoints == NULL
						 ? palloc(list->capacity * sizeof(AcEndpoint))
						 : repalloc(api->endpoints,
									list->capacity * sizeof(AcEndpoint));
	return true;
}

/* The path's variables, which must have values. */
static void
add_path_params(AcEndpoint *endpoint)
{
	char **names;
	int n = ac_url_template_vars(endpoint->path, &names);
	int i;

	if (n < 0)
		endpoint->problem = "its path is no template";
	for (i = 0; i < n; i++)
		ac_endpoints_param(endpoint, AC_PARAM_PATH, names[i])->required = true;
}

AcEndpoint *
ac_endpoints_enter(AcEndpoints *list, const char *method, const char *path,
				   bool *is_new)
{
	AcApi *api = list->api;
	char *key = psprintf("%s %s", method, path);
	AcShapeMapEntry *entry;
	AcEndpoint *endpoint;

	if (!ac_endpoints_spend(list, 1))
		return NULL;
	entry = ac_shape_map_enter(&list->known, key, strlen(key));
	if (is_new != NULL)
		*is_new = entry->value == NULL;
	if (entry->value != NULL)
		return &api->endpoints[(intptr_t) entry->value - 1];
	if (!grow(list))
		return NULL;
	endpoint = &api->endpoints[api->n_endpoints++];
	entry->value = (void *) (intptr_t) api->n_endpoints;
	memset(endpoint, 0, sizeof(*endpoint));
	endpoint->method = pstrdup(method);
	endpoint->path = pstrdup(path);
	endpoint->response_status = 200;
	endpoint->undescribed = true;
	endpoint->confidence = 1;
	add_path_params(endpoint);
	return endpoint;
}

AcParam *
ac_endpoints_param(AcEndpoint *endpoint, AcParamPlace place, const char *name)
{
	AcParam *param = (AcParam *) ac_endpoint_param(endpoint, place, name);
	int n = endpoint->n_params;

	if (param != NULL)
		return param;
	/* grows at every power of two */
	if (n == 0)
		endpoint->params = palloc(sizeof(AcParam));
	else if ((n & (n - 1)) == 0)
		endpoint->params = repalloc(endpoint->params, 2 * n * sizeof(AcParam));
	param = &endpoint->params[endpoint->n_params++];
	memset(param, 0, sizeof(*param));
	param->name = pstrdup(name);
	param->place = place;
	param->shape = ac_shape_new(AC_SHAPE_STRING);
	param->style = place == AC_PARAM_PATH || place == AC_PARAM_HEADER
					   ? "simple"
					   : "form";
	param->explode = place == AC_PARAM_QUERY;
	return param;
}

/* Digits that are a number and no code: no leading zero, fits int8 for sure. */
static bool
is_integer(const char *value)
{
	size_t digits = strspn(value, "0123456789");

	return digits > 0 && digits <= 18 && value[digits] == '\0' &&
		   (value[0] != '0' || digits == 1);
}

AcShape *
ac_endpoints_value_shape(const char *value)
{
	if (is_integer(value))
		return ac_shape_new(AC_SHAPE_INTEGER);
	if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
		return ac_shape_new(AC_SHAPE_BOOLEAN);
	return ac_shape_new(AC_SHAPE_STRING);
}

/* A parameter that says how to answer, not what: it is sent as it was. */
static bool
is_constant(const char *name, const char *value)
{
	static const char *const names[] = {
		"format", "_format", "alt", "output", "api-version", "api_version",
		"apiversion", "api-ver", "version", "v", "outputformat", "wt", "fmt",
		"responseformat", "response_format"};
	int i;

	for (i = 0; i < (int) lengthof(names); i++)
		if (pg_strcasecmp(name, names[i]) == 0)
			return true;
	return strcmp(name, "f") == 0 && strstr(value, "json") != NULL;
}

static void
append_query(AcEndpoint *endpoint, const char *name, const char *value)
{
	StringInfoData out;

	initStringInfo(&out);
	if (endpoint->query != NULL && endpoint->query[0] != '\0')
		appendStringInfo(&out, "%s&", endpoint->query);
	ac_url_encode_query(name, strlen(name), &out);
	if (value != NULL)
	{
		appendStringInfoChar(&out, '=');
		ac_url_encode_query(value, strlen(value), &out);
	}
	endpoint->query = out.data;
}

bool
ac_endpoints_query_param(AcEndpoints *list, AcEndpoint *endpoint,
						 const char *name, const char *value, bool fixed)
{
	AcParam *param;
	AcShape *shape;
	bool known;

	/* what is known already is looked through */
	if (name[0] == '\0' ||
		!ac_endpoints_spend(list, 1 + endpoint->n_params / 8 +
									  (endpoint->query == NULL ? 0 : strlen(endpoint->query) / 64)))
		return false;
	if (ac_url_name_is_secret(name))
	{
		ac_endpoints_note(list, "parameter \"%s\" looks secret and was left out",
						  ac_endpoints_quote(name));
		return false;
	}
	if (fixed || is_constant(name, value != NULL ? value : ""))
	{
		if (ac_url_get_query(endpoint->query, name) == NULL)
			append_query(endpoint, name, value);
		return true;
	}
	if (endpoint->n_params >= MAX_PARAMS)
		return false;
	known = ac_endpoint_param(endpoint, AC_PARAM_QUERY, name) != NULL;
	param = ac_endpoints_param(endpoint, AC_PARAM_QUERY, name);
	if (value == NULL || value[0] == '\0')
		return true;
	shape = ac_endpoints_value_shape(value);
	/* what differs from value to value is text */
	if (!known || param->shape->kind == shape->kind)
		param->shape = shape;
	else
		param->shape = ac_shape_new(AC_SHAPE_STRING);
	return true;
}

void
ac_endpoints_query(AcEndpoints *list, AcEndpoint *endpoint, const char *query,
				   bool fixed)
{
	while (query != NULL && *query != '\0' && !list->failed)
	{
		size_t len = strcspn(query, "&");
		size_t name_len = Min(strcspn(query, "="), len);
		char *name = ac_url_decode(query, name_len, true, NULL);
		char *value = NULL;

		if (name_len < len)
			value = ac_url_decode(query + name_len + 1, len - name_len - 1,
								  true, NULL);
		ac_endpoints_query_param(list, endpoint, name, value, fixed);
		query += len;
		if (*query == '&')
			query++;
	}
}

/* Keeps a tree for as long as the model; takes the reference over. */
static void
own_tree(AcEndpoints *list, AcJson *tree)
{
	AcApi *api = list->api;

	if (api->owned == NULL)
		api->owned = ac_json_new_array();
	ac_json_append(api->owned, tree);
}

/*
 * Is the member a secret of whoever recorded the body?  The short names that
 * are secret in a query ("key", "sid", "code") are keys of rows here.
 */
static bool
is_secret_member(const AcJsonIter *member)
{
	return ac_json_kind(member->value) == AC_JSON_STRING &&
		   strlen(member->key) > 4 && ac_url_name_is_secret(member->key);
}

/* Masks an object's own secrets. */
static void
mask_members(AcEndpoints *list, AcJson *object)
{
	const char **keys = NULL;
	int n = 0;
	AcJsonIter it;
	int i;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it) && ac_endpoints_spend(list, 1))
	{
		if (!is_secret_member(&it))
			continue;
		if (n == 0)
			keys = palloc(sizeof(char *));
		else if ((n & (n - 1)) == 0)
			keys = repalloc(keys, 2 * n * sizeof(char *));
		keys[n++] = pstrdup(it.key);
	}
	for (i = 0; i < n; i++)
		ac_json_set_string(object, keys[i], AC_URL_REDACTED);
}

static void
mask_secrets(AcEndpoints *list, AcJson *node, int depth)
{
	AcJsonIter it;
	int i;

	if (depth > MASK_DEPTH || !ac_endpoints_spend(list, 1))
		return;
	mask_members(list, node);
	ac_json_iter_init(&it, node);
	while (ac_json_iter_next(&it))
		mask_secrets(list, it.value, depth + 1);
	for (i = 0; i < ac_json_length(node); i++)
		mask_secrets(list, ac_json_at(node, i), depth + 1);
}

AcJson *
ac_endpoints_parse(AcEndpoints *list, const char *text, size_t len)
{
	AcJsonText input = {text, len, AC_JSON_MAX_DEPTH,
						list->limits->interrupted};
	AcJson *tree = NULL;
	AcError err;

	list->tree_bytes += ac_jsonsize_bytes(text, len);
	if (list->tree_bytes > MAX_EXAMPLES ||
		!ac_endpoints_spend(list, 1 + len / 64) ||
		!ac_json_parse_long(&input, &tree, &err))
		return NULL;
	own_tree(list, tree);
	mask_secrets(list, tree, 0);
	return tree;
}

bool
ac_endpoints_example(AcEndpoints *list, AcEndpoint *endpoint,
					 const char *text, size_t len)
{
	AcJson *tree = ac_endpoints_parse(list, text, len);
	AcJsonKind kind = ac_json_kind(tree);

	if ((kind != AC_JSON_ARRAY && kind != AC_JSON_OBJECT) ||
		ac_errorbody_is(tree))
		return false;
	endpoint->example = tree;
	return true;
}

void
ac_endpoints_scheme(AcEndpoints *list, AcAuthScheme scheme,
					AcParamPlace place, const char *name)
{
	static const char *const ids[] = {
		[AC_AUTH_API_KEY] = "apiKey",
		[AC_AUTH_BASIC] = "basic",
		[AC_AUTH_BEARER] = "bearer",
		[AC_AUTH_OAUTH2] = "oauth2",
		[AC_AUTH_AWS] = "aws",
		[AC_AUTH_TLS] = "mutualTLS",
		[AC_AUTH_OTHER] = "other",
	};
	AcApi *api = list->api;
	AcSecurityScheme *added;
	int i;

	for (i = 0; i < api->n_schemes; i++)
		if (api->schemes[i].scheme == scheme)
			return;
	if (api->schemes == NULL)
		api->schemes = palloc0(lengthof(ids) * sizeof(AcSecurityScheme));
	added = &api->schemes[api->n_schemes++];
	added->id = ids[scheme];
	added->scheme = scheme;
	added->place = place;
	added->name = name == NULL ? NULL : pstrdup(name);
}

void
ac_endpoints_server(AcEndpoints *list, const char *url)
{
	list->api->server_urls = palloc(sizeof(const char *));
	list->api->server_urls[0] = url;
	list->api->n_server_urls = 1;
}

void
ac_endpoints_note(AcEndpoints *list, const char *fmt, ...)
{
	AcApi *api = list->api;
	char note[AC_ENDPOINTS_MAX_QUOTE * 4];
	AcShapeMapEntry *entry;
	va_list args;
	char *kept;

	va_start(args, fmt);
	vsnprintf(note, sizeof(note), fmt, args);
	va_end(args);
	if (api->n_notes >= MAX_NOTES ||
		ac_shape_map_find(&list->noted, note, strlen(note)) != NULL)
		return;
	kept = pstrdup(note);
	entry = ac_shape_map_enter(&list->noted, kept, strlen(kept));
	entry->value = kept;
	if (api->notes == NULL)
		api->notes = palloc(MAX_NOTES * sizeof(const char *));
	api->notes[api->n_notes++] = kept;
}

char *
ac_endpoints_quote(const char *text)
{
	return ac_text_quote(palloc(AC_TEXT_QUOTE_SIZE(AC_ENDPOINTS_MAX_QUOTE)), text,
						 AC_ENDPOINTS_MAX_QUOTE);
}

char *
ac_endpoints_common_dir(const char *dir, const char *path)
{
	size_t end = strlen(path);
	size_t common = 0;
	size_t i;

	/* a path's last segment is its own, with or without a slash behind it */
	while (end > 0 && path[end - 1] == '/')
		end--;
	while (end > 0 && path[end - 1] != '/')
		end--;
	while (end > 0 && path[end - 1] == '/')
		end--;
	if (dir == NULL)
		return pnstrdup(path, end);
	for (i = 0;; i++)
	{
		char a = dir[i];
		char b = i < end ? path[i] : '\0';

		if ((a == '\0' || a == '/') && (b == '\0' || b == '/'))
			common = i;
		if (a != b || a == '\0')
			break;
	}
	return pnstrdup(dir, common);
}

const char *
ac_endpoints_below(const char *dir, const char *path)
{
	size_t len = strlen(dir);

	if (strncmp(dir, path, len) != 0 || (path[len] != '/' && path[len] != '\0'))
		return path;
	return path[len] == '\0' ? "/" : path + len;
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool
is_uuid(const char *text, size_t len)
{
	size_t i;

	if (len != 36)
		return false;
	for (i = 0; i < len; i++)
	{
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (hyphen ? text[i] != '-' : ac_hex_value(text[i]) < 0)
			return false;
	}
	return true;
}

/*
 * Numbers, uuids, and long tokens that are no words: of 16 characters or more
 * with a digit, hexadecimal or in mixed case.
 */
bool
ac_endpoints_segment_is_id(const char *segment, size_t len)
{
	size_t digits = 0;
	size_t hex = 0;
	bool upper = false;
	bool lower = false;
	size_t i;

	for (i = 0; i < len; i++)
	{
		unsigned char c = segment[i];

		if (!isalnum(c) && c != '-' && c != '_')
			return false;
		digits += isdigit(c) != 0;
		hex += ac_hex_value(c) >= 0;
		upper = upper || isupper(c);
		lower = lower || islower(c);
	}
	if (digits > 0 && digits == len)
		return true;
	if (is_uuid(segment, len))
		return true;
	return len >= 16 && digits > 0 && (hex == len || (upper && lower));
}

char *
ac_endpoints_variable_name(const char *segment)
{
	char *name = ac_names_snake(segment);

	if (name[0] == '\0')
		return pstrdup("id");
	return psprintf("%s_id", ac_names_singular(name));
}

bool
ac_endpoints_scheme_of_header(AcEndpoints *list, const char *name,
							  const char *value)
{
	if (pg_strcasecmp(name, "authorization") == 0)
	{
		if (pg_strncasecmp(value, "basic ", 6) == 0)
			ac_endpoints_scheme(list, AC_AUTH_BASIC, AC_PARAM_HEADER, NULL);
		else if (pg_strncasecmp(value, "bearer ", 7) == 0)
			ac_endpoints_scheme(list, AC_AUTH_BEARER, AC_PARAM_HEADER, NULL);
		else
			ac_endpoints_scheme(list, AC_AUTH_OTHER, AC_PARAM_HEADER, NULL);
		return true;
	}
	/* what browsers send of their own is no key */
	if (!ac_url_name_is_secret(name) || strstr(name, "ookie") != NULL ||
		pg_strncasecmp(name, "sec-", 4) == 0 || strstr(name, "srf") != NULL ||
		strstr(name, "SRF") != NULL || strchr(name, ':') != NULL)
		return false;
	ac_endpoints_scheme(list, AC_AUTH_API_KEY, AC_PARAM_HEADER, name);
	return true;
}
