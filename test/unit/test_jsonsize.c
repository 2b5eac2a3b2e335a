/*
 * test_jsonsize.c
 *		Is a text refused that would become too large a tree?
 */
#include "ac.h"

#include "core/json.h"
#include "core/jsonsize.h"
#include "tap.h"

/* n times the piece in an array; true if it is read. */
static bool
reads_many(const char *piece, int n, AcError *err)
{
	StringInfoData text;
	AcJson *doc = NULL;
	bool read;
	int i;

	initStringInfo(&text);
	for (i = 0; i < n; i++)
		appendStringInfo(&text, "%s%s", i > 0 ? "," : "[", piece);
	appendStringInfoChar(&text, ']');
	read = ac_json_parse(text.data, text.len, AC_JSON_MAX_DEPTH, &doc, err);
	ac_json_free(doc);
	ac_alloc_reset();
	return read;
}

int
main(void)
{
	AcError err;

	ok(reads_many("{}", 50000, &err), "fifty thousand empty objects");
	ok(!reads_many("{}", 800000, &err), "eight hundred thousand");
	is_int(err.code, AC_ERR_TOO_LARGE, "are too many");
	ok(!reads_many("[]", 800000, &err), "as are arrays");
	ok(!reads_many("1", 2000000, &err), "and two million numbers");
	ok(reads_many("\"{},[],\\\"{,\\\\\"", 300000, &err),
	   "what stands in strings does not count");
	ok(reads_many("\"what stands in a description is mostly text, and a tree "
				  "is no larger than others of its length\"",
				  300000, &err),
	   "many values of some length");
	return done_testing();
}
