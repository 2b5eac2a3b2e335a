/*
 * model.h
 *		What holds of a model whatever it was read from?
 *
 * It is walked as table planning would: every pointer that must not be NULL is
 * followed, every shape joined with its neighbour.
 */
#ifndef AC_FUZZ_MODEL_H
#define AC_FUZZ_MODEL_H

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

/* What one sort of readers promises beside, about each operation. */
typedef void (*OwnPromise)(const AcEndpoint *endpoint);

static void
walk_endpoint(Walk *walk, const AcEndpoint *endpoint, OwnPromise own)
{
	int i;

	must(endpoint->path[0] == '/', "a path");
	must(endpoint->response != NULL || endpoint->problem != NULL ||
			 endpoint->undescribed,
		 "an answer, a reason, or a sample that decides");
	own(endpoint);
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
walk_api(const AcApi *api, OwnPromise own)
{
	Walk walk = {0, 0};
	int i;

	for (i = 0; i < api->n_endpoints; i++)
		walk_endpoint(&walk, &api->endpoints[i], own);
	for (i = 0; i < api->n_server_urls; i++)
		must(api->server_urls[i] != NULL, "a server");
	for (i = 0; i < api->n_notes; i++)
		must(strlen(api->notes[i]) < 1000, "a short note");
	for (i = 0; i < api->n_schemes; i++)
		must(api->schemes[i].id != NULL, "a scheme's name");
}

#endif /* AC_FUZZ_MODEL_H */
