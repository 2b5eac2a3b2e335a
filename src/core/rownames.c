/*
 * rownames.c
 *		Which names did the members of an object have?  See rownames.h.
 *
 * Open addressing; names are not copied.  The members that count no more are
 * a bitmap that is made for the first of them.
 */
#include "ac.h"

#include "core/hash.h"
#include "core/rownames.h"
#include "core/rowscan.h"

#define FIRST_SLOTS 64

/*
 * Slots looked at for one name.  With half of the slots in use a cluster of
 * 60 is rare; names that were chosen to collide are refused rather than
 * compared for hours.
 */
#define MAX_PROBES 512

typedef struct Slot
{
	const char *text; /* as it stands in the body; NULL: free */
	uint32 len;
	uint32 hash;
	uint32 index;
	uint32 rows;
} Slot;

struct AcRowNames
{
	Slot *slots;
	uint32 size; /* a power of two */
	uint32 used;
	uint8 *superseded; /* a bit per member, NULL: none is */
	uint64 superseded_bits;
	StringInfoData decoded;
};

AcRowNames *
ac_rownames_create(void)
{
	AcRowNames *names = palloc0(sizeof(AcRowNames));

	names->size = FIRST_SLOTS;
	names->slots = palloc0(names->size * sizeof(Slot));
	initStringInfo(&names->decoded);
	return names;
}

void
ac_rownames_free(AcRowNames *names)
{
	pfree(names->slots);
	pfree(names->decoded.data);
	if (names->superseded != NULL)
		pfree(names->superseded);
	pfree(names);
}

static bool
same_name(const Slot *slot, uint32 hash, const StringInfo name)
{
	AcField field = {AC_FIELD_STRING, false, slot->text, slot->len};

	if (slot->hash != hash)
		return false;
	field.escaped = memchr(slot->text, '\\', slot->len) != NULL;
	return ac_field_equals(&field, name->data, (size_t) name->len);
}

/* The slot with that name or the free one for it; NULL: too many collide. */
static Slot *
find_slot(const AcRowNames *names, uint32 hash, const StringInfo name)
{
	uint32 at = hash & (names->size - 1);

	for (int i = 0; i < MAX_PROBES; i++)
	{
		Slot *slot = &names->slots[at];

		if (slot->text == NULL || same_name(slot, hash, name))
			return slot;
		at = (at + 1) & (names->size - 1);
	}
	return NULL;
}

/* Doubles the table.  All names differ, so none needs to be compared. */
static void
grow(AcRowNames *names)
{
	Slot *old = names->slots;
	uint32 old_size = names->size;

	names->size *= 2;
	names->slots = palloc0((Size) names->size * sizeof(Slot));
	for (uint32 i = 0; i < old_size; i++)
	{
		uint32 at = old[i].hash & (names->size - 1);

		if (old[i].text == NULL)
			continue;
		while (names->slots[at].text != NULL)
			at = (at + 1) & (names->size - 1);
		names->slots[at] = old[i];
	}
	pfree(old);
}

static void
mark_superseded(AcRowNames *names, uint32 index)
{
	if (index >= names->superseded_bits)
	{
		uint64 bits = Max(names->superseded_bits * 2, (uint64) index + 1);
		Size before = (Size) (names->superseded_bits / 8);
		Size bytes;

		bits = (bits + 1023) / 1024 * 1024;
		bytes = (Size) (bits / 8);
		if (names->superseded == NULL)
			names->superseded = palloc(bytes);
		else
			names->superseded = repalloc(names->superseded, bytes);
		memset(names->superseded + before, 0, bytes - before);
		names->superseded_bits = bits;
	}
	names->superseded[index / 8] |= (uint8) (1 << index % 8);
}

bool
ac_rownames_is_superseded(const AcRowNames *names, uint64 index)
{
	return index < names->superseded_bits &&
		   (names->superseded[index / 8] >> index % 8 & 1) != 0;
}

bool
ac_rownames_find(AcRowNames *names, const AcField *name, uint64 *rows)
{
	StringInfo decoded = &names->decoded;
	const Slot *slot;
	uint64 hash;

	resetStringInfo(decoded);
	if (!ac_field_decode(name, decoded, NULL))
		return false;
	hash = ac_hash_bytes(decoded->data, (size_t) decoded->len, 0);
	slot = find_slot(names, (uint32) hash, decoded);
	if (slot == NULL || slot->text == NULL)
		return false;
	*rows = slot->rows;
	return true;
}

AcRowNameNews
ac_rownames_add(AcRowNames *names, const AcField *name, uint32 index,
				uint64 rows, uint64 *before)
{
	StringInfo decoded = &names->decoded;
	AcRowNameNews news = AC_NAME_NEW;
	Slot *slot;
	uint64 hash;

	if (names->used >= AC_ROWSCAN_MAX_MEMBERS)
		return AC_NAME_TOO_MANY;
	resetStringInfo(decoded);
	if (!ac_field_decode(name, decoded, NULL))
		return AC_NAME_NEW;
	hash = ac_hash_bytes(decoded->data, (size_t) decoded->len, 0);
	slot = find_slot(names, (uint32) hash, decoded);
	if (slot == NULL)
		return AC_NAME_TOO_MANY;
	if (slot->text != NULL)
	{
		*before = slot->rows;
		mark_superseded(names, slot->index);
		news = AC_NAME_AGAIN;
	}
	else
		names->used++;
	slot->text = name->text;
	slot->len = (uint32) name->len;
	slot->hash = (uint32) hash;
	slot->index = index;
	slot->rows = (uint32) rows;
	if (names->used > names->size / 2)
		grow(names);
	return news;
}
