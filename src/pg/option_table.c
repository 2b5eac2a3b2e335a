/*
 * option_table.c
 *		Which options exist?
 *
 * The table below is the only place that knows an option's name, context,
 * type, default and meaning.
 */
#include "ac.h"

#include <limits.h>
#include <math.h>

#include "pg/option_table.h"

/* An hour: longer waits belong to no query that somebody watches. */
#define MAX_TIMEOUT_MS 3600000.0

/* A month: rarer looks would tell of an announced sunset too late. */
#define MAX_CHECK_INTERVAL_MS (30 * 24 * 3600000.0)

/* A day: answers of yesterday are a copy, which belongs in a table. */
#define MAX_CACHE_TTL_MS (24 * 3600000.0)

/* A year: what holds longer is renewed when the API wants it. */
#define MAX_LIFETIME_MS (365 * 24 * 3600000.0)

/* Digits of the smallest units in use, such as a coin of 10^-18. */
#define MAX_SCALE 38

const AcOption ac_option_table_rows[] = {
	{AC_SERVER, "url", AC_OPT_URL, NULL, 0, 0, NULL,
	 "URL of the API or of its description; required"},
	{AC_SERVER, "base_url", AC_OPT_URL, NULL, 0, 0, NULL,
	 "URL below which the paths of tables stand; default: what the description says on the origin of url, else url"},
	{AC_SERVER, "spec_url", AC_OPT_URL, NULL, 0, 0, NULL,
	 "URL of the description, where it is not found by itself"},
	{AC_SERVER, "discover", AC_OPT_BOOL, "on", 0, 0, NULL,
	 "whether CREATE SERVER and ALTER SERVER ask the API what it offers"},
	{AC_SERVER, "user_agent", AC_OPT_TEXT, "autoconn", 0, 0, NULL,
	 "User-Agent header of all requests"},
	{AC_SERVER, "timeout", AC_OPT_DURATION, "30s", 1, MAX_TIMEOUT_MS, NULL,
	 "time limit of one request, from its start to the last byte"},
	{AC_SERVER, "connect_timeout", AC_OPT_DURATION, "10s", 1, MAX_TIMEOUT_MS, NULL,
	 "time limit of name resolution, TCP and TLS together"},
	{AC_SERVER, "retries", AC_OPT_INT, "3", 0, 20, NULL,
	 "how often a request that failed for a passing reason is sent again"},
	{AC_SERVER, "max_pages", AC_OPT_INT, "100000", 1, INT_MAX, NULL,
	 "pages of one scan; more is an error, never a short result"},
	{AC_SERVER, "max_requests", AC_OPT_INT, "0", 0, INT_MAX, NULL,
	 "requests of one scan; more is an error; 0: no limit"},
	{AC_SERVER, "max_response_size", AC_OPT_SIZE, "64MB", 1024, 1024.0 * 1024 * 1024, NULL,
	 "size of one decompressed answer; more is an error"},
	{AC_SERVER, "max_concurrency", AC_OPT_INT, "4", 1, 64, NULL,
	 "requests under way at once, of all sessions that use the same user mapping"},
	{AC_SERVER, "rate_limit", AC_OPT_NUMBER, "0", 0, 1000000, NULL,
	 "requests per second; 0: no limit of ours"},
	{AC_SERVER, "async_capable", AC_OPT_BOOL, "on", 0, 0, NULL,
	 "whether scans beside others under one Append, as of partitions or of a UNION ALL, run at the same time"},
	{AC_SERVER, "on_incomplete", AC_OPT_ENUM, "error", 0, 0, "error|warn",
	 "what a scan does that could not read all rows the API has"},
	{AC_SERVER, "cache_ttl", AC_OPT_DURATION, "0", 0, MAX_CACHE_TTL_MS, NULL,
	 "how old an answer may be that a session has kept and reads again, where the API allows it; 0: none is kept"},
	{AC_SERVER, "on_drift", AC_OPT_ENUM, "alert", 0, 0, "alert|additive|heal",
	 "what is repaired without a person when the API changes: nothing, what only adds, what is proved as well"},
	{AC_SERVER, "check_interval", AC_OPT_DURATION, "15min", 0, MAX_CHECK_INTERVAL_MS, NULL,
	 "how often the worker looks whether the API has changed; 0: never"},
	{AC_SERVER, "api_key_in", AC_OPT_ENUM, NULL, 0, 0, "header|query|cookie",
	 "where an API key goes, where the description does not say"},
	{AC_SERVER, "api_key_name", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "name of the header, parameter or cookie that takes the API key"},
	{AC_SERVER, "session_path", AC_OPT_PATH, NULL, 0, 0, NULL,
	 "path of a login below the base URL, asked by POST with username and password of the user mapping, which then go with no other request"},
	{AC_SERVER, "session_form", AC_OPT_ENUM, "json", 0, 0, "json|form|basic",
	 "how the login takes them: in a JSON body, in a form, in the Authorization header"},
	{AC_SERVER, "session_body", AC_OPT_JSON_BODY, NULL, 0, 0, NULL,
	 "JSON object that the login takes, with {username} and {password} for whole values; default: {\"username\": \"{username}\", \"password\": \"{password}\"}, of basic none"},
	{AC_SERVER, "session_token_path", AC_OPT_PLACE, "/token", 0, 0, NULL,
	 "where the token stands in the answer; Set-Cookie: is all of its cookies"},
	{AC_SERVER, "session_token_in", AC_OPT_ENUM, "bearer", 0, 0, "bearer|header|cookie",
	 "in what the token goes with requests"},
	{AC_SERVER, "session_token_name", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "name of that header or cookie; default: X-Auth-Token, session"},
	{AC_SERVER, "session_expiry_path", AC_OPT_PLACE, NULL, 0, 0, NULL,
	 "where the end of the token stands in the answer: seconds from now, or a moment"},
	{AC_SERVER, "session_lifetime", AC_OPT_DURATION, "0", 0, MAX_LIFETIME_MS, NULL,
	 "how long a token is used where the answer does not say; 0: until the API answers 401"},
	{AC_SERVER, "aws_region", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "region that requests are signed for, as eu-west-1; default: what the host's name says, where it is AWS's"},
	{AC_SERVER, "aws_service", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "service that requests are signed for, as execute-api; default: as aws_region"},
	{AC_SERVER, "allowed_origins", AC_OPT_ORIGINS, NULL, 0, 0, NULL,
	 "other origins that links and redirects may lead to; they never get credentials"},
	{AC_SERVER, "ca_file", AC_OPT_FILE, NULL, 0, 0, NULL,
	 "file of certificate authorities to trust instead of the system's; needs pg_read_server_files"},
	{AC_SERVER, "proxy", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "URL of a proxy; only superusers may set it, because it voids the address policy"},
	{AC_SERVER, "oauth_token_url", AC_OPT_URL, NULL, 0, 0, NULL,
	 "URL of the OAuth token endpoint; default: what the description says on the origin of url"},
	{AC_SERVER, "oauth_grant", AC_OPT_ENUM, NULL, 0, 0,
	 "client_credentials|refresh_token|jwt_bearer|device_code|authorization_code",
	 "how access tokens are had; default: refresh_token where the user mapping has one, else client_credentials"},
	{AC_SERVER, "scope", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "OAuth scopes to ask for, with spaces between them; a refresh token keeps those it was given for"},
	{AC_SERVER, "oauth_audience", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "parameter audience of token requests, where the authorization server wants one"},
	{AC_SERVER, "oauth_client_auth", AC_OPT_ENUM, NULL, 0, 0, "basic|post|jwt|none",
	 "how the client shows who it is: client_secret in the Authorization header or in the form, an assertion signed with private_key, nothing; default: jwt where the mapping has a private_key and no client_secret, else basic, none without a secret"},
	{AC_SERVER, "oauth_device_url", AC_OPT_URL, NULL, 0, 0, NULL,
	 "URL of the device authorization endpoint, for autoconn.authorize() where oauth_grant is device_code"},
	{AC_SERVER, "oauth_authorize_url", AC_OPT_URL, NULL, 0, 0, NULL,
	 "URL of the authorization endpoint, for autoconn.authorize() where oauth_grant is authorization_code"},
	{AC_SERVER, "oauth_redirect_uri", AC_OPT_TEXT, "http://localhost/", 0, 0, NULL,
	 "redirect URI that the client is registered with; nothing has to listen there"},
	{AC_SERVER, "oauth_issuer", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "claim iss of assertions; default: client_id"},
	{AC_SERVER, "oauth_subject", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "claim sub of the assertion of jwt_bearer; default: none"},
	{AC_SERVER, "oauth_assertion_audience", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "claim aud of assertions; default: oauth_token_url"},
	{AC_SERVER, "oauth_algorithm", AC_OPT_ENUM, NULL, 0, 0, "RS256|ES256|HS256",
	 "how assertions are signed; default: RS256, HS256 where there is no private_key"},

	{AC_MAPPING, "username", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "user name of basic authentication"},
	{AC_MAPPING, "password", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "password of basic authentication"},
	{AC_MAPPING, "token", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "bearer token"},
	{AC_MAPPING, "api_key", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "API key"},
	{AC_MAPPING, "aws_access_key", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "access key that requests are signed with (AWS Signature Version 4)"},
	{AC_MAPPING, "aws_secret_key", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "secret of aws_access_key"},
	{AC_MAPPING, "aws_session_token", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "session token, where aws_access_key is a temporary one"},
	{AC_MAPPING, "client_cert", AC_OPT_PEM, NULL, 0, 0, NULL,
	 "certificate in PEM that TLS shows the API, others of its chain behind it"},
	{AC_MAPPING, "client_key", AC_OPT_PEM, NULL, 0, 0, NULL,
	 "private key of client_cert in PEM, not encrypted"},
	{AC_MAPPING, "headers", AC_OPT_JSON_HEADERS, NULL, 0, 0, NULL,
	 "JSON object of further secret headers"},
	{AC_MAPPING, "client_id", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "OAuth client identifier"},
	{AC_MAPPING, "client_secret", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "OAuth client secret"},
	{AC_MAPPING, "refresh_token", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "OAuth refresh token to begin with; what the authorization server gives in its place is kept in the database and not here"},
	{AC_MAPPING, "private_key", AC_OPT_PEM, NULL, 0, 0, NULL,
	 "private key in PEM that assertions are signed with"},
	{AC_MAPPING, "key_id", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "identifier of the private key, header kid of assertions"},
	{AC_MAPPING, "webhook", AC_OPT_URL, NULL, 0, 0, NULL,
	 "URL that alerts are sent to, where the mapping is the owner's"},

	{AC_TABLE, "path", AC_OPT_PATH, NULL, 0, 0, NULL,
	 "path of the collection below the base URL, with {variables}; required"},
	{AC_TABLE, "item_path", AC_OPT_PATH, NULL, 0, 0, NULL,
	 "path of one row, its variables taken from key columns"},
	{AC_TABLE, "item_rows_path", AC_OPT_POINTER, "", 0, 0, NULL,
	 "JSON Pointer to the row in the answer of item_path"},
	{AC_TABLE, "detail", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "columns that only the answer of item_path shows, as notes, history; on: all that are not of the key; where a query needs one, each row costs a request"},
	{AC_TABLE, "rows_path", AC_OPT_POINTER, "", 0, 0, NULL,
	 "JSON Pointer to the rows in the answer"},
	{AC_TABLE, "rows_form", AC_OPT_ENUM, "array", 0, 0,
	 "array|map|columns|lines|lists",
	 "how the rows stand there: elements of an array (an object is the one row), members of an object, arrays of values whose names stand at columns_path, JSON texts one after the other (NDJSON), or lists of an object of which each is a column"},
	{AC_TABLE, "columns_path", AC_OPT_POINTER, NULL, 0, 0, NULL,
	 "JSON Pointer to the names of the values, where rows_form is columns"},
	{AC_TABLE, "nested_path", AC_OPT_POINTER, NULL, 0, 0, NULL,
	 "JSON Pointer, in a row, to the array whose elements are the rows of this table"},
	{AC_TABLE, "pagination", AC_OPT_ENUM, "auto", 0, 0,
	 "auto|none|link|next_url|cursor|page|offset|keyset|continue|range",
	 "how the collection is paged; auto: the first answer decides"},
	{AC_TABLE, "page_param", AC_OPT_PARAM, NULL, 0, 0, NULL,
	 "parameter that takes the page number or the offset; where pagination is range, the unit of the Range header"},
	{AC_TABLE, "page_start", AC_OPT_INT, "1", 0, 1, NULL,
	 "number of the first page"},
	{AC_TABLE, "page_size_param", AC_OPT_PARAM, NULL, 0, 0, NULL,
	 "parameter that takes the page size"},
	{AC_TABLE, "page_size", AC_OPT_INT, NULL, 1, 1000000, NULL,
	 "rows to ask for per page"},
	{AC_TABLE, "page_size_min", AC_OPT_INT, "1", 1, 1000000, NULL,
	 "rows that the API has to be asked for at least, where a query wants fewer"},
	{AC_TABLE, "cursor_param", AC_OPT_PARAM, NULL, 0, 0, NULL,
	 "parameter that takes the token of the next page, or the value of the last row"},
	{AC_TABLE, "cursor_path", AC_OPT_PLACE, NULL, 0, 0, NULL,
	 "where the token or URL of the next page stands, or the object of parameters; where pagination is keyset, JSON Pointer to the value in a row"},
	{AC_TABLE, "total_path", AC_OPT_PLACE, NULL, 0, 0, NULL,
	 "where the number of rows in all stands"},
	{AC_TABLE, "total", AC_OPT_ENUM, NULL, 0, 0, "exact|estimate",
	 "whether the total that the API announces is the number of rows: fewer make a scan incomplete then; what an import proves it sets"},
	{AC_TABLE, "pages_path", AC_OPT_PLACE, NULL, 0, 0, NULL,
	 "where the number of pages in all stands"},
	{AC_TABLE, "more_path", AC_OPT_PLACE, NULL, 0, 0, NULL,
	 "where the boolean stands that says whether there are more rows"},
	{AC_TABLE, "depth_limit", AC_OPT_INT, NULL, 1, INT_MAX, NULL,
	 "rows that the API shows of one query; those behind are read in windows"},
	{AC_TABLE, "window_path", AC_OPT_POINTER, NULL, 0, 0, NULL,
	 "JSON Pointer, in a row, to the value that windows are cut by"},
	{AC_TABLE, "window_from", AC_OPT_PARAM, NULL, 0, 0, NULL,
	 "parameter that takes the least value of a window"},
	{AC_TABLE, "window_to", AC_OPT_PARAM, NULL, 0, 0, NULL,
	 "parameter that takes the greatest value of a window"},
	{AC_TABLE, "window_unit", AC_OPT_ENUM, "integer", 0, 0, "integer|second|day",
	 "what these values count: whole numbers, moments, days"},
	{AC_TABLE, "item_of_list", AC_OPT_BOOL, NULL, 0, 0, NULL,
	 "whether item_path shows no rows but those that the collection has with params or params_union; without them it does, with them a row is not looked up unless this is true"},
	{AC_TABLE, "params", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "query string sent with every request of the collection, as state=all"},
	{AC_TABLE, "params_union", AC_OPT_UNION, NULL, 0, 0, NULL,
	 "parameter, = and its values with bars between them, with each of which the collection is read once, where none shows all rows; a column must show the value"},
	{AC_TABLE, "parent", AC_OPT_PARENT, NULL, 0, 0, NULL,
	 "foreign table of the same server and its columns that have the values of the path's variables, in their order, then those of required columns, as in customers(id): where a query gives no values, all of them are asked for"},
	{AC_TABLE, "fields_param", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "query parameter that takes the names of the fields to send, as fields, fields[orders] or $select; used where a key column tells rows apart"},
	{AC_TABLE, "fields_list", AC_OPT_ENUM, "comma", 0, 0, "comma|repeat|pipe|space|brackets",
	 "how it takes several, as param_list"},
	{AC_TABLE, "fields_path", AC_OPT_POINTER, "", 0, 0, NULL,
	 "JSON Pointer, in a row, to the object whose members they name, as /attributes; columns outside of it come whatever is named"},
	{AC_TABLE, "fields_named", AC_OPT_ENUM, "needed", 0, 0, "needed|hidden",
	 "which columns are named: all that the query needs, or of these the ones that are hidden, where the parameter adds to what is always sent"},
	{AC_TABLE, "method", AC_OPT_ENUM, "GET", 0, 0, "GET|POST",
	 "how the collection is asked for; POST only by the owner of the server, for operations that read"},
	{AC_TABLE, "body", AC_OPT_JSON_BODY, NULL, 0, 0, NULL,
	 "JSON object sent with a POST; parameters whose names begin with a slash are JSON Pointers into it"},
	{AC_TABLE, "max_pages", AC_OPT_INT, NULL, 1, INT_MAX, NULL,
	 "as the server option, for this table"},
	{AC_TABLE, "max_requests", AC_OPT_INT, NULL, 0, INT_MAX, NULL,
	 "as the server option, for this table"},
	{AC_TABLE, "on_error", AC_OPT_ENUM, "stop", 0, 0, "stop|null|skip",
	 "what happens to a value that does not fit its column: error, NULL, or its row is left out; both others are counted in a WARNING"},
	{AC_TABLE, "async_capable", AC_OPT_BOOL, NULL, 0, 0, NULL,
	 "as the server option, for this table"},
	{AC_TABLE, "on_incomplete", AC_OPT_ENUM, NULL, 0, 0, "error|warn",
	 "as the server option, for this table"},
	{AC_TABLE, "cache_ttl", AC_OPT_DURATION, NULL, 0, MAX_CACHE_TTL_MS, NULL,
	 "as the server option, for this table"},
	{AC_TABLE, "estimated_rows", AC_OPT_NUMBER, NULL, 0, 1e15, NULL,
	 "number of rows for the planner, where it is known"},

	{AC_COLUMN, "json_path", AC_OPT_POINTER, NULL, 0, 0, NULL,
	 "JSON Pointer to the value in the row; default: the column's name; none together with param: the column shows the value sent"},
	{AC_COLUMN, "param", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "path variable or query parameter that filters by this column"},
	{AC_COLUMN, "operators", AC_OPT_ENUM, NULL, 0, 0, "=|none",
	 "operators that the parameter serves without withholding rows that match; default: =; none: it is never sent"},
	{AC_COLUMN, "param_list", AC_OPT_ENUM, NULL, 0, 0, "comma|repeat|pipe|space|brackets|array",
	 "how the parameter takes several values at once: ids=1,2, ids=1&ids=2, ids=1|2, with spaces, ids[]=1&ids[]=2, an array in the body of a POST; a variable of the path: comma; default: it takes one"},
	{AC_COLUMN, "param_list_max", AC_OPT_INT, "100", 1, 10000, NULL,
	 "how many it takes"},
	{AC_COLUMN, "required", AC_OPT_BOOL, "off", 0, 0, NULL,
	 "whether the API does not answer without a value of the parameter"},
	{AC_COLUMN, "param_from", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "query parameter that takes a lower bound of the column's values, as since"},
	{AC_COLUMN, "param_to", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "query parameter that takes an upper bound of the column's values, as until"},
	{AC_COLUMN, "bound_format", AC_OPT_ENUM, "rfc3339", 0, 0, "rfc3339|date|epoch_s|epoch_ms",
	 "how param_from and param_to are written, where the column has moments"},
	{AC_COLUMN, "sort_asc", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "query string by which the API sorts rows by the column, as sort=created&direction=asc"},
	{AC_COLUMN, "sort_desc", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "query string by which the API sorts rows by the column, highest first"},
	{AC_COLUMN, "sort_nulls", AC_OPT_ENUM, NULL, 0, 0, "none|first|last|low|high",
	 "where the API then has rows without a value: there are none, at either end whatever the direction, or as if the value were below or above all others; needed for sort_asc and sort_desc to be used"},
	{AC_COLUMN, "key", AC_OPT_BOOL, "off", 0, 0, NULL,
	 "whether the column is part of the row's key"},
	{AC_COLUMN, "decode", AC_OPT_ENUM, NULL, 0, 0,
	 "epoch_s|epoch_ms|epoch_us|rfc2822|dotnet_date|date_dmy|date_mdy|json_string|id_of|member_name|ordinal",
	 "how the API writes the value, where it is not the type's own form"},
	{AC_COLUMN, "scale", AC_OPT_INT, "0", 0, MAX_SCALE, NULL,
	 "the API's number is 10^scale times the value, as 2 for cents"},
	{AC_COLUMN, "empty", AC_OPT_ENUM, "value", 0, 0, "value|null",
	 "what a string of no length gives: what the type makes of it, most often an error, or NULL"},
	{AC_COLUMN, "of_parent", AC_OPT_BOOL, "off", 0, 0, NULL,
	 "whether json_path leads into the row in which nested_path stands, not into its element"},
	{AC_COLUMN, "field", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "name of the field for fields_param; default: the first name of json_path below fields_path"},
	{AC_COLUMN, "hidden", AC_OPT_BOOL, "off", 0, 0, NULL,
	 "whether the API sends the field only if fields_param names it"},
	{AC_COLUMN, "missing", AC_OPT_ENUM, "null", 0, 0, "null|error",
	 "what a row without the field gives"},
};

