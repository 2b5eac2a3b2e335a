/*
 * shape_map.c
 *		Which value was stored under this key?  See shape_map.h.
 *
 * Open addressing with linear probing, at most half full.
 */
#include "ac.h"

#include "api/shape_map.h"
#include "core/hash.h"

/* Most objects have fewer than eight properties. */
#define SHAPE_MAP_FIRST_CAPACITY 16

void
ac_shape_map_init(AcShapeMap *map)
{
	memset(map, 0, sizeof(*map));
}

/* The slot that holds the key, or the free one where it belongs. */
static AcShapeMapEntry *
find_slot(const AcShapeMap *map, const void *key, size_t key_len, uint64 hash)
{
	uint32 mask = map->capacity - 1;
	uint32 at = (uint32) hash & mask;

	Assert(map->used < map->capacity);
	while (map->entries[at].key != NULL)
	{
		AcShapeMapEntry *entry = &map->entries[at];

		if (entry->hash == hash && entry->key_len == key_len &&
			memcmp(entry->key, key, key_len) == 0)
			return entry;
		at = (at + 1) & mask;
	}
	return &map->entries[at];
}

static void
grow(AcShapeMap *map)
{
	AcShapeMap larger;
	uint32 i;

	larger.capacity = Max(map->capacity * 2, SHAPE_MAP_FIRST_CAPACITY);
	larger.used = map->used;
	larger.entries = palloc0(larger.capacity * sizeof(AcShapeMapEntry));
	for (i = 0; i < map->capacity; i++)
	{
		AcShapeMapEntry *entry = &map->entries[i];

		if (entry->key != NULL)
			*find_slot(&larger, entry->key, entry->key_len, entry->hash) =
				*entry;
	}
	ac_shape_map_free(map);
	*map = larger;
}

AcShapeMapEntry *
ac_shape_map_enter(AcShapeMap *map, const void *key, size_t key_len)
{
	uint64 hash = ac_hash_bytes(key, key_len, 0);
	AcShapeMapEntry *entry;

	Assert(key != NULL);
	if (map->used >= map->capacity / 2)
		grow(map);
	entry = find_slot(map, key, key_len, hash);
	if (entry->key == NULL)
	{
		entry->key = key;
		entry->key_len = key_len;
		entry->hash = hash;
		map->used++;
	}
	return entry;
}

void *
ac_shape_map_find(const AcShapeMap *map, const void *key, size_t key_len)
{
	if (map->used == 0)
		return NULL;
	return find_slot(map, key, key_len, ac_hash_bytes(key, key_len, 0))->value;
}

void
ac_shape_map_free(AcShapeMap *map)
{
	if (map->entries != NULL)
		pfree(map->entries);
	ac_shape_map_init(map);
}
