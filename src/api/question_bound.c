/*
 * question_bound.c
 *		Which parameters take a lower or an upper bound of a column?
 *
 * Parameters are known by their names (created_after, until, price[lte],
 * min_price) and types.  A bound is asked for as scans send it (fdw/bound):
 * rounded to what the format can say and moved outwards by one unit of it, so
 * that it does not matter whether the API's bounds are inclusive.
 */
#include "ac.h"

#include "api/paging.h"
#include "api/question_int.h"
#include "api/types.h"
#include "core/moment.h"

#include <errno.h>

#define US_PER_SECOND INT64CONST(1000000)
#define US_PER_DAY (INT64CONST(86400) * US_PER_SECOND)

/* Decimal numbers are compared in millionths, which doubles have up to there. */
#define MILLION INT64CONST(1000000)
#define MAX_DECIMAL 9e9

/* Places beyond are those of nothing; this way none overflows when it moves. */
#define MAX_PLACE (PG_INT64_MAX / 4)

/* Columns that a parameter which names none is tried with. */
#define UNNAMED_COLUMNS 2

/* ---- places ---- */

static bool
is_decimal(const AcColumnPlan *column)
{
	return column->json_path != NULL && !column->of_parent &&
		   column->decode == NULL && strcmp(column->type, "numeric") == 0;
}

bool
ac_question_has_order(const AcColumnPlan *column)
{
	return ac_increment_kind(column) != AC_INCREMENT_NOTHING ||
		   is_decimal(column);
}

/* Microseconds in the unit in which a column of epochs counts. */
static int64
epoch_unit(const AcColumnPlan *column)
{
	if (strcmp(column->decode, "epoch_s") == 0)
		return US_PER_SECOND;
	return strcmp(column->decode, "epoch_ms") == 0 ? 1000 : 1;
}

bool
ac_question_place(const AcColumnPlan *column, const char *text, AcBound *place)
{
	int64 unit = 1;

	if (text == NULL)
		return false;
	if (is_decimal(column))
	{
		char *end;
		double value;

		errno = 0;
		value = strtod(text, &end);
		if (errno != 0 || end == text || *end != '\0' ||
			!(value < MAX_DECIMAL && value > -MAX_DECIMAL))
			return false;
		*place = (int64) (value * MILLION + (value < 0 ? -0.5 : 0.5));
		return true;
	}
	if (ac_increment_kind(column) == AC_INCREMENT_EPOCH)
		unit = epoch_unit(column);
	if (!ac_increment_place(column, text, place) ||
		*place > MAX_PLACE / unit || *place < -MAX_PLACE / unit)
		return false;
	*place *= unit;
	return true;
}

static bool
is_moment(const AcColumnPlan *column)
{
	return strcmp(column->type, "timestamptz") == 0 ||
		   strcmp(column->type, "date") == 0;
}

/* Do scans send bounds of such columns (fdw/bound)? */
static bool
takes_bounds(const AcColumnPlan *column)
{
	return column->json_path != NULL && column->filter != AC_FILTER_PATH &&
		   ac_question_has_order(column) &&
		   (is_moment(column) ||
			(column->decode == NULL && ac_types_is_number(column->type)));
}

/* ---- what is sent ---- */

static int64
unit_of(const AcColumnPlan *column, const char *format)
{
	if (format == NULL)
		return is_decimal(column) ? MILLION : 1;
	if (strcmp(column->type, "date") == 0 || strcmp(format, "date") == 0)
		return US_PER_DAY;
	return strcmp(format, "epoch_ms") == 0 ? 1000 : US_PER_SECOND;
}

/* The place rounded outwards to the unit, and one unit further. */
static AcBound
move_out(AcBound place, int64 unit, bool from)
{
	int64 floor = place / unit - (place % unit < 0);

	if (from)
		return (floor - 1) * unit;
	return (floor + (place % unit != 0) + 1) * unit;
}

/* The day of the Gregorian calendar so many days after 1970 began. */
static AcDay
day_of(int64 days)
{
	AcDay day = {1970, 1, 1};

	/* years of 146097 / 400 days are at most one off */
	day.year = (int) (1970 + days * 400 / 146097);
	while (ac_moment_days(&day) > days)
		day.year--;
	while (day.month < 12)
	{
		AcDay next = {day.year, day.month + 1, 1};

		if (ac_moment_days(&next) > days)
			break;
		day = next;
	}
	day.day += (int) (days - ac_moment_days(&day));
	if (day.day > ac_moment_days_in_month(day.year, day.month))
	{
		day.year++;
		day.month = 1;
		day.day -= 31;
	}
	return day;
}

