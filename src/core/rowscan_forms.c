/*
 * rowscan_forms.c
 *		How are rows read that are not the elements of an array?
 *
 * The members of an object, arrays of values whose names stand elsewhere,
 * texts one after the other, rows that stand in other rows (AcRowSource).
 * As with an array, the first reading validates all of the body and counts
 * the rows; what it finds in rows at rows_path goes to the store.  The values
 * of COLUMNS have no names before the whole body is read, and rows in other
 * rows may be any number: these are read when they are asked for.
 */
#include "ac.h"

#include "core/rownames.h"
#include "core/rowscan_int.h"

/* Parents without a row in them between two questions whether to stop. */
#define POLL_PARENTS 1024

/* RFC 7464: what stands before each text of a sequence. */
#define RECORD_SEPARATOR '\x1E'

/* AcRowScan.nested_count of a parent whose value at nested_path is a scalar. */
#define CANNOT_HOLD_ROWS ((uint64) UINT32_MAX)

/* ---- beginning and end ---- */

void
ac_rowscan_prepare(AcRowScan *scan)
{
	const AcRowPlan *plan = scan->plan;
	size_t row_bytes = (size_t) plan->n_entries * sizeof(AcRowEntry);

	scan->scratch = palloc0(row_bytes);
	if (plan->nested)
		scan->element = palloc0(row_bytes);
	if (plan->form == AC_ROWS_LINES)
		scan->line = palloc0((size_t) (plan->n_envelope + 1) *
							 sizeof(AcRowEntry));
}

void
ac_rowscan_end_form(AcRowScan *scan)
{
	if (scan->scratch != NULL)
		pfree(scan->scratch);
	if (scan->element != NULL)
		pfree(scan->element);
	if (scan->line != NULL)
		pfree(scan->line);
	if (scan->members != NULL)
		ac_rownames_free(scan->members);
	if (scan->names != NULL)
		pfree(scan->names);
	if (scan->by_position != NULL)
		pfree(scan->by_position);
	ac_rowscan_end_lists(scan);
	scan->scratch = scan->element = scan->line = NULL;
	scan->members = NULL;
	scan->names = NULL;
	scan->by_position = NULL;
	scan->page_rows = scan->base_number = scan->base_total = 0;
	scan->n_names = 0;
	scan->next_element = NULL;
}

const char *
ac_rowscan_refuse(AcRowScan *scan, AcErrorCode code, const char *why)
{
	scan->refusal = code;
	scan->refused = why;
	return NULL;
}

/* Where the row at hand goes: into the store, or nowhere. */
static AcRowEntry *
place_for_row(AcRowScan *scan)
{
	if (scan->resume == NULL && ac_rowscan_make_room(scan))
		return scan->store + scan->n_stored * (size_t) scan->plan->n_entries;
	return scan->scratch;
}

/*
 * Counts a row that was read into its place.  start: where it can be read
 * again from.
 */
static void
count_row(AcRowScan *scan, const AcRowEntry *place, const char *start)
{
	if (place != scan->scratch)
		scan->n_stored++;
	else if (scan->resume == NULL)
		scan->resume = start;
	scan->base_total++;
	scan->page_rows++;
	if (scan->nested_count == CANNOT_HOLD_ROWS)
		scan->n_odd++;
	else
		scan->row_count += scan->plan->nested ? scan->nested_count : 1;
}

static AcRowEntry *
name_entry(const AcRowScan *scan, AcRowEntry *entries)
{
	return &entries[scan->plan->n_fields + 1];
}

static AcRowEntry *
nested_entry(const AcRowScan *scan, AcRowEntry *entries)
{
	return &entries[scan->plan->n_fields + 2];
}

/* ---- rows in rows ---- */

void
ac_rowscan_forget_nested(AcRowWalk *walk)
{
	walk->scan->nested_count = 0;
	walk->out[walk->scan->plan->n_fields + 1].kind = AC_FIELD_ABSENT;
}

