/*
 * test_relations_find.c
 *		Which columns of sampled worlds refer to which tables?
 *
 * Each world is a few tables with rows, true edges and coincidences beside
 * them: small integers that are included in one another by chance, counts
 * called like tables, names alike whose values say otherwise.
 */
#include "ac.h"

#include "api/relations_int.h"
#include "world.h"

static void
add_table(World *w, const char *path, const char *body, bool complete)
{
	world_page(w, path, body);
	world_sampled(w, path, complete);
}

static int
find(World *w, AcRelation **relations)
{
	AcRelationInput input = {.plans = w->plans, .base_path = "/v1"};

	input.samples = (const AcTableSample *const *) w->samples;
	return ac_relations_find(&input, relations);
}

static void
check(World *w, const char *want, const char *what)
{
	AcRelation *relations;
	int n = find(w, &relations);

	is_str(edges_text(relations, n), want, "%s", what);
}

static char *
customer(int i)
{
	return psprintf("{'id': %d, 'name': 'c%d', 'orders': %d, 'level': %d}", i, i, i % 3, i % 5);
}

static char *
order(int i)
{
	return psprintf("{'id': %d, 'customer_id': %d, 'billing_address_id': %d, 'quantity': %d, 'status': 's%d', 'position': %d}",
					i, i % 10 + 1, 500 + i % 7, i % 4 + 1, i % 3, i);
}

static char *
address(int i)
{
	return psprintf("{'id': %d, 'city': 'x', 'customerId': %d}", 499 + i, i % 9 + 1);
}

static void
test_shop(void)
{
	World w;

	world_begin(&w, psprintf("%s, %s, %s", bare_path("/customers", ""), bare_path("/orders", ""), bare_path("/addresses", "")));
	add_table(&w, "/customers", rows_text(1, 12, customer), true);
	add_table(&w, "/orders", rows_text(1, 40, order), true);
	add_table(&w, "/addresses", rows_text(1, 9, address), true);
	check(&w, "addresses.customer_id>customers.id orders.billing_address_id>addresses.id orders.customer_id>customers.id",
		  "ids by name and in a role; counts, levels and positions are none");
	world_end(&w);
}

static bool
at_once(void *arg)
{
	return true;
}

/* Tables that all look alike, so that every column may refer to every table. */
static void
test_interrupted(void)
{
	AcRelationInput input = {.base_path = "/", .interrupted = at_once};
	AcRelation *relations;
	StringInfoData paths;
	World w;

	initStringInfo(&paths);
	for (int i = 0; i < 300; i++)
		appendStringInfo(&paths, "%s'/p%d/things': {'get': {'responses': {'200': {'content': {'application/json': {'schema': {'type': 'array', 'items': {'type': 'object', 'properties': {"
								 "'id': {'type': 'integer'}, 'thing_id': {'type': 'integer'}, 'thing_sku': {'type': 'string'}}}}}}}}}}",
						 i > 0 ? ", " : "", i);
	world_begin(&w, paths.data);
	input.plans = w.plans;
	is_int(ac_relations_find(&input, &relations), 0, "the search ends when it is told to");
	input.interrupted = NULL;
	ok(ac_relations_find(&input, &relations) >= 0, "and by itself otherwise");
	world_end(&w);
}

static char *
employee(int i)
{
	return i == 1 ? "{'id': 1, 'name': 'boss', 'manager_id': null, 'department': 'd-100001'}"
				  : psprintf("{'id': %d, 'name': 'e%d', 'manager_id': %d, 'department': 'd-10000%d'}", i, i, i / 2, i % 4 + 1);
}

static char *
department(int i)
{
	return psprintf("{'id': 'd-10000%d', 'parent_id': %s, 'lead': %d}", i, i == 1 ? "null" : "'d-100001'", i + 3);
}

static char *
badge(int i)
{
	return psprintf("{'serial': 'B%05d', 'holder': 'd-10000%d', 'employee_ids': [%d, %d]}", i, i % 4 + 1, i, i + 1);
}

