/*
 * option_check.c
 *		Is what CREATE or ALTER ... OPTIONS says well formed and permitted?
 *
 * The validator of the wrapper.  It knows the option table and the catalog,
 * no network: whether a URL leads anywhere is discovery's business.
 */
#include "ac.h"

#include <math.h>

#include "access/reloptions.h"
#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_authid.h"
#include "commands/defrem.h"
#include "core/json.h"
#include "core/pointer.h"
#include "core/url.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "pg/option.h"
#include "pg/option_table.h"
#include "pg/report.h"
#include "pg/resource.h"
#include "policy/login.h"
#include "policy/pager.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/varlena.h"
#include "utils/varlena.h"

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
	for (int i = 0; i < ac_option_table_length; i++)
	{
		const char *candidate = ac_option_table_rows[i].name;
		int distance;

		if (ac_option_table_rows[i].context != context)
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

/*
 * Are the options those of a preview?  It has no user mappings, so that other
 * words say where secrets belong.
 */
static bool previewing = false;

/* Where one or two options that are secrets belong. */
static char *
secrets_hint(const char *name, const char *other)
{
	if (previewing)
		return psprintf("Give them in the argument \"credentials\": '{\"%s\": \"...\"%s}'.", name,
						other != NULL ? psprintf(", \"%s\": \"...\"", other) : "");
	return psprintf("Use CREATE USER MAPPING ... OPTIONS (%s '...'%s).", name,
					other != NULL ? psprintf(", %s '...'", other) : "");
}

/* All valid names of a context, comma-separated. */
static char *
option_names(Oid context)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < ac_option_table_length; i++)
		if (ac_option_table_rows[i].context == context)
			appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "",
							 ac_option_table_rows[i].name);
	return names.data;
}

static void
reject_unknown_option(Oid context, const char *name)
{
	const char *nearest = nearest_option(context, name);
	char *valid = option_names(context);

	/* Secrets that belong elsewhere are the most likely mistake. */
	if (context == AC_SERVER && ac_option_table_find(AC_MAPPING, name) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
				 errmsg("option \"%s\" cannot be set on a server", name),
				 errdetail("Server options are visible to everybody; secrets belong in a user mapping."),
				 errhint("%s", secrets_hint(name, NULL))));
	for (int i = 0; i < ac_option_table_length; i++)
		if (strcmp(ac_option_table_rows[i].name, name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
					 errmsg("invalid option \"%s\"", name),
					 errhint("It is an option of a %s, not of a %s.",
							 ac_option_context_name(ac_option_table_rows[i].context),
							 ac_option_context_name(context))));
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
			 errmsg("invalid option \"%s\"", name),
			 nearest != NULL
				 ? errhint("Perhaps you meant the option \"%s\".", nearest)
			 : valid[0] != '\0'
				 ? errhint("Valid options of a %s are: %s.",
						   ac_option_context_name(context), valid)
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

static void
check_number(const AcOption *option, const char *text)
{
	double value;

	if (!ac_option_parse_number(option, text, &value))
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
					 psprintf("The value must be between %s and %s.",
							  ac_option_bound_text(option, option->min),
							  ac_option_bound_text(option, option->max)));
}

/*
 * An absolute http(s) URL; without userinfo and secrets, because options are
 * public, but for those of user mappings.
 */
static void
check_url(const AcOption *option, const char *text)
{
	AcUrl url;
	AcError err;

	if (!ac_url_parse(text, &url, &err))
		reject_value_error(option, &err);
	if (option->context == AC_MAPPING)
		return;
	if (url.userinfo != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("invalid value for option \"%s\"", option->name),
				 errdetail("The URL contains a user name or password, and server options are visible to everybody."),
				 errhint("%s", secrets_hint("username", "password"))));
	if (strcmp(ac_url_redact(text), ac_url_text(&url)) != 0 &&
		url.query != NULL && strstr(ac_url_redact(text), url.query) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("invalid value for option \"%s\"", option->name),
				 errdetail("The URL's query contains what looks like a secret, and server options are visible to everybody."),
				 errhint("%s", secrets_hint("api_key", NULL))));
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

