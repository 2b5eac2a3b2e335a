/*
 * uritemplate.c
 *		Which path and which parameters does a URI template stand for?
 *		See uritemplate.h.
 */
#include "ac.h"

#include "api/uritemplate.h"
#include "core/url.h"

/* Variables of one template; real ones have up to 20. */
#define MAX_VARIABLES 100

typedef struct Reader
{
	AcUriTemplate *out;
	StringInfoData path;
	StringInfoData optional; /* segments of {/x} at the end */
	StringInfoData query;
	bool in_query;
	int n;
} Reader;

/* Bytes of a variable's name at text; modifiers end it. */
static size_t
name_length(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
						"0123456789_.-%");
}

static void
add_param(Reader *reader, const char *name, size_t len, bool required)
{
	AcUriTemplate *out = reader->out;

	if (out->params == NULL)
		out->params = palloc(MAX_VARIABLES * sizeof(AcUriParam));
	out->params[out->n_params].name = ac_url_decode(name, len, true, NULL);
	out->params[out->n_params++].required = required;
}

/*
 * A variable within the literal query: what stands before it since the last
 * '&' is the parameter's name.
 */
static void
add_query_variable(Reader *reader, const char *variable, size_t len)
{
	StringInfo query = &reader->query;
	char *last = strrchr(query->data, '&');
	char *param = last == NULL ? query->data : last + 1;
	size_t name_len = strcspn(param, "=");

	if (name_len == 0)
		add_param(reader, variable, len, true);
	else
		add_param(reader, param, name_len, true);
	query->len = (int) (last == NULL ? 0 : last - query->data);
	query->data[query->len] = '\0';
}

/* One variable of an expression. */
static void
add_variable(Reader *reader, char operator, const char * name, size_t len)
{
	if (operator== '?' || operator== '&')
		add_param(reader, name, len, false);
	else if (operator== '/')
		appendStringInfo(&reader->optional, "/{%.*s}", (int) len, name);
	else if ((operator== '\0' || operator== '+') && reader->in_query)
		add_query_variable(reader, name, len);
	else if (operator== '\0' || operator== '+')
		appendStringInfo(&reader->path, "{%.*s}", (int) len, name);
}

/* "{...}" at text; its length, 0 if it is malformed. */
static size_t
read_expression(Reader *reader, const char *text)
{
	const char *at = text + 1;
	char operator= '\0';

	if (*at != '\0' && strchr("+#./;?&", *at) != NULL)
		operator= * at++;
	for (;;)
	{
		size_t len = name_length(at);

		if (len == 0 || reader->n++ >= MAX_VARIABLES)
			return 0;
		add_variable(reader, operator, at, len);
		at += len;
		if (*at == '*')
			at++;
		else if (*at == ':')
			at += 1 + strspn(at + 1, "0123456789");
		if (*at == '}')
			return at + 1 - text;
		if (*at != ',')
			return 0;
		at++;
	}
}

/* A character outside expressions, or a segment like ":id"; bytes taken. */
static size_t
read_literal(Reader *reader, const char *text)
{
	StringInfo path = &reader->path;
	size_t len;

	if (reader->in_query)
		appendStringInfoChar(&reader->query, *text);
	else if (*text == '?')
		reader->in_query = true;
	else
	{
		/* something follows: the segments before were not optional */
		appendBinaryStringInfo(path, reader->optional.data,
							   reader->optional.len);
		resetStringInfo(&reader->optional);
		if (*text == ':' && path->len > 0 && path->data[path->len - 1] == '/' &&
			isalpha((unsigned char) text[1]))
		{
			len = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz"
								   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
			appendStringInfo(path, "{%.*s}", (int) len, text + 1);
			return len + 1;
		}
		appendStringInfoChar(path, *text);
	}
	return 1;
}

bool
ac_uritemplate_read(const char *text, AcUriTemplate *out)
{
	Reader reader = {0};

	memset(out, 0, sizeof(*out));
	reader.out = out;
	initStringInfo(&reader.path);
	initStringInfo(&reader.optional);
	initStringInfo(&reader.query);
	while (*text != '\0' && *text != '#')
	{
		size_t len = 0;

		if (*text == '{')
			len = read_expression(&reader, text);
		else if (*text != '}')
			len = read_literal(&reader, text);
		if (len == 0)
			return false;
		text += len;
	}
	out->path = reader.path.data;
	out->query = reader.query.data;
	if (reader.optional.len > 0)
		out->item = psprintf("%s%s", out->path, reader.optional.data);
	return true;
}
