/*
 * test_increment.c
 *		Which field and which parameter follow changes, and what proves it?
 */
#include "ac.h"

#include "api/increment_int.h"
#include "world.h"

static char *
row(int i)
{
	return psprintf("{'id': %d, 'created_at': '2024-01-%02dT10:00:00Z', 'updated_at': '2024-02-%02dT12:30:00+02:00', 'closed_at': %s}",
					i, i, i, i % 2 ? "null" : "'2024-03-01T00:00:00Z'");
}

static char *
reverse_row(int i)
{
	return row(21 - i);
}

static void
test_pairs(void)
{
	static const struct
	{
		const char *params;
		const char *want;
	} cases[] = {
		{"updated_since", "updated_at updated_since row"},
		{"since", "updated_at since row"},
		{"modified_after", "updated_at modified_after row"},
		{"updatedMin", "updated_at updatedMin row"},
		{"updated_at[gte]", "updated_at updated_at[gte] row"},
		{"filter[updated_at][gt]", "updated_at filter[updated_at][gt] row"},
		{"created_after", "created_at created_after row"},
		{"created_after updated_after", "updated_at updated_after row"},
		{"start_date", "updated_at start_date row"},
		{"updated_before", NULL},
		{"updated_to", NULL},
		{"deleted_since", NULL},
		{"price_min", NULL},
		{"status", NULL},
		{"id_from", "id id_from row"},
		{"since:date", "updated_at since date"},
		{"since:int", "updated_at since epoch_s"},
		{"since_id:int", NULL}, /* a cursor */
		{"created[gte]:int", "created_at created[gte] epoch_s"},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		World w;
		AcIncrement pairs[AC_INCREMENT_MAX];
		StringInfoData params;
		char *names = pstrdup(cases[i].params);
		char *name;
		int n;

		initStringInfo(&params);
		for (name = strtok(names, " "); name != NULL; name = strtok(NULL, " "))
		{
			char *type = strchr(name, ':');

			if (type != NULL)
				*type++ = '\0';
			appendStringInfo(&params, "%s%s", params.len ? ", " : "",
							 query_of(name, type == NULL				? "{'type': 'string'}"
											: strcmp(type, "date") == 0 ? "{'type': 'string', 'format': 'date'}"
																		: "{'type': 'integer'}"));
		}
		world_begin(&w, bare_path("/things", params.data));
		world_page(&w, "/things", rows_text(1, 20, row));
		world_sampled(&w, "/things", false);
		n = ac_increment_pairs(&w.plans->tables[0], w.samples[0], pairs);
		is_str(n == 0 ? NULL : psprintf("%s %s %s", pairs[0].column, pairs[0].param, pairs[0].format),
			   cases[i].want, "%s", cases[i].params);
		world_end(&w);
	}
}

static void
test_values(void)
{
	World w;
	AcIncrement pair = {AC_INCREMENT_PARAMETER, "updated_at", "since", "row"};
	const char *in_row;
	const char *sent;

	world_begin(&w, bare_path("/things", ""));
	world_page(&w, "/things", rows_text(1, 20, row));
	world_sampled(&w, "/things", false);
	ok(ac_increment_value(&w.plans->tables[0], w.samples[0], &pair, &in_row, &sent), "a value");
	is_str(sent, "2024-02-11T12:30:00+02:00", "in the middle, as the row has it");
	pair.format = "date";
	ok(ac_increment_value(&w.plans->tables[0], w.samples[0], &pair, &in_row, &sent), "a day");
	is_str(sent, "2024-02-11", "of it");
	pair.format = "epoch_s";
	ok(ac_increment_value(&w.plans->tables[0], w.samples[0], &pair, &in_row, &sent), "seconds");
	is_str(sent, "1707647400", "since 1970, the offset reckoned");
	pair.column = "nothing";
	ok(!ac_increment_value(&w.plans->tables[0], w.samples[0], &pair, &in_row, &sent), "no such column");
	world_end(&w);

	world_begin(&w, bare_path("/things", ""));
	world_page(&w, "/things", "[{'id': 1, 'updated_at': '2024-01-01'}, {'id': 2, 'updated_at': '2024-01-01'}]");
	world_sampled(&w, "/things", false);
	pair.column = "updated_at";
	ok(!ac_increment_value(&w.plans->tables[0], w.samples[0], &pair, &in_row, &sent), "one value divides nothing");
	world_end(&w);
}

