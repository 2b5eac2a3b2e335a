/*
 * rowpage.h
 *		How do tests of the row scanner make pages and plans?
 */
#ifndef AC_TEST_ROWPAGE_H
#define AC_TEST_ROWPAGE_H

#include "tap.h"

#include "core/buf.h"
#include "core/rowscan.h"

/* Pointers in a list, rows or envelope. */
#define MAX_POINTERS 16

/* A page in memory of exactly its size and padding. */
static inline AcSlice
make_body(const char *text, size_t len)
{
	char *body = malloc(len + AC_BUF_PADDING);

	if (len > 0)
		memcpy(body, text, len);
	memset(body + len, 0, AC_BUF_PADDING);
	return (AcSlice){body, len};
}

static inline void
free_body(AcSlice body)
{
	free(unconstify(char *, body.text));
}

/* A list of pointers from a text in which blanks separate them. */
static inline AcPointers
split_pointers(const char *text)
{
	char **list = palloc(MAX_POINTERS * sizeof(char *));
	AcPointers result = {(const char *const *) list, 0};
	char *copy = pstrdup(text ? text : "");
	char *p = text ? copy : NULL;

	while (p != NULL)
	{
		char *blank = strchr(p, ' ');

		if (blank != NULL)
			*blank++ = '\0';
		Assert(result.n < MAX_POINTERS);
		list[result.n++] = p;
		p = blank;
	}
	return result;
}

/* A plan of the elements of the array at rows_path; NULL and err if it is none. */
static inline AcRowPlan *
array_plan(AcPointers row, const char *rows_path, AcPointers envelope,
		   AcError *err)
{
	AcRowSource source = {.rows_path = rows_path};

	return ac_rowplan_create(&source, row, NULL, envelope, err);
}

/* A plan that must be good. */
static inline AcRowPlan *
make_plan(const char *row, const char *rows_path, const char *envelope)
{
	AcError err;
	AcRowPlan *plan = array_plan(split_pointers(row), rows_path,
								 split_pointers(envelope), &err);

	if (plan == NULL)
		diag("%s", err.message);
	return plan;
}

/* A field as text; says so where its mark of escapes is wrong. */
static inline void
show_field(StringInfo out, const AcField *field)
{
	bool escaped = field->kind == AC_FIELD_STRING &&
				   memchr(field->text, '\\', field->len) != NULL;

	if (field->escaped != escaped)
		appendStringInfoString(out, "(escaped is wrong) ");
	if (field->kind == AC_FIELD_ABSENT)
		appendStringInfoChar(out, '-');
	else if (field->kind == AC_FIELD_STRING)
	{
		appendStringInfoChar(out, '\'');
		if (!ac_field_decode(field, out, NULL))
			appendStringInfoChar(out, '!');
		appendStringInfoChar(out, '\'');
	}
	else
		appendBinaryStringInfo(out, field->text, (int) field->len);
}

static inline void
show_fields(StringInfo out, const AcField *fields, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ' ');
		show_field(out, &fields[i]);
	}
}

/*
 * A whole page: "envelope | row | row", or the error's message.  *page_rows,
 * unless it is NULL: what pages are made of, if there is no error.
 */
static inline char *
show_page_rows(const AcRowPlan *plan, const char *text, size_t len,
			   int *page_rows)
{
	AcSlice body = make_body(text, len);
	AcField fields[MAX_POINTERS];
	AcRowScan scan;
	AcError err;
	StringInfoData out;
	uint64 n = 0;

	initStringInfo(&out);
	if (!ac_rowscan_begin(&scan, plan, body, NULL, &err))
	{
		free_body(body);
		return pstrdup(err.message);
	}
	show_fields(&out, scan.envelope, plan->n_envelope);
	while (ac_rowscan_next(&scan, fields, &err) == AC_ROW_FOUND)
	{
		appendStringInfoString(&out, " | ");
		show_fields(&out, fields, plan->n_fields);
		if (scan.row_number != ++n)
			appendStringInfoString(&out, " (row_number is wrong)");
		if (plan->plain && scan.row_is_object != (*scan.row.text == '{'))
			appendStringInfoString(&out, " (row_is_object is wrong)");
	}
	if (scan.row_count != n)
		appendStringInfoString(&out, " (row_count is wrong)");
	if (page_rows != NULL)
		*page_rows = (int) scan.page_rows;
	ac_rowscan_end(&scan);
	free_body(body);
	return out.data;
}

static inline char *
show_page(const AcRowPlan *plan, const char *text, size_t len)
{
	return show_page_rows(plan, text, len, NULL);
}

#endif /* AC_TEST_ROWPAGE_H */