/* Counts the rows in a parent.  The walk's entries begin behind the parent's own. */
const char *
ac_rowscan_match_nested(AcRowWalk *walk, const char *p)
{
	AcRowScan *scan = walk->scan;
	AcJsonLex *lex = &scan->lex;
	const char *start = p;

	ac_rowscan_forget_nested(walk);
	if (*p == '[')
	{
		p = ac_jsonlex_open(lex, p);
		while (p != NULL && *p != ']')
		{
			scan->nested_count++;
			if ((p = ac_jsonlex_skip(lex, p)) != NULL)
				p = ac_rowscan_next_element(lex, p);
		}
		if ((p = ac_jsonlex_close(lex, p)) == NULL)
			return NULL;
	}
	else
	{
		scan->nested_count = *p == '{'	 ? 1
							 : *p == 'n' ? 0
										 : CANNOT_HOLD_ROWS;
		p = ac_jsonlex_skip(lex, p);
	}
	if (p != NULL)
		walk->out[scan->plan->n_fields + 1] = ac_rowscan_entry(scan, start, p);
	return p;
}

void
ac_rowscan_check_nested(AcRowScan *scan)
{
	if (scan->page_rows > 0 && scan->n_odd > 0)
		(void) ac_rowscan_refuse(scan, AC_ERR_MALFORMED,
								 "nested rows are neither an array nor an object");
}

/* ---- MAP ---- */

const char *
ac_rowscan_read_name(AcRowScan *scan, const char *p, AcRowEntry *name)
{
	AcJsonLex *lex = &scan->lex;
	const char *end;

	lex->escaped = false;
	if ((end = ac_jsonlex_key(lex, p)) == NULL)
		return NULL;
	*name = ac_rowscan_entry(scan, p, end);
	return ac_jsonlex_colon(lex, end);
}

/* Enters a member's name; the row that had it before is none any more. */
static bool
enter_name(AcRowScan *scan, const AcRowEntry *name)
{
	AcField field;
	uint64 before = 0;

	ac_rowscan_unpack(scan, name, &field);
	switch (ac_rownames_add(scan->members, &field,
							(uint32) (scan->base_total - 1),
							scan->plan->nested ? scan->nested_count : 1,
							&before))
	{
		case AC_NAME_NEW:
			break;
		case AC_NAME_AGAIN:
			scan->page_rows--;
			if (before == CANNOT_HOLD_ROWS)
				scan->n_odd--;
			else
				scan->row_count -= before;
			break;
		case AC_NAME_TOO_MANY:
			(void) ac_rowscan_refuse(scan, AC_ERR_TOO_LARGE,
									 "object in which each member is a row has too many members");
			return false;
	}
	return true;
}

static const char *
match_members(AcRowScan *scan, const char *p)
{
	AcJsonLex *lex = &scan->lex;

	if (scan->members != NULL)
		ac_rownames_free(scan->members);
	scan->members = ac_rownames_create();
	p = ac_jsonlex_open(lex, p);
	while (p != NULL && *p != '}')
	{
		const char *start = p;
		AcRowEntry *place = place_for_row(scan);
		AcRowEntry name;

		if ((p = ac_rowscan_read_name(scan, p, &name)) == NULL ||
			(p = ac_rowscan_read_row(scan, place, p)) == NULL)
			return NULL;
		*name_entry(scan, place) = name;
		count_row(scan, place, start);
		if (!enter_name(scan, &name))
			return NULL;
		p = ac_rowscan_next_member_at(lex, p);
	}
	return ac_jsonlex_close(lex, p);
}

/* ---- COLUMNS ---- */

/* One row of values: only their number is of interest yet. */
static const char *
measure_row(AcRowScan *scan, const char *p)
{
	AcJsonLex *lex = &scan->lex;
	AcFieldKind kind = ac_field_kind_of(*p);
	uint64 width = 0;

	scan->base_total++;
	if (kind != AC_FIELD_ARRAY)
		p = ac_jsonlex_skip(lex, p);
	else
	{
		p = ac_jsonlex_open(lex, p);
		while (p != NULL && *p != ']')
		{
			width++;
			if ((p = ac_jsonlex_skip(lex, p)) != NULL)
				p = ac_rowscan_next_element(lex, p);
		}
		p = ac_jsonlex_close(lex, p);
	}
	if (scan->base_total == 1)
		scan->width = width;
	if (scan->odd_row == 0 &&
		(kind != AC_FIELD_ARRAY || width != scan->width))
	{
		scan->odd_row = scan->base_total;
		scan->odd_width = width;
		scan->odd_kind = kind;
	}
	return p;
}

