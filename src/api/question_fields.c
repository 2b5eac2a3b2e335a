/*
 * question_fields.c
 *		Does a parameter choose the fields that are sent?
 *
 * "fields", "select" and their like, or JSON:API's "fields[orders]".  With the
 * key and one more name the rows have these and fewer others.  What the
 * description has and no sampled row, may be sent where it is named: that is
 * tried with all such names at once.
 */
#include "ac.h"

#include "api/names.h"
#include "api/question_int.h"
#include "api/tableplan_int.h"
#include "core/pointer.h"

static const char *const fields_params[] = {
	"fields", "field", "select", "properties", "columns", "attributes",
	"includefields", "onlyfields", "fieldlist", "fieldset", "only", NULL};

/* ---- the parameter ---- */

/* "fields[orders]" chooses the attributes of JSON:API. */
static bool
is_sparse(const char *name)
{
	size_t len = strlen(name);

	return len > 8 && strncmp(name, "fields[", 7) == 0 && name[len - 1] == ']';
}

static bool
may_choose(const AcTablePlan *plan, const AcParam *param)
{
	const AcShape *shape = param->shape;

	if (param->place != AC_PARAM_QUERY || param->required ||
		param->media_type != NULL ||
		!(ac_names_in(param->name, fields_params) || is_sparse(param->name)))
		return false;
	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL &&
			strcmp(plan->columns[i].param, param->name) == 0)
			return false;
	return shape->kind == AC_SHAPE_STRING || shape->kind == AC_SHAPE_ARRAY;
}

static const AcParam *
find_param(const AcTablePlan *plan)
{
	const AcEndpoint *endpoint = plan->endpoint;

	for (int i = 0; endpoint != NULL && i < endpoint->n_params; i++)
		if (may_choose(plan, &endpoint->params[i]))
			return &endpoint->params[i];
	return NULL;
}

/* ---- names ---- */

/* Where the fields stand in a row that the parameter names. */
static const char *
fields_path(const AcQuestionSample *sample, const char *param)
{
	AcJson *row = sample->n > 0 ? sample->rows->rows[0].row : NULL;

	return is_sparse(param) &&
				   ac_json_kind(ac_json_get(row, "attributes")) == AC_JSON_OBJECT
			   ? "/attributes"
			   : "";
}

/* The name of the column's field below path, NULL if it stands elsewhere. */
static char *
name_below(const AcColumnPlan *column, const char *path)
{
	size_t len = strlen(path);
	AcPointer pointer;

	if (column->json_path == NULL || column->of_parent ||
		ac_tableplan_is_place(column) ||
		strncmp(column->json_path, path, len) != 0 ||
		column->json_path[len] != '/' ||
		!ac_pointer_parse(column->json_path + len, &pointer, NULL) ||
		pointer.count != 1)
		return NULL;
	return pointer.tokens[0];
}

/* The members of a row that the parameter could name. */
static AcJson *
members(AcJson *row, const char *path)
{
	return path[0] == '\0' ? row : ac_json_get(row, path + 1);
}

static bool
is_listed(const AcParam *param, const char *name)
{
	const AcShape *shape = param->shape->kind == AC_SHAPE_ARRAY && param->shape->items != NULL
							   ? param->shape->items
							   : param->shape;

	for (int i = 0; i < shape->n_enum; i++)
		if (strcmp(shape->enum_values[i], name) == 0)
			return true;
	return shape->n_enum == 0;
}

/* In how many rows of the first page does the field stand? */
static int
count_rows(const AcQuestionSample *sample, const char *path, const char *name)
{
	int n = 0;

	for (int i = 0; i < sample->page_rows; i++)
		n += ac_json_has(members(sample->rows->rows[i].row, path), name);
	return n;
}

static void
add_name(AcQuestion *question, const char *name, int column)
{
	if (question->n_values == AC_QUESTION_VALUES)
		return;
	question->columns[question->n_values] = column;
	question->values[question->n_values++] = name;
}

/* Adds the key's names; false if they cannot be asked for, or there is none. */
static bool
add_key(const AcTablePlan *plan, const AcParam *param, const char *path,
		AcQuestion *question)
{
	bool keyed = false;

	for (int i = 0; i < plan->n_columns; i++)
	{
		const char *name;

		if (!ac_question_is_key(&plan->columns[i]))
			continue;
		keyed = true;
		name = name_below(&plan->columns[i], path);
		if (name != NULL && is_listed(param, name))
			add_name(question, name, i);
		else if (name != NULL || path[0] == '\0')
			return false;
	}
	return keyed;
}

/* ---- questions ---- */

static void
begin(const AcParam *param, const char *path, AcQuestionKind kind,
	  AcQuestion *question)
{
	AcParamsList list;

	memset(question, 0, sizeof(*question));
	question->kind = kind;
	question->path = path;
	question->param = param->name;
	question->list = ac_params_list(param, &list) ? list.form : "comma";
}

/* The key and one more field that every row has. */
static bool
ask_some(const AcQuestionSample *sample, const AcParam *param, const char *path,
		 AcQuestion *question)
{
	const AcTablePlan *plan = sample->plan;

	begin(param, path, AC_QUESTION_FIELDS, question);
	if (!add_key(plan, param, path, question))
		return false;
	for (int i = 0; i < plan->n_columns; i++)
	{
		const char *name = name_below(&plan->columns[i], path);

		if (name == NULL || ac_question_is_key(&plan->columns[i]) ||
			!is_listed(param, name) ||
			count_rows(sample, path, name) < sample->page_rows)
			continue;
		question->column = i;
		add_name(question, name, i);
		return true;
	}
	return false;
}

