/*
 * header.c
 *		What do the header fields of an HTTP response say?
 *
 * The store of fields, and the parsers of structured values: Link, media
 * types, challenges.  Dates and delays are headertime.c, rate limits
 * headerlimit.c.  See header.h.
 */
#include "ac.h"

#include "core/header.h"

/* ---- the store ---- */

AcHeaders *
ac_headers_create(void)
{
	AcHeaders *headers = palloc0(sizeof(AcHeaders));

	headers->text = palloc(AC_HEADERS_MAX_BYTES);
	return headers;
}

void
ac_headers_clear(AcHeaders *headers)
{
	headers->status = 0;
	headers->count = 0;
	headers->used = 0;
	headers->skipping = false;
}

/* RFC 9110 5.6.2: a character of a token. */
static bool
is_token_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		   (c >= 'A' && c <= 'Z') ||
		   (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static inline bool
is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* A status line: the three digits behind the version. */
static AcHeadersStatus
add_status_line(AcHeaders *headers, const char *line, size_t len)
{
	const char *space = memchr(line, ' ', len);
	int status = 0;
	int i;

	ac_headers_clear(headers);
	if (space == NULL || line + len - space < 4)
		return AC_HEADERS_MALFORMED;
	for (i = 1; i <= 3; i++)
	{
		if (space[i] < '0' || space[i] > '9')
			return AC_HEADERS_MALFORMED;
		status = status * 10 + (space[i] - '0');
	}
	headers->status = status;
	return AC_HEADERS_OK;
}

/*
 * Adds bytes and a NUL to the text, control characters as spaces.  NULL if
 * they do not fit.
 */
static char *
keep_text(AcHeaders *headers, const char *text, size_t len)
{
	char *kept = headers->text + headers->used;
	size_t i;

	Assert(headers->used <= AC_HEADERS_MAX_BYTES);
	if (len >= AC_HEADERS_MAX_BYTES - headers->used)
		return NULL;
	for (i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];

		kept[i] = ((c < 0x20 && c != '\t') || c == 0x7F) ? ' ' : (char) c;
	}
	kept[len] = '\0';
	headers->used += len + 1;
	return kept;
}

/* A continuation: the last value is the last text, so it grows in place. */
static AcHeadersStatus
fold_line(AcHeaders *headers, const char *line, size_t len)
{
	AcHeaderField *field;
	size_t before = headers->used;
	char *kept;

	if (headers->count == 0 || headers->skipping)
		return AC_HEADERS_MALFORMED;
	if (len == 0)
		return AC_HEADERS_OK;
	field = &headers->fields[headers->count - 1];
	kept = keep_text(headers, line, len);
	if (kept == NULL)
		return AC_HEADERS_FULL;
	Assert(field->value < kept);
	if (field->value[0] == '\0')
	{
		/* Nothing to set apart: the continuation is the value. */
		field->value = kept;
		return AC_HEADERS_OK;
	}
	headers->text[before - 1] = ' ';
	return AC_HEADERS_OK;
}

static AcHeadersStatus
add_field(AcHeaders *headers, AcSlice name, AcSlice value)
{
	size_t before = headers->used;
	AcHeaderField *field;

	if (headers->count == AC_HEADERS_MAX_FIELDS)
		return AC_HEADERS_FULL;
	field = &headers->fields[headers->count];
	field->name = keep_text(headers, name.text, name.len);
	field->value = field->name == NULL ? NULL : keep_text(headers, value.text, value.len);
	if (field->value == NULL)
	{
		headers->used = before;
		return AC_HEADERS_FULL;
	}
	headers->count++;
	return AC_HEADERS_OK;
}

AcHeadersStatus
ac_headers_add_line(AcHeaders *headers, const char *line, size_t len)
{
	AcSlice name = {line, 0};
	AcSlice value;
	AcHeadersStatus status;
	bool folded = len > 0 && is_space(line[0]);

	while (len > 0 && (is_space(line[len - 1]) || line[len - 1] == '\n' ||
					   line[len - 1] == '\r'))
		len--;
	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0)
		return add_status_line(headers, line, len);
	if (folded)
	{
		while (len > 0 && is_space(*line))
			line++, len--;
		return fold_line(headers, line, len);
	}
	if (len == 0)
		return AC_HEADERS_OK;

	while (name.len < len && is_token_char(line[name.len]))
		name.len++;
	headers->skipping = true;
	if (name.len == 0 || name.len == len || line[name.len] != ':')
		return AC_HEADERS_MALFORMED;
	value.text = line + name.len + 1;
	value.len = len - name.len - 1;
	while (value.len > 0 && is_space(*value.text))
		value.text++, value.len--;
	status = add_field(headers, name, value);
	headers->skipping = status != AC_HEADERS_OK;
	return status;
}

