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
	char *copy = pstrdup(query);
	char *save = NULL;
	char *pair;

	for (pair = strtok_r(copy, "&", &save); pair != NULL;
		 pair = strtok_r(NULL, "&", &save))
	{
		pair[strcspn(pair, "=")] = '\0';
		if (ac_url_name_is_secret(pair))
			return true;
	}
	return false;
}

/* Reads one path; false with err if it is none. */
static bool
read_path(const char *given, const AcUrl *base, AcEndpoint *endpoint,
		  AcError *err)
{
	const char *text = given;
	const char *question;
	const char *problem;

	if (is_absolute(text) && (text = below(base, text)) == NULL)
		return refuse(err, given, "it is not below the server's base URL");
	memset(endpoint, 0, sizeof(*endpoint));
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
	endpoint->found = "named in the import option paths";
	endpoint->source = AC_PLAN_SOURCE_PATHS;
	return true;
}

/* What is known of the path already, NULL if nothing is. */
static const AcEndpoint *
find_known(const AcApi *api, const char *path)
{
	int i;

	for (i = 0; i < api->n_endpoints; i++)
		if (strcmp(api->endpoints[i].path, path) == 0 &&
			strcmp(api->endpoints[i].method, "GET") == 0)
			return &api->endpoints[i];
	return NULL;
}

/* Two questions to one path would be two tables of one name. */
static bool
is_other_question(const AcEndpoint *known, const AcEndpoint *given)
{
	const char *a = known->query != NULL ? known->query : "";
	const char *b = given->query != NULL ? given->query : "";

	return strcmp(known->source, AC_PLAN_SOURCE_PATHS) == 0 &&
		   strcmp(a, b) != 0;
}

/* The next piece between commas, trimmed and copied; NULL at the end. */
static char *
next_piece(const char **at)
{
	while (**at != '\0')
	{
		const char *piece = *at + strspn(*at, " \t\r\n,");
		size_t len = strcspn(piece, ",");

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
		const AcEndpoint *known;

		if (given++ == MAX_PATHS)
			return ac_error_set(err, AC_ERR_OPTION_VALUE,
								"import option \"paths\" names more than %d paths",
								MAX_PATHS);
		if (!read_path(piece, base, endpoint, err))
			return false;
		known = find_known(copy, endpoint->path);
		if (known == NULL)
			copy->n_endpoints++;
		else if (is_other_question(known, endpoint))
			return refuse(err, piece, "the path is named with another query, too");
	}
	if (given == 0)
		return ac_error_set(err, AC_ERR_OPTION_VALUE,
							"import option \"paths\" names no path");
	*result = copy;
	return true;
}
