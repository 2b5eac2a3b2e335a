/*
 * convert.c
 *		How does a field of an answer become a value of a column's type?
 *
 * See convert.h.  Each type has its input function and perhaps a fast reader
 * for usual spellings (pg/literal); what a fast reader is not sure of goes to
 * the input function, so that errors and odd spellings are PostgreSQL's own.
 */
#include "ac.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "pg/attempt.h"
#include "pg/convert_int.h"
#include "pg/jsonwalk.h"
#include "pg/literal.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

/* ---- the field's text ---- */

char *
ac_convert_text(AcConverter *converter, const AcField *field)
{
	AcError err;
	char *recoded;

	resetStringInfo(&converter->text);
	if (!ac_field_decode(field, &converter->text, &err))
		ereport(ERROR,
				(errcode(err.code == AC_ERR_VALUE
							 ? ERRCODE_UNTRANSLATABLE_CHARACTER
							 : ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s", err.message)));
	if (converter->utf8)
		return converter->text.data;
	recoded = pg_any_to_server(converter->text.data, converter->text.len,
							   PG_UTF8);
	return recoded;
}

char *
ac_convert_json_text(AcConverter *converter, const AcField *field)
{
	bool quoted = field->kind == AC_FIELD_STRING;

	resetStringInfo(&converter->text);
	appendBinaryStringInfo(&converter->text, field->text - quoted,
						   (int) field->len + 2 * quoted);
	if (converter->utf8)
		return converter->text.data;
	return pg_any_to_server(converter->text.data, converter->text.len,
							PG_UTF8);
}

/* ---- input functions ---- */

void
ac_convert_reject(const AcConverter *converter, const char *text)
{
	/* as the input functions call them */
	const char *type = converter->type == TIMESTAMPOID ? "timestamp"
					   : converter->type == TIMEOID	   ? "time"
													   : format_type_be(converter->type);

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_DATETIME_FORMAT),
			 errmsg("invalid input syntax for type %s: \"%s\"", type, text)));
}

/*
 * Words by which the input functions mean another day each day, no moment at
 * all, or the count of days since 4714 BC.  An API that sends "now" or "J2451"
 * sends a text.
 */
static bool
is_reserved_word(const char *word, size_t len)
{
	static const char *const words[] = {
		"now", "today", "tomorrow", "yesterday", "epoch", "infinity",
		"allballs", "julian", "jd", "j"};

	for (int i = 0; i < (int) lengthof(words); i++)
		if (strlen(words[i]) == len && pg_strncasecmp(words[i], word, len) == 0)
			return true;
	return false;
}

/*
 * Refuses what the input functions would take but no API can mean: words, and
 * dates without a year of four digits, whose order is anybody's guess.
 */
static void
check_temporal(const AcConverter *converter, const char *text)
{
	bool needs_year = converter->type == DATEOID ||
					  converter->type == TIMESTAMPOID ||
					  converter->type == TIMESTAMPTZOID;

	for (const char *at = text; *at != '\0';)
	{
		size_t letters = 0;
		size_t digits = strspn(at, "0123456789");

		while (isalpha((unsigned char) at[letters]))
			letters++;
		if (letters > 0 && is_reserved_word(at, letters))
			ac_convert_reject(converter, text);
		if (digits >= 4)
			needs_year = false;
		at += Max(Max(letters, digits), 1);
	}
	if (needs_year)
		ac_convert_reject(converter, text);
}

/* The input function under settings of our own. */
static Datum
input_temporal(AcConverter *converter, char *text)
{
	int order = DateOrder;
	int style = IntervalStyle;
	pg_tz *zone = session_timezone;
	Datum value = 0;

	PG_TRY();
	{
		DateOrder = DATEORDER_YMD;
		IntervalStyle = INTSTYLE_POSTGRES;
		session_timezone = pg_tzset("GMT"); /* the one that needs no file */
		value = InputFunctionCall(&converter->input, text, converter->ioparam,
								  converter->typmod);
	}
	PG_FINALLY();
	{
		DateOrder = order;
		IntervalStyle = style;
		session_timezone = zone;
	}
	PG_END_TRY();
	return value;
}

Datum
ac_convert_input(AcConverter *converter, char *text)
{
	if (!converter->is_temporal)
		return InputFunctionCall(&converter->input, text, converter->ioparam,
								 converter->typmod);
	check_temporal(converter, text);
	return input_temporal(converter, text);
}

