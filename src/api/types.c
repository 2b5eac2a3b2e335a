/*
 * types.c
 *		Which SQL type does a field have, and how is its text read?  See
 *		types.h.
 */
#include "ac.h"

#include "api/names.h"
#include "api/types.h"

/* What S6 says of a format; formats are compared without case and separators. */
typedef struct Format
{
	const char *format;
	const char *type;
	const char *decode;
} Format;

/* Formats of "integer". */
static const Format integer_formats[] = {
	{"int8", "smallint", NULL},
	{"int16", "smallint", NULL},
	{"uint8", "smallint", NULL},
	{"int32", "integer", NULL},
	{"uint16", "integer", NULL},
	{"int64", "bigint", NULL},
	{"uint32", "bigint", NULL},
	{"doubleint", "bigint", NULL},
	{"uint64", "numeric", NULL},
	{"bigint", "numeric", NULL},
	{"decimal", "numeric", NULL},
	{"decimal128", "numeric", NULL},
	{"unixtime", "timestamptz", "epoch_s"},
	{"unixtimestamp", "timestamptz", "epoch_s"},
	{"unixepoch", "timestamptz", "epoch_s"},
	{"timestamp", "timestamptz", "epoch_s"},
	{"epoch", "timestamptz", "epoch_s"},
	{"epochseconds", "timestamptz", "epoch_s"},
	{"unixtimems", "timestamptz", "epoch_ms"},
	{"unixtimemillis", "timestamptz", "epoch_ms"},
	{"unixtimestampms", "timestamptz", "epoch_ms"},
	{"timestampms", "timestamptz", "epoch_ms"},
	{"epochmillis", "timestamptz", "epoch_ms"},
	{"epochms", "timestamptz", "epoch_ms"},
	{"utcmillisec", "timestamptz", "epoch_ms"},
	{NULL, NULL, NULL}};

/* Formats of "number". */
static const Format number_formats[] = {
	{"float", "float8", NULL},
	{"double", "float8", NULL},
	{"int8", "smallint", NULL},
	{"int16", "smallint", NULL},
	{"int32", "integer", NULL},
	{"int64", "bigint", NULL},
	{"unixtime", "timestamptz", "epoch_s"},
	{"unixtimestamp", "timestamptz", "epoch_s"},
	{"unixepoch", "timestamptz", "epoch_s"},
	{"timestamp", "timestamptz", "epoch_s"},
	{"epoch", "timestamptz", "epoch_s"},
	{"unixtimems", "timestamptz", "epoch_ms"},
	{"timestampms", "timestamptz", "epoch_ms"},
	{"epochmillis", "timestamptz", "epoch_ms"},
	{"utcmillisec", "timestamptz", "epoch_ms"},
	{NULL, NULL, NULL}};

/*
 * Formats of "string"; whatever is not here is text.  So is "binary": a JSON
 * string has no bytes of its own, and nothing says how they were put in.
 */
static const Format string_formats[] = {
	{"date", "date", NULL},
	{"datetime", "timestamptz", NULL},
	{"iso8601datetime", "timestamptz", NULL},
	{"iso8601", "timestamptz", NULL},
	{"rfc3339", "timestamptz", NULL},
	{"timestamp", "timestamptz", NULL},
	{"timestamptz", "timestamptz", NULL},
	{"datetimelocal", "timestamp", NULL},
	{"localdatetime", "timestamp", NULL},
	{"time", "timetz", NULL},
	{"timelocal", "time", NULL},
	{"localtime", "time", NULL},
	{"partialtime", "time", NULL},
	{"duration", "interval", NULL},
	{"datetimerfc2822", "timestamptz", "rfc2822"},
	{"rfc2822", "timestamptz", "rfc2822"},
	{"datetimerfc1123", "timestamptz", "rfc2822"},
	{"rfc1123", "timestamptz", "rfc2822"},
	{"httpdate", "timestamptz", "rfc2822"},
	{"unixtime", "timestamptz", "epoch_s"},
	{"unixtimestamp", "timestamptz", "epoch_s"},
	{"unixtimems", "timestamptz", "epoch_ms"},
	{"timestampms", "timestamptz", "epoch_ms"},
	{"uuid", "uuid", NULL},
	{"guid", "uuid", NULL},
	{"ipv4", "inet", NULL},
	{"ipv6", "inet", NULL},
	{"ip", "inet", NULL},
	{"ipaddress", "inet", NULL},
	{"cidr", "cidr", NULL},
	{"ipv4cidr", "cidr", NULL},
	{"ipv6cidr", "cidr", NULL},
	{"byte", "bytea", NULL},
	{"base64", "bytea", NULL},
	{"base64url", "bytea", NULL},
	{"int32", "integer", NULL},
	{"int64", "bigint", NULL},
	{"uint64", "numeric", NULL},
	{"decimal", "numeric", NULL},
	{"decimal128", "numeric", NULL},
	{"double", "float8", NULL},
	{"float", "float8", NULL},
	{NULL, NULL, NULL}};

