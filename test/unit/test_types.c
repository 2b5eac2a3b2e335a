/*
 * test_types.c
 *		Do fields get the types of S6, and texts the looks of S5?
 */
#include "ac.h"

#include "api/types.h"

#include "plan_build.h"

/* Schema of a property called "f" (or as given) and its "type[!decode]". */
static const struct
{
	const char *schema;
	const char *want;
} types[] = {
	/* integers */
	{"{'type': 'integer'}", "bigint"},
	{"{'type': 'integer', 'format': 'int64'}", "bigint"},
	{"{'type': 'integer', 'format': 'int32'}", "integer"},
	{"{'type': 'integer', 'format': 'int16'}", "smallint"},
	{"{'type': 'integer', 'format': 'int8'}", "smallint"},
	{"{'type': 'integer', 'format': 'uint8'}", "smallint"},
	{"{'type': 'integer', 'format': 'uint16'}", "integer"},
	{"{'type': 'integer', 'format': 'uint32'}", "bigint"},
	{"{'type': 'integer', 'format': 'uint64'}", "numeric"},
	{"{'type': 'integer', 'format': 'double-int'}", "bigint"},
	{"{'type': 'integer', 'format': 'decimal'}", "numeric"},
	{"{'type': 'integer', 'format': 'int32', 'maximum': 4294967295}", "bigint"},
	{"{'type': 'integer', 'maximum': 99999999999999999999}", "numeric"},
	{"{'type': 'integer', 'format': 'unix-time'}", "timestamptz!epoch_s"},
	{"{'type': 'integer', 'format': 'unixtime'}", "timestamptz!epoch_s"},
	{"{'type': 'integer', 'format': 'timestamp'}", "timestamptz!epoch_s"},
	{"{'type': 'integer', 'format': 'epoch-millis'}", "timestamptz!epoch_ms"},
	{"{'type': 'integer', 'format': 'epoch-micros'}", "timestamptz!epoch_us"},
	{"{'type': 'integer', 'format': 'unix-timestamp-ms'}", "timestamptz!epoch_ms"},
	{"{'type': 'integer', 'format': 'uint256'}", "numeric"},
	{"{'type': 'integer', 'format': 'sf-integer'}", "bigint"},
	{"{'type': 'integer', 'minimum': -9223372036854775809}", "numeric"},
	{"{'type': 'integer', 'maximum': 9223372036854775807}", "bigint"},
	{"{'type': 'number', 'format': 'unix-time'}", "timestamptz!epoch_s"},
	{"{'type': 'number', 'format': 'int64'}", "bigint"},
	{"{'type': 'number', 'format': 'sf-decimal'}", "numeric"},
	{"{'type': 'number', 'format': 'some-vendor-thing'}", "numeric"},
	/* numbers: exact unless the description says that it is a float */
	{"{'type': 'number'}", "numeric"},
	{"{'type': 'number', 'format': 'float'}", "float8"},
	{"{'type': 'number', 'format': 'double'}", "float8"},
	{"{'type': 'number', 'format': 'double', 'multipleOf': 0.01}", "numeric"},
	{"{'type': 'number', 'format': 'decimal'}", "numeric"},
	/* strings */
	{"{'type': 'string'}", "text"},
	{"{'type': 'string', 'format': 'date'}", "date"},
	{"{'type': 'string', 'format': 'date-time'}", "timestamptz"},
	{"{'type': 'string', 'format': 'date-time-local'}", "timestamp"},
	{"{'type': 'string', 'format': 'ISO 8601 date-time'}", "timestamptz"},
	{"{'type': 'string', 'format': 'time'}", "timetz"},
	{"{'type': 'string', 'format': 'time', 'example': '10:30:00'}", "time"},
	{"{'type': 'string', 'format': 'time', 'example': '10:30:00Z'}", "timetz"},
	{"{'type': 'string', 'format': 'duration'}", "interval"},
	{"{'type': 'string', 'format': 'uuid'}", "uuid"},
	{"{'type': 'string', 'format': 'uuid', 'example': 'cus_123'}", "text"},
	{"{'type': 'string', 'format': 'ipv4'}", "inet"},
	{"{'type': 'string', 'format': 'ipv6'}", "inet"},
	{"{'type': 'string', 'format': 'cidr'}", "cidr"},
	{"{'type': 'string', 'format': 'byte'}", "bytea"},
	{"{'type': 'string', 'format': 'base64url'}", "bytea"},
	{"{'type': 'string', 'format': 'binary'}", "bytea"},
	{"{'type': 'string', 'format': 'binary', 'example': 'a b'}", "text"},
	{"{'type': 'string', 'contentEncoding': 'base64'}", "bytea"},
	{"{'type': 'string', 'format': 'ip'}", "inet"},
	{"{'type': 'string', 'format': 'cidr', 'example': '10.0.0.1'}", "inet"},
	{"{'type': 'string', 'format': 'uint64'}", "numeric"},
	{"{'type': 'string', 'format': 'int32'}", "integer"},
	{"{'type': 'string', 'format': 'money'}", "numeric"},
	{"{'type': 'string', 'format': 'money', 'example': '$12.50'}", "text"},
	{"{'type': 'string', 'format': 'currency'}", "text"},
	{"{'type': 'string', 'format': 'boolean'}", "boolean"},
	{"{'type': 'string', 'format': 'json'}", "jsonb!json_string"},
	{"{'type': 'string', 'format': 'http-date'}", "timestamptz!rfc2822"},
	{"{'type': 'string', 'format': 'epoch-millis'}", "timestamptz!epoch_ms"},
	{"{'type': 'string', 'format': 'timestamp'}", "timestamptz"},
	{"{'type': 'string', 'format': 'google-datetime'}", "timestamptz"},
	{"{'type': 'string', 'format': 'google-duration'}", "text"},
	{"{'type': 'string', 'format': 'time-local'}", "time"},
	{"{'type': 'string', 'format': 'char'}", "text"},
	{"{'type': 'string', 'format': 'sf-binary'}", "text"},
	{"{'type': 'string', 'format': 'sf-boolean'}", "text"},
	{"{'type': 'string', 'format': 'hostname'}", "text"},
	{"{'type': 'string', 'format': 'regex'}", "text"},
	{"{'type': 'string', 'format': 'date', 'enum': ['2024-01-01']}", "date"},
	{"{'type': 'string', 'const': 'order'}", "text"},
	{"{'type': 'integer', 'enum': [1, 2]}", "bigint"},
	{"{'type': 'string', 'format': 'date-time', 'example': 'Tue, 15 Nov 1994 08:12:31 GMT'}", "timestamptz!rfc2822"},
	{"{'type': 'string', 'format': 'date-time', 'example': '/Date(1)/'}", "timestamptz!dotnet_date"},
	{"{'type': 'string', 'format': 'date-time-rfc-2822', 'example': '2024-01-01T00:00:00Z'}", "timestamptz"},
	{"{'type': 'string', 'format': 'int64'}", "bigint"},
	{"{'type': 'string', 'format': 'decimal'}", "numeric"},
	{"{'type': 'string', 'format': 'double'}", "float8"},
	{"{'type': 'string', 'format': 'date-time-rfc-2822'}", "timestamptz!rfc2822"},
	{"{'type': 'string', 'format': 'unix-time'}", "timestamptz!epoch_s"},
	{"{'type': 'string', 'format': 'uri'}", "text"},
	{"{'type': 'string', 'format': 'email'}", "text"},
	{"{'type': 'string', 'format': 'password'}", "text"},
	{"{'type': 'string', 'format': 'some-vendor-thing'}", "text"},
	{"{'type': 'string', 'enum': ['a', 'b']}", "text"},
	{"{'type': 'string', 'format': 'date-time', 'example': '2020-01-01T10:00:00'}", "timestamp"},
	/* the rest */
	{"{'type': 'boolean'}", "boolean"},
	{"{'type': 'array', 'items': {'type': 'string'}}", "text[]"},
	{"{'type': 'array', 'items': {'type': 'integer', 'format': 'int32'}}", "integer[]"},
	{"{'type': 'array', 'items': {'type': 'string', 'format': 'date-time'}}", "timestamptz[]"},
	{"{'type': 'array', 'items': {'type': 'string', 'format': 'byte'}}", "text[]"},
	{"{'type': 'array', 'items': {'type': 'integer', 'format': 'unix-time'}}", "numeric[]"},
	{"{'type': 'array', 'items': {'type': 'object', 'properties': {'a': {'type': 'string'}}}}", "jsonb"},
	{"{'type': 'array', 'items': {'type': 'array', 'items': {'type': 'string'}}}", "jsonb"},
	{"{'type': 'array', 'items': {}}", "jsonb"},
	{"{'type': 'object', 'properties': {'a': {'type': 'string'}}}", "jsonb"},
	{"{'type': 'object', 'additionalProperties': {'type': 'string'}}", "jsonb"},
	{"{}", "jsonb"},
	{"{'oneOf': [{'type': 'string'}, {'type': 'object', 'properties': {'x': {'type': 'string'}}}]}", "jsonb"},
	{"{'type': 'string', 'nullable': true}", "text"},
	{"{'oneOf': [{'type': 'integer'}, {'type': 'string'}]}", "jsonb|text"},
};

