/*
 * relations_find.c
 *		Which columns refer to another table, and to which?
 *
 * For each column the schema, the name, the links and at last the values are
 * asked in that order; samples weigh every candidate, and the best that they
 * leave becomes the edge.
 */
#include "ac.h"

#include "api/names.h"
#include "api/relations_int.h"
#include "api/types.h"

/* A schema that is the parent's own component; links to its items. */
#define STRENGTH_SCHEMA 0.92
#define STRENGTH_LINK 0.85

/* All columns of a composite key by their names. */
#define STRENGTH_COMPOSITE 0.7

/* The key of a parent's row is unique only below that row's own parent. */
#define LOCAL_KEY_COSTS 0.1

/* Names of columns that hold a row's own URL. */
static const char *const own_links[] = {
	"url", "self", "href", "uri", "link", "selflink", "htmlurl", "apiurl",
	NULL};

/* Nouns that as a column are more often a number, a state or a sort. */
static const char *const plain_words[] = {
	"order", "level", "rank", "version", "type", "status", "state", "number",
	"position", "index", "value", "name", "title", "label", "event", "action",
	"source", "method", "reason", "result", "unit", "role", "secret", "template", "message",
	"content", "code", NULL};

/* Suffixes of links, whose values alone say where they lead. */
static const char *const link_suffixes[] = {"url", "uri", "href", "link", NULL};

/*
 * Tables with keys of several columns: real APIs have a few of them, and each
 * costs a look at a list of all.
 */
#define MAX_COMPOSITES 200

/*
 * Steps of the search in all, each a comparison of two names or values; the
 * largest real description needs a tenth.  An API of thousands of tables that
 * all look alike has no more edges than were found by then.
 */
#define MAX_STEPS INT64CONST(50000000)

/* Steps between two questions whether to stop: some milliseconds. */
#define STEPS_BETWEEN 65536

/* Bytes of a field's name that may mean a table; longer ones are text. */
#define MAX_FIELD 200

typedef struct Find
{
	const AcRelationInput *input;
	const AcNouns *nouns;
	AcNouns components; /* names of the rows' schemas */
	int *composites;	/* tables whose key is several of their columns */
	int n_composites;
	AcRelationList list;
	int child;					  /* the table at hand */
	int column;					  /* its column at hand */
	const char *field;			  /* what the API calls it, or a part of it */
	const AcColumnSample *values; /* its values, NULL if none were seen */
	const char *part;			  /* pointer of the part, NULL for the whole */
	AcRelation best;
	int first_of_child; /* edges before it have other children */
	int64 steps;
	int64 asked; /* steps when the caller was last asked whether to stop */
	bool stopped;
} Find;

/* Counts steps that are to be made; false if the search is over. */
static bool
may_step(Find *f, int64 steps)
{
	f->steps += steps;
	if (f->steps > MAX_STEPS)
		f->stopped = true;
	if (!f->stopped && (f->asked == 0 || f->steps - f->asked >= STEPS_BETWEEN))
	{
		f->asked = f->steps;
		f->stopped = f->input->interrupted != NULL &&
					 f->input->interrupted(NULL);
	}
	return !f->stopped;
}

static const AcTablePlan *
plan_at(const Find *f, int table)
{
	return &f->input->plans->tables[table];
}

static const AcTableSample *
sample_at(const Find *f, int table)
{
	return f->input->samples != NULL ? f->input->samples[table] : NULL;
}

static const AcColumnSample *
column_sample(const Find *f, int table, const AcColumnPlan *column)
{
	const AcTableSample *sample = sample_at(f, table);

	if (sample == NULL || column == NULL)
		return NULL;
	return &sample->columns[column - plan_at(f, table)->columns];
}

static const AcColumnPlan *
own_column(const Find *f)
{
	return &plan_at(f, f->child)->columns[f->column];
}

/* The described property that a column of the row itself shows, or NULL. */
static const AcProperty *
property_of(const AcTablePlan *plan, const AcColumnPlan *column)
{
	if (plan->row == NULL || ac_keys_field(plan, column) == NULL)
		return NULL;
	return ac_shape_at(plan->row, column->json_path);
}

/* ---- do the types go together? ---- */

