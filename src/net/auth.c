/*
 * auth.c
 *		How do the secrets of a user mapping become parts of a request?
 *		See auth.h.
 *
 * libcurl could build the Authorization header itself, but would then also
 * decide itself to whom to send it; a plain header goes where it is put.
 */
#include "ac.h"

#include "common/base64.h"
#include "core/json.h"
#include "net/auth.h"
#include "net/awssign.h"
#include "net/clientcert.h"

/* Names that APIs use most, for mappings whose server says nothing. */
#define AC_AUTH_KEY_HEADER "X-API-Key"
#define AC_AUTH_KEY_QUERY "api_key"

/*
 * Headers that steer the message itself (RFC 9110 6.4, 7.2, 7.6.1) rather
 * than say who asks: with them a mapping could smuggle requests.
 */
static const char *const message_headers[] = {
	"Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade",
	"TE", "Trailer", "Expect", "Keep-Alive", "Proxy-Authorization",
	"Proxy-Connection"};

/* Nesting of the option headers: an object of texts. */
#define AC_AUTH_HEADERS_DEPTH 4

/* ---- checks ---- */

/* tchar of RFC 9110 5.6.2 */
static bool
is_token(const char *text)
{
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++)
	{
		if (!isalnum((unsigned char) *text) &&
			strchr("!#$%&'*+-.^_`|~", *text) == NULL)
			return false;
		if (IS_HIGHBIT_SET(*text))
			return false;
	}
	return true;
}

/* field-value of RFC 9110 5.5: no control characters but the tab */
static bool
is_field_value(const char *text)
{
	for (; *text != '\0'; text++)
	{
		unsigned char c = (unsigned char) *text;

		if ((c < 0x20 && c != '\t') || c == 0x7F)
			return false;
	}
	return true;
}

/* cookie-value of RFC 6265 4.1.1, quotes aside */
static bool
is_cookie_value(const char *text)
{
	for (; *text != '\0'; text++)
	{
		unsigned char c = (unsigned char) *text;

		if (c <= 0x20 || c >= 0x7F || strchr("\",;\\", c) != NULL)
			return false;
	}
	return true;
}

static bool
is_message_header(const char *name)
{
	for (int i = 0; i < (int) lengthof(message_headers); i++)
	{
		if (pg_strcasecmp(message_headers[i], name) == 0)
			return true;
	}
	return false;
}

bool
ac_auth_is_header_name(const char *name)
{
	return is_token(name) && !is_message_header(name);
}

static bool
bad_value(const char *option, const char *why, AcError *err)
{
	ac_error_set(err, AC_ERR_OPTION_VALUE,
				 "invalid value for user mapping option \"%s\"", option);
	return ac_error_detail(err, "%s", why);
}

/* ---- the list of secrets ---- */

static void
add_secret(AcCredentials *credentials, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	if (credentials->secrets == NULL)
		credentials->secrets = palloc(sizeof(char *));
	else
		credentials->secrets = repalloc(credentials->secrets,
										sizeof(char *) * (credentials->n_secrets + 1));
	credentials->secrets[credentials->n_secrets++] = text;
}

void
ac_auth_add_secret(AcCredentials *credentials, MemoryContext cxt,
				   const char *text)
{
	MemoryContext old = MemoryContextSwitchTo(cxt);

	add_secret(credentials, pstrdup(text));
	MemoryContextSwitchTo(old);
}

/*
 * Access tokens that a connection has sent: of those of long ago nobody
 * speaks any more.
 */
#define MAX_LEARNED 8

void
ac_auth_learn_secret(AcCredentials *credentials, MemoryContext cxt,
					 const char *text)
{
	int first = credentials->n_secrets - credentials->n_learned;

	for (int i = 0; i < credentials->n_secrets; i++)
		if (strcmp(credentials->secrets[i], text) == 0)
			return;
	if (credentials->n_learned == MAX_LEARNED)
	{
		pfree(unconstify(char *, credentials->secrets[first]));
		memmove(&credentials->secrets[first], &credentials->secrets[first + 1],
				(MAX_LEARNED - 1) * sizeof(char *));
		credentials->n_secrets--;
		credentials->n_learned--;
	}
	ac_auth_add_secret(credentials, cxt, text);
	credentials->n_learned++;
}

/* What OAuth is asked with: it stands in no request to the API. */
static void
add_oauth_secrets(AcCredentials *credentials, const AcMappingOptions *mapping)
{
	add_secret(credentials, mapping->client_secret);
	add_secret(credentials, mapping->refresh_token);
	add_secret(credentials, mapping->private_key);
}