/* Strings without format, by name (S2). */
static const struct
{
	const char *name;
	const char *schema;
	const char *want;
} named[] = {
	{"created_at", "{'type': 'string'}", "timestamptz"},
	{"createdAt", "{'type': 'string'}", "timestamptz"},
	{"created", "{'type': 'string', 'description': 'Time of creation, ISO 8601.'}", "timestamptz"},
	{"created", "{'type': 'string'}", "text"},
	{"created_at", "{'type': 'string', 'example': 'yesterday'}", "text"},
	{"created_at", "{'type': 'string', 'example': '2020-02-29T10:00:00Z'}", "timestamptz"},
	{"created", "{'type': 'string', 'example': '2020-02-29T10:00:00+02:00'}", "timestamptz"},
	{"created_at", "{'type': 'string', 'maxLength': 10}", "text"},
	{"title", "{'type': 'string', 'example': '2020-02-29T10:00:00Z'}", "text"},
	{"format", "{'type': 'string'}", "text"},
	{"created_at", "{'type': 'integer'}", "bigint"},
	{"state_at", "{'type': 'string', 'enum': ['a']}", "text"},
};

static char *
type_of(const char *name, const char *schema)
{
	AcJson *doc;
	AcApi *api = api_of(path_of("/x", object_of(psprintf("'%s': %s", name, schema)), ""), &doc);
	AcProperty *property = ac_shape_property(api->endpoints[0].response, name);
	AcTypeChoice choice = ac_types_choose(property->shape, name);
	char *text = choice.decode == NULL
					 ? pstrdup(choice.type)
					 : psprintf("%s!%s", choice.type, choice.decode);

	ac_json_free(doc);
	return text;
}

