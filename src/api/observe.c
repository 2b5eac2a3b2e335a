/*
 * observe.c
 *		What does a sample change in a plan?
 *
 * A sample wins over the description for what arrives (doc/inference.md S1): where
 * the rows stand, which fields there are, of which types, how pages follow.
 * Types only widen, so that what is described and what was seen both fit;
 * an empty page proves nothing and changes nothing.  Every contradiction is
 * recorded in the plan's evidence as "spec_conflict".
 */
#include "ac.h"

#include "api/envelope.h"
#include "api/names.h"
#include "api/observe.h"
#include "api/paging.h"
#include "core/pointer.h"
#include "core/rowtree.h"

/* Levels of a page that are turned into a shape: envelope, row, its objects. */
#define SAMPLE_DEPTH 8

/* Rows looked at: more tell nothing new of types (S2). */
#define MAX_ROWS 1000

/* Share of described fields that rows found elsewhere must have. */
#define SAME_ROWS 0.5

/* Observation of one table. */
typedef struct Observation
{
	AcTablePlan *plan;
	const AcSample *sample;
	AcPath *path;
	AcTreeRows tree; /* the rows with where they stand */
	AcValues rows;
	AcMembers *members; /* of the rows, by name */
	bool rebuilt;		/* the sample is all that there is to go by */
	AcJson *conflicts;	/* evidence, made when the first one is found */
} Observation;

static void
note_conflict(Observation *o, const char *what, const char *described,
			  const char *observed)
{
	AcJson *note = ac_json_new_object();

	if (o->conflicts == NULL)
	{
		o->conflicts = ac_json_new_object();
		ac_json_set(o->plan->evidence, "spec_conflict", o->conflicts);
	}
	ac_json_set_string(note, "described", described);
	ac_json_set_string(note, "observed", observed);
	ac_json_set(o->conflicts, what, note);
}

/* Rows of one page, appended to those of others. */
static void
append_rows(Observation *o, AcTreeRows *page)
{
	AcTreeRows *all = &o->tree;
	int i;

	if (page->n == 0)
	{
		ac_rowtree_free(page);
		return;
	}
	all->rows = all->rows == NULL
					? palloc((page->n) * sizeof(AcTreeRow))
					: repalloc(all->rows, (all->n + page->n) * sizeof(AcTreeRow));
	for (i = 0; i < page->n; i++)
		all->rows[all->n++] = page->rows[i];
	pfree(page->rows);
	all->page_rows += page->page_rows;
	if (page->made != NULL && all->made == NULL)
		all->made = ac_json_new_array();
	if (page->made != NULL)
		ac_json_append(all->made, page->made);
}

static void
forget_rows(Observation *o)
{
	ac_rowtree_free(&o->tree);
	memset(&o->tree, 0, sizeof(o->tree));
	o->rows.n = 0;
}

/* Reads the rows of all pages; false if the first has no place for them. */
static bool
read_rows(Observation *o, const AcRowSource *source)
{
	AcTreeRows page;
	int i;

	forget_rows(o);
	if (!ac_rowtree_read(o->sample->body, source, &page))
		return false;
	append_rows(o, &page);
	for (i = 0; i < o->sample->n_more; i++)
		if (ac_rowtree_read(o->sample->more[i], source, &page))
			append_rows(o, &page);
	o->rows.values = palloc(Max(o->tree.n, 1) * sizeof(AcJson *));
	for (i = 0; i < o->tree.n && i < MAX_ROWS; i++)
		o->rows.values[o->rows.n++] = o->tree.rows[i].row;
	return true;
}

/* Kind of the node at a pointer of the body. */
static AcJsonKind
kind_at(const Observation *o, const char *pointer)
{
	AcJson *found;

	if (pointer == NULL ||
		!ac_json_pointer(o->sample->body, pointer, &found))
		return AC_JSON_ABSENT;
	return ac_json_kind(found);
}

/* The plan says that the answer is one row. */
static bool
is_one_row(const AcTablePlan *plan)
{
	return plan->paging.style == AC_PAGER_NONE;
}

/* Arrays that are as likely to be rows: whoever asks can ask for them. */
static void
note_ties(Observation *o, const AcRows *rows, int n)
{
	AcJson *paths;
	int i;

	if (n < 2 || ac_json_has(o->plan->evidence, AC_PLAN_TIED_WITH))
		return;
	paths = ac_json_new_array();
	for (i = 1; i < n; i++)
		ac_json_append(paths, ac_json_new_string(rows[i].path));
	ac_json_set(o->plan->evidence, "tied_rows_paths", paths);
}

