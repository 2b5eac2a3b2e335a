/*
 * test_question.c
 *		Which questions are worth a request, and what do answers prove?
 */
#include "ac.h"

#include "api/question.h"
#include "world.h"

#define ROWS 20

/* Rows 1 to 20: what they hold grows with their number, or does not. */
static char *
row(int i)
{
	return psprintf("{'id': %d, 'created_at': '2024-01-%02dT10:00:00.5Z', 'updated_at': '2024-02-%02dT00:00:00+02:00', "
					"'day': '2023-12-%02d', 'seen_at': %d, 'price': %d.25, 'city': '%s', 'note': null}",
					i, i, i * 7 % ROWS + 1, i, 1700000000 + i * 60, i,
					i % 3 == 0 ? "Halle, Saale" : i % 3 == 1 ? "Ulm"
															 : "Bonn");
}

static char *
reverse_row(int i)
{
	return row(ROWS + 1 - i);
}

static char *
plain_fields(void)
{
	return pstrdup("'id': {'type': 'integer'}, 'created_at': {'type': 'string', 'format': 'date-time'}, 'updated_at': {'type': 'string', 'format': 'date-time'}, "
				   "'day': {'type': 'string', 'format': 'date'}, 'seen_at': {'type': 'integer', 'format': 'unix-time'}, 'price': {'type': 'number'}, "
				   "'city': {'type': 'string'}, 'note': {'type': 'string'}, 'extra': {'type': 'string'}");
}

/* A world of one table with these parameters, sampled. */
static void
begin(World *w, const char *parameters, char *(*make)(int), AcQuestionSample *sample)
{
	world_begin(w, path_of("/things",
						   psprintf("{'type': 'array', 'items': {'type': 'object', 'required': ['id', 'created_at', 'price'], 'properties': {%s}}}",
									plain_fields()),
						   parameters));
	world_page(w, "/things", rows_text(1, ROWS, make));
	world_sampled(w, "/things", false);
	memset(sample, 0, sizeof(*sample));
	sample->plan = &w->plans->tables[0];
	sample->rows = &w->rows[0];
	sample->n = sample->page_rows = w->rows[0].n;
}

/* "created_at since=..." of all questions, one after the other. */
static char *
questions_text(const AcQuestionSample *sample)
{
	AcQuestion questions[AC_QUESTIONS_MAX];
	int n = ac_questions_of(sample, questions);
	StringInfoData out;
	int i;
	int k;

	initStringInfo(&out);
	for (i = 0; i < n; i++)
	{
		appendStringInfo(&out, "%s%s ", i > 0 ? "; " : "",
						 sample->plan->columns[questions[i].column].name);
		if (questions[i].query != NULL)
			appendStringInfoString(&out, questions[i].query);
		else
			for (k = 0; k < questions[i].n_values; k++)
				appendStringInfo(&out, "%s%s", k > 0 ? "|" : psprintf("%s %s=", questions[i].list, questions[i].param),
								 questions[i].values[k]);
	}
	return out.data;
}

static const char text_schema[] = "{'type': 'string'}";
static const char moment_schema[] = "{'type': 'string', 'format': 'date-time'}";
static const char day_schema[] = "{'type': 'string', 'format': 'date'}";
static const char integer_schema[] = "{'type': 'integer'}";

static char *
described(const char *name, const char *schema, const char *about)
{
	return psprintf("{'name': '%s', 'in': 'query', 'schema': %s, 'description': '%s'}", name, schema, about);
}

