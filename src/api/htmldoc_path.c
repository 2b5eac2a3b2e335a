/*
 * htmldoc_path.c
 *		Which path does documentation mean by the target of a call?
 *
 * Variables are written in a dozen ways ("{id}", ":id", "<int:id>", "$id",
 * "[id]", "USER_ID"), hosts are left to the reader ("{base_url}",
 * "your-domain.example.com"), and examples have values where the template has
 * variables ("/users/42").
 */
#include "ac.h"

#include "api/htmldoc_internal.h"
#include "api/names.h"
#include "core/htmltext.h"

/* Bytes of a target and segments of a path; more is no path of an API. */
#define TARGET_MAX_BYTES 1000
#define PATH_MAX_SEGMENTS 20

/* Bytes of a variable's name. */
#define VARIABLE_MAX_BYTES 60

/* Characters of an identifier without meaning, from which on it is one. */
#define TOKEN_MIN_BYTES 12

/* Letters, digits and what else stands in paths; no spaces and quotes. */
static bool
is_target_text(AcSlice text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
	{
		unsigned char c = (unsigned char) text.text[i];

		if (c <= ' ' || c >= 0x7F || strchr("\"'`\\^", c) != NULL)
			return false;
	}
	return !ac_htmltext_has(text, "..");
}

/* Hosts. */

/* Does the host stand for one that the reader has to fill in? */
static bool
is_placeholder(AcSlice host)
{
	static const char *const words[] = {"{", "<", "$", "[", "%", "your", "localhost",
										"127.0.0.1", "0.0.0.0", "example.com", "example.org", "example.net",
										"hostname", "subdomain", "my-domain", "mydomain", "my-instance"};
	static const char *const endings[] = {".test", ".local", ".example", ".invalid"};
	int i;

	for (i = 0; i < (int) lengthof(words); i++)
		if (ac_htmltext_has(host, words[i]))
			return true;
	for (i = 0; i < (int) lengthof(endings); i++)
	{
		size_t len = strlen(endings[i]);

		if (host.len > len && pg_strncasecmp(host.text + host.len - len, endings[i], len) == 0)
			return true;
	}
	return host.len == 0 || memchr(host.text, '.', host.len) == NULL;
}

/* The part of a host that names the site: its last two labels, by and large. */
static const char *
site_of(const char *host)
{
	const char *at = host + strlen(host);
	int labels = 0;

	while (at > host)
	{
		at--;
		if (*at != '.')
			continue;
		labels++;
		/* "co.uk", "com.au": short ones below a country. */
		if (labels >= 2 && !(labels == 2 && strcspn(at + 1, ".") <= 3 &&
							 strlen(strchr(at + 1, '.')) == 3))
			return at + 1;
	}
	return host;
}

bool
ac_doc_same_site(const char *host, const char *other)
{
	return pg_strcasecmp(site_of(host), site_of(other)) == 0;
}

/* Splits "https://host/path"; the origin is NULL where it is a placeholder. */
static bool
split_origin(AcSlice *target, size_t scheme_len, const AcUrl *url, AcDocCall *call)
{
	AcSlice host = {target->text + scheme_len, 0};
	AcUrl parsed;
	char *text;

	while (scheme_len + host.len < target->len && strchr("/?#", host.text[host.len]) == NULL)
		host.len++;
	text = psprintf("%s%.*s", scheme_len == 0 ? "https://" : pnstrdup(target->text, scheme_len),
					(int) host.len, host.text);
	target->text += scheme_len + host.len;
	target->len -= scheme_len + host.len;
	call->origin = NULL;
	if (!ac_url_parse(text, &parsed, NULL))
		return is_placeholder(host);
	if ((url != NULL && strcmp(parsed.host, url->host) == 0) || !is_placeholder(host))
		call->origin = ac_url_origin(&parsed);
	return true;
}

/* "api.example.com/v1": labels of letters and digits, the last of letters. */
static bool
is_host(AcSlice text)
{
	size_t len = 0;
	size_t dot = 0;

	while (len < text.len && text.text[len] != '/')
	{
		if (text.text[len] == '.')
			dot = len;
		else if (!isalnum((unsigned char) text.text[len]) && text.text[len] != '-')
			return false;
		len++;
	}
	if (dot == 0 || len == text.len || len - dot < 3)
		return false;
	while (++dot < len)
		if (!isalpha((unsigned char) text.text[dot]))
			return false;
	return true;
}

