/*
 * sendvalue.c
 *		How is a value written for an API?  See sendvalue.h.
 */
#include "ac.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "fdw/sendvalue.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pg/compat.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

/* From PostgreSQL's epoch, in 2000, to that of Unix. */
#define EPOCH_DAYS (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)

/*
 * The output function's text with ISO dates, year first, and all digits of a
 * floating-point number.
 */
static char *
output_plain(Datum value, Oid type)
{
	int style = DateStyle;
	int digits = extra_float_digits;
	bool varlena;
	Oid output;
	char *text = NULL;

	getTypeOutputInfo(type, &output, &varlena);
	PG_TRY();
	{
		DateStyle = USE_ISO_DATES;
		extra_float_digits = 1;
		text = OidOutputFunctionCall(output, value);
	}
	PG_FINALLY();
	{
		DateStyle = style;
		extra_float_digits = digits;
	}
	PG_END_TRY();
	return text;
}

/* RFC 3339: a "T" between date and time, "Z" for UTC. */
static char *
timestamp_text(Datum value, Oid type)
{
	char *text;
	char *space;

	if (type == TIMESTAMPTZOID)
		value = DirectFunctionCall2(timestamptz_zone,
									CStringGetTextDatum("UTC"), value);
	text = output_plain(value, TIMESTAMPOID);
	space = strchr(text, ' ');
	if (space == NULL)
		return text; /* infinity */
	*space = 'T';
	return type == TIMESTAMPTZOID ? psprintf("%sZ", text) : text;
}

/* As the type has it. */
static char *
own_text(Datum value, Oid base)
{
	char *text;

	if (base == BOOLOID)
		return pstrdup(DatumGetBool(value) ? "true" : "false");
	if (base == TIMESTAMPTZOID || base == TIMESTAMPOID)
		return timestamp_text(value, base);
	text = output_plain(value, base);
	return pg_server_to_any(text, (int) strlen(text), PG_UTF8);
}

void
ac_sendvalue_reject(Datum value, Oid type)
{
	Oid base = getBaseType(type);

	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s %s cannot be written as the API writes such values",
					format_type_be(base), own_text(value, base)),
			 errhint("See the column option \"decode\".")));
}

/* Days from 2000 to the first that no timestamp has. */
#define END_DAYS (TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE)

/* Microseconds since 1970; false where the value has no place in time. */
static bool
unix_us(Datum value, Oid base, int64 *result)
{
	Timestamp us;

	if (base != DATEOID)
		us = DatumGetTimestamp(value);
	else if (DATE_NOT_FINITE(DatumGetDateADT(value)) ||
			 DatumGetDateADT(value) >= END_DAYS)
		return false;
	else
		us = DatumGetDateADT(value) * USECS_PER_DAY;
	return !TIMESTAMP_NOT_FINITE(us) &&
		   !pg_add_s64_overflow(us, EPOCH_DAYS * USECS_PER_DAY, result);
}

/* A count of microseconds in units of 10^exponent us, all digits. */
static char *
epoch_text(int64 us, int exponent)
{
	char *text = ac_decode_shift(psprintf(INT64_FORMAT, us), -exponent);
	Datum number = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
									   ObjectIdGetDatum(InvalidOid),
									   Int32GetDatum(-1));

	number = DirectFunctionCall1(numeric_trim_scale, number);
	return DatumGetCString(DirectFunctionCall1(numeric_out, number));
}

