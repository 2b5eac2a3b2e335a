/*
 * keys_seen.c
 *		What do samples say of a table's key?  See keys.h.
 *
 * S7's scores over the rows that came.  What repeats, lacks or cannot
 * identify is no key; what is told apart only because few rows were seen is
 * not believed without a name that says so.
 */
#include "ac.h"

#include "api/keys.h"
#include "api/names.h"
#include "api/tableplan_path.h"

/* Score that a key needs: a good name of a scalar, or much proof. */
#define SCORE_NEEDED 4

/* Rows below which uniqueness is likely to be chance, and above which not. */
#define FEW_ROWS 30
#define MANY_ROWS 100

/* Rows that are all there are: few, but there will be no others. */
#define COMPLETE_ROWS 5

/* Longest text that is a key: an URL may be, a paragraph is not. */
#define LONGEST_KEY 255

/* Columns considered for composite keys: 20 make 1,140 triples. */
#define MAX_PARTS 20

/*
 * Repetitions that chance alone would bring among the pairs of values, below
 * which it proves nothing that there are none.
 */
#define REPEATS_EXPECTED 3

/* Names that tell rows apart in many tables, but not by their word alone. */
static const char *const weak_names[] = {
	"code", "slug", "sku", "symbol", "login", "username", "handle", "number",
	"reference", "ref", "isbn", "ean", "gtin", "upc", "iban", "hostname",
	"fqdn", "domain", "digest", "sha", "hash", "serial", "serialnumber",
	"iso", "iso2", "iso3", "isocode", "alpha2", "alpha3", "url", "self",
	"href", "link", "uri", "token", "email", "tag", NULL};

/* Names of what changes from answer to answer, or counts and measures. */
static const char *const decoy_names[] = {
	"rank", "position", "pos", "index", "idx", "row", "rownumber", "rownum",
	"rowno", "ordinal", "order", "sort", "sortorder", "line", "lineno",
	"linenumber", "seq", "sequence", "priority", "level", "page", "offset",
	"total", "count", "amount", "price", "value", "score", "size", "quantity",
	"qty", "balance", "weight", "height", "width", "length", "age", "year",
	"version", "revision", "duration", "latitude", "longitude", "lat", "lon",
	"lng", "population", "distance", "views", "likes", "title", "description",
	"n", "no", "nr", "num", "x", "y", NULL};

/* Names that number the parts of something. */
static const char *const local_names[] = {
	"line", "lineno", "linenumber", "number", "no", "nr", "seq", "sequence",
	"position", "pos", "index", "ordinal", "code", "sku", "currency",
	"country", "language", "locale", "lang", "region", "version", "key",
	"name", "year", "month", "day", "type", "kind", "slug", "revision",
	"itemno", "lineitem", "date", NULL};

char *
ac_keys_entity(const char *path)
{
	AcPath *parsed = ac_path_parse(path);
	const AcSegment *last = ac_path_last_static(parsed);
	char *noun = last == NULL ? NULL
							  : ac_names_singular(ac_names_snake(last->text));

	ac_path_free(parsed);
	return noun;
}

typedef struct Judge
{
	AcTablePlan *plan;
	const AcTableSample *sample;
	char *entity;
	int first_field;
	int item_column;
	AcJson *notes; /* of the evidence */
} Judge;

const char *
ac_keys_field(const AcTablePlan *plan, const AcColumnPlan *column)
{
	const char *inner = plan->row != NULL ? plan->row->inner : NULL;
	const char *field = column->json_path;
	size_t len = inner != NULL ? strlen(inner) : 0;

	if (field == NULL || field[0] != '/')
		return NULL;
	if (len > 0 && strncmp(field, inner, len) == 0 && field[len] == '/')
		field += len;
	field++;
	return strchr(field, '/') == NULL ? field : NULL;
}

/* A field of the row itself of a type that keys have. */
static bool
is_candidate(const AcTablePlan *plan, const AcColumnPlan *column)
{
	return ac_keys_field(plan, column) != NULL &&
		   !column->of_parent && column->decode == NULL &&
		   (strcmp(column->type, "text") == 0 ||
			strcmp(column->type, "bigint") == 0 ||
			strcmp(column->type, "integer") == 0 ||
			strcmp(column->type, "smallint") == 0 ||
			strcmp(column->type, "numeric") == 0 ||
			strcmp(column->type, "uuid") == 0);
}

static bool
is_integer_type(const char *type)
{
	return strcmp(type, "bigint") == 0 || strcmp(type, "integer") == 0 ||
		   strcmp(type, "smallint") == 0;
}

