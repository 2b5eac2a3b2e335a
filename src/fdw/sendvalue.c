/*
 * sendvalue.c
 *		How is a value written for an API?  See sendvalue.h.
 */
#include "ac.h"

#include "catalog/pg_type.h"
#include "fdw/sendvalue.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pg/compat.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

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

char *
ac_sendvalue_text(Datum value, Oid type)
{
	Oid base = getBaseType(type);
	char *text;

	if (base == BOOLOID)
		return pstrdup(DatumGetBool(value) ? "true" : "false");
	if (base == TIMESTAMPTZOID || base == TIMESTAMPOID)
		return timestamp_text(value, base);
	text = output_plain(value, base);
	return pg_server_to_any(text, (int) strlen(text), PG_UTF8);
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
