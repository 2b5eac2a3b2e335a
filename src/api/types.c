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

/*
 * Counts since 1970, as a number or a string of one.  A format that names no
 * unit means seconds until a sample says otherwise.
 */
static const Format epoch_formats[] = {
	{"unixtime", "timestamptz", "epoch_s"},
	{"unixtimestamp", "timestamptz", "epoch_s"},
	{"unixepoch", "timestamptz", "epoch_s"},
	{"unixseconds", "timestamptz", "epoch_s"},
	{"unix", "timestamptz", "epoch_s"},
	{"timestamp", "timestamptz", "epoch_s"},
	{"epoch", "timestamptz", "epoch_s"},
	{"epochtime", "timestamptz", "epoch_s"},
	{"epochseconds", "timestamptz", "epoch_s"},
	{"epochs", "timestamptz", "epoch_s"},
	{"unixtimems", "timestamptz", "epoch_ms"},
	{"unixtimemillis", "timestamptz", "epoch_ms"},
	{"unixtimemilliseconds", "timestamptz", "epoch_ms"},
	{"unixtimestampms", "timestamptz", "epoch_ms"},
	{"unixtimestampmillis", "timestamptz", "epoch_ms"},
	{"timestampms", "timestamptz", "epoch_ms"},
	{"timestampmillis", "timestamptz", "epoch_ms"},
	{"epochmillis", "timestamptz", "epoch_ms"},
	{"epochmilliseconds", "timestamptz", "epoch_ms"},
	{"epochms", "timestamptz", "epoch_ms"},
	{"utcmillisec", "timestamptz", "epoch_ms"},
	{"unixtimeus", "timestamptz", "epoch_us"},
	{"unixtimemicros", "timestamptz", "epoch_us"},
	{"unixtimemicroseconds", "timestamptz", "epoch_us"},
	{"timestampus", "timestamptz", "epoch_us"},
	{"epochmicros", "timestamptz", "epoch_us"},
	{"epochmicroseconds", "timestamptz", "epoch_us"},
	{"epochus", "timestamptz", "epoch_us"},
	{NULL, NULL, NULL}};

/* Formats of "integer". */
static const Format integer_formats[] = {
	{"int8", "smallint", NULL},
	{"int16", "smallint", NULL},
	{"uint8", "smallint", NULL},
	{"byte", "smallint", NULL},
	{"short", "smallint", NULL},
	{"int32", "integer", NULL},
	{"uint16", "integer", NULL},
	{"int64", "bigint", NULL},
	{"long", "bigint", NULL},
	{"uint32", "bigint", NULL},
	{"doubleint", "bigint", NULL},
	{"uint64", "numeric", NULL},
	{"int128", "numeric", NULL},
	{"uint128", "numeric", NULL},
	{"int256", "numeric", NULL},
	{"uint256", "numeric", NULL},
	{"bigint", "numeric", NULL},
	{"biginteger", "numeric", NULL},
	{"decimal", "numeric", NULL},
	{"decimal128", "numeric", NULL},
	{NULL, NULL, NULL}};

/* Formats of "number"; whatever is not here is numeric. */
static const Format number_formats[] = {
	{"float", "float8", NULL},
	{"float32", "float8", NULL},
	{"float64", "float8", NULL},
	{"double", "float8", NULL},
	{"int8", "smallint", NULL},
	{"int16", "smallint", NULL},
	{"uint8", "smallint", NULL},
	{"int32", "integer", NULL},
	{"uint16", "integer", NULL},
	{"int64", "bigint", NULL},
	{"uint32", "bigint", NULL},
	{"doubleint", "bigint", NULL},
	{NULL, NULL, NULL}};

/*
 * Formats of "string"; whatever is not here is text: uri, email, hostname,
 * password, currency (a code as often as an amount), ...  Those below the
 * line are also what ac_seen_shape() says of texts without a description.
 */
