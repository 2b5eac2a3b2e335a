/*
 * convert.h
 *		How does a field of an answer become a value of a column's type?
 *
 * The rules, the same for every type (doc/scanning.md has them as a table):
 * an absent field and JSON null are NULL, and so is a string of no length
 * where the column option "empty" says so; json and jsonb take any JSON value
 * as it stands; every other type reads the field's text, which is a string's
 * decoded text, a number's literal, true or false, or the JSON text of an
 * object or array; arrays take a JSON array, element by element.  A text that
 * the type does not accept is the type's own error.  Numbers never pass
 * through a type that the column is not.
 */
#ifndef AC_PG_CONVERT_H
#define AC_PG_CONVERT_H

#include "ac.h"

#include "core/field.h"
#include "fmgr.h"

struct AcColumnOptions;

/* The column option "decode". */
typedef enum AcDecode
{
	AC_DECODE_NONE,
	AC_DECODE_EPOCH_S,
	AC_DECODE_EPOCH_MS,
	AC_DECODE_EPOCH_US,
	AC_DECODE_RFC2822,
	AC_DECODE_DOTNET,
	AC_DECODE_DMY,
	AC_DECODE_MDY,
	AC_DECODE_JSON_STRING,
	AC_DECODE_ID_OF /* a scalar, or an object's member "id" */
} AcDecode;

/* How the API writes a column's values, where not as its type does. */
typedef struct AcReading
{
	AcDecode decode;
	int scale;			/* numbers are 10^scale times the value */
	bool empty_is_null; /* a string of no length is NULL */
} AcReading;

extern AcReading ac_reading_of(const struct AcColumnOptions *options);

/*
 * A number's text times 10^power, exactly, with an exponent; what is no
 * number as it stands.  palloc'd.
 */
extern char *ac_decode_shift(const char *number, int power);

typedef struct AcConverter AcConverter;

struct AcConverter
{
	/*
	 * Reads usual spellings; false if it is not sure.  Throws at most for
	 * want of memory.  NULL: there is no fast way.
	 */
	bool (*fast)(const AcConverter *converter, const AcField *field,
				 Datum *value);
	/* Reads everything or throws the type's error; never sees NULL. */
	Datum (*slow)(AcConverter *converter, const AcField *field);

	/* the type; below a domain it is the base type */
	Oid type;
	int32 typmod;
	AcReading reading;
	FmgrInfo input;
	Oid ioparam;
	bool is_temporal; /* its input depends on DateStyle and the like */

	/* domains */
	Oid domain; /* InvalidOid: none */
	void *domain_cache;

	/* arrays */
	AcConverter *element;
	int16 element_len;
	bool element_byval;
	char element_align;

	/* the rest */
	bool utf8; /* texts need not be recoded */
	MemoryContext cxt;
	StringInfoData text; /* of the field at hand */
};

/*
 * A converter for a column, in the current memory context.  Throws if the
 * type has no input function.
 */
extern AcConverter *ac_converter_create(Oid type, int32 typmod,
										const AcReading *reading);

/* For ac_convert(): NULL into a domain that may forbid it. */
extern void ac_convert_null(AcConverter *converter);

/* For ac_convert(): the way that takes everything. */
extern Datum ac_convert_slow(AcConverter *converter, const AcField *field);

/*
 * Converts a field into the current memory context; false if it is NULL.
 * Throws the type's own error.
 */
static inline bool
ac_convert(AcConverter *converter, const AcField *field, Datum *value)
{
	if (field->kind == AC_FIELD_ABSENT || field->kind == AC_FIELD_NULL ||
		(field->len == 0 && field->kind == AC_FIELD_STRING &&
		 converter->reading.empty_is_null))
	{
		if (OidIsValid(converter->domain))
			ac_convert_null(converter);
		return false;
	}
	if (converter->fast == NULL || !converter->fast(converter, field, value))
		*value = ac_convert_slow(converter, field);
	return true;
}

/*
 * The same where an error is no error: NULL if the value is converted (or is
 * NULL, as *isnull says), else what the type objected to, in the current
 * memory context.  Anything but a data exception or a violated constraint is
 * thrown nevertheless.
 */
extern ErrorData *ac_convert_try(AcConverter *converter, const AcField *field,
								 Datum *value, bool *isnull);

/* Is an error of that SQLSTATE one of the value: does it not fit? */
extern bool ac_convert_is_misfit(int sqlerrcode);

#endif /* AC_PG_CONVERT_H */
