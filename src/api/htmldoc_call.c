/*
 * htmldoc_call.c
 *		Which calls does a text, a command or a piece of code make?
 *
 * "GET /path" with what people write between the two, curl's command line,
 * and the clients of Python and JavaScript whose calls begin with the method
 * and end with the URL.
 */
#include "ac.h"

#include "api/htmldoc_internal.h"
#include "core/url.h"

/* Bytes of one command, and of one word of it; the rest of a word is cut. */
#define COMMAND_MAX_BYTES 8000
#define WORD_MAX_BYTES 2000

/* Bytes of a line that is about the call that it begins with. */
#define LINE_MAX_BYTES 100

/* Bytes looked at of a target; more is none. */
#define TARGET_MAX_BYTES 1000

static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE",
									  "HEAD", "OPTIONS"};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_word(char c)
{
	return isalnum((unsigned char) c) || c == '_';
}

static bool
begins(AcSlice text, const char *what)
{
	size_t len = strlen(what);

	return text.len >= len && pg_strncasecmp(text.text, what, len) == 0;
}

static AcSlice
from(AcSlice text, size_t pos)
{
	return (AcSlice){text.text + pos, text.len - pos};
}

/* Schemes. */

static AcSecurityScheme *
new_scheme(AcAuthScheme kind, const char *id, AcParamPlace place, const char *name)
{
	AcSecurityScheme *scheme = palloc0(sizeof(AcSecurityScheme));

	scheme->id = id;
	scheme->scheme = kind;
	scheme->place = place;
	scheme->name = name;
	return scheme;
}

AcSecurityScheme *
ac_doc_scheme_of_field(const char *name, const char *value)
{
	static const char *const keys[] = {"api-key", "apikey", "api_key", "auth-token",
									   "access-token", "auth-key", "private-token", "api-token", "x-token",
									   "subscription-key", "app-key", "secret-key"};
	AcSlice field = {name, strlen(name)};
	size_t i;
	size_t j;

	if (pg_strcasecmp(name, "Authorization") == 0)
	{
		while (*value == ' ')
			value++;
		if (pg_strncasecmp(value, "bearer", 6) == 0)
			return new_scheme(AC_AUTH_BEARER, "bearer", AC_PARAM_HEADER, NULL);
		if (pg_strncasecmp(value, "basic", 5) == 0)
			return new_scheme(AC_AUTH_BASIC, "basic", AC_PARAM_HEADER, NULL);
		return new_scheme(AC_AUTH_API_KEY, "Authorization", AC_PARAM_HEADER, "Authorization");
	}
	for (i = 0; i < lengthof(keys); i++)
		for (j = 0; j < field.len; j++)
			if (begins(from(field, j), keys[i]))
				return new_scheme(AC_AUTH_API_KEY, name, AC_PARAM_HEADER, name);
	return NULL;
}

AcSecurityScheme *
ac_doc_scheme_of_query(const char *name)
{
	static const char *const keys[] = {"api_key", "apikey", "api-key", "key", "token",
									   "access_token", "auth_token", "api_token", "appid", "app_key", "subscription-key"};
	int i;

	for (i = 0; i < (int) lengthof(keys); i++)
		if (pg_strcasecmp(keys[i], name) == 0)
			return new_scheme(AC_AUTH_API_KEY, name, AC_PARAM_QUERY, name);
	return NULL;
}

/* "METHOD target". */

const char *
ac_doc_method(AcSlice text, bool any_case, size_t *len)
{
	int i;

	for (i = 0; i < (int) lengthof(methods); i++)
	{
		size_t n = strlen(methods[i]);

		if (text.len < n || (text.len > n && is_word(text.text[n])) ||
			(any_case ? pg_strncasecmp(text.text, methods[i], n)
					  : strncmp(text.text, methods[i], n)) != 0)
			continue;
		if (len != NULL)
			*len = n;
		return methods[i];
	}
	return NULL;
}

/*
 * Length of the target at the beginning, brackets with what is in them; Sphinx
 * writes "/users/(int: id)".
 */