/* The key and what no row has. */
static bool
ask_hidden(const AcQuestionSample *sample, const AcParam *param,
		   const char *path, AcQuestion *question)
{
	const AcTablePlan *plan = sample->plan;
	int hidden = 0;

	begin(param, path, AC_QUESTION_HIDDEN, question);
	if (!add_key(plan, param, path, question))
		return false;
	for (int i = 0; i < plan->n_columns; i++)
	{
		const char *name = name_below(&plan->columns[i], path);

		if (name == NULL || ac_question_is_key(&plan->columns[i]) ||
			!is_listed(param, name) || count_rows(sample, path, name) > 0)
			continue;
		question->column = i;
		add_name(question, name, i);
		hidden++;
	}
	/* that they come where they are named is proof enough */
	question->second = true;
	return hidden > 0;
}

int
ac_questions_fields(const AcQuestionSample *sample, AcQuestion *questions)
{
	const AcParam *param = find_param(sample->plan);
	const char *path;
	int n = 0;

	if (param == NULL || sample->page_rows == 0)
		return 0;
	path = fields_path(sample, param->name);
	n += ask_some(sample, param, path, &questions[n]);
	n += ask_hidden(sample, param, path, &questions[n]);
	return n;
}

/* ---- the judgement ---- */

/* Fields of the rows that were not asked for, in all. */
static int
count_others(const AcQuestion *question, const AcSampledRows *rows, int n)
{
	int others = 0;

	for (int i = 0; i < n; i++)
	{
		AcJsonIter it;

		ac_json_iter_init(&it, members(rows->rows[i].row, question->path));
		while (ac_json_iter_next(&it))
		{
			bool asked = false;

			for (int k = 0; k < question->n_values; k++)
				asked = asked || strcmp(it.key, question->values[k]) == 0;
			others += !asked;
		}
	}
	return others;
}

/* Does every row have what was asked for, as the sample has it? */
static bool
has_fields(const AcQuestionSample *sample, const AcQuestion *question,
		   const AcQuestionAnswer *answer)
{
	for (int i = 0; i < answer->rows->n; i++)
	{
		int row = ac_question_row_of(sample, answer, i);
		const AcJson *now = members(answer->rows->rows[i].row, question->path);
		const AcJson *before;

		if (row < 0)
			return false;
		before = members(sample->rows->rows[row].row, question->path);
		for (int k = 0; k < question->n_values; k++)
			if (!ac_json_equal(ac_json_get(now, question->values[k]),
							   ac_json_get(before, question->values[k])))
				return false;
	}
	return true;
}

static bool
judge_some(const AcQuestionSample *sample, const AcQuestion *question,
		   const AcQuestionAnswer *answer, const char **finding)
{
	int others = count_others(question, answer->rows, answer->rows->n);

	if (!has_fields(sample, question, answer))
		*finding = "refused: fields that were asked for are missing or differ";
	else if (answer->rows->n != sample->page_rows)
		*finding = "refused: there are more rows, or fewer, than without it";
	else if (others > 0 && others >= count_others(question, sample->rows, sample->page_rows))
		*finding = "ignored: the rows have all fields";
	else
	{
		*finding = "proved: the rows have the fields that were asked for";
		return true;
	}
	return false;
}

static bool
judge_hidden(const AcQuestionSample *sample, AcQuestion *question,
			 const AcQuestionAnswer *answer, const char **finding)
{
	bool some = false;

	for (int k = 0; k < question->n_values; k++)
	{
		if (ac_question_is_key(&sample->plan->columns[question->columns[k]]))
			continue;
		for (int i = 0; i < answer->rows->n && !question->shown[k]; i++)
			question->shown[k] = ac_json_has(members(answer->rows->rows[i].row, question->path),
											 question->values[k]);
		some = some || question->shown[k];
	}
	*finding = "refused: what no row has does not come where it is asked for";
	if (!some)
		return false;
	*finding = "refused: there are more rows, or fewer, than without it";
	if (answer->rows->n != sample->page_rows)
		return false;
	question->adds = count_others(question, answer->rows, answer->rows->n) > 0;
	*finding = "proved: fields come that are not sent else";
	return true;
}

bool
ac_question_judge_fields(const AcQuestionSample *sample, AcQuestion *question,
						 const AcQuestionAnswer *answer, const char **finding)
{
	return question->kind == AC_QUESTION_FIELDS
			   ? judge_some(sample, question, answer, finding)
			   : judge_hidden(sample, question, answer, finding);
}

void
ac_question_settle_fields(AcTablePlan *plan, const AcQuestion *question)
{
	for (int k = 0; k < question->n_values; k++)
	{
		AcColumnPlan *column = &plan->columns[question->columns[k]];

		if (!question->shown[k])
			continue;
		if (column->asks == NULL)
			column->asks = palloc0(sizeof(AcColumnAsks));
		column->asks->hidden = true;
	}
	if (plan->fields == NULL)
	{
		AcFieldsPlan *fields = palloc0(sizeof(AcFieldsPlan));

		fields->param = pstrdup(question->param);
		fields->list = pstrdup(question->list);
		fields->path = pstrdup(question->path);
		fields->hidden_only = question->adds;
		plan->fields = fields;
	}
}
