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

/* Servers of one list; the longest real lists are regions of clouds, 40. */
#define SERVER_MAX_COUNT 1000

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

/* The server's URL with its variables filled in; NULL (noted) if it cannot. */
static const char *
server_url(AcOpenapiReader *reader, AcJson *server)
{
	const char *template = ac_json_get_string(server, "url");
	AcJson *variables = ac_json_get(server, "variables");
	StringInfoData url;

	if (template == NULL)
	{
		ac_openapi_note(reader, "a server has no url");
		return NULL;
	}
	initStringInfo(&url);
	while (*template != '\0' && url.len <= SERVER_MAX_LENGTH)
	{
		size_t literal = strcspn(template, "{");
		size_t name_len;
		char *name;
		char *value;

		appendBinaryStringInfo(&url, template,
							   (int) Min(literal, SERVER_MAX_LENGTH + 1));
		template += literal;
		if (*template == '\0')
			break;
		name_len = strcspn(template + 1, "}");
		name = pnstrdup(template + 1, name_len);
		value = variable_value(variables, name);
		if (template[name_len + 1] == '\0' || value == NULL)
		{
			ac_openapi_note(reader, "server variable \"%s\" has no value",
							ac_openapi_quote(name));
			return NULL;
		}
		appendBinaryStringInfo(&url, value,
							   (int) Min(strlen(value), SERVER_MAX_LENGTH + 1));
		template += name_len + 2;
	}
	if (url.len <= SERVER_MAX_LENGTH)
		return url.data;
	ac_openapi_note(reader, "a server's url is longer than %d bytes",
					SERVER_MAX_LENGTH);
	return NULL;
}

const char **
ac_openapi_servers_read(AcOpenapiReader *reader, AcJson *servers, int *n_urls)
{
	int n = Min(ac_json_length(servers), SERVER_MAX_COUNT);
	const char **urls;
	int i;

	*n_urls = 0;
	if (n == 0 || !ac_openapi_spend(reader, n))
		return NULL;
	urls = palloc(n * sizeof(const char *));
	for (i = 0; i < n && !reader->failed; i++)
	{
		const char *url = server_url(reader, ac_json_at(servers, i));

		if (url != NULL)
			urls[(*n_urls)++] = url;
	}
	return urls;
}
