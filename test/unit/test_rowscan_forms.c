/*
 * test_rowscan_forms.c
 *		Does the row scanner find rows that are not the elements of an array,
 *		as a reading of the document's tree does?
 */
#include "tap.h"

#include "core/json.h"
#include "core/rowscan.h"
#include "core/rowtree.h"

#include "jsongen.h"
#include "rowpage.h"

/*
 * Fields: "^/x" is of the parent, "@" the member's name, "#" the ordinal,
 * anything else a pointer into the row; separated by blanks.
 */
typedef struct Wanted
{
	const char *pointers[MAX_POINTERS];
	AcRowOrigin origins[MAX_POINTERS];
	int n;
} Wanted;

static Wanted
split_fields(const char *text)
{
	AcPointers list = split_pointers(text);
	Wanted wanted = {.n = list.n};

	for (int i = 0; i < list.n; i++)
	{
		const char *field = list.pointers[i];

		wanted.pointers[i] = field[0] == '^' ? field + 1 : field;
		wanted.origins[i] = field[0] == '^'	  ? AC_ORIGIN_PARENT
							: field[0] == '@' ? AC_ORIGIN_NAME
							: field[0] == '#' ? AC_ORIGIN_ORDINAL
											  : AC_ORIGIN_ROW;
	}
	return wanted;
}

static AcRowPlan *
plan_of(const AcRowSource *source, const Wanted *wanted, const char *envelope,
		AcError *err)
{
	return ac_rowplan_create(source,
							 (AcPointers){wanted->pointers, wanted->n},
							 wanted->origins, split_pointers(envelope),
							 err);
}

/* The same with the number of rows of the page behind it: "... (n)". */
static char *
show_counted(const AcRowPlan *plan, const char *text, size_t len)
{
	int page_rows = -1;
	char *shown = show_page_rows(plan, text, len, &page_rows);

	return page_rows < 0 ? shown : psprintf("%s (%d)", shown, page_rows);
}

typedef struct Case
{
	AcRowSource source;
	const char *fields;
	const char *envelope;
	const char *body;
	const char *want;
} Case;

#define MAP(path)                     \
	{                                 \
		path, AC_ROWS_MAP, NULL, NULL \
	}
#define LISTS(path)                     \
	{                                   \
		path, AC_ROWS_LISTS, NULL, NULL \
	}
#define COLUMNS(path, names)               \
	{                                      \
		path, AC_ROWS_COLUMNS, names, NULL \
	}
#define LINES(path)                     \
	{                                   \
		path, AC_ROWS_LINES, NULL, NULL \
	}
#define NESTED(path, nested)              \
	{                                     \
		path, AC_ROWS_ARRAY, NULL, nested \
	}

