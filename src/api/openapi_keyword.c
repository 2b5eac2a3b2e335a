/*
 * openapi_keyword.c
 *		What do a schema's own keywords say of its values?
 *
 * Everything of a Schema Object but composition: type, format, properties,
 * items, enum, bounds and annotations.  Both generations are read whatever
 * the document's version, because documents mix them: `nullable` of 3.0
 * beside type arrays of 3.1.
 */
#include "ac.h"

#include "api/openapi_internal.h"

/*
 * An example is kept as text if it has at most so many values: one value or
 * a small object.  Whole sample bodies stay in the document.
 */
#define EXAMPLE_MAX_VALUES 32

/* Kind of values that a name in "type" stands for; UNKNOWN if none. */
static AcShapeKind
kind_of_type(const char *type)
{
	static const struct
	{
		const char *type;
		AcShapeKind kind;
	} kinds[] = {
		{"string", AC_SHAPE_STRING},
		{"integer", AC_SHAPE_INTEGER},
		{"number", AC_SHAPE_NUMBER},
		{"boolean", AC_SHAPE_BOOLEAN},
		{"array", AC_SHAPE_ARRAY},
		{"object", AC_SHAPE_OBJECT},
		{"null", AC_SHAPE_NULL},
	};
	int i;

	for (i = 0; i < (int) lengthof(kinds); i++)
	{
		if (strcmp(kinds[i].type, type) == 0)
			return kinds[i].kind;
	}
	return AC_SHAPE_UNKNOWN;
}

/* Kind of a value that stands in the document (an enum's, a const). */
static AcShapeKind
kind_of_value(const AcJson *value)
{
	switch (ac_json_kind(value))
	{
		case AC_JSON_BOOL:
			return AC_SHAPE_BOOLEAN;
		case AC_JSON_INT:
			return AC_SHAPE_INTEGER;
		case AC_JSON_DOUBLE:
			return AC_SHAPE_NUMBER;
		case AC_JSON_STRING:
			return AC_SHAPE_STRING;
		case AC_JSON_ARRAY:
			return AC_SHAPE_ARRAY;
		case AC_JSON_OBJECT:
			return AC_SHAPE_OBJECT;
		case AC_JSON_ABSENT:
		case AC_JSON_NULL:
			break;
	}
	return AC_SHAPE_NULL;
}

/*
 * The kind that keywords imply where "type" is missing.  JSON Schema admits
 * any other kind beside it, but no description that says `properties` means
 * that.
 */
static AcShapeKind
implied_kind(const AcJson *schema)
{
	static const struct
	{
		const char *keyword;
		AcShapeKind kind;
	} implied[] = {
		{"properties", AC_SHAPE_OBJECT},
		{"additionalProperties", AC_SHAPE_OBJECT},
		{"patternProperties", AC_SHAPE_OBJECT},
		{"items", AC_SHAPE_ARRAY},
		{"prefixItems", AC_SHAPE_ARRAY},
		{"pattern", AC_SHAPE_STRING},
		{"maxLength", AC_SHAPE_STRING},
		{"minLength", AC_SHAPE_STRING},
		{"contentEncoding", AC_SHAPE_STRING},
		{"multipleOf", AC_SHAPE_NUMBER},
		{"minimum", AC_SHAPE_NUMBER},
		{"maximum", AC_SHAPE_NUMBER},
	};
	int i;

	for (i = 0; i < (int) lengthof(implied); i++)
	{
		if (ac_json_has(schema, implied[i].keyword))
			return implied[i].kind;
	}
	return AC_SHAPE_UNKNOWN;
}

/* The kind that a format implies where nothing else is said. */
static AcShapeKind
kind_of_format(const char *format)
{
	static const struct
	{
		const char *format;
		AcShapeKind kind;
	} formats[] = {
		{"int32", AC_SHAPE_INTEGER},
		{"int64", AC_SHAPE_INTEGER},
		{"float", AC_SHAPE_NUMBER},
		{"double", AC_SHAPE_NUMBER},
		{"date", AC_SHAPE_STRING},
		{"date-time", AC_SHAPE_STRING},
		{"uuid", AC_SHAPE_STRING},
		{"uri", AC_SHAPE_STRING},
		{"email", AC_SHAPE_STRING},
	};
	int i;

	for (i = 0; format != NULL && i < (int) lengthof(formats); i++)
	{
		if (strcmp(formats[i].format, format) == 0)
			return formats[i].kind;
	}
	return AC_SHAPE_UNKNOWN;
}

