/*
 * fuzz_rowscan.c
 *		Does a scan with any plan accept what the validator accepts, and stay
 *		within the page?
 *
 * Input: pointers, one a line, an empty line, the page.  The first line is
 * rows_path, behind M, C, L or S for other forms than an array, then perhaps
 * "|" and columns_path, "^" and nested_path; of the others every second
 * belongs to the envelope.  A pointer of a row behind "^" is of the parent,
 * "@" stands for the name, "#" for the ordinal.
 */
#include "fuzz.h"

#include "core/buf.h"
#include "core/jsonvalid.h"
#include "core/rowscan.h"
#include "core/rowtree.h"
#include "core/utf8.h"

#define MAX_POINTERS 16

typedef struct Input
{
	AcRowSource source;
	const char *row[MAX_POINTERS];
	AcRowOrigin origins[MAX_POINTERS];
	const char *envelope[MAX_POINTERS];
	AcPointers row_list;
	AcPointers envelope_list;
	AcSlice body;		 /* in memory of its size and padding */
	const char *ordinal; /* where the scan has its text */
} Input;

/* The next line, palloc'd; NULL at the end or for an empty line. */
static char *
next_line(const char **p, const char *end)
{
	const char *start = *p;
	char *line;

	while (*p < end && **p != '\n')
		(*p)++;
	line = pnstrdup(start, (Size) (*p - start));
	if (*p < end)
		(*p)++;
	return line[0] != '\0' ? line : NULL;
}

/* Takes the first line apart. */
static void
read_source(AcRowSource *source, char *line)
{
	static const char forms[] = "MCLS";
	const char *form = line[0] != '\0' ? strchr(forms, line[0]) : NULL;
	char *nested = strchr(line, '^');
	char *columns = strchr(line, '|');

	if (nested != NULL)
	{
		*nested = '\0';
		source->nested_path = nested + 1;
	}
	if (columns != NULL && (nested == NULL || columns < nested))
	{
		*columns = '\0';
		source->columns_path = columns + 1;
	}
	source->rows_path = form != NULL ? line + 1 : line;
	if (form != NULL)
		source->form = (AcRowsForm) (AC_ROWS_MAP + (form - forms));
}

static void
add_field(Input *input, const char *line)
{
	int n = input->row_list.n++;

	input->row[n] = line[0] == '^' ? line + 1 : line;
	input->origins[n] = line[0] == '^'	 ? AC_ORIGIN_PARENT
						: line[0] == '@' ? AC_ORIGIN_NAME
						: line[0] == '#' ? AC_ORIGIN_ORDINAL
										 : AC_ORIGIN_ROW;
}

static void
split_input(Input *input, const char *p, size_t size)
{
	const char *end = p + size;
	char *body;
	char *line;

	memset(input, 0, sizeof(*input));
	line = next_line(&p, end);
	read_source(&input->source, line != NULL ? pstrdup(line) : pstrdup(""));
	for (int i = 0; line != NULL; i++)
	{
		line = next_line(&p, end);
		if (line == NULL || i == MAX_POINTERS * 2)
			break;
		if (i % 2 == 0)
			add_field(input, line);
		else
			input->envelope[input->envelope_list.n++] = line;
	}
	input->row_list.pointers = input->row;
	input->envelope_list.pointers = input->envelope;

	input->body.len = (size_t) (end - p);
	input->body.text = body = malloc(input->body.len + AC_BUF_PADDING);
	memcpy(body, p, input->body.len);
	memset(body + input->body.len, 0, AC_BUF_PADDING);
}

/* A field lies in the page, is JSON itself, and decodes to UTF-8 or not. */
static void
check_field(const Input *input, const AcField *field)
{
	StringInfoData out;
	AcError err;
	int quotes = field->kind == AC_FIELD_STRING;

	if (field->kind == AC_FIELD_ABSENT)
		return;
	if (field->text == input->ordinal)
		return;
	if (field->text - quotes < input->body.text ||
		field->text + field->len + quotes > input->body.text + input->body.len)
		abort();
	if (!ac_jsonvalid_check(field->text - quotes, field->len + 2 * (size_t) quotes,
							0, &err))
		abort();
	initStringInfo(&out);
	if (!ac_field_decode(field, &out, &err))
	{
		if (err.code != AC_ERR_VALUE || out.len != 0)
			abort();
		return;
	}
	if (!ac_field_equals(field, out.data, (size_t) out.len) ||
		strlen(out.data) != (size_t) out.len)
		abort();
	for (const char *p = out.data; *p; p += ac_utf8_length(p))
		if (ac_utf8_length(p) == 0)
			abort();
}

