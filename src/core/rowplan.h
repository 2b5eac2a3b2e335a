/*
 * rowplan.h
 *		Which places of a page does a scan want, and how are they recognised
 *		on the way through it?
 *
 * A plan is two tries over the reference tokens of JSON Pointers (RFC 6901):
 * one for the body (envelope fields and the rows), one for each row.  It is
 * made once per scan and never changes, so that all pages of the scan, and
 * several scans, can share it.
 *
 * The structs are visible for core/rowscan alone.
 */
#ifndef AC_CORE_ROWPLAN_H
#define AC_CORE_ROWPLAN_H

#include "ac.h"

#include "core/error.h"

/*
 * Reference tokens in one pointer.  The scanner descends into each by a call,
 * so the number bounds its stack; columns of real tables have up to ten.
 */
#define AC_ROWPLAN_MAX_TOKENS 64

/*
 * One token.  outputs[own..own_end) of the tree are the fields that end here,
 * outputs[own..below_end) those that end here or further down.
 */
typedef struct AcPlanNode
{
	const char *key; /* decoded, padded for ac_rowplan_hash() */
	size_t key_len;
	uint64 hash;
	int32 index;		/* as an array index; -1 if it is none */
	bool is_rows;		/* rows_path ends here */
	bool leads_to_rows; /* here or further down */

	struct AcPlanNode *first_child;
	struct AcPlanNode *last_child;
	struct AcPlanNode *next_sibling;
	int n_children;
	int32 max_index; /* greatest index among the children */

	/* bit n: a child's key has n bytes; bit 63: that many or more */
	uint64 key_lengths;

	/* open addressing by hash, NULL is free; at most a quarter is used */
	struct AcPlanNode **table;
	uint64 table_mask;

	int own;
	int own_end;
	int below_end;
} AcPlanNode;

typedef struct AcPlanTree
{
	AcPlanNode *root;
	int *outputs; /* numbers of pointers, in the order of the trie */
	int n_outputs;
} AcPlanTree;

typedef struct AcRowPlan
{
	AcPlanTree envelope;
	AcPlanTree row;
} AcRowPlan;

/* A list of JSON Pointers. */
typedef struct AcPointers
{
	const char *const *pointers;
	int n;
} AcPointers;

/*
 * Compiles a plan.  row: pointers relative to a row, "" is the whole row;
 * rows_path: where the rows are in the body, "" is the body itself; envelope:
 * pointers relative to the body.  A pointer may occur more than once.  All is
 * copied.  NULL with AC_ERR_OPTION_VALUE if a pointer is malformed.
 */
extern AcRowPlan *ac_rowplan_create(AcPointers row, const char *rows_path,
									AcPointers envelope, AcError *err);

/*
 * Up to this length two keys with the same length and hash are the same: what
 * is done with the last eight bytes can be undone.
 */
#define AC_ROWPLAN_EXACT_BYTES 8

/*
 * Hash of a key's bytes.  Reads up to 7 bytes behind the key, which must be
 * readable but do not count.
 */
static inline uint64
ac_rowplan_hash(const char *key, size_t len)
{
	uint64 hash = len * UINT64CONST(0x9E3779B97F4A7C15);
	uint64 word;

	for (; len > 8; key += 8, len -= 8)
	{
		memcpy(&word, key, 8);
		hash = (hash ^ word) * UINT64CONST(0xD6E8FEB86659FD93);
		hash ^= hash >> 32;
	}
	if (len > 0)
	{
		memcpy(&word, key, 8);
#ifdef WORDS_BIGENDIAN
		word >>= 64 - 8 * len;
#else
		word <<= 64 - 8 * len;
#endif
		hash = (hash ^ word) * UINT64CONST(0xD6E8FEB86659FD93);
		hash ^= hash >> 32;
	}
	return hash;
}

#endif /* AC_CORE_ROWPLAN_H */
