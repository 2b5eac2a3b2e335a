/*
 * consolejs.c
 *		Which literals of a script tell where a description is?
 *
 * See consolejs.h.  A string counts where it is the value of a key or
 * variable of a telling name ("url", "specUrl", "configUrl", ...) or the
 * argument of a telling call (Redoc.init()).  An object that has a member
 * "openapi" or "swagger" is a description if it is JSON, and what stands in
 * it counts no more.  A string that holds JSON or YAML is looked into.
 */
#include "ac.h"

#include "api/consolejs.h"
#include "core/json.h"
#include "core/utf8.h"

/* Scripts within strings within scripts. */
#define JS_MAX_NESTING 2

/* Braces that may be open at once; deeper objects are no descriptions. */
#define JS_MAX_DEPTH 64

/* URLs found in one script, until it is known what stands in a description. */
#define JS_MAX_FOUND 64

/*
 * How many times the bytes of a script its objects may have together that are
 * parsed as JSON: once where they stand side by side.  Objects in objects that
 * turn out to be descriptions only at their ends would be parsed at each end.
 */
#define JS_PARSED_TIMES 3

/* Bytes after which the reader asks whether it is to end. */
#define JS_INTERRUPT_BYTES 65536

/* Bytes of a URL, or of a name. */
#define JS_MAX_URL 2000
#define JS_MAX_NAME 40

typedef enum JsTokenKind
{
	JS_END,
	JS_WORD,   /* identifier, keyword, number */
	JS_STRING, /* text is between the quotes */
	JS_SIGN	   /* one character */
} JsTokenKind;

typedef struct JsToken
{
	JsTokenKind kind;
	char sign; /* SIGN, and a STRING's quote */
	AcSlice text;
	size_t at; /* where it begins */
} JsToken;

typedef struct JsFound
{
	char *url;
	size_t at;
} JsFound;

typedef struct JsReader
{
	AcSlice script;
	size_t pos;
	const AcConsoleJsSink *sink;
	int nesting;
	size_t parsed;	  /* bytes, as JSON */
	size_t asked;	  /* where it last asked for interrupts */
	bool calls_redoc; /* the script has that word at all */
	bool calls_load_spec;
	JsToken last;	/* before the current token */
	JsToken before; /* before the last */

	/* open brackets of any kind */
	int depth;
	size_t opened[JS_MAX_DEPTH];
	bool described[JS_MAX_DEPTH]; /* has a member that descriptions have */

	/* the value being read, if its name is a telling one */
	bool pending;
	int pending_depth;
	AcSlice value;
	size_t value_at;

	JsFound found[JS_MAX_FOUND];
	int n_found;
} JsReader;

static void read_script(AcSlice script, const AcConsoleJsSink *sink, int nesting);

static bool
is_word(char c)
{
	return isalnum((unsigned char) c) || c == '_' || c == '$' ||
		   (unsigned char) c >= 0x80;
}

static bool
slice_is(AcSlice slice, const char *text)
{
	return strncmp(slice.text, text, slice.len) == 0 && text[slice.len] == '\0';
}

static bool
contains(AcSlice slice, const char *what)
{
	size_t len = strlen(what);
	const char *at = slice.text;
	const char *end = at + slice.len;

	while (at != NULL && (size_t) (end - at) >= len)
	{
		at = memchr(at, what[0], end - at - len + 1);
		if (at != NULL && memcmp(at, what, len) == 0)
			return true;
		at = at != NULL ? at + 1 : NULL;
	}
	return false;
}

/* The lexer. */

/* Behind white space and comments. */
static void
skip_noise(JsReader *reader)
{
	const char *text = reader->script.text;
	size_t len = reader->script.len;

	while (reader->pos < len)
	{
		char c = text[reader->pos];
		char next = reader->pos + 1 < len ? text[reader->pos + 1] : '\0';

		if (isspace((unsigned char) c))
			reader->pos++;
		else if (c == '/' && next == '/')
			while (reader->pos < len && text[reader->pos] != '\n')
				reader->pos++;
		else if (c == '/' && next == '*')
		{
			reader->pos += 2;
			while (reader->pos < len && !(text[reader->pos] == '/' && text[reader->pos - 1] == '*'))
				reader->pos++;
			reader->pos = Min(reader->pos + 1, len);
		}
		else
			return;
	}
}

