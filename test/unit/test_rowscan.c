/*
 * test_rowscan.c
 *		Does the row scanner find what RFC 6901 says is there, whatever the
 *		page looks like?
 *
 * Hand-written pages, each with the rows it must give, and the limits.  Random
 * ones are test_rowscan_random's.
 */
#include "tap.h"

#include "core/rowscan.h"

#include "rowpage.h"

/* Pointers NULL: none; "": the one that is empty. */
typedef struct PageCase
{
	const char *row;
	const char *rows_path;
	const char *envelope;
	const char *body;
	const char *want;
} PageCase;

static const PageCase pages[] = {
	/* where the rows are */
	{"/id", "", NULL, "[{\"id\":1},{\"id\":2}]", " | 1 | 2"},
	{"/id", "/data", NULL, "{\"data\":[{\"id\":1},{\"id\":2}]}", " | 1 | 2"},
	{"/id", "/a/b", NULL, "{\"a\":{\"x\":[3],\"b\":[{\"id\":1}]}}", " | 1"},
	{"/id", "/0/b", NULL, "[{\"b\":[{\"id\":1}]},{\"b\":[{\"id\":2}]}]", " | 1"},
	{"/id", "/1", NULL, "[[{\"id\":1}],[{\"id\":2}]]", " | 2"},
	{"/id", "", NULL, "\xEF\xBB\xBF [ ] ", ""},
	{"/id", "", NULL, "[{}]", " | -"},
	/* rows that are none */
	{"/id", "", NULL, "{\"id\":7,\"x\":[]}", " | 7"},
	{"/id", "/data", NULL, "{\"data\":{\"id\":7}}", " | 7"},
	{"/id", "/data", NULL, "{\"data\":null}", ""},
	{"/id", "/data", NULL, "{\"data\":\"x\"}", ""},
	{"/id", "/data", NULL, "{\"other\":[{\"id\":7}]}", ""},
	{"/id", "/data", NULL, "[{\"id\":7}]", ""},
	{"/id", "/data", NULL, "17", ""},
	{"/id ", "", NULL, "[1,\"a\",null,[2],{\"id\":3}]",
	 " | - 1 | - 'a' | - null | - [2] | 3 {\"id\":3}"},
	{"/0 /1", "", NULL, "[[1,2],[3],[],{\"1\":4,\"0\":5}]",
	 " | 1 2 | 3 - | - - | 5 4"},
	/* every kind of value, in the plan's order */
	{"/n /s /t /f /z /o /a /m", "", NULL,
	 "[{\"a\":[1,{\"x\":2}],\"o\":{\"y\":[]},\"z\":null,\"f\":false,"
	 "\"t\":true,\"s\":\"q\",\"n\":-1.50e+3}]",
	 " | -1.50e+3 'q' true false null {\"y\":[]} [1,{\"x\":2}] -"},
	{"/big /small", "", NULL,
	 "[{\"big\":123456789012345678901234567890,\"small\":0.1000000000000000055511}]",
	 " | 123456789012345678901234567890 0.1000000000000000055511"},
	{NULL, "", NULL, "[{},{},1]", " |  |  | "},
	{"/id /id /id", "", NULL, "[{\"id\":1}]", " | 1 1 1"},
	/* nested pointers and arrays */
	{"/a/b/c /a/b /a", "", NULL, "[{\"a\":{\"b\":{\"c\":1}}}]",
	 " | 1 {\"c\":1} {\"b\":{\"c\":1}}"},
	{"/t/0 /t/1 /t/2 /t", "", NULL, "[{\"t\":[\"x\",[9]]}]",
	 " | 'x' [9] - [\"x\",[9]]"},
	{"/t/0/a /t/10/a", "", NULL,
	 "[{\"t\":[{\"a\":0},1,2,3,4,5,6,7,8,9,{\"a\":10},11]}]", " | 0 10"},
	{"/t/- /t/01 /t/+1 /t/1e0", "", NULL, "[{\"t\":[1,2]}]", " | - - - -"},
	{"/t/- /t/01", "", NULL, "[{\"t\":{\"-\":1,\"01\":2}}]", " | 1 2"},
	{"/a/b", "", NULL, "[{\"a\":5},{\"a\":null},{\"a\":[1]},{\"a\":\"b\"}]",
	 " | - | - | - | -"},
	/* tokens and keys, RFC 6901 sections 4 and 5 */
	{"/a~1b /m~0n /~01 / /c%d /k\"l", "", NULL,
	 "[{\"a/b\":1,\"m~n\":8,\"~1\":9,\"\":0,\"c%d\":2,\"k\\\"l\":6}]",
	 " | 1 8 9 0 2 6"},
	{"//a", "", NULL, "[{\"\":{\"a\":1}}]", " | 1"},
	{"/id", "", NULL, "[{\"\\u0069d\":1},{\"i\\u0064\":2},{\"id\\u0000\":3}]",
	 " | 1 | 2 | -"},
	{"/a\\b", "", NULL, "[{\"a\\\\b\":1,\"a\\b\":2}]", " | 1"},
	{"/\xC3\xA4", "", NULL, "[{\"\xC3\xA4\":1},{\"\\u00e4\":2},{\"a\\u0308\":3}]",
	 " | 1 | 2 | -"},
	{"/\xF0\x9F\x98\x80", "", NULL, "[{\"\\ud83d\\ude00\":1,\"\\ud83d\":2}]", " | 1"},
	{"/a /b/0 /b/1", "", NULL, "[{\"\\u0061\":\"x\",\"b\":[\"\\n\",\"y\"]}]",
	 " | 'x' '\n' 'y'"},
	{"/id", "", NULL, "[{\"ID\":1,\"Id\":2,\"id \":3,\"i\":4,\"idd\":5}]", " | -"},
	/* duplicate keys: the last decides */
	{"/id", "", NULL, "[{\"id\":1,\"id\":2}]", " | 2"},
	{"/id", "", NULL, "[{\"id\":1,\"\\u0069d\":2}]", " | 2"},
	{"/a/b", "", NULL, "[{\"a\":{\"b\":1},\"a\":{\"c\":2}}]", " | -"},
	{"/a/b", "", NULL, "[{\"a\":{\"b\":1},\"a\":3}]", " | -"},
	{"/a/b /a", "", NULL, "[{\"a\":3,\"a\":{\"b\":1}}]", " | 1 {\"b\":1}"},
	{"/a/b/c /a/d", "", NULL,
	 "[{\"a\":{\"b\":{\"c\":1},\"d\":2,\"b\":{}}}]", " | - 2"},
	{"/a/0", "", NULL, "[{\"a\":[1],\"a\":[]}]", " | -"},
	{"/id", "/data", NULL, "{\"data\":[{\"id\":1},{\"id\":2}],\"data\":[{\"id\":3}]}",
	 " | 3"},
	{"/id", "/data", NULL, "{\"data\":[{\"id\":1}],\"data\":null}", ""},
	{"/id", "/a/b", NULL, "{\"a\":{\"b\":[{\"id\":1}]},\"a\":{}}", ""},
	{"/id", "/a/b", "/a/n", "{\"a\":{\"n\":1,\"b\":[{\"id\":1}]},\"a\":7}", "-"},
	/* the envelope */
	{"/id", "/data", "/next /meta/total /absent",
	 "{\"meta\":{\"total\":2},\"data\":[{\"id\":1},{\"id\":2}],\"next\":null}",
	 "null 2 - | 1 | 2"},
	{"/id", "/data", "/next", "{\"next\":\"a\\/b\",\"data\":[]}", "'a/b'"},
	{"/id", "", "/next", "[{\"id\":1}]", "- | 1"},
	{"/id", "/data", " /data", "{\"data\":[{\"id\":1}]}",
	 "{\"data\":[{\"id\":1}]} [{\"id\":1}] | 1"},
	/* the envelope reaches into the rows */
	{"/id", "/data", "/data/0/id /data/1/id", "{\"data\":[{\"id\":1},{\"id\":2}]}",
	 "1 2 | 1 | 2"},
	{"/id", "", "/id /next", "{\"id\":1,\"next\":\"n\"}", "1 'n' | 1"},
	{"/id", "", "/0 /2", "[{\"id\":1}]", "{\"id\":1} - | 1"},
	/* white space */
	{"/id /a/1", "/d", "/n",
	 "\n{ \"n\" : 5 ,\r\n\t\"d\" : [ { \"id\" : 1 , \"a\" : [ 1 , 2 ] } , "
	 "{ \"a\" : [ ] , \"id\" :   \"x y\" } ] }\n",
	 "5 | 1 2 | 'x y' -"},
	/* text that text cannot hold is the reader's trouble, not the page's */
	{"/s", "", NULL, "[{\"s\":\"a\\u0000\"},{\"s\":\"\\ud800\"},{\"s\":\"ok\"}]",
	 " | '!' | '!' | 'ok'"},
	/* malformed where nobody looks */
	{"/id", "", NULL, "[{\"id\":1,\"x\":tru}]",
	 "malformed JSON at byte 13: expected a value, found \"tru}]\""},
	{"/id", "/data", NULL, "{\"data\":[{\"id\":1}],\"x\":[1,]}",
	 "malformed JSON at byte 26: expected a value, found \"]}\""},
	{"/id", "", NULL, "[{\"id\":1}] x",
	 "malformed JSON at byte 11: expected the end, found \"x\""},
	{"/id", "", NULL, "[{\"id\":1},]",
	 "malformed JSON at byte 10: expected a value, found \"]\""},
	{"/id", "", NULL, "[{\"id\":1,}]",
	 "malformed JSON at byte 9: expected a quoted key, found \"}]\""},
	{"/id", "", NULL, "[{\"id\":1 \"x\":2}]",
	 "malformed JSON at byte 9: expected \",\" or \"}\", found \"\\\"x\\\":2}]\""},
	{"/id", "", NULL, "[{\"id\":1} {\"id\":1}]",
	 "malformed JSON at byte 10: expected \",\" or \"]\", found \"{\\\"id\\\":1}]\""},
	{"/id", "", NULL, "[{\"id\":1",
	 "malformed JSON at byte 8: expected \",\" or \"}\", found the end"},
	{"/id", "", NULL, "", "malformed JSON at byte 0: expected a value, found the end"},
};