const AcHeaderField *
ac_header_next(const AcHeaders *headers, const char *name, int *pos)
{
	while (*pos < headers->count)
	{
		const AcHeaderField *field = &headers->fields[(*pos)++];

		if (name == NULL || pg_strcasecmp(field->name, name) == 0)
			return field;
	}
	return NULL;
}

const char *
ac_header_get(const AcHeaders *headers, const char *name)
{
	int pos = 0;
	const AcHeaderField *field = ac_header_next(headers, name, &pos);

	return field == NULL ? NULL : field->value;
}

bool
ac_header_lengths_differ(const AcHeaders *headers)
{
	const AcHeaderField *field;
	const char *first = NULL;
	int pos = 0;

	while ((field = ac_header_next(headers, "Content-Length", &pos)) != NULL)
	{
		if (first != NULL && strcmp(first, field->value) != 0)
			return true;
		first = field->value;
	}
	return false;
}

char *
ac_header_joined(const AcHeaders *headers, const char *name)
{
	StringInfoData out;
	int pos = 0;
	const AcHeaderField *field = ac_header_next(headers, name, &pos);

	if (field == NULL)
		return NULL;
	initStringInfo(&out);
	appendStringInfoString(&out, field->value);
	while ((field = ac_header_next(headers, name, &pos)) != NULL)
		appendStringInfo(&out, ", %s", field->value);
	return out.data;
}

/* ---- pieces that the structured values share ---- */

static const char *
skip_space(const char *p)
{
	while (is_space(*p))
		p++;
	return p;
}

static char *
lower_copy(const char *p, size_t len)
{
	char *copy = pnstrdup(p, len);
	char *q;

	for (q = copy; *q; q++)
		*q = pg_ascii_tolower((unsigned char) *q);
	return copy;
}

static const char *
token_end(const char *p)
{
	while (is_token_char(*p))
		p++;
	return p;
}

/*
 * A quoted string (RFC 9110 5.6.4) at *p, unquoted; *p goes behind it.  One
 * that is never closed reaches to the end.
 */
static char *
read_quoted(const char **p)
{
	StringInfoData out;
	const char *q = *p + 1;

	Assert(**p == '"');
	initStringInfo(&out);
	while (*q != '\0' && *q != '"')
	{
		if (*q == '\\' && q[1] != '\0')
			q++;
		appendStringInfoChar(&out, *q++);
	}
	*p = *q == '"' ? q + 1 : q;
	return out.data;
}

/*
 * The value behind '=' at *p: a quoted string, or whatever stands before one
 * of stop (parsers of parameters are lenient: "charset=utf-8/x").
 */
static char *
read_value(const char **p, const char *stop)
{
	const char *start;
	const char *end;

	*p = skip_space(*p);
	if (**p == '"')
		return read_quoted(p);
	start = *p;
	*p += strcspn(start, stop);
	end = *p;
	while (end > start && is_space(end[-1]))
		end--;
	return pnstrdup(start, (size_t) (end - start));
}

/* Skips to the next of stop, over quoted strings. */
static const char *
skip_to(const char *p, const char *stop)
{
	while (*p != '\0' && strchr(stop, *p) == NULL)
	{
		if (*p == '"')
			pfree(read_quoted(&p));
		else
			p++;
	}
	return p;
}

/* ---- Link ---- */

/* Splits a rel value at white space; RFC 8288 3.3: the first rel counts. */
static void
set_rels(AcLink *link, const char *value)
{
	if (link->rels != NULL)
		return;
	link->rels = palloc(sizeof(char *) * (strlen(value) / 2 + 1));
	while (*value != '\0')
	{
		size_t len = strcspn(value, " \t");

		if (len > 0)
			link->rels[link->nrels++] = lower_copy(value, len);
		value += len;
		value = skip_space(value);
	}
}

static void
set_link_param(AcLink *link, const char *name, char *value)
{
	if (strcmp(name, "rel") == 0)
		set_rels(link, value);
	else if (strcmp(name, "anchor") == 0 && link->anchor == NULL)
		link->anchor = value;
}

