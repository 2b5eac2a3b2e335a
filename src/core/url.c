/*
 * url.c
 *		How are URLs taken apart, joined and compared?
 *
 * See url.h for the rules.  Texts that go into, and come out of, the parts of
 * a URL (encoding, templates, query parameters, redaction) are urltext.c.
 */
#include "ac.h"

#include <arpa/inet.h>

#include "core/text.h"
#include "core/url.h"

/* Longest host name, RFC 1035 2.3.4, with a trailing dot. */
#define HOST_MAX_LENGTH 254

/* Why a text is no URL.  hint may be NULL. */
typedef struct Problem
{
	const char *text;
	const char *hint;
} Problem;

/* RFC 3986 appendix B: what is absent has a NULL text; the path never is. */
typedef struct Parts
{
	AcSlice scheme;
	AcSlice authority;
	AcSlice path;
	AcSlice query;
	AcSlice fragment;
} Parts;

/* How a component's bytes are treated by copy_component(). */
typedef struct CopyRules
{
	bool keep_brackets; /* '[' and ']' stay as they are */
	bool repair;		/* encode spaces and stray '%' */
} CopyRules;

static inline bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
refuse(Problem *problem, const char *text)
{
	problem->text = text;
	problem->hint = NULL;
	return false;
}

static inline AcSlice
slice(const char *from, const char *to)
{
	AcSlice result = {from, (size_t) (to - from)};

	Assert(to >= from);
	return result;
}

/* First of the characters of stop in [p, end), else end. */
static const char *
find_any(const char *p, const char *end, const char *stop)
{
	while (p < end && strchr(stop, *p) == NULL)
		p++;
	return p;
}

static char *
lower_copy(AcSlice s)
{
	char *copy = pnstrdup(s.text, s.len);
	char *p;

	for (p = copy; *p; p++)
		*p = pg_ascii_tolower((unsigned char) *p);
	return copy;
}

/* End of the scheme name at p (its colon), NULL if there is none. */
static const char *
scheme_end(const char *p, const char *end)
{
	if (p == end || !is_alpha(*p))
		return NULL;
	while (p < end && (is_alpha(*p) || is_digit(*p) || strchr("+-.", *p)))
		p++;
	return (p < end && *p == ':') ? p : NULL;
}

/* RFC 3986 appendix B, as far as it needs no judgement of the parts. */
static void
split_parts(const char *text, size_t len, Parts *parts)
{
	const char *p = text;
	const char *end = text + len;
	const char *stop = scheme_end(p, end);

	memset(parts, 0, sizeof(*parts));
	if (stop != NULL)
	{
		parts->scheme = slice(p, stop);
		p = stop + 1;
	}
	if (end - p >= 2 && p[0] == '/' && p[1] == '/')
	{
		stop = find_any(p + 2, end, "/?#");
		parts->authority = slice(p + 2, stop);
		p = stop;
	}
	stop = find_any(p, end, "?#");
	parts->path = slice(p, stop);
	p = stop;
	if (p < end && *p == '?')
	{
		stop = find_any(p + 1, end, "#");
		parts->query = slice(p + 1, stop);
		p = stop;
	}
	if (p < end)
		parts->fragment = slice(p + 1, end);
}

/*
 * Copies a component; what may not stand in a URL but has one obvious
 * encoding is encoded.  False for the rest.
 */
static bool
copy_component(AcSlice s, CopyRules rules, char **copy, Problem *problem)
{
	StringInfoData out;
	size_t i;

	initStringInfo(&out);
	for (i = 0; i < s.len; i++)
	{
		unsigned char c = (unsigned char) s.text[i];
		bool encode = c >= 0x80 || strchr("\"<>^`{|}#", c) != NULL;

		if (c < 0x20 || c == 0x7F)
			return refuse(problem, "it contains a control character");
		if (c == '\\')
			return refuse(problem, "it contains a backslash");
		if (c == ' ' && !rules.repair)
			return refuse(problem, "it contains a space");
		if (c == '%' &&
			!(s.len - i > 2 && is_hex(s.text[i + 1]) && is_hex(s.text[i + 2])))
		{
			if (!rules.repair)
				return refuse(problem, "it contains a malformed percent escape");
			encode = true;
		}
		if (c == ' ' || ((c == '[' || c == ']') && !rules.keep_brackets))
			encode = true;
		if (encode)
			appendStringInfo(&out, "%%%02X", c);
		else
			appendStringInfoChar(&out, (char) c);
	}
	*copy = ac_text_keep(&out);
	return true;
}

