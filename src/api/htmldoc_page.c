/*
 * htmldoc_page.c
 *		What does one page of documentation say, in the order it says it?
 *
 * Blocks are read from top to bottom.  What follows a call belongs to it
 * (tables and lists of parameters, example bodies) until the next call, or a
 * heading that is no lower than the one the call stands under.  Calls within
 * sentences and in client code are evidence, but nothing belongs to them.
 */
#include "ac.h"

#include "api/htmldoc_internal.h"
#include "core/text.h"

/* Calls kept; the largest references have some 2,000 endpoints. */
#define PAGE_MAX_MENTIONS 10000

/* Bases kept. */
#define PAGE_MAX_BASES 50

/* Schemes kept. */
#define PAGE_MAX_SCHEMES 10

/* Bytes of a text that says what follows it; more is a sentence. */
#define LABEL_MAX_BYTES 80

/* Blocks between two looks at the interrupt flag. */
#define PAGE_INTERRUPT_BLOCKS 200

typedef struct Walk
{
	AcDocReader *reader;
	int block;			 /* index of the one being read */
	const char *heading; /* the last one */
	int heading_level;
	const char *label; /* the last heading or short text */
	AcDocTopic topic;  /* of what follows */
	int current;	   /* mention that what follows belongs to, -1: none */
	int level;		   /* of the heading that it stands under */
} Walk;

static AcSlice
slice(const char *text)
{
	return (AcSlice){text, strlen(text)};
}

/* Collecting. */

static void
vote_scheme(AcDocReader *reader, const AcSecurityScheme *scheme, int votes)
{
	int i;

	for (i = 0; i < reader->n_schemes; i++)
	{
		const AcSecurityScheme *other = &reader->schemes[i];

		if (other->scheme == scheme->scheme && other->place == scheme->place &&
			(scheme->name == NULL || pg_strcasecmp(scheme->name, other->name) == 0))
		{
			reader->scheme_votes[i] += votes;
			return;
		}
	}
	if (reader->n_schemes == PAGE_MAX_SCHEMES)
		return;
	if (reader->schemes == NULL)
	{
		reader->schemes = palloc(PAGE_MAX_SCHEMES * sizeof(AcSecurityScheme));
		reader->scheme_votes = palloc(PAGE_MAX_SCHEMES * sizeof(int));
	}
	reader->schemes[reader->n_schemes] = *scheme;
	reader->scheme_votes[reader->n_schemes++] = votes;
}

static void
add_base(AcDocReader *reader, const char *origin, const char *path)
{
	size_t len = strlen(path);
	int i;

	while (len > 0 && path[len - 1] == '/')
		len--;
	path = pnstrdup(path, len);
	for (i = 0; i < reader->n_bases; i++)
	{
		AcDocBase *base = &reader->bases[i];

		if (strcmp(base->path, path) != 0 || (base->origin == NULL) != (origin == NULL) ||
			(origin != NULL && strcmp(base->origin, origin) != 0))
			continue;
		base->votes++;
		return;
	}
	if (reader->n_bases == PAGE_MAX_BASES)
		return;
	if (reader->bases == NULL)
		reader->bases = palloc(PAGE_MAX_BASES * sizeof(AcDocBase));
	reader->bases[reader->n_bases++] = (AcDocBase){origin, path, 1};
}

static bool
grow(AcDocReader *reader)
{
	if (reader->n_mentions >= PAGE_MAX_MENTIONS)
	{
		reader->overflow = true;
		return false;
	}
	if (reader->n_mentions < reader->max_mentions)
		return true;
	reader->max_mentions = Max(reader->max_mentions * 2, 32);
	reader->mentions = reader->mentions == NULL ? palloc(reader->max_mentions * sizeof(AcDocMention)) : repalloc(reader->mentions, reader->max_mentions * sizeof(AcDocMention));
	return true;
}

