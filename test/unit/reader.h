/*
 * reader.h
 *		How does a test read a document and show what was read?
 *
 * Documents are written with single quotes for double ones.
 */
#ifndef AC_READER_H
#define AC_READER_H

#include "ac.h"

#include "api/api.h"
#include "tap.h"

/* Documents of one test, freed by reader_done(). */
#define READER_MAX_DOCS 20

static AcJson *reader_docs[READER_MAX_DOCS];
static int reader_n_docs = 0;
static AcApi *reader_api = NULL;

static inline AcJson *
reader_parse(const char *text)
{
	char *copy = pstrdup(text);
	AcJson *doc = NULL;
	AcError err;
	char *at;

	for (at = copy; *at != '\0'; at++)
		if (*at == '\'')
			*at = '"';
	if (reader_n_docs == READER_MAX_DOCS ||
		!ac_json_parse(copy, strlen(copy), AC_JSON_MAX_DEPTH, &doc, &err))
	{
		diag("%s in %s", err.message, copy);
		abort();
	}
	reader_docs[reader_n_docs++] = doc;
	return doc;
}

/* Frees what the last reading left. */
static inline void
reader_done(void)
{
	if (reader_api != NULL)
		ac_json_free(reader_api->owned);
	reader_api = NULL;
	while (reader_n_docs > 0)
		ac_json_free(reader_docs[--reader_n_docs]);
}

typedef bool (*ReaderRead)(const AcReadInput *input, AcApi **api, AcError *err);

static inline AcApi *
reader_read_input(ReaderRead read, AcReadInput *input, AcError *err)
{
	ac_error_clear(err);
	if (input->limits == NULL)
		input->limits = &ac_read_limits_default;
	if (read(input, &reader_api, err) != (reader_api != NULL))
		abort();
	return reader_api;
}

static inline AcApi *
reader_read(ReaderRead read, const char *text, const char *url)
{
	AcReadInput input = {.doc = reader_parse(text), .url = url};
	AcError err;
	AcApi *api = reader_read_input(read, &input, &err);

	if (api == NULL)
	{
		diag("%s: %s", err.message, text);
		abort();
	}
	return api;
}

/* "GET /users/{id} ?page=integer,q!" with "+x=1" for what is always sent. */
static inline char *
reader_endpoint(const AcEndpoint *endpoint)
{
	StringInfoData out;
	const char *separator = " ?";
	int i;

	initStringInfo(&out);
	appendStringInfo(&out, "%s %s", endpoint->method, endpoint->path);
	if (endpoint->query != NULL)
		appendStringInfo(&out, " +%s", endpoint->query);
	for (i = 0; i < endpoint->n_params; i++)
	{
		const AcParam *param = &endpoint->params[i];

		if (param->place != AC_PARAM_QUERY)
			continue;
		appendStringInfo(&out, "%s%s%s", separator, param->name, param->required ? "!" : "");
		if (param->shape->kind != AC_SHAPE_STRING)
			appendStringInfo(&out, "=%s", ac_shape_kind_name(param->shape->kind));
		separator = ",";
	}
	return out.data;
}

/* All endpoints, one a line without the last line's end. */
static inline char *
reader_endpoints(const AcApi *api)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < api->n_endpoints; i++)
		appendStringInfo(&out, "%s%s", i > 0 ? "\n" : "", reader_endpoint(&api->endpoints[i]));
	return out.data;
}

static inline bool
reader_noted(const AcApi *api, const char *part)
{
	int i;

	for (i = 0; i < api->n_notes; i++)
		if (strstr(api->notes[i], part) != NULL)
			return true;
	for (i = 0; i < api->n_notes; i++)
		diag("note: %s", api->notes[i]);
	return false;
}

#endif /* AC_READER_H */