static size_t
target_length(AcSlice text)
{
	size_t n = 0;
	int angle = 0;
	bool round = false;

	text.len = Min(text.len, TARGET_MAX_BYTES + 1);
	while (n < text.len && (!is_space(text.text[n]) || (round && text.text[n - 1] == ':')) &&
		   text.text[n] != '\0' &&
		   strchr("\"'`\\^", text.text[n]) == NULL && (unsigned char) text.text[n] < 0x7F)
	{
		if (text.text[n] == '<')
			angle++;
		else if (text.text[n] == '>' && --angle < 0)
			break;
		if (text.text[n] == '(' && n > 0 && text.text[n - 1] == '/')
			round = true;
		else if (text.text[n] == ')')
			round = false;
		n++;
	}
	while (n > 0 && strchr(".,;:!)*", text.text[n - 1]) != NULL &&
		   !(text.text[n - 1] == ')' && memchr(text.text, '(', n) != NULL))
		n--;
	return n;
}

/* What stands between method and target: spaces, quotes, a colon. */
static size_t
gap_length(AcSlice text)
{
	size_t n = 0;

	while (n < text.len && (is_space(text.text[n]) || (text.text[n] != '\0' && strchr(":`\"'*|-(", text.text[n]) != NULL)))
		n++;
	return n;
}

static bool
is_blank(AcSlice text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (!is_space(text.text[i]) && strchr("`\"'.:*#|-)", text.text[i]) == NULL)
			return false;
	return true;
}

/* "HTTP/1.1" behind the target is no text of its own. */
static AcSlice
skip_version(AcSlice text)
{
	while (text.len > 0 && is_space(text.text[0]))
		text = from(text, 1);
	if (begins(text, "HTTP/"))
		while (text.len > 0 && !is_space(text.text[0]))
			text = from(text, 1);
	return text;
}

static AcSlice
without_spaces(AcSlice text)
{
	char *copy;
	size_t n = 0;
	size_t i;

	if (text.len == 0 || memchr(text.text, ' ', text.len) == NULL)
		return text;
	copy = palloc(text.len);
	for (i = 0; i < text.len; i++)
		if (text.text[i] != ' ')
			copy[n++] = text.text[i];
	return (AcSlice){copy, n};
}

/* A call whose method stands at pos; what comes behind it, or 0. */
static size_t
call_at(AcSlice text, size_t pos, const AcUrl *url, AcDocCall *call)
{
	bool first = is_blank((AcSlice){text.text, pos});
	size_t len;
	size_t gap;
	const char *method = ac_doc_method(from(text, pos), first, &len);

	if (method == NULL)
		return 0;
	pos += len;
	gap = gap_length(from(text, pos));
	if (gap == 0 || pos + gap >= text.len)
		return 0;
	len = target_length(from(text, pos + gap));
	memset(call, 0, sizeof(*call));
	call->method = method;
	if (!ac_doc_target_read(without_spaces((AcSlice){text.text + pos + gap, len}),
							first && is_blank(skip_version(from(text, pos + gap + len))), url, call))
		return 0;
	return pos + gap + len;
}

bool
ac_doc_call_find(AcSlice text, size_t *pos, const AcUrl *url, AcDocCall *call,
				 bool *whole)
{
	size_t at;

	for (at = *pos; at < text.len; at++)
	{
		size_t behind;

		if (!isalpha((unsigned char) text.text[at]) || (at > 0 && is_word(text.text[at - 1])))
			continue;
		behind = call_at(text, at, url, call);
		if (behind == 0)
			continue;
		/* "GET /path (what it does)" in a short line is about the call, too. */
		*whole = is_blank((AcSlice){text.text, at}) &&
				 (text.len <= LINE_MAX_BYTES || is_blank(skip_version(from(text, behind))));
		*pos = behind;
		return true;
	}
	*pos = text.len;
	return false;
}

/* curl. */

/* Behind white space and what continues a line in one shell or the other. */
static void
skip_gaps(AcSlice *line)
{
	for (;;)
	{
		if (line->len > 0 && (*line->text == ' ' || *line->text == '\t'))
			*line = from(*line, 1);
		else if (line->len > 1 && (*line->text == '\\' || *line->text == '^' || *line->text == '`') &&
				 (line->text[1] == '\n' || line->text[1] == '\r'))
			*line = from(*line, 2);
		else
			return;
	}
}

