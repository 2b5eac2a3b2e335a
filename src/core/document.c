/*
 * document.c
 *		What does a document say, whatever language it is written in?
 *
 * See document.h.  Languages are told by what a text begins with; the media
 * type decides only where that leaves a choice, since descriptions are served
 * as text/plain and JSON as text/html.
 */
#include "ac.h"

#include "core/document.h"
#include "core/html.h"
#include "core/jsonsize.h"
#include "core/jsonvalid.h"
#include "core/markdown.h"
#include "core/yaml.h"

/*
 * Lines looked at for signs of YAML and Markdown: licences in comments are
 * some twenty lines, introductions before the first code some hundred.
 */
#define LOOK_MAX_LINES 300

/* Members that say as much as a media type. */
#define LOOK_ENOUGH_KEYS 20

/*
 * What a document of lines is read of: rows, which tell nothing new after some
 * thousands, and whose trees may take a hundred times their text.
 */
#define LINES_MAX 1000
#define LINES_MAX_TREES ((int64) 64 * 1024 * 1024)

typedef struct Look
{
	const char *text;
	const char *end;
	const char *media_type; /* never NULL */
} Look;

static Look
look_at(const AcDocumentText *input)
{
	Look look = {input->text, input->text + input->len, input->media_type};

	if (look.media_type == NULL)
		look.media_type = "";
	if (input->len >= 3 && memcmp(look.text, "\xEF\xBB\xBF", 3) == 0)
		look.text += 3;
	return look;
}

/* The media type without parameters contains this (lower case). */
static bool
media_has(const Look *look, const char *what)
{
	const char *at;
	size_t len = strlen(what);

	for (at = look->media_type; *at != '\0' && *at != ';'; at++)
		if (pg_strncasecmp(at, what, len) == 0)
			return true;
	return false;
}

static bool
begins(const Look *look, const char *at, const char *what)
{
	size_t len = strlen(what);

	return (size_t) (look->end - at) >= len && pg_strncasecmp(at, what, len) == 0;
}

