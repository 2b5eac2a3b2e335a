/*
 * har.c
 *		Which reads does a recorded archive of requests (HAR 1.2) show?
 *
 * A browser's or proxy's record has everything that a page loads.  What
 * counts are GETs answered with JSON, of the origin that has most of them;
 * requests of one path template are one endpoint.  Archives are full of
 * credentials: header fields, cookies and values of parameters never get into
 * the model, and secrets in example bodies are masked.
 */
#include "ac.h"

#include "api/har.h"
#include "api/har_path.h"
#include "api/names.h"
#include "api/tableplan_path.h"
#include "core/pointer.h"
#include "core/url.h"

/* Longest answer that becomes an example (doc/inference.md S2). */
#define MAX_EXAMPLE (2 * 1024 * 1024)

/* Requests looked at; the record of a long session has some thousands. */
#define MAX_ENTRIES 20000

/* Longest URL of a request (RFC 9110 4.1 asks servers for 8000). */
#define MAX_URL 8192

/* Header fields looked at in one request; browsers send some 20. */
#define MAX_HEADERS 100

typedef struct Entry
{
	AcHarPath path;
	AcUrl url;
	const AcJson *request;
	const char *body; /* NULL: none was kept */
	size_t len;
	bool base64;
	int index; /* in the archive */
} Entry;

/* What is known of an endpoint while entries are folded. */
typedef struct Folded
{
	int requests;
	const Entry *best; /* with the longest body */
} Folded;

typedef struct Archive
{
	AcEndpoints list;
	Entry **entries;
	AcHarPath **paths; /* of the entries */
	int n;
	int left_out; /* files, pages, other origins, other methods */
} Archive;

bool
ac_har_sniff(const AcJson *doc)
{
	const AcJson *log = ac_json_get(doc, "log");

	return ac_json_kind(ac_json_get(log, "entries")) == AC_JSON_ARRAY &&
		   (ac_json_has(log, "version") || ac_json_has(log, "creator"));
}

/* Is the entry a GET that was answered with JSON? */
static bool
is_json_read(const AcJson *entry)
{
	const AcJson *response = ac_json_get(entry, "response");
	const char *method = ac_json_get_string(ac_json_get(entry, "request"), "method");
	const char *type = ac_json_get_string(ac_json_get(response, "content"), "mimeType");
	int64 status = ac_json_int(ac_json_get(response, "status"), 0);

	return method != NULL && pg_strcasecmp(method, "GET") == 0 &&
		   status / 100 == 2 && type != NULL && strstr(type, "json") != NULL;
}

/* The entry, NULL if it is none that counts. */
static Entry *
read_entry(const AcJson *node, int index)
{
	const AcJson *request = ac_json_get(node, "request");
	const AcJson *content = ac_json_get(ac_json_get(node, "response"), "content");
	const char *url = ac_json_get_string(request, "url");
	const char *encoding = ac_json_get_string(content, "encoding");
	Entry *entry;

	if (!is_json_read(node) || url == NULL || strlen(url) > MAX_URL)
		return NULL;
	entry = palloc0(sizeof(Entry));
	if (!ac_url_parse(url, &entry->url, NULL) ||
		!ac_har_path_read(entry->url.path, &entry->path))
		return NULL;
	entry->request = request;
	entry->body = ac_json_string(ac_json_get(content, "text"), &entry->len);
	entry->base64 = encoding != NULL && pg_strcasecmp(encoding, "base64") == 0;
	entry->path.body = entry->base64 ? NULL : entry->body;
	entry->index = index;
	return entry;
}

static void
read_entries(Archive *archive, const AcJson *entries)
{
	int n = ac_json_length(entries);
	int i;

	archive->entries = palloc(MAX_ENTRIES * sizeof(Entry *));
	for (i = 0; i < n && ac_endpoints_spend(&archive->list, 1); i++)
	{
		Entry *entry = read_entry(ac_json_at(entries, i), i);

		if (entry == NULL)
			archive->left_out++;
		else
			archive->entries[archive->n++] = entry;
		if (archive->n == MAX_ENTRIES)
		{
			ac_endpoints_note(&archive->list, "only the first %d reads were looked at", MAX_ENTRIES);
			break;
		}
	}
}

/* Keeps the entries of the origin that has most. */
static void
choose_origin(Archive *archive)
{
	AcShapeMap counts;
	const char *best = NULL;
	intptr_t most = 0;
	int kept = 0;
	int i;

	ac_shape_map_init(&counts);
	for (i = 0; i < archive->n; i++)
	{
		char *origin = ac_url_origin(&archive->entries[i]->url);
		AcShapeMapEntry *entry = ac_shape_map_enter(&counts, origin, strlen(origin));
		intptr_t count = (intptr_t) entry->value + 1;

		entry->value = (void *) count;
		if (count > most)
			best = origin;
		most = Max(most, count);
	}
	ac_shape_map_free(&counts);
	for (i = 0; i < archive->n; i++)
	{
		Entry *entry = archive->entries[i];

		if (strcmp(ac_url_origin(&entry->url), best) == 0)
			archive->entries[kept++] = entry;
		else
			archive->left_out++;
	}
	archive->n = kept;
}

static void
vary_paths(Archive *archive)
{
	int i;

	archive->paths = palloc(Max(archive->n, 1) * sizeof(AcHarPath *));
	for (i = 0; i < archive->n; i++)
		archive->paths[i] = &archive->entries[i]->path;
	ac_har_path_vary(&archive->list, archive->paths, archive->n);
}

