/*
 * openapi_server.c
 *		Where does the API live?
 *
 * Server and Server Variable Objects (OpenAPI 3.0.4, 4.7.5 and 4.7.6).  URLs
 * are kept as they are written, relative ones too: relative to what, and
 * whether an origin may be asked, is net/'s business.
 */
#include "ac.h"

#include "api/openapi_internal.h"

/*
 * Longest URL that variables may make; servers stop reading at 8 kB (RFC
 * 9110, 4.1).  Keeps a variable that is filled in often from filling memory.
 */
#define SERVER_MAX_LENGTH 8192

/* Servers of one operation that are looked at: regions of a cloud. */
#define OPERATION_MAX_SERVERS 64

/* What a URL costs: as much memory as another unit of work. */
#define SERVER_BYTES_PER_UNIT 64

/* The value of a variable: its default, else the first of its enum. */
static char *
variable_value(AcJson *variables, const char *name)
{
	AcJson *variable = ac_json_get(variables, name);
	AcJson *values = ac_json_get(variable, "enum");
	char *value = ac_json_text_of(ac_json_get(variable, "default"));

	if (value == NULL && ac_json_length(values) > 0)
		value = ac_json_text_of(ac_json_at(values, 0));
	return value;
}

/* Appends what is left of a URL's room at most. */
static void
append_bounded(StringInfo url, const char *text, size_t len)
{
	if (len > SERVER_MAX_LENGTH + 1)
		len = SERVER_MAX_LENGTH + 1;
	appendBinaryStringInfo(url, text, (int) len);
}

/* Fills in the variables; false (noted) if one has no value. */
static bool
fill_template(AcOpenapiReader *reader, AcJson *server, StringInfo url)
{
	const char *template = ac_json_get_string(server, "url");
	AcJson *variables = ac_json_get(server, "variables");

	while (*template != '\0' && url->len <= SERVER_MAX_LENGTH)
	{
		size_t literal = strcspn(template, "{");
		size_t name_len;
		char *name;
		char *value;

		append_bounded(url, template, literal);
		template += literal;
		if (*template == '\0')
			break;
		name_len = strcspn(template + 1, "}");
		name = pnstrdup(template + 1, name_len);
		value = variable_value(variables, name);
		if (template[name_len + 1] == '\0' || value == NULL)
		{
			ac_openapi_note(reader, "server variable \"%s\" has no value",
							ac_openapi_quote(reader, name));
			return false;
		}
		append_bounded(url, value, strlen(value));
		pfree(value);
		pfree(name);
		template += name_len + 2;
	}
	if (url->len <= SERVER_MAX_LENGTH)
		return true;
	ac_openapi_note(reader, "a server's url is longer than %d bytes",
					SERVER_MAX_LENGTH);
	return false;
}

/*
 * The server's URL; NULL (noted) if it has none that can be used.  An empty
 * one is what frameworks write that know none: as if there were no server.
 */
static const char *
server_url(AcOpenapiReader *reader, AcJson *server)
{
	StringInfoData url;
	const char *result = NULL;

	if (ac_json_get_string(server, "url") == NULL)
	{
		ac_openapi_note(reader, "a server has no url");
		return NULL;
	}
	initStringInfo(&url);
	if (fill_template(reader, server, &url) &&
		ac_openapi_spend(reader, 1 + url.len / SERVER_BYTES_PER_UNIT))
		result = pstrdup(url.len == 0 ? "/" : url.data);
	pfree(url.data);
	return result;
}

/*
 * The first URLs of a "servers" list, at most max, variables filled in; NULL
 * if there are none.
 */
static const char **
read_servers(AcOpenapiReader *reader, AcJson *servers, int max, int *n_urls)
{
	int n = ac_json_length(servers);
	const char **urls;
	int i;

	*n_urls = 0;
	if (n == 0)
		return NULL;
	urls = palloc(Min(n, max) * sizeof(const char *));
	for (i = 0; i < n && *n_urls < max; i++)
	{
		const char *url = NULL;

		if (ac_openapi_spend(reader, 1))
			url = server_url(reader, ac_json_at(servers, i));
		if (reader->failed)
			break;
		if (url != NULL)
			urls[(*n_urls)++] = url;
	}
	return urls;
}

/* A document without servers lives where it was found (4.7.1: "/"). */
void
ac_openapi_servers(AcOpenapiReader *reader)
{
	AcApi *api = reader->api;
	AcJson *servers = ac_json_get(reader->doc, "servers");

	api->server_urls =
		read_servers(reader, servers, AC_OPENAPI_MAX_SERVERS,
					 &api->n_server_urls);
	if (ac_json_length(servers) == 0)
	{
		api->server_urls = palloc(sizeof(const char *));
		api->server_urls[0] = "/";
		api->n_server_urls = 1;
	}
}

/* The one that is the API's own server, too, else the first. */
const char *
ac_openapi_own_server(AcOpenapiReader *reader, AcJson *servers)
{
	const AcApi *api = reader->api;
	const char **urls;
	int n;
	int i;

	urls = read_servers(reader, servers, OPERATION_MAX_SERVERS, &n);
	for (i = 0; i < n && api->n_server_urls > 0; i++)
	{
		if (strcmp(urls[i], api->server_urls[0]) == 0)
			return urls[i];
	}
	return n > 0 ? urls[0] : NULL;
}

/* Length of a path without the slashes at its end. */
static size_t
bare_length(const char *path)
{
	size_t len = strlen(path);

	while (len > 0 && path[len - 1] == '/')
		len--;
	return len;
}

const char *
ac_openapi_server_below(AcOpenapiReader *reader, const char *own)
{
	const AcOpenapiPlace *home = reader->home;
	const char *base;
	AcUrl base_url;
	AcUrl own_url;
	size_t len;

	if (own == NULL || reader->api->n_server_urls == 0)
		return NULL;
	base = reader->api->server_urls[0];
	if (home->url != NULL)
	{
		if (!ac_url_resolve(&home->base, base, &base_url, NULL) ||
			!ac_url_resolve(&home->base, own, &own_url, NULL) ||
			!ac_url_same_origin(&base_url, &own_url))
			return NULL;
		base = base_url.path;
		own = own_url.path;
	}
	len = bare_length(base);
	if (strncmp(own, base, len) != 0 ||
		(own[len] != '/' && own[len] != '\0') ||
		(home->url == NULL && strstr(own + len, "//") != NULL))
		return NULL;
	return pnstrdup(own + len, bare_length(own + len));
}