static void
test_questions(void)
{
	const struct
	{
		const char *params;
		const char *want;
	} cases[] = {
		/* bounds: widened by a unit of the format, so that the ends do not matter */
		{query_of("created_after", moment_schema), "created_at created_after=2024-01-11T09%3A59%3A59Z"},
		{query_of("created_before", moment_schema), "created_at created_before=2024-01-10T10%3A00%3A02Z"},
		{query_of("created_at[gte]", integer_schema), "created_at created_at%5Bgte%5D=1704967199"},
		{described("created_since", integer_schema, "in milliseconds"), "created_at created_since=1704967200499"},
		{query_of("created_until", day_schema), "created_at created_until=2024-01-12"},
		{query_of("created_from", text_schema), "created_at created_from=2024-01-11T09%3A59%3A59Z; created_at created_from=2024-01-10"},
		{query_of("day_from", text_schema), "day day_from=2023-12-10"},
		{query_of("seen_after", integer_schema), "seen_at seen_after=1700000659"},
		{query_of("min_price", "{'type': 'number'}"), "price min_price=10"},
		{query_of("price_lte", "{'type': 'number'}"), "price price_lte=12"},
		{query_of("id_gt", integer_schema), "id id_gt=10"},
		/* of two for the same end the one that counts it in */
		{psprintf("%s, %s, %s, %s", query_of("id__gt", integer_schema), query_of("id__gte", integer_schema), query_of("id__lt", integer_schema), query_of("id__lte", integer_schema)),
		 "id id__gte=10; id id__lte=11; id id__gt=10; id id__lt=11"},
		/* beside a parameter for the value itself */
		{psprintf("%s, %s, %s", query_of("id", integer_schema), query_of("id[lt]", integer_schema), query_of("id[lte]", integer_schema)),
		 "id id%5Blte%5D=11; id id%5Blt%5D=11"},
		/* a parameter that names no field: only one whose rows tell it from others */
		{query_of("since", moment_schema), "updated_at since=2024-02-10T21%3A59%3A59Z"},
		/* not bounds, or of nothing that is there, or of two things */
		{query_of("deleted_after", moment_schema), ""},
		{query_of("min_shipping_price", "{'type': 'number'}"), ""},
		{query_of("created_after", "{'type': 'string', 'enum': ['2024']}"), ""},
		{query_of("created_between_from_to", moment_schema), ""},
		{query_of("city_from", text_schema), ""},
		/* filters: the most awkward value; never what searches, or equals a moment */
		{query_of("city", text_schema), "city city=Halle%2C%20Saale"},
		{described("city", text_schema, "Fuzzy search"), ""},
		{described("city", text_schema, "Prefix of the name"), ""},
		{query_of("created_at", moment_schema), ""},
		{query_of("price", "{'type': 'number'}"), ""},
		/* lists */
		{query_of("ids", "{'type': 'array', 'items': {'type': 'integer'}}"), "id repeat ids=1|2"},
		{described("ids", text_schema, "Comma-separated list"), "id comma ids=1|2"},
		{described("id__in", text_schema, "Pipe-separated list"), "id pipe id__in=1|2"},
		{described("cities", text_schema, "comma separated names"), "city cities=Halle%2C%20Saale; city comma cities=Ulm|Bonn"},
		/* orders */
		{query_of("sort", text_schema), "id sort=-id; id sort=id; created_at sort=-created_at; created_at sort=created_at"},
		{query_of("$orderby", text_schema), "id %24orderby=id%20desc; id %24orderby=id%20asc; created_at %24orderby=created_at%20desc; created_at %24orderby=created_at%20asc"},
		{described("sort", text_schema, "as name:asc or name:desc"), "id sort=id%3Adesc; id sort=id%3Aasc; created_at sort=created_at%3Adesc; created_at sort=created_at%3Aasc"},
		{query_of("sort", "{'type': 'string', 'enum': ['city', 'price', '-price', 'note']}"), "price sort=-price; price sort=price"},
		{query_of("sort", "{'type': 'string', 'enum': ['createdAtAsc', 'created_at_desc', 'updated_at_asc']}"), "created_at sort=created_at_desc; created_at sort=createdAtAsc"},
		{query_of("sort", "{'type': 'string', 'enum': ['price']}"), ""},
		{psprintf("%s, %s", query_of("order_by", "{'type': 'string', 'enum': ['price', 'city']}"), query_of("order", "{'type': 'string', 'enum': ['ASC', 'DESC']}")),
		 "price order_by=price&order=DESC; price order_by=price&order=ASC"},
		/* fields */
		{described("fields", text_schema, "comma-separated"), "created_at comma fields=id|created_at; extra comma fields=id|extra"},
		{query_of("fields", "{'type': 'array', 'items': {'type': 'string', 'enum': ['city', 'extra']}}"), ""},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		World w;
		AcQuestionSample sample;

		begin(&w, cases[i].params, row, &sample);
		is_str(questions_text(&sample), cases[i].want, "%s", cases[i].params);
		world_end(&w);
	}
}