static const Case cases[] = {
	/* members of an object */
	{MAP(""), "@ /id", NULL, "{\"a\":{\"id\":1},\"b\":{\"id\":2}}", " | 'a' 1 | 'b' 2 (2)"},
	{MAP("/data"), "/id @", "/next", "{\"next\":\"x\",\"data\":{\"a\":{\"id\":1},\"\":{}}}", "'x' | 1 'a' | - '' (2)"},
	{MAP("/data"), "/id @", "/next", "{\"data\":{\"a\":{\"id\":1}},\"next\":3}", "3 | 1 'a' (1)"},
	{MAP(""), "@ /id ", NULL, "{\"a\\u0062\":{\"id\":1}}", " | 'ab' 1 {\"id\":1} (1)"},
	{MAP(""), "@", NULL, "{}", " (0)"},
	{MAP("/data"), "@", NULL, "{\"data\":[]}", " (0)"},
	{MAP("/data"), "@", NULL, "{\"data\":null}", " (0)"},
	{MAP("/data"), "@", NULL, "{\"other\":{\"a\":{}}}", " (0)"},
	{MAP("/data"), "@ ", NULL, "{\"data\":{\"a\":1,\"b\":null,\"c\":[2]}}", " | 'a' 1 | 'b' null | 'c' [2] (3)"},
	/* a name that comes again: the last one counts */
	{MAP(""), "@ /id", NULL, "{\"a\":{\"id\":1},\"b\":{\"id\":2},\"a\":{\"id\":3}}", " | 'b' 2 | 'a' 3 (2)"},
	{MAP(""), "@ /id", NULL, "{\"ab\":{\"id\":1},\"a\\u0062\":{\"id\":2},\"\\u0061b\":{\"id\":3}}", " | 'ab' 3 (1)"},
	{MAP(""), "@", NULL, "{\"\\u0000\":{},\"\\u0000\":{}}", " | '!' | '!' (2)"},
	{MAP("/d"), "@ /id", NULL, "{\"d\":{\"a\":{\"id\":1}},\"d\":{\"a\":{\"id\":2},\"c\":{}}}", " | 'a' 2 | 'c' - (2)"},
	{MAP("/d"), "@ /id", NULL, "{\"d\":{\"a\":{\"id\":1}},\"d\":7}", " (0)"},
	{MAP(""), "@", NULL, "{\"a\":{},}", "malformed JSON at byte 8: expected a quoted key, found \"}\""},
	{MAP(""), "@", NULL, "{\"a\":{} \"b\":1}", "malformed JSON at byte 8: expected \",\" or \"}\", found \"\\\"b\\\":1}\""},
	/* names beside arrays of values */
	{LISTS("/h"), "/t /v", "/n", "{\"n\":7,\"h\":{\"t\":[1,2],\"v\":[\"a\",null],\"u\":\"x\"}}", "7 | 1 'a' | 2 null (2)"},
	{LISTS(""), "/v  /t/x", NULL, "{\"v\":[1.50, 2],\"t\":[{\"x\":5},{}],\"s\":\"ok\"}", " | 1.50 {\"v\":1.50,\"t\":{\"x\":5}} 5 | 2 {\"v\":2,\"t\":{}} - (2)"},
	{LISTS("/h"), "/t /gone", NULL, "{\"h\":{\"t\":[1],\"other\":[]}}", " | 1 - (1)"},
	{LISTS("/h"), "/t", NULL, "{\"h\":{\"t\":[1],\"other\":[1,2]}}", "list \"t\" has 1 values for 2 rows"},
	{LISTS("/h"), "/t", NULL, "{\"h\":{\"t\":[],\"v\":[]}}", " (0)"},
	{LISTS("/h"), "/t", NULL, "{\"h\":{}}", " (0)"},
	{LISTS("/h"), "/t", NULL, "{\"h\":null}", " (0)"},
	{LISTS("/h"), "/t", NULL, "{\"h\":{\"t\":[1,2,3],\"t\":[4],\"v\":[5]}}", " | 4 (1)"},
	{LISTS("/h"), "/t /v", NULL, "{\"h\":{\"t\":[1,2],\"v\":[5],\"t\":null}}", " | - 5 (1)"},
	{LISTS("/h"), "/t /v", NULL, "{\"h\":{\"t\":[1,2],\"v\":[5],\"t\":0}}", "\"t\" is no list of values"},
	{LISTS("/h"), "/t", NULL, "{\"h\":{\"t\":{\"0\":1}}}", "\"t\" is no list of values"},
	{LISTS("/h"), "/t", NULL, "{\"h\":{\"t\":0,\"\\u0074\":[1,2],\"u\":[1],\"\\u0075\":2}}", " | 1 | 2 (2)"},
	{LISTS("/h"), "/t", NULL, "{\"h\":{\"t\":[1,]}}", "malformed JSON at byte 13: expected a value, found \"]}}\""},
	{COLUMNS("/rows", "/columns"), "/id /name", NULL, "{\"columns\":[\"id\",\"name\"],\"rows\":[[1,\"a\"],[2,\"b\"]]}", " | 1 'a' | 2 'b' (2)"},
	{COLUMNS("/rows", "/columns"), "/id /name", NULL, "{\"rows\":[[\"a\",1]],\"columns\":[\"name\",\"id\"]}", " | 1 'a' (1)"},
	{COLUMNS("/rows", "/columns"), "/id /gone  /o/x", "/total", "{\"columns\":[{\"name\":\"o\"},{\"type\":\"x\",\"name\":\"i\\u0064\"},7],\"rows\":[[{\"x\":5},1,0]],\"total\":9}", "9 | 1 - [{\"x\":5},1,0] 5 (1)"},
	{COLUMNS("", "/0"), "/id", NULL, "[[\"x\",\"id\"],[1,2],[3,4]]", " | 2 | 4 (2)"},
	{COLUMNS("/r", "/c"), "/id", NULL, "{\"c\":[\"id\"],\"r\":[]}", " (0)"},
	{COLUMNS("/r", "/c"), "/id", NULL, "{\"r\":[]}", " (0)"},
	{COLUMNS("/r", "/c"), "/id", NULL, "{\"c\":[\"id\"]}", " (0)"},
	{COLUMNS("/r", "/c"), "/id", NULL, "{\"r\":[[1]]}", "answer has no names of columns at \"/c\""},
	{COLUMNS("/r", "/c"), "/id", NULL, "{\"c\":[\"id\"],\"r\":[[1],[2,3],[4]]}", "row 2 has 2 values for 1 columns"},
	{COLUMNS("/r", "/c"), "/id", NULL, "{\"c\":[\"id\"],\"r\":[[1,2],[2,3]]}", "row 1 has 2 values for 1 columns"},
	{COLUMNS("/r", "/c"), "/id", NULL, "{\"c\":[\"id\"],\"r\":[{\"id\":1}]}", "row 1 is no array of values but object"},
	{COLUMNS("/r", "/c"), "/id", NULL, "{\"c\":[\"id\"],\"r\":[[1],null]}", "row 2 is no array of values but null"},
	{COLUMNS("", "/0"), "/id", NULL, "[[\"id\"],[1],[2,3]]", "row 2 has 2 values for 1 columns"},
	{COLUMNS("/r", "/c"), "/id", NULL, "{\"c\":[\"id\",\"id\"],\"r\":[[1,2]]}", "two columns of the answer are called \"id\""},
	{COLUMNS("/r", "/c"), "/id", NULL, "{\"c\":[\"id\",\"x\",\"x\"],\"r\":[[1,2,3]]}", " | 1 (1)"},
	{COLUMNS("/r", "/c"), "/id", NULL, "{\"c\":[\"id\"],\"r\":[[1],[2,]]}", "malformed JSON at byte 24: expected a value, found \"]]}\""},
	/* texts one after the other */
	{LINES(""), "/id", NULL, "{\"id\":1}\n{\"id\":2}\n", " | 1 | 2 (2)"},
	{LINES(""), "/id", NULL, "{\"id\":1}{\"id\":2} \r\n\r\n {\"id\":3}", " | 1 | 2 | 3 (3)"},
	{LINES(""), "/id", NULL, "\x1E{\"id\":1}\n\x1E\x1E{\"id\":2}\n\x1E", " | 1 | 2 (2)"},
	{LINES(""), "/id", NULL, "\xEF\xBB\xBF{\"id\":1}", " | 1 (1)"},
	{LINES(""), "/id", NULL, "", " (0)"},
	{LINES(""), "/id", NULL, " \n\n", " (0)"},
	{LINES(""), " /id", NULL, "1\n\"x\"\n[2]\nnull\ntrue", " | 1 - | 'x' - | [2] - | null - | true - (5)"},
	{LINES("/r"), "/id", "/next /n", "{\"r\":{\"id\":1},\"n\":1}\n{\"r\":null}\n{\"next\":\"x\"}\n{\"r\":{\"id\":2},\"n\":2}", "'x' 2 | 1 | 2 (2)"},
	{LINES("/a/r"), "/id", NULL, "{\"a\":{\"r\":{\"id\":1}},\"a\":{\"x\":1}}\n{\"a\":{\"r\":{\"id\":2},\"r\":{\"id\":3}}}", " | 3 (1)"},
	{LINES(""), "/id", NULL, "{\"id\":1}\n{\"id\":2", "malformed JSON at byte 16: expected \",\" or \"}\", found the end"},
	{LINES(""), "/id", NULL, "{\"id\":1}\n{\"id\":2}x", "malformed JSON at byte 17: expected a value, found \"x\""},
	{LINES(""), "", NULL, "12true", "malformed JSON at byte 2: expected white space, found \"true\""},
	{LINES(""), "", NULL, "{\"a\":\"\x1E\"}", "malformed JSON at byte 6: expected no control character, found \"\\x1E\\\"}\""},
	{LINES(""), "", NULL, "{},{}", "malformed JSON at byte 2: expected a value, found \",{}\""},
	/* rows in rows */
	{NESTED("/o", "/i"), "^/id # /s", "/n", "{\"n\":2,\"o\":[{\"i\":[{\"s\":\"a\"},{\"s\":\"b\"}],\"id\":1},{\"id\":2,\"i\":[{}]}]}", "2 | 1 1 'a' | 1 2 'b' | 2 1 - (2)"},
	{NESTED("", "/i"), "^/id # /s", NULL, "[{\"id\":1},{\"id\":2,\"i\":null},{\"id\":3,\"i\":[]},{\"id\":4,\"i\":{\"s\":1}},{\"id\":5}]", " | 4 1 1 (5)"},
	{NESTED("", "/a/i"), "^ # ", NULL, "[{\"a\":{\"i\":[1,[2]]}}]", " | {\"a\":{\"i\":[1,[2]]}} 1 1 | {\"a\":{\"i\":[1,[2]]}} 2 [2] (1)"},
	{NESTED("", ""), "# /x", NULL, "[[{\"x\":1}],[],[{\"x\":2},{\"x\":3}]]", " | 1 1 | 1 2 | 2 3 (3)"},
	{NESTED("", "/i"), "^/i/1/s # /s", NULL, "{\"i\":[{\"s\":1},{\"s\":2}]}", " | 2 1 1 | 2 2 2 (1)"},
	{NESTED("", "/i"), "/s", NULL, "[{\"i\":[{\"s\":1}],\"i\":[{\"s\":2},{\"s\":3}]}]", " | 2 | 3 (1)"},
	{NESTED("", "/a/i"), "/s", NULL, "[{\"a\":{\"i\":[{\"s\":1}]},\"a\":{}}]", " (1)"},
	{NESTED("", "/i"), "/s", NULL, "[{\"i\":\"x\"}]", "nested rows are neither an array nor an object"},
	{NESTED("", "/i"), "/s", NULL, "[]", " (0)"},
	/* and both */
	{{"/m", AC_ROWS_MAP, NULL, "/i"}, "@ # ^/x ", NULL, "{\"m\":{\"a\":{\"i\":[1,2],\"x\":3},\"b\":{\"i\":[4]},\"a\":{\"i\":[5]}}}", " | 'b' 1 - 4 | 'a' 1 - 5 (2)"},
	{{"", AC_ROWS_LINES, NULL, "/i"}, "# ^/x ", NULL, "{\"i\":[1,2],\"x\":3}\n{}\n{\"i\":[4]}", " | 1 3 1 | 2 3 2 | 1 - 4 (3)"},
};

