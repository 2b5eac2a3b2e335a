/*
 * envelope_row.c
 *		Which fields has a row that keeps them in a wrapper?
 *
 * JSON:API's attributes, GeoJSON's properties, Elasticsearch's _source,
 * Relay's node, an object that is its row's only member, and one that is
 * called so while what identifies the row stands beside it.  The row stays
 * what it is; its shape gets the fields of the wrapper, each with the pointer
 * that leads to it, so that a scan needs to know nothing of all this.
 */
#include "ac.h"

#include "api/envelope_int.h"
#include "api/keys.h"
#include "api/names.h"
#include "core/pointer.h"

/* What is done with a field beside the wrapper. */
typedef enum Outer
{
	OUTER_KEEP,
	OUTER_DROP, /* navigation or constant: never a column */
	OUTER_OPEN	/* JSON:API's relationships */
} Outer;

/* One way of wrapping. */
typedef struct Wrapping
{
	const char *wrapper;
	const char *mark[2]; /* fields that must stand beside it, or NULL */
	const char *drop[3]; /* fields beside it that say nothing */
	bool alone;			 /* nothing but these may stand beside it */
} Wrapping;

static const Wrapping wrappings[] = {
	/* JSON:API 1.1, 7.2 */
	{"attributes", {"id", "type"}, {"links", NULL}, false},
	/* the same without types, as Strapi writes it */
	{"attributes", {"id", NULL}, {"links", NULL}, true},
	/* RFC 7946 3.2 */
	{"properties", {"geometry", "type"}, {"type", NULL}, false},
	/* an embedded entity of Siren */
	{"properties", {"rel", NULL}, {"class", "rel", "links"}, false},
	{"_source", {NULL}, {NULL}, false},
	/* GraphQL cursor connections, 3 */
	{"node", {NULL}, {"cursor", "__typename", NULL}, true},
};

static bool
is_open_object(const AcShape *shape)
{
	return shape->kind == AC_SHAPE_OBJECT && shape->n_properties > 0;
}