static void
test_company(void)
{
	World w;

	world_begin(&w, psprintf("%s, %s, %s", bare_path("/employees", ""), bare_path("/departments", ""), bare_path("/badges", "")));
	add_table(&w, "/employees", rows_text(1, 30, employee), true);
	add_table(&w, "/departments", rows_text(1, 5, department), true);
	add_table(&w, "/badges", rows_text(1, 20, badge), true);
	check(&w, "badges.employee_ids>employees.id badges.holder>departments.id departments.lead>employees.id departments.parent_id>departments.id employees.department>departments.id employees.manager_id>employees.id",
		  "the same table, a role, a list, and values that are no coincidence");
	world_end(&w);
}

static char *
film(int i)
{
	return psprintf("{'title': 't%d', 'url': 'http://h/v1/films/%d/', 'planets': ['http://h/v1/planets/1/', 'http://h/v1/planets/%d/']}", i, i, i);
}

static char *
planet(int i)
{
	return psprintf("{'name': 'p%d', 'url': 'http://h/v1/planets/%d/', 'films': ['http://h/v1/films/%d/']}", i, i, i % 6 + 1);
}

static void
test_links(void)
{
	World w;

	world_begin(&w, psprintf("%s, %s", bare_path("/films", ""), bare_path("/planets", "")));
	add_table(&w, "/films", rows_text(1, 30, film), true);
	add_table(&w, "/planets", rows_text(1, 30, planet), true);
	check(&w, "films.planets>planets.url planets.films>films.url", "lists of links to rows that show their own");
	world_end(&w);
}

static char *
client(int i)
{
	return psprintf("{'clientNumber': %d, 'name': 'c%d', 'url': 'http://h/v1/clients/%d'}", 40000 + i, i, 40000 + i);
}

static char *
invoice(int i)
{
	return psprintf("{'invoiceNumber': %d, 'clientNumber': %d, 'amount': %d}", 10000 + i, 40001 + i % 20, i * 37 % 991);
}

static void
test_numbers(void)
{
	World w;

	world_begin(&w, psprintf("%s, %s", bare_path("/clients", ""), bare_path("/invoices", "")));
	add_table(&w, "/clients", rows_text(1, 22, client), true);
	add_table(&w, "/invoices", rows_text(1, 66, invoice), true);
	check(&w, "invoices.client_number>clients.client_number", "the very name of the other's key");
	world_end(&w);
}

static char *
sprocket(int i)
{
	return psprintf("{'id': %d, 'widget_id': %d, 'batch_id': %d, 'groupId': %d}", i, i + 200, i, i % 3 + 1);
}

static char *
widget(int i)
{
	return psprintf("{'id': %d, 'sprocket': %d, 'priority': %d}", i, i, i % 3 + 1);
}

static void
test_contradicted(void)
{
	World w;
	AcRelation *relations;
	int n;

	world_begin(&w, psprintf("%s, %s", bare_path("/widgets", ""), bare_path("/sprockets", "")));
	add_table(&w, "/widgets", rows_text(1, 40, widget), true);
	add_table(&w, "/sprockets", rows_text(1, 40, sprocket), true);
	check(&w, "widgets.sprocket>sprockets.id", "a name that all of the parent's rows contradict is dropped");
	w.samples[world_index(&w, "/widgets")]->complete = false;
	check(&w, "sprockets.widget_id>widgets.id widgets.sprocket>sprockets.id", "a part of them does not");

	/* what is missing can be asked for once look-ups are proved */
	w.plans->tables[world_index(&w, "/widgets")].item_proved = true;
	n = find(&w, &relations);
	is_int(n, 2, "both stand");
	is_int(relations[0].n_missing, AC_RELATION_PROBES, "five values to ask for");
	is_str(relations[0].missing[0], "201", "the first of them");
	ok(!ac_relations_settle(&relations[0], 5, 1), "four answers of 404 refuse the edge");
	is_int(find(&w, &relations), 2, "anew");
	ok(ac_relations_settle(&relations[0], 5, 5) && relations[0].confidence > 0.95, "five items confirm it");
	is_str(ac_relations_evidence(&relations[0]),
		   "{\"by\":\"name\",\"coverage\":\"0.00\",\"values\":40,\"parent_complete\":false,\"probed\":5,\"found\":5}",
		   "the evidence says how");
	is_int(find(&w, &relations), 2, "anew");
	ok(ac_relations_settle(&relations[0], 0, 0), "without an answer the name stands");
	world_end(&w);
}

