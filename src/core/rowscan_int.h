/*
 * rowscan_int.h
 *		What do the files of the row scanner share?  Nobody else's header.
 *
 *		rowscan.c		the walk along the tries, rows in an array
 *		rowscan_forms.c	rows in any other form
 *		rowscan_lists.c	rows whose columns are lists
 *		rownames.c		which names did the members of an object have?
 */
#ifndef AC_CORE_ROWSCAN_INT_H
#define AC_CORE_ROWSCAN_INT_H

#include "ac.h"

#include "core/rowscan.h"

/* A field as it is kept: half the size of an AcField. */
typedef struct AcRowEntry
{
	uint32 start; /* offset in the body */
	uint32 len;
	uint8 kind; /* AcFieldKind */
	bool escaped;
} AcRowEntry;

/* Where a walk's findings go. */
typedef struct AcRowWalk
{
	AcRowScan *scan;
	const AcPlanTree *tree;
	AcRowEntry *out; /* one for each of the tree's pointers */
} AcRowWalk;

/* The entry for the value that begins at p and ends before end. */
static inline AcRowEntry
ac_rowscan_entry(const AcRowScan *scan, const char *p, const char *end)
{
	AcRowEntry entry;

	entry.kind = (uint8) ac_field_kind_of(*p);
	entry.start = (uint32) (p - scan->lex.text);
	entry.len = (uint32) (end - p);
	entry.escaped = false;
	if (entry.kind == AC_FIELD_STRING)
	{
		entry.start++;
		entry.len -= 2;
		entry.escaped = scan->lex.escaped;
	}
	return entry;
}

static inline void
ac_rowscan_unpack(const AcRowScan *scan, const AcRowEntry *entry,
				  AcField *field)
{
	field->kind = (AcFieldKind) entry->kind;
	field->escaped = entry->escaped;
	field->text = scan->lex.text + entry->start;
	field->len = entry->len;
}

/*
 * Goes from behind an array's element to the next one, or to the closing
 * bracket.
 */
static inline const char *
ac_rowscan_next_element(AcJsonLex *lex, const char *p)
{
	p = ac_jsonlex_space(lex, p);
	if (*p == ']')
		return p;
	if (*p != ',')
		return ac_jsonlex_fail(lex, p, "\",\" or \"]\"");
	p = ac_jsonlex_comma(lex, p);
	if (p != NULL && *p == ']')
		return ac_jsonlex_fail(lex, p, "a value");
	return p;
}

/* From behind a member's value to the next member or the closing brace. */
static inline const char *
ac_rowscan_next_member_at(AcJsonLex *lex, const char *p)
{
	p = ac_jsonlex_space(lex, p);
	if (*p == '}')
		return p;
	if (*p != ',')
		return ac_jsonlex_fail(lex, p, "\",\" or \"}\"");
	p = ac_jsonlex_comma(lex, p);
	if (p != NULL && *p == '}')
		return ac_jsonlex_fail(lex, p, "a quoted key");
	return p;
}

/* ---- rowscan.c, for the other forms ---- */

/* Walks a value at which the walk's trie has a node. */
extern const char *ac_rowscan_match(AcRowWalk *walk, const AcPlanNode *node,
									const char *p);

/*
 * Reads what stands at rows_path, or a part of it, into n_entries entries, and
 * counts what is nested in it; returns the position behind it.
 */
extern const char *ac_rowscan_read_row(AcRowScan *scan, AcRowEntry *entries,
									   const char *p);

/* The child for a key, NULL if nobody asks for it. */
extern const AcPlanNode *ac_rowscan_child(const AcPlanNode *node,
										  const AcField *key);

/* Room in the store for one more row; false if the store is full. */
extern bool ac_rowscan_make_room(AcRowScan *scan);

/* ---- rowscan_forms.c, for a plan that is not plain ---- */

/* Makes what a scan needs beside the store, before anything is read. */
extern void ac_rowscan_prepare(AcRowScan *scan);
extern void ac_rowscan_end_form(AcRowScan *scan);

/* The value at rows_path; returns the position behind it. */
extern const char *ac_rowscan_match_form(AcRowScan *scan, const char *p);

/* The value at nested_path, and what was found there before. */
extern const char *ac_rowscan_match_nested(AcRowWalk *walk, const char *p);
extern void ac_rowscan_forget_nested(AcRowWalk *walk);

/* Refuses the body if a parent has something else there. */
extern void ac_rowscan_check_nested(AcRowScan *scan);

/* LINES: all texts of the body, and the envelope's fields in them. */
extern bool ac_rowscan_read_lines(AcRowScan *scan, const char *p,
								  AcRowEntry *envelope);

/* Refuses the body for a reason that is no fault of its JSON; NULL. */
extern const char *ac_rowscan_refuse(AcRowScan *scan, AcErrorCode code,
									 const char *why);

/* From where a member begins to its value; the name goes to *name. */
extern const char *ac_rowscan_read_name(AcRowScan *scan, const char *p,
										AcRowEntry *name);

/* ---- rowscan_lists.c ---- */

/* The object of lists at p; returns the position behind it. */
extern const char *ac_rowscan_match_lists(AcRowScan *scan, const char *p);

/* The next element of each list, into the scratch row; false if interrupted. */
extern bool ac_rowscan_read_lists(AcRowScan *scan);

/* The row, and the fields that are all of it. */
extern void ac_rowscan_fill_composed(AcRowScan *scan, AcField *fields);

extern void ac_rowscan_end_lists(AcRowScan *scan);

/* COLUMNS: finds out which value of a row is which field. */
extern void ac_rowscan_bind_names(AcRowScan *scan, const AcRowEntry *names);

extern AcRowNext ac_rowscan_next_form(AcRowScan *scan, AcField *fields,
									  AcError *err);

#endif /* AC_CORE_ROWSCAN_INT_H */
