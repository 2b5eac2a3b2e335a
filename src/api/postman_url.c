/*
 * postman_url.c
 *		Where does a request of a Postman collection go?  See postman_url.h.
 */
#include "ac.h"

#include "api/endpoints.h"
#include "api/names.h"
#include "api/postman_url.h"
#include "api/tableplan_path.h"
#include "core/text.h"
#include "core/url.h"

/* Variables whose values are variables; more is a circle. */
#define MAX_ROUNDS 5

/* Longest text that variables grow to. */
#define MAX_TEXT 8192

/* Longest name of a variable. */
#define MAX_NAME 200

void
ac_postman_variables(const AcJson *list, AcShapeMap *variables)
{
	int i;

	ac_shape_map_init(variables);
	for (i = 0; i < ac_json_length(list); i++)
	{
		const AcJson *variable = ac_json_at(list, i);
		const char *key = ac_json_get_string(variable, "key");
		const char *value = ac_json_get_string(variable, "value");

		if (key == NULL)
			key = ac_json_get_string(variable, "id");
		if (key != NULL && value != NULL && value[0] != '\0')
			ac_shape_map_enter(variables, key, strlen(key))->value = (void *) value;
	}
}

/* Bytes of the name in "{{name}}" at text, 0 if that is none. */
static size_t
name_length(const char *text)
{
	size_t len;

	if (strncmp(text, "{{", 2) != 0)
		return 0;
	for (len = 0; len < MAX_NAME && text[2 + len] != '\0' && text[2 + len] != '{'; len++)
		if (strncmp(text + 2 + len, "}}", 2) == 0)
			return len;
	return 0;
}

/* One round of "{{name}}"; variables without a value stay. */
static char *
substitute_once(const char *text, const AcShapeMap *variables)
{
	StringInfoData out;

	initStringInfo(&out);
	while (*text != '\0' && out.len < MAX_TEXT)
	{
		size_t len = name_length(text);
		const char *value = len == 0 ? NULL : ac_shape_map_find(variables, text + 2, len);

		if (value == NULL)
			appendStringInfoChar(&out, *text++);
		else
		{
			appendBinaryStringInfo(&out, value, (int) strnlen(value, MAX_TEXT));
			text += len + 4;
		}
	}
	return ac_text_keep(&out);
}

static char *
substitute(const char *text, const AcShapeMap *variables)
{
	char *result = pstrdup(text);
	int i;

	for (i = 0; i < MAX_ROUNDS && strstr(result, "{{") != NULL; i++)
	{
		char *before = result;
		bool same;

		result = substitute_once(before, variables);
		same = strcmp(before, result) == 0;
		pfree(before);
		if (same)
			break;
	}
	return result;
}

/* Parts of a list joined: ["api", "example", "com"]; a text is itself. */
static void
append_parts(StringInfo out, const AcJson *parts, char separator)
{
	const char *text = ac_json_string(parts, NULL);
	int i;

	if (text != NULL)
		appendStringInfoString(out, text);
	for (i = 0; i < ac_json_length(parts) && out->len < MAX_TEXT; i++)
	{
		const AcJson *part = ac_json_at(parts, i);

		text = ac_json_string(part, NULL);
		if (text == NULL)
			text = ac_json_get_string(part, "value");
		if (i > 0)
			appendStringInfoChar(out, separator);
		appendStringInfoString(out, text == NULL ? "" : text);
	}
}

/* The URL as a text, NULL if there is none. */
static char *
url_text(const AcJson *url)
{
	const char *text = ac_json_string(url, NULL);
	const char *protocol = ac_json_get_string(url, "protocol");
	char *port = ac_json_text_of(ac_json_get(url, "port"));
	AcJson *path = ac_json_get(url, "path");
	StringInfoData out;

	if (text == NULL && !ac_json_has(url, "host"))
		text = ac_json_get_string(url, "raw");
	if (text != NULL)
		return pnstrdup(text, MAX_TEXT);
	if (ac_json_kind(url) != AC_JSON_OBJECT || !ac_json_has(url, "host"))
		return NULL;
	initStringInfo(&out);
	if (protocol != NULL)
		appendStringInfo(&out, "%s://", protocol);
	append_parts(&out, ac_json_get(url, "host"), '.');
	if (port != NULL && port[0] != '\0')
		appendStringInfo(&out, ":%s", port);
	if (path != NULL && ac_json_string(path, NULL) == NULL)
		appendStringInfoChar(&out, '/');
	else if (path != NULL && ac_json_string(path, NULL)[0] != '/')
		appendStringInfoChar(&out, '/');
	append_parts(&out, path, '/');
	return ac_text_keep(&out);
}

/* Bytes of the text before its path. */
static size_t
prefix_length(const char *text)
{
	const char *start = strstr(text, "://");
	const char *query = strchr(text, '?');

	start = start == NULL || (query != NULL && start > query) ? text : start + 3;
	return start - text + strcspn(start, "/?#");
}

