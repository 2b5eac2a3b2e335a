/*
 * test_model.c
 *		Is the model of an API the same whatever the order of its description,
 *		and the same again after having been kept?
 */
#include "ac.h"

#include "shop_model.h"
#include "tap.h"

#define SHUFFLES 200
#define RANDOM_MODELS 300

/* An API with one of everything that the model keeps. */
static const char everything[] =
	"{'openapi': '3.0.3', 'info': {'title': 'T', 'version': '7'},"
	" 'security': [{'key': []}, {'token': []}],"
	" 'components': {"
	"  'securitySchemes': {"
	"   'key': {'type': 'apiKey', 'in': 'header', 'name': 'X-Key'},"
	"   'token': {'type': 'http', 'scheme': 'bearer'}},"
	"  'parameters': {"
	"   'page': {'name': 'page', 'in': 'query', 'schema': {'type': 'integer'}},"
	"   'size': {'name': 'per_page', 'in': 'query', 'schema': {'type': 'integer', 'default': 20, 'maximum': 100}},"
	"   'state': {'name': 'state', 'in': 'query', 'deprecated': true, 'schema': {'type': 'string', 'enum': ['open', 'done', 'all']}},"
	"   'trace': {'name': 'X-Trace', 'in': 'header', 'required': true, 'schema': {'type': 'string', 'format': 'uuid'}}},"
	"  'schemas': {"
	"   'order': {'allOf': [{'$ref': '#/components/schemas/base'}, {'type': 'object', 'properties': {"
	"     'state': {'type': 'string', 'enum': ['open', 'done']},"
	"     'price': {'type': 'number', 'nullable': true},"
	"     'tags': {'type': 'array', 'items': {'type': 'string', 'enum': ['b', 'a', 'b']}},"
	"     'buyer': {'oneOf': [{'type': 'string'}, {'type': 'object', 'properties': {'id': {'type': 'string'}}}]},"
	"     'paidAt': {'type': 'integer', 'format': 'unix-time'},"
	"     'a/b~c': {'type': 'boolean', 'deprecated': true}}}]},"
	"   'base': {'type': 'object', 'properties': {'id': {'type': 'integer', 'format': 'int64'}}}}},"
	" 'paths': {"
	"  '/shops/{shop}/orders': {"
	"   'post': {'responses': {'201': {'description': 'made'}}},"
	"   'get': {'deprecated': true, 'x-sunset': '2027-01-01',"
	"    'parameters': [{'$ref': '#/components/parameters/page'}, {'$ref': '#/components/parameters/size'},"
	"     {'$ref': '#/components/parameters/state'}, {'$ref': '#/components/parameters/trace'},"
	"     {'name': 'shop', 'in': 'path', 'required': true, 'schema': {'type': 'string'}}],"
	"    'responses': {'200': {'description': 'OK', 'content': {'application/json': {'schema':"
	"     {'type': 'object', 'properties': {'items': {'type': 'array', 'items': {'$ref': '#/components/schemas/order'}},"
	"      'total': {'type': 'integer'}}}}}}}}},"
	"  '/report': {'get': {'responses': {'200': {'description': 'OK', 'content': {'text/csv': {}}}}}},"
	"  '/words': {'get': {'responses': {'200': {'description': 'OK', 'content': {'application/json': {'schema':"
	"     {'type': 'array', 'items': {'type': 'string'}}}}}}}},"
	"  '/far': {'get': {'servers': [{'url': 'https://far.example'}], 'responses': {'200': {'description': 'OK',"
	"     'content': {'application/json': {'schema': {'type': 'array', 'items': {'$ref': '#/components/schemas/base'}}}}}}}}}}";

