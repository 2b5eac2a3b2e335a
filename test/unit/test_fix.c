/*
 * test_fix.c
 *		Does a fix undo itself, and survive being stored?
 */
#include "ac.h"

#include "drift/fix.h"

#include "tap.h"

#define ROUNDS 2000

static const char *
random_text(uint64 *state, bool may_be_null)
{
	static const char *const texts[] = {
		"a", "", "Größe", "a\"b", "x\\y", "'; DROP TABLE t; --", "line\nbreak",
		"a b", "null", "\x01"};
	uint64 pick = tap_random(state) % (lengthof(texts) + 3);

	if (pick >= lengthof(texts))
		return may_be_null ? NULL : "name";
	if (!may_be_null && texts[pick][0] == '\0')
		return "name";
	return texts[pick];
}

static void
random_fix(uint64 *state, AcFix *fix)
{
	int i;

	memset(fix, 0, sizeof(AcFix));
	fix->action = (AcFixAction) (tap_random(state) % (AC_FIX_DROP_TABLE + 1));
	fix->schema = random_text(state, true);
	fix->relation = random_text(state, true);
	fix->column = random_text(state, false);
	fix->type = random_text(state, false);
	fix->statement = random_text(state, true);
	fix->n_options = tap_random(state) % (AC_FIX_MAX_OPTIONS + 1);
	if (fix->action == AC_FIX_COLUMN_OPTIONS && fix->n_options == 0)
		fix->n_options = 1;
	for (i = 0; i < fix->n_options; i++)
	{
		fix->options[i].name = random_text(state, false);
		fix->options[i].before = random_text(state, true);
		fix->options[i].after = random_text(state, true);
	}
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_fix(const AcFix *a, const AcFix *b)
{
	bool same = a->action == b->action && same_text(a->schema, b->schema) &&
				same_text(a->relation, b->relation) &&
				same_text(a->column, b->column) &&
				same_text(a->type, b->type) &&
				same_text(a->statement, b->statement) &&
				a->n_options == b->n_options;
	int i;

	for (i = 0; same && i < a->n_options; i++)
		same = same_text(a->options[i].name, b->options[i].name) &&
			   same_text(a->options[i].before, b->options[i].before) &&
			   same_text(a->options[i].after, b->options[i].after);
	return same;
}

/* Through the text, as the catalog keeps it. */
static bool
store(const AcFix *fix, AcFix *back, AcError *err)
{
	AcJson *json = ac_fix_to_json(fix);
	char *text = ac_json_to_text(json);
	AcJson *read = NULL;
	bool good = ac_json_parse(text, strlen(text), 16, &read, err) &&
				ac_fix_from_json(read, back, err);

	ac_json_free(json);
	ac_json_free(read);
	return good;
}

static void
test_round_trip(void)
{
	uint64 state = 42;
	int bad_stored = 0;
	int bad_inverse = 0;
	int round;

	for (round = 0; round < ROUNDS; round++)
	{
		AcFix fix;
		AcFix back;
		AcFix inverse;
		AcFix again;
		AcError err;

		random_fix(&state, &fix);
		if (!store(&fix, &back, &err) || !same_fix(&fix, &back))
			bad_stored++;
		if (ac_fix_inverse(&fix, &inverse))
		{
			if (!ac_fix_inverse(&inverse, &again))
				bad_inverse += fix.action != AC_FIX_CREATE_TABLE ||
							   fix.statement != NULL;
			else if (!same_fix(&fix, &again))
				bad_inverse++;
		}
		else if (fix.action != AC_FIX_NONE &&
				 !(fix.action == AC_FIX_DROP_TABLE && fix.statement == NULL))
			bad_inverse++;
	}
	is_int(bad_stored, 0, "what is stored is read again, %d fixes", ROUNDS);
	is_int(bad_inverse, 0, "undone twice is done, %d fixes", ROUNDS);
}

static void
test_inverse(void)
{
	AcFix add = {AC_FIX_ADD_COLUMN, "s", "t", "c", "text", NULL, {{"json_path", NULL, "/c"}}, 1};
	AcFix options = {AC_FIX_COLUMN_OPTIONS, "s", "t", "c", NULL, NULL, {{"missing", NULL, "null"}, {"decode", "epoch_s", NULL}}, 2};
	AcFix create = {AC_FIX_CREATE_TABLE, "s", "t", NULL, NULL, "CREATE FOREIGN TABLE s.t ()", {{NULL, NULL, NULL}}, 0};
	AcFix none = {0};
	AcFix got;

	ok(ac_fix_inverse(&add, &got), "ADD COLUMN can be undone");
	is_str(ac_fix_action_name(got.action), "drop_column", "by DROP COLUMN");
	is_str(got.column, "c", "of that column");
	ok(ac_fix_inverse(&options, &got), "options can be undone");
	is_str(ac_fix_action_name(got.action), "column_options", "by options");
	is_str(got.options[0].before, "null", "what was set");
	is_str(got.options[0].after, NULL, "goes");
	is_str(got.options[1].after, "epoch_s", "what was dropped comes back");
	ok(ac_fix_inverse(&create, &got), "CREATE TABLE can be undone");
	is_str(ac_fix_action_name(got.action), "drop_table", "by DROP TABLE");
	ok(ac_fix_inverse(&got, &got), "in place too");
	ok(same_fix(&got, &create), "and back");
	ok(!ac_fix_inverse(&none, &got), "nothing undoes nothing");
}

static void
test_malformed(void)
{
	static const char *const texts[] = {
		"null",
		"[]",
		"{}",
		"{\"action\": \"drop_schema\"}",
		"{\"action\": 1}",
		"{\"action\": \"ADD_COLUMN\"}",
		"{\"action\": \"add_column\", \"column\": \"a\"}",
		"{\"action\": \"add_column\", \"type\": \"text\"}",
		"{\"action\": \"drop_column\"}",
		"{\"action\": \"column_options\", \"column\": \"a\"}",
		"{\"action\": \"drop_column\", \"column\": 5}",
		"{\"action\": \"drop_column\", \"column\": \"a\\u0000b\"}",
		"{\"action\": \"none\", \"options\": {}}",
		"{\"action\": \"none\", \"options\": [{}]}",
		"{\"action\": \"none\", \"options\": [{\"name\": \"\"}]}",
		"{\"action\": \"none\", \"options\": [{\"name\": \"a\", \"after\": 1}]}",
		"{\"action\": \"none\", \"options\": [1]}",
		"{\"action\": \"none\", \"options\": [{\"name\": \"1\"}, {\"name\": \"2\"},"
		" {\"name\": \"3\"}, {\"name\": \"4\"}, {\"name\": \"5\"}, {\"name\": \"6\"},"
		" {\"name\": \"7\"}, {\"name\": \"8\"}, {\"name\": \"9\"}]}",
	};
	int i;

	for (i = 0; i < (int) lengthof(texts); i++)
	{
		AcJson *json = NULL;
		AcFix fix;
		AcError err;
		bool read;

		ac_error_clear(&err);
		if (!ac_json_parse(texts[i], strlen(texts[i]), 16, &json, &err))
			diag("not JSON: %s", texts[i]);
		read = ac_fix_from_json(json, &fix, &err);
		ok(!read && err.code == AC_ERR_MALFORMED, "refused: %s", texts[i]);
		ac_json_free(json);
	}
}

int
main(void)
{
	test_round_trip();
	test_inverse();
	test_malformed();
	return done_testing();
}
