/*
 * test_compare.c
 *		Is every change of a description found, named and weighed, and nothing
 *		else?
 *
 * A table of pairs of descriptions, each compared there and back, in OpenAPI
 * 3.0 and 3.1.  What is found is written "kind severity table.column?subject",
 * several joined by "; "; '-' stands for the server.
 */
#include "ac.h"

#include "drift/compare.h"

#include "shop_model.h"
#include "tap.h"

/* 2026-01-01T00:00:00Z */
#define NOW INT64CONST(1767225600)

typedef struct Pair
{
	Slot slot;
	const char *name;
	const char *before;
	const char *after;
	const char *there; /* what is found */
	const char *back;  /* what is found the other way round */
	const char *only;  /* the one version of OpenAPI, NULL: both */
} Pair;

#define STRING "{'type': 'string'}"
#define INTEGER "{'type': 'integer'}"
#define NUMBER "{'type': 'number'}"
#define BOOLEAN "{'type': 'boolean'}"
#define OBJECT "{'type': 'object', 'properties': {'a': {'type': 'string'}}}"
#define LIST(items) "{'type': 'array', 'items': " items "}"
#define STRING_AS(format) "{'type': 'string', 'format': '" format "'}"
#define INTEGER_AS(format) "{'type': 'integer', 'format': '" format "'}"
#define NUMBER_AS(format) "{'type': 'number', 'format': '" format "'}"
#define ENUM(values) "{'type': 'string', 'enum': [" values "]}"
#define QUERY(name, schema) "{'name': '" name "', 'in': 'query', 'schema': " schema "}"
#define REQUIRED(name, schema) "{'name': '" name "', 'in': 'query', 'required': true, 'schema': " schema "}"
#define WITH_DEFAULT(value) "{'type': 'string', 'default': '" value "'}"
#define SIZES(rest) "{'name': 'page', 'in': 'query', 'schema': {'type': 'integer'}}, {'name': 'per_page', 'in': 'query', 'schema': {'type': 'integer'" rest "}}"
#define ROWS LIST("{'type': 'object', 'properties': {'id': {'type': 'integer'}, 'note': {'type': 'string'}, 'x': {'type': 'string'}}}")
#define GET(rows) "'get': {'responses': {'200': {'description': 'OK', 'content': {'application/json': {'schema': " rows "}}}}}"
#define POST(rows) "'post': {'responses': {'200': {'description': 'OK', 'content': {'application/json': {'schema': " rows "}}}}}"
#define SCHEMES(list, wanted) ", 'components': {'securitySchemes': {" list "}}, 'security': [" wanted "]"
#define BEARER "'b': {'type': 'http', 'scheme': 'bearer'}"
#define BASIC "'a': {'type': 'http', 'scheme': 'basic'}"
#define KEY(in) "'k': {'type': 'apiKey', 'in': '" in "', 'name': 'X-Key'}"