/* Of arrays that tie the plan's own, else the first. */
static int
choose_tie(const AcTablePlan *plan, const AcRows *rows, int n)
{
	int i;

	if (ac_json_has(plan->evidence, AC_PLAN_TIED_WITH))
		for (i = 1; i < n; i++)
			if (strcmp(rows[i].path, plan->rows_path) == 0)
				return i;
	return 0;
}

/*
 * The array that looks most like the rows, judged by the page alone.  False
 * if none has any: an empty page must not switch the choice.
 */
static bool
find_rows(Observation *o, AcRows *best)
{
	AcEnvelopeInput input = {0};
	AcValues whole;
	AcJson *body = o->sample->body;
	AcRows *rows;
	int n;

	whole.values = &body;
	whole.n = 1;
	input.response = ac_seen_shape(&whole, "", SAMPLE_DEPTH);
	input.path = o->path;
	input.sample = body;
	input.asked_size = o->sample->asked_size;
	input.paged = ac_paging_is_declared(o->plan->endpoint);
	input.from_sample = true;
	input.lines = o->sample->lines;
	input.evidence = o->plan->evidence;
	n = ac_envelope_choose(&input, &rows);
	if (n == 0)
		return false;
	note_ties(o, rows, n);
	*best = rows[choose_tie(o->plan, rows, n)];
	return true;
}

/* How many of the plan's fields do the rows have? */
static double
share_of_fields(const AcTablePlan *plan, const AcValues *rows)
{
	int fields = 0;
	int found = 0;
	int i;

	for (i = 0; i < plan->n_columns; i++)
	{
		const char *pointer = plan->columns[i].json_path;

		if (pointer == NULL || pointer[0] == '\0')
			continue;
		fields++;
		if (ac_seen_at(rows, pointer).n > 0)
			found++;
	}
	return fields == 0 ? 0 : (double) found / fields;
}

/*
 * Rows where the plan has them; *empty: the place is there.  A list that was
 * described as one thing is a list.
 */
static bool
read_planned(Observation *o, bool *empty)
{
	AcTablePlan *plan = o->plan;
	AcRowSource source = ac_tableplan_rows(plan);
	AcJsonKind kind = kind_at(o, plan->rows_path);

	*empty = false;
	if (ac_tableplan_is_open(plan) ||
		(plan->rows_form == AC_ROWS_LINES) != o->sample->lines ||
		(plan->rows_form == AC_ROWS_ARRAY && kind == AC_JSON_OBJECT &&
		 !is_one_row(plan)) ||
		!read_rows(o, &source))
		return false;
	if (plan->rows_form == AC_ROWS_ARRAY && kind == AC_JSON_ARRAY &&
		is_one_row(plan))
	{
		note_conflict(o, "rows", "one object", "an array");
		plan->paging = ac_paging_none(AC_PAGER_AUTO);
	}
	*empty = o->tree.n == 0;
	return !*empty;
}

/* Knows the plan nothing of the values that a row has? */
static bool
lacks_names(const AcTablePlan *plan)
{
	return plan->skip_reason == NULL && plan->row != NULL &&
		   plan->row->n_properties == 0 &&
		   (plan->rows_form == AC_ROWS_COLUMNS ||
			plan->row->kind == AC_SHAPE_ARRAY);
}

/*
 * Does the description say no more of a row than that it is an object?  Keys
 * that are free, but whose values have a type, are a map on purpose.
 */
static bool
lacks_fields(const AcTablePlan *plan)
{
	const AcShape *row = plan->row;

	if (row == NULL || plan->nested_path != NULL || row->n_properties > 0 ||
		(plan->rows_form != AC_ROWS_ARRAY && plan->rows_form != AC_ROWS_MAP))
		return false;
	return row->kind == AC_SHAPE_UNKNOWN || row->kind == AC_SHAPE_OBJECT ||
		   (row->kind == AC_SHAPE_MAP &&
			(row->items == NULL || row->items->kind == AC_SHAPE_UNKNOWN));
}

/* Is it a row with fields that a sample showed? */
static bool
has_fields(const AcRows *rows)
{
	return rows->row != NULL && rows->row->n_properties > 0;
}