static void
test_pages(void)
{
	for (size_t i = 0; i < lengthof(pages); i++)
	{
		const PageCase *page = &pages[i];
		AcRowPlan *plan = make_plan(page->row, page->rows_path,
									page->envelope);

		is_str(show_page(plan, page->body, strlen(page->body)), page->want,
			   "page %zu: %s at \"%s\"", i, page->row ? page->row : "(none)",
			   page->rows_path);
	}
}

static void
test_kinds(void)
{
	static const struct
	{
		const char *body;
		AcFieldKind kind;
	} cases[] = {
		{"{\"data\":[]}", AC_FIELD_ARRAY},
		{"{\"data\":{}}", AC_FIELD_OBJECT},
		{"{\"data\":null}", AC_FIELD_NULL},
		{"{\"data\":true}", AC_FIELD_TRUE},
		{"{\"data\":false}", AC_FIELD_FALSE},
		{"{\"data\":-0}", AC_FIELD_NUMBER},
		{"{\"data\":\"[]\"}", AC_FIELD_STRING},
		{"{}", AC_FIELD_ABSENT},
		{"{\"data\":[],\"data\":1}", AC_FIELD_NUMBER},
	};
	AcRowPlan *plan = make_plan("/id", "/data", NULL);

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcSlice body = make_body(cases[i].body, strlen(cases[i].body));
		AcRowScan scan;
		AcError err;

		ok(ac_rowscan_begin(&scan, plan, body, NULL, &err), "%s", cases[i].body);
		is_int(scan.rows.kind, cases[i].kind, "rows are %s",
			   ac_field_kind_name(cases[i].kind));
		free_body(body);
	}
}