static void
test_cases(void)
{
	for (int i = 0; i < (int) lengthof(cases); i++)
	{
		const Case *c = &cases[i];
		Wanted wanted = split_fields(c->fields);
		AcError err;
		AcRowPlan *plan = plan_of(&c->source, &wanted, c->envelope, &err);

		is_str(show_counted(plan, c->body, strlen(c->body)), c->want, "case %d: %s",
			   i, c->want);
	}
}

static void
test_plans(void)
{
	AcRowSource columns = {"/r", AC_ROWS_COLUMNS, "/c", "/i"};
	AcRowSource array = {"/r", AC_ROWS_ARRAY, NULL, NULL};
	Wanted wanted = split_fields("^/x");
	AcError err;

	ok(plan_of(&columns, &wanted, NULL, &err) == NULL,
	   "no rows are nested in arrays of values");
	is_int(err.code, AC_ERR_OPTION_VALUE, "the options are wrong");
	columns.form = AC_ROWS_LISTS;
	ok(plan_of(&columns, &wanted, NULL, &err) == NULL, "nor in lists");
	ok(plan_of(&array, &wanted, NULL, &err) == NULL, "no parent, no field of it");
	is_int(err.code, AC_ERR_OPTION_VALUE, "the options are wrong");
	array.nested_path = "i";
	ok(plan_of(&array, &wanted, NULL, &err) == NULL, "nested_path is a pointer");
}

