/*
 * option.c
 *		Which options exist, and what do they say for this object?
 *
 * The table below is the only place that knows an option's name, context,
 * type, default and meaning.  CREATE/ALTER ... OPTIONS is validated against
 * it (checks of form only: the validator has no network), ac_option_*() read
 * by it, and the view autoconn.options prints it.
 */
#include "ac.h"

#include <math.h>

#include "access/reloptions.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_user_mapping.h"
#include "commands/defrem.h"
#include "core/pointer.h"
#include "core/url.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/compat.h"
#include "pg/option.h"
#include "pg/report.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

typedef enum AcOptionType
{
	AC_OPT_TEXT, /* any non-empty text */
	AC_OPT_URL,	 /* absolute http(s), no userinfo */
	AC_OPT_BOOL,
	AC_OPT_INT,			 /* min..max */
	AC_OPT_NUMBER,		 /* min..max, fractions */
	AC_OPT_DURATION,	 /* "30s", "500 ms", "2min"; unit ms */
	AC_OPT_SIZE,		 /* "64MB"; bytes */
	AC_OPT_ENUM,		 /* one of choices */
	AC_OPT_POINTER,		 /* JSON Pointer */
	AC_OPT_PATH,		 /* path template below the base URL */
	AC_OPT_ORIGINS,		 /* comma-separated origins */
	AC_OPT_JSON_HEADERS, /* JSON object of header names and texts */
	AC_OPT_FILE			 /* file name: privileged */
} AcOptionType;

typedef struct AcOption
{
	Oid context; /* catalog that the option stands in */
	const char *name;
	AcOptionType type;
	const char *default_text; /* as a user would write it; NULL: none */
	double min;
	double max;
	const char *choices; /* ENUM: "a|b|c" */
	const char *description;
} AcOption;

#define SERVER ForeignServerRelationId
#define MAPPING UserMappingRelationId
#define TABLE ForeignTableRelationId
#define COLUMN AttributeRelationId

/* An hour: longer waits belong to no query that somebody watches. */
#define MAX_TIMEOUT_MS 3600000.0

