/*
 * test_relations.c
 *		Which tables of an API belong together?
 */
#include "ac.h"

#include "api/relations.h"
#include "tap.h"

static AcColumnPlan customer_columns[] = {
	{.name = "name", .json_path = "/name"},
	{.name = "id", .json_path = "/id", .param = "id", .key = true},
};

static AcColumnPlan order_columns[] = {
	{.name = "customer_id", .json_path = "/customer_id", .param = "customer_id"},
	{.name = "order_id", .json_path = "/order_id", .param = "order_id"},
};

static AcTablePlan
plan(const char *name, const char *path, const char *item_path,
	 AcColumnPlan *columns)
{
	AcTablePlan result = {.name = name, .path = path, .item_path = item_path, .columns = columns, .n_columns = 2};

	return result;
}

static void
test_child_and_grandchild(void)
{
	AcTablePlan tables[] = {
		plan("customers", "/customers", "/customers/{id}", customer_columns),
		plan("customer_orders", "/customers/{customer_id}/orders", NULL, order_columns),
		plan("lines", "/customers/{customer_id}/orders/{order_id}/lines", NULL, order_columns),
		plan("skipped", "/customers/{customer_id}/secrets", NULL, order_columns),
	};
	AcTablePlans plans = {.tables = tables, .n_tables = lengthof(tables)};
	AcRelation *relations;

	tables[3].skip_reason = "no rows";
	is_int(ac_relations_from_paths(&plans, &relations), 2,
		   "variables that are a table's item make edges, others do not");
	is_str(relations[0].child->name, "customer_orders", "child");
	is_str(relations[0].child_columns[0]->name, "customer_id", "child's column");
	is_str(relations[0].parent->name, "customers", "parent");
	is_str(relations[0].parent_columns[0]->name, "id", "parent's key has another name");
	is_str(relations[1].child->name, "lines", "grandchild");
}

static void
test_not_a_parent(void)
{
	AcTablePlan tables[] = {
		plan("customers", "/customers", "/customers/{id}/card", customer_columns),
		plan("orders", "/customers/{customer_id}/orders", NULL, order_columns),
		plan("notes", "/customers/{note_id}/orders", NULL, order_columns),
		plan("broken", "/customers/{customer_id", NULL, order_columns),
	};
	AcTablePlans plans = {.tables = tables, .n_tables = lengthof(tables)};
	AcRelation *relations;

	is_int(ac_relations_from_paths(&plans, &relations), 1,
		   "a variable without a column, and one without an end, make no edge");
	ok(relations[0].confidence < 0.95,
	   "an item path that goes on is another thing: the collection is the parent");
	tables[0].item_path = "/customers/{id}";
	is_int(ac_relations_from_paths(&plans, &relations), 1, "with it as well");
	ok(relations[0].confidence >= 0.95, "an item path is surer");
	customer_columns[1].key = false;
	tables[0].item_path = NULL;
	is_int(ac_relations_from_paths(&plans, &relations), 0,
		   "a collection without a key gives no values");
	customer_columns[1].key = true;
}

/* Slashes and ".json" at a path's end do not stand within a longer one. */
static void
test_endings(void)
{
	AcTablePlan tables[] = {
		plan("customers", "/customers/", "/customers/{id}/", customer_columns),
		plan("orders", "/customers/{customer_id}/orders/", NULL, order_columns),
	};
	AcTablePlans plans = {.tables = tables, .n_tables = lengthof(tables)};
	AcRelation *relations;

	is_int(ac_relations_from_paths(&plans, &relations), 1, "slashes at the end");
	ok(relations[0].confidence >= 0.95, "by the item path");
	tables[0].item_path = NULL;
	is_int(ac_relations_from_paths(&plans, &relations), 1, "by the collection");
	tables[0].path = "/customers.json";
	tables[0].item_path = "/customers/{id}.json";
	tables[1].path = "/customers/{customer_id}/orders.json";
	is_int(ac_relations_from_paths(&plans, &relations), 1, "\".json\" at the end");
	ok(relations[0].confidence >= 0.95, "by the item path");
}

int
main(void)
{
	test_child_and_grandchild();
	test_not_a_parent();
	test_endings();
	return done_testing();
}
