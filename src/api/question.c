/*
 * question.c
 *		Which filters, bounds and orders may a table be asked for?
 *		See question.h.
 */
#include "ac.h"

#include "api/names.h"
#include "api/question_int.h"
#include "api/types.h"
#include "core/url.h"

/* Bytes of a description that are read for words. */
#define DESCRIPTION_READ 2000

/* ---- what the files share ---- */

const AcParam *
ac_question_param(const AcTablePlan *plan, const char *name)
{
	return plan->endpoint == NULL
			   ? NULL
			   : ac_endpoint_param(plan->endpoint, AC_PARAM_QUERY, name);
}

char *
ac_question_query(const char *name, const char *value)
{
	StringInfoData out;

	initStringInfo(&out);
	ac_url_encode_query(name, strlen(name), &out);
	appendStringInfoChar(&out, '=');
	ac_url_encode_query(value, strlen(value), &out);
	return out.data;
}

bool
ac_question_speaks_of(const char *text, const char *const *words)
{
	char *copy;
	bool found = false;

	if (text == NULL)
		return false;
	copy = pnstrdup(text, Min(strlen(text), DESCRIPTION_READ));
	for (char *s = copy; *s != '\0'; s++)
		*s = pg_ascii_tolower((unsigned char) *s);
	for (int i = 0; words[i] != NULL; i++)
		found = found || strstr(copy, words[i]) != NULL;
	pfree(copy);
	return found;
}

bool
ac_question_is_key(const AcColumnPlan *column)
{
	return column->key && column->json_path != NULL &&
		   !ac_tableplan_is_place(column);
}

static bool
same_key(const AcQuestionSample *sample, int row, const AcSampledRows *rows,
		 int other)
{
	const AcTablePlan *plan = sample->plan;
	bool same = true;

	for (int i = 0; same && i < plan->n_columns; i++)
	{
		char *ours;
		char *theirs;

		if (!ac_question_is_key(&plan->columns[i]))
			continue;
		ours = ac_samples_text(sample->rows, row, &plan->columns[i]);
		theirs = ac_samples_text(rows, other, &plan->columns[i]);
		same = ours != NULL && theirs != NULL && strcmp(ours, theirs) == 0;
	}
	return same;
}

bool
ac_question_has_row(const AcQuestionSample *sample, int row,
					const AcQuestionAnswer *answer)
{
	const AcTablePlan *plan = sample->plan;
	bool keyed = false;

	for (int i = 0; i < plan->n_columns; i++)
		keyed = keyed || ac_question_is_key(&plan->columns[i]);
	for (int i = 0; i < answer->rows->n; i++)
		if (keyed ? same_key(sample, row, answer->rows, i)
				  : ac_json_equal(sample->rows->rows[row].row,
								  answer->rows->rows[i].row))
			return true;
	return false;
}

int
ac_question_row_of(const AcQuestionSample *sample,
				   const AcQuestionAnswer *answer, int row)
{
	for (int i = 0; i < sample->n; i++)
		if (same_key(sample, i, answer->rows, row))
			return i;
	return -1;
}

/* ---- filters ---- */

/* What is said of parameters that find more, or less, than equal values. */
static const char *const search_words[] = {
	"search", "fuzzy", "contain", "partial", "substring", "prefix",
	"starts with", "start with", "begins with", "begin with", "ends with",
	"pattern", "wildcard", "regex", "regular expression", "similar", "keyword",
	"full text", "full-text", "fulltext", NULL};

/* Do equal values of the type have one text, that the API must mean? */
static bool
has_one_text(const AcColumnPlan *column)
{
	static const char *const types[] = {
		"text", "smallint", "integer", "bigint", "boolean", "uuid", NULL};

	if (column->decode != NULL && strcmp(column->decode, "id_of") != 0)
		return false;
	for (int i = 0; types[i] != NULL; i++)
		if (strcmp(column->type, types[i]) == 0)
			return true;
	return false;
}

static bool
may_filter(const AcTablePlan *plan, const AcColumnPlan *column)
{
	const AcParam *param;

	if (column->filter != AC_FILTER_QUERY_UNPROVED || column->param == NULL ||
		column->json_path == NULL || column->of_parent ||
		!has_one_text(column))
		return false;
	param = ac_question_param(plan, column->param);
	return param != NULL && param->shape->kind != AC_SHAPE_MIXED &&
		   param->shape->kind != AC_SHAPE_OBJECT && param->media_type == NULL &&
		   !ac_question_speaks_of(param->description, search_words) &&
		   !ac_question_speaks_of(param->shape->description, search_words);
}