/* What stands in front of the path goes; false if there is no path. */
static bool
strip_base(AcSlice *target, bool bare, const AcUrl *url, AcDocCall *call)
{
	const char *slash;

	call->origin = NULL;
	if (target->len > 7 && pg_strncasecmp(target->text, "http://", 7) == 0)
		return split_origin(target, 7, url, call);
	if (target->len > 8 && pg_strncasecmp(target->text, "https://", 8) == 0)
		return split_origin(target, 8, url, call);
	if (target->text[0] == '/')
		return target->len > 1 && target->text[1] != '/';
	slash = memchr(target->text, '/', target->len);
	if (slash == NULL)
		return false;
	if (strchr("{<$[", target->text[0]) != NULL)
	{
		target->len -= slash - target->text;
		target->text = slash;
		return target->len > 1;
	}
	if (is_host(*target))
		return split_origin(target, 0, url, call);
	return bare && isalpha((unsigned char) target->text[0]);
}

/* Segments. */

/* A variable's name in braces, "{}" around anything that names nothing. */
static void
append_variable(StringInfo out, AcSlice name)
{
	const char *colon = name.len > 0 ? memchr(name.text, ':', name.len) : NULL;
	size_t n = 0;
	size_t i;

	/* "int:id" has the type in front, "id:int" and "id|int" behind. */
	if (colon != NULL)
	{
		static const char *const types[] = {"int", "str", "string", "uuid", "slug", "path", "float", "number"};
		size_t len = colon - name.text;

		for (i = 0; i < lengthof(types); i++)
			if (strlen(types[i]) == len && strncmp(types[i], name.text, len) == 0)
				break;
		if (i < lengthof(types))
			name = (AcSlice){colon + 1, name.len - len - 1};
		else
			name.len = len;
	}
	appendStringInfoChar(out, '{');
	for (i = 0; i < name.len && n < VARIABLE_MAX_BYTES; i++)
	{
		char c = name.text[i];

		if (isalnum((unsigned char) c) || c == '_' || (c == '-' && n > 0) || (c == '.' && n > 0))
			appendStringInfoChar(out, c), n++;
		else if (n > 0 && i + 1 < name.len && isalnum((unsigned char) name.text[i + 1]))
			appendStringInfoChar(out, '_'), n++;
	}
	appendStringInfoString(out, n == 0 ? "id}" : "}");
}

/* "USER_ID", "OWNER"; "API" is a name of the path's own. */
static bool
is_upper_name(AcSlice segment)
{
	static const char *const words[] = {"ID", "OWNER", "REPO", "USER", "USERNAME", "NAME",
										"UUID", "GUID", "ORG", "SLUG", "KEY", "PROJECT", "ACCOUNT"};
	bool joined = false;
	size_t i;

	for (i = 0; i < lengthof(words); i++)
		if (segment.len == strlen(words[i]) && memcmp(segment.text, words[i], segment.len) == 0)
			return true;

	for (i = 0; i < segment.len; i++)
	{
		if (segment.text[i] == '_' || segment.text[i] == '-')
			joined = true;
		else if (!(segment.text[i] >= 'A' && segment.text[i] <= 'Z'))
			return false;
	}
	return segment.len > 3 && (joined || strncmp(segment.text, "YOUR", 4) == 0);
}

/* A value and no name: a number, a UUID, "cus_9s6XKzkNRiz8i3". */
static bool
is_value(AcSlice segment)
{
	int digits = 0;
	int hex = 0;
	int letters = 0;
	size_t i;

	for (i = 0; i < segment.len; i++)
	{
		unsigned char c = (unsigned char) segment.text[i];

		if (!isalnum(c) && c != '-' && c != '_')
			return false;
		digits += isdigit(c) != 0;
		hex += isxdigit(c) != 0 || c == '-';
		letters += isalpha(c) != 0;
	}
	if (segment.len == 0 || digits == 0)
		return false;
	if (letters == 0)
		return digits == (int) segment.len || digits >= 8;
	return segment.len >= TOKEN_MIN_BYTES && digits >= 2 &&
		   (hex == (int) segment.len || memchr(segment.text, '-', segment.len) == NULL);
}

/* Length of a bracketed variable at the beginning; 0 if there is none. */
static size_t
bracketed(AcSlice text, AcSlice *name)
{
	static const char opening[] = "{<[";
	static const char closing[] = "}>]";
	const char *kind = text.len > 1 && text.text[0] != '\0' ? strchr(opening, text.text[0]) : NULL;
	size_t depth = 1;
	const char *end;

	if (kind == NULL)
		return 0;
	while (depth < text.len && text.text[depth] == *kind)
		depth++;
	end = memchr(text.text + depth, closing[kind - opening], text.len - depth);
	if (end == NULL)
		return 0;
	*name = (AcSlice){text.text + depth, end - text.text - depth};
	while (end < text.text + text.len && *end == closing[kind - opening])
		end++;
	return end - text.text;
}