/* "Unique identifier of ...", "ID", "primary key": the description says so. */
static bool
comment_says_key(const char *comment)
{
	static const char *const whole[] = {
		"id", "identifier", "unique", "uuid", "theid", NULL};
	char *lower;

	if (comment == NULL)
		return false;
	if (ac_names_in(comment, whole))
		return true;
	lower = pstrdup(comment);
	for (char *s = lower; *s != '\0'; s++)
		*s = pg_ascii_tolower((unsigned char) *s);
	return strstr(lower, "unique id") != NULL ||
		   strstr(lower, "primary key") != NULL ||
		   strstr(lower, "uniquely identif") != NULL;
}

/* Why the data refuse a column as the key, NULL if they do not. */
static const char *
refusal(const Judge *j, int i)
{
	const AcColumnSample *values = &j->sample->columns[i];

	if (values->n_missing > 0)
		return "some rows have no value";
	if (values->n_other > 0 || values->list || values->inner != NULL)
		return "values are no scalars that identify";
	if (values->longest > LONGEST_KEY)
		return "values are long texts";
	if (values->n < j->sample->n_rows)
		return "values repeat";
	return NULL;
}

static bool
is_strong_name(const Judge *j, const char *field)
{
	return ac_keys_name_rank(field, j->entity) >= 0;
}

/* Points for the name and the words of the description. */
static int
score_name(const Judge *j, int i)
{
	const AcColumnPlan *column = &j->plan->columns[i];
	const char *field = ac_keys_field(j->plan, column);
	int score = 0;

	if (is_strong_name(j, field))
		score += 3;
	else if (ac_names_in(field, weak_names))
		score += 2;
	else if (ac_names_in(field, decoy_names))
		score -= 4;
	else if (ac_names_identifier(field))
		score += 1;
	if (comment_says_key(column->comment))
		score += 2;
	if (strcmp(column->type, "uuid") == 0)
		score += 1;
	if (ac_names_temporal(field))
		score -= 3;
	return score;
}

/*
 * All rows are there, and the name is one that things go by.  One of several
 * ids of other things is a part of a key at best.
 */
static bool
tells_completely(const Judge *j, int i)
{
	const char *field = ac_keys_field(j->plan, &j->plan->columns[i]);
	int identifiers = 0;

	if (!j->sample->complete || j->sample->n_rows < COMPLETE_ROWS)
		return false;
	for (int k = 0; k < j->plan->n_columns; k++)
		identifiers += ac_names_identifier(j->plan->columns[k].name);
	return ac_names_in(field, weak_names) ||
		   (ac_names_identifier(field) && identifiers == 1);
}

/* S7's score of a column that the data do not refuse. */
static int
score_column(const Judge *j, int i)
{
	const AcColumnPlan *column = &j->plan->columns[i];
	const AcColumnSample *values = &j->sample->columns[i];
	bool strong = is_strong_name(j, ac_keys_field(j->plan, column));
	int n = j->sample->n_rows;
	int score = 1 + score_name(j, i);

	if (i == j->item_column)
		score += j->plan->item_proved ? 6 : 3;
	if (i == j->first_field)
		score += 1;
	if (n >= MANY_ROWS)
		score += 2;
	else if (n >= FEW_ROWS)
		score += 1;
	else if (!strong && i != j->item_column)
		score += tells_completely(j, i) ? 1 : -2;
	/* a number that counts the rows of the answer */
	if (values->ordinal && !strong && i != j->item_column && n > 2)
		score -= 3;
	return score;
}

/* A single row tells nothing apart: only a strong name or an item path may. */
static bool
may_be_key(const Judge *j, int i)
{
	return j->sample->n_rows > 1 || i == j->item_column ||
		   is_strong_name(j, ac_keys_field(j->plan, &j->plan->columns[i]));
}

static int
best_single(const Judge *j, int *best_score)
{
	AcJson *scores = ac_json_new_object();
	AcJson *refused = ac_json_new_object();
	int best = -1;
	int best_rank = -1;

	*best_score = SCORE_NEEDED - 1;
	for (int i = 0; i < j->plan->n_columns; i++)
	{
		const AcColumnPlan *column = &j->plan->columns[i];
		const char *why;
		int score;
		int rank;

		if (!is_candidate(j->plan, column) || !may_be_key(j, i))
			continue;
		rank = ac_keys_name_rank(ac_keys_field(j->plan, column), j->entity);
		why = refusal(j, i);
		if (why != NULL)
		{
			if (rank >= 0 || i == j->item_column)
				ac_json_set_string(refused, column->name, why);
			continue;
		}
		score = score_column(j, i);
		if (score < SCORE_NEEDED)
			continue;
		ac_json_set(scores, column->name, ac_json_new_int(score));
		if (score > *best_score ||
			(score == *best_score && rank >= 0 &&
			 (best_rank < 0 || rank < best_rank)))
		{
			best = i;
			*best_score = score;
			best_rank = rank;
		}
	}
	ac_json_set(j->notes, "scores", scores);
	ac_json_set(j->notes, "refused", refused);
	return best;
}