/* The ";name=value" behind a target; returns the ',' or the end. */
static const char *
parse_link_params(const char *p, AcLink *link)
{
	while (*(p = skip_space(p)) == ';')
	{
		const char *start = skip_space(p + 1);
		const char *end = token_end(start);
		char *name = lower_copy(start, (size_t) (end - start));
		char *value = NULL;

		p = skip_space(end);
		if (*p == '=')
		{
			p++;
			value = read_value(&p, ";,");
		}
		p = skip_to(p, ";,");
		if (end > start)
			set_link_param(link, name, value ? value : pstrdup(""));
	}
	return skip_to(p, ",");
}

/* Adds to a list that has room for AC_LINKS_MAX. */
static void
parse_links(const char *value, AcLinkList *list)
{
	const char *p = value;

	while (list->count < AC_LINKS_MAX)
	{
		AcLink link = {0};
		const char *close;

		while (is_space(*p) || *p == ',')
			p++;
		if (*p == '\0')
			break;
		if (*p != '<' || (close = strchr(p, '>')) == NULL)
		{
			/* Not a link: go on behind the next comma. */
			p = skip_to(p, ",");
			continue;
		}
		link.target = pnstrdup(p + 1, (size_t) (close - p - 1));
		p = parse_link_params(close + 1, &link);
		list->links[list->count++] = link;
	}
}

void
ac_header_links(const AcHeaders *headers, AcLinkList *list)
{
	const AcHeaderField *field;
	int pos = 0;

	list->count = 0;
	list->links = palloc(sizeof(AcLink) * AC_LINKS_MAX);
	while ((field = ac_header_next(headers, "Link", &pos)) != NULL)
		parse_links(field->value, list);
}

const AcLink *
ac_header_link_rel(const AcLinkList *list, const char *rel)
{
	int i;
	int k;

	for (i = 0; i < list->count; i++)
	{
		const AcLink *link = &list->links[i];

		if (link->anchor != NULL)
			continue;
		for (k = 0; k < link->nrels; k++)
			if (pg_strcasecmp(link->rels[k], rel) == 0)
				return link;
	}
	return NULL;
}

/* ---- media types ---- */

bool
ac_media_parse(const char *value, AcMediaType *media)
{
	const char *p;
	const char *slash;
	const char *end;

	media->essence = media->charset = NULL;
	if (value == NULL)
		return false;
	p = skip_space(value);
	slash = token_end(p);
	if (slash == p || *slash != '/')
		return false;
	end = token_end(slash + 1);
	if (end == slash + 1 || (*end != '\0' && strchr(" \t;,", *end) == NULL))
		return false;
	media->essence = lower_copy(p, (size_t) (end - p));
	p = skip_to(end, ";,");
	while (*p == ';')
	{
		const char *start = skip_space(p + 1);

		p = skip_space(token_end(start));
		if (*p == '=')
		{
			bool charset = token_end(start) - start == 7 &&
						   pg_strncasecmp(start, "charset", 7) == 0;
			char *text;

			p++;
			text = read_value(&p, ";,");
			if (charset && media->charset == NULL)
				media->charset = lower_copy(text, strlen(text));
		}
		p = skip_to(p, ";,");
	}
	return true;
}

bool
ac_media_is_json(const char *value)
{
	AcMediaType media;
	size_t len;

	if (!ac_media_parse(value, &media))
		return false;
	len = strlen(media.essence);
	return strcmp(media.essence, "application/json") == 0 ||
		   strcmp(media.essence, "text/json") == 0 ||
		   (len > 5 && strcmp(media.essence + len - 5, "+json") == 0);
}

bool
ac_media_is_html(const char *value)
{
	AcMediaType media;

	if (!ac_media_parse(value, &media))
		return false;
	return strcmp(media.essence, "text/html") == 0 ||
		   strcmp(media.essence, "application/xhtml+xml") == 0;
}

/* Does [p, end) begin with text, in any case? */
static bool
begins_with(const char *p, const char *end, const char *text)
{
	size_t len = strlen(text);

	return (size_t) (end - p) >= len && pg_strncasecmp(p, text, len) == 0;
}

