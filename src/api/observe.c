/*
 * observe.c
 *		What does a sample change in a plan?
 *
 * A sample wins over the description for what arrives (INFERENCE S1): where
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

/* Levels of a page that are turned into a shape: envelope, row, its objects. */
#define SAMPLE_DEPTH 8

/* Share of described fields that rows found elsewhere must have. */
#define SAME_ROWS 0.5

static AcTypeChoice
widened(const char *type, const char *decode)
{
	AcTypeChoice choice;

	choice.type = type;
	choice.decode = decode;
	choice.confidence = 0.9;
	return choice;
}

/* The narrowest type for scalars that do not fit what was planned. */
static AcTypeChoice
widen_scalars(const AcSeen *seen, bool was_text)
{
	if (seen->bools == seen->n && !was_text)
		return widened("boolean", NULL);
	if (seen->integers == seen->n && !was_text)
		return widened(seen->beyond_int8 ? "numeric" : "bigint", NULL);
	if (seen->integers + seen->numbers == seen->n && !was_text)
		return widened("numeric", NULL);
	return widened("text", NULL);
}

static AcTypeChoice
widen_integer(const char *type, AcShapeKind described, const AcSeen *seen)
{
	bool string_ok = described == AC_SHAPE_STRING &&
					 seen->strings == seen->n &&
					 (seen->look & AC_LOOK_INTEGER);

	if (string_ok)
		return widened(type, NULL);
	if (seen->integers + seen->numbers < seen->n)
		return widened("text", NULL);
	if (seen->numbers > 0 || seen->beyond_int8)
		return widened("numeric", NULL);
	if ((seen->beyond_int4 && strcmp(type, "bigint") != 0) ||
		(seen->beyond_int2 && strcmp(type, "smallint") == 0))
		return widened("bigint", NULL);
	return widened(type, NULL);
}

static AcTypeChoice
widen_number(const char *type, AcShapeKind described, const AcSeen *seen)
{
	if (seen->integers + seen->numbers == seen->n)
		return widened(type, NULL);
	if (described == AC_SHAPE_STRING && seen->strings == seen->n &&
		(seen->look & AC_LOOK_NUMBER))
		return widened(type, NULL);
	return widened("text", NULL);
}

/* Numbers since 1970, planned in the unit of decode. */
static AcTypeChoice
widen_epoch(const char *decode, const AcSeen *seen)
{
	if (seen->integers + seen->numbers == seen->n)
		return widened("timestamptz",
					   strcmp(decode, "epoch_s") == 0 && seen->only_ms
						   ? "epoch_ms"
						   : decode);
	if (seen->strings == seen->n && (seen->look & AC_LOOK_NUMBER))
		return widened("timestamptz", decode);
	if (seen->strings == seen->n && (seen->look & AC_LOOK_TIMESTAMPTZ))
		return widened("timestamptz", NULL);
	return widened("text", NULL);
}

/* Strings of a form: what they were planned for, or another they all have. */
static AcTypeChoice
widen_formed(const char *type, const char *decode, const AcSeen *seen)
{
	static const struct
	{
		int look;
		const char *type;
	} others[] = {
		{AC_LOOK_TIMESTAMPTZ, "timestamptz"},
		{AC_LOOK_TIMESTAMP, "timestamp"},
		{AC_LOOK_DATE, "date"},
		{AC_LOOK_TIMETZ, "timetz"},
		{AC_LOOK_TIME, "time"},
		{AC_LOOK_INET, "inet"},
	};
	int needs = ac_types_needs(type, decode);
	int i;

	if (seen->strings < seen->n)
		return widen_scalars(seen, false);
	if (seen->n_looked == 0 || (seen->look & needs) != 0)
		return widened(type, decode);
	/* a described moment that comes in another form of a moment */
	for (i = 0; i < (int) lengthof(others); i++)
		if ((seen->look & others[i].look) != 0 &&
			(needs & (AC_LOOK_TIMESTAMPTZ | AC_LOOK_TIMESTAMP | AC_LOOK_DATE |
					  AC_LOOK_TIME | AC_LOOK_TIMETZ | AC_LOOK_CIDR |
					  AC_LOOK_RFC2822)) != 0)
			return widened(others[i].type, NULL);
	return widened("text", NULL);
}