/* Up to the quote that ends it; one within a line ends there if it has none. */
static void
read_string(JsReader *reader, JsToken *token, char quote)
{
	const char *text = reader->script.text;
	size_t len = reader->script.len;
	size_t start = ++reader->pos;

	while (reader->pos < len && text[reader->pos] != quote &&
		   (quote == '`' || text[reader->pos] != '\n'))
		reader->pos += text[reader->pos] == '\\' ? 2 : 1;
	reader->pos = Min(reader->pos, len);
	token->kind = JS_STRING;
	token->sign = quote;
	token->text = (AcSlice){text + start, reader->pos - start};
	reader->pos = Min(reader->pos + 1, len);
}

/* A '/' that no operand precedes begins a regular expression. */
static bool
begins_regexp(const JsReader *reader)
{
	const JsToken *last = &reader->last;

	return last->kind == JS_END || slice_is(last->text, "return") ||
		   (last->kind == JS_SIGN && strchr("(,=:[!&|?{};+", last->sign) != NULL);
}

static void
skip_regexp(JsReader *reader)
{
	const char *text = reader->script.text;
	size_t len = reader->script.len;
	bool in_class = false;

	reader->pos++;
	while (reader->pos < len && text[reader->pos] != '\n' &&
		   (in_class || text[reader->pos] != '/'))
	{
		if (text[reader->pos] == '[')
			in_class = true;
		if (text[reader->pos] == ']')
			in_class = false;
		reader->pos += text[reader->pos] == '\\' ? 2 : 1;
	}
	reader->pos = Min(reader->pos + 1, len);
}

static void
next_token(JsReader *reader, JsToken *token)
{
	const char *text = reader->script.text;
	size_t len = reader->script.len;
	size_t start;

	skip_noise(reader);
	start = reader->pos;
	token->at = start;
	token->kind = JS_END;
	token->sign = '\0';
	token->text = (AcSlice){text + start, 0};
	if (start >= len)
		return;
	if (text[start] == '"' || text[start] == '\'' || text[start] == '`')
	{
		read_string(reader, token, text[start]);
		return;
	}
	if (is_word(text[start]))
	{
		while (reader->pos < len && is_word(text[reader->pos]))
			reader->pos++;
		token->kind = JS_WORD;
		token->text.len = reader->pos - start;
		return;
	}
	token->kind = JS_SIGN;
	token->sign = text[start];
	if (text[start] == '/' && begins_regexp(reader))
		skip_regexp(reader);
	else
		reader->pos++;
}

/* A string's escapes taken out; palloc'd. */
static char *
unescape(AcSlice from)
{
	char *out = palloc(from.len + 1);
	char *to = out;
	size_t i = 0;

	while (i < from.len)
	{
		static const char names[] = "nrtbfv0";
		static const char values[] = "\n\r\t\b\f\v ";
		const char *name;
		char digits[5];
		uint32 point;
		size_t n;

		if (from.text[i] != '\\' || i + 1 >= from.len)
		{
			*to++ = from.text[i++];
			continue;
		}
		i++;
		n = from.text[i] == 'u' ? 4 : from.text[i] == 'x' ? 2
														  : 0;
		name = strchr(names, from.text[i]);
		if (n > 0 && i + n < from.len)
		{
			memcpy(digits, from.text + i + 1, n);
			digits[n] = '\0';
			point = (uint32) strtoul(digits, NULL, 16);
			if (strspn(digits, "0123456789abcdefABCDEF") != n || point == 0 ||
				(point >= 0xD800 && point < 0xE000))
				point = '?';
			to += ac_utf8_encode(point, to);
			i += n + 1;
			continue;
		}
		if (from.text[i] != '\n')
			*to++ = name != NULL && from.text[i] != '\0' ? values[name - names] : from.text[i];
		i++;
	}
	*to = '\0';
	return out;
}

/* What is found. */