/* What stands behind '<': declarations and comments do not decide. */
static AcBodyKind
sniff_markup(const char *p, const char *end)
{
	static const char *const html[] = {
		"<!doctype html",
		"<html",
		"<head",
		"<body",
		"<title",
		"<script",
		"<div",
		"<p>",
		"<h1",
		"<center",
		"<br",
		"<table",
	};
	size_t i;

	while (begins_with(p, end, "<!--") || begins_with(p, end, "<?"))
	{
		while (p < end && *p != '>')
			p++;
		while (p < end && (*p == '>' || is_space(*p) || *p == '\r' || *p == '\n'))
			p++;
	}
	for (i = 0; i < (int) lengthof(html); i++)
		if (begins_with(p, end, html[i]))
			return AC_BODY_HTML;
	return AC_BODY_XML;
}

AcBodyKind
ac_media_sniff(const char *body, size_t len)
{
	const char *p = body;
	const char *end = body + len;

	if (begins_with(p, end, "\xEF\xBB\xBF"))
		p += 3;
	while (p < end && (is_space(*p) || *p == '\r' || *p == '\n'))
		p++;
	if (p == end)
		return AC_BODY_EMPTY;
	if (*p == '<')
		return sniff_markup(p, end);
	if (strchr("{[\"-0123456789", *p) != NULL && *p != '\0')
		return AC_BODY_JSON;
	if (begins_with(p, end, "true") || begins_with(p, end, "false") ||
		begins_with(p, end, "null"))
		return AC_BODY_JSON;
	return AC_BODY_OTHER;
}

/* ---- challenges ---- */

/*
 * RFC 9110 11.2: characters of token68, which ends in any number of '='.
 * Returns its end, or p if none stands there before ',' or the end.
 */
static const char *
token68_end(const char *p)
{
	const char *q = p;

	while (*q != '\0' && (is_token_char(*q) || *q == '/') &&
		   strchr("!#$%&'*^`|", *q) == NULL)
		q++;
	while (q > p && *q == '=')
		q++;
	return (*skip_space(q) == ',' || *skip_space(q) == '\0') ? q : p;
}

static void
add_challenge_param(AcChallenge *challenge, char *name, char *value)
{
	if (challenge->nparams == AC_HEADER_PARAMS_MAX)
		return;
	if (challenge->params == NULL)
		challenge->params =
			palloc(sizeof(AcHeaderParam) * AC_HEADER_PARAMS_MAX);
	challenge->params[challenge->nparams].name = name;
	challenge->params[challenge->nparams++].value = value;
}

/*
 * A list element is a parameter of the challenge before it if its token is
 * followed by '=', else it begins a challenge: that is the only thing that
 * tells them apart.  A new challenge's own first parameter or token68 follows
 * in the same element.
 */
static const char *
parse_challenge_element(const char *p, AcChallengeList *list)
{
	const char *end = token_end(p);
	const char *next = skip_space(end);
	AcChallenge *challenge;

	if (*next != '=')
	{
		if (list->count == AC_CHALLENGES_MAX)
			return skip_to(p, ",");
		challenge = &list->challenges[list->count++];
		memset(challenge, 0, sizeof(*challenge));
		challenge->scheme = lower_copy(p, (size_t) (end - p));
		p = next;
		if (next == end || *p == '\0' || *p == ',')
			return skip_to(p, ",");
		if (token68_end(p) > p)
			return skip_to(p, ",");
		end = token_end(p);
		next = skip_space(end);
	}
	if (list->count > 0 && end > p && *next == '=')
	{
		char *name = lower_copy(p, (size_t) (end - p));

		next++;
		add_challenge_param(&list->challenges[list->count - 1], name,
							read_value(&next, ","));
	}
	return skip_to(next, ",");
}

static void
parse_challenges(const char *value, AcChallengeList *list)
{
	const char *p = value;

	for (;;)
	{
		while (is_space(*p) || *p == ',')
			p++;
		if (*p == '\0')
			break;
		if (is_token_char(*p))
			p = parse_challenge_element(p, list);
		else
			p = skip_to(p + (*p != '"'), ",");
	}
}

void
ac_header_challenges(const AcHeaders *headers, AcChallengeList *list)
{
	const AcHeaderField *field;
	int pos = 0;

	list->count = 0;
	list->challenges = palloc(sizeof(AcChallenge) * AC_CHALLENGES_MAX);
	while ((field = ac_header_next(headers, "WWW-Authenticate", &pos)) != NULL)
		parse_challenges(field->value, list);
}

const char *
ac_header_challenge_param(const AcChallenge *challenge, const char *name)
{
	int i;

	for (i = 0; i < challenge->nparams; i++)
		if (pg_strcasecmp(challenge->params[i].name, name) == 0)
			return challenge->params[i].value;
	return NULL;
}
