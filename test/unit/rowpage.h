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

#endif /* AC_TEST_ROWPAGE_H */