static const AcOption options[] = {
	{SERVER, "url", AC_OPT_URL, NULL, 0, 0, NULL,
	 "URL of the API or of its description; required"},
	{SERVER, "base_url", AC_OPT_URL, NULL, 0, 0, NULL,
	 "URL below which the paths of tables stand; default: what the description says on the origin of url, else url"},
	{SERVER, "spec_url", AC_OPT_URL, NULL, 0, 0, NULL,
	 "URL of the description, where it is not found by itself"},
	{SERVER, "discover", AC_OPT_BOOL, "on", 0, 0, NULL,
	 "whether CREATE SERVER and ALTER SERVER ask the API what it offers"},
	{SERVER, "user_agent", AC_OPT_TEXT, "autoconn", 0, 0, NULL,
	 "User-Agent header of all requests"},
	{SERVER, "timeout", AC_OPT_DURATION, "30s", 1, MAX_TIMEOUT_MS, NULL,
	 "time limit of one request, from its start to the last byte"},
	{SERVER, "connect_timeout", AC_OPT_DURATION, "10s", 1, MAX_TIMEOUT_MS, NULL,
	 "time limit of name resolution, TCP and TLS together"},
	{SERVER, "retries", AC_OPT_INT, "3", 0, 20, NULL,
	 "how often a request that failed for a passing reason is sent again"},
	{SERVER, "max_pages", AC_OPT_INT, "100000", 1, INT_MAX, NULL,
	 "pages of one scan; more is an error, never a short result"},
	{SERVER, "max_requests", AC_OPT_INT, "0", 0, INT_MAX, NULL,
	 "requests of one scan; more is an error; 0: no limit"},
	{SERVER, "max_response_size", AC_OPT_SIZE, "64MB", 1024, 1024.0 * 1024 * 1024, NULL,
	 "size of one decompressed answer; more is an error"},
	{SERVER, "max_concurrency", AC_OPT_INT, "4", 1, 64, NULL,
	 "requests of one session under way at once"},
	{SERVER, "rate_limit", AC_OPT_NUMBER, "0", 0, 1000000, NULL,
	 "requests per second; 0: no limit of ours"},
	{SERVER, "on_incomplete", AC_OPT_ENUM, "error", 0, 0, "error|warn",
	 "what a scan does that could not read all rows the API has"},
	{SERVER, "api_key_in", AC_OPT_ENUM, NULL, 0, 0, "header|query|cookie",
	 "where an API key goes, where the description does not say"},
	{SERVER, "api_key_name", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "name of the header, parameter or cookie that takes the API key"},
	{SERVER, "allowed_origins", AC_OPT_ORIGINS, NULL, 0, 0, NULL,
	 "other origins that links and redirects may lead to; they never get credentials"},
	{SERVER, "ca_file", AC_OPT_FILE, NULL, 0, 0, NULL,
	 "file of certificate authorities to trust instead of the system's; needs pg_read_server_files"},
	{SERVER, "proxy", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "URL of a proxy; only superusers may set it, because it voids the address policy"},

	{MAPPING, "username", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "user name of basic authentication"},
	{MAPPING, "password", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "password of basic authentication"},
	{MAPPING, "token", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "bearer token"},
	{MAPPING, "api_key", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "API key"},
	{MAPPING, "headers", AC_OPT_JSON_HEADERS, NULL, 0, 0, NULL,
	 "JSON object of further secret headers"},

	{TABLE, "path", AC_OPT_PATH, NULL, 0, 0, NULL,
	 "path of the collection below the base URL, with {variables}; required"},
	{TABLE, "item_path", AC_OPT_PATH, NULL, 0, 0, NULL,
	 "path of one row, its variables taken from key columns"},
	{TABLE, "item_rows_path", AC_OPT_POINTER, "", 0, 0, NULL,
	 "JSON Pointer to the row in the answer of item_path"},
	{TABLE, "rows_path", AC_OPT_POINTER, "", 0, 0, NULL,
	 "JSON Pointer to the rows in the answer"},
	{TABLE, "pagination", AC_OPT_ENUM, "auto", 0, 0,
	 "auto|none|link|next_url|cursor|page|offset",
	 "how the collection is paged; auto: the first answer decides"},
	{TABLE, "page_param", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "parameter that takes the page number or the offset"},
	{TABLE, "page_start", AC_OPT_INT, "1", 0, 1, NULL,
	 "number of the first page"},
	{TABLE, "page_size_param", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "parameter that takes the page size"},
	{TABLE, "page_size", AC_OPT_INT, NULL, 1, 1000000, NULL,
	 "rows to ask for per page"},
	{TABLE, "cursor_param", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "parameter that takes the token of the next page"},
	{TABLE, "cursor_path", AC_OPT_POINTER, NULL, 0, 0, NULL,
	 "JSON Pointer to the token or URL of the next page"},
	{TABLE, "total_path", AC_OPT_POINTER, NULL, 0, 0, NULL,
	 "JSON Pointer to the number of rows in all"},
	{TABLE, "more_path", AC_OPT_POINTER, NULL, 0, 0, NULL,
	 "JSON Pointer to the boolean that says whether there are more rows"},
	{TABLE, "params", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "query string sent with every request of the collection, as state=all"},
	{TABLE, "on_error", AC_OPT_ENUM, "stop", 0, 0, "stop|null|skip",
	 "what happens to a value that does not fit its column: error, NULL, or its row is left out; both others are counted in a WARNING"},
	{TABLE, "on_incomplete", AC_OPT_ENUM, NULL, 0, 0, "error|warn",
	 "as the server option, for this table"},
	{TABLE, "estimated_rows", AC_OPT_NUMBER, NULL, 0, 1e15, NULL,
	 "number of rows for the planner, where it is known"},

	{COLUMN, "json_path", AC_OPT_POINTER, NULL, 0, 0, NULL,
	 "JSON Pointer to the value in the row; default: the column's name; none together with param: the column shows the value sent"},
	{COLUMN, "param", AC_OPT_TEXT, NULL, 0, 0, NULL,
	 "path variable or query parameter that filters by this column"},
	{COLUMN, "operators", AC_OPT_ENUM, NULL, 0, 0, "=|none",
	 "operators that the parameter is known to serve: the user's word that its answers withhold no row; none: never sent"},
	{COLUMN, "key", AC_OPT_BOOL, "off", 0, 0, NULL,
	 "whether the column is part of the row's key"},
	{COLUMN, "decode", AC_OPT_ENUM, NULL, 0, 0,
	 "epoch_s|epoch_ms|epoch_us|rfc2822|id_of",
	 "how the API writes the value, where it is not the type's own form"},
	{COLUMN, "missing", AC_OPT_ENUM, "null", 0, 0, "null|error",
	 "what a row without the field gives"},
};

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
	[AC_OPT_PATH] = "path",
	[AC_OPT_ORIGINS] = "origins",
	[AC_OPT_JSON_HEADERS] = "json object",
	[AC_OPT_FILE] = "file name",
};