/*
 * Is one of its segments "." or ".." for any server?  Some decode before they
 * look at segments, and some take a backslash for a slash.
 */
static bool
has_dot_segment(const char *path)
{
	char *plain = ac_url_decode(path, strlen(path), false, NULL);

	for (char *p = plain; *p != '\0'; p++)
		if (*p == '\\')
			*p = '/';
	plain = psprintf("%s/", plain);
	return strstr(plain, "/../") != NULL || strstr(plain, "/./") != NULL;
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
	if (has_dot_segment(text))
		reject_value(option, "A path has no segments \".\" or \"..\".");
	if (depth != 0)
		reject_value(option, "Braces of path variables must be balanced and not nested.");
}

/* RFC 9110 5.6.2. */
#define AC_HEADER_NAME_CHARS    \
	"!#$%&'*+-.^_`|~0123456789" \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

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
				 strspn(it.key, AC_HEADER_NAME_CHARS) != strlen(it.key))
			problem = "Each member's name must be a header name.";
	}
	ac_json_free(doc);
	if (problem != NULL)
		reject_value(option, problem);
}

/* Where the list of columns begins, NULL if there is none. */
static const char *
opening_parenthesis(const char *text)
{
	bool quoted = false;

	for (; *text != '\0'; text++)
	{
		if (*text == '"')
			quoted = !quoted;
		else if (*text == '(' && !quoted)
			return text;
	}
	return NULL;
}

int
ac_option_parse_parent(const char *option, List **table_name, List **columns)
{
	const char *open = opening_parenthesis(option);
	size_t len = strlen(option);

	if (open == NULL || option[len - 1] != ')' ||
		!SplitIdentifierString(pnstrdup(option, open - option), '.',
							   table_name) ||
		!SplitIdentifierString(pnstrdup(open + 1, option + len - 2 - open),
							   ',', columns) ||
		list_length(*table_name) < 1 || list_length(*table_name) > 2)
		return -1;
	return list_length(*columns);
}

static void
check_parent(const AcOption *option, const char *text)
{
	List *table_name;
	List *columns;

	if (ac_option_parse_parent(text, &table_name, &columns) < 1)
		reject_value(option, "The value must be a table and columns of it, as in customers(id).");
}

/* Values that one parameter is sent with: a scan reads all of them. */
#define MAX_UNION 16

/* "name=value|value", percent-encoded; no value is empty or there twice. */
static void
check_union(const AcOption *option, const char *text)
{
	const char *rest = strchr(text, '=');
	char *values[MAX_UNION + 1];
	int n = 0;

	if (rest == NULL || rest == text || strpbrk(text, " &?#") != NULL)
		reject_value(option, "The value must be a parameter and values, as in state=open|closed.");
	while (rest != NULL && n <= MAX_UNION)
	{
		size_t len = strcspn(++rest, "|");

		if (len == 0)
			reject_value(option, "No value may be empty.");
		values[n] = ac_url_decode(rest, len, true, NULL);
		for (int i = 0; i < n; i++)
			if (strcmp(values[i], values[n]) == 0)
				reject_value(option, "No value may be there twice: its rows would be, too.");
		n++;
		rest = rest[len] == '|' ? rest + len : NULL;
	}
	if (n < 2 || n > MAX_UNION)
		reject_value(option, psprintf("There must be between 2 and %d values.", MAX_UNION));
}

/* Does it only say where a secret will stand? */
static bool
is_placeholder(const AcJson *node)
{
	const char *text = ac_json_string(node, NULL);

	return text != NULL && (strcmp(text, AC_LOGIN_USERNAME) == 0 ||
							strcmp(text, AC_LOGIN_PASSWORD) == 0);
}

