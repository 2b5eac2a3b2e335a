/*
 * tableplan_given.c
 *		Which endpoints does the import option "paths" name?
 *
 * For an API that nothing describes, or not wholly: what the user names is
 * added to what is known.  Of the answer nothing is said, so that a sample
 * decides.
 */
#include "ac.h"

#include "api/tableplan_int.h"

/* Paths of one import; an API with more wants a description. */
#define MAX_PATHS 500

/* The user knows that it is there; whether it gives rows is for the sample. */
#define CONFIDENCE_OF_PATHS 0.9
#define FOUND_IN_PATHS "named in the import option paths"

static bool
refuse(AcError *err, const char *path, const char *why)
{
	ac_error_set(err, AC_ERR_OPTION_VALUE,
				 "invalid value for import option \"paths\"");
	return ac_error_detail(err, "Path \"%s\": %s.", ac_url_redact(path), why);
}

static bool
is_absolute(const char *text)
{
	return pg_strncasecmp(text, "http://", 7) == 0 ||
		   pg_strncasecmp(text, "https://", 8) == 0;
}

/*
 * The part of an absolute URL below base, NULL if it is not there.  The text
 * itself is cut, since parsing would encode the braces of variables.
 */
static const char *
below(const AcUrl *base, const char *text)
{
	const char *plain = base->path != NULL ? base->path : "";
	size_t prefix = strlen(plain);
	const char *path;
	AcUrl url;

	if (!ac_url_parse(pnstrdup(text, strcspn(text, "?#{")), &url, NULL) ||
		url.userinfo != NULL || !ac_url_same_origin(base, &url))
		return NULL;
	path = strstr(text, "//") + 2;
	path += strcspn(path, "/?");
	while (prefix > 0 && plain[prefix - 1] == '/')
		prefix--;
	if (strncmp(path, plain, prefix) != 0 ||
		(path[prefix] != '/' && path[prefix] != '\0' && path[prefix] != '?'))
		return NULL;
	path += prefix;
	return *path == '/' ? path : psprintf("/%s", path);
}

/* Segments that would lead elsewhere once the path is resolved. */
static bool
has_dots(const char *path)
{
	const char *s = path;

	while (*s != '\0')
	{
		size_t len = strcspn(s, "/");

		if ((len == 1 && s[0] == '.') ||
			(len == 2 && s[0] == '.' && s[1] == '.'))
			return true;
		s += len;
		s += strspn(s, "/");
	}
	return false;
}

static bool
has_odd_bytes(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char) *text <= ' ' || *text == 0x7F || *text == '\\')
			return true;
	return false;
}

/* Does a segment begin as routes of web frameworks mark variables? */
static bool
has_foreign_variable(const char *path)
{
	return strstr(path, "/:") != NULL || strstr(path, "/<") != NULL;
}

/* What is wrong with a path below the base, NULL if nothing is. */
static const char *
path_problem(const char *path, const char *query)
{
	int depth = 0;
	const char *s;

	if (path[0] != '/' || path[1] == '/')
		return "it is neither a path that begins with one slash nor a URL below the server's base URL";
	if (has_odd_bytes(path) || strchr(path, '#') != NULL ||
		(query != NULL && (has_odd_bytes(query) || strchr(query, '#') != NULL)))
		return "it has spaces, a backslash or a fragment";
	if (has_dots(path))
		return "it has a segment \".\" or \"..\"";
	for (s = path; *s != '\0' && depth >= 0 && depth <= 1; s++)
		depth += *s == '{' ? 1 : *s == '}' ? -1
										   : 0;
	if (depth != 0)
		return "braces of variables must be balanced and not nested";
	if (has_foreign_variable(path))
		return "variables stand in braces: /users/{id}";
	if (query != NULL && strpbrk(query, "{}") != NULL)
		return "variables stand in the path, not in the query";
	return ac_params_path_problem(path);
}

/* Does the query hold what is the user mapping's to keep? */
static bool
has_secret(const char *query)
{
	const char *url = psprintf("http://host/?%s", query);

	/* what would be hidden in a message */
	return strcmp(ac_url_redact(url), url) != 0;
}

/* The value at text, up to its brace; NULL with err if it is none. */
static char *
read_value(const char *given, const char *text, size_t len, AcError *err)
{
	size_t decoded;
	char *value = ac_url_decode(text, len, false, &decoded);

	if (decoded == 0 || strlen(value) != decoded)
	{
		refuse(err, given, "a variable has an example value of no characters");
		return NULL;
	}
	return value;
}

/*
 * Takes the example values out of a path, "/repos/{owner=postgres}": what is
 * left is a template.
 */
static char *
take_values(const char *given, AcEndpoint *endpoint, AcError *err)
{
	StringInfoData out;
	const char *s = given;

	initStringInfo(&out);
	while (*s != '\0')
	{
		size_t name = *s == '{' ? strcspn(s, "=}") : 0;
		size_t end = name > 0 && s[name] == '=' ? name + strcspn(s + name, "}") : 0;
		AcPathValue *value;

		if (end == 0 || s[end] == '\0')
		{
			appendStringInfoChar(&out, *s++);
			continue;
		}
		endpoint->values = endpoint->n_values == 0
							   ? palloc(sizeof(AcPathValue))
							   : repalloc(endpoint->values, sizeof(AcPathValue) * (endpoint->n_values + 1));
		value = &endpoint->values[endpoint->n_values++];
		value->name = pnstrdup(s + 1, name - 1);
		value->value = read_value(given, s + name + 1, end - name - 1, err);
		if (value->value == NULL)
			return NULL;
		appendBinaryStringInfo(&out, s, (int) name);
		s += end;
	}
	return out.data;
}

