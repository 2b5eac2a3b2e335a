/*
 * htmltoken.c
 *		Which tags and texts make up an HTML page?  See htmltoken.h.
 */
#include "ac.h"

#include "core/htmltoken.h"

/* Longest name of a character reference that is known, "&" and ";" excluded. */
#define REFERENCE_MAX_NAME 8

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* The text from pos on begins with these lower-case letters, of any case. */
static bool
looking_at(const AcHtmlTokens *tokens, size_t pos, const char *what)
{
	for (; *what != '\0'; what++, pos++)
		if (pos >= tokens->len || lower(tokens->text[pos]) != *what)
			return false;
	return true;
}

/* Position of the byte at or behind pos, the length of the text if none. */
static size_t
find(const AcHtmlTokens *tokens, size_t pos, char c)
{
	const char *found =
		pos < tokens->len ? memchr(tokens->text + pos, c, tokens->len - pos) : NULL;

	return found != NULL ? (size_t) (found - tokens->text) : tokens->len;
}

static size_t
skip_spaces(const AcHtmlTokens *tokens, size_t pos)
{
	while (pos < tokens->len && is_space(tokens->text[pos]))
		pos++;
	return pos;
}

/* Elements whose content has no tags. */
static bool
is_raw(const char *name)
{
	static const char *const names[] = {"script", "style", "title", "textarea",
										"xmp", "iframe", "noembed", "noframes"};
	int i;

	for (i = 0; i < (int) lengthof(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Does text at pos begin a tag, a comment or a declaration? */
static bool
is_markup(const AcHtmlTokens *tokens, size_t pos)
{
	const char *text = tokens->text;

	if (pos + 1 >= tokens->len)
		return false;
	if (text[pos + 1] == '!' || text[pos + 1] == '?' || is_letter(text[pos + 1]))
		return true;
	return text[pos + 1] == '/' && pos + 2 < tokens->len && is_letter(text[pos + 2]);
}

/* Behind the comment that begins at pos; "<!-->" is a whole one. */
static size_t
skip_comment(const AcHtmlTokens *tokens, size_t pos)
{
	size_t at = pos + 4;

	if (at < tokens->len && tokens->text[at] == '>')
		return at + 1;
	for (at = find(tokens, at, '>'); at < tokens->len; at = find(tokens, at + 1, '>'))
	{
		if (at >= pos + 6 && memcmp(tokens->text + at - 2, "--", 2) == 0)
			return at + 1;
		if (at >= pos + 7 && memcmp(tokens->text + at - 3, "--!", 3) == 0)
			return at + 1;
	}
	return at;
}

/* Behind a comment, declaration or instruction; pos itself if there is none. */
static size_t
skip_declaration(const AcHtmlTokens *tokens, size_t pos)
{
	size_t end;

	if (pos + 1 >= tokens->len ||
		(tokens->text[pos + 1] != '!' && tokens->text[pos + 1] != '?'))
		return pos;
	if (looking_at(tokens, pos, "<!--"))
		return skip_comment(tokens, pos);
	end = find(tokens, pos, '>');
	return Min(end + 1, tokens->len);
}

/* Reads the attribute at pos into *attribute; what comes behind it. */
static size_t
read_attribute(const AcHtmlTokens *tokens, size_t pos, AcHtmlAttribute *attribute)
{
	const char *text = tokens->text;
	size_t start = pos;
	char quote;

	/* A '=' in front is part of the name. */
	pos++;
	while (pos < tokens->len && !is_space(text[pos]) && text[pos] != '=' &&
		   text[pos] != '/' && text[pos] != '>')
		pos++;
	attribute->name = (AcSlice){text + start, pos - start};
	attribute->value = (AcSlice){text + pos, 0};
	start = skip_spaces(tokens, pos);
	if (start >= tokens->len || text[start] != '=')
		return pos;
	pos = start = skip_spaces(tokens, start + 1);
	quote = pos < tokens->len ? text[pos] : '\0';
	if (quote == '"' || quote == '\'')
	{
		pos = find(tokens, start + 1, quote);
		attribute->value = (AcSlice){text + start + 1, pos - start - 1};
		return Min(pos + 1, tokens->len);
	}
	while (pos < tokens->len && !is_space(text[pos]) && text[pos] != '>')
		pos++;
	attribute->value = (AcSlice){text + start, pos - start};
	return pos;
}

/* Reads a tag whose name begins at pos; what comes behind it. */
static size_t
read_tag(const AcHtmlTokens *tokens, size_t pos, AcHtmlToken *token)
{
	const char *text = tokens->text;
	AcHtmlAttribute surplus;
	int n = 0;

	for (; pos < tokens->len && !is_space(text[pos]) && text[pos] != '/' &&
		   text[pos] != '>';
		 pos++)
		if (n < AC_HTML_MAX_NAME)
			token->name[n++] = lower(text[pos]);
	token->name[n] = '\0';
	token->n_attributes = 0;
	for (;;)
	{
		while (pos < tokens->len && (is_space(text[pos]) || text[pos] == '/'))
			pos++;
		if (pos >= tokens->len || text[pos] == '>')
			return Min(pos + 1, tokens->len);
		if (token->n_attributes < AC_HTML_MAX_ATTRIBUTES)
			pos = read_attribute(tokens, pos,
								 &token->attributes[token->n_attributes++]);
		else
			pos = read_attribute(tokens, pos, &surplus);
	}
}

/* The content of a raw element, up to its end tag or the end of the page. */
static bool
read_raw(AcHtmlTokens *tokens, AcHtmlToken *token)
{
	size_t start = tokens->pos;
	size_t end = find(tokens, start, '<');
	size_t name_len = strlen(tokens->raw);

	for (; end < tokens->len; end = find(tokens, end + 1, '<'))
	{
		size_t behind = end + 2 + name_len;

		if (looking_at(tokens, end, "</") &&
			looking_at(tokens, end + 2, tokens->raw) &&
			(behind >= tokens->len || is_space(tokens->text[behind]) ||
			 tokens->text[behind] == '/' || tokens->text[behind] == '>'))
			break;
	}
	token->kind = strcmp(tokens->raw, "title") == 0 ||
						  strcmp(tokens->raw, "textarea") == 0
					  ? AC_HTML_TEXT
					  : AC_HTML_RAW;
	token->text = (AcSlice){tokens->text + start, end - start};
	tokens->pos = end;
	tokens->raw[0] = '\0';
	return end > start;
}

/* Text up to the next markup. */
static void
read_text(AcHtmlTokens *tokens, AcHtmlToken *token)
{
	size_t start = tokens->pos;
	size_t end = find(tokens, start + 1, '<');

	while (end < tokens->len && !is_markup(tokens, end))
		end = find(tokens, end + 1, '<');
	token->kind = AC_HTML_TEXT;
	token->text = (AcSlice){tokens->text + start, end - start};
	tokens->pos = end;
}

bool
ac_htmltoken_next(AcHtmlTokens *tokens, AcHtmlToken *token)
{
	token->n_attributes = 0;
	token->name[0] = '\0';
	if (tokens->raw[0] != '\0' && read_raw(tokens, token))
		return true;
	while (tokens->pos < tokens->len)
	{
		size_t pos = tokens->pos;

		if (tokens->text[pos] != '<' || !is_markup(tokens, pos))
		{
			read_text(tokens, token);
			return true;
		}
		tokens->pos = skip_declaration(tokens, pos);
		if (tokens->pos > pos)
			continue;
		token->kind = tokens->text[pos + 1] == '/' ? AC_HTML_END : AC_HTML_START;
		tokens->pos = read_tag(tokens, pos + (token->kind == AC_HTML_END ? 2 : 1), token);
		if (token->kind == AC_HTML_START && is_raw(token->name))
			strcpy(tokens->raw, token->name);
		return true;
	}
	return false;
}

AcSlice
ac_htmltoken_attribute(const AcHtmlToken *token, const char *name)
{
	size_t len = strlen(name);
	int i;

	for (i = 0; i < token->n_attributes; i++)
	{
		AcSlice own = token->attributes[i].name;

		if (own.len == len && pg_strncasecmp(own.text, name, len) == 0)
			return token->attributes[i].value;
	}
	return (AcSlice){NULL, 0};
}

/* The standard's table for references like "&#128;" (13.2.5.80). */
uint32
ac_htmltoken_windows(unsigned char byte)
{
	static const uint16 points[32] = {
		0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
		0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
		0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

	return byte >= 0x80 && byte < 0xA0 ? points[byte - 0x80] : byte;
}

/* "&#123;" and "&#x7B;". */
static uint32
numeric_reference(const char *text, size_t len, size_t *used)
{
	bool hex = len > 2 && (text[2] == 'x' || text[2] == 'X');
	size_t pos = hex ? 3 : 2;
	size_t start = pos;
	uint32 point = 0;

	for (; pos < len; pos++)
	{
		char c = lower(text[pos]);
		int digit = c >= '0' && c <= '9' ? c - '0' : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
																				 : -1;

		if (digit < 0)
			break;
		point = Min(point * (hex ? 16 : 10) + digit, 0x110000);
	}
	if (pos == start)
		return 0;
	*used = pos + (pos < len && text[pos] == ';');
	if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
		return 0xFFFD;
	return point < 0x100 ? ac_htmltoken_windows((unsigned char) point) : point;
}

/* The names that documentation uses; a flat table. */
static const struct
{
	char name[REFERENCE_MAX_NAME + 1];
	uint16 point;
} references[] = {
	{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", 0xA0}, {"lbrace", '{'}, {"rbrace", '}'}, {"lcub", '{'}, {"rcub", '}'}, {"lbrack", '['}, {"rbrack", ']'}, {"lsqb", '['}, {"rsqb", ']'}, {"lpar", '('}, {"rpar", ')'}, {"colon", ':'}, {"semi", ';'}, {"sol", '/'}, {"bsol", '\\'}, {"quest", '?'}, {"equals", '='}, {"num", '#'}, {"dollar", '$'}, {"percnt", '%'}, {"ast", '*'}, {"plus", '+'}, {"comma", ','}, {"period", '.'}, {"lowbar", '_'}, {"verbar", '|'}, {"vert", '|'}, {"grave", '`'}, {"Hat", '^'}, {"commat", '@'}, {"excl", '!'}, {"Tab", '\t'}, {"NewLine", '\n'}, {"hyphen", 0x2010}, {"dash", 0x2010}, {"ndash", 0x2013}, {"mdash", 0x2014}, {"hellip", 0x2026}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"laquo", 0xAB}, {"raquo", 0xBB}, {"lsaquo", 0x2039}, {"rsaquo", 0x203A}, {"bull", 0x2022}, {"middot", 0xB7}, {"times", 0xD7}, {"larr", 0x2190}, {"rarr", 0x2192}, {"uarr", 0x2191}, {"darr", 0x2193}, {"copy", 0xA9}, {"reg", 0xAE}, {"trade", 0x2122}, {"deg", 0xB0}, {"plusmn", 0xB1}, {"micro", 0xB5}, {"para", 0xB6}, {"sect", 0xA7}, {"euro", 0x20AC}, {"pound", 0xA3}, {"yen", 0xA5}, {"cent", 0xA2}, {"auml", 0xE4}, {"ouml", 0xF6}, {"uuml", 0xFC}, {"Auml", 0xC4}, {"Ouml", 0xD6}, {"Uuml", 0xDC}, {"szlig", 0xDF}, {"eacute", 0xE9}, {"egrave", 0xE8}, {"aacute", 0xE1}, {"agrave", 0xE0}, {"ccedil", 0xE7}, {"ntilde", 0xF1}, {"oacute", 0xF3}, {"iacute", 0xED}, {"uacute", 0xFA}, {"le", 0x2264}, {"ge", 0x2265}, {"ne", 0x2260}, {"ensp", 0x2002}, {"emsp", 0x2003}, {"thinsp", 0x2009}, {"shy", 0xAD}, {"zwnj", 0x200C}, {"zwj", 0x200D}, {"check", 0x2713}, {"cross", 0x2717}};

/*
 * Other names stay as they are.  The semicolon may be missing where no letter
 * or digit follows, as browsers have it for the old names.
 */
uint32
ac_htmltoken_reference(const char *text, size_t len, size_t *used)
{
	size_t n = 1;
	int i;

	Assert(len > 0 && text[0] == '&');
	if (len > 2 && text[1] == '#')
		return numeric_reference(text, len, used);
	while (n < len && n <= REFERENCE_MAX_NAME &&
		   (is_letter(text[n]) || (text[n] >= '0' && text[n] <= '9')))
		n++;
	for (i = 0; i < (int) lengthof(references); i++)
	{
		if (strlen(references[i].name) != n - 1 ||
			memcmp(references[i].name, text + 1, n - 1) != 0)
			continue;
		/* "&lt" in a URL's query "?a=1&lt=2" is a parameter. */
		if (n < len && text[n] == '=')
			return 0;
		*used = n + (n < len && text[n] == ';');
		return references[i].point;
	}
	return 0;
}
