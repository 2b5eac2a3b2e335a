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
 * Bytes that plans take: of a path its draft, of a table what is kept as
 * evidence, more of it where an example was looked at, of a column its plan,
 * name and pointer.
 */
#define DRAFT_BYTES 1500
#define TABLE_BYTES 2500
#define EXAMPLE_BYTES 5000
#define COLUMN_BYTES 450

/*
 * What the documents, the model and the plans may take together: with some
 * copies of the text and the backend itself they stay below the 256 MB of a
 * bomb.  What is large because the text is has a share of it all the same.
 */
#define MAX_BYTES ((int64) 176 * 1024 * 1024)
#define LEAST_SHARE 2

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
ac_plan_interrupted(const AcDrafts *drafts)
{
	const AcPlanOptions *options = drafts->options;

	return options->interrupted != NULL && options->interrupted(NULL);
}

bool
ac_plan_may_look(AcDrafts *drafts, const AcShape *response)
{
	Count count = {0};

	if (ac_plan_interrupted(drafts))
		return false;
	if (drafts->looks <= MAX_LOOKS)
		count_shape(&count, response, 0);
	drafts->looks += count.looks;
	return drafts->looks <= MAX_LOOKS;
}

void
ac_plan_begin(AcDrafts *drafts, const AcApi *api)
{
	drafts->max_bytes = Max(MAX_BYTES - api->bytes, api->bytes / LEAST_SHARE);
	drafts->bytes = (int64) DRAFT_BYTES * api->n_endpoints;
}

bool
ac_plan_may_build(const AcDrafts *drafts)
{
	return drafts->bytes <= drafts->max_bytes &&
		   !ac_plan_interrupted(drafts);
}

void
ac_plan_count(AcDrafts *drafts, const AcTablePlan *plan)
{
	int i;

	drafts->bytes += TABLE_BYTES + (int64) COLUMN_BYTES * plan->n_columns;
	if (plan->undescribed && plan->row != NULL)
		drafts->bytes += EXAMPLE_BYTES;
	for (i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].comment != NULL)
			drafts->bytes += strlen(plan->columns[i].comment);
}
