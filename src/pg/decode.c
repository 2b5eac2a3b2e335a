/*
 * decode.c
 *		How does a field become a value where the API writes it otherwise than
 *		PostgreSQL?
 *
 * The column options decode and scale.  What is not of the form that decode
 * names is read as the type's own if that is ISO 8601 (some APIs change
 * over), else it is an error: nothing is guessed.
 */
#include "ac.h"

#include "api/types.h"
#include "catalog/pg_type.h"
#include "common/int.h"
#include "core/moment.h"
#include "pg/convert_int.h"
#include "pg/jsonwalk.h"
#include "pg/literal.h"
#include "pg/option.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

/* From PostgreSQL's epoch, in 2000, to that of Unix. */
#define EPOCH_DAYS (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)

/* Exponents of numbers that are scaled; numeric's own end is far below. */
#define MAX_EXPONENT 1000000

/* NULL is AC_DECODE_NONE; an unknown name, too (the validator knows them). */
static AcDecode
parse_decode(const char *name)
{
	static const char *const names[] = {
		[AC_DECODE_EPOCH_S] = "epoch_s",
		[AC_DECODE_EPOCH_MS] = "epoch_ms",
		[AC_DECODE_EPOCH_US] = "epoch_us",
		[AC_DECODE_RFC2822] = "rfc2822",
		[AC_DECODE_DOTNET] = "dotnet_date",
		[AC_DECODE_DMY] = "date_dmy",
		[AC_DECODE_MDY] = "date_mdy",
		[AC_DECODE_JSON_STRING] = "json_string",
		[AC_DECODE_ID_OF] = "id_of"};

	for (int i = 1; name != NULL && i < (int) lengthof(names); i++)
		if (strcmp(names[i], name) == 0)
			return (AcDecode) i;
	return AC_DECODE_NONE;
}

AcReading
ac_reading_of(const AcColumnOptions *options)
{
	AcReading reading;

	reading.decode = parse_decode(options->decode);
	reading.scale = options->scale;
	reading.empty_is_null = options->empty_is_null;
	return reading;
}

/* ---- moments ---- */

/* The value of a moment in UTC, as the column's type has it. */
static Datum
moment_value(const AcConverter *converter, TimestampTz us)
{
	if (converter->type == DATEOID)
	{
		int64 day = us / USECS_PER_DAY;

		return DateADTGetDatum((DateADT) (us < day * USECS_PER_DAY ? day - 1 : day));
	}
	if (converter->typmod >= 0)
		return DirectFunctionCall2(timestamp_scale, TimestampGetDatum(us),
								   Int32GetDatum(converter->typmod));
	return TimestampTzGetDatum(us);
}

AC_NORETURN static void
reject_range(const char *text, size_t len)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("timestamp out of range: \"%.*s\"", (int) len, text)));
}

/* The same from microseconds since 1970; text is what they were read from. */
static Datum
unix_value(const AcConverter *converter, int64 unix_us, const char *text,
		   size_t len)
{
	int64 us;

	if (pg_sub_s64_overflow(unix_us, EPOCH_DAYS * USECS_PER_DAY, &us) ||
		!IS_VALID_TIMESTAMP(us))
		reject_range(text, len);
	return moment_value(converter, us);
}

/* What is not of the decode's form may be ISO 8601, and nothing else. */
static Datum
iso_value(AcConverter *converter, char *text)
{
	if (strspn(text, "0123456789") != 4 || text[4] != '-')
		ac_convert_reject(converter, text);
	return ac_convert_input(converter, text);
}

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
	*us = digits;
	return true;
}

static int
epoch_exponent(AcDecode decode)
{
	return decode == AC_DECODE_EPOCH_S ? 0 : decode == AC_DECODE_EPOCH_MS ? 3
																		  : 6;
}

/*
 * A number of seconds, milliseconds or microseconds since 1970.  Anything
 * else is read as the type's own form: some APIs change over.
 */
static bool
fast_epoch(const AcConverter *converter, const AcField *field, Datum *value)
{
	int64 digits;
	int64 us;
	int scale;

	if (!ac_convert_is_plain(field) ||
		!ac_literal_decimal(field->text, field->len, &digits, &scale))
		return false;
	if (!epoch_to_us(digits, scale,
					 epoch_exponent(converter->reading.decode), &us))
		reject_range(field->text, field->len);
	*value = unix_value(converter, us, field->text, field->len);
	return true;
}

/* Numbers with more digits, or with an exponent, by way of numeric. */
static Datum
slow_epoch(AcConverter *converter, const AcField *field)
{
	char *text = ac_convert_text(converter, field);
	Datum number;

	if (field->kind != AC_FIELD_NUMBER)
		return ac_convert_input(converter, text);
	text = ac_decode_shift(text,
						   6 - epoch_exponent(converter->reading.decode));
	number = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
								 ObjectIdGetDatum(InvalidOid),
								 Int32GetDatum(-1));
	number = DirectFunctionCall2(numeric_round, number, Int32GetDatum(0));
	text = DatumGetCString(DirectFunctionCall1(numeric_out, number));
	if (!ac_types_integer_fits("bigint", text))
		reject_range(field->text, field->len);
	return unix_value(converter,
					  DatumGetInt64(DirectFunctionCall1(int8in,
														CStringGetDatum(text))),
					  field->text, field->len);
}

static bool
read_moment(const AcConverter *converter, const char *text, size_t len,
			Datum *value)
{
	int64 unix_us;
	bool found;

	if (converter->reading.decode == AC_DECODE_RFC2822)
		found = ac_moment_mail(text, len, &unix_us);
	else
	{
		found = ac_moment_dotnet(text, len, &unix_us);
		if (found && pg_mul_s64_overflow(unix_us, 1000, &unix_us))
			reject_range(text, len);
	}
	if (found)
		*value = unix_value(converter, unix_us, text, len);
	return found;
}

