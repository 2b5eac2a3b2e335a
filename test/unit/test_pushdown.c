/*
 * test_pushdown.c
 *		May this qual be sent to the API, and if not, why not?
 *
 * One fact at a time is taken away from a qual that is sent.
 */
#include "ac.h"

#include "policy/pushdown.h"
#include "tap.h"

/* status = 'paid' on a declared enum. */
static const AcQualFacts sendable = {
	.is_equality = true, .core_operator = true, .deterministic = true, .value_known = true, .leakproof_order = true, .type_class = AC_TYPE_TEXT, .has_param = true, .safe_filter = true};

static void
check(const AcQualFacts *facts, AcSendVia want, const char *word,
	  const char *name)
{
	const char *reason = NULL;
	AcSendVia got = ac_pushdown_decide(facts, &reason);

	is_int(got, want, "%s", name);
	if (want != AC_SEND_NOT)
		is_str(reason, "", "%s: no reason", name);
	else
		ok(strstr(reason, word) != NULL, "%s: reason \"%s\" has \"%s\"", name,
		   reason, word);
}

#define WITHOUT(field, word)                             \
	do                                                   \
	{                                                    \
		AcQualFacts facts = sendable;                    \
		facts.field = !facts.field;                      \
		check(&facts, AC_SEND_NOT, word, "not " #field); \
	}                                                    \
	while (0)

static void
test_refusals(void)
{
	check(&sendable, AC_SEND_QUERY, "", "declared enum");
	WITHOUT(is_equality, "equality");
	WITHOUT(core_operator, "operator");
	WITHOUT(deterministic, "collation");
	WITHOUT(value_known, "value");
	WITHOUT(leakproof_order, "security");
	WITHOUT(has_param, "no parameter");
	WITHOUT(safe_filter, "proved");
	WITHOUT(switched_off, "ignore");
}

static void
test_types(void)
{
	static const struct
	{
		AcTypeClass type_class;
		const char *name;
		AcSendVia with_field;
		AcSendVia alone;
	} cases[] = {
		{AC_TYPE_INTEGER, "integer", AC_SEND_QUERY, AC_SEND_QUERY},
		{AC_TYPE_BOOLEAN, "boolean", AC_SEND_QUERY, AC_SEND_QUERY},
		{AC_TYPE_UUID, "uuid", AC_SEND_QUERY, AC_SEND_QUERY},
		{AC_TYPE_TEXT, "text", AC_SEND_QUERY, AC_SEND_QUERY},
		{AC_TYPE_NUMERIC, "numeric", AC_SEND_NOT, AC_SEND_QUERY},
		{AC_TYPE_FLOAT, "float", AC_SEND_NOT, AC_SEND_QUERY},
		{AC_TYPE_TEMPORAL, "temporal", AC_SEND_NOT, AC_SEND_QUERY},
		{AC_TYPE_OTHER, "other", AC_SEND_NOT, AC_SEND_NOT},
	};

	for (int i = 0; i < (int) lengthof(cases); i++)
	{
		AcQualFacts facts = sendable;

		facts.type_class = cases[i].type_class;
		check(&facts, cases[i].with_field, "", cases[i].name);
		facts.is_param_only = true;
		facts.safe_filter = false;
		check(&facts, cases[i].alone, "", cases[i].name);
	}
}

static void
test_ways(void)
{
	AcQualFacts facts = sendable;

	facts.is_path_var = true;
	facts.safe_filter = false;
	facts.switched_off = true;
	check(&facts, AC_SEND_PATH, "", "a path variable cannot be ignored");
	facts.is_path_var = false;
	facts.is_item_key = true;
	facts.has_param = false;
	check(&facts, AC_SEND_ITEM, "", "key column with an item path");
	facts.type_class = AC_TYPE_TEMPORAL;
	check(&facts, AC_SEND_NOT, "precision", "timestamp key");
}

int
main(void)
{
	test_refusals();
	test_types();
	test_ways();
	return done_testing();
}