static AcTypeChoice
widen_array(const char *type, const AcValues *values, const AcSeen *seen)
{
	char *element = ac_types_element(type);
	AcValues elements;
	AcTypeChoice choice;

	if (seen->arrays < seen->n)
		return seen->arrays == 0 && seen->objects == 0
				   ? widen_scalars(seen, false)
				   : widened("jsonb", NULL);
	elements = ac_seen_elements(values);
	choice = ac_observe_widen(element, NULL,
							  strcmp(element, "text") == 0 ? AC_SHAPE_STRING
														   : AC_SHAPE_UNKNOWN,
							  &elements);
	if (strcmp(choice.type, "jsonb") == 0 || choice.decode != NULL)
		return widened("jsonb", NULL);
	return widened(psprintf("%s[]", choice.type), NULL);
}

AcTypeChoice
ac_observe_widen(const char *type, const char *decode, AcShapeKind described,
				 const AcValues *values)
{
	AcSeen seen = ac_seen_count(values);

	if (seen.n == 0 || strcmp(type, "jsonb") == 0)
		return widened(type, decode);
	if (ac_types_element(type) != NULL)
		return widen_array(type, values, &seen);
	if (decode != NULL && strcmp(decode, "id_of") == 0)
		return seen.arrays > 0 ? widened("jsonb", NULL)
							   : widened(seen.strings > 0 ? "text" : type,
										 decode);
	if (seen.objects + seen.arrays > 0)
		return widened("jsonb", NULL);
	if (strcmp(type, "text") == 0)
		return widened(type, decode);
	if (decode != NULL && strncmp(decode, "epoch_", 6) == 0)
		return widen_epoch(decode, &seen);
	if (strcmp(type, "boolean") == 0)
		return seen.bools == seen.n ||
					   (seen.strings == seen.n &&
						(seen.look & AC_LOOK_BOOLEAN))
				   ? widened(type, NULL)
				   : widen_scalars(&seen, false);
	if (strcmp(type, "numeric") == 0 || strcmp(type, "float8") == 0)
		return widen_number(type, described, &seen);
	if (ac_types_is_number(type))
		return widen_integer(type, described, &seen);
	return widen_formed(type, decode, &seen);
}