static AcRowSource
source_of(const AcRows *rows)
{
	AcRowSource source;

	source.rows_path = rows->path;
	source.form = rows->form;
	source.columns_path = rows->columns_path;
	source.nested_path = NULL;
	return source;
}

/*
 * Stands an envelope where one row was described?  It lacks the row's fields,
 * and has a list of rows that have them.
 */
static bool
is_enveloped(Observation *o, AcRows *rows)
{
	AcRowSource planned = ac_tableplan_rows(o->plan);
	AcRowSource found;

	if (!is_one_row(o->plan) || o->plan->rows_form != AC_ROWS_ARRAY ||
		share_of_fields(o->plan, &o->rows) >= SAME_ROWS ||
		!find_rows(o, rows) || rows->one)
		return false;
	found = source_of(rows);
	if (read_rows(o, &found) && o->rows.n > 0 &&
		share_of_fields(o->plan, &o->rows) >= SAME_ROWS)
		return true;
	(void) read_rows(o, &planned);
	return false;
}

/*
 * Finds the sample's rows, where the description was silent or wrong as well.
 * Returns false if the sample has nothing to say of rows.
 */
static bool
locate_rows(Observation *o)
{
	AcTablePlan *plan = o->plan;
	bool open = ac_tableplan_is_open(plan);
	bool nameless = lacks_names(plan);
	bool fieldless = lacks_fields(plan);
	AcRowSource source;
	AcRows rows;
	bool empty;

	if (read_planned(o, &empty) && !nameless && !fieldless &&
		(plan->nested_path != NULL || !is_enveloped(o, &rows)))
		return true;
	if (empty || plan->nested_path != NULL)
		return false;
	if (!find_rows(o, &rows) || (rows.one && !open && !fieldless))
		return o->rows.n > 0;
	if ((nameless && rows.form != AC_ROWS_COLUMNS) ||
		(fieldless && !has_fields(&rows)))
		return o->rows.n > 0;
	source = source_of(&rows);
	if (!read_rows(o, &source) || o->rows.n == 0)
		return false;
	if (!open && strcmp(plan->rows_path, rows.path) != 0)
		note_conflict(o, "rows_path", plan->rows_path, rows.path);
	plan->rows_path = rows.path;
	plan->rows_form = rows.form;
	plan->columns_path = rows.columns_path;
	if (open || nameless || fieldless ||
		share_of_fields(plan, &o->rows) < SAME_ROWS)
	{
		o->rebuilt = true;
		ac_plan_rebuild(plan, o->path, &rows, &o->sample->options);
	}
	else if (is_one_row(plan))
		plan->paging = ac_paging_none(AC_PAGER_AUTO);
	return true;
}

/* The values at a pointer of each parent. */
static AcValues
parents_at(const Observation *o, const char *pointer)
{
	AcValues parents;
	int i;

	parents.values = palloc(Max(o->tree.n, 1) * sizeof(AcJson *));
	parents.n = 0;
	for (i = 0; i < o->rows.n; i++)
		if (o->tree.rows[i].parent != NULL)
			parents.values[parents.n++] = o->tree.rows[i].parent;
	return ac_seen_at(&parents, pointer);
}

static void
observe_column(Observation *o, AcColumnPlan *column)
{
	const AcProperty *property;
	const char *described = column->type;
	AcObserved field;
	AcValues values;

	if (column->json_path == NULL || strcmp(column->name, "_raw") == 0 ||
		ac_tableplan_is_place(column))
		return;
	values = column->of_parent ? parents_at(o, column->json_path)
							   : ac_members_at(o->members, column->json_path);
	property = column->of_parent
				   ? NULL
				   : ac_shape_at(o->plan->row, column->json_path);
	field.shape = property != NULL ? property->shape : NULL;
	if (column->json_path[0] == '\0')
		field.shape = o->plan->row;
	field.name = property != NULL ? property->name : "";
	field.values = &values;
	if (ac_observe_column(&field, column) && !o->rebuilt)
		note_conflict(o, column->name, described, column->type);
}

/* Is there a column for the field or for a part of it, or must there be none? */
static bool
is_covered(const AcTablePlan *plan, const char *pointer)
{
	const AcProperty *property = ac_shape_at(plan->row, pointer);
	int i;

	if (property != NULL && property->write_only)
		return true;
	for (i = 0; i < plan->n_columns; i++)
	{
		const char *path = plan->columns[i].json_path;

		if (path != NULL && !plan->columns[i].of_parent &&
			!ac_tableplan_is_place(&plan->columns[i]) &&
			((path[0] == '\0' && strcmp(plan->columns[i].name, "_raw") != 0) ||
			 ac_pointer_is_below(pointer, path)))
			return true;
	}
	return false;
}

