/*
 * urltext.c
 *		How do plain texts get into URLs, and which must not be shown?
 *
 * Percent-encoding, path templates, query parameters and redaction, of which
 * url.h has the contracts.  The structure of URLs is url.c.
 */
#include "ac.h"

#include "core/hex.h"
#include "core/text.h"
#include "core/url.h"

/* Variables in one path template; the longest real paths have seven. */
#define TEMPLATE_MAX_VARS 64

/*
 * Readings until a redacted text reads as it stands.  One more than is ever
 * needed for texts that somebody sends; a text that was made to need more is
 * hidden as a whole.
 */
#define REDACT_MAX_READINGS 8

static inline bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		   (c >= 'A' && c <= 'Z');
}

/* Everything but RFC 3986 2.3's unreserved characters becomes %XX. */
static void
append_encoded(const char *value, size_t len, StringInfo out)
{
	size_t i;

	for (i = 0; i < len; i++)
	{
		if (is_alnum(value[i]) ||
			(value[i] != '\0' && strchr("-._~", value[i]) != NULL))
			appendStringInfoChar(out, value[i]);
		else
			appendStringInfo(out, "%%%02X", (unsigned char) value[i]);
	}
}

bool
ac_url_encode_segment(const char *value, size_t len, StringInfo out,
					  AcError *err)
{
	if (len == 0)
		return ac_error_set(err, AC_ERR_CANNOT_EXPRESS,
							"an empty value cannot be part of a path");
	if ((len == 1 || len == 2) && value[0] == '.' && value[len - 1] == '.')
		return ac_error_set(err, AC_ERR_CANNOT_EXPRESS,
							"value \"%.*s\" cannot be part of a path",
							(int) len, value);
	append_encoded(value, len, out);
	return true;
}

void
ac_url_encode_query(const char *value, size_t len, StringInfo out)
{
	append_encoded(value, len, out);
}

char *
ac_url_decode(const char *text, size_t textlen, bool plus_is_space,
			  size_t *len)
{
	char *out = palloc(textlen + 1);
	size_t n = 0;
	size_t i;

	for (i = 0; i < textlen; i++)
	{
		char c = text[i];

		if (c == '%' && textlen - i > 2 && ac_hex_value(text[i + 1]) >= 0 &&
			ac_hex_value(text[i + 2]) >= 0)
		{
			c = (char) (ac_hex_value(text[i + 1]) * 16 + ac_hex_value(text[i + 2]));
			i += 2;
		}
		else if (c == '+' && plus_is_space)
			c = ' ';
		out[n++] = c;
	}
	out[n] = '\0';
	if (len != NULL)
		*len = n;
	return out;
}

/* ---- templates ---- */

/*
 * The variable whose brace is at *p: its palloc'd name, and *p behind the
 * closing brace; NULL if there is none that can be filled in.
 */
static char *
read_variable(const char **p)
{
	const char *name = *p + 1;
	const char *stop = name + strcspn(name, "{}");

	Assert(**p == '{');
	if (*stop != '}' || stop == name || strchr("+#./;?&=,!@|", *name))
		return NULL;
	*p = stop + 1;
	return pnstrdup(name, (size_t) (stop - name));
}

static bool
malformed_template(AcError *err)
{
	return ac_error_set(err, AC_ERR_MALFORMED,
						"path template has unbalanced, empty or unsupported braces");
}

/* A byte of the template's own text; what no path may hold is encoded. */
static void
append_literal(char c, StringInfo out)
{
	if ((unsigned char) c <= 0x20 || (unsigned char) c >= 0x7F ||
		strchr("\"<>\\^`|", c) != NULL)
		append_encoded(&c, 1, out);
	else
		appendStringInfoChar(out, c);
}

static bool
expand_variable(const char *name, AcUrlLookup lookup, void *arg,
				StringInfo out, AcError *err)
{
	const char *value = NULL;
	size_t len = 0;

	if (!lookup(arg, name, &value, &len) || value == NULL)
		return ac_error_set(err, AC_ERR_CANNOT_EXPRESS,
							"path variable \"%s\" has no value", name);
	if (ac_url_encode_segment(value, len, out, err))
		return true;
	return ac_error_detail(err, "The value belongs to path variable \"%s\".",
						   name);
}

bool
ac_url_expand(const char *path_template, AcUrlLookup lookup, void *arg,
			  StringInfo out, AcError *err)
{
	int start = out->len;
	const char *p = path_template;
	bool good = true;

	while (good && *p != '\0')
	{
		if (*p == '{')
		{
			char *name = read_variable(&p);

			good = name != NULL ? expand_variable(name, lookup, arg, out, err)
								: malformed_template(err);
		}
		else if (*p == '}')
			good = malformed_template(err);
		else
			append_literal(*p++, out);
	}
	if (!good)
	{
		out->len = start;
		out->data[start] = '\0';
	}
	return good;
}