/* The names of what a row could have are those of the columns. */
static void
test_members(void)
{
	static const char text[] = "{\"c\":[\"id\",{\"label\":\"n\"},7],\"r\":[[1,2,3]]}";
	AcRowSource source = {"/r", AC_ROWS_COLUMNS, "/c", NULL};
	Wanted wanted = split_fields("/id");
	AcSlice body = make_body(text, strlen(text));
	AcField fields[MAX_POINTERS];
	AcRowMembers members;
	AcRowScan scan;
	AcField name;
	StringInfoData out;
	AcError err;

	initStringInfo(&out);
	ok(ac_rowscan_begin(&scan, plan_of(&source, &wanted, NULL, &err), body,
						NULL, &err) &&
		   ac_rowscan_next(&scan, fields, &err) == AC_ROW_FOUND,
	   "a row of values");
	ok(scan.row_is_object, "has names");
	ac_rowscan_members(&scan, &members);
	while (ac_rowscan_next_member(&members, &name))
		show_field(&out, &name);
	is_str(out.data, "'id''n'", "which are those of the columns");
	ac_rowscan_end(&scan);
	free_body(body);
}

/* ---- pages larger than the store, and limits ---- */

static void
check_large(const AcRowSource *source, const char *fields, const char *text,
			int rows, const char *last)
{
	Wanted wanted = split_fields(fields);
	AcError err;
	AcRowPlan *plan = plan_of(source, &wanted, NULL, &err);
	AcSlice body = make_body(text, strlen(text));
	AcField found[MAX_POINTERS];
	AcRowScan scan;
	StringInfoData out;
	int n = 0;

	initStringInfo(&out);
	if (!ok(ac_rowscan_begin(&scan, plan, body, NULL, &err), "%d rows", rows))
		diag("%s", err.message);
	ok(scan.plan->form == AC_ROWS_COLUMNS || scan.n_stored < scan.page_rows,
	   "more than the store holds");
	while (ac_rowscan_next(&scan, found, &err) == AC_ROW_FOUND)
		n++;
	is_int(n, rows, "all of them come");
	show_fields(&out, found, wanted.n);
	is_str(out.data, last, "up to the last");
	ac_rowscan_end(&scan);
	free_body(body);
}