static const char *
skip_space(const Look *look, const char *at)
{
	while (at < look->end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
		at++;
	return at;
}

/* The line that begins at *at, without its end; *at then is the next one. */
static AcSlice
next_line(const Look *look, const char **at)
{
	const char *start = *at;
	const char *end = memchr(start, '\n', look->end - start);
	AcSlice line = {start, (end != NULL ? end : look->end) - start};

	*at = end != NULL ? end + 1 : look->end;
	while (line.len > 0 && strchr(" \t\r", line.text[line.len - 1]) != NULL &&
		   line.text[line.len - 1] != '\0')
		line.len--;
	return line;
}

/* JSON. */

/* Does what stands behind the bracket look like JSON? */
static bool
is_json(const Look *look, const char *at)
{
	static const char *const words[] = {"true", "false", "null"};
	bool object = *at == '{';
	int i;

	at = skip_space(look, at + 1);
	if (at >= look->end)
		return true;
	if (object)
		return *at == '"' || *at == '}';
	for (i = 0; i < (int) lengthof(words); i++)
		if (begins(look, at, words[i]))
			return true;
	return strchr("]\"{[-0123456789", *at) != NULL && *at != '\0';
}

/* Is the line a whole object or array? */
static bool
is_json_line(AcSlice line)
{
	return line.len > 0 && (line.text[0] == '{' || line.text[0] == '[') &&
		   ac_jsonvalid_check(line.text, line.len, AC_JSON_MAX_DEPTH, NULL);
}

/*
 * Two lines that are whole JSON texts each: one text has no two roots.  Where
 * there is one line it is not read, which may be all of a large document.
 */
static bool
is_lines(const Look *look, const char *at)
{
	AcSlice lines[2];
	int i;

	for (i = 0; i < 2; i++)
	{
		at = skip_space(look, at);
		if (at >= look->end)
			return false;
		lines[i] = next_line(look, &at);
	}
	return is_json_line(lines[0]) && is_json_line(lines[1]);
}

/* HTML. */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Behind comments and XML's declaration. */
static const char *
skip_comments(const Look *look, const char *at)
{
	for (;;)
	{
		const char *mark = begins(look, at, "<!--") ? "-->" : begins(look, at, "<?xml") ? "?>"
																						: NULL;
		size_t len;

		if (mark == NULL)
			return at;
		len = strlen(mark);
		while (at < look->end && !begins(look, at, mark))
			at++;
		at = skip_space(look, Min(at + len, look->end));
	}
}

static AcDocumentLanguage
language_of_markup(const Look *look, const char *at)
{
	static const char *const tags[] = {"<!doctype html", "<html", "<head", "<body",
									   "<title", "<meta", "<script"};
	static const char *const parts[] = {"<div", "<p>", "<p ", "<h1", "<h2", "<table",
										"<main", "<section", "<article", "<a ", "<img", "<center"};
	const char *root = skip_comments(look, at);
	int i;

	for (i = 0; i < (int) lengthof(tags); i++)
		if (begins(look, root, tags[i]))
			return AC_DOCUMENT_HTML;
	if (media_has(look, "html"))
		return AC_DOCUMENT_HTML;
	for (i = 0; i < (int) lengthof(parts); i++)
		if (begins(look, root, parts[i]))
			return media_has(look, "markdown") || media_has(look, "text/plain") ? AC_DOCUMENT_MARKDOWN : AC_DOCUMENT_HTML;
	return AC_DOCUMENT_OTHER;
}

/* YAML. */

/* "key:", "key: value", quoted or not, the key without spaces. */
static bool
is_member(AcSlice line)
{
	size_t n = 0;

	if (line.len > 0 && (line.text[0] == '"' || line.text[0] == '\''))
	{
		const char *end = memchr(line.text + 1, line.text[0], line.len - 1);

		if (end == NULL)
			return false;
		n = end - line.text + 1;
	}
	else
		while (n < line.len && (is_letter(line.text[n]) || strchr("0123456789_-.$/", line.text[n]) != NULL) &&
			   line.text[n] != '\0')
			n++;
	return n > 0 && n < line.len && line.text[n] == ':' &&
		   (n + 1 == line.len || line.text[n + 1] == ' ');
}

/* A line that says nothing of the structure: blank, comment, marker. */
static bool
is_yaml_noise(AcSlice line)
{
	return line.len == 0 || line.text[0] == '#' || line.text[0] == '%' ||
		   (line.len == 3 && memcmp(line.text, "---", 3) == 0);
}

/*
 * Every line at the left is a member or an item, and there are two members,
 * or one whose value is below it.  A key that descriptions begin with is
 * enough, whatever follows.
 */
static bool
is_yaml(const Look *look)
{
	static const char *const keys[] = {"openapi:", "swagger:", "\"openapi\":", "'openapi':"};
	const char *at = look->text;
	int members = 0;
	int below = 0;
	int i;
	int j;

	for (i = 0; i < LOOK_MAX_LINES && at < look->end && members < LOOK_ENOUGH_KEYS; i++)
	{
		AcSlice line = next_line(look, &at);

		if (is_yaml_noise(line))
			continue;
		for (j = 0; j < (int) lengthof(keys); j++)
			if (line.len >= strlen(keys[j]) && memcmp(line.text, keys[j], strlen(keys[j])) == 0)
				return true;
		if (line.text[0] == ' ' || line.text[0] == '-')
			below++;
		else if (is_member(line))
			members++;
		else
			return false;
	}
	return members >= 2 || (members == 1 && below > 0);
}

/* Markdown. */

static bool
is_heading(AcSlice line)
{
	size_t n = 0;

	while (n < line.len && line.text[n] == '#')
		n++;
	return n >= 1 && n <= 6 && n + 1 < line.len && line.text[n] == ' ';
}

static bool
is_fence(AcSlice line)
{
	return line.len >= 3 && memcmp(line.text, "```", 3) == 0;
}

static bool
is_underline(AcSlice line)
{
	size_t n = 0;

	while (n < line.len && line.text[n] == line.text[0])
		n++;
	return n >= 3 && n == line.len && (line.text[0] == '=' || line.text[0] == '-');
}

/* "](" of a link, or a row of dashes and bars under a table's head. */
static bool
has_markup(AcSlice line)
{
	size_t i;

	for (i = 0; i + 1 < line.len; i++)
		if ((line.text[i] == ']' && line.text[i + 1] == '(') ||
			(line.text[i] == '|' && line.text[i + 1] == '-'))
			return true;
	return false;
}

/*
 * A heading with nothing in the lines around it, and two more signs.  A
 * script's comments have code right below them, a log has none of it.
 */
static bool
is_markdown(const Look *look)
{
	const char *at = look->text;
	bool blank_before = true;
	bool heading_before = false;
	int headings = 0;
	int signs = 0;
	int i;

	if (begins(look, at, "#!"))
		return false;
	for (i = 0; i < LOOK_MAX_LINES && at < look->end; i++)
	{
		AcSlice line = next_line(look, &at);
		bool blank = line.len == 0;

		headings += heading_before && blank;
		heading_before = blank_before && is_heading(line);
		if (!blank_before && is_underline(line))
			headings++;
		signs += is_fence(line) || has_markup(line);
		blank_before = blank;
	}
	return headings > 0 && headings + signs >= 3;
}

AcDocumentLanguage
ac_document_language(const AcDocumentText *input)
{
	Look look = look_at(input);
	const char *at = skip_space(&look, look.text);
	bool lines = media_has(&look, "ndjson") || media_has(&look, "jsonl") ||
				 media_has(&look, "json-seq") || media_has(&look, "json-lines");

	if (at < look.end && (*at == '{' || *at == '[') && is_json(&look, at))
		return lines || is_lines(&look, at) ? AC_DOCUMENT_LINES : AC_DOCUMENT_JSON;
	if (lines)
		return AC_DOCUMENT_LINES;
	if (media_has(&look, "json"))
		return AC_DOCUMENT_JSON;
	if (at < look.end && *at == '<')
		return language_of_markup(&look, at);
	if (media_has(&look, "yaml"))
		return AC_DOCUMENT_YAML;
	if (media_has(&look, "markdown"))
		return AC_DOCUMENT_MARKDOWN;
	if (media_has(&look, "image/") || media_has(&look, "xml"))
		return AC_DOCUMENT_OTHER;
	if (is_yaml(&look))
		return AC_DOCUMENT_YAML;
	if (is_markdown(&look))
		return AC_DOCUMENT_MARKDOWN;
	/* A page may begin with text, if it says that it is one. */
	return media_has(&look, "html") ? AC_DOCUMENT_HTML : AC_DOCUMENT_OTHER;
}

/* One JSON text of several; a record separator (RFC 7464) may precede it. */
static bool
parse_line(const AcJsonText *input, AcSlice line, AcJson *array, int64 *room,
		   AcError *err)
{
	AcJsonBounds bounds = {.room = room};
	AcJsonText text = *input;
	AcJson *doc;

	if (line.len > 0 && line.text[0] == '\x1E')
		line.text++, line.len--;
	if (line.len == 0)
		return true;
	text.text = line.text;
	text.len = line.len;
	if (!ac_json_parse_within(&text, &bounds, &doc, err))
		return false;
	ac_json_append(array, doc);
	return true;
}

static bool
parse_lines(const AcDocumentText *input, const AcJsonText *text, AcJson **doc,
			AcError *err)
{
	Look look = look_at(input);
	const char *at = look.text;
	const char *asked = at;
	AcJson *array = ac_json_new_array();
	int64 room = ac_jsonsize_limit(input->len);
	int64 trees = 0;
	int n = 0;

	while (at < look.end && n < LINES_MAX)
	{
		AcSlice line = next_line(&look, &at);
		bool parsed;

		trees += ac_jsonsize_bytes(line.text, line.len);
		if (trees > LINES_MAX_TREES && n > 0)
			break;
		parsed = parse_line(text, line, array, &room, err);
		n++;
		if (parsed && at - asked >= 65536)
		{
			asked = at;
			if (text->interrupted != NULL && text->interrupted(NULL))
				parsed = ac_error_set(err, AC_ERR_INTERRUPTED, "interrupted");
		}
		if (!parsed)
		{
			ac_error_detail(err, "It stands in line %d.", n);
			ac_json_free(array);
			return false;
		}
	}
	*doc = ac_json_new_object();
	ac_json_set(*doc, "lines", array);
	return true;
}

/* Bytes at the beginning of a text in which a description says what it is. */
#define CLAIM_BYTES 512

/*
 * JSON that is none, of a description: consoles read it as YAML, to which a
 * comma too many and comments behind '#' are nothing.
 */
static bool
parse_json(const AcDocumentText *input, const AcJsonText *text, AcJson **doc,
		   AcError *err)
{
	char *head;
	bool claims;

	if (ac_json_parse_long(text, doc, err))
		return true;
	if (err->code != AC_ERR_MALFORMED)
		return false;
	head = pnstrdup(input->text, Min(input->len, CLAIM_BYTES));
	claims = strstr(head, "\"openapi\"") != NULL || strstr(head, "\"swagger\"") != NULL;
	pfree(head);
	return claims && ac_yaml_parse(text, doc, NULL);
}

bool
ac_document_parse(const AcDocumentText *input, AcJson **doc, AcError *err)
{
	AcJsonText text = {input->text, input->len, AC_JSON_MAX_DEPTH,
					   input->interrupted};

	*doc = NULL;
	switch (ac_document_language(input))
	{
		case AC_DOCUMENT_JSON:
			return parse_json(input, &text, doc, err);
		case AC_DOCUMENT_LINES:
			return parse_lines(input, &text, doc, err);
		case AC_DOCUMENT_YAML:
			return ac_yaml_parse(&text, doc, err);
		case AC_DOCUMENT_HTML:
			return ac_html_parse(&text, doc, err);
		case AC_DOCUMENT_MARKDOWN:
			return ac_markdown_parse(&text, doc, err);
		case AC_DOCUMENT_OTHER:
			break;
	}
	return ac_error_set(err, AC_ERR_MALFORMED,
						"document is neither JSON, YAML, HTML nor Markdown");
}