static const Pair pairs[] = {
	/* nothing that a reading client would notice */
	{SLOT_X, "nothing", STRING, STRING, "", "", NULL},
	{SLOT_X, "an example", STRING, "{'type': 'string', 'example': '2020-01-01T00:00:00Z'}", "", "", NULL},
	{SLOT_X, "a description", STRING, "{'type': 'string', 'description': 'RFC 3339 date', 'title': 'T'}", "", "", NULL},
	{SLOT_X, "an example that fits no format", STRING_AS("date-time"), "{'type': 'string', 'format': 'date-time', 'example': 'yesterday'}", "", "", NULL},
	{SLOT_X, "an example in a list", LIST(STRING_AS("date")), LIST("{'type': 'string', 'format': 'date', 'example': 'never'}"), "", "", NULL},
	{SLOT_X, "a format that is text", STRING, STRING_AS("email"), "", "", NULL},
	{SLOT_X, "precision of a float", NUMBER_AS("float"), NUMBER_AS("double"), "", "", NULL},
	{SLOT_X, "order of an enum", ENUM("'a', 'b'"), ENUM("'b', 'a'"), "", "", NULL},
	{SLOT_X, "an enum that opens", ENUM("'a', 'b'"), STRING, "", "", NULL},
	{SLOT_X, "what an object holds", OBJECT, "{'type': 'object', 'properties': {'b': {'type': 'integer'}}}", "", "", NULL},
	{SLOT_X, "an object with free keys", OBJECT, "{'type': 'object', 'additionalProperties': {'type': 'string'}}", "", "", NULL},
	{SLOT_FIELDS, "write-only fields", "", ", 'secret': {'type': 'string', 'writeOnly': true}", "", "", NULL},
	{SLOT_GET, "texts of an operation", "'summary': 'a', ", "'summary': 'b', 'description': 'c', 'tags': ['t'], ", "", "", NULL},
	{SLOT_PARAMS, "a new optional parameter", "", QUERY("q", STRING), "", "semantics_changed critical orders?q", NULL},
	{SLOT_PARAMS, "an optional header", "", "{'name': 'X-Trace', 'in': 'header', 'schema': {'type': 'string'}}", "", "", NULL},
	{SLOT_PARAMS, "order of parameters", QUERY("a", STRING) "," QUERY("b", STRING), QUERY("b", STRING) "," QUERY("a", STRING), "", "", NULL},
	{SLOT_METHODS, "a method that writes", "", ", " POST(STRING), "", "", NULL},
	{SLOT_PATHS, "a path that is no table", "", ", '/login': {" POST(STRING) "}", "", "", NULL},
	{SLOT_PATHS, "the name of a variable", ", '/a/{id}/b': {" GET(ROWS) "}", ", '/a/{a_id}/b': {" GET(ROWS) "}", "", "", NULL},
	{SLOT_TOP, "tags of the document", "", ", 'tags': [{'name': 't'}], 'externalDocs': {'url': 'https://e.example'}", "", "", NULL},
	{SLOT_BASE, "a slash at the end", "https://shop.example/v1", "https://shop.example/v1/", "", "", NULL},

	/* structure */
	{SLOT_FIELDS, "a column", "", ", 'price': {'type': 'number'}", "column_added info orders.price", "column_removed error orders.price", NULL},
	{SLOT_FIELDS, "two columns", "", ", 'a': {'type': 'number'}, 'b': {'type': 'string'}", "column_added info orders.a; column_added info orders.b", "column_removed error orders.a; column_removed error orders.b", NULL},
	{SLOT_FIELDS, "another name is another column", ", 'clan': {'type': 'string'}", ", 'guild': {'type': 'string'}", "column_removed error orders.clan; column_added info orders.guild", "column_added info orders.clan; column_removed error orders.guild", NULL},
	{SLOT_FIELDS, "another case is another column", ", 'userName': {'type': 'string'}", ", 'user_name': {'type': 'string'}", "column_removed error orders.user_name; column_added info orders.user_name", "column_added info orders.user_name; column_removed error orders.user_name", NULL},
	{SLOT_FIELDS, "a field that is not shown any more", ", 'pin': {'type': 'string'}", ", 'pin': {'type': 'string', 'writeOnly': true}", "column_removed error orders.pin", "column_added info orders.pin", NULL},
	{SLOT_PATHS, "a table", "", ", '/items': {" GET(ROWS) "}", "endpoint_added info items", "endpoint_removed critical items", NULL},
	{SLOT_PATHS, "a table in another", "", ", '/shops/{id}/staff': {" GET(ROWS) "}", "endpoint_added info staff", "endpoint_removed critical staff", NULL},
	{SLOT_PATHS, "another version", ", '/v1/items': {" GET(ROWS) "}", ", '/v2/items': {" GET(ROWS) "}", "endpoint_removed critical items; endpoint_added info items", "endpoint_added info items; endpoint_removed critical items", NULL},
	{SLOT_ORDERS, "the first table", "'/orders': {" GET(ROWS) "},", "", "endpoint_removed critical orders", "endpoint_added info orders", NULL},
	{SLOT_PATHS, "another method", ", '/items': {" GET(ROWS) "}", ", '/items': {" POST(ROWS) "}", "method_changed critical items", "endpoint_added info items", NULL},
	{SLOT_PATHS, "a method that was there", ", '/items': {" GET(ROWS) ", " POST(ROWS) "}", ", '/items': {" POST(ROWS) "}", "endpoint_removed critical items", "endpoint_added info items", NULL},
	{SLOT_MEDIA, "no JSON", "application/json", "text/csv", "content_type_changed error orders", "endpoint_added info orders", NULL},
	{SLOT_MEDIA, "lines of JSON", "application/json", "application/x-ndjson", "content_type_changed error orders", "content_type_changed error orders", NULL},
	{SLOT_MEDIA, "other JSON", "application/json", "application/vnd.shop+json", "", "", NULL},
	{SLOT_GET, "a server of its own", "", "'servers': [{'url': 'https://other.example'}], ", "endpoint_moved warning orders", "endpoint_added info orders", NULL},
	{SLOT_BASE, "another base URL", "https://shop.example/v1", "https://api.shop.example/v1", "endpoint_moved warning -", "endpoint_moved warning -", NULL},
	{SLOT_BODY, "an answer that is not described", ROWS, "{}", "", "endpoint_added info orders", NULL},
	{SLOT_BODY, "an envelope", ROWS, "{'type': 'object', 'properties': {'result': " ROWS ", 'total': {'type': 'integer'}}}", "envelope_moved critical orders", "envelope_moved critical orders", NULL},
	{SLOT_BODY, "one of two arrays", "{'type': 'object', 'properties': {'shipped': " ROWS ", 'waiting': " ROWS "}}", "{'type': 'object', 'properties': {'shipped': " ROWS "}}", "endpoint_removed critical orders__waiting", "endpoint_added info orders__waiting", NULL},
	{SLOT_X, "text to list", STRING, LIST(STRING), "cardinality_change error orders.x", "cardinality_change error orders.x", NULL},
	{SLOT_X, "text to object", STRING, OBJECT, "cardinality_change error orders.x", "cardinality_change error orders.x", NULL},
	{SLOT_X, "object to list", OBJECT, LIST(OBJECT), "cardinality_change error orders.x", "cardinality_change error orders.x", NULL},
	{SLOT_X, "number to object", NUMBER, OBJECT, "cardinality_change error orders.x", "cardinality_change error orders.x", NULL},
	{SLOT_X, "texts to objects in a list", LIST(STRING), LIST(OBJECT), "cardinality_change error orders.x", "cardinality_change error orders.x", NULL},

	/* types */
	{SLOT_X, "32 to 64 bits", INTEGER_AS("int32"), INTEGER_AS("int64"), "numeric_widened error orders.x", "narrowed info orders.x", NULL},
	{SLOT_X, "integer to number", INTEGER, NUMBER, "numeric_widened error orders.x", "narrowed info orders.x", NULL},
	{SLOT_X, "big integer to number", INTEGER_AS("uint64"), NUMBER, "numeric_widened error orders.x", "narrowed info orders.x", NULL},
	{SLOT_X, "int64 to uint64", INTEGER_AS("int64"), INTEGER_AS("uint64"), "numeric_widened error orders.x", "narrowed info orders.x", NULL},
	{SLOT_X, "a bound that grows", "{'type': 'integer', 'format': 'int32', 'maximum': 100}", "{'type': 'integer', 'format': 'int32', 'maximum': 5000000000}", "numeric_widened error orders.x", "narrowed info orders.x", NULL},
	{SLOT_X, "integers of a list", LIST(INTEGER_AS("int32")), LIST(NUMBER), "numeric_widened error orders.x", "narrowed info orders.x", NULL},
	{SLOT_X, "quoted integers", STRING_AS("int32"), STRING_AS("int64"), "numeric_widened error orders.x", "narrowed info orders.x", NULL},
	{SLOT_X, "number to text", NUMBER, STRING, "quoted_number warning orders.x", "quoted_number warning orders.x", NULL},
	{SLOT_X, "number to decimal text", NUMBER, STRING_AS("decimal"), "quoted_number warning orders.x", "quoted_number warning orders.x", NULL},
	{SLOT_X, "integer to text", INTEGER, STRING, "quoted_number warning orders.x", "quoted_number warning orders.x", NULL},
	{SLOT_X, "numbers of a list to texts", LIST(NUMBER), LIST(STRING), "quoted_number warning orders.x", "quoted_number warning orders.x", NULL},
	{SLOT_X, "number to word", NUMBER, ENUM("'low', 'high'"), "mixed_types error orders.x", "mixed_types error orders.x", NULL},
	{SLOT_X, "number to address", NUMBER, STRING_AS("email"), "mixed_types error orders.x", "mixed_types error orders.x", NULL},
	{SLOT_FIELDS, "a key that becomes text", ", 'user_id': {'type': 'integer'}", ", 'user_id': {'type': 'string'}", "id_type_change critical orders.user_id", "id_type_change critical orders.user_id", NULL},
	{SLOT_FIELDS, "a key that becomes a UUID", ", 'userId': {'type': 'integer'}", ", 'userId': {'type': 'string', 'format': 'uuid'}", "id_type_change critical orders.user_id", "id_type_change critical orders.user_id", NULL},
	{SLOT_FIELDS, "a key that is no UUID any more", ", 'user_id': {'type': 'string', 'format': 'uuid'}", ", 'user_id': {'type': 'string'}", "id_type_change critical orders.user_id", "narrowed info orders.user_id", NULL},
	{SLOT_FIELDS, "a key of more bits", ", 'user_id': {'type': 'integer', 'format': 'int32'}", ", 'user_id': {'type': 'integer', 'format': 'int64'}", "numeric_widened error orders.user_id", "narrowed info orders.user_id", NULL},
	{SLOT_FIELDS, "a key in quotes", ", 'user_id': {'type': 'integer'}", ", 'user_id': {'type': 'string', 'format': 'int64'}", "quoted_number warning orders.user_id", "quoted_number warning orders.user_id", NULL},
	{SLOT_BODY, "the table's own key", ROWS, LIST("{'type': 'object', 'properties': {'id': {'type': 'string'}, 'note': {'type': 'string'}, 'x': {'type': 'string'}}}"), "id_type_change critical orders.id", "id_type_change critical orders.id", NULL},
	{SLOT_X, "boolean to text", BOOLEAN, STRING, "bool_representation warning orders.x", "bool_representation warning orders.x", NULL},
	{SLOT_X, "boolean to word", BOOLEAN, ENUM("'Y', 'N'"), "bool_representation warning orders.x", "bool_representation warning orders.x", NULL},
	{SLOT_X, "boolean to integer", BOOLEAN, INTEGER, "bool_representation warning orders.x", "bool_representation warning orders.x", NULL},
	{SLOT_X, "boolean to moment", BOOLEAN, STRING_AS("date-time"), "mixed_types error orders.x", "mixed_types error orders.x", NULL},
	{SLOT_X, "moment to seconds", STRING_AS("date-time"), INTEGER_AS("unix-time"), "timestamp_encoding critical orders.x", "timestamp_encoding critical orders.x", NULL},
	{SLOT_X, "moment to integer", STRING_AS("date-time"), INTEGER, "timestamp_encoding critical orders.x", "timestamp_encoding critical orders.x", NULL},
	{SLOT_X, "moment to date", STRING_AS("date-time"), STRING_AS("date"), "timestamp_encoding critical orders.x", "timestamp_encoding critical orders.x", NULL},
	{SLOT_X, "seconds to milliseconds", INTEGER_AS("unix-time"), INTEGER_AS("unix-time-ms"), "timestamp_encoding critical orders.x", "timestamp_encoding critical orders.x", NULL},
	{SLOT_X, "moment to text of mail", STRING_AS("date-time"), STRING_AS("date-time-rfc2822"), "timestamp_encoding critical orders.x", "timestamp_encoding critical orders.x", NULL},
	{SLOT_X, "moment without zone", STRING_AS("date-time"), STRING_AS("date-time-local"), "timestamp_encoding critical orders.x", "timestamp_encoding critical orders.x", NULL},
	{SLOT_X, "moment to any text", STRING_AS("date-time"), STRING, "mixed_types error orders.x", "narrowed info orders.x", NULL},
	{SLOT_X, "seconds to text", INTEGER_AS("unix-time"), STRING, "timestamp_encoding critical orders.x", "timestamp_encoding critical orders.x", NULL},
	{SLOT_X, "UUID to text", STRING_AS("uuid"), STRING, "mixed_types error orders.x", "narrowed info orders.x", NULL},
	{SLOT_X, "address to duration", STRING_AS("ipv4"), STRING_AS("duration"), "mixed_types error orders.x", "mixed_types error orders.x", NULL},
	{SLOT_X, "text to anything", STRING, "{}", "mixed_types error orders.x", "narrowed info orders.x", NULL},
	{SLOT_X, "text to text or number", STRING, "{'oneOf': [{'type': 'string'}, {'type': 'object', 'properties': {'id': {'type': 'string'}}}]}", "mixed_types error orders.x", "narrowed info orders.x", NULL},
	{SLOT_X, "nullable", STRING, "{'type': 'string', 'nullable': true}", "became_nullable warning orders.x", "", "3.0.3"},
	{SLOT_X, "nullable by a list of types", STRING, "{'type': ['string', 'null']}", "became_nullable warning orders.x", "", "3.1.0"},
	{SLOT_X, "nullable by an alternative", STRING, "{'anyOf': [{'type': 'string'}, {'type': 'null'}]}", "became_nullable warning orders.x", "", "3.1.0"},
	{SLOT_X, "another type and nullable", BOOLEAN, "{'type': 'string', 'nullable': true}", "bool_representation warning orders.x; became_nullable warning orders.x", "bool_representation warning orders.x", "3.0.3"},

	/* values */
	{SLOT_X, "one more value", ENUM("'a', 'b'"), ENUM("'a', 'b', 'c'"), "enum_value_added warning orders.x", "enum_value_retired info orders.x", NULL},
	{SLOT_X, "other values", ENUM("'a', 'b'"), ENUM("'b', 'c', 'd'"), "enum_value_added warning orders.x; enum_value_retired info orders.x", "enum_value_added warning orders.x; enum_value_retired info orders.x", NULL},
	{SLOT_X, "values of a list", LIST(ENUM("'a'")), LIST(ENUM("'a', 'b'")), "enum_value_added warning orders.x", "enum_value_retired info orders.x", NULL},
	{SLOT_X, "integers", "{'type': 'integer', 'enum': [1, 2]}", "{'type': 'integer', 'enum': [1, 2, 3]}", "enum_value_added warning orders.x", "enum_value_retired info orders.x", NULL},

	/* requests */
	{SLOT_PARAMS, "a required parameter", "", REQUIRED("shop", STRING), "required_param_added critical orders.shop?shop", "semantics_changed critical orders.shop?shop", NULL},
	{SLOT_PARAMS, "a required header", "", "{'name': 'X-Shop', 'in': 'header', 'required': true, 'schema': {'type': 'string'}}", "required_param_added critical orders?header X-Shop", "", NULL},
	{SLOT_PARAMS, "two of one name", "", REQUIRED("q", STRING) ", {'name': 'q', 'in': 'header', 'required': true, 'schema': {'type': 'string'}}", "required_param_added critical orders?header q; required_param_added critical orders.q?q", "semantics_changed critical orders.q?q", NULL},
	{SLOT_PARAMS, "a parameter that becomes required", QUERY("shop", STRING), REQUIRED("shop", STRING), "required_param_added critical orders.shop?shop", "", NULL},
	{SLOT_PARAMS, "a filter that goes", QUERY("note", STRING), "", "semantics_changed critical orders.note?note", "", NULL},
	{SLOT_PARAMS, "another place", QUERY("note", STRING), "{'name': 'note', 'in': 'header', 'schema': {'type': 'string'}}", "semantics_changed critical orders.note?note", "", NULL},
	{SLOT_PARAMS, "another spelling", QUERY("created_by", STRING), QUERY("createdBy", STRING), "param_renamed error orders?created_by", "param_renamed error orders?createdBy", NULL},
	{SLOT_PARAMS, "a longer name", QUERY("customer", INTEGER), QUERY("customer_id", INTEGER), "param_renamed error orders?customer", "param_renamed error orders?customer_id", NULL},
	{SLOT_PARAMS, "a required one's spelling", REQUIRED("shop_id", STRING), REQUIRED("shopId", STRING), "param_renamed error orders.shop_id?shop_id", "param_renamed error orders.shop_id?shopId", NULL},
	{SLOT_PARAMS, "an operator is no longer name", QUERY("price", NUMBER), QUERY("min_price", NUMBER), "semantics_changed critical orders?price", "semantics_changed critical orders?min_price", NULL},
	{SLOT_PARAMS, "before is not after", QUERY("created_before", STRING), QUERY("created_after", STRING), "semantics_changed critical orders?created_before", "semantics_changed critical orders?created_after", NULL},
	{SLOT_PARAMS, "too many other words", QUERY("customer", STRING), QUERY("customer_tax_number", STRING), "semantics_changed critical orders?customer", "semantics_changed critical orders?customer_tax_number", NULL},
	{SLOT_PARAMS, "another type is no rename", QUERY("customer", STRING), QUERY("customer_id", INTEGER), "semantics_changed critical orders?customer", "semantics_changed critical orders?customer_id", NULL},
	{SLOT_PARAMS, "two that it may be", QUERY("customer", INTEGER), QUERY("customer_id", INTEGER) "," QUERY("customer_key", INTEGER), "semantics_changed critical orders?customer", "semantics_changed critical orders?customer_id; semantics_changed critical orders?customer_key", NULL},
	{SLOT_PARAMS, "another word", QUERY("clan", STRING), QUERY("guild", STRING), "semantics_changed critical orders?clan", "semantics_changed critical orders?guild", NULL},
	{SLOT_PARAMS, "another default", QUERY("lang", WITH_DEFAULT("en")), QUERY("lang", WITH_DEFAULT("de")), "default_changed error orders?lang", "default_changed error orders?lang", NULL},
	{SLOT_PARAMS, "a new default", QUERY("lang", STRING), QUERY("lang", WITH_DEFAULT("de")), "default_changed error orders?lang", "", NULL},
	{SLOT_PARAMS, "a lower maximum", SIZES(", 'maximum': 100"), SIZES(", 'maximum': 50"), "limit_max_lowered error orders?per_page", "", NULL},
	{SLOT_PARAMS, "a lower maximum by value", SIZES(", 'maximum': 1000"), SIZES(", 'maximum': 200"), "limit_max_lowered error orders?per_page", "", NULL},
	{SLOT_PARAMS, "another page size", SIZES(", 'default': 10"), SIZES(", 'default': 20"), "default_changed info orders?per_page", "default_changed info orders?per_page", NULL},
	{SLOT_PARAMS, "a first page size", SIZES(""), SIZES(", 'default': 20"), "", "", NULL},
	{SLOT_PARAMS, "another maximum", QUERY("year", "{'type': 'integer', 'maximum': 2030}"), QUERY("year", "{'type': 'integer', 'maximum': 2025}"), "", "", NULL},

	/* credentials */
	{SLOT_TOP, "another scheme", SCHEMES(KEY("header"), "{'k': []}"), SCHEMES(BEARER, "{'b': []}"), "auth_scheme_changed critical -", "auth_scheme_changed critical -", NULL},
	{SLOT_TOP, "another place of the key", SCHEMES(KEY("header"), "{'k': []}"), SCHEMES(KEY("query"), "{'k': []}"), "auth_scheme_changed critical -", "auth_scheme_changed critical -", NULL},
	{SLOT_TOP, "one more scheme", SCHEMES(BASIC, "{'a': []}"), SCHEMES(BASIC ", " BEARER, "{'a': []}, {'b': []}"), "auth_scheme_changed warning -", "auth_scheme_changed critical -", NULL},
	{SLOT_TOP, "credentials", "", SCHEMES(BEARER, "{'b': []}"), "auth_scheme_changed critical -", "auth_scheme_changed warning -", NULL},
	{SLOT_TOP, "credentials that were optional", SCHEMES(BEARER, "{'b': []}, {}"), SCHEMES(BEARER, "{'b': []}"), "auth_scheme_changed critical -", "", NULL},
	{SLOT_TOP, "the name of a scheme", SCHEMES("'b': {'type': 'http', 'scheme': 'bearer'}", "{'b': []}"), SCHEMES("'c': {'type': 'http', 'scheme': 'Bearer'}", "{'c': []}"), "", "", NULL},

	/* on its way out */
	{SLOT_GET, "a deprecated table", "", "'deprecated': true, ", "deprecated warning orders", "", NULL},
	{SLOT_FIELDS, "a deprecated column", ", 'y': {'type': 'string'}", ", 'y': {'type': 'string', 'deprecated': true}", "deprecated warning orders.y", "", NULL},
	{SLOT_PARAMS, "a deprecated parameter", QUERY("q", STRING), "{'name': 'q', 'in': 'query', 'deprecated': true, 'schema': {'type': 'string'}}", "deprecated warning orders?q", "", NULL},
	{SLOT_GET, "a distant sunset", "", "'x-sunset': '2026-12-31', ", "sunset_scheduled warning orders", "", NULL},
	{SLOT_GET, "a sunset in 91 days", "", "'x-sunset': '2026-04-02', ", "sunset_scheduled warning orders", "", NULL},
	{SLOT_GET, "a sunset in 90 days", "", "'x-sunset': '2026-04-01', ", "sunset_scheduled error orders", "", NULL},
	{SLOT_GET, "a sunset in 15 days", "", "'x-sunset': '2026-01-16T00:00:00Z', ", "sunset_scheduled error orders", "", NULL},
	{SLOT_GET, "a sunset in 14 days", "", "'x-sunset': 'Thu, 15 Jan 2026 00:00:00 GMT', ", "sunset_scheduled critical orders", "", NULL},
	{SLOT_GET, "a sunset that was", "", "'x-sunset': '2025-06-30', ", "sunset_scheduled critical orders", "", NULL},
	{SLOT_GET, "a sunset that comes nearer", "'x-sunset': '2026-12-31', ", "'x-sunset': '2026-03-01', ", "sunset_scheduled error orders", "", NULL},
	{SLOT_GET, "a sunset in words", "", "'x-sunset': 'next spring', ", "sunset_scheduled warning orders", "", NULL},
	{SLOT_GET, "deprecated with its sunset", "", "'deprecated': true, 'x-sunset': '2026-12-31', ", "deprecated warning orders; sunset_scheduled warning orders", "", NULL},
};

