/*
 * envelope_keys.c
 *		What do the keys of an answer tell of what stands under them?
 *
 * The lists of doc/inference.md S3 and what was met since.  Names are normalised (lower
 * case, no separators), as ac_names_in() compares them.
 */
#include "ac.h"

#include "api/envelope_int.h"
#include "api/names.h"

/* S3's R: keys under which rows usually stand, normalised. */
static const char *const row_keys[] = {
	"data", "items", "results", "result", "entries", "records", "rows",
	"values", "value", "objects", "content", "documents", "hits", "elements",
	"list", "members", "features", "resources", "edges", "nodes", "docs",
	"entities", "payload", "graph", "member", "hydramember", NULL};

/* What XML calls each of several, and JSON made of it the list of them. */
static const char *const row_singulars[] = {
	"item", "entry", "record", "row", "element", "member", "document", "doc",
	"feature", "resource", "node", "hit", "entity", NULL};

/* S3's D: keys under which arrays stand that are not the rows. */
static const char *const decoy_keys[] = {
	"errors", "warnings", "links", "meta", "metadata", "included",
	"includes", "facets", "aggregations", "order", "sort", "filters",
	"breadcrumbs", "schema", "columns", "pagination", "paging", "extras",
	"headers", "responsemetadata", "pageinfo", "debug", "trace", NULL};

/* D only where another candidate exists. */
static const char *const weak_decoy_keys[] = {"messages", "fields", NULL};

/* Fields that speak of the answer. */
static const char *const control_keys[] = {
	"count", "total", "totalcount", "totalitems", "totalresults", "totalsize",
	"totalrecords", "totalentries", "totalpages", "totalelements",
	"numresults", "resultcount", "matches", "next", "previous", "prev",
	"first", "last", "current", "page", "pages", "pageno", "pagenumber",
	"pagesize", "perpage", "pagecount", "size", "limit", "offset", "start",
	"skip", "from", "to", "hasmore", "hasnext", "hasprevious", "hasprev",
	"hasnextpage", "hasadditional", "more", "moreavailable", "nextpage",
	"prevpage", "previouspage", "nextlink", "nexturl", "previousurl",
	"nextpageurl", "prevpageurl", "nextpageuri", "previouspageuri",
	"firstpageuri", "lastpageuri", "nextpagetoken", "prevpagetoken",
	"nextcursor", "prevcursor", "previouscursor", "nexttoken", "nextmarker",
	"prevmarker", "nextstreamposition", "continue", "cursor", "cursors",
	"startingafter", "endingbefore", "scrollid", "object", "kind",
	"apiversion", "metadata", "meta", "links", "link", "paging", "pagination",
	"responsemetadata", "status", "statuscode", "success", "ok", "error",
	"errors", "message", "messages", "code", "warnings", "warning",
	"requestid", "traceid", "url", "uri", "href", "self", "etag", "truncated",
	"incompleteresults", "incomplete", "jsonapi", "included", "order",
	"orderby", "sort", "sortby", "query", "filters", "took", "timedout",
	"cachets", "odatacontext", "odatacount", "odatanextlink", "facets",
	"aggregations", "version", "timestamp", "needed", "provided",
	"responsetime", "callstack", "pageinfo", "shards", "maxscore", "header",
	"headers", "responseheader", "startposition", "startindex", "maxresults",
	"numofrows", "numrows", "itemsperpage", "time", "servertime", "generated",
	"generatedat", "help", "disclaimer", "batchcomplete", "ttl", "lastupdated",
	"lastupdatedat", "islast", "endofrecords", "draw", "recordstotal",
	"recordsfiltered", "resultsperpage", "nbhits", "nbpages", "hitsperpage",
	"processingtimems", "querytime", "copyright", "attribution",
	"exceededtransferlimit", "hydratotalitems", "hydraview", "hydrasearch",
	NULL};

/* Fields that only what is a part of many has. */
static const char *const paging_keys[] = {
	"count", "total", "totalcount", "totalitems", "totalresults", "totalsize",
	"totalrecords", "totalentries", "totalpages", "totalelements", "next",
	"previous", "prev", "page", "pages", "pageno", "pagenumber", "pagesize",
	"perpage", "pagecount", "offset", "hasmore", "hasnext", "nextpage",
	"prevpage", "nextlink", "nexturl", "nextpagetoken", "nextcursor",
	"nexttoken", "startindex", "itemsperpage", "numofrows", "maxresults",
	"pagination", "paging", NULL};

