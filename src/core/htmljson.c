/*
 * htmljson.c
 *		What does an example of JSON in documentation say?  See htmljson.h.
 */
#include "ac.h"

#include "core/htmljson.h"

/* Bytes of an example; the largest real ones have some 100 kB. */
#define EXAMPLE_MAX_BYTES (4 * 1024 * 1024)

/* Depth of an example. */
#define EXAMPLE_MAX_DEPTH 64

/* What json-c takes for an empty object, and for any other node. */
#define EXAMPLE_OBJECT_BYTES 800
#define EXAMPLE_NODE_BYTES 100

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static AcSlice
trim(AcSlice text)
{
	while (text.len > 0 && is_space(text.text[0]))
		text.text++, text.len--;
	while (text.len > 0 && is_space(text.text[text.len - 1]))
		text.len--;
	return text;
}

/* Behind the head of an HTTP answer: "HTTP/1.1 200 OK", fields, a blank line. */
static AcSlice
skip_head(AcSlice text)
{
	size_t i;

	text = trim(text);
	if (text.len < 5 || memcmp(text.text, "HTTP/", 5) != 0)
		return text;
	for (i = 0; i + 1 < text.len; i++)
		if (text.text[i] == '\n' && text.text[i + 1] == '\n')
			return trim((AcSlice){text.text + i, text.len - i});
	return (AcSlice){text.text, 0};
}

/* Behind the string that begins at pos. */
static size_t
skip_string(AcSlice text, size_t pos)
{
	for (pos++; pos < text.len && text.text[pos] != '"'; pos++)
		if (text.text[pos] == '\\')
			pos++;
	return Min(pos + 1, text.len);
}

/* Behind a comment or "..." at pos; pos if there is none. */
static size_t
skip_comment(AcSlice text, size_t pos)
{
	const char *at = text.text + pos;
	size_t rest = text.len - pos;

	if (rest >= 3 && memcmp(at, "...", 3) == 0)
		return pos + 3;
	if (rest >= 3 && memcmp(at, "\xE2\x80\xA6", 3) == 0)
		return pos + 3;
	if (at[0] == '#' || (rest >= 2 && at[0] == '/' && at[1] == '/'))
	{
		while (pos < text.len && text.text[pos] != '\n')
			pos++;
		return pos;
	}
	if (rest >= 2 && at[0] == '/' && at[1] == '*')
	{
		for (pos += 3; pos < text.len; pos++)
			if (text.text[pos] == '/' && text.text[pos - 1] == '*')
				return pos + 1;
		return text.len;
	}
	return pos;
}

/*
 * Appends one character outside of strings; a comma only once something
 * follows it that is neither a comma nor the end of a list.
 */
static size_t
put(char *out, size_t n, char c, bool *comma)
{
	if (is_space(c))
		return n;
	if (c == ',')
	{
		*comma = n > 0 && out[n - 1] != '[' && out[n - 1] != '{';
		return n;
	}
	if (*comma && c != ']' && c != '}')
		out[n++] = ',';
	*comma = false;
	out[n++] = c;
	return n;
}

/* Copies text without what is no JSON; the copy has room for all of it. */
static size_t
clean(AcSlice text, char *out)
{
	bool comma = false;
	size_t pos = 0;
	size_t n = 0;

	while (pos < text.len)
	{
		size_t end = skip_comment(text, pos);

		if (end > pos)
		{
			pos = end;
			continue;
		}
		n = put(out, n, text.text[pos], &comma);
		if (text.text[pos] != '"')
		{
			pos++;
			continue;
		}
		end = skip_string(text, pos);
		memcpy(out + n, text.text + pos + 1, end - pos - 1);
		n += end - pos - 1;
		pos = end;
	}
	return n;
}

int64
ac_htmljson_cost(AcSlice text)
{
	int64 cost = 0;
	size_t i;

	for (i = 0; i < text.len; i++)
		cost += text.text[i] == '{' || text.text[i] == '[' ? EXAMPLE_OBJECT_BYTES : text.text[i] == ',' ? EXAMPLE_NODE_BYTES
																										: 1;
	return cost;
}

AcJson *
ac_htmljson_parse(AcSlice text)
{
	AcJson *doc = NULL;
	char *copy;

	text = skip_head(text);
	if (text.len == 0 || text.len > EXAMPLE_MAX_BYTES ||
		(text.text[0] != '{' && text.text[0] != '['))
		return NULL;
	if (ac_json_parse(text.text, text.len, EXAMPLE_MAX_DEPTH, &doc, NULL))
		return doc;
	copy = malloc(text.len + 1);
	if (copy == NULL)
		return NULL;
	if (!ac_json_parse(copy, clean(text, copy), EXAMPLE_MAX_DEPTH, &doc, NULL))
		doc = NULL;
	free(copy);
	return doc;
}