static void
test_large(void)
{
	enum
	{
		N = 30000
	};
	AcRowSource map = MAP("");
	AcRowSource lines = LINES("/r");
	AcRowSource nested = NESTED("", "/i");
	AcRowSource columns = COLUMNS("/r", "/c");
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < N; i++)
		appendStringInfo(&text, "%c\"k%d\":{\"id\":%d}", i == 0 ? '{' : ',', i, i);
	/* one in the store and one behind it come again */
	appendStringInfo(&text, ",\"k1\":{\"id\":-1},\"k%d\":{\"id\":-2}}", N - 1);
	check_large(&map, "@ /id", text.data, N, "'k29999' -2");
	resetStringInfo(&text);
	for (int i = 0; i < N; i++)
		appendStringInfo(&text, "{\"r\":{\"id\":%d}}\n%s", i, i % 2 ? "{}\n" : "");
	check_large(&lines, "/id", text.data, N, "29999");
	resetStringInfo(&text);
	for (int i = 0; i < N; i++)
		appendStringInfo(&text, "%c{\"id\":%d,\"i\":[%s]}", i == 0 ? '[' : ',',
						 i, i % 3 == 0 ? "" : "{\"s\":1},{\"s\":2}");
	appendStringInfoChar(&text, ']');
	check_large(&nested, "^/id # /s", text.data, N / 3 * 4, "29999 2 2");
	resetStringInfo(&text);
	appendStringInfoString(&text, "{\"c\":[\"id\",\"x\"],\"r\":[");
	for (int i = 0; i < N; i++)
		appendStringInfo(&text, "%s[%d,\"text\"]", i == 0 ? "" : ",", i);
	appendStringInfoString(&text, "]}");
	check_large(&columns, "/id /x", text.data, N, "29999 'text'");
}

static char *
message_of(const AcRowSource *source, const char *text)
{
	Wanted wanted = split_fields("/id");
	AcError err;

	return show_counted(plan_of(source, &wanted, NULL, &err), text, strlen(text));
}

static void
test_limits(void)
{
	AcRowSource map = MAP("");
	AcRowSource columns = COLUMNS("/r", "/c");
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i <= AC_ROWSCAN_MAX_MEMBERS; i++)
		appendStringInfo(&text, "%c\"%x\":0", i == 0 ? '{' : ',', i);
	appendStringInfoChar(&text, '}');
	is_str(message_of(&map, text.data),
		   "object in which each member is a row has too many members",
		   "members have a limit");
	resetStringInfo(&text);
	appendStringInfoString(&text, "{\"c\":[0");
	for (int i = 0; i < AC_ROWSCAN_MAX_NAMES; i++)
		appendStringInfoString(&text, ",0");
	appendStringInfoString(&text, "],\"r\":[[0]]}");
	is_str(message_of(&columns, text.data), "answer names too many columns",
		   "names have a limit");
}

static bool
stop(void *arg)
{
	return true;
}

