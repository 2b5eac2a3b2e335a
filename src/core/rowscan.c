/*
 * rowscan.c
 *		Where in a page of JSON are the rows and their fields?  See rowscan.h.
 *
 * The page is walked along the plan's tries.  A value at which a trie has a
 * node is matched, by functions that call each other as deep as the plan's
 * pointers go; any other is skipped by core/jsonlex, which does not recurse.
 * Both validate, so one reading of the body does everything.
 *
 * That reading must be over before the first row may be delivered: the end of
 * the body can be malformed, and the pager waits for the envelope.  What it
 * finds in the rows is therefore kept in the store, which is bounded; rows
 * that do not fit are read a second time when they are asked for.
 *
 * Rejected: reading everything a second time (half the speed).  Not done:
 * remembering the order of a row's keys, so as to compare a key with the
 * expected one before hashing it; to find ten fields among sixteen takes a
 * fifth of the time.
 */
#include "ac.h"

#include "core/buf.h"
#include "core/rowscan_int.h"

/*
 * A quarter of the body's size for the store: rows of 800 bytes from which ten
 * fields are taken need a sixth.  A small page may have more than its share,
 * as much as a second-level cache holds.  The upper bound keeps the memory of
 * a scan within what it may add to a backend.
 */
#define STORE_SHARE 4
#define STORE_MIN_BYTES ((size_t) 256 * 1024)
#define STORE_MAX_BYTES ((size_t) 32 * 1024 * 1024)

/*
 * Rows by which fetching what fields point to is ahead of handing them out.
 * When rows are handed out the page has left the fast caches, and its fields
 * lie too far apart for the processor to guess the next one.
 */
#define FETCH_AHEAD 3

/* Rows that the store holds when it is first made. */
#define STORE_FIRST_ROWS 32

/* Bytes of rows to be hashed at a time: a part of the first-level cache. */
#define HASH_BYTES (8 * 1024)

static const char *match_value(AcRowWalk *walk, const AcPlanNode *node,
							   const char *p);

static void
forget_rows(AcRowScan *scan)
{
	if (scan->plan->form == AC_ROWS_LINES)
	{
		scan->line_has_row = false; /* of this line alone */
		return;
	}
	memset(&scan->rows, 0, sizeof(scan->rows));
	scan->row_count = 0;
	scan->page_rows = 0;
	scan->n_stored = 0;
	scan->resume = NULL;
}

/* The same for what leads to rows: those of the page, or those in a parent. */
static pg_noinline void
forget_either(AcRowWalk *walk)
{
	if (walk->tree == &walk->scan->plan->envelope)
		forget_rows(walk->scan);
	else
		ac_rowscan_forget_nested(walk);
}

/*
 * A node with children is entered, perhaps for the second time: what its first
 * value held below it counts no more.
 */
static inline void
forget_below(AcRowWalk *walk, const AcPlanNode *node)
{
	for (int i = node->own_end; i < node->below_end; i++)
		walk->out[walk->tree->outputs[i]].kind = AC_FIELD_ABSENT;
	if (unlikely(node->leads_to_rows))
		forget_either(walk);
}

/* The child for a key as it stands in the body, between its quotes. */
static inline const AcPlanNode *
find_child(const AcPlanNode *node, const char *key, size_t len)
{
	const AcPlanNode *child;
	uint64 hash;
	uint64 slot;

	/* Most keys are not asked for, and few of these have a fitting length. */
	if ((node->key_lengths >> Min(len, 63) & 1) == 0)
		return NULL;
	hash = ac_rowplan_hash(key, len);
	slot = hash & node->table_mask;
	while ((child = node->table[slot]) != NULL)
	{
		if (child->hash == hash && child->key_len == len &&
			(len <= AC_ROWPLAN_EXACT_BYTES ||
			 memcmp(child->key, key, len) == 0))
			return child;
		slot = (slot + 1) & node->table_mask;
	}
	return NULL;
}

