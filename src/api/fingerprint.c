/*
 * fingerprint.c
 *		Is an operation still described as it was?  See fingerprint.h.
 *
 * Members that have no order are added up, so that it does not count; what
 * has one is chained.
 */
#include "ac.h"

#include "api/fingerprint.h"
#include "core/hash.h"

/*
 * How far a shape is followed.  Columns come of three levels at most; deeper
 * ones are jsonb whatever they hold.
 */
#define MAX_DEPTH 6

/*
 * Shapes of one operation that are looked at and not known from others.  The
 * largest answers of real descriptions have a few thousand, most some dozens.
 */
#define MAX_SHAPES 2000

/* Shapes that are remembered; a power of two, half of which is used. */
#define REMEMBERED (128 * 1024)

typedef struct KnownShape
{
	const AcShape *shape; /* NULL: a free place */
	int depth;
	uint64 hash;
} KnownShape;

struct AcFingerprints
{
	KnownShape *places;
	int used;
};

typedef struct Walk
{
	AcFingerprints *known;
	int shapes; /* left to be looked at */
} Walk;

static uint64 hash_shape(Walk *walk, const AcShape *shape, int depth);

/* NULL and "" differ. */
static uint64
hash_text(const char *text)
{
	return text == NULL ? 0 : ac_hash_text(text, 1) | 1;
}

static uint64
chain_text(uint64 hash, const char *text)
{
	return ac_hash_combine(hash, hash_text(text));
}

static uint64
chain_number(uint64 hash, int64 number)
{
	return ac_hash_combine(hash, (uint64) number + 1);
}

static uint64
hash_property(Walk *walk, const AcProperty *property, int depth)
{
	uint64 hash = hash_text(property->name);

	hash = chain_text(hash, property->pointer);
	hash = chain_number(hash, property->write_only);
	hash = chain_number(hash, property->said_key);
	return ac_hash_combine(hash, hash_shape(walk, property->shape, depth));
}

/* What is said of the value itself. */
static uint64
hash_value(const AcShape *shape)
{
	uint64 hash = chain_number(0, shape->kind);
	uint64 values = 0;
	int i;

	hash = chain_text(hash, shape->format);
	hash = chain_number(hash, shape->nullable);
	hash = chain_number(hash, shape->by_cents);
	hash = chain_number(hash, shape->expandable);
	hash = chain_text(hash, shape->inner);
	hash = chain_text(hash, shape->minimum);
	hash = chain_text(hash, shape->maximum);
	hash = chain_text(hash, shape->default_value);
	for (i = 0; i < shape->n_enum; i++)
		values += hash_text(shape->enum_values[i]);
	return ac_hash_combine(hash, values);
}

AcFingerprints *
ac_fingerprints_create(void)
{
	AcFingerprints *known = palloc(sizeof(AcFingerprints));

	known->places = palloc0(sizeof(KnownShape) * REMEMBERED);
	known->used = 0;
	return known;
}

/* The place of a shape at that depth, or a free one for it. */
static KnownShape *
find_place(const AcFingerprints *known, const AcShape *shape, int depth)
{
	uint64 key = ac_hash_combine((uint64) (uintptr_t) shape, (uint64) depth);
	uint32 i = ac_hash_bytes(&key, sizeof(key), 0) & (REMEMBERED - 1);

	while (known->places[i].shape != NULL &&
		   (known->places[i].shape != shape || known->places[i].depth != depth))
		i = (i + 1) & (REMEMBERED - 1);
	return &known->places[i];
}

/* Remembers what was looked at to its end. */
static void
remember(Walk *walk, const AcShape *shape, int depth, uint64 hash)
{
	AcFingerprints *known = walk->known;

	if (walk->shapes <= 0 || known->used >= REMEMBERED / 2)
		return;
	*find_place(known, shape, depth) = (KnownShape){shape, depth, hash};
	known->used++;
}

static uint64
hash_shape(Walk *walk, const AcShape *shape, int depth)
{
	const KnownShape *place;
	uint64 hash;
	uint64 properties = 0;
	int i;

	if (shape == NULL || depth == 0)
		return shape != NULL;
	place = find_place(walk->known, shape, depth);
	if (place->shape != NULL)
		return place->hash;
	if (walk->shapes-- <= 0)
		return 1;
	hash = hash_value(shape);
	for (i = 0; i < shape->n_properties && walk->shapes > 0; i++)
		properties += hash_property(walk, &shape->properties[i], depth - 1);
	hash = ac_hash_combine(hash, properties);
	hash = ac_hash_combine(hash, hash_shape(walk, shape->items, depth - 1));
	hash = ac_hash_combine(hash, hash_shape(walk, shape->scalar, depth - 1));
	remember(walk, shape, depth, hash);
	return hash;
}

static uint64
hash_param(Walk *walk, const AcParam *param)
{
	uint64 hash = hash_text(param->name);

	hash = chain_number(hash, param->place);
	hash = chain_number(hash, param->required);
	hash = chain_number(hash, param->explode);
	hash = chain_text(hash, param->style);
	hash = chain_text(hash, param->media_type);
	return ac_hash_combine(hash, hash_shape(walk, param->shape, MAX_DEPTH));
}

uint64
ac_fingerprint_of(AcFingerprints *known, const AcEndpoint *endpoint)
{
	Walk walk = {known, MAX_SHAPES};
	uint64 params = 0;
	uint64 hash;
	int i;

	hash = hash_text(endpoint->method);
	hash = chain_text(hash, endpoint->path);
	hash = chain_text(hash, endpoint->query);
	hash = chain_text(hash, endpoint->base_url);
	hash = chain_text(hash, endpoint->media_type);
	hash = chain_text(hash, endpoint->request_media_type);
	hash = chain_text(hash, endpoint->problem);
	hash = chain_number(hash, endpoint->undescribed);
	for (i = 0; i < endpoint->n_params; i++)
		params += hash_param(&walk, &endpoint->params[i]);
	hash = ac_hash_combine(hash, params);
	hash = ac_hash_combine(hash, hash_shape(&walk, endpoint->request, MAX_DEPTH));
	return ac_hash_combine(hash, hash_shape(&walk, endpoint->response, MAX_DEPTH));
}