static void
test_interrupts(void)
{
	AcRowSource sources[] = {MAP(""), LINES(""), NESTED("", "/i"),
							 COLUMNS("", "/0")};
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < 100000; i++)
		appendStringInfoString(&text, "1\n");
	for (int i = 0; i < (int) lengthof(sources); i++)
	{
		AcRowLimits limits = {.interrupted = stop};
		StringInfoData all;
		Wanted wanted = split_fields("/id");
		AcSlice body;
		AcRowScan scan;
		AcError err;

		initStringInfo(&all);
		if (sources[i].form == AC_ROWS_LINES)
			appendStringInfoString(&all, text.data);
		else
		{
			appendStringInfoString(&all, sources[i].form == AC_ROWS_MAP ? "{\"a\":{}" : "[[]");
			for (int j = 0; j < 20000; j++)
				appendStringInfo(&all, sources[i].form == AC_ROWS_MAP ? ",\"a%d\":{}" : ",[%d]", j);
			appendStringInfoChar(&all, sources[i].form == AC_ROWS_MAP ? '}' : ']');
		}
		body = make_body(all.data, (size_t) all.len);
		ok(!ac_rowscan_begin(&scan, plan_of(&sources[i], &wanted, NULL, &err),
							 body, &limits, &err),
		   "form %d can be interrupted", (int) sources[i].form);
		is_int(err.code, AC_ERR_INTERRUPTED, "and says so");
		free_body(body);
	}
}

/* ---- against the tree ---- */

typedef struct Tally
{
	int wrong;
	int rows;
	int pages; /* with rows */
} Tally;

static bool
same_value(const AcField *field, AcJson *node)
{
	AcJson *copy;
	size_t len;
	const char *text;
	bool same;

	if (ac_json_kind(node) == AC_JSON_STRING)
	{
		text = ac_json_string(node, &len);
		return field->kind == AC_FIELD_STRING &&
			   ac_field_equals(field, text, len);
	}
	if (field->kind == AC_FIELD_STRING || field->kind == AC_FIELD_ABSENT ||
		!ac_json_parse(field->text, field->len, 100, &copy, NULL))
		return false;
	same = strcmp(ac_json_to_text(copy), ac_json_to_text(node)) == 0;
	ac_json_free(copy);
	return same;
}

static bool
same_field(const AcField *field, const AcTreeRow *row, const Wanted *wanted,
		   int i)
{
	AcJson *found;
	AcJson *from = wanted->origins[i] == AC_ORIGIN_PARENT ? row->parent
														  : row->row;

	if (wanted->origins[i] == AC_ORIGIN_NAME)
		return row->name == NULL
				   ? field->kind == AC_FIELD_ABSENT
				   : ac_field_equals(field, row->name, strlen(row->name));
	if (wanted->origins[i] == AC_ORIGIN_ORDINAL)
		return row->ordinal == 0 ? field->kind == AC_FIELD_ABSENT
								 : atoi(field->text) == row->ordinal;
	if (!ac_json_pointer(from, wanted->pointers[i], &found))
		return field->kind == AC_FIELD_ABSENT;
	return same_value(field, found);
}

/*
 * The tree's row for one of the scanner's.  Members keep their first place in
 * json-c's objects when they come again, so these go by name.
 */
static const AcTreeRow *
tree_row(const AcTreeRows *rows, const Wanted *wanted, const AcField *fields,
		 int n)
{
	if (n >= rows->n || rows->rows[n].name == NULL)
		return n < rows->n ? &rows->rows[n] : NULL;
	for (int i = 0; i < rows->n; i++)
		if (same_field(&fields[0], &rows->rows[i], wanted, 0) &&
			same_field(&fields[1], &rows->rows[i], wanted, 1))
			return &rows->rows[i];
	return NULL;
}

static void
compare_rows(Tally *tally, AcRowScan *scan, const Wanted *wanted,
			 const AcTreeRows *rows)
{
	AcField fields[MAX_POINTERS];
	AcError err;

	tally->wrong += scan->row_count != (uint64) rows->n;
	tally->wrong += scan->page_rows != (uint64) rows->page_rows;
	for (int i = 0; i < rows->n; i++)
	{
		const AcTreeRow *row;

		tally->rows++;
		if (ac_rowscan_next(scan, fields, &err) != AC_ROW_FOUND ||
			(row = tree_row(rows, wanted, fields, i)) == NULL)
		{
			tally->wrong++;
			return;
		}
		for (int j = 0; j < wanted->n; j++)
			tally->wrong += !same_field(&fields[j], row, wanted, j);
	}
	tally->wrong += ac_rowscan_next(scan, fields, &err) != AC_ROW_END;
	tally->pages += rows->n > 0;
}