static char *
vendor(int i)
{
	return psprintf("{'id': %d, 'name': 'v%d'}", 2000 + i * 3, i);
}

/* One in eight names a vendor that is not listed; of all of the other hardly any is. */
static char *
bill(int i)
{
	return psprintf("{'id': %d, 'vendor_id': %d, 'payer_vendor_id': %d}", 60000 + i, 2000 + 3 * (i % 8 == 0 ? 100 + i : i), 9000 + i * 3 - (i < 5) * 7000);
}

static void
test_deleted_parents(void)
{
	World w;

	world_begin(&w, psprintf("%s, %s", bare_path("/vendors", ""), bare_path("/bills", "")));
	add_table(&w, "/vendors", rows_text(1, 40, vendor), true);
	add_table(&w, "/bills", rows_text(1, 40, bill), true);
	check(&w, "bills.vendor_id>vendors.id", "most of what a name refers to is there, the rest was deleted");
	world_end(&w);
}

static char *
currency(int i)
{
	return psprintf("{'code': 'Q%c%c', 'name': 'currency %d'}", 'A' + i % 26, 'A' + i / 26, i);
}

static char *
account(int i)
{
	return psprintf("{'sid': 'AC%08d', 'currency': 'Q%c%c', 'owner_account_sid': 'AC%08d'}", i, 'A' + i % 26, 'A', (i % 9) + 1);
}

static char *
message(int i)
{
	return psprintf("{'sid': 'SM%08d', 'account_sid': 'AC%08d', 'currency_code': 'Q%c%c', 'account': {'sid': 'AC%08d'}}", i, i % 20 + 1, 'A' + i % 5, 'A', i % 20 + 1);
}

static void
test_learned_suffixes(void)
{
	World w;

	world_begin(&w, psprintf("%s, %s, %s", bare_path("/currencies", ""), bare_path("/accounts", ""), bare_path("/messages", "")));
	add_table(&w, "/currencies", rows_text(0, 60, currency), true);
	add_table(&w, "/accounts", rows_text(1, 25, account), true);
	add_table(&w, "/messages", rows_text(1, 40, message), true);
	check(&w, "accounts.currency>currencies.code accounts.owner_account_sid>accounts.sid messages.account>accounts.sid messages.account_sid>accounts.sid messages.currency_code>currencies.code",
		  "suffixes are what keys are called");
	world_end(&w);
}

/* What descriptions alone say: types and components. */
static void
test_described(void)
{
	World w;
	char *user = object_of("'id': {'type': 'integer'}, 'name': {'type': 'string'}");
	char *post = object_of("'id': {'type': 'string', 'format': 'uuid'}, 'author': {'$ref': '#/components/schemas/User'}, 'user_id': {'type': 'integer'}, 'tag_id': {'type': 'string'}");
	char *tag = object_of("'id': {'type': 'integer'}, 'post_id': {'type': 'integer'}, 'order': {'type': 'integer'}");
	AcRelation *relations;
	AcError err;
	AcApi *api;
	int n;

	memset(&w, 0, sizeof(w));
	w.doc = json_of(psprintf("{'openapi': '3.0.3', 'info': {'title': 'T', 'version': '1'}, 'components': {'schemas': {'User': %s}}, 'paths': {%s, %s, %s}}",
							 user, path_of("/users", array_of("{'$ref': '#/components/schemas/User'}"), ""),
							 path_of("/posts", array_of(post), ""), path_of("/tags", array_of(tag), "")));
	ok(ac_openapi_read(&(AcReadInput){.doc = w.doc, .limits = &ac_read_limits_default}, &api, &err), "the document reads");
	w.plans = ac_tableplan_build(api, &plain_options);
	n = find(&w, &relations);
	is_str(edges_text(relations, n), "posts.author>users.id posts.user_id>users.id",
		   "a component and a name; types that differ make no edge");
	is_str(ac_relations_evidence(&relations[0]), "{\"by\":\"schema\",\"pointer\":\"/id\"}", "by the schema");
	world_end(&w);
}