static void
test_plan_errors(void)
{
	static const struct
	{
		const char *row;
		const char *rows_path;
		const char *envelope;
	} cases[] = {
		{"id", "", NULL},
		{"/a~2b", "", NULL},
		{"/a~", "", NULL},
		{"/id", "data", NULL},
		{"/id", "/data", "next"},
	};
	StringInfoData deep;
	AcError err;

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		ac_error_clear(&err);
		ok(array_plan(split_pointers(cases[i].row), cases[i].rows_path,
					  split_pointers(cases[i].envelope), &err) == NULL,
		   "plan %zu is refused", i);
		is_int(err.code, AC_ERR_OPTION_VALUE, "plan %zu: code", i);
	}

	initStringInfo(&deep);
	for (int i = 0; i < AC_ROWPLAN_MAX_TOKENS; i++)
		appendStringInfoString(&deep, "/a");
	ok(make_plan(deep.data, deep.data, NULL) != NULL, "as many steps as may be");
	appendStringInfoString(&deep, "/a");
	ok(array_plan(split_pointers(deep.data), "", split_pointers(NULL),
				  &err) == NULL,
	   "one more");
	is_int(err.code, AC_ERR_OPTION_VALUE, "is refused");
}

/* Many columns: all are found, and keys that only look alike are not. */
static void
test_wide(void)
{
	enum
	{
		N = 1500
	};
	const char **pointers = palloc(N * sizeof(char *));
	AcField *fields = palloc(N * sizeof(AcField));
	StringInfoData text;
	AcSlice body;
	AcRowScan scan;
	AcRowPlan *plan;
	AcError err;
	int wrong = 0;

	initStringInfo(&text);
	appendStringInfoString(&text, "[{");
	for (int i = 0; i < N; i++)
	{
		pointers[i] = psprintf("/attribute_%04d_of_thing", i);
		appendStringInfo(&text, "%s\"attribute_%04d_of_thing\":%d",
						 i ? "," : "", N - 1 - i, N - 1 - i);
		appendStringInfo(&text, ",\"attribute_%04d_of_thinh\":-1", i);
	}
	appendStringInfoString(&text, "}]");
	plan = array_plan((AcPointers){pointers, N}, "",
					  split_pointers(NULL), &err);
	body = make_body(text.data, (size_t) text.len);
	ok(ac_rowscan_begin(&scan, plan, body, NULL, &err), "%d columns", N);
	is_int(ac_rowscan_next(&scan, fields, &err), AC_ROW_FOUND, "one row");
	for (int i = 0; i < N; i++)
	{
		char *want = psprintf("%d", i);

		wrong += !ac_field_equals(&fields[i], want, strlen(want));
	}
	is_int(wrong, 0, "all are right");
	free_body(body);
}

