/*
 * compare.c
 *		How does what an API says of itself differ from what it said before?
 *
 * The server as a whole, and its tables: what is new, gone, elsewhere, or on
 * its way out.  See compare_int.h for the other files.
 *
 * A description is one kind of evidence (E5) and never proof of what the API
 * does, hence a confidence below 1.
 */
#include "ac.h"

#include "core/header.h"
#include "core/text.h"
#include "drift/compare_int.h"

/* What a description says is usually so, and sometimes not yet. */
#define SPEC_CONFIDENCE 0.9

/* Longest piece of a description in a summary, bytes. */
#define MAX_QUOTE 80

#define SECONDS_PER_DAY 86400
#define SUNSET_NEAR_DAYS 90
#define SUNSET_IMMINENT_DAYS 14

char *
ac_compare_quote(const char *text)
{
	char quoted[AC_TEXT_QUOTE_SIZE(MAX_QUOTE)];

	return psprintf("\"%s\"", ac_text_quote(quoted, text, MAX_QUOTE));
}

void
ac_compare_put(AcDriftList *drifts, AcJson **object, const char *key,
			   const char *text)
{
	if (text == NULL)
		return;
	if (*object == NULL)
		*object = ac_drift_own(drifts, ac_json_new_object());
	ac_json_set_string(*object, key, text);
}

static AcDrift *
add(AcDriftList *drifts, AcDriftKind kind, const AcModelTable *table)
{
	AcDrift *drift = ac_drift_add(drifts, kind);

	drift->confidence = SPEC_CONFIDENCE;
	drift->tiers = AC_TIER_SPEC;
	if (table != NULL)
	{
		drift->table = table->name;
		drift->path = table->path;
		drift->spec_ref = table->source;
	}
	return drift;
}

AcDrift *
ac_compare_add(const AcTableComparison *pair, AcDriftKind kind)
{
	AcDrift *drift = add(pair->drifts, kind, pair->before);

	drift->spec_ref = pair->after->source;
	return drift;
}

/* The same place but for a slash at its end? */
static bool
same_url(const char *a, const char *b)
{
	size_t len_a = strlen(a);
	size_t len_b = strlen(b);

	while (len_a > 0 && a[len_a - 1] == '/')
		len_a--;
	while (len_b > 0 && b[len_b - 1] == '/')
		len_b--;
	return len_a == len_b && memcmp(a, b, len_a) == 0;
}

static void
compare_base_url(const AcComparison *c, AcDriftList *drifts)
{
	const char *from = c->before->base_url;
	const char *to = c->after->base_url;
	AcDrift *drift;

	if (from == NULL || to == NULL || same_url(from, to))
		return;
	drift = add(drifts, AC_DRIFT_ENDPOINT_MOVED, NULL);
	drift->spec_ref = "/servers";
	drift->summary = psprintf("the API is now served at %s, was at %s",
							  ac_compare_quote(to), ac_compare_quote(from));
	ac_compare_put(drifts, &drift->params, "location", to);
	ac_compare_put(drifts, &drift->before, "location", from);
	ac_compare_put(drifts, &drift->after, "location", to);
}

/* "a, b"; "none" if there are none. */
static char *
schemes_text(const AcModel *model)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < model->n_schemes; i++)
		appendStringInfo(&out, "%s%s", i > 0 ? ", " : "", model->schemes[i]);
	if (model->n_schemes == 0)
		appendStringInfoString(&out, "none");
	return out.data;
}

static bool
has_scheme(const AcModel *model, const char *scheme)
{
	int i;

	for (i = 0; i < model->n_schemes; i++)
		if (strcmp(model->schemes[i], scheme) == 0)
			return true;
	return false;
}

/* Schemes of a that b lacks. */
static int
schemes_lost(const AcModel *a, const AcModel *b)
{
	int lost = 0;
	int i;

	for (i = 0; i < a->n_schemes; i++)
		if (!has_scheme(b, a->schemes[i]))
			lost++;
	return lost;
}

/*
 * Critical where calls that were good are so no more: the scheme in use may be
 * gone, or credentials be wanted where none were.  One more scheme to choose
 * from, or none wanted any more, is worth a warning.
 */
static void
compare_schemes(const AcComparison *c, AcDriftList *drifts)
{
	int lost = schemes_lost(c->before, c->after);
	int won = schemes_lost(c->after, c->before);
	bool now_required = c->after->auth_required && !c->before->auth_required;
	char *from = schemes_text(c->before);
	char *to = schemes_text(c->after);
	AcDrift *drift;

	if (lost == 0 && won == 0 && !now_required)
		return;
	drift = add(drifts, AC_DRIFT_AUTH_SCHEME_CHANGED, NULL);
	drift->spec_ref = "/security";
	if (!now_required && (lost == 0 || !c->after->auth_required))
		drift->severity = AC_SEVERITY_WARNING;
	drift->summary =
		lost == 0 && won == 0
			? psprintf("the API now requires credentials (%s)",
					   ac_compare_quote(to))
			: psprintf("the API now wants other credentials: %s, was %s",
					   ac_compare_quote(to), ac_compare_quote(from));
	ac_compare_put(drifts, &drift->params, "scheme", to);
	ac_compare_put(drifts, &drift->before, "scheme", from);
	ac_compare_put(drifts, &drift->after, "scheme", to);
}

