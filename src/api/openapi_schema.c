/*
 * openapi_schema.c
 *		What does one schema say, put together from all its parts?
 *
 * Schema Objects of OpenAPI 3.0 (4.7.24 of 3.0.4) and 3.1 (JSON Schema
 * 2020-12): allOf, oneOf, anyOf and $ref with siblings, beside the schema's
 * own keywords (api/openapi_keyword).  `not`, `if` and `dependentSchemas` only
 * narrow what is admitted and are not looked at.
 */
#include "ac.h"

#include "api/openapi_internal.h"

/* References and wrappers in a row that say nothing; real ones have three. */
#define SCHEMA_MAX_WRAPPERS 32

/* A keyword that has no bearing on the shape. */
static bool
is_silent(const char *keyword)
{
	return strncmp(keyword, "x-", 2) == 0 || strcmp(keyword, "$comment") == 0;
}

/* The one keyword that has a say, NULL if there are several or none. */
static const char *
only_keyword(const AcJson *schema)
{
	AcJsonIter it;
	const char *only = NULL;

	ac_json_iter_init(&it, schema);
	while (ac_json_iter_next(&it))
	{
		if (is_silent(it.key))
			continue;
		if (only != NULL)
			return NULL;
		only = it.key;
	}
	return only;
}

/*
 * The list of one schema that a schema consists of, as in {"allOf": [x]}, or
 * NULL.
 */
static AcJson *
wrapped(const AcJson *schema)
{
	const char *only;
	AcJson *list;

	if (ac_json_kind(schema) != AC_JSON_OBJECT ||
		ac_json_has(schema, "x-nullable"))
		return NULL;
	only = only_keyword(schema);
	if (only == NULL || (strcmp(only, "allOf") != 0 &&
						 strcmp(only, "oneOf") != 0 &&
						 strcmp(only, "anyOf") != 0))
		return NULL;
	list = ac_json_get(schema, only);
	return ac_json_length(list) == 1 ? ac_json_at(list, 0) : NULL;
}

/*
 * 3.0: whatever stands beside $ref is ignored.  3.1: it counts, so that only
 * a lone $ref is the same as its target.
 */
static bool
is_plain_ref(const AcOpenapiReader *reader, const AcJson *schema)
{
	if (ac_openapi_ref(schema) == NULL)
		return false;
	return reader->v30 || only_keyword(schema) != NULL;
}

/* The target of one $ref, not of the chain: it may have siblings. */
AcJson *
ac_openapi_schema_meant(AcOpenapiReader *reader, AcJson *schema,
						const char **name)
{
	int hops;

	for (hops = 0; hops < SCHEMA_MAX_WRAPPERS; hops++)
	{
		AcJson *inner;

		if (is_plain_ref(reader, schema))
		{
			schema = ac_openapi_ref_target(reader, schema, name);
			if (schema == NULL)
				return NULL;
		}
		else if ((inner = wrapped(schema)) != NULL)
			schema = inner;
		else
			return schema;
	}
	ac_openapi_note(reader, "a schema is only a reference to itself");
	return NULL;
}

/* What a fill has put together so far. */
typedef struct Composition
{
	AcOpenapiReader *reader;
	AcShape *sum; /* NULL: nothing yet */
	int depth;
} Composition;

/*
 * Each intermediate sum has memory of its own: later ones may refer to it.  Most
 * schemas have one part only, which then is the sum.
 */
static void
merge_shape(Composition *composition, AcShape *shape)
{
	AcOpenapiReader *reader = composition->reader;
	AcShape *sum = palloc(sizeof(AcShape));

	if (composition->sum == NULL && shape->kind != AC_SHAPE_UNKNOWN)
		*sum = *shape;
	else
		ac_shape_merge_level(sum,
							 composition->sum != NULL ? composition->sum : ac_shape_new(AC_SHAPE_UNKNOWN),
							 shape, &reader->children);
	ac_openapi_spend(reader, 1 + sum->n_properties + sum->n_enum);
	composition->sum = sum;
}