static Datum
slow_input(AcConverter *converter, const AcField *field)
{
	return ac_convert_input(converter, ac_convert_text(converter, field));
}

static Datum
slow_json(AcConverter *converter, const AcField *field)
{
	return ac_convert_input(converter, ac_convert_json_text(converter, field));
}

/* 1.0 and 1e3 are integers to JSON; the integer types want digits only. */
static Datum
slow_integer(AcConverter *converter, const AcField *field)
{
	char *text = ac_convert_text(converter, field);
	Datum number;
	Datum whole;

	if (field->kind != AC_FIELD_NUMBER || strpbrk(text, ".eE") == NULL)
		return ac_convert_input(converter, text);
	number = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
								 ObjectIdGetDatum(InvalidOid),
								 Int32GetDatum(-1));
	whole = DirectFunctionCall2(numeric_trunc, number, Int32GetDatum(0));
	if (DatumGetBool(DirectFunctionCall2(numeric_eq, number, whole)))
		text = DatumGetCString(DirectFunctionCall1(numeric_out, whole));
	return ac_convert_input(converter, text);
}

/* "-P1D" is of XML Schema; the input function knows no sign. */
static Datum
slow_interval(AcConverter *converter, const AcField *field)
{
	char *text = ac_convert_text(converter, field);

	if (text[0] != '-' || text[1] != 'P')
		return ac_convert_input(converter, text);
	return DirectFunctionCall1(interval_um,
							   ac_convert_input(converter, text + 1));
}

/* Base64 (RFC 4648), either alphabet, padded or not; "\x" is hexadecimal. */
static Datum
slow_bytea(AcConverter *converter, const AcField *field)
{
	StringInfoData base64;
	char *text = ac_convert_text(converter, field);

	if (field->kind != AC_FIELD_STRING ||
		(text[0] == '\\' && text[1] == 'x'))
		return ac_convert_input(converter, text);
	initStringInfo(&base64);
	for (; *text != '\0'; text++)
		appendStringInfoChar(&base64, *text == '-' ? '+' : *text == '_' ? '/'
																		: *text);
	while (base64.len % 4 != 0)
		appendStringInfoChar(&base64, '=');
	return DirectFunctionCall2(binary_decode,
							   CStringGetTextDatum(base64.data),
							   CStringGetTextDatum("base64"));
}

static Datum
slow_array(AcConverter *converter, const AcField *field)
{
	AcConverter *element = converter->element;
	AcJsonWalk walk;
	AcField item;
	Datum *values;
	bool *nulls;
	int capacity = 16;
	int n = 0;
	int lower = 1;

	if (field->kind != AC_FIELD_ARRAY)
		return slow_input(converter, field);
	values = palloc(sizeof(Datum) * capacity);
	nulls = palloc(sizeof(bool) * capacity);
	ac_jsonwalk_begin(&walk, field);
	for (; ac_jsonwalk_element(&walk, &item); n++)
	{
		/* An array may be most of a page of any size. */
		CHECK_FOR_INTERRUPTS();
		if (n == capacity)
		{
			capacity *= 2;
			values = repalloc(values, sizeof(Datum) * capacity);
			nulls = repalloc(nulls, sizeof(bool) * capacity);
		}
		nulls[n] = !ac_convert(element, &item, &values[n]);
		if (nulls[n])
			values[n] = (Datum) 0;
	}
	if (n == 0)
		return PointerGetDatum(construct_empty_array(get_element_type(converter->type)));
	return PointerGetDatum(construct_md_array(values, nulls, 1, &n, &lower,
											  get_element_type(converter->type),
											  converter->element_len,
											  converter->element_byval,
											  converter->element_align));
}

/* ---- fast readers ---- */

static bool
fast_int2(const AcConverter *converter, const AcField *field, Datum *value)
{
	int64 number;

	if (!ac_convert_is_plain(field) ||
		!ac_literal_int64(field->text, field->len, &number) ||
		number < PG_INT16_MIN || number > PG_INT16_MAX)
		return false;
	*value = Int16GetDatum((int16) number);
	return true;
}

static bool
fast_int4(const AcConverter *converter, const AcField *field, Datum *value)
{
	int64 number;

	if (!ac_convert_is_plain(field) ||
		!ac_literal_int64(field->text, field->len, &number) ||
		number < PG_INT32_MIN || number > PG_INT32_MAX)
		return false;
	*value = Int32GetDatum((int32) number);
	return true;
}