static const char expected[] =
	"{'base_url':'https://t.example','version':'7','auth_required':true,"
	"'schemes':['api_key header X-Key','bearer'],'tables':["
	"{'name':'orders','path':'/shops/{shop}/orders','method':'GET','rows_path':'/items',"
	"'sunset':'2027-01-01','source':'/paths/~1shops~1{shop}~1orders/get','deprecated':true,'columns':["
	"{'name':'a_b_c','json_path':'/a~1b~0c','type':'boolean','json_type':'boolean','described':'boolean','deprecated':true},"
	"{'name':'buyer','json_path':'/buyer','type':'text','json_type':'any','decode':'id_of','described':'jsonb'},"
	"{'name':'id','json_path':'/id','type':'bigint','json_type':'integer','format':'int64','described':'bigint','key':true},"
	"{'name':'paid_at','json_path':'/paidAt','type':'timestamptz','json_type':'integer','format':'unix-time','decode':'epoch_s','described':'timestamptz epoch_s'},"
	"{'name':'price','json_path':'/price','type':'numeric','json_type':'number','described':'numeric','nullable':true},"
	"{'name':'state','json_path':'/state','type':'text','json_type':'string','described':'text','enum_values':['done','open']},"
	"{'name':'tags','json_path':'/tags','type':'text[]','json_type':'array','described':'text[]','enum_values':['a','b']}],"
	"'params':["
	"{'name':'X-Trace','place':'header','type':'uuid','required':true},"
	"{'name':'shop','place':'path','type':'text','column':'shop','required':true},"
	"{'name':'page','place':'query','type':'bigint'},"
	"{'name':'per_page','place':'query','type':'bigint','default_value':'20','maximum':'100','page_size':true},"
	"{'name':'state','place':'query','type':'text','column':'state','deprecated':true,'enum_values':['all','done','open']}]},"
	"{'name':'words','path':'/words','method':'GET','rows_path':'','source':'/paths/~1words/get','columns':["
	"{'name':'value','json_path':'','type':'text','json_type':'string','described':'text'}],'params':[]}],"
	"'others':["
	"{'path':'/far','method':'GET','base_url':'https://far.example'},"
	"{'path':'/report','method':'GET','media_type':'text/csv'},"
	"{'path':'/shops/{shop}/orders','method':'POST'}]}";

static char *
model_text(const AcModel *model)
{
	return ac_json_into_text(ac_model_to_json(model));
}

static void
test_everything(void)
{
	AcJson *doc = json_of(everything);
	AcModel *model = model_of(doc, "https://t.example");
	AcJson *wanted = json_of(expected);
	AcJson *got = ac_model_to_json(model);

	/* what it was built from is gone */
	ac_json_free(doc);
	is_str(ac_json_to_text(got), ac_json_to_text(wanted), "one of everything");
	ac_json_free(got);
	ac_json_free(wanted);
}

/* The same value with the members of its objects in any order. */
static AcJson *
shuffled(AcJson *node, uint64 *state)
{
	AcJsonIter it;
	const char **keys;
	AcJson *result;
	int n = 0;
	int i;

	if (ac_json_kind(node) == AC_JSON_ARRAY)
	{
		result = ac_json_new_array();
		for (i = 0; i < ac_json_length(node); i++)
			ac_json_append(result, shuffled(ac_json_at(node, i), state));
		return result;
	}
	if (ac_json_kind(node) != AC_JSON_OBJECT)
		return ac_json_ref(node);
	ac_json_iter_init(&it, node);
	while (ac_json_iter_next(&it))
		n++;
	keys = palloc(Max(n, 1) * sizeof(char *));
	n = 0;
	ac_json_iter_init(&it, node);
	while (ac_json_iter_next(&it))
		keys[n++] = it.key;
	result = ac_json_new_object();
	while (n > 0)
	{
		int pick = tap_random(state) % n;

		ac_json_set(result, keys[pick],
					shuffled(ac_json_get(node, keys[pick]), state));
		keys[pick] = keys[--n];
	}
	return result;
}

static void
test_order(void)
{
	AcJson *doc = json_of(everything);
	char *wanted = model_text(model_of(doc, NULL));
	uint64 state = 20260101;
	int differ = 0;
	int i;

	for (i = 0; i < SHUFFLES; i++)
	{
		AcJson *other = shuffled(doc, &state);
		char *got = model_text(model_of(other, NULL));

		if (strcmp(got, wanted) != 0 && differ++ == 0)
			diag("got: %s", got);
		ac_json_free(other);
	}
	is_int(differ, 0, "%d orders of members, one model", SHUFFLES);
	ac_json_free(doc);
}