/* ---- days ---- */

static bool
read_day(const AcConverter *converter, const char *text, size_t len,
		 Datum *value)
{
	AcDay day;

	if (!ac_moment_numeric_day(text, len,
							   converter->reading.decode == AC_DECODE_DMY,
							   &day))
		return false;
	*value = moment_value(converter, (ac_moment_days(&day) - EPOCH_DAYS) *
										 USECS_PER_DAY);
	return true;
}

/* ---- moments and days ---- */

static bool
read_form(const AcConverter *converter, const char *text, size_t len,
		  Datum *value)
{
	AcDecode decode = converter->reading.decode;

	return decode == AC_DECODE_DMY || decode == AC_DECODE_MDY
			   ? read_day(converter, text, len, value)
			   : read_moment(converter, text, len, value);
}

static bool
fast_form(const AcConverter *converter, const AcField *field, Datum *value)
{
	return field->kind == AC_FIELD_STRING && !field->escaped &&
		   read_form(converter, field->text, field->len, value);
}

static Datum
slow_form(AcConverter *converter, const AcField *field)
{
	char *text = ac_convert_text(converter, field);
	Datum value;

	if (field->kind == AC_FIELD_STRING &&
		read_form(converter, text, strlen(text), &value))
		return value;
	return iso_value(converter, text);
}

/* ---- documents ---- */

/* A string that has JSON text in it; what is no string is JSON already. */
static Datum
slow_json_string(AcConverter *converter, const AcField *field)
{
	return ac_convert_input(converter,
							field->kind == AC_FIELD_STRING
								? ac_convert_text(converter, field)
								: ac_convert_json_text(converter, field));
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

/* ---- scale ---- */

char *
ac_decode_shift(const char *number, int power)
{
	size_t mantissa = strcspn(number, "eE");
	long exponent = 0;

	/* what is no number is left for numeric's input to refuse */
	if (strspn(number, "+-.0123456789eE") != strlen(number) ||
		strpbrk(number, "0123456789") == NULL)
		return pstrdup(number);
	if (number[mantissa] != '\0')
		exponent = strtol(number + mantissa + 1, NULL, 10);
	if (exponent > MAX_EXPONENT || exponent < -MAX_EXPONENT)
		return pstrdup(number);
	return psprintf("%.*se%ld", (int) mantissa, number, exponent + power);
}

static bool
fast_scaled(const AcConverter *converter, const AcField *field, Datum *value)
{
	int64 digits;
	int scale;

	if (converter->typmod >= 0 || !ac_convert_is_plain(field) ||
		!ac_literal_decimal(field->text, field->len, &digits, &scale))
		return false;
	*value = NumericGetDatum(int64_div_fast_to_numeric(digits,
													   scale + converter->reading.scale));
	return true;
}

/* The number divided by 10^scale, exactly, and then as the type reads it. */
static Datum
slow_scaled(AcConverter *converter, const AcField *field)
{
	char *text = ac_decode_shift(ac_convert_text(converter, field),
								 -converter->reading.scale);
	Datum number = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
									   ObjectIdGetDatum(InvalidOid),
									   Int32GetDatum(-1));
	Datum whole = DirectFunctionCall2(numeric_trunc, number, Int32GetDatum(0));

	/* the integer types want digits only */
	if (converter->type != NUMERICOID &&
		DatumGetBool(DirectFunctionCall2(numeric_eq, number, whole)))
		number = whole;
	return ac_convert_input(converter,
							DatumGetCString(DirectFunctionCall1(numeric_out,
																number)));
}

/* ---- choosing ---- */

static bool
is_number_type(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID ||
		   type == NUMERICOID || type == FLOAT4OID || type == FLOAT8OID;
}

static void
set_readers(AcConverter *converter,
			bool (*fast)(const AcConverter *, const AcField *, Datum *),
			Datum (*slow)(AcConverter *, const AcField *))
{
	converter->fast = fast;
	converter->slow = slow;
}

/* A decode that the type has no use for is no decode. */
void
ac_decode_choose(AcConverter *converter)
{
	Oid type = converter->type;
	bool is_moment = type == TIMESTAMPTZOID || type == TIMESTAMPOID ||
					 type == DATEOID;
	AcReading inner = converter->reading;

	if (converter->reading.scale > 0 && is_number_type(type))
		set_readers(converter, type == NUMERICOID ? fast_scaled : NULL,
					slow_scaled);
	switch (converter->reading.decode)
	{
		case AC_DECODE_EPOCH_S:
		case AC_DECODE_EPOCH_MS:
		case AC_DECODE_EPOCH_US:
			if (is_moment)
				set_readers(converter, fast_epoch, slow_epoch);
			break;
		case AC_DECODE_RFC2822:
		case AC_DECODE_DOTNET:
		case AC_DECODE_DMY:
		case AC_DECODE_MDY:
			if (is_moment)
				set_readers(converter, fast_form, slow_form);
			break;
		case AC_DECODE_JSON_STRING:
			if (type == JSONOID || type == JSONBOID)
				set_readers(converter, NULL, slow_json_string);
			break;
		case AC_DECODE_ID_OF:
			inner.decode = AC_DECODE_NONE;
			converter->element = ac_converter_create(type, converter->typmod,
													 &inner);
			set_readers(converter, NULL, slow_id_of);
			break;
		case AC_DECODE_NONE:
			break;
	}
}