int
ac_url_template_vars(const char *path_template, char ***names)
{
	char **found = palloc(sizeof(char *) * TEMPLATE_MAX_VARS);
	const char *p = path_template;
	int n = 0;

	*names = NULL;
	while (*p != '\0')
	{
		char *name;
		int i;

		if (*p == '}')
			return -1;
		if (*p != '{')
		{
			p++;
			continue;
		}
		name = read_variable(&p);
		if (name == NULL)
			return -1;
		for (i = 0; i < n && strcmp(found[i], name) != 0; i++)
			;
		if (i == TEMPLATE_MAX_VARS)
			return -1;
		if (i == n)
			found[n++] = name;
	}
	*names = found;
	return n;
}

/* ---- query parameters ---- */

/* One "name=value" of a query; value.text is NULL without "=". */
typedef struct QueryParam
{
	AcSlice whole;
	AcSlice name;
	AcSlice value;
} QueryParam;

/* Takes the next parameter off *query; false at the end. */
static bool
next_param(const char **query, QueryParam *param)
{
	const char *p = *query;
	size_t len;
	const char *equals;

	if (*p == '\0')
		return false;
	len = strcspn(p, "&");
	equals = memchr(p, '=', len);
	param->whole.text = param->name.text = p;
	param->whole.len = param->name.len = len;
	param->value.text = NULL;
	param->value.len = 0;
	if (equals != NULL)
	{
		param->name.len = (size_t) (equals - p);
		param->value.text = equals + 1;
		param->value.len = len - param->name.len - 1;
	}
	*query = p + len + (p[len] == '&' ? 1 : 0);
	return true;
}

static bool
param_is_named(const QueryParam *param, const char *name)
{
	size_t len;
	char *decoded = ac_url_decode(param->name.text, param->name.len, true,
								  &len);
	bool same = len == strlen(name) && memcmp(decoded, name, len) == 0;

	pfree(decoded);
	return same;
}

static void
append_param(StringInfo out, const char *name, const char *value)
{
	if (out->len > 0)
		appendStringInfoChar(out, '&');
	append_encoded(name, strlen(name), out);
	appendStringInfoChar(out, '=');
	append_encoded(value, strlen(value), out);
}

char *
ac_url_set_query(const char *query, const char *name, const char *value)
{
	StringInfoData out;
	QueryParam param;
	bool placed = value == NULL;

	initStringInfo(&out);
	while (query != NULL && next_param(&query, &param))
	{
		if (param_is_named(&param, name))
		{
			if (!placed)
				append_param(&out, name, value);
			placed = true;
			continue;
		}
		if (out.len > 0)
			appendStringInfoChar(&out, '&');
		appendBinaryStringInfo(&out, param.whole.text, (int) param.whole.len);
	}
	if (!placed)
		append_param(&out, name, value);
	return ac_text_keep(&out);
}

char *
ac_url_get_query(const char *query, const char *name)
{
	QueryParam param;

	while (query != NULL && next_param(&query, &param))
	{
		if (!param_is_named(&param, name))
			continue;
		if (param.value.text == NULL)
			return pstrdup("");
		return ac_url_decode(param.value.text, param.value.len, true, NULL);
	}
	return NULL;
}

/* ---- redaction ---- */

/* Names that are secret if they contain one of these ... */
static const char *const secret_parts[] = {
	"token",
	"secret",
	"password",
	"passwd",
	"passphrase",
	"pwd",
	"signature",
	"credential",
	"apikey",
	"accesskey",
	"privatekey",
	"authkey",
	"subscriptionkey",
	"appkey",
	"clientkey",
	"jwt",
	"session",
	"authorization",
	"cookie",
	"bearer",
};

/* ... or are one of these ... */
static const char *const secret_names[] = {
	"key",
	"sig",
	"code",
	"hmac",
	"pass",
	"pw",
	"auth",
	"sid",
	"assertion",
	"clientassertion",
	"ticket",
	"pin",
	"otp",
};

/* ... unless they are one of these: places in a list, needed in reports. */
static const char *const open_names[] = {
	"pagetoken",
	"nexttoken",
	"nextpagetoken",
	"prevpagetoken",
	"continuationtoken",
	"synctoken",
	"maxtokens",
};

static bool
is_listed(const char *name, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(name, list[i]) == 0)
			return true;
	return false;
}

/* Judges a decoded name by its letters and digits alone. */
bool
ac_url_name_is_secret(const char *name)
{
	char *bare = pstrdup(name);
	bool secret;
	size_t n = 0;
	size_t i;

	for (; *name; name++)
		if (is_alnum(*name))
			bare[n++] = pg_ascii_tolower((unsigned char) *name);
	bare[n] = '\0';
	secret = is_listed(bare, secret_names, lengthof(secret_names));
	for (i = 0; !secret && i < (int) lengthof(secret_parts); i++)
		secret = strstr(bare, secret_parts[i]) != NULL;
	if (is_listed(bare, open_names, lengthof(open_names)))
		secret = false;
	pfree(bare);
	return secret;
}