/* Unix time of a sunset: a date, or a moment in one of the usual forms. */
static bool
parse_sunset(const char *text, int64 now_s, int64 *when_s)
{
	int64 ms;
	char *moment = strlen(text) == strlen("2026-12-31")
					   ? psprintf("%sT00:00:00Z", text)
					   : pstrdup(text);
	bool good = ac_header_parse_rfc3339(moment, &ms) ||
				ac_header_parse_date(text, now_s * 1000, &ms);

	pfree(moment);
	if (good)
		*when_s = ms / 1000;
	return good;
}

static AcSeverity
sunset_severity(int64 left_s)
{
	if (left_s <= (int64) SUNSET_IMMINENT_DAYS * SECONDS_PER_DAY)
		return AC_SEVERITY_CRITICAL;
	if (left_s <= (int64) SUNSET_NEAR_DAYS * SECONDS_PER_DAY)
		return AC_SEVERITY_ERROR;
	return AC_SEVERITY_WARNING;
}

/* A sunset that was put off needs nobody's attention. */
static void
compare_sunset(const AcTableComparison *pair)
{
	const char *from = pair->before->sunset;
	const char *to = pair->after->sunset;
	int64 from_s;
	int64 to_s;
	bool known;
	AcDrift *drift;

	if (to == NULL || (from != NULL && strcmp(from, to) == 0))
		return;
	known = parse_sunset(to, pair->now_s, &to_s);
	if (known && from != NULL && parse_sunset(from, pair->now_s, &from_s) &&
		to_s >= from_s)
		return;
	drift = ac_compare_add(pair, AC_DRIFT_SUNSET_SCHEDULED);
	if (known)
		drift->severity = sunset_severity(to_s - pair->now_s);
	drift->summary = psprintf("%s will cease to be on %s", pair->before->name,
							  ac_compare_quote(to));
	ac_compare_put(pair->drifts, &drift->params, "date", to);
	ac_compare_put(pair->drifts, &drift->before, "date", from);
	ac_compare_put(pair->drifts, &drift->after, "date", to);
}

static void
compare_rows_path(const AcTableComparison *pair)
{
	const char *from = pair->before->rows_path;
	const char *to = pair->after->rows_path;
	AcDrift *drift;

	if (strcmp(from, to) == 0)
		return;
	drift = ac_compare_add(pair, AC_DRIFT_ENVELOPE_MOVED);
	drift->summary = psprintf("rows of %s are now at %s of the answer, were at %s",
							  pair->before->name, ac_compare_quote(to),
							  ac_compare_quote(from));
	ac_compare_put(pair->drifts, &drift->params, "new_path", to);
	ac_compare_put(pair->drifts, &drift->before, "rows_path", from);
	ac_compare_put(pair->drifts, &drift->after, "rows_path", to);
}

static const char *
form_of(const AcModelTable *table)
{
	return table->rows_form != NULL ? table->rows_form : "array";
}

/* Rows of another form: nothing else can be told by comparing columns. */
static bool
compare_rows_form(const AcTableComparison *pair)
{
	const char *from = form_of(pair->before);
	const char *to = form_of(pair->after);
	AcDrift *drift;

	if (strcmp(from, to) == 0)
		return true;
	drift = ac_compare_add(pair, AC_DRIFT_CONTENT_TYPE_CHANGED);
	drift->summary = psprintf("rows of %s now have the form \"%s\", was \"%s\"",
							  pair->before->name, to, from);
	ac_compare_put(pair->drifts, &drift->before, "rows_form", from);
	ac_compare_put(pair->drifts, &drift->after, "rows_form", to);
	return false;
}

static void
compare_table(const AcTableComparison *pair)
{
	if (pair->after->deprecated && !pair->before->deprecated)
		ac_compare_add(pair, AC_DRIFT_DEPRECATED)->summary =
			psprintf("%s is now deprecated", pair->before->name);
	compare_sunset(pair);
	if (!compare_rows_form(pair))
		return;
	compare_rows_path(pair);
	ac_compare_columns(pair);
	ac_compare_params(pair);
}

static void
add_new_table(AcDriftList *drifts, const AcModelTable *table)
{
	AcDrift *drift = add(drifts, AC_DRIFT_ENDPOINT_ADDED, table);

	drift->summary = psprintf("%s is new: %s %s", table->name, table->method,
							  ac_compare_quote(table->path));
	drift->fix.action = AC_FIX_CREATE_TABLE;
	ac_compare_put(drifts, &drift->after, "path", table->path);
}

