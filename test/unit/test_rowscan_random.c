/*
 * test_rowscan_random.c
 *		Does the row scanner agree with json-c's tree on random pages, and with
 *		the grammar on damaged ones?
 */
#include "tap.h"

#include "core/json.h"
#include "core/pointer.h"
#include "core/rowscan.h"

#include "jsongen.h"
#include "jsonref.h"
#include "rowpage.h"

/*
 * Follows a pointer by RFC 6901 section 4, written without json-c's opinion of
 * array indices.
 */
static bool
follow(AcJson *node, const char *text, AcJson **found)
{
	AcPointer pointer;
	AcError err;

	*found = node;
	if (!ac_pointer_parse(text, &pointer, &err))
		return false;
	for (int i = 0; i < pointer.count; i++)
	{
		const char *token = pointer.tokens[i];

		if (ac_json_kind(*found) == AC_JSON_OBJECT)
		{
			if (!ac_json_has(*found, token))
				return false;
			*found = ac_json_get(*found, token);
		}
		else
		{
			size_t digits = strspn(token, "0123456789");

			if (ac_json_kind(*found) != AC_JSON_ARRAY || digits == 0 ||
				token[digits] != '\0' || (token[0] == '0' && digits > 1) ||
				atoi(token) >= ac_json_length(*found))
				return false;
			*found = ac_json_at(*found, atoi(token));
		}
	}
	return true;
}

static AcFieldKind
tree_kind(const AcJson *node)
{
	switch (ac_json_kind(node))
	{
		case AC_JSON_BOOL:
			return ac_json_bool(node, false) ? AC_FIELD_TRUE : AC_FIELD_FALSE;
		case AC_JSON_INT:
		case AC_JSON_DOUBLE:
			return AC_FIELD_NUMBER;
		case AC_JSON_STRING:
			return AC_FIELD_STRING;
		case AC_JSON_ARRAY:
			return AC_FIELD_ARRAY;
		case AC_JSON_OBJECT:
			return AC_FIELD_OBJECT;
		default:
			return AC_FIELD_NULL;
	}
}

/* Is the field the node?  Whatever is no string is compared as a new tree. */
static bool
same_value(const AcField *field, AcJson *node)
{
	AcJson *copy;
	AcError err;
	bool same;
	size_t len;
	const char *text;

	if (field->kind != tree_kind(node))
		return false;
	if (field->kind == AC_FIELD_STRING)
	{
		text = ac_json_string(node, &len);
		return ac_field_equals(field, text, len);
	}
	if (!ac_json_parse(field->text, field->len, 100, &copy, &err))
		return false;
	same = strcmp(ac_json_to_text(copy), ac_json_to_text(node)) == 0;
	ac_json_free(copy);
	return same;
}

static bool
same_field(const AcField *field, AcJson *node, const char *pointer)
{
	AcJson *found;

	if (!follow(node, pointer, &found))
		return field->kind == AC_FIELD_ABSENT;
	return same_value(field, found);
}

typedef struct Tally
{
	int wrong;
	int rows;
	int found;	/* fields that were there */
	int absent; /* and that were not */
} Tally;

static void
compare_fields(Tally *tally, const AcField *fields, AcPointers pointers,
			   AcJson *node)
{
	for (int i = 0; i < pointers.n; i++)
	{
		if (!same_field(&fields[i], node, pointers.pointers[i]))
		{
			tally->wrong++;
			diag("pointer \"%s\", got %s", pointers.pointers[i],
				 ac_field_kind_name(fields[i].kind));
		}
		if (fields[i].kind == AC_FIELD_ABSENT)
			tally->absent++;
		else
			tally->found++;
	}
}

static void
compare_rows(Tally *tally, AcRowScan *scan, AcPointers pointers, AcJson *rows)
{
	bool single = ac_json_kind(rows) == AC_JSON_OBJECT;
	int n = single ? 1 : ac_json_length(rows);
	AcField fields[MAX_POINTERS];
	AcError err;

	tally->wrong += scan->row_count != (uint64) n;
	for (int i = 0; i < n; i++)
	{
		AcJson *row = single ? rows : ac_json_at(rows, i);

		tally->rows++;
		tally->wrong += ac_rowscan_next(scan, fields, &err) != AC_ROW_FOUND;
		tally->wrong += !same_value(&scan->row, row);
		compare_fields(tally, fields, pointers, row);
	}
	tally->wrong += ac_rowscan_next(scan, fields, &err) != AC_ROW_END;
}

static AcPointers
random_pointers(JsonGen *gen)
{
	char **list = palloc(8 * sizeof(char *));
	AcPointers pointers = {(const char *const *) list, 0};
	int n = (int) jsongen_below(gen, 8);

	while (pointers.n < n)
		list[pointers.n++] = jsongen_pointer(gen, 3);
	return pointers;
}