/*
 * The value of a header, and what stands in it behind a scheme ("Bearer x")
 * or as the value of a cookie ("sid=x; y=z"), since an API may echo that part
 * alone.
 */
static void
add_header_secrets(AcCredentials *credentials, const char *value)
{
	char *copy = pstrdup(value);
	char *rest;
	char *part;
	const char *space = strchr(value, ' ');

	add_secret(credentials, value);
	if (space != NULL)
		add_secret(credentials, space + 1);
	for (part = strtok_r(copy, "; ", &rest); part != NULL;
		 part = strtok_r(NULL, "; ", &rest))
	{
		char *equals = strchr(part, '=');

		if (equals != NULL)
			add_secret(credentials, equals + 1);
	}
}

/* ---- headers ---- */

char *
ac_auth_scheme_name(const AcCredentials *credentials)
{
	static const char name[] = "Authorization:";
	ListCell *lc;

	foreach (lc, credentials->headers)
	{
		const char *header = lfirst(lc);
		char *scheme;

		if (pg_strncasecmp(header, name, strlen(name)) != 0)
			continue;
		header += strlen(name);
		header += strspn(header, " ");
		scheme = pnstrdup(header, strcspn(header, " "));
		for (char *p = scheme; *p != '\0'; p++)
			*p = pg_tolower((unsigned char) *p);
		return scheme;
	}
	return NULL;
}

bool
ac_auth_has_header(const AcCredentials *credentials, const char *name)
{
	size_t len = strlen(name);
	ListCell *cell;

	foreach (cell, credentials->headers)
	{
		const char *header = (const char *) lfirst(cell);

		if (pg_strncasecmp(header, name, len) == 0 &&
			(header[len] == ':' || header[len] == ';'))
			return true;
	}
	return false;
}

/*
 * Adds a header; libcurl wants "Name;" for one without a value.  option is
 * the mapping option that it comes from.
 */
static bool
add_header(AcCredentials *credentials, const char *option, const char *name,
		   const char *value, AcError *err)
{
	if (!is_field_value(value))
		return bad_value(option, "The value contains a line break or another control character.",
						 err);
	if (ac_auth_has_header(credentials, name))
	{
		ac_error_set(err, AC_ERR_OPTION_VALUE,
					 "user mapping has more than one value for header \"%s\"",
					 name);
		return ac_error_hint(err, "Use only one of token, username with password, api_key and headers for it.");
	}
	credentials->headers = lappend(credentials->headers,
								   *value == '\0' ? psprintf("%s;", name) : psprintf("%s: %s", name, value));
	return true;
}

/* RFC 6750 2.1 */
static bool
add_bearer(AcCredentials *credentials, const char *token, AcError *err)
{
	add_secret(credentials, token);
	return add_header(credentials, "token", "Authorization",
					  psprintf("Bearer %s", token), err);
}

/* RFC 7617 2; a user name alone is what some APIs take for a key */
static bool
add_basic(AcCredentials *credentials, const AcMappingOptions *mapping,
		  AcError *err)
{
	const char *username = mapping->username ? mapping->username : "";
	const char *password = mapping->password ? mapping->password : "";
	char *pair = psprintf("%s:%s", username, password);
	int len = strlen(pair);
	int size = pg_b64_enc_len(len);
	char *encoded = palloc0(size + 1);

	if (strchr(username, ':') != NULL)
		return bad_value("username", "Basic authentication cannot carry a user name with a colon.",
						 err);
	if (!is_field_value(pair))
		return bad_value(is_field_value(username) ? "password" : "username",
						 "The value contains a line break or another control character.",
						 err);
	if (pg_b64_encode((const void *) pair, len, encoded, size) < 0)
		return bad_value("password", "The value could not be encoded.", err);
	add_secret(credentials, username);
	add_secret(credentials, password);
	add_secret(credentials, pair);
	add_secret(credentials, encoded);
	return add_header(credentials, "password", "Authorization",
					  psprintf("Basic %s", encoded), err);
}

/* ---- API keys ---- */

static bool
add_key_cookie(AcCredentials *credentials, const char *name, const char *key,
			   AcError *err)
{
	if (!is_cookie_value(key))
		return bad_value("api_key", "The value cannot stand in a cookie.", err);
	return add_header(credentials, "api_key", "Cookie",
					  psprintf("%s=%s", name, key), err);
}