static const char *
match_values(AcRowScan *scan, const char *p)
{
	AcJsonLex *lex = &scan->lex;

	scan->odd_row = 0;
	p = ac_jsonlex_open(lex, p);
	scan->resume = p;
	while (p != NULL && *p != ']')
		if ((p = measure_row(scan, p)) != NULL)
			p = ac_rowscan_next_element(lex, p);
	if (p != NULL)
		scan->row_count = scan->page_rows = scan->base_total;
	return ac_jsonlex_close(lex, p);
}

/* The name that an element of the names is: a text, or a member of it. */
static const char *
read_column_name(AcRowScan *scan, const char *p, AcField *name)
{
	AcRowEntry entries[AC_ROWPLAN_N_NAMES] = {{0}};
	AcRowWalk walk = {scan, &scan->plan->name, entries};
	const char *end;

	memset(name, 0, sizeof(*name));
	scan->lex.escaped = false;
	if (*p == '"')
	{
		AcRowEntry entry;

		end = ac_jsonlex_skip(&scan->lex, p);
		entry = ac_rowscan_entry(scan, p, end);
		ac_rowscan_unpack(scan, &entry, name);
		return end;
	}
	end = ac_rowscan_match(&walk, walk.tree->root, p);
	for (int i = 0; i < AC_ROWPLAN_N_NAMES && *p == '{'; i++)
		if (name->kind == AC_FIELD_ABSENT &&
			entries[i].kind == AC_FIELD_STRING)
			ac_rowscan_unpack(scan, &entries[i], name);
	return end;
}

/* A second column of a name that somebody asks for: which one is meant? */
static bool
enter_column(AcRowScan *scan, const AcField *name)
{
	const AcPlanNode *node = NULL;

	if (name->kind == AC_FIELD_STRING)
		node = ac_rowscan_child(scan->plan->row.root, name);
	for (uint64 i = 0; node != NULL && i < scan->n_names; i++)
		if (scan->by_position[i] == node)
		{
			(void) ac_rowscan_refuse(scan, AC_ERR_MALFORMED,
									 psprintf("two columns of the answer are called \"%s\"",
											  node->key));
			return false;
		}
	scan->by_position[scan->n_names] = node;
	scan->names[scan->n_names++] = *name;
	return true;
}

/* Makes the list of names.  They are valid JSON already. */
static bool
read_names(AcRowScan *scan, const char *p)
{
	AcJsonLex *lex = &scan->lex;
	uint64 capacity = 0;

	ac_jsonlex_seek(lex, p, 0);
	p = ac_jsonlex_open(lex, p);
	while (p != NULL && *p != ']')
	{
		AcField name;

		if (scan->n_names == AC_ROWSCAN_MAX_NAMES)
			return ac_rowscan_refuse(scan, AC_ERR_TOO_LARGE,
									 "answer names too many columns") != NULL;
		if (scan->n_names == capacity)
		{
			capacity = capacity * 2 + 32;
			scan->names = scan->names == NULL
							  ? palloc(capacity * sizeof(AcField))
							  : repalloc(scan->names, capacity * sizeof(AcField));
			scan->by_position = scan->by_position == NULL
									? palloc(capacity * sizeof(AcPlanNode *))
									: repalloc(scan->by_position,
											   capacity * sizeof(AcPlanNode *));
		}
		p = read_column_name(scan, p, &name);
		if (p == NULL || !enter_column(scan, &name))
			return false;
		p = ac_rowscan_next_element(lex, p);
	}
	return p != NULL;
}

/* Have all rows as many values as there are names? */
static void
check_widths(AcRowScan *scan)
{
	if (scan->width != scan->n_names &&
		(scan->odd_row != 1 || scan->odd_kind == AC_FIELD_ARRAY))
	{
		scan->odd_row = 1;
		scan->odd_kind = AC_FIELD_ARRAY;
		scan->odd_width = scan->width;
	}
	if (scan->odd_row == 0)
		return;
	/* the row of names is not counted by those who count rows */
	if (scan->header != NULL && scan->odd_row > 1)
		scan->odd_row--;
	(void) ac_rowscan_refuse(scan, AC_ERR_MALFORMED,
							 scan->odd_kind == AC_FIELD_ARRAY
								 ? psprintf("row " UINT64_FORMAT " has " UINT64_FORMAT " values for " UINT64_FORMAT " columns",
											scan->odd_row, scan->odd_width, scan->n_names)
								 : psprintf("row " UINT64_FORMAT " is no array of values but %s",
											scan->odd_row,
											ac_field_kind_name(scan->odd_kind)));
}