/* As fdw/bound writes it; NULL where the year has no four digits. */
static char *
bound_text(const AcColumnPlan *column, AcBound us, const char *format)
{
	int64 days;
	int64 seconds;
	AcDay day;

	if (format == NULL)
		return psprintf(INT64_FORMAT, is_decimal(column) ? us / MILLION : us);
	if (strcmp(format, "epoch_s") == 0)
		return psprintf(INT64_FORMAT, us / US_PER_SECOND);
	if (strcmp(format, "epoch_ms") == 0)
		return psprintf(INT64_FORMAT, us / 1000);
	days = us / US_PER_DAY - (us % US_PER_DAY < 0);
	/* from 1000 to 9999, roughly: what is sampled are dates of things */
	if (days < -354000 || days > 2932000)
		return NULL;
	day = day_of(days);
	seconds = (us - days * US_PER_DAY) / US_PER_SECOND;
	if (strcmp(format, "date") == 0)
		return psprintf("%04d-%02d-%02d", day.year, day.month, day.day);
	return psprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", day.year, day.month,
					day.day, (int) (seconds / 3600), (int) (seconds / 60 % 60),
					(int) (seconds % 60));
}

/* ---- names ---- */

/* What a parameter's name says. */
typedef struct BoundName
{
	AcNameWords words;
	bool from; /* else it takes the upper bound */
} BoundName;

/* Is it the name of a bound, and of which? */
static bool
read_name(const char *name, BoundName *bound)
{
	bool from = false;
	bool to = false;

	bound->words = ac_increment_words(name);
	for (int i = 0; i < bound->words.n; i++)
	{
		from = from || ac_increment_is_side(bound->words.words[i], true);
		to = to || ac_increment_is_side(bound->words.words[i], false);
	}
	bound->from = from;
	return from != to;
}

static bool
has_word(const AcNameWords *words, const char *word)
{
	for (int i = 0; i < words->n; i++)
		if (ac_increment_same_word(word, words->words[i]))
			return true;
	return false;
}

/* How well the name fits the column. */
typedef enum BoundFit
{
	FIT_NOT,
	FIT_UNNAMED, /* it names no field */
	FIT_NAMED	 /* it names this one */
} BoundFit;

static BoundFit
fit_of(const BoundName *bound, const char *field)
{
	AcNameWords words = ac_increment_words(field);
	bool named = false;

	for (int i = 0; i < bound->words.n; i++)
	{
		const char *word = bound->words.words[i];

		if (ac_increment_is_side(word, bound->from))
			continue;
		if (has_word(&words, word))
			named = true;
		else if (!ac_increment_is_noise(word))
			return FIT_NOT;
	}
	if (!named)
		return FIT_UNNAMED;
	/* "min_price" is none of a shipping_price */
	for (int i = 0; i < words.n; i++)
		if (!ac_increment_is_noise(words.words[i]) &&
			!has_word(&bound->words, words.words[i]))
			return FIT_NOT;
	return FIT_NAMED;
}

/* ---- formats ---- */

static const char *const milli_words[] = {"millisecond", "milli-second", " ms", NULL};

static const char *
epoch_format(const AcParam *param, const AcColumnPlan *column)
{
	if (ac_question_speaks_of(param->description, milli_words) ||
		(column->decode != NULL && strcmp(column->decode, "epoch_ms") == 0))
		return "epoch_ms";
	return "epoch_s";
}

/*
 * How the parameter may want a moment, most likely first; their number.  NULL
 * is the way of numbers.
 */
static int
formats_of(const AcParam *param, const AcColumnPlan *column,
		   const char *formats[2])
{
	const char *format = param->shape->format;
	bool number = param->shape->kind == AC_SHAPE_INTEGER ||
				  param->shape->kind == AC_SHAPE_NUMBER;

	formats[0] = formats[1] = NULL;
	if (param->shape->n_enum > 0 || param->media_type != NULL ||
		(!number && param->shape->kind != AC_SHAPE_STRING))
		return 0;
	if (!is_moment(column))
		return number || format == NULL ? 1 : 0;
	if (number || (format == NULL && column->decode != NULL))
		formats[0] = epoch_format(param, column);
	else if (format == NULL)
	{
		bool day = strcmp(column->type, "date") == 0;

		formats[0] = day ? "date" : "rfc3339";
		formats[1] = day ? NULL : "date";
	}
	else if (strcmp(format, "date") == 0)
		formats[0] = "date";
	else if (strcmp(format, "date-time") == 0)
		formats[0] = "rfc3339";
	return formats[0] == NULL ? 0 : formats[1] == NULL ? 1
													   : 2;
}

/* ---- values ---- */

static int
compare_places(const void *a, const void *b)
{
	AcBound x = *(const AcBound *) a;
	AcBound y = *(const AcBound *) b;

	return x < y ? -1 : x > y;
}

