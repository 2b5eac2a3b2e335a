/*
 * test_shape.c
 *		Are shapes joined as the lattice of doc/inference.md S4 says?
 *
 * A table of joins written from the rules, the laws of a lattice over random
 * shapes from a fixed seed, recursive shapes, and how shapes are shown.
 */
#include "ac.h"

#include "api/shape.h"
#include "api/shape_level.h"
#include "api/shape_map.h"
#include "tap.h"

#define DEEP 10

/* A shape in short notation, so that a table of cases can be read: see parse(). */
typedef struct Reader
{
	const char *at;
} Reader;

static AcShape *parse_shape(Reader *reader);

/* A word of letters, digits, '-' and '_' at the reader. */
static char *
parse_word(Reader *reader)
{
	size_t len = strspn(reader->at, "abcdefghijklmnopqrstuvwxyz0123456789-_");
	char *word = pnstrdup(reader->at, len);

	reader->at += len;
	return word;
}

static bool
accept(Reader *reader, char c)
{
	if (*reader->at != c)
		return false;
	reader->at++;
	return true;
}

/* "{a: int, b!: text}": '!' marks what is required. */
static void
parse_properties(Reader *reader, AcShape *shape)
{
	shape->properties = palloc0(8 * sizeof(AcProperty));
	while (!accept(reader, '}'))
	{
		AcProperty *property = &shape->properties[shape->n_properties];

		if (accept(reader, '*'))
			property = NULL;
		else
		{
			property->name = parse_word(reader);
			property->required = accept(reader, '!');
			shape->n_properties++;
		}
		accept(reader, ':');
		accept(reader, ' ');
		if (property == NULL)
			shape->items = parse_shape(reader);
		else
			property->shape = parse_shape(reader);
		accept(reader, ',');
		accept(reader, ' ');
	}
}

/* "<x,y>": an enum. */
static void
parse_enum(Reader *reader, AcShape *shape)
{
	shape->enum_values = palloc(8 * sizeof(char *));
	while (!accept(reader, '>'))
	{
		shape->enum_values[shape->n_enum++] = parse_word(reader);
		accept(reader, ',');
	}
}

/*
 * kind, then (format), <enum>, {properties}, [items], ~(scalar side), and '?'
 * for nullable.
 */
static AcShape *
parse_shape(Reader *reader)
{
	static const struct
	{
		const char *word;
		AcShapeKind kind;
	} kinds[] = {
		{"any", AC_SHAPE_UNKNOWN},
		{"null", AC_SHAPE_NULL},
		{"bool", AC_SHAPE_BOOLEAN},
		{"int", AC_SHAPE_INTEGER},
		{"num", AC_SHAPE_NUMBER},
		{"text", AC_SHAPE_STRING},
		{"array", AC_SHAPE_ARRAY},
		{"object", AC_SHAPE_OBJECT},
		{"map", AC_SHAPE_MAP},
		{"mixed", AC_SHAPE_MIXED},
	};
	char *word = parse_word(reader);
	AcShape *shape = NULL;
	int i;

	for (i = 0; i < (int) lengthof(kinds); i++)
	{
		if (strcmp(word, kinds[i].word) == 0)
			shape = ac_shape_new(kinds[i].kind);
	}
	if (shape == NULL)
	{
		diag("bad notation at \"%s%s\"", word, reader->at);
		abort();
	}
	if (accept(reader, '('))
	{
		shape->format = parse_word(reader);
		accept(reader, ')');
	}
	if (accept(reader, '<'))
		parse_enum(reader, shape);
	if (accept(reader, '['))
	{
		shape->items = parse_shape(reader);
		accept(reader, ']');
	}
	if (accept(reader, '~'))
	{
		accept(reader, '(');
		shape->scalar = parse_shape(reader);
		shape->expandable = true;
		accept(reader, ')');
	}
	if (accept(reader, '{'))
		parse_properties(reader, shape);
	if (accept(reader, '?'))
		shape->nullable = true;
	return shape;
}