static void
test_depth(void)
{
	AcRowPlan *plan = make_plan("/a/a/a", "/a", "/b");
	AcRowLimits limits = {.max_depth = 5};
	static const struct
	{
		const char *body;
		bool fits;
	} cases[] = {
		{"{\"a\":[{\"a\":{\"a\":[1]}}]}", true},
		{"{\"a\":[{\"a\":{\"a\":[[]]}}]}", false},
		{"{\"a\":[{\"x\":[[]]}]}", true},
		{"{\"a\":[{\"x\":[[[]]]}]}", false},
		{"{\"a\":[{\"x\":[{}]},{\"x\":[{}]}],\"x\":[[{\"a\":[1]}]]}", true},
		{"{\"a\":[[[[]]]]}", true},
		{"{\"a\":[[[[[]]]]]}", false},
		{"{\"a\":{\"a\":{\"a\":[[]]}}}", true},
		{"{\"a\":{\"a\":{\"a\":[[[]]]}}}", false},
		{"[[[[[]]]]]", true},
		{"[[[[[[]]]]]]", false},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcSlice body = make_body(cases[i].body, strlen(cases[i].body));
		AcRowScan scan;
		AcError err;

		ac_error_clear(&err);
		is_int(ac_rowscan_begin(&scan, plan, body, &limits, &err), cases[i].fits,
			   "%s %s", cases[i].body, cases[i].fits ? "fits" : "is too deep");
		is_int(err.code, cases[i].fits ? AC_ERR_NONE : AC_ERR_TOO_LARGE, "code");
		free_body(body);
	}
}

