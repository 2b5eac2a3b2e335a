/*
 * pointer.c
 *		How are JSON Pointers (RFC 6901) read and written?  See pointer.h.
 */
#include "ac.h"

#include "core/pointer.h"
#include "core/text.h"

/* Unescapes [p, p + len); NULL if a '~' is not followed by 0 or 1. */
static char *
unescape(const char *p, size_t len)
{
	char *token = palloc(len + 1);
	size_t n = 0;
	size_t i;

	for (i = 0; i < len; i++)
	{
		char c = p[i];

		if (c == '~')
		{
			i++;
			if (i == len || (p[i] != '0' && p[i] != '1'))
				return NULL;
			c = p[i] == '0' ? '~' : '/';
		}
		token[n++] = c;
	}
	token[n] = '\0';
	return token;
}

bool
ac_pointer_parse(const char *text, AcPointer *pointer, AcError *err)
{
	const char *p;
	int n = 0;

	pointer->tokens = NULL;
	pointer->count = 0;
	if (*text != '\0' && *text != '/')
	{
		ac_error_set(err, AC_ERR_OPTION_VALUE,
					 "invalid JSON Pointer: it does not begin with \"/\"");
		return ac_error_hint(err, "Write \"/%.100s\" for a member of that name.",
							 text);
	}
	for (p = text; *p; p++)
		n += *p == '/';
	if (n > AC_POINTER_MAX_TOKENS)
		return ac_error_set(err, AC_ERR_OPTION_VALUE,
							"invalid JSON Pointer: more than %d steps",
							AC_POINTER_MAX_TOKENS);
	pointer->tokens = palloc(sizeof(char *) * Max(n, 1));
	p = text;
	while (*p == '/')
	{
		size_t len = strcspn(p + 1, "/");
		char *token = unescape(p + 1, len);

		if (token == NULL)
		{
			ac_error_set(err, AC_ERR_OPTION_VALUE,
						 "invalid JSON Pointer: \"~\" is not followed by 0 or 1");
			return ac_error_hint(err, "Write \"~0\" for \"~\" and \"~1\" for \"/\" in a name.");
		}
		pointer->tokens[pointer->count++] = token;
		p += len + 1;
	}
	Assert(pointer->count == n);
	return true;
}

static void
append_escaped(StringInfo out, const char *token)
{
	for (; *token; token++)
	{
		if (*token == '~')
			appendStringInfoString(out, "~0");
		else if (*token == '/')
			appendStringInfoString(out, "~1");
		else
			appendStringInfoChar(out, *token);
	}
}

char *
ac_pointer_escape(const char *token)
{
	StringInfoData out;

	initStringInfo(&out);
	append_escaped(&out, token);
	return ac_text_keep(&out);
}

char *
ac_pointer_child(const char *parent, const char *token)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%s/", parent);
	append_escaped(&out, token);
	return ac_text_keep(&out);
}

char *
ac_pointer_child_index(const char *parent, int index)
{
	Assert(index >= 0);
	return psprintf("%s/%d", parent, index);
}

int
ac_pointer_index(const char *token)
{
	int64 index = 0;
	const char *p;

	if (*token == '\0' || (token[0] == '0' && token[1] != '\0'))
		return -1;
	for (p = token; *p; p++)
	{
		if (*p < '0' || *p > '9')
			return -1;
		index = index * 10 + (*p - '0');
		if (index > PG_INT32_MAX)
			return -1;
	}
	return (int) index;
}

bool
ac_pointer_is_below(const char *above, const char *below)
{
	size_t len = strlen(above);

	return strncmp(above, below, len) == 0 &&
		   (below[len] == '\0' || below[len] == '/');
}