static bool
fast_int8(const AcConverter *converter, const AcField *field, Datum *value)
{
	int64 number;

	if (!ac_convert_is_plain(field) ||
		!ac_literal_int64(field->text, field->len, &number))
		return false;
	*value = Int64GetDatum(number);
	return true;
}

static bool
fast_bool(const AcConverter *converter, const AcField *field, Datum *value)
{
	*value = BoolGetDatum(field->kind == AC_FIELD_TRUE);
	return field->kind == AC_FIELD_TRUE || field->kind == AC_FIELD_FALSE;
}

static bool
fast_float8(const AcConverter *converter, const AcField *field, Datum *value)
{
	double number;

	if (!ac_convert_is_plain(field) ||
		!ac_literal_float8(field->text, field->len, &number))
		return false;
	*value = Float8GetDatum(number);
	return true;
}

/* typmod is none: a numeric(p,s) has to be rounded and checked. */
static bool
fast_numeric(const AcConverter *converter, const AcField *field, Datum *value)
{
	int64 digits;
	int scale;

	if (converter->typmod >= 0 || !ac_convert_is_plain(field) ||
		!ac_literal_decimal(field->text, field->len, &digits, &scale))
		return false;
	*value = NumericGetDatum(scale == 0
								 ? int64_to_numeric(digits)
								 : int64_div_fast_to_numeric(digits, scale));
	return true;
}

/* A varchar's limit counts characters, of which there are at most len. */
static bool
fast_text(const AcConverter *converter, const AcField *field, Datum *value)
{
	text *result;

	if (field->escaped || !converter->utf8 ||
		(converter->typmod >= (int32) VARHDRSZ &&
		 field->len > (size_t) (converter->typmod - VARHDRSZ)))
		return false;
	result = palloc(field->len + VARHDRSZ);
	SET_VARSIZE(result, field->len + VARHDRSZ);
	memcpy(VARDATA(result), field->text, field->len);
	*value = PointerGetDatum(result);
	return true;
}

/* The text was validated with the body, by the rules of json_in. */
static bool
fast_json(const AcConverter *converter, const AcField *field, Datum *value)
{
	bool quoted = field->kind == AC_FIELD_STRING;

	if (!converter->utf8)
		return false;
	*value = PointerGetDatum(cstring_to_text_with_len(field->text - quoted,
													  (int) field->len + 2 * quoted));
	return true;
}

static bool
fast_uuid(const AcConverter *converter, const AcField *field, Datum *value)
{
	pg_uuid_t uuid;

	if (!ac_convert_is_plain(field) ||
		!ac_literal_uuid(field->text, field->len, uuid.data))
		return false;
	*value = UUIDPGetDatum(memcpy(palloc(sizeof(uuid)), &uuid, sizeof(uuid)));
	return true;
}

static bool
fast_date(const AcConverter *converter, const AcField *field, Datum *value)
{
	int32 days;

	if (field->kind != AC_FIELD_STRING ||
		!ac_literal_date(field->text, field->len, &days))
		return false;
	*value = DateADTGetDatum(days);
	return true;
}

/* A time without an offset is taken for UTC, not for the session's zone. */
static bool
fast_timestamptz(const AcConverter *converter, const AcField *field,
				 Datum *value)
{
	int64 local_us;
	int offset_s;

	if (converter->typmod >= 0 || field->kind != AC_FIELD_STRING ||
		!ac_literal_timestamp(field->text, field->len, &local_us, &offset_s))
		return false;
	*value = TimestampTzGetDatum(local_us - offset_s * USECS_PER_SEC);
	return true;
}

/* As timestamp_in has it, an offset is read and ignored. */
static bool
fast_timestamp(const AcConverter *converter, const AcField *field,
			   Datum *value)
{
	int64 local_us;
	int offset_s;

	if (converter->typmod >= 0 || field->kind != AC_FIELD_STRING ||
		!ac_literal_timestamp(field->text, field->len, &local_us, &offset_s))
		return false;
	*value = TimestampGetDatum(local_us);
	return true;
}

/* ---- choosing ---- */

typedef struct AcTypeReader
{
	Oid type;
	bool (*fast)(const AcConverter *, const AcField *, Datum *);
	Datum (*slow)(AcConverter *, const AcField *);
} AcTypeReader;