/* Keeps a call; false if there are too many. */
static bool
add_mention(Walk *walk, const AcDocCall *call, AcDocEvidence evidence,
			const char *summary)
{
	AcDocReader *reader = walk->reader;
	AcDocMention *mention;

	if (!grow(reader))
		return false;
	mention = &reader->mentions[reader->n_mentions];
	memset(mention, 0, sizeof(*mention));
	mention->call = *call;
	mention->evidence = evidence;
	mention->unit = walk->current >= 0 ? reader->mentions[walk->current].unit : reader->n_mentions;
	mention->heading = walk->heading;
	mention->summary = summary;
	mention->source = psprintf("%s%s/html/blocks/%d", reader->where,
							   reader->where[0] != '\0' ? "#" : "", walk->block);
	if (call->scheme != NULL)
	{
		vote_scheme(reader, call->scheme, 3);
		reader->needs_auth = true;
	}
	if (evidence != AC_DOC_PROSE && evidence != AC_DOC_CLIENT && evidence != AC_DOC_TABLE)
	{
		if (walk->current < 0)
			walk->level = walk->heading_level;
		walk->current = reader->n_mentions;
	}
	reader->n_mentions++;
	return true;
}

static AcDocMention *
current(Walk *walk)
{
	return walk->current >= 0 ? &walk->reader->mentions[walk->current] : NULL;
}

/* Statements. */

/* "Base URL: https://api.example.com/v1", "paths begin with /api". */
static void
read_base(Walk *walk, const char *text, bool labelled)
{
	static const char *const words[] = {"base url", "base uri", "base path", "api root",
										"root url", "root endpoint", "base endpoint", "api endpoint", "all requests",
										"api requests", "all urls", "all api", "prefixed with", "url prefix",
										"api url", "served at", "available at", "hosted at", "server url", NULL};
	const char *at;
	AcDocCall call = {0};

	if (!labelled && !ac_text_has_any(text, words))
		return;
	at = strstr(text, "http");
	if (at == NULL || (strncmp(at, "http://", 7) != 0 && strncmp(at, "https://", 8) != 0))
	{
		if (!ac_text_has(text, "base path") && !ac_text_has(text, "prefix") && !labelled)
			return;
		at = strchr(text, '/');
		if (at == NULL || (at > text && isalnum((unsigned char) at[-1])))
			return;
	}
	{
		size_t len = strcspn(at, " \t\n\"'`<>),;");

		while (len > 0 && strchr(".:*/", at[len - 1]) != NULL)
			len--;
		/* An origin alone is a base, too, but no target. */
		if (!ac_doc_target_read((AcSlice){psprintf("%.*s/", (int) Min(len, 1000), at), Min(len, 1000) + 1},
								false, walk->reader->url, &call) &&
			call.origin == NULL)
			return;
	}
	if (call.path != NULL && strchr(call.path, '{') != NULL)
		return;
	add_base(walk->reader, call.origin, call.path != NULL ? call.path : "");
}

/* Names of header fields and parameters that carry keys. */
static void
read_key_names(AcDocReader *reader, const char *text)
{
	bool header = ac_text_has(text, "header");
	bool query = ac_text_has(text, "query") || ac_text_has(text, "param");

	while (*text != '\0')
	{
		size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
		AcSecurityScheme *scheme = NULL;

		if (len > 2 && len < 40)
		{
			char *word = pnstrdup(text, len);

			if (header && (strchr(word, '-') != NULL || pg_strcasecmp(word, "apikey") == 0) &&
				word[0] != '-' && pg_strcasecmp(word, "api-key") != 0)
				scheme = ac_doc_scheme_of_field(word, "");
			else if (query && (strchr(word, '_') != NULL || pg_strcasecmp(word, "apikey") == 0))
				scheme = ac_doc_scheme_of_query(word);
			if (scheme != NULL)
				vote_scheme(reader, scheme, 1);
			else
				pfree(word);
		}
		text += Max(len, 1);
	}
}

