/*
 * rowplan.h
 *		Which places of a page does a scan want, and how are they recognised
 *		on the way through it?
 *
 * A plan is tries over the reference tokens of JSON Pointers (RFC 6901): one
 * for the body (envelope fields and the rows), one for each row, and where
 * rows stand in others a third one for those that stand inside.  It is
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
 * Where an object that stands for the name of a column has the name, best
 * first: what BigQuery, Elasticsearch SQL, Metabase, InfluxDB, Socrata and
 * others write.
 */
#define AC_ROWPLAN_NAMES "/name", "/fieldName", "/field", "/key", "/id", \
						 "/label", "/title"
#define AC_ROWPLAN_N_NAMES 7

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
	bool is_rows;		/* rows_path, or nested_path, ends here */
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

/* How the rows stand at rows_path (table option "rows_form"). */
typedef enum AcRowsForm
{
	AC_ROWS_ARRAY,	 /* elements of an array; an object there is the one row */
	AC_ROWS_MAP,	 /* members of an object: {"id1": {...}, "id2": {...}} */
	AC_ROWS_COLUMNS, /* arrays of values, whose names stand at columns_path:
					  * {"columns": ["id", "name"], "rows": [[1, "a"]]} */
	AC_ROWS_LINES,	 /* JSON texts one after the other (NDJSON) */
	AC_ROWS_LISTS	 /* members of an object that are lists of one length, each
					  * a column: {"time": [1, 2], "value": [0.5, 0.7]} */
} AcRowsForm;

/*
 * Where the rows of a page are.  Of LINES, rows_path leads into each text, and
 * what stands there is one row.  Where nested_path is set, the rows meant so
 * far are parents: each element of the array there is a row, an object there
 * is the only one, and nothing or null there is none.
 */
typedef struct AcRowSource
{
	const char *rows_path; /* "" is the body itself */
	AcRowsForm form;
	const char *columns_path; /* COLUMNS only, else NULL */
	const char *nested_path;  /* relative to a parent; NULL: none */
} AcRowSource;

/* What a field of a row is taken from. */
typedef enum AcRowOrigin
{
	AC_ORIGIN_ROW,	  /* the row, by pointer */
	AC_ORIGIN_PARENT, /* the row in which a nested one stands, by pointer */
	AC_ORIGIN_NAME,	  /* the member's name under which the row stands (MAP) */
	AC_ORIGIN_ORDINAL /* 1, 2, ...: the place in the array at nested_path */
} AcRowOrigin;

typedef struct AcRowPlan
{
	AcPlanTree envelope;
	AcPlanTree row;		/* of what stands at rows_path */
	AcPlanTree element; /* of a nested row */
	AcPlanTree name;	/* COLUMNS: of a name that is an object */
	AcRowsForm form;
	bool nested;
	bool plain;					/* an array, nothing nested */
	bool rows_are_body;			/* rows_path is "" */
	const char *columns_path;	/* COLUMNS */
	const AcRowOrigin *origins; /* by field; NULL: all from the row */
	int n_fields;				/* of a row */
	int n_envelope;
	int n_entries; /* that the scanner keeps of a row */
} AcRowPlan;

/* A list of JSON Pointers. */
typedef struct AcPointers
{
	const char *const *pointers;
	int n;
} AcPointers;

/*
 * Compiles a plan.  row: pointers relative to a row, "" is the whole row;
 * origins: as many, or NULL where all are AC_ORIGIN_ROW; the pointers of names
 * and ordinals do not count.  envelope: pointers relative to the body.  A
 * pointer may occur more than once.  All is copied.  NULL with
 * AC_ERR_OPTION_VALUE if a pointer is malformed, and for what does not go
 * together: nested rows of COLUMNS, a field of the parent where there is none.
 */
extern AcRowPlan *ac_rowplan_create(const AcRowSource *source, AcPointers row,
									const AcRowOrigin *origins,
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