static bool
is_telling_name(AcSlice name)
{
	static const char *const names[] = {"url", "specUrl", "specURL", "spec-url",
										"spec_url", "configUrl", "apiDescriptionUrl", "swaggerUrl", "swaggerURL",
										"swagger_url", "openApiUrl", "openapiUrl", "openapi_url", "definitionUrl",
										"definitionURL", "discoveryPaths", "docUrl", "docsUrl", "schemaUrl",
										"schema_url", "apiDocsUrl"};
	int i;

	for (i = 0; i < (int) lengthof(names); i++)
		if (slice_is(name, names[i]))
			return true;
	return false;
}

/* The literal part of a URL whose beginning is put together at run time. */
static AcSlice
literal_part(AcSlice value)
{
	size_t i = value.len;

	while (i > 0 && value.text[i - 1] != '}')
		i--;
	if (i == 0 || !contains((AcSlice){value.text, i}, "${"))
		return value;
	return (AcSlice){value.text + i, value.len - i};
}

static bool
is_url(AcSlice value)
{
	size_t i;

	if (value.len == 0 || value.len > JS_MAX_URL || value.text[0] == '#' ||
		slice_is(value, "/") || slice_is(value, "//") || slice_is(value, "."))
		return false;
	for (i = 0; i < value.len; i++)
		if (strchr(" \t\r\n{}<>|\"", value.text[i]) != NULL)
			return false;
	/* What Swagger UI shows where nobody configured it. */
	return !slice_is(value, "https://petstore.swagger.io/v2/swagger.json");
}

static void
keep_url(JsReader *reader, AcSlice value, size_t at)
{
	value = literal_part(value);
	if (!is_url(value) || reader->n_found == JS_MAX_FOUND)
		return;
	reader->found[reader->n_found].url = unescape(value);
	reader->found[reader->n_found++].at = at;
}

/* The value of a telling name is complete. */
static void
end_value(JsReader *reader)
{
	if (reader->pending && reader->value.text != NULL)
		keep_url(reader, reader->value, reader->value_at);
	reader->pending = false;
	reader->value = (AcSlice){NULL, 0};
}

static void
start_value(JsReader *reader)
{
	end_value(reader);
	reader->pending = true;
	reader->pending_depth = reader->depth;
}

/* A text that is an object of JSON and a description. */
static bool
keep_json(JsReader *reader, const char *text, size_t len)
{
	AcJsonText input = {text, len, AC_JSON_MAX_DEPTH,
						reader->sink->interrupted};
	AcJson *doc;
	bool described;

	reader->parsed += len;
	if (reader->parsed > reader->script.len * JS_PARSED_TIMES ||
		!ac_json_parse_long(&input, &doc, NULL))
		return false;
	described = ac_json_has(doc, "openapi") || ac_json_has(doc, "swagger");
	ac_json_free(doc);
	if (described)
		reader->sink->description(reader->sink->arg, pnstrdup(text, len));
	return described;
}

/*
 * An object ends: if it describes an API, nothing within it counts.  Within
 * another one that seems to, it is looked at as a part of that one only, so
 * that nothing is parsed twice.
 */
static void
end_object(JsReader *reader, size_t start)
{
	const char *text = reader->script.text + start;
	int i;

	for (i = 0; i < reader->depth; i++)
		if (reader->described[i])
			return;
	if (!keep_json(reader, text, reader->pos - start))
		return;
	while (reader->n_found > 0 && reader->found[reader->n_found - 1].at > start)
		reader->n_found--;
	reader->pending = false;
	reader->value = (AcSlice){NULL, 0};
}

/* A string that is a script or a document itself. */
static void
look_into(JsReader *reader, AcSlice string)
{
	bool described = contains(string, "openapi") || contains(string, "swagger");
	char *text;
	size_t i = 0;

	while (i < string.len && (isspace((unsigned char) string.text[i]) ||
							  string.text[i] == '\\' || string.text[i] == 'n'))
		i++;
	if (i >= string.len || reader->nesting >= JS_MAX_NESTING ||
		!(described || contains(string, "url")))
		return;
	if (string.text[i] != '{' && string.text[i] != '[' &&
		!(described && contains(string, "paths:")))
		return;
	text = unescape(string);
	if (strncmp(text + strspn(text, " \n\r\t"), "openapi:", 8) == 0 ||
		strncmp(text + strspn(text, " \n\r\t"), "swagger:", 8) == 0)
		reader->sink->description(reader->sink->arg, text);
	else if (!keep_json(reader, text, strlen(text)))
		read_script((AcSlice){text, strlen(text)}, reader->sink, reader->nesting + 1);
}

