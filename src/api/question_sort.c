/*
 * question_sort.c
 *		Which parameters make the API sort its rows by a column?
 *
 * One parameter that names the field, alone ("sort=-created",
 * "sort=created_desc", "$orderby=created desc") or beside one for the direction
 * ("sort=created&direction=desc").  Only orders that everybody means: numbers,
 * days and moments; and only of fields that every row has, since nobody says
 * where rows without a value come.
 */
#include "ac.h"

#include "api/names.h"
#include "api/question_int.h"
#include "api/types.h"
#include "core/url.h"

/*
 * Distinct values below which an order may be chance: five in order are one
 * chance in 120.
 */
#define ORDERED_VALUES 5

/* Columns that are tried where nobody says which may be sorted by. */
#define UNSAID_COLUMNS 2

static const char *const field_params[] = {
	"sort", "sortby", "sorton", "sortfield", "sortkey", "sortcolumn", "order",
	"orderby", "ordering", "orderfield", "ordercolumn", NULL};

static const char *const direction_params[] = {
	"direction", "order", "sortorder", "sortdir", "sortdirection", "orderdir",
	"orderdirection", "dir", "sorttype", "ascdesc", NULL};

static const char *const asc_words[] = {"asc", "ascending", NULL};
static const char *const desc_words[] = {"desc", "descending", NULL};

/* The parameters of the operation that sort. */
typedef struct Sorting
{
	const AcParam *field;
	const AcShape *shape;	  /* of one field's name */
	const AcParam *direction; /* or NULL */
	const char *asc;		  /* its values */
	const char *desc;
} Sorting;

/* ---- parameters ---- */

static const AcShape *
shape_of(const AcParam *param)
{
	if (param->shape->kind == AC_SHAPE_ARRAY && param->shape->items != NULL)
		return param->shape->items;
	return param->shape;
}

/* The enum's value that is one of the words, NULL if there is none. */
static const char *
value_in(const AcShape *shape, const char *const *words)
{
	for (int i = 0; i < shape->n_enum; i++)
		if (ac_names_in(shape->enum_values[i], words))
			return shape->enum_values[i];
	return NULL;
}

/* Does the parameter say which way, not by what? */
static bool
is_direction(const AcParam *param)
{
	const AcShape *shape = shape_of(param);
	const char *fallback = shape->default_value;

	if (value_in(shape, asc_words) != NULL && value_in(shape, desc_words) != NULL)
		return true;
	return shape->n_enum == 0 && fallback != NULL &&
		   (ac_names_in(fallback, asc_words) || ac_names_in(fallback, desc_words));
}

static bool
may_sort(const AcParam *param)
{
	AcShapeKind kind = shape_of(param)->kind;

	return param->place == AC_PARAM_QUERY && param->media_type == NULL &&
		   !param->required && kind == AC_SHAPE_STRING;
}

/* Values of a parameter for directions that has no enum, as its default is. */
static void
spell_direction(Sorting *sorting)
{
	const AcShape *shape = shape_of(sorting->direction);
	const char *fallback = shape->default_value;
	bool capitals = fallback != NULL && isupper((unsigned char) fallback[0]);

	sorting->asc = value_in(shape, asc_words);
	sorting->desc = value_in(shape, desc_words);
	if (sorting->asc == NULL)
		sorting->asc = capitals ? "ASC" : "asc";
	if (sorting->desc == NULL)
		sorting->desc = capitals ? "DESC" : "desc";
}

/* The parameters that sort; false if there are none. */
static bool
find_sorting(const AcTablePlan *plan, Sorting *sorting)
{
	const AcEndpoint *endpoint = plan->endpoint;

	memset(sorting, 0, sizeof(*sorting));
	for (int i = 0; endpoint != NULL && i < endpoint->n_params; i++)
	{
		const AcParam *param = &endpoint->params[i];

		if (!may_sort(param))
			continue;
		if (is_direction(param))
		{
			if (sorting->direction == NULL && ac_names_in(param->name, direction_params))
				sorting->direction = param;
		}
		else if (sorting->field == NULL && ac_names_in(param->name, field_params))
			sorting->field = param;
	}
	if (sorting->field == NULL)
		return false;
	sorting->shape = shape_of(sorting->field);
	if (sorting->direction != NULL)
		spell_direction(sorting);
	/* what is always sent, or asked for by a column, is not to be changed */
	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL &&
			strcmp(plan->columns[i].param, sorting->field->name) == 0)
			return false;
	return plan->fixed_params == NULL ||
		   strstr(plan->fixed_params, sorting->field->name) == NULL;
}

/* ---- values ---- */

/* A value of the enum, taken apart. */
typedef struct SortValue
{
	char *field;
	bool asc; /* it says which way */
	bool desc;
} SortValue;