/* IMF-fixdate (RFC 9110), or a day as people write it; NULL: it is neither. */
static char *
calendar_text(int64 us, AcDecode decode)
{
	static const char *const days[] = {
		"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	int64 day = us / USECS_PER_DAY - (us % USECS_PER_DAY < 0);
	int64 second = (us - day * USECS_PER_DAY) / USECS_PER_SEC;
	int year;
	int month;
	int mday;

	j2date((int) (day + UNIX_EPOCH_JDATE), &year, &month, &mday);
	if (year < 1 || year > 9999 || us % USECS_PER_SEC != 0)
		return NULL;
	if (decode == AC_DECODE_RFC2822)
		return psprintf("%s, %02d %s %04d %02d:%02d:%02d GMT",
						days[j2day((int) (day + UNIX_EPOCH_JDATE))], mday,
						months[month - 1], year, (int) (second / 3600),
						(int) (second / 60 % 60), (int) (second % 60));
	if (second != 0)
		return NULL;
	return decode == AC_DECODE_DMY
			   ? psprintf("%02d/%02d/%04d", mday, month, year)
			   : psprintf("%02d/%02d/%04d", month, mday, year);
}

/* A moment or day, as the decode has it; NULL: it has no such form. */
static char *
decoded_text(Datum value, Oid base, AcDecode decode)
{
	int64 us;

	if (decode == AC_DECODE_NONE)
		return own_text(value, base);
	if (!unix_us(value, base, &us))
		return NULL;
	switch (decode)
	{
		case AC_DECODE_EPOCH_S:
			return epoch_text(us, 6);
		case AC_DECODE_EPOCH_MS:
			return epoch_text(us, 3);
		case AC_DECODE_EPOCH_US:
			return epoch_text(us, 0);
		case AC_DECODE_DOTNET:
			return us % 1000 != 0
					   ? NULL
					   : psprintf("/Date(" INT64_FORMAT ")/", us / 1000);
		case AC_DECODE_RFC2822:
		case AC_DECODE_DMY:
		case AC_DECODE_MDY:
			return calendar_text(us, decode);
		default:
			return own_text(value, base);
	}
}

/* The number times 10^scale, without an exponent. */
static char *
scaled_text(Datum value, Oid base, int scale)
{
	char *text = ac_decode_shift(output_plain(value, base), scale);
	Datum number = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
									   ObjectIdGetDatum(InvalidOid),
									   Int32GetDatum(-1));

	number = DirectFunctionCall1(numeric_trim_scale, number);
	return DatumGetCString(DirectFunctionCall1(numeric_out, number));
}

char *
ac_sendvalue_text(Datum value, Oid type, const AcReading *reading)
{
	Oid base = getBaseType(type);

	if (reading == NULL)
		return own_text(value, base);
	switch (base)
	{
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return decoded_text(value, base, reading->decode);
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			if (reading->scale > 0)
				return scaled_text(value, base, reading->scale);
			return own_text(value, base);
		default:
			return own_text(value, base);
	}
}

/* Is a character of UTF-8 at s a space?  Those that languages trim (White_Space). */
static bool
is_space(const char *s)
{
	pg_wchar c = utf8_to_unicode((const unsigned char *) s);

	return (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= ' ') || c == 0x85 ||
		   c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
		   c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
		   c == 0x3000 || c == 0xFEFF;
}

bool
ac_sendvalue_is_kept(const char *text)
{
	const char *last = text + strlen(text);

	if (*text == '\0' || is_space(text))
		return false;
	/* back over the bytes that continue a character */
	do
		last--;
	while (last > text && ((unsigned char) *last & 0xC0) == 0x80);
	return !is_space(last);
}

static int64
integer_value(Datum value, Oid type)
{
	switch (type)
	{
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		default:
			Assert(type == INT8OID);
			return DatumGetInt64(value);
	}
}

/* Characters of a text or varchar. */
static int
text_length(Datum value)
{
	const text *packed = DatumGetTextPP(value);

	return pg_mbstrlen_with_len(VARDATA_ANY(packed),
								(int) VARSIZE_ANY_EXHDR(packed));
}

bool
ac_sendvalue_fits(Datum value, Oid value_type, Oid type, int32 typmod)
{
	Oid base = getBaseTypeAndTypmod(type, &typmod);
	int64 number;

	switch (base)
	{
		case INT2OID:
			number = integer_value(value, getBaseType(value_type));
			return number >= PG_INT16_MIN && number <= PG_INT16_MAX;
		case INT4OID:
			number = integer_value(value, getBaseType(value_type));
			return number >= PG_INT32_MIN && number <= PG_INT32_MAX;
		case VARCHAROID:
			return typmod < (int32) VARHDRSZ ||
				   text_length(value) <= typmod - (int32) VARHDRSZ;
		default:
			return true;
	}
}

Datum
ac_sendvalue_shown(const char *text, Oid type, int32 typmod)
{
	Oid input;
	Oid ioparam;
	char *local = pg_any_to_server(text, (int) strlen(text), PG_UTF8);

	getTypeInputInfo(type, &input, &ioparam);
	return OidInputFunctionCall(input, local, ioparam, typmod);
}