/* Does a member at any depth, which the parser bounds, look like a secret? */
static bool
holds_secret(const AcJson *node)
{
	AcJsonIter it;

	ac_json_iter_init(&it, node);
	while (ac_json_iter_next(&it))
		if ((ac_url_name_is_secret(it.key) && !is_placeholder(it.value)) ||
			holds_secret(it.value))
			return true;
	for (int i = 0; i < ac_json_length(node); i++)
		if (holds_secret(ac_json_at(node, i)))
			return true;
	return false;
}

/* What a POST sends; nothing secret, since options are public. */
static void
check_body(const AcOption *option, const char *text)
{
	AcJson *doc;
	AcError err;

	if (!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &doc, &err))
		reject_value(option, err.message);
	ac_resource_json(doc);
	if (ac_json_kind(doc) != AC_JSON_OBJECT)
		reject_value(option, "The value must be a JSON object.");
	if (holds_secret(doc))
		reject_value(option, "The object contains what looks like a secret, and options are visible to everybody.");
}

static void
check_pointer(const AcOption *option, const char *text)
{
	AcError err;
	AcPointer pointer;

	if (!ac_pointer_parse(text, &pointer, &err))
		reject_value_error(option, &err);
}

/*
 * A header's name with a colon behind it; not one of those that say who asks,
 * where, or how long the message is.
 */
static void
check_header_name(const AcOption *option, const char *text)
{
	static const char *const ours[] = {
		"authorization:", "cookie:", "host:", "content-length:",
		"transfer-encoding:", "connection:", "proxy-authorization:"};
	size_t len = strlen(text) - 1;

	if (strspn(text, AC_HEADER_NAME_CHARS) != len)
		reject_value(option, "A header's name has letters, digits and hyphens.");
	for (int i = 0; i < (int) lengthof(ours); i++)
		if (pg_strcasecmp(text, ours[i]) == 0)
			reject_value(option, "This header is not one that pages are asked for by.");
}

/* A place in an answer. */
static void
check_place(const AcOption *option, const char *text)
{
	if (ac_page_place(text) == AC_PLACE_HEADER)
		check_header_name(option, text);
	else
		check_pointer(option, text);
}

/* A parameter of a request: one line, of a query, a body or a header. */
static void
check_param(const AcOption *option, const char *text)
{
	if (strpbrk(text, "\r\n") != NULL)
		reject_value(option, "The value must be one line.");
	if (ac_page_place(text) == AC_PLACE_HEADER)
		check_header_name(option, text);
}

/* Lines between marks (RFC 7468); what is in them whoever uses it finds out. */
static void
check_pem(const AcOption *option, const char *text)
{
	if (strncmp(text, "-----BEGIN ", 11) != 0 || strstr(text, "-----END ") == NULL)
		reject_value(option, "The value must be in PEM, from -----BEGIN to -----END.");
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
	/* a row that is a text is its own key: see check_paging() */
	if (text[0] == '\0' && option->type != AC_OPT_POINTER &&
		strcmp(option->name, "cursor_path") != 0)
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
			if (ac_option_choice(option, text) < 0)
				reject_value(option, psprintf("The value must be one of: %s.",
											  option->choices));
			break;
		case AC_OPT_POINTER:
			check_pointer(option, text);
			break;
		case AC_OPT_PLACE:
			check_place(option, text);
			break;
		case AC_OPT_PARAM:
			check_param(option, text);
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
		case AC_OPT_UNION:
			check_union(option, text);
			break;
		case AC_OPT_PARENT:
			check_parent(option, text);
			break;
		case AC_OPT_JSON_BODY:
			check_body(option, text);
			break;
		case AC_OPT_PEM:
			check_pem(option, text);
			break;
		case AC_OPT_TEXT:
		case AC_OPT_FILE:
			if (strpbrk(text, "\r\n") != NULL)
				reject_value(option, "The value must be one line.");
			break;
	}
}