/* The prefix ("/api/v1") that all paths share. */
static char *
base_of(const Archive *archive)
{
	char *dir = NULL;
	const AcPath *path;
	StringInfoData out;
	int i;

	for (i = 0; i < archive->n; i++)
		dir = ac_endpoints_common_dir(dir, ac_har_path_template(archive->paths[i]));
	initStringInfo(&out);
	if (dir == NULL)
		return out.data;
	/* what ends in a prefix is all prefix; another noun stays in the paths */
	path = ac_path_parse(psprintf("%s/x", dir));
	for (i = 0; i < path->count - 1 && path->segments[i].prefix; i++)
		appendStringInfo(&out, "/%s", path->segments[i].text);
	return out.data;
}

/* 0 .. 63 for a character of base64, else -1. */
static int
base64_value(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
								 "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int) (at - digits);
}

/* The body as it was; NULL if it is no base64 (RFC 4648 4). */
static char *
decode_base64(const char *text, size_t len, size_t *decoded_len)
{
	char *out = palloc(len / 4 * 3 + 4);
	uint32 bits = 0;
	int n_bits = 0;
	size_t i;

	*decoded_len = 0;
	for (i = 0; i < len && text[i] != '='; i++)
	{
		int value = base64_value(text[i]);

		if (value < 0 && isspace((unsigned char) text[i]))
			continue;
		if (value < 0)
			return NULL;
		bits = (bits << 6 | value) & 0xFFFFFF;
		n_bits += 6;
		if (n_bits >= 8)
		{
			n_bits -= 8;
			out[(*decoded_len)++] = (char) (bits >> n_bits & 0xFF);
		}
	}
	return out;
}

static void
read_example(Archive *archive, AcEndpoint *endpoint, const Entry *entry)
{
	const char *body = entry->body;
	size_t len = entry->len;

	if (entry->base64)
		body = decode_base64(body, len, &len);
	if (body != NULL)
		ac_endpoints_example(&archive->list, endpoint, body, len);
}

/* The kind of credentials that a request was sent with. */
static void
read_credentials(Archive *archive, const Entry *entry)
{
	AcJson *headers = ac_json_get(entry->request, "headers");
	int n = Min(ac_json_length(headers), MAX_HEADERS);
	int i;

	for (i = 0; i < n; i++)
	{
		const char *name = ac_json_get_string(ac_json_at(headers, i), "name");
		const char *value = ac_json_get_string(ac_json_at(headers, i), "value");

		if (name != NULL && value != NULL)
			ac_endpoints_scheme_of_header(&archive->list, name, value);
	}
}

/* One endpoint per template; folded has one element for each. */
static void
fold_entry(Archive *archive, const Entry *entry, const char *base, Folded *folded)
{
	AcEndpoints *list = &archive->list;
	char *template = ac_har_path_template(&entry->path);
	AcEndpoint *endpoint;
	Folded *known;

	endpoint = ac_endpoints_enter(list, "GET", ac_endpoints_below(base, template), NULL);
	if (endpoint == NULL)
		return;
	known = &folded[endpoint - list->api->endpoints];
	known->requests++;
	ac_endpoints_query(list, endpoint, entry->url.query, false);
	if (entry->body != NULL && entry->len <= MAX_EXAMPLE &&
		(known->best == NULL || entry->len > known->best->len))
		known->best = entry;
	if (endpoint->source == NULL)
		endpoint->source = ac_pointer_child_index("/log/entries", entry->index);
	read_credentials(archive, entry);
}

static void
add_endpoints(Archive *archive)
{
	AcApi *api = archive->list.api;
	Folded *folded = palloc0(Max(archive->n, 1) * sizeof(Folded));
	char *base = base_of(archive);
	int i;

	ac_endpoints_server(&archive->list,
						psprintf("%s%s", ac_url_origin(&archive->entries[0]->url),
								 base[0] == '\0' ? "/" : base));
	for (i = 0; i < archive->n; i++)
		fold_entry(archive, archive->entries[i], base, folded);
	for (i = 0; i < api->n_endpoints; i++)
	{
		AcEndpoint *endpoint = &api->endpoints[i];

		endpoint->found = psprintf("%d request%s of the archive", folded[i].requests,
								   folded[i].requests == 1 ? "" : "s");
		if (folded[i].best != NULL)
			read_example(archive, endpoint, folded[i].best);
	}
}

bool
ac_har_read(const AcReadInput *input, AcApi **api, AcError *err)
{
	const AcJson *log = ac_json_get(input->doc, "log");
	Archive archive = {0};

	*api = NULL;
	if (!ac_har_sniff(input->doc))
		return ac_error_set(err, AC_ERR_MALFORMED,
							"the document is no archive of requests (HAR)");
	ac_endpoints_init(&archive.list, input, "har", err);
	read_entries(&archive, ac_json_get(log, "entries"));
	if (archive.n == 0 && !archive.list.failed)
		return ac_error_set(err, AC_ERR_MALFORMED,
							"the archive has no GET that was answered with JSON");
	if (archive.n > 0)
	{
		choose_origin(&archive);
		archive.list.api->title = archive.entries[0]->url.host;
		vary_paths(&archive);
		add_endpoints(&archive);
	}
	archive.list.api->spec_version = ac_json_get_string(log, "version");
	if (archive.left_out > 0)
		ac_endpoints_note(&archive.list,
						  "%d requests to other origins, by other methods or without JSON were left out",
						  archive.left_out);
	return ac_endpoints_finish(&archive.list, api);
}