static void
read_auth(AcDocReader *reader, const char *text)
{
	static const char *const words[] = {"authenticat", "authoriz", "token", "api key",
										"apikey", "api-key", "api_key", NULL};
	static const char *const needs[] = {"must be authenticated", "requires authentication",
										"require authentication", "must include", "need an api key", "requires an api key",
										"required for all", "authenticate with", "authenticated with", NULL};
	AcSecurityScheme scheme = {0};

	if (!ac_text_has_any(text, words))
		return;
	reader->needs_auth |= ac_text_has_any(text, needs);
	scheme.place = AC_PARAM_HEADER;
	if (ac_text_has(text, "authorization: bearer") || ac_text_has(text, "bearer token") || ac_text_has(text, "bearer auth"))
	{
		scheme.id = "bearer";
		scheme.scheme = AC_AUTH_BEARER;
		vote_scheme(reader, &scheme, 1);
	}
	if (ac_text_has(text, "basic auth") || ac_text_has(text, "http basic") || ac_text_has(text, "authorization: basic"))
	{
		scheme.id = "basic";
		scheme.scheme = AC_AUTH_BASIC;
		vote_scheme(reader, &scheme, 1);
	}
	if (ac_text_has(text, "header") || ac_text_has(text, "query") || ac_text_has(text, "param"))
		read_key_names(reader, text);
}

/* Blocks. */

/* Parts of an endpoint's section, whatever level their headings have. */
static bool
is_part(const char *heading)
{
	static const char *const words[] = {"parameter", "argument", "response", "request",
										"example", "return", "header", "body", "error", "description", "query", "usage",
										"code sample", NULL};

	return strlen(heading) < 40 && ac_text_has_any(heading, words);
}

static void
read_heading(Walk *walk, const AcJson *block, const char *text)
{
	int level = (int) ac_json_int(ac_json_get(block, "level"), 1);
	AcDocCall call;
	size_t pos = 0;
	bool whole;

	if (level <= walk->level && !is_part(text))
		walk->current = -1;
	walk->topic = ac_doc_topic(text);
	walk->label = text;
	if (walk->reader->title == NULL && level == 1)
		walk->reader->title = text;
	if (ac_doc_call_find(slice(text), &pos, walk->reader->url, &call, &whole))
	{
		walk->current = -1;
		walk->heading_level = level;
		if (!add_mention(walk, &call, AC_DOC_HEADING, NULL))
			return;
		walk->heading = text;
		walk->reader->mentions[walk->reader->n_mentions - 1].heading = text;
		return;
	}
	walk->heading = text;
	walk->heading_level = level;
	if (text[0] != '/' || strchr(text, ' ') != NULL)
		return;
	/* A path alone is a resource that can be got, if it can be anything. */
	memset(&call, 0, sizeof(call));
	call.method = "GET";
	if (ac_doc_target_read(slice(text), false, walk->reader->url, &call) &&
		add_mention(walk, &call, AC_DOC_PROSE, NULL))
	{
		walk->current = walk->reader->n_mentions - 1;
		walk->level = level;
	}
}

/* All calls of a text; true if there is any. */
static bool
read_calls(Walk *walk, AcSlice text, AcDocEvidence if_whole, AcDocEvidence otherwise)
{
	AcDocCall call;
	size_t pos = 0;
	bool any = false;
	bool whole;

	while (ac_doc_call_find(text, &pos, walk->reader->url, &call, &whole))
	{
		if (!add_mention(walk, &call, whole ? if_whole : otherwise, NULL))
			break;
		any = true;
	}
	return any;
}

static bool
read_curls(Walk *walk, AcSlice text)
{
	AcDocCall call;
	size_t pos = 0;
	bool any = false;

	while (ac_doc_curl_find(text, &pos, walk->reader->url, &call) &&
		   add_mention(walk, &call, AC_DOC_CURL, NULL))
		any = true;
	return any;
}

static bool
is_base_label(const char *label)
{
	return ac_text_has(label, "base url") || ac_text_has(label, "base uri") || ac_text_has(label, "api root") ||
		   ac_text_has(label, "root endpoint") || ac_text_has(label, "base path") || ac_text_has(label, "base endpoint");
}

static void
read_text_line(Walk *walk, const char *text)
{
	AcDocMention *mention;
	AcDocTopic topic;
	bool labelled = is_base_label(walk->label) && strchr(text, ' ') == NULL;

	read_base(walk, text, labelled);
	read_auth(walk->reader, text);
	if (strncmp(text, "curl ", 5) == 0 && read_curls(walk, slice(text)))
		return;
	if (read_calls(walk, slice(text), AC_DOC_LINE, AC_DOC_PROSE))
		return;
	mention = current(walk);
	if (mention != NULL && ac_doc_params_of_item(mention, text, walk->topic))
		return;
	if (strlen(text) > LABEL_MAX_BYTES || text[strlen(text) - 1] == '.')
		return;
	topic = ac_doc_topic(text);
	if (topic != AC_DOC_TOPIC_UNKNOWN || text[strlen(text) - 1] == ':')
		walk->topic = topic;
	walk->label = text;
}