const int ac_option_table_length = lengthof(ac_option_table_rows);

static const char *const type_names[] = {
	[AC_OPT_TEXT] = "text",
	[AC_OPT_URL] = "url",
	[AC_OPT_BOOL] = "boolean",
	[AC_OPT_INT] = "integer",
	[AC_OPT_NUMBER] = "number",
	[AC_OPT_DURATION] = "duration",
	[AC_OPT_SIZE] = "size",
	[AC_OPT_ENUM] = "enum",
	[AC_OPT_POINTER] = "json pointer",
	[AC_OPT_PLACE] = "json pointer or header",
	[AC_OPT_PARAM] = "parameter",
	[AC_OPT_PATH] = "path",
	[AC_OPT_ORIGINS] = "origins",
	[AC_OPT_JSON_HEADERS] = "json object",
	[AC_OPT_PARENT] = "table and columns",
	[AC_OPT_UNION] = "parameter and values",
	[AC_OPT_JSON_BODY] = "json object",
	[AC_OPT_FILE] = "file name",
	[AC_OPT_PEM] = "pem",
};

const char *
ac_option_context_name(Oid context)
{
	switch (context)
	{
		case AC_SERVER:
			return "server";
		case AC_MAPPING:
			return "user mapping";
		case AC_TABLE:
			return "table";
		case AC_COLUMN:
			return "column";
		default:
			return "wrapper";
	}
}