static bool
is_listed(const char *name, const char *const *names, int n)
{
	int i;

	for (i = 0; i < n && names[i] != NULL; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Does the row wrap its fields in this way? */
static bool
is_wrapped(const AcShape *row, const Wrapping *wrapping)
{
	const AcProperty *inner = ac_shape_property(row, wrapping->wrapper);
	int i;

	if (inner == NULL || !is_open_object(inner->shape))
		return false;
	for (i = 0; i < (int) lengthof(wrapping->mark); i++)
		if (wrapping->mark[i] != NULL &&
			ac_shape_property(row, wrapping->mark[i]) == NULL)
			return false;
	for (i = 0; wrapping->alone && i < row->n_properties; i++)
		if (&row->properties[i] != inner &&
			!is_listed(row->properties[i].name, wrapping->drop,
					   lengthof(wrapping->drop)) &&
			!is_listed(row->properties[i].name, wrapping->mark,
					   lengthof(wrapping->mark)))
			return false;
	return true;
}

static const Wrapping *
find_wrapping(const AcShape *row)
{
	int i;

	for (i = 0; i < (int) lengthof(wrappings); i++)
		if (is_wrapped(row, &wrappings[i]))
			return &wrappings[i];
	return NULL;
}

/* What is beside contents is little: identity, dates, links. */
#define MAX_BESIDE 16

/*
 * Names of an object that is all that users of the API put into a row, where
 * the API's own record of it stands around ("id", "createdTime").
 */
static const char *const contents[] = {"fields", "properties", "attributes",
									   "resource", NULL};

/* What else says which row it is. */
static const char *const addresses[] = {"fullurl", "self", "url", "uri",
										"href", "permalink", NULL};

/* A thing with a name of its own has contents beside that, not in its stead. */
static const char *const titles[] = {"name", "title", "label", "displayname",
									 "description", NULL};

/* Is it more than {"type": ..., "url": ...}? */
static bool
has_contents(const AcShape *shape)
{
	int i;

	for (i = 0; is_open_object(shape) && i < shape->n_properties; i++)
		if (!ac_envelope_is_control(shape->properties[i].name) &&
			strcmp(shape->properties[i].name, "type") != 0)
			return true;
	return false;
}

/* Is what stands beside the contents the record of a row, and no more? */
static bool
is_placed(const AcShape *row, const AcProperty *inner)
{
	bool placed = false;
	int i;

	for (i = 0; i < row->n_properties; i++)
	{
		const char *name = row->properties[i].name;

		if (&row->properties[i] == inner)
			continue;
		if (ac_names_in(name, titles))
			return false;
		placed = placed || strcmp(name, "geometry") == 0 ||
				 ac_keys_name_rank(name, NULL) >= 0 ||
				 ac_names_in(name, addresses);
	}
	return placed;
}

/* The only object of a row that its users' fields stand in, NULL if none. */
static const AcProperty *
find_contents(const AcShape *row)
{
	const AcProperty *inner = NULL;
	int i;

	if (row->n_properties > MAX_BESIDE + 1)
		return NULL;
	for (i = 0; i < row->n_properties; i++)
		if (ac_names_in(row->properties[i].name, contents) &&
			is_open_object(row->properties[i].shape))
		{
			if (inner != NULL)
				return NULL;
			inner = &row->properties[i];
		}
	return inner != NULL && has_contents(inner->shape) && is_placed(row, inner)
			   ? inner
			   : NULL;
}

/* A shape being put together. */
typedef struct Opening
{
	AcShape *shape;
	int capacity;
	const AcShape *inner; /* the wrapper's */
	const char *entity;
} Opening;

static AcProperty *
add_property(Opening *o, const AcProperty *from, const char *pointer)
{
	AcShape *shape = o->shape;
	AcProperty *to;

	if (shape->n_properties == o->capacity)
	{
		o->capacity = o->capacity * 2 + 16;
		shape->properties =
			shape->properties == NULL
				? palloc(o->capacity * sizeof(AcProperty))
				: repalloc(shape->properties, o->capacity * sizeof(AcProperty));
	}
	to = &shape->properties[shape->n_properties++];
	*to = *from;
	to->pointer = pointer;
	return to;
}

/* Has the wrapper a field that would be called the same? */
static bool
is_taken(const Opening *o, const char *name)
{
	const char *column = ac_names_column(name);
	int i;

	for (i = 0; i < o->inner->n_properties; i++)
		if (strcmp(ac_names_column(o->inner->properties[i].name), column) == 0)
			return true;
	return false;
}

/* A field beside the wrapper; where both have it, this one is named in full. */
static AcProperty *
add_outer(Opening *o, const AcProperty *property)
{
	AcProperty *added = add_property(o, property,
									 ac_pointer_child("", property->name));

	if (is_taken(o, property->name))
		added->name = psprintf("%s_%s", o->entity, property->name);
	return added;
}

/* The id that a relationship to one thing has, NULL if it is none. */
static const AcProperty *
related_id(const AcProperty *relation)
{
	const AcProperty *data = ac_shape_property(relation->shape, "data");

	return data != NULL && data->shape->kind == AC_SHAPE_OBJECT
			   ? ac_shape_property(data->shape, "id")
			   : NULL;
}

/*
 * JSON:API 1.1, 7.2.2.2: one column for each relationship to one thing; the
 * whole, where there are others.
 */
static void
add_relationships(Opening *o, const AcProperty *relationships)
{
	const AcShape *shape = relationships->shape;
	char *above = ac_pointer_child("", relationships->name);
	bool all_open = is_open_object(shape);
	AcProperty *whole;
	int i;

	for (i = 0; is_open_object(shape) && i < shape->n_properties; i++)
	{
		const AcProperty *relation = &shape->properties[i];
		const AcProperty *id = related_id(relation);
		char *pointer = ac_pointer_child(above, relation->name);
		AcProperty *added;

		if (id == NULL)
		{
			all_open = false;
			continue;
		}
		pointer = ac_pointer_child(ac_pointer_child(pointer, "data"), "id");
		added = add_property(o, id, pointer);
		added->name = psprintf("%s_id", relation->name);
		if (is_taken(o, added->name))
			added->name = psprintf("%s_%s", relationships->name, added->name);
	}
	whole = add_outer(o, relationships);
	whole->write_only = all_open;
}

static void
add_inner(Opening *o, const char *pointer)
{
	int i;

	for (i = 0; i < o->inner->n_properties; i++)
		add_property(o, &o->inner->properties[i],
					 ac_pointer_child(pointer, o->inner->properties[i].name));
}

/* The row with the fields of its wrapper. */
static AcShape *
open_row(const AcShape *row, const Wrapping *wrapping,
		 const AcProperty *inner, const char *entity)
{
	Opening o = {0};
	const AcProperty *relationships = NULL;
	int i;

	o.shape = ac_shape_new(AC_SHAPE_OBJECT);
	*o.shape = *row;
	o.shape->properties = NULL;
	o.shape->n_properties = 0;
	o.shape->inner = ac_pointer_child("", inner->name);
	o.inner = inner->shape;
	o.entity = entity;
	for (i = 0; i < row->n_properties; i++)
	{
		const AcProperty *property = &row->properties[i];

		if (property == inner)
			add_inner(&o, o.shape->inner);
		else if (wrapping == &wrappings[0] &&
				 strcmp(property->name, "relationships") == 0)
			relationships = property;
		else if (wrapping != NULL &&
				 is_listed(property->name, wrapping->drop,
						   lengthof(wrapping->drop)))
			add_outer(&o, property)->write_only = true;
		else
			add_outer(&o, property);
	}
	if (relationships != NULL)
		add_relationships(&o, relationships);
	return o.shape;
}

AcShape *
ac_envelope_open_row(AcShape *row, const char *entity)
{
	const Wrapping *wrapping;
	const AcProperty *inner;

	if (!is_open_object(row) || row->inner != NULL)
		return row;
	wrapping = find_wrapping(row);
	if (wrapping != NULL)
		return open_row(row, wrapping,
						ac_shape_property(row, wrapping->wrapper), entity);
	inner = find_contents(row);
	if (inner != NULL)
		return open_row(row, NULL, inner, entity);
	/* [{"item": {...}}, ...] */
	if (row->n_properties == 1 && is_open_object(row->properties[0].shape) &&
		!ac_envelope_is_decoy(row->properties[0].name))
		return open_row(row, NULL, &row->properties[0], entity);
	return row;
}

const char *const *
ac_envelope_dropped(const char *wrapper)
{
	int i;

	for (i = 0; i < (int) lengthof(wrappings); i++)
		if (strcmp(wrappings[i].wrapper, wrapper) == 0)
			return wrappings[i].drop;
	return NULL;
}

const char *
ac_envelope_entity(const AcPath *path, const char *key)
{
	const char *noun = ac_envelope_noun(path);

	if (noun == NULL)
		noun = "row";

	/* "features" tells more than what the path happens to be called */
	if (key[0] != '\0' && !ac_envelope_is_payload(key) &&
		strcmp(key, "items") != 0 && strcmp(key, "value") != 0 &&
		strcmp(key, "values") != 0)
		noun = key;
	return ac_names_singular(ac_names_snake(noun));
}
