/*
 * reader.h
 *		What must hold for whatever a reader of documents makes of any input?
 *
 * Used by the fuzz targets of readers: a document within small limits is
 * sniffed and read, alone and with itself as the other document that the
 * reader wished for, and the model is walked as table planning would.
 */
#ifndef AC_FUZZ_READER_H
#define AC_FUZZ_READER_H

#include "model.h"

#include "core/url.h"

/* Where the fuzzed document stands. */
#define FUZZ_URL "https://api.example/v1/"

/* Rounds of wishes; each is told the document itself. */
#define FUZZ_MAX_OTHERS 30

static void
is_found(const AcEndpoint *endpoint)
{
	char **names;
	int n = ac_url_template_vars(endpoint->path, &names);
	int i;

	must(endpoint->source != NULL && endpoint->found != NULL, "a source");
	must(endpoint->confidence > 0 && endpoint->confidence <= 1, "a confidence");
	must(n >= 0 || endpoint->problem != NULL, "a template");
	for (i = 0; i < n; i++)
		must(endpoint->problem != NULL ||
				 ac_endpoint_param(endpoint, AC_PARAM_PATH, names[i]) != NULL,
			 "a parameter for each variable");
	if (endpoint->example != NULL)
		pfree(ac_json_to_text(endpoint->example));
}

static void
read_once(const AcReader *reader, const AcReadInput *input)
{
	AcApi *api = NULL;
	AcError err;

	if (reader->read(input, &api, &err))
	{
		must(api->kind != NULL, "a kind");
		walk_api(api, is_found);
		ac_json_free(api->owned);
	}
	else
		must(api == NULL && (err.code == AC_ERR_MALFORMED || err.code == AC_ERR_TOO_LARGE),
			 "a reason");
}

/* Reads with what the reader wished for, which is the document again. */
static void
read_with_others(const AcReader *reader, const AcReadInput *input)
{
	AcDocument others[FUZZ_MAX_OTHERS];
	AcReadInput more = *input;
	AcWish *wishes;
	int n;
	int i;

	more.others = others;
	while (reader->wishes != NULL &&
		   (n = reader->wishes(&more, &wishes)) > 0 && more.n_others < FUZZ_MAX_OTHERS)
	{
		for (i = 0; i < n && more.n_others < FUZZ_MAX_OTHERS; i++)
		{
			must(ac_read_other(&more, wishes[i].method, wishes[i].url) == NULL,
				 "a new wish");
			others[more.n_others].method = wishes[i].method;
			others[more.n_others].url = wishes[i].url;
			others[more.n_others].doc = more.n_others % 2 != 0 ? input->doc : NULL;
			more.n_others++;
		}
	}
	if (more.n_others > 0)
		read_once(reader, &more);
}

static int
fuzz_reader(const AcReader *reader, const uint8_t *data, size_t size)
{
	AcReadLimits limits = ac_read_limits_default;
	AcReadInput input = {.url = FUZZ_URL, .limits = &limits};
	AcError err;

	limits.max_endpoints = 500;
	limits.max_shapes = 20000;
	if (!ac_json_parse((const char *) data, size, AC_JSON_MAX_DEPTH, &input.doc,
					   &err))
		must(err.code != AC_ERR_NONE, "a reason");
	else
	{
		read_once(reader, &input);
		if (reader->sniff(input.doc))
			read_with_others(reader, &input);
		input.url = NULL;
		read_once(reader, &input);
	}
	ac_json_free(input.doc);
	ac_alloc_reset();
	return 0;
}

#endif /* AC_FUZZ_READER_H */