/* A hundred thousand brackets are an error, not a stack overflow. */
static void
test_very_deep(void)
{
	static const char *const opens[] = {"[", "{\"a\":", "[{\"x\":"};
	AcRowPlan *plan = make_plan("/a/a/a", "/a/a", "/a/b");

	for (size_t i = 0; i < lengthof(opens); i++)
	{
		StringInfoData text;
		AcSlice body;
		AcRowScan scan;
		AcError err;

		initStringInfo(&text);
		for (int j = 0; j < 100000; j++)
			appendStringInfoString(&text, opens[i]);
		body = make_body(text.data, (size_t) text.len);
		ok(!ac_rowscan_begin(&scan, plan, body, NULL, &err), "100,000 %s",
		   opens[i]);
		is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
		free_body(body);
	}
}

typedef struct Countdown
{
	int asked;
	int stop_at; /* the question that is answered with yes; 0 for none */
} Countdown;

static bool
count_down(void *arg)
{
	Countdown *countdown = arg;

	return ++countdown->asked == countdown->stop_at;
}

/* A page of some MB: {"rows":[{"n":0},...],"after":true} */
static AcSlice
make_long_page(int n_rows)
{
	StringInfoData text;
	AcSlice body;

	initStringInfo(&text);
	appendStringInfoString(&text, "{\"rows\":[");
	for (int i = 0; i < n_rows; i++)
		appendStringInfo(&text, "%s{\"n\":%d,\"skip\":[{}],\"s\":\"\\u0041%d\"}",
						 i ? " , " : "", i, i);
	appendStringInfoString(&text, "],\"after\":true}");
	body = make_body(text.data, (size_t) text.len);
	pfree(text.data);
	return body;
}

/*
 * More rows than the store holds: those behind it are read again, and are the
 * same.
 */
static void
test_store_overflow(void)
{
	int n_rows = 100000;
	AcSlice body = make_long_page(n_rows);
	AcRowPlan *plan = make_plan("/n /s /none  /skip/0 /skip/1 /x /y", "/rows",
								"/after /rows/99999/n");
	AcField fields[MAX_POINTERS];
	AcRowScan scan;
	AcError err;
	int wrong = 0;

	ok(ac_rowscan_begin(&scan, plan, body, NULL, &err), "long page");
	is_int((int64) scan.row_count, n_rows, "its rows are counted");
	ok(scan.n_stored > 0 && scan.n_stored < scan.row_count / 2,
	   "only " UINT64_FORMAT " of them are in the store", scan.n_stored);
	is_int(scan.envelope[0].kind, AC_FIELD_TRUE, "envelope");
	ok(ac_field_equals(&scan.envelope[1], "99999", 5), "envelope in the rows");
	for (int i = 0; i < n_rows; i++)
	{
		char number[16];
		char string[16];

		snprintf(number, sizeof(number), "%d", i);
		snprintf(string, sizeof(string), "A%d", i);
		wrong += ac_rowscan_next(&scan, fields, &err) != AC_ROW_FOUND;
		wrong += scan.row_number != (uint64) i + 1 || !scan.row_is_object;
		wrong += !ac_field_equals(&fields[0], number, strlen(number));
		wrong += !ac_field_equals(&fields[1], string, strlen(string));
		wrong += fields[2].kind != AC_FIELD_ABSENT;
		wrong += fields[3].text != scan.row.text;
		wrong += !ac_field_equals(&fields[4], "{}", 2);
		wrong += fields[5].kind != AC_FIELD_ABSENT;
	}
	is_int(wrong, 0, "all rows are right");
	is_int(ac_rowscan_next(&scan, fields, &err), AC_ROW_END, "then the end");
	is_int(ac_rowscan_next(&scan, fields, &err), AC_ROW_END, "and again");
	ac_rowscan_end(&scan);
	free_body(body);
}