static const char *
context_name(Oid context)
{
	switch (context)
	{
		case SERVER:
			return "server";
		case MAPPING:
			return "user mapping";
		case TABLE:
			return "table";
		case COLUMN:
			return "column";
		default:
			return "wrapper";
	}
}

static const AcOption *
find_option(Oid context, const char *name)
{
	for (int i = 0; i < (int) lengthof(options); i++)
		if (options[i].context == context && strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

/* The valid name nearest to a wrong one, or NULL (Levenshtein distance <= 4). */
static const char *
nearest_option(Oid context, const char *name)
{
	const char *nearest = NULL;
	int best = 5;
	int length = (int) strlen(name);

	/* varstr_levenshtein refuses longer arguments. */
	if (length > 63)
		return NULL;
	for (int i = 0; i < (int) lengthof(options); i++)
	{
		const char *candidate = options[i].name;
		int distance;

		if (options[i].context != context)
			continue;
		distance = varstr_levenshtein_less_equal(name, length, candidate,
												 (int) strlen(candidate),
												 1, 1, 1, best, true);
		if (distance < best && distance <= (length + 1) / 2)
		{
			best = distance;
			nearest = candidate;
		}
	}
	return nearest;
}

/* All valid names of a context, comma-separated. */
static char *
option_names(Oid context)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < (int) lengthof(options); i++)
		if (options[i].context == context)
			appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "",
							 options[i].name);
	return names.data;
}

static void
reject_unknown_option(Oid context, const char *name)
{
	const char *nearest = nearest_option(context, name);
	char *valid = option_names(context);

	/* Secrets that belong elsewhere are the most likely mistake. */
	if (context == SERVER && find_option(MAPPING, name) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
				 errmsg("option \"%s\" cannot be set on a server", name),
				 errdetail("Server options are visible to everybody; secrets belong in a user mapping."),
				 errhint("Use CREATE USER MAPPING ... OPTIONS (%s '...').", name)));
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
			 errmsg("invalid option \"%s\"", name),
			 nearest != NULL
				 ? errhint("Perhaps you meant the option \"%s\".", nearest)
			 : valid[0] != '\0'
				 ? errhint("Valid options of a %s are: %s.",
						   context_name(context), valid)
				 : errhint("There are no valid options in this context.")));
}

static void
reject_value(const AcOption *option, const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
			 errmsg("invalid value for option \"%s\"", option->name),
			 errdetail("%s", why)));
}

/* Throws err under the option's name; the value itself is not repeated. */
static void
reject_value_error(const AcOption *option, const AcError *err)
{
	ereport(ERROR,
			(errcode(ac_report_sqlstate(err->code)),
			 errmsg("invalid value for option \"%s\": %s", option->name,
					err->message),
			 err->detail[0] != '\0' ? errdetail("%s", err->detail) : 0,
			 err->hint[0] != '\0' ? errhint("%s", err->hint) : 0));
}

static bool
is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);

	for (const char *at = choices; at != NULL; at = strchr(at, '|'))
	{
		if (*at == '|')
			at++;
		if (strncmp(at, value, len) == 0 && (at[len] == '|' || at[len] == '\0'))
			return len > 0;
	}
	return false;
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
static bool
parse_number(const AcOption *option, const char *text, double *result)
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