/* "kind severity table.column?subject; ..." */
static char *
drifts_text(const AcDriftList *drifts)
{
	StringInfoData out;
	int i;

	initStringInfo(&out);
	for (i = 0; i < drifts->n; i++)
	{
		const AcDrift *d = &drifts->items[i];

		appendStringInfo(&out, "%s%s %s %s", i > 0 ? "; " : "",
						 ac_drift_kind_name(d->kind),
						 ac_severity_name(d->severity),
						 d->table != NULL ? d->table : "-");
		if (d->column != NULL)
			appendStringInfo(&out, ".%s", d->column);
		if (d->subject != NULL)
			appendStringInfo(&out, "?%s", d->subject);
	}
	return out.data;
}

static void
compare(const AcModel *before, const AcModel *after, AcDriftList *drifts)
{
	AcComparison comparison = {before, after, NOW};

	ac_drift_list_init(drifts);
	ac_compare(&comparison, drifts);
}

static char *
compare_text(const AcModel *before, const AcModel *after)
{
	AcDriftList drifts;
	char *text;

	compare(before, after, &drifts);
	text = drifts_text(&drifts);
	ac_drift_list_free(&drifts);
	return text;
}

/* Is every finding told whole: a sentence, its evidence, a fix that stores? */
static bool
is_whole(const AcDrift *drift)
{
	AcJson *evidence = ac_drift_evidence(drift);
	AcJson *fix = ac_fix_to_json(&drift->fix);
	AcFix read;
	AcError err;
	bool whole = drift->summary != NULL && drift->summary[0] != '\0' &&
				 drift->tiers == AC_TIER_SPEC && drift->confidence > 0 &&
				 drift->confidence < 1 && drift->spec_ref != NULL &&
				 (drift->table == NULL) == (drift->path == NULL) &&
				 ac_json_length(ac_json_get(evidence, "tiers")) == 1 &&
				 ac_fix_from_json(fix, &read, &err);

	ac_json_free(evidence);
	ac_json_free(fix);
	return whole;
}

