/*
 * shape_map.h
 *		Which value was stored under this key?
 *
 * A hash table from byte strings to pointers, for names of properties and
 * for addresses of schemas and shapes.  Keys are not copied: whoever puts one
 * keeps its bytes.  Lives in the current memory context.
 */
#ifndef AC_API_SHAPE_MAP_H
#define AC_API_SHAPE_MAP_H

#include "ac.h"

typedef struct AcShapeMapEntry
{
	const void *key; /* NULL: free */
	size_t key_len;
	uint64 hash;
	void *value;
} AcShapeMapEntry;

typedef struct AcShapeMap
{
	AcShapeMapEntry *entries;
	uint32 capacity; /* a power of two, or 0 before the first key */
	uint32 used;
} AcShapeMap;

/* An empty map; nothing is allocated before the first key. */
extern void ac_shape_map_init(AcShapeMap *map);

/* The entry of that key; a new one has value NULL. */
extern AcShapeMapEntry *ac_shape_map_enter(AcShapeMap *map, const void *key,
										   size_t key_len);

/* The value of that key, NULL if there is none. */
extern void *ac_shape_map_find(const AcShapeMap *map, const void *key,
							   size_t key_len);

/* Frees the table; keys and values are the caller's. */
extern void ac_shape_map_free(AcShapeMap *map);

#endif /* AC_API_SHAPE_MAP_H */
