/*
 * error.h
 *		How does pure code say what went wrong?
 *
 * A function of the pure layers that can fail returns false and fills the
 * caller's AcError.  The struct holds its texts by value, so that it can be
 * filled where nothing may be allocated (a libcurl callback, out of memory)
 * and outlives every memory context.  Turning it into an SQL error is
 * pg/report.c's business.
 */
#ifndef AC_CORE_ERROR_H
#define AC_CORE_ERROR_H

#include "ac.h"

/*
 * Each code is one row of the table "Errors" in doc/scanning.md and maps to
 * one SQLSTATE in pg/report.c.
 */
typedef enum AcErrorCode
{
	AC_ERR_NONE = 0,
	AC_ERR_OPTION_NAME,	   /* HV00D: no such option */
	AC_ERR_OPTION_VALUE,   /* HV024: bad value, bad URL */
	AC_ERR_FORBIDDEN,	   /* 42501: address, scheme or origin refused */
	AC_ERR_UNREACHABLE,	   /* 08001: DNS, connect, TLS */
	AC_ERR_CONNECTION,	   /* 08006: reset, truncated */
	AC_ERR_TIMEOUT,		   /* 08006: one of our time limits */
	AC_ERR_AUTH,		   /* 28000: 401, 403 */
	AC_ERR_NOT_FOUND,	   /* HV00R: 404 or 410 on a collection */
	AC_ERR_THROTTLED,	   /* 53400: 429 or budget used up */
	AC_ERR_BREAKER,		   /* 57P03: not tried, breaker open */
	AC_ERR_READ_ONLY,	   /* 25006: a secret cannot be spent in recovery */
	AC_ERR_NOT_READY,	   /* 55000: something has to be done or there before */
	AC_ERR_CANNOT_EXPRESS, /* 0A000: qual or table needs a value */
	AC_ERR_INCOMPLETE,	   /* HV000: cap, loop, totals */
	AC_ERR_HTTP,		   /* HV000: any other status, not rows */
	AC_ERR_MALFORMED,	   /* 22P02: body is not what it claims */
	AC_ERR_VALUE,		   /* 22023-ish: value cannot be represented */
	AC_ERR_TOO_LARGE,	   /* 54000: a cap of ours */
	AC_ERR_NO_MEMORY,	   /* 53200 */
	AC_ERR_INTERRUPTED,	   /* the interrupted callback said so */
	AC_ERR_INTERNAL		   /* XX000 */
} AcErrorCode;

/*
 * message: one line, no full stop; detail and hint: sentences, "" if none.
 * Texts that do not fit are cut at a character boundary and end in "...".
 */
typedef struct AcError
{
	AcErrorCode code;
	char message[512];
	char detail[1536];
	char hint[512];
} AcError;

/* Empties err. */
extern void ac_error_clear(AcError *err);

/*
 * Sets code and message and empties detail and hint.  Always returns false,
 * so that "return ac_error_set(...)" is a failing function's last line.
 * err may be NULL: then nothing is recorded.
 */
extern bool ac_error_set(AcError *err, AcErrorCode code, const char *fmt, ...)
	pg_attribute_printf(3, 4);

/* Set the detail, the hint of an error already set; always return false. */
extern bool ac_error_detail(AcError *err, const char *fmt, ...)
	pg_attribute_printf(2, 3);
extern bool ac_error_hint(AcError *err, const char *fmt, ...)
	pg_attribute_printf(2, 3);

/* The code's name for EXPLAIN, tests and evidence: "unreachable", "timeout". */
extern const char *ac_error_code_name(AcErrorCode code);

#endif /* AC_CORE_ERROR_H */