void
ac_rowscan_bind_names(AcRowScan *scan, const AcRowEntry *names)
{
	const char *text = scan->lex.text + names->start;

	if (scan->page_rows == 0)
		return;
	if (names->kind != AC_FIELD_ARRAY)
	{
		(void) ac_rowscan_refuse(scan, AC_ERR_MALFORMED,
								 psprintf("answer has no names of columns at \"%s\"",
										  scan->plan->columns_path));
		return;
	}
	if (!read_names(scan, text))
		return;
	/* the names may be the first of the rows */
	if (text > scan->rows.text && text < scan->rows.text + scan->rows.len)
	{
		scan->header = text;
		scan->row_count = --scan->page_rows;
	}
	check_widths(scan);
}

/* A row of values whose names are known. */
static const char *
read_values(AcRowScan *scan, AcRowEntry *entries, const char *p)
{
	AcRowWalk walk = {scan, &scan->plan->row, entries + 1};
	const AcPlanNode *root = walk.tree->root;
	const char *start = p;

	memset(entries, 0, (size_t) scan->plan->n_entries * sizeof(AcRowEntry));
	p = ac_jsonlex_open(&scan->lex, p);
	for (uint64 i = 0; p != NULL && *p != ']'; i++)
	{
		const AcPlanNode *node = scan->by_position[i];

		p = node != NULL ? ac_rowscan_match(&walk, node, p)
						 : ac_jsonlex_skip(&scan->lex, p);
		if (p != NULL)
			p = ac_rowscan_next_element(&scan->lex, p);
	}
	if ((p = ac_jsonlex_close(&scan->lex, p)) == NULL)
		return NULL;
	entries[0] = ac_rowscan_entry(scan, start, p);
	for (int i = root->own; i < root->own_end; i++)
		walk.out[walk.tree->outputs[i]] = entries[0];
	return p;
}

/* ---- LINES ---- */

/* From behind a text to the next one or the end. */
static const char *
skip_separators(AcJsonLex *lex, const char *p)
{
	p = ac_jsonlex_space(lex, p);
	while (*p == RECORD_SEPARATOR)
		p = ac_jsonlex_long_space(lex, p + 1);
	return p;
}

/* A number or a word ends where something else begins: at white space. */
static bool
ends_clearly(const AcJsonLex *lex, const char *start, const char *p)
{
	return *start == '{' || *start == '[' || *start == '"' || p == lex->end ||
		   strchr(" \t\r\n", *p) != NULL || *p == RECORD_SEPARATOR;
}

/* What rows_path leads to in one text is its row. */
static const char *
match_line_row(AcRowScan *scan, const char *p)
{
	/* the store has at least one row: this is a second reading */
	scan->parent = scan->base_number > 0 ? scan->scratch : place_for_row(scan);
	p = ac_rowscan_read_row(scan, scan->parent, p);
	scan->line_has_row = p != NULL &&
						 (scan->plan->rows_are_body ||
						  scan->parent[0].kind != AC_FIELD_NULL);
	return p;
}

/* May the text at p have a row and fields beside it?  "{}" and "1" have not. */
static bool
has_envelope(const AcRowScan *scan, const char *p)
{
	return !scan->plan->rows_are_body && (*p == '{' || *p == '[') &&
		   p[1] != '}' && p[1] != ']';
}

/* One text: its envelope into scan->line, its row into a place for it. */
static const char *
read_line(AcRowScan *scan, const char *p)
{
	AcRowWalk walk = {scan, &scan->plan->envelope, scan->line};
	const char *start = p;

	scan->line_has_row = false;
	/* entering the root forgets what the line before had */
	if (has_envelope(scan, p) || scan->plan->rows_are_body)
		p = ac_rowscan_match(&walk, walk.tree->root, p);
	else
		p = ac_jsonlex_skip(&scan->lex, p);
	if (p == NULL)
		return NULL;
	if (!ends_clearly(&scan->lex, start, p))
		return ac_jsonlex_fail(&scan->lex, p, "white space");
	if (p >= scan->lex.poll_at && !ac_jsonlex_poll(&scan->lex, p))
		return NULL;
	return p;
}