static AcShape *
parse(const char *text)
{
	Reader reader = {text};
	AcShape *shape = parse_shape(&reader);

	if (*reader.at != '\0')
	{
		diag("bad notation: \"%s\" left of \"%s\"", reader.at, text);
		abort();
	}
	return shape;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
has_value(const AcShape *shape, const char *value)
{
	int i;

	for (i = 0; i < shape->n_enum; i++)
	{
		if (strcmp(shape->enum_values[i], value) == 0)
			return true;
	}
	return false;
}

static bool
same_enum(const AcShape *a, const AcShape *b)
{
	int i;

	for (i = 0; i < a->n_enum; i++)
	{
		if (!has_value(b, a->enum_values[i]))
			return false;
	}
	return a->n_enum == b->n_enum;
}

static bool same(const AcShape *a, const AcShape *b, int depth);

/* Items that nobody described are the same as items of any kind. */
static bool
same_items(const AcShape *a, const AcShape *b, int depth)
{
	if (a->kind == AC_SHAPE_ARRAY || a->kind == AC_SHAPE_MAP)
	{
		bool open_a = a->items == NULL || a->items->kind == AC_SHAPE_UNKNOWN;
		bool open_b = b->items == NULL || b->items->kind == AC_SHAPE_UNKNOWN;

		if (open_a || open_b)
			return open_a && open_b;
	}
	if (a->items == NULL || b->items == NULL)
		return a->items == b->items;
	return same(a->items, b->items, depth - 1);
}

static bool
same_properties(const AcShape *a, const AcShape *b, int depth)
{
	int i;

	if (a->n_properties != b->n_properties)
		return false;
	for (i = 0; i < a->n_properties; i++)
	{
		const AcProperty *x = &a->properties[i];
		const AcProperty *y = ac_shape_property(b, x->name);

		if (y == NULL || x->required != y->required ||
			x->read_only != y->read_only || x->write_only != y->write_only ||
			x->deprecated != y->deprecated ||
			!same(x->shape, y->shape, depth - 1))
			return false;
	}
	return true;
}

/* Equal up to the order of properties and enum values, to some depth. */
static bool
same(const AcShape *a, const AcShape *b, int depth)
{
	if (depth == 0 || a == b)
		return true;
	if (a->scalar != NULL && b->scalar != NULL &&
		!same(a->scalar, b->scalar, depth))
		return false;
	return a->kind == b->kind && same_text(a->format, b->format) &&
		   same_text(a->name, b->name) && same_text(a->title, b->title) &&
		   same_text(a->description, b->description) &&
		   a->nullable == b->nullable && a->deprecated == b->deprecated &&
		   a->by_cents == b->by_cents && a->expandable == b->expandable &&
		   same_text(a->discriminator, b->discriminator) &&
		   same_text(a->minimum, b->minimum) &&
		   same_text(a->maximum, b->maximum) &&
		   same_text(a->default_value, b->default_value) &&
		   a->max_length == b->max_length &&
		   same_text(a->pattern, b->pattern) &&
		   same_text(a->example, b->example) && same_enum(a, b) &&
		   (a->scalar == NULL) == (b->scalar == NULL) &&
		   same_items(a, b, depth) && same_properties(a, b, depth);
}

static void
test_joins(void)
{
	static const struct
	{
		const char *a;
		const char *b;
		const char *join;
	} cases[] = {
		/* null is in every kind, and everything in unknown */
		{"null", "null", "null"},
		{"null", "int", "int?"},
		{"null", "object{a: int}", "object{a: int}?"},
		{"null", "array[text]?", "array[text]?"},
		{"null", "any", "any?"},
		{"any", "int", "any"},
		{"any", "mixed", "any"},
		{"any", "object{a: int}", "any"},

		/* integers are numbers, booleans are not */
		{"int", "num", "num"},
		{"bool", "int", "mixed"},
		{"bool", "bool?", "bool?"},
		{"int", "text", "mixed"},
		{"text", "bool", "mixed"},
		{"mixed", "text", "mixed"},
		{"mixed", "null", "mixed?"},

		/* formats: the wider, or none */
		{"text(date)", "text(date)", "text(date)"},
		{"text(date)", "text", "text"},
		{"text(date)", "text(date-time)", "text"},
		{"int(int32)", "int(int64)", "int(int64)"},
		{"int(int8)", "int(int16)", "int(int16)"},
		{"int(int32)", "int", "int"},
		{"int(int32)", "int(unix-time)", "int"},
		{"int(unix-time)", "int(unix-time)", "int(unix-time)"},
		{"num(float)", "num(double)", "num(double)"},
		{"num(double)", "num(decimal)", "num"},
		{"int(int64)", "num(double)", "num"},

		/* domains stay closed only if both are */
		{"text<a,b>", "text<b,c>", "text<a,b,c>"},
		{"text<a,b>", "text", "text"},
		{"int<1,2>", "num<2,3>", "num<1,2,3>"},
		{"text<a>", "int<1>", "mixed"},

		/* arrays */
		{"array[int]", "array[num]", "array[num]"},
		{"array[null]", "array[text]", "array[text?]"},
		{"array", "array[text]", "array"},
		{"array[int]", "array[text]", "array[mixed]"},
		{"array[int]", "int", "mixed"},
		{"array[int]", "object{a: int}", "mixed"},

		/* objects: properties of either, required where both require */
		{"object{a!: int}", "object{a!: int}", "object{a!: int}"},
		{"object{a!: int, b!: text}", "object{a!: num}",
		 "object{a!: num, b: text}"},
		{"object{a: int}", "object{b: text}", "object{a: int, b: text}"},
		{"object{a!: int}", "object", "object{a: int}"},
		{"object{a: object{b: int}}", "object{a: object{c: int}}",
		 "object{a: object{b: int, c: int}}"},

		/* maps: keys are free, also beside known ones */
		{"map[int]", "map[num]", "map[num]"},
		{"map", "map[int]", "map"},
		{"map[int]", "object{a: text}", "object{a: text, *: int}"},
		{"map", "object{a: text}", "object{a: text, *: any}"},
		{"object{*: int}", "object{*: text}", "object{*: mixed}"},

		/* a scalar beside an object keeps both sides apart */
		{"text", "object{id: text}", "mixed~(text){id: text}"},
		{"text?", "object{id!: text}", "mixed~(text){id!: text}?"},
		{"mixed~(text){id: text}", "text(uri)", "mixed~(text){id: text}"},
		{"mixed~(int){a: int}", "mixed~(num){b: int}",
		 "mixed~(num){a: int, b: int}"},
		{"mixed~(text){a: int}", "object{a: num}", "mixed~(text){a: num}"},
		{"mixed~(text){a: int}", "int", "mixed"},
		{"mixed~(text){a: int}", "array", "mixed"},
		{"mixed~(text){a: int}", "null", "mixed~(text){a: int}?"},
		{"int", "map[text]", "mixed~(int){*: text}"},
	};
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
	{
		AcShape *want = parse(cases[i].join);
		AcShape *one = ac_shape_join(parse(cases[i].a), parse(cases[i].b), DEEP);
		AcShape *other =
			ac_shape_join(parse(cases[i].b), parse(cases[i].a), DEEP);

		if (!ok(same(one, want, DEEP) && same(other, want, DEEP),
				"%s and %s", cases[i].a, cases[i].b))
		{
			diag("     got: %s and %s", ac_shape_text(one, DEEP),
				 ac_shape_text(other, DEEP));
			diag("expected: %s", cases[i].join);
		}
	}
}

/* What the short notation has no place for. */
static void
test_facts(void)
{
	AcShape *a = ac_shape_new(AC_SHAPE_NUMBER);
	AcShape *b = ac_shape_new(AC_SHAPE_INTEGER);
	AcShape *joined;

	a->by_cents = true;
	a->minimum = "-1.5";
	a->maximum = "10";
	b->minimum = "-10";
	b->maximum = "9";
	a->name = b->name = "Amount";
	a->description = "what it costs";
	a->deprecated = true;
	joined = ac_shape_join(a, b, DEEP);
	ok(joined->by_cents, "integers count whole cents");
	is_str(joined->minimum, "-10", "the lesser minimum");
	is_str(joined->maximum, "10", "the greater maximum, compared as numbers");
	is_str(joined->name, "Amount", "a name that both have");
	is_str(joined->description, "what it costs", "what only one explains");
	ok(!joined->deprecated, "deprecated only if both are");
	b->maximum = NULL;
	b->name = "Count";
	joined = ac_shape_join(a, b, DEEP);
	is_str(joined->maximum, NULL, "no maximum where one has none");
	is_str(joined->name, NULL, "no name where they differ");

	a = ac_shape_new(AC_SHAPE_STRING);
	b = ac_shape_new(AC_SHAPE_STRING);
	a->max_length = 10;
	b->max_length = 20;
	a->pattern = b->pattern = "^x";
	joined = ac_shape_join(a, b, DEEP);
	is_int(joined->max_length, 20, "the greater length");
	is_str(joined->pattern, "^x", "a pattern that both have");
	b->max_length = -1;
	b->pattern = "^y";
	joined = ac_shape_join(a, b, DEEP);
	is_int(joined->max_length, -1, "no length where one has none");
	is_str(joined->pattern, NULL, "no pattern where they differ");
	ok(ac_shape_join(a, a, DEEP) == a, "a shape joined with itself is itself");
}

static void
test_depth(void)
{
	AcShape *a = parse("object{a: object{b: object{c: int}}}");
	AcShape *b = parse("object{a: object{b: object{d: int}}}");
	AcShape *cut = parse("object{a: object{b: mixed}}");

	ok(same(ac_shape_join(a, b, 1), cut, DEEP), "deeper objects become mixed");
	ok(same(ac_shape_join(a, b, 2),
			parse("object{a: object{b: object{c: int, d: int}}}"), DEEP),
	   "objects on the last level are joined");
	a = parse("object{a: object{b: int}}");
	b = parse("object{a: object{b: num}}");
	ok(same(ac_shape_join(a, b, 1), parse("object{a: object{b: num}}"), DEEP),
	   "scalars below the last level are joined");
}

/* A list of nodes as in {"value": int, "next": <node>}. */
static AcShape *
recursive(const char *value)
{
	AcShape *node = parse("object{value: int, next: null}");

	node->properties[0].shape = parse(value);
	node->properties[1].shape = node;
	return node;
}

static void
test_recursion(void)
{
	AcShape *joined =
		ac_shape_join(recursive("int"), recursive("text"), 1000000);
	AcShape *next = ac_shape_property(joined, "next")->shape;

	ok(next == joined, "the join of two recursive shapes is recursive");
	is_int(ac_shape_property(joined, "value")->shape->kind, AC_SHAPE_MIXED,
		   "and joins what differs");
	joined = ac_shape_join(recursive("int"),
						   parse("object{next: object{next: null}}"), 1000);
	next = ac_shape_property(joined, "next")->shape;
	is_int(next->n_properties, 2, "a recursive shape and a finite one");
	is_str(ac_shape_text(recursive("int"), 2),
		   "object{value: integer, next: object{value: integer, next: object}}",
		   "a recursive shape is shown to the depth asked for");
}

/* Each level has two ways to the next, so there are 2^40 paths. */
static void
test_bomb(void)
{
	AcShape *a = parse("int");
	AcShape *b = parse("num");
	int i;

	for (i = 0; i < 40; i++)
	{
		AcShape *outer_a = parse("object{x: null, y: null}");
		AcShape *outer_b = parse("object{x: null, y: null}");

		outer_a->properties[0].shape = outer_a->properties[1].shape = a;
		outer_b->properties[0].shape = outer_b->properties[1].shape = b;
		a = outer_a;
		b = outer_b;
	}
	is_int(ac_shape_join(a, b, 100)->n_properties, 2,
		   "shapes with 2^40 paths are joined in time");
}

/* Random shapes for the laws. */

static const char *
one_of(uint64 *seed, const char *const *texts, int n)
{
	return texts[tap_random(seed) % n];
}

static void
random_scalar_facts(uint64 *seed, AcShape *shape)
{
	static const char *const formats[] = {NULL, "int8", "int32", "int64",
										  "float", "double", "date"};
	static const char *const numbers[] = {NULL, "-1", "0", "0.0", "7", "10"};
	static const char *const values[] = {"1", "2", "3"};
	static const char *const patterns[] = {NULL, "^a", "^b"};
	int i;

	shape->format = one_of(seed, formats, lengthof(formats));
	if (shape->kind == AC_SHAPE_STRING)
	{
		shape->max_length = (int) (tap_random(seed) % 3) - 1;
		shape->pattern = one_of(seed, patterns, lengthof(patterns));
	}
	else if (shape->kind != AC_SHAPE_BOOLEAN)
	{
		shape->by_cents = tap_random(seed) % 2 == 0;
		shape->minimum = one_of(seed, numbers, lengthof(numbers));
		shape->maximum = one_of(seed, numbers, lengthof(numbers));
	}
	if (tap_random(seed) % 3 != 0)
		return;
	shape->enum_values = palloc(sizeof(values));
	for (i = 0; i < (int) lengthof(values); i++)
	{
		if (tap_random(seed) % 2 == 0)
			shape->enum_values[shape->n_enum++] = values[i];
	}
}

static void
random_annotations(uint64 *seed, AcShape *shape)
{
	static const char *const texts[] = {NULL, NULL, "p", "q"};

	shape->name = one_of(seed, texts, lengthof(texts));
	shape->title = one_of(seed, texts, lengthof(texts));
	shape->description = one_of(seed, texts, lengthof(texts));
	shape->example = one_of(seed, texts, lengthof(texts));
	shape->default_value = one_of(seed, texts, lengthof(texts));
	shape->deprecated = tap_random(seed) % 2 == 0;
	if (shape->kind != AC_SHAPE_NULL)
		shape->nullable = tap_random(seed) % 2 == 0;
}

/* Shapes made before may occur again as parts of later ones. */
typedef struct Pool
{
	AcShape *shapes[64];
	int n;
} Pool;

static AcShape *random_shape(uint64 *seed, Pool *pool, int depth);

static void
random_properties(uint64 *seed, Pool *pool, AcShape *shape, int depth)
{
	static const char *const names[] = {"a", "b", "c", "d"};
	int i;

	shape->properties = palloc0(sizeof(AcProperty) * lengthof(names));
	for (i = 0; i < (int) lengthof(names); i++)
	{
		AcProperty *property = &shape->properties[shape->n_properties];

		if (tap_random(seed) % 2 == 0)
			continue;
		property->name = names[i];
		property->shape = random_shape(seed, pool, depth - 1);
		property->required = tap_random(seed) % 2 == 0;
		property->read_only = tap_random(seed) % 2 == 0;
		property->write_only = tap_random(seed) % 2 == 0;
		property->deprecated = tap_random(seed) % 2 == 0;
		shape->n_properties++;
	}
}

static AcShape *
random_shape(uint64 *seed, Pool *pool, int depth)
{
	AcShapeKind kind = tap_random(seed) % (AC_SHAPE_MIXED + 1);
	AcShape *shape;

	if (pool->n > 0 && tap_random(seed) % 5 == 0)
		return pool->shapes[tap_random(seed) % pool->n];
	if (depth == 0 && kind >= AC_SHAPE_ARRAY)
		kind = AC_SHAPE_STRING;
	shape = ac_shape_new(kind);
	random_annotations(seed, shape);
	if (ac_shape_class_is_scalar(ac_shape_class(shape)))
		random_scalar_facts(seed, shape);
	if ((kind == AC_SHAPE_ARRAY || kind == AC_SHAPE_MAP) &&
		tap_random(seed) % 4 != 0)
		shape->items = random_shape(seed, pool, depth - 1);
	if (kind == AC_SHAPE_OBJECT)
	{
		random_properties(seed, pool, shape, depth);
		if (tap_random(seed) % 3 == 0)
			shape->items = random_shape(seed, pool, depth - 1);
	}
	if (pool->n < (int) lengthof(pool->shapes))
		pool->shapes[pool->n++] = shape;
	return shape;
}

/* The laws of a join in a lattice; absorption: a is below the join of a and b. */
static void
test_laws(int max_depth, int depth)
{
	uint64 seed = 20260101;
	int n = 4000;
	int commutes = 0;
	int associates = 0;
	int idempotent = 0;
	int absorbs = 0;
	int untouched = 0;
	int i;

	for (i = 0; i < n; i++)
	{
		Pool pool = {{NULL}, 0};
		AcShape *a = random_shape(&seed, &pool, depth);
		AcShape *b = random_shape(&seed, &pool, depth);
		AcShape *c = random_shape(&seed, &pool, depth);
		char *before = ac_shape_text(a, DEEP);
		AcShape *ab = ac_shape_join(a, b, max_depth);
		AcShape *left = ac_shape_join(ab, c, max_depth);
		AcShape *right =
			ac_shape_join(a, ac_shape_join(b, c, max_depth), max_depth);
		AcShape copy = *a;

		commutes += same(ab, ac_shape_join(b, a, max_depth), DEEP);
		associates += same(left, right, DEEP);
		idempotent += same(ac_shape_join(a, &copy, max_depth), a, DEEP);
		absorbs += same(ac_shape_join(ab, a, max_depth), ab, DEEP);
		untouched += strcmp(before, ac_shape_text(a, DEEP)) == 0;
		if (associates == i) /* the first that does not */
		{
			diag("seed case %d: %s | %s | %s", i, ac_shape_text(a, DEEP),
				 ac_shape_text(b, DEEP), ac_shape_text(c, DEEP));
			diag("left  %s", ac_shape_text(left, DEEP));
			diag("right %s", ac_shape_text(right, DEEP));
		}
		ac_alloc_reset();
	}
	is_int(commutes, n, "joins to depth %d are commutative", max_depth);
	is_int(associates, n, "joins to depth %d are associative", max_depth);
	is_int(idempotent, n, "joins to depth %d are idempotent", max_depth);
	is_int(absorbs, n, "joins to depth %d absorb what is in them", max_depth);
	is_int(untouched, n, "joins to depth %d change no argument", max_depth);
}

static void
test_texts(void)
{
	is_str(ac_shape_text(parse("text(date-time)"), 3), "string(date-time)",
		   "a format is shown");
	is_str(ac_shape_text(parse("array[object{a: int}]"), 1), "array of object",
		   "depth 1 of an array of objects");
	is_str(ac_shape_text(parse("array[object{a: int?}]"), 2),
		   "array of object{a: integer?}", "depth 2 of an array of objects");
	is_str(ac_shape_text(parse("map[num]?"), 1), "map of number?",
		   "a map that may be null");
	is_str(ac_shape_text(parse("mixed~(text){id: text}"), 1),
		   "mixed(string or object){id: string}", "a scalar beside an object");
	is_str(ac_shape_text(parse("object{*: int}"), 1), "object{*: integer}",
		   "free keys");
	is_str(ac_shape_text(parse("null"), 1), "null", "null is not null?");
}

/* Names enough to be hashed rather than compared. */
static void
test_wide(void)
{
	AcShape *a = ac_shape_new(AC_SHAPE_OBJECT);
	AcShape *b = ac_shape_new(AC_SHAPE_OBJECT);
	AcShape *joined;
	int i;

	a->properties = palloc0(1000 * sizeof(AcProperty));
	b->properties = palloc0(1000 * sizeof(AcProperty));
	for (i = 0; i < 1000; i++)
	{
		a->properties[i].name = psprintf("p%d", i);
		a->properties[i].shape = parse("int");
		a->properties[i].required = true;
		b->properties[i].name = psprintf("p%d", i + 500);
		b->properties[i].shape = parse("num");
		b->properties[i].required = true;
	}
	a->n_properties = b->n_properties = 1000;
	joined = ac_shape_join(a, b, DEEP);
	is_int(joined->n_properties, 1500, "a thousand properties on both sides");
	ok(!ac_shape_property(joined, "p0")->required, "only in one: not required");
	ok(ac_shape_property(joined, "p700")->required, "in both: required");
	is_int(ac_shape_property(joined, "p700")->shape->kind, AC_SHAPE_NUMBER,
		   "in both: joined");
	is_int(ac_shape_property(joined, "p1499")->shape->kind, AC_SHAPE_NUMBER,
		   "only in the other");
	ok(ac_shape_property(joined, "p1500") == NULL, "in none");
}

static void
test_map(void)
{
	AcShapeMap map;
	char *keys[2000];
	int found = 0;
	int i;

	ac_shape_map_init(&map);
	ok(ac_shape_map_find(&map, "x", 1) == NULL, "nothing is in an empty map");
	for (i = 0; i < 2000; i++)
	{
		keys[i] = psprintf("key %d", i);
		ac_shape_map_enter(&map, keys[i], strlen(keys[i]))->value = &keys[i];
	}
	for (i = 0; i < 2000; i++)
	{
		char *key = psprintf("key %d", i);

		found += ac_shape_map_find(&map, key, strlen(key)) == &keys[i];
	}
	is_int(found, 2000, "a map finds what was put in");
	ok(ac_shape_map_find(&map, "key 2000", 8) == NULL, "and nothing else");
	ok(ac_shape_map_enter(&map, "key 7", 5)->value == &keys[7],
	   "entering a key again finds it");
	is_int(map.used, 2000, "keys are counted once");
	ac_shape_map_free(&map);
}

int
main(void)
{
	test_joins();
	test_facts();
	test_depth();
	test_recursion();
	test_bomb();
	test_laws(DEEP, 3);
	test_laws(1, 3);
	test_laws(0, 2);
	test_texts();
	test_wide();
	test_map();
	return done_testing();
}