/* What the rows from..to prove of the first question. */
static const char *
judge(const char *parameters, int from, int to, char *(*make)(int), bool *proved)
{
	World w;
	AcQuestionSample sample;
	AcQuestion questions[AC_QUESTIONS_MAX];
	AcSampledRows rows = {0};
	AcQuestionAnswer answer = {.rows = &rows};
	AcJson *body = json_of(rows_text(from, to, make));
	const char *finding = "no question";

	*proved = false;
	begin(&w, parameters, row, &sample);
	if (ac_questions_of(&sample, questions) > 0)
	{
		ac_samples_add_page(&rows, sample.plan, body);
		*proved = ac_question_judge(&sample, &questions[0], &answer, &finding);
		if (*proved)
			ac_question_settle(&w.plans->tables[0], &questions[0]);
	}
	ac_json_free(body);
	world_end(&w);
	return finding;
}

static void
test_judgement(void)
{
	const struct
	{
		const char *what;
		const char *params;
		int from;
		int to;
		bool reversed;
		bool proved;
	} cases[] = {
		{"from the value on", query_of("created_after", moment_schema), 11, 20, false, true},
		{"one within the bound that is sent", query_of("day_from", day_schema), 11, 20, false, true},
		{"ignored", query_of("created_after", moment_schema), 1, 20, false, false},
		{"one row too many", query_of("created_after", moment_schema), 10, 20, false, false},
		{"one row is missing", query_of("created_after", moment_schema), 12, 20, false, false},
		{"up to the value", query_of("created_before", moment_schema), 1, 10, false, true},
		{"up to it, one is missing", query_of("created_before", moment_schema), 1, 9, false, false},
		{"in order", query_of("sort", text_schema), 1, 20, true, true},
		{"not in order", query_of("sort", text_schema), 1, 20, false, false},
		{"too few to tell", query_of("sort", text_schema), 1, 4, true, false},
		{"two of a list", query_of("ids", "{'type': 'array', 'items': {'type': 'integer'}}"), 1, 2, false, true},
		{"one of two", query_of("ids", "{'type': 'array', 'items': {'type': 'integer'}}"), 2, 2, false, false},
		{"all of a list", query_of("ids", "{'type': 'array', 'items': {'type': 'integer'}}"), 1, 20, false, false},
		{"no rows", query_of("created_after", moment_schema), 1, 0, false, false},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		bool proved;
		const char *finding = judge(cases[i].params, cases[i].from, cases[i].to,
									cases[i].reversed ? reverse_row : row, &proved);

		ok(proved == cases[i].proved, "%s: %s", cases[i].what, finding);
		ok(strncmp(finding, "proved", 6) == 0 || !proved, "and so it is told");
	}
}

/* Rows that come in the order anyway prove nothing of it, the other way does. */
static void
test_second(void)
{
	World w;
	AcQuestionSample sample;
	AcQuestion questions[AC_QUESTIONS_MAX];
	AcTablePlan *plan;

	begin(&w, query_of("sort", text_schema), reverse_row, &sample);
	plan = &w.plans->tables[0];
	ok(ac_questions_of(&sample, questions) >= 2, "both ways");
	ok(questions[0].kind == AC_QUESTION_ASC && !questions[0].second, "first the one that changes something");
	ok(questions[1].kind == AC_QUESTION_DESC && questions[1].second, "then the one in which they come");
	ok(!ac_question_is_open(plan, &questions[1]), "which waits for it");
	ac_question_settle(plan, &questions[0]);
	ok(ac_question_is_open(plan, &questions[1]), "and then is open");
	is_str(plan->columns[questions[0].column].asks->sort_asc, "sort=id", "settled");
	is_str(plan->columns[questions[0].column].asks->sort_nulls, "none", "a key has no nulls");
	world_end(&w);
}

int
main(void)
{
	test_questions();
	test_judgement();
	test_second();
	return done_testing();
}