/*
 * Texts that an API may take apart, or read as something else, prove most: one
 * that passes passes for all.
 */
static int
weight_of(const char *text)
{
	if (strpbrk(text, ",;|*%") != NULL)
		return 3;
	if (strpbrk(text, " &+/\\\"'()[]{}?#=:") != NULL)
		return 2;
	for (; *text != '\0'; text++)
		if (isupper((unsigned char) *text) || (unsigned char) *text >= 0x80)
			return 1;
	return 0;
}

/* How many of the texts are that one? */
static int
count_same(char *const *texts, int n, const char *text)
{
	int same = 0;

	for (int i = 0; i < n; i++)
		same += texts[i] != NULL && strcmp(texts[i], text) == 0;
	return same;
}

/* The value to ask with, NULL if none would prove anything. */
static const char *
value_to_ask(const AcQuestionSample *sample, const AcColumnPlan *column)
{
	int n = sample->n;
	int page = Min(sample->page_rows, n);
	char **texts = palloc(sizeof(char *) * Max(n, 1));
	const char *best = NULL;
	int best_weight = 0;
	int best_same = 0;

	for (int i = 0; i < n; i++)
		texts[i] = ac_samples_text(sample->rows, i, column);
	for (int i = 0; i < n; i++)
	{
		int weight;
		int same;

		if (texts[i] == NULL || texts[i][0] == '\0')
			continue;
		weight = weight_of(texts[i]);
		same = count_same(texts, n, texts[i]);
		/* all of them must fit on one page, and the first must have others */
		if (same > sample->page_rows ||
			count_same(texts, page, texts[i]) == page ||
			(best != NULL && (weight < best_weight ||
							  (weight == best_weight && same <= best_same))))
			continue;
		best = texts[i];
		best_weight = weight;
		best_same = same;
	}
	return best;
}

static int
filters_of(const AcQuestionSample *sample, AcQuestion *questions)
{
	const AcTablePlan *plan = sample->plan;
	int tries = 0;
	int n = 0;

	for (int i = 0; i < plan->n_columns && n < AC_QUESTIONS_EACH; i++)
	{
		const AcColumnPlan *column = &plan->columns[i];
		const char *value;

		if (!may_filter(plan, column))
			continue;
		if (tries++ == AC_QUESTION_TRIES)
			break;
		value = value_to_ask(sample, column);
		if (value == NULL)
			continue;
		questions[n].kind = AC_QUESTION_FILTER;
		questions[n].column = i;
		questions[n].param = column->param;
		questions[n].value = value;
		questions[n++].query = ac_question_query(column->param, value);
	}
	return n;
}

static bool
judge_filter(const AcQuestionSample *sample, const AcQuestion *question,
			 const AcQuestionAnswer *answer, const char **finding)
{
	const AcColumnPlan *column = &sample->plan->columns[question->column];
	int n = sample->n;
	int others = 0;

	for (int i = 0; i < answer->rows->n; i++)
	{
		char *text = ac_samples_text(answer->rows, i, column);

		others += text == NULL || strcmp(text, question->value) != 0;
	}
	if (others > 0)
	{
		*finding = others == answer->rows->n
					   ? "ignored: the rows have other values"
					   : "refused: there are rows with other values";
		return false;
	}
	for (int i = 0; i < n; i++)
	{
		char *text = ac_samples_text(sample->rows, i, column);

		if (text == NULL || strcmp(text, question->value) != 0 ||
			ac_question_has_row(sample, i, answer))
			continue;
		*finding = "refused: rows are missing that are known to have the value";
		return false;
	}
	*finding = "proved: the rows with the value, all that are known";
	return true;
}

/* ---- lists ---- */

/* Can the text stand in a list of that form? */
static bool
may_list(const char *form, const char *text)
{
	char separator = strcmp(form, "comma") == 0	 ? ','
					 : strcmp(form, "pipe") == 0 ? '|'
												 : ' ';

	return text[0] != '\0' && (strcmp(form, "repeat") == 0 || strchr(text, separator) == NULL);
}