/* A child's schema; a list of schemas stands for any of them. */
static AcShape *
items_of_list(AcOpenapiReader *reader, AcJson *list, AcJson *rest)
{
	int n = ac_json_length(list);
	bool has_rest = ac_json_kind(rest) == AC_JSON_OBJECT;
	AcOpenapiNode **members;
	AcOpenapiNode *node;
	int i;

	if (!ac_openapi_spend(reader, n + 1))
		return NULL;
	members = palloc((n + 1) * sizeof(AcOpenapiNode *));
	for (i = 0; i < n; i++)
		members[i] = ac_openapi_node(reader, ac_json_at(list, i));
	if (has_rest)
		members[n++] = ac_openapi_node(reader, rest);
	node = ac_openapi_node_join(reader, members, n);
	pfree(members);
	return &node->shape;
}

/*
 * Tuples (prefixItems, and `items` as a list in older schemas) are arrays of
 * what any of their places admits.
 */
static void
read_array(AcOpenapiReader *reader, AcJson *schema, AcShape *shape)
{
	AcJson *items = ac_json_get(schema, "items");
	AcJson *prefix = ac_json_get(schema, "prefixItems");

	if (ac_json_length(prefix) > 0)
		shape->items = items_of_list(reader, prefix, items);
	else if (ac_json_length(items) > 0)
		shape->items = items_of_list(reader, items, NULL);
	else if (ac_json_kind(items) == AC_JSON_OBJECT)
		shape->items = ac_openapi_shape(reader, items);
}

/*
 * A property's flag stands beside its $ref, in the schema referred to, or, as
 * 3.0 documents do it, beside an allOf of one.
 */
static bool
property_flag(AcJson *schema, AcJson *meant, const char *flag)
{
	return ac_json_bool(ac_json_get(schema, flag), false) ||
		   ac_json_bool(ac_json_get(meant, flag), false);
}

static void
read_property(AcOpenapiReader *reader, const AcJsonIter *member,
			  AcProperty *property)
{
	const char *name = NULL;
	AcJson *meant = ac_openapi_schema_meant(reader, member->value, &name);

	memset(property, 0, sizeof(*property));
	property->name = member->key;
	property->shape = ac_openapi_shape(reader, member->value);
	property->read_only = property_flag(member->value, meant, "readOnly");
	property->write_only = property_flag(member->value, meant, "writeOnly");
	property->deprecated = property_flag(member->value, meant, "deprecated");
	property->said_key = property_flag(member->value, meant, "x-primary-key");
}

static int
count_members(const AcJson *object)
{
	AcJsonIter it;
	int n = 0;

	ac_json_iter_init(&it, object);
	while (ac_json_iter_next(&it))
		n++;
	return n;
}

static void
read_properties(AcOpenapiReader *reader, AcJson *properties, AcShape *shape)
{
	int n = count_members(properties);
	AcJsonIter it;

	if (n == 0 || !ac_openapi_spend(reader, n))
		return;
	shape->properties = palloc(n * sizeof(AcProperty));
	ac_json_iter_init(&it, properties);
	while (ac_json_iter_next(&it))
		read_property(reader, &it, &shape->properties[shape->n_properties++]);
}

/* The values of keys that match patterns: any of the patterns' schemas. */
static AcShape *
pattern_values(AcOpenapiReader *reader, AcJson *patterns)
{
	int n = count_members(patterns);
	AcOpenapiNode **members;
	AcOpenapiNode *node;
	AcJsonIter it;

	if (n == 0 || !ac_openapi_spend(reader, n))
		return NULL;
	members = palloc(n * sizeof(AcOpenapiNode *));
	n = 0;
	ac_json_iter_init(&it, patterns);
	while (ac_json_iter_next(&it))
		members[n++] = ac_openapi_node(reader, it.value);
	node = ac_openapi_node_join(reader, members, n);
	pfree(members);
	return &node->shape;
}

/*
 * Keys beyond `properties` make a map, or an object with a free part.  That
 * nothing is said of them, although JSON Schema then admits any, makes
 * neither: no description means it.
 */
static void
read_object(AcOpenapiReader *reader, AcJson *schema, AcShape *shape)
{
	AcJson *further = ac_json_get(schema, "additionalProperties");
	AcShape *values = NULL;
	bool free_keys = false;

	read_properties(reader, ac_json_get(schema, "properties"), shape);
	if (further == NULL)
		further = ac_json_get(schema, "unevaluatedProperties");
	if (ac_json_kind(further) == AC_JSON_OBJECT)
	{
		free_keys = true;
		if (count_members(further) > 0)
			values = ac_openapi_shape(reader, further);
	}
	else if (ac_json_bool(further, false))
		free_keys = true;
	else
		values = pattern_values(reader,
								ac_json_get(schema, "patternProperties"));

	if (shape->n_properties == 0 && (free_keys || values != NULL))
	{
		shape->kind = AC_SHAPE_MAP;
		shape->items = values;
	}
	else if (free_keys || values != NULL)
		shape->items = values != NULL ? values : &reader->unknown->shape;
}

