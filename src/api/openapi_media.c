/*
 * openapi_media.c
 *		Which of the media types that are offered is read?
 *
 * Media Type Objects (OpenAPI 3.0.4, 4.7.14; 3.1.1, 4.8.14; 3.2.0, 4.14).  JSON
 * in any of its vendors' types comes first, then lines of JSON texts.  Of these
 * a schema describes the whole or, as 3.2's itemSchema does and most mean, one
 * line.
 */
#include "ac.h"

#include "api/openapi_internal.h"

/* Length of a media type without its parameters and trailing blanks. */
static size_t
bare_length(const char *media_type)
{
	size_t len = strcspn(media_type, ";");

	while (len > 0 && (media_type[len - 1] == ' ' || media_type[len - 1] == '\t'))
		len--;
	return len;
}

static bool
bare_equals(const char *media_type, const char *other)
{
	size_t len = bare_length(media_type);

	return len == strlen(other) && pg_strncasecmp(media_type, other, len) == 0;
}

static bool
is_listed(const char *media_type, const char *const *list)
{
	for (; *list != NULL; list++)
	{
		if (bare_equals(media_type, *list))
			return true;
	}
	return false;
}

bool
ac_openapi_media_is_lines(const char *media_type)
{
	static const char *const lines[] = {
		"application/x-ndjson", "application/ndjson", "application/jsonl",
		"application/x-jsonl", "application/jsonlines",
		"application/x-jsonlines", "application/json-lines",
		"application/json-l", "application/stream+json",
		"application/x-json-stream", "text/jsonl", NULL};

	return is_listed(media_type, lines);
}

bool
ac_openapi_media_is_text(const char *media_type)
{
	return bare_equals(media_type, "text/plain");
}

/*
 * An error's format (problem+json) is no answer, a change's (patch+json) is no
 * content, and JSON texts behind record separators (json-seq) are no lines.
 */
int
ac_openapi_media_rank(const char *media_type)
{
	static const char *const others[] = {
		"application/problem+json", "application/json-patch+json",
		"application/merge-patch+json", NULL};
	size_t len = bare_length(media_type);

	if (bare_equals(media_type, "application/json"))
		return media_type[len] == '\0' ? 7 : 6;
	if (is_listed(media_type, others))
		return 0;
	if (ac_openapi_media_is_lines(media_type))
		return 1;
	if (len > 5 && pg_strncasecmp(media_type + len - 5, "+json", 5) == 0)
		return 5;
	if (bare_equals(media_type, "text/json") ||
		bare_equals(media_type, "application/x-json"))
		return 4;
	if (bare_equals(media_type, "application/*"))
		return 3;
	if (bare_equals(media_type, "*/*") || bare_equals(media_type, "*"))
		return 2;
	return 0;
}

/* The whole sample body that a Media Type Object gives; NULL if none. */
static AcJson *
body_example(AcOpenapiReader *reader, AcJson *media)
{
	AcJson *example = ac_json_get(media, "example");
	AcJsonIter it;

	if (example != NULL)
		return example;
	ac_json_iter_init(&it, ac_json_get(media, "examples"));
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
	{
		AcJson *object = ac_openapi_ref_follow(reader, it.value, NULL);

		example = ac_json_get(object, "dataValue");
		if (example == NULL)
			example = ac_json_get(object, "value");
		if (example != NULL)
			return example;
	}
	return NULL;
}

bool
ac_openapi_says_structure(AcOpenapiReader *reader, AcJson *schema)
{
	const char *name = NULL;
	AcJson *meant = ac_openapi_schema_meant(reader, schema, &name);
	const char *type = ac_openapi_text(meant, "type");

	return type != NULL ? strcmp(type, "array") == 0 ||
							  strcmp(type, "object") == 0
						: ac_json_has(meant, "properties");
}

/* What is read of the media type that was chosen. */
static void
take_media(AcOpenapiReader *reader, AcJson *media, AcOpenapiBody *body)
{
	AcJson *items = ac_json_get(media, "itemSchema");

	body->lines = ac_openapi_media_is_lines(body->media_type);
	body->schema = body->lines && items != NULL ? items
												: ac_json_get(media, "schema");
	body->example = body_example(reader, media);
}

/*
 * Text comes last: frameworks list text/plain for everything that they also
 * send as JSON, and some for nothing else.
 */
void
ac_openapi_content_read(AcOpenapiReader *reader, AcJson *content,
						AcOpenapiBody *body)
{
	AcJsonIter it;
	AcJson *best = NULL;
	int best_rank = 0;

	memset(body, 0, sizeof(*body));
	ac_json_iter_init(&it, content);
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
	{
		int rank = 2 * ac_openapi_media_rank(it.key);
		AcJson *media = ac_openapi_ref_follow(reader, it.value, NULL);

		if (rank == 0 && ac_openapi_media_is_text(it.key) &&
			ac_openapi_says_structure(reader, ac_json_get(media, "schema")))
			rank = 1;
		if (rank == 0 && body->other == NULL)
			body->other = it.key;
		if (rank <= best_rank)
			continue;
		body->media_type = it.key;
		best = media;
		best_rank = rank;
	}
	if (body->media_type != NULL)
		take_media(reader, best, body);
}