/* The same for a key with escapes; rare enough to try each child. */
static pg_noinline const AcPlanNode *
find_escaped_child(const AcPlanNode *node, const char *key, size_t len)
{
	AcField field = {AC_FIELD_STRING, true, key, len};
	const AcPlanNode *child;

	for (child = node->first_child; child; child = child->next_sibling)
		if (ac_field_equals(&field, child->key, child->key_len))
			return child;
	return NULL;
}

static const AcPlanNode *
find_element(const AcPlanNode *node, int64 index)
{
	const AcPlanNode *child;

	if (index > node->max_index)
		return NULL;
	for (child = node->first_child; child; child = child->next_sibling)
		if (child->index == index)
			return child;
	return NULL;
}

/* Enters a value for each pointer that leads to it. */
static inline void
keep_value(AcRowWalk *walk, const AcPlanNode *node, const char *p, const char *end)
{
	AcRowEntry entry = ac_rowscan_entry(walk->scan, p, end);

	for (int i = node->own; i < node->own_end; i++)
		walk->out[walk->tree->outputs[i]] = entry;
}

/*
 * The value of a member for which there is a node.  Where a trie ends, as it
 * does at most columns, there is no need for match_value().  Not inline: the
 * loop over members that nobody asks for is the faster the smaller it is.
 */
static pg_noinline const char *
match_child(AcRowWalk *walk, const AcPlanNode *child, const char *p)
{
	AcJsonLex *lex = &walk->scan->lex;
	const char *end;

	if (child->n_children > 0 || child->is_rows)
		return match_value(walk, child, p);
	lex->escaped = false;
	end = ac_jsonlex_skip(lex, p);
	if (end != NULL)
		keep_value(walk, child, p, end);
	return end;
}

/* An object into which a trie leads. */
static const char *
match_object(AcRowWalk *walk, const AcPlanNode *node, const char *p)
{
	AcJsonLex *lex = &walk->scan->lex;

	if ((p = ac_jsonlex_open(lex, p)) == NULL)
		return NULL;
	while (*p != '}')
	{
		const char *key = p + 1;
		const AcPlanNode *child;
		size_t len;

		lex->escaped = false;
		if ((p = ac_jsonlex_key(lex, p)) == NULL)
			return NULL;
		len = (size_t) (p - 1 - key);
		child = unlikely(lex->escaped) ? find_escaped_child(node, key, len)
									   : find_child(node, key, len);
		if ((p = ac_jsonlex_colon(lex, p)) == NULL)
			return NULL;
		p = child != NULL ? match_child(walk, child, p)
						  : ac_jsonlex_skip(lex, p);
		if (p == NULL)
			return NULL;
		p = ac_jsonlex_space(lex, p);
		if (*p == '}')
			break;
		if (*p != ',')
			return ac_jsonlex_fail(lex, p, "\",\" or \"}\"");
		if ((p = ac_jsonlex_comma(lex, p)) == NULL)
			return NULL;
		if (*p == '}')
			return ac_jsonlex_fail(lex, p, "a quoted key");
	}
	return ac_jsonlex_close(lex, p);
}

/* An array into which a trie leads. */
static const char *
match_array(AcRowWalk *walk, const AcPlanNode *node, const char *p)
{
	AcJsonLex *lex = &walk->scan->lex;

	p = ac_jsonlex_open(lex, p);
	for (int64 index = 0; p != NULL && *p != ']'; index++)
	{
		const AcPlanNode *child = find_element(node, index);

		p = child != NULL ? match_value(walk, child, p)
						  : ac_jsonlex_skip(lex, p);
		if (p != NULL)
			p = ac_rowscan_next_element(lex, p);
	}
	return ac_jsonlex_close(lex, p);
}

/* Reads one row into entries; returns the position behind it. */
static inline const char *
read_row(AcRowScan *scan, AcRowEntry *entries, const char *p)
{
	AcRowWalk walk = {scan, &scan->plan->row, entries + 1};
	const char *end;

	memset(entries, 0, (size_t) scan->plan->n_entries * sizeof(AcRowEntry));
	end = match_value(&walk, scan->plan->row.root, p);
	if (end != NULL)
		entries[0] = ac_rowscan_entry(scan, p, end);
	return end;
}

