/*
 * paging_window.c
 *		Which parameters cut a collection into windows?
 *
 * Two parameters of one stem, as created_after and created_before or min_id
 * and max_id, and the field of a row that they are about.  Only what names
 * both ends alike is taken: ends of two different values would lose rows.
 * What the windows show is checked when they are read.
 */
#include "ac.h"

#include "api/paging_int.h"

/* Parameters of one operation; among more, pairs are not looked for. */
#define MAX_PARAMS 200

/* Words for the lower and the upper end; longer ones first. */
static const struct
{
	const char *from;
	const char *to;
} ends[] = {
	{"after", "before"},
	{"since", "until"},
	{"from", "until"},
	{"from", "to"},
	{"start", "end"},
	{"min", "max"},
	{"gte", "lte"},
	{"gt", "lt"},
	{"ge", "le"},
	{"least", "most"},
};

/* What is left of a name without a word at its beginning or end; or NULL. */
static char *
stem_of(const char *normal, const char *word)
{
	size_t len = strlen(normal);
	size_t n = strlen(word);

	if (len < n)
		return NULL;
	if (strcmp(normal + len - n, word) == 0)
		return pnstrdup(normal, len - n);
	if (strncmp(normal, word, n) == 0)
		return pstrdup(normal + n);
	return NULL;
}

/* The parameter whose name is the stem with that word, NULL if there is none. */
static const AcParam *
partner(const AcEndpoint *endpoint, const char *stem, const char *word)
{
	int i;

	for (i = 0; i < Min(endpoint->n_params, MAX_PARAMS); i++)
	{
		const AcParam *param = &endpoint->params[i];
		char *other;

		if (param->place != AC_PARAM_QUERY || param->required)
			continue;
		other = stem_of(ac_names_normal(param->name), word);
		if (other != NULL && strcmp(other, stem) == 0)
			return param;
	}
	return NULL;
}

/* Words that say how a moment is written, not which it is. */
static void
strip(char *stem)
{
	static const char *const words[] = {"timestamp", "datetime", "date", "time", "on", "at"};
	int i;

	for (i = 0; i < (int) lengthof(words); i++)
	{
		size_t len = strlen(stem);
		size_t n = strlen(words[i]);

		if (len > n && strcmp(stem + len - n, words[i]) == 0)
			stem[len - n] = '\0';
	}
}

/* Is the column's value one that windows count by; and what do they count? */
static bool
unit_of(const AcColumnPlan *column, AcWindowUnit *unit)
{
	if (column->json_path == NULL || column->json_path[0] != '/' ||
		column->decode != NULL || column->of_parent)
		return false;
	if (strcmp(column->type, "timestamptz") == 0 ||
		strcmp(column->type, "timestamp") == 0)
		*unit = AC_WINDOW_SECOND;
	else if (strcmp(column->type, "date") == 0)
		*unit = AC_WINDOW_DAY;
	else if (strcmp(column->type, "bigint") == 0 ||
			 strcmp(column->type, "integer") == 0 ||
			 strcmp(column->type, "smallint") == 0)
		*unit = AC_WINDOW_INTEGER;
	else
		return false;
	return true;
}

/* The column of that stem: "created" is created_at; "" the one moment. */
static const AcColumnPlan *
column_of_stem(const AcPagingInput *input, const char *text, AcWindowUnit *unit)
{
	char *stem = pstrdup(text);
	const AcColumnPlan *found = NULL;
	AcWindowUnit one;
	int i;

	strip(stem);
	for (i = 0; i < input->n_columns; i++)
	{
		char *name = ac_names_normal(input->columns[i].name);

		if (!unit_of(&input->columns[i], &one))
			continue;
		if (stem[0] == '\0' || strcmp(stem, "date") == 0 ||
			strcmp(stem, "time") == 0)
		{
			if (one == AC_WINDOW_INTEGER)
				continue;
			/* of several moments nobody knows which is meant */
			if (found != NULL)
				return NULL;
		}
		else
		{
			strip(name);
			if (strcmp(name, stem) != 0)
				continue;
		}
		*unit = one;
		found = &input->columns[i];
	}
	return found;
}

/* Does the parameter take days, where the column has moments? */
static bool
takes_days(const AcParam *param)
{
	return param->shape->format != NULL &&
		   strcmp(param->shape->format, "date") == 0;
}

void
ac_paging_window(const AcPagingInput *input, AcPaging *paging)
{
	const AcEndpoint *endpoint = input->endpoint;
	int i;
	int k;

	for (i = 0; i < Min(endpoint->n_params, MAX_PARAMS); i++)
	{
		const AcParam *from = &endpoint->params[i];
		char *normal = ac_names_normal(from->name);

		if (from->place != AC_PARAM_QUERY || from->required ||
			from->shape->kind == AC_SHAPE_ARRAY ||
			from->shape->kind == AC_SHAPE_BOOLEAN ||
			(paging->page_param != NULL &&
			 strcmp(from->name, paging->page_param) == 0))
			continue;
		for (k = 0; k < (int) lengthof(ends); k++)
		{
			char *stem = stem_of(normal, ends[k].from);
			const AcParam *to = stem != NULL
									? partner(endpoint, stem, ends[k].to)
									: NULL;
			AcWindowUnit unit = AC_WINDOW_INTEGER;
			const AcColumnPlan *column;

			if (to == NULL || to == from)
				continue;
			column = column_of_stem(input, stem, &unit);
			if (column == NULL)
				continue;
			paging->window_from = from->name;
			paging->window_to = to->name;
			paging->window_path = column->json_path;
			paging->window_unit = unit == AC_WINDOW_SECOND && takes_days(from)
									  ? AC_WINDOW_DAY
									  : unit;
			return;
		}
	}
}