/*
 * Two values of the first page, so rare that a page has room for all rows of
 * it that have one of them; false if there are none, or no rows beside.
 */
static bool
choose_list(const AcQuestionSample *sample, AcQuestion *question)
{
	const AcColumnPlan *column = &sample->plan->columns[question->column];
	const char *form = column->asks->list;
	int n = sample->page_rows;
	char **texts = palloc0(sizeof(char *) * Max(n, 1));
	int rows = 0;

	for (int i = 0; i < n; i++)
		texts[i] = ac_samples_text(sample->rows, i, column);
	for (int i = 0; i < n && question->n_values < 2; i++)
	{
		int same = texts[i] != NULL ? count_same(texts, n, texts[i]) : 0;

		if (same == 0 || rows + same == n || !may_list(form, texts[i]) ||
			(question->n_values > 0 && strcmp(texts[i], question->values[0]) == 0))
			continue;
		question->values[question->n_values++] = texts[i];
		rows += same;
	}
	return question->n_values == 2;
}

static int
lists_of(const AcQuestionSample *sample, AcQuestion *questions)
{
	const AcTablePlan *plan = sample->plan;
	int tries = 0;
	int n = 0;

	for (int i = 0; i < plan->n_columns && n < AC_QUESTIONS_EACH; i++)
	{
		const AcColumnPlan *column = &plan->columns[i];

		if (column->asks == NULL || column->asks->list == NULL ||
			column->filter == AC_FILTER_PATH || !has_one_text(column))
			continue;
		if (tries++ == AC_QUESTION_TRIES)
			break;
		memset(&questions[n], 0, sizeof(AcQuestion));
		questions[n].kind = AC_QUESTION_LIST;
		questions[n].column = i;
		questions[n].param = column->asks->list_param;
		questions[n].list = column->asks->list;
		n += choose_list(sample, &questions[n]);
	}
	return n;
}

static bool
is_one_of(const AcQuestion *question, const char *text)
{
	for (int i = 0; text != NULL && i < question->n_values; i++)
		if (strcmp(question->values[i], text) == 0)
			return true;
	return false;
}

static bool
judge_list(const AcQuestionSample *sample, const AcQuestion *question,
		   const AcQuestionAnswer *answer, const char **finding)
{
	const AcColumnPlan *column = &sample->plan->columns[question->column];
	int n = sample->page_rows;

	for (int i = 0; i < answer->rows->n; i++)
		if (!is_one_of(question, ac_samples_text(answer->rows, i, column)))
		{
			*finding = "refused: there are rows with other values";
			return false;
		}
	for (int i = 0; i < n; i++)
		if (is_one_of(question, ac_samples_text(sample->rows, i, column)) &&
			!ac_question_has_row(sample, i, answer))
		{
			*finding = "refused: rows are missing that are known to have the values";
			return false;
		}
	*finding = "proved: the rows with one of the values, all that are known";
	return true;
}

/* ---- all of them ---- */

/* Kinds of questions. */
#define KINDS 5

/* First the first of each kind: where the budget ends, each has had one. */
static int
interleave(AcQuestion *const lists[KINDS], const int counts[KINDS],
		   AcQuestion *out)
{
	int n = 0;

	for (int i = 0; i < AC_QUESTIONS_EACH; i++)
		for (int k = 0; k < KINDS; k++)
			if (i < counts[k])
				out[n++] = lists[k][i];
	return n;
}

int
ac_questions_of(const AcQuestionSample *sample, AcQuestion *questions)
{
	AcQuestion filters[AC_QUESTIONS_EACH] = {0};
	AcQuestion in_lists[AC_QUESTIONS_EACH + 1] = {0};
	AcQuestion bounds[AC_QUESTIONS_EACH] = {0};
	AcQuestion orders[AC_QUESTIONS_EACH] = {0};
	AcQuestion fields[AC_QUESTIONS_FIELDS] = {0};
	AcQuestion *const lists[KINDS] = {filters, in_lists, bounds, orders, fields};
	int counts[KINDS];

	counts[0] = filters_of(sample, filters);
	counts[1] = lists_of(sample, in_lists);
	counts[2] = ac_questions_bounds(sample, bounds);
	counts[3] = ac_questions_orders(sample, orders);
	counts[4] = ac_questions_fields(sample, fields);
	return interleave(lists, counts, questions);
}