typedef enum KeyClass
{
	CLASS_NONE,
	CLASS_INTEGER,
	CLASS_TEXT,
	CLASS_UUID,
	CLASS_OBJECT
} KeyClass;

static KeyClass
class_of(const AcColumnPlan *column)
{
	char *element = ac_types_element(column->type);
	const char *type = element != NULL ? element : column->type;

	if (column->decode != NULL && strcmp(column->decode, "id_of") != 0)
		return CLASS_NONE;
	if (strcmp(type, "jsonb") == 0)
		return CLASS_OBJECT;
	if (strcmp(type, "uuid") == 0)
		return CLASS_UUID;
	if (strcmp(type, "text") == 0)
		return CLASS_TEXT;
	return ac_types_is_number(type) && strcmp(type, "float8") != 0
			   ? CLASS_INTEGER
			   : CLASS_NONE;
}

/* The member of an embedded object that is the parent's key, or NULL. */
static const char *
embedded_member(const Find *f, const AcColumnPlan *key)
{
	const AcColumnSample *values = f->values;
	const AcProperty *property;
	const char *field = ac_relations_field(key);

	if (values != NULL && values->n > 0)
		return values->inner != NULL && ac_names_equal(values->inner, field)
				   ? values->inner
				   : NULL;
	property = property_of(plan_at(f, f->child), own_column(f));
	if (property == NULL || property->shape->kind == AC_SHAPE_ARRAY ||
		ac_shape_property(property->shape, field) == NULL)
		return NULL;
	return field;
}

/*
 * May values of the column stand in the key?  Sets the relation's pointer
 * where they are members of objects.
 */
static bool
types_agree(const Find *f, const AcColumnPlan *key, AcRelation *relation)
{
	const AcColumnPlan *column = own_column(f);
	KeyClass child = class_of(column);
	KeyClass parent = class_of(key);
	const AcColumnSample *values = f->values;
	const char *member;

	if (f->part != NULL)
	{
		relation->list = values->list;
		relation->pointer = f->part;
		return values->n > 0;
	}
	relation->list = ac_types_element(column->type) != NULL ||
					 (values != NULL && values->list);
	if (child == CLASS_OBJECT)
	{
		/* lists of scalars may be jsonb, too */
		if (values != NULL && values->list && values->inner == NULL)
			return values->n > 0;
		member = embedded_member(f, key);
		if (member == NULL)
			return false;
		relation->pointer = psprintf("/%s", member);
		return true;
	}
	if (child == CLASS_NONE || parent == CLASS_NONE || parent == CLASS_OBJECT)
		return false;
	/* where values were seen, they decide */
	if (values != NULL && values->n > 0)
		return true;
	return child == parent ||
		   (child == CLASS_TEXT && parent == CLASS_UUID) ||
		   (child == CLASS_UUID && parent == CLASS_TEXT);
}

/* ---- candidates ---- */

/* Adds the columns by which the parent's rows are told apart below theirs. */
static bool
add_parent_columns(const Find *f, AcRelation *relation)
{
	const AcTablePlan *parent = relation->parent;

	for (int i = 0; i < parent->n_columns; i++)
	{
		const AcColumnPlan *theirs = &parent->columns[i];
		bool found = false;

		if (theirs->filter != AC_FILTER_PATH || !theirs->key)
			continue;
		for (int k = 0; k < relation->child->n_columns && !found; k++)
		{
			const AcColumnPlan *ours = &relation->child->columns[k];

			if (k == f->column || strcmp(ours->name, theirs->name) != 0)
				continue;
			found = relation->n_columns < AC_KEYS_MAX - 1;
			if (found)
			{
				relation->child_columns[relation->n_columns] = ours;
				relation->parent_columns[relation->n_columns++] = theirs;
			}
		}
		if (!found)
			return false;
	}
	return true;
}

static AcRelation
relation_to(const Find *f, int table, AcRelationHow how, double confidence)
{
	AcRelation relation = {0};

	relation.child = plan_at(f, f->child);
	relation.parent = plan_at(f, table);
	relation.how = how;
	relation.confidence = confidence;
	relation.coverage = -1;
	return relation;
}

