/*
 * compare_param.c
 *		How do the parameters of a table's operation differ?
 *
 * A reading client sends few of them: it minds what it must send, and what it
 * sent and means nothing any more.  Parameters of the path come and go with
 * the path, and what they are called is nobody's business.
 */
#include "ac.h"

#include "api/names.h"
#include "drift/compare_int.h"

/* A name is a guess at the same meaning. */
#define RENAME_CONFIDENCE 0.7

/* Words that turn one filter into another one. */
static const char *const operator_words[] = {
	"min", "max", "gt", "gte", "lt", "lte", "eq", "ne", "neq", "in", "nin",
	"not", "exclude", "excluding", "no", "without", "with", "include",
	"after", "before", "since", "until", "from", "to", "start", "end", "like",
	"contains", "prefix", "suffix", "exists", "has", "any", "all", "first",
	"last", "next", "prev", "previous", "between", "over", "under", "above",
	"below", "only", NULL};

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
is_query(const AcModelParam *param)
{
	return strcmp(param->place, "query") == 0;
}

const char *
ac_compare_subject(const AcModelParam *param)
{
	return is_query(param) ? param->name
						   : psprintf("%s %s", param->place, param->name);
}

static AcDrift *
add(const AcTableComparison *pair, AcDriftKind kind, const AcModelParam *param)
{
	AcDrift *drift = ac_compare_add(pair, kind);

	drift->column = param->column;
	drift->subject = ac_compare_subject(param);
	ac_compare_put(pair->drifts, &drift->params, "param", param->name);
	return drift;
}

/* Is the word among the words of a snake_case name? */
static bool
has_word(const char *name, const char *word, size_t len)
{
	while (*name != '\0')
	{
		size_t own = strcspn(name, "_");

		if (own == len && memcmp(name, word, len) == 0)
			return true;
		name += own;
		name += strspn(name, "_");
	}
	return false;
}

/*
 * Are all words of the shorter name in the longer one, at least half of whose
 * words they are, and is none of the rest an operator?
 */
static bool
contains_words(const char *longer, const char *shorter)
{
	int shared = 0;
	int rest = 0;
	const char *at;
	size_t len;

	for (at = shorter; *at != '\0'; at += len, at += strspn(at, "_"))
	{
		len = strcspn(at, "_");
		if (!has_word(longer, at, len))
			return false;
	}
	for (at = longer; *at != '\0'; at += len, at += strspn(at, "_"))
	{
		len = strcspn(at, "_");
		if (has_word(shorter, at, len))
			shared++;
		else if (ac_names_in(pnstrdup(at, len), operator_words))
			return false;
		else
			rest++;
	}
	return shared > 0 && rest <= shared;
}

/* Could the names be two spellings of one thing? */
static bool
similar_names(const char *a, const char *b)
{
	char *snake_a;
	char *snake_b;

	if (ac_names_alike(a, b))
		return true;
	snake_a = ac_names_snake(a);
	snake_b = ac_names_snake(b);
	return contains_words(snake_a, snake_b) || contains_words(snake_b, snake_a);
}

static bool
same_domain(const AcModelParam *a, const AcModelParam *b)
{
	int i;

	if (a->n_enum != b->n_enum)
		return false;
	for (i = 0; i < a->n_enum; i++)
		if (strcmp(a->enum_values[i], b->enum_values[i]) != 0)
			return false;
	return true;
}

/* Could one have become the other?  All but the name must be the same. */
static bool
is_rename(const AcModelParam *a, const AcModelParam *b)
{
	return strcmp(a->place, b->place) == 0 && strcmp(a->type, b->type) == 0 &&
		   a->required == b->required &&
		   same_text(a->default_value, b->default_value) &&
		   same_domain(a, b) && similar_names(a->name, b->name);
}

/* The one parameter of table, not in without, that param may be; or NULL. */
static const AcModelParam *
only_rename(const AcModelTable *table, const AcModelTable *without,
			const AcModelParam *param)
{
	const AcModelParam *found = NULL;
	int i;

	for (i = 0; i < table->n_params; i++)
	{
		const AcModelParam *other = &table->params[i];

		if (ac_model_param(without, other->place, other->name) != NULL ||
			!is_rename(param, other))
			continue;
		if (found != NULL)
			return NULL;
		found = other;
	}
	return found;
}

/* Only where each is the other's one candidate. */
static const AcModelParam *
renamed(const AcModelTable *table, const AcModelTable *other,
		const AcModelParam *param)
{
	const AcModelParam *found;

	if (strcmp(param->place, "path") == 0 ||
		ac_model_param(other, param->place, param->name) != NULL)
		return NULL;
	found = only_rename(other, table, param);
	if (found != NULL && only_rename(table, other, found) != param)
		return NULL;
	return found;
}

const AcModelParam *
ac_compare_renamed(const AcModelTable *before, const AcModelTable *after,
				   const AcModelParam *lost)
{
	return renamed(before, after, lost);
}

