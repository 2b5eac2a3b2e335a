/*
 * pager_set.c
 *		Was this page, token or URL met before?
 *
 * A set of fingerprints, which grows by doubling: 16 bytes for each at most.
 */
#include "ac.h"

#include "policy/pager_int.h"

bool
ac_pager_set_add(AcHashSet *set, uint64 hash)
{
	uint32 i;

	hash = hash == 0 ? 1 : hash;
	if (set->used >= set->capacity / 2)
	{
		AcHashSet larger = {NULL, Max(set->capacity * 2, 64), 0};

		larger.slots = palloc0(larger.capacity * sizeof(uint64));
		for (i = 0; i < set->capacity; i++)
			if (set->slots[i] != 0)
				ac_pager_set_add(&larger, set->slots[i]);
		if (set->slots != NULL)
			pfree(set->slots);
		*set = larger;
	}
	for (i = hash & (set->capacity - 1); set->slots[i] != 0;
		 i = (i + 1) & (set->capacity - 1))
	{
		if (set->slots[i] == hash)
			return false;
	}
	set->slots[i] = hash;
	set->used++;
	return true;
}

void
ac_pager_set_clear(AcHashSet *set)
{
	if (set->slots != NULL)
		memset(set->slots, 0, set->capacity * sizeof(uint64));
	set->used = 0;
}
