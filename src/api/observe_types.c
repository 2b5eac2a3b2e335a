/*
 * observe_types.c
 *		What does a sample change in a column's type?
 *
 * Types only widen (doc/inference.md S4): the result holds what was described and
 * every value that was seen.  Declared in observe.h; which values stand for
 * which column is observe.c's business.
 */
#include "ac.h"

#include "api/observe.h"
#include "api/shape_map.h"
#include "core/pointer.h"

/* Seconds since 1970 of timestamptz's first and last whole day. */
#define FIRST_SECOND INT64CONST(-210866803200)
#define LAST_SECOND INT64CONST(9224318015999)

/*
 * Evidence is for people and stored with every endpoint: so many columns of a
 * table, ...
 */
#define MAX_EVIDENCE_COLUMNS 200

/* ... and so many bytes of a value; longer ones are no names of states. */
#define MAX_DOMAIN_BYTES 64

/*
 * A sample's values are all there are if of so many at most one in 200 was
 * seen once (Good and Turing's estimate of what was not seen), S5.
 */
#define DOMAIN_VALUES 64
#define DOMAIN_ROWS 200
#define DOMAIN_UNSEEN 0.005

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
	/* a double that would not show the digits that came */
	if (strcmp(type, "float8") == 0 && seen->beyond_float8)
		type = "numeric";
	if (seen->integers + seen->numbers == seen->n)
		return widened(type, NULL);
	if (described == AC_SHAPE_STRING && seen->strings == seen->n &&
		(seen->look & AC_LOOK_NUMBER))
		return widened(type, NULL);
	return widened("text", NULL);
}

/* Do all numbers seen name a moment that timestamptz has? */
static bool
is_in_range(const char *decode, const AcSeen *seen)
{
	int64 factor = strcmp(decode, "epoch_s") == 0	 ? 1
				   : strcmp(decode, "epoch_ms") == 0 ? 1000
													 : 1000000;

	return seen->lowest >= FIRST_SECOND * factor &&
		   seen->highest / factor <= LAST_SECOND;
}

/* Numbers since 1970, planned in the unit of decode. */
static AcTypeChoice
widen_epoch(const char *type, const char *decode, const AcSeen *seen)
{
	if (seen->integers + seen->numbers == seen->n)
	{
		if (strcmp(decode, "epoch_us") != 0 && seen->only_us)
			decode = "epoch_us";
		else if (strcmp(decode, "epoch_s") == 0 && seen->only_ms)
			decode = "epoch_ms";
		return is_in_range(decode, seen) ? widened(type, decode)
										 : widen_scalars(seen, false);
	}
	if (seen->strings == seen->n && (seen->look & AC_LOOK_NUMBER))
		return widened(type, decode);
	if (seen->strings == seen->n && (seen->look & AC_LOOK_TIMESTAMPTZ))
		return widened(type, NULL);
	return widened("text", NULL);
}

/* A described moment that comes as a number since 1970. */
static AcTypeChoice
widen_to_epoch(const AcSeen *seen)
{
	const char *format = ac_seen_epoch_format(seen, "timestamp");
	AcShape *shape;

	if (format == NULL)
		return widen_scalars(seen, false);
	shape = ac_shape_new(AC_SHAPE_INTEGER);
	shape->format = format;
	return ac_types_choose(shape, "");
}

