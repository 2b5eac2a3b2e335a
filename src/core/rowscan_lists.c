/*
 * rowscan_lists.c
 *		How are rows read whose columns are lists?
 *
 * {"time": [1, 2], "value": [0.5, 0.7]} has two rows.  Lists of the length
 * that the longest has are columns; any other list that somebody asks for is
 * a reason to refuse the body, since nobody knows which rows it belongs to.
 * Members that are no lists say something of all rows, and are none of them:
 * to ask for one as a column is refused, too.
 * The lists are valid JSON once the body was read, and are walked side by side.
 */
#include "ac.h"

#include "core/rownames.h"
#include "core/rowscan_int.h"

/* Length of what is no list. */
#define NO_LIST PG_UINT64_MAX

/* Makes room for one more list. */
static void
reserve(AcRowScan *scan)
{
	uint64 n = scan->n_names;

	/* doubles at each power of two */
	if (n != 0 && (n < 8 || (n & (n - 1)) != 0))
		return;
	n = Max(n * 2, 8);
	if (scan->names == NULL)
	{
		scan->names = palloc(n * sizeof(AcField));
		scan->by_position = palloc(n * sizeof(AcPlanNode *));
		scan->cursors = palloc(n * sizeof(char *));
		scan->lengths = palloc(n * sizeof(uint64));
		return;
	}
	scan->names = repalloc(scan->names, n * sizeof(AcField));
	scan->by_position = repalloc(scan->by_position, n * sizeof(AcPlanNode *));
	scan->cursors = repalloc(scan->cursors, n * sizeof(char *));
	scan->lengths = repalloc(scan->lengths, n * sizeof(uint64));
}

/* Where the member of that name is, or will be; false if there are too many. */
static bool
enter_name(AcRowScan *scan, const AcField *name, uint64 *at)
{
	if (ac_rownames_find(scan->members, name, at))
		return true;
	*at = scan->n_names;
	if (scan->n_names == AC_ROWSCAN_MAX_NAMES ||
		ac_rownames_add(scan->members, name, (uint32) *at, *at, at) == AC_NAME_TOO_MANY)
		return ac_rowscan_refuse(scan, AC_ERR_TOO_LARGE,
								 "answer names too many columns") != NULL;
	reserve(scan);
	scan->names[*at] = *name;
	scan->n_names++;
	return true;
}

/*
 * A member that is no list: of two of one name the last wins.  One that is
 * asked for is kept, unless it is null, for its values are shown by no row.
 */
static const char *
skip_member(AcRowScan *scan, const AcField *name, const AcPlanNode *node,
			const char *p)
{
	uint64 at;

	if (node != NULL ? !enter_name(scan, name, &at)
					 : !ac_rownames_find(scan->members, name, &at))
		return node != NULL ? NULL : ac_jsonlex_skip(&scan->lex, p);
	scan->lengths[at] = NO_LIST;
	scan->by_position[at] = *p == 'n' ? NULL : node;
	return ac_jsonlex_skip(&scan->lex, p);
}

/* Enters a list and counts its elements. */
static const char *
measure_list(AcRowScan *scan, const AcField *name, const AcPlanNode *node,
			 const char *p)
{
	AcJsonLex *lex = &scan->lex;
	uint64 length = 0;
	uint64 at;

	if (!enter_name(scan, name, &at))
		return NULL;
	p = ac_jsonlex_open(lex, p);
	scan->names[at] = *name;
	scan->by_position[at] = node;
	scan->cursors[at] = p;
	while (p != NULL && *p != ']')
	{
		length++;
		if ((p = ac_jsonlex_skip(lex, p)) != NULL)
			p = ac_rowscan_next_element(lex, p);
	}
	scan->lengths[at] = length;
	return ac_jsonlex_close(lex, p);
}

/* Refuses a body in which a member that is asked for is no column. */
static bool
refuse_column(AcRowScan *scan, uint64 i, uint64 rows)
{
	const char *key = scan->by_position[i]->key;

	return ac_rowscan_refuse(scan, AC_ERR_MALFORMED,
							 scan->lengths[i] == NO_LIST
								 ? psprintf("\"%s\" is no list of values", key)
								 : psprintf("list \"%s\" has " UINT64_FORMAT " values for " UINT64_FORMAT " rows",
											key, scan->lengths[i], rows)) != NULL;
}