static void
test_interrupts(void)
{
	AcSlice body = make_long_page(100000);
	AcRowPlan *plan = make_plan("/n /s", "/rows", "/after");
	Countdown countdown = {0, 0};
	AcRowLimits limits = {.interrupted = count_down, .interrupted_arg = &countdown};
	AcField fields[MAX_POINTERS];
	AcRowScan scan;
	AcError err;
	AcRowNext next;
	int want = (int) (body.len / AC_JSONLEX_POLL_BYTES);

	ok(ac_rowscan_begin(&scan, plan, body, &limits, &err), "never interrupted");
	ok(abs(countdown.asked - want) <= 1, "asked %d times in %zu bytes",
	   countdown.asked, body.len);
	countdown = (Countdown){0, 5};
	while ((next = ac_rowscan_next(&scan, fields, &err)) == AC_ROW_FOUND)
		;
	is_int(next, AC_ROW_ERROR, "interrupted while rows are read again");
	is_int(err.code, AC_ERR_INTERRUPTED, "and says so");
	is_int(countdown.asked, 5, "at once");
	ac_rowscan_end(&scan);

	countdown = (Countdown){0, 7};
	ok(!ac_rowscan_begin(&scan, plan, body, &limits, &err), "interrupted early");
	is_int(err.code, AC_ERR_INTERRUPTED, "and says so");
	is_int(countdown.asked, 7, "at once");
	free_body(body);
}

/* Long values ask too: one string, one skipped array, one of many escapes. */
static void
test_interrupts_inside_values(void)
{
	static const char *const pieces[] = {"\\n", "\xC3\xA4", "\",\""};
	AcRowPlan *plan = make_plan("/n", "/rows", NULL);

	for (size_t i = 0; i < lengthof(pieces); i++)
	{
		Countdown countdown = {0, 3};
		AcRowLimits limits = {.interrupted = count_down, .interrupted_arg = &countdown};
		StringInfoData text;
		AcSlice body;
		AcRowScan scan;
		AcError err;

		initStringInfo(&text);
		appendStringInfoString(&text, "{\"x\":[\"");
		while (text.len < 300000)
			appendStringInfoString(&text, pieces[i]);
		appendStringInfoString(&text, "\"]}");
		body = make_body(text.data, (size_t) text.len);
		ok(!ac_rowscan_begin(&scan, plan, body, &limits, &err),
		   "interrupted within %s", pieces[i]);
		is_int(err.code, AC_ERR_INTERRUPTED, "and says so");
		free_body(body);
	}
}

/*
 * Rows, and an envelope inside them that is read a second time, wherever the
 * page lies in the lexer's chunks.
 */
static void
test_borders(void)
{
	static const char *const page =
		"{\"next\":\"a\\\"b\",\"data\":[{\"id\":1,\"a key beyond eight\":\"\xC3\xA4\"},\n"
		"{\"\\u0069d\":\"\\\\\",\"a key beyond eighu\":{}, \"ie\":[\"x\"]}]}";
	static const char *const long_keys[] = {"/a key beyond eight", "/ie"};
	AcRowPlan *plan = make_plan("/id /a~1 /a", "/data",
								"/next /data/1/ie/0");
	AcRowPlan *long_plan;
	char *want = show_page(plan, page, strlen(page));
	AcError err;
	int wrong = 0;

	is_str(want, "'a\"b' 'x' | 1 - - | '\\' - -", "a page with escapes");
	long_plan = array_plan((AcPointers){long_keys, 2},
						   "/data", (AcPointers){NULL, 0}, &err);
	is_str(show_page(long_plan, page, strlen(page)), " | '\xC3\xA4' - | - [\"x\"]",
		   "keys of more than eight bytes, and of the same length");
	for (size_t n = AC_JSONSTOPS_CHUNK - 200; n < AC_JSONSTOPS_CHUNK + 80; n++)
	{
		char *text = psprintf("%*s%s", (int) n, "\n", page);

		wrong += strcmp(show_page(plan, text, strlen(text)), want) != 0;
		pfree(text);
	}
	is_int(wrong, 0, "across the borders of chunks");
}