/*
 * Whatever is accepted first, each decision takes away just the one drift,
 * and all of them all; by what the catalog keeps of a drift, too.
 */
static bool
accept_all(const AcModel *before, const AcModel *after, bool backwards,
		   bool as_stored)
{
	AcDriftList drifts;
	int expected;

	for (expected = -1;; expected--)
	{
		AcDrift drift;
		const char *left;
		int n;

		compare(before, after, &drifts);
		n = drifts.n;
		if (n > 0)
		{
			drift = drifts.items[backwards ? n - 1 : 0];
			if (as_stored)
				drift.path = drift.json_path = NULL;
			before = ac_compare_accept(before, after, &drift);
		}
		left = drifts_text(&drifts);
		ac_drift_list_free(&drifts);
		if (expected == -1)
			expected = n;
		if (n != expected)
			diag("%d drifts left, not %d: %s", n, expected, left);
		if (n != expected || n == 0)
			return n == expected;
	}
}

static void
test_one_way(const AcModel *before, const AcModel *after, const char *wanted,
			 const char *name)
{
	AcDriftList drifts;
	bool whole = true;
	int i;

	compare(before, after, &drifts);
	is_str(drifts_text(&drifts), wanted, "%s", name);
	for (i = 0; i < drifts.n; i++)
		whole = whole && is_whole(&drifts.items[i]);
	ok(whole, "%s: told whole", name);
	ac_drift_list_free(&drifts);
	ok(accept_all(before, after, false, false) &&
		   accept_all(before, after, true, false),
	   "%s: decided one by one", name);
}