static void
check_number(const AcOption *option, const char *text)
{
	double value;

	if (!parse_number(option, text, &value))
		reject_value(option,
					 option->type == AC_OPT_DURATION
						 ? "The value must be a number with one of the units us, ms, s, min, h (seconds if none)."
					 : option->type == AC_OPT_SIZE
						 ? "The value must be a number with one of the units B, kB, MB, GB (bytes if none)."
						 : "The value must be a number.");
	if (option->type == AC_OPT_INT && value != floor(value))
		reject_value(option, "The value must be a whole number.");
	if (value < option->min || value > option->max)
		reject_value(option,
					 psprintf("The value must be between %.15g and %.15g%s.",
							  option->min, option->max,
							  option->type == AC_OPT_DURATION ? " ms" : option->type == AC_OPT_SIZE ? " bytes"
																									: ""));
}

/* An absolute http(s) URL without userinfo, because options are public. */
static void
check_url(const AcOption *option, const char *text)
{
	AcUrl url;
	AcError err;

	if (!ac_url_parse(text, &url, &err))
		reject_value_error(option, &err);
	if (url.userinfo != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("invalid value for option \"%s\"", option->name),
				 errdetail("The URL contains a user name or password, and server options are visible to everybody."),
				 errhint("Put them into a user mapping: CREATE USER MAPPING ... OPTIONS (username '...', password '...').")));
	if (strcmp(ac_url_redact(text), ac_url_text(&url)) != 0 &&
		url.query != NULL && strstr(ac_url_redact(text), url.query) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("invalid value for option \"%s\"", option->name),
				 errdetail("The URL's query contains what looks like a secret, and server options are visible to everybody."),
				 errhint("Put it into a user mapping: CREATE USER MAPPING ... OPTIONS (api_key '...').")));
}

static void
check_origins(const AcOption *option, const char *text)
{
	char *copy = pstrdup(text);
	char *save = NULL;

	for (char *item = strtok_r(copy, ", ", &save); item != NULL;
		 item = strtok_r(NULL, ", ", &save))
	{
		AcUrl url;
		AcError err;

		if (!ac_url_parse(item, &url, &err))
			reject_value_error(option, &err);
		if (url.userinfo != NULL || url.query != NULL ||
			(url.path[0] != '\0' && strcmp(url.path, "/") != 0))
			reject_value(option, "An origin is a scheme, a host and perhaps a port, as in https://files.example.com.");
	}
}

/* A path template: absolute path, no origin, balanced braces. */
static void
check_path(const AcOption *option, const char *text)
{
	int depth = 0;

	if (text[0] != '/' || text[1] == '/')
		reject_value(option, "A path begins with one slash and has no origin.");
	for (const char *at = text; *at != '\0'; at++)
	{
		if (*at == '{')
			depth++;
		else if (*at == '}')
			depth--;
		if (depth < 0 || depth > 1)
			break;
		if ((unsigned char) *at <= ' ' || *at == '#' || *at == '?' || *at == '\\')
			reject_value(option, "A path has no spaces, backslashes, query or fragment.");
	}
	if (depth != 0)
		reject_value(option, "Braces of path variables must be balanced and not nested.");
}