/* Strings of a form: what they were planned for, or another they all have. */
static AcTypeChoice
widen_formed(const char *type, const char *decode, const AcSeen *seen)
{
	static const int moments = AC_LOOK_TIMESTAMPTZ | AC_LOOK_TIMESTAMP |
							   AC_LOOK_DATE | AC_LOOK_RFC2822 |
							   AC_LOOK_DOTNET | AC_LOOK_DMY | AC_LOOK_MDY;
	static const struct
	{
		int look;
		const char *type;
		const char *decode;
	} others[] = {
		{AC_LOOK_TIMESTAMPTZ, "timestamptz", NULL},
		{AC_LOOK_TIMESTAMP, "timestamp", NULL},
		{AC_LOOK_DATE, "date", NULL},
		{AC_LOOK_RFC2822, "timestamptz", "rfc2822"},
		{AC_LOOK_DOTNET, "timestamptz", "dotnet_date"},
		{AC_LOOK_TIMETZ, "timetz", NULL},
		{AC_LOOK_TIME, "time", NULL},
		{AC_LOOK_INET, "inet", NULL},
	};
	int needs = ac_types_needs(type, decode);
	int i;

	if (seen->strings < seen->n && (needs & moments) != 0)
		return widen_to_epoch(seen);
	if (seen->strings < seen->n)
		return widen_scalars(seen, false);
	if (seen->n_looked == 0 || (seen->look & needs) != 0)
		return widened(type, decode);
	if ((seen->look & (AC_LOOK_DMY | AC_LOOK_MDY)) == AC_LOOK_DMY &&
		(needs & moments) != 0)
		return widened("date", "date_dmy");
	if ((seen->look & (AC_LOOK_DMY | AC_LOOK_MDY)) == AC_LOOK_MDY &&
		(needs & moments) != 0)
		return widened("date", "date_mdy");
	/* a described moment that comes in another form of a moment */
	for (i = 0; i < (int) lengthof(others); i++)
		if ((seen->look & others[i].look) != 0 &&
			(needs & (moments | AC_LOOK_TIME | AC_LOOK_TIMETZ |
					  AC_LOOK_CIDR)) != 0)
			return widened(others[i].type, others[i].decode);
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
	/* no option says of elements what an empty text is */
	if (ac_seen_count(&elements).empty > 0)
		return widened("text[]", NULL);
	return widened(psprintf("%s[]", choice.type), NULL);
}

/* jsonb takes anything, but not every string has JSON text in it. */
static AcTypeChoice
widen_document(const char *decode, const AcSeen *seen)
{
	if (decode == NULL || seen->n_looked == 0 ||
		(seen->look & AC_LOOK_JSON) != 0)
		return widened("jsonb", decode);
	return widened(seen->strings == seen->n ? "text" : "jsonb", NULL);
}

AcTypeChoice
ac_observe_widen(const char *type, const char *decode, AcShapeKind described,
				 const AcValues *values)
{
	AcSeen seen = ac_seen_count(values);

	if (seen.n == 0)
		return widened(type, decode);
	if (strcmp(type, "jsonb") == 0)
		return widen_document(decode, &seen);
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
		return widen_epoch(type, decode, &seen);
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
	/* "text" is also what a first page said that was too short to tell */
	return shape->kind == AC_SHAPE_STRING &&
		   (shape->format == NULL || strcmp(shape->format, "text") == 0) &&
		   shape->n_enum == 0 && strcmp(column->type, "text") == 0 &&
		   seen->strings == seen->n;
}

/* Numbers of which the description says no more, and which are moments. */
static bool
is_epoch(const AcObserved *field, const AcColumnPlan *column,
		 const AcSeen *seen)
{
	return field->shape != NULL && field->shape->format == NULL &&
		   field->shape->n_enum == 0 && column->decode == NULL &&
		   (field->shape->kind == AC_SHAPE_INTEGER ||
			field->shape->kind == AC_SHAPE_NUMBER) &&
		   ac_seen_epoch_format(seen, field->name) != NULL;
}

/*
 * A look-up by such a column must send the API's own spelling, and a uuid
 * has only one.
 */