static void
test_pairs(void)
{
	static const char *const versions[] = {"3.0.3", "3.1.0"};
	int i;
	int v;

	for (i = 0; i < (int) lengthof(pairs); i++)
		for (v = 0; v < (int) lengthof(versions); v++)
		{
			const Pair *pair = &pairs[i];
			AcModel *before;
			AcModel *after;

			if (pair->only != NULL && strcmp(pair->only, versions[v]) != 0)
				continue;
			before = shop_model(versions[v], pair->slot, pair->before);
			after = shop_model(versions[v], pair->slot, pair->after);
			test_one_way(before, after, pair->there,
						 psprintf("%s, %s", pair->name, versions[v]));
			test_one_way(after, before, pair->back,
						 psprintf("%s, back, %s", pair->name, versions[v]));
			is_str(compare_text(before, before), "", "%s: equal to itself",
				   pair->name);
		}
	diag("%d pairs", (int) lengthof(pairs));
}

/* The document of a slot against the one of another: many drifts at once. */
static void
test_cross(void)
{
	int bad = 0;
	int i;

	for (i = 0; i + 7 < (int) lengthof(pairs); i++)
	{
		AcModel *a = shop_model("3.1.0", pairs[i].slot, pairs[i].before);
		AcModel *b = shop_model("3.1.0", pairs[i + 7].slot, pairs[i + 7].after);
		/* a column removed and one added may have one name */
		bool named = strstr(pairs[i].name, "another case") == NULL &&
					 strstr(pairs[i + 7].name, "another case") == NULL;

		if (!accept_all(a, b, false, false) || !accept_all(a, b, true, false) ||
			(named && !accept_all(a, b, false, true)))
		{
			diag("%s against %s", pairs[i].name, pairs[i + 7].name);
			bad++;
		}
	}
	is_int(bad, 0, "any two can be reconciled one by one");
}