static void
check_headers(const AcOption *option, const char *text)
{
	AcJson *doc;
	AcError err;
	AcJsonIter it;
	const char *problem = NULL;

	/* The document may hold secrets: say where it is wrong, not what it is. */
	if (!ac_json_parse(text, strlen(text), 4, &doc, &err))
		reject_value(option, "The value must be a JSON object of header names and texts.");
	if (ac_json_kind(doc) != AC_JSON_OBJECT)
		problem = "The value must be a JSON object of header names and texts.";
	ac_json_iter_init(&it, doc);
	while (problem == NULL && ac_json_iter_next(&it))
	{
		size_t len = 0;
		const char *value = ac_json_string(it.value, &len);

		if (value == NULL || strlen(value) != len ||
			strpbrk(value, "\r\n") != NULL)
			problem = "Each header's value must be a text of one line.";
		else if (it.key[0] == '\0' ||
				 strspn(it.key, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != strlen(it.key))
			problem = "Each member's name must be a header name.";
	}
	ac_json_free(doc);
	if (problem != NULL)
		reject_value(option, problem);
}

static void
check_pointer(const AcOption *option, const char *text)
{
	AcError err;
	AcPointer pointer;

	if (!ac_pointer_parse(text, &pointer, &err))
		reject_value_error(option, &err);
}

/* Options that reach the server's files or void the address policy. */
static void
check_privileges(const AcOption *option)
{
	if (strcmp(option->name, "proxy") == 0 && !superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to set option \"%s\"", option->name),
				 errdetail("Only superusers may set it, because a proxy reaches addresses that the address policy refuses.")));
	if (option->type == AC_OPT_FILE &&
		!has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to set option \"%s\"", option->name),
				 errdetail("Only roles with privileges of \"pg_read_server_files\" may name a file of the server.")));
}

static void
check_value(const AcOption *option, const char *text)
{
	bool ignored;

	check_privileges(option);
	if (text[0] == '\0' && option->type != AC_OPT_POINTER)
		reject_value(option, "The value must not be empty.");
	switch (option->type)
	{
		case AC_OPT_URL:
			check_url(option, text);
			break;
		case AC_OPT_BOOL:
			if (!parse_bool(text, &ignored))
				reject_value(option, "The value must be a boolean.");
			break;
		case AC_OPT_INT:
		case AC_OPT_NUMBER:
		case AC_OPT_DURATION:
		case AC_OPT_SIZE:
			check_number(option, text);
			break;
		case AC_OPT_ENUM:
			if (!is_choice(option->choices, text))
				reject_value(option, psprintf("The value must be one of: %s.",
											  option->choices));
			break;
		case AC_OPT_POINTER:
			check_pointer(option, text);
			break;
		case AC_OPT_PATH:
			check_path(option, text);
			break;
		case AC_OPT_ORIGINS:
			check_origins(option, text);
			break;
		case AC_OPT_JSON_HEADERS:
			check_headers(option, text);
			break;
		case AC_OPT_TEXT:
		case AC_OPT_FILE:
			if (strpbrk(text, "\r\n") != NULL)
				reject_value(option, "The value must be one line.");
			break;
	}
}

/* Options without which the object is of no use. */
static void
check_required(Oid context, List *given)
{
	const char *required = context == SERVER ? "url" : context == TABLE ? "path"
																		: NULL;
	ListCell *lc;

	if (required == NULL)
		return;
	foreach (lc, given)
	{
		if (strcmp(lfirst_node(DefElem, lc)->defname, required) == 0)
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_FDW_OPTION_NAME_NOT_FOUND),
			 errmsg("option \"%s\" is required", required),
			 context == SERVER
				 ? errhint("Say where the API is: OPTIONS (url 'https://...').")
				 : errhint("Say where the rows are below the server's base URL: OPTIONS (path '/...').")));
}

PG_FUNCTION_INFO_V1(autoconn_validator);

/*
 * autoconn.validator(options text[], catalog oid): checks the form of every
 * option against the table above.  HV00D for a name, HV024 for a value.
 */
Datum
autoconn_validator(PG_FUNCTION_ARGS)
{
	List *given = untransformRelOptions(PG_GETARG_DATUM(0));
	Oid context = PG_GETARG_OID(1);
	ListCell *lc;

	foreach (lc, given)
	{
		DefElem *def = lfirst_node(DefElem, lc);
		const AcOption *option = find_option(context, def->defname);

		if (option == NULL)
			reject_unknown_option(context, def->defname);
		check_value(option, defGetString(def));
	}
	check_required(context, given);
	PG_RETURN_VOID();
}