/* Reads one path; false with err if it is none. */
static bool
read_path(const char *given, const AcUrl *base, AcEndpoint *endpoint,
		  AcError *err)
{
	const char *text;
	const char *question;
	const char *problem;

	memset(endpoint, 0, sizeof(*endpoint));
	text = take_values(given, endpoint, err);
	if (text == NULL)
		return false;
	if (is_absolute(text) && (text = below(base, text)) == NULL)
		return refuse(err, given, "it is not below the server's base URL");
	question = strchr(text, '?');
	endpoint->path = question == NULL ? pstrdup(text)
									  : pnstrdup(text, question - text);
	if (question != NULL && question[1] != '\0')
		endpoint->query = pstrdup(question + 1);
	problem = path_problem(endpoint->path, endpoint->query);
	if (problem != NULL)
		return refuse(err, given, problem);
	if (endpoint->query != NULL && has_secret(endpoint->query))
		return refuse(err, given, "its query has what looks like a secret, which belongs in a user mapping");
	endpoint->method = "GET";
	endpoint->undescribed = true;
	endpoint->confidence = CONFIDENCE_OF_PATHS;
	endpoint->found = FOUND_IN_PATHS;
	endpoint->source = AC_PLAN_SOURCE_PATHS;
	return true;
}

static bool
same_query(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/*
 * What is known of the path already: with that very query, else without what
 * the user names; NULL if nothing is.
 */
static AcEndpoint *
find_known(const AcApi *api, const AcEndpoint *given)
{
	AcEndpoint *described = NULL;
	int i;

	for (i = 0; i < api->n_endpoints; i++)
	{
		AcEndpoint *known = &api->endpoints[i];

		if (strcmp(known->path, given->path) != 0 ||
			strcmp(known->method, "GET") != 0)
			continue;
		if (same_query(known->query, given->query))
			return known;
		if (!ac_plan_is_given(known) && described == NULL)
			described = known;
	}
	return described;
}

/* The parameters of an operation that a query leaves open. */
static void
drop_params(AcEndpoint *endpoint, const char *query)
{
	AcParam *params = palloc(sizeof(AcParam) * Max(endpoint->n_params, 1));
	int n = 0;
	int i;

	for (i = 0; i < endpoint->n_params; i++)
		if (endpoint->params[i].place != AC_PARAM_QUERY ||
			ac_url_get_query(query, endpoint->params[i].name) == NULL)
			params[n++] = endpoint->params[i];
	endpoint->params = params;
	endpoint->n_params = n;
}

/* Another question to a path that is described: the answer is described, too. */
static void
take_description(AcEndpoint *given, const AcEndpoint *known)
{
	AcEndpoint own = *given;

	*given = *known;
	given->query = known->query == NULL ? own.query
										: psprintf("%s&%s", known->query, own.query);
	given->values = own.values;
	given->n_values = own.n_values;
	given->source = own.source;
	given->found = own.found;
	drop_params(given, given->query);
}

/* Adds what was named at the end of the model, unless it is there. */
static void
enter(AcApi *api, AcEndpoint *given)
{
	AcEndpoint *known = find_known(api, given);

	if (known != NULL && same_query(known->query, given->query))
	{
		if (known->n_values == 0)
		{
			known->values = given->values;
			known->n_values = given->n_values;
		}
		return;
	}
	if (known != NULL && given->query != NULL)
		take_description(given, known);
	api->n_endpoints++;
}

/* Bytes up to the next comma that stands in no braces. */
static size_t
piece_length(const char *text)
{
	bool braces = false;
	size_t len;

	for (len = 0; text[len] != '\0' && (braces || text[len] != ','); len++)
		if (text[len] == '{' || text[len] == '}')
			braces = text[len] == '{' && strchr(text + len, '}') != NULL;
	return len;
}

/* The next piece between commas, trimmed and copied; NULL at the end. */
static char *
next_piece(const char **at)
{
	while (**at != '\0')
	{
		const char *piece = *at + strspn(*at, " \t\r\n,");
		size_t len = piece_length(piece);

		*at = piece + len;
		while (len > 0 && strchr(" \t\r\n", piece[len - 1]) != NULL)
			len--;
		if (len > 0)
			return pnstrdup(piece, len);
	}
	return NULL;
}

bool
ac_tableplan_add_paths(const AcApi *api, const char *paths, const AcUrl *base,
					   AcApi **result, AcError *err)
{
	AcApi *copy = palloc0(sizeof(AcApi));
	int before = api == NULL ? 0 : api->n_endpoints;
	int given = 0;
	char *piece;

	if (api != NULL)
		*copy = *api;
	else
		copy->kind = "sample";
	copy->endpoints = palloc_extended((before + MAX_PATHS) * sizeof(AcEndpoint),
									  MCXT_ALLOC_HUGE);
	if (before > 0)
		memcpy(copy->endpoints, api->endpoints, before * sizeof(AcEndpoint));
	while ((piece = next_piece(&paths)) != NULL)
	{
		AcEndpoint *endpoint = &copy->endpoints[copy->n_endpoints];

		if (given++ == MAX_PATHS)
			return ac_error_set(err, AC_ERR_OPTION_VALUE,
								"import option \"paths\" names more than %d paths",
								MAX_PATHS);
		if (!read_path(piece, base, endpoint, err))
			return false;
		enter(copy, endpoint);
	}
	if (given == 0)
		return ac_error_set(err, AC_ERR_OPTION_VALUE,
							"import option \"paths\" names no path");
	*result = copy;
	return true;
}
