/*
 * fuzz_rowscan.c
 *		Does a scan with any plan accept what the validator accepts, and stay
 *		within the page?
 *
 * Input: pointers, one a line, an empty line, the page.  The first line is
 * rows_path; of the others every second belongs to the envelope.
 */
#include "fuzz.h"

#include "core/buf.h"
#include "core/jsonvalid.h"
#include "core/rowscan.h"
#include "core/utf8.h"

#define MAX_POINTERS 16

typedef struct Input
{
	const char *rows_path;
	const char *row[MAX_POINTERS];
	const char *envelope[MAX_POINTERS];
	AcPointers row_list;
	AcPointers envelope_list;
	AcSlice body; /* in memory of its size and padding */
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

static void
split_input(Input *input, const char *p, size_t size)
{
	const char *end = p + size;
	char *body;
	char *line;

	memset(input, 0, sizeof(*input));
	line = next_line(&p, end);
	input->rows_path = line != NULL ? line : "";
	for (int i = 0; line != NULL; i++)
	{
		line = next_line(&p, end);
		if (line == NULL || i == MAX_POINTERS * 2)
			break;
		if (i % 2 == 0)
			input->row[input->row_list.n++] = line;
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
	AcError err;
	uint64 n = 0;

	for (int i = 0; i < input->envelope_list.n; i++)
		check_field(input, &scan->envelope[i]);
	check_field(input, &scan->rows);
	ac_rowscan_hash(scan);
	while (ac_rowscan_next(scan, fields, &err) == AC_ROW_FOUND)
	{
		n++;
		check_field(input, &scan->row);
		for (int i = 0; i < input->row_list.n; i++)
			check_field(input, &fields[i]);
	}
	if (n != scan->row_count || n != scan->row_number)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input input;
	AcRowPlan *plan;
	AcRowScan scan;
	AcError err;
	AcError valid_err;

	split_input(&input, (const char *) data, size);
	plan = ac_rowplan_create(input.row_list, input.rows_path,
							 input.envelope_list, &err);
	if (plan != NULL)
	{
		bool valid = ac_jsonvalid_check(input.body.text, input.body.len, 0,
										&valid_err);

		if (ac_rowscan_begin(&scan, plan, input.body, NULL, &err) != valid)
			abort();
		if (valid)
			check_rows(&input, &scan);
		else if (err.code != valid_err.code ||
				 strcmp(err.message, valid_err.message) != 0)
			abort();
		ac_rowscan_end(&scan);
	}
	free(unconstify(char *, input.body.text));
	ac_alloc_reset();
	return 0;
}