static void
compare_page(Tally *tally, JsonGen *gen)
{
	AcPointers row = random_pointers(gen);
	AcPointers envelope = random_pointers(gen);
	const char *rows_path = jsongen_pointer(gen, 2);
	AcSlice body = make_body(gen->out->data, (size_t) gen->out->len);
	AcJson *tree = NULL;
	AcJson *rows;
	AcRowPlan *plan;
	AcRowScan scan;
	AcError err;
	int before = tally->wrong;

	plan = array_plan(row, rows_path, envelope, &err);
	if (!ac_json_parse(body.text, body.len, 100, &tree, &err) ||
		!ac_rowscan_begin(&scan, plan, body, NULL, &err))
	{
		tally->wrong++;
		diag("%s", err.message);
	}
	else
	{
		compare_fields(tally, scan.envelope, envelope, tree);
		if (!follow(tree, rows_path, &rows))
			tally->wrong += scan.rows.kind != AC_FIELD_ABSENT;
		else
		{
			tally->wrong += !same_value(&scan.rows, rows);
			compare_rows(tally, &scan, row, rows);
		}
	}
	if (tally->wrong > before)
		diag("rows at \"%s\" of %s", rows_path, gen->out->data);
	ac_json_free(tree);
	free_body(body);
}

static void
test_against_tree(void)
{
	StringInfoData text;
	JsonGen gen = {.state = 6901};
	Tally tally = {0};

	diag("seed %d", (int) gen.state);
	for (int i = 0; i < 6000 && tally.wrong == 0; i++)
	{
		initStringInfo(&text);
		gen.out = &text;
		gen.spaces = i % 2;
		jsongen_value(&gen, i % 4 ? 1 : 0);
		compare_page(&tally, &gen);
		ac_alloc_reset();
	}
	is_int(tally.wrong, 0, "random pages are as json-c reads them");
	ok(tally.rows > 2000, "they had %d rows", tally.rows);
	ok(tally.found > 3000, "%d fields were there", tally.found);
	ok(tally.absent > 3000, "%d fields were absent", tally.absent);
}

/* The scanner's verdict on a text; what it delivers must lie within it. */
static bool
accepts(const AcRowPlan *plan, const char *text, size_t len)
{
	AcSlice body = make_body(text, len);
	AcField fields[MAX_POINTERS];
	AcRowScan scan;
	AcError err;
	bool accepted = ac_rowscan_begin(&scan, plan, body, NULL, &err);

	if (accepted)
	{
		while (ac_rowscan_next(&scan, fields, &err) == AC_ROW_FOUND)
			for (int i = 0; i < plan->row.n_outputs; i++)
				Assert(fields[i].kind == AC_FIELD_ABSENT ||
					   (fields[i].text >= body.text &&
						fields[i].text + fields[i].len <= body.text + len));
		ac_rowscan_end(&scan);
	}
	free_body(body);
	return accepted;
}

/* Every truncation of a page is an error; every change of a byte has the
 * verdict that the grammar gives. */
static void
test_mutations(void)
{
	const char *text =
		"{\"data\":[{\"id\":10,\"n\":-1.5e+3,\"s\":\"a\\u00e9\\n\xC3\xA9 text of some length\","
		"\"o\":{\"k\":[true,false,null]}}, {\"\\u0069d\":\"\xF0\x9F\x98\x80\"}],\"next\":\"x\"}";
	size_t len = strlen(text);
	char *copy = pstrdup(text);
	AcRowPlan *plan = make_plan("/id /o/k/1 /s", "/data", "/next /data/0/n");
	int cut_accepted = 0;
	int disagreed = 0;

	ok(accepts(plan, text, len), "the page is fine");
	for (size_t cut = 0; cut < len; cut++)
		cut_accepted += accepts(plan, text, cut);
	is_int(cut_accepted, 0, "cut short it is not");
	for (size_t at = 0; at < len; at++)
	{
		for (int byte = 0; byte < 256; byte++)
		{
			copy[at] = (char) byte;
			disagreed += accepts(plan, copy, len) != jsonref_check(copy, len, 256);
		}
		copy[at] = text[at];
	}
	is_int(disagreed, 0, "with a byte changed it is what the grammar says");
}

static void
test_random_mutations(void)
{
	StringInfoData text;
	JsonGen gen = {.state = 20, .out = &text};
	int disagreed = 0;

	initStringInfo(&text);
	for (int i = 0; i < 200; i++)
	{
		AcRowPlan *plan = array_plan(random_pointers(&gen),
									 jsongen_pointer(&gen, 2),
									 random_pointers(&gen), NULL);

		resetStringInfo(&text);
		jsongen_container(&gen, true, 1);
		for (int j = 0; j < 300; j++)
		{
			int at = (int) jsongen_below(&gen, (uint32) text.len);
			char was = text.data[at];

			text.data[at] = (char) jsongen_below(&gen, 256);
			disagreed += accepts(plan, text.data, (size_t) text.len) !=
						 jsonref_check(text.data, (size_t) text.len, 256);
			text.data[at] = was;
		}
	}
	is_int(disagreed, 0, "random pages with a byte changed");
}

int
main(void)
{
	test_against_tree();
	test_mutations();
	test_random_mutations();
	return done_testing();
}