/* Keeps the lists that are columns; false if one that is asked for is none. */
static bool
keep_columns(AcRowScan *scan)
{
	uint64 longest = 0;
	uint64 kept = 0;

	for (uint64 i = 0; i < scan->n_names; i++)
		if (scan->lengths[i] != NO_LIST)
			longest = Max(longest, scan->lengths[i]);
	for (uint64 i = 0; i < scan->n_names; i++)
	{
		if (scan->lengths[i] != longest)
		{
			if (scan->by_position[i] != NULL)
				return refuse_column(scan, i, longest);
			continue;
		}
		scan->names[kept] = scan->names[i];
		scan->by_position[kept] = scan->by_position[i];
		scan->cursors[kept++] = scan->cursors[i];
	}
	scan->n_names = kept;
	scan->row_count = scan->page_rows = scan->base_total = longest;
	return true;
}

const char *
ac_rowscan_match_lists(AcRowScan *scan, const char *p)
{
	AcJsonLex *lex = &scan->lex;

	/* now, as rows are asked for in contexts that end with each */
	if (scan->composed == NULL)
		scan->composed = makeStringInfo();
	scan->n_names = 0;
	if (scan->members != NULL)
		ac_rownames_free(scan->members);
	scan->members = ac_rownames_create();
	scan->resume = p;
	p = ac_jsonlex_open(lex, p);
	while (p != NULL && *p != '}')
	{
		const AcPlanNode *node;
		AcRowEntry entry;
		AcField name;

		if ((p = ac_rowscan_read_name(scan, p, &entry)) == NULL)
			return NULL;
		ac_rowscan_unpack(scan, &entry, &name);
		node = ac_rowscan_child(scan->plan->row.root, &name);
		p = *p == '[' ? measure_list(scan, &name, node, p)
					  : skip_member(scan, &name, node, p);
		if (p != NULL)
			p = ac_rowscan_next_member_at(lex, p);
	}
	if (p == NULL || !keep_columns(scan))
		return NULL;
	return ac_jsonlex_close(lex, p);
}

/* One value, where its list is at; goes on in the list. */
static bool
read_value(AcRowScan *scan, AcRowWalk *walk, uint64 i)
{
	AcJsonLex *lex = &scan->lex;
	const AcPlanNode *node = scan->by_position[i];
	const AcField *name = &scan->names[i];
	const char *start = scan->cursors[i];
	const char *p;

	ac_jsonlex_seek(lex, start, 0);
	p = node != NULL ? ac_rowscan_match(walk, node, start)
					 : ac_jsonlex_skip(lex, start);
	if (p == NULL)
		return false;
	appendStringInfoString(scan->composed, i == 0 ? "{\"" : ",\"");
	appendBinaryStringInfo(scan->composed, name->text, (int) name->len);
	appendStringInfoString(scan->composed, "\":");
	appendBinaryStringInfo(scan->composed, start, (int) (p - start));
	scan->cursors[i] = ac_rowscan_next_element(lex, p);
	return scan->cursors[i] != NULL;
}

bool
ac_rowscan_read_lists(AcRowScan *scan)
{
	AcRowWalk walk = {scan, &scan->plan->row, scan->scratch + 1};

	resetStringInfo(scan->composed);
	memset(scan->scratch, 0,
		   (size_t) scan->plan->n_entries * sizeof(AcRowEntry));
	for (uint64 i = 0; i < scan->n_names; i++)
		if (!read_value(scan, &walk, i))
			return false;
	appendStringInfoChar(scan->composed, '}');
	return true;
}

void
ac_rowscan_fill_composed(AcRowScan *scan, AcField *fields)
{
	const AcPlanTree *tree = &scan->plan->row;

	scan->row.kind = AC_FIELD_OBJECT;
	scan->row.escaped = false;
	scan->row.text = scan->composed->data;
	scan->row.len = (size_t) scan->composed->len;
	for (int i = tree->root->own; i < tree->root->own_end; i++)
		fields[tree->outputs[i]] = scan->row;
}

void
ac_rowscan_end_lists(AcRowScan *scan)
{
	if (scan->cursors != NULL)
		pfree(scan->cursors);
	if (scan->lengths != NULL)
		pfree(scan->lengths);
	if (scan->composed != NULL)
	{
		pfree(scan->composed->data);
		pfree(scan->composed);
	}
	scan->cursors = NULL;
	scan->lengths = NULL;
	scan->composed = NULL;
}