/* Length of the name at the beginning. */
static size_t
name_length(AcSlice text)
{
	size_t n = 0;

	while (n < text.len && (isalnum((unsigned char) text.text[n]) || text.text[n] == '_' || text.text[n] == '-'))
		n++;
	return n;
}

/* One segment as it stands in a template. */
static void
append_segment(StringInfo out, AcSlice segment, const char *parent)
{
	AcSlice name;
	size_t n;

	if (segment.len > 1 && (segment.text[0] == ':' || segment.text[0] == '$') &&
		segment.text[1] != '{')
	{
		n = name_length((AcSlice){segment.text + 1, segment.len - 1});
		if (n > 0)
		{
			append_variable(out, (AcSlice){segment.text + 1, n});
			segment.text += n + 1;
			segment.len -= n + 1;
			if (segment.len > 0 && segment.text[0] == '?')
				segment.text++, segment.len--;
		}
	}
	else if (segment.len > 2 && segment.text[0] == '(' && segment.text[segment.len - 1] == ')')
	{
		append_variable(out, (AcSlice){segment.text + 1, segment.len - 2});
		return;
	}
	else if (is_upper_name(segment))
	{
		char *lower = pnstrdup(segment.text, segment.len);

		for (n = 0; n < segment.len; n++)
			lower[n] = (char) pg_ascii_tolower((unsigned char) lower[n]);
		append_variable(out, (AcSlice){lower, segment.len});
		return;
	}
	else if (is_value(segment))
	{
		char *owner = parent[0] != '\0' ? psprintf("%s_id", ac_names_singular(ac_names_snake(parent))) : "id";

		append_variable(out, (AcSlice){owner, strlen(owner)});
		return;
	}
	while (segment.len > 0)
	{
		n = bracketed(segment, &name);
		if (n > 0)
			append_variable(out, name);
		else if (segment.text[0] != '$' && strchr("{}<>[]|", segment.text[0]) == NULL)
			appendStringInfoChar(out, segment.text[0]);
		n = Max(n, 1);
		segment.text += n;
		segment.len -= n;
	}
}

/* A variable that the path has already gets the name of its parent, too. */
static const char *
unique_variable(const char *path, const char *segment, const char *parent)
{
	int i;

	if (segment[0] != '{' || strstr(path, segment) == NULL)
		return segment;
	segment = psprintf("{%s_%s", parent[0] != '\0' ? ac_names_singular(ac_names_snake(parent)) : "sub",
					   segment + 1);
	for (i = 2; strstr(path, segment) != NULL; i++)
		segment = psprintf("%.*s%d}", (int) strcspn(segment, "}"), segment, i);
	return segment;
}

/* The segment that path begins with, without its slash; path moves on. */
static AcSlice
next_segment(AcSlice *path)
{
	AcSlice segment;
	const char *end;

	if (path->text[0] == '/')
		path->text++, path->len--;
	end = path->len > 0 ? memchr(path->text, '/', path->len) : NULL;
	segment = (AcSlice){path->text, end != NULL ? (size_t) (end - path->text) : path->len};
	path->text += segment.len;
	path->len -= segment.len;
	return segment;
}

/* The template; NULL if it is no path. */
static const char *
read_path(AcSlice path)
{
	StringInfoData out;
	StringInfoData segment;
	const char *parent = "";
	const char *template = NULL;
	bool fine = true;
	int n = 0;

	initStringInfo(&out);
	initStringInfo(&segment);
	while (fine && path.len > 0)
	{
		resetStringInfo(&segment);
		append_segment(&segment, next_segment(&path), parent);
		fine = (segment.len > 0 || path.len == 0) && ++n <= PATH_MAX_SEGMENTS;
		appendStringInfo(&out, "/%s", unique_variable(out.data, segment.data, parent));
		parent = segment.data[0] == '{' ? "" : pstrdup(segment.data);
	}
	if (fine && out.len > 1)
		template = pstrdup(out.data);
	pfree(out.data);
	pfree(segment.data);
	return template;
}

/* Queries. */