/* The name of a variable as a template takes it. */
static void
append_variable(StringInfo out, const char *name, size_t len)
{
	size_t i;

	appendStringInfoChar(out, '{');
	for (i = 0; i < len; i++)
		appendStringInfoChar(out, isalnum((unsigned char) name[i]) ? name[i] : '_');
	if (len == 0)
		appendStringInfoString(out, "value");
	appendStringInfoChar(out, '}');
}

/* A version or the like, which is a part of the path and no variable. */
static bool
is_constant(const char *value)
{
	const AcPath *path = ac_path_parse(value);

	return path->count > 0 && !path->segments[0].variable &&
		   (path->segments[0].version || path->segments[0].prefix ||
			ac_names_equal(value, "api"));
}

/* Literal bytes of a path; those that a URL cannot have are encoded. */
static void
append_literal(StringInfo out, const char *text, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < len; i++)
	{
		unsigned char c = text[i];

		if (c <= ' ' || c >= 0x7F || strchr("\"<>\\^`{|}", c) != NULL)
		{
			appendStringInfoChar(out, '%');
			appendStringInfoChar(out, digits[c >> 4]);
			appendStringInfoChar(out, digits[c & 15]);
		}
		else
			appendStringInfoChar(out, c);
	}
}

/*
 * One segment: ":id" and "{{id}}" are variables, unless the collection's
 * value is a version; so is what identifies one thing, named by the segment
 * before it.
 */
static void
append_segment(StringInfo out, const char *text, size_t len,
			   const AcShapeMap *variables, const char *before)
{
	const char *value;

	if (len > 1 && text[0] == ':')
		append_variable(out, text + 1, len - 1);
	else if (len > 4 && strncmp(text, "{{", 2) == 0 &&
			 strncmp(text + len - 2, "}}", 2) == 0)
	{
		value = ac_shape_map_find(variables, text + 2, len - 4);
		if (value != NULL && is_constant(value))
			append_literal(out, value, strlen(value));
		else
			append_variable(out, text + 2, len - 4);
	}
	else if (len > 2 && text[0] == '{' && text[len - 1] == '}' && text[1] != '{')
		append_variable(out, text + 1, len - 2);
	else if (ac_endpoints_segment_is_id(text, len) && before[0] != '\0')
	{
		char *name = ac_endpoints_variable_name(before);

		append_variable(out, name, strlen(name));
	}
	else
	{
		char *segment = pnstrdup(text, len);
		char *filled = strstr(segment, "{{") == NULL ? segment : substitute(segment, variables);

		append_literal(out, filled, strlen(filled));
		pfree(filled);
	}
}

static char *
path_template(const char *path, const AcShapeMap *variables)
{
	StringInfoData out;
	const char *before = "";

	initStringInfo(&out);
	while (*path == '/' && out.len < MAX_TEXT)
	{
		size_t len = strcspn(path + 1, "/?#");

		appendStringInfoChar(&out, '/');
		append_segment(&out, path + 1, len, variables, before);
		before = path[1] == ':' || path[1] == '{' ? "" : pnstrdup(path + 1, len);
		path += len + 1;
	}
	return out.len == 0 ? pstrdup("/") : ac_text_keep(&out);
}

/* Origin and path of what stands before the path of the text. */
static void
read_base(const char *prefix, const AcShapeMap *variables, AcPostmanUrl *out)
{
	char *base = substitute(prefix, variables);
	AcUrl url;
	size_t len;

	out->base_path = pstrdup("");
	if (strstr(base, "{{") != NULL)
	{
		out->unknown = base;
		return;
	}
	if (strstr(base, "://") == NULL)
		base = psprintf("http://%s", base);
	if (!ac_url_parse(base, &url, NULL))
	{
		out->unknown = prefix;
		return;
	}
	out->origin = ac_url_origin(&url);
	len = strlen(url.path);
	while (len > 0 && url.path[len - 1] == '/')
		len--;
	out->base_path = pnstrdup(url.path, len);
}

bool
ac_postman_url_read(const AcJson *url, const AcShapeMap *variables,
					AcPostmanUrl *out)
{
	char *text = url_text(url);
	size_t len;
	char *query;

	memset(out, 0, sizeof(*out));
	if (text == NULL || text[0] == '\0')
		return false;
	len = prefix_length(text);
	read_base(pnstrdup(text, len), variables, out);
	out->path = path_template(text + len, variables);
	if (ac_json_kind(ac_json_get(url, "query")) == AC_JSON_ARRAY)
		out->list = ac_json_get(url, "query");
	query = strchr(text + len, '?');
	if (query != NULL && out->list == NULL)
	{
		query[1 + strcspn(query + 1, "#")] = '\0';
		out->query = query + 1;
	}
	return true;
}
