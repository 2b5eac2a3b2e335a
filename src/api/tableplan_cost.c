/*
 * tableplan_cost.c
 *		What does it cost to plan an API, and how much is too much?
 *
 * A description of a few hundred kilobytes may refer 25,000 times to one shape
 * of a thousand fields: each reference becomes a table with columns of its
 * own.  So what has been looked at and what has been made is counted over all
 * tables; those that come after the limit are left out, and say why.  Real
 * descriptions stay far below: one of 13 MB has 530 tables with 11,000 columns.
 */
#include "ac.h"

#include "api/tableplan_int.h"

/* Properties looked at for rows: half a second of it. */
#define MAX_LOOKS (10 * 1000 * 1000)

/* Shapes that are entered for one answer, as api/envelope does. */
#define MAX_ENTERED 2000

/*
 * Bytes that plans take: of a table its draft and what is kept as evidence, of
 * a column its plan, name and pointer.  With the tree of the document all stays
 * below the 256 MB of a bomb.  10,000 tables may have 25 columns each, and
 * 25,000 (as many as a reader finds) a column.
 */
#define TABLE_BYTES 6000
#define COLUMN_BYTES 400
#define MAX_BYTES ((int64) 160 * 1024 * 1024)

typedef struct Count
{
	int64 looks;
	int entered;
} Count;

/* Counts the properties that the search for rows sees. */
static void
count_shape(Count *count, const AcShape *shape, int depth)
{
	int i;

	if (shape == NULL || count->entered++ > MAX_ENTERED ||
		count->looks > MAX_LOOKS)
		return;
	count->looks += 1 + shape->n_properties;
	if (shape->kind != AC_SHAPE_OBJECT)
	{
		/* of rows the fields are looked at, not what is in them */
		if (shape->items != NULL)
			count->looks += shape->items->n_properties;
		return;
	}
	for (i = 0; depth < AC_ENVELOPE_MAX_DEPTH && i < shape->n_properties; i++)
	{
		AcShape *inside = shape->properties[i].shape;

		if (inside->kind == AC_SHAPE_OBJECT || inside->items != NULL)
			count_shape(count, inside, depth + 1);
	}
}

bool
ac_plan_may_look(AcDrafts *drafts, const AcShape *response)
{
	Count count = {0};

	if (drafts->looks <= MAX_LOOKS)
		count_shape(&count, response, 0);
	drafts->looks += count.looks;
	return drafts->looks <= MAX_LOOKS;
}

bool
ac_plan_may_build(const AcDrafts *drafts)
{
	return drafts->bytes <= MAX_BYTES;
}

void
ac_plan_count(AcDrafts *drafts, const AcTablePlan *plan)
{
	int i;

	drafts->bytes += TABLE_BYTES + (int64) COLUMN_BYTES * plan->n_columns;
	for (i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].comment != NULL)
			drafts->bytes += strlen(plan->columns[i].comment);
}
