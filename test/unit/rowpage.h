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

/* A plan that must be good. */
static inline AcRowPlan *
make_plan(const char *row, const char *rows_path, const char *envelope)
{
	AcError err;
	AcRowPlan *plan = ac_rowplan_create(split_pointers(row), rows_path,
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

#endif /* AC_TEST_ROWPAGE_H */