const char *
ac_rowscan_read_row(AcRowScan *scan, AcRowEntry *entries, const char *p)
{
	scan->nested_count = 0;
	return read_row(scan, entries, p);
}

const char *
ac_rowscan_match(AcRowWalk *walk, const AcPlanNode *node, const char *p)
{
	return match_value(walk, node, p);
}

const AcPlanNode *
ac_rowscan_child(const AcPlanNode *node, const AcField *key)
{
	return key->escaped ? find_escaped_child(node, key->text, key->len)
						: find_child(node, key->text, key->len);
}

bool
ac_rowscan_make_room(AcRowScan *scan)
{
	size_t row_bytes = (size_t) scan->plan->n_entries * sizeof(AcRowEntry);

	if (scan->n_stored < scan->store_capacity)
		return true;
	if (scan->store_capacity == scan->store_max)
		return false;
	scan->store_capacity = Min(scan->store_max,
							   Max(scan->store_capacity * 2,
								   STORE_FIRST_ROWS));
	if (scan->store == NULL)
		scan->store = palloc(scan->store_capacity * row_bytes);
	else
		scan->store = repalloc(scan->store, scan->store_capacity * row_bytes);
	return true;
}

/* The rows begin anew at p: their hash, if it is wanted, as well. */
static void
begin_hash(AcRowScan *scan, const char *p)
{
	ac_rowhash_begin(&scan->hash, p);
	scan->hash_at = scan->wants_hash ? p + Min(HASH_BYTES, scan->lex.end - p)
									 : scan->lex.end + 1;
}

/* Hashes what was read just now, while it is at hand. */
static pg_noinline void
hash_read(AcRowScan *scan, const char *p)
{
	ac_rowhash_update(&scan->hash, p);
	scan->hash_at = p + Min(HASH_BYTES, scan->lex.end - p);
}

/* Reads a row into the store or, once that is full, only validates it. */
static const char *
take_row(AcRowScan *scan, const char *p)
{
	scan->row_count++;
	if (scan->resume == NULL && ac_rowscan_make_room(scan))
		return read_row(scan,
						scan->store + scan->n_stored++ * (size_t) scan->plan->n_entries,
						p);
	if (scan->resume == NULL)
		scan->resume = p;
	return ac_jsonlex_skip(&scan->lex, p);
}

/* The value at rows_path. */
static const char *
match_rows(AcRowScan *scan, const char *p)
{
	AcJsonLex *lex = &scan->lex;
	const char *start = p;
	AcRowEntry entry;

	forget_rows(scan);
	if (!scan->plan->plain)
		p = ac_rowscan_match_form(scan, p);
	else if (*p == '[')
	{
		begin_hash(scan, p);
		p = ac_jsonlex_open(lex, p);
		while (p != NULL && *p != ']')
		{
			if ((p = take_row(scan, p)) != NULL)
				p = ac_rowscan_next_element(lex, p);
			if (unlikely(p >= scan->hash_at))
				hash_read(scan, p);
		}
		if ((p = ac_jsonlex_close(lex, p)) == NULL)
			return NULL;
	}
	else if (*p == '{')
		p = take_row(scan, p);
	else
		p = ac_jsonlex_skip(lex, p);
	if (p == NULL)
		return NULL;
	if (scan->plan->plain)
		scan->page_rows = scan->row_count;
	entry = ac_rowscan_entry(scan, start, p);
	ac_rowscan_unpack(scan, &entry, &scan->rows);
	return p;
}

/* Walks into a value as far as the trie leads. */
static const char *
descend(AcRowWalk *walk, const AcPlanNode *node, const char *p)
{
	AcJsonLex *lex = &walk->scan->lex;

	if (node->is_rows)
	{
		const char *end = walk->tree == &walk->scan->plan->envelope
							  ? match_rows(walk->scan, p)
							  : ac_rowscan_match_nested(walk, p);

		if (end == NULL || node->n_children == 0)
			return end;
		/* The envelope has fields inside the rows: once more, for them. */
		ac_jsonlex_seek(lex, p, lex->depth);
	}
	if (node->n_children > 0 && *p == '{')
		return match_object(walk, node, p);
	if (node->n_children > 0 && *p == '[')
		return match_array(walk, node, p);
	return ac_jsonlex_skip(lex, p);
}