static bool
add_key(AcCredentials *credentials, const AcAuthSource *source, AcError *err)
{
	const char *key = source->mapping->api_key;
	const char *name = source->key_name;

	add_secret(credentials, key);
	if (name == NULL)
		name = source->key_place == AC_KEY_DEFAULT ||
					   source->key_place == AC_KEY_HEADER
				   ? AC_AUTH_KEY_HEADER
				   : AC_AUTH_KEY_QUERY;
	if (source->key_place == AC_KEY_QUERY)
	{
		credentials->query_name = pstrdup(name);
		credentials->query_value = pstrdup(key);
		return true;
	}
	if (!is_token(name) || is_message_header(name))
	{
		ac_error_set(err, AC_ERR_OPTION_VALUE,
					 "API key cannot be sent as \"%s\"", name);
		return ac_error_hint(err, "Set the server option api_key_name to the name of a header or cookie, or api_key_in to 'query'.");
	}
	if (source->key_place == AC_KEY_COOKIE)
		return add_key_cookie(credentials, name, key, err);
	return add_header(credentials, "api_key", name, key, err);
}

/* ---- the option headers ---- */

static bool
add_json_header(AcCredentials *credentials, const char *name,
				const AcJson *node, AcError *err)
{
	size_t len;
	const char *text = ac_json_string(node, &len);
	char *value;

	if (!is_token(name))
		return bad_value("headers", "A member's name is not a header name.",
						 err);
	if (is_message_header(name))
	{
		ac_error_set(err, AC_ERR_OPTION_VALUE,
					 "user mapping option \"headers\" cannot set \"%s\"",
					 name);
		return ac_error_detail(err, "That header belongs to the message, not to the credentials.");
	}
	if (text == NULL || strlen(text) != len)
		return bad_value("headers", "Each header's value must be a text of one line.",
						 err);
	value = pstrdup(text);
	add_header_secrets(credentials, value);
	return add_header(credentials, "headers", name, value, err);
}

static bool
add_json_headers(AcCredentials *credentials, const char *text, AcError *err)
{
	AcJson *doc = NULL;
	AcJsonIter iter;
	bool ok = true;

	if (!ac_json_parse(text, strlen(text), AC_AUTH_HEADERS_DEPTH, &doc, err))
		return bad_value("headers", "The value is not a JSON object.", err);
	if (ac_json_kind(doc) != AC_JSON_OBJECT)
		ok = bad_value("headers", "The value is not a JSON object.", err);
	ac_json_iter_init(&iter, doc);
	while (ok && ac_json_iter_next(&iter))
		ok = add_json_header(credentials, iter.key, iter.value, err);
	ac_json_free(doc);
	return ok;
}

/* ---- all together ---- */

bool
ac_auth_build(const AcAuthSource *source, AcCredentials *credentials,
			  AcError *err)
{
	const AcMappingOptions *mapping = source->mapping;

	memset(credentials, 0, sizeof(*credentials));
	add_oauth_secrets(credentials, mapping);
	if (mapping->token && !add_bearer(credentials, mapping->token, err))
		return false;
	if ((mapping->username || mapping->password) && !source->login &&
		!add_basic(credentials, mapping, err))
		return false;
	if (source->login)
	{
		add_secret(credentials, mapping->username);
		add_secret(credentials, mapping->password);
	}
	if (mapping->api_key && !add_key(credentials, source, err))
		return false;
	if (mapping->headers &&
		!add_json_headers(credentials, mapping->headers, err))
		return false;
	add_secret(credentials, mapping->aws_access_key);
	add_secret(credentials, mapping->aws_secret_key);
	add_secret(credentials, mapping->aws_session_token);
	return ac_awssign_build(source, credentials, err) &&
		   ac_clientcert_build(mapping, credentials, err);
}

bool
ac_auth_any(const AcCredentials *credentials)
{
	return credentials->headers != NIL || credentials->query_name != NULL ||
		   credentials->aws != NULL || credentials->client_pem != NULL;
}

void
ac_auth_strip(const AcCredentials *credentials, AcUrl *url)
{
	if (credentials->query_name == NULL || url->query == NULL)
		return;
	url->query = ac_url_set_query(url->query, credentials->query_name, NULL);
	if (url->query[0] == '\0')
		url->query = NULL;
}

List *
ac_auth_apply(const AcCredentials *credentials, AcUrl *url, List *headers)
{
	if (credentials->query_name != NULL)
		url->query = ac_url_set_query(url->query, credentials->query_name,
									  credentials->query_value);
	return list_concat(headers, credentials->headers);
}