/*
 * Numbers that count hundredths and the like must not become doubles, so any
 * multipleOf below 1 is remembered.
 */
static void
read_number(AcJson *schema, AcShape *shape)
{
	static const char *const lower[] = {"minimum", "exclusiveMinimum"};
	static const char *const upper[] = {"maximum", "exclusiveMaximum"};
	char *step = ac_json_text_of(ac_json_get(schema, "multipleOf"));
	int i;

	if (step != NULL)
		shape->by_cents = strtod(step, NULL) > 0 && strtod(step, NULL) < 1;
	for (i = 0; i < 2; i++)
	{
		AcJson *least = ac_json_get(schema, lower[i]);
		AcJson *most = ac_json_get(schema, upper[i]);

		if (shape->minimum == NULL && ac_json_kind(least) != AC_JSON_BOOL)
			shape->minimum = ac_json_text_of(least);
		if (shape->maximum == NULL && ac_json_kind(most) != AC_JSON_BOOL)
			shape->maximum = ac_json_text_of(most);
	}
}

static void
read_string(AcJson *schema, AcShape *shape)
{
	const char *encoding = ac_openapi_text(schema, "contentEncoding");
	int64 max_length = ac_json_int(ac_json_get(schema, "maxLength"), -1);

	shape->max_length = Max(max_length, -1);
	shape->pattern = ac_openapi_text(schema, "pattern");
	if (encoding != NULL && shape->format == NULL)
	{
		if (strcmp(encoding, "base64") == 0)
			shape->format = "byte";
		else if (strcmp(encoding, "base64url") == 0)
			shape->format = "base64url";
	}
}

/* The shape of one kind, with the keywords that matter for it. */
static void
read_kind(AcOpenapiReader *reader, AcJson *schema, AcShapeKind kind,
		  AcShape *shape)
{
	shape->kind = kind;
	shape->nullable = kind == AC_SHAPE_NULL;
	if (kind != AC_SHAPE_NULL && kind != AC_SHAPE_OBJECT &&
		kind != AC_SHAPE_ARRAY)
		shape->format = ac_openapi_text(schema, "format");
	switch (kind)
	{
		case AC_SHAPE_OBJECT:
			read_object(reader, schema, shape);
			break;
		case AC_SHAPE_ARRAY:
			read_array(reader, schema, shape);
			break;
		case AC_SHAPE_INTEGER:
		case AC_SHAPE_NUMBER:
			read_number(schema, shape);
			break;
		case AC_SHAPE_STRING:
			read_string(schema, shape);
			break;
		default:
			break;
	}
}

/* "type" as a list of names: the join of the kinds. */
static void
read_type_list(AcOpenapiReader *reader, AcJson *schema, AcJson *types,
			   AcShape *shape)
{
	AcShape *sum = NULL;
	int i;

	for (i = 0; i < ac_json_length(types); i++)
	{
		const char *type = ac_json_string(ac_json_at(types, i), NULL);
		AcShape *one;
		AcShape *next;

		if (type == NULL || !ac_openapi_spend(reader, 1))
			continue;
		one = ac_shape_new(AC_SHAPE_UNKNOWN);
		read_kind(reader, schema, kind_of_type(type), one);
		if (sum == NULL)
		{
			sum = one;
			continue;
		}
		next = palloc(sizeof(AcShape));
		ac_shape_join_level(next, sum, one, &reader->children);
		sum = next;
	}
	if (sum != NULL)
		*shape = *sum;
}

/* A shape that is looked at and not kept, unlike one of ac_shape_new(). */
static AcShape
shape_of_kind(AcShapeKind kind)
{
	AcShape shape = {.kind = kind,
					 .nullable = kind == AC_SHAPE_NULL,
					 .max_length = -1};

	return shape;
}

/*
 * Values that are listed: their texts are the domain, and their kinds the
 * kind where "type" does not tell.  A null among them only admits null.  A
 * list with an object or array in it stays open.
 */
static void
read_values(AcOpenapiReader *reader, AcJson *values, AcShape *shape)
{
	int n = ac_json_length(values);
	AcShape kinds = shape_of_kind(AC_SHAPE_NULL);
	bool scalars = true;
	bool nullable = false;
	int i;

	if (n == 0 || !ac_openapi_spend(reader, n))
		return;
	shape->enum_values = palloc(n * sizeof(const char *));
	for (i = 0; i < n; i++)
	{
		AcJson *value = ac_json_at(values, i);
		AcShape one = shape_of_kind(kind_of_value(value));
		AcShape sum;

		nullable |= one.kind == AC_SHAPE_NULL;
		scalars &= one.kind == AC_SHAPE_NULL ||
				   ac_shape_class_is_scalar(ac_shape_class(&one));
		ac_shape_join_level(&sum, &kinds, &one, &reader->children);
		kinds = sum;
		if (one.kind != AC_SHAPE_NULL && scalars)
			shape->enum_values[shape->n_enum++] = ac_json_text_of(value);
	}
	if (shape->kind == AC_SHAPE_UNKNOWN)
		shape->kind = kinds.kind;
	if (!scalars || shape->kind == AC_SHAPE_MIXED)
		shape->n_enum = 0;
	shape->nullable |= nullable;
}