/*
 * A name whose last label is a number is read as IPv4 by resolvers, in forms
 * such as "127.1" and "0x7f.1" too (WHATWG URL 3.5, "ends in a number").
 */
static bool
ends_in_number(const char *host)
{
	size_t len = strlen(host);
	const char *label;
	const char *p;

	if (len > 0 && host[len - 1] == '.')
		len--;
	label = host + len;
	while (label > host && label[-1] != '.')
		label--;
	p = label;
	while (p < host + len && is_digit(*p))
		p++;
	if (p == host + len)
		return p > label;
	if (label[0] != '0' || (label[1] != 'x' && label[1] != 'X'))
		return false;
	for (p = label + 2; p < host + len; p++)
		if (!is_hex(*p))
			return false;
	return true;
}

/* "[...]": checked and written in one form (RFC 5952). */
static bool
parse_ipv6(AcSlice s, char **host, Problem *problem)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	Assert(s.len >= 1 && s.text[0] == '[');
	if (s.len < 2 || s.text[s.len - 1] != ']' || s.len - 2 >= sizeof(text))
		return refuse(problem, "its host is no valid IPv6 address");
	memcpy(text, s.text + 1, s.len - 2);
	text[s.len - 2] = '\0';
	if (inet_pton(AF_INET6, text, &address) != 1)
		return refuse(problem, "its host is no valid IPv6 address");
	if (inet_ntop(AF_INET6, &address, text, sizeof(text)) == NULL)
		return refuse(problem, "its host is no valid IPv6 address");
	*host = pstrdup(text);
	return true;
}

/* A host without its port. */
static bool
parse_host(AcSlice s, char **host, Problem *problem)
{
	struct in_addr address;
	size_t i;

	if (s.len == 0 || (s.len == 1 && s.text[0] == '.'))
		return refuse(problem, "it has no host");
	if (s.text[0] == '[')
		return parse_ipv6(s, host, problem);
	if (s.len > HOST_MAX_LENGTH)
		return refuse(problem, "its host name is too long");
	for (i = 0; i < s.len; i++)
	{
		char c = s.text[i];

		if ((unsigned char) c >= 0x80)
		{
			refuse(problem, "its host name has characters outside ASCII");
			problem->hint = "Write the host name in its ASCII form"
							" (punycode, \"xn--...\").";
			return false;
		}
		if (!is_alpha(c) && !is_digit(c) && strchr("-._~", c) == NULL)
			return refuse(problem, "its host name has invalid characters");
	}
	*host = lower_copy(s);
	if (ends_in_number(*host) && inet_pton(AF_INET, *host, &address) != 1)
		return refuse(problem, "its host is no valid IPv4 address");
	return true;
}

/* The text behind the host's colon; empty means the default (3.2.3). */
static bool
parse_port(AcSlice s, AcUrl *url, Problem *problem)
{
	int port = 0;
	size_t i;

	if (s.len == 0)
		return true;
	for (i = 0; i < s.len; i++)
	{
		if (!is_digit(s.text[i]))
			return refuse(problem, "its port is no number");
		port = port * 10 + (s.text[i] - '0');
		if (port > 65535)
			return refuse(problem, "its port is above 65535");
	}
	if (port == 0)
		return refuse(problem, "its port is 0");
	url->port = port;
	url->port_given = true;
	return true;
}

static int
default_port(const char *scheme)
{
	return strcmp(scheme, "https") == 0 ? 443 : 80;
}