const AcOption *
ac_option_table_find(Oid context, const char *name)
{
	for (int i = 0; i < ac_option_table_length; i++)
		if (ac_option_table_rows[i].context == context && strcmp(ac_option_table_rows[i].name, name) == 0)
			return &ac_option_table_rows[i];
	return NULL;
}

char *
ac_option_type_text(const AcOption *option)
{
	if (option->type == AC_OPT_ENUM)
		return psprintf("enum (%s)", option->choices);
	return pstrdup(type_names[option->type]);
}

int
ac_option_choice(const AcOption *option, const char *value)
{
	const char *at = option->choices;
	size_t len = strlen(value);

	if (strchr(value, '|') != NULL)
		return -1;
	for (int i = 0; at != NULL && len > 0; i++)
	{
		if (strncmp(at, value, len) == 0 && (at[len] == '|' || at[len] == '\0'))
			return i;
		at = strchr(at, '|');
		if (at != NULL)
			at++;
	}
	return -1;
}

typedef struct AcUnit
{
	const char *name;
	double factor;
} AcUnit;

static const AcUnit duration_units[] = {
	{"us", 0.001}, {"ms", 1}, {"s", 1000}, {"sec", 1000}, {"min", 60000}, {"h", 3600000}, {NULL, 0}};

static const AcUnit size_units[] = {
	{"B", 1}, {"kB", 1024}, {"MB", 1024.0 * 1024}, {"GB", 1024.0 * 1024 * 1024}, {NULL, 0}};