static void
test_composite(void)
{
	World w;
	AcRelation *relations;
	int n;

	world_begin(&w, psprintf("%s, %s, %s", bare_path("/shops", ""), bare_path("/shops/{shop_id}/orders", ""), bare_path("/shops/{shop_id}/orders/{order_id}/lines", "")));
	add_table(&w, "/shops", "[{'id': 3, 'name': 'a'}, {'id': 4, 'name': 'b'}]", true);
	add_table(&w, "/shops/{shop_id}/orders", "[{'id': 1, 'sum': 2}, {'id': 2, 'sum': 3}]", false);
	add_table(&w, "/shops/{shop_id}/orders/{order_id}/lines", "[{'id': 1, 'sku': 'x'}, {'id': 2, 'sku': 'y'}]", false);
	n = find(&w, &relations);
	is_str(edges_text(relations, n), "lines.shop_id,order_id>orders.shop_id,id lines.shop_id>shops.id orders.shop_id>shops.id",
		   "edges over two columns");
	world_end(&w);
}

static char *
hal_order(int i)
{
	return psprintf("{'id': %d, '_links': {'self': {'href': '/v1/orders/%d'}, 'customer': {'href': 'http://h/v1/customers/%d'}, 'items': [{'href': '/v1/items/%d'}, {'href': '/v1/items/%d'}]}}", i, i, 300 + i % 5, i, i + 1);
}

static char *
hal_customer(int i)
{
	return psprintf("{'id': %d, '_links': {'self': {'href': '/v1/customers/%d'}}}", 300 + i, 300 + i);
}

static char *
hal_item(int i)
{
	return psprintf("{'id': %d, 'label': 'i%d', '_links': {'self': {'href': '/v1/items/%d'}}}", i, i, i);
}

static void
test_hypermedia(void)
{
	static const char *const paths[] = {"/orders", "/customers", "/items", NULL};
	World w;
	AcRelation *relations;
	int n;
	int i;

	world_begin(&w, psprintf("%s, %s, %s", bare_path("/orders", ""), bare_path("/customers", ""), bare_path("/items", "")));
	add_table(&w, "/orders", rows_text(1, 20, hal_order), true);
	add_table(&w, "/customers", rows_text(0, 5, hal_customer), true);
	add_table(&w, "/items", rows_text(1, 21, hal_item), true);
	for (i = 0; paths[i] != NULL; i++)
		w.plans->tables[world_index(&w, paths[i])].item_path = psprintf("%s/{id}", paths[i]);
	n = find(&w, &relations);
	is_str(edges_text(relations, n), "orders._links>customers.id orders._links>items.id", "links of HAL");
	is_str(relations[0].pointer, "/customer/href", "one by its place");
	ok(relations[1].list, "several by theirs");
	world_end(&w);
}

static char *
article(int i)
{
	return psprintf("{'id': 'a%d', 'relationships': {'author': {'data': {'type': 'people', 'id': 'p%d'}}, 'editor': {'data': %s}, 'tags': {'data': [{'type': 'tags', 'id': 't%d'}]}}}",
					i, i % 4, i % 2 ? "null" : "{'type': 'people', 'id': 'p1'}", i % 3);
}

static char *
person(int i)
{
	return psprintf("{'id': 'p%d', 'born': %d}", i, 1900 + i);
}