/* Fills userinfo, host and port; the scheme is there already. */
static bool
parse_authority(AcSlice s, AcUrl *url, Problem *problem)
{
	const char *p = s.text;
	const char *end = s.text + s.len;
	const char *at = find_any(p, end, "@");
	const char *colon;
	CopyRules rules = {false, false};

	url->userinfo = NULL;
	url->port = default_port(url->scheme);
	url->port_given = false;
	if (at < end)
	{
		if (find_any(at + 1, end, "@") < end)
			return refuse(problem, "it has more than one \"@\" before the host");
		if (!copy_component(slice(p, at), rules, &url->userinfo, problem))
			return false;
		p = at + 1;
	}
	colon = find_any(p, end, ":");
	if (p < end && *p == '[')
		colon = find_any(find_any(p, end, "]"), end, ":");
	if (colon < end && !parse_port(slice(colon + 1, end), url, problem))
		return false;
	return parse_host(slice(p, colon), &url->host, problem);
}

/* Query and fragment, NULL where absent. */
static bool
parse_tail(const Parts *parts, bool repair, AcUrl *url, Problem *problem)
{
	CopyRules rules = {true, repair};

	url->query = url->fragment = NULL;
	if (parts->query.text != NULL &&
		!copy_component(parts->query, rules, &url->query, problem))
		return false;
	return parts->fragment.text == NULL ||
		   copy_component(parts->fragment, rules, &url->fragment, problem);
}

static bool
parse_path(AcSlice path, char **copy, Problem *problem)
{
	CopyRules rules = {false, false};

	if (path.len == 0)
	{
		*copy = pstrdup("/");
		return true;
	}
	return copy_component(path, rules, copy, problem);
}

/* "http" or "https", NULL for any other scheme. */
static char *
known_scheme(AcSlice scheme)
{
	char *lower = lower_copy(scheme);

	if (strcmp(lower, "http") == 0 || strcmp(lower, "https") == 0)
		return lower;
	return NULL;
}

static bool
parse_absolute(const char *text, AcUrl *url, Problem *problem)
{
	Parts parts;
	size_t len = strlen(text);

	if (len > AC_URL_MAX_LENGTH)
		return refuse(problem, "it is too long");
	if (len == 0)
		return refuse(problem, "it is empty");
	split_parts(text, len, &parts);
	if (parts.scheme.text == NULL)
	{
		refuse(problem, "it does not begin with http:// or https://");
		return false;
	}
	url->scheme = known_scheme(parts.scheme);
	if (url->scheme == NULL)
		return refuse(problem, "its scheme is neither http nor https");
	if (parts.authority.text == NULL)
		return refuse(problem, "it has no host");
	return parse_authority(parts.authority, url, problem) &&
		   parse_path(parts.path, &url->path, problem) &&
		   parse_tail(&parts, false, url, problem);
}

bool
ac_url_parse(const char *text, AcUrl *url, AcError *err)
{
	Problem problem = {NULL, NULL};

	memset(url, 0, sizeof(*url));
	if (parse_absolute(text, url, &problem))
		return true;
	ac_error_set(err, AC_ERR_OPTION_VALUE, "invalid URL: %s", problem.text);
	if (problem.hint != NULL)
		ac_error_hint(err, "%s", problem.hint);
	return false;
}

/* Scheme, host and, if show_port, port. */
static void
append_origin(StringInfo out, const AcUrl *url, const char *userinfo,
			  bool show_port)
{
	bool ipv6 = strchr(url->host, ':') != NULL;

	appendStringInfo(out, "%s://", url->scheme);
	if (userinfo != NULL)
		appendStringInfo(out, "%s@", userinfo);
	appendStringInfo(out, ipv6 ? "[%s]" : "%s", url->host);
	if (show_port)
		appendStringInfo(out, ":%d", url->port);
}

char *
ac_url_text(const AcUrl *url)
{
	StringInfoData out;

	initStringInfo(&out);
	append_origin(&out, url, url->userinfo, url->port_given);
	appendStringInfoString(&out, url->path);
	if (url->query != NULL)
		appendStringInfo(&out, "?%s", url->query);
	if (url->fragment != NULL)
		appendStringInfo(&out, "#%s", url->fragment);
	return ac_text_keep(&out);
}