/* Ends with the pair of columns at hand, after those of a composite key. */
static void
set_columns(const Find *f, AcRelation *relation, const AcColumnPlan *key)
{
	if (!add_parent_columns(f, relation))
	{
		relation->n_columns = 0;
		relation->confidence -= LOCAL_KEY_COSTS;
	}
	relation->child_columns[relation->n_columns] = own_column(f);
	relation->parent_columns[relation->n_columns++] = key;
}

/* Lets samples weigh the candidate, and keeps it if it is the best by now. */
static void
consider(Find *f, AcRelation *relation, const AcColumnSample *child)
{
	int table = relation->parent - f->input->plans->tables;
	const AcColumnPlan *key = relation->parent_columns[relation->n_columns - 1];
	const AcTableSample *sample = sample_at(f, table);
	AcRelationValues values = {0};

	values.child = child;
	values.parent = column_sample(f, table, key);
	values.parent_complete = sample != NULL && sample->complete;
	values.can_probe = relation->parent->item_proved &&
					   strchr(relation->parent->path, '{') == NULL;
	if (!may_step(f, 1 + (child != NULL ? child->n : 0) +
						 (values.parent != NULL ? values.parent->n : 0)))
		return;
	if (ac_relations_weigh(relation, &values) &&
		relation->confidence >= AC_RELATION_CONFIDENCE &&
		relation->confidence > f->best.confidence)
		f->best = *relation;
}

static int
compare_components(const void *a, const void *b)
{
	const AcNoun *x = a;
	const AcNoun *y = b;
	int order = strcmp(x->noun, y->noun);

	return order != 0 ? order : x->table - y->table;
}

/*
 * Several tables may have rows of one component: the one that is called like
 * it, and needs no values of others, is the one that is meant.
 */
static double
doubt_of(const AcTablePlan *plan, const char *component)
{
	char *noun = ac_keys_entity(plan->path);
	double doubt = noun != NULL && ac_names_equal(noun, component) ? 0 : 0.02;

	for (const char *s = plan->path; *s != '\0'; s++)
		doubt += *s == '{' ? 0.08 : *s == '/' ? 0.001
											  : 0;
	if (noun != NULL)
		pfree(noun);
	return Min(doubt, 0.4);
}

static void
list_components(Find *f)
{
	const AcTablePlans *plans = f->input->plans;
	AcNouns *list = &f->components;

	list->items = palloc_extended(sizeof(AcNoun) * (plans->n_tables + 1),
								  MCXT_ALLOC_HUGE);
	for (int i = 0; i < plans->n_tables; i++)
	{
		const AcTablePlan *plan = &plans->tables[i];

		if (plan->skip_reason != NULL || plan->row == NULL ||
			plan->row->name == NULL)
			continue;
		list->items[list->n].noun = plan->row->name;
		list->items[list->n].doubt = doubt_of(plan, plan->row->name);
		list->items[list->n++].table = i;
	}
	qsort(list->items, list->n, sizeof(AcNoun), compare_components);
}

static void
list_composites(Find *f)
{
	const AcTablePlans *plans = f->input->plans;

	f->composites = palloc_extended(sizeof(int) * (plans->n_tables + 1),
									MCXT_ALLOC_HUGE);
	for (int i = 0; i < plans->n_tables; i++)
	{
		const AcTablePlan *plan = &plans->tables[i];
		int parts = 0;
		bool own = plan->skip_reason == NULL;

		for (int k = 0; k < plan->n_columns && own; k++)
		{
			const AcColumnPlan *column = &plan->columns[k];

			if (!column->key)
				continue;
			own = column->json_path != NULL && !column->of_parent &&
				  column->filter != AC_FILTER_PATH;
			parts++;
		}
		if (own && parts > 1 && parts <= AC_KEYS_MAX &&
			f->n_composites < MAX_COMPOSITES)
			f->composites[f->n_composites++] = i;
	}
}

