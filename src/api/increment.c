/*
 * increment.c
 *		How does a copy of a table follow what changes?  See increment.h.
 *
 * Here: which field and which parameter make a pair, and which value proves
 * it.  increment_proof.c judges the answer.
 */
#include "ac.h"

#include "api/increment_int.h"
#include "api/names.h"
#include "api/paging.h"
#include "api/types.h"

/* Rows in order below which the order is chance. */
#define ORDERED_ROWS 10

static const char *const mode_names[] = {
	[AC_INCREMENT_FULL] = "full",
	[AC_INCREMENT_DESCENDING] = "descending",
	[AC_INCREMENT_PARAMETER] = "parameter",
};

const char *
ac_increment_mode_name(AcIncrementMode mode)
{
	return mode_names[mode];
}

/* ---- words ---- */

static const char *const updated_words[] = {
	"updated", "update", "modified", "modify", "modification", "changed",
	"change", "edited", "mtime", NULL};

static const char *const created_words[] = {
	"created", "create", "creation", "inserted", "added", "occurred",
	"published", "received", "issued", "placed", "ordered", "logged", NULL};

/* "from this value on" and its contrary, in names of parameters. */
static const char *const lower_words[] = {
	"since", "after", "from", "min", "minimum", "start", "gt", "gte", "ge",
	"newer", "begin", "starting", "greater", NULL};
static const char *const upper_words[] = {
	"before", "until", "till", "to", "max", "maximum", "end", "lt", "lte",
	"le", "older", "ending", "less", NULL};

/* Words of names that say nothing of which field is meant. */
static const char *const noise_words[] = {
	"filter", "filters", "where", "q", "query", "date", "time", "datetime",
	"timestamp", "ts", "at", "on", "last", "than", "or", "equal", "value",
	"range", "of", "the", "by", "utc", "day", NULL};