/* What a table that is gone is looked for in. */
typedef struct Search
{
	const AcModel *before;
	const AcModel *after;
	const AcPathIndex *others_before;
	const AcPathIndex *others_after;
	AcDriftList *drifts;
} Search;

/* The operation of that path and method that is no table, or NULL. */
static const AcModelOther *
find_other(const AcModel *model, const AcPathIndex *index, const char *path,
		   const char *method)
{
	int i;

	for (i = ac_path_index_first(index, path); i >= 0;
		 i = ac_path_index_next(index, i))
		if (strcmp(model->others[i].method, method) == 0)
			return &model->others[i];
	return NULL;
}

/*
 * The operation that a table can be read with now: another method, which was
 * not there before and may be meant for reading.
 */
static const AcModelOther *
find_new_method(const Search *search, const AcModelTable *table)
{
	static const char *const methods[] = {"GET", "QUERY", "POST"};
	int i;

	for (i = 0; i < (int) lengthof(methods); i++)
	{
		const AcModelOther *other = find_other(search->after,
											   search->others_after,
											   table->path, methods[i]);

		if (other != NULL && strcmp(table->method, methods[i]) != 0 &&
			find_other(search->before, search->others_before, table->path,
					   methods[i]) == NULL)
			return other;
	}
	return NULL;
}

static void
add_other_method(const Search *search, const AcModelTable *table,
				 const AcModelOther *other)
{
	AcDrift *drift = add(search->drifts, AC_DRIFT_METHOD_CHANGED, table);

	drift->summary = psprintf("%s is now asked for with %s, was with %s",
							  table->name, other->method, table->method);
	ac_compare_put(search->drifts, &drift->params, "method", other->method);
	ac_compare_put(search->drifts, &drift->before, "method", table->method);
	ac_compare_put(search->drifts, &drift->after, "method", other->method);
}

/*
 * The operation is there but no table any more.  That it is served elsewhere,
 * or as something else than JSON, is told; that less is described of it is
 * not, since the answers need not be others.
 */
static void
add_no_table(const Search *search, const AcModelTable *table,
			 const AcModelOther *other)
{
	AcDriftList *drifts = search->drifts;
	AcDrift *drift;

	if (other->base_url != NULL)
	{
		drift = add(drifts, AC_DRIFT_ENDPOINT_MOVED, table);
		drift->summary = psprintf("%s is now served at %s", table->name,
								  ac_compare_quote(other->base_url));
		ac_compare_put(drifts, &drift->params, "location", other->base_url);
	}
	else if (other->media_type != NULL)
	{
		drift = add(drifts, AC_DRIFT_CONTENT_TYPE_CHANGED, table);
		drift->summary = psprintf("%s now answers with %s, was JSON",
								  table->name,
								  ac_compare_quote(other->media_type));
		ac_compare_put(drifts, &drift->after, "media_type",
					   other->media_type);
	}
}

static void
add_lost_table(const Search *search, const AcModelTable *table)
{
	const AcModelOther *other = find_other(search->after, search->others_after,
										   table->path, table->method);
	AcDrift *drift;

	if (other != NULL)
	{
		add_no_table(search, table, other);
		return;
	}
	other = find_new_method(search, table);
	if (other != NULL)
	{
		add_other_method(search, table, other);
		return;
	}
	drift = add(search->drifts, AC_DRIFT_ENDPOINT_REMOVED, table);
	drift->summary = psprintf("%s is gone: %s %s is not described any more",
							  table->name, table->method,
							  ac_compare_quote(table->path));
	ac_compare_put(search->drifts, &drift->before, "path", table->path);
}

/* Tables of both models in the order of their paths. */
static void
compare_tables(const AcComparison *c, AcDriftList *drifts)
{
	Search search = {c->before, c->after, ac_path_index_others(c->before),
					 ac_path_index_others(c->after), drifts};
	AcTablePairs pairs;
	int i = 0;
	int j = 0;

	ac_compare_pair(c->before, c->after, &pairs);
	while (i < c->before->n_tables || j < c->after->n_tables)
	{
		bool old = j == c->after->n_tables ||
				   (i < c->before->n_tables &&
					strcmp(c->before->tables[i].path,
						   c->after->tables[j].path) <= 0);

		if (!old)
		{
			if (pairs.before_of[j] < 0)
				add_new_table(drifts, &c->after->tables[j]);
			j++;
		}
		else if (pairs.after_of[i] < 0)
			add_lost_table(&search, &c->before->tables[i++]);
		else
		{
			AcTableComparison pair = {&c->before->tables[i],
									  &c->after->tables[pairs.after_of[i]],
									  c->now_s, drifts};

			compare_table(&pair);
			i++;
		}
	}
}

void
ac_compare(const AcComparison *comparison, AcDriftList *drifts)
{
	compare_base_url(comparison, drifts);
	compare_schemes(comparison, drifts);
	compare_tables(comparison, drifts);
}