/* The places of the sample's rows; their number, in descending order if !from. */
static int
places_of(const AcQuestionSample *sample, const AcColumnPlan *column, bool from,
		  AcBound *places)
{
	int n = 0;

	for (int i = 0; i < sample->n; i++)
	{
		char *text = ac_samples_text(sample->rows, i, column);

		if (ac_question_place(column, text, &places[n]))
		{
			if (!from)
				places[n] = -places[n];
			n++;
		}
	}
	qsort(places, n, sizeof(AcBound), compare_places);
	return n;
}

/*
 * Would the bound keep a row of the first page away?  An API that ignores it
 * sends that page again.
 */
static bool
changes_page(const AcQuestionSample *sample, const AcQuestion *question)
{
	const AcColumnPlan *column = &sample->plan->columns[question->column];
	int side = question->kind == AC_QUESTION_FROM ? 1 : -1;

	for (int i = 0; i < sample->page_rows; i++)
	{
		AcBound place;

		if (ac_question_place(column, ac_samples_text(sample->rows, i, column), &place) &&
			place * side < question->wide * side)
			return true;
	}
	return false;
}

/*
 * The value to ask with: rows beyond it, so many that half a page has room for
 * them, since the bound that is sent lets in some more; and others that it
 * keeps away.  False if there is none.
 */
static bool
choose_value(const AcQuestionSample *sample, AcQuestion *question)
{
	const AcColumnPlan *column = &sample->plan->columns[question->column];
	bool from = question->kind == AC_QUESTION_FROM;
	int64 unit = unit_of(column, question->format);
	AcBound *places = palloc(sizeof(AcBound) * Max(sample->n, 1));
	int n = places_of(sample, column, from, places);
	bool found = false;

	for (int i = Max(n / 2, n - Max(sample->page_rows / 2, 1)); i < n && !found; i++)
	{
		if (i == 0 || places[i] == places[i - 1])
			continue;
		question->place = from ? places[i] : -places[i];
		question->wide = move_out(question->place, unit, from);
		found = changes_page(sample, question);
	}
	pfree(places);
	return found;
}

/*
 * A parameter that names no field might mean another moment of the rows.  Is
 * there for each other one a row that it would withhold?
 */
static bool
is_told_apart(const AcQuestionSample *sample, const AcQuestion *question)
{
	const AcTablePlan *plan = sample->plan;
	const AcColumnPlan *column = &plan->columns[question->column];
	int side = question->kind == AC_QUESTION_FROM ? 1 : -1;
	int tries = 0;

	for (int k = 0; k < plan->n_columns; k++)
	{
		const AcColumnPlan *other = &plan->columns[k];
		bool told = false;

		if (k == question->column || !ac_question_has_order(other) ||
			!(is_moment(other) || strcmp(other->type, "timestamp") == 0))
			continue;
		if (tries++ == AC_QUESTION_TRIES)
			return false;
		for (int i = 0; i < sample->n && !told; i++)
		{
			AcBound ours;
			AcBound theirs;

			told = ac_question_place(column, ac_samples_text(sample->rows, i, column), &ours) &&
				   ours * side >= question->place * side &&
				   (!ac_question_place(other, ac_samples_text(sample->rows, i, other), &theirs) ||
					theirs * side < question->wide * side);
		}
		if (!told)
			return false;
	}
	return true;
}

/* ---- questions ---- */

static const char *
field_of(const AcColumnPlan *column)
{
	const char *slash = strrchr(column->json_path, '/');

	return slash != NULL ? slash + 1 : column->name;
}

/* Appends the parameter with one column, in each format; their number. */
static int
ask_column(const AcQuestionSample *sample, const AcParam *param, bool from,
		   int column, AcQuestion *questions)
{
	const char *formats[2];
	int n_formats = formats_of(param, &sample->plan->columns[column], formats);
	int n = 0;

	for (int i = 0; i < n_formats; i++)
	{
		AcQuestion *question = &questions[n];
		char *text;

		question->kind = from ? AC_QUESTION_FROM : AC_QUESTION_TO;
		question->column = column;
		question->param = param->name;
		question->format = formats[i];
		if (!choose_value(sample, question))
			continue;
		text = bound_text(&sample->plan->columns[column],
						  question->wide, question->format);
		if (text == NULL)
			continue;
		question->query = ac_question_query(param->name, text);
		n++;
	}
	return n;
}

/* Is the parameter one of a column's by itself, or of paging? */
static bool
is_taken(const AcTablePlan *plan, const AcParam *param)
{
	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL &&
			strcmp(plan->columns[i].param, param->name) == 0)
			return true;
	return param->place != AC_PARAM_QUERY ||
		   ac_paging_is_param(plan->endpoint, param) ||
		   ac_paging_is_control_param(param);
}