/* The field's schema is the component that a table's rows have. */
static void
by_schema(Find *f)
{
	const AcNouns *list = &f->components;
	const AcProperty *property = property_of(plan_at(f, f->child), own_column(f));
	const char *name;

	if (f->part != NULL || property == NULL || property->shape->name == NULL ||
		property->shape->kind == AC_SHAPE_ARRAY)
		return;
	name = property->shape->name;
	for (int i = ac_relations_noun_from(list, name);
		 i < list->n && strcmp(list->items[i].noun, name) == 0; i++)
	{
		int table = list->items[i].table;
		const AcColumnPlan *key = ac_relations_key(plan_at(f, table));
		AcRelation relation = relation_to(f, table, AC_RELATION_SCHEMA,
										  STRENGTH_SCHEMA - list->items[i].doubt);

		if (!may_step(f, 1))
			return;
		if (key == NULL || !types_agree(f, key, &relation))
			continue;
		set_columns(f, &relation, key);
		consider(f, &relation, f->values);
	}
}

/* A noun alone that is likely something else: a number, a count, a sort. */
static bool
is_plain_word(const Find *f, const AcRelation *relation)
{
	const AcColumnPlan *column = own_column(f);
	char *name = ac_names_snake(f->field);

	if (relation->list || relation->pointer != NULL)
		return false;
	if (ac_names_in(f->field, plain_words))
		return true;
	/* "orders": 12 counts them */
	return class_of(column) == CLASS_INTEGER &&
		   strcmp(ac_names_singular(name), name) != 0;
}

/* "business_type" is a word for something else unless values say otherwise. */
static bool
is_mere_role(const Find *f, const AcRelation *relation)
{
	return relation->how == AC_RELATION_ROLE && relation->pointer == NULL &&
		   (f->values == NULL || f->values->n == 0);
}

/*
 * The parent's column that the suffix names: its key, which may have the very
 * name of the child's, or another column that tells rows apart and is called
 * so ("product_sku" means products.sku).
 */
static const AcColumnPlan *
column_meant(const Find *f, const AcMeaning *meaning)
{
	const AcTablePlan *parent = plan_at(f, meaning->table);
	const AcColumnPlan *key = ac_relations_key(parent);

	if (!ac_relations_is_code(meaning->suffix) ||
		(key != NULL &&
		 (ac_names_equal(ac_relations_field(key), meaning->suffix) ||
		  ac_names_equal(ac_relations_field(key), f->field))))
		return key;
	for (int i = 0; i < parent->n_columns; i++)
	{
		const AcColumnPlan *column = &parent->columns[i];

		if (column->json_path != NULL && class_of(column) != CLASS_NONE &&
			ac_names_equal(ac_relations_field(column), meaning->suffix) &&
			(sample_at(f, meaning->table) == NULL ||
			 ac_samples_is_unique(sample_at(f, meaning->table), i)))
			return column;
	}
	return NULL;
}

static void
by_name(Find *f)
{
	AcMeaning meanings[AC_RELATION_MEANINGS];
	const AcColumnPlan *column = own_column(f);
	int n;

	if (strlen(f->field) > MAX_FIELD)
		return;
	n = ac_relations_meanings(f->input->plans, f->nouns, f->child, f->field,
							  meanings);

	for (int i = 0; i < n; i++)
	{
		const AcTablePlan *parent = plan_at(f, meanings[i].table);
		const AcColumnPlan *key = column_meant(f, &meanings[i]);
		AcRelation relation = relation_to(f, meanings[i].table, meanings[i].how,
										  meanings[i].strength);

		if (!may_step(f, ac_relations_is_code(meanings[i].suffix) ? parent->n_columns : 1))
			return;

		/* a table's own key does not refer to the table */
		if (key == NULL || key == column || !types_agree(f, key, &relation))
			continue;
		if (meanings[i].suffix[0] == '\0' &&
			(is_plain_word(f, &relation) || is_mere_role(f, &relation)))
			continue;
		/* "events_url" leads to a collection, whatever events are */
		if (ac_names_in(meanings[i].suffix, link_suffixes) &&
			(f->values == NULL || f->values->n == 0))
			continue;
		set_columns(f, &relation, key);
		consider(f, &relation, f->values);
	}
}

/* Where in the column the values at hand stand. */
static void
set_place(const Find *f, AcRelation *relation)
{
	relation->list = f->values->list;
	relation->pointer = f->part;
	if (f->part == NULL && f->values->inner != NULL)
		relation->pointer = psprintf("/%s", f->values->inner);
}