static void
test_judge(void)
{
	static const struct
	{
		const char *what;
		int from;
		int n;
		bool complete;
		bool reversed;
		const char *want;
	} cases[] = {
		{"from the value on", 11, 10, true, false, "proved: rows from the value on, those of the value included"},
		{"after the value", 12, 9, true, false, "proved: rows after the value, those of the value left out"},
		{"a part, in order", 12, 5, false, false, "proved: rows after the value, those of the value left out"},
		{"a part, newest first", 1, 5, false, true, "proved: rows from the value on"},
		{"ignored", 1, 20, true, false, "ignored: the rows are those that come without it"},
		{"other rows before it", 9, 12, true, false, "refused: rows before the value"},
		{"nothing", 1, 0, true, false, "refused: no rows, though there are some from the value on"},
		{"some withheld", 15, 3, true, false, "refused: rows are missing that are known to be newer"},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		World w;
		AcIncrement pair = {AC_INCREMENT_PARAMETER, "updated_at", "since", "row"};
		AcIncrementProof proof = {.pair = &pair};
		AcSampledRows after = {0};
		const char *finding;
		AcJson *body;
		bool proved;

		world_begin(&w, bare_path("/things", ""));
		world_page(&w, "/things", rows_text(1, 20, row));
		world_sampled(&w, "/things", true);
		body = json_of(rows_text(cases[i].from, cases[i].n, cases[i].reversed ? reverse_row : row));
		ac_samples_add_page(&after, &w.plans->tables[0], body);
		proof.plan = &w.plans->tables[0];
		proof.before = &w.rows[0];
		proof.after = &after;
		proof.complete_before = true;
		proof.complete_after = cases[i].complete;
		proof.in_row = "2024-02-11T12:30:00+02:00";
		proved = ac_increment_judge(&proof, &finding);
		is_str(finding, cases[i].want, "%s", cases[i].what);
		is_int(proved, strncmp(cases[i].want, "proved", 6) == 0, "and so judged");
		ac_json_free(body);
		world_end(&w);
	}
}

static void
test_without(void)
{
	World w;
	AcIncrement increment;

	world_begin(&w, bare_path("/things", ""));
	world_page(&w, "/things", rows_text(1, 20, row));
	world_sampled(&w, "/things", true);
	ac_increment_without(&w.plans->tables[0], w.samples[0], &increment);
	is_str(ac_increment_mode_name(increment.mode), "full", "oldest first: all must be read");
	world_end(&w);

	world_begin(&w, bare_path("/things", ""));
	world_page(&w, "/things", rows_text(1, 20, reverse_row));
	world_sampled(&w, "/things", true);
	ac_increment_without(&w.plans->tables[0], w.samples[0], &increment);
	is_str(ac_increment_mode_name(increment.mode), "descending", "newest first");
	is_str(increment.column, "updated_at", "by the change");
	world_end(&w);
}

static void
test_places(void)
{
	static const struct
	{
		const char *type;
		const char *decode;
		const char *text;
		int64 want; /* -1: none */
	} cases[] = {
		{"timestamptz", NULL, "1970-01-02T00:00:00Z", INT64CONST(86400000000)},
		{"timestamptz", NULL, "1970-01-01T02:00:00.25+02:00", 250000},
		{"timestamptz", NULL, "1970-01-01T02:00:00+0200", 0},
		{"timestamptz", NULL, "1970-01-01 03:00+02", INT64CONST(3600000000)},
		{"timestamptz", NULL, "2024-02-29T00:00:00Z", INT64CONST(1709164800000000)},
		{"date", NULL, "2000-03-01", INT64CONST(951868800000000)},
		{"timestamptz", NULL, "yesterday", -1},
		{"timestamptz", "epoch_s", "1700000000", 1700000000},
		{"bigint", NULL, "42", 42},
		{"bigint", NULL, "x", -1},
		{"bigint", NULL, "99999999999999999999", -1},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcColumnPlan column = {.name = "x", .json_path = "/x", .type = cases[i].type, .decode = cases[i].decode};
		int64 place = -1;
		bool found = ac_increment_place(&column, cases[i].text, &place);

		is_int(found ? place : -1, cases[i].want, "%s", cases[i].text);
	}
}

int
main(void)
{
	test_pairs();
	test_values();
	test_judge();
	test_without();
	test_places();
	return done_testing();
}