static const char *
random_text(uint64 *state, bool may_be_null)
{
	static const char *const texts[] = {"a", "", "\"", "\\", "ü", "/a~1b", "\n", "null"};
	uint64 pick = tap_random(state) % (may_be_null ? 12 : 8);

	return pick < lengthof(texts) ? psprintf("%s%d", texts[pick], (int) (tap_random(state) % 50))
								  : NULL;
}

static const char **
random_texts(uint64 *state, int *n)
{
	const char **texts;
	int i;

	*n = tap_random(state) % 4;
	texts = palloc(Max(*n, 1) * sizeof(char *));
	for (i = 0; i < *n; i++)
		texts[i] = random_text(state, false);
	*n = ac_model_sort_texts(texts, *n);
	return texts;
}

static bool
random_flag(uint64 *state)
{
	return tap_random(state) % 2 == 0;
}

static void
random_table(uint64 *state, AcModelTable *table)
{
	int i;

	memset(table, 0, sizeof(AcModelTable));
	table->name = random_text(state, false);
	table->path = random_text(state, false);
	table->method = random_text(state, false);
	table->rows_path = random_text(state, false);
	table->sunset = random_text(state, true);
	table->source = random_text(state, true);
	table->deprecated = random_flag(state);
	table->n_columns = tap_random(state) % 5;
	table->columns = palloc0(5 * sizeof(AcModelColumn));
	for (i = 0; i < table->n_columns; i++)
	{
		AcModelColumn *c = &table->columns[i];

		c->name = random_text(state, false);
		c->json_path = random_text(state, false);
		c->type = random_text(state, false);
		c->json_type = random_text(state, false);
		c->format = random_text(state, true);
		c->decode = random_text(state, true);
		c->described = random_text(state, false);
		c->nullable = random_flag(state);
		c->key = random_flag(state);
		c->deprecated = random_flag(state);
		c->enum_values = random_texts(state, &c->n_enum);
	}
	table->n_columns = ac_model_sort_columns(table->columns, table->n_columns);
	table->n_params = tap_random(state) % 5;
	table->params = palloc0(5 * sizeof(AcModelParam));
	for (i = 0; i < table->n_params; i++)
	{
		AcModelParam *p = &table->params[i];

		p->name = random_text(state, false);
		p->place = random_text(state, false);
		p->type = random_text(state, false);
		p->default_value = random_text(state, true);
		p->maximum = random_text(state, true);
		p->column = random_text(state, true);
		p->required = random_flag(state);
		p->deprecated = random_flag(state);
		p->page_size = random_flag(state);
		p->enum_values = random_texts(state, &p->n_enum);
	}
	table->n_params = ac_model_sort_params(table->params, table->n_params);
}

static AcModel *
random_model(uint64 *state)
{
	AcModel *model = palloc0(sizeof(AcModel));
	int i;

	model->base_url = random_text(state, true);
	model->version = random_text(state, true);
	model->auth_required = random_flag(state);
	model->schemes = random_texts(state, &model->n_schemes);
	model->n_tables = tap_random(state) % 4;
	model->tables = palloc(4 * sizeof(AcModelTable));
	for (i = 0; i < model->n_tables; i++)
		random_table(state, &model->tables[i]);
	model->n_tables = ac_model_sort_tables(model->tables, model->n_tables);
	model->n_others = tap_random(state) % 4;
	model->others = palloc(4 * sizeof(AcModelOther));
	for (i = 0; i < model->n_others; i++)
	{
		model->others[i].path = random_text(state, false);
		model->others[i].method = random_text(state, false);
		model->others[i].media_type = random_text(state, true);
		model->others[i].base_url = random_text(state, true);
	}
	model->n_others = ac_model_sort_others(model->others, model->n_others);
	return model;
}