char *
ac_url_origin(const AcUrl *url)
{
	StringInfoData out;

	initStringInfo(&out);
	append_origin(&out, url, NULL, url->port != default_port(url->scheme));
	return ac_text_keep(&out);
}

bool
ac_url_same_origin(const AcUrl *a, const AcUrl *b)
{
	return strcmp(a->scheme, b->scheme) == 0 &&
		   strcmp(a->host, b->host) == 0 && a->port == b->port;
}

/* Length of the dot at p: 1 for ".", 3 for "%2e", 0 for anything else. */
static size_t
dot_length(const char *p, const char *end)
{
	if (p < end && *p == '.')
		return 1;
	if (end - p >= 3 && p[0] == '%' && p[1] == '2' && (p[2] | 0x20) == 'e')
		return 3;
	return 0;
}

/* 1 for the segment ".", 2 for "..", 0 for any other. */
static int
count_dots(const char *p, const char *end)
{
	int dots = 0;
	size_t len;

	while ((len = dot_length(p, end)) > 0 && dots < 3)
	{
		p += len;
		dots++;
	}
	return (p == end && dots <= 2) ? dots : 0;
}

/* RFC 3986 5.2.4 for a path that begins with '/'. */
static char *
remove_dot_segments(const char *path)
{
	StringInfoData out;
	const char *end = path + strlen(path);
	const char *p = path;

	Assert(*path == '/');
	initStringInfo(&out);
	while (p < end)
	{
		const char *stop = find_any(p + 1, end, "/");
		int dots = count_dots(p + 1, stop);

		if (dots == 2)
		{
			while (out.len > 0 && out.data[out.len - 1] != '/')
				out.len--;
			if (out.len > 0)
				out.len--;
			out.data[out.len] = '\0';
		}
		if (dots == 0)
			appendBinaryStringInfo(&out, p, (int) (stop - p));
		else if (stop == end)
			appendStringInfoChar(&out, '/');
		p = stop;
	}
	if (out.len == 0)
		appendStringInfoChar(&out, '/');
	return ac_text_keep(&out);
}

/* RFC 3986 5.2.3 and 5.2.4 for a reference without authority. */
static bool
resolve_path(const AcUrl *base, AcSlice reference, char **path,
			 Problem *problem)
{
	char *copy;
	CopyRules rules = {false, false};

	if (reference.len == 0)
	{
		*path = remove_dot_segments(base->path);
		return true;
	}
	if (!copy_component(reference, rules, &copy, problem))
		return false;
	if (copy[0] != '/')
	{
		size_t dir = (size_t) (strrchr(base->path, '/') + 1 - base->path);

		copy = psprintf("%.*s%s", (int) dir, base->path, copy);
	}
	*path = remove_dot_segments(copy);
	return true;
}

/* A reference that brings its own authority. */
static bool
resolve_authority(const Parts *parts, AcUrl *out, Problem *problem)
{
	char *path;

	if (!parse_authority(parts->authority, out, problem) ||
		!parse_path(parts->path, &path, problem))
		return false;
	out->path = remove_dot_segments(path);
	return true;
}

/* RFC 3986 5.2.2, strict; out begins as a copy of base. */
static bool
resolve_parts(const AcUrl *base, const Parts *parts, AcUrl *out,
			  Problem *problem)
{
	if (parts->authority.text != NULL)
	{
		if (!resolve_authority(parts, out, problem))
			return false;
	}
	else if (parts->scheme.text != NULL)
		return refuse(problem, "it has a scheme but no host");
	else if (!resolve_path(base, parts->path, &out->path, problem))
		return false;
	if (!parse_tail(parts, true, out, problem))
		return false;
	if (parts->authority.text == NULL && parts->path.len == 0 &&
		parts->query.text == NULL && base->query != NULL)
		out->query = pstrdup(base->query);
	return true;
}

