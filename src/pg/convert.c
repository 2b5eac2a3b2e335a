/*
 * convert.c
 *		How does a field of an answer become a value of a column's type?
 *
 * See convert.h.  Each type has its input function and perhaps a fast reader
 * for usual spellings (pg/literal); what a fast reader is not sure of goes to
 * the input function, so that errors and odd spellings are PostgreSQL's own.
 */
#include "ac.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/int.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "pg/convert.h"
#include "pg/jsonwalk.h"
#include "pg/literal.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

AcDecode
ac_decode_parse(const char *name)
{
	static const char *const names[] = {
		[AC_DECODE_EPOCH_S] = "epoch_s",
		[AC_DECODE_EPOCH_MS] = "epoch_ms",
		[AC_DECODE_EPOCH_US] = "epoch_us",
		[AC_DECODE_RFC2822] = "rfc2822",
		[AC_DECODE_ID_OF] = "id_of"};

	for (int i = 1; name != NULL && i < (int) lengthof(names); i++)
		if (strcmp(names[i], name) == 0)
			return (AcDecode) i;
	return AC_DECODE_NONE;
}

/* ---- the field's text ---- */

/*
 * The field's text in the server's encoding, in converter->text.  \u0000 and
 * lone surrogates have no text: 22P05, as jsonb says it.
 */
static char *
field_text(AcConverter *converter, const AcField *field)
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

/* JSON text of the whole field, a string's quotes included. */
static char *
json_text(AcConverter *converter, const AcField *field)
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

/* A scalar whose text stands in the body as it is. */
static inline bool
is_plain(const AcField *field)
{
	return field->kind == AC_FIELD_NUMBER ||
		   (field->kind == AC_FIELD_STRING && !field->escaped);
}

/* ---- input functions ---- */

/*
 * Runs the type's input function.  Dates and times are read as year, month,
 * day, and without an offset as UTC, whatever the session's DateStyle and
 * TimeZone, for the API does not know these.
 */
static Datum
call_input(AcConverter *converter, char *text)
{
	int order = DateOrder;
	pg_tz *zone = session_timezone;
	Datum value = 0;

	if (!converter->is_temporal)
		return InputFunctionCall(&converter->input, text, converter->ioparam,
								 converter->typmod);
	PG_TRY();
	{
		DateOrder = DATEORDER_YMD;
		session_timezone = pg_tzset("GMT"); /* the one that needs no file */
		value = InputFunctionCall(&converter->input, text, converter->ioparam,
								  converter->typmod);
	}
	PG_FINALLY();
	{
		DateOrder = order;
		session_timezone = zone;
	}
	PG_END_TRY();
	return value;
}

static Datum
slow_input(AcConverter *converter, const AcField *field)
{
	return call_input(converter, field_text(converter, field));
}

static Datum
slow_json(AcConverter *converter, const AcField *field)
{
	return call_input(converter, json_text(converter, field));
}

/* 1.0 and 1e3 are integers to JSON; the integer types want digits only. */
static Datum
slow_integer(AcConverter *converter, const AcField *field)
{
	char *text = field_text(converter, field);
	Datum number;
	Datum whole;

	if (field->kind != AC_FIELD_NUMBER || strpbrk(text, ".eE") == NULL)
		return call_input(converter, text);
	number = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
								 ObjectIdGetDatum(InvalidOid),
								 Int32GetDatum(-1));
	whole = DirectFunctionCall2(numeric_trunc, number, Int32GetDatum(0));
	if (DatumGetBool(DirectFunctionCall2(numeric_eq, number, whole)))
		text = DatumGetCString(DirectFunctionCall1(numeric_out, whole));
	return call_input(converter, text);
}