/* The values as keys, where all of them are links to the parent's items. */
static AcColumnSample *
keys_of_links(const Find *f, const AcColumnSample *values,
			  const AcTablePlan *parent)
{
	AcColumnSample *keys = palloc0(sizeof(AcColumnSample));

	keys->values = palloc(sizeof(char *) * Max(values->n, 1));
	keys->integers = true;
	for (int i = 0; i < values->n; i++)
	{
		char *id = ac_relations_id_of_link(values->values[i], parent->item_path,
										   f->input->base_path);

		if (id == NULL)
			return NULL;
		keys->integers = keys->integers && strspn(id, "0123456789") == strlen(id) &&
						 strlen(id) < 18;
		keys->values[keys->n++] = id;
		keys->n_values++;
	}
	return keys;
}

static void
by_link(Find *f)
{
	const AcColumnSample *values = f->values;

	if (values == NULL || values->n == 0 || values->integers ||
		strchr(values->values[0], '/') == NULL)
		return;
	for (int i = 0; i < f->input->plans->n_tables; i++)
	{
		const AcTablePlan *parent = plan_at(f, i);
		const AcColumnPlan *key;
		AcColumnSample *keys;
		AcRelation relation;

		if (!may_step(f, 2))
			return;
		if (parent->skip_reason != NULL || parent->item_path == NULL ||
			(i == f->child && ac_names_in(f->field, own_links)))
			continue;
		key = ac_relations_key(parent);
		keys = key == NULL ? NULL : keys_of_links(f, values, parent);
		if (keys == NULL)
			continue;
		relation = relation_to(f, i, AC_RELATION_LINK, STRENGTH_LINK);
		set_place(f, &relation);
		set_columns(f, &relation, key);
		consider(f, &relation, keys);
	}
}

/*
 * Columns of a table that others may refer to by their values alone: its key,
 * or else its rows' own URLs.
 */
static bool
is_referable(const Find *f, int table, int column, bool keys)
{
	const AcColumnPlan *plan = &plan_at(f, table)->columns[column];

	if (!ac_samples_is_unique(sample_at(f, table), column))
		return false;
	return keys ? plan->key : ac_names_in(ac_relations_field(plan), own_links);
}

static void
by_values(Find *f, bool keys)
{
	const AcColumnPlan *column = own_column(f);
	const AcColumnSample *values = f->values;

	if (values == NULL || !ac_relations_distinctive(values) ||
		(f->part == NULL && (is_referable(f, f->child, f->column, true) ||
							 is_referable(f, f->child, f->column, false))))
		return;
	for (int i = 0; i < f->input->plans->n_tables; i++)
	{
		const AcTablePlan *parent = plan_at(f, i);

		if (parent->skip_reason != NULL || sample_at(f, i) == NULL)
			continue;
		for (int k = 0; k < parent->n_columns; k++)
		{
			AcRelation relation = relation_to(f, i, AC_RELATION_VALUES, 0);

			if (!may_step(f, 2))
				return;
			if (&parent->columns[k] == column || !is_referable(f, i, k, keys))
				continue;
			set_place(f, &relation);
			relation.child_columns[0] = column;
			relation.parent_columns[0] = &parent->columns[k];
			relation.n_columns = 1;
			consider(f, &relation, values);
		}
	}
}

/* ---- the search ---- */

/* Is the edge told by a path already? */
static bool
is_known(const Find *f, const AcRelation *relation)
{
	int last = relation->n_columns - 1;

	for (int i = f->first_of_child; i < f->list.n; i++)
	{
		const AcRelation *other = &f->list.items[i];

		if (other->parent == relation->parent && relation->pointer == NULL &&
			other->child_columns[other->n_columns - 1] ==
				relation->child_columns[last])
			return true;
	}
	return false;
}

/* The object beside an expandable field's id (types.h): one edge is enough. */
static bool
is_beside_id(const AcTablePlan *plan, const AcColumnPlan *column)
{
	if (strcmp(column->type, "jsonb") != 0)
		return false;
	for (int i = 0; i < plan->n_columns; i++)
		if (&plan->columns[i] != column && plan->columns[i].decode != NULL &&
			strcmp(plan->columns[i].decode, "id_of") == 0 &&
			strcmp(plan->columns[i].json_path, column->json_path) == 0)
			return true;
	return false;
}