static const AcDrift *
only_drift(AcDriftList *drifts, Slot slot, const char *before,
		   const char *after)
{
	compare(shop_model("3.0.3", slot, before), shop_model("3.0.3", slot, after),
			drifts);
	if (drifts->n != 1)
		diag("not one drift: %s", drifts_text(drifts));
	return &drifts->items[0];
}

static void
test_fixes(void)
{
	AcDriftList drifts;
	const AcDrift *d;

	d = only_drift(&drifts, SLOT_FIELDS, "",
				   ", 'createdOn': {'type': 'integer', 'format': 'unix-time'}");
	is_str(ac_json_to_text(ac_drift_own(&drifts, ac_fix_to_json(&d->fix))),
		   "{\"action\":\"add_column\",\"column\":\"created_on\","
		   "\"type\":\"timestamptz\",\"options\":["
		   "{\"name\":\"json_path\",\"after\":\"/createdOn\"},"
		   "{\"name\":\"decode\",\"after\":\"epoch_s\"}]}",
		   "a new column is added");
	is_str(d->summary, "orders has a new column \"created_on\" of type timestamptz",
		   "and told");
	is_str(d->json_path, "/createdOn", "with its place");
	is_str(d->spec_ref, "/paths/~1orders/get", "and where it says so");
	ac_drift_list_free(&drifts);

	d = only_drift(&drifts, SLOT_FIELDS, ", 'y': {'type': 'string'}", "");
	is_str(ac_json_to_text(ac_drift_own(&drifts, ac_fix_to_json(&d->fix))),
		   "{\"action\":\"column_options\",\"column\":\"y\",\"options\":["
		   "{\"name\":\"missing\",\"after\":\"null\"}]}",
		   "a lost column may be missing");
	ac_drift_list_free(&drifts);

	d = only_drift(&drifts, SLOT_X, INTEGER_AS("unix-time"),
				   INTEGER_AS("unix-time-ms"));
	is_str(ac_json_to_text(ac_drift_own(&drifts, ac_fix_to_json(&d->fix))),
		   "{\"action\":\"column_options\",\"column\":\"x\",\"options\":["
		   "{\"name\":\"decode\",\"before\":\"epoch_s\",\"after\":\"epoch_ms\"}]}",
		   "another decoding of the same type");
	ac_drift_list_free(&drifts);

	d = only_drift(&drifts, SLOT_PATHS, "", ", '/items': {" GET(ROWS) "}");
	is_str(ac_fix_action_name(d->fix.action), "create_table",
		   "a new table is created");
	ok(d->fix.statement == NULL && d->fix.relation == NULL,
	   "by whoever has its plan");
	ac_drift_list_free(&drifts);

	d = only_drift(&drifts, SLOT_X, NUMBER, STRING);
	is_int(d->fix.action, AC_FIX_NONE, "another type is no fix of ours");
	is_str(d->summary, "column \"x\" of orders is now text, was numeric",
		   "a type is told");
	ac_drift_list_free(&drifts);
}

