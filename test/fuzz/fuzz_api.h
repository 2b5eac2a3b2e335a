/*
 * fuzz_api.h
 *		What holds of a model whatever description it was read from?
 *
 * Whatever is JSON is read within limits of a size that a hostile document
 * meets soon.  What was read is walked as table planning would: every pointer
 * that must not be NULL is followed, every shape joined with its neighbour.
 *
 * An input that is an array is a document and others beside it: the first is
 * https://a.example/0.json, the next 1.json, and so on; what is null cannot be
 * had.
 */
#ifndef AC_FUZZ_API_H
#define AC_FUZZ_API_H

#include "fuzz.h"

#include "api/api.h"

/* Depth of the walk through shapes; they are cyclic. */
#define WALK_DEPTH 6

/* Shapes looked at per input: breadth to the power of depth is too many. */
#define WALK_MAX_SHAPES 20000

/* Joins of neighbours per input, and their depth. */
#define WALK_MAX_JOINS 20
#define JOIN_DEPTH 4

typedef struct Walk
{
	int shapes;
	int joins;
} Walk;

static void
check_texts(const AcShape *shape)
{
	int i;

	must(shape->kind <= AC_SHAPE_MIXED, "a shape's kind");
	must(shape->n_properties == 0 || shape->properties != NULL, "properties");
	for (i = 0; i < shape->n_enum; i++)
		must(shape->enum_values[i] != NULL, "a value of an enum");
	must(!shape->expandable || shape->scalar != NULL, "a scalar side");
	must(shape->max_length >= -1, "a length");
}

static void
walk_shape(Walk *walk, AcShape *shape, int depth)
{
	int i;

	must(shape != NULL, "a shape");
	if (depth == 0 || walk->shapes++ > WALK_MAX_SHAPES)
		return;
	check_texts(shape);
	for (i = 0; i < shape->n_properties; i++)
	{
		AcProperty *property = &shape->properties[i];

		must(property->name != NULL, "a property's name");
		must(ac_shape_property(shape, property->name) != NULL,
			 "a property found by its name");
		walk_shape(walk, property->shape, depth - 1);
		if (i > 0 && walk->joins++ < WALK_MAX_JOINS)
			check_texts(ac_shape_join(property->shape,
									  shape->properties[i - 1].shape,
									  JOIN_DEPTH));
	}
	if (shape->items != NULL)
		walk_shape(walk, shape->items, depth - 1);
}

static void
walk_endpoint(Walk *walk, const AcEndpoint *endpoint)
{
	int i;

	must(endpoint->path[0] == '/', "a path");
	must(endpoint->response != NULL || endpoint->problem != NULL ||
			 endpoint->undescribed,
		 "an answer, a reason, or a sample that decides");
	must((endpoint->response == NULL) == (endpoint->media_type == NULL),
		 "a media type");
	must((endpoint->request == NULL) == (endpoint->request_media_type == NULL),
		 "a media type of what it takes");
	must(endpoint->confidence == 1, "what is described is sure");
	for (i = 0; i < endpoint->n_params; i++)
	{
		const AcParam *param = &endpoint->params[i];

		must(ac_endpoint_param(endpoint, param->place, param->name) == param,
			 "no two parameters of one name");
		must(param->style != NULL, "a style");
		walk_shape(walk, param->shape, WALK_DEPTH);
	}
	for (i = 0; i < endpoint->n_response_headers; i++)
		must(endpoint->response_headers[i] != NULL, "a header field");
	if (endpoint->response != NULL)
		walk_shape(walk, endpoint->response, WALK_DEPTH);
	if (endpoint->request != NULL)
		walk_shape(walk, endpoint->request, WALK_DEPTH);
}

static void
walk_api(const AcApi *api)
{
	Walk walk = {0, 0};
	int i;

	for (i = 0; i < api->n_endpoints; i++)
		walk_endpoint(&walk, &api->endpoints[i]);
	for (i = 0; i < api->n_server_urls; i++)
		must(api->server_urls[i] != NULL, "a server");
	for (i = 0; i < api->n_notes; i++)
		must(strlen(api->notes[i]) < 1000, "a short note");
	for (i = 0; i < api->n_schemes; i++)
		must(api->schemes[i].id != NULL, "a scheme's name");
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
			walk_api(api);
		else
			must(err.code == AC_ERR_MALFORMED || err.code == AC_ERR_TOO_LARGE,
				 "a reason");
	}
	ac_json_free(parsed);
	ac_alloc_reset();
}

#endif /* AC_FUZZ_API_H */