static Wanted
random_fields(JsonGen *gen, const AcRowSource *source)
{
	Wanted wanted = split_fields("@ #");
	int n = (int) jsongen_below(gen, 6);

	while (wanted.n < n + 2)
	{
		wanted.pointers[wanted.n] = jsongen_pointer(gen, 2);
		/* the whole of a row of values is no object in the text */
		if ((source->form == AC_ROWS_COLUMNS ||
			 source->form == AC_ROWS_LISTS) &&
			wanted.pointers[wanted.n][0] == '\0')
			wanted.pointers[wanted.n] = "/id";
		wanted.origins[wanted.n++] = source->nested_path != NULL &&
											 jsongen_below(gen, 2) == 0
										 ? AC_ORIGIN_PARENT
										 : AC_ORIGIN_ROW;
	}
	return wanted;
}

/* A list of names, each once, now and then an object. */
static void
random_names(JsonGen *gen, uint32 n)
{
	uint32 first = jsongen_below(gen, lengthof(jsongen_keys));

	appendStringInfoChar(gen->out, '[');
	for (uint32 i = 0; i < n; i++)
	{
		const char *key = jsongen_keys[(first + i) % lengthof(jsongen_keys)].key;

		appendStringInfo(gen->out,
						 jsongen_below(gen, 3) == 0 ? "%s{\"t\":1,\"label\":\"%s\"}"
													: "%s\"%s\"",
						 i > 0 ? ", " : "", key);
	}
	appendStringInfoChar(gen->out, ']');
}

static void
random_columns(JsonGen *gen)
{
	uint32 width = jsongen_below(gen, 8);
	uint32 rows = jsongen_below(gen, 6);
	bool names_first = jsongen_below(gen, 2) == 0;
	bool ragged = jsongen_below(gen, 10) == 0;

	appendStringInfoChar(gen->out, '{');
	if (names_first)
	{
		appendStringInfoString(gen->out, "\"c\":");
		random_names(gen, width);
		appendStringInfoChar(gen->out, ',');
	}
	appendStringInfoString(gen->out, "\"r\":[");
	for (uint32 i = 0; i < rows; i++)
	{
		uint32 n = width + (ragged && i == rows - 1);

		appendStringInfoString(gen->out, i > 0 ? ",[" : "[");
		for (uint32 j = 0; j < n; j++)
		{
			if (j > 0)
				appendStringInfoChar(gen->out, ',');
			jsongen_value(gen, 4);
		}
		appendStringInfoChar(gen->out, ']');
	}
	appendStringInfoChar(gen->out, ']');
	if (!names_first)
	{
		appendStringInfoString(gen->out, ",\"c\":");
		random_names(gen, width);
	}
	appendStringInfoChar(gen->out, '}');
}

/* Lists of one length, now and then not, among other members. */
static void
random_lists(JsonGen *gen)
{
	uint32 width = jsongen_below(gen, 8);
	uint32 rows = jsongen_below(gen, 6);

	appendStringInfoString(gen->out, "{\"r\":{");
	for (uint32 i = 0; i < width; i++)
	{
		uint32 n = rows + (jsongen_below(gen, 30) == 0);

		appendStringInfo(gen->out, "%s\"%s\":", i > 0 ? "," : "",
						 jsongen_keys[jsongen_below(gen, lengthof(jsongen_keys))].key);
		if (jsongen_below(gen, 6) == 0)
		{
			appendStringInfoString(gen->out, "{\"a\":1}");
			continue;
		}
		appendStringInfoChar(gen->out, '[');
		for (uint32 j = 0; j < n; j++)
		{
			if (j > 0)
				appendStringInfoChar(gen->out, ',');
			jsongen_value(gen, 4);
		}
		appendStringInfoChar(gen->out, ']');
	}
	appendStringInfoString(gen->out, "}}");
}

static void
random_lines(JsonGen *gen)
{
	static const char *const between[] = {"\n", "\r\n", " ", "\n\x1E", "\n\n"};
	uint32 n = jsongen_below(gen, 7);

	for (uint32 i = 0; i < n; i++)
	{
		jsongen_value(gen, (int) jsongen_below(gen, 3));
		appendStringInfoString(gen->out,
							   jsongen_pick(gen, between, lengthof(between)));
	}
}

