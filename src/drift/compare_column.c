/*
 * compare_column.c
 *		How do the columns of a table differ?
 *
 * A column is its place in the row: where that is another one it is another
 * column, lost here and added there.
 */
#include "ac.h"

#include "drift/compare_int.h"

static AcDrift *
add(const AcTableComparison *pair, AcDriftKind kind,
	const AcModelColumn *column)
{
	AcDrift *drift = ac_compare_add(pair, kind);

	drift->column = column->name;
	drift->json_path = column->json_path;
	return drift;
}

/* An option that the fix sets to after. */
static void
set_option(AcFix *fix, const char *name, const char *before,
		   const char *after)
{
	AcFixOption *option = &fix->options[fix->n_options++];

	Assert(fix->n_options <= AC_FIX_MAX_OPTIONS);
	option->name = name;
	option->before = before;
	option->after = after;
}

static void
add_new_column(const AcTableComparison *pair, const AcModelColumn *column)
{
	AcDrift *drift = add(pair, AC_DRIFT_COLUMN_ADDED, column);

	drift->summary = psprintf("%s has a new column \"%s\" of type %s",
							  pair->before->name, column->name, column->type);
	ac_compare_put(pair->drifts, &drift->after, "type", column->type);
	ac_compare_put(pair->drifts, &drift->after, "json_path",
				   column->json_path);
	drift->fix.action = AC_FIX_ADD_COLUMN;
	drift->fix.column = column->name;
	drift->fix.type = column->type;
	set_option(&drift->fix, "json_path", NULL, column->json_path);
	if (column->decode != NULL)
		set_option(&drift->fix, "decode", NULL, column->decode);
}

/* Whether the local column minds being absent, only its table knows. */
static void
add_lost_column(const AcTableComparison *pair, const AcModelColumn *column)
{
	AcDrift *drift = add(pair, AC_DRIFT_COLUMN_REMOVED, column);

	drift->summary = psprintf("%s has no column \"%s\" any more",
							  pair->before->name, column->name);
	ac_compare_put(pair->drifts, &drift->before, "type", column->type);
	ac_compare_put(pair->drifts, &drift->before, "json_path",
				   column->json_path);
	drift->fix.action = AC_FIX_COLUMN_OPTIONS;
	drift->fix.column = column->name;
	set_option(&drift->fix, "missing", NULL, "null");
}

/* "text", "timestamptz (epoch_s)". */
static char *
type_words(const AcModelColumn *column)
{
	size_t len = strcspn(column->described, " ");

	if (column->described[len] == '\0')
		return pstrdup(column->described);
	return psprintf("%s (%s)", pnstrdup(column->described, len),
					column->described + len + 1);
}

/* Types alone, where they tell the two apart; else with what JSON has. */
static char *
type_summary(const AcTableComparison *pair, const AcModelColumn *before,
			 const AcModelColumn *after)
{
	char *from = type_words(before);
	char *to = type_words(after);

	if (strcmp(from, to) == 0)
	{
		from = psprintf("%s (JSON %s)", from, before->json_type);
		to = psprintf("%s (JSON %s)", to, after->json_type);
	}
	return psprintf("column \"%s\" of %s is now %s, was %s", before->name,
					pair->before->name, to, from);
}

static void
put_type(AcDriftList *drifts, AcJson **object, const AcModelColumn *column)
{
	ac_compare_put(drifts, object, "type", column->type);
	ac_compare_put(drifts, object, "json_type", column->json_type);
	ac_compare_put(drifts, object, "format", column->format);
	ac_compare_put(drifts, object, "decode", column->decode);
}

/*
 * Where the SQL type stays and another decoding reads the new values, that is
 * the fix; what else would need a new type is a person's to decide.
 */
static void
add_type(const AcTableComparison *pair, AcDriftKind kind,
		 const AcModelColumn *before, const AcModelColumn *after)
{
	AcDrift *drift = add(pair, kind, before);
	const char *from = before->decode == NULL ? "" : before->decode;
	const char *to = after->decode == NULL ? "" : after->decode;

	drift->summary = type_summary(pair, before, after);
	put_type(pair->drifts, &drift->before, before);
	put_type(pair->drifts, &drift->after, after);
	ac_compare_put(pair->drifts, &drift->params, "new_type", after->type);
	if (kind == AC_DRIFT_QUOTED_NUMBER &&
		strcmp(after->json_type, "string") == 0)
		ac_compare_put(pair->drifts, &drift->params, "decode",
					   "numeric_string");
	else
		ac_compare_put(pair->drifts, &drift->params, "decode", after->decode);
	if (strcmp(before->type, after->type) != 0 || strcmp(from, to) == 0)
		return;
	drift->fix.action = AC_FIX_COLUMN_OPTIONS;
	drift->fix.column = before->name;
	set_option(&drift->fix, "decode", before->decode, after->decode);
}