static void
params_are(Slot slot, const char *before, const char *after,
		   const char *wanted)
{
	AcDriftList drifts;
	const AcDrift *d = only_drift(&drifts, slot, before, after);

	is_str(d->params == NULL ? NULL : ac_json_to_text(d->params), wanted,
		   "params of %s: %s", ac_drift_kind_name(d->kind), d->summary);
	ac_drift_list_free(&drifts);
}

static void
test_params(void)
{
	params_are(SLOT_X, ENUM("'a'"), ENUM("'a', 'c', 'b'"),
			   "{\"values\":[\"b\",\"c\"]}");
	params_are(SLOT_X, ENUM("'a', 'b'"), ENUM("'b'"), "{\"values\":[\"a\"]}");
	params_are(SLOT_X, INTEGER, NUMBER, "{\"new_type\":\"numeric\"}");
	params_are(SLOT_X, NUMBER, STRING,
			   "{\"new_type\":\"text\",\"decode\":\"numeric_string\"}");
	params_are(SLOT_X, STRING, NUMBER, "{\"new_type\":\"numeric\"}");
	params_are(SLOT_X, STRING_AS("date-time"), INTEGER_AS("unix-time"),
			   "{\"new_type\":\"timestamptz\",\"decode\":\"epoch_s\"}");
	params_are(SLOT_PARAMS, "", REQUIRED("shop", ENUM("'main', 'side'")),
			   "{\"param\":\"shop\",\"default\":\"main\"}");
	params_are(SLOT_PARAMS, QUERY("a_b", STRING), QUERY("aB", STRING),
			   "{\"param\":\"a_b\",\"new_param\":\"aB\"}");
	params_are(SLOT_PARAMS, SIZES(", 'maximum': 100"),
			   SIZES(", 'maximum': 50"),
			   "{\"param\":\"per_page\",\"cap\":\"50\"}");
	params_are(SLOT_BASE, "https://a.example", "https://b.example",
			   "{\"location\":\"https://b.example\"}");
	params_are(SLOT_TOP, SCHEMES(BASIC, "{'a': []}"),
			   SCHEMES(KEY("header"), "{'k': []}"),
			   "{\"scheme\":\"api_key header X-Key\"}");
	params_are(SLOT_GET, "", "'x-sunset': '2026-12-31', ",
			   "{\"date\":\"2026-12-31\"}");
	params_are(SLOT_BODY, ROWS,
			   "{'type': 'object', 'properties': {'result': " ROWS "}}",
			   "{\"new_path\":\"/result\"}");
	params_are(SLOT_PATHS, ", '/items': {" GET(ROWS) "}",
			   ", '/items': {" POST(ROWS) "}", "{\"method\":\"POST\"}");
}