/* A value that may serve: the only one, or the one it stands for unsaid. */
static void
put_candidate(const AcTableComparison *pair, AcDrift *drift,
			  const AcModelParam *param)
{
	if (param->default_value != NULL)
		ac_compare_put(pair->drifts, &drift->params, "default",
					   param->default_value);
	else if (param->n_enum > 0)
		ac_compare_put(pair->drifts, &drift->params, "default",
					   param->enum_values[0]);
}

static void
add_required(const AcTableComparison *pair, const AcModelParam *param)
{
	AcDrift *drift = add(pair, AC_DRIFT_REQUIRED_PARAM_ADDED, param);

	drift->summary = psprintf("%s now needs the %s parameter %s",
							  pair->before->name, param->place,
							  ac_compare_quote(param->name));
	put_candidate(pair, drift, param);
}

/*
 * What is sent under a name that is not known any more is ignored, and more
 * rows come than were asked for.  A page size that is ignored does no harm.
 */
static void
add_lost(const AcTableComparison *pair, const AcModelParam *param)
{
	const AcModelParam *now = ac_compare_renamed(pair->before, pair->after,
												 param);
	AcDrift *drift;

	if (now != NULL)
	{
		drift = add(pair, AC_DRIFT_PARAM_RENAMED, param);
		drift->confidence = RENAME_CONFIDENCE;
		drift->summary = psprintf("%s parameter %s of %s is now called %s",
								  param->place, ac_compare_quote(param->name),
								  pair->before->name,
								  ac_compare_quote(now->name));
		ac_compare_put(pair->drifts, &drift->params, "new_param", now->name);
	}
	else if (is_query(param))
	{
		drift = add(pair, AC_DRIFT_SEMANTICS_CHANGED, param);
		if (param->page_size)
			drift->severity = AC_SEVERITY_WARNING;
		drift->summary = psprintf("%s has no parameter %s any more",
								  pair->before->name,
								  ac_compare_quote(param->name));
	}
}

/*
 * A default that comes where none was told may hide rows; where it goes it is
 * only told no more.  Pages of another size are the same rows.
 */
static void
compare_default(const AcTableComparison *pair, const AcModelParam *before,
				const AcModelParam *after)
{
	AcDrift *drift;

	if (after->default_value == NULL ||
		same_text(before->default_value, after->default_value) ||
		(before->page_size && before->default_value == NULL))
		return;
	drift = add(pair, AC_DRIFT_DEFAULT_CHANGED, before);
	if (before->page_size)
		drift->severity = AC_SEVERITY_INFO;
	drift->summary =
		psprintf("parameter %s of %s is now %s where it is not sent%s%s",
				 ac_compare_quote(before->name), pair->before->name,
				 ac_compare_quote(after->default_value),
				 before->default_value != NULL ? ", was " : "",
				 before->default_value != NULL
					 ? ac_compare_quote(before->default_value)
					 : "");
	ac_compare_put(pair->drifts, &drift->before, "default",
				   before->default_value);
	ac_compare_put(pair->drifts, &drift->after, "default",
				   after->default_value);
}

static void
compare_maximum(const AcTableComparison *pair, const AcModelParam *before,
				const AcModelParam *after)
{
	AcDrift *drift;

	if (!before->page_size || before->maximum == NULL ||
		after->maximum == NULL ||
		!(strtod(after->maximum, NULL) < strtod(before->maximum, NULL)))
		return;
	drift = add(pair, AC_DRIFT_LIMIT_MAX_LOWERED, before);
	drift->summary = psprintf("%s gives at most %s rows a page now, was %s",
							  pair->before->name,
							  ac_compare_quote(after->maximum),
							  ac_compare_quote(before->maximum));
	ac_compare_put(pair->drifts, &drift->params, "cap", after->maximum);
	ac_compare_put(pair->drifts, &drift->before, "maximum", before->maximum);
	ac_compare_put(pair->drifts, &drift->after, "maximum", after->maximum);
}

static void
compare_param(const AcTableComparison *pair, const AcModelParam *before,
			  const AcModelParam *after)
{
	if (strcmp(before->place, "path") == 0)
		return;
	if (after->required && !before->required)
		add_required(pair, after);
	compare_default(pair, before, after);
	compare_maximum(pair, before, after);
	if (after->deprecated && !before->deprecated)
		add(pair, AC_DRIFT_DEPRECATED, before)->summary =
			psprintf("parameter %s of %s is now deprecated",
					 ac_compare_quote(before->name), pair->before->name);
}

static void
compare_new(const AcTableComparison *pair, const AcModelParam *param)
{
	if (param->required && strcmp(param->place, "path") != 0 &&
		renamed(pair->after, pair->before, param) == NULL)
		add_required(pair, param);
}

void
ac_compare_params(const AcTableComparison *pair)
{
	int i;

	for (i = 0; i < pair->before->n_params; i++)
	{
		const AcModelParam *param = &pair->before->params[i];
		const AcModelParam *now = ac_model_param(pair->after, param->place,
												 param->name);

		if (now != NULL)
			compare_param(pair, param, now);
		else
			add_lost(pair, param);
	}
	for (i = 0; i < pair->after->n_params; i++)
		if (ac_model_param(pair->before, pair->after->params[i].place,
						   pair->after->params[i].name) == NULL)
			compare_new(pair, &pair->after->params[i]);
}