/* Does the parameter's name mean one of the columns? */
static bool
names_a_column(const AcTablePlan *plan, const BoundName *bound)
{
	int tries = 0;

	for (int i = 0; i < plan->n_columns && tries < 8 * AC_QUESTION_TRIES; i++)
		if (takes_bounds(&plan->columns[i]) && ++tries > 0 &&
			fit_of(bound, field_of(&plan->columns[i])) == FIT_NAMED)
			return true;
	return false;
}

static int
ask_param(const AcQuestionSample *sample, const AcParam *param,
		  AcQuestion *questions, int room)
{
	const AcTablePlan *plan = sample->plan;
	AcQuestion found[2];
	BoundName bound;
	bool named;
	int unnamed = 0;
	int tries = 0;
	int n = 0;

	if (is_taken(plan, param) || !read_name(param->name, &bound))
		return 0;
	named = names_a_column(plan, &bound);
	for (int i = 0; i < plan->n_columns && n < room; i++)
	{
		const AcColumnPlan *column = &plan->columns[i];
		BoundFit fit;
		int n_found;

		if (!takes_bounds(column))
			continue;
		fit = fit_of(&bound, field_of(column));
		if (fit == FIT_NOT ||
			(fit == FIT_UNNAMED &&
			 (named || !is_moment(column) || unnamed == UNNAMED_COLUMNS)))
			continue;
		if (tries++ == AC_QUESTION_TRIES)
			break;
		memset(found, 0, sizeof(found));
		n_found = ask_column(sample, param, bound.from, i, found);
		for (int k = 0; k < n_found && n < room; k++)
			if (fit == FIT_NAMED || is_told_apart(sample, &found[k]))
				questions[n++] = found[k];
		unnamed += fit == FIT_UNNAMED && n_found > 0;
	}
	return n;
}

/* Is it "id__gt" or "id[lt]", and "id__gte" or "id[lte]" is declared, too? */
static bool
has_wider_twin(const AcEndpoint *endpoint, const char *name)
{
	for (int i = 0; i < endpoint->n_params; i++)
	{
		const char *other = endpoint->params[i].name;
		size_t same = 0;

		while (name[same] != '\0' && name[same] == other[same])
			same++;
		if (same >= 2 && other[same] == 'e' && name[same - 1] == 't' &&
			(name[same - 2] == 'g' || name[same - 2] == 'l') &&
			strcmp(name + same, other + same + 1) == 0 &&
			endpoint->params[i].place == AC_PARAM_QUERY)
			return true;
	}
	return false;
}

/* Appends the questions of parameters that have such a twin, or have none. */
static int
ask_params(const AcQuestionSample *sample, bool twins, AcQuestion *questions,
		   int n)
{
	const AcEndpoint *endpoint = sample->plan->endpoint;
	int tries = 0;

	for (int i = 0; endpoint != NULL && i < endpoint->n_params; i++)
	{
		const AcParam *param = &endpoint->params[i];
		BoundName bound;

		if (n == AC_QUESTIONS_EACH || tries == AC_QUESTION_TRIES)
			break;
		if (param->place != AC_PARAM_QUERY || !read_name(param->name, &bound) ||
			has_wider_twin(endpoint, param->name) != twins)
			continue;
		tries++;
		n += ask_param(sample, param, &questions[n], AC_QUESTIONS_EACH - n);
	}
	return n;
}

/*
 * Of two parameters for one end the one that counts it in comes first: there
 * is room for a few questions only, and one answer is enough.
 */
int
ac_questions_bounds(const AcQuestionSample *sample, AcQuestion *questions)
{
	int n = ask_params(sample, false, questions, 0);

	return ask_params(sample, true, questions, n);
}

/* ---- the judgement ---- */

bool
ac_question_judge_bound(const AcQuestionSample *sample,
						const AcQuestion *question,
						const AcQuestionAnswer *answer, const char **finding)
{
	const AcColumnPlan *column = &sample->plan->columns[question->column];
	int side = question->kind == AC_QUESTION_FROM ? 1 : -1;
	int outside = 0;
	AcBound place;

	for (int i = 0; i < answer->rows->n; i++)
		outside += !ac_question_place(column, ac_samples_text(answer->rows, i, column), &place) ||
				   place * side < question->wide * side;
	if (outside > 0)
	{
		*finding = outside == answer->rows->n || outside > 1
					   ? "ignored: there are rows beyond the bound"
					   : "refused: there is a row beyond the bound";
		return false;
	}
	for (int i = 0; i < sample->n; i++)
		if (ac_question_place(column, ac_samples_text(sample->rows, i, column), &place) &&
			place * side >= question->place * side &&
			!ac_question_has_row(sample, i, answer))
		{
			*finding = "refused: rows are missing that are known to be within the bound";
			return false;
		}
	*finding = "proved: the rows within the bound, all that are known";
	return true;
}