static AcModel *
stored_model(const char *text)
{
	AcJson *json = json_of(text);
	AcModel *model = NULL;
	AcError err;

	if (!ac_model_from_json(json, &model, &err))
		diag("%s", err.message);
	ac_json_free(json);
	return model;
}

/* Tables that share a path are told apart by their rows, then by spelling. */
static void
test_shared_paths(void)
{
	AcModel *before = stored_model(
		"{'tables': [{'name': 'r', 'path': '/a/{x}', 'method': 'GET', 'rows_path': '/r', 'source': '/p'},"
		" {'name': 's', 'path': '/a/{x}', 'method': 'GET', 'rows_path': '/s', 'source': '/p'}]}");
	AcModel *after = stored_model(
		"{'tables': [{'name': 's', 'path': '/a/{y}', 'method': 'GET', 'rows_path': '/s', 'source': '/p'},"
		" {'name': 't', 'path': '/a/{y}', 'method': 'GET', 'rows_path': '/t', 'source': '/p'}]}");
	AcDriftList drifts;
	AcModel *spelled = stored_model(
		"{'tables': [{'name': 'z', 'path': '/a/{w}', 'method': 'GET', 'rows_path': '/z', 'source': '/p'},"
		" {'name': 'r', 'path': '/a/{x}', 'method': 'GET', 'rows_path': '/y', 'source': '/p'},"
		" {'name': 's', 'path': '/a/{x}', 'method': 'POST', 'rows_path': '/s', 'source': '/p'}]}");

	is_str(compare_text(before, after), "envelope_moved critical r",
		   "the same rows under other variables");
	is_str(compare_text(before, spelled),
		   "envelope_moved critical r; envelope_moved critical s; endpoint_added info s",
		   "never another method");
	compare(before, spelled, &drifts);
	is_str(ac_json_get_string(drifts.items[0].params, "new_path"), "/y",
		   "the same spelling first");
	is_str(ac_json_get_string(drifts.items[1].params, "new_path"), "/z",
		   "what is left of the path then");
	ac_drift_list_free(&drifts);
	ok(accept_all(before, after, false, false), "decided");
	ok(accept_all(before, spelled, false, false), "decided, too");
}

/* Where no address is told, none has changed. */
static void
test_no_base_url(void)
{
	AcModel *a = shop_model("3.0.3", SLOT_X, STRING);
	AcModel *b = shop_model("3.0.3", SLOT_X, STRING);

	b->base_url = NULL;
	is_str(compare_text(a, b), "", "an address that is told no more");
	is_str(compare_text(b, a), "", "an address that is told first");
}

/* Dismissing one thing leaves its neighbours to be found. */
static void
test_neighbours(void)
{
	AcModel *before = shop_model("3.0.3", SLOT_X, ENUM("'a', 'b'"));
	AcModel *after = shop_model("3.0.3", SLOT_X, "{'type': 'string', 'nullable': true, 'enum': ['b', 'c']}");
	AcDriftList drifts;
	AcModel *next;

	compare(before, after, &drifts);
	is_str(drifts_text(&drifts),
		   "became_nullable warning orders.x; enum_value_added warning orders.x; "
		   "enum_value_retired info orders.x",
		   "three drifts of one column");
	next = ac_compare_accept(before, after, &drifts.items[1]);
	is_str(compare_text(next, after),
		   "became_nullable warning orders.x; enum_value_retired info orders.x",
		   "the new value is known, the old one not forgotten");
	next = ac_compare_accept(before, after, &drifts.items[2]);
	is_str(compare_text(next, after),
		   "became_nullable warning orders.x; enum_value_added warning orders.x",
		   "and the other way round");
	is_str(compare_text(before, after),
		   "became_nullable warning orders.x; enum_value_added warning orders.x; "
		   "enum_value_retired info orders.x",
		   "the baseline itself is untouched");
	drifts.items[0].table = "elsewhere";
	next = ac_compare_accept(before, after, &drifts.items[0]);
	is_str(compare_text(next, before), "", "a drift of nothing decides nothing");
	ac_drift_list_free(&drifts);
}

/* Names of parameters are anybody's text, and as long as they like. */
static void
test_hostile_names(void)
{
	AcDriftList drifts;
	const AcDrift *d = only_drift(&drifts, SLOT_PARAMS,
								  QUERY("1234567890123456789012345678901234567890"
										"123456789012345678901234567890123456789\xC3\xA4Z",
										STRING),
								  "");
	is_str(d->summary,
		   "orders has no parameter \"1234567890123456789012345678901234567890"
		   "123456789012345678901234567890123456789...\" any more",
		   "a long name is cut between characters");
	ac_drift_list_free(&drifts);
}

int
main(void)
{
	test_pairs();
	test_cross();
	test_fixes();
	test_params();
	test_shared_paths();
	test_no_base_url();
	test_neighbours();
	test_hostile_names();
	return done_testing();
}