static void
read_text(Walk *walk, const char *text)
{
	while (*text != '\0')
	{
		size_t len = strcspn(text, "\n");

		if (len > 0)
			read_text_line(walk, text[len] == '\0' ? text : pnstrdup(text, len));
		text += len + (text[len] == '\n');
	}
}

/* Is this body one that a successful call is answered with? */
static bool
is_answer(Walk *walk, const AcDocMention *mention, const char *text)
{
	bool answers = ac_text_has(walk->label, "response") || ac_text_has(walk->label, "return") ||
				   ac_text_has(walk->label, "result") || ac_text_has(walk->label, "200");

	if (strncmp(text, "HTTP/", 5) == 0)
		return strlen(text) > 9 && strchr(text, ' ') != NULL && strchr(text, ' ')[1] == '2';
	if (ac_text_has(walk->label, "error") || walk->topic == AC_DOC_TOPIC_BODY)
		return false;
	if (ac_text_has(walk->label, "request") && !answers)
		return false;
	return answers || strcmp(mention->call.method, "GET") == 0;
}

/* "Host: api.example.com", "Authorization: Bearer ..." below a request. */
static void
read_fields(Walk *walk, AcDocCall *call, const char *text)
{
	const char *line = strchr(text, '\n');

	while (line != NULL && line[1] != '\n' && line[1] != '\0')
	{
		size_t len = strcspn(line + 1, ":\n");
		char *name = pnstrdup(line + 1, len);
		size_t value_len;
		const char *value;

		if (line[1 + len] != ':')
			break;
		value = line + 2 + len + strspn(line + 2 + len, " ");
		value_len = strcspn(value, "\r\n");
		if (pg_strcasecmp(name, "Host") == 0 && call->origin == NULL)
		{
			AcDocCall host = {0};

			if (ac_doc_target_read(slice(psprintf("https://%.*s/x", (int) Min(value_len, 200), value)), false,
								   walk->reader->url, &host))
				call->origin = host.origin;
		}
		else if (call->scheme == NULL)
			call->scheme = ac_doc_scheme_of_field(name, pnstrdup(value, value_len));
		line = strchr(line + 1, '\n');
	}
}

/* Requests as they go over the wire, or lists of them. */
static bool
read_requests(Walk *walk, const char *text)
{
	bool any = false;

	while (*text != '\0')
	{
		size_t len = strcspn(text, "\n");
		AcSlice line = {text, len};
		AcDocCall call;
		size_t pos = 0;
		bool whole;

		if (ac_doc_method(line, false, NULL) != NULL &&
			ac_doc_call_find(line, &pos, walk->reader->url, &call, &whole))
		{
			read_fields(walk, &call, text);
			if (!add_mention(walk, &call, AC_DOC_HTTP, NULL))
				return any;
			any = true;
		}
		text += len + (text[len] == '\n');
	}
	return any;
}

static void
read_clients(Walk *walk, AcSlice text)
{
	AcDocCall call;
	size_t pos = 0;

	while (ac_doc_client_find(text, &pos, walk->reader->url, &call) &&
		   add_mention(walk, &call, AC_DOC_CLIENT, NULL))
		continue;
}

static void
read_code(Walk *walk, const AcJson *block, const char *text)
{
	AcDocMention *mention = current(walk);
	AcJson *json = ac_json_get(block, "json");

	if (json != NULL)
	{
		if (mention != NULL && mention->example == NULL && is_answer(walk, mention, text))
			mention->example = json;
		return;
	}
	if (strchr(text, '\n') == NULL)
		read_base(walk, text, is_base_label(walk->label));
	if (!read_curls(walk, slice(text)) && !read_requests(walk, text))
		read_clients(walk, slice(text));
	walk->topic = AC_DOC_TOPIC_UNKNOWN;
}