static bool
is_given(List *given, const char *name)
{
	ListCell *lc;

	foreach (lc, given)
	{
		if (strcmp(lfirst_node(DefElem, lc)->defname, name) == 0)
			return true;
	}
	return false;
}

/* Options without which the object is of no use. */
static void
check_required(Oid context, List *given)
{
	const char *required = context == AC_SERVER ? "url" : context == AC_TABLE ? "path"
																			  : NULL;

	if (required == NULL || is_given(given, required))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FDW_OPTION_NAME_NOT_FOUND),
			 errmsg("option \"%s\" is required", required),
			 context == AC_SERVER
				 ? errhint("Say where the API is: OPTIONS (url 'https://...').")
				 : errhint("Say where the rows are below the server's base URL: OPTIONS (path '/...').")));
}

/* What the styles of paging cannot do without. */
static const struct
{
	const char *style;
	const char *option;
	const char *hint;
} paging_needs[] = {
	{"cursor", "cursor_path", "Say where an answer has the token or URL of the next page: OPTIONS (cursor_path '/...')."},
	{"next_url", "cursor_path", "Say where an answer has the token or URL of the next page: OPTIONS (cursor_path '/...')."},
	{"page", "page_param", "Name the parameter that takes the page number or the offset: OPTIONS (page_param '...')."},
	{"offset", "page_param", "Name the parameter that takes the page number or the offset: OPTIONS (page_param '...')."},
	{"keyset", "cursor_path", "Say where a row has the value that the next page is asked for by: OPTIONS (cursor_path '/...')."},
	{"keyset", "cursor_param", "Name the parameter that takes the value of the last row: OPTIONS (cursor_param '...')."},
	{"continue", "cursor_path", "Say where an answer has the parameters of the next request: OPTIONS (cursor_path '/...')."},
};

/*
 * Without these a table would be one page that passes for all: a style that
 * the user named is not guessed at.
 */
static void
check_paging(List *given)
{
	const char *style = ac_option_given(given, "pagination");

	for (int i = 0; style != NULL && i < (int) lengthof(paging_needs); i++)
		if (strcmp(style, paging_needs[i].style) == 0 &&
			!is_given(given, paging_needs[i].option))
			ereport(ERROR,
					(errcode(ERRCODE_FDW_OPTION_NAME_NOT_FOUND),
					 errmsg("option \"%s\" is required where \"pagination\" is \"%s\"",
							paging_needs[i].option, style),
					 errhint("%s", paging_needs[i].hint)));
	if (is_given(given, "cursor_path") &&
		ac_option_given(given, "cursor_path")[0] == '\0' &&
		(style == NULL || strcmp(style, "keyset") != 0))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("invalid value for option \"cursor_path\""),
				 errdetail("Only where \"pagination\" is \"keyset\" it may be empty.")));
	if (style != NULL && (strcmp(style, "keyset") == 0 || strcmp(style, "continue") == 0) &&
		ac_page_place(ac_option_given(given, "cursor_path")) == AC_PLACE_HEADER)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("invalid value for option \"cursor_path\""),
				 errdetail("Where \"pagination\" is \"%s\" it is a JSON Pointer.",
						   style)));
}

/*
 * Windows need a value in each row and a parameter to ask for it; rows nested
 * in others are not what pages are made of.
 */
static void
check_windows(List *given)
{
	bool param = is_given(given, "window_from") || is_given(given, "window_to");
	bool path = is_given(given, "window_path");

	if (!param && !path)
		return;
	if (!param || !path || !is_given(given, "depth_limit"))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_OPTION_NAME_NOT_FOUND),
				 errmsg("option \"%s\" is required where rows are read in windows",
						!path ? "window_path" : !param ? "window_from"
													   : "depth_limit"),
				 errhint("Windows need depth_limit, window_path, and window_from or window_to.")));
	if (is_given(given, "nested_path"))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"nested_path\" cannot stand beside \"window_path\""),
				 errdetail("Windows are cut by values of the rows that pages are made of.")));
}