/* A circle of compositions says nothing: it is cut here. */
static void
merge_node(Composition *composition, AcOpenapiNode *node)
{
	AcOpenapiReader *reader = composition->reader;

	if (ac_openapi_node_fill(reader, node, composition->depth + 1))
		merge_shape(composition, &node->shape);
	else
		ac_openapi_note_circle(reader, node);
}

/* The shape's list of properties, to be changed. */
static AcProperty *
own_properties(AcShape *shape)
{
	AcProperty *copy = palloc(Max(shape->n_properties, 1) *
							  sizeof(AcProperty));

	if (shape->n_properties > 0)
		memcpy(copy, shape->properties,
			   shape->n_properties * sizeof(AcProperty));
	shape->properties = copy;
	return copy;
}

/*
 * "required" may stand in another part of a composition than the properties
 * it names, so it is looked at once they are all together.
 */
static void
require_properties(Composition *composition, const AcJson *schema)
{
	AcOpenapiReader *reader = composition->reader;
	AcShape *shape = composition->sum;
	AcJson *required = ac_json_get(schema, "required");
	int n = ac_json_length(required);
	AcShapeMap names;
	AcProperty *properties;
	int i;

	if (n == 0 || shape->n_properties == 0 ||
		!ac_openapi_spend(reader, n + shape->n_properties))
		return;
	ac_shape_map_init(&names);
	for (i = 0; i < n; i++)
	{
		const char *name = ac_json_string(ac_json_at(required, i), NULL);

		if (name != NULL)
			ac_shape_map_enter(&names, name, strlen(name))->value = reader;
	}
	properties = own_properties(shape);
	for (i = 0; i < shape->n_properties; i++)
	{
		const char *name = properties[i].name;

		if (ac_shape_map_find(&names, name, strlen(name)) != NULL)
			properties[i].required = true;
	}
	ac_shape_map_free(&names);
}

static void
compose_all_of(Composition *composition, AcJson *schema)
{
	AcJson *list = ac_json_get(schema, "allOf");
	int i;

	for (i = 0; i < ac_json_length(list); i++)
	{
		if (composition->reader->failed)
			return;
		merge_node(composition,
				   ac_openapi_node_alone(composition->reader,
										 ac_json_at(list, i)));
	}
}

/*
 * A variant that says nothing, as {"required": ["a"]} beside properties, only
 * narrows what the schema itself says.
 */
static bool
is_restriction(Composition *composition, AcOpenapiNode *variant)
{
	return ac_openapi_node_fill(composition->reader, variant,
								composition->depth + 1) &&
		   variant->shape.kind == AC_SHAPE_UNKNOWN &&
		   composition->sum->kind != AC_SHAPE_UNKNOWN;
}

/* oneOf and anyOf: the join of the variants. */
static void
compose_variants(Composition *composition, AcJson *schema,
				 const char *keyword)
{
	AcOpenapiReader *reader = composition->reader;
	AcJson *list = ac_json_get(schema, keyword);
	int n = ac_json_length(list);
	int n_variants = 0;
	AcOpenapiNode **variants;
	int i;

	if (n == 0 || !ac_openapi_spend(reader, n))
		return;
	variants = palloc(n * sizeof(AcOpenapiNode *));
	for (i = 0; i < n && !reader->failed; i++)
	{
		AcOpenapiNode *variant = ac_openapi_node(reader, ac_json_at(list, i));

		if (!is_restriction(composition, variant))
			variants[n_variants++] = variant;
	}
	if (n_variants > 0 && !reader->failed)
		merge_node(composition,
				   ac_openapi_node_join(reader, variants, n_variants));
	pfree(variants);
}

/* Number of values that a discriminator maps to schemas. */
static int
count_mapped(AcJson *mapping)
{
	AcJsonIter it;
	int n = 0;

	ac_json_iter_init(&it, mapping);
	while (ac_json_iter_next(&it))
		n++;
	return n;
}

