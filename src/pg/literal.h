/*
 * literal.h
 *		Which value has this text, if it is written in the usual way?
 *
 * Fast readers for the spellings that nearly all JSON bodies use.  Each
 * returns false for whatever it does not know or is not sure of, and then
 * the type's own input function decides: so they need not be complete, only
 * right.  Texts are not NUL-terminated.
 */
#ifndef AC_PG_LITERAL_H
#define AC_PG_LITERAL_H

#include "ac.h"

/* -?digits, within int64. */
extern bool ac_literal_int64(const char *text, size_t len, int64 *value);

/*
 * -?digits[.digits] with at most 18 digits: value is digits / 10^scale.
 * The scale counts the digits behind the point, as numeric shows them.
 */
extern bool ac_literal_decimal(const char *text, size_t len, int64 *digits,
							   int *scale);

/* A JSON number whose nearest double can be had by one exact operation. */
extern bool ac_literal_float8(const char *text, size_t len, double *value);

/* YYYY-MM-DD, years 1 to 9999; days since 2000-01-01. */
extern bool ac_literal_date(const char *text, size_t len, int32 *days);

/*
 * RFC 3339: date, "T", "t" or a space, HH:MM:SS, seconds up to 60, a fraction
 * rounded to microseconds as timestamp_in does it, and "Z", "z" or +HH:MM.
 * local_us counts microseconds since 2000-01-01 00:00 by the clock that the
 * text shows, offset_s its distance from UTC, 0 if the text has none.
 */
extern bool ac_literal_timestamp(const char *text, size_t len,
								 int64 *local_us, int *offset_s);

/* 8-4-4-4-12 hexadecimal digits, any case (RFC 9562). */
extern bool ac_literal_uuid(const char *text, size_t len,
							unsigned char uuid[16]);

#endif /* AC_PG_LITERAL_H */