static inline bool
is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* First pair of slashes, as a text's "//" is also written; NULL if none. */
static const char *
find_slashes(const char *text)
{
	for (; *text; text++)
		if (is_slash(text[0]) && is_slash(text[1]))
			return text;
	return NULL;
}

/* Where the authority of a text that may be a URL would begin. */
static const char *
authority_start(const char *text)
{
	const char *slashes = find_slashes(text);
	const char *colon = text + strcspn(text, ":/\\?#@");

	if (slashes == NULL || text + strcspn(text, "@?#") < slashes)
	{
		/* "https:/user:password@host" */
		slashes = colon + 1;
		if (*colon != ':' || !is_slash(*slashes))
			return text;
	}
	while (is_slash(*slashes))
		slashes++;
	return slashes;
}

/* Does [p, end) end in ":something" that is no port? */
static bool
has_odd_port(const char *p, const char *end)
{
	const char *digits = end;

	if (p < end && *p == '[')
		return false;
	while (digits > p && digits[-1] >= '0' && digits[-1] <= '9')
		digits--;
	if (digits > p && digits[-1] == ':' && end - digits <= 5)
		return memchr(p, ':', (size_t) (digits - 1 - p)) != NULL;
	return memchr(p, ':', (size_t) (end - p)) != NULL;
}

/*
 * End of the userinfo (its '@') of the authority at p, NULL if there is none.
 * A password with a raw '/', '?' or '#' in it ends the authority early; what
 * then stands for a port gives it away, and all up to the last '@' is hidden.
 */
static const char *
userinfo_end(const char *p)
{
	const char *end = p + strcspn(p, "/\\?#");
	const char *at = NULL;
	const char *q;

	for (q = p; q < end; q++)
		if (*q == '@')
			at = q;
	if (at == NULL && has_odd_port(p, end))
		at = strrchr(p, '@');
	else if (at != NULL && has_odd_port(at + 1, end))
		at = strrchr(p, '@');
	return at;
}

/* Does a parameter's value hold a URL with userinfo, encoded or not? */
static bool
value_has_userinfo(const char *value, size_t len)
{
	char *decoded = ac_url_decode(value, len, false, NULL);
	const char *p = find_slashes(decoded);
	bool found = false;

	for (; p != NULL && !found; p = find_slashes(p + 1))
		found = userinfo_end(p + 2) != NULL;
	pfree(decoded);
	return found;
}

/*
 * Copies from p on, where parameters may begin.  A secret value reaches to
 * the next '&', because whatever else it may contain is part of it.
 */
static void
redact_params(const char *p, StringInfo out)
{
	while (*p != '\0')
	{
		size_t len = strcspn(p, "=?&#;/");
		char *name;

		appendBinaryStringInfo(out, p, (int) len);
		if (p[len] != '=')
		{
			if (p[len] == '\0')
				break;
			appendStringInfoChar(out, p[len]);
			p += len + 1;
			continue;
		}
		name = ac_url_decode(p, len, true, NULL);
		appendStringInfoChar(out, '=');
		p += len + 1;
		len = strcspn(p, "&");
		if (len > 0 && (ac_url_name_is_secret(name) ||
						value_has_userinfo(p, len)))
		{
			appendStringInfoString(out, AC_URL_REDACTED);
			p += len;
		}
		pfree(name);
	}
}

/* A copy of text in which the userinfo of URLs inside its path is hidden. */
static char *
redact_inner_userinfo(const char *text)
{
	StringInfoData out;
	const char *slashes;

	initStringInfo(&out);
	while ((slashes = find_slashes(text)) != NULL)
	{
		const char *at = userinfo_end(slashes + 2);

		appendBinaryStringInfo(&out, text, (int) (slashes + 2 - text));
		text = slashes + 2;
		if (at != NULL)
		{
			appendStringInfoString(&out, AC_URL_REDACTED);
			text = at;
		}
	}
	appendStringInfoString(&out, text);
	return ac_text_keep(&out);
}

/* Hides what is secret in text as it is read now. */
static char *
redact_once(const char *text)
{
	StringInfoData out;
	const char *start = authority_start(text);
	const char *at = userinfo_end(start);

	initStringInfo(&out);
	appendBinaryStringInfo(&out, text, (int) (start - text));
	if (at != NULL)
	{
		appendStringInfoString(&out, AC_URL_REDACTED);
		start = at;
	}
	redact_params(redact_inner_userinfo(start), &out);
	return ac_text_keep(&out);
}

/*
 * A value that is cut out may have held the slash that ended the authority,
 * or other borders: what is left then reads otherwise, and is read again.
 */
char *
ac_url_redact(const char *url)
{
	for (int i = 0; i < REDACT_MAX_READINGS; i++)
	{
		char *shown = redact_once(url);

		if (strcmp(shown, url) == 0)
			return shown;
		url = shown;
	}
	return pstrdup(AC_URL_REDACTED);
}