bool
ac_rowscan_read_lines(AcRowScan *scan, const char *p, AcRowEntry *envelope)
{
	const char *first = skip_separators(&scan->lex, p);
	AcRowEntry entry;

	for (p = first; p != scan->lex.end;)
	{
		const char *start = p;

		if ((p = read_line(scan, p)) == NULL)
			return false;
		for (int i = 0; has_envelope(scan, start) &&
						i < scan->plan->n_envelope;
			 i++)
			if (scan->line[i].kind != AC_FIELD_ABSENT)
				envelope[i] = scan->line[i];
		if (scan->line_has_row)
			count_row(scan, scan->parent, start);
		scan->lex.escaped = true; /* who knows: it is no matter here */
		entry = ac_rowscan_entry(scan, start, p);
		ac_rowscan_unpack(scan, &entry, &scan->last_line);
		p = skip_separators(&scan->lex, p);
	}
	scan->rows.kind = AC_FIELD_ARRAY;
	scan->rows.text = first;
	scan->rows.len = (size_t) (p - first);
	return true;
}

/* ---- any form ---- */

const char *
ac_rowscan_match_form(AcRowScan *scan, const char *p)
{
	AcJsonLex *lex = &scan->lex;
	AcRowEntry *place;
	const char *start = p;

	if (scan->plan->form == AC_ROWS_LINES)
		return match_line_row(scan, p);
	scan->base_total = 0;
	scan->n_odd = 0;
	if (scan->plan->form == AC_ROWS_MAP)
		return *p == '{' ? match_members(scan, p) : ac_jsonlex_skip(lex, p);
	if (scan->plan->form == AC_ROWS_COLUMNS)
		return *p == '[' ? match_values(scan, p) : ac_jsonlex_skip(lex, p);
	if (scan->plan->form == AC_ROWS_LISTS)
		return *p == '{' ? ac_rowscan_match_lists(scan, p)
						 : ac_jsonlex_skip(lex, p);
	if (*p != '[' && *p != '{')
		return ac_jsonlex_skip(lex, p);
	if (*p == '{')
	{
		place = place_for_row(scan);
		if ((p = ac_rowscan_read_row(scan, place, p)) != NULL)
			count_row(scan, place, start);
		return p;
	}
	p = ac_jsonlex_open(lex, p);
	while (p != NULL && *p != ']')
	{
		start = p;
		place = place_for_row(scan);
		if ((p = ac_rowscan_read_row(scan, place, p)) == NULL)
			return NULL;
		count_row(scan, place, start);
		p = ac_rowscan_next_element(lex, p);
	}
	return ac_jsonlex_close(lex, p);
}

/* Reads the row at scan->resume a second time, into the scratch row. */
static bool
read_again(AcRowScan *scan)
{
	AcJsonLex *lex = &scan->lex;
	const char *p = scan->resume;
	AcRowEntry name;

	if (scan->base_number == scan->n_stored || scan->plan->nested)
		ac_jsonlex_seek(lex, p, 0);
	switch (scan->plan->form)
	{
		case AC_ROWS_ARRAY:
			p = ac_rowscan_read_row(scan, scan->scratch, p);
			if (p != NULL)
				p = ac_rowscan_next_element(lex, p);
			break;
		case AC_ROWS_MAP:
			p = ac_rowscan_read_name(scan, p, &name);
			if (p == NULL)
				break;
			p = ac_rowscan_read_row(scan, scan->scratch, p);
			*name_entry(scan, scan->scratch) = name;
			if (p != NULL)
				p = ac_rowscan_next_member_at(lex, p);
			break;
		case AC_ROWS_COLUMNS:
			if (p == scan->header)
			{
				p = ac_jsonlex_skip(lex, p);
				if (p != NULL)
					p = ac_rowscan_next_element(lex, p);
			}
			if (p != NULL)
				p = read_values(scan, scan->scratch, p);
			if (p != NULL)
				p = ac_rowscan_next_element(lex, p);
			break;
		case AC_ROWS_LISTS:
			if (!ac_rowscan_read_lists(scan))
				p = NULL;
			break;
		case AC_ROWS_LINES:
			do
			{
				p = read_line(scan, p);
				if (p != NULL)
					p = skip_separators(lex, p);
			}
			while (p != NULL && !scan->line_has_row);
			break;
	}
	scan->resume = p;
	return p != NULL;
}

/* The next row at rows_path into scan->parent; false if interrupted. */
static bool
next_base(AcRowScan *scan)
{
	do
	{
		if (scan->base_number < scan->n_stored)
			scan->parent = scan->store +
						   scan->base_number * (size_t) scan->plan->n_entries;
		else if (read_again(scan))
			scan->parent = scan->scratch;
		else
			return false;
		scan->base_number++;
	}
	while (scan->members != NULL &&
		   ac_rownames_is_superseded(scan->members, scan->base_number - 1));
	return true;
}

