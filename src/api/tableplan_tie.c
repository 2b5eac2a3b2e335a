/*
 * tableplan_tie.c
 *		Which tables are there besides the first one of an answer?
 *
 * Arrays that are equally likely to be the rows all become tables (doc/inference.md
 * S3), as a description shows them or as only a sample does.
 */
#include "ac.h"

#include "api/envelope.h"
#include "api/names.h"
#include "api/tableplan_int.h"
#include "core/pointer.h"

const char *
ac_plan_tie_suffix(const char *rows_path)
{
	AcPointer pointer;
	int i;

	if (!ac_pointer_parse(rows_path, &pointer, NULL) || pointer.count == 0)
		return "";
	/* "/artists/items" are artists */
	for (i = pointer.count - 1; i > 0; i--)
		if (!ac_envelope_is_row_key(pointer.tokens[i]))
			break;
	return ac_envelope_is_row_key(pointer.tokens[i])
			   ? pointer.tokens[pointer.count - 1]
			   : pointer.tokens[i];
}

/* A name of the tie's that no other table has. */
static const char *
free_name(const AcTablePlans *plans, const char *first, const char *rows_path)
{
	const char *suffix = ac_names_column(ac_plan_tie_suffix(rows_path));
	const char *wanted = ac_names_fit(psprintf("%s__%s", first, suffix));
	const char *name = wanted;
	const char *salt = rows_path;
	int i = 0;

	while (i < plans->n_tables)
	{
		const char *other = plans->tables[i++].reserved_name;

		if (other == NULL || strcmp(other, name) != 0)
			continue;
		name = ac_names_salted(wanted, salt);
		salt = psprintf("%s#", salt);
		i = 0;
	}
	return name;
}

int
ac_tableplan_add_ties(AcTablePlans *plans, const AcTablePlan *plan,
					  const AcTablePlan *described)
{
	AcJson *paths = ac_json_get(plan->evidence, "tied_rows_paths");
	int n = 0;
	int i;

	if (plan->reserved_name == NULL)
		return 0;
	for (i = 0; i < ac_json_length(paths); i++)
	{
		AcTablePlan tie = *described;

		if (plans->n_tables >= plans->capacity)
			break;
		tie.rows_path = pstrdup(ac_json_string(ac_json_at(paths, i), NULL));
		tie.reserved_name = tie.name = free_name(plans, plan->reserved_name,
												 tie.rows_path);
		tie.columns = palloc((tie.n_columns + 1) * sizeof(AcColumnPlan));
		if (tie.n_columns > 0)
			memcpy(tie.columns, described->columns,
				   tie.n_columns * sizeof(AcColumnPlan));
		tie.evidence = ac_json_new_object();
		ac_json_set_string(tie.evidence, "sample", AC_PLAN_SAMPLE_DECIDES);
		ac_json_set_string(tie.evidence, AC_PLAN_TIED_WITH, plan->rows_path);
		ac_json_append(plans->evidence, tie.evidence);
		plans->tables[plans->n_tables++] = tie;
		n++;
	}
	return n;
}