/* A body belongs to a POST, which has no look-ups. */
static void
check_post(List *given)
{
	const char *method = NULL;
	ListCell *lc;

	foreach (lc, given)
	{
		DefElem *def = lfirst_node(DefElem, lc);

		if (strcmp(def->defname, "method") == 0)
			method = defGetString(def);
	}
	if (method == NULL || strcmp(method, "POST") != 0)
		method = NULL;
	if (method == NULL && is_given(given, "body"))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"body\" needs the option \"method\" to be \"POST\"")));
	if (method != NULL && is_given(given, "item_path"))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"item_path\" cannot stand beside the method POST"),
				 errdetail("Rows are looked up with GET.")));
}

/* Rows of values need names; rows nested in them there are none. */
static void
check_rows_form(List *given)
{
	const char *form = ac_option_given(given, "rows_form");
	bool columns = form != NULL && strcmp(form, "columns") == 0;
	bool lists = form != NULL && strcmp(form, "lists") == 0;

	if (columns && !is_given(given, "columns_path"))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_OPTION_NAME_NOT_FOUND),
				 errmsg("option \"%s\" is required where \"rows_form\" is \"columns\"",
						"columns_path"),
				 errhint("Say where an answer has the names of the values: OPTIONS (columns_path '/...').")));
	if ((columns || lists) && is_given(given, "nested_path"))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("invalid value for option \"nested_path\""),
				 errdetail("Rows that are arrays of values have no rows nested in them.")));
}

void
ac_option_validate(Oid context, List *given)
{
	ListCell *lc;

	foreach (lc, given)
	{
		DefElem *def = lfirst_node(DefElem, lc);
		const AcOption *option = ac_option_table_find(context, def->defname);

		if (option == NULL)
			reject_unknown_option(context, def->defname);
		check_value(option, defGetString(def));
	}
	check_required(context, given);
	if (context == AC_TABLE)
	{
		check_paging(given);
		check_windows(given);
		check_post(given);
		check_rows_form(given);
	}
}

void
ac_option_validate_preview(List *server, List *mapping)
{
	previewing = true;
	PG_TRY();
	{
		ac_option_validate(AC_SERVER, server);
		ac_option_validate(AC_MAPPING, mapping);
	}
	PG_FINALLY();
	{
		previewing = false;
	}
	PG_END_TRY();
}

/*
 * JSON, URLs and descriptions are UTF-8.  Where the server's encoding is
 * another one, names of fields in options would not be found in answers, nor
 * names and comments from descriptions be what they were.  SQL_ASCII takes
 * bytes for what they are.
 */
void
ac_option_check_encoding(void)
{
	int encoding = GetDatabaseEncoding();

	if (encoding != PG_UTF8 && encoding != PG_SQL_ASCII)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("autoconn does not support the database encoding \"%s\"",
						GetDatabaseEncodingName()),
				 errhint("Use a database whose encoding is UTF8.")));
}

void
ac_option_warn_encoding(void)
{
	if (GetDatabaseEncoding() == PG_SQL_ASCII)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("database encoding is SQL_ASCII: text of APIs is stored as the UTF-8 that it is"),
				 errdetail("PostgreSQL takes it for bytes: lengths, orders, cases and comparisons of what is beyond ASCII are not those of its characters."),
				 errhint("Use a database whose encoding is UTF8.")));
}

PG_FUNCTION_INFO_V1(autoconn_validator);

/* autoconn.validator(options text[], catalog oid) */
Datum
autoconn_validator(PG_FUNCTION_ARGS)
{
	ac_option_check_encoding();
	/* as the extension is created */
	if (PG_GETARG_OID(1) == ForeignDataWrapperRelationId)
		ac_option_warn_encoding();
	ac_option_validate(PG_GETARG_OID(1),
					   untransformRelOptions(PG_GETARG_DATUM(0)));
	PG_RETURN_VOID();
}