static void
test_types(void)
{
	int i;

	for (i = 0; i < (int) lengthof(types); i++)
	{
		const char *got = type_of("f", types[i].schema);
		const char *other = strchr(types[i].want, '|');

		if (other != NULL)
			ok(strncmp(got, types[i].want, other - types[i].want) == 0 ||
				   strcmp(got, other + 1) == 0,
			   "%s is %s", types[i].schema, got);
		else
			is_str(got, types[i].want, "%s", types[i].schema);
	}
	for (i = 0; i < (int) lengthof(named); i++)
		is_str(type_of(named[i].name, named[i].schema), named[i].want,
			   "%s: %s", named[i].name, named[i].schema);
}

static const struct
{
	const char *text;
	int look; /* must have */
	int no;	  /* must not have */
} looks[] = {
	{"2024-02-29T10:00:00Z", AC_LOOK_TIMESTAMPTZ, AC_LOOK_TIMESTAMP},
	{"2024-02-29 10:00:00.123456789+05:30", AC_LOOK_TIMESTAMPTZ, 0},
	{"2024-02-29T10:00:00-0800", AC_LOOK_TIMESTAMPTZ, 0},
	{"2023-02-29T10:00:00Z", 0, AC_LOOK_TIMESTAMPTZ}, /* no leap year */
	{"1900-02-29", 0, AC_LOOK_DATE},
	{"2000-02-29", AC_LOOK_DATE, 0},
	{"0000-01-01", 0, AC_LOOK_DATE},
	{"2024-13-01", 0, AC_LOOK_DATE},
	{"2024-01-32", 0, AC_LOOK_DATE},
	{"2024-01-01T25:00:00Z", 0, AC_LOOK_TIMESTAMPTZ},
	{"2024-01-01T10:00:00", AC_LOOK_TIMESTAMP, AC_LOOK_TIMESTAMPTZ},
	{"2024-01-01T10:00:00 or so", 0, AC_LOOK_TIMESTAMP | AC_LOOK_TIMESTAMPTZ},
	{"Tue, 15 Nov 1994 08:12:31 GMT", AC_LOOK_RFC2822, AC_LOOK_TIMESTAMPTZ},
	{"5 Nov 1994 08:12 +0100", AC_LOOK_RFC2822, 0},
	{"Tue, 15 Foo 1994 08:12:31 GMT", 0, AC_LOOK_RFC2822},
	{"10:30", AC_LOOK_TIME, AC_LOOK_TIMETZ},
	{"10:30:59.5", AC_LOOK_TIME, 0},
	{"10:30:59Z", AC_LOOK_TIMETZ, AC_LOOK_TIME},
	{"24:30", 0, AC_LOOK_TIME},
	{"P3Y6M4DT12H30M5.5S", AC_LOOK_INTERVAL, 0},
	{"PT5M", AC_LOOK_INTERVAL, 0},
	{"P2W", AC_LOOK_INTERVAL, 0},
	{"P", 0, AC_LOOK_INTERVAL},
	{"PT", 0, AC_LOOK_INTERVAL},
	{"P1H", 0, AC_LOOK_INTERVAL},
	{"PT1D", 0, AC_LOOK_INTERVAL},
	{"P1DT", 0, AC_LOOK_INTERVAL},
	{"P1M1Y", 0, AC_LOOK_INTERVAL},
	{"PT1HT1M", 0, AC_LOOK_INTERVAL},
	{"123e4567-e89b-12d3-a456-426614174000", AC_LOOK_UUID, 0},
	{"123E4567-E89B-12D3-A456-426614174000", AC_LOOK_UUID, 0},
	{"123e4567e89b12d3a456426614174000", 0, AC_LOOK_UUID},
	{"123e4567-e89b-12d3-a456-42661417400g", 0, AC_LOOK_UUID},
	{"-12", AC_LOOK_INTEGER | AC_LOOK_NUMBER, 0},
	{"12.50", AC_LOOK_NUMBER, AC_LOOK_INTEGER},
	{"1e9", AC_LOOK_NUMBER, AC_LOOK_INTEGER},
	{"1.", 0, AC_LOOK_NUMBER},
	{"0x10", 0, AC_LOOK_NUMBER},
	{"", 0, AC_LOOK_NUMBER | AC_LOOK_DATE | AC_LOOK_INET},
	{"true", AC_LOOK_BOOLEAN, 0},
	{"True", 0, AC_LOOK_BOOLEAN},
	{"192.168.0.1", AC_LOOK_INET, AC_LOOK_CIDR},
	{"192.168.0.256", 0, AC_LOOK_INET},
	{"192.168.0.0/16", AC_LOOK_CIDR | AC_LOOK_INET, 0},
	{"192.168.0.0/33", 0, AC_LOOK_CIDR | AC_LOOK_INET},
	{"192.168.0.1/16", AC_LOOK_INET, AC_LOOK_CIDR},
	{"192.168.0.1/32", AC_LOOK_INET | AC_LOOK_CIDR, 0},
	{"0.0.0.0/0", AC_LOOK_INET | AC_LOOK_CIDR, 0},
	{"128.0.0.0/1", AC_LOOK_INET | AC_LOOK_CIDR, 0},
	{"64.0.0.0/1", AC_LOOK_INET, AC_LOOK_CIDR},
	{"192.168.00.1", 0, AC_LOOK_INET},
	{"fe80::/10", AC_LOOK_INET | AC_LOOK_CIDR, 0},
	{"fe80::/8", AC_LOOK_INET, AC_LOOK_CIDR},
	{"1:0:5::/16", AC_LOOK_INET, AC_LOOK_CIDR},
	{"::1/128", AC_LOOK_INET | AC_LOOK_CIDR, 0},
	{"::1/64", AC_LOOK_INET, AC_LOOK_CIDR},
	{"::/0", AC_LOOK_INET | AC_LOOK_CIDR, 0},
	{"2001:db8::1", AC_LOOK_INET, 0},
	{"::", AC_LOOK_INET, 0},
	{"::ffff:10.0.0.1", AC_LOOK_INET, 0},
	{"1:2:3:4:5:6:7:8", AC_LOOK_INET, 0},
	{"1:2:3:4:5:6:7", 0, AC_LOOK_INET},
	{"1::2::3", 0, AC_LOOK_INET},
	{"2001:db8::/32", AC_LOOK_CIDR, 0},
	{"10:30", 0, AC_LOOK_INET},
	{"007", AC_LOOK_INTEGER, AC_LOOK_DECIMAL},
	{"0", AC_LOOK_INTEGER | AC_LOOK_DECIMAL, 0},
	{"0.50", AC_LOOK_DECIMAL, AC_LOOK_INTEGER},
	{"00.5", AC_LOOK_NUMBER, AC_LOOK_DECIMAL},
	{"-0", AC_LOOK_INTEGER, AC_LOOK_DECIMAL},
	{"-0.00", AC_LOOK_NUMBER, AC_LOOK_DECIMAL},
	{"-0.01", AC_LOOK_DECIMAL, 0},
	{"1e10", AC_LOOK_NUMBER, AC_LOOK_DECIMAL},
	{"1.2.3", 0, AC_LOOK_NUMBER},
	{"31.12.2024", AC_LOOK_DMY, AC_LOOK_MDY | AC_LOOK_NUMBER},
	{"12/31/2024", AC_LOOK_MDY, AC_LOOK_DMY},
	{"01/02/2024", AC_LOOK_DMY | AC_LOOK_MDY, 0},
	{"/Date(1+0100)/", AC_LOOK_DOTNET, 0},
	{"Sunday, 06-Nov-94 08:49:37 GMT", AC_LOOK_RFC2822, 0},
	{"Sun Nov  6 08:49:37 1994", AC_LOOK_RFC2822, 0},
	{"now", 0, AC_LOOK_ANY & ~AC_LOOK_BASE64},
	{"infinity", 0, AC_LOOK_ANY & ~AC_LOOK_BASE64},
	{"J2451187", 0, AC_LOOK_ANY & ~AC_LOOK_BASE64},
	{"P123456789D", 0, AC_LOOK_INTERVAL},
	{"[]", AC_LOOK_JSON, 0},
	{" {\"a\": [1]} ", AC_LOOK_JSON, 0},
	{"\"x\"", 0, AC_LOOK_JSON},
	{"{'a': 1}", 0, AC_LOOK_JSON},
	{"[\"\\u0000\"]", 0, AC_LOOK_JSON},
	{"[\"\\\\u0000\"]", AC_LOOK_JSON, 0},
	{"[\"\\ud83d\\ude00\"]", AC_LOOK_JSON, 0},
	{"[\"\\ud83d\"]", 0, AC_LOOK_JSON},
	{"[\"\\ude00\\ud83d\"]", 0, AC_LOOK_JSON},
	{"aGVsbG8=", AC_LOOK_BASE64, 0},
	{"a b", 0, AC_LOOK_BASE64},
};

static void
test_looks(void)
{
	int i;

	for (i = 0; i < (int) lengthof(looks); i++)
	{
		int got = ac_types_look(looks[i].text);

		ok((got & looks[i].look) == looks[i].look && (got & looks[i].no) == 0,
		   "\"%s\" looks 0x%x, must 0x%x, must not 0x%x", looks[i].text, got,
		   looks[i].look, looks[i].no);
	}
	ok(ac_types_integer_fits("smallint", "32767") &&
		   !ac_types_integer_fits("smallint", "32768") &&
		   ac_types_integer_fits("smallint", "-32768") &&
		   !ac_types_integer_fits("smallint", "-32769"),
	   "bounds of smallint");
	ok(ac_types_integer_fits("bigint", "9223372036854775807") &&
		   !ac_types_integer_fits("bigint", "9223372036854775808") &&
		   ac_types_integer_fits("bigint", "-9223372036854775808") &&
		   ac_types_integer_fits("bigint", "0000000000000000000000001"),
	   "bounds of bigint");
	ok(ac_types_integer_fits("numeric", "99999999999999999999999999"),
	   "numeric holds all");
}

int
main(void)
{
	test_types();
	test_looks();
	return done_testing();
}