static void
test_hash(void)
{
	static const struct
	{
		const char *body;
		int same_as; /* index of an earlier one with the same rows, or -1 */
	} cases[] = {
		{"{\"d\":[{\"id\":1},{\"id\":2}]}", -1},
		{"{\"page\":2,\"d\":[{\"id\":1},{\"id\":2}],\"x\":0}", 0},
		{"{\"d\":[{\"id\":1},{\"id\":3}]}", -1},
		{"{\"d\":[{\"id\":2},{\"id\":1}]}", -1},
		{"{\"d\":[]}", -1},
		{"{\"d\":[{\"id\":1}]}", -1},
		{"{\"d\":[\"0123456789012345678901234567890123456789\"]}", -1},
		{"{\"d\":[\"0123456789012345678901234567890123456788\"]}", -1},
		{"{\"d\":[\"9123456789012345678901234567890123456789\"]}", -1},
	};
	AcRowPlan *plan = make_plan("/id", "/d", NULL);
	AcRowLimits limits = {.hash = true};
	uint64 hashes[lengthof(cases)];

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		AcSlice body = make_body(cases[i].body, strlen(cases[i].body));
		AcRowScan scan;
		AcError err;

		ok(ac_rowscan_begin(&scan, plan, body, NULL, &err), "page %zu", i);
		hashes[i] = ac_rowscan_hash(&scan);
		ok(ac_rowscan_begin(&scan, plan, body, &limits, &err), "again");
		ok(ac_rowscan_hash(&scan) == hashes[i], "hashed on the way");
		for (size_t j = 0; j < i; j++)
			if ((hashes[i] == hashes[j]) != ((int) j == cases[i].same_as))
				ok(false, "hashes of pages %zu and %zu", j, i);
		free_body(body);
	}
}

/* Pages so long that they are hashed in pieces. */
static void
test_long_hash(void)
{
	AcRowPlan *plan = make_plan("/id", "/d", NULL);
	AcRowLimits limits = {.hash = true, .fields = true};
	uint64 hashes[3];

	for (int i = 0; i < 3; i++)
	{
		StringInfoData text;
		AcSlice body;
		AcRowScan scan;
		AcField field;
		AcError err;
		uint64 afterwards;

		initStringInfo(&text);
		appendStringInfo(&text, "{\"page\":%d,\"d\":[1],\"d\":[", i);
		for (int row = 0; row < 3000; row++)
			appendStringInfo(&text, "%s{\"id\":%d, \"note\":\"%*d\"}",
							 row ? "," : "", row, row % 100,
							 i == 2 && row == 2990 ? 1 : 0);
		appendStringInfoString(&text, "],\"d2\":[1]}");
		body = make_body(text.data, text.len);
		ok(ac_rowscan_begin(&scan, plan, body, NULL, &err), "page %d", i);
		afterwards = ac_rowscan_hash(&scan);
		ac_rowscan_end(&scan);
		ok(ac_rowscan_begin(&scan, plan, body, &limits, &err), "again");
		hashes[i] = ac_rowscan_hash(&scan);
		ok(hashes[i] == afterwards, "on the way as afterwards");
		for (int row = 0; row < 3000; row++)
			if (ac_rowscan_next(&scan, &field, &err) != AC_ROW_FOUND)
				ok(false, "row %d", row);
		ac_rowscan_end(&scan);
		free_body(body);
		pfree(text.data);
	}
	ok(hashes[0] == hashes[1], "the same rows");
	ok(hashes[0] != hashes[2], "another digit");
}

static void
test_too_large(void)
{
	AcRowPlan *plan = make_plan("/id", "", NULL);
	AcRowScan scan;
	AcError err;

	ok(!ac_rowscan_begin(&scan, plan, (AcSlice){"", SIZE_MAX}, NULL,
						 &err),
	   "a body of 4 GB");
	is_int(err.code, AC_ERR_TOO_LARGE, "is too large");
	ok(!ac_rowscan_begin(&scan, plan, (AcSlice){NULL, 0}, NULL, &err),
	   "a buffer that never got a byte");
	is_int(err.code, AC_ERR_MALFORMED, "is malformed");
}