/* "-created", "created_desc", "created:asc", "createdAsc" */
static SortValue
take_apart(const char *value)
{
	SortValue found = {NULL, value[0] == '+', value[0] == '-'};
	char *snake = ac_names_snake(value);
	char *last = strrchr(snake, '_');

	if (last != NULL && ac_names_in(last + 1, desc_words))
		found.desc = true;
	else if (last != NULL && ac_names_in(last + 1, asc_words))
		found.asc = true;
	else
		last = NULL;
	if (last != NULL)
		*last = '\0';
	found.field = snake;
	return found;
}

/* The enum's value for the field and direction, NULL if there is none. */
static const char *
listed_value(const Sorting *sorting, const char *field, bool desc)
{
	const char *bare = NULL;
	bool reversed = false;

	for (int i = 0; i < sorting->shape->n_enum; i++)
	{
		const char *value = sorting->shape->enum_values[i];
		SortValue parts = take_apart(value);

		if (!ac_names_equal(parts.field, field))
			continue;
		if (desc ? parts.desc : parts.asc)
			return value;
		reversed = reversed || parts.desc;
		if (!parts.desc && !parts.asc)
			bare = value;
	}
	/* "created" beside "-created" ascends */
	if (bare != NULL && !desc && reversed)
		return bare;
	return NULL;
}

static const char *const minus_words[] = {
	"minus", "hyphen", "prefix", "'-'", "\"-\"", "`-", " -", "(-", "=-", NULL};
static const char *const colon_words[] = {":asc", ":desc", NULL};
static const char *const blank_words[] = {" desc", " asc", NULL};

/*
 * The value where no enum lists it.  A minus in front is the commonest way, and
 * those that know another say so.
 */
static const char *
unlisted_value(const Sorting *sorting, const char *field, bool desc)
{
	const char *about = sorting->field->description;

	if (ac_question_speaks_of(about, colon_words))
		return psprintf("%s:%s", field, desc ? "desc" : "asc");
	if (sorting->field->name[0] == '$' ||
		(ac_question_speaks_of(about, blank_words) &&
		 !ac_question_speaks_of(about, minus_words) &&
		 ac_names_is(sorting->field->name, "orderby")))
		return psprintf("%s %s", field, desc ? "desc" : "asc");
	return desc ? psprintf("-%s", field) : field;
}

/* Does the enum have the field without a direction? */
static const char *
bare_value(const Sorting *sorting, const char *field)
{
	for (int i = 0; i < sorting->shape->n_enum; i++)
		if (ac_names_equal(sorting->shape->enum_values[i], field) &&
			sorting->shape->enum_values[i][0] != '-')
			return sorting->shape->enum_values[i];
	return NULL;
}

/* "sort=created&direction=desc"; NULL if the API has no such order. */
static const char *
query_of(const Sorting *sorting, const char *field, bool desc)
{
	const char *value;

	if (sorting->direction != NULL)
	{
		value = sorting->shape->n_enum > 0 ? bare_value(sorting, field) : field;
		if (value == NULL)
			return NULL;
		return psprintf("%s&%s", ac_question_query(sorting->field->name, value),
						ac_question_query(sorting->direction->name,
										  desc ? sorting->desc : sorting->asc));
	}
	value = sorting->shape->n_enum > 0 ? listed_value(sorting, field, desc)
									   : unlisted_value(sorting, field, desc);
	/* of "created" alone nobody knows the way: many take a minus, too */
	if (value == NULL && sorting->shape->n_enum > 0 &&
		bare_value(sorting, field) != NULL &&
		ac_question_speaks_of(sorting->field->description, minus_words))
		value = desc ? psprintf("-%s", bare_value(sorting, field))
					 : bare_value(sorting, field);
	return value != NULL ? ac_question_query(sorting->field->name, value) : NULL;
}

/* ---- columns ---- */

/* Does every row have the field? */
static bool
is_always_there(const AcQuestionSample *sample, const AcColumnPlan *column)
{
	const AcProperty *property;

	for (int i = 0; i < sample->n; i++)
		if (ac_samples_text(sample->rows, i, column) == NULL)
			return false;
	if (column->key)
		return true;
	property = sample->plan->row != NULL
				   ? ac_shape_at(sample->plan->row, column->json_path)
				   : NULL;
	return property != NULL && property->required && !property->shape->nullable;
}

/* The field of the row itself that the column shows, NULL if it is none. */
static const char *
own_field(const AcColumnPlan *column)
{
	if (column->json_path == NULL || column->json_path[0] != '/' ||
		strchr(column->json_path + 1, '/') != NULL || column->of_parent)
		return NULL;
	return column->json_path + 1;
}