/* Goes on to a parent that has rows in it; false if interrupted. */
static bool
next_parent(AcRowScan *scan)
{
	AcJsonLex *lex = &scan->lex;

	for (uint64 n = 1; scan->next_element == NULL; n++)
	{
		const AcRowEntry *nested;
		const char *p;

		if (n % POLL_PARENTS == 0 && !ac_jsonlex_poll(lex, lex->text))
			return false;
		if (!next_base(scan))
			return false;
		scan->ordinal = 0;
		nested = nested_entry(scan, scan->parent);
		p = lex->text + nested->start;
		if (nested->kind == AC_FIELD_OBJECT)
			scan->next_element = p;
		else if (nested->kind == AC_FIELD_ARRAY)
		{
			ac_jsonlex_seek(lex, p, 0);
			p = ac_jsonlex_open(lex, p);
			if (p != NULL && *p != ']')
				scan->next_element = p;
		}
	}
	return true;
}

/* Reads the next row that stands in a parent. */
static bool
read_element(AcRowScan *scan)
{
	const AcRowPlan *plan = scan->plan;
	AcRowWalk walk = {scan, &plan->element, scan->element + 1};
	const AcRowEntry *nested = nested_entry(scan, scan->parent);
	const char *start = scan->next_element;
	const char *p;

	if (scan->ordinal == 0)
		ac_jsonlex_seek(&scan->lex, start, 0);
	memset(scan->element, 0, (size_t) plan->n_entries * sizeof(AcRowEntry));
	p = ac_rowscan_match(&walk, plan->element.root, start);
	if (p == NULL)
		return false;
	scan->element[0] = ac_rowscan_entry(scan, start, p);
	scan->ordinal++;
	scan->next_element = NULL;
	if (nested->kind == AC_FIELD_ARRAY)
	{
		p = ac_rowscan_next_element(&scan->lex, p);
		if (p == NULL)
			return false;
		scan->next_element = *p == ']' ? NULL : p;
	}
	return true;
}

static void
fill_ordinal(AcRowScan *scan, AcField *field)
{
	field->kind = AC_FIELD_NUMBER;
	field->escaped = false;
	field->text = scan->ordinal_text;
	field->len = (size_t) snprintf(scan->ordinal_text,
								   sizeof(scan->ordinal_text), UINT64_FORMAT,
								   scan->ordinal);
}

/* The fields of the row at hand; element: it stands in a parent. */
static void
fill_fields(AcRowScan *scan, AcField *fields)
{
	const AcRowPlan *plan = scan->plan;
	AcRowEntry *own = plan->nested ? scan->element : scan->parent;

	for (int i = 0; i < plan->n_fields; i++)
	{
		AcRowOrigin origin = plan->origins != NULL ? plan->origins[i]
												   : AC_ORIGIN_ROW;

		memset(&fields[i], 0, sizeof(AcField));
		if (origin == AC_ORIGIN_ROW)
			ac_rowscan_unpack(scan, &own[i + 1], &fields[i]);
		else if (origin == AC_ORIGIN_PARENT)
			ac_rowscan_unpack(scan, &scan->parent[i + 1], &fields[i]);
		else if (origin == AC_ORIGIN_NAME && plan->form == AC_ROWS_MAP)
			ac_rowscan_unpack(scan, name_entry(scan, scan->parent), &fields[i]);
		else if (origin == AC_ORIGIN_ORDINAL && plan->nested)
			fill_ordinal(scan, &fields[i]);
	}
	ac_rowscan_unpack(scan, &own[0], &scan->row);
	if (plan->form == AC_ROWS_LISTS)
		ac_rowscan_fill_composed(scan, fields);
	scan->row_is_object = scan->row.kind == AC_FIELD_OBJECT ||
						  plan->form == AC_ROWS_COLUMNS;
}

AcRowNext
ac_rowscan_next_form(AcRowScan *scan, AcField *fields, AcError *err)
{
	bool read = scan->plan->nested ? next_parent(scan) && read_element(scan)
								   : next_base(scan);

	if (!read)
	{
		ac_jsonlex_report(&scan->lex, err);
		return AC_ROW_ERROR;
	}
	scan->row_number++;
	fill_fields(scan, fields);
	return AC_ROW_FOUND;
}