/* One word of a shell's line, quotes taken off; false at the end of it. */
static bool
next_word(AcSlice *line, AcSlice *word)
{
	char text[WORD_MAX_BYTES];
	size_t n = 0;
	char quote = '\0';

	skip_gaps(line);
	if (line->len == 0 || strchr("\n\r;|&>", *line->text) != NULL)
		return false;
	while (line->len > 0 && (quote != '\0' || !is_space(*line->text)))
	{
		char c = *line->text;
		bool escaped = c == '\\' && quote != '\'' && line->len > 1;

		if (escaped && line->text[1] == '\n')
			break;
		*line = from(*line, escaped ? 2 : 1);
		if (quote == '\0' && (c == '"' || c == '\''))
			quote = c;
		else if (quote != '\0' && c == quote)
			quote = '\0';
		else if (n < WORD_MAX_BYTES)
			text[n++] = escaped ? line->text[-1] : c;
	}
	word->text = pnstrdup(text, n);
	word->len = strlen(word->text);
	return true;
}

static bool
is_option(AcSlice word, const char *brief, const char *full)
{
	return (brief != NULL && strcmp(word.text, brief) == 0) ||
		   (full != NULL && strcmp(word.text, full) == 0);
}

/* Options whose next word is no URL. */
static bool
takes_word(AcSlice word)
{
	static const char *const options[] = {"-o", "-A", "-e", "-b", "-c", "-x", "-m", "-w",
										  "-E", "-T", "--output", "--user-agent", "--referer", "--cookie", "--cookie-jar",
										  "--proxy", "--max-time", "--connect-timeout", "--cert", "--key", "--cacert",
										  "--retry", "--write-out", "--resolve", "--upload-file"};
	int i;

	for (i = 0; i < (int) lengthof(options); i++)
		if (strcmp(word.text, options[i]) == 0)
			return true;
	return false;
}

/* Options that make a POST of it. */
static bool
takes_data(AcSlice word)
{
	return is_option(word, "-d", "--data") || is_option(word, "-F", "--form") ||
		   is_option(word, NULL, "--data-raw") || is_option(word, NULL, "--data-binary") ||
		   is_option(word, NULL, "--data-urlencode") || is_option(word, NULL, "--json") ||
		   is_option(word, NULL, "--form-string");
}

/* What a command line says before it is known to be a call. */
typedef struct Command
{
	const char *method;
	bool get; /* data goes into the query */
	bool data;
	AcSlice url;
	StringInfoData query;
	AcSecurityScheme *scheme;
} Command;

static void
read_header(Command *command, AcSlice word)
{
	char *name = pnstrdup(word.text, word.len);
	char *colon = strchr(name, ':');
	AcSecurityScheme *scheme;

	if (colon == NULL)
		return;
	*colon = '\0';
	scheme = ac_doc_scheme_of_field(name, colon + 1);
	if (scheme != NULL)
		command->scheme = scheme;
}

static void
add_data(Command *command, AcSlice word)
{
	size_t i;

	command->data = true;
	if (word.len == 0 || word.text[0] == '{' || word.text[0] == '@')
		return;
	appendStringInfoChar(&command->query, '&');
	for (i = 0; i < word.len; i++)
		appendStringInfoChar(&command->query, is_space(word.text[i]) ? '+' : word.text[i]);
}

/* An option with its value; false if the word is none that has one. */
static bool
read_option(Command *command, AcSlice option, AcSlice *line)
{
	AcSlice value = {"", 0};
	bool known = takes_word(option) || takes_data(option) ||
				 is_option(option, "-X", "--request") || is_option(option, "-H", "--header") ||
				 is_option(option, "-u", "--user") || is_option(option, NULL, "--url") ||
				 is_option(option, NULL, "--oauth2-bearer");

	if (!known)
		return false;
	if (!next_word(line, &value))
		return true;
	if (is_option(option, "-X", "--request"))
		command->method = ac_doc_method(value, true, NULL);
	else if (is_option(option, "-H", "--header"))
		read_header(command, value);
	else if (is_option(option, "-u", "--user"))
		command->scheme = new_scheme(AC_AUTH_BASIC, "basic", AC_PARAM_HEADER, NULL);
	else if (is_option(option, NULL, "--oauth2-bearer"))
		command->scheme = new_scheme(AC_AUTH_BEARER, "bearer", AC_PARAM_HEADER, NULL);
	else if (is_option(option, NULL, "--url"))
		command->url = value;
	else if (takes_data(option))
		add_data(command, value);
	return true;
}