static bool
loses_spelling(const AcColumnPlan *column, const AcSeen *seen)
{
	return strcmp(column->type, "uuid") == 0 && column->param != NULL &&
		   seen->has_upper_uuid;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool
ac_observe_column(const AcObserved *field, AcColumnPlan *column)
{
	AcSeen seen = ac_seen_count(field->values);
	const char *type = column->type;
	const char *decode = column->decode;
	bool open;
	AcTypeChoice choice;

	if (seen.n == 0)
		return false;
	open = is_open(column, field->shape, &seen) ||
		   is_epoch(field, column, &seen);
	if (open)
		choice = ac_types_choose(ac_seen_shape(field->values, field->name, 2),
								 field->name);
	else
		choice = ac_observe_widen(type, decode,
								  field->shape != NULL ? field->shape->kind
													   : AC_SHAPE_UNKNOWN,
								  field->values);
	column->type = choice.type;
	column->decode = choice.decode;
	if (open)
		column->confidence = choice.confidence;
	/* thirty values bound what was never seen to a tenth (rule of three) */
	else if (field->values->n >= 30)
		column->confidence = Max(column->confidence, 0.97);
	return !open && (!same_text(type, column->type) ||
					 !same_text(decode, column->decode));
}

/* Values of a field that may be all there are. */
typedef struct Domain
{
	AcShapeMap map; /* value to one of counts */
	const char *values[DOMAIN_VALUES];
	int counts[DOMAIN_VALUES];
	int n;
} Domain;

/* Counts one more value; false if it shows that this is no domain. */
static bool
domain_add(Domain *domain, const char *value)
{
	size_t len = strlen(value);
	int *count = ac_shape_map_find(&domain->map, value, len);

	if (count == NULL)
	{
		if (domain->n == DOMAIN_VALUES || len > MAX_DOMAIN_BYTES)
			return false;
		count = &domain->counts[domain->n];
		domain->values[domain->n++] = value;
		ac_shape_map_enter(&domain->map, value, len)->value = count;
	}
	(*count)++;
	return true;
}

static bool
domain_fill(Domain *domain, const AcValues *values)
{
	int i;

	for (i = 0; i < values->n; i++)
	{
		const char *value = ac_json_string(values->values[i], NULL);

		if (value != NULL && !domain_add(domain, value))
			return false;
	}
	return true;
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* The domain that the texts show, NULL if they show none (Good-Turing). */
static AcJson *
find_domain(const AcValues *values, const AcSeen *seen)
{
	Domain domain = {0};
	AcJson *list;
	bool filled;
	int once = 0;
	int i;

	if (seen->n < DOMAIN_ROWS || seen->strings < seen->n || seen->empty > 0)
		return NULL;
	ac_shape_map_init(&domain.map);
	filled = domain_fill(&domain, values);
	ac_shape_map_free(&domain.map);
	for (i = 0; i < domain.n; i++)
		once += domain.counts[i] == 1;
	if (!filled || once > seen->n * DOMAIN_UNSEEN)
		return NULL;
	qsort(domain.values, domain.n, sizeof(char *), compare_texts);
	list = ac_json_new_array();
	for (i = 0; i < domain.n; i++)
		ac_json_append(list, ac_json_new_string(domain.values[i]));
	return list;
}

static void
set_count(AcJson *entry, const char *what, int n)
{
	if (n > 0)
		ac_json_set(entry, what, ac_json_new_int(n));
}

static AcJson *
number(double value)
{
	char *text = psprintf("%.4f", value);
	AcJson *node;

	return ac_json_parse(text, strlen(text), 1, &node, NULL) ? node : NULL;
}

/* What the evidence of a column is made from. */
typedef struct Witness
{
	const AcShape *row; /* the rows' shape, NULL if unknown */
	const AcColumnPlan *column;
	AcValues values;
	AcSeen seen;
	int n_rows;
	const char *name; /* of the field */
	bool secret;	  /* no value may be shown */
} Witness;

/* Name of the field, and whether description or name call it secret. */
static void
find_name(Witness *w)
{
	const AcShape *shape = w->row;
	AcPointer path;
	int i;

	w->name = "";
	if (!ac_pointer_parse(w->column->json_path, &path, NULL))
		return;
	for (i = 0; i < path.count; i++)
	{
		const AcProperty *property = shape == NULL
										 ? NULL
										 : ac_shape_property(shape, path.tokens[i]);

		w->name = path.tokens[i];
		shape = property == NULL ? NULL : property->shape;
	}
	w->secret = ac_seen_is_secret(w->name) ||
				(shape != NULL && same_text(shape->format, "password"));
}

/* The values there are, by description or by what was seen; NULL: open. */
static AcJson *
domain_of(const Witness *w)
{
	const AcColumnPlan *column = w->column;
	AcJson *list;
	int i;

	if (w->secret || column->n_enum > DOMAIN_VALUES)
		return NULL;
	if (column->n_enum == 0)
		return strcmp(column->type, "text") == 0
				   ? find_domain(&w->values, &w->seen)
				   : NULL;
	list = ac_json_new_array();
	for (i = 0; i < column->n_enum; i++)
		if (strlen(column->enum_values[i]) <= MAX_DOMAIN_BYTES)
			ac_json_append(list, ac_json_new_string(column->enum_values[i]));
	return list;
}

/* Why a text is only that, NULL if there is nothing to say. */
static const char *
note_of(const Witness *w)
{
	if (strcmp(w->column->type, "text") != 0 || w->seen.n_looked == 0 ||
		w->column->n_enum > 0 || w->column->decode != NULL)
		return NULL;
	if (w->seen.strings < w->seen.n)
		return "mixed_kinds";
	return ac_seen_form(&w->seen, w->name).note;
}

/*
 * Why a column has its type: what was seen, how far that reaches, and what
 * else it might have been.
 */
static AcJson *
evidence_of(const Witness *w)
{
	const AcColumnPlan *column = w->column;
	AcJson *entry = ac_json_new_object();
	AcJson *rejected = w->seen.strings == 0 || column->n_enum > 0
						   ? NULL
						   : ac_seen_rejected(&w->seen, column->type);
	AcJson *domain = domain_of(w);

	ac_json_set_string(entry, "type", column->type);
	if (column->decode != NULL)
		ac_json_set_string(entry, "decode", column->decode);
	ac_json_set(entry, "n", ac_json_new_int(w->seen.n));
	set_count(entry, "nulls", w->seen.nulls);
	set_count(entry, "absent", w->n_rows - w->values.n);
	set_count(entry, "empty", w->seen.empty);
	/* the rule of three: what was never seen is rarer than that, at 95 % */
	if (w->seen.n > 3)
		ac_json_set(entry, "confidence", number(1 - 3.0 / w->seen.n));
	if (rejected != NULL)
		ac_json_set(entry, "rejected", rejected);
	if (note_of(w) != NULL)
		ac_json_set_string(entry, "note", note_of(w));
	else if (w->seen.has_finer && strcmp(column->type, "text") != 0)
		ac_json_set_string(entry, "note", "rounded_to_microseconds");
	if (domain != NULL)
		ac_json_set(entry, "domain", domain);
	return entry;
}

void
ac_observe_types(AcTablePlan *plan, const AcMembers *members, int n_rows)
{
	AcJson *types = ac_json_new_object();
	int n = 0;
	int i;

	for (i = 0; i < plan->n_columns; i++)
	{
		AcColumnPlan *column = &plan->columns[i];
		Witness w = {0};

		if (column->json_path == NULL || column->of_parent ||
			ac_tableplan_is_place(column) || strcmp(column->name, "_raw") == 0)
			continue;
		w.row = plan->row;
		w.column = column;
		w.values = ac_members_at(members, column->json_path);
		w.seen = ac_seen_count(&w.values);
		w.n_rows = n_rows;
		find_name(&w);
		if (loses_spelling(column, &w.seen))
			column->type = "text";
		column->empty_null = w.seen.empty > 0 &&
							 ac_types_needs(column->type, column->decode) != 0;
		if (n++ < MAX_EVIDENCE_COLUMNS)
			ac_json_set(types, column->name, evidence_of(&w));
	}
	ac_json_set(plan->evidence, "types", types);
	set_count(plan->evidence, "types_left_out", n - MAX_EVIDENCE_COLUMNS);
}