/* The option's text as given, else its default, else NULL; palloc'd. */
static char *
option_text(Oid context, List *given, const char *name)
{
	const AcOption *option = find_option(context, name);
	ListCell *lc;

	Assert(option != NULL);
	foreach (lc, given)
	{
		DefElem *def = lfirst_node(DefElem, lc);

		if (strcmp(def->defname, name) == 0)
			return pstrdup(defGetString(def));
	}
	return option->default_text != NULL ? pstrdup(option->default_text) : NULL;
}

/* Number in the reader's unit; otherwise, where there is no default either. */
static double
option_number(Oid context, List *given, const char *name, double otherwise)
{
	char *text = option_text(context, given, name);
	double value;

	if (text == NULL || !parse_number(find_option(context, name), text, &value))
		return otherwise;
	return value;
}

static bool
option_bool(Oid context, List *given, const char *name)
{
	char *text = option_text(context, given, name);
	bool value = false;

	if (text != NULL)
		(void) parse_bool(text, &value);
	return value;
}

/* Position of the text among the option's choices, otherwise if not set. */
static int
option_enum(Oid context, List *given, const char *name, int otherwise)
{
	char *text = option_text(context, given, name);
	const char *at = find_option(context, name)->choices;
	size_t len;

	if (text == NULL)
		return otherwise;
	len = strlen(text);
	for (int i = 0; at != NULL; i++)
	{
		if (strncmp(at, text, len) == 0 && (at[len] == '|' || at[len] == '\0'))
			return i;
		at = strchr(at, '|');
		if (at != NULL)
			at++;
	}
	return otherwise;
}

/* Comma-separated items as a List of palloc'd texts. */
static List *
split_list(const char *text)
{
	List *items = NIL;
	char *save = NULL;

	if (text == NULL)
		return NIL;
	for (char *item = strtok_r(pstrdup(text), ", ", &save); item != NULL;
		 item = strtok_r(NULL, ", ", &save))
		items = lappend(items, item);
	return items;
}

AcServerOptions *
ac_option_server_list(List *given)
{
	AcServerOptions *result = palloc0(sizeof(AcServerOptions));

	result->url = option_text(SERVER, given, "url");
	result->base_url = option_text(SERVER, given, "base_url");
	result->spec_url = option_text(SERVER, given, "spec_url");
	result->discover = option_bool(SERVER, given, "discover");
	result->user_agent = option_text(SERVER, given, "user_agent");
	result->timeout_ms = (int) option_number(SERVER, given, "timeout", 0);
	result->connect_timeout_ms = (int) option_number(SERVER, given, "connect_timeout", 0);
	result->retries = (int) option_number(SERVER, given, "retries", 0);
	result->max_pages = (int) option_number(SERVER, given, "max_pages", 0);
	result->max_requests = (int) option_number(SERVER, given, "max_requests", 0);
	result->max_response_size_bytes = (int64) option_number(SERVER, given, "max_response_size", 0);
	result->max_concurrency = (int) option_number(SERVER, given, "max_concurrency", 1);
	result->rate_limit = option_number(SERVER, given, "rate_limit", 0);
	result->on_incomplete = option_enum(SERVER, given, "on_incomplete", AC_INCOMPLETE_ERROR);
	result->api_key_in = option_enum(SERVER, given, "api_key_in", -1) + 1;
	result->api_key_name = option_text(SERVER, given, "api_key_name");
	result->allowed_origins = split_list(option_text(SERVER, given, "allowed_origins"));
	result->ca_file = option_text(SERVER, given, "ca_file");
	result->proxy = option_text(SERVER, given, "proxy");
	return result;
}

AcServerOptions *
ac_option_server(ForeignServer *server)
{
	return ac_option_server_list(server->options);
}

/* Options of the mapping of one user, or NIL; *found says whether it exists. */
static List *
mapping_options(Oid userid, Oid serverid, bool *found)
{
	HeapTuple tuple = SearchSysCache2(USERMAPPINGUSERSERVER,
									  ObjectIdGetDatum(userid),
									  ObjectIdGetDatum(serverid));
	List *given = NIL;
	Datum datum;
	bool isnull;

	*found = HeapTupleIsValid(tuple);
	if (!*found)
		return NIL;
	datum = SysCacheGetAttr(USERMAPPINGUSERSERVER, tuple,
							Anum_pg_user_mapping_umoptions, &isnull);
	if (!isnull)
		given = untransformRelOptions(datum);
	ReleaseSysCache(tuple);
	return given;
}