/* Those beside which a lone object is the payload of a wrapper. */
static const char *const status_keys[] = {
	"status", "statuscode", "success", "ok", "error", "errors", "message",
	"messages", "code", "warnings", "warning", "meta", "links", "requestid",
	"traceid", "jsonapi", "included", "timestamp", "callstack",
	"responsemetadata", "responsetime", "time", "help", NULL};

/* What a wrapper calls the one thing that it wraps. */
static const char *const payload_keys[] = {
	"data", "result", "results", "response", "payload", "item", "object",
	"entity", "record", NULL};

/* Errors have these members and no others. */
static const char *const error_keys[] = {
	"error", "errors", "errordescription", "erroruri", "errorcode",
	"errormessage", "errorid", "errno", "fault", "faultstring", "exception",
	"message", "msg", "detail", "details", "title", "type", "status", "code",
	"statuscode", "httpstatus", "instance", "path", "method", "timestamp",
	"time", "requestid", "traceid", "correlationid", "success", "ok",
	"documentationurl", "helpurl", "help", "hint", "reason", "description",
	"moreinfo", "info", "meta", "links", "jsonapi", "trace", "stack",
	"stacktrace", "url", "fields", "field", "subcode", "errorsubcode",
	"severity", "domain", "version", "apiversion", NULL};

/* Some of them say that something failed, whatever their value. */
static const char *const failure_keys[] = {
	"error", "errors", "errorcode", "errormessage", "errordescription",
	"errno", "fault", "exception", NULL};

/* Words about it, and what stands beside words only in errors. */
static const char *const word_keys[] = {
	"message", "msg", "detail", "title", "reason", NULL};
static const char *const code_keys[] = {
	"status", "code", "statuscode", "httpstatus", "documentationurl",
	"instance", NULL};

/* An error leaves empty what would hold rows. */
static const char *const result_keys[] = {
	"data", "result", "results", "items", "response", "payload", "records",
	"body", NULL};

/* Where the names of columns stand. */
static const char *const names_keys[] = {
	"columns", "fields", "header", "headers", "names", "cols", "columnnames",
	"fieldnames", "schema", "keys", "variables", "attributes", "rowtype", NULL};

/* Media types of texts one after the other. */
static const char *const line_types[] = {
	"ndjson", "jsonl", "jsonlines", "json-lines", "json-seq", "x-json-stream",
	"stream+json", "ldjson", "geo+json-seq", NULL};

/* OpenSearch's names in what was XML. */
static const char *
without_prefix(const char *name)
{
	size_t len = strlen("opensearch:");

	return strncmp(name, "opensearch:", len) == 0 ? name + len : name;
}

bool
ac_envelope_is_control(const char *name)
{
	/* annotations, too */
	return name[0] == '@' || ac_names_in(without_prefix(name), control_keys);
}

bool
ac_envelope_is_paging(const char *name)
{
	return ac_names_in(without_prefix(name), paging_keys);
}

bool
ac_envelope_is_row_singular(const char *key)
{
	return ac_names_in(key, row_singulars);
}

bool
ac_envelope_is_failure(const char *key)
{
	return ac_names_in(key, failure_keys) || ac_names_equal(key, "warnings");
}

bool
ac_envelope_is_reporting(const AcShape *row)
{
	int i;

	for (i = 0; i < row->n_properties; i++)
		if (!ac_envelope_is_control(row->properties[i].name))
			return false;
	return row->n_properties > 0;
}

bool
ac_envelope_is_row_key(const char *key)
{
	return ac_names_in(key, row_keys);
}

bool
ac_envelope_is_decoy(const char *key)
{
	return ac_names_in(key, decoy_keys);
}

bool
ac_envelope_is_weak_decoy(const char *key)
{
	return ac_names_in(key, weak_decoy_keys);
}

bool
ac_envelope_is_status(const char *key)
{
	return ac_names_in(key, status_keys);
}

bool
ac_envelope_is_payload(const char *key)
{
	return ac_names_in(key, payload_keys);
}

bool
ac_envelope_is_lines(const char *media_type)
{
	int i;

	for (i = 0; media_type != NULL && line_types[i] != NULL; i++)
		if (strstr(media_type, line_types[i]) != NULL)
			return true;
	return false;
}

bool
ac_envelope_is_nothing(const AcJson *value)
{
	AcJsonIter it;

	switch (ac_json_kind(value))
	{
		case AC_JSON_ABSENT:
		case AC_JSON_NULL:
			return true;
		case AC_JSON_BOOL:
			return !ac_json_bool(value, true);
		case AC_JSON_INT:
			return ac_json_int(value, -1) == 0;
		case AC_JSON_STRING:
			return ac_json_string(value, NULL)[0] == '\0';
		case AC_JSON_ARRAY:
			return ac_json_length(value) == 0;
		case AC_JSON_OBJECT:
			ac_json_iter_init(&it, value);
			return !ac_json_iter_next(&it);
		default:
			return false;
	}
}