static bool
name_is_taken(const AcColumnPlan *columns, int n, const char *name)
{
	int i;

	for (i = 0; i < n; i++)
		if (strcmp(columns[i].name, name) == 0)
			return true;
	return false;
}

/* Columns that stand already keep their names; new ones give way. */
static void
append_columns(AcTablePlan *plan, AcColumnList *added)
{
	AcColumnPlan *columns;
	int n = plan->n_columns;
	int i;

	if (n + added->n > AC_PLAN_MAX_COLUMNS)
		added->n = Max(AC_PLAN_MAX_COLUMNS - n, 0);
	columns = palloc((n + added->n + 1) * sizeof(AcColumnPlan));
	if (n > 0)
		memcpy(columns, plan->columns, n * sizeof(AcColumnPlan));
	for (i = 0; i < added->n; i++)
	{
		AcColumnPlan column = added->columns[i];
		const char *salt = column.json_path;

		while (name_is_taken(columns, n, column.name))
		{
			column.name = ac_names_salted(added->columns[i].name, salt);
			salt = psprintf("%s#", salt);
		}
		columns[n++] = column;
	}
	plan->columns = columns;
	plan->n_columns = n;
}

/* Columns for the members of some values that the description does not know. */
static void
collect_unknown(Observation *o, const AcValues *values, const char *above,
				AcColumnList *added)
{
	AcJson *noted = ac_json_get(o->plan->evidence, "undescribed_fields");
	const char **fields;
	int n = ac_seen_names(values, &fields);
	int i;

	for (i = 0; i < n; i++)
	{
		char *pointer = ac_pointer_child(above, fields[i]);
		AcProperty property = {0};
		AcValues seen;

		if (is_covered(o->plan, pointer))
			continue;
		seen = ac_members_at(o->members, pointer);
		property.name = fields[i];
		property.pointer = pointer;
		property.shape = ac_seen_shape(&seen, fields[i], 3);
		ac_columns_from_property(added, &property, &o->sample->options);
		if (noted == NULL)
		{
			noted = ac_json_new_array();
			ac_json_set(o->plan->evidence, "undescribed_fields", noted);
		}
		ac_json_append(noted, ac_json_new_string(fields[i]));
	}
	pfree(fields);
}

/* Fields that the description does not know, of the row and of its wrapper. */
static void
add_unknown_fields(Observation *o)
{
	const AcShape *row = o->plan->row;
	AcColumnList added = {0};
	AcValues inner;
	int i;

	collect_unknown(o, &o->rows, "", &added);
	if (row != NULL && row->inner != NULL)
	{
		inner = ac_seen_at(&o->rows, row->inner);
		collect_unknown(o, &inner, row->inner, &added);
	}
	for (i = 0; i < added.n; i++)
		added.columns[i].confidence = 0.7;
	if (added.n > 0)
		append_columns(o->plan, &added);
}

void
ac_tableplan_observe(AcTablePlan *plan, const AcSample *sample)
{
	Observation o = {0};
	bool left_out = plan->skip_reason != NULL;

	Assert(plan->evidence != NULL && plan->endpoint != NULL);
	/* only what a sample can help: no action, no foreign base URL, ... */
	if (left_out && strcmp(plan->skip_reason, AC_PLAN_UNDESCRIBED) != 0)
		return;
	o.plan = plan;
	o.sample = sample;
	o.path = ac_path_parse(plan->path);
	if (locate_rows(&o))
	{
		int i;

		o.members = ac_members_of(&o.rows, AC_MEMBERS_MAX);
		for (i = 0; i < plan->n_columns; i++)
			observe_column(&o, &plan->columns[i]);
		add_unknown_fields(&o);
		ac_observe_types(plan, o.members, o.rows.n);
		ac_observe_union(plan, &o.rows);
		ac_members_free(o.members);
		ac_json_set(plan->evidence, "sampled_rows",
					ac_json_new_int(o.rows.n));
		if (left_out)
		{
			plan->skip_reason = NULL;
			plan->name = plan->reserved_name;
		}
	}
	if (plan->skip_reason == NULL && !ac_tableplan_is_open(plan))
		ac_observe_paging(plan, sample);
	forget_rows(&o);
}
