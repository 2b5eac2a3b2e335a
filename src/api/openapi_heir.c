/*
 * openapi_heir.c
 *		Which schemas may stand where their common base is named?
 *
 * Discriminator Objects (OpenAPI 3.0.4, 4.7.25; Swagger 2.0: a property's
 * name): a base schema that names the property which tells kinds apart, and
 * heirs that are composed of it by allOf.  Where the base is answered, rows are
 * of any of these kinds, so that their properties are all the row's.  Heirs
 * are those that the mapping lists, and all of the document's own components
 * that name the base in their allOf.  Bases that list their kinds in oneOf
 * or anyOf need no help.
 */
#include "ac.h"

#include "api/openapi_internal.h"

/* Kinds of one base; the largest real families are events of some hundred. */
#define HEIRS_MAX 500

/* Generations of heirs; real ones have three. */
#define HEIRS_MAX_DEPTH 8

/* The heirs of one schema among the components. */
typedef struct AcOpenapiHeirs
{
	AcJson *base;
	AcJson **heirs;
	const char **names;
	int n;
	int capacity;
} AcOpenapiHeirs;

/* The name of the property that tells kinds apart; NULL if none does. */
const char *
ac_openapi_discriminator(const AcJson *schema)
{
	AcJson *discriminator = ac_json_get(schema, "discriminator");
	const char *name = ac_json_string(discriminator, NULL);

	return name != NULL && name[0] != '\0'
			   ? name
			   : ac_openapi_text(discriminator, "propertyName");
}

static void
add_heir(AcOpenapiReader *reader, AcJson *base, const AcJsonIter *component)
{
	AcShapeMapEntry *entry;
	AcOpenapiHeirs *heirs = ac_shape_map_find(&reader->heirs, &base,
											  sizeof(base));

	if (heirs == NULL)
	{
		heirs = palloc0(sizeof(AcOpenapiHeirs));
		heirs->base = base;
		entry = ac_shape_map_enter(&reader->heirs, &heirs->base, sizeof(base));
		entry->value = heirs;
	}
	if (heirs->n >= HEIRS_MAX)
		return;
	if (heirs->n == heirs->capacity)
	{
		heirs->capacity = heirs->capacity * 2 + 4;
		heirs->heirs = heirs->heirs == NULL
						   ? palloc(heirs->capacity * sizeof(AcJson *))
						   : repalloc(heirs->heirs,
									  heirs->capacity * sizeof(AcJson *));
		heirs->names = heirs->names == NULL
						   ? palloc(heirs->capacity * sizeof(char *))
						   : repalloc(heirs->names,
									  heirs->capacity * sizeof(char *));
	}
	heirs->names[heirs->n] = component->key;
	heirs->heirs[heirs->n++] = component->value;
}

/* All components of the document by what their allOf names. */
static void
index_components(AcOpenapiReader *reader)
{
	AcJsonIter it;

	ac_json_iter_init(&it, ac_openapi_components(reader));
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
	{
		AcJson *parts = ac_json_get(it.value, "allOf");
		int i;

		for (i = 0; i < ac_json_length(parts); i++)
		{
			AcJson *part = ac_json_at(parts, i);
			AcJson *base;

			if (ac_openapi_ref(part) == NULL)
				continue;
			base = ac_openapi_ref_follow(reader, part, NULL);
			if (base != NULL)
				add_heir(reader, base, &it);
		}
	}
	reader->heirs_indexed = true;
}

/* Nodes that may stand for the base, each once. */
typedef struct Family
{
	AcOpenapiReader *reader;
	AcOpenapiNode **members;
	int n;
} Family;

static void collect(Family *family, AcJson *schema, const char *name,
					int depth);

/* The schema that a value of a mapping means: a name or a reference. */
static void
collect_mapped(Family *family, AcJson *schema, int depth)
{
	AcOpenapiReader *reader = family->reader;
	AcJson *mapping = ac_json_get(ac_json_get(schema, "discriminator"),
								  "mapping");
	AcJsonIter it;

	ac_json_iter_init(&it, mapping);
	while (ac_json_iter_next(&it) && ac_openapi_spend(reader, 1))
	{
		const char *ref = ac_json_string(it.value, NULL);
		const char *name = NULL;
		AcJson *target;

		if (ref == NULL)
			continue;
		target = ac_json_get(ac_openapi_components(reader), ref);
		if (target != NULL)
			name = ref;
		else
			target = ac_openapi_ref_from(reader, schema, ref, &name);
		if (target != NULL)
			collect(family, target, name, depth + 1);
	}
}

static void
collect(Family *family, AcJson *schema, const char *name, int depth)
{
	AcOpenapiReader *reader = family->reader;
	AcOpenapiNode *node = ac_openapi_node_alone(reader, schema);
	AcOpenapiHeirs *heirs;
	int i;

	if (depth > HEIRS_MAX_DEPTH || node->schema == NULL)
		return;
	for (i = 0; i < family->n; i++)
	{
		if (family->members[i] == node)
			return;
	}
	if (family->n >= HEIRS_MAX || !ac_openapi_spend(reader, 1 + family->n / 16))
		return;
	if (node->shape.name == NULL)
		node->shape.name = name;
	family->members[family->n++] = node;
	collect_mapped(family, node->schema, depth);
	heirs = ac_shape_map_find(&reader->heirs, &node->schema,
							  sizeof(node->schema));
	for (i = 0; heirs != NULL && i < heirs->n; i++)
		collect(family, heirs->heirs[i], heirs->names[i], depth + 1);
}

AcOpenapiNode *
ac_openapi_with_heirs(AcOpenapiReader *reader, AcOpenapiNode *base)
{
	Family family = {reader, NULL, 0};
	AcOpenapiNode *all;

	if (base->schema == NULL ||
		ac_openapi_discriminator(base->schema) == NULL ||
		ac_json_length(ac_json_get(base->schema, "oneOf")) > 0 ||
		ac_json_length(ac_json_get(base->schema, "anyOf")) > 0)
		return base;
	if (base->with_heirs != NULL)
		return base->with_heirs;
	base->with_heirs = base; /* whoever comes back here meanwhile */
	if (!reader->heirs_indexed)
		index_components(reader);
	family.members = palloc(HEIRS_MAX * sizeof(AcOpenapiNode *));
	collect(&family, base->schema, base->shape.name, 0);
	if (family.n > 1)
	{
		all = ac_openapi_node_join(reader, family.members, family.n);
		if (all->origin == AC_ORIGIN_JOIN && all->family == NULL)
			all->family = base;
		base->with_heirs = all;
	}
	pfree(family.members);
	return base->with_heirs;
}
