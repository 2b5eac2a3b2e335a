/*
 * fuzz_api.h
 *		What holds of a model whatever description it was read from?
 *
 * Whatever is JSON is read within limits of a size that a hostile document
 * meets soon, and what was read is walked (model.h).
 *
 * An input that is an array is a document and others beside it: the first is
 * https://a.example/0.json, the next 1.json, and so on; what is null cannot be
 * had.
 */
#ifndef AC_FUZZ_API_H
#define AC_FUZZ_API_H

#include "model.h"

static void
is_described(const AcEndpoint *endpoint)
{
	must((endpoint->response == NULL) == (endpoint->media_type == NULL),
		 "a media type");
	must((endpoint->request == NULL) == (endpoint->request_media_type == NULL),
		 "a media type of what it takes");
	must(endpoint->confidence == 1, "what is described is sure");
}

/* Documents that one input can have. */
#define FUZZ_MAX_DOCUMENTS 8

/* The documents of an input, as a reader is given them. */
static int
read_documents(AcJson *parsed, AcDocument *others, AcReadInput *input)
{
	int n = ac_json_length(parsed);
	int i;

	input->url = "https://a.example/0.json";
	input->doc = n > 0 ? ac_json_at(parsed, 0) : parsed;
	for (i = 1; i < n && i < FUZZ_MAX_DOCUMENTS; i++)
	{
		others[i - 1].method = "GET";
		others[i - 1].url = psprintf("https://a.example/%d.json", i);
		others[i - 1].doc = ac_json_at(parsed, i);
	}
	input->others = others;
	return input->n_others = n > 0 ? Min(n, FUZZ_MAX_DOCUMENTS) - 1 : 0;
}

static void
check_wishes(const AcReader *reader, const AcReadInput *input)
{
	AcWish *wishes;
	int n = reader->wishes(input, &wishes);
	int i;

	for (i = 0; i < n; i++)
	{
		must(strchr(wishes[i].url, '#') == NULL, "no fragment in a wish");
		must(strncmp(wishes[i].url, "http", 4) == 0, "an absolute wish");
		must(ac_read_other(input, wishes[i].method, wishes[i].url) == NULL,
			 "what is there is not wished for");
	}
}

/* Reads one input with the reader of that kind and looks at all of it. */
static void
fuzz_reader(const char *kind, const uint8_t *data, size_t size)
{
	AcReadLimits limits = ac_read_limits_default;
	AcDocument others[FUZZ_MAX_DOCUMENTS];
	AcReadInput input = {.limits = &limits};
	const AcReader *reader;
	AcJson *parsed = NULL;
	AcApi *api = NULL;
	AcError err;

	limits.max_endpoints = 1000;
	limits.max_shapes = 20000;
	if (!ac_json_parse((const char *) data, size, AC_JSON_MAX_DEPTH, &parsed,
					   &err))
	{
		must(err.code != AC_ERR_NONE, "a reason");
		return;
	}
	read_documents(parsed, others, &input);
	reader = ac_api_find_reader(input.doc);
	if (reader != NULL && strcmp(reader->name, kind) == 0)
	{
		check_wishes(reader, &input);
		if (reader->read(&input, &api, &err))
			walk_api(api, is_described);
		else
			must(err.code == AC_ERR_MALFORMED || err.code == AC_ERR_TOO_LARGE,
				 "a reason");
	}
	ac_json_free(parsed);
	ac_alloc_reset();
}

#endif /* AC_FUZZ_API_H */