static void
read_word(Command *command, AcSlice word, AcSlice *line)
{
	char last[3] = {'-', '\0', '\0'};
	size_t i;

	/* "-sSL" are several options, the last of which may take a word. */
	if (word.len > 2 && word.text[0] == '-' && word.text[1] != '-' &&
		strspn(word.text + 1, "sSLkfvgNiGIX") >= word.len - 2)
	{
		for (i = 1; i < word.len; i++)
			command->get |= word.text[i] == 'G';
		last[1] = word.text[word.len - 1];
		word = (AcSlice){pstrdup(last), 2};
	}
	if (word.len > 2 && strncmp(word.text, "-X", 2) == 0 && ac_doc_method(from(word, 2), false, NULL) != NULL)
		command->method = ac_doc_method(from(word, 2), false, NULL);
	else if (is_option(word, "-G", "--get"))
		command->get = true;
	else if (is_option(word, "-I", "--head"))
		command->method = "HEAD";
	else if (word.len > 0 && word.text[0] == '-')
		read_option(command, word, line);
	else if (command->url.len == 0 && ac_doc_method(word, false, NULL) != NULL && memchr(word.text, '/', word.len) == NULL)
		command->method = ac_doc_method(word, false, NULL);
	else if (command->url.len == 0)
		command->url = word;
}

/* Reads a command behind its name; false if it calls nothing. */
static bool
read_command(AcSlice *line, const AcUrl *url, AcDocCall *call)
{
	Command command = {0};
	AcSlice word;
	char *target;

	initStringInfo(&command.query);
	while (next_word(line, &word))
		read_word(&command, word, line);
	memset(call, 0, sizeof(*call));
	if (command.url.len == 0)
		return false;
	target = psprintf("%.*s%s%s", (int) command.url.len, command.url.text,
					  command.get && memchr(command.url.text, '?', command.url.len) == NULL ? "?" : "",
					  command.get ? command.query.data : "");
	if (!ac_doc_target_read((AcSlice){target, strlen(target)}, false, url, call))
		return false;
	call->method = command.method != NULL ? command.method : command.data && !command.get ? "POST"
																						  : "GET";
	if (command.scheme != NULL)
		call->scheme = command.scheme;
	return true;
}

bool
ac_doc_curl_find(AcSlice code, size_t *pos, const AcUrl *url, AcDocCall *call)
{
	static const char *const names[] = {"curl", "http", "https", "wget"};
	size_t at;
	int i;

	for (at = *pos; at < code.len; at++)
	{
		AcSlice line = from(code, at);

		if (at > 0 && code.text[at - 1] != '\n' && code.text[at - 1] != ' ' && code.text[at - 1] != '(')
			continue;
		for (i = 0; i < (int) lengthof(names); i++)
		{
			size_t len = strlen(names[i]);

			if (line.len <= len || strncmp(line.text, names[i], len) != 0 || !is_space(line.text[len]))
				continue;
			/* "http" is a command at the beginning of a line only. */
			if (i > 0 && at > 0 && code.text[at - 1] != '\n' &&
				!(at > 1 && code.text[at - 2] == '$'))
				continue;
			line = (AcSlice){line.text + len, Min(line.len - len, COMMAND_MAX_BYTES)};
			if (!read_command(&line, url, call))
			{
				at = Max(at, (size_t) (line.text - code.text) - 1);
				break;
			}
			*pos = line.text - code.text;
			return true;
		}
	}
	*pos = code.len;
	return false;
}

/* Client libraries. */

/* The method that the name in front of the bracket at pos stands for. */
static const char *
client_method(AcSlice code, size_t pos)
{
	size_t start = pos;
	AcSlice name;

	while (start > 0 && is_word(code.text[start - 1]))
		start--;
	name = (AcSlice){code.text + start, pos - start};
	if (name.len == 5 && (begins(name, "fetch") || begins(name, "axios")))
		return "GET";
	if (start == 0 || code.text[start - 1] != '.')
		return NULL;
	return ac_doc_method(name, true, NULL);
}

bool
ac_doc_client_find(AcSlice code, size_t *pos, const AcUrl *url, AcDocCall *call)
{
	size_t at;

	for (at = *pos; at + 2 < code.len; at++)
	{
		const char *method;
		size_t start = at + 1;

		if (code.text[at] != '(' || (method = client_method(code, at)) == NULL)
			continue;
		while (start < code.len && is_space(code.text[start]))
			start++;
		if (start < code.len && code.text[start] == 'f')
			start++;
		if (start >= code.len || strchr("\"'`", code.text[start]) == NULL || code.text[start] == '\0')
			continue;
		start++;
		memset(call, 0, sizeof(*call));
		call->method = method;
		*pos = start;
		if (ac_doc_target_read((AcSlice){code.text + start, target_length(from(code, start))}, false, url, call))
			return true;
	}
	*pos = code.len;
	return false;
}