/*
 * The values of a mapping are the property's domain where they are at least as
 * many as the kinds that are listed, so that none is named by its schema.
 */
static void
apply_mapping(AcOpenapiReader *reader, AcJson *schema, AcProperty *property,
			  int depth)
{
	AcJson *mapping = ac_json_get(ac_json_get(schema, "discriminator"),
								  "mapping");
	int n = count_mapped(mapping);
	int kinds = Max(ac_json_length(ac_json_get(schema, "oneOf")),
					ac_json_length(ac_json_get(schema, "anyOf")));
	AcShape *shape;
	AcJsonIter it;

	if (n < kinds || kinds == 0 || !ac_openapi_spend(reader, n + 1))
		return;
	shape = ac_openapi_shape_copy(reader, property->shape, depth + 1);
	if (shape == NULL || shape->kind != AC_SHAPE_STRING || shape->n_enum > 0)
		return;
	shape->enum_values = palloc(n * sizeof(const char *));
	ac_json_iter_init(&it, mapping);
	while (ac_json_iter_next(&it))
		shape->enum_values[shape->n_enum++] = it.key;
	property->shape = shape;
}

/* The property that tells variants apart becomes the first one. */
void
ac_openapi_discriminate(AcOpenapiReader *reader, AcJson *schema,
						AcShape *shape, int depth)
{
	const char *name = ac_openapi_discriminator(schema);
	AcProperty *properties;
	AcProperty *found;
	AcProperty first;

	if (name == NULL || shape->n_properties == 0)
		return;
	found = ac_shape_property(shape, name);
	if (found == NULL)
		return;
	shape->discriminator = name;
	first = *found;
	properties = shape->properties;
	own_properties(shape);
	memcpy(shape->properties + 1, properties,
		   (found - properties) * sizeof(AcProperty));
	shape->properties[0] = first;
	apply_mapping(reader, schema, &shape->properties[0], depth);
}

/* All parts of a Schema Object; composition->sum is NULL before. */
static void
compose(Composition *composition, AcJson *schema)
{
	AcOpenapiReader *reader = composition->reader;
	AcShape own = {.kind = AC_SHAPE_UNKNOWN, .max_length = -1};
	AcJson *all_of = ac_json_get(schema, "allOf");
	int i;

	if (ac_openapi_ref(schema) != NULL)
	{
		const char *name = NULL;
		AcJson *target = ac_openapi_ref_target(reader, schema, &name);

		if (target != NULL)
			merge_node(composition, ac_openapi_node_alone(reader, target));
	}
	compose_all_of(composition, schema);
	ac_openapi_keywords(reader, schema, &own);
	merge_shape(composition, &own);
	compose_variants(composition, schema, "oneOf");
	compose_variants(composition, schema, "anyOf");
	if (reader->failed)
		return;
	for (i = 0; i < ac_json_length(all_of); i++)
		require_properties(composition,
						   ac_openapi_ref_follow(reader,
												 ac_json_at(all_of, i), NULL));
	require_properties(composition, schema);
	ac_openapi_annotate(reader, schema, composition->sum);
	ac_openapi_discriminate(reader, schema, composition->sum,
							composition->depth);
}

void
ac_openapi_schema_fill(AcOpenapiReader *reader, AcOpenapiNode *node,
					   int depth)
{
	Composition composition = {reader, NULL, depth};
	const char *name = node->shape.name;

	switch (ac_json_kind(node->schema))
	{
		case AC_JSON_OBJECT:
			compose(&composition, node->schema);
			break;
		case AC_JSON_BOOL:
			/* true admits everything; false nothing, of which null is least */
			if (!ac_json_bool(node->schema, true))
				composition.sum = ac_shape_new(AC_SHAPE_NULL);
			break;
		default:
			ac_openapi_note(reader, "a schema is neither object nor boolean");
			break;
	}
	if (composition.sum == NULL)
		composition.sum = ac_shape_new(AC_SHAPE_UNKNOWN);
	node->shape = *composition.sum;
	if (name != NULL)
		node->shape.name = name;
}