/* "ok", "success", 200: a state that is no failure. */
static bool
is_fine(const AcJson *value)
{
	static const char *const fine[] = {
		"ok", "success", "succeeded", "up", "healthy", "pass", "online",
		"active", "running", "ready", "available", "operational", NULL};
	int64 code = ac_json_int(value, -1);
	const char *text = ac_json_string(value, NULL);

	return (code >= 200 && code <= 299) || code == 0 ||
		   (text != NULL && (ac_names_in(text, fine) || text[0] == '2'));
}

/* What the members of an object say of a failure. */
typedef struct Signs
{
	int members;
	bool failure; /* a member that only failures have, with a value */
	bool refused; /* "success": false */
	bool words;
	bool code;
	bool others; /* members that errors do not have */
} Signs;

static void
take_sign(Signs *signs, const char *key, const AcJson *value)
{
	bool nothing = ac_envelope_is_nothing(value);

	signs->members++;
	if (ac_names_in(key, failure_keys) && !nothing)
		signs->failure = true;
	if ((ac_names_equal(key, "success") || ac_names_equal(key, "ok")) &&
		ac_json_kind(value) == AC_JSON_BOOL && nothing)
		signs->refused = true;
	if (ac_names_in(key, word_keys) && ac_json_kind(value) == AC_JSON_STRING &&
		!nothing)
		signs->words = true;
	if (ac_names_in(key, code_keys) && !nothing && !is_fine(value))
		signs->code = true;
	if (!ac_names_in(key, error_keys) &&
		!(ac_names_in(key, result_keys) && nothing))
		signs->others = true;
}

static bool
is_error_object(const AcJson *object)
{
	Signs signs = {0};
	AcJsonIter it;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it))
		take_sign(&signs, it.key, it.value);
	if (signs.others || signs.members == 0)
		return false;
	return signs.failure || signs.refused || (signs.words && signs.code) ||
		   (signs.words && signs.members == 1);
}

bool
ac_envelope_is_error(const AcJson *body)
{
	int n = ac_json_length(body);
	int i;

	if (ac_json_kind(body) == AC_JSON_OBJECT)
		return is_error_object(body);
	/* [{"message": [...]}]: no row, but what went wrong */
	if (n == 1 && ac_json_kind(ac_json_get(ac_json_at(body, 0), "message")) ==
					  AC_JSON_ARRAY)
	{
		AcJsonIter it;

		ac_json_iter_init(&it, ac_json_at(body, 0));
		return ac_json_iter_next(&it) && !ac_json_iter_next(&it);
	}
	/* a list of errors has nothing else in it */
	for (i = 0; i < n; i++)
		if (ac_json_kind(ac_json_at(body, i)) != AC_JSON_OBJECT ||
			!is_error_object(ac_json_at(body, i)) ||
			(!ac_json_has(ac_json_at(body, i), "errorCode") &&
			 !ac_json_has(ac_json_at(body, i), "error")))
			return false;
	return n > 0;
}

bool
ac_envelope_is_asked_error(const AcPath *path, const AcJson *body)
{
	AcJsonIter it;
	int i;

	ac_json_iter_init(&it, body);
	while (ac_json_iter_next(&it))
	{
		int n = ac_json_length(it.value);

		if (ac_json_kind(it.value) != AC_JSON_ARRAY || n == 0 ||
			!ac_envelope_names_noun(path, it.key))
			continue;
		for (i = 0; i < n; i++)
			if (ac_json_kind(ac_json_at(it.value, i)) != AC_JSON_OBJECT ||
				is_error_object(ac_json_at(it.value, i)))
				return false;
		return true;
	}
	return false;
}

bool
ac_envelope_is_names(const AcShape *shape, const char *key)
{
	static const char *const pointers[] = {AC_ROWPLAN_NAMES};
	int i;

	if (shape->kind != AC_SHAPE_ARRAY || shape->items == NULL ||
		!ac_names_in(key, names_keys))
		return false;
	if (shape->items->kind == AC_SHAPE_STRING)
		return true;
	for (i = 0; i < (int) lengthof(pointers); i++)
	{
		const AcProperty *name = ac_shape_property(shape->items,
												   pointers[i] + 1);

		if (name != NULL && name->shape->kind == AC_SHAPE_STRING)
			return true;
	}
	return false;
}