static const Format string_formats[] = {
	{"iso8601datetime", "timestamptz", NULL},
	{"iso8601", "timestamptz", NULL},
	{"rfc3339", "timestamptz", NULL},
	{"datetimerfc3339", "timestamptz", NULL},
	{"googledatetime", "timestamptz", NULL},
	{"timestamp", "timestamptz", NULL},
	{"timestamptz", "timestamptz", NULL},
	{"localdatetime", "timestamp", NULL},
	{"fulldate", "date", NULL},
	{"localdate", "date", NULL},
	{"isodate", "date", NULL},
	{"fulltime", "timetz", NULL},
	{"localtime", "time", NULL},
	{"partialtime", "time", NULL},
	{"iso8601duration", "interval", NULL},
	{"rfc2822", "timestamptz", "rfc2822"},
	{"datetimerfc1123", "timestamptz", "rfc2822"},
	{"datetimerfc822", "timestamptz", "rfc2822"},
	{"rfc1123", "timestamptz", "rfc2822"},
	{"rfc822", "timestamptz", "rfc2822"},
	{"httpdate", "timestamptz", "rfc2822"},
	{"guid", "uuid", NULL},
	{"ipv4", "inet", NULL},
	{"ipv6", "inet", NULL},
	{"ipaddress", "inet", NULL},
	{"ipv4cidr", "cidr", NULL},
	{"ipv6cidr", "cidr", NULL},
	{"ipcidr", "cidr", NULL},
	{"byte", "bytea", NULL},
	{"base64", "bytea", NULL},
	{"base64url", "bytea", NULL},
	{"binary", "bytea", NULL},
	{"int16", "integer", NULL},
	{"int32", "integer", NULL},
	{"uint32", "bigint", NULL},
	{"int64", "bigint", NULL},
	{"long", "bigint", NULL},
	{"uint64", "numeric", NULL},
	{"biginteger", "numeric", NULL},
	{"bigdecimal", "numeric", NULL},
	{"decimal128", "numeric", NULL},
	{"number", "numeric", NULL},
	{"numeric", "numeric", NULL},
	{"money", "numeric", NULL},
	{"double", "float8", NULL},
	{"float", "float8", NULL},
	{"bool", "boolean", NULL},
	{"json", "jsonb", "json_string"},
	/* ---- */
	{"datetime", "timestamptz", NULL},
	{"datetimelocal", "timestamp", NULL},
	{"date", "date", NULL},
	{"datetimerfc2822", "timestamptz", "rfc2822"},
	{"dotnetdate", "timestamptz", "dotnet_date"},
	{"datedmy", "date", "date_dmy"},
	{"datemdy", "date", "date_mdy"},
	{"time", "timetz", NULL},
	{"timelocal", "time", NULL},
	{"duration", "interval", NULL},
	{"uuid", "uuid", NULL},
	{"decimal", "numeric", NULL},
	{"ip", "inet", NULL},
	{"cidr", "cidr", NULL},
	{"boolean", "boolean", NULL},
	{"jsonstring", "jsonb", "json_string"},
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
	const Format *epoch = find_format(epoch_formats, shape->format);
	const Format *known = find_format(integer_formats, shape->format);

	if (epoch != NULL)
		return choice(epoch->type, epoch->decode, 0.9);
	if (known != NULL)
		return choice(widen_to_bounds(known->type, shape), NULL, 0.95);
	/* no format: int64, because what overflows is an error (S6) */
	return choice(widen_to_bounds("bigint", shape), NULL, 0.9);
}

static AcTypeChoice
choose_number(const AcShape *shape)
{
	const Format *epoch = find_format(epoch_formats, shape->format);
	const Format *known = find_format(number_formats, shape->format);

	if (epoch != NULL)
		return choice(epoch->type, epoch->decode, 0.9);
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
	char *normal = shape->description == NULL
					   ? NULL
					   : ac_names_normal(shape->description);
	bool says = normal != NULL && strstr(normal, what) != NULL;

	if (normal != NULL)
		pfree(normal);
	return says;
}

/*
 * A string without format: most of them are (77 %), so the name and the
 * example speak (S2).  An example is one value; a name is a habit.
 */
static AcTypeChoice
choose_by_name(const AcShape *shape, const char *name)
{
	const char *example = example_text(shape);
	const char *snake;
	size_t len;
	int look;

	if (shape->n_enum > 0 || !ac_names_temporal(name))
		return choice("text", NULL, 0.9);
	snake = ac_names_snake(name);
	len = strlen(snake);
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

/*
 * A documented value that the format's type would refuse: another form of the
 * same, or text.
 */
static AcTypeChoice
choose_by_example(const Format *known, int look)
{
	static const struct
	{
		const char *type;
		int look;
		const char *instead;
		const char *decode;
	} others[] = {
		{"timetz", AC_LOOK_TIME, "time", NULL},
		{"timestamptz", AC_LOOK_TIMESTAMPTZ, "timestamptz", NULL},
		{"timestamptz", AC_LOOK_TIMESTAMP, "timestamp", NULL},
		{"timestamptz", AC_LOOK_RFC2822, "timestamptz", "rfc2822"},
		{"timestamptz", AC_LOOK_DOTNET, "timestamptz", "dotnet_date"},
		{"cidr", AC_LOOK_INET, "inet", NULL},
	};
	int i;

	for (i = 0; i < (int) lengthof(others); i++)
		if (strcmp(known->type, others[i].type) == 0 &&
			(look & others[i].look) != 0)
			return choice(others[i].instead, others[i].decode, 0.6);
	return choice("text", NULL, 0.6);
}

static AcTypeChoice
choose_string(const AcShape *shape, const char *name)
{
	const Format *known = find_format(string_formats, shape->format);
	const char *example = example_text(shape);
	int needed;

	/* "timestamp" means a text's own form; every other epoch is digits */
	if (known == NULL)
		known = find_format(epoch_formats, shape->format);
	if (known == NULL)
		return shape->format == NULL ? choose_by_name(shape, name)
									 : choice("text", NULL, 0.9);
	needed = ac_types_needs(known->type, known->decode);
	if (example != NULL && needed != 0 &&
		(ac_types_look(example) & needed) == 0)
		return choose_by_example(known, ac_types_look(example));
	/* JSON has no bytes: that "binary" is base64 only a sample can say */
	return choice(known->type, known->decode,
				  strcmp(known->format, "binary") == 0 ? 0.5 : 0.9);
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
		{"inet", AC_LOOK_INET},
		{"cidr", AC_LOOK_CIDR},
		{"bytea", AC_LOOK_BASE64},
	};
	static const struct
	{
		const char *decode;
		int look;
	} decodes[] = {
		{"rfc2822", AC_LOOK_RFC2822},
		{"dotnet_date", AC_LOOK_DOTNET},
		{"date_dmy", AC_LOOK_DMY},
		{"date_mdy", AC_LOOK_MDY},
		{"json_string", AC_LOOK_JSON},
	};
	int i;

	if (decode != NULL && strncmp(decode, "epoch_", 6) == 0)
		return AC_LOOK_NUMBER;
	for (i = 0; decode != NULL && i < (int) lengthof(decodes); i++)
		if (strcmp(decodes[i].decode, decode) == 0)
			return decodes[i].look;
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
