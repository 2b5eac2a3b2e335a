/*
 * test_keys.c
 *		Are the columns found that tell rows apart (doc/inference.md S7)?
 */
#include "ac.h"

#include "api/keys.h"

#include "tap.h"

/* "name type" pairs as columns of a row; "=name type" is a path variable. */
static int
columns_from(const char *text, AcColumnPlan *columns)
{
	char *copy = pstrdup(text);
	char *part = strtok(copy, ",");
	int n = 0;

	for (; part != NULL; part = strtok(NULL, ","))
	{
		AcColumnPlan *column = &columns[n++];
		char *space;

		part += strspn(part, " ");
		space = strchr(part, ' ');
		*space = '\0';
		memset(column, 0, sizeof(AcColumnPlan));
		column->type = space + 1;
		column->name = part;
		if (part[0] == '=')
		{
			column->name = part + 1;
			column->param = part + 1;
			column->filter = AC_FILTER_PATH;
		}
		else
			column->json_path = psprintf("/%s", part);
	}
	return n;
}

static void
test_rank(void)
{
	static const char *const order[] = {
		"id", "uuid", "guid", "gid", "sid", "uid", "key", "pk", "order_id",
		"orderNumber"};
	int i;

	for (i = 0; i + 1 < (int) lengthof(order); i++)
		ok(ac_keys_name_rank(order[i], "order") >= 0 &&
			   ac_keys_name_rank(order[i], "order") <
				   ac_keys_name_rank(order[i + 1], "order"),
		   "%s comes before %s", order[i], order[i + 1]);
	is_int(ac_keys_name_rank("customer_id", "order"), -1,
		   "another entity's id is no key's name");
	is_int(ac_keys_name_rank("ID", NULL), 0, "case does not matter");
	is_int(ac_keys_name_rank("name", "order"), -1, "name is none");
}

static void
test_resolve(void)
{
	static const struct
	{
		const char *columns;
		const char *variable;
		const char *entity;
		const char *type;
		const char *want;
	} cases[] = {
		{"id bigint, name text", "id", "order", "bigint", "id"},
		{"@id text, id bigint", "id", "book", "text", "id"},
		{"@id text, name text", "id", "book", "text", "@id"},
		{"id bigint, name text", "order_id", "order", "bigint", "id"},
		{"id bigint, name text", "orderId", "order", "text", "id"},
		{"id bigint, order_id bigint", "order_id", "order", "bigint", "order_id"},
		{"order_id bigint, x text", "id", "order", "bigint", "order_id"},
		{"id text, name text", "order", "order", "text", "id"},
		{"id bigint, login text", "org", "org", "text", "login"},
		{"id bigint, login text, name text", "username", "user", "text", "login"},
		{"id bigint, number bigint", "issue_number", "issue", "bigint", "number"},
		{"id bigint, slug text", "team_slug", "team", "text", "slug"},
		{"id text, url text", "link", "file_link", "text", "id"},
		{"id text, rate numeric", "rate_id", "exchange_rate", "text", "id"},
		{"sid text, x text", "Sid", "account", "text", "sid"},
		{"sid text, x text", "account_sid", "account", "text", "sid"},
		{"id bigint, x text", "customer_id", "order", "bigint", NULL},
		{"id jsonb, x text", "id", "order", "text", NULL},
		{"name text, x text", "foo", "order", "text", NULL},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcColumnPlan columns[8];
		int n = columns_from(cases[i].columns, columns);
		int found = ac_keys_resolve(columns, n, cases[i].variable,
									cases[i].entity, cases[i].type);

		is_str(found < 0 ? NULL : columns[found].name, cases[i].want,
			   "{%s} of %s (%s)", cases[i].variable, cases[i].entity,
			   cases[i].columns);
	}
}

static void
test_choose(void)
{
	static const struct
	{
		const char *what;
		const char *columns;
		const char *entity;
		int item;
		const char *want;
	} cases[] = {
		{"id", "name text, id bigint", "order", -1, "id"},
		{"id before uuid", "uuid uuid, id bigint", NULL, -1, "uuid"},
		{"id before uuid, none first", "x text, uuid uuid, id bigint", NULL, -1, "id"},
		{"id beside JSON-LD's", "@id text, id bigint", "book", -1, "id"},
		{"JSON-LD's alone", "@id text, x text", "book", -1, "@id"},
		{"entity_id", "x text, order_id bigint", "order", -1, "order_id"},
		{"the item path's column before id", "id bigint, number bigint", "issue", 1, "number"},
		{"no name, no key", "name text, value text", "setting", -1, ""},
		{"jsonb is no key", "id jsonb, x text", NULL, -1, ""},
		{"a moment is no key", "id timestamptz, x text", NULL, -1, ""},
		{"with the parent", "=customer_id bigint, id bigint", "order", -1, "customer_id id"},
		{"with both parents", "=owner text, =repo text, id bigint", "issue", -1, "owner repo id"},
		{"three parents are too many", "=a text, =b text, =c text, id bigint", "x", -1, "id"},
		{"a parent without a key of its own", "=a text, name text", "x", -1, ""},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcColumnPlan columns[8];
		AcKeyInput input = {0};
		StringInfoData got;
		int j;

		input.columns = columns;
		input.n = columns_from(cases[i].columns, columns);
		input.entity = cases[i].entity;
		input.item_column = cases[i].item;
		for (j = 0; j < input.n && columns[j].json_path == NULL; j++)
			input.first_field = j + 1;
		ac_keys_choose(&input);
		initStringInfo(&got);
		for (j = 0; j < input.n; j++)
			if (columns[j].key)
				appendStringInfo(&got, "%s%s", got.len ? " " : "",
								 columns[j].name);
		is_str(got.data, cases[i].want, "%s", cases[i].what);
	}
}

int
main(void)
{
	test_rank();
	test_resolve();
	test_choose();
	return done_testing();
}