static const AcTypeReader readers[] = {
	{INT2OID, fast_int2, slow_integer},
	{INT4OID, fast_int4, slow_integer},
	{INT8OID, fast_int8, slow_integer},
	{BOOLOID, fast_bool, slow_input},
	{TEXTOID, fast_text, slow_input},
	{VARCHAROID, fast_text, slow_input},
	{NUMERICOID, fast_numeric, slow_input},
	{FLOAT8OID, fast_float8, slow_input},
	{TIMESTAMPTZOID, fast_timestamptz, slow_input},
	{TIMESTAMPOID, fast_timestamp, slow_input},
	{DATEOID, fast_date, slow_input},
	{INTERVALOID, NULL, slow_interval},
	{UUIDOID, fast_uuid, slow_input},
	{JSONOID, fast_json, slow_json},
	{JSONBOID, NULL, slow_json},
	{BYTEAOID, NULL, slow_bytea},
};

static void
choose_reader(AcConverter *converter)
{
	converter->fast = NULL;
	converter->slow = slow_input;
	for (int i = 0; i < (int) lengthof(readers); i++)
	{
		if (readers[i].type == converter->type)
		{
			converter->fast = readers[i].fast;
			converter->slow = readers[i].slow;
		}
	}
}

static bool
is_temporal(Oid type)
{
	return type == DATEOID || type == TIMESTAMPOID ||
		   type == TIMESTAMPTZOID || type == TIMEOID || type == TIMETZOID ||
		   type == INTERVALOID;
}

AcConverter *
ac_converter_create(Oid type, int32 typmod, const AcReading *reading)
{
	AcConverter *converter = palloc0(sizeof(AcConverter));
	Oid element;
	Oid input;

	converter->typmod = typmod;
	converter->type = getBaseTypeAndTypmod(type, &converter->typmod);
	if (converter->type != type)
		converter->domain = type;
	converter->reading = *reading;
	converter->is_temporal = is_temporal(converter->type);
	converter->utf8 = GetDatabaseEncoding() == PG_UTF8;
	converter->cxt = CurrentMemoryContext;
	initStringInfo(&converter->text);
	getTypeInputInfo(converter->type, &input, &converter->ioparam);
	fmgr_info(input, &converter->input);
	choose_reader(converter);
	element = get_element_type(converter->type);
	if (OidIsValid(element))
	{
		converter->element = ac_converter_create(element, converter->typmod,
												 reading);
		get_typlenbyvalalign(element, &converter->element_len,
							 &converter->element_byval,
							 &converter->element_align);
		converter->slow = slow_array;
	}
	else
		ac_decode_choose(converter);
	if (OidIsValid(converter->domain))
		converter->fast = NULL;
	return converter;
}

void
ac_convert_null(AcConverter *converter)
{
	domain_check((Datum) 0, true, converter->domain, &converter->domain_cache,
				 converter->cxt);
}

Datum
ac_convert_slow(AcConverter *converter, const AcField *field)
{
	Datum value = converter->slow(converter, field);

	if (OidIsValid(converter->domain))
		domain_check(value, false, converter->domain,
					 &converter->domain_cache, converter->cxt);
	return value;
}

/* ---- errors that are none ---- */

bool
ac_convert_is_misfit(int sqlerrcode)
{
	int category = ERRCODE_TO_CATEGORY(sqlerrcode);

	return category == ERRCODE_DATA_EXCEPTION ||
		   category == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION;
}

typedef struct Conversion
{
	AcConverter *converter;
	const AcField *field;
	Datum *value;
	bool *isnull;
} Conversion;

static void
convert(void *arg)
{
	Conversion *c = arg;

	*c->isnull = !ac_convert(c->converter, c->field, c->value);
}

ErrorData *
ac_convert_try(AcConverter *converter, const AcField *field, Datum *value,
			   bool *isnull)
{
	Conversion conversion = {converter, field, value, isnull};
	ErrorData *error;

	*isnull = false;
	if (converter->fast != NULL && field->kind > AC_FIELD_NULL &&
		converter->reading.decode == AC_DECODE_NONE && field->len > 0 &&
		converter->fast(converter, field, value))
		return NULL;
	error = ac_attempt(convert, &conversion);
	if (error != NULL && !ac_convert_is_misfit(error->sqlerrcode))
		ReThrowError(error);
	return error;
}