static int
compare_places(const void *a, const void *b)
{
	AcBound x = *(const AcBound *) a;
	AcBound y = *(const AcBound *) b;

	return x < y ? -1 : x > y;
}

/*
 * Has each row a value of its own, and are they enough to see an order?  Rows
 * with the same value come in whatever order, in another for each page: some
 * twice and others not.
 */
static bool
has_own_values(const AcQuestionSample *sample, const AcColumnPlan *column)
{
	AcBound *places = palloc(sizeof(AcBound) * Max(sample->n, 1));
	bool own = sample->n >= ORDERED_VALUES;

	for (int i = 0; i < sample->n && own; i++)
		own = ac_question_place(column, ac_samples_text(sample->rows, i, column),
								&places[i]);
	if (own)
		qsort(places, sample->n, sizeof(AcBound), compare_places);
	for (int i = 1; i < sample->n && own; i++)
		own = places[i] != places[i - 1];
	pfree(places);
	return own;
}

static bool
may_order(const AcQuestionSample *sample, const AcColumnPlan *column)
{
	return own_field(column) != NULL && ac_question_has_order(column) &&
		   (column->decode == NULL || strncmp(column->decode, "epoch_", 6) == 0) &&
		   is_always_there(sample, column) && has_own_values(sample, column);
}

/* Do the first n rows come in that order?  *distinct: how many values. */
static bool
in_order(const AcSampledRows *rows, int n, const AcColumnPlan *column, int side,
		 int *distinct)
{
	AcBound last = 0;

	*distinct = 0;
	for (int i = 0; i < n; i++)
	{
		AcBound place;

		if (!ac_question_place(column, ac_samples_text(rows, i, column), &place) ||
			(i > 0 && place * side < last * side))
			return false;
		*distinct += i == 0 || place != last;
		last = place;
	}
	return true;
}

/*
 * Both directions of a column: first the one in which rows do not come anyway,
 * which alone proves something.  Returns how many there are.
 */
static int
ask_column(const AcQuestionSample *sample, const Sorting *sorting, int column,
		   AcQuestion *questions)
{
	const AcColumnPlan *plan = &sample->plan->columns[column];
	int ignored;
	bool descends = in_order(sample->rows, Min(sample->n, sample->page_rows),
							 plan, -1, &ignored);
	int n = 0;

	for (int i = 0; i < 2; i++)
	{
		bool desc = (i == 0) != descends;
		const char *query = query_of(sorting, own_field(plan), desc);

		if (query == NULL)
			break;
		questions[n].kind = desc ? AC_QUESTION_DESC : AC_QUESTION_ASC;
		questions[n].column = column;
		questions[n].second = i > 0;
		questions[n++].query = query;
	}
	return n;
}

int
ac_questions_orders(const AcQuestionSample *sample, AcQuestion *questions)
{
	const AcTablePlan *plan = sample->plan;
	Sorting sorting;
	int columns = 0;
	int tries = 0;
	int n = 0;

	if (!find_sorting(plan, &sorting))
		return 0;
	for (int i = 0; i < plan->n_columns && n + 2 <= AC_QUESTIONS_EACH; i++)
	{
		int found;

		if (sorting.shape->n_enum == 0 && columns == UNSAID_COLUMNS)
			break;
		if (!ac_question_has_order(&plan->columns[i]))
			continue;
		if (tries++ == AC_QUESTION_TRIES)
			break;
		if (!may_order(sample, &plan->columns[i]))
			continue;
		found = ask_column(sample, &sorting, i, &questions[n]);
		columns += found > 0;
		n += found;
	}
	return n;
}

/* ---- the judgement ---- */

bool
ac_question_judge_order(const AcQuestionSample *sample,
						const AcQuestion *question,
						const AcQuestionAnswer *answer, const char **finding)
{
	const AcColumnPlan *column = &sample->plan->columns[question->column];
	int side = question->kind == AC_QUESTION_ASC ? 1 : -1;
	int distinct;
	int ignored;

	if (!in_order(answer->rows, answer->rows->n, column, side, &distinct))
	{
		*finding = "ignored: the rows are not in that order";
		return false;
	}
	/* what comes in that order anyway proves nothing, but the other way did */
	if (!question->second &&
		in_order(sample->rows, Min(sample->n, sample->page_rows), column, side, &ignored))
		*finding = "not proved: the rows come in that order anyway";
	else if (distinct < ORDERED_VALUES)
		*finding = "not proved: too few values";
	else if (sample->total > 0 && answer->total > 0 && sample->total != answer->total)
		*finding = "refused: there are more rows, or fewer, than without it";
	else if (sample->complete && answer->complete && sample->n != answer->rows->n)
		*finding = "refused: there are more rows, or fewer, than without it";
	else
	{
		*finding = "proved: the rows come in that order";
		return true;
	}
	return false;
}