static const Format *
find_format(const Format *table, const char *format)
{
	char *normal;

	if (format == NULL)
		return NULL;
	normal = ac_names_normal(format);
	for (; table->format != NULL; table++)
		if (strcmp(table->format, normal) == 0)
			return table;
	return NULL;
}

/* Digits, maybe signed, maybe with a fraction of zeros: a bound's text. */
static bool
bound_fits(const char *type, const char *bound)
{
	size_t len;

	if (bound == NULL)
		return true;
	len = strspn(bound, "-0123456789");
	if (len == 0)
		return true;
	/* an exponent is beyond every integer type for all that matters here */
	if (bound[len] == 'e' || bound[len] == 'E')
		return false;
	return ac_types_integer_fits(type, pnstrdup(bound, len));
}

/* Widens an integer type until the declared bounds fit. */
static const char *
widen_to_bounds(const char *type, const AcShape *shape)
{
	static const char *const ladder[] = {"smallint", "integer", "bigint"};
	int i;
	bool reached = false;

	for (i = 0; i < (int) lengthof(ladder); i++)
	{
		reached = reached || strcmp(ladder[i], type) == 0;
		if (reached && bound_fits(ladder[i], shape->minimum) &&
			bound_fits(ladder[i], shape->maximum))
			return ladder[i];
	}
	return reached ? "numeric" : type;
}

static AcTypeChoice
choice(const char *type, const char *decode, double confidence)
{
	AcTypeChoice made;

	made.type = type;
	made.decode = decode;
	made.confidence = confidence;
	return made;
}

static AcTypeChoice
choose_integer(const AcShape *shape)
{
	const Format *known = find_format(integer_formats, shape->format);

	if (known != NULL && known->decode != NULL)
		return choice(known->type, known->decode, 0.9);
	if (known != NULL)
		return choice(widen_to_bounds(known->type, shape), NULL, 0.95);
	/* no format: int64, because what overflows is an error (S6) */
	return choice(widen_to_bounds("bigint", shape), NULL, 0.9);
}

static AcTypeChoice
choose_number(const AcShape *shape)
{
	const Format *known = find_format(number_formats, shape->format);

	/* hundredths are money: exact, whatever the format says */
	if (shape->by_cents || known == NULL)
		return choice("numeric", NULL, 0.95);
	return choice(known->type, known->decode, 0.9);
}

/* Text of a string example ("\"x\"" without quotes), NULL if there is none. */
static const char *
example_text(const AcShape *shape)
{
	const char *example = shape->example;
	size_t len = example == NULL ? 0 : strlen(example);

	if (len < 2 || example[0] != '"' || example[len - 1] != '"')
		return NULL;
	return pnstrdup(example + 1, len - 2);
}

static bool
description_says(const AcShape *shape, const char *what)
{
	return shape->description != NULL &&
		   strstr(ac_names_normal(shape->description), what) != NULL;
}

/*
 * A string without format: most of them are (77 %), so the name and the
 * example speak (S2).  An example is one value; a name is a habit.
 */
static AcTypeChoice
choose_by_name(const AcShape *shape, const char *name)
{
	const char *example = example_text(shape);
	const char *snake = ac_names_snake(name);
	size_t len = strlen(snake);
	int look;

	if (shape->n_enum > 0 || !ac_names_temporal(name))
		return choice("text", NULL, 0.9);
	if (example != NULL)
	{
		look = ac_types_look(example);
		if (look & AC_LOOK_TIMESTAMPTZ)
			return choice("timestamptz", NULL, 0.8);
		return choice("text", NULL, 0.7);
	}
	if (description_says(shape, "rfc3339") ||
		description_says(shape, "iso8601"))
	{
		if (!description_says(shape, "duration"))
			return choice(len > 5 && strcmp(snake + len - 5, "_date") == 0
							  ? "text"
							  : "timestamptz",
						  NULL, 0.6);
	}
	else if (len > 3 && strcmp(snake + len - 3, "_at") == 0 &&
			 shape->pattern == NULL &&
			 (shape->max_length < 0 || shape->max_length >= 20))
		return choice("timestamptz", NULL, 0.5);
	return choice("text", NULL, 0.7);
}

static AcTypeChoice
choose_string(const AcShape *shape, const char *name)
{
	const Format *known = find_format(string_formats, shape->format);
	const char *example = example_text(shape);
	int needed;

	if (known == NULL)
		return shape->format == NULL ? choose_by_name(shape, name)
									 : choice("text", NULL, 0.9);
	/* a documented value that the type would refuse */
	needed = ac_types_needs(known->type, known->decode);
	if (example != NULL && needed != 0 &&
		(ac_types_look(example) & needed) == 0)
	{
		int look = ac_types_look(example);

		if (strcmp(known->type, "timetz") == 0 && (look & AC_LOOK_TIME))
			return choice("time", NULL, 0.8);
		if (strcmp(known->type, "timestamptz") == 0 &&
			(look & AC_LOOK_TIMESTAMP))
			return choice("timestamp", NULL, 0.6);
		return choice("text", NULL, 0.6);
	}
	return choice(known->type, known->decode, 0.9);
}