/* ---- composite keys ---- */

/* How much a column looks like a part of a key: 0 not at all. */
static int
weight_of_part(const Judge *j, int i)
{
	const AcColumnPlan *column = &j->plan->columns[i];
	const AcColumnSample *values = &j->sample->columns[i];
	const char *field;

	if (!is_candidate(j->plan, column) || values->n_missing > 0 ||
		values->n_other > 0 || values->list || values->inner != NULL ||
		values->longest > LONGEST_KEY || values->n < 2)
		return 0;
	field = ac_keys_field(j->plan, column);
	if (is_strong_name(j, field) || ac_names_identifier(field))
		return 2;
	return ac_names_in(field, local_names) ? 1 : 0;
}

/* Text of one column of a row, with a mark that no other can counterfeit. */
static void
append_part(StringInfo out, const AcSampledRows *rows, int row,
			const AcColumnPlan *column)
{
	char *text = ac_samples_text(rows, row, column);

	appendStringInfo(out, "%zu:%s,", text != NULL ? strlen(text) : 0,
					 text != NULL ? text : "");
	if (text != NULL)
		pfree(text);
}

typedef struct Parts
{
	int columns[AC_KEYS_MAX];
	int n;
	int weight;
} Parts;

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Do the parts together tell all sampled rows apart? */
static bool
tell_apart(const AcTablePlan *plan, const AcSampledRows *rows,
		   const Parts *parts)
{
	char **texts = palloc(sizeof(char *) * Max(rows->n, 1));
	bool unique = true;

	for (int i = 0; i < rows->n; i++)
	{
		StringInfoData text;

		initStringInfo(&text);
		for (int k = 0; k < parts->n; k++)
			append_part(&text, rows, i, &plan->columns[parts->columns[k]]);
		texts[i] = text.data;
	}
	qsort(texts, rows->n, sizeof(char *), compare_texts);
	for (int i = 1; i < rows->n; i++)
		unique = unique && strcmp(texts[i - 1], texts[i]) != 0;
	for (int i = 0; i < rows->n; i++)
		pfree(texts[i]);
	pfree(texts);
	return unique;
}

/* Would chance have repeated some of these combinations? */
static bool
is_telling(const Judge *j, const Parts *parts)
{
	double n = j->sample->n_rows;
	double combinations = 1;

	for (int k = 0; k < parts->n; k++)
		combinations *= j->sample->columns[parts->columns[k]].n;
	if (combinations < n)
		return false;
	/* ids of two things that belong together are a key by their names */
	if (parts->weight >= 2 * parts->n)
		return n >= 5;
	return n >= FEW_ROWS && n * n / (2 * combinations) >= REPEATS_EXPECTED;
}

/* Replaces *best if parts weigh more, or as much and nothing was found yet. */
static void
try_parts(const Judge *j, const AcSampledRows *rows, Parts *parts, Parts *best)
{
	if (parts->weight > best->weight && is_telling(j, parts) &&
		tell_apart(j->plan, rows, parts))
		*best = *parts;
}

/* Pairs before triples; the heaviest, of equals the leftmost. */
static void
best_composite(const Judge *j, const AcSampledRows *rows, Parts *best)
{
	int parts[MAX_PARTS];
	int weights[MAX_PARTS];
	int n = 0;

	memset(best, 0, sizeof(*best));
	for (int i = 0; i < j->plan->n_columns && n < MAX_PARTS; i++)
	{
		weights[n] = weight_of_part(j, i);
		if (weights[n] > 0)
			parts[n++] = i;
	}
	for (int a = 0; a < n; a++)
		for (int b = a + 1; b < n; b++)
		{
			Parts pair = {{parts[a], parts[b]}, 2, weights[a] + weights[b]};

			try_parts(j, rows, &pair, best);
		}
	if (best->n > 0)
		return;
	for (int a = 0; a < n; a++)
		for (int b = a + 1; b < n; b++)
			for (int c = b + 1; c < n; c++)
			{
				Parts triple = {{parts[a], parts[b], parts[c]}, 3, weights[a] + weights[b] + weights[c]};

				/* three words without an id among them are a coincidence */
				if (triple.weight > 3)
					try_parts(j, rows, &triple, best);
			}
}

/* ---- the choice ---- */