#define SAME(a, b, field) ((a)->field == (b)->field)
#define SAME_TEXT(a, b, field) \
	((a)->field == NULL || (b)->field == NULL ? (a)->field == (b)->field : strcmp((a)->field, (b)->field) == 0)

static bool
same_texts(const char **a, int n_a, const char **b, int n_b)
{
	int i;

	for (i = 0; i < n_a && n_a == n_b; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return n_a == n_b;
}

static bool
same_columns(const AcModelTable *s, const AcModelTable *t)
{
	int i;

	for (i = 0; i < s->n_columns && s->n_columns == t->n_columns; i++)
	{
		const AcModelColumn *a = &s->columns[i];
		const AcModelColumn *b = &t->columns[i];

		if (!SAME_TEXT(a, b, name) || !SAME_TEXT(a, b, json_path) ||
			!SAME_TEXT(a, b, type) || !SAME_TEXT(a, b, json_type) ||
			!SAME_TEXT(a, b, format) || !SAME_TEXT(a, b, decode) ||
			!SAME_TEXT(a, b, described) || !SAME(a, b, nullable) ||
			!SAME(a, b, key) || !SAME(a, b, deprecated) ||
			!same_texts(a->enum_values, a->n_enum, b->enum_values, b->n_enum))
			return false;
	}
	return s->n_columns == t->n_columns;
}

static bool
same_params(const AcModelTable *s, const AcModelTable *t)
{
	int i;

	for (i = 0; i < s->n_params && s->n_params == t->n_params; i++)
	{
		const AcModelParam *a = &s->params[i];
		const AcModelParam *b = &t->params[i];

		if (!SAME_TEXT(a, b, name) || !SAME_TEXT(a, b, place) ||
			!SAME_TEXT(a, b, type) || !SAME_TEXT(a, b, default_value) ||
			!SAME_TEXT(a, b, maximum) || !SAME_TEXT(a, b, column) ||
			!SAME(a, b, required) || !SAME(a, b, deprecated) ||
			!SAME(a, b, page_size) ||
			!same_texts(a->enum_values, a->n_enum, b->enum_values, b->n_enum))
			return false;
	}
	return s->n_params == t->n_params;
}

static bool
same_model(const AcModel *a, const AcModel *b)
{
	bool same = SAME_TEXT(a, b, base_url) && SAME_TEXT(a, b, version) &&
				SAME(a, b, auth_required) && SAME(a, b, n_tables) &&
				SAME(a, b, n_others) &&
				same_texts(a->schemes, a->n_schemes, b->schemes, b->n_schemes);
	int i;

	for (i = 0; same && i < a->n_tables; i++)
	{
		const AcModelTable *s = &a->tables[i];
		const AcModelTable *t = &b->tables[i];

		same = SAME_TEXT(s, t, name) && SAME_TEXT(s, t, path) &&
			   SAME_TEXT(s, t, method) && SAME_TEXT(s, t, rows_path) &&
			   SAME_TEXT(s, t, sunset) && SAME_TEXT(s, t, source) &&
			   SAME(s, t, deprecated) && same_columns(s, t) && same_params(s, t);
	}
	for (i = 0; same && i < a->n_others; i++)
	{
		const AcModelOther *s = &a->others[i];
		const AcModelOther *t = &b->others[i];

		same = SAME_TEXT(s, t, path) && SAME_TEXT(s, t, method) &&
			   SAME_TEXT(s, t, media_type) && SAME_TEXT(s, t, base_url);
	}
	return same;
}

/* The elements of a list in the reverse order, and so in all below it. */
static AcJson *
reversed(AcJson *node)
{
	AcJson *result;
	AcJsonIter it;
	int i;

	if (ac_json_kind(node) == AC_JSON_ARRAY)
	{
		result = ac_json_new_array();
		for (i = ac_json_length(node) - 1; i >= 0; i--)
			ac_json_append(result, reversed(ac_json_at(node, i)));
		return result;
	}
	if (ac_json_kind(node) != AC_JSON_OBJECT)
		return ac_json_ref(node);
	result = ac_json_new_object();
	ac_json_iter_init(&it, node);
	while (ac_json_iter_next(&it))
		ac_json_set(result, it.key, reversed(it.value));
	return result;
}

static void
test_round_trip(void)
{
	uint64 state = 7;
	int lost = 0;
	int ordered = 0;
	int i;

	for (i = 0; i < RANDOM_MODELS; i++)
	{
		AcModel *model = random_model(&state);
		char *text = model_text(model);
		AcJson *json = NULL;
		AcJson *backwards;
		AcModel *read = NULL;
		AcError err;

		ac_json_parse(text, strlen(text), 16, &json, &err);
		backwards = reversed(json);
		if (!ac_model_from_json(json, &read, &err) || !same_model(model, read))
			lost++;
		if (!ac_model_from_json(backwards, &read, &err) ||
			!same_model(model, read))
			ordered++;
		ac_json_free(json);
		ac_json_free(backwards);
	}
	is_int(lost, 0, "%d models are read as they were written", RANDOM_MODELS);
	is_int(ordered, 0, "and in whatever order they were written");
}

static void
test_find(void)
{
	AcJson *doc = json_of(everything);
	AcModel *model = model_of(doc, NULL);
	const AcModelTable *orders = ac_model_table(model, "GET", "/shops/{shop}/orders");

	ok(orders != NULL, "a table by its path");
	ok(ac_model_table(model, "POST", "/shops/{shop}/orders") == NULL,
	   "no other method");
	ok(ac_model_table(model, "GET", "/zzz") == NULL, "no other path");
	is_str(ac_model_column(orders, "/tags")->name, "tags", "a column by its place");
	ok(ac_model_column(orders, "/tag") == NULL, "no other column");
	is_str(ac_model_param(orders, "query", "state")->type, "text",
		   "a parameter by place and name");
	ok(ac_model_param(orders, "header", "state") == NULL, "in no other place");
	ac_json_free(doc);
}

static void
test_malformed(void)
{
	static const char *const table = "'name': 't', 'path': '/t', 'method': 'GET', 'rows_path': ''";
	static const char *const column = "'name': 'a', 'json_path': '/a', 'type': 'text', 'json_type': 'string'";
	const char *texts[] = {
		"null",
		"[]",
		"'x'",
		"{'base_url': 1}",
		"{'base_url': 'a\\u0000b'}",
		"{'schemes': [1]}",
		"{'tables': [1]}",
		"{'tables': [{}]}",
		"{'others': [{'path': '/'}]}",
		psprintf("{'tables': [{%s}, {%s}]}", table, table),
		psprintf("{'tables': [{%s, 'columns': [{}]}]}", table),
		psprintf("{'tables': [{%s, 'columns': [{%s}]}]}", table, column),
		psprintf("{'tables': [{%s, 'columns': [{%s, 'described': 'text'}, {%s, 'described': 'text'}]}]}", table, column, column),
		psprintf("{'tables': [{%s, 'columns': [{%s, 'described': 'text', 'enum_values': [null]}]}]}", table, column),
		psprintf("{'tables': [{%s, 'params': [{'name': 'a'}]}]}", table),
		psprintf("{'tables': [{%s, 'params': [null]}]}", table),
	};
	AcJson *json = json_of(psprintf("{'tables': [{%s, 'columns': [{%s, 'described': 'text'}]}]}", table, column));
	AcModel *model;
	AcError err;
	int i;

	ok(ac_model_from_json(json, &model, &err), "a model of little");
	ac_json_free(json);
	for (i = 0; i < (int) lengthof(texts); i++)
	{
		bool read;

		json = json_of(texts[i]);
		ac_error_clear(&err);
		read = ac_model_from_json(json, &model, &err);
		ok(!read && model == NULL && err.code == AC_ERR_MALFORMED,
		   "refused: %s", texts[i]);
		ac_json_free(json);
	}
}

int
main(void)
{
	test_everything();
	test_order();
	test_round_trip();
	test_find();
	test_malformed();
	return done_testing();
}