static void
compare_page(Tally *tally, JsonGen *gen, AcRowSource *source)
{
	Wanted wanted = random_fields(gen, source);
	AcSlice body = make_body(gen->out->data, (size_t) gen->out->len);
	int before = tally->wrong;
	AcTreeRows rows = {0};
	AcJson *tree = NULL;
	AcRowPlan *plan;
	AcRowScan scan;
	AcError err;
	bool good;
	bool parsed;
	bool read;

	plan = plan_of(source, &wanted, NULL, &err);
	parsed = source->form == AC_ROWS_LINES
				 ? ac_rowtree_parse_lines(body.text, body.len, &tree, &err)
				 : ac_json_parse(body.text, body.len, 100, &tree, &err);
	read = parsed && ac_rowtree_read(tree, source, &rows);
	good = ac_rowscan_begin(&scan, plan, body, NULL, &err);
	if (!parsed)
		tally->wrong++;
	else if (!good)
		/* values that do not go with the names, or cannot hold rows; a tree
		 * does not know which lists are asked for */
		tally->wrong += (read && source->form != AC_ROWS_LISTS) ||
						err.code != AC_ERR_MALFORMED;
	else if (read)
		compare_rows(tally, &scan, &wanted, &rows);
	else
		tally->wrong += scan.row_count != 0;
	if (tally->wrong > before)
		diag("form %d, rows at \"%s\", nested at \"%s\" of %s",
			 (int) source->form, source->rows_path,
			 source->nested_path != NULL ? source->nested_path : "(none)",
			 gen->out->data);
	if (good)
		ac_rowscan_end(&scan);
	if (read)
		ac_rowtree_free(&rows);
	ac_json_free(tree);
	free_body(body);
}

static void
test_against_tree(void)
{
	static const char *const names[] = {"array", "map", "columns", "lines", "lists"};
	JsonGen gen = {.state = 7464};
	StringInfoData text;

	for (int form = 0; form < (int) lengthof(names); form++)
	{
		Tally tally = {0};

		for (int i = 0; i < 8000 && tally.wrong == 0; i++)
		{
			AcRowSource source = {.form = (AcRowsForm) form};

			initStringInfo(&text);
			gen.out = &text;
			gen.spaces = i % 2;
			source.rows_path = jsongen_pointer(&gen, 1);
			if (form == AC_ROWS_ARRAY ||
				(form != AC_ROWS_COLUMNS && form != AC_ROWS_LISTS &&
				 jsongen_below(&gen, 3) == 0))
				source.nested_path = jsongen_pointer(&gen, 1);
			if (form == AC_ROWS_COLUMNS)
			{
				source.rows_path = "/r";
				source.columns_path = "/c";
				random_columns(&gen);
			}
			else if (form == AC_ROWS_LISTS)
			{
				source.rows_path = "/r";
				random_lists(&gen);
			}
			else if (form == AC_ROWS_LINES)
				random_lines(&gen);
			else
				jsongen_value(&gen, i % 4 ? 1 : 0);
			compare_page(&tally, &gen, &source);
			ac_alloc_reset();
		}
		is_int(tally.wrong, 0, "random pages of form \"%s\" are as their trees",
			   names[form]);
		ok(tally.rows > 1000, "they had %d rows on %d pages", tally.rows,
		   tally.pages);
	}
}

/* Rows that a tree would have to put together have a limit, their number none. */
static void
test_cut(void)
{
	enum
	{
		N = AC_ROWTREE_MAX_CELLS / 2 + 10
	};
	AcRowSource lists = LISTS("");
	AcRowSource columns = COLUMNS("/r", "/c");
	StringInfoData text;
	AcTreeRows rows;
	AcError err;
	AcJson *tree;

	initStringInfo(&text);
	for (int k = 0; k < 2; k++)
	{
		appendStringInfoString(&text, k == 0 ? "{\"t\":[0" : "],\"v\":[0");
		for (int i = 1; i < N; i++)
			appendStringInfoString(&text, ",1");
	}
	appendStringInfoString(&text, "],\"c\":[\"t\",\"v\"],\"r\":[[1,2]");
	for (int i = 1; i < N; i++)
		appendStringInfoString(&text, ",[1,2]");
	appendStringInfoString(&text, "]}");
	if (!ok(ac_json_parse(text.data, text.len, AC_JSON_MAX_DEPTH, &tree, &err), "a long body"))
		return;
	ok(ac_rowtree_read(tree, &columns, &rows), "has rows");
	is_int(rows.n, N - 10, "as many as have so many values");
	is_int(rows.page_rows, N, "though all are counted");
	ok(rows.cut, "which is told");
	ac_rowtree_free(&rows);
	ok(ac_rowtree_read(tree, &lists, &rows), "lists are rows, too");
	ok(rows.n < N && rows.page_rows == N && rows.cut, "of which as many");
	ac_rowtree_free(&rows);
	ac_json_free(tree);
}

int
main(void)
{
	test_cases();
	test_plans();
	test_members();
	test_large();
	test_limits();
	test_cut();
	test_interrupts();
	test_against_tree();
	return done_testing();
}