/*
 * Reads a number with an optional unit, as PostgreSQL's settings have them;
 * without a unit the number counts in default_factor.
 */
static bool
parse_with_unit(const char *text, const AcUnit *units, double default_factor,
				double *result)
{
	char *end;
	double value;

	errno = 0;
	value = strtod(text, &end);
	if (end == text || errno == ERANGE || isnan(value) || isinf(value))
		return false;
	while (isspace((unsigned char) *end))
		end++;
	*result = value * default_factor;
	if (*end == '\0')
		return true;
	for (; units != NULL && units->name != NULL; units++)
	{
		if (strcmp(end, units->name) == 0)
		{
			*result = value * units->factor;
			return true;
		}
	}
	return false;
}

/* Numeric value of an option's text in the unit that readers use. */
bool
ac_option_parse_number(const AcOption *option, const char *text, double *result)
{
	switch (option->type)
	{
		case AC_OPT_DURATION:
			return parse_with_unit(text, duration_units, 1000, result);
		case AC_OPT_SIZE:
			return parse_with_unit(text, size_units, 1, result);
		default:
			return parse_with_unit(text, NULL, 1, result);
	}
}

char *
ac_option_bound_text(const AcOption *option, double bound)
{
	const char *unit = "";

	if (option->type == AC_OPT_DURATION)
	{
		static const char *const units[] = {"ms", "s", "min", "h"};
		static const int steps[] = {1000, 60, 60};
		int i = 0;

		for (; i < (int) lengthof(steps) && bound > 0 && fmod(bound, steps[i]) == 0; i++)
			bound /= steps[i];
		unit = units[i];
	}
	else if (option->type == AC_OPT_SIZE)
	{
		static const char *const units[] = {"B", "kB", "MB", "GB"};
		int i = 0;

		for (; i < (int) lengthof(units) - 1 && bound > 0 && fmod(bound, 1024) == 0; i++)
			bound /= 1024;
		unit = units[i];
	}
	if (bound == 0)
		return pstrdup("0");
	return psprintf("%.15g%s%s", bound, unit[0] != '\0' ? " " : "", unit);
}