/* Names of parameters that say what is called, not with what. */
static bool
names_call(const char *name)
{
	static const char *const names[] = {"action", "method", "cmd", "function", "op", "operation"};
	int i;

	for (i = 0; i < (int) lengthof(names); i++)
		if (pg_strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

static bool
is_plain(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")] == '\0';
}

static void
add_pair(AcDocCall *call, AcSlice pair)
{
	const char *equals = memchr(pair.text, '=', pair.len);
	size_t len = equals != NULL ? (size_t) (equals - pair.text) : pair.len;
	char *name = ac_url_decode(pair.text, len, true, NULL);
	char *value = equals != NULL ? ac_url_decode(equals + 1, pair.len - len - 1, true, NULL) : NULL;
	AcSecurityScheme *scheme;

	while (name[0] == '[' || name[0] == '{' || name[0] == '<')
		name++;
	name[strcspn(name, "]}>") + (strchr(name, '[') != NULL && strchr(name, ']') != NULL)] = '\0';
	if (name[0] == '\0' || !isalpha((unsigned char) name[0]) || strlen(name) > 64)
		return;
	scheme = ac_doc_scheme_of_query(name);
	if (scheme != NULL)
		call->scheme = scheme;
	else if (value != NULL && names_call(name) && is_plain(value) && call->always == NULL)
		call->always = psprintf("%s=%s", name, value);
	else if (call->n_query < AC_DOC_MAX_QUERY)
		call->query[call->n_query++] = (AcDocPair){name, value};
}

static void
read_query(AcDocCall *call, AcSlice query)
{
	while (query.len > 0)
	{
		size_t n = 0;

		while (n < query.len && query.text[n] != '&' && query.text[n] != ',' && query.text[n] != ';')
			n++;
		if (n > 0)
			add_pair(call, (AcSlice){query.text, n});
		query.text += Min(n + 1, query.len);
		query.len -= Min(n + 1, query.len);
	}
}

/* Where the query begins: at '?', or at "{?" of RFC 6570, or "[?". */
static size_t
query_start(AcSlice target, size_t *behind)
{
	const char *mark = memchr(target.text, '?', target.len);
	size_t at = mark != NULL ? (size_t) (mark - target.text) : target.len;

	/* ":id?" is a variable that may be missing. */
	if (mark != NULL && at + 1 < target.len && target.text[at + 1] == '/')
		at = target.len;
	*behind = Min(at + 1, target.len);
	if (at < target.len && at > 0 && strchr("{[(", target.text[at - 1]) != NULL)
		at--;
	return at;
}

bool
ac_doc_target_read(AcSlice target, bool bare, const AcUrl *url, AcDocCall *call)
{
	const char *hash;
	size_t end;
	size_t query;

	if (target.len < 2 || target.len > TARGET_MAX_BYTES)
		return false;
	if (ac_htmltext_has(target, "%7b"))
	{
		char *decoded = ac_url_decode(target.text, target.len, false, NULL);

		target = (AcSlice){decoded, strlen(decoded)};
		if (target.len < 2)
			return false;
	}
	if (!is_target_text(target) || !strip_base(&target, bare, url, call))
		return false;
	hash = memchr(target.text, '#', target.len);
	if (hash != NULL)
		target.len = hash - target.text;
	end = query_start(target, &query);
	if (end == 0)
		return false;
	call->always = NULL;
	call->n_query = 0;
	read_query(call, (AcSlice){target.text + query, target.len - query});
	target.len = end;
	call->path = target.text[0] == '/' ? read_path(target) : read_path((AcSlice){psprintf("/%.*s", (int) target.len, target.text), target.len + 1});
	return call->path != NULL;
}

/* Comparison. */

static size_t
segment_length(const char *path)
{
	return strcspn(path, "/");
}

/* Compares segment by segment; trailing slashes do not count. */
static bool
compare(const char *a, const char *b, bool only_variables)
{
	for (;;)
	{
		size_t m;
		size_t n;
		bool variable;

		a += *a == '/';
		b += *b == '/';
		if (*a == '\0' || *b == '\0')
			return *a == *b;
		m = segment_length(a);
		n = segment_length(b);
		variable = memchr(a, '{', m) != NULL &&
				   (!only_variables || memchr(b, '{', n) != NULL);
		if (!variable && (m != n || pg_strncasecmp(a, b, m) != 0))
			return false;
		a += m;
		b += n;
	}
}

bool
ac_doc_path_same(const char *a, const char *b)
{
	return compare(a, b, true);
}

bool
ac_doc_path_matches(const char *template, const char *path)
{
	return compare(template, path, false);
}