/* Base64 (RFC 4648), either alphabet, padded or not; "\x" is hexadecimal. */
static Datum
slow_bytea(AcConverter *converter, const AcField *field)
{
	StringInfoData base64;
	char *text = field_text(converter, field);

	if (field->kind != AC_FIELD_STRING ||
		(text[0] == '\\' && text[1] == 'x'))
		return call_input(converter, text);
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

	if (!is_plain(field) ||
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

	if (!is_plain(field) ||
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

	if (!is_plain(field) ||
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

	if (!is_plain(field) ||
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

	if (converter->typmod >= 0 || !is_plain(field) ||
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

	if (!is_plain(field) ||
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

/* ---- decodes ---- */

/* Microseconds of a count of units of 10^-exponent s; false on overflow. */
static bool
epoch_to_us(int64 digits, int scale, int exponent, int64 *us)
{
	int shift = 6 - exponent - scale;

	for (; shift > 0; shift--)
		if (pg_mul_s64_overflow(digits, 10, &digits))
			return false;
	if (shift < 0)
	{
		int64 divisor = 1;

		for (; shift < 0; shift++)
			divisor *= 10;
		/* Half goes away from zero. */
		digits = (digits + (digits < 0 ? -divisor : divisor) / 2) / divisor;
	}
	return !pg_sub_s64_overflow(digits,
								(int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY,
								us);
}

/* The value of a timestamp in UTC, as the column's type has it. */
static Datum
timestamp_value(Oid type, TimestampTz us)
{
	if (type == DATEOID)
	{
		int64 day = us / USECS_PER_DAY;

		return DateADTGetDatum((DateADT) (us < day * USECS_PER_DAY ? day - 1 : day));
	}
	return TimestampTzGetDatum(us);
}

/*
 * A number of seconds, milliseconds or microseconds since 1970.  Anything
 * else is read as the type's own form: some APIs change over.
 */
static bool
fast_epoch(const AcConverter *converter, const AcField *field, Datum *value)
{
	int exponent = converter->decode == AC_DECODE_EPOCH_S	 ? 0
				   : converter->decode == AC_DECODE_EPOCH_MS ? 3
															 : 6;
	int64 digits;
	int64 us;
	int scale;

	if (!is_plain(field) ||
		!ac_literal_decimal(field->text, field->len, &digits, &scale))
		return false;
	if (!epoch_to_us(digits, scale, exponent, &us) || !IS_VALID_TIMESTAMP(us))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range: \"%.*s\"",
						(int) field->len, field->text)));
	*value = timestamp_value(converter->type, us);
	return true;
}

/* Expandable references: the id itself, or the object that has it. */
static Datum
slow_id_of(AcConverter *converter, const AcField *field)
{
	AcField id;
	Datum value;

	if (field->kind != AC_FIELD_OBJECT)
		id = *field;
	else
		ac_jsonwalk_member(field, "id", &id);
	if (id.kind == AC_FIELD_ABSENT || id.kind == AC_FIELD_NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("object has no member \"id\"")));
	(void) ac_convert(converter->element, &id, &value);
	return value;
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

static void
choose_decode(AcConverter *converter)
{
	Oid type = converter->type;

	switch (converter->decode)
	{
		case AC_DECODE_EPOCH_S:
		case AC_DECODE_EPOCH_MS:
		case AC_DECODE_EPOCH_US:
			if (type == TIMESTAMPTZOID || type == TIMESTAMPOID ||
				type == DATEOID)
				converter->fast = fast_epoch;
			break;
		case AC_DECODE_ID_OF:
			converter->element = ac_converter_create(type, converter->typmod,
													 AC_DECODE_NONE);
			converter->fast = NULL;
			converter->slow = slow_id_of;
			break;
		case AC_DECODE_RFC2822: /* the input functions read it */
		case AC_DECODE_NONE:
			break;
	}
}

static bool
is_temporal(Oid type)
{
	return type == DATEOID || type == TIMESTAMPOID ||
		   type == TIMESTAMPTZOID || type == TIMEOID || type == TIMETZOID;
}

AcConverter *
ac_converter_create(Oid type, int32 typmod, AcDecode decode)
{
	AcConverter *converter = palloc0(sizeof(AcConverter));
	Oid element;
	Oid input;

	converter->typmod = typmod;
	converter->type = getBaseTypeAndTypmod(type, &converter->typmod);
	if (converter->type != type)
		converter->domain = type;
	converter->decode = decode;
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
												 decode);
		get_typlenbyvalalign(element, &converter->element_len,
							 &converter->element_byval,
							 &converter->element_align);
		converter->slow = slow_array;
	}
	else
		choose_decode(converter);
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

/*
 * A subtransaction, because an input function may be anybody's and may leave
 * anything behind when it throws.
 */
ErrorData *
ac_convert_try(AcConverter *converter, const AcField *field, Datum *value,
			   bool *isnull)
{
	MemoryContext cxt = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData *volatile error = NULL;

	*isnull = false;
	if (converter->fast != NULL && field->kind > AC_FIELD_NULL &&
		converter->decode == AC_DECODE_NONE &&
		converter->fast(converter, field, value))
		return NULL;
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(cxt);
	PG_TRY();
	{
		*isnull = !ac_convert(converter, field, value);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(cxt);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		if (!ac_convert_is_misfit(error->sqlerrcode))
			ReThrowError(error);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(cxt);
	CurrentResourceOwner = owner;
	return error;
}
