/*
 * test_canonical.c
 *		Does the order of members make no difference, and anything else one?
 */
#include "alloc.h"
#include "tap.h"

#include "drift/canonical.h"

static char *
canonical(const char *text)
{
	StringInfoData out;
	AcJson *doc;

	initStringInfo(&out);
	if (!ac_json_parse(text, strlen(text), AC_JSON_MAX_DEPTH, &doc, NULL))
		return "malformed";
	ac_canonical_append(doc, &out);
	ac_json_free(doc);
	return out.data;
}

int
main(void)
{
	static const struct
	{
		const char *text;
		const char *canonical;
	} cases[] = {
		{"{\"b\": 1, \"a\": [2, {\"d\": null, \"c\": true}]}", "{\"a\":[2,{\"c\":true,\"d\":null}],\"b\":1}"},
		{"{\"a\":[2,{\"c\":true,\"d\":null}],\"b\":1}", "{\"a\":[2,{\"c\":true,\"d\":null}],\"b\":1}"},
		{" [ 2 , 1 ] ", "[2,1]"},
		{"{}", "{}"},
		{"[]", "[]"},
		{"null", "null"},
		{"\"x\"", "\"x\""},
		{"{\"a\\n\":1}", "{\"a\\n\":1}"},
		{"{\"a\":1,\"a\":2}", "{\"a\":2}"},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
		is_str(canonical(cases[i].text), cases[i].canonical, "%s", cases[i].text);
	ok(strcmp(canonical("[1,2]"), canonical("[2,1]")) != 0, "elements have an order");
	ok(strcmp(canonical("{\"a\":1}"), canonical("{\"a\":\"1\"}")) != 0, "kinds differ");
	ac_alloc_reset();
	return done_testing();
}