bool
ac_url_resolve(const AcUrl *base, const char *reference, AcUrl *out,
			   AcError *err)
{
	Problem problem = {NULL, NULL};
	Parts parts;
	AcUrl result = *base;
	size_t len;

	Assert(base->path[0] == '/');
	while (*reference != '\0' && strchr(" \t\r\n", *reference))
		reference++;
	len = strlen(reference);
	while (len > 0 && strchr(" \t\r\n", reference[len - 1]))
		len--;
	if (len > AC_URL_MAX_LENGTH)
		return ac_error_set(err, AC_ERR_MALFORMED,
							"invalid URL reference: it is too long");
	split_parts(reference, len, &parts);
	if (parts.scheme.text != NULL)
	{
		result.scheme = known_scheme(parts.scheme);
		if (result.scheme == NULL)
			return ac_error_set(err, AC_ERR_FORBIDDEN,
								"URL reference has a scheme other than http and https");
	}
	if (!resolve_parts(base, &parts, &result, &problem))
		return ac_error_set(err, AC_ERR_MALFORMED,
							"invalid URL reference: %s", problem.text);
	if (parts.authority.text != NULL && result.userinfo != NULL)
		return ac_error_set(err, AC_ERR_FORBIDDEN,
							"URL reference contains a user name or password");
	*out = result;
	return true;
}

char *
ac_url_resolve_document(const AcUrl *base, const char *reference)
{
	AcUrl url;

	if (reference == NULL || reference[0] == '\0' || reference[0] == '#' ||
		!ac_url_resolve(base, reference, &url, NULL))
		return NULL;
	url.fragment = NULL;
	return ac_url_text(&url);
}

/*
 * The path as the most lenient server might read it: encoded dots, slashes
 * and semicolons decoded, backslashes as slashes, path parameters (";x", RFC
 * 3986 3.3) dropped, empty segments merged.
 */
static char *
lenient_path(const char *path)
{
	StringInfoData out;
	bool in_parameter = false;
	const char *p;

	initStringInfo(&out);
	for (p = path; *p; p++)
	{
		char c = *p;

		if (c == '%' && is_hex(p[1]) && is_hex(p[2]))
		{
			char hex[3] = {p[1], p[2], '\0'};
			char decoded = (char) strtol(hex, NULL, 16);

			if (strchr("./\\;", decoded) != NULL && decoded != '\0')
			{
				c = decoded;
				p += 2;
			}
		}
		if (c == '\\')
			c = '/';
		if (c == '/')
			in_parameter = false;
		else if (c == ';')
			in_parameter = true;
		if (in_parameter ||
			(c == '/' && out.len > 0 && out.data[out.len - 1] == '/'))
			continue;
		appendStringInfoChar(&out, c);
	}
	return ac_text_keep(&out);
}

/* Is path base or below it?  Both begin with '/' and have no dot segments. */
static bool
is_path_prefix(const char *base, const char *path)
{
	size_t len = strlen(base);

	while (len > 0 && base[len - 1] == '/')
		len--;
	return strncmp(base, path, len) == 0 &&
		   (path[len] == '/' || path[len] == '\0');
}

bool
ac_url_is_below(const AcUrl *base, const AcUrl *url)
{
	if (!ac_url_same_origin(base, url))
		return false;
	if (!is_path_prefix(remove_dot_segments(base->path),
						remove_dot_segments(url->path)))
		return false;
	return is_path_prefix(remove_dot_segments(lenient_path(base->path)),
						  remove_dot_segments(lenient_path(url->path)));
}

char *
ac_url_join(const AcUrl *base, const char *path)
{
	AcUrl joined = *base;
	size_t len = strlen(base->path);
	const char *mark = strchr(path, '?');

	joined.fragment = NULL;
	if (mark != NULL)
	{
		joined.query = pstrdup(mark + 1);
		path = pnstrdup(path, (size_t) (mark - path));
	}
	if (*path != '\0')
	{
		while (len > 0 && base->path[len - 1] == '/')
			len--;
		joined.path = psprintf("%.*s/%s", (int) len, base->path,
							   *path == '/' ? path + 1 : path);
	}
	return ac_url_text(&joined);
}