static void
check_rows(const Input *input, AcRowScan *scan)
{
	AcField fields[MAX_POINTERS];
	AcRowHash hash;
	AcError err;
	uint64 n = 0;

	for (int i = 0; i < input->envelope_list.n; i++)
		check_field(input, &scan->envelope[i]);
	if (input->source.form != AC_ROWS_LINES)
		check_field(input, &scan->rows);
	ac_rowhash_begin(&hash, scan->rows.text);
	if (ac_rowscan_hash(scan) !=
		ac_rowhash_end(&hash, scan->rows.text + scan->rows.len))
		abort();
	while (ac_rowscan_next(scan, fields, &err) == AC_ROW_FOUND)
	{
		n++;
		/* a row of lists is put together */
		if (input->source.form != AC_ROWS_LISTS)
			check_field(input, &scan->row);
		else if (!ac_jsonvalid_check(scan->row.text, scan->row.len, 0, &err))
			abort();
		for (int i = 0; i < input->row_list.n; i++)
			if (fields[i].text != scan->row.text)
				check_field(input, &fields[i]);
	}
	if (n != scan->row_count || n != scan->row_number)
		abort();
}

/*
 * Do json-c's tree and ours mean the same by a pointer and by a key?  They
 * have other opinions of indices, and of keys that text cannot hold.
 */
static bool
is_comparable(const Input *input)
{
	const char *nested = input->source.nested_path;

	return strpbrk(input->source.rows_path, "-0123456789") == NULL &&
		   (nested == NULL || strpbrk(nested, "-0123456789") == NULL) &&
		   memmem(input->body.text, input->body.len, "\\u", 2) == NULL;
}

/* As many rows as a reading of the tree finds? */
static void
compare_with_tree(const Input *input, uint64 rows, uint64 page_rows)
{
	AcTreeRows found;
	AcJson *tree = NULL;
	bool parsed;

	if (input->source.form == AC_ROWS_LINES)
		parsed = ac_rowtree_parse_lines(input->body.text, input->body.len,
										&tree, NULL);
	else
		parsed = ac_json_parse(input->body.text, input->body.len,
							   AC_JSON_MAX_DEPTH, &tree, NULL);
	if (parsed && ac_rowtree_read(tree, &input->source, &found))
	{
		if ((uint64) found.n != rows || (uint64) found.page_rows != page_rows)
			abort();
		ac_rowtree_free(&found);
	}
	ac_json_free(tree);
}

/* What is accepted is valid, but for what a form asks beyond that. */
static void
check_verdict(const Input *input, bool accepted, const AcError *err)
{
	AcError valid_err;
	bool valid = ac_jsonvalid_check(input->body.text, input->body.len, 0,
									&valid_err);

	if (input->source.form == AC_ROWS_LINES)
		return;
	if (accepted && !valid)
		abort();
	if (!accepted && valid &&
		((input->source.form == AC_ROWS_ARRAY &&
		  input->source.nested_path == NULL) ||
		 (err->code != AC_ERR_MALFORMED && err->code != AC_ERR_TOO_LARGE)))
		abort();
	if (!valid && input->source.form == AC_ROWS_ARRAY &&
		(err->code != valid_err.code ||
		 strcmp(err->message, valid_err.message) != 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input input;
	AcRowPlan *plan;
	AcRowScan scan;
	AcRowLimits limits = {.hash = true, .fields = true};
	AcError err;

	split_input(&input, (const char *) data, size);
	plan = ac_rowplan_create(&input.source, input.row_list,
							 input.origins, input.envelope_list, &err);
	if (plan != NULL)
	{
		bool accepted = ac_rowscan_begin(&scan, plan, input.body, &limits,
										 &err);

		check_verdict(&input, accepted, &err);
		if (accepted)
		{
			input.ordinal = scan.ordinal_text;
			check_rows(&input, &scan);
			if (is_comparable(&input))
				compare_with_tree(&input, scan.row_count, scan.page_rows);
		}
		ac_rowscan_end(&scan);
	}
	free(unconstify(char *, input.body.text));
	ac_alloc_reset();
	return 0;
}