/* Calls whose argument is a URL: Redoc.init("..."), el.loadSpec("..."). */
static bool
is_argument(const JsReader *reader)
{
	if (reader->last.kind != JS_SIGN || reader->last.sign != '(')
		return false;
	return (reader->calls_redoc && slice_is(reader->before.text, "init")) ||
		   (reader->calls_load_spec && slice_is(reader->before.text, "loadSpec"));
}

/*
 * Of strings put together ("proto + '//' + host + '/openapi.json'") the last
 * one that begins a path is the URL's literal part.
 */
static void
on_string(JsReader *reader, const JsToken *token)
{
	if (reader->pending &&
		(reader->value.text == NULL || (token->text.len > 1 && token->text.text[0] == '/')))
	{
		reader->value = token->text;
		reader->value_at = token->at;
	}
	else if (is_argument(reader))
		keep_url(reader, token->text, token->at);
	if (token->text.len > JS_MAX_NAME)
		look_into(reader, token->text);
}

static void
on_open(JsReader *reader)
{
	if (reader->depth < JS_MAX_DEPTH)
	{
		reader->opened[reader->depth] = reader->pos - 1;
		reader->described[reader->depth] = false;
	}
	reader->depth++;
}

static void
on_close(JsReader *reader, char sign)
{
	if (reader->pending && reader->depth <= reader->pending_depth)
		end_value(reader);
	if (reader->depth == 0)
		return;
	reader->depth--;
	if (sign == '}' && reader->depth < JS_MAX_DEPTH && reader->described[reader->depth])
		end_object(reader, reader->opened[reader->depth]);
}

/* "name:" and "name =" */
static void
on_name(JsReader *reader, bool is_member)
{
	const JsToken *name = &reader->last;

	if (name->kind != JS_WORD && name->kind != JS_STRING)
		return;
	if (is_telling_name(name->text))
		start_value(reader);
	if (is_member && reader->depth > 0 && reader->depth <= JS_MAX_DEPTH &&
		(slice_is(name->text, "openapi") || slice_is(name->text, "swagger")))
		reader->described[reader->depth - 1] = true;
}

static void
on_sign(JsReader *reader, char sign)
{
	switch (sign)
	{
		case '{':
		case '[':
		case '(':
			on_open(reader);
			break;
		case '}':
		case ']':
		case ')':
			on_close(reader, sign);
			break;
		case ':':
			on_name(reader, true);
			break;
		case '=':
			on_name(reader, false);
			break;
		case ',':
		case ';':
			if (reader->pending && reader->depth <= reader->pending_depth)
				end_value(reader);
			break;
	}
}

/* Is the reader to end?  Asked now and then. */
static bool
is_interrupted(JsReader *reader)
{
	if (reader->sink->interrupted == NULL ||
		reader->pos - reader->asked < JS_INTERRUPT_BYTES)
		return false;
	reader->asked = reader->pos;
	return reader->sink->interrupted(NULL);
}

static void
read_script(AcSlice script, const AcConsoleJsSink *sink, int nesting)
{
	JsReader reader;
	JsToken token;
	int i;

	memset(&reader, 0, sizeof(reader));
	reader.script = script;
	reader.sink = sink;
	reader.nesting = nesting;
	reader.calls_redoc = contains(script, "Redoc");
	reader.calls_load_spec = contains(script, "loadSpec");
	for (next_token(&reader, &token); token.kind != JS_END; next_token(&reader, &token))
	{
		if (is_interrupted(&reader))
			return;
		if (token.kind == JS_STRING)
			on_string(&reader, &token);
		else if (token.kind == JS_SIGN)
			on_sign(&reader, token.sign);
		reader.before = reader.last;
		reader.last = token;
	}
	end_value(&reader);
	for (i = 0; i < reader.n_found; i++)
		sink->url(sink->arg, reader.found[i].url);
}

void
ac_consolejs_read(AcSlice script, const AcConsoleJsSink *sink)
{
	read_script(script, sink, 0);
}