static AcTypeChoice
choose_array(const AcShape *shape, const char *name)
{
	AcTypeChoice element;

	if (shape->items == NULL)
		return choice("jsonb", NULL, 0.9);
	switch (shape->items->kind)
	{
		case AC_SHAPE_BOOLEAN:
		case AC_SHAPE_INTEGER:
		case AC_SHAPE_NUMBER:
		case AC_SHAPE_STRING:
			break;
		default:
			return choice("jsonb", NULL, 0.95);
	}
	if (ac_types_is_expandable(shape->items))
		return choice("jsonb", NULL, 0.95);
	/* element names are plural nouns, which say nothing about moments */
	element = ac_types_choose(shape->items, "");
	if (element.decode != NULL || strcmp(element.type, "bytea") == 0)
		/* elements are read by the type's own input alone */
		element.type = shape->items->kind == AC_SHAPE_STRING ? "text"
															 : "numeric";
	return choice(psprintf("%s[]", element.type), NULL, element.confidence);
}

bool
ac_types_is_expandable(const AcShape *shape)
{
	return shape->expandable && shape->scalar != NULL &&
		   ac_shape_property(shape, "id") != NULL;
}

AcTypeChoice
ac_types_choose(const AcShape *shape, const char *name)
{
	if (shape->expandable)
		return choice("jsonb", NULL, 0.9);
	switch (shape->kind)
	{
		case AC_SHAPE_BOOLEAN:
			return choice("boolean", NULL, 0.95);
		case AC_SHAPE_INTEGER:
			return choose_integer(shape);
		case AC_SHAPE_NUMBER:
			return choose_number(shape);
		case AC_SHAPE_STRING:
			return choose_string(shape, name);
		case AC_SHAPE_ARRAY:
			return choose_array(shape, name);
		case AC_SHAPE_OBJECT:
		case AC_SHAPE_MAP:
			return choice("jsonb", NULL, 0.95);
		case AC_SHAPE_UNKNOWN:
		case AC_SHAPE_NULL:
		case AC_SHAPE_MIXED:
			break;
	}
	/* anything may come, and jsonb takes anything */
	return choice("jsonb", NULL, 0.5);
}

int
ac_types_needs(const char *type, const char *decode)
{
	static const struct
	{
		const char *type;
		int look;
	} needs[] = {
		{"timestamptz", AC_LOOK_TIMESTAMPTZ},
		{"timestamp", AC_LOOK_TIMESTAMP},
		{"date", AC_LOOK_DATE},
		{"time", AC_LOOK_TIME},
		{"timetz", AC_LOOK_TIMETZ},
		{"interval", AC_LOOK_INTERVAL},
		{"uuid", AC_LOOK_UUID},
		{"smallint", AC_LOOK_INTEGER},
		{"integer", AC_LOOK_INTEGER},
		{"bigint", AC_LOOK_INTEGER},
		{"numeric", AC_LOOK_NUMBER},
		{"float8", AC_LOOK_NUMBER},
		{"boolean", AC_LOOK_BOOLEAN},
		{"inet", AC_LOOK_INET | AC_LOOK_CIDR},
		{"cidr", AC_LOOK_CIDR},
		{"bytea", AC_LOOK_BASE64},
	};
	int i;

	if (decode != NULL && strncmp(decode, "epoch_", 6) == 0)
		return AC_LOOK_NUMBER;
	if (decode != NULL && strcmp(decode, "rfc2822") == 0)
		return AC_LOOK_RFC2822;
	for (i = 0; i < (int) lengthof(needs); i++)
		if (strcmp(needs[i].type, type) == 0)
			return needs[i].look;
	return 0;
}

bool
ac_types_integer_fits(const char *type, const char *text)
{
	static const struct
	{
		const char *type;
		const char *lowest; /* magnitude of the least value */
		const char *highest;
	} ranges[] = {
		{"smallint", "32768", "32767"},
		{"integer", "2147483648", "2147483647"},
		{"bigint", "9223372036854775808", "9223372036854775807"},
	};
	bool negative = text[0] == '-';
	const char *digits = negative ? text + 1 : text;
	int i;

	digits += strspn(digits, "0");
	for (i = 0; i < (int) lengthof(ranges); i++)
	{
		const char *limit = negative ? ranges[i].lowest : ranges[i].highest;

		if (strcmp(ranges[i].type, type) != 0)
			continue;
		if (strlen(digits) != strlen(limit))
			return strlen(digits) < strlen(limit);
		return strcmp(digits, limit) <= 0;
	}
	return true;
}

char *
ac_types_element(const char *type)
{
	size_t len = strlen(type);

	if (len < 3 || strcmp(type + len - 2, "[]") != 0)
		return NULL;
	return pnstrdup(type, len - 2);
}

bool
ac_types_is_number(const char *type)
{
	return strcmp(type, "bigint") == 0 || strcmp(type, "integer") == 0 ||
		   strcmp(type, "smallint") == 0 || strcmp(type, "numeric") == 0 ||
		   strcmp(type, "float8") == 0;
}

bool
ac_types_is_scalar(const char *type)
{
	return strcmp(type, "jsonb") != 0 && ac_types_element(type) == NULL;
}