/* A value at which a trie has a node. */
static const char *
match_value(AcRowWalk *walk, const AcPlanNode *node, const char *p)
{
	const char *end;

	if (node->n_children > 0)
		forget_below(walk, node);
	walk->scan->lex.escaped = false;
	end = descend(walk, node, p);
	if (end != NULL && node->own < node->own_end)
		keep_value(walk, node, p, end);
	return end;
}

static void
set_store_limit(AcRowScan *scan, size_t body_len)
{
	size_t bytes = Max(STORE_MIN_BYTES, body_len / STORE_SHARE);

	bytes = Min(bytes, STORE_MAX_BYTES);
	scan->store_max = Max(1, bytes / ((size_t) scan->plan->n_entries * sizeof(AcRowEntry)));
}

/* Reads the body from its first value on. */
static bool
read_body(AcRowScan *scan, const char *p)
{
	const AcRowPlan *plan = scan->plan;
	/* behind the envelope there may be the names of columns */
	size_t n = (size_t) plan->n_envelope + 1;
	AcRowEntry *entries = palloc0(n * sizeof(AcRowEntry));
	AcRowWalk walk = {scan, &plan->envelope, entries};
	bool read;

	if (plan->form == AC_ROWS_LINES)
		read = ac_rowscan_read_lines(scan, p, entries);
	else
	{
		p = match_value(&walk, plan->envelope.root, p);
		read = p != NULL && ac_jsonlex_finish(&scan->lex, p);
	}
	if (read && plan->form == AC_ROWS_COLUMNS)
		ac_rowscan_bind_names(scan, &entries[plan->n_envelope]);
	if (read && plan->nested)
		ac_rowscan_check_nested(scan);
	if (!read)
		return false;
	scan->envelope = palloc(n * sizeof(AcField));
	for (int i = 0; i < plan->n_envelope; i++)
		ac_rowscan_unpack(scan, &entries[i], &scan->envelope[i]);
	pfree(entries);
	return true;
}

bool
ac_rowscan_begin(AcRowScan *scan, const AcRowPlan *plan, AcSlice body,
				 const AcRowLimits *limits, AcError *err)
{
	const char *p;

	memset(scan, 0, sizeof(*scan));
	scan->plan = plan;
	if (body.len >= UINT32_MAX)
		return ac_error_set(err, AC_ERR_TOO_LARGE,
							"body of %zu bytes is too large", body.len);
	p = ac_jsonlex_begin(&scan->lex, body, limits ? limits->max_depth : 0);
	if (limits != NULL)
	{
		scan->lex.interrupted = limits->interrupted;
		scan->lex.interrupted_arg = limits->interrupted_arg;
		scan->wants_hash = limits->hash;
		scan->wants_fields = limits->fields;
	}
	set_store_limit(scan, body.len);
	if (!plan->plain)
		ac_rowscan_prepare(scan);
	if (read_body(scan, p) && scan->refusal == AC_ERR_NONE)
		return true;
	if (scan->refusal == AC_ERR_NONE)
		ac_jsonlex_report(&scan->lex, err);
	else
		ac_error_set(err, scan->refusal, "%s", scan->refused);
	ac_rowscan_end(scan);
	return false;
}

/*
 * Reads the row at scan->resume a second time; false if interrupted.  What
 * surrounds it counted as depth the first time and need not do so again.
 */
static bool
read_again(AcRowScan *scan, AcRowEntry *entries)
{
	const char *p;

	if (scan->row_number == scan->n_stored)
		ac_jsonlex_seek(&scan->lex, scan->resume, 0);
	p = read_row(scan, entries, scan->resume);
	if (p != NULL)
		p = ac_rowscan_next_element(&scan->lex, p);
	scan->resume = p;
	return p != NULL;
}

/* Has the fields of a row that is in the store fetched into the caches. */
static inline void
fetch_fields(const AcRowScan *scan, uint64 row)
{
	const AcRowEntry *entries = scan->store + row * (size_t) scan->plan->n_entries;

	for (int i = 0; i < scan->plan->n_fields; i++)
		ac_simd_prefetch(scan->lex.text + entries[i + 1].start);
}