/* Nothing stays allocated after ac_rowscan_end(). */
static void
test_memory(void)
{
	AcRowPlan *plan = make_plan("/n", "/rows", "/after");
	AcSlice body = make_long_page(1000);
	size_t before = ac_alloc_live();
	size_t bytes = ac_alloc_live_bytes();
	AcRowScan scan;
	AcError err;

	ac_rowscan_begin(&scan, plan, body, NULL, &err);
	ok(ac_alloc_live_bytes() - bytes <= 256 * 1024 + 1024,
	   "a small page takes %zu bytes", ac_alloc_live_bytes() - bytes);
	ac_rowscan_end(&scan);
	is_int((int64) ac_alloc_live(), (int64) before, "all of it is freed");
	ac_rowscan_end(&scan);
	is_int((int64) ac_alloc_live(), (int64) before, "once");
	free_body(body);
}

/* The members of each row, as they stand, in order. */
static char *
show_members(const AcRowPlan *plan, const char *text)
{
	AcSlice body = make_body(text, strlen(text));
	AcField fields[MAX_POINTERS];
	AcRowMembers members;
	AcRowScan scan;
	AcError err;
	AcField name;
	StringInfoData out;

	initStringInfo(&out);
	ac_rowscan_begin(&scan, plan, body, NULL, &err);
	while (ac_rowscan_next(&scan, fields, &err) == AC_ROW_FOUND)
	{
		appendStringInfoString(&out, " |");
		ac_rowscan_members(&scan, &members);
		while (ac_rowscan_next_member(&members, &name))
		{
			appendStringInfoChar(&out, ' ');
			show_field(&out, &name);
		}
		appendStringInfoString(&out, " /");
		/* The walk does not disturb the row. */
		show_fields(&out, fields, plan->row.n_outputs);
	}
	ac_rowscan_end(&scan);
	free_body(body);
	return out.data;
}

static void
test_members(void)
{
	AcRowPlan *plan = make_plan("/b", "", NULL);

	is_str(show_members(plan, "[{\"a\":1,\"b\":2},{\"b\":{\"x\":[1,{\"y\":2}]},\"c\":[]}]"),
		   " | 'a' 'b' /2 | 'b' 'c' /{\"x\":[1,{\"y\":2}]}",
		   "names, and none from below");
	is_str(show_members(plan, " [ { \n\"a\" : \"}\" , \t\"b\" : null } , { } ] "),
		   " | 'a' 'b' /null | /-", "white space, an empty row");
	is_str(show_members(plan, "[{\"\":1,\"a\":1,\"a\":2,\"\\u00e9\\\"\":3,\"\\u0000\":4}]"),
		   " | '' 'a' 'a' '\303\251\"' '!' /-",
		   "empty, twice, escaped, not to be decoded");
	is_str(show_members(plan, "[1,\"{\",[{\"a\":1}],null]"),
		   " | /- | /- | /- | /-", "rows that are no objects");
	is_str(show_members(plan, "{\"b\":-1.5e3,\"a\":true}"),
		   " | 'b' 'a' /-1.5e3", "one row that is the body");
}

/* Members of rows that were too many for the store. */
static void
test_members_of_many(void)
{
	AcRowPlan *plan = make_plan("/n", "/rows", NULL);
	AcSlice body = make_long_page(50000);
	AcRowScan scan;
	AcField field;
	AcError err;
	int64 names = 0;
	int64 rows = 0;

	ac_rowscan_begin(&scan, plan, body, NULL, &err);
	while (ac_rowscan_next(&scan, &field, &err) == AC_ROW_FOUND)
	{
		AcRowMembers members;
		AcField name;

		rows++;
		ac_rowscan_members(&scan, &members);
		while (ac_rowscan_next_member(&members, &name))
			names += name.len == 1 && *name.text == 'n';
	}
	is_int(rows, 50000, "walks between rows that are read a second time");
	is_int(names, 50000, "all of them have the member");
	ac_rowscan_end(&scan);
	free_body(body);
}

int
main(void)
{
	test_pages();
	test_members();
	test_members_of_many();
	test_kinds();
	test_plan_errors();
	test_wide();
	test_depth();
	test_very_deep();
	test_store_overflow();
	test_interrupts();
	test_interrupts_inside_values();
	test_borders();
	test_hash();
	test_long_hash();
	test_too_large();
	test_memory();
	return done_testing();
}