/* Values that an alert lists; a domain may have thousands. */
#define LISTED_VALUES 50

/* Values of a that b lacks, the first of them, and how many; both are sorted. */
static AcJson *
values_without(const AcModelColumn *a, const AcModelColumn *b, int *n)
{
	AcJson *values = NULL;
	int i;
	int j = 0;

	*n = 0;
	for (i = 0; i < a->n_enum; i++)
	{
		while (j < b->n_enum &&
			   strcmp(b->enum_values[j], a->enum_values[i]) < 0)
			j++;
		if (j < b->n_enum &&
			strcmp(b->enum_values[j], a->enum_values[i]) == 0)
			continue;
		if (values == NULL)
			values = ac_json_new_array();
		if ((*n)++ < LISTED_VALUES)
			ac_json_append(values, ac_json_new_string(a->enum_values[i]));
	}
	return values;
}

static void
add_values(const AcTableComparison *pair, AcDriftKind kind,
		   const AcModelColumn *column, const AcModelColumn *in,
		   const AcModelColumn *not_in)
{
	int n;
	AcJson *values = values_without(in, not_in, &n);
	AcDrift *drift;
	const char *first;

	if (values == NULL)
		return;
	drift = add(pair, kind, column);
	drift->params = ac_drift_own(pair->drifts, ac_json_new_object());
	ac_json_set(drift->params, "values", values);
	if (n > LISTED_VALUES)
		ac_json_set(drift->params, "count", ac_json_new_int(n));
	first = ac_compare_quote(ac_json_string(ac_json_at(values, 0), NULL));
	drift->summary =
		psprintf("column \"%s\" of %s %s %s%s", column->name,
				 pair->before->name,
				 kind == AC_DRIFT_ENUM_VALUE_ADDED ? "may now be"
												   : "can no longer be",
				 first, n > 1 ? psprintf(" and %d more", n - 1) : "");
}

/* An open domain that closes, or the reverse, says nothing of one value. */
static void
compare_domain(const AcTableComparison *pair, const AcModelColumn *before,
			   const AcModelColumn *after)
{
	if (before->n_enum == 0 || after->n_enum == 0 ||
		strcmp(before->json_type, after->json_type) != 0)
		return;
	add_values(pair, AC_DRIFT_ENUM_VALUE_ADDED, before, after, before);
	add_values(pair, AC_DRIFT_ENUM_VALUE_RETIRED, before, before, after);
}

static void
compare_column(const AcTableComparison *pair, const AcModelColumn *before,
			   const AcModelColumn *after)
{
	AcDriftKind kind;

	if (ac_compare_type(before, after, &kind))
		add_type(pair, kind, before, after);
	if (after->nullable && !before->nullable)
		add(pair, AC_DRIFT_BECAME_NULLABLE, before)->summary =
			psprintf("column \"%s\" of %s may now be null", before->name,
					 pair->before->name);
	compare_domain(pair, before, after);
	if (after->deprecated && !before->deprecated)
		add(pair, AC_DRIFT_DEPRECATED, before)->summary =
			psprintf("column \"%s\" of %s is now deprecated", before->name,
					 pair->before->name);
}

void
ac_compare_columns(const AcTableComparison *pair)
{
	const AcModelTable *before = pair->before;
	const AcModelTable *after = pair->after;
	int i = 0;
	int j = 0;

	while (i < before->n_columns || j < after->n_columns)
	{
		int order = i == before->n_columns	? 1
					: j == after->n_columns ? -1
											: strcmp(before->columns[i].json_path,
													 after->columns[j].json_path);

		if (order < 0)
			add_lost_column(pair, &before->columns[i++]);
		else if (order > 0)
			add_new_column(pair, &after->columns[j++]);
		else
			compare_column(pair, &before->columns[i++], &after->columns[j++]);
	}
}