static bool
may_refer(const AcTablePlan *plan, const AcColumnPlan *column)
{
	if (column->json_path == NULL || is_beside_id(plan, column))
		return false;
	return column->json_path[0] == '/' && !column->of_parent &&
		   strcmp(column->name, "_raw") != 0 &&
		   class_of(column) != CLASS_NONE;
}

/* The edge of what is at hand, a column or a part of one. */
static void
find_edge(Find *f)
{
	memset(&f->best, 0, sizeof(f->best));
	if (!may_step(f, 1))
		return;
	by_schema(f);
	by_name(f);
	/* where the rows' own URLs are the keys, they can be joined as they are */
	if (f->best.child == NULL)
		by_values(f, true);
	if (f->best.child == NULL)
		by_link(f);
	if (f->best.child == NULL)
		by_values(f, false);
	if (f->best.child != NULL && !is_known(f, &f->best))
		ac_relations_append(&f->list, &f->best);
}

static void
find_of_column(Find *f)
{
	f->field = ac_relations_field(own_column(f));
	f->values = column_sample(f, f->child, own_column(f));
	f->part = NULL;
	find_edge(f);
}

static void
find_of_parts(Find *f)
{
	const AcTableSample *sample = sample_at(f, f->child);

	for (int i = 0; sample != NULL && i < sample->n_parts; i++)
	{
		f->column = sample->parts[i].column;
		f->field = sample->parts[i].name;
		f->values = &sample->parts[i].values;
		f->part = sample->parts[i].pointer;
		if (f->part != NULL)
			find_edge(f);
	}
}

/*
 * A table whose key is several of its own columns: another that has columns
 * of all these names refers to it, where their values are among its own.
 */
static void
find_composite(Find *f, int table)
{
	const AcTablePlan *child = plan_at(f, f->child);
	const AcTablePlan *parent = plan_at(f, table);
	AcRelation relation = relation_to(f, table, AC_RELATION_NAME, STRENGTH_COMPOSITE);

	if (table == f->child || !may_step(f, parent->n_columns))
		return;
	for (int i = 0; i < parent->n_columns; i++)
	{
		const AcColumnPlan *theirs = &parent->columns[i];
		const AcColumnPlan *ours = NULL;
		AcRelationValues values = {0};

		if (!theirs->key)
			continue;
		if (!may_step(f, child->n_columns))
			return;
		for (int k = 0; k < child->n_columns && ours == NULL; k++)
			if (child->columns[k].json_path != NULL &&
				strcmp(child->columns[k].name, theirs->name) == 0)
				ours = &child->columns[k];
		if (ours == NULL)
			return;
		relation.child_columns[relation.n_columns] = ours;
		relation.parent_columns[relation.n_columns++] = theirs;
		values.child = column_sample(f, f->child, ours);
		values.parent = column_sample(f, table, theirs);
		values.parent_complete = true;
		if (!ac_relations_weigh(&relation, &values))
			return;
	}
	if (relation.n_columns > 1)
		ac_relations_append(&f->list, &relation);
}

int
ac_relations_find(const AcRelationInput *input, AcRelation **relations)
{
	Find f = {.input = input};
	AcPathIndex index;

	ac_relations_index(input->plans, &index);
	f.nouns = ac_relations_nouns(input->plans);
	list_components(&f);
	list_composites(&f);
	for (f.child = 0; f.child < input->plans->n_tables && !f.stopped; f.child++)
	{
		const AcTablePlan *plan = plan_at(&f, f.child);

		if (plan->skip_reason != NULL || plan->name == NULL ||
			ac_tableplan_is_open(plan))
			continue;
		f.first_of_child = f.list.n;
		ac_relations_of_path(input->plans, &index, plan, &f.list);
		for (f.column = 0; f.column < plan->n_columns && !f.stopped; f.column++)
			if (may_step(&f, strcmp(plan->columns[f.column].type, "jsonb") == 0 ? plan->n_columns / 8 : 0) &&
				may_refer(plan, &plan->columns[f.column]))
				find_of_column(&f);
		find_of_parts(&f);
		for (int i = 0; i < f.n_composites; i++)
			find_composite(&f, f.composites[i]);
	}
	*relations = f.list.items;
	return f.list.n;
}