/* The path's variables belong to the key where it has room for them (S7). */
static void
mark_key(AcTablePlan *plan, const Parts *parts, double confidence)
{
	int variables = 0;

	for (int i = 0; i < plan->n_columns; i++)
	{
		if (plan->columns[i].filter == AC_FILTER_PATH)
			variables++;
		else if (!plan->columns[i].required)
			plan->columns[i].key = false;
	}
	for (int k = 0; k < parts->n; k++)
	{
		plan->columns[parts->columns[k]].key = true;
		plan->columns[parts->columns[k]].confidence = confidence;
		if (plan->columns[parts->columns[k]].filter == AC_FILTER_PATH)
			variables--;
	}
	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].filter == AC_FILTER_PATH && parts->n > 0 &&
			variables + parts->n <= AC_KEYS_MAX)
			plan->columns[i].key = true;
}

static double
confidence_of(const Judge *j, int score)
{
	if (j->plan->item_proved && score >= 8)
		return 0.99;
	return score >= 6 ? 0.95 : score >= 5 ? 0.9
										  : 0.8;
}

static Judge
judge_of(AcTablePlan *plan, const AcTableSample *sample)
{
	Judge j = {.plan = plan, .sample = sample, .item_column = -1};
	bool first_found = false;

	j.entity = ac_keys_entity(plan->path);
	for (int i = 0; i < plan->n_columns; i++)
	{
		const AcColumnPlan *column = &plan->columns[i];

		if (column->json_path != NULL && !first_found)
		{
			j.first_field = i;
			first_found = true;
		}
		if (plan->item_path != NULL && column->param != NULL &&
			column->filter != AC_FILTER_PATH && column->json_path != NULL &&
			strstr(plan->item_path, psprintf("{%s}", column->param)) != NULL)
			j.item_column = i;
	}
	return j;
}

/* A member's name, or a number within the parent's row: nothing to judge. */
static bool
is_keyed_by_place(const AcTablePlan *plan)
{
	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].key && ac_tableplan_is_place(&plan->columns[i]))
			return true;
	return false;
}

void
ac_keys_judge(AcTablePlan *plan, const AcTableSample *sample,
			  const AcSampledRows *rows)
{
	Judge j = judge_of(plan, sample);
	Parts parts = {.n = 1};
	int score;

	Assert(sample->n_columns == plan->n_columns);
	if (sample->n_rows == 0 ||
		(sample->n_rows == 1 && plan->paging.style == AC_PAGER_NONE) ||
		is_keyed_by_place(plan))
		return;
	j.notes = ac_json_new_object();
	ac_json_set(j.notes, "rows", ac_json_new_int(sample->n_rows));
	ac_json_set(j.notes, "pages", ac_json_new_int(sample->n_pages));
	parts.columns[0] = best_single(&j, &score);
	if (parts.columns[0] < 0)
	{
		best_composite(&j, rows, &parts);
		score = SCORE_NEEDED + (sample->n_rows >= MANY_ROWS ? 1 : 0);
	}
	mark_key(plan, &parts, confidence_of(&j, score));
	if (parts.n == 0)
		ac_json_set_string(j.notes, "none", "nothing tells the sampled rows apart by more than chance");
	ac_json_set(plan->evidence, "key", j.notes);
}

/* Adds a column once, while there is room. */
static void
add_candidate(int *columns, int *n, int max, int column)
{
	for (int i = 0; i < *n; i++)
		if (columns[i] == column)
			return;
	if (*n < max && column >= 0)
		columns[(*n)++] = column;
}

int
ac_keys_item_candidates(const AcTablePlan *plan, const AcTableSample *sample,
						const char *variable, int *columns, int max)
{
	char *entity = ac_keys_entity(plan->path);
	int n = 0;

	/* an item does not repeat its name, so nothing else may look it up */
	if (plan->rows_form == AC_ROWS_MAP)
	{
		for (int i = 0; i < plan->n_columns; i++)
			if (ac_tableplan_is_place(&plan->columns[i]))
				add_candidate(columns, &n, max, i);
		return n;
	}
	for (int i = 0; i < plan->n_columns; i++)
		if (plan->columns[i].param != NULL &&
			plan->columns[i].json_path != NULL &&
			strcmp(plan->columns[i].param, variable) == 0)
			add_candidate(columns, &n, max, i);
	add_candidate(columns, &n, max,
				  ac_keys_resolve(plan->columns, plan->n_columns, variable,
								  entity, NULL));
	/* strong names first, then numbers and codes, never what only measures */
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < plan->n_columns; i++)
		{
			const AcColumnPlan *column = &plan->columns[i];
			const char *field;

			if (!is_candidate(plan, column) || !ac_samples_is_unique(sample, i))
				continue;
			field = ac_keys_field(plan, column);
			if (pass == 0 ? ac_keys_name_rank(field, entity) >= 0
						  : ac_names_in(field, weak_names) ||
								is_integer_type(column->type))
				add_candidate(columns, &n, max, i);
		}
	return n;
}
