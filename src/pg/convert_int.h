/*
 * convert_int.h
 *		What do the files of conversion share?  Nobody else's header.
 *
 *		convert.c	a type's own form
 *		decode.c	what the options decode and scale say instead
 */
#ifndef AC_PG_CONVERT_INT_H
#define AC_PG_CONVERT_INT_H

#include "ac.h"

#include "pg/compat.h"
#include "pg/convert.h"

/*
 * The field's text in the server's encoding, in converter->text.  \u0000 and
 * lone surrogates have no text: 22P05, as jsonb says it.
 */
extern char *ac_convert_text(AcConverter *converter, const AcField *field);

/* JSON text of the whole field, a string's quotes included. */
extern char *ac_convert_json_text(AcConverter *converter,
								  const AcField *field);

/*
 * Runs the type's input function.  Dates and times are read as year, month,
 * day, and without an offset as UTC, whatever the session's DateStyle,
 * IntervalStyle and TimeZone, for the API does not know these.
 */
extern Datum ac_convert_input(AcConverter *converter, char *text);

/* Throws 22007: no form of the type that an API may send. */
AC_NORETURN extern void ac_convert_reject(const AcConverter *converter,
										  const char *text);

/* A scalar whose text stands in the body as it is. */
static inline bool
ac_convert_is_plain(const AcField *field)
{
	return field->kind == AC_FIELD_NUMBER ||
		   (field->kind == AC_FIELD_STRING && !field->escaped);
}

/* Sets the readers that the converter's decode and scale call for. */
extern void ac_decode_choose(AcConverter *converter);

#endif /* AC_PG_CONVERT_INT_H */