/* A row of a table of endpoints; false if it is none. */
static bool
read_row(Walk *walk, const AcJson *row)
{
	const char *summary = NULL;
	const char *method = NULL;
	AcDocCall call = {0};
	bool called = false;
	int i;

	for (i = 0; i < ac_json_length(row); i++)
	{
		const char *text = ac_json_string(ac_json_at(row, i), NULL);
		size_t len = 0;
		size_t pos = 0;
		bool whole;

		if (method == NULL && (method = ac_doc_method(slice(text), true, &len)) != NULL && text[len] == '\0')
			continue;
		if (text[len] != '\0' && len > 0)
			method = NULL;
		if (!called && method == NULL && ac_doc_call_find(slice(text), &pos, walk->reader->url, &call, &whole))
			called = true, method = call.method;
		else if (!called && strchr(text, ' ') == NULL && ac_doc_target_read(slice(text), method != NULL, walk->reader->url, &call))
			called = true;
		else if (summary == NULL && text[0] != '\0')
			summary = text;
	}
	if (!called || method == NULL)
		return false;
	call.method = method;
	add_mention(walk, &call, AC_DOC_TABLE, summary);
	return true;
}

static void
read_table(Walk *walk, const AcJson *block)
{
	const AcJson *rows = ac_json_get(block, "rows");
	AcDocMention *mention;
	int calls = 0;
	int i;

	for (i = 0; i < ac_json_length(rows) && !walk->reader->overflow; i++)
		calls += read_row(walk, ac_json_at(rows, i));
	mention = current(walk);
	if (calls == 0 && mention != NULL && mention->n_params < AC_DOC_MAX_PARAMS)
		ac_doc_params_of_table(mention, block, walk->topic);
	for (i = 0; i < ac_json_length(rows) && calls == 0 && i < 50; i++)
	{
		const char *first = ac_json_string(ac_json_at(ac_json_at(rows, i), 0), NULL);
		const char *second = ac_json_string(ac_json_at(ac_json_at(rows, i), 1), NULL);

		if (second != NULL && is_base_label(first))
			read_base(walk, second, true);
	}
	walk->topic = AC_DOC_TOPIC_UNKNOWN;
}

static void
read_block(Walk *walk, const AcJson *block)
{
	const char *kind = ac_json_get_string(block, "kind");
	const char *text = ac_json_get_string(block, "text");

	if (kind == NULL)
		return;
	if (strcmp(kind, "table") == 0)
		read_table(walk, block);
	else if (text == NULL || text[0] == '\0')
		return;
	else if (strcmp(kind, "heading") == 0)
		read_heading(walk, block, text);
	else if (strcmp(kind, "text") == 0)
		read_text(walk, text);
	else if (strcmp(kind, "code") == 0)
		read_code(walk, block, text);
}

void
ac_doc_page_read(AcDocReader *reader, const AcJson *doc)
{
	const AcJson *html = ac_json_get(doc, "html");
	const AcJson *blocks = ac_json_get(html, "blocks");
	const AcReadLimits *limits = reader->input->limits;
	Walk walk = {.reader = reader, .current = -1, .topic = AC_DOC_TOPIC_UNKNOWN};

	for (walk.block = 0; walk.block < ac_json_length(blocks) && !reader->overflow; walk.block++)
	{
		if (walk.block % PAGE_INTERRUPT_BLOCKS == PAGE_INTERRUPT_BLOCKS - 1 &&
			limits->interrupted != NULL && limits->interrupted(limits->interrupted_arg))
		{
			reader->failed = true;
			ac_error_set(reader->err, AC_ERR_INTERRUPTED, "interrupted");
			return;
		}
		read_block(&walk, ac_json_at(blocks, walk.block));
	}
}

/* Cheaper than reading: the first call ends it. */
bool
ac_doc_page_speaks(const AcJson *doc)
{
	const AcJson *blocks = ac_json_get(ac_json_get(doc, "html"), "blocks");
	AcReadInput input = {.limits = &ac_read_limits_default};
	AcDocReader reader = {.input = &input, .where = ""};
	Walk walk = {.reader = &reader, .current = -1, .topic = AC_DOC_TOPIC_UNKNOWN};

	for (walk.block = 0; walk.block < ac_json_length(blocks) && reader.n_mentions == 0; walk.block++)
		read_block(&walk, ac_json_at(blocks, walk.block));
	return reader.n_mentions > 0;
}
