/*
 * test_keys_seen.c
 *		What do samples say of a table's key?
 */
#include "ac.h"

#include "world.h"

static char *
plain_row(int i)
{
	return psprintf("{'name': 'n%d', 'id': %d}", i, i);
}

static char *
unnamed_row(int i)
{
	return psprintf("{'title': 't%d', 'size': %d}", i, i * 7);
}

static char *
code_row(int i)
{
	return psprintf("{'name': 'Country %d', 'code': 'C%d'}", i, i);
}

static char *
decoy_row(int i)
{
	return psprintf("{'rank': %d, 'score': %d.5, 'created_at': '2024-01-01T00:%02d:%02dZ', 'ok': true}", i, i, i / 60, i % 60);
}

static char *
ordinal_row(int i)
{
	return psprintf("{'nth': %d, 'colour': 'red'}", i);
}

static char *
constant_id_row(int i)
{
	return psprintf("{'id': 7, 'text': 'x%d'}", i % 3);
}

static char *
null_id_row(int i)
{
	return i == 5 ? "{'id': null, 'n': 1}" : psprintf("{'id': %d, 'n': 1}", i);
}

static char *
line_row(int i)
{
	return psprintf("{'order_id': %d, 'line_no': %d, 'quantity': %d}", (i + 3) / 4, i % 4 + 1, i % 5);
}

static char *
enrolment_row(int i)
{
	return psprintf("{'student_id': %d, 'course_id': %d, 'grade': %d}", i / 5 + 1, i % 5 + 1, i % 3);
}

static char *
local_id_row(int i)
{
	return psprintf("{'order_id': %d, 'id': %d, 'sku': 'S%d'}", i / 3 + 1, i % 3 + 1, i % 4);
}

static char *
url_row(int i)
{
	return psprintf("{'title': 'Film %d', 'url': 'http://h/films/%d/'}", i % 9, i);
}

static char *
camel_row(int i)
{
	return psprintf("{'label': 'l%d', 'ticketNumber': 'T-%d', 'userId': %d}", i % 7, i, i % 4);
}

static char *
event_row(int i)
{
	return psprintf("{'at': '2024-01-01T00:%02d:00Z', 'type': 'a', 'value': %d}", i % 60, i % 10);
}

static void
test_keys(void)
{
	static const struct
	{
		const char *what;
		const char *path;
		char *(*row)(int);
		int n;
		const char *want;
	} cases[] = {
		{"id", "/things", plain_row, 10, "id"},
		{"one row has the key that its name says", "/things", plain_row, 1, "id"},
		{"measures tell rows apart by chance", "/files", unnamed_row, 200, ""},
		{"code, not name, with rows enough", "/countries", code_row, 60, "code"},
		{"few rows prove nothing of a code", "/countries", code_row, 12, ""},
		{"rank, fraction, moment and truth are none", "/scores", decoy_row, 200, ""},
		{"a number of the row is none", "/colours", ordinal_row, 200, ""},
		{"an id that is a constant", "/things", constant_id_row, 40, ""},
		{"an id that is missing once", "/things", null_id_row, 40, ""},
		{"the number of a line belongs to its order", "/order_lines", line_row, 80, "order_id line_no"},
		{"two ids of a pair", "/enrolments", enrolment_row, 60, "student_id course_id"},
		{"an id that begins anew in each order", "/lines", local_id_row, 60, "order_id id"},
		{"the row's own URL", "/films", url_row, 40, "url"},
		{"camel case with the entity's word", "/tickets", camel_row, 20, "ticket_number"},
		{"events without a key have none", "/events", event_row, 300, ""},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		World w;
		AcTablePlan *plan;

		world_begin(&w, bare_path(cases[i].path, ""));
		world_page(&w, cases[i].path, rows_text(1, cases[i].n, cases[i].row));
		plan = world_sampled(&w, cases[i].path, false);
		is_str(key_text(plan), cases[i].want, "%s", cases[i].what);
		world_end(&w);
	}
}

static char *
other_row(int i)
{
	return psprintf("{'id': %d, 'name': 'other %d'}", i, i);
}