static char *
tag(int i)
{
	return psprintf("{'id': 't%d', 'label': 'x%d'}", i, i);
}

static void
test_json_api(void)
{
	World w;

	world_begin(&w, psprintf("%s, %s, %s", bare_path("/articles", ""), bare_path("/people", ""), bare_path("/tags", "")));
	add_table(&w, "/articles", rows_text(1, 20, article), true);
	add_table(&w, "/people", rows_text(0, 6, person), true);
	add_table(&w, "/tags", rows_text(0, 3, tag), true);
	check(&w, "articles.relationships>people.id articles.relationships>people.id articles.relationships>tags.id",
		  "relationships of JSON:API, two of them to one table");
	world_end(&w);
}

static char *
flight(int i)
{
	return psprintf("{'carrier_id': %d, 'flight_number': %d, 'org_id': %d, 'product_sku': 'P-%d', 'categoryid': %d, 'product_name': 'n%d'}", i % 4 + 1, i / 4 + 100, i % 3 + 50, i % 5, i % 6 + 70, i % 5);
}

static char *
booking(int i)
{
	return psprintf("{'id': %d, 'carrier_id': %d, 'flight_number': %d, 'seat': %d}", i, i % 4 + 1, i / 4 + 100, i % 30);
}

static char *
organisation(int i)
{
	return psprintf("{'id': %d, 'name': 'o%d'}", i + 50, i);
}

static char *
product(int i)
{
	return psprintf("{'id': %d, 'sku': 'P-%d', 'name': 'n%d'}", i + 900, i, i);
}

static char *
category(int i)
{
	return psprintf("{'id': %d, 'label': 'c%d'}", i + 70, i);
}

static void
test_spellings(void)
{
	World w;

	world_begin(&w, psprintf("%s, %s, %s, %s, %s", bare_path("/flights", ""), bare_path("/bookings", ""), bare_path("/organisations", ""), bare_path("/products", ""), bare_path("/categories", "")));
	add_table(&w, "/flights", rows_text(0, 60, flight), true);
	add_table(&w, "/bookings", rows_text(0, 50, booking), true);
	add_table(&w, "/organisations", rows_text(0, 4, organisation), true);
	add_table(&w, "/products", rows_text(0, 6, product), true);
	add_table(&w, "/categories", rows_text(0, 9, category), true);
	check(&w, "bookings.carrier_id,flight_number>flights.carrier_id,flight_number flights.categoryid>categories.id flights.org_id>organisations.id flights.product_sku>products.sku",
		  "keys of two columns, words run together, abbreviations, codes; copied names are none");
	world_end(&w);
}

static void
test_link_ids(void)
{
	static const struct
	{
		const char *link;
		const char *item_path;
		const char *want;
	} cases[] = {
		{"https://h/v1/people/17", "/people/{id}", "17"},
		{"https://h/v1/people/17/", "/people/{id}", "17"},
		{"/v1/people/17?x=1", "/people/{id}", "17"},
		{"/people/17", "/people/{id}", "17"},
		{"https://h/v1/people/17/photos", "/people/{id}", NULL},
		{"https://h/v1/people/", "/people/{id}", NULL},
		{"https://h/v1/persons/17", "/people/{id}", NULL},
		{"https://h", "/people/{id}", NULL},
		{"17", "/people/{id}", NULL},
		{"/v1/a/1/b/2", "/a/{x}/b/{y}", NULL},
		{"/v1/a/1", "/a", NULL},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
		is_str(ac_relations_id_of_link(cases[i].link, cases[i].item_path, "/v1/"),
			   cases[i].want, "%s below %s", cases[i].link, cases[i].item_path);
}

int
main(void)
{
	test_shop();
	test_interrupted();
	test_company();
	test_links();
	test_numbers();
	test_contradicted();
	test_deleted_parents();
	test_learned_suffixes();
	test_described();
	test_composite();
	test_hypermedia();
	test_json_api();
	test_spellings();
	test_link_ids();
	return done_testing();
}