/* A list of one value for `const`, so that it reads like an enum. */
static void
read_const(AcOpenapiReader *reader, AcJson *value, AcShape *shape)
{
	AcShapeKind kind = kind_of_value(value);

	if (!ac_openapi_spend(reader, 1))
		return;
	if (shape->kind == AC_SHAPE_UNKNOWN)
		shape->kind = kind;
	if (kind == AC_SHAPE_NULL)
		shape->nullable = true;
	if (!ac_shape_class_is_scalar(ac_shape_class(shape)))
		return;
	shape->enum_values = palloc(sizeof(const char *));
	shape->enum_values[0] = ac_json_text_of(value);
	shape->n_enum = shape->enum_values[0] != NULL ? 1 : 0;
}

static void
read_type(AcOpenapiReader *reader, AcJson *schema, AcShape *shape)
{
	AcJson *type = ac_json_get(schema, "type");
	const char *name = ac_json_string(type, NULL);
	AcShapeKind kind;

	if (ac_json_length(type) > 0)
	{
		read_type_list(reader, schema, type, shape);
		return;
	}
	if (name != NULL)
	{
		kind = kind_of_type(name);
		if (kind == AC_SHAPE_UNKNOWN && strcmp(name, "any") != 0)
			ac_openapi_note(reader, "unknown type \"%s\"",
							ac_openapi_quote(reader, name));
	}
	else if (ac_json_length(ac_json_get(schema, "enum")) > 0 ||
			 ac_json_has(schema, "const"))
		kind = AC_SHAPE_UNKNOWN; /* from the values */
	else
	{
		kind = implied_kind(schema);
		if (kind == AC_SHAPE_UNKNOWN)
			kind = kind_of_format(ac_openapi_text(schema, "format"));
	}
	read_kind(reader, schema, kind, shape);
}

void
ac_openapi_keywords(AcOpenapiReader *reader, AcJson *schema, AcShape *shape)
{
	Assert(ac_json_kind(schema) == AC_JSON_OBJECT);
	read_type(reader, schema, shape);
	if (ac_json_has(schema, "const"))
		read_const(reader, ac_json_get(schema, "const"), shape);
	else
		read_values(reader, ac_json_get(schema, "enum"), shape);
	shape->nullable |=
		ac_json_bool(ac_json_get(schema, "nullable"), false) ||
		ac_json_bool(ac_json_get(schema, "x-nullable"), false);
}

/* Counts down the values of a document part; false if they are too many. */
static bool
is_small(const AcJson *value, int *left)
{
	AcJsonIter it;
	int i;

	if (--*left < 0)
		return false;
	for (i = 0; i < ac_json_length(value); i++)
	{
		if (!is_small(ac_json_at(value, i), left))
			return false;
	}
	ac_json_iter_init(&it, value);
	while (ac_json_iter_next(&it))
	{
		if (!is_small(it.value, left))
			return false;
	}
	return true;
}

/* JSON text of `example`, or of the first of 3.1's `examples`. */
static const char *
example_text(AcJson *schema)
{
	AcJson *examples = ac_json_get(schema, "examples");
	int left = EXAMPLE_MAX_VALUES;
	AcJson *example;

	if (ac_json_has(schema, "example"))
		example = ac_json_get(schema, "example");
	else if (ac_json_length(examples) > 0)
		example = ac_json_at(examples, 0);
	else
		return NULL;
	return is_small(example, &left) ? ac_json_to_text(example) : NULL;
}

void
ac_openapi_annotate(AcOpenapiReader *reader, AcJson *schema, AcShape *shape)
{
	const char *title = ac_openapi_text(schema, "title");
	const char *description = ac_openapi_text(schema, "description");
	const char *example = example_text(schema);
	char *default_value = ac_json_text_of(ac_json_get(schema, "default"));

	if (title != NULL)
		shape->title = title;
	if (description != NULL)
		shape->description = description;
	if (example != NULL)
		shape->example = example;
	if (default_value != NULL)
		shape->default_value = default_value;
	shape->deprecated |=
		ac_json_bool(ac_json_get(schema, "deprecated"), false);
}