AcRowNext
ac_rowscan_next(AcRowScan *scan, AcField *fields, AcError *err)
{
	AcRowEntry *entries = scan->store;

	if (scan->row_number == scan->row_count)
		return AC_ROW_END;
	if (unlikely(!scan->plan->plain))
		return ac_rowscan_next_form(scan, fields, err);
	if (scan->row_number < scan->n_stored)
		entries += scan->row_number * (size_t) scan->plan->n_entries;
	else if (!read_again(scan, entries))
	{
		ac_jsonlex_report(&scan->lex, err);
		return AC_ROW_ERROR;
	}
	if (scan->wants_fields &&
		scan->row_number + FETCH_AHEAD < scan->n_stored)
		fetch_fields(scan, scan->row_number + FETCH_AHEAD);
	scan->row_number++;
	ac_rowscan_unpack(scan, &entries[0], &scan->row);
	scan->row_is_object = scan->row.kind == AC_FIELD_OBJECT;
	for (int i = 0; i < scan->plan->n_fields; i++)
		ac_rowscan_unpack(scan, &entries[i + 1], &fields[i]);
	return AC_ROW_FOUND;
}

void
ac_rowscan_members(const AcRowScan *scan, AcRowMembers *members)
{
	AcJsonLex *lex = &members->lex;
	const char *p;

	members->next = NULL;
	members->names = scan->plan->form == AC_ROWS_COLUMNS ||
							 scan->plan->form == AC_ROWS_LISTS
						 ? scan->names
						 : NULL;
	members->n_names = scan->n_names;
	if (!scan->row_is_object || members->names != NULL)
		return;
	/* Not a copy of all: the list of stops is large, and is made anew. */
	lex->text = scan->lex.text;
	lex->end = scan->lex.end;
	lex->max_depth = scan->lex.max_depth;
	lex->interrupted = NULL;
	lex->fault = AC_JSONFAULT_NONE;
	lex->chunk = NULL;
	ac_jsonlex_seek(lex, scan->row.text, 0);
	p = ac_jsonlex_open(lex, scan->row.text);
	if (*p == '"')
		members->next = p;
}

/* The first reading found the row valid, so nothing here can fail. */
bool
ac_rowscan_next_member(AcRowMembers *members, AcField *name)
{
	AcJsonLex *lex = &members->lex;
	const char *key = members->next;
	const char *p;

	while (members->names != NULL && members->n_names > 0)
	{
		members->n_names--;
		*name = *members->names++;
		if (name->kind == AC_FIELD_STRING)
			return true;
	}
	if (key == NULL)
		return false;
	lex->escaped = false;
	p = ac_jsonlex_key(lex, key);
	Assert(p != NULL);
	name->kind = AC_FIELD_STRING;
	name->escaped = lex->escaped;
	name->text = key + 1;
	name->len = (size_t) (p - 1 - name->text);
	p = ac_jsonlex_skip(lex, ac_jsonlex_colon(lex, p));
	Assert(p != NULL);
	p = ac_jsonlex_space(lex, p);
	members->next = *p == ',' ? ac_jsonlex_comma(lex, p) : NULL;
	return true;
}

void
ac_rowscan_end(AcRowScan *scan)
{
	if (scan->store != NULL)
		pfree(scan->store);
	if (scan->envelope != NULL)
		pfree(scan->envelope);
	if (scan->plan != NULL && !scan->plan->plain)
		ac_rowscan_end_form(scan);
	scan->store = NULL;
	scan->envelope = NULL;
	scan->row_count = scan->row_number = 0;
}

uint64
ac_rowscan_hash(const AcRowScan *scan)
{
	const char *start = scan->rows.text;
	const char *end = start + scan->rows.len;
	AcRowHash hash = scan->hash;

	/* Rows of another form, or nobody said that it would be asked for. */
	if (hash.at < start || hash.at > end)
		ac_rowhash_begin(&hash, start);
	return ac_rowhash_end(&hash, end);
}