AcMappingOptions *
ac_option_mapping(Oid userid, Oid serverid, bool *found)
{
	AcMappingOptions *result = palloc0(sizeof(AcMappingOptions));
	List *given = mapping_options(userid, serverid, found);

	if (!*found)
		given = mapping_options(InvalidOid, serverid, found);
	result->username = option_text(MAPPING, given, "username");
	result->password = option_text(MAPPING, given, "password");
	result->token = option_text(MAPPING, given, "token");
	result->api_key = option_text(MAPPING, given, "api_key");
	result->headers = option_text(MAPPING, given, "headers");
	return result;
}

AcTableOptions *
ac_option_table(Oid relid)
{
	ForeignTable *table = GetForeignTable(relid);
	ForeignServer *server = GetForeignServer(table->serverid);
	List *given = table->options;
	AcTableOptions *result = palloc0(sizeof(AcTableOptions));
	AcPaging *paging = &result->paging;

	result->path = option_text(TABLE, given, "path");
	result->item_path = option_text(TABLE, given, "item_path");
	result->item_rows_path = option_text(TABLE, given, "item_rows_path");
	result->rows_path = option_text(TABLE, given, "rows_path");
	result->params = option_text(TABLE, given, "params");
	result->on_error = option_enum(TABLE, given, "on_error", AC_ON_ERROR_STOP);
	result->on_incomplete = option_enum(TABLE, given, "on_incomplete",
										option_enum(SERVER, server->options,
													"on_incomplete",
													AC_INCOMPLETE_ERROR));
	result->estimated_rows = option_number(TABLE, given, "estimated_rows", -1);

	paging->style = option_enum(TABLE, given, "pagination", AC_PAGER_AUTO);
	paging->page_param = option_text(TABLE, given, "page_param");
	paging->first_page = (int) option_number(TABLE, given, "page_start", 1);
	paging->size_param = option_text(TABLE, given, "page_size_param");
	paging->page_size = (int) option_number(TABLE, given, "page_size", -1);
	paging->cursor_param = option_text(TABLE, given, "cursor_param");
	paging->cursor_path = option_text(TABLE, given, "cursor_path");
	paging->total_path = option_text(TABLE, given, "total_path");
	paging->more_path = option_text(TABLE, given, "more_path");
	return result;
}

AcColumnOptions *
ac_option_column(Oid relid, AttrNumber attnum)
{
	List *given = GetForeignColumnOptions(relid, attnum);
	AcColumnOptions *result = palloc0(sizeof(AcColumnOptions));

	result->json_path = option_text(COLUMN, given, "json_path");
	result->param = option_text(COLUMN, given, "param");
	result->operators = option_text(COLUMN, given, "operators");
	result->key = option_bool(COLUMN, given, "key");
	result->decode = option_text(COLUMN, given, "decode");
	result->missing_is_error = option_enum(COLUMN, given, "missing", 0) == 1;
	if (result->json_path == NULL && result->param == NULL)
		result->json_path = ac_pointer_child("", get_attname(relid, attnum,
															 false));
	return result;
}

PG_FUNCTION_INFO_V1(autoconn_options);

/* autoconn.option_table(): the rows of the view autoconn.options. */
Datum
autoconn_options(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < (int) lengthof(options); i++)
	{
		const AcOption *option = &options[i];
		const char *type = option->type == AC_OPT_ENUM
							   ? psprintf("enum (%s)", option->choices)
							   : type_names[option->type];
		Datum values[5];
		bool nulls[5] = {false};

		values[0] = CStringGetTextDatum(context_name(option->context));
		values[1] = CStringGetTextDatum(option->name);
		values[2] = CStringGetTextDatum(type);
		nulls[3] = option->default_text == NULL;
		if (!nulls[3])
			values[3] = CStringGetTextDatum(option->default_text);
		values[4] = CStringGetTextDatum(option->description);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