/* Observation of one table. */
typedef struct Observation
{
	AcTablePlan *plan;
	const AcSample *sample;
	AcPath *path;
	AcValues rows;
	AcJson *conflicts; /* evidence, made when the first one is found */
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

/* The rows of the sample at a pointer: elements, or the one object. */
static AcValues
rows_at(const Observation *o, const char *pointer)
{
	AcValues whole;
	AcValues rows = {NULL, 0};
	AcJson *found;

	if (pointer == NULL ||
		!ac_json_pointer(o->sample->body, pointer, &found))
		return rows;
	whole.values = palloc(sizeof(AcJson *));
	whole.values[0] = found;
	whole.n = 1;
	if (ac_json_kind(found) == AC_JSON_ARRAY)
		return ac_seen_elements(&whole);
	if (ac_json_kind(found) == AC_JSON_OBJECT)
		return whole;
	return rows;
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

/*
 * The array that looks most like the rows, judged by the page alone.  False
 * if none has any: an empty page must not switch the choice.
 */
static bool
find_rows(const Observation *o, AcRows *best)
{
	AcEnvelopeInput input = {0};
	AcValues whole;
	AcJson *body = o->sample->body;
	AcRows *rows;

	whole.values = &body;
	whole.n = 1;
	input.response = ac_seen_shape(&whole, "", SAMPLE_DEPTH);
	input.path = o->path;
	input.sample = body;
	input.asked_size = o->sample->asked_size;
	input.paged = ac_paging_is_declared(o->plan->endpoint);
	ac_envelope_choose(&input, &rows);
	*best = rows[0];
	if (best->one)
		return best->row->n_properties > 0;
	return rows_at(o, best->path).n > 0;
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
 * Everything from the sample: the description knew nothing of such rows, and
 * so its item path serves other ones.
 */
static void
rebuild(Observation *o, const AcRows *rows)
{
	AcTablePlan *plan = o->plan;

	plan->item_path = NULL;
	plan->item_rows_path = NULL;
	plan->item = NULL;
	ac_plan_build(plan, o->path, rows, &o->sample->options);
	ac_plan_choose_key(plan, o->path, rows->one, NULL);
}

/*
 * Finds the sample's rows, where the description was silent or wrong as well.
 * Returns false if the sample has nothing to say of rows.
 */
static bool
locate_rows(Observation *o)
{
	AcTablePlan *plan = o->plan;
	AcJsonKind kind = kind_at(o, plan->rows_path);
	AcRows rows;

	if (plan->skip_reason == NULL &&
		(kind == AC_JSON_ARRAY ||
		 (kind == AC_JSON_OBJECT && is_one_row(plan))))
	{
		/* described as one thing, but it is a list of them */
		if (kind == AC_JSON_ARRAY && is_one_row(plan))
		{
			note_conflict(o, "rows", "one object", "an array");
			plan->paging = ac_paging_none(AC_PAGER_AUTO);
		}
		o->rows = rows_at(o, plan->rows_path);
		return o->rows.n > 0;
	}
	if (!find_rows(o, &rows) || (rows.one && plan->skip_reason == NULL))
		return false;
	if (plan->skip_reason == NULL)
		note_conflict(o, "rows_path", plan->rows_path, rows.path);
	plan->rows_path = rows.path;
	o->rows = rows_at(o, rows.path);
	if (plan->skip_reason != NULL ||
		share_of_fields(plan, &o->rows) < SAME_ROWS)
		rebuild(o, &rows);
	else if (is_one_row(plan))
		plan->paging = ac_paging_none(AC_PAGER_AUTO);
	return true;
}

/* The described property at a pointer of the row, NULL if none. */
static const AcProperty *
described_property(const AcShape *row, const char *pointer)
{
	const AcProperty *property = NULL;
	AcPointer path;
	int i;

	if (row == NULL || !ac_pointer_parse(pointer, &path, NULL))
		return NULL;
	for (i = 0; i < path.count; i++)
	{
		property = ac_shape_property(row, path.tokens[i]);
		if (property == NULL)
			return NULL;
		row = property->shape;
	}
	return property;
}

/*
 * Does the description leave the type of this field to the sample?  A plain
 * string may turn out to have a form, but never to be anything else.
 */
static bool
is_open(const AcColumnPlan *column, const AcShape *shape, const AcSeen *seen)
{
	if (column->decode != NULL || shape == NULL)
		return false;
	if (shape->kind == AC_SHAPE_UNKNOWN || shape->kind == AC_SHAPE_NULL)
		return true;
	return shape->kind == AC_SHAPE_STRING && shape->format == NULL &&
		   shape->n_enum == 0 && strcmp(column->type, "text") == 0 &&
		   seen->strings == seen->n;
}

static void
observe_column(Observation *o, AcColumnPlan *column)
{
	const AcProperty *property;
	const AcShape *shape;
	AcTypeChoice choice;
	AcValues values;
	AcSeen seen;

	if (column->json_path == NULL || strcmp(column->name, "_raw") == 0)
		return;
	values = ac_seen_at(&o->rows, column->json_path);
	seen = ac_seen_count(&values);
	if (seen.n == 0)
		return;
	property = described_property(o->plan->row, column->json_path);
	shape = property != NULL ? property->shape : NULL;
	if (column->json_path[0] == '\0')
		shape = o->plan->row;
	if (is_open(column, shape, &seen))
	{
		const char *name = property != NULL ? property->name : "";

		choice = ac_types_choose(ac_seen_shape(&values, name, 2), name);
		column->type = choice.type;
		column->decode = choice.decode;
		column->confidence = choice.confidence;
		return;
	}
	choice = ac_observe_widen(column->type, column->decode,
							  shape != NULL ? shape->kind : AC_SHAPE_UNKNOWN,
							  &values);
	if (strcmp(choice.type, column->type) != 0 ||
		(choice.decode == NULL) != (column->decode == NULL) ||
		(choice.decode != NULL && strcmp(choice.decode, column->decode) != 0))
		note_conflict(o, column->name, column->type, choice.type);
	column->type = choice.type;
	column->decode = choice.decode;
	/* thirty values bound what was never seen to a tenth (rule of three) */
	if (values.n >= 30)
		column->confidence = Max(column->confidence, 0.97);
}

/* Is there a column for the field or for a part of it, or must there be none? */
static bool
is_covered(const AcTablePlan *plan, const char *pointer)
{
	const AcProperty *property = described_property(plan->row, pointer);
	int i;

	if (property != NULL && property->write_only)
		return true;
	for (i = 0; i < plan->n_columns; i++)
	{
		const char *path = plan->columns[i].json_path;

		if (path != NULL &&
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

/* Fields that the description does not know. */
static void
add_unknown_fields(Observation *o)
{
	AcColumnList added = {0};
	AcJson *names = NULL;
	const char **fields;
	int n = ac_seen_names(&o->rows, &fields);
	int i;

	for (i = 0; i < n; i++)
	{
		char *pointer = ac_pointer_child("", fields[i]);
		AcProperty property = {0};
		AcValues values;

		if (is_covered(o->plan, pointer))
			continue;
		values = ac_seen_at(&o->rows, pointer);
		property.name = fields[i];
		property.shape = ac_seen_shape(&values, fields[i], 3);
		ac_columns_from_property(&added, &property, &o->sample->options);
		if (names == NULL)
		{
			names = ac_json_new_array();
			ac_json_set(o->plan->evidence, "undescribed_fields", names);
		}
		ac_json_append(names, ac_json_new_string(fields[i]));
	}
	for (i = 0; i < added.n; i++)
		added.columns[i].confidence = 0.7;
	if (added.n > 0)
		append_columns(o->plan, &added);
}

/* The page's field at a pointer, NULL if the page has none. */
static const AcPagingField *
field_at(const AcPagingInput *input, const char *pointer)
{
	int i;

	for (i = 0; pointer != NULL && i < input->n_fields; i++)
		if (strcmp(input->fields[i].pointer, pointer) == 0)
			return &input->fields[i];
	return NULL;
}

/* Is the planned way on really there, with a value? */
static bool
planned_way_is_there(const AcPagingInput *input, const AcPaging *paging)
{
	const AcPagingField *field = field_at(input, paging->cursor_path);

	if (paging->style != AC_PAGER_CURSOR &&
		paging->style != AC_PAGER_NEXT_URL)
		return false;
	if (field == NULL || field->is_null)
		return false;
	/* a token where a URL was expected */
	return paging->style == AC_PAGER_CURSOR ||
		   field->kind != AC_SHAPE_STRING || field->is_url;
}

/* May what the page shows take the place of what was planned? */
static bool
page_wins(const AcPagingInput *input, const AcPaging *planned,
		  const AcPaging *seen)
{
	const AcPagingField *field = field_at(input, seen->cursor_path);

	if (planned_way_is_there(input, planned))
		return false;
	switch (seen->style)
	{
		case AC_PAGER_LINK:
			return input->link_next;
		case AC_PAGER_NEXT_URL:
		case AC_PAGER_CURSOR:
			return field != NULL && !field->is_null;
		case AC_PAGER_PAGE:
		case AC_PAGER_OFFSET:
			return planned->style == AC_PAGER_AUTO;
		default:
			return false;
	}
}

static void
observe_paging(Observation *o)
{
	AcPaging *planned = &o->plan->paging;
	AcPagingInput input = {0};
	AcPaging seen;
	int score;

	if (is_one_row(o->plan))
		return;
	input.endpoint = o->plan->endpoint;
	input.n_fields = ac_paging_page_fields(o->sample->body,
										   o->plan->rows_path, &input.fields);
	input.n_rows = o->rows.n;
	input.link_next = o->sample->link_next != NULL;
	input.asked_size = o->sample->asked_size;
	seen = ac_paging_choose(&input, &score);
	if (page_wins(&input, planned, &seen))
	{
		if (planned->style != AC_PAGER_AUTO && planned->style != seen.style)
			note_conflict(o, "pagination", ac_pager_style_name(planned->style),
						  ac_pager_style_name(seen.style));
		planned->style = seen.style;
		planned->page_param = seen.page_param;
		planned->first_page = seen.first_page;
		planned->cursor_param = seen.cursor_param;
		planned->cursor_path = seen.cursor_path;
		if (planned->size_param == NULL)
			planned->size_param = seen.size_param;
	}
	if (seen.total_path != NULL &&
		field_at(&input, planned->total_path) == NULL)
		planned->total_path = seen.total_path;
	if (seen.more_path != NULL && field_at(&input, planned->more_path) == NULL)
		planned->more_path = seen.more_path;
}

void
ac_tableplan_observe(AcTablePlan *plan, const AcSample *sample)
{
	Observation o = {0};
	bool undescribed = plan->skip_reason != NULL;

	Assert(plan->evidence != NULL && plan->endpoint != NULL);
	/* only what a sample can help: no action, no foreign base URL, ... */
	if (undescribed && strcmp(plan->skip_reason, AC_PLAN_UNDESCRIBED) != 0)
		return;
	o.plan = plan;
	o.sample = sample;
	o.path = ac_path_parse(plan->path);
	if (locate_rows(&o))
	{
		int i;

		for (i = 0; i < plan->n_columns; i++)
			observe_column(&o, &plan->columns[i]);
		add_unknown_fields(&o);
		ac_json_set(plan->evidence, "sampled_rows",
					ac_json_new_int(o.rows.n));
		if (undescribed)
		{
			plan->skip_reason = NULL;
			plan->name = plan->reserved_name;
		}
	}
	if (plan->skip_reason == NULL)
		observe_paging(&o);
}