static bool
is_in(const char *word, const char *const *list)
{
	for (int i = 0; list[i] != NULL; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

AcNameWords
ac_increment_words(const char *name)
{
	AcNameWords words = {.n = 0};
	char *s = ac_names_snake(name);

	while (s != NULL && *s != '\0' && words.n < AC_NAME_WORDS)
	{
		char *bar = strchr(s, '_');

		if (bar != NULL)
			*bar = '\0';
		words.words[words.n++] = s;
		s = bar != NULL ? bar + 1 : NULL;
	}
	return words;
}

bool
ac_increment_is_side(const char *word, bool lower)
{
	return is_in(word, lower ? lower_words : upper_words);
}

bool
ac_increment_is_noise(const char *word)
{
	return is_in(word, noise_words);
}

static bool
has_word(const AcNameWords *words, const char *const *list)
{
	for (int i = 0; i < words->n; i++)
		if (is_in(words->words[i], list))
			return true;
	return false;
}

/* ---- fields ---- */

/* How well a field grows with changes: the least is the best. */
typedef enum FieldRank
{
	RANK_UPDATED,
	RANK_CREATED,
	RANK_MOMENT, /* any other moment */
	RANK_ID,	 /* an integer that grows */
	RANK_NONE
} FieldRank;

static const char *
field_of(const AcColumnPlan *column)
{
	const char *slash = strrchr(column->json_path, '/');

	return slash != NULL ? slash + 1 : column->name;
}

AcIncrementKind
ac_increment_kind(const AcColumnPlan *column)
{
	if (column->json_path == NULL || column->of_parent)
		return AC_INCREMENT_NOTHING;
	if (column->decode != NULL && strncmp(column->decode, "epoch_", 6) == 0)
		return AC_INCREMENT_EPOCH;
	if (column->decode != NULL)
		return AC_INCREMENT_NOTHING;
	if (strcmp(column->type, "timestamptz") == 0 ||
		strcmp(column->type, "timestamp") == 0 ||
		strcmp(column->type, "date") == 0)
		return AC_INCREMENT_MOMENT;
	return ac_types_is_number(column->type) &&
				   strcmp(column->type, "numeric") != 0 &&
				   strcmp(column->type, "float8") != 0
			   ? AC_INCREMENT_INTEGER
			   : AC_INCREMENT_NOTHING;
}

static FieldRank
rank_field(const AcColumnPlan *column)
{
	AcIncrementKind kind = ac_increment_kind(column);
	AcNameWords words;

	if (kind == AC_INCREMENT_NOTHING)
		return RANK_NONE;
	if (kind == AC_INCREMENT_INTEGER)
		return column->key && ac_names_identifier(field_of(column)) ? RANK_ID
																	: RANK_NONE;
	words = ac_increment_words(field_of(column));
	if (has_word(&words, updated_words))
		return RANK_UPDATED;
	return has_word(&words, created_words) ? RANK_CREATED : RANK_MOMENT;
}

/* ---- parameters ---- */

bool
ac_increment_same_word(const char *a, const char *b)
{
	return strcmp(a, b) == 0 ||
		   (is_in(a, updated_words) && is_in(b, updated_words)) ||
		   (is_in(a, created_words) && is_in(b, created_words) &&
			a[0] == b[0]);
}

/*
 * Does the parameter ask for rows from a value of the field on?  named: its
 * name says which field, so that no other will do.
 */
static bool
asks_for(const AcNameWords *param, const AcNameWords *field, bool *named)
{
	*named = false;
	for (int i = 0; i < param->n; i++)
	{
		const char *word = param->words[i];
		bool found = false;

		if (is_in(word, lower_words) || is_in(word, noise_words))
			continue;
		*named = true;
		for (int k = 0; k < field->n; k++)
			found = found || ac_increment_same_word(word, field->words[k]);
		if (!found)
			return false;
	}
	return true;
}

/* How the parameter wants the field's value, NULL if it cannot take it. */
static const char *
format_for(const AcParam *param, const AcColumnPlan *column)
{
	AcIncrementKind kind = ac_increment_kind(column);
	const AcShape *shape = param->shape;
	bool takes_number = shape->kind == AC_SHAPE_INTEGER ||
						shape->kind == AC_SHAPE_NUMBER;

	if (shape->kind == AC_SHAPE_ARRAY || shape->kind == AC_SHAPE_OBJECT ||
		shape->kind == AC_SHAPE_BOOLEAN || shape->n_enum > 0)
		return NULL;
	if (kind == AC_INCREMENT_MOMENT)
	{
		if (takes_number)
			return "epoch_s";
		return shape->format != NULL && strcmp(shape->format, "date") == 0
				   ? "date"
				   : "row";
	}
	/* a moment in words for a number is too much of a guess */
	return takes_number || shape->format == NULL ? "row" : NULL;
}

static bool
is_bound(const AcTablePlan *plan, const AcParam *param, const AcNameWords *words)
{
	return param->place == AC_PARAM_QUERY && has_word(words, lower_words) &&
		   !has_word(words, upper_words) &&
		   !ac_paging_is_param(plan->endpoint, param);
}

/* A pair and how good it looks. */
typedef struct Candidate
{
	AcIncrement pair;
	int rank;
} Candidate;

static void
keep_best(Candidate *best, int *n, const Candidate *candidate)
{
	int at = *n;

	while (at > 0 && candidate->rank < best[at - 1].rank)
		at--;
	if (at >= AC_INCREMENT_MAX)
		return;
	if (*n < AC_INCREMENT_MAX)
		(*n)++;
	for (int i = *n - 1; i > at; i--)
		best[i] = best[i - 1];
	best[at] = *candidate;
}

static void
pair_column(const AcTablePlan *plan, const AcColumnPlan *column,
			Candidate *best, int *n)
{
	FieldRank rank = rank_field(column);
	AcNameWords field = ac_increment_words(field_of(column));

	for (int i = 0; i < plan->endpoint->n_params; i++)
	{
		const AcParam *param = &plan->endpoint->params[i];
		AcNameWords words = ac_increment_words(param->name);
		Candidate candidate = {.rank = rank * 2};
		bool named;

		if (!is_bound(plan, param, &words) || !asks_for(&words, &field, &named))
			continue;
		/* "since" alone means a change; an id only where it is a number */
		if (!named && rank == RANK_ID && param->shape->kind != AC_SHAPE_INTEGER)
			continue;
		candidate.rank += named ? 0 : 1;
		candidate.pair.mode = AC_INCREMENT_PARAMETER;
		candidate.pair.column = column->name;
		candidate.pair.param = param->name;
		candidate.pair.format = format_for(param, column);
		if (candidate.pair.format != NULL)
			keep_best(best, n, &candidate);
	}
}

const AcColumnPlan *
ac_increment_column(const AcTablePlan *plan, const char *name, int *index)
{
	for (int i = 0; i < plan->n_columns; i++)
		if (strcmp(plan->columns[i].name, name) == 0)
		{
			*index = i;
			return &plan->columns[i];
		}
	return NULL;
}

/* A field with a value in nearly each row: a deletion's moment is no change. */
static bool
is_filled(const AcTableSample *sample, int column)
{
	const AcColumnSample *values = &sample->columns[column];

	return values->n_values > 0 && values->n_missing == 0 &&
		   values->n_other == 0 && !values->list && values->inner == NULL;
}

int
ac_increment_pairs(const AcTablePlan *plan, const AcTableSample *sample,
				   AcIncrement *pairs)
{
	Candidate best[AC_INCREMENT_MAX];
	int n = 0;

	if (plan->endpoint == NULL)
		return 0;
	for (int i = 0; i < plan->n_columns; i++)
		if (rank_field(&plan->columns[i]) != RANK_NONE && is_filled(sample, i))
			pair_column(plan, &plan->columns[i], best, &n);
	for (int i = 0; i < n; i++)
		pairs[i] = best[i].pair;
	return n;
}

/* ---- the value ---- */

typedef struct Placed
{
	int64 place;
	const char *text;
} Placed;

static int
compare_placed(const void *a, const void *b)
{
	const Placed *x = a;
	const Placed *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
}

static const char *
as_sent(const char *format, const char *text, int64 place)
{
	if (strcmp(format, "date") == 0)
		return pnstrdup(text, Min(strlen(text), 10));
	if (strcmp(format, "epoch_s") == 0)
		return psprintf(INT64_FORMAT, place / INT64CONST(1000000));
	return text;
}

bool
ac_increment_value(const AcTablePlan *plan, const AcTableSample *sample,
				   const AcIncrement *pair, const char **in_row,
				   const char **to_send)
{
	int index = 0;
	const AcColumnPlan *column = ac_increment_column(plan, pair->column, &index);
	const AcColumnSample *values;
	Placed *placed;
	int n = 0;
	int middle;

	if (column == NULL)
		return false;
	values = &sample->columns[index];
	placed = palloc(sizeof(Placed) * Max(values->n, 1));
	for (int i = 0; i < values->n; i++)
	{
		placed[n].text = values->values[i];
		if (!ac_increment_place(column, values->values[i], &placed[n].place))
			return false;
		n++;
	}
	qsort(placed, n, sizeof(Placed), compare_placed);
	/* something before it that must go, and itself or more that must stay */
	middle = n / 2;
	if (n < 2 || placed[middle].place == placed[0].place)
		return false;
	*in_row = placed[middle].text;
	*to_send = as_sent(pair->format, placed[middle].text, placed[middle].place);
	return true;
}

void
ac_increment_without(const AcTablePlan *plan, const AcTableSample *sample,
					 AcIncrement *increment)
{
	FieldRank best = RANK_NONE;

	memset(increment, 0, sizeof(*increment));
	for (int i = 0; i < plan->n_columns; i++)
	{
		FieldRank rank = rank_field(&plan->columns[i]);
		const AcColumnSample *values = &sample->columns[i];

		if (rank >= best || !is_filled(sample, i) || !values->descending ||
			values->n < 2 || sample->n_rows < ORDERED_ROWS)
			continue;
		best = rank;
		increment->mode = AC_INCREMENT_DESCENDING;
		increment->column = plan->columns[i].name;
	}
}