/* The same rows on two pages are an overlap, other rows with the same ids not. */
static void
test_pages(void)
{
	World w;
	AcTablePlan *plan;
	int i;

	world_begin(&w, bare_path("/things", ""));
	world_page(&w, "/things", rows_text(1, 20, plain_row));
	world_page(&w, "/things", rows_text(11, 20, plain_row));
	plan = world_sampled(&w, "/things", false);
	i = world_index(&w, "/things");
	is_str(key_text(plan), "id", "pages that overlap do not refuse the key");
	is_int(w.samples[i]->n_rows, 30, "rows of both, each once");
	is_int(w.samples[i]->n_repeated, 10, "those repeated");
	world_end(&w);

	world_begin(&w, bare_path("/things", ""));
	world_page(&w, "/things", rows_text(1, 20, plain_row));
	world_page(&w, "/things", rows_text(1, 20, other_row));
	plan = world_sampled(&w, "/things", false);
	is_str(key_text(plan), "", "ids that repeat for other rows are no key");
	world_end(&w);
}

static char *
issue_row(int i)
{
	return psprintf("{'id': %d, 'number': %d, 'title': 'x'}", 90000 + i * 13, i);
}

static void
test_item_candidates(void)
{
	World w;
	AcTablePlan *plan;
	int columns[3];

	world_begin(&w, bare_path("/issues", ""));
	world_page(&w, "/issues", rows_text(1, 30, issue_row));
	plan = world_sampled(&w, "/issues", false);
	is_int(ac_keys_item_candidates(plan, w.samples[0], "id", columns, 3), 2,
		   "{id} may be id or number");
	is_str(plan->columns[columns[0]].name, "id", "id first");
	is_str(plan->columns[columns[1]].name, "number", "then the number");
	is_int(ac_keys_item_candidates(plan, w.samples[0], "issue_number", columns, 3), 2,
		   "{issue_number} as well");
	is_str(plan->columns[columns[0]].name, "number", "number first");
	is_int(ac_keys_item_candidates(plan, w.samples[0], "id", columns, 1), 1,
		   "no more than wanted");

	/* what the item path proved wins over what is called id */
	plan->item_path = "/issues/{n}";
	plan->item_proved = true;
	plan->columns[columns[0]].param = NULL;
	plan->columns[1].param = "n";
	ac_keys_judge(plan, w.samples[0], &w.rows[0]);
	is_str(key_text(plan), "number", "the proved one is the key");
	world_end(&w);
}

static void
test_forms(void)
{
	AcTablePlan plan = {.rows_path = "/rows", .columns_path = "/columns", .rows_form = AC_ROWS_COLUMNS};
	AcJson *body = json_of("{'columns': ['id', {'name': 'colour'}], 'rows': [[1, 'red'], [2, 'blue']]}");
	AcSampledRows rows = {0};

	ac_samples_add_page(&rows, &plan, body);
	is_int(rows.n, 2, "rows of values");
	is_str(ac_json_to_text(rows.rows[1].row), "{\"id\":2,\"colour\":\"blue\"}", "get their names");
	ac_json_free(rows.made);
	ac_json_free(body);

	body = json_of("{'a': {'id': 1, 'lines': [{'n': 1}, {'n': 2}]}, 'b': {'id': 2, 'lines': [{'n': 3}]}}");
	memset(&rows, 0, sizeof(rows));
	plan = (AcTablePlan){.rows_path = "", .rows_form = AC_ROWS_MAP};
	ac_samples_add_page(&rows, &plan, body);
	is_int(rows.n, 2, "members of a map");
	memset(&rows, 0, sizeof(rows));
	plan.nested_path = "/lines";
	ac_samples_add_page(&rows, &plan, body);
	is_int(rows.n, 3, "elements of a nested table");
	is_int(rows.n_pages, 1, "of one page");
	ac_json_free(body);
}

int
main(void)
{
	test_keys();
	test_pages();
	test_item_candidates();
	test_forms();
	return done_testing();
}