/* Both bounds of a column are written alike. */
static bool
same_format(const AcColumnAsks *asks, const AcQuestion *question)
{
	return asks->bound_format == NULL || question->format == NULL
			   ? asks->bound_format == question->format
			   : strcmp(asks->bound_format, question->format) == 0;
}

bool
ac_question_is_open(const AcTablePlan *plan, const AcQuestion *question)
{
	const AcColumnAsks *asks = plan->columns[question->column].asks;

	switch (question->kind)
	{
		case AC_QUESTION_FILTER:
			return true;
		case AC_QUESTION_FROM:
			return asks == NULL || (asks->param_from == NULL &&
									(asks->param_to == NULL || same_format(asks, question)));
		case AC_QUESTION_TO:
			return asks == NULL || (asks->param_to == NULL &&
									(asks->param_from == NULL || same_format(asks, question)));
		case AC_QUESTION_DESC:
			return !question->second || (asks != NULL && asks->sort_asc != NULL);
		case AC_QUESTION_ASC:
			return !question->second || (asks != NULL && asks->sort_desc != NULL);
		case AC_QUESTION_LIST:
			return asks != NULL && asks->list != NULL;
		case AC_QUESTION_FIELDS:
			return true;
		case AC_QUESTION_HIDDEN:
			return plan->fields != NULL || question->second;
	}
	return false;
}

bool
ac_question_judge(const AcQuestionSample *sample, AcQuestion *question,
				  const AcQuestionAnswer *answer, const char **finding)
{
	if (answer->rows->n == 0)
	{
		*finding = "refused: no rows, though there are some";
		return false;
	}
	switch (question->kind)
	{
		case AC_QUESTION_FILTER:
			return judge_filter(sample, question, answer, finding);
		case AC_QUESTION_FROM:
		case AC_QUESTION_TO:
			return ac_question_judge_bound(sample, question, answer, finding);
		case AC_QUESTION_LIST:
			return judge_list(sample, question, answer, finding);
		case AC_QUESTION_FIELDS:
		case AC_QUESTION_HIDDEN:
			return ac_question_judge_fields(sample, question, answer, finding);
		case AC_QUESTION_DESC:
		case AC_QUESTION_ASC:
			break;
	}
	return ac_question_judge_order(sample, question, answer, finding);
}

static const char *
keep(const char *text)
{
	return text != NULL ? pstrdup(text) : NULL;
}

void
ac_question_settle(AcTablePlan *plan, const AcQuestion *question)
{
	AcColumnPlan *column = &plan->columns[question->column];

	if (column->asks == NULL)
		column->asks = palloc0(sizeof(AcColumnAsks));
	switch (question->kind)
	{
		case AC_QUESTION_FILTER:
			column->filter = AC_FILTER_QUERY_SAFE;
			break;
		case AC_QUESTION_LIST:
			column->asks->list_safe = true;
			break;
		case AC_QUESTION_FIELDS:
		case AC_QUESTION_HIDDEN:
			ac_question_settle_fields(plan, question);
			break;
		case AC_QUESTION_FROM:
			column->asks->param_from = keep(question->param);
			column->asks->bound_format = keep(question->format);
			break;
		case AC_QUESTION_TO:
			column->asks->param_to = keep(question->param);
			column->asks->bound_format = keep(question->format);
			break;
		case AC_QUESTION_DESC:
			column->asks->sort_desc = keep(question->query);
			column->asks->sort_nulls = "none";
			break;
		case AC_QUESTION_ASC:
			column->asks->sort_asc = keep(question->query);
			column->asks->sort_nulls = "none";
			break;
	}
}

void
ac_question_drop(AcTablePlan *plan, const AcQuestion *question)
{
	AcColumnAsks *asks = plan->columns[question->column].asks;

	if (question->kind == AC_QUESTION_LIST && asks != NULL)
		asks->list = NULL;
}

const char *
ac_question_evidence(AcQuestionKind kind)
{
	switch (kind)
	{
		case AC_QUESTION_FILTER:
			return "filters";
		case AC_QUESTION_FROM:
		case AC_QUESTION_TO:
			return "bounds";
		case AC_QUESTION_LIST:
			return "lists";
		case AC_QUESTION_FIELDS:
		case AC_QUESTION_HIDDEN:
			return "fields";
		case AC_QUESTION_DESC:
		case AC_QUESTION_ASC:
			break;
	}
	return "orders";
}
